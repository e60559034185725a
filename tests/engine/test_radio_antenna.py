"""The sector antenna and the power of a resource element: against the formulas, worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.p1812 import INLAND
from xinji_planner.analysis.radio import (
    Antenna,
    Sector,
    best_server,
    eirp_dbm,
    per_resource_element_dbm,
    resource_blocks,
    smooth_terrain,
)
from xinji_planner.analysis.radio.antenna import least_attenuation
from xinji_planner.analysis.radio.power import NR_RESOURCE_BLOCKS

SECTOR = Antenna(120.0, horizontal_beam_deg=65.0, vertical_beam_deg=10.0, front_to_back_db=25.0, side_lobe_db=20.0)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "expected"),
    [
        (120.0, 0.0, 0.0),  # boresight
        (120.0 + 32.5, 0.0, -3.0),  # half power, each way and each cut
        (120.0 - 32.5, 0.0, -3.0),
        (120.0, 5.0, -3.0),
        (120.0, -5.0, -3.0),
        (120.0 + 32.5, -5.0, -6.0),  # both cuts add up
        (300.0, 0.0, -25.0),  # back lobe
        (120.0, -60.0, -20.0),  # side lobe
        (300.0, -60.0, -25.0),  # never below the back lobe
        (120.0 + 65.0, 0.0, -12.0),
        (480.0, 0.0, 0.0),  # once around
    ],
)
def test_levels_off_boresight_are_those_of_the_formula(azimuth, elevation, expected):
    assert SECTOR.attenuation_db(azimuth, elevation) == pytest.approx(expected, abs=1e-9)


def by_definition(antenna, azimuth, elevation):
    """TR 38.901 with its own angles: zenith θ, azimuth φ counter-clockwise, rotation (7.1) by β about the y axis."""
    theta, phi = math.radians(90 - elevation), -math.radians(azimuth - antenna.azimuth_deg)
    beta = math.radians(antenna.mechanical_tilt_deg)
    cosine = math.cos(phi) * math.sin(theta) * math.sin(beta) + math.cos(theta) * math.cos(beta)
    theta_2 = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    ahead = math.cos(phi) * math.sin(theta) * math.cos(beta) - math.cos(theta) * math.sin(beta)
    phi_2 = math.degrees(math.atan2(math.sin(phi) * math.sin(theta), ahead))
    vertical = ((theta_2 - 90 - antenna.electrical_tilt_deg) / antenna.vertical_beam_deg) ** 2
    down = -min(12 * vertical, antenna.side_lobe_db)
    aside = -min(12 * (phi_2 / antenna.horizontal_beam_deg) ** 2, antenna.front_to_back_db)
    return -min(-(down + aside), antenna.front_to_back_db)


angles = st.floats(-179, 179)


@settings(deadline=None)
@given(angles, angles, st.floats(-85, 85), st.floats(-20, 20), st.floats(-20, 20))
def test_a_tilted_antenna_agrees_with_the_rotation_of_the_report(azimuth, toward, elevation, mechanical, electrical):
    antenna = Antenna(azimuth, mechanical, electrical, 65.0, 10.0, 25.0, 20.0)
    expected = by_definition(antenna, toward, elevation)
    assert antenna.attenuation_db(toward, elevation) == pytest.approx(expected, abs=1e-6)


@settings(deadline=None)
@given(angles, angles, st.floats(-60, 60), st.floats(-25, 25), st.floats(-20, 20), st.sampled_from([7.0, 30.0]))
def test_no_ray_above_a_direction_is_stronger_than_the_bound_for_it(
    azimuth, toward, elevation, mechanical, electrical, beam
):
    antenna = Antenna(azimuth, mechanical, electrical, 65.0, beam, 25.0, 20.0)
    flat, turn = math.cos(math.radians(elevation)), math.radians(toward)
    direction = (flat * math.sin(turn), flat * math.cos(turn), math.sin(math.radians(elevation)))
    above = antenna.attenuation_db(toward, np.linspace(elevation, 90, 300))
    bound = least_attenuation(*direction, antenna.pattern())
    assert above.max() <= bound + 1e-9


@pytest.mark.parametrize("tilts", [(6.0, 0.0), (0.0, 6.0), (2.0, 4.0)])
def test_tilt_moves_the_ring_to_where_geometry_has_it(tilts):
    antenna = Antenna(0.0, *tilts, 65.0, 7.0, 25.0, 20.0)
    distance = np.arange(20.0, 3000.0)
    level = antenna.attenuation_db(0.0, np.degrees(np.arctan(-30.0 / distance)))  # from a mast of 30 m
    assert distance[np.argmax(level)] == pytest.approx(30 / math.tan(math.radians(6.0)), abs=0.5)


PLAIN = smooth_terrain(109.9, 29.9, 110.1, 30.1, zone=INLAND)


def received(antenna, azimuth, metres):
    """Levels from a mast of 30 m upon a plain, 40 dBm at boresight."""
    east, north = metres * np.sin(np.radians(azimuth)), metres * np.cos(np.radians(azimuth))
    lon, lat = 110 + east / 96486.3, 30 + north / 110852.4  # m per degree at 30° N
    mast = [Sector(110.0, 30.0, 30.0, 2.6, 40.0, antenna)]
    return best_server(PLAIN, mast, np.atleast_2d(lon), np.atleast_2d(lat), max_range_m=4e3).level_dbm[0]


def test_levels_around_a_sector_fall_as_its_pattern_says():
    """On a plain only the pattern differs with the bearing: 3 dB at half the beam width, 25 dB behind."""
    turn = np.array([0.0, 32.5, -32.5, 65.0, 180.0])
    flat = Antenna(120.0, horizontal_beam_deg=65.0, vertical_beam_deg=math.inf, front_to_back_db=25.0)
    level = received(flat, 120.0 + turn, np.full(5, 2000.0))
    assert level - level[0] == pytest.approx([0.0, -3.0, -3.0, -12.0, -25.0], abs=0.01)
    everywhere = received(Antenna(None, vertical_beam_deg=math.inf), 120.0 + turn, np.full(5, 2000.0))
    assert everywhere == pytest.approx(level[0], abs=0.01)


@pytest.mark.parametrize(("mechanical", "electrical"), [(4.0, 0.0), (0.0, 4.0), (5.0, 3.0)])
def test_tilt_moves_the_ring_of_levels_to_where_geometry_has_it(mechanical, electrical):
    """The beam of a mast of 30 m falls upon receivers at 1.5 m at 28.5 m / tan(tilt): 408 m at 4°, 203 m at 8°."""
    metres = np.arange(50.0, 1500.0, 1.0)
    beam = {"horizontal_beam_deg": 65.0, "front_to_back_db": 40.0, "side_lobe_db": 40.0}
    tilted = received(Antenna(0.0, mechanical, electrical, vertical_beam_deg=4.0, **beam), 0.0, metres)
    plain = received(Antenna(0.0, vertical_beam_deg=math.inf, **beam), 0.0, metres)
    ring = 28.5 / math.tan(math.radians(mechanical + electrical))
    assert metres[np.argmax(tilted - plain)] == pytest.approx(ring, abs=3)
    half = 28.5 / np.tan(np.radians([mechanical + electrical + 2, mechanical + electrical - 2]))
    assert np.interp(half, metres, tilted - plain) == pytest.approx([-3.0, -3.0], abs=0.1)


def test_mechanical_tilt_raises_the_back_and_leaves_the_sides_while_electrical_tilt_lowers_all():
    mechanical = Antenna(0.0, 10.0, 0.0, math.inf, 10.0, 40.0, 40.0)
    electrical = Antenna(0.0, 0.0, 10.0, math.inf, 10.0, 40.0, 40.0)
    assert mechanical.attenuation_db([0.0, 180.0, 90.0], [-10.0, 10.0, 0.0]) == pytest.approx([0, 0, 0], abs=1e-9)
    assert electrical.attenuation_db([0.0, 180.0, 90.0], -10.0) == pytest.approx([0, 0, 0], abs=1e-9)


def test_an_antenna_of_unknown_azimuth_radiates_alike_all_around_with_its_tilt():
    antenna = Antenna(None, 2.0, 4.0, 65.0, 10.0, 25.0, 20.0)
    azimuth = np.arange(0.0, 360.0, 7.0)
    assert antenna.attenuation_db(azimuth, -6.0) == pytest.approx(0.0, abs=1e-9)
    assert antenna.attenuation_db(azimuth, -1.0) == pytest.approx(-3.0, abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [{"azimuth_deg": 361.0}, {"mechanical_tilt_deg": 91.0}, {"vertical_beam_deg": 0.0}, {"side_lobe_db": math.nan}],
)
def test_an_antenna_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Antenna(**wrong)


def test_a_resource_element_gets_its_part_of_the_power():
    # 100 MHz of 5G at 30 kHz: 273 blocks, 3276 subcarriers; 200 W (53 dBm) and 17 dBi less 2 dB.
    blocks = resource_blocks("5G", 100, 30)
    total = eirp_dbm(53.0, 17.0, 2.0)
    assert (blocks, total) == (273, 68.0)
    assert per_resource_element_dbm(total, blocks) == pytest.approx(68 - 10 * math.log10(3276))
    assert per_resource_element_dbm(46.0, resource_blocks("4G", 20)) == pytest.approx(46 - 10 * math.log10(1200))


def test_blocks_fit_into_their_channels():
    for spacing, channels in NR_RESOURCE_BLOCKS.items():
        for width, blocks in channels.items():
            used = blocks * 12 * spacing / 1e3 / width
            assert (0.78 if width <= 10 else 0.85) < used < 0.99, (spacing, width)


@pytest.mark.parametrize(
    ("channel", "told"),
    [(("5G", 7, 30), "5, 10, 15"), (("5G", 20, 120), "15, 30 or 60"), (("4G", 20, 30), "15 kHz"), (("3G", 5), "4G")],
)
def test_a_channel_that_the_standard_lacks_is_refused_with_those_it_has(channel, told):
    with pytest.raises(ValueError, match=told):
        resource_blocks(*channel)
