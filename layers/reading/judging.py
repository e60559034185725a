"""Carry out, or not, a correction of single rows' coordinates, and judge it on its result before it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
MISPLACED = frozenset(("swapped", "scaled", "wrong_sign", "packed_dms"))
_WHOLE_FILE = 0.5  # share of the rows from which on a correction is that of a file, which its own findings judge
_DOUBTFUL_CONFIDENCE = 0.4


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


Doubt = Callable[[Proposal], Sequence[Text]]
"""Says of every row of a proposal what speaks against its result; `NOTHING` where nothing does."""


def no_doubt(proposal: Proposal) -> Sequence[Text]:
    """Say nothing against any row."""
    return [NOTHING] * len(proposal.at)


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
        correction of a kind has not accepted theirs.

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
        doubtful = np.array([bool(caution.zh) for caution in cautions], dtype=bool)
        proposed = np.array([f"{lon:.10g}, {lat:.10g}" for lon, lat in zip(x, y)], dtype=object)
        originals = np.array([self.words(int(one)) for one in at], dtype=object)
        for own, part in ((code, np.flatnonzero(~doubtful)), (DOUBTFUL, np.flatnonzero(doubtful))):
            self.findings.add(
                own,
                at[part],
                field=FIELD,
                values=originals[part],
                proposed=proposed[part],
                why=why if own == code else [_doubted(code, why, cautions[one]) for one in part.tolist()],
                confidence=sure[part] if own == code else np.minimum(sure[part], _DOUBTFUL_CONFIDENCE),
                places=places[part],
            )
            apply[part] = self.treatments.where(own, at[part], APPLY)
            for one in part[~apply[part]].tolist():
                was, better = originals[one], proposed[one]
                detail = Text(f"{was}；可能应为 {better}", f"{was}; perhaps {better}")
                if own == DOUBTFUL:
                    caution = cautions[one]
                    zh = f"{detail.zh}；但改正后仍可疑：{caution.zh}"
                    detail = Text(zh, f"{detail.en}; but doubtful when corrected: {caution.en}")
                self.aside.add([at[one]], code, detail, FIELD, str(was))  # whatever the doubt, this is what is wrong
        return apply

    def _cautions(
        self, at: np.ndarray, coordinates: np.ndarray, places: np.ndarray, standing: tuple[Floats, Floats] | None
    ) -> Sequence[Text]:
        if standing is None:
            return [NOTHING] * len(at)
        x, y = (axis.copy() for axis in standing)  # those of the rows change as they are settled
        if len(at) > _WHOLE_FILE * np.isfinite(x).sum():
            return [NOTHING] * len(at)

        def others() -> np.ndarray:
            lone_x, lone_y = x.copy(), y.copy()
            lone_x[at], lone_y[at] = np.nan, np.nan
            return np.column_stack(self.convert(lone_x, lone_y))

        return self.doubt(Proposal(at, coordinates, places, np.column_stack((x, y)), others))


def _doubted(code: str, why: Text, caution: Text) -> Text:
    label = KINDS[code].label
    zh, en = (f"{label.zh}；{why.zh}", f"{label.en}; {why.en}") if why.zh else label
    return Text(f"{zh}。但改正后仍可疑：{caution.zh}", f"{en}. But corrected it is still doubtful: {caution.en}")
