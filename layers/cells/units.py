"""Units as they are written in cells and headings, as factors to the unit of a field. Standard library only."""

from __future__ import annotations

import re

from .fold import simplified

# Field unit → spelling in lower case → factor. Bare letters mean what they mean in that field: "m" is metres of a
# height and megahertz of a band.
FACTORS: dict[str, dict[str, float]] = {
    "": {"年": 1, "个": 1},
    "m": {
        "m": 1,
        "米": 1,
        "公尺": 1,
        "metre": 1,
        "metres": 1,
        "meter": 1,
        "meters": 1,
        "km": 1000,
        "公里": 1000,
        "千米": 1000,
        "cm": 0.01,
        "厘米": 0.01,
        "mm": 0.001,
        "毫米": 0.001,
    },
    "MHz": {
        "mhz": 1,
        "m": 1,
        "兆": 1,
        "兆赫": 1,
        "兆赫兹": 1,
        "ghz": 1000,
        "g": 1000,
        "吉赫": 1000,
        "khz": 0.001,
    },
    "°": {"°": 1, "度": 1, "deg": 1, "degree": 1, "degrees": 1},
    "dBm": {"dbm": 1},
    "dB": {"db": 1},
    "dBi": {"dbi": 1, "db": 1},
    "Mbps": {"mbps": 1, "mb/s": 1, "mbit/s": 1, "m": 1, "兆": 1, "gbps": 1000, "kbps": 0.001},
    "MW": {"mw": 1, "兆瓦": 1, "kw": 0.001, "千瓦": 0.001, "万千瓦": 10, "gw": 1000},
    "EFLOPS": {"eflops": 1, "ef": 1, "e": 1, "pflops": 0.001, "pf": 0.001, "p": 0.001},
    "%": {"%": 1},
    "人": {"人": 1, "口": 1, "口人": 1, "名": 1, "万人": 10_000, "万": 10_000, "千人": 1000, "百人": 100},
    "户": {"户": 1, "家": 1, "万户": 10_000, "万": 10_000, "千户": 1000, "百户": 100},
    "架": {"架": 1, "个": 1, "机架": 1, "台": 1, "万架": 10_000, "万": 10_000},
    "芯": {"芯": 1, "c": 1},
}

# Nominal frequencies (MHz) by which Chinese operators name their bands (numbers: 3GPP TS 36.101, TS 38.101-1).
_BY_NUMBER = {
    1: 2100,
    3: 1800,
    5: 850,
    8: 900,
    28: 700,
    34: 2000,
    39: 1900,
    40: 2300,
    41: 2600,
    77: 3700,
    78: 3500,
    79: 4900,
}
_BY_LETTER = {"a": 2000, "f": 1900, "e": 2300, "d": 2600}
_BAND_NUMBER = re.compile(r"(?:band|n|b)(\d{1,2})")
_BAND_LETTER = re.compile(r"([afed])频段")
_BAND_PREFIX = re.compile(r"(?:fdd|tdd|lte|nr|dcs|gsm|l)-?(\d{3,4})m?")


def factor(unit: str, written: str) -> float | None:
    """Give what a number with the unit `written` must be multiplied by, or None where the spelling is unknown."""
    if not written:
        return 1.0
    return FACTORS.get(unit, {}).get(simplified(written).lower().replace(" ", ""))


def band_mhz(words: str) -> float | None:
    """Give the nominal frequency in MHz of a band's name ("n78", "D频段", "FDD1800"), or None."""
    name = words.lower().replace(" ", "")
    if found := _BAND_NUMBER.fullmatch(name):
        return _BY_NUMBER.get(int(found[1]))
    if found := _BAND_LETTER.fullmatch(name):
        return _BY_LETTER[found[1]]
    if found := _BAND_PREFIX.fullmatch(name):
        return float(found[1])
    return None
