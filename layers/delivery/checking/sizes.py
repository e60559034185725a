"""Area and length fields against the shapes: geodesic on CGCS2000, or flat in the zone of the layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import shapely

from ....text import Text
from ...geometry.measures import area_m2, length_m
from ...shapes import Shapes
from ..profile.model import Profile, TargetField, TargetLayer
from .found import Found, NotRun
from .source import PackageLayer
from .values import Rows

_MEASURES = {"length_m": 1.0, "area_m2": 1.0, "area_ha": 1e-4}
_CURVED = Text(
    "{count} 个要素含曲线段，读出的是折线，未核对面积、长度。",
    "Features with curves, read as chords, not measured: {count}.",
)
_INVALID = Text("{count} 个要素图形无效，改正后才能核对面积。", "Features of invalid geometry, not measured: {count}.")
_DIMENSION = {"length_m": 1, "area_m2": 2, "area_ha": 2}


def measured_fields(target: TargetLayer) -> list[tuple[TargetField, str]]:
    """Give the fields that the profile fills with the size of the shape, whatever layer a feature comes from."""
    found = []
    for item in target.fields:
        stated = {str(intake.expressions.get(item.name, item.value).get("computed", "")) for intake in target.intakes}
        if len(stated) == 1 and (kind := stated.pop()) in _MEASURES:
            found.append((item, kind))
    return found


def sizes_found(
    layer: PackageLayer, target: TargetLayer, shapes: Shapes | None, tolerance_percent: float, profile: Profile
) -> tuple[list[Found], list[NotRun]]:
    """Compare the fields with the shapes.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 degrees.
    tolerance_percent : float
        Of the size; rounding to the decimals of the field is allowed for besides.
    """
    found: list[Found] = []
    not_run: list[NotRun] = []
    fields = measured_fields(target)
    if shapes is None:
        reason = Text("没有坐标系，无法量算。", "Without a CRS nothing can be measured.")
        return [], [NotRun("AREA", layer.name, reason)] if fields else []
    rows = Rows(layer, profile)
    for item, kind in fields:
        values = layer.numbers(item.name)
        if values is None:
            continue
        wrong: dict[int, float] = {}
        left: Counter[Text] = Counter()
        for row in np.flatnonzero(np.isfinite(values)).tolist():
            shape = shapes[row]
            if not _in_range(item, float(values[row])):
                continue  # told as out of its range
            if shape is None or shapely.get_dimensions(shape) != _DIMENSION[kind]:
                continue
            if layer.has_chords and row in layer.curved:
                left[_CURVED] += 1
                continue
            if not shape.is_valid:
                left[_INVALID] += 1
                continue
            sizes = [size * _MEASURES[kind] for size in _sizes(layer, row, shape, kind)]
            slack = 0.5 * 10.0**-item.decimals + 1e-6
            if all(abs(values[row] - size) > slack + tolerance_percent / 100 * size for size in sizes):
                wrong[row] = sizes[0]
        not_run += [NotRun("AREA", layer.name, words.filled(count=count)) for words, count in left.items()]
        found += rows.found(
            "AREA",
            list(wrong),
            _words(item, values, wrong),
            Text("请按图形重新计算该字段。", "Compute the field anew from the shape."),
            values,
        )
    return found, not_run


def _words(item: TargetField, values: np.ndarray, sizes: Mapping[int, float]) -> Callable[[int], Text]:
    def words(row: int) -> Text:
        stated, size = values[row], sizes[row]
        return Text(
            f"{item.name}（{item.alias}）为 {stated:.2f}，按图形在椭球面上计算为 {size:.2f}。",
            f"{item.name} ({item.alias}) is {stated:.2f}; the shape gives {size:.2f} on the ellipsoid.",
        )

    return words


def _in_range(item: TargetField, value: float) -> bool:
    return not ((item.above is not None and value <= item.above) or (item.minimum is not None and value < item.minimum))


def _sizes(layer: PackageLayer, row: int, shape: shapely.Geometry, kind: str) -> list[float]:
    measure, flat = (length_m, shapely.length) if kind == "length_m" else (area_m2, shapely.area)
    geodesic = float(measure(shape))
    if layer.crs is None or layer.crs.is_geographic:
        return [geodesic]
    return [geodesic, float(flat(layer.geometry[row]))]
