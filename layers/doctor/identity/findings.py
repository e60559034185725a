"""What a row is: duplicates, the same mast elsewhere, codes and counties, references; all in one call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...findings.findings import Findings
from ...table import LayerTable
from .cables import near_duplicate_cables
from .code_names import code_name_mismatches
from .codes import code_structure
from .counties import county_findings
from .history import code_history
from .ids_apart import ids_apart
from .masts import planned_where_built, same_masts
from .near import near_duplicates
from .orphans import orphans

_MASTS = ("base_stations", "towers_and_poles")
_CODED = ("villages", "key_points", "settlements", "places", "admin_units")


def identity_findings(
    table: LayerTable,
    positions: np.ndarray,
    others: Mapping[str, LayerTable],
    earlier: LayerTable | None = None,
) -> Findings:
    """Examine what the rows of a file are.

    Parameters
    ----------
    table : LayerTable
        The rows that would be written, CGCS2000.
    positions : numpy.ndarray of int64, shape (n,)
        Position of each of them in the source, counted from 0.
    others : mapping of str to LayerTable
        The workspace's layers by name, without the rows of the same source; may be empty.
    earlier : LayerTable, optional
        The rows of the same source that an import would replace; only villages look at them.

    Returns
    -------
    Findings
        Nothing for a table without rows.
    """
    found = Findings()
    if not len(table):
        return found
    positions = np.asarray(positions, dtype=np.int64)
    name = table.spec.name
    found.extend(near_duplicates(table, positions, others))
    if name == "base_stations":
        found.extend(ids_apart(table, positions))
    if name == "trunk_cables":
        found.extend(near_duplicate_cables(table, positions, others))
    if name in _MASTS:
        found.extend(planned_where_built(table, positions, others))
        found.extend(same_masts(table, positions, others))
    if name in _CODED:
        found.extend(code_structure(table, positions, others))
    if name == "villages":
        found.extend(county_findings(table, positions, others))
        found.extend(code_name_mismatches(table, positions, others))
        found.extend(code_history(table, positions, others, earlier))
    found.extend(orphans(table, positions, others))
    return found
