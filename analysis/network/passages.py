"""Where lines pass places that one event may take: bridges, tunnels, rivers, faults, hazard zones; and who shares one.

A line passes an area where it lies in it, and a place drawn as a line (a river's axis, a bridge, a fault) where it lies
within a width of it. Both stretches are exact, not sampled. A line that lies beside another and never meets it passes
without a crossing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .exposure import drawn_of, inside_stretches, near_lines
from .near import metres_per_degree
from .parts import Parts, parts_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Passages(NamedTuple):
    """Stretches of lines at places, sorted by line and chainage.

    Attributes
    ----------
    line, place : shape (s,), int64
        Rows.
    from_m, to_m : shape (s,), float64
        Metres from the start of the line, its parts one after the other.
    shapes : numpy.ndarray of LineString, shape (s,)
    is_beside : numpy.ndarray of bool, shape (s,)
        Within the width of a place drawn as a line, which it does not cross.
    """

    line: IntArray
    place: IntArray
    from_m: FloatArray
    to_m: FloatArray
    shapes: npt.NDArray[np.object_]
    is_beside: npt.NDArray[np.bool_]

    @property
    def middle_m(self) -> FloatArray:
        """Metres from the start of the line to the middle of each stretch."""
        return (self.from_m + self.to_m) / 2


class SharedPlaces(NamedTuple):
    """Pairs of passages of two lines at one place.

    Attributes
    ----------
    one, two : shape (m,), int64
        Of `Passages`, that of the lower line first.
    apart_m : shape (m,), float64
        Between the two stretches.
    """

    one: IntArray
    two: IntArray
    apart_m: FloatArray


def one_place(shapes: npt.NDArray[np.object_], may_join: IntArray, touch_m: float) -> IntArray:
    """Give pieces that touch the number of one place: a river is often drawn piece by piece.

    Parameters
    ----------
    shapes : numpy.ndarray of Polygon, MultiPolygon, LineString or MultiLineString, shape (p,)
        Degrees, CGCS2000.
    may_join : numpy.ndarray of int64, shape (p,)
        Pieces join those of the same number alone, such as of one layer and kind.
    touch_m : float
        Pieces this near to each other touch.

    Returns
    -------
    numpy.ndarray of int64, shape (p,)
    """
    north = np.nan_to_num(np.abs(shapely.bounds(shapes)[:, [1, 3]]).max(axis=1))
    reach = touch_m / np.minimum(*metres_per_degree(north))
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    same = may_join[one] == may_join[two]
    table = coo_array((np.ones(int(same.sum()), np.int8), (one[same], two[same])), shape=(len(shapes), len(shapes)))
    return np.asarray(connected_components(table, directed=False)[1], dtype=np.int64)


def passages(
    lines: npt.NDArray[np.object_],
    places: npt.NDArray[np.object_],
    width_m: float,
    key: npt.NDArray[np.object_] | None = None,
) -> Passages:
    """Find where lines pass places.

    Parameters
    ----------
    lines : numpy.ndarray of LineString, MultiLineString or None, shape (n,)
        Degrees, CGCS2000.
    places : numpy.ndarray of Polygon, MultiPolygon, LineString or MultiLineString, shape (p,)
    width_m : float
        A line passes a place drawn as a line where it lies within this.
    key : numpy.ndarray of object, shape (p,), optional
        Rows of one key are pieces of one place: what of a line lies at several that overlap there is one passage.
    """
    parts = parts_of(lines.tolist())
    part: list[IntArray] = []
    place: list[IntArray] = []
    low: list[FloatArray] = []
    high: list[FloatArray] = []
    areal = shapely.get_dimensions(places) == 2
    which, line = shapely.STRtree(lines).query(places[areal], predicate="intersects")
    for at in np.unique(which).tolist():
        area = int(np.flatnonzero(areal)[at])
        some = np.flatnonzero(np.isin(parts.row, line[which == at]))
        chosen = np.full(len(lines), None, dtype=object)
        chosen[parts.row[some]] = lines[parts.row[some]]
        own, begin, finish = inside_stretches(drawn_of(parts_of(chosen.tolist())), places[area])
        part.append(some[own])
        place.append(np.full(len(own), area))
        low.append(begin)
        high.append(finish)
    linear = np.flatnonzero(~areal)
    near = near_lines(lines, places[linear], width_m)
    part.append(near.part)
    place.append(linear[near.barrier])
    low.append(near.from_m)
    high.append(near.to_m)
    columns = (np.concatenate(part), np.concatenate(place), np.concatenate(low), np.concatenate(high))
    table = pd.DataFrame(dict(zip(("part", "place", "low", "high"), columns)))
    table = table.sort_values(["part", "low", "place", "high"], ignore_index=True)
    table["beside"] = ~areal[table["place"]]
    at = np.flatnonzero(table["beside"])
    table.loc[at, "beside"] = ~shapely.intersects(_pieces(parts, table.iloc[at]), places[table["place"].iloc[at]])
    if key is not None:
        table = _merged(table, pd.factorize(key)[0])
    number = table["part"].to_numpy(np.int64)
    row = parts.row[number]
    # Metres of the parts of the line before this one.
    before = np.append(0.0, np.cumsum(parts.length_m))[:-1]
    offset = before[number] - before[np.searchsorted(parts.row, row)]
    begin, finish = table["low"].to_numpy(np.float64), table["high"].to_numpy(np.float64)
    is_beside = table["beside"].to_numpy(bool)
    shapes = _pieces(parts, table)
    return Passages(row, table["place"].to_numpy(np.int64), offset + begin, offset + finish, shapes, is_beside)


def _merged(table: pd.DataFrame, key: IntArray) -> pd.DataFrame:
    """Join stretches ``part, place, low, high, beside`` at pieces of one place that overlap; a crossing names it."""
    own = key[table["place"].to_numpy(np.int64)]
    table = table.assign(key=np.where(own < 0, len(key) + table["place"], own))
    made: list[dict[str, Any]] = []
    for row in table.sort_values(["part", "key", "low", "high"], kind="stable").to_dict("records"):
        last = made[-1] if made else None
        if last is None or (last["part"], last["key"]) != (row["part"], row["key"]) or row["low"] > last["high"]:
            made.append(row)
            continue
        if last["beside"] and not row["beside"]:
            last |= {"place": row["place"], "beside": False}
        last["high"] = max(last["high"], row["high"])
    joined = pd.DataFrame(made, columns=table.columns)
    return joined.sort_values(["part", "low", "place", "high"], ignore_index=True)


def _pieces(parts: Parts, table: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give the stretches ``part, low, high`` as lines."""
    shapes = np.empty(len(table), dtype=object)
    for at, (part, low, high) in enumerate(zip(*(table[name].tolist() for name in ("part", "low", "high")))):
        shapes[at] = _piece(parts, part, low, high)
    return shapes


