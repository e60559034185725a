"""Simulate the levels of a whole area, block by block: here or on a cluster, from the beginning or where it stopped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...analysis.geodesy import ecef_m
from ...analysis.radio.around import told_levels
from ...analysis.radio.terrain import UNKNOWN_BELOW, Terrain
from ...analysis.radio.tiles import (
    BLOCK,
    GAP,
    Block,
    BlockLevels,
    BlockTask,
    Grid,
    blocks_of,
    empty_levels,
    grid_over,
    levels_of,
    no_ground,
    sectors_near,
    step_of,
    window_of,
)
from ...engine.cluster import each, made_with
from ...engine.context import RunContext
from ...errors import InputError
from ...layers.rasters.cells import touched_cells
from ...text import Text
from ..radio.calibration import clutter_offsets_db, uses_clutter
from ..radio.inputs import Radio
from ..radio.land import check_steps, read_land, require_land
from .store import BlockStore, key_of, name_of

# States of all cells are in memory at once, and their outlines: 2 GB at this bound.
MOST_CELLS = 200_000_000
_FINEST_STEP_M = 30.0  # of profiles where no block has any terrain at all


@dataclass
class Simulated:
    """The levels of an area.

    Attributes
    ----------
    grid : Grid
    state : numpy.ndarray of uint8, shape (rows, columns)
        `COVERED`, `GAP`, `CANNOT_TELL`; 0 outside of what was asked.
    threshold_dbm : float
    blocks : int
        That were computed or taken over; those that no sector reaches are not counted.
    reused : int
        Of these, that an earlier run had finished.
    """

    grid: Grid
    state: npt.NDArray[np.uint8]
    threshold_dbm: float
    store: BlockStore
    names: dict[Block, str]
    blocks: int = 0
    reused: int = 0

    def levels(self) -> Iterator[tuple[Block, BlockLevels]]:
        """Give all blocks with their levels, row by row; none where `state` was made one that cannot be told."""
        for block in blocks_of(self.grid, BLOCK):
            name = self.names.get(block)
            state = self.state[block.part]
            kept = empty_levels(state > 0) if name is None else self.store.finished(name)
            yield block, told_levels(kept, state)


def simulate(
    context: RunContext,
    radio: Radio,
    shapes: Sequence[Any],
    threshold_dbm: float,
    *,
    full: bool,
    progress: Callable[[float], None],
    ground: Callable[[float, float, float, float], Terrain | None] | None = None,
) -> Simulated:
    """Simulate the cells that shapes touch; they are cells of about ``resolution_m``.

    Parameters
    ----------
    context : RunContext
        Has the parameters ``resolution_m``, ``scheduler`` and those of `read_land`.
    shapes : sequence of Polygon or MultiPolygon
        Degrees, CGCS2000.
    full : bool
        Levels and servers too; else only the states, which is less work.
    progress : callable
        Gets the done fraction of what is left to do.
    ground : callable, optional
        Takes west, south, east and north of a window and gives what `read_land` would; by default that.

    Raises
    ------
    InputError
        The area has too many cells, or a file of elevation cannot be read.
    EngineError
        The cluster cannot do it.
    """
    grid = _grid_of(shapes, context["resolution_m"])
    common = (made_with(), tuple(grid), radio.sectors, radio.model, radio.max_range_m, threshold_dbm, full)
    store = BlockStore(context.folder.parent, key_of(*common))
    state = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    xyz = ecef_m([sector.lon for sector in radio.sectors], [sector.lat for sector in radio.sectors])
    todo = []
    for block in blocks_of(grid, BLOCK):
        context.checkpoint()
        wanted = touched_cells(shapes, grid, *block)
        state[block.part] = np.where(wanted, GAP, 0)
        lon, lat = _centres(grid, block)
        near = sectors_near(lon, lat, wanted, xyz, radio.max_range_m)
        if near.size:
            todo.append((block, near))
    made = Simulated(grid, state, threshold_dbm, store, {}, blocks=len(todo))
    size = {block: int(np.count_nonzero(state[block.part])) for block, _ in todo}
    left, done = sum(size.values()), 0
    has_land = not todo

    def tasks() -> Iterator[tuple[Block, BlockTask]]:
        nonlocal left, has_land
        for block, near in todo:
            context.checkpoint()
            task = _task(context, radio, grid, block, near, state[block.part] > 0, threshold_dbm, full, ground)
            has_land = has_land or bool((task.land.height_m > UNKNOWN_BELOW).any())
            made.names[block] = name_of(block, task)
            kept = store.load(made.names[block])
            if kept is None:
                yield block, task
                continue
            made.reused += 1
            left -= size[block]
            state[block.part] = kept.state

    running = [0]

    def tell(fraction: float) -> None:
        progress((done + fraction * running[0]) / max(left, 1))

    def counted() -> Iterator[tuple[Block, BlockTask]]:
        for block, task in tasks():
            running[0] = size[block] if context["scheduler"] == "local" else 0
            yield block, task

    for block, levels in each(levels_of, counted(), context["scheduler"], tell):
        store.save(made.names[block], levels)
        state[block.part] = levels.state
        done += size[block]
        running[0] = 0
        tell(0.0)
    if not has_land:
        store.remove()
        require_land(context, *bounds_of(shapes))
    return made


def bounds_of(shapes: Sequence[Any]) -> tuple[float, float, float, float]:
    """Give west, south, east and north of shapes."""
    boxes = np.array([shape.bounds for shape in shapes])
    return (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def _grid_of(shapes: Sequence[Any], resolution_m: float) -> Grid:
    west, south, east, north = bounds_of(shapes)
    grid = grid_over(west, south, east, north, resolution_m)
    cells = grid.rows * grid.columns
    if cells <= MOST_CELLS:
        return grid
    enough = math.ceil(resolution_m * math.sqrt(cells / MOST_CELLS))
    raise InputError(
        Text(
            f"区域按 {resolution_m:g} m 划分有 {cells:,} 个格，超过上限 {MOST_CELLS:,} 个。",
            f"At {resolution_m:g} m the area has {cells:,} cells, more than {MOST_CELLS:,}.",
        ),
        Text(
            f"请按县分别计算，或把分辨率放宽到不小于 {enough} m（--resolution-m）。",
            f"Work county by county, or take cells of {enough} m or more (--resolution-m).",
        ),
    )


def _centres(grid: Grid, block: Block) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return (
        grid.lon(block.column, block.column + block.columns),
        grid.lat(block.row, block.row + block.rows),
    )


def _task(
    context: RunContext,
    radio: Radio,
    grid: Grid,
    block: Block,
    near: npt.NDArray[np.int32],
    wanted: npt.NDArray[np.bool_],
    threshold_dbm: float,
    full: bool,
    ground: Callable[[float, float, float, float], Terrain | None] | None,
) -> BlockTask:
    """Give all that a block depends on; the terrain goes with it, so that a worker needs no file."""
    lon, lat = _centres(grid, block)
    sectors = tuple(radio.sectors[i] for i in near.tolist())
    window = window_of(lon, lat, wanted, sectors)
    land = read_land(context, *window) if ground is None else ground(*window)
    if land is None:
        land = no_ground(*window, _FINEST_STEP_M)
    elif context["step_m"] is None:
        land = land._replace(step_m=step_of(land.pixel_lat, grid))
    check_steps(land.step_m, radio.max_range_m)
    offset = None
    if radio.calibration is not None and uses_clutter(context, radio.calibration):
        offset = clutter_offsets_db(context, radio.calibration, lon[None, :], lat[:, None])
    return BlockTask(land, sectors, near, lon, lat, wanted, radio.model, radio.max_range_m, threshold_dbm, full, offset)
