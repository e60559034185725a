"""What the tests of the datum share: an invented region, its villages, and copies of them in every datum and zone."""

from pathlib import Path

import numpy as np
import pyproj
import shapely
from xinji_planner.layers import datum as datums
from xinji_planner.layers.doctor.datum.weighing import weigh
from xinji_planner.layers.doctor.references import Points, References
from xinji_planner.layers.reading.mapping import propose
from xinji_planner.layers.sources.raw_table import RawTable
from xinji_planner.layers.specs import SPECS

WEST, SOUTH, SIDE = 109.0, 28.0, 0.2
CODES = tuple(f"99{county:02d}01" for county in range(1, 17))


def as_text(values):
    return np.array(list(values), dtype=object)


def counties() -> References:
    """Sixteen square counties of some 20 km, with names."""
    units = [shapely.box(WEST + c * SIDE, SOUTH + r * SIDE, WEST + (c + 1) * SIDE, SOUTH + (r + 1) * SIDE)
             for r in range(4) for c in range(4)]  # fmt: skip
    names = as_text(f"第{at}县" for at in range(16))
    return References(as_text(CODES), names, np.array(units, dtype=object))


def villages(count=800, seed=5, margin=0.0):
    """Give codes and true places of villages spread over the counties, `margin` of a side off every outline."""
    rng = np.random.default_rng(seed)
    county = rng.integers(0, 16, count)
    lon = WEST + SIDE * (county % 4 + margin + (1 - 2 * margin) * rng.random(count))
    lat = SOUTH + SIDE * (county // 4 + margin + (1 - 2 * margin) * rng.random(count))
    codes = as_text(f"{CODES[c]}{100 + at % 9}{201 + at // 9:03d}" for at, c in enumerate(county))
    return codes, lon, lat


def known_points(layer, codes, lon, lat, names=None, keys=()):
    names = as_text([""] * len(lon)) if names is None else names
    return Points(layer, lon, lat, codes, names, keys)


def written(lon, lat, kind):
    """Give the two columns of a file whose coordinates are in some datum, zone or order."""
    if kind == "swapped_wgs84":
        lon, lat = lat, lon
    elif kind.startswith("EPSG"):
        lon, lat = pyproj.Transformer.from_crs("EPSG:4490", kind, always_xy=True).transform(lon, lat)
    elif kind != "wgs84":
        lon, lat = getattr(datums, f"wgs84_to_{kind}")(lon, lat)
    digits = 2 if kind.startswith("EPSG") else 6
    return as_text(f"{x:.{digits}f}" for x in lon), as_text(f"{y:.{digits}f}" for y in lat)


def village_table(codes, x, y, label="", name="村.csv", **more) -> RawTable:
    headings = ["行政村代码", "行政村名称", f"经度{label}", f"纬度{label}", *more]
    cells = [codes, as_text(f"村{at}" for at in range(len(codes))), x, y, *more.values()]
    return table(headings, cells, name)


def table(headings, cells, name="表.csv") -> RawTable:
    return RawTable(Path(name), "CSV", list(headings), list(cells), np.arange(2, len(cells[0]) + 2))


def mapped(raw, kind="villages"):
    return propose(raw.headings, SPECS[kind], {}, [False] * len(raw.headings))


def verdict_of(raw, known, kind="villages", stated="auto"):
    return weigh(raw, mapped(raw, kind), SPECS[kind], known, stated)
