"""Point layers read as Arrow streams."""

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.store.arrow_points import PointLayer, decode_points

NUMBERS = st.floats(-1e7, 1e7)
PLACES = st.lists(st.none() | st.tuples(NUMBERS, NUMBERS, st.none() | NUMBERS), max_size=20)


def write_points(path, geometry, **columns):
    table = pa.table({**columns, "geom": pa.array(geometry, type=pa.binary())})
    pyogrio.write_arrow(table, path, layer="points", geometry_name="geom", geometry_type="Unknown", crs="EPSG:4490")


def read_all(path, **options):
    with PointLayer(path, **options) as points:
        batches = list(points)
    lon, lat = (np.concatenate([batch[k] for batch in batches]) for k in (0, 1))
    return lon, lat, pa.Table.from_batches([batch.columns for batch in batches])


@settings(deadline=None)
@given(
    PLACES, st.sampled_from(["iso", "extended"]), st.sampled_from([0, 1]), st.booleans(),
    st.sampled_from([pa.binary(), pa.large_binary()]), st.integers(0, 5),
)  # fmt: skip
def test_every_dialect_of_wkb_gives_the_coordinates_back(places, flavor, byte_order, srid, kind, skipped):
    wkb = []
    for place in places:
        if place is None:
            wkb.append(None)
            continue
        point = shapely.Point(*(number for number in place if number is not None))
        point = shapely.set_srid(point, 4490) if srid and flavor == "extended" else point
        wkb.append(
            shapely.to_wkb(point, flavor=flavor, byte_order=byte_order, include_srid=srid and flavor == "extended")
        )
    x, y = decode_points(pa.array(wkb, type=kind)[skipped:])
    expected = [(np.nan, np.nan) if place is None else place[:2] for place in places[skipped:]]
    np.testing.assert_array_equal(np.column_stack((x, y)), np.array(expected).reshape(-1, 2))


def test_measures_are_passed_over():
    measured = shapely.from_wkt(["POINT M (1 2 3)", "POINT ZM (4 5 6 7)"])
    for flavor in ("iso", "extended"):
        x, y = decode_points(pa.array(list(shapely.to_wkb(measured, flavor=flavor))))
        assert (x.tolist(), y.tolist()) == ([1.0, 4.0], [2.0, 5.0])


def test_null_and_empty_points_have_no_coordinates():
    empty = shapely.to_wkb(shapely.Point())
    x, y = decode_points(pa.array([None, empty, b"", shapely.to_wkb(shapely.Point(1, 2))]))
    np.testing.assert_array_equal(x, [np.nan, np.nan, np.nan, 1.0])
    np.testing.assert_array_equal(y, [np.nan, np.nan, np.nan, 2.0])


def test_a_column_without_rows_gives_no_coordinates():
    for kind in (pa.binary(), pa.large_binary()):
        x, y = decode_points(pa.array([], type=kind))
        assert (x.size, y.size, x.dtype) == (0, 0, np.float64)


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ("LINESTRING (0 0, 1 1)", "row 12: the geometry is LineString, expected Point"),
        ("MULTIPOINT Z (0 0 1)", "row 12: the geometry is MultiPoint, expected Point"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 0))", "row 12: the geometry is Polygon, expected Point"),
    ],
)
def test_a_geometry_that_is_no_point_is_named_with_its_row(geometry, said):
    good = shapely.to_wkb(shapely.Point(1, 2))
    for flavor in ("iso", "extended"):
        bad = shapely.to_wkb(shapely.from_wkt(geometry), flavor=flavor)
        with pytest.raises(ValueError, match=said):
            decode_points(pa.array([good, None, bad, good]), first_row=10)


@pytest.mark.parametrize("size", [1, 4, 5, 12, 20])
def test_broken_bytes_are_named_with_their_row(size):
    cut = shapely.to_wkb(shapely.Point(1, 2))[:size]
    with pytest.raises(ValueError, match=f"row 1: the geometry's {size} bytes are not a whole WKB point"):
        decode_points(pa.array([None, cut]))


