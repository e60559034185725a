"""The picture of a path profile: its title, its ends, and its obstacle, in words."""

from __future__ import annotations

from ...analysis.p1812 import PathProfile
from ...analysis.p1812.clearance import Clearance, clearance
from ...text import Text
from .drawing import drawing, worded
from .page import Page

TX, RX = Text("发射 {height:g} m", "Tx {height:g} m"), Text("接收 {height:g} m", "Rx {height:g} m")
_OBSTACLE = Text("主要障碍 {what}", "Main obstacle {what}")
_ABOVE = Text("{at:.2f} km，高出视线 {by} m", "{at:.2f} km, {by} m above the line")
_BELOW = Text("{at:.2f} km，低于视线 {by} m", "{at:.2f} km, {by} m below the line")
_TITLE = Text(
    "路径剖面：{length:.2f} km，{frequency:g} GHz，损耗 {loss:.1f} dB",
    "Path profile: {length:.2f} km, {frequency:g} GHz, loss {loss:.1f} dB",
)


def draw_profile(
    profile: PathProfile,
    language: str,
    *,
    frequency_ghz: float,
    antennas_m: tuple[float, float],
    radius_km: float,
    obstacle: int | None,
    loss_db: float,
) -> str:
    """Give the picture as SVG text.

    Parameters
    ----------
    profile : PathProfile
    language : str
        "zh" or "en".
    frequency_ghz : float
    antennas_m : tuple of float
        Transmitting and receiving antenna above ground.
    radius_km : float
        Effective Earth radius that the bulge is drawn for.
    obstacle : int or None
        Profile point to mark.
    loss_db : float
        For the title.
    """
    drawn = drawing(
        profile,
        Page(),
        frequency_ghz=frequency_ghz,
        antennas_m=antennas_m,
        radius_km=radius_km,
        obstacle=obstacle,
    )
    labels = {"tx": TX.filled(height=antennas_m[0]), "rx": RX.filled(height=antennas_m[1])}
    if obstacle is not None:
        where = clearance(profile, antennas_m, radius_km, frequency_ghz, obstacle)
        labels["obstacle"] = _OBSTACLE.filled(what=obstacle_words(where))
    title = _TITLE.filled(length=profile.length_km, frequency=frequency_ghz, loss=loss_db)
    shown = {name: words.in_language(language) for name, words in labels.items()}
    return worded(drawn, language, [title.in_language(language)], shown)


def obstacle_words(where: Clearance) -> Text:
    """Say where an obstacle is and how it stands against the line of sight."""
    form = _ABOVE if where.is_cut else _BELOW
    return form.filled(at=where.distance_km, by=metres(abs(where.above_m)))


def metres(value: float) -> str:
    """Write a height with the figures that terrain deserves."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
