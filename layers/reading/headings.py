"""What a column heading says: which field or coordinate it names, in which unit, on which datum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..cells.fold import fold, without_brackets
from ..cells.units import FACTORS
from ..spec import Field, Kind, LayerSpec

LON, LAT, WKT = "lon", "lat", "wkt"
LONLAT = "lonlat"  # both in one cell

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
    "jingdu",
    "经度e",
)
_LON_WORDS += ("东坐标", "横坐标", "easting", "x", "x坐标", "坐标x", "pointx", "xcoord", "coordx")
_LAT_WORDS: tuple[str, ...] = ("纬度", "北纬", "latitude", "lat", "纬度坐标", "纬度值", "纬", "wd", "坐标纬度")
_LAT_WORDS += ("weidu", "纬度n")
_LAT_WORDS += ("北坐标", "纵坐标", "northing", "y", "y坐标", "坐标y", "pointy", "ycoord", "coordy")
# The rank of a heading of which only the Chinese half is known.
_TRANSLATED = 100
_LONLAT_WORDS: tuple[str, ...] = (
    "经纬度",
    "经纬度坐标",
    "经度纬度",
    "纬度经度",
    "坐标",
    "地理坐标",
    "lonlat",
    "lnglat",
    "latlon",
    "latlng",
)
_LONLAT_WORDS += ("latlong", "coordinates", "coordinate", "coords", "coord")
_WKT_WORDS = ("wkt", "wktgeom", "geomwkt", "geometrywkt", "几何wkt")
_NOISE = re.compile(
    r"gps|必填|选填|十进制|小数度|小数|度数|decimal|deg$|degree$|坐标系|站址|站点|基站|小区|行政村|自然村|天线|铁塔|机房|村委会|学校|中心|位置|原始"
)

# What stands before a heading and is not part of it: a number in a list, a mark of a required column.
_SERIAL = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）、.．:：]|[（(]?[A-Za-z][)）、.．]|[\u2460-\u2473]|\d{1,2}\s+"
    r"|[（(【\[]?(?:必填|选填|必选|可选)(?:项)?[)）】\]]?)\s*(?=\S)"
)
# A heading in two languages, one after the other: the Chinese words, and the others.
_CHINESE_FIRST = re.compile(r"([^\x00-\x7f]+)[\s/|\\_-]+([A-Za-z][\w .-]*)")
_CHINESE_LAST = re.compile(r"([A-Za-z][A-Za-z0-9_ .-]*?)[\s/|\\_-]*([^\x00-\x7f]+)")

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
        "lon", "lat", "wkt", or "lonlat" for both in one cell.
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
    found = _place(heading)
    if found is None and (bare := _SERIAL.sub("", heading, count=1)) != heading:
        found = _place(bare)
    if found is None and (parts := _two_languages(heading)):
        here = [one for part in parts if (one := _place(part)) is not None]
        if len({one.axis for one in here}) == 1 and len(here) == len(parts):
            found = Place(here[0].axis, here[0].datum or here[1].datum, here[0].rank)
    return found


def _two_languages(heading: str) -> tuple[str, ...]:
    """Give the Chinese and the other words of a heading in two languages, or nothing."""
    words = heading.strip().strip("*")
    found = _CHINESE_FIRST.fullmatch(words) or _CHINESE_LAST.fullmatch(words)
    return found.groups() if found else ()


def _place(heading: str) -> Place | None:
    full = fold(heading)
    base, _ = without_brackets(heading)
    datum = next((name for name, pattern in DATUM_WORDS if pattern.search(full)), "")
    for words in (full, fold(base)):
        bare = words
        for name, pattern in DATUM_WORDS:
            if name == datum:
                bare = pattern.sub("", bare)
        for candidate in dict.fromkeys((bare, _NOISE.sub("", bare))):
            for axis, known in ((LON, _LON_WORDS), (LAT, _LAT_WORDS), (WKT, _WKT_WORDS), (LONLAT, _LONLAT_WORDS)):
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
    found = _match(heading, item)
    if found is None and (bare := _SERIAL.sub("", heading, count=1)) != heading:
        found = _match(bare, item)
    if found is None and (parts := _two_languages(heading)):
        here = [one for part in parts if (one := _match(part, item)) is not None]
        # "BBU 名称" is no name of a station: both languages must say the same, or the second be a mere translation.
        if len(here) == len(parts) or (here and _CHINESE_FIRST.fullmatch(heading.strip().strip("*"))):
            found = here[0][0] + _TRANSLATED, here[0][1]
    return found


def _match(heading: str, item: Field) -> tuple[int, str] | None:
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
