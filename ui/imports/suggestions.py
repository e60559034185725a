"""Suggestions that wait for the planner's word: asked about once before an import, of all files together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtWidgets import QMessageBox, QSpacerItem, QWidget

from ...layers.findings.kind import EMPTY, KEEP, SET_ASIDE, act
from ...text import NOTHING, Text
from .. import words
from ..language import tr
from .diagnosis import Group, Line, action_of, advised, after, field_label, read_all, yours
from .inspection import SourceFile, is_edition

ADOPT, LOOK, LEAVE, STAY = "adopt", "look", "leave", "stay"
_TITLE = Text("还有建议未选定", "Suggestions are open")
_ASKED = Text("还有 {n} 条建议未选定：", "Suggestions that are not decided: {n}.")
_OF_KIND = Text("【{act}】{kind}，{n} 行：{rows}。", "{act} ({kind}, rows: {n}): {rows}.")
_OF_FILE = Text("{name} {rows}", "{name} {rows}")
_ROWS = Text("第 {rows} 行{change}", "row {rows}{change}")
_MORE = Text("另有 {n} 行", "{n} more")
_KIND = Text("{act} {n}", "{act}: {n}")
_LISTED = 5  # entries of a file and a kind
_LONG = 16  # signs of a value
_STILL = Text("仍搁置", "Set aside still")
_TO_LOOK_AT = ("doubtful_correction", "corrected_duplicate")
_WIDE = 90  # letters of a line
_MOST = 60  # signs of a list of rows
_WHAT = Text(
    "采用：按【】中所写处理。暂定：保持现在的处理（{provisional}）。原文件不动，导入后可撤销。",
    "Adopt: treated as suggested. As they stand: {provisional}. The files stay as they are, and an import can be undone.",
)
_EARLIER = Text("沿用工作区的值", "Keep the value of the workspace")


@dataclass(frozen=True)
class Suggestion:
    """One line of findings whose proposed treatment does not hold by itself, and that the planner has not decided.

    Attributes
    ----------
    names : tuple of str
        What `treatments` calls its rows, or its kind where they are too many to name.
    action, left : str
        What is proposed, and what happens without a word.
    rows : str
        Its rows, as the table of findings gives them.
    count : int
        Their number.
    kind : Text
        What is found.
    act, now : Text
        What is proposed, and what happens without a word, in words.
    change : Text
        What becomes of the value: the field, the old one and the new, or the row that it is merged into.
    """

    names: tuple[str, ...]
    action: str
    left: str
    rows: str
    count: int
    kind: Text
    act: Text
    now: Text
    change: Text


def _groups(item: SourceFile) -> list[Group]:
    """Read every finding on a file that is not imported yet; none where it was not examined."""
    table = item.examined.get("findings")
    return [] if item.summary or not table or not Path(table).is_file() else read_all(Path(table))


def undecided(item: SourceFile) -> list[Suggestion]:
    """Give the suggestions on a file that is not imported yet which the planner has neither taken nor refused."""
    found = []
    for group in _groups(item):
        code = group.kind.code
        if code in item.treatments:
            continue
        open_lines = [line for line in group.lines if _is_open(item, group, line) and _may_ask(item, group, line)]
        # What is suggested for all rows of a kind is one choice: its box shows it, and next month's file has other rows.
        is_whole = len(open_lines) == len(group.lines) and len({advised(group, line) for line in open_lines}) == 1
        for line in open_lines:
            names = () if is_whole else tuple(f"{code}@row {number}" for number in line.numbers)
            wanted = advised(group, line)
            now = action_of(group, line, item.treatments, item.chosen_then)
            is_held = is_edition(item) and now == KEEP and group.kind.leaves == EMPTY
            told = group.kind.label, act(group.kind, wanted), _EARLIER if is_held else act(group.kind, now)
            change = _change(after(item.kind, group, line, wanted), item.kind, line)
            found.append(Suggestion(names or (code,), wanted, now, line.rows, line.count, *told, change))
    return found


def _change(new: Text, layer: str, line: Line) -> Text:
    """Give field, old value and new; of what is not one value, the new alone."""
    if not line.field or not line.value or "/" in line.value or len(line.value) > _LONG:
        return Text(new.zh, f" {new.en}")
    name = field_label(layer, line.field)
    return Text(f" {name.zh} {line.value} → {new.zh}", f" {name.en} {line.value} → {new.en}")


def _is_open(item: SourceFile, group: Group, line: Line) -> bool:
    """Tell whether something else is suggested for a line than what holds, and nothing was chosen for its rows."""
    names = {f"{group.kind.code}@row {number}" for number in line.numbers}
    action = action_of(group, line, item.treatments, item.chosen_then)
    return not names & item.treatments.keys() and bool(yours(group, line, action).zh)


def _may_ask(item: SourceFile, group: Group, line: Line) -> bool:
    """Tell whether a suggestion stands already: one on a place does not as long as the file's datum is open."""
    is_open = bool(item.found and item.found.problems)
    on_cells = group.kind.group == "values" and line.field != "geometry"
    return not is_open or on_cells or group.kind.code == "exact_duplicate"


