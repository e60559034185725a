"""Lengths of trunk cables are geodesic in whatever coordinate system the cables were drawn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job

GEOD = Geod(ellps="GRS80")
# Long and short, steep and flat, across the edge of a zone (106.5° E).
LINES = (
    [(106.01, 22.01), (106.35, 22.20), (106.90, 22.15)],
    [(106.40, 22.00), (106.40, 22.65)],
    [(106.20, 22.33), (106.2004, 22.3303)],
)
SYSTEMS = {
    "经纬度": "EPSG:4490",
    "三度带": "EPSG:4545",  # central meridian 108° E, no zone prefix
    "三度带加带号": "EPSG:4523",  # zone 35, 105° E
    "六度带": "EPSG:4496",
    "UTM": "EPSG:32648",
    "网络墨卡托": "EPSG:3857",
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_cables_in_any_coordinate_system_have_the_length_that_the_ellipsoid_gives(tmp_path, name):
    table = {"cable_id": ["A", "B", "C"], "name": ["甲", "乙", "丙"], "operator": "CMCC", "status": "existing"}
    lines = [shapely.LineString(line) for line in LINES]
    drawn = gpd.GeoDataFrame(table, geometry=lines, crs=4490).to_crs(SYSTEMS[name])
    drawn.to_file(tmp_path / "缆.gpkg")
    nodes = {"node_id": ["R1"], "name": ["甲房"], "operator": "CMCC", "node_class": "backbone", "status": "existing"}
    gpd.GeoDataFrame(nodes, geometry=shapely.points([LINES[0][0]]), crs=4490).to_file(tmp_path / "房.gpkg")
    sources = {"trunk_cables": str(tmp_path / "缆.gpkg"), "trunk_nodes": str(tmp_path / "房.gpkg")}
    run = run_job("trunk_topology", sources, tmp_path / "结果")
    edges = pyogrio.read_dataframe(run.outputs["trunk_edge"], layer="trunk_edge")
    found = edges.groupby("cable_id")["length_km"].sum() * 1000
    expected = [GEOD.line_length(*np.array(line).T) for line in LINES]
    assert found.loc[["A", "B", "C"]].to_numpy() == pytest.approx(expected, rel=1e-9, abs=1e-6)
