"""Reading VCT files that were written by hand, from the grammar."""

import random
import zipfile

import numpy as np
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.vct.reading import curves
from xinji_planner.layers.vct.reading.file import read_vct
from xinji_planner.layers.vct.reading.layers import features_of, layers_of, strays
from xinji_planner.tests.engine.import_kit import do_import
from xinji_planner.tests.engine.vct_kit import (
    AREA,
    CODES,
    LINE,
    POINT,
    TABLES,
    X,
    Y,
    area,
    item,
    point,
    polyline,
    rows,
    save,
    section,
    square,
    vct,
    xy,
)  # fmt: skip

POINTS, LINES, AREAS = "通信设施点", "通信线路", "城市黄线"


def shapes(table):
    """Give the geometry as metres from the place that the kit counts from."""
    return list(shapely.transform(table.geometry, lambda places: np.round(places - (X, Y), 4)))


def column(table, name):
    return table.cells[table.headings.index(name)].tolist()


def codes_of(table):
    return {block.code: block for block in table.findings}


def one_point(folder, **more):
    return read_source(save(folder, vct([point(1)], attributes=[rows("TXD", 1)], **more)), POINTS)


# --- the file as the facts give it, in our own numbers --------------------------------------------------------


LAND_SURVEY = """HeadBegin
Datamark: LANDUSE-VCT
Version:3.0
CoordinateSystemType:P
Dim:2
XAxisDirection:E
YAxisDirection:N
XYUnit:M
ZUnit:M
Spheroid:CGCS2000,6378137.0,298.257222101
PrimeMeridian:Greenwich
Projection:高斯-克吕格投影
Parameters:117,1,39500000,0,3,39
VerticalDatum:1985国家高程基准
TemporalReferenceSystem:北京时间
ExtentMin:39470000.000000,4540000.000000
ExtentMax:39470000.000000,4540000.000000
MapScale:2000
Offset:0,0
Date:20261120
Separator:,
HeadEnd

FeatureCodeBegin
2090020234,城市黄线,Polygon,ZXCQCSHX
FeatureCodeEnd

TableStructureBegin
ZXCQCSHX,3
BSM,Char,18
YSDM,Char,10
MJ,Float,15,2
0

TableStructureEnd

LineBegin
1
1099000000
unkown
1
1
11
4
39470000.000000,4540000.000000
39470000.000000,4540600.000000
39470800.000000,4540000.000000
39470000.000000,4540000.000000
0
LineEnd

PolygonBegin
2
2090020234
unknown
100
39470200.000000,4540200.000000
21
1
1
0
PolygonEnd

AttributeBegin
ZXCQCSHX
2,540123100000000001,2090020234,240000.00
TableEnd
AttributeEnd
"""


def test_a_land_survey_file_gives_its_polygon_with_attributes_and_crs(tmp_path):
    path = save(tmp_path, LAND_SURVEY)
    assert layer_names(path) == (AREAS,)
    table = read_source(path)
    assert table.headings == ["BSM", "YSDM", "MJ"]
    assert [cells.tolist() for cells in table.cells] == [["540123100000000001"], ["2090020234"], ["240000.00"]]
    assert table.geometry[0].area == 240000
    assert table.crs.to_epsg() == 4527
    assert table.format == "VCT"
    assert table.rows.tolist() == [LAND_SURVEY.split("\n").index("2,540123100000000001,2090020234,240000.00") + 1]
    assert not table.damaged
    assert not table.notices


def test_a_head_without_the_optional_keys_is_enough(tmp_path):
    gone = ("VerticalDatum", "Temporal", "Extent", "MapScale", "Offset", "Date")
    text = "\n".join(line for line in LAND_SURVEY.split("\n") if not line.startswith(gone))
    assert read_source(save(tmp_path, text)).crs.to_epsg() == 4527


def test_keywords_count_in_any_case_and_blank_lines_and_comments_for_nothing(tmp_path):
    words = ("HeadBegin", "HeadEnd", "PolygonBegin", "PolygonEnd", "TableEnd", "AttributeEnd")
    text = LAND_SURVEY
    for word in words:
        text = text.replace(word, word.upper())
    text = "CommentBegin\n说明：HeadBegin 之前\nCommentEnd\n" + text.replace("\n0\n", "\n\n0\n\n")
    assert read_source(save(tmp_path, text)).geometry[0].area == 240000


