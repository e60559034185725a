"""Values of a delivery profile in a planner's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ....text import NOTHING, Text, languages, same
from ...spec import Field, Kind, LayerSpec
from .page_words import COMPUTED, VALUES


def said(value: Any) -> Text:
    """Give a value in words: the words of the file by what they mean, “中文 / English” by its halves."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return VALUES["true" if value else "false"]
    if isinstance(value, list):
        parts = [said(part) for part in value]
        return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
    if not isinstance(value, str):
        return same(json.dumps(value, ensure_ascii=False))
    if value in VALUES:
        return VALUES[value]
    return languages(value)


def field_words(spec: LayerSpec | None, name: str) -> Text:
    """Give a field of the workspace by its label and its name."""
    field = _field(spec, name)
    return Text(f"{field.label.zh}（{name}）", f"{field.label.en} ({name})") if field else same(name)


def code_words(values: Any, spec: LayerSpec | None, name: str) -> Text:
    """Give the values of a condition: the codes of the field by their labels."""
    field = _field(spec, name)
    if field is None or field.kind not in (Kind.CODE, Kind.CODES) or not isinstance(values, list):
        return said(values)
    labels = [field.code_label(str(value)) for value in values]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def expression_words(expression: Any, spec: LayerSpec | None) -> Text:
    """Say in words where an expression takes its value from; one that is none stays as it is."""
    if not isinstance(expression, Mapping):
        return said(expression)
    for key, words in _EXPRESSIONS.items():
        if key in expression:
            value = expression[key]
            told = COMPUTED.get(str(value), same(str(value))) if key == "computed" else same(str(value))
            if key in ("field", "label"):
                told = field_words(spec, str(value))
            more = _MAPPED if "map" in expression else NOTHING
            return Text(words.zh + told.zh + more.zh, words.en + told.en + more.en)
    return same(json.dumps(dict(expression), ensure_ascii=False))


_EXPRESSIONS = {
    "field": Text("字段：", "field: "),
    "label": Text("字段的文字：", "words of: "),
    "constant": Text("固定值：", "always: "),
    "template": Text("文字：", "text: "),
    "computed": Text("计算：", "computed: "),
}
_MAPPED = Text("，按对照表换代码", ", codes by a map")


def _field(spec: LayerSpec | None, name: str) -> Field | None:
    try:
        return spec.field(name) if spec else None
    except KeyError:
        return None
