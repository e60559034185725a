"""The dock: which workspace, what it holds, what can be asked of it, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.gui import QgsCollapsibleGroupBox, QgsDockWidget, QgsFileWidget, QgsScrollArea
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..errors import XinjiError
from ..jobs import registry
from ..jobs.declaration import Job, OutputKind
from ..layers.specs import SPECS
from ..text import Text
from . import engine_session, load, runs, settings, words, workspace_info
from .compat import RIGHT
from .icons import icon
from .language import say, tr
from .summaries import run_label, summary_line

_HIDDEN_JOBS = (
    "create_workspace",
    "import_layer",
    "inspect_source",
    "load_sample",
)  # they have a dialog or menu entry of their own
_SPREAD = QHeaderView.ResizeMode.Stretch
_FIT = QHeaderView.ResizeMode.ResizeToContents


def _button(label: Text, press: Callable[[], object], icon_name: str = "", tip: str = "") -> QPushButton:
    made = QPushButton(tr(label))
    if icon_name:
        made.setIcon(icon(icon_name))
    made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: press())
    return made


def _tree(headings: list[Text]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels([tr(heading) for heading in headings])
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the height is the dock's to give
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return tree


class _Lines(QLabel):
    """Words on so many lines. A label whose height follows its width squeezes the lists beside it."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setFixedHeight(round(1.3 * lines * self.fontMetrics().lineSpacing()))  # Chinese stands taller

    def hasHeightForWidth(self) -> bool:
        return False


