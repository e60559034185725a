"""Gateways by region, the border and the sea, on networks drawn by hand and at the real border crossings."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

from .network_kit import cables, place, rooms

GEOD = Geod(ellps="GRS80")
# Two gateways 30 km apart with two nodes between; a landing on a spur; a submarine cable; a room nothing reaches.
PLACES = [(0, 0), (10_000, 0), (20_000, 0), (30_000, 0), (40_000, 0), (0, 50_000)]
NAMES = ["西局", "甲", "乙", "东局", "登陆站", "孤站"]
CLASSES = ["gateway", "aggregation", "aggregation", "gateway", "landing", "access"]
LINES = [
    [(0, 0), (10_000, 0)],
    [(10_000, 0), (20_000, 0)],
    [(20_000, 0), (24_000, 3_000), (30_000, 0)],
    [(30_000, 0), (40_000, 0)],
    [(40_000, 0), (80_000, 0)],
]


def area(west, south, east, north):
    return shapely.Polygon([place(*one) for one in ((west, south), (east, south), (east, north), (west, north))])


def save(path, columns, geometry):
    gpd.GeoDataFrame(columns, geometry=geometry, crs=4490).to_file(path)
    return str(path)


@pytest.fixture
def drawn(tmp_path):
    """Write cables and nodes drawn in metres and give the parameters that name them."""

    def write(
        lines=LINES, laying=("duct",) * 4 + ("submarine",), operator="CMCC", places=PLACES, names=NAMES, classes=CLASSES
    ):
        ids = [f"L{at}" for at in range(len(lines))]
        columns = {
            "cable_id": ids,
            "name": ids,
            "operator": operator,
            "status": "existing",
            "laying": laying,
            "year": 2020,
        }
        stated = {"trunk_cables": save(tmp_path / "缆.gpkg", columns, cables(*lines))}
        numbers = [f"R{at}" for at in range(len(places))]
        columns = {"node_id": numbers, "name": names, "operator": "CMCC", "node_class": classes, "status": "existing"}
        return {**stated, "trunk_nodes": save(tmp_path / "房.gpkg", columns, shapely.points(*rooms(*places)))}

    return write


def units(folder):
    """An eastern and a western province side by side at 15 km, with a city whose people are in the province's."""
    columns = {
        "code": ["450000", "440000", "440100"],
        "name": ["西省", "东省", "东市"],
        "level": ["province", "province", "city"],
        "population": [2_000_000, 4_000_000, 1_000_000],
    }
    shapes = [area(-9e4, -9e4, 15_000, 9e4), area(15_000, -9e4, 9e4, 9e4), area(25_000, -5e3, 9e4, 9e3)]
    return save(folder / "区.gpkg", columns, shapes)


def test_each_node_goes_to_the_nearest_gateway_by_cable_and_one_that_none_reaches_to_nobody(drawn, tmp_path):
    run = run_job("gateway_balance", drawn(), tmp_path / "结果")
    served = pd.read_csv(run.outputs["served"]).set_index("名称")
    assert served["最近出入口局"].to_dict() == {
        **{"西局": "西局", "甲": "西局", "乙": "东局", "东局": "东局", "登陆站": "东局"},
        "孤站": served.loc["孤站", "最近出入口局"],
    }
    # From 乙 to the east: 5 km and 6.708 km; to the west 20 km.
    assert served.loc["乙", "光缆距离（km）"] == pytest.approx(5 + np.hypot(6, 3), rel=1e-3)
    assert pd.isna(served.loc["孤站", "最近出入口局"]) and served.loc["孤站", "判定"] == "未接入光缆网"
    layer = pyogrio.read_dataframe(run.outputs["gateway"], layer="gateway").set_index("name")
    assert layer.loc["西局", "served_nodes"] == 2 and layer.loc["东局", "served_nodes"] == 3
    assert layer.loc["东局", "farthest_km"] == pytest.approx(5 + np.hypot(6, 3), rel=1e-3)
    assert run.summary["gateways"] == 2 and run.summary["landings"] == 1 and run.summary["without_region"] == 3


