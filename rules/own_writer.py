"""Write the changes that a planner makes in the pack editor: one file a shipped pack, in a folder of own packs.

The file ``edits_NAME.toml`` is the editor's own. What a planner wrote by hand, in another file or into this one, is
never rewritten: comments and order would be lost.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError
from ..text import Text, same
from .own import base_of, changed_pack, items_of, own_files
from .pack import Pack, load, pack_of, read_toml
from .preset_changes import FIELDS, KEYS, item_id, key_of

PREFIX = "edits_"
_HEAD = (
    "# 由“规则包”窗口写入；手工修改请另建文件，否则该窗口不再改写本文件。",
    "# Written by the window “Rule packs”. Write by hand into a file of your own: an edited one is never rewritten.",
)
_RULE_KEYS = ("id", "zh", "en", "value", "unit", "comparison", "document", "clause", "date", "valid_from", "valid_to")
_LAST_KEYS = ("status", "note", "reason")


def edits_file(folder: Path, name: str) -> Path:
    """Give the file of the editor's changes to a shipped pack."""
    return folder / f"{PREFIX}{name}.toml"


def as_toml(content: Mapping[str, Any]) -> str:
    """Write an own pack, to the byte the same for the same one; reading it gives `content` again.

    Parameters
    ----------
    content : mapping
        ``pack`` with its ``base``, ``rule`` and tables of presets, as `read_toml` gives them.
    """
    lines = [*_HEAD, "", "[pack]", *(f"{key} = {_value(item)}" for key, item in content.get("pack", {}).items())]
    for entry in sorted(content.get("rule", []), key=lambda rule: str(rule["id"])):
        lines += ["", "[[rule]]", *_entries(entry, _RULE_KEYS)]
    for table in KEYS:
        for entry in sorted(content.get(table, []), key=_preset_order(table)):
            lines += ["", f"[[{table}]]", *_entries(entry, (*KEYS[table], *FIELDS[table]))]
    return "\n".join(lines) + "\n"


def change(
    folder: Path,
    name: str,
    item: str,
    field: str,
    entry: Mapping[str, Any],
    check: Callable[[Pack], None] = lambda _pack: None,
) -> Pack:
    """Write one change of a shipped pack, in the place of an earlier one of the same thing.

    Parameters
    ----------
    folder : pathlib.Path
        Of own packs.
    name : str
        The shipped pack.
    item, field : str
        Id of a rule; or `preset_changes.item_id` of a preset and the number that changes.
    entry : mapping
        What changes, with its ``reason``; without the id.
    check : callable
        Takes the pack as it would be, and raises InputError for what the rules alone cannot know.

    Returns
    -------
    Pack
        As it holds from now on.

    Raises
    ------
    InputError
        There is no such thing, the change is not sound, another file of the folder makes it already, or the file was
        written by hand. Nothing is written then.
    """
    content = _editable(folder, name)
    base = _without_edits(folder, name)
    _check_free(folder, name, item)
    table, known = _find(base, item)
    if table == "rule":
        own = [rule for rule in content.get("rule", []) if rule["id"] != item]
        content["rule"] = [*own, {"id": item, **entry}]
    else:
        same_item = [one for one in content.get(table, []) if item_id(table, key_of(table, one)) == item]
        kept = {key: one[key] for one in same_item for key in FIELDS[table] if key in one and key != field}
        others = [one for one in content.get(table, []) if one not in same_item]
        content[table] = [*others, {**{key: known[key] for key in KEYS[table]}, **kept, **entry}]
    return _write(folder, name, content, base, check)


def revert(folder: Path, name: str, item: str, field: str) -> Pack:
    """Take a change of the editor back; errors as `change`."""
    content = _editable(folder, name)
    base = _without_edits(folder, name)
    _check_free(folder, name, item)
    table, _ = _find(base, item)
    found = False
    kept: list[Any] = []
    for one in content.get(table, []):
        own_item = one["id"] if table == "rule" else item_id(table, key_of(table, one))
        if own_item != item or (table != "rule" and field not in one):
            kept.append(one)
            continue
        found = True
        rest = {key: value for key, value in one.items() if key != field}
        if table != "rule" and any(key in rest for key in FIELDS[table]):
            kept.append(rest)
    if not found:
        raise InputError(
            Text(f"规则 {item} 没有修改，无需恢复。", f"The rule {item} was not changed: nothing to take back.")
        )
    content[table] = kept
    return _write(folder, name, content, base, lambda _pack: None)