def test_polygons_of_polygons_take_the_shape_of_those(tmp_path):
    helper = area(194, square()).replace(AREA, "1099000000")
    found = item(193, AREA, 100, xy((10, 10)), 22, 1, 194)
    table = read_source(save(tmp_path, vct(polygons=[found, helper], attributes=[rows("ZXCQCSHX", 193)])), AREAS)
    assert shapes(table)[0].equals(shapely.Polygon(square()))
    assert not table.damaged
    assert not table.notices


# --- every kind of geometry -----------------------------------------------------------------------------------


def test_every_kind_of_point_is_read_with_and_without_its_count(tmp_path):
    points = [
        point(1, 1, 2),
        item(2, POINT, 1, 1, xy((3, 4))),
        item(3, POINT, 2, xy((5, 6))),
        item(4, POINT, 3, xy((7, 8), (9, 9))),
        item(5, POINT, 3, 2, xy((7, 8), (9, 9))),
        item(6, POINT, 4, 2, xy((1, 1), (2, 2))),
        item(7, POINT, 4, xy((1, 1), (2, 2))),
    ]
    table = read_source(save(tmp_path, vct(points, attributes=[rows("TXD", *range(1, 8))])), POINTS)
    assert [one.wkt for one in shapes(table)] == [
        *("POINT (1 2)", "POINT (3 4)", "POINT (5 6)", "POINT (7 8)", "POINT (7 8)"),
        *("MULTIPOINT ((1 1), (2 2))",) * 2,
    ]
    assert not table.damaged
    assert any("2 个有向点的方向未采用" in words.zh for words in table.notices)


def test_lines_of_several_segments_join_where_they_meet(tmp_path):
    body = (11, 2, xy((0, 0), (1, 0)), 11, 3, xy((1, 0), (1, 1), (2, 2)))
    apart = (11, 2, xy((0, 0), (1, 0)), 11, 2, xy((5, 5), (6, 6)))
    lines = [item(1, LINE, 1, 2, *body), item(2, LINE, 1, 2, *apart)]
    table = read_source(save(tmp_path, vct(lines=lines, attributes=[rows("TXX", 1, 2)])), LINES)
    assert [one.wkt for one in shapes(table)] == [
        "LINESTRING (0 0, 1 0, 1 1, 2 2)",
        "MULTILINESTRING ((0 0, 1 0), (5 5, 6 6))",
    ]
    assert codes_of(table)["multipart"].at.tolist() == [1]


@pytest.mark.parametrize("ids", [("2", "1,-2"), ("1,-2",)])
def test_a_line_may_refer_to_lines_and_run_them_backwards(tmp_path, ids):
    parts = [polyline(1, (0, 0), (1, 0), code="1099000000"), polyline(2, (5, 5), (1, 0), code="1099000000")]
    whole = item(3, LINE, 100, *ids)
    table = read_source(save(tmp_path, vct(lines=[whole, *parts], attributes=[rows("TXX", 3)])), LINES)
    assert [one.wkt for one in shapes(table)] == ["LINESTRING (0 0, 1 0, 5 5)"]
    assert not table.notices


def test_direct_polygons_with_holes_and_islands_do_not_depend_on_the_direction_of_their_rings(tmp_path):
    outline, hole, island, far = square(), square(10, 10, 50), square(20, 20, 10), square(500, 0, 30)
    expected = shapely.MultiPolygon([(outline, [hole]), (island, []), (far, [])])
    for turned in ([outline, hole, island, far], [hole[::-1], far, outline[::-1], island]):
        table = read_source(save(tmp_path, vct(polygons=[area(1, *turned)], attributes=[rows("ZXCQCSHX", 1)])), AREAS)
        assert shapes(table)[0].equals(expected)


def test_indirect_polygons_follow_signs_and_separators_over_several_lines_of_ids(tmp_path):
    corners = square()
    lines = [polyline(n + 1, *corners[n : n + 2], code="1099000000") for n in range(3)]
    lines.append(polyline(4, corners[4], corners[3], code="1099000000"))  # the other way round
    holes = [square(10 + 20 * n, 10, 10) for n in range(3)]
    lines += [polyline(5 + n, *hole, code="1099000000") for n, hole in enumerate(holes)]
    found = item(9, AREA, 100, xy((5, 5)), 21, 10, "1,2,3,-4,0,5,0,6", "0,7")
    table = read_source(save(tmp_path, vct(lines=lines, polygons=[found], attributes=[rows("ZXCQCSHX", 9)])), AREAS)
    assert shapes(table)[0].equals(shapely.Polygon(corners, holes))
    assert not table.damaged


