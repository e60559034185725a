"""What evidence says of stretches: exact by distance, by cells over terrain, and never mixed unnamed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.lines import (
    Stretches,
    Verdicts,
    any_verdict,
    by_distance,
    covered_stretches,
    draw_lines,
    filled,
    gap_runs,
    second_carriageways,
)
from xinji_planner.analysis.lines.carriageways import COUNTED
from xinji_planner.analysis.lines.verdicts import (
    AFTER,
    GRADE,
    NO_DATA,
    NO_TERRAIN,
    OUT_OF_RANGE,
    PLANNED,
    REASON,
    STATE,
    verdicts_of,
)
from xinji_planner.analysis.simulated_evidence import DISTANCE, SIMULATED
from xinji_planner.analysis.village_verdict import NO, UNKNOWN, YES
from xinji_planner.tests.engine.lines_kit import geodesic_m, line, place, walk

ROAD = draw_lines([line((0, 0), (10_000, 0))])
WHOLE = Stretches(np.array([0]), np.array([0.0]), ROAD.length_m, np.array([1]))


def stations(*places):
    """Coverage by stations at metres east, of a radius each."""
    lon, lat = zip(*(place(x, 0) for x, _ in places)) if places else ((), ())
    return covered_stretches(ROAD, lon, lat, [radius for _, radius in places])


def said(found, part):
    return [
        (round(a), round(b), int(value))
        for a, b, value in zip(found.stretches.from_m, found.stretches.to_m, found.parts[:, part])
    ]


def halves(*kinds):
    """A verdict for each half of the road."""
    where = Stretches(
        np.zeros(2, np.int64), np.array([0.0, 5000.0]), np.array([5000.0, ROAD.length_m[0]]), np.zeros(2, np.int64)
    )
    return verdicts_of(ROAD, where, *np.array(kinds).T)


def test_a_planned_station_lifts_a_stretch_after_the_plan_and_is_its_reason():
    found = by_distance(ROAD, stations((1000, 1200)), stations((4000, 500)), WHOLE)
    assert said(found, STATE) == [(0, 2200, YES), (2200, 3500, NO), (3500, 4500, NO), (4500, 10000, NO)]
    assert [value for *_, value in said(found, AFTER)] == [YES, NO, YES, NO]
    assert [value for *_, value in said(found, REASON)] == [0, OUT_OF_RANGE, PLANNED, OUT_OF_RANGE]
    assert set(found.parts[:, GRADE]) == {DISTANCE}


def test_without_data_no_station_does_not_mean_not_covered():
    known = Stretches(
        np.zeros(2, np.int64), np.array([0.0, 6000.0]), np.array([6000.0, ROAD.length_m[0]]), np.array([1, 0])
    )
    found = by_distance(ROAD, stations((6000, 500)), stations(), known)
    assert said(found, STATE) == [(0, 5500, NO), (5500, 6500, YES), (6500, 10000, UNKNOWN)]
    assert said(found, REASON)[-1] == (6500, 10000, NO_DATA)
    assert said(found, GRADE)[-1] == (6500, 10000, 0)


def test_where_there_is_no_terrain_distance_steps_in_exactly():
    simulated = halves((NO, NO, SIMULATED, OUT_OF_RANGE), (UNKNOWN, UNKNOWN, 0, NO_TERRAIN))
    take = Stretches(*simulated.stretches[:3], np.array([0, 1]))
    exact = by_distance(ROAD, stations((5000, 1234)), stations(), WHOLE)
    found = filled(ROAD, simulated, take, exact)
    assert said(found, STATE) == [(0, 5000, NO), (5000, 6234, YES), (6234, 10000, NO)]
    assert [value for *_, value in said(found, GRADE)] == [SIMULATED, DISTANCE, DISTANCE]


def test_4g_or_5g_is_covered_by_either_and_a_no_takes_both():
    one = halves((YES, YES, SIMULATED, 0), (NO, NO, SIMULATED, OUT_OF_RANGE))
    open_, other = (
        halves((NO, NO, DISTANCE, OUT_OF_RANGE), last)
        for last in ((UNKNOWN, UNKNOWN, 0, NO_DATA), (NO, YES, DISTANCE, PLANNED))
    )
    assert said(any_verdict(ROAD, [open_, one]), STATE) == [(0, 5000, YES), (5000, 10000, UNKNOWN)]
    both = any_verdict(ROAD, [one, other])
    assert said(both, STATE) == [(0, 5000, YES), (5000, 10000, NO)]
    assert said(both, AFTER)[-1][2] == YES and said(both, REASON)[-1][2] == PLANNED
    assert said(both, GRADE)[-1][2] == SIMULATED | DISTANCE
    assert isinstance(any_verdict(ROAD, [one]), Verdicts)


@settings(max_examples=15, deadline=None)
@given(
    bends=st.lists(st.floats(-1500, 1500), min_size=2, max_size=4),
    sites=st.lists(st.tuples(st.floats(0, 4000), st.floats(-1500, 1500), st.floats(100, 1500)), max_size=6),
)
def test_intervals_and_gap_runs_equal_a_walk_metre_by_metre(bends, sites):
    road = line(*((4000.0 * k / (len(bends) - 1), y) for k, y in enumerate(bends)))
    lines = draw_lines([road])
    places = [(*place(x, y), radius) for x, y, radius in sites]
    lon, lat, radius = np.array(places).reshape(-1, 3).T
    covered = covered_stretches(lines, lon, lat, radius)
    whole = Stretches(np.array([0]), np.array([0.0]), lines.length_m, np.array([1]))
    found = by_distance(lines, covered, covered_stretches(lines, [], [], []), whole)

    ends, middles = walk(road)
    steps, reached = np.diff(ends), np.zeros(len(middles), dtype=bool)
    for site in places:
        reached |= geodesic_m(middles, site) <= site[2]
    middle = (ends[1:] + ends[:-1]) / 2
    at = np.searchsorted(found.stretches.from_m, middle, side="right") - 1
    apart = (found.parts[at, STATE] == YES) != reached
    # A step may be told otherwise only where a border of a stretch lies in it.
    borders = found.stretches.from_m
    assert all(np.abs(borders - where).min() <= 1.0 for where in middle[apart])
    runs = gap_runs(lines, found.only(STATE))
    crossings = int((reached[1:] != reached[:-1]).sum())
    # Steps of a metre may miss what is shorter, and round every crossing by half a step.
    assert runs.run_m.sum() == pytest.approx(steps[~reached].sum(), abs=1.0 + crossings)
    uncovered = lines.length_m.sum() - (covered.to_m - covered.from_m).sum()
    assert (runs.to_m - runs.from_m).sum() == pytest.approx(uncovered, abs=1e-6)


def test_a_millimetre_left_over_at_the_end_of_a_carriageway_is_no_road():
    lines = draw_lines([line((0, 0), (0, 5000)), line((20, 0), (20, 5000.001 - 100))])
    found = second_carriageways(lines, ["G1", "G1"], apart_m=60.0, least_m=300.0, turn_deg=30.0)
    assert found.length_m[(found.line == 1) & (found.value == COUNTED)].sum() == 0
    near = draw_lines([line((0, 0), (0, 5000)), line((20, -0.002), (20, 4000))])
    found = second_carriageways(near, ["G1", "G1"], apart_m=60.0, least_m=300.0, turn_deg=30.0)
    assert (found.value[found.line == 1] != COUNTED).all()
