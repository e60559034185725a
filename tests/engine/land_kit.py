"""Small layers for the tests of control lines and land: files with the headings of an operator."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import shapely
from pyproj import Geod

GEOD = Geod(a=6378137.0, rf=298.257222101)
FARM = shapely.box(129.40, 20.40, 129.42, 20.42)
RED = shapely.box(129.50, 20.40, 129.52, 20.42)
TOWN = shapely.box(129.30, 20.30, 129.60, 20.60)


def geojson(path, rows):
    """Write rows of (properties, shape); give the path as a parameter has it."""
    features = [
        {
            "type": "Feature",
            "properties": values,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for values, shape in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return str(path)


def station(number, lon, lat, kind="落地塔", status="规划", site=None, **more):
    values = {"基站编号": number, "基站名称": f"{number}站", "运营商": "中国移动", "网络制式": "5G", "建设状态": status}
    values |= {"塔桅类型": kind, "站址编码": site or f"S{number}", "入网日期": "2027-06-30", **more}
    return values, shapely.Point(lon, lat)


def cable(number, places, laying="架空", status="规划"):
    values = {"光缆编号": number, "光缆名称": f"{number}光缆", "权属单位": "中国电信", "敷设方式": laying}
    return values | {"建设状态": status, "年份": 2027}, shapely.LineString(places)


def plot(number, shape, status="规划"):
    return {"数据中心编号": number, "数据中心名称": f"{number}园区", "权属单位": "中国联通", "建设状态": status}, shape


def county(code, name, shape):
    return {"行政区代码": code, "名称": name, "级别": "县"}, shape


def shapefile(path, shapes, *, crs="EPSG:4490", fields=None):
    """Write areas as a shapefile, without attributes of their own and, without a CRS, without a .prj."""
    columns = fields or {"FID_": np.arange(len(shapes))}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [np.asarray(values) for values in columns.values()],
        fields=list(columns),
        geometry_type="Polygon",
        crs=crs,
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )
    if crs is None:
        path.with_suffix(".prj").unlink(missing_ok=True)
    return str(path)
