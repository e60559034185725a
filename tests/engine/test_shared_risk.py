"""Cables of the sample county that share a trench."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.shared_risk import JOB

from .network_kit import cables, rooms

GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the sample county, imported."""
    folder = tmp_path_factory.mktemp("同沟 同走廊")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


@pytest.fixture(scope="module")
def found(home):
    stated = {"workspace": str(home / "海岳县.gpkg"), "pair": "GL001,GL002"}
    return run_job("shared_risk", stated, home / "结果")


def pairs(run):
    table = pd.read_csv(run.outputs["pairs"])
    return table.set_index(["光缆甲", "光缆乙"])


def test_main_and_standby_of_the_core_rooms_share_the_trench_that_was_planted(found):
    top = pairs(found).iloc[0]
    assert pairs(found).index[0] == ("GL001", "GL002") and top["两端机房相同"] == "是"
    lines = pyogrio.read_dataframe(found.outputs["shared_stretch"], layer="shared_stretch")
    own = lines[(lines["cable_a"] == "GL001") & (lines["cable_b"] == "GL002") & (lines["kind"] == "trench")]
    assert own["length_km"].sum() == pytest.approx(top["同沟（km）"], abs=1e-5)
    for row in own.itertuples():
        assert row.length_km == pytest.approx(GEOD.geometry_length(row.geometry) / 1000, rel=1e-6)
        assert row.length_km == pytest.approx(row.to_km - row.from_km, abs=2e-6)


def test_a_walk_in_steps_of_a_metre_finds_the_same_length_in_one_trench(home, found):
    cables = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables").set_index("cable_id")
    one, two = cables.geometry["GL001"], cables.geometry["GL002"]
    scale = GEOD.inv(129.4, 20.4, 129.401, 20.4)[2] / 0.001, GEOD.inv(129.4, 20.4, 129.4, 20.401)[2] / 0.001
    one, two = (shapely.transform(line, lambda xy: (xy - (129.4, 20.4)) * scale) for line in (one, two))
    steps = [0.5 + at for at in range(int(one.length))]
    near = shapely.distance(shapely.line_interpolate_point(one, steps), two) <= 10
    assert pairs(found).loc[("GL001", "GL002"), "同沟（km）"] * 1000 == pytest.approx(near.sum(), rel=2e-3)


def test_every_pair_that_shares_more_than_50_m_away_from_common_rooms_is_listed_and_no_other(home, found):
    cables = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_cables")
    cables = cables[cables["status"] == "existing"].set_index("cable_id")
    nodes = pyogrio.read_dataframe(home / "海岳县.gpkg", layer="trunk_nodes")
    scale = GEOD.inv(129.4, 20.4, 129.401, 20.4)[2] / 0.001, GEOD.inv(129.4, 20.4, 129.4, 20.401)[2] / 0.001

    def flat(shape):
        return shapely.transform(shape, lambda xy: (xy - (129.4, 20.4)) * scale)

    lines = {name: flat(line) for name, line in cables.geometry.items()}
    rooms = [flat(point) for point in nodes.geometry]
    wide = {}
    for (a, one), (b, two) in combinations(sorted(lines.items()), 2):
        common = [room for room in rooms if room.distance(one) < 5 and room.distance(two) < 5]
        beside = one.intersection(two.buffer(10))
        for room in common:
            beside = beside.difference(room.buffer(200))
        wide[a, b] = beside.length
    listed = {pair for pair, row in pairs(found).iterrows() if row["同沟（km）"] > 0}
    for pair, length in wide.items():
        if length > 90:
            assert pair in listed
        if length < 20:
            assert pair not in listed


def test_the_separation_of_a_named_pair_is_0_8_m_in_the_trench_and_grows_outside(found):
    profile = pd.read_csv(found.outputs["separation"])
    apart = profile["相距（米）"]
    assert apart.iloc[0] < 1 and apart.iloc[-1] < 1  # both end in the same rooms
    assert (apart.between(0.5, 1.1)).sum() > len(apart) / 2 and apart.max() > 200


def test_a_cable_that_is_not_there_is_named(home):
    with pytest.raises(InputError, match="GL999"):
        run_job("shared_risk", {"workspace": str(home / "海岳县.gpkg"), "pair": "GL001,GL999"}, home / "没有")


@pytest.mark.parametrize("pair", ["GL001", "GL001,GL001", "GL001,GL002,GL003"])
def test_anything_but_two_ids_is_refused(home, pair):
    with pytest.raises(ParameterError, match="pair"):
        run_job("shared_risk", {"workspace": str(home / "海岳县.gpkg"), "pair": pair}, home / "不是一对")


def test_a_graph_file_which_has_no_routes_is_not_offered():
    assert "graph" not in [parameter.name for parameter in JOB.parameters]


