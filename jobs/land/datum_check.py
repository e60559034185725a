"""Whether control lines that were given directly may be in GCJ-02 or BD-09: by what the workspace has of the same ground.

Areas of one authority share corners with other editions of themselves and with the borders of their counties. Corners
that meet such corners as they stand prove the datum; corners that meet them only once a shift is taken away prove the
shift. Where none meet either way nothing is proven, which is told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.spatial import cKDTree

from ...analysis.network.near import metres_per_degree
from ...errors import InputError
from ...layers import inputs
from ...layers.datum import bd09_to_wgs84, gcj02_to_wgs84
from ...text import Text, figure

Shapes = npt.NDArray[np.object_]

_NEAR_M = 2.0
_MOST = 20_000  # corners of a layer that are looked at
_LEAST, _SHARE = 4, 0.02  # corners that must meet, and their share
_TIMES = 5  # so many times more corners meet without the shift than with it
_SHIFTS = {"GCJ-02": gcj02_to_wgs84, "BD-09": bd09_to_wgs84}


class References(NamedTuple):
    """Corners of the workspace whose datum is known, in metres of one plane."""

    tree: cKDTree | None
    scale: npt.NDArray[np.float64]


def references_of(context: inputs.Run) -> References:
    """Take the corners of the control lines and of the administrative units that the run has of its own."""
    found = []
    for name in ("control_lines", "admin_units"):
        if inputs.layer_present(context, name):
            found.append(shapely.get_coordinates(inputs.read_layer(context, name, []).geometry))
    xy = np.concatenate(found) if found else np.empty((0, 2))
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return References(None, np.ones(2))
    scale = np.array([float(one) for one in metres_per_degree(float(xy[:, 1].mean()))])
    return References(cKDTree(np.unique(xy, axis=0) * scale), scale)


def is_proven(shapes: Shapes, crs: pyproj.CRS | None, name: str, references: References) -> bool:
    """Tell whether the datum of a layer need not be doubted.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries
        Degrees, as they were taken.
    crs : pyproj.CRS or None
        Of the file; a projection in metres is no web map's.

    Raises
    ------
    InputError
        Without the shift of GCJ-02 or BD-09 the layer meets what the workspace has, and with it it does not.
    """
    xy = np.unique(shapely.get_coordinates(shapes), axis=0)
    xy = xy[:: max(1, len(xy) // _MOST)]
    if references.tree is None or not len(xy):
        return crs is not None and not crs.is_geographic
    as_is = _meeting(xy, references)
    least = max(_LEAST, _SHARE * len(xy))
    for datum, back in _SHIFTS.items():
        count = _meeting(np.column_stack(back(xy[:, 0], xy[:, 1])), references)
        if count >= least and count >= _TIMES * max(as_is, 1):
            raise _shifted(name, datum, count / len(xy), as_is / len(xy))
    return as_is >= least or (crs is not None and not crs.is_geographic)


def _meeting(xy: npt.NDArray[np.float64], references: References) -> int:
    if references.tree is None:
        return 0
    away, _ = references.tree.query(xy * references.scale, distance_upper_bound=_NEAR_M)
    return int(np.isfinite(away).sum())


def _shifted(name: str, datum: str, without: float, with_: float) -> InputError:
    return InputError(
        Text(
            f"{name} 的坐标带有 {datum} 偏移：去掉偏移后 {figure(100 * without, 0)}% 的顶点与工作区的控制线、行政区划顶点重合，"
            f"不去掉只有 {figure(100 * with_, 0)}%。",
            f"{name} is shifted as {datum} is: without that shift {figure(100 * without, 0)} % of its corners meet those of the control lines "
            f"and units of the workspace, with it {figure(100 * with_, 0)} %.",
        ),
        Text(
            f"请向提供方索取 CGCS2000 数据；或用“导入数据”（import_layer，--datum {datum.lower().replace('-', '')}）导入工作区后再检查。",
            f"Ask for the data in CGCS2000; or bring it in by “Import a layer” (import_layer, --datum {datum.lower().replace('-', '')}) and "
            "use the workspace.",
        ),
    )


def unproven_words(names: list[str]) -> Text:
    """Say of which layers the datum rests on the word of the file alone."""
    return Text(
        f"坐标基准未经证实：{'、'.join(names)}。经纬度数据可能带有 GCJ-02、BD-09 偏移（数百米），请向提供方确认为 CGCS2000。",
        f"Datum not proven: {', '.join(names)}. Degrees may carry the shift of GCJ-02 or BD-09 (some hundred metres): have whoever sent "
        "them confirm CGCS2000.",
    )
