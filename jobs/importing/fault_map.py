"""Draw where the faults of a file lie, as SVG: all rows in grey, those with a finding by its severity."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np
import shapely

from ...layers.findings.kind import SEVERITIES
from ...text import Text

_WIDTH, _HEIGHT, _MARGIN, _LEGEND = 900, 560, 20, 34
_FONT = "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\" font-size=\"13\""
# Shape and colour both tell the severity; the colours are from Okabe and Ito's palette.
_MARKS = {"blocks": ("#d55e00", "M-5,-5L5,5M-5,5L5,-5"), "warns": ("#0072b2", "M0,-5L5,4L-5,4Z")}
_MOST_DRAWN = 4000
_ALL_ROWS = Text("全部行", "All rows")
_DRAWN = Text("（{shown}/{all}）", " ({shown} of {all} drawn)")


def draw_fault_map(
    places: np.ndarray,
    faults: dict[str, np.ndarray],
    language: str,
    outlines: Sequence[shapely.Geometry] = (),
) -> str:
    """Give the picture as SVG text, "" where nothing has a place.

    Parameters
    ----------
    places : numpy.ndarray of float64, shape (n, 2)
        Longitude and latitude of every row, degrees CGCS2000, NaN where unknown.
    faults : dict of str to numpy.ndarray, shape (m, 2)
        The same of the findings, by severity.
    language : str
        "zh" or "en".
    outlines : sequence of shapely geometries
        Counties behind the points.

    Notes
    -----
    The extent is that of the rows between the 1st and the 99th percentile, so that a single lost place does not shrink
    the map; what lies outside is drawn at its edge.
    """
    known = places[np.isfinite(places).all(axis=1)]
    marks = {grave: found[np.isfinite(found).all(axis=1)] for grave, found in faults.items()}
    drawn = np.concatenate([known, *marks.values()]) if marks else known
    if not len(drawn):
        return ""
    base = known if len(known) else drawn
    low, high = np.percentile(base, 1, axis=0), np.percentile(base, 99, axis=0)
    span = np.maximum(high - low, 0.02)
    low, high = low - 0.08 * span, high + 0.08 * span
    squeeze = math.cos(math.radians(float((low[1] + high[1]) / 2)))
    inner = (_WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN - _LEGEND)
    scale = min(inner[0] / ((high[0] - low[0]) * squeeze), inner[1] / (high[1] - low[1]))
    width, height = (high[0] - low[0]) * squeeze * scale, (high[1] - low[1]) * scale
    left, top = (_WIDTH - width) / 2, _MARGIN

    def at(points: np.ndarray) -> np.ndarray:
        inside = np.clip(points, low, high)
        return np.column_stack(
            (left + (inside[:, 0] - low[0]) * squeeze * scale, top + (high[1] - inside[:, 1]) * scale)
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" {_FONT}>',
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height:.1f}" fill="none" stroke="#8888"/>',
    ]
    frame = shapely.box(*low, *high)
    for outline in outlines:
        lines = shapely.intersection(shapely.boundary(shapely.simplify(outline, float(span.max()) / 500)), frame)
        for line in shapely.get_parts(lines):
            if line.geom_type == "LineString" and not line.is_empty:
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in at(shapely.get_coordinates(line)))
                parts.append(f'<polyline points="{points}" fill="none" stroke="#888" stroke-width="0.8"/>')
    dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in at(_thinned(known)))
    parts.append(f'<path d="{dots}" stroke="#999" stroke-width="3" stroke-linecap="round"/>')
    for grave, found in reversed(list(marks.items())):
        colour, shape = _MARKS[grave]
        parts += [
            f'<path transform="translate({x:.1f},{y:.1f})" d="{shape}" stroke="{colour}" stroke-width="1.6" fill="none"/>'
            for x, y in at(_thinned(found))
        ]
    parts += _legend(known, marks, language)
    return "".join([*parts, "</svg>"])


def _thinned(points: np.ndarray) -> np.ndarray:
    return points[:: max(1, math.ceil(len(points) / _MOST_DRAWN))]


def _legend(known: np.ndarray, marks: dict[str, np.ndarray], language: str) -> list[str]:
    y, x = _HEIGHT - 16, _MARGIN
    parts = []
    items = [("", _ALL_ROWS, known), *((grave, SEVERITIES[grave], found) for grave, found in marks.items())]
    for grave, label, found in items:
        if grave:
            colour, shape = _MARKS[grave]
            parts.append(
                f'<path transform="translate({x + 6},{y - 5})" d="{shape}" stroke="{colour}" stroke-width="1.6" '
                'fill="none"/>'
            )
        else:
            parts.append(f'<circle cx="{x + 6}" cy="{y - 5}" r="2" fill="#999"/>')
        words = label.in_language(language) + f" {len(found)}"
        if len(_thinned(found)) < len(found):
            words += _DRAWN.filled(shown=len(_thinned(found)), all=len(found)).in_language(language)
        parts.append(f'<text x="{x + 18}" y="{y}" fill="currentColor">{html.escape(words)}</text>')
        x += 40 + 14 * len(words)
    return parts
