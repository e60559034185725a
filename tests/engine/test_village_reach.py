"""Village reach on hand-made villages: one village, a few points and stations, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.analysis.point_evidence import Thresholds
from xinji_planner.analysis.village_reach import ReachRules, judge, required_points

KINDS = ("committee", "school", "clinic")
FIVE_G = ReachRules("5G", Thresholds(-105, 200, 0.1, 3, 3), KINDS, "N06")
FOUR_G = ReachRules("4G", Thresholds(-105, 200, 0.1, 3, 3), KINDS, "N07.points", 5000, "N07.distance")
OPERATORS = ("CMCC", "CTCC")
COUNTY = np.array([shapely.box(100, 30, 101, 31)], dtype=object)
LAT = 30.5


def east(metres, lon=100.5):
    """Longitude so many metres east of the village, on its parallel."""
    return lon + metres / (111_320 * np.cos(np.radians(LAT)))


def station(at_m=0.0, operator="CMCC", technology="5G", phase="now", radius_m=1000.0, name="S1"):
    return {
        "station_id": name, "operator": operator, "technology": technology, "phase": phase, "radius_m": radius_m,
        "in_service_date": None, "lon": east(at_m), "lat": LAT,
    }  # fmt: skip


def point(kind, at_m=0.0, located=True):
    lon, lat = (east(at_m), LAT) if located else (np.nan, np.nan)
    return {"point_id": kind, "village_code": "V", "kind": kind, "name": kind, "lon": lon, "lat": lat}


def test_result(level, at_m=0.0, operator="CMCC", technology="5G", day="2026-01-01"):
    return {"operator": operator, "technology": technology, "rsrp_dbm": level, "measured_on": day,
            "lon": east(at_m), "lat": LAT}  # fmt: skip


test_result.__test__ = False


def judged(
    points=(), stations=(), tests=(), *, rules=FIVE_G, located=True, settlements=None, counties=COUNTY, counted_in=None
):
    lon, lat = (east(0), LAT) if located else (np.nan, np.nan)
    villages = pd.DataFrame([{"village_code": "V", "village_name": "村", "lon": lon, "lat": lat}])
    key_points = pd.DataFrame(list(points), columns=["point_id", "village_code", "kind", "name", "lon", "lat"])
    columns = ["station_id", "operator", "technology", "phase", "radius_m", "in_service_date", "lon", "lat"]
    listed = pd.DataFrame(list(stations), columns=columns)
    tests = pd.DataFrame(list(tests), columns=["operator", "technology", "rsrp_dbm", "measured_on", "lon", "lat"])
    result = judge(
        villages,
        required_points(villages, key_points, settlements, rules.required_kinds),
        listed,
        tests,
        counties,
        operators=OPERATORS,
        rules=rules,
        counted_in=None if counted_in is None else np.array([counted_in]),
        checkpoint=lambda _done: None,
    )
    return result.villages.iloc[0]


def test_one_operator_must_serve_every_point_two_halves_do_not_make_a_whole():
    points = [point("committee"), point("school", 3000)]
    halves = [station(0, "CMCC", name="A"), station(3000, "CTCC", name="B")]
    assert judged(points, halves)["verdict"] == "not_reached"
    assert judged(points, [*halves, station(3000, "CMCC", name="C")])["verdict"] == "reached"
    shared = [station(0, "CMCC;CTCC", name="A"), station(3000, "CTCC", name="B")]
    assert judged(points, shared)["operator"] == "CTCC"


def test_no_village_is_reached_without_its_seat_being_looked_at():
    row = judged([point("school", 3000)], [station(3000)])
    assert (row["verdict"], row["basis"], row["deciding_kind"]) == (
        "not_reached",
        "key_points+village_point",
        "village",
    )
    assert judged([point("school", 3000)], [station(3000, radius_m=3100)])["verdict"] == "reached"
    unknown = judged([point("school", 3000)], [station(3000)], located=False)
    assert (unknown["verdict"], unknown["reason"]) == ("cannot_tell", "point_without_place")


def test_a_point_without_coordinates_leaves_the_verdict_open_but_a_missed_point_closes_it():
    open_verdict = judged([point("committee"), point("school", located=False)], [station(0)])
    assert (open_verdict["verdict"], open_verdict["reason"]) == ("cannot_tell", "point_without_place")
    assert open_verdict["borderline"] == 0
    closed = judged([point("committee", 5000), point("school", located=False)], [station(0)])
    assert closed["verdict"] == "not_reached"


def test_a_committee_without_coordinates_is_not_a_village_without_any():
    row = judged([point("committee", located=False)], [station(0)])
    assert (row["verdict"], row["reason"]) == ("cannot_tell", "point_without_place")
    assert judged(located=False, stations=[station(0)])["reason"] == "no_place"


def test_a_measured_no_counts_also_where_the_operator_lists_no_station():
    far = station(0) | {"lon": 105.0}
    row = judged(stations=[far], tests=[test_result(-120.0)])
    assert (row["verdict"], row["evidence"], row["level_dbm"], row["operator"]) == (
        "not_reached",
        "measured",
        -120.0,
        "CMCC",
    )
    assert judged(stations=[far])["reason"] == "no_data"


def test_measurement_goes_before_distance_in_both_directions():
    assert judged(stations=[station(0)], tests=[test_result(-106.0)])["verdict"] == "not_reached"
    assert judged(stations=[station(9000)], tests=[test_result(-104.0)])["verdict"] == "reached"
    assert judged(stations=[station(0)], tests=[test_result(-120.0, at_m=250)])["verdict"] == "reached"
    mixed = judged([point("committee"), point("school", 800)], [station(0)], [test_result(-90.0)])
    assert (mixed["verdict"], mixed["evidence"]) == ("reached", "measured+distance")


def test_an_operator_that_lists_no_station_of_the_technology_has_sent_no_data_on_it():
    row = judged(stations=[station(0, technology="4G")])
    assert (row["verdict"], row["reason"], row["operators_with_data"]) == ("cannot_tell", "no_data", "")
    assert row["operator"] is None
    planned_only = judged(stations=[station(0, phase="later")])
    assert (planned_only["verdict"], planned_only["reason"]) == ("cannot_tell", "no_data")
    assert planned_only["verdict_after_plan"] == "reached"


@pytest.mark.parametrize("phase", ["later", "never"])
def test_a_station_that_is_only_planned_or_retired_is_no_data_on_what_is_there(phase):
    row = judged(stations=[station(9000, phase=phase), station(9000, "CTCC", technology="4G", name="B")])
    assert (row["verdict"], row["reason"], row["verdict_after_plan"]) == ("cannot_tell", "no_data", "cannot_tell")
    with_one = judged(stations=[station(9000, phase=phase), station(9000, "CTCC", name="B")])
    assert (with_one["verdict"], with_one["operators_with_data"]) == ("not_reached", "CTCC")


def test_a_village_in_no_polygon_has_the_data_of_the_county_in_which_it_counts():
    beside = np.array([shapely.box(east(2000), 30, 101, 31), shapely.box(99, 30, east(-2000), 31)], dtype=object)
    stations = [station(9000), station(-90_000, phase="later", name="P")]
    for counted, verdict in ((0, "not_reached"), (1, "cannot_tell"), (-1, "cannot_tell")):
        row = judged(stations=stations, counties=beside, counted_in=counted)
        assert (row["verdict"], row["operators_with_data"]) == (verdict, "CMCC" if counted == 0 else "")
    assert judged(stations=stations, counties=beside)["verdict"] == "cannot_tell"  # also inside the box of stations
    assert judged(stations=[station(500)], counties=beside, counted_in=1)["verdict"] == "reached"
    assert judged(stations=stations, counties=COUNTY, counted_in=-1)["verdict"] == "not_reached"  # it lies in one


def test_planned_stations_only_ever_lift_and_retired_ones_never_count():
    assert judged(stations=[station(0, phase="never"), station(5000)])["verdict_after_plan"] == "not_reached"
    row = judged(stations=[station(5000), station(0, "CTCC", phase="later", name="P")])
    assert (row["verdict"], row["verdict_after_plan"]) == ("not_reached", "reached")


@pytest.mark.parametrize(
    ("at_m", "verdict", "borderline"), [(950, "reached", 1), (890, "reached", 0), (1050, "not_reached", 1)]
)
def test_borderline_is_a_tenth_of_the_radius_on_either_side(at_m, verdict, borderline):
    row = judged(stations=[station(at_m)])
    assert (row["verdict"], row["borderline"]) == (verdict, borderline)
    assert row["margin_m"] == pytest.approx(1000 - row["distance_m"], abs=0.01)


def test_a_4g_station_within_five_kilometres_of_the_seat_is_enough():
    row = judged([point("committee"), point("school", 40_000)], [station(4900, technology="4G")], rules=FOUR_G)
    assert (row["verdict"], row["rule_id"], row["deciding_kind"]) == ("reached", "N07.distance", "committee")
    assert judged(stations=[station(5200, technology="4G")], rules=FOUR_G)["verdict"] == "not_reached"


def test_a_planned_4g_station_near_the_seat_lifts_the_verdict_after_plan():
    built = station(20_000, technology="4G", name="A")
    planned = station(4900, technology="4G", phase="later", name="P")
    row = judged(stations=[built, planned], rules=FOUR_G)
    assert (row["verdict"], row["verdict_after_plan"]) == ("not_reached", "reached")
    far = station(5200, technology="4G", phase="later", name="P")
    assert judged(stations=[built, far], rules=FOUR_G)["verdict_after_plan"] == "not_reached"


def test_4g_signal_must_also_find_the_large_settlements():
    settlements = pd.DataFrame(
        [{"settlement_id": "Z", "village_code": "V", "name": "屯", "lon": east(9000), "lat": LAT}]
    )
    wide = station(6000, technology="4G", radius_m=6500)
    assert judged(stations=[wide], rules=FOUR_G, settlements=settlements)["rule_id"] == "N07.points"
    assert judged(stations=[wide], rules=FOUR_G, settlements=settlements)["verdict"] == "reached"
    tight = station(6000, technology="4G", radius_m=6100)
    far = settlements.assign(lon=east(13_000))
    assert judged(stations=[tight], rules=FOUR_G, settlements=far)["verdict"] == "not_reached"
    assert (
        judged(stations=[tight], rules=FOUR_G, settlements=far.assign(lon=np.nan, lat=np.nan))["verdict"]
        == "cannot_tell"
    )


def test_points_of_unknown_villages_and_other_kinds_do_not_count():
    strangers = [point("committee"), point("market", 90_000), point("school", 90_000) | {"village_code": "X"}]
    assert judged(strangers, [station(0)])["points_judged"] == 1


def test_without_counties_the_box_of_the_stations_is_where_data_speak():
    near = judged(stations=[station(900, radius_m=800)], counties=COUNTY[:0])
    assert near["verdict"] == "cannot_tell"  # 900 m outside a box that is grown by 800 m
    inside = [station(900, radius_m=850, name="A"), station(-900, radius_m=850, name="B")]
    assert judged(stations=inside, counties=COUNTY[:0])["verdict"] == "not_reached"
