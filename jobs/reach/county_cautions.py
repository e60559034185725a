"""What the reader must know where the county of a thing and the county polygon that it lies in do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.data_extent import unit_of_points, units_at_points
from ...text import Text

_SHOWN = 5


def county_cautions(
    label: Text,
    rows: pd.DataFrame,
    counted: npt.NDArray[np.object_],
    shapes: npt.NDArray[np.object_],
    codes: Sequence[Any],
    *,
    places: bool = False,
) -> list[Text]:
    """Say which things count in another county than they stand in, which stand in several, and which in none.

    Parameters
    ----------
    label : Text
        What the things are.
    rows : pandas.DataFrame
        ``name, lon, lat`` of n things; degrees, CGCS2000; NaN means "no location".
    counted : numpy.ndarray of object, shape (n,)
        Six-digit code of the county as which each thing counts.
    shapes, codes
        County polygons, shape (c,), and their six-digit codes.
    places : bool
        They are places of their own, of which is said elsewhere where they count when they lie in no county.
    """
    lon, lat = (rows[name].to_numpy(np.float64) for name in ("lon", "lat"))
    unit = unit_of_points(lon, lat, shapes)
    stands = np.array([*codes, None], dtype=object)[unit]
    other = (unit >= 0) & (stands != counted)
    several = units_at_points(lon, lat, shapes) > 1
    told_here = bool(len(shapes)) and not places
    off = (unit < 0) & ~np.isnan(lon) & ~np.isnan(lat) & told_here
    said = []
    if other.any():
        said.append(
            Text(
                f"{label.zh}：{int(other.sum())} 个的代码所属的县与坐标所在的县不同，按代码计入；运营商有无数据按坐标所在的县认定，请核对：{_names(rows, other).zh}。",
                f"{label.en}: the code of {int(other.sum())} names another county than the one they stand in; they count by the code, and "
                f"whether an operator has data goes by where they stand. Please check: {_names(rows, other).en}.",
            )
        )
    if several.any():
        said.append(
            Text(
                f"{label.zh}：{int(several.sum())} 个同时位于两个以上县的县界内（县界重叠，或恰在界线上），以代码最小的县为所在的县，请核对县界：{_names(rows, several).zh}。",
                f"{label.en}: {int(several.sum())} lie in several county polygons at once (which overlap, or share the line there); the county "
                f"of the smallest code is taken as the one they stand in. Please check the outlines: {_names(rows, several).en}.",
            )
        )
    if off.any():
        unknown = int((off & ~np.isin(counted, np.array(codes, dtype=object))).sum())
        bare = Text(
            f"，其中 {unknown} 个的县没有县界，没有信号即无法判定",
            f"; of {unknown} that county has no polygon, and without a signal they cannot be told",
        )
        also = bare if unknown else Text("", "")
        said.append(
            Text(
                f"{label.zh}：{int(off.sum())} 个不在任何县界内，运营商有无数据按代码所属的县认定{also.zh}：{_names(rows, off).zh}。",
                f"{label.en}: {int(off.sum())} lie in no county polygon; whether an operator has data goes by the county of their code{also.en}: "
                f"{_names(rows, off).en}.",
            )
        )
    return said


def _names(rows: pd.DataFrame, chosen: npt.NDArray[np.bool_]) -> Text:
    shown: Sequence[str] = rows.loc[chosen, "name"].fillna("").astype(str).head(_SHOWN).tolist()
    more = int(chosen.sum()) > _SHOWN
    return Text("、".join(shown) + ("等" if more else ""), ", ".join(shown) + (" and more" if more else ""))
