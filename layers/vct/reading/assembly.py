"""Make lines of lines, polygons of lines or polygons, and areas of rings."""

from __future__ import annotations

import numpy as np
import shapely

from ....text import Text
from .objects import BY_LINES, BY_POLYGONS, VctObject, joined


class _Unsound(Exception):  # noqa: N818
    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def assemble(objects: list[VctObject], tolerance: float) -> set[int]:
    """Draw every object that refers to others, and every polygon.

    Parameters
    ----------
    objects : list of VctObject
        With the lines drawn that have coordinates of their own; gain `shape`, or `fault`.
    tolerance : float
        How far the end of a line may be from the beginning of the next, in the unit of the coordinates.

    Returns
    -------
    set of int
        The ids that somebody refers to.
    """
    by_id: dict[int, VctObject] = {}
    twice: set[int] = set()
    for item in objects:
        if item.id in by_id:
            twice.add(item.id)
        by_id.setdefault(item.id, item)
    used: set[int] = set()
    for item in objects:
        used.update(abs(one) for one in item.references if one)
        if item.fault is None and item.shape is None:
            _draw(item, by_id, twice, tolerance)
    return used


def _draw(item: VctObject, by_id: dict[int, VctObject], twice: set[int], tolerance: float) -> None:
    """Draw an object, those that it refers to before; a stack of our own, because files nest as deep as they like."""
    stack, open_ids = [item], {id(item)}
    while stack:
        top = stack[-1]
        waiting = None
        try:
            for one in top.references:
                found = _target(one, by_id, twice) if one else None
                if found is not None and found.shape is None and found.fault is None:
                    if id(found) in open_ids:
                        raise _Unsound(
                            Text(
                                f"对象 {found.id} 的引用绕回自身",
                                f"the references of object {found.id} lead back to itself",
                            )
                        )
                    waiting = found
                    break
            if waiting is None:
                _finish(top, by_id, twice, tolerance)
        except _Unsound as fault:
            top.fault = fault.words
        if waiting is not None:
            stack.append(waiting)
            open_ids.add(id(waiting))
        else:
            open_ids.discard(id(stack.pop()))


def _finish(item: VctObject, by_id: dict[int, VctObject], twice: set[int], tolerance: float) -> None:
    try:
        if item.kind == "line":
            runs = joined([_run(one, by_id, twice) for one in item.references if one])
            drawn = [shapely.linestrings(run) for run in runs]
            item.shape = drawn[0] if len(drawn) == 1 else shapely.multilinestrings(drawn)
        elif item.by == BY_POLYGONS:
            item.shape = _of_polygons(item, by_id, twice)
        else:
            rings = _rings(item, by_id, twice, tolerance) if item.by == BY_LINES else item.parts
            item.shape = area(rings)
    except shapely.errors.GEOSException as fault:
        raise _Unsound(Text(f"几何无法构成：{fault}", f"no geometry can be made of it: {fault}")) from fault


def _target(one: int, by_id: dict[int, VctObject], twice: set[int]) -> VctObject:
    found = by_id.get(abs(one))
    if found is None:
        raise _Unsound(
            Text(f"引用了文件中没有的对象 {abs(one)}", f"it refers to object {abs(one)}, which the file does not have")
        )
    if abs(one) in twice:
        raise _Unsound(
            Text(
                f"引用的对象 {abs(one)} 在文件中不止一个", f"it refers to object {abs(one)}, of which there are several"
            )
        )
    return found


def _run(one: int, by_id: dict[int, VctObject], twice: set[int]) -> np.ndarray:
    """Give the vertices of a line, backwards for a negative id."""
    found = _target(one, by_id, twice)
    if found.fault is not None:
        raise _Unsound(
            Text(
                f"引用的对象 {found.id}（第 {found.line} 行）有误",
                f"it refers to object {found.id} of line {found.line}, which is broken",
            )
        )
    if found.kind != "line" or shapely.get_num_geometries(found.shape) != 1:
        raise _Unsound(
            Text(
                f"引用的对象 {found.id} 不是连续的一条线",
                f"object {found.id}, to which it refers, is not one unbroken line",
            )
        )
    points = shapely.get_coordinates(found.shape)
    return points[::-1] if one < 0 else points


