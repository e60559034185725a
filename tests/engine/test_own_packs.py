"""A planner's own packs: written by the editor and by hand, broken in every way, and at work in the jobs."""

import json
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError, XinjiError
from xinji_planner.jobs.shared.packs import check_kinds
from xinji_planner.rules.own import changed_pack, own_files, shipped_packs
from xinji_planner.rules.own_writer import as_toml, change, edits_file, revert
from xinji_planner.rules.pack import load

from .radio_kit import MIDDLE, write_dem, write_stations

HEAD = '[pack]\nbase = "{base}"\n'
VILLAGE = '\n[[rule]]\nid = "N12.village_5g"\nvalue = 90\nreason = "山区县"\n'
RADIUS = (
    '\n[[radius]]\ntechnology = "5G"\nband_mhz_min = 690\nband_mhz_max = 810\nantenna_height_min_m = 30\n'
    'radius_m = 3000\nreason = "路测"\n'
)


def refused(folder, base, text):
    (folder / "own.toml").write_text(HEAD.format(base=base) + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        changed_pack(base, folder)
    error = caught.value
    assert error.remedy.zh and "own.toml" in error.message.zh
    return {fault.field.rpartition(" · ")[2]: fault.message for fault in error.faults}


# --- the writer ---------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=("Cs",))), st.floats(allow_nan=False, allow_infinity=False))
def test_any_words_and_numbers_are_written_so_that_they_are_read_again(words, number):
    entry = {"id": "X", "value": number, "note": words, "reason": words, "document": f'"{words}\\'}
    content = {"pack": {"base": "radio"}, "rule": [entry, {"id": "Y", "value": ["甲", words], "reason": "r"}]}
    assert tomllib.loads(as_toml(content)) == content


def test_a_change_writes_only_what_it_states_and_taking_it_back_leaves_nothing(tmp_path):
    pack = change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 90, "reason": "山区"})
    assert (pack.rule("N12.village_5g").value, pack.rule("N12.village_5g").status) == (90, "unverified")
    change(tmp_path, "frontier-2027", "N12.island_5g", "", {"value": 95, "reason": "海岛"})
    before = edits_file(tmp_path, "frontier-2027").read_bytes()
    change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 80, "reason": "再改"})
    change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 90, "reason": "山区"})
    assert edits_file(tmp_path, "frontier-2027").read_bytes() == before  # to the byte, whatever came between
    assert len(tomllib.loads(before.decode())["rule"]) == 2
    revert(tmp_path, "frontier-2027", "N12.village_5g", "")
    revert(tmp_path, "frontier-2027", "N12.island_5g", "")
    assert not list(tmp_path.iterdir()) and changed_pack("frontier-2027", tmp_path) == load("frontier-2027")
    with pytest.raises(InputError, match="nothing to take back"):
        revert(tmp_path, "frontier-2027", "N12.village_5g", "")


def test_two_numbers_of_one_preset_are_changed_and_taken_back_one_by_one(tmp_path):
    item = "transmitter:5G:3300:3800"
    change(tmp_path, "radio", item, "power_dbm", {"power_dbm": 50, "reason": "手册"})
    change(tmp_path, "radio", item, "tilt_deg", {"tilt_deg": 8, "reason": "手册和现场"})
    pack = changed_pack("radio", tmp_path)
    preset = next(p for p in pack.transmitters if (p.technology, p.band_mhz_min) == ("5G", 3300))
    shipped = next(p for p in load("radio").transmitters if (p.technology, p.band_mhz_min) == ("5G", 3300))
    assert (preset.power_dbm, preset.tilt_deg, preset.gain_dbi) == (50, 8, shipped.gain_dbi)
    assert [(c.field, c.replaced) for c in pack.changes] == [
        ("power_dbm", shipped.power_dbm),
        ("tilt_deg", shipped.tilt_deg),
    ]
    assert len(pack.transmitters) == len(load("radio").transmitters)
    revert(tmp_path, "radio", item, "power_dbm")
    pack = changed_pack("radio", tmp_path)
    assert [c.field for c in pack.changes] == ["tilt_deg"]


