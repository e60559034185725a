"""The right answers of the frontier scoreboard, by brute force on the true places: every point against every station.

The indicators stand here once more, by hand, so that a slip in a rule pack shows. ``README.md`` states the rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import shapely

from .geography import Place, distance_m
from .names import COUNTIES
from .scenes import SCENES
from .simulated import Air, TerrainJudge
from .truth import BASIC, Judge, Verdict, World, all_of, any_of, radius_m
from .villages import Village

# (rule, class, service, target in percent); roads and seas are told elsewhere.
INDICATORS = {
    "frontier-2025": (
        ("N11.county_town_5g", "county_town", "5G", 100),
        ("N11.county_town_fibre", "county_town", "gigabit_fibre", 100),
        ("N11.township_5g", "township", "5G", 100),
        ("N11.township_fibre", "township", "gigabit_fibre", 100),
        ("N11.village_broadband", "village", "broadband", 100),
        ("N11.settlement_broadband", "settlement", "broadband", 100),
        ("N11.institution_broadband", "border_institution", "broadband", 100),
        ("N11.island_broadband", "island", "broadband", 100),
        ("N04.border_school", "border_school", "4G", 100),
    ),
    "frontier-2027": (
        ("N12.village_5g", "village", "5G", 95),
        ("N12.institution_5g", "border_institution", "5G", 95),
        ("N12.settlement_5g", "settlement", "5G", 95),
        ("N12.island_5g", "island", "5G", 100),
    ),
    "universal-service-4g": (
        ("N07.village_4g", "village", "4G", 100),
        ("N07.settlement_4g", "settlement", "4G", None),
    ),
    "signal-upgrade-2025": (
        ("N15.places", "key_place", "mobile", None),
        *((f"N17.{scene}", scene, "mobile", None) for scene in SCENES),
    ),
    "plan-14": (("N01.village_5g", "village", "5G", 80),),
    "gigabit-city": (("N29.key_places", "city_key_place", "5G", 80),),
}
SIMULATED = ("frontier-2025", "frontier-2027", "signal-upgrade-2025")
JOINED = {"key_place": tuple(SCENES), "city_key_place": ("medical", "university", "tourism", "transport_hub")}
RURAL = "township_village"
RURAL_POINTS = ("村委会", "卫生室")  # of the kinds of N17 that villages of the sample county have
KINDS = {
    "乡镇政府": "township",
    "边境管理机构": "border_institution",
    "口岸": "border_institution",
    "互市点": "border_institution",
    "有居民海岛": "island",
}
SCHOOLS = ("小学", "教学点")
LARGE = 20
STEP_M = 5.0  # border roads are told step by step, by the middle of each
WORDS = {True: "met", False: "not_met", None: "cannot_tell"}


class Thing(NamedTuple):
    """One thing that is counted: a village, or a point."""

    subject: str
    number: str
    name: str
    county: str
    place: Place | None
    village: Village | None
    fibre: Verdict
    points: tuple[Place | None, ...] | None = None  # of a place of a scene


def things(world: World, places: list[dict[str, Any]], upgrade: list[dict[str, Any]]) -> list[Thing]:
    """List everything in the classes; a county town has no place in any file."""
    found = [Thing("county_town", code, name, code, None, None, None) for code, name in COUNTIES.items()]
    for row in places:
        if row["kind"] in KINDS:
            way = row.get("backhaul")
            fibre = None if not way else way == "光纤"
            found.append(
                Thing(
                    KINDS[row["kind"]], row["id"], row["name"], _county(world, row["place"]), row["place"], None, fibre
                )
            )
        county = _county(world, row["place"])
        if row["kind"] == "卫生院":  # a hospital of which no key point is listed
            found.append(Thing("medical", row["id"], row["name"], county, row["place"], None, None, ()))
        if row["kind"] == "乡镇政府":
            found.append(Thing(RURAL, row["id"], row["name"], county, row["place"], None, None, (row["place"],)))
    for row in upgrade:
        spots = tuple(point["place"] for point in row["points"])
        where = _county(world, row["place"])
        found.append(Thing(row["scene"], row["id"], row["name"], where, row["place"], None, None, spots))
    hamlets, points, schools = 0, 0, set()
    for v in world.villages:
        found.append(Thing("village", v.code, v.name, v.code[:6], v.place, v, None))
        rural = tuple(point["place"] for point in v.points if point["kind"] in RURAL_POINTS)
        found.append(Thing(RURAL, v.code, v.name, v.code[:6], v.place, None, None, rural))
        for hamlet in v.settlements:
            hamlets += 1
            if hamlet["households"] >= LARGE:
                number = f"ZRC{hamlets:05d}"
                found.append(Thing("settlement", number, hamlet["name"], v.code[:6], hamlet["place"], None, None))
        for point in v.points:
            points += 1
            key = (point["name"], point["place"])
            if point["kind"] in SCHOOLS and v.is_border and key not in schools:
                schools.add(key)
                number = f"GJD{points:05d}"
                found.append(Thing("border_school", number, point["name"], v.code[:6], point["place"], None, None))
    return found


def _county(world: World, place: Place) -> str:
    return next((code for code, area in world.geo.counties.items() if shapely.intersects_xy(area, *place)), "none")


def signal(judge: Judge, thing: Thing) -> Verdict:
    """Tell whether one technology is there: a village by its own rule, a point where any operator covers it."""
    if thing.village is not None:
        verdict: Verdict = judge.village(thing.village)["verdict"]
        return verdict
    return at_point(judge, thing.place, thing.county)


def at_point(judge: Judge, place: Place | None, counted: str = "") -> Verdict:
    """Tell whether any operator covers a point of a thing that is counted in a county."""
    if place is None:
        return None
    with_data = judge.operators_with_data(place, counted)
    covered = {operator: judge.finding(place, operator, operator in with_data).covered for operator in BASIC}
    if any(covered.values()):
        return True
    return any_of([covered[operator] for operator in sorted(with_data)]) if with_data else None


def state(service: str, thing: Thing, judges: dict[str, Judge]) -> Verdict:
    """Tell whether a service is there; of gigabit fibre nothing is known."""
    if service == "gigabit_fibre":
        return None
    if service == "broadband":
        return any_of([signal(judges["4G"], thing), signal(judges["5G"], thing), thing.fibre])
    if thing.points is not None:
        asked = ("4G", "5G") if service == "mobile" else (service,)
        found = [
            any_of([at_point(judges[technology], place, thing.county) for technology in asked])
            for place in thing.points
        ]
        return all_of(found) if found else None  # nobody has listed what must be covered
    return signal(judges[service], thing)


Judges = tuple[dict[str, Judge], dict[str, Judge]]


def by_distance(world: World) -> Judges:
    """Give the judges by measurement and distance, by technology: now, and with the planned stations."""
    now, later = (
        {technology: Judge(world, technology, None, planned=planned, measured=True) for technology in ("4G", "5G")}
        for planned in (False, True)
    )
    return now, later


def by_simulation(world: World, air: Air) -> Judges:
    """Give the judges by measurement, then simulation, then distance."""

    def judges(planned: bool) -> dict[str, Judge]:
        return {
            technology: TerrainJudge(world, technology, air, planned=planned, measured=True, alone=False)
            for technology in ("4G", "5G")
        }

    return judges(False), judges(True)


def items_csv(everything: list[Thing], judges: Judges, *, simulated: bool = False) -> list[dict[str, Any]]:
    """Give one row a thing and indicator: its state now and with the planned stations."""
    now, later = judges
    rows = []
    for pack, indicators in INDICATORS.items():
        for rule, subject, service, _ in indicators if pack in SIMULATED or not simulated else ():
            for thing in everything:
                if thing.subject in JOINED.get(subject, (subject,)):
                    is_met = state(service, thing, now)
                    rows.append(
                        {
                            "pack": pack,
                            "rule_id": rule,
                            "item_id": thing.number,
                            "name": thing.name,
                            "county_code": thing.county,
                            "state": WORDS[is_met],
                            "after_plan": WORDS[is_met or state(service, thing, later)],
                        }
                    )
    return rows


def scores(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Count by pack, indicator and county, "all" being all of them together."""
    found: dict[str, Any] = {}
    packs = {row["pack"] for row in rows}
    for pack, indicators in INDICATORS.items():
        for rule, _, _, target in indicators if pack in packs else ():
            own = [row for row in rows if (row["pack"], row["rule_id"]) == (pack, rule)]
            parts: dict[str, Callable[[str], bool]] = {
                **{code: code.__eq__ for code in (*sorted(COUNTIES), "none")},
                "all": lambda _: True,
            }
            found.setdefault(pack, {})[rule] = {
                code: _score([row for row in own if inside(row["county_code"])], target)
                for code, inside in parts.items()
            }
    return found


