"""The attribute rows of a VCT file, table by table, and its long texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....errors import Fault
from ....text import Text
from .cursor import whole
from .frame import Body
from .structure import Table


@dataclass(slots=True)
class Row:
    """One line of an attribute table.

    Attributes
    ----------
    line : int
    id : int
        Of the object; 0 for a table of attributes only, or where it cannot be read.
    cells : list of str
        One a field; as many as the line has where it is damaged.
    fault : Text or None
    """

    line: int
    id: int
    cells: list[str]
    fault: Text | None = None


@dataclass
class Attributes:
    """All attribute rows, by the name of their table in upper case."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        return self.tables.get(table.upper(), [])


def read_attributes(body: Body, separator: str, tables: dict[str, Table], file: str, faults: list[Fault]) -> Attributes:
    """Read all tables; rows that do not fit the structure are kept with the reason.

    The first value of a row is the id of its object; a table without geometry may leave it out.
    """
    found = Attributes()
    at, count = 0, len(body.rows)
    while at < count:
        name, start = body.rows[at], body.numbers[at]
        table = tables.get(name.upper())
        at += 1
        rows: list[Row] = []
        while at < count and body.rows[at].casefold() != "tableend":
            words = body.rows[at]
            if separator not in words and words.upper() in tables:
                break
            if table is not None:
                rows.append(_row(words, body.numbers[at], separator, table))
            at += 1
        if table is None:
            words_ = Text(f"属性表“{name[:40]}”没有表结构", f"the attribute table “{name[:40]}” has no structure")
            faults.append(Fault(words_, file=file, row=start, value=name[:40]))
        if at >= count or body.rows[at].casefold() != "tableend":
            words_ = Text(
                f"属性表 {name[:40]} 没有 TableEnd，文件可能被截断",
                f"the attribute table {name[:40]} has no TableEnd; the file may be cut off",
            )
            faults.append(Fault(words_, file=file, row=start))
        else:
            at += 1
        found.tables.setdefault(name.upper(), []).extend(rows)
    return found


def _row(words: str, line: int, separator: str, table: Table) -> Row:
    cells = [cell.strip() for cell in words.split(separator)]
    width = len(table.fields)
    if len(cells) == width and not table.has_geometry:
        return Row(line, 0, cells)
    number = whole(cells[0])
    if len(cells) != width + 1:
        fault = Text(
            f"第 {line} 行有 {len(cells)} 个值，应为标识号和 {width} 个字段；值中可能含有分隔符“{separator}”",
            f"line {line} has {len(cells)} values, an id and {width} fields were expected; perhaps a value holds the "
            f"separator “{separator}”",
        )
        return Row(line, number or 0, cells[1:], fault)
    if number is None or (number <= 0 and table.has_geometry):
        return Row(
            line,
            0,
            cells[1:],
            Text(
                f"第 {line} 行的第一个值“{cells[0][:30]}”不是对象标识号",
                f"the first value of line {line}, “{cells[0][:30]}”, is no id of an object",
            ),
        )
    return Row(line, number, cells[1:])
