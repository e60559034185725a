"""Read the layers of a package: attributes and geometry as the existing readers give them, fields as declared."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ....errors import InputError
from ....text import NOTHING, Text
from ...findings.catalogue import KINDS
from ...sources import gdal
from ...sources.raw_table import RawTable
from ...sources.shapefile import read_shapefile
from ...sources.shapefile_parts import find_parts
from ..profile.model import Profile
from . import attribute_tables, gdb_tables, vct_layers
from .files import Files
from .found import BETWEEN_FILES, Found, part_of
from .source import LINE, MIXED, NONE, POINT, POLYGON, FileField, Package, PackageFile, PackageLayer

_SYSTEM = ("OBJECTID", "FID", "OGC_FID", "SHAPE_LENGTH", "SHAPE_AREA", "SHAPE_LENG")
_DBF = {"C": "Char", "D": "Date", "L": "Int"}
_KINDS = {"Point": POINT, "MultiPoint": POINT, "LineString": LINE, "MultiLineString": LINE, "Polygon": POLYGON,
          "MultiPolygon": POLYGON, "CompoundCurve": LINE, "MultiCurve": LINE, "CircularString": LINE,
          "CurvePolygon": POLYGON, "MultiSurface": POLYGON, "None": NONE}  # fmt: skip
_BY_DIMENSION = (POINT, LINE, POLYGON)
_TOLD = ("wrong_cpg", "part_rebuilt", "record_mismatch", "deleted_records", "unreadable_prj")
_ARC_STEP_DEG = "0.5"  # an arc of such chords is too short by the square of the step over 24: 3 millionths
_SLIGHT, _SHOWN = 3, 5
_EXPORT_AGAIN = Text("请用原软件重新导出。", "Export it again from the program it came from.")
_COUNTED = Text("只核对行数和标识码", "only its rows and feature numbers")
_READ_APART = Text("不在检查之列", "not looked into")


def read_package(files: Files, profile: Profile, checkpoint: Callable[[float, str], None]) -> Package:
    """Read every layer of every file.

    Parameters
    ----------
    files : Files
    profile : Profile
        Its layers give the names; see `target_name`.
    checkpoint : callable
        Told the share done, and the file that is about to be read.
    """
    package = Package(files.home.name)
    for place, (path, kind) in enumerate(files.data):
        name = files.name(path)
        checkpoint(place / len(files.data), name)
        made = Package(package.name)
        try:
            _read_file(path, kind, profile, made)
        except InputError as fault:
            layer = target_name(path.stem, profile) if kind in ("shp", "geojson") else ""
            package.found.append(Found("FILE", layer, fault.message, fault.remedy, file=name))
            package.unread.add((layer, kind))
        package.take(made, part_of(name))
        package.files.append(PackageFile(name, kind, len(made.layers), sum(map(len, made.layers))))
    package.found += [_unnamed(encoding, names) for encoding, names in package.unnamed.items()]
    for path in files.orphans:
        package.found.append(_orphan(files.name(path), path))
    tables = {path: table for path in files.others if (table := attribute_tables.read(path, files.name(path), profile))}
    package.tables += tables.values()
    package.files += [
        PackageFile(files.name(path), table.format, 1, table.rows, _COUNTED) for path, table in tables.items()
    ]
    others = [path for path in (*files.archives, *files.others) if path not in tables]
    package.files += [PackageFile(files.name(path), "", note=_READ_APART) for path in others]
    return package


def target_name(name: str, profile: Profile) -> str:
    """Give the layer of the profile that a name means: the same, else but for the case, else the name itself."""
    names = [layer.name for layer in profile.layers]
    if name in names:
        return name
    return next((item for item in names if item.upper() == name.upper()), name)


def _read_file(path: Path, kind: str, profile: Profile, package: Package) -> None:
    if kind == "vct":
        layers, found = vct_layers.read(path, profile)
        package.layers += layers
        package.found += found
    elif kind == "shp":
        package.layers.append(_shapefile(path, profile, package))
    else:
        # GDAL reads a GeoJSON of many layers as one; its own name for it is not the file's.
        names: Sequence[str] = gdal.layer_names(path, path)
        if not names:
            raise gdal.unreadable(path, Text("其中没有图层。", "it has no layers."))
        heads = gdb_tables.tables(path) if kind == "gdb" else {}
        lost: list[Found] = []
        for name in names:
            fault = _read_layer(path, kind, name, profile, package, heads.get(name))
            if fault is not None:
                lost.append(fault)
        if len(lost) == len(names) > 1 and kind != "gdb":  # the file is what is broken
            package.found.append(replace(lost[0], layer="", file=path.name))
            package.unread.add(("", kind))
        else:
            package.found += lost
            package.unread |= {(item.layer, kind) for item in lost}


def _read_layer(
    path: Path, kind: str, name: str, profile: Profile, package: Package, head: gdb_tables.GdbTable | None
) -> Found | None:
    """Take up a layer; where that cannot be done, or the table of a FileGDB gives less than it states, say so."""
    told = len(package.found)
    where = f"{path.name} · {name}" if kind in ("gpkg", "gdb") else path.name
    shown = target_name(path.stem if kind == "geojson" else name, profile)
    try:
        layer = _gdal_layer(path, kind, name, profile, package)
    except InputError as fault:
        words = fault.message if head is None else head.lost(0)
        return Found("FILE", shown, words, fault.remedy if head is None else _EXPORT_AGAIN, file=where)
    if head is not None and len(layer) < head.rows:
        del package.found[told:]  # what GDAL says of it is another word for the same
        return Found("FILE", shown, head.lost(len(layer)), _EXPORT_AGAIN, file=where)
    package.layers.append(layer)
    return None


def _gdal_layer(path: Path, kind: str, name: str, profile: Profile, package: Package) -> PackageLayer:
    with gdal.options(OGR_ARC_STEPSIZE=_ARC_STEP_DEG):
        table = gdal.read_layer(path, path, name, curves=kind in ("gpkg", "gdb"))
    shown = path.stem if kind == "geojson" else name
    fields = _declared(path, name, kind)
    geometry = table.geometry if table.geometry is not None else np.full(len(table.fids), None, dtype=object)
    stated = str(pyogrio.read_info(path, layer=name).get("geometry_type") or "None")
    layer = PackageLayer(
        target_name(shown, profile),
        path,
        shown,
        kind,
        _kind(stated if kind != "geojson" else "Unknown", geometry, has_geometry=table.geometry is not None),
        fields,
        table.crs,
        np.array([str(fid) for fid in table.fids], dtype=object),
        geometry,
        _frame(table.headings, table.cells, {item.name: item.type for item in fields}),
        bool(len(table.curved)),
        bool(shapely.has_z(geometry).any()),
        frozenset(table.curved.tolist()),
    )
    package.found += [_broken(layer, at, words) for at, words in sorted(table.damage().items())]
    package.found += [Found("FILE", layer.name, words, _EXPORT_AGAIN, file=layer.file) for words in table.notices]
    return layer


def _declared(path: Path, name: str, kind: str) -> tuple[FileField, ...]:
    """Give the fields as the format declares them; GeoJSON declares nothing, its types are told from the values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, table = pyogrio.read_arrow(path, layer=name, read_geometry=False, max_features=1)
    found = []
    for item in table.schema:
        if item.name.upper() in _SYSTEM:
            continue
        width = int((item.metadata or {}).get(b"GDAL:OGR:width", b"0"))
        told = kind != "geojson"
        found.append(FileField(item.name, _arrow_type(item.type, width), (width if told else None) or None))
    return tuple(found)


