"""Control-line conflicts as a planner gets them: verdicts, areas, lengths, what cannot be told, other routes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.land.for_delivery import conflicts_for_delivery, write_for_delivery
from xinji_planner.jobs.land.zone_names import guess_kind
from xinji_planner.rules.pack import load

from .land_kit import FARM, GEOD, RED, TOWN, cable, county, geojson, plot, shapefile, station


def run(folder, name="结果", **stated):
    result = run_job("control_line_conflicts", {"alternatives": False, **stated}, folder / name)
    rows = pd.read_csv(result.outputs["conflicts"], dtype={"编号": str, "控制线编号": str}).set_index("编号")
    facilities = pd.read_csv(result.outputs["facilities"], dtype={"编号": str}).set_index("编号")
    page = Path(result.outputs["report"]).read_text(encoding="utf-8")
    return result, rows, facilities, page


def farm(folder, shapes=(FARM,)):
    return geojson(folder / "农田.geojson", [({"名称": f"{at}片"}, shape) for at, shape in enumerate(shapes)])


def test_a_mast_on_the_edge_of_farmland_has_half_of_its_square_there(tmp_path):
    stations = geojson(tmp_path / "站.geojson", [station("A", 129.40, 20.41), station("B", 129.30, 20.41)])
    result, rows, facilities, _ = run(tmp_path, base_stations=stations, basic_farmland=farm(tmp_path))
    assert rows.loc["A", "冲突面积（m²）"] == pytest.approx(50, abs=0.01)
    assert rows.loc["A", "处理等级"] == "应避让" and "移出永久基本农田" in rows.loc["A", "处理建议"]
    assert facilities["判定"].to_dict() == {"A": "有冲突", "B": "无冲突"}
    assert facilities.loc["A", "占地或走廊面积（m²）"] == 100
    assert {key: result.summary[key] for key in ("facilities", "conflict", "clear", "cannot_tell", "avoid")} == {
        **{"facilities": 2, "conflict": 1, "clear": 1, "cannot_tell": 0, "avoid": 1}
    }


def test_a_cable_through_farmland_has_its_length_there_and_that_times_its_width(tmp_path):
    lines = [(laying, cable(laying, [(129.41, 20.3), (129.41, 20.5)], laying)) for laying in ("架空", "管道", "直埋")]
    cables = geojson(tmp_path / "缆.geojson", [row for _, row in lines])
    result, rows, _, _ = run(tmp_path, trunk_cables=cables, basic_farmland=farm(tmp_path))
    length = GEOD.inv(129.41, 20.40, 129.41, 20.42)[2]
    for laying, width, severity in (("架空", 4, "须论证报批"), ("管道", 2, "提示"), ("直埋", 2, "提示")):
        assert rows.loc[laying, "冲突长度（m）"] == pytest.approx(length, abs=1e-3)
        assert rows.loc[laying, "冲突面积（m²）"] == pytest.approx(length * width, abs=0.1)
        assert rows.loc[laying, "处理等级"] == severity
    drawn = pyogrio.read_dataframe(result.outputs["control_conflict_line"], layer="control_conflict_line")
    assert [GEOD.geometry_length(line) for line in drawn.geometry] == pytest.approx([length] * 3, abs=1e-3)


def test_what_is_of_unknown_type_or_laying_is_listed_and_never_nought(tmp_path):
    stations = [station("无类型", 129.41, 20.41, kind=None), station("怪类型", 129.9, 20.9, kind="其他")]
    cables = [cable("无敷设", [(129.41, 20.3), (129.41, 20.5)], None)]
    plots = [plot("点", shapely.Point(129.41, 20.41))]
    stated = {
        "base_stations": geojson(tmp_path / "站.geojson", stations),
        "trunk_cables": geojson(tmp_path / "缆.geojson", cables),
        "dc_clusters": geojson(tmp_path / "数.geojson", plots),
    }
    result, rows, facilities, page = run(tmp_path, **stated, basic_farmland=farm(tmp_path))
    assert len(rows) == 0 and set(facilities["判定"]) == {"无法判定"} and result.summary["cannot_tell"] == 4
    assert facilities["占地或走廊面积（m²）"].isna().all()
    length = GEOD.inv(129.41, 20.40, 129.41, 20.42)[2]
    assert facilities.loc["无敷设", "中心线或点位所在"] == f"永久基本农田 {length:.1f} m"
    assert facilities.loc["无类型", "中心线或点位所在"] == "永久基本农田"
    assert pd.isna(facilities.loc["怪类型", "中心线或点位所在"])
    assert "站址类型为空或认不出，占地面积未知" in page and "Its type is empty" in page and "没有地块范围" in page


def test_a_rooftop_takes_no_land_and_says_so_and_in_the_red_line_is_still_told(tmp_path):
    rows_ = [station("农", 129.41, 20.41, "楼面"), station("红", 129.51, 20.41, "楼面")]
    stated = {"base_stations": geojson(tmp_path / "站.geojson", rows_), "basic_farmland": farm(tmp_path)}
    red = geojson(tmp_path / "红线.geojson", [({}, RED)])
    _, rows, facilities, page = run(tmp_path, **stated, ecological_red_line=red)
    assert facilities["判定"].to_dict() == {"农": "无冲突", "红": "有冲突"}
    assert rows.loc["红", "冲突面积（m²）"] == 0 and rows.loc["红", "处理等级"] == "提示"
    assert rows.loc["农", "处理等级"] == "不计" and set(facilities["说明"]) == {"设在既有建筑或杆塔上，占地 0 m²"}
    assert "占地 0 m²" in page


def test_of_the_town_boundary_it_matters_to_lie_outside(tmp_path):
    rows_ = [station("内", 129.4, 20.4), station("外", 129.7, 20.4), station("边", 129.6, 20.4)]
    rows_ += [station("外楼", 129.71, 20.4, "楼面")]
    stated = {"base_stations": geojson(tmp_path / "站.geojson", rows_)}
    cables = geojson(tmp_path / "缆.geojson", [cable("缆", [(129.5, 20.4), (129.8, 20.4)], "管道")])
    town = geojson(tmp_path / "边界.geojson", [({}, TOWN)])
    _, rows, facilities, page = run(tmp_path, **stated, trunk_cables=cables, town_boundary=town)
    assert rows["冲突面积（m²）"].to_dict() == {"外": 100, "边": pytest.approx(50, abs=0.01)}
    assert set(rows["位置"]) == {"在其外"} and set(rows["处理等级"]) == {"提示"}
    assert facilities.loc[["内", "外楼", "缆"], "判定"].tolist() == ["无冲突"] * 3
    assert "城镇开发边界外" in page and "Outside: Town development boundary" in page


def test_rows_of_one_site_are_one_and_a_site_that_is_there_takes_no_new_land(tmp_path):
    rows_ = [station("一", 129.41, 20.41, site="甲"), station("二", 129.41, 20.41, site="甲")]
    rows_ += [station("旧", 129.415, 20.41, site="乙", status="现状"), station("新", 129.415, 20.41, site="乙")]
    rows_ += [station("拆", 129.412, 20.41, status="退网")]
    stated = {"base_stations": geojson(tmp_path / "站.geojson", rows_), "basic_farmland": farm(tmp_path)}
    _, rows, facilities, _ = run(tmp_path, **stated)
    assert rows["冲突面积（m²）"].to_dict() == {"一": pytest.approx(100), "新": 0}
    assert facilities["合并的行数"].to_dict() == {"一": 2, "新": 1}
    assert facilities.loc["新", "说明"] == "站址已建成，不新占土地"
    _, rows, _, _ = run(tmp_path, "都新", **stated, built_sites="none")
    assert rows["冲突面积（m²）"].to_dict() == {"一": pytest.approx(100), "新": pytest.approx(100)}
    _, rows, _, _ = run(tmp_path, "现状", **stated, phase="existing")
    assert rows["冲突面积（m²）"].to_dict() == {"旧": pytest.approx(100)}


def test_a_mast_and_the_station_on_it_are_one_site_and_types_that_differ_cannot_be_told(tmp_path):
    def mast(number, kind, status):
        values = {"站址编码": number, "站址名称": number, "产权单位": "铁塔公司", "杆塔类型": kind, "建设状态": status}
        return values, shapely.Point(129.41, 20.41)

    rows_ = [station("同", 129.41, 20.41, site="T1"), station("异", 129.41, 20.41, "楼面", site="T2")]
    rows_ += [station("旧塔", 129.41, 20.41, site="T3")]
    masts = [mast("T1", "通信铁塔", "规划"), mast("T2", "通信铁塔", "规划"), mast("T3", "通信铁塔", "在用")]
    stated = {
        "base_stations": geojson(tmp_path / "站.geojson", rows_),
        "towers_and_poles": geojson(tmp_path / "塔.geojson", masts),
        "basic_farmland": farm(tmp_path),
    }
    _, rows, facilities, page = run(tmp_path, **stated)
    assert facilities["判定"].to_dict() == {"同": "有冲突", "异": "无法判定", "旧塔": "有冲突"}
    assert facilities.loc["同", "合并的行数"] == 2 and rows.loc["同", "冲突面积（m²）"] == pytest.approx(100)
    assert "同一站址的类型不一致" in facilities.loc["异", "无法判定的原因"]
    assert "另有 1 处规划站址的编码在铁塔表中登记为在用" in page
    _, rows, facilities, _ = run(tmp_path, "认塔", **stated, built_sites="towers")
    assert facilities.loc["旧塔", "判定"] == "无冲突" and rows.loc["旧塔", "冲突面积（m²）"] == 0


def test_layers_of_a_folder_are_known_by_their_names_and_what_is_not_known_is_told(tmp_path):
    folder = tmp_path / "控制线"
    folder.mkdir()
    shapefile(folder / "YJJBNTBHHX.shp", [FARM])
    turn = Transformer.from_crs(4490, 4531, always_xy=True)
    flat = shapely.transform(shapely.segmentize(RED, 0.0005), lambda xy: np.column_stack(turn.transform(*xy.T)))
    shapefile(folder / "生态保护红线.shp", [flat], crs=None)
    shapefile(folder / "某图层.shp", [TOWN])
    stations = geojson(tmp_path / "站.geojson", [station("农", 129.41, 20.41), station("红", 129.51, 20.41)])
    stated = {"base_stations": stations, "control_source": str(folder)}
    with pytest.raises(InputError, match="没有坐标系"):
        run(tmp_path, **stated)
    result, rows, _, page = run(tmp_path, **stated, control_crs="EPSG:4531")
    assert result.summary["zones"] == {"ecological_red_line": 1, "basic_farmland": 1}
    assert rows["控制线"].to_dict() == {"农": "永久基本农田", "红": "生态保护红线"}
    for words in (
        "某图层",
        "未识别，未使用",
        "有 1 个图层不能按名称识别，未使用",
        "按图层名视为永久基本农田",
        "按指定的 EPSG:4531 使用",
    ):
        assert words in page
    assert "没有提供、未检查：城镇开发边界、城市黄线、自然保护地、水源保护区" in page


def test_the_layers_of_a_bureaus_geodatabase_are_taken_by_their_names(tmp_path):
    path = tmp_path / "一张图.gdb"
    for at, (name, shape) in enumerate((("STBHHX", RED), ("YJJBNT", FARM), ("CZKFBJ", TOWN), ("QT", TOWN))):
        columns = {"BSM": np.array([f"99012104{at:010d}"], dtype=object)}
        pyogrio.raw.write(
            path,
            shapely.to_wkb([shapely.multipolygons([shape])]),
            list(columns.values()),
            fields=list(columns),
            layer=name,
            geometry_type="MultiPolygon",
            crs="EPSG:4490",
            driver="OpenFileGDB",
            append=at > 0,
        )
    stations = geojson(tmp_path / "站.geojson", [station("农", 129.41, 20.41), station("外", 129.7, 20.41)])
    result, rows, _, page = run(tmp_path, base_stations=stations, control_source=str(path))
    assert result.summary["zones"] == {"ecological_red_line": 1, "basic_farmland": 1, "town_boundary": 1}
    assert rows.loc["农", "控制线编号"] == "990121040000000001"
    assert rows.loc["外", "位置"] == "在其外" and "一张图.gdb|QT" in page


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("YJJBNT", "basic_farmland"), ("YJJBNTBHHX", "basic_farmland"), ("YJJBNT_PY", "basic_farmland")),
        *(("STBHHX_LD", "ecological_red_line"), ("CZKFBJ_2017", "town_boundary"), ("ZXCQCSHX", "urban_yellow_line")),
        *(("永久基本农田", "basic_farmland"), ("城市黄线", "urban_yellow_line"), ("ZRBHD", "nature_reserve")),
        *(("饮用水水源保护区", "water_protection"), ("城市蓝线", ""), ("roads", "")),
    ],
)
def test_the_names_that_bureaus_use_are_known(name, kind):
    assert guess_kind(name) == kind


def test_a_control_line_that_crosses_itself_is_mended_and_the_change_told_and_a_point_is_not_lost(tmp_path):
    bow = shapely.Polygon([(129.40, 20.40), (129.42, 20.42), (129.42, 20.40), (129.40, 20.42)])
    zones = geojson(
        tmp_path / "农田.geojson", [({"BSM": "K1"}, bow), ({"BSM": "K2"}, shapely.Point(129, 20)), ({}, None)]
    )
    stations = geojson(tmp_path / "站.geojson", [station("右", 129.418, 20.41), station("上", 129.41, 20.418)])
    _, rows, facilities, page = run(tmp_path, base_stations=stations, basic_farmland=zones)
    assert facilities["判定"].to_dict() == {"右": "有冲突", "上": "无冲突"} and rows.loc["右", "控制线编号"] == "K1"
    assert "有 1 个面自交，已修正后使用，面积合计变化" in page and "K1" in page
    assert "有 2 行没有面（共 3 行）" in page


def test_a_layer_that_the_planner_names_takes_the_place_of_that_kind_in_the_workspace(tmp_path):
    own = geojson(tmp_path / "区.geojson", [({"控制线编号": "W", "控制线类型": "永久基本农田"}, FARM)])
    stations = geojson(tmp_path / "站.geojson", [station("旧", 129.41, 20.41), station("新", 129.51, 20.41)])
    _, rows, _, page = run(
        tmp_path,
        base_stations=stations,
        control_lines=own,
        basic_farmland=geojson(tmp_path / "新.geojson", [({}, RED)]),
    )
    assert rows.index.tolist() == ["新"] and "工作区中的 1 个未用" in page


def test_a_county_without_control_lines_cannot_be_told(tmp_path):
    units = [county("990121", "有县", shapely.box(129.3, 20.3, 129.6, 20.6))]
    units += [county("990122", "无县", shapely.box(129.6, 20.3, 129.9, 20.6))]
    stated = {"admin_units": geojson(tmp_path / "县.geojson", units), "basic_farmland": farm(tmp_path)}
    rows_ = [station("西", 129.35, 20.41), station("东", 129.7, 20.41)]
    _, _, facilities, page = run(tmp_path, base_stations=geojson(tmp_path / "站.geojson", rows_), **stated)
    assert facilities["判定"].to_dict() == {"西": "无冲突", "东": "无法判定"}
    assert facilities.loc["东", "无法判定的原因"].startswith("所在处缺少控制线数据")
    assert facilities.loc["东", "缺数据的控制线"] == "永久基本农田" and "无县没有永久基本农田数据" in page


def own_pack(folder, rule, value):
    folder.mkdir()
    text = f'[pack]\nid = "local"\nbase = "land"\n\n[[rule]]\nid = "{rule}"\nvalue = {value}\nreason = "省厅口径"\n'
    (folder / "local.toml").write_text(text, encoding="utf-8")
    return str(folder)


def test_a_planners_own_pack_changes_footprint_side_and_severity_and_the_report_says_so(tmp_path):
    stations = geojson(tmp_path / "站.geojson", [station("A", 129.41, 20.41)])
    stated = {"base_stations": stations, "basic_farmland": farm(tmp_path)}
    size = own_pack(tmp_path / "面积", "land.footprint.ground_tower", 256)
    _, rows, _, page = run(tmp_path, "一", **stated, own_packs=size)
    assert rows.loc["A", "冲突面积（m²）"] == pytest.approx(256) and "由 100 m² 改为 256 m²" in page
    grave = own_pack(tmp_path / "等级", "land.severity.basic_farmland.site", 1)
    _, rows, _, page = run(tmp_path, "二", **stated, own_packs=grave)
    assert rows.loc["A", "处理等级"] == "提示" and "由 应避让 改为 提示" in page
    side = own_pack(tmp_path / "内外", "land.outside", '["town_boundary", "basic_farmland"]')
    _, rows, facilities, _ = run(tmp_path, "三", **stated, own_packs=side)
    assert len(rows) == 0 and facilities.loc["A", "判定"] == "无冲突"
    for at, (rule, value) in enumerate(
        [("land.severity.basic_farmland.site", 7), ("land.outside", '["farm"]')], start=4
    ):
        with pytest.raises(InputError, match="规则"):
            run(tmp_path, str(at), **stated, own_packs=own_pack(tmp_path / str(at * 10), rule, value))


def test_without_facilities_or_control_lines_the_job_says_what_to_give(tmp_path):
    with pytest.raises(ParameterError, match="没有指定设施图层"):
        run(tmp_path, basic_farmland=farm(tmp_path))
    with pytest.raises(ParameterError, match="没有指定控制线"):
        run(tmp_path, base_stations=geojson(tmp_path / "站.geojson", [station("A", 129.4, 20.4)]))
    lines = geojson(tmp_path / "线.geojson", [({}, FARM.exterior)])
    with pytest.raises(InputError, match="没有面，不能用作永久基本农田"):
        run(tmp_path, base_stations=str(tmp_path / "站.geojson"), basic_farmland=lines)


def test_a_cable_in_conflict_gets_another_route_whose_figures_can_be_worked_by_hand(tmp_path):
    red = shapely.box(129.44, 20.40, 129.45, 20.42)
    cables = [cable("穿", [(129.40, 20.41), (129.50, 20.41)], "管道"), cable("避", [(129.40, 20.5), (129.5, 20.5)])]
    cables += [cable("海", [(129.40, 20.412), (129.50, 20.412)], "海底")]
    stated = {"trunk_cables": geojson(tmp_path / "缆.geojson", cables)}
    red_line = geojson(tmp_path / "红.geojson", [({}, red)])
    result, rows, _, page = run(tmp_path, **stated, ecological_red_line=red_line, alternatives=True, cell_m=100)
    found = pyogrio.read_dataframe(result.outputs["alternative_route"], layer="alternative_route").iloc[0]
    before = GEOD.inv(129.40, 20.41, 129.50, 20.41)[2]
    assert result.summary["alternatives"] == {"solved": 1, "lowered": 0, "no_better": 0, "not_sought": 1}
    assert found["feature_id"] == "穿" and found["outcome"] == "solved"
    assert found["before_in_m"] == pytest.approx(rows.loc["穿", "冲突长度（m）"], abs=0.01)
    line = shapely.line_merge(found.geometry)
    assert line.intersection(red).length == 0 and found["after_in_m"] == 0 and found["after_m2"] == 0
    ends = shapely.get_coordinates(line)[[0, -1]].tolist()
    assert ends == [[129.40, 20.41], [129.50, 20.41]]
    assert found["after_m"] == pytest.approx(GEOD.geometry_length(line), abs=0.01)
    assert found["extra_m"] == pytest.approx(found["after_m"] - before, abs=0.02)
    # No shorter than pulled tight around the corners of the box, no longer than along its sides.
    tight = shapely.LineString([(129.40, 20.41), (129.44, 20.42), (129.45, 20.42), (129.50, 20.41)])
    along = [(129.44, 20.41), (129.44, 20.42), (129.45, 20.42), (129.45, 20.41)]
    along = shapely.LineString([(129.40, 20.41), *along, (129.50, 20.41)])
    assert GEOD.geometry_length(tight) <= found["after_m"] <= GEOD.geometry_length(along)
    assert "水下光缆未推求替代路由" in page and "替代路由无冲突" in page


def test_where_no_route_is_better_that_is_said(tmp_path):
    cables = geojson(tmp_path / "缆.geojson", [cable("穿", [(129.44, 20.41), (129.45, 20.41)], "管道")])
    everywhere = geojson(tmp_path / "红.geojson", [({}, shapely.box(129, 20, 130, 21))])
    result, _, _, page = run(
        tmp_path, trunk_cables=cables, ecological_red_line=everywhere, alternatives=True, cell_m=200
    )
    assert result.summary["alternatives"]["no_better"] == 1 and "在该格网上未找到更好的路由" in page
    assert "窄于两个单元（400 m）的间隙可能看不到" in page
    assert "alternative_route" not in result.outputs


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("控制线 冲突")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


def test_the_sample_county_agrees_with_an_overlay_in_a_plane(home):
    result, rows, facilities, page = run(home, "样例", workspace=str(home / "海岳县.gpkg"), phase="all")
    zones = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="control_lines")
    parcels = pyogrio.read_dataframe(result.outputs["land_parcel"], layer="land_parcel")
    plane = Transformer.from_crs(4490, "+proj=laea +lat_0=20.4 +lon_0=129.5 +ellps=GRS80", always_xy=True)

    def flat(shapes):  # edges are straight in degrees
        dense = shapely.segmentize(np.asarray(shapes), 0.002)
        return shapely.transform(dense, lambda xy: np.column_stack(plane.transform(*xy.T)))

    own, areas = flat(parcels.geometry), flat(zones.geometry)
    of, zone = shapely.STRtree(areas).query(own)
    expected = {}
    for at, k in zip(of.tolist(), zone.tolist()):
        size = own[at].intersection(areas[k]).area
        if zones["kind"].iloc[k] != "town_boundary" and size > 0.01:
            expected[parcels["feature_id"].iloc[at], zones["zone_id"].iloc[k]] = size
    inside = rows[(rows["位置"] == "在其内") & (rows["冲突面积（m²）"] > 0)]
    found = dict(zip(zip(inside.index, inside["控制线编号"]), inside["冲突面积（m²）"]))
    assert found == pytest.approx(expected, abs=0.1) and len(found) > 10
    assert len(facilities) == result.summary["facilities"] == sum(facilities["判定"].value_counts())
    assert "未核实" in page


def test_two_runs_give_the_same_bytes(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "alternatives": True, "cell_m": 100}
    one, other = (run(home, name, **stated)[0] for name in ("甲", "乙"))
    for key in ("conflicts", "facilities", "report", "control_conflict"):
        assert Path(one.outputs[key]).read_bytes() == Path(other.outputs[key]).read_bytes()
    assert one.summary["alternatives"]["solved"] == 1


def test_a_delivery_package_can_take_the_conflicts_along(home, tmp_path):
    made = conflicts_for_delivery(home / "海岳县.gpkg", load("land"))
    _, rows, facilities, _ = run(home, "对照", workspace=str(home / "海岳县.gpkg"))
    paths = write_for_delivery(tmp_path, made)
    assert [path.name for path in paths] == ["control_line_conflicts.csv", "control_line_facilities.csv"]
    again = pd.read_csv(paths[0], dtype={"编号": str, "控制线编号": str}).set_index("编号")
    pd.testing.assert_frame_equal(again, rows)
    assert len(made.facilities) == len(facilities)
    run_job("create_workspace", {"workspace": str(tmp_path / "空.gpkg")}, tmp_path / "空")
    assert conflicts_for_delivery(tmp_path / "空.gpkg", load("land")) is None
