"""The trunk cables of the sample county, and real backbones, as a graph."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import networkx as nx
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

PLANTED = json.loads(
    (Path(__file__).resolve().parents[2] / "sample_data" / "truth" / "planted.json").read_text(encoding="utf-8")
)["trunk"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("干线 网络")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def now(home):
    return run_job("trunk_topology", {"workspace": str(home / "海岳县.gpkg")}, home / "现状")


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


def test_the_sample_network_has_the_single_points_that_are_counted_by_hand(now):
    # 屏山—东港, 岳城—界河, 望潮—岚洲 and 清泉—鹤岭 end where nothing else begins; the rest is a ring of rings.
    edges = layer(now, "trunk_edge")
    assert sorted(edges["cable_id"][edges["is_bridge"] == 1]) == ["GL006", "GL012", "GL016", "GL018"]
    vertices = layer(now, "trunk_vertex")
    assert sorted(vertices["vertex_id"][vertices["is_articulation"] == 1]) == ["N01", "N02", "N06", "N07"]
    assert now.summary["edges"] == 17


def test_a_room_that_no_cable_reaches_is_a_component_of_its_own_as_in_every_graph(now):
    assert (now.summary["components"], now.summary["nodes_alone"]) == (2, 1)
    assert layer(now, "trunk_vertex")["component"].max() == 2
    page = Path(now.outputs["report"]).read_text(encoding="utf-8")
    assert "网络分为 2 片，其中 1 片只有一个没有光缆接入的节点" in page


def test_every_room_has_as_many_cables_as_the_generator_laid_to_it(now):
    vertices = layer(now, "trunk_vertex").set_index("vertex_id")
    laid = dict(PLANTED["cables_at_node"])
    laid["N08"], laid["N13"] = 1, 0  # the planned cable 东港—鹤岭 is not there yet, 清泉—鹤岭 misses its room
    found = {node: int(vertices.loc[node, "degree"]) for node in laid}
    assert found == laid


def test_the_planted_near_miss_is_found_with_its_gap_and_the_room_that_it_misses(now):
    issues = layer(now, "trunk_edge_issue")
    missed = issues[issues["issue"] == "near_miss"]
    planted = PLANTED["near_miss"]
    assert missed[["cable_id", "node_id"]].values.tolist() == [[planted["cable"], planted["node"]]]
    assert missed["gap_m"].iloc[0] == pytest.approx(planted["gap_m"], abs=0.02)
    assert issues["node_id"][issues["issue"] == "room_off_network"].tolist() == ["N13"]


def test_lengths_are_geodesic_to_a_billionth(now):
    edges = layer(now, "trunk_edge")
    whole = edges["length_km"].sum() * 1000
    assert whole == pytest.approx(sum(map(Geod(ellps="GRS80").geometry_length, edges.geometry)), rel=1e-9)


def test_a_wider_tolerance_joins_the_near_miss_and_what_is_planned_closes_a_ring(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "phase": "planned", "snap_m": 20.0}
    run = run_job("trunk_topology", stated, home / "规划")
    edges = layer(run, "trunk_edge")
    assert sorted(edges["cable_id"][edges["is_bridge"] == 1]) == ["GL012", "GL018"]
    issues = layer(run, "trunk_edge_issue")
    joined = issues[(issues["issue"] == "snapped") & (issues["node_id"] == "N13")]
    assert joined["gap_m"].round(1).tolist() == [14.0]


def test_what_is_planned_beyond_the_year_does_not_count(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "phase": "planned", "until_year": 2026}
    assert run_job("trunk_topology", stated, home / "至2026").summary["edges"] == 17


def test_a_near_miss_nearer_than_what_is_joined_is_refused(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "snap_m": 50.0, "near_m": 10.0}
    with pytest.raises(ParameterError, match="Near misses within 10 m"):
        run_job("trunk_topology", stated, home / "不行")


@pytest.mark.parametrize("name", ["Cernet", "Chinanet", "Geant2012"])
def test_a_real_backbone_from_graphml_has_the_bridges_of_networkx_and_keeps_nodes_without_coordinates(
    shared_data, tmp_path, name
):
    path = shared_data / "cables" / f"{name}.graphml"
    run = run_job("trunk_topology", {"graph": str(path)}, tmp_path / name)
    read = nx.MultiGraph(nx.read_graphml(path, force_multigraph=True))
    simple = nx.Graph(read)
    bridges = [pair for pair in nx.bridges(simple) if read.number_of_edges(*pair) == 1]
    lost = [node for node, data in read.nodes(data=True) if data.get("Longitude") is None]
    assert run.summary["nodes"] == read.number_of_nodes() and run.summary["edges"] == read.number_of_edges()
    assert run.summary["bridges"] == len(bridges)
    assert run.summary["articulation_points"] == len(list(nx.articulation_points(simple)))
    assert run.summary["components"] == nx.number_connected_components(simple)
    assert run.summary["issues_by_kind"].get("room_without_place", 0) == len(lost)
    edges = layer(run, "trunk_edge")
    unknown = sum(bool({a, b} & set(lost)) for a, b in read.edges())
    assert (edges["length_kind"] == "unknown").sum() == unknown == edges["length_km"].isna().sum()


def test_a_file_that_is_no_graphml_is_refused_by_its_name(tmp_path):
    (tmp_path / "图.graphml").write_text("<html>", encoding="utf-8")
    with pytest.raises(InputError, match=r"图\.graphml"):
        run_job("trunk_topology", {"graph": str(tmp_path / "图.graphml")}, tmp_path / "结果")


def test_a_remedy_names_no_order_that_the_job_does_not_take(tmp_path):
    columns = {"光缆编号": ["A"], "权属单位": ["中国移动"], "建设状态": ["在网"]}
    turned = [shapely.LineString([(22.0, 106.0), (22.1, 106.1)])]  # north before east
    geopandas.GeoDataFrame(columns, geometry=turned, crs="EPSG:4490").to_file(tmp_path / "光缆.gpkg")
    with pytest.raises(InputError, match="swapped") as caught:
        run_job("trunk_topology", {"trunk_cables": str(tmp_path / "光缆.gpkg")}, tmp_path / "结果")
    remedy = caught.value.remedy
    assert "--treatments" in remedy.en and "import_layer" in remedy.en.split("--treatments")[0]
    assert "请先更正该图层" in remedy.zh


def graphml(folder, *places):
    """Write a graph of nodes at places, each linked to the next."""
    nodes = "".join(
        f'<node id="n{at}"><data key="x">{lon}</data><data key="y">{lat}</data></node>'
        for at, (lon, lat) in enumerate(places)
    )
    links = "".join(f'<edge source="n{at}" target="n{at + 1}"/>' for at in range(len(places) - 1))
    keys = "".join(
        f'<key attr.name="{name}" attr.type="double" for="node" id="{key}"/>'
        for name, key in (("Longitude", "x"), ("Latitude", "y"))
    )
    path = folder / "图.graphml"
    head = '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    path.write_text(f'{head}{keys}<graph edgedefault="undirected">{nodes}{links}</graph></graphml>', encoding="utf-8")
    return path


@pytest.mark.parametrize("nowhere", [(0, 0), (0.0, -0.0), (181, 20), (106, 91)])
def test_a_node_at_zero_or_off_the_globe_has_no_coordinates_and_that_is_told(tmp_path, nowhere):
    path = graphml(tmp_path, (106.0, 22.0), nowhere, (107.0, 22.5))
    run = run_job("trunk_topology", {"graph": str(path)}, tmp_path / "结果")
    assert run.summary["issues_by_kind"] == {"room_without_place": 1}
    assert layer(run, "trunk_edge")["length_kind"].tolist() == ["unknown", "unknown"]
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "1 个节点的坐标为 (0, 0) 或超出范围，按没有坐标处理" in page and "n1" in page


def test_a_graph_whose_places_are_projected_is_told_to_have_none(tmp_path):
    path = graphml(tmp_path, (500_000.0, 2_430_000.0), (510_000.0, 2_430_000.0))
    run = run_job("trunk_topology", {"graph": str(path)}, tmp_path / "结果")
    assert run.summary["issues_by_kind"] == {"room_without_place": 2}
    assert "2 个节点的坐标为 (0, 0) 或超出范围" in Path(run.outputs["report"]).read_text(encoding="utf-8")
