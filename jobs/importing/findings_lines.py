"""Findings as lines of a page: the gravest ones with their rows, values, proposals and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...layers.doctor.datum.limits import share
from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import act, severity_label
from ...layers.findings.outcome import outcome
from ...layers.html_report import Section
from ...layers.reading.coordinates import EMPTY_CELL
from ...layers.spec import LayerSpec
from ...text import NOTHING, Text, same
from .field_labels import field_label

if TYPE_CHECKING:
    import pandas as pd

SHOWN_LINES = 200
_LONG = 120


def lines_section(spec: LayerSpec, frame: pd.DataFrame, heading: Text, words: tuple[Text, ...] = ()) -> list[Section]:
    """List findings, the first ones of many.

    Parameters
    ----------
    spec : LayerSpec
    frame : pandas.DataFrame
        Lines of `findings.table.as_frame`; without any there is no section.
    heading : Text
    words : tuple of Text
        Sentences above the table.
    """
    if frame.empty:
        return []
    rows = [_line(spec, line) for line in frame.head(SHOWN_LINES).to_dict("records")]
    heads = (
        *(("程度", "Severity"), ("问题", "Finding"), ("行号", "Rows"), ("字段", "Field"), ("原值", "Value")),
        *(("建议值", "Proposed"), ("依据", "Why"), ("处理", "Treatment"), ("建议的把握", "Confidence")),
    )
    more = []
    if len(frame) > SHOWN_LINES:
        rest = int(frame["count"].iloc[SHOWN_LINES:].sum())
        more = [
            Text(
                f"共 {len(frame)} 条，此处列出前 {SHOWN_LINES} 条；其余 {len(frame) - SHOWN_LINES} 条（{rest} 处）见 findings.csv。",
                f"The first {SHOWN_LINES} of {len(frame)}; findings.csv has the other {len(frame) - SHOWN_LINES} "
                f"({rest} findings).",
            )
        ]
    return [Section(heading, [*words, *more], headings=[Text(*head) for head in heads], rows=rows)]


def _line(spec: LayerSpec, line: Any) -> tuple[Any, ...]:
    kind = KINDS[line["code"]]
    return (
        severity_label(line["severity"], of_rows=bool(line["rows"])),
        kind.label,
        short(line["rows"]),
        field_words(spec, line["field"]) if line["field"] else NOTHING,
        datum_words(line["value"]) if kind.group == "datum" else value_words(spec, line["field"], line["value"]),
        outcome(kind, line["treatment"], value_words(spec, line["field"], line["proposed"]), line["related"]),
        Text(line["why_zh"], line["why_en"]),
        act(kind, line["treatment"]),
        "100%" if line["confidence"] >= 1 else share(line["confidence"]),
    )


def field_words(spec: LayerSpec, name: str) -> Text:
    """Give the words for the field of a finding; a heading of the file labels itself."""
    if name == "geometry":
        return Text("位置", "Place")
    known = {item.name for item in spec.fields}
    return field_label(spec, name) if name in known or name in ("lon", "lat", "wkt", "lonlat") else same(name)


def without_rows(frame: pd.DataFrame, numbers: Iterable[int]) -> pd.DataFrame:
    """Take some rows out of lines of findings; a line about nothing else goes, one about the file stays.

    Parameters
    ----------
    frame : pandas.DataFrame
        Lines of `findings.table.as_frame`.
    numbers : iterable of int
        Row numbers.
    """
    from ...layers.findings.table import listed

    gone = np.array(sorted(set(numbers)), dtype=np.int64)
    if not len(gone) or frame.empty:
        return frame
    rows, counts = [], []
    for words, count in zip(frame["rows"], frame["count"]):
        here = _numbers(words)
        left = here[~np.isin(here, gone)]
        if len(left) == len(here):
            rows.append(words)
            counts.append(count)
        else:
            rows.append(";".join(part for part, _ in listed(left)) if len(left) else None)
            counts.append(len(left))
    found = frame.assign(rows=rows, count=counts)
    return found[found["rows"].notna()]


def _numbers(words: str) -> np.ndarray:
    """Read "3;7;9-12", shape (n,)."""
    ends = [[int(end) for end in part.split("-")] for part in words.split(";") if part]
    return np.concatenate([np.zeros(0, np.int64), *(np.arange(end[0], end[-1] + 1) for end in ends)])


def short(words: str) -> str:
    """Cut words to what a cell of the page can hold."""
    words = " ".join(words.split())
    return words if len(words) <= _LONG else words[:_LONG] + "…"


def value_words(spec: LayerSpec, name: str, value: str) -> Text:
    """Give the words for a value that is a code of its field, or several; any other value labels itself, cut short."""
    known = next((item for item in spec.fields if item.name == name and item.codes), None)
    parts = value.split(";")
    if known is None and " / " in value and name in ("", *spec.key):
        return key_words(spec, value)
    if known is None or not all(part in {code.value for code in known.codes} for part in parts):
        text = short(value)
        return Text(text, text.replace(EMPTY_CELL.zh, EMPTY_CELL.en)) if name in ("geometry", "lon") else same(text)
    labels = [known.code_label(part) for part in parts]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def datum_words(value: str) -> Text:
    """Give the words for a datum that a finding names; anything else labels itself, cut short."""
    from ...layers.reading.datum_decision import LABELS

    return LABELS.get(value, same(short(value)))


def key_words(spec: LayerSpec, key: str) -> Text:
    """Give the words for a key whose parts are joined by " / ": operators and other codes by their names."""
    labels = {code.value: code.label for item in spec.fields if item.name in spec.key for code in item.codes}
    parts = [[labels.get(word, same(word)) for word in part.split(";")] for part in key.split(" / ")]
    return Text(
        " / ".join("、".join(word.zh for word in part) for part in parts),
        " / ".join(", ".join(word.en for word in part) for part in parts),
    )
