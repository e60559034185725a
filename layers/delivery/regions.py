"""In which administrative unit a feature lies: its region code and name, from the location and not from a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ..shapes import Shapes
from ..table import LayerTable

COUNTY_DIGITS = 6


@dataclass
class Regions:
    """Administrative units by level, the finest first.

    Attributes
    ----------
    codes, names : list of numpy.ndarray of object, one a level
    trees : list of shapely.STRtree
    """

    codes: list[np.ndarray]
    names: list[np.ndarray]
    trees: list[shapely.STRtree]
    counties: Mapping[str, str]

    def of(self, geometry: Shapes) -> tuple[np.ndarray, np.ndarray]:
        """Give code and name of the finest unit that holds a point of each feature, shape (n,); "" where none does.

        A line or polygon that lies in several units of a level belongs to the one that holds most of it. Of equals (a
        point on their border) the one with the smallest code counts.

        Parameters
        ----------
        geometry : numpy.ndarray of shapely geometries, shape (n,)
            CGCS2000 longitude, latitude.
        """
        code = np.full(len(geometry), "", dtype=object)
        name = np.full(len(geometry), "", dtype=object)
        for codes, names, tree in zip(self.codes, self.names, self.trees):
            open_rows = np.flatnonzero(code == "")
            at, unit = tree.query(geometry[open_rows], predicate="intersects")
            share = _shares(geometry[open_rows[at]], tree.geometries[unit], at)
            order = np.lexsort((codes[unit].astype(str), -share, at))
            rows, first = np.unique(at[order], return_index=True)
            best = unit[order][first]
            code[open_rows[rows]] = codes[best]
            name[open_rows[rows]] = names[best]
        return code, name


def _shares(geometry: Shapes, units: Shapes, at: np.ndarray) -> np.ndarray:
    """Give how much of each feature lies in each unit, 0 where there is but one to choose; only to compare."""
    share = np.zeros(len(at))
    counts = np.bincount(at) if len(at) else np.zeros(0, dtype=np.int64)
    several = np.flatnonzero((counts[at] > 1) & (shapely.get_dimensions(geometry) > 0)) if len(at) else at
    inside = shapely.intersection(geometry[several], units[several])
    share[several] = np.where(
        shapely.get_dimensions(geometry[several]) == 1, shapely.length(inside), shapely.area(inside)
    )
    return share


def regions_of(table: LayerTable | None, levels: Sequence[str]) -> Regions:
    """Make the lookup of the layer ``admin_units``; of a missing or empty one nothing is ever found.

    Parameters
    ----------
    levels : sequence of str
        Levels to look in, the finest first.
    """
    if table is None:
        return Regions([], [], [], {})
    level = table.columns["level"].to_numpy(dtype=object)
    codes = table.columns["code"].astype("str").to_numpy(dtype=object)
    names = table.columns["name"].fillna("").astype("str").to_numpy(dtype=object)
    usable = ~shapely.is_missing(table.geometry) & ~shapely.is_empty(table.geometry)
    chosen = [np.flatnonzero(usable & (level == name)) for name in levels]
    counties = {str(codes[row]): str(names[row]) for row in np.flatnonzero(level == "county")}
    return Regions(
        [codes[rows] for rows in chosen],
        [names[rows] for rows in chosen],
        [shapely.STRtree(shapely.make_valid(table.geometry[rows])) for rows in chosen],
        counties,
    )


def county_of(code: str) -> str:
    """Give the county of a region code, "" where the code is that of something larger."""
    county = code[:COUNTY_DIGITS]
    return county if len(county) == COUNTY_DIGITS and county[4:] != "00" else ""
