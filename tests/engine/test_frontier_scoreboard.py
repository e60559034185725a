"""The frontier scoreboard on the sample county equals what brute force counts, class by class, county by county."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.frontier.labels import STATUS_LABELS
from xinji_planner.sample_data.frontier_truth import INDICATORS

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = SAMPLE / "truth"
DEM = SAMPLE / "received" / "高程_约90米.tif"
PACKS = ("frontier-2025", "frontier-2027")
COUNTS = ("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "shortfall", "shortfall_at_most", "status")
ROADS_AND_SEAS = ("border_road", "inland_sea", "territorial_sea")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("宽带 边疆")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def score(home):
    """Run the scoreboard on the sample county; each variant once."""
    done = {}

    def run(pack="frontier-2025", **stated):
        key = (pack, *sorted(stated.items()))
        if key not in done:
            given = {"workspace": str(home / "海岳县.gpkg"), "pack": pack, **stated}
            done[key] = run_job("frontier_scoreboard", given, home / f"结果 {len(done)}")
        return done[key]

    return run


def gaps(run):
    return pyogrio.read_dataframe(run.outputs["frontier_gap"], layer="frontier_gap")


def rows(run):
    return {(row["rule_id"], row["county_code"]): row for row in run.summary["score"]}


@pytest.mark.parametrize("pack", PACKS)
def test_every_class_in_every_county_is_counted_as_by_brute_force(score, pack):
    found = rows(score(pack))
    expected = json.loads((TRUTH / "frontier.json").read_text(encoding="utf-8"))[pack]
    points = {rule for rule, _ in found if rule.rpartition(".")[2] not in ROADS_AND_SEAS}
    assert points == set(expected)
    for rule, counties in expected.items():
        for county, counts in counties.items():
            told = {key: found[rule, county][key] for key in COUNTS}
            assert told == {key: counts[key] for key in COUNTS}, (rule, county)


@pytest.mark.parametrize("pack", PACKS)
def test_every_gap_is_one_that_brute_force_found_and_none_is_left_out(score, pack):
    layer = gaps(score(pack))
    expected = pd.read_csv(TRUTH / "frontier_items.csv", dtype=str)
    missed = expected[(expected["pack"] == pack) & (expected["state"] != "met")]
    assert sorted(zip(layer["rule_id"], layer["item_id"], layer["state"])) == sorted(
        zip(missed["rule_id"], missed["item_id"], missed["state"])
    )
    planned = set(layer.loc[layer["reason"] == "planned", "item_id"])
    assert planned == set(missed.loc[missed["after_plan"] == "met", "item_id"])


@pytest.mark.parametrize("pack", PACKS)
def test_the_packs_ask_what_the_documents_ask(pack):
    content = tomllib.loads((SAMPLE.parent / "rules" / "packs" / f"{pack}.toml").read_text(encoding="utf-8"))
    asked = {
        (rule["id"], rule["subject"], rule["service"], rule["value"])
        for rule in content["rule"]
        if "subject" in rule and rule["subject"] not in ROADS_AND_SEAS
    }
    assert asked == set(INDICATORS[pack])


@pytest.mark.parametrize("pack", PACKS)
def test_table_report_layer_and_list_say_the_same_numbers(score, pack):
    run = score(pack)
    layer, table = gaps(run), pd.read_csv(run.outputs["frontier_score"], dtype=str, encoding="utf-8-sig")
    counted = layer.groupby(["rule_id", "state"]).size()
    totals = table[table["县名称"] == "合计"].set_index("规则")
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    for row in run.summary["score"]:
        if row["county_code"] != "all" or row["in_scope"] is None or row["unit"] != "item":
            continue
        said = totals.loc[row["rule_id"]]
        for key, heading in (
            ("in_scope", "应计数"),
            ("met", "达到"),
            ("not_met", "未达到"),
            ("cannot_tell", "无法判定"),
        ):
            assert int(said[heading]) == row[key]
        for state in ("not_met", "cannot_tell"):
            assert counted.get((row["rule_id"], state), 0) == row[state]
        assert said["结论"] == STATUS_LABELS[row["status"]].zh
        line = next(part for part in page.split("<tr>") if f'<span lang="zh">{said["指标"]}</span>' in part)
        numbers = [int(n.replace(",", "")) for n in re.findall(r'<td class="number">([\d,]+)</td>', line)[:4]]
        assert numbers == [row[key] for key in ("in_scope", "met", "not_met", "cannot_tell")]
        assert STATUS_LABELS[row["status"]].zh in line and STATUS_LABELS[row["status"]].en in line
    listed = pd.read_csv(run.outputs["job_list"], dtype=str, encoding="utf-8-sig")
    roads = listed["类别"] == "沿边国道和省道"
    assert listed.loc[~roads, "编号"].tolist() == layer["item_id"].tolist()
    sheet = openpyxl.load_workbook(run.outputs["job_sheet"]).active
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0]) == listed.columns.tolist()
    assert [row[4] for row in cells[1:]] == listed["编号"].tolist()
    assert f"共 {len(layer)} 项" in page


def test_border_roads_are_as_long_and_as_covered_as_step_by_step(score):
    expected = json.loads((TRUTH / "frontier.json").read_text(encoding="utf-8"))["border_road"]
    for pack, technology, rule in (("frontier-2025", "4G", "N11"), ("frontier-2027", "5G", "N12")):
        run = score(pack)
        found = rows(run)
        for county in ("990102", "990121", "990181", "all"):
            row, true = (
                found[f"{rule}.border_road", county],
                expected[technology].get(county, {"km": 0, "covered_km": 0}),
            )
            assert row["in_scope"] == pytest.approx(true["km"], abs=0.002)
            assert row["met"] == pytest.approx(true["covered_km"], abs=0.05)  # steps of 5 m
            assert row["cannot_tell"] == 0 and row["unit"] == "km"
        gap = pyogrio.read_dataframe(run.outputs["road_gap"], layer="road_gap")
        assert gap["length_km"].sum() == pytest.approx(
            found[f"{rule}.border_road", "all"]["not_met"], abs=0.002 * len(gap)
        )
        assert (gap.groupby("run")["length_km"].sum() - gap.groupby("run")["run_km"].first()).abs().max() < 0.002 * len(
            gap
        )
        assert set(gap["reason"]) <= {"no_station_in_range", "planned"} and not gap.geometry.isna().any()
        told = pyogrio.read_dataframe(run.outputs["road_state"], layer="road_state")
        tunnel = told["structure"] == "tunnel"
        assert set(told.loc[tunnel, "road_id"]) == {"DL9003"} and set(told.loc[tunnel, "state"]) == {"cannot_tell"}
        by_state = told[~tunnel].groupby("state")["length_km"].sum()
        for state in ("met", "not_met"):
            assert by_state[state] == pytest.approx(found[f"{rule}.border_road", "all"][state], abs=0.001 * len(told))
        assert "隧道 1.15 km 另计" in Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_border_roads_are_judged_on_terrain_as_the_evidence_says(score):
    """As `line_coverage` judges them; where the heights end nobody can tell without distance."""
    auto, alone = (score("frontier-2027", dem=str(DEM), evidence=kind) for kind in ("auto", "simulated"))
    told = [pyogrio.read_dataframe(run.outputs["road_state"], layer="road_state") for run in (auto, alone)]
    assert set(told[0]["evidence"].dropna()) <= {"simulated", "distance", "simulated+distance"}
    assert set(told[1]["evidence"].dropna()) == {"simulated"}
    for run, layer in zip((auto, alone), told):
        by_state = layer[layer["structure"] != "tunnel"].groupby("state")["length_km"].sum()
        counted = by_state.reindex(["met", "not_met", "cannot_tell"], fill_value=0.0)
        said = {key: rows(run)["N12.border_road", "all"][key] for key in counted.index}
        assert counted.sum() > 59
        assert dict(counted) == pytest.approx(said, abs=0.001 * len(layer))
    by_distance = rows(score("frontier-2027"))["N12.border_road", "all"]["met"]
    assert abs(rows(auto)["N12.border_road", "all"]["met"] - by_distance) > 5
    cited = {rule["id"] for rule in json.loads((Path(auto.folder) / "run.json").read_text(encoding="utf-8"))["rules"]}
    assert {"road.sample_step", "road.sample_refine", "measured.level_5g"} <= cited


def test_gaps_of_roads_stand_in_the_job_list_with_their_length(score):
    run = score("frontier-2027")
    gap = pyogrio.read_dataframe(run.outputs["road_gap"], layer="road_gap")
    listed = pd.read_csv(run.outputs["job_list"], dtype=str, encoding="utf-8-sig")
    own = listed[listed["类别"] == "沿边国道和省道"]
    assert sorted(own["长度（km）"].astype(float)) == sorted(gap["length_km"].round(3))
    assert own["序号"].astype(int).tolist() == list(range(len(listed) - len(own) + 1, len(listed) + 1))
    assert own[["经度（CGCS2000）", "最近现有基站（不限制式）", "距国界（米）", "原因"]].notna().all(axis=None)


def test_a_derived_belt_is_told_and_judges_nothing(score):
    for rule in ("N12.inland_sea", "N12.territorial_sea"):
        row = rows(score("frontier-2027"))[rule, "all"]
        assert row["status"] == "cannot_tell" and row["in_scope"] is None and row["ratio_percent"] is None
    page = Path(score("frontier-2027").outputs["report"]).read_text(encoding="utf-8")
    assert "推算12海里带（非法定）" in page


def test_the_sea_that_a_layer_delimits_is_measured_in_square_kilometres(home, tmp_path):
    sea = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="sea_areas")
    area = "MULTIPOLYGON(((129.3 20.0, 129.5 20.0, 129.5 20.1, 129.3 20.1, 129.3 20.0)))"
    sea = sea.assign(kind="inland", geometry=shapely.from_wkt(area))
    own = tmp_path / "内海.gpkg"
    sea[["sea_id", "name", "kind", "geometry"]].to_file(own, layer="sea_areas")
    given = {"workspace": str(home / "海岳县.gpkg"), "pack": "frontier-2027", "sea_areas": str(own)}
    row = rows(run_job("frontier_scoreboard", given, tmp_path / "run"))["N12.inland_sea", "all"]
    lon, lat = shapely.get_coordinates(shapely.segmentize(shapely.from_wkt(area), 0.002)).T
    whole = abs(pyproj.Geod(ellps="GRS80").polygon_area_perimeter(lon, lat)[0]) / 1e6
    assert row["in_scope"] == pytest.approx(whole, rel=1e-4) and row["unit"] == "km²"
    assert row["met"] + row["not_met"] == pytest.approx(row["in_scope"], abs=0.002) and 0 < row["met"] < row["in_scope"]


def derived(folder, **stated):
    """Own packs that put the sample's invented province into the scope."""
    change = '[[rule]]\nid = "N13.{name}"\nvalue = ["99"]\nreason = "示例县代码为虚构"\n'
    text = '[pack]\nbase = "frontier-2025"\n' + "".join(change.format(name=name) for name in ("land_border", "coast"))
    (folder / "范围.toml").write_text(text, encoding="utf-8")
    return {"own_packs": str(folder), "scope": "derived", **stated}


