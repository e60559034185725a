"""The pictures that tell why a village is reached or not."""

import math
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.analysis.p1812 import INLAND, PathProfile
from xinji_planner.analysis.p1812.clearance import clearance
from xinji_planner.analysis.radio import Propagation, terrain
from xinji_planner.analysis.radio.terrain import path_length_m
from xinji_planner.errors import Cancelled
from xinji_planner.jobs.reach.profiles import VillagePath, write_profiles

PIXEL = 1 / 3600
WEST, NORTH = 109.0, 28.2
STATION, PLACE = (WEST + 100 * PIXEL, NORTH - 100 * PIXEL), (WEST + 300 * PIXEL, NORTH - 100 * PIXEL)
WALL = 200  # column of pixels, half way


def land(wall_m=0.0, void=False):
    heights = np.full((201, 401), 100.0, np.float32)
    heights[:, WALL] += wall_m
    if void:
        heights[:, WALL + 50] = np.nan
    return terrain(heights, WEST, NORTH, PIXEL, PIXEL)


def village(code="990101101201", level=-112.4, **changes):
    path = VillagePath(*(code, "中枢村", "村委会", "BS-1", "县局楼顶", *STATION, 30.0, 3.5, *PLACE, 1.5, level, -105.0))
    return path._replace(**changes)


def words(folder, name):
    picture = ET.parse(folder / name).getroot()
    return "\n".join("".join(item.itertext()) for item in picture.iter("{http://www.w3.org/2000/svg}text"))


