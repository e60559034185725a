"""Ends of lines that meet nothing, to the tolerance that a bureau's checker has.

`lines` asks the same for a planner who mends a network and allows for rounding; here nothing is allowed for.
"""

from __future__ import annotations

import numpy as np
import shapely

from ..table import Shapes
from .lines import pieces_of


def free_ends(lines: Shapes, tolerance: float, reach: float) -> tuple[np.ndarray, np.ndarray, Shapes]:
    """Find the ends that are farther than a tolerance from every other line and from the other parts of their own.

    Parameters
    ----------
    lines : numpy.ndarray of shapely lines, shape (n,)
        Finite coordinates, none missing.
    tolerance, reach : float
        In the units of the coordinates. Within `reach` the nearest other line is looked for.

    Returns
    -------
    numpy.ndarray of int64, shape (m,)
        Which of the lines.
    numpy.ndarray of float64, shape (m, 2)
        The ends.
    numpy.ndarray of shapely lines or None, shape (m,)
        From the end to the nearest other line within reach.

    Notes
    -----
    A part whose two ends meet is closed and has none. An end that lies on its own part is given: whether it does is
    told by `strands.strands_of`.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    start, end = (shapely.get_coordinates(shapely.get_point(parts, k)) for k in (0, -1))
    part = np.repeat(np.flatnonzero(np.hypot(*(end - start).T) > tolerance), 2)
    places = np.where((np.arange(len(part)) % 2 == 0)[:, None], start[part], end[part])
    if not len(part):
        return part, places, np.zeros(0, dtype=object)
    # Ends on the very same spot meet; most of a sound network is done with here.
    _, spot, count = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    lone = np.flatnonzero(count[spot.ravel()] == 1)
    part, places = part[lone], places[lone]
    pieces, of = pieces_of(parts)
    tree = shapely.STRtree(pieces)
    at, found = tree.query(shapely.points(places), predicate="dwithin", distance=tolerance)
    free = np.ones(len(part), dtype=bool)
    free[at[of[found] != part[at]]] = False
    part, places = part[free], places[free]
    ways = np.full(len(part), None, dtype=object)
    if reach > tolerance and len(part):
        ends = shapely.points(places)
        at, found = tree.query(ends, predicate="dwithin", distance=reach)
        foreign = of[found] != part[at]
        at, found = at[foreign], found[foreign]
        way = shapely.shortest_line(ends[at], pieces[found])
        order = np.lexsort((found, shapely.length(way), at))
        nearest = order[np.r_[True, at[order][1:] != at[order][:-1]]] if len(at) else order
        ways[at[nearest]] = way[nearest]
    return owner[part], places, ways
