"""Cells under one station id that lie far apart: they should stand on one mast.

Ids are an operator's own, so that only rows of the same operator are compared. A remote radio unit bears the id of its
base band unit, and some lists number base band units: where a fifth of the ids are spread so, the list numbers
something else than masts, which is said once. Both limits are choices of this project, in no standard.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....text import Text
from ...findings.findings import Findings
from ...table import LayerTable
from .columns import joined, lon_lat, own_rows, texts
from .pairs import geodesic_m, number_groups

APART_M = 1000.0
_BY_DESIGN, _FEW = 0.2, 2
_SAME_NAME, _OTHER_NAME = 0.9, 0.6
_DEGREE_M = 111_320.0


def ids_apart(table: LayerTable, positions: np.ndarray) -> Findings:
    """Find rows of a station id that lie more than a kilometre from the others of that id and operator.

    Parameters
    ----------
    table : LayerTable
        Base stations, CGCS2000.
    positions : numpy.ndarray of int64, shape (n,)
        Position of every row in the source.
    """
    found = Findings()
    lon, lat = lon_lat(table)
    ids = pd.factorize(joined([table], "station_id"))[0].astype(np.int64)
    operators = pd.factorize(joined([table], "operator"))[0].astype(np.int64)
    at = np.flatnonzero((ids >= 0) & np.isfinite(lon) & np.isfinite(lat))
    if len(at) < 2:
        return found
    groups, sizes = number_groups(ids[at], operators[at])
    spread = np.hypot(_extent(groups, lon[at] * np.cos(np.radians(lat[at].mean()))), _extent(groups, lat[at]))
    several = len(np.unique(groups[sizes > 1]))
    far = np.unique(groups[spread[groups] * _DEGREE_M > APART_M])
    if len(far) > _FEW and len(far) > _BY_DESIGN * several:
        found.add(
            "same_id_apart",
            field="station_id",
            why=Text(
                f"{several} 个有多行的编号中，{len(far)} 个的各行相距超过 1 km；"
                "编号像是基带单元（BBU）等的编号，不逐行提示",
                f"of {several} ids with several rows {len(far)} have rows over 1 km apart; they look like ids of base "
                "band units or the like, so single rows are not named",
            ),
            severity="informs",
        )
        return found
    members = np.isin(groups, far)
    rows, anchors = _away(at[members], groups[members], lon, lat)
    if not len(rows):
        return found
    names, keys = texts(table, "name"), texts(table, "station_id")
    metres = geodesic_m(lon[rows], lat[rows], lon[anchors], lat[anchors])
    related = own_rows(table, anchors, positions)
    found.add(
        "same_id_apart",
        positions[rows],
        field="station_id",
        values=keys[rows],
        related=related,
        confidence=np.where(names[rows] == names[anchors], _SAME_NAME, _OTHER_NAME),
        why=[
            Text(
                f"与同一运营商、同一编号的第 {row[4:]} 行相距 {apart / 1000:.1f} km；同一站的小区应在同一杆塔",
                f"{apart / 1000:.1f} km from {row}, of the same operator and id; cells of a station stand on one mast",
            )
            for row, apart in zip(related, metres)
        ],
    )
    return found


def _extent(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give the difference of the largest and smallest value of every group."""
    low, high = (np.full(int(groups.max()) + 1, start) for start in (np.inf, -np.inf))
    np.minimum.at(low, groups, values)
    np.maximum.at(high, groups, values)
    return high - low


def _away(rows: np.ndarray, groups: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the rows far from the place where most rows of their group are (the first of equals), and a row there."""
    away: list[int] = []
    anchors: list[int] = []
    for _, index in pd.Series(rows).groupby(groups):
        own = index.to_numpy()
        _, counts = number_groups(lon[own], lat[own])
        anchor = int(own[int(counts.argmax())])
        metres = geodesic_m(lon[own], lat[own], np.full(len(own), lon[anchor]), np.full(len(own), lat[anchor]))
        far = own[metres > APART_M]
        away += far.tolist()
        anchors += [anchor] * len(far)
    order = np.argsort(away, kind="stable")
    return np.array(away, dtype=np.int64)[order], np.array(anchors, dtype=np.int64)[order]
