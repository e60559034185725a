"""Headings, units and code labels of result columns, in both languages."""

from __future__ import annotations

from ..layers.codes import OPERATORS, PLACE_KINDS
from ..layers.spec import Code, Field, Kind
from ..text import Text
from . import words

_VERDICTS = tuple(Code(value, label) for value, label in words.VERDICTS.items())
_EVIDENCE = (
    Code("measured", Text("实测", "Measured")),
    Code("simulated", Text("仿真", "Simulated")),
    Code("distance", Text("距离推断", "Distance")),
    Code("none", Text("无依据", "None")),
)
_REASONS = (
    Code("no_place", Text("该村没有任何带坐标的点", "No point of the village has coordinates")),
    Code("no_data", Text("没有任何运营商的数据覆盖该区域", "No operator's data extend to it")),
    Code("point_without_place", Text("有关键点缺坐标", "A key point lacks coordinates")),
)

_FIELDS = (
    Field("village_code", Kind.TEXT, Text("行政村代码", "Village code"), ""),
    Field("village_name", Kind.TEXT, Text("行政村", "Village"), ""),
    Field("county_code", Kind.TEXT, Text("县代码", "County code"), ""),
    Field("county_name", Kind.TEXT, Text("县", "County"), ""),
    Field("town_name", Kind.TEXT, Text("乡镇", "Town"), ""),
    Field("verdict", Kind.CODE, Text("判定结论", "Verdict"), "", codes=_VERDICTS),
    Field("verdict_after_plan", Kind.CODE, Text("规划后结论", "After plan"), "", codes=_VERDICTS),
    Field("borderline", Kind.FLAG, Text("临界", "Borderline"), ""),
    Field("evidence", Kind.CODE, Text("判定依据", "Evidence"), "", codes=_EVIDENCE),
    Field("evidence_date", Kind.DATE, Text("依据日期", "Evidence date"), ""),
    Field("operator", Kind.CODE, Text("运营商", "Operator"), "", codes=OPERATORS),
    Field("nearest_station_id", Kind.TEXT, Text("最佳基站编号", "Best station"), ""),
    Field("distance_m", Kind.REAL, Text("距离", "Distance"), "", unit="m"),
    Field("radius_m", Kind.REAL, Text("覆盖半径", "Radius"), "", unit="m"),
    Field("margin_m", Kind.REAL, Text("余量", "Margin"), "", unit="m"),
    Field("operators_with_data", Kind.CODES, Text("有数据的运营商", "Operators with data"), "", codes=OPERATORS),
    Field("covered_by", Kind.CODES, Text("覆盖的运营商", "Covered by"), "", codes=OPERATORS),
    Field("level_dbm", Kind.REAL, Text("实测电平", "Measured level"), "", unit="dBm"),
    Field("deciding_point", Kind.TEXT, Text("决定性关键点", "Deciding point"), ""),
    Field("deciding_kind", Kind.CODE, Text("关键点类型", "Kind of that point"), "", codes=PLACE_KINDS),
    Field("kind", Kind.CODE, Text("关键点类型", "Kind"), "", codes=PLACE_KINDS),
    Field("points_judged", Kind.INTEGER, Text("判定关键点数", "Points judged"), ""),
    Field("points_without_place", Kind.INTEGER, Text("缺坐标关键点数", "Points without coordinates"), ""),
    Field("basis", Kind.TEXT, Text("判定点", "Judged at"), ""),
    Field("rsrp_dbm", Kind.REAL, Text("实测电平", "Measured level"), "", unit="dBm"),
    Field("rule_id", Kind.TEXT, Text("规则", "Rule"), ""),
    Field("rule_pack", Kind.TEXT, Text("规则包", "Rule pack"), ""),
    Field("reason", Kind.CODE, Text("无法判定原因", "Why not told"), "", codes=_REASONS),
    Field("population", Kind.INTEGER, Text("人口", "Population"), ""),
    Field("households", Kind.INTEGER, Text("户数", "Households"), ""),
    Field("is_border", Kind.FLAG, Text("边境村", "Border village"), ""),
    Field("unit_code", Kind.TEXT, Text("行政区代码", "Unit code"), ""),
    Field("unit_name", Kind.TEXT, Text("行政区", "Unit"), ""),
    Field("code", Kind.TEXT, Text("代码", "Code"), ""),
    Field("name", Kind.TEXT, Text("名称", "Name"), ""),
    Field("area_km2", Kind.REAL, Text("面积", "Area"), "", unit="km²"),
    Field("covered_km2", Kind.REAL, Text("已覆盖面积", "Covered"), "", unit="km²"),
    Field("gap_km2", Kind.REAL, Text("空白面积", "Gap"), "", unit="km²"),
    Field("covered_percent", Kind.REAL, Text("面积覆盖率", "Covered share"), "", unit="%"),
    Field("villages_in_gap", Kind.INTEGER, Text("空白区行政村", "Villages in the gap"), ""),
    Field("people_in_gap", Kind.INTEGER, Text("空白区人口", "People in the gap"), ""),
    Field("point_id", Kind.TEXT, Text("关键点编号", "Point id"), ""),
    Field("remark", Kind.TEXT, Text("备注", "Remark"), ""),
    Field("uuid", Kind.TEXT, Text("唯一标识", "UUID"), ""),
)

RESULT_FIELDS = {item.name: item for item in _FIELDS}
