"""The dock: which workspace, what it holds, what can be asked of it, and what was found."""

from __future__ import annotations

from collections.abc import Callable
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
from ..jobs.declaration import Job
from ..text import NOTHING, Text
from . import engine_session, load, settings, words, workspace_info
from .language import say, tr
from .layer_list import LayerList
from .run_list import RunList
from .widgets import Lines, button

# These have a dialog or menu entry of their own.
_HIDDEN_JOBS = (
    *("create_workspace", "import_layer", "inspect_source", "load_sample", "undo_import"),
    *("check_pack", "list_packs", "change_rule", "check_profile", "edit_profile"),
)
# The question that is asked first stands first; a package is written, and then checked.
_FIRST = ("village_reach", "control_line_conflicts", "land_demand", "delivery_package", "check_package")
_FIRST_ON_TRUNK = ("trunk_topology",)  # all others rest on a sound network
_OTHERS_HIDDEN = Text(
    "已换工作区：其他工作区的图层和结果已隐藏，可在图层面板中重新打开。",
    "Another workspace: the layers and results of others are switched off; switch them on again in the layer panel.",
)
_TRUNK = Text("分析 · 干线网络", "Analyse · trunk network")


_RULES_TIP = Text(
    "查看各项判定所依据的规则、出处和状态，按需修改并注明理由。",
    "See the rules that judge, their sources and status; change one, with a reason.",
)
_PROFILES_TIP = Text(
    "查看和修改接收单位的图层、字段、代码和检查，与空模板核对，另存为自己的规格。",
    "See and change the layers, fields, codes and checks of a bureau, compare with its template, save your own.",
)


def _is_on_trunk(job: Job) -> bool:
    """Tell whether a job works on the trunk network, as all do that ask how its lines are joined."""
    return any(parameter.name == "join_crossings" for parameter in job.parameters)


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
        self.way_back = button(NOTHING, self._go_back, "import")
        self.way_back.hide()
        self._back: Callable[[], object] | None = None
        column.addWidget(self.way_back)
        column.addLayout(self._workspace_row())
        self.hint = Lines(3)
        column.addWidget(self.hint)
        for step in words.STEPS:
            for box in self._step(step):
                column.addWidget(box, 3 if step == "data" else 0)
        box, inner = self._group(tr(Text("运行记录", "Runs")))
        inner.addWidget(self.runs)
        column.addWidget(box, 2)
        body = QWidget()
        body.setLayout(column)
        scroll = self._scroll = QgsScrollArea()
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

    def _step(self, step: str) -> list[QWidget]:
        """Make the box of a step; what is analysed of the trunk network has one of its own."""
        jobs = [job for job in registry.jobs().values() if job.step == step and job.name not in _HIDDEN_JOBS]
        jobs.sort(key=lambda job: _FIRST.index(job.name) if job.name in _FIRST else len(_FIRST))
        trunk = [job for job in jobs if step == "analyse" and _is_on_trunk(job)]
        trunk.sort(key=lambda job: job.name not in _FIRST_ON_TRUNK)
        boxes = [self._jobs_of(step, [job for job in jobs if job not in trunk]), self._trunk(trunk)]
        return [box for box in boxes if box is not None]

    def _trunk(self, jobs: list[Job]) -> QWidget | None:
        if not jobs:
            return None
        box, inner = self._group(tr(_TRUNK))
        grid = QGridLayout()
        inner.addLayout(grid)
        self._fill(grid, jobs)
        return box

    def _jobs_of(self, step: str, jobs: list[Job]) -> QWidget | None:
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
        windows = {
            "analyse": (Text("规则包…", "Rule packs …"), self._actions.rule_packs, _RULES_TIP),
            "deliver": (Text("成果规格…", "Delivery profiles …"), self._actions.delivery_profiles, _PROFILES_TIP),
        }
        if step in windows:
            label, press, tip = windows[step]
            made = button(label, press, "rules", tr(tip))
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(made, len(jobs) // 2, len(jobs) % 2)
        self._fill(grid, jobs)
        return box

    def _fill(self, grid: QGridLayout, jobs: list[Job]) -> None:
        """Put a button for every job into a grid."""
        for place, job in enumerate(jobs):
            press = button(
                Text(f"{job.label.zh}…", f"{job.label.en} …"),
                lambda name=job.name: self._actions.open_job(name),
                "job",
                tr(job.help),
            )
            press.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(press, place // 2, place % 2)

    # --- a window that stepped aside ---------------------------------------------------------------------------

    def offer_back(self, label: str, go_back: Callable[[], object]) -> None:
        """Keep the way back to a window that stepped aside in sight: messages of the bar go under others."""
        self._back = go_back
        self.way_back.setText(label)
        self.way_back.show()
        self._scroll.verticalScrollBar().setValue(0)

    def withdraw_back(self) -> None:
        """Offer no way back any more: the window is here."""
        self._back = None
        self.way_back.hide()

    def _go_back(self) -> None:
        if self._back is not None:
            self._back()

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
        is_other = path.strip() != settings.workspace()
        settings.set_workspace(path.strip())
        if is_other and load.use_workspace(path.strip()):
            self._actions.messages.info(tr(_OTHERS_HIDDEN))
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
