"""Feature numbers of a whole package, and records that stand twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import shapely

from ....text import Text
from ..profile.model import Profile
from ..regions import county_of
from .found import Found, NotRun
from .source import POINT, Package, PackageLayer
from .values import Rows

REGION_FIELDS = ("XZQDM", "SZXZQDM")


def numbers_found(package: Package, profile: Profile) -> tuple[list[Found], list[NotRun]]:
    """Check that feature numbers are made up as the profile says, and occur once in every format of the package.

    Empty numbers are left to the check of mandatory fields.
    """
    name = profile.bsm["field"]
    if not name:
        reason = Text("成果规格没有标识码。", "The profile has no feature numbers.")
        return [], [NotRun("BSM", "", reason)]
    found: list[Found] = []
    not_run = []
    held: dict[str, list[tuple[PackageLayer, np.ndarray]]] = defaultdict(list)
    own = {target.name: target for target in profile.layers}
    for layer in package.layers:
        target = own.get(layer.name)
        values = layer.texts(name)
        if target is None or target.field(name) is None:
            continue
        if values is None:
            not_run.append(NotRun("BSM", layer.name, Text(f"没有字段 {name}。", f"It has no field {name}.")))
            continue
        found += _formed(layer, values, profile, target.bsm_code)
        held[layer.format].append((layer, values))
    for layers in held.values():
        found += _repeated(_holders(layers), profile)
    return found, not_run


def _holders(layers: Sequence[tuple[PackageLayer, np.ndarray]]) -> dict[str, list[tuple[PackageLayer, int]]]:
    """Give the features of each number that occurs more than once; few do, of a million."""
    numbers = pd.Series(np.concatenate([values for _, values in layers]), dtype=object)
    twice = numbers.duplicated(keep=False).to_numpy() & (numbers != "").to_numpy()
    places: dict[str, list[tuple[PackageLayer, int]]] = defaultdict(list)
    start = 0
    for layer, values in layers:
        for row in np.flatnonzero(twice[start : start + len(values)]).tolist():
            places[values[row]].append((layer, row))
        start += len(values)
    return places


def _formed(layer: PackageLayer, values: np.ndarray, profile: Profile, code: str) -> list[Found]:
    rows = Rows(layer, profile)
    parts = [int(profile.bsm[key]) for key in ("county", "layer", "serial")]
    total, county_digits = sum(parts), parts[0]
    told: list[int] = []
    other_code: dict[str, list[int]] = defaultdict(list)
    regions = next((found for name in REGION_FIELDS if (found := layer.texts(name)) is not None), None)
    for row, value in enumerate(values):
        if not value:
            continue
        if not (value.isascii() and value.isdigit() and len(value) == total):
            told.append(row)
        elif code and value[county_digits : county_digits + parts[1]] != code:
            other_code[value[county_digits : county_digits + parts[1]]].append(row)
        elif regions is not None and _other_county(value[:county_digits], str(regions[row])):
            told.append(row)
    made: list[Found] = []
    for own, its_rows in other_code.items():
        if len(its_rows) > 1 and len(its_rows) > len(values) / 2:
            made.append(_all_coded(layer, [str(values[row]) for row in its_rows], own, code))
            continue
        told += its_rows

    def words(row: int) -> Text:
        value = values[row]
        if not (value.isascii() and value.isdigit() and len(value) == total):
            return Text(
                "标识码“{value}”应为 {total} 位数字（{parts}）。",
                "The number “{value}” should have {total} digits ({parts}).",
            ).filled(value=value, total=total, parts="+".join(map(str, parts)))
        own = value[county_digits : county_digits + parts[1]]
        if code and own != code:
            return Text(
                "标识码 {value} 的要素层代码是 {own}，规格为 {code}。",
                "The layer code in {value} is {own}, not {code}.",
            ).filled(value=value, own=own, code=code)
        return Text(
            "标识码 {value} 的县级代码与行政区代码 {region} 不同。",
            "The number {value} begins with another county than the region code {region}.",
        ).filled(value=value, region="" if regions is None else regions[row])

    return made + rows.found(
        "BSM",
        sorted(told),
        words,
        Text(
            "请按规格重新编号；要素移出原县的请与接收单位确认。",
            "Number it anew; ask where it has moved to another county.",
        ),
        values,
    )


def _all_coded(layer: PackageLayer, values: Sequence[str], own: str, code: str) -> Found:
    """Tell once that most numbers of a layer have another layer code: the profile, or the layer, is another one."""
    return Found(
        "BSM",
        layer.name,
        Text(
            f"{len(values)} 个标识码的要素层代码是 {own}，规格为 {code}（如 {values[0]}）。",
            f"The layer code of {len(values)} numbers is {own}, not {code} (as in {values[0]}).",
        ),
        Text(
            f"标识码交付后不应改变：请先核对规格中的要素层代码（bsm_code），编号时用的是 {own} 就改回 {own}；"
            "确需换号的与接收单位商定后整层重编。",
            f"Numbers stay once handed in: check bsm_code of the profile first, and set it back to {own} if that was "
            "in force; agree with the bureau before a whole layer is numbered anew.",
        ),
        value=own,
        file=layer.file,
    )


def _other_county(stated: str, region: str) -> bool:
    county = county_of(region)
    return bool(county) and len(stated) == len(county) and stated != county


def _repeated(holders: Mapping[str, Sequence[tuple[PackageLayer, int]]], profile: Profile) -> list[Found]:
    """Tell of every feature whose number others have, too, layer by layer."""
    layers: dict[int, PackageLayer] = {}
    rows_of: dict[int, list[int]] = defaultdict(list)
    for places in holders.values():
        if len(places) < 2 or _is_split(places):
            continue
        for layer, row in places:
            layers[id(layer)] = layer
            rows_of[id(layer)].append(row)
    remedy = Text("请为重复的要素另编标识码。", "Give the others numbers of their own.")
    found: list[Found] = []
    for key, layer in layers.items():
        values = layer.texts(profile.bsm["field"])
        if values is not None:
            words = _repeated_words(values, holders)
            found += Rows(layer, profile).found("BSM", sorted(rows_of[key]), words, remedy)
    return found


def _repeated_words(
    values: np.ndarray, holders: Mapping[str, Sequence[tuple[PackageLayer, int]]]
) -> Callable[[int], Text]:
    names: dict[str, list[str]] = {}

    def words(row: int) -> Text:
        value = values[row]
        if value not in names:
            names[value] = sorted({layer.name for layer, _ in holders[value]})  # alike in every format
        return Text(
            "标识码 {value} 出现 {times} 次（{layers}）。", "The number {value} occurs {times} times ({layers})."
        ).filled(value=value, times=len(holders[value]), layers=Text("、".join(names[value]), ", ".join(names[value])))

    return words


def _is_split(places: Sequence[tuple[PackageLayer, int]]) -> bool:
    """Tell whether these are the parts that VCT makes of one feature of several parts: alike but for the shape."""
    first, at = places[0]
    if first.format != "vct" or any(layer is not first for layer, _ in places):
        return False
    same = first.columns.iloc[[row for _, row in places]].astype(str)
    shapes = {first.geometry[row].wkb if first.geometry[row] is not None else b"" for _, row in places}
    return len(same.drop_duplicates()) == 1 and len(shapes) == len(places) and at >= 0


def records_found(layer: PackageLayer, profile: Profile) -> list[Found]:
    """Check that no record stands twice: the same in every field but the number, and neither has a shape."""
    if not len(layer):
        return []
    bare = np.flatnonzero(shapely.is_missing(layer.geometry) | shapely.is_empty(layer.geometry))
    names = [name for name in layer.columns.columns if str(name).upper() != str(profile.bsm["field"]).upper()]
    if len(bare) < 2 or not names:
        return []
    rows = layer.columns[names].iloc[bare].astype(str)
    twice = bare[rows.duplicated().to_numpy()]
    return Rows(layer, profile).found(
        "DUP",
        twice,
        Text("与前面的一条记录完全相同，且都没有图形。", "The same record stands before; neither has a shape."),
        Text("请删除重复的记录。", "Delete one of them."),
    )


def without_shared_sites(found: Sequence[Found], layer: PackageLayer, profile: Profile) -> list[Found]:
    """Leave out points drawn twice whose records differ: several stations may share one place, and often do.

    The layers of a workspace are let share areas, too: a county of one town has the outline of that town.
    """
    doubted = [item for item in found if item.rule == "DUP" and item.feature and item.value]
    if not (layer.kind == POINT or profile.of_workspace) or not doubted:
        return list(found)
    place = {str(feature): row for row, feature in enumerate(layer.features)}
    names = [name for name in layer.columns.columns if str(name).upper() != str(profile.bsm["field"]).upper()]
    texts = [layer.texts(str(name)) for name in names]
    shared = {
        item.feature
        for item in doubted
        if item.value in place
        and any(column is not None and column[place[item.feature]] != column[place[item.value]] for column in texts)
    }
    return [item for item in found if item.rule != "DUP" or item.feature not in shared]
