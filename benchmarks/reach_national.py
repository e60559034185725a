"""Village reach at national size, side by side with its peers in one run.

``python benchmarks/reach_national.py [--scale 0.01|0.1|1] [--report FILE]`` prints a Markdown table. The case is
synthetic and seeded: villages and stations lie around county seats as they do in China, each station has a radius of
its own from the bands 3.5, 2.6 and 0.7 GHz. What is compared runs in this process on the same arrays, after a small
call has compiled everything; the peers' coordinates and limits are prepared outside their time. Peak memory is that of
a fresh process which does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from bootstrap import register_package
from pages import write_section

VILLAGES, STATIONS, SEATS = 490_000, 4_250_000, 3_000
SEED = 20261120
REPEATS = 7
KM_PER_DEGREE = 111.2
# Where people live: longitude, latitude, spread in degrees, share of the county seats.
REGIONS = np.array(
    [
        (126.0, 45.0, 2.5, 0.09), (115.5, 36.0, 2.2, 0.25), (119.5, 31.0, 1.8, 0.16), (113.0, 28.0, 2.2, 0.15),
        (112.5, 23.5, 1.8, 0.10), (105.0, 30.0, 1.8, 0.13), (103.0, 25.5, 2.0, 0.07), (100.0, 37.0, 6.0, 0.05),
    ]
)  # fmt: skip
# Radius in metres by band (3.5, 2.6, 0.7 GHz), and the share of bands around a seat and in the country.
BANDS_M = np.array([(360.0, 800.0), (800.0, 2500.0), (2500.0, 6000.0)])
URBAN, RURAL = (0.55, 0.35, 0.10), (0.15, 0.45, 0.40)
GOALS = {"any": 40.0, "nearest": 4.0, "memory": 2.0, "whole": 2.0}


class Case(NamedTuple):
    """Villages and stations: degrees, and metres for the radius."""

    village_lon: npt.NDArray[np.float64]
    village_lat: npt.NDArray[np.float64]
    station_lon: npt.NDArray[np.float64]
    station_lat: npt.NDArray[np.float64]
    radius_m: npt.NDArray[np.float64]


def national_case(scale: float, seed: int = SEED) -> Case:
    """Make the case; the number of seats scales too, so that density stays true."""
    rng = np.random.default_rng(seed)
    n, m, k = (max(10, round(size * scale)) for size in (VILLAGES, STATIONS, SEATS))
    region = REGIONS[rng.choice(len(REGIONS), k, p=REGIONS[:, 3])]
    seats = region[:, :2] + rng.normal(size=(k, 2)) * region[:, 2:3]
    people = 1.0 / rng.permutation(np.arange(1, k + 1)) ** 0.7
    people /= people.sum()

    def clipped(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.clip(places, (73.6, 18.2), (134.7, 53.5))

    # Five villages in six lie in the settled part of a county, the rest far out; half of those have no station near.
    far = np.arange(n) >= n * 5 // 6
    villages = clipped(seats[rng.integers(0, k, n)] + rng.normal(size=(n, 2)) * np.where(far, 0.7, 0.18)[:, None])
    served = n * 11 // 12

    urban = rng.random(m) < 0.5
    seat = rng.choice(k, m, p=people)
    city = seats[seat] + rng.normal(size=(m, 2)) * (0.015 + 1.2 * np.sqrt(people[seat] / k**0.5))[:, None]
    # In the country most stations stand near a village, some along roads between the counties' villages.
    offset_km = np.where(rng.random(m) < 0.85, 1.2, 15.0) * rng.exponential(size=m)
    bearing = rng.uniform(0, 2 * np.pi, m)
    step = np.column_stack((np.cos(bearing), np.sin(bearing))) * (offset_km / KM_PER_DEGREE)[:, None]
    country = villages[rng.integers(0, served, m)] + step
    stations = clipped(np.where(urban[:, None], city, country))
    band = np.where(urban, rng.choice(3, m, p=URBAN), rng.choice(3, m, p=RURAL))
    low, high = BANDS_M[band].T
    radius = low + (high - low) * rng.random(m)
    mixed = rng.permutation(n)  # far villages must not stand together at the end
    villages = villages[mixed]
    return Case(*(np.ascontiguousarray(c) for c in (*villages.T, *stations.T, radius)))


def in_turns(*works: Callable[[], Any]) -> list[tuple[float, Any]]:
    """Shortest wall time of each work, and its result; they take turns, so that a busy machine hits all alike."""
    best: list[tuple[float, Any]] = [(np.inf, None)] * len(works)
    for _ in range(REPEATS):
        for k, work in enumerate(works):
            started = time.perf_counter()
            result = work()
            best[k] = (min(best[k][0], time.perf_counter() - started), result)
    return best


def peer_any(case: Case) -> npt.NDArray[np.bool_]:
    """Any station within its own radius by cKDTree: a ball around each station in the tree of villages.

    Like ours it starts from degrees; the way to earth-centred metres is ours, and a twentieth of its time.
    """
    from scipy.spatial import cKDTree
    from xinji_planner.analysis import geodesy

    villages, stations = geodesy.ecef_m(*case[:2]), geodesy.ecef_m(*case[2:4])
    chord_m = case.radius_m * (1.0 - case.radius_m**2 / (24.0 * geodesy.ARC_RADIUS_M**2))
    tree = cKDTree(villages)
    reached = np.zeros(len(villages), dtype=bool)
    for first in range(0, len(stations), 250_000):  # all balls at once would take many GiB
        part = slice(first, first + 250_000)
        balls = tree.query_ball_point(stations[part], chord_m[part], workers=-1, return_sorted=False)
        reached[np.fromiter(chain.from_iterable(balls), dtype=np.int64)] = True
    return reached


def peer_nearest(case: Case) -> npt.NDArray[np.int64]:
    """Nearest station by cKDTree of the stations, from degrees like ours."""
    from scipy.spatial import cKDTree
    from xinji_planner.analysis import geodesy

    return cKDTree(geodesy.ecef_m(*case[2:4])).query(geodesy.ecef_m(*case[:2]), workers=-1)[1]


def compare_arrays(case: Case) -> dict[str, Any]:
    """Time our functions and their peers on the same arrays, and count where the answers differ."""
    import geopandas
    from xinji_planner.analysis import reach

    small = national_case(0.001)
    reach.best_station(*small)
    reach.nearest_station(*small[:4])
    reach.any_within_own_radius(*small)

    albers = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=GRS80 +units=m"
    left, right = (
        geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=4490).to_crs(albers)
        for lon, lat in (case[:2], case[2:4])
    )
    (any_s, ours), (any_peer_s, any_peer), (best_s, best) = in_turns(
        lambda: reach.any_within_own_radius(*case),
        lambda: peer_any(case),
        lambda: reach.best_station(*case),
    )
    (nearest_s, nearest), (nearest_peer_s, nearest_peer), (join_s, join) = in_turns(
        lambda: reach.nearest_station(*case[:4]),
        lambda: peer_nearest(case),
        lambda: left.sjoin_nearest(right),
    )
    join = join[~join.index.duplicated()].sort_index()["index_right"].to_numpy()
    return {
        "any": any_s,
        "any cKDTree": any_peer_s,
        "reached": int(ours.sum()),
        "any different": int((ours != any_peer).sum()),
        "nearest": nearest_s,
        "nearest cKDTree": nearest_peer_s,
        "nearest different": int((nearest.station != nearest_peer).sum()),
        "nearest sjoin_nearest": join_s,
        "sjoin_nearest different": int((nearest.station != join).sum()),
        "best": best_s,
        "best different": int(((best.margin_m >= 0) != ours).sum()),
    }


def wkb_points(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> Any:
    """Arrow column of WKB points."""
    import pyarrow as pa

    rows = np.empty(lon.size, dtype=[("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
    rows["order"], rows["type"], rows["x"], rows["y"] = 1, 1, lon, lat
    ends = np.arange(lon.size + 1, dtype=np.int32) * rows.itemsize
    return pa.Array.from_buffers(pa.binary(), lon.size, [None, pa.py_buffer(ends), pa.py_buffer(rows)])


def write_layer(path: Path, columns: dict[str, Any], lon: Any, lat: Any) -> None:
    """Write points through Arrow."""
    import pyarrow as pa
    import pyogrio

    path.unlink(missing_ok=True)
    pyogrio.write_arrow(
        pa.table({**columns, "geom": wkb_points(lon, lat)}),
        path, layer=path.stem, driver="GPKG", geometry_name="geom", geometry_type="Point", crs="EPSG:4490",
    )  # fmt: skip


def write_case(case: Case, folder: Path) -> None:
    codes = np.arange(100_000_000_000, 100_000_000_000 + case.station_lon.size).astype(str)
    n = case.village_lon.size
    write_layer(
        folder / "villages.gpkg",
        {"village_code": codes[:n], "population": np.arange(n, dtype=np.int32) % 3000},
        *case[:2],
    )
    write_layer(folder / "stations.gpkg", {"station_code": codes, "radius_m": case.radius_m}, *case[2:4])


def whole_check(folder: Path) -> None:
    """From the GeoPackages to a result layer; the stations are never in memory together."""
    import pyarrow as pa
    from xinji_planner.analysis.reach import ReachStream
    from xinji_planner.layers.store.arrow_points import PointLayer

    with PointLayer(folder / "villages.gpkg", columns=["village_code", "population"]) as layer:
        batches = list(layer)
    lon, lat = (np.concatenate([batch[k] for batch in batches]) for k in (0, 1))
    columns = pa.Table.from_batches([batch.columns for batch in batches])
    stream = ReachStream(lon, lat)
    with PointLayer(folder / "stations.gpkg", columns=["radius_m"]) as layer:
        for station_lon, station_lat, station in layer:
            stream.add(station_lon, station_lat, station["radius_m"].to_numpy())
    table = {name: columns[name] for name in columns.column_names}
    write_layer(folder / "result.gpkg", {**table, "reached": stream.covered}, lon, lat)


def plain_read_and_write(folder: Path) -> None:
    """Read the same columns and write the same villages through Arrow, with nothing in between."""
    import pyogrio

    meta, villages = pyogrio.read_arrow(folder / "villages.gpkg", columns=["village_code", "population"])
    pyogrio.read_arrow(folder / "stations.gpkg", columns=["radius_m"])
    (folder / "plain.gpkg").unlink(missing_ok=True)
    pyogrio.write_arrow(
        villages, folder / "plain.gpkg", layer="plain", driver="GPKG",
        geometry_name=meta["geometry_name"], geometry_type="Point", crs="EPSG:4490",
    )  # fmt: skip


def compare_whole(folder: Path) -> dict[str, Any]:
    whole_check(folder)  # warms the file cache and compiles
    (whole, _), (plain, _) = in_turns(lambda: whole_check(folder), lambda: plain_read_and_write(folder))
    return {"whole": whole, "whole plain Arrow": plain}


def peak_gib(task: str, folder: Path) -> float:
    """Peak memory of a fresh process that does one task."""
    command = [sys.executable, str(Path(__file__).resolve()), "--task", task, "--folder", str(folder)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def do_task(task: str, folder: Path) -> None:
    """Do one task in this process and print its peak memory in GiB."""
    from xinji_planner.analysis import reach

    if task == "whole":
        whole_check(folder)
    else:
        case = Case(*(np.load(folder / f"{name}.npy") for name in Case._fields))
        if task == "any":
            reach.any_within_own_radius(*case)
        elif task == "nearest":
            reach.nearest_station(*case[:4])
        else:
            reach.best_station(*case)
    print(json.dumps(own_peak_gib()))


def own_peak_gib() -> float:
    """Peak resident memory of this process; Linux' ru_maxrss would count the parent's before the start too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**30


