"""Which counties lie on the land border or on the coast: in, out, or cannot tell.

The outline of a county is walked in equal steps; a step touches the border where the border line lies within the
tolerance of its middle and no other county lies between: outline shared with a neighbour can be no border. Distances
are taken in a stereographic plane of the county's own, whose scale is off by d²/4R² (0.06 % at 300 km from its middle),
lengths are geodesic.

A contact that is short, a border line that runs far from the outline it ought to follow, and one that passes near
without touching do not decide: the county cannot be told, with the figures that say why, until better lines come or
the planner says so himself, with his reason. A county that no line comes near is out, if the line comes near some
county of its province (first two digits of the code); else the line may be that of another region, and where none was
given at all nothing can be told either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from ..text import Text
from .lines.drawn import PIECE_M, Lines, draw_lines
from .lines.samples import sample_lines
from .reach import nearest_station
from .stereographic import frame_at, project
from .village_verdict import NO, UNKNOWN, YES

FloatArray = npt.NDArray[np.float64]

IN_CONTACT, LISTED, NO_CONTACT, OTHER_PROVINCE, ENCLOSED, SLIVER, COARSE, NEAR_MISS, FAR, NO_LINE = range(10)
REASONS = (
    Text("相接", "touched"),
    Text("按名单认定", "by the list"),
    Text("不相接", "not touched"),
    Text("不在规定的省份内", "not in a province of the rule"),
    Text("四周均为其他县", "surrounded by other counties"),
    Text("相接长度过短，须人工认定", "touched over a short way only; to be settled by hand"),
    Text("数据过粗，须人工认定", "the data are too coarse; to be settled by hand"),
    Text("从附近经过但不相接，须人工认定", "passes near without touching; to be settled by hand"),
    Text("数据未覆盖本地区，须人工认定", "the data do not reach this area; to be settled by hand"),
    Text("没有数据", "no data"),
)


class Limits(NamedTuple):
    """What decides, in metres.

    Attributes
    ----------
    tolerance_m : float
        Outline this near to the line touches it.
    least_contact_m : float
        A shorter contact is a sliver.
    coarsest_m : float
        Where outline and line lie further apart than this over a twentieth of the contact or more, the line is coarse.
    doubt_m : float
        A county that the line does not touch, but comes nearer to than this, cannot be told; at least the tolerance.
    far_m : float
        The line does not cover a province of whose counties it keeps further away than this.
    neighbour_m : float
        Outline this near to another county is shared with it.
    step_m : float
        Longest step of the walk; contact lengths are right to about a step at each end of a contact.
    """

    tolerance_m: float
    least_contact_m: float
    coarsest_m: float
    doubt_m: float
    far_m: float
    neighbour_m: float
    step_m: float = 100.0


class Override(NamedTuple):
    """The planner's own word on a county: in or out, and why."""

    is_in: bool
    reason: str


class Scope(NamedTuple):
    """What was found of n counties.

    Attributes
    ----------
    state : shape (n,), int8
        YES in scope, NO out of it, UNKNOWN cannot tell.
    reason : shape (n,), int8
        Row of `REASONS`; the words of an override stand in `note`.
    derived : shape (n,), int8
        What geometry alone says, before the override.
    note : list of str (n,)
        Reason of the override, "" where there is none.
    outline_m, free_m, contact_m : shape (n,), float64
        Geodesic length of the outline, of the part of it that is shared with no other county, and of its contact.
    share : shape (n,), float64
        Contact over outline.
    residual_median_m, residual_95_m, residual_max_m : shape (n,), float64
        How far outline and line lie apart along the contact; NaN without contact.
    nearest_m : shape (n,), float64
        Least distance of the free outline to the line; a distance d beyond `doubt_m` is that to the ends of the
        line's pieces, up to 31,250 m²/d too large. NaN where there is neither.
    """

    state: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]
    derived: npt.NDArray[np.int8]
    note: list[str]
    outline_m: FloatArray
    free_m: FloatArray
    contact_m: FloatArray
    share: FloatArray
    residual_median_m: FloatArray
    residual_95_m: FloatArray
    residual_max_m: FloatArray
    nearest_m: FloatArray


