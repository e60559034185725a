"""A good delivery package made without the product's writers, to plant faults in, and the run that looks for them."""

from __future__ import annotations

import csv
import json
import struct
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import check_package
from xinji_planner.layers.delivery.profile.file import PROFILES

ZONE_39 = "EPSG:4527"
WEST, SOUTH, STEP = 39_480_000.0, 3_100_000.0, 10_000.0  # of the towns of the invented county
TOWN, NEXT_TOWN, NEIGHBOUR = "990121100", "990121101", "990122100"
NAMES = {TOWN: "甲镇", NEXT_TOWN: "乙镇", NEIGHBOUR: "丙镇", "990121": "甲县", "990122": "邻县"}
CODES = {"ZDJCSSD": 1, "ZDJCSSX": 2, "ZDJCSSM": 3, "JQZDXMD": 4, "JQZDXMX": 5, "JQZDXMM": 6}
HEADER = [("BSM", "Char", 18, 0), ("YSDM", "Char", 10, 0), ("XZQDM", "Char", 12, 0), ("XZQMC", "Char", 100, 0)]
FACILITY = [
    ("SSDM", "Char", 10, 0),
    ("SSLX", "Char", 100, 0),
    ("SSMC", "Char", 100, 0),
    ("SSGM", "Float", 15, 2),
    ("YDMJ", "Float", 15, 2),
    ("GHZT", "Char", 2, 0),
]
FOOTER = [("BZ", "Char", 255, 0)]
_ARROW = {"Char": pa.string(), "Float": pa.float64(), "Int": pa.int32()}


@dataclass
class Sheet:
    """A layer as it is to stand in a file; `shapes` are geometries, bytes of WKB, or None."""

    name: str
    kind: str
    fields: list[tuple[str, str, int, int]]
    rows: list[dict]
    shapes: list
    crs: str | None = ZONE_39

    def add(self, row, shape):
        self.rows.append(row)
        self.shapes.append(shape)


@dataclass
class Package:
    """The layers of a package by name."""

    sheets: dict[str, Sheet] = field(default_factory=dict)

    def __getitem__(self, name):
        return self.sheets[name]

    def __iter__(self):
        return iter(self.sheets.values())

    def rename(self, old, new):
        self.sheets = {new if key == old else key: sheet for key, sheet in self.sheets.items()}
        self.sheets[new].name = new

    def reproject(self, crs, names=None, label=None):
        """Move layers to another CRS, or call it by another one."""
        for name in names or list(self.sheets):
            sheet = self.sheets[name]
            sheet.shapes = [moved(shape, sheet.crs, crs) for shape in sheet.shapes]
            sheet.crs = label or crs


def moved(shape, source, target):
    """Give a geometry in another CRS, east first."""
    change = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


def bsm(layer, serial, county="990121"):
    return f"{county}{CODES[layer]:04d}{serial:08d}"


def row(layer, serial, region=TOWN, **more):
    """Give a good row."""
    given = {
        "BSM": bsm(layer, serial, region[:6]),
        "YSDM": f"900000000{CODES[layer]}",
        "XZQDM": region,
        "XZQMC": NAMES[region],
        "BZ": None,
    }
    if layer.startswith("ZDJCSS"):
        given |= {"SSDM": None, "SSLX": "通信设施", "SSMC": f"设施{serial}", "SSGM": None, "YDMJ": None, "GHZT": "20"}
    return given | more


def at(x, y):
    """Give a place by metres from the south-west corner of the county."""
    return WEST + x, SOUTH + y


def line(*places):
    return shapely.LineString([at(*place) for place in places])


def polygon(*places):
    return shapely.Polygon([at(*place) for place in places])


def square(x, y, width, height=None):
    return shapely.box(*at(x, y), *at(x + width, y + (width if height is None else height)))


def lines_row(serial, shape):
    return row("ZDJCSSX", serial, SSGM=round(shape.length, 2))


def areas_row(serial, shape):
    return row("ZDJCSSM", serial, YDMJ=round(shape.area, 2))


