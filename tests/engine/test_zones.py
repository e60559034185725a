"""The right 3° zone and the CRS of a delivery."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.layers.zones import choose_zone, crs_choice, zone_of


def test_a_known_point_lands_in_its_zone_at_the_published_coordinates():
    crs = crs_choice("zone", [114.3])
    assert crs.code == "EPSG:4526"
    east, north = pyproj.Transformer.from_crs("EPSG:4490", crs.code, always_xy=True).transform(114.3, 36.1)
    assert (round(east, 3), round(north, 3)) == (38527014.954, 3996680.334)
    assert crs_choice("zone-no-prefix", [114.3]).code == "EPSG:4547"


@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("number", range(25, 46))
def test_every_code_is_the_zone_of_its_central_meridian(number, prefix):
    zone = choose_zone([3.0 * number])
    crs = pyproj.CRS.from_epsg(zone.epsg(prefix=prefix))
    parameters = {item["name"]: item["value"] for item in crs.coordinate_operation.to_json_dict()["parameters"]}
    assert parameters["Longitude of natural origin"] == 3 * number == zone.central_meridian_deg
    assert parameters["False easting"] == 500_000 + 1_000_000 * number * prefix


@given(st.floats(73.5, 136.4999))
def test_a_place_is_never_more_than_a_degree_and_a_half_from_its_meridian(lon):
    assert abs(3 * int(zone_of([lon])[0]) - lon) <= 1.5


def test_the_zone_with_most_places_wins_and_its_share_is_stated():
    zone = choose_zone([111.0, 114.0, 114.1, np.nan])
    assert (zone.number, zone.inside, zone.total) == (38, 2, 3)


def test_equal_shares_go_to_the_zone_nearest_the_middle():
    assert choose_zone([108.0, 111.0, 114.0]).number == 37


def test_places_outside_china_or_none_at_all_have_no_zone():
    for lon in ([36.1, 36.2], [np.nan]):
        with pytest.raises(InputError) as caught:
            choose_zone(lon)
        assert caught.value.remedy.zh


def test_a_bare_code_is_an_epsg_code():
    assert crs_choice("4547", [114.3]) == crs_choice("EPSG:4547", [114.3])


@pytest.mark.parametrize(
    ("code", "number", "width", "meridian"),
    [(4526, 38, 3, 114), (4547, 38, 3, 114), (4499, 21, 6, 123), (4510, 21, 6, 123), (4491, 13, 6, 75)],
)
def test_a_stated_code_of_a_zone_knows_its_number_meridian_and_share(code, number, width, meridian):
    chosen = crs_choice(f"EPSG:{code}", [meridian, meridian + 1, meridian + 10, np.nan])
    assert (chosen.zone.number, chosen.zone.width_deg, chosen.zone.central_meridian_deg) == (number, width, meridian)
    assert (chosen.zone.inside, chosen.zone.total, chosen.from_data) == (2, 3, False)
    crs = pyproj.CRS.from_epsg(code)
    parameters = {item["name"]: item["value"] for item in crs.coordinate_operation.to_json_dict()["parameters"]}
    assert parameters["Longitude of natural origin"] == meridian
    assert f"第 {number} 带" in chosen.name.zh


def test_the_stretch_of_a_place_is_that_of_its_projected_metres():
    chosen = crs_choice("EPSG:4547", [129.0])
    transformer = pyproj.Transformer.from_crs("EPSG:4490", chosen.code, always_xy=True)
    (x0, x1), (y0, y1) = transformer.transform([129.0, 129.0], [43.0, 43.001])
    true_m = pyproj.Geod(ellps="GRS80").line_length([129.0, 129.0], [43.0, 43.001])
    assert chosen.stretch_m_per_km(129.0, 43.0) == pytest.approx(
        (np.hypot(x1 - x0, y1 - y0) / true_m - 1) * 1000, abs=0.01
    )


def test_a_code_of_another_datum_is_refused():
    assert crs_choice("EPSG:4491", []).code == "EPSG:4491"
    assert crs_choice("4490", []).is_geographic
    for value in ("EPSG:4326", "EPSG:32649", "EPSG:2360", "EPSG:4480", "EPSG:99999", "zones", "452６", "4326", ""):
        with pytest.raises(ParameterError):
            crs_choice(value, [114.3])
