"""Villages, their key points and settlements, and other places with a duty to be covered."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

import shapely

from .geography import CROSSING, Geography, Place, away, distance_m, inside
from .names import COUNTIES, HAMLETS, ISLETS, TOWNS, Town, village_names
from .relief import Relief

BORDER_DEG = 0.05  # a village within about 5 km of the border counts as a border village
ISLET_TOWN = "990121103"


@dataclass
class Village:
    """One administrative village. `place` is None where its file gives no coordinates."""

    code: str
    name: str
    town: Town
    core: Place
    population: int
    households: int
    is_border: bool
    place: Place | None
    population_words: str = ""  # what stands in the file where it is not a number
    points: list[dict[str, Any]] = field(default_factory=list)
    settlements: list[dict[str, Any]] = field(default_factory=list)


def make(geo: Geography, relief: Relief, rng: Random) -> list[Village]:
    """Place the villages of every town, then their key points and settlements."""
    names = iter(village_names(rng, sum(town.villages for town in TOWNS)))
    villages: list[Village] = []
    for town in TOWNS:
        islets = list(ISLETS) if town.code == ISLET_TOWN else []
        cores = _cores(town, geo, relief, rng, town.villages - len(islets), [v.core for v in villages])
        named = [(next(names), core) for core in cores] + [(name, ISLETS[name]) for name in islets]
        for number, (name, core) in enumerate(named):
            villages.append(_village(f"{town.code}{200 + number}", name, town, core, geo, rng))
    for number, village in enumerate(villages):
        _key_points(village, villages, rng, number)
        _settlements(village, geo, rng)
    _hide(villages)
    return villages


def _cores(town: Town, geo: Geography, relief: Relief, rng: Random, count: int, taken: list[Place]) -> list[Place]:
    """Give village centres inside a town: apart from each other, off its edges, rarely high up."""
    area = geo.towns[town.code]
    edge = 0.008 if town.county == "990181" else 0.012
    area = area.buffer(-edge)
    west, south, east, north = area.bounds
    cores: list[Place] = []
    spacing = 0.012 if town.county == "990181" else 0.016
    while len(cores) < count:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        near = min((math.hypot(lon - x, lat - y) for x, y in [*taken, *cores]), default=1.0)
        if near < spacing or not inside(area, lon, lat):
            continue
        if rng.random() < math.exp(-((relief.at(lon, lat) / 420) ** 2)):
            cores.append((round(lon, 6), round(lat, 6)))
    return sorted(cores, key=lambda c: (-round(c[1], 2), c[0]))


def _village(code: str, name: str, town: Town, core: Place, geo: Geography, rng: Random) -> Village:
    people = round(rng.lognormvariate(math.log(1500), 0.42))
    if name in ISLETS:
        people = 180 + round(people / 6)
    near = geo.border.distance(shapely.Point(core)) < BORDER_DEG
    place = away(*core, rng.uniform(0, 360), rng.uniform(5, 120))
    return Village(code, name, town, core, people, round(people / rng.uniform(3.1, 3.9)), near, place)


def _key_points(village: Village, villages: list[Village], rng: Random, number: int) -> None:
    """Committee, school and clinic; a third have no school, a few share the neighbour's, eight have no rows at all."""
    if number % 26 == 11 or village.name == "远礁村":
        return
    reach_m = 250 if village.name in ISLETS else 700

    def add(kind: str, name: str, place: Place, shared: bool = False) -> None:
        village.points.append({"kind": kind, "name": name, "place": place, "shared": shared})

    add("村委会", village.name + "村委会", village.core)
    fate = rng.random()
    neighbour = villages[number - 1] if number else village
    school = next((p for p in neighbour.points if p["kind"] == "小学" and not p["shared"]), None)
    if fate < 0.09 and school and neighbour.town == village.town and distance_m(neighbour.core, village.core) < 4500:
        add("小学", school["name"], school["place"], shared=True)
    elif fate < 0.68:
        place = away(*village.core, rng.uniform(0, 360), rng.uniform(120, reach_m))
        name = village.name.removesuffix("村") + rng.choice(["小学", "小学", "小学", "教学点"])
        add("小学", name, place)
    if rng.random() < 0.94:
        place = away(*village.core, rng.uniform(0, 360), rng.uniform(40, reach_m / 2))
        add("卫生室", village.name + "卫生室", place)