def test_arcs_become_chords_within_the_stated_error_and_it_is_told(tmp_path):
    arc = item(1, LINE, 1, 1, 12, 5, xy((-100, 0), (0, 100), (100, 0), (200, -100), (300, 0)))
    table = read_source(save(tmp_path, vct(lines=[arc], attributes=[rows("TXX", 1)])), LINES)
    line = shapes(table)[0]
    assert line.coords[0] == (-100, 0)
    assert line.coords[-1] == (300, 0)
    assert line.length == pytest.approx(2 * np.pi * 100, abs=0.02)
    first = shapely.LineString([c for c in line.coords if c[0] <= 100])
    middle = (np.array(first.coords)[1:] + np.array(first.coords)[:-1]) / 2
    assert (100 - np.hypot(*middle.T)).max() < 0.0011
    block = codes_of(table)["curves"]
    assert block.grave == "informs"
    assert "0.001 m" in block.why[0].zh


@pytest.mark.parametrize("middle", [(0.0, 100.0), (0.0, -100.0), (60.0, 80.0), (-99.0, -14.106735979665885)])
def test_an_arc_runs_through_the_point_between(middle):
    found = curves.three_point_arcs(np.array([(-100.0, 0.0), middle, (100.0, 0.0)]), 0.001)
    assert shapely.LineString(found).distance(shapely.Point(middle)) < 0.002
    assert np.allclose(np.hypot(*found.T), 100, atol=1e-6)


def test_rings_may_be_circles_and_ellipses(tmp_path):
    found = [
        item(1, AREA, 1, xy((0, 0)), 1, 12, 3, xy((-50, 0), (0, 50), (50, 0))),
        item(2, AREA, 1, xy((0, 0)), 1, 13, xy((0, 0)), 50),
        item(3, AREA, 1, xy((0, 0)), 1, 13, 1, xy((0, 0)), 50),
        item(4, AREA, 1, xy((0, 0)), 1, 14, xy((0, 0), (100, 0)), 0.25),
        item(5, AREA, 1, xy((0, 0)), 2, 11, 5, xy(*square(-100, -100, 200)), 13, xy((0, 0)), 50),
    ]
    table = read_source(save(tmp_path, vct(polygons=found, attributes=[rows("ZXCQCSHX", *range(1, 6))])), AREAS)
    circle = np.pi * 50**2
    expected = [circle, circle, circle, circle, 40000 - circle]
    assert [one.area for one in shapes(table)] == pytest.approx(expected, abs=0.4)
    assert {block.grave for block in table.findings if block.code == "curves"} == {"informs", "warns"}


def test_splines_pass_as_what_they_are_taken_for_and_the_planner_is_warned(tmp_path):
    through = [(0, 0), (50, 40), (100, 0), (160, 20)]
    lines = [item(n, LINE, 1, 1, shape, 4, xy(*through)) for n, shape in enumerate((15, 16, 17), 1)]
    lines.append(item(4, LINE, 1, 1, 13, 3, xy((0, 0), (100, 0), (0, 100))))
    table = read_source(save(tmp_path, vct(lines=lines, attributes=[rows("TXX", 1, 2, 3, 4)])), LINES)
    spline, b_spline, bezier, arc = shapes(table)
    assert all(spline.distance(shapely.Point(place)) < 0.001 for place in through)
    assert shapely.hausdorff_distance(b_spline, bezier) < 0.01  # of four points the same
    assert bezier.distance(shapely.Point(76.25, 17.5)) < 0.001  # De Casteljau at ½
    assert arc.length == pytest.approx(50 * np.pi, abs=0.01)
    warned = [block for block in table.findings if block.code == "curves"]
    assert [block.grave for block in warned] == ["warns"] * 4
    assert all("未经标准原文核实" in block.why[0].zh for block in warned)


def test_an_elliptic_arc_whose_numbers_nobody_verified_is_set_aside_and_not_drawn(tmp_path):
    lines = [item(1, LINE, 1, 1, 14, 3, xy((0, 0), (1, 0), (2, 0))), polyline(2, (0, 0), (1, 1))]
    table = read_source(save(tmp_path, vct(lines=lines, attributes=[rows("TXX", 1, 2)])), LINES)
    assert list(table.damaged) == [0]
    assert "椭圆弧" in table.damaged[0].zh
    assert shapes(table)[1].length > 1


