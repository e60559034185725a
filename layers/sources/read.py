"""Read any file that an operator may send into headings, cell texts, row numbers and geometry, as they stand."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from .dsn import is_database
from .raw_table import RawTable

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")
_WORKBOOKS = ("xlsx", "xls", "ods", "html")
_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods")
_PACKED = (".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_REMEDY = Text(
    "支持 CSV、TSV、XLSX、XLS、ODS、Shapefile（选 .shp）、GeoJSON、GeoPackage、FileGDB（选 .gdb 文件夹）、KML/KMZ、"
    "GPX、DXF、MapInfo（选 .tab 或 .mif）、GeoParquet、VCT，以及装有这些文件的 ZIP。",
    "Known: CSV, TSV, XLSX, XLS, ODS, Shapefile (choose the .shp), GeoJSON, GeoPackage, FileGDB (the .gdb folder), "
    "KML/KMZ, GPX, DXF, MapInfo (the .tab or .mif), GeoParquet, VCT, and a ZIP of any.",
)
_BY_SUFFIX = {
    ".shp": "shp",
    ".geojson": "geojson",
    ".json": "geojson",
    ".geojsonl": "geojsonl",
    ".geojsons": "geojsonl",
    ".geojsonseq": "geojsonl",
    ".ndjson": "geojsonl",
    ".jsonl": "geojsonl",
    ".kml": "kml",
    ".gpx": "gpx",
    ".dxf": "dxf",
    ".mif": "mif",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".pq": "parquet",
    ".vct": "vct",
}
# What belongs to a source and is chosen by its main file.
_PARTS = {".dbf": ".shp", ".shx": ".shp", ".prj": ".shp", ".cpg": ".shp", ".mid": ".mif"}
_PARTS |= dict.fromkeys((".map", ".dat", ".id"), ".tab")


def read_source(
    path: Path | str, layer: str | None = None, encoding: str = "auto", spec: LayerSpec | None = None
) -> RawTable:
    """Read one table.

    Parameters
    ----------
    path : pathlib.Path or str
        A file, a folder (.gdb), or the address of a database (`dsn.is_database`).
    layer : str, optional
        Sheet, layer, table, or file in an archive; without it the only one that fits `spec` is taken.
    encoding : str
        "auto", or an encoding that the planner states.
    spec : LayerSpec, optional
        The layer that is wanted: it finds the row of headings and the sheet.

    Raises
    ------
    InputError
        The file is missing, empty, incomplete, of an unknown type, not readable, or has several layers of which none
        can be chosen.
    """
    if is_database(path):
        from . import database as source_database

        return source_database.read_database(str(path), layer, spec)
    path = Path(path)
    kind = file_kind(path)
    if kind in ("csv", *_WORKBOOKS):
        from . import tables as source_table

        table = source_table.READERS[kind](path, layer, encoding, spec)
        if kind in _WORKBOOKS[:3] and path.suffix.lower() not in _WORKBOOK_SUFFIXES:
            words = Text(
                f"{path.name} 其实是 {table.format} 工作簿，已按工作簿读取。",
                f"{path.name} is really an {table.format} workbook and was read as one.",
            )
            table.notices.append(words)
        return table
    from . import gdal

    try:
        return _read_spatial(path, kind, layer, encoding, spec)
    except gdal.FAULTS as fault:  # damage breaks the libraries in ways of their own
        raise gdal.unreadable(path, fault) from fault


def _read_spatial(path: Path, kind: str, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    if kind == "shp":
        from . import shapefile as source_shapefile

        return source_shapefile.read_shapefile(path, layer, encoding, spec)
    if kind == "kml":
        from . import kml as source_kml

        return source_kml.read_kml(path, layer, encoding, spec)
    if kind in ("zip", "kmz"):
        from . import archive as source_archive

        return source_archive.read_archive(path, kind, layer, encoding, spec)
    if kind == "geojsonl":
        from . import geojsonl as source_geojsonl

        return source_geojsonl.read_geojsonl(path, layer, encoding, spec)
    if kind == "dxf":
        from . import dxf as source_dxf

        return source_dxf.read_dxf(path, layer, encoding, spec)
    if kind in ("tab", "mif"):
        from . import mapinfo as source_mapinfo

        return source_mapinfo.read_mapinfo(path, kind, layer, encoding, spec)
    if kind == "parquet":
        from . import parquet as source_parquet

        return source_parquet.read_parquet(path, layer, spec)
    if kind == "vct":
        from . import vct as source_vct

        return source_vct.read_source_vct(path, layer, encoding, spec)
    from . import vector as source_vector

    return source_vector.read_vector(path, kind, layer, encoding, spec)


def layer_names(path: Path | str) -> tuple[str, ...]:
    """Give the sheets, layers, tables or packed files of a source; none for a plain text table."""
    if is_database(path):
        from . import database as source_database

        return source_database.layer_names(str(path))
    path = Path(path)
    kind = file_kind(path)
    if kind in ("csv", "html"):
        return ()
    if kind in _WORKBOOKS:
        from . import tables as source_table

        return source_table.sheet_names(path)
    if kind in ("kml", "zip", "kmz", "dxf"):
        from . import archive as source_archive
        from . import dxf as source_dxf
        from . import kml as source_kml

        if kind == "kml":
            return source_kml.layer_names(path)
        return source_dxf.layer_names(path) if kind == "dxf" else source_archive.layer_names(path, kind)
    if kind in ("shp", "geojsonl", "tab", "mif", "parquet"):
        return (path.stem,)
    if kind == "vct":
        from . import vct as source_vct

        return source_vct.layer_names(path)
    from . import vector as source_vector

    return source_vector.names(path, kind)


def file_kind(path: Path) -> str:
    """Give what a file is, by what it starts with and then by its name.

    Returns
    -------
    str
        csv, xlsx, xls, ods, html, shp, geojson, geojsonl, gpkg, gdb, kml, kmz, gpx, dxf, tab, mif, parquet, vct or zip.

    Raises
    ------
    InputError
        There is no such file, it is empty, packed in a way that is not read here, or of an unknown type.
    """
    if not path.exists():
        raise InputError(
            Text(f"没有找到文件：{path}。", f"There is no file {path}."), Text("请检查路径。", "Check the path.")
        )
    suffix = path.suffix.lower()
    if path.is_dir():
        if suffix == ".gdb":
            return "gdb"
        raise InputError(Text(f"{path.name} 是文件夹。", f"{path.name} is a folder."), _REMEDY)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as fault:
        raise InputError(
            Text(f"打不开 {path.name}：{fault.strerror}", f"Cannot open {path.name}: {fault.strerror}"),
            Text(
                "请关闭占用该文件的程序，或检查读取权限。", "Close the program that holds it, or check its permissions."
            ),
        ) from fault
    if not head:
        raise InputError(
            Text(f"{path.name} 是空文件。", f"{path.name} is empty."),
            Text("请向提供方重新索取，或重新导出。", "Ask for it again, or export it again."),
        )
    return _kind_of(path, suffix, head)


def _packed_workbook(path: Path) -> str:
    """Give what a ZIP under another name is by the files in it: "xlsx", "xls" for .xlsb, "ods", or "" for none."""
    try:
        with zipfile.ZipFile(path) as pack:
            names = set(pack.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return ""
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    return "xlsx" if "xl/workbook.xml" in names else "xls" if "xl/workbook.bin" in names else ""


def _kind_of(path: Path, suffix: str, head: bytes) -> str:
    name = path.name
    if head.startswith(b"PK\x03\x04") and suffix in _WORKBOOK_SUFFIXES:
        return {".xlsb": "xls", ".ods": "ods"}.get(suffix, "xlsx")
    if head.startswith(b"PK\x03\x04") and suffix != ".kmz" and (book := _packed_workbook(path)):
        return book
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or suffix in (".zip", ".kmz"):
        return "kmz" if suffix == ".kmz" else "zip"
    if suffix in _PACKED or head[:4] in (b"Rar!", b"7z\xbc\xaf") or head.startswith(b"\x1f\x8b"):
        raise InputError(
            Text(f"{name} 是压缩包。", f"{name} is a packed archive."),
            Text(
                "请先解压（或改用 ZIP），再选择其中的文件。",
                "Unpack it (or pack it as ZIP), then choose the file inside.",
            ),
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if suffix in (".xls", ".et"):  # many web systems write a page or a plain table under this name
        return "html" if re.match(rb"(?:\xef\xbb\xbf)?\s*<", head) else "csv"
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix == ".tab" and re.match(rb"\s*!table", head, re.IGNORECASE):
        return "tab"
    if suffix == ".json" and _one_feature_a_line(head):
        return "geojsonl"
    if suffix == ".gpkg":
        raise InputError(
            Text(f"{name} 不是有效的 GeoPackage 文件。", f"{name} is no valid GeoPackage."),
            Text("请重新复制或向提供方索取该文件。", "Copy the file again, or ask for it again."),
        )
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        form = suffix[1:].upper()
        raise InputError(
            Text(f"{name} 不是有效的 {form} 文件。", f"{name} is not a valid {form} file."),
            Text("请用 Excel 或 WPS 打开后另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx."),
        )
    if suffix in TABLE_SUFFIXES:
        return "csv"
    if suffix in _PARTS:
        whole = {".shp": "Shapefile"}.get(_PARTS[suffix], "MapInfo")
        main = path.stem + _PARTS[suffix]
        if main.casefold() not in {one.name.casefold() for one in path.parent.iterdir()}:
            raise InputError(
                Text(
                    f"{name} 只是 {whole} 的一部分，旁边没有 {main}。",
                    f"{name} is only a part of a {whole} source, and {main} is not beside it.",
                ),
                Text(
                    f"请向提供方索取 {main}，与 {name} 放在同一文件夹后选择它。",
                    f"Ask for {main}, put it into the folder of {name} and choose it.",
                ),
            )
        raise InputError(
            Text(f"{name} 只是 {whole} 的一部分。", f"{name} is only a part of a {whole} source."),
            Text(f"请选择同名的 {_PARTS[suffix]} 文件。", f"Choose the {_PARTS[suffix]} file of the same name."),
        )
    raise InputError(Text(f"不支持的文件类型：{name}。", f"Not a supported type of file: {name}."), _REMEDY)


def _one_feature_a_line(head: bytes) -> bool:
    """Tell GeoJSON text sequences from one GeoJSON document: a record separator, or whole features on two lines."""
    if head.startswith(b"\x1e"):
        return True
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    return len(lines) > 1 and lines[0].startswith(b"{") and lines[0].endswith(b"}") and lines[1].startswith(b"{")
