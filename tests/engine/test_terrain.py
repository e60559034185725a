"""Heights of the ground: half pixels, voids, rims, mosaics and CRSs, against values worked out by hand."""

import math

import numpy as np
import pyproj
import pytest
import rasterio
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine, from_origin
from xinji_planner.layers.terrain import FOUND, OUTSIDE, VOID, open_terrain, read_grid, terrain

# Four columns and three rows of pixels, 0.1° wide, whose outer corner is 100° E, 30° N: centres at 100.05, 29.95 ...
HEIGHTS = np.array([[100, 200, 300, 400], [110, 220, 330, 440], [120, 240, 360, 480]])
CORNER = from_origin(100.0, 30.0, 0.1, 0.1)


def tif(path, heights, transform=CORNER, *, crs="EPSG:4490", dtype="int16", nodata=None, point=False, **more):
    heights = np.asarray(heights)
    rows, columns = heights.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype=dtype, crs=crs, transform=transform,
        nodata=nodata, **more,
    ) as target:  # fmt: skip
        if point:
            target.update_tags(AREA_OR_POINT="Point")
        target.write(heights.astype(dtype), 1)
    return path


def hgt(path, heights):
    np.asarray(heights, dtype=">i2").tofile(path)
    return path


def at(source, *places):
    with open_terrain(source) as found:
        sampled = found.sample([lon for lon, _ in places], [lat for _, lat in places])
    return sampled.height_m.tolist(), sampled.state.tolist()


def test_a_pixel_has_its_height_at_its_centre(tmp_path):
    heights, state = at(tif(tmp_path / "a.tif", HEIGHTS), (100.05, 29.95), (100.35, 29.75))
    assert heights == pytest.approx([100, 480], abs=1e-9) and state == [FOUND, FOUND]


def test_between_centres_the_height_is_bilinear(tmp_path):
    # A quarter of the way east and half of the way south of the first centre, between 100, 200 / 110, 220:
    # 0.5·(0.75·100 + 0.25·200) + 0.5·(0.75·110 + 0.25·220) = 62.5 + 68.75
    heights, _ = at(tif(tmp_path / "a.tif", HEIGHTS), (100.075, 29.9))
    assert heights == pytest.approx([131.25], abs=1e-6)


def test_pixel_is_point_and_pixel_is_area_put_the_same_post_at_the_same_place(tmp_path):
    area = tif(tmp_path / "area.tif", HEIGHTS)
    point = tif(tmp_path / "point.tif", HEIGHTS, point=True)  # GDAL writes tie points at the centres
    raw = {path: path.read_bytes() for path in (area, point)}
    assert raw[area] != raw[point]
    assert at(area, (100.15, 29.85)) == at(point, (100.15, 29.85))
    assert at(point, (100.15, 29.85))[0] == pytest.approx([220], abs=1e-9)


def test_the_posts_of_an_hgt_lie_on_whole_degrees_and_seconds(tmp_path):
    """SRTM3: 1201 posts, the first at the north-west corner, the last at the south-east one (USGS SRTM topography)."""
    row, column = np.mgrid[0:1201, 0:1201]
    path = hgt(tmp_path / "N27E086.hgt", row + 2 * column)
    heights, state = at(
        path, (86.0, 28.0), (87.0, 27.0), (86.5, 27.5), (86.0, 27.0), (86 + 0.5 / 1200, 28 - 0.5 / 1200)
    )
    assert heights == pytest.approx([0, 1200 + 2400, 600 + 1200, 1200, 0.5 + 1.0], abs=1e-6)
    assert set(state) == {FOUND}


def test_the_vertical_datum_is_stated(tmp_path):
    with open_terrain(hgt(tmp_path / "N27E086.hgt", np.zeros((1201, 1201)))) as srtm:
        assert "EGM96" in srtm.vertical_datum.zh and "EGM96" in srtm.vertical_datum.en
    with open_terrain(tif(tmp_path / "a.tif", HEIGHTS)) as plain:
        assert "not stated" in plain.vertical_datum.en
    with open_terrain(tif(tmp_path / "b.tif", HEIGHTS, crs="EPSG:4326+5773")) as compound:
        assert "EGM96" in compound.vertical_datum.en


