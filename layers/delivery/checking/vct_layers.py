"""Read the layers of a VCT file for checking: shapes without attributes and attributes without shapes are findings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from ....text import Text
from ...vct.reading.crs import stated_crs
from ...vct.reading.file import VctFile, collector_paused, read_vct
from ...vct.reading.layers import Features, Layer, features_of, layers_of, strays
from ..profile.model import Profile
from .found import Found
from .source import NONE, FileField, PackageLayer

_TYPES = {"char": "Char", "varchar": "VarChar", "int1": "Int", "int2": "Int", "int4": "Int", "int8": "Long",
          "integer": "Int", "smallint": "Int", "float": "Float", "double": "Double", "numeric": "Double",
          "date": "Date", "datetime": "Date"}  # fmt: skip
_REAL = ("Float", "Double")
_WRITE_AGAIN = Text(
    "请重新导出 VCT，使几何对象与属性记录的标识号一一对应。",
    "Export the VCT again, so that every object has one attribute row of its id.",
)


def read(path: Path, profile: Profile) -> tuple[list[PackageLayer], list[Found]]:
    """Give the layers of a file that have objects or rows, or that the profile has, and what is wrong with them.

    Raises
    ------
    InputError
        It cannot be read.
    """
    with collector_paused():
        file = read_vct(path)
        layers, found = [], []
        for layer in layers_of(file):
            features = features_of(file, layer)
            made = _layer(path, file, layer, features, _name(layer, profile))
            if len(made) or made.name in {item.name for item in profile.layers}:
                layers.append(made)
                found += _faults(made, features)
        found += [_stray(path, item.id, item.code, item.line) for item in strays(file)]
    return layers, found


def _name(layer: Layer, profile: Profile) -> str:
    """Give the layer of the profile that a table is: by the name of the table, else by the feature code."""
    for target in profile.layers:
        if layer.table.upper() == target.name.upper():
            return target.name
    return next((item.name for item in profile.layers if item.ysdm and item.ysdm == layer.code), layer.table)


def _layer(path: Path, file: VctFile, layer: Layer, features: Features, name: str) -> PackageLayer:
    count = len(features.lines)
    geometry = np.full(count, None, dtype=object)
    for at, item in enumerate(features.objects):
        if item is not None:
            geometry[at] = item.shape
    fields = tuple(
        FileField(
            item.name,
            _TYPES.get(item.type, item.type),
            item.width or None,
            item.decimals if item.type in ("float", "double", "numeric") else None,
        )
        for item in features.table.fields
    )
    eastings = shapely.bounds(geometry)[:, 0]
    crs, _ = stated_crs(file.head, eastings[np.isfinite(eastings)])
    columns = {}
    for at, own in enumerate(fields):
        cells = pd.Series([cells[at].strip() or None for cells in features.cells], dtype=object)
        columns[own.name] = pd.to_numeric(cells, errors="coerce") if own.type in _REAL else cells
    ids = [str(item.id) if item is not None else f"@{line}" for item, line in zip(features.objects, features.lines)]
    return PackageLayer(
        name,
        path,
        layer.table,
        "vct",
        layer.geometry or NONE,
        fields,
        crs if layer.geometry else None,
        np.array(ids, dtype=object),
        geometry,
        pd.DataFrame(columns, index=range(count)),
        any(item is not None and bool(item.curves) for item in features.objects),
        any(item is not None and item.with_z for item in features.objects),
        frozenset(at for at, item in enumerate(features.objects) if item is not None and item.curves),
        has_chords=True,
    )


def _faults(made: PackageLayer, features: Features) -> list[Found]:
    bsm = made.texts("BSM")
    found = []
    for at, words in features.faults.items():
        item = features.objects[at]
        rule = "FILE" if item is not None and item.fault is not None else "COUNT"
        number = str(bsm[at]) if bsm is not None else ""
        found.append(Found(rule, made.name, words, _WRITE_AGAIN, str(made.features[at]), number, file=made.file))
    return found


def _stray(path: Path, number: int, code: str, line: int) -> Found:
    return Found(
        "COUNT",
        "",
        Text(
            f"第 {line} 行的对象 {number} 的要素代码 {code} 不在 FeatureCode 中，没有属性。",
            f"Object {number} of line {line} has the code {code}, which FeatureCode lacks: it has no attributes.",
        ),
        _WRITE_AGAIN,
        str(number),
        value=code,
        file=path.name,
    )
