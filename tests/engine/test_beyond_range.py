"""Which NOs hang on the largest range of a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.radio import Sector
from xinji_planner.analysis.radio.beyond_range import free_space_reach_m, might_serve_from_beyond

GRS80 = Geod(ellps="GRS80")


def test_free_space_reaches_as_far_as_its_formula_says():
    reach = free_space_reach_m([Sector(104, 23, 30, 0.7, 30.0)], -105.0, 5.0)[0]
    loss = 92.4 + 20 * math.log10(0.7) + 20 * math.log10(reach / 1000)
    assert 30.0 - 5.0 - loss == pytest.approx(-105.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), threshold=st.sampled_from([-60.0, -80.0, -95.0]))
def test_a_place_is_marked_as_a_slow_search_over_all_stations_marks_it(seed, threshold):
    rng = np.random.default_rng(seed)
    lon, lat = 104 + rng.uniform(0, 0.5, 12), 23 + rng.uniform(0, 0.5, 12)
    lon[0] = np.nan
    sectors = [
        Sector(104 + x, 23 + y, 30.0, float(rng.choice([0.7, 2.6])), float(rng.uniform(10, 40)))
        for x, y in rng.uniform(0, 0.5, (5, 2)).tolist()
    ]
    found = might_serve_from_beyond(lon, lat, sectors, max_range_m=8000, threshold_dbm=threshold)
    for k in range(12):
        slow = False
        for sector in sectors if k else ():
            away = GRS80.inv(sector.lon, sector.lat, lon[k], lat[k])[2]
            level = sector.eirp_dbm - 92.4 - 20 * math.log10(sector.frequency_ghz * away / 1000)
            slow |= away > 8000 and level >= threshold
        assert found[k] == slow


def test_nobody_beyond_the_range_marks_nothing():
    assert not might_serve_from_beyond([104.0], [23.0], [], max_range_m=1e4, threshold_dbm=-105).any()
    near = [Sector(104.01, 23.0, 30, 0.7, 30.0)]
    assert not might_serve_from_beyond([104.0], [23.0], near, max_range_m=1e4, threshold_dbm=-105).any()
    assert might_serve_from_beyond([104.0], [23.0], near, max_range_m=500, threshold_dbm=-105).all()
