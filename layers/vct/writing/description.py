"""What is to be written: layers, fields, the form of the file, and the rows in batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ....errors import ParameterError
from ....text import Text

GEOMETRIES = ("Point", "Line", "Polygon", "")
WHOLE = ("Int1", "Int2", "Int4", "Int8")
REAL = ("Float", "Double")
TEXTS = ("Char", "Varchar")
DATE = "Date"
_TYPES = (*WHOLE, *REAL, *TEXTS, DATE)
HELPER_CODE = "1099000000"
# Signs that take part in the grammar of lines with several values.
_FORBIDDEN = (",", "\n", "\r")


@dataclass(frozen=True)
class Field:
    """A field: its type (Char, Int4, Float, Double, Date, Varchar …), width and decimals.

    Width and decimals are written only for the types that have them: Char by its width, Float and Double by both.
    """

    name: str
    type: str
    width: int = 0
    decimals: int = 0

    @property
    def line(self) -> str:
        """Give the field as a line of the table's structure."""
        if self.type in REAL:
            return f"{self.name},{self.type},{self.width or 15},{self.decimals}"
        if self.type == "Char":
            return f"{self.name},{self.type},{self.width or 255}"
        return f"{self.name},{self.type},8" if self.type == DATE else f"{self.name},{self.type}"


@dataclass(frozen=True)
class Layer:
    """A layer: Chinese name, feature code, attribute table, geometry (Point, Line, Polygon or "" for none), fields."""

    name: str
    code: str
    table: str
    geometry: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Batch:
    """Rows of a layer.

    Attributes
    ----------
    frame : pandas.DataFrame
        One column a field, by its name; missing values become empty.
    geometry : numpy.ndarray of shapely geometries, shape (n,), or None
        East, north in the CRS of the file; None for a layer without geometry.
    """

    frame: pd.DataFrame
    geometry: np.ndarray | None = None


@dataclass(frozen=True)
class Rows:
    """A layer and its rows; the batches are gone through once."""

    layer: Layer
    batches: Iterable[Batch]


@dataclass(frozen=True)
class Form:
    """How the grammar is used.

    Attributes
    ----------
    indirect : bool
        Polygons refer to helper lines, which neighbours share; else they have coordinates of their own.
    explode : bool
        A feature of several parts becomes one object a part, each with the whole attribute row.
    decimals_m, decimals_deg : int
        Decimals of coordinates in metres and in degrees.
    mark, version : str
        Of the head.
    slots : int
        Of `Parameters` in the head: 6 or 10.
    """

    indirect: bool
    explode: bool
    decimals_m: int
    decimals_deg: int
    mark: str
    version: str
    slots: int


FORMS = {
    # As production software of the land survey writes it.
    "landuse3": Form(True, True, 6, 9, "LANDUSE-VCT", "3.0", 6),
    # As readers of the national standard expect it; its text was not read.
    "gb": Form(False, False, 4, 9, "CNSDTF-VCT", "GB/T17798-2007", 10),
}


def check(layers: list[Layer]) -> None:
    """Refuse descriptions that make no valid file.

    Raises
    ------
    ParameterError
        A code, table or field occurs twice, a type is unknown, or a name holds a comma or a line break.
    """
    wrong = [_repeated("要素代码", "feature code", name) for name in _twice([one.code for one in layers])]
    wrong += [_repeated("属性表", "table", name) for name in _twice([one.table.upper() for one in layers])]
    for layer in layers:
        wrong += _check_layer(layer)
    if wrong:
        raise ParameterError(
            Text(
                f"VCT 图层说明有误：{'；'.join(one.zh for one in wrong)}。",
                f"The description of the VCT layers is wrong: {'; '.join(one.en for one in wrong)}.",
            ),
            Text("请修改交付配置中的图层与字段。", "Mend the layers and fields of the delivery profile."),
        )


def _check_layer(layer: Layer) -> list[Text]:
    words = [layer.name, layer.code, layer.table, *(item.name for item in layer.fields)]
    wrong = [
        Text(f"名称“{word}”为空，或含逗号、换行", f"the name “{word}” is empty or holds a comma or a line break")
        for word in words
        if not word.strip() or any(sign in word for sign in _FORBIDDEN)
    ]
    wrong += [
        _repeated(f"{layer.table} 的字段", f"field of {layer.table}:", name)
        for name in _twice([item.name for item in layer.fields])
    ]
    for item in layer.fields:
        if item.type not in _TYPES:
            zh, en = (
                f"{layer.table}.{item.name} 的类型 {item.type} 不支持",
                f"is of type {item.type}, which is not supported",
            )
            wrong.append(Text(zh, f"{layer.table}.{item.name} {en}"))
    if layer.geometry not in GEOMETRIES:
        zh = f"{layer.table} 的几何类型“{layer.geometry}”不支持"
        wrong.append(Text(zh, f"{layer.table} has geometry “{layer.geometry}”, which is not supported"))
    if layer.code == HELPER_CODE:
        zh = f"要素代码 {HELPER_CODE} 留给面的边界线"
        wrong.append(Text(zh, f"the feature code {HELPER_CODE} is kept for the outlines of polygons"))
    return wrong


def _repeated(zh: str, en: str, name: str) -> Text:
    return Text(f"{zh} {name} 重复", f"{en} {name} occurs twice")


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
