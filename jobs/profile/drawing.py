"""Draw a path profile as SVG: terrain on the bulging Earth, clutter, line of sight, Fresnel zone, obstacle.

What has no words is drawn once (`drawing`); each language then adds its words (`worded`).
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.p1812 import SEA, PathProfile
from ...analysis.p1812.clearance import fresnel_m
from ...analysis.p1812.geometry import bulge_m
from ...text import Text
from .page import Page, fitting, label, width_px

_FONT = "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\""
_SIDES = 90  # of the Fresnel zone's outline
_EARTH_KM = 6371
_LEAST_SPAN_M = 40.0  # that flat land is drawn over
_Scale = Callable[[float], float]
_WORDS = {
    "x": Text("距发射端（km）", "Distance from the transmitter (km)"),
    "y": Text("高度（m，含地球曲率，k={k:.2f}）", "Height (m), Earth's bulge k={k:.2f}"),
    "terrain": Text("地形", "Terrain"),
    "sea": Text("海面", "Sea"),
    "clutter": Text("地物", "Clutter"),
    "ray": Text("视线", "Line of sight"),
    "fresnel": Text("第一菲涅尔区（0.6）", "First Fresnel zone (0.6)"),
}
_SHORT = {
    "y": Text("高度（m），k={k:.2f}", "Height (m), k={k:.2f}"),
    "fresnel": Text("0.6 菲涅尔区", "0.6 Fresnel zone"),
}


@dataclass(frozen=True)
class Drawing:
    """A picture that lacks its words.

    Attributes
    ----------
    page : Page
    markup : str
        Everything that reads the same in every language.
    places : dict of str to tuple
        Where the labels ``tx``, ``rx`` and ``obstacle`` begin or end: x, y and the SVG text anchor.
    marks : tuple of str
        What the legend explains.
    earth : float
        Factor k of the effective Earth radius.
    """

    page: Page
    markup: str
    places: dict[str, tuple[float, float, str]]
    marks: tuple[str, ...]
    earth: float


def drawing(
    profile: PathProfile,
    page: Page,
    *,
    frequency_ghz: float,
    antennas_m: tuple[float, float],
    radius_km: float,
    obstacle: int | None,
) -> Drawing:
    """Draw what needs no words.

    Parameters
    ----------
    profile : PathProfile
    page : Page
    frequency_ghz : float
    antennas_m : tuple of float
        Transmitting and receiving antenna above ground.
    radius_km : float
        Effective Earth radius that the bulge is drawn for.
    obstacle : int or None
        Profile point to mark.
    """
    profile, obstacle = _thinned(profile, obstacle, 4 * page.width)
    d, length = profile.distance_km, profile.length_km
    bulge = bulge_m(d, length, radius_km)
    ground, top = profile.height_m + bulge, profile.surface_m + bulge
    ends = (float(profile.height_m[0]) + antennas_m[0], float(profile.height_m[-1]) + antennas_m[1])
    along = np.linspace(0, length, _SIDES + 1)
    ray, fresnel = ends[0] + (ends[1] - ends[0]) * along / length, fresnel_m(along, length, frequency_ghz)

    low = float(min(ground.min(), (ray - fresnel).min()))
    high = float(max(top.max(), (ray + fresnel).max()))
    mark = page.font  # height of the obstacle's mark
    below, words_above = page.font + 8, 2 * page.font + 10
    floor_m, peaks = low, [(max(high, low + _LEAST_SPAN_M), 8)]
    if obstacle is not None:
        peaks.append((float(top[obstacle]), words_above))
    metres_per_px = max((peak - floor_m) / (page.floor - page.top - below - above) for peak, above in peaks)
    low, high = floor_m - below * metres_per_px, floor_m + (page.floor - page.top - below) * metres_per_px
    across, up = (page.end - page.left) / length, (page.floor - page.top) / (high - low)

    def x(km: float) -> float:
        return page.left + km * across

    def y(metres: float) -> float:
        return page.floor - (metres - low) * up

    def line(kms: np.ndarray, metres: np.ndarray) -> str:
        both = np.column_stack([page.left + kms * across, page.floor - (metres - low) * up])
        return ("%.1f,%.1f " * len(both) % tuple(both.ravel().tolist())).rstrip()

    floor = f"{page.end},{page.floor} {page.left},{page.floor}"
    parts = _axes(page, length, low, high, x, y)
    has_clutter, sea = bool((profile.clutter_m[1:-1] > 0).any()), _sea_runs(profile)
    if has_clutter:
        parts.append(f'<polygon points="{line(d, top)} {floor}" fill="#7fa66a"/>')
    parts.append(f'<polygon points="{line(d, ground)} {floor}" fill="#c9b18a" stroke="#6b5836" stroke-width="1"/>')
    parts += [
        f'<polyline points="{line(d[run], ground[run])}" fill="none" stroke="#1f6fb2" stroke-width="5"/>' for run in sea
    ]
    zone = np.concatenate([along, along[::-1]]), np.concatenate([ray + fresnel, (ray - fresnel)[::-1]])
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
    # At the foot of the masts nothing else is drawn: below the lowest of ground and Fresnel zone there is a margin.
    places = {"tx": (x(0) + 6, page.floor - 5.0, "start"), "rx": (x(length) - 6, page.floor - 5.0, "end")}
    if obstacle is not None:
        at_x, at_y = x(float(d[obstacle])), y(float(top[obstacle]))
        parts.append(
            f'<path d="M{at_x:.1f} {at_y - 2:.1f} l-{mark / 2:g} -{mark} h{mark} z" fill="#d55e00" stroke="#ffffff"/>'
        )
        is_left = at_x < page.width / 2
        places["obstacle"] = (at_x + (5 if is_left else -5), at_y - mark - 6, "start" if is_left else "end")
    marks = ("terrain", *(["clutter"] if has_clutter else []), *(["sea"] if sea else []), "ray", "fresnel")
    return Drawing(page, "\n".join(parts), places, marks, radius_km / _EARTH_KM)


def worded(drawn: Drawing, language: str, lines: Sequence[str], labels: Mapping[str, str]) -> str:
    """Add the words of one language and give the whole SVG.

    Parameters
    ----------
    drawn : Drawing
    language : str
        "zh" or "en".
    lines : sequence of str
        Plain text above the picture: a title, and smaller lines below it. What is too long for the page is cut.
    labels : mapping of str to str
        Plain text for each of the drawing's `places`.
    """
    page = drawn.page
    shown = [
        html.escape(fitting(line, page.width - 2 * page.font, page.font + 3 * (not k))) for k, line in enumerate(lines)
    ]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width} {page.height}" width="{page.width}" '
        f'height="{page.height}" role="img" {_FONT} font-size="{page.font}">',
        f"<title>{html.escape(lines[0])}</title>",
        f'<rect width="{page.width}" height="{page.height}" fill="#ffffff"/>',
        f'<text x="{page.font}" y="{page.title_y}" font-size="{page.font + 3}" fill="#222222">{shown[0]}</text>',
    ]
    parts += [
        f'<text x="{page.font}" y="{page.title_y + k * (page.font + 5)}" fill="#222222">{line}</text>'
        for k, line in enumerate(shown)
        if k
    ]
    parts.append(drawn.markup)
    for name, (at_x, at_y, anchor) in drawn.places.items():
        parts.append(label(page, at_x, at_y, labels[name], anchor, "#b34d00" if name == "obstacle" else "#222222"))
    middle = page.left + (page.end - page.left) / 2
    x_words, y_words = (_words(axis, page).in_language(language).format(k=drawn.earth) for axis in ("x", "y"))
    parts.append(
        f'<text x="{middle:.1f}" y="{page.floor + 18 + round(1.5 * page.font)}" text-anchor="middle" fill="#222222">{x_words}</text>'
    )
    parts.append(
        f'<text transform="translate({page.font + 1} {page.top + (page.floor - page.top) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle" fill="#222222">{html.escape(y_words)}</text>'
    )
    parts += _legend(drawn, language)
    return "\n".join([*parts, "</svg>", ""])


def _words(name: str, page: Page) -> Text:
    return _SHORT.get(name, _WORDS[name]) if page.is_small else _WORDS[name]


def _thinned(profile: PathProfile, obstacle: int | None, most: int) -> tuple[PathProfile, int | None]:
    """Keep the highest and the lowest point of every half pixel column where there are far more points than that."""
    count = len(profile.distance_km)
    if count <= most:
        return profile, obstacle
    surface = profile.surface_m
    edges = np.linspace(0, count, most // 2 + 1).astype(np.int64)
    kept = {0, count - 1} | ({obstacle} if obstacle is not None else set())
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist()):
        kept |= {first + int(np.argmax(surface[first:last])), first + int(np.argmin(surface[first:last]))}
    shown = sorted(kept)
    parts = (profile.distance_km, profile.height_m, profile.clutter_m, profile.zone)
    return PathProfile(*(part[shown] for part in parts)), None if obstacle is None else shown.index(obstacle)


def _axes(page: Page, length: float, low: float, high: float, x: _Scale, y: _Scale) -> list[str]:
    parts = []
    for value in _ticks(low, high):
        parts.append(
            f'<line x1="{page.left}" y1="{y(value):.1f}" x2="{page.end}" y2="{y(value):.1f}" stroke="#dddddd"/>'
            f'<text x="{page.left - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#222222">{value:g}</text>'
        )
    for value in _ticks(0, length):
        parts.append(
            f'<line x1="{x(value):.1f}" y1="{page.floor}" x2="{x(value):.1f}" y2="{page.floor + 5}" stroke="#222222"/>'
            f'<text x="{x(value):.1f}" y="{page.floor + 7 + page.font}" text-anchor="middle" fill="#222222">{value:g}</text>'
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


_MARKS = {
    "terrain": '<rect x="{x}" y="{y}" width="{w}" height="12" fill="#c9b18a" stroke="#6b5836"/>',
    "clutter": '<rect x="{x}" y="{y}" width="{w}" height="12" fill="#7fa66a"/>',
    "sea": '<rect x="{x}" y="{middle}" width="{w}" height="5" fill="#1f6fb2"/>',
    "ray": '<rect x="{x}" y="{middle}" width="{w}" height="2" fill="#222222"/>',
    "fresnel": '<rect x="{x}" y="{y}" width="{w}" height="12" fill="#0072b2" fill-opacity="0.14" stroke="#0072b2" '
    'stroke-dasharray="5 4"/>',
}


def _legend(drawn: Drawing, language: str) -> list[str]:
    page, parts, at = drawn.page, [], drawn.page.font
    y, wide, gap = page.top - round(1.9 * page.font), round(1.7 * page.font), round(page.font * 0.8)
    for name in drawn.marks:
        shown = _words(name, page).in_language(language)
        parts.append(_MARKS[name].format(x=at, y=y, middle=y + 5, w=wide))
        parts.append(f'<text x="{at + wide + 5}" y="{y + 11}" fill="#222222">{shown}</text>')
        at += wide + 5 + math.ceil(width_px(shown, page.font)) + gap
    return parts
