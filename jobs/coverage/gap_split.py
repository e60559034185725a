"""The two ways to split units into covered and open: by the stations' radii, and by levels simulated on terrain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...analysis.coverage import coverage_of_units
from ...analysis.radio.tiles import CANNOT_TELL, COVERED, GAP
from ...analysis.reach import any_within_own_radius
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...text import Text
from ..radio.inputs import read_radio
from ..shared.rules import radius_section, rule_section, validity_cautions
from ..shared.stations import Stations
from .blocks import simulate
from .gap_report import SplitAreas
from .gap_units import gaps_with_records, units_with_records
from .report import cells_section, threshold_rule
from .units import states_of_units, whole_polygons
from .unsimulated import unsimulated_section, without_false_gaps

Flags = npt.NDArray[np.bool_]


@dataclass
class Split:
    """Units split by what reaches them.

    Attributes
    ----------
    covered, gap, unknown : list of MultiPolygon or None, one a unit
    areas : SplitAreas
    has_records : numpy.ndarray of bool, one a unit
        See `units_with_records`.
    method : list of str, one a unit
    village_in_gap, village_untold : numpy.ndarray of bool, one a village
    cautions : list of Text
    figures : dict
        More keys of the summary.
    sections : callable
        Takes the summary, gives what the report says of the basis.
    done : callable
        To be called when the result is written.
    """

    covered: list[Any]
    gap: list[Any]
    unknown: list[Any]
    areas: SplitAreas
    has_records: Flags
    method: list[str]
    village_in_gap: Flags
    village_untold: Flags
    cautions: list[Text]
    figures: dict[str, Any]
    sections: Callable[[dict[str, Any]], list[Section]]
    done: Callable[[], None] = lambda: None


def by_distance(
    context: RunContext,
    units: Sequence[Any],
    codes: Sequence[Any],
    stations: Stations,
    village_lon: npt.NDArray[np.float64],
    village_lat: npt.NDArray[np.float64],
) -> Split:
    """Split by the geodesic discs of the stations' radii."""
    table = stations.table
    now = table[(table["phase"] == "now") & table["radius_m"].notna()]
    lon, lat, radius = (now[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m"))
    split = coverage_of_units(
        units, lon, lat, radius, checkpoint=context.part(0.1, 0.85, Text("求覆盖与空白", "Splitting covered from open"))
    )
    covered = any_within_own_radius(village_lon, village_lat, lon, lat, radius)
    has_records = units_with_records(codes, units, table)
    areas = SplitAreas(split.unit_area_m2, split.covered_area_m2, split.gap_area_m2, np.zeros(len(units)))
    gap, unknown, areas = gaps_with_records(split.gap, [None] * len(units), areas, has_records)
    return Split(
        split.covered,
        gap,
        unknown,
        areas,
        has_records,
        split.method,
        ~covered,
        np.zeros(village_lon.size, dtype=bool),
        [],
        {"radius_m": context["radius_m"], "stations": len(now)},
        lambda _summary: [
            *([rule_section(context.rules)] if context.rules else []),
            *([radius_section(stations.presets)] if stations.presets else []),
        ],
    )


def by_simulation(
    context: RunContext,
    units: Sequence[Any],
    codes: Sequence[Any],
    stations: Stations,
    village_lon: npt.NDArray[np.float64],
    village_lat: npt.NDArray[np.float64],
) -> Split:
    """Split by the level in every cell; a village has the state of the cell that it lies in."""
    radio = read_radio(context, stations)
    threshold = threshold_rule(context)
    context.rules.append(threshold.cited())
    polygons = whole_polygons(units)
    made = simulate(
        context,
        radio,
        polygons,
        float(threshold.value),
        full=False,
        progress=context.part(0.05, 0.8, Text("逐块仿真电平", "Simulating block by block")),
    )
    without_false_gaps(context, made.state, made.grid, radio, stations.table)
    split = states_of_units(
        polygons, made.grid, made.state, context.part(0.8, 0.93, Text("勾绘各单元范围", "Drawing the polygons"))
    )
    has_records = units_with_records(codes, polygons, stations.table)
    areas = SplitAreas(split.unit_m2, *(split.area_m2[kind] for kind in (COVERED, GAP, CANNOT_TELL)))
    gap, unknown, areas = gaps_with_records(split.shapes[GAP], split.shapes[CANNOT_TELL], areas, has_records)
    row, column = made.grid.cell_of(village_lon, village_lat)
    state = np.where(row >= 0, made.state[row, column], 0)
    figures = {
        "threshold_dbm": float(threshold.value),
        "resolution_m": context["resolution_m"],
        "max_range_km": radio.max_range_m / 1000,
        "sectors": len(radio.sectors),
        "not_simulated": len(radio.not_simulated),
        "largest_difference_percent": round(split.largest_difference_percent(), 6),
    }
    return Split(
        split.shapes[COVERED],
        gap,
        unknown,
        areas,
        has_records,
        ["cells"] * len(units),
        state == GAP,
        state == CANNOT_TELL,
        [*validity_cautions([threshold], context["as_of"]), *radio.cautions],
        figures,
        lambda summary: [
            cells_section(summary),
            *unsimulated_section(context, radio, stations.table),
            radio.section,
            rule_section(context.rules),
        ],
        made.store.remove,
    )
