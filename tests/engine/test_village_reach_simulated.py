"""Measured beats simulated beats distance, and no mixture goes unnamed: hand-made villages, levels stated by hand."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.point_evidence import Thresholds
from xinji_planner.analysis.simulated_evidence import EVIDENCE, Received
from xinji_planner.analysis.village_reach import ReachRules, Simulated, judge, required_points
from xinji_planner.analysis.village_verdict import NO, UNKNOWN, YES, Simulation, point_signal

FIVE_G = ReachRules("5G", Thresholds(-105, 200, 0.1, 3, 3), ("committee", "school", "clinic"), "N06")
FOUR_G = ReachRules("4G", Thresholds(-105, 200, 0.1, 3, 3), ("committee",), "N07.points", 5000, "N07.distance")
OPERATORS = ("CMCC", "CTCC")
COUNTY = np.array([shapely.box(100, 30, 101, 31)], dtype=object)
LAT = 30.5
NOTHING = {"level": np.nan, "unknown": np.nan, "ground": True}


def east(metres):
    return 100.5 + metres / (111_320 * np.cos(np.radians(LAT)))


def station(at_m=0.0, operator="CMCC", technology="5G", phase="now", name="S1"):
    return {
        "station_id": name, "operator": operator, "technology": technology, "phase": phase, "radius_m": 1000.0,
        "in_service_date": None, "lon": east(at_m), "lat": LAT,
    }  # fmt: skip


def point(kind, at_m=0.0):
    return {"point_id": kind, "village_code": "V", "kind": kind, "name": kind, "lon": east(at_m), "lat": LAT}


def received(levels, count, silent=None):
    """Levels by point and operator; station 0 sends them all. Rows `silent` of the stations cannot be simulated."""
    full = {**{(p, o): NOTHING for p in range(count) for o in range(2)}, **levels}
    table = lambda key: np.array([[full[p, o][key] for o in range(2)] for p in range(count)], dtype=float)  # noqa: E731
    level = table("level")
    known = np.where(np.isnan(level), -1, 0)
    rows = None if silent is None else np.array(silent)
    return Received(level, table("unknown"), known, known, table("ground").all(axis=1), rows, 10_000.0)


def level(dbm, unknown=np.nan, ground=True):
    return {"level": dbm, "unknown": unknown, "ground": ground}


def judged(points, stations, now, later=None, *, alone=False, tests=(), rules=FIVE_G, silent=None):
    """Give the row of one village, and those of its points."""
    villages = pd.DataFrame([{"village_code": "V", "village_name": "村", "lon": east(0), "lat": LAT}])
    key_points = pd.DataFrame(points)
    wanted = required_points(villages, key_points, None, rules.required_kinds)
    columns = ["operator", "technology", "rsrp_dbm", "measured_on", "lon", "lat"]
    result = judge(
        villages,
        wanted,
        pd.DataFrame(stations),
        pd.DataFrame(list(tests), columns=columns),
        COUNTY,
        operators=OPERATORS,
        rules=rules,
        simulated=Simulated(received(now, len(wanted), silent), received(later or {}, len(wanted)), alone),
        checkpoint=lambda _done: None,
    )
    return result.villages.iloc[0], result.points


def drive(dbm):
    return {
        "operator": "CMCC",
        "technology": "5G",
        "rsrp_dbm": dbm,
        "measured_on": "2026-01-01",
        "lon": east(0),
        "lat": LAT,
    }


SEAT = [point("committee")]
FAR = station(20_000, "CTCC", name="S2")  # the other operator has data there, and nothing in range


def test_a_village_behind_a_ridge_is_not_reached_although_distance_says_so():
    row, points = judged(SEAT, [station(300), FAR], {(0, 0): level(-120.0)})
    assert (row["verdict"], row["verdict_by_distance"], row["evidence"]) == ("not_reached", "reached", "simulated")
    assert (row["nearest_station_id"], row["simulated_dbm"], row["margin_db"]) == ("S1", -120.0, -15.0)
    assert np.isnan(row["margin_m"]) and np.isnan(row["level_dbm"])
    assert (points["evidence"][0], points["operator"][0], points["sector"][0]) == ("simulated", "CMCC", 0)


def test_a_village_beyond_the_radius_is_reached_where_nothing_is_in_the_way():
    row, _ = judged(SEAT, [station(4000)], {(0, 0): level(-90.0)})
    assert (row["verdict"], row["verdict_by_distance"], row["evidence"]) == ("reached", "not_reached", "simulated")


def test_measured_goes_before_simulated_in_both_directions():
    row, _ = judged(SEAT, [station(0), FAR], {(0, 0): level(-80.0)}, tests=[drive(-115.0)])
    assert (row["verdict"], row["level_dbm"], row["margin_db"]) == ("not_reached", -115.0, -10.0)
    assert row["evidence"] == "measured+simulated"  # the other operator's NO is a simulated one: nobody in range
    row, _ = judged(SEAT, [station(0)], {(0, 0): level(-130.0)}, tests=[drive(-90.0)])
    assert (row["verdict"], row["evidence"], row["margin_db"]) == ("reached", "measured", 15.0)


def test_beyond_the_heights_distance_decides_and_is_named_or_nobody_can_tell():
    off = {(0, o): level(np.nan, ground=False) for o in range(2)}
    row, points = judged(SEAT, [station(300)], off)
    assert (row["verdict"], row["evidence"]) == ("reached", "distance")
    assert (row["nearest_station_id"], points["evidence"][0]) == ("S1", "distance")
    assert row["margin_m"] == pytest.approx(700, abs=5) and np.isnan(row["margin_db"])
    row, _ = judged(SEAT, [station(300)], off, alone=True)
    assert (row["verdict"], row["reason"], row["verdict_by_distance"]) == ("cannot_tell", "no_terrain", "reached")


def test_a_void_counts_only_where_the_station_behind_it_could_reach():
    maybe, never = level(-120.0, unknown=-100.0), level(-120.0, unknown=-106.0)
    other = [station(300), FAR]
    assert judged(SEAT, other, {(0, 0): maybe}, alone=True)[0]["verdict"] == "cannot_tell"
    row = judged(SEAT, other, {(0, 0): maybe})[0]
    assert (row["verdict"], row["evidence"]) == ("reached", "distance")
    assert judged(SEAT, other, {(0, 0): never}, alone=True)[0]["verdict"] == "not_reached"
    served = level(-104.0, unknown=-80.0)  # it is reached already: the void changes nothing
    assert judged(SEAT, other, {(0, 0): served}, alone=True)[0]["verdict"] == "reached"


def test_nobody_in_range_over_known_ground_is_a_simulated_no():
    row, _ = judged(SEAT, [station(15_000)], {})
    assert (row["verdict"], row["evidence"], row["operator"]) == ("not_reached", "simulated", None)


def test_every_kind_of_evidence_in_a_verdict_is_named():
    points = [point("clinic", 400), point("committee"), point("school", 800)]
    off = level(np.nan, ground=False)
    row, _ = judged(points, [station(400)], {(0, 0): level(-90.0), (2, 0): off, (2, 1): off}, tests=[drive(-90.0)])
    assert (row["verdict"], row["evidence"]) == ("reached", "measured+simulated+distance")
    both = [station(9000), station(9000, "CTCC", name="S2")]
    row, _ = judged(SEAT, both, {(0, 0): level(-120.0), (0, 1): level(np.nan, unknown=-90.0)})
    assert (row["verdict"], row["evidence"]) == ("not_reached", "simulated+distance")


def test_a_level_within_three_decibels_of_the_threshold_is_borderline():
    for dbm, borderline in ((-102.1, 1), (-101.9, 0), (-107.9, 1), (-108.1, 0)):
        assert judged(SEAT, [station(0)], {(0, 0): level(dbm)})[0]["borderline"] == borderline


def test_the_plan_lifts_by_simulation_too_and_says_on_what_it_rests():
    stations = [station(300), station(500, phase="later", name="P")]
    row, _ = judged(SEAT, stations, {(0, 0): level(-120.0)}, {(0, 0): level(-95.0)})
    assert (row["verdict"], row["verdict_after_plan"], row["evidence_after_plan"]) == (
        "not_reached",
        "reached",
        "simulated",
    )
    row, _ = judged(SEAT, stations, {(0, 0): level(-120.0)}, {(0, 0): level(-119.0)})
    assert row["verdict_after_plan"] == "not_reached"


def test_the_five_kilometres_of_4g_stay_a_matter_of_distance():
    row, _ = judged(SEAT, [station(4000, technology="4G")], {(0, 0): level(-125.0)}, rules=FOUR_G)
    assert (row["verdict"], row["rule_id"], row["evidence"]) == ("reached", "N07.distance", "distance")
    row, _ = judged(SEAT, [station(6000, technology="4G")], {(0, 0): level(-125.0)}, rules=FOUR_G)
    assert (row["verdict"], row["evidence"]) == ("not_reached", "simulated+distance")
    row, _ = judged(SEAT, [station(6000, technology="4G")], {(0, 0): level(-80.0)}, rules=FOUR_G)
    assert (row["verdict"], row["rule_id"], row["evidence"]) == ("reached", "N07.points", "simulated")
    off = {(0, o): level(np.nan, ground=False) for o in range(2)}
    row, _ = judged(SEAT, [station(4000, technology="4G")], off, rules=FOUR_G, alone=True)
    assert (row["verdict"], row["rule_id"]) == ("reached", "N07.distance")


def test_a_station_that_cannot_be_simulated_speaks_by_its_radius_and_the_evidence_says_so():
    weak = {(0, 0): level(-130.0)}
    both = [station(5000), station(115, name="X1")]
    row, points = judged(SEAT, both, weak, silent=[1])
    assert (row["verdict"], row["evidence"], row["nearest_station_id"]) == ("reached", "distance", "X1")
    assert row["margin_m"] == pytest.approx(885, abs=5) and np.isnan(row["margin_db"])
    assert (points["verdict"][0], points["evidence"][0]) == ("reached", "distance")
    row, points = judged(SEAT, [station(5000), station(2000, name="X1"), FAR], weak, silent=[1])
    assert (row["verdict"], row["evidence"], row["nearest_station_id"]) == (
        "not_reached",
        "simulated+distance",
        "S1",
    )
    assert (points["evidence"][0], row["simulated_dbm"]) == ("simulated+distance", -130.0)
    row, _ = judged(SEAT, [station(5000), station(12_000, name="X1"), FAR], weak, silent=[1])
    assert (row["verdict"], row["evidence"]) == ("not_reached", "simulated")  # beyond the range it is nobody's matter


def test_with_simulation_alone_a_station_that_cannot_be_simulated_leaves_the_verdict_open():
    weak, others = {(0, 0): level(-130.0)}, [station(5000), station(2000, name="X1"), FAR]
    row, points = judged(SEAT, others, weak, silent=[1], alone=True)
    assert (row["verdict"], row["reason"], row["evidence"]) == ("cannot_tell", "station_not_simulated", "none")
    assert (points["verdict"][0], points["evidence"][0]) == ("cannot_tell", "none")
    strong = {(0, 0): level(-90.0)}
    assert judged(SEAT, others, strong, silent=[1], alone=True)[0]["verdict"] == "reached"
    assert judged(SEAT, others, weak, silent=[1], alone=True, tests=[drive(-120.0)])[0]["verdict"] == "not_reached"
    far = [station(5000), station(12_000, name="X1"), FAR]
    assert judged(SEAT, far, weak, silent=[1], alone=True)[0]["verdict"] == "not_reached"


def test_what_nothing_simulated_tells_has_no_evidence_whoever_stands_near():
    off = {(0, o): level(np.nan, ground=False) for o in range(2)}
    row, points = judged(SEAT, [station(300)], off, alone=True)
    assert (row["evidence"], points["verdict"][0], points["evidence"][0]) == ("none", "cannot_tell", "none")
    assert np.isnan(points["margin_m"][0])


def test_a_point_and_its_village_follow_the_same_rule_for_operators_without_data():
    """CTCC lists a station in another county alone: its silence here says nothing, and CMCC's NO stands."""
    elsewhere = {**station(0, "CTCC", name="S2"), "lon": 105.0, "lat": 30.5}
    row, points = judged(SEAT, [station(5000), elsewhere], {(0, 0): level(-130.0)})
    assert (row["verdict"], row["operators_with_data"]) == ("not_reached", "CMCC")
    assert (points["verdict"][0], points["verdict_after_plan"][0]) == ("not_reached", "not_reached")
    assert (points["evidence"][0], points["operator"][0]) == ("simulated", "CMCC")
    row, points = judged(SEAT, [station(5000), elsewhere], {(0, 0): level(-130.0), (0, 1): level(-90.0)})
    assert (row["verdict"], points["verdict"][0], points["covered_by"][0]) == ("reached", "reached", "CTCC")
    nobody = [elsewhere, {**station(0, name="S1"), "lon": 105.0, "lat": 30.6}]
    row, points = judged(SEAT, nobody, {(0, 0): level(-130.0)})
    assert (row["verdict"], row["reason"], points["verdict"][0]) == ("cannot_tell", "no_data", "cannot_tell")


