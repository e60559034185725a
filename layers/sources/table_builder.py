"""From the records of a text table or sheet to a table with headings, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from .angle_parts import join_parts
from .below_header import look_below
from .header import Block, find_block, with_units
from .heading_notes import note_headings
from .raw_table import RawTable
from .records import Records

_NAMELESS = 0.2  # share of rows from which on cells beyond the headings are a column without a heading
_BROKEN = 0.05  # share of short rows up to which two that add up to a whole one are one that was broken


def build(
    path: Path, form: str, records: Records, spec: LayerSpec | None, *, head: Sequence[Sequence[str]] | None = None
) -> RawTable:
    """Turn records into a table.

    Parameters
    ----------
    path : pathlib.Path
    form : str
        Format, such as "CSV".
    records : Records
    spec : LayerSpec, optional
        The layer that is wanted; it finds the headings.
    head : sequence of sequences of str, optional
        The first records with merged headings written over all their columns, where the format tells of them.

    Raises
    ------
    InputError
        There is no text at all.
    """
    first = records.head() if head is None else head
    if not records.filled.any():
        raise InputError(
            Text(f"{path.name} 没有任何文字。", f"{path.name} holds no text at all."),
            Text("请确认选择的文件或工作表。", "Check the file or the sheet that was chosen."),
        )
    block = find_block(first, spec)
    if block is None:
        start = next(at for at in range(len(records)) if records.filled[at])
        block = Block(start, start, numbered(len(records.columns)), known=False)
    records.widen(len(block.headings))
    positions = block.stop + np.flatnonzero(records.filled[block.stop :])
    table = RawTable(path, form, block.headings, _cells(records, positions), positions + 1)
    table.blank_rows = len(records) - block.stop - len(positions)
    table.header_row = block.stop if block.stop > block.start else None
    _beyond(table, records, positions, physical=int(records.widths[block.start : block.stop].max(initial=0)))
    _broken(table, records, positions)
    if table.header_row is None:
        table.headings = numbered(len(table.cells))
    table.odd, units = look_below(table.cells, records.filled[positions], table.headings, spec)
    table.damaged = {at: words for at, words in table.damaged.items() if at not in table.odd}
    table.headings = with_units(table.headings, units, spec)
    table.preamble = [
        (number, " ".join(dict.fromkeys(cell.strip() for cell in records.row(number - 1) if cell.strip())))
        for number in range(1, block.start + 1)
        if records.filled[number - 1]
    ]
    _note_rows(table, block)
    note_headings(table, spec)
    join_parts(table)
    return table


def numbered(width: int) -> list[str]:
    """Give the headings of columns that have none: their numbers, by which a field mapping may name them."""
    return [f"#{number}" for number in range(1, width + 1)]


def _cells(records: Records, positions: np.ndarray) -> list[np.ndarray]:
    """Give the columns below the headings; those records are taken by a slice where none is left out."""
    if len(positions) and len(positions) == len(records) - positions[0]:
        return [column[positions[0] :] for column in records.columns]
    return [column[positions] for column in records.columns]


def _beyond(table: RawTable, records: Records, positions: np.ndarray, physical: int) -> None:
    """Tell a column without a heading from single rows with more cells than there are headings."""
    width = len(table.headings)
    if table.header_row is None or (len(table.cells) <= width and not records.tails):
        table.headings += [""] * (len(table.cells) - width)
        return
    beyond = [
        np.fromiter(map(str.strip, column), dtype=object, count=len(column)) != "" for column in table.cells[width:]
    ]
    keep = width
    for at, full in enumerate(beyond, start=width + 1):
        if at <= physical and full.sum() > max(2, _NAMELESS * len(positions)):
            keep = at
    table.headings += [""] * (keep - width)
    more = np.zeros(len(positions), dtype=bool)
    for full in beyond[keep - width :]:
        more |= full
    tails = {at: cells for at, cells in records.tails.items() if any(cell.strip() for cell in cells)}
    for at in sorted({*np.flatnonzero(more).tolist(), *np.searchsorted(positions, sorted(tails)).tolist()}):
        if at >= len(positions):
            continue
        position = int(positions[at])
        row = [str(column[at]) for column in table.cells[keep:]] + tails.get(position, [])
        while row and not row[-1].strip():
            row.pop()
        if not row:
            continue
        count = keep + len(row)
        table.tail[at] = row
        table.damaged[at] = Text(
            f"该行有 {count} 个单元格，表头只有 {keep} 列", f"the row has {count} cells under {keep} headings"
        )
    del table.cells[keep:]


def _broken(table: RawTable, records: Records, positions: np.ndarray) -> None:
    """Set aside the two parts of a row that a line break in a cell without quotes has broken."""
    widths = records.widths[positions]
    if len(widths) < 2:
        return
    usual = Counter(widths[:1000].tolist()).most_common(1)[0][0]
    short = widths < usual
    if usual < 4 or not short.any() or short.sum() > max(2, _BROKEN * len(widths)):
        return
    follows = (np.diff(positions) == 1) & short[:-1] & short[1:] & (widths[:-1] + widths[1:] == usual + 1)
    words = Text("疑似单元格内有换行，一行断成了两行", "perhaps one row that a line break in a cell has broken in two")
    for at in np.flatnonzero(follows):
        for part in (int(at), int(at) + 1):
            table.damaged.setdefault(part, words)


def _note_rows(table: RawTable, block: Block) -> None:
    found = table.findings
    if table.header_row is None:
        words = Text(
            "没有识别到表头，第一行已作为数据读取；列依次称为 #1、#2……，可在字段对照文件中按列号指明",
            "No row of headings was recognised and the first row was read as data; the columns are called #1, #2 …, by "
            "which a field mapping may name them",
        )
        found.add("no_headings", why=words)
        table.notices.append(Text(words.zh + "。", words.en + "."))
    if table.preamble:
        rows = [str(row) for row, _ in table.preamble]
        found.add(
            "rows_above_header",
            values=table.preamble[0][1][:200],
            why=Text(
                f"表头在第 {block.start + 1} 行；其上第 {'、'.join(rows[:20])} 行不导入",
                f"the headings are in row {block.start + 1}; above them and not imported: row {', '.join(rows[:20])}",
            ),
        )
    if table.blank_rows:
        found.add("blank_rows", why=Text(f"{table.blank_rows} 行，不计入", f"{table.blank_rows} rows, not counted"))
    if block.stop - block.start > 1:
        found.add(
            "multi_row_header",
            values=" | ".join(heading for heading in table.headings if heading)[:200],
            why=Text(
                f"第 {block.start + 1} 至 {block.stop} 行合为表头",
                f"rows {block.start + 1} to {block.stop} were joined into the headings",
            ),
        )
