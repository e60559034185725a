"""Find the row or rows of headings among the first records of a sheet, and join headings of several rows into one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ..cells.fold import fold
from ..cells.units import FACTORS
from ..reading.headings import datum_in, match, matches, place
from ..spec import LayerSpec

Rows = Sequence[Sequence[str]]

_NEAR = 40  # rows that are looked at first
MOST_ROWS = 4  # headings of more rows than this were never seen
_LONGEST = 120
_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_BRACKETED = re.compile(r"[(\[{<【〔](.*)[)\]}>】〕]")
_OTHER_UNITS = frozenset(
    ("度", "°", "十进制度", "度分秒", "小数度", "米", "m", "人", "户", "个", "座", "条", "对", "元", "万元", "亿元")
) | frozenset(("年", "月", "日", "kv", "亩", "公顷", "平方米", "平方公里", "km2", "m2", "㎡", "dbi", "w", "kw", "次"))


@dataclass(frozen=True)
class Block:
    """The headings of a table.

    Attributes
    ----------
    start, stop : int
        Positions of the first row of headings and of the one after the last.
    headings : list of str
        One a column, without empty ones at the end.
    known : bool
        They name fields; else they are the first row with text.
    """

    start: int
    stop: int
    headings: list[str]
    known: bool


def find_block(head: Rows, spec: LayerSpec | None) -> Block | None:
    """Find the headings: the rows that name the most fields, the fewest and highest of them where several do alike.

    Returns None where no row has text, or where the first row with text is plainly data.
    """
    for most in (_NEAR, len(head)):
        found = _find([[cell.strip() for cell in row] for row in head[:most]], spec)
        if (found is not None and found.known) or most >= len(head):
            break
    return found


def _find(rows: list[list[str]], spec: LayerSpec | None) -> Block | None:
    filled = [at for at, row in enumerate(rows) if any(row)]
    if not filled:
        return None
    scores = {at: _score(rows[at], spec) for at in filled}
    best = max(scores.values())
    if best < 2 and not _joins(rows, scores, spec, 2):
        return _unknown(rows, filled, spec)
    first = min(at for at, score in scores.items() if score == best)
    found = max(_joins(rows, scores, spec, best), key=lambda one: one[0], default=None)
    if found is None:
        start, stop = first, first + 1
    else:
        (_, _, _), start, stop = found
    start = _group_above(rows, start, stop, spec)
    if stop - start == 1 and stop < len(rows):
        stop += _is_divided(rows[start], rows[stop], spec) or _has_parts(rows[start], rows[stop])
    return Block(start, stop, _without_tail(join(rows[start:stop], spec)), known=True)


def is_number(cell: str) -> bool:
    """Tell whether a cell is nothing but a number."""
    return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell).strip()))


def unit_of(cell: str) -> str:
    """Give the unit that is all that a cell says ("(米)", "单位：MHz"), or ""."""
    words = unicodedata.normalize("NFKC", cell).strip()
    if found := _BRACKETED.fullmatch(words):
        words = found[1]
    words = re.sub(r"^单位:?", "", words).strip()
    plain = words.lower().replace(" ", "")
    known = plain in _OTHER_UNITS or any(plain in spellings for unit, spellings in FACTORS.items() if unit)
    return words if known and plain else ""


def with_units(headings: Sequence[str], units: Sequence[str], spec: LayerSpec | None) -> list[str]:
    """Put the units of a row of units to the headings that have none and still say what they said."""
    found = []
    for heading, cell in zip(headings, [*units, *[""] * len(headings)]):
        unit = unit_of(cell)
        whole = f"{heading}({unit})"
        fits = unit and heading and unit.lower() not in heading.lower() and _names(heading, spec) == _names(whole, spec)
        found.append(whole if fits else heading)
    return found


def join(rows: Rows, spec: LayerSpec | None) -> list[str]:
    """Join rows of headings, top to bottom, into one heading a column.

    The lowest one alone where it is known and stands once; with those above it where it is not, where it stands over
    several columns, or where one above names the datum of a coordinate.
    """
    if len(rows) == 1:
        return list(rows[0])
    width = max(map(len, rows))
    grid = [[*row, *[""] * (width - len(row))] for row in rows]
    for upper in range(len(grid) - 1):
        _spread(grid, upper)
    stacks = [list(dict.fromkeys(filter(None, column))) for column in zip(*grid)]
    lowest = Counter(fold(stack[-1]) for stack in stacks if stack)
    return [_one(stack, lowest, spec) for stack in stacks]


def _one(stack: list[str], lowest: Counter[str], spec: LayerSpec | None) -> str:
    if len(stack) < 2:
        return stack[0] if stack else ""
    above, last = " ".join(stack[:-1]), stack[-1]
    whole = f"{above} {last}"
    if unit_of(last) and _names(named := f"{_one(stack[:-1], lowest, spec)}({unit_of(last)})", spec):
        return named
    here = place(last)
    if lowest[fold(last)] > 1 or (here is not None and not here.datum and datum_in(above)):
        return whole
    if _names(last, spec):
        return last
    return f"{above}({last})" if not _names(whole, spec) and _names(f"{above}({last})", spec) else whole


def _spread(grid: list[list[str]], upper: int) -> None:
    """Let a heading over several columns stand over each of them: the blanks to its right that have one below."""
    below = grid[upper + 1 :]
    group = ""
    for at, cell in enumerate(grid[upper]):
        lower = any(row[at] for row in below)
        if cell:
            group = cell if lower else ""
        elif group and lower:
            grid[upper][at] = group
        else:
            group = ""


def _joins(
    rows: list[list[str]], scores: dict[int, int], spec: LayerSpec | None, least: int
) -> list[tuple[tuple[int, int, int], int, int]]:
    """Give the blocks of several rows that name more fields than any single row, each with its rank."""
    found = []
    for start in scores:
        for stop in range(start + 2, min(start + MOST_ROWS, len(rows)) + 1):
            if stop - 1 not in scores or not all(_may_head(rows[at]) for at in range(start, stop) if at in scores):
                break
            if start not in scores or _is_title(rows[start]):
                break
            if max(scores.get(at, 0) for at in range(start, stop)) < 1:
                continue
            score = _score(join(rows[start:stop], spec), spec)
            if score > least:
                found.append(((score, start - stop, -start), start, stop))
    return found


def _group_above(rows: list[list[str]], start: int, stop: int, spec: LayerSpec | None) -> int:
    """Take in the row above where it tells apart headings that stand twice, or names a datum."""
    above = start - 1
    if above < 0 or not _may_head(rows[above]) or _is_title(rows[above]) or not any(rows[above]):
        return start
    single, double = join(rows[start:stop], spec), join(rows[above:stop], spec)
    changed = [new for old, new in zip(single, double) if old and new != old]
    if not changed or sum(map(bool, rows[above])) > sum(map(bool, single)):
        return start
    if len(set(map(fold, double))) > len(set(map(fold, single))) or any(datum_in(words) for words in changed):
        return above
    return start


def _is_divided(upper: list[str], lower: list[str], spec: LayerSpec | None) -> bool:
    """Tell whether a row of headings is the upper half of one whose parts, all of them known, stand in the next row.

    "起点" over "经度" and "纬度" names no field of a cable, so that counting fields does not find it.
    """
    width = max(len(upper), len(lower))
    above, below = [[*row, *[""] * (width + 1 - len(row))] for row in (upper, lower)]
    columns = [at for at, cell in enumerate(below) if cell]
    if len(columns) < 2 or not all(_names(below[at], spec) for at in columns) or any(map(is_number, lower)):
        return False
    under = [at for at in columns if not above[at] or (not above[at + 1] and below[at + 1])]
    return len(under) * 2 > len(columns)


def _has_parts(upper: list[str], lower: list[str]) -> bool:
    """Tell whether a row says 度, 分, 秒 below the heading of a coordinate, and nothing but units beside it."""
    cells = [unicodedata.normalize("NFKC", cell).strip("()[]") for cell in lower]
    starts = [at for at in range(len(cells) - 2) if cells[at] in ("度", "°") and cells[at + 1 : at + 3] == ["分", "秒"]]
    parts = {at + step for at in starts for step in range(3)}
    rest = [cell for at, cell in enumerate(lower) if cell and at not in parts]
    return any(at < len(upper) and place(upper[at]) for at in starts) and all(map(unit_of, rest))


def _may_head(row: list[str]) -> bool:
    return not any(is_number(cell) or len(cell) > _LONGEST for cell in row)


def _is_title(row: list[str]) -> bool:
    return len(set(filter(None, row))) == 1


def _unknown(rows: list[list[str]], filled: list[int], spec: LayerSpec | None) -> Block | None:
    """Choose the row of headings where no row names two fields."""
    at = filled[0]
    if spec is None:
        top = filled[:15]
        at = max(top, key=lambda one: (sum(map(bool, rows[one])), -one))
    if _is_data(rows, at):
        return None
    return Block(at, at + 1, _without_tail(rows[at]), known=False)


def _is_data(rows: list[list[str]], at: int) -> bool:
    """Tell whether a row is data like those below it: numbers in the same columns, at least two of them."""
    numbers = {column for column, cell in enumerate(rows[at]) if is_number(cell)}
    below = [row for row in rows[at + 1 : at + 6] if any(row)]
    if all(_YEAR.fullmatch(rows[at][column]) for column in numbers) or len(numbers) < max(
        2, 0.25 * sum(map(bool, rows[at]))
    ):
        return False
    return all(sum(is_number(row[column]) for column in numbers if column < len(row)) >= 1 for row in below)


def _without_tail(headings: list[str]) -> list[str]:
    found = list(headings)
    while found and not found[-1]:
        found.pop()
    return found


def _score(row: Sequence[str], spec: LayerSpec | None) -> int:
    """Count the fields that a row names; without a layer, those of the layer that it fits best."""
    cells = [cell for cell in row if cell]
    numbers = [cell for cell in cells if is_number(cell) and not _YEAR.fullmatch(cell)]
    if len(numbers) >= max(2, len(cells) / 4):
        return 0
    return max(matches(list(row), one) for one in _specs(spec))


def _specs(spec: LayerSpec | None) -> tuple[LayerSpec, ...]:
    from ..specs import SPECS

    return (spec,) if spec is not None else tuple(SPECS.values())


@cache
def _of(words: str, name: str) -> frozenset[str]:
    from ..specs import SPECS

    if here := place(words):
        return frozenset((here.axis,))
    return frozenset(item.name for item in SPECS[name].fields if match(words, item) is not None)


def _names(words: str, spec: LayerSpec | None) -> frozenset[str]:
    """Give what a heading names: fields, or an axis."""
    from ..specs import SPECS

    if spec is not None and SPECS.get(spec.name) is not spec:  # a layer of somebody's own
        here = place(words)
        found = (item.name for item in spec.fields if match(words, item) is not None)
        return frozenset((here.axis,)) if here else frozenset(found)
    return frozenset(name for one in _specs(spec) for name in _of(words, one.name))
