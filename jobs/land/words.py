"""The words of control-line conflicts and of the land demand. Standard library only."""

from __future__ import annotations

from ...layers.specs.base_stations import TOWER_TYPES
from ...layers.specs.control_lines import KINDS
from ...layers.specs.towers_and_poles import KINDS as MASTS
from ...layers.specs.trunk_cables import LAYINGS
from ...layers.specs.trunk_nodes import CLASSES as NODE_CLASSES
from ...text import Text, same
from ..shared.rule_words import SEVERITY_LABELS

CLEAR, CONFLICT, CANNOT_TELL = "clear", "conflict", "cannot_tell"
VERDICT_LABELS = {
    CONFLICT: Text("有冲突", "Conflict"),
    CANNOT_TELL: Text("无法判定", "Cannot tell"),
    CLEAR: Text("无冲突", "Clear"),
}
VERDICT_MARKS = {CONFLICT: ("▲", "#d55e00"), CANNOT_TELL: ("○", "#7a7a7a"), CLEAR: ("●", "#0072b2")}
SEVERITY_MARKS = {0: ("·", "#7a7a7a"), 1: ("△", "#0072b2"), 2: ("◆", "#e69f00"), 3: ("▲", "#d55e00")}
AVOID = max(SEVERITY_LABELS)

ZONE_LABELS = {code.value: code.label for code in KINDS}
OUTSIDE_LABEL = Text("{kind}外", "Outside: {kind}")

LAYER_LABELS = {
    "base_stations": Text("基站", "Base station"),
    "towers_and_poles": Text("铁塔与杆塔", "Tower or pole"),
    "dc_clusters": Text("数据中心", "Data centre"),
    "trunk_nodes": Text("干线节点", "Trunk node"),
    "trunk_cables": Text("干线光缆", "Trunk cable"),
}
PLOT, SITE, ATTACHED, BURIED, AERIAL, SUBMARINE = "plot", "site", "attached", "buried", "aerial", "submarine"
CLASS_LABELS = {
    PLOT: Text("独立地块", "Plot of its own"),
    SITE: Text("落地站址", "Site on the ground"),
    ATTACHED: Text("依附既有建筑或杆塔", "On an existing structure"),
    BURIED: Text("管道或直埋光缆", "Cable in the ground"),
    AERIAL: Text("架空光缆", "Aerial cable"),
    SUBMARINE: Text("水下光缆", "Underwater cable"),
}
CLASS_OF_LAYING = {"duct": BURIED, "direct_buried": BURIED, "aerial": AERIAL, "submarine": SUBMARINE, "opgw": ATTACHED}

# Why a facility cannot be told.
NO_PLACE, NO_TYPE, NO_PRESET, TYPES_DIFFER, TYPE_PARTLY, NO_LAYING, NO_PLOT, NO_DATA = (
    *("no_place", "no_type", "no_preset", "types_differ", "type_partly", "no_laying", "no_plot", "no_data"),
)
REASON_LABELS = {
    NO_PLACE: Text("没有坐标或图形", "It has no place"),
    NO_TYPE: Text("站址类型为空或认不出，占地面积未知", "Its type is empty or not recognised: its land is not known"),
    NO_PRESET: Text("该类型没有占地面积预设", "There is no footprint for its type"),
    TYPES_DIFFER: Text("同一站址的类型不一致，占地面积未知", "Rows of the site differ in type: its land is not known"),
    TYPE_PARTLY: Text(
        "同一站址有的行类型为空或认不出，占地面积未知",
        "Some rows of the site have no type that is known: its land is not known",
    ),
    NO_LAYING: Text(
        "敷设方式为空、认不出，或没有走廊宽度预设", "Its laying is empty, not recognised, or has no width of a corridor"
    ),
    NO_PLOT: Text("只有点位、没有地块范围，占地面积未知", "A point without a plot: its land is not known"),
    NO_DATA: Text(
        "所在处缺少控制线数据（种类见“缺数据的控制线”）",
        "Control lines are lacking where it lies (of the kinds stated)",
    ),
}
# Why a facility takes no ground.
BUILT, ON_BUILDING, ON_LINE = "built", "on_building", "on_line"
NOTE_LABELS = {
    BUILT: Text("站址已建成，不新占土地", "The site is there: no new land"),
    ON_BUILDING: Text("设在既有建筑或杆塔上，占地 0 m²", "On an existing building or mast: 0 m² of land"),
    ON_LINE: Text("随电力线路架设，不另占走廊", "On a power line: no corridor of its own"),
}

