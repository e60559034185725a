"""The scoreboard as a panel: indicators with their counties; a click on a number selects what it counts on the map."""

from __future__ import annotations

from html import escape
from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...jobs.frontier.words import STATUS_LABELS, SUBJECT_LABELS
from ...text import Text, same
from .. import words
from ..frontier.result import Score
from ..language import tr
from ..widgets import Lines
from . import rows
from .data import Scoreboard
from .selection import Selection
from .tree import ScoreboardTree

TITLE = Text("新基规划 · 宽带边疆计分", "Xinji · Frontier scoreboard")
_NAMED = Text("新基规划 · {name}", "Xinji · {name}")
_HINT = Text("点击数字，在地图上选中它所计的要素。", "Click a number to select on the map what it counts.")
_WITHOUT_PLACE = Text("其中 {n} 个没有坐标，{link}", "{n} of them without coordinates: {link}")
_SEE_LIST = Text("见清单", "see the list")
_CAUTION = Text("含未核实规则", "Rules not verified")
_CAUTION_TIP = Text(
    "以下指标用到未核实的取值，仅供参考：", "These indicators rest on values that are not verified, for information:"
)


class ScoreboardDock(QgsDockWidget):
    """The table of a scoreboard, with its filters and what was selected last."""

    chosen = pyqtSignal(object, str)  # a Score, and the column of `scoreboard_rows.COLUMNS` that was clicked
    list_wanted = pyqtSignal(bool)  # what is selected, or what of it has no place
    report_wanted = pyqtSignal()
    atlas_wanted = pyqtSignal()
    job_list_wanted = pyqtSignal()
    gaps_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(TITLE), parent)
        self.setObjectName("xinji_scoreboard")
        self.board: Scoreboard | None = None
        self.county, self.subject, self.status = QComboBox(), QComboBox(), QComboBox()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(Text("查找指标、县…", "Find an indicator, county …")))
        self.search.setMinimumWidth(90)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.table = ScoreboardTree()
        self.table.chosen.connect(self.chosen)
        self.table.sorted_anew.connect(self._fill)
        self.said = Lines(2)
        self.said.setTextFormat(Qt.TextFormat.RichText)
        self.said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.said.linkActivated.connect(lambda _link: self.list_wanted.emit(True))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addLayout(self._filters())
        column.addWidget(self.table, 1)
        column.addLayout(self._foot())
        self.setWidget(body)

    # --- parts ---------------------------------------------------------------------------------------------

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for label, box in (
            (Text("县", "County"), self.county),
            (Text("类别", "Class"), self.subject),
            (Text("结论", "Status"), self.status),
        ):
            caption = QLabel(tr(label))
            caption.setBuddy(box)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            box.currentIndexChanged.connect(lambda _index: self._fill())
            row.addWidget(caption)
            row.addWidget(box, 1)
        row.addWidget(self.search, 1)
        self.caution = QLabel(f"⚠ {tr(_CAUTION)}")
        row.addWidget(self.caution)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.said, 1)
        self.list_button = self._button(
            Text("所选清单", "List selected"),
            Text("在结果表中列出所选的要素", "List what is selected in the results table"),
            lambda: self.list_wanted.emit(False),
        )
        self.buttons = {
            "list": self.list_button,
            "gaps": self._button(
                Text("缺口表", "Gaps"),
                Text("打开缺口的结果表，按人口和离国界远近排序", "Open the table of gaps, ranked by people and border"),
                self.gaps_wanted.emit,
            ),
            "jobs": self._button(
                Text("任务清单", "Job list"),
                Text("打开建设任务清单（XLSX）", "Open the job list (XLSX)"),
                self.job_list_wanted.emit,
            ),
            "report": self._button(
                Text("报告", "Report"), Text("打开计分报告", "Open the report"), self.report_wanted.emit
            ),
            "atlas": self._button(
                Text("图册", "Atlas"),
                Text("绘成 PDF 图册：每项指标、每县一页", "Draw a PDF atlas: a page an indicator, a page a county"),
                self.atlas_wanted.emit,
            ),
            "copy": self._button(
                Text("复制", "Copy"),
                Text("把表中所见各行复制到剪贴板", "Put the rows as shown on the clipboard"),
                self.copy_all,
            ),
        }
        for press in self.buttons.values():
            row.addWidget(press, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _button(self, label: Text, tip: Text, press: Any) -> QToolButton:
        made = QToolButton()
        made.setText(tr(label))
        made.setToolTip(tr(tip))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(lambda _checked=False: press())
        return made

    # --- what is shown --------------------------------------------------------------------------------------

    def show_board(self, board: Scoreboard, name: str) -> None:
        """Show the scoreboard of a run under the run's name."""
        self.board = board
        self.setWindowTitle(tr(_NAMED).format(name=name))
        together = Text("合计与各县", "All counties")
        _fill_box(self.county, [("", together), *board.counties().items()])
        subjects = {code: SUBJECT_LABELS.get(code, same(code)) for code in board.subjects()}
        _fill_box(self.subject, [("", Text("全部", "All")), *subjects.items()])
        present = {score.status for item in board.indicators for score in (item.total, *item.counties)}
        states = [(code, label) for code, label in STATUS_LABELS.items() if code in present]
        _fill_box(self.status, [("", Text("全部", "All")), *states])
        for place in range(1, self.status.count()):
            self.status.setItemIcon(place, self.table.icons[self.status.itemData(place)])
        doubtful = [
            item.total for item in board.indicators if item.total.rule_status != "verified" or item.total.caution
        ]
        self.caution.setVisible(bool(doubtful))
        said = [f"{tr(score.name)}{tr(words.COLON)}{_doubt(score)}" for score in doubtful]
        self.caution.setToolTip("\n".join([tr(_CAUTION_TIP), *said]))
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.list_button.setEnabled(False)
        self.table.show_board(board, self.wanted())
        self.tell(tr(_HINT))

    def wanted(self) -> rows.Wanted:
        """Give what the filters say."""
        column, downwards = self.table.order
        return rows.Wanted(
            self.county.currentData() or "",
            self.subject.currentData() or "",
            self.status.currentData() or "",
            self.search.text(),
            column,
            downwards,
        )

    def _fill(self) -> None:
        if self.board is not None:
            self.table.fill(self.board, self.wanted())

    # --- what is done with it -------------------------------------------------------------------------------

    def tell(self, said: str) -> None:
        """Say something below the table."""
        self.said.setText(escape(said))

    def tell_selection(self, found: Selection) -> None:
        """Say how much is selected, and how much of it has no place on the map."""
        mark = "" if found.agrees else "⚠ "
        said = mark + escape(tr(found.said))
        if found.without_place:
            link = f'<a href="list">{tr(_SEE_LIST)}</a>'
            more = tr(_WITHOUT_PLACE).format(n=f"{len(found.without_place):,}", link=link)
            said += tr(Text("；", "; ")) + more
        self.said.setText(said + tr(Text("。", ".")))
        self.list_button.setEnabled(bool(found.features))

    def copy_all(self) -> None:
        """Put every row as shown on the clipboard."""
        QApplication.clipboard().setText("\n".join(self.table.all_lines()))
        self.tell(tr(Text("已复制到剪贴板。", "Copied to the clipboard.")))


def _doubt(score: Score) -> str:
    """Say what of a score is not verified: the values it rests on, or at least the status of its rule."""
    return rows.caution(score) or rows.cell(score, "rule_status")


def _fill_box(box: QComboBox, items: list[tuple[str, Text]]) -> None:
    box.blockSignals(True)
    box.clear()
    for code, label in items:
        box.addItem(tr(label), code)
    box.setEnabled(box.count() > 1)
    box.blockSignals(False)
