"""Style the result layers that Processing loads, and show them as the panel does."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QTimer

from ...jobs.declaration import Job, Output
from .. import engine_session, load, raster_styles, styles
from ..language import tr

_KEPT: dict[tuple[str, str], StyleOnLoad] = {}  # QGIS holds no reference of its own
_DUE: set[str] = set()  # result folders whose layers are still coming in


class StyleOnLoad(QgsProcessingLayerPostProcessorInterface):
    """Runs in the main thread after a result layer was added to the project."""

    def __init__(self, job: Job, folder: Path, output: Output) -> None:
        super().__init__()
        self._job, self._folder, self._output = job, folder, output

    def postProcessLayer(self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: object) -> None:
        style = self._output.style or self._output.name
        if isinstance(layer, QgsRasterLayer):
            raster_styles.apply(layer, style, self._folder)
        elif isinstance(layer, QgsVectorLayer):
            styles.apply(layer, style)
        else:
            return
        load.mark(layer, self._folder, self._output.name)
        if str(self._folder) not in _DUE:  # once a run, after Processing has finished with the layer tree
            _DUE.add(str(self._folder))
            job, folder = self._job, self._folder
            QTimer.singleShot(0, lambda: _present(job, folder))


def _present(job: Job, folder: Path) -> None:
    _DUE.discard(str(folder))
    if load.present(job, folder):
        engine_session.session().signals.loaded.emit(str(folder))


def style_when_loaded(context: QgsProcessingContext, destination: str, output: Output, job: Job, folder: Path) -> None:
    """Ask QGIS to style a result layer, if it is going to load it."""
    if not context.willLoadLayerOnCompletion(destination):
        return
    details = context.layerToLoadOnCompletionDetails(destination)
    details.name = tr(output.label)
    keeper = StyleOnLoad(job, folder, output)
    _KEPT[job.name, output.name] = keeper
    details.setPostProcessor(keeper)
