"""The rasters of a simulation as files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...analysis.radio.tiles import BlockLevels
from ...engine.context import RunContext
from ...layers.rasters.cloud import Look, RasterFile, discard_all
from .blocks import Simulated
from .shares import Shares

_NAN = float("nan")
_MOST_SERVERS = np.iinfo(np.int16).max
# By output, and so by file: the field of `BlockLevels` and what the file says of it.
_FILES = {
    "rsrp": ("rsrp", Look("RSRP", "float32", _NAN, "dBm")),
    "best_server": ("server", Look("best server (row of servers.csv)", "int32", -1.0)),
    "second_rsrp": ("second", Look("RSRP of the second server", "float32", _NAN, "dBm")),
    "server_count": ("servers", Look("servers at or above the threshold", "int16", -1.0)),
    "coverage_state": ("state", Look("1 covered, 2 gap, 3 cannot tell", "uint8", 0.0)),
}


def write_rasters(context: RunContext, made: Simulated, shares: Shares, progress: Callable[[float], None]) -> None:
    """Write the rasters of a full simulation, and add up their shares."""
    shape = (made.grid.rows, made.grid.columns)
    files = {
        name: RasterFile(context.output(name, f"{name}.tif"), made.store.scratch(f"{name}.tif"), made.grid, shape, look)
        for name, (_, look) in _FILES.items()
    }
    try:
        for block, levels in made.levels():
            for name, (field, _) in _FILES.items():
                files[name].write(block.row, block.column, _values(levels, field))
            shares.add(block, levels)
            progress(0.5 * (block.row * shape[1] + (block.column + block.columns) * block.rows) / (shape[0] * shape[1]))
        for done, file in enumerate(files.values(), start=1):
            file.finish()
            progress(0.5 + 0.5 * done / len(files))
    finally:
        discard_all(files.values())


def _values(levels: BlockLevels, field: str) -> npt.NDArray[np.generic]:
    values: npt.NDArray[np.generic] = getattr(levels, field)
    return np.minimum(values, _MOST_SERVERS) if field == "servers" else values
