"""Which county a facility lies in, and of which counties there are control lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...layers import inputs
from ...layers.delivery.regions import Regions, regions_of

Shapes = npt.NDArray[np.object_]

LEVEL = "county"
_SHARE = 0.01  # of the smaller: outlines of neighbours that were drawn apart overlap by slivers


class Counties(NamedTuple):
    """The counties of a run; of none nothing is ever found.

    Attributes
    ----------
    code, name : numpy.ndarray of object, shape (c,)
    shapes : numpy.ndarray of Polygon or MultiPolygon, shape (c,)
        Degrees, CGCS2000.
    regions : Regions
    """

    code: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    shapes: Shapes
    regions: Regions

    def of(self, shapes: Shapes) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Give code and name of the county that holds most of each, shape (n,); "" where none does."""
        return self.regions.of(shapes)

    def touched(self, shapes: Shapes) -> list[set[int]]:
        """Give the counties that each lies in, by their index."""
        found: list[set[int]] = [set() for _ in shapes]
        if len(self.shapes):
            row, county = shapely.STRtree(self.shapes).query(shapes, predicate="intersects")
            for at, one in zip(row.tolist(), county.tolist()):
                found[at].add(one)
        return found

    def with_any(self, zones: Shapes) -> npt.NDArray[np.int64]:
        """Count the areas that lie in each county, shape (c,); what only touches its border does not."""
        counts = np.zeros(len(self.shapes), dtype=np.int64)
        if not len(self.shapes) or not len(zones):
            return counts
        zone, county = shapely.STRtree(self.shapes).query(zones, predicate="intersects")
        common = shapely.area(shapely.intersection(zones[zone], self.shapes[county]))
        least = _SHARE * np.minimum(shapely.area(zones[zone]), shapely.area(self.shapes[county]))
        np.add.at(counts, county[common > least], 1)
        return counts


def read_counties(context: inputs.Run) -> Counties:
    """Read the counties, sorted by code; without administrative units there are none."""
    if not inputs.layer_present(context, "admin_units"):
        empty = np.empty(0, dtype=object)
        return Counties(empty, empty, empty, regions_of(None, [LEVEL]))
    layer = inputs.read_layer(context, "admin_units", ["code", "name", "level"])
    usable = (layer.columns["level"] == LEVEL).to_numpy(bool) & ~shapely.is_missing(layer.geometry)
    rows = np.flatnonzero(usable & ~shapely.is_empty(layer.geometry))
    code = layer.columns["code"].astype("str").to_numpy(object)[rows]
    order = rows[np.argsort(code.astype(str), kind="stable")]
    names = layer.columns["name"].fillna("").astype("str").to_numpy(object)
    return Counties(
        layer.columns["code"].astype("str").to_numpy(object)[order],
        names[order],
        shapely.make_valid(layer.geometry[order]),
        regions_of(layer, [LEVEL]),
    )


def names_of(counties: Counties, which: Sequence[int]) -> str:
    """Name counties by their index, in order."""
    return "、".join(str(counties.name[at]) for at in sorted(which))
