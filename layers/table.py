"""The two shapes in which a layer travels inside the engine: points, and everything else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from .spec import LayerSpec

Floats = np.ndarray
Shapes = np.ndarray


@dataclass
class LayerTable:
    """Rows of one layer in the terms of its spec.

    Attributes
    ----------
    spec : LayerSpec
        What the columns mean.
    columns : pandas.DataFrame
        One column per field asked for, by the spec's names and kinds (text and codes as str, integer as Int64,
        real as float64, date as ISO str, flag as Int64), index 0…n-1. Empty cells are missing values.
    geometry : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 longitude, latitude (EPSG:4490); None where a row has no place.
    set_aside : int
        Rows of the source that are not here because they could not be read.
    aside : pandas.DataFrame or None
        Those rows as the importer tells them (``row``, ``reason_zh``, ``reason_en`` and their text); None for none.
    """

    spec: LayerSpec
    columns: pd.DataFrame
    geometry: Shapes
    set_aside: int = 0
    aside: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.columns)

    def empty(self) -> LayerTable:
        """Give the same columns without a row."""
        return LayerTable(self.spec, self.columns.iloc[:0], self.geometry[:0])

    def lon_lat(self) -> tuple[Floats, Floats]:
        """Give longitude and latitude in degrees, shape (n,) each, NaN where a row has no place; points only."""
        return shapely.get_x(self.geometry), shapely.get_y(self.geometry)


@dataclass
class PointTable:
    """Rows of a point layer without geometry objects, for layers of millions.

    Attributes
    ----------
    spec : LayerSpec
    columns : pandas.DataFrame
        As in `LayerTable`.
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees, CGCS2000 (EPSG:4490), NaN where a row has no place.
    set_aside : int
    aside : pandas.DataFrame or None
        As in `LayerTable`.
    """

    spec: LayerSpec
    columns: pd.DataFrame
    lon: Floats
    lat: Floats
    set_aside: int = 0
    aside: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.columns)
