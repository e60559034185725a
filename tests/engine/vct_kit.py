"""VCT files written by hand for the tests, section by section; nothing here knows the reader or the writer."""

from pathlib import Path

HEAD = {
    "DataMark": "LANDUSE-VCT",
    "Version": "3.0",
    "CoordinateSystemType": "P",
    "Dim": "2",
    "XAxisDirection": "E",
    "YAxisDirection": "N",
    "XYUnit": "M",
    "Spheroid": "CGCS2000,6378137.0,298.257222101",
    "Projection": "高斯-克吕格投影",
    "Parameters": "117,1,39500000,0,3,39",
    "Separator": ",",
}
CODES = "2090020521,通信设施点,Point,TXD\n2090020522,通信线路,Line,TXX\n2090020234,城市黄线,Polygon,ZXCQCSHX"
FIELDS = ("BSM,Char,18", "MC,Char,60", "MJ,Float,15,2")
TABLES = "\n\n".join("\n".join((f"{name},3", *FIELDS, "0")) for name in ("TXD", "TXX", "ZXCQCSHX"))
POINT, LINE, AREA = "2090020521", "2090020522", "2090020234"
X, Y = 39470000.0, 4540000.0


def xy(*pairs):
    """Give coordinates as lines, from metres east and north of a place in zone 39."""
    return "\n".join(f"{X + east:.4f},{Y + north:.4f}" for east, north in pairs)


def item(number, code, *body):
    """Give an object: its id, code, style, body and the closing 0."""
    return "\n".join((str(number), code, "unknown", *map(str, body), "0"))


def point(number, east=0.0, north=0.0):
    return item(number, POINT, 1, xy((east, north)))


def polyline(number, *pairs, code=LINE):
    return item(number, code, 1, 1, 11, len(pairs), xy(*pairs))


def square(east=0.0, north=0.0, side=100.0):
    return [(east, north), (east, north + side), (east + side, north + side), (east + side, north), (east, north)]


def area(number, *rings):
    body = [part for ring in rings for part in (11, len(ring), xy(*ring))]
    return item(number, AREA, 1, xy((10, 10)), len(rings), *body)


def rows(table, *numbers):
    """Give a table of attributes with a plain row for each id."""
    return "\n".join((table, *(f"{number},B{number},对象{number},{number}.50" for number in numbers), "TableEnd"))


def section(name, *parts):
    return "\n".join((f"{name}Begin", *(part for part in parts if part), f"{name}End", ""))


def vct(points=(), lines=(), polygons=(), attributes=(), head=None, codes=CODES, tables=TABLES, more=()):
    """Give the text of a whole file."""
    stated = {key: value for key, value in (HEAD | (head or {})).items() if value is not None}
    return "\n".join(
        (
            section("Head", "\n".join(f"{key}:{value}" for key, value in stated.items())),
            section("FeatureCode", codes),
            section("TableStructure", tables),
            section("Point", *points),
            section("Line", *lines),
            section("Polygon", *polygons),
            *more,
            section("Attribute", *attributes),
        )
    )


def save(folder: Path, text: str, encoding="gb18030", name="交换.vct", line_end="\r\n") -> Path:
    path = folder / name
    path.write_bytes(text.replace("\n", line_end).encode(encoding))
    return path
