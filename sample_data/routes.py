"""Roads, trunk cables and nodes, data-centre clusters and control lines."""

from __future__ import annotations

from random import Random
from typing import Any

import shapely

from .geography import CROSSING, Geography, Place, away, blob, distance_m, from_zone, to_zone, wiggle
from .names import TOWNS
from .relief import Relief
from .villages import Village

SEATS = {town.name: (town.lon, town.lat) for town in TOWNS}
# (class, route number, name, seats or waypoints)
MAIN_ROADS: list[tuple[str, str, str, list[Any]]] = [
    (
        "国道",
        "G998",
        "关山—东港公路",
        ["口岸", "关山镇", (129.215, 20.440), "岳城镇", "石鼓镇", (129.49, 20.325), "沧浪镇", "屏山街道", "东港镇"],
    ),
    (
        "高速公路",
        "G9921",
        "沧岳高速",
        [
            (129.245, 20.335),
            (129.345, 20.375),
            (129.44, 20.385),
            (129.53, 20.395),
            (129.585, 20.445),
            (129.605, 20.520),
            (129.635, 20.604),
        ],
    ),
    ("省道", "S991", "关山—鹤岭公路", ["关山镇", "云岭乡", "松峒乡", "清泉镇", "鹤岭乡"]),
    ("省道", "S992", "岳城—沧浪公路", ["岳城镇", "白鹭湾镇", (129.295, 20.235), "望潮镇", (129.475, 20.245), "沧浪镇"]),
    ("省道", "S993", "岳城—云岭公路", ["岳城镇", "云岭乡"]),
    ("省道", "S994", "清泉—屏山公路", ["清泉镇", "屏山街道"]),
    ("县道", "X901", "界河—岳城公路", ["界河镇", "岳城镇"]),
    ("县道", "X902", "石鼓—松峒公路", ["石鼓镇", "松峒乡"]),
    ("县道", "X903", "东港—鹤岭公路", ["东港镇", "鹤岭乡"]),
    ("县道", "X904", "望潮—石鼓公路", ["望潮镇", "石鼓镇"]),
]


def roads(geo: Geography, villages: list[Village], rng: Random) -> list[dict[str, Any]]:
    """Give main roads between the seats, the border road, and a rural road to every village on the mainland."""
    rows: list[dict[str, Any]] = []

    def add(kind: str, code: str, name: str, line: list[Place], border: bool = False) -> None:
        number = f"DL{len(rows) + 1:04d}"
        rows.append({"id": number, "code": code, "name": name, "class": kind, "border": border, "line": line})

    for kind, code, name, stops in MAIN_ROADS:
        points = [CROSSING if stop == "口岸" else SEATS.get(stop, stop) for stop in stops]
        add(kind, code, name, wiggle(points, rng, 0.05 if kind == "高速公路" else 0.11, 0.005))
    add("国道", "G997", "沿边公路", _border_road(geo, rng), border=True)
    mainland = geo.land.buffer(-0.0002)
    joined: list[Place] = [tuple(p) for row in rows for p in row["line"] if row["class"] != "高速公路"]
    for village in sorted(villages, key=lambda v: distance_m(v.core, min(joined, key=lambda p: distance_m(v.core, p)))):
        target = min(joined, key=lambda p: distance_m(village.core, p))
        line = wiggle([target, village.core], rng, 0.12, 0.006)
        if mainland.contains(shapely.LineString(line)) and len(line) > 1:
            add("乡道", f"Y{len(rows):03d}", f"{village.name}公路", line)
            joined.append(village.core)
    return rows


def _border_road(geo: Geography, rng: Random) -> list[Place]:
    """Give the road 1.3 km inside the border."""
    border = to_zone(shapely.LineString(list(geo.border.coords)[8:-8]))
    inside = border.simplify(350).offset_curve(-1300)  # to the right: the border runs from south to north
    parts = sorted(shapely.get_parts(inside), key=lambda part: -part.length)
    line = from_zone(parts[0].simplify(200))
    return wiggle([(x, y) for x, y in line.coords], rng, 0.10, 0.004)


