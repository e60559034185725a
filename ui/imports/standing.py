"""How the files of the import dialog stand: ready or not, in which order, and in which words. No widgets."""

from __future__ import annotations

import re
from typing import Any

from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import SEVERITIES, STOPS
from ...text import NOTHING, Text
from .diagnosis import STOPPED
from .inspection import SourceFile, is_edition

# What the others are checked against comes first: counties, then villages, then what lies near villages.
_ORDER = ("admin_units", "villages", "key_points")
_IN_ORDER = Text(
    "已按导入顺序排列。点“{button}”会依次导入，逐个核对。",
    "In the order of import, administrative units first. “{button}” takes them one by one and checks each anew.",
)
_NO_UNITS = Text(
    "建议一并添加行政区划，用于核对坐标和代码。",
    "The workspace has no administrative units yet; datum and codes are checked against them. Add them, too.",
)
WAITS = Text("待重新核对", "To be checked again")
WAITS_FOR = Text("等待“{name}”：导入后再核对", "Waits for “{name}”: checked again once that is in")
CHECKING = Text("正在重新核对…", "Checking again …")
_DECIDE = Text("需要您决定", "Needs your decision")
_AFTER_OTHERS = Text("上方文件导入后自动核对", "Checked again once the files above are in")
_UNCHANGED = Text("已在工作区，内容未变", "In the workspace already, unchanged")
_NOTHING = Text("没有可写入的行", "No row would be written")
_NEWS = Text(
    "重新核对后新增 {what}：请改选处理，或点〔已看，处理不变〕",
    "New after the check: {what}. Choose another treatment, or press [Seen, leave the treatment]",
)
_COUNTED = {
    "stops": Text("{n} 条阻断", "{n} that stop the import"),
    "blocks": Text("{n} 条搁置", "{n} set aside"),
    "warns": Text("{n} 条警告", "{n} warning(s)"),
}
_MERGED = Text("合并 {n}", "Merged: {n}")
AGAINST = Text("坐标基准与证据不符，请确认", "The datum is against the evidence: confirm it")
NO_TARGET = Text("请先选择或新建规划工作区。", "Choose or make a planning workspace first.")
_NONE_READY = Text("没有就绪的文件。", "No file is ready.")
_NO_FILE = Text("请先添加文件。", "Add a file first.")
_BUSY = Text("正在处理，请稍候。", "At work: a moment, please.")
_DONE = Text("已导入。", "It is imported.")
_NO_KIND = Text("请先选择数据类型。", "Choose the kind of data first.")
_UNDECIDED = Text("尚有事项须由您决定。", "Something is left for you to decide.")
AFTER_OTHERS_NOTE = Text(
    "不必现在决定：上方文件导入后自动核对。",
    "No need to decide now: the datum is checked again by itself once the files above on the list are in.",
)


_COUNTS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged")
_ALL_DONE = Text(
    "{files} 份全部导入：{rows_in} 行 = 写入 {rows_out} + 搁置 {rows_set_aside} + 合并 {rows_merged}。",
    "All {files} are in. Rows: {rows_in} = {rows_out} written + {rows_set_aside} set aside + {rows_merged} merged.",
)
_SAME = Text("其中 {n} 份未变。", " Unchanged: {n}.")
_RESUME = Text("点“{button}”继续。", "“{button}” goes on.")
_CHANGED_SINCE = Text("已导入，有改动待导入", "Imported; changes are to be imported")
_CHANGED = Text(
    "文件在诊断后改动过，已重新诊断，逐行的选择已清除：请看过再导入",
    "The file was changed after its diagnosis and was diagnosed anew; choices for single rows are gone: look, then import",
)
_UPDATES = Text("更新工作区已有的来源：{rows}", "Updates what the workspace holds: {rows}")
_ALL_IN = Text("全部已导入。", "All of them are imported.")
_BECAUSE = Text("“{name}”：{why}", "“{name}”: {why}")
ALL = Text("全部导入(&T)", "Impor&t all")
_ALL_READY = Text("导入就绪的 {n} 个(&T)", "Impor&t the {n} ready")


def all_label(files: list[SourceFile]) -> Text:
    """Give the words on the button that imports every file that is ready."""
    ready = sum(is_ready(item) and not item.waits for item in files)
    return _ALL_READY.filled(n=ready) if ready else ALL


def rank(item: SourceFile) -> int:
    """Give the place of a file's kind in the order of imports."""
    return _ORDER.index(item.kind) if item.kind in _ORDER else len(_ORDER)


def in_order(files: list[SourceFile]) -> list[SourceFile]:
    """Give the files in the order in which they should come in; alike ones as they were put on the list.

    Of one kind those come first that can: what is in tells where the others lie. That is known once all were looked at.
    """
    are_known = all(item.found or item.refusal.zh for item in files)
    return sorted(files, key=lambda item: (rank(item), are_known and bool(item.found and item.found.problems)))


