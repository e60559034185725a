"""Read the dated rule packs: TOML files in which every threshold stands with its source and status."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError
from ..text import NOTHING, Text, same
from .presets import (
    ClutterPreset,
    TransmitterPreset,
    check_clutter,
    check_transmitters,
    clutter_preset,
    transmitter_preset,
)
from .validation import faults_of_pack

PACKS = Path(__file__).parent / "packs"
_SHOWN_FAULTS = 5


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
class RadiusPreset:
    """How far a station of one technology, band and antenna height is taken to reach.

    Attributes
    ----------
    band_mhz_min, band_mhz_max : float
        Bounds of the carrier frequency in MHz, both included.
    antenna_height_min_m : float
        Lowest antenna height in metres that the preset is for.
    radius_m : float
        Geodesic radius in metres.
    """

    technology: str
    band_mhz_min: float
    band_mhz_max: float
    antenna_height_min_m: float
    radius_m: float


@dataclass(frozen=True)
class Pack:
    """The rules of one file, by id, with its presets of radii, transmitters and clutter if it has any."""

    name: str
    rules: dict[str, Rule] = field(default_factory=dict)
    radii: tuple[RadiusPreset, ...] = ()
    transmitters: tuple[TransmitterPreset, ...] = ()
    clutter: tuple[ClutterPreset, ...] = ()
    title: Text = NOTHING

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
    """Read the file of a pack; raise InputError where it cannot be read or is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Text(f"读不到规则包 {path}：{error}", f"Cannot read rule pack {path}: {error}")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Text(f"规则包 {path} 不是有效的 TOML：{error}", f"Rule pack {path} is not valid TOML: {error}"),
            Text("请按提示的行号修改。", "Mend the line that the message names."),
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
    lists: dict[str, tuple[Any, ...]] = {}
    for key, read, check in _PRESETS:
        try:
            lists[key] = tuple(read(entry) for entry in content.get(key, []))
            check(lists[key])
        except (KeyError, TypeError, ValueError) as error:
            faults.append(Fault(same(f"[[{key}]] {error}"), file=path.name, field=key))
    if faults:
        raise _refused(path, faults)
    rules = dict(base.rules) if base else {}
    for entry in content.get("rule", []):
        rules[entry["id"]] = _rule(entry, name, own, rules.get(entry["id"]))
    head = content.get("pack", {})
    kept = base or Pack(name)
    return Pack(
        name,
        rules,
        lists["radius"] or kept.radii,
        lists["transmitter"] or kept.transmitters,
        lists["clutter"] or kept.clutter,
        Text(head.get("zh", kept.title.zh or name), head.get("en", kept.title.en or name)),
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
    """Make a rule of its entry; a changed value without a source of its own is nobody's but the planner's."""
    whole = {**_entry(changed), **entry} if changed else entry
    if changed and "value" in entry and entry["value"] != changed.value:
        whole |= {"status": entry.get("status", "unverified")}
        whole |= {key: entry.get(key, "") for key in ("document", "clause", "date")}
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


def _radius(entry: dict[str, Any]) -> RadiusPreset:
    preset = RadiusPreset(
        entry["technology"],
        float(entry["band_mhz_min"]),
        float(entry["band_mhz_max"]),
        float(entry["antenna_height_min_m"]),
        float(entry["radius_m"]),
    )
    if not preset.radius_m > 0:
        raise ValueError(f"{preset.technology}: radius_m {preset.radius_m}")
    return preset


def _no_check(_presets: tuple[RadiusPreset, ...]) -> None:
    """Radii need no look at each other."""


_PRESETS: tuple[tuple[str, Callable[..., Any], Callable[..., None]], ...] = (
    ("radius", _radius, _no_check),
    ("transmitter", transmitter_preset, check_transmitters),
    ("clutter", clutter_preset, check_clutter),
)

STATUS_LABELS = {
    "verified": Text("已核实", "verified"),
    "unverified": Text("未核实", "unverified"),
    "by_analogy": Text("类推", "by analogy"),
}


def status_label(status: str) -> Text:
    """Give the planner's word for the status of a rule."""
    return STATUS_LABELS.get(status, same(status))
