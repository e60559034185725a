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
    merged: dict[int, int] = {}
    for at, key in enumerate(keys):
        if at in aside.by_row or not key:
            continue
        if key in first:
            earlier = first[key]
            number = raw.rows[earlier]
            code = "exact_duplicate" if _same_cells(raw, earlier, at) else "duplicate"
            if code == "exact_duplicate" and treatments.action(code, at) == APPLY:
                merged[at] = earlier
            else:
                aside.add([at], code, Text(f"第 {number} 行", f"row {number}"), value=shown_key(key))
        elif key in taken:
            where = taken[key]
            words = Text(where or "在 QGIS 中绘制", where or "drawn in QGIS")
            aside.add([at], "in_workspace", words, value=shown_key(key))
        else:
            first[key] = at
    return merged


def _same_cells(raw: RawTable, one: int, other: int) -> bool:
    if any(cells[one] != cells[other] for cells in raw.cells):
        return False
    return raw.geometry is None or bool(shapely.equals_identical(raw.geometry[one], raw.geometry[other]))
