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
    """Put the labels of parameters, and of their values, in place of the options of the command line."""

    def setting(match: re.Match[str]) -> str:
        name, values = _options().get(match["option"], (None, {}))
        value = match["value"]
        if name is None or (value not in values and not value.startswith("EPSG:")):
            return match[0]
        shown = tr(values[value]) if value in values else value
        begin = match["please"] or ""
        is_start = bool(match["en"]) and match["en"][0].isupper()
        form = _BARE if match["verb"] is None else _AT_START if is_start else _SET
        return begin + tr(form).format(name=tr(name), value=shown)

    def label(match: re.Match[str]) -> str:
        found = _options().get(match[2])
        if found is None:
            return match[0]
        return "" if match[1] else f"“{tr(found[0])}”"  # （--option） and (--option) follow the label already

    words = _SETTING.sub(setting, words)
    words = re.sub(r"(（| \()?(--[a-z0-9-]+)(?(1)[）)])", label, words)
    return _DATUM.sub(lambda match: re.split("[（(]", tr(_datums()[match[0]]))[0].strip(), words)


_DATUM = re.compile(r"(?<![A-Za-z0-9_.-])(?:wgs84|cgcs2000|gcj02|bd09)(?![A-Za-z0-9_.-])")
_SET = Text("将“{name}”设为“{value}”", "set “{name}” to “{value}”")
_AT_START = Text("将“{name}”设为“{value}”", "Set “{name}” to “{value}”")
_BARE = Text("“{name}” = “{value}”", "“{name}” = “{value}”")
# The phrases that errors use around an option: the verb before it, and what closes it.
_PHRASE = Text(r"(?P<please>请?)(?:加|改用|用)\s*", r"(?P<en>[Ss]ay|[Uu]se|[Tt]ry)\s+")
_CLOSE = Text(r"(?:\s指明)?", r"(?:)")
_SETTING = re.compile(
    f"(?P<verb>{_PHRASE.zh}|{_PHRASE.en})?"
    r"(?P<option>--[a-z0-9-]+)\s(?P<value>(?:EPSG:)?[A-Za-z0-9][A-Za-z0-9_-]*)"
    f"(?(verb){_CLOSE.zh})"
)


@cache
def _datums() -> dict[str, Text]:
    """Give the label of every datum of an import."""
    from ..jobs.import_layer import DATUMS

    return {choice.value: choice.label for choice in DATUMS}


@cache
def _options() -> dict[str, tuple[Text, dict[str, Text]]]:
    """Give label and values of every option; where jobs share a name, the label in an import."""
    from ..jobs import registry

    found: dict[str, tuple[Text, dict[str, Text]]] = {}
    for job in sorted(registry.jobs().values(), key=lambda job: job.step != "data"):
        for item in job.parameters:
            _, values = found.setdefault(item.option, (item.label, {}))
            for choice in item.choices:
                values.setdefault(choice.value, choice.label)
    return found


def from_json(value: object) -> Text:
    """Give the `Text` of a protocol message or of ``run.json``, where it is ``{"zh": …, "en": …}``."""
    if isinstance(value, dict):
        zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
        return Text(zh or en, en or zh)
    return Text(str(value or ""), str(value or ""))