def scope_of_counties(
    counties: Sequence[BaseGeometry],
    codes: Sequence[str],
    border: Sequence[BaseGeometry | None],
    limits: Limits,
    *,
    provinces: Sequence[str] = (),
    overrides: Mapping[str, Override] | None = None,
) -> Scope:
    """Judge which counties touch a line: the national border, or the coastline.

    Parameters
    ----------
    counties : sequence of Polygon or MultiPolygon (n,)
        In degrees on CGCS2000, units of one level; the more neighbours are among them, the surer is what lies behind
        a neighbour.
    codes : sequence of str (n,)
        Codes of the counties.
    border : sequence of LineString, MultiLineString or None
        The line in degrees on CGCS2000; empty: not known.
    limits : Limits
    provinces : sequence of str
        Prefixes of codes that the rule names; empty: all.
    overrides : mapping of code to Override, optional

    Raises
    ------
    ValueError
        Lists of different length, a county that is no polygon or lies upon another one, a limit that is not positive,
        an override without a reason or for a code that is not among `codes`.
    """
    _check(counties, codes, limits, overrides or {})
    count = len(counties)
    line = draw_lines(border)
    shore = _chords(line)
    shore_tree = shapely.STRtree(shapely.linestrings(shore.reshape(-1, 2, 2)))
    outlines = draw_lines([shapely.MultiLineString(list(shapely.get_rings(shapely.get_parts(c)))) for c in counties])
    steps = sample_lines(outlines, limits.step_m)
    first = np.searchsorted(steps.line, np.arange(count + 1))
    rough = nearest_station(steps.lon, steps.lat, line.lon, line.lat).distance_m
    tree = shapely.STRtree(np.array(list(counties), dtype=object))
    free, contact, nearest, residual = (
        np.zeros(count),
        np.zeros(count),
        np.full(count, np.nan),
        np.full((count, 3), np.nan),
    )
    for k in range(count):
        mine = slice(first[k], first[k + 1])
        length = (steps.to_m - steps.from_m)[mine]
        frame = _frame(counties[k])
        spots = shapely.points(*project(frame, steps.lon[mine], steps.lat[mine]))
        open_steps = _free(k, counties, tree, frame, spots, limits.neighbour_m)
        free[k] = length[open_steps].sum()
        if len(shore) == 0 or not open_steps.any():
            continue
        # A piece of the line is at most PIECE_M long: what is further than this from its ends is further from it.
        apart = rough[mine][open_steps]
        near = apart <= limits.doubt_m + PIECE_M
        if near.any():
            chords = shore[shore_tree.query(_box(counties[k], limits.doubt_m + PIECE_M))]
            apart[near] = _apart(frame, spots[open_steps][near], chords)
        touching = apart <= limits.tolerance_m
        contact[k], nearest[k] = length[open_steps][touching].sum(), apart.min()
        if touching.any():
            residual[k] = *_quantiles(apart[touching], length[open_steps][touching]), apart[touching].max()
    named = np.array([not provinces or str(code).startswith(tuple(provinces)) for code in codes], dtype=bool)
    reason = np.full(count, NO_CONTACT, dtype=np.int8)
    reason[contact > 0.0] = IN_CONTACT
    reason[(contact > 0.0) & (residual[:, 1] > limits.coarsest_m)] = COARSE
    reason[(contact > 0.0) & (contact < limits.least_contact_m)] = SLIVER
    away = contact == 0.0
    reason[away & (nearest <= limits.doubt_m)] = NEAR_MISS
    province = np.array([str(code)[:2] for code in codes], dtype=str)
    near_province = province[nearest <= limits.far_m]
    reason[away & ~np.isin(province, near_province)] = FAR
    reason[free == 0.0] = ENCLOSED
    if len(shore) == 0:
        reason[:] = NO_LINE
    reason[~named] = OTHER_PROVINCE
    derived = np.full(count, UNKNOWN, dtype=np.int8)
    derived[reason == IN_CONTACT] = YES
    derived[np.isin(reason, (NO_CONTACT, OTHER_PROVINCE, ENCLOSED))] = NO
    state, note = derived.copy(), [""] * count
    for k, code in enumerate(codes):
        word = (overrides or {}).get(code)
        if word is not None:
            state[k], reason[k], note[k] = YES if word.is_in else NO, LISTED, word.reason
    length = outlines.length_m
    median, most, worst = residual.T
    return Scope(state, reason, derived, note, length, free, contact, contact / length, median, most, worst, nearest)


