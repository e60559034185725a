"""Sharp turns: vertices at which an outline or a line runs out and straight back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from ..table import Shapes
from .measures import metres_per_degree

SHARPEST_DEG = 1.0  # a bend of a road or river keeps several degrees; what is sharper is a slip of the hand
_SAME_M = 0.02  # vertices nearer than this count as one
_AT_ONCE = 1_000_000  # vertices; bounds the memory


@dataclass(frozen=True)
class _Rule:
    leg_m: float
    sharpest_deg: float = SHARPEST_DEG
    in_metres: bool = False


@dataclass(frozen=True)
class Turns:
    """Sharp turns of some shapes.

    Attributes
    ----------
    shape : numpy.ndarray of int64, shape (n,)
        Which of the shapes.
    places : numpy.ndarray of float64, shape (n, 2)
        Longitude and latitude of the tip.
    angle_deg, leg_m, width_m : numpy.ndarray of float64, shape (n,)
        Between the two legs; length of the shorter one; how far apart they are at its end.
    in_ring : numpy.ndarray of bool, shape (n,)
        Whether it is a turn of an outline, not of a line.
    """

    shape: np.ndarray
    places: np.ndarray
    angle_deg: np.ndarray
    leg_m: np.ndarray
    width_m: np.ndarray
    in_ring: np.ndarray


def sharp_turns(shapes: Shapes, leg_m: float, sharpest_deg: float = SHARPEST_DEG, *, in_metres: bool = False) -> Turns:
    """Find the vertices whose two legs run less than `sharpest_deg` apart, both longer than `leg_m`.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Lines and areas, longitude and latitude; none missing.
    leg_m : float
        Shorter legs are the tremble of a hand or of rounding, and turn any way they like.
    sharpest_deg : float
        Below 90.
    in_metres : bool
        The shapes are in a projection that keeps angles, such as Gauss-Krüger; so are the places that are given.
    """
    rule = _Rule(leg_m, sharpest_deg, in_metres)
    found = [_in_chunk(shapes, at, rule) for at in _chunks(shapes)]
    if not found:
        none = np.zeros(0)
        return Turns(none.astype(np.int64), none.reshape(0, 2), none, none, none, none.astype(bool))
    return Turns(*(np.concatenate(column) for column in zip(*found)))


def sharp_vertices(coordinates: np.ndarray, leg_m: float, *, is_ring: bool) -> np.ndarray:
    """Give the indices of the sharp turns of one ring or line, shape (k,)."""
    pieces = np.zeros(len(coordinates), dtype=np.int64)
    return _sharp(coordinates, pieces, np.array([is_ring]), _Rule(leg_m))[0]


def _chunks(shapes: Shapes) -> Iterator[np.ndarray]:
    counts = np.cumsum(shapely.get_num_coordinates(shapes))
    chunk = counts // _AT_ONCE
    for one in np.unique(chunk):
        yield np.flatnonzero(chunk == one)


def _in_chunk(shapes: Shapes, at: np.ndarray, rule: _Rule) -> tuple[np.ndarray, ...]:
    pieces, owner, ring = rings_and_lines(shapes[at])
    coordinates, piece = shapely.get_coordinates(pieces, return_index=True)
    tips, angle, leg, width = _sharp(coordinates, piece, ring, rule)
    return at[owner[piece[tips]]], coordinates[tips], angle, leg, width, ring[piece[tips]]


def rings_and_lines(shapes: Shapes) -> tuple[Shapes, np.ndarray, np.ndarray]:
    """Take shapes apart into rings and lines: these, the shape each belongs to, and whether it is a ring."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_type_id(parts)
    areas, lines = np.flatnonzero(kinds == 3), np.flatnonzero((kinds == 1) | (kinds == 2))
    rings, of = shapely.get_rings(parts[areas], return_index=True)
    pieces = np.concatenate([rings, parts[lines]]).astype(object)
    return pieces, np.concatenate([owner[areas][of], owner[lines]]), np.arange(len(pieces)) < len(rings)


def _sharp(
    coordinates: np.ndarray, piece: np.ndarray, ring: np.ndarray, rule: _Rule
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Find sharp turns among the vertices of many pieces: their indices, angles (°), shorter legs and widths (m)."""
    none = np.zeros(0)
    if len(coordinates) < 3:
        return none.astype(np.int64), none, none, none
    east, north = (np.ones(len(coordinates)),) * 2 if rule.in_metres else metres_per_degree(coordinates[:, 1])
    inner = piece[1:] == piece[:-1]
    step = np.diff(coordinates, axis=0)
    far = np.hypot(step[:, 0] * east[1:], step[:, 1] * north[1:]) > _SAME_M
    keep = np.r_[True, far | ~inner]
    keep[np.r_[~inner, True] & ring[piece]] = False  # the last vertex of a ring is its first
    seq = np.flatnonzero(keep)
    of = piece[seq]
    ends = np.flatnonzero(np.r_[of[1:] != of[:-1], True])
    starts = np.r_[0, ends[:-1] + 1]
    wrap = ring[of[ends]] & (ends > starts)
    # A ring goes on: after its last vertex come its first and second once more.
    where = np.repeat(ends[wrap] + 1, 2)
    seq = np.insert(seq, where, np.column_stack([seq[starts[wrap]], seq[starts[wrap] + 1]]).ravel())
    if len(seq) < 3:
        return none.astype(np.int64), none, none, none
    before, tip, after = seq[:-2], seq[1:-1], seq[2:]
    whole = (piece[before] == piece[tip]) & (piece[tip] == piece[after])
    before, tip, after = before[whole], tip[whole], after[whole]
    scale = np.column_stack([east[tip], north[tip]])
    back, on = (coordinates[before] - coordinates[tip]) * scale, (coordinates[after] - coordinates[tip]) * scale
    cross = np.abs(back[:, 0] * on[:, 1] - back[:, 1] * on[:, 0])
    dot = (back * on).sum(axis=1)
    legs = np.hypot(back[:, 0], back[:, 1]), np.hypot(on[:, 0], on[:, 1])
    leg = np.minimum(*legs)
    sharp = (dot > 0) & (cross < np.tan(np.radians(rule.sharpest_deg)) * dot) & (leg > rule.leg_m)
    width = cross[sharp] / np.maximum(*legs)[sharp]
    return tip[sharp], np.degrees(np.arctan2(cross[sharp], dot[sharp])), leg[sharp], width
