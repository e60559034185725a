"""How control-line conflicts and the land that facilities take are drawn: what must be avoided stands out, and on top."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import (
    QgsCentroidFillSymbolLayer,
    QgsExpression,
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsProperty,
    QgsVectorLayer,
)

from ...jobs.land.words import (
    CANNOT_TELL,
    CLEAR,
    CODE_LABELS,
    CONFLICT,
    LOWERED,
    OUTCOME_LABELS,
    SOLVED,
    VERDICT_LABELS,
)
from ...jobs.shared.rule_words import SEVERITY_LABELS
from ...text import Text, same
from ..compat import LAYER_ENABLED
from ..frontier.symbols import state_marker
from ..looks import Look, by_code, rules
from ..symbols import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, SKY, VERMILLION, fill, line, marker
from ..trunk.symbols import arrow_line, marked_line

SMALL_FROM = 10_000  # from this scale on a footprint of 10 m is no more than a dot, and has a mark
_SHAPES = {3: ("triangle", VERMILLION), 2: ("diamond", ORANGE), 1: ("triangle", BLUE), 0: ("circle", GREY)}
_CODE = Text("{code} {name}", "{code} {name}")


def severity_marker(level: int, size_mm: float = 3.4) -> QgsMarkerSymbol:
    """Make the mark of a severity; what needs a note alone is hollow."""
    shape, colour = _SHAPES[level]
    return marker(shape, "#ffffff", size_mm, outline=colour) if level == 1 else marker(shape, colour, size_mm)


def with_mark(symbol: QgsFillSymbol, mark: QgsMarkerSymbol) -> QgsFillSymbol:
    """Put a mark on an area that is too small to be seen at the scale of the map."""
    centre = QgsCentroidFillSymbolLayer.create({"point_on_surface": "1", "point_on_all_parts": "0"})
    centre.setSubSymbol(mark)
    centre.setDataDefinedProperty(LAYER_ENABLED, QgsProperty.fromExpression(f"@map_scale > {SMALL_FROM}"))
    symbol.appendSymbolLayer(centre)
    return symbol


def _conflicts(_layer: QgsVectorLayer) -> list[Look]:
    looks = {
        3: fill(VERMILLION, "diagonal_x", VERMILLION, 0.7),
        2: fill(ORANGE, "b_diagonal", ORANGE, 0.6),
        1: fill(BLUE, "f_diagonal", BLUE, 0.4),
        0: fill("#00ffffff", "no", GREY, 0.3),
    }
    return [
        Look(f'"severity" = {level}', SEVERITY_LABELS[level], with_mark(symbol, severity_marker(level, 2.8)))
        for level, symbol in looks.items()
    ]


def _conflict_lines(_layer: QgsVectorLayer) -> list[Look]:
    looks = {
        3: marked_line(VERMILLION, 1.8, "triangle", every_mm=8.0, size_mm=3.0),
        2: marked_line(ORANGE, 1.5, "diamond", every_mm=8.0),
        1: line(BLUE, 1.3, "dash"),
        0: line(GREY, 0.8, "dot"),
    }
    return [Look(f'"severity" = {level}', SEVERITY_LABELS[level], symbol) for level, symbol in looks.items()]


def _checked(_layer: QgsVectorLayer) -> list[Look]:
    """Mark a facility in conflict by how grave its worst conflict is."""
    in_conflict = f'"verdict" = \'{CONFLICT}\' AND coalesce("severity", 0)'
    said = Text("{one} · {two}", "{one} · {two}")
    looks = [
        Look(
            f"{in_conflict} = {level}",
            said.filled(one=VERDICT_LABELS[CONFLICT], two=SEVERITY_LABELS[level]),
            severity_marker(level),
        )
        for level in _SHAPES
    ]
    hollow = marker("circle", "#ffffff", 2.8, outline=BLACK)
    return [
        *looks,
        Look(f"\"verdict\" = '{CANNOT_TELL}'", VERDICT_LABELS[CANNOT_TELL], hollow),
        Look(f"\"verdict\" = '{CLEAR}'", VERDICT_LABELS[CLEAR], state_marker("met", 2.2)),
    ]


def _alternatives(_layer: QgsVectorLayer) -> list[Look]:
    return by_code(
        "outcome", OUTCOME_LABELS, {SOLVED: arrow_line(GREEN, 1.2, "solid"), LOWERED: arrow_line(PINK, 1.2, "dash")}
    )


def _parcels(layer: QgsVectorLayer) -> list[Look]:
    """Draw what is taken by its land code, or where it is held against control lines by its verdict."""
    place = layer.fields().indexOf("code")
    if place < 0:
        by_verdict = {
            CONFLICT: fill("#00ffffff", "no", VERMILLION, 0.7),
            CANNOT_TELL: fill(GREY, "dense6", BLACK, 0.4),
            CLEAR: fill("#00ffffff", "no", BLUE, 0.3),
        }
        return by_code("verdict", VERDICT_LABELS, by_verdict)
    looks: list[Look] = []
    for code in sorted(str(code) for code in layer.uniqueValues(place) if code):
        symbol, mark = _of_code(code)
        name = CODE_LABELS.get(code[:4])
        words = same(code) if name is None else _CODE.filled(code=code, name=name)
        looks.append(Look(f'"code" = {QgsExpression.quotedString(code)}', words, with_mark(symbol, mark)))
    return looks


def _of_code(code: str) -> tuple[QgsFillSymbol, QgsMarkerSymbol]:
    if code.startswith("1906"):
        return fill(SKY, "horizontal", BLUE, 0.4), marker("diamond", SKY, 3.0, outline=BLACK)
    if code.startswith("1306"):
        return fill(BLUE, "b_diagonal", BLUE, 0.5), marker("square", BLUE, 2.8)
    return fill(ORANGE, "vertical", ORANGE, 0.5), marker("pentagon", ORANGE, 3.2, outline=BLACK)


_LOOKS: dict[str, Callable[[QgsVectorLayer], list[Look]]] = {
    "control_conflict": _conflicts,
    "control_conflict_line": _conflict_lines,
    "control_checked": _checked,
    "alternative_route": _alternatives,
    "land_parcel": _parcels,
}
STYLES = tuple(_LOOKS)


def renderer(layer: QgsVectorLayer, style: str) -> QgsFeatureRenderer:
    """Give the renderer of one of `STYLES`."""
    return rules(layer, _LOOKS[style](layer))