def _editable(folder: Path, name: str) -> dict[str, Any]:
    """Read the editor's file; a new one where there is none."""
    path = edits_file(folder, name)
    if not path.exists():
        return {"pack": {"base": name}}
    content = read_toml(path)
    base_of(content, path)
    pack_of(content, path, path.stem, own=True, base=load(name))
    if path.read_bytes() == as_toml(content).encode("utf-8") and content["pack"].get("base") == name:
        return content
    raise InputError(
        Text(f"{path.name} 含有手工编写的内容，不会改写。", f"{path.name} was edited by hand and is not rewritten."),
        Text(
            "请把该文件改名（如 my_rules.toml）保留，或直接在其中修改。",
            "Rename it, for instance to my_rules.toml, and it stays in force; or make the change in it.",
        ),
        faults=[Fault(Text("含有手工编写的内容。", "It was edited by hand."), file=path.name)],
    )


def _without_edits(folder: Path, name: str) -> Pack:
    """Give the shipped pack with what other own packs change."""
    return changed_pack(name, folder, leave_out=edits_file(folder, name).name)


def _check_free(folder: Path, name: str, item: str) -> None:
    """Refuse to change what a file of the planner's changes already."""
    for path in own_files(folder):
        content = read_toml(path)
        if path == edits_file(folder, name) or base_of(content, path) != name or item not in items_of(content):
            continue
        raise InputError(
            Text(f"规则 {item} 已由 {path.name} 修改。", f"{path.name} changes the rule {item} already."),
            Text("请在该文件中修改或删去这一条。", "Change it in that file, or take it out there."),
            faults=[Fault(Text("已修改这条规则。", "It changes this rule."), file=path.name, field=item)],
        )


def _find(base: Pack, item: str) -> tuple[str, Mapping[str, Any]]:
    if item in base.rules:
        return "rule", {}
    for table in KEYS:
        for entry in base.entries.get(table, []):
            if item_id(table, key_of(table, entry)) == item:
                return table, entry
    raise InputError(
        Text(f"规则包 {base.name} 没有规则 {item}。", f"The pack {base.name} has no rule {item}."),
        Text(f"可用“检查规则包”列出 {base.name} 的规则。", f"“Check a rule pack” lists the rules of {base.name}."),
    )


def _write(folder: Path, name: str, content: dict[str, Any], base: Pack, check: Callable[[Pack], None]) -> Pack:
    """Write the file whole or not at all, once it is seen to be sound and to say what was meant."""
    path = edits_file(folder, name)
    content = {key: value for key, value in content.items() if value}
    if set(content) == {"pack"}:
        path.unlink(missing_ok=True)
        return base
    pack = pack_of(content, path, path.stem, own=True, base=base)
    check(pack)
    text = as_toml(content)
    if tomllib.loads(text) != _sorted(content):
        raise InputError(
            Text("修改内容含有无法保存的字符。", "The change holds characters that cannot be kept."),
            Text("请删去特殊字符后再试。", "Take special characters out and try again."),
        )
    handle, made = tempfile.mkstemp(prefix=f".{path.name}", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(made).replace(path)
    finally:
        Path(made).unlink(missing_ok=True)
    return pack


def _sorted(content: Mapping[str, Any]) -> dict[str, Any]:
    """Give the content in the order of the file."""
    ordered = dict(content)
    if "rule" in ordered:
        ordered["rule"] = sorted(ordered["rule"], key=lambda rule: str(rule["id"]))
    for table in KEYS:
        if table in ordered:
            ordered[table] = sorted(ordered[table], key=_preset_order(table))
    return ordered


def _preset_order(table: str) -> Callable[[Mapping[str, Any]], str]:
    """Give the order of a table of presets in the file."""
    return lambda entry: item_id(table, key_of(table, entry))


def _entries(entry: Mapping[str, Any], first: tuple[str, ...]) -> list[str]:
    order = [*first, *sorted(set(entry) - {*first, *_LAST_KEYS}), *_LAST_KEYS]
    return [f"{key} = {_value(entry[key])}" for key in order if key in entry]


def _value(value: Any) -> str:
    """Write one value; JSON's strings are TOML's, but for the character 7F."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise InputError(Text("文字含有无效字符。", "A text holds a character that is none."))
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise InputError(same(f"{value!r}"), Text("应为数字、文字或列表。", "It should be a number, a text or a list."))
