"""The columns of a table as the checks of identity take them: plain texts, numbers and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import shapely

from ...table import LayerTable, PointTable

Table = LayerTable | PointTable


def texts(table: Table, name: str) -> np.ndarray:
    """Give a column as an array of str, "" where it is empty or the table lacks it; shape (n,)."""
    if name not in table.columns:
        return np.full(len(table), "", dtype=object)
    column = table.columns[name]
    cells = column.to_numpy(dtype=object, copy=True)
    cells[column.isna().to_numpy()] = ""
    return cells


def among(values: np.ndarray, known: Iterable[str]) -> np.ndarray:
    """Tell which texts are among others; shape (n,). By hashing: `numpy.isin` compares objects one by one."""
    return pd.Series(values, dtype="object").isin(list(known)).to_numpy()


def numbers(table: Table, name: str) -> np.ndarray:
    """Give a column as float64, NaN where it is empty or the table lacks it; shape (n,)."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table.columns[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def joined(tables: Sequence[Table], name: str) -> pd.Series:
    """Give a column of several tables one below the other, empty for a table that lacks it; index 0…n-1."""
    parts = [
        one.columns[name] if name in one.columns else pd.Series([None] * len(one), dtype="object") for one in tables
    ]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)


def lon_lat(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Give longitude and latitude in degrees, shape (n,) each; NaN without a place, a shape by its centroid."""
    if isinstance(table, PointTable):
        return table.lon, table.lat
    kinds = shapely.get_type_id(table.geometry)
    if np.isin(kinds, (-1, 0)).all():
        return shapely.get_x(table.geometry), shapely.get_y(table.geometry)
    middle = shapely.centroid(table.geometry)
    return shapely.get_x(middle), shapely.get_y(middle)


def own_rows(table: Table, rows: np.ndarray, positions: np.ndarray) -> list[str]:
    """Name rows of the file itself: "row 12", by the number that the planner's program shows."""
    told = numbers(table, "source_row")[rows]
    told = np.where(np.isfinite(told), told, positions[rows] + 1)
    return [f"row {number}" for number in told.astype(np.int64).tolist()]


def other_rows(table: Table, rows: np.ndarray) -> list[str]:
    """Name rows of another source: "移动_基站.csv:31"; a row that was drawn in QGIS by its layer and key."""
    files, told = texts(table, "source_file")[rows].tolist(), numbers(table, "source_row")[rows].tolist()
    keys = texts(table, table.spec.key[0])[rows].tolist()
    return [
        f"{file}:{int(number)}" if file and np.isfinite(number) else f"{table.spec.name}:{key}"
        for file, number, key in zip(files, told, keys)
    ]
