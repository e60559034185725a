"""Carry out, or not, a correction of single rows' coordinates, and judge it on its result before it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...text import NOTHING, Text
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.kind import APPLY
from ..findings.treatments import RowTreatments
from ..table import Floats
from .reasons import Reasons

FIELD = "geometry"
DOUBTFUL = "doubtful_correction"
TWIN = "corrected_duplicate"
MISPLACED = frozenset(("swapped", "scaled", "wrong_sign", "packed_dms"))
_WHOLE_FILE = 0.5  # share of the rows from which on a correction is that of a file, which its own findings judge
_DOUBTFUL_CONFIDENCE = 0.4
_TWIN_CONFIDENCE = 0.6  # that it is a copy, whose correction is not wanted


@dataclass(frozen=True)
class Proposal:
    """Rows that would be put right, as they would stand.

    Attributes
    ----------
    at : numpy.ndarray of int64, shape (m,)
        Positions.
    coordinates : numpy.ndarray of float64, shape (m, 2)
        East and north in the terms of the file: degrees, or metres.
    places : numpy.ndarray of float64, shape (m, 2)
        CGCS2000 longitude and latitude, degrees.
    standing : numpy.ndarray of float64, shape (n, 2)
        East and north of all rows of the file as they stand, NaN where there are none.
    others : callable
        Gives the CGCS2000 longitude and latitude of the other rows, shape (n, 2), NaN for the rows of the proposal.
    """

    at: np.ndarray
    coordinates: np.ndarray
    places: np.ndarray
    standing: np.ndarray
    others: Callable[[], np.ndarray]


class Caution(NamedTuple):
    """What speaks against the result of a correction: words, empty for nothing, and whether the row is a copy."""

    words: Text = NOTHING
    is_twin: bool = False


Doubt = Callable[[Proposal], Sequence[Caution]]
"""Says of every row of a proposal what speaks against its result."""


def no_doubt(proposal: Proposal) -> Sequence[Caution]:
    """Say nothing against any row."""
    return [Caution()] * len(proposal.at)


@dataclass(frozen=True)
class Judging:
    """What rows are judged with: the planner's choices, and where the outcome goes.

    Attributes
    ----------
    words : callable
        Gives the coordinates of the row at a position as they stand in the file.
    convert : callable
        Turns longitudes and latitudes of the file into CGCS2000, to show a proposal on the map.
    doubt : Doubt
        Judges a proposal on its result, before it is accepted.
    """

    treatments: RowTreatments
    aside: Reasons
    findings: Findings
    words: Callable[[int], str]
    convert: Callable[[Floats, Floats], tuple[Floats, Floats]]
    doubt: Doubt = no_doubt

    def settle(
        self,
        code: str,
        at: np.ndarray,
        x: Floats,
        y: Floats,
        why: Text = NOTHING,
        confidence: float | Floats = 1.0,
        standing: tuple[Floats, Floats] | None = None,
    ) -> np.ndarray:
        """Note a finding with its proposal; give the mask of the rows to change, and set the others aside.

        Rows whose result is itself doubtful are a finding of their own kind, with a choice of its own: who accepts the
        correction of a kind has not accepted theirs. One that seems to be a copy of another row is advised against:
        nothing is proposed for it.

        Parameters
        ----------
        code : str
        at : numpy.ndarray of int64, shape (m,)
        x, y : numpy.ndarray of float64, shape (m,)
            As proposed, in the terms of the file.
        why, confidence
        standing : tuple of numpy.ndarray of float64, shape (n,), optional
            All rows of the file as they stand; without them the result is not judged.
        """
        places = np.column_stack(self.convert(x, y))
        cautions = self._cautions(at, np.column_stack((x, y)), places, standing)
        apply = np.zeros(len(at), dtype=bool)
        sure = np.broadcast_to(np.asarray(confidence, dtype=np.float64), len(at))
        kinds = np.array(
            [TWIN if one.is_twin else DOUBTFUL if one.words.zh else code for one in cautions], dtype=object
        )
        proposed = np.array([f"{lon:.10g}, {lat:.10g}" for lon, lat in zip(x, y)], dtype=object)
        originals = np.array([self.words(int(one)) for one in at], dtype=object)
        for own in (code, DOUBTFUL, TWIN):
            part = np.flatnonzero(kinds == own)
            limit = {DOUBTFUL: _DOUBTFUL_CONFIDENCE, TWIN: _TWIN_CONFIDENCE}.get(own, 1.0)
            self.findings.add(
                own,
                at[part],
                field=FIELD,
                values=originals[part],
                proposed="" if own == TWIN else proposed[part],
                why=why
                if own == code
                else [_doubted(own, code, cautions[one].words, proposed[one]) for one in part.tolist()],
                confidence=np.minimum(sure[part], limit),
                places=places[part],
            )
            apply[part] = self.treatments.where(own, at[part], APPLY)
            for one in part[~apply[part]].tolist():
                was, better = originals[one], proposed[one]
                detail = Text(f"{was}；可能应为 {better}", f"{was}; perhaps {better}")
                if own != code:
                    caution = cautions[one].words
                    but = _BUT[own]
                    detail = Text(f"{detail.zh}；{but.zh}{caution.zh}", f"{detail.en}; {but.en}{caution.en}")
                self.aside.add([at[one]], code, detail, FIELD, str(was))  # whatever the doubt, this is what is wrong
        return apply

    def _cautions(
        self, at: np.ndarray, coordinates: np.ndarray, places: np.ndarray, standing: tuple[Floats, Floats] | None
    ) -> Sequence[Caution]:
        if standing is None:
            return [Caution()] * len(at)
        x, y = (axis.copy() for axis in standing)  # those of the rows change as they are settled
        if len(at) > _WHOLE_FILE * np.isfinite(x).sum():
            return [Caution()] * len(at)

        def others() -> np.ndarray:
            lone_x, lone_y = x.copy(), y.copy()
            lone_x[at], lone_y[at] = np.nan, np.nan
            return np.column_stack(self.convert(lone_x, lone_y))

        return self.doubt(Proposal(at, coordinates, places, np.column_stack((x, y)), others))


_BUT = {
    DOUBTFUL: Text("但改正后仍可疑：", "but corrected it is still doubtful: "),
    TWIN: Text("多半是另一行的重复：", "most likely a copy of another row: "),
}


def _doubted(own: str, code: str, caution: Text, proposed: str) -> Text:
    """Say what is wrong and what speaks against the correction, in as few words as a choice needs."""
    zh, en = KINDS[code].label
    if own == TWIN:  # nothing is proposed, so that no other cell says it
        zh, en = f"{zh}（应为 {proposed}）", f"{en} (corrected: {proposed})"
    return Text(f"{zh}；{caution.zh}", f"{en}; {caution.en}")
