"""The same mast in several lists, and planned sites where one stands already.

Every operator surveys for itself, so one mast has several places: `MAST_M` is what two hand-held receivers and a
rounding to 4 decimals make together. It is a choice of this project, in no standard. Confidence of `same_mast`: 1 where
the station names the tower by its id, else 0.95 at 0 m falling to 0.5 at `MAST_M`. Confidence of `planned_exists`: 0.9
where both bands are known and equal, 0.7 where one is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ....text import Text
from ...codes import OPERATORS, TECHNOLOGIES
from ...findings.findings import Findings
from ...spec import Code
from ...table import LayerTable
from .columns import Table, among, lon_lat, numbers, other_rows, own_rows, texts
from .pairs import near_between, number_groups

MAST_M = 50.0
_SHOWN = 5
_SHORT = {code.value: Text(code.aliases[0], code.label.en) for code in OPERATORS}
_TOWER = Text("铁塔", "tower")
_STANDING = ("existing", "under_construction")
_SITES = ("telecom_tower", "roof_site")


def same_masts(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find the sites of the file that other lists have, too: one finding a site, at its first row.

    Parameters
    ----------
    table : LayerTable
        Base stations, or towers and poles.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        The workspace's other rows by layer.
    """
    found = Findings()
    lon, lat = lon_lat(table)
    owners = _masks(table, "operator", OPERATORS) if table.spec.name == "base_stations" else np.zeros(len(table), int)
    sites, _ = number_groups(owners, lon, lat)
    firsts = np.flatnonzero(~pd.Series(sites).duplicated().to_numpy() & np.isfinite(lon))
    shares: list[pd.DataFrame] = []
    for layer in ("towers_and_poles", "base_stations"):
        other = others.get(layer)
        if other is None or not len(other) or layer == table.spec.name == "towers_and_poles":
            continue
        shares.append(_partners(table, firsts, (lon, lat), owners, other))
    near = pd.concat(shares, ignore_index=True) if shares else pd.DataFrame()
    if not len(near):
        return found
    near = near.sort_values(["site", "rank", "metres", "words_zh"], kind="stable")
    near = near.drop_duplicates(["site", "rank", "owner"])  # of each list the nearest row
    at, why, related, confidence = [], [], [], []
    for site, rows in _runs(near):
        shown = rows[:_SHOWN]
        at.append(site)
        related.append("；".join(row[5] for row in shown))
        confidence.append(max(row[6] for row in rows))
        zh = "、".join(f"{row[3]}（{row[2]:.0f} m）" for row in shown)
        en = ", ".join(f"{row[4]} ({row[2]:.0f} m)" for row in shown)
        why.append(Text(f"与{zh}共址。", f"The same mast as {en}."))
    found.add("same_mast", positions[at], why=why, related=related, confidence=confidence)
    return found


def _partners(
    table: LayerTable, firsts: np.ndarray, place: tuple[np.ndarray, np.ndarray], owners: np.ndarray, other: Table
) -> pd.DataFrame:
    """Give one row a pair of a site and a feature of another list: site, rank, metres, words, related, confidence."""
    theirs = lon_lat(other)
    stations = other.spec.name == "base_stations"
    masks = _masks(other, "operator", OPERATORS) if stations else np.zeros(len(other), np.int64)
    spots, _ = number_groups(masks, *theirs)
    once = np.flatnonzero(~pd.Series(spots).duplicated().to_numpy())
    pairs = near_between((place[0][firsts], place[1][firsts]), (theirs[0][once], theirs[1][once]), MAST_M)
    one, two = firsts[pairs.first], once[pairs.second]
    if stations and table.spec.name == "base_stations":
        foreign = (owners[one] & masks[two]) == 0  # one operator's stations on its own mast are no news
        one, two, metres = one[foreign], two[foreign], pairs.metres[foreign]
    else:
        metres = pairs.metres
    keys = texts(other, other.spec.key[0])[two]
    named = _names_tower(table, one, other, two)
    labels = [_label(mask) for mask in masks[two].tolist()] if stations else [_TOWER] * len(two)
    return pd.DataFrame(
        {
            "site": one,
            "rank": np.int64(1 if stations else 0),
            "metres": metres,
            "words_zh": [f"{label.zh} {key}" for label, key in zip(labels, keys)],
            "words_en": [f"{label.en} {key}" for label, key in zip(labels, keys)],
            "related": other_rows(other, two),
            "confidence": np.where(named, 1.0, 0.95 - 0.45 * metres / MAST_M),
            "owner": masks[two],
        }
    )


def _runs(near: pd.DataFrame) -> list[tuple[int, list[tuple[Any, ...]]]]:
    rows = list(near.itertuples(index=False, name=None))
    sites = near["site"].to_numpy()
    starts = np.flatnonzero(np.r_[True, sites[1:] != sites[:-1]])
    return [(int(sites[a]), rows[a:b]) for a, b in zip(starts, [*starts[1:], len(rows)])]


