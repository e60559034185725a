"""From a table as it stands in a file to rows of a layer: every row is either written or set aside with its reason.

Nothing here writes a file. The count is checked: rows in = rows out + rows set aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...errors import InputError
from ...text import Text
from ..spec import Field, Kind, LayerSpec
from ..table import LayerTable
from .derived import count_values, derive, derived_notice, garbled, mixed_notice
from .encoding import repaired
from .evidence import Decision
from .fold import fold
from .identity import row_keys, row_uuids
from .mapping import Mapping
from .plausible import Issue
from .positions import check_possible, locate
from .raw_table import RawTable
from .reasons import SET_ASIDE, VALUE_ISSUES, Reasons
from .values import KEPT, PLAIN, REASONS, Column, expected, is_null, read_column, typed

_TOTAL = re.compile(r"(?:合计|总计|小计|共计|累计|汇总|total|subtotal|grandtotal|sum)\d*(?:个|座|条|行|户|人)?")
_LOOKED_AT_FOR_TOTALS = 3
_ROW_CODES = frozenset(("unknown_code", "wrong_digits", "scientific", "not_a_village"))
ASIDE_COLUMNS = ("row", "reason_code", "reason_zh", "reason_en", "original")
ISSUE_COLUMNS = ("row", "field", "reason_code", "reason_zh", "reason_en", "original")


def _quiet(fraction: float) -> None:
    """Report to nobody."""


@dataclass
class Converted:
    """What became of a table.

    Attributes
    ----------
    table : LayerTable
        The rows to write, with uuid, source_file and source_row.
    set_aside : pandas.DataFrame
        Columns `ASIDE_COLUMNS`, one row a source row, in source order.
    value_issues : pandas.DataFrame
        Columns `ISSUE_COLUMNS`: cells of written rows that were emptied or changed.
    reasons : dict of str to int
        Number of rows set aside by the code of their first reason.
    rows_in, rows_without_place : int
    notices : list of Text
        What the planner should know of the file as a whole.
    derived : dict of str to dict
        By field: how many cells of written rows were filled from another field, by their value.
    """

    table: LayerTable
    set_aside: pd.DataFrame
    value_issues: pd.DataFrame
    rows_in: int
    rows_without_place: int
    reasons: dict[str, int] = field(default_factory=dict)
    notices: list[Text] = field(default_factory=list)
    derived: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def rows_out(self) -> int:
        """Number of rows to write."""
        return len(self.table)


def convert(
    raw: RawTable,
    spec: LayerSpec,
    mapping: Mapping,
    decision: Decision,
    taken: AnyMapping[str, str] | None = None,
    progress: Callable[[float], None] = _quiet,
) -> Converted:
    """Turn a table into rows of a layer.

    Parameters
    ----------
    raw : RawTable
    spec : LayerSpec
    mapping : Mapping
        Complete: every required field has a column or a constant.
    decision : Decision
        The datum of the coordinates.
    taken : mapping, optional
        Keys (`identity.row_keys`) that the workspace holds from other sources, and where each comes from.
    progress : callable
        Takes 0 to 1.

    Raises
    ------
    InputError
        The file as a whole cannot be what was stated; see `positions.locate` and `positions.check_possible`.
    """
    check_possible(raw, mapping, decision, spec)
    count = len(raw)
    aside = Reasons()
    for at, words in raw.damaged.items():
        aside.add([at], "damaged_row", words)
    _totals_and_headers(raw, mapping, spec, aside)
    odd = set(aside.by_row)
    columns: dict[str, pd.Series] = {}
    issues: list[Issue] = []
    silent: dict[str, np.ndarray] = {}
    for done, item in enumerate(spec.fields):
        texts, column = _column(raw, mapping, spec, item)
        columns[item.name] = column.cells
        _judge(item, texts, column, odd, aside, issues)
        issues += garbled(item, texts, column, odd)
        if item.derive is not None:
            silent[item.name] = np.array([is_null(str(text)) for text in texts], dtype=bool)
        progress(0.6 * done / len(spec.fields))
    located = locate(raw, mapping, decision, spec, aside)
    for at in odd:  # a row of totals has no coordinates either; once said is enough
        del aside.by_row[at][1:]
    progress(0.8)
    filled = {name: derive(spec.field(name), columns, where) for name, where in silent.items()}
    frame = pd.DataFrame(columns)
    keys = row_keys(spec, frame) if count else []
    _duplicates(raw, keys, taken or {}, aside)
    keep = np.ones(count, dtype=bool)
    keep[list(aside.by_row)] = False
    issues = [issue for issue in issues + located.issues if keep[issue[0]]]
    for at, original, change in located.repairs:
        words = Text(f"{original}；{change.zh}", f"{original}; {change.en}")
        if keep[at]:
            issues.append((at, "geometry", "geometry_repaired", words, original))
    frame["source_file"] = pd.Series([raw.name] * count, dtype="str")
    frame["source_row"] = typed(raw.rows.astype(object), Kind.INTEGER)
    frame["uuid"] = pd.Series(row_uuids(spec, keys), dtype="str")
    table = LayerTable(spec, frame[keep].reset_index(drop=True), located.geometry[keep])
    converted = Converted(
        table,
        _aside_frame(raw, aside),
        _issue_frame(raw, spec, issues),
        count,
        int(shapely.is_missing(table.geometry).sum()),
        aside.counts(),
        [*located.notices, *mixed_notice(issues)],
        {name: counts for name, where in filled.items() if (counts := count_values(frame[name][where & keep]))},
    )
    converted.notices += [derived_notice(spec, name, counts) for name, counts in converted.derived.items()]
    if converted.rows_in != converted.rows_out + len(converted.set_aside):
        raise RuntimeError(
            f"{raw.name}: {converted.rows_in} rows in, {converted.rows_out} out, {len(converted.set_aside)} set aside"
        )
    progress(1.0)
    return converted


def _column(raw: RawTable, mapping: Mapping, spec: LayerSpec, item: Field) -> tuple[np.ndarray, Column]:
    is_key = item.name in spec.key
    count = len(raw)
    if item.name in mapping.constants:
        text = mapping.constants[item.name]
        one = read_column(np.array([text.replace("{row}", "1")], dtype=object), item, is_key=is_key)
        if one.reasons[0] or one.cells.isna()[0]:
            raise InputError(
                Text(
                    "字段对照文件中“{label}”的常量“{text}”无法识别。",
                    "The constant “{text}” for “{label}” in the field mapping is not understood.",
                ).filled(label=item.label, text=text),
                Text("应为：{want}。", "It should be: {want}.").filled(want=expected(item)),
            )
        texts = np.array([text.replace("{row}", str(row)) for row in raw.rows], dtype=object)
    elif item.name in mapping.fields:
        texts = raw.cells[mapping.fields[item.name]]
    else:
        texts = np.full(count, "", dtype=object)
    return texts, read_column(texts, item, unit=mapping.units.get(item.name, ""), is_key=is_key)


def _judge(
    item: Field,
    texts: np.ndarray,
    column: Column,
    odd: set[int],
    aside: Reasons,
    issues: list[Issue],
) -> None:
    """Set rows aside for a required value, note an issue for any other."""
    for at in np.flatnonzero(column.reasons != ""):
        if int(at) in odd:
            continue
        reason = str(column.reasons[at])
        if item.required and reason not in KEPT:
            code = reason if reason in _ROW_CODES else "bad_required"
            aside.add([at], code, _why(item, reason, str(texts[at])))
        else:
            text = str(texts[at])
            issues.append((int(at), item.name, reason, _why(item, reason, text), text))
    if item.required:
        gone = column.cells.isna().to_numpy() & (column.reasons == "")
        aside.add([at for at in np.flatnonzero(gone) if int(at) not in odd], "missing_required", item.label)


def _why(item: Field, reason: str, text: str) -> Text:
    want, said = expected(item), REASONS[reason]
    zh, en = f"{item.label.zh}“{text}”{said.zh}", f"{item.label.en} “{text}”: {said.en}"
    if want.zh and reason not in PLAIN:
        zh, en = f"{zh}（应为：{want.zh}）", f"{en} (expected: {want.en})"
    if right := repaired(text):
        zh, en = f"{zh}；疑似乱码，可能应为“{right}”", f"{en}; it looks garbled and may be “{right}”"
    return Text(zh, en)


def _totals_and_headers(raw: RawTable, mapping: Mapping, spec: LayerSpec, aside: Reasons) -> None:
    """Set aside rows of totals, and the headings where they stand again between the rows."""
    if raw.geometry is not None or not len(raw):
        return
    telling = {mapping.fields[name] for name in (*spec.key, spec.title) if name in mapping.fields}
    telling |= set(range(min(_LOOKED_AT_FOR_TOTALS, len(raw.cells))))
    total = np.zeros(len(raw), dtype=bool)
    for at in sorted(telling):
        codes, uniques = pd.factorize(raw.cells[at])
        total |= np.array([bool(_TOTAL.fullmatch(fold(str(text)))) for text in uniques], dtype=bool)[codes]
    header = np.ones(len(raw), dtype=bool)
    for at in mapping.fields.values():
        header &= raw.cells[at] == raw.headings[at]
    if mapping.fields:
        aside.add(np.flatnonzero(header), "repeated_header")
        total &= ~header
    aside.add(np.flatnonzero(total), "total_row")


def _duplicates(raw: RawTable, keys: list[str], taken: AnyMapping[str, str], aside: Reasons) -> None:
    """Set aside a row whose key an earlier kept row, or another source in the workspace, already has."""
    first: dict[str, int] = {}
    for at, key in enumerate(keys):
        if at in aside.by_row:
            continue
        if key in first:
            number = raw.rows[first[key]]
            aside.add([at], "duplicate", Text(f"第 {number} 行", f"row {number}"))
        elif key in taken:
            aside.add([at], "in_workspace", Text(taken[key] or "在 QGIS 中绘制", taken[key] or "drawn in QGIS"))
        else:
            first[key] = at


def _aside_frame(raw: RawTable, aside: Reasons) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for at in sorted(aside.by_row):
        words = aside.words(at)
        rows.append((int(raw.rows[at]), aside.by_row[at][0][0], words.zh, words.en, raw.original(at)))
    return pd.DataFrame(rows, columns=list(ASIDE_COLUMNS))


def _issue_frame(raw: RawTable, spec: LayerSpec, issues: list[Issue]) -> pd.DataFrame:
    order = {item.name: at for at, item in enumerate(spec.fields)}
    issues.sort(key=lambda issue: (issue[0], order.get(issue[1], len(order))))
    rows = [(int(raw.rows[at]), name, code, why.zh, why.en, text) for at, name, code, why, text in issues]
    return pd.DataFrame(rows, columns=list(ISSUE_COLUMNS))


def reason_label(code: str) -> Text:
    """Give the words of a reason's code, of a row or of a value."""
    return SET_ASIDE.get(code) or VALUE_ISSUES.get(code) or REASONS[code]
