"""Headings and code labels of the layers of control-line conflicts and of the land demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...jobs.land import words
from ...jobs.shared.rule_words import SEVERITY_LABELS
from ...layers.codes import OPERATORS, STATUSES
from ...layers.spec import Code, Field, Kind
from ...layers.specs.control_lines import KINDS
from ...text import Text


def _codes(labels: Mapping[str, Text]) -> tuple[Code, ...]:
    return tuple(Code(*item) for item in labels.items())


_CODED = {
    "verdict": _codes(words.VERDICT_LABELS),
    "severity": tuple(Code(str(level), label) for level, label in SEVERITY_LABELS.items()),
    "layer": _codes(words.LAYER_LABELS),
    "type": _codes(words.TYPE_LABELS),
    "class": _codes(words.CLASS_LABELS),
    "status": STATUSES,
    "kind": KINDS,
    "side": _codes(words.SIDE_LABELS),
    "reason": _codes(words.REASON_LABELS),
    "note": _codes(words.NOTE_LABELS),
    "outcome": _codes(words.OUTCOME_LABELS),
    "code_name": tuple(Code(label.zh, label) for label in words.CODE_LABELS.values()),  # stored as a bureau reads it
}
_SEVERAL = {
    "operator": OPERATORS,
    "touching": KINDS,
    "remaining": KINDS,
    "lacking": KINDS,
}  # several codes, some with metres


def _fields(names: Iterable[str], **said: Text) -> tuple[Field, ...]:
    return tuple(_field(name, said.get(name, words.LABELS[name])) for name in names)


def _field(name: str, label: Text) -> Field:
    if name in _CODED:
        return Field(name, Kind.CODE, label, "", codes=_CODED[name])
    if name in _SEVERAL:
        return Field(name, Kind.CODES, label, "", codes=_SEVERAL[name])
    return Field(name, Kind.TEXT, label, "")


_CONFLICT = (
    *("layer", "feature_id", "name", "type", "class", "kind", "side", "zone_id", "zone_name", "source"),
    *("area_m2", "length_m", "severity"),
)
OF_STYLE: dict[str, tuple[Field, ...]] = {
    **dict.fromkeys(("control_conflict", "control_conflict_line"), _fields(_CONFLICT)),
    "control_checked": _fields(
        (
            *("verdict", "severity", "layer", "feature_id", "name", "operator", "type", "class", "status", "year"),
            *("rows", "footprint_m2", "width_m", "whole_m", "county_code", "county", "reason", "lacking", "note"),
            "touching",
        )
    ),
    "alternative_route": _fields(
        (
            *("feature_id", "name", "outcome", "before_m", "after_m", "extra_m", "before_in_m", "after_in_m"),
            *("before_m2", "after_m2", "remaining"),
        )
    ),
    "land_parcel": _fields(
        (
            *("verdict", "layer", "feature_id", "name", "type", "class", "code", "code_name", "edition"),
            *("footprint_m2", "width_m", "county_code", "county", "year", "demand_m2", "note"),
        )
    ),
}
