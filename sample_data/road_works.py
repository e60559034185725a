"""What a road register has besides single lines: second carriageways, tunnels and a railway, added to the main roads.

They stand in the file of roads alone. Nothing else of the county is made from them, and no random number is drawn.
"""

from __future__ import annotations

from typing import Any

import shapely

from .geography import GEOD, Place, away, from_zone, to_zone

OPEN, TUNNEL = "路基", "隧道"
RAILWAY = "沧屏铁路"
# Where the railway runs; its second leg is a tunnel.
_RAILWAY: list[list[Place]] = [
    [(129.300, 20.372), (129.352, 20.392), (129.410, 20.401)],
    [(129.410, 20.401), (129.442, 20.404), (129.470, 20.402)],
    [(129.470, 20.402), (129.530, 20.414), (129.590, 20.440)],
]
_TUNNEL_M = 1150.0  # the border road goes on in one
_TWIN = (0.30, 0.42)  # part of the border road with a second carriageway


def with_works(roads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the roads with their structure, and the works after them."""
    rows = [{**row, "structure": OPEN} for row in roads]
    expressway = next(row for row in roads if row["class"] == "高速公路")
    border = next(row for row in roads if row["border"])

    def add(like: dict[str, Any], line: list[Place], structure: str = OPEN) -> None:
        number = f"DL9{len(rows) - len(roads) + 1:03d}"
        rows.append({**like, "id": number, "line": line, "structure": structure})

    add(expressway, _beside(expressway["line"], -22.0)[::-1])
    first, last = (round(share * len(border["line"])) for share in _TWIN)
    add(border, _beside(border["line"][first:last], 18.0))
    add(border, [border["line"][-1], _onward(border["line"])], TUNNEL)
    railway = {"code": "", "name": RAILWAY, "class": "铁路", "border": False}
    for leg, line in enumerate(_RAILWAY):
        add(railway, line, TUNNEL if leg == 1 else OPEN)
    return rows


def _beside(line: list[Place], offset_m: float) -> list[Place]:
    """Give a line at an offset to the right of another, to the left where it is negative."""
    parts = shapely.get_parts(to_zone(shapely.LineString(line)).offset_curve(-offset_m))
    return [(round(x, 7), round(y, 7)) for x, y in from_zone(max(parts, key=lambda part: part.length)).coords]


def _onward(line: list[Place]) -> Place:
    """Give the place that lies straight on from a line's end."""
    azimuth, _, _ = GEOD.inv(*line[-2], *line[-1])
    return away(*line[-1], azimuth, _TUNNEL_M)
