"""A recipe: how the files of one source are read and treated, so that next month's needs no questions.

A recipe is TOML that a planner can read and edit. It stops where a file is not like the one that it was made from.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import Fault, InputError
from ...text import Text
from ..cells.fold import fold
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.treatments import Treatments
from ..specs import SPECS

FORMAT = 1
# A kind of fault that hits so many more rows than in the file of the recipe is another fault: engineering choices.
MORE_TIMES = 3.0
MORE_SHARE = 0.02
_OF_THE_WORKSPACE = ("deleted_by_hand",)  # no fault of the file: what a planner did
_NAMED = 6  # faults that the message itself names
_REMEDY = Text(
    "请在导入窗口重新诊断该文件并保存新的处理方案。",
    "Diagnose the file in the import dialog and save a new recipe.",
)


@dataclass(frozen=True)
class Recipe:
    """How the files of one source are read and treated.

    Attributes
    ----------
    kind : str
        Layer that the rows go to.
    made_from : str
        Name of the file that it was made from.
    layer, encoding, datum : str
        As the parameters of `import_layer`; the encoding as it was found, not "auto".
    headings : tuple of str
        Headings of that file, as they stand.
    columns : mapping of str to str or None
        As a mapping file: heading (or ``=constant``) → field, None for a column that is not taken.
    treatments : Treatments
    rows : int
        Rows of that file.
    accepted : mapping of str to int
        Findings that block or warn and that the planner has seen, with the number of rows of each.
    """

    kind: str
    made_from: str
    layer: str
    encoding: str
    datum: str
    headings: tuple[str, ...]
    columns: Mapping[str, str | None]
    treatments: Treatments
    rows: int
    accepted: Mapping[str, int] = field(default_factory=dict)


def as_toml(recipe: Recipe) -> str:
    """Write a recipe."""
    lines = [
        "# 处理方案：同一来源的下一份文件按此读取和处理 · Recipe: how the next file of this source is read and treated",
        f"format = {FORMAT}",
        f"kind = {_quoted(recipe.kind)}",
        f"made_from = {_quoted(recipe.made_from)}",
        f"rows = {recipe.rows}",
        "",
        "[file]",
        f"layer = {_quoted(recipe.layer)}",
        f"encoding = {_quoted(recipe.encoding)}",
        f"datum = {_quoted(recipe.datum)}",
        f"headings = [{', '.join(map(_quoted, recipe.headings))}]",
        "",
        '# 源列 = 字段；"" 为不导入 · source column = field; "" is not imported',
        "[columns]",
        *(f"{_quoted(heading)} = {_quoted(name or '')}" for heading, name in recipe.columns.items()),
        "",
        "# apply 按建议处理 · keep 保持原样 · set_aside 搁置",
        "[treatments]",
        *(f"{code} = {_quoted(action)}{_comment(code)}" for code, action in sorted(recipe.treatments.by_code.items())),
        "",
        "# 已确认的问题及行数；出现其他问题或行数大增时停止 · findings that were seen, with their rows",
        "[accepted]",
        *(f"{code} = {count}{_comment(code)}" for code, count in recipe.accepted.items()),
    ]
    for (code, row), action in sorted(recipe.treatments.by_row.items()):
        lines += ["", "[[row]]", f"code = {_quoted(code)}", f"row = {_quoted(row)}", f"action = {_quoted(action)}"]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    # A JSON string is a TOML basic string, but for the DEL sign.
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(code: str) -> str:
    return f"  # {KINDS[code].label.zh} · {KINDS[code].label.en}" if code in KINDS else ""


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises
    ------
    InputError
        The file is missing, no TOML, of another format, or its content is not that of a recipe.
    ParameterError
        It names a treatment that does not exist.
    """
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise _unreadable(path, str(fault)) from fault
    if content.get("format") != FORMAT:
        raise _unreadable(path, f"format = {content.get('format')!r}")
    file = content.get("file", {})
    try:
        treatments = Treatments(
            _texts(content.get("treatments", {})),
            {(row["code"], row["row"]): row["action"] for row in content.get("row", [])},
        )
        recipe = Recipe(
            content["kind"],
            content.get("made_from", ""),
            file.get("layer", ""),
            file.get("encoding", "auto"),
            file.get("datum", "auto"),
            tuple(map(str, file["headings"])),
            {heading: name or None for heading, name in _texts(content.get("columns", {})).items()},
            treatments,
            int(content.get("rows", 0)),
            {str(code): int(count) for code, count in content.get("accepted", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise _unreadable(path, f"{type(fault).__name__}: {fault}") from fault
    texts = (recipe.kind, recipe.made_from, recipe.layer, recipe.encoding, recipe.datum)
    if recipe.kind not in SPECS or not all(isinstance(words, str) for words in texts):
        raise _unreadable(path, f"kind = {recipe.kind!r}")
    return recipe


def _texts(found: Mapping[str, Any]) -> dict[str, str]:
    words = dict(found)
    if not all(isinstance(value, str) for value in words.values()):
        raise TypeError(f"texts expected, found {words}")
    return words


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        Text(f"读不出处理方案 {path.name}：{why}", f"Cannot read the recipe {path.name}: {why}"),
        Text(
            "请选择本软件保存的处理方案（.toml），或重新诊断后保存。",
            "Choose a recipe (.toml) that this software saved, or diagnose the file and save one.",
        ),
    )


def check_headings(recipe: Recipe, headings: Sequence[str], file: str) -> None:
    """Refuse a file whose columns are not those of the recipe; their order may differ.

    Raises
    ------
    InputError
        A column is missing or new: one fault for each.
    """
    was, now = ({fold(words): words for words in of if words.strip()} for of in (recipe.headings, headings))
    gone = [words for key, words in was.items() if key not in now]
    new = [words for key, words in now.items() if key not in was]
    faults = [Fault(Text(f"缺少列“{w}”。", f"The column “{w}” is missing."), file=file, field=w) for w in gone]
    faults += [Fault(Text(f"新增列“{w}”。", f"The column “{w}” is new."), file=file, field=w) for w in new]
    words = Text(
        "{file} 的列与处理方案（{made_from}）不同：",
        "The columns of {file} are not those of the recipe ({made_from}): ",
    )
    _refuse(words.filled(file=file, made_from=recipe.made_from), faults)


def check_findings(recipe: Recipe, findings: Findings, rows: int, file: str) -> None:
    """Refuse a file with faults that the planner has not seen, or far more of a kind than in the recipe's file.

    Raises
    ------
    InputError
        One fault for each kind.
    """
    found: dict[str, int] = {}
    for block in findings:
        if block.grave != "informs" and block.code not in _OF_THE_WORKSPACE:
            found[block.code] = found.get(block.code, 0) + (1 if block.at is None else len(block.at))
    faults = []
    for code, count in found.items():
        label, before = KINDS[code].label, recipe.accepted.get(code, 0)
        if not before and code not in recipe.accepted:
            words = Text(f"新出现“{label.zh}” {count} 处。", f"“{label.en}” is new ({count}).")
        elif count > MORE_TIMES * max(before, 1) and count / max(rows, 1) > before / max(recipe.rows, 1) + MORE_SHARE:
            words = Text(
                f"“{label.zh}”由 {before} 处增至 {count} 处。", f"“{label.en}” has grown from {before} to {count}."
            )
        else:
            continue
        faults.append(Fault(words, file=file, value=code))
    words = Text(
        "{file} 有处理方案（{made_from}）没有的问题：",
        "{file} has faults that the recipe ({made_from}) does not know: ",
    )
    _refuse(words.filled(file=file, made_from=recipe.made_from), faults)


def _refuse(words: Text, faults: Sequence[Fault]) -> None:
    """Raise the refusal of a file that is not like the recipe's; nothing without faults."""
    if faults:
        zh = "".join(fault.message.zh for fault in faults[:_NAMED])
        en = " ".join(fault.message.en for fault in faults[:_NAMED])
        raise InputError(Text(words.zh + zh, words.en + en), _REMEDY, faults=list(faults))
