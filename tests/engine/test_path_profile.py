"""The job "path profile": from a CSV of points to loss, level, values, picture and report."""

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from xinji_planner.analysis.p1812 import INLAND, SEA, Link, PathProfile, basic_transmission_loss, path_centre_latitude
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs import path_profile
from xinji_planner.jobs.profile.file import read_profile
from xinji_planner.jobs.profile.symbols import SYMBOLS

RIDGE = [0.0, 5.0, 20.0, 60.0, 140.0, 220.0, 130.0, 50.0, 20.0, 10.0, 0.0]
STATED = {
    "frequency_ghz": 0.7,
    "tx_height_m": 30,
    "tx_lat": 28.0,
    "tx_lon": 109.0,
    "rx_lat": 28.0899,
    "rx_lon": 109.0,
}
HEADER = "distance_km,height_m,clutter_height_m,zone"


@pytest.fixture
def ridge(tmp_path):
    path = tmp_path / "ridge.csv"
    rows = [f"{km},{height},{15 if km == 7 else 0},inland" for km, height in enumerate(RIDGE)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def run(profile, folder, **changes):
    sent = []
    done = run_job("path_profile", {"profile": str(profile), **STATED, **changes}, folder, send=sent.append)
    return done, [message["message"] for message in sent if message["type"] == "notice"]


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "profile.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_summary_holds_the_loss_and_every_symbol(ridge, tmp_path):
    done, notices = run(ridge, tmp_path / "out", eirp_dbm=60)
    d = np.arange(11.0)
    clutter = np.where(d == 7, 15.0, 0.0)
    latitude = path_centre_latitude(28.0, 109.0, 28.0899, 109.0, 10.0)
    expected = basic_transmission_loss(
        PathProfile(d, np.array(RIDGE), clutter, np.full(11, INLAND)), Link(0.7, 30.0, 1.5, latitude)
    )
    summary = done.summary
    assert {symbol: summary[symbol] for symbol in SYMBOLS} == expected.values
    assert summary["loss_db"] == expected.loss_db and summary["level_dbm"] == 60 - expected.loss_db
    assert summary["field_strength_dbuv_m"] == expected.field_strength_dbuv_m
    assert (summary["distance_km"], summary["line_of_sight"], summary["obstacle_distance_km"]) == (10.0, False, 5.0)
    assert not notices


def test_without_a_power_there_is_no_level(ridge, tmp_path):
    assert run(ridge, tmp_path / "out")[0].summary["level_dbm"] is None


def test_every_symbol_has_words_and_a_name_of_its_own_in_any_case(ridge):
    keys = path_profile.JOB.summary_keys
    assert len({key.upper() for key in keys}) == len(keys)
    assert all(words.zh and words.en and words.zh != words.en for _, words in SYMBOLS.values())


def test_the_table_lists_every_value_with_unit_and_meaning(ridge, tmp_path):
    done, _ = run(ridge, tmp_path / "out")
    with Path(done.outputs["values"]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["symbol"] for row in rows] == list(SYMBOLS)
    assert all(float(row["value"]) == done.summary[row["symbol"]] for row in rows)
    assert next(row for row in rows if row["symbol"] == "Lb")["unit"] == "dB"


@pytest.mark.parametrize(
    "output, words", [("profile_picture", "主要障碍 5.00 km"), ("profile_picture_en", "Main obstacle")]
)
def test_the_picture_shows_terrain_ray_fresnel_zone_and_obstacle(ridge, tmp_path, output, words):
    done, _ = run(ridge, tmp_path / "out")
    picture = ET.parse(done.outputs[output]).getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert picture.tag == f"{name}svg"
    assert len(picture.findall(f"{name}polygon")) == 3  # clutter, terrain, Fresnel zone
    assert len(picture.findall(f"{name}polyline")) == 1  # the ray; no sea
    texts = "\n".join(item.text or "" for item in picture.iter(f"{name}text"))
    assert words in texts
    chinese = any("一" <= sign <= "鿿" for sign in texts)
    assert chinese == (output == "profile_picture")


def test_the_report_speaks_both_languages_and_shows_the_picture(ridge, tmp_path):
    done, _ = run(ridge, tmp_path / "out", eirp_dbm=60)
    page = Path(done.outputs["report"]).read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "视线被遮挡" in page and "the main obstacle is 5.00 km" in page
    assert f"{done.summary['loss_db']:.2f} dB" in page and "dBm" in page


def test_the_same_input_gives_the_same_files(ridge, tmp_path):
    one, two = (run(ridge, tmp_path / name)[0] for name in ("one", "two"))
    for name, path in one.outputs.items():
        assert Path(path).read_bytes() == Path(two.outputs[name]).read_bytes(), name


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_chinese_headings_and_zones_are_read(tmp_path, encoding):
    rows = ["0,3,0,沿海", "1,0,0,海", "2,0,0,海", "3,4,2,沿海", "4,9,5,内陆"]
    path = write(tmp_path, "\n".join(["距离（km）,高程（m）,地物高度（m）,区域", *rows]), encoding)
    found = read_profile(path)
    assert found.profile.zone.tolist() == [3, 1, 1, 3, 4]
    assert found.profile.clutter_m.tolist() == [0, 0, 0, 2, 5]
    assert found.assumed == ()


def test_distances_in_metres_are_taken_as_metres(tmp_path):
    path = write(tmp_path, "距离（米）;高程\n" + "\n".join(f"{m};10" for m in range(0, 1001, 250)))
    found = read_profile(path)
    assert found.profile.distance_km.tolist() == [0, 0.25, 0.5, 0.75, 1.0]
    assert found.assumed == ("clutter_height_m", "zone")


def test_what_was_assumed_for_missing_columns_is_told(tmp_path):
    path = write(tmp_path, "distance_km,height_m\n" + "\n".join(f"{km},10" for km in range(11)))
    _, notices = run(path, tmp_path / "out")
    assert [("clutter" in one["en"], "inland" in one["en"]) for one in notices] == [(True, False), (False, True)]


def test_places_that_do_not_belong_to_the_profile_are_told(ridge, tmp_path):
    _, notices = run(ridge, tmp_path / "out", rx_lat=29.0)
    assert len(notices) == 1 and "10.00 km" in notices[0]["zh"]


def test_every_wrong_value_is_named_with_its_row(tmp_path):
    rows = ["0,10,0,inland", "1,abc,0,inland", "1,10,-3,inland", "2,10,0,moon", "3,99999,0,4", "4,10,0"]
    path = write(tmp_path, "\n".join([HEADER, *rows]))
    with pytest.raises(InputError) as caught:
        read_profile(path)
    faults = [(fault.row, fault.field, fault.value) for fault in caught.value.faults]
    assert faults == [
        (3, "height_m", "abc"),
        (4, "distance_km", "1"),
        (4, "clutter_height_m", "-3"),
        (5, "zone", "moon"),
        (6, "height_m", "99999"),
        (7, "zone", ""),
    ]
    assert all(fault.file == "profile.csv" and fault.remedy.zh for fault in caught.value.faults)


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "empty"),
        ("distance_km,clutter_height_m\n0,1\n", "no column height_m"),
        ("distance,height_m\n0,1\n", "no column distance_km"),
        ("distance_km,height_m\n0,1\n1,1\n", "2 points"),
        ("distance_km,height_m\n0,1\n.01,1\n.02,1\n.03,1\n.04,1\n", "0.04 km long"),
        ("distance_km,height_m\n5,1\n6,1\n7,1\n8,1\n9,1\n", "must be 0"),
        ("distance_km,height_m\n0,nan\n6,1\n7,1\n8,1\n9,1\n", "“nan”"),
        ("distance_km,距离km,height_m\n0,0,1\n", "second column"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(tmp_path, text, words):
    with pytest.raises(InputError) as caught:
        read_profile(write(tmp_path, text))
    assert words in caught.value.message.en
    assert caught.value.remedy.zh and caught.value.remedy.en


def test_a_folder_is_no_profile(tmp_path):
    with pytest.raises(InputError, match="folder"):
        read_profile(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"frequency_ghz": 7}, {"time_percent": 60}, {"rx_height_m": 0.5}, {"location_percent": 0}, {"tx_lat": None}],
)
def test_parameters_out_of_the_recommendations_bounds_are_refused(ridge, tmp_path, changes):
    with pytest.raises(ParameterError):
        run(ridge, tmp_path / "out", **changes)
    assert not (tmp_path / "out").exists()


def test_a_sea_path_is_drawn_as_sea(tmp_path):
    path = write(tmp_path, HEADER + "\n" + "\n".join(f"{km},0,0,sea" for km in range(11)))
    done, _ = run(path, tmp_path / "out")
    assert done.summary["omega"] == 1
    assert "海面" in Path(done.outputs["profile_picture"]).read_text(encoding="utf-8")
    assert read_profile(path).profile.zone.tolist() == [SEA] * 11
