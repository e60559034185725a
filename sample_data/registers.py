"""The tables of the county's own departments: villages, key points, settlements, places, drive tests."""

from __future__ import annotations

from random import Random
from typing import Any

from .names import COUNTIES
from .operators import NAMES
from .sheets import Line, Sheet, place_faults, plant, total
from .villages import Village

LON, LAT = "经度(CGCS2000)", "纬度(CGCS2000)"


def _at(place: tuple[float, float] | None) -> dict[str, str]:
    return {LON: f"{place[0]:.6f}" if place else "", LAT: f"{place[1]:.6f}" if place else ""}


def _loose_faults(point: tuple[float, float]) -> list[Any]:
    """Give the coordinate faults of a layer whose rows may lack coordinates."""
    return [f for f in place_faults(LON, LAT, point) if f[0] != "no_place"]


def villages(rows: list[Village], rng: Random) -> Sheet:
    """Villages: GBK CSV; the last of those without a place has 0,0 instead of nothing."""
    lines = []
    nowhere = [v.code for v in rows if v.place is None]
    for k, v in enumerate(rows):
        cells = {
            "序号": str(k + 1),
            "行政村代码": v.code,
            "行政村名称": v.name,
            "县": COUNTIES[v.town.county],
            "乡镇": v.town.name,
            "人口": v.population_words or str(v.population),
            "户数": str(v.households),
            "是否边境村": "是" if v.is_border else "否",
            "城乡分类代码": "121" if k % 18 == 0 else "220",
            **_at(v.place),
        }
        if v.code == nowhere[-1]:
            cells[LON] = cells[LAT] = "0"
        lines.append(Line(cells, issue="人口" if v.population_words else ""))
    faults = [
        *_loose_faults((129.29, 20.33)),
        ("wrong_digits", "行政村代码", {"行政村代码": "99012110021"}),
        ("missing_required", "行政村代码", {"行政村代码": ""}),
        ("missing_required", "行政村名称", {"行政村名称": ""}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "行政村代码", faults, rng)
    for line in lines:  # 0,0 of a row that is kept is an issue; marked after planting, which picks by chance
        if not line.reason and line.cells[LON] == "0":
            line.issue = LON
    people, homes = sum(v.population for v in rows), sum(v.households for v in rows)
    lines.append(total(headings, "序号", {"人口": str(people), "户数": str(homes)}))
    return Sheet("行政村名录.csv", "villages", "cgcs2000", lines, first_row=2, headings=headings)


def key_points(rows: list[Village], rng: Random) -> Sheet:
    """Key points: a workbook; a point without coordinates is kept."""
    lines: list[Line] = []
    for v in rows:
        for point in v.points:
            number = f"GJD{len(lines) + 1:05d}"
            cells = {
                "点位编号": number,
                "行政村编码": v.code,
                "所属行政村": v.name,
                "点位类型": point["kind"],
                "点位名称": point["name"],
            }
            lines.append(Line({**cells, **_at(point["place"])}))
    faults = [
        *_loose_faults((129.33, 20.31)),
        ("wrong_digits", "行政村编码", {"行政村编码": "99012110120"}),
        ("missing_required", "点位编号", {"点位编号": ""}),
        ("unknown_code", "点位类型", {"点位类型": "仓库"}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "点位编号", faults, rng)
    lines.append(total(headings, "点位编号", {"点位名称": f"{len(lines)}个"}))
    return Sheet("行政村关键点.xlsx", "key_points", "cgcs2000", lines, "关键点", 2, headings)


def settlements(rows: list[Village], rng: Random) -> Sheet:
    """Settlements: a clean-looking UTF-8 CSV."""
    lines: list[Line] = []
    for v in rows:
        for hamlet in v.settlements:
            cells = {
                "自然村编号": f"ZRC{len(lines) + 1:05d}",
                "所属行政村代码": v.code,
                "自然村名称": hamlet["name"],
                "户数": str(hamlet["households"]),
                "人口": str(hamlet["population"]),
                **_at(hamlet["place"]),
            }
            lines.append(Line(cells))
    faults = [
        *_loose_faults((129.45, 20.37)),
        ("wrong_digits", "所属行政村代码", {"所属行政村代码": "9901211002"}),
        ("missing_required", "所属行政村代码", {"所属行政村代码": ""}),
    ]
    headings = list(lines[0].cells)
    lines = plant(lines, "自然村编号", faults, rng)
    homes = sum(int(line.cells["户数"]) for line in lines)
    lines.append(total(headings, "自然村编号", {"户数": str(homes)}))
    return Sheet("自然村.csv", "settlements", "cgcs2000", lines, first_row=2, headings=headings)


def places(rows: list[dict[str, Any]], rng: Random) -> Sheet:
    """Schools, hospitals, seats, markets: a GB18030 CSV."""
    lines = [
        Line(
            {
                "编号": r["id"],
                "单位名称": r["name"],
                "机构类型": r["kind"],
                "人数": "" if r["people"] is None else str(r["people"]),
                "接入方式": r["backhaul"],
                **_at(r["place"]),
            }
        )
        for r in rows
    ]
    faults = [
        *_loose_faults((129.52, 20.36)),
        ("missing_required", "单位名称", {"单位名称": ""}),
        ("unknown_code", "机构类型", {"机构类型": "加油站"}),
    ]
    return Sheet("重点场所.csv", "places", "cgcs2000", plant(lines, "编号", faults, rng), first_row=2)


def measurements(rows: list[dict[str, Any]], rng: Random) -> Sheet:
    """Drive tests: UTF-8 CSV in WGS 84."""
    lon_h, lat_h = "经度(WGS84)", "纬度(WGS84)"
    lines = [
        Line(
            {
                "记录编号": r["id"],
                "测试时间": r["day"],
                "运营商": "中国" + NAMES[r["operator"]],
                "网络": r["technology"],
                lon_h: f"{r['place'][0]:.6f}",
                lat_h: f"{r['place'][1]:.6f}",
                "RSRP(dBm)": f"{r['level']:.1f}",
                "SINR(dB)": f"{max(-6.0, min(28.0, (r['level'] + 112) * 0.7)):.1f}",
                "下行速率(Mbps)": f"{max(0.3, (r['level'] + 121) * (6.5 if r['technology'] == '5G' else 1.6)):.1f}",
                "测试类型": r["method"],
            }
        )
        for r in rows
    ]
    faults = [
        *place_faults(lon_h, lat_h, (129.39, 20.32)),
        ("missing_required", "RSRP(dBm)", {"RSRP(dBm)": ""}),
        ("missing_required", "测试时间", {"测试时间": ""}),
        ("unknown_code", "运营商", {"运营商": "铁通"}),
    ]
    return Sheet("测试记录.csv", "measurements", "wgs84", plant(lines, "记录编号", faults, rng), first_row=2)
