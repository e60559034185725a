"""Radio over terrain, the whole job: reading, simulation block by block, rasters, polygons, tables and report.

Run ``.venv/bin/python benchmarks/radio_jobs.py [--dem FILE.hgt] [--report FILE]``. The county is a square of up to
100 x 100 km in the terrain of `radio_scene`, its cells 30 m, the range 10 km. Stations have one sector each, at random
places and azimuths, in three bands with the presets of the rule pack: so their levels differ by 20 dB, and what a
station could give says less of what it does give than in the scene of `radio_kernel`. Both jobs at three sizes of the
same density: `coverage_gap --evidence simulated` only needs to know what is covered, `radio_coverage` gives the best
and the second level and the number of servers.

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

import numpy as np
import rasterio
from bootstrap import ROOT
from pages import write_section
from radio_scene import NORTH, PIXEL, SIDE, WEST, make_heights, read_heights
from rasterio import Affine

STATIONS = 2000
COUNTY_DEG = (0.98, 0.9)  # about 97 x 100 km
SHARES = (1 / 16, 1 / 4, 1.0)
JOBS: tuple[tuple[str, list[str]], ...] = (("coverage_gap", ["--evidence", "simulated"]), ("radio_coverage", []))
BANDS_MHZ = (700, 2600, 3500)


def write_dem(path: Path, heights: np.ndarray) -> None:
    """Write the heights, in pixels around their places."""
    place = Affine(PIXEL, 0, WEST - PIXEL / 2, 0, -PIXEL, NORTH + PIXEL / 2)
    known = np.where(np.isfinite(heights), heights, np.float32(-9999)).astype(np.float32)
    shape = {"height": SIDE, "width": SIDE, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4490", transform=place, tiled=True, **shape) as file:
        file.write(known, 1)


def write_county(folder: Path, share: float) -> int:
    """Write units and stations of a share of the county; give the number of stations."""
    rng = np.random.default_rng(5)
    stations = max(1, round(STATIONS * share))
    wide, high = (side * share**0.5 for side in COUNTY_DEG)
    west, north = WEST + 0.01, NORTH - 0.09
    ring = [[west, north], [west + wide, north], [west + wide, north - high], [west, north - high], [west, north]]
    unit = {
        "type": "Feature",
        "properties": {"行政区代码": "510100", "名称": "县", "级别": "县级"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    units = {"type": "FeatureCollection", "crs": crs, "features": [unit]}
    (folder / "units.geojson").write_text(json.dumps(units, ensure_ascii=False), encoding="utf-8")
    lines = ["基站编号,运营商,网络制式,频段,天线挂高,方位角,下倾角,建设状态,经度(CGCS2000),纬度(CGCS2000)"]
    for i in range(stations):
        lon, lat = west + wide * rng.random(), north - high * rng.random()
        azimuth = rng.integers(360)
        lines.append(f"S{i},中国移动,5G,{BANDS_MHZ[i % 3]},{25 + i % 20},{azimuth},4,现有,{lon:.6f},{lat:.6f}")
    (folder / "stations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return stations


def measure(folder: Path, job: str, more: list[str]) -> dict[str, Any]:
    """Run a job in a process of its own; give its summary, seconds, CPU seconds and peak memory in GiB."""
    output = folder / f"out-{time.monotonic_ns()}"
    command = [sys.executable, "-I", str(ROOT / "engine" / "package.py"), "run", job]
    command += ["--dem", str(folder / "dem.tif"), "--base-stations", str(folder / "stations.csv")]
    command += ["--admin-units", str(folder / "units.geojson"), "--technology", "5G"]
    command += ["--resolution-m", "30", "--max-range-km", "10", "--output", str(output), *more]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:  # nosec B603
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{job} ended with {running.returncode}")
    summary = json.loads((output / "run.json").read_text(encoding="utf-8"))["summary"]
    return {
        "job": job,
        "seconds": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 2**20,  # in KiB on Linux
        "area": summary["area_km2"],
        "covered": summary["covered_percent"],
    }


def run(dem: Path | None) -> list[dict[str, Any]]:
    """Run everything."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_dem(folder / "dem.tif", read_heights(dem) if dem else make_heights())
        write_county(folder, 1 / 400)
        for job, more in JOBS:
            measure(folder, job, more)
        for job, more in JOBS:
            for share in SHARES:
                stations = write_county(folder, share)
                rows.append({"stations": stations, "load": os.getloadavg()[0], **measure(folder, job, more)})
    return rows


def report(rows: list[dict[str, Any]], dem: Path | None) -> str:
    """Markdown of the results."""
    lines = [
        f"Whole jobs over terrain {dem.name if dem else 'made up'}, in cells of 30 m, 10 km range, on all cores.",
        "Stations have one sector each, in three bands with the presets of the rule pack. A pair: a station and a cell",
        "in range. `coverage_gap` tells only whether a cell is covered, `radio_coverage` gives all levels.",
        "",
        "| job | stations | cells | s | CPU s | pairs | CPU ns per pair | peak GiB | covered | load at the start |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = row["area"] * 1e6 / 30**2
        pairs = row["stations"] / row["area"] * np.pi * 10**2 * cells
        lines.append(
            f"| {row['job']} | {row['stations']:,} | {cells / 1e6:.2f} M | **{row['seconds']:.0f}** | {row['cpu']:.0f} "
            f"| {pairs / 1e6:,.0f} M | {1e9 * row['cpu'] / pairs:.0f} | {row['peak']:.1f} | {row['covered']:.0f} % "
            f"| {row['load']:.1f} |"
        )
    lines += ["", *(_growth(job, [row for row in rows if row["job"] == job]) for job, _ in JOBS)]
    lines += [
        "Pairs are reckoned as if there were no edge: a small county has fewer.",
        "Most of `radio_coverage` is the count of servers: no sector that may reach the threshold can be skipped. CPU",
        "time rises where others load the machine, and where two threads share a core.",
    ]
    return "\n".join(lines) + "\n"


def _growth(job: str, rows: list[dict[str, Any]]) -> str:
    """Say how the CPU time grows with stations times cells."""
    pairs, spent = (rows[-1][name] / rows[0][name] for name in ("stations", "cpu"))
    return f"`{job}`: {spent:.1f} times the CPU time for {pairs:.0f} times the pairs."


def main() -> int:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dem", type=Path, help="a .hgt tile instead of the terrain made up")
    parser.add_argument("--report", type=Path, help="Markdown file to put the table into")
    options = parser.parse_args()
    text = report(run(options.dem), options.dem)
    print(text, end="")
    if options.report:
        write_section(options.report, "radio_jobs", "Radio over terrain: the whole job", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
