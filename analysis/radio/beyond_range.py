"""Which places a station beyond the largest range might serve: a NO there hangs on that range, not on the terrain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..geodesy import ecef_m
from ..slices import Checkpoint
from .sites import Sector

_FREE_SPACE_DB = 92.4  # eq. 8 of ITU-R P.1812-8 at 1 km and 1 GHz
_METRES_PER_DEGREE = 110_574.0  # of latitude, the least there is: a band of it is never too narrow


def free_space_reach_m(
    sectors: Sequence[Sector], threshold_dbm: float, extra_loss_db: float = 0.0
) -> npt.NDArray[np.float64]:
    """Give how far each sector reaches a threshold at boresight with nothing in the way, metres; shape (m,)."""
    eirp = np.array([sector.eirp_dbm for sector in sectors], dtype=np.float64)
    lg_f = np.log10([sector.frequency_ghz for sector in sectors])
    return np.asarray(1e3 * 10 ** ((eirp - extra_loss_db - threshold_dbm - _FREE_SPACE_DB - 20 * lg_f) / 20))


def might_serve_from_beyond(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    sectors: Sequence[Sector],
    *,
    max_range_m: float,
    threshold_dbm: float,
    extra_loss_db: float = 0.0,
    checkpoint: Checkpoint | None = None,
) -> npt.NDArray[np.bool_]:
    """Tell for which places a sector farther than the range could reach the threshold in free space.

    Parameters
    ----------
    lon, lat : array_like, shape (p,)
        Degrees, CGCS2000; NaN: no place, which nobody serves.
    sectors : sequence of Sector
    max_range_m : float
        Geodesic metres up to which sectors were simulated.
    threshold_dbm : float
    extra_loss_db : float
        Taken off every level, such as building entry loss.
    checkpoint : callable, optional
        Gets the done fraction; may raise to cancel.

    Returns
    -------
    numpy.ndarray of bool, shape (p,)
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    found = np.zeros(x.size, dtype=bool)
    reach = free_space_reach_m(sectors, threshold_dbm, extra_loss_db)
    far = np.flatnonzero(reach > max_range_m)
    if not far.size:
        return found
    place = np.array([(sectors[k].lon, sectors[k].lat) for k in far.tolist()])
    order = np.argsort(place[:, 1], kind="stable")
    place, reach = place[order], reach[far][order]
    xyz, sector_xyz = ecef_m(x, y), ecef_m(place[:, 0], place[:, 1])
    band = float(reach.max()) / _METRES_PER_DEGREE
    for k in np.flatnonzero(~(np.isnan(x) | np.isnan(y))).tolist():
        if checkpoint is not None and k % 64 == 0:
            checkpoint(k / x.size)
        first, last = np.searchsorted(place[:, 1], [y[k] - band, y[k] + band])
        # Chords stand for distances: at 50 km they are 13 cm short, and free space is no matter of centimetres.
        away = np.sqrt(((sector_xyz[first:last] - xyz[k]) ** 2).sum(axis=1))
        found[k] = bool(((away > max_range_m) & (away <= reach[first:last])).any())
    return found
