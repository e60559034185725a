"""A report's map as markup: ground, marks, north arrow, scale bar, graticule, legend and source line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from ...layers.html_report import words_markup
from ...text import Text, same
from . import map_marks
from .map_frame import Floats, Frame, graticule
from .report_layers import Drawn, ReportLayers
from .words import SCOPE_WORDS

_GROUNDS = {
    "in": 'fill="#f5f0e1" stroke="#6b6455"',
    "out": 'fill="#fff" stroke="#b5b5b5"',
    "to_settle": 'fill="#dcdcdc"',
}
_SETTLE = _GROUNDS["to_settle"] + ' stroke="#6b6455" stroke-dasharray="3 2"'
_BORDER = 'fill="none" stroke="#333" stroke-width="2" stroke-dasharray="10 3 2 3"'
_COAST = 'fill="none" stroke="#6aa5cc" stroke-width="1"'
_COUNTY_WORDS = Text("县界：", "County: ")
_BORDER_WORDS, _COAST_WORDS = Text("国界", "National border"), Text("海岸线", "Coastline")
_SHEET = Text("图例", "Legend")
_PROJECTION = Text(
    "CGCS2000，球面投影（斜轴等角）；比例尺按图幅中心。界线取自工作区，仅作示意，不作划界依据。",
    "CGCS2000, oblique stereographic (conformal); the scale bar holds at the middle. Lines are those of the workspace, "
    "for orientation, not for delimitation.",
)


class Legend(NamedTuple):
    """A line of the legend: a picture of 20 by 16 pixels, and words."""

    picture: str
    words: Text


class Ground(NamedTuple):
    """What lies under the marks, and the names above them.

    Attributes
    ----------
    markup, names : str
    legend : list of Legend
    taken : list of numpy.ndarray
        Boxes that names take.
    """

    markup: str
    names: str
    legend: list[Legend]
    taken: list[Floats]


def ground(frame: Frame, layers: ReportLayers, *, named: Sequence[str] = ()) -> Ground:
    """Draw counties, coast and border.

    Parameters
    ----------
    frame : Frame
    layers : ReportLayers
    named : sequence of str
        Codes of the counties to name; default those in scope.
    """
    parts: list[str] = []
    legend: list[Legend] = []
    taken: list[Floats] = []
    labels = ""
    counties = _near(frame, layers.counties)
    for state, fill in (("out", _GROUNDS["out"]), ("to_settle", _SETTLE), ("in", _GROUNDS["in"])):
        own = counties.where("in_scope", state)
        if len(own.shapes):
            style = f'{fill} stroke-width=".9" fill-rule="evenodd" stroke-linejoin="round"'
            parts.append(map_marks.outline(frame.drawn(own.shapes), style))
            words = SCOPE_WORDS[state]
            said = Text(f"{_COUNTY_WORDS.zh}{words.zh}", f"{_COUNTY_WORDS.en}{words.en.lower()}")
            legend.insert(0, Legend(map_marks.swatch(f'<rect y="2" width="20" height="12" {style}/>'), said))
    for shapes, style, words in ((layers.coast, _COAST, _COAST_WORDS), (layers.border, _BORDER, _BORDER_WORDS)):
        near = _near(frame, Drawn(layers.counties.rows.iloc[:0], shapes)).shapes
        if len(near):
            parts.append(map_marks.outline(frame.drawn(near), f'{style} stroke-linejoin="round"'))
            legend.append(Legend(map_marks.swatch(f'<path d="M0,8h20" {style}/>'), words))
    if len(counties.shapes):
        rows = counties.rows
        wanted = rows["county_code"].isin(named).to_numpy(bool) if named else (rows["in_scope"] == "in").to_numpy(bool)
        inside = shapely.intersection(shapely.make_valid(frame.drawn(counties.shapes[wanted])), frame.box)
        seen = ~shapely.is_empty(inside)
        spots = shapely.get_coordinates(shapely.point_on_surface(inside[seen]))
        words = rows.loc[wanted, "county_name"].fillna("").to_numpy(object)[seen]
        labels = map_marks.names(frame, spots, words.tolist(), size=12, colour="#4d473a", taken=taken)
    return Ground("".join(parts), labels, legend, taken)


def _near(frame: Frame, drawn: Drawn) -> Drawn:
    """Leave out what does not come onto the sheet."""
    if not len(drawn.shapes):
        return drawn
    edge = np.linspace(0, 1, 9)
    ring = [(frame.left + frame.width * t, frame.top + frame.height * s) for t in edge for s in (0.0, 1.0)]
    ring += [(frame.left + frame.width * s, frame.top + frame.height * t) for t in edge for s in (0.0, 1.0)]
    corners = np.array([frame.degrees(x, y) for x, y in ring])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    bounds = shapely.bounds(drawn.shapes)
    seen = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    rows = drawn.rows[seen].reset_index(drop=True) if len(drawn.rows) == len(seen) else drawn.rows
    return Drawn(rows, drawn.shapes[seen])


def sheet(
    frame: Frame, name: str, below: Ground, marks: str, legend: Sequence[Legend], notes: Sequence[Text], source: Text
) -> Text:
    """Put a map together.

    Parameters
    ----------
    frame : Frame
    name : str
        Letters, digits and hyphens; tells this map from the others on the page.
    below : Ground
    marks : str
        Markup, above the ground and beneath its names.
    legend : sequence of Legend
    notes : sequence of Text
        Beneath the legend: what is not on the map.
    source : Text
        Where it is from and of which day.

    Returns
    -------
    Text
        The same markup for both languages, which it bears in itself.
    """
    width, height = frame.size
    box = f'x="{frame.left:.1f}" y="{frame.top:.1f}" width="{frame.width:.1f}" height="{frame.height:.1f}"'
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" font-size="11">'
        f'<clipPath id="{name}-edge"><rect {box}/></clipPath><rect {box} fill="#fafaf8"/>'
        f'<g clip-path="url(#{name}-edge)">{below.markup}{_lines(frame)}{marks}{below.names}</g>'
        f'<rect {box} fill="none" stroke="#333"/>{_degrees(frame)}{_north(frame)}{_bar(frame)}</svg>'
    )
    lines = "".join(f"<li>{line.picture}{words_markup(line.words)}</li>" for line in (*legend, *below.legend))
    said = "".join(f"<small>{words_markup(note)}</small>" for note in (*notes, source, _PROJECTION))
    return same(
        f'<figure class="map" style="--wide:{width / height:.3f}">{drawn}<div><b>{words_markup(_SHEET)}</b><ul>{lines}</ul>{said}</div></figure>'
    )


def _lines(frame: Frame) -> str:
    drawn = "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in pixels.tolist()) for pixels, _, _ in graticule(frame))
    return f'<path d="{drawn}" fill="none" stroke="#8aa" stroke-width=".5" stroke-opacity=".7"/>'


def _degrees(frame: Frame) -> str:
    parts = []
    for _, label, spot in graticule(frame):
        if spot is not None:
            x, y = spot
            at_foot = y >= frame.top + frame.height - 0.01
            place = (
                f'x="{x:.1f}" y="{y + 12:.1f}" text-anchor="middle"'
                if at_foot
                else f'x="{x - 3:.1f}" y="{y + 3:.1f}" text-anchor="end"'
            )
            parts.append(f"<text {place}>{label}</text>")
    return f'<g font-size="9" fill="#555">{"".join(parts)}</g>'


def _north(frame: Frame) -> str:
    x, y = frame.left + frame.width - 24, frame.top + 34
    turn = frame.north_deg(x, y)
    letter = map_marks.text(Text("北", "N"), 0, -20, 'text-anchor="middle" font-size="12" font-weight="bold"')
    return (
        f'<rect x="{x - 17:.1f}" y="{y - 32:.1f}" width="34" height="50" fill="#fff" fill-opacity=".8"/>'
        f'<g transform="translate({x:.1f},{y:.1f}) rotate({turn:.1f})"><path d="M0,-17L6,14L0,8Z" fill="#222"/>'
        f'<path d="M0,-17L-6,14L0,8Z" fill="#fff" stroke="#222"/>{letter}</g>'
    )


def _bar(frame: Frame) -> str:
    length, pixels = frame.bar()
    x, y = frame.left + 12, frame.top + frame.height - 12
    half = pixels / 2
    ends = ((0.0, "0"), (half, f"{length / 2:g}"), (pixels, f"{length:g} km"))
    words = "".join(f'<text x="{x + at:.1f}" y="{y - 8:.1f}" text-anchor="middle">{said}</text>' for at, said in ends)
    return (
        f'<rect x="{x - 9:.1f}" y="{y - 20:.1f}" width="{pixels + 34:.1f}" height="28" fill="#fff" fill-opacity=".8"/>'
        f'<path d="M{x:.1f},{y - 4:.1f}h{pixels:.1f}v5h-{pixels:.1f}z" fill="#fff" stroke="#222"/>'
        f'<path d="M{x:.1f},{y - 4:.1f}h{half:.1f}v5h-{half:.1f}z" fill="#222"/><g font-size="10">{words}</g>'
    )
