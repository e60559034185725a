"""The propagation model: against the validation results of the Recommendation's reference software, and by hand."""

import csv
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
    PathProfile,
    basic_transmission_loss,
    great_circle_km,
    path_centre_latitude,
)
from xinji_planner.analysis.p1812.climate import DUCT_EARTH_KM, median_earth_radius_km
from xinji_planner.analysis.p1812.diffraction import bullington, knife_edge, spherical_earth
from xinji_planner.analysis.p1812.profile import sections
from xinji_planner.analysis.p1812.variability import inverse_normal, location_sigma_db

# What a log calls a value, in the order of its lines (two names stand twice), and our symbol.
SYMBOLS = {
    "d (km)": ["d"],
    "dlt (km)": ["d_lt"],
    "dlr (km)": ["d_lr"],
    "th_t (mrad)": ["theta_t"],
    "th_r (mrad)": ["theta_r"],
    "th (mrad)": ["theta"],
    "hts (m)": ["hts"],
    "hrs (m)": ["hrs"],
    "htc (m)": ["hts", "hts_above"],
    "hrc (m)": ["hrs", "hrs_above"],
    "w": ["omega"],
    "dtm (km)": ["dtm"],
    "dlm (km)": ["dlm"],
    "phi (deg)": ["phi"],
    "b0 (%)": ["beta0"],
    "ae (km)": ["ae"],
    "hst (m)": ["hst", "hst_rough"],
    "hsr (m)": ["hsr", "hsr_rough"],
    "hstd (m)": ["hstd"],
    "hsrd (m)": ["hsrd"],
    "hte (m)": ["hte"],
    "hre (m)": ["hre"],
    "hm (m)": ["hm"],
    "Fi": ["Fi"],
    "Fj": ["Fj"],
    "Fk": ["Fk"],
    "Lbfs": ["Lbfs"],
    "Lb0p": ["Lb0p"],
    "Lb0b": ["Lb0b"],
    # The logs hold the parts of the second run of the diffraction model, for the Earth radius of β0 of the time.
    "Lbulla (dB)": ["Lbulla_b"],
    "Lbulls (dB)": ["Lbulls_b"],
    "Ldsph (dB)": ["Ldsph_b"],
    "Ld50 (dB)": ["Ld50"],
    "Ldb (dB)": ["Ldb"],
    "Ldp (dB)": ["Ldp"],
    "Lbd50 (dB)": ["Lbd50"],
    "Lbd (dB)": ["Lbd"],
    "Lminb0p (dB)": ["Lminb0p"],
    "Lba (dB)": ["Lba"],
    "Lminbap (dB)": ["Lminbap"],
    "Lbda (dB)": ["Lbda"],
    "Lbam (dB)": ["Lbam"],
    "Lbs (dB)": ["Lbs"],
    "Lbc (dB)": ["Lbc"],
    "Lb (dB)": ["Lb"],
    "Ep (dBuV/m)": ["Ep"],
}
STATED = {
    *("Ptx (kW)", "Gtx (dBi)", "Grx (dBi)", "f (GHz)", "p (%)", "pL (%)", "sigmaL (dB)", "phi_t (deg)", "phi_r (deg)"),
    *("lam_t (deg)", "lam_r (deg)", "htg (m)", "hrg (m)", "pol", "DN", "N0", "dct (km)", "dcr (km)", "R2 (m)"),
    "Rn-1 (m)",
}
LOGS = 27