def _names_tower(table: LayerTable, one: np.ndarray, other: Table, two: np.ndarray) -> np.ndarray:
    """Tell which pairs are of a station and the tower whose id it states."""
    if table.spec.name == other.spec.name:
        return np.zeros(len(one), dtype=bool)
    mine = texts(table, "site_id" if table.spec.name == "base_stations" else "tower_id")[one]
    theirs = texts(other, "site_id" if other.spec.name == "base_stations" else "tower_id")[two]
    return np.asarray((mine == theirs) & (mine != ""), dtype=bool)


def _label(mask: int) -> Text:
    owners = [code.value for bit, code in enumerate(OPERATORS) if mask >> bit & 1]
    if not owners:
        return Text("基站", "station")
    return Text("/".join(_SHORT[one].zh for one in owners), "/".join(_SHORT[one].en for one in owners))


def _masks(table: Table, field: str, codes: tuple[Code, ...]) -> np.ndarray:
    """Give the codes of a field as bits, in the order of the list; 0 where it is empty."""
    bits = {code.value: 1 << at for at, code in enumerate(codes)}
    numbered, uniques = pd.factorize(texts(table, field))
    known = np.array([sum(bits.get(part, 0) for part in set(str(one).split(";"))) for one in uniques], dtype=np.int64)
    return known[numbered] if len(known) else np.zeros(len(table), dtype=np.int64)


def planned_where_built(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find planned stations or towers where one of the same kind stands or is being built, in the file or elsewhere.

    A planned band, or a planned technology, that the site does not have yet is an extension and no double.
    """
    found = Findings()
    status = texts(table, "status")
    planned = np.flatnonzero(status == "planned")
    if not len(planned):
        return found
    lon, lat = lon_lat(table)
    own = texts(table, table.spec.key[0])
    seen: set[int] = set()
    before = others.get(table.spec.name)
    for source in (table, before) if before is not None and len(before) else (table,):
        built = np.flatnonzero(among(texts(source, "status"), _STANDING))
        place = lon_lat(source)
        pairs = near_between((lon[planned], lat[planned]), (place[0][built], place[1][built]), MAST_M)
        one, two, metres = planned[pairs.first], built[pairs.second], pairs.metres
        real, sure = _same_kind(table, one, source, two)
        one, two, metres, sure = one[real], two[real], metres[real], sure[real]
        order = np.lexsort((metres, one))
        _, first = np.unique(one[order], return_index=True)
        pick = np.array([k for k in order[first] if int(one[k]) not in seen], dtype=np.int64)
        one, two, metres, sure = one[pick], two[pick], metres[pick], sure[pick]
        seen |= set(one.tolist())
        related = own_rows(table, two, positions) if source is table else other_rows(source, two)
        keys, titles = texts(source, source.spec.key[0])[two], texts(source, "name")[two]
        found.add(
            "planned_exists",
            positions[one],
            field=table.spec.key[0],
            values=own[one],
            related=related,
            confidence=np.where(sure, 0.9, 0.7),
            why=[
                Text(
                    f"规划站点，但 {apart:.0f} m 处已有现状或在建的同类站点 {key}“{title}”。",
                    f"Planned, but {key} “{title}” of the same kind stands or is being built {apart:.0f} m away.",
                )
                for key, title, apart in zip(keys, titles, metres)
            ],
        )
    return found


def _same_kind(table: LayerTable, one: np.ndarray, source: Table, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell which pairs are of the same kind, and for which of them nothing is unknown."""
    if table.spec.name == "base_stations":
        real = np.ones(len(one), dtype=bool)
        for field, codes in (("operator", OPERATORS), ("technology", TECHNOLOGIES)):
            wanted, there = _masks(table, field, codes)[one], _masks(source, field, codes)[two]
            real &= (wanted != 0) & ((wanted & ~there) == 0)
        bands = numbers(table, "band_mhz")[one], numbers(source, "band_mhz")[two]
        known = np.isfinite(bands[0]) & np.isfinite(bands[1])
        azimuths = numbers(table, "azimuth_deg")[one], numbers(source, "azimuth_deg")[two]
        turned = np.isfinite(azimuths[0]) & np.isfinite(azimuths[1]) & (azimuths[0] != azimuths[1])
        return real & ~turned & (~known | (bands[0] == bands[1])), known
    kinds = texts(table, "kind")[one], texts(source, "kind")[two]
    real = (kinds[0] == kinds[1]) & among(kinds[0], _SITES)
    owners = texts(table, "owner")[one], texts(source, "owner")[two]
    known = (owners[0] != "") & (owners[1] != "")
    return real & (~known | (owners[0] == owners[1])), known
