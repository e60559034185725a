"""What of the workspace may be a copy or another edition of a file, or the same operator's: it bears out nothing.

A file agrees with itself to the digit whatever its datum is. So these sources are left out before anything is weighed:

* copies: a tenth of the rows (of the file or of the source, and three at least) lie where the source has a row, to
  within 2 m or what the file's decimals are worth, under any of the hypotheses. Surveys of one village by two people
  differ by tens of metres, two operators' readings on one mast by some. Rows of another layer or operator may share a
  place on purpose (a shared mast): they are left out only where half of the rows do, and where their own file did not
  state their datum. Of a source with fewer such rows only those rows are left out;
* editions: the same layer, and the same name but for digits, or a third of the file's own ids. The codes of villages
  and counties are public, and no sign of kinship;
* the same layer of the same operator, which comes from the same system;
* rows that were converted on the word of any of these or of the file's own earlier rows, be it in part, or were judged
  mostly by them: they agree because they were made to (`circles`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ....text import NOTHING, Text
from ...cells.values import read_column
from ...reading.mapping import Mapping
from ...sources.raw_table import RawTable
from ...spec import LayerSpec
from ..references import Points, References
from .circles import owing
from .hypotheses import Hypothesis, are_metres
from .positions import Positions
from .standing import FILE, UNKNOWN, Bases, Holding, name_of

_COPY_M, _COARSEST_M = 2.0, 80.0
_FEWEST = 3
_COPIED, _COPIED_APART, _EDITION, _MOSTLY = 0.1, 0.5, 1 / 3, 0.5
_DEGREE_M = 111_200.0
_MARGIN_DEG = 0.01
_PUBLIC = ("villages", "places", "admin_units")  # layers whose codes everybody uses
_MARKS = re.compile(r"[\d\W_]+|副本|最新|copy|gcj|wgs|bd|cgcs|final|new", re.IGNORECASE)
_TOLD = 3
_OPERATOR = Text("同一运营商的同类数据", "the same operator's rows of this kind")


@dataclass(frozen=True)
class Kin:
    """A source that is left out.

    Attributes
    ----------
    held : tuple of str
        Layer and source file.
    rows : int
        Its rows that are left out.
    why : Text
        Empty for another operator's or another layer's rows that share places with the file on purpose, or may.
    shared : int
        How many rows do, 0 for a source that is left out for anything else.
    """

    held: Holding
    rows: int
    why: Text
    shared: int = 0


@dataclass(frozen=True)
class _Place:
    """Rows of one kind that are known: points, or the middles of units."""

    layer: str
    lon: np.ndarray
    lat: np.ndarray
    numbers: np.ndarray


def without_kin(
    known: References,
    ideas: tuple[Hypothesis, ...],
    table: RawTable,
    mapping: Mapping,
    spec: LayerSpec,
    found: Positions,
) -> tuple[References, tuple[Kin, ...]]:
    """Leave out of the references what is no independent evidence on a file.

    Parameters
    ----------
    known : References
    ideas : tuple of Hypothesis
        Where the file's rows lie.
    table, mapping, spec, found
        As in `weighing.weigh`.

    Returns
    -------
    tuple of References and tuple of Kin
        What is left, and what was left out and why.
    """
    holdings = known.holdings
    places = [_Place(item.layer, item.lon, item.lat, at) for item, at in zip(known.points, holdings.points)]
    if not found.are_points and len(known.units):
        west, south, east, north = shapely.bounds(known.units).T
        places.append(_Place("admin_units", (west + east) / 2, (south + north) / 2, holdings.units))
    own = _operators(table, mapping, spec)
    why: dict[int, Text] = {}
    stems = {_stem(table.name), _stem(table.source)} - {""}
    for number, (layer, source) in enumerate(holdings.names):
        if layer == spec.name and _stem(source) in stems:
            why[number] = Text("文件名只差数字，可能是另一版本", "its name differs in digits only: perhaps an edition")
    for item, numbers in zip(known.points, holdings.points):
        if item.layer == spec.name:
            why |= _editions(item, numbers, table, mapping, spec)
    names, apart = holdings.names, {number for number, held in enumerate(holdings.names) if held[0] != spec.name}
    mine: dict[int, np.ndarray] = {}
    for index, (item, numbers) in enumerate(zip(known.points, holdings.points)):
        if item.layer == spec.name and own and (item.operators != "").any():
            same = _own_operator(item, own)
            total, part = np.bincount(numbers), np.bincount(numbers, same)
            apart |= set(np.flatnonzero((total > 0) & (part == 0)).tolist())
            why |= dict.fromkeys(np.flatnonzero(part > _MOSTLY * total).tolist(), _OPERATOR)
            mine[index] = np.flatnonzero(same)
    copied, beside, single = _copies(known, ideas, places, found, apart)
    why |= copied
    own = {table.name, table.source} | {names[number][1] for number in why} | _earlier(stems, spec.name, known.bases)
    why |= {number: NOTHING for number in beside if number not in why}
    for index, rows in mine.items():
        single.setdefault(index, []).append(rows)
    owed = owing(own - {""}, {names[number][1] for number in beside} - {""}, known.bases)
    why |= {number: owed[held] for number, held in enumerate(names) if held in owed and number not in why}
    if not why and not single:
        return known, ()
    return _without(known, set(why), single), tuple(
        Kin(names[number], _count(known, number), words, 0 if words.zh else beside.get(number, 0))
        for number, words in sorted(why.items())
    )


def _earlier(stems: set[str], layer: str, bases: Bases) -> set[str]:
    """Find editions of a file by their names in the history; their rows may be gone, and others still hang on them."""
    there = {*bases, *((kind, source) for basis in bases.values() for kind, source, _ in basis.speakers)}
    return {source for kind, source in there if kind == layer and _stem(source) in stems}


def kin_words(kin: tuple[Kin, ...], bases: Bases) -> Text:
    """Say what was left out and why; nothing where nothing was.

    Parameters
    ----------
    kin : tuple of Kin
    bases : mapping
        On what the datum of each source stands.
    """
    if not kin:
        return NOTHING
    beside = [item for item in kin if item.shared]
    told = [_beside_words(beside, bases)] if beside else []
    if kin := tuple(item for item in kin if not item.shared):
        told.append(_left_out(kin))
    return Text("".join(words.zh for words in told), " ".join(words.en for words in told))


def _beside_words(kin: list[Kin], bases: Bases) -> Text:
    named = [(item.shared, name_of(item.held)) for item in kin[:_TOLD]]
    zh = "，".join(f"{count:,} 行与{name.zh}同址" for count, name in named)
    en = ", ".join(f"{count:,} rows share places with {name.en}" for count, name in named)
    more = len(kin) - len(named)
    zh, en = (f"{zh}等", f"{en} and {more} more") if more else (zh, en)
    told = [bases.get(item.held) for item in kin]
    known = all(basis is not None and basis.by != UNKNOWN for basis in told)
    stated = Text(
        "没有自己标注基准" if known else "没有自己标注基准的记录",
        "did not state its datum itself" if known else "is not on record as stating its datum itself",
    )
    which = Text("该文件", "that file") if len(kin) == 1 else Text("这些文件", "each of those files")
    return Text(
        f"{zh}，不作依据：{which.zh}{stated.zh}，若基准有误，同址的行会一起错，吻合也不说明什么。",
        f"{en}: no evidence, since {which.en} {stated.en}; were it wrong, rows on the same masts would be wrong "
        "together.",
    )


def _left_out(kin: tuple[Kin, ...]) -> Text:
    parts = [
        Text(
            f"{name.zh} {item.rows:,} 行（{item.why.zh}）",
            f"{name.en}, {item.rows:,} rows ({item.why.en})",
        )
        for item, name in ((item, name_of(item.held)) for item in kin[:_TOLD])
    ]
    more = len(kin) - len(parts)
    zh, en = "、".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    if more:
        zh, en = f"{zh}等 {len(kin)} 个来源", f"{en} and {more} more sources"
    return Text(f"未计入依据的同源数据：{zh}。", f"Left out, for rows of the same origin bear out nothing: {en}.")


def _stem(name: str) -> str:
    return _MARKS.sub("", PurePath(name).stem)


def _operators(table: RawTable, mapping: Mapping, spec: LayerSpec) -> set[str]:
    """Give the operators that a file names, by their codes."""
    item = next((item for item in spec.fields if item.name == "operator"), None)
    if item is None:
        return set()
    if "operator" in mapping.constants:
        texts = np.array([mapping.constants["operator"]], dtype=object)
    elif "operator" in mapping.fields:
        texts = pd.unique(table.cells[mapping.fields["operator"]])
    else:
        return set()
    cells = read_column(np.asarray(texts, dtype=object), item).cells
    return {str(code) for code in cells.dropna()}


def _own_operator(item: Points, own: set[str]) -> np.ndarray:
    """Tell of which points the operator is, or may be for want of one, the file's own; shape (n,)."""
    codes, names = pd.factorize(item.operators)
    found: np.ndarray = np.array([str(name) in own or not str(name) for name in names], dtype=bool)[codes]
    return found