def test_the_scope_is_derived_from_border_and_coast_and_said_county_by_county(score, tmp_path):
    run = score("frontier-2025", **derived(tmp_path))
    assert {row["county_code"] for row in run.summary["score"]} == {"990102", "990121", "990181", "all"}
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "范围推导" in page and "在范围内" in page and "示例县代码为虚构" in page
    without = score("frontier-2025", scope="derived")  # no real province has the sample's codes
    assert all(row["county_code"] == "all" for row in without.summary["score"])
    assert without.summary["gaps"] == 0 and without.summary["counties"] == 0


def test_the_planners_word_settles_a_county_and_needs_its_reason(score, tmp_path):
    run = score("frontier-2025", **derived(tmp_path, scope_overrides="990102=out:只有渔港"))
    assert "990102" not in {row["county_code"] for row in run.summary["score"]}
    assert "只有渔港" in Path(run.outputs["report"]).read_text(encoding="utf-8")
    for words in ("990102=out", "990102=out:", "990102=perhaps:x", "123456=in:x", "990102=in:a;990102=out:b"):
        with pytest.raises(ParameterError) as caught:
            score("frontier-2025", **derived(tmp_path, scope_overrides=words))
        assert caught.value.faults[0].field == "scope_overrides"


def test_a_coarse_real_border_decides_nothing_and_leaves_nothing_at_nought(tmp_path, shared_data):
    given = shared_data / "fangchenggang"
    home = tmp_path / "防城港.gpkg"
    for kind, name, datum in (
        ("admin_units", "防城港市_县区_GCJ02.geojson", "gcj02"),
        ("villages", "防城港市_村镇_GCJ02_GBK.csv", "gcj02"),
    ):
        stated = {"workspace": str(home), "source": str(given / name), "kind": kind, "datum": datum}
        run_job("import_layer", stated, tmp_path / kind)
    lines = {}
    for layer, name in (("national_border", "中越陆地边界_NE10m_WGS84"), ("coastline", "海岸线_NE10m_WGS84")):
        shapes = pyogrio.read_dataframe(given / f"{name}.geojson").geometry
        lines[layer] = str(tmp_path / f"{layer}.gpkg")
        geopandas.GeoDataFrame({"line_id": [str(k) for k in range(len(shapes))]}, geometry=shapes, crs=4326).to_file(
            lines[layer]
        )
    stated = {"workspace": str(home), "pack": "frontier-2025", "scope": "derived", **lines}
    run = run_job("frontier_scoreboard", stated, tmp_path / "derived")
    assert run.summary["counties"] == 0 and run.summary["cannot_tell"] == run.summary["indicators"]
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    for county in ("港口区", "防城区", "东兴市"):  # 上思县 lies inland
        assert f"{county}（" in page and "须人工认定" in page
    assert "上思县（" not in page
    word = ";".join(f"{code}=in:沿海" for code in ("450602", "450603", "450681"))
    run = run_job("frontier_scoreboard", {**stated, "scope_overrides": word}, tmp_path / "settled")
    villages = rows(run)["N11.village_broadband", "all"]
    assert villages["in_scope"] == villages["cannot_tell"] > 200 and villages["ratio_percent"] is None
    assert not [row for row in run.summary["score"] if row["ratio_percent"] == 0]


