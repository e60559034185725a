"""Read text tables and workbooks: find the delimiter, the sheet and the headings; keep every cell's text."""

from __future__ import annotations

from pathlib import Path

from ..spec import LayerSpec
from . import opencellid
from .encoding import decode_table
from .html_table import parse_html
from .raw_table import RawTable, no_layer
from .table_builder import build
from .text_findings import Signs, note_cells, note_encoding
from .text_table import parse_text
from .workbook import number_text, read_workbook, read_xlsx, sheet_names

__all__ = ["READERS", "number_text", "read_csv", "read_html", "read_workbook", "read_xlsx", "sheet_names"]


def read_csv(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read a text table; see `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    decoded = decode_table(path.read_bytes(), path.name, encoding)
    signs, texts = Signs.of(decoded.text), [decoded.text]
    decoded = decoded._replace(text="")
    parsed = parse_text(texts.pop())  # which lets go of the text as soon as it can
    table = build(path, "CSV", parsed.records, spec)
    table.encoding = decoded.encoding
    opencellid.complete(table, spec)
    note_encoding(table, decoded, parsed)
    note_cells(table, signs)
    if parsed.unclosed:
        table.findings.add("unclosed_quotes", why=parsed.notices[0])
    table.notices = parsed.notices + table.notices
    return table


def read_html(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read the table of a web page that bears the name of a workbook; see `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    decoded = decode_table(path.read_bytes(), path.name, encoding)
    table = build(path, "HTML", parse_html(decoded.text), spec)
    table.encoding = decoded.encoding
    note_cells(table, Signs.of(decoded.text))
    return table


READERS = {"csv": read_csv, "xlsx": read_xlsx, "xls": read_workbook, "ods": read_workbook, "html": read_html}
