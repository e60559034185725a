"""The plain package as a profile: the layers of the workspace under their own names and fields."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...spec import Field, Geometry, Kind, LayerSpec
from ...specs import SPECS
from ..profile.model import Domain, Profile, Standing, TargetField, TargetLayer
from .source import PackageLayer

_TYPES = {Kind.INTEGER: "Long", Kind.FLAG: "Int", Kind.REAL: "Double", Kind.DATE: "Date"}
_GEOMETRIES = {Geometry.POINT: ("point",), Geometry.LINE: ("line",), Geometry.POLYGON: ("polygon",)}
_PARTS = ("point", "line", "polygon")


def with_layers(profile: Profile) -> Profile:
    """Give a profile that hands in the layers of the workspace with these as its layers; any other as it is."""
    if not profile.of_workspace:
        return profile
    layers = [layer for spec in SPECS.values() for layer in _layers(spec)]
    domains = {
        _domain(spec, field): Domain(
            _domain(spec, field),
            field.label,
            {code.value: code.label.zh for code in field.codes},
            Standing(),
        )
        for spec in SPECS.values()
        for field in spec.fields
        if _has_list(field)
    }
    return replace(profile, layers=tuple(layers), domains=domains)


def _layers(spec: LayerSpec) -> list[TargetLayer]:
    fields = tuple(_field(spec, field) for field in spec.fields)
    named = [(spec.name, _GEOMETRIES[spec.geometry][0])] if spec.geometry in _GEOMETRIES else [(spec.name, "")]
    return [TargetLayer(name, spec.label.zh, geometry, "", "", "O", (), fields, Standing()) for name, geometry in named]


def _has_list(field: Field) -> bool:
    return field.kind is Kind.CODE and bool(field.codes)


def _domain(spec: LayerSpec, field: Field) -> str:
    return f"{spec.name}.{field.name}"


def _field(spec: LayerSpec, field: Field) -> TargetField:
    return TargetField(
        field.name,
        field.label.zh,
        _TYPES.get(field.kind, "VarChar"),
        0,
        0,
        "M" if field.always_required else "O",
        _domain(spec, field) if _has_list(field) else "",
        None,
        field.minimum,
        {},
        Standing(),
    )


def as_of_workspace(layer: PackageLayer) -> PackageLayer:
    """Give a layer of the plain package under the names of the workspace.

    Its fields have ten letters of pinyin in a Shapefile, and a layer that mixes types of geometry is one a type.
    """
    names = (layer.name, *(layer.name.removesuffix(f"_{end}") for end in _PARTS))
    name = next((item for item in names if item in SPECS), "")
    if not name:
        return layer
    if layer.format != "shp":
        return replace(layer, name=name)
    full = {field.pinyin: field.name for field in SPECS[name].fields}
    columns: pd.DataFrame = layer.columns.rename(columns=full)
    fields = tuple(replace(item, name=full.get(item.name, item.name)) for item in layer.fields)
    return replace(layer, name=name, columns=columns, fields=fields)
