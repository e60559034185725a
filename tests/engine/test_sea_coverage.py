"""The coverage of the sea: areas that add up, levels over smooth water, and what nobody can tell."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.analysis.radio import Propagation, path_losses
from xinji_planner.analysis.sea import SeaPart
from xinji_planner.engine.context import RunContext
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError
from xinji_planner.jobs.frontier.words import REASON_LABELS
from xinji_planner.jobs.sea.ground import SeaGround
from xinji_planner.jobs.sea.split import CANNOT_TELL, MET, NOT_MET, Piece, SeaSplit, either
from xinji_planner.rules.pack import load
from xinji_planner.tests.engine.lines_kit import GEOD
from xinji_planner.tests.engine.radio_kit import write_stations
from xinji_planner.tests.engine.sea_kit import (
    COAST,
    INLAND_SEA,
    TERRITORIAL_SEA,
    layer,
    places_in,
    sea_loss_db,
    slow_area_m2,
    stated,
    write_dem,
    write_lines,
)

ON_SHORE = {"id": "甲", "lon": 109.995, "lat": 20.45, "height": 40}
ALSO_ON_SHORE = {"id": "乙", "lon": 109.99, "lat": 20.6, "height": 30}
STRONG = dict(ON_SHORE, eirp=60)
INLAND = {"id": "丙", "lon": 109.85, "lat": 20.45, "height": 40}
SEAS = {"inland": INLAND_SEA, "territorial": TERRITORIAL_SEA}
NR_30_MHZ = 160 * 12  # resource elements across 30 MHz at 15 kHz, 3GPP TS 38.101-1
EIRP_DBM, UNKNOWN_AZIMUTH_DB, THRESHOLD_DBM, DECK_M = 43.0, 3.0, -105.0, 3.0


def rsrp(station, lon, lat):
    loss = sea_loss_db(
        station["lon"],
        station["lat"],
        lon,
        lat,
        height_m=station["height"],
        rx_height_m=DECK_M,
        frequency_ghz=station.get("band", 700) / 1000,
    )
    return EIRP_DBM - UNKNOWN_AZIMUTH_DB - 10 * math.log10(NR_30_MHZ) - loss


@pytest.fixture
def coast_and(tmp_path):
    """Write the coast and the shore of an island."""

    def write(island):
        return str(write_lines(tmp_path / "岸线.gpkg", [COAST, shapely.LineString(island.exterior)]))

    return write


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the job; each variant once."""
    done = {}

    def make(*stations, **more):
        key = json.dumps([stations, {k: str(v) for k, v in more.items()}], sort_keys=True)
        if key not in done:
            folder = tmp_path_factory.mktemp("海域")
            done[key] = run_job("sea_coverage", stated(folder, list(stations), **more), folder / "结果")
        return done[key]

    return make


@pytest.mark.parametrize("evidence", ["distance", "simulated"])
def test_what_is_covered_and_what_is_not_add_up_to_the_polygon_of_each_sea(run, evidence):
    made = run(ON_SHORE, ALSO_ON_SHORE, INLAND, evidence=evidence)
    parts = layer(made, "sea_part")
    for zone, shape in SEAS.items():
        own = parts[parts["zone"] == zone]
        true_km2 = slow_area_m2(shape) / 1e6
        assert own["area_km2"].sum() == pytest.approx(true_km2, rel=1e-4)
        assert sum(map(slow_area_m2, own.geometry)) / 1e6 == pytest.approx(true_km2, rel=1e-4)
        row = next(row for row in made.summary["by_zone"] if row["zone"] == zone)
        assert row["covered_km2"] + row["gap_km2"] + row["cannot_tell_km2"] == pytest.approx(true_km2, rel=1e-4)
        assert shapely.area(shapely.symmetric_difference(shapely.union_all(own.geometry), shape)) < 1e-9
    assert (parts["legal"] == 1).all() and set(parts["evidence"]) == {evidence}
    gaps = layer(made, "sea_gap")
    left = parts[parts["state"] != MET]["area_km2"].sum()
    assert gaps["area_km2"].sum() == pytest.approx(left, abs=1e-3)
    assert set(gaps["reason"]) <= set(REASON_LABELS) and gaps["nearest_station_id"].notna().all()


