"""Kinds of finding on the datum and the zone of a file's coordinates."""

from __future__ import annotations

from ....text import NOTHING, Text
from ..kind import KEEP, SET_ASIDE, FindingKind


def _kind(
    code: str, severity: str, zh: str, en: str, treatment: Text = NOTHING, actions: tuple[str, ...] = ()
) -> FindingKind:
    return FindingKind(code, "datum", severity, Text(zh, en), actions, treatment)


# Of a whole file: it is not imported, or by the zone that the planner ordered.
_HOLD = Text(
    "用 --datum 指明投影带；wrong_zone=keep 表示坚持所指定的投影带，不采用横坐标前的带号",
    "state the zone with --datum; wrong_zone=keep holds to it and leaves out the number before the eastings",
)


KINDS = (
    _kind("datum_confirmed", "informs", "坐标基准有依据", "the datum is borne out by evidence"),
    _kind("datum_unknown", "warns", "依据不足，无法判定坐标基准", "the evidence does not tell the datum"),
    _kind("datum_gcj02", "blocks", "坐标是 GCJ-02", "the coordinates are in GCJ-02"),
    _kind("datum_bd09", "blocks", "坐标是 BD-09", "the coordinates are in BD-09"),
    _kind(
        "datum_contradiction", "blocks", "坐标与标明的基准不符", "the coordinates contradict the datum that is stated"
    ),
    _kind("old_datum_shift", "warns", "疑似北京 54 或西安 80 坐标", "perhaps Beijing 54 or Xian 80 coordinates"),
    _kind("wrong_zone", "blocks", "投影带不对", "the wrong projection zone", _HOLD, (SET_ASIDE, KEEP)),
    _kind("zone_not_stated", "blocks", "投影坐标未说明投影带", "metres without a stated zone"),
    _kind("no_zone_prefix", "blocks", "投影坐标缺带号", "metres without a zone number"),
    _kind("swapped_file", "blocks", "每一行的两个坐标都颠倒", "both coordinates are swapped in every row"),
    _kind("pair_disagrees", "warns", "两组坐标互相矛盾", "two pairs of coordinates do not agree"),
)