def test_a_third_coordinate_is_left_out_and_told(tmp_path):
    text = vct([item(1, POINT, 1, f"{X},{Y},3500.5")], attributes=[rows("TXD", 1)], head={"Dim": "3"})
    table = read_source(save(tmp_path, text), POINTS)
    assert table.geometry[0].wkt == f"POINT ({X:.0f} {Y:.0f})"
    assert any("第三个数" in words.zh for words in table.notices)


def test_annotations_topology_and_unknown_sections_are_told_and_not_read(tmp_path):
    more = [
        section("Annotation", item(9, "2090020999", 1, "0\n不是对象 PointBegin", f"{X},{Y},0")),
        section("Topology", section("NodeTopology", "1", "1", "2", "0")),
        section("Extension", "任意内容"),
        section("Style", "ConstantBegin", "ConstantEnd"),
    ]
    table = one_point(tmp_path, more=more)
    told = " ".join(words.zh for words in table.notices)
    assert "注记" in told
    assert "拓扑" in told
    assert "ExtensionBegin" in told
    assert not table.damaged


def test_a_ring_that_does_not_end_where_it_began_is_closed_and_told(tmp_path):
    text = vct(polygons=[area(1, square()[:-1])], attributes=[rows("ZXCQCSHX", 1)])
    table = read_source(save(tmp_path, text), AREAS)
    assert shapes(table)[0].area == 10000
    assert codes_of(table)["ring_not_closed"].at.tolist() == [0]


# --- encodings, separators, axes, CRS ---------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_texts_come_in_gbk_gb18030_and_utf8_with_any_line_end(tmp_path, encoding, line_end):
    path = save(tmp_path, vct([point(1)], attributes=[rows("TXD", 1)]), encoding, line_end=line_end)
    table = read_source(path, POINTS)
    assert column(table, "MC") == ["对象1"]
    assert table.rows.tolist() == [path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n").index(
        "1,B1,对象1,1.50".encode(encoding.removesuffix("-sig"))) + 1]  # fmt: skip


def test_another_separator_holds_for_attributes_and_commas_stay_in_the_values(tmp_path):
    attributes = "TXD\n1|B1|东山,站|1.50\nTableEnd"
    table = read_source(save(tmp_path, vct([point(1)], attributes=[attributes], head={"Separator": "|"})), POINTS)
    assert column(table, "MC") == ["东山,站"]


def test_a_head_with_north_first_turns_the_pairs(tmp_path):
    turned = item(1, POINT, 1, f"{Y},{X}")
    text = vct([turned], attributes=[rows("TXD", 1)], head={"XAxisDirection": "N", "YAxisDirection": "E"})
    table = read_source(save(tmp_path, text), POINTS)
    assert table.geometry[0].coords[0] == (X, Y)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({}, 4527),
        ({"Parameters": "117,1,500000,0,3,39"}, 4527),  # the eastings bear the number all the same, and that is told
        ({"Parameters": "117,0,,,,1,39500000,0,3,"}, 4527),
        ({"Parameters": "117,0,,,,1,39500000,0,3,39"}, 4527),
        ({"Spheroid": "西安(1980),6378.140,298.257"}, 2363),
        ({"Spheroid": "北京1954,6378245,298.3"}, 2415),
        ({"CoordinateSystemType": "D", "XYUnit": "D", "Projection": None, "Parameters": None}, 4490),
    ],
)
def test_the_head_tells_the_crs(tmp_path, head, code):
    degrees = head.get("XYUnit") == "D"
    places = [item(1, POINT, 1, "116.5,40.9")] if degrees else [point(1)]
    table = read_source(save(tmp_path, vct(places, attributes=[rows("TXD", 1)], head=head)), POINTS)
    assert table.crs.to_epsg() == code
    slots = (head.get("Parameters") or "").split(",")
    assert bool(table.notices) == ("500000" in slots or len(slots) > 6)  # what was inferred is told


def test_eastings_without_a_zone_number_get_the_zone_without_it(tmp_path):
    places = [item(1, POINT, 1, f"470000.0,{Y}")]
    head = {"Parameters": "117,1,500000,0,3,39"}
    table = read_source(save(tmp_path, vct(places, attributes=[rows("TXD", 1)], head=head)), POINTS)
    assert table.crs.to_epsg() == 4548