def test_by_distance_the_covered_sea_is_that_of_a_brute_count(run):
    made = run(ON_SHORE, ALSO_ON_SHORE, evidence="distance", radius_m=8000)
    parts = layer(made, "sea_part")
    for zone, shape in SEAS.items():
        lon, lat, area = places_in(shape)
        covered = np.zeros(len(lon), dtype=bool)
        for station in (ON_SHORE, ALSO_ON_SHORE):
            at = (np.full(len(lon), station["lon"]), np.full(len(lon), station["lat"]))
            covered |= GEOD.inv(lon, lat, *at)[2] <= 8000
        own = parts[(parts["zone"] == zone) & (parts["state"] == MET)]["area_km2"].sum()
        assert own == pytest.approx(area[covered].sum() / 1e6, rel=0.01)
    page = Path(made.outputs["report"]).read_text(encoding="utf-8")
    assert "结果偏低" in page and "on the low side" in page


def test_the_sea_that_one_station_covers_is_where_the_scalar_model_gives_the_level(run):
    made = run(ON_SHORE, evidence="simulated")
    parts = layer(made, "sea_part")
    covered = shapely.union_all(parts[parts["state"] == MET].geometry)
    checked = {True: 0, False: 0}
    for shape in SEAS.values():
        lon, lat, _ = places_in(shape, 0.01)
        for x, y in zip(lon.tolist(), lat.tolist()):
            level = rsrp(ON_SHORE, x, y)
            if abs(level - THRESHOLD_DBM) > 1.0:  # a cell of 500 m away a level may differ by that much
                assert covered.covers(shapely.Point(x, y)) == (level >= THRESHOLD_DBM), (x, y, level)
                checked[level >= THRESHOLD_DBM] += 1
    assert min(checked.values()) > 20
    gaps = layer(made, "sea_gap")
    assert set(gaps["reason"]) == {"weak_at_sea", "no_data", "no_terrain"}
    along = shapely.union_all(gaps[gaps["reason"] == "no_terrain"].geometry)  # over the coast
    assert shapely.total_bounds([along])[2] < 110.03


@pytest.mark.parametrize(("lon", "height", "frequency"), [(109.999, 30, 0.7), (109.985, 60, 2.1), (109.99, 15, 3.5)])
def test_losses_over_the_flat_ground_of_the_sea_are_those_of_the_scalar_model(lon, height, frequency):
    water = shapely.MultiPolygon([shapely.box(110, 20, 110.6, 21)])
    context = RunContext({"dem": None, "resolution_m": 250.0, "step_m": 150.0}, Path())
    ground = SeaGround(context, water, np.array([lon]), np.array([20.5]), 2000.0)(lon - 0.02, 20.2, 110.5, 20.8)
    to_lon, to_lat = np.array([110.03, 110.1, 110.2, 110.4, 110.45]), np.array([20.5, 20.55, 20.35, 20.7, 20.3])
    found = path_losses(
        ground, lon, 20.5, to_lon, to_lat,
        frequency_ghz=frequency, tx_height_m=height, max_range_m=60_000, model=Propagation(rx_height_m=DECK_M),
    ).loss_db  # fmt: skip
    for k in range(len(to_lon)):
        true = sea_loss_db(
            lon, 20.5, to_lon[k], to_lat[k], height_m=height, rx_height_m=DECK_M, frequency_ghz=frequency
        )
        assert found[k] == pytest.approx(true, abs=0.15)  # the shore lies on a post or half a post beside it


def test_a_station_inland_over_unknown_terrain_cannot_be_told_and_covers_nothing(run):
    made = run(dict(INLAND, eirp=63), evidence="simulated")
    parts, gaps = layer(made, "sea_part"), layer(made, "sea_gap")
    assert made.summary["covered_km2"] == 0 and set(parts["state"]) == {CANNOT_TELL}
    assert set(gaps["reason"]) == {"no_terrain", "no_data"}
    weak = layer(run(INLAND, evidence="simulated"), "sea_part")  # which could not reach so far even in free space
    assert not weak[weak["state"] == NOT_MET].empty and weak[weak["state"] == MET].empty
    page = Path(made.outputs["report"]).read_text(encoding="utf-8")
    assert "其间地形不明" in page and "unknown terrain" in page


