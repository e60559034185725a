"""How far the rows of a file would be off if it were read in another datum than the evidence is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis

_TRUE = ("wgs84", "cgcs2000")  # alike for this purpose, see `layers.datum`


def datum_shift_m(diagnosis: Diagnosis) -> float | None:
    """Give the median distance between the places as they are read and as the evidence says they should be.

    Returns
    -------
    float or None
        Metres on the ellipsoid, of the rows with a place; None where the file is read as the evidence says, where
        there is no verdict, and for metres of a zone, whose error is no shift.
    """
    import numpy as np
    from pyproj import Geod

    from ...layers import datum

    to_file = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09}
    from_file = {"gcj02": datum.gcj02_to_wgs84, "bd09": datum.bd09_to_wgs84}
    verdict, decision, converted = diagnosis.verdict, diagnosis.decision, diagnosis.converted
    if verdict is None or decision is None or converted is None:
        return None
    read, meant = (_TRUE[0] if name in _TRUE else name for name in (decision.datum, verdict.decision))
    known = {_TRUE[0], *to_file}
    if read == meant or not {read, meant} <= known:
        return None
    lon, lat = converted.places[np.isfinite(converted.places).all(axis=1)].T
    if not len(lon):
        return None
    written = to_file[read](lon, lat) if read in to_file else (lon, lat)
    there = from_file[meant](*written) if meant in from_file else written
    return round(float(np.median(Geod(ellps="GRS80").inv(lon, lat, *there)[2])), 1)
