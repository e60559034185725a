"""From layers of the workspace to the layers of a profile: which rows go where, with which values, and which stay.

The law of it: every row of a layer that the profile reads is in some target layer or among `LeftOut` with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from ...text import Text
from ..shapes import Shapes
from ..spec import LayerSpec
from ..specs import SPECS
from ..table import LayerTable
from ..zones import GEOGRAPHIC, DeliveryCrs
from .bsm import Identity, Register
from .checks import CheckedLayer, mend
from .expressions import evaluate
from .profile.model import Intake, Profile, TargetLayer
from .profile.schema import GEOMETRIES
from .regions import Regions, county_of

_GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
_OWN_CODE = "village_code"
_SINGLE = (0, 1, 3)  # shapely's types of points, lines and polygons in one part
_DIMENSION_WORDS = {
    0: Text("点", "points"),
    1: Text("线", "lines"),
    2: Text("面", "polygons"),
    -1: Text("空", "nothing"),
}


@dataclass(frozen=True)
class LeftOut:
    """A row of the workspace that is in no layer of the package."""

    layer: str
    uuid: str
    key: str
    reason: Text


@dataclass
class Target:
    """A layer of the package, ready to be checked and written.

    Attributes
    ----------
    columns : dict
        Values by field name, n each: str, int, float or None.
    geometry : numpy.ndarray of shapely geometries, shape (n,)
        In the CRS of the delivery, east before north.
    workspace, uuid, part : list of str, length n
        Where each feature comes from; part is "" for a whole one.
    region, stated_region : list of str, length n
        Code of the unit in which it lies, and the code that it states itself; "" for none.
    """

    layer: TargetLayer
    columns: dict[str, list[Any]]
    geometry: Shapes
    workspace: list[str]
    uuid: list[str]
    part: list[str]
    region: list[str]
    stated_region: list[str]

    def __len__(self) -> int:
        return len(self.geometry)

    def rows(self, start: int, end: int) -> Target:
        """Give some features of the layer, one behind the other."""
        some = slice(start, end)
        return Target(
            self.layer,
            {name: values[some] for name, values in self.columns.items()},
            self.geometry[some],
            self.workspace[some],
            self.uuid[some],
            self.part[some],
            self.region[some],
            self.stated_region[some],
        )


@dataclass
class Mapped:
    """What became of the workspace.

    Attributes
    ----------
    rows_in, rows_out : dict of str to int
        By workspace layer: rows, and those of them that are in the package at least once.
    """

    targets: list[Target]
    left_out: list[LeftOut]
    rows_in: dict[str, int] = field(default_factory=dict)
    rows_out: dict[str, int] = field(default_factory=dict)


@dataclass
class _Piece:
    """Rows that one intake brings to one target layer."""

    taken: Intake
    table: LayerTable
    rows: np.ndarray
    geometry: Shapes
    degrees: Shapes
    part: list[str]


@dataclass(frozen=True)
class Setting:
    """What the values of a delivery depend on beside the rows.

    Attributes
    ----------
    county : str
        Code of the county that hands in, for features outside all of them.
    """

    profile: Profile
    crs: DeliveryCrs
    regions: Regions
    county: str
    county_name: str


def map_layers(checked: Mapping[str, CheckedLayer], setting: Setting, register: Register) -> Mapped:
    """Make the layers of the profile.

    Parameters
    ----------
    checked : mapping
        By name, the layers of the workspace that are to be handed in, in EPSG:4490.
    setting : Setting
    register : Register
        Of feature numbers; new features get theirs.
    """
    read = {intake.workspace for layer in setting.profile.layers for intake in layer.intakes}
    sources = {name: _Source(layer, setting.crs) for name, layer in checked.items() if name in read}
    pieces = [(layer, _pieces(layer, sources, setting.profile)) for layer in setting.profile.layers]
    mapped = Mapped([], [])
    for name, source in sources.items():
        mapped.rows_in[name] = source.checked.features_in
        mapped.rows_out[name] = int(source.taken.sum())
        mapped.left_out += source.left_out()
    for layer, found in pieces:
        mapped.targets.append(_target(layer, found, setting, register))
    return mapped


class _Source:
    """A layer of the workspace in the CRS of the delivery, and which of its rows have been taken, or why not."""

    def __init__(self, checked: CheckedLayer, crs: DeliveryCrs) -> None:
        self.checked = checked
        self.table = checked.table
        self.geometry, self.far, mended = _projected(checked.table.geometry, crs)
        self.degrees = np.array(checked.table.geometry, dtype=object)
        self.degrees[mended] = degrees_of(self.geometry[mended], crs)
        self.taken = np.zeros(len(self.table), dtype=bool)
        self.reasons: list[list[Text]] = [[] for _ in range(len(self.table))]

    def left_out(self) -> list[LeftOut]:
        """Give every row that is in no layer, with the reason."""
        spec = self.table.spec
        uuids = self.table.columns["uuid"].fillna("").astype("str").tolist()
        found = [
            LeftOut(spec.name, item.feature, item.key, item.message)
            for item in self.checked.findings
            if item.rule in ("G01", "G03")
        ]
        for row in np.flatnonzero(~self.taken).tolist():
            reasons = list(dict.fromkeys(self.reasons[row]))
            said = Text("；".join(item.zh for item in reasons), "; ".join(item.en for item in reasons))
            found.append(LeftOut(spec.name, uuids[row], key_of(self.table, row), said))
        return found


def key_of(table: LayerTable, row: int) -> str:
    """Give the key fields of a row as text."""
    values = [table.columns[name].iloc[row] for name in table.spec.key]
    return "; ".join(
        "" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value) for value in values
    )


def _projected(geometry: Shapes, crs: DeliveryCrs) -> tuple[Shapes, np.ndarray, np.ndarray]:
    """Give geometries in the CRS of the delivery, valid and oriented.

    Returns
    -------
    placed : numpy.ndarray of shapely geometries
    far : numpy.ndarray of bool
        It has no finite coordinates there.
    mended : numpy.ndarray of bool
        It had to be mended, and is no longer vertex by vertex what it was.
    """
    far = np.zeros(len(geometry), dtype=bool)
    if crs.code == GEOGRAPHIC:
        return geometry, far, far
    transformer = pyproj.Transformer.from_crs(GEOGRAPHIC, crs.code, always_xy=True)

    def east_north(places: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(places[:, 0], places[:, 1]))

    placed = shapely.transform(geometry, east_north)
    coordinates, owner = shapely.get_coordinates(placed, return_index=True)
    far[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    placed[far] = None
    mended, changed, lost = mend(placed)
    mended[lost] = placed[lost]
    return mended, far, changed & ~lost


_FAR = Text("离所选投影带过远，无法投影", "too far from the chosen zone to be projected")


def _pieces(layer: TargetLayer, sources: Mapping[str, _Source], profile: Profile) -> list[_Piece]:
    found = []
    wanted = GEOMETRIES[layer.geometry]
    for intake in layer.intakes:
        source = sources.get(intake.workspace)
        if source is None:
            continue
        fits = ~source.far
        _tell(source, source.far, _FAR)
        for name, allowed in intake.where.items():
            values = source.table.columns[name].fillna("").astype("str")
            miss = ~values.isin(allowed).to_numpy()
            for value in values[miss].unique():
                _tell(source, miss & (values == value).to_numpy(), _refused(layer, source.table.spec, name, value))
            fits &= ~miss
        dimension = shapely.get_dimensions(source.geometry)
        for other in np.unique(dimension[~source.far]).tolist():
            if other != wanted:
                words = Text("{layer} 只收{kind}", "{layer} takes {kind} only")
                said = words.filled(layer=layer.name, kind=_DIMENSION_WORDS[wanted])
                _tell(source, (dimension == other) & ~source.far, said)
        fits &= dimension == wanted
        several = shapely.get_num_geometries(source.geometry) > 1
        if profile.geometry["multipart"] == "refuse":
            _tell(
                source,
                several,
                Text(f"多部件图形，{layer.name} 不收", f"a multi-part shape, which {layer.name} refuses"),
            )
            fits &= ~several
        rows = np.flatnonzero(fits)
        source.taken[rows] = True
        geometry, degrees, part = source.geometry[rows], source.degrees[rows], [""] * len(rows)
        apart = profile.geometry["multipart"] != "keep" or wanted == 0
        if apart and not np.isin(shapely.get_type_id(geometry), _SINGLE).all():
            geometry, owner = shapely.get_parts(geometry, return_index=True)
            counts = np.bincount(owner, minlength=len(rows))
            place = (
                np.arange(len(owner)) - np.concatenate(([0], np.cumsum(counts)[:-1]))[owner] if len(owner) else owner
            )
            part = [str(at + 1) if counts[row] > 1 else "" for at, row in zip(place.tolist(), owner.tolist())]
            rows, degrees = rows[owner], shapely.get_parts(degrees)
        found.append(_Piece(intake, source.table, rows, geometry, degrees, part))
    return found


def _tell(source: _Source, rows: np.ndarray, reason: Text) -> None:
    for row in np.flatnonzero(rows).tolist():
        source.reasons[row].append(reason)


def _refused(layer: TargetLayer, spec: LayerSpec, name: str, value: str) -> Text:
    label = spec.field(name).code_label(value) if value else Text("空", "empty")
    return Text(
        "{layer} 不收“{field}”为“{value}”的要素", "{layer} does not take features whose “{field}” is “{value}”"
    ).filled(layer=layer.name, field=spec.field(name).label, value=label)


def _target(layer: TargetLayer, pieces: Sequence[_Piece], setting: Setting, register: Register) -> Target:
    columns: dict[str, list[Any]] = {item.name: [] for item in layer.fields}
    workspace: list[str] = []
    uuids: list[str] = []
    parts: list[str] = []
    regions: list[str] = []
    stated: list[str] = []
    for piece in pieces:
        rows = piece.table.columns.iloc[piece.rows].reset_index(drop=True)
        ids = _identities(rows["uuid"], piece.part)
        computed = _computed(layer, piece, ids, setting, register)
        for item in layer.fields:
            expression = piece.taken.expressions.get(item.name, item.value)
            columns[item.name] += evaluate(expression, piece.table.spec, rows, computed)
        workspace += [piece.table.spec.name] * len(rows)
        uuids += [uuid for uuid, _ in ids]
        parts += [part for _, part in ids]
        regions += [value or "" for value in computed["region"]]
        own = rows[_OWN_CODE].fillna("").astype("str").tolist() if _OWN_CODE in rows else [""] * len(rows)
        stated += own
    geometry = np.concatenate([np.zeros(0, dtype=object), *(piece.geometry for piece in pieces)])
    return Target(layer, columns, geometry, workspace, uuids, parts, regions, stated)


def _identities(uuids: pd.Series, parts: Sequence[str]) -> list[tuple[str, str]]:
    """Give UUID and part of every feature; a UUID that comes again gets a number behind it, so that all differ."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for uuid, part in zip(uuids.fillna("").astype("str").tolist(), parts):
        seen[uuid, part] = seen.get((uuid, part), 0) + 1
        times = seen[uuid, part]
        found.append((uuid if times == 1 else f"{uuid}#{times}", part))
    return found


