"""What the tests of profile deliveries share: a small county, a run, and readers of what it wrote."""

import csv
import itertools
import re

import numpy as np
import pandas as pd
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.jobs import delivery_package
from xinji_planner.layers.delivery.profile.file import PROFILES
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import create
from xinji_planner.layers.table import LayerTable

COUNTY = shapely.box(113.0, 35.0, 115.0, 37.0)
TOWN = shapely.box(113.0, 35.0, 114.0, 37.0)
IMPORTED = {"source_file": "甲.shp", "datum": "cgcs2000"}


def fill(workspace, layer, columns, geometry, history=None):
    columns = {"source_file": ["甲.shp"] * len(geometry), **columns}
    table = LayerTable(SPECS[layer], pd.DataFrame(columns), np.array(geometry, dtype=object))
    workspace.replace_rows(table, history=history or IMPORTED)


def nodes(workspace, names, points, status="existing"):
    count = len(names)
    fill(
        workspace,
        "trunk_nodes",
        {
            "uuid": [f"n-{name}" for name in names],
            "node_id": list(names),
            "name": [f"{name}机房" for name in names],
            "operator": ["CMCC"] * count,
            "node_class": ["backbone"] * count,
            "status": [status] * count if isinstance(status, str) else status,
        },
        points,
    )


def cables(workspace, lines, status="planned", **more):
    names = list(more.pop("names", range(len(lines))))
    fill(
        workspace,
        "trunk_cables",
        {
            "uuid": [f"c-{name}" for name in names],
            "cable_id": [str(name) for name in names],
            "name": [f"光缆{name}" for name in names],
            "operator": ["CMCC;CTCC"] * len(lines),
            "level": ["national"] * len(lines),
            "laying": ["duct"] * len(lines),
            "status": [status] * len(lines),
            **more,
        },
        lines,
    )


def small_county(folder):
    """A county with one town in its west half, two nodes, a cable across both and one planned in two parts."""
    made = create(folder / "甲县.gpkg")
    fill(
        made,
        "admin_units",
        {
            "uuid": ["u1", "u2"],
            "code": ["433101", "433101100"],
            "name": ["甲县", "甲镇"],
            "level": ["county", "town"],
        },
        [COUNTY, TOWN],
    )
    nodes(made, ["A", "B"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36)])
    cables(
        made,
        [
            shapely.LineString([(113.5, 36), (114.2, 36)]),
            shapely.MultiLineString([[(113.6, 36.1), (113.7, 36.1)], [(113.8, 36.1), (113.9, 36.1)]]),
        ],
    )
    return made


def deliver(workspace, folder, **parameters):
    """Run the job and give its summary and the paths of its outputs."""
    folder.mkdir()
    stated = {"workspace": workspace.path, "layers": None, "crs": None, "formats": ("gpkg",), **parameters}
    context = RunContext(stated, folder)
    summary = delivery_package.run(context)
    assert set(delivery_package.JOB.summary_keys) <= set(summary)
    assert set(context.outputs) <= {item.name for item in delivery_package.JOB.outputs}
    return summary, {name: folder / path for name, path in context.outputs.items()}


def with_codes(folder, base, *changes):
    """Write a copy of a shipped profile with a feature code for every layer, and pieces of its text replaced."""
    numbers = itertools.count(2090020531)
    text = (PROFILES / f"{base}.toml").read_text(encoding="utf-8")
    text = re.sub('ysdm = ""', lambda _: f'ysdm = "{next(numbers)}"', text)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{base}-own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
