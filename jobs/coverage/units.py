"""What of every administrative unit is covered, open or cannot be told, from the cells of a simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.areas import geometry_areas
from ...analysis.cell_shares import areas_in
from ...analysis.radio.tiles import BLOCK, CANNOT_TELL, COVERED, GAP, Grid, blocks_of
from ...analysis.unit_coverage import polygonal
from ...layers.rasters.cells import outline_of, touched_cells

STATES = (COVERED, GAP, CANNOT_TELL)
# What polygons and cells may differ by; both are exact, so that more is a fault of the program.
_LARGEST_SHARE = 1e-3
_LARGEST_REST = 1e-6
_ROUNDING_M2 = 0.01


class UnitStates(NamedTuple):
    """The parts of n units by state.

    Attributes
    ----------
    shapes : dict of int to list of (MultiPolygon or None), each of length n
        By state; degrees, CGCS2000.
    area_m2 : dict of int to numpy.ndarray, shape (n,)
        Geodesic area of these polygons.
    cells_m2 : dict of int to numpy.ndarray, shape (n,)
        The same from the cells: the sum of their areas, those on the unit's edge with the part that lies inside.
    unit_m2 : numpy.ndarray, shape (n,)
    """

    shapes: dict[int, list[Any]]
    area_m2: dict[int, npt.NDArray[np.float64]]
    cells_m2: dict[int, npt.NDArray[np.float64]]
    unit_m2: npt.NDArray[np.float64]

    def largest_difference_percent(self) -> float:
        """Give by how much polygons and cells differ at most, of the larger one."""
        worst = 0.0
        for state in STATES:
            drawn, counted = self.area_m2[state], self.cells_m2[state]
            worst = max(worst, float((np.abs(drawn - counted) / np.maximum(np.maximum(drawn, counted), 1.0)).max()))
        return 100 * worst


def whole_polygons(shapes: Sequence[Any]) -> list[shapely.MultiPolygon]:
    """Give valid polygons of units, mended where they are not.

    Raises
    ------
    ValueError
        One has no area; names its place, counted from 0.
    """
    made = []
    for number, shape in enumerate(shapes):
        flat = shapely.force_2d(shape)
        whole = polygonal(flat if shapely.is_valid(flat) else shapely.make_valid(flat))
        if whole is None:
            raise ValueError(f"unit {number}: the polygon has no area")
        made.append(whole)
    return made


def states_of_units(
    units: Sequence[shapely.MultiPolygon],
    grid: Grid,
    state: npt.NDArray[np.uint8],
    progress: Callable[[float], None],
) -> UnitStates:
    """Split units by the states of their cells.

    Parameters
    ----------
    units : sequence of MultiPolygon
        Valid; every cell that they touch has a state.
    grid, state
        See `Simulated`.

    Raises
    ------
    ArithmeticError
        The polygons do not agree with the cells, or do not add up to their unit: a fault of the program.
    """
    shapes: dict[int, list[Any]] = {kind: [] for kind in STATES}
    cells: dict[int, list[float]] = {kind: [] for kind in STATES}
    for number, unit in enumerate(units):
        top, bottom, left, right = _window(unit, grid)
        here = state[top:bottom, left:right]
        inside = areas_in(unit, grid, top, left, bottom - top, right - left)
        for place, kind in enumerate(STATES):
            progress((number + place / len(STATES)) / len(units))
            wanted = (here == kind) & (inside > 0)
            cells[kind].append(float(inside[wanted].sum()))
            shapes[kind].append(_clipped(outline_of(wanted, grid, top, left), unit))
    areas = {kind: geometry_areas(parts) for kind, parts in shapes.items()}
    made = UnitStates(
        shapes, areas, {kind: np.array(sums) for kind, sums in cells.items()}, geometry_areas(list(units))
    )
    _check(made)
    return made


def untold_cells(
    state: npt.NDArray[np.uint8],
    grid: Grid,
    units: Sequence[shapely.MultiPolygon],
    has_records: npt.NDArray[np.bool_],
) -> None:
    """Make `CANNOT_TELL` of the gap cells that touch units without records alone; in place.

    Parameters
    ----------
    has_records : numpy.ndarray of bool
        One for each unit.
    """
    silent, speaking = (
        [unit for unit, has in zip(units, has_records) if bool(has) == wanted] for wanted in (False, True)
    )
    if not silent:
        return
    for block in blocks_of(grid, BLOCK):
        here = state[block.part]
        touched = touched_cells(silent, grid, *block)
        if speaking:
            touched &= ~touched_cells(speaking, grid, *block)
        here[touched & (here == GAP)] = CANNOT_TELL


def _clipped(outline: shapely.MultiPolygon | None, unit: shapely.MultiPolygon) -> shapely.MultiPolygon | None:
    """Cut an outline at a unit's edge: only the parts that cross it, since an overlay of all parts is far slower."""
    if outline is None:
        return None
    parts = shapely.get_parts(outline)
    shapely.prepare(unit)
    inside = shapely.covers(unit, parts)
    cut = shapely.get_parts(shapely.get_parts(shapely.intersection(parts[~inside], unit)))
    areas = cut[shapely.get_type_id(cut) == shapely.GeometryType.POLYGON]
    return polygonal(shapely.MultiPolygon([*parts[inside], *areas]))


def _window(unit: shapely.MultiPolygon, grid: Grid) -> tuple[int, int, int, int]:
    west, south, east, north = unit.bounds
    top = max(int((grid.north - north) / grid.step_lat) - 1, 0)
    bottom = min(int((grid.north - south) / grid.step_lat) + 2, grid.rows)
    left = max(int((west - grid.west) / grid.step_lon) - 1, 0)
    right = min(int((east - grid.west) / grid.step_lon) + 2, grid.columns)
    return top, bottom, left, right


def _check(made: UnitStates) -> None:
    for kind in STATES:
        drawn, counted = made.area_m2[kind], made.cells_m2[kind]
        if (np.abs(drawn - counted) > _LARGEST_SHARE * np.maximum(drawn, counted) + _ROUNDING_M2).any():
            raise ArithmeticError(f"polygons of state {kind} do not agree with their cells")
    total = sum(made.area_m2[kind] for kind in STATES)
    if (np.abs(total - made.unit_m2) > _LARGEST_REST * made.unit_m2 + _ROUNDING_M2).any():
        raise ArithmeticError("the parts of a unit do not add up to it")
