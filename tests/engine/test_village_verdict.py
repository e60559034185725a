"""Three-valued verdicts against an obvious, slow reading of the rule."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.measured import measured_level
from xinji_planner.analysis.village_verdict import (
    NO,
    UNKNOWN,
    YES,
    PointSignal,
    either,
    judge_villages,
    point_signal,
)

STATE = st.sampled_from([NO, UNKNOWN, YES])
SLACK = {NO: -2.0, UNKNOWN: np.nan, YES: 2.0}


def slow_verdict(points_by_operator, has_data):
    """All points per operator, any operator; an operator without data speaks only when it says yes."""
    by_operator = []
    for states, data in zip(points_by_operator, has_data):
        if not states:
            state = UNKNOWN
        elif NO in states:
            state = NO
        elif UNKNOWN in states:
            state = UNKNOWN
        else:
            state = YES
        if data or state == YES:
            by_operator.append(state)
    return max(by_operator, default=UNKNOWN)


@st.composite
def cases(draw):
    villages, operators = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    village = draw(st.lists(st.integers(0, villages - 1), max_size=12))
    states = [[draw(STATE) for _ in range(operators)] for _ in village]
    data = [[draw(st.booleans()) for _ in range(operators)] for _ in range(villages)]
    return village, states, data, villages, operators


@settings(max_examples=300, deadline=None)
@given(cases())
def test_a_village_is_reached_exactly_when_one_operator_serves_all_its_points(case):
    village, states, data, villages, operators = case
    state = np.array(states, dtype=np.int8).reshape(len(village), operators)
    slack = np.vectorize(SLACK.get, otypes=[float])(state) if len(village) else np.zeros((0, operators))
    signal = PointSignal(state, slack, *2 * [np.zeros_like(state, dtype=bool)])
    verdict = judge_villages(np.array(village, dtype=np.int64), signal, np.array(data, dtype=bool))
    for row in range(villages):
        own = [k for k, v in enumerate(village) if v == row]
        expected = slow_verdict([[states[k][o] for k in own] for o in range(operators)], data[row])
        assert verdict.state[row] == expected
        if verdict.point[row] >= 0:
            assert village[verdict.point[row]] == row


def test_the_weakest_point_of_the_best_operator_decides():
    signal = PointSignal(
        np.array([[YES, NO], [YES, YES]], dtype=np.int8),
        np.array([[3.0, -1.0], [0.5, 9.0]]),
        *2 * [np.zeros((2, 2), bool)],
    )
    verdict = judge_villages(np.array([0, 0]), signal, np.ones((1, 2), dtype=bool))
    assert (verdict.state[0], verdict.operator[0], verdict.point[0], verdict.slack[0]) == (YES, 0, 1, 0.5)


def test_a_missed_village_names_the_operator_that_comes_closest():
    signal = PointSignal(
        np.full((1, 3), NO, dtype=np.int8), np.array([[-9.0, -0.4, -3.0]]), *2 * [np.zeros((1, 3), bool)]
    )
    verdict = judge_villages(np.array([0]), signal, np.ones((1, 3), dtype=bool))
    assert (verdict.state[0], verdict.operator[0], verdict.slack[0]) == (NO, 1, -0.4)


def signal_of(margin, radius=1000.0, level=np.nan, located=True, has_data=True):
    one = lambda value: np.array([[value]], dtype=float)  # noqa: E731
    signal = point_signal(
        np.array([located]),
        one(margin),
        one(radius),
        one(level),
        np.array([[has_data]]),
        threshold_dbm=-105,
        borderline_share=0.1,
        borderline_db=3,
    )
    return int(signal.state[0, 0]), float(signal.slack[0, 0]), bool(signal.measured[0, 0])


@pytest.mark.parametrize(
    ("given_values", "state"),
    [
        ({"margin": 0.0}, YES),
        ({"margin": -0.01}, NO),
        ({"margin": -5000.0, "has_data": False}, UNKNOWN),
        ({"margin": 5.0, "has_data": False}, YES),
        ({"margin": 5.0, "located": False}, UNKNOWN),
        ({"margin": np.nan, "radius": np.nan}, NO),
        ({"margin": np.nan, "radius": np.nan, "has_data": False}, UNKNOWN),
        ({"margin": 900.0, "level": -110.0}, NO),
        ({"margin": -900.0, "level": -105.0}, YES),
        ({"margin": -900.0, "level": -105.1, "has_data": False}, NO),
    ],
)
def test_a_point_is_judged_by_measurement_first_then_by_distance_and_never_without_data(given_values, state):
    assert signal_of(**given_values)[0] == state


def test_slack_counts_borderline_widths_of_the_evidence_at_hand():
    assert signal_of(50.0)[1] == pytest.approx(0.5)  # half of 10 % of 1000 m
    assert signal_of(50.0, level=-106.5)[1:] == (pytest.approx(-0.5), True)  # half of 3 dB below


def test_of_two_ways_to_pass_the_better_one_counts():
    signal = lambda state, slack: judge_villages(  # noqa: E731
        np.array([0]),
        PointSignal(np.array([[state]], dtype=np.int8), np.array([[slack]]), *2 * [np.zeros((1, 1), bool)]),
        np.ones((1, 1), dtype=bool),
    )
    joined, by_second = either(signal(NO, -4.0), signal(YES, 0.1))
    assert (joined.state[0], bool(by_second[0])) == (YES, True)
    joined, by_second = either(signal(NO, -1.0), signal(NO, -4.0))
    assert (joined.slack[0], bool(by_second[0])) == (-1.0, False)


def test_the_newest_day_speaks_with_its_median_and_only_nearby():
    lon, lat = 129.0, 20.0
    metres = 1 / 110_574  # degrees of latitude a metre, near enough
    tests = pd.DataFrame(
        {
            "lat": [lat + 10 * metres, lat + 20 * metres, lat + 30 * metres, lat + 40 * metres, lat + 500 * metres],
            "level": [-60.0, -100.0, -110.0, -90.0, -50.0],
            "day": ["2024-01-01", "2025-03-01", "2025-03-01", "2025-03-01", "2026-01-01"],
        }
    )
    found = measured_level(
        [lon, np.nan], [lat, lat], [lon] * 5, tests["lat"], tests["level"], tests["day"], within_m=200
    )
    assert (found.level_dbm[0], found.day[0], found.tests[0]) == (-100.0, "2025-03-01", 3)
    assert np.isnan(found.level_dbm[1]) and found.day[1] is None