NODES = [
    ("N01", "岳城核心机房", "岳城镇", "骨干节点", "省内干线"),
    ("N02", "屏山核心机房", "屏山街道", "骨干节点", "省内干线"),
    ("N03", "沧浪汇聚机房", "沧浪镇", "汇聚节点", "本地网"),
    ("N04", "石鼓汇聚机房", "石鼓镇", "汇聚节点", "本地网"),
    ("N05", "关山汇聚机房", "关山镇", "汇聚节点", "省内干线"),
    ("N06", "望潮海缆登陆站", "望潮镇", "海缆登陆站", "省内干线"),
    ("N07", "清泉汇聚机房", "清泉镇", "汇聚节点", "本地网"),
    ("N08", "东港汇聚机房", "东港镇", "汇聚节点", "本地网"),
    ("N09", "云岭接入机房", "云岭乡", "接入节点", "接入网"),
    ("N10", "松峒接入机房", "松峒乡", "接入节点", "接入网"),
    ("N11", "界河接入机房", "界河镇", "接入节点", "接入网"),
    ("N12", "白鹭湾接入机房", "白鹭湾镇", "接入节点", "接入网"),
    ("N13", "鹤岭接入机房", "鹤岭乡", "接入节点", "接入网"),
    ("N14", "岚洲接入机房", "岚洲镇", "接入节点", "接入网"),
]
# (name, from, to, operators, level, fibre, cores, laying, year, status); a submarine cable runs straight
CABLES = [
    ("岳城—屏山主用光缆", "N01", "N02", "中国移动", "二干", "G.652D", 96, "管道", 2016, "在网"),
    ("岳城—屏山备用光缆", "N01", "N02", "中国移动", "二干", "G.652D", 96, "管道", 2019, "在网"),
    ("岳城—石鼓光缆", "N01", "N04", "中国电信", "本地网", "G.652D", 72, "架空", 2012, "在网"),
    ("石鼓—沧浪光缆", "N04", "N03", "中国电信", "本地网", "G.652D", 72, "架空", 2012, "在网"),
    ("沧浪—屏山光缆", "N03", "N02", "中国电信", "本地网", "G.652D", 96, "管道", 2015, "在网"),
    ("屏山—东港光缆", "N02", "N08", "中国移动、中国电信", "本地网", "G.652D", 144, "管道", 2018, "在网"),
    ("岳城—关山光缆", "N01", "N05", "中国移动", "二干", "G.652D", 96, "直埋", 2014, "在网"),
    ("关山—云岭光缆", "N05", "N09", "中国移动", "接入", "G.652D", 48, "架空", 2011, "在网"),
    ("云岭—松峒光缆", "N09", "N10", "中国移动", "接入", "G.652D", 48, "架空", 2013, "在网"),
    ("松峒—清泉光缆", "N10", "N07", "中国移动", "接入", "G.652D", 48, "架空", 2013, "在网"),
    ("清泉—屏山光缆", "N07", "N02", "中国联通", "本地网", "G.655", 48, "直埋", 2006, "在网"),
    ("岳城—界河光缆", "N01", "N11", "中国移动", "接入", "G.652D", 24, "架空", 2010, "在网"),
    ("岳城—白鹭湾光缆", "N01", "N12", "中国联通", "接入", "G.652D", 48, "架空", 2015, "在网"),
    ("白鹭湾—望潮光缆", "N12", "N06", "中国联通", "接入", "G.652D", 48, "架空", 2015, "在网"),
    ("望潮—沧浪光缆", "N06", "N03", "中国电信", "二干", "G.654E", 144, "管道", 2024, "在网"),
    ("清泉—鹤岭光缆", "N07", "N13", "中国移动", "接入", "G.652D", 24, "架空", 2012, "在网"),
    ("东港—鹤岭光缆", "N08", "N13", "中国移动", "接入", "G.652D", 48, "架空", 2027, "规划"),
    ("望潮—岚洲海缆", "N06", "N14", "中国移动、中国联通", "本地网", "G.654E", 48, "海底", 2021, "在网"),
]
NEAR_MISS = ("清泉—鹤岭光缆", "N13", 14.0)


def nodes(rng: Random) -> list[dict[str, Any]]:
    """Give the trunk nodes, each a little off its seat."""
    rows = []
    for number, name, town, kind, level in NODES:
        place = away(*SEATS[town], rng.uniform(0, 360), rng.uniform(60, 250))
        rows.append({"id": number, "name": name, "class": kind, "level": level, "place": place, "operator": "中国移动"})
    return rows


