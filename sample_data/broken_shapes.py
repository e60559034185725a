"""Write a torture set of shapes: ``python sample_data/broken_shapes.py [FOLDER]``; same bytes on every run.

One shape of every kind that is invalid by GEOS, or valid and wrong all the same, beside ``truth.csv``: what is to be
found in each row, what becomes of it, and its area afterwards in squares of the grid that it is drawn on, counted by
hand. All of it lies in the open sea, as the sample county does.
"""

from __future__ import annotations

import csv
import io
import json
import struct
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
STEP_DEG = 0.001  # a square of the grid
WEST, SOUTH, APART = 129.3, 20.3, 0.02
CGCS2000 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
COLUMNS = ("file", "row", "name", "finding", "treatment", "squares")
REPAIRED, ASIDE, KEPT = "repaired", "set_aside", "kept"
Points = list[tuple[float, float]]


def box(x: float, y: float, u: float, v: float) -> Points:
    """Give the closed ring of a rectangle on the grid."""
    return [(x, y), (u, y), (u, v), (x, v), (x, y)]


def closed(*points: tuple[float, float]) -> Points:
    """Give points with the first once more at the end."""
    return [*points, points[0]]


_NEEDLE = closed((0, 0), (4, 0), (4, 2), (8, 2), (4, 2.01), (4, 4), (0, 4))
_OUT_AND_BACK = closed((0, 0), (4, 0), (4, 2), (7, 2), (4, 2), (4, 4), (0, 4))
_BOW_TIE = closed((0, 0), (4, 4), (4, 0), (0, 4))
_EIGHT = closed((0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2))
_TWICE = [(0, 0), (0, 0), (4, 0), (4, 4), (4, 4), (0, 4), (0, 0)]
# name, GeoJSON type, coordinates on the grid, finding, treatment, squares afterwards
AREAS: tuple[tuple[str, str, Any, str, str, float | None], ...] = (
    ("sound", "Polygon", [box(0, 0, 4, 4)], "", KEPT, 16),
    ("bow tie", "Polygon", [_BOW_TIE], "self_intersection", REPAIRED, 8),
    ("figure of eight", "Polygon", [_EIGHT], "ring_self_touch", REPAIRED, 8),
    ("hole drawn as a part of the outline", "Polygon",
     [closed((0, 0), (4, 0), (4, 4), (2, 4), (3, 2), (1, 2), (2, 4), (0, 4))], "ring_self_touch", REPAIRED, 14),
    ("out and back on one line", "Polygon", [_OUT_AND_BACK], "self_intersection", REPAIRED, 16),
    ("outline twice", "Polygon", [box(0, 0, 4, 4)[:-1] + box(0, 0, 4, 4)], "self_intersection", REPAIRED, 16),
    ("hole outside", "Polygon", [box(0, 0, 4, 4), box(6, 0, 8, 2)], "hole_outside", REPAIRED, 20),
    ("hole across the outline", "Polygon", [box(0, 0, 4, 4), box(3, 1, 5, 2)], "self_intersection", REPAIRED, 15),
    ("hole in a hole", "Polygon", [box(0, 0, 9, 9), box(1, 1, 8, 8), box(2, 2, 3, 3)], "nested_holes", REPAIRED, 32),
    ("hole twice", "Polygon", [box(0, 0, 9, 9), box(2, 2, 3, 3), box(2, 2, 3, 3)], "duplicate_rings", REPAIRED, 80),
    ("hole that is the shell", "Polygon", [box(0, 0, 4, 4), box(0, 0, 4, 4)], "zero_area", ASIDE, None),
    ("hole from side to side", "Polygon", [box(0, 0, 4, 4), closed((0, 2), (2, 1), (4, 2), (2, 3))],
     "disconnected_interior", REPAIRED, 12),
    ("part in a part", "MultiPolygon", [[box(0, 0, 6, 6)], [box(2, 2, 3, 3)]], "nested_shells", REPAIRED, 36),
    ("part twice", "MultiPolygon", [[box(0, 0, 4, 4)], [box(0, 0, 4, 4)]], "duplicate_rings", REPAIRED, 16),
    ("parts that overlap", "MultiPolygon", [[box(0, 0, 4, 4)], [box(2, 2, 6, 6)]], "overlapping_parts", REPAIRED, 28),
    ("parts side by side", "MultiPolygon", [[box(0, 0, 4, 4)], [box(4, 0, 6, 4)]], "overlapping_parts", REPAIRED, 24),
    ("part of one point", "MultiPolygon", [[box(0, 0, 4, 4)], [[(6, 0)] * 4]], "empty_part", REPAIRED, 16),
    ("not closed", "Polygon", [box(0, 0, 4, 4)[:-1]], "ring_not_closed", REPAIRED, 16),
    ("no area", "Polygon", [closed((0, 0), (2, 2), (4, 4))], "zero_area", ASIDE, None),
    ("three points", "Polygon", [closed((0, 0), (4, 0))], "too_few_points", ASIDE, None),
    ("two points", "Polygon", [[(0, 0), (4, 0)]], "too_few_points", ASIDE, None),
    ("one point", "Polygon", [[(0, 0)]], "too_few_points", ASIDE, None),
    ("collection", "GeometryCollection",
     [("Polygon", [box(0, 0, 4, 4)]), ("LineString", [(5, 0), (6, 0)])], "collection", REPAIRED, 16),
    ("line", "LineString", box(0, 0, 4, 4), "geometry_type", ASIDE, None),
    ("vertices twice", "Polygon", [_TWICE], "duplicate_vertices", KEPT, 16),
    ("needle", "Polygon", [_NEEDLE], "spike", KEPT, 16.02),
    ("strip", "Polygon", [box(0, 0, 6, 0.02)], "sliver", KEPT, 0.12),
)  # fmt: skip
LINES: tuple[tuple[str, str, Any, str, str], ...] = (
    ("sound", "LineString", [(0, 0), (4, 1)], "dangle", KEPT),
    ("no length", "LineString", [(0, 0), (0, 0)], "zero_area", ASIDE),
    ("one point", "LineString", [(0, 0)], "zero_area", ASIDE),
    ("part without length", "MultiLineString", [[(0, 0), (4, 1)], [(6, 0), (6, 0)]], "empty_part", REPAIRED),
    ("doubles back", "LineString", [(0, 0), (4, 0), (2, 0)], "doubles_back", KEPT),
    ("over itself", "LineString", [(0, 0), (4, 0), (4, 3), (1, 3), (1, 0), (3, 0), (3, -2)], "self_overlap", KEPT),
    ("vertices twice", "LineString", [(0, 0), (2, 1), (2, 1), (4, 0)], "duplicate_vertices", KEPT),
    ("area", "Polygon", [box(0, 0, 4, 4)], "geometry_type", ASIDE),
    ("through line", "LineString", [(0, 0), (8, 0)], "", KEPT),
    ("stops short by 2.2 m", "LineString", [(4, 5), (4, 0.02)], "near_miss", KEPT),
    ("runs 2.2 m past", "LineString", [(6, 5), (6, -0.02)], "overshoot", KEPT),
    ("the through line again", "LineString", [(8, 0), (0, 0)], "duplicate_line", KEPT),
)
_BESIDE = 8  # the last four lines share one place
TOWNS: tuple[tuple[str, Points, str], ...] = (
    *((f"town {k + 1}", box(4 * (k % 3), 4 * (k // 3), 4 * (k % 3) + 4, 4 * (k // 3) + 4), "") for k in range(4)),
    ("smaller than its place", box(4, 4, 8, 7.9), "gap"),  # 0.4 squares lie in no town
    *((f"town {k + 1}", box(4 * (k % 3), 4 * (k // 3), 4 * (k % 3) + 4, 4 * (k // 3) + 4), "") for k in range(5, 8)),
    ("larger than its place", box(7, 8, 12, 12), "overlap"),  # 4 squares of town 8
)  # fmt: skip
_CELLS = struct.Struct("<dd")


def main(arguments: list[str]) -> int:
    """Write all files into the folder named, or beside this script."""
    folder = Path(arguments[0]) if arguments else HERE / "broken_shapes"
    for path in write_all(folder):
        print(path.name)
    return 0


def write_all(folder: Path) -> list[Path]:
    """Write the set; give its files."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[Any, ...]] = []
    areas = []
    for k, (name, kind, points, finding, treatment, squares) in enumerate(AREAS):
        areas.append(_feature(f"KZX{k + 1:02d}", name, _shape(kind, points, *_corner(k))))
        rows.append(("areas.geojson", k + 1, name, finding, treatment, "" if squares is None else squares))
    lines = []
    for k, (name, kind, points, finding, treatment) in enumerate(LINES):
        lines.append(_cable(f"GL{k + 1:02d}", name, _shape(kind, points, *_corner(min(k, _BESIDE)))))
        rows.append(("lines.geojson", k + 1, name, finding, treatment, ""))
    towns = []
    for k, (name, points, finding) in enumerate(TOWNS):
        shape = _shape("Polygon", [points], WEST, SOUTH)
        towns.append(_town(f"990121{101 + k}", name, shape))
        rows.append(("towns.geojson", k + 1, name, finding, KEPT, ""))
    binary = []
    for k, (name, data, finding, treatment) in enumerate(_binaries()):
        binary.append((k + 1, name, data.hex()))
        rows.append(("binary.csv", k + 1, name, finding, treatment, ""))
    files = {
        "areas.geojson": _collection("areas", areas),
        "lines.geojson": _collection("lines", lines),
        "towns.geojson": _collection("towns", towns),
        "binary.csv": _table(("row", "name", "wkb"), binary),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    paths = [*(folder / name for name in files), *_shapefile(folder, rows)]
    (folder / "truth.csv").write_text(_table(COLUMNS, rows), encoding="utf-8", newline="")
    return [*paths, folder / "truth.csv"]


def _binaries() -> list[tuple[str, bytes, str, str]]:
    """Give well-known binary that GeoJSON cannot hold: name, bytes, finding, treatment."""

    def polygon(*rings: Points, order: str = "<") -> bytes:
        out = struct.pack(order + "BII", order == "<", 3, len(rings))
        for ring in rings:
            out += struct.pack(order + "I", len(ring))
            out += b"".join(struct.pack(order + "dd", *_placed(point, WEST, SOUTH)) for point in ring)
        return out

    square = box(0, 0, 4, 4)
    nan, infinite = float("nan"), float("inf")
    return [
        ("sound", polygon(square), "", KEPT),
        ("not a number", polygon([*square[:2], (nan, 4), *square[3:]]), "bad_coordinate", ASIDE),
        ("infinite", polygon([*square[:2], (infinite, 4), *square[3:]]), "bad_coordinate", ASIDE),
        ("hole not closed", polygon(square, box(1, 1, 2, 2)[:-1]), "ring_not_closed", REPAIRED),
        ("not closed, big end first", polygon(square[:-1], order=">"), "ring_not_closed", REPAIRED),
        ("cut off", polygon(square)[:-5], "damaged_row", ASIDE),
    ]


def _shapefile(folder: Path, rows: list[tuple[Any, ...]]) -> list[Path]:
    """Write a Shapefile by its byte layout, since no writer would let these rings pass as they are."""
    chosen = [item for item in AREAS if item[0] in ("sound", "bow tie", "figure of eight", "out and back on one line")]
    records, index, table = b"", b"", b""
    corners: list[tuple[float, float]] = []
    for k, (name, _, points, finding, treatment, squares) in enumerate(chosen):
        ring = [_placed(point, *_corner(k)) for point in points[0]]
        if sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, ring[1:])) < 0:
            ring.reverse()  # a shell runs clockwise
        corners += ring
        content = struct.pack("<i4d", 5, *_bounds(ring)) + struct.pack("<iii", 1, len(ring), 0)
        content += b"".join(_CELLS.pack(*point) for point in ring)
        index += struct.pack(">ii", (100 + len(records)) // 2, len(content) // 2)
        records += struct.pack(">ii", k + 1, len(content) // 2) + content
        table += b" " + b"".join(
            text.encode().ljust(width) for text, width in ((f"KZX{k + 1:02d}", 10), ("other", 10), (name, 40))
        )
        rows.append(("areas.shp", k + 1, name, finding, treatment, squares))
    written = {".cpg": b"UTF-8", ".prj": _PRJ}
    for suffix, body in ((".shp", records), (".shx", index)):
        head = struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + struct.pack("<ii", 1000, 5)
        written[suffix] = head + struct.pack("<8d", *_bounds(corners), 0, 0, 0, 0) + body
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for name, width in (("KZXBH", 10), ("KZXLX", 10), ("MC", 40))
    )
    size = 1 + 10 + 10 + 40
    head = struct.pack("<BBBBIHH", 3, 126, 10, 31, len(chosen), 32 + len(fields) + 1, size) + bytes(20)
    written[".dbf"] = head + fields + b"\r" + table + b"\x1a"
    paths = [folder / f"areas{suffix}" for suffix in sorted(written)]
    for path in paths:
        path.write_bytes(written[path.suffix])
    return paths


_PRJ = (
    b'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    b'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def _corner(k: int) -> tuple[float, float]:
    return WEST + APART * (k % 6), SOUTH + APART * (k // 6)


def _placed(point: tuple[float, float], west: float, south: float) -> tuple[float, float]:
    return round(west + point[0] * STEP_DEG, 8), round(south + point[1] * STEP_DEG, 8)


def _bounds(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points)
    return min(xs), min(ys), max(xs), max(ys)


def _shape(kind: str, points: Any, west: float, south: float) -> dict[str, Any]:
    def place(item: Any) -> Any:
        if isinstance(item, tuple):
            return list(_placed(item, west, south))
        return [place(inner) for inner in item]

    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_shape(inner, part, west, south) for inner, part in points]}
    return {"type": kind, "coordinates": place(points)}


def _feature(key: str, name: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"控制线编号": key, "控制线类型": "其他", "名称": name}, "geometry": shape}


def _cable(key: str, name: str, shape: dict[str, Any]) -> dict[str, Any]:
    values = {"光缆编号": key, "光缆名称": "干线" if "through" in name else name, "权属单位": "移动", "状态": "在网"}
    return {"type": "Feature", "properties": values, "geometry": shape}


def _town(code: str, name: str, shape: dict[str, Any]) -> dict[str, Any]:
    values = {"行政区代码": code, "行政区名称": name, "级别": "乡级"}
    return {"type": "Feature", "properties": values, "geometry": shape}


def _collection(name: str, features: list[dict[str, Any]]) -> str:
    """Give GeoJSON, one feature a line, as people compare files by lines."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    head = json.dumps({"type": "FeatureCollection", "name": name, "crs": CGCS2000})[:-1]
    return f'{head}, "features": [\n{lines}\n]}}\n'


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([columns, *rows])
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