def read_profile(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    start = next(at for at, row in enumerate(rows) if row and row[0] == "Number of Points:") + 1
    count = int(rows[start - 1][1])
    points = np.array([[float(row[at]) for at in (0, 1, 3, 4)] for row in rows[start : start + count]])
    assert rows[start + count][0] == "{End of Profile}"
    return PathProfile(points[:, 0], points[:, 1], points[:, 2], points[:, 3].astype(int))


def read_log(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row and row[0].strip()]
    # A name may hold commas of its own, so the value is the last filled cell.
    return [(row[0], float([cell for cell in row if cell][-1])) for row in rows[1:]]


def link_of(stated, length_km):
    ends = [stated[f"{name} (deg)"] for name in ("phi_t", "lam_t", "phi_r", "lam_r")]
    return Link(
        frequency_ghz=stated["f (GHz)"],
        tx_height_m=stated["htg (m)"],
        rx_height_m=stated["hrg (m)"],
        latitude_deg=path_centre_latitude(*ends, length_km),
        time_percent=stated["p (%)"],
        location_percent=stated["pL (%)"],
        vertical=stated["pol"] == 2,
        delta_n=stated["DN"],
        n0=stated["N0"],
        sigma_db=stated["sigmaL (dB)"],
        dct_km=stated["dct (km)"],
        dcr_km=stated["dcr (km)"],
    )


@pytest.fixture(scope="module")
def validation(shared_data):
    folder = shared_data / "p1812"
    if not folder.is_dir():
        pytest.skip("the validation results are not beside this clone")
    return folder


def compared(log, profile_path):
    """Give (symbol, theirs, ours) of every value that a log names."""
    lines = read_log(log)
    stated = {name: value for name, value in lines if name in STATED}
    assert set(stated) == STATED
    profile = read_profile(profile_path)
    assert (stated["R2 (m)"], stated["Rn-1 (m)"]) == (profile.clutter_m[1], profile.clutter_m[-2])
    ours = basic_transmission_loss(profile, link_of(stated, profile.length_km)).values
    unused = {name: list(symbols) for name, symbols in SYMBOLS.items()}
    for name, theirs in lines[len(STATED) :]:
        if name.startswith("Ep (dBuV/m) w.r.t."):
            ours_at_power = ours["Ep"] + 10 * math.log10(stated["Ptx (kW)"]) + stated["Gtx (dBi)"] + stated["Grx (dBi)"]
            yield "Ep at the stated power", theirs, ours_at_power
            continue
        symbol = unused[name].pop(0)
        if symbol == "Lbd" and ours["Lminbap"] <= ours["Lbd"]:
            # The reference software writes eq. 61 over its own L_bd before it logs it.
            symbol = "Lbda"
        yield symbol, theirs, ours[symbol]
    assert not any(unused.values())


def test_every_value_of_every_validation_result_is_met(validation):
    logs = sorted((validation / "results").glob("*_log.csv"))
    assert len(logs) == LOGS
    wrong = []
    for log in logs:
        name = log.name.removesuffix("_log.csv").rpartition("_")[0]
        rows = list(compared(log, validation / "profiles" / f"{name}.csv"))
        assert len(rows) == 51
        # The logs print ten digits, also of the power that the last value is scaled by.
        wrong += [(log.name, *row) for row in rows if not math.isclose(row[1], row[2], rel_tol=2e-9, abs_tol=1e-9)]
        loss = {symbol: (theirs, ours) for symbol, theirs, ours in rows}
        assert abs(loss["Lb"][0] - loss["Lb"][1]) < 1e-6
        assert abs(loss["Ep"][0] - loss["Ep"][1]) < 1e-6
    assert not wrong


def flat(length_km, zone=INLAND, points=101, height_m=0.0):
    zeros = np.zeros(points)
    return PathProfile(np.linspace(0, length_km, points), zeros + height_m, zeros, np.full(points, zone))


def hills(seed, length_km=40.0, points=201):
    random = np.random.default_rng(seed)
    height = 300 + np.cumsum(random.normal(0, 12, points))
    return PathProfile(np.linspace(0, length_km, points), height, np.zeros(points), np.full(points, INLAND))


def loss(profile, **changes):
    stated = {"frequency_ghz": 1.0, "tx_height_m": 30.0, "rx_height_m": 10.0, "latitude_deg": 30.0, **changes}
    return basic_transmission_loss(profile, Link(**stated)).loss_db


def test_a_short_clear_path_loses_what_free_space_takes():
    """92.4 dB at 1 km and 1 GHz (eq. 8)."""
    result = basic_transmission_loss(flat(1.0), Link(1.0, 100.0, 100.0, 30.0))
    assert result.loss_db == pytest.approx(92.4, abs=1e-9)
    assert result.field_strength_dbuv_m == pytest.approx(199.36 - 92.4, abs=1e-9)
    assert result.line_of_sight and result.obstacle is None


def test_the_default_climate_is_the_four_thirds_earth():
    assert median_earth_radius_km(Link(1.0, 10.0, 10.0, 30.0).delta_n) == pytest.approx(6371 * 4 / 3)
    assert DUCT_EARTH_KM == 3 * 6371


def test_a_single_knife_edge_is_as_worked_by_hand():
    """100 m above the ray in the middle of 10 km at 1 GHz: nu = 5.165, J = 27.10 dB, Bullington 37.18 dB."""
    d = np.linspace(0, 10, 101)
    edge = np.where(np.arange(101) == 50, 100.0, 0.0)
    nu = 100 * math.sqrt(0.002 * 10 / (0.2998 * 25))
    by_hand = 6.9 + 20 * math.log10(math.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1)
    assert by_hand == pytest.approx(27.097, abs=1e-3)
    assert knife_edge(nu) == pytest.approx(by_hand, abs=1e-12)
    found = bullington(d, edge, 0.0, 0.0, 1e12, 1.0)
    assert found == pytest.approx(by_hand + (1 - math.exp(-by_hand / 6)) * 10.2, abs=1e-6)
    assert knife_edge(0.0) == pytest.approx(6.0328, abs=1e-3)
    assert knife_edge(-0.8) == 0


def test_a_smooth_sphere_beyond_the_horizon_is_as_worked_by_hand():
    """100 km, antennas at 10 m, 1 GHz, land: X = 5.2553, Y = 0.46926, loss 87.05 dB."""
    assert spherical_earth(100.0, 10.0, 10.0, 6371 * 4 / 3, 1.0, 0.0, False) == pytest.approx(87.053, abs=0.01)


def test_a_smooth_sphere_of_sea_is_as_worked_by_hand():
    """100 km, antennas at 10 m, 1 GHz, vertical: K = 0.036 · 0.049010 / (79² + 90²)^¼ · √(80² + 90²) = 0.019414.

    β = 0.998909, X = 5.24983, F = 11 + 7.2014 - 92.3970 = -74.1956; βY = 0.46825, G = 20 lg 0.478517 = -6.4021 twice:
    86.9998 dB.
    """
    assert spherical_earth(100.0, 10.0, 10.0, 6371 * 4 / 3, 1.0, 1.0, True) == pytest.approx(86.9998, abs=2e-3)


def test_a_short_path_over_the_sea_gains_what_multipath_and_focusing_give_for_a_hundredth_of_the_time():
    """5 km, 1 GHz, clear: 92.4 + 20 lg 5 = 106.3794 dB, and at 1 % of time 2.6 (1 - e^-0.5) lg 50 = 1.7381 dB less.

    Coupling into the duct is nearly as strong there, which softens the blend (eq. 60) by less than 0.1 dB.
    """
    link = {"tx_height_m": 100.0, "rx_height_m": 100.0}
    assert loss(flat(5.0, SEA), **link) == pytest.approx(106.3794, abs=1e-3)
    rare = basic_transmission_loss(flat(5.0, SEA), Link(1.0, 100.0, 100.0, 30.0, time_percent=1.0))
    assert rare.values["Lb0p"] == pytest.approx(106.3794 - 1.7381, abs=1e-3)
    assert 0 <= rare.loss_db - rare.values["Lb0p"] < 0.1


def test_a_smooth_sphere_far_within_the_horizon_costs_nothing():
    assert spherical_earth(5.0, 100.0, 100.0, 6371 * 4 / 3, 1.0, 0.0, True) == 0


@pytest.mark.parametrize("length_km", [5.0, 30.0, 120.0])
@pytest.mark.parametrize("percent", [1.0, 10.0, 50.0])
def test_a_symmetric_path_is_the_same_both_ways(length_km, percent):
    there = loss(flat(length_km), tx_height_m=60.0, rx_height_m=5.0, time_percent=percent)
    back = loss(flat(length_km), tx_height_m=5.0, rx_height_m=60.0, time_percent=percent)
    assert there == pytest.approx(back, abs=1e-6)


@pytest.mark.parametrize("profile", [flat(150.0, SEA), flat(80.0), *map(hills, range(6))])
def test_a_loss_that_holds_for_more_of_the_time_is_not_smaller(profile):
    losses = [loss(profile, time_percent=float(p)) for p in (1, 2, 5, 10, 20, 30, 40, 49, 50)]
    assert all(one <= more + 1e-9 for one, more in zip(losses, losses[1:]))


def test_a_path_over_flat_sea_is_ducted_more_often_and_loses_less():
    """All sea: omega 1, no land sections, mu1 = 1, so beta0 = 10^(1.67 - 0.015 · 30) = 16.596 %."""
    link = {"latitude_deg": 30.0, "time_percent": 1.0}
    result = basic_transmission_loss(flat(150.0, SEA), Link(1.0, 30.0, 10.0, **link))
    at_sea = result.values
    assert (at_sea["omega"], at_sea["dtm"], at_sea["dlm"], at_sea["dct"], at_sea["dcr"]) == (1, 0, 0, 0, 0)
    assert at_sea["beta0"] == pytest.approx(10**1.22, rel=1e-9)
    assert at_sea["sigma_L"] == 0
    assert result.loss_db < loss(flat(150.0), **link) - 5


def test_a_path_splits_into_zones_half_way_between_points():
    zone = np.array([INLAND, INLAND, COASTAL, SEA, SEA, COASTAL])
    d = np.array([0.0, 2.0, 4.0, 5.0, 7.0, 10.0])
    split = sections(PathProfile(d, np.zeros(6), np.zeros(6), zone))
    # Edges at 0, 1, 3, 4.5, 6, 8.5, 10.
    assert split.sea_fraction == pytest.approx(0.4)
    assert (split.longest_inland_km, split.longest_land_km) == (3.0, 4.5)
    assert (split.tx_to_coast_km, split.rx_to_coast_km) == (4.5, 1.5)


def test_clutter_counts_along_the_path_but_not_at_its_ends():
    bare = flat(10.0)
    ends, middle = np.zeros(101), np.zeros(101)
    ends[[0, -1]] = 30.0
    middle[50] = 30.0
    with_clutter = [PathProfile(bare.distance_km, bare.height_m, clutter, bare.zone) for clutter in (ends, middle)]
    assert loss(with_clutter[0]) == loss(bare)
    assert loss(with_clutter[1]) > loss(bare)


def test_the_main_obstacle_is_the_one_that_cuts_deepest():
    height = np.zeros(101)
    height[[30, 60]] = 80.0, 200.0
    result = basic_transmission_loss(
        PathProfile(np.linspace(0, 20, 101), height, np.zeros(101), np.full(101, INLAND)), Link(1.0, 30.0, 10.0, 30.0)
    )
    assert not result.line_of_sight and result.obstacle == 60


def test_the_normal_law_is_within_the_error_that_the_recommendation_states():
    scipy_stats = pytest.importorskip("scipy.stats")
    for part in (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        assert inverse_normal(part) == pytest.approx(float(scipy_stats.norm.isf(part)), abs=4.54e-4)


def test_location_variability_follows_resolution_and_fades_above_the_clutter():
    """(0.52 + 0.024 · 1) · 100^0.28 = 1.9752 dB at the ground."""
    assert location_sigma_db(1.0, 100.0, 1.5, 10.0) == pytest.approx(1.9752, abs=1e-4)
    assert location_sigma_db(1.0, 100.0, 15.0, 10.0) == pytest.approx(1.9752 / 2, abs=1e-4)
    assert location_sigma_db(1.0, 100.0, 20.0, 10.0) == 0


def test_locations_and_buildings_add_to_the_median():
    profile = hills(1)
    median = loss(profile, sigma_db=5.5)
    assert loss(profile, sigma_db=5.5, location_percent=90.0) - median == pytest.approx(1.2816 * 5.5, abs=0.01)
    assert loss(profile, sigma_db=5.5, building_entry_loss_db=12.0) == pytest.approx(median + 12.0)
    both = loss(profile, sigma_db=3.0, building_entry_sigma_db=4.0, location_percent=90.0)
    assert both - median == pytest.approx(1.2816 * 5.0, abs=0.01)


def test_the_middle_of_a_path_lies_on_the_great_circle():
    assert great_circle_km(10.0, 0.0, 20.0, 0.0) == pytest.approx(6371 * math.radians(10))
    assert path_centre_latitude(10.0, 0.0, 20.0, 0.0, 6371 * math.radians(10)) == pytest.approx(15.0)
    # Along a parallel the great circle runs nearer to the pole.
    assert path_centre_latitude(45.0, 0.0, 45.0, 60.0, great_circle_km(45.0, 0.0, 45.0, 60.0)) > 45.0


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0.25, 300),
    st.floats(0.03, 6),
    st.floats(1, 3000),
    st.floats(1, 3000),
    st.floats(1, 50),
    st.sampled_from([SEA, COASTAL, INLAND]),
    st.booleans(),
)
def test_any_path_in_bounds_has_a_finite_loss(seed, length_km, frequency, tx, rx, percent, zone, vertical):
    rough = hills(seed, length_km)
    profile = PathProfile(rough.distance_km, rough.height_m, rough.clutter_m, np.full(201, zone))
    result = basic_transmission_loss(profile, Link(frequency, tx, rx, 30.0, percent, vertical=vertical))
    assert all(math.isfinite(value) for value in result.values.values())
    assert result.loss_db >= result.values["Lb0p"]


@pytest.mark.parametrize(
    "changes", [{"frequency_ghz": 7.0}, {"time_percent": 0.5}, {"location_percent": 100.0}, {"tx_height_m": 0.5}]
)
def test_a_link_out_of_the_recommendations_bounds_is_refused(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        loss(flat(10.0), **changes)


def test_a_profile_must_ascend_from_zero():
    flat_part = np.zeros(5)
    for d in ([0, 1, 1, 2, 3], [1, 2, 3, 4, 5], [0, 1, 2, 3]):
        with pytest.raises(ValueError):
            PathProfile(np.array(d, float), flat_part, flat_part, np.full(5, INLAND))
