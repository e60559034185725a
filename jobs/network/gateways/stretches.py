"""Submarine cables divided by kind of sea, each stretch with its protection band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely

from ....analysis.areas import geometry_areas
from ....analysis.lines.counties import NOWHERE, county_stretches
from ....analysis.lines.drawn import cut_lines
from ....analysis.network.bands import band
from ....analysis.network.exposure import drawn_of
from ....analysis.network.parts import parts_of
from ...shared.rules import plain
from ..read import Trunk

NOT_KNOWN = "unknown"


class Stretch(NamedTuple):
    """What of a cable lies in one kind of sea.

    Attributes
    ----------
    cable : int
        Row.
    kind : str
        harbour, bay, open_sea or unknown.
    shape : MultiLineString
    length_m : float
    bands : dict
        Polygons by width in metres: one, or the three of which one applies.
    """

    cable: int
    kind: str
    shape: Any
    length_m: float
    bands: dict[float, Any]


def stretches_of(trunk: Trunk, cable: int, seas: Mapping[str, Any], widths: Mapping[str, float]) -> list[Stretch]:
    """Divide a cable by kind of sea."""
    parts = parts_of([trunk.lines[cable]])
    drawn = drawn_of(parts)
    found = county_stretches(drawn, list(seas.values()))
    pieces = np.empty(len(found.line), dtype=object)
    pieces[:] = cut_lines(drawn, found.line, found.from_m, found.to_m)
    made = []
    for value in sorted(set(found.value.tolist()), key=lambda one: (one == NOWHERE, one)):
        at = found.value == value
        kind = NOT_KNOWN if value == NOWHERE else list(seas)[value]
        shape = shapely.MultiLineString(shapely.get_parts(pieces[at]).tolist())
        metres = [widths[kind]] if kind != NOT_KNOWN else sorted(widths.values())
        bands = {width: band(shape, width) for width in metres}
        made.append(Stretch(cable, kind, shape, float((found.to_m - found.from_m)[at].sum()), bands))
    return made


def cable_words(trunk: Trunk, row: int) -> dict[str, Any]:
    """Give id and name of a cable."""
    cable = trunk.cables.iloc[row]
    return {"cable_id": cable["cable_id"], "name": plain(cable["name"])}


def km2(shape: Any) -> float:
    """Give the area of a shape."""
    return float(geometry_areas([shape])[0]) / 1e6
