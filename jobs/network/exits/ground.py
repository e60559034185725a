"""The surface of costs on which new cables of trunk nodes are looked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ....analysis.least_cost.surface import FREE, Surface
from ....analysis.network.noding import NOWHERE
from ....analysis.network.overland import corridors
from ....engine.context import RunContext
from ....layers import inputs
from ....layers.store.workspace import Workspace
from ....text import Text
from ...shared.cost_surface import PACK, CostMap, Penalty, control_penalties, cost_map, factor_of
from ...shared.packs import cite, read_pack
from ..hazards.layers import read_hazards
from ..read import Trunk

_NAMED = 8  # nodes in one sentence


def corridor_of(context: RunContext) -> float:
    """Give how near to a cable a new one lies in its corridor, metres, and cite the rule."""
    rule = read_pack(context, PACK).rule("cost.beside_width")
    cite(context, [rule])
    return float(rule.value)


def ground_of(context: RunContext, trunk: Trunk, roads: npt.NDArray[np.object_] | None) -> CostMap:
    """Make the surface around all nodes: slope, roads, control lines, areas to avoid.

    The sea, and what lies beyond the administrative units of the workspace, is barred. Along cables that exist ground
    is dearer: a new direction should not lie in their trench.
    """
    pack = read_pack(context, PACK)
    penalties: list[Penalty] = []
    if inputs.layer_present(context, "control_lines"):
        lines = inputs.read_layer(context, "control_lines", ["kind"])
        penalties += control_penalties(context, pack, lines.columns["kind"].to_numpy(object), lines.geometry)
    if context["avoid"]:
        shapes = read_hazards(context, "avoid").shapes
        penalties.append(Penalty(Text("指定的避让区", "Areas to avoid"), shapes, factor_of(context, pack, "avoid")))
    beside = corridors(trunk.network, corridor_of(context))
    penalties.append(Penalty(Text("现有光缆走廊", "Corridors of cables"), beside, factor_of(context, pack, "beside")))
    sea = _of_workspace(context, "sea_areas")
    if sea is not None:
        penalties.append(Penalty(Text("海域", "Sea"), sea, np.inf, is_bridged=True))
    placed = np.isfinite(trunk.network.lon)
    lon, lat = trunk.network.lon[placed], trunk.network.lat[placed]
    units = _of_workspace(context, "admin_units")
    found = cost_map(
        context,
        pack,
        (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        roads=() if roads is None else roads,
        penalties=penalties,
        within=units,
        dem=Path(context["dem"]),
    )
    if units is not None:
        found.sentences.append(
            Text(
                "越野路由不出工作区的行政区划（边界处至多越出一个单元）。",
                "Routes over the ground stay inside the administrative units (to a cell at their rim).",
            )
        )
    return found


def unreached_words(trunk: Trunk, surface: Surface) -> Text | None:
    """Name the rooms that stand on barred ground, from and to which no way over the ground leads; None without any."""
    names = []
    for at in np.flatnonzero((trunk.network.room != NOWHERE) & np.isfinite(trunk.network.lon)).tolist():
        if surface.standing(float(trunk.network.lon[at]), float(trunk.network.lat[at])) != FREE:
            room = trunk.rooms.iloc[at]
            names.append(str(room["name"] if isinstance(room["name"], str) else room["node_id"]))
    if not names:
        return None
    said = "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    return Text(
        f"{len(names)} 个节点位于不可敷设的单元（海域、陡坡、行政区划以外、没有高程或禁止穿越），越野路由不从其出发，也不到达：{said}。",
        f"{len(names)} nodes stand on barred ground (sea, steep, outside of the units, without a height, or barred by a rule), so that no way "
        f"over the ground leads from or to them: {said}.",
    )


def _of_workspace(context: RunContext, name: str) -> npt.NDArray[Any] | None:
    """Give the shapes of a layer that the workspace has, valid ones; None without."""
    home = context.parameters.get("workspace")
    if not home or not Workspace(Path(home)).counts().get(name, 0):
        return None
    shapes = Workspace(context.read("workspace", Path(home))).read(name, []).geometry
    kept = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return np.asarray(shapely.make_valid(kept), dtype=object) if len(kept) else None
