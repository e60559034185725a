"""The level at every key point from every station in range, for who wants to see more than the best."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.geodesy import geodesic_distance_m
from ...analysis.radio import Sector
from ...analysis.radio.points import levels_at_points

if TYPE_CHECKING:
    from .simulation import ReachSimulation


def station_levels(
    simulation: ReachSimulation,
    points: pd.DataFrame,
    stations: pd.DataFrame,
    threshold_dbm: float,
    report: Callable[[float], None],
) -> pd.DataFrame:
    """List all pairs of key points and stations in service within the largest range.

    Parameters
    ----------
    simulation : ReachSimulation
    points : pandas.DataFrame
        The judged points, with ``point_id`` and ``village_code``, in the order of the simulation.
    stations : pandas.DataFrame
        ``station_id, operator, lon, lat``.
    threshold_dbm : float
        What the verdict asks for.
    report : callable
        Gets the done fraction; may raise to cancel.

    Returns
    -------
    pandas.DataFrame
        ``village_code, point_id, station_id, operator, distance_m`` (geodesic), ``simulated_dbm`` of the station's best
        sector and ``margin_db``; both are NaN where the terrain on the way is not known or the model gives no level.
    """
    now, parts = simulation.now, []
    sectors_of: dict[int, list[Sector]] = {}
    for sector, row in zip(now.sectors, now.row.tolist()):
        sectors_of.setdefault(row, []).append(sector)
    for done, (land, own) in enumerate(simulation.windows()):
        report(done / max(simulation.window_count, 1))
        lon, lat = simulation.places(own)
        for row, sectors in sectors_of.items():
            station = stations.iloc[row]
            place = (np.full_like(lon, station["lon"]), np.full_like(lat, station["lat"]))
            away = geodesic_distance_m(lon, lat, *place)
            near = np.flatnonzero(away <= now.max_range_m)
            if not near.size:
                continue
            found = levels_at_points(
                land,
                sectors,
                lon[near],
                lat[near],
                max_range_m=now.max_range_m,
                model=now.model,
                threads=1,
                checkpoint=simulation.check,
            )
            at = own[near]
            level = found.level_dbm.astype(np.float64) + simulation.offset_db[at]
            parts.append(
                pd.DataFrame(
                    {
                        "village_code": points["village_code"].to_numpy(object)[at],
                        "point_id": points["point_id"].to_numpy(object)[at],
                        "station_id": station["station_id"],
                        "operator": station["operator"],
                        "distance_m": np.round(away[near], 1),
                        "simulated_dbm": np.round(level, 2),
                        "margin_db": np.round(level - threshold_dbm, 2),
                    }
                )
            )
    columns = ["village_code", "point_id", "station_id", "operator", "distance_m", "simulated_dbm", "margin_db"]
    if not parts:
        return pd.DataFrame(columns=columns)
    order = ["village_code", "point_id", "distance_m", "station_id", "operator"]
    return pd.concat(parts, ignore_index=True).sort_values(order, kind="stable", ignore_index=True)
