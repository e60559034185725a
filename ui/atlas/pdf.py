"""Make the PDF atlas of a frontier result: page by page, so that it can be cancelled and memory stays small."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import Qgis, QgsLayoutExporter, QgsLayoutRenderContext
from qgis.PyQt.QtCore import QMarginsF
from qgis.PyQt.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from ...errors import Cancelled, InputError
from ...jobs import registry
from ...text import Text
from .. import words
from ..frontier import result as atlas_data
from ..language import tr, using
from ..summaries import run_label
from .fonts import choose
from .layers import Layers
from .pages import NO_DAY, TITLE, Page, plan
from .sheet import PAPERS, Frame, Sheet

LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
_DPI = 300
_SOURCE = Text(
    "来源：{job}结果，规则包 {pack}；{rests}；{plugin} {version}",
    "Source: {job}, rule pack {pack}; {rests}; {plugin} {version}",
)
_UNKNOWN = Text("未注明", "not stated")
_DRAWING = Text("正在绘制第 {number} 页，共 {count} 页：{title}", "Drawing page {number} of {count}: {title}")
_SIZES = {"A4": QPageSize.PageSizeId.A4, "A3": QPageSize.PageSizeId.A3}
_DATE = re.compile(rb"/(?:CreationDate|ModDate)\s*\([^)]*\)")


class Made(NamedTuple):
    """What was made: pages by kind, in order, and what is to be told."""

    kinds: list[str]
    cautions: list[Text]


def make_atlas(folder: Path, path: Path, language: str = "zh", feedback: Any = None, paper: str = "A4") -> Made:
    """Draw the atlas of a finished frontier result as a PDF.

    The same result, fonts and version of QGIS give the same pages. The file has no date of making.

    Parameters
    ----------
    folder : pathlib.Path
        Result folder of the job ``frontier_scoreboard``.
    path : pathlib.Path
        PDF to write; a cancelled or failed atlas leaves what stood there.
    language : str
        ``zh``, ``en``, or ``both``: the Chinese atlas, then the English one.
    feedback : QgsFeedback, optional
        Is told the progress, and asked before every page whether to go on.
    paper : str
        ``A4`` or ``A3``, landscape.

    Raises
    ------
    InputError
        The folder holds no such result, or the PDF cannot be written.
    Cancelled
        The planner said stop.
    """
    result = atlas_data.read(folder)
    layers = Layers(result)
    chosen = choose()
    cautions = [] if chosen.caution is None else [chosen.caution]
    planned: list[tuple[str, Frame, Page]] = []
    for spoken in LANGUAGES[language]:
        with using(spoken):
            frame = Frame(PAPERS[paper], chosen.family, _source(result))
            planned += [(spoken, frame, page) for page in plan(result, layers, frame, cautions)]
    building = path.with_name(f".{path.name}.part")
    try:
        _write(building, planned, language, paper, feedback)
        building.write_bytes(_without_dates(building.read_bytes()))
        building.replace(path)
    except OSError as error:
        raise _unwritable(path) from error
    finally:
        building.unlink(missing_ok=True)
    return Made([page.kind for _, _, page in planned], cautions)


def _source(result: atlas_data.Result) -> str:
    job = registry.jobs()["frontier_scoreboard"]
    rests = [tr(result.basis.line())] if result.basis.day.zh else [tr(result.basis.line()), tr(NO_DAY)]
    return tr(_SOURCE).format(
        job=tr(run_label(job, result.summary)),
        pack=result.pack or tr(_UNKNOWN),
        rests=tr(words.SEMICOLON).join(filter(None, rests)),
        plugin=tr(words.PLUGIN),
        version=result.version,
    )


def _write(path: Path, planned: list[tuple[str, Frame, Page]], language: str, paper: str, feedback: Any) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    size = QPageSize(_SIZES[paper])
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(TITLE.in_language("en" if language == "en" else "zh"))
    writer.setCreator(words.PLUGIN.en)
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(path)
    try:
        for row, (spoken, frame, page) in enumerate(planned):
            _go_on(feedback)
            if row:
                writer.newPage()
            with using(spoken):
                _say(feedback, row, len(planned), page.title)
                sheet = Sheet(frame, page.title, page.subtitle, row + 1, len(planned))
                page.draw(sheet)
                prepare(sheet)
                QgsLayoutExporter(sheet.layout).renderPage(painter, 0)
        _go_on(feedback)
    finally:
        painter.end()


def prepare(sheet: Sheet) -> None:
    """Set a page up for print: words stay words, so that fonts are embedded and text can be searched."""
    context = sheet.layout.renderContext()
    context.setDpi(_DPI)
    context.setTextRenderFormat(Qgis.TextRenderFormat.AlwaysText)
    for flag in (QgsLayoutRenderContext.Flag.FlagAntialiasing, QgsLayoutRenderContext.Flag.FlagUseAdvancedEffects):
        context.setFlag(flag, True)


def _go_on(feedback: Any) -> None:
    if feedback is not None and feedback.isCanceled():
        raise Cancelled


def _say(feedback: Any, row: int, count: int, title: str) -> None:
    if feedback is None:
        return
    feedback.setProgress(100.0 * row / count)
    if hasattr(feedback, "setProgressText"):  # a QgsProcessingFeedback
        feedback.setProgressText(tr(_DRAWING).format(number=row + 1, count=count, title=title))


def _without_dates(content: bytes) -> bytes:
    """Blank the dates of making, byte for byte, so that the places of the objects in the file stay right."""
    return _DATE.sub(lambda found: b" " * len(found[0]), content)


def _unwritable(path: Path) -> InputError:
    return InputError(
        Text("无法写入 {path}。", "{path} cannot be written.").filled(path=path),
        Text(
            "请检查文件夹是否存在、是否可写，文件是否正被其他程序打开。",
            "Check that its folder exists and may be written to, and that no other program has the file open.",
        ),
    )
