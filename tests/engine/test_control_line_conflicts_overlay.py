"""What facilities take of the ground and of control lines, against hand-worked cases and an overlay without GEOS."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.analysis.conflicts.footprints import corridor, squares
from xinji_planner.analysis.conflicts.measures import areas_m2
from xinji_planner.analysis.conflicts.overlay import Taken, inside, lengths_m, once, outside

GEOD = Geod(a=6378137.0, rf=298.257222101)
E2 = (2 - 1 / 298.257222101) / 298.257222101
NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)


def slow_area(one, other):
    """The area that two polygons share, on the ellipsoid: strips between all vertices and crossings, no GEOS.

    Within a strip no edges cross, so the width is linear in latitude; a cell of the ellipsoid is M·N·cos φ dφ dλ.
    """
    edges = [_edges(one), _edges(other)]
    cuts = {lat for part in edges for edge in part for lat in (edge[1], edge[3])}
    for x1, y1, x2, y2 in edges[0]:
        for x3, y3, x4, y4 in edges[1]:
            turn = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
            if turn:
                t = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / turn
                cuts.add(y1 + t * (y2 - y1))
    lats = sorted(cuts)
    total = 0.0
    for low, high in zip(lats, lats[1:]):
        for node, weight in zip(NODES, WEIGHTS):
            lat = (low + high) / 2 + node * (high - low) / 2
            sine = math.sin(math.radians(lat))
            across = 6378137.0 / math.sqrt(1 - E2 * sine * sine)
            along = across * (1 - E2) / (1 - E2 * sine * sine)
            cell = across * along * math.cos(math.radians(lat))
            total += weight * (high - low) / 2 * cell * _width(edges, lat)
    return total * math.radians(1) ** 2


def _edges(polygon):
    rings = [polygon.exterior, *polygon.interiors]
    return [(*a, *b) for ring in rings for a, b in zip(ring.coords[:-1], ring.coords[1:])]


def _width(edges, lat):
    spans = []
    for part in edges:
        met = sorted(x1 + (lat - y1) / (y2 - y1) * (x2 - x1) for x1, y1, x2, y2 in part if (y1 < lat) != (y2 < lat))
        spans.append(list(zip(met[::2], met[1::2])))
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in spans[0] for c, d in spans[1])


def taken(footprint=None, line=None, place=None):
    def one(shape):
        made = np.full(1, None, dtype=object)
        made[0] = shape
        return made

    return Taken(one(footprint), one(line), one(place))


def geod_area(shape):
    """The area that pyproj gives, its rings turned as it wants them."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])


def star(middle, radii):
    turns = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    xy = np.column_stack([middle[0] + radii * np.cos(turns), middle[1] + radii * np.sin(turns)])
    return shapely.Polygon(xy)


STARS = st.lists(st.floats(0.001, 0.02), min_size=3, max_size=12).map(np.array)


@settings(max_examples=40, deadline=None)
@given(STARS, STARS, st.floats(-0.02, 0.02), st.floats(-0.02, 0.02), st.sampled_from([0.0, 21.3, 47.9]))
def test_the_area_in_conflict_is_that_of_the_slow_overlay_to_a_tenth_of_a_square_metre(one, other, east, north, lat):
    plot, zone = star((113.0, lat), one), star((113.0 + east, lat + north), other)
    met = inside(taken(plot), np.array([zone]))
    expected = slow_area(plot, zone)
    assert geometry_areas(met.area).sum() == pytest.approx(expected, abs=0.1)
    rest = outside(taken(plot), zone)
    assert geometry_areas([*met.area, *rest.area]).sum() == pytest.approx(slow_area(plot, plot), abs=0.1)
    assert met.area_m2.tolist() == pytest.approx([geod_area(shape) for shape in met.area], rel=1e-9, abs=1e-4)


@settings(max_examples=6, deadline=None)
@given(STARS, st.floats(2, 40), st.lists(st.floats(-0.02, 0.02), min_size=6, max_size=10))
def test_the_corridor_of_a_cable_loses_nothing_to_the_slow_overlay(radii, width, steps):
    xy = np.column_stack([113 + np.linspace(-0.03, 0.03, len(steps)), 30 + np.array(steps)])
    line = shapely.LineString(xy)
    strip, zone = corridor(line, width), star((113.0, 30.0), radii)
    met = inside(taken(strip, line), np.array([zone]))
    assert geometry_areas(met.area).sum() == pytest.approx(slow_area(strip, zone), abs=0.1)
    assert met.length_m.sum() == pytest.approx(GEOD.geometry_length(line.intersection(zone)), abs=1e-3)


def test_a_zone_with_a_hole_leaves_out_the_hole():
    hole = shapely.box(113.004, 30.004, 113.006, 30.006)
    zone = shapely.box(113, 30, 113.01, 30.01).difference(hole)
    plot = shapely.box(113.003, 30.003, 113.02, 30.005)
    met = inside(taken(plot), np.array([zone]))
    assert geometry_areas(met.area)[0] == pytest.approx(slow_area(plot, zone), abs=0.01)
    assert met.area_m2[0] == pytest.approx(geod_area(met.area[0]), abs=1e-6)
    assert met.area_m2[0] < slow_area(plot, shapely.box(113, 30, 113.01, 30.01)) - 1000


@pytest.mark.parametrize("lat", [0.0, 20.3, 45.0, 53.5])
def test_a_square_has_the_area_of_the_preset_and_sides_of_its_root(lat):
    square = squares([120.0], [lat], [144.0])[0]
    west, south, east, north = square.bounds
    assert geometry_areas([square])[0] == pytest.approx(144, abs=1e-6)
    assert GEOD.inv(120, south, 120, north)[2] == pytest.approx(12, rel=1e-6)
    assert GEOD.inv(west, lat, east, lat)[2] == pytest.approx(12, rel=1e-6)
    assert squares([np.nan, 120], [lat, lat], [144, np.nan]).tolist() == [None, None]


