"""What the tables of a delivery profile may hold: each entry with its test and what is expected of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....text import Text
from ...spec import Geometry
from ...specs import SPECS
from ..checking.rules import RULES

FORMAT = 1
FORMATS = ("gpkg", "gdb", "shp", "geojson", "csv", "xlsx", "vct", "txt", "ofds")
STATUSES = ("verified", "confirmed", "unverified", "proposal")
FOUNDED = ("verified", "confirmed")
GEOMETRIES = {"point": 0, "line": 1, "polygon": 2}  # and their dimension
TYPES = ("Char", "VarChar", "Int", "Long", "Float", "Double", "Date")
SHP_NAME_BYTES = 10
TEXTUAL = ("Char", "VarChar")
REAL = ("Float", "Double")
PACKAGE_PLACES = ("xzqdm", "xzqmc", "profile")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FITS = {
    Geometry.POINT: ("point",),
    Geometry.LINE: ("line",),
    Geometry.POLYGON: ("polygon",),
    Geometry.ANY: ("point", "line", "polygon"),
}

Entry = Mapping[str, Any]
Test = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """Tell whether a value is a text."""
    return isinstance(value, str)


def is_filled(value: Any) -> bool:
    """Tell whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def is_count(value: Any) -> bool:
    """Tell whether a value is a whole number not below 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def are_texts(value: Any) -> bool:
    """Tell whether a value is a list of different texts, at least one."""
    return isinstance(value, list) and bool(value) and all(map(is_filled, value)) and len(set(value)) == len(value)


@dataclass(frozen=True)
class OneOf:
    """The test for one of some words."""

    words: tuple[str, ...]

    def __call__(self, value: Any) -> bool:
        """Tell whether a value is one of them."""
        return isinstance(value, str) and value in self.words


def one_of(words: Sequence[str]) -> tuple[Test, Text]:
    """Give the test for one of some words, and how to say it."""
    words = tuple(words)
    return OneOf(words), Text(f"以下之一：{'、'.join(words)}", f"one of: {', '.join(words)}")


def some_of(words: Sequence[str]) -> tuple[Test, Text]:
    """Give the test for a list of some of the words, and how to say it."""
    words = tuple(words)
    said = Text(f"取自 {'、'.join(words)} 的列表", f"a list of some of: {', '.join(words)}")
    return (lambda value: are_texts(value) and set(value) <= set(words)), said


TEXT = (is_text, Text("文字（加引号）", "text in quotes"))
FILLED = (is_filled, Text("不为空的文字", "a text that is not empty"))
TABLE = (_is_table, Text("一个表", "a table"))
COUNT = (is_count, Text("不小于 0 的整数", "a whole number not below 0"))
NUMBER = (is_number, Text("数字", "a number"))
POSITIVE = (lambda value: is_number(value) and value > 0, Text("大于 0 的数字", "a number above 0"))
FLAG = (lambda value: isinstance(value, bool), Text("true 或 false", "true or false"))
WORD = (_is_word, Text("字母开头的字母、数字、下划线", "letters, digits and underscores, a letter first"))
TEXTS = (are_texts, Text("不重复的文字列表", "a list of different texts"))
DIGITS = (
    lambda value: isinstance(value, str) and (not value or (value.isascii() and value.isdigit())),
    Text("只有数字的文字", "a text of digits alone"),
)
_STATUS = {"status": one_of(STATUSES), "source": TEXT, "note": TEXT}
# What only the planner knows; the metadata hold it as it stands here.
METADATA_TEXTS = (
    *("name", "version", "abstract", "state", "start", "end", "scale", "theme", "security", "restriction"),
    *("owner", "person", "role", "phone", "fax", "address", "postcode", "email", "website"),
    *("completeness", "conformity", "accuracy", "acceptance", "lineage"),
    *("producer", "checker", "checked_on", "grade", "remark"),
)
CRS_CHOICES = ("4490", "zone", "zone-no-prefix")

# Tables of a profile: the entries that each may have. A "!" marks those that it must have.
SECTIONS: dict[str, dict[str, tuple[Test, Text]]] = {
    "profile": {
        "zh!": FILLED,
        "en!": FILLED,
        "formats!": some_of(FORMATS),
        "layers": one_of(("workspace",)),
        **_STATUS,
    },
    "crs": {
        "default": one_of(CRS_CHOICES),
        "choices": some_of(CRS_CHOICES),
        "spans": one_of(("most", "refuse", "geographic", "split")),
        "vertical": TEXT,
        **_STATUS,
    },
    "names": {"package": FILLED, "dataset": TEXT, "zip": FLAG, "shp_encoding": one_of(("GBK", "UTF-8")), **_STATUS},
    "geometry": {
        "multipart": one_of(("keep", "split", "refuse")),
        "tolerance_m": POSITIVE,
        "tolerance_deg": POSITIVE,
        **_STATUS,
    },
    "bsm": {"field": TEXT, "county": COUNT, "layer": COUNT, "serial": COUNT, **_STATUS},
    "region": {"levels": some_of(("town", "county", "city", "province")), "pad_to": COUNT, **_STATUS},
    "metadata": {
        "form": one_of(("none", "meta_VectorData", "td1016", "both")),
        "inside": some_of(("gpkg", "gdb")),
        **dict.fromkeys(METADATA_TEXTS, TEXT),
        **_STATUS,
    },
    "vct": {"form": one_of(("landuse3", "gb")), **_STATUS},
    "txt": {"decimals": COUNT, **_STATUS},
}
DOMAIN = {"zh!": FILLED, "en!": FILLED, "values!": TABLE, **_STATUS}
CHECK = {
    "id!": one_of(tuple(RULES)),
    "zh!": FILLED,
    "en!": FILLED,
    "level!": (lambda value: is_count(value) and 1 <= value <= 3, Text("1、2 或 3", "1, 2 or 3")),
    "threshold": NUMBER,
    "segment": POSITIVE,
    "unit": TEXT,
    **_STATUS,
}
FIELD = {
    "name!": WORD,
    "alias!": FILLED,
    "type!": one_of(TYPES),
    "length": COUNT,
    "decimals": COUNT,
    "need!": one_of(("M", "C", "O")),
    "domain": TEXT,
    "above": NUMBER,
    "minimum": NUMBER,
    "value": TABLE,
    **_STATUS,
}
LAYER = {
    "name!": WORD,
    "alias!": FILLED,
    "geometry!": one_of(tuple(GEOMETRIES)),
    "ysdm": DIGITS,
    "bsm_code": DIGITS,
    "need": one_of(("M", "C", "O")),
    "header": FLAG,
    "tiles": FLAG,
    "joined": FLAG,
    "from!": (lambda value: isinstance(value, list), Text("若干 [[layer.from]]", "tables [[layer.from]]")),
    "field": (lambda value: isinstance(value, list), Text("若干 [[layer.field]]", "tables [[layer.field]]")),
    **_STATUS,
}
INTAKE = {"workspace!": one_of(tuple(SPECS)), "where": TABLE, "values": TABLE}
LISTS = ("header", "footer", "layer", "check")
UNKNOWN = Text("不认识的条目", "unknown entry")
