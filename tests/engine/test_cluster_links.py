"""Links between the clusters of the sample county, and of the ten national clusters on real backbones."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import ParameterError

GEOD = Geod(ellps="GRS80")
GRAPHML = """<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key attr.name="Longitude" attr.type="double" for="node" id="x"/>
<key attr.name="Latitude" attr.type="double" for="node" id="y"/>
<key attr.name="label" attr.type="string" for="node" id="l"/>
<graph edgedefault="undirected">{nodes}{edges}</graph></graphml>"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("集群 直连")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def found(home):
    return run_job("cluster_links", {"workspace": str(home / "海岳县.gpkg")}, home / "结果")


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


def metres(one, two):
    return GEOD.inv(one[0], one[1], two[0], two[1])[2]


def clusters_file(path, *rows):
    """Write data centres: number, cluster, place."""
    frame = pd.DataFrame([row[:2] for row in rows], columns=["编号", "集群名称"])
    shapes = [shapely.Point(row[2]) for row in rows]
    geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4490").to_file(path, layer="集群")
    return f"{path}|layername=集群"


def graph_file(path, nodes, edges):
    """Write a graph: nodes by name, None for a place that is not known."""
    told = "".join(
        f'<node id="{name}"><data key="l">{name}</data>'
        + (f'<data key="x">{place[0]}</data><data key="y">{place[1]}</data>' if place else "")
        + "</node>"
        for name, place in nodes.items()
    )
    path.write_text(
        GRAPHML.format(nodes=told, edges="".join(f'<edge source="{a}" target="{b}"/>' for a, b in edges)), "utf-8"
    )
    return str(path)


def test_the_link_of_the_two_clusters_is_the_one_that_is_worked_out_by_hand(home, found):
    # 岳城数据中心 – N01 – the shorter of the two trunks – N02 – the middle of 屏山算力产业园: two rooms passed.
    rooms = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id").geometry
    cables = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables").set_index("cable_id").geometry
    centres = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="dc_clusters").set_index("cluster_id").geometry
    ends = [(centres[dc].centroid.x, centres[dc].centroid.y) for dc in ("DC01", "DC02")]
    legs = sum(metres(end, rooms[room].coords[0]) for end, room in zip(ends, ("N01", "N02")))
    cable = min(GEOD.geometry_length(cables[name]) for name in ("GL001", "GL002"))
    link = layer(found, "cluster_link").iloc[0]
    assert link["km"] == pytest.approx((cable + 1.4 * legs) / 1000, abs=1e-4)
    assert link["ms"] == pytest.approx((cable + 1.4 * legs) / 1000 * 1.03 * 0.0049 + 2 * 0.02, abs=1e-5)
    assert link["ms_least"] == pytest.approx((cable + legs) / 1000 * 1.03 * 0.0049 + 2 * 0.02, abs=1e-5)
    assert (link["hops"], link["direct"], link["ms_kind"]) == (2, 1, "route")
    assert link["geodesic_ms"] == pytest.approx(metres(*ends) / 1000 * 0.0049, abs=1e-6)
    assert link["stretch_geodesic"] == pytest.approx(link["ms"] / link["geodesic_ms"], rel=1e-4)
    assert link["stretch_best"] <= link["stretch_geodesic"] and link["best_ms"] >= link["geodesic_ms"]
    assert GEOD.geometry_length(link.geometry) / 1000 == pytest.approx((cable + legs) / 1000, rel=1e-6)


