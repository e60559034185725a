"""Guess the kind of a control line from the name of its layer or file. Standard library only."""

from __future__ import annotations

from ...layers.specs.control_lines import KINDS

# More names that bureaus use; the aliases of the code list count as well. Compared in upper case, the longest first.
_MORE = {
    "ecological_red_line": ("生态保护红线", "ECOLOGICAL_RED_LINE"),
    "basic_farmland": ("永久基本农田", "BASIC_FARMLAND"),
    "town_boundary": ("城镇开发边界", "TOWN_BOUNDARY"),
    "urban_yellow_line": ("城市黄线", "URBAN_YELLOW_LINE"),
    "nature_reserve": ("自然保护地", "NATURE_RESERVE"),
    "water_protection": ("水源保护", "YYSYD", "WATER_PROTECTION"),
}


def guess_kind(*names: str) -> str:
    """Give the kind of control line that one of the names tells, the first that does; "" for none."""
    for name in names:
        upper = name.upper()
        fits = [(len(word), kind) for word, kind in _WORDS if word in upper]
        if fits:
            return max(fits)[1]
    return ""


_WORDS = tuple(
    (word.upper(), code.value)
    for code in KINDS
    if code.value != "other"
    for word in dict.fromkeys((*code.aliases, *_MORE.get(code.value, ())))
)
