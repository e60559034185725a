"""Cables of the sample county that share a trench."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError

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


def test_a_graph_file_without_routes_is_refused(shared_data, tmp_path):
    with pytest.raises(ParameterError, match="no routes"):
        run_job("shared_risk", {"graph": str(shared_data / "cables" / "Cernet.graphml")}, tmp_path / "图")
