"""What lies in the protection bands of submarine cables: other uses of the sea, and other cables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from ....analysis.network.bands import band, disc
from ..hazards.layers import Hazards
from ..read import Trunk
from .landings import Landing
from .stretches import Stretch, cable_words, km2
from .words import CONFLICT, UNKNOWN

CONFLICTS = ("cable_id", "name", "use", "with_id", "with_name", "sea_kind", "width_m", "state", "area_km2")


def with_uses(
    trunk: Trunk, stretches: Sequence[Stretch], uses: Mapping[str, Hazards]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Find the areas of other uses that lie in a band: rows of `CONFLICTS`, and what is common to both."""
    rows, shapes = [], []
    for use, layer in uses.items():
        areal = np.flatnonzero(shapely.get_dimensions(layer.shapes) == 2)
        for one in stretches:
            widest = one.bands[max(one.bands)]
            near = np.sort(areal[shapely.STRtree(layer.shapes[areal]).query(widest, predicate="intersects")])
            for at in near.tolist():
                met = _met(one, layer.shapes[at])
                if met is None:
                    continue
                width, common, state = met
                head = {
                    **cable_words(trunk, one.cable),
                    "use": use,
                    "with_id": f"#{layer.row[at]}",
                    "with_name": layer.title(at),
                }
                rows.append(
                    {**head, "sea_kind": one.kind, "width_m": width, "state": state, "area_km2": round(km2(common), 6)}
                )
                shapes.append(common)
    return rows, shapes


def between_cables(
    trunk: Trunk, stretches: Sequence[Stretch], landings: Sequence[Landing], at_station_m: float
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Find cables that lie in the band of another, of both what lies away from a landing of both.

    The area is common to the bands, of the one width, of what lies beyond the cut of both.
    """
    network = trunk.network
    nodes: dict[int, set[int]] = {}
    for landing in landings:
        nodes.setdefault(landing.cable, set()).add(landing.node)
    discs: dict[int, Any] = {}
    rows, shapes = [], []
    for one in stretches:
        for other in sorted({stretch.cable for stretch in stretches} - {one.cable}):
            line, own = trunk.lines[other], one.shape
            for node in sorted(nodes.get(one.cable, set()) & nodes.get(other, set())):
                if node not in discs:
                    discs[node] = disc(float(network.lon[node]), float(network.lat[node]), at_station_m)
                line, own = shapely.difference(line, discs[node]), shapely.difference(own, discs[node])
            if shapely.is_empty(line) or shapely.is_empty(own):
                continue
            for width, whole in sorted(one.bands.items()):
                ground = whole if own is one.shape else band(_lines(own), width)
                if shapely.length(shapely.intersection(line, ground)) == 0:
                    continue
                common = _areal(shapely.intersection(band(_lines(line), width), ground))
                state = CONFLICT if width == min(one.bands) else UNKNOWN
                cable = cable_words(trunk, other)
                head = {
                    **cable_words(trunk, one.cable),
                    "use": "cable",
                    "with_id": cable["cable_id"],
                    "with_name": cable["name"],
                }
                rows.append(
                    {**head, "sea_kind": one.kind, "width_m": width, "state": state, "area_km2": round(km2(common), 6)}
                )
                shapes.append(common)
                break
    return rows, shapes


def _met(one: Stretch, shape: Any) -> tuple[float, Any, str] | None:
    """Give the narrowest band that meets a shape, what they share, and whether that is certain."""
    for width, ground in sorted(one.bands.items()):
        common = _areal(shapely.intersection(ground, shape))
        if common is not None:
            return width, common, CONFLICT if width == min(one.bands) else UNKNOWN
    return None


def _areal(shape: Any) -> Any:
    """Give the areas of a geometry; None where it has none."""
    parts = shapely.get_parts(shape)
    areas = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return shapely.union_all(areas) if len(areas) else None


def _lines(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return shapely.MultiLineString([part for part in parts.tolist() if shapely.get_dimensions(part) == 1])
