"""Lengths of roads by road, by road and county, by class, by county and in total."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.scoreboard import NO_COUNTY, Target
from ...layers.specs.roads import CLASSES
from .pieces import amounts, amounts_by
from .roads import Roads
from .runs import routes_of


def road_scores(
    roads: Roads, pieces: pd.DataFrame, county_names: Mapping[str, str], target: Target
) -> dict[str, pd.DataFrame]:
    """Add up pieces.

    Returns
    -------
    dict of pandas.DataFrame
        ``total`` (one row), ``class`` (in the order of the code list), ``county``, ``road`` and ``road_county``, each with
        its keys and `pieces.AMOUNTS`. A road is a route, see `Roads.routes`; a feature of none is a road by itself, and its
        id stands for the number.
    """
    named = routes_of(roads, pieces)
    order = {code.value: place for place, code in enumerate(CLASSES)}
    by_class = amounts_by(named, ["road_class"], target)
    by_class = by_class.iloc[np.argsort(by_class["road_class"].map(order), kind="stable")].reset_index(drop=True)
    said = named[["road", "route", "name", "road_class"]].drop_duplicates("road").set_index("road")
    found = {
        "total": pd.DataFrame([amounts(pieces, target)]),
        "class": by_class,
        "county": amounts_by(named, ["county_code"], target),
        "road": amounts_by(named, ["road"], target),
        "road_county": amounts_by(named, ["road", "county_code"], target),
    }
    for key in ("road", "road_county"):
        rows = found[key]
        for place, name in enumerate(said.columns):
            rows.insert(place, name, rows["road"].map(said[name]))
        found[key] = rows.drop(columns="road")
    for key in ("county", "road_county"):
        rows = found[key]
        names = rows["county_code"].map(lambda code: "" if code == NO_COUNTY else county_names.get(code, ""))
        rows.insert(rows.columns.get_loc("county_code") + 1, "county_name", names)
    return found


def tunnel_rows(roads: Roads) -> pd.DataFrame:
    """List the tunnels of which at least one carriageway counts: ``road_id, route, name, length_km``."""
    length = np.zeros(len(roads.table))
    counted = roads.counted
    np.add.at(length, counted.line, np.where(counted.value == 1, counted.length_m, 0.0))
    rows = roads.table.rename(columns={"code": "route"})[["road_id", "route", "name"]]
    return rows.assign(length_km=np.round(length / 1000, 3))[roads.tunnel & (length > 0)].reset_index(drop=True)


def summed(pieces: pd.DataFrame, words: npt.NDArray[np.object_]) -> dict[str, float]:
    """Add up kilometres of pieces by a word for each; pieces without one do not count."""
    length = pieces["length_m"].to_numpy(np.float64)
    return {
        str(word): round(float(length[words == word].sum()) / 1000, 3)
        for word in sorted({word for word in words.tolist() if isinstance(word, str)})
    }
