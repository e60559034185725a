"""In how many directions the trunk nodes of the sample county leave."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job

from .network_kit import cables, place

PLANTED = json.loads(
    (Path(__file__).resolve().parents[2] / "sample_data" / "truth" / "planted.json").read_text(encoding="utf-8")
)["trunk"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("出局 方向")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def judged(home):
    every = ["gateway", "backbone", "landing", "aggregation", "access"]
    stated = {"workspace": str(home / "海岳县.gpkg"), "classes": every, "cost_per_km": 5.0}
    return run_job("access_directions", stated, home / "结果")


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


def test_every_node_with_fewer_than_three_cables_falls_short(judged):
    nodes = layer(judged, "node_exit").set_index("node_id")
    for node in PLANTED["nodes_with_fewer_than_3_cables"]:
        assert nodes.loc[node, "state"] == "short"
    assert judged.summary["nodes"] == 14 == sum(judged.summary[state] for state in ("met", "short", "cannot_tell"))


def test_the_core_room_has_the_exits_that_are_counted_by_hand(judged):
    # 岳城 reaches 屏山 by the two trunks, by 石鼓 and 沧浪, and by 关山, 云岭, 松峒 and 清泉; 白鹭湾 leads to 沧浪,
    # too, and 界河 nowhere. Three cables leave it 50 m apart at 100 m; the ring cables share the first ducts.
    node = layer(judged, "node_exit").set_index("node_id").loc["N01"]
    assert (node["cables"], node["exits_edge"], node["exits_physical"]) == (6, 4, 3)


def test_physical_exits_are_never_more_than_cable_disjoint_ones_and_those_never_more_than_cables(judged):
    nodes = layer(judged, "node_exit")
    assert (nodes["exits_physical"] <= nodes["exits_edge"]).all() and (nodes["exits_edge"] <= nodes["cables"]).all()
    assert (nodes["exits_node"] <= nodes["exits_edge"]).all()


def test_node_disjoint_exits_are_never_more_than_the_targets_and_the_report_says_what_these_are(judged):
    nodes = layer(judged, "node_exit").set_index("node_id")
    assert (nodes["exits_node"] <= nodes["targets"]).all()
    # 岳城 and 屏山 are the two backbone rooms: all ways out of either end at the other.
    assert nodes.loc[["N01", "N02"], "targets"].tolist() == [1, 1] == nodes.loc[["N01", "N02"], "exits_node"].tolist()
    page = Path(judged.outputs["report"]).read_text(encoding="utf-8")
    assert "汇聚节点以国际出入口局、骨干节点为目标" in page and "each ends at another target" in page
    few = int(((nodes["state"] == "met") & (nodes["exits_node"] < 3)).sum())
    assert few > 0 and "目标节点数" in page and f"{few} 个达到的节点，其不共节点的出口不足 3 个" in page


def test_cables_that_part_only_beyond_the_first_circle_call_for_a_second_duct(judged):
    node = layer(judged, "node_exit").set_index("node_id").loc["N03"]
    assert (node["exits_inner"], node["exits_outer"], node["exits_physical"]) == (1, 3, 1)
    assert node["advice"] == "new_duct" and "望潮—沧浪光缆" in node["held_by"]


def test_the_rays_of_a_node_are_as_many_as_its_groups_and_those_that_count_as_its_exits(judged):
    rays, nodes = layer(judged, "exit_ray"), layer(judged, "node_exit")
    used = rays.groupby("node_id")["is_used"].sum()
    for row in nodes.itertuples():
        assert used.get(row.node_id, 0) == row.exits_physical
    lengths = rays.geometry.map(Geod(ellps="GRS80").geometry_length)
    assert lengths.round(3).eq(1000).all()


def test_a_new_link_leaves_its_node_ends_at_the_other_and_has_its_geodesic_length_and_cost(judged):
    links, nodes = layer(judged, "new_link"), layer(judged, "node_exit").set_index("node_id")
    assert len(links) == judged.summary["new_links"] > 0
    for row in links.itertuples():
        coordinates = shapely.get_coordinates(row.geometry)
        for spot, node in ((coordinates[0], row.node_id), (coordinates[-1], row.to_node)):
            assert shapely.Point(spot).distance(nodes.loc[node].geometry) < 1e-9
        assert row.length_km == pytest.approx(Geod(ellps="GRS80").geometry_length(row.geometry) / 1000, rel=1e-6)
        assert row.cost == pytest.approx(row.length_km * 5, abs=0.01)
        assert row.exits_after > nodes.loc[row.node_id, "exits_physical"]


def test_a_graph_file_answers_for_the_graph_and_never_for_the_ground(shared_data, tmp_path):
    path = shared_data / "cables" / "Chinanet.graphml"
    run = run_job("access_directions", {"graph": str(path)}, tmp_path / "结果")
    nodes = layer(run, "node_exit")
    assert nodes["exits_physical"].isna().all() and nodes["exits_edge"].notna().any()
    assert set(nodes["state"]) <= {"short", "cannot_tell"}


def test_asking_for_fewer_directions_changes_the_verdict_and_cites_no_rule_for_it(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "directions": 1}
    run = run_job("access_directions", stated, home / "一个")
    assert run.summary["short"] == 0 and run.summary["met"] == 8
    record = json.loads((Path(run.folder) / "run.json").read_text(encoding="utf-8"))
    assert "N36.directions" not in [rule["id"] for rule in record["rules"]]


def test_a_network_without_a_node_to_judge_is_an_empty_result_that_says_so(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "classes": ["gateway"]}
    heard = []

    def send(message):
        if message["type"] == "notice":
            heard.append(message["message"]["zh"])

    run = run_job("access_directions", stated, home / "没有国际局", send=send)
    assert run.summary["nodes"] == 0 and "没有可判断的节点" in " ".join(heard)


def test_rooms_on_top_of_each_other_are_never_told_to_fall_short(tmp_path):
    import geopandas

    lines = cables([(0, 0), (9000, 0)], [(0, 0), (0, 9000)])
    rows = [
        {"cable_id": f"C{k}", "operator": operator, "status": "existing", "geometry": line}
        for k, (operator, line) in enumerate(zip(("CMCC", "CTCC"), lines))
    ]
    geopandas.GeoDataFrame(rows, crs="EPSG:4490").to_file(tmp_path / "光缆.gpkg")
    kinds = ("aggregation", "aggregation", "backbone", "backbone")
    spots = (place(0, 0), place(0, 0), place(9000, 0), place(0, 9000))
    rooms = [
        {"node_id": f"N{k}", "node_class": kind, "geometry": shapely.Point(spot)}
        for k, (kind, spot) in enumerate(zip(kinds, spots))
    ]
    geopandas.GeoDataFrame(rooms, crs="EPSG:4490").to_file(tmp_path / "节点.gpkg")
    stated = {"trunk_cables": str(tmp_path / "光缆.gpkg"), "trunk_nodes": str(tmp_path / "节点.gpkg")}
    run = run_job("access_directions", stated, tmp_path / "结果")
    nodes = layer(run, "node_exit").set_index("node_id")
    assert nodes.loc[["N0", "N1"], "state"].tolist() == ["cannot_tell", "cannot_tell"]


def test_cables_that_could_not_be_read_are_told_in_the_report(tmp_path):
    import geopandas

    lines = cables([(0, 0), (9000, 0)], [(0, 0), (9000, 0)])
    rows = [{"cable_id": "C1", "operator": "CMCC", "status": "existing", "geometry": line} for line in lines]
    geopandas.GeoDataFrame(rows, crs="EPSG:4490").to_file(tmp_path / "光缆.gpkg")
    run = run_job("trunk_topology", {"trunk_cables": str(tmp_path / "光缆.gpkg")}, tmp_path / "结果")
    assert "1 行光缆未能读取" in Path(run.outputs["report"]).read_text(encoding="utf-8")
