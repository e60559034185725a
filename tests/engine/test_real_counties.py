"""The main job on real prefectures: GCJ-02 villages in GBK, synthetic 5G stations at the town seats."""

import csv

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.layers.datum import gcj02_to_wgs84

PREFECTURES = {
    "ngari": ("阿里行政村_GCJ02_GBK.csv", "阿里县乡驻地_GCJ02.csv", "阿里县界_GCJ02.geojson"),
    "xiangxi": ("湘西行政村_GCJ02_GBK.csv", "湘西县乡驻地_GCJ02.csv", "湘西县界_GCJ02.geojson"),
}
OPERATORS = ("中国移动", "中国电信", "中国联通")
# Villages, villages with coordinates, and reached at 2,000 m and at 500 m; then the same with the GCJ-02 file taken for
# WGS 84. In Ngari the mistake happens to change nothing at 2,000 m.
KEPT = {
    "ngari": (141, 107, {2000: 17, 500: 11}, {2000: 17, 500: 9}),
    "xiangxi": (1803, 1405, {2000: 202, 500: 63}, {2000: 205, 500: 36}),
}


@pytest.fixture(scope="module", params=sorted(PREFECTURES))
def prefecture(request, shared_data, tmp_path_factory):
    """The real files, and a list of one 5G station per town seat, in true WGS 84 coordinates."""
    folder = shared_data / request.param
    villages, seats, counties = (folder / name for name in PREFECTURES[request.param])
    made = tmp_path_factory.mktemp(request.param) / "基站.csv"
    seats = pd.read_csv(seats, encoding="utf-8-sig")
    lon, lat = gcj02_to_wgs84(seats["lng_gcj02"].to_numpy(float), seats["lat_gcj02"].to_numpy(float))
    with made.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["基站编号", "运营商", "网络制式", "频段", "挂高", "建设状态", "经度(WGS84)", "纬度(WGS84)"])
        for row, (x, y) in enumerate(zip(lon, lat)):
            writer.writerow([f"S{row:05d}", OPERATORS[row % 3], "5G", "700", "35", "在网", f"{x:.8f}", f"{y:.8f}"])
    return request.param, villages, made, counties, (lon, lat)


def imported(workspace, source, kind, datum):
    summary = run_job(
        "import_layer", {"source": str(source), "kind": kind, "datum": datum, "workspace": str(workspace)}
    ).summary
    assert summary["rows_in"] == summary["rows_out"] + summary["rows_set_aside"]
    return summary


def brute_force(lon, lat, stations, radius_m):
    """Tell for each village whether any station stands within the radius, station by station, by Geod."""
    geod = pyproj.Geod(ellps="GRS80")
    near = np.zeros(len(lon), dtype=bool)
    for x, y in zip(*stations):
        _, _, distance = geod.inv(np.full(len(lon), x), np.full(len(lon), y), lon, lat)
        near |= np.nan_to_num(distance, nan=np.inf) <= radius_m
    return near


def reached(workspace, output, radius_m):
    found = run_job("village_reach", {"workspace": str(workspace), "radius_m": str(radius_m)}, output)
    rows = pyogrio.read_dataframe(found.outputs["village_reach"], layer="village_reach")
    return found.summary, rows.set_index("village_code")


def test_the_verdict_equals_a_geodesic_count_village_by_village(prefecture, tmp_path):
    name, villages, stations, counties, places = prefecture
    count, located, right, _ = KEPT[name]
    workspace = tmp_path / "规划 工作区.gpkg"
    summary = imported(workspace, villages, "villages", "gcj02")
    assert (summary["rows_in"], summary["rows_without_place"]) == (count, count - located)
    imported(workspace, stations, "base_stations", "auto")
    imported(workspace, counties, "admin_units", "gcj02")
    raw = pd.read_csv(villages, encoding="gb18030", dtype={"行政村代码": str})
    lon, lat = gcj02_to_wgs84(raw["经度"].to_numpy(float), raw["纬度"].to_numpy(float))
    for radius_m, kept in right.items():
        expected = pd.Series(brute_force(lon, lat, places, radius_m), index=raw["行政村代码"])
        summary, rows = reached(workspace, tmp_path / f"result {radius_m}", radius_m)
        assert ((rows["verdict"] == "reached") == expected.reindex(rows.index)).all()
        assert summary["reached"] == int(expected.sum()) == kept
        assert (rows.loc[raw.loc[np.isnan(lon), "行政村代码"], "verdict"] == "cannot_tell").all()
        assert summary["villages"] == summary["reached"] + summary["not_reached"] + summary["cannot_tell"] == count


def test_taking_gcj02_for_wgs84_gives_another_count(prefecture, tmp_path):
    name, villages, stations, _, _ = prefecture
    workspace = tmp_path / "wrong.gpkg"
    imported(workspace, villages, "villages", "wgs84")
    imported(workspace, stations, "base_stations", "auto")
    found = {r: reached(workspace, tmp_path / f"result {r}", r)[0]["reached"] for r in (2000, 500)}
    assert found == KEPT[name][3] != KEPT[name][2]