def test_a_port_on_the_border_river_counts_in_the_nearest_county_and_a_far_one_in_none(home, tmp_path):
    border = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="national_border").geometry.iloc[0]
    west = min(map(tuple, shapely.get_coordinates(border)))  # its westernmost place: all that lies west of it is abroad
    own = tmp_path / "口岸.gpkg"
    ports = {"place_id": ["近", "远"], "name": ["近岸口岸", "境外口岸"], "kind": "port_of_entry"}
    spots = [shapely.Point(west[0] - 0.005, west[1]), shapely.Point(west[0] - 0.05, west[1])]
    geopandas.GeoDataFrame(ports, geometry=spots, crs=4490).to_file(own, layer="places")
    given = {"workspace": str(home / "海岳县.gpkg"), "pack": "frontier-2027", "places": str(own)}
    found = rows(run_job("frontier_scoreboard", given, tmp_path / "run"))
    assert found["N12.institution_5g", "990121"]["in_scope"] == 1
    assert found["N12.institution_5g", "none"]["in_scope"] == 1


def test_parts_add_up_to_the_total(score):
    for pack in PACKS:
        table = pd.DataFrame(score(pack).summary["score"]).dropna(subset="in_scope")
        for _, own in table.groupby("rule_id"):
            parts, total = own[own["county_code"] != "all"], own[own["county_code"] == "all"]
            for key in ("in_scope", "met", "not_met", "cannot_tell"):
                assert parts[key].sum() == pytest.approx(total[key].iloc[0], abs=0.002)
            told = own["met"] + own["not_met"] + own["cannot_tell"]
            assert (told - own["in_scope"]).abs().max() < 0.002


