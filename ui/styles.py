"""Ready styles, built in the planner's language: colour never speaks alone, and no two verdicts share a shape.

Colours are Okabe and Ito's, which readers with colour-vision deficiency can tell apart
(Okabe, M. and Ito, K.: Color Universal Design, 2008).
"""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsSymbolLayerUtils,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFont, QIcon

from ..layers.spec import Code, Field, Kind
from ..layers.specs import SPECS
from ..text import Text
from . import words
from .language import tr, with_unit
from .result_fields import RESULT_FIELDS

BLUE, VERMILLION, GREY = "#0072b2", "#d55e00", "#8a8a8a"
DARK = "#333333"
ORANGE, SKY, GREEN, YELLOW, PINK, BLACK = "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#cc79a7", "#000000"

VERDICT_MARKERS = {
    "reached": ("circle", BLUE),
    "not_reached": ("triangle", VERMILLION),
    "cannot_tell": ("diamond", GREY),
}
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
_OTHER = ("circle", GREY)
_STROKED = ("cross", "cross2", "line", "arrowhead")


def marker(shape: str, colour: str, size_mm: float = 2.6, *, outline: str = "#ffffff") -> QgsMarkerSymbol:
    """Make a plain marker; a shape of strokes alone is drawn in its colour."""
    stroked = shape in _STROKED
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": colour,
            "size": str(size_mm),
            "outline_color": colour if stroked else outline,
            "outline_width": "0.6" if stroked else "0.25",
        }
    )


def line(colour: str, width_mm: float = 0.5, pattern: str = "solid") -> QgsLineSymbol:
    """Make a plain line."""
    return QgsLineSymbol.createSimple(
        {"line_color": colour, "line_width": str(width_mm), "line_style": pattern, "capstyle": "round"}
    )


def fill(colour: str, pattern: str = "solid", outline: str = "", width_mm: float = 0.3) -> QgsFillSymbol:
    """Make a plain or hatched fill."""
    return QgsFillSymbol.createSimple(
        {
            "color": colour,
            "style": pattern,
            "outline_color": outline or colour,
            "outline_width": str(width_mm),
            "outline_style": "solid" if width_mm else "no",
        }
    )


def verdict_symbol(value: str) -> QgsMarkerSymbol:
    """Make the marker of a verdict."""
    return marker(*VERDICT_MARKERS.get(value, _OTHER))


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
    return _categories("kind", SPECS[name].field("kind").codes, _present(layer, looks), marker(*_OTHER, 1.8))


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
    if layer.fields().indexOf("evidence") < 0:
        return QgsSingleSymbolRenderer(plain)
    return QgsCategorizedSymbolRenderer(
        "evidence",
        [
            QgsRendererCategory("distance", by_evidence["distance"], layer.name()),
            QgsRendererCategory(
                "none", by_evidence["none"], tr(Text("无基站数据，无法判定", "No station data, cannot tell"))
            ),
        ],
    )


def _renderer(layer: QgsVectorLayer, style: str) -> object:
    if style == "coverage_gap":
        gap = fill(VERMILLION, "b_diagonal", VERMILLION, 0.4)
        return _gap(layer, {"distance": gap, "none": fill(GREY, "dense6", GREY, 0.4)}, gap.clone())
    if style == "gap_villages":
        village = marker("triangle", VERMILLION)
        return _gap(layer, {"distance": village, "none": verdict_symbol("cannot_tell")}, village.clone())
    if style in ("village_reach", "key_point_reach"):
        return _verdict_renderer(layer)
    if style in ("base_stations", "trunk_cables", "trunk_nodes", "dc_clusters"):
        return _by_status(layer, None)
    if style in ("key_points", "places"):
        return _by_place(layer, style)
    if style == "control_lines":
        return _control_lines(layer)
    symbol = _SINGLE[style]() if style in _SINGLE else None
    return None if symbol is None else QgsSingleSymbolRenderer(symbol)


_SINGLE = {
    "coverage_covered": lambda: fill("#400072b2", "solid", BLUE, 0.2),
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
_LABELS = {
    "village_reach": "village_name",
    "villages": "village_name",
    "admin_units": "name",
    "places": "name",
    "trunk_nodes": "name",
    "dc_clusters": "name",
}
_LABEL_EXPRESSIONS = {"coverage_gap": "format_number(\"covered_percent\", 1) || ' %'"}
_LABEL_SCALE = {"admin_units": 5_000_000, "coverage_gap": 5_000_000, "dc_clusters": 5_000_000, "places": 100_000}


def _label(layer: QgsVectorLayer, style: str) -> None:
    field = next((name for name in (_LABELS.get(style), "name") if name and layer.fields().indexOf(name) >= 0), "")
    if style not in _LABELS or not field:
        return
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.8)
    buffer.setColor(QColor("#ffffff"))
    words_format = QgsTextFormat()
    words_format.setFont(QFont())
    words_format.setSize(11 if style in ("admin_units", "coverage_gap") else 8)
    words_format.setColor(QColor("#303030"))
    words_format.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = field
    settings.isExpression = style in _LABEL_EXPRESSIONS
    settings.setFormat(words_format)
    settings.scaleVisibility = True
    settings.minimumScale = _LABEL_SCALE.get(style, 400_000)
    settings.maximumScale = 0
    if layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry:
        settings.dist = 1.5
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _field_words(style: str) -> dict[str, Field]:
    return {item.name: item for item in SPECS[style].fields} if style in SPECS else {}


def _describe(layer: QgsVectorLayer, style: str) -> None:
    """Give every column its heading, and every code its label, in the planner's language."""
    own = _field_words(style)
    fields = layer.fields()
    for index in range(fields.count()):
        name = fields.at(index).name()
        spec = own.get(name) or RESULT_FIELDS.get(name)
        if spec is None:
            continue
        layer.setFieldAlias(index, with_unit(spec.label, spec.unit))
        if spec.kind is Kind.FLAG:
            pairs = [{tr(label): value} for value, label in words.YES_NO.items()]
        elif spec.kind is Kind.CODE:
            pairs = [{tr(code.label): code.value} for code in spec.codes]
        else:
            continue
        layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("ValueMap", {"map": pairs}))


def _map_tip(layer: QgsVectorLayer, style: str) -> None:
    shown = [
        field.name()
        for field in layer.fields()
        if field.name() in (_field_words(style) or RESULT_FIELDS) and field.name() not in ("uuid", "remark")
    ][:10]
    rows = "".join(
        f"<tr><td>{layer.attributeDisplayName(layer.fields().indexOf(name))}</td>"
        f"<td><b>[% coalesce(represent_value(\"{name}\", '{name}'), '—') %]</b></td></tr>"
        for name in shown
    )
    if rows:
        layer.setMapTipTemplate(f"<table>{rows}</table>")


def apply(layer: QgsVectorLayer, style: str) -> None:
    """Give a layer its renderer, labels, headings and map tip; an unknown `style` keeps QGIS's own symbol."""
    renderer = _renderer(layer, style) if layer.isSpatial() else None
    if renderer is not None:
        layer.setRenderer(renderer)
    if layer.isSpatial():
        _label(layer, style)
    _describe(layer, style)
    _map_tip(layer, style)
    layer.setCustomProperty("xinji/style", style)
    layer.triggerRepaint()


def preview(symbol: QgsSymbol, size: QSize) -> QIcon:
    """Draw a symbol as an icon."""
    return QgsSymbolLayerUtils.symbolPreviewIcon(symbol, size)
