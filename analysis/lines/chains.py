"""Lines of one road that meet end to end, so that a run of 3 km is one run however the road was cut into features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .drawn import FloatArray, IntArray, Lines, jumps_of, places_at
from .stretches import last_begun

PLACE_DEG = 1e-7
"""Ends nearer than about a centimetre are the same place."""


class Parts(NamedTuple):
    """Lines between their jumps, sorted by line and chainage.

    Attributes
    ----------
    line : shape (p,), int64
    from_m, to_m : shape (p,), float64
        Chainage.
    node : shape (p, 2), int64
        Number of the place at begin and end; -1 where the road has not exactly two ends there.
    chain : shape (p,), int64
        Parts that hang together have the same number.
    """

    line: IntArray
    from_m: FloatArray
    to_m: FloatArray
    node: IntArray
    chain: IntArray


def parts_of(lines: Lines, road: Sequence[str] | None) -> Parts:
    """Find the parts of lines and how they hang together.

    Parameters
    ----------
    lines : Lines
    road : sequence of str (n,), optional
        What road each line belongs to: parts of the same road are joined where exactly two ends meet, at a fork
        they are not. Lines of the road "" hang together with none. None: no line with another.
    """
    jump_line, jump_m = jumps_of(lines)
    length = lines.length_m
    some = np.flatnonzero(length > 0.0)
    line = np.append(some, jump_line)
    begin = np.append(np.zeros(len(some)), jump_m)
    order = np.lexsort((begin, line))
    line, begin = line[order], begin[order]
    end = np.append(begin[1:], 0.0)
    last = np.append(line[1:] != line[:-1], True)[: len(line)]
    end = np.where(last, length[line], end[: len(line)])
    names = [f"{k}" for k in range(lines.line_count)] if road is None else list(road)
    if len(names) != lines.line_count:
        raise ValueError(f"{len(names)} roads but {lines.line_count} lines")
    number = np.unique(np.array(names, dtype=str), return_inverse=True)[1] if names else np.empty(0, np.int64)
    alone = np.array([name == "" for name in names], dtype=bool)
    key = np.where(alone, len(names) + np.arange(len(names)), number)[line]

    at_begin, at_end = places_at(lines, line, begin), places_at(lines, line, end, after_jump=False)
    places = np.concatenate([np.stack(at_begin), np.stack(at_end)], axis=1)
    ends = np.vstack([np.append(key, key)[None], np.rint(places / PLACE_DEG).astype(np.int64)])
    node, count = np.unique(ends, axis=1, return_inverse=True, return_counts=True)[1:]
    node = np.where(count[node] == 2, node, -1).reshape(2, -1).T
    rows = np.arange(len(line))
    return Parts(line, begin, end, node, joined(node, rows, np.ones((len(line), 2), dtype=bool)))


def joined(node: IntArray, part: IntArray, touches: npt.NDArray[np.bool_]) -> IntArray:
    """Give runs that meet at a place the same number.

    Parameters
    ----------
    node : int64 (p, 2)
        As in `Parts`.
    part : int64 (k,)
        The part of each run.
    touches : bool (k, 2)
        The run begins, or ends, with its part.

    Returns
    -------
    int64 (k,)
        Numbered in the order of the runs.
    """
    count = len(part)
    if count == 0:
        return np.empty(0, dtype=np.int64)
    at = node[part]
    run, side = np.nonzero(touches & (at >= 0))
    place = at[run, side]
    order = np.argsort(place, kind="stable")
    run, place = run[order], place[order]
    pair = np.flatnonzero(place[1:] == place[:-1])
    links = coo_array((np.ones(len(pair), np.int8), (run[pair], run[pair + 1])), shape=(count, count))
    label = connected_components(links, directed=False)[1]
    first = np.unique(label, return_index=True)[1]
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[label]


class Along(NamedTuple):
    """Where each part lies along its chain.

    Attributes
    ----------
    start_m, way : shape (p,), float64
        A place of chainage m lies at ``start_m + way * m`` along the chain; ``way`` is 1 or -1.
    length_m : shape (c,), float64
        Length of each chain.
    closed : shape (c,), bool
        The chain ends where it begins.
    """

    start_m: FloatArray
    way: FloatArray
    length_m: FloatArray
    closed: npt.NDArray[np.bool_]


def along_chains(parts: Parts) -> Along:
    """Walk along the chains, each from a free end, or from its first part where it has none."""
    count = int(parts.chain.max(initial=-1)) + 1
    length, closed = np.zeros(count), np.zeros(count, dtype=bool)
    start, way = np.zeros(len(parts.line)), np.zeros(len(parts.line))
    at: dict[int, list[tuple[int, int]]] = {}
    for part, side in np.argwhere(parts.node >= 0).tolist():
        at.setdefault(int(parts.node[part, side]), []).append((part, side))
    free = np.flatnonzero((parts.node < 0).any(axis=1))
    for first in [*free.tolist(), *range(len(parts.line))]:
        if way[first]:
            continue
        chain = parts.chain[first]
        closed[chain] = bool((parts.node[first] >= 0).all())
        part, side = first, 0 if parts.node[first, 0] < 0 or closed[chain] else 1
        while not way[part]:
            own = parts.to_m[part] - parts.from_m[part]
            way[part] = 1.0 if side == 0 else -1.0
            start[part] = length[chain] + (-parts.from_m[part] if side == 0 else parts.to_m[part])
            length[chain] += own
            ends = [end for end in at.get(int(parts.node[part, 1 - side]), []) if end != (part, 1 - side)]
            if not ends:
                break
            part, side = ends[0]
    return Along(start, way, length, closed)


def part_at(parts: Parts, line: IntArray, from_m: FloatArray) -> IntArray:
    """Find the part that stretches, by line and begin, belong to."""
    return last_begun(parts.line, parts.from_m, line, from_m)