def open_ones(item: SourceFile) -> list[Suggestion]:
    """Give those of `undecided` that the planner has not left open knowingly."""
    return [one for one in undecided(item) if not set(one.names) <= item.provisional]


def adopt(item: SourceFile) -> None:
    """Choose what is suggested, wherever nothing was chosen."""
    for one in undecided(item):
        item.treatments.update(dict.fromkeys(one.names, one.action))
        item.touched = True


def leave(item: SourceFile) -> None:
    """Note that the planner knows of the suggestions, and leaves them undecided."""
    item.provisional |= {name for one in undecided(item) for name in one.names}


def keep(item: SourceFile, codes: set[str]) -> None:
    """Choose, for the suggestions of some kinds, what happens without them."""
    for one in undecided(item):
        if one.names[0].partition("@")[0] in codes:
            item.treatments.update(dict.fromkeys(one.names, one.left))
            item.touched = True


def question(files: list[SourceFile]) -> tuple[Text, Text]:
    """Give the question about the open suggestions of some files, and what each answer means.

    It is told by what is found, each kind once for all files: which rows, and what becomes of them.
    """
    now: dict[Text, int] = {}
    kinds: dict[tuple[Text, Text], dict[str, list[Suggestion]]] = {}
    for item in files:
        for one in open_ones(item):
            now[one.now] = now.get(one.now, 0) + one.count
            kinds.setdefault((one.act, one.kind), {}).setdefault(item.path.stem, []).append(one)
    total = sum(one.count for of_kind in kinds.values() for found in of_kind.values() for one in found)
    lines = [_of_kind(*key, of_kind) for key, of_kind in kinds.items()]
    lines += _doubtful(files)
    lines.append(_WHAT.filled(provisional=_counted(now)))
    return _ASKED.filled(n=f"{total:,}"), Text("\n".join(one.zh for one in lines), "\n".join(one.en for one in lines))


def _of_kind(wanted: Text, kind: Text, by_file: dict[str, list[Suggestion]]) -> Text:
    """Say of a kind of finding which rows of which files are meant, and what becomes of each."""
    told = [_OF_FILE.filled(name=name, rows=_of_file(found)) for name, found in by_file.items()]
    count = sum(one.count for found in by_file.values() for one in found)
    rows = Text("；".join(one.zh for one in told), "; ".join(one.en for one in told))
    return _OF_KIND.filled(act=wanted, kind=kind, n=f"{count:,}", rows=rows)


