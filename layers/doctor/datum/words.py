"""The figures behind a verdict on the datum, in sentences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....text import NOTHING, Text
from ..references import References
from .evidence import Evidence
from .hypotheses import SWAPPED, TRUE, label_of
from .offsets import SCALES_M
from .positions import Positions
from .regions import near_outline
from .verdict import CERTAIN, Candidate, Weighed, epsg_zone
from .vicinity import NEAR_M

_DIFFER_M = 60.0
_TOLD = 3


class Told(NamedTuple):
    """A verdict in figures and words; see `DatumVerdict`."""

    candidates: tuple[Candidate, ...]
    why: Text
    before_m: float
    after_m: float


def contrast(weighed: Weighed, found: Positions) -> int:
    """Give the hypothesis to compare the likeliest with: the numbers as they stand, else the next likeliest."""
    best, names = weighed.best, [idea.name for idea in weighed.ideas]
    if TRUE in names and names[best] != TRUE:
        return names.index(TRUE)
    for at, name in enumerate(names):
        zone = epsg_zone(name)
        if at != best and found.zone is not None and zone is not None and zone[0] == found.zone[0]:
            return at
    order = [int(at) for at in np.argsort(-weighed.likelihood, kind="stable") if at != best]
    return order[0] if order else best


def tell(
    weighed: Weighed,
    chosen: int | None,
    other: int,
    columns: list[np.ndarray],
    known: References,
    found: Positions,
    *,
    by_name: bool,
    hint: str,
) -> Told:
    """Put a verdict in words.

    Parameters
    ----------
    weighed : Weighed
    chosen : int or None
        The hypothesis that is clear.
    other : int
        The one to compare with; see `contrast`.
    columns, known, found
        As in `datum_evidence.weigh`.
    by_name : bool
        The verdict leans on the file's name.
    hint : str
        Datum that the file's name mentions, "" for none.
    """
    best = weighed.best if chosen is None else chosen
    first = _telling(weighed, best, other)
    rows = _differing(first, best, other) if first is not None else None
    residuals = np.full(len(weighed.ideas), np.nan)
    if first is not None and rows is not None and len(rows):
        residuals = np.median(first.residual_m[:, rows], axis=1)
    candidates = _candidates(weighed, residuals)
    before, after = float(residuals[other]), float(residuals[best])
    parts = [_sentence(test, weighed, best, other, columns, known) for test in weighed.tests if test.kind != "extent"]
    spoken = [part for part in parts if part.zh]
    if not spoken:
        spoken = [_outside_china(weighed, best, other) if _extent_tells(weighed, best, other) else _nothing(known)]
    elif rows is not None and first is not None and first.kind == "region" and abs(before - after) > _DIFFER_M:
        spoken.append(_residual(weighed, best, other, len(rows), before, after))
    spoken.append(_end(weighed, chosen, by_name))
    if chosen is None and hint:
        spoken.append(_hinted(hint))
    if found.looked_at < found.rows:
        spoken.append(
            Text(
                f"（{found.rows:,} 行中均匀抽取 {found.looked_at:,} 行判断。）",
                f"(Judged by {found.looked_at:,} evenly spaced rows of {found.rows:,}.)",
            )
        )
    why = Text("".join(part.zh for part in spoken), " ".join(part.en for part in spoken))
    return Told(candidates, why, float(residuals[_plain_reading(weighed, other)]), after)


def _plain_reading(weighed: Weighed, other: int) -> int:
    """Give the hypothesis that takes the numbers as they stand; for metres the one that `contrast` gives."""
    names = [idea.name for idea in weighed.ideas]
    return next((names.index(name) for name in (TRUE, SWAPPED + TRUE) if name in names), other)


def _telling(weighed: Weighed, best: int, other: int) -> Evidence | None:
    tests = [test for test in weighed.tests if test.kind != "extent"]
    if not tests:
        return None
    gains = [float((test.loglik[best] - test.loglik[other]) @ test.weight) for test in tests]
    return tests[int(np.argmax(gains))]


def _differing(test: Evidence, best: int, other: int) -> np.ndarray:
    lead = np.abs(test.residual_m[best] - test.residual_m[other])
    rows = np.flatnonzero(lead > _DIFFER_M) if test.kind == "region" else np.arange(len(lead))
    return rows if len(rows) else np.arange(len(lead))


def _candidates(weighed: Weighed, residuals: np.ndarray) -> tuple[Candidate, ...]:
    order = [int(at) for at in np.argsort(-weighed.likelihood, kind="stable")]
    region = next((test for test in weighed.tests if test.kind == "region"), None)
    judged = weighed.judged if len(weighed.tests) < 2 else _judged(weighed)
    found = []
    for at in order:
        rival = next((item for item in order if item != at), at)
        yes, no = weighed.witnesses(at, rival)
        inside = float(np.mean(region.residual_m[at] == 0)) if region is not None else float("nan")
        idea = weighed.ideas[at]
        likelihood = float(weighed.likelihood[at])
        found.append(
            Candidate(
                idea.name, idea.label, likelihood, len(yes), len(no), int(judged.sum()), float(residuals[at]), inside
            )
        )
    return tuple(found)


def _judged(weighed: Weighed) -> np.ndarray:
    judged = np.zeros(len(weighed.judged), dtype=bool)
    for test in weighed.tests:
        if test.kind != "extent":
            judged[test.rows] = True
    return judged


def _sentence(
    test: Evidence, weighed: Weighed, best: int, other: int, columns: list[np.ndarray], known: References
) -> Text:
    values: dict[str, object] = {"best": weighed.ideas[best].label, "other": weighed.ideas[other].label}
    values |= {"label": test.label, "rows": f"{len(test.rows):,}"}
    ours, theirs = test.residual_m[best], test.residual_m[other]
    if test.kind == "region":
        lead = test.loglik[best] - test.loglik[other]
        values |= {"ours": f"{int((ours == 0).sum()):,}", "theirs": f"{int((theirs == 0).sum()):,}"}
        yes, no = int((lead > 0).sum()), int((lead < 0).sum())
        near = near_outline(weighed.ideas[best], columns, known, test.rows)
        values |= {"near": f"{near:,}", "yes": f"{yes:,}", "no": f"{no:,}"}
        words = Text(
            "按 {best}，{rows} 行中 {ours} 行落在其代码或县名所指的区划内（按 {other} 为 {theirs} 行）；",
            "By {best}, {ours} of {rows} rows lie in the unit that their code or county name gives (by {other} "
            "{theirs});",
        )
        if yes + no > near:  # hundreds of kilometres, and not a shift that only shows beside an outline
            end = Text("{yes} 行支持前者，{no} 行相反。", "{yes} rows speak for the former and {no} against it.")
        else:
            end = Text(
                "界线 1.5 km 内的 {near} 行中，{yes} 行支持前者，{no} 行相反。",
                "of the {near} within 1.5 km of an outline {yes} speak for the former and {no} against it.",
            )
        return Text(words.zh + end.zh, f"{words.en} {end.en}").filled(**values)
    if test.kind == "vicinity":
        values |= {"radius": f"{NEAR_M / 1000:.0f}", "ours": f"{int((ours < NEAR_M).sum()):,}"}
        values |= {"theirs": f"{int((theirs < NEAR_M).sum()):,}"}
        return Text(
            "按 {best}，{rows} 行中 {ours} 行在已导入的区划内，或距已知村庄、站址不足 {radius} km"
            "（按 {other} 为 {theirs} 行）。",
            "By {best}, {ours} of {rows} rows lie in a unit that is loaded or within {radius} km of a known village or "
            "mast (by {other} {theirs}).",
        ).filled(**values)
    gaps = [(int((ours < size).sum()) - int((theirs < size).sum()), -size) for size in SCALES_M]
    radius = -max(gaps)[1]
    values |= {"radius": f"{radius:,.0f}", "ours": f"{int((ours < radius).sum()):,}"}
    values |= {"theirs": f"{int((theirs < radius).sum()):,}"}
    values |= {"median": _metres(float(np.median(ours))), "was": _metres(float(np.median(theirs)))}
    return Text(
        "与已知{label}对照 {rows} 行：按 {best}，{ours} 行相距不到 {radius} m（按 {other} 为 {theirs} 行），"
        "距离中位数 {median} m（{was} m）。",
        "{rows} rows held against {label}: by {best} {ours} lie within {radius} m (by {other} {theirs}), the median "
        "distance is {median} m ({was} m).",
    ).filled(**values)


def _metres(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def _extent_tells(weighed: Weighed, best: int, other: int) -> bool:
    extent = next(test for test in weighed.tests if test.kind == "extent")
    return bool((extent.loglik[best] != extent.loglik[other]).any())


def _outside_china(weighed: Weighed, best: int, other: int) -> Text:
    extent = next(test for test in weighed.tests if test.kind == "extent")
    counts = [f"{int((extent.residual_m[at] == 0).sum()):,}" for at in (best, other)]
    return Text(
        "按 {best}，{rows} 行中 {ours} 行在中国范围内（按 {other} 为 {theirs} 行）。",
        "By {best}, {ours} of {rows} rows lie within China's extent (by {other} {theirs}).",
    ).filled(
        best=weighed.ideas[best].label,
        other=weighed.ideas[other].label,
        rows=f"{len(extent.rows):,}",
        ours=counts[0],
        theirs=counts[1],
    )


def _nothing(known: References) -> Text:
    if known:
        return Text(
            "工作区中的资料与这些行没有可以对照的关系。", "Nothing in the workspace can be held against these rows."
        )
    return Text(
        "工作区中没有可供对照的区划、村、站址或道路。",
        "The workspace holds no unit, village, mast or road to hold these rows against.",
    )


def _residual(weighed: Weighed, best: int, other: int, rows: int, before: float, after: float) -> Text:
    if best == other:
        return NOTHING
    return Text(
        "在两者有别的 {rows} 行中，偏差中位数按 {other} 为 {before} m，按 {best} 为 {after} m。",
        "In the {rows} rows in which the two differ, the median residual is {before} m by {other} and {after} m by "
        "{best}.",
    ).filled(
        rows=f"{rows:,}",
        best=weighed.ideas[best].label,
        other=weighed.ideas[other].label,
        before=_metres(before),
        after=_metres(after),
    )


def _end(weighed: Weighed, chosen: int | None, by_name: bool) -> Text:
    order = [int(at) for at in np.argsort(-weighed.likelihood, kind="stable")]
    shares = [
        Text(f"{label.zh} {_share(weighed, at)}", f"{label.en} {_share(weighed, at)}")
        for at, label in ((at, weighed.ideas[at].label) for at in order[:_TOLD])
    ]
    if chosen is not None and by_name:
        return Text(
            "单凭位置不足以定论，但文件名也写明 {label}，且没有一行相反：可能性 {share}。",
            "The places alone do not settle it, but the file's name says {label}, too, and no row speaks against it: "
            "likelihood {share}.",
        ).filled(label=weighed.ideas[chosen].label, share=_share(weighed, chosen))
    if chosen is not None:
        return Text("{label} 的可能性为 {share}。", "The likelihood of {label} is {share}.").filled(
            label=weighed.ideas[chosen].label, share=_share(weighed, chosen)
        )
    rival = next((at for at in order[1:] if not weighed.is_same(order[0], at)), order[0])
    yes, no = weighed.witnesses(order[0], rival)
    listed = Text("、".join(share.zh for share in shares), ", ".join(share.en for share in shares))
    return Text(
        "依据不足，无法判定：可能性依次为 {shares}；能区分前两者的有 {count} 行（{yes} 行支持，{no} 行相反）。",
        "The evidence does not tell: the likelihoods are {shares}; {count} rows separate the first two ({yes} for, "
        "{no} against).",
    ).filled(shares=listed, count=len(yes) + len(no), yes=len(yes), no=len(no))


def _hinted(hint: str) -> Text:
    return Text(
        "（文件名提到 {label}，已作为提示计入。）", "(The file's name mentions {label}, which is counted as a hint.)"
    ).filled(label=label_of(hint))


def _share(weighed: Weighed, at: int) -> str:
    share = float(weighed.likelihood[at])
    if share > 0.9999:
        return "> 99.99%"
    if share < 0.0001:
        return "< 0.01%"
    return f"{share:.2%}" if share >= CERTAIN or share < 0.01 else f"{share:.0%}"
