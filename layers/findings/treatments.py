"""What the planner wants done about each kind of finding, and about single rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...errors import Fault, ParameterError
from ...text import Text
from .catalogue import KINDS
from .kind import ACTIONS, APPLY, SET_ASIDE


@dataclass(frozen=True)
class Treatments:
    """The planner's choices; what is not chosen follows the first action of its kind.

    Attributes
    ----------
    by_code : mapping of str to str
        Action by finding code.
    by_row : mapping of (str, str) to str
        Action by finding code and row: ``"row 12"`` by its number, or ``"key …"`` by its key (`identity.row_keys`,
        parts joined by " / "), which also fits next month's file.

    Raises
    ------
    ParameterError
        A code or an action is unknown, or the action does not fit the code.
    """

    by_code: Mapping[str, str] = field(default_factory=dict)
    by_row: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = [*self.by_code.items(), *((code, action) for (code, _), action in self.by_row.items())]
        faults = [fault for code, action in chosen if (fault := _fault(code, action))]
        if faults:
            raise ParameterError(faults[0].message, faults[0].remedy, faults=faults)

    def action(self, code: str, number: int | None = None, key: str = "") -> str:
        """Give what is to be done about a finding: "apply", "keep" or "set_aside"; "" where there is no choice."""
        for row in (f"row {number}" if number is not None else "", f"key {key}" if key else ""):
            if row and (code, row) in self.by_row:
                return self.by_row[code, row]
        if code in self.by_code:
            return self.by_code[code]
        return KINDS[code].actions[0] if KINDS[code].actions else ""

    def applies(self, code: str, number: int | None = None, key: str = "") -> bool:
        """Tell whether the proposed treatment is to be carried out."""
        return self.action(code, number, key) == APPLY


@dataclass(frozen=True)
class RowTreatments:
    """The planner's choices for the rows of one table.

    Attributes
    ----------
    chosen : Treatments
    numbers : sequence of int, length n
        Row numbers as the planner's program shows them.
    keys : sequence of str, length n
        `identity.row_keys` with their parts joined by " / "; empty for a table whose rows have none yet.
    """

    chosen: Treatments
    numbers: Sequence[int] | np.ndarray
    keys: Sequence[str] = ()

    def action(self, code: str, at: int) -> str:
        """Give what is to be done about a finding in the row at a position; see `Treatments.action`."""
        return self.chosen.action(code, int(self.numbers[at]), self.keys[at] if len(self.keys) else "")

    def orders_aside(self, code: str, at: int) -> bool:
        """Tell whether the planner wants a row out that would be written otherwise.

        For a kind that sets rows aside by itself the same word orders nothing: it leaves things as they are.
        """
        return KINDS[code].actions[:1] != (SET_ASIDE,) and self.action(code, at) == SET_ASIDE

    def where(self, code: str, at: np.ndarray, action: str) -> np.ndarray:
        """Tell for which of some positions an action was chosen, shape (n,) bool."""
        if not any(of == code for of, _ in self.chosen.by_row):
            return np.full(len(at), self.chosen.action(code) == action)
        return np.array([self.action(code, int(one)) == action for one in at], dtype=bool)


def _fault(code: str, action: str) -> Fault | None:
    if code not in KINDS:
        known = [kind.code for kind in KINDS.values() if len(kind.actions) > 1]
        return Fault(
            Text(f"没有“{code}”这种问题。", f"There is no finding “{code}”."),
            Text(f"可选：{'、'.join(known)}。", f"Known: {', '.join(known)}."),
            value=code,
        )
    if action not in KINDS[code].actions:
        allowed = KINDS[code].actions
        zh = "、".join(f"{name}（{ACTIONS[name].zh}）" for name in allowed)
        en = ", ".join(f"{name} ({ACTIONS[name].en})" for name in allowed)
        return Fault(
            Text(
                f"“{KINDS[code].label.zh}”不能按“{action}”处理。",
                f"“{KINDS[code].label.en}” cannot be treated by “{action}”.",
            ),
            Text(f"可选：{zh or '无'}。", f"Choose from: {en or 'nothing'}."),
            field=code,
            value=action,
        )
    return None
