"""Five backbone rooms with a cluster at each, worked by hand: mesh, both readings of latency, rings, what if."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job

GEOD = Geod(ellps="GRS80")
ROOMS = {"甲": (100.0, 30.0), "乙": (101.0, 30.0), "丙": (105.0, 30.0), "丁": (125.0, 30.0), "戊": (126.0, 30.0)}
HUBS = {"甲": "西枢纽", "乙": "西枢纽", "丙": "西枢纽", "丁": "东枢纽", "戊": "东枢纽"}
CABLES = (
    # name, status, year, vertices
    ("甲乙", "在网", 2010, [ROOMS["甲"], ROOMS["乙"]]),
    ("乙丙", "规划", 2027, [ROOMS["乙"], ROOMS["丙"]]),
    ("丙丁", "规划", 2030, [ROOMS["丙"], ROOMS["丁"]]),
    ("丁戊", "在网", 2012, [ROOMS["丁"], (125.5, 50.5), ROOMS["戊"]]),  # far round the north
)
MS_PER_KM, HOP_MS = 1.03 * 0.0049, 0.02


def km(*vertices):
    return GEOD.geometry_length(shapely.LineString(vertices)) / 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("手算 网状")
    lines = {"光缆编号": [row[0] for row in CABLES], "权属单位": "中国电信", "建设状态": [row[1] for row in CABLES]}
    shapes = [shapely.LineString(row[3]) for row in CABLES]
    frame = geopandas.GeoDataFrame({**lines, "年份": [row[2] for row in CABLES]}, geometry=shapes, crs="EPSG:4490")
    frame.to_file(folder / "光缆.gpkg")
    points = [shapely.Point(place) for place in ROOMS.values()]
    names = [f"机房{name}" for name in ROOMS]
    rooms = {"节点编号": names, "节点名称": names, "节点类别": "骨干节点"}
    geopandas.GeoDataFrame(rooms, geometry=points, crs="EPSG:4490").to_file(folder / "节点.gpkg")
    clusters = {"编号": list(ROOMS), "集群名称": list(ROOMS), "枢纽": list(HUBS.values())}
    geopandas.GeoDataFrame(clusters, geometry=points, crs="EPSG:4490").to_file(folder / "集群.gpkg")
    return folder


@pytest.fixture(scope="module")
def runs(folder):
    layers = {"trunk_cables": "光缆", "trunk_nodes": "节点", "dc_clusters": "集群"}
    stated = {name: str(folder / f"{file}.gpkg") for name, file in layers.items()}
    asked = {
        "now": {},
        "2028": {"phase": "planned", "until_year": 2028},
        "all": {"phase": "planned"},
    }
    return {name: run_job("cluster_links", {**stated, **more}, folder / name) for name, more in asked.items()}


def links(run):
    return pyogrio.read_dataframe(run.outputs["cluster_link"], layer="cluster_link").set_index("link_id")


def pair(one, two):
    return "|".join(sorted((one, two)))


def page(run):
    return Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_the_mesh_grows_with_the_planned_cables_of_the_years_that_are_chosen(runs):
    ratios = {name: (run.summary["mesh_links"], run.summary["mesh_ratio"]) for name, run in runs.items()}
    assert ratios == {"now": (2, 0.2), "2028": (3, 0.3), "all": (4, 0.4)}
    assert "两两 10 对中直达 4 对，缺 6 对，网状率 40.0%" in page(runs["all"])


def test_the_pairs_that_the_mesh_misses_are_a_layer_and_a_table(runs):
    gaps = pyogrio.read_dataframe(runs["all"].outputs["mesh_gap"], layer="mesh_gap")
    listed = {"".join(sorted(row.from_site[2:] + row.to_site[2:])) for row in gaps.itertuples()}
    assert listed == {"".join(sorted(pair)) for pair in ("甲丙", "甲丁", "甲戊", "乙丁", "乙戊", "丙戊")}
    lengths = gaps.geometry.map(GEOD.geometry_length) / 1000
    assert lengths.tolist() == pytest.approx(gaps["geodesic_km"].tolist(), rel=1e-6)
    assert len(pd.read_csv(runs["all"].outputs["mesh"])) == 6


def test_latency_both_readings_and_rings_are_those_that_are_worked_out_by_hand(runs):
    table = links(runs["all"])
    near, middle = table.loc[pair("甲", "乙")], table.loc[pair("甲", "丙")]
    far, round_about = table.loc[pair("丙", "丁")], table.loc[pair("丁", "戊")]
    one, two, three = km(ROOMS["甲"], ROOMS["乙"]), km(ROOMS["乙"], ROOMS["丙"]), km(ROOMS["丙"], ROOMS["丁"])
    assert near["ms"] == pytest.approx(one * MS_PER_KM + 2 * HOP_MS, abs=1e-6)
    assert middle["ms"] == pytest.approx((one + two) * MS_PER_KM + 3 * HOP_MS, abs=1e-6)
    assert (near["hops"], middle["hops"], near["direct"], middle["direct"]) == (2, 3, 1, 0)
    assert far["ms"] == pytest.approx(three * MS_PER_KM + 2 * HOP_MS, abs=1e-6)
    assert [row["ring"] for row in (near, middle, far, round_about)] == ["city", "region", "hubs", "beyond"]
    assert [row["ring_asked"] for row in (near, middle, far, round_about)] == ["region", "region", "hubs", "region"]
    assert [row["ring_state"] for row in (near, middle, far, round_about)] == ["met", "met", "met", "over"]
    # By the geodesic 丁–戊 is far over; by the best route that cables alone show it cannot be told without roads.
    assert (round_about["state_geodesic"], round_about["state_best"]) == ("over", "cannot_tell")
    long = km(*CABLES[3][3])
    assert round_about["best_km"] == pytest.approx(long, rel=1e-6)
    assert round_about["stretch_best"] == pytest.approx(1.03 + 2 * HOP_MS / (long * 0.0049), rel=1e-4)
    geodesic = GEOD.inv(*ROOMS["丁"], *ROOMS["戊"])[2] / 1000
    assert round_about["stretch_geodesic"] == pytest.approx(round_about["ms"] / (geodesic * 0.0049), rel=1e-4)


def test_the_report_says_both_readings_and_each_ring_with_the_one_that_is_asked_for(runs):
    said = page(runs["all"])
    rings = ("城市圈内（≤ 1 ms）", "区域圈内（≤ 5 ms）", "跨枢纽圈内（≤ 20 ms）")
    for words in ("与大地线理论时延之比", "与可行路由理论时延之比", *rings):
        assert words in said
    assert "应在区域圈内（≤ 5 ms）：超出" in said and "应在跨枢纽圈内（≤ 20 ms）：达到" in said


def test_what_is_not_linked_now_is_linked_by_the_plan(runs):
    states = {name: links(run).loc[pair("甲", "丙"), "state"] for name, run in runs.items()}
    assert states == {"now": "cannot_tell", "2028": "met", "all": "met"}  # no cable enters 丙 now
    assert links(runs["2028"]).loc[pair("甲", "丁"), "state"] == "no_route"
    assert {name: run.summary["missing_direct"] for name, run in runs.items()} == {"now": 4, "2028": 7, "all": 6}


def test_the_matrix_has_every_pair_both_ways_and_the_id_of_its_route_in_the_layer(runs):
    for run in runs.values():
        table, layer = pd.read_csv(run.outputs["latency_matrix"]), links(run)
        assert len(table) == 20 and len(set(zip(table["一端"], table["另一端"]))) == 20
        assert (table["链路编号"] == [pair(a, b) for a, b in zip(table["一端"], table["另一端"])]).all()
        turned = table.set_index(["另一端", "一端"]).loc[list(zip(table["一端"], table["另一端"]))]
        own = ["单向时延（ms）", "路由长度（km，含接入段）", "跳数", "是否直达"]
        assert turned[own].fillna(-1).to_numpy().tolist() == table[own].fillna(-1).to_numpy().tolist()
        ms = layer["ms"].loc[table["链路编号"]].to_numpy()
        assert table["单向时延（ms）"].fillna(-1).tolist() == pd.Series(ms).fillna(-1).tolist()


def test_the_id_of_a_link_stays_when_another_cluster_comes_or_the_rows_change_places(folder, runs):
    frame = geopandas.read_file(folder / "集群.gpkg").iloc[[3, 1, 0]]
    frame.to_file(folder / "三个集群.gpkg")
    stated = {"trunk_cables": "光缆", "trunk_nodes": "节点", "dc_clusters": "三个集群"}
    run = run_job(
        "cluster_links", {name: str(folder / f"{file}.gpkg") for name, file in stated.items()}, folder / "三个"
    )
    assert set(links(run).index) <= set(links(runs["now"]).index) and len(links(run)) == 3
