"""The words of hazard exposure. Standard library only."""

from __future__ import annotations

from ....text import Text

HAZARD_LABELS = {
    "earthquake": Text("地震", "Earthquake"),
    "landslide": Text("地质灾害", "Landslide"),
    "flood": Text("洪涝", "Flood"),
    "fire": Text("火灾", "Fire"),
    "lightning": Text("雷电", "Lightning"),
    "wind": Text("大风", "Wind"),
    "other": Text("其他灾害", "Other hazard"),
}
FACILITY_LABELS = {
    "cable": Text("干线光缆", "Trunk cable"),
    "node": Text("干线节点", "Trunk node"),
    "station": Text("基站", "Base station"),
    "cluster": Text("数据中心", "Data centre"),
    "village": Text("行政村", "Village"),
}
MISSING, TAKEN, NOT_STATED = "missing", "taken", "not_stated"
MEASURE_LABELS = {
    MISSING: Text("缺措施", "Missing"),
    TAKEN: Text("已有措施", "Taken"),
    NOT_STATED: Text("未提供", "Not stated"),
}
MEASURE_MARKS = {MISSING: ("▲", "#d55e00"), TAKEN: ("●", "#0072b2"), NOT_STATED: ("○", "#7a7a7a")}
NO_GRADE = Text("等级不明", "Class unknown")

LABELS = {
    "hazard": Text("灾害", "Hazard"),
    "grade": Text("等级", "Class"),
    "facility": Text("设施类别", "Facility"),
    "facility_id": Text("设施编号", "Facility id"),
    "name": Text("设施名称", "Facility (name)"),
    "operator": Text("权属单位", "Operator"),
    "areas": Text("灾害区", "Hazard areas"),
    "length_km": Text("处于灾害区的长度（km）", "Length exposed (km)"),
    "share_percent": Text("占光缆长度（%）", "Of the cable (%)"),
    "crossings": Text("穿越灾害线次数", "Crossings of hazard lines"),
    "people": Text("受影响人口", "People exposed"),
    "people_unknown": Text("人口不明的村数", "Villages of unknown population"),
    "mw": Text("数据中心（MW）", "Data centres (MW)"),
    "measures": Text("防护措施", "Measures"),
    "count": Text("数量", "Count"),
    "missing": Text("缺措施的数量", "Without measures"),
}
