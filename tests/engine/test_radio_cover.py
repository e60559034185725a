"""Clutter and zones along the paths of the batch kernel: against the scalar function, and over the open sea."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.p1812 import (
    COASTAL,
    INLAND,
    SEA,
    Link,
    basic_transmission_loss,
    path_centre_latitude,
)
from xinji_planner.analysis.radio import (
    Propagation,
    Sector,
    best_server,
    path_between,
    path_losses,
    smooth_terrain,
    terrain,
)


def scalar(land, ends, frequency, tx_height, model):
    """The scalar function on the kernel's profile; None where there is no profile."""
    lon, lat, to_lon, to_lat = ends
    path = path_between(land, lon, lat, to_lon, to_lat)
    if path is None:
        return None
    link = Link(
        frequency_ghz=frequency,
        tx_height_m=tx_height,
        rx_height_m=model.rx_height_m,
        latitude_deg=path_centre_latitude(lat, lon, to_lat, to_lon, path.length_km),
        time_percent=model.time_percent,
        location_percent=model.location_percent,
        vertical=model.vertical,
        delta_n=model.delta_n,
        n0=model.n0,
        sigma_db=model.sigma_db,
        building_entry_loss_db=model.building_entry_loss_db,
        building_entry_sigma_db=model.building_entry_sigma_db,
    )
    return basic_transmission_loss(path, link)