def _editions(item: Points, numbers: np.ndarray, table: RawTable, mapping: Mapping, spec: LayerSpec) -> dict[int, Text]:
    """Find the sources that hold a good part of a file's own ids."""
    column = mapping.fields.get(spec.key[0]) if spec.key else None
    if column is None or item.layer in _PUBLIC or not item.keys:
        return {}
    ids = pd.Index(pd.unique(table.cells[column])).difference(["", "/", "无"])
    if len(ids) < _FEWEST:
        return {}
    found = {}
    for key in item.keys:
        at = ids.get_indexer(pd.Index(key))
        pairs = pd.DataFrame({"number": numbers[at >= 0], "id": at[at >= 0]}).drop_duplicates()
        for number, shared in pairs["number"].value_counts(sort=False).items():
            if shared >= max(_FEWEST, _EDITION * len(ids)):
                found[int(number)] = Text(
                    f"有 {shared:,} 个编号与本文件相同，可能是另一版本",
                    f"{shared:,} ids are this file's: perhaps an edition",
                )
    return found


def _copies(
    known: References,
    ideas: tuple[Hypothesis, ...],
    places: list[_Place],
    found: Positions,
    apart: set[int],
) -> tuple[dict[int, Text], dict[int, int], dict[int, list[np.ndarray]]]:
    """Find sources that a file copies, others that share its places, and single rows, by their positions."""
    radius = _tolerance_m(found)
    whole: dict[int, Text] = {}
    beside: dict[int, int] = {}
    single: dict[int, list[np.ndarray]] = {}
    for index, place in enumerate(places):
        hits = _coincidences(ideas, place, radius)
        touched = np.concatenate([np.zeros(0, dtype=np.int64), *(at for _, at in hits)])
        for number in np.unique(place.numbers[touched]).tolist():
            of_source = [(rows[mine], at[mine]) for rows, at in hits for mine in [place.numbers[at] == number]]
            counts = [len(np.unique(rows)) for rows, _ in of_source]
            best = int(np.argmax(counts))
            shared, size = counts[best], int((place.numbers == number).sum())
            if shared < _FEWEST:
                continue
            scale = found.rows / max(found.looked_at, 1)
            part = max(shared / len(found.at), min(1.0, shared * scale / size))
            basis = known.bases.get(known.holdings.names[number])
            if number in apart:
                if part >= _COPIED_APART and (basis is None or basis.by != FILE):
                    beside[number] = shared
                continue
            if part >= _COPIED:
                whole[number] = _copied(shared, ideas[best])
            else:
                single.setdefault(index, []).append(np.unique(of_source[best][1]))
    return whole, beside, single