def test_what_a_planner_wrote_by_hand_is_never_rewritten(tmp_path):
    change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 90, "reason": "山区"})
    path = edits_file(tmp_path, "frontier-2027")
    by_hand = path.read_text(encoding="utf-8") + "# 县里的意见\n"
    path.write_text(by_hand, encoding="utf-8")
    for act in (
        lambda: change(tmp_path, "frontier-2027", "N12.island_5g", "", {"value": 95, "reason": "海岛"}),
        lambda: revert(tmp_path, "frontier-2027", "N12.village_5g", ""),
    ):
        with pytest.raises(InputError, match="edited by hand"):
            act()
    assert path.read_text(encoding="utf-8") == by_hand
    path.rename(tmp_path / "县里.toml")
    with pytest.raises(InputError, match=r"县里\.toml changes the rule"):
        change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 80, "reason": "再改"})
    assert [item.name for item in tmp_path.iterdir()] == ["县里.toml"]


def test_a_refused_change_leaves_the_file_as_it_was(tmp_path):
    change(tmp_path, "frontier-2027", "N12.village_5g", "", {"value": 90, "reason": "山区"})
    before = edits_file(tmp_path, "frontier-2027").read_bytes()
    for entry in (
        {"value": 120, "reason": "r"},
        {"value": 90, "reason": " "},
        {"status": "verified", "value": 1, "reason": "r"},
    ):
        with pytest.raises(InputError):
            change(tmp_path, "frontier-2027", "N12.island_5g", "", entry)
    with pytest.raises(InputError, match="has no rule"):
        change(tmp_path, "frontier-2027", "N12.nobody", "", {"value": 1, "reason": "r"})
    assert edits_file(tmp_path, "frontier-2027").read_bytes() == before and len(own_files(tmp_path)) == 1


