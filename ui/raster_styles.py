"""Ready styles of rasters, in the planner's language: what is not there is transparent, every colour has its words."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from qgis.core import (
    QgsColorRampShader,
    QgsLayerTreeLayer,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterRenderer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from ..jobs.coverage.words import CLASS_COLOURS, STATE_COLOURS, STATE_WORDS, class_labels
from ..text import Text
from . import runs
from .language import tr
from .symbols import BLUE, GREEN, GREY, ORANGE, PINK, SKY, VERMILLION, YELLOW

# Neighbouring rows of the sector table, which are sectors of one station, never share a colour.
_SERVER_COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, YELLOW, "#5b3a8e", "#7a5c2e", "#b2df8a", GREY)
_SERVERS = "servers"
_COUNTS = (
    (0, Text("无达标扇区", "None")),
    (1, Text("1 个", "1")),
    (2, Text("2 个", "2")),
    (3, Text("3 个", "3")),
    (math.inf, Text("4 个及以上", "4 or more")),
)
_COUNT_COLOURS = ("#d9d9d9", *reversed(CLASS_COLOURS[:4]))
_OPACITY = 0.75
_HAIR = 1e-6  # a class holds its lower bound, while QGIS gives a bound to the class below


def _discrete(layer: QgsRasterLayer, items: Sequence[tuple[float, str, str]]) -> QgsRasterRenderer:
    """Colour by classes, each with the largest value that it holds; from small to large."""
    shape = QgsColorRampShader(items[0][0], items[-2][0])
    shape.setColorRampType(QgsColorRampShader.Type.Discrete)
    shape.setColorRampItemList([QgsColorRampShader.ColorRampItem(value, QColor(c), label) for value, c, label in items])
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(shape)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)


def _levels(layer: QgsRasterLayer, folder: Path) -> QgsRasterRenderer | None:
    run = runs.read(folder)
    bounds = [] if run is None else run.summary.get("rsrp_classes_dbm") or []
    if len(bounds) != len(CLASS_COLOURS) - 1:
        return None
    labels = [tr(label) for label in class_labels(bounds)]
    tops = [math.inf, *(bound - _HAIR for bound in bounds)]
    return _discrete(layer, list(zip(tops, CLASS_COLOURS, labels))[::-1])


def _counts(layer: QgsRasterLayer, _folder: Path) -> QgsRasterRenderer:
    return _discrete(layer, [(top, colour, tr(words)) for (top, words), colour in zip(_COUNTS, _COUNT_COLOURS)])


def _paletted(layer: QgsRasterLayer, classes: Sequence[tuple[int, str, str]]) -> QgsRasterRenderer:
    made = [QgsPalettedRasterRenderer.Class(value, QColor(colour), label) for value, colour, label in classes]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, made)


def _states(layer: QgsRasterLayer, _folder: Path) -> QgsRasterRenderer:
    return _paletted(layer, [(value, STATE_COLOURS[value], tr(words)) for value, words in STATE_WORDS.items()])


def _servers(layer: QgsRasterLayer, folder: Path) -> QgsRasterRenderer | None:
    run = runs.read(folder)
    path = None if run is None else run.path(_SERVERS)
    if path is None:
        return None
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return _paletted(
        layer,
        [(number, _SERVER_COLOURS[number % len(_SERVER_COLOURS)], _server(row)) for number, row in enumerate(rows)],
    )


def _server(row: Sequence[str]) -> str:
    name = row[2] if row[2] and row[2] != row[1] else ""
    return f"{row[1]} {name}".strip()


_RENDERERS = {
    "rsrp": _levels,
    "second_rsrp": _levels,
    "server_count": _counts,
    "coverage_state": _states,
    "best_server": _servers,
}


def apply(layer: QgsRasterLayer, style: str, folder: Path) -> None:
    """Give a raster its colours and legend; an unknown `style` keeps QGIS's own.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run, whose record states the classes.
    """
    make = _RENDERERS.get(style)
    look = None if make is None else make(layer, folder)
    if look is not None:
        look.setOpacity(_OPACITY)
        layer.setRenderer(look)
    layer.setCustomProperty("xinji/style", style)
    layer.triggerRepaint()


def tidy_legend(node: QgsLayerTreeLayer) -> None:
    """Leave out QGIS's own line on the band, in whatever language, and put strong before weak."""
    layer = node.layer()
    if not isinstance(layer, QgsRasterLayer) or layer.customProperty("xinji/style") not in _RENDERERS:
        return
    classes = range(1, 1 + len(layer.renderer().legendSymbologyItems()))
    is_graded = isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(reversed(classes)) if is_graded else list(classes))


def open_raster(path: Path, label: str, style: str, folder: Path) -> list[QgsRasterLayer]:
    """Open a raster of a run with its style; nothing where it cannot be read."""
    layer = QgsRasterLayer(str(path), label, "gdal")
    if not layer.isValid():
        return []
    apply(layer, style, folder)
    return [layer]