def good_package():
    """Give points, lines, separate areas, a network of lines and areas that tile, all in the west town but six points.

    Most points stand 200 m west of a border, so that GCJ-02 coordinates of them would lie beyond it.
    """
    made = Package()
    sheet = _sheet(made, "ZDJCSSD", "Point", FACILITY)
    for number in range(1, 9):
        sheet.add(row("ZDJCSSD", number), shapely.Point(at(9_800, 1_000 * number)))
    sheet = _sheet(made, "ZDJCSSX", "LineString", FACILITY)
    for number in range(1, 5):
        y = 1_000.0 * number
        shape = line((1_000, y), (1_500, y), (1_500, y + 300), (2_100, y + 400))
        sheet.add(lines_row(number, shape), shape)
    sheet = _sheet(made, "ZDJCSSM", "Polygon", FACILITY)
    for number, x in enumerate((3_000, 3_100, 3_500), start=1):  # the first two share a side
        shape = square(x, 3_000, 100)
        sheet.add(areas_row(number, shape), shape)
    sheet = _sheet(made, "JQZDXMD", "Point", [])
    for number in range(1, 7):
        sheet.add(row("JQZDXMD", number, NEXT_TOWN), shapely.Point(at(19_800, 1_000 * number)))
    sheet = _sheet(made, "JQZDXMX", "LineString", [])
    corners = [(4_000, 4_000), (5_000, 4_000), (4_500, 5_000)]
    for number in range(3):
        sheet.add(row("JQZDXMX", number + 1), line(corners[number], corners[(number + 1) % 3]))
    sheet = _sheet(made, "JQZDXMM", "Polygon", [])
    for number, (x, y) in enumerate(((6_000, 6_000), (6_200, 6_000), (6_000, 6_200), (6_200, 6_200)), start=1):
        sheet.add(row("JQZDXMM", number), square(x, y, 200))
    return made


def _sheet(package, name, kind, fields):
    package.sheets[name] = Sheet(name, kind, [*HEADER, *fields, *FOOTER], [], [])
    return package.sheets[name]


def write_profile(folder, base="municipal", *, topology=True):
    """Write a copy of a profile with invented codes; `topology`: JQZDXMM must tile, JQZDXMX is a network."""
    text = (PROFILES / f"{base}.toml").read_text(encoding="utf-8")
    for name, number in CODES.items():
        start = text.index(f'[[layer]]\nname = "{name}"')
        part = text[start:]
        part = part.replace('bsm_code = "0000"', f'bsm_code = "{number:04d}"', 1)
        part = part.replace('ysdm = ""', f'ysdm = "900000000{number}"', 1)
        more = {"JQZDXMM": "tiles = true\n", "JQZDXMX": "joined = true\n"}.get(name, "") if topology else ""
        text = text[:start] + part.replace("need = ", f"{more}need = ", 1)
    path = folder / f"invented-{base}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def write_regions(folder):
    """Write the towns and counties, and the planning boundary (the county), in longitude and latitude."""
    boxes = {
        TOWN: (WEST, STEP),
        NEXT_TOWN: (WEST + STEP, STEP),
        NEIGHBOUR: (WEST + 2 * STEP, 2 * STEP),
        "990121": (WEST, 2 * STEP),
        "990122": (WEST + 2 * STEP, 2 * STEP),
    }
    shapes = [
        moved(shapely.box(west, SOUTH, west + width, SOUTH + 2 * STEP).segmentize(500), ZONE_39, "EPSG:4490")
        for west, width in boxes.values()
    ]
    codes = list(boxes)
    columns = {
        "code": codes,
        "name": [NAMES[code] for code in codes],
        "level": ["town" if len(code) == 9 else "county" for code in codes],
    }
    regions, boundary = folder / "regions.gpkg", folder / "boundary.gpkg"
    _write_arrow(regions, "regions", "Polygon", pa.table(columns), shapes, "EPSG:4490")
    _write_arrow(boundary, "boundary", "Polygon", pa.table({"name": ["甲县"]}), shapes[3:4], "EPSG:4490")
    return regions, boundary


