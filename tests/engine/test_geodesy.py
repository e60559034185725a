"""Distances on the ellipsoid, against PROJ."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from xinji_planner.analysis import geodesy

GEOD = Geod(a=6378137.0, rf=298.257222101)
ANY_LON, ANY_LAT = st.floats(-180, 180), st.floats(-90, 90)


def chord(lon1, lat1, lon2, lat2):
    return float(np.linalg.norm(geodesy.ecef_m([lon1], [lat1]) - geodesy.ecef_m([lon2], [lat2])))


def on_earth(lon):
    return (lon + 180.0) % 360.0 - 180.0


def test_the_ellipsoid_is_that_of_cgcs2000():
    geod = Geod(ellps="GRS80")
    assert (geod.a, 298.257222101) == (geodesy.SEMI_MAJOR_M, geodesy.INVERSE_FLATTENING)
    assert pytest.approx(0.00669438002290, abs=1e-14) == geodesy.ECCENTRICITY_2


def test_earth_centred_coordinates_are_exact_on_the_axes():
    polar = geodesy.SEMI_MAJOR_M * (1 - geodesy.FLATTENING)
    xyz = geodesy.ecef_m([0, 90, 180, -180, -90, 0, 77], [0, 0, 0, 0, 0, 90, -90])
    a = geodesy.SEMI_MAJOR_M
    expected = [[a, 0, 0], [0, a, 0], [-a, 0, 0], [-a, 0, 0], [0, -a, 0], [0, 0, polar], [0, 0, -polar]]
    assert np.abs(xyz - expected).max() < 2e-9
    assert xyz[2].tolist() == xyz[3].tolist(), "180° east is 180° west"


def test_earth_centred_coordinates_equal_those_of_proj():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-180, 180, 5000), rng.uniform(-90, 90, 5000)
    to_geocentric = Transformer.from_crs("EPSG:4480", "EPSG:4479", always_xy=True)
    expected = np.column_stack(to_geocentric.transform(lon, lat, np.zeros(5000)))
    assert np.abs(geodesy.ecef_m(lon, lat) - expected).max() < 1e-8


def test_a_place_without_coordinates_has_no_earth_centred_coordinates():
    xyz = geodesy.ecef_m([100.0, np.nan, 100.0], [30.0, 30.0, np.nan])
    assert np.isfinite(xyz).all(axis=1).tolist() == [True, False, False]


@given(st.floats(-180, 180))
def test_sine_and_cosine_of_degrees_equal_those_of_the_c_library(degrees):
    expected = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    assert geodesy.sincos_deg(degrees) == pytest.approx(expected, abs=5e-16)


@settings(deadline=None)
@given(ANY_LON, ANY_LAT, st.floats(0, 360), st.floats(0, 10_000))
def test_the_distance_from_the_chord_is_right_to_a_fiftieth_of_a_millimetre_up_to_ten_km(lon, lat, azimuth, metres):
    lon2, lat2, _ = GEOD.fwd(lon, lat, azimuth, metres)
    assert geodesy.geodesic_from_chord(chord(lon, lat, on_earth(lon2), lat2)) == pytest.approx(metres, abs=2e-5)


@pytest.mark.parametrize(
    ("metres", "error"), [(2e4, 1e-4), (4e4, 7e-4), (1e5, 0.011), (5e6, 1_500.0), (1.5e7, 46_000.0), (2e7, 8e5)]
)
def test_the_stated_error_holds_at_every_latitude_and_in_every_direction(metres, error):
    lat, azimuth = (a.ravel() for a in np.meshgrid(np.linspace(-90, 90, 61), np.linspace(0, 350, 36)))
    lon = np.linspace(-180, 180, lat.size)
    lon2, lat2, _ = GEOD.fwd(lon.copy(), lat, azimuth, np.full(lat.size, metres))
    chords = np.linalg.norm(geodesy.ecef_m(lon, lat) - geodesy.ecef_m(on_earth(lon2), lat2), axis=1)
    found = np.array([geodesy.geodesic_from_chord(c) for c in chords])
    assert np.abs(found - metres).max() < error


@given(st.floats(0, 2e7))
def test_chord_and_distance_turn_into_each_other(metres):
    there = geodesy.chord_from_geodesic(metres)
    # Near the antipode a chord hardly changes with distance, so rounding weighs more; the series meets the
    # arcsine at 100 km with a step of 0.03 mm.
    tolerance = 1e-4 if metres > 1.9e7 else (4e-5 if metres > 1e5 else 1e-9)
    assert there <= metres
    assert geodesy.geodesic_from_chord(there) == pytest.approx(metres, abs=tolerance)


def test_a_longer_chord_is_a_longer_distance_also_where_the_formula_changes():
    chords = np.sort(np.append(np.linspace(0, 1.27e7, 5000), geodesy.SERIES_LIMIT_M + np.linspace(-1, 1, 2001)))
    assert (np.diff([geodesy.geodesic_from_chord(c) for c in chords]) > 0).all()


def test_half_the_girth_of_the_earth_reaches_every_place():
    assert geodesy.chord_from_geodesic(2.1e7) == math.inf
    assert geodesy.chord_from_geodesic(0.0) == 0.0


def test_printed_distances_are_those_of_proj_and_leave_their_arguments_alone():
    ends = [np.array([116.0, 179.9, np.nan]), np.array([40.0, 0.0, 1.0]), np.array([117.0, -179.9, 1.0]), np.zeros(3)]
    copies = [end.copy() for end in ends]
    found = geodesy.geodesic_distance_m(*ends)
    assert found[0] == GEOD.inv(116.0, 40.0, 117.0, 0.0)[2]
    assert found[1] == pytest.approx(0.2 * math.pi / 180 * 6378137.0, abs=1e-6), "along the equator, the short way"
    assert np.isnan(found[2])
    for end, copy in zip(ends, copies):
        np.testing.assert_array_equal(end, copy)
