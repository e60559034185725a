"""The head of a VCT file, from the CRS of its coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj

from ....errors import ParameterError
from ....text import Text
from .description import Form

_SPHEROID = "CGCS2000,6378137.0,298.257222101"
_DATUM = "China 2000"


@dataclass(frozen=True)
class HeadInput:
    """What the head needs to be told.

    Attributes
    ----------
    crs : pyproj.CRS
        CGCS2000, geographic or in a Gauss-Krüger zone.
    date : str
        YYYYMMDD; no clock is asked.
    scale : int
        Denominator of the map scale.
    vertical : str
        Height datum; an empty one is not stated.
    """

    crs: pyproj.CRS
    date: str
    scale: int = 2000
    vertical: str = "1985国家高程基准"


def check_crs(crs: pyproj.CRS) -> None:
    """Refuse a CRS that the head cannot state.

    Raises
    ------
    ParameterError
        It is not on CGCS2000, or neither geographic nor transverse Mercator.
    """
    datum = crs.datum.name if crs.datum is not None else ""
    method = crs.coordinate_operation.method_name if crs.coordinate_operation is not None else ""
    if datum != _DATUM or not (crs.is_geographic or method == "Transverse Mercator"):
        raise ParameterError(
            Text(
                f"VCT 只能写 CGCS2000 经纬度或高斯-克吕格投影，不能写 {crs.name}。",
                f"VCT is written in CGCS2000 degrees or Gauss-Krüger only, not in {crs.name}.",
            ),
            Text("请用 --crs 选择 4490、zone 或 zone-no-prefix。", "Choose 4490, zone or zone-no-prefix with --crs."),
        )


def head_lines(given: HeadInput, form: Form, bounds: tuple[float, float, float, float]) -> list[str]:
    """Give the lines between HeadBegin and HeadEnd.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of all coordinates; zeros for a file without geometry.
    """
    geographic = given.crs.is_geographic
    decimals = form.decimals_deg if geographic else form.decimals_m
    unit = "D" if geographic else "M"
    found = [
        f"DataMark:{form.mark}",
        f"Version:{form.version}",
        f"CoordinateSystemType:{'D' if geographic else 'P'}",
        "Dim:2",
        "XAxisDirection:E",
        "YAxisDirection:N",
        f"XYUnit:{unit}",
        "ZUnit:M",
        f"Spheroid:{_SPHEROID}",
        "PrimeMeridian:Greenwich",
    ]
    if not geographic:
        found += ["Projection:高斯-克吕格投影", f"Parameters:{_parameters(given.crs, form)}"]
    west, south, east, north = (f"{value:.{decimals}f}" for value in bounds)
    return [
        *found,
        *([f"VerticalDatum:{given.vertical}"] if given.vertical else []),
        "TemporalReferenceSystem:北京时间",
        f"ExtentMin:{west},{south}",
        f"ExtentMax:{east},{north}",
        f"MapScale:{given.scale}",
        "Offset:0,0",
        f"Date:{given.date}",
        "Separator:,",
    ]


def _parameters(crs: pyproj.CRS, form: Form) -> str:
    """Give the slots: six as production files have them, ten by the positions of the standard's own example."""
    operation = crs.coordinate_operation
    stated = {item.name: float(item.value) for item in operation.params} if operation is not None else {}
    meridian = stated.get("Longitude of natural origin", 0.0)
    east, north = stated.get("False easting", 0.0), stated.get("False northing", 0.0)
    scale = stated.get("Scale factor at natural origin", 1.0)
    six = "3-degree" not in crs.name and "Gauss-Kruger" in crs.name
    width = 6 if six else 3
    number = int((meridian + 3) // 6) if six else int(meridian // 3)
    if form.slots == 6:
        return f"{meridian:g},{scale:g},{east:.0f},{north:.0f},{width},{number}"
    latitude = stated.get("Latitude of natural origin", 0.0)
    return f"{meridian:g},{latitude:g},,,,{scale:g},{east:.0f},{north:.0f},{width},{number}"
