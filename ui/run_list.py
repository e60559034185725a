"""The runs of the workspace in the panel: what was found when, and what can be done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..jobs import registry
from ..jobs.declaration import OutputKind
from ..text import Text
from . import run_basis, runs, words
from .compat import as_int
from .language import tr
from .report_viewer import open_file
from .summaries import run_label, summary_line
from .widgets import Lines, Row, tree

_NUMBER = as_int(Qt.ItemDataRole.UserRole) + 1  # place of a row's run


class RunList(QWidget):
    """One row a run, with buttons for the selected one; Enter or a double click loads its result, or opens its report.

    Parameters
    ----------
    actions : Actions
        Loads a result, opens its table, draws its map.
    """

    def __init__(self, actions: Any) -> None:
        super().__init__()
        self._actions = actions
        self._runs: list[runs.Run] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.tree = tree([Text("任务", "Job"), Text("结论", "Finding"), Text("时间", "When")])
        header, fit = self.tree.header(), QHeaderView.ResizeMode.ResizeToContents
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, fit)
        self.tree.setUniformRowHeights(False)  # what a run rests on has a line of its own
        self.tree.setSortingEnabled(True)
        self.tree.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        self.tree.setMinimumHeight(70)
        self.tree.itemActivated.connect(lambda _item, _column: self._with_run(self._open))
        self.tree.itemSelectionChanged.connect(self._chosen)
        self.finding = Lines(3)
        self.finding.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.tree)
        column.addWidget(self.finding)
        row = QHBoxLayout()
        row.setSpacing(4)
        self.buttons = [
            self._button(Text("加载", "Load"), Text("把结果加入地图", "Add the result to the map"), actions.load_run),
            self._button(Text("结果表", "Table"), Text("打开结果表", "Open the results table"), actions.show_table),
            self._button(Text("报告", "Report"), Text("在浏览器中打开报告", "Open the report in the browser"), _report),
            self._button(
                Text("地图图片", "Picture"),
                Text("把结果绘成一页 A4 地图并保存", "Draw the result on an A4 map page and save it"),
                actions.map_picture,
            ),
            self._button(Text("文件夹", "Folder"), Text("打开结果文件夹", "Open the result folder"), _folder),
        ]
        for press in self.buttons:
            row.addWidget(press)
        column.addLayout(row)

    def _button(self, label: Text, tip: Text, press: Any) -> QToolButton:
        made = QToolButton()
        made.setText(tr(label))
        made.setToolTip(tr(tip))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda _checked=False: self._with_run(press))
        return made

    def show_runs(self, workspace: str) -> None:
        """List the runs of a workspace, the newest first."""
        self.tree.blockSignals(True)  # while list and rows do not belong together
        self._runs = runs.listed(workspace)
        self.tree.clear()
        for number, run in enumerate(self._runs):
            job = registry.jobs().get(run.job)
            label = tr(run_label(job, run.summary)) if job else run.job
            line, basis = _line(run), run_basis.of(run)
            row = Row([label, _lines(line, basis.short()), f"{run.finished:%m-%d %H:%M}"])
            row.setToolTip(0, f"{label}\n{run.folder}")
            row.setToolTip(1, _lines(line, basis.line()))
            row.setToolTip(2, f"{run.finished:%Y-%m-%d %H:%M:%S}")
            row.setData(2, Qt.ItemDataRole.UserRole, run.finished.timestamp())
            row.setData(0, _NUMBER, number)
            self.tree.addTopLevelItem(row)
        if self._runs:
            self.tree.setCurrentItem(self.tree.topLevelItem(0))
            self.tree.resizeColumnToContents(0)
            self.tree.setColumnWidth(0, min(self.tree.columnWidth(0), self.fontMetrics().averageCharWidth() * 18))
        self.tree.blockSignals(False)
        self._chosen()

    def chosen(self) -> runs.Run | None:
        """Give the run that is selected."""
        item = self.tree.currentItem()
        return None if item is None else self._runs[item.data(0, _NUMBER)]

    def _with_run(self, act: Any) -> None:
        run = self.chosen()
        if run is not None:
            act(run)

    def _open(self, run: runs.Run) -> None:
        """Load what a run found; of one without layers, as of a delivery, the report is what it found."""
        if not _has_layers(run) and report_of(run) is not None:
            _report(run)
        else:
            self._actions.load_run(run)

    def _chosen(self) -> None:
        run = self.chosen()
        line = "" if run is None else _lines(_line(run), run_basis.of(run).line())
        self.finding.setText(line)
        self.finding.setToolTip(line)
        layers = run is not None and _has_layers(run)
        able = (layers, layers, run is not None and report_of(run) is not None, layers, run is not None)
        for press, possible in zip(self.buttons, able):
            press.setEnabled(possible)


def _has_layers(run: runs.Run) -> bool:
    job = registry.jobs().get(run.job)
    return job is not None and any(output.kind in (OutputKind.LAYER, OutputKind.RASTER) for output in job.outputs)


def _line(run: runs.Run) -> str:
    """Give what a run found, and in which file where it read one."""
    line = tr(summary_line(run.summary))
    return f"{run.source_name}{tr(words.COLON)}{line}" if run.source_name and line else line


def _lines(line: str, rests: Text) -> str:
    """Put what a run rests on below what it found."""
    return "\n".join(filter(None, (line, tr(rests))))


def report_of(run: runs.Run) -> Path | None:
    """Give the report of a run; None where it has none."""
    job = registry.jobs().get(run.job)
    found = (run.path(output.name) for output in (job.outputs if job else ()) if output.kind is OutputKind.REPORT)
    return next((path for path in found if path is not None), None)


def _report(run: runs.Run) -> None:
    path = report_of(run)
    if path is not None:
        open_file(path)


def _folder(run: runs.Run) -> None:
    open_file(run.folder)
