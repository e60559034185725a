"""Draw how far two routes are apart, along the first, as SVG: distances on a logarithmic scale, for both ends are one room."""

from __future__ import annotations

import html
import math

import numpy as np
import pandas as pd

from ....text import Text
from ...profile.page import Page, fitting
from .words import PICTURE

_FONT = "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\""
_LEAST_M = 1.0  # what is nearer is drawn here
_WIDTHS = (("trench", "#d55e00", "6 3"), ("corridor", "#e69f00", "2 3"))


def separation_picture(profile: pd.DataFrame, widths_m: tuple[float, float], language: str, names: Text) -> str:
    """Draw the profile with the widths of trench and corridor.

    Parameters
    ----------
    profile : pandas.DataFrame
        ``at_km, apart_m``.
    language : str
        "zh" or "en".
    names : Text
        Both ends.
    """
    page = Page(height=210, top=50, bottom=44)  # flat: it stands in a panel below the map
    at, apart = profile["at_km"].to_numpy(float), np.maximum(profile["apart_m"].to_numpy(float), _LEAST_M)
    length = max(float(at[-1]), 1e-6)
    most = math.ceil(math.log10(max(float(np.nanmax(apart)), 10 * max(widths_m))))
    across, up = (page.end - page.left) / length, (page.floor - page.top) / most

    def y(metres: float) -> float:
        return page.floor - math.log10(metres) * up

    title = fitting(
        f"{PICTURE['title'].in_language(language)} · {names.in_language(language)}", page.width - 20, page.font
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width} {page.height}" width="{page.width}" '
        f'height="{page.height}" role="img" {_FONT} font-size="{page.font}">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{page.width}" height="{page.height}" fill="#ffffff"/>',
        f'<text x="{page.font}" y="{page.title_y}" fill="#222222">{html.escape(title)}</text>',
    ]
    for power in range(most + 1):
        metres = 10**power
        words = f"{metres} m" if power < 3 else f"{metres // 1000} km"
        parts.append(
            f'<line x1="{page.left}" y1="{y(metres):.1f}" x2="{page.end}" y2="{y(metres):.1f}" stroke="#dddddd"/>'
            f'<text x="{page.left - 6}" y="{y(metres) + 4:.1f}" text-anchor="end" fill="#222222">{words}</text>'
        )
    step = _step(length)
    for place in range(int(length / step) + 1):
        x = page.left + place * step * across
        parts.append(
            f'<line x1="{x:.1f}" y1="{page.floor}" x2="{x:.1f}" y2="{page.floor + 5}" stroke="#222222"/>'
            f'<text x="{x:.1f}" y="{page.floor + 7 + page.font}" text-anchor="middle" fill="#222222">{place * step:g}</text>'
        )
    spots = _thinned(at, apart, page.end - page.left)
    line = " ".join(f"{page.left + km * across:.1f},{y(metres):.1f}" for km, metres in spots)
    left, right = f"{page.left},{page.floor}", f"{page.end},{page.floor}"
    parts.append(f'<polygon points="{left} {line} {right}" fill="#0072b2" fill-opacity="0.15"/>')
    parts.append(f'<polyline points="{line}" fill="none" stroke="#0072b2" stroke-width="1.8"/>')
    legend = page.font
    for (name, colour, dash), metres in zip(_WIDTHS, widths_m):
        words = PICTURE[name].in_language(language).format(m=metres)
        at_y = page.title_y + page.font + 6
        parts.append(
            f'<line x1="{page.left}" y1="{y(metres):.1f}" x2="{page.end}" y2="{y(metres):.1f}" stroke="{colour}" '
            f'stroke-width="1.6" stroke-dasharray="{dash}"/>'
            f'<line x1="{legend}" y1="{at_y - 4}" x2="{legend + 26}" y2="{at_y - 4}" stroke="{colour}" stroke-width="1.6" '
            f'stroke-dasharray="{dash}"/><text x="{legend + 32}" y="{at_y}" fill="#222222">{html.escape(words)}</text>'
        )
        legend += 190
    middle = page.left + (page.end - page.left) / 2
    x_words, y_words = (PICTURE[axis].in_language(language) for axis in "xy")
    parts.append(
        f'<text x="{middle:.1f}" y="{page.floor + 36}" text-anchor="middle" fill="#222222">{html.escape(x_words)}</text>'
        f'<text transform="translate({page.font} {(page.top + page.floor) / 2:.0f}) rotate(-90)" text-anchor="middle" '
        f'fill="#222222">{html.escape(y_words)}</text></svg>'
    )
    return "\n".join([*parts, ""])


def _step(length: float) -> float:
    rough = length / 7
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def _thinned(at: np.ndarray, apart: np.ndarray, columns: int) -> list[tuple[float, float]]:
    """Keep the least and the greatest distance of every pixel column: what is nearest must not be lost."""
    edges = np.unique(np.linspace(0, len(at), columns + 1).astype(np.int64))
    kept = {0, len(at) - 1}
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist()):
        kept |= {first + int(np.argmin(apart[first:last])), first + int(np.argmax(apart[first:last]))}
    return [(float(at[place]), float(apart[place])) for place in sorted(kept)]
