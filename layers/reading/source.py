"""Read any file that an operator may send into headings, cell texts, row numbers and geometry, as they stand."""

from __future__ import annotations

from pathlib import Path

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from . import source_kml, source_table, source_vector
from .raw_table import RawTable

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm")
_PACKED = (".zip", ".rar", ".7z", ".kmz", ".gz", ".tar")
_REMEDY = Text(
    "支持 CSV、TSV、XLSX、Shapefile（选 .shp）、GeoJSON、GeoPackage、FileGDB（选 .gdb 文件夹）和 KML。",
    "Known: CSV, TSV, XLSX, Shapefile (choose the .shp), GeoJSON, GeoPackage, FileGDB (the .gdb folder) and KML.",
)


def read_source(
    path: Path, layer: str | None = None, encoding: str = "auto", spec: LayerSpec | None = None
) -> RawTable:
    """Read one table.

    Parameters
    ----------
    path : pathlib.Path
    layer : str, optional
        Sheet or layer; without it the only one that fits `spec` is taken.
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
    kind = file_kind(path)
    if kind in ("csv", "xlsx"):
        read = source_table.read_csv if kind == "csv" else source_table.read_xlsx
        return read(path, layer, encoding, spec)
    if kind == "kml":
        return source_kml.read_kml(path, layer, encoding, spec)
    return source_vector.read_vector(path, kind, layer, encoding, spec)


def layer_names(path: Path) -> tuple[str, ...]:
    """Give the sheets or layers of a file; none for a plain text table."""
    kind = file_kind(path)
    if kind == "csv":
        return ()
    if kind == "xlsx":
        return source_table.sheet_names(path)
    if kind == "kml":
        return source_kml.layer_names(path)
    return source_vector.names(path)


def file_kind(path: Path) -> str:
    """Give csv, xlsx, shp, geojson, gpkg, gdb or kml, by what the file starts with and then by its name.

    Raises
    ------
    InputError
        There is no such file, it is empty, packed, or of an unknown type.
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
            head = file.read(512)
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
    return _kind_of(path.name, suffix, head)


def _kind_of(name: str, suffix: str, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04") and suffix in (".xlsx", ".xlsm", ".xls"):
        return "xlsx"
    if suffix in _PACKED or head[:4] in (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf"):
        raise InputError(
            Text(f"{name} 是压缩包。", f"{name} is a packed archive."),
            Text("请先解压，再选择其中的文件。", "Unpack it, then choose the file inside."),
        )
    if head.startswith(b"\xd0\xcf\x11\xe0") or suffix == ".xls":
        raise InputError(
            Text(f"{name} 是旧版（.xls）或加密的 Excel 文件。", f"{name} is an old (.xls) or encrypted Excel file."),
            Text(
                "请在 Excel 或 WPS 中去掉密码，另存为 .xlsx。",
                "Remove its password in Excel or WPS and save it as .xlsx.",
            ),
        )
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    known = {".shp": "shp", ".geojson": "geojson", ".json": "geojson", ".kml": "kml", ".gpkg": "gpkg"}
    if suffix in known:
        return known[suffix]
    if suffix in (".xlsx", ".xlsm"):
        raise InputError(
            Text(f"{name} 不是有效的 XLSX 文件。", f"{name} is not a valid XLSX file."),
            Text("请用 Excel 或 WPS 打开后另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx."),
        )
    if suffix in TABLE_SUFFIXES:
        return "csv"
    if suffix in (".dbf", ".shx", ".prj", ".cpg"):
        raise InputError(
            Text(f"{name} 只是 Shapefile 的一部分。", f"{name} is only a part of a Shapefile."),
            Text("请选择同名的 .shp 文件。", "Choose the .shp file of the same name."),
        )
    raise InputError(Text(f"不支持的文件类型：{name}。", f"Not a supported type of file: {name}."), _REMEDY)
