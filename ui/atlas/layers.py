"""The layers that an atlas draws, each open for one page and of one indicator or county only."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsNullSymbolRenderer,
    QgsPalLayerSettings,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ...errors import InputError
from ...text import Text
from .. import styles
from ..compat import geometry_order
from ..frontier.result import Result, Score
from ..language import tr
from ..layout_items import text_format
from ..symbols import fill

_LABELS = {
    "frontier_item": Text("计分对象", "What is counted"),
    "frontier_gap": Text("未达到与无法判定的对象", "Not met or cannot be told"),
    "road_state": Text("道路", "Roads"),
    "road_gap": Text("道路缺口", "Gaps of roads"),
    "sea_part": Text("海域", "Sea"),
    "sea_gap": Text("海域缺口", "Gaps at sea"),
    "frontier_scope": Text("县界与计分范围", "Counties and scope"),
}
# The layer of all states, and the one of gaps that stands for it in a result of an earlier version.
_STATES = (("frontier_item", "frontier_gap"), ("road_state", "road_gap"), ("sea_part", "sea_gap"))
_SMALL_MM, _THIN_MM = 2.0, 0.3
# QGIS breaks a label between words, of which a long Chinese name has one.
_COUNTY_NAME = "regexp_replace(\"county_name\", '(.{8})(?=.)', '\\\\1\\n')"
_TERRITORIAL = "territorial_sea"
_DEGREES = "EPSG:4490"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class Layers:
    """The features of a result, read once.

    QGIS opens a GeoPackage for writing and changes its header by that, so a copy is read: a finished result stays as
    it was.
    """

    def __init__(self, result: Result) -> None:
        self._tables: dict[str, QgsVectorLayer] = {}
        folder = Path(tempfile.mkdtemp(prefix="xinji_atlas_"))
        try:
            copy = folder / result.geopackage.name
            shutil.copyfile(result.geopackage, copy)
            for table in _LABELS:
                if table not in result.tables:
                    continue
                there = QgsVectorLayer(f"{copy}|layername={table}", table, "ogr")
                if not there.isValid():
                    raise InputError(
                        Text(
                            f"无法读取 {result.geopackage} 的图层 {table}。",
                            f"{result.geopackage}: layer {table} cannot be read.",
                        )
                    )
                self._tables[table] = there.materialize(QgsFeatureRequest())
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # Windows may hold the copy for a moment longer

    def _some(self, table: str, which: str, style: str = "") -> QgsVectorLayer | None:
        """Give the features of a layer that meet a condition; None where none of them has a place."""
        if table not in self._tables:
            return None
        request = QgsFeatureRequest().setFilterExpression(which) if which else QgsFeatureRequest()
        layer = self._tables[table].materialize(request)
        layer.setName(tr(_LABELS[table]))
        if layer.featureCount() == 0 or layer.extent().isNull() or not layer.extent().isFinite():
            return None
        styles.apply(layer, style or table)
        layer.setLabelsEnabled(False)
        return layer

    def _states(self, which: dict[str, str], looks: dict[str, str] | None = None) -> list[QgsVectorLayer]:
        found = []
        for names in _STATES:
            table = next((name for name in names if name in self._tables), "")
            layer = self._some(table, which[table], (looks or {}).get(table, "")) if table in which else None
            if layer is not None:
                found.append(layer)
        return sorted(found, key=geometry_order)

    def of_indicator(self, score: Score) -> list[QgsVectorLayer]:
        """Give what one indicator counts: points, roads or parts of the sea, from top to bottom."""
        tables = [name for names in _STATES for name in names]
        return self._states(dict.fromkeys(tables, f'"rule_id" = {_quoted(score.rule_id)}'))

    def derived_belt(self, score: Score) -> list[QgsVectorLayer]:
        """Give the belt that stands for the territorial sea where no legal one is given; empty for all else."""
        if score.subject != _TERRITORIAL:
            return []
        return self._states(dict.fromkeys(("sea_part", "sea_gap"), "\"zone\" = 'derived_12nm'"))

    def of_county(self, code: str) -> list[QgsVectorLayer]:
        """Give everything that is counted in one county."""
        tables = dict.fromkeys(("frontier_item", "frontier_gap", "road_state"), f'"county_code" = {_quoted(code)}')
        # A county has all classes at once: told by state alone, the legend stays short; the table names the classes.
        found = self._states(tables, {"frontier_item": "frontier_gap"})
        for layer in found:
            if layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry:
                _shrink(layer)
        return found

    def seas(self) -> list[QgsVectorLayer]:
        """Give the parts of the sea, which belong to no county."""
        return self._states({"sea_part": "", "sea_gap": ""})

    def counties(self, family: str, but: str = "") -> QgsVectorLayer | None:
        """Give the counties with their names, without the one that a page is about."""
        layer = self._some("frontier_scope", f'"county_code" != {_quoted(but)}' if but else "")
        if layer is not None:
            _thin(layer)
            _name(layer, _COUNTY_NAME, family, 7.5)
        return layer

    def one_county(self, code: str, name: str) -> QgsVectorLayer | None:
        """Give the outline of one county."""
        layer = self._some("frontier_scope", f'"county_code" = {_quoted(code)}')
        if layer is not None:
            layer.setName(name)
            layer.setRenderer(QgsSingleSymbolRenderer(fill("#00000000", "no", "#202020", 0.7)))
        return layer

    def ranks(self, code: str, last: int, family: str) -> QgsVectorLayer | None:
        """Give the gaps of a county as their ranks alone, up to the last one that its table lists."""
        layer = self._some("frontier_gap", f'"county_code" = {_quoted(code)} AND "rank" <= {last}')
        if layer is not None:
            layer.setRenderer(QgsNullSymbolRenderer())
            _name(layer, '"rank"', family, 6.0)
        return layer


def _shrink(layer: QgsVectorLayer) -> None:
    """Make the marks of a layer small: all classes of a county stand close together."""
    look = layer.renderer()
    if not isinstance(look, QgsCategorizedSymbolRenderer):
        return
    for row, category in enumerate(look.categories()):
        symbol = category.symbol().clone()
        symbol.setSize(_SMALL_MM)
        look.updateCategorySymbol(row, symbol)


def _thin(layer: QgsVectorLayer) -> None:
    """Make the outlines of all counties thinner than that of the one that a page is about."""
    look = layer.renderer()
    if not isinstance(look, QgsCategorizedSymbolRenderer):
        return
    for row, category in enumerate(look.categories()):
        symbol = category.symbol().clone()
        for number in range(symbol.symbolLayerCount()):
            part = symbol.symbolLayer(number)
            if hasattr(part, "setStrokeWidth"):
                part.setStrokeWidth(_THIN_MM)
        look.updateCategorySymbol(row, symbol)


def _name(layer: QgsVectorLayer, expression: str, family: str, size_pt: float) -> None:
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(True)
    buffer.setSize(0.6)
    buffer.setColor(QColor("#ffffff"))
    form = text_format(size_pt, family=family)
    form.setBuffer(buffer)
    settings = QgsPalLayerSettings()
    settings.fieldName = expression
    settings.isExpression = True
    settings.setFormat(form)
    settings.dist = 1.0
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def extent_of(layers: list[QgsVectorLayer]) -> QgsRectangle:
    """Give the extent of layers in degrees of CGCS2000; null for none."""
    whole = QgsRectangle()
    whole.setMinimal()
    degrees = QgsCoordinateReferenceSystem(_DEGREES)
    for layer in layers:
        turn = QgsCoordinateTransform(layer.crs(), degrees, QgsProject.instance())
        whole.combineExtentWith(turn.transformBoundingBox(layer.extent()))
    return whole
