"""Near duplicates of cables: another id on the same route.

Cables of one operator may well share a trench (主用 and 备用, 一缆 and 二缆), and cables of several operators do; such
are different cables. Two rows count as one cable entered twice only where the operator is the same, no vertex of either
lies further than `CABLE_M` from the other, and either the name, or everything else that is known, is the same.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ....text import Text
from ...findings.findings import Findings
from ...table import LayerTable
from .columns import joined, other_rows, own_rows, texts
from .names import numbered
from .pairs import number_groups

CABLE_M = 5.0  # a choice of this project: half a road's width, and the error of a route taken with a hand-held receiver
_CONTENT = ("level", "fibre_type", "cores", "laying", "year")
_DEGREE_M = 111_320.0
_MOST_PAIRS = 200_000
_NAMED, _CONTENT_ONLY = 0.9, 0.7


def near_duplicate_cables(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find cables that seem to be an earlier cable of the file, or one of another source, under another id.

    Parameters
    ----------
    table : LayerTable
        Lines.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
    """
    found = Findings()
    before = others.get(table.spec.name)
    both = [before, table] if before is not None and len(before) else [table]
    offset = len(both[0]) if len(both) == 2 else 0
    shapes = np.concatenate([one.geometry for one in both])
    first, second = same_routes(shapes, CABLE_M)
    operators = pd.factorize(joined(both, "operator"))[0]
    names = numbered(np.concatenate([texts(one, "name") for one in both]))
    content, _ = number_groups(*(pd.factorize(joined(both, field))[0] for field in _CONTENT))
    titled = (names[first] == names[second]) & (names[first] >= 0)
    nameless = (names[first] < 0) | (names[second] < 0)
    real = (second >= offset) & (operators[first] == operators[second]) & (operators[first] >= 0)
    real &= titled | (nameless & (content[first] == content[second]))
    keys = np.concatenate([texts(one, table.spec.key[0]) for one in both])
    real &= keys[first] != keys[second]
    first, second, titled = first[real], second[real], titled[real]
    _, once = np.unique(second, return_index=True)
    first, second, titled = first[once], second[once], titled[once]
    own = first >= offset
    related = np.empty(len(first), dtype=object)
    related[own] = own_rows(table, first[own] - offset, positions)
    if offset:
        related[~own] = other_rows(both[0], first[~own])
    found.add(
        "near_duplicate",
        positions[second - offset],
        field=table.spec.key[0],
        values=keys[second],
        related=related,
        confidence=np.where(titled, _NAMED, _CONTENT_ONLY),
        why=[
            Text(
                f"与光缆 {key} 权属相同，{'名称' if by_name else '其余内容'}相同，走向处处相距不超过 {CABLE_M:.0f} m。",
                f"The same owner and {'name' if by_name else 'other content'} as cable {key}, and nowhere more than "
                f"{CABLE_M:.0f} m away from it.",
            )
            for key, by_name in zip(keys[first], titled)
        ],
    )
    return found


def same_routes(shapes: np.ndarray, within_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Find the pairs of lines of which no vertex lies further than a distance from the other line.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely lines, shape (n,)
        CGCS2000 longitude and latitude; None for none.
    within_m : float
        Metres, in the plane that touches the middle of the pair.

    Returns
    -------
    first, second : numpy.ndarray of int64, shape (m,)
        Indices, `first` < `second`, sorted.
    """
    bounds = shapely.bounds(shapes)
    at = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    if len(at) < 2:
        return nothing
    # Lines that are nowhere further apart have boxes whose sides are no further apart: a near look before the real one.
    slim = max(float(np.cos(np.radians(np.abs(bounds[at][:, [1, 3]]).max()))), 1e-3)
    sides = bounds[at] * _DEGREE_M * np.array([slim, 1.0, slim, 1.0])
    tree = cKDTree(sides)
    reach = within_m * 1.02  # a degree of latitude is up to 1.2 % shorter or longer than `_DEGREE_M`
    if (tree.count_neighbors(tree, reach, p=np.inf) - len(at)) // 2 > _MOST_PAIRS:
        return nothing  # thousands of copies of one line; what they share with their keys is found elsewhere
    pairs = np.sort(at[tree.query_pairs(reach, p=np.inf, output_type="ndarray")], axis=1)
    pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    near = np.array([_alike(shapes[one], shapes[other], within_m) for one, other in pairs.tolist()], dtype=bool)
    return pairs[near, 0].astype(np.int64), pairs[near, 1].astype(np.int64)


def _alike(one: shapely.Geometry, other: shapely.Geometry, within_m: float) -> bool:
    middle = np.radians(shapely.bounds(one)[[1, 3]].mean())
    scale = np.array([_DEGREE_M * np.cos(middle), _DEGREE_M])
    flat = [shapely.transform(shapely.force_2d(shape), lambda xy: xy * scale) for shape in (one, other)]
    for line, against in (flat, flat[::-1]):
        shapely.prepare(against)  # an index of its segments: a route may have ten thousand
        vertices = shapely.points(shapely.get_coordinates(line))
        if not shapely.dwithin(against, vertices, within_m).all():
            return False
    return True
