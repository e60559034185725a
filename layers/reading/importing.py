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
from .evidence import Decision
from .fold import fold
from .identity import row_keys, row_uuids
from .mapping import Mapping
from .positions import check_possible, locate
from .raw_table import RawTable
from .reasons import SET_ASIDE, VALUE_ISSUES, Reasons
from .values import KEPT, REASONS, Column, expected, read_column, typed

_TOTAL = re.compile(r"(?:合计|总计|小计|共计|累计|汇总|total|subtotal|grandtotal|sum)\d*(?:个|座|条|行|户|人)?")
_LOOKED_AT_FOR_TOTALS = 3
_ROW_CODES = {"unknown_code": "unknown_code", "wrong_digits": "wrong_digits", "scientific": "scientific"}
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
    """

    table: LayerTable
    set_aside: pd.DataFrame
    value_issues: pd.DataFrame
    rows_in: int
    rows_without_place: int
    reasons: dict[str, int] = field(default_factory=dict)

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
    issues: list[tuple[int, str, str, Text, str]] = []
    for done, item in enumerate(spec.fields):
        texts, column = _column(raw, mapping, spec, item)
        columns[item.name] = column.cells
        _judge(item, texts, column, odd, aside, issues)
        progress(0.6 * done / len(spec.fields))
    located = locate(raw, mapping, decision, spec, aside)
    for at in odd:  # a row of totals has no coordinates either; once said is enough
        del aside.by_row[at][1:]
    progress(0.8)
    frame = pd.DataFrame(columns)
    keys = row_keys(spec, frame) if count else []
    _duplicates(raw, keys, taken or {}, aside)
    keep = np.ones(count, dtype=bool)
    keep[list(aside.by_row)] = False
    for at, original, change in located.repairs:
        words = Text(f"{original}；{change.zh}", f"{original}; {change.en}")
        issues.append((at, "geometry", "geometry_repaired", words, original))
    frame["source_file"] = pd.Series([raw.name] * count, dtype="str")
    frame["source_row"] = typed(raw.rows.astype(object), Kind.INTEGER)
    frame["uuid"] = pd.Series(row_uuids(spec, keys), dtype="str")
    table = LayerTable(spec, frame[keep].reset_index(drop=True), located.geometry[keep])
    converted = Converted(
        table,
        _aside_frame(raw, aside),
        _issue_frame(raw, spec, [issue for issue in issues if keep[issue[0]]]),
        count,
        int(shapely.is_missing(table.geometry).sum()),
        aside.counts(),
    )
    if converted.rows_in != converted.rows_out + len(converted.set_aside):
        raise RuntimeError(
            f"{raw.name}: {converted.rows_in} rows in, {converted.rows_out} out, {len(converted.set_aside)} set aside"
        )
    progress(1.0)
    return converted


def taken_keys(spec: LayerSpec, rows: pd.DataFrame, source_file: str) -> tuple[dict[str, str], set[str]]:
    """Split the keys of a workspace's layer by source.

    Parameters
    ----------
    spec : LayerSpec
    rows : pandas.DataFrame
        Key fields, source_file and source_row of every row in the layer.
    source_file : str
        The source that is about to be imported.

    Returns
    -------
    dict
        Key → where it comes from, of rows of other sources.
    set
        Keys of the rows of this source.
    """
    if rows.empty:
        return {}, set()
    keys = row_keys(spec, rows)
    files = ["" if missing else str(name) for name, missing in zip(rows["source_file"], rows["source_file"].isna())]
    numbers = rows["source_row"].tolist()
    other = {
        key: f"{file}:{number}" if file else ""
        for key, file, number in zip(keys, files, numbers)
        if file != source_file
    }
    return other, {key for key, file in zip(keys, files) if file == source_file}


def check_same_source(raw: RawTable, converted: Converted, own: set[str]) -> None:
    """Refuse to replace the rows of another file that happens to have the same name.

    A newer edition of a file shares keys with the older one; where none is shared and both have rows, the older rows
    belong to a different file.

    Raises
    ------
    InputError
        No key is shared.
    """
    if own and len(converted.table) and own.isdisjoint(row_keys(converted.table.spec, converted.table.columns)):
        raise InputError(
            Text(
                f"工作区中已有另一份同名文件“{raw.name}”的 {len(own)} 行数据（主键无一相同），继续导入会将其替换。",
                f"The workspace holds rows of another file named “{raw.name}” ({len(own)} rows, not one key in "
                "common); going on would replace them.",
            ),
            Text(
                "请将源文件改名（例如加上运营商名称）后再导入；如确要替换，请先在工作区中删除这些行。",
                "Rename the source file, for example with the operator's name, and import it; to replace the rows, "
                "delete them in the workspace first.",
            ),
        )


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
    issues: list[tuple[int, str, str, Text, str]],
) -> None:
    """Set rows aside for a required value, note an issue for any other."""
    for at in np.flatnonzero(column.reasons != ""):
        if int(at) in odd:
            continue
        reason = str(column.reasons[at])
        if item.required and reason not in KEPT:
            code = _ROW_CODES.get(reason, "bad_required")
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
    if want.zh and reason not in KEPT:
        zh, en = f"{zh}（应为：{want.zh}）", f"{en} (expected: {want.en})"
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


def _issue_frame(raw: RawTable, spec: LayerSpec, issues: list[tuple[int, str, str, Text, str]]) -> pd.DataFrame:
    order = {item.name: at for at, item in enumerate(spec.fields)}
    issues.sort(key=lambda issue: (issue[0], order.get(issue[1], len(order))))
    rows = [(int(raw.rows[at]), name, code, why.zh, why.en, text) for at, name, code, why, text in issues]
    return pd.DataFrame(rows, columns=list(ISSUE_COLUMNS))


def reason_label(code: str) -> Text:
    """Give the words of a reason's code, of a row or of a value."""
    return SET_ASIDE.get(code) or VALUE_ISSUES.get(code) or REASONS[code]
