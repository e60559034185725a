"""What is wrong between lines: ends that touch nothing, ends that just miss or overrun another line, doubles.

An end is joined where it lies on another line, on another end or on a node. What counts as lying on it allows for the
rounding of six decimals, and for what nobody can know: between two vertices a line drawn in another projection leaves
the straight line in degrees by up to L² tan φ / 8R in the middle of a segment L long (0.3 m at 5 km).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from ...text import Text
from ..findings.findings import Findings
from ..spec import Kind
from ..table import LayerTable, Shapes
from .measures import apart_m, length_m, metres_per_degree, words_of
from .rows import row_words

_JOINED_M = 0.1
_SEGMENTS = 16  # a piece of a line in the search tree
_RADIUS_M = 6_371_000.0


@dataclass(frozen=True)
class _Ends:
    """Ends of lines: which part, which row, and where."""

    part: np.ndarray
    row: np.ndarray
    places: np.ndarray


def network_findings(
    table: LayerTable, positions: np.ndarray, tolerance_m: float, nodes: Shapes | None = None
) -> Findings:
    """Find the loose ends of a network.

    Parameters
    ----------
    table : LayerTable
        Lines.
    positions : numpy.ndarray of int64, shape (n,)
    tolerance_m : float
        An end nearer than this to another line should have touched it.
    nodes : numpy.ndarray of shapely points, optional
        Where an end may stop, such as the nodes of a cable network.
    """
    findings = Findings()
    parts, row = shapely.get_parts(table.geometry, return_index=True)
    lines = (shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)
    parts, row = parts[lines], row[lines]
    if not len(parts):
        return findings
    loose, missed, other = _loose_ends(parts, row, tolerance_m, _points(nodes))
    over = _overshoots(parts, loose, missed, other, tolerance_m)
    words = row_words(table, positions)
    past = np.isfinite(over)
    dangling = ~np.isfinite(missed)
    for code, chosen, metres in (("overshoot", past, over), ("near_miss", ~past & ~dangling, missed)):
        k = np.flatnonzero(chosen)
        findings.add(
            code,
            positions[loose.row[k]],
            field="geometry",
            values=[f"{words_of(value)} m" for value in metres[k].tolist()],
            related=[_related(words, row, at) for at in other[k].tolist()],
            why=[_words(code, value, _related_text(words, row, at)) for value, at in zip(metres[k], other[k].tolist())],
            confidence=0.8,
            places=loose.places[k],
        )
    k = np.flatnonzero(dangling)
    findings.add(
        "dangle",
        positions[loose.row[k]],
        field="geometry",
        why=Text("端点没有接到其他线", "the end touches no other line"),
        places=loose.places[k],
    )
    findings.extend(duplicate_lines(table, positions))
    return findings


def _points(nodes: Shapes | None) -> np.ndarray:
    if nodes is None:
        return np.zeros((0, 2))
    there = nodes[~shapely.is_missing(nodes) & (shapely.get_type_id(nodes) == 0)]
    return shapely.get_coordinates(there)


def _loose_ends(
    parts: Shapes, row: np.ndarray, tolerance_m: float, nodes: np.ndarray
) -> tuple[_Ends, np.ndarray, np.ndarray]:
    """Give the ends joined to nothing, the metres to the nearest line (inf: too far), and its part (-1: a node)."""
    closed = shapely.is_closed(parts)
    part = np.repeat(np.flatnonzero(~closed), 2)
    start, end = shapely.get_point(parts[~closed], 0), shapely.get_point(parts[~closed], -1)
    places = shapely.get_coordinates(np.column_stack([start, end]).ravel())
    # Ends on the very same spot are joined; most of a sound network is done with here.
    known = np.round(np.vstack([places, nodes]), 9) + 0.0
    _, spot, count = np.unique(known, axis=0, return_inverse=True, return_counts=True)
    lone = np.flatnonzero(count[spot.ravel()][: len(places)] == 1)
    ends = _Ends(part[lone], row[part[lone]], places[lone])
    pieces, of = pieces_of(parts)
    east, north = metres_per_degree(ends.places[:, 1])
    far = max(tolerance_m, _JOINED_M) * 1.001 / np.minimum(east, north)
    if not len(lone):
        return ends, np.zeros(0), np.zeros(0, dtype=np.int64)
    at, found = shapely.STRtree(pieces).query(shapely.points(ends.places), predicate="dwithin", distance=far)
    foreign = of[found] != ends.part[at]
    at, found = at[foreign], found[foreign]
    metres, slack = _distances(ends.places[at], pieces[found])
    other = of[found]
    more = [_to_points(ends, nodes, far), _to_own_end(parts, ends, tolerance_m)]
    at = np.concatenate([at, *(one[0] for one in more)])
    metres = np.concatenate([metres, *(one[1] for one in more)])
    slack = np.concatenate([slack, *(np.zeros(len(one[0])) for one in more)])
    other = np.concatenate([other, *(one[2] for one in more)])
    joined = np.zeros(len(lone), dtype=bool)
    joined[at[metres <= _JOINED_M + slack]] = True
    order = np.lexsort((other, metres, at))
    at, metres, other = at[order], metres[order], other[order]
    first = np.r_[True, at[1:] != at[:-1]] if len(at) else np.zeros(0, dtype=bool)
    nearest, which = np.full(len(lone), np.inf), np.full(len(lone), -1, dtype=np.int64)
    nearest[at[first]], which[at[first]] = metres[first], other[first]
    nearest[nearest > tolerance_m] = np.inf
    keep = ~joined
    return _Ends(ends.part[keep], ends.row[keep], ends.places[keep]), nearest[keep], which[keep]


def pieces_of(parts: Shapes) -> tuple[Shapes, np.ndarray]:
    """Cut lines into pieces of a few segments, so that their boxes fit close: these, and the line of each."""
    points, of = shapely.get_coordinates(parts, return_index=True)
    first = np.r_[0, np.flatnonzero(np.diff(of)) + 1]
    counts = np.diff(np.r_[first, len(of)])
    number = np.arange(len(of)) - np.repeat(first, counts)
    last = number == np.repeat(counts - 1, counts)
    # The vertex between two pieces ends the one and begins the other.
    twice = (number % _SEGMENTS == 0) & (number > 0) & ~last
    index = np.repeat(np.arange(len(of)), 1 + twice)
    starts = np.zeros(len(index), dtype=bool)
    starts[np.cumsum(1 + twice) - 1] = twice
    starts |= (np.repeat(number, 1 + twice) == 0) & ~np.repeat(twice, 1 + twice)
    piece = np.cumsum(starts) - 1
    return shapely.linestrings(points[index], indices=piece), of[index[starts]]


def _distances(places: np.ndarray, pieces: Shapes) -> tuple[np.ndarray, np.ndarray]:
    """Give the metres from each place to its piece of a line, and how far that is uncertain."""
    if not len(places):
        return np.zeros(0), np.zeros(0)
    points, of = shapely.get_coordinates(pieces, return_index=True)
    scale = np.column_stack(metres_per_degree(places[:, 1]))
    local = (points - places[of]) * scale[of]
    inner = np.flatnonzero(of[1:] == of[:-1])
    a, step, owner = local[inner], local[inner + 1] - local[inner], of[inner]
    square = (step**2).sum(axis=1)
    along = np.clip(np.where(square > 0, -(a * step).sum(axis=1) / np.maximum(square, 1e-30), 0), 0, 1)
    near = a + along[:, None] * step
    metres = np.hypot(near[:, 0], near[:, 1])
    order = np.lexsort((metres, owner))
    best = order[np.r_[True, owner[order][1:] != owner[order][:-1]]]
    bulge = step[best, 0] ** 2 * np.abs(np.tan(np.radians(places[:, 1]))) / (8 * _RADIUS_M)
    slack = bulge * 4 * along[best] * (1 - along[best])
    return apart_m(places, places + near[best] / scale), slack


def _to_points(ends: _Ends, nodes: np.ndarray, far: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if not len(nodes):
        return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64)
    at, node = shapely.STRtree(shapely.points(nodes)).query(
        shapely.points(ends.places), predicate="dwithin", distance=far
    )
    return at, apart_m(ends.places[at], nodes[node]), np.full(len(at), -1, dtype=np.int64)


def _to_own_end(parts: Shapes, ends: _Ends, tolerance_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find loops that just fail to close: the other end of the same line, unless the line itself is that short."""
    own = parts[ends.part]
    start, end = (shapely.get_coordinates(shapely.get_point(own, k)) for k in (0, -1))
    gap = apart_m(start, end)
    at = np.flatnonzero(gap <= tolerance_m)
    at = at[[length_m(own[k]) > 4 * tolerance_m for k in at.tolist()]] if len(at) else at
    return at, gap[at], ends.part[at]