def is_unchanged(item: SourceFile) -> bool:
    """Tell whether the workspace holds every row of a file just as the file would write it."""
    said = item.diagnosis
    changes = [said.get(key) for key in ("rows_added", "rows_changed", "rows_removed", "rows_kept")]
    is_same = changes == [0, 0, 0, 0] and not said.get("rows_rechosen")  # set aside or merged: no cell tells of that
    return bool(said.get("rows_unchanged")) and is_same and not item.touched


def is_waiting(item: SourceFile) -> bool:
    """Tell whether something is still to be done with a file."""
    return not item.summary and not (is_unchanged(item) and not item.replace)


def has_nothing(item: SourceFile) -> bool:
    """Tell whether an import as last diagnosed would write no row."""
    return item.diagnosis.get("rows_out") == 0 and not item.touched


def proposing(files: list[SourceFile], datum: str) -> list[SourceFile]:
    """Give the files of which the evidence says one datum and that wait for the planner's word on it."""
    return [
        item
        for item in files
        if is_waiting(item)
        and item.datum == "auto"
        and item.diagnosis.get("datum_proposed") == datum
        and not item.diagnosis.get("datum")
    ]


def is_ready(item: SourceFile) -> bool:
    """Tell whether a file may be imported as it stands, and has not been."""
    if item.found is None or not item.kind or not is_waiting(item) or has_nothing(item) or item.refusal.zh:
        return False
    if item.held:
        return False
    return item.edited or not item.found.problems


def why_not(item: SourceFile | None, *, has_target: bool, is_busy: bool) -> Text:
    """Say why a file cannot be imported now; empty where it can."""
    if item is None:
        return _NO_FILE
    if is_busy:
        return _BUSY
    if not has_target:
        return NO_TARGET
    if item.refusal.zh:
        return item.refusal
    if item.summary:
        return _DONE
    if item.found is None or not item.kind:
        return _NO_KIND
    if is_ready(item):
        return NOTHING
    if is_unchanged(item):
        return _UNCHANGED
    if has_nothing(item):
        return _NOTHING
    return news(item) if has_news(item) else _UNDECIDED


def none_ready(files: list[SourceFile], *, has_target: bool, is_busy: bool) -> Text:
    """Say why no file at all can be imported now; empty where one can."""
    if not files or is_busy or not has_target:
        return why_not(files[0] if files else None, has_target=has_target, is_busy=is_busy)
    if any(is_ready(item) and not item.waits for item in files):
        return NOTHING
    open_ones = [item for item in files if is_waiting(item)]
    if not open_ones:
        return _ALL_IN
    first = first_to_decide(open_ones) or open_ones[0]
    why = why_not(first, has_target=has_target, is_busy=is_busy)
    return _BECAUSE.filled(name=first.path.name, why=why) if why.zh else _NONE_READY


def first_to_decide(files: list[SourceFile]) -> SourceFile | None:
    """Give the first file that waits for the planner himself; None where none does."""
    return next((item for item in files if needs_planner(item, files)), None)


def needs_planner(item: SourceFile, files: list[SourceFile]) -> bool:
    """Tell whether a file waits for the planner himself, and for no other file."""
    return is_waiting(item) and not is_ready(item) and not item.waits and not awaits_others(item, files)


def blocking(said: dict[str, Any]) -> dict[str, int]:
    """Give how many findings of each of the gravest kinds a diagnosis has."""
    counts = said.get("findings_by_code") or {}
    return {code: int(n) for code, n in counts.items() if code in KINDS and KINDS[code].severity == "blocks"}


def stopping(said: dict[str, Any]) -> int:
    """Count what stops a file as a whole: how grave a finding is depends on what the planner has ordered."""
    if said.get("findings_stopping") is not None:
        return int(said["findings_stopping"])
    return sum(count for code, count in blocking(said).items() if not KINDS[code].actions)  # of an older engine


def has_news(item: SourceFile) -> bool:
    """Tell whether a check by itself brought up what the planner may leave as it is; what stops a file is decided."""
    return bool(set(item.unseen) - {STOPPED})


def news(item: SourceFile) -> Text:
    """Say what a check by itself brought up that holds a file back."""
    told = [_COUNTED[name].filled(n=f"{item.unseen[name]:,}") for name in _COUNTED if item.unseen.get(name)]
    return _NEWS.filled(what=Text("、".join(one.zh for one in told), ", ".join(one.en for one in told)))


def _warns(said: dict[str, Any]) -> int:
    """Count the warnings that no choice has settled."""
    return max(int((said.get("findings") or {}).get("warns") or 0) - int(said.get("warns_treated") or 0), 0)


