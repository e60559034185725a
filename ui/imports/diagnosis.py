"""What `diagnose` found in one file, as plain data for the import dialog: kinds of findings, and their lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import APPLY, EMPTY, KEEP, NO_PLACE, SET_ASIDE, FindingKind, act
from ...layers.specs import SPECS
from ...text import NOTHING, Text, same
from .inspection import AXES, PLACE

# More lines of a kind than a planner would read one by one; the table of findings in the run's folder has them all.
SHOWN_LINES = 500
_MANY = 200  # rows of one line that are treated row by row
_SINGLY = 50  # and that are listed so
FEW_ROWS = 6  # numbers that a cell names
_ASIDE = Text("（搁置）", "(set aside)")
_ASIDE_STAYS = Text("（搁置；已在工作区的行保留）", "(set aside; a row that the workspace holds stays)")
_ASIDE_OUT = Text("（搁置；已在工作区的行移出）", "(set aside; a row that the workspace holds goes)")
_ASIDE_OR = Text("建议 {proposed}（暂搁置）", "proposed: {proposed} (set aside)")
_KEPT_OR = Text("建议 {proposed}（暂不变）", "proposed: {proposed} (unchanged)")
_HELD_OR = Text("建议 {proposed}（暂沿用工作区的值）", "proposed: {proposed} (the workspace keeps its value)")
_LEFT_OR = {
    EMPTY: Text("建议 {proposed}（暂置空）", "proposed: {proposed} (left empty)"),
    NO_PLACE: Text("建议 {proposed}（暂不写坐标）", "proposed: {proposed} (no place)"),
}
_YOURS = Text("建议：{act}；现为：{now}", "suggested: {act}; as it stands: {now}")
_EMPTY = Text("（空）", "(empty)")
_UNCHANGED = Text("（不变）", "(unchanged)")
_LEFT = {EMPTY: _EMPTY, NO_PLACE: Text("（无坐标）", "(no place)")}
_MERGING = ("exact_duplicate",)
_UNADVISED = ("doubtful_correction",)  # what could be done is shown; the advice is to look first
_ADVISED = {"corrected_duplicate": SET_ASIDE}  # what its treatment says, and not what `apply` does
UNPLACED = ("code_outside",)  # the treatment writes the row without its place
_LIKELY = 0.5  # where most of a file lies outside, its datum or its columns are in question, and not the rows
_COULD_BE = Text("或为 {proposed}（暂搁置）", "perhaps {proposed} (set aside)")
_NOT_WRITTEN = Text("（不写入）", "(not written)")
_NOT_WRITING = Text("不写入", "Do not write it")
_CORRECTED = Text("（按改正后的坐标写入）", "(written where it would be corrected to)")
_PLACED = Text("建议 不写坐标（暂照写）", "proposed: no place (written as it is)")
_MERGED = Text("合并到前面的行", "merged into an earlier row")
_MERGED_INTO = Text("合并到第 {row} 行", "merged into row {row}")
_ROW = re.compile(r"row (\d+)")
_GRAVITY = {"warns": 1, "blocks": 2}  # what the planner has to know of before an import; the rest is accounted for
STOPPED = "stops"  # what blocks the file as a whole
Seen = dict[tuple[str, str], dict[int, int]]  # by code and field: how grave a row was, 0 for the file as a whole


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
    is_new: bool = False  # since the planner last looked

    @property
    def numbers(self) -> list[int]:
        """The row numbers; none for the file as a whole, and none where they are too many to choose for each."""
        if not self.rows or self.count > _MANY:
            return []
        return self.all_numbers

    @property
    def all_numbers(self) -> list[int]:
        """The row numbers, however many; none for the file as a whole."""
        return _numbers(self.rows)


@dataclass
class Group:
    """The findings of one kind."""

    kind: FindingKind
    severity: str
    actions: tuple[str, ...] = ()  # to choose from; none where the rows cannot be treated otherwise
    lines: list[Line] = field(default_factory=list)
    count: int = 0

    @property
    def stops(self) -> bool:
        """Nothing of the file is imported as long as this holds."""
        return self.severity == "blocks" and not self.kind.actions

    @property
    def is_new(self) -> bool:
        """Some of it came up since the planner last looked."""
        return any(line.is_new for line in self.lines)


def _numbers(rows: str) -> list[int]:
    ends = [part.partition("-") for part in rows.split(";")] if rows else []
    return [number for first, _, last in ends for number in range(int(first), int(last or first) + 1)]


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def grave(path: Path) -> Seen:
    """Give what of a table of findings a planner has to know of before the import."""
    found: Seen = {}
    for said in _table(path):
        how = _GRAVITY.get(said["severity"], 0)
        if how:
            rows = found.setdefault((said["code"], said["field"]), {})
            for row in _numbers(said["rows"]) or [0]:
                rows[row] = max(how, rows.get(row, 0))
    return found


def unseen(seen: Seen, now: Seen) -> dict[str, int]:
    """Count by severity the rows that have a finding which is new, or graver than it was; `STOPPED` apart."""
    names = {how: name for name, how in _GRAVITY.items()}
    counts: dict[str, int] = {}
    for key, rows in now.items():
        before = seen.get(key, {})
        for row, how in rows.items():
            if how > before.get(row, 0):
                name = STOPPED if names[how] == "blocks" and _stops(key[0]) else names[how]
                counts[name] = counts.get(name, 0) + 1
    return counts


def _stops(code: str) -> bool:
    return code in KINDS and not KINDS[code].actions


def read_all(path: Path) -> list[Group]:
    """Read a table of findings with every line of it."""
    return list(_groups(path, None, None).values())


def read_findings(path: Path, seen: Seen | None = None) -> list[Group]:
    """Read a table of findings: what is new, what stops the import, what waits for a choice, what has one, the rest.

    Lines of a kind that share a choice stand together, however grave each of them is.

    Parameters
    ----------
    path : pathlib.Path
    seen : dict, optional
        What the planner knows of, see `grave`; without it nothing is new.
    """
    groups = _groups(path, seen, SHOWN_LINES)
    for group in groups.values():
        group.lines.sort(key=lambda line: not line.is_new)
        del group.lines[SHOWN_LINES:]
    return sorted(
        groups.values(), key=lambda group: (not group.is_new, not group.stops, not _is_open(group), not group.actions)
    )


def _groups(path: Path, seen: Seen | None, most: int | None) -> dict[tuple[str, tuple[str, ...]], Group]:
    groups: dict[tuple[str, tuple[str, ...]], Group] = {}
    for said in _table(path):
        kind = KINDS.get(said["code"])
        if kind is None:  # of a newer engine; the report has it
            continue
        actions = tuple(filter(None, said["choices"].split(";")))
        key = (kind.code, actions) if actions else (kind.code, (said["severity"],))
        group = groups.setdefault(key, Group(kind, said["severity"], actions))
        count = int(said["count"])
        group.count += count
        is_new = seen is not None and _is_new(said, seen)
        if most is None or len(group.lines) < most or is_new:
            why = Text(said["why_zh"], said["why_en"])
            line = Line(
                *(said["rows"], count, said["field"], said["value"], said["proposed"], why, said["treatment"]),
                *(float(said["confidence"] or 1), said["related"], is_new),
            )
            group.lines += _singly(line) if len(actions) > 1 else [line]
    return groups


def _singly(line: Line) -> list[Line]:
    """Give a line for each row that can be treated by itself."""
    if line.count > _SINGLY or len(line.all_numbers) < 2:
        return [line]
    return [replace(line, rows=str(number), count=1) for number in line.all_numbers]


def _is_open(group: Group) -> bool:
    """Tell whether something is proposed for the rows of a kind that waits for the planner's word."""
    return any(yours(group, line, line.treatment).zh for line in group.lines)


