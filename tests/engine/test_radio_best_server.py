"""The best server: against every sector tried at every receiver, without anything skipped."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.radio import Antenna, Propagation, Sector, best_server, path_losses, terrain


def land(seed=0, relief=60.0, void=False):
    rng = np.random.default_rng(seed)
    height = 500 + relief * np.cumsum(rng.standard_normal((150, 160)), axis=1) / 5
    missing = np.zeros(height.shape, dtype=bool)
    if void:
        missing[70:73, 60:64] = True
    return terrain(height, 110.0, 30.0, 1 / 1200, 1 / 1200, void=missing)


def receivers(rows=45, columns=50):
    return 110.03 + np.arange(columns) * 1.5e-3, (29.97 - np.arange(rows) * 1.5e-3)[:, None]


def sectors(rng, sites):
    found = []
    for _ in range(sites):
        lon, lat = 110.03 + rng.uniform(0, 0.075), 29.97 - rng.uniform(0, 0.0675)
        frequency, height = float(rng.choice([0.7, 2.6])), float(rng.uniform(5, 40))
        for _ in range(int(rng.integers(1, 4))):
            azimuth = None if rng.random() < 0.3 else float(rng.uniform(0, 360))
            tilts = (float(rng.uniform(-3, 9)), float(rng.uniform(-2, 9)))
            antenna = Antenna(azimuth, *tilts, 65.0, float(rng.choice([6.5, 30.0, np.inf])), 25.0, 20.0)
            found.append(Sector(lon, lat, height, frequency, float(rng.uniform(10, 30)), antenna))
    return found


def by_brute_force(ground, senders, lon, lat, range_m, model):
    """Levels of all sectors, -inf where there is none, and where the terrain is not known."""
    lon, lat = np.broadcast_arrays(lon, lat)
    levels, lost = [], []
    for sender in senders:
        radio = {"frequency_ghz": sender.frequency_ghz, "tx_height_m": sender.height_m, "max_range_m": range_m}
        path = path_losses(ground, sender.lon, sender.lat, lon, lat, **radio, model=model)
        elevation = np.degrees(path.elevation_mrad / 1e3)
        level = sender.eirp_dbm - path.loss_db + sender.antenna.attenuation_db(path.azimuth_deg, elevation)
        levels.append(np.where(np.isnan(level), -np.inf, level.astype(np.float32)))
        lost.append(np.isnan(path.loss_db) & (path.distance_km * 1e3 <= range_m))
    return np.array(levels), np.array(lost)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    relief=st.sampled_from([0.0, 5.0, 80.0]),
    second=st.booleans(),
    threshold=st.sampled_from([None, -110.0]),
    time_percent=st.sampled_from([50.0, 5.0]),
    void=st.booleans(),
    rx_height=st.sampled_from([1.5, 80.0]),
)
def test_skipping_changes_nothing(seed, relief, second, threshold, time_percent, void, rx_height):
    rng = np.random.default_rng(seed)
    ground, senders, (lon, lat) = land(seed, relief, void), sectors(rng, 12), receivers()
    senders.append(senders[0])  # the same again: the first is the server
    model = Propagation(rx_height_m=rx_height, time_percent=time_percent)
    asked = {"max_range_m": 4000.0, "model": model, "second": second, "threshold_dbm": threshold}
    found = best_server(ground, senders, lon, lat, **asked)
    levels, lost = by_brute_force(ground, senders, lon, lat, 4000.0, model)
    # Angles that went through degrees and back differ in the last bits: now and then a float32 is the next one.
    near = {"atol": 3e-5, "rtol": 0, "equal_nan": True}
    best = levels.max(axis=0)
    served = np.isfinite(best)
    assert np.array_equal(found.server >= 0, served)
    assert np.allclose(found.level_dbm, np.where(served, best, np.nan), **near)
    picked = np.take_along_axis(levels, np.maximum(found.server, 0)[None], axis=0)[0]
    assert np.allclose(picked[served], best[served], **near)
    assert (found.server != len(senders) - 1).all()
    if second:
        expected = np.sort(levels, axis=0)[-2]
        assert np.allclose(found.second_dbm, np.where(np.isfinite(expected), expected, np.nan), **near)
    else:
        assert found.second_dbm is None
    if threshold is not None:
        doubtful = (np.abs(levels - threshold) < 1e-4).any(axis=0)
        assert (found.above == (levels >= threshold).sum(axis=0))[~doubtful].all()
    told = np.isfinite(found.unknown_dbm)
    assert not (told & ~lost.any(axis=0)).any()
    assert (found.unknown_dbm[told] > np.where(served, found.level_dbm, -np.inf)[told]).all()
    if not void:
        assert not told.any()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), relief=st.sampled_from([0.0, 5.0, 80.0]), void=st.booleans())
def test_whether_there_is_enough_is_told_as_by_the_levels(seed, relief, void):
    rng = np.random.default_rng(seed)
    ground, senders = land(seed, relief, void), sectors(rng, 6)
    lon, lat = receivers()
    levels = best_server(ground, senders, lon, lat, max_range_m=9000.0)
    middle = float(np.nanmedian(levels.level_dbm))
    for enough in (middle - 15, middle, middle + 15, float(levels.level_dbm[20, 20])):
        told = best_server(ground, senders, lon, lat, max_range_m=9000.0, enough_dbm=enough)
        above = levels.level_dbm >= np.float32(enough)
        assert np.array_equal(told.level_dbm >= np.float32(enough), above)
        assert np.array_equal((told.unknown_dbm >= enough) & ~above, (levels.unknown_dbm >= enough) & ~above)


def test_whether_there_is_enough_is_not_asked_together_with_levels():
    lon, lat = receivers(3, 3)
    with pytest.raises(ValueError, match="enough_dbm"):
        best_server(land(), [], lon, lat, max_range_m=9000.0, enough_dbm=-105.0, second=True)


def test_a_far_station_that_is_seen_freely_beats_a_weaker_one_close_by():
    # Antennas high above flat ground lose as in free space: every level comes up to its bound.
    ground, (lon, lat) = land(0, 0.0), receivers()
    rng = np.random.default_rng(6)
    senders = [
        Sector(110.03 + rng.uniform(0, 0.075), 29.97 - rng.uniform(0, 0.0675), 200.0, 2.6, float(power))
        for power in rng.uniform(10, 13, 30)
    ]
    senders = [replace(sender, antenna=Antenna(vertical_beam_deg=np.inf)) for sender in senders]
    model = Propagation(rx_height_m=200.0)
    found = best_server(ground, senders, lon, lat, max_range_m=1e4, model=model)
    levels, _ = by_brute_force(ground, senders, lon, lat, 1e4, model)
    assert np.allclose(found.level_dbm, levels.max(axis=0), atol=3e-5, rtol=0)
    assert len(np.unique(found.server)) > 20


def test_where_a_better_sector_may_hide_behind_a_void_the_answer_says_so():
    ground, whole = land(2, 30.0, void=True), land(2, 30.0)
    lon, lat = receivers()
    senders = [Sector(110.045, 29.945, 30.0, 2.6, 25.0), Sector(110.09, 29.91, 30.0, 2.6, -30.0)]
    true = best_server(whole, senders, lon, lat, max_range_m=2e4)
    found = best_server(ground, senders, lon, lat, max_range_m=2e4)
    wrong = found.level_dbm < true.level_dbm
    assert wrong.sum() > 5
    assert (found.unknown_dbm[wrong] >= true.level_dbm[wrong]).all()


def test_results_are_the_same_to_the_bit_on_any_number_of_threads():
    senders, (lon, lat) = sectors(np.random.default_rng(8), 20), receivers(70, 75)
    asked = {"max_range_m": 5000.0, "second": True, "threshold_dbm": -100.0}
    one = best_server(land(1), senders, lon, lat, **asked, threads=1)
    many = best_server(land(1), senders, lon, lat, **asked, threads=4)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, many))


def test_of_equal_levels_the_first_in_the_list_serves():
    twin = Sector(110.06, 29.95, 20.0, 2.6, 20.0)
    other = Sector(110.06, 29.95, 20.0, 2.6, 19.0)
    lon, lat = receivers(10, 10)
    found = best_server(land(), [other, twin, twin, other], lon, lat, max_range_m=8e3, second=True)
    assert (found.server == 1).all()
    assert np.array_equal(found.second_dbm, found.level_dbm)


def test_without_sectors_or_places_nothing_is_received():
    lon, lat = receivers(3, 4)
    empty = best_server(land(), [], lon, lat, max_range_m=1e3)
    assert (empty.server == -1).all() and np.isnan(empty.level_dbm).all()
    lon[1] = np.nan
    found = best_server(land(), [Sector(110.03, 29.97, 20.0, 2.6, 20.0)], lon, lat, max_range_m=1e4)
    assert (found.server == [0, -1, 0, 0]).all()


def test_a_wrong_sector_is_named_by_its_place():
    good = Sector(110.03, 29.97, 20.0, 2.6, 20.0)
    lon, lat = receivers(2, 2)
    with pytest.raises(ValueError, match="sector 1: tx_height_m"):
        best_server(land(), [good, Sector(110.03, 29.97, 0.0, 2.6, 20.0)], lon, lat, max_range_m=1e3)


def test_a_run_can_be_cancelled():
    def stop(_fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best_server(land(), sectors(np.random.default_rng(1), 3), *receivers(), max_range_m=5e3, checkpoint=stop)
