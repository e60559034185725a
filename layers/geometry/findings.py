"""All that is wrong with the shapes of a converted layer, and between them; each row's own validity was seen to before.

The shapes of a layer are mended or set aside on reading (`reading.conform`); what is found here leaves them as they
are, for somebody to look at.
"""

from __future__ import annotations

import numpy as np

from ..findings.findings import Findings
from ..spec import Geometry
from ..table import LayerTable, Shapes
from .areas import area_findings
from .lines import network_findings
from .shapes import TOLERANCE_M, shape_findings

NETWORKS = ("trunk_cables", "roads")  # layers whose lines should join; a coastline may end where the map does


def geometry_findings(
    table: LayerTable, positions: np.ndarray, tolerance_m: float = TOLERANCE_M, nodes: Shapes | None = None
) -> Findings:
    """Find what is wrong with the shapes of a layer and between them.

    Parameters
    ----------
    table : LayerTable
        Valid shapes of the layer's type, CGCS2000 longitude and latitude; points give nothing.
    positions : numpy.ndarray of int64, shape (n,)
        The row of the source that each row of `table` came from.
    tolerance_m : float
        Metres within which an end should touch, and under which a width is that of a sliver.
    nodes : numpy.ndarray of shapely points, optional
        For a network: where its lines may end.

    Returns
    -------
    Findings
        Near misses and overlaps stand at both rows; a gap stands once, with its neighbours as related.
    """
    findings = Findings()
    if table.spec.geometry in (Geometry.POINT, Geometry.NONE) or not len(table):
        return findings
    at = np.asarray(positions, dtype=np.int64)
    findings.extend(shape_findings(table.geometry, at, tolerance_m))
    if table.spec.name in NETWORKS:
        findings.extend(network_findings(table, at, tolerance_m, nodes))
    findings.extend(area_findings(table, at, tolerance_m))
    return findings
