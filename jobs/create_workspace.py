"""Make an empty planning workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="create_workspace",
    label=Text("新建规划工作区", "Create a planning workspace"),
    help=Text(
        "新建一个 GeoPackage，内含全部图层（空）、代码表和中文字段名，可直接在 QGIS 中打开和编辑。已有工作区不会被改动。",
        "Makes a GeoPackage with every layer (empty), code lists and Chinese field names, to be opened and edited in QGIS "
        "directly. A workspace that exists is not touched.",
    ),
    step="data",
    parameters=(
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE_TARGET,
            Text("规划工作区", "Planning workspace"),
            Text("要新建的 GeoPackage 文件。", "The GeoPackage to make."),
            required=True,
        ),
    ),
    outputs=(Output("workspace", OutputKind.WORKSPACE, Text("规划工作区", "Planning workspace")),),
    summary_keys=("created", "layers"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Make the workspace, or say that it exists."""
    from pathlib import Path

    from ..layers.store.workspace import Workspace, WorkspaceExistsError, create

    path = Path(context["workspace"]).resolve()
    try:
        workspace, created = create(path), True
    except WorkspaceExistsError:  # before, or by another process in this very moment
        workspace, created = Workspace(path), False
    layers = workspace.counts()
    if not created:
        context.notice(
            Text("工作区已存在，未作改动：{path}。", "The workspace exists and was not changed: {path}.").filled(
                path=path
            )
        )
    context.output("workspace", str(path))
    return {"created": created, "layers": layers}
