"""Read a VCT exchange file: its feature codes are the layers, its ids join geometry and attributes.

Row numbers are lines of the file: of the attribute row, or of the object that has none. What of the format is not
settled by any text that was read is told with the rows that it concerns.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from ...text import Text
from ..reading.headings import matches
from ..reading.mapping import propose
from ..spec import LayerSpec
from ..vct.reading import curves
from ..vct.reading.crs import ORIGIN, stated_crs
from ..vct.reading.cursor import CHORD_ERROR_DEG, CHORD_ERROR_M
from ..vct.reading.file import VctFile, collector_paused, read_outline, read_vct
from ..vct.reading.layers import Features, Layer, features_of, layers_of, strays
from ..vct.reading.objects import VctObject
from . import gdal
from .container import note_container
from .raw_table import RawTable, no_layer, which_layer

_SHOWN = 10


def layer_names(path: Path) -> tuple[str, ...]:
    """Give the layers that the feature codes of a file name."""
    return tuple(layer.name for layer in layers_of(read_outline(path)))


def read_source_vct(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read one layer; see `read.read_source`."""
    with collector_paused():
        return _read(path, layer, encoding, spec)


def _read(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    file = read_vct(path, encoding)
    layers = {one.name: one for one in layers_of(file)}
    if not layers:
        raise gdal.unreadable(
            path, Text("其中没有点、线、面要素代码。", "it has no feature code of points, lines or polygons.")
        )
    chosen = _chosen(path, file, layers, layer, spec)
    features = features_of(file, layers[chosen])
    table = RawTable(
        path,
        "VCT",
        [item.name for item in features.table.fields],
        _columns(features),
        np.array(features.lines, dtype=np.int64),
        layer=chosen,
        layers=tuple(layers),
        geometry=_geometry(features, layers[chosen]),
        encoding=file.encoding,
        damaged=features.faults,
        notices=[*file.notices, *_told(file)],
    )
    if table.geometry is not None:
        eastings = shapely.bounds(table.geometry)[:, 0]
        table.crs, notices = stated_crs(file.head, eastings[np.isfinite(eastings)])
        table.crs_origin = ORIGIN
        table.notices += notices
    _note_objects(table, features)
    note_container(table, spec)
    return table


def _chosen(path: Path, file: VctFile, layers: dict[str, Layer], layer: str | None, spec: LayerSpec | None) -> str:
    by_table = {
        one.table: name
        for name, one in layers.items()
        if sum(one.table == other.table for other in layers.values()) == 1
    }
    if layer:
        name = layer if layer in layers else by_table.get(layer)
        if name is None:
            raise no_layer(path, layer, list(layers))
        return name
    there = {item.code for item in file.objects}
    filled = {name: one for name, one in layers.items() if one.code in there or file.attributes.of(one.table)}
    fits = {}
    for name, one in (filled or layers).items():  # production files list dozens of tables and fill a few
        headings = [item.name for item in file.tables[one.table.upper()].fields]
        fits[name] = (spec is not None and propose(headings, spec).is_served(spec), matches(headings, spec))
    return which_layer(path, fits, spec)


def _columns(features: Features) -> list[np.ndarray]:
    columns = []
    for at in range(len(features.table.fields)):
        column = np.empty(len(features.lines), dtype=object)
        column[:] = [cells[at] for cells in features.cells]
        columns.append(column)
    return columns


def _geometry(features: Features, layer: Layer) -> np.ndarray | None:
    if not layer.geometry and not any(features.objects):
        return None
    shapes = np.empty(len(features.lines), dtype=object)
    shapes[:] = [
        None if item is None or at in features.faults else item.shape for at, item in enumerate(features.objects)
    ]
    return shapes


def _told(file: VctFile) -> list[Text]:
    """Say what of the file is in no layer: rows of tables of annotations and the like, and stray objects."""
    told = []
    known = {one.table.upper() for one in layers_of(file)}
    for name, rows in file.attributes.tables.items():
        if name not in known and rows:
            told.append(
                Text(
                    f"属性表 {name} 属于注记等未读取的要素，其 {len(rows)} 条记录未读取。",
                    f"Table {name} belongs to annotations or the like; its {len(rows)} rows were not read.",
                )
            )
    found = strays(file)
    if not found:
        return told
    lines = "、".join(str(item.line) for item in found[:_SHOWN]) + ("…" if len(found) > _SHOWN else "")
    return [
        *told,
        Text(
            f"有 {len(found)} 个几何对象的要素代码不在文件的要素代码表中，又没有属性记录，不属于任何图层，"
            f"未读取：第 {lines} 行。",
            f"{len(found)} objects have a feature code that the file does not list and no attribute row, so they "
            f"belong to no layer and were not read: lines {lines.replace('、', ', ')}.",
        ),
    ]


def _note_objects(table: RawTable, features: Features) -> None:
    """Add what had to be changed or left out of the objects."""
    whole: list[tuple[int, VctObject]] = [
        (at, item) for at, item in enumerate(features.objects) if item is not None and at not in features.faults
    ]
    _note_curves(table, whole)
    closed = [(at, item.closed) for at, item in whole if item.closed]
    table.findings.add(
        "ring_not_closed",
        [at for at, _ in closed],
        field="geometry",
        values=[str(count) for _, count in closed],
        why=[
            Text(
                f"{count} 个环首尾不相接，已在末尾补上起点",
                f"{count} rings do not end where they began; the first point was put at the end once more",
            )
            for _, count in closed
        ],
        confidence=0.9,
    )
    _note_count(
        table,
        whole,
        lambda item: item.with_z,
        Text("个要素的坐标带第三个数，未采用", "features have a third coordinate, which was left out"),
    )
    _note_count(
        table,
        whole,
        lambda item: item.directed,
        Text("个有向点的方向未采用", "points have a direction, which was left out"),
    )


def _note_curves(table: RawTable, whole: list[tuple[int, VctObject]]) -> None:
    error = f"{CHORD_ERROR_DEG:g}°" if table.crs is not None and table.crs.is_geographic else f"{CHORD_ERROR_M:g} m"
    for name, words in curves.WORDS.items():
        at = [row for row, item in whole if name in item.curves]
        why = Text(f"{words.zh}；折线与曲线相差不超过 {error}", f"{words.en}; the chords stay within {error} of it")
        table.findings.add("curves", at, field="geometry", why=why, severity="warns" if name in curves.ASSUMED else "")


def _note_count(
    table: RawTable, whole: list[tuple[int, VctObject]], having: Callable[[VctObject], bool], words: Text
) -> None:
    count = sum(having(item) for _, item in whole)
    if count:
        table.notices.append(Text(f"{count} {words.zh}。", f"{count} {words.en}."))
