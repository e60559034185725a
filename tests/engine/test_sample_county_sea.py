"""The sea off the sample county: areas as a brute count over its true stations finds them."""

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.tests.engine.lines_kit import GEOD
from xinji_planner.tests.engine.sea_kit import places_in, slow_area_m2

TRUTH = Path(__file__).resolve().parents[2] / "sample_data" / "truth"
RADIUS_M = 2000.0
BASIC = {"CMCC", "CTCC", "CUCC", "CBN"}
PARTING_LAT = 20.1  # what lies north of it is made inland sea, the rest territorial


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("样例海域")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


def test_two_kinds_of_sea_are_covered_open_and_untold_as_a_brute_count_finds(home, tmp_path):
    workspace = home / "海岳县.gpkg"
    belt = pyogrio.read_dataframe(workspace, layer="sea_areas").geometry.iloc[0]
    halves = {
        "inland": shapely.intersection(belt, shapely.box(129, PARTING_LAT, 131, 21)),
        "territorial": shapely.intersection(belt, shapely.box(129, 19, 131, PARTING_LAT)),
    }
    own = tmp_path / "海域.gpkg"
    rows = {"sea_id": list(halves), "kind": list(halves)}
    geopandas.GeoDataFrame(rows, geometry=list(halves.values()), crs=4490).to_file(own)
    given = {"workspace": str(workspace), "sea_areas": str(own), "evidence": "distance", "radius_m": str(RADIUS_M)}
    found = {row["zone"]: row for row in run_job("sea_coverage", given, tmp_path / "结果").summary["by_zone"]}

    stations = pd.read_csv(TRUTH / "stations_true_place.csv", dtype=str)
    existing = stations[(stations["status"] == "existing") & stations["technology"].str.contains("5G")]
    existing = existing[[bool(set(said.split(";")) & BASIC) for said in existing["operator"]]]
    at = existing[["lon", "lat"]].to_numpy(float)
    units = pyogrio.read_dataframe(workspace, layer="admin_units").query("level == 'county'").set_index("code")
    outlines = {
        code: shapely.get_coordinates(shapely.segmentize(shape, 0.005)) for code, shape in units.geometry.items()
    }
    for kind, shape in halves.items():
        lon, lat, area = places_in(shape, 0.004)
        covered = np.array([_nearest_m(x, y, at) for x, y in zip(lon, lat)]) <= RADIUS_M
        away = {code: np.array([_nearest_m(x, y, edge) for x, y in zip(lon, lat)]) for code, edge in outlines.items()}
        silent = ~covered & (away["990181"] < np.minimum(away["990102"], away["990121"]))  # it has no stations at all
        close = shapely.intersection(shape, shapely.union_all([shapely.Point(p).buffer(0.021) for p in at]))
        fine_lon, fine_lat, fine = places_in(close, 0.0007)
        near = np.array([_nearest_m(x, y, at) for x, y in zip(fine_lon, fine_lat)]) <= RADIUS_M
        row = found[kind]
        assert row["area_km2"] == pytest.approx(slow_area_m2(shape) / 1e6, rel=1e-4)
        assert row["covered_km2"] == pytest.approx(fine[near].sum() / 1e6, rel=0.01, abs=0.05)
        assert row["cannot_tell_km2"] == pytest.approx(area[silent].sum() / 1e6, rel=0.02, abs=2)
        assert row["gap_km2"] == pytest.approx(area[~covered & ~silent].sum() / 1e6, rel=0.02, abs=2)
        assert row["covered_km2"] > 0 or kind == "territorial"


def _nearest_m(lon, lat, places):
    """The shortest geodesic to any of some places; only the nearest few in degrees are measured."""
    rough = np.hypot((places[:, 0] - lon) * np.cos(np.radians(lat)), places[:, 1] - lat)
    few = np.argsort(rough)[:3]
    return min(GEOD.inv(lon, lat, *places[k])[2] for k in few)
