"""Pairs of elements that the planner lets fail together: cables, cable sections or nodes, by their ids."""

from __future__ import annotations

import numpy as np

from ....errors import InputError
from ....text import Text
from ..read import Trunk
from ..tables import Topology
from .losses import Gone


def named_pairs(trunk: Trunk, topology: Topology, pairs: list[list[str]]) -> list[Gone]:
    """Find the elements of pairs.

    Raises
    ------
    InputError
        Ids that are no cable, no cable section and no node of the network; all of them are named.
    """
    cables = trunk.cables["cable_id"].astype(str).to_numpy(object)[trunk.network.row]
    sections = topology.edges["edge_id"].to_numpy(object)
    vertices = topology.vertices["vertex_id"].astype(str).to_numpy(object)
    lost: list[str] = []
    made = []
    for pair in pairs:
        edges: list[int] = []
        nodes: list[int] = []
        for one in pair:
            at_cable, at_section = np.flatnonzero(cables == one), np.flatnonzero(sections == one)
            at_node = np.flatnonzero(vertices == one)
            if len(at_cable) + len(at_section) + len(at_node) == 0:
                lost.append(one)
            edges += [*at_cable.tolist(), *at_section.tolist()]
            nodes += at_node.tolist()
        made.append(Gone(" + ".join(pair), " + ".join(pair), edges, nodes))
    if lost:
        named = list(dict.fromkeys(lost))
        raise InputError(
            Text(f"网络中没有 {'、'.join(named)}。", f"The network has no {', '.join(named)}."),
            Text("请核对编号和建设阶段。", "Check the ids and the phase."),
        )
    return made
