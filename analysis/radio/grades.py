"""The lower grades of propagation, for where ITU-R P.1812 is not asked for. They know no time variability.

- ``line_of_sight``: free-space loss where 0.6 of the first Fresnel zone is clear of ground and clutter over an Earth of
  4/3 its radius; an infinite loss, so no level, where it is not. The clearance h at a point d1, d2 from the ends is
  0.6 √(λ d1 d2 / d) where ν of eq. 15 of P.1812 comes to -0.6 √2 (ITU-R P.526-15 §2 and §4: ν = √2 h / R1).
- ``free_space``: eq. 8 of P.1812, whatever lies between.
- ``tr38901_uma``, ``tr38901_umi``, ``tr38901_rma``: 3GPP TR 38.901 Table 7.4.1-1, urban macro, urban micro (street
  canyon) and rural macro cells. The terrain decides between LOS and NLOS: in sight is a receiver whose ray clears
  ground and clutter over an Earth of 4/3 its radius. As the table has them, both antennas are counted from their own
  ground, and the shadow fading is added by the share of places asked for. Receivers nearer than 10 m are taken to be
  10 m away.

The terrain's voids matter to the grades that ask what is seen; free space needs the ground at the two ends only. Rural
NLOS beyond the table's 5 km cannot be told (NaN).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..p1812.climate import EARTH_KM
from .mechanisms import Constants

GRADES = ("p1812", "line_of_sight", "free_space", "tr38901_uma", "tr38901_umi", "tr38901_rma")
FOUR_THIRDS_KM = EARTH_KM * 4 / 3
NEAREST_M = 10.0
_LIGHT = 0.3  # c in m · GHz, as the report has it: 3e8 m/s
_ENVIRONMENT_M = 1.0  # h_E of note 1 for receivers below 13 m
_FREE_SPACE_DB = 32.4  # eq. 8 of P.1812 at 1 m and 1 GHz


class Street(NamedTuple):
    """What a table of TR 38.901 comes to for one transmitter: dB, and metres.

    With d the distance of the antennas and D that over the ground: in sight ``near + slope lg d + per_metre d`` up to
    the break point of D, ``far + 40 lg d`` beyond; out of sight ``hidden + hidden_slope lg d`` where that is more. The
    three standard deviations are those of the shadow fading; `hidden_most` and `most` bound D.
    """

    breakpoint: float
    near: float
    slope: float
    per_metre: float
    far: float
    hidden: float
    hidden_slope: float
    sigma: float
    sigma_far: float
    sigma_hidden: float
    hidden_most: float
    most: float


def street(
    grade: str, frequency_ghz: float, tx_m: float, rx_m: float, building_m: float = 5.0, street_m: float = 20.0
) -> Street:
    """Give the table of a grade.

    Parameters
    ----------
    grade : str
        One of the ``tr38901_`` grades.
    frequency_ghz, tx_m, rx_m : float
        Antennas above ground.
    building_m, street_m : float
        h and W of the rural table.

    Raises
    ------
    ValueError
        A value is out of the table's bounds.
    """
    if grade == "tr38901_rma":
        return _rural(frequency_ghz, tx_m, rx_m, building_m, street_m)
    _check(grade, "frequency_ghz", frequency_ghz, 0.5, 100)
    # From 13 m on the environment height of an urban macro cell is drawn at random (note 1).
    _check(grade, "rx_height_m", rx_m, 1.5, 12.9 if grade == "tr38901_uma" else 22.5)
    lg_f = math.log10(frequency_ghz)
    break_m = 4 * (tx_m - _ENVIRONMENT_M) * (rx_m - _ENVIRONMENT_M) * frequency_ghz / _LIGHT
    spread = math.log10(break_m**2 + (tx_m - rx_m) ** 2)
    if grade == "tr38901_uma":
        near, far = 28.0 + 20 * lg_f, 28.0 + 20 * lg_f - 9 * spread
        hidden = 13.54 + 20 * lg_f - 0.6 * (rx_m - 1.5)
        return Street(break_m, near, 22.0, 0.0, far, hidden, 39.08, 4.0, 4.0, 6.0, 5e3, 5e3)
    near, far = 32.4 + 20 * lg_f, 32.4 + 20 * lg_f - 9.5 * spread
    hidden = 22.4 + 21.3 * lg_f - 0.3 * (rx_m - 1.5)
    return Street(break_m, near, 21.0, 0.0, far, hidden, 35.3, 4.0, 4.0, 7.82, 5e3, 5e3)


def _rural(frequency_ghz: float, tx_m: float, rx_m: float, building_m: float, street_m: float) -> Street:
    grade = "tr38901_rma"
    _check(grade, "frequency_ghz", frequency_ghz, 0.5, 30)
    _check(grade, "tx_height_m", tx_m, 10, 150)
    _check(grade, "rx_height_m", rx_m, 1, 10)
    _check(grade, "building_m", building_m, 5, 50)
    _check(grade, "street_m", street_m, 5, 50)
    break_m = 2 * math.pi * tx_m * rx_m * frequency_ghz / _LIGHT
    near = 20 * math.log10(40 * math.pi * frequency_ghz / 3) - min(0.044 * building_m**1.72, 14.77)
    slope, per_metre = 20 + min(0.03 * building_m**1.72, 10.0), 0.002 * math.log10(building_m)
    far = near + (slope - 40) * math.log10(break_m) + per_metre * break_m
    hidden_slope = 43.42 - 3.1 * math.log10(tx_m)
    hidden = 161.04 - 7.1 * math.log10(street_m) + 7.5 * math.log10(building_m)
    hidden -= (24.37 - 3.7 * (building_m / tx_m) ** 2) * math.log10(tx_m)
    hidden += 20 * math.log10(frequency_ghz) - (3.2 * math.log10(11.75 * rx_m) ** 2 - 4.97) - 3 * hidden_slope
    return Street(break_m, near, slope, per_metre, far, hidden, hidden_slope, 4.0, 6.0, 8.0, 5e3, 10e3)


def _check(grade: str, name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low:g} to {high:g} for {grade}, not {value:g}")


def with_grade(
    k: Constants, grade: str, table: Street | None, *, deviate: float, sigma_db: float | None, building: float
) -> Constants:
    """Give the constants of a lower grade from those of P.1812.

    Parameters
    ----------
    k : Constants
    grade : str
    table : Street or None
        Of a ``tr38901_`` grade.
    deviate : float
        How often the standard deviation is added, from the share of places.
    sigma_db : float or None
        The standard deviation, where it is stated; else that of the table, and none in free space.
    building : float
        Building entry loss, dB.
    """

    def allowance(sigma: float) -> float:
        return building + deviate * math.hypot(sigma if sigma_db is None else sigma_db, k.building_sigma)

    lower = k._replace(grade=float(GRADES.index(grade)), radius=FOUR_THIRDS_KM)
    if table is None:
        return lower._replace(location=allowance(0.0), least_location=allowance(0.0))
    places = [allowance(sigma) for sigma in (table.sigma, table.sigma_far, table.sigma_hidden)]
    return lower._replace(
        location=places[0],
        location_far=places[1],
        location_hidden=places[2],
        least_location=min(places),
        breakpoint=table.breakpoint,
        near=table.near,
        slope=table.slope,
        per_metre=table.per_metre,
        far=table.far,
        hidden=table.hidden,
        hidden_slope=table.hidden_slope,
        hidden_most=table.hidden_most,
    )


def under_free_space_db(k: Constants, time_percent: float) -> float:
    """Give the most that the loss of a path can fall below that of free space over its ground distance.

    P.1812 never falls below free space by more than multipath and focusing take off (eq. 9, 70). The tables rise with
    distance at least as free space does, so that they are lowest against it at 10 m.
    """
    if k.grade == 0.0:
        return -2.6 * math.log10(time_percent / 50)
    excess = 0.0
    if k.grade > 2.0:
        at = k.near + k.slope + k.per_metre * NEAREST_M
        excess = at - (k.free_space - 60.0 + 20.0)
    return max(0.0, -(excess + k.least_location))
