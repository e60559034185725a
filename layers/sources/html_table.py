"""Tables of web pages and of Excel's XML of 2003: what many web systems send under the name of an .xls workbook."""

from __future__ import annotations

from html.parser import HTMLParser

from .records import Records, from_rows

_ROWS, _CELLS, _TABLES = ("tr", "row"), ("td", "th", "cell"), ("table", "worksheet")
_WIDEST = 500  # a span wider than this is a page's layout


class _Tables(HTMLParser):
    """Collects the rows of every table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = [[]]
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        found = {name: value or "" for name, value in attrs}
        if tag in _TABLES:
            self.tables.append([])
        elif tag in _ROWS:
            self._end_row()
            self.row = []
            skipped = _number(found.get("ss:index", "")) - 1 - len(self.tables[-1])
            self.tables[-1] += [[] for _ in range(max(0, min(skipped, 1_000_000)))]
        elif tag in _CELLS and self.row is not None:
            self._end_cell()
            self.row += [""] * max(0, min(_number(found.get("ss:index", "")) - 1 - len(self.row), _WIDEST))
            self.cell = []
            self.span = min(_number(found.get("colspan", "")) or _number(found.get("ss:mergeacross", "")) + 1, _WIDEST)
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, row or table."""
        if tag in _CELLS:
            self._end_cell()
        elif tag in _ROWS or tag in _TABLES:
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self.cell is not None:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.row is not None and self.cell is not None:
            self.row += ["".join(self.cell).strip(), *[""] * (self.span - 1)]
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is not None:
            self.tables[-1].append(self.row)
        self.row = None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def parse_html(text: str) -> Records:
    """Give the records of the table with the most cells."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    parser._end_row()
    rows = max(parser.tables, key=lambda table: sum(map(len, table)))
    return from_rows(rows, max(map(len, rows), default=0))