def counted(said: dict[str, Any], names: tuple[str, ...] = tuple(SEVERITIES)) -> list[Text]:
    """Give how many findings of each severity a diagnosis has, in the words that the reports use.

    What stops the whole file stands apart from what sets rows aside, and is named only where there is some. Rows that
    are set aside are counted as rows where a diagnosis came to that: one row may have several findings.
    """
    found = dict(said.get("findings") or {})
    stops = stopping(said)
    found["blocks"] = int(found.get("blocks") or 0) - stops
    found["warns"] = _warns(said)
    if said.get("rows_out") is not None and said.get("rows_set_aside") is not None:
        found["blocks"] = int(said["rows_set_aside"])
    counts = [(SEVERITIES[name], int(found.get(name) or 0)) for name in names]
    told = [(STOPS, stops)] * bool(stops) + counts
    return [Text(f"{label.zh} {count:,}", f"{label.en}: {count:,}") for label, count in told]


def tab_counts(item: SourceFile) -> list[Text]:
    """Give how many findings there are to look at; after an import what became of the rows, and not what was foreseen."""
    said = {**item.summary, "warns_treated": item.warns_treated} if item.summary else item.foreseen
    found = {**(said.get("findings") or {}), "warns": _warns(said)}
    found["blocks"] = found.get("blocks") or said.get("rows_set_aside")
    names = [name for name in ("blocks", "warns") if found.get(name)]
    told = counted(said, tuple(names)) if names else []
    merged = int(said.get("rows_merged") or 0)
    return [*told, _MERGED.filled(n=f"{merged:,}")] if merged else told


def awaits_others(item: SourceFile, files: list[SourceFile]) -> bool:
    """Tell whether a file's datum may be told once a file that should come in before it is in."""
    found = item.diagnosis.get("findings_by_code") or {}
    is_open = bool(item.found and item.found.problems) and bool(found.get("datum_unknown")) and item.datum == "auto"
    return is_open and any(_may_help(one) and rank(one) < rank(item) for one in files)


def _may_help(item: SourceFile) -> bool:
    """Tell whether the rows of a file will tell where others lie: it is to come in, now or once something is decided."""
    return is_waiting(item) and bool(item.kind) and not has_nothing(item) and not item.refusal.zh


def examined_line(item: SourceFile, files: list[SourceFile]) -> tuple[Text, bool | None]:
    """Say how a file stands by its diagnosis, and whether it is done (True) or held back (False)."""
    if item.found is None or not item.diagnosis:
        return item.state, item.ok
    if is_unchanged(item):
        return _UNCHANGED, True
    if item.changed:
        return _CHANGED, False
    if has_news(item):
        return news(item), False
    if item.found.problems:
        waits = awaits_others(item, files)
        first, ok = (_AFTER_OTHERS, None) if waits else (_DECIDE, False)
    elif has_nothing(item):
        first, ok = _NOTHING, False
    elif item.waits:
        return WAITS_FOR.filled(name=item.waits), None
    else:
        first, ok = Text(f"{item.found.rows} 行", f"Rows: {item.found.rows}"), None
        first = _CHANGED_SINCE if item.was_in else _UPDATES.filled(rows=first) if is_edition(item) else first
    said = item.foreseen
    found = {**(item.diagnosis.get("findings") or {}), "warns": _warns(said)}
    found["blocks"] = found.get("blocks") or said.get("rows_set_aside")  # a choice may set rows aside, too
    shown = tuple(name for name in ("blocks", "warns") if found.get(name))
    counts = counted(said, shown) if shown else []
    if said.get("rows_merged"):
        counts.append(_MERGED.filled(n=f"{said['rows_merged']:,}"))
    if item.found.problems and not stopping(item.diagnosis):  # such as a column that is missing: no finding of its own
        counts.insert(0, Text(f"{STOPS.zh} {len(item.found.problems)}", f"{STOPS.en}: {len(item.found.problems)}"))
    return Text("；".join((first.zh, *(c.zh for c in counts))), "; ".join((first.en, *(c.en for c in counts)))), ok


def _plain(label: Text) -> Text:
    return Text(re.sub(r"\(&\w\)|&", "", label.zh), re.sub(r"\(&\w\)|&", "", label.en))


def advice(files: list[SourceFile], has_units: bool) -> Text:
    """Say in which order the files should come in, where that matters, and what all of them came to in the end."""
    waiting = [item for item in files if is_waiting(item)]
    done = [item for item in files if item.summary]
    if not waiting and len(files) > 1 and done:
        counts = {key: sum(int((item.summary or item.diagnosis).get(key) or 0) for item in files) for key in _COUNTS}
        told = _ALL_DONE.filled(files=len(files), **{key: f"{count:,}" for key, count in counts.items()})
        same = _SAME.filled(n=len(files) - len(done)) if len(files) > len(done) else NOTHING
        return Text(told.zh + same.zh, told.en + same.en)
    if done and any(is_ready(item) and not item.waits for item in waiting):
        return _RESUME.filled(button=_plain(all_label(files)))
    if has_units or len(waiting) < 2:
        return NOTHING
    kinds = {item.kind for item in waiting}
    if "admin_units" in kinds:
        return _IN_ORDER.filled(button=_plain(all_label(files)))
    return NOTHING if "" in kinds else _NO_UNITS
