"""Which font an atlas is set in: one that has simplified Chinese, for names stay Chinese in either language."""

from __future__ import annotations

from typing import NamedTuple

from qgis.PyQt.QtGui import QFont, QFontDatabase, QFontInfo

from ...text import Text
from ..compat import font_families

# Sans serif faces of the systems that QGIS runs on, the most even ones first.
_LIKED = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC"),
    *("Hiragino Sans GB", "DengXian", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimHei"),
    *("Noto Serif CJK SC", "Source Han Serif SC", "STSong", "SimSun"),
)


class Chosen(NamedTuple):
    """A font family, and what is to be told of it (None where it is a liked one)."""

    family: str
    caution: Text | None


def choose() -> Chosen:
    """Give the first liked font that is installed, else any with simplified Chinese, else the program's own."""
    able = font_families(QFontDatabase.WritingSystem.SimplifiedChinese)
    found = next((name for name in _LIKED if name in able), None)
    if found is not None:
        return Chosen(found, None)
    if able:
        said = Text(
            "未安装常用的中文字体，改用“{name}”。", "None of the usual Chinese fonts is installed; “{name}” is used."
        )
        return Chosen(able[0], said.filled(name=able[0]))
    own = QFontInfo(QFont()).family()
    said = Text(
        "本机没有中文字体，改用“{name}”，汉字可能缺失。请安装中文字体（如 Noto Sans CJK SC）后重新生成。",
        "This machine has no Chinese font; “{name}” is used and Chinese characters may be missing. Install one, such as Noto "
        "Sans CJK SC, and make the atlas again.",
    )
    return Chosen(own, said.filled(name=own))
