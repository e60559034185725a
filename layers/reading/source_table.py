"""Read CSV, TSV and XLSX: find the delimiter, the sheet and the row of headings; keep every cell's text."""

from __future__ import annotations

import csv
import datetime
import io
import math
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from .encoding import decode_file
from .headings import matches
from .mapping import propose
from .raw_table import RawTable, no_layer, which_layer

HEADER_ROWS = 15
_DELIMITERS = ",\t;|"
_XLSX_FAULTS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, OSError, AttributeError),
    *(IndexError, EOFError, SyntaxError, NotImplementedError, AssertionError, RuntimeError, zlib.error),
)

Grid = list[list[str]]


def read_csv(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read a text table; see `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    decoded = decode_file(path.read_bytes(), path.name, encoding)
    grid, notices = parse_text(decoded.text)
    table = from_grid(path, "CSV", grid, spec)
    table.encoding = decoded.encoding
    table.notices = notices + table.notices
    return table


def parse_text(text: str) -> tuple[Grid, list[Text]]:
    """Split a text into rows and cells; where quotes are not closed, every line is a row of its own."""
    text = text.removeprefix("\ufeff")
    csv.field_size_limit(2**31 - 1)
    notices = []
    first, _, rest = text.partition("\n")
    delimiter = ""
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) == 5:
        # Excel's own mark; the line stays a row, so that row numbers are those of a text editor.
        delimiter = told[-1]
        text = f"\n{rest}"
    delimiter = delimiter or sniff(text)
    try:
        grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        plain = io.StringIO(text, newline=None)
        grid = list(csv.reader(plain, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        notices.append(
            Text(
                "文件中的引号不成对，已按每行一条记录读取；跨行或含分隔符的单元格会被搁置。",
                "Quotes in the file are not in pairs, so each line was read as one row; rows with cells that hold "
                "the delimiter or a line break are set aside.",
            )
        )
    return grid, notices


def sniff(text: str) -> str:
    """Give the delimiter that splits the first rows into the most columns of the same number."""
    head = "\n".join(text[:65536].splitlines()[:60])
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(head), delimiter=delimiter) if any(row)]
        except csv.Error:
            counts = [line.count(delimiter) + 1 for line in head.splitlines()]
        split = [count for count in counts if count > 1]
        if split:
            usual = max(set(split), key=lambda count: (split.count(count), count))
            if (usual - 1) * split.count(usual) > score:
                best, score = delimiter, (usual - 1) * split.count(usual)
    return best


def find_header(grid: Sequence[Sequence[str]], spec: LayerSpec | None) -> int:
    """Give the position of the row of headings: the best match near the top, else the first row with text."""
    scores = [matches([cell.strip() for cell in row], spec) for row in grid[:HEADER_ROWS]]
    if scores and max(scores) >= 2:
        return scores.index(max(scores))
    filled = [at for at, row in enumerate(grid[:HEADER_ROWS]) if any(cell.strip() for cell in row)]
    if spec is None and filled:
        return max(filled, key=lambda at: (sum(bool(cell.strip()) for cell in grid[at]), -at))
    return filled[0] if filled else 0


def from_grid(path: Path, form: str, grid: Grid, spec: LayerSpec | None) -> RawTable:
    """Turn rows of cells into a table with headings."""
    at = find_header(grid, spec)
    header = [cell.strip() for cell in grid[at]] if grid else []
    if not any(header):
        raise InputError(
            Text(f"{path.name} 没有任何文字。", f"{path.name} holds no text at all."),
            Text("请确认选择的文件或工作表。", "Check the file or the sheet that was chosen."),
        )
    while header and not header[-1]:
        header.pop()
    width = len(header)
    rows: list[int] = []
    kept: Grid = []
    damaged: dict[int, Text] = {}
    tail: dict[int, list[str]] = {}
    blank = 0
    for number, row in enumerate(grid[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in row):
            blank += 1
            continue
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            damaged[len(kept)] = Text(
                f"该行有 {len(row)} 个单元格，表头只有 {width} 列",
                f"the row has {len(row)} cells under {width} headings",
            )
            tail[len(kept)] = row[width:]
        kept.append(row[:width] if len(row) >= width else row + [""] * (width - len(row)))
        rows.append(number)
    columns = list(zip(*kept)) if kept else [()] * width
    preamble = [
        (number, " ".join(cell.strip() for cell in row if cell.strip()))
        for number, row in enumerate(grid[:at], start=1)
        if any(cell.strip() for cell in row)
    ]
    return RawTable(
        path,
        form,
        header,
        [np.array(column, dtype=object) for column in columns],
        np.array(rows, dtype=np.int64),
        damaged=damaged,
        tail=tail,
        preamble=preamble,
        header_row=at + 1,
        blank_rows=blank,
    )


def sheet_names(path: Path) -> tuple[str, ...]:
    """Give the sheets of a workbook."""
    book = _open(path)
    try:
        return tuple(sheet.title for sheet in book.worksheets)
    finally:
        book.close()


def read_xlsx(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:  # noqa: ARG001
    """Read one sheet of a workbook, its values and not its formulas; see `source.read_source`."""
    book = _open(path)
    try:
        names = [sheet.title for sheet in book.worksheets]
        if layer and layer not in names:
            raise no_layer(path, layer, names)
        name = layer or which_layer(path, _fits(path, book, spec), spec)
        grid = _grid(book[name])
        table = from_grid(path, "XLSX", grid, spec)
    except _XLSX_FAULTS as fault:
        raise _broken(path, fault) from fault
    finally:
        book.close()
    table.layer, table.layers = name, tuple(names)
    table.notices += _formulas_without_values(path, name)
    return table


def _open(path: Path) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except _XLSX_FAULTS as fault:
        raise _broken(path, fault) from fault


def _broken(path: Path, fault: BaseException) -> InputError:
    return InputError(
        Text(f"读不出工作簿 {path.name}：{fault}", f"Cannot read the workbook {path.name}: {fault}"),
        Text("请用 Excel 或 WPS 打开后另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx."),
    )


def _fits(path: Path, book: Any, spec: LayerSpec | None) -> dict[str, tuple[bool, int]]:
    """Say of every sheet with text whether its headings hold all required fields, and how many fit."""
    found = {}
    for sheet in book.worksheets:
        grid = _grid(sheet, HEADER_ROWS)
        if not any(cell.strip() for row in grid for cell in row):
            continue
        header = grid[find_header(grid, spec)]
        whole = spec is not None and not propose(header, spec).missing(spec)
        found[sheet.title] = (whole, matches(header, spec))
    if not found:
        raise InputError(
            Text(f"工作簿 {path.name} 的所有工作表都是空的。", f"All sheets of {path.name} are empty."),
            Text("请确认选择的文件。", "Check the file that was chosen."),
        )
    return found


def _grid(sheet: Any, most: int | None = None) -> Grid:
    # Files of other programs often state a wrong extent, and openpyxl would stop there.
    sheet.reset_dimensions()
    grid = [[cell_text(cell) for cell in row] for row in _up_to(sheet.iter_rows(), most)]
    width = max(map(len, grid), default=0)
    return [row + [""] * (width - len(row)) for row in grid]


def _up_to(rows: Iterable[Any], most: int | None) -> Iterable[Any]:
    for number, row in enumerate(rows):
        if most is not None and number >= most:
            return
        yield row


def cell_text(cell: Any) -> str:
    """Give a cell as a planner would type it: whole numbers without ".0", days as ISO, percentages as shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.12g}%"
        return number_text(value)
    if isinstance(value, datetime.datetime):
        whole_day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """Give a number without ".0" where it is whole and all its digits are certain."""
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(value) < 2**53 and value.is_integer() else repr(value)


def _formulas_without_values(path: Path, name: str) -> list[Text]:
    """Warn of formulas that no program has calculated yet: their cells read as empty."""
    with zipfile.ZipFile(path) as pack:
        parts = [part for part in pack.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        if not any(b"<f>" in (text := pack.read(part)) or b"<f " in text for part in parts):
            return []
    import openpyxl

    shown, written = _open(path), openpyxl.load_workbook(path, read_only=True)
    try:
        for book in (shown, written):
            book[name].reset_dimensions()
        rows = []
        for number, (values, formulas) in enumerate(
            zip(shown[name].iter_rows(values_only=True), written[name].iter_rows(values_only=True)), start=1
        ):
            if any(v is None and isinstance(f, str) and f.startswith("=") for v, f in zip(values, formulas)):
                rows.append(number)
    finally:
        shown.close()
        written.close()
    if not rows:
        return []
    return [
        Text(
            f"{len(rows)} 行含有尚未计算的公式，按空值读取（首个在第 {rows[0]} 行）。请在 Excel 中打开并保存后再导入。",
            f"{len(rows)} rows hold formulas that were never calculated and read as empty (first in row {rows[0]}). "
            "Open and save the file in Excel, then import it.",
        )
    ]
