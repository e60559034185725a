"""A layer as the checks of its geometry see it: shapes to compute with, their tolerance, metres and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from ....text import Text
from ...geometry.measures import area_m2, length_m, made_valid, metres_per_degree, parts_of
from ..profile.model import Profile
from .found import Found
from .source import PackageLayer

_LON_LAT = "EPSG:4490"
_SURE = 1.5  # how far a quick figure may be from the exact one, as a factor
_NAMED = 5
_WORDS = {"polygon": Text("面", "polygon"), "line": Text("线", "line"), "point": Text("点", "point")}


@dataclass(frozen=True)
class Frame:
    """A layer, ready to be checked.

    Attributes
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Without heights, in the CRS of the layer; None where a feature has none, or coordinates that are no numbers.
    dimension : numpy.ndarray of int, shape (n,)
        0 points, 1 lines, 2 areas; -1 for None, empty shapes and collections of several kinds.
    tolerance : float
        Of the profile, in the units of the coordinates.
    is_degrees : bool
        A layer without a CRS counts as degrees where its coordinates can be such.
    """

    layer: PackageLayer
    shapes: np.ndarray
    dimension: np.ndarray
    tolerance: float
    is_degrees: bool
    bsm: np.ndarray

    def of(self, dimension: int) -> np.ndarray:
        """Give the positions of the shapes of a dimension."""
        return np.flatnonzero(self.dimension == dimension)

    def lon_lat(self, shapes: np.ndarray) -> np.ndarray:
        """Give shapes in CGCS2000 longitude and latitude; None where they have no place there."""
        shapes = np.asarray(shapes, dtype=object)
        if self.layer.crs is None and not self.is_degrees:
            return np.full(len(shapes), None, dtype=object)
        moved = shapes
        if self.layer.crs is not None and not self.layer.crs.equals(pyproj.CRS(_LON_LAT), ignore_axis_order=True):
            shift = pyproj.Transformer.from_crs(self.layer.crs, _LON_LAT, always_xy=True)
            moved = shapely.transform(
                shapes, lambda points: np.column_stack(shift.transform(points[:, 0], points[:, 1]))
            )
        placed = moved.copy()
        placed[~np.isfinite(shapely.bounds(moved)).all(axis=1)] = None
        return placed

    def metres_of(self, shapes: np.ndarray, *, square: bool) -> np.ndarray:
        """Give the areas (m²) or lengths (m) of shapes, shape (n,): geodesic, or flat where nobody knows the CRS."""
        places = self.lon_lat(shapes)
        exact, flat = (area_m2, shapely.area) if square else (length_m, shapely.length)
        return np.array([float(flat(own)) if at is None else exact(at) for own, at in zip(shapes, places)])

    def units(self, metres: float) -> float:
        """Give a length in the units of the coordinates, rather too much: for searching."""
        if not self.is_degrees:
            return metres
        lat = np.nanmax(np.abs(shapely.total_bounds(self.shapes)[[1, 3]]))
        return metres / float(metres_per_degree(lat)[0])

    def smaller(self, shapes: np.ndarray, limit: float, *, square: bool) -> tuple[np.ndarray, np.ndarray]:
        """Tell which shapes are below a number of m² or m, and their sizes.

        Only what comes near it is measured exactly.
        """
        rough = shapely.area(shapes) if square else shapely.length(shapes)
        if self.is_degrees:
            bounds = shapely.bounds(shapes)
            east, north = metres_per_degree((bounds[:, 1] + bounds[:, 3]) / 2)
            rough = rough * (east * north if square else np.minimum(east, north))
        near = np.flatnonzero(rough < _SURE * limit)
        sizes = self.metres_of(shapes[near], square=square)
        return near[sizes < limit], sizes[sizes < limit]

    def named(self, at: int) -> Text:
        """Name a feature as the file does."""
        name = self._numbered(at)
        return Text(f"要素 {name.zh}", f"feature {name.en}")

    def _numbered(self, at: int) -> Text:
        """Give the id of a feature in the file, and its number, under which it stands in every format."""
        name, number = str(self.layer.features[at]), str(self.bsm[at]).strip()
        return Text(f"{name}（BSM {number}）", f"{name} (BSM {number})") if number else Text(name, name)

    def names(self, at: Iterable[int]) -> Text:
        """Name some features; of many only the first."""
        listed = [self._numbered(k) for k in at]
        more, shown = len(listed) - _NAMED, listed[:_NAMED]
        zh, en = "、".join(name.zh for name in shown), ", ".join(name.en for name in shown)
        word = "features" if len(listed) > 1 else "feature"
        if more > 0:
            return Text(f"{len(listed)} 个要素 {zh} 等", f"{word} {en} and {more} more")
        return Text(f"要素 {zh}", f"{word} {en}")

    def found(
        self,
        rule: str,
        at: Sequence[int] | np.ndarray,
        messages: Sequence[Text],
        remedies: Sequence[Text] | Text,
        places: Sequence[shapely.Geometry | None] | np.ndarray,
        values: Sequence[str],
    ) -> list[Found]:
        """Make findings of as many features, messages, places (in the CRS of the layer) and values."""
        remedies = [remedies] * len(at) if isinstance(remedies, Text) else remedies
        own = np.empty(len(places), dtype=object)
        own[:] = list(places)
        where = self.lon_lat(own) if len(own) else own
        return [
            Found(rule, self.layer.name, message, remedy, str(self.layer.features[k]), str(self.bsm[k]), place, value)
            for k, message, remedy, place, value in zip(at, messages, remedies, where, values)
        ]

    def about(self, rule: str, message: Text, remedy: Text, value: str = "") -> Found:
        """Make a finding about the whole layer."""
        return Found(rule, self.layer.name, message, remedy, value=value)


def frame_of(layer: PackageLayer, profile: Profile) -> Frame:
    """Make a layer ready to be checked."""
    shapes = shapely.force_2d(np.asarray(layer.geometry, dtype=object))
    shapes[~are_finite(shapes)] = None
    dimension = shapely.get_dimensions(shapes).astype(np.int64)
    dimension[shapely.is_empty(shapes) | (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)] = -1
    if layer.crs is not None:
        is_degrees = layer.crs.is_geographic
    else:
        edges = shapely.total_bounds(shapes)
        is_degrees = bool(np.isfinite(edges).all() and np.all(np.abs(edges) <= [180, 90, 180, 90]))
    tolerance = profile.geometry["tolerance_deg" if is_degrees else "tolerance_m"]
    return Frame(layer, shapes, dimension, float(tolerance), is_degrees, _numbers(layer, profile.bsm["field"]))


def _numbers(layer: PackageLayer, field: str) -> np.ndarray:
    if field not in layer.columns:
        return np.full(len(layer.features), "", dtype=object)
    values = layer.columns[field]
    return values.where(values.notna(), "").astype(str).to_numpy(dtype=object)


def are_finite(shapes: np.ndarray) -> np.ndarray:
    """Tell which shapes have nothing but numbers for coordinates, shape (n,)."""
    points, of = shapely.get_coordinates(shapes, return_index=True)
    sound = np.ones(len(shapes), dtype=bool)
    sound[of[~np.isfinite(points).all(axis=1)]] = False
    return sound


def mended_areas(shapes: np.ndarray) -> np.ndarray:
    """Give areas with the invalid ones made valid, so that what they overlap is found too; None where none is left."""
    shapes = shapes.copy()
    for k in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        mended = made_valid(shapes[k])
        parts = parts_of(mended, "Polygon") if mended is not None else []
        shapes[k] = shapely.MultiPolygon(parts) if parts else None
    return shapes


def told_as_twins(twins: np.ndarray | None, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell which pairs of features have a later twin in them: the same ground is told at the earlier one; bool.

    Parameters
    ----------
    twins : numpy.ndarray of int64 or None, shape (n,)
        The earlier twin of each feature, -1 for none; None where nobody looked for twins.
    one, other : numpy.ndarray of int64, shape (m,)
    """
    if twins is None:
        return np.zeros(len(one), dtype=bool)
    return (twins[one] >= 0) | (twins[other] >= 0)


def amount(value: float, unit: str) -> str:
    """Write a size with two decimals, and one that is smaller with the digits that tell something."""
    if 0 < abs(value) < 0.01:
        digits = 1 - int(np.floor(np.log10(abs(value))))
        return f"{value:.{digits}f} {unit}"
    return f"{value:.2f} {unit}"


def kind_words(kind: str) -> Text:
    """Give the word for a kind of geometry: point, line or polygon."""
    return _WORDS[kind]
