"""Transmitters as the best-server search takes them: sectors that share mast, height and frequency are one site.

All sectors of a site have the same paths, so that each path is computed but once for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .antenna import Antenna
from .lanes import site_at
from .mechanisms import Constants
from .raster import Propagation


@dataclass(frozen=True)
class Sector:
    """One transmitter.

    Attributes
    ----------
    lon, lat : float
        Degrees, CGCS2000.
    height_m : float
        Antenna centre above ground.
    frequency_ghz : float
    eirp_dbm : float
        At boresight: of one resource element for RSRP, of the channel for the whole power.
    antenna : Antenna
    """

    lon: float
    lat: float
    height_m: float
    frequency_ghz: float
    eirp_dbm: float
    antenna: Antenna = field(default_factory=Antenna)


class Sites(NamedTuple):
    """Sites for kernels, in the order of their first sectors.

    Attributes
    ----------
    place : numpy.ndarray, shape (n, 9)
        The fields of `lanes.Site`.
    constants : numpy.ndarray, shape (n, fields)
        The fields of `mechanisms.Constants`.
    top_dbm : numpy.ndarray, shape (n,)
        Highest EIRP of a sector.
    first : numpy.ndarray of int64, shape (n + 1,)
        Sectors ``first[i] : first[i + 1]`` of the arrays that follow belong to site i.
    sector : numpy.ndarray of int64, shape (m,)
        Place of each in the caller's list.
    eirp_dbm : numpy.ndarray, shape (m,)
    pattern : numpy.ndarray, shape (m, 10)
        The fields of `antenna.Pattern`.
    """

    place: npt.NDArray[np.float64]
    constants: npt.NDArray[np.float64]
    top_dbm: npt.NDArray[np.float64]
    first: npt.NDArray[np.int64]
    sector: npt.NDArray[np.int64]
    eirp_dbm: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.float64]


def sites_of(sectors: Sequence[Sector], model: Propagation) -> Sites:
    """Group sectors into sites.

    Raises
    ------
    ValueError
        A value is out of bounds; names the sector's place in the list, counted from 0.
    """
    groups: dict[tuple[float, float, float, float], list[int]] = {}
    for i, sector in enumerate(sectors):
        if not (-360 <= sector.lon <= 360 and -90 <= sector.lat <= 90):
            raise ValueError(f"sector {i}: longitude or latitude is out of bounds")
        if not np.isfinite(sector.eirp_dbm):
            raise ValueError(f"sector {i}: eirp_dbm is not a number")
        groups.setdefault((sector.lon, sector.lat, sector.height_m, sector.frequency_ghz), []).append(i)
    place, shared, top = [], [], []
    for (lon, lat, height, frequency), members in groups.items():
        place.append(tuple(site_at(float(lon), float(lat))))
        try:
            shared.append(tuple(model.constants(frequency, height)))
        except ValueError as error:
            raise ValueError(f"sector {members[0]}: {error}") from error
        top.append(max(sectors[i].eirp_dbm for i in members))
    order = [i for members in groups.values() for i in members]
    return Sites(
        np.array(place, dtype=np.float64).reshape(len(groups), 9),
        np.array(shared, dtype=np.float64).reshape(len(groups), len(Constants._fields)),
        np.array(top, dtype=np.float64),
        np.concatenate([[0], np.cumsum([len(members) for members in groups.values()], dtype=np.int64)]).astype(
            np.int64
        ),
        np.array(order, dtype=np.int64),
        np.array([sectors[i].eirp_dbm for i in order], dtype=np.float64),
        np.array([tuple(sectors[i].antenna.pattern()) for i in order], dtype=np.float64).reshape(len(order), 10),
    )
