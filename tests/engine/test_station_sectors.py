"""From station rows to transmitters: what is stated counts, what is not comes from a preset and is marked."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.analysis.radio.station_sectors import ASSUMED, sectors_of
from xinji_planner.rules.presets import TransmitterPreset

LOW = TransmitterPreset("5G", 690, 799, 730, 30, 15, 52, 14.5, 0.5, 30, 4, 65, 14, 25, 18, "unverified", "")
HIGH = TransmitterPreset("5G", 3300, 3800, 3500, 100, 30, 53, 20, 0, 25, 6, 100, 12, 30, 30, "unverified", "", True)
LTE = TransmitterPreset("4G", 1700, 1899, 1800, 20, 15, 46, 17.5, 1, 30, 5, 65, 7, 25, 18, "unverified", "", True)
PRESETS = (LOW, HIGH, LTE)
FULL = {
    "technology": "5G",
    "lon": 100.0,
    "lat": 30.0,
    "band_mhz": 700.0,
    "antenna_height_m": 40.0,
    "azimuth_deg": 120.0,
    "tilt_deg": np.nan,
    "mechanical_tilt_deg": 2.0,
    "electrical_tilt_deg": 3.0,
    "eirp_dbm": np.nan,
    "tx_power_dbm": 50.0,
    "antenna_gain_dbi": 15.0,
    "feeder_loss_db": 1.0,
    "bandwidth_mhz": 20.0,
    "tower_type": "ground_tower",
}


def made(*changes, technology="5G", **options):
    return sectors_of(pd.DataFrame([{**FULL, **change} for change in changes]), technology, PRESETS, **options)


def assumed(found, at=0):
    return {name for name in ASSUMED if found.assumed[name][at]}


def test_a_row_that_says_everything_assumes_nothing():
    found = made({})
    sector = found.sectors[0]
    assert assumed(found) == set()
    assert (sector.lon, sector.lat, sector.height_m, sector.frequency_ghz) == (100.0, 30.0, 40.0, 0.7)
    antenna = sector.antenna
    assert (antenna.azimuth_deg, antenna.mechanical_tilt_deg, antenna.electrical_tilt_deg) == (120.0, 2.0, 3.0)
    assert (antenna.horizontal_beam_deg, antenna.vertical_beam_deg) == (65, 14)
    # 50 dBm + 15 dBi - 1 dB over the 106 resource blocks of 20 MHz at 15 kHz, 12 subcarriers each.
    assert sector.eirp_dbm == pytest.approx(64 - 10 * math.log10(12 * 106), abs=1e-12)


def test_a_row_that_says_nothing_takes_all_from_the_preset_for_unknown_bands_and_radiates_all_around():
    nothing = dict.fromkeys(set(FULL) - {"technology", "lon", "lat"}, np.nan)
    found = made({**nothing, "tower_type": None}, unknown_azimuth_loss_db=3.0)
    sector = found.sectors[0]
    assert assumed(found) == set(ASSUMED)
    assert found.preset.tolist() == [1]
    assert (sector.frequency_ghz, sector.height_m) == (3.5, 25)
    assert sector.antenna.azimuth_deg is None
    assert (sector.antenna.mechanical_tilt_deg, sector.antenna.electrical_tilt_deg) == (0, 6)
    assert sector.eirp_dbm == pytest.approx(53 + 20 - 3 - 10 * math.log10(12 * 273), abs=1e-12)


def test_columns_that_a_table_does_not_have_are_unknown():
    table = pd.DataFrame({"technology": ["5G"], "lon": [100.0], "lat": [30.0], "band_mhz": [3500.0]})
    found = sectors_of(table, "5G", PRESETS)
    assert assumed(found) == set(ASSUMED) - {"band"}


def test_a_stated_eirp_goes_before_power_and_gain():
    found = made({"eirp_dbm": 60.0})
    assert found.sectors[0].eirp_dbm == pytest.approx(60 - 10 * math.log10(12 * 106))
    assert "power" not in assumed(made({"eirp_dbm": 60.0, "tx_power_dbm": np.nan}))


@pytest.mark.parametrize("missing", ["tx_power_dbm", "antenna_gain_dbi"])
def test_half_a_power_is_an_assumed_one(missing):
    assert assumed(made({missing: np.nan})) == {"power"}


@pytest.mark.parametrize(
    ("row", "mechanical", "electrical", "is_assumed"),
    [
        ((7.0, np.nan, np.nan), 0, 7, False),
        ((7.0, 3.0, np.nan), 3, 4, False),
        ((7.0, np.nan, 5.0), 2, 5, False),
        ((9.0, 3.0, 2.0), 3, 2, False),
        ((np.nan, 3.0, np.nan), 3, 0, True),
        ((np.nan, np.nan, 5.0), 0, 5, True),
        ((np.nan, np.nan, np.nan), 0, 4, True),
    ],
)
def test_a_tilt_is_divided_as_far_as_the_row_says(row, mechanical, electrical, is_assumed):
    found = made(dict(zip(("tilt_deg", "mechanical_tilt_deg", "electrical_tilt_deg"), row)))
    antenna = found.sectors[0].antenna
    assert (antenna.mechanical_tilt_deg, antenna.electrical_tilt_deg) == (mechanical, electrical)
    assert ("tilt" in assumed(found)) == is_assumed


def test_a_band_belongs_to_the_technology_that_has_it():
    rows = [{"technology": "4G;5G", "band_mhz": 1800.0}, {"technology": "4G;5G", "band_mhz": 700.0}]
    nr, lte = made(*rows), made(*rows, technology="4G")
    assert [sector.frequency_ghz for sector in nr.sectors] == [3.5, 0.7]
    assert [sector.frequency_ghz for sector in lte.sectors] == [1.8, 1.8]
    assert nr.assumed["band"].tolist() == [True, False]
    assert lte.assumed["band"].tolist() == [False, True]


def test_a_row_of_one_technology_keeps_a_band_that_no_preset_knows():
    found = made({"band_mhz": 1850.0})
    assert found.sectors[0].frequency_ghz == 1.85
    assert found.assumed["band"].tolist() == [True]  # what no preset knows is marked


def test_a_band_that_no_preset_knows_takes_the_weakest_preset_for_what_the_row_does_not_say():
    silent = {"band_mhz": 1850.0, "bandwidth_mhz": np.nan, "antenna_height_m": np.nan}
    stated = made({**silent, "eirp_dbm": 60.0})
    assert stated.preset.tolist() == [1]  # 100 MHz spreads the same power over more resource elements
    assert stated.sectors[0].eirp_dbm == pytest.approx(60 - 10 * math.log10(12 * 273))
    assert stated.sectors[0].height_m == 25
    unsaid = made({**silent, "tx_power_dbm": np.nan, "antenna_gain_dbi": np.nan, "feeder_loss_db": np.nan})
    assert unsaid.preset.tolist() == [0]  # 66 dBm over 160 blocks is less than 73 dBm over 273
    assert unsaid.sectors[0].eirp_dbm == pytest.approx(66 - 10 * math.log10(12 * 160))
    assert "band" in assumed(stated) and "band" in assumed(unsaid)


def test_an_antenna_on_the_ground_is_one_of_unknown_height():
    found = made({"antenna_height_m": 0.0})
    assert found.sectors[0].height_m == 30 and assumed(found) == {"height"}


@pytest.mark.parametrize(("bandwidth", "blocks"), [(100.0, 273), (20.0, 106), (37.0, None), (np.nan, None)])
def test_a_bandwidth_that_the_standard_has_counts_at_its_own_subcarrier_spacing(bandwidth, blocks):
    found = made({"bandwidth_mhz": bandwidth})
    expected = 64 - 10 * math.log10(12 * (blocks or 160))  # 30 MHz at 15 kHz is the preset's
    assert found.sectors[0].eirp_dbm == pytest.approx(expected)
    assert assumed(found) == (set() if blocks else {"bandwidth"})


def test_rows_that_are_no_sector_are_told_with_the_reason_and_rows_of_other_technologies_are_not():
    found = made(
        {"lon": np.nan},
        {"tower_type": "indoor"},
        {"band_mhz": 26_000.0},
        {"technology": "4G"},
        {"technology": None},
        {},
    )
    assert found.row.tolist() == [5]
    assert found.left_out.to_dict("list") == {"row": [0, 1, 2], "reason": ["no_place", "indoor", "band_outside"]}


def test_an_empty_table_has_no_sectors():
    found = sectors_of(pd.DataFrame([FULL]).iloc[:0], "5G", PRESETS)
    assert (found.sectors, len(found.row), len(found.assumed), len(found.left_out)) == ([], 0, 0, 0)


def test_presets_without_one_for_unknown_bands_are_refused():
    with pytest.raises(ValueError, match="unknown bands"):
        sectors_of(pd.DataFrame([FULL]), "5G", (LOW, LTE))


maybe = st.one_of(st.just(math.nan), st.floats(-20, 90))


@given(maybe, maybe, maybe, st.one_of(st.just(math.nan), st.floats(400, 50_000)), st.booleans())
def test_whatever_the_fields_allow_is_a_sector_or_is_told(total, mechanical, electrical, band, both):
    found = made(
        {
            "tilt_deg": total,
            "mechanical_tilt_deg": mechanical,
            "electrical_tilt_deg": electrical,
            "band_mhz": band,
            "technology": "4G;5G" if both else "5G",
        }
    )
    assert len(found.sectors) + len(found.left_out) == 1
    assert all(math.isfinite(sector.eirp_dbm) for sector in found.sectors)