def test_a_straight_corridor_is_its_length_times_its_width_and_ends_where_the_cable_ends():
    line = shapely.LineString([(120, 30), (120, 30.5)])
    strip = corridor(line, 4)
    assert geometry_areas([strip])[0] == pytest.approx(4 * GEOD.geometry_length(line), rel=1e-8)
    assert strip.geom_type == "Polygon" and not strip.interiors
    assert strip.bounds[1] == pytest.approx(30, abs=1e-9) and strip.bounds[3] == pytest.approx(30.5, abs=1e-9)


def test_a_bend_is_round_outside_and_the_ground_that_a_cable_passes_twice_counts_once():
    metre = 1 / (GEOD.inv(120, 0, 120.001, 0)[2] * 1000), 1 / (GEOD.inv(120, 0, 120, 0.001)[2] * 1000)
    east, north = 1000 * metre[0], 1000 * metre[1]
    corner = corridor(shapely.LineString([(120, 0), (120 + east, 0), (120 + east, north)]), 20)
    # Two strips of 1000 by 20, less the quarter of the overlap that both have, and a quarter of a disc outside.
    assert geometry_areas([corner])[0] == pytest.approx(2 * 20_000 - 100 + np.pi * 100 / 4, abs=1.0)
    there_and_back = corridor(shapely.LineString([(120, 0), (120 + east, 0), (120 + east / 2, 0)]), 20)
    assert geometry_areas([there_and_back])[0] == pytest.approx(20_000 + np.pi * 100 / 2, abs=4.0)


def test_a_long_cable_is_drawn_in_pieces_without_a_gap_or_a_bulge_between_them():
    line = shapely.LineString([(110, 30), (112, 31), (112.4, 33)])
    strip = corridor(line, 2)
    assert strip.geom_type == "Polygon" and not strip.interiors
    drawn = GEOD.geometry_length(shapely.segmentize(line, 0.001))
    assert geometry_areas([strip])[0] == pytest.approx(2 * drawn, rel=2e-6)
    assert corridor(shapely.LineString([(110, 30), (110, 30)]), 2) is None and corridor(None, 2) is None


def test_what_only_touches_is_no_conflict():
    zone = np.array([shapely.box(120, 30, 120.01, 30.01)])
    beside = shapely.box(120.01, 30, 120.02, 30.01)
    assert len(inside(taken(beside), zone).feature) == 0
    point = shapely.Point(120.01, 30.005)
    assert len(inside(taken(place=point), zone).feature) == 1  # a rooftop on the line itself is told


def test_control_lines_of_a_kind_that_overlap_count_once_and_those_of_another_kind_for_themselves():
    plot = shapely.box(120, 30, 120.01, 30.01)
    line = shapely.LineString([(120, 30.005), (120.01, 30.005)])
    zones = np.array([shapely.box(120, 30, 120.006, 30.01), shapely.box(120.004, 30, 120.008, 30.01), plot])
    own = taken(plot, line)
    met = inside(own, zones)
    kinds = np.array(["farmland", "farmland", "red"])[met.zone].tolist()
    feature, kind, area, length = once(met, kinds, own, zones)
    assert feature.tolist() == [0, 0] and kind == ["farmland", "red"]
    assert area[0] == pytest.approx(geod_area(plot.intersection(shapely.box(120, 30, 120.008, 30.01))), abs=0.01)
    assert length[0] == pytest.approx(GEOD.inv(120, 30.005, 120.008, 30.005)[2], abs=1e-3)
    assert length[1] == pytest.approx(lengths_m([line])[0], abs=1e-6)
    assert met.area_m2[:2].sum() > area[0] + 1000


def test_a_slanting_cable_through_control_lines_that_overlap_counts_each_metre_once():
    own = taken(line=shapely.LineString([(120.0003, 30.0001), (120.0177, 30.0093), (120.031, 30.0129)]))
    zones = np.array([star((120.012 + 0.003 * k, 30.006), np.full(7, 0.009)) for k in range(4)])
    met = inside(own, zones)
    _, _, _, length = once(met, ["red"] * len(met.feature), own, zones)
    whole = shapely.intersection(own.line[0], shapely.union_all(zones))
    assert length.tolist() == [pytest.approx(GEOD.geometry_length(whole), abs=1e-3)]
    assert len(met.feature) > 2 and met.length_m.sum() > length[0] + 500


@pytest.mark.parametrize("metres", [1000, 2000, 4000])
def test_a_corridor_to_the_east_is_its_length_times_its_width_to_a_tenth_of_a_square_metre(metres):
    east, _, _ = GEOD.fwd(116.3, 40.0, 90.0, metres)
    line = shapely.LineString([(116.3, 40.0), (east, 40.0)])
    drawn = GEOD.geometry_length(shapely.segmentize(line, 1e-5))
    for width in (2, 20):
        assert areas_m2([corridor(line, width)])[0] == pytest.approx(width * drawn, abs=0.01)


def test_a_plot_has_the_area_that_pyproj_gives_it():
    plot = shapely.Polygon([(129.40, 20.40), (129.408, 20.401), (129.407, 20.409), (129.399, 20.407)])
    own = geod_area(plot)
    assert areas_m2([plot, None, plot.reverse()]).tolist() == pytest.approx([own, 0, own], abs=1e-6)
    hole = plot.difference(shapely.box(129.402, 20.402, 129.404, 20.404))
    assert areas_m2([hole])[0] == pytest.approx(geod_area(hole), abs=1e-4)
