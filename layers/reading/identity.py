"""Which row is which feature: the key of a row, and the UUID that derives from it."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..spec import Kind, LayerSpec

_NAMESPACE = uuid.UUID("5b0c3c52-6f0e-5d0a-9d35-2f6c1b6a7e10")
BETWEEN = "\x1f"


def row_keys(spec: LayerSpec, columns: pd.DataFrame) -> list[str]:
    """Give the key of every row as one text; an empty field counts as a value of its own.

    Parameters
    ----------
    spec : LayerSpec
    columns : pandas.DataFrame
        Holds the key fields in the types of `LayerTable`.
    """
    if not len(columns) or not spec.key:
        return [""] * len(columns)
    parts = [_words(columns[name], spec.field(name).kind) for name in spec.key]
    joined = pc.binary_join_element_wise(*parts, pa.scalar(BETWEEN, parts[0].type))
    found: list[str] = joined.to_pylist()
    return found


def _words(column: pd.Series, kind: Kind) -> pa.Array:
    """Give the values of a key field as text, "" for a missing one."""
    if kind is Kind.REAL:
        codes, uniques = pd.factorize(column)  # a missing value is coded -1, which is the last of these
        words = pa.array([*map("{:.12g}".format, uniques), ""], pa.large_string())
        return words.take(pa.array(codes % len(words)))
    array = pa.Array.from_pandas(column)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string()).fill_null("")


def shown_key(key: str) -> str:
    """Give a key as a planner reads it: its parts with a stroke between them."""
    return " / ".join(filter(None, key.split(BETWEEN)))


def row_uuids(spec: LayerSpec, keys: Sequence[str]) -> list[str]:
    """Give the UUID of every row: the same layer and key always give the same one (RFC 9562, version 5).

    Equal keys are told apart by a running number, in the order of the rows.
    """
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        words = spec.name + BETWEEN + key + (f"{BETWEEN}#{seen[key]}" if seen[key] > 1 else "")
        found.append(_uuid5(words))
    return found


def _uuid5(words: str) -> str:
    """Give ``uuid.uuid5`` as text, in a fifth of its time."""
    digits = hashlib.sha1(_NAMESPACE.bytes + words.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
