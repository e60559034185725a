"""Coverage gaps: exact arcs against shapely's buffer, union and difference, on the same seeded stations.

Run ``.venv/bin/python benchmarks/coverage_gap.py [--stations N]``; without N it runs 1,000, 10,000 and 100,000.
Two cases: one large irregular polygon, and about 100 irregular counties that tile the same land. The peer works
in an equal-area projection (Albers, China's standard parallels) with 8 chords per quarter circle. For the
counties it gets its fastest way that we know: an STRtree picks each county's buffers, union and difference
run on those only. Ours gives covered parts, gaps and areas and checks them, the peer the gaps alone. Ours
runs on all cores, shapely on one: the CPU ratio compares work, and holds on a busy machine. The peer's
projection is not in its time; ours starts from degrees.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from bootstrap import register_package
from numpy.typing import NDArray
from pages import write_section

ALBERS = "+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=GRS80 +units=m"
SIZES = (1_000, 10_000, 100_000)


def make_stations(count: int, seed: int = 7) -> tuple[NDArray, NDArray, NDArray, float]:
    """Make towns, road strings and scattered sites with the radii of three bands; side of the land in degrees."""
    rng = np.random.default_rng(seed)
    side = math.sqrt(count / 0.30) / 100.0  # about 0.3 stations per km²
    towns = max(3, count // 400)
    town = rng.uniform(0.0, side, (towns, 2))
    in_town = rng.integers(0, towns, count)
    spread = rng.gamma(2.0, 0.02, count)
    turn = rng.uniform(0.0, 2.0 * np.pi, count)
    lon = town[in_town, 0] + spread * np.cos(turn)
    lat = town[in_town, 1] + spread * np.sin(turn)
    scattered = rng.random(count) < 0.5
    lon[scattered] = rng.uniform(0.0, side, int(scattered.sum()))
    lat[scattered] = rng.uniform(0.0, side, int(scattered.sum()))
    radius = rng.choice([360.0, 600.0, 1100.0, 2000.0, 6000.0], count, p=[0.25, 0.3, 0.3, 0.14, 0.01])
    radius *= rng.uniform(0.85, 1.15, count)
    return 100.0 + lon, 28.0 + lat, radius, side


def rough_line(start: NDArray, end: NDArray, rng: np.random.Generator, depth: int) -> NDArray:
    """Break a line by midpoint displacement, (2**depth + 1, 2)."""
    points = np.array([start, end])
    for level in range(depth):
        middle = (points[:-1] + points[1:]) / 2.0
        run = points[1:] - points[:-1]
        limit = 0.10 if level else 0.05
        middle += np.stack([-run[:, 1], run[:, 0]], axis=1) * rng.uniform(-limit, limit, (len(run), 1))
        merged = np.empty((2 * len(points) - 1, 2))
        merged[::2], merged[1::2] = points, middle
        points = merged
    return points


def make_units(side: float, cells: int, seed: int = 11) -> list[shapely.Polygon]:
    """Tile the land with cells × cells counties that share rough borders, vertices some 100 m apart."""
    rng = np.random.default_rng(seed)
    size = side / cells
    corner = np.stack(np.meshgrid(np.arange(cells + 1.0), np.arange(cells + 1.0)), axis=-1) * size
    corner += rng.uniform(-0.2, 0.2, corner.shape) * size + (100.0, 28.0)
    depth = max(3, min(11, round(math.log2(size / 0.0015))))
    across = {
        (i, j): rough_line(corner[j, i], corner[j, i + 1], rng, depth) for j in range(cells + 1) for i in range(cells)
    }
    up = {
        (i, j): rough_line(corner[j, i], corner[j + 1, i], rng, depth) for j in range(cells) for i in range(cells + 1)
    }
    units = []
    for j in range(cells):
        for i in range(cells):
            ring = [across[i, j][:-1], up[i + 1, j][:-1], across[i, j + 1][:0:-1], up[i, j][:0:-1]]
            polygon = shapely.Polygon(np.concatenate(ring))
            units.append(polygon if polygon.is_valid else shapely.make_valid(polygon).buffer(0))
    return units


def peer(units: NDArray, x: NDArray, y: NDArray, radius: NDArray) -> NDArray:
    """Shapely as it is commonly used, on planar units."""
    buffers = shapely.buffer(shapely.points(x, y), radius, quad_segs=8)
    if len(units) == 1:
        return np.array([shapely.difference(units[0], shapely.union_all(buffers))])
    tree = shapely.STRtree(buffers)
    gaps = []
    for unit in units:
        mine = tree.query(unit, predicate="intersects")
        gaps.append(shapely.difference(unit, shapely.union_all(buffers[mine])))
    return np.array(gaps)


def measure(count: int, cells: int, repeats: int = 3) -> dict[str, Any]:
    """Time both on one case; the median of `repeats` for ours, one run of the peer above 10,000 stations."""
    from xinji_planner.analysis.coverage import coverage_of_units

    lon, lat, radius, side = make_stations(count)
    units = make_units(side, cells)
    coverage_of_units(units[:1], lon[:50], lat[:50], radius[:50])  # load the kernels
    ours, ours_cpu = [], []
    for _ in range(repeats):
        start, cpu = time.perf_counter(), time.process_time()
        result = coverage_of_units(units, lon, lat, radius)
        ours.append(time.perf_counter() - start)
        ours_cpu.append(time.process_time() - cpu)
    to_plane = pyproj.Transformer.from_crs("EPSG:4490", ALBERS, always_xy=True)
    x, y = to_plane.transform(lon, lat)
    planar = np.array([shapely.transform(unit, to_plane.transform, interleaved=False) for unit in units])
    theirs, theirs_cpu = [], []
    for _ in range(repeats if count <= 10_000 else 1):
        start, cpu = time.perf_counter(), time.process_time()
        gaps = peer(planar, x, y, radius)
        theirs.append(time.perf_counter() - start)
        theirs_cpu.append(time.process_time() - cpu)
    ours_gap, peer_gap = float(result.gap_area_m2.sum()), float(shapely.area(gaps).sum())
    return {
        "stations": count,
        "units": len(units),
        "unit_vertices": int(shapely.get_num_coordinates(units).sum()),
        "ours_s": float(np.median(ours)),
        "peer_s": float(np.median(theirs)),
        "ratio": float(np.median(theirs) / np.median(ours)),
        "cpu_ratio": float(np.median(theirs_cpu) / np.median(ours_cpu)),
        "gap_share": ours_gap / float(result.unit_area_m2.sum()),
        "peer_gap_too_large_percent": 100.0 * (peer_gap / ours_gap - 1.0),
        "ours_vertices": int(
            shapely.get_num_coordinates([g for g in result.gap + result.covered if g is not None]).sum()
        ),
        "overlay_units": result.method.count("overlay"),
    }


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Run all sizes, both cases."""
    return {"coverage_gap": [measure(count, cells) for count in sizes for cells in (1, 10)]}


def report(rows: list[dict[str, Any]]) -> str:
    """Markdown of the results, the ratio first."""
    lines = [
        "Ours gives covered and open polygons, areas and their checks; shapely gives the open part only (buffers of 8",
        "segments a quarter, union_all, difference; for many units the union is made per unit, its fastest idiom).",
        "",
        "| shapely / ours | CPU ratio | stations | units (vertices) | ours, s | shapely, s | open "
        "| shapely's gap is off by | units by overlay |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| **{row['ratio']:.1f}** | {row['cpu_ratio']:.1f} | {row['stations']:,} | {row['units']} "
        f"({row['unit_vertices']:,}) | {row['ours_s']:.3f} | {row['peer_s']:.2f} | {100 * row['gap_share']:.0f} % "
        f"| {row['peer_gap_too_large_percent']:+.3f} % | {row['overlay_units']} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, action="append")
    parser.add_argument("--report", type=Path, help="Markdown file to put the table into")
    options = parser.parse_args()
    text = report(run(tuple(options.stations or SIZES))["coverage_gap"])
    print(text, end="")
    if options.report:
        write_section(options.report, "coverage_gap", "Coverage gaps", text)
    return 0


register_package()
if __name__ == "__main__":
    sys.exit(main())
