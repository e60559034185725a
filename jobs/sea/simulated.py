"""Levels over the smooth sea: ITU-R P.1812 with the sea as its zone, cell by cell, cut at the edges of the sea."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import distance_transform_edt

from ...analysis.radio.tiles import CANNOT_TELL as UNKNOWN_CELL
from ...analysis.radio.tiles import COVERED, GAP, Grid
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...layers.rasters.cells import outline_of
from ...rules.pack import Pack
from ...text import Text
from ..coverage.blocks import simulate
from ..coverage.report import threshold_rule
from ..coverage.units import states_of_units
from ..coverage.unsimulated import unsimulated_section, without_false_gaps
from ..radio.inputs import Radio, read_radio
from ..shared.packs import cite
from ..shared.stations import Stations
from .extent import Extent
from .ground import SeaGround, shore_distance_m, wet_cells
from .split import SeaSplit, check_sums, pieces_of, with_sea_rules

_BESIDE = 2.0
"""Cells this near to a wet one take its state: their middle lies on land, a part of them in the sea."""

Cells = npt.NDArray[np.uint8]


class _Shore(NamedTuple):
    """How far the transmitters stand from the sea: a row a sector, metres."""

    away_m: npt.NDArray[np.float64]
    near: npt.NDArray[np.bool_]


def by_simulation(
    context: RunContext,
    extent: Extent,
    stations: Stations,
    silent: shapely.MultiPolygon | None,
    pack: Pack,
    progress: Callable[[float], None],
) -> SeaSplit:
    """Split by the level in every cell.

    Parameters
    ----------
    context : RunContext
        Has the parameters of `blocks.simulate`; of cell, range and receiver those that are not stated follow the rules of
        the sea.
    silent : MultiPolygon or None
        Sea of which no station record speaks.
    """
    own, used = with_sea_rules(context, pack)
    shore_rule = pack.rule("sea.shore_land")
    radio = read_radio(own, stations)
    threshold = threshold_rule(own)
    cite(context, [*used, *([shore_rule] if context["dem"] is None else []), threshold])
    shore = _shore(radio, extent.water, 1000 * float(shore_rule.value))
    lon, lat = (np.array([getattr(s, name) for s in radio.sectors], dtype=np.float64) for name in ("lon", "lat"))
    ground = SeaGround(own, extent.water, lon[shore.near], lat[shore.near], 1000 * float(shore_rule.value))
    shapes = [part.shape for part in extent.parts]
    made = simulate(own, radio, shapes, float(threshold.value), full=False, progress=progress, ground=ground)
    _fill_shore(made.state, wet_cells(extent.water, made.grid) & (made.state > 0))
    before = made.state.copy()
    without_false_gaps(own, made.state, made.grid, radio, stations.table)
    unsimulated = outline_of((before == GAP) & (made.state == UNKNOWN_CELL), made.grid, 0, 0)
    found = states_of_units(shapes, made.grid, made.state, lambda _done: context.checkpoint())
    pieces = []
    for row in range(len(shapes)):
        covered, gap, unknown = (found.shapes[kind][row] for kind in (COVERED, GAP, UNKNOWN_CELL))
        pieces += pieces_of(row, covered, gap, unknown, silent, unsimulated)
    check_sums(pieces, extent.parts)
    return SeaSplit(
        pieces,
        "simulated",
        threshold.id,
        {
            "threshold_dbm": float(threshold.value),
            "resolution_m": own["resolution_m"],
            "max_range_km": radio.max_range_m / 1000,
            "sectors": len(radio.sectors),
            "sectors_on_the_shore": int(shore.near.sum()),
            "not_simulated": len(radio.not_simulated),
        },
        _ground_cautions(own, shore, float(shore_rule.value)),
        list(radio.cautions),
        [
            _method(made.grid, float(threshold.value), own),
            *unsimulated_section(own, radio, stations.table),
            radio.section,
        ],
        made.store.remove,
    )


def _shore(radio: Radio, water: shapely.MultiPolygon, within_m: float) -> _Shore:
    lon, lat = (np.array([getattr(s, name) for s in radio.sectors], dtype=np.float64) for name in ("lon", "lat"))
    if not len(lon):
        return _Shore(np.zeros(0), np.zeros(0, dtype=bool))
    away = shore_distance_m(water, lon, lat)
    return _Shore(away, away <= within_m)


def _fill_shore(state: Cells, wet: npt.NDArray[np.bool_]) -> None:
    """Let cells whose middle lies on land take the state of the wet cell beside them; in place."""
    if not wet.any():
        return
    away, (row, column) = distance_transform_edt(~wet, return_indices=True)
    dry = ~wet & (state > 0)
    state[dry] = np.where(away[dry] <= _BESIDE, state[row[dry], column[dry]], UNKNOWN_CELL)


def _ground_cautions(context: RunContext, shore: _Shore, within_km: float) -> list[Text]:
    downlink = Text(
        "只判下行电平：上行和小区覆盖半径（随机接入、定时提前）的设置未计，远处即使电平达标也未必能接入。",
        "Only the downlink level is judged: uplink and the cell range that is set (random access, timing advance) are not, and far out a "
        "level alone may not let a terminal in.",
    )
    if context["dem"] is not None:
        return [
            downlink,
            Text(
                "海面按高程 0 的平坦水面计算；陆上取高程数据，缺高程处无法判定。",
                "The sea is level water at 0 m; on land the elevation data count, and what depends on a void cannot be told.",
            ),
        ]
    said = [
        downlink,
        Text(
            f"没有高程数据：距海 {within_km:g} km 以内的基站，其周围陆地按平坦、与海面同高计算，天线海拔取挂高；岸边有山时可能偏乐观，"
            "基站在高处时偏低。",
            f"Without elevation data the land about stations within {within_km:g} km of the sea is taken as level with it, and an antenna "
            "is as high above the sea as above its ground: too hopeful where hills stand on the shore, too low for stations on a height.",
        ),
    ]
    inland = int((~shore.near).sum())
    if inland:
        said.append(
            Text(
                f"{inland} 个扇区距海超过 {within_km:g} km，其间地形不明：可能由其覆盖、又没有其他扇区覆盖的海域无法判定。给出高程数据即可计算。",
                f"{inland} sectors stand farther than {within_km:g} km from the sea, over unknown terrain: where they might reach and no other "
                "does, it cannot be told. Elevation data would tell.",
            )
        )
    return said


def _method(grid: Grid, threshold_dbm: float, context: RunContext) -> Section:
    return Section(
        Text("海面仿真口径", "How the sea is simulated"),
        [
            Text(
                f"逐格计算电平（格边长 {context['resolution_m']:g} m，共 {grid.rows * grid.columns:,} 格），格心电平不低于 "
                f"{threshold_dbm:g} dBm 即为覆盖；界线的位置误差约为一个格。",
                f"Levels are computed cell by cell (side {context['resolution_m']:g} m, {grid.rows * grid.columns:,} cells); a cell is "
                f"covered where its middle has {threshold_dbm:g} dBm or more, so that edges are good to about one cell.",
            ),
            Text(
                "海面按光滑海面、海上气候区计算，不计浪高和潮位；岸线处的格按海域边界裁切，面积为椭球面积，各部分之和等于海域面积。",
                "The sea is smooth and a sea zone of the model, without waves and tides; cells are cut at the edge of the sea, areas are "
                "geodesic, and the parts add up to the sea.",
            ),
        ],
    )
