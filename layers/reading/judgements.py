"""Cells that probably say something, which only the planner can tell: bare numbers for codes, days, rough numbers.

Nothing of it is written before the planner chose to: the cell stays empty, or the row is set aside.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.values import Column, typed
from ..columns import plain
from ..findings.findings import Findings
from ..findings.kind import APPLY
from ..findings.treatments import RowTreatments
from ..spec import Field
from .plausible import Issue
from .reasons import Reasons

JUDGED = frozenset(("numeric_code", "numeric_code_optional", "date_order", "approximate_number"))
_CODE_CONFIDENCE = 0.6  # most operators' numbers, and by no means all
_ABOUT_CONFIDENCE = 0.7  # the number is what is meant, but how far off it may be nobody says
_ORDERS = {"dm": Text("日在前、月在后", "the day before the month"), "md": Text("月在前、日在后", "the month first")}


def settle(
    item: Field,
    texts: np.ndarray,
    column: Column,
    odd: set[int],
    chosen: RowTreatments,
    aside: Reasons,
    issues: list[Issue],
    findings: Findings,
) -> pd.Series:
    """Carry out what the planner chose about the judgements of a column.

    Parameters
    ----------
    item : Field
    texts : numpy.ndarray of str, shape (n,)
        Cells as they stand.
    column : Column
        Holds the proposed values.
    odd : set of int
        Positions of rows that are no rows of data.
    chosen : RowTreatments
    aside, issues, findings
        Added to: rows without a required value, other cells that were emptied, and all that was judged.

    Returns
    -------
    pandas.Series
        The column's values, those not wanted taken out.
    """
    gone = np.zeros(len(texts), dtype=bool)
    for code in sorted(JUDGED & set(column.notes[column.notes != ""])):
        rows = np.flatnonzero(column.notes == code)
        rows = rows[[int(at) not in odd for at in rows]] if odd else rows
        sure = code == "date_order" and column.year_last.sure
        why, confidence = _evidence(code, column)
        findings.add(
            code,
            rows,
            field=item.name,
            values=texts[rows],
            proposed=np.array([str(value) for value in plain(column.cells.iloc[rows], item)], dtype=object),
            why=why,
            confidence=confidence,
            severity="informs" if sure else "",
            treatment=APPLY if sure else "",
        )
        left = np.zeros(0, dtype=np.int64) if sure else rows[~chosen.where(code, rows, APPLY)]
        gone[left] = True
        words = {text: _left(item, text, why) for text in set(texts[left])}
        for at in left.tolist():
            text = texts[at]
            if item.required:
                aside.add([at], code, words[text], item.name, text)
            else:
                issues.append((at, item.name, code, words[text], text))
    if not gone.any():
        return column.cells
    cells = [
        None if away or missing else value for value, away, missing in zip(column.cells, gone, column.cells.isna())
    ]
    return typed(np.array(cells, dtype=object), item.kind)


def _left(item: Field, text: str, why: Text) -> Text:
    return Text(f"{item.label.zh}“{text}”：{why.zh}；未按建议处理", f"{item.label.en} “{text}”: {why.en}; not applied")


def _evidence(code: str, column: Column) -> tuple[Text, float]:
    if code == "approximate_number":
        words = Text("原文是约数；采用则按此数写入", "the cell says about; the number as it stands can be taken")
        return words, _ABOUT_CONFIDENCE
    if code != "date_order":
        return (
            Text(
                "多数运营商以 1 现状、2 规划、3 在建、4 退网编号，但各家不一",
                "most operators number 1 existing, 2 planned, 3 under construction, 4 retired, but not all of them",
            ),
            _CODE_CONFIDENCE,
        )
    days = column.year_last
    order = _ORDERS[days.order]
    words = Text(
        f"本列 {days.telling + days.open_} 个这样写的日期中，{days.telling} 个（如“{days.example}”）表明{order.zh}，"
        f"其余 {days.open_} 个两种读法都成立",
        f"of {days.telling + days.open_} days written so in this column {days.telling} (such as “{days.example}”) show "
        f"{order.en}; {days.open_} can be read in both ways",
    )
    return words, round(days.telling / (days.telling + 1), 3)