def test_regions_have_their_gateways_capacity_and_people_once(drawn, tmp_path):
    (tmp_path / "容量.csv").write_text("节点编号,容量（Gbps）\nR0,400\nR3,1200\nR9,7\n", encoding="utf-8")
    stated = {**drawn(), "admin_units": units(tmp_path), "capacity": str(tmp_path / "容量.csv")}
    run = run_job("gateway_balance", stated, tmp_path / "结果")
    table = pd.read_csv(run.outputs["gateway_region"]).set_index("区域名称")
    west, east = table.loc["西部地区"], table.loc["东部地区"]
    assert (west["出入口局数"], west["登陆站数"], east["出入口局数"], east["登陆站数"]) == (1, 0, 1, 1)
    assert (west["容量（Gbps）"], east["容量（Gbps）"]) == (400, 1200) and east["容量占比（%）"] == 75
    assert (west["人口"], east["人口"]) == (2_000_000, 4_000_000)
    assert west["每百万人容量（Gbps）"] == 200 and east["每百万人容量（Gbps）"] == 300
    assert table.loc["中部地区", "出入口局数"] == 0 and pd.isna(table.loc["中部地区", "人口"])
    page = (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")
    assert "没有出入口局的区域：中部地区、东北地区" in page and "1 行（行号 4）" in page


def test_a_province_that_no_region_lists_is_told_and_not_guessed(drawn, tmp_path):
    columns = {"code": ["990000"], "name": ["沧省"], "level": ["province"], "population": [1]}
    path = save(tmp_path / "区.gpkg", columns, [area(-9e4, -9e4, 9e4, 9e4)])
    run = run_job("gateway_balance", {**drawn(), "admin_units": path}, tmp_path / "结果")
    assert run.summary["without_region"] == 3
    assert "前两位 99 不属于" in (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")


SEAS = [("harbour", 38_000, 42_000), ("bay", 38_000, 50_000), ("open_sea", 50_000, 60_000)]


def seas(folder):
    columns = {"sea_id": ["1", "2", "3"], "kind": [kind for kind, *_ in SEAS]}
    return save(folder / "海.gpkg", columns, [area(west, -2e4, east, 2e4) for _, west, east in SEAS])


def test_the_band_of_each_kind_of_sea_has_its_width_and_where_nobody_knows_all_three_are_given(drawn, tmp_path):
    run = run_job("gateway_balance", {**drawn(), "sea_areas": seas(tmp_path)}, tmp_path / "结果")
    bands = pyogrio.read_dataframe(run.outputs["sea_band"], layer="sea_band")
    found = {(row.sea_kind, row.width_m): row for row in bands.itertuples()}
    assert set(found) == {
        ("harbour", 50),
        ("bay", 100),
        ("open_sea", 500),
        ("unknown", 50),
        ("unknown", 100),
        ("unknown", 500),
    }
    for (kind, width), km in {("harbour", 50): 2, ("bay", 100): 8, ("open_sea", 500): 10, ("unknown", 500): 20}.items():
        row = found[kind, width]
        assert row.length_km == pytest.approx(km, rel=2e-3)
        area_km2 = km * 2 * width / 1000 + np.pi * (width / 1000) ** 2
        assert row.area_km2 == pytest.approx(area_km2, rel=5e-3)
        assert row.state == ("cannot_tell" if kind == "unknown" else "applies")


def test_an_anchorage_that_only_the_widest_band_meets_cannot_be_told_and_one_on_the_cable_is_a_conflict(
    drawn, tmp_path
):
    uses = {"名称": ["压缆锚地", "近处锚地", "开阔海锚地", "远处锚地"]}
    shapes = [
        area(70_000, -30, 71_000, 30),
        area(70_000, 200, 71_000, 400),
        area(55_000, 300, 56_000, 400),
        area(55_000, 600, 56_000, 900),
    ]
    stated = {**drawn(), "sea_areas": seas(tmp_path), "anchorage": save(tmp_path / "锚地.gpkg", uses, shapes)}
    run = run_job("gateway_balance", stated, tmp_path / "结果")
    rows = pyogrio.read_dataframe(run.outputs["sea_conflict"], layer="sea_conflict").set_index("with_name")
    assert rows["state"].to_dict() == {"压缆锚地": "conflict", "近处锚地": "cannot_tell", "开阔海锚地": "conflict"}
    assert rows["width_m"].to_dict() == {"压缆锚地": 50, "近处锚地": 500, "开阔海锚地": 500}
    # A kilometre, 60 m wide in the narrowest band; 200 m in the widest; 100 m in open sea.
    assert rows["area_km2"].to_dict() == pytest.approx({"压缆锚地": 0.06, "近处锚地": 0.2, "开阔海锚地": 0.1}, rel=5e-3)
    assert (run.summary["conflicts"], run.summary["conflicts_cannot_tell"]) == (2, 1)


def test_where_a_bay_and_open_sea_overlap_the_wider_band_counts_and_kinds_have_the_words_of_planners(drawn, tmp_path):
    shapes = [area(40_000, -9_000, 60_000, 9_000), area(55_000, -9_000, 90_000, 9_000), area(0, -9_000, 1_000, 9_000)]
    columns = {"sea_id": ["1", "2", "3"], "kind": ["bay", "open", "没听说过"]}
    stated = {**drawn(), "sea_areas": save(tmp_path / "海.gpkg", columns, shapes)}
    run = run_job("gateway_balance", stated, tmp_path / "结果")
    bands = pyogrio.read_dataframe(run.outputs["sea_band"], layer="sea_band").set_index("sea_kind")
    assert bands["length_km"].to_dict() == pytest.approx({"open_sea": 25.0, "bay": 15.0}, abs=0.1)
    page = (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")
    assert "重叠处按较宽的保护区计" in page and "1 行未能读取" in page and "“海域类型”列" in page
    columns["kind"] = ["港口", "port", "bay"]
    save(tmp_path / "海.gpkg", columns, shapes)
    run = run_job("gateway_balance", stated, tmp_path / "港")
    assert set(pyogrio.read_dataframe(run.outputs["sea_band"], layer="sea_band")["sea_kind"]) == {"harbour"}


def test_without_layers_of_uses_nobody_says_that_there_is_no_conflict(drawn, tmp_path):
    run_job("gateway_balance", {**drawn(), "sea_areas": seas(tmp_path)}, tmp_path / "结果")
    page = (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")
    assert "没有给出图层：锚地、渔业用海、其他用海。与这些用海的冲突无法判定" in page


def test_two_submarine_cables_that_run_side_by_side_or_land_at_one_station_are_told(drawn, tmp_path):
    beside = [(40_000, 0), (41_500, 3_000), (45_000, 3_000), (50_000, 30), (70_000, 30)]
    stated = drawn(lines=[*LINES, beside], laying=("duct",) * 4 + ("submarine",) * 2)
    run = run_job("gateway_balance", stated, tmp_path / "结果")
    rows = pyogrio.read_dataframe(run.outputs["sea_conflict"], layer="sea_conflict")
    assert set(zip(rows["cable_id"], rows["with_id"], rows["state"])) == {
        ("L4", "L5", "conflict"),
        ("L5", "L4", "conflict"),
    }
    (pair,) = pd.read_csv(run.outputs["landing_pairs"]).to_dict("records")
    assert pair == {"海缆甲": "L4", "海缆乙": "L5", "甲登陆点": "登陆站", "乙登陆点": "登陆站", "相距（米）": 0.0}
    assert "2 个海缆端点未接机房" in (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")


def test_what_two_cables_have_in_common_is_what_their_bands_beyond_the_cut_at_the_landing_share(drawn, tmp_path):
    places, classes = [(0, 0), (5_000, 0)], ["gateway", "landing"]
    lines = [[(0, 0), (5_000, 0)], [(5_000, 0), (60_000, 0)], [(5_000, 0), (60_000, 5_000)]]
    stated = drawn(lines, ("duct", "submarine", "submarine"), "CTCC", places, ["局", "站"], classes)
    sea = save(tmp_path / "海.gpkg", {"sea_id": ["1"], "kind": ["open_sea"]}, [area(4_000, -9_000, 70_000, 9_000)])
    run = run_job("gateway_balance", {**stated, "sea_areas": sea}, tmp_path / "结果")
    rows = pyogrio.read_dataframe(run.outputs["sea_conflict"], layer="sea_conflict")
    cut = [shapely.LineString(line).difference(shapely.Point(5_000, 0).buffer(1_000, 64)) for line in lines[1:]]
    common = cut[0].buffer(500, 64).intersection(cut[1].buffer(500, 64))
    assert rows["area_km2"].tolist() == pytest.approx([common.area / 1e6] * 2, rel=5e-3)


def test_ways_out_to_each_neighbour_are_counted_by_hand(drawn, tmp_path):
    # To A two cables of their own, by two crossings; to B two cables that share the one from 甲 to 乙; to C none.
    lines = [
        [(0, 0), (10_000, 0)],
        [(0, 0), (0, 20_000)],
        [(10_000, 0), (10_000, 20_000)],
        [(0, 0), (20_000, -9_000)],
        [(20_000, -9_000), (30_000, -20_000)],
        [(20_000, -9_000), (25_000, -20_000)],
    ]
    spots = [(0, 0), (10_000, 0), (20_000, -9_000)]
    stated = drawn(lines, ("duct",) * 6, "CTCC", spots, ["局", "甲", "乙"], ["gateway", "access", "access"])
    ports = {"口岸名称": ["一", "二", "三", "四", "五"], "邻国": ["A", "A", "B", "C", None]}
    at = [(500, 20_000), (10_000, 20_500), (27_500, -20_000), (90_000, 0), (80_000, 0)]
    stated["crossings"] = save(tmp_path / "口岸.gpkg", ports, [shapely.Point(place(*spot)) for spot in at])
    own = tmp_path / "包"
    own.mkdir()
    (own / "近.toml").write_text(
        '[pack]\nid = "近"\nzh = "近"\nen = "near"\nstatus = "unverified"\nbase = "trunk-gateways"\n'
        '[[rule]]\nid = "border.reach"\nvalue = 3000\nreason = "试"\n',
        encoding="utf-8",
    )
    run = run_job("gateway_balance", {**stated, "own_packs": str(own)}, tmp_path / "结果")
    rows = pd.read_csv(run.outputs["neighbours"]).set_index("邻国")
    assert rows["互不共用光缆的出境路由"].dropna().to_dict() == {"A": 2, "B": 1, "C": 0}
    # Both ways to A begin in the only gateway.
    assert rows["判定"].to_dict() == {"A": "不足", "B": "不足", "C": "不足", np.nan: "无法判定"}
    assert (rows.loc["A", "原因"], rows.loc["A", "受限于"]) == ("各路由都经过同一局站或接头", "局")
    layer = pyogrio.read_dataframe(run.outputs["border_crossing"], layer="border_crossing").set_index("name")
    assert layer["cable_count"].to_dict() == {"一": 1, "二": 1, "三": 2, "四": 0, "五": 0}
    assert layer.loc["一", "nearest_m"] == pytest.approx(500, abs=2) and layer.loc["三", "operator"] == "CTCC"
    assert layer["state"].to_dict() == {"一": "yes", "二": "yes", "三": "yes", "四": "no", "五": "no"}


def test_at_the_real_crossings_a_cable_to_each_of_two_ports_makes_two_ways_out_to_vietnam_by_one_gateway(
    shared_data, tmp_path
):
    port = {"友谊关": (106.711321, 21.972818), "河口": (103.941007, 22.526125)}
    nanning = (108.32, 22.82)
    lines = [shapely.LineString([nanning, spot]) for spot in port.values()]
    columns = {"cable_id": ["G1", "G2"], "name": ["邕凭", "邕河"], "operator": ["CMCC", "CUCC"], "status": "existing"}
    stated = {"trunk_cables": save(tmp_path / "缆.gpkg", columns, lines)}
    columns = {"node_id": ["NN"], "name": ["南宁局"], "node_class": ["gateway"], "status": ["existing"]}
    stated["trunk_nodes"] = save(tmp_path / "房.gpkg", columns, [shapely.Point(nanning)])
    stated["crossings"] = str(shared_data / "national" / "land_border_crossings_wgs84.geojson")
    run = run_job("gateway_balance", stated, tmp_path / "结果")
    rows = pd.read_csv(run.outputs["neighbours"]).set_index("邻国")
    assert rows["口岸数"].sum() == 26 and rows.loc["VNM", "有光缆的口岸"] == 2
    assert rows.loc["VNM", "互不共用光缆的出境路由"] == 2 and set(rows["判定"]) == {"不足"}
    assert rows.loc["VNM", "受限于"] == "南宁局"
    assert run.summary["crossings_with_cable"] == 2


def _neighbours(drawn, tmp_path, lines, places, classes, ports, name):
    stated = drawn(lines, ("duct",) * len(lines), "CTCC", places, [f"局{at}" for at in range(len(places))], classes)
    columns = {"口岸名称": [f"口{at}" for at in range(len(ports))], "邻国": "A"}
    stated["crossings"] = save(tmp_path / "口岸.gpkg", columns, [shapely.Point(place(*spot)) for spot in ports])
    run = run_job("gateway_balance", stated, tmp_path / name)
    (row,) = pd.read_csv(run.outputs["neighbours"]).to_dict("records")
    return row


def test_two_cables_in_one_trench_are_one_way_out(drawn, tmp_path):
    places, classes = [(0, 0), (0, 9_000)], ["gateway", "gateway"]
    ports = [(90_000, 100), (90_000, 3_000)]
    trench = [[(0, 0), (90_000, 0)], [(0, 9_000), (5_000, 5), (85_000, 5), (90_000, 3_000)]]
    row = _neighbours(drawn, tmp_path, trench, places, classes, ports, "同沟")
    assert (row["互不共用光缆的出境路由"], row["互不共用节点的出境路由"], row["判定"]) == (2, 2, "不足")
    assert (row["原因"], row["受限于"]) == ("光缆不同但同沟", "L0、L1")
    apart = [trench[0], [(0, 9_000), (5_000, 500), (85_000, 500), (90_000, 3_000)]]
    row = _neighbours(drawn, tmp_path, apart, places, classes, ports, "分开")
    assert row["判定"] == "达到" and np.isnan(row["原因"])


def test_ways_that_all_lead_through_one_room_are_one_way_out(drawn, tmp_path):
    places, classes = [(0, 0), (0, 9_000), (50_000, 0)], ["gateway", "gateway", "aggregation"]
    ports = [(90_000, 20_000), (90_000, -20_000)]
    lines = [[places[0], places[2]], [places[1], places[2]], [places[2], ports[0]], [places[2], ports[1]]]
    row = _neighbours(drawn, tmp_path, lines, places, classes, ports, "一室")
    assert (row["互不共用光缆的出境路由"], row["判定"]) == (2, "不足")
    assert (row["原因"], row["受限于"]) == ("各路由都经过同一局站或接头", "局2")


def test_a_gateway_that_is_not_there_is_named(drawn, tmp_path):
    with pytest.raises(InputError, match="R99"):
        run_job("gateway_balance", {**drawn(), "gateways": "R0,R99"}, tmp_path / "结果")


def test_of_a_graph_file_the_network_is_divided_and_nothing_is_told_of_the_sea(shared_data, tmp_path):
    stated = {"graph": str(shared_data / "cables" / "Chinanet.graphml")}
    nodes = run_job("gateway_balance", stated, tmp_path / "空").outputs["served"]
    some = pd.read_csv(nodes)["编号"].astype(str).tolist()[:2]
    run = run_job("gateway_balance", {**stated, "gateways": ",".join(some)}, tmp_path / "结果")
    served = pd.read_csv(run.outputs["served"])
    assert run.summary["gateways"] == 2 and run.summary["submarine_cables"] is None
    assert served["出入口局编号"].notna().sum() > 10 and "sea_band" not in run.outputs


def test_gateways_of_a_graph_file_can_be_named_as_the_file_names_them(shared_data, tmp_path):
    stated = {"graph": str(shared_data / "cables" / "Chinanet.graphml")}
    run = run_job("gateway_balance", {**stated, "gateways": "Beijing,Shanghai"}, tmp_path / "结果")
    served = pd.read_csv(run.outputs["served"])
    assert run.summary["gateways"] == 2 and set(served["最近出入口局"].dropna()) == {"Beijing", "Shanghai"}


def test_a_room_without_a_name_stands_in_the_report_by_its_id(drawn, tmp_path):
    run_job("gateway_balance", drawn(names=[None, "甲", "乙", "东局", "登陆站", "孤站"]), tmp_path / "结果")
    assert "R0" in (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")


def test_a_year_of_plans_with_the_phase_in_use_is_refused(drawn, tmp_path):
    with pytest.raises(ParameterError, match="规划至"):
        run_job("gateway_balance", {**drawn(), "until_year": 2030}, tmp_path / "结果")


def test_the_same_question_gives_the_same_bytes(drawn, tmp_path):
    stated = {**drawn(), "sea_areas": seas(tmp_path), "admin_units": units(tmp_path)}
    for name in ("一", "二"):
        run_job("gateway_balance", stated, tmp_path / name)
    for file in ("served.csv", "gateway_region.csv", "report.html"):
        assert (tmp_path / "一" / file).read_bytes() == (tmp_path / "二" / file).read_bytes(), file
