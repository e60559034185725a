import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.errors import InputError
from xinji_planner.layers import datum

GEOD = pyproj.Geod(ellps="GRS80")


def test_beijing_station_has_its_published_gcj02_position():
    lon, lat = datum.wgs84_to_gcj02(116.42079, 39.90105)
    assert (round(float(lon), 5), round(float(lat), 5)) == (116.42702, 39.90245)  # published: 116.42703, 39.90245
    back = datum.gcj02_to_wgs84(116.42703, 39.90245)
    assert GEOD.inv(*map(float, back), 116.42079, 39.90105)[2] < 2


@settings(max_examples=200, deadline=None)
@given(
    lon=st.floats(datum.WEST, datum.EAST),
    lat=st.floats(datum.SOUTH, datum.NORTH),
    there=st.sampled_from(["gcj02", "bd09"]),
)
def test_there_and_back_again_is_the_same_place_within_a_centimetre_everywhere_in_the_range(lon, lat, there):
    away = getattr(datum, f"wgs84_to_{there}")(np.array([lon]), np.array([lat]))
    back_lon, back_lat = getattr(datum, f"{there}_to_wgs84")(*away)
    assert abs(back_lon[0] - lon) < 1e-9
    assert abs(back_lat[0] - lat) < 1e-9
    assert 0 < GEOD.inv(lon, lat, float(away[0][0]), float(away[1][0]))[2] < 2500


def test_outside_the_range_nothing_is_shifted_and_missing_places_stay_missing():
    lon, lat = datum.gcj02_to_wgs84(np.array([2.35, np.nan, 151.2]), np.array([48.85, np.nan, -33.9]))
    assert lon[0] == 2.35
    assert lat[2] == -33.9
    assert np.isnan([lon[1], lat[1]]).all()


@pytest.mark.parametrize("zone", [25, 39, 45])
def test_a_three_degree_zone_is_turned_back_to_degrees_and_guessed_from_its_prefix(zone):
    code = f"EPSG:{4488 + zone}"
    forth = pyproj.Transformer.from_crs("EPSG:4490", code, always_xy=True)
    lon, lat = np.array([3.0 * zone, 3.0 * zone + 1]), np.array([25.0, 40.0])
    x, y = forth.transform(lon, lat)
    back = datum.projected_to_cgcs2000(x, y, datum.crs_by_code(code))
    assert np.allclose(back, [lon, lat], atol=1e-9)
    assert datum.zone_hint(x, y) == code
    assert datum.zone_hint(y, x) == code
    assert datum.zone_hint(lon, lat) == ""


def test_wgs84_utm_counts_as_cgcs2000_and_beijing54_does_not():
    lon, _ = datum.projected_to_cgcs2000([500_000.0], [3_000_000.0], pyproj.CRS(32649))
    assert round(float(lon[0]), 9) == 111
    with pytest.raises(InputError, match="CGCS2000"):
        datum.projected_to_cgcs2000([500_000.0], [3_000_000.0], pyproj.CRS(2431))


def test_cgcs2000_is_known_by_code_and_by_the_wording_of_esri():
    for code in (4490, 4491, 4513, 4534, 4554):
        assert datum.is_cgcs2000(pyproj.CRS(code))
        assert datum.is_cgcs2000(pyproj.CRS.from_wkt(pyproj.CRS(code).to_wkt("WKT1_ESRI")))
    assert not datum.is_cgcs2000(pyproj.CRS(4326))
    assert datum.is_web_mercator(pyproj.CRS(3857))
