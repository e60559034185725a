"""Join the objects and the attribute rows of a VCT file into layers: every row and every object is in one of them.

A layer is a feature code with its Chinese name, or an attribute table without one. Rows and objects find each other by
the id. What finds no partner, or several, stays as a row with the reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ....text import Text
from .attributes import Row
from .file import VctFile
from .objects import VctObject
from .structure import FeatureCode, Table

_KINDS = ("point", "line", "polygon", "")


@dataclass(frozen=True)
class Layer:
    """A layer: its name, feature code, kind of geometry ("" for none) and table."""

    name: str
    code: str
    geometry: str
    table: str


@dataclass
class Features:
    """The features of a layer.

    Attributes
    ----------
    table : Table
    lines : list of int
        Of the attribute row, or of the object where there is none.
    cells : list of list of str
        One list a feature, one text a field.
    objects : list of VctObject or None
    faults : dict of int to Text
        Positions of the features that are not whole, and why.
    """

    table: Table
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    objects: list[VctObject | None] = field(default_factory=list)
    faults: dict[int, Text] = field(default_factory=dict)

    def add(self, line: int, cells: list[str], item: VctObject | None, fault: Text | None, separator: str) -> None:
        """Add a feature; values beyond the last field stay in the last cell."""
        width = len(self.table.fields)
        if len(cells) > width > 0:
            cells = [*cells[: width - 1], separator.join(cells[width - 1 :])]
        if fault is not None:
            self.faults[len(self.lines)] = fault
        self.lines.append(line)
        self.cells.append(cells + [""] * (width - len(cells)))
        self.objects.append(item)


def layers_of(file: VctFile) -> list[Layer]:
    """Give the layers of a file in the order of its feature codes; annotations and solids are none."""
    codes = [code for code in file.codes if code.geometry in _KINDS]
    taken = {code.table.upper() for code in file.codes}
    codes += [FeatureCode("", table.name, "", table.name) for key, table in file.tables.items() if key not in taken]
    names = Counter(code.name for code in codes)
    tables = Counter((code.name, code.table.upper()) for code in codes)
    found = []
    for code in codes:
        mark = code.code if tables[(code.name, code.table.upper())] > 1 else code.table
        found.append(
            Layer(f"{code.name}（{mark}）" if names[code.name] > 1 else code.name, code.code, code.geometry, code.table)
        )
    return found


def features_of(file: VctFile, layer: Layer) -> Features:
    """Give the features of a layer: objects without a row first, then the rows in the order of the file."""
    table = file.tables[layer.table.upper()]
    separator = file.head.separator
    by_id: dict[int, VctObject] = {}
    for item in file.objects:
        by_id.setdefault(item.id, item)
    objects_of_id = Counter(item.id for item in file.objects)
    rows = file.attributes.of(layer.table)
    rows_of_id = Counter(row.id for row in rows)
    found = Features(table)
    for item in file.objects:
        spare = item.id not in rows_of_id or by_id[item.id] is not item
        if item.code == layer.code and layer.code and spare:
            found.add(item.line, [], item, _spare(item, layer, by_id), separator)
    siblings = [one.code for one in layers_of(file) if one.table.upper() == layer.table.upper()]
    for row in rows:
        one = by_id.get(row.id) if row.id else None
        owner = one.code if one is not None and one.code in siblings else siblings[0]
        if owner == layer.code:
            fault = _unmatched(row, one, layer, table, rows_of_id, objects_of_id)
            found.add(row.line, row.cells, one, fault, separator)
    return found


def _spare(item: VctObject, layer: Layer, by_id: dict[int, VctObject]) -> Text:
    if item.fault is not None:
        return item.fault
    first = by_id[item.id]
    if first is not item:
        return Text(
            f"第 {item.line} 行的对象标识号 {item.id} 在第 {first.line} 行已有",
            f"the id {item.id} of the object on line {item.line} stands on line {first.line} already",
        )
    return Text(
        f"第 {item.line} 行的对象 {item.id} 在属性表 {layer.table} 中没有记录",
        f"object {item.id} of line {item.line} has no row in the table {layer.table}",
    )


def _unmatched(
    row: Row,
    item: VctObject | None,
    layer: Layer,
    table: Table,
    rows_of_id: Counter[int],
    objects_of_id: Counter[int],
) -> Text | None:
    if row.fault is not None:
        return row.fault
    if item is None:
        if not layer.geometry or not table.has_geometry:
            return None
        return Text(
            f"第 {row.line} 行的记录没有对应的几何对象 {row.id}",
            f"the row of line {row.line} belongs to object {row.id}, which the file does not have",
        )
    if objects_of_id[row.id] > 1:
        return Text(
            f"标识号 {row.id} 有 {objects_of_id[row.id]} 个几何对象，无法确定属于哪一个",
            f"{objects_of_id[row.id]} objects have the id {row.id}, and which one is meant cannot be told",
        )
    if rows_of_id[row.id] > 1:
        return Text(
            f"标识号 {row.id} 在属性表中有 {rows_of_id[row.id]} 条记录",
            f"the table has {rows_of_id[row.id]} rows of the id {row.id}",
        )
    return item.fault


def strays(file: VctFile) -> list[VctObject]:
    """Give the objects that are in no layer and part of nothing: their feature code is not in the file's own list."""
    codes = {layer.code for layer in layers_of(file) if layer.code}
    ids = {row.id for rows in file.attributes.tables.values() for row in rows} - {0}
    first: dict[int, VctObject] = {}
    for item in file.objects:
        first.setdefault(item.id, item)
    return [
        item
        for item in file.objects
        if item.code not in codes
        and (item.id not in file.referred or not item.id)
        and not (item.id in ids and first[item.id] is item)
    ]
