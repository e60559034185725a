"""How much ground lines side by side lie in: each place once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.digs import digs
from xinji_planner.analysis.network.parts import parts_of
from xinji_planner.analysis.network.together import run_together

from .network_kit import cables


def measured(lines, order=None, width=100.0, owners=None):
    parts = parts_of(cables(*lines).tolist())
    beside = run_together(parts, width)
    if owners is not None:  # cables of one owner are no partners
        foreign = np.array(
            [not owners[parts.row[part]] & owners[other] for part, other in zip(beside.part, beside.other)], dtype=bool
        )
        beside = type(beside)(*(column[foreign] for column in beside))
    found = digs(parts, beside, order or range(len(lines)), len(lines), width, owners)
    return found.own_m, found.follows_m


def test_three_lines_in_one_corridor_are_its_length_once_and_twice_to_follow():
    own, follows = measured([[(0, north), (20_000, north)] for north in (0, 40, 80)])
    assert own.tolist() == pytest.approx([20_000, 0, 0], abs=1)
    assert follows.tolist() == pytest.approx([0, 20_000, 20_000], abs=1)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_two_cables_of_one_owner_beside_that_of_another_save_one_dig(order):
    lines = [[(0, north), (20_000, north)] for north in (0, 40, 80)]
    own, follows = measured(lines, order, owners=[{"CTCC"}, {"CTCC"}, {"CMCC"}])
    assert (own.sum(), follows.sum()) == pytest.approx((20_000, 20_000), abs=2)


def test_a_line_beside_a_partner_that_follows_another_out_of_reach_digs_for_itself():
    lines = [[(0, north), (9000, north)] for north in (0, 60, 120)]
    assert measured(lines)[0].tolist() == pytest.approx([9000, 0, 9000], abs=1)
    assert measured(lines, order=[1, 0, 2])[0].tolist() == pytest.approx([0, 9000, 0], abs=1)


def test_lines_in_several_parts_and_without_a_partner_are_measured_as_they_are():
    own, follows = measured([[(0, 0), (5000, 0)], [(1000, 50), (2000, 50)], [(0, 900), (5000, 900)]])
    beside = 1000 + 2 * np.sqrt(100**2 - 50**2)  # as far as 100 m from the ends of the short line
    assert own.tolist() == pytest.approx([beside, 0, 0], abs=1) and follows[1] == pytest.approx(1000, abs=1)


NORTHS = st.lists(st.sampled_from([0, 40, 90, 130, 250]), min_size=3, max_size=3)


@given(st.lists(NORTHS, min_size=2, max_size=5), st.randoms())
@settings(max_examples=25, deadline=None)
def test_what_is_dug_and_what_follows_is_what_a_walk_along_the_lines_counts(norths, chance):
    drawn = [[(800.0 * k, north + 0.7 * at) for k, north in enumerate(own)] for at, own in enumerate(norths)]
    order = list(range(len(drawn)))
    chance.shuffle(order)
    lines, width, step = [shapely.LineString(line) for line in drawn], 100.0, 4.0
    dug: dict[int, list[shapely.Point]] = {}
    expected = np.zeros((2, len(lines)))
    for row in order:
        own = []
        for at in np.arange(step / 2, lines[row].length, step):
            here = lines[row].interpolate(at)
            partners = [k for k, line in enumerate(lines) if k != row and line.distance(here) <= width]
            follows = any(here.distance(spot) <= width for k in partners for spot in dug.get(k, ()))
            if partners:
                expected[int(follows), row] += step
                own += [] if follows else [here]
        dug[row] = own
    made = np.array(measured(drawn, order))
    assert made == pytest.approx(expected, abs=60.0)
    assert made.sum(axis=0) == pytest.approx(expected.sum(axis=0), abs=10.0)
