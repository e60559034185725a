"""What a planner's own pack may change in a shipped rule: never what the code takes for granted of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..text import Text

_UPWARDS = (">=", ">", "report")
_SOURCE = ("document", "clause", "date")
_ASCENDING, _DESCENDING = 1, -1


def whole_entry(entry: Mapping[str, Any], changed: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a rule as it stands after a change; a new value without a source of its own is nobody's but the planner's.

    Parameters
    ----------
    entry : mapping
        What the own pack says.
    changed : mapping or None
        The shipped rule; None for a rule that no shipped pack has.
    """
    if changed is None:
        return dict(entry)
    whole = {**changed, **entry}
    if "value" in entry and entry["value"] != changed["value"]:
        whole["status"] = entry.get("status", "unverified")
        whole |= {key: entry.get(key, "") for key in _SOURCE}
    return whole


def faults_of_change(whole: Mapping[str, Any], changed: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """Give the entries of a changed rule that its users could not stand, with what was expected."""
    for key in ("unit", "subject", "service"):
        if whole.get(key, "") != changed.get(key, ""):
            yield key, _unchanged(str(changed.get(key, "")))
    before, now = str(changed.get("comparison", "")), str(whole.get("comparison", ""))
    if now != before and not (changed.get("subject") and before in _UPWARDS and now in _UPWARDS):
        yield "comparison", _unchanged(before)
    expected = _kind_of_value(whole["value"], changed["value"])
    if expected is not None:
        yield "value", expected


def _unchanged(shipped: str) -> Text:
    shown = shipped or "—"
    return Text(f"与随附规则相同（{shown}）", f"the same as in the shipped rule ({shown})")


def _kind_of_value(now: Any, before: Any) -> Text | None:
    """Say what a value must be to stand in the place of the shipped one; None where it may."""
    if _is_number(before) or (isinstance(before, str) and not isinstance(now, str)):
        return None if _is_number(now) else Text("数字", "a number")
    if isinstance(before, str):  # a word or a formula that the code knows
        return None if now == before else Text(f"数字，或原文“{before}”", f"a number, or “{before}” as it was")
    if all(map(_is_number, before)):
        return _numbers(now, before)
    if isinstance(now, list) and now and all(isinstance(item, str) for item in now):
        return None
    return Text("文字列表", "a list of texts")


def _numbers(now: Any, before: Sequence[float]) -> Text | None:
    is_alike = isinstance(now, list) and len(now) == len(before) and all(map(_is_number, now))
    if is_alike and _direction(now) == _direction(before):
        return None
    falls = _direction(before) == _DESCENDING
    return Text(
        f"{len(before)} 个{'由大到小' if falls else '由小到大'}的数字",
        f"{len(before)} numbers, {'falling' if falls else 'rising'}",
    )


def _direction(numbers: Sequence[float]) -> int:
    """Give whether numbers rise or fall throughout; 0 for neither."""
    pairs = list(zip(numbers, numbers[1:]))
    if all(low < high for low, high in pairs):
        return _ASCENDING
    return _DESCENDING if all(low > high for low, high in pairs) else 0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
