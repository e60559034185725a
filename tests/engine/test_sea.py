"""The 12-nautical-mile belt, inland and territorial sea, and how far the sea is from a station."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.analysis.coverage import coverage_of_units
from xinji_planner.analysis.sea import (
    DERIVED,
    INLAND,
    NAUTICAL_MILE_M,
    TERRITORIAL,
    belt,
    sea_parts,
    station_distances,
    waters_from_coast,
)
from xinji_planner.tests.engine.lines_kit import GEOD

TERRITORIAL_M = 12 * NAUTICAL_MILE_M
# Land west of the meridian 110, which is a geodesic; a bay goes 0.1 degrees into it.
COAST = shapely.LineString([(110, 20), (110, 20.45), (109.9, 20.45), (109.9, 20.55), (110, 20.55), (110, 21)])
MOUTH = shapely.LineString([(110, 20), (110, 21)])
BAY = shapely.box(109.9, 20.45, 110, 20.55)
OPEN = shapely.box(110, 20, 110.5, 21)
SEA = shapely.union(OPEN, BAY)
STRIP_M2 = GEOD.inv(110, 20, 110, 21)[2] * TERRITORIAL_M


def test_twelve_nautical_miles_are_22224_metres():
    assert TERRITORIAL_M == 22_224.0


def test_the_belt_along_a_straight_coast_is_its_length_by_twelve_miles_to_a_hundredth_of_a_percent():
    # By hand: along a geodesic of length L the strip of width w has the area L·w·(1 − w²/6R²), 2e-6 less than L·w. The
    # coast goes on to both sides, so that the belt has no round ends here.
    window = shapely.box(110, 20.2, 110.5, 20.8)
    found = belt([window], [MOUTH], width_m=TERRITORIAL_M)
    expected = GEOD.inv(110, 20.2, 110, 20.8)[2] * TERRITORIAL_M
    assert found.covered_area_m2[0] == pytest.approx(expected, rel=1e-4)
    assert found.covered_area_m2[0] + found.gap_area_m2[0] == pytest.approx(geometry_areas([window])[0], rel=1e-9)


def test_the_belt_about_a_rock_is_a_disc_and_never_wider():
    rock = shapely.LineString([(112, 18), (112.00001, 18)])
    sea = shapely.box(111, 17, 113, 19)
    found = belt([sea], [rock], width_m=TERRITORIAL_M)
    r = TERRITORIAL_M / 6.37e6
    assert found.covered_area_m2[0] == pytest.approx(math.pi * TERRITORIAL_M**2 * (1 - r * r / 12), rel=1e-4)
    xy = shapely.get_coordinates(found.covered[0])
    far = GEOD.inv(*xy.T, np.full(len(xy), 112.000005), np.full(len(xy), 18.0))[2]
    assert far.max() < TERRITORIAL_M * 1.001  # chords that keep the area stand out a little


def test_with_baselines_the_bay_is_inland_sea_and_the_strip_beyond_is_territorial():
    parts = {part.kind: part for part in sea_parts(SEA, [COAST], [MOUTH], width_m=TERRITORIAL_M)}
    assert parts.keys() == {INLAND, TERRITORIAL}
    assert parts[INLAND].area_m2 == pytest.approx(geometry_areas([BAY])[0], rel=1e-6)
    assert parts[TERRITORIAL].area_m2 == pytest.approx(STRIP_M2, rel=1e-3)  # the sea's edges run along parallels
    assert shapely.area(shapely.intersection(parts[INLAND].shape, parts[TERRITORIAL].shape)) < 1e-12


def test_without_baselines_the_belt_is_taken_from_the_coast_and_says_so():
    parts = sea_parts(SEA, [COAST], width_m=TERRITORIAL_M)
    assert [part.kind for part in parts] == [DERIVED]
    whole = belt([SEA], [COAST], width_m=TERRITORIAL_M)
    assert parts[0].area_m2 == pytest.approx(whole.covered_area_m2[0], rel=1e-9)
    assert parts[0].area_m2 == pytest.approx(geometry_areas([parts[0].shape])[0], rel=1e-12)
    assert parts[0].area_m2 > geometry_areas([BAY])[0] + 0.9 * STRIP_M2


def test_baselines_that_do_not_part_the_sea_are_refused():
    with pytest.raises(ValueError, match="do not part the sea"):
        sea_parts(SEA, [COAST], [shapely.LineString([(110, 20.2), (110.1, 20.3)])], width_m=TERRITORIAL_M)
    with pytest.raises(ValueError, match="no area"):
        sea_parts(shapely.Polygon(), [COAST], width_m=TERRITORIAL_M)


def test_whatever_lies_behind_a_baseline_is_inland_however_many_lines_cross_before_it():
    # A second line across the bay, farther in: what lies behind both is no territorial sea again.
    west, south, east, north = BAY.bounds
    middle = shapely.LineString([((west + east) / 2, south - 0.1), ((west + east) / 2, north + 0.1)])
    inner = shapely.intersection(middle, BAY)
    once = {part.kind: part for part in sea_parts(SEA, [COAST], [MOUTH], width_m=TERRITORIAL_M)}
    twice = {part.kind: part for part in sea_parts(SEA, [COAST], [MOUTH, inner], width_m=TERRITORIAL_M)}
    assert twice[INLAND].area_m2 == pytest.approx(once[INLAND].area_m2, rel=1e-6)
    assert twice[TERRITORIAL].area_m2 == pytest.approx(once[TERRITORIAL].area_m2, rel=1e-4)


def test_a_baseline_behind_another_that_leaves_the_area_too_is_refused():
    sea = shapely.box(110, 20, 110.5, 21)
    lines = [shapely.LineString([(110.1 + shift, 19.9), (110.1 + shift, 21.1)]) for shift in (0.0, 0.0005)]
    with pytest.raises(ValueError, match="behind another"):
        sea_parts(sea, [shapely.LineString([(110, 20), (110, 21)])], lines, width_m=TERRITORIAL_M)


def test_what_stations_cover_of_the_belt_adds_up_with_what_they_leave_open():
    # By hand: a station on the straight coast covers half its disc of 10 km.
    shape = sea_parts(shapely.box(110, 20, 110.5, 21), [MOUTH], width_m=TERRITORIAL_M)[0].shape
    found = coverage_of_units([shape], [110.0], [20.5], [10_000.0])
    assert found.covered_area_m2[0] == pytest.approx(math.pi * 1e8 / 2, rel=1e-4)
    assert found.covered_area_m2[0] + found.gap_area_m2[0] == pytest.approx(found.unit_area_m2[0], rel=1e-9)


def test_each_part_of_the_sea_knows_its_nearest_station_and_how_far_it_is():
    parts = [shapely.box(110.1, 20.4, 110.2, 20.6), shapely.box(110.3, 20.0, 110.4, 20.1)]
    found = station_distances(parts, [110.0, 110.35], [20.5, 20.05])
    assert list(found.station) == [0, 1]
    # The foot lies on the parallel 20.5; the side is a meridian, so it is the nearest place but for centimetres.
    assert found.nearest_m[0] == pytest.approx(GEOD.inv(110.0, 20.5, 110.1, 20.5)[2], abs=0.2)
    assert found.nearest_m[1] == 0.0
    corner = GEOD.inv(110.35, 20.05, 110.4, 20.1)[2]
    assert found.furthest_m[1] == pytest.approx(corner, rel=1e-3)
    nothing = station_distances(parts, [], [])
    assert list(nothing.station) == [-1, -1]
    assert np.isnan(nothing.nearest_m).all()


def test_water_is_told_from_land_and_islands_by_the_coastline():
    window = shapely.box(109, 20, 111, 21)
    ring = shapely.LineString(shapely.box(110.2, 20.2, 110.3, 20.3).exterior)
    county = shapely.box(109.5, 20.3, 109.99, 20.7)
    line = shapely.LineString([(110, 19), (110, 22)])  # beyond the window
    water = waters_from_coast(window, [line, None, ring], [county])
    expected = shapely.difference(shapely.box(110, 20, 111, 21), shapely.box(110.2, 20.2, 110.3, 20.3))
    assert shapely.area(shapely.symmetric_difference(water, expected)) < 1e-9
    with pytest.raises(ValueError, match="both sides"):
        waters_from_coast(window, [line], [county, shapely.box(110.1, 20, 111, 21)])
    with pytest.raises(ValueError, match="clearly on one side"):
        waters_from_coast(window, [line], [shapely.box(109.5, 20.3, 110.5, 20.7)])


def test_land_of_which_nobody_gives_a_county_is_land_across_the_water():
    # Two straits: land, water, land, water from west to east; the one county stands on the first.
    window = shapely.box(109, 20, 111, 21)
    coast = [shapely.LineString([(x, 19), (x, 22)]) for x in (109.5, 110, 110.5)]
    water = waters_from_coast(window, coast, [shapely.box(109.1, 20.3, 109.4, 20.7)])
    expected = shapely.union(shapely.box(109.5, 20, 110, 21), shapely.box(110.5, 20, 111, 21))
    assert shapely.area(shapely.symmetric_difference(water, expected)) < 1e-9


def test_the_derived_belt_of_fangchenggang_agrees_with_the_one_that_others_derived(shared_data):
    folder = shared_data / "fangchenggang"
    theirs = gpd.read_file(folder / "近岸12海里_推算_WGS84.geojson").geometry[0]
    coast = list(gpd.read_file(folder / "海岸线_NE10m_WGS84.geojson").geometry)
    counties = list(gpd.read_file(folder / "防城港市_县区_GCJ02.geojson").geometry)
    window = shapely.box(107.0, 20.6, 109.2, 21.97)
    water = waters_from_coast(window, coast, counties)
    ours = sea_parts(water, coast, width_m=TERRITORIAL_M)[0]
    assert ours.kind == DERIVED
    assert ours.area_m2 == pytest.approx(geometry_areas([theirs])[0], rel=0.01)
