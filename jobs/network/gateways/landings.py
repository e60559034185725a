"""Where submarine cables come to land, and how near to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ....analysis.geodesy import geodesic_distance_m
from ...shared.rules import plain
from ..read import Trunk

LANDINGS = ("cable_a", "cable_b", "landing_a", "landing_b", "apart_m")


class Landing(NamedTuple):
    """An end of a submarine cable on land."""

    cable: int
    node: int
    name: str


def landings_of(trunk: Trunk, cables: npt.NDArray[np.int64]) -> tuple[list[Landing], int]:
    """Give where submarine cables come to land, and how many of their ends join nothing."""
    network = trunk.network
    at_sea = np.isin(network.row, cables)
    on_land = np.zeros(len(network.lon), dtype=bool)
    on_land[network.start[~at_sea]] = on_land[network.end[~at_sea]] = True
    found, loose = [], 0
    for cable in cables.tolist():
        edges = np.flatnonzero(network.row == cable)
        nodes, times = np.unique(np.concatenate([network.start[edges], network.end[edges]]), return_counts=True)
        for node in nodes[times == 1].tolist():
            room = int(network.room[node])
            if room < 0 and not on_land[node]:
                loose += 1
                continue
            name = "—"
            if room >= 0:
                row = trunk.rooms.iloc[room]
                name = str(plain(row["name"]) or row["node_id"])
            found.append(Landing(cable, node, name))
    return found, loose


def near_landings(trunk: Trunk, landings: Sequence[Landing], apart_m: float) -> pd.DataFrame:
    """List the pairs of cables that land nearer to each other than a distance, the nearest first."""
    network = trunk.network
    rows = []
    for at, one in enumerate(landings):
        for other in landings[at + 1 :]:
            if one.cable == other.cable:
                continue
            ends = [
                network.lon[[one.node]],
                network.lat[[one.node]],
                network.lon[[other.node]],
                network.lat[[other.node]],
            ]
            away = 0.0 if one.node == other.node else float(geodesic_distance_m(*ends)[0])
            if away < apart_m:
                names = [_title(trunk, landing.cable) for landing in (one, other)]
                rows.append((*names, one.name, other.name, round(away, 1)))
    table = pd.DataFrame(rows, columns=list(LANDINGS))
    return table.sort_values(["apart_m", "cable_a", "cable_b"], kind="stable", ignore_index=True)


def _title(trunk: Trunk, row: int) -> str:
    cable = trunk.cables.iloc[row]
    return str(plain(cable["name"]) or cable["cable_id"])
