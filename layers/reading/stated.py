"""The values of rows as a workspace holds them, which is what digests are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..shapes import as_type
from ..spec import Geometry
from ..store import geopackage
from ..store.digests import GEOMETRY
from ..store.source_rows import cells_of
from ..table import LayerTable


def values_of(table: LayerTable, from_store: bool) -> dict[str, Any]:
    """Give the fields of a table as SQLite holds them, and its geometries as GeoPackage blobs: object arrays.

    Parameters
    ----------
    table : LayerTable
    from_store : bool
        It was read from a workspace: its geometries are of the layer's type already.
    """
    spec = table.spec
    found: dict[str, Any] = {
        item.name: cells_of(table.columns[item.name], item) for item in spec.fields if item.name in table.columns
    }
    is_stored = from_store or spec.geometry is Geometry.POINT  # blobs drop a third dimension by themselves
    found[GEOMETRY] = geopackage.blobs(
        table.geometry if is_stored else as_type(table.geometry, spec.geometry.value, spec.name)
    )
    absent = [item.name for item in spec.fields if item.name not in found]
    found |= {name: [None] * len(table) for name in absent}
    for name, cells in found.items():
        column = np.empty(len(table), dtype=object)
        column[:] = cells
        found[name] = column
    return found
