"""What fails with single cables, nodes, trenches and hazard areas of the sample county, worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

GEOD = Geod(ellps="GRS80")
RING = ["GL007", "GL008", "GL009", "GL010", "GL011"]  # N01 – N05 – N09 – N10 – N07 – N02


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported, and two hazard areas."""
    folder = tmp_path_factory.mktemp("单点 失效")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    rooms = pyogrio.read_dataframe(folder / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id")
    flood = rooms.geometry["N12"].buffer(0.01)
    boxes = {"白鹭湾洪泛区": flood, "无设施区": shapely.affinity.translate(flood, yoff=-2)}
    features = [
        {"type": "Feature", "properties": {"名称": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in boxes.items()
    ]
    (folder / "洪泛区.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def found(home):
    stated = {
        "workspace": str(home / "海岳县.gpkg"),
        "hazards": str(home / "洪泛区.geojson"),
        "pairs": "GL001,GL002; N01,GL003；GL008，GL010",
    }
    return run_job("single_failures", stated, home / "结果")


@pytest.fixture(scope="module")
def hung(home):
    """Villages and people of each node, by the nearest room, measured one by one."""
    villages = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="villages")
    rooms = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id")
    rows = []
    for village in villages.itertuples():
        if village.geometry is not None and not village.geometry.is_empty:
            x, y = village.geometry.x, village.geometry.y
            away = {node: GEOD.inv(x, y, place.x, place.y)[2] for node, place in rooms.geometry.items()}
            node = min(away, key=away.get)
            assert away[node] < 30000
            rows.append((node, village.population, village.county_name))
    return pd.DataFrame(rows, columns=["node", "people", "county"])


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name).set_index("what_id")


def people(hung, *nodes):
    return int(hung[hung["node"].isin(nodes)]["people"].fillna(0).sum())


def test_the_three_cables_with_nothing_behind_them_cut_off_the_people_of_their_far_ends(found, hung):
    edges = layer(found, "failure_edge")
    cut = edges[edges["kind"] == "cut"]
    assert {key.split("#")[0] for key in cut.index} == {"GL006", "GL012", "GL018"}
    for cable, node in (("GL006", "N08"), ("GL012", "N11"), ("GL018", "N14")):
        row, own = cut.loc[f"{cable}#1"], hung[hung["node"] == node]
        assert (row["nodes_cut"], row["villages_cut"], row["people_cut"]) == (1, len(own), people(hung, node))
        assert row["people_unknown"] == own["people"].isna().sum()
        counties = own["county"].value_counts()
        assert set(row["counties_cut"].split("、")) == {f"{name}（{count}）" for name, count in counties.items()}


def test_every_cable_of_the_northern_ring_leaves_its_four_nodes_on_one_path(found, hung):
    edges = layer(found, "failure_edge")
    for cable in RING:
        row = edges.loc[f"{cable}#1"]
        assert (row["kind"], row["nodes_single"]) == ("single", 4)
        assert row["people_single"] == people(hung, "N05", "N07", "N09", "N10")
    assert edges.loc["GL003#1", "people_single"] == edges.loc["GL004#1", "people_single"] == people(hung, "N04")
    assert edges.loc["GL014#1", "people_single"] == people(hung, "N06", "N12")
    assert edges.loc[["GL001#1", "GL002#1", "GL005#1"], "kind"].tolist() == ["none"] * 3


def test_a_node_takes_the_villages_that_hang_on_it_and_what_it_alone_carries(found, hung):
    nodes = layer(found, "failure_node")
    first = nodes.loc["N01"]
    assert (first["nodes_cut"], first["people_cut"]) == (1, people(hung, "N01", "N11"))
    assert first["mw_cut"] == 2.4  # the data centre in use; the other is being built
    assert first["people_single"] == people(hung, "N03", "N04", "N05", "N06", "N07", "N09", "N10", "N12")
    assert nodes.loc["N06", "people_cut"] == people(hung, "N06", "N14")
    assert nodes.loc["N13", "kind"] == "off"  # its cable ends 14 m away
    assert nodes.iloc[0].name == "N01" and nodes.iloc[0]["rank"] == 1


def test_the_trench_of_main_and_standby_is_a_single_point_although_neither_cable_is_one(found):
    conduits = layer(found, "failure_conduit")
    (row,) = conduits[conduits["name"] == "岳城—屏山主用光缆、岳城—屏山备用光缆"].to_dict("records")
    assert row["kind"] == "link_cut" and row["links_cut"] == "岳城核心机房—屏山核心机房（2）"
    assert row["cables"] == 2 and row["length_km"] == pytest.approx(
        GEOD.geometry_length(row["geometry"]) / 1000, rel=1e-6
    )
    page = Path(found.outputs["report"]).read_text(encoding="utf-8")
    assert "主备同断的同沟路段" in page and "Conduits that cut main and standby at once" in page


def test_a_hazard_area_takes_every_node_and_cable_in_it_and_one_far_away_takes_nothing(found, hung):
    areas = layer(found, "failure_hazard").set_index("name")
    flood = areas.loc["白鹭湾洪泛区"]
    assert (flood["kind"], flood["people_cut"], flood["nodes_cut"]) == ("cut", people(hung, "N12"), 0)
    assert flood["people_single"] == people(hung, "N06")
    assert areas.loc["无设施区", "kind"] == "none" and areas.loc["无设施区"].geometry is None


def test_named_pairs_fail_together(found, hung):
    table = pd.read_csv(found.outputs["failures"]).set_index("编号")
    assert table.loc["GL008 + GL010", "中断人口"] == people(hung, "N09", "N10")
    assert table.loc["N01 + GL003", "中断人口"] == people(hung, "N01", "N11")
    assert table.loc["GL001 + GL002", "后果"] == "主备同断"


def test_named_pairs_are_a_ranked_layer_with_the_shape_of_both_and_what_is_lost(home, found, hung):
    pairs = layer(found, "failure_pair")
    assert pairs["rank"].tolist() == [1, 2, 3] and pairs["people_cut"].is_monotonic_decreasing
    cables = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables").set_index("cable_id").geometry
    ring = pairs.loc["GL008 + GL010"]
    assert ring["villages_cut"] == hung["node"].isin(["N09", "N10"]).sum()
    assert ring["people_cut"] == people(hung, "N09", "N10")
    assert GEOD.geometry_length(ring.geometry) == pytest.approx(
        GEOD.geometry_length(cables["GL008"]) + GEOD.geometry_length(cables["GL010"]), rel=1e-9
    )
    core = pairs.loc["N01 + GL003"]  # a node is drawn by the cables that enter it
    assert core["mw_cut"] == 2.4 and core.geometry.distance(cables["GL003"]) < 1e-9
    assert core.geometry.intersects(cables["GL001"].boundary)
    assert (found.summary["pairs"], found.summary["pairs_cutting"]) == (3, 3)


def test_the_parts_of_the_network_are_counted_with_rooms_that_no_cable_reaches(found):
    assert (found.summary["components"], found.summary["nodes_alone"]) == (2, 1)
    assert "网络分为 2 片" in Path(found.outputs["report"]).read_text(encoding="utf-8")


def test_the_table_is_ranked_by_people_and_lists_what_has_an_effect(found):
    table = pd.read_csv(found.outputs["failures"])
    for _, own in table.groupby("失效对象类别"):
        assert own["中断人口"].is_monotonic_decreasing and own["排序"].is_monotonic_increasing
    assert not table["后果"].isin(["无影响", "原已不通"]).any()


def test_a_target_that_the_planner_names_is_the_one_that_counts(home, hung):
    stated = {"workspace": str(home / "海岳县.gpkg"), "targets": "N14"}
    edges = layer(run_job("single_failures", stated, home / "目标"), "failure_edge")
    everybody = [f"N{k:02d}" for k in range(1, 13)]
    assert edges.loc["GL018#1", "people_cut"] == people(hung, *everybody)


@pytest.mark.parametrize("stated", [{"pairs": "GL001,GL999"}, {"targets": "N99"}])
def test_an_id_that_is_not_there_is_named(home, stated):
    with pytest.raises(InputError, match="99"):
        run_job("single_failures", {"workspace": str(home / "海岳县.gpkg"), **stated}, home / "没有")


@pytest.mark.parametrize("pairs", ["GL001", "GL001,GL001", "GL001,GL002,GL003"])
def test_anything_but_two_ids_is_no_pair(home, pairs):
    with pytest.raises(ParameterError, match="no pair"):
        run_job("single_failures", {"workspace": str(home / "海岳县.gpkg"), "pairs": pairs}, home / "不是一对")


@pytest.mark.parametrize("name", ["Cernet", "Chinanet", "Geant2012"])
def test_in_a_graph_without_classes_what_leaves_the_largest_part_is_cut_off(shared_data, tmp_path, name):
    path = shared_data / "cables" / f"{name}.graphml"
    edges = layer(run_job("single_failures", {"graph": str(path)}, tmp_path / "图"), "failure_edge")
    read = nx.MultiGraph(nx.read_graphml(path))
    whole = max(nx.connected_components(read), key=len)
    lost = []
    for a, b, key in read.edges(keys=True):
        left = read.copy()
        left.remove_edge(a, b, key)
        pieces = sorted((len(part) for part in nx.connected_components(left) if part <= whole), reverse=True)
        lost.append(sum(pieces[1:]))
    assert sorted(edges["nodes_cut"]) == sorted(lost)
    assert edges["nodes_single"].isna().all() and edges["people_cut"].isna().all() and edges["mw_cut"].isna().all()


def test_hazard_areas_and_a_graph_file_without_routes_are_refused(shared_data, home):
    stated = {"graph": str(shared_data / "cables" / "Cernet.graphml"), "hazards": str(home / "洪泛区.geojson")}
    with pytest.raises(ParameterError, match="no routes"):
        run_job("single_failures", stated, home / "图和灾害")


def test_a_hazard_on_a_node_cuts_no_link_between_it_and_another_for_the_node_itself_is_gone(home, tmp_path):
    rooms = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id")
    spot = {"type": "Feature", "properties": {"名称": "塌陷"}}
    spot["geometry"] = shapely.geometry.mapping(rooms.geometry["N02"].buffer(1e-4))
    (tmp_path / "塌陷.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [spot]}), "utf-8")
    stated = {"workspace": str(home / "海岳县.gpkg"), "hazards": str(tmp_path / "塌陷.geojson")}
    area = layer(run_job("single_failures", stated, tmp_path / "结果"), "failure_hazard").iloc[0]
    # Main and standby from N01 end there: they go with their end, and nothing that stays has lost a link.
    assert area["kind"] != "link_cut" and pd.isna(area["links_cut"])
