"""New cables over the ground: clear of the cables that leave a node already, cheapest on a surface of costs."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.analysis.least_cost.ground import frame_of
from xinji_planner.analysis.least_cost.surface import Surface, cost_along
from xinji_planner.analysis.network.exits import Surroundings
from xinji_planner.analysis.network.near import metres_per_degree
from xinji_planner.analysis.network.new_link import OVERLAND
from xinji_planner.analysis.network.noding import node_lines
from xinji_planner.analysis.network.overland import beside_m, cheapest_new_link, corridors
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

from .network_kit import cables, place, rooms

GEOD = Geod(ellps="GRS80")
RADII, APART = (100.0, 1000.0), 50.0
DEM = Path(__file__).resolve().parents[2] / "sample_data" / "received" / "高程_约90米.tif"


def plain(cost=1.0):
    """Level ground of 12 by 12 km around the origin in cells of 50 m."""
    west, south = place(-6000, -6000)
    east, north = place(6000, 6000)
    frame = frame_of((west, south, east, north), 50.0, 100_000)
    return Surface(np.full((frame.rows, frame.columns), cost), frame.west, frame.north, frame.step_lon, frame.step_lat)


def walled(surface, *boxes):
    """Bar the cells whose centres lie in boxes of metres (west, south, east, north)."""
    rows, columns = surface.cost_per_m.shape
    lon, lat = surface.centres(np.arange(rows)[:, None], np.arange(columns)[None])
    costs = surface.cost_per_m.copy()
    for west, south, east, north in boxes:
        low, high = place(west, south), place(east, north)
        costs[(lon > low[0]) & (lon < high[0]) & (lat > low[1]) & (lat < high[1])] = math.inf
    return replace(surface, cost_per_m=costs)


def link(surface, lines=(((0, 0), (5000, 0)),), places=((0, 0), (5000, 0), (0, 4000))):
    """Look for a new cable from the first room, which has a cable east to the second."""
    network = node_lines(cables(*lines), *rooms(*places), snap_m=5.0, near_m=50.0)
    sinks = np.arange(len(network.lon)) > 0
    crossed = Surroundings(network).crossed(0, RADII)
    return cheapest_new_link(network, 0, sinks, crossed, RADII, APART, surface)


def metres(line):
    """Give the vertices of a line in metres from the origin."""
    unit = np.array(place(1, 1)) - np.array(place(0, 0))
    return (shapely.get_coordinates(line) - place(0, 0)) / unit


def test_on_a_plain_the_new_cable_goes_straight_to_the_nearest_room():
    found = link(plain(2.0))
    assert (found.node, found.exits, found.found) == (2, 2, OVERLAND)
    assert found.length_m == pytest.approx(4000, abs=15) and found.points == pytest.approx(2 * found.length_m, rel=1e-3)
    assert found.length_m == pytest.approx(GEOD.geometry_length(found.shape), rel=1e-9)
    assert metres(found.shape)[[0, -1]] == pytest.approx(np.array([[0, 0], [0, 4000]]), abs=0.01)


def test_a_wall_between_is_gone_around_through_its_gap():
    # From 2 to 2.2 km north a wall from edge to edge, open between 3.0 and 3.2 km east of the node. Barred ground
    # around the room in the east: the new cable cannot end there.
    surface = walled(plain(), (-7000, 2000, 3000, 2200), (3200, 2000, 7000, 2200), (4800, -200, 5200, 200))
    found = link(surface)
    xy = metres(found.shape)
    by_hand = math.hypot(3000, 2000) + 200 + math.hypot(3000, 1800)
    assert by_hand - 60 < found.length_m < by_hand * 1.02
    assert xy[:, 0].max() > 2950 and np.isfinite(cost_along(surface, *shapely.get_coordinates(found.shape).T)).all()


def test_the_new_cable_keeps_clear_of_the_one_that_leads_the_same_way():
    # The only other room lies 4 km east, on the way of the cable that is there: the new one leaves elsewhere.
    found = link(plain(), places=((0, 0), (5000, 0), (4000, 300)))
    xy = metres(found.shape)
    away = [shapely.LineString(xy).intersection(shapely.Point(0, 0).buffer(radius, 256).exterior) for radius in RADII]
    for radius, crossing in zip(RADII, away):
        assert min(math.hypot(x - radius, y) for x, y in shapely.get_coordinates(crossing)) >= APART - 0.5
    assert found.exits == 2


def test_a_room_that_no_ground_leads_to_gets_no_cable():
    closed = walled(plain(), (-2000, -2000, 2000, -1500), (-2000, 1500, 2000, 2000), (-2000, -2000, -1500, 2000))
    closed = walled(closed, (1500, -2000, 2000, 2000))
    assert link(closed) is None


def test_a_node_on_barred_ground_or_outside_of_the_surface_gets_no_cable():
    assert link(walled(plain(), (-100, -100, 100, 100))) is None
    surface = plain()
    assert link(replace(surface, west=surface.west + 1)) is None


def test_what_lies_in_the_corridor_of_a_cable_is_measured():
    network = node_lines(cables([(0, 0), (5000, 0)]), *rooms((0, 0), (5000, 0)), snap_m=5.0, near_m=50.0)
    beside = cables([(0, 0), (0, 50), (3000, 50), (3000, 2000)])[0]
    # 50 m up, 3 km along, and 50 m more until it is 100 m away.
    assert beside_m(network, beside, 100.0) == pytest.approx(3100, abs=2)
    assert beside_m(network, cables([(0, 500), (3000, 500)])[0], 100.0) == 0
    (corridor,) = corridors(network, 100.0)
    assert corridor.contains(shapely.Point(place(2500, 99))) and not corridor.contains(shapely.Point(place(2500, 101)))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("越野 路由")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def coarse(tmp_path_factory):
    """A pack of the planner's own with cells of 150 m: the tests need no finer ones."""
    folder = tmp_path_factory.mktemp("自定义")
    (folder / "粗格网.toml").write_text(
        '[pack]\nid="粗格网"\nzh="粗格网"\nen="coarse"\nbase="least-cost"\ndate="2026-01-01"\nstatus="unverified"\n'
        '[[rule]]\nid="cost.cell"\nvalue=150\nreason="试算"\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def always(home, coarse):
    stated = {"workspace": str(home / "海岳县.gpkg"), "dem": str(DEM), "overland": "always", "own_packs": str(coarse)}
    every = ["gateway", "backbone", "landing", "aggregation", "access"]
    return run_job("access_directions", {**stated, "classes": every}, home / "比选")


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


def test_in_the_sample_county_routes_over_the_ground_serve_nodes_that_no_road_helps(always):
    links, nodes = layer(always, "new_link"), layer(always, "node_exit").set_index("node_id")
    by = {way: set(links.loc[links["found"] == way, "node_id"]) for way in ("roads", "overland")}
    assert by["overland"] - by["roads"] >= {"N03", "N05", "N07", "N11"}
    # The island has no way over land.
    assert nodes.loc["N14", "state"] == "short" and "N14" not in by["overland"] | by["roads"]
    for row in links.itertuples():
        assert row.exits_after > nodes.loc[row.node_id, "exits_physical"]
        assert row.length_km == pytest.approx(GEOD.geometry_length(row.geometry) / 1000, rel=1e-6)
        assert 0 <= row.beside_km <= row.length_km


def test_a_new_link_says_what_of_it_lies_off_the_roads_beside_planned_cables_and_in_control_lines(home, always):
    links, sample = layer(always, "new_link"), home / "海岳县.gpkg"
    roads, cables_, zones = (
        pyogrio.read_dataframe(sample, layer=name) for name in ("roads", "trunk_cables", "control_lines")
    )
    metre = np.array([float(one) for one in metres_per_degree(20.4)])

    def flat(shapes):
        return shapely.transform(np.asarray(shapes, dtype=object), lambda xy: xy * metre)

    road = shapely.union_all(flat(roads.geometry[roads["road_class"] != "railway"])).buffer(1.0)
    coming = cables_[cables_["status"] != "existing"]
    later = shapely.union_all(flat(coming.geometry)).buffer(100.0)
    for row in links.itertuples():
        own = flat([row.geometry])[0]
        assert row.off_roads_km * 1000 == pytest.approx(own.difference(road).length, rel=0.01, abs=10)
        assert row.planned_km * 1000 == pytest.approx(own.intersection(later).length, rel=0.01, abs=10)
        assert (row.planned_cables is None or row.planned_cables != row.planned_cables) == (row.planned_km == 0)
        for key, kind in (("red_line_km", "ecological_red_line"), ("farmland_km", "basic_farmland")):
            within = row.geometry.intersection(shapely.union_all(zones.geometry[zones["kind"] == kind].to_numpy()))
            assert getattr(row, key) * 1000 == pytest.approx(GEOD.geometry_length(within), abs=1)
    by_road = links[links["found"] == "roads"]
    assert (by_road["off_roads_km"] < 0.5 * by_road["length_km"]).all() and by_road["off_roads_km"].gt(0).any()
    words = Path(always.outputs["report"]).read_text(encoding="utf-8")
    assert "其中不在道路上（km）" in words and "位于永久基本农田（km）" in words


def test_no_route_over_the_ground_costs_more_points_than_the_one_along_roads(always):
    links = layer(always, "new_link")
    both = links.pivot_table(index="node_id", columns="found", values="cost_points").dropna()
    # 1 km straight out of the node, and cells of 150 m: what that may lose is 15 % here.
    assert len(both) >= 3 and (both["overland"] <= 1.15 * both["roads"]).all()


def test_the_money_is_told_only_where_a_unit_cost_was_stated(always):
    links = layer(always, "new_link")
    assert links["cost"].isna().all() and links["cost_points"].gt(0).all()
    words = Path(always.outputs["report"]).read_text(encoding="utf-8")
    assert "代价点（不是造价）" in words and "造价（万元）" not in words
    assert "越野（代价格网）" in words and "沿道路" in words and "高程_约90米.tif" in words


def test_routes_stay_off_the_sea_and_inside_the_county(home, always):
    links = layer(always, "new_link")
    units = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="admin_units")
    inside = shapely.union_all(units.geometry.to_numpy()).buffer(0.0025)  # a cell of 150 m at the rim
    over = links[links["found"] == "overland"]
    assert len(over) and over.geometry.map(inside.covers).all()


