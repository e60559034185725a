"""Whether two scoreboards were made by the same rules: a change of rule is not a change on the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.comparison import CAME_IN, LEFT, UNCHANGED
from ...analysis.scoreboard import ALL_COUNTIES
from ...errors import InputError
from ...layers.specs import SPECS
from ...text import Text, same
from ..declaration import Job, ParameterKind
from ..frontier.words import SERVICE_LABELS, SUBJECT_LABELS
from ..frontier_scoreboard import JOB as SCOREBOARD
from ..shared.rule_words import value_words
from .sides import Side
from .words import NO_RULE, NOT_STATED, PARAMETER_LABELS

# What a difference may have changed: every state, that of what was judged by one evidence or one rule, which items are
# in scope, lengths of road, those of simulated roads, areas of sea, only what is asked (the share), or nothing.
ALL, SCOPE, TARGET, NOTHING = "all", "scope", "target", "nothing"
ROADS, SIMULATED_ROADS, SEA = "roads", "simulated_roads", "sea"
EVIDENCES = ("measured", "simulated", "distance")
# By pack, but for single rules: how densely a simulated road is sampled, and what only marks or lists.
_BY_PACK = {
    "signal_radius": "distance",
    "radio": "simulated",
    "frontier-scope": SCOPE,
    "frontier-roads": ROADS,
    "frontier-sea": SEA,
}
_BY_RULE = {
    "road.sample_step": SIMULATED_ROADS,
    "road.sample_refine": SIMULATED_ROADS,
    "road.gap_least": NOTHING,
    "radio.borderline": NOTHING,
}
_BY_PARAMETER = {"evidence": ALL, "radius_m": "distance", "scope": SCOPE, "scope_overrides": SCOPE, "pack": NOTHING}
_PRESETS = ("signal_radius", "radio")  # packs whose presets are not cited one by one
# The data themselves, what changes no verdict, and what is told by its rules.
_FILES = ("dem", "clutter", "calibration")  # known by what they hold, wherever they lie
_EXPECTED = {"workspace", "as_of", "by", "own_packs", *_FILES, *SPECS}
_PROVINCES = "province"
_SHOWN_FILES = 2


class Difference(NamedTuple):
    """One thing in which the two scoreboards differ, other than their data.

    Attributes
    ----------
    what, before, after : Text
    touches : str
        `ALL`, `SCOPE`, `ROADS`, `SIMULATED_ROADS`, `SEA`, `TARGET`, `NOTHING`, one of `EVIDENCES`, or a rule's id.
    one_sided : bool
        Only one side has such data or rules at all: what they touch was judged on other evidence, not by other rules.
    """

    what: Text
    before: Text
    after: Text
    touches: str
    one_sided: bool = False


def _difference(what: Text, shown: Sequence[Text], touches: str, *, one_sided: bool = False) -> Difference:
    before, after = shown
    return Difference(what, before, after, touches, one_sided)


def common_rules(earlier: Side, later: Side) -> list[str]:
    """Give the indicators that both have, in the order of the later pack.

    Raises
    ------
    InputError
        There is none: they were scored by different packs.
    """
    there = set(earlier.score["rule_id"])
    rules = [rule for rule in dict.fromkeys(later.score["rule_id"]) if rule in there]
    if not rules:
        packs = [str(side.record["parameters"].get("pack")) for side in (earlier, later)]
        raise InputError(
            Text(
                f"两期没有相同的指标：前期规则包 {packs[0]}，后期 {packs[1]}。规则的变化不是实地的变化。",
                f"The two have no indicator in common: the earlier was scored by {packs[0]}, the later by {packs[1]}. A change of rule is "
                "not a change on the ground.",
            ),
            Text("请用同一规则包对两期分别计分后再比较。", "Score both by the same pack, then compare."),
        )
    return rules


def differences(earlier: Side, later: Side) -> list[Difference]:
    """List in what rules, parameters and programs the two differ."""
    before, after = earlier.record, later.record
    found = [*_definitions(earlier, later), *_rules(earlier, later)]
    found += _parameters(before["parameters"], after["parameters"], SCOREBOARD)
    found += [item for name in _FILES for item in _files(name, before, after)]
    versions = [str(record.get("plugin_version") or "") for record in (before, after)]
    if versions[0] != versions[1]:
        found.append(Difference(PARAMETER_LABELS["plugin_version"], same(versions[0]), same(versions[1]), NOTHING))
    return found


def _definitions(earlier: Side, later: Side) -> list[Difference]:
    """Give the indicators that one side alone has, and those that ask another thing than before."""
    before, after = (_indicators(side.score) for side in (earlier, later))
    found = []
    for rule in sorted({*before, *after}):
        there = [side.get(rule) for side in (before, after)]
        shown = [NO_RULE if row is None else asked_words(row) for row in there]
        name = next(row for row in there[::-1] if row is not None)
        what = Text(f"指标“{name['rule_name']}”", f"Indicator “{name['rule_name_en']}”")
        if there[0] is None or there[1] is None:
            found.append(_difference(what, shown, NOTHING))
        elif (there[0]["subject"], there[0]["service"]) != (there[1]["subject"], there[1]["service"]):
            found.append(_difference(what, shown, rule))
    return found


def _indicators(score: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["rule_id"]: row for row in score[score["county_code"] == ALL_COUNTIES].to_dict("records")}


def asked_words(row: Mapping[str, Any]) -> Text:
    """Say what must have which service."""
    subject = SUBJECT_LABELS.get(row["subject"], same(row["subject"]))
    service = SERVICE_LABELS.get(row["service"], same(row["service"]))
    return Text(f"{subject.zh}：{service.zh}", f"{subject.en}: {service.en}")


def _rules(earlier: Side, later: Side) -> list[Difference]:
    before, after = ({rule["id"]: rule for rule in side.record["rules"]} for side in (earlier, later))
    packs = [{rule["pack"] for rule in side.values()} for side in (before, after)]
    scored = {*earlier.score["rule_id"], *later.score["rule_id"]}
    found = []
    for rule in sorted({*before, *after}):
        there = [side.get(rule) for side in (before, after)]
        known = next(side for side in there[::-1] if side is not None)
        if None in there and (rule in scored or known["pack"] not in packs[0] & packs[1]):
            continue  # told as an indicator, or with its pack
        if there[0] is None or there[1] is None or _decides(there[0]) != _decides(there[1]):
            what = Text(f"规则“{known['zh']}”", f"Rule “{known['en']}”")
            shown = [NO_RULE if side is None else _said(side) for side in there]
            found.append(_difference(what, shown, _touched(known, scored)))
    for pack in sorted(packs[0] ^ packs[1] - {""}):
        what = Text(f"规则包 {pack}", f"Rule pack {pack}")
        used = Text("使用", "used")
        shown = [used if pack in side else NO_RULE for side in packs]
        if _BY_PACK.get(pack, ALL) in EVIDENCES:
            found.append(_difference(what, shown, _BY_PACK[pack], one_sided=True))
    hashes = [side.record.get("rule_packs", {}) for side in (earlier, later)]
    for pack in sorted(set(hashes[0]) & set(hashes[1])):
        if hashes[0][pack] != hashes[1][pack]:
            what = Text(f"规则包文件 {pack}", f"File of the rule pack {pack}")
            touches = _BY_PACK[pack] if pack in _PRESETS else NOTHING
            found.append(_difference(what, [same(side[pack][:8]) for side in hashes], touches))
    return found


def _decides(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    return (rule["value"], rule["unit"], rule.get("own_pack"), rule.get("reason"))


def _said(rule: Mapping[str, Any]) -> Text:
    words = value_words(rule["value"], rule["unit"])
    own = rule.get("own_pack")
    return Text(f"{words.zh}（{own}：{rule['reason']}）", f"{words.en} ({own}: {rule['reason']})") if own else words


def _touched(rule: Mapping[str, Any], scored: set[str]) -> str:
    if rule["id"] in scored:
        return TARGET
    if rule["id"] in _BY_RULE:
        return _BY_RULE[rule["id"]]
    if rule["unit"] == _PROVINCES:
        return SCOPE
    first = str(rule["id"]).partition(".")[0]
    if first == "borderline":  # a mark beside the verdict, never the verdict
        return NOTHING
    return first if first in EVIDENCES else _BY_PACK.get(rule["pack"], ALL)


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any], job: Job) -> list[Difference]:
    found = []
    for item in job.parameters:
        values = [side.get(item.name, item.default) for side in (before, after)]
        if item.name in _EXPECTED or item.kind is ParameterKind.LAYER or values[0] == values[1]:
            continue
        labels = {choice.value: choice.label for choice in item.choices}
        unit = f" {item.unit}" if item.unit else ""
        shown = [
            NOT_STATED if value is None else labels.get(str(value), same(f"{_plain(value)}{unit}")) for value in values
        ]
        found.append(_difference(item.label, shown, _BY_PARAMETER.get(item.name, "simulated")))
    return found


def _plain(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


def _files(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Tell other elevation, land-cover or calibration data, by their content."""
    sums = [
        sorted(item["sha256"] for key, item in side.get("inputs", {}).items() if key.partition(":")[0] == name)
        for side in (before, after)
    ]
    if sums[0] == sums[1]:
        return []
    shown = [files_words(name, side) for side in (before, after)]
    if shown[0] == shown[1]:  # the same names with another content
        shown = [same(f"{words.zh}（{side[0][:8]}）") for words, side in zip(shown, sums)]
    return [_difference(SCOREBOARD.parameter(name).label, shown, "simulated", one_sided=not all(sums))]


