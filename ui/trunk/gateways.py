"""How gateways, border crossings, the bands of submarine cables and shared places are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsSymbol

from ...jobs.network.gateways.words import (
    APPLIES,
    BAND_STATES,
    CONFLICT,
    CONFLICT_STATES,
    CROSSING_STATES,
    GATEWAY_STATES,
    JOINED,
    OFF,
    ROLE_LABELS,
    UNKNOWN,
)
from ...jobs.network.shared.place_words import PLACE_LABELS
from ...text import Text
from ..frontier.symbols import state_marker
from ..symbols import BLUE, DARK, GREY, ORANGE, PINK, SKY, VERMILLION, fill, line, marker

Entry = tuple[str, Text, QgsSymbol]
_TWO = Text("{one} · {two}", "{one} · {two}")
_WIDTH = Text("每侧 {m} 米 · {what}", "{m} m on each side · {what}")


_GATEWAYS = {JOINED: (BLUE, DARK, 0.25), OFF: ("#ffffff", VERMILLION, 0.8), UNKNOWN: ("#cccccc", GREY, 0.25)}


def _by_state(labels: Mapping[str, Text], symbols: Mapping[str, QgsSymbol]) -> list[Entry]:
    return [(f"\"state\" = '{code}'", labels[code], symbol) for code, symbol in symbols.items()]


def gateways() -> list[Entry]:
    """Give a mark to each role; one off the network is hollow with a broad rim."""
    made = []
    for role, words in ROLE_LABELS.items():
        shape, size = ("star", 5.0) if role == "gateway" else ("triangle", 3.8)
        for state, said in GATEWAY_STATES.items():
            colour, outline, width_mm = _GATEWAYS[state]
            symbol = marker(shape, colour, size, outline=outline)
            symbol.symbolLayer(0).setStrokeWidth(width_mm)
            made.append((f"\"role\" = '{role}' AND \"state\" = '{state}'", _TWO.filled(one=words, two=said), symbol))
    return made


def crossings() -> list[Entry]:
    """Tell crossings with a cable from those without."""
    marks = {"no": "not_met", UNKNOWN: "cannot_tell", "yes": "met"}
    return _by_state(CROSSING_STATES, {code: state_marker(mark, 3.4) for code, mark in marks.items()})


def bands() -> list[Entry]:
    """Fill the band that applies; of the three that may apply the outlines are drawn, the narrowest on top."""
    made: list[Entry] = [(f"\"state\" = '{APPLIES}'", BAND_STATES[APPLIES], fill("#500072b2", "solid", BLUE, 0.4))]
    for width, colour, pattern in ((50, PINK, "solid"), (100, ORANGE, "dash"), (500, DARK, "dot")):
        which = f'"state" = \'{UNKNOWN}\' AND "width_m" = {width}'
        symbol = fill("#00ffffff", "no", colour, 0.6)
        symbol.symbolLayer(0).setStrokeStyle(line(colour, 0.6, pattern).symbolLayer(0).penStyle())
        made.append((which, _WIDTH.filled(what=BAND_STATES[UNKNOWN], m=width), symbol))
    rest = f'"state" = \'{UNKNOWN}\' AND "width_m" NOT IN (50, 100, 500)'
    return [*made, (rest, BAND_STATES[UNKNOWN], fill("#00ffffff", "no", DARK, 0.5))]


def conflicts() -> list[Entry]:
    """Hatch what lies in a band; what depends on the kind of sea is sparser."""
    looks = {CONFLICT: fill(VERMILLION, "b_diagonal", VERMILLION, 0.6), UNKNOWN: fill(GREY, "f_diagonal", GREY, 0.4)}
    return _by_state(CONFLICT_STATES, looks)


def places() -> list[Entry]:
    """Give a mark to each kind of place that two cables share."""
    marks = {
        "bridge": ("square", DARK),
        "tunnel": ("pentagon", PINK),
        "river": ("diamond", SKY),
        "river_beside": ("half_square", SKY),
        "fault": ("cross2", VERMILLION),
        "fault_beside": ("line", VERMILLION),
        "hazard": ("triangle", ORANGE),
        "other": ("circle", GREY),
    }
    return [
        (f"\"kind\" = '{kind}'", PLACE_LABELS[kind], marker(shape, colour, 3.8, outline=DARK))
        for kind, (shape, colour) in marks.items()
    ]
