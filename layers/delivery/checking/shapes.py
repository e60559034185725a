"""What is wrong with single features: no shape, another kind, invalid, several parts, curves, sharp angles, twice."""

from __future__ import annotations

import numpy as np
import shapely

from ....text import Text
from ...geometry.turns import sharp_turns
from ...geometry.twins import earlier_twins
from ...geometry.validity import told_apart
from ...spec import Geometry
from ...specs import SPECS
from ..profile.model import Check, Profile
from .found import Found
from .frame import Frame, are_finite, kind_words
from .source import LINE, MIXED, NONE, POINT, POLYGON

_KINDS = {0: POINT, 1: LINE, 2: POLYGON}
_OF_SPEC = {Geometry.POINT: POINT, Geometry.LINE: LINE, Geometry.POLYGON: POLYGON}
_INVALID = {
    "self_intersection": (
        Text("轮廓自相交", "its outline crosses itself"),
        Text("请在标出的位置移动或删除多余的拐点。", "Move or delete the vertex that causes it, at the place shown."),
    ),
    "ring_self_touch": (
        Text("轮廓与自身相触", "its outline touches itself"),
        Text(
            "请在标出的位置断开：拆成两个面，或改画成带洞的面。",
            "Part it at the place shown: two polygons, or one with a hole.",
        ),
    ),
    "hole_outside": (
        Text("洞在外环之外", "a hole lies outside its shell"),
        Text("请删除该洞，或另存为一个面。", "Delete the hole, or make it a polygon of its own."),
    ),
    "nested_holes": (
        Text("洞中套洞", "a hole lies in a hole"),
        Text("请删除里面的洞，或改成面。", "Delete the inner hole, or make it a polygon."),
    ),
    "nested_shells": (
        Text("部件相互套叠", "a part lies inside another"),
        Text("请合并这些部件，或把里面的改成洞。", "Merge the parts, or make the inner one a hole."),
    ),
    "overlapping_parts": (
        Text("部件相互重叠", "its parts overlap"),
        Text("请合并重叠的部件。", "Merge the parts that overlap."),
    ),
    "disconnected_interior": (
        Text("面的内部被洞隔断", "its holes cut its inside apart"),
        Text("请在洞相接处拆成几个面。", "Split it into several polygons where the holes touch."),
    ),
    "duplicate_rings": (
        Text("环重复", "a ring stands twice"),
        Text("请删除重复的环。", "Delete the ring that is repeated."),
    ),
    "too_few_points": (
        Text("点数太少，不成图形", "it has too few points to be a shape"),
        Text("请重画或删除该要素。", "Draw it anew, or delete the feature."),
    ),
    "bad_coordinate": (
        Text("坐标不是有限数", "its coordinates are not finite numbers"),
        Text("请重画该要素，或从原始数据重新导出。", "Draw it anew, or export it again from the original data."),
    ),
    "ring_not_closed": (
        Text("环没有闭合", "a ring is not closed"),
        Text("请把首尾点接上。", "Join its first and last point."),
    ),
}  # fmt: skip
_OTHERWISE = (
    Text("图形无效", "its geometry is invalid"),
    Text("请用“修复几何”处理后核对。", "Run “Fix geometries” and look at the result."),
)


def empty(frame: Frame, check: Check) -> list[Found]:
    """Find features without a shape, and those with a part in which nothing is drawn."""
    shapes = np.asarray(frame.layer.geometry, dtype=object)
    if frame.layer.kind == NONE:
        return []
    parts, owner = shapely.get_parts(shapes, return_index=True)
    hollow = np.zeros(len(shapes), dtype=bool)
    hollow[owner[shapely.is_empty(parts)]] = True
    none = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    at = np.flatnonzero(none | hollow)
    return frame.found(
        check.id,
        at,
        [
            Text("没有图形。", "It has no geometry.")
            if none[k]
            else Text("有一个部件是空的。", "One of its parts is empty.")
            for k in at
        ],
        Text("请补画图形，或删除该记录。", "Draw it, or delete the record."),
        [None] * len(at),
        [""] * len(at),
    )


