"""Read one sheet of a workbook: .xlsx, and through python-calamine also .xls, .xlsb and .ods."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...text import Text
from ..reading.headings import matches
from ..reading.mapping import propose
from ..spec import LayerSpec
from .cell_text import number_text, value_text
from .container import note_layers
from .header import find_block
from .raw_table import RawTable, no_layer, which_layer
from .records import HEAD, Records, from_rows
from .table_builder import build
from .text_findings import note_cells
from .workbook_findings import Region, fill_merged, merged_head, note_formulas, note_hidden, note_numbers_as_text
from .workbook_xml import SheetXml, check_extents, read_sheet_xml
from .xls_guard import MAGIC, check_xls
from .xls_probe import is_survived

__all__ = ["number_text", "read_workbook", "read_xlsx", "sheet_names"]

_FAULTS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, OSError, AttributeError),
    *(IndexError, EOFError, SyntaxError, NotImplementedError, AssertionError, RuntimeError, zlib.error),
    *(StopIteration, OverflowError),
)
_FORMS = {".xls": "XLS", ".xlsb": "XLSB", ".ods": "ODS"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_xlsx(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:  # noqa: ARG001
    """Read one sheet of an .xlsx workbook, its values and not its formulas; see `source.read_source`."""
    return _read(path, "XLSX", layer, spec)


def read_workbook(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:  # noqa: ARG001
    """Read one sheet of an .xls, .xlsb or .ods workbook; see `source.read_source`."""
    return _read(path, _FORMS.get(path.suffix.lower(), "XLS"), layer, spec)


def sheet_names(path: Path) -> tuple[str, ...]:
    """Give the sheets of a workbook, hidden ones last."""
    book = _open(path)
    try:
        return _sheets(book)[0]
    finally:
        book.close()


def _faults() -> tuple[type[Exception], ...]:
    """Give what a damaged workbook may raise."""
    import python_calamine as calamine

    return (calamine.CalamineError, *_FAULTS)


def _read(path: Path, form: str, layer: str | None, spec: LayerSpec | None) -> RawTable:
    book = _open(path)
    try:
        names, hidden = _sheets(book)
        if layer and layer not in names:
            raise no_layer(path, layer, list(names))
        name = layer or _choose(path, book, names, hidden, spec)
        sheet = book.get_sheet_by_name(name)
        regions: list[Region] = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        xml = read_sheet_xml(path, name) if form == "XLSX" else SheetXml()
        rows = sheet.to_python(skip_empty_area=False) if xml.plain else []
        records = _records(rows, xml) if xml.plain else _by_openpyxl(path, name)
        table = build(path, form, records, spec, head=merged_head(records, regions))
    except _faults() as fault:
        raise _broken(path, fault) from fault
    finally:
        book.close()
    table.layer, table.layers = name, names
    note_layers(table)
    fill_merged(table, regions, spec)
    note_formulas(table, xml)
    note_hidden(table, xml)
    note_numbers_as_text(table, rows, spec)
    note_cells(table)
    return table


def _open(path: Path) -> Any:
    import python_calamine

    data = path.read_bytes()
    try:
        if data.startswith(MAGIC) and (_ENCRYPTED in data or check_xls(data)):
            raise encrypted(path)
        if data.startswith(MAGIC) and not is_survived(path):
            raise _fatal(path)
        if data.startswith(b"PK"):
            check_extents(data)
        # By its content: a new workbook under an old name opens, too.
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as fault:
        raise encrypted(path) from fault
    except _faults() as fault:
        raise _broken(path, fault) from fault


def encrypted(path: Path) -> InputError:
    """Give the error of a workbook that asks for a password."""
    return InputError(
        Text(
            f"{path.name} 是加密的 Excel 文件，需要密码。", f"{path.name} is an encrypted Excel file with a password."
        ),
        Text(
            "请在 Excel 或 WPS 中打开，去掉密码后另存为 .xlsx。",
            "Open it in Excel or WPS, remove the password and save it as .xlsx.",
        ),
    )


def _broken(path: Path, fault: BaseException) -> InputError:
    return InputError(
        Text(f"读不出工作簿 {path.name}：{fault}", f"Cannot read the workbook {path.name}: {fault}"),
        Text("请用 Excel 或 WPS 打开后另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx."),
    )


def _fatal(path: Path) -> InputError:
    return InputError(
        Text(
            f"工作簿 {path.name} 已损坏：读取它的程序会因此崩溃或停不下来。",
            f"The workbook {path.name} is damaged: the program that reads it dies of it, or does not end.",
        ),
        Text("请用 Excel 或 WPS 打开后另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx."),
    )


def _sheets(book: Any) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the names of the sheets with cells, and which of them are hidden."""
    import python_calamine

    sheets = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
    hidden = {one.name for one in sheets if one.visible != python_calamine.SheetVisibleEnum.Visible}
    names = sorted((one.name for one in sheets), key=lambda name: name in hidden)
    return tuple(names), frozenset(hidden)


def _choose(path: Path, book: Any, names: Sequence[str], hidden: frozenset[str], spec: LayerSpec | None) -> str:
    """Choose the sheet whose headings fit: a visible one, and one with rows, before any other."""
    found: dict[str, tuple[bool, int]] = {}
    rows: dict[str, bool] = {}
    for name in names:
        head = _head(book.get_sheet_by_name(name))
        if not any(cell.strip() for row in head for cell in row):
            continue
        block = find_block(head, spec)
        header = block.headings if block is not None else []
        whole = spec is not None and block is not None and block.known and propose(header, spec).is_served(spec)
        found[name] = (whole, matches(header, spec))
        rows[name] = block is None or any(cell.strip() for row in head[block.stop :] for cell in row)
    if not found:
        raise InputError(
            Text(f"工作簿 {path.name} 的所有工作表都是空的。", f"All sheets of {path.name} are empty."),
            Text("请确认选择的文件。", "Check the file that was chosen."),
        )
    for some in (
        [name for name in found if name not in hidden and rows[name]],
        [name for name in found if name not in hidden],
    ):
        if some and (spec is None or any(found[name][0] for name in some)):
            return which_layer(path, {name: found[name] for name in some}, spec)
    return which_layer(path, found, spec)


def _head(sheet: Any) -> list[list[str]]:
    rows = sheet.to_python(skip_empty_area=False, nrows=HEAD)
    records = from_rows([[value_text(value) for value in row] for row in rows])
    regions: list[Region] = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return merged_head(records, regions)


def _records(rows: Sequence[Sequence[Any]], xml: SheetXml) -> Records:
    told: dict[int, dict[int, str]] = {}
    for (row, column), text in xml.texts.items():
        told.setdefault(row, {})[column] = text
    return from_rows(_texts(rows, told), max(map(len, rows), default=0))


def _texts(rows: Iterable[Sequence[Any]], told: dict[int, dict[int, str]]) -> Iterator[list[str]]:
    """Give the texts of the cells; those that are told take the place of the values."""
    for number, row in enumerate(rows):
        cells = [value if type(value) is str else value_text(value) for value in row]
        for column, text in told.get(number, {}).items():
            if column < len(cells):
                cells[column] = text
        yield cells


def _by_openpyxl(path: Path, name: str) -> Records:
    """Read a sheet whose XML leaves out what the quick reader needs."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book[name]
        sheet.reset_dimensions()  # other programs often state a wrong extent, and openpyxl would stop there
        rows = [
            [value_text(cell.value, percent="%" in (getattr(cell, "number_format", "") or "")) for cell in row]
            for row in sheet.iter_rows()
        ]
    finally:
        book.close()
    return from_rows(rows, max(map(len, rows), default=0))
