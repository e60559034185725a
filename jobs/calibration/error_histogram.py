"""Draw how residuals spread, before and after a correction, as SVG; the two differ in fill and in outline."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...text import Text

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 260, 48, 40, 34
_BEFORE, _AFTER = "#d55e00", "#0072b2"  # Okabe-Ito
_BINS = (1.0, 2.0, 5.0, 10.0)
_MOST_BINS = 40
_OUTERMOST_PERCENT = 0.5


def error_histogram(before_db: npt.NDArray[np.float64], after_db: npt.NDArray[np.float64] | None, language: str) -> str:
    """Draw the numbers of residuals by dB.

    Parameters
    ----------
    before_db, after_db : numpy.ndarray of float64, shape (n,)
        Measured less simulated; None where nothing is corrected. Values beyond the outermost half percent count in
        the outermost bar.
    language : str
    """
    parts = [before_db] if after_db is None else [before_db, after_db]
    joined = np.concatenate(parts)
    if not joined.size:
        return ""
    low, high = np.percentile(joined, (_OUTERMOST_PERCENT, 100 - _OUTERMOST_PERCENT))
    width = next((step for step in _BINS if (high - low) / step <= _MOST_BINS), _BINS[-1])
    edges = np.arange(np.floor(min(low, 0) / width), np.ceil(max(high, 0.1) / width) + 1) * width
    counts = [np.histogram(np.clip(part, edges[0], edges[-1]), edges)[0] for part in parts]
    most = max(int(count.max()) for count in counts)
    across = (_WIDTH - _LEFT - 10) / (edges[-1] - edges[0])
    up = (_HEIGHT - _BOTTOM - _TOP) / most

    def x(value: float) -> float:
        return float(_LEFT + (value - edges[0]) * across)

    floor = _HEIGHT - _BOTTOM
    drawn = [
        f'<rect x="{x(edge):.1f}" y="{floor - count * up:.1f}" width="{width * across - 1:.1f}" height="{count * up:.1f}"'
        f' fill="{_BEFORE}" fill-opacity="0.45"/>'
        for edge, count in zip(edges[:-1], counts[0])
        if count
    ]
    if len(counts) == 2:
        line = " ".join(
            f"{x(edge):.1f},{floor - count * up:.1f} {x(edge + width):.1f},{floor - count * up:.1f}"
            for edge, count in zip(edges[:-1], counts[1])
        )
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{_AFTER}" stroke-width="2"/>')
    every = max(1, round(len(edges) / 10))
    ticks = [
        f'<text x="{x(edge):.1f}" y="{floor + 16}" text-anchor="middle">{edge:g}</text>' for edge in edges[::every]
    ]
    words = {
        "axis": Text("实测减仿真（dB）", "Measured less simulated (dB)"),
        "count": Text("网格数", "Cells"),
        "before": Text("校正前", "Before"),
        "after": Text("校正后（留出检验）", "After (held out)"),
    }
    said = {name: text.in_language(language) for name, text in words.items()}
    legend = f'<rect x="{_LEFT}" y="8" width="14" height="10" fill="{_BEFORE}" fill-opacity="0.45"/>'
    legend += f'<text x="{_LEFT + 20}" y="17">{said["before"]}</text>'
    if len(counts) == 2:
        legend += f'<path d="M{_LEFT + 110} 13h18" stroke="{_AFTER}" stroke-width="2"/>'
        legend += f'<text x="{_LEFT + 134}" y="17">{said["after"]}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img" '
        f'font-size="12" fill="currentColor"><title>{said["axis"]}</title>{legend}{"".join(drawn)}'
        f'<path d="M{_LEFT} {_TOP}V{floor}H{_WIDTH - 10}M{x(0):.1f} {floor}V{_TOP}" stroke="currentColor" fill="none" '
        f'stroke-width="1"/>{"".join(ticks)}<text x="{_LEFT - 6}" y="{_TOP + 8}" text-anchor="end">{most}</text>'
        f'<text x="{_LEFT - 6}" y="{floor}" text-anchor="end">0</text>'
        f'<text x="{_WIDTH - 10}" y="{_HEIGHT - 6}" text-anchor="end">{said["axis"]}</text>'
        f'<text x="4" y="{_TOP - 6}">{said["count"]}</text></svg>'
    )