def kind(frame: Frame, check: Check, profile: Profile) -> list[Found]:
    """Find features of another kind than the layer is to have; what a collection holds is never of one kind."""
    wanted = _wanted(frame, profile)
    if wanted is None:
        return []
    if frame.layer.kind == NONE:
        said = Text(f"图层没有图形，应为{kind_words(wanted).zh}图层。", f"It has no geometry; {wanted}s are wanted.")
        return [frame.about(check.id, said, Text("请交付带图形的图层。", "Hand in the layer with its geometry."))]
    shapes = frame.shapes
    types, dimension = shapely.get_type_id(shapes), shapely.get_dimensions(shapes)
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    collection = types == shapely.GeometryType.GEOMETRYCOLLECTION
    own = next(number for number, word in _KINDS.items() if word == wanted)
    at = np.flatnonzero(there & (collection | (dimension != own)))
    values = [Text("集合", "collection") if collection[k] else kind_words(_KINDS[int(dimension[k])]) for k in at]
    return frame.found(
        check.id,
        at,
        [
            Text("图形是{found}，应为{wanted}。", "Its geometry is a {found}; a {wanted} is wanted.").filled(
                found=word, wanted=kind_words(wanted)
            )
            for word in values
        ],
        Text("请移到相应类型的图层，或重画。", "Move it to a layer of its kind, or draw it anew."),
        shapely.centroid(shapes[at]),
        [word.both() for word in values],
    )


def _wanted(frame: Frame, profile: Profile) -> str | None:
    """Give the kind that the profile wants; of a layer that it does not name, what the file declares."""
    name, declared = frame.layer.name, frame.layer.kind
    target = next((item for item in profile.layers if item.name == name), None)
    if target is not None:
        return target.geometry
    if profile.of_workspace and name in SPECS:
        return _OF_SPEC.get(SPECS[name].geometry)
    return declared if declared not in (MIXED, NONE) else None


def valid(frame: Frame, check: Check) -> list[Found]:
    """Find shapes that are invalid (OGC Simple Features, as GEOS judges), with the place that GEOS names."""
    shapes = shapely.force_2d(np.asarray(frame.layer.geometry, dtype=object))
    there = ~shapely.is_missing(shapes)
    at = np.flatnonzero(there & ~(shapely.is_valid(shapes) & are_finite(shapes)))
    messages, remedies, places, values = [], [], [], []
    finite = are_finite(shapes[at])
    reasons = np.where(finite, shapely.is_valid_reason(shapes[at]), "Invalid Coordinate").tolist()
    for k, is_finite, reason in zip(at.tolist(), finite, reasons):
        code, place = told_apart(shapes[k], reason) if is_finite else ("bad_coordinate", (np.nan, np.nan))
        what, remedy = _INVALID.get(code, _OTHERWISE)
        values.append(reason.split("[")[0])
        messages.append(Text(f"图形无效：{what.zh}（{values[-1]}）。", f"Invalid: {what.en} ({values[-1]})."))
        remedies.append(remedy)
        places.append(shapely.Point(place) if np.isfinite(place).all() else None)
    return frame.found(check.id, at, messages, remedies, places, values)


def multi(frame: Frame, check: Check) -> list[Found]:
    """Find features of several parts; a collection type that holds one part alone is none.

    Lines whose parts join end to end are told to be joined; areas whose parts touch at a corner stay several parts,
    as they cannot be one valid polygon. The place is that of the parts other than the largest.
    """
    shapes = frame.shapes
    at = np.flatnonzero(shapely.get_num_geometries(shapes) > 1)
    messages, remedies, places, values = [], [], [], []
    for k in at.tolist():
        parts = shapely.get_parts(shapes[k])
        joins = frame.dimension[k] == 1 and shapely.get_num_geometries(shapely.line_merge(shapes[k])) == 1
        size = shapely.area(parts) if frame.dimension[k] == 2 else shapely.length(parts)
        rest = np.delete(parts, int(np.argmax(size)))
        places.append(shapely.union_all(rest) if frame.dimension[k] == 0 else shapely.GeometryCollection(list(rest)))
        if frame.dimension[k] in (1, 2):
            gather = shapely.multilinestrings if frame.dimension[k] == 1 else shapely.multipolygons
            places[-1] = gather(rest)
        values.append(f"{len(parts)}")
        messages.append(Text(f"图形有 {len(parts)} 个部件。", f"It has {len(parts)} parts."))
        remedies.append(
            Text("各部件首尾相接，请合并成一条线。", "The parts join end to end: make them one line.")
            if joins
            else Text("请拆成单部件要素，各给标识码。", "Split it into single parts, each with a number of its own.")
        )
    return frame.found(check.id, at, messages, remedies, places, values)


