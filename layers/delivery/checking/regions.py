"""Region codes against the place, by polygons of units; and whether a shift would explain them better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from ....text import Text
from ... import datum
from ...shapes import Shapes
from ..profile.model import Profile
from ..regions import Regions
from .found import Found, NotRun
from .identity import REGION_FIELDS
from .source import Package, PackageLayer
from .values import Rows, rows_where

NO_UNITS = Text(
    "没有行政区界线：请给出规划工作区（workspace）或行政区图层（regions）。",
    "There are no administrative boundaries: state a workspace or a layer of regions.",
)
_NEAR_DEG = 1e-8  # a millimetre: a point on a border lies in both units, rounding or not
_LENGTHS = (2, 4, 6, 9, 12)
_LEAST_SHARE = 0.8
_NAMED = 3
_SHIFTS: tuple[tuple[str, Callable[..., tuple[np.ndarray, np.ndarray]]], ...] = (
    ("GCJ-02", datum.gcj02_to_wgs84),
    ("BD-09", datum.bd09_to_wgs84),
)


@dataclass(frozen=True)
class Coded:
    """Region codes of a layer and where its features lie.

    Attributes
    ----------
    codes : numpy.ndarray of str, shape (n,)
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 degrees.
    """

    layer: PackageLayer
    field: str
    codes: np.ndarray
    shapes: Shapes


def coded(layer: PackageLayer, shapes: Shapes | None) -> Coded | None:
    """Give the region codes of a layer with their places; None where it has no such field or no place."""
    if shapes is None:
        return None
    for name in REGION_FIELDS:
        codes = layer.texts(name)
        if codes is not None:
            return Coded(layer, name, codes, shapes)
    return None


def plain_code(code: str) -> str:
    """Give a region code without the zeros that pad it to six or twelve digits."""
    if not code.isdigit():
        return code
    if len(code) == 12:
        code = code[:9] if code.endswith("000") else code
    if len(code) == 9:
        code = code[:6] if code.endswith("000") else code
    if len(code) == 6:
        return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code


def form_found(layer: PackageLayer, profile: Profile) -> list[Found]:
    """Check that region codes have the digits of a province, city, county, town or village, or those of the profile."""
    pad = int(profile.region["pad_to"])
    lengths = (pad,) if pad else _LENGTHS
    rows = Rows(layer, profile)
    found: list[Found] = []
    for name in REGION_FIELDS:
        codes = layer.texts(name)
        if codes is not None:
            wrong = rows_where(codes, lambda code: not (code.isdigit() and len(code) in lengths))
            words = _form_words(name, codes, "、".join(map(str, lengths)))
            remedy = Text("请改为正确的行政区代码。", "Use the right region code.")
            found += rows.found("XZQDM", wrong, words, remedy, codes)
    return found


def _form_words(name: str, codes: np.ndarray, lengths: str) -> Callable[[int], Text]:
    return lambda row: Text(
        f"{name}“{codes[row]}”应为 {lengths} 位数字。", f"{name} “{codes[row]}” should have {lengths} digits."
    )


def located_found(item: Coded, regions: Regions, profile: Profile) -> tuple[list[Found], list[NotRun]]:
    """Check that every feature lies, at least in part, in the unit of its code, and has the name of that unit.

    Where no polygon holds a feature, and none is that of its code, nobody can tell. Of one that lies elsewhere the
    name is not told, too.
    """
    units = _units_of(item.shapes, regions)
    known = {plain_code(str(code)) for codes in regions.codes for code in codes}
    wrong: dict[int, str] = {}
    open_rows = 0
    for row, code in enumerate(item.codes):
        shape = item.shapes[row]
        if not code.isdigit() or shape is None or shape.is_empty:
            continue
        here = units.get(row, [])
        if here and not _agrees(plain_code(code), here):
            wrong[row] = "、".join(dict.fromkeys(here[0]))
        elif not here and any(_alike(plain_code(code), one) for one in known):
            wrong[row] = ""
        elif not here:
            open_rows += 1
    rows = Rows(item.layer, profile)
    found = rows.found(
        "XZQDM",
        list(wrong),
        lambda row: _elsewhere(item.field, str(item.codes[row]), wrong[row]),
        Text("请核对行政区代码和坐标。", "Check the region code and the coordinates."),
        item.codes,
    )
    found += _misnamed(item, regions, rows, wrong)
    if not open_rows:
        return found, []
    reason = Text(
        f"{open_rows} 个要素在所给行政区界线之外，无法判断。",
        f"{open_rows} features lie outside the units given: nobody can tell.",
    )
    return found, [NotRun("XZQDM", item.layer.name, reason)]


def _elsewhere(name: str, code: str, here: str) -> Text:
    if not here:
        return Text(f"{name} 为 {code}，但要素不在该行政区内。", f"{name} is {code}, but it does not lie in that unit.")
    return Text(f"{name} 为 {code}，但要素位于 {here}。", f"{name} is {code}, but it lies in {here}.")


def _units_of(shapes: Shapes, regions: Regions) -> dict[int, list[list[str]]]:
    """Give by row the codes of the units that each feature touches, level by level, the finest first."""
    there = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    found: dict[int, list[list[str]]] = {}
    for codes, tree in zip(regions.codes, regions.trees):
        at, unit = tree.query(shapes[there], predicate="dwithin", distance=_NEAR_DEG)
        level: dict[int, list[str]] = {}
        for row, code in sorted(zip(there[at].tolist(), codes[unit].tolist())):
            level.setdefault(row, []).append(plain_code(str(code)))
        for row, units in level.items():
            found.setdefault(row, []).append(units)
    return found


def _agrees(code: str, here: list[list[str]]) -> bool:
    """Tell whether a code is that of a unit, or of one above or below it, at the finest level that there is."""
    return any(_alike(code, unit) for unit in here[0])


def _alike(one: str, other: str) -> bool:
    digits = min(len(one), len(other))
    return one[:digits] == other[:digits]


def _misnamed(item: Coded, regions: Regions, rows: Rows, but: Collection[int]) -> list[Found]:
    """Find features, but for some, whose XZQMC is not the name of the unit that XZQDM is the code of."""
    names = item.layer.texts("XZQMC")
    if names is None or item.field != "XZQDM":
        return []
    known = {
        plain_code(str(code)): str(name)
        for codes, words in zip(regions.codes, regions.names)
        for code, name in zip(codes, words)
        if name
    }
    wrong = [
        row
        for row, (code, name) in enumerate(zip(item.codes, names))
        if name
        and row not in but
        and (right := known.get(plain_code(code), ""))
        and right not in name
        and name not in right
    ]
    return rows.found(
        "XZQDM",
        wrong,
        lambda row: Text(
            f"XZQMC 为“{names[row]}”，XZQDM {item.codes[row]} 是“{known[plain_code(item.codes[row])]}”。",
            f"XZQMC is “{names[row]}”, but XZQDM {item.codes[row]} is “{known[plain_code(item.codes[row])]}”.",
        ),
        Text("请核对行政区名称。", "Check the name of the unit."),
        names,
    )


def several_names_found(package: Package, profile: Profile) -> list[Found]:
    """Find features whose region name is not the one that most features of their code have."""
    pairs: dict[str, Counter[str]] = {}
    rows_of = []
    for layer in package.layers:
        codes, names = layer.texts("XZQDM"), layer.texts("XZQMC")
        if codes is None or names is None:
            continue
        rows_of.append((layer, codes, names))
        for code, name in zip(codes, names):
            if code and name:
                pairs.setdefault(code, Counter())[name] += 1
    usual = {code: max(sorted(counted), key=counted.__getitem__) for code, counted in pairs.items()}
    found: list[Found] = []
    for layer, codes, names in rows_of:
        wrong = [
            row
            for row, (code, name) in enumerate(zip(codes, names))
            if code and name and name != usual[code] and pairs[code][usual[code]] > pairs[code][name]
        ]
        remedy = Text("请核对行政区代码和名称。", "Check code and name of the unit.")
        found += Rows(layer, profile).found("XZQDM", wrong, _other_name(codes, names, usual), remedy, names)
    return found


def _other_name(codes: np.ndarray, names: np.ndarray, usual: Mapping[str, str]) -> Callable[[int], Text]:
    return lambda row: Text(
        f"XZQMC 为“{names[row]}”，其他代码为 {codes[row]} 的要素是“{usual[codes[row]]}”。",
        f"XZQMC is “{names[row]}”; other features of {codes[row]} have “{usual[codes[row]]}”.",
    )


def datum_found(items: list[Coded], regions: Regions, least: float, number: str) -> tuple[list[Found], list[NotRun]]:
    """Look whether far more features would lie in the unit of their code if they were GCJ-02 or BD-09.

    Parameters
    ----------
    least : float
        Features that have to change sides before anything is said.
    number : str
        The field of feature numbers, "" for none.
    """
    if not items:
        reason = Text("没有带行政区代码的要素。", "No feature has a region code.")
        return [], [NotRun("DATUM", "", reason)]
    shapes = np.concatenate([item.shapes for item in items])
    codes = np.concatenate([item.codes for item in items])
    is_code = np.array([code.isdigit() for code in codes], dtype=bool)
    usable = is_code & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    shapes, codes = shapes[usable], codes[usable]
    owners = [(item, row) for item in items for row in range(len(item.codes))]
    places = [owners[at] for at in np.flatnonzero(usable).tolist()]
    now = _fitting(shapes, codes, regions)
    moved = False
    for name, back in _SHIFTS:
        moved_back = shapely.transform(shapes, _on_pairs(back))
        then = _fitting(np.asarray(moved_back, dtype=object), codes, regions)
        better, worse = int((then & ~now).sum()), int((now & ~then).sum())
        moved |= better + worse >= least
        if better >= least and better >= _LEAST_SHARE * (better + worse):
            words = Text(
                "按 {name} 反算后，有 {better} 个要素改为落入其代码所指的行政区，{worse} 个相反：疑为 {name} 坐标。"
                "改为落入的：{examples}。",
                "Taken as {name}, {better} more features would lie in the unit of their code and {worse} fewer: "
                "the coordinates look like {name}. Those that would: {examples}.",
            ).filled(name=name, better=better, worse=worse, examples=_examples(places, then & ~now, number))
            ask = Text(
                "请向数据提供方查明坐标基准；确为偏移坐标的，用“导入数据”指定基准转换后重新生成。",
                "Ask the provider; if they are shifted, import them with the datum stated and write the package again.",
            )
            return [Found("DATUM", "", words, ask, value=name)], []
    if moved:
        return [], []
    reason = Text(
        "行政区边界附近的要素太少，看不出坐标是否偏移。", "Too few features lie near a border to tell a shift."
    )
    return [], [NotRun("DATUM", "", reason)]


def _examples(places: list[tuple[Coded, int]], chosen: np.ndarray, number: str) -> Text:
    """Name the layers of some features, how many of each, and the first ones by their number or id."""
    numbers = {id(item): item.layer.texts(number) if number else None for item, _ in places}
    by_layer: dict[str, dict[str, None]] = {}
    for at in np.flatnonzero(chosen).tolist():
        item, row = places[at]
        own = numbers[id(item)]
        name = str(own[row]) if own is not None and own[row] else str(item.layer.features[row])
        by_layer.setdefault(item.layer.name, {})[name] = None
    zh = "；".join(
        f"{layer} {len(held)} 个（{'、'.join(list(held)[:_NAMED])}{_more(held, ' 等')}）"
        for layer, held in by_layer.items()
    )
    en = "; ".join(
        f"{layer} {len(held)} ({', '.join(list(held)[:_NAMED])}{_more(held, ', …')})"
        for layer, held in by_layer.items()
    )
    return Text(zh, en)


def _more(held: dict[str, None], words: str) -> str:
    return words if len(held) > _NAMED else ""


def _on_pairs(back: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda places: np.column_stack(back(places[:, 0], places[:, 1]))


def _fitting(shapes: Shapes, codes: np.ndarray, regions: Regions) -> np.ndarray:
    """Tell of each shape whether it touches the unit of its code, shape (n,)."""
    units = _units_of(shapes, regions)
    return np.array(
        [row in units and _agrees(plain_code(str(code)), units[row]) for row, code in enumerate(codes)], dtype=bool
    )
