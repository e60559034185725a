"""Line coverage of the sample county equals a walk metre by metre, and over terrain the slow path point by point."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = SAMPLE / "truth"
DEM = SAMPLE / "received" / "高程_约90米.tif"
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
MAIN = "expressway,national,provincial,county,railway"


@pytest.fixture(scope="module")
def cover(tmp_path_factory):
    """Run line coverage on the sample county; each variant once."""
    home = tmp_path_factory.mktemp("道路 覆盖")
    workspace = home / "海岳县.gpkg"
    run_job("load_sample", {"workspace": str(workspace)}, home / "导入")
    done = {}

    def run(**stated):
        key = tuple(sorted(stated.items()))
        if key not in done:
            done[key] = run_job("line_coverage", {"workspace": str(workspace), **stated}, home / f"结果 {len(done)}")
        return done[key]

    run.workspace, run.home = str(workspace), home
    return run


def states(run):
    return pyogrio.read_dataframe(run.outputs["road_state"], layer="road_state")


def gaps(run):
    return pyogrio.read_dataframe(run.outputs["road_gap"], layer="road_gap")


def table(run, name):
    return pd.read_csv(run.outputs[name], dtype=str, encoding="utf-8-sig")


def lengths(rows, by="state"):
    return rows.groupby(by)["length_km"].sum()


def road_score(run):
    rows = table(run, "road_score")
    rows = rows[rows["统计层次"] == "按道路"].set_index(["路线编号", "道路名称"])
    return rows[["长度（km）", "已覆盖（km）", "占已判定里程（%）"]].astype(float)


@pytest.mark.parametrize("technology", ["5G", "4G"])
def test_every_main_road_is_covered_as_a_walk_metre_by_metre_finds(cover, technology):
    rows = states(cover(technology=technology))
    expected = json.loads((TRUTH / "lines.json").read_text(encoding="utf-8"))
    rows = rows[(rows["structure"] != "tunnel") & (rows["road_class"] != "rural")]
    twin = {"DL9002"}  # the border road's second carriageway
    assert set(rows["road_id"]) == set(expected) and not twin & set(rows["road_id"])
    for road, own in rows.groupby("road_id"):
        true = expected[road][technology]
        slack = 0.0011 * len(own)  # lengths of rows are rounded to metres
        assert own["length_km"].sum() == pytest.approx(true["km"], abs=slack)
        covered = own.loc[own["state"] == "met", "length_km"].sum()
        # A step of a metre at each change, and stations that went through GCJ-02, which moves them by 0.1 m.
        assert covered == pytest.approx(true["covered_km"], abs=slack + 0.0012 * true["changes"])
    assert set(rows["evidence"]) == {"distance"}


def test_samples_over_terrain_are_told_as_by_the_slow_path(cover):
    expected = pd.read_csv(TRUTH / "line_samples_5g.csv")
    for evidence, column in (("auto", "state"), ("simulated", "state_without_distance")):
        rows = states(cover(dem=str(DEM), sample_m=25, evidence=evidence))
        own = rows[rows["road_id"] == expected["road_id"].iloc[0]].sort_values("from_km")
        at = np.searchsorted(own["from_km"].to_numpy() * 1000, expected["chainage_m"].to_numpy(), side="right") - 1
        clear = (expected["level_dbm"] + 105).abs() > 0.05  # places went through six decimals
        assert clear.sum() > 500
        assert (own["state"].to_numpy()[at] == expected[column].to_numpy())[clear].all()


def test_lengths_of_layers_tables_and_report_agree_and_gap_runs_add_up(cover):
    run = cover(gap_least_m=0)
    rows, found, summary = states(run), gaps(run), run.summary
    open_air = rows[rows["structure"] != "tunnel"]
    by_state = lengths(open_air)
    for state, key in (("met", "covered_km"), ("not_met", "not_covered_km")):
        assert by_state[state] == pytest.approx(summary[key], abs=0.0006 * len(rows))
    assert lengths(found)["not_met"] == pytest.approx(summary["not_covered_km"], abs=0.0006 * len(found))
    runs = found.groupby("run")
    assert (runs["length_km"].sum() - runs["run_km"].first()).abs().max() < 0.0011 * runs.size().max()
    drawn = sum(GEOD.geometry_length(shape) for shape in found.geometry) / 1000
    assert drawn == pytest.approx(summary["not_covered_km"], abs=0.001)  # to a metre
    score = table(run, "line_score")
    total = score[score["统计层次"] == "合计"].iloc[0]
    for heading, key in (
        ("长度（km）", "length_km"),
        ("已覆盖（km）", "covered_km"),
        ("隧道（km，另计）", "tunnel_km"),
    ):
        assert float(total[heading]) == summary[key]
        for level in ("按类型", "按县"):
            assert score.loc[score["统计层次"] == level, heading].astype(float).sum() == pytest.approx(
                summary[key], abs=0.004
            )
    roads = table(run, "road_score")
    for level in ("按道路", "按道路分县"):
        parts = roads.loc[roads["统计层次"] == level, "未覆盖（km）"].astype(float).sum()
        assert parts == pytest.approx(summary["not_covered_km"], abs=0.0006 * len(roads))
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert f"覆盖 {summary['covered_km']:,.1f} km，占已判定里程的 {summary['covered_percent']:.2f}%" in page


def test_a_tunnel_stands_apart_and_is_in_no_share(cover):
    run = cover()
    rows = states(run)
    tunnels = rows[rows["structure"] == "tunnel"]
    assert set(tunnels["road_id"]) == {"DL9003", "DL9005"}
    assert set(tunnels["state"]) == {"cannot_tell"} and set(tunnels["reason"]) == {"tunnel"}
    assert tunnels["evidence"].isna().all()
    assert run.summary["tunnel_km"] == pytest.approx(tunnels["length_km"].sum(), abs=0.002)
    assert run.summary["cannot_tell_km"] == 0
    assert not set(gaps(run)["road_id"]) & {"DL9003", "DL9005"}
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "隧道（另计）" in page and "隧道 7.4 km 另计" in page


def test_two_carriageways_are_counted_once_and_the_report_says_how_much(cover):
    run = cover()
    expected = json.loads((TRUTH / "lines.json").read_text(encoding="utf-8"))
    score = road_score(run)
    assert score.loc[("G997", "沿边公路"), "长度（km）"] == pytest.approx(expected["DL0011"]["5G"]["km"], abs=0.002)
    assert score.loc[("G9921", "沧岳高速"), "长度（km）"] == pytest.approx(expected["DL0002"]["5G"]["km"], abs=0.06)
    assert run.summary["second_carriageway_km"] == pytest.approx(64.9, abs=0.2)


def test_a_railway_without_number_is_one_road_by_its_name(cover):
    score = table(cover(), "road_score")
    own = score[(score["道路类型"] == "铁路") & (score["统计层次"] == "按道路")]
    assert own["道路名称"].tolist() == ["沧屏铁路"]
    assert float(own["隧道（km，另计）"].iloc[0]) == pytest.approx(6.288, abs=0.001)


def test_shares_change_by_less_than_half_a_point_between_100_m_and_25_m(cover):
    coarse, fine = (cover(dem=str(DEM), sample_m=step) for step in (100, 25))
    assert abs(coarse.summary["covered_percent"] - fine.summary["covered_percent"]) < 0.1
    for name in ("line_score", "road_score"):
        one, two = (table(run, name) for run in (coarse, fine))
        same = ["统计层次", "道路类型"]
        assert (one[same].fillna("") == two[same].fillna("")).all(axis=None)
        change = (one["占已判定里程（%）"].astype(float) - two["占已判定里程（%）"].astype(float)).abs()
        # Only on a road shorter than 3 km can a stretch of less than 100 m, which two samples miss, weigh as much.
        long = one["长度（km）"].astype(float) >= 3.0
        assert long.sum() >= 9 and change[long].max() < 0.5
    assert fine.summary["samples"] > 2.5 * coarse.summary["samples"]


def test_more_samples_are_taken_where_the_state_changes(cover, tmp_path):
    (tmp_path / "粗.toml").write_text(
        '[pack]\nid = "own"\nzh = "自"\nen = "own"\nbase = "frontier-roads"\ndate = "2026-11-21"\n'
        '[[rule]]\nid = "road.sample_refine"\nvalue = 1\nreason = "对照"\n',
        encoding="utf-8",
    )
    usual, plain = (cover(dem=str(DEM), sample_m=100, **extra) for extra in ({}, {"own_packs": str(tmp_path)}))
    fine = road_score(cover(dem=str(DEM), sample_m=25))["占已判定里程（%）"]
    off = [(road_score(run)["占已判定里程（%）"] - fine).abs().mean() for run in (usual, plain)]
    assert off[0] < 0.5 * off[1]
    assert usual.summary["samples"] > plain.summary["samples"] > 8000
    page = Path(plain.outputs["report"]).read_text(encoding="utf-8")
    assert "对照" in page and "状态变化处加密到 100.0 m" in page


def test_where_the_heights_end_simulation_alone_cannot_tell_and_auto_names_distance(cover):
    auto, alone = (states(cover(dem=str(DEM), sample_m=25, evidence=kind)) for kind in ("auto", "simulated"))
    assert set(alone["evidence"].dropna()) == {"simulated"}
    untold = alone[(alone["state"] == "cannot_tell") & (alone["structure"] != "tunnel")]
    assert set(untold["reason"]) == {"no_terrain"} and untold["length_km"].sum() > 5
    assert set(auto["evidence"].dropna()) == {"simulated", "distance", "simulated+distance"}
    assert not (auto["state"] == "cannot_tell")[auto["structure"] != "tunnel"].any()
    run = cover(dem=str(DEM), sample_m=25, evidence="simulated")
    assert run.summary["covered_low_percent"] < run.summary["covered_percent"] < run.summary["covered_high_percent"]


def test_distance_is_exact_whatever_the_step(cover):
    one, two = (cover(sample_m=step) for step in (25, 100))
    assert Path(one.outputs["road_state"]).read_bytes() == Path(two.outputs["road_state"]).read_bytes()
    rules = {rule["id"] for rule in json.loads((Path(one.folder) / "run.json").read_text(encoding="utf-8"))["rules"]}
    assert {"road.continuous", "road.carriageway_apart", "signal_radius.5G"} <= rules
    assert not any(rule.startswith(("road.sample", "measured.level", "radio")) for rule in rules)


def test_the_same_input_gives_the_same_bytes(cover, tmp_path):
    given = {"dem": str(DEM), "sample_m": 100}
    first = cover(**given)
    again = run_job("line_coverage", {"workspace": cover.workspace, **given}, tmp_path / "again")
    for name in ("result.gpkg", "report.html", "line_score.csv", "road_score.csv"):
        assert (Path(first.folder) / name).read_bytes() == (Path(again.folder) / name).read_bytes()


def test_the_report_says_by_analogy_what_nobody_verified_and_all_words_in_both_languages(cover):
    run = cover(dem=str(DEM), sample_m=100)
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "类推" in page and "by analogy" in page
    assert "road.continuous" in page and "road.carriageway_apart" in page
    assert set(states(run)["unverified"]) == {1}
    for name in ("line_score", "road_score"):
        assert table(run, name)["提示"].str.contains("未核实").all()
    chinese = "".join(re.findall(r'<span lang="zh">(.*?)</span>', page))
    assert not re.search(r"no_station|cannot_tell|not_met|None|nan", chinese)
    assert not re.search(
        r"[\u4e00-\u9fff]", " ".join(re.findall(r'<p><span lang="zh">.*?</span><span lang="en">(.*?)</span>', page))
    )


def test_classes_and_border_roads_are_chosen(cover):
    run = cover(classes="national,provincial", border_only=True)
    assert set(states(run)["road_id"]) == {"DL0011", "DL9003"}
    assert [row["road_class"] for row in run.summary["by_class"]] == ["national"]
    with pytest.raises(InputError) as caught:
        cover(classes="railway", border_only=True)
    assert "铁路" in caught.value.message.zh and "--classes" in caught.value.remedy.zh


def test_simulation_without_heights_is_refused(cover):
    with pytest.raises(ParameterError) as caught:
        cover(evidence="simulated")
    assert [fault.field for fault in caught.value.faults] == ["dem"]


def test_without_operators_data_nothing_is_not_covered(cover, tmp_path):
    """In 岚洲市 no operator has data, and of what lies in no county nobody has; without counties the box decides."""
    places = (129.8567, 20.1995), (131.5, 18.0), (129.30, 20.33), (129.70, 20.08)
    rows = geopandas.GeoDataFrame(
        {"道路编号": ["A", "B", "C", "D"], "道路类型": ["国道"] * 4},
        geometry=[shapely.LineString([place, (place[0] + 0.004, place[1])]) for place in places],
        crs="EPSG:4490",
    )
    rows.to_file(tmp_path / "路.geojson", driver="GeoJSON")
    found = states(cover(roads=str(tmp_path / "路.geojson"))).set_index("road_id")
    assert set(found.loc[["A"], "county_code"]) == {"990181"} and set(found.loc[["A"], "reason"]) == {"no_data"}
    assert set(found.loc[["B"], "state"]) == {"cannot_tell"} and set(found.loc[["B"], "reason"]) == {"no_data"}
    assert "cannot_tell" not in set(found.loc[["C"], "state"])
    plain = run_job(
        "line_coverage",
        {
            "roads": str(tmp_path / "路.geojson"),
            "base_stations": f"{cover.workspace}|layername=base_stations",
        },
        tmp_path / "no counties",
    )
    alone = states(plain).set_index("road_id")
    assert set(alone["county_code"]) == {"none"}
    assert set(alone.loc[["B"], "state"]) == {"cannot_tell"} and set(alone.loc[["D"], "state"]) == {"not_met"}


def test_rows_bear_state_after_plan_and_reason(cover):
    rows = states(cover())
    planned = rows[rows["reason"] == "planned"]
    assert len(planned) and set(planned["state_after_plan"]) == {"met"} and set(planned["state"]) == {"not_met"}
    assert rows.loc[rows["state"] == "met", "reason"].isna().all()
    lifted = rows.loc[rows["state_after_plan"] == "met", "length_km"].sum()
    assert cover().summary["after_plan_km"] == pytest.approx(lifted, abs=0.0006 * len(rows))
    found = gaps(cover(gap_least_m=0))
    assert found["planned_km"].sum() == pytest.approx(planned["length_km"].sum(), abs=0.0006 * len(rows))


def test_what_is_simulated_as_too_weak_is_not_said_to_lie_outside_of_a_radius(cover):
    run = cover(dem=str(DEM), sample_m=25, evidence="auto")
    rows = states(run)
    unmet = rows[rows["state"] == "not_met"]
    by_level = unmet["evidence"].str.contains("simulated")
    assert set(unmet.loc[by_level, "reason"]) <= {"weak_simulated", "behind_terrain", "planned"}
    assert "weak_simulated" in set(unmet["reason"])
    assert "weak_simulated" not in set(unmet.loc[~by_level, "reason"])
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "仿真电平不足" in page and "桩距" not in page
    by_distance = sum(km for kinds, km in run.summary["by_evidence"].items() if "distance" in kinds)
    assert f"其中用到距离推断的共 {by_distance:,.1f} km" in page


def test_short_gaps_are_left_out_of_the_list_alone(cover):
    every, long = (cover(gap_least_m=least) for least in (0, 2000))
    assert gaps(long)["run_km"].min() >= 2.0 and len(gaps(long)) < len(gaps(every))
    assert every.summary["not_covered_km"] == long.summary["not_covered_km"]


def test_galleries_are_taken_as_tunnels_and_bridges_are_open(cover, tmp_path):
    words = {"A": "隧道", "B": "明洞", "C": "高架桥", "D": "路基", "E": None}
    rows = geopandas.GeoDataFrame(
        {"道路编号": list(words), "道路等级": ["国道"] * 5, "构造物类型": list(words.values())},
        geometry=[shapely.LineString([(129.3, 20.33 + k / 100), (129.31, 20.33 + k / 100)]) for k in range(5)],
        crs="EPSG:4490",
    )
    rows.to_file(tmp_path / "桥隧.geojson", driver="GeoJSON")
    run = cover(roads=str(tmp_path / "桥隧.geojson"))
    found = states(run)
    assert set(found.loc[found["reason"] == "tunnel", "road_id"]) == {"A", "B"}
    structure = found.groupby("road_id")["structure"].first().fillna("")
    assert structure.to_dict() == {"A": "tunnel", "B": "tunnel", "C": "bridge", "D": "open", "E": ""}
    one = GEOD.geometry_length(rows.geometry.iloc[0]) / 1000
    assert run.summary["length_km"] == pytest.approx(3 * one, abs=0.001)
    assert run.summary["tunnel_km"] == pytest.approx(2 * one, abs=0.001)
