"""What a planner stated for a change, as the entry of an own pack."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import Fault, InputError
from ...rules.own import shipped_packs
from ...rules.pack import Pack
from ...rules.preset_changes import FIELDS, KEYS, item_id, key_of
from ...text import Text


def stated_entry(
    parameters: Mapping[str, Any], pack: Pack, item: str, field: str, texts: Sequence[str]
) -> dict[str, Any]:
    """Give what is stated of a rule or preset, its value in the type that the shipped one has.

    Raises
    ------
    InputError
        There is no such rule, or the value is of another type.
    """
    key, shipped = _shipped_value(pack, item, field)
    entry: dict[str, Any] = {}
    if parameters["value"] is not None:
        entry[key] = _typed(str(parameters["value"]), shipped, item)
    is_preset = item not in pack.rules
    allowed = ("note",) if is_preset else texts
    strange = [name for name in texts if parameters[name] is not None and name not in allowed]
    if strange:
        raise InputError(
            Text(f"预设没有 {'、'.join(strange)}。", f"A preset has no {', '.join(strange)}."),
            Text("请把出处写在备注（note）中。", "Name the source in its note."),
        )
    entry |= {name: parameters[name] for name in allowed if parameters[name] is not None}
    if parameters["status"] is not None:
        entry["status"] = parameters["status"]
    return entry | {"reason": str(parameters["reason"]).strip()}


def described(pack: Pack, item: str, field: str) -> dict[str, Any]:
    """Give value, replaced value and status as they hold now."""
    if item in pack.rules:
        rule = pack.rules[item]
        return {"value": rule.value, "replaced": rule.replaced, "status": rule.status}
    changes = [one for one in pack.changes if item_id(one.table, one.key) == item and one.field == field]
    if changes:
        return {"value": changes[0].value, "replaced": changes[0].replaced, "status": changes[0].status}
    _, value = _shipped_value(pack, item, field)
    return {"value": value, "replaced": None, "status": "unverified"}


def no_pack(name: str) -> InputError:
    """Say that there is no shipped pack of that name."""
    return InputError(
        Text(f"没有随附的规则包 {name}。", f"There is no shipped pack {name}."),
        Text(f"随附的规则包：{'、'.join(shipped_packs())}。", f"Shipped packs: {', '.join(shipped_packs())}."),
    )


def _shipped_value(pack: Pack, item: str, field: str) -> tuple[str, Any]:
    if item in pack.rules:
        return "value", pack.rules[item].value
    for table in KEYS:
        for entry in pack.entries.get(table, []):
            if item_id(table, key_of(table, entry)) == item:
                if field not in FIELDS[table]:
                    known = ", ".join(FIELDS[table])
                    raise InputError(
                        Text(
                            f"预设 {item} 没有数值 {field or '（未指定）'}。",
                            f"The preset {item} has no number {field}.",
                        ),
                        Text(f"可修改：{known}。", f"These can be changed: {known}."),
                    )
                return field, entry[field]
    raise InputError(
        Text(f"规则包 {pack.name} 没有规则 {item}。", f"The pack {pack.name} has no rule {item}."),
        Text(f"规则：{'、'.join(pack.rules)}。", f"Rules: {', '.join(pack.rules)}."),
    )


def _typed(stated: str, shipped: Any, item: str) -> Any:
    """Read a value as the type of the shipped one: number, list of numbers, list of texts; a text may become a number."""
    if isinstance(shipped, list):
        parts = [part.strip() for part in stated.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        if shipped and not isinstance(shipped[0], str):
            return [_number(part, item) for part in parts]
        return parts
    if isinstance(shipped, str):
        return stated.strip() if stated.strip() == shipped else _number(stated, item)
    return _number(stated, item)


def _number(stated: str, item: str) -> int | float:
    text = stated.strip().replace("−", "-")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        said = Text(f"“{stated}”不是数字。", f"“{stated}” is no number.")
        raise InputError(said, Text("请填写数字。", "State a number."), faults=[Fault(said, field=item, value=stated)])
    return int(text) if text.lstrip("+-").isdecimal() else number
