"""What pages are made of: words, a scale bar in kilometres, a north arrow; and the map projection of a page."""

from __future__ import annotations

import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsRectangle,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor, QFont

from .icons import FOLDER

INK = "#202020"
Box = tuple  # left, top, width, height in mm on the page


def zone(extent: QgsRectangle) -> QgsCoordinateReferenceSystem:
    """Give the CGCS2000 3-degree zone (by central meridian, EPSG:4534 to 4554) of the middle of an extent in degrees."""
    meridian = min(max(3 * round(extent.center().x() / 3), 75), 135)
    return QgsCoordinateReferenceSystem(f"EPSG:{4534 + (meridian - 75) // 3}")


def meridian_of(crs: QgsCoordinateReferenceSystem) -> int:
    """Give the central meridian, degrees east, of a projection that `zone` gave."""
    return 75 + 3 * (crs.postgisSrid() - 4534)


def font(family: str, size_pt: float, *, bold: bool = False) -> QFont:
    """Make a font; an empty family is the program's own."""
    made = QFont(family) if family else QFont()
    made.setPointSizeF(size_pt)
    made.setBold(bold)
    # Some Chinese faces put other glyphs for figures beside Latin letters, which a PDF then cannot name as figures.
    made.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    return made


def text_format(size_pt: float, *, family: str = "", bold: bool = False, colour: str = INK) -> QgsTextFormat:
    """Make a text format; an empty family is the program's own."""
    made = QgsTextFormat()
    made.setFont(font(family, size_pt, bold=bold))
    made.setSize(size_pt)
    made.setColor(QColor(colour))
    return made


def place(item: QgsLayoutItem, box: Box) -> None:
    """Put an item on the page: left, top, width and height in mm."""
    item.attemptMove(QgsLayoutPoint(box[0], box[1]))
    item.attemptResize(QgsLayoutSize(box[2], box[3]))


def label(layout: QgsPrintLayout, words: str, form: QgsTextFormat, box: Box) -> QgsLayoutItemLabel:
    """Write words on a page."""
    item = QgsLayoutItemLabel(layout)
    item.setText(words)
    if hasattr(item, "setTextFormat"):
        item.setTextFormat(form)
    else:  # QGIS 3.22
        plain = form.font()
        plain.setPointSizeF(form.size())
        item.setFont(plain)
        item.setFontColor(form.color())
    item.setMarginX(0)
    item.setMarginY(0)
    layout.addLayoutItem(item)
    place(item, box)
    return item


def scale_bar(
    layout: QgsPrintLayout, page: QgsLayoutItemMap, left: float, bottom: float, form: QgsTextFormat | None = None
) -> QgsLayoutItemScaleBar:
    """Draw two segments of a round number of kilometres, together about a quarter of the map."""
    width_km = page.extent().width() / 1000
    bar = QgsLayoutItemScaleBar(layout)
    bar.setLinkedMap(page)
    bar.setStyle("Single Box")
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    bar.setUnitLabel("km")
    power = 10 ** math.floor(math.log10(max(width_km, 0.01) / 8))
    step = max((n for n in (1, 2, 5) if n * power <= width_km / 8), default=1) * power
    bar.setUnitsPerSegment(step)
    bar.setNumberOfSegments(2)
    bar.setNumberOfSegmentsLeft(0)
    if form is not None:
        bar.setTextFormat(form)
    layout.addLayoutItem(bar)
    bar.update()
    bar.attemptMove(QgsLayoutPoint(left, bottom - bar.sizeWithUnits().height()))
    return bar


def north_arrow(layout: QgsPrintLayout, page: QgsLayoutItemMap, box: Box) -> QgsLayoutItemPicture:
    """Draw an arrow to true north in the middle of a map: grid north is another one away from the central meridian."""
    arrow = QgsLayoutItemPicture(layout)
    arrow.setPicturePath(str(FOLDER / "north_arrow.svg"))
    layout.addLayoutItem(arrow)
    place(arrow, box)
    arrow.setLinkedMap(page)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
    return arrow
