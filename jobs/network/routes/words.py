"""The words of routes between two nodes. Standard library only."""

from __future__ import annotations

from ....text import Text

LABELS = {
    "route": Text("路由序号", "Route"),
    "from_name": Text("起点", "From"),
    "to_name": Text("止点", "To"),
    "length_km": Text("路由长度（km）", "Length (km)"),
    "ms": Text("单向时延（ms）", "One-way (ms)"),
    "hops": Text("途经机房数", "Rooms passed"),
    "rooms": Text("途经机房", "Rooms on the way"),
    "cables": Text("经过光缆", "Cables"),
    "shared_km": Text("与第一路由共用光缆（km）", "Cables shared with the first (km)"),
    "shared_rooms": Text("与第一路由共经机房", "Rooms shared with the first"),
    "trench_km": Text("与第一路由同沟（km，不含共用光缆）", "In one trench with the first (km, shared cables apart)"),
    "corridor_km": Text(
        "与第一路由同走廊（km，不含共用光缆）", "In one corridor with the first (km, shared cables apart)"
    ),
    "shared_places": Text("与第一路由共用地点数", "Places shared with the first"),
    "places": Text("与第一路由共用地点", "Shared places"),
    "at_km": Text("沿第一路由（km）", "Along the first route (km)"),
    "apart_m": Text("与第二路由相距（米）", "Apart from the second (m)"),
}
# Short labels of a picture.
PICTURE = {
    "title": Text("第一、第二路由的间距", "How far routes 1 and 2 are apart"),
    "x": Text("沿第一路由（km）", "Along route 1 (km)"),
    "y": Text("相距（m，对数）", "Apart (m, log)"),
    "trench": Text("同沟 {m:g} m", "One trench, {m:g} m"),
    "corridor": Text("同走廊 {m:g} m", "One corridor, {m:g} m"),
    "apart": Text("相距", "Apart"),
}
