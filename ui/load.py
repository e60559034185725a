"""Bring layers of a workspace or of a run into the project: named, styled, grouped. Main thread only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsVectorLayer

from ..jobs import registry
from ..jobs.declaration import Job, Output, OutputKind
from ..layers.specs import SPECS
from ..text import Text
from . import raster_styles, run_basis, runs, styles
from .compat import geometry_order
from .language import tr
from .summaries import run_label

# These hide what matters most at first sight, so they are loaded switched off.
DETAIL = (
    *("key_points", "key_point_reach", "settlements", "measurements", "control_lines", "towers_and_poles"),
    *("best_server", "second_rsrp", "server_count", "coverage_state", "radio_covered"),
)
# What these show is part of another layer of the run; where that is there, they are loaded switched off.
_PART_OF = {"frontier_gap": "frontier_item", "road_gap": "road_state", "sea_gap": "sea_part"}
_STANDS_FOR = {"village_reach": ("villages",), "frontier_item": ("villages", "settlements", "places")}
_STANDS_FOR.update(trunk_edge=("trunk_cables",), trunk_vertex=("trunk_nodes",), node_exit=("trunk_nodes",))
# What these are held against, where the workspace's layer is in the project.
_HELD_AGAINST = dict.fromkeys(("control_conflict", "control_checked", "land_parcel"), ("control_lines",))
_COUNTED = ("frontier_item",)  # how many there are of each kind stands in the legend
_RUN, _OUTPUT = "xinji/run", "xinji/output"  # custom properties of a result layer
_WORKSPACE = "xinji/workspace"  # custom property of the group of a workspace
_WORKSPACE_GROUP = Text("工作区 {name}", "Workspace {name}")


def group_name(job: Job, folder: Path) -> str:
    """Give the name of a run's group: the job's label, the time of the run, and the evidence and day it rests on."""
    run = runs.read(folder)
    when = run.finished if run is not None else datetime.now()
    label = run_label(job, run.summary) if run is not None else job.label
    named = f" {run.source_name}" if run is not None and run.source_name else ""
    rests = tr(run_basis.of(run).name()) if run is not None else ""
    return f"{tr(label)}{named} {when:%Y-%m-%d %H:%M}" + (f" · {rests}" if rests else "")


def group(name: str) -> QgsLayerTreeGroup:
    """Give the group of that name; one that is not there is made below the results, which it would cover, on top."""
    root = QgsProject.instance().layerTreeRoot()
    results = [place for place, node in enumerate(root.children()) if node.customProperty(_RUN)]
    return root.findGroup(name) or root.insertGroup(max(results, default=-1) + 1, name)


def open_table(path: Path, table: str, label: str, style: str) -> list[QgsVectorLayer]:
    """Open one table of a GeoPackage with its style; a table of mixed geometry gives a layer per type."""
    layer = QgsVectorLayer(f"{path}|layername={table}", label, "ogr")
    if not layer.isValid():
        return []
    spec = SPECS.get(table)
    if spec is not None and spec.geometry.value == "Geometry":
        layers = [
            QgsVectorLayer(f"{path}|layername={table}|geometrytype={kind}", f"{label} · {words}", "ogr")
            for kind, words in (("Point", tr(Text("点", "points"))), ("Polygon", tr(Text("面", "polygons"))))
        ]
        layers = [item for item in layers if item.isValid() and item.featureCount() > 0]
    else:
        layers = [layer]
    for item in layers:
        styles.apply(item, style)
    return layers


def _put(layers: list[QgsMapLayer], target: QgsLayerTreeGroup, *, folded: bool) -> None:
    """Put layers of the project into a group: rasters below areas below lines below points, the first of a kind on top."""
    root = QgsProject.instance().layerTreeRoot()
    for layer in layers:
        old = root.findLayer(layer.id())
        if old is not None and old.parent() is target:
            continue
        kind = geometry_order(layer)
        above = [
            node for node in target.findLayers() if node.layer() is not None and geometry_order(node.layer()) <= kind
        ]
        node = target.insertLayer(len(above), layer)
        raster_styles.tidy_legend(node)
        node.setExpanded(not folded and layer.customProperty("xinji/style") != "best_server")  # hundreds of sectors
        style = layer.customProperty("xinji/style")
        is_part = any(other.customProperty("xinji/style") == _PART_OF.get(style, "-") for other in layers)
        node.setItemVisibilityChecked(style not in DETAIL and not is_part)
        if style in _COUNTED:
            node.setCustomProperty("showFeatureCount", True)
        if old is not None:
            old.parent().removeChildNode(old)


def add(layers: list[QgsVectorLayer], name: str, *, folded: bool = False) -> None:
    """Add layers to the project in one group."""
    _add_to(layers, group(name), folded=folded)


def _add_to(layers: list[QgsVectorLayer], target: QgsLayerTreeGroup, *, folded: bool) -> None:
    for layer in layers:
        QgsProject.instance().addMapLayer(layer, False)
    _put(layers, target, folded=folded)


def workspace_layer(workspace: str, table: str) -> list[QgsVectorLayer]:
    """Load one layer of a workspace; do nothing if it is in the project already."""
    path = Path(workspace)
    wanted = f"{path}|layername={table}"
    for layer in QgsProject.instance().mapLayers().values():
        if layer.source().startswith(wanted) and layer.source()[len(wanted) :][:1] in ("", "|"):
            return []
    label = tr(SPECS[table].label) if table in SPECS else table
    layers = open_table(path, table, label, table)
    _add_to(layers, _group_of_workspace(path), folded=True)
    return layers


def _group_of_workspace(path: Path) -> QgsLayerTreeGroup:
    """Give the group of a workspace; one of the same name from another folder names its folder, too."""
    own = next((item for item in _groups() if item.customProperty(_WORKSPACE) == str(path)), None)
    if own is None:
        name = tr(_WORKSPACE_GROUP).format(name=path.stem)
        same_name = QgsProject.instance().layerTreeRoot().findGroup(name)
        if same_name is not None and same_name.customProperty(_WORKSPACE):
            name = f"{name} · {path.parent}"
        own = group(name)
        own.setCustomProperty(_WORKSPACE, str(path))
    return own


def _groups() -> list[QgsLayerTreeGroup]:
    return QgsProject.instance().layerTreeRoot().findGroups()


def use_workspace(workspace: str) -> int:
    """Show the layers of a workspace alone: those of others, and of their runs, are switched off and folded.

    Returns
    -------
    int
        Groups that were switched off.
    """
    hidden = 0
    for item in _groups():
        of_layers, run = item.customProperty(_WORKSPACE), item.customProperty(_RUN)
        if of_layers == workspace:
            item.setItemVisibilityChecked(True)
            continue
        is_own_run = bool(run) and bool(workspace) and Path(run).parent == runs.runs_folder(workspace)
        if (of_layers or (run and not is_own_run)) and item.itemVisibilityChecked():
            item.setItemVisibilityChecked(False)
            item.setExpanded(False)
            hidden += 1
    return hidden


def show(layers: list[QgsVectorLayer]) -> None:
    """Switch layers on, and the groups that they stand in."""
    root = QgsProject.instance().layerTreeRoot()
    for layer in layers:
        root.findLayer(layer.id()).setItemVisibilityCheckedParentRecursive(True)


def held_against(styles_shown: set[str]) -> set[str]:
    """Give the layers of the workspace that results of these styles were held against."""
    return {name for style, names in _HELD_AGAINST.items() if style in styles_shown for name in names}


def _switch_plain(styles_shown: set[str]) -> None:
    """Switch the plain places of the workspace off where their verdicts take their place, and on what they were held against."""
    stood_for = {name for style, names in _STANDS_FOR.items() if style in styles_shown for name in names}
    wanted = held_against(styles_shown)
    root = QgsProject.instance().layerTreeRoot()
    for layer in QgsProject.instance().mapLayers().values():
        style, node = layer.customProperty("xinji/style"), root.findLayer(layer.id())
        if node is not None and style in stood_for | wanted:
            node.setItemVisibilityChecked(style in wanted)


def mark(layer: QgsMapLayer, folder: Path, output: str) -> None:
    """Remember on a layer which output of which run it shows."""
    layer.setCustomProperty(_RUN, str(folder))
    layer.setCustomProperty(_OUTPUT, output)


def shown_outputs(folder: Path) -> dict[str, QgsMapLayer]:
    """Give the layers of the project that show the outputs of a run, by output."""
    return {
        str(layer.customProperty(_OUTPUT)): layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.customProperty(_RUN) == str(folder)
    }


def run_layers(run: runs.Run) -> list[QgsMapLayer]:
    """Load the result layers of a run, unless they are there, and show them in their dated group."""
    job = registry.jobs().get(run.job)
    if job is None:
        return []
    shown = shown_outputs(run.folder)
    for output in job.outputs:
        if output.name not in shown:
            for layer in open_output(run, output):
                mark(layer, run.folder, output.name)
                QgsProject.instance().addMapLayer(layer, False)
    return present(job, run.folder)


def open_output(run: runs.Run, output: Output) -> list[QgsMapLayer]:
    """Open one output of a run with its style; nothing where it is no layer, or not there."""
    label, style = tr(output.label), output.style or output.name
    if output.kind is OutputKind.RASTER:
        path = run.path(output.name)
        return [] if path is None else raster_styles.open_raster(path, label, style, run.folder)
    if output.kind is OutputKind.LAYER:
        return open_table(run.path(output.name) or run.folder / "result.gpkg", output.name, label, style)
    return []


def _group_of(folder: Path, name: str) -> QgsLayerTreeGroup:
    """Give the group of a run; a run of the same minute that has the name already keeps it."""
    root = QgsProject.instance().layerTreeRoot()
    own = next((item for item in root.findGroups() if item.customProperty(_RUN) == str(folder)), None)
    if own is None:
        taken = root.findGroup(name) is not None
        own = root.insertGroup(0, f"{name} · {folder.name}" if taken else name)
        own.setCustomProperty(_RUN, str(folder))
    return own


def present(job: Job, folder: Path) -> list[QgsMapLayer]:
    """Show the layers of a run that are in the project: in their dated group, on top, earlier results switched off."""
    shown = shown_outputs(folder)
    layers = [shown[output.name] for output in job.outputs if output.name in shown]
    if not layers:
        return []
    target = _group_of(folder, group_name(job, folder))
    target.setItemVisibilityChecked(True)
    _put(layers, target, folded=False)
    target.setExpanded(False)  # the tree folds a group that was empty, and hears only of a change
    target.setExpanded(True)
    for other in QgsProject.instance().layerTreeRoot().findGroups():
        if other is not target and other.customProperty(_RUN):
            other.setItemVisibilityChecked(False)
            other.setExpanded(False)
    _switch_plain({str(layer.customProperty("xinji/style")) for layer in layers})
    return layers


def remove_run(folder: Path) -> None:
    """Take the layers of a run off the map, and their group with them."""
    QgsProject.instance().removeMapLayers([layer.id() for layer in shown_outputs(folder).values()])
    root = QgsProject.instance().layerTreeRoot()
    for own in root.findGroups():
        if own.customProperty(_RUN) == str(folder) and not own.findLayers():
            root.removeChildNode(own)
