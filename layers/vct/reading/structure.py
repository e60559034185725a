"""The feature codes and the structures of the attribute tables of a VCT file."""

from __future__ import annotations

from dataclasses import dataclass

from ....errors import Fault
from ....text import Text
from .frame import Body

GEOMETRIES = ("point", "line", "polygon", "solid", "annotation", "aggregation")
_TYPES = {
    *("char", "int1", "int2", "int4", "int8", "float", "double", "date", "time", "datetime", "varchar", "varbin"),
    *("integer", "smallint", "boolean", "numeric"),
}


@dataclass(frozen=True)
class FeatureCode:
    """One kind of feature.

    Attributes
    ----------
    code, name, table : str
    geometry : str
        One of `GEOMETRIES`, "" for a table of attributes only.
    line : int
    """

    code: str
    name: str
    geometry: str
    table: str
    line: int = 0


@dataclass(frozen=True)
class Field:
    """A field of a table: its type in lower case (char, int4, float …), width and decimals, 0 where not stated."""

    name: str
    type: str
    width: int = 0
    decimals: int = 0


@dataclass(frozen=True)
class Table:
    """The structure of an attribute table."""

    name: str
    fields: tuple[Field, ...]
    has_geometry: bool = True
    line: int = 0


def read_codes(body: Body, separator: str, file: str, faults: list[Fault]) -> list[FeatureCode]:
    """Read ``code,name,geometry,table``; VCT 1 and 2 put three numbers of a colour before the table."""
    found: dict[str, FeatureCode] = {}
    for row, number in zip(body.rows, body.numbers):
        parts = _parts(row, separator)
        code = _code(parts, number)
        if code is None:
            expected = "编码,名称,几何类型,属性表名", "code,name,geometry,table"
            faults.append(_unlike(file, number, row, Text(*expected)))
        elif code.code in found:
            words = Text(
                f"要素代码 {code.code} 在第 {found[code.code].line} 行已有",
                f"the feature code {code.code} stands on line {found[code.code].line} already",
            )
            faults.append(Fault(words, file=file, row=number, value=code.code))
        else:
            found[code.code] = code
    return list(found.values())


def _code(parts: list[str], number: int) -> FeatureCode | None:
    if len(parts) == 2 and all(parts):
        return FeatureCode(parts[0], parts[0], "", parts[1], number)
    if len(parts) < 4 or not parts[0] or parts[2].lower() not in GEOMETRIES:
        return None
    coloured = len(parts) >= 7 and all(part.isdigit() for part in parts[3:6])
    return FeatureCode(parts[0], parts[1] or parts[0], parts[2].lower(), parts[6 if coloured else 3], number)


def read_tables(body: Body, separator: str, file: str, faults: list[Fault]) -> tuple[dict[str, Table], list[Text]]:
    """Read the structures; give them by their name in upper case, and what is odd about them."""
    tables: dict[str, Table] = {}
    notices: list[Text] = []
    at = 0
    while at < len(body.rows):
        start, number = _parts(body.rows[at], separator), body.numbers[at]
        at += 1
        fields: list[Field] = []
        while at < len(body.rows) and body.rows[at] != "0":
            item = _field(_parts(body.rows[at], separator))
            if item is None:
                faults.append(
                    _unlike(
                        file,
                        body.numbers[at],
                        body.rows[at],
                        Text("字段名,类型[,宽度[,小数位]]", "field,type[,width[,decimals]]"),
                    )
                )
            else:
                fields.append(item)
            at += 1
        if at >= len(body.rows):
            faults.append(
                Fault(
                    Text(
                        f"表结构 {start[0]} 末尾没有单独一行 0",
                        f"the structure {start[0]} has no 0 on a line of its own at its end",
                    ),
                    file=file,
                    row=number,
                )
            )
        at += 1
        if not start[0] or len(start) < 2 or not start[1].isdigit():
            faults.append(
                _unlike(
                    file,
                    number,
                    body.rows[body.numbers.index(number)],
                    Text("表名,字段数[,NoneGeometry]", "table,fields[,NoneGeometry]"),
                )
            )
            continue
        if start[0].upper() in tables:
            faults.append(
                Fault(
                    Text(f"表结构 {start[0]} 出现两次", f"the structure {start[0]} occurs twice"), file=file, row=number
                )
            )
        repeated = sorted({item.name for item in fields if sum(one.name == item.name for one in fields) > 1})
        if repeated:
            faults.append(
                Fault(
                    Text(
                        f"表 {start[0]} 的字段重名：{'、'.join(repeated)}",
                        f"table {start[0]} has fields of the same name: {', '.join(repeated)}",
                    ),
                    file=file,
                    row=number,
                )
            )
        if int(start[1]) != len(fields):
            notices.append(
                Text(
                    f"第 {number} 行：表 {start[0]} 写明 {start[1]} 个字段，实际列出 {len(fields)} 个，按列出的读取。",
                    f"Line {number}: table {start[0]} states {start[1]} fields and lists {len(fields)}; by the list.",
                )
            )
        geometry = not any(part.lower() == "nonegeometry" for part in start[2:])
        tables[start[0].upper()] = Table(start[0], tuple(fields), geometry, number)
    return tables, notices


def _field(parts: list[str]) -> Field | None:
    if len(parts) < 2 or not parts[0] or parts[1].lower() not in _TYPES:
        return None
    numbers = [part for part in parts[2:4] if part]
    if not all(part.isdigit() and part.isascii() and len(part) < 9 for part in numbers):
        return None
    width, decimals, *_ = [*(int(part) for part in numbers), 0, 0]
    return Field(parts[0], parts[1].lower(), width, decimals)


def check_links(codes: list[FeatureCode], tables: dict[str, Table], file: str, faults: list[Fault]) -> None:
    """Note feature codes whose table has no structure."""
    for code in codes:
        if code.geometry in ("point", "line", "polygon", "") and code.table.upper() not in tables:
            words = Text(
                f"要素代码 {code.code}（{code.name}）的属性表 {code.table} 没有表结构",
                f"feature code {code.code} ({code.name}): its table {code.table} has no structure",
            )
            faults.append(Fault(words, file=file, row=code.line, value=code.table))


def _parts(row: str, separator: str) -> list[str]:
    return [part.strip() for part in row.split("," if "," in row else separator)]


def _unlike(file: str, number: int, row: str, expected: Text) -> Fault:
    return Fault(
        Text(f"应为“{expected.zh}”，实际为“{row[:60]}”", f"“{expected.en}” was expected, found “{row[:60]}”"),
        file=file,
        row=number,
        value=row[:200],
    )
