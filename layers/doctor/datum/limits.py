"""How sure a verdict can be at most: by the number of rows that speak, and by what they were held against.

The rows. Let every independent row that tells two hypotheses apart speak for the true one with one unknown chance, of
which nothing is known beforehand (uniform from 0 to 1). After n rows that agree it is Beta(n + 1, 1), and the odds
that it is above one half are 2^(n+1) − 1: 3 for one row, 63 for five, 511 for eight (Bayes' rule with a uniform prior;
Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4). The rows weigh no more than that, however far each of them
lies off. A row against takes away one of those for; whether so many of either may be chance is tested in `verdict`.

What they were held against. All rows err together where that is on another datum than the workspace takes it for.
Of the likelihood of the best hypothesis a share goes to the others: the doubt about what the rows were held against
(`standing.doubt`, the mean over the rows), never under one in a thousand. So no likelihood is 100 %.
"""

from __future__ import annotations

import math

import numpy as np

from .standing import DECLARED

_LN_2 = math.log(2.0)


def most_lead(rows_for: float, rows_against: float) -> float:
    """Give how much some rows may weigh together, natural logarithm of the odds; 0 where as many are against."""
    more = max(rows_for - rows_against, 0.0) + 1.0
    return more * _LN_2 + math.log1p(-math.exp(-more * _LN_2))  # ln(2^more − 1), for any number of rows


def doubted(likelihood: np.ndarray, best: int, apart: np.ndarray, doubt: float) -> np.ndarray:
    """Take a share from the likelihood of the best hypothesis, and give it to the others.

    Parameters
    ----------
    likelihood : numpy.ndarray of float64, shape (H,)
        All together 1.
    best : int
    apart : numpy.ndarray of float64, shape (H,)
        What each would be worth without the references that are doubted; the others get their part by it.
    doubt : float
        The share, 0 to 1.
    """
    others = np.where(np.arange(len(likelihood)) == best, 0.0, apart)
    if others.sum() <= 0:
        return likelihood
    taken = max(doubt, DECLARED) * likelihood[best]
    found: np.ndarray = likelihood + taken * others / others.sum()
    found[best] -= taken
    return found


def share(likelihood: float) -> str:
    """Write a likelihood: never 100 % and never 0, and no finer than the model is good for."""
    if likelihood >= 0.99:
        return "> 99%"
    if likelihood < 0.01:
        return "< 1%"
    return f"{likelihood:.1%}" if likelihood >= 0.95 else f"{likelihood:.0%}"
