"""Two carriageways of one road, so that no kilometre is counted twice.

Features of one road are joined to chains where exactly two of them meet; a feature of no known road is a road by
itself. Of two chains that run side by side the longer one counts: a stretch of the other is not counted where it has a
piece of the longer one beside it, that is, where the foot of the perpendicular falls on that piece, no further than the
stated distance away, and both run in about the same direction (either way round). So of several lines side by side,
each near the next, one counts. Holes as short as that distance, as bends leave them, are closed. Runs shorter than the
stated least length stay counted: the arms of a hairpin or of a fork are near each other too, and they are road.

A chain may come back beside itself: carriageways that meet at one end or at both, or a road drawn out and back. What
comes later along the chain is not counted then, if the run reaches an end of the chain, if the chain is closed, or if
the run is longer than the arms of any hairpin. A shorter run with road going on at both of its sides is taken as a
hairpin: it is counted, and marked as in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .beside import COUNTED, IN_DOUBT, Near, beside_pieces, join_once, near_pieces, runs_of
from .chains import Parts, along_chains, part_at, parts_of
from .drawn import FloatArray, IntArray, Lines, pieces_of
from .stretches import Stretches, divide

__all__ = ["COUNTED", "IN_DOUBT", "second_carriageways"]


def second_carriageways(
    lines: Lines,
    road: Sequence[str],
    *,
    apart_m: float,
    least_m: float,
    turn_deg: float,
    hairpin_m: float | None = None,
) -> Stretches:
    """Divide lines into what is counted and what only doubles another carriageway.

    Parameters
    ----------
    lines : Lines
    road : sequence of str (n,)
        Road of each line, such as its number and class; a line of the road "" is a road by itself.
    apart_m : float
        Greatest distance between the two carriageways.
    least_m : float
        Least length of a run that is not counted.
    turn_deg : float
        Greatest angle between the directions of both.
    hairpin_m : float, optional
        A run of a chain beside itself, with road going on at both sides, is not counted from this length; as `least_m`
        where it is not given.

    Returns
    -------
    Stretches
        The value is `COUNTED`, `IN_DOUBT`, or the row of a line that is beside it and comes before it.
    """
    parts = parts_of(lines, road)
    start, line = pieces_of(lines)
    part = part_at(parts, line, lines.chainage_m[start])
    chain = parts.chain[part]
    names = np.unique([name or f"\n{row}" for row, name in enumerate(road)], return_inverse=True)[1]
    piece, other = near_pieces(lines, start, apart_m)
    same = names[line[piece]] == names[line[other]]
    piece, other = piece[same], other[same]
    order, along = _rank(parts), along_chains(parts)
    middle = (lines.chainage_m[start] + lines.chainage_m[start + 1]) / 2.0
    place = along.start_m[part] + along.way[part] * middle
    own = chain[piece] == chain[other]
    later = np.where(own, place[other] < place[piece], order[chain[other]] < order[chain[piece]])
    piece, other, own = piece[later], other[later], own[later]
    share, foot = beside_pieces(lines, start[piece], start[other], apart_m, turn_deg)
    real = share[:, 0] < share[:, 1]
    piece, other, own, share, foot = piece[real], other[real], own[real], share[real], foot[real]

    at = lines.chainage_m[start[piece]][:, None]
    length = lines.chainage_m[start[piece] + 1][:, None] - at
    low, high = (at + share * length).T
    beside = lines.chainage_m[start[other]][:, None] + foot

    def on_chain(of: IntArray, chainage: FloatArray) -> FloatArray:
        return along.start_m[part[of]][:, None] + along.way[part[of]][:, None] * chainage

    here, there = on_chain(piece, np.column_stack([low, high])), on_chain(other, beside)
    whole = along.length_m[chain[piece]]
    # Neighbours along a bend are not beside each other, nor is what lies about the tip of a hairpin.
    apart = np.abs(here.mean(axis=1) - there.mean(axis=1))
    fold = own & (apart >= apart_m)
    at_end = (here.max(axis=1) >= whole - apart_m) | (there.min(axis=1) <= apart_m) | along.closed[chain[piece]]

    found = []
    # About a joint of two chains a hole is closed from both sides; where a chain turns back one side is counted road.
    fold_m = least_m if hairpin_m is None else max(least_m, hairpin_m)
    for rows, far_m, joint_m in ((~own, least_m, apart_m / 2.0), (fold, fold_m, apart_m)):
        near = Near(part[piece[rows]], low[rows], high[rows], line[other[rows]], at_end[rows].astype(np.int64))
        if rows.any():
            found.append(runs_of(parts, near, apart_m, least_m, far_m, joint_m))
    if not sum(len(runs[0]) for runs in found):
        none = np.empty(0)
        return divide(lines, np.empty(0, np.int64), none, none, COUNTED, COUNTED)
    of, low, high, instead = (np.concatenate(column) for column in zip(*found))
    return divide(lines, *join_once(parts.line[of], low, high, instead), COUNTED)


def _rank(parts: Parts) -> IntArray:
    """Order of the chains: the longer one first, of equal ones that which stands first."""
    length = np.bincount(parts.chain, weights=parts.to_m - parts.from_m)
    order = np.empty(len(length), dtype=np.int64)
    order[np.lexsort((np.arange(len(length)), -length))] = np.arange(len(length))
    return order
