"""Open a report: with the system's browser, and in a window of our own where there is none."""

from __future__ import annotations

import re
import subprocess  # nosec B404  # argument lists only, never a shell
import sys
from pathlib import Path

from qgis.PyQt.QtCore import QByteArray, QObject, QRectF, QStandardPaths, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QImage, QPainter, QTextDocument
from qgis.PyQt.QtSvg import QSvgRenderer
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout

from ..text import Text
from . import words
from .icons import icon
from .language import current, tr

_OPENER = "xdg-open"
_PAGES = (".html", ".htm")
_WHERE = Text(
    "这台电脑没有可用的浏览器，报告在此显示。文件：{path}",
    "This machine has no browser, so the report is shown here. File: {path}",
)
_UNSHOWN = Text(
    "没有程序可以打开此文件，请用其他软件打开：{path}", "No program opens this file; open it otherwise: {path}"
)
_KINDS = {".html": Text("报告", "Report"), ".htm": Text("报告", "Report"), ".csv": Text("数据表", "Table")}
_OTHER = Text("文件", "File")
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_DROPPED = re.compile(r"<(style|script|label)\b.*?</\1>|<input\b[^>]*>", re.DOTALL)
_WIDTH = 760  # pixels of a drawing
_WINDOWS: list[QDialog] = []
_OPENINGS: list[QObject] = []
_LOOK_MS, _LOOKS = 100, 100  # it has said so within ten seconds


class _Opening(QObject):
    """Waits for the word of the desktop's opener: it ends at once, and not with 0, where it finds no program."""

    def __init__(self, opener: str, path: Path, title: str) -> None:
        super().__init__(QApplication.instance())
        self._path, self._title, self._looks = path, title, 0
        self._process = subprocess.Popen(  # nosec B603  # the desktop's own opener, no shell
            [opener, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        code = self._process.poll()
        if code is None and self._looks < _LOOKS:
            return  # it may run as long as the browser does
        self._timer.stop()
        _OPENINGS.remove(self)
        self.deleteLater()
        if code:
            show_here(self._path, self._title)


def open_file(path: Path | str, title: str = "") -> None:
    """Open a file or folder with the program that the system has for it, and show it ourselves where there is none.

    On Linux the desktop's opener is asked, since Qt takes a start of it for success; it says by its exit code whether
    it found a program.
    """
    opener = QStandardPaths.findExecutable(_OPENER) if sys.platform.startswith("linux") else ""
    if opener:
        try:
            _OPENINGS.append(_Opening(opener, Path(path), title))
        except OSError:
            show_here(path, title)
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        show_here(path, title)


def show_here(path: Path | str, title: str = "") -> QDialog:
    """Show a report in a window of its own, or say where a file lies that has no text to show.

    The window is named by `title`; without one after the kind of file.
    """
    path = Path(path)
    window = QDialog()
    window.setWindowTitle(title or tr(_KINDS.get(path.suffix.lower(), _OTHER)))
    window.setWindowIcon(icon("xinji"))
    column = QVBoxLayout(window)
    is_page = path.suffix.lower() in _PAGES and path.is_file()
    where = QLabel(tr(_WHERE if is_page else _UNSHOWN).format(path=path))
    where.setWordWrap(True)
    where.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    column.addWidget(where)
    if is_page:
        page = QTextBrowser()
        page.setOpenLinks(False)
        _fill(page, path.read_text(encoding="utf-8", errors="replace"))
        column.addWidget(page, 1)
        window.resize(1000, 640)
    buttons = QDialogButtonBox()
    close = buttons.addButton(tr(words.CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
    close.clicked.connect(window.reject)
    column.addWidget(buttons)
    _WINDOWS.append(window)
    window.finished.connect(lambda _code: _WINDOWS.remove(window) if window in _WINDOWS else None)
    window.show()
    window.raise_()
    window.activateWindow()
    return window


def _fill(page: QTextBrowser, html: str) -> None:
    """Show a page with its drawings as pictures: a text browser knows neither style sheets of pages nor SVG."""
    drawings: list[str] = []

    def picture(match: re.Match[str]) -> str:
        drawings.append(match[0])
        return f'<p><img src="drawing:{len(drawings) - 1}"></p>'

    other = "en" if current().startswith("zh") else "zh"
    html = re.sub(rf'<(\w+) lang="{other}">.*?</\1>', "", html.partition("<body>")[2] or html, flags=re.DOTALL)
    shown = _SVG.sub(picture, _DROPPED.sub("", html))
    for number, drawing in enumerate(drawings):
        page.document().addResource(
            QTextDocument.ResourceType.ImageResource, QUrl(f"drawing:{number}"), _drawn(drawing)
        )
    page.setHtml(shown)


def _drawn(svg: str) -> QImage:
    svg = (
        svg if "xmlns=" in svg.partition(">")[0] else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    box = renderer.viewBoxF()
    ratio = box.height() / box.width() if box.width() else 0.6
    image = QImage(_WIDTH, max(round(_WIDTH * ratio), 1), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image
