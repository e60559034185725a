"""What a diagnosis says of a file of which the workspace holds an earlier import."""

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from .test_diagnose import examine

CHANGES = ("rows_added", "rows_changed", "rows_removed", "rows_unchanged", "rows_kept")


def imported(tmp_path, name="站点.csv", rows=STATIONS):
    source, workspace = write_csv(tmp_path / name, [STATION_HEADINGS, *rows]), tmp_path / "地区.gpkg"
    do_import(tmp_path, source, "base_stations", workspace=workspace)
    return source, str(workspace)


def test_a_file_that_the_workspace_holds_as_it_is_would_change_nothing(tmp_path):
    source, workspace = imported(tmp_path)
    said, _, _ = examine(tmp_path, source, workspace=workspace)
    assert [said[key] for key in CHANGES] == [0, 0, 0, len(STATIONS), 0]


def test_a_newer_file_of_the_same_name_says_what_it_would_add_change_and_remove(tmp_path):
    source, workspace = imported(tmp_path)
    moved, new = (*STATIONS[0][:-1], "25.9"), ("B9", *STATIONS[0][1:-2], "100.33", "25.33")
    write_csv(source, [STATION_HEADINGS, moved, *STATIONS[1:-1], new])
    said, _, _ = examine(tmp_path, source, workspace=workspace)
    assert [said[key] for key in CHANGES] == [1, 1, 1, len(STATIONS) - 2, 0]


def test_without_an_earlier_import_nothing_is_compared(tmp_path):
    source = write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS])
    assert "rows_unchanged" not in examine(tmp_path, source)[0]
    _, workspace = imported(tmp_path, "别的.csv", [("B8", *STATIONS[0][1:])])
    assert "rows_unchanged" not in examine(tmp_path, source, workspace=workspace)[0]