def blobs(rng, shape, values, side=24):
    """Random patches of `side` pixels."""
    coarse = rng.choice(values, (shape[0] // side + 1, shape[1] // side + 1))
    return np.kron(coarse, np.ones((side, side)))[: shape[0], : shape[1]]


def himalaya(shared_data, rng):
    height = np.fromfile(shared_data / "dem" / "N27E086.hgt", dtype=">i2").reshape(1201, 1201)
    clutter = blobs(rng, height.shape, [0.0, 0.0, 4.0, 15.0, 20.0])
    zone = blobs(rng, height.shape, [SEA, SEA, SEA, COASTAL, INLAND], 90)
    grid = (86.0, 28.0, 1 / 1200, 1 / 1200)
    return terrain(height, *grid, void=height == -32768, step_m=30.0, clutter_m=clutter, zone=zone)


MODELS = [
    Propagation(location_percent=90.0),
    Propagation(time_percent=10.0, delta_n=60.0, location_percent=5.0, rx_height_m=16.0),
    Propagation(time_percent=1.0, vertical=False, sigma_db=6.0, building_entry_loss_db=9.0, location_percent=75.0),
    Propagation(time_percent=35.0, building_entry_sigma_db=4.0, location_percent=95.0, rx_height_m=8.0),
]


def compare(land, rng, frequency, tx_height, model, count, reach_km=14.0):
    """Give the largest difference of kernel and scalar function in dB, and how often both said something."""
    lon, lat = rng.uniform(86.2, 86.8), rng.uniform(27.2, 27.8)
    turn, away = rng.uniform(0, 2 * np.pi, count), reach_km * np.sqrt(rng.random(count)) / 111.2
    to_lon, to_lat = lon + away * np.sin(turn) / np.cos(np.radians(lat)), lat + away * np.cos(turn)
    radio = {"frequency_ghz": frequency, "tx_height_m": tx_height, "max_range_m": 15e3, "model": model}
    batch = path_losses(land, lon, lat, to_lon, to_lat, **radio)
    worst, told, kinds = 0.0, 0, set()
    for i in range(count):
        one = scalar(land, (lon, lat, to_lon[i], to_lat[i]), frequency, tx_height, model)
        assert (one is None) == bool(np.isnan(batch.loss_db[i]))
        # Just at three quarters of sea the roundings of two sums decide on eq. 49.
        if one is None or abs(one.values["omega"] - 0.75) < 1e-9:
            continue
        worst, told = max(worst, abs(one.loss_db - batch.loss_db[i])), told + 1
        kinds.add((one.values["omega"] >= 0.75, one.values["omega"] > 0, one.line_of_sight))
    return worst, told, kinds


def test_clutter_and_zones_count_as_in_the_scalar_function_on_real_terrain(shared_data):
    rng, kinds = np.random.default_rng(18), set()
    land = himalaya(shared_data, rng)
    for i, model in enumerate(MODELS):
        worst, told, seen = compare(land, rng, (0.3, 0.7, 2.6, 5.9)[i], (40.0, 25.0, 8.0, 60.0)[i], model, 150)
        assert told > 140
        # The scalar function takes the middle latitude on a sphere: 1e-5 degrees, which the ducts amplify.
        assert worst < 1e-3
        kinds |= seen
    assert len(kinds) == 4  # mostly sea or not, in sight or not


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    relief=st.sampled_from([0.0, 2.0, 40.0]),
    frequency=st.floats(0.03, 6),
    tx_height=st.floats(1, 200),
    model=st.sampled_from(MODELS),
    side=st.sampled_from([1, 7, 40]),
    parts=st.sampled_from(["both", "clutter", "zone"]),
)
def test_clutter_and_zones_count_as_in_the_scalar_function_on_any_relief(
    seed, relief, frequency, tx_height, model, side, parts
):
    rng = np.random.default_rng(seed)
    height = 20 + relief * np.cumsum(rng.standard_normal((80, 90)), axis=1) / 4
    clutter = blobs(rng, height.shape, [0.0, 5.0, 12.0, 30.0], side) if parts != "zone" else None
    zone = blobs(rng, height.shape, [SEA, SEA, COASTAL, INLAND], side) if parts != "clutter" else None
    land = terrain(height, 100.0, 22.0, 1 / 1200, 1 / 1200, clutter_m=clutter, zone=zone)
    lon, lat = 100 + rng.uniform(5, 85) / 1200, 22 - rng.uniform(5, 75) / 1200
    to_lon, to_lat = 100 + rng.uniform(1, 88, 9) / 1200, 22 - rng.uniform(1, 78, 9) / 1200
    radio = {"frequency_ghz": frequency, "tx_height_m": tx_height, "max_range_m": 2e4, "model": model}
    batch = path_losses(land, lon, lat, to_lon, to_lat, **radio)
    for i in range(9):
        one = scalar(land, (lon, lat, to_lon[i], to_lat[i]), frequency, tx_height, model)
        if abs(one.values["omega"] - 0.75) > 1e-9:
            assert batch.loss_db[i] == pytest.approx(one.loss_db, abs=1e-3)


def small(**cover):
    rng = np.random.default_rng(3)
    height = 200 + 40 * np.cumsum(rng.standard_normal((200, 220)), axis=0) / 5
    return terrain(height, 110.0, 30.0, 1 / 3600, 1 / 3600, **cover)


RADIO = {"frequency_ghz": 2.6, "tx_height_m": 20.0, "max_range_m": 9e3}
SHAPE = (200, 220)


def around():
    return np.broadcast_arrays(110 + np.arange(5, 215, 4) / 3600, (30 - np.arange(5, 195, 4) / 3600)[:, None])


def test_cover_without_clutter_and_inland_changes_nothing():
    bare = path_losses(small(), 110.03, 29.972, *around(), **RADIO)
    cover = small(clutter_m=np.zeros(SHAPE), zone=np.full(SHAPE, INLAND))
    covered = path_losses(cover, 110.03, 29.972, *around(), **RADIO)
    assert covered.loss_db == pytest.approx(bare.loss_db, abs=1e-9, nan_ok=True)


def test_clutter_in_the_way_weakens_and_clutter_around_the_receiver_widens_the_location_margin():
    bare = path_losses(small(), 110.03, 29.972, *around(), **RADIO).loss_db
    wood = small(clutter_m=np.full(SHAPE, 15.0))
    dense = path_losses(wood, 110.03, 29.972, *around(), **RADIO).loss_db
    assert (dense >= bare - 1e-9).all() and np.mean(dense - bare) > 4
    high = Propagation(rx_height_m=12.0, location_percent=90.0)
    ends = (110.03, 29.972, 110.035, 29.968)
    margins = []
    for land in (small(), wood):
        with_margin, without = (scalar(land, ends, 2.6, 20.0, model).values for model in (high, Propagation()))
        margins.append(with_margin["Lloc"])
        got = path_losses(land, *ends[:2], [ends[2]], [ends[3]], **RADIO, model=high).loss_db[0]
        assert got == pytest.approx(with_margin["Lb"], abs=1e-6)
        assert without["Lloc"] == 0
    # 12 m up without clutter there is no variation left; 3 m below the tops all of it, 2.1136 dB times 1.2816.
    assert margins[0] == 0 and margins[1] == pytest.approx(1.2816 * (0.52 + 0.024 * 2.6) * 100**0.28, abs=1e-3)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    location=st.sampled_from([10.0, 50.0, 90.0]),
    time=st.sampled_from([50.0, 5.0]),
    relief=st.sampled_from([1.0, 60.0]),
)
def test_skipping_changes_nothing_on_ground_with_cover(seed, location, time, relief):
    rng = np.random.default_rng(seed)
    height = 500 + relief * np.cumsum(rng.standard_normal((150, 160)), axis=1) / 5
    clutter, zone = blobs(rng, height.shape, [0.0, 12.0, 25.0], 10), blobs(rng, height.shape, [SEA, COASTAL, INLAND])
    land = terrain(height, 110.0, 30.0, 1 / 1200, 1 / 1200, clutter_m=clutter, zone=zone)
    lon, lat = np.broadcast_arrays(110.03 + np.arange(40) * 1.5e-3, (29.97 - np.arange(36) * 1.5e-3)[:, None])
    model = Propagation(location_percent=location, time_percent=time, rx_height_m=float(rng.choice([1.5, 15.0])))
    sectors = [
        Sector(110.03 + rng.uniform(0, 0.06), 29.97 - rng.uniform(0, 0.05), 25.0, 2.6, float(power))
        for power in rng.uniform(10, 30, 15)
    ]
    found = best_server(land, sectors, lon, lat, max_range_m=4e3, model=model)
    levels = []
    for one in sectors:
        path = path_losses(
            land, one.lon, one.lat, lon, lat, **{**RADIO, "tx_height_m": 25.0, "max_range_m": 4e3}, model=model
        )
        level = (
            one.eirp_dbm
            - path.loss_db
            + one.antenna.attenuation_db(path.azimuth_deg, path.elevation_mrad * 0.18 / np.pi)
        )
        levels.append(np.where(np.isnan(level), -np.inf, level))
    best = np.max(levels, axis=0)
    assert found.level_dbm == pytest.approx(np.where(np.isfinite(best), best, np.nan), abs=1e-4, nan_ok=True)


