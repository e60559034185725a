"""Run every check that a profile lists on a package: what was found, what could not be told, what was run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from ....text import Text
from ...datum import is_cgcs2000
from ...shapes import Shapes
from ..profile.model import Check, Profile, TargetLayer
from ..regions import Regions
from . import boundary as edge
from . import cross, fields, identity, regions, sizes, structure, values
from .found import Found, NotRun
from .geometry import geometry_checks
from .outcome import Checked, outcome
from .place import Box, centres, degrees_of
from .rules import ALWAYS, GEOMETRIC, RULES
from .source import NONE, Package, PackageLayer

NO_CRS = Text("没有坐标系，无法量算和定位。", "Without a CRS nothing can be measured or placed.")
NO_LAYERS = Text("没有读得出的图层。", "No layer could be read.")
OPEN_GAPS = Text(
    "只查找四周被面围住的缝隙；一端通到外面的缝隙与成果的外轮廓分不开，未查找。",
    "Only gaps that areas enclose are looked for; one that is open to the outside cannot be told from the outline.",
)
_LEAST_MOVED = 3.0
_AREA_PERCENT = 0.01


@dataclass(frozen=True)
class Against:
    """What a package is held against beside the profile."""

    regions: Regions | None = None
    boundary: edge.Boundary | None = None


def check(package: Package, profile: Profile, against: Against, checkpoint: Callable[[float, str], None]) -> Checked:
    """Check a package.

    Parameters
    ----------
    package : Package
    profile : Profile
        With layers of its own; see `plain_profile.with_layers`.
    checkpoint : callable
        Told the share done, and the layer that is about to be checked.
    """
    run = _Run(package, profile, against)
    run.whole()
    for place, layer in enumerate(package.layers):
        checkpoint(place / len(package.layers), layer.file)
        run.layer(layer)
    return run.finished()


class _Run:
    def __init__(self, package: Package, profile: Profile, against: Against) -> None:
        self.package, self.profile, self.against = package, profile, against
        self.targets = {target.name: target for target in profile.layers}
        self.found = list(package.found)
        self.not_run: list[NotRun] = []
        self.shapes: dict[int, Shapes | None] = {id(layer): degrees_of(layer) for layer in package.layers}
        self.coded: list[regions.Coded] = []

    def asked(self, rule: str) -> Check | None:
        return self.profile.check(rule)

    def take(self, told: tuple[list[Found], list[NotRun]]) -> None:
        self.found += told[0]
        self.not_run += told[1]

    def whole(self) -> None:
        """Run what concerns the package as a whole."""
        package, profile = self.package, self.profile
        if self.asked("2201"):
            self.found += structure.crs_found(package, profile, self._area())
        if self.asked("CRS"):
            for part in package.parts():
                self.found += structure.one_crs_found(part, profile)
        if self.asked("2203"):
            self._zones()
        if self.asked("3101"):
            self.take(structure.required_found(package, profile))
        if self.asked("LAYERS"):
            self.found += structure.names_found(package, profile)
        if self.asked("BSM"):
            self.take(identity.numbers_found(package, profile))
        if self.asked("XZQDM") and not self._has_units:
            self.found += regions.several_names_found(package, profile)
        if self.asked("COUNT"):
            self._formats()
        for rule, reason in (("XZQDM", regions.NO_UNITS), ("DATUM", regions.NO_UNITS)):
            if self.asked(rule) and not self._has_units:
                self.not_run.append(NotRun(rule, "", reason))
        if self.asked("BOUNDARY") and self.against.boundary is None:
            self.not_run.append(NotRun("BOUNDARY", "", edge.NO_BOUNDARY))

    @property
    def _has_units(self) -> bool:
        units = self.against.regions
        return units is not None and any(len(codes) for codes in units.codes)

    def _area(self) -> Box | None:
        """Give the extent of the administrative units."""
        units = self.against.regions
        edges = [shapely.total_bounds(tree.geometries) for tree in units.trees if len(tree)] if units else []
        if not edges:
            return None
        low, high = np.min(edges, axis=0), np.max(edges, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def _zones(self) -> None:
        if self.profile.crs["default"] == "4490":
            reason = Text("规格用经纬度，不要求投影。", "The profile asks for degrees, not for a projection.")
            self.not_run.append(NotRun("2203", "", reason))
            return
        lon = {}
        for layer in self.package.layers:
            shapes = self.shapes[id(layer)]
            if shapes is not None:
                middle = centres(shapes)[:, 0]
                lon[id(layer)] = middle[np.isfinite(middle)]
        for part in self.package.parts():
            self.found += structure.zone_found(part, self.profile, lon)
        stated = [layer.crs for layer in self.package.layers if layer.crs is not None and layer.kind != NONE]
        if stated and "4490" in self.profile.crs["choices"] and all(crs.is_geographic for crs in stated):
            reason = Text("数据是经纬度（规格允许），没有投影可查。", "It is in degrees, as the profile allows.")
            self.not_run.append(NotRun("2203", "", reason))

    def _formats(self) -> None:
        parts, formats = self.package.parts(), cross.formats_of(self.package)
        for part in parts:
            self.found += cross.tables_found(part, self.profile)
        if len(formats) > 1:
            placed = [layer for layer in self.package.layers if layer.crs is not None and is_cgcs2000(layer.crs)]
            shapes = {id(layer): self.shapes[id(layer)] for layer in placed}  # on another datum all places differ
            for part in parts:
                self.take(cross.formats_found(part, self.profile, shapes, formats))
        elif not self.package.tables and not any(layer.format == "vct" for layer in self.package.layers):
            reason = Text("成果包只有一种格式，没有可比较的。", "There is one format only, nothing to compare with.")
            self.not_run.append(NotRun("COUNT", "", reason))

    def layer(self, layer: PackageLayer) -> None:
        """Run what concerns one layer."""
        target = self.targets.get(layer.name)
        self.found += values.garbled_found(layer, self.profile)
        if target is not None:
            self._attributes(layer, target)
        if target is None:
            reason = Text(
                "规格中没有这个图层，未检查其内容。", "The profile has no such layer: its contents were not checked."
            )
            self.not_run.append(NotRun("3102", layer.name, reason))
            return
        if layer.kind != NONE:
            self._places(layer, target)

    def _attributes(self, layer: PackageLayer, target: TargetLayer) -> None:
        profile = self.profile
        if self.asked("3102"):
            self.take(fields.fields_found(layer, target))
        if self.asked("3104"):
            self.take(values.codes_found(layer, target, profile))
        if self.asked("3105"):
            bare = self._without_attributes(layer)
            self.found += values.filled_found(layer, target, profile, bare)
        if self.asked("XZQDM"):
            self.found += regions.form_found(layer, profile)
        if self.asked("DUP"):
            self.found += identity.records_found(layer, profile)

    def _without_attributes(self, layer: PackageLayer) -> set[str]:
        """Give the features that are told to have no row of attributes, so that every field of theirs is empty."""
        told = {
            item.feature
            for item in self.package.found
            if (item.rule, item.layer, item.file) == ("COUNT", layer.name, layer.file)
        }
        if not told or not self.asked("COUNT"):
            return set()
        empty = layer.columns.isna().all(axis=1).to_numpy()
        return {str(feature) for feature in layer.features[empty] if str(feature) in told}

    def _places(self, layer: PackageLayer, target: TargetLayer) -> None:
        profile, shapes = self.profile, self.shapes[id(layer)]
        wanted = {rule: check for rule in GEOMETRIC if (check := self.asked(rule)) is not None}
        if not target.geometry:
            wanted.pop("KIND", None)
        told = {item.feature for item in self.package.found if item.layer == layer.name and item.file == layer.file}
        self.found += [
            item if item.file else replace(item, file=layer.file)
            for item in identity.without_shared_sites(geometry_checks(layer, profile, wanted), layer, profile)
            if item.rule != "EMPTY" or item.feature not in told
        ]
        if shapes is None:
            self.not_run += [
                NotRun(rule, layer.name, NO_CRS) for rule in ("XZQDM", "BOUNDARY", "4601", "4701") if self.asked(rule)
            ]
        item = regions.coded(layer, shapes)
        if item is not None and self._has_units and self.against.regions is not None:
            self.coded.append(item)
            if self.asked("XZQDM"):
                self.take(regions.located_found(item, self.against.regions, profile))
        if self.asked("BOUNDARY") and self.against.boundary is not None:
            tolerance = float(self._threshold("BOUNDARY", profile.geometry["tolerance_m"]))
            self.found += edge.outside_found(layer, shapes, self.against.boundary, tolerance, profile)
        if target.tiles and self.asked("4101"):
            self.not_run.append(NotRun("4101", layer.name, OPEN_GAPS))
        if self.asked("AREA"):
            self.take(sizes.sizes_found(layer, target, shapes, self._threshold("AREA", _AREA_PERCENT), profile))

    def _threshold(self, rule: str, otherwise: float) -> float:
        check = self.asked(rule)
        return otherwise if check is None or check.threshold is None else float(check.threshold)

    def finished(self) -> Checked:
        """Give the outcome, each fault once."""
        if self.asked("XZQDM") and self._has_units and not self.coded:
            reason = Text("没有行政区代码字段，或没有坐标系。", "No layer has a region code, or none has a CRS.")
            self.not_run.append(NotRun("XZQDM", "", reason))
        if self.asked("AREA") and not any(map(sizes.measured_fields, self.profile.layers)):
            reason = Text(
                "规格没有按图形计算的面积或长度字段。", "The profile computes no area or length from the shape."
            )
            self.not_run.append(NotRun("AREA", "", reason))
        if self.asked("DATUM") and self._has_units and self.against.regions is not None:
            least = self._threshold("DATUM", _LEAST_MOVED)
            self.take(regions.datum_found(self.coded, self.against.regions, least, str(self.profile.bsm["field"])))
        if not self.package.layers:
            self.not_run += [NotRun(rule, "", NO_LAYERS) for rule in RULES if rule not in ALWAYS and self.asked(rule)]
        return outcome(self.profile, self.package, self.found, self.not_run, self.shapes)
