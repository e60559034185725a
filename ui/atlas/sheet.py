"""One page of an atlas: title above, source and page number below, and the words and tables between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from qgis.core import QgsLayoutItemShape, QgsLayoutSize, QgsPrintLayout, QgsProject
from qgis.PyQt.QtCore import Qt

from ...text import Text
from ..language import tr
from ..layout_items import INK, Box, label, place, text_format
from ..symbols import fill
from .table import Part, draw, text_height, wrap

EDGE_MM = 10.0
BODY_TOP_MM = 23.0
_FOOT_MM = 14.0
TITLE_PT, SUBTITLE_PT, WORDS_PT, TABLE_PT, SMALL_PT = 15.0, 8.5, 9.0, 7.0, 6.5
QUIET = "#555555"
_NUMBER = Text("第 {number} 页，共 {count} 页", "Page {number} of {count}")
_NUMBER_MM = 40.0
_TITLE_MM, _SUBTITLE_MM, _SOURCE_MM, _LEAST_PT = 8.0, 5.6, 6.4, 4.0  # long words are set smaller, not cut


class Paper(NamedTuple):
    """A landscape page, mm."""

    name: str
    width: float
    height: float

    @property
    def body(self) -> Box:
        """Where the content of a page goes: left, top, width and height, mm."""
        return (EDGE_MM, BODY_TOP_MM, self.width - 2 * EDGE_MM, self.height - BODY_TOP_MM - _FOOT_MM)


PAPERS = {"A4": Paper("A4", 297.0, 210.0), "A3": Paper("A3", 420.0, 297.0)}


@dataclass(frozen=True)
class Frame:
    """What every page of an atlas has in common."""

    paper: Paper
    family: str
    source: str


class Sheet:
    """A page being drawn.

    Parameters
    ----------
    frame : Frame
    title, subtitle : str
    number, count : int
        Of this page, and of all.
    """

    def __init__(self, frame: Frame, title: str, subtitle: str, number: int, count: int) -> None:
        self.frame, self.paper, self.family = frame, frame.paper, frame.family
        self.project = QgsProject()
        self.layout = QgsPrintLayout(self.project)
        self.layout.initializeDefaults()
        self.layout.setName("page")
        self.project.layoutManager().addLayout(self.layout)  # the project outlives its layout, as QGIS expects
        page = self.layout.pageCollection().page(0)
        page.setPageSize(QgsLayoutSize(self.paper.width, self.paper.height))
        left, _, wide, _ = self.paper.body
        self._title(title, subtitle)
        foot = self.paper.height - _FOOT_MM + 1.5
        self._rule(foot)
        size = self._fitting(frame.source, wide - _NUMBER_MM, SMALL_PT, _SOURCE_MM)
        self.words(frame.source, (left, foot + 1.5, wide - _NUMBER_MM), size, colour=QUIET)
        said = tr(_NUMBER).format(number=number, count=count)
        place_of = label(
            self.layout,
            said,
            text_format(SMALL_PT, family=self.family, colour=QUIET),
            (left + wide - _NUMBER_MM, foot + 1.5, _NUMBER_MM, 5),
        )
        place_of.setHAlign(Qt.AlignmentFlag.AlignRight)

    def _title(self, title: str, subtitle: str) -> None:
        left, _, wide, _ = self.paper.body
        size = self._fitting(title, wide, TITLE_PT, _TITLE_MM, bold=True)
        self.words(title, (left, 6.5, wide), size, bold=True)
        size = self._fitting(subtitle, wide, SUBTITLE_PT, _SUBTITLE_MM)
        self.words(subtitle, (left, 14.5, wide), size, colour=QUIET)
        self._rule(20.5)

    def _fitting(self, words: str, width: float, size_pt: float, high: float, *, bold: bool = False) -> float:
        """Give the size, up to `size_pt`, at which words fit a width and height."""
        size = size_pt
        while size > _LEAST_PT and self._height(words, width, size, bold) > high:
            size -= 0.5
        return size

    def _height(self, words: str, width: float, size_pt: float, bold: bool) -> float:
        return text_height(len(wrap(words, width * 0.98, self.family, size_pt, bold=bold)), size_pt)

    def _rule(self, top: float) -> None:
        line = QgsLayoutItemShape(self.layout)
        line.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
        line.setSymbol(fill(QUIET, "solid", QUIET, 0.0))
        self.layout.addLayoutItem(line)
        place(line, (EDGE_MM, top, self.paper.width - 2 * EDGE_MM, 0.25))

    def words(
        self, words: str, at: tuple[float, float, float], size_pt: float, *, bold: bool = False, colour: str = INK
    ) -> float:
        """Write words, wrapped to a width; give their height.

        Parameters
        ----------
        at : tuple of float
            Left, top and width, mm.
        """
        lines = wrap(words, at[2] * 0.98, self.family, size_pt, bold=bold)
        height = text_height(len(lines), size_pt)
        form = text_format(size_pt, family=self.family, bold=bold, colour=colour)
        label(self.layout, "\n".join(lines), form, (*at, height + 0.5))
        return height

    def tables(self, parts: list[Part], left: float, top: float) -> None:
        """Draw the tables of this page."""
        for part in parts:
            draw(self.layout, part.table, part.rows, left, top + part.top)
