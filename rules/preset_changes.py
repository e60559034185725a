"""Presets of radii, transmitters and clutter that a planner's own pack changes one by one, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..errors import Fault
from ..text import NOTHING, Text, same
from .status import STATUSES

Entry = dict[str, Any]
Key = tuple[Any, ...]

KEYS: dict[str, tuple[str, ...]] = {
    "radius": ("technology", "band_mhz_min", "band_mhz_max", "antenna_height_min_m"),
    "transmitter": ("technology", "band_mhz_min", "band_mhz_max"),
    "clutter": ("product", "code"),
}
FIELDS: dict[str, dict[str, tuple[Text, str]]] = {
    "radius": {"radius_m": (Text("覆盖半径", "radius"), "m")},
    "transmitter": {
        "frequency_mhz": (Text("载频", "carrier"), "MHz"),
        "bandwidth_mhz": (Text("带宽", "bandwidth"), "MHz"),
        "spacing_khz": (Text("子载波间隔", "subcarrier spacing"), "kHz"),
        "power_dbm": (Text("发射功率", "power"), "dBm"),
        "gain_dbi": (Text("天线增益", "antenna gain"), "dBi"),
        "losses_db": (Text("馈线等损耗", "feeder and other losses"), "dB"),
        "antenna_height_m": (Text("天线挂高", "antenna height"), "m"),
        "tilt_deg": (Text("下倾角", "tilt"), "°"),
        "horizontal_beam_deg": (Text("水平波束宽度", "horizontal beam width"), "°"),
        "vertical_beam_deg": (Text("垂直波束宽度", "vertical beam width"), "°"),
        "front_to_back_db": (Text("前后比", "front-to-back ratio"), "dB"),
        "side_lobe_db": (Text("旁瓣抑制", "side-lobe level"), "dB"),
    },
    "clutter": {"height_m": (Text("地物高度", "clutter height"), "m")},
}
_MORE = {"radius": (), "transmitter": ("for_unknown_band",), "clutter": ("zh", "en", "water")}
_ALSO = ("status", "note", "reason")


@dataclass(frozen=True)
class PresetChange:
    """One number of one preset that an own pack changed.

    Attributes
    ----------
    table : str
        radius, transmitter or clutter.
    key : tuple
        Values of `KEYS` of the table.
    field, value, unit : str, number, str
    replaced : number or None
        The shipped value; None where the own pack added the preset.
    """

    table: str
    key: Key
    field: str
    label: Text
    value: Any
    unit: str
    replaced: Any
    status: str
    note: str
    pack: str
    own_pack: str
    reason: str

    def cited(self) -> dict[str, Any]:
        """Give what a result says of the change, in the form of a rule."""
        return {
            "id": f"{self.pack}.{item_id(self.table, self.key)}.{self.field}",
            "zh": self.label.zh,
            "en": self.label.en,
            "value": self.value,
            "unit": self.unit,
            "status": self.status,
            "document": self.note,
            "clause": "",
            "date": "",
            "pack": "" if self.replaced is None else self.pack,
            "own_pack": self.own_pack,
            "reason": self.reason,
            "replaced": self.replaced,
        }


def key_of(table: str, entry: Mapping[str, Any]) -> Key:
    """Give what tells an entry of a table from the others."""
    return tuple(entry.get(name) for name in KEYS[table])


def item_id(table: str, key: Key) -> str:
    """Give the name of a preset for a job and a list, such as ``radius:5G:690:810:30``."""
    return ":".join([table, *(f"{part:g}" if isinstance(part, float) else str(part) for part in key)])


def label_of(table: str, entry: Mapping[str, Any]) -> Text:
    """Say which preset an entry is."""
    if table == "clutter":
        return Text(f"{entry['product']} {entry['zh']}", f"{entry['product']} {str(entry['en']).lower()}")
    band = f"{entry['technology']} {entry['band_mhz_min']:g}–{entry['band_mhz_max']:g} MHz"
    if table == "transmitter":
        return Text(f"{band} 发射机", f"{band} transmitter")
    height = f"{entry['antenna_height_min_m']:g} m"
    return Text(f"{band}，挂高≥{height}", f"{band}, antenna at {height} or higher")


def field_label(table: str, entry: Mapping[str, Any], field: str) -> Text:
    """Say which number of which preset is meant."""
    whose, what = label_of(table, entry), FIELDS[table][field][0]
    return Text(f"{whose.zh}：{what.zh}", f"{whose.en}: {what.en}")


class Merged(NamedTuple):
    """The presets of a shipped pack with the changes of an own one.

    Attributes
    ----------
    entries : list of dict
        Without reasons, in the order of the shipped pack.
    """

    entries: list[Entry]
    changes: list[PresetChange]
    faults: list[Fault]


def merged(table: str, base: Sequence[Entry], own: Sequence[Any], file: str, pack: str, own_pack: str) -> Merged:
    """Put the entries of an own pack in the place of the shipped ones with the same key; others are added.

    Parameters
    ----------
    base : sequence of dict
        Entries of the shipped pack.
    own : sequence of dict
        ``[[radius]]`` and so on of the own pack: the key, the numbers that change, and ``reason``.
    file, pack, own_pack : str
        Name of the file, of the shipped and of the own pack.

    A changed number whose own entry states no status is unverified.
    """
    known = {key_of(table, entry): dict(entry) for entry in base}
    changes: list[PresetChange] = []
    faults: list[Fault] = []
    seen: set[Key] = set()
    for number, entry in enumerate(own, start=1):
        if not isinstance(entry, Mapping):
            faults.append(_fault(file, f"[[{table}]] {number}", Text("应为一个表。", "It should be a table.")))
            continue
        key = key_of(table, entry)
        place = f"[[{table}]] {item_id(table, key)}"
        found = [*_faults_of(table, entry, key, known), *([_TWICE] if key in seen else [])]
        faults += [_fault(file, place, said) for said in found]
        seen.add(key)
        if found:
            continue
        before = known.get(key)
        fields = {name: entry[name] for name in FIELDS[table] if name in entry}
        changed = {name: value for name, value in fields.items() if before is None or before.get(name) != value}
        status = str(entry.get("status", "unverified" if changed else (before or {}).get("status", "unverified")))
        note = str(entry.get("note", "" if changed else (before or {}).get("note", "")))
        whole = {**(before or {}), **entry, "status": status, "note": note}
        del whole["reason"]
        known[key] = whole
        for name, value in fields.items():
            changes.append(
                PresetChange(
                    *(table, key, name, _label(table, whole, name), value, FIELDS[table][name][1]),
                    None if before is None else before[name],
                    *(status, note, pack, own_pack, str(entry["reason"])),
                )
            )
    return Merged(list(known.values()), changes, faults)


_TWICE = Text("本文件中已有同一预设。", "The same preset stands twice in this file.")


def _faults_of(table: str, entry: Mapping[str, Any], key: Key, known: Mapping[Key, Entry]) -> list[Text]:
    """Say what is wrong with an own entry as a change; its numbers are checked where the whole preset is made."""
    said = []
    lacking = [name for name, part in zip(KEYS[table], key) if part is None]
    if lacking:
        shown = ", ".join(lacking)
        said.append(Text(f"缺少 {shown}，无法确定是哪个预设。", f"{shown} is missing: which preset is it?"))
    unknown = sorted(set(entry) - {*KEYS[table], *FIELDS[table], *_MORE[table], *_ALSO})
    if unknown:
        said.append(Text(f"未知条目 {', '.join(unknown)}。", f"Unknown: {', '.join(unknown)}."))
    reason = entry.get("reason")
    if not (isinstance(reason, str) and reason.strip()):
        said.append(Text("缺少修改理由 reason。", "It lacks the reason why it is changed (reason)."))
    if not set(entry) - {*KEYS[table], *_ALSO}:
        said.append(Text("没有要修改的数值。", "It changes no number."))
    if "status" in entry and entry["status"] not in STATUSES:
        shown = ", ".join(STATUSES)
        said.append(Text(f"status 应为以下之一：{shown}。", f"status should be one of: {shown}."))
    note = entry.get("note")
    if entry.get("status") in ("verified", "by_analogy") and not (isinstance(note, str) and note.strip()):
        said.append(Text("状态为“已核实”“类推”时须在 note 写明出处。", "With that status, note must name the source."))
    if key not in known and not lacking and table != "radius":
        needed = [name for name in FIELDS[table] if name not in entry]
        if needed:
            shown = ", ".join(needed)
            said.append(
                Text(f"随附规则包没有这个预设；新增时还需 {shown}。", f"No shipped preset; a new one needs {shown}.")
            )
    return said


def _label(table: str, entry: Mapping[str, Any], field: str) -> Text:
    try:
        return field_label(table, entry, field)
    except (KeyError, TypeError, ValueError):  # what is missing or no number is told with the preset
        return NOTHING


def _fault(file: str, place: str, said: Text) -> Fault:
    return Fault(Text(f"{place}：{said.zh}", f"{place}: {said.en}"), same(""), file=file, field=place)
