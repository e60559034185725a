"""What the metadata of a package say: the facts of the package itself, and the planner's words from the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely

from ....text import Text
from ...zones import DeliveryCrs
from ..findings import Finding
from ..mapping import Setting, Target, degrees_of

GEOMETRY_WORDS = {"point": "点", "line": "线", "polygon": "面"}
# What only the planner knows, by its entry in [metadata] of the profile.
WORDS = {
    "name": Text("数据集名称", "name of the data set"),
    "version": Text("版本", "version"),
    "abstract": Text("摘要", "abstract"),
    "state": Text("现状", "state of progress"),
    "start": Text("起始时间", "first day"),
    "end": Text("终止时间", "last day"),
    "scale": Text("比例尺", "scale"),
    "theme": Text("类别", "theme"),
    "security": Text("安全等级", "security grade"),
    "restriction": Text("使用限制", "restriction of use"),
    "owner": Text("负责单位", "unit in charge"),
    "person": Text("联系人", "contact"),
    "role": Text("职责", "role"),
    "phone": Text("电话", "telephone"),
    "fax": Text("传真", "fax"),
    "address": Text("通信地址", "address"),
    "postcode": Text("邮政编码", "postcode"),
    "email": Text("电子信箱", "e-mail"),
    "website": Text("网址", "website"),
    "completeness": Text("完整性", "completeness"),
    "conformity": Text("规范性", "conformity"),
    "accuracy": Text("准确性", "accuracy"),
    "acceptance": Text("检查验收", "acceptance"),
    "lineage": Text("数据志", "lineage"),
    "producer": Text("生产者", "producer"),
    "checker": Text("质检单位", "unit that checked"),
    "checked_on": Text("质检日期", "day of the check"),
    "grade": Text("质量评价", "grade of quality"),
    "remark": Text("说明", "remark"),
}


@dataclass(frozen=True)
class LayerFacts:
    """A layer of the package; bounds are west, south, east, north in its CRS, NaN for a layer without features."""

    name: str
    alias: str
    geometry: str
    fields: tuple[tuple[str, str], ...]
    features: int
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class Known:
    """What the metadata are made of.

    Attributes
    ----------
    package : str
        Its name, without the zone.
    county, county_name : str
    degrees : tuple of float
        West, south, east, north of all features, CGCS2000 degrees; NaN for none.
    vertical : str
        Height datum that the profile states, "" for none.
    formats : tuple of str
        Names of the formats that were written.
    date : str
        ISO day of the delivery, "" where none was stated.
    size_mb : float
        Of the files of the package, without the metadata; NaN where it is not known yet.
    words : mapping of str to str
        The planner's, by the keys of `WORDS`; "" where the profile does not say.
    """

    package: str
    county: str
    county_name: str
    crs: DeliveryCrs
    degrees: tuple[float, float, float, float]
    vertical: str
    layers: tuple[LayerFacts, ...]
    formats: tuple[str, ...]
    date: str
    size_mb: float
    words: Mapping[str, str]

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return self.crs.is_geographic

    @property
    def projection(self) -> Mapping[str, float]:
        """Parameters of the projection by the names that PROJ gives them; empty for degrees."""
        operation = pyproj.CRS(self.crs.code).coordinate_operation
        return {item.name: float(item.value) for item in operation.params} if operation else {}


def known_of(
    package: str, targets: Sequence[Target], setting: Setting, formats: Sequence[str], date: str, size_mb: float
) -> Known:
    """Gather what the metadata say."""
    layers = tuple(
        LayerFacts(
            target.layer.name,
            target.layer.alias,
            target.layer.geometry,
            tuple((field.name, field.alias) for field in target.layer.fields),
            len(target),
            _box(target.geometry),
        )
        for target in targets
    )
    boxes = [_box(degrees_of(target.geometry, setting.crs)) for target in targets if len(target)]
    extent = (np.nan,) * 4
    if boxes:
        array = np.array(boxes)
        extent = (*array[:, :2].min(axis=0).tolist(), *array[:, 2:].max(axis=0).tolist())
    stated: Mapping[str, Any] = setting.profile.metadata
    return Known(
        package,
        setting.county,
        setting.county_name,
        setting.crs,
        extent,
        str(setting.profile.crs["vertical"]),
        layers,
        tuple(formats),
        date,
        size_mb,
        {key: str(stated.get(key, "")).strip() for key in WORDS},
    )


def _box(geometry: np.ndarray) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(geometry).tolist() if len(geometry) else (np.nan,) * 4
    return west, south, east, north


def unstated(known: Known, keys: Sequence[str], place: str) -> list[Finding]:
    """Tell what stays empty because the profile does not say it.

    Parameters
    ----------
    keys : sequence of str
        Keys of `WORDS` that this form of metadata has a place for.
    place : str
        Name of the file.
    """
    lacking = [WORDS[key] for key in keys if not known.words[key]]
    lacking += [] if known.date else [Text("日期", "date")]
    if not lacking:
        return []
    return [
        Finding(
            "META",
            "warning",
            "",
            Text("元数据 {place} 中为空：{names}。", "Empty in the metadata {place}: {names}.").filled(
                place=place,
                names=Text("、".join(item.zh for item in lacking), ", ".join(item.en for item in lacking)),
            ),
            Text(
                "请填入成果规格的 [metadata]，日期用 date 填写，再生成成果包。",
                "Fill them into [metadata] of the profile, the day into date, and write the package again.",
            ),
        )
    ]
