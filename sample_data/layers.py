"""The layers that come as maps: units, roads, coast, border, sea, cables, nodes, clusters, control lines."""

from __future__ import annotations

from typing import Any

import shapely

from .geography import Geography
from .names import COUNTIES, PREFECTURE, TOWNS
from .sheets import Line, Sheet
from .villages import Village

BASE_MAP = "基础地理.gpkg"


def admin_units(geo: Geography, villages: list[Village]) -> Sheet:
    """Prefecture, counties and towns in one layer."""
    people = {town.code: sum(v.population for v in villages if v.town == town) for town in TOWNS}
    rows: list[tuple[str, str, str, Any]] = [
        (*PREFECTURE, "地级", shapely.union_all(list(geo.counties.values()), grid_size=1e-6))
    ]
    rows += [(code, COUNTIES[code], "县级", area) for code, area in geo.counties.items()]
    rows += [(town.code, town.name, "乡级", geo.towns[town.code]) for town in TOWNS]
    lines = []
    for code, name, level, area in rows:
        within = code[:4] if level == "地级" else code
        count = sum(n for town, n in people.items() if town.startswith(within))
        lines.append(Line({"代码": code, "名称": name, "级别": level, "人口": count}, shape=area))
    return Sheet("行政区划.shp", "admin_units", "auto", lines)


def base_map(geo: Geography, roads: list[dict[str, Any]]) -> list[Sheet]:
    """Roads, coast, border and sea: four layers of one GeoPackage."""
    road_lines = [
        Line(
            {
                "道路编号": r["id"],
                "路线编号": r["code"],
                "道路名称": r["name"],
                "道路类型": r["class"],
                "是否沿边": "是" if r["border"] else "否",
                "构造物": r["structure"],
            },
            shape=shapely.LineString(r["line"]),
        )
        for r in roads
    ]
    shores = [("HA01", "海岳—云屏大陆岸线", "大陆岸线", geo.mainland_coast)]
    for name, isle in geo.islands.items():
        shores.append((f"HA{len(shores) + 1:02d}", f"{name}岸线", "海岛岸线", isle.exterior))
    shore_lines = [
        Line({"岸线编号": number, "岸线名称": name, "岸线类型": kind}, shape=shapely.LineString(line.coords))
        for number, name, kind, line in shores
    ]
    border = Line({"界线编号": "JX01", "界线名称": "关山—界河段（虚构）"}, shape=geo.border)
    belt = {"海域编号": "HY01", "海域名称": "沧屏近岸12海里带", "海域类型": "推算12海里带（非法定）"}
    return [
        Sheet(BASE_MAP, "roads", "auto", road_lines, "道路"),
        Sheet(BASE_MAP, "coastline", "auto", shore_lines, "海岸线"),
        Sheet(BASE_MAP, "national_border", "auto", [border], "国界线"),
        Sheet(BASE_MAP, "sea_areas", "auto", [Line(belt, shape=geo.sea_belt)], "海域"),
    ]


def trunk(nodes: list[dict[str, Any]], cables: list[dict[str, Any]]) -> list[Sheet]:
    """Trunk nodes as GeoJSON, trunk cables as a Shapefile in the 3-degree zone 43."""
    node_lines = [
        Line(
            {
                "节点编号": n["id"],
                "节点名称": n["name"],
                "权属单位": n["operator"],
                "节点类别": n["class"],
                "网络级别": n["level"],
                "建设状态": "在用",
            },
            shape=shapely.Point(n["place"]),
        )
        for n in nodes
    ]
    cable_lines = [
        Line(
            {
                "光缆编号": c["id"],
                "光缆名称": c["name"],
                "权属单位": c["operator"],
                "网络级别": c["level"],
                "光纤类型": c["fibre"],
                "芯数": c["cores"],
                "敷设方式": c["laying"],
                "建成年份": c["year"],
                "建设状态": c["status"],
            },
            shape=shapely.LineString(c["line"]),
        )
        for c in cables
    ]
    return [
        Sheet("干线节点.geojson", "trunk_nodes", "auto", node_lines),
        Sheet("干线光缆_3度43带.shp", "trunk_cables", "auto", cable_lines),
    ]


def from_records(path: str, kind: str, records: list[dict[str, Any]]) -> Sheet:
    """Give a layer whose records hold their geometry."""
    lines = [Line({k: v for k, v in row.items() if k != "geometry"}, shape=row["geometry"]) for row in records]
    return Sheet(path, kind, "auto", lines)


def border_kml(rows: list[dict[str, Any]]) -> Sheet:
    """Border institutions, ports and islands as KML (GDAL spoils Chinese names of extended data, so pinyin)."""
    lines = [
        Line({"Name": r["name"], "CSBH": r["id"], "CSLX": r["kind"]}, shape=shapely.Point(r["place"])) for r in rows
    ]
    return Sheet("口岸与边境机构.kml", "places", "wgs84", lines, "口岸与边境机构")
