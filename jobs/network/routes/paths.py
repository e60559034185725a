"""Routes between two rooms that share as little as possible, and how far apart they run."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.conduits import conduits
from ....analysis.network.diverse import Group, diverse_routes
from ....analysis.network.parts import parts_of
from ....analysis.network.routes import Route, separate_routes
from ....analysis.network.together import run_together
from ....errors import InputError
from ....text import Text
from ...shared.rules import plain
from ..read import Trunk
from ..shared.places import Places, at_common_room, passed
from ..shared.report import separation_profile
from ..shared.stretches import Widths, room_ends

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
    proven : bool
        No routes share less; False where the search was cut short.
    """

    table: pd.DataFrame
    shapes: list[Any]
    profile: pd.DataFrame | None
    disjoint: bool
    unknown: int
    proven: bool


class Risks(NamedTuple):
    """What routes share beside cables.

    Attributes
    ----------
    groups : list of Group
        Of edges in one trench, by the millimetres of it, and of pairs at one place.
    in_trench_mm : shape (e,), int64
        How much of each edge lies in these trenches: it counts with them.
    places : dict
        Rows of places by the edges that pass them, in pairs; an edge with itself has all of its own.
    titles : shape (p,), object
    """

    groups: list[Group]
    in_trench_mm: npt.NDArray[np.int64]
    places: dict[tuple[int, int], set[int]]
    titles: npt.NDArray[np.object_]


def risks_of(trunk: Trunk, widths: Widths, places: Places | None, place_m: float) -> Risks:
    """Find the trenches and the places that sections share.

    Parameters
    ----------
    place_m : float
        A shared place counts as this much shared cable.
    """
    network = trunk.network
    groups, inside = [], np.zeros(len(network.start), dtype=np.int64)
    for conduit in conduits(network, widths.trench_m, widths.least_m, widths.at_room_m, every_pair=True):
        weight = round(conduit.length_m * _MM)
        groups.append(Group(conduit.edges, weight))
        inside[list(conduit.edges)] += weight
    shared: dict[tuple[int, int], set[int]] = {}
    if places is None:
        return Risks(groups, inside, shared, np.empty(0, dtype=object))
    found, pairs = passed(network.shapes, places)
    for line, place in zip(found.line.tolist(), found.place.tolist()):
        shared.setdefault((line, line), set()).add(place)
    together: dict[tuple[int, int], int] = {}
    rooms = room_ends(trunk)
    for one, two in zip(pairs.one.tolist(), pairs.two.tolist()):
        pair = (int(found.line[one]), int(found.line[two]))
        near = [rooms.get(int(network.row[edge]), []) for edge in pair]
        if at_common_room(found, one, two, near[0], near[1], widths.at_room_m):
            continue
        shared.setdefault(pair, set()).add(int(found.place[one]))
        together[pair] = together.get(pair, 0) + 1
    groups += [Group(pair, round(times * place_m * _MM)) for pair, times in sorted(together.items())]
    return Risks(groups, inside, shared, places.title)


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
    trunk: Trunk,
    source: int,
    target: int,
    count: int,
    delay: Delay,
    widths: Widths,
    step_m: float,
    risks: Risks | None = None,
    by_ground: bool = True,
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
    risks : Risks, optional
        What is shared beside cables.
    by_ground : bool
        It counts in looking for routes; else it is only told of them.
    """
    network = trunk.network
    metres = network.length_m
    known = np.isfinite(metres)
    # A link of unknown length is longer than all others in all: it is used where nothing else parts the routes.
    far = np.nansum(metres) + 1.0
    length = np.rint(np.where(known, metres, far) * _MM).astype(np.int64)
    ends, proven = (network.start, network.end, len(network.lon)), True
    if risks is None or not by_ground:
        found = separate_routes(*ends, length, source, target, count)
    else:
        own = np.maximum(length - risks.in_trench_mm, np.minimum(length, 1))
        found, proven = diverse_routes(*ends, length, own, risks.groups, source, target, count)
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
            **_at_places(route, found[0] if place else None, risks),
        }
        for place, route in enumerate(found)
    ]
    used = [edge for route in found for edge in route.edges]
    profile = None
    if len(shapes) > 1 and trunk.drawn:
        profile = separation_profile(shapes[0], shapes[1], step_m)
    table = pd.DataFrame(rows)
    if len(table):
        table["shared_places"] = table["shared_places"].astype("Int64")
    unknown = int((~known[sorted(set(used))]).sum()) if used else 0
    return Routes(table, shapes, profile, len(used) == len(set(used)), unknown, proven)


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


def _at_places(route: Route, first: Route | None, risks: Risks | None) -> dict[str, Any]:
    """Name the places that a route shares with the first; nothing where no places were given."""
    if risks is None or not len(risks.titles) or first is None:
        return {"shared_places": None, "places": None}
    pairs = {(min(one, two), max(one, two)) for one in route.edges for two in first.edges}
    rows = sorted(set().union(*(risks.places.get(pair, set()) for pair in pairs)))
    names = list(dict.fromkeys(str(risks.titles[row]) for row in rows))
    return {"shared_places": len(rows), "places": _LISTED.join(names) or None}


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