def files_words(name: str, record: Mapping[str, Any]) -> Text:
    """Name the files that a result read for one parameter, such as its elevation data."""
    read = record.get("inputs", {})
    names = sorted(Path(item["path"]).name for key, item in read.items() if key.partition(":")[0] == name)
    if not names:
        return NOT_STATED
    more = len(names) - _SHOWN_FILES
    if more <= 0:
        return same("、".join(names))
    shown = "、".join(names[:_SHOWN_FILES])
    return Text(f"{shown} 等 {len(names)} 个", f"{shown} and {more} more")


def doubts(pairs: pd.DataFrame, found: Sequence[Difference]) -> npt.NDArray[np.object_]:
    """Say of each pair whether its change may come from another basis instead of the ground.

    Returns
    -------
    numpy.ndarray of str or None, shape (n,)
        ``rule`` where a rule or parameter that may have decided it differs, ``evidence`` where it was judged by other
        evidence than before or than it could be, else None; None where nothing changed.
    """
    touched = {item.touches for item in found if not item.one_sided}
    added = {item.touches for item in found if item.one_sided}
    changed = (pairs["change"] != UNCHANGED).to_numpy(bool)
    listed = pairs["change"].isin((CAME_IN, LEFT)).to_numpy(bool)
    before, after = (pairs[f"evidence_{end}"].fillna("").astype(str) for end in ("before", "after"))
    rule = pairs["rule_id"].isin(touched).to_numpy(bool) | np.full(len(pairs), ALL in touched)
    for evidence in EVIDENCES:
        if evidence in touched:
            rule |= ~listed & (before.str.contains(evidence) | after.str.contains(evidence)).to_numpy(bool)
    if SCOPE in touched:
        rule |= listed
    other = ((before != after) & (before != "") & (after != "")).to_numpy(bool)
    for evidence in EVIDENCES:
        if evidence in added:
            other = other | ~listed & (before.str.contains(evidence) != after.str.contains(evidence)).to_numpy(bool)
    told = np.full(len(pairs), None, dtype=object)
    told[changed & other] = "evidence"
    told[changed & rule] = "rule"
    return told
