"""Lay cables and sites over hazard layers: what lies in which class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.exposure import crossings_of, exposed_stretches, near_lines, within_reach
from ....analysis.network.parts import parts_of
from ..read import Trunk
from .layers import Hazards
from .words import MISSING, NOT_STATED, TAKEN

_NAMED = 20  # hazard areas named in a row


class Sites(NamedTuple):
    """Facilities of one kind that have a place: points, or plots.

    Attributes
    ----------
    facility : str
        node, station, cluster or village.
    table : pandas.DataFrame
        ``facility_id, name, operator, people, people_unknown, mw``; missing where the kind has no such figure.
    shapes : numpy.ndarray of geometry, shape (n,)
        None where the place is not known.
    rows : int
        Rows of the layer; those of another phase, and further rows of one id, are left out.
    """

    facility: str
    table: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    rows: int


class Exposed(NamedTuple):
    """What was found: one row a cable or site and class; `total_km` counts every place once."""

    cables: pd.DataFrame
    cable_shapes: list[Any]
    sites: pd.DataFrame
    site_points: list[Any]
    total_km: float


CABLE_COLUMNS = (
    *("hazard", "grade", "facility", "facility_id", "name", "operator"),
    *("areas", "length_km", "share_percent", "crossings", "measures"),
)
SITE_COLUMNS = (
    *("hazard", "grade", "facility", "facility_id", "name", "operator"),
    *("areas", "people", "people_unknown", "mw", "measures"),
)


def exposed(trunk: Trunk, sites: Sequence[Sites], layers: dict[str, Hazards], width_m: float) -> Exposed:
    """Find what lies in each class of each hazard layer; a place in areas of two classes counts in both.

    Parameters
    ----------
    width_m : float
        What lies no farther from a hazard that is a line, such as a fault, is exposed to it.
    """
    parts = parts_of(trunk.lines.tolist())
    whole = np.zeros(len(trunk.lines))
    np.add.at(whole, parts.row, parts.length_m)
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    site_rows: list[dict[str, Any]] = []
    points: list[Any] = []
    for hazard, layer in layers.items():
        for grade in _grades(layer):
            own = np.flatnonzero([one == grade for one in layer.grade])
            head = {"hazard": hazard, "grade": grade}
            _cables(trunk, whole, layer, own, width_m, head, rows, shapes)
            for kind in sites:
                _sites(kind, layer, own, width_m, head, site_rows, points)
    every = np.concatenate([layer.shapes for layer in layers.values()])
    total = exposed_stretches(trunk.lines, every, width_m).length_m.sum()
    cables, of_sites = (
        pd.DataFrame(rows, columns=list(CABLE_COLUMNS)),
        pd.DataFrame(site_rows, columns=list(SITE_COLUMNS)),
    )
    return Exposed(cables, shapes, of_sites, points, float(total) / 1000)


def _grades(layer: Hazards) -> list[str | None]:
    """Give the classes in order, the unknown one last."""
    known = sorted({str(grade) for grade in layer.grade if grade is not None})
    return [*known, *([None] if any(grade is None for grade in layer.grade) else [])]


def _cables(
    trunk: Trunk,
    whole: npt.NDArray[np.float64],
    layer: Hazards,
    own: npt.NDArray[np.int64],
    width_m: float,
    head: dict[str, Any],
    rows: list[dict[str, Any]],
    shapes: list[Any],
) -> None:
    line, area = _meeting(trunk.lines, layer.shapes[own], 0.0)
    linear = np.flatnonzero(shapely.get_dimensions(layer.shapes[own]) == 1)
    near = near_lines(trunk.lines, layer.shapes[own[linear]], width_m)
    line, area = np.concatenate([line, near.line]), np.concatenate([area, linear[near.barrier]])
    hit = sorted(set(line.tolist()))
    if not hit:
        return
    lines = trunk.lines[hit]
    length, inside = np.zeros(len(hit)), [None] * len(hit)
    found = exposed_stretches(lines, layer.shapes[own], width_m)
    length[found.line] = found.length_m
    for place, shape in zip(found.line.tolist(), found.shapes):
        inside[place] = shape
    times = np.zeros(len(hit), np.int64)
    areal = shapely.get_dimensions(layer.shapes[own]) == 2
    if not areal.all():
        times = crossings_of(lines, shapely.union_all(layer.shapes[own[~areal]]))
    for place, at in enumerate(hit):
        if length[place] == 0 and times[place] == 0:
            continue  # it only touches a corner
        areas = own[np.unique(area[line == at])]
        cable = trunk.cables.iloc[at]
        rows.append(
            {
                **head,
                "facility": "cable",
                "facility_id": cable["cable_id"],
                "name": cable["name"],
                "operator": cable["operator"],
                "areas": _named(layer, areas),
                "length_km": round(length[place] / 1000, 9),
                "share_percent": round(100 * length[place] / whole[at], 4) if whole[at] else None,
                "crossings": int(times[place]),
                "measures": _measures(layer, areas),
            }
        )
        shapes.append(inside[place] if inside[place] is not None else lines[place])


def _sites(
    kind: Sites,
    layer: Hazards,
    own: npt.NDArray[np.int64],
    width_m: float,
    head: dict[str, Any],
    rows: list[dict[str, Any]],
    points: list[Any],
) -> None:
    site, area = _meeting(kind.shapes, layer.shapes[own], width_m)
    for at in sorted(set(site.tolist())):
        areas = own[np.unique(area[site == at])]
        row = kind.table.iloc[at].to_dict()
        rows.append(
            {
                **head,
                "facility": kind.facility,
                **row,
                "areas": _named(layer, areas),
                "measures": _measures(layer, areas),
            }
        )
        points.append(shapely.point_on_surface(kind.shapes[at]))


def _meeting(
    shapes: npt.NDArray[np.object_], hazards: npt.NDArray[np.object_], width_m: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the pairs of a shape and a hazard that it lies in, or near if the hazard is a line."""
    areal = shapely.get_dimensions(hazards) == 2
    some, lines = np.flatnonzero(areal), np.flatnonzero(~areal)
    inside, area = shapely.STRtree(hazards[some]).query(shapes, predicate="intersects")
    near, barrier = within_reach(shapes, hazards[lines], width_m)
    return np.concatenate([inside, near]).astype(np.int64), np.concatenate([some[area], lines[barrier]])