def test_each_missing_direct_link_is_found_and_no_other(home, tmp_path):
    # 东港 leads to 屏山 alone, 岚洲 to 望潮 alone; 清泉 reaches 岳城 by access rooms, 望潮 only through 屏山 or 岳城.
    rooms = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes").set_index("node_id").geometry
    planted = {"岳城": "N01", "屏山": "N02", "东港": "N08", "望潮": "N06", "岚洲": "N14", "清泉": "N07"}
    path = clusters_file(
        tmp_path / "集群.gpkg", *((node, name, rooms[node].coords[0]) for name, node in planted.items())
    )
    stated = {"workspace": str(home / "海岳县.gpkg"), "dc_clusters": path}
    run = run_job("cluster_links", stated, tmp_path / "结果")
    direct = {
        ("岳城", "屏山"),
        ("岳城", "望潮"),
        ("岳城", "清泉"),
        ("屏山", "东港"),
        ("屏山", "望潮"),
        ("屏山", "清泉"),
    }
    direct |= {("望潮", "岚洲")}
    table = layer(run, "cluster_link")
    missing = layer(run, "missing_link")
    every = {frozenset(pair) for pair in zip(table["from_site"], table["to_site"])}
    listed = {frozenset(pair) for pair in zip(missing["from_site"], missing["to_site"])}
    assert len(every) == 15 and listed == every - {frozenset(pair) for pair in direct}
    assert run.summary["missing_direct"] == len(listed) == 8
    lengths = missing.geometry.map(GEOD.geometry_length)
    assert (lengths / 1000).round(4).tolist() == missing["geodesic_km"].round(4).tolist()


def test_a_cluster_out_of_reach_or_without_a_route_is_told_apart_and_its_distance_is_told(home, tmp_path):
    path = clusters_file(
        tmp_path / "集群.gpkg",
        ("A", "甲", (129.2875, 20.3492)),
        ("B", "乙", (130.5, 20.4)),
        ("C", "丙", (129.6, 20.41)),
    )
    run = run_job("cluster_links", {"workspace": str(home / "海岳县.gpkg"), "dc_clusters": path}, tmp_path / "结果")
    table = layer(run, "cluster_link").set_index(["from_site", "to_site"])
    assert table["state"].to_dict()[("甲", "乙")] == "cannot_tell" == table["ring"].to_dict()[("乙", "丙")]
    assert pd.isna(table.loc[("甲", "乙"), "ms"]) and table.loc[("甲", "丙"), "ms"] > 0
    site = layer(run, "cluster_site").set_index("site").loc["乙"]
    assert site["joined"] == 0 and site["room_km"] > 50
    assert run.summary["off_network"] == 1
    page = Path(run.outputs["report"]).read_text("utf-8")
    assert ">nan<" not in page and "未接入，无法判定" in page
    matrix = pd.read_csv(run.outputs["matrix"]).set_index("单向时延（ms）")
    assert matrix.loc["乙"].notna().tolist() == [False, True, False]