def _write_arrow(path, layer, kind, table, shapes, crs, driver="GPKG", **options):
    places = [shape if shape is None or isinstance(shape, bytes) else shapely.to_wkb(shape) for shape in shapes]
    geometry = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "ogc.wkb"})
    table = table.append_column(geometry, pa.array(places, pa.binary()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fault is what GDAL warns of here
        pyogrio.write_arrow(
            table, path, layer=layer, driver=driver, geometry_name="geom", geometry_type=kind, crs=crs, **options
        )


def _table(sheet):
    fields = [
        pa.field(name, _ARROW[kind], metadata={"GDAL:OGR:width": str(length)} if kind == "Char" else None)
        for name, kind, length, _ in sheet.fields
    ]
    columns = [pa.array([item.get(one.name) for item in sheet.rows], one.type) for one in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def write_gpkg(package, folder):
    path = folder / "good.gpkg"
    for sheet in package:
        _write_arrow(path, sheet.name, sheet.kind, _table(sheet), sheet.shapes, sheet.crs)
    return path


def write_gdb(package, folder, **options):
    path = folder / "good.gdb"
    for sheet in package:
        kind = sheet.kind if sheet.kind == "Point" else "Multi" + sheet.kind.removeprefix("Multi")
        _write_arrow(path, sheet.name, kind, _table(sheet), sheet.shapes, sheet.crs, "OpenFileGDB", **options)
    return path


def write_geojson(package, folder):
    folder = folder / "geojson"
    folder.mkdir()
    for sheet in package:
        features = [
            {"type": "Feature", "properties": item, "geometry": shapely.geometry.mapping(shape) if shape else None}
            for item, shape in zip(sheet.rows, sheet.shapes, strict=True)
        ]
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{sheet.crs.removeprefix('EPSG:')}"}}
        content = {"type": "FeatureCollection", "name": sheet.name, "crs": crs, "features": features}
        (folder / f"{sheet.name}.geojson").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


def write_shp(package, folder, encoding="GBK"):
    folder = folder / "shp"
    folder.mkdir()
    for sheet in package:
        path = folder / f"{sheet.name}.shp"
        _write_arrow(path, sheet.name, sheet.kind, _table(sheet), sheet.shapes, sheet.crs, "ESRI Shapefile")
        path.with_suffix(".cpg").write_text(encoding)
        write_dbf(path.with_suffix(".dbf"), sheet, encoding)
    return folder


def write_dbf(path, sheet, encoding):
    """Write a dBASE III table, widths as declared (254 at most)."""
    kinds = {"Char": b"C", "Float": b"N", "Int": b"N"}
    fields = [(name, kinds[kind], min(length, 254), decimals) for name, kind, length, decimals in sheet.fields]
    size = 1 + sum(length for _, _, length, _ in fields)
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 20, len(sheet.rows), 33 + 32 * len(fields), size)
    for name, kind, length, decimals in fields:
        head += struct.pack("<11sc4xBB14x", name.encode(), kind, length, decimals)
    records = b"".join(
        b" "
        + b"".join(_cell(item.get(name), kind, length, decimals, encoding) for name, kind, length, decimals in fields)
        for item in sheet.rows
    )
    path.write_bytes(head + b"\r" + records + b"\x1a")


def _cell(value, kind, length, decimals, encoding):
    if value is None:
        return b" " * length
    if kind == b"N":
        return f"{value:.{decimals}f}".rjust(length).encode()
    return (value if isinstance(value, bytes) else value.encode(encoding)).ljust(length)[:length]


def vct_text(package):
    """Give a VCT 3.0 in the form of the land survey: areas by helper lines, one line each."""
    kinds = {"Point": "Point", "LineString": "Line", "Polygon": "Polygon"}
    text = [
        "HeadBegin\nDataMark:LANDUSE-VCT\nVersion:3.0\nCoordinateSystemType:P\nDim:2\nXAxisDirection:E",
        "YAxisDirection:N\nXYUnit:M\nZUnit:M\nSpheroid:CGCS2000,6378137.0,298.257222101\nPrimeMeridian:Greenwich",
        "Projection:高斯-克吕格投影\nParameters:117,1,39500000,0,3,39\nVerticalDatum:1985国家高程基准",
        "TemporalReferenceSystem:北京时间\nExtentMin:39480000,3100000\nExtentMax:39500000,3120000\nMapScale:2000",
        "Offset:0,0\nDate:20261120\nSeparator:,\nHeadEnd\n\nFeatureCodeBegin",
    ]
    text += [f"900000000{CODES[one.name]},{one.name},{kinds[one.kind]},{one.name}" for one in package]
    text += ["FeatureCodeEnd\n\nTableStructureBegin"]
    for sheet in package:
        widths = [
            f"{name},{kind},{length},{decimals}" if kind == "Float" else f"{name},{kind},{length}"
            for name, kind, length, decimals in sheet.fields
        ]
        text += [f"{sheet.name},{len(sheet.fields)}", *widths, "0\n"]
    text += ["TableStructureEnd\n"]
    sections = {"Point": [], "Line": [], "Polygon": []}
    for sheet in package:
        for serial, shape in enumerate(sheet.shapes, start=1):
            _vct_object(sections, vct_id(sheet.name, serial), f"900000000{CODES[sheet.name]}", shape)
    for name, objects in sections.items():
        text += [f"{name}Begin", *objects, f"{name}End\n"]
    text += ["AttributeBegin"]
    for sheet in package:
        rows = [
            ",".join([str(vct_id(sheet.name, serial)), *(_vct_value(item.get(name)) for name, *_ in sheet.fields)])
            for serial, item in enumerate(sheet.rows, start=1)
        ]
        text += [sheet.name, *rows, "TableEnd"]
    return "\n".join([*text, "AttributeEnd\n"])


def vct_id(layer, serial):
    return CODES[layer] * 1_000_000 + serial


def _vct_value(value):
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _vct_object(sections, number, code, shape):
    if shape.geom_type == "Point":
        sections["Point"] += [f"{number}\n{code}\nunknown\n1", *_pairs(shape), "0"]
    elif shape.geom_type == "LineString":
        sections["Line"] += [f"{number}\n{code}\nunknown\n1\n1\n11\n{len(shape.coords)}", *_pairs(shape), "0"]
    else:
        ring = shapely.geometry.polygon.orient(shape, -1).exterior
        helper = 90_000_000 + number
        sections["Line"] += [f"{helper}\n1099000000\nunknown\n1\n1\n11\n{len(ring.coords)}", *_pairs(ring), "0"]
        sections["Polygon"] += [f"{number}\n{code}\nunknown\n100", *_pairs(shape.representative_point())]
        sections["Polygon"] += [f"21\n1\n{helper}\n0"]


def _pairs(shape):
    return [f"{x:.6f},{y:.6f}" for x, y in shapely.get_coordinates(shape)]


def write_vct(package, folder):
    path = folder / "good.vct"
    path.write_bytes(vct_text(package).replace("\n", "\r\n").encode("GBK"))
    return path


WRITERS = {"gpkg": write_gpkg, "gdb": write_gdb, "shp": write_shp, "geojson": write_geojson, "vct": write_vct}


@dataclass(frozen=True)
class Record:
    """One row of the error records."""

    rule: str
    layer: str
    feature: str
    bsm: str
    message: str
    level: int
    remedy: str


def check(source, around, folder, workspace=None):
    """Run the job on a package and give its summary and error records; `around`: profile, regions, boundary."""
    folder.mkdir()
    profile, regions, boundary = around
    stated = {
        "source": str(source),
        "profile": str(profile),
        "workspace": workspace,
        "regions": str(regions) if regions else None,
        "boundary": str(boundary) if boundary else None,
    }
    context = RunContext(stated, folder)
    summary = check_package.run(context)
    return summary, records(folder / "check.csv")


def records(path: Path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Record(
                *(item[name] for name in ("规则编号", "涉及图层", "要素ID", "要素BSM", "错误描述")),
                int(item["错误级别"]),
                item["处理办法"],
            )
            for item in csv.DictReader(file)
        ]
