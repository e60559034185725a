"""Village reach, against a slow version that looks at every pair."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis import geodesy
from xinji_planner.analysis.reach import ReachStream, any_within_own_radius, best_station, nearest_station
from xinji_planner.analysis.slices import rounds

GEOD = Geod(a=6378137.0, rf=298.257222101)
CENTIMETRE = 0.01
QUICK = settings(deadline=None, max_examples=60)


def geodesic_matrix(lon, lat, to_lon, to_lat):
    """Distance of every point (row) to every station (column), by PROJ."""
    shape = (len(lon), len(to_lon))
    pairs = (np.repeat(lon, shape[1]), np.repeat(lat, shape[1]), np.tile(to_lon, shape[0]), np.tile(to_lat, shape[0]))
    return np.asarray(GEOD.inv(*pairs)[2]).reshape(shape)


def stated_error_m(distance_m):
    """The accuracy that `geodesy` states: far below a millimetre at village distances, 11 mm at 100 km, by the cube."""
    return 1e-4 + 0.013 * (distance_m / 100_000.0) ** 3


def chord_matrix(lon, lat, to_lon, to_lat):
    """The same by the chord formula, to the bit as the kernels have it."""
    step = geodesy.ecef_m(to_lon, to_lat)[None] - geodesy.ecef_m(lon, lat)[:, None]
    squares = step[..., 0] ** 2 + step[..., 1] ** 2 + step[..., 2] ** 2
    return np.vectorize(geodesy.geodesic_from_chord, otypes=[float])(np.sqrt(squares))


@st.composite
def neighbourhoods(draw):
    """Points and stations around one place of the earth, with radii that reach some of them."""
    lon = draw(st.sampled_from([116.4, 0.0, 180.0, -180.0, 179.99]) | st.floats(-180, 180))
    lat = draw(st.sampled_from([39.9, 0.0, 90.0, -90.0, 89.95, -89.99]) | st.floats(-90, 90))
    spread_m = draw(st.sampled_from([1.0, 500.0, 8_000.0, 60_000.0]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def places(count):
        metres, azimuth = spread_m * np.sqrt(rng.random(count)), rng.uniform(0, 360, count)
        east, north, _ = GEOD.fwd(np.full(count, lon), np.full(count, lat), azimuth, metres)
        east = np.asarray(east)
        # Where the way leads over ±180°, both spellings of the meridian must do.
        return np.where(np.abs(east) > 180.0, east - 360.0 * np.sign(east), east), np.asarray(north)

    points, stations = draw(st.integers(1, 30)), draw(st.integers(1, 40))
    radius = spread_m * draw(st.sampled_from([0.05, 0.3, 2.5])) * rng.random(stations)
    return (*places(points), *places(stations), radius)


@QUICK
@given(neighbourhoods())
def test_a_village_is_reached_when_the_geodesic_to_some_station_is_within_its_radius(case):
    lon, lat, to_lon, to_lat, radius = case
    distances = geodesic_matrix(lon, lat, to_lon, to_lat)
    spare = (radius - distances).max(axis=1)
    clear = (np.abs(radius - distances) > stated_error_m(distances)).all(axis=1)
    np.testing.assert_array_equal(any_within_own_radius(*case)[clear], (spare >= 0)[clear])


@QUICK
@given(neighbourhoods())
def test_the_best_station_has_the_largest_margin_of_all(case):
    lon, lat, to_lon, to_lat, radius = case
    best = best_station(*case)
    margins = radius - chord_matrix(lon, lat, to_lon, to_lat)
    np.testing.assert_array_equal(best.station, margins.argmax(axis=1))
    np.testing.assert_array_equal(best.margin_m, margins.max(axis=1))
    true = geodesic_matrix(lon, lat, to_lon, to_lat)
    chosen = true[np.arange(len(lon)), best.station]
    assert (np.abs(best.distance_m - chosen) < stated_error_m(chosen)).all()
    assert (np.abs(best.margin_m - (radius - true).max(axis=1)) < stated_error_m(true.max(axis=1))).all()


@QUICK
@given(neighbourhoods())
def test_the_nearest_station_is_the_nearest_of_all(case):
    lon, lat, to_lon, to_lat, _ = case
    nearest = nearest_station(*case[:4])
    distances = chord_matrix(lon, lat, to_lon, to_lat)
    np.testing.assert_array_equal(nearest.station, distances.argmin(axis=1))
    true = geodesic_matrix(lon, lat, to_lon, to_lat).min(axis=1)
    assert (np.abs(nearest.distance_m - true) < stated_error_m(true)).all()


@QUICK
@given(neighbourhoods(), st.integers(1, 7), st.integers(1, 4))
def test_stations_in_chunks_and_on_any_number_of_threads_give_the_same_verdicts(case, chunk, threads):
    lon, lat, to_lon, to_lat, radius = case
    stream = ReachStream(lon, lat, threads=threads)
    for first in range(0, len(to_lon), chunk):
        part = slice(first, first + chunk)
        stream.add(to_lon[part], to_lat[part], radius[part])
    assert stream.stations == len(to_lon)
    np.testing.assert_array_equal(stream.covered, any_within_own_radius(*case, threads=1))


@QUICK
@given(neighbourhoods())
def test_the_verdict_agrees_with_the_sign_of_the_margin(case):
    margin = best_station(*case).margin_m
    clear = np.abs(margin) > 1e-6
    np.testing.assert_array_equal(any_within_own_radius(*case)[clear], (margin >= 0)[clear])


def county(villages=4_000, stations=30_000, seed=7):
    rng = np.random.default_rng(seed)
    towns = rng.uniform((100.0, 22.0), (103.0, 25.0), (40, 2))
    points = towns[rng.integers(0, 40, villages)] + rng.normal(0, 0.2, (villages, 2))
    masts = towns[rng.integers(0, 40, stations)] + rng.normal(0, 0.1, (stations, 2))
    return (*points.T, *masts.T, rng.choice([400.0, 1_200.0, 6_000.0], stations, p=[0.6, 0.39, 0.01]))


def test_a_county_gets_the_verdicts_of_the_slow_version_whatever_the_threads():
    case = county()
    one, two = any_within_own_radius(*case, threads=1), any_within_own_radius(*case, threads=3)
    best_one, best_two = best_station(*case, threads=1), best_station(*case, threads=3)
    np.testing.assert_array_equal(one, two)
    for a, b in zip(best_one, best_two):
        np.testing.assert_array_equal(a, b)
    step = slice(0, None, 40)
    spare = case[4] - geodesic_matrix(case[0][step], case[1][step], case[2], case[3])
    assert 0.1 < one.mean() < 0.95, "the case must have both verdicts"
    np.testing.assert_array_equal(one[step], spare.max(axis=1) >= 0)
    np.testing.assert_array_equal(best_one.station[step], spare.argmax(axis=1))


def test_one_station_with_a_huge_radius_among_small_ones_reaches_all_it_should():
    lon, lat, to_lon, to_lat, radius = county(500, 2_000)
    radius = np.append(radius, 150_000.0)
    to_lon, to_lat = np.append(to_lon, 101.0), np.append(to_lat, 23.0)
    spare = (radius - geodesic_matrix(lon, lat, to_lon, to_lat)).max(axis=1)
    clear = np.abs(spare) > 0.05
    np.testing.assert_array_equal(any_within_own_radius(lon, lat, to_lon, to_lat, radius)[clear], (spare >= 0)[clear])


def test_a_village_one_kilometre_north_is_reached_by_1001_metres_and_not_by_999():
    lon2, lat2, _ = GEOD.fwd(116.0, 40.0, 0.0, 1_000.0)
    for radius, reached in ((1_001.0, True), (1_000.001, True), (999.999, False), (999.0, False)):
        assert any_within_own_radius([lon2], [lat2], [116.0], [40.0], radius).tolist() == [reached]


def test_a_wide_but_far_station_loses_to_a_small_one_with_more_margin():
    lon, lat = [110.0], [30.0]
    ends = [GEOD.fwd(110.0, 30.0, 90.0, metres)[:2] for metres in (5_900.0, 300.0, 100.0)]
    to_lon, to_lat = np.array(ends).T
    best = best_station(lon, lat, to_lon, to_lat, [6_000.0, 800.0, 400.0])
    assert best.station.tolist() == [1]
    assert best.margin_m[0] == pytest.approx(500.0, abs=1e-4)
    assert nearest_station(lon, lat, to_lon, to_lat).station.tolist() == [2]


def test_a_village_that_nobody_reaches_still_has_a_best_station_with_its_shortfall():
    lon2, lat2, _ = GEOD.fwd(110.0, 30.0, 45.0, 20_000.0)
    best = best_station([110.0], [30.0], [lon2, 0.0], [lat2, 0.0], 3_000.0)
    assert best.station.tolist() == [0]
    assert best.margin_m[0] == pytest.approx(-17_000.0, abs=CENTIMETRE)


def test_stations_at_the_same_place_are_told_apart_by_row():
    lon, lat = np.full(50, 105.0), np.full(50, 35.0)
    radius = np.full(50, 700.0)
    radius[[13, 31]] = 900.0
    best = best_station([105.0], [35.0], lon, lat, radius)
    assert best.station.tolist() == [13]
    assert (best.distance_m[0], best.margin_m[0]) == (0.0, 900.0)
    assert nearest_station([105.0, 106.0], [35.0, 36.0], lon, lat).station.tolist() == [0, 0]


def test_a_radius_of_zero_reaches_exactly_its_own_place():
    assert any_within_own_radius([105.0, 105.0], [35.0, 35.00001], [105.0], [35.0], 0.0).tolist() == [True, False]


def test_the_antimeridian_is_no_border():
    lon, lat = [179.999, -179.999, 180.0, -180.0], np.zeros(4)
    for station in (180.0, -180.0, 179.9995, -179.9995):
        assert any_within_own_radius(lon, lat, [station], [0.0], 200.0).all()
    assert nearest_station([179.999], [0.0], [179.9, -179.999], [0.0, 0.0]).station.tolist() == [1]


def test_a_station_at_the_pole_reaches_all_longitudes():
    lon = np.linspace(-180, 180, 25)
    assert any_within_own_radius(lon, np.full(25, 89.99), [12.0], [90.0], 1_200.0).all()
    assert not any_within_own_radius(lon, np.full(25, 89.98), [12.0], [90.0], 1_200.0).any()
    assert any_within_own_radius(lon, np.full(25, -89.999), [77.0], [-89.999], 300.0).all()


def test_a_village_without_coordinates_is_not_reached_and_has_no_station():
    lon, lat = [105.0, np.nan, 105.0, np.nan], [35.0, 35.0, np.nan, np.nan]
    assert any_within_own_radius(lon, lat, [105.0], [35.0], 500.0).tolist() == [True, False, False, False]
    best = best_station(lon, lat, [105.0], [35.0], 500.0)
    assert best.station.tolist() == [0, -1, -1, -1]
    assert np.isnan(best.distance_m[1:]).all() and np.isnan(best.margin_m[1:]).all()
    assert not any_within_own_radius([np.nan], [np.nan], [105.0], [35.0], 500.0).any()
    assert nearest_station([np.nan], [np.nan], [105.0], [35.0]).station.tolist() == [-1]


def test_without_stations_no_village_is_reached_and_without_villages_there_is_no_answer():
    none = np.empty(0)
    assert any_within_own_radius([105.0], [35.0], none, none, none).tolist() == [False]
    assert any_within_own_radius([105.0], [35.0], none, none, 500.0).tolist() == [False]
    best = best_station([105.0], [35.0], none, none, none)
    assert best.station.tolist() == [-1] and np.isnan(best.margin_m).all()
    assert nearest_station([105.0], [35.0], none, none).station.tolist() == [-1]
    for found in (any_within_own_radius(none, none, [105.0], [35.0], 500.0), nearest_station(none, none, [1], [2])[0]):
        assert found.shape == (0,)
    assert best_station(none, none, none, none, none).station.dtype == np.int64


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "said"),
    [
        ([1.0, np.nan], [2.0, 2.0], [3.0, 3.0], "row 1: station longitude is nan"),
        ([1.0, 1.0], [np.inf, 2.0], [3.0, 3.0], "row 0: station latitude is inf"),
        ([1.0, 180.1], [2.0, 2.0], [3.0, 3.0], "row 1: station longitude is 180.1"),
        ([35.0, 35.0], [116.0, 117.0], [3.0, 3.0], r"row 0: station latitude is 116.0.*2 such rows"),
        ([1.0, 1.0], [2.0, 2.0], [3.0, -3.0], "row 1: station radius is -3.0"),
        ([1.0, 1.0], [2.0, 2.0], [np.nan, 3.0], "row 0: station radius is nan"),
        ([1.0, 1.0], [2.0, 2.0], np.inf, "row 0: station radius is inf"),
        ([1.0, 1.0], [2.0], [3.0, 3.0], "2 station longitudes but 1 station latitudes"),
        ([1.0, 1.0], [2.0, 2.0], [3.0], "1 radii but 2 stations"),
    ],
)
def test_a_station_that_cannot_be_is_refused_with_its_row_and_value(lon, lat, radius, said):
    for ask in (any_within_own_radius, best_station):
        with pytest.raises(ValueError, match=said):
            ask([1.0], [2.0], lon, lat, radius)


def test_a_village_outside_the_earth_is_refused_with_its_row():
    with pytest.raises(ValueError, match=r"row 2: point latitude is 91\.0, expected a number from -90 to 90 degrees"):
        nearest_station([1.0, np.nan, 3.0], [2.0, 2.0, 91.0], [1.0], [2.0])


def test_a_bad_row_in_a_later_chunk_is_counted_over_all_chunks_and_the_chunk_is_left_out():
    stream = ReachStream([105.0], [35.0])
    stream.add([100.0, 100.0], [30.0, 30.0], 500.0)
    with pytest.raises(ValueError, match="row 3: station longitude"):
        stream.add([105.0, 999.0], [35.0, 35.0], 500.0)
    assert (stream.covered.tolist(), stream.stations) == ([False], 2)


class CancelledError(Exception):
    pass


@pytest.mark.parametrize("ask", [any_within_own_radius, best_station, nearest_station])
def test_progress_rises_to_one_and_a_cancel_stops_the_work(ask):
    case = county(3_000, 20_000)[: 4 if ask is nearest_station else 5]
    seen = []
    ask(*case, checkpoint=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and 0.0 < seen[0] < 1.0

    def cancel(fraction):
        raise CancelledError

    with pytest.raises(CancelledError):
        ask(*case, checkpoint=cancel)


def test_even_discs_that_hold_all_villages_can_be_cancelled_every_second():
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(100, 101, (2, 60_000)) * [[1], [0.3]]
    stations = rng.uniform(100, 101, (2, 2_000)) * [[1], [0.3]]
    stream = ReachStream(lon, lat)
    stream.add(stations[0][:1], stations[1][:1], 0.0)  # compiled now
    ticks = [time.perf_counter()]
    stream.add(*stations, 150_000.0, checkpoint=lambda _: ticks.append(time.perf_counter()))
    assert max(np.diff(ticks)) < 1.0


def test_work_goes_in_slices_that_hold_every_item_once():
    seen = np.zeros(100_003, dtype=int)

    def count(first, last):
        seen[first:last] += 1

    done = list(rounds(count, seen.size, threads=3, first_round=10))
    assert done[-1] == seen.size and done == sorted(done) and (seen == 1).all()
    assert list(rounds(count, 0)) == []
