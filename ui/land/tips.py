"""Map tips and labels of control-line conflicts and of the land demand: what meets what, how grave it is, what to do."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...jobs.land.words import LABELS as HEADINGS
from ...jobs.land.words import OUTCOME_LABELS, SEVERITY_MARKS, TO_DO, TO_DO_OF_KIND, VERDICT_LABELS, VERDICT_MARKS
from ...jobs.shared.rule_words import SEVERITY_LABELS
from ...text import Text
from ..language import tr
from ..map_tips import card, state_said, string
from ..symbols import GREEN, PINK

_NAMED = 'coalesce(nullif("name", \'\'), "feature_id")'
_MET = f"{_NAMED} || ' × ' || represent_value(\"kind\", 'kind')"
_CONFLICT = ("side", "zone_name", "zone_id", "area_m2", "length_m", "layer", "type", "class", "source", "feature_id")
_TIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    **dict.fromkeys(("control_conflict", "control_conflict_line"), (_MET, _CONFLICT)),
    "control_checked": (
        _NAMED,
        (
            *(
                "severity",
                "reason",
                "lacking",
                "note",
                "touching",
                "layer",
                "type",
                "class",
                "status",
                "year",
                "footprint_m2",
            ),
            *("width_m", "whole_m", "county", "operator", "feature_id"),
        ),
    ),
    "alternative_route": (
        _NAMED,
        (
            *("before_m", "after_m", "extra_m", "before_in_m", "after_in_m", "before_m2", "after_m2", "remaining"),
            "feature_id",
        ),
    ),
    "land_parcel": (
        _NAMED,
        (
            *("code", "code_name", "edition", "demand_m2", "footprint_m2", "width_m", "type", "class", "year"),
            *("county", "note", "layer", "feature_id"),
        ),
    ),
}
STYLES = tuple(_TIPS)
# How grave: what stands apart from other states has its own marks.
_SEVERITIES = (
    "severity",
    {str(level): label for level, label in SEVERITY_LABELS.items()},
    {str(level): mark for level, mark in SEVERITY_MARKS.items()},
)
_OUTCOME_MARKS = {"solved": ("→", GREEN), "lowered": ("⇢", PINK), "no_better": ("–", PINK), "not_sought": ("–", PINK)}
_STATES = {
    **dict.fromkeys(("control_conflict", "control_conflict_line"), _SEVERITIES),
    **dict.fromkeys(("control_checked", "land_parcel"), ("verdict", VERDICT_LABELS, VERDICT_MARKS)),
    "alternative_route": ("outcome", OUTCOME_LABELS, _OUTCOME_MARKS),
}
_GRAVE = '"severity" >= 2'
LABELS = {
    **dict.fromkeys(("control_conflict_line",), f"CASE WHEN {_GRAVE} THEN {_NAMED} END"),
    "control_checked": f'CASE WHEN "verdict" <> \'clear\' AND coalesce("severity", 3) >= 2 THEN {_NAMED} END',
    "alternative_route": (
        "CASE WHEN \"extra_m\" < 0 THEN '− ' ELSE '+ ' END || format_number(abs(\"extra_m\"), 0) || ' m'"
    ),
    "land_parcel": _NAMED,
}
LABEL_SCALES = {"control_conflict_line": 500_000, "control_checked": 500_000, "alternative_route": 1_000_000}
LABEL_SCALES["land_parcel"] = 50_000


def tip(layer: QgsVectorLayer, style: str, *, rests_on_unverified: bool) -> str:
    """Give how grave it is, what it is, the facts, and what to do: HTML with expressions."""
    head, facts = _TIPS[style]
    there = layer.fields().names()
    field, labels, marks = _STATES[style]
    state = state_said(field, labels, marks) if field in there else ""
    below = _to_do() if "kind" in there and "severity" in there else ""
    return card(layer, head, facts, state=state, below=below, rests_on_unverified=rests_on_unverified)


def _to_do() -> str:
    """Give the expression of what to do about a conflict, by the kind of control line and how grave it is."""
    own = [
        f'WHEN "kind" = \'{kind}\' AND "severity" = {level} THEN {string(tr(words))}'
        for (kind, level), words in TO_DO_OF_KIND.items()
    ]
    all_kinds = [f'WHEN "severity" = {level} THEN {string(tr(words))}' for level, words in TO_DO.items()]
    heading = string(f"<div><b>{tr(_HEADING.filled(what=HEADINGS['to_do']))}</b>")
    return f"{heading} || CASE {' '.join([*own, *all_kinds])} ELSE '' END || '</div>'"


_HEADING = Text("{what}：", "{what}: ")