def test_a_column_that_holds_no_bytes_is_refused():
    with pytest.raises(TypeError, match="expected WKB bytes, got int64"):
        decode_points(pa.array([1, 2]))


def test_a_geopackage_comes_in_batches_with_the_columns_asked_for(tmp_path):
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(73, 135, 1000), rng.uniform(18, 54, 1000)
    wkb = list(shapely.to_wkb(shapely.points(lon, lat)))
    wkb[7] = None
    radius, name = rng.random(1000), [f"基站{i}" for i in range(1000)]
    write_points(tmp_path / "s.gpkg", wkb, radius_m=radius, name=name, other=np.arange(1000))
    lon[7] = lat[7] = np.nan
    with PointLayer(tmp_path / "s.gpkg", layer="points", columns=["name", "radius_m"], batch_size=300) as points:
        assert points.crs == "EPSG:4490"
        sizes = [batch.lon.size for batch in points]
    assert sizes == [300, 300, 300, 100]
    east, north, columns = read_all(tmp_path / "s.gpkg", columns=["name", "radius_m"], batch_size=300)
    np.testing.assert_array_equal(east, lon)
    np.testing.assert_array_equal(north, lat)
    assert columns.column_names == ["name", "radius_m"]
    assert columns["name"].to_pylist() == name
    np.testing.assert_array_equal(columns["radius_m"].to_numpy(), radius)


def test_reading_may_end_before_the_last_batch(tmp_path):
    write_points(tmp_path / "s.gpkg", list(shapely.to_wkb(shapely.points(np.arange(500.0), 1.0))))
    with PointLayer(tmp_path / "s.gpkg", batch_size=100) as points:
        first = next(iter(points))
    assert first.lon.tolist() == list(range(100))
    assert first.columns.num_columns == 0


@pytest.mark.parametrize("suffix", ["shp", "geojson", "fgb"])
def test_other_point_formats_read_alike(tmp_path, suffix):
    path = tmp_path / f"points.{suffix}"
    frame = {"k": pa.array([1, 2]), "geom": pa.array(list(shapely.to_wkb(shapely.points([1.5, 2.5], [3.5, 4.5]))))}
    options = {"SPATIAL_INDEX": "NO"} if suffix == "fgb" else {}
    pyogrio.write_arrow(
        pa.table(frame), path, geometry_name="geom", geometry_type="Point", crs="EPSG:4490", layer_options=options
    )
    lon, lat, columns = read_all(path, columns=["k"])
    assert (lon.tolist(), lat.tolist(), columns["k"].to_pylist()) == ([1.5, 2.5], [3.5, 4.5], [1, 2])


def test_a_wrong_geometry_in_a_file_is_named_with_file_and_row(tmp_path):
    wkb = list(shapely.to_wkb([shapely.Point(1, 2)] * 250 + [shapely.box(0, 0, 1, 1)]))
    write_points(tmp_path / "s.gpkg", wkb)
    with pytest.raises(ValueError, match=r"s\.gpkg: row 250: the geometry is Polygon, expected Point"):
        read_all(tmp_path / "s.gpkg", batch_size=100)


def test_a_missing_column_layer_or_geometry_is_said(tmp_path):
    write_points(tmp_path / "s.gpkg", [shapely.to_wkb(shapely.Point(1, 2))], radius_m=[1.0])
    with pytest.raises(ValueError, match="there is no column height_m; there is radius_m"):
        PointLayer(tmp_path / "s.gpkg", columns=["height_m"])
    with pytest.raises(pyogrio.errors.DataLayerError):
        PointLayer(tmp_path / "s.gpkg", layer="towers")
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="the layer has no geometry, expected points"):
        PointLayer(tmp_path / "t.csv", columns=["a"])
