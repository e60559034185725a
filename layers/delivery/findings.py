"""What a check of a delivery can find: the rules, their levels, and a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...text import Text
from ..spec import LayerSpec

LEVELS = {
    "error": Text("错误", "Error"),
    "warning": Text("警告", "Warning"),
    "note": Text("提示", "Note"),
}
RULES = {
    "L01": Text("要交付的图层有数据", "A layer to hand in has features"),
    "L02": Text("写出的要素数与应写数一致", "Files hold as many features as were to be written"),
    "G01": Text("要素有图形", "A feature has a geometry"),
    "G02": Text("图形有效", "A geometry is valid"),
    "G03": Text("无效图形可以修复", "An invalid geometry can be mended"),
    "G04": Text("坐标在中国范围内", "Coordinates lie in China"),
    "G05": Text("图形可以投影到所选坐标系", "A geometry can be projected"),
    "A01": Text("必填字段有值", "Mandatory fields are filled"),
    "A02": Text("取值在代码表内", "Values are in the code list"),
    "A03": Text("数值在允许范围内", "Numbers are within bounds"),
    "A04": Text("代码位数正确", "Codes have the right number of digits"),
    "A05": Text("关键字段不重复", "Key fields are not repeated"),
    "A06": Text("唯一标识不缺、不重复", "UUIDs are present and not repeated"),
    "F01": Text("文字长度不超过 Shapefile 上限", "Text fits into a Shapefile"),
    "C01": Text("数据在同一个三度带内", "The data lies in one 3° zone"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes
    ----------
    rule : str
        Key of `RULES`.
    level : str
        error (mend it before handing in), warning (look at it) or note.
    feature, key : str
        UUID and key fields of the feature; empty where the finding is about a whole layer.
    """

    rule: str
    level: str
    layer: str
    message: Text
    remedy: Text
    feature: str = ""
    key: str = ""


def by_level(findings: Sequence[Finding]) -> dict[str, int]:
    """Give the number of findings of each level, worst first."""
    counted = Counter(finding.level for finding in findings)
    return {level: counted[level] for level in LEVELS}


def layer_absent(spec: LayerSpec) -> Finding:
    """Say that a layer that was asked for has no features."""
    return Finding(
        "L01",
        "error",
        spec.name,
        Text(
            "图层“{label}”没有数据，未写入交付包。", "The layer “{label}” has no features and is not in the package."
        ).filled(label=spec.label),
        Text("请先导入该图层，或从交付图层中去掉。", "Import it first, or take it off the list of layers."),
    )
