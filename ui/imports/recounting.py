"""What becomes of the rows of a file after another choice, counted at once from its findings. No widgets.

A diagnosis counts for certain, and takes a moment. Here only the difference is counted that a choice makes: a row that
is set aside, merged or written. The same count of the choices of the diagnosis has to come to what the diagnosis said,
else nothing is told.
"""

from __future__ import annotations

from pathlib import Path

from ...layers.findings.kind import APPLY, SET_ASIDE
from .diagnosis import Group, Line, action_of, read_all
from .inspection import SourceFile

_MERGING = "exact_duplicate"
_UNCERTAIN = ("swapped", "scaled", "wrong_sign", "packed_dms", "doubtful_correction")  # elsewhere it may fit nothing
_NO_CRS = "no_prj"
_LARGE = 5_000_000  # bytes of findings that take longer to read than a planner waits after a click
Counts = dict[str, int]


def recount(item: SourceFile) -> Counts | None:
    """Give ``rows_out``, ``rows_set_aside`` and ``rows_merged`` by the present choices; None where they are not certain."""
    said, table = item.diagnosis, item.examined.get("findings")
    if not table or not Path(table).is_file() or said.get("rows_out") is None or is_large(item):
        return None
    told = int(said.get("rows_set_aside") or 0), int(said.get("rows_merged") or 0)
    then = _counts(Path(table), item.chosen_then)
    now = _counts(Path(table), item.treatments, item.chosen_then)
    if then is None or now is None or then[:2] != told:
        return None
    aside, merged, corrected = now
    if corrected != then[2]:
        return None
    return {
        "rows_out": int(said["rows_in"]) - aside - merged,
        "rows_set_aside": aside,
        "rows_merged": merged,
    }


def warns_treated(item: SourceFile) -> int:
    """Count the warnings that warn of nothing any more: treated as suggested, or their rows are set aside."""
    table = item.examined.get("findings")
    if not table or not Path(table).is_file() or is_large(item):
        return 0
    groups = read_all(Path(table))
    aside = {
        number
        for group in groups
        for line in group.lines
        if action_of(group, line, item.treatments, item.chosen_then) == SET_ASIDE
        for number in line.all_numbers
    }
    return sum(
        line.count
        for group in groups
        for line in group.lines
        if group.severity == "warns" and _is_settled(item, group, line, aside)
    )


def _is_settled(item: SourceFile, group: Group, line: Line, aside: set[int]) -> bool:
    if group.kind.code == _NO_CRS:
        return item.datum != "auto"
    if line.rows and aside.issuperset(line.all_numbers):
        return True
    action = action_of(group, line, item.treatments, item.chosen_then)
    return bool(group.actions) and group.actions[0] != APPLY and action == APPLY


def is_large(item: SourceFile) -> bool:
    """Tell whether a file has more findings than are read at a click."""
    table = Path(item.examined.get("findings") or "")
    return table.is_file() and table.stat().st_size > _LARGE


def _counts(
    path: Path, treatments: dict[str, str], then: dict[str, str] | None = None
) -> tuple[int, int, frozenset[int]] | None:
    """Count the rows set aside and merged, and give those whose place is corrected; None where rows are not named."""
    aside: set[int] = set()
    merged: set[int] = set()
    corrected: set[int] = set()
    for group in read_all(path):
        for line in group.lines:
            action = action_of(group, line, treatments, then)
            rows = set(line.all_numbers)
            if action == SET_ASIDE:
                aside |= rows
            elif action == APPLY and group.kind.code == _MERGING:
                merged |= rows
            elif action == APPLY and group.kind.code in _UNCERTAIN:
                corrected |= rows
    return len(aside), len(merged - aside), frozenset(corrected)