def test_what_no_layer_says_cannot_be_told_and_is_never_nought_percent(score):
    found = rows(score("frontier-2025"))
    for rule in ("N11.county_town_5g", "N11.county_town_fibre", "N11.township_fibre"):
        row = found[rule, "all"]
        assert row["in_scope"] > 0 and row["cannot_tell"] == row["in_scope"]
        assert row["ratio_percent"] is None and row["status"] == "cannot_tell"


def test_a_class_whose_layer_is_missing_has_no_count_at_all(home, tmp_path):
    stations = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="base_stations")
    villages = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="villages")
    own = {"base_stations": tmp_path / "基站.gpkg", "villages": tmp_path / "村.gpkg"}
    stations.to_file(own["base_stations"], layer="s")
    villages.to_file(own["villages"], layer="v")
    run = run_job(
        "frontier_scoreboard", {**{k: str(v) for k, v in own.items()}, "pack": "frontier-2025"}, tmp_path / "r"
    )
    found = rows(run)
    for rule in ("N11.settlement_broadband", "N11.island_broadband", "N11.institution_broadband", "N11.township_5g"):
        assert found[rule, "all"]["in_scope"] is None and found[rule, "all"]["status"] == "cannot_tell"
    assert found["N11.village_broadband", "all"]["in_scope"] == len(villages)


def test_gaps_come_with_reason_neighbours_and_rank(score):
    layer = gaps(score("frontier-2027"))
    assert layer["rank"].tolist() == list(range(1, len(layer) + 1))
    unmet = layer[layer["state"] == "not_met"]
    assert len(unmet) and (layer["state"].iloc[: len(unmet)] == "not_met").all()
    people = unmet["people"].dropna()
    assert (people.diff().dropna() <= 0).all() and unmet["people"].isna().iloc[: len(people)].sum() == 0
    placed = layer[~layer.geometry.isna()]
    assert placed[["nearest_station_id", "nearest_station_m", "nearest_cable_m", "border_m"]].notna().all(axis=None)
    assert (layer.loc[layer["county_code"] == "990181", "reason"] == "no_data").all()
    assert {"planned", "no_station_in_range", "no_data"} <= set(layer["reason"])


