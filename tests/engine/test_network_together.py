"""Where cables run side by side."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.parts import parts_of
from xinji_planner.analysis.network.together import near_places, run_together

from .network_kit import cables


def together(lines, width):
    found = run_together(parts_of(cables(*lines).tolist()), width)
    return [
        (int(part), int(other), round(float(low), 1), round(float(high), 1)) for part, other, low, high in zip(*found)
    ]


def test_a_standby_that_leaves_the_trench_at_both_ends_shares_the_middle():
    main = [(0, 0), (9000, 0)]
    standby = [(0, 500), (3000, 500), (3000, 0.8), (6000, 0.8), (6000, 500), (9000, 500)]
    found = together([main, standby], 10.0)
    # Beside the corners the standby comes within 10 m already 10 m before them on the ground.
    assert found[0] == pytest.approx((0, 1, 2990.0, 6010.0), abs=0.1)
    assert [row[:2] for row in found] == [(0, 1), (1, 0)]
    assert found[1][3] - found[1][2] == pytest.approx(3000 + 2 * 9.2, abs=0.1)


def test_routes_100_m_apart_give_no_hit_at_50_m():
    assert together([[(0, 0), (9000, 0)], [(0, 100), (9000, 100)]], 50.0) == []
    assert len(together([[(0, 0), (9000, 0)], [(0, 100), (9000, 100)]], 101.0)) == 2


def test_a_crossing_is_shared_for_twice_the_width_over_the_sine():
    found = together([[(-4000, 0), (4000, 0)], [(-4000, -4000), (4000, 4000)]], 10.0)
    width = 2 * 10.0 * 2**0.5
    assert found[0][3] - found[0][2] == pytest.approx(width, abs=0.1)


def test_a_line_is_not_beside_itself():
    assert together([[(0, 0), (3000, 0), (3000, 2), (0, 2)]], 10.0) == []


def test_a_cable_of_many_kilometres_without_a_vertex_is_measured_to_a_decimetre():
    long, short = [(0, 0), (80_000, 0)], [(40_000, 5), (41_000, 5)]
    found = together([long, short], 10.0)
    reach = (10**2 - 5**2) ** 0.5
    assert found[0][3] - found[0][2] == pytest.approx(1000 + 2 * reach, abs=0.1)


@st.composite
def pairs(draw):
    spot = st.tuples(st.integers(-30, 30), st.integers(-30, 30)).map(lambda at: (10.0 * at[0], 10.0 * at[1]))
    line = st.lists(spot, min_size=2, max_size=5, unique=True)
    return draw(line), draw(line), draw(st.sampled_from([15.0, 40.0, 95.0]))


@given(pairs())
@settings(max_examples=100, deadline=None)
def test_the_stretches_are_those_of_a_walk_in_steps_of_half_a_metre(case):
    one, two, width = case
    found = run_together(parts_of(cables(one, two).tolist()), width)
    plane = [shapely.LineString(line) for line in (one, two)]
    for line, other in ((0, 1), (1, 0)):
        own = found.part == line
        steps = np.arange(0.25, plane[line].length, 0.5)
        near = shapely.distance(shapely.line_interpolate_point(plane[line], steps), plane[other]) <= width
        assert found.length_m[own].sum() == pytest.approx(0.5 * near.sum(), abs=1.2 + 1.1 * 2 * own.sum())
        for low, high in zip(found.from_m[own], found.to_m[own]):
            inner = (steps > low + 0.5) & (steps < high - 0.5)
            assert near[inner].all()


def test_what_lies_near_a_place_is_the_chord_through_its_circle():
    place = cables([(5000, 60), (5001, 60)])[0].coords[0]
    found = near_places(
        parts_of(cables([(0, 0), (9000, 0)]).tolist()), np.array([place[0]]), np.array([place[1]]), 100.0
    )
    assert (found.from_m[0], found.to_m[0]) == pytest.approx((4920.0, 5080.0), abs=0.05)
    assert (int(found.part[0]), int(found.other[0])) == (0, 0)
