"""Tables of links between clusters for planners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.network.issues import NOWHERE
from ..read import Trunk
from ..tables import column_at
from .links import Links
from .sites import Sites
from .words import BASIS_LABELS, DIRECT_LABELS, MS_LABELS, READING_LABELS, RING_LABELS, STATE_LABELS

_CODES = {
    "ms_kind": MS_LABELS,
    "best_basis": BASIS_LABELS,
    "state_geodesic": READING_LABELS,
    "state_best": READING_LABELS,
    "state": STATE_LABELS,
    "ring": RING_LABELS,
    "ring_asked": RING_LABELS,
    "ring_state": READING_LABELS,
}


def told_links(table: pd.DataFrame) -> pd.DataFrame:
    """Give the links with words for codes, in Chinese."""
    told = table.copy()
    for name, labels in _CODES.items():
        told[name] = [labels[code].zh if isinstance(code, str) else None for code in table[name]]
    told["direct"] = [DIRECT_LABELS[None if pd.isna(value) else int(value)].zh for value in table["direct"]]
    return told


def matrix_table(sites: Sites, links: Links) -> pd.DataFrame:
    """Give the latency in ms as a square, one row and one column a site; empty where it cannot be told."""
    rounded = pd.DataFrame(np.round(links.ms, 6), columns=sites.names, dtype=object)
    rounded.insert(0, "单向时延（ms）", sites.names)
    return rounded


_OF_MATRIX = [
    "link_id",
    "ms",
    "ms_least",
    "ms_kind",
    "km",
    "hops",
    "direct",
    "stretch_geodesic",
    "stretch_best",
    "state",
    "ring",
]


def pair_table(links: Links) -> pd.DataFrame:
    """Give every two sites both ways, one row each, with the id that the link has in the layer of routes."""
    told = told_links(links.table)
    there = told[["from_site", "to_site", *_OF_MATRIX]]
    back = there.rename(columns={"from_site": "to_site", "to_site": "from_site"})[there.columns]
    order = {name: at for at, name in enumerate(dict.fromkeys([*there["from_site"], *there["to_site"]]))}
    both = pd.concat([there, back], ignore_index=True)
    return both.sort_values(["from_site", "to_site"], key=lambda names: names.map(order), ignore_index=True)


def site_table(trunk: Trunk, sites: Sites) -> pd.DataFrame:
    """Give the places of all sites, each with the room through which it joins."""
    room = np.where(sites.room == NOWHERE, NOWHERE, trunk.network.room[sites.room])
    names, numbers = (column_at(trunk.rooms, column, room) for column in ("name", "node_id"))
    return pd.DataFrame(
        {
            "site": [sites.names[at] for at in sites.site],
            "hub": [sites.hubs[at] or None for at in sites.site],
            "place": sites.label,
            "item_id": sites.item_id,
            "room": [name or number for name, number in zip(names, numbers)],
            "room_km": np.round(sites.away_m / 1000, 6),
            "joined": (sites.room != NOWHERE).astype(np.int32),
            "site_kind": np.where(sites.is_node, "node", "cluster"),
        }
    )
