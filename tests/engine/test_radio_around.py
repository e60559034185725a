"""Cells around places of which nothing is known: the same as by geodesics, cell by cell."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.radio.around import cells_within, told_levels
from xinji_planner.analysis.radio.tiles import CANNOT_TELL, COVERED, GAP, BlockLevels, Grid

GEOD = Geod(ellps="GRS80")


@settings(deadline=None, max_examples=40)
@given(
    st.floats(-60, 60),
    st.lists(st.tuples(st.floats(-0.3, 0.5), st.floats(-0.5, 0.3), st.floats(100, 25_000)), min_size=0, max_size=4),
)
def test_cells_within_reach_are_those_that_geodesics_say(north, places):
    grid = Grid(100.0, north, 0.004, 0.003, 50, 60)
    lon = np.array([100 + x for x, _, _ in places])
    lat = np.array([north + y for _, y, _ in places])
    reach = np.array([r for _, _, r in places])
    x, y = np.meshgrid(grid.lon(0, 60), grid.lat(0, 50))
    slack = np.full(x.shape, np.inf)
    for own_x, own_y, r in zip(lon, lat, reach):
        far = GEOD.inv(np.full(x.size, own_x), np.full(x.size, own_y), x.ravel(), y.ravel())[2]
        slack = np.minimum(slack, far.reshape(x.shape) - r)
    found = cells_within(grid, lon, lat, reach)
    clear = np.abs(slack) > 0.05  # the chord is shorter by 2 cm at 25 km
    assert (found == (slack <= 0))[clear].all()


def test_cells_that_cannot_be_told_lose_their_levels_and_the_others_keep_them():
    state = np.array([[COVERED, GAP, GAP, CANNOT_TELL]], np.uint8)
    numbers = np.array([[5, 6, 7, -1]], np.int32)
    level = np.array([[-90, -120, -121, np.nan]], np.float32)
    levels = BlockLevels(level, numbers, level - 1, numbers, state)
    said = np.array([[COVERED, CANNOT_TELL, GAP, CANNOT_TELL]], np.uint8)
    found = told_levels(levels, said)
    assert found.state.tolist() == said.tolist()
    assert np.isnan(found.rsrp).tolist() == np.isnan(found.second).tolist() == [[False, True, False, True]]
    assert found.server.tolist() == found.servers.tolist() == [[5, -1, 7, -1]]
    assert found.rsrp.dtype == np.float32 and found.server.dtype == np.int32
    assert told_levels(levels, state) is levels
