"""Geometry as the objects of a VCT file: one array of texts a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from ....text import Text
from . import texts
from .arcs import arcs_of
from .description import HELPER_CODE, Form

_STYLE = "unknown"
_LARGEST = 1e8
_PER_LINE = 8  # ids
_MOST_SHARED = 20_000_000  # vertices of a layer whose polygons share lines
_TYPES = {"Point": (0, 4), "Line": (1, 2, 5), "Polygon": (3, 6)}
_NAMES = {"Point": Text("点", "a point"), "Line": Text("线", "a line"), "Polygon": Text("面", "a polygon")}


class Ids:
    """Gives ids, from 1 on, unique over all objects of a file."""

    def __init__(self) -> None:
        self.next = 1

    def take(self, count: int) -> np.ndarray:
        """Give the next `count` ids."""
        found = np.arange(self.next, self.next + count, dtype=np.int64)
        self.next += count
        return found


@dataclass(frozen=True)
class Parts:
    """Geometry taken apart.

    Attributes
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (m,)
        Single points, lines and polygons.
    of : numpy.ndarray of int64, shape (m,)
        The object of each, 0 to n - 1, in order.
    rows : numpy.ndarray of int64, shape (n,)
        The row of the batch that each object is of.
    """

    shapes: np.ndarray
    of: np.ndarray
    rows: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Parts of each object."""
        return np.bincount(self.of, minlength=len(self.rows))


def unfit(shapes: np.ndarray, geometry: str) -> dict[int, Text]:
    """Give the rows whose geometry cannot be an object of the layer, and why."""
    kinds = shapely.get_type_id(shapes)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = ~np.isin(kinds, _TYPES[geometry])
    bounds = shapely.bounds(shapes)
    far = ~(np.abs(bounds) < _LARGEST).all(axis=1)
    found: dict[int, Text] = {}
    for at in np.flatnonzero(empty | wrong | far):
        if empty[at]:
            words = Text("没有几何", "it has no geometry")
        elif wrong[at]:
            kind = shapes[at].geom_type
            words = Text(
                f"几何类型是 {kind}，该图层应为{_NAMES[geometry].zh}",
                f"its geometry is a {kind}, the layer takes {_NAMES[geometry].en}",
            )
        else:
            words = Text("坐标不是有限的数，或过大", "its coordinates are not finite, or too large")
        found[int(at)] = words
    return found


def apart(shapes: np.ndarray, explode: bool) -> Parts:
    """Take shapes into single parts; with `explode` every part is an object of its own."""
    parts, of = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    there = ~shapely.is_empty(parts)
    parts, of = parts[there], of[there].astype(np.int64)
    if explode:
        return Parts(parts, np.arange(len(parts), dtype=np.int64), of)
    return Parts(parts, of, np.arange(len(shapes), dtype=np.int64))


def points(parts: Parts, ids: np.ndarray, code: str, decimals: int) -> pa.Array:
    """Give points: type 1, or 4 with a count for several in one object.

    A single point has no line with its count: most programs expect none, and no text that was read settles it.
    """
    counts = parts.counts
    starts = np.concatenate([[0], np.cumsum(counts)])
    body = texts.runs(shapely.get_coordinates(parts.shapes), starts, decimals)
    kind: pa.Array | str = "1"
    if (counts > 1).any():
        kind = pc.if_else(pa.array(counts > 1), texts.below("4", texts.whole(counts)), texts.constant("1"))
    return texts.lines(texts.whole(ids), f"{code}{texts.LINE_END}{_STYLE}", kind, body, "0")


def lines(parts: Parts, ids: np.ndarray, code: str, decimals: int) -> pa.Array:
    """Give lines with coordinates of their own, one segment (11) a part."""
    counts = parts.counts
    segments = (
        texts.grouped(_segments(parts.shapes, decimals), counts)
        if (counts > 1).any()
        else _segments(parts.shapes, decimals)
    )
    return texts.lines(texts.whole(ids), texts.below(code, _STYLE, "1"), texts.whole(counts), segments, "0")


def _segments(shapes: np.ndarray, decimals: int) -> pa.Array:
    counts = shapely.get_num_coordinates(shapes)
    starts = np.concatenate([[0], np.cumsum(counts)])
    return texts.below("11", texts.whole(counts), texts.runs(shapely.get_coordinates(shapes), starts, decimals))


def polygons(parts: Parts, ids: np.ndarray, code: str, decimals: int) -> pa.Array:
    """Give polygons with coordinates of their own: all rings, outlines clockwise, holes the other way.

    That an object may have several outlines was seen in no text; set `Form.explode` where a receiver takes only one.
    """
    rings, of_part = _rings(parts.shapes)
    counts = np.bincount(parts.of[of_part], minlength=len(ids))
    body = texts.grouped(_segments(rings, decimals), counts)
    return texts.lines(
        texts.whole(ids), texts.below(code, _STYLE, "1"), _labels(parts, decimals), texts.whole(counts), body, "0"
    )


