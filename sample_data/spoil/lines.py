"""Lines that are not what they should be, and ends that do not meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely

from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes

WEST, SOUTH, STEP = 129.15, 20.15, 0.01
METRE_DEG = 9e-6
FIELDS = {"光缆编号": "cable_id", "光缆名称": "name", "权属单位": "operator", "芯数": "cores", "建设状态": "status"}
Points = list[tuple[float, float]]


def net() -> Table:
    """Give ten trunk lines of eight spans each, joined end to end, and a line across that joins them: no end hangs."""
    cells: list[dict[str, str]] = []
    shapes: list[Any] = []

    def add(points: Points) -> None:
        k = len(cells) + 1
        cells.append(
            {
                "光缆编号": f"XL{k:04d}",
                "光缆名称": f"第{k}段光缆",
                "权属单位": "中国移动",
                "芯数": "48",
                "建设状态": "现状",
            }
        )
        shapes.append(shapely.LineString([(round(x, 7), round(y, 7)) for x, y in points]))

    for row in range(10):
        for span in range(8):
            x, y = WEST + span * STEP, SOUTH + row * STEP
            add([(x, y), (x + 0.4 * STEP, y + 0.06 * STEP), (x + 0.7 * STEP, y - 0.04 * STEP), (x + STEP, y)])
    for side in (0, 8):
        x = WEST + side * STEP
        for row in range(9):
            y = SOUTH + row * STEP
            add([(x, y), (x + 0.02 * STEP, y + 0.5 * STEP), (x, y + STEP)])
    truth = [{"cable_id": row["光缆编号"], "name": row["光缆名称"], "cores": 48} for row in cells]
    return Table("光缆", "trunk_cables", cells, truth, FIELDS, shapes)


Bend = Callable[[Points], Any]


def _bent(name: str, bend: Bend, accepted: tuple[str, ...], least: str = "warns", whole: bool = False) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        own = net()
        shapes, planted = list(own.shapes or []), []
        # Every fourth span at most, so that no two faults meet at a joint.
        for k in range(2, 78, 4):
            shapes[k] = bend([tuple(point) for point in shapes[k].coords])
            planted.append(Planted((k + 1,), codes(*accepted), least))
        path = write.write_geojson(desk.folder / "光缆.geojson", own, shapes)
        return [Case(path, own.kind, len(own.rows), planted, "auto", whole=whole)]

    return Spoiler(name, "geometry", make)


def _line(points: Points) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": points}


def _back(points: Points) -> Any:
    """Run to the end, then half of the way back on itself, and to the end again."""
    return _line([*points, points[-2], points[-1]])


def _spur(points: Points) -> Any:
    """In the middle the line runs out for 200 m and comes back on the same points."""
    x, y = points[1]
    return _line([*points[:2], (x, y + 200 * METRE_DEG), *points[1:]])


def _twice(points: Points) -> Any:
    return {"type": "MultiLineString", "coordinates": [points, points]}


def _loop(points: Points) -> Any:
    """Run round a block and over the line's own first part once more."""
    (x, y), (u, v) = points[1], points[2]
    return _line([*points[:3], (u, v + 0.002), (x, y + 0.002), *points[1:]])


def _short(points: Points) -> Any:
    """Stop three metres before the joint."""
    (x, y), (u, v) = points[-2], points[-1]
    share = 1 - 3 * METRE_DEG / ((u - x) ** 2 + (v - y) ** 2) ** 0.5
    return _line([*points[:-1], (round(x + (u - x) * share, 8), round(y + (v - y) * share, 8))])


def _vertices(points: Points) -> Any:
    return _line([points[0], points[0], points[1], points[1], *points[2:], points[-1]])


def _none(points: Points) -> Any:
    return _line([points[0], points[0]])


def _single(points: Points) -> Any:
    return _line([points[0]])


def _hanging(desk: Desk) -> list[Case]:
    """Branches of 500 m that end in the open."""
    own = net()
    shapes, planted = list(own.shapes or []), []
    for j in range(8):
        x, y = shapes[j * 8 + 3].coords[0]
        cells = dict(own.rows[0]) | {"光缆编号": f"ZX{j + 1:03d}", "光缆名称": f"支线{j + 1}"}
        own.rows.append(cells)
        shapes.append(shapely.LineString([(x, y), (x + 0.002, y + 0.0045)]))
        planted.append(Planted((len(own.rows),), codes("dangle")))
    path = write.write_geojson(desk.folder / "光缆.geojson", own, shapes)
    return [Case(path, own.kind, len(own.rows), planted, "auto")]


SPOILERS = (
    _bent("line_doubles_back", _back, ("doubles_back", "self_overlap")),
    _bent("line_runs_out_and_back", _spur, ("doubles_back", "self_overlap", "spike")),
    _bent("line_twice_in_a_feature", _twice, ("self_overlap", "duplicate_rings", "overlapping_parts", "doubles_back")),
    _bent("line_over_itself", _loop, ("self_overlap", "doubles_back")),
    _bent("end_stops_short", _short, ("near_miss",), whole=True),
    _bent("line_vertices_twice", _vertices, ("duplicate_vertices",), "informs"),
    _bent("line_without_length", _none, ("zero_area", "too_few_points", "geometry_invalid"), whole=True),
    _bent(
        "line_of_one_point",
        _single,
        ("too_few_points", "geometry_invalid", "empty_geometry", "no_place", "zero_area", "damaged_row"),
        whole=True,
    ),
    Spoiler("hanging_ends", "geometry", _hanging),
)
