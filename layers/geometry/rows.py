"""How a finding names another row of the same file."""

from __future__ import annotations

import numpy as np

from ..table import LayerTable


def row_words(table: LayerTable, positions: np.ndarray) -> list[str]:
    """Give "row 12" for every row, by the number that the planner's own program shows where the table knows it."""
    if "source_row" in table.columns and not table.columns["source_row"].isna().any():
        return [f"row {int(number)}" for number in table.columns["source_row"]]
    return [f"row {int(at) + 1}" for at in positions]
