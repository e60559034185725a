"""Pairs of cables that share a trench or a corridor."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.network.near import Search
from ...analysis.network.noding import NOWHERE
from ...analysis.network.parts import Parts, cut, parts_of
from ...analysis.network.together import Together, run_together
from ..shared.rules import plain
from .read import Trunk

TRENCH, CORRIDOR = "trench", "corridor"
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Widths(NamedTuple):
    """What counts as shared, in metres."""

    trench_m: float
    corridor_m: float
    least_m: float
    at_room_m: float


class Shared(NamedTuple):
    """What was found.

    Attributes
    ----------
    stretches : pandas.DataFrame
        One row a stretch of the first cable of a pair beside the second.
    shapes : list of LineString
    pairs : pandas.DataFrame
        One row a pair, the longest in one trench first.
    """

    stretches: pd.DataFrame
    shapes: list[Any]
    pairs: pd.DataFrame


def shared_stretches(trunk: Trunk, widths: Widths) -> Shared:
    """Find the stretches, leave out what lies at a common room and pairs that share next to nothing."""
    parts = parts_of(trunk.lines.tolist())
    ends = _room_ends(trunk)
    tables = []
    for kind, width in ((TRENCH, widths.trench_m), (CORRIDOR, widths.corridor_m)):
        found = _first_of_pairs(run_together(parts, width), parts)
        low, high = _clear_of_rooms(found, parts, ends, widths.at_room_m)
        table = pd.DataFrame({"kind": kind, "part": found.part, "other": found.other, "from_m": low, "to_m": high})
        table = table[table["to_m"] > table["from_m"]]
        pair = [parts.row[table["part"]], table["other"]]
        whole = (table["to_m"] - table["from_m"]).groupby(pair).transform("sum")
        tables.append(table[(whole >= widths.least_m).to_numpy(bool)])
    both = pd.concat(tables, ignore_index=True)
    return Shared(*_told(trunk, parts, both), _pairs(trunk, parts, both))


def _room_ends(trunk: Trunk) -> dict[int, list[tuple[float, float]]]:
    """Give the places of the rooms that each cable is joined to, by its row."""
    network = trunk.network
    found: dict[int, dict[int, tuple[float, float]]] = {}
    for ends in (network.start, network.end):
        for row, node in zip(network.row.tolist(), ends.tolist()):
            if network.room[node] != NOWHERE:
                found.setdefault(row, {})[node] = (float(network.lon[node]), float(network.lat[node]))
    return {row: list(places.values()) for row, places in found.items()}


def _first_of_pairs(found: Together, parts: Parts) -> Together:
    own = parts.row[found.part] < found.other
    return Together(found.part[own], found.other[own], found.from_m[own], found.to_m[own])


def _clear_of_rooms(
    found: Together, parts: Parts, ends: dict[int, list[tuple[float, float]]], at_room_m: float
) -> tuple[FloatArray, FloatArray]:
    """Cut off what lies within a distance, along the cable, of a room that both cables are joined to."""
    low, high = found.from_m.copy(), found.to_m.copy()
    search = Search(parts)
    rooms = sorted({place for places in ends.values() for place in places})
    beside = search.within(np.array([x for x, _ in rooms]), np.array([y for _, y in rooms]), at_room_m)
    of_part: dict[int, list[tuple[int, float]]] = {}
    for point, part, at in zip(beside.point.tolist(), beside.part.tolist(), beside.at_m.tolist()):
        of_part.setdefault(part, []).append((point, at))
    number = {place: at for at, place in enumerate(rooms)}
    joined = {row: {number[place] for place in places} for row, places in ends.items()}
    for at, (part, other) in enumerate(zip(found.part.tolist(), found.other.tolist())):
        common = joined.get(int(parts.row[part]), set()) & joined.get(other, set())
        for room, place in of_part.get(part, []):
            if room in common:
                if low[at] < place + at_room_m and low[at] >= place - at_room_m:
                    low[at] = min(place + at_room_m, max(high[at], low[at]))
                if high[at] > place - at_room_m and high[at] <= place + at_room_m:
                    high[at] = max(place - at_room_m, low[at])
    return low, high


def _told(trunk: Trunk, parts: Parts, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Any]]:
    rows, shapes = [], []
    for row in table.itertuples():
        first, second = int(parts.row[row.part]), int(row.other)
        shapes.append(_piece(parts, int(row.part), float(row.from_m), float(row.to_m)))
        rows.append(
            {
                **_named(trunk, first, second),
                "kind": row.kind,
                "from_km": round(row.from_m / 1000, 6),
                "to_km": round(row.to_m / 1000, 6),
                "length_km": round((row.to_m - row.from_m) / 1000, 6),
            }
        )
    return pd.DataFrame(rows, columns=[*_NAMES, "kind", "from_km", "to_km", "length_km"]), shapes


_NAMES = ("cable_a", "name_a", "cable_b", "name_b")


def _named(trunk: Trunk, first: int, second: int) -> dict[str, Any]:
    one, two = trunk.cables.iloc[first], trunk.cables.iloc[second]
    values = (one["cable_id"], plain(one["name"]), two["cable_id"], plain(two["name"]))
    return dict(zip(_NAMES, values))


def _piece(parts: Parts, part: int, low: float, high: float) -> Any:
    """Give the shape of a stretch of a part."""
    pieces = cut(parts, np.array([part, part]), np.array([low, high]))
    own = np.flatnonzero((pieces.part == part) & (pieces.from_m >= low - 1e-9) & (pieces.to_m <= high + 1e-9))
    return pieces.shapes[own[0]] if len(own) else None


def _pairs(trunk: Trunk, parts: Parts, table: pd.DataFrame) -> pd.DataFrame:
    """Sum up each pair: kilometres in one trench and in one corridor, and whether they join the same rooms."""
    ends = _end_rooms(trunk)
    length = np.zeros(len(trunk.cables))
    np.add.at(length, parts.row, parts.length_m)
    km = (table["to_m"] - table["from_m"]) / 1000
    sums = km.groupby([parts.row[table["part"]], table["other"].to_numpy(), table["kind"].to_numpy()]).sum()
    rows = []
    for first, second in sorted({(int(a), int(b)) for a, b, _ in sums.index}):
        trench, corridor = (float(sums.get((first, second, kind), 0.0)) for kind in (TRENCH, CORRIDOR))
        shorter = min(length[first], length[second]) / 1000
        rows.append(
            {
                **_named(trunk, first, second),
                "same_rooms": int(len(ends.get(first, set())) > 1 and ends.get(first) == ends.get(second)),
                "trench_km": round(trench, 6),
                "corridor_km": round(corridor, 6),
                "trench_percent": round(100 * trench / shorter, 2),
                "corridor_percent": round(100 * corridor / shorter, 2),
            }
        )
    columns = [*_NAMES, "same_rooms", "trench_km", "corridor_km", "trench_percent", "corridor_percent"]
    pairs = pd.DataFrame(rows, columns=columns)
    order = ["same_rooms", "trench_km", "corridor_km"]
    return pairs.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _end_rooms(trunk: Trunk) -> dict[int, set[int]]:
    """Give the rooms at which each cable ends: those that are the end of one of its pieces alone."""
    network = trunk.network
    ends = pd.DataFrame({"row": np.tile(network.row, 2), "node": np.concatenate([network.start, network.end])})
    count = ends.groupby(["row", "node"]).size()
    found: dict[int, set[int]] = {}
    for (row, node), times in count.items():
        if times == 1 and network.room[node] != NOWHERE:
            found.setdefault(int(row), set()).add(int(node))
    return found
