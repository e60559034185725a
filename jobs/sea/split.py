"""Divide kinds of sea by what coastal stations cover: by radius, or by levels simulated over the smooth sea."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.areas import geometry_areas
from ...analysis.coverage import coverage_of_units
from ...analysis.point_evidence import has_code
from ...analysis.sea import SeaPart
from ...analysis.sea_data import sea_without_records
from ...analysis.unit_coverage import polygonal
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...rules.pack import Pack, Rule
from ...text import Text
from ..coverage.gap_units import units_with_records
from ..shared.rules import radius_section
from ..shared.stations import Stations
from ..shared.tables import read_units
from .extent import Extent

MET, NOT_MET, CANNOT_TELL = "met", "not_met", "cannot_tell"
STATES = (MET, NOT_MET, CANNOT_TELL)
NO_STATION, PLANNED, WEAK, NO_DATA = "no_station_in_range", "planned", "weak_at_sea", "no_data"
NO_TERRAIN, NOT_SIMULATED = "no_terrain", "station_not_simulated"

_REST_SHARE = 1e-6
_REST_M2 = 1.0


class Piece(NamedTuple):
    """A part of one kind of sea in one state, for one reason.

    Attributes
    ----------
    part : int
        Its place in `Extent.parts`.
    state, reason : str
        MET, NOT_MET or CANNOT_TELL; "" for what is met.
    shape : MultiPolygon
        Degrees, CGCS2000.
    area_m2 : float
        Geodesic area of exactly this shape.
    """

    part: int
    state: str
    reason: str
    shape: shapely.MultiPolygon
    area_m2: float


@dataclass
class SeaSplit:
    """A sea divided by what covers it; the pieces of a part add up to it.

    Attributes
    ----------
    pieces : list of Piece
    evidence : str
        "distance" or "simulated".
    rule : str
        Id of the rule, or of the presets, that judged.
    figures : dict
        For the summary.
    cautions : list of Text
        What the reader must know of the sea.
    radio_cautions : list of Text
        What holds for every simulation with these stations.
    sections : list of Section
        What the report says of the basis.
    done : callable
        To be called when the result is written.
    """

    pieces: list[Piece]
    evidence: str
    rule: str
    figures: dict[str, Any] = field(default_factory=dict)
    cautions: list[Text] = field(default_factory=list)
    radio_cautions: list[Text] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    done: Callable[[], None] = lambda: None

    def area_m2(self, state: str, part: int | None = None) -> float:
        """Give the area in a state, of one part or of all."""
        return sum(piece.area_m2 for piece in self.pieces if piece.state == state and part in (None, piece.part))


def built_stations(stations: Stations, technology: str) -> npt.NDArray[np.bool_]:
    """Tell which rows are existing stations of the technology with a place."""
    return _of_phase(stations, technology, "now")


def _of_phase(stations: Stations, technology: str, phase: str) -> npt.NDArray[np.bool_]:
    table = stations.table
    own = has_code(table, "technology", technology) & (table["phase"] == phase).to_numpy(bool)
    return np.asarray(own & table["lon"].notna().to_numpy(bool) & table["lat"].notna().to_numpy(bool))


def _discs(stations: Stations, technology: str, phase: str) -> tuple[npt.NDArray[np.float64], ...]:
    """Give longitude, latitude and radius of the stations of a phase."""
    table = stations.table[_of_phase(stations, technology, phase)]
    table = table[table["radius_m"].notna()]
    return tuple(table[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m"))


def silent_sea(
    context: RunContext, parts: Sequence[SeaPart], stations: Stations, reach_m: float
) -> shapely.MultiPolygon | None:
    """Give the sea of which no station record speaks; without counties the records speak about their stations."""
    sea = polygonal(shapely.union_all([part.shape for part in parts]))
    counties = read_units(context, "county", ["code"], optional=True)
    if counties is not None and len(counties):
        shapes = [shapely.make_valid(shapely.force_2d(shape)) for shape in counties.geometry]
        held = units_with_records(counties.columns["code"].tolist(), shapes, stations.table)
        speaking, silent = ([s for s, has in zip(shapes, held) if bool(has) == told] for told in (True, False))
        return sea_without_records(sea, _flat(speaking), _flat(silent), reach_m=reach_m)
    table = stations.table
    own = table[table["speaks"].to_numpy(bool) & table["lon"].notna().to_numpy(bool)]
    spots = shapely.points(own["lon"].to_numpy(np.float64), own["lat"].to_numpy(np.float64))
    return sea_without_records(sea, list(spots), [], reach_m=reach_m)


def _flat(shapes: Iterable[Any]) -> list[shapely.MultiPolygon]:
    return [whole for whole in map(polygonal, shapes) if whole is not None]


def by_distance(
    context: RunContext,
    extent: Extent,
    stations: Stations,
    silent: shapely.MultiPolygon | None,
    progress: Callable[[float], None],
) -> SeaSplit:
    """Split by the geodesic discs of the stations' radii, which are those of land."""
    discs = _discs(stations, context["technology"], "now")
    to_come = _discs(stations, context["technology"], "later")
    shapes = [part.shape for part in extent.parts]
    found = coverage_of_units(shapes, *discs, checkpoint=progress)
    later = coverage_of_units(shapes, *to_come).covered
    pieces: list[Piece] = []
    for row, gap in enumerate(found.gap):
        untold, told = _parted(gap, silent)
        planned, left = _parted(told, later[row])
        pieces += _pieces(
            row,
            [
                (MET, "", found.covered[row]),
                (NOT_MET, PLANNED, planned),
                (NOT_MET, NO_STATION, left),
                (CANNOT_TELL, NO_DATA, untold),
            ],
        )
    _check(pieces, extent.parts)
    low = Text(
        "海域按陆地的覆盖半径预设推断，未按海面传播计算，结果偏低。",
        "The sea is judged by the radius presets of land, not by propagation over water: the result is on the low side.",
    )
    return SeaSplit(
        pieces,
        "distance",
        f"signal_radius.{context['technology']}" if context["radius_m"] is None else "radius_m",
        {"stations": len(discs[0])},
        [low],
        [],
        [radius_section(stations.presets)] if stations.presets else [],
    )


