"""How far off the rows of a file would be in a datum that the evidence speaks against."""

from types import SimpleNamespace

import numpy as np
import pytest
from xinji_planner.jobs.importing.datum_shift import datum_shift_m
from xinji_planner.layers.datum import wgs84_to_bd09, wgs84_to_gcj02

TRUE = np.array([106.1, 106.2, 106.3]), np.array([22.1, 22.2, 22.3])


def diagnosis(read, meant, lon, lat):
    places = np.column_stack((np.append(lon, np.nan), np.append(lat, np.nan)))  # one row without a place
    return SimpleNamespace(
        verdict=SimpleNamespace(decision=meant),
        decision=SimpleNamespace(datum=read),
        converted=SimpleNamespace(places=places),
    )


@pytest.mark.parametrize(("meant", "shifted"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_shifted_coordinates_read_as_true_are_off_by_their_shift(meant, shifted):
    lon, lat = shifted(*TRUE)
    east = (lon - TRUE[0]) * 111_320 * np.cos(np.radians(TRUE[1]))
    expected = np.median(np.hypot(east, (lat - TRUE[1]) * 110_700))
    assert datum_shift_m(diagnosis("wgs84", meant, lon, lat)) == pytest.approx(expected, rel=0.01)


def test_true_coordinates_read_as_shifted_are_off_by_about_as_much():
    lon, lat = wgs84_to_gcj02(*TRUE)
    as_true = datum_shift_m(diagnosis("cgcs2000", "gcj02", lon, lat))
    assert datum_shift_m(diagnosis("gcj02", "wgs84", *TRUE)) == pytest.approx(as_true, rel=0.05)


@pytest.mark.parametrize(
    ("read", "meant"), [("cgcs2000", "wgs84"), ("gcj02", "gcj02"), ("wgs84", ""), ("EPSG:4513", "gcj02")]
)
def test_without_a_contradiction_there_is_nothing_to_be_off(read, meant):
    assert datum_shift_m(diagnosis(read, meant, *TRUE)) is None
