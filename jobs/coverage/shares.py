"""What each sector serves and what lies close to the threshold, in areas cut at the edges of the units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.cell_shares import areas_in
from ...analysis.radio.tiles import COVERED, GAP, Block, BlockLevels, Grid


class Shares:
    """Sums over the cells of a simulation, block by block.

    Parameters
    ----------
    units : sequence of MultiPolygon
        Of n units; valid; degrees, CGCS2000.
    has_records : numpy.ndarray of bool, shape (n,)
        Elsewhere only covered cells are told.
    sectors : int
    threshold_dbm, margin_db : float
        Levels within the margin of the threshold, both ends included, are borderline.

    Attributes
    ----------
    served_m2 : numpy.ndarray, shape (sectors,)
        Covered area that each sector serves best; adds up to the covered area of all units.
    borderline_m2 : numpy.ndarray, shape (n,)
    """

    def __init__(
        self,
        grid: Grid,
        units: Sequence[shapely.MultiPolygon],
        has_records: npt.NDArray[np.bool_],
        sectors: int,
        threshold_dbm: float,
        margin_db: float,
    ) -> None:
        self._grid, self._units, self._has_records = grid, units, has_records
        self._tree = shapely.STRtree(list(units))
        self._low, self._high = np.float32(threshold_dbm - margin_db), np.float32(threshold_dbm + margin_db)
        self.served_m2 = np.zeros(sectors)
        self.borderline_m2 = np.zeros(len(units))

    def add(self, block: Block, levels: BlockLevels) -> None:
        """Add the cells of a block."""
        covered = levels.state == COVERED
        near = (levels.rsrp >= self._low) & (levels.rsrp <= self._high) & (covered | (levels.state == GAP))
        if not covered.any() and not near.any():
            return
        west, north = (
            self._grid.west + block.column * self._grid.step_lon,
            self._grid.north - block.row * self._grid.step_lat,
        )
        box = shapely.box(
            west, north - block.rows * self._grid.step_lat, west + block.columns * self._grid.step_lon, north
        )
        for number in np.sort(self._tree.query(box, predicate="intersects")).tolist():
            inside_m2 = areas_in(self._units[number], self._grid, *block)
            self.served_m2 += np.bincount(
                levels.server[covered], weights=inside_m2[covered], minlength=self.served_m2.size
            )
            told = near if self._has_records[number] else near & covered
            self.borderline_m2[number] += float(inside_m2[told].sum())
