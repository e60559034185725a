"""How many rows speak for a datum and how many against it, in one sentence that adds up."""

from __future__ import annotations

from ....text import NOTHING, Text
from .odds import odds_words
from .verdict import Weighed

_WHOLE = 0.5  # of a row


def votes_of(weighed: Weighed, one: int, other: int) -> tuple[int, int]:
    """Give how many rows speak for one hypothesis against another, and how many against it, as they are told."""
    for_, against = weighed.counted(one, other)
    return round(for_), round(against)


def counted_words(weighed: Weighed, chosen: int, best: int, rival: int) -> Text:
    """Say how many rows were compared, how many of them tell two readings apart, and what those say.

    Parameters
    ----------
    weighed : Weighed
    chosen : int
        The hypothesis that is clear.
    best, rival : int
        The likeliest hypothesis, and the next one that puts the rows elsewhere.
    """
    yes, no = weighed.witnesses(best, rival)
    for_, against = weighed.counted(best, rival)
    compared = len({int(row) for test in weighed.tests if test.kind != "extent" for row in test.rows})
    telling, votes = len(yes) + len(no), round(for_) + round(against)
    is_merged = abs(telling - for_ - against) >= _WHOLE
    begin = Text(
        "比较了 {compared} 行，其中 {telling} 行能区分两种基准",
        "{compared} rows were compared, and {telling} of them tell the two readings apart",
    )
    if is_merged:
        merged = Text("，位置相近的合并后折合 {votes} 票", "; rows close together are one, which leaves {votes} votes")
        begin = Text(begin.zh + merged.zh, begin.en + merged.en)
    one = Text("票", "votes") if is_merged else Text("行", "rows")
    if not len(no):
        end, odds = Text("：都支持 {label}，没有一行相反。", ": all for {label}, none against it."), NOTHING
    else:
        end = Text(
            "：{yes} {one}支持 {label}，{no} {one}支持 {rival}（站址离村庄本来有远有近，个别行相反是正常的）。",
            ": {yes} {one} for {label}, {no} for {rival} (masts stand near to and far from villages, so that some rows "
            "always say the contrary).",
        )
        odds = odds_words(round(for_), round(against), weighed.ideas[rival].label)
    return Text(begin.zh + end.zh + odds.zh, f"{begin.en}{end.en} {odds.en}".rstrip()).filled(
        compared=f"{compared:,}",
        telling=f"{telling:,}",
        votes=f"{votes:,}",
        yes=f"{round(for_):,}",
        no=f"{round(against):,}",
        one=one,
        label=weighed.ideas[chosen].label,
        rival=weighed.ideas[rival].label,
    )
