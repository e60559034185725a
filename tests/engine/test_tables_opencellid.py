"""Exports of OpenCelliD, with and without their headings."""

import pytest
from xinji_planner.layers.sources.opencellid import COLUMNS
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import do_import, write_csv

CELLS = [
    (
        "LTE",
        "460",
        "0",
        "28672",
        "118812162",
        "0",
        "100.10",
        "25.10",
        "1000",
        "7",
        "1",
        "1459692342",
        "1488347104",
        "0",
    ),
    ("NR", "460", "11", "4210", "33", "", "100.20", "25.20", "1000", "1", "1", "1459692342", "1488347104", "0"),
    ("UMTS", "460", "1", "4210", "34", "", "100.30", "25.30", "1000", "1", "1", "1459692342", "1488347104", "0"),
    ("GSM", "460", "20", "4210", "35", "", "100.30", "25.30", "1000", "1", "1", "1459692342", "1488347104", "0"),
]


@pytest.mark.parametrize("headings", [(), (COLUMNS,)])
def test_an_export_becomes_base_stations(tmp_path, headings):
    done = do_import(tmp_path, write_csv(tmp_path / "460.csv", [*headings, *CELLS]), "base_stations")
    assert done.column("station_id") == ["460-00-28672-118812162", "460-11-4210-33", "460-01-4210-34"]
    assert done.column("operator") == ["CMCC", "CTCC", "CUCC"]
    assert done.column("technology") == ["4G", "5G", "3G"]
    assert done.column("status") == ["existing"] * 3
    assert done.summary["datum"] == "wgs84"
    (aside,) = done.aside
    assert (aside["row"], aside["reason_code"]) == (str(4 + len(headings)), "unknown_code")
    assert aside["original"] == ",".join(CELLS[3])
    assert any("OpenCelliD" in notice["zh"] and "众包" in notice["zh"] for notice in done.notices)


def test_another_table_without_headings_is_none(tmp_path):
    rows = [("LTE", "4600", "0", "1", "2", "3", "100", "25", "4", "5"), ("A", "460", *"12345678")]
    table = read_source(write_csv(tmp_path / "a.csv", rows), spec=SPECS["base_stations"])
    assert table.headings[0] == "#1"


def test_for_another_layer_only_the_headings_are_given(tmp_path):
    table = read_source(write_csv(tmp_path / "a.csv", CELLS), spec=SPECS["villages"])
    assert table.headings == list(COLUMNS)
