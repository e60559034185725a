"""What one test of the evidence gives: how far each row is off under each hypothesis, and what that says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....text import Text

CAP = 3.0  # no single row counts for more than a likelihood ratio of e³, about 20: any row may be wrong in itself


@dataclass(frozen=True)
class Evidence:
    """One test.

    Attributes
    ----------
    kind : str
        "region", "same", "seat", "masts", "dwellings", "roads", "pair", "vicinity" or "extent".
    label : Text
        What the rows were held against.
    rows : numpy.ndarray of int64, shape (m,)
        The rows that could be judged.
    residual_m : numpy.ndarray of float64, shape (H, m)
        How far each row is off under each hypothesis, metres.
    loglik : numpy.ndarray of float64, shape (H, m)
        What it says, natural logarithm, up to a constant a row; at most `CAP` between two hypotheses.
    weight : numpy.ndarray of float64, shape (m,)
        1, or less where rows may share one error and must not count as so many witnesses.
    east_m, north_m : numpy.ndarray of float64, shape (H, m), or None
        The offset as a vector, where there is one.
    held : numpy.ndarray of int64, shape (m,), or None
        What each row was held against: position in `References.holdings`.
    """

    kind: str
    label: Text
    rows: np.ndarray
    residual_m: np.ndarray
    loglik: np.ndarray
    weight: np.ndarray
    east_m: np.ndarray | None = None
    north_m: np.ndarray | None = None
    held: np.ndarray | None = None