def _of_file(found: list[Suggestion]) -> Text:
    """Name the rows of a file, those of which the same becomes together."""
    alike: dict[Text, list[Suggestion]] = {}
    for one in found:
        alike.setdefault(one.change, []).append(one)
    parts = []
    for change, ones in list(alike.items())[:_LISTED]:
        rows = sorted(";".join(one.rows for one in ones).split(";"), key=lambda row: int(row.partition("-")[0] or 0))
        parts.append(_ROWS.filled(rows=Text(short("、".join(rows)), short(", ".join(rows), ", ")), change=change))
    left = sum(one.count for ones in list(alike.values())[_LISTED:] for one in ones)
    parts += [_MORE.filled(n=f"{left:,}")] if left else []
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def short(rows: str, comma: str = "、") -> str:
    """Cut a list of rows that is too long to be read in a question."""
    return rows if len(rows) <= _MOST else rows[:_MOST].rpartition(comma)[0] + "…"


def _doubtful(files: list[SourceFile]) -> list[Text]:
    """Name the rows of wrong coordinates that are set aside, and that no answer changes: they have to be looked at."""
    kinds: dict[str, dict[str, list[Suggestion]]] = {}
    labels: dict[str, Text] = {}
    for item in files:
        for group, line in _doubtful_lines(item):
            code = group.kind.code
            labels[code] = group.kind.label
            one = Suggestion(
                (code,), SET_ASIDE, SET_ASIDE, line.rows, line.count, group.kind.label, _STILL, _STILL, NOTHING
            )
            kinds.setdefault(code, {}).setdefault(item.path.stem, []).append(one)
    return [_of_kind(_STILL, labels[code], of_kind) for code, of_kind in kinds.items()]


def _doubtful_lines(item: SourceFile) -> list[tuple[Group, Line]]:
    return [
        (group, line)
        for group in _groups(item)
        if group.kind.code in _TO_LOOK_AT
        for line in group.lines
        if action_of(group, line, item.treatments, item.chosen_then) == SET_ASIDE
    ]


def _counted(counts: dict[Text, int]) -> Text:
    parts = [_KIND.filled(act=label, n=f"{count:,}") for label, count in counts.items()]
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def ask(files: list[SourceFile], parent: QWidget | None) -> str:
    """Ask what becomes of the open suggestions: `ADOPT`, `LOOK`, `LEAVE`, or `STAY`; Escape imports nothing."""
    told, what = question(files)
    box = QMessageBox(QMessageBox.Icon.Question, tr(_TITLE), tr(told), parent=parent)
    box.setInformativeText(tr(what))
    grid = box.layout()  # a box is as wide as its layout asks for, and else breaks its words into a narrow column
    width = _WIDE * box.fontMetrics().averageCharWidth()
    grid.addItem(QSpacerItem(width, 0), grid.rowCount(), 0, 1, grid.columnCount())
    roles = QMessageBox.ButtonRole
    buttons = {
        ADOPT: box.addButton(tr(Text("全部采用建议并导入(&A)", "&Adopt all and import")), roles.AcceptRole),
        LOOK: box.addButton(tr(Text("先去查看(&L)", "&Look first")), roles.ActionRole),
        LEAVE: box.addButton(tr(Text("按暂定处理导入(&P)", "Import as they &stand")), roles.DestructiveRole),
        STAY: box.addButton(tr(words.CANCEL), roles.RejectRole),
    }
    box.setDefaultButton(buttons[LOOK])
    box.setEscapeButton(buttons[STAY])
    box.exec()
    pressed = box.clickedButton()
    return next((answer for answer, button in buttons.items() if button is pressed), STAY)


def settle(files: list[SourceFile], parent: QWidget | None, show: Callable[[SourceFile, str], None]) -> bool:
    """Ask about what is open in some files and do as the planner says.

    Parameters
    ----------
    files : list of SourceFile
    parent : QWidget or None
    show : callable
        Goes to the findings of a kind in a file, for a planner who wants to look at each.

    Returns
    -------
    bool
        Whether the import goes on.
    """
    ready = files
    files = [item for item in ready if open_ones(item)]
    if not files:
        return True
    answer = ask(ready, parent)
    for item in files:
        if answer == ADOPT:
            adopt(item)
        elif answer == LEAVE:
            leave(item)
    if answer == LOOK:
        show(files[0], open_ones(files[0])[0].names[0].partition("@")[0])
    return answer in (ADOPT, LEAVE)