def _copied(shared: int, idea: Hypothesis) -> Text:
    return Text(
        f"{shared:,} 行按 {idea.label.zh} 与本文件逐点重合，可能是副本",
        f"{shared:,} rows lie exactly where this file has them by {idea.label.en}: perhaps a copy",
    )


def _coincidences(ideas: tuple[Hypothesis, ...], place: _Place, radius_m: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give for each hypothesis the rows that lie on a known place, and the position of that place."""
    lon, lat = (np.concatenate([getattr(idea, axis) for idea in ideas]) for axis in ("lon", "lat"))
    fine = np.isfinite(lon) & np.isfinite(lat)
    if not fine.any() or not len(place.lon):
        return []
    near = (place.lon > lon[fine].min() - _MARGIN_DEG) & (place.lon < lon[fine].max() + _MARGIN_DEG)
    near &= (place.lat > lat[fine].min() - _MARGIN_DEG) & (place.lat < lat[fine].max() + _MARGIN_DEG)
    at = np.flatnonzero(near)
    if not len(at):
        return []
    metres = _DEGREE_M * np.array([math.cos(math.radians(float(np.median(place.lat[at])))), 1.0])
    tree = cKDTree(np.column_stack((place.lon[at], place.lat[at])) * metres, balanced_tree=False, compact_nodes=False)
    found = []
    for idea in ideas:
        xy = np.column_stack((idea.lon, idea.lat)) * metres
        xy[~np.isfinite(xy).all(axis=1)] = 1e12
        away, which = tree.query(xy, distance_upper_bound=radius_m)
        rows = np.flatnonzero(np.isfinite(away))
        found.append((rows, at[which[rows]]))
    return found


def _tolerance_m(found: Positions) -> float:
    """Give how far a copy may lie off by the decimals that a file has left."""
    unit = 1.0 if are_metres(found.x, found.y) else _DEGREE_M
    for places in range(8):
        scaled = np.concatenate((found.x, found.y)) * 10.0**places
        if np.mean(np.abs(scaled - np.round(scaled)) < 1e-3) > 0.95:
            return float(np.clip(0.71 * unit / 10.0**places, _COPY_M, _COARSEST_M))
    return _COPY_M


def _count(known: References, number: int) -> int:
    holdings = known.holdings
    return sum(int((at == number).sum()) for at in (holdings.units, holdings.roads, *holdings.points))


def _without(known: References, gone: set[int], single: dict[int, list[np.ndarray]]) -> References:
    holdings, out = known.holdings, sorted(gone)
    points = []
    for index, (item, numbers) in enumerate(zip(known.points, holdings.points)):
        keep = ~np.isin(numbers, out)
        for rows in single.get(index, ()):
            keep[rows] = False
        if keep.any():
            points.append(item.only(keep))
    units, roads = ~np.isin(holdings.units, out), ~np.isin(holdings.roads, out)
    for rows in single.get(len(known.points), ()):
        units[rows] = False
    return replace(
        known,
        unit_codes=known.unit_codes[units],
        unit_names=known.unit_names[units],
        units=known.units[units],
        points=tuple(points),
        roads=known.roads[roads],
        unit_sources=known.unit_sources[units] if len(known.unit_sources) else known.unit_sources,
        road_sources=known.road_sources[roads] if len(known.road_sources) else known.road_sources,
    )
