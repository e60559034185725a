"""What a sheet of a workbook shows beside its values: merged cells, formulas, numbers stored as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...text import Text
from ..reading.headings import match, place
from ..spec import Kind, LayerSpec
from .header import is_number
from .raw_table import RawTable
from .records import Records
from .workbook_xml import SheetXml

Region = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
_WIDE = 3  # columns of one merged cell from which on it is a title among the rows
_NUMBERS = (Kind.INTEGER, Kind.REAL)


def merged_head(records: Records, regions: Sequence[Region]) -> list[list[str]]:
    """Give the first records with merged cells written over all their columns, so that group headings are whole."""
    head = records.head()
    for top, left, _, right in regions:
        if right == left or top >= len(head):
            continue
        text = head[top][left] if left < len(head[top]) else ""
        for column in range(left + 1, min(right + 1, len(head[top]))):
            head[top][column] = head[top][column] or text
    return head


def fill_merged(table: RawTable, regions: Sequence[Region], spec: LayerSpec | None) -> None:
    """Write the text of cells that are merged over several rows into each of them; a number is not repeated.

    A merged name of a county or an operator means every row beside it. A merged number may be a sum or the number of
    the first row, so that those cells stay empty and are told.
    """
    positions = {int(row) - 1: at for at, row in enumerate(table.rows)}
    for top, left, bottom, right in sorted(regions):
        rows = [positions[row] for row in range(top, bottom + 1) if row in positions]
        if left >= len(table.cells) or not rows or rows[0] != positions.get(top):
            continue
        text = str(table.cells[left][rows[0]])
        if right - left + 1 >= _WIDE and len(rows) == 1:
            if _alone(table, rows[0], left) and text.strip():
                table.odd.setdefault(
                    rows[0], ("note_row", Text("横跨多列的分段标题", "the title of a section across columns"))
                )
            continue
        if len(rows) < 2:
            continue
        heading = table.headings[left]
        fills = right == left and bool(text.strip()) and _is_text(heading, text, spec)
        if fills:
            table.cells[left] = table.cells[left].copy()
            table.cells[left][rows[1:]] = text
        numbers = f"{int(table.rows[rows[0]])}–{int(table.rows[rows[-1]])}"
        table.findings.add(
            "merged_cells",
            rows[1:],
            field=heading,
            values="",
            proposed=text if fills else "",
            why=Text(
                f"第 {numbers} 行合并为一个单元格“{text}”，"
                + ("已填入每一行" if fills else "只在首行取值，其余按空值读取"),
                f"rows {numbers} are one merged cell “{text}”; "
                + ("it was written into each" if fills else "only the first row has it, the others read as empty"),
            ),
        )


def _alone(table: RawTable, at: int, column: int) -> bool:
    return not any(str(cells[at]).strip() for other, cells in enumerate(table.cells) if other != column)


def _is_text(heading: str, text: str, spec: LayerSpec | None) -> bool:
    if place(heading) is not None:
        return False
    for item in spec.fields if spec is not None else ():
        if match(heading, item) is not None:
            return item.kind not in _NUMBERS
    return not is_number(text)


def note_formulas(table: RawTable, xml: SheetXml) -> None:
    """Add the findings on formulas among the rows."""
    positions = {int(row) - 1: at for at, row in enumerate(table.rows)}
    empty = set(xml.without_value)
    for cells, code in ((xml.without_value, "formula_without_value"), (xml.formulas, "formula")):
        columns: dict[int, list[int]] = {}
        for row, column in cells:
            if row in positions and column < len(table.headings) and (code != "formula" or (row, column) not in empty):
                columns.setdefault(column, []).append(positions[row])
        for column, at in sorted(columns.items()):
            values = table.cells[column][sorted(at)].tolist()
            if code != "formula":
                values = [xml.without_value[int(table.rows[one]) - 1, column] for one in sorted(at)]
                for one, words in zip(sorted(at), values):
                    table.formulas.setdefault(one, {})[column] = words
            table.findings.add(code, sorted(at), field=table.headings[column], values=values)
    rows = sorted({row + 1 for row, _ in empty if row in positions})
    if rows:
        table.notices.append(
            Text(
                f"{len(rows)} 行含有尚未计算的公式，按空值读取（首个在第 {rows[0]} 行）。"
                "请在 Excel 中打开并保存后再导入。",
                f"{len(rows)} rows hold formulas that were never calculated and read as empty (first in row "
                f"{rows[0]}). Open and save the file in Excel, then import it.",
            )
        )


def note_numbers_as_text(table: RawTable, rows: Sequence[Sequence[object]], spec: LayerSpec | None) -> None:
    """Say which numbers of columns that hold numbers are stored as text; `rows` are the sheet's own values."""
    if spec is None or not rows:
        return
    numbers = table.rows - 1
    for column, heading in enumerate(table.headings):
        items = [item for item in spec.fields if match(heading, item) is not None]
        if place(heading) is None and not any(item.kind in _NUMBERS for item in items):
            continue
        texts = [column < len(rows[row]) and isinstance(rows[row][column], str) for row in numbers.tolist()]
        at = np.array([one for one in np.flatnonzero(texts) if is_number(str(table.cells[column][one]))], dtype=int)
        if len(at):  # one line a column: the rows say the same, and the first value is an example
            table.findings.add("numbers_as_text", at, field=heading, values=str(table.cells[column][at[0]]))


def note_hidden(table: RawTable, xml: SheetXml) -> None:
    """Say which rows are hidden in the sheet; a filter hides rows, and so does somebody who leaves them out."""
    at = np.flatnonzero(np.isin(table.rows - 1, xml.hidden))
    table.findings.add(
        "hidden_rows",
        at,
        why=Text(
            f"工作表中隐藏了 {len(at)} 行（可能是筛选），已按数据读取；不需要时请先在表中删除",
            f"{len(at)} rows are hidden in the sheet (perhaps by a filter) and were read as data; delete them there if "
            "they are not wanted",
        ),
    )
