"""What the report of a scoreboard draws: the layers of the result itself, so that map and layer cannot differ."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely

from ...engine.context import RunContext
from ...layers import inputs

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


class Drawn(NamedTuple):
    """A layer of the result.

    Attributes
    ----------
    rows : pandas.DataFrame
        Its columns, without index of their own; none where the result has no such layer.
    shapes : numpy.ndarray of shapely geometries
        One a row, None where it has no place.
    """

    rows: pd.DataFrame
    shapes: Shapes

    def where(self, column: str, value: str | int) -> Drawn:
        """Give the rows that say `value`; none where there is no such column."""
        if column not in self.rows:
            return Drawn(self.rows.iloc[:0], self.shapes[:0])
        own = (self.rows[column] == value).to_numpy(bool)
        return Drawn(self.rows[own].reset_index(drop=True), self.shapes[own])

    def but(self, column: str, value: str) -> Drawn:
        """Give the rows that do not say `value`; all where there is no such column."""
        if column not in self.rows:
            return self
        other = (self.rows[column] != value).to_numpy(bool)
        return Drawn(self.rows[other].reset_index(drop=True), self.shapes[other])


class ReportLayers(NamedTuple):
    """Everything that maps show, CGCS2000.

    Attributes
    ----------
    items, counties, roads, seas : Drawn
        ``frontier_item``, ``frontier_scope``, ``road_state``, ``sea_part``.
    border, coast : numpy.ndarray of lines
        Of the workspace.
    road_gaps, sea_gaps : pandas.DataFrame
        Rows of ``road_gap`` and ``sea_gap``.
    """

    items: Drawn
    counties: Drawn
    roads: Drawn
    seas: Drawn
    border: Shapes
    coast: Shapes
    road_gaps: pd.DataFrame
    sea_gaps: pd.DataFrame


def read_report_layers(context: RunContext, result: Path) -> ReportLayers:
    """Read back the layers of a result, and border and coast of the workspace."""
    present = {name for name, _ in pyogrio.list_layers(result)}
    items, counties, roads, seas, road_gaps, sea_gaps = (
        _read(result, name) if name in present else nothing()
        for name in ("frontier_item", "frontier_scope", "road_state", "sea_part", "road_gap", "sea_gap")
    )
    border, coast = (_lines(context, name) for name in ("national_border", "coastline"))
    return ReportLayers(items, counties, roads, seas, border, coast, road_gaps.rows, sea_gaps.rows)


def nothing() -> Drawn:
    """Give a layer without rows."""
    return Drawn(pd.DataFrame(), np.empty(0, dtype=object))


def _read(path: Path, name: str) -> Drawn:
    frame = pyogrio.read_dataframe(path, layer=name)
    shapes = frame.geometry.to_numpy()
    return Drawn(pd.DataFrame(frame.drop(columns=frame.geometry.name)), np.asarray(shapes, dtype=object))


def _lines(context: RunContext, name: str) -> Shapes:
    if not inputs.layer_present(context, name):
        return np.empty(0, dtype=object)
    return inputs.read_layer(context, name, ["line_id"]).geometry


def places(points: Drawn) -> Floats:
    """Give longitude and latitude (n, 2) of points; NaN where one has no place."""
    found = np.full((len(points.shapes), 2), np.nan)
    known = ~(shapely.is_missing(points.shapes) | shapely.is_empty(points.shapes))
    if known.any():
        found[known] = np.column_stack([shapely.get_x(points.shapes[known]), shapely.get_y(points.shapes[known])])
    return found
