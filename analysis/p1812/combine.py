"""The whole model: every mechanism computed, then blended into one loss (§4.6 to §4.10)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .climate import DUCT_EARTH_KM, duct_incidence, median_earth_radius_km
from .diffraction import delta_bullington
from .ducting import ducting_db
from .geometry import horizons, obstruction, smooth_earth
from .line_of_sight import enhancement_db, free_space_db
from .profile import SEA, Link, PathProfile, Sections, sections
from .troposcatter import scatter_db
from .variability import inverse_normal, location_sigma_db

NO_DIFFRACTION_NU = -0.78  # below it an obstacle costs nothing (eq. 12)
_SOFT_DB = 2.5  # η of eq. 60


@dataclass(frozen=True)
class P1812Result:
    """What the model says of a path.

    Attributes
    ----------
    loss_db : float
        L_b, basic transmission loss not exceeded for p % of time and p_L % of locations.
    field_strength_dbuv_m : float
        E_p in dB(µV/m) for 1 kW effective radiated power.
    line_of_sight : bool
        Neither terrain nor clutter cuts the ray at the median Earth radius.
    obstacle : int or None
        Profile point that obstructs most, where it costs anything.
    values : dict of str to float
        Every intermediate value by its symbol; km, m, mrad, % and dB as the Recommendation has them.
    """

    loss_db: float
    field_strength_dbuv_m: float
    line_of_sight: bool
    obstacle: int | None
    values: dict[str, float]


def basic_transmission_loss(profile: PathProfile, link: Link) -> P1812Result:
    """Compute the basic transmission loss of one path by ITU-R P.1812.

    Parameters
    ----------
    profile : PathProfile
        Terrain, clutter and zones from transmitter to receiver.
    link : Link
        Frequency, antennas, percentages, climate.

    Returns
    -------
    P1812Result
    """
    f, p, length = link.frequency_ghz, link.time_percent, profile.length_km
    hts = float(profile.height_m[0]) + link.tx_height_m
    hrs = float(profile.height_m[-1]) + link.rx_height_m
    split = _with_stated_coasts(sections(profile), link)
    ae = median_earth_radius_km(link.delta_n)
    beta0 = duct_incidence(link.latitude_deg, split.longest_land_km, split.longest_inland_km)
    seen = horizons(profile, hts, hrs, ae, f)
    smooth = smooth_earth(profile, hts, hrs, seen)
    above = (hts - smooth.hstd, hrs - smooth.hsrd)
    land = 1 - split.sea_fraction

    lbfs = free_space_db(f, length, hts, hrs)
    lb0p = lbfs + enhancement_db(p, seen.d_lt, seen.d_lr)
    lb0b = lbfs + enhancement_db(beta0, seen.d_lt, seen.d_lr)
    surface = profile.surface_m
    median, ducted = (
        delta_bullington(profile.distance_km, surface, (hts, hrs), above, radius, f, split.sea_fraction, link.vertical)
        for radius in (ae, DUCT_EARTH_KM)
    )
    fi = inverse_normal(p / 100) / inverse_normal(beta0 / 100) if p > beta0 else 1.0
    # At 50 % the fit of the normal law is not quite 0, yet the median is the median.
    ldp = median.total if p == 50 else median.total + fi * (ducted.total - median.total)
    lbd50, lbd = lbfs + median.total, lb0p + ldp
    lbs = scatter_db(f, length, seen.theta, link.n0, p)
    lba = ducting_db(f, p, length, (hts, hrs), seen, smooth, split, ae, beta0)

    lminb0p = lb0p + land * ldp if p < beta0 else lbd50 + (lb0b + land * ldp - lbd50) * fi
    lminbap = _SOFT_DB * float(np.logaddexp(lba / _SOFT_DB, lb0p / _SOFT_DB))
    fj = 1 - 0.5 * (1 + math.tanh(2.4 * (seen.theta - 0.3) / 0.3))
    fk = 1 - 0.5 * (1 + math.tanh(1.5 * (length - 20) / 20))
    lbda = lminbap + (lbd - lminbap) * fk if lminbap <= lbd else lbd
    lbam = lbda + (lminb0p - lbda) * fj
    to_log = 0.2 * math.log(10)
    lbc = -float(np.logaddexp(-to_log * lbs, -to_log * lbam)) / to_log

    sigma, lloc = _location(profile, link)
    lb = max(lb0p, lbc + lloc)
    ep = 199.36 + 20 * math.log10(f) - lb

    nu = obstruction(profile.distance_km, surface, hts, hrs, ae, f)
    worst = int(np.argmax(nu))
    values = {
        **{"d": length, "phi": link.latitude_deg, "hts": hts, "hrs": hrs, "ae": ae, "a_beta": DUCT_EARTH_KM},
        **{"omega": split.sea_fraction, "dtm": split.longest_land_km, "dlm": split.longest_inland_km},
        **{"dct": split.tx_to_coast_km, "dcr": split.rx_to_coast_km, "beta0": beta0},
        **{"d_lt": seen.d_lt, "d_lr": seen.d_lr},
        **{"theta_t": seen.theta_t, "theta_r": seen.theta_r, "theta": seen.theta},
        **{"hst": smooth.hst, "hsr": smooth.hsr, "hst_rough": smooth.hst_rough, "hsr_rough": smooth.hsr_rough},
        **{"hstd": smooth.hstd, "hsrd": smooth.hsrd, "hts_above": above[0], "hrs_above": above[1]},
        **{"hte": smooth.hte, "hre": smooth.hre, "hm": smooth.hm, "nu_max": float(nu[worst])},
        **{"Fi": fi, "Fj": fj, "Fk": fk, "Lbfs": lbfs, "Lb0p": lb0p, "Lb0b": lb0b},
        **{"Lbulla_50": median.actual, "Lbulls_50": median.smooth, "Ldsph_50": median.spherical},
        **{"Lbulla_b": ducted.actual, "Lbulls_b": ducted.smooth, "Ldsph_b": ducted.spherical},
        **{"Ld50": median.total, "Ldb": ducted.total, "Ldp": ldp, "Lbd50": lbd50, "Lbd": lbd},
        **{"Lminb0p": lminb0p, "Lba": lba, "Lminbap": lminbap, "Lbda": lbda, "Lbam": lbam, "Lbs": lbs},
        **{"Lbc": lbc, "sigma_L": sigma, "Lloc": lloc, "Lb": lb, "Ep": ep},
    }
    obstacle = worst + 1 if nu[worst] > NO_DIFFRACTION_NU else None
    return P1812Result(lb, ep, bool(nu[worst] < 0), obstacle, values)


def _with_stated_coasts(split: Sections, link: Link) -> Sections:
    """Let the distances to the coast that the link states override those of the profile."""
    return split._replace(
        tx_to_coast_km=split.tx_to_coast_km if link.dct_km is None else link.dct_km,
        rx_to_coast_km=split.rx_to_coast_km if link.dcr_km is None else link.dcr_km,
    )


def _location(profile: PathProfile, link: Link) -> tuple[float, float]:
    """Give the standard deviation and the allowance for location (and building) in dB (§4.8, §4.9)."""
    if profile.zone[-1] == SEA:
        return 0.0, link.building_entry_loss_db
    sigma = link.sigma_db
    if sigma is None:
        clutter = float(profile.clutter_m[-1])
        sigma = location_sigma_db(link.frequency_ghz, link.resolution_m, link.rx_height_m, clutter)
    sigma = math.hypot(sigma, link.building_entry_sigma_db)
    if link.location_percent == 50 or sigma == 0:  # the fit of the normal law is not quite 0 at the median
        return sigma, link.building_entry_loss_db
    return sigma, link.building_entry_loss_db - inverse_normal(link.location_percent / 100) * sigma
