"""Renderers: which symbols a layer of a workspace or of a result is drawn with, in the planner's language."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMarkerSymbol,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..jobs.calibration.words import OUTLIER, USE_LABELS, USED
from ..jobs.profile.symbols import MARKS
from ..layers.findings.kind import SEVERITIES
from ..layers.spec import Code
from ..layers.specs import SPECS
from ..text import Text
from . import words
from .checks import styles as check_styles
from .frontier import renderers as frontier_renderers
from .land import styles as land_styles
from .language import tr
from .result_fields import SIGHT
from .symbols import (
    BLACK,
    BLUE,
    DARK,
    FINDING_MARKERS,
    GREEN,
    GREY,
    ORANGE,
    OTHER,
    PINK,
    SKY,
    VERDICT_MARKERS,
    VERMILLION,
    YELLOW,
    fill,
    finding_symbol,
    line,
    marker,
    verdict_symbol,
)
from .trunk import styles as trunk_styles

_FAR_OFF_DB = 10  # where a map of differences changes its symbol; nothing is judged by it
_STATUS_LINES = {
    "existing": "solid",
    "under_construction": "dash",
    "planned": "dot",
    "retired": "dash dot",
}
_STATUS_MARKERS = {
    "existing": ("circle", DARK),  # no colour of a verdict: both stand on one map
    "under_construction": ("square", ORANGE),
    "planned": ("cross2", PINK),
    "retired": ("cross", GREY),
}
_PLACE_MARKERS = {
    "committee": ("square", BLUE),
    "school": ("triangle", GREEN),
    "clinic": ("cross_fill", VERMILLION),
    "hospital": ("cross_fill", PINK),
    "border_institution": ("pentagon", BLACK),
    "trade_post": ("hexagon", ORANGE),
    "port_of_entry": ("star", ORANGE),
    "township_seat": ("star", BLUE),
    "island": ("diamond", SKY),
}


def _verdict_renderer(layer: QgsVectorLayer) -> QgsRuleBasedRenderer:
    root = QgsRuleBasedRenderer.Rule(None)
    for value in reversed(list(VERDICT_MARKERS)):  # drawn last, and so on top: what is not reached
        rule = QgsRuleBasedRenderer.Rule(
            verdict_symbol(value), 0, 0, f"\"verdict\" = '{value}'", tr(words.VERDICTS[value])
        )
        root.insertChild(0, rule)
    if layer.fields().indexOf("borderline") >= 0:
        ring = QgsMarkerSymbol.createSimple(
            {
                "name": "circle",
                "color": "0,0,0,0",
                "size": "4.4",
                "outline_color": BLACK,
                "outline_width": "0.4",
            }
        )
        root.appendChild(QgsRuleBasedRenderer.Rule(ring, 0, 0, '"borderline" = 1', tr(words.BORDERLINE)))
    return QgsRuleBasedRenderer(root)


def _categories(
    field: str, codes: Iterable[Code], looks: dict[str, QgsSymbol], rest: QgsSymbol
) -> QgsCategorizedSymbolRenderer:
    """Give a symbol a code; the codes without a look of their own share the last one."""
    items = [
        QgsRendererCategory(code.value, looks[code.value].clone(), tr(code.label))
        for code in codes
        if code.value in looks
    ]
    items.append(QgsRendererCategory(None, rest.clone(), tr(Text("其他或未注明", "Other or not stated"))))
    return QgsCategorizedSymbolRenderer(field, items)


def _by_status(layer: QgsVectorLayer, shape: str | None) -> QgsCategorizedSymbolRenderer:
    codes = SPECS["base_stations"].field("status").codes
    if layer.geometryType() == QgsWkbTypes.GeometryType.LineGeometry:
        looks = {value: line(PINK, 0.7, pattern) for value, pattern in _STATUS_LINES.items()}
        return _categories("status", codes, looks, line(GREY, 0.5))
    if layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        colours = {"existing": GREEN, "under_construction": ORANGE, "planned": PINK, "retired": GREY}
        looks = {value: fill(colour, "b_diagonal", colour) for value, colour in colours.items()}
        return _categories("status", codes, looks, fill(GREY, "b_diagonal"))
    looks = {value: marker(shape or own, colour, 2.2) for value, (own, colour) in _STATUS_MARKERS.items()}
    return _categories("status", codes, looks, marker("circle", GREY, 2.0))


def _present(layer: QgsVectorLayer, looks: dict[str, QgsSymbol]) -> dict[str, QgsSymbol]:
    """Keep the looks of kinds that the layer has: a legend of what is there."""
    place = layer.fields().indexOf("kind")
    present = layer.uniqueValues(place) if place >= 0 else set()
    return {value: look for value, look in looks.items() if not present or value in present}


def _by_place(layer: QgsVectorLayer, name: str) -> QgsCategorizedSymbolRenderer:
    looks = {value: marker(shape, colour, 2.2) for value, (shape, colour) in _PLACE_MARKERS.items()}
    return _categories("kind", SPECS[name].field("kind").codes, _present(layer, looks), marker(*OTHER, 1.8))


def _control_lines(layer: QgsVectorLayer) -> QgsCategorizedSymbolRenderer:
    colours = {
        "ecological_red_line": (VERMILLION, "f_diagonal"),
        "basic_farmland": (ORANGE, "horizontal"),
        "town_boundary": (BLACK, "no"),
        "urban_yellow_line": (YELLOW, "no"),
        "nature_reserve": (GREEN, "b_diagonal"),
        "water_protection": (SKY, "vertical"),
    }
    looks = {value: fill(colour, pattern, colour, 0.5) for value, (colour, pattern) in colours.items()}
    return _categories(
        "kind", SPECS["control_lines"].field("kind").codes, _present(layer, looks), fill(GREY, "no", GREY)
    )


def _gap(layer: QgsVectorLayer, by_evidence: dict[str, QgsSymbol], plain: QgsSymbol) -> object:
    """Tell a gap from a unit that nobody has data for: no data is not the same as no coverage."""
    place = layer.fields().indexOf("evidence")
    if place < 0:
        return QgsSingleSymbolRenderer(plain)
    evidence = "simulated" if "simulated" in layer.uniqueValues(place) else "distance"  # a run has one of them
    return QgsCategorizedSymbolRenderer(
        "evidence",
        [
            QgsRendererCategory(evidence, by_evidence["distance"], layer.name()),
            QgsRendererCategory(
                "none", by_evidence["none"], tr(Text("无基站数据，无法判定", "No station data, cannot tell"))
            ),
        ],
    )


def _finding_renderer() -> QgsCategorizedSymbolRenderer:
    return QgsCategorizedSymbolRenderer(
        "severity",
        [QgsRendererCategory(value, finding_symbol(value), tr(SEVERITIES[value])) for value in FINDING_MARKERS],
    )


def _sight() -> QgsRuleBasedRenderer:
    """Draw a path solid where it is clear, and broken where the terrain stands in the way."""
    looks = {"true": line(BLUE, 0.7), "false": line(VERMILLION, 0.7, "dash")}
    root = QgsRuleBasedRenderer.Rule(None)
    for value, words_said in SIGHT.items():
        said = '"line_of_sight"' if value == "true" else 'NOT "line_of_sight"'
        root.appendChild(QgsRuleBasedRenderer.Rule(looks[value], 0, 0, said, tr(words_said)))
    return QgsRuleBasedRenderer(root)


def _path_marks() -> QgsCategorizedSymbolRenderer:
    looks = {
        "tx": marker("square", BLUE, 3.0),
        "rx": marker("circle", BLUE, 3.0),
        "obstacle": marker("triangle", VERMILLION, 3.6),
    }
    return QgsCategorizedSymbolRenderer(
        "name", [QgsRendererCategory(mark.both(), looks[kind], tr(mark)) for kind, mark in MARKS.items()]
    )


def _calibration() -> QgsRuleBasedRenderer:
    """Tell where the simulation fits what was measured, and where it is too weak or too strong."""
    own = f"\"use\" = '{USED}' AND "
    looks = (
        (marker("cross", GREY, 1.8), f"\"use\" NOT IN ('{USED}', '{OUTLIER}')", Text("未参与校正", "Not used")),
        (marker("cross2", BLACK, 2.2), f"\"use\" = '{OUTLIER}'", USE_LABELS[OUTLIER]),
        (
            marker("circle", BLUE, 2.0),
            f'{own} abs("difference_db") <= {_FAR_OFF_DB}',
            Text(f"相差 {_FAR_OFF_DB} dB 以内", f"Within {_FAR_OFF_DB} dB"),
        ),
        (
            marker("triangle", GREEN, 2.4),
            f'{own} "difference_db" > {_FAR_OFF_DB}',
            Text("实测更强", "Measured is stronger"),
        ),
        (
            marker("square", VERMILLION, 2.2),
            f'{own} "difference_db" < -{_FAR_OFF_DB}',
            Text("实测更弱", "Measured is weaker"),
        ),
    )
    root = QgsRuleBasedRenderer.Rule(None)
    for symbol, which, label in looks:
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, which, tr(label)))
    return QgsRuleBasedRenderer(root)


def renderer(layer: QgsVectorLayer, style: str) -> object:
    """Give the renderer of a style; None for one that is not known."""
    if style in ("coverage_gap", "radio_gap"):
        gap = fill(VERMILLION, "b_diagonal", VERMILLION, 0.4)
        return _gap(layer, {"distance": gap, "none": fill(GREY, "dense6", GREY, 0.4)}, gap.clone())
    if style == "gap_villages":
        village = marker("triangle", VERMILLION)
        return _gap(layer, {"distance": village, "none": verdict_symbol("cannot_tell")}, village.clone())
    if style == "finding_points":
        return _finding_renderer()
    if style in ("village_reach", "key_point_reach"):
        return _verdict_renderer(layer)
    if style in frontier_renderers.STYLES:
        return frontier_renderers.renderer(layer, style)
    for own in (trunk_styles, land_styles, check_styles):
        if style in own.STYLES:
            return own.renderer(layer, style)
    if style in ("base_stations", "trunk_cables", "trunk_nodes", "dc_clusters"):
        return _by_status(layer, None)
    if style in ("key_points", "places"):
        return _by_place(layer, style)
    if style == "control_lines":
        return _control_lines(layer)
    if style == "path_line":
        return _sight()
    if style == "path_marks":
        return _path_marks()
    if style == "calibration_points":
        return _calibration()
    symbol = _SINGLE[style]() if style in _SINGLE else None
    return None if symbol is None else QgsSingleSymbolRenderer(symbol)


_SINGLE = {
    "coverage_covered": lambda: fill("#400072b2", "solid", BLUE, 0.2),
    "radio_covered": lambda: fill("#00000000", "no", BLUE, 0.3),
    "coverage_unknown": lambda: fill(GREY, "cross", GREY, 0.3),
    "radio_unknown": lambda: fill(GREY, "cross", GREY, 0.3),
    "unknown_villages": lambda: verdict_symbol("cannot_tell"),
    "villages": lambda: marker("circle", BLUE, 2.0),
    "settlements": lambda: marker("circle", SKY, 1.6),
    "towers_and_poles": lambda: marker("square", GREY, 1.8),
    "measurements": lambda: marker("diamond", GREEN, 1.8),
    "admin_units": lambda: fill("#00000000", "no", "#6b6b6b", 0.5),
    "roads": lambda: line("#a08060", 0.4),
    "sea_areas": lambda: fill("#5056b4e9", "solid", SKY, 0.2),
    "coastline": lambda: line(BLUE, 0.4),
    "national_border": lambda: line(BLACK, 0.8, "dash dot"),
}
