"""VCT written and read on the clock: points, lines and polygons with ten attributes, and the memory it takes.

Run ``.venv/bin/python benchmarks/vct.py [--points N] [--report FILE]``. The rows come in batches that are made while
the file is written, so that the memory shown is that of the writer. No other program that writes VCT runs here
(commercial converters only), so the goal of the project is the measure: 300,000 point features a second on one core.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bootstrap import register_package
from pages import write_section

GOAL = 300_000
BATCH = 200_000
LINES, AREAS = 200_000, 50_000


def batches(kind: str, count: int) -> Iterator[Any]:
    """Make rows of a kind, a batch at a time."""
    import numpy as np
    import pandas as pd
    import shapely
    from xinji_planner.layers.vct.writing.description import Batch

    chance = np.random.default_rng(20261120)
    for first in range(0, count, BATCH):
        number = np.arange(first, min(first + BATCH, count))
        size = len(number)
        frame = pd.DataFrame(
            {
                "BSM": [f"{one:018d}" for one in number],
                "YSDM": "2090020521",
                "XZQDM": "540123100200",
                "XZQMC": np.array(["东山村", "西山村", "南湖社区"], dtype=object)[number % 3],
                "SSDM": "1306",
                "SSLX": np.array(["通信基站", "机房"], dtype=object)[number % 2],
                "SSGM": chance.random(size) * 1e4,
                "YDMJ": chance.random(size) * 1e3,
                "GHZT": "10",
                "XH": number,
            }
        )
        east, north = 39_470_000 + chance.random(size) * 1e5, 4_540_000 + chance.random(size) * 1e5
        if kind == "Point":
            shapes = shapely.points(east, north)
        elif kind == "Line":
            steps = chance.random((size, 20, 2)).cumsum(axis=1) * 10
            shapes = shapely.linestrings(steps + np.column_stack([east, north])[:, None])
        else:
            hole = shapely.get_exterior_ring(shapely.box(east + 10, north + 10, east + 20, north + 20))
            outline = shapely.get_exterior_ring(shapely.box(east, north, east + 50, north + 50))
            shapes = shapely.polygons(outline, hole[:, None])
        yield Batch(frame, shapes)


def layer(kind: str) -> Any:
    """Describe a layer with ten fields."""
    from xinji_planner.layers.vct.writing.description import Field, Layer

    texts = {"BSM": 18, "YSDM": 10, "XZQDM": 12, "XZQMC": 100, "SSDM": 10, "SSLX": 50}
    fields = [Field(name, "Char", width) for name, width in texts.items()]
    fields += [
        Field("SSGM", "Float", 15, 2),
        Field("YDMJ", "Float", 15, 2),
        Field("GHZT", "Char", 2),
        Field("XH", "Int4"),
    ]
    return Layer(f"图层{kind}", {"Point": "1", "Line": "2", "Polygon": "3"}[kind], f"T{kind}", kind, tuple(fields))


def peak_mib() -> float:
    """Give the most memory that this process has had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now() -> tuple[float, float]:
    """Give the time on the wall and that of the processor."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> tuple[float, float]:
    """Give the seconds since `now`, on the wall and of the processor."""
    return time.perf_counter() - start[0], time.process_time() - start[1]


def main() -> None:
    """Write and read every kind in both forms, and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--report", type=Path)
    given = options.parse_args()
    register_package()
    import pyproj
    from xinji_planner.layers.sources.read import read_source
    from xinji_planner.layers.vct.writing.description import FORMS, Rows
    from xinji_planner.layers.vct.writing.file import write_vct
    from xinji_planner.layers.vct.writing.head import HeadInput

    head = HeadInput(pyproj.CRS("EPSG:4527"), "20261120")
    lines = [
        "Ten attributes a feature; lines of 20 vertices, polygons with a hole. One process, one core; features/s are "
        "those of a second of processor time, because others share this machine.",
        "",
        "| form | features | making rows, s | writing, s | processor, s | features/s | file, MB | memory, MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.vct"
        for form in FORMS:  # compiles the kernels
            write_vct(path, [Rows(layer("Point"), batches("Point", 10))], head, FORMS[form])
        for kind, count in (("Point", given.points), ("Line", LINES), ("Polygon", AREAS)):
            clock = now()
            for _ in batches(kind, count):
                pass
            making, busy_making = since(clock)
            for form in FORMS:
                clock = now()
                write_vct(path, [Rows(layer(kind), batches(kind, count))], head, FORMS[form])
                took, busy = since(clock)
                took, busy = took - making, busy - busy_making
                size = path.stat().st_size / 1e6
                rate, most = count / busy, peak_mib()
                cells = (
                    f"{count:,} {kind} | {making:.1f} | {took:.2f} | {busy:.2f} | {rate:,.0f} | {size:.0f} | {most:.0f}"
                )
                lines.append(f"| {form} | {cells} |")
        lines += ["", f"Goal: {GOAL:,} point features/s. Reading back the last file and one of 200,000 points:", ""]
        for kind, count in (("Polygon", AREAS), ("Point", 200_000)):
            write_vct(path, [Rows(layer(kind), batches(kind, count))], head, FORMS["landuse3"])
            started = time.perf_counter()
            rows = len(read_source(path))
            took = time.perf_counter() - started
            lines.append(f"- {rows:,} {kind} features in {took:.1f} s, {rows / took:,.0f} a second")
    body = "\n".join(lines)
    print(body)
    if given.report is not None:
        write_section(given.report, "vct", "VCT", body)


if __name__ == "__main__":
    main()
