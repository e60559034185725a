"""Make the county, write its files as they would be received, and the truth beside them."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any

from . import (
    drive_tests,
    files,
    frontier_truth,
    gaps,
    geography,
    hidden,
    layers,
    lines_truth,
    network,
    operators,
    registers,
    relief,
    road_works,
    routes,
    scenes,
    simulated,
    truth,
    villages,
)
from .sheets import Sheet

SEED = 990121
HEIGHT_MODEL = "高程_约90米.tif"
TELECOM_PREFACE = [
    "中国电信沧屏分公司4G/5G站点清单（虚构数据）",
    "坐标：WGS 84；频段单位：MHz；一行为一个站点的一个制式频段。",
    "填报日期：2026年10月31日",
]


def _rng(subject: str) -> Random:
    """Give each subject its own stream, so that a change in one leaves the others as they are."""
    return Random(f"{SEED}/{subject}")


def write_all(folder: Path) -> list[Path]:
    """Write everything below `folder` and give the paths, sorted."""
    received, true = folder / "received", folder / "truth"
    for part in (received, true):
        part.mkdir(parents=True, exist_ok=True)
        for old in part.iterdir():
            old.unlink()
    geo = geography.make(_rng("geography"))
    heights = relief.Relief(geo.land, SEED % 1000)
    people = villages.make(geo, heights, _rng("villages"))
    roads = routes.roads(geo, people, _rng("roads"))
    nodes = routes.nodes(_rng("nodes"))
    cables = routes.cables(roads, nodes, _rng("cables"))
    plant = network.build(people, geo, _rng("stations"))
    tests = drive_tests.measurements(plant, people, roads, _rng("measurements"))

    register = road_works.with_works(roads)
    sheets = _maps(received, geo, heights, people, register, nodes, cables)
    sheets += _registers(received, people, tests)
    upgrade = scenes.make(plant.stations, tests, _rng("scenes"))
    for sheet in (scenes.places(upgrade), scenes.key_points(upgrade)):
        files.text_table(received, sheet, "utf-8")
        sheets.append(sheet)
    operator_sheets = _operators(received, plant, roads, geo)
    sheets += operator_sheets
    files.height_model(received / HEIGHT_MODEL, *hidden.received(heights, people))
    (folder / "import_plan.toml").write_text(_plan(sheets), encoding="utf-8")

    world = truth.World(geo, people, plant.stations, tests, truth.presets())
    air = simulated.Air(received / HEIGHT_MODEL, plant.stations, _tilts(operator_sheets[1]))
    _truth(true, world, air, sheets, cables, nodes)
    _frontier(true, world, roads, upgrade, air)
    files.json_file(true / "lines.json", lines_truth.by_distance(world, register))
    files.csv_file(true / "line_samples_5g.csv", lines_truth.sampled(world, register, air))
    return sorted([folder / "import_plan.toml", *received.iterdir(), *true.iterdir()])


def _maps(received: Path, geo: Any, heights: Any, people: Any, roads: Any, nodes: Any, cables: Any) -> list[Sheet]:
    units = layers.admin_units(geo, people)
    files.shapefile(received, units, "UTF-8")
    base = layers.base_map(geo, roads)
    files.geopackage(received, base)
    node_sheet, cable_sheet = layers.trunk(nodes, cables)
    files.geojson(received, node_sheet)
    files.shapefile(received, cable_sheet, "GBK", crs="EPSG:4531")
    clusters = layers.from_records("数据中心集群.geojson", "dc_clusters", routes.clusters(_rng("clusters")))
    zones = routes.control_lines(geo, heights, people, _rng("zones"))
    lines = layers.from_records("控制线.geojson", "control_lines", zones)
    files.geojson(received, clusters)
    files.geojson(received, lines)
    border = layers.border_kml(villages.border_places(geo))
    files.kml(received, border)
    return [units, *base, node_sheet, cable_sheet, clusters, lines, border]


def _registers(received: Path, people: Any, tests: Any) -> list[Sheet]:
    names = registers.villages(people, _rng("villages.csv"))
    files.text_table(received, names, "gbk", newline="\r\n")
    points = registers.key_points(people, _rng("key_points.xlsx"))
    files.workbook(received, points, [])
    hamlets = registers.settlements(people, _rng("settlements.csv"))
    files.text_table(received, hamlets, "utf-8")
    places = registers.places(villages.duty_places(people, _rng("places")), _rng("places.csv"))
    files.text_table(received, places, "gb18030", newline="\r\n")
    drive = registers.measurements(tests, _rng("measurements.csv"))
    files.text_table(received, drive, "utf-8")
    return [names, points, hamlets, places, drive]


def _operators(received: Path, plant: network.Builder, roads: Any, geo: Any) -> list[Sheet]:
    def own(operator: str) -> list[network.Station]:
        return [s for s in plant.stations if s.owner == operator]

    mobile = operators.mobile(own("CMCC"), _rng("mobile"))
    title = "中国移动沧屏分公司无线基站台账（2026年10月，虚构数据）"
    files.text_table(received, mobile, "gbk", newline="\r\n", title=title)
    telecom = operators.telecom(own("CTCC"), _rng("telecom"))
    files.workbook(received, telecom, TELECOM_PREFACE)
    unicom = operators.unicom(own("CUCC"), _rng("unicom"))
    files.shapefile(received, unicom, "GBK", says_so=False)
    towers = operators.towers(plant, network.poles(geo, roads, _rng("poles")), _rng("towers"))
    files.text_table(received, towers, "utf-8-sig", delimiter="\t")
    return [mobile, telecom, unicom, towers]


def _tilts(telecom: Sheet) -> dict[str, float]:
    """Give the tilt of every station whose row states one that can be read."""
    said = {line.cells["站点编码"]: line.cells["总下倾角"] for line in telecom.lines if not line.reason}
    return {number: float(tilt) for number, tilt in said.items() if str(tilt).isdigit()}


def _plan(sheets: list[Sheet]) -> str:
    """Give the order of import as TOML, with the row counts that a right import reports."""
    parts = ["# What import_layer is told for each file, and the rows it must report. Written by generate.py.\n"]
    parts.append(f'[height_model]\nsource = "received/{HEIGHT_MODEL}"\n')
    for sheet in sheets:
        aside = len(sheet.set_aside())
        stated = [
            "[[import]]",
            f'source = "received/{sheet.path}"',
            f'layer = "{sheet.layer}"',
            f'kind = "{sheet.kind}"',
            f'datum = "{sheet.datum}"',
            'encoding = "auto"',
            f"rows_in = {len(sheet.lines)}",
            f"rows_out = {len(sheet.lines) - aside}",
            f"rows_set_aside = {aside}",
            f"rows_without_place = {sheet.without_place()}",
            f"value_issues = {len(sheet.value_issues())}",
        ]
        parts.append("\n".join(stated) + "\n")
    return "\n".join(parts)


def _truth(true: Path, world: truth.World, air: simulated.Air, sheets: list[Sheet], cables: Any, nodes: Any) -> None:
    tables = {
        "villages_5g": truth.villages_csv(world, "5G"),
        "villages_4g": truth.villages_csv(world, "4G"),
        "villages_5g_2000m": truth.villages_csv(world, "5G", 2000.0),
        "villages_5g_simulated": simulated.villages_csv(world, "5G", air),
        "villages_4g_simulated": simulated.villages_csv(world, "4G", air),
    }
    for name, rows in tables.items():
        files.csv_file(true / f"{name}.csv", rows)
    files.csv_file(true / "levels_5g_simulated.csv", simulated.levels_csv(world, "5G", air))
    aside = [row for sheet in sheets for row in sheet.set_aside()]
    files.csv_file(true / "set_aside.csv", aside)
    files.csv_file(true / "value_issues.csv", [row for sheet in sheets for row in sheet.value_issues()])
    reasons = sorted({row["reason"] for row in aside})
    counts = {reason: sum(row["reason"] == reason for row in aside) for reason in reasons}
    summaries: dict[str, Any] = {
        name.replace("villages", "village_reach"): truth.summary(rows) for name, rows in tables.items()
    }
    files.json_file(true / "summary.json", {**summaries, "set_aside": {"rows": len(aside), "by_reason": counts}})
    files.json_file(true / "gaps_5g.json", gaps.gaps(world, "5G"))
    files.json_file(true / "gaps_5g_2000m.json", gaps.gaps(world, "5G", 2000.0))
    files.json_file(true / "planted.json", planted(world, cables, nodes))
    stations = [
        {
            "station_id": s.number,
            "operator": ";".join(s.operators),
            "technology": ";".join(s.technologies),
            "status": s.status,
            "lon": f"{s.place[0]:.6f}",
            "lat": f"{s.place[1]:.6f}",
        }
        for s in world.stations
    ]
    files.csv_file(true / "stations_true_place.csv", stations)


def _frontier(
    true: Path, world: truth.World, roads: list[dict[str, Any]], upgrade: list[dict[str, Any]], air: simulated.Air
) -> None:
    places = [*villages.duty_places(world.villages, _rng("places")), *villages.border_places(world.geo)]
    listed = frontier_truth.things(world, places, upgrade)
    items = frontier_truth.items_csv(listed, frontier_truth.by_distance(world))
    over_terrain = frontier_truth.items_csv(listed, frontier_truth.by_simulation(world, air), simulated=True)
    files.csv_file(true / "frontier_items.csv", items)
    files.csv_file(true / "frontier_items_simulated.csv", over_terrain)
    said = {
        **frontier_truth.scores(items),
        "simulated": frontier_truth.scores(over_terrain),
        "border_road": frontier_truth.border_road_km(world, roads),
    }
    files.json_file(true / "frontier.json", said)


def planted(world: truth.World, cables: list[dict[str, Any]], nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """State what was planted besides bad rows: missing data, missing places, faults of the trunk network."""
    ends = [(c["from"], c["to"]) for c in cables if c["status"] == "在网"]
    exits = {n["id"]: sum(n["id"] in pair for pair in ends) for n in nodes}
    near = next(c for c in cables if c["name"] == routes.NEAR_MISS[0])
    node = next(n for n in nodes if n["id"] == routes.NEAR_MISS[1])
    gap_m = geography.distance_m(near["line"][-1], node["place"])
    return {
        "villages_without_place": [v.code for v in world.villages if v.place is None],
        "villages_without_key_points": [v.code for v in world.villages if not v.points],
        "key_points_without_place": [[v.code, p["kind"]] for v in world.villages for p in v.points if not p["place"]],
        "villages_off_every_county": [v.code for v in world.villages if v.name in ("近屿村", "远礁村")],
        "villages_behind_mountains": sorted(v.code for v in world.villages if v.name in hidden.BASINS),
        "villages_beyond_the_heights": [v.code for v in world.villages if v.name == hidden.BEYOND],
        "counties_without_data": {"990181": ["CMCC", "CTCC", "CUCC", "CBN"], "990102": ["CUCC"]},
        "trunk": {
            "same_trench": {"cables": [cables[0]["id"], cables[1]["id"]], "apart_m": 0.8},
            "near_miss": {"cable": near["id"], "node": node["id"], "gap_m": round(gap_m, 2)},
            "cables_at_node": exits,
            "nodes_with_fewer_than_3_cables": sorted(number for number, count in exits.items() if count < 3),
        },
        "clear_of_turning_distances_m": math.floor(network.CLEAR_M),
    }
