"""The atlas of a frontier result as an algorithm, for models and for ``qgis_process``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)
from qgis.PyQt.QtGui import QIcon

from ...errors import Cancelled, XinjiError
from ...text import Text
from .. import words
from ..atlas import pdf as atlas_pdf
from ..icons import icon
from ..language import current, say, tr

_RUN, _LANGUAGE, _PAPER, _OUTPUT, _PAGES = "RESULT_FOLDER", "LANGUAGE", "PAPER", "OUTPUT", "PAGES"
_LANGUAGES = tuple(atlas_pdf.LANGUAGES)
_PAPERS = tuple(atlas_pdf.PAPERS)


class FrontierAtlasAlgorithm(QgsProcessingAlgorithm):
    """Draws a finished frontier scoreboard as a PDF: cover, a page a class, a page a county, rules."""

    def createInstance(self) -> FrontierAtlasAlgorithm:
        return FrontierAtlasAlgorithm()

    def name(self) -> str:
        return "frontieratlas"

    def displayName(self) -> str:
        return tr(atlas_pdf.TITLE)

    def group(self) -> str:
        return tr(words.STEPS["deliver"])

    def groupId(self) -> str:
        return "deliver"

    def icon(self) -> QIcon:
        return icon("map_picture")

    def shortHelpString(self) -> str:
        return tr(
            Text(
                "把“宽带边疆计分”的结果绘成 PDF 图册：计分表、每项指标一页地图、每县一页地图与缺口、规则与来源。地图采用 CGCS2000 "
                "3°带投影，字体嵌入文件。数字取自结果中的计分表，与报告一致。",
                "Draws the result of a frontier scoreboard as a PDF: the scoreboard, a map page an indicator, a page with map and "
                "gaps a county, the rules with their sources. Maps are projected in a 3-degree zone of CGCS2000, fonts are "
                "embedded. The numbers are those of the result's scoreboard, as in the report.",
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
        both = Text("中文和英文", "Chinese and English")
        self.addParameter(
            QgsProcessingParameterEnum(
                _LANGUAGE,
                tr(Text("图册文字", "Language of the atlas")),
                options=[tr(Text("中文", "Chinese")), tr(Text("英文", "English")), tr(both)],
                defaultValue=_LANGUAGES.index(current()),
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                _PAPER, tr(Text("纸张（横向）", "Paper (landscape)")), options=list(_PAPERS), defaultValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(_OUTPUT, tr(Text("图册", "Atlas")), tr(words.PDF_FILTER))
        )
        self.addOutput(QgsProcessingOutputNumber(_PAGES, tr(Text("页数", "Pages"))))

    def processAlgorithm(self, values: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        path = Path(self.parameterAsFileOutput(values, _OUTPUT, context))
        language = _LANGUAGES[self.parameterAsEnum(values, _LANGUAGE, context)]
        paper = _PAPERS[self.parameterAsEnum(values, _PAPER, context)]
        try:
            made = atlas_pdf.make_atlas(
                Path(self.parameterAsString(values, _RUN, context)), path, language, feedback, paper
            )
        except Cancelled:
            return {}
        except XinjiError as error:
            raise QgsProcessingException(say(error)) from error
        for caution in made.cautions:
            feedback.pushWarning(tr(caution))
        return {_OUTPUT: str(path), _PAGES: len(made.kinds)}
