"""Layers that stand in several formats of one package: the same features, attributes and places in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from ....text import Text
from ...shapes import Shapes
from ..profile.model import Profile, TargetField, TargetLayer
from .found import BETWEEN_FILES, Found, NotRun
from .source import Package, PackageLayer
from .values import Rows

FORMAT_ORDER = ("gpkg", "gdb", "shp", "geojson", "vct")
_PLACE_DEG = 2e-8  # 2 mm; formats round at 0.1 mm
_NUMBER = 1e-6
_SHOWN = 5
_REMEDY = Text("请从同一数据重新生成各格式。", "Write all formats anew from the same data.")


@dataclass(frozen=True)
class _Copy:
    """A layer in one format, which a package split by zone keeps in several files."""

    format: str
    layers: Sequence[PackageLayer]

    @property
    def features(self) -> int:
        return sum(map(len, self.layers))

    @property
    def has_parts(self) -> bool:
        return any(bool((shapely.get_num_geometries(layer.geometry) > 1).any()) for layer in self.layers)

    def rows(self, name: str) -> dict[str, tuple[PackageLayer, int]]:
        """Give the features by their number; numbers that occur twice are left out."""
        found: dict[str, tuple[PackageLayer, int]] = {}
        twice: set[str] = set()
        for layer in self.layers:
            values = layer.texts(name)
            for row, value in enumerate(values if values is not None else ()):
                if value in found:
                    twice.add(value)
                elif value:
                    found[value] = layer, row
        return {value: place for value, place in found.items() if value not in twice}


def formats_of(package: Package) -> list[str]:
    """Give the formats that a package has layers in."""
    return [kind for kind in FORMAT_ORDER if any(kind == layer.format for layer in package.layers)]


def formats_found(
    package: Package, profile: Profile, shapes: Mapping[int, Shapes | None], formats: Sequence[str]
) -> tuple[list[Found], list[NotRun]]:
    """Compare each layer with itself in the other formats.

    Parameters
    ----------
    shapes : mapping
        By the identity of a layer, its shapes in CGCS2000 degrees.
    formats : sequence of str
        Those that every layer should stand in.
    """
    by_name: dict[str, dict[str, list[PackageLayer]]] = defaultdict(lambda: defaultdict(list))
    for layer in package.layers:
        by_name[layer.name][layer.format].append(layer)
    found: list[Found] = []
    not_run = []
    for target in profile.layers:
        held = by_name.get(target.name)
        if not held:
            continue
        copies = [_Copy(kind, held[kind]) for kind in formats if kind in held]
        absent = [kind for kind in formats if kind not in held and (target.name, kind) not in package.unread]
        if absent and any(copy.features for copy in copies):
            found.append(_absent(target, copies, absent))
        differing: list[Found] = []
        for other in copies[1:]:
            if other.format == "vct" and copies[0].has_parts:
                reason = Text(
                    "有多部件要素，VCT 按部件分开写，个数不可比。",
                    "VCT has one object a part: numbers cannot be compared.",
                )
                not_run.append(NotRun("COUNT", target.name, reason))
                continue
            differing += _compared(copies[0], other, target, profile, shapes)
        found += _one_a_feature(differing)
    return found, not_run


def _one_a_feature(found: Sequence[Found]) -> list[Found]:
    """Keep the first finding of each feature, with the files of all."""
    kept: dict[str, Found] = {}
    others = []
    for item in found:
        first = kept.get(item.bsm)
        if not item.bsm:
            others.append(item)
        elif first is None:
            kept[item.bsm] = item
        elif item.file not in first.file:
            kept[item.bsm] = replace(first, file=f"{first.file}{BETWEEN_FILES}{item.file}")
    return [*others, *kept.values()]


def tables_found(package: Package, profile: Profile) -> list[Found]:
    """Compare each attribute table (CSV, XLSX) with its layer: as many rows, the same feature numbers."""
    found = []
    for table in package.tables:
        first = next((layer.format for layer in package.layers if layer.name == table.layer), "")
        copy = _Copy(first, [one for one in package.layers if (one.name, one.format) == (table.layer, first)])
        if not first:
            continue
        numbers = set(copy.rows(str(profile.bsm["field"]))) if profile.bsm["field"] else set()
        lacking, more = sorted(numbers - set(table.numbers)), sorted(set(table.numbers) - numbers)
        if table.rows == copy.features and not (numbers and table.numbers and (lacking or more)):
            continue
        shown = "、".join([*lacking, *more][:_SHOWN])
        words = Text(
            f"{first.upper()} 有 {copy.features} 个要素，属性表有 {table.rows} 行"
            + (f"；不一致的标识码：{shown}。" if shown and table.numbers else "。"),
            f"The {first.upper()} holds {copy.features} features, the table {table.rows} rows"
            + (f"; numbers in only one of them: {shown.replace('、', ', ')}." if shown and table.numbers else "."),
        )
        found.append(Found("COUNT", table.layer, words, _REMEDY, file=table.file))
    return found


def _absent(target: TargetLayer, copies: Sequence[_Copy], absent: Sequence[str]) -> Found:
    words = Text("{there} 中有该图层，{absent} 中没有。", "The layer is in {there}, but not in {absent}.")
    said = words.filled(there=_names([copy.format for copy in copies]), absent=_names(absent))
    return Found("COUNT", target.name, said, _REMEDY, file=copies[0].layers[0].file)


def _names(formats: Sequence[str]) -> Text:
    names = [kind.upper() for kind in formats]
    return Text("、".join(names), ", ".join(names))


def _compared(
    one: _Copy, other: _Copy, target: TargetLayer, profile: Profile, shapes: Mapping[int, Shapes | None]
) -> list[Found]:
    found = []
    if one.features != other.features:
        words = Text("{a} 有 {n} 个要素，{b} 有 {m} 个。", "{a} holds {n} features, {b} {m}.").filled(
            a=one.format.upper(), n=one.features, b=other.format.upper(), m=other.features
        )
        found.append(Found("COUNT", target.name, words, _REMEDY, file=other.layers[0].file))
    name = str(profile.bsm["field"])
    if not name:
        return found
    first, second = one.rows(name), other.rows(name)
    if not first or not second:
        return found
    found += _missing(first, second, one.format, other.format, profile)
    found += _missing(second, first, other.format, one.format, profile)
    fields = [item for item in target.fields if item.name != name]
    sheets = {id(layer): _Sheet(layer, target, shapes.get(id(layer))) for layer in (*one.layers, *other.layers)}
    for number in (number for number in first if number in second):
        (layer, row), (copy, at) = first[number], second[number]
        said = _differs(sheets[id(layer)], row, sheets[id(copy)], at, fields)
        if said is not None:
            found += Rows(copy, profile).found("COUNT", [at], said, _REMEDY)
    return found


def _missing(
    here: Mapping[str, tuple[PackageLayer, int]],
    there: Mapping[str, tuple[PackageLayer, int]],
    kind: str,
    lacking: str,
    profile: Profile,
) -> list[Found]:
    words = Text(
        f"{kind.upper()} 中有该要素，{lacking.upper()} 中没有。",
        f"It is in the {kind.upper()}, not in the {lacking.upper()}.",
    )
    found = []
    for number in sorted(here.keys() - there.keys()):
        layer, row = here[number]
        found += Rows(layer, profile).found("COUNT", [row], words, _REMEDY)
    return found


class _Sheet:
    """A layer for many comparisons: its values as lists, its extents as an array."""

    def __init__(self, layer: PackageLayer, target: TargetLayer, shapes: Shapes | None) -> None:
        self.layer = layer
        named = {item.name: layer.named(item.name) for item in target.fields}
        self.values = {name: layer.columns[own].tolist() for name, own in named.items() if own is not None}
        self.bounds = None if shapes is None else shapely.bounds(shapes)
        self.counts = shapely.get_num_coordinates(layer.geometry)


def _differs(one: _Sheet, row: int, other: _Sheet, at: int, fields: Sequence[TargetField]) -> Text | None:
    a_format, b_format = one.layer.format.upper(), other.layer.format.upper()
    for item in fields:
        if item.name not in one.values or item.name not in other.values:
            continue
        mine, its = one.values[item.name][row], other.values[item.name][at]
        if mine != its and not _same(mine, its, other.layer.format, item.decimals, item.type):
            return Text(
                f"字段 {item.name} 在 {a_format} 中为“{_shown(mine)}”，在 {b_format} 中为“{_shown(its)}”。",
                f"{item.name} is “{_shown(mine)}” in the {a_format}, “{_shown(its)}” in the {b_format}.",
            )
    if one.bounds is None or other.bounds is None:
        return None
    gap = np.abs(one.bounds[row] - other.bounds[at]).max()
    if row in one.layer.curved or at in other.layer.curved:
        return None  # every format has its own way to draw a curve
    has_more = one.counts[row] != other.counts[at] and "VCT" not in (a_format, b_format)
    if gap > _PLACE_DEG or (has_more and np.isfinite(gap)):
        return Text(
            f"图形在 {a_format} 和 {b_format} 中不同。", f"Its shape differs between {a_format} and {b_format}."
        )
    return None


def _shown(value: object) -> str:
    return "" if _empty(value) else str(value)[:20]


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))


def _same(one: object, other: object, kind: str, decimals: int, type_name: str) -> bool:
    if _empty(one) or _empty(other):
        return _empty(one) and _empty(other)
    if type_name in ("Float", "Double", "Int", "Long"):
        try:
            a, b = float(str(one)), float(str(other))
        except ValueError:
            return str(one) == str(other)
        return abs(a - b) <= max(0.6 * 10.0**-decimals if decimals else 0.0, _NUMBER * max(abs(a), abs(b)))
    a_text, b_text = str(one).strip(), str(other).strip()
    if type_name == "Date":
        return _day(a_text) == _day(b_text)
    if kind == "vct":  # a comma or line break inside a value has to give way in a VCT
        a_text, b_text = (text.replace(",", "，").replace("\r", "").replace("\n", " ") for text in (a_text, b_text))
    return a_text == b_text or (kind == "shp" and bool(b_text) and a_text.startswith(b_text) and len(b_text) >= 3)


def _day(text: str) -> str:
    return "".join(sign for sign in text[:10] if sign.isdigit())
