"""Rows that are written without a place are told, row by row."""

from .import_kit import do_import, write_csv
from .test_corrections import HEADINGS, found, of, villages


def test_a_row_whose_coordinates_are_blank_is_warned_of_and_kept(tmp_path):
    rows = villages(("542521100301", "新塘村", "云岭镇", "", ""), ("542521100302", "旧塘村", "云岭镇", " ", "无"))
    told = of(found(tmp_path, rows), "without_place")
    assert [(line["severity"], line["rows"], line["treatment"]) for line in told] == [("warns", "14-15", "keep")]
    assert told[0]["choices"] == "keep;set_aside"
    done = do_import(tmp_path, tmp_path / "行政村.csv", "villages")
    assert done.summary["rows_without_place"] == 2
    assert done.summary["findings_by_code"]["without_place"] == 2
    assert "14-15" in done.report


def test_rows_without_coordinates_may_be_set_aside(tmp_path):
    source = write_csv(tmp_path / "行政村.csv", villages(("542521100301", "新塘村", "云岭镇", "", "")))
    done = do_import(tmp_path, source, "villages", treatments="without_place=set_aside")
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("14", "without_place")]


def test_a_place_that_another_finding_tells_of_is_not_called_blank(tmp_path):
    lines = found(tmp_path, villages(("542521100301", "新塘村", "云岭镇", "0", "0")))
    assert of(lines, "zero_coordinates")
    assert not of(lines, "without_place")


def test_a_sheet_without_columns_of_coordinates_says_so_once(tmp_path):
    rows = [row[:3] for row in villages()]
    told = of(found(tmp_path, rows), "without_place")
    assert [(line["severity"], line["rows"]) for line in told] == [("informs", "")]


def test_a_clean_file_has_no_row_without_a_place(tmp_path):
    assert not of(found(tmp_path, villages()), "without_place")
    assert len(HEADINGS) == 5


def test_a_duplicate_without_a_place_is_told_as_a_duplicate_only(tmp_path):
    first = villages()[1]
    lines = found(tmp_path, villages((first[0], "新塘村", "云岭镇", "", "")))
    assert of(lines, "duplicate")
    assert not of(lines, "without_place")
