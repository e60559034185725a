"""Draw a path profile as SVG: terrain on the bulging Earth, clutter, ray, 0.6 of the first Fresnel zone, obstacle."""

from __future__ import annotations

import html
import math
from collections.abc import Callable

import numpy as np

from ..analysis.p1812 import SEA, PathProfile
from ..text import Text

_WIDTH, _HEIGHT = 960, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 22, 64, 58
_FONT = "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\" font-size=\"13\""
_MOST_POINTS = 4 * _WIDTH
_LABEL_WIDTH = 80
_Scale = Callable[[float], float]
_WORDS = {
    "x": Text("距离（km）", "Distance (km)"),
    "y": Text("高度（m，含地球曲率，k={k:.2f}）", "Height (m, with the Earth's bulge, k={k:.2f})"),
    "terrain": Text("地形", "Terrain"),
    "sea": Text("海面", "Sea"),
    "clutter": Text("地物", "Clutter"),
    "ray": Text("视线", "Line of sight"),
    "fresnel": Text("第一菲涅尔区（0.6）", "First Fresnel zone (0.6)"),
    "obstacle": Text("主要障碍 {at:.2f} km", "Main obstacle {at:.2f} km"),
    "tx": Text("发射 {height:g} m", "Tx {height:g} m"),
    "rx": Text("接收 {height:g} m", "Rx {height:g} m"),
    "title": Text(
        "路径剖面：{length:.2f} km，{frequency:g} GHz，损耗 {loss:.1f} dB",
        "Path profile: {length:.2f} km, {frequency:g} GHz, loss {loss:.1f} dB",
    ),
}


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
    profile, obstacle = _thinned(profile, obstacle)
    d, length = profile.distance_km, profile.length_km
    bulge = 500 / radius_km * d * (length - d)
    ground, top = profile.height_m + bulge, profile.surface_m + bulge
    ends = (float(profile.height_m[0]) + antennas_m[0], float(profile.height_m[-1]) + antennas_m[1])
    along = np.linspace(0, length, 181)
    ray = ends[0] + (ends[1] - ends[0]) * along / length
    fresnel = 0.6 * 1e3 * np.sqrt(0.2998e-3 / frequency_ghz * along * (length - along) / length)

    low = float(min(ground.min(), (ray - fresnel).min()))
    high = float(max(top.max(), (ray + fresnel).max()))
    margin = max((high - low) * 0.08, 5.0)
    low, high = low - margin, high + margin
    across, up = (_WIDTH - _LEFT - _RIGHT) / length, (_HEIGHT - _TOP - _BOTTOM) / (high - low)

    def x(km: float) -> float:
        return _LEFT + km * across

    def y(metres: float) -> float:
        return _HEIGHT - _BOTTOM - (metres - low) * up

    def line(kms: np.ndarray, metres: np.ndarray) -> str:
        return " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(kms.tolist(), metres.tolist()))

    def words(key: str, **values: float) -> str:
        return html.escape(_WORDS[key].in_language(language).format(**values))

    floor = f"{x(length):.1f},{_HEIGHT - _BOTTOM} {_LEFT},{_HEIGHT - _BOTTOM}"
    title = words("title", length=length, frequency=frequency_ghz, loss=loss_db)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" {_FONT}>',
        f"<title>{title}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="22" font-size="16" fill="#222222">{title}</text>',
    ]
    parts += _axes(length, low, high, x, y)
    zone = np.concatenate([along, along[::-1]]), np.concatenate([ray + fresnel, (ray - fresnel)[::-1]])
    if bool((profile.clutter_m[1:-1] > 0).any()):
        parts.append(f'<polygon points="{line(d, top)} {floor}" fill="#7fa66a"/>')
    parts.append(f'<polygon points="{line(d, ground)} {floor}" fill="#c9b18a" stroke="#6b5836" stroke-width="1"/>')
    parts += [
        f'<polyline points="{line(d[run], ground[run])}" fill="none" stroke="#1f6fb2" stroke-width="5"/>'
        for run in _sea_runs(profile)
    ]
    parts += [
        f'<polygon points="{line(*zone)}" fill="#0072b2" fill-opacity="0.14" stroke="#0072b2" stroke-dasharray="5 4"/>',
        f'<polyline points="{line(along[[0, -1]], ray[[0, -1]])}" fill="none" stroke="#222222" stroke-width="1.6"/>',
    ]
    for km, at, antenna in ((0.0, ends[0], antennas_m[0]), (length, ends[1], antennas_m[1])):
        parts.append(
            f'<line x1="{x(km):.1f}" y1="{y(at - antenna):.1f}" x2="{x(km):.1f}" y2="{y(at):.1f}" '
            'stroke="#000000" stroke-width="3"/>'
            f'<circle cx="{x(km):.1f}" cy="{y(at):.1f}" r="4" fill="#000000"/>'
        )
    # Above the ray, which may climb over the words of the lower end.
    climb = (y(ends[0]) - y(ends[1])) / (_WIDTH - _LEFT - _RIGHT) * _LABEL_WIDTH
    parts.append(_label(x(0) + 8, y(ends[0]) - 10 - max(climb, 0.0), words("tx", height=antennas_m[0]), "start"))
    parts.append(_label(x(length) - 8, y(ends[1]) - 10 - max(-climb, 0.0), words("rx", height=antennas_m[1]), "end"))
    if obstacle is not None:
        at_x, at_y = x(float(d[obstacle])), y(float(top[obstacle]))
        anchor = "start" if at_x < _WIDTH / 2 else "end"
        parts.append(
            f'<path d="M{at_x:.1f} {at_y - 2:.1f} l-7 -13 h14 z" fill="#d55e00" stroke="#ffffff" stroke-width="1"/>'
        )
        shown = words("obstacle", at=float(d[obstacle]))
        parts.append(_label(at_x + (10 if anchor == "start" else -10), at_y - 20, shown, anchor, "#b34d00"))
    parts.append(_label(_LEFT + (_WIDTH - _LEFT - _RIGHT) / 2, _HEIGHT - 14, words("x"), "middle"))
    tall = words("y", k=radius_km / 6371)
    parts.append(
        f'<text transform="translate(18 {_TOP + (_HEIGHT - _TOP - _BOTTOM) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle" fill="#222222">{tall}</text>'
    )
    parts += _legend(profile, words)
    return "\n".join([*parts, "</svg>", ""])


