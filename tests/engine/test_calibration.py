"""Offsets from measurements: outliers, thinning, hold-out by blocks, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.analysis.radio.calibration import (
    NO_CLASS,
    Residuals,
    Settings,
    calibrate,
    fit,
    folds_of,
    outliers,
    thinned,
)

SETTINGS = Settings(outlier=3.5, least_spread_db=1.0, cell_m=50, block_m=2000, folds=5, least_points=30, least_gain=2)
DEGREE_M = 111_195.0


def residuals(values, band=0, clutter=NO_CLASS, lon=None, lat=None, seed=1):
    """Residuals at places that lie in cells of their own, all over 20 km."""
    values = np.asarray(values, dtype=float)
    rng = np.random.RandomState(seed)
    where = rng.permutation(40_000)[: values.size]  # 200 x 200 cells of 100 m
    full = np.broadcast_to
    return Residuals(
        100 + (where % 200) * 100 / DEGREE_M / np.cos(np.radians(30)) if lon is None else np.asarray(lon, float),
        30 + (where // 200) * 100 / DEGREE_M if lat is None else np.asarray(lat, float),
        full(band, values.shape).astype(np.int64),
        full(clutter, values.shape).astype(np.int64),
        values,
    )


def noise(count, seed=2):
    return np.random.RandomState(seed).normal(0, 6, count)


def test_known_offsets_come_back_in_spite_of_outliers_and_the_held_out_error_falls_to_the_noise():
    band = np.repeat([0, 1], 500)
    values = noise(1000) + np.where(band == 0, 7.0, -4.0)
    spoiled = np.arange(0, 1000, 25)
    values[spoiled] += 60
    result = calibrate(residuals(values, band), SETTINGS)
    assert result.offsets.band == pytest.approx({0: 7.0, 1: -4.0}, abs=0.6)
    assert result.outlier[spoiled].all() and result.outlier.sum() <= spoiled.size + 3
    assert result.before_db == pytest.approx(np.sqrt(36 + (49 + 16) / 2), abs=0.5)
    assert result.after_db == pytest.approx(6, abs=0.4)
    assert [(band.kept, band.points, band.outliers >= 20) for band in result.bands] == [(True, 500, True)] * 2
    assert [band.sigma_db for band in result.bands] == pytest.approx([6, 6], abs=0.5)


def test_clutter_classes_get_offsets_of_their_own_where_that_helps_on_unseen_ground():
    rng = np.random.RandomState(3)
    band, clutter = np.repeat([0, 1], 600), rng.choice([10, 40], 1200, p=[0.3, 0.7])
    values = noise(1200) + np.where(band == 0, 5.0, -2.0) + np.where(clutter == 10, -12.0, 0.0)
    result = calibrate(residuals(values, band, clutter), SETTINGS)
    found = result.with_clutter
    for b, offset in ((0, 5.0), (1, -2.0)):
        assert found.band[b] + found.clutter[10] == pytest.approx(offset - 12, abs=1.2)
        assert found.band[b] + found.clutter[40] == pytest.approx(offset, abs=1.2)
    assert found.clutter[10] * 0.3 + found.clutter[40] * 0.7 == pytest.approx(0, abs=0.5)  # centred
    assert result.after_clutter_db == pytest.approx(6, abs=0.4) and result.after_clutter_db < result.after_db - 1


def test_clutter_helps_a_band_that_an_offset_alone_does_not():
    """Forest is 10 dB below and open land 10 dB above, so that the band as a whole has no offset."""
    band, clutter = np.repeat([0, 1], 600), np.tile([10, 40], 600)
    values = noise(1200) / 3 + np.where(clutter == 10, -10.0, 10.0)
    result = calibrate(residuals(values, band, clutter), SETTINGS)
    assert result.with_clutter.clutter == pytest.approx({10: -10, 40: 10}, abs=0.4)
    assert set(result.with_clutter.band) == {0, 1}
    assert all(b.after_clutter_db < 2.5 and b.after_db > 9 for b in result.bands)
    assert result.after_clutter_db == pytest.approx(2, abs=0.2)


def test_clutter_offsets_that_would_worsen_one_band_are_left_out():
    """What holds for the two bands with most measurements is upside down for the third."""
    band, clutter = np.repeat([0, 1, 2], [900, 900, 200]), np.tile([10, 40], 1000)
    sign = np.where(band == 2, -1, 1)
    values = noise(2000) / 3 + 5 + sign * np.where(clutter == 10, -10.0, 10.0)
    result = calibrate(residuals(values, band, clutter), SETTINGS)
    assert result.after_clutter_db < result.after_db  # over all it would help
    assert result.with_clutter is None
    assert result.offsets.band == pytest.approx({0: 5, 1: 5, 2: 5}, abs=1.6)


def test_clutter_that_tells_nothing_is_left_out():
    """Classes that differ where they were learnt and not elsewhere."""
    values = noise(600) + 5
    clutter = np.random.RandomState(5).choice([10, 40], 600)
    result = calibrate(residuals(values, 0, clutter), SETTINGS)
    assert result.with_clutter is None
    assert result.offsets.band[0] == pytest.approx(5, abs=0.8)


def test_an_offset_that_would_worsen_unseen_ground_is_refused():
    """Two far parts that err in opposite ways: what one teaches is wrong for the other."""
    rng = np.random.RandomState(7)
    count = 100
    lat = np.concatenate([30 + rng.uniform(0, 0.01, count), 31 + rng.uniform(0, 0.01, count)])
    lon = np.concatenate([100 + rng.uniform(0, 0.01, count), 101 + rng.uniform(0, 0.01, count)])
    values = np.concatenate([np.full(count, 8.0), np.full(count, -8.0)]) + rng.normal(0, 1, 2 * count)
    settings = Settings(**{**SETTINGS.__dict__, "block_m": 20_000, "folds": 2, "cell_m": 5})
    result = calibrate(residuals(values, lon=lon, lat=lat), settings)
    assert result.offsets.band == {} and result.with_clutter is None
    band = result.bands[0]
    assert not band.kept and band.after_db > band.before_db
    assert result.after_db == result.before_db  # what is not kept corrects nothing


def test_noise_around_no_offset_changes_next_to_nothing():
    result = calibrate(residuals(noise(400)), SETTINGS)
    assert abs(result.offsets.band.get(0, 0.0)) < 0.8
    assert result.after_db <= result.before_db


def test_too_few_measurements_or_a_single_block_give_no_calibration():
    few = calibrate(residuals(np.full(29, 9.0) + noise(29)), SETTINGS)
    assert few.offsets.band == {} and np.isnan(few.bands[0].before_db)
    near = 100 + np.arange(100) * 1e-5
    settings = Settings(**{**SETTINGS.__dict__, "cell_m": 0.5, "block_m": 200_000})
    one_block = calibrate(residuals(np.full(100, 9.0), lon=near, lat=np.full(100, 30.5)), settings)
    assert one_block.blocks == 1 and one_block.offsets.band == {}


def test_no_measurements_at_all_give_an_empty_result():
    result = calibrate(residuals([]), SETTINGS)
    assert (result.bands, result.offsets.band, result.blocks) == ([], {}, 0)
    assert np.isnan(result.before_db)


def test_the_result_does_not_depend_on_the_order_of_the_measurements():
    band = np.arange(900) % 3
    given_ = residuals(noise(900) + 3.0 * band, band, np.arange(900) % 2)
    order = np.random.RandomState(9).permutation(900)
    one, other = calibrate(given_, SETTINGS), calibrate(given_.only(order), SETTINGS)
    assert one.offsets == other.offsets and one.bands == other.bands and one.with_clutter == other.with_clutter
    assert all(np.array_equal(a, b) for a, b in zip(one.cells, other.cells))


def test_a_car_that_waits_counts_once():
    values = np.concatenate([np.full(5000, 30.0), noise(200)])
    points = residuals(values)
    lon, lat = points.lon.copy(), points.lat.copy()
    lon[:5000], lat[:5000] = 100.2, 30.2
    cells = thinned(Residuals(lon, lat, *points[2:]), 50)
    assert cells.band.size == 201
    assert np.sort(cells.residual_db)[-1] == 30


def test_levels_that_are_nearly_all_equal_make_no_outliers_of_the_rest_within_the_least_spread():
    found = outliers(residuals([*np.zeros(50), 3.4, 3.6]), SETTINGS)
    assert found.sum() == 1 and found[-1]


def test_neighbours_within_a_block_are_never_on_both_sides():
    cells = residuals(noise(3000))
    fold, blocks = folds_of(cells, SETTINGS)
    step = SETTINGS.block_m / DEGREE_M
    block = np.floor(cells.lat / step) * 1e6 + np.floor(cells.lon * np.cos(np.radians(30)) / step)
    assert len(np.unique(block)) == blocks > 50
    assert all(len(np.unique(fold[block == one])) == 1 for one in np.unique(block))
    assert set(fold) == set(range(5))
    assert np.bincount(fold).min() > 300  # dealt evenly
    other, _ = folds_of(cells, Settings(**{**SETTINGS.__dict__, "seed": 1}))
    assert (fold != other).any()


def slow_fit(cells, bands, codes):
    """The normal equations of the same model, with the clutter offsets made zero on average."""
    rows = [[float(b == band) for band in bands] + [float(c == code) for code in codes]
            for b, c in zip(cells.band, cells.clutter)]  # fmt: skip
    design = np.array(rows)
    mean = np.r_[np.zeros(len(bands)), design[:, len(bands) :].mean(axis=0)]
    solved = np.linalg.solve(design.T @ design + np.outer(mean, mean) * len(rows), design.T @ cells.residual_db)
    return solved[: len(bands)], solved[len(bands) :]


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 4))
def test_the_joint_fit_is_the_least_squares_fit(seed, bands, classes):
    rng = np.random.RandomState(seed)
    cells = residuals(rng.normal(0, 6, 300), rng.randint(0, bands, 300), rng.randint(0, classes, 300), seed=seed)
    settings = Settings(**{**SETTINGS.__dict__, "least_points": 1})
    found = fit(cells, settings, clutter=True)
    by_band, by_class = slow_fit(cells, range(bands), range(classes))
    assert list(found.band.values()) == pytest.approx(by_band, abs=1e-9)
    assert list(found.clutter.values()) == pytest.approx(by_class, abs=1e-9)


def test_mere_noise_has_no_offset_whatever_the_seed():
    """Uniform over 60 dB; an offset is kept by chance in about one of forty, not in a third of all."""
    kept = 0
    for seed in range(60):
        values = np.random.RandomState(seed).uniform(-30, 30, 300)
        kept += bool(calibrate(residuals(values, seed=seed), SETTINGS).offsets.band)
    assert kept <= 5


def test_a_gain_below_two_standard_errors_is_refused_and_stated():
    values = np.random.RandomState(1).normal(1.7, 20, 300)
    result = calibrate(residuals(values), SETTINGS)
    band = result.bands[0]
    assert band.after_db < band.before_db  # it falls, but no more than by chance
    assert 0 < band.gain < 2
    assert not band.kept and not result.offsets.band
    assert calibrate(residuals(values + 10), SETTINGS).bands[0].gain > 2


def test_points_that_contradict_each_other_give_no_offset():
    values = np.tile([30.0, -30.0], 200)
    result = calibrate(residuals(values), SETTINGS)
    assert not result.offsets.band and result.with_clutter is None


def test_the_gain_is_that_of_the_sums_of_the_blocks():
    from xinji_planner.analysis.radio.calibration import _gain

    before, after = np.array([3.0, 4.0, 5.0, 2.0]), np.array([1.0, 3.0, 5.0, 1.0])
    block = np.array([0, 0, 1, 2])
    sums = np.array([8 + 7, 0, 3])
    assert _gain(before, after, block) == pytest.approx(18 / np.sqrt(3 * sums.var(ddof=1)))
    assert np.isnan(_gain(before, after, np.zeros(4, int)))
