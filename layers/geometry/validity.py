"""What makes a shape invalid: which kind of finding, where, and what a repair makes of it.

The reasons are those of GEOS (`shapely.is_valid_reason`), after OGC Simple Features; GEOS has one word,
"Self-intersection", for an outline that crosses itself, for rings that stand twice and for parts that overlap. They
are told apart here, because a planner mends them in different ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from ...text import Text
from ..table import Shapes
from .measures import area_m2, length_m, made_valid, parts_of

_REASON = re.compile(r"(?P<words>[^\[]*)(?:\[(?P<x>\S+) (?P<y>[^\s\]]+)[^\]]*\])?")
_BY_REASON = {
    "Self-intersection": "self_intersection",
    "Ring Self-intersection": "ring_self_touch",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "nested_holes",
    "Nested shells": "nested_shells",
    "Interior is disconnected": "disconnected_interior",
    "Duplicate Rings": "duplicate_rings",
    "Too few points in geometry component": "too_few_points",
    "Invalid Coordinate": "bad_coordinate",
    "Ring is not closed": "ring_not_closed",
}
_NO_AREA_M2 = 1e-3
SURE, UNSURE = 0.95, 0.6  # a repair that keeps the area, and one that changes it by more than 1 %
_ONE_PER_CENT = 0.01
_MEANT = {  # what else an author may have meant, where a repair changes the area
    "hole_outside": Text(
        "外环之外的洞已成为单独的部件", "the hole outside its shell has become a part of its own"
    ),
    "nested_shells": Text("套在里面的部件已并入；也可能本应是洞", "the inner part was merged; perhaps it is a hole"),
    "nested_holes": Text("套在里面的洞已并入；也可能本应是面", "the inner hole was merged; perhaps it is an area"),
    "overlapping_parts": Text("重叠部分只计一次", "the overlap is counted once"),
    "self_intersection": Text("自相交时原面积不可靠", "of an outline that crosses itself the area before says little"),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with one shape.

    Attributes
    ----------
    code : str
        Code of the finding.
    reason : str
        GEOS's own words, with the place.
    place : tuple of float
        Longitude and latitude of the fault, NaN where GEOS names none.
    repaired : shapely geometry or None
        The valid shape; None where nothing is left.
    change : str
        "a → b m²" or "a → b m", geodesic.
    why : Text
    confidence : float
        That the repaired shape is what was meant.
    """

    code: str
    reason: str
    place: tuple[float, float]
    repaired: shapely.Geometry | None
    change: str
    why: Text
    confidence: float


def faults_of(shapes: Shapes) -> list[Fault]:
    """Give what is wrong with every one of some invalid shapes, and their repair.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Invalid ones, longitude and latitude.
    """
    reasons = shapely.is_valid_reason(shapes)
    finite = np.array([bool(np.isfinite(shapely.get_coordinates(shape)).all()) for shape in shapes], dtype=bool)
    repaired = np.full(len(shapes), None, dtype=object)
    for at in np.flatnonzero(finite):
        repaired[at] = made_valid(shapes[at])
    return [_fault(shape, str(reason), mended) for shape, reason, mended in zip(shapes, reasons, repaired)]


def told_apart(shape: shapely.Geometry, reason: str) -> tuple[str, tuple[float, float]]:
    """Give the code of an invalid shape by GEOS's reason, and the place that the reason names, in the shape's units."""
    code, place = _read(reason)
    if code in ("self_intersection", "ring_self_touch"):
        code = _kind_of_crossing(shape, code)
    return code, place


def _read(reason: str) -> tuple[str, tuple[float, float]]:
    found = _REASON.match(reason)
    words = found["words"].strip() if found else reason
    place = (float(found["x"]), float(found["y"])) if found and found["x"] else (np.nan, np.nan)
    return _BY_REASON.get(words, "geometry_repaired"), place