def test_any_void_among_the_four_gives_no_height_and_never_zero(tmp_path):
    spoiled = HEIGHTS.copy()
    spoiled[1, 1] = -32768  # undeclared, as in SRTM
    path = tif(tmp_path / "a.tif", spoiled)
    heights, state = at(path, (100.10, 29.90), (100.149, 29.949), (100.30, 29.76), (100.15, 29.85), (100.25, 29.85))
    assert [math.isnan(value) for value in heights] == [True, True, False, True, False]
    assert state == [VOID, VOID, FOUND, VOID, FOUND]
    assert heights[4] == pytest.approx(330, abs=1e-6)  # an exact post beside the void keeps its height


@pytest.mark.parametrize(
    "value, options",
    [(-9999, {"nodata": -9999}), (-9999, {}), (0, {"nodata": 0}), (-3.4028235e38, {"dtype": "float32"}),
     (np.nan, {"dtype": "float32", "nodata": np.nan}), (32767, {}), (7777, {"dtype": "float64", "nodata": 7777})],
)  # fmt: skip
def test_what_a_file_declares_as_void_and_what_no_land_can_be_are_voids(tmp_path, value, options):
    spoiled = HEIGHTS.astype(np.float64)
    spoiled[0, 0] = value
    heights, state = at(tif(tmp_path / "a.tif", spoiled, **options), (100.05, 29.95), (100.25, 29.95))
    assert state == [VOID, FOUND] and math.isnan(heights[0]) and heights[1] == pytest.approx(300)


def test_the_sea_at_height_zero_is_a_height(tmp_path):
    assert at(tif(tmp_path / "a.tif", HEIGHTS * 0), (100.2, 29.9)) == ([0.0], [FOUND])


def test_in_the_outer_half_pixel_the_rim_stands_and_beyond_there_is_nothing(tmp_path):
    path = tif(tmp_path / "a.tif", HEIGHTS)
    heights, state = at(
        path, (100.01, 29.99), (100.01, 29.9), (99.999, 29.9), (100.2, 30.001), (100.401, 29.9), (100.2, 29.69)
    )
    assert heights[:2] == pytest.approx([100, 105], abs=1e-6)
    assert state == [FOUND, FOUND, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]
    assert all(math.isnan(value) for value in heights[2:])


def test_tiles_that_adjoin_are_one_raster_across_the_seam(tmp_path):
    whole = tif(tmp_path / "whole.tif", HEIGHTS)
    folder = tmp_path / "tiles"
    folder.mkdir()
    tif(folder / "west.tif", HEIGHTS[:, :2])
    tif(folder / "east.tif", HEIGHTS[:, 2:], from_origin(100.2, 30.0, 0.1, 0.1))
    places = [(100.19, 29.9), (100.2, 29.87), (100.21, 29.8), (100.05, 29.71)]
    assert at(folder, *places) == at(whole, *places)


def test_a_missing_tile_gives_no_height_and_a_void_is_filled_by_the_tile_that_overlaps_it(tmp_path):
    first, second = HEIGHTS.copy(), HEIGHTS.copy()
    first[0, 3] = -32768
    second[0, 0], second[0, 1] = 555, 999
    tif(tmp_path / "a.tif", first)
    tif(tmp_path / "b.tif", second, from_origin(100.3, 30.0, 0.1, 0.1))  # its first column is a's last
    tif(tmp_path / "d.tif", HEIGHTS, from_origin(101.5, 30.0, 0.1, 0.1))
    heights, state = at(tmp_path, (100.35, 29.95), (100.35, 29.85), (100.45, 29.95), (101.0, 29.95), (101.55, 29.95))
    assert state == [FOUND, FOUND, FOUND, OUTSIDE, FOUND]
    assert heights[:3] == pytest.approx([555, 440, 999], abs=1e-6) and heights[4] == pytest.approx(100, abs=1e-6)


