"""A number that a cell only gives roughly is offered to the planner, who takes it, leaves it or sets the row aside."""

import pytest

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv

HEADINGS = (*STATION_HEADINGS, "天线挂高")


def station_file(tmp_path):
    heights = ("约30", "三十左右", "35")
    return write_csv(tmp_path / "站点.csv", [HEADINGS, *((*row, height) for row, height in zip(STATIONS, heights))])


@pytest.mark.parametrize(
    ("treatments", "heights"),
    [
        (None, [None, None, 35]),
        ("approximate_number=keep", [None, None, 35]),
        ("approximate_number=apply", [30, 30, 35]),
        ("approximate_number=set_aside", [35]),
        ("approximate_number@row 2=apply", [30, None, 35]),
    ],
)
def test_an_approximate_number_is_what_the_planner_makes_of_it(tmp_path, treatments, heights):
    done = do_import(tmp_path, station_file(tmp_path), "base_stations", treatments=treatments)
    assert done.column("antenna_height_m") == heights


def test_the_number_is_proposed_with_the_text_that_stands_there(tmp_path):
    done = do_import(tmp_path, station_file(tmp_path), "base_stations", treatments="approximate_number=apply")
    assert "约30" in done.report
    assert "采用此数" in done.report