@pytest.mark.parametrize(
    "head",
    [
        {"Spheroid": "CGCS2000,6378245.0,298.3"},  # name and figures of two ellipsoids
        {"Spheroid": None},
        {"CoordinateSystemType": "C"},
        {"Projection": "兰伯特"},
        {"Parameters": "117"},
        {"Parameters": ",1,39500000,0,3,39"},
    ],
)
def test_a_head_that_states_no_crs_that_is_understood_leaves_it_open_and_says_so(tmp_path, head):
    table = one_point(tmp_path, head=head)
    assert table.crs is None
    assert any("坐标系按未说明处理" in words.zh for words in table.notices)
    assert "no_prj" in codes_of(table)


# --- rows and objects that do not fit: set aside, with the line --------------------------------------------------


def test_rows_and_objects_without_a_partner_are_kept_with_the_reason(tmp_path):
    attributes = ["TXD\n1,B1,甲,1\n7,B7,乙,1\n3,B3,丙\n4,B4,丁,戊,1\nX,B5,己,1\n6,B6,庚,1\n6,B6,辛,1\nTableEnd"]
    points = [point(1), point(2), point(3), point(4), point(6), point(8), point(8, 5, 5)]
    path = save(tmp_path, vct(points, attributes=attributes))
    table = read_source(path, POINTS)
    said = {column(table, "BSM")[at] or f"object {at}": words.zh for at, words in table.damaged.items()}
    assert len(table) == 7 + 3  # rows, and objects without one
    assert sorted(said) == ["B3", "B4", "B5", "B6", "B7", "object 0", "object 1", "object 2"]
    assert "没有对应的几何对象 7" in said["B7"]
    assert "3 个值" in said["B3"]
    assert "分隔符" in said["B4"]
    assert "不是对象标识号" in said["B5"]
    assert "2 条记录" in said["B6"]
    assert "没有记录" in said["object 0"]
    assert "已有" in said["object 2"]
    assert column(table, "MJ")[[*column(table, "BSM")].index("B4")] == "戊,1"  # nothing of the line is lost
    lines = path.read_text(encoding="gb18030").split("\n")
    assert lines[table.rows[-1] - 1].strip() == "6,B6,辛,1"


BROKEN = {
    "no end": (lambda text: text.replace("0\n2\n2090020521", "2\n2090020521", 1), "结束对象的 0"),
    "type": (lambda text: text.replace("unknown\n1\n", "unknown\n7\n", 1), "点的类型 1–4"),
    "coordinates": (lambda text: text.replace(f"{X:.4f},", "东,", 1), "坐标“X,Y”"),
    "infinite": (lambda text: text.replace(f"{X:.4f},", "nan,", 1), "坐标“X,Y”"),
    "one number": (lambda text: text.replace(f"{X:.4f},", "", 1), "写明"),
    "id": (lambda text: text.replace(f"PointBegin\n1\n{POINT}", f"PointBegin\n一\n{POINT}"), "标识号"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_object_costs_itself_only(tmp_path, fault):
    damage, said = BROKEN[fault]
    sound = vct([point(1), point(2, 5, 5), point(3, 6, 6)], attributes=[rows("TXD", 1, 2, 3)])
    text = damage(sound)
    assert text != sound
    table = read_source(save(tmp_path, text), POINTS)
    rows_of = column(table, "BSM")
    bad = {rows_of[at] for at in table.damaged}
    assert bad <= {"B1", "B2", ""}
    assert shapes(table)[rows_of.index("B3")].wkt == "POINT (6 6)"
    words = " ".join(one.zh for one in table.damaged.values())
    assert said in words or "第" in words
    assert all(table.geometry[at] is None for at in table.damaged)


@pytest.mark.parametrize("count", [0, 2, 4, 99])
def test_a_wrong_count_of_points_costs_one_line_object(tmp_path, count):
    lines = [item(1, LINE, 1, 1, 11, count, xy((0, 0), (1, 1), (2, 2))), polyline(2, (0, 0), (3, 4))]
    table = read_source(save(tmp_path, vct(lines=lines, attributes=[rows("TXX", 1, 2)])), LINES)
    assert list(table.damaged) == [0]
    assert "行" in table.damaged[0].zh
    assert shapes(table)[1].length == 5


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("1,2,5", "没有的对象 5"),
        ("1,2", "不相接"),
        ("1,2,-3", "不相接"),
        ("1,2,4", "不是连续的一条线"),
        ("1,2,6", "有误"),
        ("9", "不是连续的一条线"),
    ],
)
def test_a_ring_that_cannot_be_put_together_says_what_is_wrong(tmp_path, ids, said):
    helper = "1099000000"
    lines = [
        polyline(1, (0, 0), (10, 0), code=helper),
        polyline(2, (10, 0), (10, 10), code=helper),
        polyline(3, (10, 10), (0, 0), code=helper),
        item(4, helper, 1, 2, 11, 2, xy((0, 0), (1, 1)), 11, 2, xy((5, 5), (6, 6))),
        item(6, helper, 1, 1, 19, 2, xy((0, 0), (1, 1))),
    ]
    found = item(9, AREA, 100, xy((5, 5)), 21, len(ids.split(",")), ids)
    good = item(10, AREA, 100, xy((5, 5)), 21, 3, "1,2,3")
    text = vct(lines=lines, polygons=[found, good], attributes=[rows("ZXCQCSHX", 9, 10)])
    table = read_source(save(tmp_path, text), AREAS)
    if ids == "9":
        assert list(table.damaged) == [0]
    else:
        assert said in table.damaged[0].zh
    assert shapes(table)[1].area == 50


