"""The planner's language: one setting of QGIS decides, one function translates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QLocale

from ..errors import XinjiError
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

    The language that QGIS itself was started in counts (also by ``--lang``). Where it has none, as under
    ``qgis_process``, its setting does: ``locale/userLocale`` (Simplified Chinese is ``zh-Hans`` there) when
    ``locale/overrideFlag`` is set, else the system's locale.
    """
    if _forced:
        return _forced[-1]
    settings = QgsSettings()
    name = QgsApplication.instance().translation() if QgsApplication.instance() else ""
    if not name and settings.value("locale/overrideFlag", False, type=bool):
        name = str(settings.value("locale/userLocale") or "")
    name = name or QLocale().name()
    return "zh" if name.lower().startswith("zh") else "en"


def tr(text: Text) -> str:
    """Give the words in the planner's language."""
    return text.in_language(current())


def with_unit(label: Text, unit: str) -> str:
    """Give a heading with its unit; a Chinese measure word (persons, racks) has no place in an English heading."""
    if not unit or (current() == "en" and not unit.isascii() and unit not in ("°", "km²")):
        return tr(label)
    return f"{tr(label)} ({unit})" if current() == "en" else f"{tr(label)}（{unit}）"


def say(error: XinjiError) -> str:
    """Give an error's words for the window, where a parameter has a label and not an option of the command line."""
    return in_window(error.in_language(current()))


def in_window(words: str) -> str:
    """Put the labels of parameters and of their values in place of the options of the command line."""

    def label(match: re.Match[str]) -> str:
        found = _option_labels().get(match["option"])
        if found is None:
            return match[0]
        if match["bracket"]:
            return ""  # （--option） follows the label already
        name, values = found
        value = match["value"] or ""
        if value not in values and not value.startswith("EPSG:"):
            return f"{match['verb'] or ''}“{tr(name)}”" + (f" {value}" if value else "")
        shown = tr(values[value]) if value in values else value
        return tr(_SET).format(name=tr(name), value=shown)

    verb = r"(?P<verb>请加\s*|请改用\s*|或?改用\s*|请用\s*|(?:say|[Uu]se|[Tt]ry)\s+)?"
    value = r"(?:\s+(?P<value>[A-Za-z0-9][A-Za-z0-9:-]*[A-Za-z0-9]))?"
    named = rf"(?P<bracket>（)?{verb}(?P<option>--[a-z0-9-]+)(?(bracket)）)"
    known = re.compile(named + rf"(?:{value}(?![A-Za-z]))?")
    return known.sub(lambda match: _whole(match, label), words)


def from_json(value: object) -> Text:
    """Give the `Text` of a protocol message or of ``run.json``, where it is ``{"zh": …, "en": …}``."""
    if isinstance(value, dict):
        zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
        return Text(zh or en, en or zh)
    return Text(str(value or ""), str(value or ""))
