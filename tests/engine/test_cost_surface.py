"""Surfaces of costs from ground, slope, roads and what is to be avoided; and cheaper routes of drawn cables."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.least_cost.alternative import cheaper_alternative
from xinji_planner.analysis.least_cost.ground import frame_of, slope_deg, slope_factor
from xinji_planner.analysis.least_cost.path import Steps, cheapest_path
from xinji_planner.analysis.least_cost.surface import Surface, cost_along
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError
from xinji_planner.jobs.shared.cost_surface import Penalty, control_penalties, cost_map, factor_of
from xinji_planner.rules.own import changed_pack
from xinji_planner.text import same

GEOD = Geod(ellps="GRS80")
EAST, NORTH_M = 96486.0, 110831.0  # metres of a degree at 30° north, about
PACK = changed_pack("least-cost", None)


@pytest.fixture
def context(tmp_path):
    return RunContext({}, tmp_path)


def place(east_m, north_m):
    return 110 + east_m / EAST, 30 + north_m / NORTH_M


def line(*places):
    return shapely.LineString([place(*at) for at in places])


def box(west, south, east, north):
    return shapely.box(*place(west, south), *place(east, north))


BOUNDS = (*place(0, 0), *place(6000, 4000))


def at(found, east_m, north_m):
    row, column = found.surface.cells(*place(east_m, north_m))
    return found.surface.cost_per_m[row, column]


def test_ground_roads_ducts_and_what_is_avoided_cost_what_the_pack_says(context):
    found = cost_map(
        context,
        PACK,
        BOUNDS,
        roads=[line((0, 2000), (6000, 2000))],
        ducts=[line((3000, 0), (3000, 4000))],
        penalties=[
            Penalty(same("甲"), [box(4000, 0, 5000, 4000)], 10),
            Penalty(same("乙"), [box(4500, 0, 5000, 4000)], 5),
        ],
    )
    # On open ground 2, along a road 1, along a duct 0.3 (on the road, too); 10 times, and 10 + 5 - 1 times.
    assert [at(found, *spot) for spot in ((500, 500), (500, 2000), (3000, 500), (3000, 2000))] == [2, 1, 0.3, 0.3]
    assert [at(found, *spot) for spot in ((4250, 500), (4750, 500), (4250, 2000))] == [20, 28, 10]
    assert found.cell_m == 30
    assert {rule["id"] for rule in context.rules} >= {"cost.road", "cost.open", "cost.duct", "cost.cell"}
    assert "未计坡度" in " ".join(words.zh for words in found.cautions)


def test_a_river_that_bars_is_passed_on_the_road_that_bridges_it_alone(context):
    river = Penalty(same("河"), [box(2950, -6000, 3050, 10000)], math.inf, is_bridged=True)
    found = cost_map(context, PACK, BOUNDS, roads=[line((0, 3500), (6000, 3500))], penalties=[river])
    way = cheapest_path(found.surface, place(500, 500), place(5500, 500))
    over = shapely.intersection(shapely.LineString(np.column_stack([way.lon, way.lat])), river.shapes[0])
    assert not over.is_empty and abs((over.centroid.y - 30) * NORTH_M - 3500) < 31
    without = cost_map(context, PACK, BOUNDS, penalties=[river])
    assert cheapest_path(without.surface, place(500, 500), place(5500, 500)) is None


def test_no_way_leads_out_of_the_area(context):
    found = cost_map(context, PACK, BOUNDS, within=[box(0, 0, 6000, 4000)])
    assert found.surface.standing(*place(-200, 500)) == "barred" and at(found, 100, 500) == 2


def test_a_large_area_gets_coarser_cells_and_says_so(context):
    found = cost_map(context, PACK, (100.0, 25.0, 110.0, 32.0))
    assert found.surface.cost_per_m.size <= 4_000_000 and found.cell_m > 300
    assert "放粗" in found.cautions[0].zh


def hill(path: Path):
    """A plain in the west, from 3 km a slope of 20° that rises to the east, and no heights in the far north."""
    step = 1 / 1200
    east = (np.arange(120) + 0.5) * step * EAST - 1000
    heights = np.tile(np.maximum(0.0, east - 3000) * math.tan(math.radians(20)), (120, 1)).astype("float32")
    heights[:20] = -9999
    transform = rasterio.Affine(step, 0, 110 - 1000 / EAST, 0, -step, 30.06)
    shape = {"height": 120, "width": 120, "count": 1, "dtype": "float32", "nodata": -9999}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4490", transform=transform, **shape) as file:
        file.write(heights, 1)
    return path


def test_slope_makes_ground_dearer_but_not_roads_and_unknown_ground_bars(context, tmp_path):
    dem = hill(tmp_path / "高程.tif")
    road = [line((0, 2000), (6000, 2000))]
    found = cost_map(context, PACK, BOUNDS, roads=road, dem=dem)
    # 20° are 10° beyond the first: twice the 2 points of open ground.
    assert at(found, 1000, 1000) == pytest.approx(2) and at(found, 5000, 1000) == pytest.approx(4, rel=0.02)
    assert at(found, 5000, 2000) == 1
    assert math.isinf(at(found, 1000, 6000))
    assert context.inputs["dem"] == str(dem)
    assert "没有高程" in " ".join(words.zh for words in found.cautions)


def test_the_slope_of_a_plane_is_its_slope():
    east, north = np.meshgrid(np.arange(6) * 30.0, -np.arange(5) * 20.0)
    slope = slope_deg(0.3 * east + 0.4 * north, np.full(3, 30.0), np.full(3, 20.0))
    assert slope == pytest.approx(np.full((3, 4), math.degrees(math.atan(0.5))))
    assert slope_factor(np.array([5.0, 10, 20, 44.9, 45, np.nan]), 10, 0.1, 45) == pytest.approx(
        [1, 1, 2, 4.49, math.inf, math.inf]
    )


def test_cells_are_square_over_the_ground_and_never_too_many():
    frame = frame_of((110, 30, 110.5, 30.4), 30, 100_000)
    assert frame.rows * frame.columns <= 100_000
    lon, lat = 110.25, 30.2
    wide = GEOD.inv(lon, lat, lon + frame.step_lon, lat)[2]
    high = GEOD.inv(lon, lat, lon, lat + frame.step_lat)[2]
    assert wide == pytest.approx(frame.cell_m, rel=1e-3) and high == pytest.approx(frame.cell_m, rel=1e-3)
    thin = frame_of((110, 30, 140, 30), 30, 1000)
    assert thin.rows == 1 and thin.columns <= 1000


def test_control_lines_cost_by_their_kind_and_town_boundaries_nothing(context):
    kinds = np.array(["ecological_red_line", "town_boundary", "basic_farmland"], dtype=object)
    shapes = np.array([box(0, 0, 1, 1)] * 3, dtype=object)
    assert [penalty.factor for penalty in control_penalties(context, PACK, kinds, shapes)] == [50, 10]


@pytest.mark.parametrize(("stated", "factor"), [(0, math.inf), (7, 7.0)])
def test_a_weight_of_0_in_an_own_pack_bars(context, tmp_path, stated, factor):
    (tmp_path / "own.toml").write_text(
        '[pack]\nid="own"\nzh="甲"\nen="own"\nbase="least-cost"\ndate="2026-01-01"\nstatus="unverified"\n'
        f'[[rule]]\nid="cost.avoid"\nvalue={stated}\nreason="试"\n',
        encoding="utf-8",
    )
    assert factor_of(context, changed_pack("least-cost", tmp_path), "avoid") == factor


def test_a_weight_between_0_and_1_is_refused(context, tmp_path):
    (tmp_path / "own.toml").write_text(
        '[pack]\nid="own"\nzh="甲"\nen="own"\nbase="least-cost"\ndate="2026-01-01"\nstatus="unverified"\n'
        '[[rule]]\nid="cost.avoid"\nvalue=0.5\nreason="试"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"cost\.avoid"):
        factor_of(context, changed_pack("least-cost", tmp_path), "avoid")


# --- cheaper routes of drawn cables


def test_a_cable_through_a_red_line_goes_around_it_and_keeps_its_line_elsewhere(context):
    # Along y = 2000 from 0 to 6 km; a square of 400 m around 3 km costs 50 times as much.
    drawn = line((0, 2000), (1500, 2000), (4500, 2000), (6000, 2000))
    zone = box(2800, 1800, 3200, 2200)
    found = cost_map(context, PACK, BOUNDS, penalties=[Penalty(same("红线"), [zone], 50)])
    other = cheaper_alternative(drawn, Steps(found.surface), keep=0.8)
    assert not other.line.intersects(zone)
    points = shapely.get_coordinates(other.line).tolist()
    own = shapely.get_coordinates(drawn).tolist()
    assert points[0] == own[0] and points[-1] == own[-1]
    # By hand: at the least over the corners of the zone, at the most a cell farther out and back to the line early.
    least = 2 * (math.hypot(2800, 200)) + 400 - 6000
    assert least - 3 < other.extra_m < 250
    assert other.way.cost == pytest.approx(other.way.length_m * 2, rel=1e-4) and other.way.cost < other.cost_before


def test_a_room_on_the_cable_is_passed_by_the_other_route_too(context):
    drawn = line((0, 2000), (6000, 2000))
    zone = Penalty(same("红线"), [box(2800, 1000, 3200, 2500)], math.inf)
    found = cost_map(context, PACK, BOUNDS, penalties=[zone])
    rooms = [place(1000, 2000), place(5000, 2000)]
    other = cheaper_alternative(drawn, Steps(found.surface), rooms)
    assert math.isinf(other.cost_before) and math.isfinite(other.way.cost)
    points = {tuple(point) for point in shapely.get_coordinates(other.line).tolist()}
    assert set(rooms) <= points
    before = shapely.LineString(np.column_stack([other.way.lon, other.way.lat]))
    assert not before.intersects(zone.shapes[0])


def test_a_room_beside_the_end_of_a_cable_makes_no_spike_there(context):
    drawn = line((0, 2000), (6000, 2000))
    zone = Penalty(same("红线"), [box(2800, 1800, 3200, 2200)], 50)
    found = cost_map(context, PACK, BOUNDS, penalties=[zone])
    alone = cheaper_alternative(drawn, Steps(found.surface))
    other = cheaper_alternative(drawn, Steps(found.surface), [place(-3, 2002), place(6000, 2003)])
    assert other.line.equals(alone.line)


def test_a_cable_that_has_no_conflict_is_left_alone(context):
    found = cost_map(context, PACK, BOUNDS)
    assert cheaper_alternative(line((0, 2000), (6000, 2000)), Steps(found.surface)) is None


def test_a_cable_is_not_moved_for_a_trifle(context):
    # A bend of 100 m over 2 km is 0.5 % longer than the straight line: not worth another route at a discount of 20 %.
    bent = line((0, 2000), (1000, 2100), (2000, 2000))
    found = cost_map(context, PACK, BOUNDS)
    assert cheaper_alternative(bent, Steps(found.surface), keep=0.8) is None
    assert cheaper_alternative(bent, Steps(found.surface), keep=1.0).extra_m < 0


def test_where_no_other_way_leads_there_is_no_alternative(context):
    wall = Penalty(same("墙"), [box(2800, -9000, 3200, 9000)], math.inf)
    found = cost_map(context, PACK, BOUNDS, penalties=[wall])
    assert cheaper_alternative(line((0, 2000), (6000, 2000)), Steps(found.surface)) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 1.0))
def test_another_route_is_always_cheaper_and_keeps_the_ends(seed, keep):
    rng = np.random.default_rng(seed)
    costs = rng.choice([1.0, 2.0, 30.0, math.inf], size=(14, 18), p=[0.5, 0.25, 0.2, 0.05])
    surface = Surface(costs, 110.0, 30.0, 0.0003, 0.00026)
    xy = np.column_stack([110 + rng.uniform(0.0001, 0.0053, 4), 30 - rng.uniform(0.0001, 0.0035, 4)])
    cable = shapely.LineString(xy)
    other = cheaper_alternative(cable, Steps(surface), [tuple(xy[1])], keep=keep)
    before = cost_along(surface, xy[:, 0], xy[:, 1]).sum()
    if other is not None:
        points = shapely.get_coordinates(other.line)
        assert (points[[0, -1]] == xy[[0, -1]]).all() and (points == xy[1]).all(axis=1).any()
        assert other.way.cost <= before * (1 + 1e-5) or math.isinf(before)
        assert other.way.length_m == pytest.approx(GEOD.geometry_length(other.line), rel=1e-9)
