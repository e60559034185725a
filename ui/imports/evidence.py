"""What speaks for a file's datum, in the words of the import dialog. No widgets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...jobs.import_layer import DATUMS
from ...layers.specs import SPECS
from ...text import NOTHING, Text
from ..language import from_json, in_window, tr
from ..words import LIST_COMMA
from .inspection import SourceFile

_TOLD = Text("判定为 {name}（把握 {n}%）。", "The evidence is for {name} (likelihood {n} %).")
_BORNE_OUT = Text(
    "文件标注 {name}，其他数据证实（{n}%），无需决定。",
    "The file says {name}, and other data bear it out ({n} %): nothing to decide.",
)
_NOT_TOLD = Text("依据不足（{shares}）：", "The evidence does not tell ({shares}): ")
_EVEN = Text(
    "依据不足（论距离更像 {name}，但行数对比不悬殊）：",
    "The evidence does not tell (the distances are for {name}, but the counts are too even): ",
)
_NOT_COMPARED = Text("没有可核对的数据，未作比较：", "There is nothing to check it against, and nothing was compared: ")
_FIRST = Text("请先导入{names}，或由您指定基准。", "import {names} first, or state the datum.")
_YOURS = Text("请由您指定基准。", "state the datum.")
_SURE = 0.99  # what a verdict needs
_IS = Text(
    "坐标是 {name}（把握 {n}%）。点〔{button}〕转换；原文件不动，可撤销。",
    "The coordinates are in {name} ({n} % sure). Press [{button}] to convert; the file stays as it is, and it can be undone.",
)
_SHIFTED = ("datum_gcj02", "datum_bd09")
_OFF = Text("按 {name} 导入将偏约 {n} m。", "Read as {name} it would be off by about {n} m.")
_CONTRARY = ("datum_contradiction", "datum_gcj02", "datum_bd09", "wrong_zone", "no_zone_prefix")
_AS_LABELLED = Text(
    "文件标注 {name}，无其他数据可核对，按标注读取。",
    "The file says {name}; there is no other data to check it against, so it is read as labelled.",
)
_NOT_CONTRADICTED = Text(
    "文件标注 {name}，现有数据不能证实或否定，按标注读取。",
    "The file says {name}; other data neither confirm nor contradict it, so it is read as labelled.",
)
_COARSE = Text("文件标注 {name}，按标注读取。{why}", "The file says {name} and is read as labelled. {why}")
_CHOSEN = Text("按您的选择以 {name} 读取。", "Read as {name}, as you chose.")
_BY_RECIPE = Text("按处理方案以 {name} 读取。", "Read as {name}, as the recipe says.")
_SAID = Text("依据不足，无法判定：可能性", "The evidence does not tell: the likelihoods")  # once is enough
_GOES_ON = Text("可能性", "The likelihoods")
_PRESSED = Text("导入窗口中按“采用”即可。", "In the import window press “Use”.")  # the form names the button itself
_CAN_BE_UNDONE = Text(
    "选错可以改：原文件不会改动，导入后可撤销，再按另一基准导入。",
    "A wrong choice can be mended: the file itself is never changed, and an import can be undone and repeated in the "
    "other datum.",
)
_REPEATED = 20  # signs
_DATUM_NAMED = re.compile(r"--datum ([a-z0-9]+)\b")
_DATUM_STATED = re.compile(r'^datum\s*=\s*"([^"]+)"', re.MULTILINE)


def of(item: SourceFile | None) -> str:
    """Give the lines of evidence: first what it comes to, then what it rests on."""
    found = item.found if item else None
    if item is None or found is None:
        return "—"
    said = item.diagnosis
    first, is_weighed = _conclusion(item)
    weighed = said.get("datum_evidence_weighed") if is_weighed else None
    lines = [first, tr(lead(item)) if is_weighed else "", *(tr(line) for line in found.evidence)]
    lines += [tr(from_json(weighed)).replace(tr(_SAID), tr(_GOES_ON))] if weighed else []
    details = said.get("datum_evidence_details") if weighed else None
    lines += [tr(from_json(details))] if details else []
    if found.crs:
        lines.append(tr(Text("文件所述坐标系：{crs}", "CRS stated by the file: {crs}")).format(crs=found.crs))
    if weighed and not item.summary:
        lines.append(tr(_CAN_BE_UNDONE))
    return "\n\n".join(filter(None, lines)) or "—"


def lead(item: SourceFile) -> Text:
    """Give the one line of evidence that decides, or why none does; no words where nothing was compared."""
    said = item.diagnosis.get("datum_evidence_lead")
    return from_json(said) if said else NOTHING


def is_one_press(item: SourceFile) -> bool:
    """Tell whether a file stops for its shifted coordinates alone, and the evidence says which they are."""
    said = item.diagnosis
    found = said.get("findings_by_code") or {}
    is_open = bool(said.get("datum_proposed")) and not said.get("datum") and item.datum == "auto"
    return is_open and any(found.get(code) for code in _SHIFTED) and not found.get("swapped_file")


def line(item: SourceFile | None, button: str = "") -> str:
    """Give what the evidence comes to and, on a second line, what decides it.

    Parameters
    ----------
    item : SourceFile or None
    button : str
        What stands on the button that takes the datum; empty where there is none.
    """
    if item is None or item.found is None:
        return "—"
    first, _ = _conclusion(item)
    if button and is_one_press(item):
        meant, share = likeliest(item)
        first = tr(_IS).format(name=tr(meant), n=percent(share), button=button)
        return "\n".join(filter(None, (first, tr(lead(item)))))
    if first and item.diagnosis.get("datum_verdict"):
        return "\n".join(filter(None, (first + _off(item), tr(lead(item)))))
    if first:
        return first + _off(item)
    return next((tr(one) for one in item.found.evidence), "") or of(item).partition("\n")[0]


def _off(item: SourceFile) -> str:
    off = item.diagnosis.get("datum_shift_m")
    name = datum_label(str(item.diagnosis.get("datum") or ""))
    return tr(_OFF).format(name=name, n=metres(float(off))) if off else ""


def is_untold(item: SourceFile) -> bool:
    """Tell whether the line of evidence says already that the datum has to be stated."""
    said = item.diagnosis
    return bool(said.get("datum_hypotheses")) and not said.get("datum_verdict") and not said.get("datum")


def likeliest(item: SourceFile) -> tuple[Text, float]:
    """Give the datum that the evidence is for, and its likelihood; no words where nothing was weighed."""
    weighed = item.diagnosis.get("datum_hypotheses") or []
    first: dict[str, Any] = max(weighed, key=lambda one: float(one.get("likelihood") or 0), default={})
    return from_json(first["label"]) if first else NOTHING, float(first.get("likelihood") or 0)


def contradicted(item: SourceFile) -> tuple[str, str]:
    """Give the datum that a file is read in and the other one that the evidence is for; twice empty for none."""
    said = item.diagnosis
    found = said.get("findings_by_code") or {}
    read, meant = str(said.get("datum") or ""), str(said.get("datum_verdict") or "")
    is_against = bool(read and meant and read != meant) and any(found.get(code) for code in _CONTRARY)
    return (read, meant) if is_against else ("", "")


def metres(off: float) -> str:
    """Write a distance as exactly as it is worth."""
    return f"{round(off, -1) if off >= 100 else off:,.0f}"


def _conclusion(item: SourceFile) -> tuple[str, bool]:
    """Say what the evidence comes to, and whether how it was weighed is worth reading."""
    said = item.diagnosis
    weighed = said.get("datum_hypotheses") or []
    if not weighed:
        return "", True  # nothing was weighed, or the file itself says it and nothing speaks against it
    first = max(weighed, key=lambda one: float(one.get("likelihood") or 0))
    words = {"name": tr(from_json(first.get("label"))), "n": percent(float(first.get("likelihood") or 0))}
    ordered = sorted(weighed, key=lambda one: -float(one.get("likelihood") or 0))[:3]
    shares = [f"{tr(from_json(one.get('label')))} {percent(float(one.get('likelihood') or 0))}%" for one in ordered]
    if said.get("datum_verdict"):
        stated = str(said.get("datum_borne_out") or "")
        if stated and item.datum == "auto" and said.get("datum"):
            return tr(_BORNE_OUT).format(name=datum_label(stated), n=words["n"]), True
        return tr(_TOLD).format(**words), True
    is_checked = any(one.get("share_inside") is not None or one.get("median_residual_m") is not None for one in weighed)
    if not said.get("datum"):
        is_even = float(first.get("likelihood") or 0) >= _SURE
        begin = _EVEN if is_even else _NOT_TOLD if is_checked else _NOT_COMPARED
        untold = tr(begin).format(shares=tr(LIST_COMMA).join(shares), name=words["name"])
        return untold + tr(lead(item) if lead(item).zh else _helps(said)), True
    name = datum_label(str(said["datum"]))
    if item.datum != "auto":
        return tr(_CHOSEN).format(name=name), True
    if datum_of_recipe(item.recipe):
        return tr(_BY_RECIPE).format(name=name), True
    if lead(item).zh:
        return tr(_COARSE).format(name=name, why=tr(lead(item))), is_checked
    return tr(_NOT_CONTRADICTED if is_checked else _AS_LABELLED).format(name=name), is_checked


def _helps(said: dict[str, Any]) -> Text:
    """Say what the workspace lacks that would tell more, and that the planner may state the datum."""
    labels = [SPECS[name].label for name in said.get("datum_helps") or [] if name in SPECS]
    if not labels:
        return _YOURS
    names = Text("、".join(label.zh for label in labels), ", ".join(label.en.lower() for label in labels))
    return _FIRST.filled(names=names)


def percent(share: float) -> str:
    """Write a likelihood without its sign: never 100, for nothing is certain; as the reports do."""
    if share >= _SURE:
        return "> 99"
    return f"{100 * share:.1f}" if share >= 0.95 else "< 1" if share < 0.01 else f"{100 * share:.0f}"


def datum_label(value: str) -> str:
    """Give the words for a datum without what is done with it; an EPSG code labels itself."""
    label = next((tr(choice.label) for choice in DATUMS if choice.value == value), value)
    return re.split("[（(]", label)[0].strip()


def datum_named(item: SourceFile | None) -> str:
    """Give the datum that a problem of the file says to state; empty for none."""
    problems = item.found.problems if item and item.found else []
    named = (_DATUM_NAMED.search(line.en) for line in problems)
    return next((match[1] for match in named if match), "")


def datum_of_recipe(path: str) -> str:
    """Give the datum that a recipe states; empty where it states none, or cannot be read: the engine says why."""
    try:
        text = Path(path).read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError):
        return ""
    match = _DATUM_STATED.search(text)
    return match[1] if match and match[1] != "auto" else ""


def without(words_said: str, item: SourceFile) -> str:
    """Take out of a problem what stands above it: the evidence, and the button that settles it."""
    weighed = item.diagnosis.get("datum_evidence_weighed")
    shown = [*of(item).splitlines(), *([tr(from_json(weighed))] if weighed else [])]
    for line in [in_window(one) for one in shown if len(one) > _REPEATED]:
        words_said = words_said.replace(line, "")
    return " ".join(words_said.replace(tr(_PRESSED), "").split())
