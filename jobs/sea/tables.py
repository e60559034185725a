"""The layers and the table of the coverage of the sea."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...analysis.areas import geometry_areas
from ...analysis.sea import SeaPart, station_distances
from ...engine.context import RunContext
from ...layers.store.results import write_layer, write_table
from ..coverage.gap_report import percent_range, share_percent
from .split import CANNOT_TELL, MET, NOT_MET, Piece, SeaSplit
from .words import LABELS, WORDS

_SQUARE_KM = 1e6
PART_COLUMNS = ("zone", "state", "area_km2", "evidence", "legal", "rule_id", "service")
GAP_COLUMNS = (
    *("gap", "zone", "state", "reason", "area_km2", "nearest_station_id", "nearest_station_m", "furthest_station_m"),
    *("evidence", "legal", "rule_id", "service"),
)


def zone_rows(split: SeaSplit, parts: Sequence[SeaPart], *, is_legal: bool) -> pd.DataFrame:
    """Give one row a kind of sea: its area and what of it is covered, is not, and cannot be told; km²."""
    rows = []
    for number, part in enumerate(parts):
        covered, gap, unknown = (split.area_m2(state, number) / _SQUARE_KM for state in (MET, NOT_MET, CANNOT_TELL))
        low, high = percent_range(covered, unknown, covered + gap + unknown)
        rows.append(
            {
                "zone": part.kind,
                "legal": int(is_legal),
                "area_km2": round(part.area_m2 / _SQUARE_KM, 4),
                "covered_km2": round(covered, 4),
                "gap_km2": round(gap, 4),
                "cannot_tell_km2": round(unknown, 4),
                "covered_low_percent": low,
                "covered_high_percent": high,
                "covered_percent": share_percent(covered, covered + gap),
                "evidence": split.evidence,
            }
        )
    return pd.DataFrame(rows)


def part_rows(
    split: SeaSplit, parts: Sequence[SeaPart], service: str, rule: str, *, is_legal: bool
) -> tuple[pd.DataFrame, list[Any]]:
    """Give the layer ``sea_part``: one row a kind of sea and state."""
    rows, shapes = [], []
    for number, part in enumerate(parts):
        for state in (MET, NOT_MET, CANNOT_TELL):
            own = [piece for piece in split.pieces if (piece.part, piece.state) == (number, state)]
            if own:
                area_m2 = sum(piece.area_m2 for piece in own)
                rows.append(
                    (part.kind, state, round(area_m2 / _SQUARE_KM, 4), split.evidence, int(is_legal), rule, service)
                )
                shapes.append(_together([piece.shape for piece in own]))
    return pd.DataFrame(rows, columns=list(PART_COLUMNS)), shapes


def gap_rows(
    split: SeaSplit,
    parts: Sequence[SeaPart],
    service: str,
    rule: str,
    stations: pd.DataFrame,
    *,
    is_legal: bool,
) -> tuple[pd.DataFrame, list[Any]]:
    """Give the layer ``sea_gap``: one row a connected area that is not covered or cannot be told, the largest first.

    Parameters
    ----------
    stations : pandas.DataFrame
        The existing ones of the technology that have a place: ``station_id, lon, lat``.
    """
    found = [(piece, shape) for piece in split.pieces if piece.state != MET for shape in piece.shape.geoms]
    areas = geometry_areas([shape for _, shape in found]) if found else np.zeros(0)
    order = sorted(range(len(found)), key=lambda k: _rank(found[k][0], float(areas[k]), found[k][1]))
    shapes = [found[k][1] for k in order]
    near = station_distances(shapes, stations["lon"].to_numpy(np.float64), stations["lat"].to_numpy(np.float64))
    ids = stations["station_id"].to_numpy(object)
    rows = pd.DataFrame(
        {
            "gap": np.arange(1, len(order) + 1),
            "zone": [parts[found[k][0].part].kind for k in order],
            "state": [found[k][0].state for k in order],
            "reason": [found[k][0].reason for k in order],
            "area_km2": [round(float(areas[k]) / _SQUARE_KM, 6) for k in order],
            "nearest_station_id": [ids[row] if row >= 0 else None for row in near.station.tolist()],
            "nearest_station_m": np.round(near.nearest_m, 1),
            "furthest_station_m": np.round(near.furthest_m, 1),
        }
    )
    rows = rows.assign(evidence=split.evidence, legal=int(is_legal), rule_id=rule, service=service)
    return rows[list(GAP_COLUMNS)], shapes


def _rank(piece: Piece, area_m2: float, shape: shapely.Polygon) -> tuple[int, bool, float, tuple[float, ...]]:
    return piece.part, piece.state == CANNOT_TELL, -area_m2, shape.bounds


def _together(shapes: Sequence[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    """Put polygons that do not overlap into one geometry; their common edges stay."""
    return shapely.MultiPolygon([polygon for shape in shapes for polygon in shape.geoms])


def write_sea(context: RunContext, parts: tuple[pd.DataFrame, list[Any]], gaps: tuple[pd.DataFrame, list[Any]]) -> None:
    """Write the layers ``sea_part`` and, where there are rows, ``sea_gap``."""
    for name, (rows, shapes) in (("sea_part", parts), ("sea_gap", gaps)):
        if len(rows):
            write_layer(context.output(name, "result.gpkg"), name, rows, shapes, "MultiPolygon", aliases=LABELS)


def write_zones(context: RunContext, rows: pd.DataFrame) -> None:
    """Write the table by kind of sea, in Chinese."""
    write_table(context.output("by_zone", "by_zone.csv"), table_words(rows), LABELS)


def table_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Put Chinese words for codes."""
    said = rows.copy()
    for name, labels in WORDS.items():
        if name in said:
            said[name] = said[name].map({code: label.zh for code, label in labels.items()})
    return said
