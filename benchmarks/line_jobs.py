"""Road coverage, the whole jobs: reading, judging, cutting, layers, tables and report.

Run ``.venv/bin/python benchmarks/line_jobs.py [--km N] [--stations N] [--villages N] [--report FILE]``. The goal's
size is 20,000 km of road (a vertex each 50 m), 20,000 stations and 5,000 villages in ten counties of made-up land:
`line_coverage` and `frontier_scoreboard` with distance evidence (goal: 60 s), and `line_coverage` simulated at samples
of 50 m on made-up mountains of 90 m pixels. The roads are those of `lines`. There is no peer for a whole job.

Every run is a process of its own, as the planner starts it, after one that fills the cache of compiled kernels.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess  # nosec B404
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from bootstrap import ROOT
from coverage_gap import make_units
from lines import COUNTIES, KM, SIDE_DEG, STATIONS, make_roads, make_stations
from pages import write_section
from radio_scene import make_heights
from rasterio import Affine
from rasterio.windows import Window

VILLAGES = 5_000
GOAL_S = 60.0
OPERATORS = ("CMCC", "CTCC", "CUCC")
BANDS_MHZ = (700, 2600, 3500)
WEST, SOUTH = 100.0, 28.0


def write_scene(folder: Path, km: float, stations: int, villages: int) -> None:
    """Write roads, stations, villages and counties as GeoPackages with the fields of their layers."""
    rng = np.random.default_rng(9)
    roads = make_roads(km)
    count = range(len(roads))
    write(
        folder / "roads.gpkg",
        roads,
        road_id=[f"R{k}" for k in count],
        code=[f"G{k}" for k in count],
        road_class=["national" if k % 2 else "provincial" for k in count],
        is_border=[1] * len(roads),
    )
    lon, lat, _ = make_stations(roads, stations)
    number = np.arange(len(lon))
    write(
        folder / "base_stations.gpkg",
        shapely.points(lon, lat),
        station_id=[f"S{k}" for k in number],
        operator=[OPERATORS[k % 3] for k in number],
        technology=["5G"] * len(lon),
        band_mhz=[BANDS_MHZ[k % 7 % 3] for k in number],
        antenna_height_m=20 + number % 25,
        status=["planned" if k % 11 == 0 else "existing" for k in number],
    )
    places = np.array([WEST, SOUTH]) + rng.uniform(0.0, SIDE_DEG, (villages, 2))
    write(
        folder / "villages.gpkg",
        shapely.points(places),
        village_code=[f"5301{k // 1000 + 21:02d}{100 + k % 1000 // 10:03d}{200 + k % 10:03d}" for k in range(villages)],
        village_name=[f"V{k}" for k in range(villages)],
    )
    units = make_units(SIDE_DEG, COUNTIES)
    write(
        folder / "admin_units.gpkg",
        units,
        code=[f"5301{k + 21}" for k in range(len(units))],
        name=[f"C{k}" for k in range(len(units))],
        level=["county"] * len(units),
    )


def write(path: Path, shapes: Any, **columns: Any) -> None:
    """Write a layer in CGCS2000."""
    geopandas.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4490").to_file(path, driver="GPKG")


def write_dem(path: Path) -> None:
    """Write mountains that repeat themselves, pixels of three seconds, over all roads."""
    heights = make_heights().astype(np.int16)
    high, wide = heights.shape
    place = Affine(3 / 3600, 0, WEST - 1.5, 0, -3 / 3600, SOUTH + SIDE_DEG + 1.5)
    shape = {"height": 3 * high, "width": 3 * wide, "count": 1, "dtype": "int16"}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4490", transform=place, tiled=True, **shape) as file:
        for row in range(3):
            for column in range(3):
                file.write(heights, 1, window=Window(column * wide, row * high, wide, high))


def measure(folder: Path, job: str, layers: tuple[str, ...], more: list[str]) -> dict[str, Any]:
    """Run a job in a process of its own; give its summary, seconds, CPU seconds and peak memory in GiB."""
    output = folder / f"out-{time.monotonic_ns()}"
    command = [sys.executable, "-I", str(ROOT / "engine" / "package.py"), "run", job]
    for layer in layers:
        command += ["--" + layer.replace("_", "-"), str(folder / f"{layer}.gpkg")]
    command += [*more, "--output", str(output)]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:  # nosec B603
        said = running.stderr.read() if running.stderr else b""
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{job} ended with {running.returncode}: {said.decode(errors='replace')[-800:]}")
    return {
        "job": job,
        "seconds": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 2**20,  # in KiB on Linux
        "summary": json.loads((output / "run.json").read_text(encoding="utf-8"))["summary"],
    }


def run(km: float = KM, stations: int = STATIONS, villages: int = VILLAGES) -> list[dict[str, Any]]:
    """Run every job: first small, to compile, then in the size that was asked for."""
    few = ("roads", "base_stations", "admin_units")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dem = folder / "dem.tif"
        write_dem(dem)
        jobs: tuple[tuple[str, str, tuple[str, ...], list[str]], ...] = (
            ("line_coverage", "distance", few, ["--evidence", "distance"]),
            ("frontier_scoreboard", "distance", (*few, "villages"), ["--evidence", "distance"]),
            ("line_coverage", "simulated, 50 m", few, ["--evidence", "simulated", "--dem", str(dem)]),
        )
        for scale, kept in ((0.01, False), (1.0, True)):
            write_scene(folder, km * scale, max(60, round(stations * scale)), max(20, round(villages * scale)))
            for job, how, layers, more in jobs:
                found = {"how": how, "load": os.getloadavg()[0], **measure(folder, job, layers, more)}
                rows += [found] if kept else []
    return rows


def report(rows: list[dict[str, Any]], km: float, stations: int, villages: int) -> str:
    """Markdown of the results."""
    lines = [
        f"{km:,.0f} km of road, {stations:,} stations, {villages:,} villages (scoreboard), {os.cpu_count()} cores; "
        f"goal <= {GOAL_S:g} s with distance evidence.\n",
        "| job | evidence | s | CPU s | peak, GiB | load before | covered, km | samples |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        summary = row["summary"]
        score = [line for line in summary.get("score", []) if line["unit"] == "km" and line["county_code"] == "all"]
        covered = summary["covered_km"] if "covered_km" in summary else score[0]["met"]
        samples = f"{summary['samples']:,}" if "samples" in summary else "–"
        lines.append(
            f"| `{row['job']}` | {row['how']} | **{row['seconds']:.1f}** | {row['cpu']:.1f} | {row['peak']:.2f} "
            f"| {row['load']:.1f} | {covered:,.0f} | {samples} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--km", type=float, default=KM)
    parser.add_argument("--stations", type=int, default=STATIONS)
    parser.add_argument("--villages", type=int, default=VILLAGES)
    parser.add_argument("--report", type=Path, help="Markdown file to put the table into")
    options = parser.parse_args()
    size = (options.km, options.stations, options.villages)
    text = report(run(*size), *size)
    print(text, end="")
    if options.report:
        write_section(options.report, "line_jobs", "Road coverage: the whole job", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
