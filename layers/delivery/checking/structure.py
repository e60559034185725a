"""Is the package built as the profile says: CRS and layers."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyproj
import shapely

from ....text import Text
from ...datum import is_cgcs2000
from ...zones import FIRST_ZONE, is_transverse, meridian_of_number, number_of, zone_key
from ..profile.model import Profile
from .found import Found, NotRun
from .place import CHINA, Box, outside_china, share_inside
from .source import NONE, Package, PackageLayer
from .values import Rows

_SET_CRS = Text(
    "请确认数据的真实坐标系后，用“定义投影”写入文件。", "Find out the CRS of the data and define it in the file."
)
_SWAP = Text("请互换东、北坐标后重新导出。", "Swap east and north and export again.")
_MOST = 0.5
_CONVERT = Text("请转换到 CGCS2000 后重新导出。", "Convert to CGCS2000 and export again.")


def crs_found(package: Package, profile: Profile, area: Box | None) -> list[Found]:
    """Check that every layer states a CRS on CGCS2000 which its coordinates fit.

    Parameters
    ----------
    area : (float, float, float, float) or None
        West, south, east and north of the administrative units, where there are any.
    """
    found = []
    for layer in package.layers:
        if layer.kind == NONE:
            continue
        if layer.crs is None:
            words = Text("没有坐标系。", "It states no CRS.")
            found.append(Found("2201", layer.name, words, _SET_CRS, file=layer.file))
        elif not is_cgcs2000(layer.crs):
            words = Text("坐标系是 {name}，基准不是 CGCS2000。", "Its CRS is {name}, not on CGCS2000.").filled(
                name=layer.crs.name
            )
            found.append(Found("2201", layer.name, words, _CONVERT, value=layer.crs.name, file=layer.file))
        else:
            found += _misplaced(layer, profile) or _swapped(layer, area)
    return found


def _misplaced(layer: PackageLayer, profile: Profile) -> list[Found]:
    rows = outside_china(layer)
    outside = len(rows)
    if not outside:
        return []
    if outside <= len(layer) / 2:
        words = Text("坐标落在中国之外。", "Its coordinates lie outside China.")
        remedy = Text("请核对该要素的坐标。", "Check the coordinates of this feature.")
        return Rows(layer, profile).found("2201", rows, words, remedy)
    bounds = shapely.total_bounds(layer.geometry)
    swapped = share_inside(layer, CHINA, swapped=True) > _MOST
    said = Text(
        "{count} 个要素的坐标按 {crs} 落在中国之外，坐标与坐标系不符（范围 {box}）。",
        "By {crs}, {count} features lie outside China: coordinates and CRS disagree (extent {box}).",
    ).filled(count=outside, crs=layer.crs.name if layer.crs else "", box=_box(bounds))
    remedy = Text("请核对带号、坐标次序和坐标系。", "Check the zone number, the order of the axes and the CRS.")
    if swapped:
        said = Text(
            f"{said.zh}东、北坐标疑似写反：互换后落在中国境内。",
            f"{said.en} East and north look swapped: the other way round they lie in China.",
        )
    return [Found("2201", layer.name, said, _SWAP if swapped else remedy, file=layer.file)]


def _swapped(layer: PackageLayer, area: Box | None) -> list[Found]:
    """Find a layer that lies inside China, but only with its axes swapped in the units that it is about."""
    if area is None or share_inside(layer, area) > 0 or share_inside(layer, area, swapped=True) <= _MOST:
        return []
    words = Text(
        "要素都不在所给行政区一带，东、北坐标疑似写反：互换后落在其中。",
        "Nothing lies near the administrative units; east and north look swapped: the other way round it does.",
    )
    return [Found("2201", layer.name, words, _SWAP, file=layer.file)]


def _box(bounds: np.ndarray) -> str:
    digits = 6 if np.nanmax(np.abs(bounds)) < 400 else 1
    return ", ".join(f"{value:.{digits}f}" for value in bounds)


def one_crs_found(package: Package, profile: Profile) -> list[Found]:
    """Check that all layers have one CRS; the zones of a package that is split by zone count as one."""
    stated = [(layer, layer.crs) for layer in package.layers if layer.crs is not None and layer.kind != NONE]
    split = profile.crs.get("spans") == "split"
    counted = Counter(_key(crs, split=split) for _, crs in stated)
    if len(counted) < 2:
        return []
    usual = max(sorted(counted), key=lambda key: counted[key])
    found = []
    for layer, crs in stated:
        if _key(crs, split=split) != usual:
            words = Text("坐标系是 {name}，其余图层是 {usual}。", "Its CRS is {name}, that of the others {usual}.")
            others = next(crs.name for _, crs in stated if _key(crs, split=split) == usual)
            found.append(
                Found(
                    "CRS",
                    layer.name,
                    words.filled(name=crs.name, usual=others),
                    Text("请转换到同一坐标系。", "Convert it to the same CRS."),
                    value=crs.name,
                    file=layer.file,
                )
            )
    return found


def _key(crs: pyproj.CRS, *, split: bool) -> str:
    zone = zone_key(crs)
    if zone is not None and is_transverse(crs):
        datum = "CGCS2000" if is_cgcs2000(crs) else crs.name
        return f"{datum} zone, number {zone[1]}" if split else f"{datum} {zone[0]:g} {number_of(crs)}"
    return "CGCS2000 degrees" if is_cgcs2000(crs) and crs.is_geographic else crs.name


def zone_found(package: Package, profile: Profile, lon: dict[int, np.ndarray]) -> list[Found]:
    """Check that the projection is Gauss-Krüger, with or without a number as the profile says, and in the right zone.

    Parameters
    ----------
    lon : dict of numpy.ndarray
        By the identity of a layer, the longitudes of its features.
    """
    found = []
    choices = profile.crs["choices"]
    for layer in package.layers:
        crs = layer.crs
        if crs is None or layer.kind == NONE:
            continue
        if crs.is_geographic and "4490" in choices:
            continue
        zone = zone_key(crs) if is_transverse(crs) else None
        words = None
        if zone is None or _scale(crs) != 1:
            words = Text("坐标系是 {name}，不是高斯-克吕格投影。", "Its CRS is {name}, not Gauss-Krüger.")
        elif zone[1] and meridian_of_number(number_of(crs)) == zone[0] and number_of(crs) < FIRST_ZONE:
            words = Text("{name} 是六度带，规格要求三度带。", "{name} is a 6° zone; the profile asks for a 3° zone.")
        elif zone[0] % 3:
            words = Text("{name} 不是标准三度带的中央经线。", "{name} does not have the meridian of a 3° zone.")
        elif zone[1] and "zone" not in choices:
            words = Text("{name} 的横坐标加了带号，规格不加带号。", "Eastings of {name} have a zone number.")
        elif not zone[1] and "zone-no-prefix" not in choices:
            words = Text("{name} 的横坐标没有带号，规格要加带号。", "Eastings of {name} lack the zone number.")
        else:
            off = np.abs(lon.get(id(layer), np.zeros(0)) - zone[0])
            if len(off) and np.mean(off > 1.5) > 0.5 and _worst_zone(package, lon, zone[0]):
                words = Text(
                    "数据大多不在 {name} 的范围内（距中央经线超过 1.5°）。",
                    "Most of the data lies outside {name} (more than 1.5° from its meridian).",
                )
        if words is not None:
            found.append(
                Found(
                    "2203",
                    layer.name,
                    words.filled(name=crs.name),
                    Text("请投影到数据所在的三度带。", "Project to the 3° zone of the data."),
                    value=crs.name,
                    file=layer.file,
                )
            )
    return found


def _scale(crs: pyproj.CRS) -> float:
    operation = crs.coordinate_operation
    values = {item.name: item.value for item in operation.params} if operation is not None else {}
    return float(values.get("Scale factor at natural origin", 1.0))


def _worst_zone(package: Package, lon: dict[int, np.ndarray], meridian: float) -> bool:
    """Tell whether the package as a whole, not a few features of one layer, lies outside the zone."""
    everything = np.concatenate([lon[id(layer)] for layer in package.layers if id(layer) in lon])
    return bool(np.mean(np.abs(everything - meridian) > 1.5) > 0.5)


def required_found(package: Package, profile: Profile) -> tuple[list[Found], list[NotRun]]:
    """Check that layers which the profile requires are there and have features, in every format that has layers.

    What is in a file that cannot be read nobody can tell.
    """
    found = []
    unread = [kind for layer, kind in sorted(package.unread) if not layer]
    reason = Text("有文件读不出，缺不缺图层无法判断。", "A file cannot be read: what it lacks cannot be told.")
    not_run = [NotRun("3101", "", reason)] if unread else []
    formats = [layer.format for layer in package.layers] + [kind for layer, kind in sorted(package.unread) if layer]
    kinds = dict.fromkeys(formats or ([] if unread else [""]))
    for kind in (one for one in kinds if one not in unread):
        there = [layer for layer in package.layers if layer.format == kind]
        for target in profile.layers:
            same = [layer for layer in there if layer.name == target.name]
            if target.need != "M" or any(len(layer) for layer in same) or (target.name, kind) in package.unread:
                continue
            words = (
                Text("{format}中必备图层 {name}（{alias}）没有要素。", "{format}: required layer {name} is empty.")
                if same
                else Text("{format}中缺少必备图层 {name}（{alias}）。", "{format}: required layer {name} is missing.")
            )
            found.append(
                Found(
                    "3101",
                    target.name,
                    words.filled(
                        format=Text(f"{kind.upper()} ", kind.upper()) if kind else Text("成果包", "the package"),
                        name=target.name,
                        alias=target.alias,
                    ),
                    Text(
                        "请补充数据；确无此类要素时请与接收单位确认。",
                        "Bring the data, or ask the bureau whether it may be missing.",
                    ),
                    file=kind,
                )
            )
    return found, not_run


def names_found(package: Package, profile: Profile) -> list[Found]:
    """Check that every layer is one of the profile, under its exact name, once in a format."""
    known = {target.name for target in profile.layers}
    found = []
    for layer in package.layers:
        own = layer.file_layer
        if own[:1].isdigit():
            found.append(
                _name(
                    layer,
                    Text("图层名以数字开头，FileGDB 不允许。", "Its name begins with a digit; FileGDB refuses it."),
                )
            )
        elif layer.name not in known:
            found.append(_name(layer, Text("规格中没有这个图层。", "The profile has no such layer.")))
        elif own != layer.name and not profile.of_workspace:
            words = Text(
                "图层名 {own} 应为 {name}：大小写与规格不同；已按 {name} 检查。",
                "Its name {own} should be {name}, with the case of the profile; it was checked as {name}.",
            )
            found.append(_name(layer, words.filled(own=own, name=layer.name)))
    return found + _twice(package)


def _name(layer: PackageLayer, words: Text) -> Found:
    remedy = Text("请按规格改名，或移出成果包。", "Rename it as in the profile, or take it out.")
    return Found("LAYERS", layer.file_layer, words, remedy, value=layer.file_layer, file=layer.file)


def _twice(package: Package) -> list[Found]:
    """Find layers that stand twice in a format; those of a package split by zone have one a zone."""
    seen: dict[tuple[str, ...], PackageLayer] = {}
    found = []
    for layer in package.layers:
        key = (layer.part, layer.format, layer.file_layer.upper(), layer.crs.name if layer.crs else "")
        first = seen.setdefault(key, layer)
        if first is not layer:
            words = Text("同一图层还在 {file} 中。", "The layer stands in {file}, too.").filled(file=first.file)
            remedy = Text("请合并为一个，或删除多余的。", "Merge them into one, or delete the other.")
            found.append(Found("LAYERS", layer.file_layer, words, remedy, file=layer.file))
    return found
