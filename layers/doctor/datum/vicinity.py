"""Evidence by vicinity: rows that nothing else can be held against lie somewhere near what is known, by the right zone.

For metres only. Two zones are 300 km apart, so that no more is asked than whether the rows lie in a known unit or
within 20 km of a known point. A file of another region proves nothing by lying far from everything; it would have to
lie, by another zone than it states, right among what is known. That this may happen by chance (a neighbour one zone
off) is why the verdict only stops an import that nobody ordered.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

from ....text import Text
from ..references import References
from .evidence import CAP, Evidence
from .hypotheses import Hypothesis

NEAR_M = 20_000.0
LABEL = Text("已知区划、村庄和站址的范围", "the region of what is known")
_WITNESSES = 20
_LEAST_ROWS = 5
_MOST_ROWS = 2000
_FAR_M = 200_000.0
_DEGREE_M = 111_200.0


def vicinity_evidence(ideas: tuple[Hypothesis, ...], used: np.ndarray, known: References) -> Evidence | None:
    """Weigh rows by whether they lie in, or near, anything known; None where nothing is known or rows are few.

    Parameters
    ----------
    ideas : tuple of Hypothesis
    used : numpy.ndarray of int64, shape (m,)
        The rows to judge; at most 2,000 evenly spaced ones are.
    known : References
    """
    rows = used[:: max(1, -(-len(used) // _MOST_ROWS))]
    if len(rows) < _LEAST_ROWS or not (len(known.units) or any(len(item.lon) for item in known.points)):
        return None
    residual = np.array([_away(idea.lon[rows], idea.lat[rows], known) for idea in ideas])
    weight = np.full(len(rows), min(1.0, _WITNESSES / len(rows)))
    return Evidence("vicinity", LABEL, rows, residual, -np.minimum(residual / NEAR_M, CAP), weight)


def _away(lon: np.ndarray, lat: np.ndarray, known: References) -> np.ndarray:
    """Give metres from the nearest known unit or point, 0 within a unit, at most 200 km, shape (n,)."""
    found = np.full(len(lon), _FAR_M)
    fine = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(fine):
        return found
    metres = _DEGREE_M * np.array([np.cos(np.radians(np.median(lat[fine]))), 1.0])
    xy = np.column_stack((lon[fine], lat[fine])) * metres
    if len(known.units):
        tree = shapely.STRtree(shapely.transform(known.units, lambda degrees: degrees * metres))
        at, away = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
        found[fine[at[0]]] = np.minimum(away, _FAR_M)
    places = [np.column_stack((item.lon, item.lat)) for item in known.points if len(item.lon)]
    if places:
        away = cKDTree(np.concatenate(places) * metres).query(xy, distance_upper_bound=_FAR_M)[0]
        found[fine] = np.minimum(found[fine], away)
    return found