def _piece(parts: Parts, part: int, low: float, high: float) -> shapely.LineString:
    """Give a stretch of a part."""
    own = slice(parts.first[part], parts.first[part + 1])
    xy, chainage = parts.xy[own], parts.chainage_m[own]
    ends = np.column_stack([np.interp([low, high], chainage, xy[:, axis]) for axis in (0, 1)])
    return shapely.LineString(np.vstack([ends[:1], xy[(chainage > low) & (chainage < high)], ends[1:]]))


def shared_places(found: Passages, name: npt.NDArray[np.object_], limit_m: FloatArray, apart_m: float) -> SharedPlaces:
    """Find the passages of two lines that are at one place.

    Parameters
    ----------
    found : Passages
    name : numpy.ndarray of object, shape (p,)
        Of each place; rows of one name may be one place drawn in pieces. None: a place by itself.
    limit_m : numpy.ndarray, shape (p,)
        Passages of one row farther apart are two places, as of a river; infinite where the row is one place whatever
        its size, as a bridge.
    apart_m : float
        The same for passages of different rows of one name.

    Returns
    -------
    SharedPlaces
        Each passage of the first line with the nearest of the second; sorted.
    """
    one, two = _candidates(found, limit_m, apart_m)
    keys = pd.factorize(np.array([str(name[at]) if name[at] is not None else at for at in found.place], dtype=object))
    key = keys[0] if len(found.place) else found.place
    kept = (found.line[one] != found.line[two]) & ((key[one] == key[two]) | (found.place[one] == found.place[two]))
    one, two = one[kept], two[kept]
    turned = found.line[one] > found.line[two]
    one, two = np.where(turned, two, one), np.where(turned, one, two)
    away = _apart(found.shapes[one], found.shapes[two])
    near = away <= np.where(found.place[one] == found.place[two], limit_m[found.place[one]], apart_m)
    table = pd.DataFrame({"one": one[near], "two": two[near], "away": away[near]})
    table["line"] = found.line[table["two"].to_numpy(np.int64)]
    table = table.sort_values(["one", "line", "away", "two"], kind="stable").drop_duplicates(["one", "line"])
    table = table.sort_values(["one", "two"], kind="stable")
    return SharedPlaces(
        table["one"].to_numpy(np.int64), table["two"].to_numpy(np.int64), table["away"].to_numpy(np.float64)
    )


def _candidates(found: Passages, limit_m: FloatArray, apart_m: float) -> tuple[IntArray, IntArray]:
    """Give the pairs of passages that may be at one place, each once: of a row without a limit, or near each other."""
    whole = np.isinf(limit_m[found.place])
    of_row = pd.Series(found.place[whole]).groupby(found.place[whole], sort=True).indices.values()
    at = np.flatnonzero(whole)
    pairs = [np.column_stack([at[own[side]] for side in np.triu_indices(len(own), 1)]) for own in of_row]
    farthest = max(apart_m, float(limit_m[np.isfinite(limit_m)].max(initial=0.0)))
    north = np.nan_to_num(np.abs(shapely.bounds(found.shapes)[:, [1, 3]]).max(axis=1))
    reach = 1.01 * farthest / np.minimum(*metres_per_degree(north))
    one, two = shapely.STRtree(found.shapes).query(found.shapes, predicate="dwithin", distance=reach)
    pairs.append(np.column_stack([one, two])[one < two])
    both = np.unique(np.concatenate(pairs), axis=0).astype(np.int64)
    return both[:, 0], both[:, 1]


def _apart(one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]) -> FloatArray:
    """Give the metres between stretches, on the plane between them; of far ones it is to some per mille."""
    if not len(one):
        return np.zeros(0)
    lat = (shapely.bounds(one)[:, 1] + shapely.bounds(two)[:, 3]) / 2
    scale = np.column_stack(metres_per_degree(lat))
    flat = []
    for shapes in (one, two):
        xy, index = shapely.get_coordinates(shapes, return_index=True)
        flat.append(shapely.set_coordinates(shapes.copy(), xy * scale[index]))
    return np.asarray(shapely.distance(*flat), dtype=np.float64)
