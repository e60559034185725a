"""A planner's own rule packs: files that stand by themselves or change single rules of a shipped pack, with reasons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError
from ..text import Text
from .pack import PACKS, Pack, load, pack_of, read_toml
from .preset_changes import KEYS, item_id, key_of


def shipped_packs() -> list[str]:
    """Give the names of the packs that come with the plugin, sorted."""
    return sorted(path.stem for path in PACKS.glob("*.toml"))


def is_file(stated: str) -> bool:
    """Tell whether a stated pack is a file, not the name of a shipped pack."""
    return stated not in shipped_packs()


def stated_pack(stated: str, own: Path | None = None) -> Pack:
    """Read a pack by the name of a shipped one or by the path of a planner's own file.

    Parameters
    ----------
    stated : str
    own : pathlib.Path, optional
        Folder of own packs, see `changed_pack`; for a file it does not count.

    Raises
    ------
    InputError
        There is no such pack, or it is not sound; all faults at once.
    """
    if not is_file(stated):
        return changed_pack(stated, own)
    path = Path(stated)
    if not path.is_file():
        raise InputError(
            Text(
                f"没有规则包 {stated}：既不是随附的规则包，也不是文件。",
                f"There is no rule pack {stated}: neither a shipped pack nor a file.",
            ),
            Text(f"随附的规则包：{'、'.join(shipped_packs())}。", f"Shipped packs: {', '.join(shipped_packs())}."),
        )
    content = read_toml(path)
    base = base_of(content, path)
    return pack_of(content, path, path.stem, own=True, base=load(base) if base else None)


def changed_pack(name: str, own: Path | None, *, leave_out: str = "") -> Pack:
    """Read a shipped pack with the changes that a folder of own packs makes to it.

    Every ``*.toml`` of the folder whose ``[pack]`` says ``base = "NAME"`` changes it; no rule or preset may be changed
    twice. The file named `leave_out` does not count.

    Raises
    ------
    InputError
        A file of the folder is not sound, or two of them change one rule.
    """
    pack = load(name)
    if own is None:
        return pack
    if not own.is_dir():
        raise InputError(
            Text(f"规则包文件夹 {own} 不存在。", f"There is no folder of rule packs {own}."),
            Text("请选择存放自定义规则包（*.toml）的文件夹。", "Choose the folder with your own packs (*.toml)."),
        )
    by: dict[str, str] = {}
    for path in own_files(own):
        content = read_toml(path)
        if base_of(content, path) != name or path.name == leave_out:
            continue
        changed = pack_of(content, path, path.stem, own=True, base=pack)
        for item in items_of(content):
            if item in by:
                raise _changed_twice(item, by[item], path.name)
            by[item] = path.name
        pack = replace(changed, name=pack.name, title=pack.title)
    return pack


def items_of(content: dict[str, Any]) -> list[str]:
    """Give the ids of the rules and presets that the sound content of an own pack names."""
    presets = [item_id(table, key_of(table, entry)) for table in KEYS for entry in content.get(table, [])]
    return [*(rule["id"] for rule in content.get("rule", [])), *presets]


def own_files(folder: Path) -> list[Path]:
    """Give the files of a folder of own packs, sorted by name."""
    return sorted(folder.glob("*.toml"))


def base_of(content: dict[str, Any], path: Path) -> str:
    """Give the shipped pack that a file changes, "" for one that stands by itself; raise InputError for an unknown."""
    head = content.get("pack", {})
    base = head.get("base", "") if isinstance(head, dict) else ""
    if base and base not in shipped_packs():
        raise InputError(
            Text(f"规则包 {path} 的 base 写的是 {base!r}。", f"Rule pack {path} says base = {base!r}."),
            Text(
                f"base 应为随附的规则包之一：{'、'.join(shipped_packs())}。",
                f"It should be one of the shipped packs: {', '.join(shipped_packs())}.",
            ),
            faults=[
                Fault(
                    Text("没有这个随附的规则包。", "There is no such shipped pack."),
                    file=path.name,
                    field="pack · base",
                    value=str(base),
                )
            ],
        )
    return str(base)


def _changed_twice(rule: str, first: str, second: str) -> InputError:
    return InputError(
        Text(f"规则 {rule} 被 {first} 和 {second} 同时修改。", f"{first} and {second} both change the rule {rule}."),
        Text("请只保留一处修改。", "Keep one of the changes."),
    )
