"""Map tips and labels of a frontier result: what is missing here, why, and what is near it, in the planner's language."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...jobs.frontier.words import REASON_LABELS, SCOPE_WORDS, STATE_LABELS, STATUS_MARKS
from ...text import Text
from ..language import current, tr
from ..map_tips import WIDTH, column, fact, shown, string
from .symbols import COLOURS, STATE_OF_STATUS

_SIGNS = {state: STATUS_MARKS[status][0] for status, state in STATE_OF_STATUS.items()}
_ROAD, _SEA = ("name", "route", "road_id"), ("zone",)
_HEADS = {  # what a feature is called: the first of these columns that is filled
    "frontier_item": ("name", "item_id"),
    "frontier_gap": ("name", "item_id"),
    "frontier_change": ("name", "item_id"),
    "frontier_scope": ("county_name", "county_code"),
    "road_state": _ROAD,
    "road_gap": _ROAD,
    "sea_part": _SEA,
    "sea_gap": _SEA,
}
STYLES = tuple(_HEADS)
# In the order in which a planner asks; what a layer lacks, or leaves empty, is not spoken of.
_FACTS = (
    *("subject", "service", "reason", "change", "before", "after", "why", "doubt", "people", "backhaul", "evidence"),
    *(
        "nearest_station_id",
        "nearest_station_technology",
        "nearest_station_m",
        "furthest_station_m",
        "nearest_cable_id",
        "nearest_cable_m",
        "border_m",
        "structure",
    ),
    *("from_km", "to_km", "length_km", "run_km", "area_km2", "state_after_plan", "rule_id"),
)
_OF_SCOPE = {"zh": ("in_scope", "reason"), "en": ("in_scope", "reason_en")}
_UNVERIFIED = Text("规则未核实或类推，仅供参考", "The rule is not verified: for information")
_CALLED = 'coalesce(nullif("name", \'\'), "item_id")'
_ROUTE = "coalesce(nullif(\"route\", ''), \"name\", '')"
# What is missing is labelled, for that is what a planner looks for; how far out, by how many there are.
LABELS = {
    "frontier_item": f"CASE WHEN \"state\" <> 'met' THEN {_CALLED} END",
    "frontier_gap": f"\"rank\" || ' ' || {_CALLED}",
    "frontier_scope": "\"county_name\" || CASE WHEN \"in_scope\" = 'to_settle' THEN '\n{to_settle}' ELSE '' END",
    "frontier_change": _CALLED,
    "road_state": _ROUTE,
    "road_gap": f"trim({_ROUTE} || ' ' || format_number(\"length_km\", 1) || ' km')",
    "sea_gap": "format_number(\"area_km2\", 1) || ' km²'",
}
LABEL_SCALES = {
    **{"frontier_item": 100_000, "frontier_gap": 100_000, "frontier_change": 250_000, "frontier_scope": 5_000_000},
    **{"road_state": 500_000, "road_gap": 500_000, "sea_gap": 2_000_000},
}


def label_words() -> dict[str, str]:
    """Give the words that stand in labels, by their places in `LABELS`."""
    return {"to_settle": tr(SCOPE_WORDS["to_settle"])}


def frontier_tip(layer: QgsVectorLayer, style: str) -> str:
    """Give state, name, county, and the facts behind them: HTML with expressions."""
    there = layer.fields().names()
    heads = [name for name in _HEADS[style] if name in there]
    names = [name for name in (_OF_SCOPE[current()] if style == "frontier_scope" else _FACTS) if name in there]
    told = [
        fact(layer, name, _reason(there) if name == "reason" and style != "frontier_scope" else "") for name in names
    ]
    parts = [
        f"[% {_state()} %]&ensp;" if "state" in there else "",
        f"<b>{shown(_first(heads))}</b>" if heads else "",
        f" {shown(_filled('county_name'))}" if "county_name" in there and "county_name" not in heads else "",
        f"<div>{' '.join(told)}</div>",
        f"[% {_caution()} %]" if "unverified" in there else "",
    ]
    return f'<div style="width:{WIDTH}px;font:12px sans-serif">{"".join(parts)}</div>'


def _filled(name: str) -> str:
    return f"coalesce({column(name)}, '')"


def _first(names: list[str]) -> str:
    values = [f"nullif(represent_value({column(name)}, '{name}'), '')" for name in names]
    return f"coalesce({', '.join(values)})"


def _reason(there: list[str]) -> str:
    """Give the expression of a reason; of a planned station with its year."""
    said = "represent_value(\"reason\", 'reason')"
    if "planned_year" not in there:
        return said
    before, after = (string(part) for part in tr(REASON_LABELS["planned_year"]).split("{year}"))
    with_year = f'{before} || "planned_year" || {after}'
    return f"CASE WHEN \"reason\" = 'planned' AND {_filled('planned_year')} <> '' THEN {with_year} ELSE {said} END"


def _caution() -> str:
    said = string(f"<div>&#9888; {tr(_UNVERIFIED)}</div>")
    return f"CASE WHEN \"unverified\" = 1 THEN {said} ELSE '' END"


def _state() -> str:
    """Give the expression of the state, with its mark on the map."""
    cases = []
    for state, label in STATE_LABELS.items():
        said = f'<span style="color:{COLOURS[state]}">{_SIGNS[state]}</span> <b>{tr(label)}</b>'
        cases.append(f"WHEN \"state\" = '{state}' THEN {string(said)}")
    return f"CASE {' '.join(cases)} ELSE '' END"
