"""The figures behind a verdict on the datum, in sentences."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ....text import NOTHING, Text, same
from ...zones import epsg_zone
from ..identity.pairs import geodesic_m
from ..references import References
from .evidence import Evidence
from .helping import layer_names
from .hypotheses import BD09, GCJ02, SWAPPED, TRUE, label_of
from .lead import deciding_words
from .limits import share
from .odds import example_rows, too_even_words
from .offsets import SCALES_M
from .positions import Positions
from .regions import near_outline
from .verdict import CERTAIN, LEAST_ROWS, Candidate, Weighed
from .vicinity import NEAR_M
from .votes import counted_words

_DIFFER_M = 60.0
_TOLD_M, _FAR_M = 5.0, 10_000.0
_TOLD = 3
_NEITHER = Text("以上依据不足以证实或否定，", "the evidence neither bears that out nor contradicts it; ")


class Told(NamedTuple):
    """A verdict in figures and words; see `DatumVerdict`."""

    candidates: tuple[Candidate, ...]
    why: Text
    details: Text
    before_m: float
    after_m: float
    lead: Text


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
    numbers: np.ndarray,
    stated: str = "auto",
    has_kin: bool = False,
    helps: tuple[str, ...] = (),
) -> Told:
    """Put a verdict in words: what it comes to, and in a second paragraph what it rests on.

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
    numbers : numpy.ndarray of int64, shape (n,)
        Row numbers of the rows of `found`.
    stated : str
        The planner's ``--datum``.
    has_kin : bool
        Something of the workspace was left out, see `kinship`.
    helps : tuple of str
        Layers that are not there yet and would tell more; see `helping.would_help`.
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
    details = [part for part in parts if part.zh]
    tested = bool(details)
    if not tested:
        is_told = _extent_tells(weighed, best, other)
        spoken = [_outside_china(weighed, best, other) if is_told else _nothing(known, has_kin)]
    else:
        spoken = []
        if rows is not None and first is not None and first.kind == "region" and abs(before - after) > _DIFFER_M:
            details.append(_residual(weighed, best, other, len(rows), before, after))
    details.append(example_rows(first, best, other, weighed.ideas, numbers))
    goes_on = chosen is None and found.labelled not in (GCJ02, BD09) and not weighed.ideas[best].is_swapped
    label = found.labelled if goes_on else ""
    if label and not tested and not _extent_tells(weighed, best, other):
        spoken = [_by_label(label, stated, _unchecked(known, has_kin))]
    else:
        untold = not tested and chosen is None
        spoken.append(_uncompared(helps) if untold else _end(weighed, chosen, by_name, is_labelled=bool(label)))
        if chosen is not None:
            spoken.append(_otherwise(weighed, chosen, other))
        if label:
            spoken.append(_by_label(label, stated, _NEITHER))
    if chosen is None and hint:
        spoken.append(_hinted(hint))
    if found.looked_at < found.rows:
        details.append(
            Text(
                f"（{found.rows:,} 行中均匀抽取 {found.looked_at:,} 行判断。）",
                f"(Judged by {found.looked_at:,} evenly spaced rows of {found.rows:,}.)",
            )
        )
    why, more = (
        Text("".join(part.zh for part in parts), " ".join(part.en for part in parts if part.en))
        for parts in (spoken, details)
    )
    lead = deciding_words(weighed, chosen, other, known, helps)
    return Told(candidates, why, more, float(residuals[_plain_reading(weighed, other)]), after, lead)


def _by_label(label: str, stated: str, fault: Text) -> Text:
    """Say that the file's own label counts, where nothing bears it out or speaks against it and why."""
    name = {"cgcs2000": same("CGCS2000"), "wgs84": same("WGS 84")}.get(label, label_of(label))
    read = Text("按标注读取", "it is read as stated")
    if stated != "auto":
        read = Text("按您指定的读取", "it is read as you stated")
    return Text(f"文件标注 {name.zh}；{fault.zh}{read.zh}。", f"The file states {name.en}; {fault.en}{read.en}.")


