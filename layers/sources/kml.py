"""Read KML without GDAL, which turns Chinese names of extended data into underscores and lets equal ones overwrite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyproj
import shapely

from ...errors import InputError
from ...text import Text
from ..reading.headings import matches
from ..reading.mapping import propose
from ..spec import LayerSpec
from .container import note_container
from .encoding import decode_file
from .raw_table import RawTable, no_layer, which_layer

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FOLDERS = ("Folder", "Document")
_MULTI = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}

Element = ElementTree.Element
Placemark = tuple[dict[str, str], shapely.Geometry | None, bool]  # values, shape, whether the shape is damaged


def layer_names(path: Path, more: Sequence[Path] = ()) -> tuple[str, ...]:
    """Give the names of the folders that hold placemarks."""
    return tuple(_all_folders(path, more, "auto")[0])


def links(path: Path) -> list[str]:
    """Give the addresses of a file's network links, in their order."""
    root = _root(path, "auto")[0]
    found = [mark for mark in root.iter() if _tag(mark) == "NetworkLink"]
    hrefs = [_words(part) for mark in found for part in mark.iter() if _tag(part) == "href"]
    return [href for href in hrefs if href]


def read_kml(
    path: Path, layer: str | None, encoding: str, spec: LayerSpec | None, more: Sequence[Path] = ()
) -> RawTable:
    """Read the placemarks of one folder; see `source.read_source`.

    Parameters
    ----------
    more : sequence of pathlib.Path
        Further files of the same archive that `path` links to: their folders are folders of the whole.
    """
    folders, found_encoding = _all_folders(path, more, encoding)
    if not folders:
        raise InputError(
            Text(f"{path.name} 没有地标。", f"{path.name} has no placemarks."),
            Text(
                "请确认选择的文件；网络链接须先另存为本地地标。",
                "Check the file; save network links as placemarks first.",
            ),
        )
    if layer and layer not in folders:
        raise no_layer(path, layer, list(folders))
    heads = {
        name: list(dict.fromkeys(key for values, _, _ in marks for key in values)) for name, marks in folders.items()
    }
    fits = {
        name: (spec is not None and propose(found, spec).is_served(spec), matches(found, spec))
        for name, found in heads.items()
    }
    name = layer or which_layer(path, fits, spec)
    marks = folders[name]
    shapes = np.full(len(marks), None, dtype=object)
    shapes[:] = [shape for _, shape, _ in marks]
    table = RawTable(
        path,
        "KML",
        heads[name],
        [np.array([values.get(key, "") for values, _, _ in marks], dtype=object) for key in heads[name]],
        np.arange(1, len(marks) + 1, dtype=np.int64),
        layer=name,
        layers=tuple(folders),
        geometry=shapes,
        encoding=found_encoding,
        crs=pyproj.CRS.from_epsg(4326),
        crs_origin=Text("KML 格式一律标为 WGS 84", "KML, which always claims WGS 84"),
        damaged={
            at: Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
            for at, (_, _, broken) in enumerate(marks)
            if broken
        },
    )
    note_container(table, spec)
    return table


def _all_folders(path: Path, more: Sequence[Path], encoding: str) -> tuple[dict[str, list[Placemark]], str]:
    folders: dict[str, list[Placemark]] = {}
    encodings: list[str] = []
    for file in (path, *more):
        root, found_encoding = _root(file, encoding)
        here = 0
        with _readable(file):
            for name, mark in _placemarks(root, file.stem):
                folders.setdefault(name, []).append(_read(mark))
                here += 1
        encodings += [found_encoding] * (here > 0)
    return folders, encodings[0] if encodings else ""


def _root(path: Path, encoding: str) -> tuple[Element, str]:
    decoded = decode_file(path.read_bytes(), path.name, encoding)
    with _readable(path):
        root = ElementTree.fromstring(_DECLARATION.sub("", decoded.text.lstrip("\ufeff"), count=1))
    return root, decoded.encoding


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (ElementTree.ParseError, ValueError, RecursionError) as fault:
        raise InputError(
            Text(f"读不出 {path.name}：{fault}", f"Cannot read {path.name}: {fault}"),
            Text("请用原软件重新导出 KML。", "Export the KML again from the program it came from."),
        ) from fault


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, tag: str) -> Element | None:
    return next((child for child in element if _tag(child) == tag), None)


def _words(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _placemarks(parent: Element, name: str) -> Iterator[tuple[str, Element]]:
    """Give every placemark with the name of the folder that it lies in, in the order of the file."""
    for child in parent:
        if _tag(child) == "Placemark":
            yield name, child
        elif _tag(child) in _FOLDERS:
            yield from _placemarks(child, _words(_child(child, "name")) or name)


def _read(mark: Element) -> Placemark:
    values: dict[str, str] = {}
    shape, broken = None, False
    for child in mark:
        tag = _tag(child)
        if tag in ("name", "description"):
            values[tag] = _words(child)
        elif tag == "ExtendedData":
            for item in child.iter():
                if _tag(item) == "Data":
                    values[item.get("name", "")] = _words(_child(item, "value"))
                elif _tag(item) == "SimpleData":
                    values[item.get("name", "")] = _words(item)
        else:
            try:
                found = _shape(child)
            except (ValueError, IndexError, shapely.errors.ShapelyError):
                broken = True
                continue
            shape = shape if found is None else found
    return values, shape, broken


def _shape(element: Element) -> shapely.Geometry | None:
    """Give the geometry of an element, or None where it is none; raise ValueError for a damaged one."""
    tag = _tag(element)
    if tag == "Point":
        return shapely.Point(_coordinates(_child(element, "coordinates"))[0])
    if tag in ("LineString", "LinearRing"):
        return shapely.LineString(_coordinates(_child(element, "coordinates")))
    if tag == "Track":
        return shapely.LineString([tuple(map(float, _words(c).split()[:2])) for c in element if _tag(c) == "coord"])
    if tag == "Polygon":
        rings: dict[str, list[list[tuple[float, ...]]]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
        for child in element:
            for ring in child:
                if _tag(child) in rings and _tag(ring) == "LinearRing":
                    rings[_tag(child)].append(_coordinates(_child(ring, "coordinates")))
        return shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])
    if tag in ("MultiGeometry", "MultiTrack"):
        parts = [part for part in map(_shape, element) if part is not None]
        kinds = {part.geom_type for part in parts}
        join = _MULTI.get(kinds.pop()) if len(kinds) == 1 else None
        return join(parts) if join else shapely.GeometryCollection(parts)
    return None


def _coordinates(element: Element | None) -> list[tuple[float, ...]]:
    """Give longitude and latitude of each vertex, and the height where any is not 0 (most programs write 0)."""
    points = [tuple(map(float, words.split(",")[:3])) for words in _words(element).replace(", ", ",").split()]
    if any(len(point) < 2 for point in points):
        raise ValueError("a vertex with one number")
    if any(len(point) > 2 and point[2] for point in points):
        return [(*point, 0.0)[:3] for point in points]
    return [point[:2] for point in points]