def _arrow_type(kind: pa.DataType, width: int) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "Char" if width else "VarChar"
    if pa.types.is_boolean(kind):
        return "Boolean"
    if pa.types.is_integer(kind):
        return "Long" if kind.bit_width > 32 else "Int"
    if pa.types.is_floating(kind):
        return "Float" if kind.bit_width < 64 else "Double"
    return "Date" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else str(kind)


def _frame(headings: Sequence[str], cells: Sequence[np.ndarray], types: dict[str, str]) -> pd.DataFrame:
    """Give the attributes: numbers as floats, all else as texts, None for what is empty."""
    columns = {}
    for heading, column in zip(headings, cells):
        if types.get(heading) in ("Float", "Double"):
            columns[heading] = pd.to_numeric(pd.Series(column, dtype=object), errors="coerce")
        else:
            columns[heading] = pd.Series([value if value != "" else None for value in column], dtype=object)
    return pd.DataFrame(columns)


def _kind(stated: str, geometry: np.ndarray, *, has_geometry: bool) -> str:
    if not has_geometry:
        return NONE
    plain = stated.removeprefix("3D ").removeprefix("Measured ").removesuffix(" ZM").removesuffix(" Z")
    plain = plain.removesuffix(" M").removeprefix("2.5D ")
    return _KINDS.get(plain) or kind_of_shapes(geometry)


