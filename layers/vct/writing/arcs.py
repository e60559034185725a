"""Outlines of polygons cut into lines that neighbours share: one line, two polygons, the one of them backwards.

Two outlines share a line where they have the same vertices, as written; no vertex is added or moved. A line ends at
every vertex where the way on is not the same for all outlines that pass, as TopoJSON cuts its arcs. All comparisons
are of whole numbers, so that nothing hangs on rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_FEWEST = 3  # corners of an outline


@dataclass(frozen=True)
class Arcs:
    """Lines, and the rings that are made of them.

    Attributes
    ----------
    vertices : numpy.ndarray of int64, shape (m,)
        Rows of the coordinates, line after line.
    starts : numpy.ndarray of int64, shape (n + 1,)
        Where each line begins in `vertices`, and m.
    references : numpy.ndarray of int64, shape (k,)
        Line numbers from 1 on, negative for backwards, ring after ring.
    counts : numpy.ndarray of int64, shape (r,)
        References of each ring.
    """

    vertices: np.ndarray
    starts: np.ndarray
    references: np.ndarray
    counts: np.ndarray


def arcs_of(coordinates: np.ndarray, sizes: np.ndarray, decimals: int) -> Arcs:
    """Cut rings into lines.

    Parameters
    ----------
    coordinates : numpy.ndarray of float64, shape (c, 2)
        Ring after ring, each closed.
    sizes : numpy.ndarray of int64, shape (r,), at least 4
        Vertices of each ring, the closing one counted.
    decimals : int
        With which coordinates are written: vertices that read the same are the same.
    """
    rows, vertex, count = _corners(coordinates, sizes, decimals)
    first = np.repeat(np.cumsum(count) - count, count)
    size, ring = np.repeat(count, count), np.repeat(np.arange(len(count)), count)
    place = np.arange(len(rows)) - first
    before, after = vertex[first + (place - 1) % size], vertex[first + (place + 1) % size]
    node = _nodes(vertex, before, after)
    # A ring is turned so that it begins at a node, if it has one.
    with_node, where = np.unique(ring[node], return_index=True)
    turn = np.zeros(len(count), dtype=np.int64)
    turn[with_node] = place[node][where]
    order = first + (place + turn[ring]) % size
    piece = np.flatnonzero(node[order] | (place == 0))
    length = np.diff(np.append(piece, len(order)))
    name, forward = _names(vertex[order], after[order], piece, length)
    _, drawer, number = np.unique(name, return_index=True, return_inverse=True)
    # Whoever comes first draws the line; lines are numbered in that order.
    rank = np.empty(len(drawer), dtype=np.int64)
    rank[np.argsort(drawer)] = np.arange(len(drawer))
    number, drawer = rank[number], np.sort(drawer)
    references = np.where(forward == forward[drawer][number], number + 1, -(number + 1))
    starts = np.concatenate([[0], np.cumsum(length[drawer] + 1)])
    line = np.repeat(np.arange(len(drawer)), length[drawer] + 1)
    begin = piece[drawer][line]
    step = begin - first[begin] + np.arange(starts[-1]) - starts[line]
    vertices = rows[order[first[begin] + step % size[begin]]]  # the last step leads back to the first vertex
    return Arcs(vertices, starts, references, np.bincount(ring[piece], minlength=len(sizes)))


def _corners(coordinates: np.ndarray, sizes: np.ndarray, decimals: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give row and vertex number of every corner, and the corners of every ring.

    The closing vertex is none, nor one that reads as the one before. A ring of fewer than three stays as it is, with
    vertices that nobody shares.
    """
    ring = np.repeat(np.arange(len(sizes)), sizes)
    grid = np.rint(coordinates * 10.0**decimals) + 0.0  # no minus zero
    is_corner = np.ones(len(grid), dtype=bool)
    is_corner[1:] = (grid[1:] != grid[:-1]).any(axis=1) | (ring[1:] != ring[:-1])
    closing = np.cumsum(sizes) - 1
    # Behind a last corner that reads as the closing vertex nothing new comes: the corner before it counts already.
    is_corner[closing] = False
    starts = closing - sizes + 1
    last = np.maximum.reduceat(np.where(is_corner, np.arange(len(grid)), -1), starts)
    again = (grid[last] == grid[starts]).all(axis=1) & (last > starts)
    is_corner[last[again]] = False
    collapsed = (np.bincount(ring[is_corner], minlength=len(sizes)) < _FEWEST)[ring]
    is_corner |= collapsed
    is_corner[closing] = False
    rows = np.flatnonzero(is_corner)
    _, vertex = np.unique(grid[rows] @ np.array([1, 1j]), return_inverse=True)
    own = collapsed[rows]
    vertex[own] = len(rows) + np.arange(int(own.sum()))
    return rows, vertex, np.bincount(ring[rows], minlength=len(sizes))


def _nodes(vertex: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Tell at which corners lines end: those whose neighbours are not the same two each time they are passed."""
    low, high = np.minimum(before, after), np.maximum(before, after)
    last_low, last_high = np.zeros((2, int(vertex.max(initial=0)) + 1), dtype=np.int64)
    last_low[vertex], last_high[vertex] = low, high
    differs = np.zeros(len(last_low), dtype=bool)
    differs[vertex[(last_low[vertex] != low) | (last_high[vertex] != high)]] = True
    found: np.ndarray = differs[vertex]
    return found


def _names(start: np.ndarray, end: np.ndarray, piece: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give a number to every piece of a ring, the same for the same edges, and which way it goes along them.

    No edge is in two lines, so that the lowest edge names a line.
    """
    total = int(max(start.max(initial=0), end.max(initial=0))) + 1
    _, edge = np.unique(np.minimum(start, end) * total + np.maximum(start, end), return_inverse=True)
    lowest = np.minimum.reduceat(edge, piece)
    of = np.repeat(np.arange(len(piece)), length)
    is_lowest = np.flatnonzero(edge == lowest[of])
    _, where = np.unique(of[is_lowest], return_index=True)
    return lowest, (start < end)[is_lowest[where]]
