"""Which rows of a file are, or belong to, something already known: by code, by id, by a name that stands once."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ..references import References
from .hypotheses import Hypothesis

_VILLAGE = re.compile(r"\d{12}")
_ID = re.compile(r"(?=.*\d).{6,}")
_NAME_AWAY_DEG = 0.3
_SHORTEST_NAME = 3
_Places = tuple[np.ndarray, np.ndarray, np.ndarray]  # lon, lat, position in the holdings


class _Known:
    """A token of each known point: the first one of a kind counts."""

    def __init__(self, tokens: list[np.ndarray], places: list[_Places], *, unique: bool) -> None:
        texts = np.concatenate([np.zeros(0, dtype=object), *tokens])
        lon = np.concatenate([np.zeros(0), *(place[0] for place in places)])
        lat = np.concatenate([np.zeros(0), *(place[1] for place in places)])
        held = np.concatenate([np.zeros(0, dtype=np.int64), *(place[2] for place in places)])
        frame = pd.DataFrame({"token": texts, "lon": lon, "lat": lat, "held": held})
        frame = frame[frame["token"] != ""]
        frame = frame.drop_duplicates("token", keep=False if unique else "first")
        self.index = pd.Index(frame["token"].to_numpy(object))
        self.lon, self.lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        self.held = frame["held"].to_numpy(np.int64)

    def of(self, column: np.ndarray) -> np.ndarray:
        """Give the position of each cell's token, -1 for none; a numbered column 1, 2, 3… is no list of ids."""
        found: np.ndarray = self.index.get_indexer(pd.Index(column))
        return found


Matches = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # rows, lon, lat, position in the holdings
_Try = tuple[_Known, Callable[[str], bool] | None, bool]  # known tokens, which cells are tokens, whether names


def same_things(
    ideas: tuple[Hypothesis, ...], columns: list[np.ndarray], known: References, used: np.ndarray
) -> Matches:
    """Match rows with the same village, site or station, by 12-digit code, by id, else by a name that stands once."""
    points = known.points
    places = [(item.lon, item.lat, held) for item, held in zip(points, known.holdings.points)]
    villages = [_only(item.codes, _is_village) for item in points]
    names = [_only(item.names, _is_name) for item in points]
    ids = [_only(key, _is_id) for item in points for key in item.keys]
    homes = [place for item, place in zip(points, places) for _ in item.keys]
    tries: list[_Try] = [
        (_Known(villages, places, unique=False), _is_village, False),
        (_Known(ids, homes, unique=False), _is_id, False),
        (_Known(names, places, unique=True), _is_name, True),
    ]
    return _match(ideas, columns, used, tries)


def seats(ideas: tuple[Hypothesis, ...], columns: list[np.ndarray], known: References, used: np.ndarray) -> Matches:
    """Match villages with the seat of their town: the code's first nine digits, else the town's name."""
    both = [(item, held) for item, held in zip(known.points, known.holdings.points) if item.layer == "places"]
    points, places = [item for item, _ in both], [(item.lon, item.lat, held) for item, held in both]
    towns = [np.array([_town_of_seat(str(code)) for code in item.codes], dtype=object) for item in points]
    names = [_only(item.names, _is_name) for item in points]
    by_code = [_prefixes(column) for column in columns]
    matches = _match(ideas, by_code, used, [(_Known(towns, places, unique=False), None, False)])
    if len(matches[0]):
        return matches
    repeated = [column for column in columns if _repeats(column)]
    return _match(ideas, repeated, used, [(_Known(names, places, unique=True), None, True)])


def _match(ideas: tuple[Hypothesis, ...], columns: list[np.ndarray], used: np.ndarray, tries: list[_Try]) -> Matches:
    size = len(ideas[0].lon) if ideas else 0
    open_, lon, lat = np.zeros(size, dtype=bool), np.full(size, np.nan), np.full(size, np.nan)
    held = np.full(size, -1, dtype=np.int64)
    open_[used] = True
    for index, wanted, by_name in tries:
        if not len(index.index):
            continue
        for column in columns:
            at = index.of(column)
            hit = open_ & (at >= 0)
            if not hit.any():
                continue
            if wanted is not None:
                hit[hit] = _fits(column[hit], wanted)
            if by_name:
                hit &= _near_somehow(ideas, hit, at, index)
                if wanted is not None:
                    hit &= ~pd.Series(column).duplicated(keep=False).to_numpy()
            lon[hit], lat[hit], held[hit] = index.lon[at[hit]], index.lat[at[hit]], index.held[at[hit]]
            open_ &= ~hit
    rows = np.flatnonzero(np.isfinite(lon))
    return rows, lon[rows], lat[rows], held[rows]


def _near_somehow(ideas: tuple[Hypothesis, ...], hit: np.ndarray, at: np.ndarray, index: _Known) -> np.ndarray:
    """Tell for which rows a namesake lies within some 30 km under one of the hypotheses; others are namesakes only."""
    found = np.zeros(len(hit), dtype=bool)
    where = np.flatnonzero(hit)
    for idea in ideas:
        away = np.abs(idea.lon[where] - index.lon[at[where]]) + np.abs(idea.lat[where] - index.lat[at[where]])
        found[where] |= away < _NAME_AWAY_DEG
    return found


def _fits(column: np.ndarray, wanted: Callable[[str], bool]) -> np.ndarray:
    codes, uniques = pd.factorize(column)
    return np.array([wanted(str(text)) for text in uniques], dtype=bool)[codes] if len(column) else np.zeros(0, bool)


def _only(column: np.ndarray, wanted: Callable[[str], bool]) -> np.ndarray:
    return np.where(_fits(column, wanted), column, "")


def _is_village(text: str) -> bool:
    return bool(_VILLAGE.fullmatch(text)) and not text.endswith("000")


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and not _VILLAGE.fullmatch(text)


def _is_name(text: str) -> bool:
    return len(text) >= _SHORTEST_NAME and not text.isascii()


def _town_of_seat(code: str) -> str:
    if len(code) == 12 and code.endswith("000") and not code.endswith("000000"):
        return code[:9]
    return code if len(code) == 9 and code.isdigit() and not code.endswith("000") else ""


def _prefixes(column: np.ndarray) -> np.ndarray:
    """Give the town of each village code of a column, "" for anything else."""
    codes, uniques = pd.factorize(column)
    towns = [text[:9] if _is_village(text) else "" for text in map(str, uniques)]
    return np.array([*towns, ""], dtype=object)[codes]


def _repeats(column: np.ndarray) -> bool:
    """Tell whether a column names something that several rows share, as a town does."""
    filled = column[column != ""]
    return bool(len(filled)) and len(pd.unique(filled)) < len(filled)
