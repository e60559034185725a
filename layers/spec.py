"""How a layer is specified. Standard library only: QGIS and the engine both read the specs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from ..text import Text

# What numbers the rows of a field with `by_row`; with the file in it, since several files fill one layer.
BY_ROW = "{file}-{row}"


class Kind(str, Enum):
    """What a field holds, in the workspace and in every result."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    DATE = "date"  # ISO 8601 day
    FLAG = "flag"  # 1 yes, 0 no, null unknown
    CODE = "code"  # one value of a code list
    CODES = "codes"  # several values of a code list, in the list's order, joined by ";"


class Geometry(str, Enum):
    """Geometry type as the GeoPackage stores it."""

    POINT = "Point"
    LINE = "MultiLineString"
    POLYGON = "MultiPolygon"
    ANY = "Geometry"
    NONE = "None"


@dataclass(frozen=True)
class Code:
    """One value of a code list, its label, and how operators write it.

    Attributes
    ----------
    aliases : tuple of str
        Other words for it, each a whole text.
    inside : tuple of str
        Words that tell it wherever they stand in a text, such as an operator's name within that of its branch.
    narrower : tuple of str
        Words for something narrower, which is put under this code: what sets them apart is lost, and told.
    """

    value: str
    label: Text
    aliases: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One column of a layer.

    Attributes
    ----------
    name : str
        English snake_case with its unit (``height_m``).
    label : Text
        The heading a planner sees.
    pinyin : str
        Upper-case pinyin initials, at most 10 bytes: the column's name in a Shapefile, and an alias on import.
    aliases : tuple of str
        Other headings that operators use, in any spelling; compared after folding width, case and punctuation.
    unit : str
        Unit of a number; a value with a unit of its own ("2.6 GHz") is converted to it on import.
    required : bool
        A row without a value is set aside.
    unless : str
        A field before this one: a row that fills it may leave this one empty, though it is required.
    by_row : bool
        Numbered by the rows of the file where no column has it: an id that those who draw such maps seldom give.
    minimum, maximum : float or None
        Bounds of a number, both allowed values.
    digits : tuple of int
        Allowed lengths of an all-digit code; empty for anything else.
    refused_suffixes : tuple of str
        Endings of an all-digit code that name something else than a feature of this layer, such as the "000" of a
        county or town among villages.
    refused_reason : str
        Code of the reason (`reading.reasons`) for which a row with such an ending is set aside.
    derived_from : str
        Another text field of the layer that tells the value of this one where a source does not.
    derive : callable or None
        Gives the value from that field's text, "" where it does not tell.
    since : int
        Version of the workspace that the field came with; in an older workspace it is empty.
    """

    name: str
    kind: Kind
    label: Text
    pinyin: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    codes: tuple[Code, ...] = ()
    required: bool = False
    by_row: bool = False
    minimum: float | None = None
    maximum: float | None = None
    digits: tuple[int, ...] = ()
    refused_suffixes: tuple[str, ...] = ()
    refused_reason: str = ""
    derived_from: str = ""
    derive: Callable[[str], str] | None = None
    since: int = 1
    unless: str = ""

    @property
    def always_required(self) -> bool:
        """Tell whether every row needs a value, whatever else it says."""
        return self.required and not self.unless

    def code_label(self, value: str) -> Text:
        """Give the label of one code; a value outside the list labels itself."""
        return next((code.label for code in self.codes if code.value == value), Text(value, value))


@dataclass(frozen=True)
class LayerSpec:
    """One layer of the planning workspace.

    Attributes
    ----------
    name : str
        Table name in the workspace.
    label : Text
        Layer name that a planner sees.
    geometry : Geometry
        Stored geometry type, in CGCS2000 longitude and latitude (EPSG:4490).
    key : tuple of str
        Fields that name a feature; its UUID derives from them, and a second row with the same key is a duplicate.
    title : str
        Field that labels a feature on the map.
    geometry_required : bool
        A row without coordinates is set aside; else it is kept without a place.
    """

    name: str
    label: Text
    geometry: Geometry
    own_fields: tuple[Field, ...]
    key: tuple[str, ...]
    title: str
    geometry_required: bool = True
    fields: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", (UUID, *self.own_fields, *PROVENANCE))

    def field(self, name: str) -> Field:
        """Give a field by its name; raise KeyError where the layer has none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(f"{self.name} has no field {name}")


UUID = Field("uuid", Kind.TEXT, Text("唯一标识", "UUID"), "WYBS")
PROVENANCE = (
    Field("remark", Kind.TEXT, Text("备注", "Remark"), "BZ", ("备注说明", "说明", "note", "notes", "comment")),
    Field("source_file", Kind.TEXT, Text("来源文件", "Source file"), "LYWJ"),
    Field("source_row", Kind.INTEGER, Text("来源行号", "Source row"), "LYHH"),
)
