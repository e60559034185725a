"""Which names mean the same: what clerks add to a name or leave out, folded away."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ...cells.fold import fold

# 东山村, 东山村委会, 东山村民委员会 and 东山社区居委会 name the same place.
_VILLAGE = re.compile(r"(?:(?:社区)?居民委员会|(?:社区)?居委会|村?村民委员会|村委会|社区|村)$")
# 东山站, 东山基站 and 东山4G-5G name the same site; a number at the end tells cells and poles apart and stays.
_STATION = re.compile(r"(?:基站|站点|站址|宏站|站|(?<![0-9a-z])(?:4g5g|5g4g|[2345]g|nr|lte|gsm))+$")
_TELLING = re.compile(r"[0-9a-z东南西北中上下前后左右内外大小新老一二三四五六七八九十甲乙丙丁主备]")
_UNIT = re.compile(r"(?:自治县|自治旗|县级市|办事处|县|市|区|旗|镇|乡|街道|苏木)$")


def stem_of_village(name: str) -> str:
    """Give the part of a village's name that is its own: without 村, 村委会, 社区 and the like at the end."""
    return _without(_VILLAGE, fold(name))


def stem_of_site(name: str) -> str:
    """Give the part of a station's or tower's name that is its own: without 站, 基站, 4G and the like at the end."""
    return _without(_STATION, fold(name))


def stem_of_unit(name: str) -> str:
    """Give the part of a county's or town's name that is its own: without 县, 市, 镇, 乡 and the like at the end."""
    whole = fold(name)
    found = _UNIT.sub("", whole)
    return found if len(found) > 1 else whole


def _without(ending: re.Pattern[str], whole: str) -> str:
    while (shorter := ending.sub("", whole)) and shorter != whole:
        whole = shorter
    return whole


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether two names of sites differ by one character, added or replaced, that tells no two things apart.

    Digits, letters, directions and counting words do: 桥南 and 桥北, 01号 and 02号, 一期 and 二期 are two things.
    """
    short, long = sorted((stem_of_site(one), stem_of_site(other)), key=len)
    if len(short) < 2 or len(long) - len(short) > 1 or short == long:
        return False
    start = next((k for k, (a, b) in enumerate(zip(short, long)) if a != b), len(short))
    skip = 1 if len(short) == len(long) else 0
    slip = short[start : start + skip] + long[start]
    return short[start + skip :] == long[start + 1 :] and not _TELLING.search(slip)


def same_unit(one: str, other: str) -> bool:
    """Tell whether two names of a county or town may mean the same: 海岳县, 海岳 and 沧屏市海岳县 do."""
    short, long = sorted((stem_of_unit(one), stem_of_unit(other)), key=len)
    return short in long


def numbered(words: np.ndarray, read: Callable[[str], str] = fold) -> np.ndarray:
    """Give texts numbers by what a function makes of them, -1 where that is empty; it reads every distinct text once.

    Parameters
    ----------
    words : numpy.ndarray of str, shape (n,)
    read : callable
        Takes a text, gives a text.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
    """
    codes, uniques = pd.factorize(words)
    stems = np.array([read(str(text)) for text in uniques], dtype=object)
    known, _ = pd.factorize(stems)
    known = known.astype(np.int64)
    known[stems == ""] = -1
    return known[codes] if len(known) else codes.astype(np.int64)
