"""Small terrain and stations made by hand, for the jobs that simulate levels."""

import json

import numpy as np
import rasterio
from rasterio import Affine

WEST, SOUTH, EAST, NORTH = 100.0, 30.0, 100.06, 30.05
MIDDLE = (100.03, 30.025)
_PIXEL = 1 / 1200


def write_dem(path, height_of, *, void=None, grow=0.02):
    """Write a DEM whose height at (lon, lat) arrays is `height_of`; `void` tells where there is none."""
    columns, rows = (round((side + 2 * grow) / _PIXEL) + 1 for side in (EAST - WEST, NORTH - SOUTH))
    left, top = WEST - grow - _PIXEL / 2, NORTH + grow + _PIXEL / 2
    lon = left + (np.arange(columns) + 0.5) * _PIXEL
    lat = top - (np.arange(rows) + 0.5) * _PIXEL
    lon, lat = np.meshgrid(lon, lat)
    height = np.broadcast_to(height_of(lon, lat), lon.shape).astype(np.float32)
    if void is not None:
        height = np.where(void(lon, lat), np.float32(-9999), height)
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", nodata=-9999,
        crs="EPSG:4490", transform=Affine(_PIXEL, 0, left, 0, -_PIXEL, top),
    ) as file:  # fmt: skip
        file.write(height, 1)
    return path


def write_stations(path, rows):
    """Write stations: dictionaries of id, lon, lat, and whatever else the table should say."""
    names = ["基站编号", "运营商", "网络制式", "频段", "天线挂高", "方位角", "下倾角", "EIRP", "建设状态"]
    names += ["经度(CGCS2000)", "纬度(CGCS2000)"]
    keys = ["id", "operator", "technology", "band", "height", "azimuth", "tilt", "eirp", "status", "lon", "lat"]
    usual = {"operator": "中国移动", "technology": "5G", "band": 700, "height": 30, "status": "现有"}
    usual |= {"tilt": 0, "eirp": 43}
    lines = [",".join(names)]
    lines += [",".join(str({**usual, **row}.get(key, "")) for key in keys) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_units(path, boxes):
    """Write counties: code to (west, south, east, north)."""
    features = [
        {
            "type": "Feature",
            "properties": {"行政区代码": code, "名称": f"县{code}", "级别": "县级"},
            "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
        }
        for code, (w, s, e, n) in boxes.items()
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return path


def write_villages(path, places):
    """Write villages: code to (lon, lat)."""
    lines = ["行政村代码,行政村名称,人口,经度(CGCS2000),纬度(CGCS2000)"]
    lines += [f"{code},村{code[-2:]},100,{lon},{lat}" for code, (lon, lat) in places.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stated(folder, **more):
    """Give the parameters of a run on the files of a folder."""
    given = {
        "dem": str(folder / "dem.tif"),
        "base_stations": str(folder / "stations.csv"),
        "admin_units": str(folder / "units.geojson"),
        "resolution_m": "60",
        "max_range_km": "4",
        "technology": "5G",
    }
    return {**given, **more}


def band(path):
    """Give the values of a raster."""
    with rasterio.open(path) as file:
        return file.read(1)


def centres(path):
    """Give longitudes and latitudes of the centres of a raster's cells, each of its shape."""
    with rasterio.open(path) as file:
        to = file.transform
        lon = to.c + (np.arange(file.width) + 0.5) * to.a
        lat = to.f + (np.arange(file.height) + 0.5) * to.e
    return np.meshgrid(lon, lat)
