"""What a kind of finding is: how grave, in which words, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from ...text import NOTHING, Text

SEVERITIES = {
    "blocks": Text("搁置", "Set aside"),  # the row is set aside unless it is treated; see `severity_label` for the file
    "warns": Text("警告", "Warns"),  # it is imported; somebody has to look at it
    "informs": Text("提示", "Informs"),  # it was read without doubt and is accounted for
}
STOPS = Text("阻断", "Stops the import")  # what blocks a whole file: nothing of it is imported
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
EMPTY, NO_PLACE = "empty", "no_place"
_LEFT = {EMPTY: Text("置空", "Leave empty"), NO_PLACE: Text("不写坐标", "Write no place")}


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
    act : Text
        `apply` in the two or three words of a choice; empty for those of `ACTIONS`.
    leaves : str
        What `keep` leaves in the cell: "" the value as it stands, `EMPTY` nothing, `NO_PLACE` no coordinates.
    """

    code: str
    group: str
    severity: str
    label: Text
    actions: tuple[str, ...] = ()
    treatment: Text = NOTHING
    act: Text = NOTHING
    leaves: str = ""


def act(kind: FindingKind, action: str) -> Text:
    """Give the words for an action on a kind of finding; empty for no action."""
    if action == APPLY and kind.act.zh:
        return kind.act
    if action == KEEP and kind.leaves:
        return _LEFT[kind.leaves]
    return ACTIONS.get(action, NOTHING)


def severity_label(severity: str, *, of_rows: bool) -> Text:
    """Give the word for how grave a finding is: what blocks rows sets them aside, what blocks a file stops it all."""
    return SEVERITIES[severity] if of_rows or severity != "blocks" else STOPS