def test_elevation_data_tell_whether_the_land_before_the_shore_is_in_the_way(run, tmp_path):
    flat = write_dem(tmp_path / "平地.tif", lambda lon, _: 0.0 * lon)
    ridge = write_dem(tmp_path / "山.tif", lambda lon, _: np.where((lon > 109.9) & (lon < 109.95), 600.0, 0.0))
    far = dict(INLAND, eirp=63)
    free, blocked = (run(far, evidence="simulated", dem=str(dem)) for dem in (flat, ridge))
    assert free.summary["covered_km2"] > 30 and blocked.summary["covered_km2"] < 0.5 * free.summary["covered_km2"]
    for made in (free, blocked):
        assert set(layer(made, "sea_gap")["reason"]) <= {"weak_at_sea", "no_data"}
    top = write_dem(tmp_path / "山顶.tif", lambda lon, _: np.where(lon < 109.853, 200.0, 0.0))
    assert run(far, evidence="simulated", dem=str(top)).summary["covered_km2"] > free.summary["covered_km2"]


def test_an_island_of_unknown_height_hides_nothing_for_sure(run, coast_and):
    island = shapely.box(110.03, 20.43, 110.05, 20.47)
    sea = shapely.difference(shapely.box(110, 20.3, 110.27, 20.7), island)
    made = run(STRONG, evidence="simulated", areas=[("territorial", sea)], coastline=coast_and(island))
    parts = layer(made, "sea_part").set_index("state")
    behind, beside = shapely.Point(110.09, 20.451), shapely.Point(110.02, 20.45)
    assert parts.geometry[CANNOT_TELL].covers(behind) and parts.geometry[MET].covers(beside)
    assert parts["area_km2"].sum() == pytest.approx(slow_area_m2(sea) / 1e6, rel=1e-4)
    assert not shapely.intersects(shapely.union_all(list(parts.geometry)), island.buffer(-1e-6))


def test_a_sea_of_several_polygons_is_one_kind(run):
    two = shapely.MultiPolygon([shapely.box(110, 20.3, 110.1, 20.4), shapely.box(110.0, 20.6, 110.1, 20.65)])
    made = run(ON_SHORE, evidence="simulated", areas=[("inland", two)])
    assert [row["zone"] for row in made.summary["by_zone"]] == ["inland"]
    assert made.summary["area_km2"] == pytest.approx(slow_area_m2(two) / 1e6, rel=1e-4)


def test_sea_that_a_planned_station_will_cover_is_not_met_and_says_so(run):
    planned = dict(ALSO_ON_SHORE, status="规划")
    made = run(ON_SHORE, dict(ON_SHORE, id="丁", lat=20.55), planned, evidence="distance", radius_m=4000)
    gaps = layer(made, "sea_gap")
    own = gaps[gaps["reason"] == "planned"]
    assert set(own["state"]) == {NOT_MET} and own["area_km2"].sum() > 10
    xy = shapely.get_coordinates(list(own.geometry))
    at = np.full(len(xy), planned["lon"]), np.full(len(xy), planned["lat"])
    assert GEOD.inv(*xy.T, *at)[2].max() < 4000 * 1.001


