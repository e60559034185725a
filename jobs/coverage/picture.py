"""A small map of simulated levels with its legend, as SVG that a report can hold."""

from __future__ import annotations

import base64
import html
import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from ...analysis.radio.tiles import CANNOT_TELL
from ...text import Text
from .blocks import Simulated
from .words import CLASS_COLOURS, STATE_COLOURS, STATE_WORDS, class_labels

_WIDEST = 640
_LEGEND = 250


def overview(made: Simulated, bounds_dbm: Sequence[float]) -> Text:
    """Draw every n-th cell in the colour of its class, and the legend beside it."""
    grid = made.grid
    every = max(1, -(-max(grid.rows, grid.columns) // _WIDEST))
    picture = np.zeros((4, -(-grid.rows // every), -(-grid.columns // every)), dtype=np.uint8)
    colours = np.array([_rgba(colour) for colour in CLASS_COLOURS], dtype=np.uint8)
    edges = np.array(bounds_dbm, dtype=np.float32)
    for block, levels in made.levels():
        rows = slice((-block.row) % every, None, every)
        columns = slice((-block.column) % every, None, every)
        level, state = levels.rsrp[rows, columns], levels.state[rows, columns]
        if not level.size:
            continue
        # Where nothing is received, the weakest class: that is what a gap looks like.
        kind = np.where(np.isnan(level), len(edges), (level[..., None] < edges).sum(axis=-1))
        rgba = colours[kind]
        rgba[state == CANNOT_TELL] = _rgba(STATE_COLOURS[CANNOT_TELL])
        rgba[state == 0] = 0
        top, left = -(-block.row // every), -(-block.column // every)
        picture[:, top : top + level.shape[0], left : left + level.shape[1]] = np.moveaxis(rgba, -1, 0)
    image = base64.b64encode(_png(picture)).decode("ascii")
    stretch = _WIDEST / max(picture.shape[1:])
    # A degree east is shorter than a degree north; cells are about square on the ground.
    width, height = picture.shape[2] * stretch, picture.shape[1] * stretch
    return Text(*(_svg(image, width, height, _legend(bounds_dbm, language)) for language in ("zh", "en")))


def _legend(bounds_dbm: Sequence[float], language: str) -> list[tuple[str, str]]:
    labels = [*class_labels(bounds_dbm), STATE_WORDS[CANNOT_TELL]]
    colours = [*CLASS_COLOURS, STATE_COLOURS[CANNOT_TELL]]
    return [(colour, label.in_language(language)) for colour, label in zip(colours, labels)]


def _svg(image: str, width: float, height: float, legend: Sequence[tuple[str, str]]) -> str:
    parts = [
        f'<image width="{width:.0f}" height="{height:.0f}" preserveAspectRatio="none" style="image-rendering:pixelated" '
        f'href="data:image/png;base64,{image}"/>'
    ]
    for line, (colour, label) in enumerate(legend):
        top = 12 + 26 * line
        parts.append(
            f'<rect x="{width + 14:.0f}" y="{top}" width="22" height="16" fill="{colour}" stroke="#555"/>'
            f'<text x="{width + 44:.0f}" y="{top + 13}" font-size="14" fill="currentColor">{html.escape(label)}</text>'
        )
    size = f"{width + _LEGEND:.0f} {max(height, 30 + 26 * len(legend)):.0f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" style="max-width:100%">{"".join(parts)}</svg>'


def _png(rgba: npt.NDArray[np.uint8]) -> bytes:
    with MemoryFile() as memory, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture, not a map
        with memory.open(driver="PNG", height=rgba.shape[1], width=rgba.shape[2], count=4, dtype="uint8") as file:
            file.write(rgba)
        return bytes(memory.read())


def _rgba(colour: str) -> tuple[int, int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), 255
