"""Read control lines: of the workspace, of layers whose kind the planner states, and of sources whose layers tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...errors import InputError
from ...layers import inputs
from ...layers.datum import crs_by_code
from ...layers.placing import placed
from ...layers.sources.raw_table import RawTable
from ...layers.sources.read import layer_names, read_source
from ...text import Text
from .datum_check import References, is_proven, references_of, unproven_words
from .words import ZONE_LABELS
from .zone_names import guess_kind
from .zone_rows import Rows, Shapes, Source, Zones, take_areas

_IDS = ("zone_id", "BSM", "bsm", "控制线编号", "编号", "红线编码", "hxbm", "HXBM", "YJJBNTTBBH", "objectid", "OBJECTID")
_NAMES = ("name", "名称", "MC", "mc", "控制线名称", "红线名称", "hxmc", "HXMC", "zrbhdmc", "ZRBHDMC", "NAME")
_FILES = (
    ".shp",
    ".gpkg",
    ".gdb",
    ".geojson",
    ".json",
    ".kml",
    ".kmz",
    ".vct",
    ".zip",
    ".tab",
    ".mif",
    ".parquet",
    ".dxf",
)
_LISTED = 20


def read_zones(context: inputs.Run, stated: Mapping[str, Any]) -> Zones:
    """Read all control lines, as `find_zones`; raise InputError where there are none at all."""
    found = find_zones(context, stated)
    if found is None:
        raise InputError(
            Text("没有可用的控制线。", "There are no control lines."),
            Text(
                "请将控制线导入工作区，或指定控制线图层及其种类。",
                "Import control lines into the workspace, or name a layer and its kind.",
            ),
        )
    return found


def find_zones(context: inputs.Run, stated: Mapping[str, Any]) -> Zones | None:
    """Read the control lines that there are; a kind that a layer was named for does not come from the workspace.

    Parameters
    ----------
    stated : mapping
        The parameters of `ZONE_LABELS`, ``control_source`` and ``control_crs``; None where nothing was stated.

    Returns
    -------
    Zones or None
        None where there are none at all.

    Raises
    ------
    InputError
        A named layer has no shapes, no CRS, or not one area.
    """
    parts: list[Rows] = []
    sources: list[Source] = []
    cautions: list[Text] = []
    is_given = any(stated.get(name) for name in (*ZONE_LABELS, "control_source"))
    given = _Given(stated.get("control_crs"), references_of(context) if is_given else None, [])
    for kind in ZONE_LABELS:
        if stated.get(kind):
            path, layer = inputs.split(str(stated[kind]))
            raw = read_source(context.read(kind, path), layer or None)
            _take(context, raw, kind, "stated", given, parts, sources, cautions)
    if stated.get("control_source"):
        _of_source(context, Path(str(stated["control_source"])), given, parts, sources, cautions)
    taken = {source.kind for source in sources if source.used}
    if inputs.layer_present(context, "control_lines"):
        _of_workspace(context, taken, parts, sources, cautions)
    if given.unproven:
        cautions.append(unproven_words(given.unproven))
    if not parts:
        if is_given:
            raise _all_empty(sources)
        return None
    shapes = np.concatenate([part.shapes for part in parts])
    kinds, ids, names = (
        np.array([str(item) for part in parts for item in getattr(part, key)], dtype=object)
        for key in ("kind", "zone_id", "name")
    )
    source = np.array([part.source for part in parts for _ in part.kind], dtype=object)
    return Zones(shapes, kinds, ids, names, source, sources, cautions)


class _Given(NamedTuple):
    """What layers that were given directly share: their CRS where they state none, and by what their datum is told."""

    crs: str | None
    references: References | None
    unproven: list[str]


def _all_empty(sources: list[Source]) -> InputError:
    names = "、".join(source.name for source in sources if source.kind)
    return InputError(
        Text(f"指定的控制线都没有数据：{names}。", f"The control lines that were given hold no rows: {names}."),
        Text("请核对图层是否选对、是否为空。", "Check that these are the right layers, and that they are not empty."),
    )


def read_areas(context: inputs.Run, name: str, crs: str | None) -> Shapes:
    """Read the areas of the layer that a parameter names, mended where they cross themselves; errors as `read_zones`."""
    path, layer = inputs.split(str(context.parameters[name]))
    raw = read_source(context.read(name, path), layer or None)
    parts: list[Rows] = []
    cautions: list[Text] = []
    given = _Given(crs, references_of(context), [])
    _take(context, raw, "other", "stated", given, parts, [], cautions)
    for caution in [*cautions, *([unproven_words(given.unproven)] if given.unproven else ())]:
        context.notice(caution)
    return parts[0].shapes if parts else np.empty(0, dtype=object)


def _of_workspace(
    context: inputs.Run, taken: set[str], parts: list[Rows], sources: list[Source], cautions: list[Text]
) -> None:
    layer = inputs.read_layer(context, "control_lines", ["zone_id", "kind", "name"])
    table = layer.columns.astype(object).where(layer.columns.notna(), None)
    name = "工作区" if context.parameters.get("workspace") and not context.parameters.get("control_lines") else "控制线"
    for kind in ZONE_LABELS:
        rows = np.flatnonzero((table["kind"] == kind).to_numpy(bool))
        if not len(rows):
            continue
        if kind in taken:
            label = ZONE_LABELS[kind]
            cautions.append(
                Text(
                    f"{label.zh}用指定的图层，工作区中的 {len(rows):,} 个未用。",
                    f"{label.en}: the layer that was named is used, the {len(rows):,} of the workspace are not.",
                )
            )
            continue
        ids = [str(table["zone_id"].iloc[at]) for at in rows]
        names = [str(table["name"].iloc[at] or "") for at in rows]
        take_areas(layer.geometry[rows].copy(), kind, ids, names, (name, "workspace"), parts, sources, cautions)


def _of_source(
    context: inputs.Run,
    path: Path,
    given: _Given,
    parts: list[Rows],
    sources: list[Source],
    cautions: list[Text],
) -> None:
    """Read every layer of a file or folder whose name tells its kind."""
    is_folder = path.is_dir() and path.suffix.lower() != ".gdb"
    files = sorted(one for one in path.rglob("*") if one.suffix.lower() in _FILES) if is_folder else [path]
    files = [one for one in files if not any(parent.suffix.lower() == ".gdb" for parent in one.parents)]
    for file in files:
        context.read(f"control_source/{file.name}" if is_folder else "control_source", file)
        names = layer_names(file) or ("",)
        for layer in names:
            kind = guess_kind(layer, file.stem if len(names) == 1 else "")
            if not kind:
                shown = f"{file.name}|{layer}" if layer and layer != file.stem else file.name
                sources.append(Source(shown, "", "guessed", 0, 0, 0, 0, 0.0))
                continue
            raw = read_source(file, layer if len(names) > 1 else None)
            _take(context, raw, kind, "guessed", given, parts, sources, cautions)
    strange = [source.name for source in sources if not source.kind]
    known = [source for source in sources if source.how == "guessed" and source.kind]
    if strange and known:
        listed = "、".join(strange[:_LISTED]) + ("…" if len(strange) > _LISTED else "")
        cautions.append(
            Text(
                f"{path.name} 有 {len(strange):,} 个图层不能按名称识别，未使用：{listed}。",
                f"In “{path.name}”, layers whose names do not tell what they are, and which are not used: {len(strange):,} ({listed}).",
            )
        )
    if not known:
        listed = "、".join(strange[:_LISTED]) + ("…" if len(strange) > _LISTED else "")
        raise InputError(
            Text(
                f"{path.name} 中没有能按名称识别的控制线图层：{listed}。",
                f"No layer of {path.name} tells by its name which control line it is: {listed}.",
            ),
            Text("请在对应种类的参数中直接指定该图层。", "Name the layer in the parameter of its kind."),
        )


def _take(
    context: inputs.Run,
    raw: RawTable,
    kind: str,
    how: str,
    given: _Given,
    parts: list[Rows],
    sources: list[Source],
    cautions: list[Text],
) -> None:
    """Take a layer of which only the shapes must be there."""
    for words in raw.notices:
        context.notice(Text("{file}：{words}", "{file}: {words}").filled(file=raw.name, words=words))
    if not len(raw):
        sources.append(Source(raw.name, kind, how, 0, 0, 0, 0, 0.0))
        label = ZONE_LABELS[kind]
        cautions.append(
            Text(
                f"{label.zh}（{raw.name}）没有任何行，未使用；该类控制线未检查。",
                f"{label.en} ({raw.name}) has no rows and is not used: nothing was checked against it.",
            )
        )
        return
    if raw.crs is None and given.crs:
        raw = replace(raw, crs=crs_by_code(given.crs))
        cautions.append(
            Text(
                f"{raw.name} 没有坐标系，按指定的 {given.crs} 使用。",
                f"{raw.name} has no CRS; it is used as {given.crs}, as stated.",
            )
        )
    if how == "guessed":
        label = ZONE_LABELS[kind]
        cautions.append(
            Text(
                f"{raw.name} 按图层名视为{label.zh}，请核对。",
                f"{raw.name} is taken as: {label.en}, by its name. Check.",
            )
        )
    shapes = placed(raw)
    if given.references is not None and not is_proven(shapes, raw.crs, raw.name, given.references):
        given.unproven.append(raw.name)
    ids, names = _column(raw, _IDS), _column(raw, _NAMES)
    numbers = [one or f"#{row}" for one, row in zip(ids, raw.rows.tolist())]
    take_areas(shapes, kind, numbers, names, (raw.name, how), parts, sources, cautions)


def _column(raw: RawTable, known: tuple[str, ...]) -> list[str]:
    headings = [heading.strip() for heading in raw.headings]
    found = next((headings.index(one) for one in known if one in headings), None)
    return [str(cell).strip() for cell in raw.cells[found]] if found is not None else [""] * len(raw)
