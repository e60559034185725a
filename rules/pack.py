"""Read the dated rule packs: TOML files in which every threshold stands with its source and status."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..text import Text, same

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Rule:
    """One threshold or definition.

    Attributes
    ----------
    value : float or str
        In `unit`.
    status : str
        verified (read word for word in the document), unverified, or by_analogy.
    pack : str
        Name of the pack that it stands in.
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

    def valid_on(self, day: str) -> bool:
        """Tell whether the rule is in force on an ISO day, as far as its pack says."""
        return (not self.valid_from or day >= self.valid_from) and (not self.valid_to or day <= self.valid_to)

    def cited(self) -> dict[str, Any]:
        """Give what a result says of the rule that judged it."""
        return {
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
    """The rules of one file, by id, with its radius presets if it has any."""

    name: str
    rules: dict[str, Rule] = field(default_factory=dict)
    radii: tuple[RadiusPreset, ...] = ()

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
        The file is missing, is no TOML, or a rule in it lacks an entry.
    """
    path = folder / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = [_rule(entry, name) for entry in content.get("rule", [])]
        radii = tuple(_radius(entry) for entry in content.get("radius", []))
    except OSError as error:
        raise InputError(Text(f"读不到规则包 {path}：{error}", f"Cannot read rule pack {path}: {error}")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Text(f"规则包 {path} 不是有效的 TOML：{error}", f"Rule pack {path} is not valid TOML: {error}"),
            Text("请按提示的行号修改。", "Mend the line that the message names."),
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            Text(
                f"规则包 {path} 有条目缺少或写错：{error}",
                f"Rule pack {path} has a missing or wrong entry: {error}",
            ),
            Text(
                "每条规则需有 id、zh、en、value、unit、status。",
                "A rule needs id, zh, en, value, unit and status.",
            ),
        ) from error
    return Pack(name, {rule.id: rule for rule in rules}, radii)


def _rule(entry: dict[str, Any], pack: str) -> Rule:
    if entry["status"] not in {"verified", "unverified", "by_analogy"}:
        raise ValueError(f"{entry['id']}: status {entry['status']!r}")
    return Rule(
        id=entry["id"],
        name=Text(entry["zh"], entry["en"]),
        value=entry["value"],
        unit=entry["unit"],
        status=entry["status"],
        document=entry.get("document", ""),
        clause=entry.get("clause", ""),
        date=str(entry.get("date", "")),
        valid_from=str(entry.get("valid_from", "")),
        valid_to=str(entry.get("valid_to", "")),
        pack=pack,
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


STATUS_LABELS = {
    "verified": Text("已核实", "verified"),
    "unverified": Text("未核实", "unverified"),
    "by_analogy": Text("类推", "by analogy"),
}


def status_label(status: str) -> Text:
    """Give the planner's word for the status of a rule."""
    return STATUS_LABELS.get(status, same(status))
