"""Headings, units and code labels of result columns, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..jobs.calibration.words import USE_LABELS
from ..jobs.profile.symbols import MARKS
from ..layers.codes import OPERATORS, PLACE_KINDS
from ..layers.findings.kind import ACTIONS, SEVERITIES
from ..layers.spec import Code, Field, Kind
from ..layers.specs import SPECS
from ..text import Text
from . import words
from .checks.fields import OF_STYLE as CHECK_FIELDS
from .checks.fields import OTHER_LANGUAGE as OF_CHECKS
from .frontier.fields import OF_STYLE as FRONTIER_FIELDS
from .frontier.fields import OTHER_LANGUAGE as OF_FRONTIER
from .imports.inspection import AXES, PLACE
from .land.fields import OF_STYLE as LAND_FIELDS
from .language import current, tr
from .trunk.fields import OF_STYLE as TRUNK_FIELDS
from .trunk.fields import OTHER_LANGUAGE as OF_TRUNK

_VERDICTS = tuple(Code(value, label) for value, label in words.VERDICTS.items())
_EVIDENCE = tuple(Code(value, label) for value, label in words.EVIDENCE.items())
_SEVERITIES = tuple(Code(value, label) for value, label in SEVERITIES.items())
_ACTIONS = tuple(Code(value, label) for value, label in ACTIONS.items())
_NAMES = {name: item.label for spec in SPECS.values() for name, item in reversed([(f.name, f) for f in spec.fields])}
_FIELD_NAMES = tuple(Code(name, label) for name, label in {**_NAMES, **AXES, "geometry": PLACE}.items())
_REASONS = (
    Code("no_place", Text("该村没有任何带坐标的点", "No point of the village has coordinates")),
    Code("no_data", Text("没有任何运营商的数据覆盖该区域", "No operator's data extend to it")),
    Code("point_without_place", Text("有关键点缺坐标", "A key point lacks coordinates")),
    Code("no_terrain", Text("高程数据未覆盖或有空洞", "The elevation data end before it or have voids there")),
    Code("station_not_simulated", Text("附近有不能仿真的基站", "A station near it cannot be simulated")),
)

_USES = tuple(Code(value, label) for value, label in USE_LABELS.items())

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
    Field("simulated_dbm", Kind.REAL, Text("仿真电平", "Simulated level"), "", unit="dBm"),
    Field("margin_db", Kind.REAL, Text("电平余量", "Margin"), "", unit="dB"),
    *(
        Field(
            f"dbm_{code.value.lower()}",
            Kind.REAL,
            Text(f"{code.label.zh}仿真电平", f"{code.label.en}, simulated"),
            "",
            unit="dBm",
        )
        for code in OPERATORS
    ),
    Field("obstruction_m", Kind.REAL, Text("障碍距关键点", "Obstacle from the point"), "", unit="m"),
    Field("obstruction_height_m", Kind.REAL, Text("障碍处高程", "Ground at the obstacle"), "", unit="m"),
    Field("obstruction_above_m", Kind.REAL, Text("高出视线", "Above the line of sight"), "", unit="m"),
    Field("verdict_by_distance", Kind.CODE, Text("按距离的结论", "By distance alone"), "", codes=_VERDICTS),
    Field("evidence_after_plan", Kind.CODE, Text("规划后依据", "Evidence after plan"), "", codes=_EVIDENCE),
    Field("profile_picture", Kind.TEXT, Text("剖面图", "Path profile"), ""),
    Field("depends_on_range", Kind.FLAG, Text("取决于最大距离", "Hangs on the range"), ""),
    Field("deciding_point", Kind.TEXT, Text("决定性关键点", "Deciding point"), ""),
    Field("deciding_kind", Kind.CODE, Text("关键点类型", "Kind of that point"), "", codes=PLACE_KINDS),
    Field("kind", Kind.CODE, Text("关键点类型", "Kind"), "", codes=PLACE_KINDS),
    Field("points_judged", Kind.INTEGER, Text("判定关键点数", "Points judged"), ""),
    Field("points_without_place", Kind.INTEGER, Text("缺坐标关键点数", "Points without coordinates"), ""),
    Field("basis", Kind.TEXT, Text("判定点", "Judged at"), ""),
    Field("rsrp_dbm", Kind.REAL, Text("实测电平", "Measured level"), "", unit="dBm"),
    Field("measurement_id", Kind.TEXT, Text("测试编号", "Measurement id"), ""),
    Field("measured_on", Kind.DATE, Text("测试日期", "Measured on"), ""),
    Field("measured_dbm", Kind.REAL, Text("实测电平", "Measured level"), "", unit="dBm"),
    Field("difference_db", Kind.REAL, Text("实测减仿真", "Measured less simulated"), "", unit="dB"),
    Field("server_id", Kind.TEXT, Text("服务基站编号", "Serving station id"), ""),
    Field("named_server", Kind.FLAG, Text("测试记录注明服务基站", "The test names its server"), ""),
    Field("band", Kind.TEXT, Text("频段", "Band"), "", unit="MHz"),
    Field("clutter", Kind.INTEGER, Text("地物类别编码", "Clutter class"), ""),
    Field("use", Kind.CODE, Text("使用情况", "Use"), "", codes=_USES),
    Field("rule_id", Kind.TEXT, Text("规则", "Rule"), ""),
    Field("unverified", Kind.FLAG, Text("取值未核实或类推", "Values not verified"), ""),
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
    Field("cannot_tell_km2", Kind.REAL, Text("无法判定面积", "Cannot tell"), "", unit="km²"),
    Field("villages_cannot_tell", Kind.INTEGER, Text("无法判定的行政村", "Villages that cannot be told"), ""),
    Field("covered_percent", Kind.REAL, Text("占可判定面积", "Covered of what can be told"), "", unit="%"),
    Field("covered_low_percent", Kind.REAL, Text("占全部面积，至少", "Covered of all, at least"), "", unit="%"),
    Field("covered_high_percent", Kind.REAL, Text("占全部面积，至多", "Covered of all, at most"), "", unit="%"),
    Field("borderline_km2", Kind.REAL, Text("门限附近面积", "Near the threshold"), "", unit="km²"),
    Field("villages_in_gap", Kind.INTEGER, Text("空白区行政村", "Villages in the gap"), ""),
    Field("people_in_gap", Kind.INTEGER, Text("空白区人口", "People in the gap"), ""),
    Field("point_id", Kind.TEXT, Text("关键点编号", "Point id"), ""),
    Field("severity", Kind.CODE, Text("程度", "Severity"), "", codes=_SEVERITIES),
    Field("title", Kind.TEXT, Text("名称", "Name"), ""),
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
    **FRONTIER_FIELDS,
    **TRUNK_FIELDS,
    **LAND_FIELDS,
    **CHECK_FIELDS,
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


def of_other_language(style: str) -> tuple[str, ...]:
    """Give the columns of a style whose words are in the language that this planner does not read."""
    said = {**OF_FRONTIER, **OF_TRUNK, **OF_CHECKS}.get(style)
    return () if said is None else said[current()]


def coded_words(value: str, labels: Mapping[str, str]) -> str:
    """Give the words of codes with ";" between; some have metres behind them, as in "basic_farmland=12.5"."""
    told = []
    for part in value.split(";"):
        code, _, metres = part.partition("=")
        told.append(f"{labels[code]} {metres} m" if metres and code in labels else labels.get(part, part))
    return tr(words.LIST_COMMA).join(told)


RESULT_FIELDS = {item.name: item for item in _FIELDS}
