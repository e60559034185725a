"""Two units in one column: values of one heading in two clusters a power of ten apart, one of which cannot be right."""

from __future__ import annotations

import numpy as np

from ...text import Text
from ..cells.values import Column
from ..spec import Field, Kind
from .plausible import Issue

# What a field usually holds, wider than any clean file seen: engineering choices to catch blunders.
_USUAL = {
    "antenna_height_m": (2.0, 200.0),
    "height_m": (2.0, 300.0),
    "band_mhz": (400.0, 50_000.0),
}
_FEWEST, _SHARE = 3, 0.05
_FACTORS = (10, 100, 1000)
_NEAR = 0.35  # decades by which the ratio of the clusters' middles may miss a power of ten
_GAP = 0.4  # decades without a value between the clusters


def mixed_units(item: Field, texts: np.ndarray, column: Column) -> list[Issue]:
    """Give an issue for every value of the implausible cluster of a column; nothing is changed.

    Parameters
    ----------
    item : Field
    texts : numpy.ndarray of str, shape (n,)
        Cells as they stand.
    column : Column
        The values read from them, in the unit of the field.
    """
    usual = _USUAL.get(item.name)
    if usual is None or item.kind not in (Kind.INTEGER, Kind.REAL):
        return []
    values = column.cells.to_numpy(dtype=np.float64, na_value=np.nan)
    # A cell that states its own unit is in no doubt.
    at = np.flatnonzero(np.isfinite(values) & (values > 0) & (column.notes != "unit_in_cell"))
    found = _clusters(values[at])
    if found is None:
        return []
    split, low, high, factor = found
    small = values[at] < split
    fewest = max(_FEWEST, _SHARE * len(at))
    if min(small.sum(), (~small).sum()) < fewest:
        return []
    odd = small if values[at][small].max() < usual[0] else ~small if values[at][~small].min() > usual[1] else None
    if odd is None:
        return []
    few, rest = (low, high) if odd is small else (high, low)
    right = few * factor if odd is small else few / factor
    if not usual[0] <= right <= usual[1]:
        return []
    unit = item.unit
    words = Text(
        f"同一列的取值分为两群：{int(odd.sum())} 个在 {few:g} {unit} 左右，{int((~odd).sum())} 个在 {rest:g} {unit} "
        f"左右，相差约 {factor} 倍，疑似混用两种单位；未改动",
        f"the values of the column form two groups: {int(odd.sum())} about {few:g} {unit} and {int((~odd).sum())} "
        f"about {rest:g} {unit}, some {factor} times apart, as if in two units; not changed",
    )
    return [(int(row), item.name, "mixed_units", words, str(texts[row])) for row in at[odd]]


def _clusters(values: np.ndarray) -> tuple[float, float, float, int] | None:
    """Split values at their widest gap: the split, the middles of both groups, and the power of ten between them."""
    uniques = np.unique(values)
    if len(uniques) < 2:
        return None
    steps = np.diff(np.log10(uniques))
    widest = int(steps.argmax())
    if steps[widest] < _GAP:
        return None
    split = float(uniques[widest + 1])
    low, high = float(np.median(values[values < split])), float(np.median(values[values >= split]))
    apart = np.log10(high / low)
    factor = min(_FACTORS, key=lambda one: abs(np.log10(one) - apart))
    return (split, low, high, factor) if abs(np.log10(factor) - apart) <= _NEAR else None
