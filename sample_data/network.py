"""What stands in the country: base stations, the towers under them, and poles that could carry more."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import shapely

from .geography import GEOD, Geography, Place, away, distance_m, inside
from .names import TOWNS, Town
from .villages import Village

# Distances at which a verdict or a borderline mark turns, as the rule packs have them: no station stands within
# `CLEAR_M` of one from any point that is judged, so that the truth survives a trip through GCJ-02 and a text file.
RADII_M = (400, 500, 600, 800, 900, 1000, 1200, 1500, 1800, 2000, 2200, 2500, 3500, 5000)
TURNS_M = np.array(sorted({round(r * share, 1) for r in RADII_M for share in (0.9, 1.0, 1.1)}))
CLEAR_M = 2.0


@dataclass
class Station:
    """One row of an operator's table; `place` is its true place."""

    number: str
    name: str
    owner: str  # whose table it stands in
    operators: tuple[str, ...]
    technologies: tuple[str, ...]
    band_mhz: int | None
    height_m: int | None
    status: str
    day: str
    place: Place
    site: str
    town: Town
    tower_type: str


@dataclass
class Site:
    """A mast or roof on which stations stand."""

    number: str
    name: str
    place: Place
    town: Town
    kind: str
    height_m: int
    tenants: list[str]


class Builder:
    """Places sites and stations clear of every turning distance."""

    def __init__(self, villages: list[Village], geo: Geography, rng: Random) -> None:
        self.rng, self.geo = rng, geo
        judged = [v.place for v in villages] + [p["place"] for v in villages for p in (*v.points, *v.settlements)]
        self.judged = np.array([place for place in judged if place])
        self.sites: list[Site] = []
        self.stations: list[Station] = []

    def clear(self, place: Place) -> bool:
        """Tell whether no judged point lies at a turning distance from a place."""
        n = len(self.judged)
        lon, lat = np.full(n, place[0]), np.full(n, place[1])
        distances = GEOD.inv(lon, lat, self.judged[:, 0], self.judged[:, 1])[2]
        after = np.clip(np.searchsorted(TURNS_M, distances), 1, len(TURNS_M) - 1)
        gap = np.minimum(abs(distances - TURNS_M[after]), abs(distances - TURNS_M[after - 1]))
        return bool(gap.min() > CLEAR_M)

    def site(self, near: Place, reach_m: tuple[float, float], town: Town, label: str, roof: bool = False) -> Site:
        """Put up a mast (or a roof mount) at a random place near a point, on land and clear of turning distances."""
        area = self.geo.land
        for _ in range(3000):
            place = away(*near, self.rng.uniform(0, 360), self.rng.uniform(*reach_m))
            if inside(area, *place) and self.clear(place):
                break
        else:
            raise ValueError(f"no clear place near {label}")
        kind = "楼面抱杆" if roof else self.rng.choice(["单管塔", "角钢塔", "角钢塔", "三管塔"])
        height = self.rng.randint(12, 24) if roof else self.rng.choice([25, 28, 30, 35, 35, 40, 45, 50])
        number = f"{town.county}70{len(self.sites) + 1:010d}"
        self.sites.append(Site(number, label, place, town, kind, height, []))
        return self.sites[-1]

    def station(
        self,
        site: Site,
        owner: str,
        operators: tuple[str, ...],
        technologies: tuple[str, ...],
        band_mhz: int | None,
        status: str,
        label: str = "",
    ) -> None:
        """Hang one station on a site."""
        rng = self.rng
        count = 1 + sum(s.owner == owner for s in self.stations)
        number = {
            "CMCC": f"HPYD{count + 100000}",
            "CTCC": f"460-11-{count + 525000}",
            "CUCC": f"HYLT{count:05d}",
        }[owner]
        newest = "5G" in technologies
        year = rng.randint(2020, 2025) if newest else rng.randint(2014, 2022)
        day = f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        if status in ("planned", "under_construction"):
            day = f"2027-{rng.choice(['03-31', '06-30', '09-30', '12-31'])}" if status == "planned" else "2026-12-31"
        height: int | None = max(8, site.height_m - rng.choice([0, 1, 2, 3]))
        if rng.random() < 0.04:
            height = None
        if rng.random() < 0.02:
            band_mhz = None
        name = f"{site.name}{label}{'-'.join(technologies)}"
        site.tenants += [operator for operator in operators if operator not in site.tenants]
        self.stations.append(
            Station(
                number,
                name,
                owner,
                operators,
                technologies,
                band_mhz,
                height,
                status,
                day,
                site.place,
                site.number,
                site.town,
                site.kind,
            )
        )


def _status(rng: Random) -> str:
    return rng.choices(["existing", "under_construction", "retired"], [93, 4, 3])[0]