def test_about_a_station_that_cannot_be_simulated_the_sea_cannot_be_told(run):
    strange = {"id": "戊", "lon": 109.999, "lat": 20.35, "height": 30, "band": 26000}
    made = run(dict(ON_SHORE, eirp=0), strange, evidence="simulated")
    gaps = layer(made, "sea_gap")
    own = shapely.union_all(gaps[gaps["reason"] == "station_not_simulated"].geometry)
    assert own.covers(shapely.Point(110.003, 20.35)) and made.summary["not_simulated"] == 1
    assert "未参与仿真的基站" in Path(made.outputs["report"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("evidence", ["distance", "simulated"])
def test_sea_of_which_no_operators_records_speak_cannot_be_told(run, evidence):
    with_data = run(ON_SHORE, evidence=evidence)
    parts = layer(with_data, "sea_part")
    north = shapely.Point(110.26, 20.69)  # off the county without a station
    far = parts[[shape.covers(north) for shape in parts.geometry]]["state"].tolist()
    assert far == [CANNOT_TELL]
    assert "no_data" in set(layer(with_data, "sea_gap")["reason"])
    for silent in ({"technology": "4G"}, {"status": "planned"}, {"status": "retired"}):  # none says what 5G is there
        other = run(dict(ON_SHORE, **silent), evidence=evidence)
        assert other.summary["cannot_tell_km2"] == pytest.approx(other.summary["area_km2"], rel=1e-9)
        assert set(layer(other, "sea_gap")["reason"]) == {"no_data"}


def test_baselines_part_the_sea_into_inland_and_territorial(run, tmp_path):
    line = shapely.LineString([(110.003, 20.3), (110.05, 20.35), (110.05, 20.65), (110.003, 20.7)])  # 300 m off
    path = write_lines(tmp_path / "基线.gpkg", [line])
    made = run(ON_SHORE, ALSO_ON_SHORE, evidence="distance", areas=(), baselines=str(path))
    zones = {row["zone"]: row for row in made.summary["by_zone"]}
    inside = shapely.Polygon([(110, 20.3), *line.coords, (110, 20.7)])
    assert zones["inland"]["area_km2"] == pytest.approx(slow_area_m2(inside) / 1e6, rel=1e-3)
    territorial = shapely.union_all(layer(made, "sea_part").query("zone == 'territorial'").geometry)
    xy = shapely.get_coordinates(territorial)
    feet = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(line, shapely.points(xy)), 0))
    away = GEOD.inv(*xy.T, *feet.T)[2]
    assert 22_000 < away.max() < 22_224 * 1.002
    assert territorial.covers(shapely.Point(110.2, 20.5)) and not territorial.covers(shapely.Point(110.04, 20.5))
    assert all(row["legal"] == 1 for row in made.summary["by_zone"])
    said = json.loads((Path(made.folder) / "run.json").read_text("utf-8"))
    assert "sea.belt" in {rule["id"] for rule in said["rules"]}
    alone = write_lines(tmp_path / "断.gpkg", [shapely.LineString([(110.05, 20.4), (110.05, 20.6)])])
    with pytest.raises(InputError) as caught:
        run(ON_SHORE, evidence="distance", areas=(), baselines=str(alone))
    assert "基线" in caught.value.message.zh and caught.value.remedy.zh and "海岸线" in caught.value.remedy.zh


def test_a_belt_derived_from_the_coast_is_marked_as_not_legal_everywhere(run):
    made = run(ON_SHORE, ALSO_ON_SHORE, evidence="distance", areas=())
    parts, table = layer(made, "sea_part"), pd.read_csv(made.outputs["by_zone"], dtype=str, encoding="utf-8-sig")
    assert set(parts["zone"]) == {"derived_12nm"} and (parts["legal"] == 0).all()
    assert (layer(made, "sea_gap")["legal"] == 0).all() and made.summary["legal"] is False
    assert table["海域"].tolist() == ["推算12海里带（非法定）"] and "非法定" in table["法定界线"][0]
    page = Path(made.outputs["report"]).read_text(encoding="utf-8")
    assert "（推算海域，非法定）" in page and "(derived belt, not legal)" in page
    whole = shapely.union_all(parts.geometry)
    assert made.summary["area_km2"] == pytest.approx(slow_area_m2(whole) / 1e6, rel=1e-4)
    # By hand: as long as the counties and 5 km of coast on both sides, 12 nautical miles wide.
    length_m = GEOD.inv(110, 20.2, 110, 20.8)[2] + 2 * 5000
    assert made.summary["area_km2"] == pytest.approx(length_m * 22_224 / 1e6, rel=0.02)


def test_other_sea_of_the_layer_is_left_out_and_told(run):
    beyond = shapely.box(110.27, 20.3, 110.4, 20.7)
    made = run(ON_SHORE, evidence="distance", areas=[("inland", INLAND_SEA), ("other", beyond)])
    assert [row["zone"] for row in made.summary["by_zone"]] == ["inland"]
    assert f"{slow_area_m2(beyond) / 1e6:,.2f} km²，不计入" in Path(made.outputs["report"]).read_text(encoding="utf-8")


def test_where_nothing_says_where_the_sea_is_the_job_says_what_is_missing(tmp_path):
    given = stated(tmp_path, [ON_SHORE], areas=())
    del given["coastline"]
    with pytest.raises(InputError) as caught:
        run_job("sea_coverage", given, tmp_path / "结果")
    assert "海岸线" in caught.value.message.zh and "海域图层" in caught.value.remedy.zh


