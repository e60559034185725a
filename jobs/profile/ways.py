"""The two ways to state a path: on elevation data by its ends, or by a profile file. Standard library only."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...errors import Fault
from ...text import Text

FROM_DEM = {"from": "--from", "to": "--to"}
FROM_FILE = {"tx_lat": "--tx-lat", "tx_lon": "--tx-lon", "rx_lat": "--rx-lat", "rx_lon": "--rx-lon"}
_NUMBER = r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+"
_PLACE = re.compile(rf"({_NUMBER})(?:\s*[,，;；]\s*|\s+)({_NUMBER})")


class Place(NamedTuple):
    """Longitude and latitude in degrees."""

    lon: float
    lat: float


def parse_place(words: str) -> Place:
    """Read ``longitude,latitude``.

    Raises
    ------
    ValueError
        These are no two numbers, or out of bounds.
    """
    found = _PLACE.fullmatch(words.strip())
    if found is None:
        raise ValueError(f"no place: {words}")
    place = Place(float(found[1]), float(found[2]))
    if not (math.fabs(place.lon) <= 180 and math.fabs(place.lat) <= 90):
        raise ValueError(f"no place: {words}")
    return place


def faults_of(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what is missing, too much, or no place."""
    dem, profile = parameters["dem"], parameters["profile"]
    if (dem is None) == (profile is None):
        return [_which(both=dem is not None)]
    needed, unwanted, other = (FROM_FILE, {**FROM_DEM, "step_m": "--step-m"}, "--dem")
    if dem is not None:
        needed, unwanted, other = FROM_DEM, FROM_FILE, "--profile"
    chosen = "--profile" if dem is None else "--dem"
    faults = [
        Fault(
            Text(f"使用 {chosen} 时必须指定 {option}。", f"{option} must be stated with {chosen}."),
            field=name,
        )
        for name, option in needed.items()
        if parameters[name] is None
    ]
    faults += [
        Fault(
            Text(f"{option} 只能与 {other} 一起用。", f"{option} goes with {other} only."),
            Text("请删去它。", "Leave it out."),
            field=name,
            value=str(parameters[name]),
        )
        for name, option in unwanted.items()
        if parameters[name] is not None
    ]
    return faults + [_no_place(name, parameters[name]) for name in FROM_DEM if not _is_place(parameters[name])]


def _is_place(words: str | None) -> bool:
    if words is None:
        return True
    try:
        parse_place(words)
    except ValueError:
        return False
    return True


def _no_place(name: str, words: str) -> Fault:
    return Fault(
        Text(
            f"{FROM_DEM[name]} 应为“经度,纬度”（十进制度，经度在前），实际为“{words}”。",
            f"{FROM_DEM[name]} must be longitude,latitude in decimal degrees, longitude first, not “{words}”.",
        ),
        Text("例如 86.9250,27.9881。", "Such as 86.9250,27.9881."),
        field=name,
        value=words,
    )


def _which(*, both: bool) -> Fault:
    if both:
        message = Text("--dem 与 --profile 不能同时使用。", "--dem and --profile cannot be stated together.")
        return Fault(message, Text("请只保留一个。", "Keep one of them."), field="profile")
    return Fault(
        Text("必须指定高程数据（--dem）或剖面文件（--profile）之一。", "Either --dem or --profile must be stated."),
        Text(
            "有 DEM 时填 --dem、--from 和 --to；只有剖面表时填 --profile。",
            "With elevation data: --dem, --from and --to; with a table of points: --profile.",
        ),
        field="dem",
    )
