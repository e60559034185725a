"""Evidence by region: a row lies inside the county (or town) that its code or county name gives.

Outlines of public sources are generalised and err by tens to hundreds of metres, and some villages are coded in one
county and drawn in another. So a row costs a hypothesis as much as it lies outside, on a scale of 150 m and never more
than a likelihood ratio of e³; and rows within 5 km of one another, which may share one error of an outline, cost no
more than e⁶ together.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import shapely

from ....text import Text
from ..references import References
from .evidence import CAP, Evidence
from .hypotheses import Hypothesis

SCALE_M = 150.0
NEAR_M = 1500.0
_CELL_CAP = 6.0
_CELLS_PER_DEG = 20.0
_FAR_M = 20_000.0
_DIGITS = re.compile(r"(\d{6})(\d{3})?(\d{3})?")
_DEGREE_M = 111_200.0
_LEAST_SHARE = 0.5
_LOOKED_AT_NEAR = 4000
LABEL = Text("所属区划", "administrative units")


def unit_of_rows(columns: list[np.ndarray], known: References) -> np.ndarray:
    """Find the unit that each row says it lies in.

    Every column is tried, codes before names, whatever its heading: the one that names units in at least half of its
    filled cells counts. A 9-digit unit (town) is preferred to the 6-digit one (county).

    Parameters
    ----------
    columns : list of numpy.ndarray of str, shape (n,) each

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Position among ``known.units``, -1 for none.
    """
    codes = {_bare(str(code)): at for at, code in enumerate(known.unit_codes)}
    names: dict[str, int] = {}
    for at, (code, name) in enumerate(zip(known.unit_codes, known.unit_names)):
        if len(_bare(str(code))) == 6 and name:  # towns of one name are many
            names[str(name)] = -2 if str(name) in names else at
    best, most = np.full(len(columns[0]) if columns else 0, -1, dtype=np.int64), 0
    for lookup in (lambda text: _by_code(text, codes), lambda text: max(names.get(text, -1), -1)):
        for column in columns:
            numbers, uniques = pd.factorize(column)
            texts = [str(text).strip() for text in uniques]
            found = np.array([lookup(text) for text in texts], dtype=np.int64)[numbers]
            filled = np.array([bool(text) for text in texts], dtype=bool)[numbers]
            hits = int((found >= 0).sum())
            if hits > most and hits >= _LEAST_SHARE * filled.sum():
                best, most = found, hits
        if most:
            break
    return best


def same_units(columns: list[np.ndarray], known: References) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Match areas with known units of the same code: rows, the unit's middle in degrees, its place in the holdings."""
    codes = pd.Index([_bare(str(code)) for code in known.unit_codes])
    codes, first = codes[~codes.duplicated()], np.flatnonzero(~codes.duplicated())
    for column in columns:
        at = codes.get_indexer(pd.Index([_bare(str(text)) for text in column]))
        rows = np.flatnonzero(at >= 0)
        if len(rows) and 2 * len(rows) >= int((column != "").sum()):
            west, south, east, north = shapely.bounds(known.units[first[at[rows]]]).T
            return rows, (west + east) / 2, (south + north) / 2, known.holdings.units[first[at[rows]]]
    return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)


