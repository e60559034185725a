"""The raw numbers of a file's coordinates, for a sample of its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyproj
import shapely

from ...cells.angles import read_axis, read_pairs
from ...datum import degrees_power, is_cgcs2000, is_web_mercator, is_wgs84
from ...reading.datum_decision import crs_label
from ...reading.mapping import Mapping, Pair, choose_pair
from ...sources.raw_table import RawTable
from ...spec import Geometry, LayerSpec
from ...zones import zone_key

_NONE, _POINT = -1, 0
MOST_ROWS = 20_000  # evenly spaced rows that are looked at: more do not make the evidence any better


@dataclass(frozen=True)
class Positions:
    """Coordinates as they stand.

    Attributes
    ----------
    at : numpy.ndarray of int64, shape (n,)
        Positions in the table of the rows that have two numbers.
    x, y : numpy.ndarray of float64, shape (n,)
        What stands as longitude or east, and as latitude or north; of a line or area the middle of its extent.
    pair : Pair or None
    crs : pyproj.CRS or None
        The Gauss-Krüger projection that the file states for its metres.
    labelled : str
        What the file itself says: "wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:n"; "" for nothing or a bare WGS 84 of
        a spatial file, which is no evidence.
    are_points : bool
        Whether the rows are points; the middle of a line or area is near nothing in particular.
    zone : tuple of float and bool, or None
        Central meridian of the projection that the file states, and whether its eastings begin with a zone number.
    old_datum : str
        Name of a CRS that the file states on another datum than CGCS2000 or WGS 84, "" for none.
    looked_at, rows : int
        Rows of the sample, and of the table.
    """

    at: np.ndarray
    x: np.ndarray
    y: np.ndarray
    pair: Pair | None
    crs: pyproj.CRS | None
    labelled: str
    looked_at: int
    rows: int
    are_points: bool = True
    zone: tuple[float, bool] | None = None
    old_datum: str = ""


def read_positions(table: RawTable, mapping: Mapping, spec: LayerSpec, stated: str = "auto") -> Positions | None:
    """Read the coordinates that an import would use; None for a table without any."""
    sample = spaced(len(table))
    if table.geometry is not None:
        x, y = _middles(table.geometry[sample])
        kinds = shapely.get_type_id(table.geometry[sample])
        found = _of_geometry(table, sample, x, y)
        return replace(found, are_points=bool(np.isin(kinds, (_NONE, _POINT)).all()), old_datum=_old_datum(table.crs))
    pair = choose_pair(mapping, stated)
    if mapping.wkt is not None and spec.geometry is not Geometry.POINT:
        pair = None
    if pair is not None:
        x, y = both_axes(table, pair, sample)
        return _keep(sample, x, y, pair, None, pair.datum, len(table))
    if mapping.wkt is None:
        return None
    shapes = shapely.from_wkt([str(text) or None for text in table.cells[mapping.wkt][sample]], on_invalid="ignore")
    x, y = _middles(shapes)
    found = _keep(sample, x, y, None, None, "", len(table))
    return replace(found, are_points=bool(np.isin(shapely.get_type_id(shapes), (_NONE, _POINT)).all()))


def spaced(count: int) -> np.ndarray:
    """Give at most `MOST_ROWS` evenly spaced positions."""
    return np.arange(count) if count <= MOST_ROWS else np.linspace(0, count - 1, MOST_ROWS).astype(np.int64)


def both_axes(table: RawTable, pair: Pair, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read a pair of columns, or the one column that holds both values in a cell."""
    if pair.lon == pair.lat:
        lon, lat = read_pairs(table.cells[pair.lon][sample])
        return lon.values, lat.values  # noqa: PD011
    return axis(table.cells[pair.lon][sample]), axis(table.cells[pair.lat][sample])


def axis(texts: np.ndarray) -> np.ndarray:
    """Read numbers and angles in all their spellings, NaN for anything else."""
    found = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(dtype=float, copy=True)
    odd = np.flatnonzero(~np.isfinite(found))
    if len(odd):
        found[odd] = read_axis(texts[odd], "°").values  # noqa: PD011
    return found


def _middles(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bounds = shapely.bounds(shapes)
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _of_geometry(table: RawTable, sample: np.ndarray, x: np.ndarray, y: np.ndarray) -> Positions:
    crs = table.crs
    if crs is None or crs.is_geographic:
        labelled = "cgcs2000" if crs is not None and is_cgcs2000(crs) else ""
        return _keep(sample, x, y, None, None, labelled, len(table))
    if is_web_mercator(crs) or not _is_gauss_kruger(crs):
        base = crs.geodetic_crs
        if base is not None and (is_wgs84(crs) or is_cgcs2000(crs) or is_web_mercator(crs)):
            x, y = pyproj.Transformer.from_crs(crs, base, always_xy=True).transform(x, y)
        labelled = "cgcs2000" if is_cgcs2000(crs) else "wgs84" if is_wgs84(crs) else crs_label(crs)
        return _keep(sample, x, y, None, None, "" if is_web_mercator(crs) else labelled, len(table))
    found = _keep(sample, x, y, None, crs, crs_label(crs), len(table))
    return replace(found, zone=zone_key(crs))


def _old_datum(crs: pyproj.CRS | None) -> str:
    if crs is None or is_cgcs2000(crs) or is_wgs84(crs) or is_web_mercator(crs):
        return ""
    return str(crs.name)


def _is_gauss_kruger(crs: pyproj.CRS) -> bool:
    operation = crs.coordinate_operation
    values = {item.name: item.value for item in operation.params} if operation else {}
    return values.get("Scale factor at natural origin") == 1.0


def _keep(
    sample: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    pair: Pair | None,
    crs: pyproj.CRS | None,
    labelled: str,
    count: int,
) -> Positions:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    scale = 10.0 ** degrees_power(x, y)  # whole numbers, a million to the degree: where they lie is no secret
    x, y = x / scale, y / scale
    fine = np.isfinite(x) & np.isfinite(y) & ~((x == 0) | (y == 0))
    metres = (np.abs(x) > 1000) & (np.abs(y) > 1000)
    if fine.any():  # rows of the other sort are single faults; they say nothing of the file
        fine &= metres == bool(np.mean(metres[fine]) > 0.5)
        fine &= metres | ((np.abs(x) <= 180) & (np.abs(y) <= 180))
    return Positions(sample[fine], x[fine], y[fine], pair, crs, labelled, len(sample), count)
