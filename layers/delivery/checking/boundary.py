"""What lies outside the planning boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ....text import Text
from ...geometry.measures import area_m2, length_m, metres_per_degree, steady, words_of
from ...shapes import Shapes
from ..profile.model import Profile
from .found import Found
from .source import PackageLayer
from .values import Rows

NO_BOUNDARY = Text("没有给出规划范围（boundary）。", "No planning boundary was stated.")


@dataclass(frozen=True)
class Boundary:
    """The planning boundary: its name, and one polygon or multi-polygon in CGCS2000 degrees."""

    name: str
    shape: shapely.Geometry


def boundary_of(name: str, polygons: Shapes) -> Boundary:
    """Join the polygons of a layer to one boundary."""
    return Boundary(name, shapely.union_all(shapely.make_valid(polygons, method="structure", keep_collapsed=False)))


def outside_found(
    layer: PackageLayer, shapes: Shapes | None, boundary: Boundary, tolerance_m: float, profile: Profile
) -> list[Found]:
    """Find features of which a part lies farther outside than the tolerance.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 degrees.
    """
    if shapes is None or not len(shapes):
        return []
    lat = (boundary.shape.bounds[1] + boundary.shape.bounds[3]) / 2
    slack = boundary.shape.buffer(tolerance_m / float(np.min(metres_per_degree(lat))), join_style="mitre")
    shapely.prepare(slack)
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    rows = np.flatnonzero(there & ~shapely.covers(slack, shapes))
    found = []
    for row in rows.tolist():
        shape = shapes[row] if shapes[row].is_valid else shapely.make_valid(shapes[row])
        part = steady(shapely.difference, shape, slack)
        if part.is_empty:
            continue
        made = Rows(layer, profile).found(
            "BOUNDARY",
            [row],
            _words(part, boundary.name),
            Text("请裁剪或移出范围外的部分。", "Cut off what lies outside."),
        )
        found += [_at(item, part) for item in made]
    return found


def _at(item: Found, place: shapely.Geometry) -> Found:
    return Found(item.rule, item.layer, item.message, item.remedy, item.feature, item.bsm, place, file=item.file)


def _words(part: shapely.Geometry, name: str) -> Text:
    dimension = shapely.get_dimensions(part)
    if dimension == 0:
        return Text(f"在规划范围（{name}）之外。", f"It lies outside the planning boundary ({name}).")
    size = f"{words_of(area_m2(part))} m²" if dimension == 2 else f"{words_of(length_m(part))} m"
    return Text(f"有 {size} 在规划范围（{name}）之外。", f"{size} lie outside the planning boundary ({name}).")
