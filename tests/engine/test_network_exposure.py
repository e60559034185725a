"""How much of a cable lies in an area: exact lengths of the overlay."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.exposure import crossings_of, exposed_stretches

from .network_kit import GEOD, cables, place

KM = st.floats(-20_000, 20_000, allow_nan=False)
PLACES = st.tuples(KM, KM)


def area(*corners):
    return shapely.Polygon([place(*corner) for corner in corners])


def inside(lines, *areas):
    return exposed_stretches(lines, np.array(areas, dtype=object), 0.0)


def _length(line, shape):
    """Length inside, segment by segment, so that a line that runs back over itself counts twice."""
    ends = shapely.get_coordinates(line)
    pieces = [shapely.LineString(ends[k : k + 2]).intersection(shape) for k in range(len(ends) - 1)]
    return sum(GEOD.geometry_length(piece) for piece in pieces)


@given(st.lists(PLACES, min_size=2, max_size=8, unique=True), st.lists(PLACES, min_size=3, max_size=3, unique=True))
@settings(max_examples=60, deadline=None)
def test_inside_and_outside_of_an_area_add_up_to_the_geodesic_length_of_the_cable(line, corners):
    drawn, shape = cables(line), area(*corners)
    if not shape.is_valid or shape.area < 1e-6:
        return
    frame = shapely.box(100, 15, 112, 30)
    within, without = inside(drawn, shape), inside(drawn, frame.difference(shape))
    # What runs along the outline, to a millimetre, is within both.
    along = _length(drawn[0], shape.boundary.buffer(3e-8)) + 0.01
    whole = GEOD.geometry_length(drawn[0])
    assert -1e-6 * whole <= within.length_m.sum() + without.length_m.sum() - whole <= along + 1e-6 * whole
    planar = _length(drawn[0], shape)
    assert within.length_m.sum() == pytest.approx(planar, rel=1e-9, abs=along)


def test_a_cable_wholly_inside_has_the_length_that_geod_gives():
    line = cables([(0, 0), (9000, 300), (15000, -7000)])
    found = inside(line, area((-1e5, -1e5), (1e5, -1e5), (1e5, 1e5), (-1e5, 1e5)))
    assert found.length_m[0] == pytest.approx(GEOD.geometry_length(line[0]), rel=1e-9)


def test_pieces_in_two_areas_are_added_up_and_drawn_as_they_lie():
    line = cables([(0, 0), (10000, 0)], [(0, 50000), (10000, 50000)])
    one, other = (area((x, -1), (y, -1), (y, 1), (x, 1)) for x, y in ((1000, 2000), (4000, 7000)))
    for found in (inside(line, one, other), inside(line, one.union(other))):
        assert found.line.tolist() == [0] and found.length_m[0] == pytest.approx(4000, abs=0.01)
        assert [len(shape.geoms) for shape in found.shapes] == [2]


def test_a_fault_that_a_cable_crosses_three_times_counts_three():
    line = cables([(0, -100), (1000, 100), (2000, -100), (3000, 100)], [(0, 5000), (1, 5000)])
    fault = cables([(-1000, 0), (5000, 0)])[0]
    assert crossings_of(line, fault).tolist() == [3, 0]


def test_a_stretch_along_a_fault_counts_once():
    line = cables([(0, -100), (1000, 0), (2000, 0), (2500, 0), (3000, 100)])
    assert crossings_of(line, cables([(-1000, 0), (5000, 0)])[0]).tolist() == [1]


def test_a_cable_without_a_shape_lies_nowhere():
    lines = np.array([None], dtype=object)
    assert len(inside(lines, area((0, 0), (1, 0), (1, 1))).line) == 0
    assert crossings_of(lines, cables([(0, 0), (1, 1)])[0]).tolist() == [0]