# What to do, by kind of control line and severity; where there is none, the words for all kinds.
TO_DO = {
    1: Text("登记备查；施工前告知主管部门。", "Put on record; tell the authority before works."),
    2: Text(
        "论证无法避让后，按程序征求主管部门意见或报批。",
        "Show that it cannot be avoided; then consult the authority or apply for approval.",
    ),
    3: Text(
        "另选址或改线；无法避让的不得先行建设。", "Find another place or route; do not build before it is settled."
    ),
    0: Text("按建议口径不计冲突。", "Not counted, as proposed."),
}
TO_DO_OF_KIND = {
    ("ecological_red_line", 3): Text(
        "移出红线另选址；确属允许的有限人为活动的，先论证并取得认定意见。",
        "Move out of the red line; if it counts among the limited activities allowed, get that confirmed first.",
    ),
    ("ecological_red_line", 2): Text(
        "优先改线；无法避让的，作不可避让论证，征求自然资源、生态环境部门意见。",
        "Reroute if possible; else show that it cannot be avoided and consult the bureaus of resources and environment.",
    ),
    ("basic_farmland", 3): Text(
        "移出永久基本农田；站址不宜占用，改用田坎、道路红线内或既有建筑。",
        "Move off the farmland: to verges, road land or buildings that are there.",
    ),
    ("basic_farmland", 2): Text(
        "杆位避开永久基本农田，移至路边或田坎；无法避让的报批。",
        "Set the poles beside roads or on verges; where that cannot be, apply for approval.",
    ),
    ("basic_farmland", 1): Text(
        "埋深满足耕作要求，办理临时用地和复垦。", "Bury below ploughing depth; temporary land use and reclamation."
    ),
    ("town_boundary", 1): Text(
        "核对是否纳入国土空间规划重点项目清单和用地指标。",
        "Check that the site is on the plan's list of projects and has a land quota.",
    ),
    ("town_boundary", 2): Text(
        "城镇开发边界外的独立地块，须论证选址并落实用地指标。",
        "A plot outside of the town boundary: justify the site and secure its land quota.",
    ),
    ("urban_yellow_line", 2): Text(
        "与黄线所属设施的主管部门协调；属本项目黄线的，注明后不计。",
        "Agree with the owner of that facility; if the line is this project's own, say so.",
    ),
    ("nature_reserve", 3): Text(
        "移出自然保护地；核心保护区内不得建设。", "Move out of the reserve; nothing may be built in its core."
    ),
    ("water_protection", 2): Text(
        "核对保护区级别；一级保护区须避让，二级、准保护区征求生态环境部门意见。",
        "Check the grade: avoid the first; for the second and third consult the environment bureau.",
    ),
}


def to_do(kind: str, severity: int) -> Text:
    """Say what a planner should do about a conflict."""
    return TO_DO_OF_KIND.get((kind, severity), TO_DO[severity])


def kind_label(kind: str, *, is_outside: bool) -> Text:
    """Name a kind of control line, or the ground outside of it."""
    label = ZONE_LABELS[kind]
    return OUTSIDE_LABEL.filled(kind=label) if is_outside else label


