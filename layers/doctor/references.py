"""What a workspace already knows of a region, to hold a new file's coordinates against. All places are CGCS2000.

A reference is never the file under test (rows of the same ``source_file``). What may be a copy or another edition of it
is sorted out by `datum.kinship`; on what the datum of each source stands itself is told by `datum.standing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from ...text import Text, same
from ..spec import Geometry, LayerSpec
from ..specs import SPECS
from ..store.workspace import Workspace
from ..table import LayerTable, PointTable
from .datum.standing import Bases, Holding, bases_in

# Points of one sort: masts stand with masts, and people live in villages.
MASTS = ("base_stations", "towers_and_poles")
DWELLINGS = ("villages", "settlements", "places", "key_points")
# Fields that name a region by its code, and that name a feature, by layer.
_CODES = ("village_code", "place_id", "code")
_KEYS = ("station_id", "tower_id", "site_id", "place_id", "point_id", "settlement_id")
_OWNER = ("key_points", "place_id")  # names the place that the point belongs to, not the point
_NAMES = ("name", "village_name")


def _none() -> np.ndarray:
    return np.zeros(0, dtype=object)


@dataclass(frozen=True)
class Points:
    """Points of one layer.

    Attributes
    ----------
    layer : str
        Name of the layer's spec.
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees, all finite.
    codes, names : numpy.ndarray of str, shape (n,)
        Region code of 6, 9 or 12 digits and name; "" where there is none.
    keys : tuple of numpy.ndarray of str, shape (n,) each
        Ids of the feature and of its site; "" where there is none.
    sources : numpy.ndarray of str, shape (n,) or (0,)
        Source file of each, "" for what was drawn by hand.
    operators : numpy.ndarray of str, shape (n,) or (0,)
        Operator's code, "" for none.
    """

    layer: str
    lon: np.ndarray
    lat: np.ndarray
    codes: np.ndarray
    names: np.ndarray
    keys: tuple[np.ndarray, ...] = ()
    sources: np.ndarray = field(default_factory=_none)
    operators: np.ndarray = field(default_factory=_none)

    def only(self, keep: np.ndarray) -> Points:
        """Give some of the points, by a mask of shape (n,)."""
        some = {
            name: values[keep] if len(values := getattr(self, name)) else values
            for name in ("lon", "lat", "codes", "names", "sources", "operators")
        }
        return replace(self, keys=tuple(key[keep] for key in self.keys), **some)

    @property
    def label(self) -> Text:
        """The layer's name for a planner."""
        return SPECS[self.layer].label if self.layer in SPECS else same(self.layer)


@dataclass(frozen=True)
class References:
    """What is known.

    Attributes
    ----------
    unit_codes, unit_names : numpy.ndarray of str, shape (n,)
        Of the administrative units, in the order of `units`.
    units : numpy.ndarray of shapely polygons, shape (n,)
    points : tuple of Points
    roads : numpy.ndarray of shapely lines, shape (n,)
    unit_sources, road_sources : numpy.ndarray of str, shape (n,) or (0,)
        Source file of each.
    bases : mapping of (layer, source file) to standing.Basis
        On what the datum of each source stands.
    """

    unit_codes: np.ndarray = field(default_factory=_none)
    unit_names: np.ndarray = field(default_factory=_none)
    units: np.ndarray = field(default_factory=_none)
    points: tuple[Points, ...] = ()
    roads: np.ndarray = field(default_factory=_none)
    unit_sources: np.ndarray = field(default_factory=_none)
    road_sources: np.ndarray = field(default_factory=_none)
    bases: Bases = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(len(self.units) or len(self.roads) or any(len(item.lon) for item in self.points))

    @cached_property
    def holdings(self) -> Holdings:
        """Every layer and source file that is there, and which of them each unit, road and point comes from."""
        found: list[Holding] = []
        units = _number("admin_units", self.unit_sources, len(self.units), found)
        roads = _number("roads", self.road_sources, len(self.roads), found)
        points = tuple(_number(item.layer, item.sources, len(item.lon), found) for item in self.points)
        return Holdings(tuple(found), units, roads, points)

    def bounds(self) -> tuple[float, float, float, float]:
        """Give west, south, east and north of everything, in degrees; raise ValueError where there is nothing."""
        boxes = [shapely.total_bounds(shapes) for shapes in (self.units, self.roads) if len(shapes)]
        boxes += [
            np.array([item.lon.min(), item.lat.min(), item.lon.max(), item.lat.max()])
            for item in self.points
            if len(item.lon)
        ]
        if not boxes:
            raise ValueError("there is no reference")
        low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])


