"""Write rasters as Cloud-Optimized GeoTIFFs, block by block, with the same bytes for the same values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.shutil import copy
from rasterio.windows import Window

from .cells import Lattice, transform_of

TILE = 512
# One thread and no estimates of size: what GDAL writes then depends on the values alone.
_CLOUD = {
    "COMPRESS": "DEFLATE",
    "LEVEL": "6",
    "BLOCKSIZE": str(TILE),
    "OVERVIEW_RESAMPLING": "NEAREST",
    "NUM_THREADS": "1",
    "BIGTIFF": "IF_SAFER",
    "STATISTICS": "NO",
}


class Look(NamedTuple):
    """What a raster holds.

    Attributes
    ----------
    name : str
        Of its band, read by other programs; with the unit.
    dtype : str
        As numpy names it.
    nodata : float
    unit : str
        Empty where it has none.
    """

    name: str
    dtype: str
    nodata: float
    unit: str = ""


class RasterFile:
    """A raster that is filled in part by part and then finished.

    Parameters
    ----------
    path : pathlib.Path
        The finished file.
    scratch : pathlib.Path
        Where the parts are gathered; removed by `finish` and by `discard`.
    grid : Lattice
    shape : (int, int)
        Rows and columns.
    """

    def __init__(self, path: Path, scratch: Path, grid: Lattice, shape: tuple[int, int], look: Look) -> None:
        self._path, self._scratch, self._look = path, scratch, look
        self._file: Any = rasterio.open(
            scratch,
            "w",
            driver="GTiff",
            height=shape[0],
            width=shape[1],
            count=1,
            dtype=look.dtype,
            crs="EPSG:4490",
            transform=transform_of(grid),
            nodata=look.nodata,
            tiled=True,
            blockxsize=TILE,
            blockysize=TILE,
            BIGTIFF="IF_SAFER",
        )
        self._file.set_band_description(1, look.name)
        if look.unit:
            self._file.units = (look.unit,)

    def write(self, row: int, column: int, values: npt.NDArray[Any]) -> None:
        """Fill in the part that begins at a cell."""
        rows, columns = values.shape
        self._file.write(values.astype(self._look.dtype, copy=False), 1, window=Window(column, row, columns, rows))

    def finish(self) -> None:
        """Write the finished file."""
        self._file.close()
        predictor = {"PREDICTOR": "YES"} if np.dtype(self._look.dtype).itemsize > 1 else {}
        with rasterio.Env(GDAL_NUM_THREADS="1"):
            copy(str(self._scratch), str(self._path), driver="COG", **_CLOUD, **predictor)
        self.discard()

    def discard(self) -> None:
        """Give up what was gathered."""
        self._file.close()
        self._scratch.unlink(missing_ok=True)


def discard_all(files: Iterable[RasterFile]) -> None:
    """Give up all files that are not finished."""
    for file in files:
        file.discard()
