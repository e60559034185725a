"""Write polygons as the text files of corner coordinates that land offices exchange (报部 TXT).

Header and rows ``J1,ring,north,east`` are those that public planning tools write (facts §2); north stands first, the
easting has the number of its zone, a ring ends with its first corner again, and holes are further rings. The line
before each plot (corners, area in hectares, number, name, 面, map sheet, use, code, @) was seen in several public tools
and in no standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyproj
import shapely

from ....text import Text
from ...zones import Zone, number_of
from ..findings import Finding
from ..mapping import Target, degrees_of
from ..package import WrittenFile
from .writers import Setup, Writing

ENCODING = "GB18030"
_LINE_END = "\r\n"
_PLOT_END = ",@"
_GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
# Fields that say number, name and use of a plot: the first one that a layer has.
_NUMBERS = ("BSM", "DKBH", "DZJGH")
_NAMES = ("SSMC", "XMMC", "DKMC")
_USES = ("TDYTMC", "TDYT", "YDYHFLMC")


def write_txt(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one file a layer of polygons; layers of points and lines have no place in this format.

    In longitude and latitude there is no file, and an error in the report.
    """
    path = folder / "txt"
    polygons = [target for target in targets if target.layer.geometry == "polygon"]
    others = [target.layer.name for target in targets if target.layer.geometry != "polygon"]
    if setup.crs.zone is None:
        return Writing(path, [], [_not_projected()])
    findings = [_only_polygons(others)] if others else []
    if not polygons:
        return Writing(path, [], findings)
    path.mkdir()
    files = []
    for target in polygons:
        file = path / f"{target.layer.name}.txt"
        body = _LINE_END.join([*_head(setup.crs.zone, setup.txt_decimals), *_plots(target, setup), ""])
        file.write_bytes(body.encode(ENCODING))
        written = sum(line.endswith(_PLOT_END) for line in file.read_text(ENCODING).splitlines())
        files.append(WrittenFile(target.layer.name, "txt", file, written))
    return Writing(path, files, [*findings, _unread()])


def _head(zone: Zone, decimals: int) -> list[str]:
    return [
        "[属性描述]",
        "坐标系=2000国家大地坐标系",
        f"几度分带={zone.width_deg}",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone.number}",
        f"精度={10.0**-decimals:.{decimals}f}",
        "转换参数=0,0,0,0,0,0,0",
        "[地块坐标]",
    ]


def _plots(target: Target, setup: Setup) -> list[str]:
    zone = setup.crs.zone
    has_prefix = number_of(pyproj.CRS(setup.crs.code)) > 0
    offset = 0.0 if has_prefix or zone is None else zone.number * 1e6
    shapes = shapely.orient_polygons(target.geometry, exterior_cw=True)
    said = [_column(target, names) for names in (_NUMBERS, _NAMES, _USES)]
    lines = []
    for row, (shape, place) in enumerate(zip(shapes, degrees_of(target.geometry, setup.crs))):
        corners = _corners(shape, offset, setup.txt_decimals)
        area_ha = abs(_GEOD.geometry_area_perimeter(place)[0]) / 10_000
        number, name, use = (values[row] for values in said)
        lines.append(f"{len(corners)},{area_ha:.4f},{number},{name},面,,{use},{_PLOT_END}")
        lines += corners
    return lines


def _column(target: Target, names: Sequence[str]) -> list[str]:
    name = next((name for name in names if name in target.columns), "")
    values = target.columns[name] if name else [None] * len(target)
    return ["" if value is None else _clean(str(value)) for value in values]


def _clean(text: str) -> str:
    return " ".join(text.replace(",", "，").replace("@", "＠").split())


def _corners(shape: shapely.Geometry, offset: float, decimals: int) -> list[str]:
    """Give the rows of all rings; corners are numbered on from ring to ring, and each ring ends with its first."""
    lines, first = [], 1
    for number, ring in enumerate(shapely.get_rings(shape), start=1):
        places = shapely.get_coordinates(ring)[:-1]
        begin = int(np.argmax(places[:, 1] - places[:, 0]))  # the corner in the north-west
        places = np.roll(places, -begin, axis=0)
        names = [*range(first, first + len(places)), first]
        for name, (east, north) in zip(names, [*places.tolist(), places[0].tolist()]):
            lines.append(f"J{name},{number},{north:.{decimals}f},{east + offset:.{decimals}f}")
        first += len(places)
    return lines


def _not_projected() -> Finding:
    return Finding(
        "F05",
        "error",
        "",
        Text(
            "经纬度坐标不能写界址点 TXT，没有写出。", "Longitude and latitude cannot be written as TXT; there is none."
        ),
        Text("请用 crs = zone 或 zone-no-prefix。", "Use crs = zone or zone-no-prefix."),
    )


def _only_polygons(layers: Sequence[str]) -> Finding:
    return Finding(
        "F04",
        "note",
        "",
        Text("界址点 TXT 只有面图层，{layers} 不在其中。", "The TXT has layers of polygons only, not {layers}.").filled(
            layers=Text("、".join(layers), ", ".join(layers))
        ),
        Text("点和线请用其他格式交付。", "Hand in points and lines in another format."),
    )


def _unread() -> Finding:
    return Finding(
        "F04",
        "note",
        "",
        Text(
            "界址点 TXT 的写法按公开的规划工具，标准原文未读到；面积按公顷。",
            "The TXT is as public planning tools write it, no standard was read; areas are in hectares.",
        ),
        Text("请与接收单位核对。", "Ask the bureau about it."),
    )
