"""One small picture a village: why the network reaches its deciding point, or why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...analysis.p1812 import PathProfile
from ...analysis.p1812.clearance import Clearance, clearance
from ...analysis.radio import Propagation, Terrain, path_between
from ...analysis.radio.points import earth_radius_km
from ...text import Text
from ..profile.drawing import drawing, worded
from ..profile.page import Page
from ..profile.picture import RX, TX, metres, obstacle_words

FOLDER = "profiles"
# Half of a map beside two panels on a screen of 1366 pixels: QGIS shows no larger a tip.
PAGE = Page(width=336, height=222, left=50, right=6, top=78, bottom=38, font=11, is_small=True)
_ARROW = Text("{station} → {point}", "{station} → {point}")
_NAMED = Text("{name}（{other}）", "{name} ({other})")
_PATH = Text("{length:.2f} km；{sight}", "{length:.2f} km; {sight}")
_LEVEL = {
    True: Text(
        "{frequency:.3g} GHz：{level:.1f} dBm，高出门限 {threshold:g} dBm {by:.1f} dB",
        "{frequency:.3g} GHz: {level:.1f} dBm, {by:.1f} dB above {threshold:g} dBm",
    ),
    False: Text(
        "{frequency:.3g} GHz：{level:.1f} dBm，低于门限 {threshold:g} dBm {by:.1f} dB",
        "{frequency:.3g} GHz: {level:.1f} dBm, {by:.1f} dB short of {threshold:g} dBm",
    ),
    None: Text(
        "{frequency:.3g} GHz 电平未知，门限 {threshold:g} dBm",
        "Level at {frequency:.3g} GHz not known, {threshold:g} dBm wanted",
    ),
}
_OBSTACLE = Text("障碍 {what}", "Obstacle {what}")
_CUT = Text("视线被遮挡", "line of sight cut")
_NARROW = Text("通视，0.6 菲涅尔区（{need} m）受侵", "in sight, 0.6 Fresnel ({need} m) cut")
_CLEAR = Text("通视，0.6 菲涅尔区无遮挡", "in sight, 0.6 Fresnel zone free")


class VillagePath(NamedTuple):
    """The path from a station to the point that decided a village's verdict.

    Attributes
    ----------
    village_code, village_name, point_name, station_id, station_name : str
        Names may be empty.
    lon, lat : float
        Station, degrees, CGCS2000.
    tx_height_m : float
        Antenna above ground.
    frequency_ghz : float
    to_lon, to_lat : float
        Point, degrees, CGCS2000.
    rx_height_m : float
        Receiver above ground.
    level_dbm : float or None
        Received from that station; None or NaN where it is not known.
    threshold_dbm : float
        What the verdict asks for.
    """

    village_code: str
    village_name: str
    point_name: str
    station_id: str
    station_name: str
    lon: float
    lat: float
    tx_height_m: float
    frequency_ghz: float
    to_lon: float
    to_lat: float
    rx_height_m: float
    level_dbm: float | None
    threshold_dbm: float


def write_profiles(
    folder: Path,
    paths: Sequence[VillagePath],
    land: Terrain,
    model: Propagation,
    checkpoint: Callable[[float], None] | None = None,
) -> dict[str, str]:
    """Draw the path of every village, once in Chinese and once in English.

    Parameters
    ----------
    folder : pathlib.Path
        Result folder; the pictures go to ``profiles/`` in it.
    paths : sequence of VillagePath
        At most one a village.
    land : Terrain
        The terrain that the levels were computed on, with its clutter.
    model : Propagation
        For the bulge of the Earth: the lower grades take 4/3 of its radius.
    checkpoint : callable, optional
        Gets the done fraction and may raise to cancel.

    Returns
    -------
    dict of str to str
        Village code → ``profiles/CODE.zh.svg``, relative to `folder`; the English picture stands beside it as
        ``.en.svg``. A village whose path leaves the terrain, or touches a void, has no picture.

    Raises
    ------
    ValueError
        A village has two paths, or a path has more steps than the radio kernels allow.
    """
    pictures = folder / FOLDER
    radius_km = earth_radius_km(model)
    written: dict[str, str] = {}
    seen: set[str] = set()
    for done, path in enumerate(paths):
        if path.village_code in seen:
            raise ValueError(f"village {path.village_code} has more than one path")
        seen.add(path.village_code)
        if checkpoint is not None:
            checkpoint(done / len(paths))
        profile = path_between(land, path.lon, path.lat, path.to_lon, path.to_lat)
        if profile is None:
            continue
        pictures.mkdir(exist_ok=True)
        name = _file_name(path.village_code)
        for language, picture in zip(("zh", "en"), _pictures(profile, path, radius_km)):
            (pictures / f"{name}.{language}.svg").write_bytes(picture.encode())
        written[path.village_code] = f"{FOLDER}/{name}.zh.svg"
    return written


def _pictures(profile: PathProfile, path: VillagePath, radius_km: float) -> tuple[str, str]:
    """Give the picture in Chinese and in English."""
    antennas = (path.tx_height_m, path.rx_height_m)
    worst = clearance(profile, antennas, radius_km, path.frequency_ghz)
    drawn = drawing(
        profile,
        PAGE,
        frequency_ghz=path.frequency_ghz,
        antennas_m=antennas,
        radius_km=radius_km,
        obstacle=worst.point if worst.is_narrow else None,
    )
    lines = _lines(path, profile.length_km, worst)
    labels = {"tx": TX.filled(height=antennas[0]), "rx": RX.filled(height=antennas[1])}
    if worst.is_narrow:
        labels["obstacle"] = _OBSTACLE.filled(what=obstacle_words(worst))
    zh, en = (
        worded(
            drawn,
            language,
            [line.in_language(language) for line in lines],
            {name: words.in_language(language) for name, words in labels.items()},
        )
        for language in ("zh", "en")
    )
    return zh, en


def _lines(path: VillagePath, length_km: float, worst: Clearance) -> list[Text]:
    """Say from where to where, whether the way is clear, and how strong."""
    station, place = path.station_name or path.station_id, _name(path.village_name, path.point_name)
    narrow = _NARROW.filled(need=metres(worst.zone_m)) if worst.is_narrow else _CLEAR
    way = _PATH.filled(length=length_km, sight=_CUT if worst.is_cut else narrow)
    level, told = path.level_dbm, {"frequency": path.frequency_ghz, "threshold": path.threshold_dbm}
    if level is None or np.isnan(level):
        strength = _LEVEL[None].filled(**told)
    else:
        by = level - path.threshold_dbm
        strength = _LEVEL[by >= 0].filled(level=level, by=abs(by), **told)
    return [_ARROW.filled(station=station, point=place), way, strength]


def _name(name: str, other: str) -> Text:
    if not name or not other or name == other:
        return Text(name or other, name or other)
    return _NAMED.filled(name=name, other=other)


def _file_name(code: str) -> str:
    """Give a name that every file system takes; different codes have different names, in any case of letters."""
    return re.sub("[^0-9a-z-]", lambda found: f"_{ord(found[0]):x}_", code) or "_"