class _Rows(QTreeWidgetItem):
    """A row that sorts numbers as numbers."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        mine = self.data(column, Qt.ItemDataRole.UserRole)
        its = other.data(column, Qt.ItemDataRole.UserRole)
        if isinstance(mine, (int, float)) and isinstance(its, (int, float)):
            return mine < its
        return self.text(column) < other.text(column)


class XinjiDock(QgsDockWidget):
    """The panel 「新基规划 / Xinji」.

    Parameters
    ----------
    actions : Actions
        What the buttons do: open an import, a job, a result.
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(tr(words.DOCK), parent)
        self.setObjectName("xinji_dock")
        self._actions = actions
        self._runs: list[runs.Run] = []
        column = QVBoxLayout()
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(self._workspace_row())
        self.hint = _Lines(3)
        column.addWidget(self.hint)
        for step in words.STEPS:
            box = self._step(step)
            if box is not None:
                column.addWidget(box, 3 if step == "data" else 0)
        column.addWidget(self._runs_box(), 2)
        body = QWidget()
        body.setLayout(column)
        scroll = QgsScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.setFrameShape(QgsScrollArea.Shape.NoFrame)
        self.setWidget(scroll)
        engine_session.session().signals.finished.connect(self._job_ended)
        self.set_workspace(settings.workspace())

    # --- parts ---------------------------------------------------------------------------------------------

    def _workspace_row(self) -> QHBoxLayout:
        self.chooser = QgsFileWidget()
        self.chooser.setFilter(tr(words.GEOPACKAGE_FILTER))
        self.chooser.setDialogTitle(tr(Text("打开规划工作区", "Open a planning workspace")))
        self.chooser.lineEdit().setPlaceholderText(tr(Text("选择或新建规划工作区", "Choose or make a workspace")))
        self.chooser.fileChanged.connect(self._chosen)
        row = QHBoxLayout()
        row.addWidget(QLabel(tr(Text("工作区", "Workspace"))))
        row.addWidget(self.chooser, 1)
        new = QToolButton()
        new.setText(tr(Text("新建", "New")))
        new.setToolTip(
            tr(Text("建立一个空的规划工作区（GeoPackage）", "Make an empty planning workspace (a GeoPackage)"))
        )
        new.clicked.connect(lambda _checked=False: self._new())
        refresh = QToolButton()
        refresh.setText(tr(Text("刷新", "Refresh")))
        refresh.clicked.connect(lambda _checked=False: self.refresh())
        row.addWidget(new)
        row.addWidget(refresh)
        return row

    def _group(self, title: str) -> tuple[QgsCollapsibleGroupBox, QVBoxLayout]:
        box = QgsCollapsibleGroupBox(title)
        box.setSaveCollapsedState(False)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(6, 4, 6, 6)
        return box, inner

    def _step(self, step: str) -> QWidget | None:
        jobs = [job for job in registry.jobs().values() if job.step == step and job.name not in _HIDDEN_JOBS]
        if not jobs and step != "data":
            return None  # an empty step promises nothing
        box, inner = self._group(tr(words.STEPS[step]))
        if step == "data":
            self.layers = _tree(
                [Text("图层", "Layer"), Text("行数", "Rows"), Text("搁置行", "Set aside"), Text("来源", "From")]
            )
            self.layers.setSortingEnabled(False)
            self.layers.setToolTip(tr(Text("双击把图层加入地图", "Double-click adds the layer to the map")))
            self.layers.header().setSectionResizeMode(0, _FIT)
            self.layers.header().setSectionResizeMode(1, _FIT)
            self.layers.header().setSectionResizeMode(2, _FIT)
            self.layers.header().setStretchLastSection(True)
            self.layers.setMinimumHeight(120)
            self.layers.itemDoubleClicked.connect(lambda item, _column: self._load(item))
            inner.addWidget(self.layers)
            buttons = QHBoxLayout()
            buttons.addWidget(_button(Text("导入…", "Import …"), self._actions.import_data, "import"))
            buttons.addWidget(_button(Text("全部加入地图", "Add all to map"), self.load_all))
            inner.addLayout(buttons)
        grid = QGridLayout()  # two in a row: the dock must fit a window of 768 pixels
        inner.addLayout(grid)
        for place, job in enumerate(jobs):
            press = _button(
                Text(f"{job.label.zh}…", f"{job.label.en} …"),
                lambda name=job.name: self._actions.open_job(name),
                "job",
                tr(job.help),
            )
            press.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(press, place // 2, place % 2)
        return box

    def _runs_box(self) -> QWidget:
        box, inner = self._group(tr(Text("运行记录", "Runs")))
        self.runs = _tree([Text("任务", "Job"), Text("结论", "Finding"), Text("时间", "When")])
        self.runs.header().setSectionResizeMode(0, _FIT)
        self.runs.header().setStretchLastSection(False)
        self.runs.header().setSectionResizeMode(1, _SPREAD)
        self.runs.header().setSectionResizeMode(2, _FIT)
        self.runs.setSortingEnabled(True)
        self.runs.sortByColumn(2, Qt.SortOrder.DescendingOrder)
        self.runs.setMinimumHeight(90)
        self.runs.itemDoubleClicked.connect(lambda _item, _column: self._load_run())
        self.runs.itemSelectionChanged.connect(self._run_chosen)
        self.finding = _Lines(2)
        self.finding.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner.addWidget(self.runs)
        inner.addWidget(self.finding)
        row = QHBoxLayout()
        self.run_buttons = [
            _button(Text("加载结果", "Load result"), self._load_run),
            _button(Text("结果表", "Table"), self._table, "results"),
            _button(Text("报告", "Report"), self._report),
            _button(Text("文件夹", "Folder"), self._folder),
        ]
        for press in self.run_buttons:
            row.addWidget(press)
        inner.addLayout(row)
        return box

    # --- the workspace -------------------------------------------------------------------------------------

    def workspace(self) -> str:
        """Give the path of the workspace in use; empty for none."""
        return self.chooser.filePath().strip()

    def set_workspace(self, path: str) -> None:
        """Use another workspace."""
        if path != self.chooser.filePath():
            self.chooser.setFilePath(path)  # tells _chosen
        else:
            self.refresh()

    def _chosen(self, path: str) -> None:
        settings.set_workspace(path.strip())
        self.refresh()

    def _new(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr(Text("新建规划工作区", "New planning workspace")), "", tr(words.GEOPACKAGE_FILTER)
        )
        if path:
            self._actions.create_workspace(str(Path(path).with_suffix(".gpkg")))

    def refresh(self) -> None:
        """Read the workspace and its runs again."""
        self.layers.clear()
        path = self.workspace()
        states: list[workspace_info.LayerState] = []
        hint = ""
        if not path:
            hint = tr(
                Text(
                    "先选择或新建一个工作区，再导入数据；也可从菜单“新基规划 ▸ 示例县”开始。",
                    "Choose or make a workspace, then import data; or start with Xinji Planner ▸ Sample county.",
                )
            )
        elif not Path(path).exists():
            hint = tr(Text("该工作区尚未建立：导入第一份数据时会建立它。", "Not there yet: the first import makes it."))
        else:
            try:
                states = workspace_info.states(path)
            except XinjiError as error:
                hint = say(error)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        for state in sorted(states, key=lambda item: item.rows == 0):  # what is there comes first
            row = _Rows(
                [
                    tr(SPECS[state.name].label),
                    f"{state.rows:,}" if state.rows else "—",
                    f"{state.set_aside:,}" if state.set_aside else ("0" if state.sources else ""),
                    tr(words.LIST_COMMA).join(state.sources),
                ]
            )
            for place in (1, 2):
                row.setTextAlignment(place, RIGHT)
            row.setData(0, Qt.ItemDataRole.UserRole, state.name)
            row.setToolTip(3, "\n".join(state.sources))
            row.setDisabled(not state.rows and not state.sources)
            self.layers.addTopLevelItem(row)
        self._list_runs()

    def _load(self, item: QTreeWidgetItem) -> None:
        load.show(load.workspace_layer(self.workspace(), item.data(0, Qt.ItemDataRole.UserRole)))

    def load_all(self) -> None:
        """Add every layer that has rows to the map; the detailed ones switched off."""
        for place in range(self.layers.topLevelItemCount()):
            item = self.layers.topLevelItem(place)
            name = item.data(0, Qt.ItemDataRole.UserRole)
            if not item.isDisabled():
                load.workspace_layer(self.workspace(), name)

    # --- the runs ------------------------------------------------------------------------------------------

    def _list_runs(self) -> None:
        self.runs.blockSignals(True)  # while list and rows do not belong together
        self._runs = runs.listed(self.workspace())
        self.runs.clear()
        for number, run in enumerate(self._runs):
            job = registry.jobs().get(run.job)
            label = tr(run_label(job, run.summary)) if job else run.job
            line = tr(summary_line(run.summary))
            row = QTreeWidgetItem([label, line, f"{run.finished:%Y-%m-%d %H:%M}"])
            row.setToolTip(1, line)
            row.setToolTip(0, str(run.folder))
            row.setData(0, Qt.ItemDataRole.UserRole, number)
            self.runs.addTopLevelItem(row)
        if self._runs:
            self.runs.setCurrentItem(self.runs.topLevelItem(0))
        self.runs.blockSignals(False)
        self._run_chosen()

    def _job_ended(self, _job: str) -> None:
        self.refresh()

    def chosen_run(self) -> runs.Run | None:
        """Give the run that is selected."""
        item = self.runs.currentItem()
        return None if item is None else self._runs[item.data(0, Qt.ItemDataRole.UserRole)]

    def _run_chosen(self) -> None:
        run = self.chosen_run()
        job = None if run is None else registry.jobs().get(run.job)
        self.finding.setText("" if run is None else tr(summary_line(run.summary)))
        layers = self._outputs(job, OutputKind.LAYER)
        able = (bool(layers), bool(layers), self._report_path(run, job) is not None, run is not None)
        for press, possible in zip(self.run_buttons, able):
            press.setEnabled(possible)

    @staticmethod
    def _outputs(job: Job | None, kind: OutputKind) -> list[Any]:
        return [output for output in job.outputs if output.kind is kind] if job else []

    def _report_path(self, run: runs.Run | None, job: Job | None) -> Path | None:
        if run is None:
            return None
        found = (run.path(output.name) for output in self._outputs(job, OutputKind.REPORT))
        return next((path for path in found if path is not None), None)

    def _load_run(self) -> None:
        run = self.chosen_run()
        if run is not None:
            self._actions.load_run(run)

    def _table(self) -> None:
        run = self.chosen_run()
        if run is not None:
            self._actions.show_table(run)

    def _report(self) -> None:
        run = self.chosen_run()
        path = None if run is None else self._report_path(run, registry.jobs().get(run.job))
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _folder(self) -> None:
        run = self.chosen_run()
        if run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.folder)))
