"""Which row is which feature: the key of a row, and the UUID that derives from it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from ..spec import Kind, LayerSpec

_NAMESPACE = uuid.UUID("5b0c3c52-6f0e-5d0a-9d35-2f6c1b6a7e10")
_BETWEEN = "\x1f"


def row_keys(spec: LayerSpec, columns: pd.DataFrame) -> list[str]:
    """Give the key of every row as one text; an empty field counts as a value of its own.

    Parameters
    ----------
    spec : LayerSpec
    columns : pandas.DataFrame
        Holds the key fields in the types of `LayerTable`.
    """
    parts = []
    for name in spec.key:
        column = columns[name]
        missing = column.isna().tolist()
        write = "{:.12g}".format if spec.field(name).kind is Kind.REAL else str
        parts.append(["" if gone else write(value) for value, gone in zip(column.tolist(), missing)])
    return [_BETWEEN.join(key) for key in zip(*parts)]


def row_uuids(spec: LayerSpec, keys: Sequence[str]) -> list[str]:
    """Give the UUID of every row: the same layer and key always give the same one.

    Equal keys are told apart by a running number, in the order of the rows.
    """
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        words = spec.name + _BETWEEN + key + (f"{_BETWEEN}#{seen[key]}" if seen[key] > 1 else "")
        found.append(str(uuid.uuid5(_NAMESPACE, words)))
    return found