def _computed(
    layer: TargetLayer, piece: _Piece, ids: Sequence[tuple[str, str]], setting: Setting, register: Register
) -> dict[str, list[Any]]:
    """Give the things that no field of the workspace has, n each.

    Lengths and areas are geodesic, of the shape that is handed in, on the ellipsoid of CGCS2000.
    """
    degrees = piece.degrees
    code, name = setting.regions.of(degrees)
    pad = int(setting.profile.region["pad_to"])
    xzqdm = [value.ljust(pad, "0") if value else None for value in code.tolist()]
    shape = GEOMETRIES[layer.geometry]
    length = [_GEOD.geometry_length(item) if shape == 1 else None for item in degrees]
    area = [abs(_GEOD.geometry_area_perimeter(item)[0]) if shape == 2 else None for item in degrees]
    centre = shapely.get_coordinates(shapely.centroid(degrees))
    prefix_county = [county_of(value) or setting.county for value in code.tolist()]
    return {
        "bsm": _numbers(layer, piece.table.spec.name, ids, prefix_county, setting.profile, register),
        "ysdm": [layer.ysdm or None] * len(ids),
        "region": code.tolist(),
        "xzqdm": xzqdm,
        "xzqmc": [value or None for value in name.tolist()],
        "length_m": length,
        "area_m2": area,
        "area_ha": [None if value is None else value / 10_000 for value in area],
        "lon": centre[:, 0].tolist(),
        "lat": centre[:, 1].tolist(),
        "uuid": [uuid for uuid, _ in ids],
    }