@dataclass(frozen=True)
class Outlines:
    """Polygons that wait for the lines of their layer.

    Attributes
    ----------
    ids : numpy.ndarray of int64, shape (n,)
    coordinates : numpy.ndarray of float64, shape (c, 2)
        Ring after ring, outlines clockwise, holes the other way.
    sizes : numpy.ndarray of int64, shape (r,)
        Vertices of each ring.
    counts : numpy.ndarray of int64, shape (n,)
        Rings of each polygon.
    labels : pyarrow.Array, length n
    """

    ids: np.ndarray
    coordinates: np.ndarray
    sizes: np.ndarray
    counts: np.ndarray
    labels: pa.Array


def outlines(parts: Parts, ids: Ids, decimals: int) -> Outlines:
    """Give the outlines of polygons that are to be made of lines."""
    rings, of_part = _rings(parts.shapes)
    counts = np.bincount(parts.of[of_part], minlength=len(parts.rows))
    sizes = shapely.get_num_coordinates(rings).astype(np.int64)
    own = ids.take(len(parts.rows))
    return Outlines(own, shapely.get_coordinates(rings), sizes, counts, _labels(parts, decimals))


def by_lines(waiting: Sequence[Outlines], ids: Ids, code: str, decimals: int) -> Iterator[tuple[str, pa.Array]]:
    """Give the helper lines of a layer, each once for all polygons along it, and the polygons that refer to them.

    Where a layer has more than `_MOST_SHARED` vertices, every batch shares lines among its own polygons only, since the
    search needs some two hundred bytes a vertex.
    """
    total = sum(len(one.coordinates) for one in waiting)
    for group in [waiting] if total <= _MOST_SHARED else [[one] for one in waiting]:
        coordinates = np.concatenate([one.coordinates for one in group])
        arcs = arcs_of(coordinates, np.concatenate([one.sizes for one in group]), decimals)
        helpers = ids.take(len(arcs.starts) - 1)
        counts = np.diff(arcs.starts)
        body = texts.runs(coordinates[arcs.vertices], arcs.starts, decimals)
        drawn = texts.below("11", texts.whole(counts), body)
        yield "Line", texts.lines(texts.whole(helpers), texts.below(HELPER_CODE, _STYLE, "1", "1"), drawn, "0")
        names = np.sign(arcs.references) * helpers[np.abs(arcs.references) - 1]
        owner = np.repeat(
            np.arange(sum(len(one.counts) for one in group)), np.concatenate([one.counts for one in group])
        )
        first = np.cumsum(arcs.counts) - arcs.counts
        between = np.flatnonzero(owner[1:] == owner[:-1]) + 1  # rings of a polygon are parted by a 0
        items = np.insert(names, first[between], 0)
        sizes = np.bincount(owner, weights=arcs.counts + 1).astype(np.int64) - 1
        listed = list(_references(items, sizes))
        at = 0
        for one in group:
            some = slice(at, at + len(one.ids))
            at += len(one.ids)
            found = texts.lines(
                texts.whole(one.ids),
                texts.below(code, _STYLE, "100"),
                one.labels,
                "21",
                texts.whole(sizes[some]),
                pa.array(listed[some], type=pa.large_string()),
                "0",
            )
            yield "Polygon", found


def _references(items: np.ndarray, sizes: np.ndarray) -> Iterator[str]:
    at = 0
    for size in sizes.tolist():
        if size == 1:
            yield str(items[at])
        else:
            words = [str(item) for item in items[at : at + size].tolist()]
            yield texts.LINE_END.join(",".join(words[first : first + _PER_LINE]) for first in range(0, size, _PER_LINE))
        at += size


def _rings(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return shapely.get_rings(shapely.orient_polygons(shapes, exterior_cw=True), return_index=True)


def _labels(parts: Parts, decimals: int) -> pa.Array:
    """Give a point inside the first part of every object."""
    firsts = np.searchsorted(parts.of, np.arange(len(parts.rows)))
    shapes = parts.shapes[firsts]
    try:
        inside = shapely.point_on_surface(shapes)
    except shapely.errors.GEOSException:  # an outline that crosses itself
        inside = shapely.get_point(shapely.get_exterior_ring(shapes), 0)
    inside = np.where(shapely.is_empty(inside), shapely.get_point(shapely.get_exterior_ring(shapes), 0), inside)
    return texts.runs(shapely.get_coordinates(inside), np.arange(len(inside) + 1), decimals)


def objects(
    geometry: str, parts: Parts, ids: Ids, code: str, form: Form, decimals: int
) -> tuple[pa.Array | Outlines, np.ndarray]:
    """Give the objects of a batch, or the outlines of polygons that wait for lines; and the features' ids."""
    if geometry == "Polygon" and form.indirect:
        waiting = outlines(parts, ids, decimals)
        return waiting, waiting.ids
    own = ids.take(len(parts.rows))
    draw = {"Point": points, "Line": lines, "Polygon": polygons}[geometry]
    return draw(parts, own, code, decimals), own
