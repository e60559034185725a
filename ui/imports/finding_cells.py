"""What the cells of the list of findings say of a kind and of its lines, by the choices made so far. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...layers.findings.kind import APPLY, SET_ASIDE, SEVERITIES, act, severity_label
from ...text import NOTHING, Text
from .. import words
from ..language import in_window, tr
from . import findings_words as says
from .diagnosis import (
    FEW_ROWS,
    UNPLACED,
    Group,
    Line,
    action_of,
    after,
    field_label,
    is_chosen,
    rows_listed,
    rows_named,
    yours,
)
from .evidence import percent
from .finding_columns import AFTER, BEFORE, FIELD, ROWS, WHY

STOPS, TREATED = "stops", "treated"  # looks besides the severities
_BLANK = Text("（空）", "(empty)")
_FEW = 3  # lines of a kind that are shown without a click


@dataclass
class Cells:
    """What is shown of a file.

    Attributes
    ----------
    layer : str
    treatments, then : dict
        The choices made so far, and those of the diagnosis that is shown.
    lead : str
        The one line of evidence on the datum, told above the list; empty for none.
    is_edition : bool
        The workspace holds earlier rows of the file.
    """

    layer: str = ""
    treatments: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)
    lead: str = ""
    is_edition: bool = False

    def action(self, group: Group, line: Line) -> str:
        """Give what becomes of the rows of a line."""
        return action_of(group, line, self.treatments, self.then)

    def actions(self, group: Group) -> set[str]:
        """Give what becomes of the rows of a kind."""
        return {self.action(group, line) for line in group.lines}

    def after(self, group: Group, line: Line) -> str:
        """Say what becomes of the value of a line."""
        is_final, action = is_chosen(group, line, self.treatments), self.action(group, line)
        return in_window(tr(after(self.layer, group, line, action, is_final=is_final, is_edition=self.is_edition)))

    def mark(self, group: Group) -> tuple[str, str]:
        """Give the look of a kind, and its name with what becomes of its rows."""
        actions = self.actions(group)
        look, said = group.severity, severity_label(group.severity, of_rows=bool(group.kind.actions))
        if group.stops:
            look = STOPS
        elif SET_ASIDE in actions and group.actions:
            look, said = "blocks", SEVERITIES["blocks"] if actions == {SET_ASIDE} else says.PARTLY
        elif group.actions and (group.severity == "blocks" or APPLY in actions):
            look, said = TREATED, act(group.kind, next(iter(actions))) if len(actions) == 1 else says.TREATED
        form = Text("{severity} · {kind}", "{severity}: {kind}")
        label = tr(form).format(severity=tr(said), kind=tr(group.kind.label))
        return look, (tr(says.NEW) if group.is_new else "") + label

    def of_line(self, group: Group, line: Line) -> dict[int, str]:
        """Give the words of a line by column."""
        return {
            ROWS: tr(rows_listed([line.rows], line.count)) if line.rows else tr(says.WHOLE),
            FIELD: tr(field_label(self.layer, line.field)) if line.field else "",
            BEFORE: _value(group, line),
            AFTER: self.after(group, line),
            WHY: in_window(self._reason(group, line)),
        }

    def of_kind(self, group: Group) -> dict[int, str]:
        """Give the words of a kind of several lines: where these stay folded, what is the same in all or short enough."""
        lines, few, folded = group.lines, len(group.lines) <= _FEW, is_folded(group)
        reasons = {line.why for line in lines}
        why = lines[0].why if len(reasons) == 1 else says.SEE_LINES if folded else NOTHING
        cells = {ROWS: tr(says.COUNT).format(n=f"{group.count:,}"), WHY: in_window(tr(why))}
        if not folded:
            return cells
        rows = [line.rows for line in lines if line.rows]
        fields = list(dict.fromkeys(tr(field_label(self.layer, line.field)) for line in lines if line.field))
        values = list(dict.fromkeys(" ".join(_value(group, line).split()) for line in lines if line.value))
        outcomes = {self.after(group, line) for line in lines}
        if rows and group.count <= FEW_ROWS:
            cells[ROWS] = tr(rows_listed(rows, group.count))
        return cells | {
            FIELD: tr(words.LIST_COMMA).join(fields) if few or len(fields) == 1 else "",
            BEFORE: tr(words.SEMICOLON).join(values) if few or len(values) == 1 else "",
            AFTER: outcomes.pop() if len(outcomes) == 1 else "",
        }

    def details(self, group: Group, line: Line | None) -> str:
        """Write out what the columns cut off; without a line of the kind alone."""
        said = [tr(group.kind.label)]
        open_ = NOTHING if line is None else yours(group, line, self.action(group, line))
        if line is not None:
            outcome, value = self.after(group, line), " ".join(_value(group, line).split())
            if value or outcome:
                said[0] += tr(words.COLON) + " → ".join(filter(None, (value, outcome)))
            said += [in_window(self._reason(group, line)), tr(open_)]
            if line.confidence < 1 and (group.actions or group.stops):
                sure = says.SURE_OF_VALUE if line.proposed else says.SURE_OF_FINDING
                said += [tr(sure).format(n=percent(line.confidence))]
            related = tr(rows_named(line.related))
            if related and related not in tr(line.why):
                said += [tr(Text("相关：{what}", "Related: {what}")).format(what=related)]
        if group.kind.treatment.zh and (not open_.zh or group.kind.code in UNPLACED):
            said += [tr(Text("说明：{what}", "Note: {what}")).format(what=in_window(tr(group.kind.treatment)))]
        return tr(words.SEMICOLON).join(one.rstrip("。.") for one in said if one)

    def as_table(self, group: Group, lines: list[Line]) -> list[str]:
        """Give some lines of a kind, under the headings, as they go to the clipboard."""
        table = [[tr(heading) for heading in says.HEADINGS]]
        for one in lines:
            done = tr(act(group.kind, self.action(group, one))) or tr(group.kind.treatment)
            name = tr(field_label(self.layer, one.field))
            table.append([tr(group.kind.label), one.rows, name, one.value, self.after(group, one), done, tr(one.why)])
        return ["\t".join(" ".join(cell.split()) for cell in row) for row in table]

    def _reason(self, group: Group, line: Line) -> str:
        """Say why; what decides the datum of the whole file stands above, and all figures with the evidence."""
        is_above = self.lead and group.kind.group == "datum" and not line.rows
        return tr(says.SEE_ABOVE) if is_above else tr(line.why)


def _value(group: Group, line: Line) -> str:
    """Give what stands in the file; a blank cell of two is named by the engine in Chinese."""
    return in_window(line.value) if group.kind.group == "datum" else line.value.replace(_BLANK.zh, tr(_BLANK))


def is_folded(group: Group) -> bool:
    """Tell whether the lines of a kind stay folded: many, alike, or nothing to be chosen."""
    alike = {(line.field, line.value, line.proposed, line.why) for line in group.lines}
    return len(group.lines) > _FEW or not group.actions or len(alike) == 1


def is_note(group: Group) -> bool:
    """Tell whether a kind is only accounted for: nothing is left to be decided."""
    return group.severity == "informs" and not (group.actions and any(line.rows for line in group.lines))


def has_words(group: Group, wanted: str) -> bool:
    """Tell whether some words, in small letters, are in a line of a kind."""
    told = (f"{line.rows}\n{line.value}\n{line.proposed}\n{tr(line.why)}" for line in group.lines)
    return any(wanted in one.lower() for one in told)