def test_references_that_lead_back_to_themselves_end(tmp_path):
    lines = [item(1, LINE, 100, 1, "2"), item(2, LINE, 100, 1, "1"), item(3, LINE, 100, 1, "3,3")]
    table = read_source(save(tmp_path, vct(lines=lines, attributes=[rows("TXX", 1, 2, 3)])), LINES)
    assert sorted(table.damaged) == [0, 1, 2]


def test_objects_of_no_layer_are_counted_and_named(tmp_path):
    text = vct([point(1), point(2).replace(POINT, "2090099999")], attributes=[rows("TXD", 1)])
    path = save(tmp_path, text)
    table = read_source(path, POINTS)
    assert len(table) == 1
    assert [one.id for one in strays(read_vct(path))] == [2]
    assert any("不在文件的要素代码表中" in words.zh for words in table.notices)


def test_an_object_of_an_unlisted_code_with_a_row_is_in_the_layer_of_its_table(tmp_path):
    text = vct([point(1).replace(POINT, "2090099999")], attributes=[rows("TXD", 1)])
    table = read_source(save(tmp_path, text), POINTS)
    assert len(table) == 1
    assert not table.damaged


# --- files whose frame is broken: refused, all faults at once, with lines -----------------------------------------


def refusal(folder, text, encoding="gb18030", name="坏.vct"):
    with pytest.raises(InputError) as caught:
        read_vct(save(folder, text, encoding, name))
    assert caught.value.remedy.zh
    return caught.value


@pytest.mark.parametrize(
    "cut", ["LineEnd", "PolygonEnd", "AttributeEnd", "TableEnd", "HeadEnd", "FeatureCodeEnd", "TableStructureEnd"]
)
def test_a_section_without_its_end_is_refused_with_its_line(tmp_path, cut):
    sound = vct([point(1)], [polyline(2, (0, 0), (1, 1))], [area(3, square())], [rows("TXD", 1)])
    found = refusal(tmp_path, sound.replace(f"\n{cut}", "", 1))
    assert found.faults
    assert all(fault.row for fault in found.faults if "缺少" not in fault.message.zh)


def test_a_file_that_is_cut_off_anywhere_is_refused_or_gives_every_row(tmp_path):
    sound = vct([point(1), point(2)], [polyline(3, (0, 0), (1, 1))], [area(4, square())],
                [rows("TXD", 1, 2), rows("TXX", 3), rows("ZXCQCSHX", 4)])  # fmt: skip
    lines = sound.split("\n")
    whole = max(number for number, line in enumerate(lines) if line == "AttributeEnd")
    for at in range(1, whole):
        assert refusal(tmp_path, "\n".join(lines[:at])).message.zh