def _fault(shape: shapely.Geometry, reason: str, mended: shapely.Geometry | None) -> Fault:
    code, place = _read(reason)
    if code == "bad_coordinate":
        detail = Text("坐标不是有限数", "coordinates are not finite numbers")
        return Fault(code, reason, (np.nan, np.nan), None, "", detail, 1.0)
    is_area = bool(parts_of(shape, "Polygon"))
    kept = _kept(mended, "Polygon" if is_area else "LineString")
    if kept is None:
        return Fault(_code_of_nothing(shape, code, is_area), reason, place, None, "", _nothing(is_area), 1.0)
    if code == "too_few_points":  # only a part of it is too short: the rest stands
        code = "empty_part"
    if code in ("self_intersection", "ring_self_touch"):
        code = _kind_of_crossing(shape, code)
    if code == "ring_self_touch":
        kept = _with_its_holes(shape, kept)
    old, new, unit = (area_m2(shape), area_m2(kept), "m²") if is_area else (length_m(shape), length_m(kept), "m")
    changed = abs(new - old) > _ONE_PER_CENT * max(old, new)
    return Fault(
        code, reason, place, kept, f"{old:.1f} → {new:.1f} {unit}", _change(code, old, new, unit, changed),
        UNSURE if changed else SURE,
    )  # fmt: skip


def _kept(mended: shapely.Geometry | None, kind: str) -> shapely.Geometry | None:
    parts = parts_of(mended, kind) if mended is not None else []
    if not parts:
        return None
    whole = shapely.MultiPolygon(parts) if kind == "Polygon" else shapely.MultiLineString(parts)
    return whole if whole.is_valid else None


def _code_of_nothing(shape: shapely.Geometry, code: str, is_area: bool) -> str:
    """Give the code of a shape of which a repair leaves nothing."""
    if is_area and code == "too_few_points":
        return code
    if not is_area or area_m2(shape) < _NO_AREA_M2:
        return "zero_area"
    return "geometry_invalid"


def _nothing(is_area: bool) -> Text:
    if is_area:
        return Text("修复后没有面积", "a repair leaves no area")
    return Text("所有点重合，长度为零", "all its points are one and the same; it has no length")


def _with_its_holes(shape: shapely.Geometry, structured: shapely.Geometry) -> shapely.Geometry:
    """Keep a hole that is drawn as a part of the outline, as some programs do: "structure" would fill it."""
    old = area_m2(shape)
    try:
        other = _kept(shapely.make_valid(shape, method="linework"), "Polygon")
    except shapely.errors.GEOSException:
        other = None
    if other is None or abs(area_m2(other) - old) >= abs(area_m2(structured) - old):
        return structured
    return other


def _kind_of_crossing(shape: shapely.Geometry, code: str) -> str:
    parts = parts_of(shape, "Polygon")
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    if code == "ring_self_touch":
        # An outline that runs out and back on its own line does more than touch itself.
        once = sum(shapely.union_all([shapely.LineString(ring)]).length for ring in rings)
        return code if once > (1 - 1e-9) * sum(ring.length for ring in rings) else "self_intersection"
    alike = {shapely.normalize(shapely.Polygon(ring)).wkb for ring in rings}
    if len(alike) < len(rings):
        return "duplicate_rings"
    if len(parts) > 1 and all(part.is_valid for part in parts):
        return "overlapping_parts"
    return "self_intersection"


def _change(code: str, old: float, new: float, unit: str, changed: bool) -> Text:
    share = f"（{new / old - 1:+.2%}）" if old > _NO_AREA_M2 else ""
    english = f" ({new / old - 1:+.2%})" if old > _NO_AREA_M2 else ""
    name = Text("面积", "area") if unit == "m²" else Text("长度", "length")
    zh = f"{name.zh} {old:.1f} → {new:.1f} {unit}{share}"
    en = f"{name.en} {old:.1f} → {new:.1f} {unit}{english}"
    if changed and code in _MEANT:
        zh, en = f"{zh}；{_MEANT[code].zh}", f"{en}; {_MEANT[code].en}"
    if changed:
        zh, en = f"{zh}；变化超过 1 %，请核对", f"{en}; it changes by more than 1 %, so look at it"
    return Text(zh, en)
