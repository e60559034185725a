"""Faults of geometry, topology, place and size planted in a good package: each is found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from xinji_planner.layers.delivery.checking.source import Package, PackageLayer
from xinji_planner.layers.delivery.checking.structure import crs_found
from xinji_planner.layers.delivery.profile.file import read_profile
from xinji_planner.tests.engine import package_kit as kit
from xinji_planner.tests.engine.package_kit import NEIGHBOUR, at, bsm, good_package, line, polygon, square
from xinji_planner.tests.engine.planted_kit import (
    Case,
    check_planted,
    checked,
    find,
    numbers,
    one_more,
    shape,
    surroundings,
    value,
    write,
)

CURVED = bytes.fromhex("010800000003000000") + np.array([*at(1000, 1000), *at(1050, 1050), *at(1100, 1000)]).tobytes()


def points_for_lines(made):
    made["ZDJCSSX"].kind = "Point"
    made["ZDJCSSX"].shapes = [one.centroid for one in made["ZDJCSSX"].shapes]


def polygon_among_points(made):
    made["JQZDXMD"].kind = "Unknown"
    made["JQZDXMD"].shapes[0] = square(15_000, 5_000, 50)


def twice(layer, serial, **changed):
    def plant(made):
        sheet = made[layer]
        sheet.add(sheet.rows[serial - 1] | changed, sheet.shapes[serial - 1])

    return plant


def gap(south, north, width):
    """Open a gap between the first two tiles, on their common side from `south` to `north`."""

    def plant(made):
        made["JQZDXMM"].shapes[1] = square(6_200, 6_000, 200) - square(6_200, south, width, north - south)

    return plant


def to_gcj(xy):
    """Shift CGCS2000 longitude and latitude as GCJ-02 does (public constants)."""
    lon, lat = xy[:, 0], xy[:, 1]
    a, ee, pi = 6378245.0, 0.00669342162296594323, np.pi
    x, y = lon - 105, lat - 35
    wave = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(abs(x)) + wave
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(abs(x)) + wave
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    magic = 1 - ee * np.sin(np.radians(lat)) ** 2
    north = north * 180 / (a * (1 - ee) / (magic * np.sqrt(magic)) * pi)
    east = east * 180 / (a / np.sqrt(magic) * np.cos(np.radians(lat)) * pi)
    return np.column_stack([lon + east, lat + north])


def to_bd(xy):
    """Shift as BD-09 does, a layer more on GCJ-02."""
    x, y = to_gcj(xy).T
    away = np.hypot(x, y) + 0.00002 * np.sin(np.radians(y * 3000))
    turn = np.arctan2(y, x) + 0.000003 * np.cos(np.radians(x * 3000))
    return np.column_stack([away * np.cos(turn) + 0.0065, away * np.sin(turn) + 0.006])


def shifted(shift):
    def plant(made):
        made.reproject("EPSG:4490")
        for sheet in made:
            sheet.shapes = [shapely.transform(one, shift) for one in sheet.shapes]
        made.reproject(kit.ZONE_39)

    return plant


SPIKE = polygon(
    (3_500, 3_000), (3_600, 3_000), (3_600, 3_050), (3_900, 3_051), (3_600, 3_052), (3_600, 3_100), (3_500, 3_100)
)
BOW_TIE = polygon((3_500, 3_000), (3_700, 3_100), (3_700, 3_000), (3_500, 3_120))
TOUCHING = polygon((3_500, 3_000), (3_600, 3_000), (3_600, 3_100), (3_550, 3_000), (3_500, 3_100))
LOOSE_HOLE = shapely.Polygon(square(3_500, 3_000, 100).exterior, [square(3_700, 3_000, 10).exterior])
CROSSING = line((1_000, 1_000), (1_500, 1_000), (1_500, 1_300), (1_250, 1_300), (1_250, 900))
TWICE_ALONG = line((1_000, 1_000), (1_500, 1_000), (1_500, 1_300), (1_200, 1_300), (1_200, 1_000), (1_400, 1_000))

CASES = [
    # Geometry
    Case(
        "a feature has no geometry",
        shape("ZDJCSSX", 2, None),
        (find("EMPTY", "ZDJCSSX", *numbers("ZDJCSSX", 2)),),
        ("AREA",),
    ),
    Case(
        "a geometry is empty",
        shape("ZDJCSSX", 2, shapely.to_wkb(shapely.LineString())),
        (find("EMPTY", "ZDJCSSX", *numbers("ZDJCSSX", 2)),),
        ("AREA",),
    ),
    Case(
        "a polygon stands among points",
        polygon_among_points,
        (find("KIND", "JQZDXMD", "", bsm("JQZDXMD", 1)),),
        ("4601",),
    ),
    Case(
        "a layer of lines holds points",
        points_for_lines,
        (find("KIND", "ZDJCSSX", "", *numbers("ZDJCSSX", 1, 2, 3, 4)),),
        ("AREA",),
    ),
    Case(
        "a polygon is a bow tie",
        shape("ZDJCSSM", 3, BOW_TIE, YDMJ=10000.0),
        (find("VALID", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a ring touches itself",
        shape("ZDJCSSM", 3, TOUCHING),
        (find("VALID", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a hole lies outside its shell",
        shape("ZDJCSSM", 3, LOOSE_HOLE, YDMJ=10000.0),
        (find("VALID", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a polygon has two parts",
        shape("ZDJCSSM", 3, shapely.MultiPolygon([square(3_500, 3_000, 100), square(3_700, 3_000, 100)])),
        (find("MULTI", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a line has two parts in a FileGDB",
        shape("ZDJCSSX", 3, shapely.MultiLineString([line((0, 500), (100, 500)), line((200, 500), (300, 500))])),
        (find("MULTI", "ZDJCSSX", *numbers("ZDJCSSX", 3)),),
        (),
        "gdb",
    ),
    Case(
        "a line in a GeoPackage is an arc",
        shape("ZDJCSSX", 1, CURVED, SSGM=157.08),
        (find("CURVE", "ZDJCSSX", "", *numbers("ZDJCSSX", 1)),),
    ),
    Case(
        "a line in a FileGDB is an arc",
        shape("ZDJCSSX", 1, CURVED, SSGM=157.08),
        (find("CURVE", "ZDJCSSX", "", *numbers("ZDJCSSX", 1)),),
        (),
        "gdb",
    ),
    Case(
        "a polygon stands twice under two numbers",
        twice("ZDJCSSM", 3, BSM=bsm("ZDJCSSM", 4), SSMC="另一处"),
        (find("DUP", "ZDJCSSM", *numbers("ZDJCSSM", 3, 4)),),
        ("4101",),
    ),
    Case(
        "a record stands twice",
        twice("ZDJCSSD", 3),
        (find("DUP", "ZDJCSSD", *numbers("ZDJCSSD", 3)), find("BSM", "ZDJCSSD", *numbers("ZDJCSSD", 3))),
    ),
    Case(
        "two polygons overlap by half a square metre",
        shape("ZDJCSSM", 2, square(3_099.995, 3_000, 100.005, 100)),
        (find("4101", "ZDJCSSM", *numbers("ZDJCSSM", 1, 2)),),
    ),
    Case(
        "two polygons overlap by half their area",
        shape("ZDJCSSM", 2, square(3_050, 3_000, 100)),
        (find("4101", "ZDJCSSM", *numbers("ZDJCSSM", 1, 2)),),
    ),
    Case(
        "tiles enclose a gap of half a square metre",
        gap(6_050, 6_150, 0.005),
        (find("4101", "JQZDXMM", "", *numbers("JQZDXMM", 1, 2)),),
    ),
    Case(
        "a polygon measures 9.9 square metres",
        one_more("ZDJCSSM", square(4_000, 2_000, 3.0, 3.3)),
        (find("4601", "ZDJCSSM", *numbers("ZDJCSSM", 4)),),
    ),
    Case(
        "a line measures 1.99 metres",
        one_more("ZDJCSSX", line((5_000, 2_000), (5_001.99, 2_000))),
        (find("4701", "ZDJCSSX", *numbers("ZDJCSSX", 5)),),
    ),
    Case(
        "a line runs twice along itself",
        shape("ZDJCSSX", 1, TWICE_ALONG),
        (find("4201", "ZDJCSSX", *numbers("ZDJCSSX", 1)),),
    ),
    Case("a line crosses itself", shape("ZDJCSSX", 1, CROSSING), (find("4201", "ZDJCSSX", *numbers("ZDJCSSX", 1)),)),
    Case(
        "a line of a network dangles",
        one_more("JQZDXMX", line((4_000, 4_000), (3_800, 3_500))),
        (find("4201", "JQZDXMX", *numbers("JQZDXMX", 4)),),
    ),
    Case("a polygon has a spike", shape("ZDJCSSM", 3, SPIKE), (find("SHARP", "ZDJCSSM", *numbers("ZDJCSSM", 3)),)),
    Case(
        "a line turns back sharply",
        shape("ZDJCSSX", 1, line((1_000, 1_000), (1_500, 1_000), (1_100, 1_010))),
        (find("SHARP", "ZDJCSSX", *numbers("ZDJCSSX", 1)),),
    ),
    # Place, area, datum
    Case(
        "a point lies outside the planning boundary",
        lambda made: made["JQZDXMD"].add(kit.row("JQZDXMD", 7, NEIGHBOUR), shapely.Point(at(25_000, 5_000))),
        (find("BOUNDARY", "JQZDXMD", bsm("JQZDXMD", 7, "990122")),),
    ),
    Case(
        "a line leaves the planning boundary",
        shape("ZDJCSSX", 1, line((2_000, 100), (2_000, -400))),
        (find("BOUNDARY", "ZDJCSSX", *numbers("ZDJCSSX", 1)),),
    ),
    Case(
        "an area is one per cent off",
        value("ZDJCSSM", 3, YDMJ=10100.0),
        (find("AREA", "ZDJCSSM", *numbers("ZDJCSSM", 3)),),
    ),
    Case(
        "a length is one per cent off",
        lambda made: made["ZDJCSSX"].rows[0].update(SSGM=made["ZDJCSSX"].rows[0]["SSGM"] * 1.01),
        (find("AREA", "ZDJCSSX", *numbers("ZDJCSSX", 1)),),
    ),
    Case(
        "the points are in GCJ-02",
        shifted(to_gcj),
        (find("DATUM", "", "*"),),
        ("XZQDM", "BOUNDARY", "BSM", "AREA", "4101"),
    ),
    Case(
        "the points are in BD-09",
        shifted(to_bd),
        (find("DATUM", "", "*"),),
        ("XZQDM", "BOUNDARY", "BSM", "AREA", "4101"),
    ),
]


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Give the profile, the regions and the planning boundary."""
    return surroundings(tmp_path_factory.mktemp("around"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_planted_fault_is_found_under_its_rule_and_nothing_else(case, around, tmp_path):
    check_planted(case, around, tmp_path)


@pytest.mark.parametrize("measure", ["plane", "ellipsoid"])
def test_a_county_over_the_edge_of_a_zone_may_state_plane_or_ellipsoidal_areas(measure, around, tmp_path):
    """At 1.5° from the central meridian a plane area is 0.06 % larger than on the ellipsoid."""
    made, edge = good_package(), 147_000.0
    geod = pyproj.Geod(ellps="GRS80")
    for name in kit.CODES:
        made[name].shapes = [shapely.transform(one, lambda xy: np.add(xy, [edge, 0])) for one in made[name].shapes]
    for item, one in zip(made["ZDJCSSM"].rows, made["ZDJCSSM"].shapes, strict=True):
        round_ = abs(geod.geometry_area_perimeter(kit.moved(one.segmentize(5), kit.ZONE_39, "EPSG:4490"))[0])
        item["YDMJ"] = round(one.area if measure == "plane" else round_, 2)
    for item, one in zip(made["ZDJCSSX"].rows, made["ZDJCSSX"].shapes, strict=True):
        round_ = geod.geometry_length(kit.moved(one.segmentize(5), kit.ZONE_39, "EPSG:4490"))
        item["SSGM"] = round(one.length if measure == "plane" else round_, 2)
    profile, *_ = around
    _, found = kit.check(write(made, tmp_path / "p", "gpkg"), (profile, None, None), tmp_path / "o")
    assert found == []


def swapped(*layers):
    def plant(made):
        for name in layers:
            made[name].shapes = [shapely.transform(one, lambda xy: xy[:, ::-1]) for one in made[name].shapes]

    return plant


def test_points_at_one_place_with_other_records_share_a_site_and_the_report_says_so(around, tmp_path):
    found, page = checked(twice("ZDJCSSD", 3, BSM=bsm("ZDJCSSD", 9), SSMC="另一处"), around, tmp_path)
    assert found == []
    assert "同一位置、属性不同的点是共址站点，不算重复" in page


def test_a_gap_open_to_the_outside_is_not_searched_and_the_report_says_so_of_layers_that_tile(around, tmp_path):
    found, page = checked(gap(6_000, 6_200, 1), around, tmp_path)
    assert found == []
    unchecked = page[page.index("未检查或无法判断的项目") :]
    row = unchecked[unchecked.index("4101") : unchecked.index("一端通到外面的缝隙")]
    assert "JQZDXMM" in row
    assert "ZDJCSSM" not in row


@pytest.mark.parametrize("form", ["gpkg", "gdb"])
def test_the_length_of_an_arc_is_that_of_the_arc_and_a_wrong_one_is_found(form, around, tmp_path):
    found, _ = checked(shape("ZDJCSSX", 1, CURVED, SSGM=157.00), around, tmp_path, form)
    assert [item.rule for item in found] == ["CURVE", "AREA"]
    assert "按图形在椭球面上计算为 157.08" in found[1].message


def test_the_length_of_an_arc_in_a_vct_is_not_judged_and_the_report_says_so(around, tmp_path):
    source = write(good_package(), tmp_path / "p", "vct") / "good.vct"
    was = "1\r\n11\r\n4\r\n39481000.000000,3101000.000000\r\n39481500.000000,3101000.000000\r\n"
    was += "39481500.000000,3101300.000000\r\n39482100.000000,3101400.000000\r\n"
    assert was.encode() in source.read_bytes()
    arc = "1\r\n12\r\n3\r\n39481000.000000,3101000.000000\r\n39481050.000000,3101050.000000\r\n"
    arc += "39481100.000000,3101000.000000\r\n"
    source.write_bytes(source.read_bytes().replace(was.encode(), arc.encode()))
    _, found = kit.check(source, around, tmp_path / "o")
    assert [item.rule for item in found] == ["CURVE"]
    page = (tmp_path / "o" / "check_report.html").read_text(encoding="utf-8")
    assert page.count("1 个要素含曲线段，读出的是折线，未核对面积、长度") == 1


def test_the_area_of_an_invalid_polygon_is_not_judged_and_the_report_says_so(around, tmp_path):
    found, page = checked(shape("ZDJCSSM", 3, BOW_TIE, YDMJ=10000.0), around, tmp_path)
    assert [item.rule for item in found] == ["VALID"]
    assert "1 个要素图形无效，改正后才能核对面积" in page


def test_an_overlap_names_the_other_feature_by_its_number(around, tmp_path):
    found, _ = checked(shape("ZDJCSSM", 2, square(3_050, 3_000, 100)), around, tmp_path)
    assert f"要素 1（BSM {bsm('ZDJCSSM', 1)}）" in found[0].message


def test_a_suspected_datum_names_layers_and_features(around, tmp_path):
    found, _ = checked(shifted(to_gcj), around, tmp_path)
    message = next(item.message for item in found if item.rule == "DATUM")
    assert f"ZDJCSSD 8 个（{bsm('ZDJCSSD', 1)}、" in message
    assert "JQZDXMD 6 个（" in message


def test_axes_that_are_swapped_are_told_as_such(around, tmp_path):
    found, _ = checked(swapped("ZDJCSSX"), around, tmp_path)
    assert [(item.rule, item.layer) for item in found] == [("2201", "ZDJCSSX")]
    assert "东、北坐标疑似写反：互换后落在中国境内" in found[0].message
    assert "互换东、北坐标" in found[0].remedy


def test_axes_that_are_swapped_are_told_as_such_where_the_data_still_lies_in_china():
    right = np.array([[480_000.0, 3_100_000.0], [481_000.0, 3_101_000.0]])  # 93° E without the number of its zone
    zone, county = pyproj.CRS("EPSG:4540"), (92.7, 27.9, 92.9, 28.1)
    told = {}
    for name, places in (("right", right), ("swapped", right[:, ::-1])):
        ids, columns = np.array(["1", "2"], dtype=object), pd.DataFrame(index=range(2))
        layer = PackageLayer(
            name, Path("a.gpkg"), name, "gpkg", "point", (), zone, ids, shapely.points(places), columns
        )
        told[name] = crs_found(Package("a", [layer]), read_profile("municipal"), county)
        assert crs_found(Package("a", [layer]), read_profile("municipal"), None) == []
    assert told["right"] == []
    assert [item.rule for item in told["swapped"]] == ["2201"]
    assert "东、北坐标疑似写反" in told["swapped"][0].message.zh