def test_an_area_to_be_avoided_is_gone_around(home, coarse, always, tmp_path):
    links = layer(always, "new_link").set_index("node_id")
    before = links[links["found"] == "overland"].loc["N03"].geometry
    hole = before.interpolate(0.6, normalized=True).buffer(0.006)
    path = tmp_path / "避让.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"名称": "采空区"}, "geometry": json.loads(shapely.to_geojson(hole))}
    ]}), encoding="utf-8")  # fmt: skip
    stated = {"workspace": str(home / "海岳县.gpkg"), "dem": str(DEM), "own_packs": str(coarse), "avoid": str(path)}
    run = run_job("access_directions", stated, home / "避让")
    after = layer(run, "new_link").set_index("node_id").loc["N03"]
    assert (
        after["found"] == "overland" and after.geometry.intersection(hole).length < before.intersection(hole).length / 5
    )


def test_a_node_that_stands_on_barred_ground_is_named(home, coarse, tmp_path):
    packs = tmp_path / "禁止"
    packs.mkdir()
    for file in coarse.iterdir():
        text = file.read_text(encoding="utf-8")
        text += '[[rule]]\nid="cost.avoid"\nvalue=0\nreason="试"\n'
        (packs / file.name).write_text(text, encoding="utf-8")
    node = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id").loc["N03"]
    path = tmp_path / "避让.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(node.geometry.buffer(0.001)))}
    ]}), encoding="utf-8")  # fmt: skip
    stated = {"workspace": str(home / "海岳县.gpkg"), "dem": str(DEM), "own_packs": str(packs), "avoid": str(path)}
    heard = []
    run = run_job("access_directions", stated, home / "机房在内", send=heard.append)
    said = [message["message"]["zh"] for message in heard if message["type"] == "notice"]
    assert any("不可敷设" in words and node["name"] in words for words in said)
    assert "N03" not in set(layer(run, "new_link")["node_id"]) | set(layer(run, "new_link")["to_node"])


def test_without_elevation_data_roads_alone_are_used_and_what_needs_them_is_refused(home):
    stated = {"workspace": str(home / "海岳县.gpkg")}
    run = run_job("access_directions", stated, home / "只沿道路")
    assert set(layer(run, "new_link")["found"]) == {"roads"}
    assert "只沿道路推求" in Path(run.outputs["report"]).read_text(encoding="utf-8")
    with pytest.raises((InputError, ParameterError), match="高程数据"):
        run_job("access_directions", {**stated, "overland": "always"}, home / "不成")
