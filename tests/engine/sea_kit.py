"""A straight coast made by hand for the jobs on the sea, and the slow ways that the quick ones are held to.

The land lies west of the meridian 110, which is a geodesic; county 450601 from 20.2 to 20.5 and 450602 from 20.5 to
20.8 degrees north.
"""

from __future__ import annotations

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely
from rasterio import Affine
from xinji_planner.analysis.p1812 import COASTAL, SEA, Link, PathProfile, basic_transmission_loss, path_centre_latitude
from xinji_planner.tests.engine.lines_kit import GEOD
from xinji_planner.tests.engine.radio_kit import write_stations, write_units

COAST = shapely.LineString([(110, 20.0), (110, 21.0)])
SOUTH, NORTH = (109.8, 20.2, 110.0, 20.5), (109.8, 20.5, 110.0, 20.8)
INLAND_SEA = shapely.box(110, 20.3, 110.06, 20.7)
TERRITORIAL_SEA = shapely.box(110.06, 20.3, 110.27, 20.7)
_ORDER_M = 150.0


def write_lines(path, lines):
    frame = geopandas.GeoDataFrame({"line_id": [str(k) for k in range(len(lines))]}, geometry=list(lines), crs=4490)
    frame.to_file(path, layer="lines")
    return path


def write_seas(path, areas):
    """Write sea areas: (kind, polygon)."""
    rows = {"sea_id": [f"H{k}" for k in range(len(areas))], "kind": [kind for kind, _ in areas]}
    geopandas.GeoDataFrame(rows, geometry=[shape for _, shape in areas], crs=4490).to_file(path, layer="seas")
    return path


def write_dem(path, height_of, bounds=(109.7, 20.1, 110.1, 20.9)):
    """Write a DEM of pixels of about 200 m: `height_of` (lon, lat) arrays."""
    west, south, east, north = bounds
    step = 0.002
    columns, rows = round((east - west) / step), round((north - south) / step)
    lon, lat = np.meshgrid(west + (np.arange(columns) + 0.5) * step, north - (np.arange(rows) + 0.5) * step)
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", nodata=-9999,
        crs="EPSG:4490", transform=Affine(step, 0, west, 0, -step, north),
    ) as file:  # fmt: skip
        file.write(np.broadcast_to(height_of(lon, lat), lon.shape).astype(np.float32), 1)
    return path


def stated(folder, stations, *, areas=(("inland", INLAND_SEA), ("territorial", TERRITORIAL_SEA)), **more):
    """Write the coast with stations and give the parameters of a run."""
    given = {
        "base_stations": str(write_stations(folder / "stations.csv", stations)),
        "admin_units": str(write_units(folder / "units.geojson", {"450601": SOUTH, "450602": NORTH})),
        "coastline": str(write_lines(folder / "coast.gpkg", [COAST])),
        "technology": "5G",
        "resolution_m": "500",
        **more,
    }
    return {**given, "sea_areas": str(write_seas(folder / "seas.gpkg", list(areas)))} if areas else given


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


def slow_area_m2(shape):
    """The geodesic area of an outline that is cut into short straight pieces, by Karney's algorithm."""
    total = 0.0
    for polygon in shapely.get_parts(shape):
        for number, ring in enumerate(shapely.get_rings(polygon)):
            lon, lat = shapely.get_coordinates(shapely.segmentize(ring, 0.001)).T
            area = abs(GEOD.polygon_area_perimeter(lon, lat)[0])
            total += area if number == 0 else -area
    return total


def places_in(shape, step_deg=0.002):
    """Places that stand for equal cells of a lattice over a shape, and the area that each stands for."""
    west, south, east, north = shape.bounds
    lon, lat = np.arange(west + step_deg / 2, east, step_deg), np.arange(south + step_deg / 2, north, step_deg)
    lon, lat = (part.ravel() for part in np.meshgrid(lon, lat))
    inside = shapely.contains_xy(shape, lon, lat)
    area = np.cos(np.radians(lat[inside])) * (np.radians(step_deg) * 6_371_000.0) ** 2
    return lon[inside], lat[inside], area


def sea_loss_db(lon, lat, to_lon, to_lat, *, height_m, rx_height_m, frequency_ghz, shore_lon=110.0):
    """The scalar function on a profile made by hand: level, coastal land west of the shore, sea east of it."""
    length_m = GEOD.inv(lon, lat, to_lon, to_lat)[2]
    steps = max(4, int(np.ceil(length_m / _ORDER_M)))
    along = np.array([(lon, lat), *GEOD.npts(lon, lat, to_lon, to_lat, steps - 1), (to_lon, to_lat)])
    zone = np.where(along[:, 0] > shore_lon, SEA, COASTAL)
    path = PathProfile(np.linspace(0, length_m / 1000, steps + 1), np.zeros(steps + 1), np.zeros(steps + 1), zone)
    link = Link(
        frequency_ghz=frequency_ghz,
        tx_height_m=height_m,
        rx_height_m=rx_height_m,
        latitude_deg=path_centre_latitude(lat, lon, to_lat, to_lon, length_m / 1000),
    )
    return basic_transmission_loss(path, link).loss_db
