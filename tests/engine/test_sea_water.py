"""Water told from land by coastline and counties, the sea of one's own counties, and what the records speak of."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.sea import DERIVED, INLAND, TERRITORIAL, sea_parts
from xinji_planner.analysis.sea_data import sea_without_records
from xinji_planner.analysis.sea_water import joined, nearest_cells, off_own_coast, water_off_coast
from xinji_planner.tests.engine.lines_kit import GEOD
from xinji_planner.tests.engine.sea_kit import slow_area_m2

BELT_M = 22_224.0
COUNTY = shapely.box(109.7, 20.4, 110, 20.6)
COAST = shapely.LineString([(110, 19.5), (110, 21.5)])
ISLE = shapely.box(110.05, 20.45, 110.08, 20.5)


def away_m(places, line):
    """Geodesic metres from places to a line that is walked by steps of 20 m or so."""
    steps = shapely.get_coordinates(shapely.segmentize(line, 0.0002))
    return np.array([GEOD.inv(*steps.T, np.full(len(steps), x), np.full(len(steps), y))[2].min() for x, y in places])


def test_the_derived_belt_has_the_geodesic_area_of_its_outline_and_leaves_islands_out():
    coast = [COAST, shapely.LineString(ISLE.exterior)]
    water = water_off_coast(coast, [COUNTY], reach_m=2 * BELT_M)
    assert water.open_ends == 0 and not shapely.intersects(water.shape, ISLE.buffer(-1e-6))
    part = sea_parts(water.shape, water.coast, width_m=BELT_M)[0]
    assert part.kind == DERIVED
    assert part.area_m2 == pytest.approx(slow_area_m2(part.shape), rel=1e-4)
    rng = np.random.default_rng(12)
    spots = rng.uniform((109.6, 20.2), (110.6, 20.8), (400, 2))
    far = np.minimum(away_m(spots, COAST), away_m(spots, ISLE.exterior))
    wet = (spots[:, 0] > 110) & ~shapely.contains_xy(ISLE, *spots.T)
    clear = np.abs(far - BELT_M) > 5
    inside = shapely.contains_xy(part.shape, *spots.T)
    assert (inside == (wet & (far < BELT_M)))[clear].all() and inside.sum() > 50


def test_land_and_sea_beyond_an_open_end_of_the_coastline_are_left_out():
    coast = [shapely.LineString([(110, 20.4), (110, 20.6)])]
    water = water_off_coast(coast, [COUNTY], reach_m=2 * BELT_M)
    assert water.open_ends == 2
    south, north = water.shape.bounds[1], water.shape.bounds[3]
    assert 20.399 < south < 20.405 and 20.595 < north < 20.601  # within half a step of 400 m of the ends
    assert not water.shape.covers(shapely.Point(109.99, 20.5)) and water.shape.covers(shapely.Point(110.01, 20.5))


def test_a_coast_far_from_all_counties_is_no_sea_of_theirs():
    assert water_off_coast([shapely.LineString([(114, 20), (114, 21)])], [COUNTY], reach_m=BELT_M) is None
    with pytest.raises(ValueError, match="side"):
        water_off_coast([COAST], [shapely.box(109.9, 20.4, 110.1, 20.6)], reach_m=BELT_M)


def test_only_the_sea_nearest_to_the_own_coast_is_kept():
    water = water_off_coast([COAST], [COUNTY], reach_m=2 * BELT_M)
    belt = sea_parts(water.shape, water.coast, width_m=BELT_M)[0].shape
    own = off_own_coast(belt, water.coast, [COUNTY], within_m=5000)
    length_m = GEOD.inv(110, 20.4, 110, 20.6)[2] + 2 * 5000
    assert slow_area_m2(own) == pytest.approx(length_m * BELT_M, rel=0.02)
    assert off_own_coast(belt, [shapely.LineString([(111, 20), (111, 21)])], [COUNTY], within_m=5000) is None


def test_baselines_need_not_follow_all_of_the_coast_and_islets_beyond_them_turn_nothing():
    line = shapely.LineString([(110, 20.4), (110.1, 20.42), (110.1, 20.55), (110, 20.6)])
    islet = shapely.box(110.15, 20.5, 110.16, 20.51)
    coast = [COAST, shapely.LineString(ISLE.exterior), shapely.LineString(islet.exterior)]
    water = water_off_coast(coast, [COUNTY], reach_m=2 * BELT_M)
    lines, count = joined([line], water.coast, 1000.0)
    parts = {part.kind: part.shape for part in sea_parts(water.shape, water.coast, lines, width_m=BELT_M)}
    assert count == 0  # they touch
    inside = shapely.difference(shapely.Polygon(line.coords), ISLE)
    assert slow_area_m2(parts[INLAND]) == pytest.approx(slow_area_m2(inside), rel=1e-4)
    assert parts[TERRITORIAL].covers(shapely.Point(110.2, 20.5)) and parts[TERRITORIAL].covers(
        shapely.Point(110.14, 20.5)
    )
    assert not shapely.intersects(parts[TERRITORIAL], islet.buffer(-1e-6))
    short = shapely.LineString([(110.005, 20.4), (110.1, 20.5), (110.004, 20.6)])
    lines, count = joined([short], water.coast, 1000.0)
    assert count == 2 and sea_parts(water.shape, water.coast, lines, width_m=BELT_M)[0].kind == INLAND
    with pytest.raises(ValueError, match="do not part"):
        sea_parts(water.shape, water.coast, joined([short], water.coast, 100.0)[0], width_m=BELT_M)


def test_the_sea_off_a_county_without_records_is_one_that_nobody_speaks_of():
    south, north = shapely.box(109.7, 20.2, 110, 20.5), shapely.box(109.7, 20.5, 110, 20.8)
    sea = shapely.MultiPolygon([shapely.box(110, 20.3, 110.6, 20.7)])
    untold = sea_without_records(sea, [south], [north], reach_m=20_000)
    assert untold.covers(shapely.Point(110.05, 20.55)) and not untold.covers(shapely.Point(110.05, 20.45))
    assert untold.covers(shapely.Point(110.5, 20.4))  # too far from any
    assert sea_without_records(sea, [], [north], reach_m=20_000) == sea
    assert sea_without_records(sea, [south, north], [], reach_m=90_000) is None
    alone = sea_without_records(sea, [shapely.Point(110.0, 20.5)], [], reach_m=10_000)
    disc = shapely.difference(sea, alone)
    assert slow_area_m2(disc) == pytest.approx(np.pi * 1e8 / 2, rel=2e-3)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_of_two_sets_of_places_each_spot_goes_to_the_nearer(seed):
    rng = np.random.default_rng(seed)
    window = shapely.box(110, 20, 111, 21)
    own, others = rng.uniform((110, 20), (111, 21), (5, 2)), rng.uniform((110, 20), (111, 21), (7, 2))
    cells = nearest_cells(own, others, window)
    shrink = np.array([np.cos(np.radians(20.5)), 1.0])
    spots = rng.uniform((110, 20), (111, 21), (200, 2))
    near, far = (
        np.min(np.linalg.norm((spots[:, None] - places[None]) * shrink, axis=2), axis=1) for places in (own, others)
    )
    clear = np.abs(near - far) > 1e-9
    assert (shapely.intersects_xy(cells, *spots.T) == (near < far))[clear].all()


def test_off_fangchenggang_the_belt_ends_where_the_coast_of_others_is_nearer(shared_data):
    folder = shared_data / "fangchenggang"
    coast = list(pyogrio.read_dataframe(folder / "海岸线_NE10m_WGS84.geojson").geometry)
    counties = list(pyogrio.read_dataframe(folder / "防城港市_县区_GCJ02.geojson").geometry)
    theirs = pyogrio.read_dataframe(folder / "近岸12海里_推算_WGS84.geojson").geometry[0]
    water = water_off_coast(coast, counties, reach_m=2 * BELT_M)
    belt = sea_parts(water.shape, water.coast, width_m=BELT_M)[0].shape
    own = off_own_coast(belt, water.coast, counties, within_m=5000)
    # A hair of rounding and the arcs' chords aside, it lies in the belt that others derived of all coasts.
    assert shapely.area(shapely.difference(own, theirs)) < 0.002 * shapely.area(own)
    assert 1500e6 < slow_area_m2(own) < 2500e6
    assert own.covers(shapely.Point(108.3, 21.45)) and not own.intersects(shapely.Point(107.6, 21.25))
