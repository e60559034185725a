"""Levels at scattered places, the ground under them, and what stands in the way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.radio import Propagation, Sector, best_server, profile_between, terrain
from xinji_planner.analysis.radio.points import along_curve, ground_m, levels_at_points, main_obstacles

STEP = 1 / 1200
WEST, NORTH = 100.0, 30.2
ROWS, COLUMNS = 240, 240
MODEL = Propagation()


def hills(seed, void=()):
    """Random hills on 0.2 by 0.2 degrees, with single pixels unknown."""
    height = np.random.default_rng(seed).uniform(0, 300, (ROWS, COLUMNS))
    for row, column in void:
        height[row, column] = np.nan
    return terrain(height, WEST, NORTH, STEP, STEP)


def places(seed, count, outside=0.0):
    rng = np.random.default_rng(seed)
    lon, lat = (start + rng.uniform(-outside, 0.2 + outside, count) for start in (100.0, 30.0))
    return lon, lat


def masts(seed, count):
    rng = np.random.default_rng(seed + 1)
    return [
        Sector(100 + x, 30 + y, float(rng.integers(10, 50)), 2.1, float(rng.integers(10, 40)))
        for x, y in rng.uniform(0.01, 0.19, (count, 2)).tolist()
    ]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 90), holes=st.integers(0, 20))
def test_the_order_in_which_places_are_taken_never_shows(seed, count, holes):
    rng = np.random.default_rng(seed + 2)
    land = hills(seed, rng.integers(0, ROWS, (holes, 2)).tolist())
    lon, lat = places(seed, count, outside=0.02)
    lon[rng.random(count) < 0.1] = np.nan
    sectors = masts(seed, 6)
    found = levels_at_points(land, sectors, lon, lat, max_range_m=9000, model=MODEL)
    for k in range(count):
        alone = best_server(land, sectors, lon[k], lat[k], max_range_m=9000, model=MODEL)
        assert found.server[k] == alone.server[0, 0]
        np.testing.assert_equal(found.level_dbm[k], alone.level_dbm[0, 0])
        np.testing.assert_equal(found.unknown_dbm[k], alone.unknown_dbm[0, 0])


def test_neighbours_stay_together_on_the_curve_and_places_without_coordinates_are_left_out():
    lon, lat = places(3, 4000)
    lon[7] = np.nan
    order = along_curve(lon, lat)
    assert sorted(order.tolist()) == [k for k in range(4000) if k != 7]
    hops = np.hypot(np.diff(lon[order]), np.diff(lat[order]))
    assert np.median(hops) < 0.01  # of 0.2 degrees; at random it would be 0.1


def test_without_sectors_or_places_nothing_is_received():
    land = hills(0)
    nobody = levels_at_points(land, [], [100.1, np.nan], [30.1, 30.1], max_range_m=5000)
    assert np.isnan(nobody.level_dbm).all() and (nobody.server == -1).all() and np.isnan(nobody.unknown_dbm).all()
    assert levels_at_points(land, masts(0, 2), [], [], max_range_m=5000).level_dbm.shape == (0,)
    with pytest.raises(ValueError, match="one length"):
        levels_at_points(land, masts(0, 2), [100.1], [30.1, 30.2], max_range_m=5000)


def test_the_ground_is_that_of_the_profile_and_unknown_off_the_sheet_or_beside_a_void():
    land = hills(5, [(100, 100)])
    lon, lat = places(5, 50)
    seen = ground_m(land, lon, lat)
    for k in range(50):
        profile = profile_between(land, 100.05, 30.05, lon[k], lat[k])
        if profile is not None:
            assert seen[k] == pytest.approx(profile.height_m[-1], abs=1e-4)
    beside = ground_m(land, [WEST + 100.4 * STEP, 99.9, 100.1, np.nan], [NORTH - 100.4 * STEP, 30.1, 30.3, 30.1])
    assert np.isnan(beside).all()


def test_the_obstacle_is_found_where_the_ridge_stands_and_as_high_as_it_rises():
    height = np.zeros((ROWS, COLUMNS))
    height[:, 149:152] = 200.0  # one ridge north to south
    land = terrain(height, WEST, NORTH, STEP, STEP)
    mast = Sector(100.05, 30.1, 30.0, 2.1, 30.0)
    behind, before = WEST + 180 * STEP, WEST + 120 * STEP
    found = main_obstacles(land, [mast], [behind], [30.1], model=MODEL)
    pixel_m = 111_320 * np.cos(np.radians(30.1)) * STEP
    assert found.away_m[0] == pytest.approx(30 * pixel_m, abs=2 * pixel_m)
    assert found.height_m[0] == pytest.approx(200, abs=1e-3)
    line = 1.5 + (30 - 1.5) * 30 / 120
    assert found.above_m[0] == pytest.approx(found.height_m[0] - line, abs=3)
    high = main_obstacles(land, [mast], [before], [30.1], model=Propagation(rx_height_m=30))
    assert np.isnan(np.concatenate(high)).all()
    low = main_obstacles(land, [mast], [before], [30.1], model=MODEL)  # the ground itself reaches into the zone
    assert (low.height_m[0], low.above_m[0] < 0) == (0, True)
    beyond = main_obstacles(land, [mast], [99.9], [30.1], model=MODEL)
    assert np.isnan(beyond.away_m).all()


def test_the_obstacle_stands_on_the_earth_of_the_model_and_bears_its_trees():
    flat, trees = np.zeros((ROWS, COLUMNS)), np.zeros((ROWS, COLUMNS))
    trees[:, 119:122] = 20.0  # in the middle of the way
    land = terrain(flat, WEST, NORTH, STEP, STEP, clutter_m=trees)
    mast, place = Sector(WEST + 20 * STEP, 30.1, 10.0, 2.1, 30.0), ([WEST + 220 * STEP], [30.1])
    found = {
        grade: main_obstacles(land, [mast], *place, model=Propagation(delta_n=0.0, rx_height_m=10, grade=grade))
        for grade in ("p1812", "line_of_sight")
    }
    half_km = 100 * STEP * 111.3195 * np.cos(np.radians(30.1))
    for grade, radius_km in (("p1812", 6371.0), ("line_of_sight", 6371.0 * 4 / 3)):
        obstacle = found[grade]
        assert obstacle.height_m[0] == 20.0
        assert obstacle.above_m[0] == pytest.approx(20 - 10 + 1e3 * half_km**2 / (2 * radius_km), abs=0.15)