RIVER = [(5_000, -5_000), (5_000, 5_000)]
AREA = [(7_000, -100), (8_000, -100), (8_000, 1_000), (7_000, 1_000), (7_000, -100)]


@pytest.fixture
def crossed(tmp_path):
    """Three cables over a river: main and standby 300 m apart, a third 3 km off; a hazard zone over the first two."""
    lines = cables(
        [(0, 0), (10_000, 0)],
        [(0, 0), (500, 300), (9_500, 300), (10_000, 0)],
        [(0, 0), (500, 3_000), (9_500, 3_000), (10_000, 0)],
    )
    names = ["甲", "乙", "丙"]
    table = {"cable_id": ["L0", "L1", "L2"], "name": names, "operator": "CMCC", "status": "existing", "year": 2020}
    gpd.GeoDataFrame(table, geometry=lines, crs=4490).to_file(tmp_path / "缆.gpkg")
    lon, lat = rooms((0, 0), (10_000, 0))
    table = {
        "node_id": ["R0", "R1"],
        "name": ["东", "西"],
        "operator": "CMCC",
        "node_class": "backbone",
        "status": "existing",
    }
    gpd.GeoDataFrame(table, geometry=shapely.points(lon, lat), crs=4490).to_file(tmp_path / "房.gpkg")
    river = gpd.GeoDataFrame({"名称": ["黔江"]}, geometry=cables(RIVER), crs=4490)
    river.to_file(tmp_path / "河.gpkg")
    zone = shapely.Polygon(cables(AREA)[0].coords)
    mixed = {"名称": ["一号滑坡", "黔江大桥"], "类型": ["滑坡隐患", "公路桥"]}
    bridge = shapely.LineString(shapely.get_coordinates(cables([(2_000, 0), (2_500, 0)])[0]))
    gpd.GeoDataFrame(mixed, geometry=[zone, bridge], crs=4490).to_file(tmp_path / "地点.gpkg")
    return {"trunk_cables": str(tmp_path / "缆.gpkg"), "trunk_nodes": str(tmp_path / "房.gpkg")}


def test_a_river_crossing_and_a_hazard_zone_of_two_cables_are_listed_with_both_chainages(crossed, tmp_path):
    stated = {**crossed, "rivers": str(tmp_path / "河.gpkg"), "places": str(tmp_path / "地点.gpkg")}
    run = run_job("shared_risk", stated, tmp_path / "结果")
    table = pd.read_csv(run.outputs["shared_places"]).set_index(["光缆甲", "光缆乙", "地点类别"])
    assert sorted(table.index) == [("L0", "L1", "河流穿越"), ("L0", "L1", "灾害区")]
    river = table.loc[("L0", "L1", "河流穿越")]
    # The second cable goes 583 m to the height of 300 m, then straight: it is at 5 km after 583 + 4500 m.
    assert river["光缆甲桩号（km）"] == pytest.approx(5.0, abs=0.01)
    assert river["光缆乙桩号（km）"] == pytest.approx(5.083, abs=0.01)
    assert river["两缆相距（米）"] == pytest.approx(300, abs=3) and river["两端机房相同"] == "是"
    zone = table.loc[("L0", "L1", "灾害区")]
    assert zone["光缆甲桩号（km）"] == pytest.approx(7.5, abs=0.01) and zone["地点"] == "一号滑坡"
    layer = pyogrio.read_dataframe(run.outputs["shared_place"], layer="shared_place")
    assert set(layer["kind"]) == {"river", "hazard"} and (layer.geometry.geom_type == "Point").all()
    assert run.summary["shared_places"] == run.summary["shared_places_same_rooms"] == 2


def test_without_layers_of_places_nobody_can_tell(crossed, tmp_path):
    run = run_job("shared_risk", crossed, tmp_path / "结果")
    assert run.summary["shared_places"] is None and "shared_places" not in run.outputs
    page = (tmp_path / "结果" / "report.html").read_text(encoding="utf-8")
    assert "是否共用这些地点无法判定" in page


def test_what_the_kind_column_does_not_tell_is_told_by_the_name_of_the_file(crossed, tmp_path):
    gpd.GeoDataFrame({"备注": ["一"]}, geometry=cables(RIVER), crs=4490).to_file(tmp_path / "断裂带.gpkg")
    run = run_job("shared_risk", {**crossed, "places": str(tmp_path / "断裂带.gpkg")}, tmp_path / "结果")
    assert set(pd.read_csv(run.outputs["shared_places"])["地点类别"]) == {"断裂穿越"}


def test_a_column_of_kinds_that_is_not_there_is_named(crossed, tmp_path):
    stated = {**crossed, "places": str(tmp_path / "地点.gpkg"), "kind_column": "没有"}
    with pytest.raises(InputError, match="没有"):
        run_job("shared_risk", stated, tmp_path / "结果")
