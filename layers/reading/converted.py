"""What became of a table: rows to write, rows set aside or merged, what was changed and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...text import Text
from ..findings.findings import Findings
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from ..table import LayerTable
from .plausible import Issue
from .reasons import Reason, Reasons
from .withheld import Withheld

ASIDE_COLUMNS = ("row", "reason_code", "reason_zh", "reason_en", "original")
MERGED_COLUMNS = ("row", "into_row", "original")
_KNOWN_WORDS = 10_000
ISSUE_COLUMNS = ("row", "field", "reason_code", "reason_zh", "reason_en", "original")


@dataclass
class Converted:
    """What became of a table.

    Attributes
    ----------
    table : LayerTable
        The rows to write, with uuid, source_file and source_row.
    set_aside : pandas.DataFrame
        Columns `ASIDE_COLUMNS`, one row a source row, in source order.
    value_issues : pandas.DataFrame
        Columns `ISSUE_COLUMNS`: cells of written rows that were emptied or changed.
    reasons : dict of str to int
        Number of rows set aside by the code of their first reason.
    merged : pandas.DataFrame
        Columns `MERGED_COLUMNS`: rows that say the same as an earlier one and went into it, on the planner's word.
    changes : pandas.DataFrame
        Columns `accounts.CHANGE_COLUMNS`: cells of written rows that were spelt otherwise, or changed by a treatment.
    findings : Findings
        Everything that was noticed, of rows written and of rows set aside; positions are those of the source table.
    positions : numpy.ndarray of int64, shape (rows_out,)
        Position in the source table of every row to write.
    places : numpy.ndarray of float64, shape (rows_in, 2)
        CGCS2000 longitude and latitude within every source row's shape, degrees, NaN where it has none.
    rows_in, rows_without_place : int
    notices : list of Text
        What the planner should know of the file as a whole.
    derived : dict of str to dict
        By field: how many cells of written rows were filled from another field, by their value.
    withheld : Withheld or None
        What the source holds but does not say, for an older edition's rows.
    """

    table: LayerTable
    set_aside: pd.DataFrame
    value_issues: pd.DataFrame
    rows_in: int
    rows_without_place: int
    merged: pd.DataFrame
    changes: pd.DataFrame
    findings: Findings
    positions: np.ndarray
    places: np.ndarray
    reasons: dict[str, int] = field(default_factory=dict)
    notices: list[Text] = field(default_factory=list)
    derived: dict[str, dict[str, int]] = field(default_factory=dict)
    withheld: Withheld | None = None

    @property
    def rows_out(self) -> int:
        """Number of rows to write."""
        return len(self.table)


def without(converted: Converted, raw: RawTable, reasons: Reasons) -> Converted:
    """Give a conversion without some of its rows, which are set aside.

    Parameters
    ----------
    converted : Converted
    raw : RawTable
    reasons : Reasons
        Of rows that `converted` would write, by their position in `raw`.
    """
    gone = np.isin(converted.positions, list(reasons.by_row))
    keep = ~gone
    table = converted.table
    rest = LayerTable(table.spec, table.columns[keep].reset_index(drop=True), table.geometry[keep])
    withheld = converted.withheld
    if withheld is not None:
        codes = [reasons.by_row[at][0].code for at in converted.positions[gone].tolist()]
        unwanted = LayerTable(table.spec, table.columns[gone].reset_index(drop=True), table.geometry[gone])
        ordered = np.array([reasons.is_ordered(at) for at in converted.positions[gone].tolist()], dtype=bool)
        withheld = withheld.with_rows(unwanted, codes, ordered)
    aside = pd.concat([converted.set_aside, aside_frame(raw, reasons)], ignore_index=True)
    counts = dict(converted.reasons)
    for code, count in reasons.counts().items():
        counts[code] = counts.get(code, 0) + count
    numbers = set(raw.rows[list(reasons.by_row)].tolist())
    return replace(
        converted,
        table=rest,
        set_aside=aside.sort_values("row", kind="stable").reset_index(drop=True),
        value_issues=converted.value_issues[~converted.value_issues["row"].isin(numbers)].reset_index(drop=True),
        changes=converted.changes[~converted.changes["source_row"].isin(numbers)].reset_index(drop=True),
        positions=converted.positions[keep],
        rows_without_place=int(shapely.is_missing(rest.geometry).sum()),
        reasons=counts,
        withheld=withheld,
    )


def aside_frame(raw: RawTable, aside: Reasons) -> pd.DataFrame:
    """Give the rows set aside, with their reasons and original text."""
    rows: list[tuple[Any, ...]] = []
    known: dict[tuple[Reason, ...], Text] = {}  # half a million rows may be set aside for the same words
    for at in sorted(aside.by_row):
        reasons = tuple(aside.by_row[at])
        words = known.get(reasons) or aside.words(at)
        if len(known) < _KNOWN_WORDS:
            known[reasons] = words
        rows.append((int(raw.rows[at]), aside.by_row[at][0].code, words.zh, words.en, raw.original(at)))
    return pd.DataFrame(rows, columns=list(ASIDE_COLUMNS))


def merged_frame(raw: RawTable, merged: dict[int, int]) -> pd.DataFrame:
    """Give the rows that were merged into earlier ones, with their original text."""
    rows = [(int(raw.rows[at]), int(raw.rows[into]), raw.original(at)) for at, into in sorted(merged.items())]
    return pd.DataFrame(rows, columns=list(MERGED_COLUMNS))


def issue_frame(raw: RawTable, spec: LayerSpec, issues: list[Issue]) -> pd.DataFrame:
    """Give the cells of written rows that were emptied or changed, in the order of rows and fields."""
    order = {item.name: at for at, item in enumerate(spec.fields)}
    issues.sort(key=lambda issue: (issue[0], order.get(issue[1], len(order))))
    rows = [(int(raw.rows[at]), name, code, why.zh, why.en, text) for at, name, code, why, text in issues]
    return pd.DataFrame(rows, columns=list(ISSUE_COLUMNS))