LABELS = {
    "verdict": Text("判定", "Verdict"),
    "layer": Text("图层", "Layer"),
    "feature_id": Text("编号", "Id"),
    "name": Text("名称", "Name"),
    "operator": Text("权属单位", "Operator"),
    "type": Text("类型", "Type"),
    "class": Text("占用方式", "Use of ground"),
    "status": Text("建设状态", "Status"),
    "year": Text("年份", "Year"),
    "rows": Text("合并的行数", "Rows in one"),
    "footprint_m2": Text("占地或走廊面积（m²）", "Footprint (m²)"),
    "width_m": Text("走廊宽度（m）", "Width (m)"),
    "whole_m": Text("长度（m）", "Length (m)"),
    "county_code": Text("县级代码", "County code"),
    "county": Text("县", "County"),
    "reason": Text("无法判定的原因", "Why it cannot be told"),
    "note": Text("说明", "Note"),
    "kind": Text("控制线", "Control line"),
    "side": Text("位置", "Side"),
    "zone_id": Text("控制线编号", "Zone id"),
    "zone_name": Text("控制线名称", "Zone"),
    "source": Text("控制线来源", "Source"),
    "area_m2": Text("冲突面积（m²）", "Area in conflict (m²)"),
    "length_m": Text("冲突长度（m）", "Length in conflict (m)"),
    "severity": Text("处理等级", "Severity"),
    "to_do": Text("处理建议", "What to do"),
    "features": Text("设施数", "Facilities"),
    "touching": Text("中心线或点位所在", "Where its line or point lies"),
    "lacking": Text("缺数据的控制线", "Kinds without data there"),
    "before_m": Text("原长度（m）", "Length now (m)"),
    "after_m": Text("替代长度（m）", "Length of the alternative (m)"),
    "extra_m": Text("增加长度（m）", "Extra length (m)"),
    "before_in_m": Text("原冲突长度（m）", "In conflict now (m)"),
    "after_in_m": Text("替代冲突长度（m）", "In conflict then (m)"),
    "before_m2": Text("原冲突面积（m²）", "Area now (m²)"),
    "after_m2": Text("替代冲突面积（m²）", "Area then (m²)"),
    "outcome": Text("结果", "Outcome"),
    "remaining": Text("仍有的冲突", "What is left"),
    "code": Text("用地用海代码", "Land or sea code"),
    "code_name": Text("用地用海名称", "Use"),
    "edition": Text("代码版本", "Edition"),
    "demand_m2": Text("面积（m²）", "Area (m²)"),
    "demand_ha": Text("面积（公顷）", "Area (ha)"),
    "none": Text("不占地的设施数", "Taking no land"),
    "unknown": Text("面积未知的设施数", "Facilities of unknown area"),
}
# The codes of the guide of 2023 that a telecom plan meets; those of commercial data centres are recalled, not read.
CODE_LABELS = {
    "1306": Text("通信用地", "Communications land"),
    "1906": Text("海底电缆管道用海", "Sea of submarine cables and pipelines"),
    "0902": Text("商务金融用地", "Business and finance land"),
    "1001": Text("工业用地", "Industrial land"),
    "1101": Text("物流仓储用地", "Logistics and storage land"),
}
SOLVED, LOWERED, NO_BETTER, NOT_SOUGHT = "solved", "lowered", "no_better", "not_sought"
OUTCOME_LABELS = {
    SOLVED: Text("替代路由无冲突", "The alternative has no conflict"),
    LOWERED: Text("替代路由减少冲突", "The alternative lowers the conflict"),
    NO_BETTER: Text("在该格网上未找到更好的路由", "None better was found on these cells"),
    NOT_SOUGHT: Text("未推求", "Not looked for"),
}
BEYOND = Text("县界以外", "Beyond the counties")
NO_COUNTIES = Text("县不明（没有行政区划）", "County unknown (no administrative units)")
SIDE_LABELS = {"inside": Text("在其内", "Inside"), "outside": Text("在其外", "Outside")}


def type_label(kind: str) -> Text:
    """Name the type of a site, the laying of a cable, or the class of a node."""
    return TYPE_LABELS.get(kind, same(kind))


TYPE_LABELS = {
    code.value: code.label
    for code in (*NODE_CLASSES, *LAYINGS, *(c for c in MASTS if c.value != "other"), *TOWER_TYPES)
} | {PLOT: Text("地块", "Plot"), "point": Text("点位", "Point")}
