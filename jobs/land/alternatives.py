"""Another route for a cable in conflict: the cheapest way over a surface on which its control lines cost more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from ...analysis.conflicts.footprints import widened
from ...analysis.geodesy import geodesic_distance_m
from ...analysis.least_cost.alternative import RING_CELLS, cheaper_alternative, ends_apart_m
from ...analysis.least_cost.path import Steps
from ...analysis.least_cost.surface import BARRED
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Pack
from ...text import Text
from ..shared.cost_surface import PACK as WEIGHTS
from ..shared.cost_surface import CostMap, Penalty, control_penalties, cost_map, factor_of
from ..shared.packs import cite, read_pack
from .conflicts import Conflicts, judge
from .facilities import ASIDE, Facilities
from .known import Known
from .taken import Ground, ground_of
from .words import AERIAL, BURIED, LOWERED, NO_BETTER, NOT_SOUGHT, SOLVED, SUBMARINE, ZONE_LABELS
from .zone_rows import Zones

COLUMNS = (
    *("feature_id", "name", "outcome", "before_m", "after_m", "extra_m"),
    *("before_in_m", "after_in_m", "before_m2", "after_m2", "remaining"),
)
_WEIGHTLESS = ("urban_yellow_line", "other")  # by the weight of areas that are named to be avoided


class Alternatives(NamedTuple):
    """Other routes of cables in conflict.

    Attributes
    ----------
    table : pandas.DataFrame
        `COLUMNS`, one row a cable in conflict; missing figures where there is no other route.
    lines : list of LineString or None
    sentences, cautions : list of Text
    """

    table: pd.DataFrame
    lines: list[shapely.LineString | None]
    sentences: list[Text]
    cautions: list[Text]


class _Setting(NamedTuple):
    """What all cables share."""

    context: RunContext
    pack: Pack
    weights: Pack
    zones: Zones
    known: Known
    roads: Sequence[Any]
    ducts: pd.DataFrame
    duct_lines: np.ndarray
    rooms: np.ndarray


def find_alternatives(
    context: RunContext, ground: Ground, found: Conflicts, zones: Zones, known: Known, pack: Pack
) -> Alternatives:
    """Look for another route of each cable in conflict; a route counts that lowers its conflict and worsens none.

    The job has the parameters ``dem`` and ``cell_m``; roads, cables and nodes are read from the workspace.
    """
    cables = found.table.index[
        (found.table["layer"] == "trunk_cables") & (found.table["severity"].fillna(0) > 0).to_numpy(bool)
    ].tolist()
    made = Alternatives(pd.DataFrame(columns=list(COLUMNS)), [], [], [])
    if not cables:
        return made
    setting = _setting(context, zones, known, pack)
    rows = []
    for place, at in enumerate(cables):
        doing = Text("推求替代路由", "Looking for other routes")
        context.progress(0.55 + 0.3 * place / len(cables), doing)
        row, line = _one(setting, ground, found, at, made)
        rows.append(row)
        made.lines.append(line)
    return made._replace(table=pd.DataFrame(rows, columns=list(COLUMNS)))


def _setting(context: RunContext, zones: Zones, known: Known, pack: Pack) -> _Setting:
    roads: Sequence[Any] = ()
    if inputs.layer_present(context, "roads"):
        table = inputs.read_layer(context, "roads", ["road_class"])
        roads = table.geometry[(table.columns["road_class"] != "railway").to_numpy(bool)]
    cables = inputs.read_layer(context, "trunk_cables", ["cable_id", "laying", "status"])
    usable = (cables.columns["status"] == "existing") & (cables.columns["laying"] != "submarine").fillna(True)
    ducts = np.flatnonzero(usable.to_numpy(bool))
    rooms = np.empty(0, dtype=object)
    if inputs.layer_present(context, "trunk_nodes"):
        points = inputs.read_points(context, "trunk_nodes", ["node_id"])
        there = np.isfinite(points.lon) & np.isfinite(points.lat)
        rooms = shapely.points(points.lon[there], points.lat[there])
    weights = read_pack(context, WEIGHTS)
    lines = cables.geometry[ducts]
    return _Setting(context, pack, weights, zones, known, roads, cables.columns.iloc[ducts], lines, rooms)


def _one(
    setting: _Setting, ground: Ground, found: Conflicts, at: int, made: Alternatives
) -> tuple[dict[str, Any], shapely.LineString | None]:
    facility = ground.table.iloc[at]
    row = {key: facility[key] for key in ("feature_id", "name")}
    before = _weighed(found, at)
    own = found.sums[(found.sums["at"] == at) & (found.sums["severity"] > 0)]
    row |= {
        "before_m": round(float(facility["whole_m"]), 2),
        "before_in_m": round(float(own["length_m"].sum()), 2),
        "before_m2": round(float(own["area_m2"].sum()), 2),
        "outcome": NOT_SOUGHT,
    }
    line = shapely.line_merge(ground.shapes[at])
    of_class = str(facility["class"])
    if of_class not in (BURIED, AERIAL) or not isinstance(line, shapely.LineString):
        made.cautions.append(_not_sought(facility, of_class))
        return row, None
    apart = float(facility["width_m"]) / 2 + float(setting.pack.rule("land.alternative.clear").value)
    costs = _surface(setting, found, at, line, apart)
    if ends_apart_m(line) <= RING_CELLS * costs.cell_m:
        made.cautions.append(_ring(facility))
        return row, None
    made.cautions.extend(_ends_barred(facility, line, costs))
    _tell(made.sentences, [_cells(costs.cell_m), *costs.sentences[1:]])  # the first gives the cells of each cable
    _tell(made.cautions, costs.cautions)
    keep = setting.weights.rule("cost.keep")
    used = [setting.pack.rule(f"land.alternative.{name}") for name in ("clear", "end_factor")]
    cite(setting.context, [keep, *used])
    other = cheaper_alternative(line, Steps(costs.surface), _fixed(setting, line), keep=float(keep.value))
    row["outcome"] = NO_BETTER
    if other is None:
        return row, None
    after = _judged(setting, ground, at, other.line)
    if not _is_better(_weighed(after, 0), before):
        return row, None
    left = after.sums[after.sums["severity"] > 0]
    row |= {
        "outcome": LOWERED if len(left) else SOLVED,
        "after_m": round(other.way.length_m, 2),
        "extra_m": round(other.extra_m, 2),
        "after_in_m": round(float(left["length_m"].sum()), 2),
        "after_m2": round(float(left["area_m2"].sum()), 2),
        "remaining": ";".join(
            f"{one.kind}={one.length_m:.1f}" if one.length_m > 0 else str(one.kind) for one in left.itertuples()
        ),
    }
    return row, other.line


def _cells(cell_m: float) -> Text:
    return Text(
        f"代价格网单元边长 {cell_m:,.0f} m：扣除走廊宽度和余量后窄于两个单元（{2 * cell_m:,.0f} m）的间隙可能看不到，“未找到”不等于没有；"
        "需要时减小“代价格网边长”重算。代价点只用于比较路由，不是造价。",
        f"Cells of the cost surface are {cell_m:,.0f} m: gaps that are narrower than two of them ({2 * cell_m:,.0f} m) once corridor and margin "
        "are taken off may not be seen, so that none found does not mean that there is none; state smaller cells where it matters. Cost "
        "points compare routes; they are no money.",
    )


def _ring(facility: Any) -> Text:
    name = facility["name"] or facility["feature_id"]
    return Text(
        f"{name}：起点与终点重合（成环），未推求替代路由；可在节点处断开后分段推求。",
        f"{name}: it ends where it begins (a ring); no other route is looked for. Split it at its nodes to have one for each part.",
    )


def _ends_barred(facility: Any, line: shapely.LineString, costs: CostMap) -> list[Text]:
    """Tell of ends that stand on ground barred by its slope, a border or another area, whose own stretch stays."""
    ends = shapely.get_coordinates(line)[[0, -1]].tolist()
    if all(costs.surface.standing(*end) != BARRED for end in ends):
        return []
    name = facility["name"] or facility["feature_id"]
    return [
        Text(
            f"{name}：端点位于禁止穿越的范围内，从端点到范围边缘的一段保留原路由，其余另行推求。",
            f"{name}: an end of it lies on barred ground; from there to the rim of that ground it stays as drawn, the rest is looked for.",
        )
    ]


def _not_sought(facility: Any, of_class: str) -> Text:
    name = facility["name"] or facility["feature_id"]
    if of_class == SUBMARINE:
        return Text(f"{name}：水下光缆未推求替代路由。", f"{name}: no other route is looked for under water.")
    if of_class not in (BURIED, AERIAL):
        return Text(
            f"{name}：随电力线路架设，未推求替代路由。", f"{name}: on a power line, no other route is looked for."
        )
    return Text(
        f"{name}：线段不相连或有分叉，未推求替代路由。",
        f"{name}: its line is not one piece; no other route is looked for.",
    )


def _surface(setting: _Setting, found: Conflicts, at: int, line: shapely.LineString, apart_m: float) -> CostMap:
    """Make the surface around a cable: the kinds of control line that are grave for it cost more there.

    They are widened, so that the corridor, and not its centre line alone, keeps out of them.
    """
    zones = setting.zones
    number = str(found.table["feature_id"].iloc[at])
    grave = set(found.sums.loc[(found.sums["at"] == at) & (found.sums["severity"] > 0), "kind"])
    of_class = str(found.table["class"].iloc[at])
    for kind in zones.kinds:
        rule = setting.pack.rule(f"land.severity.{kind}.{of_class}")
        if rule.value > 0:
            grave.add(kind)
    outside = set(setting.pack.rule("land.outside").value)
    own = np.array([kind in grave - outside for kind in zones.kind], dtype=bool)
    wide = widened(zones.shapes[own], apart_m)
    penalties = control_penalties(setting.context, setting.weights, zones.kind[own], wide)
    for kind in _WEIGHTLESS:
        rows = zones.kind[own] == kind
        if rows.any():
            factor = factor_of(setting.context, setting.weights, "avoid")
            penalties.append(Penalty(ZONE_LABELS[kind], wide[rows], factor))
    penalties = _opened_at_ends(penalties, line, float(setting.pack.rule("land.alternative.end_factor").value))
    land = setting.known.counties.shapes
    home = len(land) > 0 and shapely.covers(shapely.union_all(land), line)
    dem = setting.context["dem"]
    return cost_map(
        setting.context,
        setting.weights,
        tuple(line.bounds),
        roads=setting.roads,
        ducts=setting.duct_lines[(setting.ducts["cable_id"] != number).to_numpy(bool)],
        penalties=penalties,
        within=land if home else None,
        dem=Path(dem) if dem else None,
        cell_m=setting.context["cell_m"],
    )


def _opened_at_ends(penalties: list[Penalty], line: shapely.LineString, factor: float) -> list[Penalty]:
    """Let routes out of barred areas in which the line begins or ends, at a high cost: there is no other way to them."""
    ends = shapely.multipoints(shapely.get_coordinates(line)[[0, -1]])
    made: list[Penalty] = []
    for penalty in penalties:
        shapes = np.asarray(penalty.shapes, dtype=object)
        around = shapely.intersects(shapes, ends) if np.isinf(penalty.factor) else np.zeros(len(shapes), dtype=bool)
        if (~around).any():
            made.append(penalty._replace(shapes=shapes[~around]))
        if around.any():
            label = Text("端点所在的{kind}", "{kind} in which it begins or ends").filled(kind=penalty.label)
            made.append(Penalty(label, shapes[around], factor))
    return made


def _fixed(setting: _Setting, line: shapely.LineString) -> list[tuple[float, float]]:
    """Give the rooms that the cable passes: the other route must pass them, too."""
    snap = read_pack(setting.context, "trunk").rule("trunk.snap")
    near = setting.rooms[shapely.STRtree(setting.rooms).query(line.buffer(1e-3))] if len(setting.rooms) else []
    cite(setting.context, [snap])
    made = []
    for room in near:
        spot = line.interpolate(line.project(room))
        if geodesic_distance_m([room.x], [room.y], [spot.x], [spot.y])[0] <= float(snap.value):
            made.append((float(room.x), float(room.y)))
    return made


def _judged(setting: _Setting, ground: Ground, at: int, line: shapely.LineString) -> Conflicts:
    """Judge a cable on another line, by the same presets and control lines."""
    shapes = np.array([line], dtype=object)
    table = ground.table.iloc[[at]].reset_index(drop=True)
    moved = ground_of(Facilities(table, shapes, [], [], pd.DataFrame(columns=list(ASIDE)), {}), setting.pack)
    return judge(moved, setting.zones, setting.known, setting.pack)


def _weighed(found: Conflicts, at: int) -> list[tuple[float, float]]:
    """Give length and area in conflict by severity, the gravest first."""
    own = found.sums[found.sums["at"] == at]
    made = []
    for severity in (3, 2, 1):
        rows = own[own["severity"] == severity]
        made.append((float(rows["length_m"].sum()), float(rows["area_m2"].sum())))
    return made


def _is_better(after: list[tuple[float, float]], before: list[tuple[float, float]]) -> bool:
    """Tell whether there is less of the gravest conflict that changes, by more than what rounding leaves."""
    for ones, others in zip(after, before):
        for one, other in zip(ones, others):
            if abs(one - other) > 0.5:
                return one < other
    return False


def _tell(said: list[Text], more: Sequence[Text]) -> None:
    said += [words for words in more if words not in said]
