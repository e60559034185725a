"""Columns of a layer: from Arrow to the engine's pandas types, and from these to Arrow or plain SQLite values."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from .spec import Field, Kind, LayerSpec

ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.CODES: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.FLAG: pa.int32(),
    Kind.REAL: pa.float64(),
    Kind.DATE: pa.date32(),
}


def schema(spec: LayerSpec) -> pa.Schema:
    """Give the Arrow schema of a layer's fields, without the geometry."""
    return pa.schema([(field.name, ARROW_TYPES[field.kind]) for field in spec.fields])


def from_arrow(column: pa.ChunkedArray, field: Field) -> pd.Series:
    """Give a column as `LayerTable` holds it: text, code, day as str; integer, flag as Int64; real as float64."""
    if field.kind in (Kind.INTEGER, Kind.FLAG):
        return column.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    if field.kind is Kind.REAL:
        return column.cast(pa.float64()).to_pandas()
    return pd.Series(column.cast(pa.string()).to_pandas(), dtype="str")


def to_arrow(series: pd.Series, field: Field) -> pa.Array:
    """Give a column of a `LayerTable` in the Arrow type that files take."""
    if field.kind is Kind.DATE:
        return pa.array(plain(series, field), pa.string()).cast(pa.date32())
    return pa.array(plain(series, field), ARROW_TYPES[field.kind])


def plain(series: pd.Series, field: Field) -> list[Any]:
    """Give a column as str, int, float and None; an empty text counts as missing."""
    if field.kind in (Kind.INTEGER, Kind.FLAG):
        numbers = pd.to_numeric(series).astype("Int64")
        return [None if value is pd.NA else int(value) for value in numbers.tolist()]
    if field.kind is Kind.REAL:
        return series.astype("float64").astype(object).where(series.notna(), None).tolist()
    missing = series.isna().tolist()
    return [None if absent or value == "" else str(value) for value, absent in zip(series.tolist(), missing)]
