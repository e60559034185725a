"""What a checker says of the geometry of a package: faults planted one at a time, and what is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from xinji_planner.layers.delivery.checking.geometry import RULES, geometry_checks
from xinji_planner.layers.delivery.checking.source import PackageLayer
from xinji_planner.layers.delivery.profile.file import read_profile
from xinji_planner.layers.delivery.profile.model import Check, Standing, profile_of
from xinji_planner.layers.geometry.measures import GEOD, metres_per_degree
from xinji_planner.text import same

ZONE, DEGREES = 4526, 4490  # zone 38 with its number, central meridian 114°
EAST, NORTH = 38_500_000.0, 3_900_000.0
TO_DEGREES = pyproj.Transformer.from_crs(ZONE, DEGREES, always_xy=True)
LON, LAT = TO_DEGREES.transform(EAST, NORTH)
SCALE = np.array([float(metres) for metres in metres_per_degree(LAT)])
NOISE = 0.00005
THRESHOLDS = {"4601": 10.0, "4701": 2.0, "SHARP": 10.0}


def put(shape, crs):
    """A shape drawn in metres around a place, there in the zone or scaled to degrees (straight lines stay so)."""
    if crs == DEGREES:
        return shapely.transform(shape, lambda points: points / SCALE + np.array([LON, LAT]))
    return shapely.transform(shape, lambda points: points + np.array([EAST, NORTH]))


def layer(shapes, kind, crs=ZONE, **more):
    given_shapes = np.empty(len(shapes), dtype=object)
    given_shapes[:] = [put(shape, crs) for shape in shapes]
    names = np.array([str(10 + k) for k in range(len(shapes))])
    columns = pd.DataFrame({"BSM": [f"B{k}" for k in range(len(shapes))]})
    made = PackageLayer(
        "LAYER",
        Path("a.gpkg"),
        "LAYER",
        "gpkg",
        kind,
        (),
        pyproj.CRS(crs) if crs else None,
        names,
        given_shapes,
        columns,
    )
    return replace(made, **more)


def profile(kind, *, tiles=False, joined=False):
    target = SimpleNamespace(name="LAYER", geometry=kind, tiles=tiles, joined=joined)
    geometry = {"tolerance_m": 1e-4, "tolerance_deg": 1e-9}
    return SimpleNamespace(geometry=geometry, bsm={"field": "BSM"}, layers=(target,), of_workspace=False)


def checks(rules=RULES, **more):
    return {
        rule: replace(Check(rule, same(rule), 1, THRESHOLDS.get(rule), "", Standing()), **more.get(f"r{rule}", {}))
        for rule in rules
    }


def said(shapes, kind, crs=ZONE, rules=RULES, more=None, **asked):
    return geometry_checks(layer(shapes, kind, crs, **(more or {})), profile(kind, **asked), checks(rules))


def rules_of(found):
    return [(item.rule, item.feature) for item in found]


def line(*points):
    return shapely.LineString(points)


def area(*points):
    return shapely.Polygon(points)


def box(x, y, u, v):
    return shapely.box(x, y, u, v)


def place(*point):
    return shapely.Point(TO_DEGREES.transform(point[0] + EAST, point[1] + NORTH))


def is_near(one, other, metres=0.05):
    a, b = one.centroid, other.centroid
    return GEOD.inv(a.x, a.y, b.x, b.y)[2] < metres


BOTH = pytest.mark.parametrize("crs", [ZONE, DEGREES])
SOUND_AREAS = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 200, 200)]
SOUND_LINES = [line((0, 0), (100, 0)), line((100, 0), (200, 50)), line((100, 0), (100, 80))]


@BOTH
def test_a_sound_layer_gives_no_finding(crs):
    assert said(SOUND_AREAS, "polygon", crs, tiles=True) == []
    assert said(SOUND_LINES, "line", crs) == []
    assert said([shapely.Point(0, 0), shapely.Point(0, 0.01)], "point", crs) == []


def test_only_the_checks_that_the_profile_lists_are_run():
    shapes = [box(0, 0, 3, 3), box(0, 0, 3, 3), None]
    assert rules_of(said(shapes, "polygon", rules=["4601"])) == [("4601", "10"), ("4601", "11")]
    assert said(shapes, "polygon", rules=[]) == []


def test_a_threshold_that_the_profile_does_not_state_judges_nothing():
    asked = checks(["4601", "SHARP"], r4601={"threshold": None}, rSHARP={"threshold": None})
    assert geometry_checks(layer([box(0, 0, 1, 1)], "polygon"), profile("polygon"), asked) == []


# Single features


def test_a_feature_without_a_shape_is_told_with_its_numbers():
    found = said([*SOUND_LINES, None, shapely.LineString()], "line")
    assert rules_of(found) == [("EMPTY", "13"), ("EMPTY", "14")]
    assert found[0].bsm == "B3" and found[0].layer == "LAYER"


def test_a_shape_of_another_kind_is_told_where_it_lies():
    found = said([*SOUND_AREAS, line((500, 500), (600, 500))], "polygon")
    assert rules_of(found) == [("KIND", "13")]
    assert is_near(found[0].place, place(550, 500))
    mixed = shapely.GeometryCollection([box(300, 0, 400, 100), shapely.Point(0, 500)])
    assert ("KIND", "13") in rules_of(said([*SOUND_AREAS, mixed], "polygon"))


def test_a_layer_of_attributes_alone_is_of_the_wrong_kind_but_its_rows_are_not_empty():
    found = geometry_checks(layer([None, None], "none"), profile("polygon"), checks())
    assert rules_of(found) == [("KIND", "")]


@BOTH
def test_an_outline_that_crosses_itself_is_told_where_it_does(crs):
    bow = area((300, 0), (400, 100), (400, 0), (300, 100))
    found = said([*SOUND_AREAS, bow], "polygon", crs, rules=["VALID"])
    assert rules_of(found) == [("VALID", "13")]
    assert is_near(found[0].place, place(350, 50))
    assert "Self-intersection" in found[0].value


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_coordinates_that_are_no_numbers_are_told_and_disturb_nothing_else():
    found = said([*SOUND_AREAS, area((0, 0), (np.nan, 1), (1, 1)), box(50, 50, 60, 60)], "polygon")
    assert rules_of(found) == [("VALID", "13"), ("4101", "14")]
    assert found[0].place is None


def test_a_line_of_no_length_is_invalid():
    assert ("VALID", "13") in rules_of(said([*SOUND_LINES, line((5, 5), (5, 5))], "line"))


def test_parts_are_told_but_a_multi_type_with_one_part_is_none():
    one = shapely.MultiPolygon([box(300, 0, 400, 100)])
    corner = shapely.MultiPolygon([box(500, 0, 600, 100), box(600, 100, 650, 150)])
    found = said([*SOUND_AREAS, one, corner], "polygon")
    assert rules_of(found) == [("MULTI", "14")]
    assert is_near(found[0].place, place(625, 125)), "the smaller part"


def test_parts_of_a_line_that_join_are_to_be_joined_and_others_to_be_split():
    joins = shapely.MultiLineString([[(0, 500), (50, 500)], [(50, 500), (90, 520)]])
    apart = shapely.MultiLineString([[(0, 600), (50, 600)], [(60, 600), (90, 620)]])
    found = said([joins, apart], "line")
    assert rules_of(found) == [("MULTI", "10"), ("MULTI", "11")]
    assert "合并" in found[0].remedy.zh and "拆" in found[1].remedy.zh


def test_curves_are_told_of_the_layer():
    assert rules_of(said(SOUND_LINES, "line", more={"has_curves": True})) == [("CURVE", "")]


@BOTH
def test_the_same_shape_within_the_tolerance_is_told_once_and_not_as_an_overlap(crs):
    again = area((100 + NOISE, 100), (0, 100), (0, 0), (100, NOISE))
    assert rules_of(said([*SOUND_AREAS, again], "polygon", crs)) == [("DUP", "13")]
    back = line((200, 50), (150, 25), (100, NOISE))
    assert rules_of(said([*SOUND_LINES, back], "line", crs)) == [("DUP", "13")]
    near = [shapely.Point(0, 0), shapely.Point(NOISE, 0), shapely.Point(0.01, 0)]
    assert rules_of(said(near, "point", crs)) == [("DUP", "11")]


def test_three_alike_are_told_twice_and_no_pair_of_them_as_an_overlap():
    found = said([box(0, 0, 50, 50)] * 3, "polygon")
    assert rules_of(found) == [("DUP", "11"), ("DUP", "12")]
    assert {item.value for item in found} == {"10"}


def test_what_a_double_overlaps_is_told_of_the_first_alone():
    found = said([box(0, 0, 50, 50), box(40, 0, 90, 50), box(0, 0, 50, 50)], "polygon")
    assert rules_of(found) == [("DUP", "12"), ("4101", "11")]
    found = said([line((0, 0), (50, 0)), line((40, 0), (90, 0)), line((50, 0), (0, 0))], "line")
    assert rules_of(found) == [("DUP", "12"), ("4201", "11")]


def test_without_the_check_for_doubles_the_overlap_of_two_alike_is_told():
    assert rules_of(said([box(0, 0, 50, 50)] * 2, "polygon", rules=["4101"])) == [("4101", "11")]


def test_shapes_that_differ_in_height_alone_are_doubles_and_that_is_said():
    high = shapely.Point(put(shapely.Point(0, 0), ZONE).x, put(shapely.Point(0, 0), ZONE).y, 5.0)
    low = shapely.Point(high.x, high.y, 3.0)
    made = layer([None, None], "point")
    made.geometry[:] = [high, low]
    found = geometry_checks(made, profile("point"), checks())
    assert rules_of(found) == [("DUP", "11")]
    assert "高程" in found[0].message.zh


def test_a_sharp_angle_is_told_at_its_tip_with_its_degrees():
    spike = area((300, 0), (400, 0), (400, 49), (450, 50), (400, 51), (400, 100), (300, 100))
    found = said([*SOUND_AREAS, spike], "polygon")
    assert rules_of(found) == [("SHARP", "13")]
    assert is_near(found[0].place, place(450, 50))
    assert float(found[0].value[:-1]) == pytest.approx(2 * np.degrees(np.arctan(1 / 50)), abs=0.01)


@BOTH
def test_an_angle_above_the_threshold_is_no_fault(crs):
    def wedge(degrees):
        return area((0, 0), (100, 0), (100, 100 * np.tan(np.radians(degrees))))

    assert rules_of(said([wedge(9.9)], "polygon", crs, rules=["SHARP"])) == [("SHARP", "10")]
    assert said([wedge(10.1)], "polygon", crs, rules=["SHARP"]) == []


# Between areas


@BOTH
def test_an_overlap_is_told_once_with_its_square_metres_and_its_ground(crs):
    found = said([*SOUND_AREAS, box(199, 40, 300, 90)], "polygon", crs)
    assert rules_of(found) == [("4101", "13")]
    assert float(found[0].value.split()[0]) == pytest.approx(50, abs=0.1)
    assert found[0].place.geom_type == "Polygon" and is_near(found[0].place, place(199.5, 65))
    assert "11" in found[0].message.zh


@BOTH
def test_rounding_along_a_shared_edge_is_no_overlap_and_no_gap(crs):
    rough = area((100 - NOISE, 0), (200, 0), (200, 100), (100 + NOISE, 100))
    assert said([SOUND_AREAS[0], rough, SOUND_AREAS[2]], "polygon", crs, tiles=True) == []


def test_an_overlap_just_wider_than_the_tolerance_is_one():
    assert rules_of(said([box(0, 0, 100, 100), box(99.9998, 0, 200, 100)], "polygon")) == [("4101", "11")]


def test_areas_that_touch_at_a_corner_or_along_part_of_an_edge_do_not_overlap():
    shapes = [box(0, 0, 100, 100), box(100, 100, 200, 200), box(100, 30, 150, 60)]
    assert said(shapes, "polygon") == []


def test_an_area_inside_another_overlaps_it_with_all_that_it_has():
    found = said([box(0, 0, 100, 100), box(20, 20, 40, 40)], "polygon")
    assert rules_of(found) == [("4101", "11")]
    assert float(found[0].value.split()[0]) == pytest.approx(400, rel=1e-3)
    assert "落在" in found[0].message.zh


def test_an_area_in_the_hole_of_another_does_not_overlap_it():
    holed = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(20, 20, 40, 40).exterior])
    assert said([holed, box(20, 20, 40, 40)], "polygon", tiles=True) == []


def test_an_invalid_area_takes_part_in_overlaps_as_it_would_be_mended():
    bow = area((300, 0), (400, 100), (400, 0), (300, 100))
    found = said([bow, box(390, 40, 450, 60)], "polygon")
    assert rules_of(found) == [("VALID", "10"), ("4101", "11")]


@BOTH
def test_a_gap_is_told_only_where_the_layer_must_tile(crs):
    ring = [box(0, 0, 100, 30), box(0, 70, 100, 100), box(0, 30, 40, 70), box(60, 30, 100, 70)]
    assert said(ring, "polygon", crs) == []
    found = said(ring, "polygon", crs, tiles=True)
    assert [item.rule for item in found] == ["4101"]
    assert float(found[0].value.split()[0]) == pytest.approx(800, rel=1e-3)
    assert is_near(found[0].place, place(50, 50))


def test_a_hole_that_nothing_fills_is_a_gap_of_a_layer_that_must_tile():
    holed = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(20, 20, 40, 40).exterior])
    assert rules_of(said([holed, box(100, 0, 200, 100)], "polygon", tiles=True)) == [("4101", "10")]


@BOTH
def test_slivers_are_told_by_area_be_it_of_a_feature_a_part_or_the_ground_between_neighbours(crs):
    small = box(300, 0, 303, 3)
    part = shapely.MultiPolygon([box(400, 0, 500, 100), box(600, 0, 603, 3)])
    found = said([*SOUND_AREAS, small, part, box(700, 0, 703.3, 3.3)], "polygon", crs, rules=["4601"])
    assert rules_of(found) == [("4601", "13"), ("4601", "14")]
    assert is_near(found[1].place, place(601.5, 1.5))
    between = [box(0, 0, 100, 100), area((100, 0), (100.05, 50), (100, 100), (200, 100), (200, 0))]
    found = said(between, "polygon", crs, rules=["4101", "4601"])
    assert [item.rule for item in found] == ["4601"]
    assert float(found[0].value.split()[0]) == pytest.approx(2.5, abs=0.02)


# Lines


@BOTH
def test_two_lines_over_the_same_ground_are_told_once_with_their_metres(crs):
    found = said([*SOUND_LINES, line((20, 0), (60, 0), (60, 30))], "line", crs)
    assert rules_of(found) == [("4201", "13")]
    assert float(found[0].value.split()[0]) == pytest.approx(40, abs=0.01)
    assert found[0].place.geom_type == "LineString" and is_near(found[0].place, place(40, 0))


@BOTH
def test_lines_within_the_tolerance_of_each_other_overlap(crs):
    found = said([line((0, 0), (100, 0)), line((20, NOISE), (60, -NOISE), (90, 30))], "line", crs)
    assert rules_of(found) == [("4201", "11")]


@BOTH
def test_lines_that_cross_or_share_an_end_do_not_overlap(crs):
    shapes = [
        line((0, 0), (100, 0)),
        line((100, 0), (0, 0.02)),  # parts very slowly from the shared end
        line((50, -50), (50, 50)),
        line((0, -0.001), (100, 0.003)),  # crosses at a very small angle
    ]
    assert said(shapes, "line", crs, rules=["4201"]) == []


def test_a_closed_line_and_one_that_ends_on_itself_do_not_cross_themselves():
    closed = line((0, 0), (50, 0), (50, 50), (0, NOISE))
    lasso = line((200, 0), (250, 0), (250, 50), (220, 50), (220, 0))
    assert said([closed, lasso], "line") == []


@BOTH
def test_a_line_that_crosses_itself_is_told_where_it_does(crs):
    found = said([line((0, 0), (100, 0), (100, 50), (50, 50), (50, -50))], "line", crs)
    assert rules_of(found) == [("4201", "10")]
    assert is_near(found[0].place, place(50, 0)) and found[0].value == "1"


def test_a_figure_of_eight_that_begins_where_it_crosses_is_told_too():
    eight = line((0, 0), (10, 10), (20, 0), (10, -10), (0, 0), (-10, 10), (-20, 0), (-10, -10), (0, 0))
    assert rules_of(said([eight], "line")) == [("4201", "10")]


@BOTH
def test_a_line_that_runs_back_over_itself_is_told_with_its_metres(crs):
    found = said([line((0, 0), (100, 0), (70, NOISE), (70, 50))], "line", crs, rules=["4201"])
    assert rules_of(found) == [("4201", "10")]
    assert float(found[0].value.split()[0]) == pytest.approx(30, abs=0.01)


def test_parts_of_one_feature_count_as_one_line():
    cross = shapely.MultiLineString([[(0, 0), (100, 0)], [(50, -50), (50, 50)]])
    assert rules_of(said([cross], "line", rules=["4201"])) == [("4201", "10")]
    tee = shapely.MultiLineString([[(0, 0), (100, 0)], [(50, 0), (50, 50)]])
    assert said([tee], "line", rules=["4201"]) == []


@BOTH
def test_loose_ends_are_told_only_of_a_layer_whose_lines_must_join(crs):
    shapes = [*SOUND_LINES, line((200, 50), (200, 0), (150, 0.05))]
    assert said(shapes, "line", crs) == []
    found = said(shapes, "line", crs, joined=True)
    assert rules_of(found) == [("4201", "10"), ("4201", "12"), ("4201", "13")]
    assert is_near(found[2].place, place(150, 0.05))


def test_a_loose_end_near_another_line_is_told_with_the_metres_between():
    shapes = [line((0, 0), (100, 0)), line((50, 0.03), (50, 80))]
    asked = checks(["4201"], r4201={"threshold": 1.0})
    found = geometry_checks(layer(shapes, "line"), profile("line", joined=True), asked)
    near = [item for item in found if item.value]
    assert [(item.feature, item.value) for item in near] == [("11", "0.03 m")]


def test_an_end_on_its_own_line_or_in_the_middle_of_another_is_not_loose():
    lasso = line((20, 0), (20, 50), (70, 50), (70, 20), (20, 20))
    found = said([line((0, 0), (100, 0)), lasso], "line", joined=True)
    assert rules_of(found) == [("4201", "10"), ("4201", "10")], "only the ends of the first"


@BOTH
def test_short_lines_are_told_by_their_metres(crs):
    found = said([*SOUND_LINES, line((200, 50), (201.9, 50)), line((0, 0), (0, 2.1))], "line", crs)
    assert rules_of(found) == [("4701", "13")]
    assert float(found[0].value.split()[0]) == pytest.approx(1.9, abs=0.01)


@BOTH
def test_short_segments_are_told_only_where_the_profile_asks(crs):
    shapes = [line((0, 0), (50, 0), (50.2, 0), (50.3, 0), (100, 0))]
    assert said(shapes, "line", crs) == []
    asked = checks(["4701"], r4701={"segment": 0.5})
    found = geometry_checks(layer(shapes, "line", crs), profile("line"), asked)
    assert rules_of(found) == [("4701", "10")]
    assert found[0].value == "0.10 m" and "2 段" in found[0].message.zh


# Layers as a whole


def test_sizes_of_a_layer_without_a_crs_are_not_judged_but_its_topology_is():
    found = said([box(0, 0, 2, 2), box(1, 1, 3, 3)], "polygon", crs=None)
    assert rules_of(found) == [("4101", "11")]
    assert found[0].place is None


def test_a_layer_without_features_gives_nothing():
    for kind in ("point", "line", "polygon", "none", "mixed"):
        asked = profile("point")
        assert geometry_checks(layer([], kind), asked, checks(set(RULES) - {"KIND"})) == []


def test_heights_change_no_verdict():
    made = layer([*SOUND_AREAS, box(150, 50, 250, 90)], "polygon")
    flat = geometry_checks(made, profile("polygon", tiles=True), checks())
    made.geometry[:] = [shapely.force_3d(shape, 7.0 * k) for k, shape in enumerate(made.geometry)]
    high = geometry_checks(made, profile("polygon", tiles=True), checks())
    assert rules_of(high) == rules_of(flat) == [("4101", "13")]
    assert [item.value for item in high] == [item.value for item in flat]


def test_the_same_layer_gives_the_same_findings_in_the_same_order():
    rng = np.random.default_rng(1)
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in rng.integers(1, 30, (40, 4))]
    first, second = (said(shapes, "polygon", tiles=True) for _ in range(2))
    assert [(i.rule, i.feature, i.message, i.value, i.place) for i in first] == [
        (i.rule, i.feature, i.message, i.value, i.place) for i in second
    ]
    rows = [int(i.feature) for i in first if i.rule == "4101"]
    assert rows == sorted(rows)


def test_a_profile_says_which_layers_tile_or_join_and_how_short_a_segment_may_be():
    content = dict(read_profile("landuse3-vct").content)
    flags = {"tiles": True, "joined": True}
    content["layer"] = [{**content["layer"][0], **flags}, *content["layer"][1:]]
    content["check"] = [{**entry, "segment": 0.5} if entry["id"] == "4701" else entry for entry in content["check"]]
    made = profile_of(content, "own", Path("own.toml"))
    assert made.layers[0].tiles and made.layers[0].joined
    assert not any(item.tiles or item.joined for item in made.layers[1:])
    assert made.check("4701").segment == 0.5 and made.check("4601").segment is None
