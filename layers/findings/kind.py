"""What a kind of finding is: how grave, in which words, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from ...text import NOTHING, Text

SEVERITIES = {
    "blocks": Text("阻断", "Blocks"),  # the row or the file cannot be imported as it stands
    "warns": Text("警告", "Warns"),  # it is imported; somebody has to look at it
    "informs": Text("提示", "Informs"),  # it was read without doubt and is accounted for
}
GROUPS = {
    "container": Text("文件", "File"),
    "values": Text("取值", "Values"),
    "datum": Text("坐标基准", "Datum"),
    "identity": Text("身份", "Identity"),
    "geometry": Text("几何", "Geometry"),
}
APPLY, KEEP, SET_ASIDE = "apply", "keep", "set_aside"
ACTIONS = {
    APPLY: Text("按建议处理", "Treat as proposed"),
    KEEP: Text("保持原样", "Keep as it is"),
    SET_ASIDE: Text("搁置", "Set aside"),
}


@dataclass(frozen=True)
class FindingKind:
    """One kind of finding.

    Attributes
    ----------
    code : str
        English snake_case, the same in findings, rows set aside, value issues and recipes.
    group : str
        Key of `GROUPS`.
    severity : str
        Key of `SEVERITIES`.
    label : Text
        A few words, without a full stop.
    actions : tuple of str
        Keys of `ACTIONS` that a planner may choose from, the one that holds without a choice first. One action: there
        is nothing to choose. None: the finding is about the file as a whole, and is mended outside or by a parameter.
    treatment : Text
        What `apply` does, or what the planner should do outside.
    """

    code: str
    group: str
    severity: str
    label: Text
    actions: tuple[str, ...] = ()
    treatment: Text = NOTHING
