"""How clerks write a cell: the spellings that still tell the value, and those that do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from . import write
from .table import FAULTS_A_FILE, Case, Desk, Planted, Spoiler, Table, codes, number

Spell = Callable[[str, Random], str]
FULL_WIDTH = str.maketrans(
    "0123456789.-GMHzmABCDEFNRTLSP", "０１２３４５６７８９．－ＧＭＨｚｍＡＢＣＤＥＦＮＲＴＬＳＰ"
)
DATED = "%Y-%m-%d"


@dataclass(frozen=True)
class Spelling:
    """One way to write the cells of some fields.

    Attributes
    ----------
    table : str
        Short name of the clean table.
    fields : tuple of str
        Fields whose cells of a row are written so together.
    spell : callable
        Gives the cell as the clerk writes it.
    codes : tuple of str
        Codes under which it may be found.
    kept : str
        "value": the workspace holds the true value afterwards; "empty": the cell is empty in the workspace;
        "": nothing is held against the workspace but that the row is accounted for.
    every : bool
        The whole column is written so, not twenty cells of it.
    """

    name: str
    table: str
    fields: tuple[str, ...]
    spell: Spell
    codes: tuple[str, ...]
    least: str = "informs"
    kept: str = "value"
    every: bool = False
    treatments: str = ""
    tolerance_deg: float = 2e-6


def spoiler(one: Spelling) -> Spoiler:
    """Give the spoiler that writes cells in one way."""
    return Spoiler(one.name, "values", lambda desk: [_spoiled(one, desk)])


def spoil(one: Spelling, table: Table, k: int, rng: Random) -> Planted:
    """Write the cells of the row at a position as the spelling has them."""
    row, recovered = table.rows[k], {}
    for field in one.fields:
        heading = table.heading(field)
        row[heading] = one.spell(row[heading], rng)
        if one.kept:
            recovered[field] = table.truth[k][field] if one.kept == "value" else None
    return Planted((number(k),), codes(*one.codes), one.least, recovered)


def _spoiled(one: Spelling, desk: Desk) -> Case:
    table = desk.clean[one.table].copied()
    headings = [table.heading(field) for field in one.fields]
    fit = [k for k, row in enumerate(table.rows) if all(row[heading] for heading in headings)]
    # A label that the dialect has no other word for stays as it is: such a row is not spoiled.
    fit = [k for k in fit if one.spell(table.rows[k][headings[0]], Random(0)) != table.rows[k][headings[0]]]
    if not one.every:
        inner = [k for k in fit if 2 <= k < len(table.rows) - 1]
        fit = sorted(desk.rng.sample(inner, min(FAULTS_A_FILE, len(inner))))
    planted = [spoil(one, table, k, desk.rng) for k in fit]
    path = write.write_csv(desk.folder / f"{table.name}.csv", write.matrix(table))
    return Case(path, table.kind, len(table.rows), planted, datum="cgcs2000", treatments=one.treatments,
                whole=one.every, tolerance_deg=one.tolerance_deg)  # fmt: skip


def any_of(*words: str) -> Spell:
    """Give a spell that writes one of some words, whatever stood there."""
    return lambda _cell, rng: rng.choice(words)


def patterns(*forms: str) -> Spell:
    """Give a spell that puts the cell into one of some forms."""
    return lambda cell, rng: rng.choice(forms).format(cell)


def translated(words: Mapping[str, tuple[str, ...]]) -> Spell:
    """Give a spell that replaces a label by another word for it, and leaves a label that it does not know."""
    return lambda cell, rng: rng.choice(words.get(cell, (cell,)))


# --- degrees, minutes and seconds -----------------------------------------------------------------------------------


def parts(cell: str, decimals: int = 2) -> tuple[int, int, float]:
    """Give degrees, minutes and seconds of a positive angle, rounded without ever giving 60 seconds."""
    units = round(float(cell) * 3600 * 10**decimals)
    degrees, rest = divmod(units, 3600 * 10**decimals)
    minutes, seconds = divmod(rest, 60 * 10**decimals)
    return degrees, minutes, seconds / 10**decimals


def dms(form: str, decimals: int = 2) -> Spell:
    """Give a spell for degrees, minutes and seconds; the form has {d}, {m}, {s} and {h}, the hemisphere's letter."""

    def spell(cell: str, _rng: Random) -> str:
        d, m, s = parts(cell, decimals)
        east = float(cell) > 60
        words = {"h": "E" if east else "N", "zh": "东经" if east else "北纬"}
        return form.format(d=d, m=m, s=f"{s:0{3 + decimals}.{decimals}f}", plain=f"{s:.{decimals}f}", **words)

    return spell


def degrees_minutes(form: str) -> Spell:
    """Give a spell for degrees and decimal minutes."""

    def spell(cell: str, _rng: Random) -> str:
        degrees = int(float(cell))
        return form.format(d=degrees, m=f"{(float(cell) - degrees) * 60:.5f}", h="E" if float(cell) > 60 else "N")

    return spell


# --- dates ------------------------------------------------------------------------------------------------------------


def dates(*forms: str) -> Spell:
    """Give a spell for dates; the forms have {y}, {m}, {d}, {mm}, {dd}, {yy} and {serial}."""

    def spell(cell: str, rng: Random) -> str:
        day = dt.datetime.strptime(cell, DATED).date()
        serial = (day - dt.date(1899, 12, 30)).days
        names = {"y": day.year, "m": day.month, "d": day.day, "serial": serial}
        return rng.choice(forms).format(mm=f"{day.month:02d}", dd=f"{day.day:02d}", yy=f"{day.year % 100:02d}", **names)

    return spell
