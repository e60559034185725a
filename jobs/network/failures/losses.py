"""Remove every edge, node, conduit and hazard area of a trunk network in turn, and say what is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.conduits import Conduit
from ....analysis.network.failures import CUT, Hung, Losses, hang, losses_of_edges, losses_of_nodes, newly, state_after
from ....analysis.network.issues import NOWHERE
from ....analysis.network.splits import Whole, apart_after, apart_by_edges, apart_by_nodes, whole
from ..read import Trunk
from ..tables import Topology
from .load import MW, PEOPLE, ROOMS, UNKNOWN, VILLAGES, Load, county_words
from .words import CUTS, CUTS_LINK, HARMLESS, LEAVES_ONE, OFF, SPLITS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_BY = ("people_cut", "mw_cut", "villages_cut", "nodes_cut", "people_split", "nodes_split", "links")
_THEN = ("people_single", "mw_single", "villages_single", "nodes_single")


class Gone(NamedTuple):
    """Elements that fail together.

    Attributes
    ----------
    what_id, name : str or None
    edges, nodes : lists of int
    """

    what_id: str
    name: str | None
    edges: list[int]
    nodes: list[int]


class Net:
    """A network, its targets and what hangs on it, ready for failures.

    Attributes
    ----------
    hung : Hung or None
        None where no node is a target: then what is split from the largest part is cut off.
    """

    def __init__(self, trunk: Trunk, topology: Topology, targets: BoolArray, load: Load) -> None:
        network = trunk.network
        self.trunk, self.topology, self.targets, self.load = trunk, topology, targets, load
        self.hung: Hung | None = hang(network.start, network.end, targets) if targets.any() else None
        self.whole: Whole = whole(network.start, network.end, targets if targets.any() else network.room != NOWHERE)
        self._links = _links(trunk)

    @property
    def off(self) -> BoolArray:
        """Nodes that reach no target before any failure, shape (n,)."""
        if self.hung is None:
            return np.asarray(self.whole.part != 0, dtype=bool)
        return np.asarray(self.hung.before == CUT, dtype=bool)

    def edges(self) -> pd.DataFrame:
        """Give one row an edge."""
        found = self._table(losses_of_edges, apart_by_edges)
        edges = self.topology.edges
        found.insert(0, "what_id", edges["edge_id"])
        network = self.trunk.network
        found.insert(1, "name", _section_names(self.trunk, edges))
        return self._known(_ranked(_with_kind(found, self.off[network.start] & self.off[network.end])))

    def nodes(self, told: Callable[[float], None]) -> pd.DataFrame:
        """Give one row a node or joint; what hangs on it goes with it, itself not counted among the nodes."""
        found = self._table(partial(losses_of_nodes, checkpoint=told), apart_by_nodes)
        vertices = self.topology.vertices
        own = self.load.carried[:, ROOMS] * ~self.off
        if self.hung is None:
            for column, at in (
                ("villages_cut", VILLAGES),
                ("people_cut", PEOPLE),
                ("people_unknown", UNKNOWN),
                ("mw_cut", MW),
            ):
                found[column] += np.where(self.off, 0.0, self.load.carried[:, at])
        else:
            found["nodes_cut"] -= own
        found.insert(0, "what_id", vertices["vertex_id"])
        found.insert(1, "name", vertices["name"])
        return self._known(_ranked(_with_kind(found, self.off)))

    def together(self, gone: list[Gone], told: Callable[[float], None]) -> pd.DataFrame:
        """Give one row for each set of elements that fail together, the nodes among them not counted as cut off."""
        network = self.trunk.network
        rows = []
        for place, one in enumerate(gone):
            told(place / max(len(gone), 1))
            edge_gone, node_gone = np.zeros(len(network.start), bool), np.zeros(len(network.lon), bool)
            edge_gone[one.edges], node_gone[one.nodes] = True, True
            edge_gone |= node_gone[network.start] | node_gone[network.end]
            apart = apart_after(self.whole, edge_gone, node_gone)
            if self.hung is None:
                lost, left = (apart | node_gone) & ~self.off, None
            else:
                after = state_after(self.hung, edge_gone)
                after[node_gone] = CUT
                lost, left = newly(self.hung.before, after)
            links = self._links_cut(edge_gone, node_gone)
            rows.append(
                {
                    "what_id": one.what_id,
                    "name": one.name,
                    **self._sums(lost, node_gone, left, apart),
                    "counties_cut": county_words(self.load.counties, self.load.by_county[lost].sum(axis=0)),
                    "links": len(links),
                    "links_cut": "；".join(links) or None,
                    "is_off": bool(edge_gone.any() and self.off[network.start[edge_gone]].all()),
                }
            )
        found = pd.DataFrame(
            rows, columns=None if rows else ["what_id", "name", *_SUMS, "counties_cut", "links", "links_cut", "is_off"]
        )
        return self._known(_ranked(_with_kind(found.drop(columns="is_off"), found["is_off"].to_numpy(bool))))

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        """Leave empty what nobody can tell: people without villages, megawatts without data centres."""
        for name in _SUMS:
            of_villages = name.startswith(("villages", "people"))
            if (of_villages and not self.load.with_villages) or (name[:2] == "mw" and not self.load.with_clusters):
                table[name] = pd.array([pd.NA] * len(table), dtype="Float64" if name[:2] == "mw" else "Int64")
        return table

    def _table(self, losses: Callable[..., Losses], apart: Callable[[Whole, FloatArray], FloatArray]) -> pd.DataFrame:
        values, by_county = self.load.carried, self.load.by_county
        if self.hung is None:
            on = ~self.off[:, None]  # of the largest part alone
            cut = apart(self.whole, values * on)
            one, split = np.full(cut.shape, np.nan), np.zeros(cut.shape)
            counties = apart(self.whole, by_county * on)
        else:
            cut, one = losses(self.hung, values)
            split = apart(self.whole, values)
            counties = losses(self.hung, by_county, with_one=False).cut
        found = pd.DataFrame(_columns(cut, one, split))
        some = counties.sum(axis=1) > 0
        found["counties_cut"] = None
        found.loc[some, "counties_cut"] = [county_words(self.load.counties, row) for row in counties[some]]
        found["links"], found["links_cut"] = 0, None
        return found

    def _sums(self, lost: BoolArray, gone: BoolArray, left: BoolArray | None, apart: BoolArray) -> dict[str, float]:
        values = self.load.carried
        cut = values[lost].sum(axis=0)
        cut[ROOMS] -= values[lost & gone, ROOMS].sum()
        one = np.full(len(cut), np.nan) if left is None else values[left].sum(axis=0)
        split = np.zeros(len(cut)) if left is None else values[apart].sum(axis=0)
        row = _columns(cut[None], one[None], split[None])
        return {key: float(column[0]) for key, column in row.items()}

    def _links_cut(self, edge_gone: BoolArray, node_gone: BoolArray) -> list[str]:
        """Name the pairs of rooms that stay, with two cables or more between them that all go at once."""
        rows = set(self.trunk.network.row[edge_gone].tolist())
        found = []
        for (one, two), cables in self._links.items():
            if not (node_gone[one] or node_gone[two]) and rows.issuperset(cables):
                names = [_named(self.trunk.rooms.iloc[room], "node_id") for room in (one, two)]
                found.append(f"{names[0]}—{names[1]}（{len(cables)}）")
        return found


_SUMS = (
    *("nodes_cut", "villages_cut", "people_cut", "people_unknown", "mw_cut"),
    *("nodes_single", "villages_single", "people_single", "mw_single", "nodes_split", "people_split"),
)


def _columns(cut: FloatArray, one: FloatArray, split: FloatArray) -> dict[str, FloatArray]:
    """Name the columns of sums, shape (m, 5) each."""
    places = (
        *((cut, at) for at in (ROOMS, VILLAGES, PEOPLE, UNKNOWN, MW)),
        *((one, at) for at in (ROOMS, VILLAGES, PEOPLE, MW)),
        *((split, at) for at in (ROOMS, PEOPLE)),
    )
    return {name: np.round(table[:, at], 6) for name, (table, at) in zip(_SUMS, places)}


def _section_names(trunk: Trunk, edges: pd.DataFrame) -> pd.Series:
    """Name sections: by the cable, and by both ends where it has several sections or no route."""
    several = edges["cable_id"].duplicated(keep=False) | (not trunk.drawn)
    ends = [
        edges[f"{side}_name"].where(edges[f"{side}_name"].notna(), edges[f"{side}_vertex"]) for side in ("from", "to")
    ]
    cable = edges["cable_name"].where(edges["cable_name"].notna(), edges["cable_id"]).astype(str)
    return cable.where(~several, cable + "（" + ends[0].astype(str) + "—" + ends[1].astype(str) + "）")


def _links(trunk: Trunk) -> dict[tuple[int, int], set[int]]:
    """Give the cables between each pair of rooms that two or more join: main and standby."""
    network = trunk.network
    ends = pd.DataFrame({"row": np.tile(network.row, 2), "node": np.concatenate([network.start, network.end])})
    times = ends.value_counts(sort=False).reset_index(name="times")
    ended = times[(times["times"] == 1) & (network.room[times["node"]] != NOWHERE)].sort_values(["row", "node"])
    found: dict[tuple[int, int], set[int]] = {}
    for row, nodes in ended.groupby("row")["node"]:
        if len(nodes) == 2:
            one, two = (int(network.room[node]) for node in nodes)
            found.setdefault((one, two), set()).add(int(str(row)))
    return {rooms: cables for rooms, cables in sorted(found.items()) if len(cables) > 1}


def _with_kind(table: pd.DataFrame, off: BoolArray) -> pd.DataFrame:
    """Say what each failure does: the worst of it."""
    cut = table[["nodes_cut", "villages_cut", "mw_cut"]].sum(axis=1) > 0
    single = table[["nodes_single", "villages_single", "mw_single"]].sum(axis=1) > 0
    conditions = [cut, table["nodes_split"] > 0, table["links"] > 0, single, off]
    kind = np.select(
        [np.asarray(one, bool) for one in conditions], [CUTS, SPLITS, CUTS_LINK, LEAVES_ONE, OFF], HARMLESS
    )
    table.insert(2, "kind", pd.Series(kind, index=table.index, dtype=object))
    return table


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Rank what has an effect, by people, then MW; equal losses share a rank. Whole numbers become such."""
    keys = table[[*_BY, *_THEN]].fillna(0.0)
    order = keys.assign(at=range(len(keys))).sort_values(
        [*keys.columns, "at"], ascending=[False] * len(keys.columns) + [True]
    )
    rows = order.index
    fresh = (order[keys.columns].diff() != 0).any(axis=1).to_numpy(bool)
    place = np.arange(1, len(rows) + 1)
    rank = pd.Series(np.maximum.accumulate(np.where(fresh, place, 1)) if len(rows) else place, index=rows)
    harmless = table["kind"].isin((HARMLESS, OFF))
    table["rank"] = rank.reindex(table.index).astype("Int64").mask(harmless)
    for name in (*_SUMS, "links"):
        if not name.startswith("mw"):
            table[name] = np.round(table[name].astype(float)).astype("Int64")
    return table.drop(columns="links").iloc[order["at"].to_numpy()].reset_index(names="source")


def _named(row: pd.Series, number: str) -> str:
    return str(row["name"] if isinstance(row["name"], str) else row[number])


def of_conduits(trunk: Trunk, found: list[Conduit]) -> list[Gone]:
    """Make the failures of conduits, each named by its cables."""
    cables = trunk.cables
    names = cables["name"].where(cables["name"].notna(), cables["cable_id"]).astype(str).tolist()
    made = []
    for at, conduit in enumerate(found):
        edges = list(conduit.edges)
        rows = dict.fromkeys(trunk.network.row[edges].tolist())
        made.append(Gone(f"G{at + 1:04d}", "、".join(names[row] for row in rows), edges, []))
    return made


def hit_by(trunk: Trunk, area: Any) -> tuple[list[int], list[int]]:
    """Give the edges that run through an area or cross a line, and the nodes in it."""
    network = trunk.network
    shapely.prepare(area)
    edges = np.flatnonzero(shapely.intersects(network.shapes, area))
    nodes = np.flatnonzero(shapely.intersects_xy(area, network.lon, network.lat))
    return edges.tolist(), nodes.tolist()
