"""Kinds of finding on shapes: what makes one invalid, and what is wrong between shapes."""

from __future__ import annotations

from ....text import NOTHING, Text
from ..kind import APPLY, KEEP, SET_ASIDE, FindingKind

_REPAIR = (APPLY, SET_ASIDE)  # a repair that states its change of area or length
_LOOK = (KEEP, SET_ASIDE)
_REPAIRED = Text("修复，并给出面积或长度的变化", "repair it; the change of area or length is stated")
_REPAIR_IT = Text("修复几何", "Repair")
_ACTS = {
    "empty_part": Text("去掉空部件", "Drop the parts"),
    "collection": Text("只取同类几何", "Keep the type"),
    "spike": Text("去掉尖刺", "Cut the spike"),
    "duplicate_vertices": Text("去掉重复节点", "Drop vertices"),
}


def _kind(
    code: str, severity: str, zh: str, en: str, actions: tuple[str, ...], treatment: Text = NOTHING
) -> FindingKind:
    act = _ACTS.get(code, _REPAIR_IT if actions is _REPAIR else NOTHING)
    return FindingKind(code, "geometry", severity, Text(zh, en), actions, treatment, act)


KINDS = (
    _kind("geometry_type", "blocks", "几何类型不符", "wrong type of geometry", (SET_ASIDE,)),
    _kind("geometry_invalid", "blocks", "几何无效，无法修复", "invalid geometry that cannot be repaired", (SET_ASIDE,)),
    _kind("geometry_repaired", "warns", "几何已修复", "geometry was repaired", _REPAIR, _REPAIRED),
    _kind("self_intersection", "warns", "边界自相交", "the outline crosses itself", _REPAIR, _REPAIRED),
    _kind("ring_self_touch", "warns", "环自相接", "a ring touches itself", _REPAIR, _REPAIRED),
    _kind("hole_outside", "warns", "洞在外环之外", "a hole outside its shell", _REPAIR, _REPAIRED),
    _kind("nested_holes", "warns", "洞套洞", "holes inside holes", _REPAIR, _REPAIRED),
    _kind("nested_shells", "warns", "部件互相套叠", "parts inside parts", _REPAIR, _REPAIRED),
    _kind("disconnected_interior", "warns", "内部被洞隔断", "holes cut the interior apart", _REPAIR, _REPAIRED),
    _kind("duplicate_rings", "warns", "重复的环", "duplicate rings", _REPAIR, _REPAIRED),
    _kind("overlapping_parts", "warns", "部件互相重叠", "parts overlap each other", _REPAIR, _REPAIRED),
    _kind("too_few_points", "warns", "点数过少", "too few points", (SET_ASIDE,)),
    _kind("ring_not_closed", "warns", "环不闭合", "a ring that is not closed", _REPAIR, _REPAIRED),
    _kind(
        "empty_part",
        "warns",
        "部分部件没有面积或长度",
        "some parts have no area or no length",
        _REPAIR,
        Text("去掉这些部件", "drop those parts"),
    ),
    _kind(
        "collection",
        "warns",
        "几何集合，混有其他类型",
        "a collection with shapes of other types",
        _REPAIR,
        Text("只取与图层类型相同的部分", "take the parts of the layer's own type"),
    ),
    _kind("zero_area", "warns", "面积或长度为零", "no area or no length", (SET_ASIDE,)),
    _kind(
        "spike",
        "warns",
        "尖刺",
        "a spike",
        (KEEP, APPLY, SET_ASIDE),
        Text("去掉尖端的节点，并给出面积的变化", "drop the vertex at its tip; the change of area is stated"),
    ),
    _kind("sliver", "warns", "狭长碎片", "a sliver", _LOOK),
    _kind(
        "duplicate_vertices",
        "informs",
        "重复的节点",
        "duplicate vertices",
        (APPLY, KEEP),
        Text("去掉重复的节点，形状不变", "drop the repeats; the shape stays the same"),
    ),
    _kind("doubles_back", "warns", "线路折返重叠", "a line that doubles back on itself", _LOOK),
    _kind("self_overlap", "warns", "线与自身重叠", "a line that runs over itself", _LOOK),
    _kind("dangle", "informs", "悬挂端点", "a dangling end", ()),
    _kind("near_miss", "warns", "端点差一点没接上", "an end that just misses another line", ()),
    _kind("overshoot", "warns", "端点越过另一条线一点", "an end that runs a little past another line", ()),
    _kind("duplicate_line", "warns", "与另一行的线完全相同", "the very same line as another row", ()),
    _kind("overlap", "warns", "面互相重叠", "areas overlap", ()),
    _kind("gap", "warns", "面之间有缝隙", "a gap between areas", ()),
    _kind("leaves_china", "warns", "范围超出中国", "its extent leaves China", _LOOK),
)