def test_the_open_sea_needs_no_elevation_data():
    """A coastal mast of 60 m, a ship's antenna at 10 m, 0.7 GHz, 1 to 49 km."""
    sea = smooth_terrain(119.5, 21.5, 121.5, 22.5, step_m=100.0)
    model = Propagation(rx_height_m=10.0)
    to_lat = np.linspace(22.01, 22.44, 30)
    found = path_losses(
        sea, 120.5, 22.0, np.full(30, 120.5), to_lat, frequency_ghz=0.7, tx_height_m=60.0, max_range_m=6e4, model=model
    )
    for i in (0, 12, 29):
        one = scalar(sea, (120.5, 22.0, 120.5, to_lat[i]), 0.7, 60.0, model)
        assert (one.values["omega"], one.values["dtm"], one.values["dct"]) == (1.0, 0.0, 0.0)
        assert found.loss_db[i] == pytest.approx(one.loss_db, abs=1e-6)
    assert (np.diff(found.loss_db) > 0).all()
    land = smooth_terrain(119.5, 21.5, 121.5, 22.5, zone=INLAND, step_m=100.0)
    dry = path_losses(
        land, 120.5, 22.0, np.full(30, 120.5), to_lat, frequency_ghz=0.7, tx_height_m=60.0, max_range_m=6e4, model=model
    )
    rare = Propagation(rx_height_m=10.0, time_percent=1.0)
    asked = {"frequency_ghz": 0.7, "tx_height_m": 60.0, "max_range_m": 6e4, "model": rare}
    ducts = path_losses(sea, 120.5, 22.0, [120.5], [22.44], **asked).loss_db[0]
    assert ducts < path_losses(land, 120.5, 22.0, [120.5], [22.44], **asked).loss_db[0] - 3
    assert found.loss_db[0] == pytest.approx(dry.loss_db[0], abs=0.5)


