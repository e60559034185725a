"""What a column heading says: which field or coordinate it names, in which unit, on which datum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..spec import Field, Kind, LayerSpec
from .fold import fold, without_brackets
from .units import FACTORS

LON, LAT, WKT = "lon", "lat", "wkt"

# Best first: "经度" beats "x" where a sheet has both.
_LON_WORDS: tuple[str, ...] = (
    "经度",
    "东经",
    "longitude",
    "lon",
    "lng",
    "long",
    "经度坐标",
    "经度值",
    "经",
    "jd",
    "坐标经度",
)
_LON_WORDS += ("东坐标", "横坐标", "easting", "x", "x坐标", "坐标x", "pointx", "xcoord", "coordx")
_LAT_WORDS: tuple[str, ...] = ("纬度", "北纬", "latitude", "lat", "纬度坐标", "纬度值", "纬", "wd", "坐标纬度")
_LAT_WORDS += ("北坐标", "纵坐标", "northing", "y", "y坐标", "坐标y", "pointy", "ycoord", "coordy")
_WKT_WORDS = ("wkt", "wktgeom", "geomwkt", "geometrywkt", "几何wkt")
_NOISE = re.compile(
    r"gps|十进制|小数度|小数|度数|decimal|deg$|degree$|坐标系|站址|基站|天线|铁塔|机房|村委会|学校|中心|位置|原始"
)

# In order: the first that is found counts. Compared with the folded heading, so "GCJ-02" reads "gcj02".
DATUM_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("gcj02", re.compile(r"gcj0?2|gcj|火星坐标|火星|高德|腾讯|国测局|amap")),
    ("bd09", re.compile(r"bd0?9(?:ll)?|百度|baidu")),
    ("cgcs2000", re.compile(r"cgcs2000|cgcs|国家大地2000|国家2000|2000国家大地|2000国家|大地2000|2000")),
    ("wgs84", re.compile(r"wgs1984|wgs84|wg84|wgs|84")),
)


@dataclass(frozen=True)
class Place:
    """A heading that names a coordinate.

    Attributes
    ----------
    axis : str
        "lon", "lat" or "wkt".
    datum : str
        "wgs84", "cgcs2000", "gcj02", "bd09", or "" where the heading says none.
    rank : int
        0 is the clearest word.
    """

    axis: str
    datum: str
    rank: int


def datum_in(words: str) -> str:
    """Give the datum that words such as a file name mention, or ""."""
    folded = fold(words)
    return next((name for name, pattern in DATUM_WORDS[:2] if pattern.search(folded)), "") or next(
        (
            name
            for name, pattern in (("cgcs2000", r"cgcs|国家2000"), ("wgs84", r"wgs|wg84"))
            if re.search(pattern, folded)
        ),
        "",
    )


@cache
def place(heading: str) -> Place | None:
    """Tell whether a heading names a coordinate, and on which datum."""
    full = fold(heading)
    base, _ = without_brackets(heading)
    datum = next((name for name, pattern in DATUM_WORDS if pattern.search(full)), "")
    for words in (full, fold(base)):
        bare = words
        for name, pattern in DATUM_WORDS:
            if name == datum:
                bare = pattern.sub("", bare)
        for candidate in dict.fromkeys((bare, _NOISE.sub("", bare))):
            for axis, known in ((LON, _LON_WORDS), (LAT, _LAT_WORDS), (WKT, _WKT_WORDS)):
                if candidate in known:
                    return Place(axis, datum, known.index(candidate))
    return None


@cache
def _names(item: Field) -> tuple[tuple[str, int], ...]:
    """Give the folded names of a field with their rank: the field's own names before its aliases, in their order."""
    ranked: dict[str, int] = {}
    for words in (item.name, item.label.zh, item.label.en, item.pinyin):
        ranked.setdefault(fold(words), 0)
    for rank, words in enumerate(item.aliases, start=1):
        ranked.setdefault(fold(words), rank)
    return tuple(ranked.items())


def _unit_spellings(unit: str) -> list[str]:
    return sorted(map(fold, FACTORS.get(unit, {})), key=len, reverse=True)


@cache
def match(heading: str, item: Field) -> tuple[int, str] | None:
    """Give how well a heading names a field (0 is best) and the unit that it states, or None where it does not."""
    if item.name in ("uuid", "source_file", "source_row"):
        return None
    names = dict(_names(item))
    base, brackets = without_brackets(heading)
    full, bare = fold(heading), fold(base)
    numeric = item.kind in (Kind.INTEGER, Kind.REAL)
    unit = next((part for part in brackets if fold(part) in _unit_spellings(item.unit)), "") if numeric else ""
    unit = unit.replace(" ", "").lower()
    if full in names:
        return names[full], unit
    if bare in names:
        return names[bare], unit
    if numeric and not brackets:
        for spelling in _unit_spellings(item.unit):
            if spelling and full.endswith(spelling) and full.removesuffix(spelling) in names:
                return names[full.removesuffix(spelling)], spelling
    return None


def matches(headings: list[str], spec: LayerSpec | None) -> int:
    """Count the cells of a row that name a field of `spec` or a coordinate, each name once."""
    named: set[object] = set()
    for heading in dict.fromkeys(headings):
        if not heading or len(heading) > 60:
            continue
        if found := place(heading):
            named.add((found.axis, found.datum))
        elif spec is not None:
            named |= {item.name for item in spec.fields if match(heading, item) is not None}
    return len(named)