def _unchecked(known: References, has_kin: bool) -> Text:
    but = Text("除不作依据的数据外，", "apart from what bears out nothing ") if has_kin else NOTHING
    if known:
        return Text(
            f"{but.zh}工作区中的资料与这些行无从核对，", f"{but.en}nothing in the workspace can be held against it; "
        )
    return Text(f"{but.zh}工作区中没有可核对的数据，", f"{but.en}the workspace holds nothing to check it by; ")


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
            end = Text(
                "{yes} 行支持 {best}，{no} 行支持 {other}。", "{yes} rows speak for {best} and {no} for {other}."
            )
        else:
            end = Text(
                "界线 1.5 km 内的 {near} 行中，{yes} 行支持 {best}，{no} 行支持 {other}。",
                "of the {near} within 1.5 km of an outline {yes} speak for {best} and {no} for {other}.",
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
        "距离中位数按 {best} 为 {median} m，按 {other} 为 {was} m。",
        "{rows} rows held against {label}: by {best} {ours} lie within {radius} m (by {other} {theirs}), the median "
        "distance is {median} m by {best} and {was} m by {other}.",
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


def _nothing(known: References, has_kin: bool) -> Text:
    but = Text("除不作依据的数据外，", "Apart from what bears out nothing ") if has_kin else NOTHING
    if known:
        zh, en = (
            "工作区中的资料与这些行没有可以对照的关系。",
            "nothing in the workspace can be held against these rows.",
        )
    else:
        zh = "工作区中没有可供对照的区划、村、站址或道路。"
        en = "the workspace holds no unit, village, mast or road to hold these rows against."
    return Text(but.zh + zh, but.en + en if has_kin else en[0].upper() + en[1:])


def _residual(weighed: Weighed, best: int, other: int, rows: int, before: float, after: float) -> Text:
    if best == other or rows < LEAST_ROWS or before <= after:
        return NOTHING  # of three rows beside an outline a median tells nothing
    return Text(
        "按两种基准，{rows} 行离所属区划的距离不同，中位数：按 {best} {after} m，按 {other} {before} m。",
        "In {rows} rows the readings differ in how far they lie off their unit: a median of {after} m by {best}, of "
        "{before} m by {other}.",
    ).filled(
        rows=f"{rows:,}",
        best=weighed.ideas[best].label,
        other=weighed.ideas[other].label,
        before=_metres(before),
        after=_metres(after),
    )


def _end(weighed: Weighed, chosen: int | None, by_name: bool, *, is_labelled: bool = False) -> Text:
    order = [int(at) for at in np.argsort(-weighed.likelihood, kind="stable")]
    shares = [
        Text(f"{label.zh} {_share(weighed, at)}", f"{label.en} {_share(weighed, at)}")
        for at, label in ((at, weighed.ideas[at].label) for at in order[:_TOLD])
    ]
    if chosen is not None and by_name:
        return Text(
            "{label}，可能性 {share}：单凭位置不足以定论，但文件名也写明，且没有一行相反。",
            "{label}, likelihood {share}: the places alone do not settle it, but the file's name says so, too, and no "
            "row speaks against it.",
        ).filled(label=weighed.ideas[chosen].label, share=_share(weighed, chosen))
    rival = next((at for at in order[1:] if not weighed.is_same(order[0], at)), order[0])
    if chosen is not None:
        words = counted_words(weighed, chosen, order[0], rival)
        return Text(
            "{label}，可能性 {share}：{words}",
            "{label}, likelihood {share}: {words}",
        ).filled(label=weighed.ideas[chosen].label, share=_share(weighed, chosen), words=words)
    yes, no = weighed.witnesses(order[0], rival)
    begin = Text("依据不足，无法判定：", "The evidence does not tell: ")
    if is_labelled:
        begin = Text("单看位置，", "By the places alone ")
    names = {"one": weighed.ideas[order[0]].label, "two": weighed.ideas[rival].label}
    if weighed.likelihood[order[0]] >= CERTAIN:  # then a likelihood would read like a verdict
        for_, against = weighed.counted(order[0], rival)
        even = too_even_words(math.floor(for_), math.ceil(against))
        if even.zh:
            said = Text("论距离更像 {one}，但", "the distances are for {one}, but ")
            even = Text(even.zh, even.en[0].lower() + even.en[1:])
            return Text(begin.zh + said.zh + even.zh, begin.en + said.en + even.en).filled(**names)
    listed = Text("、".join(share.zh for share in shares), ", ".join(share.en for share in shares))
    votes = Text(
        "（前两者相比，{yes} 行支持 {one}，{no} 行支持 {two}）",
        " (of the first two: {yes} rows for {one}, {no} for {two})",
    )
    if not len(yes) and not len(no):
        votes = NOTHING
    return Text(
        begin.zh + "可能性依次为 {shares}" + votes.zh + "。", f"{begin.en}the likelihoods are {{shares}}{votes.en}."
    ).filled(shares=listed, yes=len(yes), no=len(no), **names)


def _uncompared(helps: tuple[str, ...]) -> Text:
    """Say that nothing was compared, without a likelihood: there is none but what was assumed beforehand."""
    words = Text("未作比较，无法判定坐标基准。", "Nothing was compared, and the datum cannot be told.")
    named = layer_names(helps)
    if not named.zh:
        return words
    return Text(f"{words.zh}导入{named.zh}后即可核对。", f"{words.en} It can be once {named.en} are in the workspace.")


def _otherwise(weighed: Weighed, chosen: int, other: int) -> Text:
    """Say how far off the places would be by the reading that is compared with; nothing within metres."""
    one, two = weighed.ideas[chosen], weighed.ideas[other]
    fine = np.isfinite(one.lon) & np.isfinite(one.lat) & np.isfinite(two.lon) & np.isfinite(two.lat)
    if not fine.any():
        return NOTHING
    metres = float(np.nanmedian(geodesic_m(one.lon[fine], one.lat[fine], two.lon[fine], two.lat[fine])))
    if not metres >= _TOLD_M:
        return NOTHING
    far = f"{metres / 1000:,.0f} km" if metres >= _FAR_M else f"{round(metres, -1):,.0f} m"
    return Text(
        "如按 {label} 读取，位置将偏约 {far}。", "Read as {label}, the places would be about {far} off."
    ).filled(label=two.label, far=far)


def _hinted(hint: str) -> Text:
    return Text(
        "（文件名提到 {label}，已作为提示计入。）", "(The file's name mentions {label}, which is counted as a hint.)"
    ).filled(label=label_of(hint))


def _share(weighed: Weighed, at: int) -> str:
    return share(float(weighed.likelihood[at]))
