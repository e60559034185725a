"""The mechanisms of ITU-R P.1812 for many paths at once: the formulas of `analysis.p1812`, compiled to vectors.

Every function is for kernels and has no branch that keeps a loop from becoming vector instructions. The scalar
functions of `analysis.p1812` say which equation is which; the tests hold these to them. Where a path is wholly inland,
callers give the shares and lengths of its zones as constants, and what they rule out is not compiled.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba

from ..p1812 import variability
from ..p1812.climate import DUCT_EARTH_KM, median_earth_radius_km
from ..p1812.geometry import WAVE_SPEED
from ..p1812.line_of_sight import free_space_db
from ..p1812.troposcatter import scatter_db
from .elementary import INLINE, LOG10_E, arctan, exp, larger, log, small_sine, smaller

_LN_10 = math.log(10.0)
_LAND, _SEA = (22.0, 0.003), (80.0, 5.0)  # relative permittivity, conductivity in S/m (eq. 29)
_SOFT_DB = 2.5  # η of eq. 60


class Constants(NamedTuple):
    """What all paths from one transmitter share, so that it is computed once; dB, GHz, km, %."""

    frequency: float
    time: float
    median: float  # 1 where the time is 50 %, else 0
    tx_height: float
    rx_height: float
    radius: float  # a_e
    radius_b: float  # a_β
    free_space: float  # eq. 8 at 1 km
    scatter: float  # eq. 44 without distance and angle
    location: float  # L_loc + building entry
    log_time: float  # log10(p / 50)
    normal_time: float  # I(p / 100)
    admittance: float  # K of eq. 29 or 30 times a^(1/3)
    distance_scale: float  # of eq. 31, over β a^(-2/3)
    height_scale: float  # of eq. 34, over β a^(-1/3)
    coupling: float  # eq. 47 without the horizons
    cube_root: float  # f^(1/3)
    sea_admittance: float  # as `admittance`, of the sea
    building: float  # building entry, median
    deviate: float  # what is taken of the standard deviation: -I(p_L / 100), 0 at the median
    sigma: float  # of the location variability, before it fades out above the clutter
    fades: float  # 1 where it does (§4.8), 0 where it was stated
    building_sigma: float
    least_location: float  # the least of L_loc + building entry that any clutter and zone gives
    # Of the lower grades, see `grades`; lengths in m.
    grade: float = 0.0  # 0: P.1812, and what follows has no meaning
    breakpoint: float = 0.0
    near: float = 0.0
    slope: float = 0.0
    per_metre: float = 0.0
    far: float = 0.0
    location_far: float = 0.0
    hidden: float = 0.0
    hidden_slope: float = 0.0
    location_hidden: float = 0.0
    hidden_most: float = 0.0


class Spread(NamedTuple):
    """What location and building add to the median (eq. 64 to 69), dB; fields as in `Constants`."""

    building: float
    deviate: float
    sigma: float
    fades: float
    building_sigma: float

    def least(self) -> float:
        """Give the least allowance at any receiver."""
        spread = math.hypot(self.sigma, self.building_sigma)
        return self.building + min(0.0, self.deviate * spread)


def constants(
    frequency_ghz: float,
    tx_height_m: float,
    rx_height_m: float,
    *,
    time_percent: float,
    location_db: float,
    spread: Spread,
    vertical: bool,
    delta_n: float,
    n0: float,
) -> Constants:
    """Compute the constants of a transmitter; parameters as in `analysis.p1812.Link`.

    `location_db` is what eq. 64 to 69 come to at a receiver without clutter, `spread` what they are made of.
    """
    f = frequency_ghz
    coupling = 102.45 + 20 * math.log10(f)
    if f < 0.5:
        coupling += 45.375 - 137.0 * f + 92.5 * f**2
    return Constants(
        frequency=f,
        time=time_percent,
        median=1.0 if time_percent == 50 else 0.0,
        tx_height=tx_height_m,
        rx_height=rx_height_m,
        radius=median_earth_radius_km(delta_n),
        radius_b=DUCT_EARTH_KM,
        free_space=free_space_db(f, 1.0, 0.0, 0.0),
        scatter=scatter_db(f, 1.0, 0.0, n0, time_percent),
        location=location_db,
        log_time=math.log10(time_percent / 50),
        normal_time=variability.inverse_normal(time_percent / 100),
        admittance=_admittance(f, _LAND, vertical),
        distance_scale=21.88 * f ** (1 / 3),
        height_scale=0.9575 * f ** (2 / 3),
        coupling=coupling,
        cube_root=f ** (1 / 3),
        sea_admittance=_admittance(f, _SEA, vertical),
        building=spread.building,
        deviate=spread.deviate,
        sigma=spread.sigma,
        fades=spread.fades,
        building_sigma=spread.building_sigma,
        least_location=spread.least(),
    )


def _admittance(frequency_ghz: float, ground: tuple[float, float], vertical: bool) -> float:
    """Give K (eq. 29, 30) times a^(1/3)."""
    permittivity, conductivity = ground
    loss_term = 18.0 * conductivity / frequency_ghz
    admittance = 0.036 * frequency_ghz ** (-1 / 3) / math.sqrt(math.hypot(permittivity - 1.0, loss_term))
    return admittance * math.hypot(permittivity, loss_term) if vertical else admittance


@numba.njit(**INLINE)
def log10(x: float) -> float:
    """Decimal logarithm of a positive number."""
    return log(x) * LOG10_E


@numba.njit(**INLINE)
def free_space(length: float, hts: float, hrs: float, k: Constants) -> float:
    """L_bfs (eq. 8)."""
    drop = (hts - hrs) * 1e-3
    return k.free_space + 10.0 * log10(length * length + drop * drop)


@numba.njit(**INLINE)
def fade(antenna: float, clutter: float) -> float:
    """u(h) (§4.8): how much of the location variability is left at an antenna above clutter, both m above ground."""
    return smaller(larger(1.0 - (antenna - clutter) * 0.1, 0.0), 1.0)


@numba.njit(**INLINE)
def location(left: float, building: float, deviate: float, sigma: float, fades: float, building_sigma: float) -> float:
    """L_loc + building entry (eq. 64 to 69); `left` by `fade`, the others as in `Constants`."""
    spread = sigma * (left if fades > 0.0 else 1.0)
    return building + deviate * math.sqrt(spread * spread + building_sigma * building_sigma)


@numba.njit(**INLINE)
def duct_incidence(latitude: float, land_km: float, log_inland: float) -> tuple[float, float, float]:
    """τ (eq. 3), β0 in % (eq. 2 to 5) and its natural logarithm, from the longest sections over land and inland."""
    tau = 1.0 - exp(-4.12e-4 * exp(2.41 * log_inland))
    land = exp(-_LN_10 * land_km / (16.0 - 6.6 * tau)) + exp(-5.0 * _LN_10 * (0.496 + 0.354 * tau))
    log_mu1 = smaller(0.2 * log(land), 0.0)
    away = abs(latitude)
    power = 0.065 + 0.0176 * away if away <= 70.0 else 1.3
    most = _LN_10 * (1.67 - 0.015 * away) if away <= 70.0 else math.log(4.17)
    log_beta0 = most + power * log_mu1
    return tau, exp(log_beta0), log_beta0


@numba.njit(**INLINE)
def inverse_normal(log_part: float) -> float:
    """I(x) (Attachment 2) for x at most 0.5, from ln x."""
    t = math.sqrt(-2.0 * larger(log_part, math.log(1e-6)))
    fit = (0.010328 * t + 0.802853) * t + 2.515516698
    return t - fit / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0)


@numba.njit(**INLINE)
def knife_edge(nu: float) -> float:
    """J(ν) (eq. 12)."""
    over = nu - 0.1
    loss = 6.9 + 20.0 * log10(larger(math.sqrt(over * over + 1.0) + over, 1e-3))
    return loss if nu > -0.78 else 0.0


@numba.njit(**INLINE)
def bullington(nu: float, length: float) -> float:
    """Bullington loss (eq. 21) of an edge."""
    edge = knife_edge(nu)
    return edge + (1.0 - exp(edge * (-1.0 / 6.0))) * (10.0 + 0.02 * length)


@numba.njit(**INLINE)
def bullington_nu(length: float, hts: float, hrs: float, rise_t: float, rise_r: float, k: Constants) -> float:
    """ν of the edge where two horizon rays meet (eq. 17 to 20), rises in m/km."""
    at = (hrs - hts + rise_r * length) / (rise_t + rise_r)
    at = smaller(larger(at, 1e-9 * length), (1.0 - 1e-9) * length)  # already so where the rays do meet
    over = hts + rise_t * at - (hts * (length - at) + hrs * at) / length
    return over * math.sqrt(0.002 * length * k.frequency / (WAVE_SPEED * at * (length - at)))


@numba.njit(**INLINE)
def _height_gain(height: float, scale: float, beta: float, floor: float) -> float:
    """G(Y) (eq. 34)."""
    b = beta * scale * height
    high = b > 2.0
    decibel = 10.0 * log10(b - 1.1 if high else b + 0.1 * b * b * b)
    far = 17.6 * math.sqrt(larger(b - 1.1, 0.0)) - 0.5 * decibel - 8.0
    return larger(far if high else 2.0 * decibel, floor)


@numba.njit(**INLINE)
def _first_term(
    length: float, log_length: float, hte: float, hre: float, log_radius: float, sea: float, k: Constants
) -> float:
    """First term of the residue series (eq. 28), land and sea weighted by the share of sea."""
    land = _over_ground(length, log_length, hte, hre, log_radius, k.admittance, k)
    if sea == 0.0:
        return land
    return sea * _over_ground(length, log_length, hte, hre, log_radius, k.sea_admittance, k) + (1.0 - sea) * land


@numba.njit(**INLINE)
def _over_ground(
    length: float, log_length: float, hte: float, hre: float, log_radius: float, by_radius: float, k: Constants
) -> float:
    """First term over one kind of ground (eq. 29 to 36), whose K times a^(1/3) is `by_radius`."""
    radius_13 = exp(log_radius * (-1.0 / 3.0))
    admittance = by_radius * radius_13
    square = admittance * admittance
    beta = (1.0 + 1.6 * square + 0.67 * square * square) / (1.0 + 4.5 * square + 1.53 * square * square)
    per_km = k.distance_scale * beta * radius_13 * radius_13
    x = per_km * length
    log_x = log(per_km) + log_length
    decibel = 10.0 * LOG10_E * log_x
    near = -2.0 * decibel - 5.6488 * exp(1.425 * log_x)
    by_distance = 11.0 + decibel - 17.6 * x if x >= 1.6 else near
    scale = k.height_scale * beta * radius_13
    floor = 2.0 + 20.0 * log10(admittance)
    return -by_distance - _height_gain(hte, scale, beta, floor) - _height_gain(hre, scale, beta, floor)


@numba.njit(**INLINE)
def spherical(
    length: float, log_length: float, hte: float, hre: float, radius: float, sea: float, k: Constants
) -> float:
    """Loss over a smooth sphere (§4.3.2): 0 where its ray has 0.6 of the Fresnel zone, see `p1812.diffraction`."""
    roots = math.sqrt(hte) + math.sqrt(hre)
    beyond = length >= math.sqrt(2e-3 * radius) * roots
    lean = (hte - hre) / (hte + hre)
    m = 250.0 * length * length / (radius * (hte + hre))
    more = m + 1.0
    cosine = smaller(larger(1.5 * lean * math.sqrt(3.0 * m / (more * more * more)), -1.0), 1.0)
    # acos x = 2 arctan √((1-x)/(1+x)), and cos((π+w)/3) = sin(π/6 - w/3)
    turn = 2.0 * arctan(math.sqrt((1.0 - cosine) / (1.0 + cosine + 1e-300)))
    b = 2.0 * math.sqrt(more / (3.0 * m)) * small_sine(math.pi / 6.0 - turn / 3.0)
    one = 0.5 * length * (1.0 + b)
    other = length - one
    clearance = (hte - 500.0 * one * one / radius) * other + (hre - 500.0 * other * other / radius) * one
    clearance /= length
    required = 17.456 * math.sqrt(larger(one * other, 0.0) * WAVE_SPEED / (k.frequency * length))
    log_radius = math.log(500.0) + 2.0 * (log_length - log(roots))
    loss = _first_term(length, log_length, hte, hre, log(radius) if beyond else log_radius, sea, k)
    near = (1.0 - clearance / larger(required, 1e-300)) * larger(loss, 0.0)
    return loss if beyond else (near if clearance <= required else 0.0)


@numba.njit(**INLINE)
def _shielding(theta: float, to_horizon: float, k: Constants) -> float:
    """A_s (eq. 48)."""
    above = larger(theta - 0.1 * to_horizon, 0.0)
    return 20.0 * log10(1.0 + 0.361 * above * math.sqrt(k.frequency * to_horizon)) + 0.264 * above * k.cube_root


@numba.njit(**INLINE)
def sea_coupling(to_coast: float, to_horizon: float, antenna: float) -> float:
    """A_c (eq. 49), for a path of at least 3/4 sea."""
    near = exp(-0.25 * to_coast * to_coast)
    gain = -6.0 * near * (1.0 - 1.0 / (1.0 + exp(0.14 * (50.0 - antenna))))  # 1 + tanh x = 2 - 2 / (1 + e^2x)
    return gain if to_coast <= smaller(5.0, to_horizon) else 0.0


@numba.njit(**INLINE)
def ducting(
    length: float,
    log_length: float,
    tau: float,
    log_beta0: float,
    d_lt: float,
    d_lr: float,
    theta_t: float,
    theta_r: float,
    hte: float,
    hre: float,
    hm: float,
    over_sea: float,
    k: Constants,
) -> float:
    """L_ba (eq. 46 to 56); `over_sea` is the sum of A_c of both ends."""
    coupling = k.coupling + over_sea + 20.0 * log10(d_lt + d_lr)
    coupling = coupling + _shielding(theta_t, d_lt, k) + _shielding(theta_r, d_lr, k)
    angle = 1e3 * length / k.radius + smaller(theta_t, 0.1 * d_lt) + smaller(theta_r, 0.1 * d_lr)
    alpha = larger(-0.6 - 3.5e-9 * exp(3.1 * log_length) * tau, -3.4)
    log_spread = 2.0 * (log_length - log(math.sqrt(hte) + math.sqrt(hre)))
    log_mu2 = smaller(alpha * (log(500.0 / k.radius) + log_spread), 0.0)
    between = smaller(length - d_lt - d_lr, 40.0)
    log_mu3 = -4.6e-5 * (hm - 10.0) * (43.0 + 6.0 * between) if hm > 10.0 else 0.0
    log_beta = log_beta0 + log_mu2 + log_mu3
    ten = log_beta * LOG10_E
    bend = (9.51 - 4.8 * ten + 0.198 * ten * ten) * 1e-6 * exp(1.13 * log_length)
    gamma = 1.076 * exp(-1.012 * log(2.0058 - ten) - bend)
    log_ratio = log(k.time) - log_beta
    by_time = -12.0 + (1.2 + 3.7e-3 * length) * (log_ratio * LOG10_E) + 12.0 * exp(gamma * log_ratio)
    return coupling + 5e-5 * k.radius * k.cube_root * angle + by_time


@numba.njit(**INLINE)
def combined(
    length: float,
    log_length: float,
    lbfs: float,
    theta: float,
    d_lt: float,
    d_lr: float,
    beta0: float,
    log_beta0: float,
    diffracted: float,
    diffracted_b: float,
    lba: float,
    land: float,
    location_db: float,
    k: Constants,
) -> float:
    """L_b from the mechanisms (eq. 57 to 70); `diffracted` for the median Earth, `diffracted_b` for β0 of the time.

    `land` is the share of the path that is not sea.
    """
    enhancement = 2.6 * (1.0 - exp(-0.1 * (d_lt + d_lr)))
    lb0p = lbfs + enhancement * k.log_time
    lb0b = lbfs + enhancement * (log_beta0 * LOG10_E - math.log10(50.0))
    fi = k.normal_time / inverse_normal(log_beta0 - math.log(100.0)) if k.time > beta0 else 1.0
    ldp = diffracted if k.median > 0.0 else diffracted + fi * (diffracted_b - diffracted)
    lbd50, lbd = lbfs + diffracted, lb0p + ldp
    over_land = land * ldp
    lminb0p = lb0p + over_land if k.time < beta0 else lbd50 + (lb0b + over_land - lbd50) * fi
    apart = abs(lba - lb0p) * (1.0 / _SOFT_DB)
    lminbap = larger(lba, lb0p) + _SOFT_DB * log(1.0 + exp(-apart))
    # 1 - (1 + tanh z) / 2 = 1 / (1 + e^2z)
    fj = 1.0 / (1.0 + exp(16.0 * (theta - 0.3)))
    fk = 1.0 / (1.0 + exp(0.15 * (length - 20.0)))
    lbda = lminbap + (lbd - lminbap) * fk if lminbap <= lbd else lbd
    lbam = lbda + (lminb0p - lbda) * fj
    lbs = k.scatter + 20.0 * LOG10_E * log_length + 0.573 * theta
    lbc = smaller(lbs, lbam) - 5.0 * log10(1.0 + exp(-0.2 * _LN_10 * abs(lbs - lbam)))
    return larger(lb0p, lbc + location_db)


@numba.njit(**INLINE)
def least_excess(
    length: float, log_length: float, lbfs: float, over_t: float, over_r: float, location_db: float, k: Constants
) -> float:
    """How much L_b exceeds L_bfs at the least, at 50 % of time, if some points of a profile are known; dB.

    `over_t`, `over_r` are the steepest rises of those points above the straight line, seen from both ends, m/km. The
    edge of §4.3.1 lies where rays of the full profile's rises a, b meet, and eq. 17 to 20 come to ν² = 0.002 d a b / λ:
    more points make ν larger, hence L_d (D at the least). At the median the blending leaves L_bam ≥ L_bfs + D F_k
    (eq. 57 to 62), and troposcatter comes with θ > 0 where the ray is cut. Clutter raises ν further. `location_db` is
    the least that L_loc and the building entry can be.
    """
    a, b = larger(over_t, 0.0), larger(over_r, 0.0)
    nu = math.sqrt(0.002 / WAVE_SPEED * k.frequency * length * a * b)
    diffracted = bullington(nu, length) if a * b > 0.0 else 0.0
    lbam = lbfs + diffracted / (1.0 + exp(0.15 * (length - 20.0)))
    lbs = k.scatter + 20.0 * LOG10_E * log_length
    lbc = smaller(lbs, lbam) - 5.0 * log10(1.0 + exp(-0.2 * _LN_10 * abs(lbs - lbam)))
    return larger(lbc + location_db - lbfs, 0.0) if a * b > 0.0 else 0.0