def kind_of_shapes(geometry: np.ndarray) -> str:
    """Give the kind of the shapes themselves; "mixed" where they are of several or there are none."""
    found = set(shapely.get_dimensions(geometry[~shapely.is_missing(geometry)]).tolist()) - {-1}
    return _BY_DIMENSION[found.pop()] if len(found) == 1 else MIXED


def _shapefile(path: Path, profile: Profile, package: Package) -> PackageLayer:
    raw = read_shapefile(path, None, "auto", None)
    parts = find_parts(path)
    fields = _dbase_fields(parts[".dbf"], raw.headings)
    geometry = raw.geometry if raw.geometry is not None else np.full(len(raw.rows), None, dtype=object)
    types = {item.name: item.type for item in fields}
    layer = PackageLayer(
        target_name(path.stem, profile),
        path,
        path.stem,
        "shp",
        _shape_kind(path),
        tuple(item for item in fields if item.name.upper() not in _SYSTEM),
        raw.crs,
        np.array([str(row) for row in raw.rows], dtype=object),
        geometry,
        _frame(raw.headings, raw.cells, types),
        has_z=bool(shapely.has_z(geometry).any()),
    )
    package.found += [_broken(layer, at, words) for at, words in sorted(raw.damaged.items())]
    package.found += _told(raw, layer)
    if any(block.code == "no_cpg" for block in raw.findings):
        package.unnamed.setdefault(raw.encoding, []).append(layer.file)
    return layer


def _told(raw: RawTable, layer: PackageLayer) -> list[Found]:
    found = []
    for block in raw.findings:
        if block.code in _TOLD:
            label = KINDS[block.code].label
            why = block.why[0] if block.why else NOTHING
            words = Text(
                f"{label.zh}：{why.zh}" if why.zh else label.zh, f"{label.en}: {why.en}" if why.en else label.en
            )
            found.append(Found("FILE", layer.name, words, _EXPORT_AGAIN, file=layer.file))
    return found


def _unnamed(encoding: str, names: Sequence[str]) -> Found:
    """Tell once of all Shapefiles that do not state their encoding: what reads them must guess it, as was done here."""
    shown, count = names[:_SHOWN], len(names)
    zh, en = "、".join(shown) + (" 等" if count > _SHOWN else ""), ", ".join(shown) + (", …" if count > _SHOWN else "")
    return Found(
        "FILE",
        "",
        Text(
            f"{count} 个 Shapefile 没有用 .cpg 写明编码（{zh}），文字按 {encoding} 读出无误。",
            f"Shapefiles without a .cpg that states the encoding: {count} ({en}). Their texts read well as {encoding}.",
        ),
        Text(
            f"请补上内容为 {encoding} 的同名 .cpg 文件。",
            f"Add a .cpg of the same name, with {encoding} written in it.",
        ),
        value=encoding,
        file=BETWEEN_FILES.join(names),
        level=_SLIGHT,
    )


def _dbase_fields(dbf: Path, headings: Sequence[str]) -> list[FileField]:
    """Read the descriptions of the fields after the header of a .dbf (dBASE III): type, length in bytes, decimals."""
    data = dbf.read_bytes()
    end = struct.unpack_from("<H", data, 8)[0]
    found = []
    for heading, at in zip(headings, range(32, end - 1, 32)):
        kind, length, decimals = chr(data[at + 11]), data[at + 16], data[at + 17]
        if kind in _DBF:
            found.append(FileField(heading, _DBF[kind], length if kind == "C" else None))
        elif kind in "NF":
            found.append(FileField(heading, "Double" if decimals else "Long", length, decimals))
        else:
            found.append(FileField(heading, kind))
    return found


def _shape_kind(path: Path) -> str:
    with path.open("rb") as file:
        kind = struct.unpack_from("<i", file.read(100), 32)[0] % 10
    return {1: POINT, 8: POINT, 3: LINE, 5: POLYGON}.get(kind, MIXED)


def _broken(layer: PackageLayer, at: int, words: Text) -> Found:
    bsm = ""
    with suppress(KeyError, IndexError):
        bsm = str(layer.columns["BSM"].iloc[at] or "")
    return Found("FILE", layer.name, words, _EXPORT_AGAIN, str(layer.features[at]), bsm, file=layer.file)


def _orphan(name: str, path: Path) -> Found:
    return Found(
        "FILE",
        path.stem,
        Text(f"{name} 没有同名的 .shp，缺少图形。", f"{name} has no .shp of its name: the shapes are missing."),
        Text("请补齐 .shp、.shx、.dbf，或删除该文件。", "Add the .shp, .shx and .dbf, or delete the file."),
        file=name,
    )
