"""The cheapest new cable over any ground that gives a node one more physically separate way out.

Around the node the cable leaves straight, in one of many directions that keep clear of the cables there are on both
circles: what lies nearer than some cells of the surface cannot be told by them. From beyond the outer circle the
cheapest way over the surface leads on, and never back into the circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M, geodesic_distance_m
from ..least_cost.path import Steps, cell_sides, chain, line_of
from ..least_cost.surface import FREE, Surface, cost_along
from .exits import Crossed
from .near import metres_per_degree
from .new_link import OVERLAND, Link, first_that_helps, metres_apart
from .noding import NOWHERE, Network

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_TURN_DEG = 5  # between the directions in which a cable may leave
_GEOD = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)


class _Spurs(NamedTuple):
    """Straight ways out of a node: where they end, in which cell, and what they cost to the centre of it."""

    lon: FloatArray
    lat: FloatArray
    cell: IntArray
    cost: FloatArray


def cheapest_new_link(
    network: Network,
    node: int,
    sinks: BoolArray,
    crossed: Crossed,
    radii_m: Sequence[float],
    apart_m: float,
    surface: Surface,
) -> Link | None:
    """Find the cheapest cable over the ground to another room that gives a node one more way out.

    Rooms are tried by rising cost, up to 30 of them, and the exits are counted anew with the cable in place.

    Parameters
    ----------
    surface : Surface
        Of the whole area; rooms on barred ground or outside are not reached.

    Returns
    -------
    Link or None
        None where no way leads away from the cables that are there, or no such cable helps.
    """
    here = (float(network.lon[node]), float(network.lat[node]))
    if not np.isfinite(here).all() or surface.standing(*here) != FREE:
        return None
    half_m = 0.5 * float(np.hypot(*(sides.max() for sides in cell_sides(surface))))
    spurs = _spurs(surface, here, crossed, radii_m, apart_m, max(radii_m) + 2.02 * half_m)
    beyond = _without_disc(surface, here, max(radii_m) + half_m)
    open_spur = np.isfinite(spurs.cost) & np.isfinite(beyond.cost_per_m.ravel()[spurs.cell])
    if not open_spur.any():
        return None
    far, before = _search(beyond, spurs, open_spur)
    columns = surface.cost_per_m.shape[1]
    rooms = {}
    for room in np.flatnonzero((network.room != NOWHERE) & np.isfinite(network.lon)).tolist():
        place = (float(network.lon[room]), float(network.lat[room]))
        if room == node or metres_apart(network, node, room) <= max(radii_m) or beyond.standing(*place) != FREE:
            continue
        row, column = (int(at) for at in beyond.cells(*place))
        if np.isfinite(far[row * columns + column]):
            rooms[room] = row * columns + column
    reach = {room: float(far[cell]) for room, cell in rooms.items()}

    def link_to(room: int) -> Link:
        cells = chain(before, rooms[room])[1:]  # behind the node that stands for all spurs
        spur = _cheapest_at(spurs, open_spur, int(cells[0]))
        start = (float(spurs.lon[spur]), float(spurs.lat[spur]))
        way = line_of(beyond, cells, start, (float(network.lon[room]), float(network.lat[room])))
        out = float(cost_along(surface, [here[0], start[0]], [here[1], start[1]])[0])
        length = float(geodesic_distance_m(*here, *start)[0])
        shape = shapely.LineString([here, *zip(way.lon.tolist(), way.lat.tolist())])
        return Link(room, length + way.length_m, shape, 0, OVERLAND, out + way.cost)

    return first_that_helps(network, node, sinks, crossed, radii_m, apart_m, reach, link_to)


def points_of(surface: Surface, shape: shapely.LineString) -> float | None:
    """Give what a line costs on a surface; None where it passes barred ground or leaves the surface."""
    cost = float(cost_along(surface, *shapely.get_coordinates(shape).T).sum())
    return cost if np.isfinite(cost) else None


def corridors(network: Network, width_m: float) -> list[shapely.Polygon]:
    """Give the ground within a distance of the cables of a network, one shape an edge, to about 1 % of the distance."""
    return [_widened(shape, width_m) for shape in network.shapes if shape is not None and not shape.is_empty]


def beside_m(network: Network, shape: shapely.LineString, width_m: float) -> float:
    """Give how much of a line lies within a distance of the cables of a network, metres on the ellipsoid."""
    return beside_lines_m(network.shapes, shape, width_m)


def beside_lines_m(lines: npt.NDArray[np.object_], shape: shapely.LineString, width_m: float) -> float:
    """Give how much of a line lies within a distance of other lines, metres on the ellipsoid."""
    around = shapely.box(*_widened(shape, width_m).bounds)
    near = lines[shapely.intersects(lines, around)]
    beside = shapely.union_all([_widened(line, width_m) for line in near])
    return float(_GEOD.geometry_length(shapely.intersection(shape, beside)))


def _widened(line: shapely.LineString, width_m: float) -> shapely.Polygon:
    middle = (line.bounds[1] + line.bounds[3]) / 2
    scale = np.array([float(metres) for metres in metres_per_degree(middle)])
    return shapely.transform(shapely.transform(line, lambda xy: xy * scale).buffer(width_m), lambda xy: xy / scale)


def _spurs(
    surface: Surface,
    here: tuple[float, float],
    crossed: Crossed,
    radii_m: Sequence[float],
    apart_m: float,
    length_m: float,
) -> _Spurs:
    azimuth = np.arange(0.0, 360.0, _TURN_DEG)
    turned = np.radians(azimuth)
    clear = np.ones(len(azimuth), dtype=bool)
    for circle, radius in enumerate(radii_m):
        for at in np.flatnonzero(crossed.circle == circle).tolist():
            east, north = radius * np.sin(turned) - crossed.east_m[at], radius * np.cos(turned) - crossed.north_m[at]
            clear &= np.hypot(east, north) >= apart_m
    kept = azimuth[clear]
    lon, lat, _ = _GEOD.fwd(
        np.full(len(kept), here[0]), np.full(len(kept), here[1]), kept, np.full(len(kept), length_m)
    )
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    row, column = surface.cells(lon, lat)
    rows, columns = surface.cost_per_m.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    lon, lat, row, column = lon[inside], lat[inside], row[inside], column[inside]
    centre_lon, centre_lat = surface.centres(row, column)
    cost = [
        cost_along(surface, [here[0], x, centre_x], [here[1], y, centre_y]).sum()
        for x, y, centre_x, centre_y in zip(lon, lat, centre_lon, centre_lat)
    ]
    return _Spurs(lon, lat, row * columns + column, np.array(cost, dtype=np.float64))


def _cheapest_at(spurs: _Spurs, open_spur: BoolArray, cell: int) -> int:
    own = np.flatnonzero(open_spur & (spurs.cell == cell))
    return int(own[np.argmin(spurs.cost[own])])


def _without_disc(surface: Surface, here: tuple[float, float], radius_m: float) -> Surface:
    """Bar the cells whose centre lies within a distance of a place."""
    rows, columns = surface.cost_per_m.shape
    per_lon, per_lat = (float(metres) for metres in metres_per_degree(here[1]))
    lon, lat = surface.centres(np.arange(rows)[:, None], np.arange(columns)[None])
    within = np.hypot((lon - here[0]) * per_lon, (lat - here[1]) * per_lat) <= radius_m
    return replace(surface, cost_per_m=np.where(within, np.inf, surface.cost_per_m))


def _search(beyond: Surface, spurs: _Spurs, open_spur: BoolArray) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """Search from one more node, from which every spur leads to the cell where it ends."""
    graph = Steps(beyond).graph
    count = beyond.cost_per_m.size
    cells = np.unique(spurs.cell[open_spur])
    cost = np.array([spurs.cost[_cheapest_at(spurs, open_spur, cell)] for cell in cells.tolist()])
    first = np.append(graph.indptr, graph.indptr[-1] + len(cells)).astype(graph.indptr.dtype)
    whole = csr_array(
        (
            np.concatenate([graph.data, cost]),
            np.concatenate([graph.indices, cells.astype(graph.indices.dtype)]),
            first,
        ),
        shape=(count + 1, count + 1),
    )
    far, before = dijkstra(whole, directed=False, indices=count, return_predecessors=True)
    return far, before