def _score(rows: list[dict[str, Any]], target: int | None) -> dict[str, Any]:
    met, not_met, untold = (sum(row["state"] == word for row in rows) for word in WORDS.values())
    needed = 0 if target is None else math.ceil(target * len(rows) / 100)
    least, most = max(0, needed - met - untold), max(0, needed - met)
    status = "no_target" if target is None else "short" if least else "cannot_tell" if most else "met"
    return {
        "in_scope": len(rows),
        "met": met,
        "not_met": not_met,
        "cannot_tell": untold,
        "ratio_percent": round(100 * met / (met + not_met), 2) if met + not_met else None,
        "shortfall": None if target is None else least,
        "shortfall_at_most": None if target is None else most,
        "status": status if rows else "none_listed",
    }


def border_road_km(world: World, roads: list[dict[str, Any]]) -> dict[str, Any]:
    """Measure national and provincial roads along the border by technology and county: whole and covered length, km."""
    steps = [
        step for road in roads if road["border"] and road["class"] in ("国道", "省道") for step in _steps(road["line"])
    ]
    found: dict[str, Any] = {}
    for technology in ("4G", "5G"):
        sites = [
            (s.place, radius_m(s, technology, None, world.table))
            for s in world.stations
            if technology in s.technologies and s.status == "existing" and set(s.operators) & set(BASIC)
        ]
        reach = np.array([radius for _, radius in sites])
        counties = found.setdefault(technology, {})
        for place, length_m in steps:
            covered = bool((world.distances(place, [site for site, _ in sites]) <= reach).any())
            for county in (_county(world, place), "all"):
                row = counties.setdefault(county, {"km": 0.0, "covered_km": 0.0})
                row["km"] += length_m / 1000
                row["covered_km"] += covered * length_m / 1000
        for row in counties.values():
            row.update({key: round(value, 4) for key, value in row.items()})
    return found


def _steps(line: list[Place]) -> list[tuple[Place, float]]:
    """Cut a line into short steps: middle and length of each."""
    found = []
    for start, end in zip(line, line[1:]):
        length = distance_m(start, end)
        count = max(1, math.ceil(length / STEP_M))
        for k in range(count):
            share = (k + 0.5) / count
            middle = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            found.append((middle, length / count))
    return found
