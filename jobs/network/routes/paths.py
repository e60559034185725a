"""Routes between two rooms that share as little as possible, and how far apart they run."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.parts import parts_of
from ....analysis.network.routes import Route, separate_routes
from ....analysis.network.together import run_together
from ....errors import InputError
from ....text import Text
from ...shared.rules import plain
from ..read import Trunk
from ..shared.report import separation_profile
from ..shared.stretches import Widths

_MM = 1000.0  # in a metre
_LISTED = "、"


class Delay(NamedTuple):
    """What a signal takes: µs per km of fibre, and µs in the equipment of a room that it passes."""

    fibre_us_km: float
    hop_us: float


class Routes(NamedTuple):
    """What was found.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a route, in the order of `separate_routes`; columns in `routes_words.LABELS`.
    shapes : list of MultiLineString or None
    profile : pandas.DataFrame or None
        Separation of the first two, ``at_km`` and ``apart_m``; None where they are not drawn.
    disjoint : bool
        No edge is in two routes.
    unknown : int
        Edges on the routes whose length is not known.
    """

    table: pd.DataFrame
    shapes: list[Any]
    profile: pd.DataFrame | None
    disjoint: bool
    unknown: int


def room_of(trunk: Trunk, node_id: str) -> int:
    """Give the node of a room by its number (InputError where there is none, with the ones that are meant perhaps)."""
    numbers = trunk.rooms["node_id"].astype(str).tolist()
    if node_id in numbers:
        return numbers.index(node_id)
    near = get_close_matches(node_id, numbers, n=3)
    hint = Text(f"，相近的编号：{'、'.join(near)}。", f"; ids like it: {', '.join(near)}.") if near else Text("。", ".")
    raise InputError(
        Text(f"网络中没有编号为“{node_id}”的节点。", f"The network has no node “{node_id}”."),
        Text(f"请核对节点编号和建设阶段{hint.zh}", f"Check the id and the phase{hint.en}"),
    )


def find_routes(
    trunk: Trunk, source: int, target: int, count: int, delay: Delay, widths: Widths, step_m: float
) -> Routes:
    """Find the routes and measure them.

    Parameters
    ----------
    source, target : int
        Rooms.
    widths : Widths
        Of a trench and of a corridor, and what does not count next to a common room.
    step_m : float
        Of the separation profile.
    """
    network = trunk.network
    metres = network.length_m
    known = np.isfinite(metres)
    # A link of unknown length is longer than all others in all: it is used where nothing else parts the routes.
    far = np.nansum(metres) + 1.0
    length = np.rint(np.where(known, metres, far) * _MM).astype(np.int64)
    found = separate_routes(network.start, network.end, len(network.lon), length, source, target, count)
    shapes = [_shape(trunk, route) for route in found]
    can_tell = trunk.drawn and bool(found)
    beside = [
        _beside(trunk, found, width, widths.at_room_m) if can_tell else [None] * len(found)
        for width in (widths.trench_m, widths.corridor_m)
    ]
    rows = [
        {
            "route": place + 1,
            **_ends(trunk, source, target),
            **_measured(trunk, route, metres, delay),
            **(_shared(trunk, route, found[0], metres) if place else {"shared_km": None, "shared_rooms": None}),
            **{name: km[place] for name, km in zip(("trench_km", "corridor_km"), beside)},
        }
        for place, route in enumerate(found)
    ]
    used = [edge for route in found for edge in route.edges]
    profile = None
    if len(shapes) > 1 and trunk.drawn:
        profile = separation_profile(shapes[0], shapes[1], step_m)
    table = pd.DataFrame(rows)
    unknown = int((~known[sorted(set(used))]).sum()) if used else 0
    return Routes(table, shapes, profile, len(used) == len(set(used)), unknown)


def _ends(trunk: Trunk, source: int, target: int) -> dict[str, str]:
    return {"from_name": _named(trunk, source), "to_name": _named(trunk, target)}


def _named(trunk: Trunk, room: int) -> str:
    row = trunk.rooms.iloc[room]
    return str(plain(row["name"]) or row["node_id"])


def _between(trunk: Trunk, route: Route) -> list[int]:
    """Give the rooms that a route passes, its ends not among them."""
    return [int(room) for room in trunk.network.room[route.nodes[1:-1]] if room >= 0]


def _measured(trunk: Trunk, route: Route, metres: npt.NDArray[np.float64], delay: Delay) -> dict[str, Any]:
    km = float(metres[route.edges].sum()) / 1000
    rooms = _between(trunk, route)
    ms = (km * trunk.slack * delay.fibre_us_km + len(rooms) * delay.hop_us) / 1000
    rows = trunk.cables.iloc[trunk.network.row[route.edges]]
    cables = dict.fromkeys(rows["name"].where(rows["name"].notna(), rows["cable_id"]).astype(str))
    is_known = np.isfinite(km)
    return {
        "length_km": round(km, 6) if is_known else None,
        "ms": round(ms, 6) if is_known else None,
        "hops": len(rooms),
        "rooms": _LISTED.join(_named(trunk, room) for room in rooms) or None,
        "cables": _LISTED.join(cables),
    }


def _shared(trunk: Trunk, route: Route, first: Route, metres: npt.NDArray[np.float64]) -> dict[str, Any]:
    common = sorted(set(route.edges) & set(first.edges))
    km = float(metres[common].sum()) / 1000
    own = set(_between(trunk, first))
    rooms = [_named(trunk, room) for room in _between(trunk, route) if room in own]
    return {"shared_km": round(km, 6) if np.isfinite(km) else None, "shared_rooms": _LISTED.join(rooms) or None}


def _shape(trunk: Trunk, route: Route) -> Any:
    """Give a route as drawn, its edges in order and in its direction; None where none is drawn."""
    pieces = [_piece(trunk, edge, node) for edge, node in zip(route.edges, route.nodes)]
    drawn = [piece for piece in pieces if piece is not None]
    return shapely.multilinestrings(drawn) if drawn else None


def _piece(trunk: Trunk, edge: int, node: int) -> Any:
    """Give an edge as drawn, from a node onwards."""
    shape = trunk.network.shapes[edge]
    return shape if shape is None or trunk.network.start[edge] == node else shapely.reverse(shape)


def _beside(trunk: Trunk, found: list[Route], width_m: float, at_room_m: float) -> list[float | None]:
    """Give the km of each route's own cables that lie within a distance of the first; None for the first itself.

    What lies next to a node of both, along the cable, does not count: there all cables come together.
    """
    first = found[0]
    common, met = set(first.edges), set(first.nodes)
    lines, place, clear = [_shape(trunk, first)], [0], [(0.0, 0.0)]
    for at, route in enumerate(found[1:], start=1):
        for edge, node, after in zip(route.edges, route.nodes, route.nodes[1:]):
            if edge not in common:
                lines.append(_piece(trunk, edge, node))
                place.append(at)
                clear.append((at_room_m if node in met else 0.0, at_room_m if after in met else 0.0))
    parts = parts_of(lines)
    together = run_together(parts, width_m)
    metres = np.zeros(len(found))
    for part, other, low, high in zip(*(column.tolist() for column in together)):
        row = int(parts.row[part])
        if other == 0 and row > 0:
            begin, finish = max(low, clear[row][0]), min(high, float(parts.length_m[part]) - clear[row][1])
            metres[place[row]] += max(finish - begin, 0.0)
    return [None, *(round(value / 1000, 6) for value in metres[1:].tolist())]
