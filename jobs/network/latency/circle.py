"""The circle of cable within some time of each cluster, and what lies beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.circle import stretches_within
from ....analysis.network.graph import graph_of
from ....analysis.network.issues import NOWHERE
from ....analysis.network.latency import Reached, spread
from ....analysis.network.near import Search
from ....analysis.network.parts import parts_of
from ....engine.context import RunContext
from ....layers import inputs
from ....layers.specs import SPECS
from .sites import CLUSTER
from .times import Times

FloatArray = npt.NDArray[np.float64]

_COUNTED = {"places": ("place_id", "name"), "villages": ("village_code", "village_name")}


class Circles(NamedTuple):
    """The circles of a run.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a cluster that has one.
    shapes : list of MultiLineString
    items : pandas.DataFrame
        What lies within any circle: ``layer, item_id, name, sites``.
    totals : dict
        By layer: inside, those whose place is known, those whose place is not.
    """

    table: pd.DataFrame
    shapes: list[shapely.MultiLineString]
    items: pd.DataFrame
    totals: dict[str, tuple[int, int, int]]


class _Layer(NamedTuple):
    name: str
    item_id: list[str]
    title: list[str]
    lon: np.ndarray
    lat: np.ndarray


def circles_of(context: RunContext, times: Times, limit_ms: float, beside_m: float) -> Circles:
    """Find the cables within a time of each cluster, and the places, villages and data centres beside them.

    Parameters
    ----------
    limit_ms : float
    beside_m : float
        Places and villages that lie no farther from a cable of the circle are inside; their own last stretch is not
        counted. Data centres of other clusters are inside where they are reached in time.
    """
    sites, network = times.sites, times.trunk.network
    layers = _layers(context, times)
    legs = times.legs_ms(times.limits.detour)
    graph = graph_of(network.start, network.end, len(network.lon))
    weight = network.length_m * times.per_m
    rows: list[dict[str, Any]] = []
    shapes = []
    inside: dict[str, dict[int, list[str]]] = {layer.name: {} for layer in layers}
    for site, name in enumerate(sites.names):
        context.checkpoint()
        places = sites.places(site)
        if sites.kind(site) != CLUSTER or not len(places):
            continue
        reached = spread(graph, weight, times.passing, sites.room[places], legs[places], limit=limit_ms)
        found = stretches_within(network, reached, times.per_m, times.passing, limit_ms)
        if not len(found.edge):
            continue
        row: dict[str, Any] = {
            "site": name,
            "limit_ms": limit_ms,
            "cable_km": round(float(found.length_m.sum()) / 1000, 6),
        }
        search = Search(parts_of(found.shapes.tolist()))
        for layer in layers:
            if layer.name == "dc_clusters":
                near = _reached_data_centres(times, reached, legs, site, limit_ms)
            else:
                there = np.flatnonzero(np.isfinite(layer.lon))
                near = there[np.unique(search.within(layer.lon[there], layer.lat[there], beside_m).point)]
            for at in near.tolist():
                inside[layer.name].setdefault(at, []).append(name)
            row[f"items_{'dc' if layer.name == 'dc_clusters' else layer.name}"] = len(near)
        rows.append(row)
        shapes.append(shapely.MultiLineString(found.shapes.tolist()))
    items = [
        {
            "layer": SPECS[layer.name].label.zh,
            "item_id": layer.item_id[at],
            "name": layer.title[at],
            "sites": "、".join(inside[layer.name][at]),
        }
        for layer in layers
        for at in sorted(inside[layer.name])
    ]
    totals = {
        layer.name: (len(inside[layer.name]), int(np.isfinite(layer.lon).sum()), int(np.isnan(layer.lon).sum()))
        for layer in layers
    }
    return Circles(
        pd.DataFrame(rows), shapes, pd.DataFrame(items, columns=["layer", "item_id", "name", "sites"]), totals
    )


def _reached_data_centres(
    times: Times, reached: Reached, legs: FloatArray, site: int, limit_ms: float
) -> npt.NDArray[np.int64]:
    """Give the data centres of other clusters that a cluster reaches in time, by their rooms and access cables."""
    sites = times.sites
    own = np.flatnonzero(~sites.is_node)
    room = sites.room[own]
    joined = (room != NOWHERE) & (sites.site[own] != site)
    ms = np.where(joined, reached.time[room] + times.passing[room] + legs[own], np.inf)
    return np.flatnonzero(ms <= limit_ms)


def _layers(context: RunContext, times: Times) -> list[_Layer]:
    found = []
    for name, (key, title) in _COUNTED.items():
        if inputs.layer_present(context, name):
            table = inputs.read_points(context, name, [key, title])
            words = table.columns.astype(object).where(table.columns.notna(), "")
            found.append(_Layer(name, words[key].tolist(), words[title].tolist(), table.lon, table.lat))
    sites = times.sites
    own = np.flatnonzero(~sites.is_node)
    found.append(
        _Layer(
            "dc_clusters",
            [sites.item_id[at] for at in own],
            [sites.label[at] for at in own],
            sites.lon[own],
            sites.lat[own],
        )
    )
    return found
