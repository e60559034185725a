"""Lines drawn twice: the same place under two ids is one road, whatever numbers it bears.

Two lines are the same where their given vertices agree to about a centimetre, in either direction. Stretches of lines
of different roads are the same where they run within `SAME_M` of each other: roads that bear two numbers for a while
are often drawn so. What two features of one road share is left to `carriageways`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .beside import COUNTED, Near, beside_pieces, join_once, near_pieces, runs_of
from .chains import PLACE_DEG, part_at, parts_of
from .drawn import FloatArray, IntArray, Lines, pieces_of
from .stretches import Stretches, divide

SAME_M = 0.1
"""Ten times what the pieces of one drawn line part by when it is divided at other vertices."""
LEAST_M = 50.0
"""Less is common to the ends of lines that part at a small angle, as slip roads do."""
_TURN_DEG = 1.0


def drawn_twice(lines: Lines, road: Sequence[str], rank: IntArray) -> Stretches:
    """Divide lines into what is counted and what another line has already.

    Parameters
    ----------
    lines : Lines
    road : sequence of str (n,)
        Road of each line; a line of the road "" is a road by itself.
    rank : int64 (n,)
        Of two lines in one place that of the lower rank counts, of equal ones that of the road that stands first.

    Returns
    -------
    Stretches
        The value is `COUNTED`, or the row of the line in the same place.
    """
    names = np.array([name or f"\n{row}" for row, name in enumerate(road)], dtype=str)
    first_row, number = np.unique(names, return_index=True, return_inverse=True)[1:]
    order = np.lexsort((np.arange(lines.line_count), first_row[number], rank))
    kept = _same_vertices(lines, order)
    whole = np.flatnonzero(kept >= 0)
    place = np.empty(len(first_row), dtype=np.int64)  # of each road among the roads
    place[number[order][::-1]] = np.arange(len(order))[::-1]
    of, low, high, beside = _coincident(lines, place[number], kept)
    own = kept[of] < 0
    length = lines.length_m[whole]
    line = np.concatenate([whole, of[own]])
    if not len(line):
        return divide(lines, whole, length, length, COUNTED, COUNTED)
    low, high = np.append(np.zeros(len(whole)), low[own]), np.append(length, high[own])
    return divide(lines, *join_once(line, low, high, np.append(kept[whole], beside[own])), COUNTED)


def _same_vertices(lines: Lines, order: IntArray) -> IntArray:
    """Give the line that stands for each line, -1 where it stands for itself or has no length."""
    xy = np.rint(np.column_stack([lines.lon, lines.lat]) / PLACE_DEG).astype(np.int64)
    seen: dict[bytes, int] = {}
    kept = np.full(lines.line_count, -1)
    for row in order.tolist():
        inside = slice(lines.first[row], lines.first[row + 1])
        drawn, chainage = lines.drawn[inside], lines.chainage_m[inside]
        if len(drawn) < 2:
            continue
        jumps = np.flatnonzero((chainage[1:] == chainage[:-1])[drawn[1:]]) + 1
        parts = [min(part.tobytes(), part[::-1].tobytes()) for part in np.split(xy[inside][drawn], jumps)]
        found = seen.setdefault(b"|".join(sorted(parts)), row)
        if found != row:
            kept[row] = found
    return kept


def _coincident(lines: Lines, place: IntArray, kept: IntArray) -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    """Give the stretches of lines in the place of another road's that stands before: line, begin, end, other line."""
    parts = parts_of(lines, None)
    start, line = pieces_of(lines)
    use = kept[line] < 0
    start, line = start[use], line[use]
    piece, other = near_pieces(lines, start, SAME_M)
    later = place[line[other]] < place[line[piece]]
    piece, other = piece[later], other[later]
    share = beside_pieces(lines, start[piece], start[other], SAME_M, _TURN_DEG)[0]
    real = share[:, 0] < share[:, 1]
    piece, other, share = piece[real], other[real], share[real]
    if not len(piece):
        none = np.empty(0)
        return np.empty(0, np.int64), none, none, np.empty(0, np.int64)
    at = lines.chainage_m[start[piece]]
    length = lines.chainage_m[start[piece] + 1] - at
    part = part_at(parts, line[piece], at)
    low, high = at + share[:, 0] * length, at + share[:, 1] * length
    near = Near(part, low, high, line[other], np.ones(len(part), dtype=np.int64))
    of, low, high, beside = runs_of(parts, near, SAME_M, LEAST_M, LEAST_M, SAME_M)
    return parts.line[of], low, high, beside
