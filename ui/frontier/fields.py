"""Headings and code labels of the layers of a frontier result, and of results on roads and on the sea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...jobs.comparing.words import ABSENT_LABEL, CHANGE_LABELS, DOUBT_LABELS, WHY_LABELS
from ...jobs.comparing.words import LABELS as CHANGE_HEADINGS
from ...jobs.frontier.words import (
    REASON_LABELS,
    SCOPE_LABELS,
    SCOPE_WORDS,
    SERVICE_LABELS,
    STATE_LABELS,
    SUBJECT_LABELS,
)
from ...jobs.lines.words import CLASS_LABELS, STRUCTURE_LABELS
from ...jobs.lines.words import LABELS as ROAD_HEADINGS
from ...jobs.lines.words import REASON_LABELS as ROAD_REASONS
from ...layers.spec import Code, Field, Kind
from ...layers.specs.places import BACKHAULS
from ...layers.specs.sea_areas import KINDS as SEA_KINDS
from ...text import Text

ZONES = {code.value: code.label for code in SEA_KINDS}


def _codes(labels: dict[str, Text]) -> tuple[Code, ...]:
    return tuple(Code(*item) for item in labels.items())


_STATES, _SERVICES, _SUBJECTS = _codes(STATE_LABELS), _codes(SERVICE_LABELS), _codes(SUBJECT_LABELS)
_REASONS, _ROAD_REASONS = (
    tuple(Code(code, label) for code, label in labels.items() if code != "planned_year")
    for labels in (REASON_LABELS, ROAD_REASONS)
)
_HEADINGS = {
    **CHANGE_HEADINGS,
    "zone": Text("海域", "Kind of sea"),
    "legal": Text("法定界线", "Legal limits"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "gap": Text("序号", "Number"),
    "furthest_station_m": Text("最远处距基站（米）", "Farthest place to station (m)"),
}
_CODED = {
    **dict.fromkeys(("state", "state_after_plan"), _STATES),
    **dict.fromkeys(("before", "after"), (*_STATES, Code("absent", ABSENT_LABEL))),
    **dict.fromkeys(("reason", "reason_before", "reason_after"), _REASONS),
    "subject": _SUBJECTS,
    "service": _SERVICES,
    "backhaul": BACKHAULS,
    "road_class": _codes(CLASS_LABELS),
    "structure": _codes(STRUCTURE_LABELS),
    "zone": _codes(ZONES),
    "change": _codes(CHANGE_LABELS),
    "why": _codes(WHY_LABELS),
    "doubt": _codes(DOUBT_LABELS),
}
_FLAGS = ("unverified", "legal", "is_border")
_WHOLE = ("rank", "people", "run", "gap")


def _field(name: str, headings: Mapping[str, Text] = _HEADINGS, codes: Sequence[Code] = ()) -> Field:
    codes = tuple(codes or _CODED.get(name, ()))
    if codes:
        return Field(name, Kind.CODE, headings[name], "", codes=codes)
    if name in _FLAGS:
        return Field(name, Kind.FLAG, headings[name], "")
    if name in _WHOLE:
        return Field(name, Kind.INTEGER, headings[name], "")
    return Field(name, Kind.REAL if name.endswith(("_km", "_m", "_km2")) else Kind.TEXT, headings[name], "")


_ITEM = (
    *("rule_id", "unverified", "subject", "service", "item_id", "name", "county_code", "county_name", "state"),
    *("reason", "planned_year", "people", "backhaul", "nearest_station_id"),
    *("nearest_station_technology", "nearest_station_m", "nearest_cable_id", "nearest_cable_m", "border_m"),
    "deciding_point",
)
_ROAD = (
    *("rule_id", "unverified", "road_id", "route", "name", "road_class", "structure", "county_code", "county_codes"),
    *("service", "state", "state_after_plan", "reason", "run", "run_km", "from_km", "to_km", "length_km"),
    *("planned_km", "people"),
)
_SEA = (
    *("rule_id", "unverified", "service", "zone", "legal", "state", "reason", "area_km2"),
    *("gap", "nearest_station_id", "nearest_station_m", "furthest_station_m"),
)
_CHANGE = (
    *("rule_id", "unverified", "rule_name", "rule_name_en", "subject", "service", "item_id", "name", "county_code"),
    *("county_name", "change", "before", "after", "why", "doubt", "reason_before", "reason_after", "people"),
    *("name_before", "county_code_before", "evidence_before", "evidence_after"),
)
_SCOPE = (
    Field("county_code", Kind.TEXT, SCOPE_LABELS["county_code"], ""),
    Field("county_name", Kind.TEXT, SCOPE_LABELS["county_name"], ""),
    Field("in_scope", Kind.CODE, SCOPE_LABELS["in_scope"], "", codes=_codes(SCOPE_WORDS)),
    Field("reason", Kind.TEXT, SCOPE_LABELS["reason"], ""),
    Field("reason_en", Kind.TEXT, SCOPE_LABELS["reason_en"], ""),
    _field("unverified"),
)
_ROAD_FIELDS = tuple(_field(name, ROAD_HEADINGS, _ROAD_REASONS if name == "reason" else ()) for name in _ROAD)
OF_STYLE: dict[str, tuple[Field, ...]] = {
    "frontier_item": tuple(map(_field, _ITEM)),
    "frontier_gap": tuple(map(_field, ("rank", *_ITEM))),
    "frontier_scope": _SCOPE,
    "frontier_change": tuple(map(_field, _CHANGE)),
    "road_state": _ROAD_FIELDS,
    "road_gap": _ROAD_FIELDS,
    "sea_part": tuple(map(_field, _SEA)),
    "sea_gap": tuple(map(_field, _SEA)),
}
# The same words in the two languages: the planner reads one of them.
OTHER_LANGUAGE = {
    "frontier_scope": {"zh": ("reason_en",), "en": ("reason",)},
    "frontier_change": {"zh": ("rule_name_en",), "en": ("rule_name",)},
}
