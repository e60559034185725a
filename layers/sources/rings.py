"""Rings that end where they did not begin: closed on reading, noted, and set aside where the planner wants that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...text import Text
from ..findings.findings import Findings
from ..findings.kind import SET_ASIDE
from ..findings.treatments import RowTreatments
from ..reading.reasons import Reasons
from ..shapes import Shapes, from_wkb

_CODE = "ring_not_closed"
Closing = tuple[int, str, Text]  # as `conform.Repair`


def decode(binary: Sequence[bytes | None] | np.ndarray, findings: Findings) -> tuple[Shapes, np.ndarray]:
    """Decode well-known binary; give the shapes, and which bytes make none, shape (n,) each.

    Parameters
    ----------
    binary : sequence of bytes or None, length n
    findings : Findings
        Gains the rows with rings that had to be closed.
    """
    decoded = from_wkb(binary)
    rows = sorted(decoded.closed)
    findings.add(
        _CODE,
        rows,
        field="geometry",
        values=[str(decoded.closed[at]) for at in rows],
        why=[
            Text(
                f"{decoded.closed[at]} 个环首尾不相接，已在末尾补上起点",
                f"{decoded.closed[at]} rings do not end where they began; the first point was put at the end once more",
            )
            for at in rows
        ],
        confidence=0.9,
    )
    broken = np.zeros(len(decoded.shapes), dtype=bool)
    broken[decoded.broken] = True
    return decoded.shapes, broken


def closings(noted: Findings, shapes: Shapes, aside: Reasons, treatments: RowTreatments) -> list[Closing]:
    """Give the closed rings among a reader's findings as repairs; set those aside that the planner does not want.

    Parameters
    ----------
    noted : Findings
        Of the reader.
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Those set aside become None, in place.
    """
    done: list[Closing] = []
    for block in noted:
        if block.code != _CODE or block.at is None:
            continue
        refused = treatments.where(_CODE, block.at, SET_ASIDE)
        for at, words, out in zip(block.at.tolist(), block.why, refused.tolist()):
            if out:
                aside.add([at], _CODE, words)
                shapes[at] = None
            elif shapes[at] is not None:
                done.append((at, "Ring is not closed", words))
    return done
