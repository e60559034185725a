"""Whole numbers in Chinese words, by strict rules: what can be meant in two ways is not read."""

from __future__ import annotations

import re

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_STEPS = {"千": 1000, "百": 100, "十": 10}
NUMERAL = re.compile("[零〇○一二两三四五六七八九十百千万亿]+")
_LONGEST = 30
_TAIL = re.compile("[百千万亿][一二三四五六七八九]$")  # 二百五 is 250 to most and 205 to some


def read_numeral(words: str) -> int | None:
    """Give the number that Chinese words say, or None.

    "三十五" is 35, "二〇二三" is 2023, "一千零二十" is 1020; "二百五" and a lone "一" (also a dash) are not read.
    """
    if words in ("", "一") or len(words) > _LONGEST or _TAIL.search(words):
        return None
    if all(sign in _DIGITS for sign in words):
        return int("".join(str(_DIGITS[sign]) for sign in words))
    total, rest = 0, words
    for sign, factor in (("亿", 10**8), ("万", 10**4)):
        if sign in rest:
            above, rest = rest.split(sign, 1)
            part = _section(above)
            if not part or sign in rest:
                return None
            total += part * factor
    part = _section(rest) if rest else 0
    return None if part is None else total + part


def _section(words: str) -> int | None:
    """Read up to 9999: every step once, from the highest down, each with its digit (十 may stand alone in front)."""
    total, at, lowest, zero = 0, 0, 10_000, False
    while at < len(words):
        sign = words[at]
        if sign in "零〇○":
            if zero:
                return None
            zero, at = True, at + 1
            continue
        if sign == "十" and at == 0:
            digit, step, width = 1, 10, 1
        elif sign in _DIGITS:
            step = _STEPS.get(words[at + 1], 0) if at + 1 < len(words) else 1
            digit, width = _DIGITS[sign], 2 if step > 1 else 1
        else:
            return None
        if not step or step >= lowest:
            return None
        total, at, lowest, zero = total + digit * step, at + width, step, False
    return None if zero else total