def test_what_lies_within_the_circle_is_reached_in_time_and_more_hop_delay_leaves_less(home, found):
    wide = layer(found, "ms_circle").set_index("site")
    stated = {"workspace": str(home / "海岳县.gpkg"), "hop_us": 400.0}
    narrow = layer(run_job("cluster_links", stated, home / "慢"), "ms_circle").set_index("site")
    network = sum(
        map(GEOD.geometry_length, pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables").geometry)
    )
    for site in wide.index:
        assert GEOD.geometry_length(wide.loc[site].geometry) / 1000 == pytest.approx(
            wide.loc[site, "cable_km"], rel=1e-6
        )
        assert narrow.loc[site, "cable_km"] < wide.loc[site, "cable_km"] < network / 1000
        assert narrow.loc[site, "items_villages"] < wide.loc[site, "items_villages"]
    assert wide["items_dc"].tolist() == [1, 1] and narrow["items_dc"].tolist() == [0, 0]
    items = pd.read_csv(found.outputs["circle_items"])
    assert (items["类别"] == "行政村").sum() == found.summary["inside_circle"]["villages"][0]


def test_without_roads_the_best_possible_route_is_not_known_and_only_the_geodesic_decides(home, tmp_path):
    workspace = home / "海岳县.gpkg"
    stated = {name: f"{workspace}|layername={name}" for name in ("trunk_cables", "trunk_nodes", "dc_clusters")}
    run = run_job("cluster_links", {**stated, "hop_us": 60.0}, tmp_path / "结果")
    link = layer(run, "cluster_link").iloc[0]
    assert link["best_basis"] == "cables" and link["stretch_geodesic"] > 1.5
    assert link["state_geodesic"] == "over" and link["stretch_best"] > 1.3
    assert link["state_best"] in ("cannot_tell", "over")
    assert (link["state_best"] == "over") == (link["ms_least"] > 1.5 * link["best_ms"])


def test_a_link_of_unknown_length_that_may_be_shorter_leaves_a_route_open_and_one_that_cannot_does_not(tmp_path):
    nodes = {"甲": (110.0, 30.0), "乙": (115.0, 30.0), "丙": None, "丁": (110.0, 34.0)}
    edges = [("甲", "乙"), ("甲", "丙"), ("丙", "乙"), ("甲", "丁")]
    path = clusters_file(
        tmp_path / "集群.gpkg", *((str(at), name, nodes[name]) for at, name in enumerate(("甲", "乙", "丁")))
    )
    stated = {"graph": graph_file(tmp_path / "图.graphml", nodes, edges), "dc_clusters": path}
    table = layer(run_job("cluster_links", stated, tmp_path / "结果"), "cluster_link").set_index(
        ["from_site", "to_site"]
    )
    assert table["ms_kind"].tolist() == ["open", "at_least", "open"]
    assert pd.isna(table.loc[("甲", "乙"), "ms"]) and table.loc[("甲", "乙"), "ms_least"] == pytest.approx(3 * 0.02)
    known = metres(nodes["甲"], nodes["丁"]) / 1000 * 1.03 * 0.0049 + 2 * 0.02
    assert table.loc[("甲", "丁"), "ms"] == pytest.approx(known, abs=1e-6)
    assert set(table["state"]) == {"cannot_tell"} and table["direct"].tolist() == [1, 1, 0]


def test_a_graph_of_straight_lines_tells_what_is_over_and_never_what_is_met(tmp_path):
    # The way from 甲 to 乙 goes 2,500 km north and back: over the ratio and over 20 ms whatever the routes are.
    nodes = {"甲": (110.0, 25.0), "乙": (114.0, 25.0), "北": (112.0, 48.0)}
    path = clusters_file(
        tmp_path / "集群.gpkg", ("1", "甲", nodes["甲"]), ("2", "乙", nodes["乙"]), ("3", "北", nodes["北"])
    )
    stated = {"graph": graph_file(tmp_path / "图.graphml", nodes, [("甲", "北"), ("乙", "北")]), "dc_clusters": path}
    table = layer(run_job("cluster_links", stated, tmp_path / "结果"), "cluster_link").set_index(
        ["from_site", "to_site"]
    )
    far, near = table.loc[("甲", "乙")], table.loc[("甲", "北")]
    assert (far["state_geodesic"], far["ring"], far["direct"]) == ("over", "beyond", 0)
    assert (near["state_geodesic"], near["state_best"], near["ring"]) == ("cannot_tell",) * 3


def test_a_cluster_that_could_join_by_another_node_within_reach_is_not_told_to_be_over(tmp_path):
    # 甲 lies nearest to a spur far round; by 近, 200 km off, the way is short.
    nodes = {"环": (110.0, 30.0), "近": (112.0, 30.0), "乙": (116.0, 30.0), "远": (100.0, 45.0)}
    edges = [("环", "远"), ("远", "乙"), ("近", "乙")]
    path = clusters_file(tmp_path / "集群.gpkg", ("1", "甲", (110.05, 30.0)), ("2", "乙", nodes["乙"]))
    stated = {"graph": graph_file(tmp_path / "图.graphml", nodes, edges), "dc_clusters": path}
    (link,) = layer(run_job("cluster_links", stated, tmp_path / "结果"), "cluster_link").to_dict("records")
    least = (metres((110.05, 30.0), nodes["近"]) + metres(nodes["近"], nodes["乙"])) / 1000 * 0.0049 + 2 * 0.02
    assert link["ms_least"] == pytest.approx(least, abs=1e-5) and link["ms"] > 10
    assert link["state_geodesic"] == "cannot_tell"
    near = layer(run_job("cluster_links", {**stated, "reach_km": 100}, tmp_path / "近"), "cluster_link").iloc[0]
    assert near["state_geodesic"] == "over"


@pytest.fixture(scope="module")
def national(shared_data, tmp_path_factory):
    """A workspace with the ten national clusters, whose coordinates came in GCJ-02."""
    folder = tmp_path_factory.mktemp("全国 集群")
    columns = {
        "区划代码": "cluster_id",
        "枢纽": "hub",
        "集群": "cluster",
        "起步区所在县区": "name",
        "经度_GCJ02": "lon",
        "纬度_GCJ02": "lat",
    }
    (folder / "对照.json").write_text(json.dumps(columns, ensure_ascii=False), "utf-8")
    stated = {
        "source": str(next((shared_data / "national").glob("*GCJ02.csv"))),
        "kind": "dc_clusters",
        "datum": "gcj02",
        "mapping": str(folder / "对照.json"),
        "workspace": str(folder / "全国.gpkg"),
    }
    run_job("import_layer", stated, folder / "导入")
    return folder


@pytest.mark.parametrize("name", ["Chinanet", "Cernet"])
def test_the_matrix_of_the_ten_clusters_is_symmetric_and_keeps_the_triangle(shared_data, national, tmp_path, name):
    stated = {"workspace": str(national / "全国.gpkg"), "graph": str(shared_data / "cables" / f"{name}.graphml")}
    run = run_job("cluster_links", stated, tmp_path / "结果")
    matrix = pd.read_csv(run.outputs["matrix"]).set_index("单向时延（ms）")
    values = matrix.to_numpy()
    assert values.shape == (10, 10) and matrix.index.tolist() == matrix.columns.tolist()
    assert np.array_equal(values, values.T) and (np.diag(values) == 0).all()
    table = layer(run, "cluster_link")
    assert (
        (table["ms"] >= table["geodesic_ms"]).all()
        and (table["ms"] >= table["ms_least"]).all()
        and set(table["ms_kind"]) == {"at_least"}
    )
    assert "met" not in set(table["state_geodesic"]) | set(table["state_best"])
    assert run.summary["links"] == 45 == run.summary["cannot_tell"]


def test_one_pair_on_chinanet_is_the_one_that_is_worked_out_by_hand(shared_data, national, tmp_path):
    # 庆阳 (西峰区) joins at Xi'an, 中卫 (沙坡头区) at Yinchuan, and a link leads from one to the other.
    # 西峰区 lies at 107.6466 E, 35.7311 N on WGS 84 and 沙坡头区 at 105.1685, 37.5176, by the public inverse of GCJ-02.
    stated = {"workspace": str(national / "全国.gpkg"), "graph": str(shared_data / "cables" / "Chinanet.graphml")}
    run = run_job("cluster_links", stated, tmp_path / "结果")
    xian, yinchuan = (108.92861, 34.25833), (106.27306, 38.46806)
    way = metres((107.6466, 35.7311), xian) + metres(xian, yinchuan) + metres(yinchuan, (105.1685, 37.5176))
    by_hand = way / 1000 * 1.03 * 4.9e-3 + 2 * 0.02
    table = layer(run, "cluster_link").set_index(["from_site", "to_site"])
    link = table.loc[("庆阳数据中心集群", "中卫数据中心集群")]
    assert link["ms"] == pytest.approx(by_hand, abs=0.01)
    assert (link["from_room"], link["to_room"], link["hops"], link["direct"]) == ("Xi'an", "Yinchuan", 2, 1)
    place = layer(run, "cluster_site").set_index("item_id").loc["621002000000"].geometry
    moved = metres((107.651077, 35.730652), (place.x, place.y))
    assert 200 < moved < 700  # the shift of GCJ-02 is taken off


def test_clusters_from_nowhere_are_refused(home):
    workspace = home / "海岳县.gpkg"
    with pytest.raises(ParameterError, match="Data-centre clusters"):
        run_job("cluster_links", {"trunk_cables": f"{workspace}|layername=trunk_cables"}, home / "不行")


def test_the_same_input_gives_the_same_bytes(home, found):
    again = run_job("cluster_links", {"workspace": str(home / "海岳县.gpkg")}, home / "再次")
    for name in ("matrix", "links", "mesh", "circle_items", "report"):
        assert Path(again.outputs[name]).read_bytes() == Path(found.outputs[name]).read_bytes()