def _rings(item: VctObject, by_id: dict[int, VctObject], twice: set[int], tolerance: float) -> list[np.ndarray]:
    rings: list[list[int]] = [[]]
    for one in item.references:
        if one:
            rings[-1].append(one)
        elif rings[-1]:
            rings.append([])
    return [_ring(ids, by_id, twice, tolerance) for ids in rings if ids]


def _ring(ids: list[int], by_id: dict[int, VctObject], twice: set[int], tolerance: float) -> np.ndarray:
    runs = [_run(one, by_id, twice) for one in ids]
    for at, run in enumerate(runs):
        after = runs[(at + 1) % len(runs)]
        gap = float(np.hypot(*(after[0] - run[-1])))
        if gap > tolerance:
            here, there = ids[at], ids[(at + 1) % len(runs)]
            raise _Unsound(
                Text(
                    f"线 {here} 的终点与线 {there} 的起点不相接，相距 {gap:.4g}，环不闭合",
                    f"line {here} ends {gap:.4g} from where line {there} begins, so the ring is not closed",
                )
            )
    points = np.concatenate([runs[0], *(run[1:] for run in runs[1:])])
    points[-1] = points[0]
    if len(points) < 4:
        raise _Unsound(Text("一个环不足 3 个点", "a ring of fewer than 3 points"))
    return points


def _of_polygons(item: VctObject, by_id: dict[int, VctObject], twice: set[int]) -> object:
    parts: list[object] = []
    for one in item.references:
        if not one:
            continue
        found = _target(one, by_id, twice)
        if one < 0:
            raise _Unsound(
                Text(
                    f"由面构成的面引用了负的标识号 {one}，含义未经核实",
                    f"a polygon of polygons refers to {one}; what a negative id means is not verified",
                )
            )
        if found.kind != "polygon" or found.fault is not None:
            raise _Unsound(
                Text(
                    f"引用的对象 {found.id} 不是完好的面", f"object {found.id}, to which it refers, is no sound polygon"
                )
            )
        parts += shapely.get_parts(found.shape).tolist()
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def area(rings: list[np.ndarray]) -> object:
    """Make a polygon, or several, of closed rings: a ring inside an odd number of others is a hole.

    The direction of the rings is not relied on, because production files disagree about it. Where a ring crosses
    itself nothing is inside for sure: then the first ring is the outline and those that turn the other way are holes.
    """
    if len(rings) == 1:
        return shapely.polygons(shapely.linearrings(rings[0]))
    lines = np.array([shapely.linearrings(ring) for ring in rings], dtype=object)
    faces = shapely.polygons(lines)
    if not shapely.is_valid(faces).all():
        outer = shapely.is_ccw(lines) == shapely.is_ccw(lines[0])
        shells = np.flatnonzero(outer)
        holes = {int(shells[0]): np.flatnonzero(~outer)}
    else:
        shells, holes = _nested(faces)
    made = [
        shapely.polygons(lines[at], list(lines[holes[at]]) if len(holes.get(at, ())) else None)
        for at in shells.tolist()
    ]
    return made[0] if len(made) == 1 else shapely.multipolygons(made)


def _nested(faces: np.ndarray) -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """Give which rings are outlines, and the holes of each."""
    tree = shapely.STRtree(faces)
    inner, outer = tree.query(faces, predicate="covered_by")
    sizes = shapely.area(faces)
    around = (sizes[outer] > sizes[inner]) | ((sizes[outer] == sizes[inner]) & (outer < inner))
    inner, outer = inner[around], outer[around]
    depth = np.bincount(inner, minlength=len(faces))
    holes: dict[int, list[int]] = {}
    for at in np.flatnonzero(depth % 2):
        around_it = outer[inner == at]
        parent = around_it[depth[around_it] == depth[at] - 1]
        holes.setdefault(int(parent[np.argmin(sizes[parent])]), []).append(int(at))
    return np.flatnonzero(depth % 2 == 0), {shell: np.array(some) for shell, some in holes.items()}
