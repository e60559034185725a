"""The map of an atlas page, with its legend, scale bar, north arrow and the name of its projection."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutMeasurement,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, QSizeF
from qgis.PyQt.QtGui import QColor

from ...text import Text
from ..language import tr
from ..layout_items import Box, font, meridian_of, north_arrow, place, scale_bar, text_format, zone
from .sheet import QUIET, SMALL_PT, Sheet
from .table import wrap

_LEAST_M = 2000.0  # of a map: one point, or points in a line, still make one
_AROUND = 1.08
_VEIL = "#d0ffffff"
_LINE_MM = 4.0  # of the projection's name below the map
_NORTH_MM = (10.0, 13.3)
_CRS = Text(
    "投影坐标系：CGCS2000 3度带 中央经线{meridian}°（{code}）",
    "Projected in CGCS2000, 3-degree zone of central meridian {meridian}° E ({code})",
)
_NOTHING = Text("没有可上图的对象", "Nothing has a place to be drawn")
_LEGEND = Text("图例", "Legend")
_SIZES_PT = {
    QgsLegendStyle.Style.Title: 8.0,
    QgsLegendStyle.Style.Group: 7.5,
    QgsLegendStyle.Style.Subgroup: 7.5,
    QgsLegendStyle.Style.SymbolLabel: 7.0,
}


class Drawn(NamedTuple):
    """A map on a page; None where there was nothing to draw."""

    item: QgsLayoutItemMap | None


def draw_map(sheet: Sheet, box: Box, layers: list[QgsMapLayer], extent: QgsRectangle) -> Drawn:
    """Draw layers, the first one on top, in the 3-degree zone of the middle of an extent.

    Parameters
    ----------
    box : tuple of float
        Left, top, width and height on the page, mm.
    extent : QgsRectangle
        In degrees of CGCS2000.
    """
    left, top, width, height = box
    if not layers or extent.isNull():
        sheet.words(tr(_NOTHING), (left, top, width), 9.0, colour=QUIET)
        return Drawn(None)
    height -= _LINE_MM
    for layer in layers:
        sheet.project.addMapLayer(layer, False)
    crs = zone(extent)
    sheet.project.setCrs(crs)
    sheet.project.setEllipsoid("EPSG:1024")  # CGCS2000
    turn = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), crs, sheet.project.transformContext())
    shown = turn.transformBoundingBox(extent)
    shown.scale(_AROUND)
    if min(shown.width(), shown.height()) < _LEAST_M:
        shown.grow(_LEAST_M)
    item = QgsLayoutItemMap(sheet.layout)
    item.setRect(QRectF(0, 0, 20, 20))  # a map without a size of its own takes no extent
    item.setExtent(shown)
    sheet.layout.addLayoutItem(item)
    place(item, (left, top, width, height))
    item.setCrs(crs)
    item.setLayers(layers)
    item.setKeepLayerSet(True)
    item.setFrameEnabled(True)
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.2))
    item.setMapFlags(type(item.mapFlags())(0))  # no half labels at the edge
    item.zoomToExtent(shown)
    bar = scale_bar(sheet.layout, item, left + 1, top + height - 1, text_format(SMALL_PT, family=sheet.family))
    arrow = north_arrow(sheet.layout, item, (left + width - _NORTH_MM[0] - 1, top + 1, *_NORTH_MM))
    for over in (bar, arrow):  # legible above whatever lies below
        over.setBackgroundEnabled(True)
        over.setBackgroundColor(QColor(_VEIL))
    said = tr(_CRS).format(meridian=meridian_of(crs), code=crs.authid())
    sheet.words(said, (left, top + height + 0.5, width), SMALL_PT, colour=QUIET)
    return Drawn(item)


def make_legend(sheet: Sheet, layers: list[QgsMapLayer], width: float, columns: int) -> QgsLayoutItemLegend:
    """Make the legend of some layers and measure it; it stands in the corner until `set_legend` puts it somewhere."""
    for layer in layers:
        sheet.project.addMapLayer(layer, False)
    legend = QgsLayoutItemLegend(sheet.layout)
    legend.setTitle(tr(_LEGEND))
    legend.setAutoUpdateModel(False)
    for style, size in _SIZES_PT.items():
        bold = style != QgsLegendStyle.Style.SymbolLabel
        if hasattr(legend.rstyle(style), "setTextFormat"):
            legend.rstyle(style).setTextFormat(text_format(size, family=sheet.family, bold=bold))
        else:  # QGIS 3.22
            legend.setStyleFont(style, font(sheet.family, size, bold=bold))
    root = legend.model().rootGroup()
    root.clear()
    column = width / columns - 4.0
    for layer in layers:
        node = root.addLayer(layer)
        node.setName("\n".join(wrap(layer.name(), column, sheet.family, 7.5, bold=True)))
        present = _present(layer)
        if present is not None:
            QgsMapLayerLegendUtils.setLegendNodeOrder(node, present)
        legend.model().refreshLayerLegend(node)
    legend.setWrapString("\n")
    legend.setColumnCount(columns)
    legend.setSplitLayer(False)
    legend.setSymbolWidth(5.0)
    legend.setSymbolHeight(3.2)
    legend.setBoxSpace(1.0)
    legend.setColumnSpace(4.0)
    legend.setResizeToContents(True)
    sheet.layout.addLayoutItem(legend)
    return legend


def _present(layer: QgsMapLayer) -> list[int] | None:
    """Give the places of the categories that a layer has, for a legend of what is there; None for all."""
    look = layer.renderer() if isinstance(layer, QgsVectorLayer) else None
    if not isinstance(look, QgsCategorizedSymbolRenderer):
        return None
    values = layer.uniqueValues(layer.fields().indexOf(look.classAttribute()))
    return [row for row, category in enumerate(look.categories()) if category.value() in values]


def size_of(legend: QgsLayoutItemLegend) -> QSizeF:
    """Give the width and height that a legend needs, mm; the item itself knows them only once it is drawn."""
    return QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()


def set_legend(legend: QgsLayoutItemLegend, page: Drawn, left: float, top: float) -> None:
    """Put a legend in its place."""
    if page.item is not None:
        legend.setLinkedMap(page.item)
    size = size_of(legend)
    place(legend, (left, top, size.width(), size.height()))