def _thinned(profile: PathProfile, obstacle: int | None) -> tuple[PathProfile, int | None]:
    """Keep the highest and the lowest point of every half pixel column where there are far more points than that."""
    count = len(profile.distance_km)
    if count <= _MOST_POINTS:
        return profile, obstacle
    surface = profile.surface_m
    edges = np.linspace(0, count, _MOST_POINTS // 2 + 1).astype(np.int64)
    kept = {0, count - 1} | ({obstacle} if obstacle is not None else set())
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist()):
        kept |= {first + int(np.argmax(surface[first:last])), first + int(np.argmin(surface[first:last]))}
    shown = sorted(kept)
    parts = (profile.distance_km, profile.height_m, profile.clutter_m, profile.zone)
    return PathProfile(*(part[shown] for part in parts)), None if obstacle is None else shown.index(obstacle)


def _label(x: float, y: float, words: str, anchor: str, colour: str = "#222222") -> str:
    """Write words with a white rim, so that they read on terrain too."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" stroke="#ffffff" stroke-width="3" '
        f'paint-order="stroke">{words}</text>'
    )


def _axes(length: float, low: float, high: float, x: _Scale, y: _Scale) -> list[str]:
    parts = []
    for value in _ticks(low, high):
        parts.append(
            f'<line x1="{_LEFT}" y1="{y(value):.1f}" x2="{_WIDTH - _RIGHT}" y2="{y(value):.1f}" stroke="#dddddd"/>'
            f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#222222">{value:g}</text>'
        )
    for value in _ticks(0, length):
        parts.append(
            f'<line x1="{x(value):.1f}" y1="{_HEIGHT - _BOTTOM}" x2="{x(value):.1f}" y2="{_HEIGHT - _BOTTOM + 5}" '
            'stroke="#222222"/>'
            f'<text x="{x(value):.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle" fill="#222222">{value:g}</text>'
        )
    return parts


def _ticks(low: float, high: float) -> list[float]:
    """Give five to ten round values."""
    rough = (high - low) / 6
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(at * step, 9) for at in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _sea_runs(profile: PathProfile) -> list[slice]:
    """Give the unbroken runs of at least two sea points."""
    sea = np.concatenate([[False], profile.zone == SEA, [False]])
    change = np.flatnonzero(sea[1:] != sea[:-1]).tolist()
    return [slice(start, end) for start, end in zip(change[::2], change[1::2]) if end - start > 1]


def _legend(profile: PathProfile, words: Callable[..., str]) -> list[str]:
    marks = [("terrain", '<rect x="{x}" y="34" width="22" height="12" fill="#c9b18a" stroke="#6b5836"/>')]
    if (profile.clutter_m[1:-1] > 0).any():
        marks.append(("clutter", '<rect x="{x}" y="34" width="22" height="12" fill="#7fa66a"/>'))
    if _sea_runs(profile):
        marks.append(("sea", '<rect x="{x}" y="37" width="22" height="5" fill="#1f6fb2"/>'))
    marks.append(("ray", '<rect x="{x}" y="39" width="22" height="2" fill="#222222"/>'))
    marks.append(
        (
            "fresnel",
            '<rect x="{x}" y="34" width="22" height="12" fill="#0072b2" fill-opacity="0.14" stroke="#0072b2" '
            'stroke-dasharray="5 4"/>',
        )
    )
    parts, at = [], _LEFT
    for key, mark in marks:
        shown = words(key)
        parts.append(mark.format(x=at))
        parts.append(f'<text x="{at + 28}" y="45" fill="#222222">{shown}</text>')
        at += 28 + sum(14 if ord(sign) > 255 else 7 for sign in shown) + 24
    return parts
