"""What a job reads, in the terms of a layer's spec: the layer that the planner names, else that of the workspace.

Any file or QGIS layer with recognisable fields will do: it goes through the importer's own matching and conversion, in
memory. Its CRS is trusted, because QGIS or the planner assigned it; the importer's doubt about a bare "WGS 84" is for
files that strangers send.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ..errors import InputError, WorkspaceError
from ..text import Text
from .datum import is_cgcs2000, is_wgs84
from .placing import densified
from .reading.datum_decision import Decision
from .reading.evidence import decide
from .reading.importing import convert
from .reading.mapping import Mapping as Columns
from .reading.mapping import check_complete, propose
from .sources.raw_table import RawTable
from .sources.read import read_source
from .spec import Geometry, LayerSpec
from .specs import SPECS
from .store.workspace import Workspace, is_workspace, missing_layer_fault
from .table import LayerTable, PointTable

_LAYER_MARK = "layername="
_STATE_DATUM = Text(
    "请向提供方确认坐标基准，在列名中注明，例如“经度(CGCS2000)”“纬度(CGCS2000)”；或先用“导入数据”（import_layer，--datum）导入，再从工作区读取。",
    "Ask who sent it which datum it is in and say it in the headings, for example “lon(CGCS2000)” and "
    "“lat(CGCS2000)”; or bring it in by “Import a layer” (import_layer, with --datum), and take it from the workspace.",
)
_IMPORT_FIRST = Text(
    "请先更正该图层；或用“导入数据”（import_layer）导入，再从工作区读取。导入时：{order}",
    "Mend the layer; or bring it in by “Import a layer” (import_layer) and use the workspace. With that: {order}",
)
_Table = TypeVar("_Table", LayerTable, PointTable)


class Run(Protocol):
    """What is needed of a running job: its parameters, and a way to tell of files and rows."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Values by parameter name."""

    def read(self, name: str, path: Path) -> Path:
        """Remember a file that is read."""

    def notice(self, message: Text, rows: Sequence[int] = ()) -> None:
        """Tell the planner something."""


def layer_present(context: Run, name: str) -> bool:
    """Tell whether a layer was named, or has rows in the workspace."""
    if context.parameters.get(name):
        return True
    workspace = context.parameters.get("workspace")
    return workspace is not None and Workspace(Path(workspace)).counts().get(name, 0) > 0


def read_layer(context: Run, name: str, columns: Sequence[str] | None = None, *, straight: bool = False) -> LayerTable:
    """Read a layer of a job.

    Parameters
    ----------
    context : RunContext
        Its parameter `name` states the layer (``PATH`` or ``PATH|layername=NAME``); where it states nothing the layer
        is read from the parameter ``workspace``.
    name : str
        Name of the layer's spec and of the parameter.
    columns : sequence of str, optional
        Fields to read; default all.
    straight : bool
        Edges of a layer in a projection stay as they are drawn there, by vertices along them (`placing.densified`);
        else its vertices alone are turned into degrees. What the workspace holds is in degrees already.

    Returns
    -------
    LayerTable
        At least one row. Rows that cannot be read are told by a notice and counted in ``set_aside``.

    Raises
    ------
    InputError
        The stated layer is missing, empty, without CRS or without a required field, or no layer was stated at all.
    WorkspaceError
        The workspace has no rows of this layer.
    """
    workspace, source = _where(context, name)
    if workspace is not None:
        return _filled(workspace, workspace.read(name, columns))
    return _from_source(context, SPECS[name], *source, columns, straight=straight)


def read_points(context: Run, name: str, columns: Sequence[str] | None = None) -> PointTable:
    """Read a point layer of a job without an object a point; parameters and errors as `read_layer`."""
    workspace, source = _where(context, name)
    if workspace is not None:
        return _filled(workspace, workspace.read_points(name, columns))
    table = _from_source(context, SPECS[name], *source, columns)
    return PointTable(table.spec, table.columns, *table.lon_lat(), table.set_aside, table.aside)


def _where(context: Run, name: str) -> tuple[Workspace | None, tuple[Path, str]]:
    """Say where a layer is to be read: a workspace that has it under its own name, or a file and a layer."""
    stated = context.parameters.get(name)
    if stated:
        path, layer = split(str(stated))
        context.read(name, path)
        if layer == name and is_workspace(path):
            return Workspace(path), (path, layer)
        return None, (path, layer)
    home = context.parameters.get("workspace")
    if not home:
        label = SPECS[name].label
        raise InputError(
            Text("没有指定图层“{label}”。", "No layer “{label}” was given.").filled(label=label),
            Text("请选择规划工作区，或直接指定该图层。", "Choose a planning workspace, or give this layer."),
        )
    return Workspace(context.read("workspace", Path(home))), (Path(home), name)


