"""A sound VCT exchange file of a layer, for the fuzzer to damage."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from ...layers.vct.writing.description import FORMS, Batch, Field, Layer, Rows
from ...layers.vct.writing.file import write_vct
from ...layers.vct.writing.head import HeadInput

_CODES = {"Point": "2090020521", "Line": "2090020522"}
_DATE = "20261031"


def write_exchange(path: Path, data: gpd.GeoDataFrame, geometry: str) -> Path:
    """Write a layer of points or lines with all its columns as texts, in the CRS of the layer."""
    frame = data.drop(columns=data.geometry.name).astype("string")
    fields = tuple(Field(str(name), "Char", 100) for name in frame.columns)
    layer = Layer("图层", _CODES[geometry], "TC", geometry, fields)
    rows = Rows(layer, [Batch(frame, data.geometry.to_numpy())])
    write_vct(path, [rows], HeadInput(data.crs, _DATE), FORMS["landuse3"])
    return path
