"""Radius presets, and where an operator's data extend."""

import numpy as np
import pytest
import shapely
from xinji_planner.analysis.data_extent import unit_of_points, units_of_codes, within_box, within_units
from xinji_planner.analysis.station_radius import preset_radii
from xinji_planner.errors import InputError
from xinji_planner.rules.pack import PACKS, RadiusPreset, load

PRESETS = [
    RadiusPreset("5G", 690, 810, 30, 3500),
    RadiusPreset("5G", 690, 810, 0, 2500),
    RadiusPreset("5G", 3300, 3800, 30, 900),
    RadiusPreset("5G", 3300, 3800, 0, 600),
    RadiusPreset("4G", 800, 960, 0, 5000),
]


@pytest.mark.parametrize(
    ("band", "height", "radius", "assumed"),
    [
        (700, 30, 3500, (False, False)),
        (700, 29.9, 2500, (False, False)),
        (700, np.nan, 2500, (False, True)),
        (3500, 45, 900, (False, False)),
        (np.nan, 45, 900, (True, False)),
        (np.nan, np.nan, 600, (True, True)),
        (26_000, 45, 900, (True, False)),
    ],
)
def test_a_station_takes_the_smallest_radius_that_it_can_have(band, height, radius, assumed):
    found = preset_radii("5G", [band], [height], PRESETS)
    assert found.radius_m[0] == radius
    assert (bool(found.band_assumed[0]), bool(found.height_assumed[0])) == assumed


def test_a_technology_without_presets_is_refused():
    with pytest.raises(ValueError, match="6G"):
        preset_radii("6G", [700], [30], PRESETS)


def test_every_shipped_number_has_a_status_and_the_presets_are_marked_unverified():
    for path in sorted(PACKS.glob("*.toml")):
        pack = load(path.stem)
        assert pack.rules or pack.radii, path.name
        for rule in pack.rules.values():
            assert rule.name.zh and rule.name.en
            assert rule.status == "unverified" or rule.document, f"{rule.id} is {rule.status} but names no document"
    text = (PACKS / "signal_radius.toml").read_text(encoding="utf-8")
    assert text.count("[[radius]]") == text.count('status = "unverified"') - 1  # the pack itself says so too


def test_a_broken_rule_pack_names_the_file_and_the_line(tmp_path):
    (tmp_path / "own.toml").write_text("[[rule]]\nid = \n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load("own", tmp_path)
    assert "own.toml" in caught.value.message.en and "line 2" in caught.value.message.en
    (tmp_path / "own.toml").write_text(
        '[[rule]]\nid = "X"\nzh = "甲"\nen = "a"\nvalue = 1\nunit = ""\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="status"):
        load("own", tmp_path)


def test_an_operators_data_extend_over_the_units_that_hold_its_stations():
    units = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    lon, lat = np.array([0.5, 1.5, 5.0, np.nan]), np.array([0.5, 0.5, 0.5, np.nan])
    unit = unit_of_points(lon, lat, units)
    assert unit.tolist() == [0, 1, -1, -1]
    station = (np.array([0.1]), np.array([0.1]))
    assert within_units(unit, unit_of_points(*station, units)).tolist() == [True, False, False, False]
    assert not within_units(unit, np.array([-1])).any()  # a station in no unit speaks of none


def test_where_no_units_are_known_the_grown_box_of_the_stations_is_the_extent():
    lon, lat = np.array([0.018, 0.018]), np.array([0.0, 0.0])
    station = (np.array([0.0]), np.array([0.0]))
    assert within_box(lon, lat, *station, grow_m=2100).all()
    assert not within_box(lon, lat, *station, grow_m=1900).any()
    assert not within_box(lon, lat, np.array([np.nan]), np.array([np.nan]), grow_m=2100).any()


def test_a_code_names_the_first_unit_that_bears_it():
    codes = ["450602", "450603", "450602", None]
    assert units_of_codes(["450603", "450602", None, "none", float("nan")], codes).tolist() == [1, 0, -1, -1, -1]


def test_a_point_on_a_shared_boundary_belongs_to_the_first_unit():
    units = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    assert unit_of_points(np.array([1.0]), np.array([0.5]), units).tolist() == [0]
