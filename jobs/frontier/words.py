"""The words of a frontier scoreboard: classes, services, reasons, columns. Standard library only."""

from __future__ import annotations

from typing import Any

from ...layers.codes import PLACE_KINDS
from ...layers.specs.places import BACKHAULS
from ...rules.subjects import SCENES
from ...text import Text, same

SUBJECT_LABELS = {
    "county_town": Text("县城", "County town"),
    "township": Text("乡镇驻地", "Township seat"),
    "village": Text("行政村", "Administrative village"),
    "settlement": Text("20户以上自然村", "Settlement of 20 households or more"),
    "rural_school": Text("农村学校", "Rural school"),
    "border_school": Text("边境村学校", "Border-village school"),
    "border_institution": Text("边境管理及贸易机构", "Border management or trade institution"),
    "island": Text("有人居住海岛", "Inhabited island"),
    "border_road": Text("沿边国道和省道", "National or provincial road along the border"),
    "inland_sea": Text("内海", "Inland sea"),
    "territorial_sea": Text("领海", "Territorial sea"),
    **{code.value: code.label for code in PLACE_KINDS if code.value in SCENES},
    "key_place": Text("重点场所（十一类场景）", "Key place (eleven scenes)"),
    "city_key_place": Text(
        "城市重点场所（医疗、高校、文旅、枢纽）", "Key place of a city (medical, university, tourism, hub)"
    ),
    "railway": Text("铁路", "Railway"),
    "highway": Text("公路", "Road"),
    "metro_line": Text("地铁线路", "Metro line"),
    "statistic": Text("统计指标", "Statistic"),
}
SERVICE_LABELS = {
    "5G": same("5G"),
    "4G": same("4G"),
    "mobile": Text("4G或5G", "4G or 5G"),
    "broadband": Text("宽带（光纤、4G或5G）", "Broadband (fibre, 4G or 5G)"),
    "gigabit_fibre": Text("千兆光网", "Gigabit fibre"),
}
STATE_LABELS = {
    "met": Text("达到", "Met"),
    "not_met": Text("未达到", "Not met"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
REASON_LABELS = {
    "planned": Text("规划或在建基站建成后达到", "Met once a planned station stands"),
    "planned_year": Text("{year}年规划或在建基站建成后达到", "Met once a station planned for {year} stands"),
    "planned_overdue": Text(
        "规划或在建基站逾期未建成，建成后达到", "Met once a planned station stands, which is overdue"
    ),
    "no_station_in_range": Text("覆盖半径内没有基站", "No station in range"),
    "weak_simulated": Text(
        "仿真电平不足（附近无可用基站或信号太弱）",
        "Simulated level too low (no usable station near, or its signal too weak)",
    ),
    "behind_terrain": Text("被地形遮挡", "Behind terrain"),
    "measured_weak": Text("实测电平不足", "Measured level too low"),
    "no_data": Text("没有运营商数据", "No operator's data"),
    "no_place": Text("没有坐标", "No coordinates"),
    "point_without_place": Text("有关键点缺坐标", "A key point lacks coordinates"),
    "no_terrain": Text("高程数据未覆盖", "No elevation data"),
    "station_not_simulated": Text("附近有不能仿真的基站", "A station near it cannot be simulated"),
    "weak_at_sea": Text("海面电平不足", "Level over the sea too low"),
    "tunnel": Text("隧道内，室外信号不能说明", "In a tunnel: a signal outdoors says nothing"),
    "fibre_unknown": Text("无4G、5G信号，光纤接入情况无资料", "No 4G or 5G signal, and nothing is known of fibre"),
    "no_gigabit": Text("未通千兆光网", "No gigabit fibre"),
    "no_key_points": Text("未列出关键点", "No key points listed"),
    "gigabit_unknown": Text("没有千兆光网资料", "No data on gigabit fibre"),
}
_OVERDUE_YEAR = Text(
    "原定{year}年的规划或在建基站逾期未建成，建成后达到", "Planned for {year}, overdue: met once that station stands"
)
# As analysis.scoreboard names them, which needs the engine's libraries.
STATUS_LABELS = {
    "met": Text("已达标", "Met"),
    "short": Text("未达标", "Short"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "none_listed": Text("数据中未列出", "None listed"),
    "no_target": Text("无目标值", "No target"),
}
_GREY = "#7a7a7a"
STATUS_MARKS = {
    "met": ("●", "#0072b2"),
    "short": ("▲", "#d55e00"),
    "cannot_tell": ("○", _GREY),
    "none_listed": ("–", _GREY),
    "no_target": ("–", _GREY),
}
COUNTY_WORDS = {"all": Text("合计", "Total"), "none": Text("县界外或县不明", "In no county, or unknown")}
# Why a rule of the pack is not scored, or not held against a target.
NOTE_LABELS = {
    "no_layer": Text("没有该类资料", "No data on this class"),
    "no_sea_limits": Text(
        "海域图层没有内海、领海界线", "The layer of sea areas has no limits of inland or territorial sea"
    ),
    "no_sea_limits_of_kind": Text("海域图层没有该类海域的界线", "The layer of sea areas has no limits of this kind"),
    "line_job": Text(
        "按线路统计：请运行“道路与铁路沿线覆盖”（line_coverage）", "Counted along lines: run line_coverage"
    ),
    "no_statistic": Text("工作区中没有这项统计数据", "The workspace has no such statistic"),
    "national": Text(
        "全国目标，只报告数量，不与各县比较", "A national target: the count is told and held against no county"
    ),
}
CAUTION_LABELS = {
    "unverified": Text("目标值未核实", "Target not verified"),
    "by_analogy": Text("目标值为类推", "Target by analogy"),
    "signal_radius": Text("覆盖半径未核实", "Radii not verified"),
    "measured.level": Text("达标电平未核实", "Level not verified"),
    "radio.": Text("仿真参数未核实", "Parameters of simulation not verified"),
    "basis": Text("判定所用取值未核实，见报告", "Judged by unverified values, see the report"),
}
UNIT_LABELS = {
    "item": Text("个", "items"),
    "km": same("km"),
    "km²": same("km²"),
    "个": Text("个", "items"),
    "处": Text("处", "places"),
    "条": Text("条", "lines"),
    "户": Text("户", "households"),
    "个/万人": Text("个/万人", "per 10,000 people"),
    **{unit: same(unit) for unit in ("%", "", "Mbps", "Tbps", "EFLOPS")},
}
NOT_STATED = "not_stated"
BACKHAUL_LABELS = {
    **{code.value: code.label for code in BACKHAULS},
    NOT_STATED: Text("未注明", "Not stated"),
}

LABELS = {
    "rank": Text("序号", "Rank"),
    "rule_id": Text("规则", "Rule"),
    "unverified": Text("规则未核实或类推", "Rule not verified"),
    "rule_name": Text("指标", "Indicator"),
    "rule_name_en": Text("指标（英文）", "Indicator (English)"),
    "subject": Text("类别", "Class"),
    "service": Text("应具备", "Must have"),
    "county_code": Text("县代码", "County code"),
    "county_name": Text("县名称", "County"),
    "unit": Text("单位", "Unit"),
    "in_scope": Text("应计数", "In scope"),
    "met": Text("达到", "Met"),
    "not_met": Text("未达到", "Not met"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "ratio_percent": Text("占已判定比例（%）", "% of judged"),
    "target_percent": Text("目标（%）", "Target %"),
    "shortfall": Text("至少还差", "Short ≥"),
    "shortfall_at_most": Text("至多还差", "Short ≤"),
    "status": Text("结论", "Status"),
    "rule_status": Text("规则状态", "Status of the rule"),
    "note": Text("说明", "Note"),
    "deciding_point": Text("决定结论的关键点", "Deciding key point"),
    "caution": Text("提示", "Caution"),
    **{
        f"by_{way}": Text(f"传输方式：{label.zh}", f"Backhaul: {label.en.lower()}")
        for way, label in BACKHAUL_LABELS.items()
    },
    "item_id": Text("编号", "Id"),
    "name": Text("名称", "Name"),
    "state": Text("状态", "State"),
    "reason": Text("原因", "Reason"),
    "planned_year": Text("规划年份", "Planned for"),
    "people": Text("受影响人数", "People"),
    "backhaul": Text("传输方式", "Backhaul"),
    "evidence": Text("判定依据", "Evidence"),
    "nearest_station_id": Text("最近现有基站（不限制式）", "Nearest existing station (any technology)"),
    "nearest_station_technology": Text("最近现有基站的制式", "Its technologies"),
    "nearest_station_m": Text("距基站（米）", "To station (m)"),
    "nearest_cable_id": Text("最近干线光缆", "Nearest trunk cable"),
    "nearest_cable_m": Text("距光缆（米）", "To cable (m)"),
    "border_m": Text("距国界（米）", "To border (m)"),
    "road_id": Text("道路编号", "Road id"),
    "route": Text("路线编号", "Route number"),
    "run": Text("连续缺口序号", "Run"),
    "run_km": Text("连续缺口长度（km）", "Length of the run (km)"),
    "from_km": Text("起点桩号（km）", "From (km)"),
    "to_km": Text("止点桩号（km）", "To (km)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "lon": Text("经度（CGCS2000）", "Longitude (CGCS2000)"),
    "lat": Text("纬度（CGCS2000）", "Latitude (CGCS2000)"),
}
SCOPE_WORDS = {
    "in": Text("在范围内", "In scope"),
    "out": Text("不在范围内", "Out of scope"),
    "to_settle": Text("须人工认定", "To be settled"),
}
SCOPE_LABELS = {
    "county_code": LABELS["county_code"],
    "county_name": LABELS["county_name"],
    "in_scope": Text("是否在范围内", "In scope or not"),
    "reason": Text("依据", "Why (Chinese)"),
    "reason_en": Text("依据（英文）", "Why"),
    "unverified": LABELS["unverified"],
}


def reason_words(reason: str, year: Any) -> Text:
    """Say why something is not met or cannot be told."""
    if reason == "planned" and year:
        return REASON_LABELS["planned_year"].filled(year=year)
    if reason == "planned_overdue" and year:
        return _OVERDUE_YEAR.filled(year=year)
    return REASON_LABELS.get(reason, same(reason))


def county_words(code: str, name: str) -> Text:
    """Name a county, all of them, or none."""
    return COUNTY_WORDS.get(code) or same(name or code)
