"""Make the surface of costs of a run: ground and slope, roads and ducts, what is to be avoided and what bars.

On it `analysis.least_cost.path` finds the cheapest way, and `analysis.least_cost.alternative.cheaper_alternative` a
cheaper route of a cable that is drawn. Costs are points, no money: what a metre along a road counts is the yardstick.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.least_cost.ground import Frame, frame_of, slope_deg, slope_factor
from ...analysis.least_cost.path import cell_sides
from ...analysis.least_cost.surface import Surface
from ...engine.context import RunContext
from ...errors import Fault, InputError
from ...layers.rasters.burnt import burnt
from ...layers.specs.control_lines import KINDS
from ...layers.terrain.terrain import open_terrain
from ...rules.pack import Pack
from ...text import NOTHING, Text
from .packs import cite

Shapes = Sequence[shapely.Geometry] | npt.NDArray[np.object_]
FloatArray = npt.NDArray[np.float64]

PACK = "least-cost"
_ALWAYS = ("open", "cell", "most_cells", "margin")
_SLOPE = ("slope_from", "slope_each", "slope_barred")
_ROWS = 256  # of cells whose heights are read at once


class Penalty(NamedTuple):
    """Ground that costs more.

    Attributes
    ----------
    label : Text
    shapes : sequence of geometries
        Degrees, CGCS2000.
    factor : float
        What it multiplies a cost by, 1 or more; infinite bars. Where several lie over each other, what each adds is
        added up.
    is_bridged : bool
        It does not count along roads, as a river does not on a bridge.
    """

    label: Text
    shapes: Shapes
    factor: float
    is_bridged: bool = False


class CostMap(NamedTuple):
    """A surface of costs, and what a reader must know of it.

    Attributes
    ----------
    surface : Surface
        Points per metre.
    cell_m : float
        Side of a cell.
    sentences, cautions : list of Text
    """

    surface: Surface
    cell_m: float
    sentences: list[Text]
    cautions: list[Text]


def cost_map(
    context: RunContext,
    pack: Pack,
    bounds: tuple[float, float, float, float],
    *,
    roads: Shapes = (),
    ducts: Shapes = (),
    penalties: Sequence[Penalty] = (),
    within: Shapes | None = None,
    dem: Path | None = None,
    cell_m: float | None = None,
) -> CostMap:
    """Make the surface of costs around what a run is about.

    Parameters
    ----------
    pack : Pack
        ``least-cost``, with the planner's changes; what is used of it is cited.
    bounds : tuple of float
        West, south, east, north of what it is about, degrees; the pack's margin is added.
    roads, ducts : sequence of lines
        Along them a metre costs less, and slope does not count.
    penalties : sequence of Penalty
    within : sequence of polygons, optional
        Ground beyond them is barred, such as another country's.
    dem : pathlib.Path, optional
        Elevation data; without any all ground is level. Off the roads, ground without a height is barred.
    cell_m : float, optional
        Default the pack's. Coarser where there would be too many cells, which is told.

    Raises
    ------
    InputError
        The elevation data cannot be read.
    """
    names = [*_ALWAYS, *(_SLOPE if dem is not None else ())]
    names += [name for name, lines in (("road", roads), ("duct", ducts)) if len(lines)]
    rules = {name: pack.rule(f"cost.{name}") for name in names}
    cite(context, list(rules.values()))
    value = {name: float(rule.value) for name, rule in rules.items()}
    asked = value["cell"] if cell_m is None else cell_m
    frame = frame_of(bounds, asked, int(value["most_cells"]), value["margin"])
    size = (frame.rows, frame.columns)
    on_road, on_duct = burnt(roads, frame, *size), burnt(ducts, frame, *size)
    costs = np.full(size, value["open"])
    for name, cells in (("road", on_road), ("duct", on_duct)):
        costs[cells] = np.minimum(costs[cells], value.get(name, np.inf))
    sentences, cautions = [_cells_words(frame)], []
    if frame.cell_m > asked * 1.0001:
        cautions.append(_coarser_words(frame, asked))
    if dem is None:
        cautions.append(Text("没有高程数据，未计坡度。", "There are no elevation data: slope does not count."))
    else:
        off = ~(on_road | on_duct)
        slope, files = _slopes(context, dem, frame)
        factor = slope_factor(slope, value["slope_from"], value["slope_each"], value["slope_barred"])
        costs[off] *= factor[off]
        sentences.append(Text(f"坡度由 {'、'.join(files)} 计算。", f"Slope from {', '.join(files)}."))
        unknown = int((np.isnan(slope) & off).sum())
        if unknown:
            cautions.append(
                Text(
                    f"{100 * unknown / slope.size:.1f}% 的单元没有高程，道路以外不作为路由。",
                    f"{100 * unknown / slope.size:.1f} % of the cells have no height; off the roads no way leads over them.",
                )
            )
    more = np.ones(size)
    for penalty in penalties:
        under = burnt(penalty.shapes, frame, *size)
        if penalty.is_bridged:
            under &= ~on_road
        more[under] += penalty.factor - 1
        if under.any():
            sentences.append(_penalty_words(penalty))
    costs *= more
    if within is not None:
        costs[~burnt(within, frame, *size)] = np.inf
    surface = Surface(costs, frame.west, frame.north, frame.step_lon, frame.step_lat)
    return CostMap(surface, frame.cell_m, sentences, cautions)


def factor_of(context: RunContext, pack: Pack, name: str) -> float:
    """Give the multiple of a rule ``cost.NAME``, infinite where it is 0, and cite the rule.

    Raises
    ------
    InputError
        It lies between 0 and 1: such ground would be sought and not avoided.
    """
    rule = pack.rule(f"cost.{name}")
    factor = float(rule.value)
    if 0 < factor < 1:
        fault = Fault(
            Text(
                f"规则 {rule.id} 的倍数为 {factor:g}，应为 0（禁止）或不小于 1。",
                f"The multiple of rule {rule.id} is {factor:g}; expected 0 (barred), or 1 or more.",
            ),
            file=f"{rule.own_pack or rule.pack}.toml",
            field=f"{rule.id} · value",
            value=f"{factor:g}",
        )
        raise InputError(fault.message, Text("请修改规则包。", "Change the rule pack."), faults=[fault])
    cite(context, [rule])
    return factor or np.inf


def control_penalties(
    context: RunContext, pack: Pack, kinds: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]
) -> list[Penalty]:
    """Give the penalties of control lines, one a kind that has a weight; others, such as town boundaries, have none."""
    made = []
    for code in KINDS:
        own = kinds == code.value
        if f"cost.{code.value}" in pack.rules and own.any():
            made.append(Penalty(code.label, shapes[own], factor_of(context, pack, code.value)))
    return made


def _slopes(context: RunContext, dem: Path, frame: Frame) -> tuple[FloatArray, list[str]]:
    level = Surface(
        np.ones((frame.rows, 1)), frame.west, frame.north, frame.step_lon, frame.step_lat
    )  # for the sides of its cells alone
    east, north = cell_sides(level)
    slope = np.empty((frame.rows, frame.columns))
    used: set[Path] = set()
    with open_terrain(dem) as terrain:
        for first, last, lon, lat in _bands(frame):
            context.checkpoint()
            used.update(terrain.files_at(lon, lat))
            heights = terrain.heights(lon, lat).reshape(last - first + 2, frame.columns + 2)
            slope[first:last] = slope_deg(heights, east[first:last], north[first:last])
    files = sorted(used)
    for file in files:
        context.read("dem" if file == dem else f"dem: {file.parent.name}/{file.name}", file)
    return slope, [file.name for file in files] or [dem.name]


def _bands(frame: Frame) -> Iterator[tuple[int, int, FloatArray, FloatArray]]:
    """Give bands of rows with the centres of their cells and of a ring of cells around."""
    lon = frame.west + (np.arange(-1, frame.columns + 1) + 0.5) * frame.step_lon
    for first in range(0, frame.rows, _ROWS):
        last = min(first + _ROWS, frame.rows)
        lat = frame.north - (np.arange(first - 1, last + 1) + 0.5) * frame.step_lat
        yield first, last, np.tile(lon, len(lat)), np.repeat(lat, len(lon))


def _cells_words(frame: Frame) -> Text:
    return Text(
        f"代价格网单元边长 {frame.cell_m:,.0f} m，共 {frame.rows:,} × {frame.columns:,} 个；窄于两个单元的间隙可能看不到。"
        "代价点只用于比较路由，不是造价。",
        f"The cost surface has {frame.rows:,} × {frame.columns:,} cells of {frame.cell_m:,.0f} m; gaps narrower than two of them may not be seen. "
        "Cost points compare routes; they are no money.",
    )


def _coarser_words(frame: Frame, asked: float) -> Text:
    return Text(
        f"范围较大，代价格网单元由 {asked:g} m 放粗到 {frame.cell_m:,.0f} m。",
        f"The area is large: cells of the cost surface are {frame.cell_m:,.0f} m and not {asked:g} m.",
    )


def _penalty_words(penalty: Penalty) -> Text:
    label, but = (
        penalty.label,
        Text("（道路、桥梁除外）", ", but for roads and bridges") if penalty.is_bridged else NOTHING,
    )
    if np.isinf(penalty.factor):
        return Text(f"{label.zh}：禁止穿越{but.zh}。", f"{label.en}: barred{but.en}.")
    return Text(
        f"{label.zh}：代价 {penalty.factor:g} 倍{but.zh}。", f"{label.en}: {penalty.factor:g} times the cost{but.en}."
    )
