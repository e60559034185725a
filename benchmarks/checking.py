"""The checks of a package on the clock: features a second, memory, and a plain shapely loop in the same run.

Run ``.venv/bin/python benchmarks/checking.py [--points N] [--areas N] [--report FILE]``. Every scene runs in a process
of its own, so that its memory is its own. Seconds are those of the processor, because others share this machine. There
is no free checker that asks what a bureau asks: the peer is the loop that a GIS script would do for validity and
overlaps alone (``is_valid``, an index, ``overlay``), without places, sizes and words, and without the gaps.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bootstrap import register_package
from pages import write_section

GOAL_S, GOAL_MIB = 60, 4096
CRS = "EPSG:4526"
EAST, NORTH = 38_450_000.0, 3_900_000.0
SIDE, NOISE = 20.0, 0.03
GOOD = {"YSDM": "2090020531", "XZQDM": "433101100", "XZQMC": "甲镇", "SSDM": None, "GHZT": "20"}


def write(path: Path, name: str, kind: str, shapes: Any) -> None:
    """Write a layer of a profile with values in every field."""
    import numpy as np
    import pyarrow as pa
    import pyogrio
    import shapely
    from xinji_planner.layers.delivery.profile.file import read_profile

    layer = read_profile("municipal").layer(name)
    count = len(shapes)
    columns, fields = [], []
    for item in layer.fields:
        is_real = item.type in ("Float", "Double")
        width = None if is_real else {"GDAL:OGR:width": str(item.length)}
        fields.append(pa.field(item.name, pa.float64() if is_real else pa.string(), metadata=width))
        if is_real:
            columns.append(pa.array(np.ones(count)))
        elif item.name == "BSM":
            columns.append(pa.array([f"4331010000{at:08d}" for at in range(count)]))
        else:
            columns.append(pa.array([GOOD.get(item.name, "设施")] * count))
    fields.append(pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "ogc.wkb"}))
    columns.append(pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()))
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    pyogrio.write_arrow(table, path, layer=name, driver="GPKG", geometry_name="geom", geometry_type=kind, crs=CRS)


def points_and_lines(path: Path, count: int) -> dict[str, int]:
    """Write points, and a fifth as many lines of 20 vertices."""
    import numpy as np
    import shapely

    chance = np.random.default_rng(20261121)
    places = np.array([EAST, NORTH]) + chance.random((count, 2)) * 1e5
    write(path, "ZDJCSSD", "Point", shapely.points(places))
    some = count // 5
    heading = chance.uniform(0, 2 * np.pi, some)
    ahead = 60 * np.column_stack([np.cos(heading), np.sin(heading)])
    steps = ahead[:, None] + chance.normal(0, 5, (some, 20, 2))
    write(path, "ZDJCSSX", "LineString", shapely.linestrings(steps.cumsum(axis=1) + places[:some, None]))
    return {"points": count, "lines": some}


def areas(path: Path, count: int, noise_m: float) -> dict[str, int]:
    """Write square areas that would tile the ground, but for noise on every vertex."""
    import numpy as np
    import shapely

    side = int(count**0.5)
    x, y = (SIDE * values.ravel() for values in np.meshgrid(np.arange(side), np.arange(side)))
    corners = np.stack([np.stack([x + SIDE * a, y + SIDE * b], 1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))], 1)
    corners += np.random.default_rng(20261121).uniform(-noise_m, noise_m, corners.shape) + np.array([EAST, NORTH])
    write(path, "JQZDXMM", "Polygon", shapely.polygons(corners))
    return {"polygons": len(corners)}


SCENES: dict[str, Callable[[Path, int], dict[str, int]]] = {
    "points and lines": points_and_lines,
    "polygons that tile": lambda path, count: areas(path, count, 0.0),
    "polygons, 3 cm of noise": lambda path, count: areas(path, count, NOISE),
}


def ours(scene: str, count: int) -> dict[str, Any]:
    """Check a package by the job."""
    from xinji_planner.engine.executor import run_job
    from xinji_planner.layers.delivery.profile.file import PROFILES

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        text = (PROFILES / "municipal.toml").read_text(encoding="utf-8")
        start = text.index('[[layer]]\nname = "JQZDXMM"')
        text = text[:start] + text[start:].replace("need = ", "tiles = true\nneed = ", 1)
        (folder / "tiling.toml").write_text(text, encoding="utf-8")
        for name, size in (("small", 100), ("large", count)):  # the small one compiles the kernels
            (folder / name).mkdir()
            features = SCENES[scene](folder / name / "a.gpkg", size)
            before, clock, wall = peak_mib(), time.process_time(), time.perf_counter()
            stated = {"source": str(folder / name), "profile": str(folder / "tiling.toml")}
            done = run_job("check_package", stated, folder / f"{name}-checked")
        rules = done.summary["rules"] if hasattr(done, "summary") else {}
        return {
            "features": features,
            "cpu_s": time.process_time() - clock,
            "wall_s": time.perf_counter() - wall,
            "before_mib": before,
            "peak_mib": peak_mib(),
            "topology": int(rules.get("4101", 0)) + int(rules.get("4201", 0)),
        }


def theirs(scene: str, count: int) -> dict[str, Any]:
    """Look for invalid and overlapping areas, as a script with geopandas does."""
    import geopandas

    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "a.gpkg"
        SCENES[scene](path, count)
        clock = time.process_time()
        frame = geopandas.read_file(path, layer="JQZDXMM")[["geometry"]]
        invalid = [at for at, shape in enumerate(frame.geometry) if not shape.is_valid]
        frame["row"] = range(len(frame))
        pairs = geopandas.sjoin(frame, frame, predicate="intersects")
        pairs = pairs[pairs["row_left"] < pairs["row_right"]]
        one = frame.geometry.iloc[pairs["row_left"]].reset_index(drop=True)
        other = frame.geometry.iloc[pairs["row_right"]].reset_index(drop=True)
        overlaps = int((one.intersection(other).area > 0).sum())
        return {"cpu_s": time.process_time() - clock, "invalid": len(invalid), "overlaps": overlaps}


def peak_mib() -> float:
    """Give the most memory that this process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(who: str, scene: str, count: int) -> dict[str, Any]:
    """Run a scene in a process of its own."""
    command = [sys.executable, __file__, "--who", who, "--scene", scene, "--count", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run everything and print a page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--areas", type=int, default=100_000)
    options.add_argument("--who", choices=("ours", "theirs"))
    options.add_argument("--scene", choices=tuple(SCENES))
    options.add_argument("--count", type=int, default=0)
    options.add_argument("--report", type=Path)
    given = options.parse_args()
    register_package()
    if given.who:
        print(json.dumps({"ours": ours, "theirs": theirs}[given.who](given.scene, given.count)))
        return
    lines = [
        f"check_package on a GeoPackage, profile municipal with all its checks. Load of the machine at the start: "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "At most 100,000 overlaps, and as many gaps, are listed; that there are more is told.",
        "",
        "| package | features | processor, s | wall, s | features/s | memory, MiB | overlaps and gaps listed |",
        "|---|---|---|---|---|---|---|",
    ]
    for scene in SCENES:
        found = apart("ours", scene, given.points if scene == "points and lines" else given.areas)
        total = sum(found["features"].values())
        words = ", ".join(f"{size:,} {name}" for name, size in found["features"].items())
        lines.append(
            f"| {scene} | {words} | {found['cpu_s']:.1f} | {found['wall_s']:.1f} | {total / found['cpu_s']:,.0f} | "
            f"{found['peak_mib']:,.0f} | {found['topology']:,} |"
        )
    lines += ["", f"Goal: below {GOAL_S} s and {GOAL_MIB:,} MiB. Validity and overlaps alone with geopandas:", ""]
    for scene in list(SCENES)[1:]:
        found = apart("theirs", scene, given.areas)
        lines.append(f"- {scene}: {found['cpu_s']:.1f} s, {found['overlaps']:,} overlaps, rounding counted as one")
    body = "\n".join(lines)
    print(body)
    if given.report is not None:
        write_section(given.report, "checking", "Checks of a package", body)


if __name__ == "__main__":
    main()
