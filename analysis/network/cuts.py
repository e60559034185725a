"""What falls apart when one node or edge of a multigraph goes: bridges and articulation points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .graph import Graph
from .walks import UNSEEN, walk

BoolArray = npt.NDArray[np.bool_]


def bridges(graph: Graph) -> BoolArray:
    """Tell which edges cut their part in two when they go, shape (e,)."""
    tree = walk(graph, np.arange(graph.node_count))
    lower = tree.order[tree.low[tree.order] == tree.place[tree.order]]
    bridge = np.zeros(graph.edge_count, dtype=bool)
    bridge[tree.came[lower[tree.above[lower] != UNSEEN]]] = True
    return bridge


def articulation_points(graph: Graph) -> BoolArray:
    """Tell which nodes cut their part in pieces when they go, shape (n,)."""
    tree = walk(graph, np.arange(graph.node_count))
    lower = tree.order[tree.above[tree.order] != UNSEEN]
    above = tree.above[lower]
    is_root = tree.above == UNSEEN
    cut = np.bincount(above, minlength=graph.node_count) > 1  # a root: where it has two subtrees or more
    cut[~is_root] = False
    held = above[tree.low[lower] >= tree.place[above]]
    cut[held[~is_root[held]]] = True
    return cut
