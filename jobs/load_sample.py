"""Import the sample county: every file that "was received", as the plan beside it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..layers.specs import SPECS
from ..text import Text, same
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.context import RunContext
    from ..layers.html_report import Cell

PLAN = "import_plan.toml"

JOB = Job(
    name="load_sample",
    label=Text("导入示例县", "Load the sample county"),
    help=Text(
        "把虚构的边境县示例数据（各方报来的杂乱文件）逐个导入一个规划工作区，并附一份原始文件供练习导入。",
        "Imports the data of a fictional border county, messy files as operators send them, into a planning workspace one by "
        "one, with a copy of the files to practise importing on.",
    ),
    step="data",
    parameters=(
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE_TARGET,
            Text("规划工作区", "Planning workspace"),
            Text(
                "GeoPackage 文件。新建的在全部导入后才出现；已存在的则逐个导入其中。",
                "A GeoPackage. A new one appears when all is imported; into one that exists the files go one by one.",
            ),
            required=True,
        ),
    ),
    outputs=(
        Output("workspace", OutputKind.WORKSPACE, Text("规划工作区", "Planning workspace")),
        Output("received", OutputKind.FILE, Text("原始文件", "Files as received")),
        Output("report", OutputKind.REPORT, Text("导入清单", "List of imports")),
    ),
    summary_keys=("files", "rows_in", "rows_out", "rows_set_aside"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Import file after file; add up the rows."""
    import shutil
    from pathlib import Path

    from ..engine.package import ROOT
    from ..layers.html_report import Section, write_report
    from ..layers.store.workspace import being_made

    sample = ROOT / "sample_data"
    workspace = Path(context["workspace"]).resolve()
    if workspace.exists():
        context.notice(
            Text(
                "工作区已存在，示例数据将逐个导入其中；中途取消时，已导入的部分会保留：{path}。",
                "The workspace exists; the sample is imported into it file by file, and what is in stays if you "
                "cancel: {path}.",
            ).filled(path=workspace)
        )
        summary, rows = _import_all(context, sample, workspace)
    else:  # a cancel or a fault on the way leaves no half-filled workspace
        with being_made(workspace) as partial:
            summary, rows = _import_all(context, sample, partial)
    shutil.copytree(sample / "received", context.output("received", "received"))
    headings = (
        Text("图层", "Layer"),
        Text("文件", "File"),
        Text("读入行数", "Rows in"),
        Text("写入行数", "Rows out"),
        Text("搁置行数", "Set aside"),
    )
    section = Section(Text("逐个文件", "File by file"), headings=headings, rows=rows)
    write_report(context.output("report", "report.html"), JOB.label, [section])
    context.output("workspace", str(workspace))
    return summary


def _import_all(context: RunContext, sample: Path, workspace: Path) -> tuple[dict[str, Any], list[list[Cell]]]:
    """Run every import of the plan; give the sums, and a row of the report for each."""
    import tomllib
    from pathlib import Path

    plan = tomllib.loads((sample / PLAN).read_text(encoding="utf-8"))["import"]
    summary = {"files": len(plan), "rows_in": 0, "rows_out": 0, "rows_set_aside": 0}
    rows: list[list[Cell]] = []
    for number, entry in enumerate(plan):
        done = _import(context, number, len(plan), sample, entry, workspace)
        for key in ("rows_in", "rows_out", "rows_set_aside"):
            summary[key] += done[key]
        rows.append(
            [
                SPECS[entry["kind"]].label,
                same(" ".join(filter(None, (Path(entry["source"]).name, entry.get("layer", ""))))),
                *(done[key] for key in ("rows_in", "rows_out", "rows_set_aside")),
            ]
        )
    return summary, rows


def _import(
    context: RunContext, number: int, count: int, sample: Path, entry: dict[str, Any], workspace: Path
) -> dict[str, Any]:
    """Run one import of the plan in a folder of its own, with its share of the progress."""
    from pathlib import Path

    from ..engine.context import RunContext as Part
    from ..engine.parameters import checked
    from . import import_layer

    source = sample / entry["source"]
    stated = {key: entry[key] for key in ("layer", "kind", "datum", "encoding") if entry.get(key)}
    if entry.get("mapping"):
        stated["mapping"] = str(sample / entry["mapping"])
    parameters = checked(import_layer.JOB, {**stated, "source": str(source), "workspace": str(workspace)})
    folder = context.folder / f"{number + 1:02d}_{entry['kind']}"
    folder.mkdir()
    doing = Text("导入 {name}", "Importing {name}").filled(name=Path(entry["source"]).name)
    step = context.part(number / count, (number + 1) / count, doing)

    def send(message: dict[str, Any]) -> None:
        if message["type"] == "progress":
            step(message["fraction"])

    part = Part(parameters, folder, send)
    summary = import_layer.run(part)
    for name, path in part.inputs.items():
        context.inputs[f"{name}_{number + 1:02d}"] = path
    return summary
