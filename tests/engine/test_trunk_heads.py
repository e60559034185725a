"""At the head of every report on the trunk network stands what the network is made of."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
from xinji_planner.engine.executor import run_job

from .network_kit import cables, place

LINES = (
    ("A", "中国移动", "在网", 2010, [(0, 0), (20_000, 0)]),
    ("B", "中国电信", "规划", 2027, [(0, 0), (200, 900), (20_000, 900), (20_000, 0)]),
    ("C", "中国移动、中国广电", "在网", 2012, [(0, 0), (0, 9000), (20_000, 9000), (20_000, 0)]),
)
JOBS = {
    "trunk_topology": {},
    "access_directions": {},
    "shared_risk": {},
    "co_routes": {},
    "single_failures": {},
    "cluster_links": {"hub_nodes": True},
    "trunk_routes": {"from_node": "甲", "to_node": "乙"},
}


@pytest.fixture(scope="module")
def layers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("口径")
    columns = dict(zip(("光缆编号", "权属单位", "建设状态", "年份"), zip(*(row[:4] for row in LINES))))
    shapes = list(cables(*(row[4] for row in LINES)))
    frame = {key: list(own) for key, own in columns.items()}
    geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4490").to_file(folder / "光缆.gpkg")
    spots = geopandas.points_from_xy(*zip(place(0, 0), place(20_000, 0)))
    rooms = {"节点编号": ["甲", "乙"], "节点名称": ["甲", "乙"], "节点类别": ["骨干节点", "骨干节点"]}
    geopandas.GeoDataFrame(rooms, geometry=spots, crs="EPSG:4490").to_file(folder / "节点.gpkg")
    return {"trunk_cables": str(folder / "光缆.gpkg"), "trunk_nodes": str(folder / "节点.gpkg")}


def page(job, stated, folder):
    return Path(run_job(job, stated, folder).outputs["report"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("job", list(JOBS))
def test_every_report_says_phase_year_operators_and_tolerances(layers, tmp_path, job):
    stated = {**layers, **JOBS[job], "until_year": 2028, "snap_m": 7.0, "near_m": 33.0}
    with_phase = job not in ("access_directions", "co_routes")
    said = page(job, {**stated, "phase": "planned"} if with_phase else stated, tmp_path / "结果")
    what_if = "假设（what-if），另计 2028 年及以前的在建、规划光缆"
    assert what_if in said and "what-if, with cables being built or planned until 2028" in said
    assert "相接容差 7 m，疑似未接 33 m，交叉处不相接" in said and "near misses within 33 m" in said
    planned = "" if job == "access_directions" else "中国电信 1 条、"  # it judges the cables in use
    assert f"权属单位：中国移动 2 条、{planned}中国广电 1 条" in said


def test_now_the_whole_plan_and_what_if_are_told_apart(layers, tmp_path):
    now = page("trunk_topology", layers, tmp_path / "现状")
    plan = page("trunk_topology", {**layers, "phase": "planned"}, tmp_path / "规划")
    assert "口径：现状，只计在用光缆" in now and "口径：规划后，另计全部在建、规划光缆，不限年份" in plan


def test_a_graph_file_says_that_it_tells_no_phase_and_no_operator(shared_data, tmp_path):
    said = page("trunk_topology", {"graph": str(shared_data / "cables" / "Cernet.graphml")}, tmp_path / "图")
    assert "口径：网络图文件 Cernet.graphml，不分建设阶段和年份" in said