def _settlements(village: Village, geo: Geography, rng: Random) -> None:
    """Share most households of a village out to its hamlets; some have fewer than 20."""
    small = village.name in ISLETS or village.town.county == "990181"
    names = rng.sample(HAMLETS, rng.choice([1, 2] if small else [2, 2, 3, 3, 4]))
    left = village.households
    for k, name in enumerate(names):
        for _ in range(200):
            place = away(*village.core, rng.uniform(0, 360), rng.uniform(*((420, 480) if small else (650, 1350))))
            on_land = small or any(inside(area, *place) for area in geo.towns.values())
            if on_land and all(distance_m(place, p["place"]) > 420 for p in village.points):
                break
        last = k == len(names) - 1
        share = rng.uniform(0.3, 0.6) if not last else rng.uniform(0.5, 0.95)
        homes = max(4, int(left * share))
        if k and rng.random() < 0.35:
            homes = rng.randint(5, 19)
        homes = min(homes, left)
        left -= homes
        people = round(homes * village.population / village.households)
        village.settlements.append({"name": name, "place": place, "households": homes, "population": people})


def _hide(villages: list[Village]) -> None:
    """Take coordinates away: five village points (one of them of a village without key points) and some key points."""
    empty = [v for v in villages if not v.points and v.name not in ISLETS and v.town.county == "990121"]
    known = [v for v in villages if v.points and v.town.county != "990181" and v.name not in ISLETS]
    known[27].population_words = "约1500"
    for village in [empty[1], known[20], known[75], known[120], known[160]]:
        village.place = None
    for number in (8, 33, 58, 90, 117, 140, 171):
        known[number].points[-1]["place"] = None
    known[47].points[0]["place"] = None


def duty_places(villages: list[Village], rng: Random) -> list[dict[str, Any]]:
    """Give schools, hospitals, seats and markets of the towns, then border institutions, ports and islands."""
    places: list[dict[str, Any]] = []

    def add(name: str, kind: str, place: Place, people: int | None, backhaul: str) -> None:
        number = f"CS{len(places) + 1:04d}"
        row = {"id": number, "name": name, "kind": kind, "place": place, "people": people, "backhaul": backhaul}
        places.append(row)

    for town in TOWNS:
        seat = (town.lon, town.lat)
        base = COUNTIES[town.county][:2] if town.name.endswith("街道") else town.name[:-1]
        near = [away(*seat, rng.uniform(0, 360), rng.uniform(80, 700)) for _ in range(4)]
        office = town.name + ("办事处" if town.name.endswith("街道") else "人民政府")
        add(office, "乡镇政府", near[0], rng.randint(40, 120), "光纤")
        add(base + "中学", "中学", near[1], rng.randint(600, 2400), "光纤")
        add(base + "卫生院", "卫生院", near[2], rng.randint(25, 140), "光纤")
        add(base + "农贸市场", "农贸市场", near[3], None, "光纤")
    for village in villages:
        for point in village.points:
            if point["kind"] == "小学" and point["place"] and not point["shared"]:
                add(point["name"], "小学", point["place"], rng.randint(25, 320), rng.choice(["光纤", "光纤", "微波"]))
    add("海岳国有林场", "林场", (129.355, 20.555), 85, "微波")
    add("白鹭湾农场", "农场", (129.247, 20.253), 210, "光纤")
    return places


def border_places(geo: Geography) -> list[dict[str, Any]]:
    """Give what stands on the border and off the coast: port of entry, posts, trade posts, islands."""
    on = [geo.border.interpolate(share, normalized=True) for share in (0.12, 0.3, 0.47, 0.66, 0.9)]
    inland = [(round(p.x + 0.008, 6), round(p.y, 6)) for p in on]
    names = ["河口边防检查站", "南关边境派出所", "界河边境派出所", "老寨边境派出所", "北岭边境派出所"]
    rows = [(name, "边境管理机构", place) for name, place in zip(names, inland)]
    rows.append(("关山口岸", "口岸", (CROSSING[0] + 0.006, CROSSING[1])))
    rows.append(("关山边民互市点", "互市点", (CROSSING[0] + 0.013, CROSSING[1] - 0.004)))
    rows.append(("界河边民互市点", "互市点", (inland[2][0] + 0.004, inland[2][1] - 0.006)))
    inhabited = ("月屿", "近屿", "岚洲岛", "远礁")
    middles = {name: geo.islands[name].centroid for name in inhabited}
    rows += [(name, "有居民海岛", (middle.x, middle.y)) for name, middle in middles.items()]
    return [
        {"id": f"BJ{k + 1:03d}", "name": name, "kind": kind, "place": (round(p[0], 6), round(p[1], 6))}
        for k, (name, kind, p) in enumerate(rows)
    ]