def split(stated: str) -> tuple[Path, str]:
    """Split ``PATH|layername=NAME`` into path and layer name ("" where none is stated)."""
    path, *options = stated.split("|")
    names = [option.removeprefix(_LAYER_MARK) for option in options if option.startswith(_LAYER_MARK)]
    return Path(path), names[0] if names else ""


def _filled(workspace: Workspace, table: _Table) -> _Table:
    if len(table):
        return table
    fault = missing_layer_fault(table.spec)
    raise WorkspaceError(
        Text(
            "工作区 {path} 的图层“{label}”没有数据。", "The layer “{label}” of the workspace {path} has no rows."
        ).filled(path=workspace.path, label=table.spec.label),
        fault.remedy,
        faults=[fault],
    )


def _from_source(
    context: Run, spec: LayerSpec, path: Path, layer: str, columns: Sequence[str] | None, *, straight: bool = False
) -> LayerTable:
    raw = read_source(path, layer or None, "auto", spec)
    if straight and raw.geometry is not None and raw.crs is not None:
        raw = replace(raw, geometry=densified(raw.geometry, raw.crs))
    for words in raw.notices:
        context.notice(Text("{file}：{words}", "{file}: {words}").filled(file=raw.name, words=words))
    mapping = propose(raw.headings, spec, None, [not any(column) for column in raw.cells])
    check_complete(mapping, spec, raw.name)
    try:
        converted = convert(raw, spec, mapping, _trusted(raw, mapping, spec))
    except InputError as error:
        if "--treatments" not in error.remedy.en:  # an order that only importing has
            raise
        remedy = _IMPORT_FIRST.filled(order=error.remedy)
        raise InputError(error.message, remedy, faults=error.faults, report=error.report) from error
    for words in converted.notices:
        context.notice(Text("{file}：{words}", "{file}: {words}").filled(file=raw.name, words=words))
    aside = converted.set_aside
    if len(aside):
        kinds = Text("；".join(dict.fromkeys(aside["reason_zh"])), "; ".join(dict.fromkeys(aside["reason_en"])))
        context.notice(
            Text(
                "{file}：{count} 行未参与计算（共 {total} 行）。原因：{kinds}",
                "{file}: {count} of {total} rows are not used. Reasons: {kinds}",
            ).filled(file=raw.name, count=len(aside), total=converted.rows_in, kinds=_short(kinds)),
            aside["row"].tolist(),
        )
    if not len(converted.table):
        raise InputError(
            Text(
                "{file} 没有可用的“{label}”数据：共 {total} 行，全部不能使用。",
                "{file} has no usable rows of “{label}”: none of its {total} rows can be read.",
            ).filled(file=raw.name, label=spec.label, total=converted.rows_in),
            Text(
                "请核对图层是否选对；原因见运行消息。", "Check that it is the right layer; see the messages of the run."
            ),
        )
    frame = converted.table.columns if columns is None else converted.table.columns[list(columns)]
    return LayerTable(spec, frame, converted.table.geometry, len(aside), aside if len(aside) else None)


def _short(words: Text, limit: int = 300) -> Text:
    return Text(*(text if len(text) <= limit else text[:limit] + "…" for text in words))


def _trusted(raw: RawTable, mapping: Columns, spec: LayerSpec) -> Decision:
    """Take the layer's own CRS as the truth; a table without geometry must say its datum in its headings."""
    if raw.geometry is None:
        try:
            return decide(raw, mapping, "auto", spec)
        except InputError as error:
            if "--datum" not in error.remedy.en:  # a parameter that only importing has
                raise
            raise InputError(error.message, _STATE_DATUM, faults=error.faults, report=error.report) from error
    crs = raw.crs
    if crs is None:
        if spec.geometry is Geometry.NONE or not any(shape is not None for shape in raw.geometry):
            return Decision("", Text("没有图形", "no geometry"))
        raise InputError(
            Text("图层 {file} 没有坐标系。", "The layer {file} has no CRS.").filled(file=raw.name),
            Text(
                "请在 QGIS 中为它“设置图层坐标系”，或用“导入数据”指明坐标基准后再用。",
                "Set its CRS in QGIS (Set Layer CRS), or bring it in by “Import a layer” with its datum stated.",
            ),
        )
    why = Text("图层坐标系", "the layer's CRS")
    if crs.is_geographic and is_cgcs2000(crs):
        return Decision("cgcs2000", why)
    if crs.is_geographic and is_wgs84(crs):
        return Decision("wgs84", why)
    code = crs.to_epsg()
    return Decision(f"EPSG:{code}" if code else crs.name, why, crs)
