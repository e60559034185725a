"""The map picture as an algorithm, for models and for ``qgis_process``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)
from qgis.PyQt.QtGui import QIcon

from ...errors import XinjiError
from ...text import Text
from .. import map_picture, runs, words
from ..icons import icon
from ..language import current, say, tr

_RUN, _WORKSPACE, _LANGUAGE, _OUTPUT = "RESULT_FOLDER", "WORKSPACE", "LANGUAGE", "OUTPUT"
_LANGUAGES = ("zh", "en")


class MapPictureAlgorithm(QgsProcessingAlgorithm):
    """Draws the result of a run as a finished map."""

    def createInstance(self) -> MapPictureAlgorithm:
        return MapPictureAlgorithm()

    def name(self) -> str:
        return "mappicture"

    def displayName(self) -> str:
        return tr(Text("结果地图（图片）", "Map picture of a result"))

    def group(self) -> str:
        return tr(words.STEPS["deliver"])

    def groupId(self) -> str:
        return "deliver"

    def icon(self) -> QIcon:
        return icon("map_picture")

    def shortHelpString(self) -> str:
        return tr(
            Text(
                "把一次运行的结果图层绘成一页 A4 横版地图：标题、结论、图例、比例尺和坐标系。",
                "Draws the result layers of a run on a landscape A4 page, with title, finding, legend, scale bar and CRS.",
            )
        )

    def flags(self) -> Any:
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading  # layouts belong to the main thread

    def initAlgorithm(self, config: dict[str, Any] | None = None) -> None:
        self.addParameter(
            QgsProcessingParameterFile(
                _RUN, tr(words.RESULT_FOLDER), behavior=QgsProcessingParameterFile.Behavior.Folder
            )
        )
        self.addParameter(QgsProcessingParameterFile(_WORKSPACE, tr(words.WORKSPACE), extension="gpkg", optional=True))
        self.addParameter(
            QgsProcessingParameterEnum(
                _LANGUAGE,
                tr(Text("地图文字", "Language of the map")),
                options=[tr(Text("中文", "Chinese")), tr(Text("英文", "English"))],
                defaultValue=_LANGUAGES.index(current()),
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(_OUTPUT, tr(Text("图片", "Picture")), tr(words.PICTURE_FILTER))
        )

    def processAlgorithm(self, values: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        folder = Path(self.parameterAsString(values, _RUN, context))
        run = runs.read(folder)
        if run is None:
            raise QgsProcessingException(
                tr(
                    Text(
                        "{folder} 中没有 run.json。请选择一次运行的结果文件夹。",
                        "{folder} has no run.json. Choose the result folder of a run.",
                    )
                ).format(folder=folder)
            )
        picture = Path(self.parameterAsFileOutput(values, _OUTPUT, context))
        workspace = self.parameterAsString(values, _WORKSPACE, context)
        language = _LANGUAGES[self.parameterAsEnum(values, _LANGUAGE, context)]
        try:
            map_picture.render(run, picture, language, workspace)
        except XinjiError as error:
            raise QgsProcessingException(say(error)) from error
        return {_OUTPUT: str(picture)}
