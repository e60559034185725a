"""What of a network lies within a time: whole edges, and the near ends of those that lead out of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .latency import Reached
from .noding import Network
from .parts import cut, parts_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Stretches(NamedTuple):
    """Stretches of edges.

    Attributes
    ----------
    edge : shape (k,), int64
    length_m : shape (k,), float64
    shapes : numpy.ndarray of LineString, shape (k,)
    """

    edge: IntArray
    length_m: FloatArray
    shapes: npt.NDArray[np.object_]


def stretches_within(network: Network, reached: Reached, per_m: float, passing: FloatArray, limit: float) -> Stretches:
    """Cut what lies within a time out of a network.

    Parameters
    ----------
    network : Network
        With the shape of every edge.
    reached : Reached
        Times on arrival at each node, in any unit.
    per_m : float
        Time that a metre of route takes, above 0.
    passing : numpy.ndarray, shape (n,)
        Time that it takes to leave each node.
    limit : float

    Returns
    -------
    Stretches
        An edge that is reached from both ends but not as a whole has two.
    """
    leave = reached.time + passing
    length = network.length_m
    ahead = np.clip((limit - leave[network.start]) / per_m, 0.0, length)  # metres that are reached from the start
    back = np.clip((limit - leave[network.end]) / per_m, 0.0, length)
    touched = np.flatnonzero((ahead > 0) | (back > 0))
    parts = parts_of(network.shapes[touched].tolist())
    edge = touched[parts.row]
    ahead, back, whole = ahead[edge], back[edge], parts.length_m
    partly = ahead + back < whole
    part = np.repeat(np.flatnonzero(partly), 2)
    places = np.column_stack([ahead[partly], (whole - back)[partly]]).ravel()
    inner = (places > 0) & (places < whole[part])
    pieces = cut(parts, part[inner], places[inner])
    middle = (pieces.from_m + pieces.to_m) / 2
    owner = pieces.part
    inside = ~partly[owner] | (middle < ahead[owner]) | (middle > (whole - back)[owner])
    inside &= pieces.to_m > pieces.from_m
    return Stretches(edge[owner[inside]], (pieces.to_m - pieces.from_m)[inside], pieces.shapes[inside])
