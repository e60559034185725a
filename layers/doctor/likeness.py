"""Rows of a file that say the same as another but for key and coordinates, and how far a corrected row is from them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.fold import fold
from ..reading.mapping import Mapping as Columns
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from .identity.pairs import geodesic_m

SAME_SPOT_M = 50.0  # two hand-held receivers at one thing; in no standard, as are the next two
# From here on two stations of one content are no cells of one mast: more than a site's size and what two decimals of a
# degree leave. A choice of this project.
APART_M = 2000.0
# Figures of a reading, and how many of them a copy has to share: level, quality and rate hardly all agree by chance.
_MEASURED, _FIGURES = ("rsrp_dbm", "sinr_db", "download_mbps", "upload_mbps"), 3
_SAME_SPOT = Text("改正后在同一处", "corrected it stands in the same place")
_APART = Text("改正后相距 {far}", "corrected it lies {far} away")
_NEAREST = Text("改正后最近的相距 {far}", "corrected it lies {far} from the nearest")


def equal_rows(raw: RawTable, columns: Columns, spec: LayerSpec, at: np.ndarray) -> dict[int, set[int]]:
    """Find the rows whose cells are those of some rows in every column that is read but for key and coordinates.

    Of things without a name only readings are looked for, by three equal figures: two of one day often have one or
    two in common.

    Parameters
    ----------
    raw, columns, spec
    at : numpy.ndarray of int64, shape (m,)
        Positions of the rows to look for.

    Returns
    -------
    dict of int to set of int
        Positions of the equal rows, by that of the row; rows without any are left out.
    """
    own = {columns.fields[name] for name in spec.key[:1] if name in columns.fields}
    own |= {column for pair in columns.pairs for column in (pair.lon, pair.lat)}
    told = [column for column in columns.fields.values() if column not in own]
    title = columns.fields.get(spec.title)
    if title is not None and title not in own:
        telling = [title]
    else:
        telling = [columns.fields[name] for name in _MEASURED if name in columns.fields]
        if len(telling) < _FIGURES:
            return {}
    names = pd.DataFrame({column: raw.cells[column] for column in telling}, dtype="object")
    wanted = [set(names[column].iloc[at]) - {""} for column in telling]
    alike = np.logical_and.reduce([names[column].isin(some).to_numpy() for column, some in zip(telling, wanted)])
    groups: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for row in np.flatnonzero(alike).tolist():
        groups[tuple(fold(str(raw.cells[column][row])) for column in told)].add(row)
    filled = {row: (cells, group) for cells, group in groups.items() for row in group}
    found = {}
    for row in at.tolist():
        cells, group = filled.get(row, ((), set()))
        if sum(bool(cell) for cell in cells) > 1 and len(group) > 1:
            found[row] = group - {row}
    return found


def metres_to_nearest(place: np.ndarray, others: np.ndarray) -> float:
    """Give the geodesic distance of a place to the nearest of others, metres; NaN where none of them has a place.

    Parameters
    ----------
    place : numpy.ndarray of float64, shape (2,)
        CGCS2000 longitude and latitude, degrees.
    others : numpy.ndarray of float64, shape (n, 2)
    """
    known = others[np.isfinite(others).all(axis=1)]
    if not len(known) or not np.isfinite(place).all():
        return float("nan")
    lon, lat = np.broadcast_to(place, known.shape).T
    return float(geodesic_m(lon, lat, known[:, 0], known[:, 1]).min())


def with_distance(words: Text, metres: float, count: int) -> Text:
    """Add to what a row resembles how far from it the row would stand; nothing is added to a distance unknown.

    Parameters
    ----------
    words : Text
    metres : float
        To the nearest of the rows that are named; NaN for unknown.
    count : int
        Number of those rows.
    """
    if not np.isfinite(metres):
        return words
    if metres <= SAME_SPOT_M:
        apart = _SAME_SPOT
    else:
        far = f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:,.1f} km"
        apart = (_APART if count == 1 else _NEAREST).filled(far=far)
    return Text(f"{words.zh}，{apart.zh}", f"{words.en}; {apart.en}")