def _is_new(said: dict[str, str], seen: Seen) -> bool:
    how = _GRAVITY.get(said["severity"], 0)
    before = seen.get((said["code"], said["field"]), {})
    return bool(how) and any(how > before.get(row, 0) for row in _numbers(said["rows"]) or [0])


def newer_edition_of(summary: dict[str, Any], outputs: dict[str, str]) -> str:
    """Give the source of which a file is a newer edition by its diagnosis; empty for none."""
    if not (summary.get("findings_by_code") or {}).get("newer_edition") or not outputs.get("findings"):
        return ""
    groups = read_findings(Path(outputs["findings"]))
    return next((group.lines[0].value for group in groups if group.kind.code == "newer_edition"), "")


def action_of(group: Group, line: Line, treatments: dict[str, str], then: dict[str, str] | None = None) -> str:
    """Give what becomes of the rows of a line by the choices made so far.

    Parameters
    ----------
    group : Group
    line : Line
    treatments : dict
        The choices.
    then : dict, optional
        Those of the diagnosis that wrote the line: where its treatment came of one that was taken back, the default
        of the kind holds again.
    """
    if not group.actions:
        return line.treatment  # whatever is chosen for the other rows of the kind
    code = group.kind.code
    own = own_of(group, line)
    chosen = treatments.get(own) or treatments.get(code)
    if chosen:
        return chosen
    return group.actions[0] if then and (then.get(own) or then.get(code)) else line.treatment


def own_of(group: Group, line: Line) -> str:
    """Give what a choice for the rows of a line alone is found by; empty where they cannot be chosen for alone."""
    return f"{group.kind.code}@row {line.numbers[0]}" if line.numbers else ""


