"""What is wrong between areas: those that overlap, and gaps between units that should fill the land.

Only rows of one level or kind are compared: a town lies within its county, and a nature reserve in a red line. Only
administrative units are held to leave no gaps; plots of farmland have paths between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from ...text import Text
from ..findings.findings import Findings
from ..table import LayerTable, Shapes
from .measures import area_m2, flattened, mean_width_m, metres_per_degree, parts_of, steady, words_of
from .rows import row_words

GROUPS = {"admin_units": "level", "control_lines": "kind", "sea_areas": "kind"}
FILLING = ("admin_units",)
_ROUNDING_M = 0.02  # strips narrower than this come from the rounding of coordinates
_THIN = 0.1
_MOST_PAIRS = 200_000
_AT_ONCE = 4_096
_FIRST = 16
_CANDIDATES = 1_000_000
_PAIRS_AT_ONCE = 50_000


def area_findings(table: LayerTable, positions: np.ndarray, tolerance_m: float) -> Findings:
    """Find overlaps and gaps among the rows of each level or kind.

    Parameters
    ----------
    table : LayerTable
        A layer of `GROUPS`; any other is passed over.
    positions : numpy.ndarray of int64, shape (n,)
    tolerance_m : float
        An overlap narrower than this is told, but warns nobody; a gap open to the outside is searched up to this
        width, one that neighbours enclose up to ten times this width, or wider where it is long and thin.
    """
    findings = Findings()
    words = row_words(table, positions)
    for at in _groups(table):
        rows = _overlaps(table.geometry, at, positions, words, tolerance_m, findings)
        if table.spec.name in FILLING and len(at) > 1:
            _gaps(table.geometry[at], positions[at], [words[k] for k in at], np.isin(at, rows), tolerance_m, findings)
    return findings


def _groups(table: LayerTable) -> Iterator[np.ndarray]:
    """Give the rows of each level or kind; rows without one are compared with nothing."""
    name = GROUPS.get(table.spec.name, "")
    if name not in table.columns:
        return
    codes, _ = pd.factorize(table.columns[name], sort=True)
    areas = (shapely.get_dimensions(table.geometry) == 2) & shapely.is_valid(table.geometry)
    for code in range(codes.max() + 1 if len(codes) else 0):
        at = np.flatnonzero((codes == code) & areas)
        if len(at):
            yield at


def overlapping_pairs(shapes: Shapes) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of areas whose insides meet, each once, the smaller index first, in order."""
    found = list(pairs_in_turn(shapes))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