@pytest.mark.parametrize("zone", [SEA, COASTAL, INLAND])
def test_level_ground_far_below_the_antennas_loses_what_free_space_takes(zone):
    """92.4 + 20 lg 2.6 + 20 lg 5 = 114.6789 dB at 5 km and 2.6 GHz (eq. 8), over land and sea alike."""
    ground = smooth_terrain(109.9, 29.9, 110.1, 30.1, zone=zone)
    radio = {"frequency_ghz": 2.6, "tx_height_m": 100.0, "max_range_m": 6e3}
    found = path_losses(ground, 110.0, 30.0, [110.0], [30.0451049], **radio, model=Propagation(rx_height_m=100.0))
    assert found.distance_km[0] == pytest.approx(5.0, abs=1e-4)
    assert found.loss_db[0] == pytest.approx(114.6789, abs=1e-3)


def test_a_single_ridge_is_as_worked_by_hand():
    """A crest 100 m high 5 km from both antennas of 1 m, 1 GHz, an Earth of 22.4 times its radius: 0.09 m of bulge.

    Bullington's rays meet at the crest itself: ν = 99.09 √(0.002 · 10 / (0.2998 · 25)) = 5.1186 and J = 27.017 dB, with
    the correction of eq. 21 37.104 dB.
    """
    height = np.full((5, 401), 0.0)
    height[:, 200] = 100.0
    land = terrain(height, 0.0, 0.001, 10 / 400 / 111.3194908, 0.0005, step_m=25.01)
    ends = (0.0, 0.0, 400 * land.pixel_lon, 0.0)
    model = Propagation(rx_height_m=1.0, delta_n=150.0)
    asked = {"frequency_ghz": 1.0, "tx_height_m": 1.0, "max_range_m": 11e3, "model": model}
    found = path_losses(land, *ends[:2], [ends[2]], [ends[3]], **asked)
    one = scalar(land, ends, 1.0, 1.0, model).values
    bulge = 500 * 25 / (6371 * 157 / 7)
    nu = (100 + bulge - 1) * math.sqrt(0.002 * 10 / (0.2998 * 25))
    edge = 6.9 + 20 * math.log10(math.hypot(nu - 0.1, 1) + nu - 0.1)
    assert nu == pytest.approx(5.1186, abs=1e-4)
    assert one["Lbulla_50"] == pytest.approx(edge + (1 - math.exp(-edge / 6)) * 10.2, abs=1e-3)
    assert found.loss_db[0] == pytest.approx(one["Lb"], abs=1e-6)


def test_voids_that_are_known_to_be_sea_have_the_level_that_the_caller_states():
    void = np.zeros(SHAPE, dtype=bool)
    void[90:110, 90:130] = True
    zone = np.where(np.arange(220) < 120, SEA, INLAND) * np.ones((200, 1), int)
    height = np.where(void, -9999, 5.0)
    kept = terrain(height, 110.0, 30.0, 1 / 3600, 1 / 3600, void=void, zone=zone)
    told = terrain(height, 110.0, 30.0, 1 / 3600, 1 / 3600, void=void, zone=zone, sea_level_m=0.0)
    over_water = (110 + 70 / 3600, 30 - 100 / 3600, 110 + 115 / 3600, 30 - 100 / 3600)
    over_land = (110 + 70 / 3600, 30 - 100 / 3600, 110 + 140 / 3600, 30 - 100 / 3600)
    assert path_between(kept, *over_water) is None
    assert path_between(told, *over_water).height_m.min() == 0.0
    assert path_between(told, *over_land) is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"clutter_m": np.zeros((3, 3))}, "clutter_m must have the shape"),
        ({"clutter_m": np.full(SHAPE, np.nan)}, "not NaN"),
        ({"clutter_m": np.full(SHAPE, -1.0)}, "at least 0"),
        ({"zone": np.full(SHAPE, 2)}, "a zone is"),
        ({"zone": np.full((2, 2), 1)}, "zone must have the shape"),
    ],
)
def test_cover_that_does_not_fit_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        small(**wrong)


def test_smooth_ground_is_a_box():
    with pytest.raises(ValueError, match="empty"):
        smooth_terrain(120.0, 22.0, 119.0, 23.0)
    assert math.isclose(smooth_terrain(119.0, 22.0, 120.0, 23.0).pixel_lon, 1.0)
