"""Map tips, and the one of a village: what the pointer tells of its verdict, in the planner's language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

from qgis.core import QgsField, QgsVectorLayer

from ..text import Text
from . import words
from .language import current, tr
from .symbols import ORANGE, VERDICT_MARKERS

_PICTURE = "profile_picture"  # the field that names it, relative to the folder of the layer's file
SHAPES = {"circle": "&#9679;", "triangle": "&#9650;", "diamond": "&#9670;"}
WIDTH, _HEIGHT = 336, 222  # as the pictures are drawn; QGIS cuts a tip at half of the map
_NO_BREAK = '<span style="white-space:nowrap">'
# In the order in which a planner asks. A result without simulation lacks some, and nothing is said of them.
_FACTS = (
    *("evidence", "operator", "nearest_station_id", "reason", "level_dbm", "simulated_dbm", "margin_db", "distance_m"),
    *("margin_m", "obstruction_m", "obstruction_above_m", "deciding_kind", "verdict_by_distance", "evidence_date"),
    "verdict_after_plan",
)
# Signs that mean something in an address; the per cent sign first, since the others bring it in.
_SPELLED = {"\\\\": "/", "%": "%25", "#": "%23", "?": "%3F", " ": "%20", '"': "%22"}


def village_tip(layer: QgsVectorLayer) -> str:
    """Give name, verdict, what it rests on, and the path profile where there is one: HTML with expressions."""
    there = layer.fields().names()
    name = ", ".join(column(field) for field in ("village_name", "village_code") if field in there)
    around = " || ' ' || ".join(
        f"coalesce({column(field)}, '')" for field in ("county_name", "town_name") if field in there
    )
    facts = " ".join(fact(layer, field) for field in _FACTS if field in there)
    parts = [
        f"[% {_verdict(there)} %]&ensp;" if "verdict" in there else "",
        f"<b>{shown(f'coalesce({name})')}</b>" if name else "",
        f" {shown(f'trim({around})')}" if around else "",
        f"[% {_picture()} %]" if _PICTURE in there else "",
        f"<div>{facts}</div>",
    ]
    return f'<div style="width:{WIDTH}px;font:12px sans-serif">{"".join(parts)}</div>'


def card(
    layer: QgsVectorLayer,
    head: str,
    facts: Collection[str],
    *,
    state: str = "",
    below: str = "",
    exact: Mapping[str, int] | None = None,
    rests_on_unverified: bool = False,
) -> str:
    """Give how it stands, what it is called, the facts that the layer has, and a caution: HTML with expressions.

    Parameters
    ----------
    head, state, below : str
        Expressions: what it is called; how it stands, and what else is to be said, as HTML.
    exact : mapping
        Digits of figures that rounding would put on the other side of a limit.
    """
    there = layer.fields().names()
    digits = exact or {}
    told = " ".join(
        fact(layer, name, f"format_number({column(name)}, {digits[name]})" if name in digits else "")
        for name in facts
        if name in there
    )
    parts = [
        f"[% {state} %]&ensp;" if state else "",
        f"<b>{shown(head)}</b>",
        f"[% {below} %]" if below else "",
        f"<div>{told}</div>",
        f'<div><span style="color:{ORANGE}">&#9888;</span> {tr(_CAUTION)}</div>' if rests_on_unverified else "",
    ]
    return f'<div style="width:{WIDTH}px;font:12px sans-serif">{"".join(parts)}</div>'


_CAUTION = Text("所依据的取值未核实，仅供参考", "Rests on values that nobody has verified: for information")


def state_said(field: str, labels: Mapping[str, Text], marks: Mapping[str, tuple[str, str]]) -> str:
    """Give the expression of how something stands, with the mark of the report."""
    cases = []
    for state, label in labels.items():
        sign, colour = marks[state]
        said = f'<span style="color:{colour}">{sign}</span> <b>{tr(label)}</b>'
        cases.append(f"WHEN to_string({column(field)}) = '{state}' THEN {string(said)}")
    return f"CASE {' '.join(cases)} ELSE '' END"


def column(name: str) -> str:
    """Write the name of a column in an expression."""
    return f'"{name}"'


def string(words_shown: str) -> str:
    """Write words as a string of an expression."""
    return "'" + words_shown.replace("\\", "\\\\").replace("'", "\\'") + "'"


def escaped(expression: str) -> str:
    """Keep what the data say from being read as HTML."""
    return f"replace(replace({expression}, '&', '&amp;'), '<', '&lt;')"


def shown(expression: str) -> str:
    """Show what an expression gives, and a dash for nothing."""
    return f"[% coalesce({escaped(expression)}, '—') %]"


def fact(layer: QgsVectorLayer, name: str, value: str = "") -> str:
    """Give a heading and its value on one line, or nothing where the field is empty.

    Parameters
    ----------
    value : str
        Expression of what to say in place of the field's own value.
    """
    index, named = layer.fields().indexOf(name), column(name)
    if not value:
        value = _as_shown(layer, index, name)
    heading = escape(layer.attributeDisplayName(index)) + tr(words.COLON)
    said = f"{string(_NO_BREAK + heading)} || {escaped(value)} || '</span>&ensp;'"
    return f"[% CASE WHEN coalesce(to_string({named}), '') = '' THEN '' ELSE {said} END %]"


def _as_shown(layer: QgsVectorLayer, index: int, name: str) -> str:
    if name.endswith("_date"):
        return f"format_date({column(name)}, 'yyyy-MM-dd')"
    if name == "year":  # no thousands
        return f"to_string({column(name)})"
    if layer.fields().at(index).isNumeric() and layer.editorWidgetSetup(index).type() != "ValueMap":
        return f"format_number({column(name)}, {_digits(layer.fields().at(index))})"
    return f"represent_value({column(name)}, '{name}')"  # codes by their words


def _digits(field: QgsField) -> int:
    if field.name().endswith("_m") or field.typeName().lower() not in ("real", "double"):
        return 0
    return 3 if field.name().endswith("_km") else 1


def _verdict(there: list[str]) -> str:
    """Give the expression of the verdict, with the mark that it has on the map, and of whether it is borderline."""
    cases = []
    for value, (shape, colour) in VERDICT_MARKERS.items():
        said = f'<span style="color:{colour}">{SHAPES[shape]}</span> <b>{tr(words.VERDICTS[value])}</b>'
        cases.append(f"WHEN \"verdict\" = '{value}' THEN {string(said)}")
    found = f"CASE {' '.join(cases)} ELSE '' END"
    if "borderline" not in there:
        return found
    return f"{found} || CASE WHEN \"borderline\" THEN {string(f' · {tr(words.BORDERLINE)}')} ELSE '' END"


def _picture() -> str:
    """Give the expression of the picture in the planner's language.

    A tip has no address of its own, so the picture's must be whole; it is made from where the layer's file lies now, for
    results are moved and sent. Where the picture is not there, as beside a copy of the layer, nothing is shown.
    """
    name = f"replace({column(_PICTURE)}, '.zh.svg', '.{current()}.svg')"
    path = f"file_path(layer_property(@layer_id, 'path')) || '/' || {name}"
    signs = ", ".join(f"'{sign}'" for sign in _SPELLED)
    spelled = ", ".join(f"'{sign}'" for sign in _SPELLED.values())
    address = f"replace({path}, array({signs}), array({spelled}))"
    address = f"CASE WHEN left({address}, 1) = '/' THEN {address} ELSE '/' || {address} END"
    begin = string(f'<div><img width="{WIDTH}" height="{_HEIGHT}" src="file://')
    return f"CASE WHEN file_exists({path}) THEN {begin} || {address} || '\"></div>' ELSE '' END"
