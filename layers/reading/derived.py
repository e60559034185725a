"""What a table says without saying it: values that another field tells, and texts that an encoding garbled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.values import Column, typed
from ..sources.garbled import repaired
from ..spec import Field, Kind, LayerSpec
from .plausible import Issue


def derive(item: Field, columns: dict[str, pd.Series], where: np.ndarray) -> np.ndarray:
    """Fill a field from another one, in place, where the source says nothing.

    Parameters
    ----------
    item : Field
        With `derived_from` and `derive`.
    columns : dict
        Columns of the layer by field; the one of `item` is replaced.
    where : numpy.ndarray of bool, shape (n,)
        Rows in which the source says nothing.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        The rows that were filled.
    """
    if item.derive is None:
        raise ValueError(f"{item.name} is derived from no other field")
    codes, uniques = pd.factorize(columns[item.derived_from])
    told = np.array([*(item.derive(str(text)) for text in uniques), ""], dtype=object)[codes]
    fill: np.ndarray = where & (told != "")
    old = columns[item.name]
    cells = [None if gone else cell for cell, gone in zip(old.tolist(), old.isna().tolist())]
    columns[item.name] = typed(np.where(fill, told, np.array(cells, dtype=object)), item.kind)
    return fill


def count_values(cells: pd.Series) -> dict[str, int]:
    """Count the cells by their value, in the values' order."""
    return {str(value): int(count) for value, count in cells.value_counts().sort_index().items()}


def derived_notice(spec: LayerSpec, name: str, counts: Mapping[str, int]) -> Text:
    """Say which values of a field were told by another one."""
    item = spec.field(name)
    labels = [(item.code_label(value), count) for value, count in counts.items()]
    source = spec.field(item.derived_from).label
    return Text(
        f"“{item.label.zh}”由“{source.zh}”推定："
        + "、".join(f"{label.zh} {count} 行" for label, count in labels)
        + "。",
        f"“{item.label.en}” was derived from “{source.en}”: "
        + ", ".join(f"{label.en} {count} rows" for label, count in labels)
        + ".",
    )


def numbered_notice(item: Field) -> Text:
    """Say that a file gives no ids."""
    return Text(
        f"文件没有“{item.label.zh}”列，已按文件名和行号编号；行序改变后，新版本将无法逐条对应。",
        f"The file has no column “{item.label.en}”: its rows are numbered by file name and row. A newer edition in "
        "another order cannot be compared row by row.",
    )


def garbled(item: Field, texts: np.ndarray, column: Column, odd: set[int]) -> list[Issue]:
    """Give an issue for every text that was read in the wrong encoding, with what it may be; nothing is changed.

    Parameters
    ----------
    item : Field
    texts : numpy.ndarray of str, shape (n,)
        Cells as they stand.
    column : Column
        What was read from them; cells that could not be read have an issue of their own.
    odd : set of int
        Rows that are no rows of data.
    """
    if item.kind is not Kind.TEXT:
        return []
    codes, uniques = pd.factorize(texts)
    readings = [repaired(str(text)) for text in uniques]
    found: list[Issue] = []
    if not any(readings):
        return found
    for at in np.flatnonzero(np.array([bool(words) for words in readings])[codes] & (column.reasons == "")):
        if int(at) not in odd:
            text, words = str(texts[at]), readings[codes[at]]
            why = Text(
                f"{item.label.zh}“{text}”疑似乱码（编码混用），可能应为“{words}”；未改动",
                f"{item.label.en} “{text}” looks garbled (mixed encodings) and may be “{words}”; not changed",
            )
            found.append((int(at), item.name, "mixed_encoding", why, text))
    return found


def mixed_notice(issues: Sequence[Issue]) -> list[Text]:
    """Say how many texts look garbled; nothing where none does."""
    count = sum(issue[2] == "mixed_encoding" for issue in issues)
    if not count:
        return []
    return [
        Text(
            f"{count} 处文字疑似乱码：曾被按错误的编码读取后保存。推测的原文见“取值问题”表，数据未改动。",
            f"{count} texts look garbled: they were once read in the wrong encoding and saved so. The table of values "
            "with an issue says what they may be; nothing was changed.",
        )
    ]
