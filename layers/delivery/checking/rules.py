"""The rules of a check: what each means and how what it finds is mended; level and threshold stand in the profiles.

Rules of digits are those of a land survey checker as read in public code; whether a bureau holds plans to them nobody
has verified. Rules of words are this software's own names.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....text import Text

SURVEY = Text(
    "编号、级别和阈值见于三调检查软件；是否用于国空规划成果未核实",
    "number, level and threshold as in a land survey checker; whether it holds for plans is not verified",
)
OWN = Text("编号由本软件所定，属建议", "the id is this software's own, a proposal")


@dataclass(frozen=True)
class Rule:
    """A rule.

    Attributes
    ----------
    id : str
    name : Text
        What has to hold.
    kind : Text
        The class of error, as error records state it.
    means : Text
        Why a bureau sends a package back for it.
    remedy : Text
        How it is mended.
    level : int
        Where no profile states one; 1 is gravest.
    needs : str
        What it cannot run without: "" nothing, "regions" or "boundary".
    """

    id: str
    name: Text
    kind: Text
    means: Text
    remedy: Text
    level: int
    needs: str = ""

    @property
    def founded_on(self) -> Text:
        """Where its id comes from."""
        return SURVEY if self.id[0].isdigit() else OWN


LEVELS = {
    1: Text("一级（最重）", "Level 1 (gravest)"),
    2: Text("二级", "Level 2"),
    3: Text("三级", "Level 3"),
}
LEVEL_MARKS = {1: ("✖", "#d55e00"), 2: ("▲", "#0072b2"), 3: ("●", "#7a7a7a")}

_BASE = Text("数学基础", "Mathematical base")
_LAYERS = Text("图层完整性", "Layers")
_STRUCTURE = Text("属性结构", "Structure")
_VALUES = Text("属性值", "Values")
_IDENTITY = Text("标识与代码", "Identity")
_GEOMETRY = Text("图形", "Geometry")
_TOPOLOGY = Text("拓扑", "Topology")
_AGREEMENT = Text("一致性", "Agreement")
_FILES = Text("文件", "Files")

_ALL = (
    Rule(
        "FILE",
        Text("文件完整、可以读取", "Files are whole and can be read"),
        _FILES,
        Text(
            "打不开、缺组成文件或文字成乱码的文件，接收单位无法入库。",
            "What cannot be opened, lacks a part or holds garbled text cannot be taken in.",
        ),
        Text("请重新导出或补齐文件。", "Export it again, or add what is missing."),
        1,
    ),
    Rule(
        "2201",
        Text("有坐标系，基准为 CGCS2000", "The CRS is stated and on CGCS2000"),
        _BASE,
        Text(
            "没有坐标系或基准不同的数据，叠加后会错位。",
            "Without a CRS, or on another datum, data lies in the wrong place.",
        ),
        Text("请设置正确的坐标系；基准不同的请转换到 CGCS2000。", "Set the right CRS; convert to CGCS2000."),
        1,
    ),
    Rule(
        "2203",
        Text("投影为高斯-克吕格，带号正确", "The projection is Gauss-Krüger in the right zone"),
        _BASE,
        Text(
            "规格要求三度带投影坐标；带号错，变形就大。",
            "The profile asks for a 3° zone; in a wrong one distances are distorted.",
        ),
        Text("请投影到数据所在的三度带后重新导出。", "Project to the 3° zone of the data and export again."),
        1,
    ),
    Rule(
        "CRS",
        Text("全部图层坐标系相同", "All layers have one CRS"),
        _BASE,
        Text("坐标系不一的图层不能一起入库。", "Layers of several CRSs cannot be taken in together."),
        Text("请把全部图层转换到同一坐标系。", "Convert all layers to one CRS."),
        1,
    ),
    Rule(
        "DATUM",
        Text("不像是偏移坐标（GCJ-02、BD-09）", "Coordinates do not look shifted (GCJ-02, BD-09)"),
        _BASE,
        Text(
            "加密偏移的坐标与 CGCS2000 相差数百米，交付前必须查明。这里只是推测。",
            "Shifted coordinates are hundreds of metres off. This is a suspicion only.",
        ),
        Text(
            "请向数据提供方查明坐标基准，按指定转换后重新生成。",
            "Ask the provider for the datum, convert on order, and write the package again.",
        ),
        1,
        "regions",
    ),
    Rule(
        "3101",
        Text("必备图层齐全", "Required layers are there"),
        _LAYERS,
        Text("缺少必备图层的成果不能入库。", "A package without a required layer is not taken in."),
        Text("请补充该图层；确无此类要素的，请与接收单位确认。", "Add the layer, or ask whether it may be missing."),
        1,
    ),
    Rule(
        "LAYERS",
        Text("图层名符合规格", "Layer names are those of the profile"),
        _LAYERS,
        Text(
            "规格以外或名称不符的图层，接收单位认不出。",
            "Layers that the profile does not have, or under another name, are not recognised.",
        ),
        Text("请改为规格中的图层名，多余的图层请移出。", "Rename the layer as in the profile, or take it out."),
        2,
    ),
    Rule(
        "3102",
        Text("字段个数、名称、类型、长度一致", "Fields: number, names, types and lengths"),
        _STRUCTURE,
        Text(
            "字段须与规格逐一相同，多一个、少一个都会退回。",
            "Fields must be those of the profile: one more or one less and it is sent back.",
        ),
        Text(
            "请按规格重建字段，或载入接收单位的空库。", "Make the fields as in the profile, or use the empty database."
        ),
        1,
    ),
    Rule(
        "3104",
        Text("取值在代码表内", "Codes are in the dictionary"),
        _VALUES,
        Text("代码表以外的值不能入库。", "Values outside the code list cannot be taken in."),
        Text("请改为代码表中的代码。", "Use a code of the list."),
        2,
    ),
    Rule(
        "3105",
        Text("必填字段有值，数值在范围内", "Mandatory fields are filled, values in range"),
        _VALUES,
        Text("必填项为空或数值越界的要素会退回。", "Features with gaps or values out of range are sent back."),
        Text("请补填或改正。", "Fill it in or mend it."),
        2,
    ),
    Rule(
        "BSM",
        Text("标识码在成果包内唯一、组成正确", "Feature numbers are unique in the package and well formed"),
        _IDENTITY,
        Text(
            "标识码是入库和更新的唯一依据，须全库唯一，由县级代码、要素层代码和顺序号组成。",
            "The number identifies a feature for good: unique in the whole database, made of county, layer and serial.",
        ),
        Text(
            "请重新编号；本软件的成果请核对标识码登记表（.bsm.csv）。",
            "Number it anew; for packages of this software check the register (.bsm.csv).",
        ),
        1,
    ),
    Rule(
        "XZQDM",
        Text("行政区代码与位置一致", "The region code agrees with the location"),
        _IDENTITY,
        Text("代码与所在位置不符的要素会归入别的行政区。", "With a wrong code a feature is filed under another place."),
        Text("请核对代码和坐标。", "Check the code and the coordinates."),
        2,
        "regions",
    ),
    Rule(
        "EMPTY",
        Text("要素有图形", "Features have a geometry"),
        _GEOMETRY,
        Text("没有图形的要素不能上图。", "A feature without a geometry cannot be mapped."),
        Text("请补绘图形或删除该要素。", "Draw it, or delete the feature."),
        1,
    ),
    Rule(
        "KIND",
        Text("几何类型符合规格", "Geometries are of the type of the layer"),
        _GEOMETRY,
        Text("点、线、面类型不符的图层不能入库。", "A layer of another geometry type cannot be taken in."),
        Text("请放入对应类型的图层。", "Put it into the layer of its type."),
        1,
    ),
    Rule(
        "VALID",
        Text("图形有效", "Geometries are valid"),
        _GEOMETRY,
        Text(
            "自交、环不闭合等图形，面积和叠加都会算错。",
            "Areas and overlays of a shape that crosses itself come out wrong.",
        ),
        Text("请用“修复几何”处理后核对。", "Repair the geometry and look at the result."),
        1,
    ),
    Rule(
        "MULTI",
        Text("无多部件要素", "No multi-part features"),
        _GEOMETRY,
        Text("规格要求一个要素一个图形。", "The profile asks for one shape a feature."),
        Text("请拆分为单部件，各编标识码。", "Split it; every part needs its own number."),
        2,
    ),
    Rule(
        "CURVE",
        Text("无弧线段", "No curve segments"),
        _GEOMETRY,
        Text("弧线段写不进多数交换格式。", "Most exchange formats cannot hold curves."),
        Text("请先加密为折线（densify）。", "Turn curves into straight segments first."),
        2,
    ),
    Rule(
        "DUP",
        Text("无重复要素", "No feature stands twice"),
        _GEOMETRY,
        Text(
            "同一要素出现两次，数量和面积会重复统计。同一位置、属性不同的点是共址站点，不算重复。",
            "What stands twice is counted twice. Points at one place with other attributes share a site: no fault.",
        ),
        Text("请删除重复的一个。", "Delete one of them."),
        2,
    ),
    Rule(
        "4101",
        Text("面不重叠，须铺满的图层无空隙", "Areas do not overlap; layers that must tile have no gaps"),
        _TOPOLOGY,
        Text("重叠处面积重复统计，空隙处漏统计。", "Overlaps are counted twice, gaps not at all."),
        Text("请以共用边界修改相邻的面。", "Edit the neighbours along a common border."),
        1,
    ),
    Rule(
        "4201",
        Text("线不自重叠、不自相交", "Lines do not overlap or cross themselves"),
        _TOPOLOGY,
        Text("自重叠、自相交的线长度不实。", "The length of a line that runs over itself is wrong."),
        Text("请修改线形，或在交点处打断。", "Mend the line, or split it where it crosses."),
        2,
    ),
    Rule(
        "4601",
        Text("无碎片多边形", "No sliver polygons"),
        _TOPOLOGY,
        Text("过小的面多是制图误差。", "Very small areas are mostly drawing errors."),
        Text("请并入相邻的面或删除。", "Merge it into a neighbour, or delete it."),
        3,
    ),
    Rule(
        "4701",
        Text("无碎线", "No short lines"),
        _TOPOLOGY,
        Text("过短的线多是捕捉不准留下的。", "Very short lines are mostly left by poor snapping."),
        Text("请并入相接的线或删除。", "Join it to the line it meets, or delete it."),
        3,
    ),
    Rule(
        "SHARP",
        Text("无尖锐角", "No sharp angles"),
        _TOPOLOGY,
        Text("尖锐的折角多是多余顶点造成的。", "Spikes mostly come from a stray vertex."),
        Text("请删除多余的顶点。", "Delete the stray vertex."),
        3,
    ),
    Rule(
        "BOUNDARY",
        Text("在规划范围内", "Everything lies inside the planning boundary"),
        _AGREEMENT,
        Text("超出规划范围的要素不属本规划。", "What lies outside does not belong to this plan."),
        Text("请裁剪或移出范围外的部分。", "Cut off what lies outside."),
        2,
        "boundary",
    ),
    Rule(
        "COUNT",
        Text("各格式、图形与属性个数一致", "Formats agree, and shapes have their attributes"),
        _AGREEMENT,
        Text(
            "同一图层在各格式中应完全一样，图形与属性应一一对应。",
            "A layer must be the same in every format, and every shape have its row.",
        ),
        Text("请从同一数据重新生成各格式。", "Write all formats anew from the same data."),
        1,
    ),
    Rule(
        "AREA",
        Text("面积、长度字段与图形一致", "Area and length fields agree with the shapes"),
        _AGREEMENT,
        Text("字段与图形算出的值不符，统计就不实。", "Where field and shape disagree the sums are wrong."),
        Text("请按图形重新计算该字段。", "Compute the field anew from the shape."),
        2,
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}
GEOMETRIC = ("EMPTY", "KIND", "VALID", "MULTI", "CURVE", "DUP", "4101", "4201", "4601", "4701", "SHARP")
ALWAYS = ("FILE",)  # what cannot be read is told whether or not the profile asks
# Headings of the layers of findings.
ALIASES = {
    "rule": Text("规则编号", "Rule"),
    "level": Text("错误级别", "Level"),
    "layer": Text("涉及图层", "Layer"),
    "feature": Text("要素ID", "Feature"),
    "bsm": Text("要素BSM", "BSM"),
    "file": Text("文件", "File"),
    "message_zh": Text("错误描述", "Description (Chinese)"),
    "message_en": Text("英文描述", "Description (English)"),
    "remedy_zh": Text("处理办法", "What to do (Chinese)"),
    "remedy_en": Text("英文处理办法", "What to do (English)"),
}