def curve(frame: Frame, check: Check) -> list[Found]:
    """Find a layer with curve segments. Which features have them is not told: they are read as chords."""
    if not frame.layer.has_curves:
        return []
    return [
        frame.about(
            check.id,
            Text("图层含弧线段。", "The layer has curve segments."),
            Text("请先把弧线加密成折线再交付。", "Turn the curves into polylines (densify) before handing in."),
        )
    ]


def sharp(frame: Frame, check: Check) -> list[Found]:
    """Find angles sharper than the threshold of the check, of outlines and of lines.

    Vertices nearer together than 0.02 m count as one. An angle of 0° is one too: a line that turns on the spot.
    """
    if check.threshold is None:
        return []
    at = np.flatnonzero((frame.dimension > 0) & shapely.is_valid(frame.shapes))
    turns = sharp_turns(frame.shapes[at], 0.0, check.threshold, in_metres=not frame.is_degrees)
    order = np.lexsort((turns.angle_deg, turns.shape))
    rows, first, counts = np.unique(turns.shape[order], return_index=True, return_counts=True)
    messages, places, values = [], [], []
    for start, count in zip(first.tolist(), counts.tolist()):
        own = order[start : start + count]
        worst = float(turns.angle_deg[own[0]])
        more = Text(f"，共 {count} 处", f"; {count} such angles") if count > 1 else Text("", "")
        messages.append(
            Text(
                "夹角 {angle:.2f}°，小于 {limit:g}°（边长 {leg:.2f} m）{more}。",
                "An angle of {angle:.2f}°, below {limit:g}° (shorter leg {leg:.2f} m){more}.",
            ).filled(angle=worst, limit=check.threshold, leg=float(turns.leg_m[own[0]]), more=more)
        )
        places.append(shapely.multipoints(turns.places[own]) if count > 1 else shapely.Point(turns.places[own[0]]))
        values.append(f"{worst:.2f}°")
    remedy = Text("请在标出的位置删除尖点或移动拐点。", "Delete the spike or move the vertex, at the place shown.")
    return frame.found(check.id, at[rows], messages, remedy, places, values)


def twice(frame: Frame, check: Check, twins: np.ndarray) -> list[Found]:
    """Find features whose shape is that of an earlier one within the tolerance; heights do not tell them apart.

    Parameters
    ----------
    twins : numpy.ndarray of int64, shape (n,)
        What `twins_of` gives.
    """
    at = np.flatnonzero(twins >= 0)
    heights = shapely.has_z(np.asarray(frame.layer.geometry, dtype=object))
    messages = []
    for k in at.tolist():
        other = int(twins[k])
        only = (
            Text("（仅高程不同）", " (only the heights differ)")
            if heights[k] and heights[other] and _heights_differ(frame, k, other)
            else Text("", "")
        )
        messages.append(
            Text("图形与{other} 重复{only}。", "Its geometry is that of {other}{only}.").filled(
                other=frame.named(other), only=only
            )
        )
    return frame.found(
        check.id,
        at,
        messages,
        Text("请核对是否重复录入，删除其中一个。", "Look whether it was entered twice, and delete one of them."),
        frame.shapes[at],
        [str(frame.layer.features[twins[k]]) for k in at.tolist()],
    )


def _heights_differ(frame: Frame, one: int, other: int) -> bool:
    heights = [np.sort(shapely.get_coordinates(frame.layer.geometry[k], include_z=True)[:, 2]) for k in (one, other)]
    return not np.array_equal(heights[0], heights[1], equal_nan=True)


def twins_of(frame: Frame) -> np.ndarray:
    """Give for each feature the first one before it with the same shape, -1 for none, shape (n,)."""
    twins = np.full(len(frame.shapes), -1, dtype=np.int64)
    at = np.flatnonzero(frame.dimension >= 0)
    found = earlier_twins(frame.shapes[at], frame.tolerance)
    twins[at[found >= 0]] = at[found[found >= 0]]
    return twins
