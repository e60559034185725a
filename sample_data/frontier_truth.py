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
from .truth import BASIC, Judge, Verdict, World, any_of, radius_m
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
}
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


def things(world: World, places: list[dict[str, Any]]) -> list[Thing]:
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
    hamlets, points, schools = 0, 0, set()
    for v in world.villages:
        found.append(Thing("village", v.code, v.name, v.code[:6], v.place, v, None))
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
    if thing.place is None:
        return None
    with_data = judge.operators_with_data(thing.place)
    covered = {operator: judge.finding(thing.place, operator, operator in with_data).covered for operator in BASIC}
    if any(covered.values()):
        return True
    return any_of([covered[operator] for operator in sorted(with_data)]) if with_data else None


def state(service: str, thing: Thing, judges: dict[str, Judge]) -> Verdict:
    """Tell whether a service is there; of gigabit fibre nothing is known."""
    if service == "gigabit_fibre":
        return None
    if service == "broadband":
        return any_of([signal(judges["4G"], thing), signal(judges["5G"], thing), thing.fibre])
    return signal(judges[service], thing)


def items_csv(world: World, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give one row a thing and indicator: its state now and with the planned stations."""
    now, later = (
        {technology: Judge(world, technology, None, planned=planned, measured=True) for technology in ("4G", "5G")}
        for planned in (False, True)
    )
    everything = things(world, places)
    rows = []
    for pack, indicators in INDICATORS.items():
        for rule, subject, service, _ in indicators:
            for thing in everything:
                if thing.subject == subject:
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
    for pack, indicators in INDICATORS.items():
        for rule, _, _, target in indicators:
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


def _score(rows: list[dict[str, Any]], target: int) -> dict[str, Any]:
    met, not_met, untold = (sum(row["state"] == word for row in rows) for word in WORDS.values())
    needed = math.ceil(target * len(rows) / 100)
    least, most = max(0, needed - met - untold), max(0, needed - met)
    return {
        "in_scope": len(rows),
        "met": met,
        "not_met": not_met,
        "cannot_tell": untold,
        "ratio_percent": round(100 * met / (met + not_met), 2) if met + not_met else None,
        "shortfall": least,
        "shortfall_at_most": most,
        "status": "none_listed" if not rows else "short" if least else "cannot_tell" if most else "met",
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
