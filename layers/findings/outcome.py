"""What becomes of a value, in words for a planner: the proposal, nothing, or the row that it goes into."""

from __future__ import annotations

import re

from ...text import NOTHING, Text
from .kind import EMPTY, KEEP, NO_PLACE, FindingKind

_LEFT = {EMPTY: Text("（空）", "(empty)"), NO_PLACE: Text("（无坐标）", "(no place)")}
_MERGING = "exact_duplicate"
_ROW = re.compile(r"row (\d+)")


def outcome(kind: FindingKind, action: str, proposed: Text, related: str = "") -> Text:
    """Give what a finding proposes for a value or, where it proposes nothing, what the action leaves of it.

    Parameters
    ----------
    kind : FindingKind
    action : str
        "apply", "keep" or "set_aside"; "" for none.
    proposed : Text
        The proposed value; empty for none.
    related : str
        The other rows, "row 2, row 9", of which the first is that into which a row is merged.
    """
    row = _ROW.match(related) if kind.code == _MERGING else None
    if row is not None:
        return Text(f"合并到第 {row[1]} 行", f"merge into row {row[1]}")
    if proposed.zh or action != KEEP:
        return proposed
    return _LEFT.get(kind.leaves, NOTHING)