def pairs_in_turn(shapes: Shapes, done: np.ndarray | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give what `overlapping_pairs` gives, some thousand pairs at a time: bounds the memory.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely areas, shape (n,)
    done : numpy.ndarray of bool, shape (n,), optional
        Pairs of two that are done are left out. It may change while the pairs are taken: whoever wants to know only
        which areas overlap something marks those that do, and is spared most pairs of a layer that lies upon itself.
    """
    tree = shapely.STRtree(shapes)
    sizes = shapely.get_num_coordinates(shapes)
    start, step = 0, _FIRST
    while start < len(shapes) and not (done is not None and done.all()):
        one, other = tree.query(shapes[start : start + step])
        one += start
        start, step = start + step, _next_step(step, len(one))
        once = one < other
        if done is not None:
            once &= ~(done[one] & done[other])
        one, other = one[once], other[once]
        order = np.lexsort((other, one))
        for few in np.array_split(order, len(order) // _PAIRS_AT_ONCE + 1):
            a, b = one[few], other[few]
            if done is not None:
                open_ones = ~(done[a] & done[b])
                a, b = a[open_ones], b[open_ones]
            meet = insides_meet(shapes, a, b, sizes)
            yield a[meet], b[meet]


def _next_step(step: int, found: int) -> int:
    """Give how many shapes to look up next, so that their candidates fit into the memory however many there are."""
    return int(np.clip(step * _CANDIDATES // max(found, 1), 1, min(4 * step, _AT_ONCE)))


def insides_meet(shapes: Shapes, one: np.ndarray, other: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Tell of pairs of areas whether their insides meet, shape (m,), bool.

    GEOS looks up places in an index of the area that is prepared: that is the one with more vertices, or a small area
    would be held against every vertex of a large one.

    Parameters
    ----------
    one, other : numpy.ndarray of int64, shape (m,)
    sizes : numpy.ndarray of int, shape (n,)
        Vertices of the shapes.
    """
    swapped = sizes[one] < sizes[other]
    large, small = np.where(swapped, other, one), np.where(swapped, one, other)
    some = shapes[np.unique(large)]
    shapely.prepare(some)
    meet = np.asarray(shapely.intersects(shapes[large], shapes[small]))
    meet[meet] = ~shapely.touches(shapes[large[meet]], shapes[small[meet]])
    shapely.destroy_prepared(some)
    return meet


def _overlaps(
    geometry: Shapes,
    at: np.ndarray,
    positions: np.ndarray,
    words: list[str],
    tolerance_m: float,
    findings: Findings,
) -> np.ndarray:
    """Note the overlaps of one group, at both rows; give the rows that overlap another."""
    one, other = overlapping_pairs(geometry[at])
    one, other = at[one], at[other]
    involved = np.union1d(one, other)
    if len(one) > _MOST_PAIRS:
        said = Text(
            f"共有 {len(one)} 对面互相重叠，只列出前 {_MOST_PAIRS} 对；请检查是否重复导入或图层有误",
            f"{len(one)} pairs of areas overlap; only the first {_MOST_PAIRS} are listed. Is it the right layer?",
        )
        findings.add("overlap", None, why=said)
        one, other = one[:_MOST_PAIRS], other[:_MOST_PAIRS]
    common = steady(shapely.intersection, geometry[one], geometry[other])
    noted: dict[str, list[tuple[int, int, float, float, np.ndarray]]] = defaultdict(list)
    for a, b, shape in zip(one.tolist(), other.tolist(), common):
        pieces = parts_of(shape, "Polygon")
        widths = [mean_width_m(piece) for piece in pieces]
        if max(widths, default=0.0) < _ROUNDING_M:
            continue
        wide = pieces[int(np.argmax(widths))]
        place = shapely.get_coordinates(wide.representative_point())[0]
        grave = "" if max(widths) >= tolerance_m else "informs"
        size = sum(area_m2(piece) for piece in pieces)
        noted[grave] += [(a, b, size, max(widths), place), (b, a, size, max(widths), place)]
    for grave, found in sorted(noted.items()):
        found.sort(key=lambda item: item[:2])
        findings.add(
            "overlap",
            positions[[item[0] for item in found]],
            field="geometry",
            values=[f"{words_of(size)} m²" for _, _, size, _, _ in found],
            related=[words[b] for _, b, _, _, _ in found],
            why=[_overlap_words(words[b], size, width) for _, b, size, width, _ in found],
            confidence=0.9,
            places=np.array([item[4] for item in found]),
            severity=grave,
        )
    return involved


def _overlap_words(other: str, size: float, width: float) -> Text:
    number = other.removeprefix("row ")
    return Text(
        f"与第 {number} 行重叠 {words_of(size)} m²，平均宽 {words_of(width)} m",
        f"it overlaps row {number} by {words_of(size)} m², {words_of(width)} m wide on average",
    )


def _gaps(
    shapes: Shapes,
    positions: np.ndarray,
    words: list[str],
    overlapping: np.ndarray,
    tolerance_m: float,
    findings: Findings,
) -> None:
    """Note gaps, once for each set of neighbours: at the row with the longest border on them, the others related."""
    enclosed = [gap for gap in enclosed_gaps(shapes, overlapping) if _is_narrow(gap, tolerance_m)]
    seen = shapely.STRtree(enclosed)
    open_ones = [gap for gap in open_gaps(shapes, tolerance_m) if not len(seen.query(gap, predicate="intersects"))]
    by_rows: dict[tuple[int, ...], list[int]] = defaultdict(list)
    gaps = np.array([*enclosed, *open_ones], dtype=object)
    reach = np.where(np.arange(len(gaps)) < len(enclosed), 1e-9, tolerance_m * 1e-6)
    of, near = shapely.STRtree(shapes).query(gaps, predicate="dwithin", distance=reach)
    borders = shapely.length(steady(shapely.intersection, shapely.boundary(gaps[of]), shapes[near]))
    for k in range(len(gaps)):
        neighbours = tuple(sorted(near[of == k].tolist()))
        if len(neighbours) > 1:  # a hole in one area alone: a lake, or an enclave of another county
            by_rows[neighbours].append(k)
    noted = []
    for neighbours, members in by_rows.items():
        lengths = dict.fromkeys(neighbours, 0.0)
        for at in np.flatnonzero(np.isin(of, members)).tolist():
            lengths[int(near[at])] += float(borders[at])
        first, *others = sorted(neighbours, key=lambda row: (-lengths[row], row))
        largest = max(members, key=lambda k: shapely.area(gaps[k]))
        size, is_open = sum(area_m2(gaps[k]) for k in members), any(k >= len(enclosed) for k in members)
        noted.append((first, sorted(others), size, mean_width_m(gaps[largest]), len(members), is_open, gaps[largest]))
    noted.sort(key=lambda item: item[:2])
    findings.add(
        "gap",
        [positions[item[0]] for item in noted],
        field="geometry",
        values=[f"{words_of(item[2])} m²" for item in noted],
        related=[", ".join(words[k] for k in item[1]) for item in noted],
        why=[_gap_words(*item[2:6]) for item in noted],
        confidence=0.8,
        places=np.array([shapely.get_coordinates(item[6].representative_point())[0] for item in noted]),
    )


def _gap_words(size: float, width: float, count: int, is_open: bool) -> Text:
    about = Text("约 ", "about ") if is_open else Text("", "")
    return Text(
        f"相邻的面之间有 {count} 处缝隙，共{about.zh}{words_of(size)} m²，最大一处平均宽 {words_of(width)} m",
        f"{count} gaps between neighbours, {about.en}{words_of(size)} m² together; the largest is "
        f"{words_of(width)} m wide on average",
    )


def _is_narrow(gap: shapely.Geometry, tolerance_m: float) -> bool:
    width = mean_width_m(gap)
    flat = flattened(np.array([gap], dtype=object))[0]
    thin = 4 * np.pi * flat.area / flat.length**2 < _THIN
    return width >= _ROUNDING_M and (width <= 10 * tolerance_m or bool(thin))


def enclosed_gaps(shapes: Shapes, overlapping: np.ndarray) -> list[shapely.Geometry]:
    """Give the ground that areas enclose and none of them covers, as polygons.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely areas, shape (n,)
        Valid ones.
    overlapping : numpy.ndarray of bool, shape (n,)
        Which of them overlap another; the rest are joined in the quick way, by dropping the borders they share.
    """
    whole = joined(shapes, overlapping)
    rings = [ring for part in parts_of(whole, "Polygon") for ring in part.interiors]
    return [shapely.Polygon(ring) for ring in rings]


def joined(shapes: Shapes, overlapping: np.ndarray) -> shapely.Geometry:
    """Join areas; those that overlap no other in the quick way, by dropping the borders they share."""
    try:
        whole = shapely.coverage_union_all(shapes[~overlapping])
    except shapely.errors.GEOSException:  # borders that run together without matching vertex by vertex
        return steady(shapely.union_all, shapes)
    if not whole.is_valid:
        return steady(shapely.union_all, shapes)
    return steady(shapely.union_all, [whole, *shapes[overlapping]]) if overlapping.any() else whole


def open_gaps(shapes: Shapes, width_m: float) -> list[shapely.Geometry]:
    """Give strips between neighbours that are open to the outside, narrower than a width, as polygons.

    GEOS finds the borders that face each other without matching; that is quick where there are none. The strip is the
    ground within `width_m` of both.
    """
    bounds = shapely.total_bounds(shapes)
    east, north = metres_per_degree((bounds[1] + bounds[3]) / 2)
    scale = np.array([float(east), float(north)])

    def flat(points: np.ndarray) -> np.ndarray:
        return (points - bounds[:2]) * scale

    plane = shapely.transform(shapes, flat)
    edges = shapely.coverage_invalid_edges(plane, width_m)
    at = np.flatnonzero(~shapely.is_empty(edges))
    if len(at) < 2:
        return []
    one, other = shapely.STRtree(edges[at]).query(edges[at], predicate="dwithin", distance=width_m)
    once = one < other
    found: list[shapely.Geometry] = []
    tree = shapely.STRtree(plane)
    for a, b in zip(at[one[once]].tolist(), at[other[once]].tolist()):
        near = steady(shapely.intersection, edges[a].buffer(width_m), edges[b].buffer(width_m))
        beside = steady(shapely.intersection, plane[tree.query(near, predicate="intersects")], near.envelope)
        ground = steady(shapely.union_all, beside)
        for piece in parts_of(steady(shapely.difference, near, ground), "Polygon"):
            length = piece.length / 2
            # At the mouth of any two borders a crumb of the searched width is left; a gap is longer than wide.
            if length > 6 * width_m and 2 * piece.area / piece.length >= _ROUNDING_M:
                found.append(shapely.transform(piece, lambda points: points / scale + bounds[:2]))
    return found
