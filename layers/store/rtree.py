"""The spatial index of a layer, built in one go where many rows change.

GDAL keeps the index by triggers, one row at a time: 200,000 rows take seconds in the functions that the triggers call.
Here the triggers are laid aside inside the caller's transaction, the index is packed bottom-up by Sort-Tile-Recursive
(Leutenegger et al., ICDE 1997), and the triggers are put back with their own words. A kill on the way undoes all of it,
since SQLite's transactions hold definitions and the index's tables alike.

The index's tables are written as SQLite's R*Tree module lays them out (sqlite.org/rtree.html and the head of its
rtree.c): a node is a depth (the root's only), a count of cells, and the cells, everything big-endian; a cell of two
dimensions is a 64-bit id and four 32-bit floats. Bounds are rounded outwards as the module itself rounds them, so that
a layer has the same extent in whichever way its index was built.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from .geopackage import envelope, quoted

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_MANY = 1000  # below, the triggers are quick enough
_SHARE = 0.05  # of a layer's rows: below, packing the whole index again costs more than the triggers
_FILL = 0.9  # a full node would be split by the next row that a planner draws
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", (4,))])
_TOWARDS, _AWAY = 1.0 - 1.0 / 8388608.0, 1.0 + 1.0 / 8388608.0  # RNDTOWARDS and RNDAWAY of rtree.c


def worth_packing(touched: int, rows: int) -> bool:
    """Tell whether to pack the index again rather than to change it row by row.

    Parameters
    ----------
    touched : int
        Rows that come, go or move.
    rows : int
        Rows that the layer will have.
    """
    return touched > _MANY and touched > _SHARE * rows


@contextmanager
def packed(
    connection: sqlite3.Connection, layer: str, gone: Sequence[int], come: Sequence[int], blobs: Sequence[bytes | None]
) -> Iterator[None]:
    """Change many rows of a layer, then pack its index and set its number of rows; all in the caller's transaction.

    Parameters
    ----------
    layer : str
        Table name; its geometry column is ``geom``.
    gone : sequence of int
        Ids of the rows whose place the index must forget: deleted or moved.
    come : sequence of int
        Ids of the rows that are new or have moved.
    blobs : sequence of bytes or None
        The GeoPackage geometry of each of `come`.
    """
    words = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        " AND (name LIKE 'rtree\\_%' ESCAPE '\\' OR name LIKE 'trigger\\_%\\_feature\\_count\\_%' ESCAPE '\\')"
        " ORDER BY rowid",
        (layer,),
    ).fetchall()
    for name, _ in words:
        connection.execute(f"DROP TRIGGER {quoted(name)}")
    index = f"rtree_{layer}_geom"
    rows = connection.execute(f"SELECT id, minx, maxx, miny, maxy FROM {quoted(index)}").fetchall()
    yield
    there = np.array(rows, dtype=np.float64).reshape(-1, 5)
    stay = there[~np.isin(there[:, 0].astype(np.int64), np.asarray(gone, dtype=np.int64))]
    ids = np.array([at for at, blob in zip(come, blobs) if blob is not None], dtype=np.int64)
    boxes = rounded_outwards(bounds([blob for blob in blobs if blob is not None]))
    pack(
        connection,
        index,
        np.concatenate([stay[:, 0].astype(np.int64), ids]),
        np.concatenate([stay[:, 1:].astype(np.float32), boxes]),
    )
    connection.execute(
        f"UPDATE gpkg_ogr_contents SET feature_count = (SELECT count(*) FROM {quoted(layer)})"
        " WHERE lower(table_name) = lower(?)",
        (layer,),
    )
    for _, sql in words:
        connection.execute(sql)


def bounds(blobs: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """Give west, east, south, north of geometry blobs that are not empty, shape (n, 4)."""
    if blobs and all(len(blob) == 29 and blob[8] for blob in blobs):  # points of our own or GDAL's: header, kind, x, y
        cells = np.frombuffer(b"".join(blobs), dtype=[("head", "V13"), ("x", "<f8"), ("y", "<f8")])
        return np.stack([cells["x"], cells["x"], cells["y"], cells["y"]], axis=1)
    return np.array([envelope(blob) for blob in blobs], dtype=np.float64).reshape(-1, 4)


def rounded_outwards(boxes: npt.NDArray[np.float64]) -> Floats:
    """Give west, east, south, north as the R*Tree module stores them: never a smaller box; shape (n, 4)."""
    near = boxes.astype(np.float32)
    sign = boxes < 0
    down = np.array([True, False, True, False])
    wrong = np.where(down, near > boxes, near < boxes)
    further = boxes * np.where(sign == down, _AWAY, _TOWARDS)
    return np.where(wrong, further.astype(np.float32), near)


def pack(connection: sqlite3.Connection, index: str, ids: Ids, boxes: Floats) -> None:
    """Write a whole index in place of the one that is there.

    Parameters
    ----------
    index : str
        Name of the virtual table.
    ids : shape (n,)
        Row ids, each once.
    boxes : shape (n, 4)
        West, east, south, north, rounded outwards.
    """
    size = connection.execute(f"SELECT length(data) FROM {quoted(index + '_node')} WHERE nodeno = 1").fetchone()[0]
    capacity = int((size - 4) // _CELL.itemsize * _FILL)
    nodes: list[tuple[int, bytes]] = []
    parents: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []
    depth, next_node = 0, 2
    while True:
        order = _tiles(boxes, capacity)
        count = max(1, -(-len(ids) // capacity))
        numbers = np.array([1]) if count == 1 else np.arange(next_node, next_node + count)
        next_node += count
        owners = numbers[np.arange(len(ids)) // capacity]
        (parents if depth else places).extend(zip(ids[order].tolist(), owners.tolist()))
        written, outlines = _nodes(ids[order], boxes[order], count, capacity, size)
        if count == 1:
            nodes.append((1, depth.to_bytes(2, "big") + written[0][2:]))
            break
        nodes += zip(numbers.tolist(), written)
        ids, boxes, depth = numbers, outlines, depth + 1
    for suffix, names, rows in (
        ("node", "nodeno, data", nodes),
        ("parent", "nodeno, parentnode", parents),
        ("rowid", "rowid, nodeno", places),
    ):
        table = quoted(f"{index}_{suffix}")
        connection.execute(f"DELETE FROM {table}")
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES (?, ?)", sorted(rows))


def _tiles(boxes: Floats, capacity: int) -> Ids:
    """Give the order in which neighbours stand together: slices from west to east, each from south to north."""
    middle = boxes[:, 0::2].astype(np.float64) + boxes[:, 1::2]
    slices = max(1, int(np.ceil(np.sqrt(len(boxes) / capacity))))
    order = np.argsort(middle[:, 0], kind="stable")
    tile = np.empty(len(boxes), dtype=np.int64)
    tile[order] = np.arange(len(boxes)) // (slices * capacity)
    return np.lexsort((middle[:, 1], tile))


def _nodes(ids: Ids, boxes: Floats, count: int, capacity: int, size: int) -> tuple[list[bytes], Floats]:
    """Give the bytes of some nodes, filled in order, and the outline of each."""
    room = (size - 4) // _CELL.itemsize
    cells = np.zeros((count, room), dtype=_CELL)
    at = np.arange(len(ids))
    node, slot = at // capacity, at % capacity
    cells["id"][node, slot], cells["box"][node, slot] = ids, boxes
    held = np.bincount(node, minlength=count).astype(">u2")
    pages = np.zeros((count, size), dtype=np.uint8)
    pages[:, 2:4] = held.view(np.uint8).reshape(count, 2)
    pages[:, 4 : 4 + room * _CELL.itemsize] = cells.view(np.uint8).reshape(count, -1)
    if not len(ids):
        return [page.tobytes() for page in pages], boxes
    starts = np.arange(0, len(ids), capacity)
    low, high = np.minimum.reduceat(boxes, starts), np.maximum.reduceat(boxes, starts)
    outlines = np.where(np.array([True, False, True, False]), low, high)
    return [page.tobytes() for page in pages], outlines