def written(folder, paths, ground):
    made = write_profiles(folder, paths, ground, Propagation())
    return made, {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_wall_on_the_way_is_marked_with_distance_and_height_above_the_line(tmp_path):
    made, files = written(tmp_path, [village()], land(wall_m=60))
    assert made == {"990101101201": "profiles/990101101201.zh.svg"}
    assert files == {"profiles/990101101201.zh.svg", "profiles/990101101201.en.svg"}
    length = path_length_m(*STATION, *PLACE) / 1e3
    # Half way the line is (130 + 101.5) / 2 m high, and the bulge is d² / 8 ka, ka = 4/3 · 6371 km.
    above = 160 + 1e3 * length**2 / (8 * 4 / 3 * 6371) - (130 + 101.5) / 2
    zh, en = (words(tmp_path, f"profiles/990101101201.{language}.svg") for language in ("zh", "en"))
    assert f"障碍 {length / 2:.2f} km，高出视线 {above:.0f} m" in zh
    assert f"Obstacle {length / 2:.2f} km, {above:.0f} m above the line" in en
    assert "视线被遮挡" in zh and "line of sight cut" in en
    assert "发射 30 m" in zh and "接收 1.5 m" in zh and "k=1.33" in zh


def test_the_level_is_said_against_what_is_wanted(tmp_path):
    written(tmp_path, [village(), village("2", -101.0), village("3", math.nan), village("4", None)], land())
    shown = [words(tmp_path, f"profiles/{code}.zh.svg") for code in ("990101101201", "2", "3", "4")]
    assert "3.5 GHz：-112.4 dBm，低于门限 -105 dBm 7.4 dB" in shown[0]
    assert "3.5 GHz：-101.0 dBm，高出门限 -105 dBm 4.0 dB" in shown[1]
    assert all("电平未知，门限 -105 dBm" in item for item in shown[2:])
    english = words(tmp_path, "profiles/990101101201.en.svg")
    assert "3.5 GHz: -112.4 dBm, 7.4 dB short of -105 dBm" in english


def test_a_clear_way_has_no_obstacle_and_a_narrow_one_says_how_much_room_is_wanted(tmp_path):
    near = village("near", to_lon=STATION[0] + 40 * PIXEL)
    written(tmp_path, [near], land())
    assert "通视，0.6 菲涅尔区无遮挡" in words(tmp_path, "profiles/near.zh.svg")
    assert "障碍" not in words(tmp_path, "profiles/near.zh.svg")
    written(tmp_path, [village("narrow", rx_height_m=30.0)], land(wall_m=28))
    length = path_length_m(*STATION, *PLACE)
    need = 0.6 * math.sqrt(0.2998 / 3.5 * length / 4)
    shown = words(tmp_path, "profiles/narrow.en.svg")
    assert f"in sight, 0.6 Fresnel ({need:.1f} m) cut" in shown
    assert "Obstacle" in shown and "m below the line" in shown


def test_trees_on_the_way_are_drawn_and_stand_in_the_way(tmp_path):
    trees = np.zeros((201, 401), np.float32)
    trees[:, WALL] = 60
    heights = np.full((201, 401), 100.0, np.float32)
    write_profiles(tmp_path, [village()], terrain(heights, WEST, NORTH, PIXEL, PIXEL, clutter_m=trees), Propagation())
    shown = words(tmp_path, "profiles/990101101201.zh.svg")
    assert "地物" in shown and "视线被遮挡" in shown and "障碍 2.73 km，高出视线" in shown


def test_a_lower_grade_is_drawn_over_four_thirds_of_the_earth(tmp_path):
    write_profiles(tmp_path, [village()], land(), Propagation(delta_n=60.0))
    assert "k=1.62" in words(tmp_path, "profiles/990101101201.zh.svg")
    write_profiles(tmp_path, [village()], land(), Propagation(delta_n=60.0, grade="line_of_sight"))
    assert "k=1.33" in words(tmp_path, "profiles/990101101201.zh.svg")


def test_the_same_paths_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_profiles(tmp_path / name, [village(), village("2")], land(wall_m=60), Propagation())
    for path in (tmp_path / "one").rglob("*.svg"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_a_path_through_a_void_or_off_the_terrain_has_no_picture(tmp_path):
    off = village("off", to_lon=WEST + 500 * PIXEL)
    assert written(tmp_path, [village("void"), off], land(void=True)) == ({}, set())


def test_every_code_gives_a_file_of_its_own_inside_the_folder(tmp_path):
    codes = ["a", "A", "../../x", "a/b", "村 1", "_61_", ""]
    made, files = written(tmp_path, [village(code) for code in codes], land())
    assert len({name.lower() for name in made.values()}) == len(codes)
    assert len(files) == 2 * len(codes) and all(name.startswith("profiles/") for name in files)
    assert all((tmp_path / name).is_file() for name in made.values())


def test_two_paths_of_one_village_are_refused(tmp_path):
    with pytest.raises(ValueError, match="more than one path"):
        write_profiles(tmp_path, [village(), village()], land(), Propagation())


def test_names_are_words_and_never_markup_and_long_ones_are_cut(tmp_path):
    written(tmp_path, [village("x", village_name="<b>&甲", station_name="很长的站名" * 20, point_name="")], land())
    first = words(tmp_path, "profiles/x.zh.svg").splitlines()[0]
    assert first.startswith("很长的站名很长") and first.endswith("…") and len(first) < 40
    assert ET.parse(tmp_path / "profiles/x.zh.svg").getroot()[0].text.endswith("→ <b>&甲")


def test_cancelling_stops_between_two_villages(tmp_path):
    def stop(fraction):
        if fraction >= 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_profiles(tmp_path, [village("1"), village("2")], land(), Propagation(), stop)
    assert not (tmp_path / "profiles" / "2.zh.svg").exists()


def test_two_thousand_villages_are_drawn_within_ten_seconds(tmp_path):
    ground = land(wall_m=60)
    start = time.perf_counter()
    made = write_profiles(tmp_path, [village(str(n)) for n in range(2000)], ground, Propagation())
    assert len(made) == 2000 and time.perf_counter() - start < 10


@given(
    heights=st.lists(st.floats(0, 3000), min_size=5, max_size=60),
    antennas=st.tuples(st.floats(1, 200), st.floats(1, 200)),
    frequency=st.floats(0.03, 6),
)
def test_no_point_is_deeper_in_the_fresnel_zone_than_the_main_obstacle(heights, antennas, frequency):
    d = np.linspace(0, 12.5, len(heights))
    profile = PathProfile(d, np.array(heights), np.zeros(d.size), np.full(d.size, INLAND))
    found = clearance(profile, antennas, 8495.0, frequency)
    shares = []
    for point in range(1, d.size - 1):
        line = heights[0] + antennas[0]
        line += (heights[-1] + antennas[1] - line) * d[point] / 12.5
        above = heights[point] + 1e3 * d[point] * (12.5 - d[point]) / (2 * 8495) - line
        zone = 0.6 * math.sqrt(299.8 / frequency * d[point] * (12.5 - d[point]) / 12.5)
        shares.append(above / zone)
        if point == found.point:
            assert (found.above_m, found.zone_m) == (pytest.approx(above, abs=1e-6), pytest.approx(zone))
    assert found.above_m / found.zone_m == pytest.approx(max(shares), abs=1e-6)
    assert found.is_cut == (found.above_m > 0) and found.is_narrow == (found.above_m > -found.zone_m)
