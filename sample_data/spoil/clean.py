"""The sample county without a fault: what the files would be if everybody had worked carefully."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from .. import build, drive_tests, geography, network, relief, routes, villages
from ..names import COUNTIES
from .table import Table

OPERATORS = {"CMCC": "中国移动", "CTCC": "中国电信", "CUCC": "中国联通", "CBN": "中国广电"}
STATUSES = {"existing": "现状", "under_construction": "在建", "planned": "规划", "retired": "退网"}
TOWERS = {
    "单管塔": ("telecom_tower", "通信铁塔"),
    "角钢塔": ("telecom_tower", "通信铁塔"),
    "三管塔": ("telecom_tower", "通信铁塔"),
    "楼面抱杆": ("roof_site", "楼面站"),
    "路灯杆": ("lamp_pole", "路灯杆"),
    "电力塔": ("power_tower", "电力塔"),
}
ROADS = {"高速公路": "expressway", "国道": "national", "省道": "provincial", "县道": "county", "乡道": "rural"}
PLACES = {"村委会": "committee", "小学": "school", "卫生室": "clinic"}
OFF_EVERY_COUNTY = ("近屿村", "远礁村")
LON, LAT = "经度(WGS84)", "纬度(WGS84)"
STATION_FIELDS = {
    "基站编号": "station_id",
    "基站名称": "name",
    "运营商": "operator",
    "网络制式": "technology",
    "频段(MHz)": "band_mhz",
    "天线挂高(m)": "antenna_height_m",
    "方位角": "azimuth_deg",
    "建设状态": "status",
    "入网日期": "in_service_date",
    "站址编码": "site_id",
    LON: "lon",
    LAT: "lat",
}


Pair = tuple[dict[str, str], dict[str, Any]]


def _listed(codes: Iterable[str]) -> list[str]:
    return [code for code in OPERATORS if code in set(codes)]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _at(place: Sequence[float]) -> dict[str, float]:
    return {"lon": round(place[0], 6), "lat": round(place[1], 6)}


def _site(number: str) -> str:
    """Give the id of a site with a serial that jumps, as in registers that have grown for years."""
    return number[:8] + f"{(int(number[8:]) * 7919 + 12345) % 10**10:010d}"


def _table(name: str, kind: str, fields: dict[str, str], pairs: list[Pair]) -> Table:
    """Give a table; coordinates are written with six decimals."""
    rows = []
    for cells, truth in pairs:
        row = dict(cells)
        for heading, field in fields.items():
            if field in ("lon", "lat") and heading not in row:
                row[heading] = f"{truth[field]:.6f}"
        rows.append({heading: row[heading] for heading in fields})
    return Table(name, kind, rows, [truth for _, truth in pairs], fields)


def _stations(name: str, stations: list[network.Station]) -> Table:
    pairs = []
    for k, s in enumerate(stations):
        azimuth = (k * 37) % 360
        truth = {
            "station_id": s.number,
            "name": s.name,
            "operator": ";".join(_listed(s.operators)),
            "technology": ";".join(s.technologies),
            "band_mhz": s.band_mhz,
            "antenna_height_m": s.height_m,
            "azimuth_deg": azimuth,
            "status": s.status,
            "in_service_date": s.day,
            "site_id": _site(s.site),
            **_at(s.place),
        }
        cells = {
            "基站编号": s.number,
            "基站名称": s.name,
            "运营商": "、".join(OPERATORS[code] for code in _listed(s.operators)),
            "网络制式": "/".join(s.technologies),
            "频段(MHz)": _text(s.band_mhz),
            "天线挂高(m)": _text(s.height_m),
            "方位角": str(azimuth),
            "建设状态": STATUSES[s.status],
            "入网日期": s.day,
            "站址编码": _site(s.site),
        }
        pairs.append((cells, truth))
    return _table(name, "base_stations", STATION_FIELDS, pairs)


def _towers(plant: network.Builder, poles: list[dict[str, Any]]) -> Table:
    fields = {
        "站址编码": "tower_id",
        "站址名称": "name",
        "产权单位": "owner",
        "杆塔类型": "kind",
        "塔高(m)": "height_m",
        LON: "lon",
        LAT: "lat",
        "共享运营商": "tenants",
        "建设状态": "status",
    }
    rows = [(_site(s.number), s.name + "站", s.kind, s.height_m, s.place, s.tenants) for s in plant.sites]
    for k, p in enumerate(poles):
        rows.append((f"{p['town'].county}80{k + 1:010d}", p["name"], p["kind"], p["height_m"], p["place"], []))
    pairs = []
    for number, name, word, height, place, tenants in rows:
        code, label = TOWERS[word]
        truth = {"tower_id": number, "name": name, "owner": "铁塔公司", "kind": code, "height_m": height}
        truth |= {"tenants": ";".join(_listed(tenants)), "status": "existing", **_at(place)}
        shared = "、".join(OPERATORS[item] for item in _listed(tenants))
        cells = {"站址编码": number, "站址名称": name, "产权单位": "铁塔公司", "杆塔类型": label}
        pairs.append((cells | {"塔高(m)": str(height), "共享运营商": shared, "建设状态": "现状"}, truth))
    return _table("铁塔站址", "towers_and_poles", fields, pairs)


def _onshore(people: list[villages.Village]) -> list[villages.Village]:
    """Leave out the two islets that the sample county draws outside every unit."""
    return [v for v in people if v.name not in OFF_EVERY_COUNTY]


def _villages(people: list[villages.Village]) -> Table:
    fields = {
        "行政村代码": "village_code",
        "行政村名称": "village_name",
        "县名称": "county_name",
        "乡镇名称": "town_name",
        "人口": "population",
        "户数": "households",
        "是否边境村": "is_border",
        "经度(CGCS2000)": "lon",
        "纬度(CGCS2000)": "lat",
    }
    pairs = []
    for v in _onshore(people):
        truth: dict[str, Any] = {"village_code": v.code, "village_name": v.name, "county_name": COUNTIES[v.town.county]}
        truth |= {"town_name": v.town.name, "population": v.population, "households": v.households}
        truth |= {"is_border": int(v.is_border), **_at(v.place or v.core)}
        words = {field: str(truth[field]) for field in ("village_code", "village_name", "county_name", "town_name")}
        cells = {heading: words[field] for heading, field in fields.items() if field in words}
        cells |= {"人口": str(v.population), "户数": str(v.households), "是否边境村": "是" if v.is_border else "否"}
        pairs.append((cells, truth))
    return _table("行政村", "villages", fields, pairs)


def _settlements(people: list[villages.Village]) -> Table:
    fields = {"居民点编号": "settlement_id", "行政村代码": "village_code", "居民点名称": "name", "户数": "households"}
    fields |= {"人口": "population", "经度(CGCS2000)": "lon", "纬度(CGCS2000)": "lat"}
    pairs: list[Pair] = []
    for v in _onshore(people):
        for hamlet in v.settlements:
            truth = {"settlement_id": f"ZRC{len(pairs) + 1:05d}", "village_code": v.code, "name": hamlet["name"]}
            truth |= {"households": hamlet["households"], "population": hamlet["population"], **_at(hamlet["place"])}
            pairs.append(({h: str(truth[f]) for h, f in fields.items() if f not in ("lon", "lat")}, truth))
    return _table("居民点", "settlements", fields, pairs)


def _places(people: list[villages.Village]) -> Table:
    fields = {"场所编号": "place_id", "场所名称": "name", "场所类型": "kind", "行政村代码": "village_code"}
    fields |= {"经度(CGCS2000)": "lon", "纬度(CGCS2000)": "lat"}
    pairs: list[Pair] = []
    for v in _onshore(people):
        for p in v.points:
            if not p["place"] or p["shared"] or p["kind"] not in PLACES:
                continue
            kind = PLACES[p["kind"]]
            truth = {"place_id": f"CS{len(pairs) + 1:05d}", "name": p["name"], "kind": kind, "village_code": v.code}
            cells = {"场所编号": str(truth["place_id"]), "场所名称": p["name"], "行政村代码": v.code}
            cells["场所类型"] = {"committee": "村委会", "school": "学校", "clinic": "卫生室"}[kind]
            pairs.append((cells, truth | _at(p["place"])))
    return _table("重点场所", "places", fields, pairs)


def _measurements(tests: list[dict[str, Any]]) -> Table:
    fields = {"测试编号": "measurement_id", "运营商": "operator", "网络制式": "technology", "RSRP(dBm)": "rsrp_dbm"}
    fields |= {"测试日期": "measured_on", LON: "lon", LAT: "lat"}
    pairs: list[Pair] = []
    for row in tests:
        truth = {"measurement_id": row["id"], "operator": row["operator"], "technology": row["technology"]}
        truth |= {"rsrp_dbm": row["level"], "measured_on": row["day"], **_at(row["place"])}
        cells = {"测试编号": row["id"], "运营商": OPERATORS[row["operator"]], "网络制式": row["technology"]}
        pairs.append((cells | {"RSRP(dBm)": f"{row['level']:.1f}", "测试日期": row["day"]}, truth))
    return _table("测试记录", "measurements", fields, pairs)


def _units(geo: geography.Geography) -> Table:
    fields = {"行政区代码": "code", "行政区名称": "name", "级别": "level"}
    rows = [(code, COUNTIES[code], "县级", "county", area) for code, area in geo.counties.items()]
    rows += [(t.code, t.name, "乡级", "town", geo.towns[t.code]) for t in geography.TOWNS]
    cells = [{"行政区代码": code, "行政区名称": name, "级别": label} for code, name, label, _, _ in rows]
    truth = [{"code": code, "name": name, "level": level} for code, name, _, level, _ in rows]
    return Table("行政区划", "admin_units", cells, truth, fields, [row[4] for row in rows])


def _roads(rows: list[dict[str, Any]]) -> Table:
    fields = {"道路编号": "road_id", "路线编号": "code", "道路名称": "name", "道路类型": "road_class"}
    cells = [{"道路编号": r["id"], "路线编号": r["code"], "道路名称": r["name"], "道路类型": r["class"]} for r in rows]
    truth = [{"road_id": r["id"], "name": r["name"], "road_class": ROADS.get(r["class"], "other")} for r in rows]
    return Table("道路", "roads", cells, truth, fields, [shapely.LineString(r["line"]) for r in rows])


def _cables(rows: list[dict[str, Any]], nodes: list[dict[str, Any]]) -> Table:
    fields = {"光缆编号": "cable_id", "光缆名称": "name", "权属单位": "operator", "芯数": "cores", "建设状态": "status"}
    place = {node["id"]: node["place"] for node in nodes}
    cells, truth, shapes = [], [], []
    for r in rows:
        line = list(r["line"])
        if r["name"] == routes.NEAR_MISS[0]:  # the sample county leaves it open; a careful clerk would not
            line.append(place[routes.NEAR_MISS[1]])
        status = "规划" if r["status"] == "规划" else "现状"
        cells.append({"光缆编号": r["id"], "光缆名称": r["name"], "权属单位": r["operator"], "芯数": str(r["cores"])})
        cells[-1]["建设状态"] = status
        truth.append({"cable_id": r["id"], "name": r["name"], "cores": r["cores"]})
        shapes.append(shapely.LineString(line))
    return Table("干线光缆", "trunk_cables", cells, truth, fields, shapes)


@functools.cache
def tables() -> dict[str, Table]:
    """Make the county once and give its clean tables by short name; nobody may change them."""
    chance = build._rng
    geo = geography.make(chance("geography"))
    heights = relief.Relief(geo.land, build.SEED % 1000)
    people = villages.make(geo, heights, chance("villages"))
    roads = routes.roads(geo, people, chance("roads"))
    nodes = routes.nodes(chance("nodes"))
    cables = routes.cables(roads, nodes, chance("cables"))
    plant = network.build(people, geo, chance("stations"))
    tests = drive_tests.measurements(plant, people, roads, chance("measurements"))

    def own(operator: str) -> list[network.Station]:
        return [s for s in plant.stations if s.owner == operator]

    return {
        "mobile": _stations("移动基站", own("CMCC")),
        "telecom": _stations("电信基站", own("CTCC")),
        "unicom": _stations("联通基站", own("CUCC")),
        "towers": _towers(plant, network.poles(geo, roads, chance("poles"))),
        "villages": _villages(people),
        "settlements": _settlements(people),
        "places": _places(people),
        "measurements": _measurements(tests),
        "units": _units(geo),
        "roads": _roads(roads),
        "cables": _cables(cables, nodes),
    }
