"""Write the attribute tables of a package as CSV and as XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ....text import Text
from ...store.spreadsheet import write_spreadsheet
from ..bsm import as_csv
from ..mapping import Target
from ..package import WrittenFile
from ..target_checks import REAL
from .writers import Setup, Writing


def _cells(target: Target) -> tuple[list[str], list[list[Any]]]:
    """Give names and rows of the attribute table; numbers with the decimals of their field."""
    names = [field.name for field in target.layer.fields]
    columns = [
        [
            f"{value:.{field.decimals}f}" if value is not None and field.type in REAL and field.decimals else value
            for value in target.columns[field.name]
        ]
        for field in target.layer.fields
    ]
    return names, [list(row) for row in zip(*columns)]


def write_csv(folder: Path, targets: Sequence[Target], _setup: Setup) -> Writing:
    """Write one attribute table a layer as CSV, UTF-8 with a byte-order mark."""
    path = folder / "csv"
    path.mkdir()
    files = []
    for target in targets:
        file = path / f"{target.layer.name}.csv"
        file.write_bytes(as_csv(*_cells(target)))
        with io.StringIO(file.read_text(encoding="utf-8-sig"), newline="") as text:
            files.append(WrittenFile(target.layer.name, "csv", file, sum(1 for _ in csv.reader(text)) - 1))
    return Writing(path, files, [])


def write_xlsx(folder: Path, targets: Sequence[Target], _setup: Setup) -> Writing:
    """Write one attribute table a layer as XLSX; long codes stay texts."""
    path = folder / "xlsx"
    path.mkdir()
    files = []
    for target in targets:
        file = path / f"{target.layer.name}.xlsx"
        frame = pd.DataFrame(
            {field.name: pd.Series(target.columns[field.name], dtype=object) for field in target.layer.fields}
        )
        headings = {field.name: Text(f"{field.name} {field.alias}", field.name) for field in target.layer.fields}
        write_spreadsheet(file, target.layer.name[:31], frame, headings)
        files.append(WrittenFile(target.layer.name, "xlsx", file, _rows_of(file)))
    return Writing(path, files, [])


def _rows_of(file: Path) -> int:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(file))
    return len(book.get_sheet_by_index(0).to_python()) - 1
