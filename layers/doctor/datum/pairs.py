"""A sheet with two pairs of coordinates: the one that is labelled measures the other to the metre.

A pair labelled WGS 84 or CGCS2000 is the measure; where there is none, one labelled GCJ-02 or BD-09, turned back. One
that repeats another to the digit measures nothing: two datums that differ cannot give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....text import Text
from ... import datum as datums
from ...reading.heading_words import headings_of
from ...reading.mapping import TRUE_DATUMS, Mapping, Pair
from ...sources.raw_table import RawTable
from .hypotheses import BD09, GCJ02, TRUE, are_metres, hypotheses, label_of
from .positions import both_axes, spaced

FITS_M = 5.0  # coordinates of five decimals are worth a metre; two shifts by different formulas differ by less than two
_FITS_SHARE = 0.8
_LEAST_ROWS = 3
_COPIED_SHARE = 0.99
_TURN_BACK = {GCJ02: datums.gcj02_to_wgs84, BD09: datums.bd09_to_wgs84}
_OFF_M = 30.0
_DEGREE_M = 111_200.0


@dataclass(frozen=True)
class PairCheck:
    """One pair, measured by the pair that is labelled true.

    Attributes
    ----------
    pair : Pair
    best : str
        Name of the hypothesis under which it agrees; "" for none.
    agrees : bool
        It agrees as its own label says; a pair without a label agrees under any datum.
    rows : int
    residual_m : dict of str to float
        Median residual by hypothesis.
    odd : numpy.ndarray of int64
        Positions in the table of rows whose two places lie more than 30 m apart though most agree.
    why : Text
    is_copy : bool
        It repeats the other pair to the digit though their headings do not say one datum.
    """

    pair: Pair
    best: str
    agrees: bool
    rows: int
    residual_m: dict[str, float]
    odd: np.ndarray
    why: Text
    is_copy: bool = False


def check_pairs(table: RawTable, mapping: Mapping) -> tuple[PairCheck, ...]:
    """Measure every other pair of a sheet by its labelled one; nothing where there is none, or fewer than 3 rows."""
    base = _base(mapping)
    if base is None or table.geometry is not None or len(mapping.pairs) < 2:
        return ()
    sample = spaced(len(table))
    base_raw = both_axes(table, base, sample)
    found = []
    for pair in mapping.pairs:
        if pair is base:
            continue
        raw = both_axes(table, pair, sample)
        fine = np.isfinite(np.array([*base_raw, *raw])).all(axis=0) & (np.abs(base_raw[0]) <= 180)
        if fine.sum() < _LEAST_ROWS:
            continue
        mine, other = (tuple(axis[fine] for axis in axes) for axes in (base_raw, raw))
        copied = is_copy((mine[0], mine[1]), (other[0], other[1]))
        if copied and {base.datum, pair.datum} <= {*TRUE_DATUMS}:
            continue  # WGS 84 and CGCS2000 are the same to the digit, and nothing is proved by that
        found.append(_measure(mapping, base, pair, sample[fine], (mine[0], mine[1]), (other[0], other[1]), copied))
    return tuple(found)


def _base(mapping: Mapping) -> Pair | None:
    true = next((pair for pair in mapping.pairs if pair.datum in TRUE_DATUMS), None)
    return true or next((pair for pair in mapping.pairs if pair.datum in _TURN_BACK), None)


def is_copy(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> bool:
    """Tell whether two pairs hold the same numbers in practically every row that has both."""
    fine = np.isfinite(np.array([*one, *other])).all(axis=0)
    same = (one[0][fine] == other[0][fine]) & (one[1][fine] == other[1][fine])
    return bool(len(same)) and bool(same.mean() >= _COPIED_SHARE)


def _measure(
    mapping: Mapping,
    true: Pair,
    pair: Pair,
    at: np.ndarray,
    measure: tuple[np.ndarray, np.ndarray],
    raw: tuple[np.ndarray, np.ndarray],
    copied: bool,
) -> PairCheck:
    place = _TURN_BACK[true.datum](*measure) if true.datum in _TURN_BACK else measure
    lon, lat = place
    box = (float(np.median(lon)), float(np.median(lat))) * 2
    away = {idea.name: _distance(idea.lon, idea.lat, lon, lat) for idea in hypotheses(*raw, bounds=box)}
    median = {name: round(float(np.median(metres)), 2) for name, metres in away.items()}
    best = min(median, key=lambda name: median[name]) if median else ""
    share = float(np.mean(away[best] <= FITS_M)) if best else 0.0
    fits = best != "" and median[best] <= FITS_M and share >= _FITS_SHARE
    heads, by = headings_of(mapping, pair), headings_of(mapping, true)
    words: dict[str, object] = {"heads": heads, "by": by, "rows": f"{len(at):,}"}
    if copied and not pair.datum:
        return PairCheck(pair, best, True, len(at), median, at[:0], _copied(words, true), is_copy=True)
    if not fits:
        return PairCheck(pair, "", False, len(at), median, at[:0], _unfit(words, median, true, measure, raw))
    odd = at[away[best] > _OFF_M]
    agrees = pair.datum in ("", best) or {pair.datum, best} <= {*TRUE_DATUMS}
    why = Text(
        "以“{by}”量“{heads}”：按 {best} 换算，{rows} 行的差距中位数为 {metres} m。",
        "Measured by “{by}”, “{heads}” is {best}: the median difference of {rows} rows is {metres} m.",
    ).filled(**words, best=label_of(best), metres=f"{median[best]:.1f}")
    if not agrees:
        why = Text(
            why.zh + f"这与列名标明的 {label_of(pair.datum).zh} 不符。",
            why.en + f" The headings say {label_of(pair.datum).en}.",
        )
    return PairCheck(pair, best, agrees, len(at), median, odd, why)


def _copied(words: dict[str, object], base: Pair) -> Text:
    return Text(
        "“{heads}”与标明 {label} 的“{by}”在 {rows} 行中逐位相同：是同一组数抄了两遍，不能相互印证，"
        "所标基准须另行核实。",
        "“{heads}” repeats “{by}”, which says {label}, to the digit in {rows} rows: one set of numbers written twice, "
        "which bears out nothing. Check the label by other means.",
    ).filled(**words, label=label_of(TRUE if base.datum in TRUE_DATUMS else base.datum))


def _unfit(
    words: dict[str, object],
    median: dict[str, float],
    base: Pair,
    measure: tuple[np.ndarray, np.ndarray],
    raw: tuple[np.ndarray, np.ndarray],
) -> Text:
    listed = [f"{label_of(name).en} {metres:,.0f} m" for name, metres in sorted(median.items(), key=lambda i: i[1])[:3]]
    figures = "; ".join(listed) or "—"
    why = Text(
        "“{by}”与“{heads}”两组坐标按所标基准不吻合（{rows} 行的差距中位数：{figures}）。",
        "“{by}” and “{heads}” do not agree on any datum if the former is what it says (median difference of {rows} "
        "rows: {figures}).",
    ).filled(**words, figures=figures)
    if are_metres(*raw):
        return why
    if base.datum in TRUE_DATUMS:
        for name, convert in _TURN_BACK.items():
            if np.median(_distance(*convert(*measure), *raw)) <= FITS_M:  # the labels stand on the wrong pair
                turned = Text(
                    "反过来，标明真实坐标的一组才是 {label}，另一组是 WGS 84/CGCS2000：两组列名可能写反了。",
                    " The other way round they fit: the pair that is labelled true is {label}, and the other one is "
                    "WGS 84/CGCS2000; the headings may have been exchanged.",
                ).filled(label=label_of(name))
                return Text(why.zh + turned.zh, why.en + turned.en)
        return why
    for name, convert in (*_TURN_BACK.items(), (TRUE, _as_they_stand)):
        if name != base.datum and (fit := _fitting(convert(*measure), raw)):
            told = Text(
                "两组之差恰为 {from_} 与 {to} 之差（中位数 {metres} m）：若“{heads}”是 {to}，“{by}”就是 {from_}，"
                "而不是所标的 {label}。",
                " They differ exactly as {from_} and {to} do (median {metres} m): if “{heads}” is {to}, “{by}” is "
                "{from_}, and not {label} as it says.",
            ).filled(
                **words, from_=label_of(name), to=label_of(fit[0]), metres=f"{fit[1]:.1f}", label=label_of(base.datum)
            )
            return Text(why.zh + told.zh, why.en + told.en)
    return why


def _fitting(place: tuple[np.ndarray, np.ndarray], raw: tuple[np.ndarray, np.ndarray]) -> tuple[str, float] | None:
    """Give the datum by which a pair lies at some places, the plainest first, and the median distance in metres."""
    for name, convert in ((TRUE, _as_they_stand), *_TURN_BACK.items()):
        metres = _distance(*convert(*raw), *place)
        if np.median(metres) <= FITS_M and np.mean(metres <= FITS_M) >= _FITS_SHARE:
            return name, float(np.median(metres))
    return None


def _as_they_stand(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return lon, lat


def _distance(lon: np.ndarray, lat: np.ndarray, to_lon: np.ndarray, to_lat: np.ndarray) -> np.ndarray:
    """Give metres between near places, shape (n,)."""
    east = (lon - to_lon) * np.cos(np.radians(to_lat)) * _DEGREE_M
    away: np.ndarray = np.hypot(east, (lat - to_lat) * _DEGREE_M)
    return away
