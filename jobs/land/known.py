"""For which facilities a kind of control line is known at all: where none are given, nothing is clear."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.geodesy import geodesic_distance_m
from ...analysis.network.near import metres_per_degree
from ...rules.pack import Pack
from ...text import Text, figure
from .counties import Counties, names_of
from .words import ZONE_LABELS
from .zone_rows import Zones

Shapes = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]


class Known(NamedTuple):
    """How a run tells whether a kind is known at a place.

    Attributes
    ----------
    counties : Counties
        A kind is known in a county with at least one area of it.
    within_m : float
        Beyond the counties, and without any, it is known within so much of the extent of its areas.
    complete : collection of str
        Kinds of which the planner states that all are given: a county without any has none.
    """

    counties: Counties
    within_m: float
    complete: Collection[str] = ()

    def lacking(self, kind: str, zones: Shapes, shapes: Shapes) -> BoolArray:
        """Tell at which shapes a kind is not known, shape (n,); what has no shape counts as known.

        Parameters
        ----------
        kind : str
        zones : numpy.ndarray of Polygon or MultiPolygon
            All areas of the kind.
        shapes : numpy.ndarray of shapely geometries or None, shape (n,)
        """
        if kind in self.complete:
            return np.zeros(len(shapes), dtype=bool)
        return self.without(zones, shapes)

    def without(self, zones: Shapes, shapes: Shapes) -> BoolArray:
        """Tell at which shapes there are no areas near, whatever the planner states."""
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        found = np.zeros(len(shapes), dtype=bool)
        bare = set(np.flatnonzero(self.counties.with_any(zones) == 0).tolist())
        touched = self.counties.touched(shapes)
        for at in np.flatnonzero(there).tolist():
            found[at] = bool(touched[at] & bare) if touched[at] else not self._near(zones, shapes[at])
        return found

    def bare_counties(self, zones: Shapes) -> list[int]:
        """Give the counties, by index, without one area."""
        return np.flatnonzero(self.counties.with_any(zones) == 0).tolist()

    def _near(self, zones: Shapes, shape: shapely.Geometry) -> bool:
        """Tell whether a shape lies within the distance of the extent of areas, all of it."""
        if not len(zones):
            return False
        extent, own = shapely.total_bounds(zones), shape.bounds
        east, north = (float(metres) for metres in metres_per_degree((own[1] + own[3]) / 2))
        off_east = max(extent[0] - own[0], own[2] - extent[2], 0.0) * east
        off_north = max(extent[1] - own[1], own[3] - extent[3], 0.0) * north
        return bool(np.hypot(off_east, off_north) <= self.within_m)


def known_of(counties: Counties, pack: Pack, complete: Collection[str] | None = None) -> Known:
    """Give how a run tells what is known, by the pack and by what the planner states as complete."""
    return Known(counties, float(pack.rule("land.known.within").value), tuple(complete or ()))


def far_words(zones: Zones, shapes: Shapes, known: Known) -> list[Text]:
    """Tell of kinds of which no area lies near any facility: most often another county's, or in a wrong CRS."""
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    made = []
    for kind in zones.kinds:
        own = zones.shapes[zones.kind == kind]
        if not len(there) or not known.without(own, there).all():
            continue
        label = ZONE_LABELS[kind]
        far = figure(_apart_m(own, there) / 1000, 1)
        made.append(
            Text(
                f"所有设施附近都没有{label.zh}（相距约 {far} km 起）：请核对该图层的坐标系和所属县。",
                f"{label.en}: none lies near any facility (the nearest is about {far} km away). Check the CRS of that layer, and which "
                "county it is of.",
            )
        )
    return made


def _apart_m(zones: Shapes, shapes: Shapes) -> float:
    """Give about how far two groups of shapes are from each other, by their extents, metres."""
    one, two = shapely.total_bounds(zones), shapely.total_bounds(shapes)
    lon = [min(max(a, b), c) for a, b, c in ((one[0], two[0], one[2]), (two[0], one[0], two[2]))]
    lat = [min(max(a, b), c) for a, b, c in ((one[1], two[1], one[3]), (two[1], one[1], two[3]))]
    return float(geodesic_distance_m([lon[0]], [lat[0]], [lon[1]], [lat[1]])[0])


def lacking_words(kind: str, lacking: BoolArray, zones: Shapes, known: Known) -> Text:
    """Say of how many facilities a kind cannot be told, and in which counties there is none of it."""
    label, count = ZONE_LABELS[kind], int(lacking.sum())
    bare = names_of(known.counties, known.bare_counties(zones))
    if bare:
        return Text(
            f"{bare}没有{label.zh}数据：{count:,} 个设施无法判定是否涉及。确无该类控制线的，请在“已提供齐全的控制线”中声明。",
            f"{label.en}: none is given of {bare}. Facilities of which it cannot be told: {count:,}. If there is none there, state the kind "
            "as given in full.",
        )
    return Text(
        f"{count:,} 个设施附近没有{label.zh}数据，无法判定是否涉及。确无该类控制线的，请在“已提供齐全的控制线”中声明。",
        f"{label.en}: none is given near some facilities, of which it cannot be told: {count:,}. If there is none there, state the kind as "
        "given in full.",
    )
