"""What a check of a delivery can find: the rules, their levels, and a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...text import Text
from ..spec import LayerSpec
from ..zones import DeliveryCrs

LEVELS = {
    "error": Text("错误", "Error"),
    "warning": Text("警告", "Warning"),
    "note": Text("提示", "Note"),
}
RULES = {
    "L01": Text("要交付的图层有数据", "A layer to hand in has features"),
    "L02": Text("写出的要素数与应写数一致", "Files hold as many features as were to be written"),
    "G01": Text("要素有图形", "A feature has a geometry"),
    "G02": Text("图形有效", "A geometry is valid"),
    "G03": Text("无效图形可以修复", "An invalid geometry can be mended"),
    "G04": Text("坐标在中国范围内", "Coordinates lie in China"),
    "G05": Text("图形可以投影到所选坐标系", "A geometry can be projected"),
    "A01": Text("必填字段有值", "Mandatory fields are filled"),
    "A02": Text("取值在代码表内", "Values are in the code list"),
    "A03": Text("数值在允许范围内", "Numbers are within bounds"),
    "A04": Text("代码位数正确", "Codes have the right number of digits"),
    "A05": Text("关键字段不重复", "Key fields are not repeated"),
    "A06": Text("唯一标识不缺、不重复", "UUIDs are present and not repeated"),
    "F01": Text("文字长度不超过 Shapefile 上限", "Text fits into a Shapefile"),
    "F03": Text("文字可用规定的编码写出", "Text can be written in the encoding asked for"),
    "F04": Text("格式能存下规格的全部要求", "The format holds all that the profile asks for"),
    "F05": Text("要求的格式均已写出", "All formats that were asked for are written"),
    "D01": Text("坐标基准可靠", "The datum is reliable"),
    "C01": Text("数据在同一个投影带内", "The data lies in one zone"),
    "C02": Text("数据靠近投影带的中央经线", "The data lies near the central meridian of the zone"),
}


_OTHER_ZONE = Text(
    "请与接收单位商定分带，或改用按数据选带（zone）、经纬度（4490）。",
    "Agree on the zone with the bureau, or let it follow from the data (zone), or use 4490.",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes
    ----------
    rule : str
        Key of `RULES`.
    level : str
        error (mend it before handing in), warning (look at it) or note.
    feature, key : str
        UUID and key fields of the feature; empty where the finding is about a whole layer.
    """

    rule: str
    level: str
    layer: str
    message: Text
    remedy: Text
    feature: str = ""
    key: str = ""


def by_level(findings: Sequence[Finding]) -> dict[str, int]:
    """Give the number of findings of each level, worst first."""
    counted = Counter(finding.level for finding in findings)
    return {level: counted[level] for level in LEVELS}


def zone_findings(crs: DeliveryCrs, lon_deg: np.ndarray, lat_deg: np.ndarray) -> list[Finding]:
    """Say which part of the data lies outside the zone of the CRS, and how far it is stretched there.

    Features more than the width of a zone from its central meridian are a warning, more than twice that an error: the
    CRS is then that of another region, or the data spans too much for one zone.

    Parameters
    ----------
    crs : DeliveryCrs
        With the share of the data in its zone.
    lon_deg, lat_deg : numpy.ndarray, shape (n,)
        Centres of the features.
    """
    zone = crs.zone
    if zone is None:
        return []
    findings = []
    if zone.inside < zone.total:
        findings.append(
            Finding(
                "C01",
                "warning",
                "",
                Text(
                    "{total} 个要素中，中心不在第 {zone} 带内的有 {outside} 个，距中央经线越远变形越大。",
                    "Features with their centre outside zone {zone}: {outside} of {total}. Distortion grows with the "
                    "distance from the central meridian.",
                ).filled(total=zone.total, outside=zone.total - zone.inside, zone=zone.number),
                _OTHER_ZONE,
            )
        )
    off = zone.degrees_off(lon_deg)
    far = np.flatnonzero(off > zone.width_deg)
    if len(far):
        worst = int(far[np.argmax(off[far])])
        stretch = crs.stretch_m_per_km(float(lon_deg[worst]), float(lat_deg[worst]))
        is_wrong = off[worst] > 2 * zone.width_deg
        findings.append(
            Finding(
                "C02",
                "error" if is_wrong else "warning",
                "",
                Text(
                    "距第 {zone} 带中央经线 {meridian}° 超过 {width}° 的要素有 {count} 个，"
                    "最远 {off:.1f}°，该处每公里{stretch}。",
                    "Features more than {width}° from the central meridian {meridian}° of zone {zone}: {count}. "
                    "The farthest is {off:.1f}° off, where a kilometre {stretch}.",
                ).filled(
                    zone=zone.number,
                    meridian=zone.central_meridian_deg,
                    width=zone.width_deg,
                    count=len(far),
                    off=float(off[worst]),
                    stretch=Text(f"变长 {stretch:.2f} 米", f"is {stretch:.2f} m too long")
                    if np.isfinite(stretch)
                    else Text("变形无法计算", "is distorted beyond what can be computed"),
                ),
                _OTHER_ZONE,
            )
        )
    return findings


def layer_absent(spec: LayerSpec) -> Finding:
    """Say that a layer that was asked for has no features."""
    return Finding(
        "L01",
        "error",
        spec.name,
        Text(
            "图层“{label}”没有数据，未写入交付包。", "The layer “{label}” has no features and is not in the package."
        ).filled(label=spec.label),
        Text("请先导入该图层，或从交付图层中去掉。", "Import it first, or take it off the list of layers."),
    )
