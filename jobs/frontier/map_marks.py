"""How things on a report's map are drawn as SVG: points, lines and areas by state, each with a shape of its own."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.scoreboard import MET, OPEN, SHORT
from ...text import Text
from .map_frame import Floats, Frame
from .words import STATUS_MARKS

Shapes = npt.NDArray[np.object_]

STATES = ("met", "cannot_tell", "not_met")  # in the order of drawing: what is missed lies on top
COLOURS = {
    state: STATUS_MARKS[status][1] for state, status in (("met", MET), ("cannot_tell", OPEN), ("not_met", SHORT))
}
# Symbols shrink where one has less than so many square pixels to itself.
_CROWDED = ((60.0, 0.5), (240.0, 0.72))
_LINE = {
    "met": 'stroke-width="2.2"',
    "not_met": 'stroke-width="4.5" stroke-dasharray="9 4"',
    "cannot_tell": 'stroke-width="3" stroke-dasharray="1.5 4"',
}
APART = 'fill="none" stroke="#222" stroke-width="4" stroke-dasharray="3 2"'  # what counts in no state
_HATCH = {
    "met": '<circle cx="4" cy="4" r="1.3" fill="{c}"/>',
    "not_met": '<path d="M-2,2L2,-2M0,8L8,0M6,10L10,6" stroke="{c}" stroke-width="1.6"/>',
    "cannot_tell": '<path d="M0,0L8,8M8,0L0,8" stroke="{c}" stroke-width=".8"/>',
}


def text(words: Text, x: float, y: float, more: str = "") -> str:
    """Write words at a pixel in both languages, of which the page shows one."""
    if words.zh == words.en:
        return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(words.zh)}</text>'
    return "".join(
        f'<text lang="{language}" x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(said)}</text>'
        for language, said in words._asdict().items()
    )


def points(frame: Frame, pixels: Floats, state: npt.NDArray[np.object_]) -> str:
    """Draw a symbol a point: ● met, ○ cannot tell, ▲ not met; what lies on the same spot is drawn once.

    Parameters
    ----------
    frame : Frame
    pixels : numpy.ndarray, shape (n, 2)
        Each is on the drawing.
    state : numpy.ndarray of str, shape (n,)
    """
    room = frame.width * frame.height / max(len(pixels), 1)
    size = next((size for least, size in _CROWDED if room < least), 1.0)
    parts = []
    for name in STATES:
        spots = np.unique(np.round(pixels[state == name] / size), axis=0) * size
        if len(spots):
            parts.append(_symbols(name, spots, size))
    return "".join(parts)


def _symbols(state: str, spots: Floats, size: float) -> str:
    colour, r = COLOURS[state], 3.2 * size
    if state == "met":
        dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in spots.tolist())
        return f'<path d="{dots}" stroke="{colour}" stroke-width="{2 * r:.1f}" stroke-linecap="round"/>'
    if state == "cannot_tell":
        arc = f"a{r:.1f},{r:.1f} 0 1 1 {2 * r:.1f},0a{r:.1f},{r:.1f} 0 1 1 -{2 * r:.1f},0"
        rings = "".join(f"M{x - r:.1f},{y:.1f}{arc}" for x, y in spots.tolist())
        return f'<path d="{rings}" fill="#fff" stroke="{colour}" stroke-width="{1.4 * size:.1f}"/>'
    a = 4.6 * size
    sides = f"l{a:.1f},{1.75 * a:.1f}h-{2 * a:.1f}z"
    triangles = "".join(f"M{x:.1f},{y - 1.1 * a:.1f}{sides}" for x, y in spots.tolist())
    return f'<path d="{triangles}" fill="{colour}" stroke="#fff" stroke-width="{0.6 * size:.1f}"/>'


def lines(frame: Frame, shapes: Shapes, state: npt.NDArray[np.object_]) -> str:
    """Draw lines by state: full met, dashed and bold not met, dotted cannot tell."""
    return "".join(
        f'<path d="{_path(frame.drawn(shapes[state == name]))}" fill="none" stroke="{COLOURS[name]}" {_LINE[name]}/>'
        for name in STATES
        if (state == name).any()
    )


def areas(frame: Frame, shapes: Shapes, state: npt.NDArray[np.object_], name: str) -> str:
    """Draw areas by state: dots met, stripes not met, crosses cannot tell; `name` tells their patterns apart."""
    parts = []
    for key in STATES:
        if (state == key).any():
            parts.append(hatch(f"{name}-{key}", key))
            parts.append(
                f'<path d="{_path(frame.drawn(shapes[state == key]))}" fill="url(#{name}-{key})" '
                f'stroke="{COLOURS[key]}" stroke-width=".8" fill-rule="evenodd"/>'
            )
    return "".join(parts)


def hatch(name: str, state: str) -> str:
    """Define the pattern of a state under a name."""
    colour = COLOURS[state]
    return (
        f'<defs><pattern id="{html.escape(name)}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{colour}" fill-opacity=".14"/>{_HATCH[state].format(c=colour)}</pattern></defs>'
    )


def outline(shapes: Shapes, more: str) -> str:
    """Draw shapes that are in pixels already."""
    path = _path(shapes)
    return f'<path d="{path}" {more}/>' if path else ""


def _path(shapes: Shapes) -> str:
    """Write lines and rings as path data, to a tenth of a pixel."""
    drawn = []
    for part in shapely.get_parts(shapely.get_parts(shapes)):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            spots = shapely.get_coordinates(ring)
            if len(spots) > 1:
                drawn.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in spots.tolist()))
                drawn.append("z" if part.geom_type == "Polygon" else "")
    return "".join(drawn)


def names(frame: Frame, spots: Floats, words: Sequence[str], *, size: float, colour: str, taken: list[Floats]) -> str:
    """Write names at pixels (n, 2), in the order given, leaving out those that would lie on another.

    Parameters
    ----------
    taken : list of numpy.ndarray
        Boxes (left, top, right, bottom) that are taken; those written are added.
    """
    parts = []
    for (x, y), name in zip(spots.tolist(), words):
        half = size * sum(0.5 if ord(letter) > 0x2E80 else 0.3 for letter in name)
        box = np.array([x - half, y - size, x + half, y + size * 0.3])
        inside = box[0] >= frame.left and box[2] <= frame.left + frame.width
        if not inside or any((box[:2] < other[2:]).all() and (box[2:] > other[:2]).all() for other in taken):
            continue
        taken.append(box)
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}">{html.escape(name)}</text>')
    style = f'text-anchor="middle" font-size="{size:g}" fill="{colour}" stroke="#fff" stroke-width="2.6" paint-order="stroke"'
    return f'<g {style} stroke-linejoin="round">{"".join(parts)}</g>' if parts else ""


def sample(kind: str, state: str) -> str:
    """Draw a symbol for the legend: of a point, a line or an area."""
    if kind == "point":
        drawn = _symbols(state, np.array([[10.0, 8.0]]), 1.0)
    elif kind == "line":
        drawn = f'<path d="M0,8h20" stroke="{COLOURS[state]}" {_LINE[state]}/>'
    else:
        name = f"legend-{state}"
        drawn = (
            hatch(name, state) + f'<rect y="2" width="20" height="12" fill="url(#{name})" stroke="{COLOURS[state]}"/>'
        )
    return swatch(drawn)


def swatch(drawn: str) -> str:
    """Put a drawing of 20 by 16 pixels before a line of the legend."""
    return f'<svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true">{drawn}</svg>'


def counts(state: npt.NDArray[np.object_], amounts: npt.NDArray[np.float64] | None = None) -> Mapping[str, float]:
    """Count states, or add up the amounts of each."""
    return {
        name: int((state == name).sum()) if amounts is None else float(amounts[state == name].sum()) for name in STATES
    }
