"""Land cover: the class of the pixel in which a place lies, from a GeoTIFF or a folder of them; never interpolated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from ..errors import InputError
from ..text import Text
from .terrain.placing import Placing

UNKNOWN = -1
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SUFFIXES = (".tif", ".tiff")
_ROWS_AT_ONCE = 2048
_CHOOSE = Text(
    "请选择单波段、整数类别编码、带坐标系的 GeoTIFF，或存放它们的文件夹。",
    "Choose a GeoTIFF of one band with whole-number class codes and a CRS, or a folder that holds such files.",
)

IntArray = npt.NDArray[np.int32]


class LandCover:
    """Classes on demand. Use it in a ``with`` block; not for several threads.

    Parameters
    ----------
    path : pathlib.Path
        A GeoTIFF, or a folder whose GeoTIFFs (not those of its subfolders) lie side by side; where they overlap the
        first by name counts.

    Attributes
    ----------
    used : set of pathlib.Path
        Files from which some class was taken.

    Raises
    ------
    InputError
        A file is no raster of classes, or the folder holds none.
    """

    def __init__(self, path: Path) -> None:
        files = sorted(item for item in path.iterdir() if item.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
        if not files:
            raise _refused(path, Text("文件夹中没有 GeoTIFF。", "the folder holds no GeoTIFF."))
        self.used: set[Path] = set()
        self._sources: list[tuple[Path, Any, Placing]] = []
        try:
            for file in files:
                self._sources.append(_opened(file))
        except InputError:
            self.close()
            raise

    def __enter__(self) -> LandCover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        for _, source, _ in self._sources:
            source.close()
        self._sources.clear()

    def at(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> IntArray:
        """Give the class of every place, `UNKNOWN` where there is none.

        Parameters
        ----------
        lon, lat : array_like, shape (n,)
            Degrees, CGCS2000; NaN: no place.

        Raises
        ------
        InputError
            A file is damaged.
        """
        lon, lat = (np.ascontiguousarray(given, dtype=np.float64).ravel() for given in (lon, lat))
        found = np.full(lon.size, UNKNOWN, dtype=np.int32)
        for path, source, placing in self._sources:
            todo = np.flatnonzero((found == UNKNOWN) & np.isfinite(lon) & np.isfinite(lat))
            x, y = placing.to_raster(lon[todo], lat[todo])
            with np.errstate(invalid="ignore"):
                back = ~source.transform
                across, down = back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f
                inside = (across >= 0) & (across < source.width) & (down >= 0) & (down < source.height)
            todo = todo[inside]
            if todo.size:
                found[todo] = _classes(path, source, across[inside].astype(np.int64), down[inside].astype(np.int64))
                if (found[todo] != UNKNOWN).any():
                    self.used.add(path)
        return found


def _classes(path: Path, source: Any, column: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> IntArray:
    """Read the pixels of places inside of a raster, a strip of rows at a time."""
    found = np.full(column.size, UNKNOWN, dtype=np.int32)
    strip = row // _ROWS_AT_ONCE
    for number in np.unique(strip):
        here = np.flatnonzero(strip == number)
        left, top = int(column[here].min()), int(row[here].min())
        window = Window(left, top, int(column[here].max()) - left + 1, int(row[here].max()) - top + 1)
        try:
            stored = source.read(1, window=window)
        except (RasterioError, OSError, ValueError) as fault:
            raise _refused(path, Text(f"文件损坏：{fault}", f"it is damaged: {fault}")) from fault
        values = stored[row[here] - top, column[here] - left].astype(np.int32)
        if source.nodata is not None:
            values[values == int(source.nodata)] = UNKNOWN
        found[here] = values
    return found


def _opened(path: Path) -> tuple[Path, Any, Placing]:
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError as fault:
        raise _refused(path, Text("打不开这个文件。", f"it cannot be opened ({fault.strerror}).")) from fault
    if head not in _TIFF:
        raise _refused(path, Text("不是 GeoTIFF。", "it is no GeoTIFF."))
    try:
        source = rasterio.open(path.absolute(), driver="GTiff")
    except (RasterioError, OSError, ValueError) as fault:
        raise _refused(path, Text(f"读不出：{fault}", f"it cannot be read: {fault}")) from fault
    kind = np.dtype(source.dtypes[0]).kind
    if source.count != 1 or kind not in "iu" or source.crs is None or source.transform.is_identity:
        source.close()
        raise _refused(
            path,
            Text("它不是单波段的类别栅格，或没有坐标系。", "it is no raster of one band of classes, or has no CRS."),
        )
    return path, source, Placing(pyproj.CRS.from_wkt(source.crs.to_wkt()))


def _refused(path: Path, why: Text) -> InputError:
    return InputError(
        Text(f"土地覆盖 {path.name} 不能使用：{why.zh}", f"The land cover {path.name} cannot be used: {why.en}"),
        _CHOOSE,
    )
