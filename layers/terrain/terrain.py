"""The terrain of a run: one or many rasters behind one question, "how high is it here?"."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ...errors import Fault, InputError
from ...text import Text
from .bilinear import FOUND, OUTSIDE, VOID, sample_block
from .guard import SUFFIXES
from .lattice import BLOCK, lattices
from .raster import Raster, open_dataset, read_header

__all__ = ["FOUND", "OUTSIDE", "VOID", "Sampled", "Terrain", "open_terrain"]

FloatArray = npt.NDArray[np.float64]

CACHE_BYTES = 256 << 20
_OPEN_FILES = 32
_AT_ONCE = 1 << 20
# What makers put beside their tiles: masks, counts of scenes, error and water rasters.
_COMPANIONS = ("_msk", "_stk", "_edm", "_flm", "_hem", "_wbm", "_num", "_qal", "_swb", "_lsm", "_com", "_cov")
_NOT_STATED = Text("文件未注明，按海拔高使用", "not stated in the file; taken as height above sea level")


class Sampled(NamedTuple):
    """Heights at places.

    Attributes
    ----------
    height_m : numpy.ndarray of float64, shape (n,)
        Over the raster's own vertical datum; NaN where `state` is not `FOUND`.
    state : numpy.ndarray of uint8, shape (n,)
        `FOUND`, `VOID` (a pixel around the place has no height) or `OUTSIDE` (no raster lies there).
    """

    height_m: FloatArray
    state: npt.NDArray[np.uint8]


class Terrain:
    """Heights on demand, with a bounded part of them in memory. Use it in a ``with`` block; not for several threads.

    Parameters
    ----------
    rasters : sequence of Raster
        Sorted by name.
    skipped : sequence of pathlib.Path
        Files of the folder that are known not to hold heights.
    cache_bytes : int
        Upper bound of the pixels kept in memory, besides GDAL's own cache.

    Attributes
    ----------
    files : list of pathlib.Path
    skipped : list of pathlib.Path
    """

    def __init__(
        self, rasters: Sequence[Raster], skipped: Sequence[Path] = (), *, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._lattices = lattices(rasters)
        self._blocks: OrderedDict[tuple[int, int, int], npt.NDArray[np.float32]] = OrderedDict()
        self._most_blocks = max(1, cache_bytes // ((BLOCK + 2) ** 2 * 4))
        self._open: OrderedDict[Path, Any] = OrderedDict()
        self.files = [raster.path for raster in rasters]
        self.skipped = list(skipped)
        stated = {raster.vertical_datum or _NOT_STATED for raster in rasters}
        self.vertical_datum = Text("；".join(sorted(item.zh for item in stated)),
                                   "; ".join(sorted(item.en for item in stated)))  # fmt: skip
        self.crs_names = sorted({raster.crs.name for raster in rasters})

    def __enter__(self) -> Terrain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files and forget what was read."""
        while self._open:
            self._open.popitem()[1].close()
        self._blocks.clear()

    def heights(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
        """Give the heights of places in metres; see `sample`."""
        return self.sample(lon, lat).height_m

    def sample(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, checkpoint: Callable[[float], None] | None = None
    ) -> Sampled:
        """Interpolate between the four pixel centres around each place.

        In the outer half of a pixel at the rim of the data, where there is no next centre, the rim's own value
        stands. A place within 1e-6 of a pixel from a row or column of centres takes that row or column alone.

        Parameters
        ----------
        lon, lat : array_like, shape (n,)
            Degrees, CGCS2000 or WGS 84.
        checkpoint : callable, optional
            Gets the done fraction now and then; may raise to stop.

        Raises
        ------
        InputError
            A file is damaged.
        """
        lon, lat = (np.ascontiguousarray(given, dtype=np.float64).ravel() for given in (lon, lat))
        height = np.full(lon.size, np.nan)
        state = np.full(lon.size, OUTSIDE, dtype=np.uint8)
        for start in range(0, lon.size, _AT_ONCE):
            here = slice(start, start + _AT_ONCE)
            for number in range(len(self._lattices)):
                self._sample_lattice(number, lon[here], lat[here], height[here], state[here])
            if checkpoint is not None:
                checkpoint(min(1.0, (start + _AT_ONCE) / lon.size))
        return Sampled(height, state)

    def files_at(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> list[Path]:
        """Give the files that the heights of places come from, and the VRTs that lead to them; sorted."""
        lon, lat = (np.ascontiguousarray(given, dtype=np.float64).ravel() for given in (lon, lat))
        found: set[Path] = set()
        for lattice in self._lattices:
            for raster, column, row in lattice.used(*lattice.pixels(lon, lat)):
                found.add(raster.path)
                for part in raster.parts:
                    across = (column >= part.columns[0] - 1) & (column < part.columns[1] + 1)
                    if (across & (row >= part.rows[0] - 1) & (row < part.rows[1] + 1)).any():
                        found.add(part.path)
        return sorted(found)

    def pixel_m(self, lon: float, lat: float) -> float:
        """Give the shorter side of the finest pixels in metres, as they are at a place."""
        return self._lattices[0].pixel_m(lon, lat)

    def posts(self) -> tuple[float, float, float, float] | None:
        """Give longitude and latitude of the finest lattice's first centre and its steps east and south, in degrees.

        None where its rows do not run east along a parallel from north to south.
        """
        return self._lattices[0].posts()

    def _sample_lattice(
        self, number: int, lon: FloatArray, lat: FloatArray, height: FloatArray, state: npt.NDArray[np.uint8]
    ) -> None:
        """Fill in what lies on one lattice and was outside of all finer ones."""
        todo = np.flatnonzero(state == OUTSIDE)
        if not todo.size:
            return
        lattice = self._lattices[number]
        everything = todo.size == lon.size
        column, row = lattice.pixels(lon if everything else lon[todo], lat if everything else lat[todo])
        found, said = np.full(todo.size, np.nan), np.full(todo.size, OUTSIDE, dtype=np.uint8)
        for across, down, which in _by_block(column, row, lattice.extent):
            block = self._block(number, across, down)
            sample_block(block, across * BLOCK - 1.0, down * BLOCK - 1.0, column, row, which, found, said)
        height[todo], state[todo] = found, said

    def _block(self, number: int, across: int, down: int) -> npt.NDArray[np.float32]:
        key = (number, across, down)
        block = self._blocks.get(key)
        if block is None:
            block = self._lattices[number].block(across, down, self._dataset)
            while len(self._blocks) >= self._most_blocks:
                self._blocks.popitem(last=False)
            self._blocks[key] = block
        self._blocks.move_to_end(key)
        return block

    def _dataset(self, raster: Raster) -> Any:
        found = self._open.get(raster.path)
        if found is None:
            while len(self._open) >= _OPEN_FILES:
                self._open.popitem(last=False)[1].close()
            found = self._open[raster.path] = open_dataset(raster)
        self._open.move_to_end(raster.path)
        return found


def _by_block(
    column: FloatArray, row: FloatArray, extent: tuple[int, int]
) -> list[tuple[int, int, npt.NDArray[np.int64]]]:
    """Give the blocks that places lie in, in order, and which places those are; places off the lattice are left out."""
    with np.errstate(invalid="ignore"):
        inside = (column >= 0) & (column < extent[0]) & (row >= 0) & (row < extent[1])
    which = np.flatnonzero(inside)
    if not which.size:
        return []
    wide = extent[0] // BLOCK + 1
    key = (row[which] // BLOCK).astype(np.int64) * wide + (column[which] // BLOCK).astype(np.int64)
    if key.min() != key.max():
        order = np.argsort(key, kind="stable")
        which, key = which[order], key[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    ends = [*starts[1:].tolist(), len(key)]
    return [
        (int(key[start]) % wide, int(key[start]) // wide, which[start:end]) for start, end in zip(starts.tolist(), ends)
    ]


def open_terrain(path: Path, *, cache_bytes: int = CACHE_BYTES) -> Terrain:
    """Open a file, or every elevation raster that lies in a folder (not in its subfolders).

    Raises
    ------
    InputError
        With every file that cannot be used, and why; or the folder holds none.
    """
    if not path.is_dir():
        return Terrain([read_header(path)], cache_bytes=cache_bytes)
    files = sorted(item for item in path.iterdir() if item.suffix.lower() in SUFFIXES and item.is_file())
    skipped = [file for file in files if file.stem.lower().endswith(_COMPANIONS)]
    rasters, faults = [], []
    for file in (file for file in files if file not in set(skipped)):
        try:
            rasters.append(read_header(file))
        except InputError as error:
            faults.append(Fault(error.message, error.remedy, file.name))
    if faults:
        raise InputError(
            Text(f"文件夹 {path.name} 中有 {len(faults)} 个高程文件不能使用，首个：{faults[0].message.zh}",
                 f"{len(faults)} elevation files of {path.name} cannot be used; the first: {faults[0].message.en}"),
            faults[0].remedy,
            faults=faults,
        )  # fmt: skip
    if not rasters:
        raise InputError(
            Text(f"文件夹 {path.name} 中没有高程文件（.tif、.hgt、.vrt）。",
                 f"There is no elevation file (.tif, .hgt, .vrt) in the folder {path.name}."),
            Text("请选择直接存放高程文件的文件夹，不含子文件夹。",
                 "Choose the folder that holds the files themselves; subfolders are not searched."),
        )  # fmt: skip
    return Terrain(rasters, skipped, cache_bytes=cache_bytes)
