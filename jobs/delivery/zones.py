"""In which CRS, or in which several, a package is written: as its profile says for data that lies in several zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from ...errors import InputError, ParameterError
from ...layers.delivery.checks import CheckedLayer
from ...layers.delivery.findings import Finding, zone_findings
from ...layers.delivery.profile.model import Profile
from ...layers.table import LayerTable
from ...layers.zones import FIRST_ZONE, GEOGRAPHIC, LAST_ZONE, DeliveryCrs, ZoneShare, crs_choice, stated_crs, zone_of
from ...text import Text

_FROM_DATA = ("zone", "zone-no-prefix")


@dataclass(frozen=True)
class Share:
    """What is written in one CRS: all of the data, or where the profile splits it what lies in one zone.

    Attributes
    ----------
    zone : int
        Number of the zone that the files are named by; 0 for the only share.
    """

    crs: DeliveryCrs
    checked: Mapping[str, CheckedLayer]
    zone: int = 0


def wanted_crs(stated: str | None, profile: Profile) -> str:
    """Give the CRS that is asked for, else that of the profile; ParameterError for one that the profile does not have."""
    wanted = stated or str(profile.crs["default"])
    stated_crs(wanted)
    if wanted in ("4490", *_FROM_DATA) and wanted not in profile.crs["choices"]:
        raise ParameterError(
            Text(f"成果规格 {profile.name} 不用坐标系 {wanted}。", f"The profile {profile.name} has no CRS {wanted}."),
            Text(f"可用：{'、'.join(profile.crs['choices'])}。", f"Use {', '.join(profile.crs['choices'])}."),
        )
    return wanted


def shares_of(wanted: str, checked: Mapping[str, CheckedLayer], profile: Profile) -> tuple[list[Share], list[Finding]]:
    """Give what is written in which CRS.

    Parameters
    ----------
    wanted : str
        As `wanted_crs` gives it. A CRS that the planner names holds for all of the data, also where the profile splits.

    Raises
    ------
    InputError
        The data lies in several zones and the profile refuses that.
    """
    bounds = np.concatenate([shapely.bounds(layer.table.geometry) for layer in checked.values()])
    lon, lat = (bounds[:, :2] + bounds[:, 2:]).T / 2
    if not len(lon):
        return [Share(crs_choice("4490", lon), checked)], []
    crs = crs_choice(wanted, lon)
    spans = profile.crs["spans"]
    if crs.zone is None or crs.zone.inside == crs.zone.total or spans == "most":
        return [Share(crs, checked)], zone_findings(crs, lon, lat)
    if spans == "geographic":
        return [Share(crs_choice(GEOGRAPHIC, lon), checked)], zone_findings(crs, lon, lat)
    if spans == "split" and wanted in _FROM_DATA:
        return _split(wanted, checked, lon)
    if spans == "split":
        return [Share(crs, checked)], zone_findings(crs, lon, lat)
    outside = crs.zone.total - crs.zone.inside
    raise InputError(
        Text(
            f"{crs.zone.total} 个要素中有 {outside} 个不在第 {crs.zone.number} 带内，成果规格 {profile.name} 不允许跨带。",
            f"{outside} of {crs.zone.total} features lie outside zone {crs.zone.number}; the profile {profile.name} does "
            "not allow that.",
        ),
        Text("请按带分别交付，或改规格中的 crs.spans。", "Hand in zone by zone, or change crs.spans in the profile."),
    )


def _split(wanted: str, checked: Mapping[str, CheckedLayer], lon: np.ndarray) -> tuple[list[Share], list[Finding]]:
    """Part the rows by the zone in which the middle of their extent lies."""
    numbers = np.clip(zone_of(lon), FIRST_ZONE, LAST_ZONE)
    shares = []
    for place, number in enumerate(np.unique(numbers).tolist()):
        code = ZoneShare(number).epsg(prefix=wanted == "zone")
        at, some = 0, {}
        for name, layer in checked.items():
            rows = np.flatnonzero(numbers[at : at + len(layer.table)] == number)
            at += len(layer.table)
            some[name] = _rows(layer, rows, first=place == 0)
        shares.append(Share(crs_choice(f"EPSG:{code}", lon[numbers == number]), some, number))
    counts = [(share.zone, int((numbers == share.zone).sum())) for share in shares]
    told = Finding(
        "C01",
        "note",
        "",
        Text(
            f"数据跨 {len(shares)} 个投影带，按带分成 {len(shares)} 套文件："
            f"{'，'.join(f'第 {zone} 带 {count} 个要素' for zone, count in counts)}；跨带的线、面归其范围中心所在的带。",
            f"The data lies in {len(shares)} zones and is written as {len(shares)} sets of files: "
            f"{', '.join(f'zone {zone}: {count} features' for zone, count in counts)}. A line or polygon across zones "
            "goes with the middle of its extent.",
        ),
        Text("请与接收单位确认按带分套交付。", "Ask the bureau whether it takes one set of files a zone."),
    )
    return shares, [told]


def _rows(layer: CheckedLayer, rows: np.ndarray, *, first: bool) -> CheckedLayer:
    """Give some rows of a layer; what was left out of the layer goes with the first share."""
    table = LayerTable(
        layer.table.spec, layer.table.columns.iloc[rows].reset_index(drop=True), layer.table.geometry[rows]
    )
    findings = layer.findings if first else []
    return CheckedLayer(table, len(rows) + (layer.left_out if first else 0), findings)
