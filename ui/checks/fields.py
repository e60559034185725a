"""Headings and code labels of the findings of a checked package."""

from __future__ import annotations

from ...layers.delivery.checking.rules import ALIASES, LEVELS, RULES
from ...layers.spec import Code, Field, Kind
from ...text import Text
from .styles import STYLES

_RULE = Text("{rule} {name}", "{rule} {name}")
_CODED = {
    "rule": tuple(Code(rule.id, _RULE.filled(rule=rule.id, name=rule.name)) for rule in RULES.values()),
    "level": tuple(Code(str(level), label) for level, label in LEVELS.items()),
}
_SAID = {"message_zh": "message", "message_en": "message", "remedy_zh": "remedy", "remedy_en": "remedy"}
HEADINGS = {"message": Text("问题", "Finding"), "remedy": Text("处理办法", "What to do")}


def _field(name: str) -> Field:
    label = HEADINGS[_SAID[name]] if name in _SAID else ALIASES[name]
    codes = _CODED.get(name, ())
    return Field(name, Kind.CODE if codes else Kind.TEXT, label, "", codes=codes)


OF_STYLE: dict[str, tuple[Field, ...]] = dict.fromkeys(STYLES, tuple(map(_field, ALIASES)))
_HIDDEN = {"zh": ("message_en", "remedy_en"), "en": ("message_zh", "remedy_zh")}
OTHER_LANGUAGE = dict.fromkeys(STYLES, _HIDDEN)
