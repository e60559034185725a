"""The batch form of P.1812: against the scalar function, on real and on made-up terrain."""

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.p1812 import INLAND, Link, PathProfile, basic_transmission_loss, path_centre_latitude
from xinji_planner.analysis.radio import Propagation, elementary, path_losses, profile_between, terrain
from xinji_planner.analysis.radio.terrain import MOST_STEPS


def scalar_loss(land, ends, frequency, tx_height, model):
    """The scalar function on the kernel's profile; None where there is no profile."""
    lon, lat, to_lon, to_lat = ends
    profile = profile_between(land, lon, lat, to_lon, to_lat)
    if profile is None:
        return None
    n = len(profile.height_m)
    path = PathProfile(profile.distance_km, profile.height_m, np.zeros(n), np.full(n, INLAND))
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
    )
    return basic_transmission_loss(path, link)


def around(lon, lat, count, range_km, rng):
    turn, away = rng.uniform(0, 2 * np.pi, count), range_km * np.sqrt(rng.random(count)) / 111.2
    return lon + away * np.sin(turn) / np.cos(np.radians(lat)), lat + away * np.cos(turn)


def himalaya(shared_data):
    height = np.fromfile(shared_data / "dem" / "N27E086.hgt", dtype=">i2").reshape(1201, 1201)
    return terrain(height, 86.0, 28.0, 1 / 1200, 1 / 1200, void=height == -32768, step_m=30.0)


CASES = [
    (2.6, 30.0, Propagation()),
    (0.7, 45.0, Propagation(location_percent=90.0)),
    (3.5, 25.0, Propagation(time_percent=10.0, delta_n=60.0, n0=330.0, vertical=False)),
    (0.1, 60.0, Propagation(time_percent=1.0, rx_height_m=10.0, building_entry_loss_db=12.0)),
    (6.0, 3.0, Propagation(sigma_db=7.0, location_percent=95.0)),
]


def test_the_kernel_agrees_with_the_scalar_function_on_real_terrain(shared_data):
    land, rng = himalaya(shared_data), np.random.default_rng(1812)
    for frequency, tx_height, model in CASES:
        lon, lat = rng.uniform(86.2, 86.8), rng.uniform(27.2, 27.8)
        to_lon, to_lat = around(lon, lat, 300, 14.0, rng)
        batch = path_losses(
            land,
            lon,
            lat,
            to_lon,
            to_lat,
            frequency_ghz=frequency,
            tx_height_m=tx_height,
            max_range_m=15e3,
            model=model,
        )
        for i in range(300):
            one = scalar_loss(land, (lon, lat, to_lon[i], to_lat[i]), frequency, tx_height, model)
            # The scalar function takes the middle latitude on a sphere: 1e-5 degrees, which the ducts amplify.
            assert batch.loss_db[i] == pytest.approx(one.loss_db, abs=1e-4), (i, frequency)
            assert batch.elevation_mrad[i] == pytest.approx(one.values["theta_t"], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    relief=st.sampled_from([0.0, 3.0, 50.0, 600.0]),
    lat=st.sampled_from([-35.0, 0.0, 21.0, 47.5]),
    frequency=st.floats(0.03, 6),
    tx_height=st.floats(1, 200),
    rx_height=st.floats(1, 30),
    time_percent=st.sampled_from([1.0, 20.0, 49.9, 50.0]),
)
def test_the_kernel_agrees_with_the_scalar_function_on_any_relief(
    seed, relief, lat, frequency, tx_height, rx_height, time_percent
):
    rng = np.random.default_rng(seed)
    height = 100 + relief * np.cumsum(rng.standard_normal((80, 90)), axis=1) / 4
    land = terrain(height, 100.0, lat, 1 / 1200, 1 / 1200)
    model = Propagation(rx_height_m=rx_height, time_percent=time_percent)
    lon, north = 100 + rng.uniform(5, 85) / 1200, lat - rng.uniform(5, 75) / 1200
    to_lon, to_lat = 100 + rng.uniform(0, 89, 9) / 1200, lat - rng.uniform(0, 79, 9) / 1200
    to_lon[0], to_lat[0] = lon, north  # at the mast's foot
    batch = path_losses(
        land, lon, north, to_lon, to_lat, frequency_ghz=frequency, tx_height_m=tx_height, max_range_m=2e4, model=model
    )
    for i in range(9):
        one = scalar_loss(land, (lon, north, to_lon[i], to_lat[i]), frequency, tx_height, model)
        if one is None:
            assert np.isnan(batch.loss_db[i])
        else:
            assert batch.loss_db[i] == pytest.approx(one.loss_db, abs=1e-3)


def test_a_profile_follows_the_geodesic():
    geod = pyproj.Geod(ellps="GRS80")
    for lat, tolerance_m in ((0.0, 0.05), (30.0, 0.05), (53.0, 0.1)):
        for azimuth in range(0, 360, 25):
            to_lon, to_lat, _ = geod.fwd(100.0, lat, azimuth, 14_990)
            rows = np.arange(601)[:, None]
            west, north, pixel = 99.7, lat + 0.3, 0.001
            # On a plane the bilinear heights are exact: they tell where the points lie.
            east_of = terrain(np.broadcast_to(np.arange(601), (601, 601)), west, north, pixel, pixel, step_m=30)
            south_of = terrain(np.broadcast_to(rows, (601, 601)), west, north, pixel, pixel, step_m=30)
            column = profile_between(east_of, 100.0, lat, to_lon, to_lat)
            row = profile_between(south_of, 100.0, lat, to_lon, to_lat)
            assert column.distance_km[-1] == pytest.approx(14.99, abs=1e-7)
            assert np.diff(column.distance_km) == pytest.approx(14.99 / 500, abs=1e-9)
            lons, lats = west + column.height_m * pixel, north - row.height_m * pixel
            there = geod.fwd(np.full(501, 100.0), np.full(501, lat), np.full(501, azimuth), column.distance_km * 1e3)
            _, _, off = geod.inv(lons, lats, there[0], there[1])
            assert np.max(off) < tolerance_m + 111e3 * pixel / 65536  # the rounding of heights


