"""Places that several routes share: how a planner states them, and their words. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....text import Text
from ...declaration import Parameter, ParameterKind
from .words import LABELS as SHARED_LABELS

BRIDGE, TUNNEL, RIVER, FAULT, HAZARD, OTHER = "bridge", "tunnel", "river", "fault", "hazard", "other"
RIVER_BESIDE, FAULT_BESIDE = "river_beside", "fault_beside"
PLACE_LABELS = {
    BRIDGE: Text("桥梁", "Bridge"),
    TUNNEL: Text("隧道", "Tunnel"),
    RIVER: Text("河流穿越", "River crossing"),
    FAULT: Text("断裂穿越", "Fault crossing"),
    HAZARD: Text("灾害区", "Hazard zone"),
    OTHER: Text("其他地点", "Other place"),
    RIVER_BESIDE: Text("沿河并行", "Beside a river"),
    FAULT_BESIDE: Text("沿断裂并行", "Beside a fault"),
}
# The kind of a shared place where one of the cables, or both, lies beside it and does not cross it.
BESIDE = {RIVER: RIVER_BESIDE, FAULT: FAULT_BESIDE}
# What is long: passages far apart are two places.
LONG = (RIVER, FAULT)
# Words by which a column's value, or the name of a layer or a file, tells the kind; the first that is there.
KIND_WORDS = (
    (BRIDGE, ("桥", "bridge")),
    (TUNNEL, ("隧道", "隧洞", "tunnel")),
    (FAULT, ("断裂", "断层", "fault")),
    (HAZARD, ("灾害", "隐患", "滑坡", "崩塌", "泥石流", "塌陷", "洪", "蓄滞", "hazard", "landslide", "flood")),
    (RIVER, ("河", "江", "水系", "水域", "渠", "溪", "river", "stream", "canal", "waterway", "water")),
)
# The kind that each parameter states; that of the last is told by its rows or its name.
STATED = {"bridges": BRIDGE, "tunnels": TUNNEL, "rivers": RIVER, "faults": FAULT, "hazard_zones": HAZARD, "places": ""}

_ANY = Text("可选。面或线，任意文件。", "Optional. Areas or lines, any file.")
_NAMES = {
    "bridges": Text("桥梁图层", "Bridges"),
    "tunnels": Text("隧道图层", "Tunnels"),
    "rivers": Text("河流图层", "Rivers"),
    "faults": Text("断裂图层", "Faults"),
    "hazard_zones": Text("灾害区图层", "Hazard zones"),
}
PLACES = (
    *(Parameter(name, ParameterKind.LAYER, label, _ANY, advanced=True) for name, label in _NAMES.items()),
    Parameter(
        "places",
        ParameterKind.LAYER,
        Text("其他地点图层", "Other places"),
        Text(
            "可选。面或线；地点类别取自类别列，没有则取自图层名或文件名（桥、隧道、河、断裂、滑坡等字样）。",
            "Optional. Areas or lines; the kind of a place is told by the column of kinds, else by the name of the layer or file.",
        ),
        advanced=True,
    ),
    Parameter(
        "kind_column",
        ParameterKind.TEXT,
        Text("地点类别列", "Column of the kind"),
        Text(
            "“其他地点图层”中表示类别的列；留空则找“类型”“类别”“kind”“type”。",
            "The column of the layer of other places with the kind. Empty: 类型, 类别, kind, type.",
        ),
        advanced=True,
    ),
)

LABELS = {
    **{key: SHARED_LABELS[key] for key in ("cable_a", "name_a", "cable_b", "name_b", "same_rooms")},
    "kind": Text("地点类别", "Kind of place"),
    "place": Text("地点", "Place"),
    "at_a_km": Text("光缆甲桩号（km）", "On cable A (km)"),
    "at_b_km": Text("光缆乙桩号（km）", "On cable B (km)"),
    "apart_m": Text("两缆相距（米）", "Apart (m)"),
    "source": Text("来源图层", "Layer"),
}


def kind_told(words: str) -> str:
    """Give the kind of place that words tell; empty where they tell none."""
    low = words.lower()
    return next((kind for kind, known in KIND_WORDS if any(word in low for word in known)), "")


def any_stated(parameters: Mapping[str, Any]) -> bool:
    """Tell whether a layer of places was given."""
    return any(parameters.get(name) for name in STATED)
