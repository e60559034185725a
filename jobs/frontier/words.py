"""The words of a frontier scoreboard: classes, services, reasons, columns. Standard library only."""

from __future__ import annotations

from ...layers.specs.places import BACKHAULS
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
}
SERVICE_LABELS = {
    "5G": same("5G"),
    "4G": same("4G"),
    "broadband": Text("宽带（光纤、4G或5G）", "Broadband (fibre, 4G or 5G)"),
    "gigabit_fibre": Text("千兆光网", "Gigabit fibre"),
}
STATE_LABELS = {
    "not_met": Text("未达到", "Not met"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
REASON_LABELS = {
    "planned": Text("规划或在建基站建成后达到", "Met once a planned station stands"),
    "planned_year": Text("{year}年规划或在建基站建成后达到", "Met once a station planned for {year} stands"),
    "no_station_in_range": Text("覆盖半径内没有基站", "No station in range"),
    "behind_terrain": Text("被地形遮挡", "Behind terrain"),
    "measured_weak": Text("实测电平不足", "Measured level too low"),
    "no_data": Text("没有运营商数据", "No operator's data"),
    "no_place": Text("没有坐标", "No coordinates"),
    "point_without_place": Text("有关键点缺坐标", "A key point lacks coordinates"),
    "no_terrain": Text("高程数据未覆盖", "No elevation data"),
    "station_not_simulated": Text("附近有不能仿真的基站", "A station near it cannot be simulated"),
    "fibre_unknown": Text("无4G、5G信号，光纤接入情况无资料", "No 4G or 5G signal, and nothing is known of fibre"),
    "gigabit_unknown": Text("没有千兆光网资料", "No data on gigabit fibre"),
}
UNIT_LABELS = {"item": Text("个", "items"), "km": same("km"), "km²": same("km²")}
BACKHAUL_LABELS = {code.value: code.label for code in BACKHAULS}

LABELS = {
    "rank": Text("序号", "Rank"),
    "rule_id": Text("规则", "Rule"),
    "unverified": Text("规则未核实或类推", "Rule not verified"),
    "rule_name": Text("指标", "Indicator"),
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
    "item_id": Text("编号", "Id"),
    "name": Text("名称", "Name"),
    "state": Text("状态", "State"),
    "reason": Text("原因", "Reason"),
    "planned_year": Text("规划年份", "Planned for"),
    "people": Text("受影响人数", "People"),
    "backhaul": Text("传输方式", "Backhaul"),
    "evidence": Text("判定依据", "Evidence"),
    "nearest_station_id": Text("最近现有基站", "Nearest existing station"),
    "nearest_station_m": Text("距基站（米）", "To station (m)"),
    "nearest_cable_id": Text("最近干线光缆", "Nearest trunk cable"),
    "nearest_cable_m": Text("距光缆（米）", "To cable (m)"),
    "border_m": Text("距国界（米）", "To border (m)"),
    "road_id": Text("道路编号", "Road id"),
    "route": Text("路线编号", "Route number"),
    "run": Text("连续缺口序号", "Run"),
    "run_km": Text("连续缺口长度（km）", "Length of the run (km)"),
    "from_km": Text("起点桩距（km）", "From (km)"),
    "to_km": Text("止点桩距（km）", "To (km)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "lon": Text("经度（CGCS2000）", "Longitude (CGCS2000)"),
    "lat": Text("纬度（CGCS2000）", "Latitude (CGCS2000)"),
}
