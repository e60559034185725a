"""Take an import back: the layer becomes what it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..layers.store.undoing import Undone

JOB = Job(
    name="undo_import",
    label=Text("撤销导入", "Undo an import"),
    help=Text(
        "把一次导入改动过的图层恢复到导入之前：新增的行删除，删除的行和改动的值还原，其他图层和来源不受影响。同一图层须从最近一次"
        "起依次撤销；导入后又在 QGIS 中改过的行不会被覆盖，此时停止并列出。撤销也可再撤销，即恢复该次导入。",
        "Puts the layer that an import changed back to what it was before: rows that it added go, rows that it deleted and "
        "values that it changed come back; other layers and sources stay as they are. Imports of one layer are undone in "
        "turn, the latest first. Rows that were edited in QGIS since are not overwritten: the job stops and lists them. "
        "An undo can itself be undone, which brings the import back.",
    ),
    step="data",
    parameters=(
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE,
            Text("规划工作区", "Planning workspace"),
            Text("导入所写入的工作区。", "The workspace that the import wrote to."),
            required=True,
        ),
        Parameter(
            "sequence",
            ParameterKind.INTEGER,
            Text("导入记录序号", "Number in the history"),
            Text(
                "“导入记录”表中的序号；留空则撤销最近一次尚未撤销的导入。",
                "As in the table of imports; empty: the latest import that has not been undone.",
            ),
            minimum=1,
        ),
    ),
    outputs=(
        Output("workspace", OutputKind.WORKSPACE, Text("规划工作区", "Planning workspace")),
        Output("restored", OutputKind.TABLE, Text("恢复的行", "Rows put back")),
        Output("report", OutputKind.REPORT, Text("撤销报告", "Undo report")),
    ),
    summary_keys=(
        *("sequence", "undo_sequence", "layer", "source_file", "action"),
        *("rows_restored", "rows_removed", "rows_changed_back", "originals", "rows_in_layer"),
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Undo in one transaction, then say what came back."""
    from pathlib import Path

    from ..engine.versions import plugin_version
    from ..layers.specs import SPECS
    from ..layers.store.results import write_table
    from ..layers.store.workspace import Workspace
    from ..layers.store.workspace_schema import SCHEMA_VERSION
    from .importing.undo_report import lines_frame, write_undo_report

    path = Path(context["workspace"]).resolve()
    workspace = Workspace(path)
    context.progress(0.1, Text("撤销并核对各行", "Undoing and checking the rows"))
    summary: dict[str, Any] = {}

    def report(done: Undone) -> None:
        context.progress(0.8, Text("写入报告", "Writing the report"))
        summary.update(_summary(done))
        frame = lines_frame(done)
        write_table(context.output("restored", "restored.csv"), frame)
        write_undo_report(context.output("report", "report.html"), SPECS[done.run.layer], frame, summary)

    workspace.undo(context["sequence"], versions={"plugin": plugin_version(), "schema": SCHEMA_VERSION}, report=report)
    context.output("workspace", str(path))
    return summary


def _summary(done: Undone) -> dict[str, Any]:
    return {
        "sequence": done.run.sequence,
        "undo_sequence": done.sequence,
        "layer": done.run.layer,
        "source_file": done.run.source_file or "",
        "action": done.action,
        "rows_restored": done.added,
        "rows_removed": done.removed,
        "rows_changed_back": done.changed,
        "originals": done.originals,
        "rows_in_layer": done.rows,
    }
