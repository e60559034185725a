"""The guide: how the work goes, and what every job does. It needs no network."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ..jobs import registry
from ..text import Text
from . import words
from .icons import icon
from .language import tr
from .processing import help_text

_STEPS = (
    Text(
        "安装计算引擎：菜单“插件 ▸ 新基规划 ▸ 安装计算引擎…”，在线或从文件夹安装一次即可。",
        "Set up the engine once: Plugins ▸ Xinji Planner ▸ Set up engine …, online or from a folder of wheels.",
    ),
    Text(
        "建立工作区：在规划面板上方点“新建”。一个工作区就是一个 GeoPackage，QGIS 可直接打开和编辑。",
        "Make a workspace: New, at the top of the planning panel. It is one GeoPackage that QGIS opens and edits.",
    ),
    Text(
        "导入数据：可一次加入多个文件，逐个核对数据类型、坐标基准和字段对照后导入。每一行要么写入，要么连同原因列入搁置行。",
        "Import data: add several files, check kind, datum and fields of each, import. Every row is either written, or set "
        "aside with its reason.",
    ),
    Text(
        "分析：在面板中打开任务，工作区已填好，点“运行”。结果列在“运行记录”，可加载到地图、查看结果表和报告。",
        "Analyse: open a job in the panel, where the workspace is filled in, and press Run. Results are listed under Runs: "
        "load them on the map, see the table and the report.",
    ),
    Text(
        "上报：生成成果包，先看检查报告，再提交。",
        "Deliver: make the package, read its check report, hand it in.",
    ),
)
_VERDICTS = Text(
    "结论分三态：通达 ●、未通达 ▲、无法判定 ◆。没有依据不等于没有覆盖。带黑圈的是临界：略有变化结论就可能改变。",
    "A verdict is one of three: reached ●, not reached ▲, cannot tell ◆. No evidence is not the same as no coverage. A "
    "black ring marks the borderline: a small change may turn the verdict.",
)


def guide() -> str:
    """Give the guide as HTML, in the planner's language."""
    steps = "".join(f"<li>{escape(tr(step))}</li>" for step in _STEPS)
    parts = [
        f"<h1>{escape(tr(words.PLUGIN))}</h1><ol>{steps}</ol><p>{escape(tr(_VERDICTS))}</p>",
    ]
    for step, label in words.STEPS.items():
        jobs = [job for job in registry.jobs().values() if job.step == step]
        if jobs:
            parts.append(f"<h1>{escape(tr(label))}</h1>")
        for job in jobs:
            parts.append(f"<h2>{escape(tr(job.label))}</h2>{help_text.of(job)}")
    return "".join(parts)


class HelpDialog(QDialog):
    """Shows the guide."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(Text("新基规划帮助", "Xinji Planner help")))
        self.setWindowIcon(icon("xinji"))
        self.resize(760, 600)
        column = QVBoxLayout(self)
        self.page = QTextBrowser()
        self.page.setHtml(guide())
        column.addWidget(self.page)
        buttons = QDialogButtonBox()
        close = buttons.addButton(tr(words.CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column.addWidget(buttons)
