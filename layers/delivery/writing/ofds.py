"""Write the fibre network as Open Fibre Data Standard 0.3 JSON: rooms as nodes, cables as spans.

Structure and codes are those of the published schema (``network-schema.json`` and ``network-package-schema.json``,
0.3.0). Only what the workspace states is written: a span has a start or an end only where a room lies there, no length
of fibre is guessed from the route, and an owner is named only where there is one.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from ....text import Text
from ...codes import OPERATORS
from ...specs.trunk_cables import LAYINGS
from ...table import LayerTable
from ..findings import Finding
from ..package import WrittenFile
from .writers import Writing

NODES, CABLES = "trunk_nodes", "trunk_cables"
SCHEMA = (
    "https://raw.githubusercontent.com/Open-Telecoms-Data/open-fibre-data-standard/0__3__0/schema/network-schema.json"
)
# Longitude and latitude on WGS 84: the only CRS of the standard.
_CRS = {"name": "urn:ogc:def:crs:OGC::CRS84", "uri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
_STATUS = {
    "existing": "operational",
    "under_construction": "underConstruction",
    "planned": "planned",
    "retired": "decommissioned",
}
# A submarine cable is neither of the two.
_DEPLOYMENT = {"duct": "belowGround", "direct_buried": "belowGround", "aerial": "aboveGround", "opgw": "aboveGround"}
_FIBRE = {
    "G.652D": ("G.652", "G.652.D"),
    "G.654E": ("G.654", "G.654.E"),
    "G.655": ("G.655", ""),
    "G.657": ("G.657", ""),
}
_GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
_DIGITS = 9  # of degrees: 0.1 mm
_METRES_A_DEGREE = 110_000.0  # of latitude; the least there is, only to look around a place


def write_ofds(
    path: Path, tables: Mapping[str, LayerTable], taken: Container[tuple[str, str]] | None, date: str, snap_m: float
) -> Writing:
    """Write the network.

    Parameters
    ----------
    tables : mapping
        By name, the layers of the workspace in CGCS2000 degrees; those of rooms and cables are read.
    taken : container of (str, str), or None
        Layer and UUID of the rows that are handed in; None for all.
    date : str
        ISO day of the delivery, "" for none.
    snap_m : float
        How far from the end of a cable a room may lie, m.
    """
    nodes, cables = (_rows(tables.get(name), name, taken) for name in (NODES, CABLES))
    network = network_of(nodes, cables, path.stem, date, snap_m)
    text = json.dumps({"networks": [network]}, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    read = json.loads(path.read_text(encoding="utf-8"))["networks"][0]
    ends = sum(key in span for span in read.get("spans", ()) for key in ("start", "end"))
    counts = {NODES: len(read.get("nodes", ())), CABLES: len(read.get("spans", ()))}
    files = [WrittenFile(name, "ofds", path, count) for name, count in counts.items()]
    return Writing(path, files, [_told(2 * counts[CABLES], ends)])


Row = tuple[dict[str, Any], shapely.Geometry]


def _rows(table: LayerTable | None, name: str, taken: Container[tuple[str, str]] | None) -> list[Row]:
    if table is None:
        return []
    columns = table.columns.astype(object).where(table.columns.notna(), None)
    found = zip(columns.to_dict("records"), table.geometry)
    return [(row, shape) for row, shape in found if taken is None or (name, str(row["uuid"] or "")) in taken]


def network_of(nodes: Sequence[Row], cables: Sequence[Row], name: str, date: str, snap_m: float) -> dict[str, Any]:
    """Give the network as the standard has it; ids derive from the rows, so that the same rows give the same ids."""
    made = [_node(row, shape) for row, shape in nodes]
    spans = [span for row, shape in cables for span in _spans(row, shape)]
    _connect(spans, [item["id"] for item in made], [shape for _, shape in nodes], snap_m)
    used = dict.fromkeys(
        item["physicalInfrastructureProvider"]["id"]
        for item in [*made, *spans]
        if "physicalInfrastructureProvider" in item
    )
    ids = " ".join(sorted(item["id"] for item in [*made, *spans]))
    network: dict[str, Any] = {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, ids)), "name": name}
    network |= {key: items for key, items in (("nodes", made), ("spans", spans)) if items}
    if used:
        network["organisations"] = [{"id": code, "name": _operator(code), "country": "CN"} for code in used]
    if date:
        network["publicationDate"] = date
    network |= {
        "crs": _CRS,
        "accuracyDetails": "CGCS2000 coordinates, stated as WGS 84; the two differ by centimetres to decimetres.",
        "language": "zh",
        "links": [{"href": SCHEMA, "rel": "describedby"}],
    }
    return network


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": str(row["uuid"])}
    if row.get("name"):
        found["name"] = str(row["name"])
    if row.get("status") in _STATUS:
        found["status"] = _STATUS[row["status"]]
    owners = [code for code in str(row.get("operator") or "").split(";") if code]
    if len(owners) == 1:  # the standard has room for one
        found["physicalInfrastructureProvider"] = {"id": owners[0], "name": _operator(owners[0])}
    return found


def _operator(code: str) -> str:
    return next((item.label.zh for item in OPERATORS if item.value == code), code)


def _node(row: Mapping[str, Any], shape: shapely.Geometry) -> dict[str, Any]:
    found = _common(row)
    found["location"] = {"type": "Point", "coordinates": _places(shape)[0]}
    if row.get("node_class"):
        found["type"] = [str(row["node_class"])]  # an open list of codes
    return found


def _spans(row: Mapping[str, Any], shape: shapely.Geometry) -> list[dict[str, Any]]:
    """Give one span a part: the standard has no route in several."""
    parts = shapely.get_parts(shape)
    found = []
    for number, part in enumerate(parts, start=1):
        span = _common(row)
        if len(parts) > 1:
            span["id"] += f".{number}"
        span["directed"] = False
        span["route"] = {"type": "LineString", "coordinates": _places(part)}
        span["transmissionMedium"] = ["fibre"]
        laying = row.get("laying")
        if laying in _DEPLOYMENT:
            span["deployment"] = [_DEPLOYMENT[laying]]
        if laying:
            label = next((item.label.en for item in LAYINGS if item.value == laying), str(laying))
            span["deploymentDetails"] = {"description": label}
        if row.get("fibre_type") in _FIBRE:
            kind, subtype = _FIBRE[row["fibre_type"]]
            span["fibreType"] = kind
            if subtype:
                span["fibreTypeDetails"] = {"fibreSubtype": subtype}
        if row.get("cores") is not None and not pd.isna(row["cores"]):
            span["fibreCount"] = int(row["cores"])
        found.append(span)
    return found


def _places(shape: shapely.Geometry) -> list[list[float]]:
    rounded: list[list[float]] = np.round(shapely.get_coordinates(shape), _DIGITS).tolist()
    return rounded


def _connect(
    spans: Sequence[dict[str, Any]], ids: Sequence[str], rooms: Sequence[shapely.Geometry], snap_m: float
) -> None:
    """Name the room at each end of each span: the nearest one within `snap_m`, none where there is none."""
    if not spans or not rooms:
        return
    places = shapely.get_coordinates(np.array(rooms, dtype=object))
    tree = shapely.STRtree(shapely.points(places))
    for span in spans:
        route = span["route"]["coordinates"]
        for key, (lon, lat) in (("start", route[0]), ("end", route[-1])):
            high = snap_m / _METRES_A_DEGREE
            wide = high / max(np.cos(np.radians(lat)), 0.01)
            near = tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
            if not len(near):
                continue
            away = _GEOD.inv(np.full(len(near), lon), np.full(len(near), lat), places[near, 0], places[near, 1])[2]
            best = min(range(len(near)), key=lambda at: (away[at], ids[near[at]]))
            if away[best] <= snap_m:
                span[key] = ids[near[best]]


def _told(ends: int, connected: int) -> Finding:
    return Finding(
        "F04",
        "note",
        "",
        Text(
            f"OFDS 中 {ends} 个光缆端点有 {connected} 个接到机房；权属单位不止一个的未写明。坐标按标准标为 WGS 84，"
            "实为 CGCS2000，相差厘米至分米。",
            f"In the OFDS {connected} of {ends} ends of cables meet a room; of several owners none is stated. "
            "Coordinates are called WGS 84, as the standard has it, and are CGCS2000: centimetres to decimetres apart.",
        ),
        Text("请核对未接上的端点和权属。", "Look at the ends that meet no room, and at the owners."),
    )
