"""Style the result layers that Processing loads, and put them into the run's group."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingContext, QgsProcessingLayerPostProcessorInterface, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer

from ...jobs.declaration import Job, Output
from .. import load, styles
from ..language import tr

_KEPT: dict[tuple[str, str], StyleOnLoad] = {}  # QGIS holds no reference of its own


class StyleOnLoad(QgsProcessingLayerPostProcessorInterface):
    """Runs in the main thread after a result layer was added to the project."""

    def __init__(self, style: str, group: str, folder: Path, output: str) -> None:
        super().__init__()
        self._style, self._group = style, group
        self._folder, self._output = folder, output

    def postProcessLayer(self, layer: QgsVectorLayer, context: QgsProcessingContext, feedback: object) -> None:
        if not isinstance(layer, QgsVectorLayer):
            return
        styles.apply(layer, self._style)
        load.mark(layer, self._folder, self._output)
        if self._group:  # after Processing has finished with the layer tree
            identifier, group = layer.id(), self._group
            QTimer.singleShot(0, lambda: load.move_into_group(identifier, group))


def style_when_loaded(context: QgsProcessingContext, destination: str, output: Output, job: Job, folder: Path) -> None:
    """Ask QGIS to style a result layer, if it is going to load it."""
    if not context.willLoadLayerOnCompletion(destination):
        return
    details = context.layerToLoadOnCompletionDetails(destination)
    details.name = tr(output.label)
    group = load.group_name(job, folder)
    by_details = hasattr(details, "groupName")  # newer QGIS groups by itself
    if by_details:
        details.groupName = group
    keeper = StyleOnLoad(output.style or output.name, "" if by_details else group, folder, output.name)
    _KEPT[job.name, output.name] = keeper
    details.setPostProcessor(keeper)