def _overshoots(parts: Shapes, ends: _Ends, missed: np.ndarray, other: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Give by how many metres an end runs past the line that it is near to, NaN where it does not reach it."""
    over = np.full(len(missed), np.nan)
    for k in np.flatnonzero(np.isfinite(missed) & (other >= 0) & (other != ends.part)).tolist():
        crossing = shapely.get_coordinates(shapely.intersection(parts[ends.part[k]], parts[other[k]]))
        if len(crossing):
            metres = apart_m(np.broadcast_to(ends.places[k], crossing.shape), crossing)
            # The way along the line is longer than the way to it, as the crossing may be askew.
            over[k] = metres.min() if metres.min() <= 2 * tolerance_m else np.nan
    return over


def _related(words: list[str], row: np.ndarray, part: int) -> str:
    return words[row[part]] if part >= 0 else "node"


def _related_text(words: list[str], row: np.ndarray, part: int) -> Text:
    if part < 0:
        return Text("节点", "a node")
    number = words[row[part]].removeprefix("row ")
    return Text(f"第 {number} 行的线", f"the line of row {number}")


def _words(code: str, metres: float, other: Text) -> Text:
    if code == "overshoot":
        return Text(f"越过{other.zh} {words_of(metres)} m", f"it runs {words_of(metres)} m past {other.en}")
    return Text(
        f"距{other.zh} {words_of(metres)} m，没有接上", f"{words_of(metres)} m from {other.en}, without touching it"
    )


def duplicate_lines(table: LayerTable, positions: np.ndarray) -> Findings:
    """Find rows whose line is the very same as that of an earlier row, in either direction.

    Two cables in one duct, or two road numbers on one road, are drawn alike on purpose: where another field differs
    too, it is only told.
    """
    findings = Findings()
    shapes = table.geometry
    there = np.flatnonzero(shapely.get_dimensions(shapes) == 1)
    rough = np.column_stack([np.round(shapely.bounds(shapes[there]), 9), shapely.get_num_coordinates(shapes[there])])
    _, group, count = np.unique(rough, axis=0, return_inverse=True, return_counts=True)
    there = there[count[group.ravel()] > 1]
    if not len(there):
        return findings
    # Half a millimetre of rounding does not make another line.
    same = shapely.to_wkb(shapely.normalize(shapely.set_precision(shapes[there], 1e-9, mode="pointwise")))
    codes, _ = pd.factorize(same)
    first = there[np.unique(codes, return_index=True)[1]][codes]
    later = there != first
    there, first = there[later], first[later]
    names = [item.name for item in table.spec.own_fields if item.name not in table.spec.key]
    frame = table.columns[[name for name in names if name in table.columns]]
    one, two = frame.iloc[there].reset_index(drop=True), frame.iloc[first].reset_index(drop=True)
    both = (one == two).fillna(False)
    alike = (both | (one.isna() & two.isna())).all(axis=1).to_numpy(dtype=bool)
    # A code such as the class says little; a name or number that is the same says that it is the same thing.
    telling = [name for name in frame.columns if table.spec.field(name).kind is Kind.TEXT and name != "remark"]
    alike = alike & both[telling].any(axis=1).to_numpy(dtype=bool)
    words = row_words(table, positions)
    for chosen, severity, why in (
        (alike, "", Text("线形和属性都与另一行相同", "shape and attributes are those of another row")),
        (
            ~alike,
            "informs",
            Text(
                "线形与另一行相同，属性不同：可能同沟或共线",
                "the same shape, other attributes: perhaps one trench or road",
            ),
        ),
    ):
        k = np.flatnonzero(chosen)
        findings.add(
            "duplicate_line",
            positions[there[k]],
            field="geometry",
            related=[words[at] for at in first[k].tolist()],
            why=why,
            severity=severity,
        )
    return findings