def build(villages: list[Village], geo: Geography, rng: Random) -> Builder:
    """Give all sites and stations. China Unicom's table holds 海岳县 only, and nobody's holds 岚洲市."""
    b = Builder(villages, geo, rng)
    onshore = [v for v in villages if v.town.county != "990181" and v.name not in ("近屿村", "远礁村")]
    for town in TOWNS:
        if town.county != "990181":
            _seat(b, town)
    served = set()
    for village in onshore:
        if village.name != "月屿村" and rng.random() > 0.56:
            continue
        served.add(village.code)
        site = b.site(village.core, (120, 1500), village.town, village.name.removesuffix("村"))
        _rural(b, site)
    unserved = [v for v in onshore if v.code not in served]
    for village in rng.sample(unserved, 26):  # 4G only
        site = b.site(village.core, (100, 1800), village.town, village.name.removesuffix("村") + "后山")
        owner = rng.choice(["CMCC", "CMCC", "CTCC"])
        b.station(site, owner, (owner,), ("4G",), 1800 if owner == "CMCC" else 800, _status(rng))
    for village in rng.sample(unserved, 16):  # what the operators mean to build
        site = b.site(village.core, (80, 700), village.town, village.name.removesuffix("村") + "新址")
        b.station(site, "CMCC", ("CMCC", "CBN"), ("5G",), 700, "planned")
    for village in rng.sample(unserved, 8):
        site = b.site(village.core, (80, 500), village.town, village.name.removesuffix("村") + "拟建")
        b.station(site, "CTCC", ("CTCC",), ("5G",), 2100, "planned")
    return b


def _seat(b: Builder, town: Town) -> None:
    """Give a town seat its stations: every operator with data there, mid band, mostly on roofs."""
    rng, seat, short = b.rng, (town.lon, town.lat), town.name
    large = town.code in ("990121100", "990102001")
    for k, label in enumerate(["政府", "中学", "市场", "东街"][: 4 if large else 2]):
        site = b.site(seat, (100, 1300 if large else 700), town, short + label, roof=k % 3 != 2)
        b.station(site, "CMCC", ("CMCC",), ("4G", "5G"), 2600, "existing" if k == 0 else _status(rng))
    for label in ["电信局", "新区", "客运站"][: 3 if large else 1]:
        site = b.site(seat, (100, 1000), town, short + label, roof=True)
        shared = town.county == "990121" and rng.random() < 0.6
        b.station(site, "CTCC", ("CTCC", "CUCC") if shared else ("CTCC",), ("5G",), 3500, _status(rng))
        b.station(site, "CTCC", ("CTCC",), ("4G",), 1800, "existing")
    if town.county == "990121":
        site = b.site(seat, (150, 900), town, short + "联通", roof=True)
        b.station(site, "CUCC", ("CUCC",), ("5G",), 3500, _status(rng))
        b.station(site, "CUCC", ("CUCC",), ("4G",), 1800, "existing")


def _rural(b: Builder, site: Site) -> None:
    """Hang on a rural mast what the operators have there."""
    rng = b.rng
    mobile = rng.random() < 0.72
    if mobile:
        shared = rng.random() < 0.45
        b.station(site, "CMCC", ("CMCC", "CBN") if shared else ("CMCC",), ("5G",), 700, _status(rng))
        if rng.random() < 0.75:
            b.station(site, "CMCC", ("CMCC",), ("4G",), 900, _status(rng))
    if not mobile or rng.random() < 0.55:
        b.station(site, "CTCC", ("CTCC",), ("4G",), 800, _status(rng))
        if rng.random() < 0.42:
            shared = site.town.county == "990121" and rng.random() < 0.5
            b.station(site, "CTCC", ("CTCC", "CUCC") if shared else ("CTCC",), ("5G",), 2100, _status(rng))
    if site.town.county == "990121" and rng.random() < 0.58:
        b.station(site, "CUCC", ("CUCC",), ("4G",), 900, _status(rng))
        if rng.random() < 0.4:
            b.station(site, "CUCC", ("CUCC",), ("4G", "5G"), 2100, _status(rng))


def poles(geo: Geography, roads: list[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    """Give lamp poles at the seats and power towers in the country, which could carry antennas."""
    rows = []
    for town in TOWNS:
        for k in range(3):
            place = away(town.lon, town.lat, rng.uniform(0, 360), rng.uniform(60, 500))
            if inside(geo.land, *place):
                name = f"{town.name}主街{k + 1:02d}号路灯杆"
                rows.append(
                    {
                        "name": name,
                        "kind": "路灯杆",
                        "owner": "市政管理处",
                        "height_m": 10,
                        "place": place,
                        "town": town,
                    }
                )
    lines = [road for road in roads if road["class"] == "省道"]
    for road in lines:
        line = shapely.LineString(road["line"])
        for k, share in enumerate((0.2, 0.4, 0.6, 0.8)):
            point = line.interpolate(share, normalized=True)
            place = away(point.x, point.y, rng.uniform(0, 360), rng.uniform(80, 250))
            town = min(TOWNS, key=lambda t: distance_m((t.lon, t.lat), place))
            name = f"110kV {road['name'][:2]}线{k * 17 + 12}号塔"
            height = rng.choice([24, 27, 30])
            rows.append(
                {
                    "name": name,
                    "kind": "电力塔",
                    "owner": "沧屏供电局",
                    "height_m": height,
                    "place": place,
                    "town": town,
                }
            )
    return rows
