"""Units of which the data do not speak: no station in the list there is not the same as no coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.data_extent import unit_of_points
from ...analysis.unit_coverage import polygonal
from .gap_report import SplitAreas

_COUNTY_DIGITS = 6


def units_with_records(codes: Sequence[Any], shapes: Sequence[Any], stations: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of which units the stations speak: one in service lies in the unit, or in another one of the same county.

    Operators hand in their tables by county, so that a town without a station is one that has none.

    Parameters
    ----------
    codes : sequence
        Of n units; the first six digits name the county.
    shapes : sequence of polygons
        Of the same units; degrees, CGCS2000.
    stations : pandas.DataFrame
        ``lon, lat, speaks``, of the operators that were asked for.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    speaking = stations[stations["speaks"]]
    at = unit_of_points(
        speaking["lon"].to_numpy(np.float64), speaking["lat"].to_numpy(np.float64), np.array(shapes, dtype=object)
    )
    held = np.isin(np.arange(len(shapes)), at)
    county = ["" if pd.isna(code) else str(code)[:_COUNTY_DIGITS] for code in codes]
    known = {county[row] for row in np.flatnonzero(held).tolist() if len(county[row]) == _COUNTY_DIGITS}
    return held | np.array([code in known for code in county], dtype=bool)


def gaps_with_records(
    gap: list[Any], unknown: list[Any], areas: SplitAreas, has_records: npt.NDArray[np.bool_]
) -> tuple[list[Any], list[Any], SplitAreas]:
    """Make what cannot be told of the gap of units without records.

    Parameters
    ----------
    gap, unknown : list of MultiPolygon or None, length n
    areas : SplitAreas
        Of the same units.
    has_records : numpy.ndarray of bool, shape (n,)

    Returns
    -------
    tuple
        As given: gap, unknown, areas.
    """
    shapes = [
        unknown[row] if kept else _together(gap[row], unknown[row]) for row, kept in enumerate(has_records.tolist())
    ]
    left = [shape if kept else None for shape, kept in zip(gap, has_records.tolist())]
    moved = np.where(has_records, 0.0, areas.gap)
    return left, shapes, areas._replace(gap=areas.gap - moved, cannot_tell=areas.cannot_tell + moved)


def _together(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return second if first is None else first
    return polygonal(shapely.union(first, second))
