"""A bureau's empty template held against a profile: layers, geometry, fields, types, lengths; what agrees is confirmed.

What a file cannot tell stays open: whether a field is mandatory, its codes, its feature code, and in a FileGDB or
GeoPackage the length and decimals of numbers.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyogrio

from ...errors import InputError
from ...text import NOTHING, Text
from .profile.model import Profile, TargetField, TargetLayer
from .writing.read_back import Column, columns_of, family_of

AGREES, PARTLY, DIFFERS, ABSENT, EXTRA = "agrees", "partly", "differs", "absent", "extra"
RESULTS = {
    AGREES: Text("一致", "agrees"),
    PARTLY: Text("名称和类型一致", "name and type agree"),
    DIFFERS: Text("不一致", "differs"),
    ABSENT: Text("模板中没有", "not in the template"),
    EXTRA: Text("规格中没有", "not in the profile"),
}
_GEOMETRIES = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


@dataclass(frozen=True)
class Compared:
    """One layer or field: what the profile says, what the template says; `field` is "" for the layer itself."""

    layer: str
    field: str
    result: str
    of_profile: str
    of_template: str
    note: Text = NOTHING


@dataclass
class Comparison:
    """A template held against a profile.

    Attributes
    ----------
    crs : dict of str to str
        By layer of the profile that the template has.
    features : int
        In these layers; an empty template has none.
    """

    items: list[Compared]
    crs: dict[str, str] = field(default_factory=dict)
    features: int = 0

    def agrees(self, layer: str, name: str) -> bool:
        """Tell whether a field (or with "" a layer) agrees."""
        return any(item.result == AGREES for item in self.items if (item.layer, item.field) == (layer, name))

    def count(self, result: str) -> int:
        """Count layers and fields with one result."""
        return sum(item.result == result for item in self.items)


def compare(profile: Profile, path: Path) -> Comparison:
    """Compare a template (FileGDB, GeoPackage or another file of layers) with a profile.

    Raises
    ------
    InputError
        The file cannot be read or has no layers.
    """
    try:
        layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    except pyogrio.errors.DataSourceError as error:
        raise InputError(
            Text(f"读不到模板 {path}：{error}", f"Cannot read the template {path}: {error}"),
            Text("请给出空模板的 GDB 文件夹或 GPKG 文件。", "State the folder of a GDB, or a GPKG."),
        ) from error
    by_name = {name.upper(): name for name in layers}
    comparison = Comparison([])
    for layer in profile.layers:
        found = by_name.get(layer.name.upper())
        if found is None:
            comparison.items.append(Compared(layer.name, "", ABSENT, layer.geometry, ""))
            continue
        info = pyogrio.read_info(path, layer=found, force_feature_count=True)
        comparison.crs[layer.name] = str(info["crs"] or "")
        comparison.features += int(info["features"])
        _compare_layer(comparison, layer, found, layers[found], path)
    taken = {layer.name.upper() for layer in profile.layers}
    extra = [name for key, name in sorted(by_name.items()) if key not in taken]
    comparison.items += [Compared(name, "", EXTRA, "", layers[name]) for name in extra]
    return comparison


def _compare_layer(comparison: Comparison, layer: TargetLayer, name: str, kind: str, path: Path) -> None:
    plain = kind.removesuffix(" Z").removesuffix(" M").removeprefix("Multi").removeprefix("3D ").removeprefix("Multi")
    geometry = _GEOMETRIES.get(plain, kind)
    agrees = geometry == layer.geometry and name == layer.name
    comparison.items.append(Compared(layer.name, "", AGREES if agrees else DIFFERS, layer.geometry, f"{name}, {kind}"))
    columns = {column.name.upper(): column for column in columns_of(path, name)}
    for item in layer.fields:
        column = columns.pop(item.name.upper(), None)
        if column is None:
            comparison.items.append(Compared(layer.name, item.name, ABSENT, _words(item), ""))
        else:
            comparison.items.append(_compare_field(layer, item, column))
    for column in columns.values():
        comparison.items.append(Compared(layer.name, column.name, EXTRA, "", _found(column)))


def _compare_field(layer: TargetLayer, item: TargetField, column: Column) -> Compared:
    family = family_of(item.type)
    same = column.name == item.name and column.family == family
    note = NOTHING
    if family == "text" and item.type == "Char":
        same = same and column.width == item.length
    elif family == "text":
        same = same and column.width in (0, item.length)
    elif item.length or item.decimals:
        note = Text("长度和小数位未能核对", "length and decimals cannot be told")
    if column.alias and column.alias != item.alias:
        told = Text(f"别名为“{column.alias}”", f"its alias is “{column.alias}”")
        note = Text("；".join(filter(None, (note.zh, told.zh))), "; ".join(filter(None, (note.en, told.en))))
    result = DIFFERS if not same else PARTLY if family != "text" and (item.length or item.decimals) else AGREES
    return Compared(layer.name, item.name, result, _words(item), _found(column), note)


def _words(item: TargetField) -> str:
    inside = f"({item.length}{f',{item.decimals}' if item.decimals else ''})" if item.length else ""
    return f"{item.name} {item.type}{inside}"


def _found(column: Column) -> str:
    return f"{column.name} {column.family}{f'({column.width})' if column.width else ''}"


def confirmed_content(profile: Profile, comparison: Comparison, template: str) -> dict[str, Any]:
    """Give the content of the profile with everything that agrees marked as confirmed by the template.

    A field that all layers share is confirmed where it agrees in every layer that the template has.
    """
    content: dict[str, Any] = copy.deepcopy(dict(profile.content))
    mark = {"status": "confirmed", "source": f"空模板 {template}"}
    present = [layer for layer in profile.layers if layer.name in comparison.crs]
    for key in ("header", "footer"):
        for entry in content.get(key, []):
            holders = [layer for layer in present if layer.field(entry["name"]) is not None]
            if holders and all(comparison.agrees(layer.name, entry["name"]) for layer in holders):
                entry.update(mark)
    for entry in content.get("layer", []):
        layer = profile.layer(entry["name"])
        for item in entry.get("field", []):
            if comparison.agrees(layer.name, item["name"]):
                item.update(mark)
            else:
                _state(item, layer.field(item["name"]))
        if comparison.agrees(layer.name, ""):
            for key in ("header", "footer"):
                for item in content.get(key, []):
                    _state(item, layer.field(item["name"]))
            entry.update(mark)
    return content


def _state(entry: dict[str, Any], known: TargetField | None) -> None:
    """Write down what a field had from its layer, for the layer is about to be confirmed and the field is not."""
    if known is not None:
        entry.setdefault("status", known.standing.status)
        entry.setdefault("source", known.standing.source)
