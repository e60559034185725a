"""The verdicts on links between sites: theoretical latency by two readings, and the rings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ....analysis.geodesy import geodesic_distance_m
from ....analysis.network.issues import NOWHERE
from ....analysis.network.possible import possible_ways, shortest_m
from ..tables import column_at
from .times import Limits, Times

MET, OVER, SPLIT, NO_ROUTE, OPEN = "met", "over", "split", "no_route", "cannot_tell"

COLUMNS = [
    *(
        "link_id",
        "from_site",
        "to_site",
        "ms",
        "ms_least",
        "ms_kind",
        "km",
        "access_km",
        "hops",
        "via",
        "direct",
        "direct_ms",
    ),
    *("from_place", "to_place", "from_room", "to_room", "geodesic_km", "geodesic_ms", "stretch_geodesic"),
    *("state_geodesic", "best_km", "best_ms", "best_basis", "stretch_best", "state_best", "state", "ring"),
    *("ring_asked", "ring_state"),
]


def judged_links(
    times: Times, table: pd.DataFrame, places: npt.NDArray[np.int64], roads: npt.NDArray[np.object_] | None
) -> pd.DataFrame:
    """Add to the links the ends of each route, what latency could be, and the verdicts.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a pair of sites, with what the routes say of it.
    places : numpy.ndarray of int64, shape (k, 2)
        The two places of each pair.
    roads : numpy.ndarray of LineString or MultiLineString, optional
    """
    sites, limits, trunk = times.sites, times.limits, times.trunk
    one, two = places[:, 0], places[:, 1]
    apart = geodesic_distance_m(sites.lon[one], sites.lat[one], sites.lon[two], sites.lat[two])
    use_roads = trunk.drawn and roads is not None and len(roads) > 0
    ways = possible_ways(
        trunk.network, sites.lon, sites.lat, sites.room, roads if use_roads else None, limits.road_reach_m
    )
    shortest = shortest_m(ways, list(dict.fromkeys(zip(one.tolist(), two.tolist()))))
    basis = "straight" if not trunk.drawn else ("roads_and_cables" if use_roads else "cables")
    hub = np.array(sites.hubs, dtype=object)[sites.site]
    titles = column_at(trunk.rooms, "name", trunk.network.room)
    numbers = column_at(trunk.rooms, "node_id", trunk.network.room)
    rows = []
    for found, a, b, metres in zip(table.to_dict("records"), one.tolist(), two.tolist(), apart.tolist()):
        ends = {f"{end}_place": sites.label[at] for end, at in (("from", a), ("to", b))}
        for end, at in (("from", a), ("to", b)):
            room = sites.room[at]
            ends[f"{end}_room"] = None if room == NOWHERE else str(titles[room] or numbers[room])
        row = found | ends
        best_m = shortest[(a, b)]
        geodesic_ms = None if np.isnan(metres) else metres / 1000 * limits.ms_per_km
        best_ms = None if np.isinf(best_m) else best_m / 1000 * limits.ms_per_km
        row |= {
            "geodesic_km": None if geodesic_ms is None else round(metres / 1000, 6),
            "geodesic_ms": _rounded(geodesic_ms),
            "best_km": None if best_ms is None else round(best_m / 1000, 6),
            "best_ms": _rounded(best_ms),
            "best_basis": basis,
            "stretch_geodesic": _ratio(row["ms"], geodesic_ms),
            "stretch_best": _ratio(row["ms"], best_ms),
            "ring_asked": None if not hub[a] or not hub[b] else ("region" if hub[a] == hub[b] else "hubs"),
        }
        rows.append(row | _verdicts(row, basis, geodesic_ms, best_ms, limits))
    judged = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    for name in ("hops", "direct"):
        judged[name] = judged[name].astype("Int64")
    for name in ("ms", "ms_least", "km", "access_km", "direct_ms", "geodesic_km", "geodesic_ms", "best_km", "best_ms"):
        judged[name] = judged[name].astype(np.float64)
    return judged.astype({"stretch_geodesic": np.float64, "stretch_best": np.float64})


def _verdicts(
    row: dict[str, Any], basis: str, geodesic_ms: float | None, best_ms: float | None, limits: Limits
) -> dict[str, Any]:
    """Judge a link by what it takes at most and at least: both lie apart where lengths are the least there can be."""
    if row["ms_kind"] == "no_route":
        ring_state = NO_ROUTE if row["ring_asked"] else None
        states = dict.fromkeys(("state_geodesic", "state_best", "state", "ring"), NO_ROUTE)
        return states | {"ring_state": ring_state, "direct": row["direct"]}
    if row["ms_kind"] == "off_network":
        states = dict.fromkeys(("state_geodesic", "state_best", "state", "ring"), OPEN)
        return states | {"ring_state": OPEN if row["ring_asked"] else None}
    most = row["ms"] if row["ms_kind"] == "route" else np.inf
    low = row["ms_least"]
    by_geodesic = _within(low, most, limits.ratio, geodesic_ms, geodesic_ms)
    if basis == "straight":
        by_best = OPEN
    else:
        # Without roads the best route may be shorter than that of the cables, down to the geodesic.
        by_best = _within(low, most, limits.ratio, best_ms if basis == "roads_and_cables" else geodesic_ms, best_ms)
    both = {by_geodesic, by_best}
    state = OPEN if OPEN in both else (SPLIT if len(both) > 1 else both.pop())
    ring = _ring(most, limits)
    asked = row["ring_asked"]
    return {
        "state_geodesic": by_geodesic,
        "state_best": by_best,
        "state": state,
        "ring": ring if ring == _ring(low, limits) else OPEN,
        "ring_state": _within(low, most, 1.0, limits.rings[asked], limits.rings[asked]) if asked else None,
    }


def _within(low: float, most: float, ratio: float, theory_least: float | None, theory_most: float | None) -> str:
    if not theory_least or not theory_most:  # places on top of each other, or none
        return OPEN
    if most <= ratio * theory_least:
        return MET
    return OVER if low > ratio * theory_most else OPEN


def _ring(ms: float, limits: Limits) -> str:
    return next((ring for ring, most in limits.rings.items() if ms <= most), "beyond")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _ratio(ms: float | None, theory: float | None) -> float | None:
    return None if ms is None or not theory else round(ms / theory, 6)
