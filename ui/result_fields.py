"""Headings, units and code labels of result columns, in both languages."""

from __future__ import annotations

from ..jobs._profile_symbols import MARKS
from ..layers.codes import OPERATORS, PLACE_KINDS
from ..layers.findings.kind import ACTIONS, SEVERITIES
from ..layers.spec import Code, Field, Kind
from ..layers.specs import SPECS
from ..text import Text
from . import words
from .inspection import AXES, PLACE
from .language import current

_VERDICTS = tuple(Code(value, label) for value, label in words.VERDICTS.items())
_EVIDENCE = (
    Code("measured", Text("实测", "Measured")),
    Code("simulated", Text("仿真", "Simulated")),
    Code("distance", Text("距离推断", "Distance")),
    Code("none", Text("无依据", "None")),
)
_SEVERITIES = tuple(Code(value, label) for value, label in SEVERITIES.items())
_ACTIONS = tuple(Code(value, label) for value, label in ACTIONS.items())
_NAMES = {name: item.label for spec in SPECS.values() for name, item in reversed([(f.name, f) for f in spec.fields])}
_FIELD_NAMES = tuple(Code(name, label) for name, label in {**_NAMES, **AXES, "geometry": PLACE}.items())
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
    Field("severity", Kind.CODE, Text("程度", "Severity"), "", codes=_SEVERITIES),
    Field("finding_zh", Kind.TEXT, Text("问题", "Finding (Chinese)"), ""),
    Field("finding_en", Kind.TEXT, Text("问题（英文）", "Finding"), ""),
    Field("row", Kind.INTEGER, Text("行号", "Row"), ""),
    Field("field", Kind.CODE, Text("字段", "Field"), "", codes=_FIELD_NAMES),
    Field("value", Kind.TEXT, Text("原值", "Value"), ""),
    Field("proposed", Kind.TEXT, Text("建议值", "Proposed"), ""),
    Field("why_zh", Kind.TEXT, Text("依据", "Why (Chinese)"), ""),
    Field("why_en", Kind.TEXT, Text("依据（英文）", "Why"), ""),
    Field("treatment", Kind.CODE, Text("处理方式", "Treatment"), "", codes=_ACTIONS),
    Field("confidence", Kind.REAL, Text("把握", "Confidence"), ""),
    Field("related", Kind.TEXT, Text("相关对象", "Related"), ""),
    Field("remark", Kind.TEXT, Text("备注", "Remark"), ""),
    Field("uuid", Kind.TEXT, Text("唯一标识", "UUID"), ""),
)

SIGHT = {"true": Text("视距", "Line of sight"), "false": Text("有遮挡", "Obstructed")}
# Columns that say something else in one result than in the others.
OF_STYLE = {
    "path_line": (
        Field("distance_km", Kind.REAL, Text("路径长度", "Path length"), "", unit="km"),
        Field("loss_db", Kind.REAL, Text("传输损耗", "Transmission loss"), "", unit="dB"),
        Field("level_dbm", Kind.REAL, Text("接收电平", "Received level"), "", unit="dBm"),
        Field("line_of_sight", Kind.CODE, SIGHT["true"], "", codes=tuple(Code(*item) for item in SIGHT.items())),
        Field(
            "obstacle_distance_km",
            Kind.REAL,
            Text("主要障碍距发射端", "Main obstacle from the transmitter"),
            "",
            unit="km",
        ),
    ),
    "path_marks": (
        Field("name", Kind.CODE, Text("名称", "Name"), "", codes=tuple(Code(m.both(), m) for m in MARKS.values())),
        Field("distance_km", Kind.REAL, Text("距发射端", "From the transmitter"), "", unit="km"),
        Field("height_m", Kind.REAL, Text("地面高程", "Ground height"), "", unit="m"),
    ),
}

_BOTH_LANGUAGES = ("finding", "why")


def hidden_columns() -> tuple[str, ...]:
    """Give the columns of findings that are not for this planner: words in the other language, and the code."""
    other = "en" if current() == "zh" else "zh"
    return (*(f"{name}_{other}" for name in _BOTH_LANGUAGES), "code")


RESULT_FIELDS = {item.name: item for item in _FIELDS}
