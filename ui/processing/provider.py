"""The Processing provider ``xinji``: one algorithm a job, the map picture and the atlas."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ...jobs import registry
from .. import words
from ..icons import FOLDER, icon
from ..language import tr
from .algorithm import JobAlgorithm
from .atlas_algorithm import FrontierAtlasAlgorithm
from .map_picture_algorithm import MapPictureAlgorithm
from .names import PROVIDER_ID


class XinjiProvider(QgsProcessingProvider):
    """Everything that the plugin computes, for toolbox, batch, model designer and ``qgis_process``."""

    def id(self) -> str:
        return PROVIDER_ID

    def name(self) -> str:
        return tr(words.PLUGIN)

    def icon(self) -> QIcon:
        return icon("xinji")

    def svgIconPath(self) -> str:
        return str(FOLDER / "xinji.svg")

    def loadAlgorithms(self) -> None:
        for job in registry.jobs().values():
            self.addAlgorithm(JobAlgorithm(job.name))
        self.addAlgorithm(MapPictureAlgorithm())
        self.addAlgorithm(FrontierAtlasAlgorithm())


def register() -> XinjiProvider:
    """Add the provider to QGIS; one that a failed reload has left behind goes first.

    ``addProvider`` with an id that is taken returns False and deletes the new object.
    """
    registry_of_qgis = QgsApplication.processingRegistry()
    old = registry_of_qgis.providerById(PROVIDER_ID)
    if old is not None:
        registry_of_qgis.removeProvider(old)
    provider = XinjiProvider()
    registry_of_qgis.addProvider(provider)
    return provider


def unregister(provider: XinjiProvider | None) -> None:
    """Take the provider out of QGIS again."""
    registry_of_qgis = QgsApplication.processingRegistry()
    if provider is not None and registry_of_qgis.providerById(PROVIDER_ID) is provider:
        registry_of_qgis.removeProvider(provider)
