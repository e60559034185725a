"""The layers of the workspace as the writers of profiles take them, for formats that `package` does not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from ..columns import plain
from ..spec import Field, Geometry, Kind
from ..table import LayerTable
from .mapping import Target
from .profile.model import Standing, TargetField, TargetLayer

_TYPES = {Kind.INTEGER: "Long", Kind.FLAG: "Int", Kind.REAL: "Double", Kind.DATE: "Date"}
_GEOMETRIES = {Geometry.POINT: "point", Geometry.LINE: "line", Geometry.POLYGON: "polygon"}
_PARTS = ("point", "line", "polygon")


def plain_targets(tables: Sequence[LayerTable]) -> list[Target]:
    """Give layers under their own names and fields; one that mixes types of geometry as one layer a type."""
    found = []
    for table in tables:
        spec = table.spec
        if spec.geometry in _GEOMETRIES:
            found.append(_target(table, spec.name, _GEOMETRIES[spec.geometry], np.arange(len(table))))
            continue
        dimension = shapely.get_dimensions(table.geometry)
        for kind in sorted(set(dimension.tolist())):
            found.append(_target(table, f"{spec.name}_{_PARTS[kind]}", _PARTS[kind], np.flatnonzero(dimension == kind)))
    return found


def _target(table: LayerTable, name: str, geometry: str, rows: np.ndarray) -> Target:
    spec = table.spec
    fields = tuple(_field(field) for field in spec.fields)
    layer = TargetLayer(name, spec.label.zh, geometry, "", "", "O", (), fields, Standing())
    columns = {field.name: plain(table.columns[field.name].iloc[rows], field) for field in spec.fields}
    uuids = table.columns["uuid"].iloc[rows].fillna("").astype("str").tolist()
    empty = [""] * len(rows)
    return Target(layer, columns, table.geometry[rows], [spec.name] * len(rows), uuids, empty, empty, empty)


def _field(field: Field) -> TargetField:
    return TargetField(
        field.name, field.label.zh, _TYPES.get(field.kind, "VarChar"), 0, 0, "O", "", None, None, {}, Standing()
    )
