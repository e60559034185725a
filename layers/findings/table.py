"""Findings as a table: one line for each kind, field, value and reason, with the row numbers that it holds for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ...text import Text
from .catalogue import KINDS
from .findings import Block, Findings
from .kind import ACTIONS, APPLY, SEVERITIES, act
from .treatments import Treatments

COLUMNS = (
    *("code", "finding_zh", "finding_en", "group", "severity", "field", "rows", "count", "value", "proposed"),
    *("why_zh", "why_en", "treatment", "treatment_zh", "treatment_en", "choices", "confidence", "related"),
)
_POINT_COLUMNS = (
    *("severity", "code", "finding_zh", "finding_en", "row", "title", "field", "value", "proposed"),
    *("why_zh", "why_en", "treatment", "confidence", "related"),
)
_GRAVE = list(SEVERITIES)
# A line's row numbers are bounded, for spreadsheets cut a cell at 32,767 signs; what is more goes to a further line.
_RANGES_A_LINE = 1000


def as_frame(findings: Findings, numbers: Sequence[int] | np.ndarray, treatments: Treatments) -> pd.DataFrame:
    """Give the findings as a table, the gravest first.

    Parameters
    ----------
    findings : Findings
    numbers : sequence of int, length n
        Row number of every position, as the planner's program shows it.
    treatments : Treatments
        What is to be done about them.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`. ``rows`` is text such as "12" or "3;7;9-12", "" for the file as a whole; ``count`` is the
        number of rows of the line, 1 for the file.
    """
    order = {code: at for at, code in enumerate(KINDS)}
    blocks = sorted(findings, key=lambda block: (_GRAVE.index(block.grave), order[block.code]))
    parts = [_of_block(block, np.asarray(numbers, dtype=np.int64), treatments) for block in blocks]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def _of_block(block: Block, numbers: np.ndarray, treatments: Treatments) -> pd.DataFrame:
    kind = KINDS[block.code]
    fixed = {
        "code": block.code,
        "finding_zh": kind.label.zh,
        "finding_en": kind.label.en,
        "group": kind.group,
        "severity": block.grave,
        "field": block.field,
        "choices": ";".join(block.choices),
    }
    columns = {
        "value": block.originals,
        "proposed": block.proposed,
        "why": np.fromiter(block.why, dtype=object, count=len(block.why)),
        "confidence": np.round(block.confidence, 3),
        "related": block.related,
    }
    if block.at is None:
        groups = pd.DataFrame({name: column[:1] for name, column in columns.items()})
        groups = groups.assign(rows="", count=1, treatment=block.treatment or treatments.action(block.code))
    else:
        cells = {name: np.broadcast_to(column, len(block.at)) for name, column in columns.items()}
        # In the order of the rows, whatever the order in which a check came upon them.
        rows = pd.DataFrame({"number": numbers[block.at], **cells}).sort_values("number", kind="stable")
        groups = _grouped(rows.assign(treatment=_actions(block, rows["number"].to_numpy(), treatments)))
    whys: list[Text] = groups["why"].tolist()
    words = [act(kind, action) if action in ACTIONS else kind.treatment for action in groups["treatment"]]
    return groups.assign(
        **fixed,
        why_zh=[why.zh for why in whys],
        why_en=[why.en for why in whys],
        treatment_zh=[one.zh for one in words],
        treatment_en=[one.en for one in words],
    )[list(COLUMNS)]


def _actions(block: Block, numbers: np.ndarray, treatments: Treatments) -> list[str]:
    if block.treatment:
        return [block.treatment] * len(numbers)
    if any(code == block.code for code, _ in treatments.by_row):
        return [treatments.action(block.code, int(number)) for number in numbers]
    return [treatments.action(block.code)] * len(numbers)


def _grouped(rows: pd.DataFrame) -> pd.DataFrame:
    by = ["value", "proposed", "why", "confidence", "related", "treatment"]
    of = rows.groupby(by, sort=False, dropna=False).ngroup().to_numpy()
    count = int(of.max()) + 1
    if count == len(rows):  # each says something of its own
        return rows.assign(rows=rows["number"].astype(str), count=1)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(count + 1))
    numbers = rows["number"].to_numpy()[order]
    first, texts, counts = [], [], []
    for group in range(count):
        for words, size in listed(numbers[starts[group] : starts[group + 1]]):
            first.append(order[starts[group]])
            texts.append(words)
            counts.append(size)
    return rows.iloc[first].assign(rows=texts, count=counts)


def listed(numbers: np.ndarray) -> Iterator[tuple[str, int]]:
    """Give ascending row numbers as text with ranges, in lines of bounded length, and how many each line holds."""
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    starts, ends = np.append(0, breaks), np.append(breaks, len(numbers))
    for line in range(0, len(starts), _RANGES_A_LINE):
        part = slice(line, line + _RANGES_A_LINE)
        words = [
            str(numbers[a]) if b - a == 1 else f"{numbers[a]}-{numbers[b - 1]}"
            for a, b in zip(starts[part], ends[part])
        ]
        yield ";".join(words), int((ends[part] - starts[part]).sum())


def as_points(
    findings: Findings,
    numbers: Sequence[int] | np.ndarray,
    places: np.ndarray,
    treatments: Treatments,
    titles: np.ndarray | None = None,
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Give every row's finding that blocks or warns as a point, for the map.

    What the planner has had put right only informs.

    Parameters
    ----------
    places : numpy.ndarray of float64, shape (n, 2)
        Longitude and latitude of every position, degrees CGCS2000, NaN where unknown.
    titles : numpy.ndarray of str, shape (n,), optional
        What the thing of every row is called: a row number alone says nothing on a map.

    Returns
    -------
    pandas.DataFrame, numpy.ndarray, numpy.ndarray
        Columns of the layer; longitude and latitude of each, degrees, NaN where the row has no place.
    """
    blocks = [block for block in findings if block.at is not None and block.grave != "informs"]
    frames, lons, lats = [], [], []
    for block in blocks:
        rows = np.asarray(block.at)
        where = places[rows].copy()
        if block.places is not None:
            own = np.isfinite(block.places).all(axis=1)
            where[own] = block.places[own]
        kind, count = KINDS[block.code], len(rows)
        actions = np.array(_actions(block, np.asarray(numbers)[rows], treatments), dtype=object)
        put_right = (actions == APPLY) & (Treatments().action(block.code) != APPLY)
        whys = np.broadcast_to(np.fromiter(block.why, dtype=object, count=len(block.why)), count)
        frames.append(
            pd.DataFrame(
                {
                    "severity": np.where(put_right, "informs", block.grave),
                    "code": block.code,
                    "finding_zh": kind.label.zh,
                    "finding_en": kind.label.en,
                    "row": np.asarray(numbers)[rows],
                    "title": "" if titles is None else titles[rows],
                    "field": block.field,
                    "value": np.broadcast_to(block.originals, count),
                    "proposed": np.broadcast_to(block.proposed, count),
                    "why_zh": [why.zh for why in whys],
                    "why_en": [why.en for why in whys],
                    "treatment": actions,
                    "confidence": np.broadcast_to(np.round(block.confidence, 3), count),
                    "related": np.broadcast_to(block.related, count),
                }
            )
        )
        lons.append(where[:, 0])
        lats.append(where[:, 1])
    if not frames:
        empty = pd.DataFrame({name: pd.Series(dtype="int64" if name == "row" else "str") for name in _POINT_COLUMNS})
        return empty.astype({"confidence": "float64"}), np.zeros(0), np.zeros(0)
    return pd.concat(frames, ignore_index=True), np.concatenate(lons), np.concatenate(lats)
