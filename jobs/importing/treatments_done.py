"""What an import changed: every treatment row by row with what stood there and by whose order, and the spellings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import APPLY, KEEP, FindingKind, act
from ...layers.findings.outcome import outcome
from ...layers.html_report import Section
from ...layers.spec import LayerSpec
from ...text import NOTHING, Text, same
from .findings_lines import field_words, short, value_words

if TYPE_CHECKING:
    import pandas as pd

    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.reading.converted import Converted
    from .request import Request

SHOWN_ROWS = 100
SHOWN_PAIRS = 200  # of a field without a code list, where every row may say something else
_GROUPED = "grouped"
_CHOSEN = Text("本次选择", "chosen for this import")
_RECIPE = Text("处理方案", "the recipe")
_DEFAULT = Text("默认", "default")


class Done(NamedTuple):
    """One treatment of one row."""

    row: int
    field: str
    kind: FindingKind
    before: str
    after: Text
    act: Text
    order: Text


def treatments_done(diagnosis: Diagnosis, request: Request) -> list[Done]:
    """Give every treatment of a row that was written or merged, in the order of the rows.

    A spelling that is read without doubt is no treatment; nothing is chosen about it.
    """
    converted = diagnosis.converted
    if converted is None:
        raise ValueError("nothing was converted")
    orders = _Orders(request, converted)
    found = [
        *_changed(diagnosis.spec, converted, orders),
        *_merged(diagnosis, orders),
        *_repaired(diagnosis, converted, orders),
    ]
    return sorted(found, key=lambda done: (done.row, done.field, done.kind.code))


class _Orders:
    """Who ordered what."""

    def __init__(self, request: Request, converted: Converted) -> None:
        self._request = request
        self._keys: dict[int, str] = {}
        if any(row.startswith("key ") for _, row in request.orders.treatments.by_row):
            from ...layers.reading.identity import row_keys, shown_key

            table = converted.table
            keys = map(shown_key, row_keys(table.spec, table.columns))
            self._keys = dict(zip(table.columns["source_row"].astype(int).tolist(), keys))

    def action(self, code: str, row: int) -> str:
        """Give the action that holds for a finding in a row."""
        return self._request.orders.treatments.action(code, row, self._keys.get(row, ""))

    def of(self, code: str, row: int) -> Text:
        """Say by whose order that is so."""
        recipe = self._request.recipe
        givers = [(self._request.chosen, _CHOSEN), *([(recipe.treatments, _RECIPE)] if recipe is not None else [])]
        key = self._keys.get(row, "")
        names = [f"row {row}", *([f"key {key}"] if key else [])]
        for given, words in givers:
            if any((code, name) in given.by_row for name in names):
                return words
        return next((words for given, words in givers if code in given.by_code), _DEFAULT)


def _is_treatment(code: str) -> bool:
    actions = KINDS[code].actions
    return APPLY in actions and len(actions) > 1


def _changed(spec: LayerSpec, converted: Converted, orders: _Orders) -> Iterator[Done]:
    changes = converted.changes
    chosen = changes[changes["code"].map(_is_treatment).astype(bool)] if len(changes) else changes
    for row, name, code, before, value in chosen[["source_row", "field", "code", "original", "value"]].itertuples(
        index=False
    ):
        kind, action = KINDS[code], orders.action(code, int(row))
        if kind.group != "geometry":
            after = outcome(kind, KEEP if not value else action, value_words(spec, name, value))
            yield Done(int(row), name, kind, before, after, act(kind, action), orders.of(code, int(row)))


def _merged(diagnosis: Diagnosis, orders: _Orders) -> Iterator[Done]:
    converted, kind = diagnosis.converted, KINDS["exact_duplicate"]
    if converted is None:
        return
    for row, into, original in converted.merged.itertuples(index=False):
        after = outcome(kind, APPLY, NOTHING, f"row {into}")
        yield Done(int(row), "", kind, original, after, act(kind, APPLY), orders.of(kind.code, int(row)))


def _repaired(diagnosis: Diagnosis, converted: Converted, orders: _Orders) -> Iterator[Done]:
    """Give the repairs of shapes, and rows deleted by hand that were brought back."""
    written = set(converted.table.columns["source_row"].dropna().astype(int).tolist())
    for block in diagnosis.findings:
        kind = KINDS[block.code]
        told = block.code == "deleted_by_hand" or (kind.group == "geometry" and block.grave != "informs")
        if block.at is None or not told or not _is_treatment(block.code):
            continue
        originals = np.broadcast_to(block.originals, len(block.at))
        for index, at in enumerate(block.at.tolist()):
            row = int(diagnosis.raw.rows[at])
            if row in written and orders.action(block.code, row) == APPLY:
                why = block.why[index if len(block.why) > 1 else 0]
                yield Done(row, block.field, kind, originals[index], why, act(kind, APPLY), orders.of(block.code, row))


def treatments_section(spec: LayerSpec, done: list[Done]) -> list[Section]:
    """List the treatments, the first ones of many, and count the rest by kind."""
    if not done:
        return []
    words = []
    if rest := done[SHOWN_ROWS:]:
        counts: dict[str, int] = {}
        for one in rest:
            counts[one.kind.code] = counts.get(one.kind.code, 0) + 1
        zh = "、".join(f"{KINDS[code].label.zh} {count} 处" for code, count in counts.items())
        en = ", ".join(f"{KINDS[code].label.en} {count}" for code, count in counts.items())
        words = [
            Text(
                f"共 {len(done)} 处，此处列出前 {SHOWN_ROWS} 处；其余 {len(rest)} 处（{zh}）见 findings.csv，"
                "合并的行见 merged.csv。",
                f"The first {SHOWN_ROWS} of {len(done)}; the other {len(rest)} ({en}) are in findings.csv, and merged rows "
                "in merged.csv.",
            )
        ]
    heads = (
        *(("行号", "Row"), ("字段", "Field"), ("问题", "Finding"), ("处理", "Treatment"), ("原值", "Before")),
        *(("处理后", "After"), ("由谁决定", "By order of")),
    )
    rows = [
        (
            *(one.row, field_words(spec, one.field) if one.field else NOTHING, one.kind.label, one.act),
            *(short(one.before), Text(short(one.after.zh), short(one.after.en)), one.order),
        )
        for one in done[:SHOWN_ROWS]
    ]
    return [Section(Text("已作的处理", "Treatments"), words, headings=[Text(*head) for head in heads], rows=rows)]


def spellings_section(spec: LayerSpec, converted: Converted) -> list[Section]:
    """List every pair of values that differ in their spelling, and apart from them what was put under a coarser class."""
    changes = converted.changes
    if changes.empty:
        return []
    untreated = changes[~changes["code"].map(_is_treatment).astype(bool)]
    is_grouped = untreated["code"] == _GROUPED
    spelt, grouped = (
        Text("含义不变、只统一写法的取值。", "Values whose spelling alone was changed."),
        Text(
            "多个不同的词归入同一类别，原词的区别不再保留（原文见历史记录）。",
            "Several words were put under one class; what sets them apart is kept in the history only.",
        ),
    )
    return [
        *_pairs(spec, untreated[~is_grouped], Text("统一的写法", "Spellings"), spelt),
        *_pairs(spec, untreated[is_grouped], Text("归类的取值", "Values grouped"), grouped),
    ]


def _pairs(spec: LayerSpec, changes: pd.DataFrame, heading: Text, words: Text) -> list[Section]:
    rows = []
    for (code, name), part in changes.groupby(["code", "field"], sort=False):
        counts = part.groupby(["original", "value"], sort=False).size().sort_values(ascending=False, kind="stable")
        pairs = (
            counts
            if len(counts) <= SHOWN_PAIRS or code == _GROUPED or _is_coded(spec, name)
            else counts.iloc[:SHOWN_PAIRS]
        )
        rows += [
            (KINDS[code].label, field_words(spec, name), *_pair(spec, name, *pair), int(count))
            for pair, count in pairs.items()
        ]
        if rest := len(counts) - len(pairs):
            more = Text(f"其余 {rest} 种，逐行见 findings.csv", f"{rest} more pairs, row by row in findings.csv")
            rows.append(
                (KINDS[code].label, field_words(spec, name), more, NOTHING, int(counts.iloc[len(pairs) :].sum()))
            )
    heads = (("写法", "Spelling"), ("字段", "Field"), ("原值", "Before"), ("写入", "Written"), ("数量", "Count"))
    return [Section(heading, [words], headings=[Text(*head) for head in heads], rows=rows)] if rows else []


def _is_coded(spec: LayerSpec, name: str) -> bool:
    return any(item.name == name and item.codes for item in spec.fields)


def _pair(spec: LayerSpec, name: str, before: str, after: str) -> tuple[Text, Text]:
    shown = value_words(spec, name, str(after))
    return same(short(str(before))), shown if shown.zh else Text("（空）", "(empty)")
