"""The whole job on the sample county equals what was planted, village by village and county by county."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError, WorkspaceError

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = SAMPLE / "truth"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """The sample county, imported from its messy files."""
    path = tmp_path_factory.mktemp("样例 县") / "海岳县.gpkg"
    summary = run_job("load_sample", {"workspace": str(path)}).summary
    assert summary["rows_in"] == summary["rows_out"] + summary["rows_set_aside"] > 2000
    return path


def truth(name):
    return json.loads((TRUTH / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("technology", "radius_m", "planted"),
    [("5G", None, "5g"), ("4G", None, "4g"), ("5G", "2000", "5g_2000m")],
)
def test_every_village_gets_the_planted_verdict(workspace, tmp_path, technology, radius_m, planted):
    stated = {"workspace": str(workspace), "technology": technology, "radius_m": radius_m}
    found = run_job("village_reach", {key: value for key, value in stated.items() if value}, tmp_path / "result")
    rows = pyogrio.read_dataframe(found.outputs["village_reach"], layer="village_reach").set_index("village_code")
    expected = pd.read_csv(TRUTH / f"villages_{planted}.csv", dtype={"village_code": str}).set_index("village_code")
    rows = rows.reindex(expected.index)
    assert (rows["verdict"] == expected["verdict"]).all()
    assert (rows["verdict_after_plan"] == expected["after_plan"]).all()
    assert (rows["borderline"] == expected["borderline"]).all()
    summary = truth("summary.json")[f"village_reach_{planted}"]
    for key in ("villages", "reached", "not_reached", "cannot_tell", "borderline", "rate_percent"):
        assert found.summary[key] == summary[key]
    by_county = {row["county_code"]: row for row in found.summary["by_county"]}
    for code, county in summary["by_county"].items():
        for key in ("villages", "reached", "not_reached", "cannot_tell", "rate_percent"):
            assert by_county[code][key] == county[key]
    # Table, layer and summary agree.
    assert rows["verdict"].value_counts().to_dict() == {
        key: found.summary[key] for key in ("reached", "not_reached", "cannot_tell") if found.summary[key]
    }


@pytest.mark.parametrize(("by", "key", "code"), [("county", "counties", "county_code"), ("town", "towns", "town_code")])
def test_every_units_gap_equals_the_planted_area(workspace, tmp_path, by, key, code):
    found = run_job("coverage_gap", {"workspace": str(workspace), "technology": "5G", "by": by}, tmp_path / "gap")
    expected = {row[code]: row for row in truth("gaps_5g.json")[key]}
    assert {row["unit_code"] for row in found.summary["by_unit"]} == set(expected)
    for row in found.summary["by_unit"]:
        planted = expected[row["unit_code"]]
        assert row["covered_km2"] == pytest.approx(planted["covered_km2"], abs=1e-4 * row["area_km2"])
        assert row["gap_km2"] == pytest.approx(planted["uncovered_km2"], abs=1e-4 * row["area_km2"])
        assert row["cannot_tell_km2"] == pytest.approx(planted["cannot_tell_km2"], abs=1e-4 * row["area_km2"])
        parts = row["covered_km2"] + row["gap_km2"] + row["cannot_tell_km2"]
        assert parts == pytest.approx(row["area_km2"], rel=1e-5)
        for name in ("villages_in_gap", "villages_cannot_tell", "people_in_gap"):
            assert row[name] == planted[name]
        assert row["method"] == "arcs"
    layer = pyogrio.read_dataframe(found.outputs["coverage_gap"], layer="coverage_gap")
    assert layer.geometry.is_valid.all()
    assert layer["gap_km2"].sum() == pytest.approx(found.summary["gap_km2"], abs=1e-3)
    villages = pyogrio.read_info(found.outputs["gap_villages"], layer="gap_villages")["features"]
    assert villages == found.summary["villages_in_gap"]


def test_a_unit_without_any_station_record_cannot_be_told_and_says_so(workspace, tmp_path):
    found = run_job("coverage_gap", {"workspace": str(workspace)}, tmp_path / "gap")
    evidence = {row["unit_code"]: row["evidence"] for row in found.summary["by_unit"]}
    assert evidence == {"990102": "distance", "990121": "distance", "990181": "none"}
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert "without a station of the technology in service" in page
    row = next(row for row in found.summary["by_unit"] if row["unit_code"] == "990181")
    assert (row["gap_km2"], row["cannot_tell_km2"]) == (0, pytest.approx(30.2374, abs=1e-3))
    assert (row["villages_in_gap"], row["villages_cannot_tell"]) == (0, 6)
    untold = pyogrio.read_dataframe(found.outputs["unknown_villages"], layer="unknown_villages")
    assert len(untold) == 6


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("job", ["village_reach", "coverage_gap", "delivery_package"])
def test_the_same_input_gives_the_same_bytes(workspace, tmp_path, job):
    once, twice = (run_job(job, {"workspace": str(workspace)}, tmp_path / name).folder for name in ("a", "b"))
    assert hashes(Path(once)) == hashes(Path(twice))


def test_only_what_was_in_service_by_the_day_counts(workspace, tmp_path):
    early = run_job("village_reach", {"workspace": str(workspace), "as_of": "2019-01-01"}, tmp_path / "early").summary
    late = run_job("village_reach", {"workspace": str(workspace), "as_of": "2099-01-01"}, tmp_path / "late").summary
    assert early["stations"] < late["stations"]
    assert early["reached"] < late["reached"] == truth("summary.json")["village_reach_5g"]["reached"]


def test_the_record_names_rules_inputs_and_versions(workspace, tmp_path):
    run = run_job("village_reach", {"workspace": str(workspace)}, tmp_path / "run")
    record = json.loads((Path(run.folder) / "run.json").read_text(encoding="utf-8"))
    text = json.dumps(record)
    assert hashlib.sha256(workspace.read_bytes()).hexdigest() in text
    assert "N06" in text and "unverified" in text and "shapely" in text


def test_the_report_says_of_what_and_by_which_rule(workspace, tmp_path):
    run = run_job("village_reach", {"workspace": str(workspace)}, tmp_path / "run")
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    for words in ("198 个行政村中判定 187 个", "of 198 villages 187 judged", "11 个无法判定", "目标 80%", "未核实"):
        assert words in page


def test_layers_given_one_by_one_replace_those_of_the_workspace(workspace, tmp_path):
    villages = pyogrio.read_dataframe(workspace, layer="villages")
    own = tmp_path / "自选 村.geojson"
    villages[villages["village_code"].str.startswith("990102")].to_file(own, driver="GeoJSON")
    found = run_job("village_reach", {"workspace": str(workspace), "villages": str(own)}, tmp_path / "own").summary
    assert (found["villages"], found["reached"]) == (72, 57)


def test_a_job_without_its_layers_says_which_and_how_to_mend_it(tmp_path):
    with pytest.raises(ParameterError) as caught:
        run_job("village_reach", {"technology": "5G"})
    assert {fault.field for fault in caught.value.faults} == {"villages", "base_stations"}
    empty = tmp_path / "空.gpkg"
    run_job("create_workspace", {"workspace": str(empty)}, tmp_path / "made")
    with pytest.raises(WorkspaceError) as caught:
        run_job("village_reach", {"workspace": str(empty)}, tmp_path / "result")
    assert "行政村" in caught.value.message.zh and caught.value.remedy.zh
    assert not (tmp_path / "result").exists()


def test_an_operator_list_without_the_level_field_cannot_be_split_by_town(workspace, tmp_path):
    units = pyogrio.read_dataframe(workspace, layer="admin_units")
    counties = tmp_path / "县.geojson"
    units[units["level"] == "county"].to_file(counties, driver="GeoJSON")
    with pytest.raises(InputError, match="Town level") as caught:
        run_job(
            "coverage_gap",
            {"workspace": str(workspace), "admin_units": str(counties), "by": "town"},
            tmp_path / "result",
        )
    assert sorted(tmp_path.iterdir()) == [tmp_path / "result-refused.html", counties]
    assert caught.value.report == str(tmp_path / "result-refused.html")
