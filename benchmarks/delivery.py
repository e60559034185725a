"""Deliveries on the clock: our GeoPackage writing beside ogr2ogr, a whole delivery, and VCT points a second.

Run ``.venv/bin/python benchmarks/delivery.py [--points N] [--rounds N] [--report FILE]``. The GeoPackages are written
turn by turn from the same layers in the same run. ogr2ogr reads a GeoPackage and writes one; so that both do the same
work, ours is also timed with reading that GeoPackage. ogr2ogr goes in transactions of 65,536 rows and of 100,000.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bootstrap import register_package
from pages import write_section

GOAL, GOAL_VCT = 2.0, 300_000
WHOLE = 100_000
CRS = "EPSG:4526"
LAYERS = ("ZDJCSSD", "ZDJCSSX")


def layers(points: int) -> list[Any]:
    """Make a layer of points and one of a fifth as many lines of 20 vertices, with the fields of a shipped profile."""
    import dataclasses

    import numpy as np
    import shapely
    from xinji_planner.layers.delivery.mapping import Target
    from xinji_planner.layers.delivery.profile.file import read_profile

    chance = np.random.default_rng(20261121)
    east, north = 38_450_000 + chance.random(points) * 1e5, 4_000_000 + chance.random(points) * 1e5
    count = points // 5
    steps = chance.random((count, 20, 2)).cumsum(axis=1) * 10 + np.column_stack([east, north])[:count, None]
    found = []
    for number, (name, shapes) in enumerate(zip(LAYERS, (shapely.points(east, north), shapely.linestrings(steps)))):
        layer = dataclasses.replace(read_profile("municipal").layer(name), ysdm=f"209002053{number}")
        size = len(shapes)
        columns: dict[str, list[Any]] = {}
        for field in layer.fields:
            if field.type in ("Float", "Double"):
                columns[field.name] = chance.random(size).round(2).tolist()
            elif field.name == "BSM":
                columns[field.name] = [f"4331010000{at:08d}" for at in range(size)]
            else:
                columns[field.name] = [None if at % 3 == 0 else "东山村通信基站"[: field.length] for at in range(size)]
        nothing = [""] * size
        found.append(Target(layer, columns, shapes, nothing, nothing, nothing, nothing, nothing))
    return found


def setup() -> Any:
    """Describe how the layers are written."""
    from xinji_planner.layers.delivery.writing.writers import Setup
    from xinji_planner.layers.zones import crs_choice

    return Setup("ours", crs_choice(CRS, [114.0]), 1e-4, vct_form="landuse3", vertical="1985国家高程基准")


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that something takes on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def gpkg(points: int, rounds: int) -> list[str]:
    """Write GeoPackages turn by turn, and give the lines of a table."""
    import pyogrio
    from xinji_planner.layers.delivery.writing.writers import write_gpkg

    targets, how = layers(points), setup()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        source = folder / "source.gpkg"

        def ours() -> None:
            (folder / "ours.gpkg").unlink(missing_ok=True)
            write_gpkg(folder, targets, how)

        def ours_read() -> None:
            (folder / "again.gpkg").unlink(missing_ok=True)
            for name in LAYERS:
                meta, table = pyogrio.read_arrow(source, layer=name)
                pyogrio.write_arrow(
                    table,
                    folder / "again.gpkg",
                    layer=name,
                    driver="GPKG",
                    geometry_name="geom",
                    geometry_type=meta["geometry_type"],
                    crs=meta["crs"],
                )

        def ogr(*more: str) -> None:
            (folder / "theirs.gpkg").unlink(missing_ok=True)
            subprocess.run(["ogr2ogr", "-f", "GPKG", folder / "theirs.gpkg", source, *more], check=True)

        ours()
        shutil.copyfile(folder / "ours.gpkg", source)
        runs: dict[str, Callable[[], object]] = {"ours, from the layers of a delivery": ours}
        if shutil.which("ogr2ogr"):
            runs["ours, read from a GeoPackage first"] = ours_read
            runs["ogr2ogr"] = ogr
            runs["ogr2ogr -gt 100000"] = lambda: ogr("-gt", "100000")
        took: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, work in runs.items():
                took[name].append(timed(work))
        if "ogr2ogr" in runs:
            left = [pyogrio.read_info(folder / "theirs.gpkg", layer=name)["features"] for name in LAYERS]
            if left != [len(target) for target in targets]:
                raise RuntimeError(f"ogr2ogr wrote {left} features")
    middle = {name: statistics.median(values) for name, values in took.items()}
    best = min((value for name, value in middle.items() if name.startswith("ogr2ogr")), default=float("nan"))
    version = "not here"
    if shutil.which("ogr2ogr"):
        version = subprocess.run(["ogr2ogr", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return [
        f"{points:,} points and {points // 5:,} lines of 20 vertices, 11 fields, spatial index; median of {rounds} "
        f"turns. Ours: GDAL {'.'.join(map(str, pyogrio.__gdal_version__))} through Arrow; theirs: {version}.",
        "",
        "| GeoPackage | s | times the faster ogr2ogr |",
        "|---|---|---|",
        *(f"| {name} | {value:.1f} | {best / value:.1f} |" for name, value in middle.items()),
        "",
        f"Goal: {GOAL:g} times ogr2ogr.",
    ]


def vct(points: int) -> dict[str, float]:
    """Write points as VCT, alone and as a delivery does, which counts them in the file."""
    import pyproj
    from xinji_planner.layers.delivery.writing.vct_output import rows_of, write_vct_file
    from xinji_planner.layers.vct.writing.description import FORMS
    from xinji_planner.layers.vct.writing.file import write_vct
    from xinji_planner.layers.vct.writing.head import HeadInput

    few, many = layers(10)[0], layers(points)[0]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        write_vct_file(folder, [few], setup())  # compiles the kernels
        head = HeadInput(pyproj.CRS(CRS), "20261120")
        start = time.process_time()
        write_vct(folder / "a.vct", [rows_of(many)], head, FORMS["landuse3"])
        writing = time.process_time() - start
        whole = timed(lambda: write_vct_file(folder, [many], setup()))
    return {"rate": points / writing, "whole_s": whole}


def delivery(points: int) -> dict[str, Any]:
    """Deliver a county of base stations through the job, and give its time and peak of memory."""
    import numpy as np
    import pandas as pd
    import shapely
    from xinji_planner.engine.executor import run_job
    from xinji_planner.jobs.delivery import by_profile
    from xinji_planner.layers.specs import SPECS
    from xinji_planner.layers.store.workspace import create
    from xinji_planner.layers.table import LayerTable

    chance = np.random.default_rng(20261121)
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "w.gpkg"
        made = create(path)
        history = {"source_file": "a.csv", "datum": "cgcs2000"}
        county = pd.DataFrame({"uuid": ["u"], "code": ["433101"], "name": ["甲县"], "level": ["county"]})
        county["source_file"] = "a.csv"
        box = np.array([shapely.box(113, 35, 115, 37)], dtype=object)
        made.replace_rows(LayerTable(SPECS["admin_units"], county, box), history=history)
        names = [f"{at:07d}" for at in range(points)]
        rows = {"uuid": names, "station_id": names, "name": names, "operator": "CMCC", "status": "existing"}
        shapes = shapely.points(113 + 2 * chance.random(points), 35 + 2 * chance.random(points))
        table = LayerTable(SPECS["base_stations"], pd.DataFrame({**rows, "source_file": "a.csv"}), shapes)
        made.replace_rows(table, history=history)
        before = peak_mib()
        stated = {"workspace": str(path), "profile": "central-urban", "formats": "gpkg"}
        first = timed(lambda: run_job("delivery_package", stated, Path(home) / "one"))
        check = by_profile.check_written
        spent: list[float] = []

        def checked(*given: Any) -> Any:
            start = time.perf_counter()
            found = check(*given)
            spent.append(time.perf_counter() - start)
            return found

        by_profile.check_written = checked
        second = timed(lambda: run_job("delivery_package", stated, Path(home) / "two"))
    return {"first_s": first, "again_s": second, "check_s": sum(spent), "before_mib": before, "peak_mib": peak_mib()}


def peak_mib() -> float:
    """Give the most memory that this process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(part: str, points: int) -> dict[str, Any]:
    """Run a part in a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, "--points", str(points)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run everything and print a page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--part", choices=("vct", "delivery", "memory"))
    options.add_argument("--report", type=Path)
    given = options.parse_args()
    register_package()
    if given.part:
        print(json.dumps(PARTS[given.part](given.points)))
        return
    whole, written, most = (
        apart("delivery", min(WHOLE, given.points)),
        apart("vct", given.points),
        apart("memory", given.points),
    )
    lines = [
        *gpkg(given.points, given.rounds),
        "",
        f"Writing that GeoPackage takes {most['more_mib']:.0f} MiB on top of the {most['before_mib']:.0f} MiB in which "
        "the layers stand.",
        "",
        f"A whole delivery of {min(WHOLE, given.points):,} base stations (profile central-urban, GeoPackage, "
        f"checksums, archive, report): {whole['first_s']:.1f} s, again with a register of all numbers "
        f"{whole['again_s']:.1f} s, of which the check of the written package takes "
        f"{whole['check_s']:.1f} s; peak of memory {whole['peak_mib']:.0f} MiB, {whole['before_mib']:.0f} MiB before.",
        "",
        f"VCT: {written['rate']:,.0f} point features a second of processor time (goal {GOAL_VCT:,}); with counting "
        f"them in the file {written['whole_s']:.1f} s for {given.points:,}.",
    ]
    body = "\n".join(lines)
    print(body)
    if given.report is not None:
        write_section(given.report, "delivery", "Deliveries", body)


def memory(points: int) -> dict[str, float]:
    """Give what writing a GeoPackage adds to the memory of its layers."""
    from xinji_planner.layers.delivery.writing.writers import write_gpkg

    with tempfile.TemporaryDirectory() as home:
        write_gpkg(Path(home), layers(10), setup())
        (Path(home) / "ours.gpkg").unlink()
        targets = layers(points)
        before = peak_mib()
        write_gpkg(Path(home), targets, setup())
    return {"before_mib": before, "more_mib": peak_mib() - before}


PARTS: dict[str, Callable[[int], dict[str, Any]]] = {"vct": vct, "delivery": delivery, "memory": memory}


if __name__ == "__main__":
    main()