def _named(layer: Hazards, areas: npt.NDArray[np.int64]) -> str:
    names = list(dict.fromkeys(layer.title(at) for at in areas.tolist()))
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")


def _measures(layer: Hazards, areas: npt.NDArray[np.int64]) -> str:
    """Say whether every area that the facility lies in states a measure."""
    if not layer.measure_column:
        return NOT_STATED
    return TAKEN if all(layer.measure[at] is not None for at in areas.tolist()) else MISSING


def people_of(found: Exposed) -> int:
    """Count the people of the villages that lie in any area, each once."""
    villages = found.sites[found.sites["facility"] == "village"].drop_duplicates("facility_id")
    return int(villages["people"].astype(float).fillna(0.0).sum())


def summed(found: Exposed) -> pd.DataFrame:
    """Sum up by hazard, class and kind of facility."""
    both = pd.concat([found.cables, found.sites], ignore_index=True)
    if not len(both):
        return pd.DataFrame(columns=["hazard", "grade", "facility", *_SUMMED])
    both["missing"] = np.where(both["measures"] == NOT_STATED, np.nan, both["measures"] == MISSING)
    both["count"] = 1
    groups = both.groupby(["hazard", "grade", "facility"], sort=False, dropna=False)
    sums = groups[["count", "length_km", "crossings", "people", "people_unknown", "mw", "missing"]].sum(min_count=1)
    sums = sums.reset_index()
    sums[["length_km", "mw"]] = sums[["length_km", "mw"]].astype(float).round(6)
    # By hazard layer, by class (the unknown one last), then cables before sites.
    hazard = {name: at for at, name in enumerate(dict.fromkeys(both["hazard"]))}
    keys = pd.DataFrame(
        {
            "hazard": sums["hazard"].map(hazard),
            "unknown": sums["grade"].isna(),
            "grade": sums["grade"].astype(object).fillna(""),
            "facility": sums["facility"].map({name: at for at, name in enumerate(_ORDER)}),
        }
    )
    return sums.iloc[keys.sort_values([*keys.columns], kind="stable").index].reset_index(drop=True)


_ORDER = ("cable", "node", "cluster", "station", "village")
_SUMMED = ("count", "length_km", "crossings", "people", "people_unknown", "mw", "missing")
