"""Village reach over terrain equals what a slow path of its own computed, village by village and point by point."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.reach import simulation, terrain
from xinji_planner.sample_data.geography import GEOD
from xinji_planner.sample_data.simulated import STEP_M

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = SAMPLE / "truth"
DEM = SAMPLE / "received" / "高程_约90米.tif"
PLANTED = json.loads((TRUTH / "planted.json").read_text(encoding="utf-8"))
HIDDEN, BEYOND = PLANTED["villages_behind_mountains"], PLANTED["villages_beyond_the_heights"]


@pytest.fixture(scope="module")
def reach(tmp_path_factory):
    """Run village reach on the sample county; each variant once."""
    home = tmp_path_factory.mktemp("地形")
    workspace = home / "海岳县.gpkg"
    run_job("load_sample", {"workspace": str(workspace)})
    done = {}

    def run(**stated):
        key = tuple(sorted(stated.items()))
        if key not in done:
            given = {"workspace": str(workspace), "dem": str(DEM), **stated}
            done[key] = run_job("village_reach", given, home / f"结果 {len(done)}")
        return done[key]

    run.workspace = str(workspace)
    return run


def rows(run, name="village_reach"):
    table = pyogrio.read_dataframe(run.outputs[name], layer=name)
    return table.set_index("village_code") if name == "village_reach" else table


def planted(name):
    return pd.read_csv(TRUTH / f"{name}.csv", dtype={"village_code": str})


@pytest.mark.parametrize("technology", ["5G", "4G"])
def test_every_village_gets_the_verdict_of_the_slow_path(reach, technology):
    found = reach(technology=technology)
    expected = planted(f"villages_{technology.lower()}_simulated").set_index("village_code")
    villages = rows(found).reindex(expected.index)
    assert (villages["verdict"] == expected["verdict"]).all()
    assert (villages["verdict_after_plan"] == expected["after_plan"]).all()
    assert (villages["borderline"] == expected["borderline"]).all()
    by_distance = planted(f"villages_{technology.lower()}").set_index("village_code").reindex(expected.index)
    assert (villages["verdict_by_distance"] == by_distance["verdict"]).all()
    summary = json.loads((TRUTH / "summary.json").read_text(encoding="utf-8"))
    summary = summary[f"village_reach_{technology.lower()}_simulated"]
    for key in ("villages", "reached", "not_reached", "cannot_tell", "borderline", "rate_percent"):
        assert found.summary[key] == summary[key]
    assert sum(found.summary["by_evidence"].values()) == found.summary["reached"] + found.summary["not_reached"]


def test_where_the_heights_end_nobody_can_tell_without_distance(reach):
    found = reach(evidence="simulated")
    expected = planted("villages_5g_simulated").set_index("village_code")
    villages = rows(found).reindex(expected.index)
    assert (villages["verdict"] == expected["verdict_without_distance"]).all()
    assert set(villages.loc[BEYOND, "verdict"]) == {"cannot_tell"}
    assert set(villages.loc[BEYOND, "reason"]) == {"no_terrain"}
    assert not villages["evidence"].str.contains("distance").any()
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert "高程数据未覆盖或有空洞" in page and "无法判定（有实测的除外）" in page


def test_a_village_beyond_the_heights_is_decided_by_distance_and_labelled_so(reach):
    beyond = rows(reach(technology="5G")).loc[BEYOND]
    assert len(beyond) == 1
    assert set(beyond["verdict"]) == {"reached"}
    assert set(beyond["evidence"]) == {"distance"}
    assert beyond["margin_m"].notna().all() and beyond["margin_db"].isna().all()
    assert beyond["profile_picture"].isna().all()


def test_every_level_is_that_of_the_slow_path(reach):
    points = rows(reach(technology="5G"), "key_point_reach")
    points = points.assign(lon=points.geometry.x, lat=points.geometry.y)
    expected = planted("levels_5g_simulated").rename(columns={"level_dbm": "true_dbm"})
    both = expected.merge(points, on=["village_code", "name"], validate="many_to_one")
    assert len(both) == len(expected) > 1500
    found = np.array([row[f"dbm_{row['operator_x'].lower()}"] for row in both.to_dict("records")])
    # The places went through GCJ-02 and six decimals, which moves them by up to 0.1 m: where that makes a path as long
    # as one more step, it gets one more point, and all others move along the ground.
    stations = pd.read_csv(TRUTH / "stations_true_place.csv").set_index("station_id").loc[both["station_id"]]
    ends = (both["lon"].to_numpy(), both["lat"].to_numpy())
    steps = GEOD.inv(stations["lon"].to_numpy(), stations["lat"].to_numpy(), *ends)[2] / STEP_M
    other = np.abs(steps - np.round(steps)) * STEP_M < 0.3
    difference = np.abs(found - both["true_dbm"].to_numpy())
    assert difference[~other].max() < 0.05
    assert other.mean() < 0.02 and difference[other].max() < 0.5


def test_villages_behind_a_ridge_are_reached_by_distance_and_not_by_simulation(reach):
    hidden = rows(reach(technology="5G")).loc[HIDDEN]
    assert len(hidden) == 3
    assert set(hidden["verdict_by_distance"]) == {"reached"}
    assert set(hidden["verdict"]) == {"not_reached"}
    assert (hidden["margin_db"] < -10).all()
    assert hidden["obstruction_m"].between(800, 2000).all()  # the ring of mountains
    assert (hidden["obstruction_above_m"] > 150).all()


def section(page, heading):
    """Cut one section of a report page."""
    start = page.index(heading)
    return page[start : page.find("<h2>", start) if page.find("<h2>", start) >= 0 else None]


def test_the_report_says_which_villages_are_hidden_and_why(reach):
    found = reach(technology="5G")
    villages = rows(found)
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    hidden = section(page, "按距离通达、仿真未通达的行政村")
    expected = villages[(villages["verdict_by_distance"] == "reached") & (villages["verdict"] == "not_reached")]
    assert found.summary["reached_by_distance_alone"] == len(expected)
    listed = set(re.findall(r"<td>(9\d{11})</td>", hidden))
    assert listed == set(expected.index) >= set(HIDDEN)
    for code in HIDDEN:
        away, above = villages.loc[code, ["obstruction_m", "obstruction_above_m"]]
        assert f"距关键点 {away:,.0f} m 处" in hidden and f"高出视线 {above:,.0f} m" in hidden
        assert str(villages.loc[code, "nearest_station_id"]) in hidden
    gained = section(page, "按距离未通达、仿真通达的行政村")
    assert len(re.findall(r"<td>(9\d{11})</td>", gained)) == found.summary["reached_by_simulation_alone"] > 0
    for words in ("radio.max_range_5g", "地形仿真的参数与预设", "未经核实", "高程数据范围外或空洞处，按距离推断"):
        assert words in page


def test_every_simulated_village_has_its_picture(reach):
    found = reach(technology="5G")
    villages = rows(found)
    pictures = villages["profile_picture"].dropna()
    assert set(HIDDEN) <= set(pictures.index)
    assert len(pictures) > 150
    for name in pictures:
        assert (Path(found.folder) / name).is_file()
    assert villages.loc[pictures.index, "evidence"].str.contains("simulated").all()


def test_distance_is_as_it_was_before_there_was_terrain(reach, tmp_path):
    by_distance = reach(evidence="distance")
    plain = run_job("village_reach", {"workspace": reach.workspace}, tmp_path / "plain")
    for name in ("result.gpkg", "report.html", "by_county.csv"):
        assert (Path(by_distance.folder) / name).read_bytes() == (Path(plain.folder) / name).read_bytes()


def test_the_same_input_gives_the_same_bytes_over_terrain_too(reach, tmp_path):
    once = reach(technology="5G")
    record = json.loads((Path(once.folder) / "run.json").read_text(encoding="utf-8"))
    again = run_job(
        "village_reach",
        {"workspace": reach.workspace, "dem": str(DEM), "technology": "5G"},
        tmp_path / "again",
    )
    files = sorted(path.relative_to(once.folder) for path in Path(once.folder).rglob("*") if path.is_file())
    assert len(files) > 300
    for name in files:
        assert (Path(once.folder) / name).read_bytes() == (Path(again.folder) / name).read_bytes()
    assert str(DEM) in json.dumps(record, ensure_ascii=False) and "radio.max_range_5g" in json.dumps(record)


def test_a_void_around_a_village_is_not_the_sea(reach, tmp_path):
    """A hole in the heights takes the simulation away where it matters, and nothing else."""
    before = rows(reach(technology="5G"))
    code = HIDDEN[0]
    place = before.loc[code].geometry
    holed = tmp_path / "空洞.tif"
    with rasterio.open(DEM) as source:
        heights, profile = source.read(1), source.profile
        row, column = source.index(place.x, place.y)
    heights[row - 20 : row + 20, column - 20 : column + 20] = -32768
    with rasterio.open(holed, "w", **{**profile, "nodata": -32768}) as target:
        target.write(heights, 1)
    auto, alone = (rows(reach(technology="5G", dem=str(holed), evidence=kind)) for kind in ("auto", "simulated"))
    assert (auto.loc[code, "verdict"], auto.loc[code, "evidence"]) == ("reached", "distance")
    assert (alone.loc[code, "verdict"], alone.loc[code, "reason"]) == ("cannot_tell", "no_terrain")
    same = (auto["verdict"] == before["verdict"]) | (auto["evidence"].str.contains("distance"))
    assert same.all()


def test_simulation_without_heights_is_refused_with_what_to_do(reach):
    with pytest.raises(ParameterError) as caught:
        run_job("village_reach", {"workspace": reach.workspace, "evidence": "simulated"})
    assert [fault.field for fault in caught.value.faults] == ["dem"]
    assert "--dem" in caught.value.faults[0].remedy.zh


def test_windows_and_neighbours_change_nothing(reach, tmp_path, monkeypatch):
    """Levels are the same whether the land is read in one piece or in many, for all villages or for some."""
    whole = rows(reach(technology="5G"))
    monkeypatch.setattr(simulation, "_SIDES_DEG", (0.125,))
    monkeypatch.setattr(simulation, "_PIXELS_KEPT", 0)
    pieces = rows(run_job("village_reach", {"workspace": reach.workspace, "dem": str(DEM)}, tmp_path / "pieces"))
    some = pyogrio.read_dataframe(reach.workspace, layer="villages")
    own = tmp_path / "三村.geojson"
    some[some["village_code"].isin(HIDDEN)].to_file(own, driver="GeoJSON")
    given = {"workspace": reach.workspace, "dem": str(DEM), "villages": str(own)}
    few = rows(run_job("village_reach", given, tmp_path / "few"))
    assert len(few) == len(HIDDEN)
    for other in (pieces, few):
        same = whole.reindex(other.index)
        for column in ("verdict", "verdict_after_plan", "evidence", "nearest_station_id", "profile_picture"):
            assert (same[column].fillna("") == other[column].fillna("")).all()
        for column in ("simulated_dbm", "margin_db", "obstruction_m", "obstruction_above_m"):
            np.testing.assert_allclose(other[column], same[column], atol=0.11)  # one unit of the last digit


def test_very_large_runs_draw_what_needs_a_look_and_say_what_they_spare(reach, tmp_path, monkeypatch):
    monkeypatch.setattr(terrain, "MOST_PICTURES", 100)
    found = run_job("village_reach", {"workspace": reach.workspace, "dem": str(DEM)}, tmp_path / "large")
    villages = rows(found)
    drawn = villages["profile_picture"].notna()
    assert drawn[HIDDEN].all() and 0 < drawn.sum() < 100
    spared = villages[~drawn & villages["simulated_dbm"].notna()]
    assert (spared["verdict"] == "reached").all() and (spared["verdict_by_distance"] == "reached").all()
    assert (spared["borderline"] == 0).all()
    assert f"{len(spared)} 个仿真与距离均通达" in Path(found.outputs["report"]).read_text(encoding="utf-8")


def test_a_short_range_says_how_many_villages_hang_on_it(reach):
    usual, short = reach(technology="5G"), reach(technology="5G", max_range_km="3")
    marked = rows(short)["depends_on_range"] == 1
    assert short.summary["depends_on_range"] == marked.sum() > 0
    assert (rows(short).loc[marked, "verdict"] == "not_reached").all()
    page = Path(short.outputs["report"]).read_text(encoding="utf-8")
    assert f"{marked.sum()} 个未通达的村取决于仿真最大距离 3 km" in page
    turned = (rows(usual)["verdict"] == "reached") & (rows(short)["verdict"] == "not_reached")
    assert turned.any() and marked[turned].all()  # who is reached from farther away was marked


def test_steps_too_fine_for_the_range_are_refused_with_steps_that_do(reach, tmp_path):
    given = {"workspace": reach.workspace, "dem": str(DEM), "step_m": "1"}
    with pytest.raises(InputError) as caught:
        run_job("village_reach", given, tmp_path / "fine")
    assert "（--step-m）放宽到不小于 2.6 m" in caught.value.remedy.zh and "4.0 km" in caught.value.message.zh


def test_heights_of_another_place_leave_everything_to_distance_and_say_so(reach, tmp_path):
    moved = tmp_path / "别处.tif"
    with rasterio.open(DEM) as source:
        profile = source.profile | {"transform": rasterio.Affine.translation(10, 5) @ source.transform}
        with rasterio.open(moved, "w", **profile) as target:
            target.write(source.read())
    found = reach(technology="5G", dem=str(moved))
    assert set(found.summary["by_evidence"]) <= {"distance", "measured", "measured+distance"}
    assert "没有重叠" in Path(found.outputs["report"]).read_text(encoding="utf-8")


def test_the_best_level_of_an_operator_is_the_highest_of_its_stations_in_range(reach):
    found = reach(technology="5G", station_levels=True)
    pairs = pd.read_csv(found.outputs["station_levels"], dtype={"行政村代码": str})
    names = {"CMCC": "中国移动", "CTCC": "中国电信", "CUCC": "中国联通", "CBN": "中国广电"}
    pairs = pairs.assign(operator=pairs["运营商"].str.split("、")).explode("operator")
    level, distance = "仿真电平（dBm）", "距离（米）"
    best = pairs.pivot_table(level, "关键点编号", "operator", "max")
    points = rows(found, "key_point_reach").set_index("point_id")
    for operator, name in names.items():
        stated = points[f"dbm_{operator.lower()}"].dropna()
        assert len(stated) > 10
        assert best.loc[stated.index, name].to_numpy() == pytest.approx(stated.to_numpy(), abs=0.006)
    assert pairs[distance].max() <= 10_000
    assert len(pairs) > 4 * len(points)
    assert not reach(technology="5G").outputs.get("station_levels")
