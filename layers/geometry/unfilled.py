"""Ground that areas enclose and none of them covers, however many they are and however they overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from ..table import Shapes
from .areas import joined
from .measures import parts_of, steady

_WHOLE = 5_000  # overlapping areas that are joined at once; joining takes more than twice as long for twice as many
_BLOCK = 256  # areas joined first, where there are more


def unfilled(shapes: Shapes, overlapping: np.ndarray) -> Shapes:
    """Give all ground that areas enclose and none of them covers, as areas, shape (k,).

    Unlike `areas.enclosed_gaps` it also gives ground between areas that touch at single places alone, such as the strip
    between two neighbours with the same corners at both of its ends, and leaves out what stands inside a gap.

    Parameters
    ----------
    shapes, overlapping
        As for `areas.enclosed_gaps`.

    Notes
    -----
    Where many overlap, they are joined block by block, and gaps that no area of another block reaches are put aside
    before the blocks are joined: else every gap would be carried along through every step.
    """
    if np.count_nonzero(overlapping) <= _WHOLE:
        return _unfilled(shapes, overlapping)
    gaps, rest, crowded = _without_inner_gaps(shapes, overlapping)
    return np.concatenate([gaps, _unfilled(rest, crowded)])


def _without_inner_gaps(shapes: Shapes, overlapping: np.ndarray) -> tuple[Shapes, Shapes, np.ndarray]:
    """Join areas block by block, and take out gaps that nothing reaches into from elsewhere.

    Gives these gaps, the parts without them, and which parts may overlap others.
    """
    tree = shapely.STRtree(shapes)
    in_block = np.zeros(len(shapes), dtype=bool)
    gaps, rest, crowded = [np.zeros(0, dtype=object)], [], []
    for block in _blocks(shapes):
        parts = np.array(parts_of(joined(shapes[block], overlapping[block]), "Polygon"), dtype=object)
        rings, owner = shapely.get_rings(parts, return_index=True)
        inner = np.r_[False, owner[1:] == owner[:-1]]  # the first ring of a polygon is its shell
        holes = shapely.polygons(rings[inner])
        in_block[block] = True
        free = ~_reached(holes, shapes, tree, in_block) & ~_islands_in(holes, owner[inner], parts)
        in_block[block] = False
        kept = ~inner
        kept[np.flatnonzero(inner)[~free]] = True
        gaps.append(holes[free])
        rest.append(_polygons(rings[kept], owner[kept]))
        crowded.append(np.full(len(parts), overlapping[block].any()))
    return np.concatenate(gaps), np.concatenate(rest), np.concatenate(crowded)


def _polygons(rings: Shapes, owner: np.ndarray) -> Shapes:
    """Put shells and the holes after each together."""
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    return np.array([shapely.Polygon(own[0], own[1:]) for own in np.split(rings, first[1:])], dtype=object)


def _blocks(shapes: Shapes) -> Iterator[np.ndarray]:
    """Divide areas into blocks of neighbours: strips from west to east, and each from south to north."""
    bounds = shapely.bounds(shapes)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    blocks = -(-len(shapes) // _BLOCK)
    strips = max(1, int(np.sqrt(blocks)))
    for strip in np.array_split(np.argsort(middle[:, 0], kind="stable"), strips):
        upward = strip[np.argsort(middle[strip, 1], kind="stable")]
        yield from np.array_split(upward, -(-len(strip) // _BLOCK))


def _reached(holes: Shapes, shapes: Shapes, tree: shapely.STRtree, own: np.ndarray) -> np.ndarray:
    """Tell which holes an area meets that is none of their own block, bool."""
    hole, near = tree.query(holes)
    other = ~own[near]
    hole, near = hole[other], near[other]
    shapely.prepare(shapes[np.unique(near)])
    reached = np.zeros(len(holes), dtype=bool)
    reached[hole[shapely.intersects(shapes[near], holes[hole])]] = True
    return reached


def _islands_in(holes: Shapes, owner: np.ndarray, parts: Shapes) -> np.ndarray:
    """Tell which holes may have another part in them, bool."""
    found = np.zeros(len(holes), dtype=bool)
    hole, part = shapely.STRtree(parts).query(holes)
    found[hole[part != owner[hole]]] = True
    return found


def _unfilled(shapes: Shapes, overlapping: np.ndarray) -> Shapes:
    parts = np.array(parts_of(joined(shapes, overlapping), "Polygon"), dtype=object)
    if not len(parts):
        return parts
    sizes = shapely.get_num_coordinates(parts)
    tree = shapely.STRtree(parts)
    touching = _touching(parts, tree, sizes)
    gaps = [shapely.Polygon(ring) for part in np.delete(parts, touching) for ring in part.interiors]
    if len(touching):
        borders = steady(shapely.union_all, shapely.boundary(parts[touching]))
        faces = shapely.get_parts(shapely.polygonize([borders]))
        # The borders cut the plane into the parts themselves and gaps; a gap may have a part in its middle.
        face, part = _holding(parts, tree, shapely.point_on_surface(faces))
        more = np.abs(shapely.area(faces)[face] - shapely.area(parts)[part])
        rounding = 4 * np.spacing(np.abs(shapely.total_bounds(parts)).max()) * shapely.length(faces)[face]
        gaps += np.delete(faces, face[more <= rounding]).tolist()
    found = np.array(gaps, dtype=object)
    gap, inside = tree.query(found, predicate="contains")
    order = np.argsort(gap, kind="stable")
    gap, inside = gap[order], inside[order]
    with_parts, first = np.unique(gap, return_index=True)
    for k, own in zip(with_parts.tolist(), np.split(inside, first[1:])):
        found[k] = steady(shapely.difference, found[k], shapely.union_all(parts[own]))
    return found


def _touching(parts: Shapes, tree: shapely.STRtree, sizes: np.ndarray) -> np.ndarray:
    """Give the parts that touch another one, in order; the insides of no two meet."""
    one, other = tree.query(parts)
    once = one < other
    one, other = one[once], other[once]
    swapped = sizes[one] < sizes[other]
    large, small = np.where(swapped, other, one), np.where(swapped, one, other)
    shapely.prepare(parts[np.unique(large)])
    near = shapely.intersects(parts[large], parts[small])
    large, small = large[near], small[near]
    touch = shapely.touches(parts[large], parts[small])
    return np.union1d(large[touch], small[touch])


def _holding(parts: Shapes, tree: shapely.STRtree, points: Shapes) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of a point and a part that holds it."""
    point, part = tree.query(points)
    shapely.prepare(parts[np.unique(part)])
    holds = shapely.intersects(parts[part], points[point])
    return point[holds], part[holds]
