"""One elevation raster: what its header says, and windows of it in metres with NaN for voids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window

from ...errors import InputError
from ...text import Text
from .guard import Part, admit

# No land lies outside these; a value that does is a void that the file does not declare (-9999, -3.4e38, ...).
LOWEST_M, HIGHEST_M = -500.0, 9000.0
SRTM_VOID = -32768
_METRES = ("", "m", "metre", "metres", "meter", "meters")
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "ussft": 1200 / 3937}
_NOWHERE = "http://127.0.0.1:9"
_OPTIONS = {
    **{"GDAL_HTTP_PROXY": _NOWHERE, "GDAL_HTTPS_PROXY": _NOWHERE, "GDAL_HTTP_CONNECTTIMEOUT": "1"},
    **{"GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none"},
    # GDAL moves PixelIsPoint and the posts of .hgt by half a pixel unless these say otherwise.
    **{"GTIFF_POINT_GEO_IGNORE": "FALSE", "GDAL_VRT_ENABLE_PYTHON": "NO"},
}


@dataclass(frozen=True)
class Raster:
    """The header of one file.

    Attributes
    ----------
    driver : str
        Name of GDAL's driver for it.
    crs : pyproj.CRS
    affine : tuple of 6 floats
        (a, b, c, d, e, f): x = a·column + b·row + c, y = d·column + e·row + f, column and row counting from the outer
        corner of the first pixel, so that its centre is at 0.5.
    width, height : int
    scale, offset : float
        Metres are stored value × scale + offset.
    nodata : float or None
    masked : bool
        It carries a mask of its own.
    vertical_datum : Text or None
        As the file states it; None where it does not.
    parts : tuple of Part
        Of a VRT.
    """

    path: Path
    driver: str
    crs: pyproj.CRS
    affine: tuple[float, float, float, float, float, float]
    width: int
    height: int
    scale: float
    offset: float
    nodata: float | None
    masked: bool
    vertical_datum: Text | None
    parts: tuple[Part, ...]


def read_header(path: Path) -> Raster:
    """Open a file, check that it holds heights and say what it is.

    Raises
    ------
    InputError
        It is no elevation raster, has no CRS or georeference, several bands, or an unknown unit.
    """
    admitted = admit(path)
    with _opened(path, admitted.driver) as source:
        crs, metres = _checked(source, path)
        of = source.transform
        return Raster(
            path,
            admitted.driver,
            crs.to_2d() if len(crs.axis_info) > 2 else crs,
            (of.a, of.b, of.c, of.d, of.e, of.f),
            source.width,
            source.height,
            source.scales[0] * metres,
            source.offsets[0] * metres,
            source.nodata,
            MaskFlags.per_dataset in source.mask_flag_enums[0],
            _vertical_datum(crs, admitted.driver),
            admitted.parts,
        )


def open_dataset(raster: Raster) -> Any:
    """Open the file of a header for `read_window`; the caller closes it."""
    try:
        with rasterio.Env(**_OPTIONS):
            return rasterio.open(raster.path.absolute(), driver=raster.driver)
    except (RasterioError, OSError, ValueError) as fault:
        raise _unreadable(raster.path, fault) from fault


def read_window(raster: Raster, dataset: Any, left: int, top: int, width: int, height: int) -> NDArray[np.float32]:
    """Read pixels as metres, NaN where there is none.

    Voids are the file's nodata value and mask, NaN, -32768 in whole numbers, and what no land can be.

    Raises
    ------
    InputError
        The file is damaged there.
    """
    window = Window(left, top, width, height)
    try:
        with rasterio.Env(**_OPTIONS):
            stored = dataset.read(1, window=window)
            masked = dataset.read_masks(1, window=window) == 0 if raster.masked else None
    except (RasterioError, OSError, ValueError) as fault:
        raise _unreadable(raster.path, fault) from fault
    void = ~np.isfinite(stored) if stored.dtype.kind == "f" else stored == SRTM_VOID
    if raster.nodata is not None and np.isfinite(raster.nodata):
        void |= stored == (np.float32(raster.nodata) if stored.dtype == np.float32 else raster.nodata)
    if masked is not None:
        void |= masked
    metres = stored * raster.scale + raster.offset if (raster.scale, raster.offset) != (1.0, 0.0) else stored
    if raster.driver == "VRT":
        void |= _between_parts(raster.parts, left, top, width, height)
    void |= (metres < LOWEST_M) | (metres > HIGHEST_M)
    heights = np.asarray(metres, dtype=np.float32).copy()
    heights[void] = np.nan
    return heights


def _between_parts(parts: tuple[Part, ...], left: int, top: int, width: int, height: int) -> NDArray[np.bool_]:
    """Tell which pixels of a VRT no file fills: without nodata GDAL gives 0 there, the sea."""
    bare = np.ones((height, width), dtype=np.bool_)
    column, row = left + 0.5 + np.arange(width), top + 0.5 + np.arange(height)
    for part in parts:
        across = (column >= part.columns[0]) & (column < part.columns[1])
        down = (row >= part.rows[0]) & (row < part.rows[1])
        if across.any() and down.any():
            bare[np.ix_(down, across)] = False
    return bare


@contextmanager
def _opened(path: Path, driver: str) -> Iterator[Any]:
    try:
        with rasterio.Env(**_OPTIONS), rasterio.open(path.absolute(), driver=driver) as source:
            yield source
    except (RasterioError, OSError, ValueError) as fault:
        raise _unreadable(path, fault) from fault


def _checked(source: Any, path: Path) -> tuple[pyproj.CRS, float]:
    """Give the CRS and the metres in a unit of height of a header that is right."""
    crs = _crs(source)
    if crs is None or not (crs.is_geographic or crs.is_projected):
        raise _refused(
            path,
            Text("没有坐标系，无法知道它在哪里。", "has no CRS, so nobody can tell where it lies."),
            Text(
                "请在 QGIS 中用“指定投影”（栅格 > 投影）写入坐标系后再用；.hgt 应保持原名，如 N27E086.hgt。",
                "Write its CRS with Assign projection (Raster > Projections) in QGIS; an .hgt keeps its name, such as "
                "N27E086.hgt.",
            ),
        )
    if source.transform.is_identity or source.transform.is_degenerate:
        raise _refused(
            path,
            Text("没有地理参考。", "is not georeferenced."),
            Text(
                "请索取带地理参考的文件，或在 QGIS 中配准。",
                "Ask for a georeferenced file, or georeference it in QGIS.",
            ),
        )
    kind = np.dtype(source.dtypes[0]) if source.dtypes[0] != "complex_int16" else np.dtype(complex)
    if source.count != 1 or kind.kind not in "iuf" or kind.itemsize == 1:
        raise _refused(
            path,
            Text(
                f"有 {source.count} 个波段、类型 {source.dtypes[0]}，不像高程。",
                f"has {source.count} bands of type {source.dtypes[0]}, which are not heights.",
            ),
            Text("请选择单波段、16 位以上的高程栅格。", "Choose an elevation raster: one band of 16 bits or more."),
        )
    metres = _metres_per_unit(source)
    if metres is None:
        raise _refused(
            path,
            Text(f"的高程单位“{source.units[0]}”未知。", f"has heights in an unknown unit, “{source.units[0]}”."),
            Text("请换算为米。", "Convert it to metres."),
        )
    return crs, metres


def _refused(path: Path, what: Text, remedy: Text) -> InputError:
    return InputError(Text(f"高程文件 {path.name} {what.zh}", f"The elevation file {path.name} {what.en}"), remedy)


def _crs(source: Any) -> pyproj.CRS | None:
    if not source.crs:
        return None
    try:
        return pyproj.CRS.from_wkt(source.crs.to_wkt())
    except CRSError:
        return None


def _unreadable(path: Path, fault: Exception) -> InputError:
    said = " ".join(str(fault).split())[:300] or type(fault).__name__
    return InputError(
        Text(f"高程文件 {path.name} 读不出：{said}", f"The elevation file {path.name} cannot be read: {said}"),
        Text("文件可能损坏或下载不完整：请重新下载或索取。",
             "It may be damaged or incomplete: download it or ask for it again."),
    )  # fmt: skip


def _metres_per_unit(source: Any) -> float | None:
    unit = (source.units[0] or "").strip().lower()
    return 1.0 if unit in _METRES else _FEET.get(unit)


def _vertical_datum(crs: pyproj.CRS, driver: str) -> Text | None:
    if driver == "SRTMHGT":
        return Text("EGM96（SRTM 的定义）", "EGM96, by the definition of SRTM")
    vertical = next((part for part in crs.sub_crs_list if part.is_vertical), None)
    if vertical is not None:
        return Text(f"{vertical.name}（文件注明）", f"{vertical.name}, as the file states")
    if len(crs.axis_info) > 2:
        return Text("椭球高（文件注明）", "height above the ellipsoid, as the file states")
    return None
