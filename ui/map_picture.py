"""A finished map of a run as a picture: title, map, legend, scale bar and sources, in one language."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from qgis.core import (
    QgsCoordinateTransform,
    QgsLayerTreeLayer,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, Qt

from ..errors import InputError
from ..jobs import registry
from ..layers.specs import SPECS
from ..text import Text
from . import load, raster_styles, runs
from .compat import geometry_order
from .language import tr, using
from .layout_items import label, place, scale_bar, text_format, zone
from .summaries import run_label, summary_line

_PAGE_MM = (297.0, 210.0)
_LEGEND_MM = 62.0
_EDGE_MM = 8.0
_TITLE_LETTERS, _ENTRY_LETTERS = 31, 24  # of a line of Latin letters
_BACKGROUND = ("sea_areas", "roads", "national_border", "coastline", "admin_units")
_MAIN_OUTPUTS = 4
_LEAST_M = 2000.0


def _legend(layout: QgsPrintLayout, page: QgsLayoutItemMap, layers: list[QgsMapLayer]) -> None:
    legend = QgsLayoutItemLegend(layout)
    legend.setTitle(tr(Text("图例", "Legend")))
    legend.setAutoUpdateModel(False)
    root = legend.model().rootGroup()
    root.clear()
    for layer in layers:
        node = root.addLayer(layer)
        raster_styles.tidy_legend(node)
        _wrap(legend, node)
    legend.setLinkedMap(page)
    legend.setWrapString("\n")
    legend.setResizeToContents(True)
    layout.addLayoutItem(legend)
    left = _PAGE_MM[0] - _LEGEND_MM - _EDGE_MM + 3
    legend.attemptMove(QgsLayoutPoint(left, 26.0))


def _wrap(legend: QgsLayoutItemLegend, node: QgsLayerTreeLayer) -> None:
    """Break the words of a layer's legend into lines that the page has room for."""
    model = legend.model()
    model.refreshLayerLegend(node)
    node.setCustomProperty("legend/title-label", _lines(node.name(), _TITLE_LETTERS))
    for number, entry in enumerate(model.layerLegendNodes(node)):
        words = str(entry.data(Qt.ItemDataRole.DisplayRole) or "")
        if words != _lines(words, _ENTRY_LETTERS):
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, _lines(words, _ENTRY_LETTERS))
    model.refreshLayerLegend(node)


def _lines(words: str, letters: int) -> str:
    """Break words at spaces, and Chinese, which has none, before a bracket."""
    if not re.search(r"[\u3400-\u9fff]", words):
        return "\n".join(textwrap.wrap(words, letters)) or words
    return words.replace("（", "\n（", 1) if len(words) > letters // 2 else words


def _layers(run: runs.Run, workspace: str) -> tuple[list[QgsMapLayer], list[QgsVectorLayer]]:
    """Give the result layers of a run and the workspace layers below them, each from top to bottom."""
    job = registry.jobs().get(run.job)
    results: list[QgsMapLayer] = []
    for output in job.outputs if job else ():
        if (output.style or output.name) not in load.DETAIL:
            results += load.open_output(run, output)
    results = [layer for layer in results if _has_something(layer)][:_MAIN_OUTPUTS]
    below: list[QgsVectorLayer] = []
    if workspace and Path(workspace).is_file():
        styles = {str(layer.customProperty("xinji/style")) for layer in results}
        for name in (*_BACKGROUND, *sorted(load.held_against(styles))):
            below += load.open_table(Path(workspace), name, tr(SPECS[name].label), name)
    below = [layer for layer in below if layer.featureCount() > 0]
    results.sort(key=geometry_order)
    below.sort(key=geometry_order)
    return results, below


def _has_something(layer: QgsMapLayer) -> bool:
    return layer.isSpatial() and (not isinstance(layer, QgsVectorLayer) or layer.featureCount() > 0)


def render(run: runs.Run, picture: Path, language: str, workspace: str = "", dpi: int = 150) -> None:
    """Draw the result layers of a run on an A4 page and write it as a PNG.

    Parameters
    ----------
    run : Run
        A finished run.
    picture : pathlib.Path
        File to write.
    language : str
        ``zh`` or ``en``.
    workspace : str
        Workspace whose boundaries, roads and sea are drawn below; empty for none.

    Raises
    ------
    InputError
        The run has no layer to draw, or the picture cannot be written.
    """
    with using(language):
        _render(run, picture, workspace, dpi)


def _render(run: runs.Run, picture: Path, workspace: str, dpi: int) -> None:
    results, below = _layers(run, workspace)
    if not results:
        raise InputError(
            Text("结果文件夹 {folder} 中没有可绘制的图层。", "{folder} has no layer to draw.").filled(
                folder=run.folder
            ),
            Text(
                "请选择“行政村网络通达判定”等任务的结果文件夹。",
                "Choose the result folder of a job such as Village reach.",
            ),
        )
    project = QgsProject()
    for layer in results + below:
        project.addMapLayer(layer, False)
    extent = QgsRectangle()
    for layer in results:
        extent.combineExtentWith(layer.extent())
    crs = zone(extent)
    project.setCrs(crs)
    project.setEllipsoid("EPSG:1024")  # CGCS2000
    turn = QgsCoordinateTransform(results[0].crs(), crs, project.transformContext())
    shown = turn.transformBoundingBox(extent)
    shown.scale(1.08)
    if min(shown.width(), shown.height()) < _LEAST_M:  # one point, or points in a line, still make a map
        shown.grow(_LEAST_M)

    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    page = QgsLayoutItemMap(layout)
    page.setRect(QRectF(0, 0, 20, 20))  # a map without a size of its own takes no extent
    page.setExtent(shown)
    layout.addLayoutItem(page)
    place(page, (_EDGE_MM, 26.0, _PAGE_MM[0] - 2 * _EDGE_MM - _LEGEND_MM, _PAGE_MM[1] - 26.0 - _EDGE_MM - 8.0))
    page.setCrs(crs)
    page.setLayers(results + below)
    page.setKeepLayerSet(True)
    page.setFrameEnabled(True)
    page.zoomToExtent(shown)

    job = registry.jobs().get(run.job)
    title = tr(run_label(job, run.summary)) if job else run.job
    label(layout, title, text_format(18), (_EDGE_MM, _EDGE_MM, _PAGE_MM[0] - 2 * _EDGE_MM, 9))
    wide = _PAGE_MM[0] - 2 * _EDGE_MM
    label(layout, tr(summary_line(run.summary)), text_format(10), (_EDGE_MM, 17.5, wide, 7))
    _legend(layout, page, results + below)
    scale_bar(layout, page, _EDGE_MM + 3, _PAGE_MM[1] - _EDGE_MM - 9)
    label(
        layout,
        tr(Text("{crs}（{code}）", "{crs} ({code})")).format(crs=crs.description(), code=crs.authid()),
        text_format(8),
        (_EDGE_MM, _PAGE_MM[1] - _EDGE_MM - 5, 200, 5),
    )
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = dpi
    done = QgsLayoutExporter(layout).exportToImage(str(picture), settings)
    if done != QgsLayoutExporter.ExportResult.Success:
        raise InputError(
            Text("无法写入图片 {path}。", "The picture {path} cannot be written.").filled(path=picture),
            Text("请检查文件夹是否存在、是否可写。", "Check that its folder exists and may be written to."),
        )
