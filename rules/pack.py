"""Read the dated rule packs: TOML files in which every threshold stands with its source and status."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError
from ..text import NOTHING, Text, same
from .preset_changes import Entry, PresetChange, merged
from .presets import (
    ClutterPreset,
    RadiusPreset,
    TransmitterPreset,
    check_clutter,
    check_radii,
    check_transmitters,
    clutter_preset,
    radius_preset,
    transmitter_preset,
)
from .status import STATUS_LABELS, status_label
from .validation import faults_of_pack, whole_entry

__all__ = ["PACKS", "STATUS_LABELS", "Pack", "RadiusPreset", "Rule", "load", "pack_of", "read_toml", "status_label"]

PACKS = Path(__file__).parent / "packs"
_SHOWN_FAULTS = 5
_AT = re.compile(r"at line (\d+), column (\d+)")


@dataclass(frozen=True)
class Rule:
    """One threshold or definition.

    Attributes
    ----------
    value : number, str or list
        In `unit`.
    status : str
        verified (read word for word in the document), unverified, or by_analogy.
    pack : str
        Name of the shipped pack that it stands in; empty for a rule that stands in a planner's own pack alone.
    comparison : str
        How a found value is held against `value`: >=, >, <=, <; all or in for lists; report where it is only told.
    subject, service : str
        What is counted and what it must have, for the rules of a scoreboard; else empty.
    own_pack, reason, replaced : str, str, number, str or list
        Where a planner's own pack changed the rule: its name, the reason given, and the value before.
    """

    id: str
    name: Text
    value: Any
    unit: str
    status: str
    document: str = ""
    clause: str = ""
    date: str = ""
    valid_from: str = ""
    valid_to: str = ""
    pack: str = ""
    comparison: str = ""
    subject: str = ""
    service: str = ""
    note: str = ""
    own_pack: str = ""
    reason: str = ""
    replaced: Any = None

    def valid_on(self, day: str) -> bool:
        """Tell whether the rule is in force on an ISO day, as far as its pack says; a bound may be a month or year."""
        since, until = day[: len(self.valid_from)], day[: len(self.valid_to)]
        return since >= self.valid_from and until <= self.valid_to

    def cited(self) -> dict[str, Any]:
        """Give what a result says of the rule that judged it."""
        said = {
            "id": self.id,
            "zh": self.name.zh,
            "en": self.name.en,
            "value": self.value,
            "unit": self.unit,
            "status": self.status,
            "document": self.document,
            "clause": self.clause,
            "date": self.date,
            "pack": self.pack,
        }
        if self.own_pack:
            said |= {"own_pack": self.own_pack, "reason": self.reason, "replaced": self.replaced}
        return said


@dataclass(frozen=True)
class Pack:
    """The rules of one file, by id, with its presets of radii, transmitters and clutter if it has any.

    Attributes
    ----------
    entries : dict of list of dict
        The presets as they stand in the file, by table.
    changes : tuple of PresetChange
        What own packs changed in them.
    """

    name: str
    rules: dict[str, Rule] = field(default_factory=dict)
    radii: tuple[RadiusPreset, ...] = ()
    transmitters: tuple[TransmitterPreset, ...] = ()
    clutter: tuple[ClutterPreset, ...] = ()
    title: Text = NOTHING
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    changes: tuple[PresetChange, ...] = ()

    def changed(self, table: str, of: str) -> list[dict[str, Any]]:
        """Give what a result cites of changed presets; `of` is the technology, or the land-cover product."""
        return [change.cited() for change in self.changes if change.table == table and change.key[0] == of]

    def rule(self, rule_id: str) -> Rule:
        """Give one rule; raise InputError where the pack lacks it."""
        try:
            return self.rules[rule_id]
        except KeyError:
            raise InputError(
                Text("规则包 {pack} 缺少规则 {rule}。", "Rule pack {pack} lacks rule {rule}.").filled(
                    pack=self.name, rule=rule_id
                ),
                Text("请恢复随插件提供的规则包。", "Restore the rule pack that came with the plugin."),
            ) from None


def load(name: str, folder: Path = PACKS) -> Pack:
    """Read a rule pack.

    Parameters
    ----------
    name : str
        File name without ``.toml``.
    folder : pathlib.Path
        Where it lies.

    Raises
    ------
    InputError
        The file is missing, is no TOML, or something in it is missing or wrong; `faults` has everything at once.
    """
    path = folder / f"{name}.toml"
    return pack_of(read_toml(path), path, name)


def read_toml(path: Path) -> dict[str, Any]:
    """Read the file of a pack; raise InputError where it cannot be read, is not UTF-8 or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Text(f"读不到规则包 {path}：{error}", f"Cannot read rule pack {path}: {error}")) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Text(f"规则包 {path} 不是 UTF-8 编码。", f"Rule pack {path} is not in UTF-8."),
            Text(
                "请在文本编辑器中将其另存为 UTF-8（不是 ANSI、GBK 或 Unicode）。",
                "Save it as UTF-8 in a text editor, not as ANSI, GBK or Unicode.",
            ),
            faults=[Fault(Text("不是 UTF-8 编码。", "It is not in UTF-8."), file=path.name)],
        ) from error
    except tomllib.TOMLDecodeError as error:
        where = _AT.search(str(error))
        place = f"（第 {where[1]} 行第 {where[2]} 列附近）" if where else ""
        raise InputError(
            Text(f"规则包 {path} 不是有效的 TOML{place}：{error}", f"Rule pack {path} is not valid TOML: {error}"),
            Text("请按提示的行号修改。", "Mend the line that the message names."),
            faults=[Fault(same(str(error)), file=path.name, row=int(where[1]) if where else None)],
        ) from error