def test_inland_and_territorial_sea_that_overlap_are_counted_once(run):
    wide = shapely.box(110.03, 20.3, 110.27, 20.7)
    made = run(ON_SHORE, evidence="distance", areas=[("inland", INLAND_SEA), ("territorial", wide)])
    whole = slow_area_m2(shapely.union(INLAND_SEA, wide)) / 1e6
    assert made.summary["area_km2"] == pytest.approx(whole, rel=1e-4)
    assert "重叠" in Path(made.outputs["report"]).read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes(tmp_path):
    made = []
    for name in ("一", "二"):
        folder = tmp_path / name
        folder.mkdir()
        given = stated(folder, [ON_SHORE, INLAND], evidence="simulated")
        made.append(Path(run_job("sea_coverage", given, folder / "结果").folder))
    for file in ("result.gpkg", "by_zone.csv"):
        assert (made[0] / file).read_bytes() == (made[1] / file).read_bytes()


def test_of_two_technologies_either_will_do():
    boxes = [shapely.MultiPolygon([shapely.box(x, 20, x + 0.1, 20.1)]) for x in (110, 110.1, 110.2, 110.3)]
    whole = SeaPart("inland", shapely.MultiPolygon([shapely.box(110, 20, 110.4, 20.1)]), 0.0)
    whole = whole._replace(area_m2=float(geometry_areas([whole.shape])[0]))

    def split(*states):
        reasons = {MET: "", NOT_MET: "weak_at_sea", CANNOT_TELL: "no_terrain"}
        areas = geometry_areas(boxes)
        return SeaSplit(
            [Piece(0, s, reasons[s], b, float(a)) for s, b, a in zip(states, boxes, areas)], "simulated", "r"
        )

    both = either(split(MET, NOT_MET, NOT_MET, CANNOT_TELL), split(NOT_MET, NOT_MET, CANNOT_TELL, MET), [whole])
    areas = geometry_areas(boxes)
    assert both.area_m2(MET) == pytest.approx(areas[0] + areas[3])
    assert both.area_m2(NOT_MET) == pytest.approx(areas[1])
    assert both.area_m2(CANNOT_TELL) == pytest.approx(areas[2])


def test_the_rules_of_the_sea_say_what_is_law_and_what_is_a_preset():
    rules = load("frontier-sea").rules
    assert rules["sea.belt"].value == 12 and "领海及毗连区法" in rules["sea.belt"].document
    assert all(rule.status == "unverified" for rule in rules.values())


def test_off_fangchenggang_only_the_sea_of_its_own_counties_is_looked_at(tmp_path, shared_data):
    folder, home = shared_data / "fangchenggang", tmp_path / "防城港.gpkg"
    counties = {"source": str(folder / "防城港市_县区_GCJ02.geojson"), "kind": "admin_units", "datum": "gcj02"}
    run_job("import_layer", {"workspace": str(home), **counties}, tmp_path / "县")
    coast = pyogrio.read_dataframe(folder / "海岸线_NE10m_WGS84.geojson").geometry
    stations = [{"id": str(k), "lon": x, "lat": 21.54} for k, x in enumerate((108.0, 108.1, 108.22, 108.35))]
    given = {
        "workspace": str(home),
        "coastline": str(write_lines(tmp_path / "海岸线.gpkg", coast)),
        "base_stations": str(write_stations(tmp_path / "基站.csv", stations)),
        "resolution_m": "500",
    }
    made = run_job("sea_coverage", given, tmp_path / "结果")
    parts = layer(made, "sea_part")
    assert set(parts["zone"]) == {"derived_12nm"} and (parts["legal"] == 0).all()
    whole = shapely.union_all(parts.geometry)
    assert parts["area_km2"].sum() == pytest.approx(slow_area_m2(whole) / 1e6, rel=1e-4)
    assert whole.covers(shapely.Point(108.3, 21.4)) and whole.bounds[0] > 107.8 and whole.bounds[2] < 108.8
    assert made.summary["covered_km2"] > 100 and made.summary["cannot_tell_km2"] > 0