def _numbers(
    layer: TargetLayer,
    workspace: str,
    ids: Sequence[tuple[str, str]],
    counties: Sequence[str],
    profile: Profile,
    register: Register,
) -> list[str | None]:
    if layer.field(profile.bsm["field"]) is None:
        return [None] * len(ids)
    # A UUID derives from the key within its layer, so the layer of the workspace belongs to the identity.
    scheme = scheme_of(profile)
    identities = [Identity(scheme, layer.name, f"{workspace}/{uuid}", part) for uuid, part in ids]
    digits = profile.bsm["county"]
    prefixes = [f"{county[:digits]}{layer.bsm_code}" for county in counties]
    return list(register.number(identities, prefixes, profile.bsm["serial"]))


def scheme_of(profile: Profile) -> str:
    """Give how the feature numbers of a profile are made up, such as 6+4+8."""
    return "+".join(str(profile.bsm[key]) for key in ("county", "layer", "serial"))


def degrees_of(geometry: Shapes, crs: DeliveryCrs) -> Shapes:
    """Give geometries of a delivery in CGCS2000 longitude and latitude."""
    if crs.code == GEOGRAPHIC:
        return geometry
    transformer = pyproj.Transformer.from_crs(crs.code, GEOGRAPHIC, always_xy=True)
    return shapely.transform(
        geometry, lambda places: np.column_stack(transformer.transform(places[:, 0], places[:, 1]))
    )


def workspace_label(name: str) -> Text:
    """Give the label of a layer of the workspace."""
    return SPECS[name].label if name in SPECS else Text(name, name)