# --- broken in every way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "rule", "field"),
    [
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = "90"', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = nan', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = inf', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = true', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = [90]', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = {a = 1}', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = 2025-01-01', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = 100.1', "value"),
        ("frontier-2027", 'id = "N12.village_5g"\nunit = "km"', "unit"),
        ("frontier-2027", 'id = "N12.village_5g"\nsubject = "island"', "subject"),
        ("frontier-2027", 'id = "N12.village_5g"\nservice = "6G"', "service"),
        ("frontier-2027", 'id = "N12.village_5g"\ncomparison = "<="', "comparison"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = 90\nstatus = "verified"', "document"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalid_to = "2020"', "valid_to"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalid_to = "31.12.2027"', "valid_to"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = 90\nnote = 3', "note"),
        ("frontier-2027", 'id = "N12.village_5g"\nvalue = 90\ncolour = "red"', "colour"),
        ("radio", 'id = "radio.time_percent"\nvalue = "fifty"', "value"),
        ("radio", 'id = "radio.time_percent"\nvalue = -1', "value"),
        ("radio", 'id = "radio.sigma"\nvalue = "some other text"', "value"),
        ("rsrp_classes", 'id = "N10.classes_5g"\nvalue = [-85]', "value"),
        ("rsrp_classes", 'id = "N10.classes_5g"\nvalue = [-115, -105, -95, -85]', "value"),
        ("rsrp_classes", 'id = "N10.classes_5g"\nvalue = [-85, -95, -105, "x"]', "value"),
        ("village_reach", 'id = "N07.distance"\nvalue = -5', "value"),
        ("village_reach", 'id = "N06.points"\nvalue = "committee"', "value"),
        ("village_reach", 'id = "N06.points"\nvalue = ["school", "school"]', "value"),
    ],
)  # fmt: skip
def test_a_change_that_its_users_could_not_stand_is_refused_with_the_entry(tmp_path, base, rule, field):
    found = refused(tmp_path, base, f'\n[[rule]]\n{rule}\nreason = "r"\n')
    assert list(found) == [field]
    assert found[field].zh and found[field].en


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('reason = "路测"', "", "reason"),
        ('reason = "路测"', 'reason = "  "', "reason"),
        ("radius_m = 3000", "radius_m = '3000'", "no number"),
        ("radius_m = 3000", "radius_m = nan", "no number"),
        ("radius_m = 3000", "radius_m = 0", "not within"),
        ("radius_m = 3000", "", "changes no number"),
        ("band_mhz_min = 690", "", "which preset"),
        ("radius_m = 3000", "radius_m = 3000\ncolour = 1", "colour"),
        ('technology = "5G"', 'technology = "6G"', "6G"),
        ("radius_m = 3000", 'radius_m = 3000\nstatus = "verified"', "source"),
        ("radius_m = 3000", 'radius_m = 3000\nstatus = "sure"', "one of"),
    ],
)
def test_a_changed_preset_is_held_to_what_it_must_be(tmp_path, old, new, said):
    text = RADIUS.replace(old, new)
    (tmp_path / "own.toml").write_text(HEAD.format(base="signal_radius") + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        changed_pack("signal_radius", tmp_path)
    assert any(said in fault.message.en for fault in caught.value.faults)


def test_a_preset_changed_twice_is_refused_in_one_file_and_in_two(tmp_path):
    refused(tmp_path, "signal_radius", RADIUS + RADIUS)
    (tmp_path / "own.toml").write_text(HEAD.format(base="signal_radius") + RADIUS, encoding="utf-8")
    (tmp_path / "more.toml").write_text(HEAD.format(base="signal_radius") + RADIUS, encoding="utf-8")
    with pytest.raises(InputError, match="both change"):
        changed_pack("signal_radius", tmp_path)


def test_a_misspelt_kind_of_key_point_is_refused_since_it_would_quietly_ask_for_nothing(tmp_path):
    rule = '\n[[rule]]\nid = "N06.points"\nvalue = ["comittee", "school"]\nreason = "r"\n'
    (tmp_path / "own.toml").write_text(HEAD.format(base="village_reach") + rule, encoding="utf-8")
    with pytest.raises(InputError, match="did you mean committee"):
        check_kinds(changed_pack("village_reach", tmp_path))


def test_the_encoding_and_the_ends_of_lines_of_windows_are_read_and_gbk_is_named(tmp_path):
    text = HEAD.format(base="frontier-2027") + VILLAGE
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert changed_pack("frontier-2027", tmp_path).rule("N12.village_5g").reason == "山区县"
    for encoding in ("gbk", "utf-16"):
        path.write_bytes(text.encode(encoding))
        with pytest.raises(InputError, match="UTF-8") as caught:
            changed_pack("frontier-2027", tmp_path)
        assert "另存为 UTF-8" in caught.value.remedy.zh
    path.write_text(text + "value == 3\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        changed_pack("frontier-2027", tmp_path)
    assert "第 8 行" in caught.value.message.zh and caught.value.faults[0].row == 8


# --- in the jobs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_rule_and_preset_is_listed_and_can_be_changed_to_what_it_is(tmp_path, name):
    """A rule whose own value is refused could never be edited in the window."""
    run = run_job("list_packs", {}, tmp_path / "list")
    packs = json.loads((tmp_path / "list" / "packs.json").read_text(encoding="utf-8"))["packs"]
    assert run.summary["changed"] == run.summary["faulty"] == 0
    rows = next(pack["rows"] for pack in packs if pack["name"] == name)
    rows = rows[:: 1 + len(rows) // 30]
    assert rows
    (tmp_path / "own").mkdir()
    for row in rows:
        key = row["field"] or "value"
        pack = change(tmp_path / "own", name, row["item"], row["field"], {key: row["value"], "reason": "核对"})
        assert row["words"]["zh"] and row["zh"] and row["en"]
    assert sum(bool(rule.own_pack) for rule in pack.rules.values()) + len(pack.changes) == len(rows)


def test_the_job_changes_a_rule_and_tells_what_it_was(tmp_path):
    stated = {"own_packs": str(tmp_path), "pack": "village_reach", "rule": "N06.points"}
    run = run_job("change_rule", {**stated, "value": "committee、school", "reason": "无卫生室"}, tmp_path / "a")
    assert run.summary["value"] == ["committee", "school"]
    assert run.summary["replaced"] == ["committee", "school", "clinic"]
    run = run_job("change_rule", {**stated, "revert": True}, tmp_path / "b")
    assert run.summary["value"] == ["committee", "school", "clinic"] and not own_files(tmp_path)
    with pytest.raises(ParameterError, match="reason"):
        run_job("change_rule", {**stated, "value": "committee"}, tmp_path / "c")
    for more in (
        {"rule": "N99", "value": "1"},
        {"pack": "none", "value": "1"},
        {"rule": "N07.distance", "value": "far"},
    ):
        with pytest.raises(XinjiError) as caught:
            run_job("change_rule", {**stated, "reason": "r", **more}, tmp_path / "d")
        assert caught.value.remedy.zh


def gap(tmp_path, name, **more):
    import geopandas as gpd
    import shapely

    units = tmp_path / "units.gpkg"
    if not units.exists():
        lon, lat = MIDDLE
        box = shapely.box(lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)
        table = {"code": ["530101"], "name": ["甲县"], "level": ["county"], "geometry": [box]}
        gpd.GeoDataFrame(table, crs="EPSG:4490").to_file(units, layer="admin_units")
        station = {"id": "B1", "lon": lon, "lat": lat, "height": 30}
        write_stations(tmp_path / "stations.csv", [station])
    stated = {"admin_units": str(units), "base_stations": str(tmp_path / "stations.csv"), "technology": "5G"}
    run = run_job("coverage_gap", {**stated, **more}, tmp_path / name)
    record = json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))
    return run, record, (tmp_path / name / "report.html").read_text(encoding="utf-8")


def test_a_changed_radius_changes_the_covered_area_and_stands_in_record_and_report_with_its_reason(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    shipped, record, page = gap(tmp_path, "before")
    assert "未经核实" in page and "按频段和天线挂高的覆盖半径" in record["summary"]["cautions"][0]["zh"]
    change(own, "signal_radius", "radius:5G:690:810:30", "radius_m", {"radius_m": 1750, "reason": "路测 2026-08"})
    run, record, page = gap(tmp_path, "after", own_packs=str(own))
    assert np.isclose(run.summary["covered_km2"] * 4, shipped.summary["covered_km2"], rtol=1e-3)
    changed = [rule for rule in record["rules"] if rule.get("own_pack")]
    assert [(rule["value"], rule["replaced"], rule["reason"]) for rule in changed] == [(1750, 3500, "路测 2026-08")]
    assert "由 3500 m 改为 1750 m" in page and "路测 2026-08" in page
    assert any("路测 2026-08" in text["zh"] for text in record["summary"]["cautions"])
    assert record["inputs"]["own_packs/edits_signal_radius.toml"]["sha256"]
    table = (tmp_path / "after" / "by_unit.csv").read_text(encoding="utf-8-sig")
    assert "判定所用取值未核实" in table


def test_a_faulty_own_pack_stops_a_job_before_it_judges_anything(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "甲.toml").write_text(HEAD.format(base="signal_radius") + RADIUS.replace("3000", '"x"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"甲\.toml"):
        gap(tmp_path, "refused", own_packs=str(own))


def test_a_rule_past_its_period_is_cautioned_by_the_as_of_date_where_coverage_is_simulated(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    entry = {"valid_to": "2025-12-31", "reason": "省里标准只到 2025 年"}
    change(own, "village_reach", "measured.level_5g", "", entry)
    write_dem(tmp_path / "dem.tif", lambda lon, _lat: 0 * lon + 100)
    stated = {"evidence": "simulated", "dem": str(tmp_path / "dem.tif"), "resolution_m": 200, "max_range_km": 2}
    for day, expired in (("2025-12-31", False), ("2026-01-01", True)):
        _, record, page = gap(tmp_path, f"at_{day}", own_packs=str(own), as_of=day, **stated)
        assert ("至 2025-12-31 有效" in page) is expired
        assert "省里标准只到 2025 年" in page
        assert [rule["reason"] for rule in record["rules"] if rule.get("own_pack")] == ["省里标准只到 2025 年"]


def test_a_definition_that_the_program_does_not_know_is_refused_and_not_quietly_left_out(tmp_path):
    from xinji_planner.engine.context import RunContext
    from xinji_planner.jobs.village_reach import reach_rules

    own = tmp_path / "own"
    own.mkdir()
    pack = change(own, "village_reach", "N06", "", {"value": 2, "reason": "两家"})
    parameters = {"technology": "5G", "dem": None, "evidence": "auto", "as_of": None, "own_packs": str(own)}
    with pytest.raises(InputError, match="at least one"):
        reach_rules(RunContext(parameters, tmp_path), pack)
