"""The map tip of a village: what the pointer tells of its verdict, in the planner's language."""

from __future__ import annotations

from html import escape

from qgis.core import QgsVectorLayer

from . import words
from .language import current, tr
from .symbols import VERDICT_MARKERS

_PICTURE = "profile_picture"  # the field that names it, relative to the folder of the layer's file
_SHAPES = {"circle": "&#9679;", "triangle": "&#9650;", "diamond": "&#9670;"}
_WIDTH, _HEIGHT = 336, 222  # as the pictures are drawn; QGIS cuts a tip at half of the map
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
    name = ", ".join(_column(field) for field in ("village_name", "village_code") if field in there)
    around = " || ' ' || ".join(
        f"coalesce({_column(field)}, '')" for field in ("county_name", "town_name") if field in there
    )
    facts = " ".join(_fact(layer, field) for field in _FACTS if field in there)
    parts = [
        f"[% {_verdict(there)} %]&ensp;" if "verdict" in there else "",
        f"<b>{_shown(f'coalesce({name})')}</b>" if name else "",
        f" {_shown(f'trim({around})')}" if around else "",
        f"[% {_picture()} %]" if _PICTURE in there else "",
        f"<div>{facts}</div>",
    ]
    return f'<div style="width:{_WIDTH}px;font:12px sans-serif">{"".join(parts)}</div>'


def _column(name: str) -> str:
    return f'"{name}"'


def _string(words_shown: str) -> str:
    """Write words as a string of an expression."""
    return "'" + words_shown.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _escaped(expression: str) -> str:
    """Keep what the data say from being read as HTML."""
    return f"replace(replace({expression}, '&', '&amp;'), '<', '&lt;')"


def _shown(expression: str) -> str:
    return f"[% coalesce({_escaped(expression)}, '—') %]"


def _fact(layer: QgsVectorLayer, name: str) -> str:
    """Give a heading and its value on one line, or nothing where the field is empty."""
    index, column = layer.fields().indexOf(name), _column(name)
    value = f"represent_value({column}, '{name}')"  # codes by their words
    if name.endswith("_date"):
        value = f"format_date({column}, 'yyyy-MM-dd')"
    elif layer.fields().at(index).isNumeric():
        value = f"format_number({column}, {0 if name.endswith('_m') else 1})"
    heading = escape(layer.attributeDisplayName(index)) + tr(words.COLON)
    said = f"{_string(_NO_BREAK + heading)} || {_escaped(value)} || '</span>&ensp;'"
    return f"[% CASE WHEN coalesce(to_string({column}), '') = '' THEN '' ELSE {said} END %]"


def _verdict(there: list[str]) -> str:
    """Give the expression of the verdict, with the mark that it has on the map, and of whether it is borderline."""
    cases = []
    for value, (shape, colour) in VERDICT_MARKERS.items():
        said = f'<span style="color:{colour}">{_SHAPES[shape]}</span> <b>{tr(words.VERDICTS[value])}</b>'
        cases.append(f"WHEN \"verdict\" = '{value}' THEN {_string(said)}")
    found = f"CASE {' '.join(cases)} ELSE '' END"
    if "borderline" not in there:
        return found
    return f"{found} || CASE WHEN \"borderline\" THEN {_string(f' · {tr(words.BORDERLINE)}')} ELSE '' END"


def _picture() -> str:
    """Give the expression of the picture in the planner's language.

    A tip has no address of its own, so the picture's must be whole; it is made from where the layer's file lies now, for
    results are moved and sent. Where the picture is not there, as beside a copy of the layer, nothing is shown.
    """
    name = f"replace({_column(_PICTURE)}, '.zh.svg', '.{current()}.svg')"
    path = f"file_path(layer_property(@layer_id, 'path')) || '/' || {name}"
    signs = ", ".join(f"'{sign}'" for sign in _SPELLED)
    spelled = ", ".join(f"'{sign}'" for sign in _SPELLED.values())
    address = f"replace({path}, array({signs}), array({spelled}))"
    address = f"CASE WHEN left({address}, 1) = '/' THEN {address} ELSE '/' || {address} END"
    begin = _string(f'<div><img width="{_WIDTH}" height="{_HEIGHT}" src="file://')
    return f"CASE WHEN file_exists({path}) THEN {begin} || {address} || '\"></div>' ELSE '' END"
