"""How a count of rows for and against a datum is made plain: how likely it is by chance, and rows to look up."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import bdtrc

from ....text import NOTHING, Text
from .evidence import Evidence
from .hypotheses import Hypothesis

_LEAST_ODDS = 30
_MOST_ODDS = 1_000_000
AS_SURE = 100  # the odds of a likelihood of 99 %
_SHOWN = 2
_NEAR = ("same", "seat", "masts", "dwellings", "roads")  # tests whose residual is the distance to a known thing


def chance_of(yes: int, no: int) -> float:
    """Give the probability of so many rows for, or more, where each row says either with equal odds (one-sided)."""
    return float(bdtrc(yes - 1, yes + no, 0.5)) if yes else 1.0


def _odds(yes: int, no: int) -> float:
    return min(1 / max(chance_of(yes, no), 1 / _MOST_ODDS), _MOST_ODDS)


def plain_odds(yes: int, no: int) -> int:
    """Give in how many times so uneven a count comes about once, by one figure and rounded down; 0 where often."""
    odds = _odds(yes, no)
    size = 10 ** math.floor(math.log10(odds))
    return int(odds // size * size) if odds >= _LEAST_ODDS else 0


def odds_words(yes: int, no: int, rival: Text) -> Text:
    """Say how rarely so uneven a count comes about if the rival is the datum; nothing where it is not rare.

    Were the rival right, more rows should be nearer by it; equal odds are therefore the most that it can be given.
    Where the count alone is less sure than the likelihood, which weighs the distances, too, that is said: two figures
    side by side would read like a contradiction.
    """
    odds = _odds(yes, no)
    plain = plain_odds(yes, no)
    if not plain:
        return NOTHING
    words = Text(
        f"如果实际是 {rival.zh}，更近的行应以它为多；{yes:,} 比 {no:,} 这样悬殊，偶然出现的概率低于 1/{plain:,}",
        f"Were it {rival.en}, more rows should be nearer by that; {yes:,} to {no:,} comes about by chance less than "
        f"once in {plain:,} times",
    )
    if odds >= AS_SURE:
        return Text(f"{words.zh}。", f"{words.en}.")
    return Text(
        f"{words.zh}。这只数了行数；上面的可能性还计入各行近了多少米，所以更有把握。",
        f"{words.en}. That only counts rows; the likelihood above also weighs by how many metres each is nearer, and "
        "is therefore surer.",
    )


def too_even_words(yes: int, no: int) -> Text:
    """Say that a count is not uneven enough to decide, however likely the places make it; nothing where it is."""
    odds = 1 / chance_of(yes, no)
    if odds >= _LEAST_ODDS or yes <= no:
        return NOTHING
    return Text(
        f"{yes:,} 比 {no:,} 的差别，平均每 {odds:,.0f} 次就会碰巧出现一次，不足以定论。",
        f"A count of {yes:,} to {no:,} comes about by chance once in {odds:,.0f} times, which does not settle it.",
    )


def example_rows(
    test: Evidence | None, best: int, other: int, ideas: tuple[Hypothesis, ...], numbers: np.ndarray
) -> Text:
    """Name the rows that speak most clearly for a datum, and the one that speaks most clearly against it.

    Parameters
    ----------
    test : Evidence or None
        The one that tells most; only distances to known things make examples.
    best, other : int
        Positions in `ideas`.
    numbers : numpy.ndarray of int64, shape (n,)
        Row numbers of the file, of the rows that are judged.
    """
    if test is None or test.kind not in _NEAR or best == other:
        return NOTHING
    lead = (test.residual_m[other] - test.residual_m[best]) * test.weight
    order = np.argsort(-lead, kind="stable")
    shown = [at for at in order[:_SHOWN] if lead[at] > 0]
    contrary = [at for at in order[-1:] if lead[at] < 0]
    if not shown:
        return NOTHING
    said = [_row(test, int(at), best, other, ideas, numbers) for at in shown]
    zh = f"例如（离已知{test.label.zh}的距离）：" + "；".join(part.zh for part in said)
    en = f"For example (distance to {test.label.en}): " + "; ".join(part.en for part in said)
    if contrary:
        against = _row(test, int(contrary[0]), best, other, ideas, numbers)
        zh, en = zh + f"。相反的例子：{against.zh}", en + f". Against it: {against.en}"
    return Text(zh + "。", en + ".")


def _row(test: Evidence, at: int, best: int, other: int, ideas: tuple[Hypothesis, ...], numbers: np.ndarray) -> Text:
    number = int(numbers[test.rows[at]])
    ours, theirs = (f"{test.residual_m[idea, at]:,.0f}" for idea in (best, other))
    one, two = ideas[best].label, ideas[other].label
    return Text(
        f"第 {number} 行按 {one.zh} 为 {ours} m，按 {two.zh} 为 {theirs} m",
        f"row {number} {ours} m by {one.en}, {theirs} m by {two.en}",
    )
