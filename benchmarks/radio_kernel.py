"""Radio over terrain: the batch kernel of ITU-R P.1812 against the scalar function, and the best server of a county.

Run ``.venv/bin/python benchmarks/radio_kernel.py [--dem FILE.hgt] [--side N] [--report FILE]``. The terrain is one
degree at one second (30 m): made up from a seed with the relief of high mountains, or the given .hgt tile, refined
bilinearly when it is coarser. Four questions:

- receivers per second and core, every receiver of a disc with its own profile at 30 m steps, and the scalar function
  on the very same profiles (a sample of them), with the largest difference;
- the best server of a square of N x N receivers 30 m apart (3300: a county of 100 x 100 km), 10 km range: 2,000
  stations that radiate all around, 1,000 stations of three sectors; both at three sizes of the same density;
- what clutter and zones on the path cost, and the lower grades;
- the peers of `radio_peers`, if they are installed.

Times are CPU seconds but for the county, which runs on all cores and is given in seconds by the clock as well.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from bootstrap import register_package
from pages import write_section
from radio_peers import compare
from radio_scene import FREQUENCY_GHZ, HEIGHT_M, NORTH, PIXEL, RANGE_M, WEST, make_heights, read_heights


def disc(lon: float, lat: float, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the pixels around a place, in blocks, so that neighbours in the list look at the same terrain."""
    rows = int(radius_m / 30.6)
    columns = int(rows / math.cos(math.radians(lat)))
    j, i = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    inside = (j / rows) ** 2 + (i / columns) ** 2 < 0.999
    j, i = j[inside], i[inside]
    order = np.lexsort((i // 16, j // 16))
    return lon + i[order] * PIXEL, lat + j[order] * PIXEL


def measure_kernel(land: Any, radius_m: float, repeats: int = 5, sample: int = 3400) -> dict[str, Any]:
    """Time one transmitter and all receivers of a disc on one core, and the scalar function on a sample of them."""
    from xinji_planner.analysis import p1812
    from xinji_planner.analysis.radio import path_losses, profile_between

    lon, lat = WEST + 0.5 + PIXEL / 3, NORTH - 0.5 + PIXEL / 5
    to_lon, to_lat = disc(WEST + 0.5, NORTH - 0.5, radius_m)
    radio = {"frequency_ghz": FREQUENCY_GHZ, "tx_height_m": HEIGHT_M, "max_range_m": 1.1 * radius_m, "threads": 1}
    path_losses(land, lon, lat, to_lon[:300], to_lat[:300], **radio)
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        batch = path_losses(land, lon, lat, to_lon, to_lat, **radio)
        seconds.append(time.process_time() - start)
    worst, spent, compared = 0.0, 0.0, 0
    for i in np.random.default_rng(1).choice(to_lon.size, min(sample, to_lon.size), replace=False):
        profile = profile_between(land, lon, lat, to_lon[i], to_lat[i])
        if profile is None:
            continue
        n = len(profile.height_m)
        path = p1812.PathProfile(profile.distance_km, profile.height_m, np.zeros(n), np.full(n, p1812.INLAND))
        middle = p1812.path_centre_latitude(lat, lon, to_lat[i], to_lon[i], path.length_km)
        start = time.process_time()
        one = p1812.basic_transmission_loss(path, p1812.Link(FREQUENCY_GHZ, HEIGHT_M, 1.5, middle))
        spent += time.process_time() - start
        worst = max(worst, abs(one.loss_db - batch.loss_db[i]))
        compared += 1
    ours = float(np.median(seconds)) / to_lon.size
    return {
        "radius_km": radius_m / 1e3,
        "receivers": to_lon.size,
        "steps": float(batch.distance_km.mean() * 1e3 / land.step_m),
        "per_second": 1 / ours,
        "scalar_us": 1e6 * spent / compared,
        "ratio": spent / compared / ours,
        "compared": compared,
        "worst_db": worst,
    }


def measure_grades(heights: np.ndarray, radius_m: float, repeats: int = 5) -> list[dict[str, Any]]:
    """Time the disc on one core with clutter and zones, and by the lower grades."""
    from xinji_planner.analysis.radio import GRADES, Propagation, path_losses, terrain

    rng = np.random.default_rng(3)
    patches = [rng.choice(kinds, (121, 121)) for kinds in ([0.0, 0.0, 5.0, 15.0, 20.0], [1, 3, 4, 4, 4])]
    clutter, zone = (np.kron(patch, np.ones((30, 30)))[: heights.shape[0], : heights.shape[1]] for patch in patches)
    bare = terrain(heights, WEST, NORTH, PIXEL, PIXEL)
    covered = terrain(heights, WEST, NORTH, PIXEL, PIXEL, clutter_m=clutter, zone=zone)
    to_lon, to_lat = disc(WEST + 0.5, NORTH - 0.5, radius_m)
    radio = {"frequency_ghz": FREQUENCY_GHZ, "tx_height_m": HEIGHT_M, "max_range_m": 1.1 * radius_m, "threads": 1}
    rows = []
    for words, land, model in [
        ("P.1812", bare, Propagation()),
        ("P.1812, 10 % of time", bare, Propagation(time_percent=10.0)),
        ("P.1812 with clutter and zones", covered, Propagation()),
        *((grade, bare, Propagation(grade=grade)) for grade in GRADES[1:]),
    ]:
        if radius_m * 1.1 > 5e3 and model.grade.startswith("tr38901_um"):
            continue  # the tables end at 5 km
        asked = {**radio, "max_range_m": min(radio["max_range_m"], 1e4)} if "rma" in model.grade else radio
        seconds = []
        for _ in range(repeats):
            start = time.process_time()
            path_losses(land, WEST + 0.5, NORTH - 0.5, to_lon, to_lat, **asked, model=model)
            seconds.append(time.process_time() - start)
        rows.append({"words": words, "per_second": to_lon.size / float(np.median(seconds[1:]))})
    return rows


def measure_county(land: Any, stations: int, three: bool, side: int) -> dict[str, Any]:
    """Time the best server of a square of receivers."""
    from xinji_planner.analysis.radio import Antenna, Sector, best_server

    rng = np.random.default_rng(5)
    span = side * PIXEL
    senders = []
    for _ in range(stations):
        lon, lat = WEST + 0.04 + rng.uniform(0, span), NORTH - 0.04 - rng.uniform(0, span)
        turn = float(rng.uniform(0, 120))
        antennas = (
            [Antenna(turn + 120 * k, 3.0, 3.0, 65.0, 10.0, 25.0, 20.0) for k in range(3)] if three else [Antenna()]
        )
        senders += [Sector(lon, lat, HEIGHT_M, FREQUENCY_GHZ, 25.0, antenna) for antenna in antennas]
    columns = WEST + 0.04 + np.arange(side) * PIXEL
    rows = (NORTH - 0.04 - np.arange(side) * PIXEL)[:, None]
    best_server(land, senders[:3], columns[:20], rows[:20], max_range_m=RANGE_M)
    start, cpu = time.perf_counter(), time.process_time()
    found = best_server(land, senders, columns, rows, max_range_m=RANGE_M)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    area_km2 = (side * PIXEL * 111.2) ** 2 * math.cos(math.radians(NORTH - 0.5))
    pairs = stations / area_km2 * math.pi * (RANGE_M / 1e3) ** 2 * side * side
    return {
        "stations": stations,
        "sectors": len(senders),
        "receivers": side * side,
        "seconds": seconds,
        "cpu": cpu,
        "pairs": pairs,
        "ns_per_pair": 1e9 * cpu / pairs,
        "served": float((found.server >= 0).mean()),
    }


def run(dem: Path | None, side: int) -> dict[str, Any]:
    """Run everything."""
    from xinji_planner.analysis.radio import terrain

    load = os.getloadavg()[0]
    heights = read_heights(dem) if dem else make_heights()
    land = terrain(heights, WEST, NORTH, PIXEL, PIXEL)
    kernel = [measure_kernel(land, radius) for radius in (2_000.0, 5_000.0, 10_000.0)]
    county = [
        measure_county(land, max(1, round(stations * share)), three, round(side * math.sqrt(share)))
        for stations, three in ((2000, False), (1000, True))
        for share in (1 / 16, 1 / 4, 1.0)
    ]
    # In KiB on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    grades, peers = measure_grades(heights, 9_000.0), compare(land, heights)
    load = max(load, os.getloadavg()[1] - len(os.sched_getaffinity(0)))
    return {
        "kernel": kernel,
        "county": county,
        "grades": grades,
        "peers": peers,
        "peak": peak,
        "load": load,
        "dem": dem.name if dem else "made up",
    }


def report(rows: dict[str, Any]) -> str:
    """Markdown of the results."""
    lines = [
        "Full ITU-R P.1812 (50 % of time), every receiver over its own profile in 30 m steps; terrain of one degree at",
        f"30 m, {rows['dem']}. The scalar function computes the same profiles; its time has no share in reading them.",
        "",
        "| scalar / kernel | receivers/s per core | goal | disc, km | mean steps | scalar, µs | largest difference |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| **{row['ratio']:,.0f}** | {row['per_second']:,.0f} | {'>= 1,000,000' if row['radius_km'] == 10 else ''} "
        f"| {row['radius_km']:.0f} ({row['receivers']:,} receivers) | {row['steps']:.0f} | {row['scalar_us']:.0f} "
        f"| {row['worst_db']:.1e} dB in {row['compared']:,} |"
        for row in rows["kernel"]
    ]
    lines += [
        "",
        f"Best server, {RANGE_M / 1e3:.0f} km range, all cores. A pair is a station and a receiver in range.",
        "",
        "| receivers | stations | sectors | s | CPU s | goal, s | pairs | CPU ns per pair | served |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    goals = {(2000, 2000): "<= 30", (1000, 3000): "<= 60"}
    for row in rows["county"]:
        goal = goals.get((row["stations"], row["sectors"]), "")
        lines.append(
            f"| {row['receivers']:,} | {row['stations']:,} | {row['sectors']:,} | **{row['seconds']:.1f}** "
            f"| {row['cpu']:.1f} | {goal} | {row['pairs'] / 1e6:,.0f} M | {row['ns_per_pair']:.0f} "
            f"| {100 * row['served']:.0f} % |"
        )
    lines += [
        "",
        "Cost is linear in stations x receivers: from the smallest to the largest size a pair costs",
        f"{_growth(rows['county'][:3])} all around, {_growth(rows['county'][3:])} in sectors.",
        f"Peak memory {rows['peak']:.1f} GiB (goal <= 4).",
        f"Load of the machine by others before and during the run: about {max(rows['load'], 0):.1f} of its cores;",
        "alone, the clock would show the CPU time over the number of cores.",
        "",
        "One transmitter, a disc of 9 km, one core:",
        "",
        "| model | receivers/s per core |",
        "|---|---|",
        *(f"| {row['words']} | {row['per_second']:,.0f} |" for row in rows["grades"]),
        "",
        *rows["peers"],
        "",
        *_apart(rows),
    ]
    return "\n".join(lines) + "\n"


# µs a receiver of a disc of 10 km at 30 m, and s a disc: measured once, on another day, on a machine of the same class.
APART_ON = "2026-11-20"
APART = {"crc-covlib 4.6.2, P.1812-7, one thread": (17.9, 6.3), "Py1812 (numpy), from a sample": (390.0, 137.0)}


def _apart(rows: dict[str, Any]) -> list[str]:
    """Set the kernel and the county against what was measured of P.1812 peers apart from this run."""
    mine = next(1e6 / row["per_second"] for row in rows["kernel"] if row["radius_km"] == 10)
    county = rows["county"][2]
    return [
        f"P.1812 peers, not in this run: measured {APART_ON} on a machine of the same class, discs of 10 km at 30 m:",
        "",
        "| peer / ours per core | peer | peer, µs a receiver | ours, µs | county by discs, s | ours, CPU s | ratio |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| **{each / mine:.0f}** | {peer} | {each:g} | {mine:.2f} | {county['stations'] * disc_s:,.0f} "
            f"| {county['cpu']:.1f} | {county['stations'] * disc_s / county['cpu']:,.0f} |"
            for peer, (each, disc_s) in APART.items()
        ),
        "",
        "Where we lose: for sight alone over 10 km gdal_viewshed is faster. It carries the horizon outwards from cell",
        "to cell and looks at each once, but knows neither the Fresnel zone nor voids; ours looks along every profile",
        "anew. Clutter and zones on the path halve the speed of P.1812. The first call in an installation compiles for",
        "about ten seconds.",
    ]


def _growth(rows: list[dict[str, Any]]) -> str:
    """Say how the CPU time per pair changes while stations times receivers grow."""
    more = rows[-1]["pairs"] / rows[0]["pairs"]
    return f"{rows[-1]['ns_per_pair'] / rows[0]['ns_per_pair']:.2f} times as much while the pairs grow {more:.0f}-fold"


def main() -> int:
    """Print the tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dem", type=Path, help="a .hgt tile instead of the terrain made up")
    parser.add_argument("--side", type=int, default=3300, help="receivers along a side of the county, at most 3300")
    parser.add_argument("--report", type=Path, help="Markdown file to put the tables into")
    options = parser.parse_args()
    text = report(run(options.dem, options.side))
    print(text, end="")
    if options.report:
        write_section(options.report, "radio_kernel", "Radio over terrain", text)
    return 0


register_package()
if __name__ == "__main__":
    sys.exit(main())
