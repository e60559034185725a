"""Routes between two nodes of the sample county, and of networks drawn by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

from .network_kit import cables, place, rooms

GEOD = Geod(ellps="GRS80")


@pytest.fixture
def drawn(tmp_path):
    """Write cables and rooms drawn in metres as two files and give the parameters that name them."""

    def write(lines, places, **columns):
        names = [f"L{at}" for at in range(len(lines))]
        table = {"cable_id": names, "name": names, "operator": "CMCC", "status": "existing", "year": 2020}
        table |= columns
        gpd.GeoDataFrame(table, geometry=cables(*lines), crs=4490).to_file(tmp_path / "缆.gpkg")
        lon, lat = rooms(*places)
        numbers = [f"R{at}" for at in range(len(places))]
        table = {
            "node_id": numbers,
            "name": numbers,
            "operator": "CMCC",
            "node_class": "backbone",
            "status": "existing",
        }
        gpd.GeoDataFrame(table, geometry=shapely.points(lon, lat), crs=4490).to_file(tmp_path / "房.gpkg")
        return {"trunk_cables": str(tmp_path / "缆.gpkg"), "trunk_nodes": str(tmp_path / "房.gpkg")}

    return write


def routes(run):
    return pd.read_csv(run.outputs["routes"])


SQUARE = [(0, 0), (10_000, 0), (0, 8_000), (10_000, 8_000)]


def test_length_is_that_of_the_cables_and_latency_is_worked_by_hand(drawn, tmp_path):
    stated = drawn([[SQUARE[0], SQUARE[1]], [SQUARE[1], SQUARE[3]]], SQUARE)
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R3", "k": 1}, tmp_path / "结果")
    (row,) = routes(found).to_dict("records")
    shapes = pyogrio.read_dataframe(found.outputs["route"], layer="route").geometry
    km = GEOD.geometry_length(shapes[0]) / 1000
    assert row["路由长度（km）"] == pytest.approx(km, abs=1e-6)
    # 3 % slack, 4.9 µs a km of fibre, and 20 µs in the one room between.
    assert row["单向时延（ms）"] == pytest.approx((km * 1.03 * 4.9 + 20) / 1000, abs=1e-6)
    assert row["途经机房"] == "R1" and row["途经机房数"] == 1


def test_two_cables_in_one_trench_are_apart_in_the_graph_and_told_to_be_one_on_the_ground(drawn, tmp_path):
    aside = [(0, 0), (0, 5), (10_000, 5), (10_000, 0)]
    stated = drawn([[SQUARE[0], SQUARE[1]], aside], SQUARE[:2])
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R1"}, tmp_path / "结果")
    assert found.summary["disjoint"] and found.summary["shared_km"] == 0
    assert found.summary["trench_km"] == pytest.approx(10.01 - 2 * 0.2, abs=0.25), "all but next to the rooms"
    profile = pd.read_csv(found.outputs["separation"])
    assert profile["与第二路由相距（米）"].max() <= 5.1
    assert profile["沿第一路由（km）"].iloc[-1] == pytest.approx(10.0, rel=1e-3)


TRENCHED = [  # two cables in one trench, and a longer third way
    [(0, 0), (10_000, 0)],
    [(0, 0), (0, 5), (10_000, 5), (10_000, 0)],
    [(0, 0), (0, 6_000), (10_000, 6_000), (10_000, 0)],
]


def test_two_cables_in_one_trench_are_no_main_and_standby_where_a_third_way_exists(drawn, tmp_path):
    stated = {**drawn(TRENCHED, SQUARE[:2]), "from_node": "R0", "to_node": "R1"}
    ground = run_job("trunk_routes", stated, tmp_path / "地面").summary
    cable = run_job("trunk_routes", {**stated, "apart_by": "cable"}, tmp_path / "光缆").summary
    assert ground["second_km"] == pytest.approx(22.0, rel=2e-3) and ground["trench_km"] == 0
    assert cable["second_km"] == pytest.approx(10.01, rel=2e-3) and cable["trench_km"] > 9


def test_routes_that_share_the_crossing_of_a_river_are_told_and_given_up_for_a_bridge_farther_off(drawn, tmp_path):
    lines = [
        [(0, 0), (10_000, 0)],
        [(0, 0), (300, 300), (9_700, 300), (10_000, 0)],
        [(0, 0), (0, 1_000), (10_000, 1_000), (10_000, 0)],
    ]
    stated = {**drawn(lines, SQUARE[:2]), "from_node": "R0", "to_node": "R1"}
    river = gpd.GeoDataFrame({"名称": ["黔江"]}, geometry=cables([(5_000, -5_000), (5_000, 5_000)]), crs=4490)
    river.to_file(tmp_path / "河.gpkg")
    stated["rivers"] = str(tmp_path / "河.gpkg")
    apart = run_job("trunk_routes", stated, tmp_path / "分开")
    assert apart.summary["shared_places"] == 0 and apart.summary["second_km"] == pytest.approx(12.0, rel=2e-3)
    told = run_job("trunk_routes", {**stated, "apart_by": "cable"}, tmp_path / "不管")
    assert told.summary["shared_places"] == 1 and routes(told).iloc[1]["与第一路由共用地点"] == "黔江"


def test_what_only_one_cable_joins_is_shared_and_its_rooms_are_named(drawn, tmp_path):
    lines = [[(0, 0), (10_000, 0)], [(10_000, 0), (15_000, 6_000), (20_000, 0)], [(10_000, 0), (20_000, 0)]]
    stated = drawn(lines, [(0, 0), (10_000, 0), (20_000, 0)])
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R2"}, tmp_path / "结果")
    second = routes(found).iloc[1]
    assert second["与第一路由共用光缆（km）"] == pytest.approx(10.0, rel=1e-3)
    assert second["与第一路由共经机房"] == "R1" and found.summary["disjoint"] is False
    assert second["与第一路由同沟（km，不含共用光缆）"] == 0


def test_planned_cables_come_in_with_the_phase_and_only_until_the_year(drawn, tmp_path):
    lines = [[SQUARE[0], SQUARE[1]], [SQUARE[0], SQUARE[2]], [SQUARE[2], SQUARE[3]], [SQUARE[3], SQUARE[1]]]
    status = ["existing", "existing", "planned", "existing"]
    stated = {**drawn(lines, SQUARE, status=status, year=[2020, 2020, 2028, 2020]), "from_node": "R0", "to_node": "R1"}
    count = {}
    for name, more in (("now", {}), ("2027", {"until_year": 2027}), ("2028", {"until_year": 2028})):
        phase = {} if name == "now" else {"phase": "planned", **more}
        count[name] = run_job("trunk_routes", {**stated, **phase}, tmp_path / name).summary["routes"]
    assert count == {"now": 1, "2027": 1, "2028": 2}


def test_nodes_that_no_cable_joins_have_no_route_and_that_is_no_error(drawn, tmp_path):
    stated = drawn([[SQUARE[0], SQUARE[1]], [SQUARE[2], SQUARE[3]]], SQUARE)
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R3"}, tmp_path / "结果")
    assert found.summary["routes"] == 0 and "route" not in found.outputs
    assert "没有光缆相通" in (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")


def test_a_node_that_is_not_there_is_named_with_those_like_it(drawn, tmp_path):
    stated = drawn([[SQUARE[0], SQUARE[1]]], SQUARE)
    with pytest.raises(InputError) as refused:
        run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R01"}, tmp_path / "结果")
    assert "R01" in refused.value.message.zh and "R1" in refused.value.remedy.zh.partition("相近的编号")[2]


def test_one_node_twice_is_refused(drawn, tmp_path):
    stated = drawn([[SQUARE[0], SQUARE[1]]], SQUARE)
    with pytest.raises(ParameterError, match="same node"):
        run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R0"}, tmp_path / "结果")


def test_a_link_of_unknown_length_is_used_last_and_its_route_cannot_be_told(tmp_path):
    graph = (
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="x" for="node" attr.name="Longitude" attr.type="double"/>'
        '<key id="y" for="node" attr.name="Latitude" attr.type="double"/>'
        '<graph edgedefault="undirected">'
        '<node id="a"><data key="x">106</data><data key="y">22</data></node>'
        '<node id="b"><data key="x">107</data><data key="y">22</data></node><node id="c"/>'
        '<edge source="a" target="b"/><edge source="a" target="c"/><edge source="c" target="b"/></graph></graphml>'
    )
    (tmp_path / "网.graphml").write_text(graph, encoding="utf-8")
    stated = {"graph": str(tmp_path / "网.graphml"), "from_node": "a", "to_node": "b"}
    found = run_job("trunk_routes", stated, tmp_path / "结果")
    first, second = found.summary["by_route"]
    assert first["length_km"] == pytest.approx(GEOD.inv(106, 22, 107, 22)[2] / 1000, abs=1e-6)
    assert second["length_km"] is None and second["ms"] is None and second["rooms"] == "c"
    assert first["trench_km"] is None and second["trench_km"] is None and "separation" not in found.outputs


def test_the_same_question_gives_the_same_bytes(drawn, tmp_path):
    stated = drawn([[SQUARE[0], SQUARE[1]], [SQUARE[0], SQUARE[2], SQUARE[3], SQUARE[1]]], SQUARE[:2])
    for name in ("一", "二"):
        run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R1"}, tmp_path / name)
    for file in ("routes.csv", "separation.csv", "separation_zh.svg", "separation_en.svg"):
        assert (tmp_path / "一" / file).read_bytes() == (tmp_path / "二" / file).read_bytes(), file


def test_a_stretch_that_is_a_whole_cable_has_its_whole_shape(drawn, tmp_path):
    lines = [[SQUARE[0], SQUARE[1]], [(0, 20), (10_000, 20)]]
    stated = drawn(lines, [(0, -3000)], operator=["CMCC", "CTCC"])
    found = run_job("co_routes", stated, tmp_path / "结果")
    (stretch,) = pyogrio.read_dataframe(found.outputs["joint_build"], layer="joint_build").itertuples()
    assert GEOD.geometry_length(stretch.geometry) / 1000 == pytest.approx(stretch.length_km, rel=1e-6)


def test_where_no_routes_share_less_the_shortest_are_taken_though_a_third_cable_passes_their_common_room(
    drawn, tmp_path
):
    # The spur R0-R1 is on every route. L5 passes the room R4, at which L2 and L4 end, 7 m off: what the three have in
    # common there lies at the room of two of them, and is no reason to go round by R2.
    places = [(637, 1019), (6954, 8620), (15824, 1097), (17464, 6847), (16051, 17374), (8673, 16798)]
    lines = [
        [places[1], places[5]],
        [places[1], places[3]],
        [places[5], places[4]],
        [places[2], places[3]],
        [places[3], places[4]],
        [places[5], (8673, 16805), (16057, 17382), (17471, 6848), places[3]],
        [places[0], (637, 1026), (6769, 780), (6947, 8620), places[1]],
        [places[2], (15817, 1099), (17457, 6847), (16044, 17374), places[4]],
    ]
    found = run_job("trunk_routes", {**drawn(lines, places), "from_node": "R0", "to_node": "R4"}, tmp_path / "结果")
    assert list(routes(found)["经过光缆"]) == ["L6、L0、L2", "L6、L1、L4"]
    assert found.summary["proven"] and found.summary["trench_km"] == 0
    assert "已证明没有共用更少的路由" in (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")


def test_what_lies_at_a_common_room_is_no_shared_place_for_routes_as_it_is_none_for_pairs_of_cables(drawn, tmp_path):
    ways = [[(0, 0), (0, 1_000), (20_000, 1_000), (20_000, 0)], [(0, 0), (0, -1_100), (20_000, -1_100), (20_000, 0)]]
    stated = drawn(ways, [(0, 0), (20_000, 0)])
    zones = [shapely.Point(x, 0).buffer(radius) for x, radius in ((0, 150), (20_000, 3_000))]
    zones = [shapely.transform(one, lambda xy: [place(*spot) for spot in xy]) for one in zones]
    gpd.GeoDataFrame({"name": ["院内", "滑坡"]}, geometry=zones, crs=4490).to_file(tmp_path / "灾害.gpkg")
    stated["hazard_zones"] = str(tmp_path / "灾害.gpkg")
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R1"}, tmp_path / "路由")
    assert found.summary["shared_places"] == 1 and routes(found).iloc[1]["与第一路由共用地点"] == "滑坡"
    assert run_job("shared_risk", stated, tmp_path / "共用").summary["shared_places"] == 1


def test_a_river_in_unnamed_pieces_is_one_river_for_routes_and_for_pairs_of_cables(drawn, tmp_path):
    ways = [[(0, 0), (0, north), (20_000, north), (20_000, 0)] for north in (1_000, 1_100)]
    stated = drawn(ways, [(0, 0), (20_000, 0)])
    pieces = cables(*([(10_000, at), (10_000, at + 50)] for at in range(-1_000, 3_000, 50)))
    gpd.GeoDataFrame({"no": range(len(pieces))}, geometry=pieces, crs=4490).to_file(tmp_path / "河.gpkg")
    stated["rivers"] = str(tmp_path / "河.gpkg")
    found = run_job("trunk_routes", {**stated, "from_node": "R0", "to_node": "R1"}, tmp_path / "路由")
    assert found.summary["shared_places"] == 1
    table = pd.read_csv(run_job("shared_risk", stated, tmp_path / "共用").outputs["shared_places"])
    assert table["两缆相距（米）"].tolist() == pytest.approx([100], abs=0.5)


def test_a_cable_on_the_bank_is_told_apart_from_a_crossing(drawn, tmp_path):
    lines = [[(0, 0), (4_985, 0), (4_985, 3_000), (0, 3_000)], [(0, 600), (20_000, 600)]]
    stated = drawn(lines, [(0, 0), (0, 3_000), (0, 600), (20_000, 600)])
    river = cables([(5_000, -3_000), (5_000, 5_000)])
    gpd.GeoDataFrame({"name": ["江"]}, geometry=river, crs=4490).to_file(tmp_path / "河.gpkg")
    run = run_job("shared_risk", {**stated, "rivers": str(tmp_path / "河.gpkg")}, tmp_path / "共用")
    (row,) = pd.read_csv(run.outputs["shared_places"]).to_dict("records")
    assert row["地点类别"] == "沿河并行"
    assert row["光缆甲桩号（km）"] == pytest.approx(4.985 + 0.6, abs=0.01)
