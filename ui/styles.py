"""Ready styles, in the planner's language: renderer, labels, headings and map tip of a layer."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsEditorWidgetSetup,
    QgsPalLayerSettings,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor, QFont

from ..layers.spec import Field, Kind
from ..layers.specs import SPECS
from ..text import Text
from . import cautions, words
from .checks import styles as check_styles
from .checks import tips as check_tips
from .frontier import tips as frontier_tips
from .land import styles as land_styles
from .land import tips as land_tips
from .language import tr, with_unit
from .map_tips import village_tip
from .renderers import renderer
from .result_fields import OF_STYLE, RESULT_FIELDS, coded_words, hidden_columns, of_other_language
from .trunk import styles as trunk_styles
from .trunk import tips as trunk_tips

_LABELS = {
    "village_reach": "village_name",
    "villages": "village_name",
    "admin_units": "name",
    "places": "name",
    "trunk_nodes": "name",
    "dc_clusters": "name",
}
_LABEL_EXPRESSIONS = {
    "coverage_gap": "format_number(\"covered_percent\", 1) || ' %'",
    "finding_points": "coalesce(nullif(attribute('title'), '') || ' · ', '') || '{row} ' || \"row\"",
    "path_marks": "represent_value(\"name\", 'name')",
    **(_OWN := {**frontier_tips.LABELS, **trunk_tips.LABELS, **land_tips.LABELS, **check_tips.LABELS}),
}
_OWN_LABELS = ("finding_points", "path_marks", *_OWN)
_ROW = Text("行", "row")
_LABEL_SCALE = {"admin_units": 5_000_000, "coverage_gap": 5_000_000, "dc_clusters": 5_000_000, "places": 100_000}
_LABEL_SCALE.update(
    finding_points=5_000_000, path_marks=5_000_000, **frontier_tips.LABEL_SCALES, **trunk_tips.LABEL_SCALES
)
_LABEL_SCALE.update(**land_tips.LABEL_SCALES, **check_tips.LABEL_SCALES)
_BY_RUN = (*trunk_styles.STYLES, *land_styles.STYLES)  # all rows of a layer rest on all the rules of its run
_LARGE = ("admin_units", "coverage_gap", "frontier_scope")


def _label(layer: QgsVectorLayer, style: str) -> None:
    field = next((name for name in (_LABELS.get(style), "name") if name and layer.fields().indexOf(name) >= 0), "")
    if style in _OWN_LABELS:  # findings are labelled, so that the labels of other layers keep clear of them
        field = _LABEL_EXPRESSIONS[style].format(
            row=tr(_ROW), **frontier_tips.label_words(), **trunk_tips.label_words()
        )
    elif style not in _LABELS or not field:
        return
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.8)
    buffer.setColor(QColor("#ffffff"))
    words_format = QgsTextFormat()
    words_format.setFont(QFont())
    words_format.setSize(11 if style in _LARGE else 8)
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
    elif layer.geometryType() == QgsWkbTypes.GeometryType.LineGeometry:
        settings.placement = QgsPalLayerSettings.Placement.Line
        settings.dist = 0.5
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _field_words(style: str) -> dict[str, Field]:
    fields = SPECS[style].fields if style in SPECS else OF_STYLE.get(style, ())
    return {item.name: item for item in fields}


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
        elif spec.kind is Kind.CODES and style in _BY_RUN:
            pairs = _combined(layer.uniqueValues(index), spec)
        else:
            continue
        layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("ValueMap", {"map": pairs}))


def _combined(values: Iterable[object], spec: Field) -> list[dict[str, str]]:
    """Give the words of every combination of codes that occurs."""
    label = {code.value: tr(code.label) for code in spec.codes}
    stated = sorted(value for value in values if isinstance(value, str) and value)
    return [{coded_words(value, label): value} for value in stated]


def _hide_columns(layer: QgsVectorLayer, hidden: Iterable[str]) -> None:
    """Keep what another reader reads, and codes, out of table and form."""
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    columns = config.columns()
    for column in columns:
        if column.name in hidden:
            column.hidden = True
            layer.setEditorWidgetSetup(layer.fields().indexOf(column.name), QgsEditorWidgetSetup("Hidden", {}))
    config.setColumns(columns)
    layer.setAttributeTableConfig(config)


def _map_tip(layer: QgsVectorLayer, style: str) -> None:
    if style == "village_reach":
        layer.setMapTipTemplate(village_tip(layer))
        return
    if style in frontier_tips.STYLES:
        layer.setMapTipTemplate(frontier_tips.frontier_tip(layer, style))
        return
    if style in check_styles.STYLES:
        layer.setMapTipTemplate(check_tips.tip(layer))
        return
    if style in _BY_RUN:
        tip = trunk_tips.trunk_tip if style in trunk_tips.STYLES else land_tips.tip
        layer.setMapTipTemplate(tip(layer, style, rests_on_unverified=cautions.run_rests_on_unverified(layer)))
        return
    known, left_out = _field_words(style) or RESULT_FIELDS, (*hidden_columns(), "uuid", "remark")
    shown = [name for name in layer.fields().names() if name in known and name not in left_out][:10]
    rows = "".join(
        f"<tr><td>{layer.attributeDisplayName(layer.fields().indexOf(name))}</td>"
        f"<td><b>[% coalesce(represent_value(\"{name}\", '{name}'), '—') %]</b></td></tr>"
        for name in shown
    )
    if rows:
        layer.setMapTipTemplate(f"<table>{rows}</table>")


def apply(layer: QgsVectorLayer, style: str) -> None:
    """Give a layer its renderer, labels, headings, map tip, and a caution in its name; an unknown `style` keeps QGIS's own symbol."""
    look = renderer(layer, style) if layer.isSpatial() else None
    if look is not None:
        layer.setRenderer(look)
    if layer.isSpatial():
        _label(layer, style)
    _describe(layer, style)
    hidden = hidden_columns() if style == "finding_points" else of_other_language(style)
    if hidden:
        _hide_columns(layer, hidden)
    _map_tip(layer, style)
    cautions.name_in_legend(layer, by_run=style in _BY_RUN)
    layer.setCustomProperty("xinji/style", style)
    layer.triggerRepaint()
