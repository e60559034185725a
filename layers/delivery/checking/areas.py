"""What is wrong between the areas of a layer: overlaps, gaps where they are to fill the ground, slivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from ....text import Text
from ...geometry.areas import pairs_in_turn
from ...geometry.strips import clustered, common_ground, wide_parts
from ...geometry.unfilled import unfilled
from ..profile.model import Check, Profile
from .found import CUT, MOST, Found
from .frame import Frame, amount, mended_areas

_PAIRS_AT_ONCE = 100_000
_CLIP = Text("请沿公共边界裁剪其中一个面，使两者不重叠。", "Clip one of the two along the border they should share.")
_NEST = Text("请在外面的面中挖去里面的面，或删除其一。", "Cut the inner one out of the outer, or delete one of them.")


def area_checks(frame: Frame, profile: Profile, checks: Mapping[str, Check], twins: np.ndarray | None) -> list[Found]:
    """Run 4101 and 4601 on the areas of a layer.

    What a layer may do to the ground it shares: areas that touch along an edge or at a corner do not overlap, nor do
    those whose edges part by no more than the tolerance; an area inside another overlaps it with all that it has.
    Invalid areas take part as GEOS mends them. Heights do not count.

    Parameters
    ----------
    twins : numpy.ndarray of int64 or None, shape (n,)
        What is told as drawn again is not told as overlapping anything: its earlier twin is.
    """
    at = frame.of(2)
    overlap, sliver = checks.get("4101"), checks.get("4601")
    limit = sliver.threshold if sliver is not None else None
    if not len(at) or (overlap is None and limit is None):
        return []
    shapes = mended_areas(frame.shapes[at])
    at, shapes = at[~shapely.is_missing(shapes)], shapes[~shapely.is_missing(shapes)]
    found, crowded, overlapping = _overlaps(frame, at, shapes, overlap, twins)
    tiles = any(item.tiles for item in profile.layers if item.name == frame.layer.name)
    fills = overlap is not None and tiles
    if sliver is not None and limit is not None:
        found += _slivers(frame, at, shapes, sliver.id, limit)
    if not fills and limit is None:
        return found
    if (crowded & ~overlapping).any():
        shapes = mended_areas(clustered(shapes, frame.tolerance))
        at, shapes = at[~shapely.is_missing(shapes)], shapes[~shapely.is_missing(shapes)]
        crowded = _crowded(shapes)
    gaps, _ = wide_parts(unfilled(shapes, crowded), frame.tolerance)
    sizes = frame.metres_of(gaps, square=True)
    if fills and overlap is not None:
        return found + _gaps(frame, at, shapes, overlap.id, (gaps, sizes))
    if sliver is not None and limit is not None:
        small = sizes < limit
        found += _gaps(frame, at, shapes, sliver.id, (gaps[small], sizes[small]))
    return found


def _overlaps(
    frame: Frame, at: np.ndarray, shapes: np.ndarray, check: Check | None, twins: np.ndarray | None
) -> tuple[list[Found], np.ndarray, np.ndarray]:
    """Find the overlaps, each pair once, at the later of the two.

    Tell also which areas do more than touch another, be it by rounding, and which of them do so by more than that.
    """
    found: list[Found] = []
    crowded, overlapping = np.zeros((2, len(shapes)), dtype=bool)
    own = np.arange(len(shapes))
    if twins is not None:  # a later twin overlaps whatever the first one does, and is not told
        own = np.flatnonzero(twins[at] < 0)
        crowded[twins[at] >= 0] = overlapping[twins[at] >= 0] = True
        first = np.isin(at, twins[at])
        crowded[first] = overlapping[first] = True
    done = np.zeros(len(own), dtype=bool)
    has_all = True
    for meeting in pairs_in_turn(shapes[own], done):
        one, other = (own[item] for item in meeting)
        crowded[one] = crowded[other] = True
        if len(found) >= MOST:
            has_all &= not len(one)
            done[:] = crowded[own]
            continue
        pieces, pair = common_ground(shapes[one], shapes[other], frame.tolerance)
        overlapping[one[pair]] = overlapping[other[pair]] = True
        if check is None or not len(pieces):
            continue
        pairs, which = np.unique(pair, return_inverse=True)
        if len(found) + len(pairs) > MOST:
            has_all = False
            pairs = pairs[: MOST - len(found)]
            pieces, which = pieces[which < len(pairs)], which[which < len(pairs)]
        sizes = frame.metres_of(pieces, square=True)
        total = np.bincount(which, weights=sizes)
        whole = shapely.multipolygons(pieces, indices=which)
        places = np.where(shapely.get_num_geometries(whole) > 1, whole, shapely.get_geometry(whole, 0))
        inside, around = _held(shapes, one[pairs], other[pairs])
        messages = [
            _overlap_words(frame.named(at[k]), size, bool(within), bool(holds))
            for k, size, within, holds in zip(one[pairs], total.tolist(), inside, around)
        ]
        found += frame.found(
            check.id,
            at[other[pairs]],
            messages,
            [_NEST if nested else _CLIP for nested in inside | around],
            places,
            [amount(size, "m²") for size in total.tolist()],
        )
    if check is not None and not has_all:
        said = Text(
            f"重叠过多，只列出前 {len(found)} 处，其余未列。",
            f"Too many overlaps: the first {len(found)} are listed, and not the others.",
        )
        found.append(frame.about(check.id, said, CUT))
    return found, crowded, overlapping


def _held(shapes: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell of pairs of areas whether the second lies inside the first, and the other way round; bool."""
    some = shapes[np.union1d(one, other)]
    shapely.prepare(some)
    inside, around = shapely.covers(shapes[one], shapes[other]), shapely.covers(shapes[other], shapes[one])
    shapely.destroy_prepared(some)
    return inside, around


