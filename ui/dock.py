"""The dock: which workspace, what it holds, what can be asked of it, and what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.gui import QgsCollapsibleGroupBox, QgsDockWidget, QgsFileWidget, QgsScrollArea
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..errors import XinjiError
from ..jobs import registry
from ..text import Text
from . import engine_session, settings, words, workspace_info
from .language import say, tr
from .layer_list import LayerList
from .run_list import RunList
from .widgets import Lines, button

# These have a dialog or menu entry of their own.
_HIDDEN_JOBS = (
    *("create_workspace", "import_layer", "inspect_source", "load_sample", "undo_import"),
    *("check_pack", "list_packs", "change_rule"),
)
_FIRST = ("village_reach",)  # the question that is asked first stands first


_RULES_TIP = Text(
    "查看各项判定所依据的规则、出处和状态，按需修改并注明理由。",
    "See the rules that judge, their sources and status; change one, with a reason.",
)


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
        self.layers = LayerList()
        self.runs = RunList(actions)
        column = QVBoxLayout()
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(self._workspace_row())
        self.hint = Lines(3)
        column.addWidget(self.hint)
        for step in words.STEPS:
            box = self._step(step)
            if box is not None:
                column.addWidget(box, 3 if step == "data" else 0)
        box, inner = self._group(tr(Text("运行记录", "Runs")))
        inner.addWidget(self.runs)
        column.addWidget(box, 2)
        body = QWidget()
        body.setLayout(column)
        scroll = QgsScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.setFrameShape(QgsScrollArea.Shape.NoFrame)
        # Never narrower than its buttons: a dock that opens cut off hides half of what it can do.
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = scroll.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        scroll.setMinimumWidth(body.minimumSizeHint().width() + bar + 2)
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
        label = QLabel(tr(Text("工作区", "Workspace")))
        label.setBuddy(self.chooser.lineEdit())
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.chooser, 1)
        for words_shown, tip, press in (
            (
                Text("新建", "New"),
                Text("建立一个空的规划工作区（GeoPackage）", "Make an empty planning workspace (a GeoPackage)"),
                self._new,
            ),
            (
                Text("刷新", "Refresh"),
                Text("重新读取工作区和运行记录", "Read the workspace and its runs again"),
                self.refresh,
            ),
        ):
            made = QToolButton()
            made.setText(tr(words_shown))
            made.setToolTip(tr(tip))
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.clicked.connect(lambda _checked=False, press=press: press())
            row.addWidget(made)
        return row

    def _group(self, title: str) -> tuple[QgsCollapsibleGroupBox, QVBoxLayout]:
        box = QgsCollapsibleGroupBox(title)
        box.setSaveCollapsedState(False)
        inner = QVBoxLayout(box)
        inner.setContentsMargins(6, 4, 6, 6)
        return box, inner

    def _step(self, step: str) -> QWidget | None:
        jobs = [job for job in registry.jobs().values() if job.step == step and job.name not in _HIDDEN_JOBS]
        jobs.sort(key=lambda job: job.name not in _FIRST)
        if not jobs and step != "data":
            return None  # an empty step promises nothing
        box, inner = self._group(tr(words.STEPS[step]))
        if step == "data":
            inner.addWidget(self.layers)
            buttons = QHBoxLayout()
            buttons.addWidget(button(Text("导入…", "Import …"), self._actions.import_data, "import"))
            buttons.addWidget(button(Text("全部加入地图", "Add all to map"), self.load_all))
            self.undo = button(Text("撤销导入…", "Undo import …"), self._actions.undo_import)
            buttons.addWidget(self.undo)
            inner.addLayout(buttons)
        grid = QGridLayout()  # two in a row: the dock must fit a window of 768 pixels
        inner.addLayout(grid)
        if step == "analyse":
            rules = button(Text("规则包…", "Rule packs …"), self._actions.rule_packs, "rules", tr(_RULES_TIP))
            rules.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(rules, len(jobs) // 2, len(jobs) % 2)
        for place, job in enumerate(jobs):
            press = button(
                Text(f"{job.label.zh}…", f"{job.label.en} …"),
                lambda name=job.name: self._actions.open_job(name),
                "job",
                tr(job.help),
            )
            press.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(press, place // 2, place % 2)
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
        self.chooser.setToolTip(path)
        self.refresh()

    def _new(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr(Text("新建规划工作区", "New planning workspace")), "", tr(words.GEOPACKAGE_FILTER)
        )
        if path:  # a name such as 海岳县.2026 keeps its end
            self._actions.create_workspace(path if path.lower().endswith(".gpkg") else f"{path}.gpkg")

    def refresh(self) -> None:
        """Read the workspace and its runs again."""
        path = self.workspace()
        states: list[workspace_info.LayerState] = []
        hint = ""
        if not path:
            hint = tr(
                Text(
                    "先选择或新建一个工作区，再导入数据；也可从菜单“插件 ▸ 新基规划 ▸ 示例县”开始。",
                    "Choose or make a workspace, then import data; or start with Plugins ▸ Xinji Planner ▸ Sample county.",
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
        self.hint.setToolTip(hint)
        self.hint.setVisible(bool(hint))
        self.layers.show_states(path, states)
        last = workspace_info.last_import(path)
        self.undo.setEnabled(last is not None)
        tip = "" if last is None else tr(Text("撤销 {what}", "Undo {what}")).format(what=last.source or last.layer)
        self.undo.setToolTip(tip)
        self.runs.show_runs(path)

    def load_all(self) -> None:
        """Add every layer that has rows to the map; the detailed ones switched off."""
        self.layers.load_all()

    def _job_ended(self, _job: str) -> None:
        self.refresh()
