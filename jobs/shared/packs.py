"""Read rule packs in a run: a shipped pack with the changes of the planner's own, whose files the result cites."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ...engine.context import RunContext
from ...errors import Fault, InputError
from ...layers.codes import PLACE_KINDS
from ...rules.own import changed_pack, own_files
from ...rules.pack import Pack, Rule
from ...text import Text


def read_pack(context: RunContext, name: str) -> Pack:
    """Read a shipped pack with the changes of the parameter ``own_packs``, of a job that has it.

    Raises
    ------
    InputError
        The folder does not exist, a file in it is not sound, or two of them change one rule.
    """
    folder = own_folder(context)
    pack = changed_pack(name, folder)
    check_kinds(pack)
    for path in own_files(folder) if folder is not None else ():
        if f"own_packs/{path.name}" not in context.inputs:
            context.read(f"own_packs/{path.name}", path)
    return pack


def own_folder(context: RunContext) -> Path | None:
    """Give the folder of own packs that the run was given; None for none."""
    stated = context.parameters.get("own_packs")
    return Path(stated) if stated else None


def check_kinds(pack: Pack) -> None:
    """Refuse a kind of key point that no layer knows: a slip of the pen would quietly ask for nothing (InputError)."""
    known = ("mast", "settlement", *(code.value for code in PLACE_KINDS))
    faults = []
    for rule in pack.rules.values():
        if rule.own_pack and rule.unit == "kind":
            strange = [item for item in rule.value if item not in known]
            faults += [_strange(rule, item, get_close_matches(item, known, n=1)) for item in strange]
    if faults:
        raise InputError(
            Text("".join(fault.message.zh for fault in faults), " ".join(fault.message.en for fault in faults)),
            Text(f"可用的类型：{'、'.join(known)}。", f"Kinds: {', '.join(known)}."),
            faults=faults,
        )


def _strange(rule: Rule, item: str, near: list[str]) -> Fault:
    hint = Text(f"，是否指 {near[0]}？", f"; did you mean {near[0]}?") if near else Text("。", ".")
    return Fault(
        Text(f"规则 {rule.id}：没有“{item}”这种类型{hint.zh}", f"Rule {rule.id}: there is no kind “{item}”{hint.en}"),
        file=f"{rule.own_pack}.toml",
        field=f"{rule.id} · value",
        value=item,
    )


def cite(context: RunContext, rules: Sequence[Rule | dict[str, Any]]) -> None:
    """Add rules to those that the result cites, each once."""
    said = [rule.cited() if isinstance(rule, Rule) else rule for rule in rules]
    known = {(rule["pack"], rule["id"]) for rule in context.rules}
    context.rules += [rule for rule in said if (rule["pack"], rule["id"]) not in known]
