"""How a field of a delivery gets its value: a field, a label, a constant, a code map, a template, or a computed thing.

An expression is a table of the profile with exactly one of the keys `KINDS`; nothing is ever evaluated as a program.

    { field = "name" }                                            the field as it is
    { label = "node_class" }                                      the Chinese word of a code; of several, joined by 、
    { constant = "2090020521" }
    { field = "status", map = { existing = "10" }, otherwise = "" }   a code map; `otherwise` for values not in it
    { template = "{name}（{operator:label}）" }                    fields and labels in a text
    { computed = "length_m" }                                     one of `COMPUTED`
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..spec import Field, Kind, LayerSpec

KINDS = ("field", "label", "constant", "template", "computed")
COMPUTED = ("bsm", "ysdm", "xzqdm", "xzqmc", "length_m", "area_m2", "area_ha", "lon", "lat", "uuid")
PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(:label)?\}")


def fields_in(expression: Mapping[str, Any]) -> list[str]:
    """Give the fields of the workspace that an expression reads."""
    if "template" in expression:
        return [found[0] for found in PLACE.findall(expression["template"])]
    return [expression[key] for key in ("field", "label") if key in expression]


def evaluate(
    expression: Mapping[str, Any],
    spec: LayerSpec,
    columns: pd.DataFrame,
    computed: Mapping[str, Sequence[Any]],
) -> list[Any]:
    """Give the value of an expression for every row.

    Parameters
    ----------
    expression : mapping
        As above; empty gives no values.
    spec : LayerSpec
        Of the workspace layer that `columns` are rows of.
    columns : pandas.DataFrame, n rows
    computed : mapping
        Sequence of n values by name of `COMPUTED`.

    Returns
    -------
    list, length n
        str, int, float or None.
    """
    count = len(columns)
    if "constant" in expression:
        return [expression["constant"]] * count
    if "computed" in expression:
        return list(computed[expression["computed"]])
    if "label" in expression:
        field = spec.field(expression["label"])
        return [_label(field, value) for value in _values(columns[field.name])]
    if "template" in expression:
        return _filled(expression["template"], spec, columns)
    if "field" not in expression:
        return [None] * count
    values = _values(columns[expression["field"]])
    if "map" not in expression:
        return values
    known, otherwise = expression["map"], expression.get("otherwise")
    return [None if value is None else known.get(_text(value), otherwise) for value in values]


def _values(column: pd.Series) -> list[Any]:
    """Give a column as str, int, float and None; an empty text counts as missing."""
    missing = column.isna().tolist()
    return [None if absent or value == "" else value for value, absent in zip(column.tolist(), missing)]


def _label(field: Field, value: Any) -> str | None:
    if value is None:
        return None
    if field.kind is Kind.FLAG:
        return "是" if int(value) else "否"
    parts = str(value).split(";") if field.kind is Kind.CODES else [_text(value)]
    return "、".join(field.code_label(part).zh for part in parts)


def _filled(template: str, spec: LayerSpec, columns: pd.DataFrame) -> list[str | None]:
    """Fill a template; a row that has nothing for any of its places gets nothing."""
    names = sorted({found[0] for found in PLACE.findall(template)})
    values = {name: _values(columns[name]) for name in names}
    filled: list[str | None] = []
    for row in range(len(columns)):
        if names and all(values[name][row] is None for name in names):
            filled.append(None)
            continue

        def word(found: re.Match[str], row: int = row) -> str:
            value = values[found[1]][row]
            if value is None:
                return ""
            return (_label(spec.field(found[1]), value) or "") if found[2] else _text(value)

        filled.append(PLACE.sub(word, template))
    return filled


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
