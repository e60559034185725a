"""Points along geodesics, against Karney's solution point by point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.path_points import path_points

GRS80 = Geod(ellps="GRS80")


@settings(max_examples=150, deadline=None)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-89, 89),
    azimuth=st.floats(-180, 180),
    length=st.floats(250, 3e6),
    parts=st.floats(3, 60),
)
def test_every_point_lies_on_the_geodesic_within_two_millimetres(lon, lat, azimuth, length, parts):
    lon2, lat2, _ = GRS80.fwd(lon, lat, azimuth, length)
    found = path_points(lon, lat, lon2, lat2, length / parts)
    count = found.lon.size
    forward, _, exact = GRS80.inv(lon, lat, lon2, lat2)
    x, y, _ = GRS80.fwd(np.full(count, lon), np.full(count, lat), np.full(count, forward), found.distance_m)
    assert np.max(GRS80.inv(found.lon, found.lat, x, y)[2]) < 2e-3
    assert found.length_m[0] == exact and found.distance_m[-1] == exact and found.distance_m[0] == 0
    assert count >= max(5, parts) and np.diff(found.distance_m).max() <= max(length / parts, length / 4) * (1 + 1e-9)


def test_the_ends_are_the_places_as_given():
    found = path_points(109.123456789, 28.1, 109.2, 28.3, 30.0)
    assert (found.lon[0], found.lat[0], found.lon[-1], found.lat[-1]) == (109.123456789, 28.1, 109.2, 28.3)


def test_many_paths_at_once_equal_one_at_a_time():
    rng = np.random.default_rng(3)
    ends = rng.uniform(86, 87, 50), rng.uniform(27, 28, 50), rng.uniform(86, 87, 50), rng.uniform(27, 28, 50)
    whole = path_points(*ends, 500.0)
    for k, (lon1, lat1, lon2, lat2) in enumerate(zip(*ends)):
        one, part = path_points(lon1, lat1, lon2, lat2, 500.0), slice(whole.first[k], whole.first[k + 1])
        for name in ("lon", "lat", "distance_m"):
            assert np.array_equal(getattr(one, name), getattr(whole, name)[part])


def test_a_step_that_fits_is_used_as_it_is():
    lon2, lat2, _ = GRS80.fwd(100.0, 30.0, 40.0, 3000.0)
    assert np.diff(path_points(100.0, 30.0, lon2, lat2, 30.0).distance_m) == pytest.approx(np.full(100, 30.0))


def test_two_places_that_are_one_give_points_that_are_one():
    found = path_points(100.0, 30.0, 100.0, 30.0, 30.0)
    assert found.lon.tolist() == [100.0] * 5 and found.length_m[0] == 0 and np.isfinite(found.lat).all()


@pytest.mark.parametrize("given_", [(181, 0, 0, 0), (0, 91, 0, 0), (0, 0, np.nan, 0), (0, 0, 0, np.inf)])
def test_a_place_that_is_none_is_refused(given_):
    with pytest.raises(ValueError, match="within"):
        path_points(*given_, 30.0)
    with pytest.raises(ValueError, match="positive"):
        path_points(0, 0, 1, 1, 0.0)