def _check(
    counties: Sequence[BaseGeometry], codes: Sequence[str], limits: Limits, overrides: Mapping[str, Override]
) -> None:
    if len(counties) != len(codes):
        raise ValueError(f"{len(counties)} counties but {len(codes)} codes")
    for k, county in enumerate(counties):
        if not isinstance(county, (shapely.Polygon, shapely.MultiPolygon)) or county.is_empty:
            raise ValueError(f"county {k}: not a polygon, or an empty one")
    middles = shapely.point_on_surface(np.array(list(counties), dtype=object))
    upper, lower = shapely.STRtree(middles).query(np.array(list(counties), dtype=object), predicate="contains")
    twice = upper != lower
    if twice.any():
        k = int(np.argmax(twice))
        raise ValueError(f"county {codes[lower[k]]} lies upon {codes[upper[k]]}: give units of one level only")
    for name, value in limits._asdict().items():
        if not value > 0.0:
            raise ValueError(f"{name} must be positive, not {value}")
    if limits.doubt_m < limits.tolerance_m:
        raise ValueError(f"doubt_m is below tolerance_m: {limits.doubt_m} < {limits.tolerance_m}")
    unknown = sorted(set(overrides) - set(codes))
    if unknown:
        raise ValueError(f"override for a county that is not there: {', '.join(unknown)}")
    silent = sorted(code for code, word in overrides.items() if not word.reason.strip())
    if silent:
        raise ValueError(f"override without a reason: {', '.join(silent)}")


def _chords(line: Lines) -> FloatArray:
    """Give the ends of all pieces of the line in degrees, (p, 4)."""
    same = np.diff(line.chainage_m) > 0.0  # neither a jump nor the begin of the next line
    return np.column_stack([line.lon[:-1], line.lat[:-1], line.lon[1:], line.lat[1:]])[same]


def _frame(county: BaseGeometry) -> FloatArray:
    west, south, east, north = county.bounds
    return np.asarray(frame_at((west + east) / 2.0, (south + north) / 2.0))


def _box(county: BaseGeometry, margin_m: float) -> BaseGeometry:
    """Give a generous box about a county, in degrees."""
    west, south, east, north = county.bounds
    high = margin_m / 110_000.0
    wide = high / np.cos(np.radians(min(max(abs(south), abs(north)) + high, 89.0)))
    return shapely.box(west - wide, south - high, east + wide, north + high)


def _free(
    k: int,
    counties: Sequence[BaseGeometry],
    tree: shapely.STRtree,
    frame: FloatArray,
    spots: npt.NDArray[np.object_],
    neighbour_m: float,
) -> npt.NDArray[np.bool_]:
    """Tell which places on a county's outline have no other county beside them."""
    free = np.ones(len(spots), dtype=bool)
    for other in tree.query(_box(counties[k], neighbour_m)):
        if other == k:
            continue
        beside = shapely.transform(counties[other], lambda lon, lat: project(frame, lon, lat), interleaved=False)
        shapely.prepare(beside)
        free[free] = ~shapely.dwithin(beside, spots[free], neighbour_m)
    return free


def _apart(frame: FloatArray, spots: npt.NDArray[np.object_], chords: FloatArray) -> FloatArray:
    """Measure how far places are from the nearest of some chords (c, 4) in degrees."""
    a, b = project(frame, chords[:, 0], chords[:, 1]), project(frame, chords[:, 2], chords[:, 3])
    lines = shapely.linestrings(np.stack([np.column_stack(a), np.column_stack(b)], axis=1))
    return np.asarray(shapely.STRtree(lines).query_nearest(spots, return_distance=True, all_matches=False)[1])


def _quantiles(apart: FloatArray, length: FloatArray) -> tuple[float, float]:
    """Median and 95 % of the distances, by length."""
    order = np.argsort(apart, kind="stable")
    part = np.cumsum(length[order]) / length.sum()
    at = np.minimum(np.searchsorted(part, (0.5, 0.95)), len(order) - 1)
    return float(apart[order][at[0]]), float(apart[order][at[1]])
