"""Routes that share as little as possible where edges share risks: a trench, a bridge, the crossing of a river.

What a risk takes counts once for every further route that uses any of its edges. With such groups of edges the problem
is NP-hard (J. Hu (2003), Photonic Network Communications 5, 283-300, for two routes without a common risk), so flows do
not solve it: the routes of `routes.separate_routes` are taken where they share no group, for then none can share less;
else a mixed-integer program decides, exact, or says that it was not proven within the nodes it may look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .risk_chains import Group, reduced
from .risk_program import RiskProgram
from .routes import Route, separate_routes

IntArray = npt.NDArray[np.int64]

__all__ = ["Diverse", "Group", "diverse_routes", "shared_weight"]

MOST_ARCS = 20_000  # of all routes; beyond that the flow's routes are given, not proven


class Diverse(NamedTuple):
    """Routes.

    Attributes
    ----------
    routes : list of Route
        As `separate_routes` gives them.
    proven : bool
        None can share less. False: the search was cut short.
    """

    routes: list[Route]
    proven: bool


def shared_weight(routes: Sequence[Route], own: IntArray, groups: Sequence[Group]) -> int:
    """Give what routes share: of every edge and group its weight, once for every route but the first that uses it."""
    uses = [set(route.edges) for route in routes]
    times = np.zeros(len(own), dtype=np.int64)
    for edges in uses:
        times[sorted(edges)] += 1
    weight = int((np.maximum(times - 1, 0) * own).sum())
    return weight + sum(
        group.weight * max(sum(not edges.isdisjoint(group.edges) for edges in uses) - 1, 0) for group in groups
    )


def diverse_routes(
    start: IntArray,
    end: IntArray,
    node_count: int,
    length: IntArray,
    own: IntArray,
    groups: Sequence[Group],
    source: int,
    target: int,
    count: int,
) -> Diverse:
    """Find routes that share as little as possible and, among those, are the shortest in all.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    length : numpy.ndarray of int64, shape (e,)
        Not negative.
    own : numpy.ndarray of int64, shape (e,)
        What counts as shared where two routes use one edge, beside the groups that it is in; at most its length, and
        above 0 where that is.
    groups : sequence of Group
    source, target : int
    count : int
        Routes wanted.

    Returns
    -------
    Diverse
        Each route once, as `separate_routes`; the shortest first, then those that share least with it.

    Raises
    ------
    ValueError
        Source and target are one node, or a length is negative.
    """
    plain = separate_routes(start, end, node_count, length, source, target, count)
    every = _repeated(plain, count)
    if not plain or count == 1 or shared_weight(every, own, groups) == 0:
        return Diverse(plain, True)
    small = reduced(start, end, groups, source, target)
    if not small.groups and not small.within.any() and bool((own == length).all()):
        return Diverse(plain, True)
    proven = False
    ends = (start, end, node_count)
    tries = [every, *(_one_by_one(ends, length, own, groups, first, count) for first in plain)]
    if 2 * count * len(small.start) <= MOST_ARCS:
        sums = small.summed(length), small.summed(own) + small.within
        program = RiskProgram(small.start, small.end, *sums, small.groups, source, target, count)
        found, proven = program.best(lambda routes: shared_weight(routes, sums[1], small.groups))
        tries += [[small.whole(route, start, end) for route in routes] for routes in found]
    if not proven:  # a search that was cut short may know worse routes than the others, and none is the best perhaps
        tries = [_improved(ends, length, own, groups, routes) for routes in tries]
    best = min(tries, key=lambda routes: (shared_weight(routes, own, groups), _total(routes, length)))
    return Diverse(_in_order(best, length, own, groups), proven)


def _one_by_one(
    ends: tuple[IntArray, IntArray, int],
    length: IntArray,
    own: IntArray,
    groups: Sequence[Group],
    first: Route,
    count: int,
) -> list[Route]:
    """Add to a route the one that shares least with those that are there, again and again: good, not the best."""
    found = [first]
    while len(found) < count:
        found.append(_answer(ends, length, own, groups, found))
    return found


def _answer(
    ends: tuple[IntArray, IntArray, int],
    length: IntArray,
    own: IntArray,
    groups: Sequence[Group],
    others: Sequence[Route],
) -> Route:
    """Give the route that shares least with others, roughly: a group counts for each of its edges."""
    used = np.zeros(len(length), dtype=bool)
    used[[edge for route in others for edge in route.edges]] = True
    price = np.where(used, own, 0)
    for group in groups:
        members = list(group.edges)
        if used[members].any():
            price[members] += group.weight
    source, target = others[0].nodes[0], others[0].nodes[-1]
    return separate_routes(*ends, length + _DEAR * price, source, target, 1)[0]


def _improved(
    ends: tuple[IntArray, IntArray, int],
    length: IntArray,
    own: IntArray,
    groups: Sequence[Group],
    routes: Sequence[Route],
) -> list[Route]:
    """Look for each route in turn anew beside the others, as long as that gets better."""
    found = list(routes)
    best = shared_weight(found, own, groups), _total(found, length)
    at, since = 0, 0
    while since < len(found):
        trial = [*found[:at], _answer(ends, length, own, groups, found[:at] + found[at + 1 :]), *found[at + 1 :]]
        cost = shared_weight(trial, own, groups), _total(trial, length)
        found, best, since = (trial, cost, 0) if cost < best else (found, best, since + 1)
        at = (at + 1) % len(found)
    return found


_DEAR = 1_000  # a shared metre to another, where routes are looked for one by one


def _repeated(routes: list[Route], count: int) -> list[Route]:
    """Give as many routes as are wanted: where fewer exist, one is used again."""
    return routes + routes[:1] * (count - len(routes)) if routes else []


def _total(routes: Sequence[Route], length: IntArray) -> int:
    return sum(int(length[route.edges].sum()) for route in routes)


def _in_order(routes: list[Route], length: IntArray, own: IntArray, groups: Sequence[Group]) -> list[Route]:
    """Put the shortest first, then by what they share with it; each once."""
    once = [route for at, route in enumerate(routes) if route not in routes[:at]]
    main = min(once, key=lambda route: (int(length[route.edges].sum()), route.edges))

    def place(route: Route) -> tuple[bool, int, int, list[int]]:
        shared = 0 if route is main else shared_weight([main, route], own, groups)
        return route is not main, shared, int(length[route.edges].sum()), route.edges

    return sorted(once, key=place)
