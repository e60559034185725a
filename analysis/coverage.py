"""What of an administrative unit its stations cover, and what they leave open, as polygons.

A station covers the geodesic disc of its own radius; see `unit_coverage` for how a unit is split.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from .areas import geometry_areas
from .unit_coverage import Stations, UnitWork, polygonal

MAX_RADIUS_M = 100_000.0
"""Above this the plane circle is off by more than 2 cm; no base station reaches that far."""
POLL_S = 0.1


@dataclass(frozen=True)
class CoverageResult:
    """Covered and open parts of n units; geometries in degrees on CGCS2000, areas in square metres.

    Attributes
    ----------
    covered, gap : list of MultiPolygon or None (n,)
        None where there is nothing. Shells counter-clockwise, holes clockwise; the unit's own vertices are
        kept to the bit.
    unit_area_m2, covered_area_m2, gap_area_m2 : float64 (n,)
        Areas of exactly these geometries, see `areas`.
    method : list of str (n,)
        ``"arcs"``, or ``"overlay"`` where the check of the arcs failed.
    repaired : list of bool (n,)
        The unit's polygon was not valid and went through ``shapely.make_valid``.
    """

    covered: list[shapely.MultiPolygon | None]
    gap: list[shapely.MultiPolygon | None]
    unit_area_m2: NDArray[np.float64]
    covered_area_m2: NDArray[np.float64]
    gap_area_m2: NDArray[np.float64]
    method: list[str]
    repaired: list[bool]


def coverage_of_units(
    units: Sequence[BaseGeometry],
    station_lon: ArrayLike,
    station_lat: ArrayLike,
    radius_m: ArrayLike,
    *,
    checkpoint: Callable[[float], None] | None = None,
) -> CoverageResult:
    """Split each unit into what the stations' geodesic discs cover and what they leave open.

    Parameters
    ----------
    units : sequence of Polygon or MultiPolygon (n,)
        In degrees on CGCS2000, edges straight in longitude and latitude, not across the 180° meridian.
    station_lon, station_lat : float (m,)
        Degrees on CGCS2000. Stations outside a unit count as far as their discs reach into it.
    radius_m : float (m,)
        Geodesic radius of each station, above 0 and at most `MAX_RADIUS_M`.
    checkpoint : callable, optional
        Called with the part done, 0 … 1, several times a second; what it raises ends the work.

    Returns
    -------
    CoverageResult
        Does not depend on the order of the stations, nor on stations that reach no unit.

    Raises
    ------
    ValueError
        For a unit that is no polygon or empty, and for a station with a place or radius out of range; names
        the first one's index.
    """
    stations = _check_stations(station_lon, station_lat, radius_m)
    polygons, repaired = _check_units(units)
    done = [0.0] * len(polygons)
    stop = threading.Event()
    workers = max(1, min(8, os.cpu_count() or 1))
    # Many units keep the cores busy by themselves; of few, each is spread over the cores.
    blocks = ThreadPoolExecutor(workers) if len(polygons) < 2 * workers else None
    lanes = ThreadPoolExecutor(workers)
    try:
        jobs = [
            lanes.submit(UnitWork(polygon, stations, blocks, stop, done, k).split) for k, polygon in enumerate(polygons)
        ]
        pending = set(jobs)
        while pending:
            finished, pending = wait(pending, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for job in finished:
                job.result()
            if checkpoint is not None:
                checkpoint(sum(done) / len(done))
    finally:
        stop.set()
        lanes.shutdown(wait=False, cancel_futures=True)
        if blocks is not None:
            blocks.shutdown(wait=False, cancel_futures=True)
    parts = [job.result() for job in jobs]
    return CoverageResult(
        [part[0] for part in parts],
        [part[1] for part in parts],
        geometry_areas(polygons),
        np.array([part[2] for part in parts], dtype=np.float64),
        np.array([part[3] for part in parts], dtype=np.float64),
        [part[4] for part in parts],
        repaired,
    )


def _check_stations(station_lon: ArrayLike, station_lat: ArrayLike, radius_m: ArrayLike) -> Stations:
    lon = np.asarray(station_lon, dtype=np.float64)
    lat = np.asarray(station_lat, dtype=np.float64)
    radius = np.asarray(radius_m, dtype=np.float64)
    if lon.ndim != 1 or lon.shape != lat.shape or lon.shape != radius.shape:
        raise ValueError("station_lon, station_lat and radius_m must be of one length")
    for name, ok in (
        ("longitude is not within -180 … 180", np.abs(lon) <= 180.0),
        ("latitude is not within -85 … 85", np.abs(lat) <= 85.0),
        (f"radius_m is not above 0 and at most {MAX_RADIUS_M:.0f}", (radius > 0.0) & (radius <= MAX_RADIUS_M)),
    ):
        if not ok.all():
            raise ValueError(f"station {int(np.argmin(ok))}: {name}")
    order = np.lexsort((-radius, lon, lat))
    lon, lat, radius = lon[order], lat[order], radius[order]
    alone = np.ones(len(lon), dtype=bool)  # of several stations at one place the widest says it all
    alone[1:] = (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])
    lon, lat, radius = lon[alone], lat[alone], radius[alone]
    # Generous boxes: a degree is at least 110.5 km north; east the parallel on the disc's polar side is used.
    half_height = radius / 110_000.0
    half_width = half_height / np.cos(np.radians(np.minimum(np.abs(lat) + half_height, 89.0)))
    return Stations(lon, lat, radius, half_width, half_height)


def _check_units(units: Sequence[BaseGeometry]) -> tuple[list[shapely.MultiPolygon], list[bool]]:
    polygons, repaired = [], []
    for k, unit in enumerate(units):
        if not isinstance(unit, (shapely.Polygon, shapely.MultiPolygon)) or unit.is_empty:
            raise ValueError(f"unit {k}: not a polygon, or an empty one")
        west, south, east, north = unit.bounds
        if not (west >= -180.0 and east <= 180.0 and south >= -85.0 and north <= 85.0):
            raise ValueError(f"unit {k}: coordinates are not degrees within ±180 and ±85")
        valid = bool(shapely.is_valid(unit))
        whole = polygonal(unit if valid else shapely.make_valid(unit))
        if whole is None:
            raise ValueError(f"unit {k}: the polygon has no area")
        polygons.append(whole)
        repaired.append(not valid)
    return polygons, repaired
