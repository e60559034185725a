"""Read any file that an operator may send into headings, cell texts, row numbers and geometry, as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyproj

from ..errors import InputError
from ..text import Text
from .spec import LayerSpec

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm")
VECTOR_SUFFIXES = (".shp", ".geojson", ".json", ".gpkg", ".gdb", ".kml")
_PACKED = (".zip", ".rar", ".7z", ".kmz", ".gz", ".tar")
_REMEDY = Text(
    "支持 CSV、TSV、XLSX、Shapefile（选 .shp）、GeoJSON、GeoPackage、FileGDB（选 .gdb 文件夹）和 KML。",
    "Known: CSV, TSV, XLSX, Shapefile (choose the .shp), GeoJSON, GeoPackage, FileGDB (the .gdb folder) and KML.",
)

_SILENT = Text("", "")


@dataclass
class RawTable:
    """A table as it stands in a file.

    Attributes
    ----------
    path : pathlib.Path
    format : str
        "CSV", "XLSX", or GDAL's short name of the driver.
    layer : str
        Layer or sheet that was read, "" where the format has none.
    layers : tuple of str
        Every layer or sheet of the file.
    headings : list of str
        As they stand; "" for a column without one.
    cells : list of numpy.ndarray of str, one of shape (n,) a column
        "" for an empty cell.
    rows : numpy.ndarray of int64, shape (n,)
        Row number as the planner's own program shows it: the first line of a sheet is 1; a layer's features count
        from 1.
    geometry : numpy.ndarray of shapely geometries, shape (n,), or None
        In `crs`; None where the format has no geometry.
    damaged : dict of int to Text
        Rows, by position, that do not fit under the headings, and why.
    preamble : list of (int, str)
        Title, unit and note rows above the headings: row number and text.
    header_row : int or None
    blank_rows : int
        Rows without any text, which are not counted.
    crs, crs_origin
        What the file says about its coordinates, and where it says so; None and an empty text where it is silent.
    """

    path: Path
    format: str
    headings: list[str]
    cells: list[np.ndarray]
    rows: np.ndarray
    layer: str = ""
    layers: tuple[str, ...] = ()
    geometry: np.ndarray | None = None
    encoding: str = "UTF-8"
    crs: pyproj.CRS | None = None
    crs_origin: Text = _SILENT
    damaged: dict[int, Text] = field(default_factory=dict)
    preamble: list[tuple[int, str]] = field(default_factory=list)
    header_row: int | None = None
    blank_rows: int = 0
    notices: list[Text] = field(default_factory=list)
    tail: dict[int, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def name(self) -> str:
        """File name, with the layer where the file has several: what `source_file` holds."""
        return f"{self.path.name}|{self.layer}" if len(self.layers) > 1 else self.path.name

    def original(self, at: int) -> str:
        """Give the text of one row as it stands: the cells of a sheet, heading=value of a layer."""
        cells = [str(column[at]) for column in self.cells]
        if self.geometry is None:
            return " | ".join(cells + self.tail.get(at, []))
        words = [f"{heading}={cell}" for heading, cell in zip(self.headings, cells) if cell]
        shape = self.geometry[at]
        if shape is not None:
            words.append(shape.wkt if len(shape.wkt) <= 200 else shape.wkt[:200] + "…")
        return " | ".join(words)


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
        from . import source_table

        read = source_table.read_csv if kind == "csv" else source_table.read_xlsx
        return read(path, layer, encoding, spec)
    if kind == "kml":
        from . import source_kml

        return source_kml.read_kml(path, layer, encoding, spec)
    from . import source_vector

    return source_vector.read_vector(path, kind, layer, encoding, spec)


def layer_names(path: Path) -> tuple[str, ...]:
    """Give the sheets or layers of a file; none for a plain text table."""
    kind = file_kind(path)
    if kind == "csv":
        return ()
    if kind == "xlsx":
        from . import source_table

        return source_table.sheet_names(path)
    if kind == "kml":
        from . import source_kml

        return source_kml.layer_names(path)
    from . import source_vector

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


def which_layer(path: Path, found: dict[str, tuple[bool, int]], spec: LayerSpec | None = None) -> str:
    """Choose a sheet or layer by how well its headings fit.

    Parameters
    ----------
    path : pathlib.Path
    found : dict
        Name → (all required fields are there, number of headings that fit).
    spec : LayerSpec, optional
        The layer that is wanted; a layer of its name is taken.

    Raises
    ------
    InputError
        Several fit equally well, or none does.
    """
    if len(found) == 1:
        return next(iter(found))
    if spec is not None:
        for name in (spec.name, spec.label.zh, spec.label.en):
            if name in found:
                return name
    complete = [name for name, (whole, _) in found.items() if whole]
    if len(complete) == 1:
        return complete[0]
    best = max((score for _, score in found.values()), default=0)
    fits = [name for name, (_, score) in found.items() if score == best]
    if not complete and len(fits) == 1 and best >= 2:
        return fits[0]
    raise several_layers(path, list(found))


def several_layers(path: Path, names: list[str]) -> InputError:
    """Give the error of a file with several layers of which none can be chosen."""
    return InputError(
        Text(
            f"{path.name} 有 {len(names)} 个图层或工作表，无法确定读取哪一个：{'、'.join(names)}。",
            f"{path.name} has {len(names)} layers or sheets, and which one to read cannot be told: {', '.join(names)}.",
        ),
        Text("请用 --layer 指明名称。", "Name one with --layer."),
    )


def no_layer(path: Path, layer: str, names: list[str]) -> InputError:
    """Give the error of a layer name that the file does not have."""
    return InputError(
        Text(
            f"{path.name} 没有图层或工作表“{layer}”。现有：{'、'.join(names)}。",
            f"{path.name} has no layer or sheet “{layer}”. It has: {', '.join(names)}.",
        ),
        Text("请改用其中一个名称。", "Use one of these names."),
    )