class Holdings(NamedTuple):
    """Layers and source files, and the position among them of each unit, road and point."""

    names: tuple[Holding, ...]
    units: np.ndarray
    roads: np.ndarray
    points: tuple[np.ndarray, ...]


def _number(layer: str, sources: np.ndarray, count: int, found: list[Holding]) -> np.ndarray:
    """Give the positions of the sources in a list that grows by those that it does not hold yet."""
    codes, names = pd.factorize(sources if len(sources) == count else np.full(count, "", dtype=object))
    first = len(found)
    found += [(layer, str(name)) for name in names]
    numbers: np.ndarray = codes + first
    return numbers


def read_references(workspace: Workspace, spec: LayerSpec, source_file: str) -> References:
    """Read what a workspace knows.

    Parameters
    ----------
    workspace : Workspace
    spec : LayerSpec
        Layer of the file under test; masts are not read for lines and areas.
    source_file : str
        `RawTable.name` of the file under test: its own earlier rows prove nothing.

    Raises
    ------
    WorkspaceError
        A layer is there and cannot be read.
    """
    counts = workspace.counts()
    codes, names, units, unit_sources = _none(), _none(), _none(), _none()
    if counts.get("admin_units"):
        table = _others(workspace.read("admin_units", ("code", "name", "source_file")), source_file)
        codes, names, units = _texts(table, "code"), _texts(table, "name"), table.geometry
        unit_sources = _texts(table, "source_file")
    roads, road_sources = _none(), _none()
    if counts.get("roads"):
        table = _others(workspace.read("roads", ("source_file",)), source_file)
        roads, road_sources = table.geometry, _texts(table, "source_file")
    points = []
    # Lines and areas are not held against masts, of which there may be a million.
    layers = DWELLINGS if spec.geometry in (Geometry.LINE, Geometry.POLYGON) else (*DWELLINGS, *MASTS)
    for name in layers:
        if counts.get(name) and SPECS[name].geometry is Geometry.POINT:
            points.append(_points(workspace, SPECS[name], source_file))
    points = [item for item in points if len(item.lon)]
    bases = bases_in(workspace.history())
    return References(codes, names, units, tuple(points), roads, unit_sources, road_sources, bases)


def _others(table: LayerTable, source_file: str) -> LayerTable:
    keep = (table.columns["source_file"].fillna("").to_numpy(object) != source_file) & ~shapely.is_missing(
        table.geometry
    )
    keep &= ~shapely.is_empty(table.geometry)
    return LayerTable(table.spec, table.columns[keep].reset_index(drop=True), table.geometry[keep])


def _points(workspace: Workspace, spec: LayerSpec, source_file: str) -> Points:
    fields = {item.name for item in spec.fields}
    wanted = [name for name in dict.fromkeys((*_CODES, *_KEYS, *_NAMES, "operator")) if name in fields]
    table = workspace.read_points(spec.name, (*wanted, "source_file"))
    keep = np.isfinite(table.lon) & np.isfinite(table.lat)
    sources = _texts(table, "source_file")
    keep &= sources != source_file
    columns = {name: _texts(table, name)[keep] for name in wanted}
    blank = np.full(int(keep.sum()), "", dtype=object)
    code = next((columns[name] for name in _CODES if name in columns), blank)
    if spec.name == "places":  # a list of seats has the region's code for an id
        code = np.where(code == "", columns["place_id"], code)
    return Points(
        spec.name,
        table.lon[keep],
        table.lat[keep],
        code,
        next((columns[name] for name in _NAMES if name in columns), blank),
        tuple(columns[name] for name in _KEYS if name in columns and (spec.name, name) != _OWNER),
        sources[keep],
        columns.get("operator", blank),
    )


def _texts(table: LayerTable | PointTable, name: str) -> np.ndarray:
    texts: np.ndarray = table.columns[name].fillna("").to_numpy(object)
    return texts