def run(scale: float) -> dict[str, Any]:
    """Run everything; times in seconds, memory in GiB."""
    import numba
    import scipy

    case = national_case(scale)
    result: dict[str, Any] = {"scale": scale, "villages": case.village_lon.size, "stations": case.station_lon.size}
    result["versions"] = (
        f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, "
        f"scipy {scipy.__version__}, {os.cpu_count()} cores"
    )
    result |= compare_arrays(case)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for field, values in zip(Case._fields, case):
            np.save(folder / f"{field}.npy", values)
        write_case(case, folder)
        del case, values
        result |= compare_whole(folder)
        result["memory"] = {task: peak_gib(task, folder) for task in ("any", "nearest", "best", "whole")}
    return result


def report(result: dict[str, Any]) -> str:
    """Markdown of the results, the ratio first."""
    rows = [
        ("any", "any cKDTree", "Any station within its own radius", "any different"),
        ("nearest", "nearest cKDTree", "Nearest station", "nearest different"),
        ("nearest", "nearest sjoin_nearest", "Nearest station", "sjoin_nearest different"),
        ("whole", "whole plain Arrow", "GeoPackage to verdicts to GeoPackage", ""),
    ]
    # The goals hold for the whole country; small cases are ruled by the cost of starting.
    goals = {
        "any cKDTree": f">= {GOALS['any']:g} x",
        "nearest cKDTree": f">= {GOALS['nearest']:g} x",
        "whole plain Arrow": f">= {1 / GOALS['whole']:g} x",
    }
    lines = [
        f"{result['villages']:,} villages x {result['stations']:,} stations, {result['reached']:,} villages reached; "
        f"{result['versions']}. Best of {REPEATS} runs each, taken in turns.",
        "",
        "| peer / ours | goal | question | ours, s | peer | peer, s | villages with another answer |",
        "|---|---|---|---|---|---|---|",
    ]
    for ours, peer, question, different in rows:
        goal = goals.get(peer, "") if result["scale"] == 1.0 else ""
        lines.append(
            f"| **{result[peer] / result[ours]:.1f}** | {goal} | {question} | {result[ours]:.3f} "
            f"| {peer.split(' ', 1)[1]} | {result[peer]:.2f} | {result.get(different, '')} |"
        )
    peaks = ", ".join(f"{task} {gib:.2f}" for task, gib in result["memory"].items())
    lines += [
        "",
        f"Best station by margin: {result['best']:.3f} s; its sign contradicts the verdict for "
        f"{result['best different']} villages. sjoin_nearest measures in an Albers plane, hence its other answers.",
        f"Peak memory in GiB (goal <= {GOALS['memory']:g}): {peaks}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the national size (default 1)")
    parser.add_argument("--report", type=Path, help="Markdown file to put the table into")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    register_package()
    if options.task:
        do_task(options.task, options.folder)
        return {}
    result = run(options.scale)
    print(report(result), end="")
    if options.report:
        write_section(options.report, "reach_national", "Village reach, the whole country", report(result))
    return result


if __name__ == "__main__":
    main()
