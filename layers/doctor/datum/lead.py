"""The one line of evidence that settles a datum, or why none does: what a planner reads before anything else."""

from __future__ import annotations

import numpy as np

from ....text import NOTHING, Text
from ..references import References
from .evidence import Evidence
from .helping import layer_names
from .odds import AS_SURE, plain_odds
from .standing import name_of
from .verdict import LEAST_ROWS, Weighed
from .votes import votes_of

_COINCIDES_M = 30.0  # the same thing in two lists, by hand-held receivers and roofs
_MOSTLY = 0.9
_IDENTITY = ("pair", "same")
_SITES = Text(
    "{n} 个站与{name}是同一站址（按编号或名称）：按 {best} {ours}重合（中位数 {near} m），"
    "按 {other} {theirs}错开约 {far} m。",
    "{n} sites are those of {name} (by id or name): read as {best} {ours} coincide (median {near} m), read as {other} "
    "{theirs} lie about {far} m off.",
)
_THINGS = Text(
    "{n} 行与{name}是同一对象：按 {best} {ours}重合（中位数 {near} m），按 {other} {theirs}错开约 {far} m。",
    "{n} rows are the same things as {name}: read as {best} {ours} coincide (median {near} m), read as {other} "
    "{theirs} lie about {far} m off.",
)
_UNITS = Text(
    "{n} 行应在代码所指的区划内：按 {best} 有 {ours} 行在内，按 {other} 只有 {theirs} 行。",
    "{n} rows belong in the unit of their code: read as {best} {ours} lie in it, read as {other} only {theirs}.",
)
_VOTES = Text(
    "与已知{label}对照：能区分两种基准的 {n} 行中，{yes} 行支持 {best}，{no} 行支持 {other}{odds}。",
    "Held against {label}: of {n} rows that tell them apart {yes} speak for {best}, {no} for {other}{odds}.",
)
_BY_CHANCE = Text("；偶然出现的概率低于 1/{n}", ", by chance less than once in {n} times")
_BY_DISTANCE = Text("；计入各行距离后更明确", "; surer with the distances")
_ALL_FOR = Text(
    "与已知{label}对照：能区分两种基准的 {n} 行都支持 {best}。",
    "Held against {label}: all {n} rows that tell them apart speak for {best}.",
)
_COARSE = Text(
    "已导入的区划太粗，不足以区分两种坐标基准；请先导入{names}。",
    "The units that are loaded are too coarse to tell the readings apart; import {names} first.",
)
_COARSE_ONLY = Text(
    "已导入的区划太粗，不足以区分两种坐标基准。", "The units that are loaded are too coarse to tell the readings apart."
)
_ALL = Text("全部", "all")


def deciding_words(weighed: Weighed, chosen: int | None, other: int, known: References, helps: tuple[str, ...]) -> Text:
    """Say in one sentence what decides; nothing where nothing was compared.

    Things that stand in two lists come first: they leave no doubt, while distances to what is near may say either.

    Parameters
    ----------
    weighed : Weighed
    chosen : int or None
        The hypothesis that is clear.
    other : int
        The one to compare with; see `words.contrast`.
    known : References
    helps : tuple of str
        Layers that are not there yet and would tell more.
    """
    tests = [test for test in weighed.tests if test.kind != "extent"]
    if chosen is None:
        return _too_coarse(weighed, tests, other, helps)
    if not tests or chosen == other:
        return NOTHING
    names = {"best": weighed.ideas[chosen].label, "other": weighed.ideas[other].label}
    for test in tests:
        if test.kind in _IDENTITY and (words := _same(test, chosen, other, known)).zh:
            return words.filled(**names)
    strongest = max(tests, key=lambda test: float((test.loglik[chosen] - test.loglik[other]) @ test.weight))
    if strongest.kind == "region" and (words := _inside(strongest, chosen, other)).zh:
        return words.filled(**names)
    return _voted(strongest.label, *votes_of(weighed, chosen, other)).filled(**names)


def _too_coarse(weighed: Weighed, tests: list[Evidence], other: int, helps: tuple[str, ...]) -> Text:
    """Say that units alone cannot tell, where too few rows lie beside an outline to speak at all."""
    if [test.kind for test in tests] != ["region"]:
        return NOTHING
    yes, no = votes_of(weighed, weighed.best, other)
    if yes + no >= 2 * LEAST_ROWS:
        return NOTHING
    names = layer_names(helps[:1])
    return _COARSE.filled(names=names) if names.zh else _COARSE_ONLY


def _same(test: Evidence, chosen: int, other: int, known: References) -> Text:
    """Put a test of identity in words with two places left open; nothing where the things do not coincide."""
    ours, theirs = test.residual_m[chosen], test.residual_m[other]
    near, far = float(np.median(ours)), float(np.median(theirs))
    hits, misses = int((ours < _COINCIDES_M).sum()), int((theirs >= _COINCIDES_M).sum())
    if hits < max(LEAST_ROWS, _MOSTLY * len(ours)) or far - near < _COINCIDES_M or far < 2 * _COINCIDES_M:
        return NOTHING
    held: list[tuple[str, str]] = []
    if test.held is not None:
        numbers, counts = np.unique(test.held[test.held >= 0], return_counts=True)
        order = np.lexsort((numbers, -counts))
        held = [known.holdings.names[int(at)] for at in numbers[order]]
    name = _named(held[0]) if held else test.label
    if len(held) > 1:
        name = Text(f"{name.zh}等", f"{name.en} and others")
    form = _SITES if held and all(layer == "base_stations" for layer, _ in held) else _THINGS
    total = len(ours)
    return form.filled(
        n=f"{total:,}",
        name=name,
        ours=_of(hits, total),
        theirs=_of(misses, total),
        near=f"{near:.0f}",
        far=f"{far:,.0f}",
        best="{best}",
        other="{other}",
    )


def _named(held: tuple[str, str]) -> Text:
    """Name a source by its file alone: the sentence says what the rows are."""
    file = held[1].partition("|")[0]
    return Text(f"“{file}”", f"“{file}”") if file else name_of(held)


def _of(count: int, total: int) -> Text:
    return _ALL if count == total else Text(f"{count:,} 个", f"{count:,}")


def _inside(test: Evidence, chosen: int, other: int) -> Text:
    """Say how many rows lie in the unit of their code, with two places left open; nothing if too few more."""
    ours, theirs = (int((test.residual_m[idea] == 0).sum()) for idea in (chosen, other))
    if ours - theirs < LEAST_ROWS:
        return NOTHING
    counts = {"n": f"{len(test.residual_m[chosen]):,}", "ours": f"{ours:,}", "theirs": f"{theirs:,}"}
    return _UNITS.filled(**counts, best="{best}", other="{other}")


def _voted(label: Text, yes: int, no: int) -> Text:
    """Say how many rows speak for each reading, with two places left open; nothing where no more do."""
    if yes <= no:
        return NOTHING
    if not no:
        return _ALL_FOR.filled(label=label, n=f"{yes:,}", best="{best}")
    rarely = plain_odds(yes, no)
    # Of a count less sure than the verdict no odds are told: two figures side by side would read like a contradiction.
    odds = _BY_CHANCE.filled(n=f"{rarely:,}") if rarely >= AS_SURE else _BY_DISTANCE
    return _VOTES.filled(
        label=label, n=f"{yes + no:,}", yes=f"{yes:,}", no=f"{no:,}", odds=odds, best="{best}", other="{other}"
    )
