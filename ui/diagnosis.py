"""What `diagnose` found in one file, as plain data for the import dialog: kinds of findings, and their lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..layers.findings.catalogue import KINDS
from ..layers.findings.kind import APPLY, KEEP, SET_ASIDE, FindingKind
from ..layers.specs import SPECS
from ..text import NOTHING, Text, same
from .inspection import AXES, PLACE

# More lines of a kind than a planner would read one by one; the table of findings in the run's folder has them all.
SHOWN_LINES = 500
_MANY = 200  # rows of one line that are treated row by row
_ASIDE = Text("（搁置）", "(set aside)")
_ASIDE_OR = Text("建议 {proposed}（暂搁置）", "proposed: {proposed} (set aside)")
_KEPT_OR = Text("建议 {proposed}（暂不变）", "proposed: {proposed} (unchanged)")
_EMPTY = Text("（空）", "(empty)")


@dataclass(frozen=True)
class Line:
    """One line of the table of findings."""

    rows: str
    count: int
    field: str
    value: str
    proposed: str
    why: Text
    treatment: str
    confidence: float = 1.0
    related: str = ""

    @property
    def numbers(self) -> list[int]:
        """The row numbers; none for the file as a whole, and none where they are too many to choose for each."""
        if not self.rows or self.count > _MANY:
            return []
        ends = [part.partition("-") for part in self.rows.split(";")]
        return [number for first, _, last in ends for number in range(int(first), int(last or first) + 1)]


@dataclass
class Group:
    """The findings of one kind."""

    kind: FindingKind
    severity: str
    actions: tuple[str, ...] = ()  # to choose from; none where the rows cannot be treated otherwise
    lines: list[Line] = field(default_factory=list)
    count: int = 0


def read_findings(path: Path) -> list[Group]:
    """Read a table of findings, the gravest kinds first, as they stand there."""
    groups: dict[tuple[str, str, tuple[str, ...]], Group] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for said in csv.DictReader(file):
            kind = KINDS.get(said["code"])
            if kind is None:  # of a newer engine; the report has it
                continue
            actions = tuple(filter(None, said["choices"].split(";")))
            key = said["severity"], kind.code, actions
            group = groups.setdefault(key, Group(kind, said["severity"], actions))
            count = int(said["count"])
            group.count += count
            if len(group.lines) < SHOWN_LINES:
                why = Text(said["why_zh"], said["why_en"])
                group.lines.append(
                    Line(
                        *(said["rows"], count, said["field"], said["value"], said["proposed"], why, said["treatment"]),
                        *(float(said["confidence"] or 1), said["related"]),
                    )
                )
    return list(groups.values())


def newer_edition_of(summary: dict[str, Any], outputs: dict[str, str]) -> str:
    """Give the source of which a file is a newer edition by its diagnosis; empty for none."""
    if not (summary.get("findings_by_code") or {}).get("newer_edition") or not outputs.get("findings"):
        return ""
    groups = read_findings(Path(outputs["findings"]))
    return next((group.lines[0].value for group in groups if group.kind.code == "newer_edition"), "")


def after(layer: str, group: Group, line: Line, action: str) -> Text:
    """Say what an action makes of a value, and what the treatment would make of it where that was not chosen."""
    proposed = value_label(layer, line.field, line.proposed)
    could = bool(line.proposed) and APPLY in group.actions
    if action == SET_ASIDE:
        return _ASIDE_OR.filled(proposed=proposed) if could else _ASIDE
    if action == KEEP:
        emptied = group.kind.group == "values" and bool(line.field)
        return _KEPT_OR.filled(proposed=proposed) if could else _EMPTY if emptied else NOTHING
    return proposed


def field_label(layer: str, name: str) -> Text:
    """Give the words for the field of a finding; a heading of the file labels itself."""
    if name == "geometry":
        return PLACE
    if name in AXES:
        return AXES[name]
    spec = SPECS.get(layer)
    return next((item.label for item in spec.fields if item.name == name), same(name)) if spec else same(name)


def value_label(layer: str, name: str, value: str) -> Text:
    """Give the words for a value that is a code of its field, or several; any other value labels itself."""
    spec = SPECS.get(layer)
    codes = {
        code.value: code.label for item in (spec.fields if spec else ()) if item.name == name for code in item.codes
    }
    parts = value.split(";")
    if not all(part in codes for part in parts):
        return same(value)
    return Text("、".join(codes[part].zh for part in parts), ", ".join(codes[part].en for part in parts))


def as_parameter(treatments: dict[str, str]) -> str:
    """Give the planner's choices as the jobs take them."""
    return ",".join(f"{name}={action}" for name, action in sorted(treatments.items()))
