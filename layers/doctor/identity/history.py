"""Villages that had another code before: renamed codes, and codes that were merged into one.

Against rows that stay in the workspace (another source) only a name speaks: the same name within `RENAMED_M` under
another code, or two earlier names within the new one within `MERGED_M`. Against the rows that the import replaces (an
earlier edition of the same source) the earlier code must be gone besides, and a village that is gone may have been
merged into the one of its town that has gained its people (`GAINED`), or else into its nearest neighbour. The
distances and shares are choices of this project, in no standard. Confidence: renamed 0.9, or 0.6 without a place;
merged 0.8 by the people, 0.7 by the names, 0.5 by nearness only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ....text import Text
from ...findings.findings import Findings
from ...table import LayerTable
from .columns import among, lon_lat, other_rows, texts
from .names import numbered, stem_of_village
from .pairs import near_between

RENAMED_M = 1000.0
MERGED_M = 3000.0
NEIGHBOUR_M = 1500.0
GAINED = 0.02  # of people and households, how far a sum may be off
_FEWEST_PEOPLE = 20  # below which a gain says nothing
_FEW_GONE = 0.3  # share of a town's codes that may vanish before the file looks like a part of it only


_COUNTED = ("population", "households")


@dataclass(frozen=True)
class _Villages:
    """What is known of a set of villages; all of shape (n,)."""

    codes: np.ndarray
    names: np.ndarray
    stems: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    towns: np.ndarray
    related: np.ndarray
    people: np.ndarray
    households: np.ndarray


def _villages(table: LayerTable, *, old: bool = False) -> _Villages:
    names = texts(table, "village_name")
    numbers, uniques = pd.factorize(names)
    stems = np.array([stem_of_village(str(name)) for name in uniques], dtype=object)[numbers]
    towns = np.array(
        [f"{a}/{b}" if a and b else "" for a, b in zip(texts(table, "county_name"), texts(table, "town_name"))], object
    )
    related = np.array(other_rows(table, np.arange(len(table))) if old else [""] * len(table), dtype=object)
    counted = [table.columns[name].astype("Float64").to_numpy(np.float64, na_value=np.nan) for name in _COUNTED]
    return _Villages(texts(table, "village_code"), names, stems, *lon_lat(table), towns, related, *counted)


def code_history(
    table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable], earlier: LayerTable | None = None
) -> Findings:
    """Find villages that the workspace holds under another code.

    Parameters
    ----------
    table : LayerTable
        Villages.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        ``villages``: those of other sources.
    earlier : LayerTable, optional
        The rows of the same source that the import replaces.
    """
    found = Findings()
    new = _villages(table)
    sources = ((others.get("villages"), False), (earlier, True))
    known = [(_villages(one, old=True), gone) for one, gone in sources if one is not None and len(one)]
    if not known or not len(table):
        return found
    fresh = ~among(new.codes, np.concatenate([old.codes for old, _ in known]))
    told: set[int] = set()
    for old, gone in known:
        town = np.array([code[:9] for code in old.codes], dtype=object)
        lost = ~among(old.codes, new.codes)
        renamed = _renamed(new, np.flatnonzero(fresh), old, np.flatnonzero(lost), gone)
        absorbed = _named_within(new, np.flatnonzero(fresh), old, np.flatnonzero(lost))
        for row, olds in absorbed.items():
            if row not in told:
                told.add(row)
                _say_merged(found, positions, new, row, old, sorted(olds | {renamed.get(row, -1)} - {-1}), 0.7)
        merged = {one for olds in absorbed.values() for one in olds}
        for row, one in renamed.items():
            if row not in told:
                told.add(row)
                _say_renamed(found, positions, new, row, old, one)
        if gone:
            left = set(np.flatnonzero(lost).tolist()) - merged - set(renamed.values())
            gained = _gained(new, old, sorted(left))
            for row, ones in gained.items():
                if row not in told:
                    told.add(row)
                    _say_merged(found, positions, new, row, old, ones, 0.8)
            rest = np.array(sorted(left - {one for ones in gained.values() for one in ones}), dtype=np.int64)
            for row, near in _neighbours(new, old, rest, town, lost).items():
                if row not in told:
                    _say_merged(found, positions, new, row, old, near, 0.5)
    return found


def _renamed(new: _Villages, rows: np.ndarray, old: _Villages, lost: np.ndarray, gone: bool) -> dict[int, int]:
    """Give the earlier village of the same name for new ones, one for one, the nearest first."""
    both = numbered(np.concatenate((new.stems[rows], old.stems[lost])), str)
    groups = both[: len(rows)], both[len(rows) :]
    pairs = near_between((new.lon[rows], new.lat[rows]), (old.lon[lost], old.lat[lost]), RENAMED_M, groups)
    one, two = rows[pairs.first], lost[pairs.second]
    if not gone:  # a residents' and a villagers' committee of one name stand side by side
        alike = np.array([_resident(a) == _resident(b) for a, b in zip(new.codes[one], old.codes[two])], dtype=bool)
        one, two, metres = one[alike], two[alike], pairs.metres[alike]
    else:
        metres = pairs.metres
    found: dict[int, int] = {}
    taken: set[int] = set()
    for k in np.lexsort((two, one, metres)).tolist():
        if int(one[k]) not in found and int(two[k]) not in taken:
            found[int(one[k])] = int(two[k])
            taken.add(int(two[k]))
    return found | _renamed_without_place(new, rows, old, lost, found, taken)


def _renamed_without_place(
    new: _Villages, rows: np.ndarray, old: _Villages, lost: np.ndarray, found: dict[int, int], taken: set[int]
) -> dict[int, int]:
    """Pair what has no place by county, town and name, where each stands there once only."""
    by_name: dict[tuple[str, str], list[int]] = {}
    for at in lost.tolist():
        if at not in taken and old.towns[at]:
            by_name.setdefault((old.towns[at], old.stems[at]), []).append(at)
    more: dict[int, int] = {}
    for row in rows.tolist():
        match = by_name.get((new.towns[row], new.stems[row]), [])
        if row in found or len(match) != 1 or (np.isfinite(new.lon[row]) and np.isfinite(old.lon[match[0]])):
            continue
        if _resident(new.codes[row]) == _resident(old.codes[match[0]]):
            more[row] = match[0]
    return more


def _named_within(new: _Villages, rows: np.ndarray, old: _Villages, lost: np.ndarray) -> dict[int, set[int]]:
    """Give for new villages the earlier ones nearby that their name is made of, where these are at least two."""
    pairs = near_between((new.lon[rows], new.lat[rows]), (old.lon[lost], old.lat[lost]), MERGED_M)
    near: dict[int, list[int]] = {}
    for row, one in zip(rows[pairs.first].tolist(), lost[pairs.second].tolist()):
        near.setdefault(row, []).append(one)
    found = {}
    for row, olds in near.items():
        stem = new.stems[row]
        whole = {one for one in olds if old.stems[one] and old.stems[one] in stem and old.stems[one] != stem}
        if len({old.stems[one] for one in whole}) >= 2:
            found[row] = whole
    return found


def _gained(new: _Villages, old: _Villages, left: list[int]) -> dict[int, list[int]]:
    """Give the villages that kept their code and gained just the people and households of one that is gone.

    Only within the town, and only where a single village has gained so many; the census of the new edition may differ.
    """
    before = {str(code): at for at, code in enumerate(old.codes)}
    kept: dict[str, list[tuple[int, int]]] = {}
    for row, code in enumerate(map(str, new.codes if left else ())):
        if code in before:
            kept.setdefault(code[:9], []).append((row, before[code]))
    found: dict[int, list[int]] = {}
    for one in left:
        rows = [row for row, was in kept.get(str(old.codes[one])[:9], ()) if _has_gained(new, row, old, was, one)]
        if len(rows) == 1:
            found.setdefault(rows[0], []).append(one)
    return found


def _has_gained(new: _Villages, row: int, old: _Villages, was: int, one: int) -> bool:
    """Tell whether each count that is known is the sum of the two earlier ones, and not still its own."""
    known = False
    for now, then in ((new.people, old.people), (new.households, old.households)):
        if not np.isfinite([now[row], then[was], then[one]]).all() or then[one] <= 0:
            continue
        off = abs(now[row] - then[was] - then[one])
        if off > GAINED * now[row] or off > 0.2 * then[one]:
            return False
        known |= bool(then[one] >= _FEWEST_PEOPLE)
    return known


def _neighbours(
    new: _Villages, old: _Villages, rest: np.ndarray, town: np.ndarray, lost: np.ndarray
) -> dict[int, list[int]]:
    """Give for villages of the new edition the nearest that are gone from their town without another trace."""
    towns, number = np.unique(town.astype(str), return_inverse=True)
    share = np.bincount(number, weights=lost, minlength=len(towns)) / np.bincount(number, minlength=len(towns))
    rest = rest[share[number[rest]] <= _FEW_GONE]
    ours = numbered(np.concatenate(([code[:9] for code in new.codes], town[rest])), str)
    pairs = near_between(
        (new.lon, new.lat),
        (old.lon[rest], old.lat[rest]),
        NEIGHBOUR_M,
        (ours[: len(new.codes)], ours[len(new.codes) :]),
    )
    found: dict[int, list[int]] = {}
    seen: set[int] = set()
    for k in np.lexsort((pairs.first, pairs.metres)).tolist():
        one = int(rest[pairs.second[k]])
        if one not in seen:
            seen.add(one)
            found.setdefault(int(pairs.first[k]), []).append(one)
    return found


def _resident(code: str) -> bool:
    return code[9:10] in ("0", "1", "4")


def _say_renamed(found: Findings, positions: np.ndarray, new: _Villages, row: int, old: _Villages, one: int) -> None:
    placed = bool(np.isfinite(new.lon[row]) and np.isfinite(old.lon[one]))
    found.add(
        "renamed_code",
        positions[[row]],
        field="village_code",
        values=new.codes[row],
        related=old.related[one],
        confidence=0.9 if placed else 0.6,
        why=Text(
            f"工作区中“{old.names[one]}”的代码是 {old.codes[one]}，本行同名，代码是 {new.codes[row]}。",
            f"The workspace has “{old.names[one]}” as {old.codes[one]}; this row of the same name is {new.codes[row]}.",
        ),
    )


def _say_merged(
    found: Findings, positions: np.ndarray, new: _Villages, row: int, old: _Villages, olds: list[int], sure: float
) -> None:
    zh = "、".join(f"{old.codes[one]}“{old.names[one]}”" for one in olds)
    en = ", ".join(f"{old.codes[one]} “{old.names[one]}”" for one in olds)
    found.add(
        "merged_code",
        positions[[row]],
        field="village_code",
        values=new.codes[row],
        related="；".join(old.related[one] for one in olds),
        confidence=sure,
        why=Text(
            f"原有 {zh} 可能已并入 {new.codes[row]}“{new.names[row]}”。",
            f"{en} may have been merged into {new.codes[row]} “{new.names[row]}”.",
        ),
    )