def test_all_faults_of_a_file_are_given_at_once(tmp_path):
    text = vct([point(1)], attributes=[rows("XYZ", 1)], head={"Offset": "5,0", "Version": "2.0", "XAxisDirection": "W"},
               codes=CODES + "\n乱码行\n2090020234,重复,Polygon,TXD")  # fmt: skip
    found = refusal(tmp_path, text)
    words = " ".join(fault.message.zh for fault in found.faults)
    assert len(found.faults) == 6
    for part in ("Offset", "Version", "E，另一个为 N", "乱码行", "2090020234", "XYZ"):
        assert part in words
    assert all(fault.row for fault in found.faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("点,线\n1,2\n", "没有 HeadBegin"),
        (vct().replace("PointBegin", "散落的一行\nPointBegin"), "不属于任何一节"),
        (vct().replace("FeatureCodeBegin", "FeatureBegin").replace("FeatureCodeEnd", "FeatureEnd"), "FeatureCode"),
        (vct(tables=TABLES.replace("Char,18", "Text,18", 1)), "字段名,类型"),
        (vct(tables=TABLES.replace("TXX,3", "TXD,3", 1)), "出现两次"),
        (vct(codes=CODES.replace("Line", "Curve")), "几何类型"),
        (vct(codes=CODES.replace(",TXX", ",TXY")), "没有表结构"),
        (vct(head={"Separator": "||"}), "一个字符"),
        (vct(head={"XYUnit": "尺,A,0.3"}), "XYUnit"),
    ],
)
def test_what_is_no_vct_is_refused_in_words(tmp_path, text, said):
    assert said in refusal(tmp_path, text).message.zh


def test_bytes_of_another_encoding_are_refused_with_their_line(tmp_path):
    path = save(tmp_path, vct([point(1)], attributes=[rows("TXD", 1)]), "gbk")
    with pytest.raises(InputError) as caught:
        read_source(path, POINTS, encoding="UTF-8")
    assert "行" in caught.value.message.zh


def test_a_structure_that_counts_its_fields_wrong_is_read_by_its_list_and_told(tmp_path):
    table = one_point(tmp_path, tables=TABLES.replace("TXD,3", "TXD,5"))
    assert column(table, "MJ") == ["1.50"]
    assert any("写明 5 个字段" in words.zh for words in table.notices)


# --- as a source among the others ---------------------------------------------------------------------------------


def test_several_codes_of_one_table_are_layers_of_their_own(tmp_path):
    codes = CODES + "\n2090020529,机房,Point,TXD"
    points = [point(1), point(2).replace(POINT, "2090020529")]
    path = save(tmp_path, vct(points, attributes=[rows("TXD", 1, 2)], codes=codes))
    assert layer_names(path) == (POINTS, LINES, AREAS, "机房")
    assert column(read_source(path, POINTS), "BSM") == ["B1"]
    assert column(read_source(path, "机房"), "BSM") == ["B2"]


def test_of_many_layers_the_one_with_rows_is_taken_and_a_table_name_will_do(tmp_path):
    path = save(tmp_path, vct([point(1)], attributes=[rows("TXD", 1)]))
    assert read_source(path).layer == POINTS
    assert read_source(path, "TXD").layer == POINTS
    with pytest.raises(InputError) as caught:
        read_source(path, "没有的图层")
    assert LINES in caught.value.message.zh


def test_rows_of_annotations_are_told(tmp_path):
    codes, tables = CODES + "\n2090020999,注记,Annotation,ZJ", TABLES + "\n\nZJ,1\nBSM,Char,18\n0\n"
    note = section("Annotation", item(9, "2090020999", 1, "站", f"{X},{Y},0"))
    attributes = [rows("TXD", 1), "ZJ\n9,B9\nTableEnd"]
    path = save(tmp_path, vct([point(1)], attributes=attributes, codes=codes, tables=tables, more=[note]))
    assert layer_names(path) == (POINTS, LINES, AREAS)
    assert any("属性表 ZJ" in words.zh and "1 条记录" in words.zh for words in read_source(path).notices)


def test_a_table_without_geometry_is_a_layer_without_places(tmp_path):
    text = vct(
        codes=CODES + "\nZD_QLR,ZD_QLR",
        tables=TABLES + "\n\nZD_QLR,2,NoneGeometry\nXM,Char,50\nBL,Float,5,2\n0\n",
        attributes=["ZD_QLR\n张三,1.00\n李四,0.50\nTableEnd"],
    )
    table = read_source(save(tmp_path, text), "ZD_QLR")
    assert column(table, "XM") == ["张三", "李四"]
    assert table.geometry is None
    assert not table.damaged


STATION_FIELDS = ("基站编号,Char,20", "基站名称,Char,60", "运营商,Char,20", "制式,Char,10", "状态,Char,10",
                  "经度,Double,12,6", "纬度,Double,12,6")  # fmt: skip
STATION_ROWS = "TXD\n1,B001,东山站,移动,5G,在网,,\n2,B002,西山站,电信,4G,规划,,\n5,B005,无点站,电信,4G,规划,,\nTableEnd"