def with_sea_rules(context: RunContext, pack: Pack) -> tuple[RunContext, list[Rule]]:
    """Give the same run with the rules of the sea for what the planner did not state, and these rules."""
    own = copy.copy(context)
    stated = dict(context.parameters)
    stated.setdefault("resolution_m", None)
    stated.setdefault("scheduler", "local")
    used = []
    names = {"resolution_m": "sea.cell", "max_range_km": "sea.max_range", "rx_height_m": "sea.rx_height"}
    for name, rule_id in names.items():
        if stated[name] is None:
            rule = pack.rule(rule_id)
            stated[name] = float(rule.value)
            used.append(rule)
    own.parameters = stated
    return own, used


def pieces_of(
    row: int,
    covered: Any,
    gap: Any,
    unknown: Any,
    silent: shapely.MultiPolygon | None,
    unsimulated: shapely.MultiPolygon | None,
) -> list[Piece]:
    """Sort what a simulation left of one part by reasons."""
    by_silence, told = _parted(gap, silent)
    by_station, by_terrain = _parted(unknown, unsimulated)
    return _pieces(
        row,
        [
            (MET, "", covered),
            (NOT_MET, WEAK, told),
            (CANNOT_TELL, NO_DATA, by_silence),
            (CANNOT_TELL, NOT_SIMULATED, by_station),
            (CANNOT_TELL, NO_TERRAIN, by_terrain),
        ],
    )


def either(one: SeaSplit, other: SeaSplit, parts: Sequence[SeaPart]) -> SeaSplit:
    """Give the split by two technologies of which either will do: what neither covers is a gap if both say so."""
    pieces: list[Piece] = []
    for row in range(len(parts)):
        first, second = ([piece for piece in split.pieces if piece.part == row] for split in (one, other))
        left = [piece.shape for piece in first + second if piece.state == MET]
        done = polygonal(shapely.union_all(left)) if left else None
        found: list[tuple[str, str, Any]] = [(MET, "", done)]
        for state in (CANNOT_TELL, NOT_MET):
            for piece in first + second:
                if piece.state == state:
                    rest = _parted(piece.shape, done)[1]
                    found.append((state, piece.reason, rest))
                    if rest is not None:
                        done = rest if done is None else polygonal(shapely.union(done, rest))
        pieces += _pieces(row, found)
    _check(pieces, parts)
    cautions = [*one.cautions, *(words for words in other.cautions if words not in one.cautions)]
    return SeaSplit(pieces, one.evidence, one.rule, cautions=cautions)


def _parted(shape: Any, region: shapely.MultiPolygon | None) -> tuple[Any, Any]:
    """Give what of a shape lies in a region, and the rest."""
    if shape is None or region is None:
        return None, shape
    return polygonal(shapely.intersection(shape, region)), polygonal(shapely.difference(shape, region))


def _pieces(row: int, found: Iterable[tuple[str, str, Any]]) -> list[Piece]:
    return [
        Piece(row, state, reason, shape, float(geometry_areas([shape])[0]))
        for state, reason, shape in found
        if shape is not None
    ]


def check_sums(pieces: Sequence[Piece], parts: Sequence[SeaPart]) -> None:
    """Raise ArithmeticError where the pieces of a part do not add up to it: a fault of the program."""
    _check(pieces, parts)


def _check(pieces: Sequence[Piece], parts: Sequence[SeaPart]) -> None:
    for row, part in enumerate(parts):
        total = sum(piece.area_m2 for piece in pieces if piece.part == row)
        if abs(total - part.area_m2) > _REST_SHARE * part.area_m2 + _REST_M2:
            raise ArithmeticError(f"the pieces of {part.kind} add up to {total:.0f} m², not {part.area_m2:.0f}")
