"""What must never be called clear: sites merged over a distance, control lines of elsewhere, unknown types."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError
from xinji_planner.layers.datum import wgs84_to_gcj02

from .land_kit import FARM, GEOD, RED, cable, county, geojson, plot, shapefile, station


def run(folder, name="结果", **stated):
    result = run_job("control_line_conflicts", {"alternatives": False, **stated}, folder / name)
    rows = pd.read_csv(result.outputs["conflicts"], dtype={"编号": str, "控制线编号": str}).set_index("编号")
    facilities = pd.read_csv(result.outputs["facilities"], dtype={"编号": str}).set_index("编号")
    return result, rows, facilities, Path(result.outputs["report"]).read_text(encoding="utf-8")


def projects(folder, name="用地", **stated):
    result = run_job("land_demand", stated, folder / name)
    table = pd.read_csv(result.outputs["projects"], dtype={"DKBH": str}).set_index("DKBH")
    return result, table, Path(result.outputs["report"]).read_text(encoding="utf-8")


def given(folder, rows, shapes=(FARM,)):
    zones = geojson(folder / "农田.geojson", [({}, shape) for shape in shapes])
    return {"base_stations": geojson(folder / "站.geojson", rows), "basic_farmland": zones}


def north(lat, metres):
    return GEOD.fwd(129.41, lat, 0, metres)[1]


def test_rows_of_one_site_id_far_from_each_other_are_judged_each_at_its_place_and_told(tmp_path):
    rows = [station("外", 129.43, 20.41, site="R"), station("内", 129.41, 20.41, site="R")]
    stated = given(tmp_path, rows)
    _, _, facilities, page = run(tmp_path, **stated)
    assert facilities["判定"].to_dict() == {"外": "无冲突", "内": "有冲突"}
    far = GEOD.inv(129.43, 20.41, 129.41, 20.41)[2] / 1000
    assert f"R（{far:.2f} km）" in page
    _, table, page = projects(tmp_path, **stated)
    assert table["ZYYNMJ"].to_dict() == {"外": 0, "内": 0.01} and f"R（{far:.2f} km）" in page


def test_rows_of_one_site_a_few_metres_apart_are_one_and_the_worst_of_their_places_counts(tmp_path):
    edge = 20.42
    rows = [station("一", 129.41, north(edge, 20), site="R"), station("二", 129.41, north(edge, -20), site="R")]
    stated = given(tmp_path, rows)
    result, found, facilities, page = run(tmp_path, **stated)
    assert facilities["合并的行数"].to_dict() == {"一": 2} and facilities.loc["一", "判定"] == "有冲突"
    assert found.loc["一", "冲突面积（m²）"] == pytest.approx(100) and result.summary["facilities"] == 1
    assert "各处坐标均已检查" in page
    result, table, _ = projects(tmp_path, **stated)
    assert table.loc["一", ["YDMJ", "ZYYNMJ"]].tolist() == [0.01, 0.01]
    assert result.summary["by_code_m2"] == {"130600": 100.0}


@pytest.mark.parametrize("sign", ["0", "无", "－", "/", "000"])
def test_a_sign_for_nothing_is_no_site_id(tmp_path, sign):
    rows = [station("外", 129.43, 20.41, site=sign), station("内", 129.41, 20.41, site=sign)]
    _, _, facilities, page = run(tmp_path, **given(tmp_path, rows))
    assert facilities["判定"].to_dict() == {"外": "无冲突", "内": "有冲突"} and "已按不同站址分别判断" not in page


def test_a_site_is_there_only_where_something_in_use_stands_and_not_by_its_id_alone(tmp_path):
    rows = [station("旧", 129.49, 20.41, site="B", status="现状"), station("新", 129.41, 20.41, site="B")]
    rows += [station("老", 129.415, north(20.41, 30), site="C", status="现状"), station("扩", 129.415, 20.41, site="C")]
    stated = given(tmp_path, rows)
    _, found, facilities, page = run(tmp_path, **stated)
    assert found["冲突面积（m²）"].to_dict() == {"新": pytest.approx(100), "扩": 0}
    assert facilities.loc["扩", "说明"] == "站址已建成，不新占土地" and facilities["说明"].isna()["新"]
    far = GEOD.inv(129.49, 20.41, 129.41, 20.41)[2] / 1000
    assert f"B（{far:.2f} km）" in page and "按新占土地判断" in page
    _, table, _ = projects(tmp_path, **stated)
    assert table["ZYYNMJ"].to_dict() == {"新": 0.01}


def test_a_rooftop_and_a_station_of_unknown_type_at_one_place_cannot_be_told(tmp_path):
    rows = [station("楼", 129.41, 20.41, "楼面", site="V"), station("谜", 129.41, 20.41, None, site="V")]
    _, found, facilities, _ = run(tmp_path, **given(tmp_path, rows))
    assert facilities["判定"].to_dict() == {"楼": "无法判定"} and len(found) == 0
    assert "同一站址有的行类型为空或认不出" in facilities.loc["楼", "无法判定的原因"]
    assert facilities.loc["楼", "中心线或点位所在"] == "永久基本农田"


def test_control_lines_that_lie_elsewhere_make_nothing_clear(tmp_path):
    rows = [station("站", 129.41, 20.41), station("楼", 129.411, 20.41, "楼面")]
    stated = given(tmp_path, rows, [shapely.affinity.translate(FARM, 5, 0)])
    _, _, facilities, page = run(tmp_path, **stated)
    # Farmland does not count for a rooftop, wherever it is.
    assert facilities["判定"].to_dict() == {"站": "无法判定", "楼": "无冲突"}
    assert facilities.loc["站", "缺数据的控制线"] == "永久基本农田" and "请核对该图层的坐标系" in page
    _, _, facilities, page = run(tmp_path, "齐全", **stated, complete_kinds=["basic_farmland"])
    assert facilities.loc["站", "判定"] == "无冲突" and "请核对该图层的坐标系" in page
    _, table, _ = projects(tmp_path, **stated)
    assert table["ZYYNMJ"].isna().all()


def test_a_kind_is_known_county_by_county_and_the_report_and_the_table_say_so(tmp_path):
    units = [county("990121", "西县", shapely.box(129.3, 20.3, 129.46, 20.6))]
    units += [county("990122", "东县", shapely.box(129.46, 20.3, 129.9, 20.6))]
    rows = [station("西", 129.35, 20.41), station("东", 129.60, 20.41), station("红", 129.51, 20.41)]
    stated = given(tmp_path, rows) | {"admin_units": geojson(tmp_path / "县.geojson", units)}
    stated["ecological_red_line"] = geojson(tmp_path / "红.geojson", [({}, RED)])
    _, _, facilities, page = run(tmp_path, **stated)
    assert facilities["判定"].to_dict() == {"西": "无法判定", "东": "无法判定", "红": "有冲突"}
    assert facilities["缺数据的控制线"].to_dict() == {"西": "生态保护红线", "东": "永久基本农田", "红": "永久基本农田"}
    assert "东县没有永久基本农田数据" in page and "西县没有生态保护红线数据" in page
    complete = ["basic_farmland", "ecological_red_line"]
    _, _, facilities, page = run(tmp_path, "齐全", **stated, complete_kinds=complete)
    assert (
        facilities["判定"].to_dict() == {"西": "无冲突", "东": "无冲突", "红": "有冲突"} and "已声明齐全：确无" in page
    )
    _, table, page = projects(tmp_path, **stated)
    assert table["ZYYNMJ"].isna().to_dict() == {"西": False, "东": True, "红": True}
    assert table["SJSTHXMJ"].isna().to_dict() == {"西": True, "东": False, "红": False}
    assert "东县没有永久基本农田数据" in page
    _, table, _ = projects(tmp_path, "用地齐全", **stated, complete_kinds=complete)
    assert table[["ZYYNMJ", "SJSTHXMJ"]].notna().all(axis=None)


def zoned(shapes, epsg=4531, *, dense=False):
    turn = Transformer.from_crs(4490, epsg, always_xy=True)
    given_ = shapely.segmentize(np.array(shapes), 0.0005) if dense else np.array(shapes)
    return shapely.transform(given_, lambda xy: np.column_stack(turn.transform(*xy.T))).tolist()


@pytest.mark.parametrize(("stated", "said"), [("EPSG:4530", "42"), ("EPSG:4552", "不带带号")])
def test_eastings_that_begin_with_another_zone_than_the_stated_one_are_refused(tmp_path, stated, said):
    path = shapefile(tmp_path / "农田.shp", zoned([FARM]), crs=None)
    stations = geojson(tmp_path / "站.geojson", [station("站", 129.41, 20.41)])
    with pytest.raises(InputError, match="以带号 43 开头") as refused:
        run(tmp_path, base_stations=stations, basic_farmland=path, control_crs=stated)
    assert said in refused.value.message.zh and "EPSG:4531" in refused.value.remedy.zh
    _, found, _, _ = run(tmp_path, "对", base_stations=stations, basic_farmland=path, control_crs="EPSG:4531")
    assert found.loc["站", "冲突面积（m²）"] == pytest.approx(100)


def test_coordinates_that_cannot_lie_in_the_stated_crs_are_refused_by_its_name(tmp_path):
    path = shapefile(tmp_path / "农田.shp", zoned([FARM]), crs=None)
    stations = geojson(tmp_path / "站.geojson", [station("站", 129.41, 20.41)])
    for code in ("EPSG:4490", "EPSG:32652"):
        with pytest.raises(InputError, match=code if code == "EPSG:4490" else "UTM"):
            run(tmp_path, code[-4:], base_stations=stations, basic_farmland=path, control_crs=code)


def test_a_long_straight_edge_of_a_zone_stays_straight_in_it(tmp_path):
    """An edge of 40 km along the grid: its middle lies metres off the line in degrees between its ends."""
    turn = Transformer.from_crs(4490, 4531, always_xy=True)
    back = Transformer.from_crs(4531, 4490, always_xy=True)
    x, y = turn.transform(129.41, 20.41)
    zone = shapely.box(x - 20_000, y, x + 20_000, y + 3000)
    rows = []
    for metres in (-6, -2, 0, 3, 6):
        rows.append(station(f"{metres}", *back.transform(x, y + metres)))
    stations = geojson(tmp_path / "站.geojson", rows)
    _, found, _, _ = run(
        tmp_path, base_stations=stations, basic_farmland=shapefile(tmp_path / "田.shp", [zone], crs="EPSG:4531")
    )
    assert found["冲突面积（m²）"].to_dict() == {
        number: pytest.approx(area, abs=0.1) for number, area in {"-2": 30, "0": 50, "3": 80, "6": 100}.items()
    }


def test_plots_and_cables_given_in_a_zone_keep_their_long_edges(tmp_path):
    turn = Transformer.from_crs(4490, 4531, always_xy=True)
    x, y = turn.transform(129.41, 20.41)
    line, area = shapely.LineString([(x - 20_000, y), (x + 20_000, y)]), shapely.box(x - 5000, y, x + 5000, y + 100)
    for name, values, shape in (("缆", cable("缆", [(0, 0), (1, 1)])[0], line), ("数", plot("数", area)[0], area)):
        pyogrio.raw.write(
            tmp_path / f"{name}.gpkg",
            shapely.to_wkb([shape]),
            [np.array([value], dtype=object) for value in values.values()],
            fields=list(values),
            geometry_type=shape.geom_type,
            crs="EPSG:4531",
        )
    # The zone begins on the cable's own straight line, and at the plot's lower edge.
    above = shapefile(tmp_path / "红.shp", [shapely.box(x - 4000, y, x + 4000, y + 50)], crs="EPSG:4531")
    stated = {"trunk_cables": str(tmp_path / "缆.gpkg"), "dc_clusters": str(tmp_path / "数.gpkg")}
    _, found, _, _ = run(tmp_path, **stated, ecological_red_line=above)
    grid = Transformer.from_crs(4531, 4490, always_xy=True)
    scale = GEOD.inv(*grid.transform(x - 4000, y), *grid.transform(x + 4000, y))[2] / 8000
    assert found.loc["缆", "冲突面积（m²）"] == pytest.approx(8000 * scale * 2, rel=1e-3)
    assert found.loc["数", "冲突面积（m²）"] == pytest.approx(8000 * 50 * scale * scale, rel=1e-4)


def shifted(shape):
    return shapely.transform(shape, lambda xy: np.column_stack(wgs84_to_gcj02(*xy.T)))


def test_control_lines_with_the_shift_of_gcj02_are_refused_where_the_workspace_shows_it(tmp_path):
    corners = np.column_stack([129.41 + 0.01 * np.cos(np.arange(40)), 20.41 + 0.01 * np.sin(np.arange(40))])
    zone = shapely.MultiPoint(corners).convex_hull
    stated = given(tmp_path, [station("站", 129.41, 20.41)], [shifted(zone)])
    own = geojson(tmp_path / "区.geojson", [({"控制线编号": "W", "控制线类型": "永久基本农田"}, zone)])
    with pytest.raises(InputError, match="的坐标带有 GCJ-02 偏移"):
        run(tmp_path, **stated, control_lines=own)
    _, _, _, page = run(tmp_path, "无据", **stated)
    assert "坐标基准未经证实：农田.geojson" in page
    sound = given(tmp_path, [station("站", 129.41, 20.41)], [zone])
    _, _, _, page = run(tmp_path, "有据", **sound, control_lines=own)
    assert "坐标基准未经证实" not in page


def test_an_empty_control_layer_is_set_aside_and_told_and_alone_it_is_refused(tmp_path):
    empty = tmp_path / "空.gpkg"
    none = np.empty(0, dtype=object)
    pyogrio.raw.write(empty, none, [none], fields=["BSM"], geometry_type="Polygon", crs="EPSG:4490", driver="GPKG")
    stated = given(tmp_path, [station("站", 129.41, 20.41)])
    _, _, facilities, page = run(tmp_path, **stated, ecological_red_line=str(empty))
    assert facilities.loc["站", "判定"] == "有冲突" and "生态保护红线（空.gpkg）没有任何行" in page
    assert "没有提供、未检查：生态保护红线" in page
    with pytest.raises(InputError, match="指定的控制线都没有数据"):
        run(tmp_path, "独", base_stations=stated["base_stations"], ecological_red_line=str(empty))


def test_rows_that_cannot_be_read_are_listed_with_their_reasons_and_counted(tmp_path):
    rows = [station("站", 129.41, 20.41), station("缺", 129.41, 20.41, status=None)]
    result, _, _, page = run(tmp_path, **given(tmp_path, rows))
    assert result.summary["unread_rows"] == 1 and "未能读取的行" in page and "缺站" in page
    result, _, page = projects(tmp_path, **given(tmp_path, rows))
    assert result.summary["unread_rows"] == 1 and "未能读取的行" in page


def test_without_administrative_units_the_county_is_unknown_and_not_beyond(tmp_path):
    stated = given(tmp_path, [station("站", 129.41, 20.41)])
    _, _, page = projects(tmp_path, **stated)
    assert "县不明（没有行政区划）" in page and "县界以外" not in page
    units = geojson(tmp_path / "县.geojson", [county("990121", "远县", shapely.box(128, 20, 128.5, 20.5))])
    _, _, page = projects(tmp_path, "有县", **stated, admin_units=units)
    assert "县界以外" in page


RING = [(129.405, 20.39), (129.415, 20.39), (129.415, 20.43), (129.405, 20.43), (129.405, 20.39)]


@pytest.mark.parametrize("places", [RING, [(129.40, 20.39), (129.41, 20.41), (129.40, 20.39)]])
def test_a_ring_in_conflict_gets_no_other_route_and_says_why(tmp_path, places):
    cables = geojson(tmp_path / "缆.geojson", [cable("环", places, "管道")])
    farm = geojson(tmp_path / "红.geojson", [({}, FARM)])
    result, _, _, page = run(tmp_path, trunk_cables=cables, ecological_red_line=farm, alternatives=True, cell_m=200)
    assert result.summary["alternatives"]["not_sought"] == 1 and "起点与终点重合（成环）" in page


def barring(folder):
    folder.mkdir()
    text = (
        '[pack]\nid = "l"\nbase = "least-cost"\n\n[[rule]]\nid = "cost.ecological_red_line"\nvalue = 0\nreason = "禁"\n'
    )
    (folder / "l.toml").write_text(text, encoding="utf-8")
    return str(folder)


def test_an_end_in_a_barred_control_line_still_lets_the_conflict_be_lowered_and_is_told(tmp_path):
    places = [(129.51, 20.402), (129.53, 20.402)]
    stated = {
        "trunk_cables": geojson(tmp_path / "缆.geojson", [cable("缆", places, "管道")]),
        "ecological_red_line": geojson(tmp_path / "红.geojson", [({}, RED)]),
        "own_packs": barring(tmp_path / "规则"),
    }
    result, _, _, page = run(tmp_path, **stated, alternatives=True, cell_m=50)
    route = pyogrio.read_dataframe(result.outputs["alternative_route"], layer="alternative_route").iloc[0]
    assert route["outcome"] == "lowered" and route["after_in_m"] < 0.5 * route["before_in_m"]
    assert "端点所在的生态保护红线：代价 100 倍" in page


def test_the_corridor_of_another_route_keeps_out_of_the_control_line_and_not_its_centre_alone(tmp_path):
    red = shapely.box(129.44, 20.40, 129.45, 20.42)
    cables = [cable(f"缆{k}", [(129.40, 20.404 + 0.002 * k), (129.50, 20.405 + 0.002 * k)], "架空") for k in range(6)]
    wide = tmp_path / "宽"
    wide.mkdir()
    text = '[pack]\nid = "w"\nbase = "land"\n\n[[rule]]\nid = "land.corridor.aerial"\nvalue = 120\nreason = "宽"\n'
    (wide / "w.toml").write_text(text, encoding="utf-8")
    stated = {"trunk_cables": geojson(tmp_path / "缆.geojson", cables), "own_packs": str(wide)}
    red_line = geojson(tmp_path / "红.geojson", [({}, red)])
    result, _, _, _ = run(tmp_path, **stated, ecological_red_line=red_line, alternatives=True, cell_m=60)
    routes = pyogrio.read_dataframe(result.outputs["alternative_route"], layer="alternative_route")
    assert set(routes["outcome"]) == {"solved"} and (routes["after_m2"] == 0).all() and len(routes) == 6
    metre = 0.01 / GEOD.inv(129.44, 20.41, 129.45, 20.41)[2]
    assert (routes.geometry.distance(red) > 60 * metre).all()
