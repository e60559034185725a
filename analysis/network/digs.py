"""How much ground lines that run side by side lie in: each place once, however many lines there are.

The lines are gone through in an order. A line follows the trenches of earlier partners wherever it lies within the
width of one, and has a trench of its own on the rest of what it has beside any partner. So three lines in one corridor
of 20 km are 20 km of trench and 40 km that follow it, though their three pairs add up to 60 km.

Who owns several lines beside each other digs once for them: what of a line lies within the width of an earlier one of
the same owner, in a trench of its own or following another, is neither a trench nor follows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from .parts import Parts, cut, parts_of
from .together import Together, run_together

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Stretch = tuple[float, float]


class Digs(NamedTuple):
    """What of each line runs beside partners, shape (l,) each.

    Attributes
    ----------
    own_m : numpy.ndarray
        In a trench of its own, which others may follow.
    follows_m : numpy.ndarray
        Within the width of the trench of an earlier partner.
    """

    own_m: FloatArray
    follows_m: FloatArray


def digs(
    parts: Parts,
    beside: Together,
    order: Sequence[int],
    lines: int,
    width_m: float,
    owners: Sequence[Set[str]] | None = None,
) -> Digs:
    """Tell ground that is dug from ground that was dug before.

    Parameters
    ----------
    parts : Parts
    beside : Together
        Both ways, of partners alone.
    order : sequence of int
        Lines (rows); those that are not named come to no trench.
    lines : int
    width_m : float
    owners : sequence of set of str, optional
        Of each line; default none, so that every line counts.
    """
    of_part: dict[int, list[tuple[int, Stretch]]] = {}
    for part, other, low, high in zip(*(column.tolist() for column in beside)):
        of_part.setdefault(part, []).append((other, (low, high)))
    parts_of_row: dict[int, list[int]] = {}
    for part in sorted(of_part):
        parts_of_row.setdefault(int(parts.row[part]), []).append(part)
    partners_of: dict[int, set[int]] = {}
    for part, partners in of_part.items():
        partners_of.setdefault(int(parts.row[part]), set()).update(other for other, _ in partners)
    dug: dict[int, list[shapely.LineString]] = {}
    placed: dict[int, list[shapely.LineString]] = {}
    own_m, follows_m = np.zeros(lines), np.zeros(lines)
    for row in order:
        # Lines of one owner are no partners; those that lie together have partners in common.
        kin = (
            {}
            if owners is None
            else {
                one: placed[one]
                for one in set().union(*(partners_of.get(other, set()) for other in partners_of.get(row, ()))) - {row}
                if one in placed and owners[one] & owners[row]
            }
        )
        for part in parts_of_row.get(row, []):
            partners = of_part[part]
            earlier = {other: dug[other] for other, _ in partners if other in dug}
            trenches = _beside_trenches(parts, part, earlier, width_m)
            whole = _union(stretch for _, stretch in partners)
            follows = _union(
                common for other, stretch in partners for common in _common(stretch, trenches.get(other, []))
            )
            own = [left for stretch in whole for left in _without(stretch, follows)]
            done = _union(
                stretch for found in _beside_trenches(parts, part, kin, width_m).values() for stretch in found
            )
            own, follows = (
                [left for stretch in stretches for left in _without(stretch, done)] for stretches in (own, follows)
            )
            own_m[row] += _length(own)
            follows_m[row] += _length(follows)
            dug.setdefault(row, []).extend(_pieces(parts, part, own))
            placed.setdefault(row, []).extend(_pieces(parts, part, [*own, *follows]))
    return Digs(own_m, follows_m)


def _beside_trenches(
    parts: Parts, part: int, dug: dict[int, list[shapely.LineString]], width_m: float
) -> dict[int, list[Stretch]]:
    """Give the stretches of a part within the width of the trenches of others, by these."""
    number = [other for other, pieces in dug.items() for _ in pieces]
    if not number:
        return {}
    line = shapely.LineString(parts.xy[parts.first[part] : parts.first[part + 1]])
    measured = parts_of([line, *(piece for pieces in dug.values() for piece in pieces)])
    found = run_together(measured._replace(row=np.append(-1, number)[measured.row]), width_m)
    trenches: dict[int, list[Stretch]] = {}
    for own, other, low, high in zip(*(column.tolist() for column in found)):
        if own == 0:
            trenches.setdefault(other, []).append((low, high))
    return trenches


def _pieces(parts: Parts, part: int, stretches: list[Stretch]) -> list[shapely.LineString]:
    """Cut stretches that do not overlap out of a part."""
    at = np.array(stretches, dtype=np.float64).ravel()
    made = cut(parts, np.full(len(at), part), at)
    inside = (made.part == part) & (made.from_cut >= 0) & (made.from_cut % 2 == 0) & (made.to_m > made.from_m)
    return list(made.shapes[inside])


def _length(stretches: list[Stretch]) -> float:
    return sum(high - low for low, high in stretches)


def _union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches that touch or overlap."""
    made: list[Stretch] = []
    for low, high in sorted(stretches):
        if made and low <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return made


def _common(stretch: Stretch, others: list[Stretch]) -> list[Stretch]:
    both = [(max(stretch[0], low), min(stretch[1], high)) for low, high in others]
    return [(low, high) for low, high in both if high > low]


def _without(stretch: Stretch, away: list[Stretch]) -> list[Stretch]:
    """Give what is left of a stretch without others, which rise and do not overlap."""
    start, made = stretch[0], []
    for low, high in _common(stretch, away):
        made.append((start, low))
        start = high
    return [(low, high) for low, high in [*made, (start, stretch[1])] if high > low]