def made_up(void=None):
    rng = np.random.default_rng(3)
    height = 200 + 40 * np.cumsum(rng.standard_normal((200, 220)), axis=0) / 5
    return terrain(height, 110.0, 30.0, 1 / 3600, 1 / 3600, void=void)


def grid(land, every=3):
    rows, columns = land.height_m.shape
    return np.broadcast_arrays(
        land.west + np.arange(0, columns, every) * land.pixel_lon,
        (land.north - np.arange(0, rows, every) * land.pixel_lat)[:, None],
    )


RADIO = {"frequency_ghz": 2.6, "tx_height_m": 20.0, "max_range_m": 9e3}


def test_only_paths_over_a_void_cannot_be_told():
    void = np.zeros((200, 220), dtype=bool)
    void[100, 150] = True
    lon, lat = grid(made_up())
    whole = path_losses(made_up(), 110.03, 29.972, lon, lat, **RADIO)
    holed = path_losses(made_up(void), 110.03, 29.972, lon, lat, **RADIO)
    lost = np.isnan(holed.loss_db) & ~np.isnan(whole.loss_db)
    assert 10 < lost.sum() < 1000
    assert np.array_equal(holed.loss_db[~lost], whole.loss_db[~lost], equal_nan=True)
    for i, j in zip(*np.nonzero(lost)):
        assert profile_between(made_up(void), 110.03, 29.972, lon[i, j], lat[i, j]) is None


def test_beyond_the_terrain_and_the_range_and_without_a_place_there_is_no_loss():
    land = made_up()
    lon = np.array([110.03, 110.2, np.nan, 110.05])
    lat = np.array([29.98, 29.98, 29.98, 29.96])
    loss = path_losses(land, 110.03, 29.97, lon, lat, **{**RADIO, "max_range_m": 2e3})
    assert np.isnan(loss.loss_db).tolist() == [False, True, True, True]
    assert np.isnan(path_losses(land, 110.2, 29.97, lon, lat, **RADIO).loss_db).all()  # the mast stands beyond
    assert loss.azimuth_deg[0] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(loss.distance_km[2])


def test_losses_are_the_same_to_the_bit_on_any_number_of_threads_and_in_any_order():
    land = made_up()
    lon, lat = grid(land)
    one = path_losses(land, 110.03, 29.972, lon, lat, **RADIO, threads=1)
    many = path_losses(land, 110.03, 29.972, lon, lat, **RADIO, threads=5)
    back = path_losses(land, 110.03, 29.972, lon[::-1, ::-1], lat[::-1, ::-1], **RADIO, threads=2)
    for part, other, turned in zip(one, many, back):
        assert np.array_equal(part, other, equal_nan=True)
        assert np.array_equal(part, turned[::-1, ::-1], equal_nan=True)


def test_a_run_can_be_cancelled():
    class StoppedError(Exception):
        pass

    def stop(_fraction):
        raise StoppedError

    land = made_up()
    with pytest.raises(StoppedError):
        path_losses(land, 110.03, 29.972, *grid(land), **RADIO, checkpoint=stop)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"frequency_ghz": 7.0}, "frequency_ghz"),
        ({"tx_height_m": 0.0}, "tx_height_m"),
        ({"max_range_m": 1e6}, str(MOST_STEPS - 1)),
    ],
)
def test_values_out_of_bounds_are_refused_by_name(wrong, told):
    with pytest.raises(ValueError, match=told):
        path_losses(made_up(), 110.03, 29.972, [110.04], [29.98], **{**RADIO, **wrong})


def test_elementary_functions_are_right_to_the_last_bits():
    rng = np.random.default_rng(2)
    x = np.concatenate([np.exp(rng.uniform(-600, 600, 2000)), rng.uniform(0.9, 1.1, 500)])
    assert [elementary.log(v) for v in x] == pytest.approx(np.log(x), rel=1e-15, abs=1e-16)
    x = rng.uniform(-690, 690, 2000)
    assert [elementary.exp(v) for v in x] == pytest.approx(np.exp(x), rel=1e-15)
    x = rng.standard_cauchy(2000) * 10
    assert [elementary.arctan(v) for v in x] == pytest.approx(np.arctan(x), rel=1e-15, abs=1e-15)
    y, x = rng.standard_normal((2, 2000))
    y[:4], x[:4] = [0, 0, 1, -1], [1, -1, 0, 0]
    assert [elementary.arctan2(a, b) for a, b in zip(y, x)] == pytest.approx(np.arctan2(y, x), rel=1e-15, abs=1e-15)
    x = rng.uniform(-np.pi / 6, np.pi / 6, 500)
    assert [elementary.small_sine(v) for v in x] == pytest.approx(np.sin(x), rel=1e-15)