def pack_of(content: dict[str, Any], path: Path, name: str, *, own: bool = False, base: Pack | None = None) -> Pack:
    """Make a pack of what a file says.

    Parameters
    ----------
    content : dict
        From `read_toml`.
    path : pathlib.Path
        The file, for messages.
    name : str
    own : bool
        A planner's own file, not a shipped one.
    base : Pack, optional
        The shipped pack that an own file changes; what it does not name stays.

    Raises
    ------
    InputError
        Something is missing or wrong; `faults` has everything at once.
    """
    known = {key: _entry(rule) for key, rule in base.rules.items()} if base else None
    faults = faults_of_pack(content, path.name, known)
    kept = base or Pack(name)
    entries: dict[str, list[Entry]] = {}
    changes: list[PresetChange] = []
    lists: dict[str, tuple[Any, ...]] = {}
    for key, read, check in _PRESETS:
        stated = content.get(key, [])
        if not isinstance(stated, list):
            said = Text(f"{key} 应写作 [[{key}]]。", f"{key} should be [[{key}]].")
            faults.append(Fault(said, file=path.name, field=key))
            continue
        entries[key] = list(stated)
        if base is not None:
            found = merged(key, base.entries.get(key, []), stated, path.name, base.name, name)
            entries[key], more = found.entries, found.faults
            changes += found.changes
            faults += more
        try:
            lists[key] = tuple(read(entry) for entry in entries[key])
            check(lists[key])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            faults.append(Fault(same(f"[[{key}]] {error}"), file=path.name, field=key))
    if faults:
        raise _refused(path, faults)
    rules = dict(base.rules) if base else {}
    for entry in content.get("rule", []):
        rules[entry["id"]] = _rule(entry, name, own, rules.get(entry["id"]))
    head = content.get("pack", {})
    return Pack(
        name,
        rules,
        lists["radius"],
        lists["transmitter"],
        lists["clutter"],
        Text(head.get("zh", kept.title.zh or name), head.get("en", kept.title.en or name)),
        entries,
        (*kept.changes, *changes),
    )


def _refused(path: Path, faults: list[Fault]) -> InputError:
    shown, more = faults[:_SHOWN_FAULTS], len(faults) - _SHOWN_FAULTS
    zh, en = "".join(fault.message.zh for fault in shown), " ".join(fault.message.en for fault in shown)
    return InputError(
        Text(
            f"规则包 {path} 有 {len(faults)} 处缺少或写错：{zh}" + (f"另有 {more} 处。" if more > 0 else ""),
            f"Rule pack {path} has {len(faults)} missing or wrong entries: {en}"
            + (f" And {more} more." if more > 0 else ""),
        ),
        Text(
            "请按提示修改该文件；每条规则需有 id、zh、en、value、unit、status，修改随附规则时还需写明 reason。",
            "Mend the file as told; a rule needs id, zh, en, value, unit and status, and a changed one its reason.",
        ),
        faults=faults,
    )


def _entry(rule: Rule) -> dict[str, Any]:
    """Give a rule as it would stand in a file."""
    keys = ("value", "unit", "status", "document", "clause", "date", "valid_from", "valid_to")
    more = ("comparison", "subject", "service", "note", "reason")
    return {
        "id": rule.id,
        "zh": rule.name.zh,
        "en": rule.name.en,
        **{key: getattr(rule, key) for key in (*keys, *more)},
    }


def _rule(entry: dict[str, Any], pack: str, own: bool, changed: Rule | None) -> Rule:
    whole = whole_entry(entry, _entry(changed) if changed else None)
    return Rule(
        id=whole["id"],
        name=Text(whole["zh"], whole["en"]),
        value=whole["value"],
        unit=whole["unit"],
        status=whole["status"],
        document=whole.get("document", ""),
        clause=whole.get("clause", ""),
        date=str(whole.get("date", "")),
        valid_from=str(whole.get("valid_from", "")),
        valid_to=str(whole.get("valid_to", "")),
        pack=changed.pack if changed else ("" if own else pack),
        comparison=whole.get("comparison", ""),
        subject=whole.get("subject", ""),
        service=whole.get("service", ""),
        note=whole.get("note", ""),
        own_pack=pack if own else "",
        reason=entry.get("reason", "") if own else "",
        replaced=changed.value if changed else None,
    )


_PRESETS: tuple[tuple[str, Callable[..., Any], Callable[..., None]], ...] = (
    ("radius", radius_preset, check_radii),
    ("transmitter", transmitter_preset, check_transmitters),
    ("clutter", clutter_preset, check_clutter),
)
