"""Tables as XLSX, for those who work on in a spreadsheet; the same input gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ...text import Text

_INSTANT = dt.datetime(2000, 1, 1)  # in the place of every clock reading
_WIDEST = 40


def write_spreadsheet(path: Path, sheet: str, rows: pd.DataFrame, headings: Mapping[str, Text]) -> None:
    """Write one sheet with Chinese headings, frozen, filtered and wide enough.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    sheet : str
        Name of the sheet.
    rows : pandas.DataFrame
        Texts and numbers; missing values stay empty, texts stay texts.
    headings : mapping
        Heading by column; a column without one keeps its name.
    """
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    names = [headings[name].zh if name in headings else str(name) for name in rows.columns]
    page.append(names)
    for values in rows.astype(object).where(rows.notna(), None).itertuples(index=False):
        page.append([None if value is None else _plain(value) for value in values])
    for cells in page.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with "=" is no formula
    for number, name in enumerate(rows.columns, start=1):
        page.cell(1, number).font = Font(bold=True)
        longest = max([2 * len(names[number - 1]), *(_width(value) for value in rows[name].head(200))])
        page.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    book.properties.creator = "Xinji Planner"
    book.properties.created = _INSTANT
    raw = io.BytesIO()
    book.save(raw)
    _without_clock(raw, path)


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else value


def _width(value: object) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(value))


def _without_clock(raw: io.BytesIO, path: Path) -> None:
    """Copy the file with every time stamp fixed and nothing compressed, since the bytes of zlib differ by build."""
    instant = _INSTANT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + instant, data)
            target.writestr(zipfile.ZipInfo(name, _INSTANT.timetuple()[:6]), data)
