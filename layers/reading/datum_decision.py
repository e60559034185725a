"""What is decided about the datum of a file's coordinates, and how datums and CRSs are called."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj

from ...text import Text
from .mapping import Pair

LABELS = {
    "wgs84": Text("WGS 84", "WGS 84"),
    "cgcs2000": Text("CGCS2000", "CGCS2000"),
    "gcj02": Text("GCJ-02", "GCJ-02"),
    "bd09": Text("BD-09", "BD-09"),
}
SHIFTED = ("gcj02", "bd09")


@dataclass(frozen=True)
class Decision:
    """What was decided about the coordinates of a file.

    Attributes
    ----------
    datum : str
        "wgs84", "cgcs2000", "gcj02", "bd09", or "EPSG:n" (or the CRS name) for anything that needs a projection turned
        back; "" for a table without coordinates.
    crs : pyproj.CRS or None
        The CRS to turn back from; None for plain degrees.
    pair : Pair or None
        Coordinate columns to use; None where the file has geometry.
    use_wkt : bool
        The positions stand in the WKT column.
    why : Text
        On what evidence.
    notices : tuple of Text
        What the planner should know.
    """

    datum: str
    why: Text
    crs: pyproj.CRS | None = None
    pair: Pair | None = None
    use_wkt: bool = False
    notices: tuple[Text, ...] = ()


def crs_label(crs: pyproj.CRS | None) -> str:
    """Give ``EPSG:n``, the name of a CRS without a code, or "" for none."""
    if crs is None:
        return ""
    code = crs.to_epsg(min_confidence=60)
    return f"EPSG:{code}" if code else crs.name
