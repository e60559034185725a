"""On what the datum of a file's rows stands as it is taken in, for the history to keep; see `standing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...reading.mapping import TRUE_DATUMS
from .hypotheses import TRUE
from .standing import AGAINST, EVIDENCE, FILE, FOR, OPEN, ORDER, UNKNOWN, Basis, Rows

if TYPE_CHECKING:
    from ...reading.datum_decision import Decision
    from .verdict import DatumVerdict


def basis_of(decision: Decision, verdict: DatumVerdict | None, stated: str) -> Basis:
    """Tell on what the datum stands that an import takes.

    Parameters
    ----------
    decision : Decision
    verdict : DatumVerdict or None
    stated : str
        The planner's ``--datum``; "auto" for nothing.
    """
    if not decision.datum:
        return Basis(UNKNOWN)
    if verdict is None:
        return Basis(FILE if stated == "auto" else ORDER, decision.datum)
    told = OPEN
    if verdict.decision:
        told = FOR if verdict.supports(decision.datum) else AGAINST
    by = ORDER if stated != "auto" else FILE if verdict.labelled or decision.datum != "wgs84" else EVIDENCE
    against = tuple((item.layer, item.source, item.rows) for item in verdict.grounds)
    likelihood = round(verdict.confidence, 6) if told == FOR else 0.0
    instead = verdict.datum if told == AGAINST else ""
    word_of = () if told == AGAINST or verdict.is_labelled(decision.datum) else _word_of(decision, verdict)
    return Basis(by, decision.datum, told, likelihood, against if told == FOR else (), instead, word_of)


def _word_of(decision: Decision, verdict: DatumVerdict) -> Rows:
    """List whose rows spoke for what was taken; a verdict that is open may lean all the same, and the order with it."""
    name = verdict.datum or (TRUE if decision.datum in TRUE_DATUMS else decision.datum)
    spoke = ((item.layer, item.source, item.spoke_for(name)) for item in verdict.grounds)
    return tuple(one for one in spoke if one[2])
