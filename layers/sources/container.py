"""Findings on a spatial file itself: its layers, its CRS, and what kinds of geometry it holds."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from ...text import NOTHING, Text
from ..spec import LayerSpec
from ..table import Shapes
from ..zones import is_transverse, number_of, zone_number
from .heading_notes import note_headings
from .raw_table import RawTable

# Point, line and area by shapely's type id; a collection is a kind of its own.
_FAMILIES = np.array([0, 1, 1, 2, 0, 1, 2, 3], dtype=np.int64)
_FAMILY_NAMES = (Text("点", "points"), Text("线", "lines"), Text("面", "areas"), Text("几何集合", "collections"))
_LARGEST_DEG = 360.0
_SMALLEST_M = 10_000.0
_SURE = 0.9
_WITHIN_ZONE_M = 300_000.0


def note_container(table: RawTable, spec: LayerSpec | None = None, curved: np.ndarray | None = None) -> None:
    """Add the findings of a spatial layer to its table, and bring its geometry to two dimensions.

    Parameters
    ----------
    table : RawTable
        Its geometry loses Z and M; its CRS is taken away where the coordinates disprove it.
    spec : LayerSpec, optional
        A layer that does without places is not warned of rows without one.
    curved : numpy.ndarray of int64, optional
        Positions of the geometries that were curves.
    """
    note_layers(table)
    note_headings(table, spec)
    if table.geometry is None:
        return
    if curved is not None and len(curved):
        table.findings.add(
            "curves",
            curved,
            why=Text("圆弧已由 GDAL 按约 4° 一段转为折线", "GDAL made segments of about 4° out of the arcs"),
        )
    _dimensions(table, table.geometry)
    _kinds(table, table.geometry, spec)
    note_crs(table)


def note_layers(table: RawTable) -> None:
    """Say which of several layers was read."""
    if len(table.layers) < 2:
        return
    others = [name for name in table.layers if name != table.layer]
    zh, en = "、".join(others[:20]), ", ".join(others[:20])
    table.findings.add(
        "several_layers",
        values=table.layer,
        why=Text(
            f"共 {len(table.layers)} 个，读取“{table.layer}”；未读取：{zh}",
            f"{len(table.layers)} in all; “{table.layer}” was read, and not: {en}",
        ),
    )


def _dimensions(table: RawTable, shapes: Shapes) -> None:
    z, m = shapely.has_z(shapes), shapely.has_m(shapes)
    count = int((z | m).sum())
    if count:
        names = "、".join(name for name, has in (("Z", z), ("M", m)) if has.any())
        table.findings.add(
            "z_or_m",
            values=names,
            why=Text(f"{len(table)} 个要素中有 {count} 个", f"{count} of {len(table)} features"),
        )
        table.geometry = shapely.force_2d(shapes)


def _kinds(table: RawTable, shapes: Shapes, spec: LayerSpec | None) -> None:
    undamaged = np.ones(len(table), dtype=bool)
    undamaged[list(table.damaged)] = False
    empty = (shapely.is_missing(shapes) | shapely.is_empty(shapes)) & undamaged
    mild = spec is not None and not spec.geometry_required
    table.findings.add("empty_geometry", np.flatnonzero(empty), severity="informs" if mild else "")
    ids = shapely.get_type_id(shapes)
    there = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if not len(there):
        return
    family = _FAMILIES[ids[there]]
    counts = np.bincount(family, minlength=len(_FAMILY_NAMES))
    if (counts > 0).sum() > 1:
        usual = int(counts.argmax())
        shares = [(name, int(count)) for name, count in zip(_FAMILY_NAMES, counts) if count]
        table.findings.add(
            "mixed_geometry",
            there[family != usual],
            why=Text(
                "、".join(f"{name.zh} {count} 个" for name, count in shares),
                ", ".join(f"{count} {name.en}" for name, count in shares),
            ),
        )
    parts = shapely.get_num_geometries(shapes[there])
    several = parts > 1
    if several.any():
        words = {int(n): Text(f"{n} 个部件", f"{n} parts") for n in np.unique(parts[several])}
        table.findings.add(
            "multipart",
            there[several],
            why=[words[int(n)] for n in parts[several]],
        )


def note_crs(table: RawTable) -> None:
    """Warn of a CRS that is missing, or that the coordinates disprove; one that is disproved is not handed on."""
    if table.geometry is None:
        return
    if table.crs is None:
        if not any(block.code == "unreadable_prj" for block in table.findings):
            table.findings.add("no_prj")
        return
    words, severity = contradiction(table.crs, table.geometry), ""
    if words is None:
        words, severity = other_number(table.crs, table.geometry), "blocks"
    if words is None:
        return
    table.findings.add("lying_prj", values=table.crs.name, why=words, severity=severity)
    table.notices.append(
        Text(
            f"标明的坐标系“{table.crs.name}”与坐标值矛盾（{words.zh}），未采用；请用 --datum 指明。",
            f"The stated CRS “{table.crs.name}” contradicts the coordinates ({words.en}) and was not used; "
            "state the right one with --datum.",
        )
    )
    table.crs, table.crs_origin = None, NOTHING


def other_number(crs: pyproj.CRS, shapes: np.ndarray) -> Text | None:
    """Tell whether the eastings begin with the number of another zone than the CRS states.

    Far from the meridian of a zone its eastings run on into the next number; only metres that would lie well within
    the other zone, 300 km about its meridian, and so 700 km off the stated one, contradict it.

    Returns
    -------
    Text or None
        The evidence; None where nine tenths of the shapes do not agree on it.
    """
    stated = number_of(crs) if crs.is_projected and is_transverse(crs) else 0
    bounds = shapely.bounds(shapes)
    x = bounds[:, [0, 2]].mean(axis=1)
    x = x[np.isfinite(x)]
    number = zone_number(x)
    if not stated or not number or number == stated:
        return None
    inside = (x // 1e6 == number) & (np.abs(x % 1e6 - 500_000) <= _WITHIN_ZONE_M)
    if inside.mean() < _SURE:
        return None
    return Text(
        f"标明的是第 {stated} 带，横坐标却带第 {number} 带的带号：中位数 {np.median(x):,.0f}",
        f"zone {stated} is stated, but the eastings begin with zone {number}: median {np.median(x):,.0f}",
    )


def contradiction(crs: pyproj.CRS, shapes: np.ndarray) -> Text | None:
    """Tell whether coordinates are degrees under a projected CRS, or metres under a geographic one.

    Returns
    -------
    Text or None
        The evidence; None where nine tenths of the shapes do not agree on it.
    """
    bounds = shapely.bounds(shapes)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    x, y = bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)
    shown = f"{np.median(x):.6g}, {np.median(y):.6g}"
    if crs.is_projected:
        # Metres this close to the origin of a zone lie on the equator; China's northings begin at 300 km.
        degrees = (np.abs(x) <= _LARGEST_DEG) & (np.abs(y) <= _LARGEST_DEG) & ((np.abs(x) > 1) | (np.abs(y) > 1))
        if degrees.mean() >= _SURE:
            return Text(
                f"标明的是投影坐标系，坐标却是度：中位数 {shown}",
                f"a projected CRS is stated, but the coordinates are degrees: median {shown}",
            )
    elif crs.is_geographic and ((np.abs(x) > _SMALLEST_M) & (np.abs(y) > _SMALLEST_M)).mean() >= _SURE:
        return Text(
            f"标明的是经纬度，坐标却以米计：中位数 {shown}",
            f"degrees are stated, but the coordinates are metres: median {shown}",
        )
    return None
