"""What a new cable passes: how much of it lies off the roads, beside which planned cables, and in control lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ....analysis.conflicts.overlay import lengths_m, of_dimension
from ....analysis.network.overland import beside_lines_m
from ....engine.context import RunContext
from ....layers import inputs
from ..read import Trunk

Shapes = npt.NDArray[np.object_]

_ON_ROAD_M = 1.0  # a way along roads lies on their lines but for rounding
_OUTSIDE = "town_boundary"  # of which it is no conflict to lie inside
RED_LINE, FARMLAND = "ecological_red_line", "basic_farmland"


class Around(NamedTuple):
    """What new cables may pass.

    Attributes
    ----------
    roads : numpy.ndarray of lines, or None
        None where there are none in the data.
    planned : numpy.ndarray of lines
        Of cables that are not there yet, with their names.
    names : list of str
    zones : dict of str to (geometry), or None
        The areas of each kind of control line as one; None where none are given.
    """

    roads: Shapes | None
    planned: Shapes
    names: list[str]
    zones: Mapping[str, shapely.Geometry] | None


class Passed(NamedTuple):
    """What one new cable passes, metres; None where there are no data.

    Attributes
    ----------
    off_roads_m : float or None
    planned_m : float
    planned : list of str
        Names of the planned cables in whose corridors it lies.
    red_line_m, farmland_m, other_m : float or None
    """

    off_roads_m: float | None
    planned_m: float
    planned: list[str]
    red_line_m: float | None
    farmland_m: float | None
    other_m: float | None


def around_of(context: RunContext, trunk: Trunk, later: Trunk | None, roads: Shapes | None) -> Around:
    """Gather what new cables may pass.

    Parameters
    ----------
    trunk, later : Trunk
        The network in use, and after plan (None where it is not drawn).
    """
    planned, names = np.empty(0, dtype=object), []
    if later is not None:
        there = set(trunk.cables["cable_id"])
        fresh = np.array([number not in there for number in later.cables["cable_id"]], dtype=bool)
        fresh &= np.array([line is not None and not line.is_empty for line in later.lines], dtype=bool)
        planned = later.lines[fresh]
        rows = later.cables[fresh]
        names = rows["name"].where(rows["name"].notna(), rows["cable_id"]).astype(str).tolist()
    zones = None
    if inputs.layer_present(context, "control_lines"):
        lines = inputs.read_layer(context, "control_lines", ["kind"])
        kinds = lines.columns["kind"].to_numpy(object)
        zones = {
            str(kind): shapely.union_all(shapely.make_valid(lines.geometry[kinds == kind]))
            for kind in sorted(set(kinds.tolist()) - {_OUTSIDE})
        }
    return Around(roads, planned, names, zones)


def passed_of(around: Around, shape: shapely.LineString, corridor_m: float) -> Passed:
    """Measure what a new cable passes."""
    whole = float(lengths_m([shape])[0])
    off = None
    if around.roads is not None:
        off = max(whole - beside_lines_m(around.roads, shape, _ON_ROAD_M), 0.0)
    beside = [
        name
        for name, line in zip(around.names, around.planned)
        if beside_lines_m(np.array([line], dtype=object), shape, corridor_m) > 1.0
    ]
    planned_m = beside_lines_m(around.planned, shape, corridor_m) if beside else 0.0
    return Passed(off, planned_m, beside, *_in_zones(around.zones, shape))


def _in_zones(
    zones: Mapping[str, shapely.Geometry] | None, shape: shapely.LineString
) -> tuple[float | None, float | None, float | None]:
    if zones is None:
        return None, None, None
    own = {kind: _inside_m(shape, zone) for kind, zone in zones.items()}
    others = [zone for kind, zone in zones.items() if kind not in (RED_LINE, FARMLAND)]
    return (
        own.get(RED_LINE),
        own.get(FARMLAND),
        _inside_m(shape, shapely.union_all(others)) if others else None,
    )


def _inside_m(shape: shapely.LineString, zone: shapely.Geometry) -> float:
    part = of_dimension(np.array([shapely.intersection(shape, zone)], dtype=object), 1)
    return float(lengths_m(part.tolist())[0])
