"""Take a path profile from elevation data, or say where the path has no height."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from ...analysis.p1812 import INLAND, PathProfile
from ...analysis.path_points import PathPoints, path_points
from ...engine.context import RunContext
from ...errors import Fault, InputError
from ...layers.datum import bd09_to_wgs84, gcj02_to_wgs84
from ...layers.store.results import write_layer, write_table
from ...layers.terrain import FOUND, OUTSIDE, Sampled, Terrain, open_terrain
from ...text import Text, same
from ..radio.land import EARTH_M, half_pixel_m
from .file import LONGEST_KM, SHORTEST_KM
from .symbols import MARKS
from .ways import Place

_MOST_POINTS = 1_000_000
_VERTICES = 1000  # of the line on the map


class TerrainFacts(NamedTuple):
    """What a profile was taken from, for the report."""

    files: list[str]
    skipped: list[str]
    crs_names: list[str]
    vertical_datum: Text
    pixel_m: float
    step_m: float


@dataclass(frozen=True)
class TerrainPath:
    """A profile from elevation data.

    Attributes
    ----------
    profile : PathProfile
        No clutter, all inland.
    points : PathPoints
        Of this one path; CGCS2000.
    facts : TerrainFacts
    """

    profile: PathProfile
    points: PathPoints
    facts: TerrainFacts


def profile_on_terrain(context: RunContext, dem: Path, ends: tuple[Place, Place], step_m: float | None) -> TerrainPath:
    """Take the heights along the geodesic between two places.

    Parameters
    ----------
    step_m : float, optional
        Largest distance of two points; None: half the height of a pixel, as at the key points of a simulation.

    Raises
    ------
    InputError
        The files cannot be read, the path is too short or too long, or part of it has no height: then the loss
        cannot be told, and every such part is a fault with its place.
    """
    start, end = ends
    with open_terrain(dem) as terrain:
        pixel_m = terrain.pixel_m(*start)
        points = _points(start, end, _half_pixel_m(terrain, pixel_m) if step_m is None else step_m)
        used = terrain.files_at(points.lon, points.lat)
        for file in used:
            context.read("dem" if file == dem else f"dem: {file.parent.name}/{file.name}", file)
        doing = Text("读取高程", "Reading the heights")
        sampled = terrain.sample(points.lon, points.lat, context.part(0.15, 0.3, doing))
        if (sampled.state != FOUND).any():
            raise _cannot_tell(terrain, dem, points, sampled)
        facts = TerrainFacts(
            [file.name for file in used],
            [file.name for file in terrain.skipped],
            terrain.crs_names,
            terrain.vertical_datum,
            pixel_m,
            float(points.distance_m[1]),
        )
    count = points.lon.size
    profile = PathProfile(
        points.distance_m / 1000, sampled.height_m, np.zeros(count), np.full(count, INLAND, dtype=np.int64)
    )
    return TerrainPath(profile, points, facts)


def _half_pixel_m(terrain: Terrain, pixel_m: float) -> float:
    """Give the step that a simulation has on these data: `read_grid` lays projected rasters out in square pixels."""
    posts = terrain.posts()
    return half_pixel_m(posts[3] if posts else math.degrees(pixel_m / EARTH_M))


def in_cgcs2000(place: Place, datum: str) -> Place:
    """Give a place in CGCS2000, which WGS 84 is taken for; to 1e-7 degrees if it has to be converted."""
    turn = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}.get(datum)
    if turn is None:
        return place
    lon, lat = turn(np.array([place.lon]), np.array([place.lat]))
    return Place(round(float(lon[0]), 7), round(float(lat[0]), 7))


def cautions_of(facts: TerrainFacts) -> list[Text]:
    """Say what elevation data leave out."""
    said = [
        Text(
            "剖面只有地形：林木、房屋等地物高度按 0 计，全程按内陆计算，海面和沿海未区分。",
            "The profile is bare terrain: trees and houses count as 0, and the whole path is taken as inland, sea and coast "
            "included.",
        )
    ]
    if facts.skipped:
        names = facts.skipped[:5]
        more = len(facts.skipped) > len(names)
        said.append(
            Text(
                f"文件夹中 {len(facts.skipped)} 个附属栅格（掩膜、误差等）未作高程使用：{'、'.join(names)}{'等' if more else ''}。",
                f"{len(facts.skipped)} companion rasters of the folder (masks, errors) are not used as heights: "
                f"{', '.join(names)}{' …' if more else ''}.",
            )
        )
    return said


def fact_rows(
    facts: TerrainFacts, datum: Text, stated: tuple[Place, Place], points: PathPoints
) -> list[list[Text | str]]:
    """Give the rows of the report that say what the profile rests on."""
    files = ", ".join(facts.files[:10]) + (f" … ({len(facts.files)})" if len(facts.files) > 10 else "")
    used = (Place(float(points.lon[0]), float(points.lat[0])), Place(float(points.lon[-1]), float(points.lat[-1])))
    return [
        [Text("发射端（经度, 纬度）", "Transmitter (longitude, latitude)"), _shown(stated[0], used[0])],
        [Text("接收端（经度, 纬度）", "Receiver (longitude, latitude)"), _shown(stated[1], used[1])],
        [Text("两端坐标基准", "Datum of the two places"), datum],
        [Text("高程文件", "Elevation files"), files],
        [Text("高程坐标系", "CRS of the elevation data"), ", ".join(facts.crs_names)],
        [Text("高程基准", "Vertical datum"), facts.vertical_datum],
        [Text("像元边长", "Pixel"), f"{facts.pixel_m:.1f} m"],
        [
            Text("剖面点", "Profile points"),
            Text(
                f"{points.lon.size} 个，间距 {facts.step_m:.1f} m，沿大地线",
                f"{points.lon.size}, {facts.step_m:.1f} m apart, geodesic",
            ),
        ],
        [
            Text("取高程方法", "Heights by"),
            Text("相邻四像元双线性内插，有空洞即不取", "bilinear interpolation of four pixels, none of them void"),
        ],
    ]


def _shown(stated: Place, used: Place) -> Text:
    words = same(f"{stated.lon:.6f}, {stated.lat:.6f}")
    if stated == used:
        return words
    turned = f"{used.lon:.6f}, {used.lat:.6f}"
    return Text(f"{words.zh} → CGCS2000 {turned}（已转换）", f"{words.en} → CGCS2000 {turned} (converted)")


def write_terrain_path(context: RunContext, path: TerrainPath, obstacle: int | None, summary: dict[str, Any]) -> None:
    """Write the profile as a CSV that this job reads again, and the line and its marks as layers."""
    profile, points = path.profile, path.points
    write_table(
        context.output("profile_points", "profile.csv"),
        {
            "distance_km": profile.distance_km,
            "height_m": profile.height_m,
            "clutter_height_m": profile.clutter_m,
            "zone": ["inland"] * len(profile.zone),
            "lon": points.lon,
            "lat": points.lat,
        },
    )
    last = points.lon.size - 1
    wanted = {0, last, *([] if obstacle is None else [obstacle])}
    shown = sorted(wanted | set(range(0, last, -(-last // _VERTICES))))
    line = shapely.LineString(np.column_stack([points.lon[shown], points.lat[shown]]))
    keys = ("distance_km", "loss_db", "level_dbm", "line_of_sight", "obstacle_distance_km")
    write_layer(
        context.output("path_line", "result.gpkg"),
        "path_line",
        {key: np.array([np.nan if summary[key] is None else summary[key]], dtype=_TYPES[key]) for key in keys},
        [line],
        "MultiLineString",
        aliases=_LABELS,
    )
    marks = [("tx", 0), ("rx", last), *([] if obstacle is None else [("obstacle", obstacle)])]
    at = [index for _, index in marks]
    write_layer(
        context.output("path_marks", "result.gpkg"),
        "path_marks",
        {
            "name": [MARKS[kind].both() for kind, _ in marks],
            "distance_km": profile.distance_km[at],
            "height_m": profile.height_m[at],
        },
        (points.lon[at], points.lat[at]),
        "Point",
        aliases=_LABELS,
    )


_TYPES: dict[str, Any] = {
    **dict.fromkeys(("distance_km", "loss_db", "level_dbm", "obstacle_distance_km"), np.float64),
    "line_of_sight": np.bool_,
}
_LABELS = {
    "name": Text("名称", "Name"),
    "distance_km": Text("距离（km）", "Distance (km)"),
    "height_m": Text("地面高程（m）", "Ground height (m)"),
    "loss_db": Text("传输损耗（dB）", "Transmission loss (dB)"),
    "level_dbm": Text("接收电平（dBm）", "Level (dBm)"),
    "line_of_sight": Text("通视", "Line of sight"),
    "obstacle_distance_km": Text("主要障碍距发射端（km）", "Main obstacle from the transmitter (km)"),
}


def _points(start: Place, end: Place, step_m: float) -> PathPoints:
    length_m = float(path_points(*start, *end, LONGEST_KM * 1000).length_m[0])
    if not SHORTEST_KM * 1000 <= length_m <= LONGEST_KM * 1000:
        raise InputError(
            Text(
                f"两端相距 {length_m / 1000:.3f} km，模型只适用于 {SHORTEST_KM:g} 至 {LONGEST_KM:g} km。",
                f"The two places are {length_m / 1000:.3f} km apart; the model holds for {SHORTEST_KM:g} to {LONGEST_KM:g} km.",
            ),
            Text("请核对 --from 和 --to。", "Check --from and --to."),
        )
    if length_m / step_m > _MOST_POINTS:
        raise InputError(
            Text(
                f"按 {step_m:.2f} m 间距，{length_m / 1000:.0f} km 的路径超过 {_MOST_POINTS} 个剖面点。",
                f"At {step_m:.2f} m apart, a path of {length_m / 1000:.0f} km has more than {_MOST_POINTS} points.",
            ),
            Text("请加大剖面点间距（--step-m）。", "State a larger spacing (--step-m)."),
        )
    return path_points(*start, *end, step_m)


def _cannot_tell(terrain: Terrain, dem: Path, points: PathPoints, sampled: Sampled) -> InputError:
    """Give the refusal with every stretch of the path that has no height."""
    change = np.flatnonzero(np.diff(sampled.state.astype(np.int64))) + 1
    edges = [0, *change.tolist(), sampled.state.size]
    faults = [
        _gap(dem, points, first, last - 1, int(sampled.state[first]))
        for first, last in zip(edges[:-1], edges[1:])
        if sampled.state[first] != FOUND
    ]
    remedy = Text(
        "请补充覆盖这些位置、无空洞的高程数据（可把多幅图放进一个文件夹），或换一条路径。",
        "Add elevation data without voids for these places (several tiles may stand in one folder), or choose another path.",
    )
    ends = [0, points.lon.size - 1]
    if (sampled.state == OUTSIDE).all() and (np.abs(points.lon[ends]) <= 90).all():
        turned = terrain.sample(points.lat[ends], points.lon[ends])
        if (turned.state != OUTSIDE).all():
            remedy = Text(
                "经纬度可能写反了：应为“经度,纬度”。",
                "Longitude and latitude seem to be swapped: longitude comes first.",
            )
    more = len(faults) - 1
    return InputError(
        Text(
            f"无法判定：{faults[0].message.zh}" + (f"另有 {more} 段。" if more else ""),
            f"Cannot tell: {faults[0].message.en}" + (f" More such parts: {more}." if more else ""),
        ),
        remedy,
        faults=faults,
    )


def _gap(dem: Path, points: PathPoints, first: int, last: int, state: int) -> Fault:
    km = points.distance_m / 1000
    where = f"{points.lon[first]:.5f},{points.lat[first]:.5f}"
    stretch = f"{km[first]:.2f}" if first == last else f"{km[first]:.2f}–{km[last]:.2f}"
    why = (
        Text("超出高程数据的范围", "lies outside of the elevation data")
        if state == OUTSIDE
        else Text("是高程空洞（无数据）", "is a void of the elevation data")
    )
    return Fault(
        Text(
            f"距发射端 {stretch} km 处（自 {where} 起）{why.zh}。",
            f"the part {stretch} km from the transmitter, from {where} on, {why.en}.",
        ),
        file=dem.name,
        value=where,
    )
