"""Rows that are no rows of data, or that say what another row has said: totals, headings repeated, duplicates."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from ...text import Text
from ..cells.fold import fold
from ..cells.signs import is_null
from ..findings.kind import APPLY
from ..findings.treatments import RowTreatments
from ..sources.raw_table import RawTable
from ..spec import Field, Kind, LayerSpec
from .identity import shown_key
from .mapping import Mapping
from .reasons import Reasons

_WORDS = "合计|总计|小计|共计|累计|汇总"
_COUNT = r"\d*(?:个|座|条|行|户|人|站|处|村|组|芯)?"
_TOTAL = re.compile(rf"(?:{_WORDS}|total|subtotal|grandtotal|sum){_COUNT}")
# "岳城镇小计": a total only where the row lacks what every row has.
_TOTAL_OF = re.compile(rf".{{1,30}}(?:{_WORDS}){_COUNT}")
_LOOKED_AT_FOR_TOTALS = 3
_NAMED = 10  # rows that a finding names one by one
_LONGEST_CELL = 20  # signs of a value that is told beside another


def totals_and_headers(raw: RawTable, mapping: Mapping, spec: LayerSpec, aside: Reasons) -> None:
    """Set aside rows of totals, and the headings where they stand again between the rows."""
    if raw.geometry is not None or not len(raw):
        return
    telling = {mapping.fields[item.name] for item in spec.fields if item.name in mapping.fields and _tells(item, spec)}
    telling |= set(range(min(_LOOKED_AT_FOR_TOTALS, len(raw.cells))))
    needed = {mapping.fields[item.name] for item in spec.fields if item.required and item.name in mapping.fields}
    total = np.zeros(len(raw), dtype=bool)
    for at in sorted(telling):
        total |= _says_total(raw.cells, at, needed - {at})
    header = np.ones(len(raw), dtype=bool)
    for at in mapping.fields.values():
        header &= raw.cells[at] == raw.headings[at]
    if mapping.fields:
        aside.add(np.flatnonzero(header), "repeated_header")
        total &= ~header
    aside.add(np.flatnonzero(total), "total_row")


def _tells(item: Field, spec: LayerSpec) -> bool:
    return item.kind is Kind.TEXT and (item.name in (*spec.key, spec.title) or item.name.endswith("name"))


def _says_total(columns: Sequence[np.ndarray], column: int, needed: set[int]) -> np.ndarray:
    """Tell which cells of a column are words for a total, alone or after a name, shape (n,) bool.

    After a name they count only where one of the other columns `needed` is empty.
    """
    # Every such word has one of these signs: few texts are left to be folded and compared in full.
    cells = columns[column]
    perhaps = pc.match_substring_regex(pa.array(cells, pa.large_string()), "(?i)计|汇|ｔ|ｓ|tot|sum|t o|s u")
    found = np.asarray(perhaps.to_numpy(zero_copy_only=False), dtype=bool).copy()
    for at in np.flatnonzero(found):
        words = fold(str(cells[at]))
        of_name = _TOTAL_OF.fullmatch(words) and any(is_null(str(columns[other][at])) for other in needed)
        found[at] = bool(_TOTAL.fullmatch(words) or of_name)
    return found


def duplicates(
    raw: RawTable, keys: list[str], taken: AnyMapping[str, str], aside: Reasons, treatments: RowTreatments
) -> dict[int, int]:
    """Set aside a row whose key an earlier kept row, or another source in the workspace, already has.

    Returns
    -------
    dict of int to int
        Rows that say the same as an earlier one in every cell and are to be merged into it, by position.
    """
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    merged: dict[int, int] = {}
    for at, key in enumerate(keys):
        if at in aside.by_row or not key:
            continue
        if key in first:
            again.setdefault(key, []).append(at)
        elif key in taken:
            where = taken[key]
            words = Text(where or "在 QGIS 中绘制", where or "drawn in QGIS")
            aside.add([at], "in_workspace", words, value=shown_key(key), related=words.en)
        else:
            first[key] = at
    for key, rows in again.items():
        earlier = first[key]
        for at in rows:
            code = "exact_duplicate" if _same_cells(raw, earlier, at) else "duplicate"
            if code == "exact_duplicate" and treatments.action(code, at) == APPLY:
                merged[at] = earlier
            else:
                words, related = _all_rows(raw, earlier, rows, at)
                if code == "duplicate":
                    differing = _differing(raw, earlier, at)
                    words = Text(f"{words.zh}，不同之处：{differing.zh}", f"{words.en}; it differs in {differing.en}")
                aside.add([at], code, words, value=shown_key(key), related=related)
    return merged


def _all_rows(raw: RawTable, earlier: int, rows: Sequence[int], at: int) -> tuple[Text, str]:
    """Name the row that a row repeats and, of more than two, all that have the key; in words, and without itself."""
    group = [int(raw.rows[one]) for one in (earlier, *rows)]
    more = len(group) > _NAMED
    others = [f"row {number}" for number in group if number != raw.rows[at]]
    related = ", ".join(others[:_NAMED]) + (" …" if more else "")
    if len(group) == 2:
        return Text(f"第 {group[0]} 行", f"row {group[0]}"), related
    shown = [str(number) for number in group[:_NAMED]]
    zh, en = "、".join(shown) + (" 等" if more else ""), ", ".join(shown) + (" and others" if more else "")
    return Text(
        f"第 {group[0]} 行（共 {len(group)} 行：第 {zh} 行）", f"row {group[0]} ({len(group)} rows in all: {en})"
    ), related


def _differing(raw: RawTable, one: int, other: int) -> Text:
    """Name the columns in which two rows differ, with both values of the first ones."""
    found = []
    for heading, cells in zip(raw.headings, raw.cells):
        if cells[one] != cells[other]:
            found.append((str(heading), _brief(cells[one]), _brief(cells[other])))
    pairs = [f"{heading}（{was} / {now}）" for heading, was, now in found[:_NAMED]]
    pairs_en = [f"{heading} ({was} / {now})" for heading, was, now in found[:_NAMED]]
    if raw.geometry is not None and not shapely.equals_identical(raw.geometry[one], raw.geometry[other]):
        pairs.append("位置")
        pairs_en.append("place")
    more = len(found) > _NAMED
    return Text("、".join(pairs) + (" 等" if more else ""), ", ".join(pairs_en) + (" and others" if more else ""))


def _brief(cell: object) -> str:
    words = " ".join(str(cell).split())
    return (words if len(words) <= _LONGEST_CELL else f"{words[:_LONGEST_CELL]}…") or "—"


def _same_cells(raw: RawTable, one: int, other: int) -> bool:
    if any(cells[one] != cells[other] for cells in raw.cells):
        return False
    return raw.geometry is None or bool(shapely.equals_identical(raw.geometry[one], raw.geometry[other]))
