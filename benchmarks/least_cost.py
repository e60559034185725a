"""Least-cost ways over a surface: time, memory and error, against networkx on the same cells.

Run ``.venv/bin/python benchmarks/least_cost.py [--sides N …] [--report FILE]``. The surface is smooth random ground
with barred patches. networkx is given the same steps; its answer must be the same. Neither QGIS nor GDAL finds
least-cost ways by itself: GRASS and SAGA do, where they are installed beside QGIS.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from bootstrap import register_package
from pages import write_section

SIDES = (250, 500, 1_000, 2_000)
_MOST_NETWORKX = 500
GOAL_S, GOAL_GIB = 20.0, 3.0


def make_surface(side: int, seed: int = 5) -> Any:
    """Make smooth random ground of 1 to about 20 points a metre, a tenth of it barred, cells of about 30 m."""
    from scipy.ndimage import gaussian_filter
    from xinji_planner.analysis.least_cost.surface import Surface

    rng = np.random.default_rng(seed)
    rough = gaussian_filter(rng.normal(size=(side, side)), 6)
    costs = 1 + 6 * np.abs(rough / rough.std())
    patches = gaussian_filter(rng.normal(size=(side, side)), 4)
    costs[patches > np.quantile(patches, 0.9)] = np.inf
    costs[:8, :8] = costs[-8:, -8:] = 1.0
    return Surface(costs, 100.0, 30.0, 0.00031, 0.00027)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds that something takes, and what it gives."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def row(side: int) -> str:
    """Run one size and give its row of the table."""
    import networkx as nx
    from scipy.sparse.csgraph import dijkstra
    from xinji_planner.analysis.least_cost.path import Steps

    surface = make_surface(side)
    start, end = (tuple(float(part) for part in surface.centres(at, at)) for at in (2, side - 3))
    building, steps = timed(lambda: Steps(surface))
    finding, (way,) = timed(lambda: steps.ways(start, [end]))
    chained = steps.ways(start, [end], straight=False)[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    whole, peer = building + finding, "–"
    same = "–"
    if side <= _MOST_NETWORKX:
        source, target = 2 * side + 2, (side - 3) * side + side - 3
        graph = steps.graph.tocoo()
        theirs = nx.Graph()
        triples = list(zip(graph.coords[0].tolist(), graph.coords[1].tolist(), graph.data.tolist()))
        build_peer, _ = timed(lambda: theirs.add_weighted_edges_from(triples))
        find_peer, far = timed(lambda: nx.dijkstra_path_length(theirs, source, target))
        ours = dijkstra(steps.graph, directed=False, indices=source)[target]
        peer = f"{build_peer + find_peer:.2f} (**{(build_peer + find_peer) / whole:.0f} ×**)"
        same = "yes" if np.isclose(ours, far, rtol=1e-9) else "**no**"
    gained = 100 * (1 - way.cost / chained.cost)
    return (
        f"| {side:,} × {side:,} | {building:.2f} | {finding:.2f} | {peer} | {same} | {gained:.1f} % | "
        f"{way.length_m / 1000:.1f} | {peak:.2f} |"
    )


def main() -> None:
    """Run every size and print or write the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--sides", type=int, nargs="*", default=list(SIDES))
    options.add_argument("--report", type=Path)
    stated = options.parse_args()
    register_package()
    from xinji_planner.analysis.least_cost.path import longest_detour

    row(50)  # libraries loaded
    flat = make_surface(50)
    detour = [100 * (longest_detour(flat, neighbours) - 1) for neighbours in (8, 16)]
    lines = [
        "Seconds from corner to corner, 16 neighbours; *way* is the search and pulling straight; networkx builds and",
        "searches the same steps. Neither QGIS nor GDAL has such a search of its own (GRASS and SAGA have, where",
        f"installed). Goal: 2,000 × 2,000 cells within {GOAL_S:.0f} s and {GOAL_GIB:.0f} GiB; the peak is that of the",
        "whole process, networkx included. On a plain a way is longer than the straight line by at most",
        f"{detour[0]:.2f} % (8 neighbours) or {detour[1]:.2f} % (16) until it is pulled straight, and then by nothing.",
        "",
        "| cells | steps | way | networkx | same cost | pulled straight saves | km | peak, GiB |",
        "|---|---|---|---|---|---|---|---|",
        *[row(side) for side in stated.sides],
        "",
    ]
    print("\n".join(lines))
    if stated.report:
        write_section(stated.report, "least_cost", "Least-cost ways", "\n".join(lines))


if __name__ == "__main__":
    main()
