"""The trunk network: noding, bridges and parts, against networkx and QGIS's own network tools, on the same cables.

Run ``.venv/bin/python benchmarks/network.py [--edges N …] [--report FILE]``. The cables are those of a mesh with a bend
in each, a room at every tenth junction. networkx is given the ends as they are, for it cannot node lines; QGIS builds
its graph of the same lines in the system's Python, where it is installed. Each answer is compared with the peer's.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from bootstrap import register_package
from pages import write_section

EDGES = (10_000, 100_000, 1_000_000)
KEPT = 0.62  # of the mesh's edges: thin enough for bridges
PLACES = 60
GOALS_S = {"noding": 30.0, "bridges": 2.0, "latencies": 5.0}
_MOST_QGIS = 100_000
_QGIS = """
import json, sys, time
from qgis.core import QgsApplication, QgsVectorLayer, QgsPointXY
from qgis.analysis import QgsGraphBuilder, QgsVectorLayerDirector, QgsNetworkDistanceStrategy
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1], "cables", "ogr")
start = time.perf_counter()
director = QgsVectorLayerDirector(layer, -1, "", "", "", QgsVectorLayerDirector.DirectionBoth)
director.addStrategy(QgsNetworkDistanceStrategy())
builder = QgsGraphBuilder(layer.crs())
director.makeGraph(builder, [])
graph = builder.graph()
print(json.dumps([time.perf_counter() - start, graph.vertexCount(), graph.edgeCount()]))
"""


def make_cables(edges: int, seed: int = 11) -> tuple[np.ndarray, np.ndarray]:
    """Make the cables of a mesh of about that many edges, and the rooms at every tenth junction."""
    side = max(2, round((edges / (2 * KEPT)) ** 0.5))
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    place = np.column_stack([100 + 0.01 * x.ravel(), 25 + 0.01 * y.ravel()])
    place += rng.uniform(-0.003, 0.003, place.shape)
    number = np.arange(side * side).reshape(side, side)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    kept = rng.random(len(start)) < KEPT
    start, end = start[kept], end[kept]
    bend = (place[start] + place[end]) / 2 + rng.uniform(-0.001, 0.001, (len(start), 2))
    return shapely.linestrings(np.stack([place[start], bend, place[end]], axis=1)), place[::10]


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds that something takes, and what it gives."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def in_qgis(lines: np.ndarray) -> tuple[float, int, int] | None:
    """Let QGIS build its graph; None where it is not there."""
    import geopandas

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cables.gpkg"
        geopandas.GeoDataFrame(geometry=lines, crs="EPSG:4490").to_file(path, driver="GPKG", engine="pyogrio")
        run = subprocess.run(
            ["/usr/bin/python3", "-c", _QGIS, str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": folder},
        )
    if run.returncode or not run.stdout.strip():
        return None
    seconds, vertices, edges = json.loads(run.stdout.strip().splitlines()[-1])
    return float(seconds), int(vertices), int(edges)


def row(edges: int) -> str:
    """Run one size and give its row of the table."""
    import networkx as nx
    from scipy.sparse import coo_array, csr_array
    from scipy.sparse.csgraph import dijkstra
    from xinji_planner.analysis.network.cuts import articulation_points, bridges
    from xinji_planner.analysis.network.graph import components, graph_of
    from xinji_planner.analysis.network.latency import pairwise
    from xinji_planner.analysis.network.noding import node_lines

    lines, rooms = make_cables(edges)
    noding, net = timed(lambda: node_lines(lines, rooms[:, 0], rooms[:, 1], snap_m=5.0, near_m=50.0))
    building, graph = timed(lambda: graph_of(net.start, net.end, len(net.lon)))
    cutting, (bridge, cut) = timed(lambda: (bridges(graph), articulation_points(graph)))
    parting, part = timed(lambda: components(net.start, net.end, len(net.lon)))

    peer = nx.Graph()
    build_peer, _ = timed(lambda: peer.add_edges_from(zip(net.start.tolist(), net.end.tolist())))
    cut_peer, (their_bridges, their_cuts) = timed(
        lambda: (set(map(frozenset, nx.bridges(peer))), set(nx.articulation_points(peer)))
    )
    part_peer, their_parts = timed(lambda: nx.number_connected_components(peer))
    ours = {frozenset(pair) for pair in zip(net.start[bridge].tolist(), net.end[bridge].tolist())}
    alone = len(net.lon) - peer.number_of_nodes()
    same = ours == their_bridges and set(np.flatnonzero(cut).tolist()) == their_cuts
    same &= int(part.max()) + 1 == their_parts + alone
    theirs = in_qgis(lines) if len(lines) <= _MOST_QGIS else None
    qgis = f"{theirs[0]:.2f} ({theirs[0] / (noding + building):.1f} ×)" if theirs else "–"
    spread = np.flatnonzero(part == 0)
    places = spread[np.linspace(0, len(spread) - 1, PLACES).astype(np.int64)]
    metres, whole = net.length_m.astype(np.float64), len(net.lon)
    latencies, times = timed(lambda: pairwise(net.start, net.end, metres, np.zeros(whole), places))
    matrix = csr_array(coo_array((np.maximum(metres, 1e-9), (net.start, net.end)), shape=(whole, whole)))
    their_latencies, their_times = timed(lambda: dijkstra(matrix, directed=False, indices=places)[:, places])
    same &= bool(np.allclose(times, their_times, rtol=1e-9))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        f"| {len(net.start):,} | {noding:.2f} | {qgis} | {building:.3f} / {build_peer:.2f} "
        f"({build_peer / building:.0f} ×) | {cutting:.4f} / {cut_peer:.2f} (**{cut_peer / cutting:.0f} ×**) "
        f"| {parting:.3f} / {part_peer:.2f} ({part_peer / parting:.0f} ×) "
        f"| {latencies:.2f} / {their_latencies:.2f} ({their_latencies / latencies:.1f} ×) | {int(bridge.sum()):,} | "
        f"{'yes' if same else '**no**'} | {peak:.2f} |"
    )


def main() -> None:
    """Run every size and print or write the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--edges", type=int, nargs="*", default=list(EDGES))
    options.add_argument("--report", type=Path)
    stated = options.parse_args()
    register_package()
    row(1_000)  # kernels are compiled, libraries loaded
    head = (
        "| edges | noding | QGIS graph | build | bridges and articulation points | parts | 60 × 60 latencies | bridges "
        "| same answers | peak, GiB |"
    )
    goals = (
        f"Goals at a million edges: noding and build <= {GOALS_S['noding']:.0f} s, bridges and articulation points <= "
        f"{GOALS_S['bridges']:.0f} s, 60 × 60 latencies <= {GOALS_S['latencies']:.0f} s, 4 GiB. Peak memory is that of "
        "the whole process, networkx included."
    )
    lines = [
        "Seconds, ours / networkx (ratio), latencies ours / scipy; the graph of QGIS's own network tools against our",
        "noding and build.",
        goals,
        "",
        head,
        "|---|---|---|---|---|---|---|---|---|---|",
        *[row(edges) for edges in stated.edges],
        "",
    ]
    print("\n".join(lines))
    if stated.report:
        write_section(stated.report, "network", "The trunk network", "\n".join(lines))


if __name__ == "__main__":
    main()