def cables(road_rows: list[dict[str, Any]], node_rows: list[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    """Give the trunk cables, along roads where there is one, ending on their nodes but for one near miss."""
    place = {row["id"]: row["place"] for row in node_rows}
    seat = {number: SEATS[town] for number, _, town, _, _ in NODES}
    rows: list[dict[str, Any]] = []
    main: list[Place] = []
    for k, (name, a, b, operators, level, fibre, cores, laying, year, status) in enumerate(CABLES):
        if name.startswith("岳城—屏山"):
            line = _trunk(place[a], place[b], main, rng)
            main = main or line
        else:
            along = _along(road_rows, seat[a], seat[b]) if laying != "海底" else []
            line = [place[a], *_beside(along, 8.0 + 2 * (k % 4)), place[b]]
            if laying == "海底":
                line = wiggle([place[a], (129.46, 20.14), (129.70, 20.12), place[b]], rng, 0.02, 0.03)
        if name == NEAR_MISS[0]:
            lon, lat = place[b]
            line = [*line[:-1], away(lon, lat, 255.0, NEAR_MISS[2])]
        rows.append(
            {
                "id": f"GL{k + 1:03d}",
                "name": name,
                "from": a,
                "to": b,
                "operator": operators,
                "level": level,
                "fibre": fibre,
                "cores": cores,
                "laying": laying,
                "year": year,
                "status": status,
                "line": line,
            }
        )
    return rows


def _trunk(start: Place, end: Place, main: list[Place], rng: Random) -> list[Place]:
    """Give the main trunk; or, when it is given, its standby: 0.8 m beside it but for both ends."""
    if not main:
        way = [start, (129.330, 20.385), (129.420, 20.395), (129.510, 20.405), (129.560, 20.430), end]
        return wiggle(way, rng, 0.06, 0.006)
    first, last = len(main) // 5, 4 * len(main) // 5
    trench = main[first:last]
    head = wiggle([start, (start[0] + 0.030, start[1] - 0.014), trench[0]], rng, 0.08, 0.006)
    tail = wiggle([trench[-1], (end[0] - 0.030, end[1] + 0.022), end], rng, 0.08, 0.006)
    return [*head[:-1], *_beside(trench, 0.8), *tail[1:]]


def _along(road_rows: list[dict[str, Any]], start: Place, end: Place) -> list[Place]:
    """Give the piece of a main road that joins two seats; empty where none passes both."""
    for row in road_rows:
        line = row["line"]
        if start in line and end in line and row["class"] not in ("乡道", "高速公路"):
            i, j = line.index(start), line.index(end)
            return list(line[i : j + 1]) if i < j else list(line[j : i + 1])[::-1]
    raise ValueError(f"no road joins {start} and {end}")


def _beside(line: list[Place], offset_m: float) -> list[Place]:
    """Give a line at an offset to the right of another."""
    if not line:
        return []
    flat = to_zone(shapely.LineString(line)).offset_curve(-offset_m)
    longest = max(shapely.get_parts(flat), key=lambda part: part.length)
    return [(round(x, 7), round(y, 7)) for x, y in from_zone(longest).coords]


def clusters(rng: Random) -> list[dict[str, Any]]:
    """Give two data-centre clusters: one as a point, one as its plot."""
    plot = blob(129.640, 20.447, 0.006, 0.004, rng, 6).simplify(0.0006)
    return [
        {
            "数据中心编号": "DC01",
            "数据中心名称": "岳城数据中心",
            "枢纽节点": "",
            "集群名称": "海岳边缘集群",
            "权属单位": "中国移动",
            "标准机架数": 480,
            "IT功率MW": 2.4,
            "算力规模": 0.06,
            "PUE": 1.42,
            "绿电占比": 35.0,
            "建设状态": "在用",
            "geometry": shapely.Point(129.2875, 20.3492),
        },
        {
            "数据中心编号": "DC02",
            "数据中心名称": "屏山算力产业园",
            "枢纽节点": "",
            "集群名称": "沧屏集群",
            "权属单位": "中国电信",
            "标准机架数": 6200,
            "IT功率MW": 42.0,
            "算力规模": 1.8,
            "PUE": 1.24,
            "绿电占比": 81.5,
            "建设状态": "在建",
            "geometry": plot,
        },
    ]


def control_lines(geo: Geography, relief: Relief, villages: list[Village], rng: Random) -> list[dict[str, Any]]:
    """Give town development boundaries, ecological red lines and farmland; the three never overlap."""
    rows: list[dict[str, Any]] = []
    mainland = max(shapely.get_parts(geo.land), key=lambda part: part.area)

    def add(kind: str, name: str, area: Any) -> None:
        area = shapely.set_precision(area, 1e-6)
        if area.area > 2e-6:
            rows.append({"控制线编号": f"KZX{len(rows) + 1:03d}", "控制线类型": kind, "名称": name, "geometry": area})

    for town in TOWNS:
        size = 0.017 if town.code in ("990121100", "990102001") else 0.008
        area = blob(town.lon, town.lat, size, size * 0.85, rng).intersection(geo.towns[town.code])
        add("城镇开发边界", f"{town.name}城镇开发边界", area)
    built = shapely.union_all([row["geometry"] for row in rows])
    for k, area in enumerate(relief.above(470, 0.0006)[:6]):
        add("生态保护红线", f"沧屏山地水源涵养红线{k + 1}区", area.intersection(mainland).difference(built))
    kept = shapely.union_all([row["geometry"] for row in rows])
    low = [v for v in villages if v.town.county != "990181" and relief.at(*v.core) < 160]
    for village in rng.sample(low, 24):
        lon, lat = away(*village.core, rng.uniform(0, 360), 900)
        field = blob(lon, lat, rng.uniform(0.005, 0.011), rng.uniform(0.004, 0.008), rng).intersection(mainland)
        add("永久基本农田", f"{village.name}基本农田片", field.difference(kept))
        kept = kept.union(rows[-1]["geometry"])
    return rows