def slow_state(located, has_data, margin, measured, sim, unknown, ground, alone):
    """One point and operator by the words of the rule."""
    if not located:
        return UNKNOWN, "distance"
    if not np.isnan(measured):
        return (YES if measured >= -105 else NO), "measured"
    if ground and (sim >= -105 or not unknown >= -105):
        return (YES if sim >= -105 else NO if has_data else UNKNOWN), "simulated"
    if alone:
        return UNKNOWN, "distance"
    return (YES if margin >= 0 else NO if has_data else UNKNOWN), "distance"


maybe = st.one_of(st.just(float("nan")), st.sampled_from([-130.0, -105.1, -105.0, -80.0]))


@settings(max_examples=400, deadline=None)
@given(
    located=st.booleans(),
    has_data=st.booleans(),
    margin=st.sampled_from([float("nan"), -10.0, 0.0, 10.0]),
    measured=maybe,
    sim=maybe,
    unknown=maybe,
    ground=st.booleans(),
    alone=st.booleans(),
)
def test_a_point_is_judged_as_the_rule_reads(located, has_data, margin, measured, sim, unknown, ground, alone):
    one = lambda value, kind=float: np.array([[value]], dtype=kind)  # noqa: E731
    said = Received(one(sim), one(unknown), one(-1, int), one(-1, int), np.array([ground]))
    signal = point_signal(
        np.array([located]),
        one(margin),
        one(np.nan if np.isnan(margin) else 1000.0),
        one(measured),
        one(has_data, bool),
        threshold_dbm=-105,
        borderline_share=0.1,
        borderline_db=3,
        simulation=Simulation(one(sim), said.told(-105), 3, alone),
    )
    kind = "measured" if signal.measured[0, 0] else "simulated" if signal.simulated[0, 0] else "distance"
    assert (signal.state[0, 0], kind) == slow_state(located, has_data, margin, measured, sim, unknown, ground, alone)
    assert kind in EVIDENCE
