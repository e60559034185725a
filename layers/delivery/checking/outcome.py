"""The outcome of the checks of a package: each fault once, in order, with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import shapely

from ....text import Text
from ...shapes import Shapes
from ..profile.model import Profile
from .found import BETWEEN_FILES, MOST, Found, NotRun, part_of
from .rules import ALWAYS, RULES
from .source import Package
from .totals import CUT_BEFORE, Totals

_SAME_PLACE_DEG = 6  # decimals: findings of a feature without a number are one where they lie within 0.1 m
_FIGURES = re.compile(r"[0-9.]+")  # ids and rounding differ between formats


@dataclass
class Checked:
    """The outcome.

    Attributes
    ----------
    profile : Profile
    package : Package
    found : list of Found
        In the order of levels, rules and layers; one that stands in several formats once, with all its files. Of a
        rule on a layer no more than `MOST`; how many there are is told as one more.
    not_run : list of NotRun
    counts : Counter of str
        Findings by rule.
    points : list of shapely point or None
        Where each finding is, CGCS2000 degrees.
    """

    profile: Profile
    package: Package
    found: list[Found] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)
    points: list[shapely.Point | None] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Findings by rule."""
        counted: Counter[str] = Counter()
        for item in self.found:
            counted[item.rule] += item.count
        return counted

    @property
    def total(self) -> int:
        """All findings, also those not listed."""
        return sum(item.count for item in self.found)

    def level_of(self, item: Found) -> int:
        """Give the level of a finding: its own, else that of its rule."""
        return item.level or self.level(item.rule)

    def level(self, rule: str) -> int:
        """Give the level of a rule: the profile's, else the default."""
        check = self.profile.check(rule)
        return check.level if check else RULES[rule].level

    @property
    def by_level(self) -> dict[str, int]:
        """Findings by level, gravest first."""
        levels = {rule: self.level(rule) for rule in self.counts}
        counted: Counter[int] = Counter()
        for item in self.found:
            counted[item.level or levels[item.rule]] += item.count
        return {str(level): counted[level] for level in (1, 2, 3)}

    @property
    def asked(self) -> list[str]:
        """Rules that the profile lists, and those that always hold."""
        return [rule for rule in RULES if rule in ALWAYS or self.profile.check(rule) is not None]

    @property
    def not_run_rules(self) -> list[str]:
        """Rules that were asked for and could not be run on anything."""
        whole, counts = {item.rule for item in self.not_run if not item.layer}, self.counts
        return [rule for rule in self.asked if rule in whole and not counts[rule]]

    @property
    def run_rules(self) -> list[str]:
        """Rules that were run, on all layers or some."""
        not_run = self.not_run_rules
        return [rule for rule in self.asked if rule not in not_run]


def outcome(
    profile: Profile,
    package: Package,
    found: Sequence[Found],
    not_run: list[NotRun],
    shapes: Mapping[int, Shapes | None],
) -> Checked:
    """Put findings in order, each fault once, and count those that are not listed.

    Parameters
    ----------
    found : sequence of Found
        As the checks gave them; those of rules that were not asked for are left out.
    shapes : mapping
        Geometries of each layer of the package by its ``id``, CGCS2000 degrees; None where they cannot be placed.
    """
    done = Checked(profile, package, not_run=_once(not_run))
    places = _places(package, found, shapes)
    merged: dict[tuple[str, ...], tuple[Found, list[str]]] = {}
    spots: dict[tuple[str, ...], shapely.Point | None] = {}
    times: Counter[tuple[tuple[str, ...], str]] = Counter()
    asked = set(done.asked)
    totals = Totals(package)
    for item in found:
        if item.rule not in asked:
            continue
        totals.add(item)
        if item.unlisted and item.rule not in CUT_BEFORE:
            continue
        point = _point(item, places)
        key = _key(item, point)
        times[key, item.file] += 1  # two features of one number are two findings, a copy in another format is none
        key = (*key, str(times[key, item.file]))
        first, files = merged.setdefault(key, (item, []))
        spots.setdefault(key, point)
        if item.file and item.file not in files:
            files.append(item.file)
    order = list(RULES)
    for item in totals.beyond(first for first, _ in merged.values()):
        merged[item.rule, item.layer, ""] = item, [item.file]
    shown: Counter[tuple[str, str]] = Counter()
    for key in sorted(merged, key=lambda key: (done.level_of(merged[key][0]), order.index(key[0]), *key[1:])):
        first, files = merged[key]
        if first.feature and first.rule not in CUT_BEFORE:
            shown[first.rule, first.layer] += 1
            if shown[first.rule, first.layer] > MOST:
                continue
        done.found.append(replace(first, file=BETWEEN_FILES.join(files)))
        done.points.append(spots.get(key))
    return done


def _places(
    package: Package, found: Sequence[Found], shapes: Mapping[int, Shapes | None]
) -> dict[tuple[str, str, str], shapely.Point]:
    """Give a point of every feature that something was found on."""
    needed = {_held(item) for item in found if item.feature and item.place is None}
    places: dict[tuple[str, str, str], shapely.Point] = {}
    for layer in package.layers:
        own = shapes[id(layer)]
        if own is None or not any(name == layer.name and file == layer.file for name, file, _ in needed):
            continue
        for row, feature in enumerate(layer.features):
            key = (layer.name, layer.file, str(feature))
            if key in needed and own[row] is not None and not own[row].is_empty:
                places[key] = _on(own[row])
    return places


def _once(items: list[NotRun]) -> list[NotRun]:
    """Tell what could not be told for one reason once, with all its layers."""
    layers: dict[tuple[str, Text, bool], list[str]] = {}
    for item in items:
        names = layers.setdefault((item.rule, item.reason, bool(item.layer)), [])
        if item.layer not in names:
            names.append(item.layer)
    return [NotRun(rule, BETWEEN_FILES.join(names), reason) for (rule, reason, _), names in layers.items()]


def _on(shape: shapely.Geometry) -> shapely.Point:
    if shapely.get_dimensions(shape) == 1:
        return shapely.line_interpolate_point(shape, 0.5, normalized=True) if shape.geom_type == "LineString" else (
            shapely.point_on_surface(shape)
        )  # fmt: skip
    return shapely.Point(shape.coords[0]) if shape.geom_type == "Point" else shapely.point_on_surface(shape)


def _point(item: Found, places: dict[tuple[str, str, str], shapely.Point]) -> shapely.Point | None:
    if item.place is not None and not item.place.is_empty:
        point = _on(item.place)
        return point if not point.is_empty else None
    return places.get(_held(item))


def _held(item: Found) -> tuple[str, str, str]:
    """Give layer, (first) file and feature."""
    return item.layer, item.file.partition(BETWEEN_FILES)[0], item.feature


def _key(item: Found, point: shapely.Point | None) -> tuple[str, ...]:
    """Give what makes a finding one, in whichever formats it stands."""
    if not item.feature:
        who = item.file if item.rule in ("FILE", "2201", "CRS") else part_of(item.file)
    elif item.bsm:
        who = item.bsm
    elif point is not None:
        who = f"{point.x:.{_SAME_PLACE_DEG}f} {point.y:.{_SAME_PLACE_DEG}f}"
    else:
        who = item.feature
    return item.rule, item.layer, who, _FIGURES.sub("#", item.message.en)
