"""The sums that the permit stage asks of each project site: farmland and red line taken, by the fields of XS_XMKJFW."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.conflicts.overlay import Met, Taken, inside, once
from ...layers.delivery.profile.file import read_profile
from ...rules.pack import Pack
from .conflict_tables import operator_words
from .demand import Codes, code_label
from .known import Known
from .taken import Ground
from .words import PLOT, SITE
from .zone_rows import Zones

PROFILE, LAYER = "permit", "XS_XMKJFW"
FARMLAND, RED_LINE = "ZYYNMJ", "SJSTHXMJ"
ARABLE = "ZYGDMJ"
KIND_OF = {FARMLAND: "basic_farmland", RED_LINE: "ecological_red_line"}
_DECIMALS = 4  # of the areas of the table


def field_names() -> list[str]:
    """Give the fields of the table, in the order of the permit profile."""
    layer = next(layer for layer in read_profile(PROFILE).layers if layer.name == LAYER)
    return [field.name for field in layer.fields]


def project_sums(
    ground: Ground,
    zones: Zones | None,
    arable: npt.NDArray[np.object_] | None,
    known: Known,
    codes: Codes,
    pack: Pack,
) -> pd.DataFrame:
    """Give one row a site or plot that takes land, and one a plot or site whose land cannot be told.

    Parameters
    ----------
    zones : Zones or None
        Control lines; of a kind that is not known where a site lies, the area stays empty.
    arable : numpy.ndarray of polygons or None
        Arable land; None, or none near: the area stays empty.

    Returns
    -------
    pandas.DataFrame
        The fields of the table, areas in the unit of the rule ``land.unit.project``; empty is unknown, never 0.
    """
    table = ground.table
    unit = float(pack.rule("land.unit.project").value)
    takes = table["class"].isin((PLOT, SITE)) | ((table["reason"] != "") & (table["layer"] != "trunk_cables"))
    own = np.flatnonzero(takes.to_numpy(bool))
    code, name = known.counties.of(ground.shapes[own])
    taken = Taken(*(shapes[own] for shapes in ground.taken))
    areas = {field: _of_kind(ground, own, taken, zones, kind, known) for field, kind in KIND_OF.items()}
    areas[ARABLE] = np.full(len(own), np.nan)
    if arable is not None:
        areas[ARABLE] = np.where(known.without(arable, _reach(ground, own)), np.nan, _inside_m2(taken, arable))
    is_known = (table["reason"].to_numpy(object)[own] == "") | ~np.isnan(table["footprint_m2"].to_numpy(float)[own])
    rows = []
    for at, row in enumerate(table.iloc[own].to_dict("records")):
        is_plot = row["layer"] == "dc_clusters"
        filed = codes.plot if is_plot else codes.site
        figures: dict[str, Any] = {"YDMJ": row["footprint_m2"]} | {field: areas[field][at] for field in areas}
        rows.append(
            {
                "XMMC": row["name"] or row["feature_id"],
                "SQDW": operator_words(row["operator"]).zh,
                "SZXZQDM": code[at],
                "SZXZQMC": name[at],
                "TDYTDM": filed,
                "TDYTMC": code_label(filed).zh,
                "DKBH": row["feature_id"],
                "DKMC": row["name"],
            }
            | {field: _filed(value, unit) if is_known[at] else None for field, value in figures.items()}
        )
    return pd.DataFrame(rows, columns=field_names())


def _filed(value: float, unit: float) -> float | None:
    return None if np.isnan(value) else round(float(value) / unit, _DECIMALS)


def _of_kind(
    ground: Ground, own: npt.NDArray[np.int64], taken: Taken, zones: Zones | None, kind: str, known: Known
) -> npt.NDArray[np.float64]:
    """Give the area that lies in a kind of control line; NaN where nobody can tell."""
    if zones is None or kind not in zones.kinds:
        empty = np.nan if kind not in known.complete else 0.0
        return np.full(len(own), empty)
    areas = zones.shapes[zones.kind == kind]
    found = _inside_m2(taken, areas)
    found[known.lacking(kind, areas, _reach(ground, own))] = np.nan
    return found


def _reach(ground: Ground, own: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Give what facilities take, and where that is not known their place."""
    reach = ground.taken.reach()[own]
    missing = np.array([shape is None for shape in reach], dtype=bool)
    reach[missing] = ground.shapes[own][missing]
    return reach


def _inside_m2(taken: Taken, zones: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    met: Met = inside(taken, zones)
    feature, _, area, _ = once(met, [""] * len(met.feature), taken, zones)
    found = np.zeros(len(taken.footprint))
    found[feature] = area
    return found
