"""Cables of different owners in one corridor, and what could be one trench."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pytest
from xinji_planner.engine.executor import run_job

from .network_kit import cables

ROWS = (
    # id, owner, status, year, north of the first cable in metres
    ("A", "中国移动", "规划", 2027, 0),
    ("B", "中国电信", "规划", 2029, 60),
    ("C", "中国联通", "规划", 2031, -60),
    ("D", "中国联通", "在网", 2015, 30),
    ("E", "中国移动、中国广电", "规划", 2027, -20),
    ("F", "中国电信", "在网", 2012, 5000),
)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("共建")
    lines = cables(*[[(0, north), (20_000, north)] for *_, north in ROWS])
    columns = {
        "光缆编号": [row[0] for row in ROWS],
        "权属单位": [row[1] for row in ROWS],
        "建设状态": [row[2] for row in ROWS],
        "年份": [row[3] for row in ROWS],
    }
    path = folder / "光缆.gpkg"
    geopandas.GeoDataFrame(columns, geometry=list(lines), crs="EPSG:4490").to_file(path, driver="GPKG")
    return run_job("co_routes", {"trunk_cables": str(path), "cost_per_km": 8.0}, folder / "结果")


def kinds(run):
    table = pd.read_csv(run.outputs["pairs"])
    return {(row["光缆甲"], row["光缆乙"]): row["类别"] for row in table.to_dict("records")}


def test_plans_within_two_years_are_one_trench_and_beyond_are_only_side_by_side(pairs):
    found = kinds(pairs)
    assert found["A", "B"] == "可同沟共建"
    assert found["A", "C"] == "并行"  # four years apart
    assert ("B", "C") not in found  # 120 m apart


def test_a_plan_beside_a_cable_that_stands_may_use_its_ducts(pairs):
    found = kinds(pairs)
    assert found["A", "D"] == found["B", "D"] == "可利用已有管道"


def test_cables_with_a_common_owner_and_cables_far_off_are_not_listed(pairs):
    found = kinds(pairs)
    assert ("A", "E") not in found and ("C", "D") not in found
    assert not any("F" in pair for pair in found)


def test_of_two_digs_one_is_saved_with_its_cost(pairs):
    table = pd.read_csv(pairs.outputs["pairs"]).set_index(["光缆甲", "光缆乙"])
    row = table.loc[("A", "B")]
    assert row["可省沟长（km）"] == pytest.approx(20.0, rel=1e-3)
    assert row["可省造价（万元）"] == pytest.approx(8 * row["可省沟长（km）"], abs=0.01)
    assert table.loc[("A", "C"), "可省沟长（km）"] == 0


def run_of(folder, *rows):
    """Run on cables: id, owner, status, year, vertices in metres."""
    columns = dict(zip(("光缆编号", "权属单位", "建设状态", "年份"), zip(*(row[:4] for row in rows))))
    shapes = list(cables(*(row[4] for row in rows)))
    path = folder / "光缆.gpkg"
    frame = {key: list(own) for key, own in columns.items()}
    geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4490").to_file(path)
    return run_job("co_routes", {"trunk_cables": str(path), "cost_per_km": 8.0}, folder / "结果")


def test_three_operators_in_one_trench_are_its_length_once_and_save_two_digs_of_three(tmp_path):
    owners = ("中国移动", "中国电信", "中国联通")
    lines = [[(0, 4 * k), (20_000, 4 * k)] for k in range(3)]
    run = run_of(tmp_path, *((f"C{k}", owners[k], "规划", 2027, lines[k]) for k in range(3)))
    table = pd.read_csv(run.outputs["pairs"])
    assert len(table) == 3 and table["可省沟长（km）"].sum() == pytest.approx(60, abs=0.01)  # each pair by itself
    assert run.summary["saved_km"] == pytest.approx(40, abs=0.01)
    assert run.summary["ground_km"]["joint_build"] == pytest.approx(20, abs=0.01)
    totals = pd.read_csv(run.outputs["totals"]).set_index("类别")
    assert totals.loc["可同沟共建", "可省造价（万元）"] == pytest.approx(8 * run.summary["saved_km"], abs=0.01)
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "共走廊 20.00 km，可省沟 40.00 km" in page and "不能相加" in page


def test_a_plan_beside_two_cables_that_stand_saves_its_own_length_once(tmp_path):
    line = [(0, 0), (20_000, 0)]
    rows = [("A", "中国移动", "在网", 2010, line), ("B", "中国电信", "在网", 2012, [(0, 9), (20_000, 9)])]
    run = run_of(tmp_path, *rows, ("C", "中国联通", "规划", 2027, [(0, 20), (20_000, 20)]))
    assert run.summary["use_existing"] == 2
    assert run.summary["existing_km"] == pytest.approx(20, abs=0.01)


def test_a_long_cable_that_winds_beside_a_short_one_is_beside_no_more_than_all_of_it(tmp_path):
    winding = [(400.0 * (k // 2), 90.0 * (1 if k % 4 in (1, 2) else -1)) for k in range(30)]
    run = run_of(
        tmp_path, ("A", "中国移动", "规划", 2027, winding), ("B", "中国电信", "规划", 2027, [(1000, 0), (4000, 0)])
    )
    row = pd.read_csv(run.outputs["pairs"]).iloc[0]
    assert row["同走廊（km）"] > 3.0 and row["同走廊占较短者（%）"] == pytest.approx(100.0, abs=0.01)


def test_the_layer_has_the_stretches_of_the_pairs(pairs):
    lines = pyogrio.read_dataframe(pairs.outputs["joint_build"], layer="joint_build")
    assert set(zip(lines["cable_a"], lines["cable_b"])) == set(kinds(pairs))
