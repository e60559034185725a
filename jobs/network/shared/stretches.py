"""Pairs of cables that share a trench or a corridor."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ....analysis.network.digs import digs
from ....analysis.network.noding import NOWHERE
from ....analysis.network.parts import Parts, cut, parts_of
from ....analysis.network.together import Together, near_places, run_together
from ...shared.rules import plain
from ..read import Trunk

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
    beside : pandas.DataFrame
        ``kind, part, other, from_m, to_m``: the stretches of the pairs both ways, by part and row of `parts`.
    parts : Parts
    """

    stretches: pd.DataFrame
    shapes: list[Any]
    pairs: pd.DataFrame
    beside: pd.DataFrame
    parts: Parts


def shared_stretches(trunk: Trunk, widths: Widths) -> Shared:
    """Find the stretches, leave out what lies at a common room and pairs that share next to nothing."""
    parts = parts_of(trunk.lines.tolist())
    ends = room_ends(trunk)
    tables = []
    for kind, width in ((TRENCH, widths.trench_m), (CORRIDOR, widths.corridor_m)):
        table = _clear_of_rooms(run_together(parts, width), parts, ends, widths.at_room_m)
        table.insert(0, "kind", kind)
        row, other = parts.row[table["part"].to_numpy(np.int64)], table["other"].to_numpy(np.int64)
        on_first = (table["to_m"] - table["from_m"]).where(row < other, 0.0)
        whole = on_first.groupby([np.minimum(row, other), np.maximum(row, other)]).transform("sum")
        tables.append(table[(whole >= widths.least_m).to_numpy(bool)])
    both = pd.concat(tables, ignore_index=True)
    first = both[parts.row[both["part"].to_numpy(np.int64)] < both["other"].to_numpy(np.int64)]
    return Shared(*_told(trunk, parts, first), _pairs(trunk, parts, both), both, parts)


def ground_km(found: Shared, kind: str, width_m: float) -> float:
    """Give the kilometres of ground on which any cables share a trench or a corridor, each place once."""
    own = found.beside[found.beside["kind"] == kind]
    beside = Together(*(own[name].to_numpy() for name in ("part", "other", "from_m", "to_m")))
    lines = int(found.parts.row.max(initial=-1)) + 1
    made = digs(found.parts, beside, most_beside_first(found.parts, beside, lines), lines, width_m)
    return float(made.own_m.sum()) / 1000


def most_beside_first(parts: Parts, beside: Together, lines: int) -> list[int]:
    """Order cables by how much they have beside them: the one with the most is where all would meet."""
    much = np.bincount(parts.row[beside.part], np.round(beside.length_m, 3), minlength=lines)
    return np.argsort(-much, kind="stable").tolist()


def room_ends(trunk: Trunk) -> dict[int, list[tuple[float, float]]]:
    """Give the places of the rooms that each cable is joined to, by its row."""
    network = trunk.network
    found: dict[int, dict[int, tuple[float, float]]] = {}
    for ends in (network.start, network.end):
        for row, node in zip(network.row.tolist(), ends.tolist()):
            if network.room[node] != NOWHERE:
                found.setdefault(row, {})[node] = (float(network.lon[node]), float(network.lat[node]))
    return {row: list(places.values()) for row, places in found.items()}


def _clear_of_rooms(
    found: Together, parts: Parts, ends: dict[int, list[tuple[float, float]]], at_room_m: float
) -> pd.DataFrame:
    """Take away what lies within a distance of a room that both cables are joined to: ``part, other, from_m, to_m``."""
    rooms = sorted({place for places in ends.values() for place in places})
    number = {place: at for at, place in enumerate(rooms)}
    joined = {row: {number[place] for place in places} for row, places in ends.items()}
    places = np.array(rooms, dtype=np.float64).reshape(-1, 2)
    near: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for part, room, low, high in zip(*near_places(parts, places[:, 0], places[:, 1], at_room_m)):
        near.setdefault((int(part), int(room)), []).append((float(low), float(high)))
    rows = []
    for part, other, low, high in zip(*found):
        common = joined.get(int(parts.row[part]), set()) & joined.get(int(other), set())
        away = sorted(stretch for room in common for stretch in near.get((int(part), room), []))
        rows += [(int(part), int(other), *left) for left in _without((float(low), float(high)), away)]
    types = {"part": np.int64, "other": np.int64, "from_m": np.float64, "to_m": np.float64}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _without(stretch: tuple[float, float], away: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Give what is left of a stretch without others, which are sorted."""
    left, start = [], stretch[0]
    for low, high in away:
        if low > start:
            left.append((start, min(low, stretch[1])))
        start = max(start, high)
    left.append((start, stretch[1]))
    return [(low, high) for low, high in left if high > low]


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
    # A stretch that begins or ends with its part has a piece without length beside it.
    return pieces.shapes[own[np.argmax(pieces.to_m[own] - pieces.from_m[own])]] if len(own) else None


def _pairs(trunk: Trunk, parts: Parts, table: pd.DataFrame) -> pd.DataFrame:
    """Sum up each pair: kilometres in one trench and in one corridor, and whether they join the same rooms."""
    ends = end_rooms(trunk)
    length = np.zeros(len(trunk.cables))
    np.add.at(length, parts.row, parts.length_m)
    km = (table["to_m"] - table["from_m"]) / 1000
    sums = km.groupby([parts.row[table["part"]], table["other"].to_numpy(), table["kind"].to_numpy()]).sum()
    rows = []
    for first, second in sorted({(int(min(a, b)), int(max(a, b))) for a, b, _ in sums.index}):
        trench, corridor = (float(sums.get((first, second, kind), 0.0)) for kind in (TRENCH, CORRIDOR))
        # The share is that of the shorter cable itself: the longer one may wind beside it for more than its length.
        of_shorter = (first, second) if length[first] <= length[second] else (second, first)
        on_shorter = [float(sums.get((*of_shorter, kind), 0.0)) for kind in (TRENCH, CORRIDOR)]
        shorter = length[of_shorter[0]] / 1000
        rows.append(
            {
                **_named(trunk, first, second),
                "same_rooms": int(len(ends.get(first, set())) > 1 and ends.get(first) == ends.get(second)),
                "trench_km": round(trench, 6),
                "corridor_km": round(corridor, 6),
                "trench_percent": round(100 * on_shorter[0] / shorter, 2),
                "corridor_percent": round(100 * on_shorter[1] / shorter, 2),
            }
        )
    columns = [*_NAMES, "same_rooms", "trench_km", "corridor_km", "trench_percent", "corridor_percent"]
    pairs = pd.DataFrame(rows, columns=columns)
    order = ["same_rooms", "trench_km", "corridor_km"]
    return pairs.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def end_rooms(trunk: Trunk) -> dict[int, set[int]]:
    """Give the rooms at which each cable ends: those that are the end of one of its pieces alone."""
    network = trunk.network
    ends = pd.DataFrame({"row": np.tile(network.row, 2), "node": np.concatenate([network.start, network.end])})
    count = ends.groupby(["row", "node"]).size()
    found: dict[int, set[int]] = {}
    for (row, node), times in count.items():
        if times == 1 and network.room[node] != NOWHERE:
            found.setdefault(int(row), set()).add(int(node))
    return found
