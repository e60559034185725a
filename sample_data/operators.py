"""The tables of the three operators and the tower company, each messy in its own way."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import shapely

from .datum import bd09, gcj02
from .names import COUNTIES
from .network import Builder, Station
from .sheets import Line, Sheet, place_faults, plant, total

NAMES = {"CMCC": "移动", "CTCC": "电信", "CUCC": "联通", "CBN": "广电"}
FULL = {"CMCC": "中国移动", "CTCC": "中国电信", "CUCC": "中国联通", "CBN": "中国广电"}
WORDS = {
    "CMCC": {
        "existing": ["在网", "在网", "现网"],
        "under_construction": ["工程"],
        "planned": ["规划"],
        "retired": ["退网"],
    },
    "CTCC": {
        "existing": ["已开通", "开通", "正常"],
        "under_construction": ["建设中"],
        "planned": ["待建"],
        "retired": ["已拆除"],
    },
    "CUCC": {"existing": ["在用", "存量"], "under_construction": ["施工中"], "planned": ["拟建"], "retired": ["停用"]},
}
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _six(place: tuple[float, float]) -> tuple[str, str]:
    return f"{place[0]:.6f}", f"{place[1]:.6f}"


def mobile(stations: list[Station], rng: Random) -> Sheet:
    """China Mobile: GBK CSV, a title above the header, GCJ-02 that no heading admits."""
    bands = {700: "700M", 900: "900M", 1800: "1.8G", 2600: "2.6G", None: ""}
    lines, vague = [], 2
    for k, s in enumerate(stations):
        lon, lat = _six(gcj02(*s.place))
        height = _cell(s.height_m) + ("米" if s.height_m and rng.random() < 0.3 else "")
        issue = ""
        if s.height_m is None and vague > 0:
            vague -= 1
            height, issue = "约三十", "挂高"
        cells = {
            "序号": str(k + 1),
            "站号": s.number,
            "基站名称": s.name,
            "所属运营商": "、".join(NAMES[o] for o in s.operators),
            "网络制式": "/".join(s.technologies),
            "频段": bands[s.band_mhz],
            "经度": lon,
            "纬度": lat,
            "挂高": height,
            "塔型": s.tower_type,
            "是否共享": "是" if len(s.operators) > 1 or rng.random() < 0.5 else "否",
            "状态": rng.choice(WORDS["CMCC"][s.status]),
            "入网时间": s.day,
            "站址编码": s.site,
            "所属区县": COUNTIES[s.town.county],
        }
        lines.append(Line(cells, issue=issue))
    faults = [
        *place_faults("经度", "纬度", (129.31, 20.37)),
        ("unknown_code", "状态", {"状态": "待定"}),
        ("unknown_code", "所属运营商", {"所属运营商": "长城宽带"}),
        ("missing_required", "站号", {"站号": ""}),
        ("bad_coordinate", "纬度", {"纬度": ""}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "站号", faults, rng)
    lines.append(total(headings, "序号", {"基站名称": f"共{len(lines)}站"}))
    return Sheet("移动_无线基站台账.csv", "base_stations", "gcj02", lines, first_row=3, headings=headings)


def telecom(stations: list[Station], rng: Random) -> Sheet:
    """China Telecom: a workbook whose second sheet holds the data; numbers as text, dates in all spellings."""
    lon_h, lat_h = "经度（WGS84）", "纬度（WGS84）"
    lines = []
    for k, s in enumerate(stations):
        lon, lat = _six(s.place)
        height, band = _cell(s.height_m), _cell(s.band_mhz)
        if k % 23 == 4:
            height, band = height.translate(FULL_WIDTH), band.translate(FULL_WIDTH)
        if k in (30, 77):
            lon, lat = lon.translate(FULL_WIDTH).replace(".", "．"), lat.translate(FULL_WIDTH)
        if k % 9 == 2 and band:
            band += "MHz"
        cells = {
            "站点编码": s.number,
            "站点名称": s.name,
            "运营企业": "、".join(FULL[o] for o in s.operators),
            "制式": rng.choice(["5G NR", "NR"]) if s.technologies == ("5G",) else rng.choice(["LTE", "FDD-LTE"]),
            "工作频段": band,
            lon_h: lon,
            lat_h: lat,
            "天线挂高（米）": height,
            "总下倾角": str(rng.randint(2, 9)),
            "塔桅类型": s.tower_type,
            "共建共享情况": "共建共享" if len(s.operators) > 1 else "独享",
            "运行状态": rng.choice(WORDS["CTCC"][s.status]),
            "开通日期": _spelled(s.day, k),
            "站址编码": s.site,
            "备注": "",
        }
        lines.append(Line(cells))
    lines[12].cells["总下倾角"], lines[12].issue = "约六", "总下倾角"
    lines[55].cells["开通日期"], lines[55].issue = "去年底", "开通日期"
    faults = [
        *place_faults(lon_h, lat_h, (129.36, 20.41)),
        ("unknown_code", "运行状态", {"运行状态": "另行通知"}),
        ("unknown_code", "运营企业", {"运营企业": "某某宽带"}),
        ("missing_required", "站点编码", {"站点编码": ""}),
        ("missing_required", "制式", {"制式": ""}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "站点编码", faults, rng)
    lines.append(total(headings, "站点编码", {"站点名称": str(len(lines))}))
    return Sheet("电信_4G5G站点清单.xlsx", "base_stations", "wgs84", lines, "站点清单", 2, headings)


def _spelled(day: str, k: int) -> Any:
    """Write a day the way one of several clerks does."""
    year, month, date = (int(part) for part in day.split("-"))
    return [
        day,
        f"{year}/{month}/{date}",
        f"{year}年{month}月{date}日",
        f"{year}{month:02d}{date:02d}",
        f"{year}.{month:02d}.{date:02d}",
        dt.datetime(year, month, date),
    ][k % 6]


def unicom(stations: list[Station], rng: Random) -> Sheet:
    """China Unicom: a Shapefile in GBK that says so nowhere, without a projection, in GCJ-02; 海岳县 only."""
    lines = []
    for s in stations:
        lon, lat = gcj02(*s.place)
        cells = {
            "基站编号": s.number,
            "基站名称": s.name,
            "运营商": "、".join(NAMES[o] for o in s.operators),
            "制式": "/".join("NR" if t == "5G" else "LTE" for t in s.technologies),
            "频段MHz": s.band_mhz,
            "挂高m": s.height_m,
            "JSZT": rng.choice(WORDS["CUCC"][s.status]),
            "RWRQ": s.day,
            "TWLX": s.tower_type,
            "ZZBM": s.site,
            "备注": "",
        }
        lines.append(Line(cells, shape=shapely.Point(round(lon, 7), round(lat, 7))))
    faults: list[Any] = [
        ("no_place", "", {"shape": None}),
        ("no_place", "", {"shape": None}),
        ("no_place", "", {"shape": shapely.Point(0, 0)}),
        ("swapped", "", {"shape": shapely.Point(20.36, 129.27)}),
        ("scaled", "", {"shape": shapely.Point(1292.7, 20.36)}),
        ("unknown_code", "JSZT", {"JSZT": "待定"}),
        ("unknown_code", "运营商", {"运营商": "长城宽带"}),
        ("missing_required", "基站编号", {"基站编号": ""}),
    ]
    return Sheet("联通基站.shp", "base_stations", "gcj02", plant(lines, "基站编号", faults, rng))


def towers(b: Builder, poles: list[dict[str, Any]], rng: Random) -> Sheet:
    """China Tower: a UTF-8 TSV with byte-order mark, in BD-09."""
    lon_h, lat_h = "经度(BD09)", "纬度(BD09)"
    rows: list[dict[str, Any]] = [
        {
            "id": s.number,
            "name": s.name + "站",
            "kind": s.kind,
            "owner": "铁塔公司" if s.kind != "楼面抱杆" else "自有楼面",
            "height_m": s.height_m,
            "place": s.place,
            "town": s.town,
            "tenants": s.tenants,
        }
        for s in b.sites
    ]
    for k, pole in enumerate(poles):
        rows.append({**pole, "id": f"{pole['town'].county}80{k + 1:010d}", "tenants": []})
    lines = []
    for row in rows:
        lon, lat = _six(bd09(*row["place"]))
        cells = {
            "站址编码": row["id"],
            "站址名称": row["name"],
            "产权单位": row["owner"],
            "塔桅类型": row["kind"],
            "塔高": str(row["height_m"]) + ("m" if rng.random() < 0.2 else ""),
            lon_h: lon,
            lat_h: lat,
            "共享运营商": "、".join(FULL[o] for o in sorted(row["tenants"])),
            "空余支架数量": str(rng.choice([0, 1, 2, 3, 3, 6])),
            "站址状态": "存量" if row["tenants"] or row["kind"] in ("路灯杆", "电力塔") else "规划",
        }
        lines.append(Line(cells))
    lines[9].cells["塔高"], lines[9].issue = "约四十", "塔高"
    faults = [
        *place_faults(lon_h, lat_h, (129.44, 20.33)),
        ("missing_required", "站址编码", {"站址编码": ""}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "站址编码", faults, rng)
    lines.append(total(headings, "站址编码", {"站址名称": f"{len(lines)}座"}))
    return Sheet("铁塔_站址资源表.tsv", "towers_and_poles", "bd09", lines, first_row=2, headings=headings)