def test_the_finer_raster_counts_and_the_coarser_one_goes_on_without_a_gap(tmp_path):
    tif(tmp_path / "a_coarse.tif", np.full((20, 20), 50), from_origin(99.0, 31.0, 0.1, 0.1))
    tif(tmp_path / "b_fine.tif", np.full((10, 10), 80), from_origin(100.0, 30.0, 0.01, 0.01))
    heights, state = at(tmp_path, (100.05, 29.95), (99.9999, 29.95), (100.1001, 29.95), (100.05, 30.001))
    assert state == [FOUND] * 4 and heights == [80, 50, 50, 50]


def test_a_projected_raster_is_asked_in_its_own_metres(tmp_path):
    turn = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)  # CM 105E, without zone number
    x, y = turn.transform(105.5, 28.5)
    row, column = np.mgrid[0:100, 0:100]
    corner = from_origin(x - 1500, y + 1500, 30, 30)
    path = tif(tmp_path / "a.tif", 10 * column + row, corner, crs="EPSG:4544", dtype="float32")
    # (105.5, 28.5) is the corner between columns 49 and 50, rows 49 and 50.
    assert at(path, (105.5, 28.5))[0] == pytest.approx([495 + 49.5], abs=1e-5)
    with open_terrain(path) as found:
        assert found.pixel_m(105.5, 28.5) == pytest.approx(30, abs=0.05)


def test_a_turned_raster_is_read_where_it_lies(tmp_path):
    turned = CORNER @ Affine.rotation(30)
    path = tif(tmp_path / "a.tif", HEIGHTS, turned)
    lon, lat = turned @ (2.5, 1.5)
    assert at(path, (lon, lat))[0] == pytest.approx([330], abs=1e-6)


def test_feet_become_metres(tmp_path):
    path = tif(tmp_path / "a.tif", HEIGHTS)
    with rasterio.open(path, "r+") as target:
        target.units = ("ft",)
    assert at(path, (100.05, 29.95))[0] == pytest.approx([30.48])


def test_scale_and_offset_of_the_band_are_applied(tmp_path):
    path = tif(tmp_path / "a.tif", HEIGHTS)
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.5,), (1000.0,)
    assert at(path, (100.05, 29.95))[0] == pytest.approx([1050])


def test_longitudes_go_around(tmp_path):
    path = tif(tmp_path / "a.tif", HEIGHTS, from_origin(179.9, 30.0, 0.1, 0.1))
    assert at(path, (-179.95, 29.95), (-179.75, 29.85))[0] == pytest.approx([200, 440], abs=1e-6)


def test_no_place_has_no_height(tmp_path):
    _, state = at(tif(tmp_path / "a.tif", HEIGHTS), (math.nan, 29.9), (100.1, math.inf), (100.1, -95.0))
    assert state == [OUTSIDE] * 3


def test_a_small_cache_changes_nothing_but_the_reading(tmp_path, monkeypatch):
    rng = np.random.default_rng(4)
    path = tif(tmp_path / "a.tif", rng.integers(0, 4000, (1500, 1500)), from_origin(100, 30, 1e-3, 1e-3))
    lon, lat = rng.uniform(100, 101.5, 20_000), rng.uniform(28.5, 30, 20_000)
    with open_terrain(path) as large:
        expected = large.heights(lon, lat)
    monkeypatch.setattr(terrain, "_AT_ONCE", 1000)
    with open_terrain(path, cache_bytes=1) as small:
        assert np.array_equal(small.heights(lon, lat), expected)
        assert len(small._blocks) == 1


def test_a_window_of_a_geographic_raster_holds_its_own_pixels(tmp_path):
    with open_terrain(tif(tmp_path / "a.tif", HEIGHTS)) as found:
        grid = read_grid(found, 100.12, 29.76, 100.33, 29.84)
    assert np.array_equal(grid.height_m, HEIGHTS[1:3, 0:4])  # the centres around the bounds, nothing interpolated
    assert (grid.west, grid.north, grid.step_lon, grid.step_lat) == pytest.approx((100.05, 29.85, 0.1, 0.1))
    with open_terrain(tmp_path / "a.tif") as found:
        beyond = read_grid(found, 100.25, 29.65, 100.45, 29.75)
    assert np.array_equal(beyond.height_m, [[360, 480, np.nan], [np.nan] * 3], equal_nan=True)


