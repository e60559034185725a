"""A constant offset that no datum in use explains: perhaps Beijing 54 or Xian 80 (EPSG:4214, EPSG:4610).

Between those and CGCS2000 lie some tens of metres to somewhat over a hundred, nearly constant over a county; no exact
transformation is public. So 30 to 200 m in one direction, in rows that stand for the very same thing, is "perhaps".
"""

from __future__ import annotations

import numpy as np

from ....text import NOTHING, Text
from .hypotheses import BD09, GCJ02
from .verdict import Weighed

_LEAST_M, _MOST_M = 30.0, 200.0
_NEAR_M = 400.0
_LEAST_ROWS = 8
_LEAST_SHARE = 0.3
_FIRM = 6.0


def constant_shift(weighed: Weighed) -> tuple[tuple[float, float] | None, Text]:
    """Give the offset east and north in metres of the file from the known places, by the likeliest hypothesis.

    Returns
    -------
    tuple of float or None
        None where there is none, it is no single direction, or the likeliest hypothesis is a shifted datum.
    Text
        The figures.
    """
    best = weighed.best
    if weighed.ideas[best].datum in (GCJ02, BD09):
        return None, NOTHING
    for test in weighed.tests:
        if test.kind not in ("pair", "same", "masts") or test.east_m is None or test.north_m is None:
            continue
        east, north = test.east_m[best], test.north_m[best]
        near = np.hypot(east, north) < _NEAR_M
        count = int(near.sum())
        if count < _LEAST_ROWS or count < _LEAST_SHARE * len(near):
            continue
        east, north = east[near], north[near]
        middle = float(np.median(east)), float(np.median(north))
        length = float(np.hypot(*middle))
        scatter = 1.4826 * float(np.median(np.hypot(east - middle[0], north - middle[1])))
        firm = length > 2 * scatter and length > _FIRM * 1.25 * scatter / np.sqrt(count)
        if _LEAST_M <= length <= _MOST_M and firm:
            return middle, _words(test.label, count, middle, length, scatter)
    return None, NOTHING


def _words(label: Text, count: int, middle: tuple[float, float], length: float, scatter: float) -> Text:
    return Text(
        "与已知{label}对照的 {count} 行一致偏移 {length} m（东 {east} m，北 {north} m，离散 {scatter} m），"
        "WGS 84、GCJ-02、BD-09 都不能解释，可能是北京 54 或西安 80 坐标。",
        "{count} rows held against {label} lie off by the same {length} m (east {east} m, north {north} m, spread "
        "{scatter} m). WGS 84, GCJ-02 and BD-09 do not explain it; they may be Beijing 54 or Xian 80 coordinates.",
    ).filled(
        label=label,
        count=f"{count:,}",
        length=f"{length:.0f}",
        east=f"{middle[0]:+.0f}",
        north=f"{middle[1]:+.0f}",
        scatter=f"{scatter:.0f}",
    )