def stations():
    return vct(
        [point(1, 5, 5), point(2, 900, 900)],
        attributes=[STATION_ROWS],
        codes=CODES.split("\n")[0],
        tables="\n".join(("TXD,7", *STATION_FIELDS, "0")),
    )


@pytest.mark.parametrize("packed", [False, True])
def test_a_vct_is_imported_plain_or_in_a_zip_and_no_row_is_lost(tmp_path, packed):
    path = save(tmp_path, stations(), name="站点.VCT")
    if packed:
        with zipfile.ZipFile(tmp_path / "包.zip", "w") as pack:
            pack.write(path, "标准格式数据/站点.VCT")
        path = tmp_path / "包.zip"
    found = do_import(tmp_path, path, "base_stations")
    assert found.column("station_id") == ["B001", "B002"]
    assert len(found.aside) == 1
    assert "没有对应的几何对象 5" in str(found.aside[0])
    lon, lat = shapely.get_coordinates(found.table.geometry)[0]
    assert 116.5 < lon < 116.8
    assert 40.8 < lat < 41.1


def test_inspecting_a_vct_names_its_layers(tmp_path):
    from xinji_planner.engine.executor import run_job

    path = save(tmp_path, stations(), name="站点.vct")
    summary = run_job("inspect_source", {"source": str(path)}, tmp_path / "run").summary
    assert summary["format"] == "VCT"
    assert summary["layers"] == [POINTS]
    assert summary["kind"] == "base_stations"


# --- damage at random ---------------------------------------------------------------------------------------------


def _sound():
    lines = [polyline(4, (0, 0), (1, 1)), item(5, LINE, 1, 1, 12, 3, xy((0, 0), (5, 5), (10, 0)))]
    lines += [polyline(6, *square(), code="1099000000"), polyline(7, *square(10, 10, 5), code="1099000000")]
    polygons = [area(8, square(), square(5, 5, 10)), item(9, AREA, 100, xy((5, 5)), 21, 3, "6,0,-7")]
    return vct([point(1), point(2, 3, 3), item(3, POINT, 4, 2, xy((0, 0), (1, 1)))], lines, polygons,
               [rows("TXD", 1, 2, 3), rows("TXX", 4, 5), rows("ZXCQCSHX", 8, 9)])  # fmt: skip


def _damaged(text, chance):
    """Damage a text by one of the ways in which files are damaged, at a place that chance chooses."""
    lines = text.split("\n")
    if len(lines) < 20:  # nothing much is left to be damaged
        return text
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(7)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(at, lines[other])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif how == 3:
        words = ("0", "-1", "999999999999999999999", ",,,", "nan,inf", "１", "PointBegin", "", "TableEnd")
        lines[at] = chance.choice(words)
    elif how == 4:
        place = chance.randrange(len(text))
        return text[:place] + chance.choice("0123456789,.-\n东\u3000") + text[place + 1 :]
    elif how == 5:
        del lines[at : at + chance.randrange(1, 9)]
    else:
        return text[: chance.randrange(len(text))]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_are_refused_in_words_or_every_attribute_row_is_accounted_for(tmp_path, seed):
    chance, sound = random.Random(seed), _sound()
    outcomes = set()
    for _ in range(120):
        text = sound
        for _ in range(chance.choice((1, 1, 2, 5))):
            text = _damaged(text, chance)
        path = save(tmp_path, text, "utf-8")
        try:
            file = read_vct(path)
        except InputError as refused:
            assert refused.remedy.zh
            outcomes.add("refused")
            continue
        outcomes.add("read")
        stray, placed, there = strays(file), set(), 0
        for layer in layers_of(file):
            found = features_of(file, layer)
            there += len(found.lines)
            for at, one in enumerate(found.objects):
                assert at in found.faults or one is None or one.shape is not None
                placed.add(id(one))
        assert there >= sum(map(len, file.attributes.tables.values()))
        lost = [one for one in file.objects if id(one) not in placed and one not in stray]
        assert all(one.id in file.referred for one in lost)
    assert outcomes == {"read", "refused"}


def test_damaged_bytes_never_break_the_reader(tmp_path):
    chance, sound = random.Random(7), bytearray(_sound().encode("gb18030"))
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / "坏.vct"
        path.write_bytes(data)
        try:
            read_vct(path)
        except InputError as refused:
            assert refused.remedy.zh
