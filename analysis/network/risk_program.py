"""Routes of least shared risk as a mixed-integer program, which the solver HiGHS decides exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from .risk_chains import Group
from .routes import Route

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

MOST_NODES = 5_000  # of the search tree; the same on every machine, unlike a limit of time
_WORK = 150_000_000  # nodes times the square of the variables: a node of a large program takes so much longer


class RiskProgram:
    """The mixed-integer program: which way every route goes along which edge, and which groups it uses.

    Variables: for each route and edge, forth and back (0 or 1); for each route and group, whether it is used; for each
    edge and group, how many routes use it beyond the first.
    """

    def __init__(
        self,
        start: IntArray,
        end: IntArray,
        length: IntArray,
        own: IntArray,
        groups: Sequence[Group],
        source: int,
        target: int,
        count: int,
    ) -> None:
        self._ends, self._length, self._own = (start, end), length, own
        self._groups, self._count = groups, count
        self._source, self._target = source, target
        edges = len(start)
        self._used = 2 * count * edges  # first variable of the use of groups
        self._more = self._used + count * len(groups)  # first variable of what is used beyond the first route
        self._size = self._more + edges + len(groups)
        self._scale = max(float(max(length.max(initial=1), own.max(initial=1))) / 1000.0, 1e-9)

    def _arc(self, route: int, edge: IntArray | int, back: int) -> IntArray | int:
        return (2 * route + back) * len(self._length) + edge

    def _constraints(self) -> list[LinearConstraint]:
        start, end = self._ends
        edges, nodes = np.arange(len(start)), np.unique(np.concatenate([*self._ends]))
        rows: list[npt.NDArray[np.int64]] = []
        columns: list[npt.NDArray[np.int64]] = []
        values: list[FloatArray] = []
        low: list[float] = []
        high: list[float] = []

        def add(row: IntArray, column: IntArray, value: float) -> None:
            rows.append(np.asarray(row, np.int64))
            columns.append(np.asarray(column, np.int64))
            values.append(np.full(len(rows[-1]), value))

        for route in range(self._count):  # what comes to a node leaves it
            base = len(low)
            for back in (0, 1):
                tail, head = (start, end) if back == 0 else (end, start)
                arcs = np.asarray(self._arc(route, edges, back))
                add(base + np.searchsorted(nodes, tail), arcs, 1.0)
                add(base + np.searchsorted(nodes, head), arcs, -1.0)
            need = (nodes == self._source).astype(float) - (nodes == self._target)
            low += need.tolist()
            high += need.tolist()
        for route in range(self._count):  # a group is used by a route that uses one of its edges
            for at, group in enumerate(self._groups):
                for edge in group.edges:
                    row = np.array([len(low)])
                    add(row, np.array([self._used + route * len(self._groups) + at]), 1.0)
                    for back in (0, 1):
                        add(row, np.array([self._arc(route, edge, back)]), -1.0)
                    low.append(0.0)
                    high.append(np.inf)
        for edge in edges.tolist():  # an edge is used so many times beyond the first
            row = np.array([len(low)])
            add(row, np.array([self._more + edge]), 1.0)
            for route in range(self._count):
                for back in (0, 1):
                    add(row, np.array([self._arc(route, edge, back)]), -1.0)
            low.append(-1.0)
            high.append(np.inf)
        for at in range(len(self._groups)):
            row = np.array([len(low)])
            add(row, np.array([self._more + len(edges) + at]), 1.0)
            for route in range(self._count):
                add(row, np.array([self._used + route * len(self._groups) + at]), -1.0)
            low.append(-1.0)
            high.append(np.inf)
        table = coo_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(len(low), self._size)
        )
        return [LinearConstraint(table.tocsr(), low, high)]

    def best(self, weight: Callable[[Sequence[Route]], int]) -> tuple[list[list[Route]], bool]:
        """Find routes of the least shared weight, and of those the shortest; tell whether both were proven."""
        shared = np.zeros(self._size)
        shared[self._more : self._more + len(self._own)] = self._own / self._scale
        shared[self._more + len(self._own) :] = [group.weight / self._scale for group in self._groups]
        whole = np.zeros(self._size)
        whole[: self._used] = np.tile(self._length / self._scale, 2 * self._count)
        fixed = self._constraints()
        first, is_least = self._solve(shared, fixed)
        if first is None:
            return [], False
        if not is_least:
            return [first], False
        least = weight(first) / self._scale
        limit = LinearConstraint(shared[None, :], -np.inf, least + 0.25 / self._scale)
        second, is_shortest = self._solve(whole, [*fixed, limit])
        return [first, *([second] if second is not None else [])], is_shortest

    def _solve(self, cost: FloatArray, constraints: list[LinearConstraint]) -> tuple[list[Route] | None, bool]:
        whole = np.zeros(self._size)
        whole[: self._used] = 1
        upper = np.full(self._size, float(self._count))
        upper[: self._more] = 1.0
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(np.zeros(self._size), upper),
            constraints=constraints,
            options={"node_limit": min(MOST_NODES, max(1, _WORK // self._size**2)), "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None, False
        taken = found.x[: self._used].reshape(self._count, 2, -1) > 0.5
        return [self._route(arcs) for arcs in taken], found.status == 0

    def _route(self, arcs: npt.NDArray[np.bool_]) -> Route:
        """Walk from the source to the target; circles that cost nothing are left out."""
        start, end = self._ends
        leaving: dict[int, list[tuple[int, int]]] = {}
        for back, edge in zip(*np.nonzero(arcs)):
            tail, head = (start, end) if back == 0 else (end, start)
            leaving.setdefault(int(tail[edge]), []).append((int(edge), int(head[edge])))
        edges: list[int] = []
        nodes = [self._source]
        while nodes[-1] != self._target:
            edge, other = leaving[nodes[-1]].pop()
            if other in nodes:
                at = nodes.index(other)
                edges, nodes = edges[:at], nodes[: at + 1]
            else:
                edges.append(edge)
                nodes.append(other)
        return Route(edges, nodes)
