"""Places that two cables share: the same bridge, tunnel, hazard zone, or crossing of a river or a fault."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ....analysis.network.near import metres_per_degree
from ....analysis.network.passages import Passages, SharedPlaces, one_place, passages, shared_places
from ....engine.context import RunContext
from ....errors import InputError
from ....layers import inputs
from ....rules.pack import Pack
from ....text import Text
from ...shared.packs import cite
from ...shared.rules import plain
from ..hazards.layers import read_hazards
from ..read import Trunk
from .place_words import BESIDE, LONG, OTHER, PLACE_LABELS, STATED, kind_told
from .stretches import end_rooms, room_ends

_KINDS = ("类型", "类别", "kind", "type", "KIND", "TYPE", "Kind", "Type")
_RULES = ("place.width", "place.same_crossing", "place.touching")


class Places(NamedTuple):
    """Places that one event may take, p of them.

    Attributes
    ----------
    shapes : shape (p,), Polygon, MultiPolygon, LineString or MultiLineString
    kind, title, source : shape (p,), object
        Title: the name, else the number of the row in its file.
    name : shape (p,), object
        Rows of one kind and name have one key here, and so have rows of one layer and kind that touch.
    width_m, apart_m : float
        A cable passes a line within the first; passages farther apart than the second are two crossings.
    sentences : list of Text
    """

    shapes: npt.NDArray[np.object_]
    kind: npt.NDArray[np.object_]
    title: npt.NDArray[np.object_]
    source: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    width_m: float
    apart_m: float
    sentences: list[Text]

    @property
    def limit_m(self) -> npt.NDArray[np.float64]:
        """How far passages of one place may be apart, shape (p,)."""
        return np.array([self.apart_m if kind in LONG else np.inf for kind in self.kind], dtype=np.float64)


def read_places(context: RunContext, pack: Pack) -> Places | None:
    """Read the layers of places that the planner named; None where there is none.

    Raises
    ------
    InputError
        A layer has no area or line, or no column of the name that was stated for the kind.
    """
    tables, sentences = [], []
    for parameter, stated in STATED.items():
        if not context[parameter]:
            continue
        column = [context["kind_column"]] if context["kind_column"] and not stated else []
        layer = read_hazards(context, parameter, column or _KINDS)
        if column and column[0] not in layer.headings:
            raise InputError(
                Text(
                    f"{layer.file} 没有“{column[0]}”列。现有：{'、'.join(layer.headings)}。",
                    f"{layer.file} has no column “{column[0]}”. It has: {', '.join(layer.headings)}.",
                ),
                Text("请改用其中一列。", "Use one of these."),
            )
        path, table = inputs.split(str(context[parameter]))
        by_name = kind_told(table) or kind_told(path.stem) or OTHER
        told = layer.grade if layer.grade_column in (*column, *_KINDS) else np.full(len(layer.shapes), None)
        kind = [stated or (kind_told(str(one)) if one is not None else "") or by_name for one in told]
        rows = pd.DataFrame(
            {
                "shape": layer.shapes,
                "kind": np.array(kind, dtype=object),
                "title": np.array([layer.title(at) for at in range(len(kind))], dtype=object),
                "name": [f"{one}|{name}" if name else None for one, name in zip(kind, layer.name)],
                "source": layer.file,
            },
            dtype=object,
        )
        tables.append(rows)
        counts = rows["kind"].value_counts(sort=False)
        zh = "、".join(f"{PLACE_LABELS[one].zh} {count:,} 处" for one, count in counts.items())
        en = ", ".join(f"{PLACE_LABELS[one].en.lower()} {count:,}" for one, count in counts.items())
        sentences.append(Text(f"地点图层 {layer.file}：{zh}。", f"Places of {layer.file}: {en}."))
    if not tables:
        return None
    rules = [pack.rule(name) for name in _RULES]
    cite(context, rules)
    every = pd.concat(tables, ignore_index=True)
    shape, kinds, title, source = (every[key].to_numpy(object) for key in ("shape", "kind", "title", "source"))
    width, apart, touch = (float(rule.value) for rule in rules)
    name = _keys(shape, pd.factorize(every["source"] + "|" + every["kind"])[0], every["name"], touch)
    return Places(shape, kinds, title, source, name, width, apart, sentences)


def _keys(
    shape: npt.NDArray[np.object_], may_join: npt.NDArray[np.int64], name: pd.Series, touch_m: float
) -> npt.NDArray[np.object_]:
    """Give one key to rows of one name, to rows that touch, and to what these join: a river drawn in pieces is one."""
    piece = one_place(shape, may_join, touch_m)
    count = len(shape)
    title, _ = pd.factorize(name)  # below 0 where there is none
    named = np.flatnonzero(title >= 0)
    ends = np.append(piece, count + title[named])
    table = coo_array(
        (np.ones(len(ends), np.int8), (np.append(np.arange(count), named), ends + count)), shape=(3 * count, 3 * count)
    )
    return np.array([f"{key}" for key in connected_components(table, directed=False)[1][:count]], dtype=object)


def passed(lines: npt.NDArray[np.object_], places: Places) -> tuple[Passages, SharedPlaces]:
    """Find where lines pass places, and the pairs of passages at one."""
    found = passages(lines, places.shapes, places.width_m, places.name)
    return found, shared_places(found, places.name, places.limit_m, places.apart_m)


class AtPlaces(NamedTuple):
    """Pairs of cables at one place, one row each, and where it is."""

    table: pd.DataFrame
    points: list[Any]


def cables_at_places(trunk: Trunk, places: Places, at_room_m: float) -> AtPlaces:
    """List the pairs of cables that share a place; main and standby first.

    What lies wholly this near to a room of both does not count: there they come together anyway.
    """
    found, pairs = passed(trunk.lines, places)
    near, ends = room_ends(trunk), end_rooms(trunk)
    rows, points = [], []
    for one, two, away in zip(pairs.one.tolist(), pairs.two.tolist(), pairs.apart_m.tolist()):
        first, second = int(found.line[one]), int(found.line[two])
        if at_common_room(found, one, two, near.get(first, []), near.get(second, []), at_room_m):
            continue
        beside = found.is_beside[[one, two]].any()
        spots = [_chainage(found, at, other) for at, other in ((one, two), (two, one))]
        place = int(found.place[one])
        cables = [trunk.cables.iloc[row] for row in (first, second)]
        rows.append(
            {
                "cable_a": cables[0]["cable_id"],
                "name_a": plain(cables[0]["name"]),
                "cable_b": cables[1]["cable_id"],
                "name_b": plain(cables[1]["name"]),
                "same_rooms": int(len(ends.get(first, set())) > 1 and ends.get(first) == ends.get(second)),
                "kind": BESIDE.get(places.kind[place], places.kind[place]) if beside else places.kind[place],
                "place": places.title[place],
                "at_a_km": round(spots[0] / 1000, 6),
                "at_b_km": round(spots[1] / 1000, 6),
                "apart_m": round(away, 1),
                "source": places.source[place],
            }
        )
        points.append(_between(found, one, two))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = table.sort_values(
        ["same_rooms", "cable_a", "cable_b", "at_a_km"], ascending=[False, True, True, True], kind="stable"
    )
    return AtPlaces(order.reset_index(drop=True), [points[at] for at in order.index])


COLUMNS = (
    *("cable_a", "name_a", "cable_b", "name_b", "same_rooms", "kind", "place"),
    *("at_a_km", "at_b_km", "apart_m", "source"),
)


def at_common_room(
    found: Passages,
    one: int,
    two: int,
    rooms: list[tuple[float, float]],
    other_rooms: list[tuple[float, float]],
    at_room_m: float,
) -> bool:
    """Tell whether a passage of two lies wholly near a room of both lines: there they come together anyway."""
    common = set(rooms) & set(other_rooms)
    return any(_within(found.shapes[at], room, at_room_m) for room in common for at in (one, two))


def _chainage(found: Passages, at: int, other: int) -> float:
    """Give the metres along a line to its passage: to the middle of a crossing, else to where the other is nearest."""
    if not found.is_beside[at]:
        return float(found.middle_m[at])
    flat = _flat(found, at, other)
    share = shapely.line_locate_point(flat[0], shapely.get_point(shapely.shortest_line(*flat), 0), normalized=True)
    return float(found.from_m[at] + share * (found.to_m[at] - found.from_m[at]))


def _between(found: Passages, one: int, two: int) -> Any:
    """Give the point between two passages: of their middles, or where a cable beside the place is nearest to the other."""
    spots = []
    for at, other in ((one, two), (two, one)):
        length = found.to_m[at] - found.from_m[at]
        share = (_chainage(found, at, other) - found.from_m[at]) / length if length else 0.5
        spots.append(shapely.line_interpolate_point(found.shapes[at], share, normalized=True))
    return shapely.centroid(shapely.multipoints(spots))


def _flat(found: Passages, one: int, two: int) -> list[Any]:
    """Lay two stretches on the plane at the first, in metres."""
    scale = np.array([float(metre) for metre in metres_per_degree(shapely.bounds(found.shapes[one])[1])])
    return [shapely.transform(found.shapes[at], lambda xy: xy * scale) for at in (one, two)]


def _within(shape: Any, room: tuple[float, float], reach_m: float) -> bool:
    """Tell whether a stretch lies wholly within a distance of a room."""
    scale = np.array([float(metre) for metre in metres_per_degree(room[1])])
    xy = (shapely.get_coordinates(shape) - room) * scale
    return bool(np.hypot(*xy.T).max() <= reach_m)