def _crowded(shapes: np.ndarray) -> np.ndarray:
    """Tell which areas do more than touch another, bool."""
    crowded = np.zeros(len(shapes), dtype=bool)
    for one, other in pairs_in_turn(shapes, crowded):
        crowded[one] = crowded[other] = True
    return crowded


def _overlap_words(other: Text, size: float, within: bool, holds: bool) -> Text:
    if within:
        how = Text("完全落在{other} 内", "It lies inside {other}")
    elif holds:
        how = Text("完全包含{other}", "It holds {other}")
    else:
        how = Text("与{other} 重叠", "It overlaps {other}")
    how = how.filled(other=other)
    return Text(f"{how.zh}，重叠面积 {amount(size, 'm²')}。", f"{how.en}: {amount(size, 'm²')} shared.")


def _slivers(frame: Frame, at: np.ndarray, shapes: np.ndarray, rule: str, limit: float) -> list[Found]:
    """Find areas below the threshold: of a feature as a whole, and of single parts of larger ones."""
    small, sizes = frame.smaller(shapes, limit, square=True)
    found = frame.found(
        rule,
        at[small],
        [
            Text(
                f"面积 {amount(size, 'm²')}，小于 {limit:g} m²。",
                f"Its area is {amount(size, 'm²')}, below {limit:g} m².",
            )
            for size in sizes.tolist()
        ],
        Text("请并入相邻图斑，或删除。", "Merge it into a neighbour, or delete it."),
        shapes[small],
        [amount(size, "m²") for size in sizes.tolist()],
    )
    larger = np.setdiff1d(np.flatnonzero(shapely.get_num_geometries(shapes) > 1), small)
    parts, owner = shapely.get_parts(shapes[larger], return_index=True)
    small, sizes = frame.smaller(parts, limit, square=True)
    return found + frame.found(
        rule,
        at[larger[owner[small]]],
        [
            Text(
                f"有一个部件面积 {amount(size, 'm²')}，小于 {limit:g} m²。",
                f"One of its parts has {amount(size, 'm²')}, below {limit:g} m².",
            )
            for size in sizes.tolist()
        ],
        Text("请删除该部件，或并入相邻图斑。", "Delete the part, or merge it into a neighbour."),
        parts[small],
        [amount(size, "m²") for size in sizes.tolist()],
    )


def _gaps(
    frame: Frame, at: np.ndarray, shapes: np.ndarray, rule: str, gaps: tuple[np.ndarray, np.ndarray]
) -> list[Found]:
    """Tell ground that areas enclose and none covers, once each, at the area with the longest border on it."""
    holes, sizes = gaps
    if not len(holes):
        return []
    total = len(holes)
    if total > MOST:
        kept = np.sort(np.argsort(-sizes, kind="stable")[:MOST])
        holes, sizes = holes[kept], sizes[kept]
    hole, near = shapely.STRtree(shapes).query(holes, predicate="dwithin", distance=frame.tolerance)
    order = np.lexsort((near, -_borders(holes, shapes, (hole, near), frame.tolerance), hole))
    neighbours = np.split(near[order], np.searchsorted(hole[order], np.arange(1, len(holes))))
    rows, messages = [], []
    for size, mine in zip(sizes.tolist(), neighbours):
        rows.append(int(at[mine[0]]))
        others = at[np.sort(mine[1:])].tolist()
        between = (
            Text("与{others} 之间有缝隙", "There is a gap between it and {others}").filled(others=frame.names(others))
            if others
            else Text("面内有未被覆盖的空洞", "It has a hole that nothing fills")
        )
        messages.append(Text(f"{between.zh}，面积 {amount(size, 'm²')}。", f"{between.en}: {amount(size, 'm²')}."))
    found = frame.found(
        rule,
        rows,
        messages,
        Text("请移动边界消除缝隙，或补画缺少的面。", "Move the borders together, or draw what is missing."),
        holes,
        [amount(size, "m²") for size in sizes.tolist()],
    )
    if total > len(holes):
        said = Text(
            f"共 {total} 处缝隙，只列出最大的 {len(holes)} 处。",
            f"There are {total} gaps: the largest {len(holes)} are listed.",
        )
        found.append(replace(frame.about(rule, said, CUT), unlisted=total - len(holes)))
    return found


def _borders(
    holes: np.ndarray, shapes: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], tolerance: float
) -> np.ndarray:
    """Give how long the border of each hole runs along each area beside it, in the units of the coordinates."""
    hole, near = pairs
    lengths = np.zeros(len(hole))
    outlines = shapely.boundary(holes)
    for some in np.array_split(np.arange(len(hole)), len(hole) // _PAIRS_AT_ONCE + 1):
        beside, which = np.unique(near[some], return_inverse=True)
        rims = shapely.buffer(shapely.boundary(shapes[beside]), 2 * tolerance)
        lengths[some] = shapely.length(shapely.intersection(outlines[hole[some]], rims[which]))
    return lengths