def choose(treatments: dict[str, str], group: Group, action: str, numbers: list[int] | None = None) -> None:
    """Note a choice: for some rows, or for the kind; the latter holds for each of its rows, whatever was chosen before.

    Parameters
    ----------
    treatments : dict
        Changed in place.
    group : Group
    action : str
        Empty to do with the rows as with their kind.
    numbers : list of int, optional
        Rows; without them the choice is for the kind.
    """
    code = group.kind.code
    if numbers is None:
        for name in [name for name in treatments if name.startswith(f"{code}@")]:
            del treatments[name]
    for name in [code] if numbers is None else [f"{code}@row {number}" for number in numbers]:
        if action:
            treatments[name] = action
        else:
            treatments.pop(name, None)


def is_chosen(group: Group, line: Line, treatments: dict[str, str]) -> bool:
    """Tell whether the planner chose what becomes of a line: for its rows, or for its kind."""
    return bool(treatments.get(own_of(group, line)) or treatments.get(group.kind.code))


def after(
    layer: str, group: Group, line: Line, action: str, *, is_final: bool = False, is_edition: bool = False
) -> Text:
    """Say what an action makes of a value.

    Parameters
    ----------
    layer : str
    group : Group
    line : Line
    action : str
    is_final : bool
        It is the planner's own choice: what is proposed besides is not told.
    is_edition : bool
        The workspace holds earlier rows of the file: a value that is not read leaves theirs.
    """
    proposed = _merged(line) if group.kind.code in _MERGING else value_label(layer, line.field, line.proposed)
    could = bool(proposed.zh) and APPLY in group.actions and not is_final
    if action == SET_ASIDE and could and group.kind.code in _UNADVISED:
        return _COULD_BE.filled(proposed=proposed)
    if action == SET_ASIDE and is_edition and not could:
        return _ASIDE_OUT if is_final else _ASIDE_STAYS
    if action == SET_ASIDE:
        return _ASIDE_OR.filled(proposed=proposed) if could else _ASIDE
    if action == KEEP:
        if could:
            left = _HELD_OR if is_edition and group.kind.leaves == EMPTY else _LEFT_OR.get(group.kind.leaves, _KEPT_OR)
            return left.filled(proposed=proposed)
        if group.kind.code in UNPLACED and advised(group, line) == APPLY and not is_final:
            return _PLACED
        if is_edition and group.kind.leaves == EMPTY:
            return _NOT_WRITTEN
        return _LEFT.get(group.kind.leaves, _UNCHANGED if group.actions else NOTHING)
    if action == APPLY and group.kind.code in _ADVISED and not proposed.zh:
        return _CORRECTED
    if action == APPLY and group.kind.code in UNPLACED:
        return _LEFT[NO_PLACE]
    is_emptied = action == APPLY and group.kind.group == "values" and line.field not in ("", "geometry")
    return _EMPTY if is_emptied and not proposed.zh else proposed


def advised(group: Group, line: Line) -> str:
    """Give the action that is suggested for a line; empty where none is, or there is nothing to choose.

    A suggestion never holds by itself unless it is the default of its kind: it is marked in the choice, told beside
    what holds now, and asked about before the import.
    """
    code = group.kind.code
    if code in _ADVISED:
        return _ADVISED[code] if _ADVISED[code] in group.actions else ""
    if APPLY not in group.actions or code in _UNADVISED:
        return ""
    if code in UNPLACED:
        return APPLY if line.confidence >= _LIKELY else ""
    return APPLY if line.proposed or code in _MERGING or line.treatment == APPLY else ""


def yours(group: Group, line: Line, action: str) -> Text:
    """Say what is suggested and what holds now, where that is not the same."""
    wanted = advised(group, line)
    if not wanted or wanted == action:
        return NOTHING
    return _YOURS.filled(act=act(group.kind, wanted), now=act(group.kind, action))


def _merged(line: Line) -> Text:
    """Say into which row a row goes: the finding names it first of those that it relates to, or in its reason."""
    row = _ROW.match(line.related) or _ROW.search(line.why.en)
    return _MERGED_INTO.filled(row=row[1]) if row else _MERGED


def rows_listed(rows: list[str], count: int) -> Text:
    """Name rows in a cell: all of a few, else the first ones and how many there are; no words for none."""
    parts = [part for one in rows for part in one.split(";")]
    zh, en = "、".join(parts[:FEW_ROWS]), ", ".join(parts[:FEW_ROWS])
    return Text(zh, en) if len(parts) <= FEW_ROWS else Text(f"{zh} 等 {count:,} 行", f"{en} … ({count:,})")


def rows_named(related: str) -> Text:
    """Give what a finding relates to, its rows in the planner's language."""
    return Text(_ROW.sub(r"第 \1 行", related), related)


def act_label(group: Group, action: str, is_edition: bool) -> Text:
    """Give the words for an action in a choice; of an edition a value that is not written is not always an empty one."""
    if is_edition and action == KEEP and group.kind.leaves == EMPTY:
        return _NOT_WRITING
    return act(group.kind, action)


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