def _bare(code: str) -> str:
    """Take the zeros off that stand for the unit itself: 433101000000 is county 433101."""
    return code[: -3 * ((len(code) - len(code.rstrip("0"))) // 3)] if len(code) > 6 and code.endswith("000") else code


def _by_code(text: str, codes: dict[str, int]) -> int:
    text = text.lstrip("'").removesuffix(".0")  # as a spreadsheet leaves a code that it took for a number
    if _DIGITS.fullmatch(text) is None:
        return -1
    return codes.get(text[:9], codes.get(text[:6], -1))


def outside_m(lon: np.ndarray, lat: np.ndarray, unit: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Give how far each place lies outside its unit.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
        CGCS2000 degrees.
    unit : numpy.ndarray of int64, shape (n,)
        Position among `units`.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        Metres on a plane through the unit's middle, 0 inside; beyond 20 km the distance to its bounding box.
    """
    found = np.zeros(len(lon))
    for at in np.unique(unit):
        rows = np.flatnonzero(unit == at)
        area = _Plane(units[at])
        found[rows] = area.outside(lon[rows], lat[rows])
    return found


def boundary_m(lon: np.ndarray, lat: np.ndarray, unit: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Give the distance of each place to the outline of its unit, metres, shape (n,)."""
    found = np.zeros(len(lon))
    for at in np.unique(unit):
        rows = np.flatnonzero(unit == at)
        area = _Plane(units[at])
        found[rows] = shapely.distance(shapely.boundary(area.shape), area.points(lon[rows], lat[rows]))
    return found


class _Plane:
    """A unit on a plane in metres: east and north of its middle."""

    def __init__(self, unit: shapely.Geometry) -> None:
        west, south, east, north = shapely.bounds(unit)
        self._middle = np.array([(west + east) / 2, (south + north) / 2])
        self._metres = _DEGREE_M * np.array([math.cos(math.radians(self._middle[1])), 1.0])
        self.shape = shapely.transform(unit, lambda degrees: (degrees - self._middle) * self._metres)
        shapely.prepare(self.shape)

    def points(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return shapely.points((np.column_stack((lon, lat)) - self._middle) * self._metres)

    def outside(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        xy = (np.column_stack((lon, lat)) - self._middle) * self._metres
        west, south, east, north = shapely.bounds(self.shape)
        dx = np.maximum(np.maximum(west - xy[:, 0], xy[:, 0] - east), 0.0)
        dy = np.maximum(np.maximum(south - xy[:, 1], xy[:, 1] - north), 0.0)
        found = np.hypot(dx, dy)
        close = found < _FAR_M
        out = close.copy()
        out[close] = ~shapely.contains_xy(self.shape, xy[close, 0], xy[close, 1])
        found[close] = 0.0
        found[out] = shapely.distance(self.shape, shapely.points(xy[out]))
        return found


def region_evidence(
    ideas: tuple[Hypothesis, ...], columns: list[np.ndarray], known: References, used: np.ndarray
) -> Evidence | None:
    """Weigh each row against the outline of the unit that it names; None where no column names one.

    Parameters
    ----------
    ideas : tuple of Hypothesis, H of them, of n rows each
    columns : list of numpy.ndarray of str, shape (n,) each
        The table's columns, for the rows of the hypotheses.
    known : References
    used : numpy.ndarray of int64, shape (m,)
        The rows to judge.
    """
    if not len(known.units) or not ideas or not columns:
        return None
    unit = unit_of_rows(columns, known)
    rows = used[unit[used] >= 0]
    if not len(rows):
        return None
    residual = np.array([outside_m(idea.lon[rows], idea.lat[rows], unit[rows], known.units) for idea in ideas])
    cost = np.minimum(residual / SCALE_M, CAP)
    # The cells are those of the raw numbers, the same for every hypothesis.
    first = ideas[0]
    cells = np.floor(np.column_stack((first.lon[rows], first.lat[rows])) * _CELLS_PER_DEG)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.ravel()
    heaviest = np.max([np.bincount(cell, weights=row) for row in cost], axis=0)
    weight = np.minimum(1.0, _CELL_CAP / np.maximum(heaviest, 1e-9))[cell]
    return Evidence("region", LABEL, rows, residual, -cost, weight, held=known.holdings.units[unit[rows]])


def near_outline(idea: Hypothesis, columns: list[np.ndarray], known: References, rows: np.ndarray) -> int:
    """Count the rows within 1.5 km of the outline of their unit: only they tell shifts of some hundred metres apart."""
    unit = unit_of_rows(columns, known)[rows]
    step = max(1, math.ceil(len(rows) / _LOOKED_AT_NEAR))
    part = rows[::step]
    near = boundary_m(idea.lon[part], idea.lat[part], unit[::step], known.units) < NEAR_M
    return round(float(near.sum()) * len(rows) / max(len(part), 1))
