"""Village reach: which points a station reaches, by which margin, and from which station.

All questions are asked of points (villages, key places) and stations, each given by longitude and latitude
in degrees (CGCS2000, east then north) and, for stations, a radius over the ground in metres. A point without
coordinates (NaN) is never reached and has no station. Distances are geodesic to 0.01 mm at 10 km (see
`geodesy`); no projection is involved, so the antimeridian and the poles are places like any other. However
many threads work and however the stations are cut into chunks, the results are the same to the bit.

Every function takes ``checkpoint``, a callable that gets the done fraction after each fifth of a second or
less of work and may raise to cancel, and ``threads``, by default all cores that the process may use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .point_grid import Discs, PointGrid
from .slices import Checkpoint, part
from .station_tree import build_tree, search

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Building the tree is about this much of the work of a national case.
_BUILD_SHARE = 0.5


class BestStation(NamedTuple):
    """For each point the station with the largest margin.

    Attributes
    ----------
    station : shape (n,), int64
        Row of the station; -1 where the point has no coordinates or there is no station.
    distance_m : shape (n,), float64
        Geodesic metres to it, good for verdicts (0.01 mm at 10 km, 11 mm at 100 km); NaN where there is
        none. To print them, compute `geodesy.geodesic_distance_m` of the pairs.
    margin_m : shape (n,), float64
        Its radius minus the distance; at least 0 means reached. NaN where there is none.
    """

    station: IntArray
    distance_m: FloatArray
    margin_m: FloatArray


class NearestStation(NamedTuple):
    """For each point the nearest station: `station` and `distance_m` as in `BestStation`."""

    station: IntArray
    distance_m: FloatArray


class ReachStream:
    """Which points are reached, with the stations coming in chunks that need not be in memory together.

    Parameters
    ----------
    point_lon, point_lat : array_like, shape (n,)
        Degrees; NaN in either means "no location", which is never reached.
    threads : int, optional

    Raises
    ------
    ValueError
        A point's coordinate is out of bounds; names the first such row.
    """

    def __init__(self, point_lon: npt.ArrayLike, point_lat: npt.ArrayLike, *, threads: int | None = None) -> None:
        lon, lat = _places(point_lon, point_lat, "point", 0, nan_allowed=True)
        self._grid = PointGrid(lon, lat, threads=threads)
        self._stations = 0

    @property
    def stations(self) -> int:
        """Number of stations added so far."""
        return self._stations

    @property
    def covered(self) -> BoolArray:
        """Whether each point lies within the own radius of a station added so far: shape (n,), a copy."""
        return self._grid.reached

    def add(
        self,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        radius_m: npt.ArrayLike,
        *,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        """Add a chunk of stations.

        Parameters
        ----------
        lon, lat : array_like, shape (m,)
            Degrees.
        radius_m : array_like, shape (m,) or scalar
            Metres over the ground, >= 0.
        checkpoint : callable, optional
            Gets the done fraction of this chunk; if it raises, this chunk counts only in part.

        Raises
        ------
        ValueError
            A coordinate or radius is not finite or out of bounds; names the first such row, counted over all
            chunks. The chunk is then not used at all.
        """
        lon, lat = _places(lon, lat, "station", self._stations, nan_allowed=False)
        radius = _radii(radius_m, lon.size, self._stations)
        self._grid.add(Discs(lon, lat, radius), checkpoint)
        self._stations += lon.size


def any_within_own_radius(
    point_lon: npt.ArrayLike,
    point_lat: npt.ArrayLike,
    station_lon: npt.ArrayLike,
    station_lat: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> BoolArray:
    """Tell for each point whether it lies within the own radius of at least one station.

    Parameters
    ----------
    point_lon, point_lat : array_like, shape (n,)
        Degrees; NaN means "no location".
    station_lon, station_lat : array_like, shape (m,)
        Degrees.
    radius_m : array_like, shape (m,) or scalar
        Metres over the ground, >= 0; a point exactly on the edge is reached.
    threads, checkpoint
        See the module.

    Returns
    -------
    numpy.ndarray, shape (n,), bool

    Raises
    ------
    ValueError
        As in `ReachStream`.
    """
    stream = ReachStream(point_lon, point_lat, threads=threads)
    stream.add(station_lon, station_lat, radius_m, checkpoint=checkpoint)
    return stream.covered


def best_station(
    point_lon: npt.ArrayLike,
    point_lat: npt.ArrayLike,
    station_lon: npt.ArrayLike,
    station_lat: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> BestStation:
    """Find for each point the station with the largest margin, also where nobody reaches it.

    Margins that are equal to the bit go to the lowest station row. Parameters and errors as in
    `any_within_own_radius`.
    """
    lon, lat = _places(point_lon, point_lat, "point", 0, nan_allowed=True)
    to_lon, to_lat = _places(station_lon, station_lat, "station", 0, nan_allowed=False)
    radius = _radii(radius_m, to_lon.size, 0)
    return _best(lon, lat, to_lon, to_lat, radius, threads, checkpoint)


def nearest_station(
    point_lon: npt.ArrayLike,
    point_lat: npt.ArrayLike,
    station_lon: npt.ArrayLike,
    station_lat: npt.ArrayLike,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> NearestStation:
    """Find for each point the nearest station; equal distances go to the lowest station row.

    Parameters and errors as in `any_within_own_radius`.
    """
    lon, lat = _places(point_lon, point_lat, "point", 0, nan_allowed=True)
    to_lon, to_lat = _places(station_lon, station_lat, "station", 0, nan_allowed=False)
    best = _best(lon, lat, to_lon, to_lat, None, threads, checkpoint)
    return NearestStation(best.station, best.distance_m)


def _best(
    lon: FloatArray,
    lat: FloatArray,
    to_lon: FloatArray,
    to_lat: FloatArray,
    radius: FloatArray | None,
    threads: int | None,
    checkpoint: Checkpoint | None,
) -> BestStation:
    if to_lon.size == 0 or lon.size == 0:
        return BestStation(np.full(lon.size, -1), np.full(lon.size, np.nan), np.full(lon.size, np.nan))
    tree = build_tree(to_lon, to_lat, radius, threads=threads, checkpoint=part(checkpoint, 0.0, _BUILD_SHARE))
    found = search(tree, lon, lat, threads=threads, checkpoint=part(checkpoint, _BUILD_SHARE, 1.0))
    return BestStation(*found)


def _places(
    lon: npt.ArrayLike, lat: npt.ArrayLike, what: str, first_row: int, *, nan_allowed: bool
) -> tuple[FloatArray, FloatArray]:
    """Give both as contiguous float64 after checking their bounds."""
    lon, lat = _column(lon, f"{what} longitudes"), _column(lat, f"{what} latitudes")
    if lon.size != lat.size:
        raise ValueError(f"{lon.size} {what} longitudes but {lat.size} {what} latitudes")
    for values, name, bound in ((lon, "longitude", 180.0), (lat, "latitude", 90.0)):
        # min and max are NaN if any value is, and then fail the test.
        if values.size == 0 or (values.min() >= -bound and values.max() <= bound):
            continue
        good = np.abs(values) <= bound
        if nan_allowed:
            good |= np.isnan(values)
        _refuse(values, good, f"{what} {name}", f"a number from {-bound:g} to {bound:g} degrees", first_row)
    return lon, lat


def _radii(radius_m: npt.ArrayLike, count: int, first_row: int) -> FloatArray:
    values = np.asarray(radius_m, dtype=np.float64)
    radius = np.full(count, float(values)) if values.ndim == 0 else _column(radius_m, "radii")
    if radius.size != count:
        raise ValueError(f"{radius.size} radii but {count} stations")
    if count and not (radius.min() >= 0.0 and radius.max() < np.inf):
        _refuse(radius, (radius >= 0.0) & np.isfinite(radius), "station radius", "0 or more metres", first_row)
    return radius


def _column(values: npt.ArrayLike, what: str) -> FloatArray:
    column = np.ascontiguousarray(values, dtype=np.float64)
    if np.ndim(values) != 1:
        raise ValueError(f"{what}: expected one column of numbers, got {np.ndim(values)} dimensions")
    return column


def _refuse(values: FloatArray, good: BoolArray, name: str, expected: str, first_row: int) -> None:
    """Raise for the first row that is not good, if there is one."""
    if good.all():
        return
    row = int(np.argmin(good))
    bad = int(good.size - np.count_nonzero(good))
    more = f" ({bad} such rows)" if bad > 1 else ""
    raise ValueError(f"row {first_row + row}: {name} is {values[row]}, expected {expected}{more}")
