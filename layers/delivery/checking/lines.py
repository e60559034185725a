"""What is wrong with the lines of a layer: overlaps with themselves and each other, crossings, ends, short lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import shapely

from ....text import Text
from ...geometry.ends import free_ends
from ...geometry.strands import Strands, strands_of
from ..profile.model import Check, Profile
from .found import Found
from .frame import Frame, amount, told_as_twins

_MORE = Text("重叠的线过多，只列出一部分。", "Too many lines overlap: only some of it is listed.")
_REMEDY_OF_MORE = Text(
    "请先删除重复的线，改正已列出的，再检查一次。", "Delete lines that stand twice, mend what is listed, check again."
)


def line_checks(frame: Frame, profile: Profile, checks: Mapping[str, Check], twins: np.ndarray | None) -> list[Found]:
    """Run 4201 and 4701 on the lines of a layer.

    What counts and what does not, all within the tolerance of the profile and without heights: lines that share an end
    or cross do not overlap; lines that run over the same ground for longer than the tolerance do. A closed line does
    not intersect itself at the place where it closes. A line one end of which lies on its own middle touches itself
    but crosses nothing: no fault of 4201. Other programs may judge such an end otherwise: unverified. Parts of one
    feature count as one line. The ends of a layer that the profile calls joined must meet another line, or their own.

    Parameters
    ----------
    twins : numpy.ndarray of int64 or None, shape (n,)
        What is told as drawn again is not told as overlapping another line: its earlier twin is.
    """
    at = frame.of(1)
    topology, short = checks.get("4201"), checks.get("4701")
    found: list[Found] = []
    if not len(at):
        return found
    if topology is not None:
        strands = strands_of(frame.shapes[at], frame.tolerance, None if twins is None else twins[at] >= 0)
        found += _overlaps(frame, at, strands, topology.id, twins)
        found += _crossings(frame, at, strands, topology.id)
        if not strands.is_whole:
            found.append(frame.about(topology.id, _MORE, _REMEDY_OF_MORE))
        if any(item.joined for item in profile.layers if item.name == frame.layer.name):
            found += _loose(frame, at, strands, topology)
    if short is not None:
        found += _short(frame, at, short)
    return found


def _overlaps(frame: Frame, at: np.ndarray, strands: Strands, rule: str, twins: np.ndarray | None) -> list[Found]:
    one, other, ground = at[strands.overlaps.one], at[strands.overlaps.other], strands.overlaps.ground
    kept = (one == other) | ~told_as_twins(twins, one, other)
    one, other, ground = one[kept], other[kept], ground[kept]
    metres = frame.metres_of(ground, square=False)
    own = one == other
    messages, remedies = [], []
    for a, is_own, size in zip(one.tolist(), own.tolist(), metres.tolist()):
        if is_own:
            messages.append(
                Text(f"有 {amount(size, 'm')} 与自身重叠。", f"It runs over itself for {amount(size, 'm')}.")
            )
            remedies.append(Text("请删除折返或重复的一段。", "Delete the stretch that is drawn twice."))
            continue
        messages.append(
            Text("与{other} 重叠 {size}。", "It runs over {other} for {size}.").filled(
                other=frame.named(a), size=amount(size, "m")
            )
        )
        remedies.append(
            Text(
                "请删除重复的一段；确为同路由的两条线，与接收单位商定是否合并。",
                "Delete the stretch that is drawn twice; of two lines on one route, agree with the bureau.",
            )
        )
    return frame.found(rule, other, messages, remedies, ground, [amount(size, "m") for size in metres.tolist()])


def _crossings(frame: Frame, at: np.ndarray, strands: Strands, rule: str) -> list[Found]:
    crossed = ~strands.lasso & ~_on_overlaps(strands, frame.tolerance)
    rows, first, counts = np.unique(strands.line[crossed], return_index=True, return_counts=True)
    places = strands.places[crossed]
    return frame.found(
        rule,
        at[rows],
        [Text(f"自相交，共 {count} 处。", f"It crosses itself at {_places(count)}.") for count in counts.tolist()],
        Text(
            "请在标出的位置断开或移动拐点。",
            "Split the line or move the vertex, at the place shown.",
        ),
        [
            shapely.Point(places[start]) if count == 1 else shapely.multipoints(places[start : start + count])
            for start, count in zip(first.tolist(), counts.tolist())
        ],
        [str(count) for count in counts.tolist()],
    )


def _on_overlaps(strands: Strands, tolerance: float) -> np.ndarray:
    """Tell which places lie on ground that their line uses twice: where it leaves that is no fault of its own."""
    own = strands.overlaps.one == strands.overlaps.other
    lines, ground = strands.overlaps.one[own], strands.overlaps.ground[own]
    on = np.zeros(len(strands.line), dtype=bool)
    at = np.flatnonzero(np.isin(strands.line, lines))
    twice = ground[np.searchsorted(lines, strands.line[at])]
    on[at] = shapely.dwithin(shapely.points(strands.places[at]), twice, 2 * tolerance)
    return on


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _loose(frame: Frame, at: np.ndarray, strands: Strands, check: Check) -> list[Found]:
    """Find ends that meet nothing; with a threshold (m) of the check, also tell how far the next line is."""
    row, places, near = free_ends(frame.shapes[at], frame.tolerance, frame.units(check.threshold or 0.0))
    held: dict[int, list[list[float]]] = defaultdict(list)
    for k, place in zip(strands.line[strands.lasso].tolist(), strands.places[strands.lasso].tolist()):
        held[k].append(place)
    rows, messages, values, points = [], [], [], []
    for k, place, gap in zip(row.tolist(), places.tolist(), near):
        if any(np.hypot(x - place[0], y - place[1]) <= frame.tolerance for x, y in held.get(k, [])):
            continue
        apart = float(frame.metres_of(np.array([gap], dtype=object), square=False)[0]) if gap is not None else 0.0
        rows.append(int(at[k]))
        points.append(shapely.Point(place))
        values.append(amount(apart, "m") if gap is not None else "")
        messages.append(
            Text(f"端点悬空，距最近的线 {amount(apart, 'm')}。", f"An end is {amount(apart, 'm')} from the next line.")
            if gap is not None
            else Text("端点悬空，没有接到其他线。", "An end touches no other line.")
        )
    remedy = Text("请把端点捕捉到应相接的线上，或确认为末端。", "Snap it to the line it should meet, or confirm it.")
    return frame.found(check.id, rows, messages, remedy, points, values)


def _short(frame: Frame, at: np.ndarray, check: Check) -> list[Found]:
    """Find lines, parts of lines and, where the profile asks for them, segments that are too short."""
    found: list[Found] = []
    limit = check.threshold
    if limit is not None:
        small, sizes = frame.smaller(frame.shapes[at], limit, square=False)
        rows = at[small]
        found += frame.found(
            check.id,
            rows,
            [
                Text(
                    f"长度 {amount(size, 'm')}，小于 {limit:g} m。",
                    f"It is {amount(size, 'm')} long, below {limit:g} m.",
                )
                for size in sizes.tolist()
            ],
            Text("请并入相接的线，或删除。", "Join it to the line it meets, or delete it."),
            frame.shapes[rows],
            [amount(size, "m") for size in sizes.tolist()],
        )
        several = np.setdiff1d(at[shapely.get_num_geometries(frame.shapes[at]) > 1], rows)
        parts, owner = shapely.get_parts(frame.shapes[several], return_index=True)
        small, sizes = frame.smaller(parts, limit, square=False)
        found += frame.found(
            check.id,
            several[owner[small]],
            [
                Text(
                    f"有一个部件长 {amount(size, 'm')}，小于 {limit:g} m。",
                    f"One of its parts is {amount(size, 'm')} long, below {limit:g} m.",
                )
                for size in sizes.tolist()
            ],
            Text("请并入相接的线，或删除该部件。", "Join the part to the line it meets, or delete it."),
            parts[small],
            [amount(size, "m") for size in sizes.tolist()],
        )
    if check.segment is not None:
        found += _short_segments(frame, at, check.id, check.segment)
    return found


def _short_segments(frame: Frame, at: np.ndarray, rule: str, limit: float) -> list[Found]:
    """Find segments shorter than a limit (m), one finding a line, at the shortest of them."""
    parts, owner = shapely.get_parts(frame.shapes[at], return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    inner = np.flatnonzero(part[1:] == part[:-1])
    pieces = shapely.linestrings(np.stack([points[inner], points[inner + 1]], axis=1))
    row = owner[part[inner]]
    near, metres = frame.smaller(pieces, limit, square=False)
    order = np.lexsort((metres, row[near]))
    rows, first, counts = np.unique(row[near][order], return_index=True, return_counts=True)
    shortest = order[first]
    return frame.found(
        rule,
        at[rows],
        [
            Text(
                f"有 {count} 段短于 {limit:g} m，最短 {amount(size, 'm')}。",
                f"{count} of its segments are below {limit:g} m; the shortest has {amount(size, 'm')}.",
            )
            for count, size in zip(counts.tolist(), metres[shortest].tolist())
        ],
        Text("请删除多余的拐点。", "Delete the vertices that are not needed."),
        shapely.get_point(pieces[near[shortest]], 0),
        [amount(size, "m") for size in metres[shortest].tolist()],
    )