def test_over_terrain_villages_agree_with_village_reach_and_the_hidden_ones_say_why(score, home, tmp_path):
    given = {"dem": str(DEM), "evidence": "auto"}
    run = score("frontier-2027", **given)
    reach = run_job("village_reach", {"workspace": str(home / "海岳县.gpkg"), **given}, tmp_path / "reach")
    found = rows(run)["N12.village_5g", "all"]
    assert (found["met"], found["not_met"], found["cannot_tell"]) == tuple(
        reach.summary[key] for key in ("reached", "not_reached", "cannot_tell")
    )
    hidden = json.loads((TRUTH / "planted.json").read_text(encoding="utf-8"))["villages_behind_mountains"]
    layer = gaps(run).query("rule_id == 'N12.village_5g'").set_index("item_id")
    assert set(layer.loc[hidden, "reason"]) <= {"behind_terrain", "planned"}
    assert "behind_terrain" in set(layer["reason"])


def test_a_list_of_counties_leaves_the_others_out_and_says_what_lies_in_none(score):
    run = score("frontier-2025", scope="990121")
    assert {row["county_code"] for row in run.summary["score"]} == {"990121", "all"}
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "在范围之外，未计入" in page and "近屿" in page and "范围（指定）：海岳县（990121）" in page
    assert rows(run)["N11.village_broadband", "all"]["in_scope"] == 120
    with pytest.raises(ParameterError) as caught:
        score("frontier-2025", scope="990121,123456")
    assert caught.value.faults[0].value == "123456"


def test_a_changed_rule_changes_the_result_and_stands_in_the_report_with_its_reason(score, home):
    own = home / "自定义"
    own.mkdir(exist_ok=True)
    (own / "本县.toml").write_text(
        '[pack]\nbase = "frontier-2027"\n\n[[rule]]\nid = "N12.village_5g"\nvalue = 60\nreason = "县里分两年达到"\n',
        encoding="utf-8",
    )
    before, after = score("frontier-2027"), score("frontier-2027", own_packs=str(own))
    assert rows(before)["N12.village_5g", "all"]["status"] == "short"
    assert rows(after)["N12.village_5g", "all"]["status"] == "met"
    page = Path(after.outputs["report"]).read_text(encoding="utf-8")
    assert "由 95 % 改为 60 %" in page and "县里分两年达到" in page
    record = (Path(after.folder) / "run.json").read_text(encoding="utf-8")
    assert "县里分两年达到" in record and "own_packs/本县.toml" in record
    table = pd.read_csv(after.outputs["frontier_score"], encoding="utf-8-sig")
    assert set(table.loc[table["规则"] == "N12.village_5g", "规则状态"]) == {"未核实"}


def test_a_pack_past_its_period_warns_by_the_data_and_by_the_stated_day(score):
    def said(run):
        return (
            re.search("规则包“宽带边疆.*不在其中", Path(run.outputs["report"]).read_text(encoding="utf-8")) is not None
        )

    assert said(score("frontier-2025"))  # the data go on to 2026
    assert not said(score("frontier-2027"))
    assert said(score("frontier-2027", as_of="2028-01-01"))
    assert not said(score("frontier-2025", as_of="2025-06-30"))


def test_values_by_analogy_are_cautioned_and_unknown_packs_refused(score, home):
    page = Path(score("frontier-2027").outputs["report"]).read_text(encoding="utf-8")
    assert "未经核实" in page and "类推" in page and "20户以上自然村通5G的比例" in page
    marked = gaps(score("frontier-2027")).groupby("rule_id")["unverified"].agg(set)
    assert marked["N12.settlement_5g"] == {1} and marked["N12.village_5g"] == {0}
    with pytest.raises(InputError, match="frontier-2026"):
        score("frontier-2026")
    with pytest.raises(InputError, match="no rule that can be scored"):
        score("compute-2027")


def test_the_same_input_gives_the_same_bytes(score, home, tmp_path):
    once = score("frontier-2025")
    again = run_job(
        "frontier_scoreboard", {"workspace": str(home / "海岳县.gpkg"), "pack": "frontier-2025"}, tmp_path / "again"
    )
    for path in sorted(Path(once.folder).iterdir()):
        assert (
            hashlib.sha256(path.read_bytes()).digest()
            == hashlib.sha256((Path(again.folder) / path.name).read_bytes()).digest()
        ), path.name
