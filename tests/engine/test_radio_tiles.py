"""Blocks of a grid of receivers: where their cells lie, what they depend on, and what they say."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.analysis.cell_shares import areas_in
from xinji_planner.analysis.geodesy import ecef_m
from xinji_planner.analysis.radio import Propagation, Sector, best_server, terrain
from xinji_planner.analysis.radio.tiles import (
    CANNOT_TELL,
    COVERED,
    GAP,
    BlockTask,
    blocks_of,
    grid_over,
    levels_of,
    sectors_near,
    window_of,
)

GEOD = Geod(ellps="GRS80")


@given(st.floats(-60, 60), st.floats(5, 500))
@settings(max_examples=30, deadline=None)
def test_cells_have_the_side_that_was_asked_for_and_its_area(lat, side):
    grid = grid_over(100.0, lat, 100.0 + side / 2000, lat + side / 2000, side)
    middle = grid.middle_lat()
    north = GEOD.inv(100, middle - grid.step_lat / 2, 100, middle + grid.step_lat / 2)[2]
    east = GEOD.inv(100, middle, 100 + grid.step_lon, middle)[2]
    assert north == pytest.approx(side, rel=2e-4)
    assert east == pytest.approx(side, rel=2e-4)
    assert grid.cell_areas_m2()[grid.rows // 2] == pytest.approx(side * side, rel=1e-3)


def test_blocks_cover_the_grid_once():
    grid = grid_over(100.0, 30.0, 100.1, 30.07, 100)
    seen = np.zeros((grid.rows, grid.columns), int)
    for block in blocks_of(grid, 17):
        seen[block.part] += 1
    assert (seen == 1).all()


def test_a_place_is_in_the_cell_that_holds_it():
    grid = grid_over(100.0, 30.0, 100.1, 30.07, 100)
    lon, lat = grid.lon(0, grid.columns)[[0, 5, 90]], grid.lat(0, grid.rows)[[0, 70, 3]]
    row, column = grid.cell_of([*lon, 99.0, np.nan], [*lat, 30.0, 30.0])
    assert row.tolist() == [0, 70, 3, -1, -1]
    assert column.tolist() == [0, 5, 90, -1, -1]


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_the_area_in_a_polygon_is_that_of_every_cell_cut_alone(seed):
    grid = grid_over(100.0, 30.0, 100.02, 30.02, 100)
    random = np.random.default_rng(seed)
    turn = np.sort(random.uniform(0, 2 * np.pi, 12))
    far = random.uniform(0.002, 0.0095, 12)
    unit = shapely.Polygon(np.column_stack([100.01 + far * np.cos(turn), 30.01 + far * np.sin(turn)]))
    found = areas_in(unit, grid, 0, 0, grid.rows, grid.columns)
    west = grid.west + np.arange(grid.columns) * grid.step_lon
    north = grid.north - np.arange(grid.rows) * grid.step_lat
    for row in range(0, grid.rows, 5):
        cells = shapely.box(west, north[row] - grid.step_lat, west + grid.step_lon, north[row])
        cut = [
            shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])
            for shape in shapely.intersection(cells, unit)
        ]
        assert found[row] == pytest.approx(geometry_areas(cut), abs=1e-3)
    assert found.sum() == pytest.approx(geometry_areas([unit])[0], rel=1e-6)


def scene(offset=None, full=True, void=False):
    """Rolling land, two sectors in range and one far away, and a block of 20 x 30 cells."""
    lon, lat = np.meshgrid(100 + np.arange(121) / 1200, 30.1 - np.arange(121) / 1200)
    height = 500 + 30 * np.sin(lon * 500) * np.cos(lat * 400)
    if void:
        height[:, 60:] = np.nan
    sectors = [
        Sector(100.01, 30.02, 30, 2.6, 15.0),
        Sector(104.0, 30.02, 30, 2.6, 40.0),
        Sector(100.08, 30.08, 30, 2.6, 20.0),
    ]
    grid = grid_over(100.03, 30.03, 100.06, 30.05, 100)
    lon, lat = grid.lon(0, grid.columns), grid.lat(0, grid.rows)
    wanted = np.ones((grid.rows, grid.columns), bool)
    wanted[:3, :5] = False
    xyz = ecef_m([s.lon for s in sectors], [s.lat for s in sectors])
    near = sectors_near(lon, lat, wanted, xyz, 9000.0)
    land = terrain(height, 100.0, 30.1, 1 / 1200, 1 / 1200)
    chosen = tuple(sectors[i] for i in near)
    window = window_of(lon, lat, wanted, chosen)
    assert window[0] < 100.01
    assert window[2] > 100.08
    task = BlockTask(land, chosen, near, lon, lat, wanted, Propagation(), 9000.0, -105.0, full, offset)
    return task, sectors


def test_a_block_says_what_the_search_over_all_sectors_says():
    task, sectors = scene()
    assert task.place.tolist() == [0, 2]
    found = levels_of(task, 1)
    whole = best_server(
        task.land,
        sectors,
        task.lon[None, :],
        task.lat[:, None],
        max_range_m=9000.0,
        model=task.model,
        second=True,
        threshold_dbm=-105.0,
    )
    w = task.wanted
    assert np.array_equal(found.rsrp[w], whole.level_dbm[w])
    assert np.array_equal(found.server[w], whole.server[w])
    assert np.array_equal(found.second[w], whole.second_dbm[w], equal_nan=True)
    assert np.array_equal(found.servers[w], whole.above[w])
    assert (found.state[w] == np.where(whole.level_dbm >= -105, COVERED, GAP)[w]).all()
    assert {COVERED, GAP} <= set(np.unique(found.state))
    assert (found.state[~w] == 0).all()
    assert np.isnan(found.rsrp[~w]).all()


@pytest.mark.parametrize("void", [False, True])
@pytest.mark.parametrize("threshold_dbm", [-115.0, -105.0, -90.0])
def test_the_states_alone_are_the_same_as_with_all_levels(void, threshold_dbm):
    offset = np.where(np.arange(scene()[0].lon.size) % 2 == 0, 0.0, -6.5)
    for offset_db in (None, np.broadcast_to(offset, scene()[0].wanted.shape).copy()):
        task = scene(offset_db, void=void)[0]._replace(threshold_dbm=threshold_dbm)
        full, brief = levels_of(task, 2), levels_of(task._replace(full=False), 2)
        assert np.array_equal(brief.state, full.state)
        assert np.isnan(brief.rsrp).all()
        assert (brief.server == -1).all()


def test_where_it_cannot_be_told_there_is_no_level_and_no_server():
    task, _ = scene(void=True)
    found = levels_of(task, 1)
    untold = found.state == CANNOT_TELL
    assert untold.any()
    assert np.isnan(found.rsrp[untold]).all()
    assert (found.server[untold] == -1).all()
    assert (found.servers[untold] == -1).all()


def test_an_offset_of_the_land_cover_moves_levels_and_counts_cell_by_cell():
    task, _ = scene()
    plain = levels_of(task, 1)
    offset = np.zeros(task.wanted.shape)
    offset[:, 10:], offset[:, 20:] = -6.0, 4.0
    moved = levels_of(task._replace(offset_db=offset), 1)
    w = task.wanted
    assert moved.rsrp[w] == pytest.approx((plain.rsrp + offset)[w], abs=1e-4)
    assert np.array_equal(moved.server[w], plain.server[w])
    assert (moved.state[w] == np.where(moved.rsrp >= -105, COVERED, GAP)[w]).all()
    assert (moved.servers[w] == ((moved.rsrp >= -105).astype(int) + (moved.second >= -105))[w]).all()
    assert (moved.state != plain.state).any()
