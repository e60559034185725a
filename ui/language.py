"""The planner's language: one setting of QGIS decides, one function translates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QLocale

from ..text import Text

_forced: list[str] = []


@contextmanager
def using(language: str) -> Iterator[None]:
    """Speak another language for a while, such as for a map that is made for somebody else."""
    _forced.append("zh" if language.lower().startswith("zh") else "en")
    try:
        yield
    finally:
        _forced.pop()


def current() -> str:
    """Give ``zh`` or ``en``.

    QGIS keeps the language in ``locale/userLocale`` (Simplified Chinese is ``zh-Hans`` there) and honours it
    when ``locale/overrideFlag`` is set; otherwise the system's locale counts.
    """
    if _forced:
        return _forced[-1]
    settings = QgsSettings()
    name = ""
    if settings.value("locale/overrideFlag", False, type=bool):
        name = str(settings.value("locale/userLocale") or "")
    name = name or QLocale().name()
    return "zh" if name.lower().startswith("zh") else "en"


def tr(text: Text) -> str:
    """Give the words in the planner's language."""
    return text.in_language(current())


def from_json(value: object) -> Text:
    """Give the `Text` of a protocol message or of ``run.json``, where it is ``{"zh": …, "en": …}``."""
    if isinstance(value, dict):
        zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
        return Text(zh or en, en or zh)
    return Text(str(value or ""), str(value or ""))
