"""Why a row is set aside, and what of a kept row could not be read: every code with its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, SupportsInt

from ...text import NOTHING, Text
from ..findings.catalogue import KINDS

_ASIDE_CODES = (
    *("damaged_row", "total_row", "repeated_header", "unit_row", "note_row", "missing_required", "bad_required"),
    *("unknown_code", "wrong_digits", "cut_code", "not_a_village", "scientific"),
    *("no_place", "bad_coordinate", "out_of_range", "outside_china", "swapped", "scaled"),
    *("geometry_type", "geometry_invalid", "exact_duplicate", "duplicate", "in_workspace", "deleted_by_hand"),
)
# The words of a reason are those of the finding of the same code; these come first in the counts.
SET_ASIDE: dict[str, Text] = {code: KINDS[code].label for code in dict.fromkeys((*_ASIDE_CODES, *KINDS))}


class Reason(NamedTuple):
    """Why a row is set aside.

    Attributes
    ----------
    code : str
    detail : Text
    field, value : str
        What it is about, "" for the row.
    related : str
        Other rows that it is about.
    ordered : bool
        Nothing is wrong with it that cannot be written: the planner wants it out.
    """

    code: str
    detail: Text = NOTHING
    field: str = ""
    value: str = ""
    related: str = ""
    ordered: bool = False


@dataclass
class Reasons:
    """The reasons of every row that is set aside, by position."""

    by_row: dict[int, list[Reason]] = field(default_factory=dict)

    def add(
        self,
        positions: Iterable[SupportsInt],
        code: str,
        detail: Text = NOTHING,
        field: str = "",
        value: str = "",
        related: str = "",
        *,
        ordered: bool = False,
    ) -> None:
        """Set rows aside for a reason; see `Reason`."""
        for at in positions:
            self.by_row.setdefault(int(at), []).append(Reason(code, detail, field, value, related, ordered))

    def is_ordered(self, at: int) -> bool:
        """Tell whether a row is set aside for nothing but the planner's order."""
        return all(reason.ordered for reason in self.by_row[at])

    def words(self, at: int) -> Text:
        """Give all reasons of a row in one sentence."""
        parts = [
            Text(
                SET_ASIDE[reason.code].zh + (f"：{reason.detail.zh}" if reason.detail.zh else ""),
                SET_ASIDE[reason.code].en + (f": {reason.detail.en}" if reason.detail.en else ""),
            )
            for reason in self.by_row[at]
        ]
        return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))

    def counts(self) -> dict[str, int]:
        """Give the number of rows by their first reason, in the order of `SET_ASIDE`."""
        first = Counter(reasons[0].code for reasons in self.by_row.values())
        return {code: first[code] for code in SET_ASIDE if first[code]}