def test_a_window_of_a_projected_raster_is_interpolated_once(tmp_path):
    turn = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    x, y = turn.transform(105.5, 28.5)
    row, column = np.mgrid[0:100, 0:100]
    path = tif(tmp_path / "a.tif", 10 * column + row, from_origin(x - 1500, y + 1500, 30, 30), crs="EPSG:4544")
    with open_terrain(path) as found:
        grid = read_grid(found, 105.495, 28.495, 105.505, 28.505)
        rows, columns = grid.height_m.shape
        lon, lat = grid.west + np.arange(columns) * grid.step_lon, grid.north - np.arange(rows) * grid.step_lat
        expected = found.heights(np.tile(lon, rows), np.repeat(lat, columns)).reshape(rows, columns)
    assert np.isfinite(expected).all() and np.array_equal(grid.height_m, expected.astype(np.float32))
    assert lon[0] <= 105.495 and lon[-1] >= 105.505 and lat[0] >= 28.505 and lat[-1] <= 28.495


def slow_height(heights, transform, lon, lat):
    """One place, the four centres around it, in plain Python; None beyond the rim's centres.

    Within 1e-6 of a pixel from a row or column of centres that one alone counts, as `Terrain.heights` says.
    """
    column, row = (one - 0.5 for one in ~transform @ (lon, lat))
    column, row = (round(one) if abs(one - round(one)) <= 1e-6 else one for one in (column, row))
    west, north = math.floor(column), math.floor(row)
    fx, fy = column - west, row - north
    if not (0 <= west < heights.shape[1] - 1 and 0 <= north < heights.shape[0] - 1):
        return None
    four = [int(heights[north + r, west + c]) for r in (0, 1) for c in (0, 1)]
    weights = [(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx]
    if any(weight and height == -32768 for weight, height in zip(weights, four)):
        return math.nan
    return sum(weight * height for weight, height in zip(weights, four) if weight)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(2, 40), columns=st.integers(2, 40))
@example(seed=893603, rows=26, columns=36)  # a place 7e-7 of a pixel from a column of centres
def test_heights_equal_a_slow_version_one_place_at_a_time(tmp_path_factory, seed, rows, columns):
    rng = np.random.default_rng(seed)
    heights = rng.integers(-100, 5000, (rows, columns))
    heights[rng.random((rows, columns)) < 0.05] = -32768
    transform = from_origin(90 + rng.random(), 40 + rng.random(), *rng.uniform(1e-4, 1e-2, 2))
    path = tif(tmp_path_factory.mktemp("dem") / "a.tif", heights, transform)
    lon, lat = transform @ (rng.uniform(0.5, columns - 0.5, 200), rng.uniform(0.5, rows - 0.5, 200))
    with open_terrain(path) as found:
        fast = found.heights(lon, lat)
    for got, x, y in zip(fast.tolist(), lon.tolist(), lat.tolist()):
        expected = slow_height(heights, transform, x, y)
        if expected is not None:
            assert got == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_a_real_profile_equals_the_slow_version(shared_data):
    path = shared_data / "dem" / "N27E086.hgt"
    heights = np.fromfile(path, dtype=">i2").reshape(1201, 1201)
    transform = Affine(1 / 1200, 0, 86 - 0.5 / 1200, 0, -1 / 1200, 28 + 0.5 / 1200)
    lon, lat = np.linspace(86.123, 86.871, 2000), np.linspace(27.931, 27.127, 2000)
    with open_terrain(path) as found:
        fast = found.heights(lon, lat)
    slow = [slow_height(heights, transform, x, y) for x, y in zip(lon.tolist(), lat.tolist())]
    assert np.abs(fast - np.array(slow)).max() < 1e-6
