"""Files that are not what they seem: garbled headings, a workbook under another name, hidden rows, parts alone."""

import shutil
import zipfile

import numpy as np
import openpyxl
import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.cells.angles import read_angle
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.specs import SPECS

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv, write_xlsx
from .test_diagnose import examine

STATION = SPECS["base_stations"]


def found(table, code):
    return [block for block in table.findings if block.code == code]


def test_numbers_stored_as_text_are_one_line_a_column_in_the_table_of_findings(tmp_path):
    rows = [(*row[:6], f"10{at}.1{at}", f"25.1{at}") for at, row in enumerate(STATIONS)]
    _, findings, _ = examine(tmp_path, write_xlsx(tmp_path / "站.xlsx", 站=[STATION_HEADINGS, *rows]))
    lines = [line for line in findings if line["code"] == "numbers_as_text"]
    assert [(line["field"], line["rows"], line["value"]) for line in lines] == [
        ("经度(WGS84)", "2-4", "100.10"),
        ("纬度(WGS84)", "2-4", "25.10"),
    ]


def garbled(path, encoding, *, seen_as):
    text = "\r\n".join(",".join(row) for row in (STATION_HEADINGS, *STATIONS))
    path.write_bytes(text.encode(encoding).decode(seen_as, "replace").encode("utf-8"))
    return path


@pytest.mark.parametrize("encoding, seen_as", [("gbk", "latin-1"), ("utf-8", "gbk"), ("utf-8", "latin-1")])
def test_a_file_whose_headings_are_garbled_is_refused_with_what_they_were(tmp_path, encoding, seen_as):
    source = garbled(tmp_path / "站.csv", encoding, seen_as=seen_as)
    with pytest.raises(InputError) as refused:
        do_import(tmp_path, source, "base_stations")
    assert "乱码" in refused.value.message.zh
    assert "基站编号" in refused.value.message.zh
    assert "garbled" in refused.value.message.en
    assert "UTF-8" in refused.value.remedy.zh


def test_a_diagnosis_of_a_garbled_file_says_so_once(tmp_path):
    summary, _, _ = examine(tmp_path, garbled(tmp_path / "站.csv", "utf-8", seen_as="gbk"))
    (problem,) = summary["problems"]
    assert "乱码" in str(problem)


def test_a_file_read_in_the_wrong_encoding_is_refused_with_the_one_to_try(tmp_path):
    source = write_csv(tmp_path / "站.csv", [STATION_HEADINGS, *STATIONS], "utf-8")
    with pytest.raises(InputError) as refused:
        do_import(tmp_path, source, "base_stations", encoding="latin-1")
    assert "--encoding UTF-8" in refused.value.remedy.zh
    assert "基站编号" in refused.value.message.zh


def test_plain_foreign_headings_are_not_called_garbled(tmp_path):
    source = write_csv(tmp_path / "站.csv", [("甲", "乙", "Größe"), ("1", "2", "3")])
    with pytest.raises(InputError) as refused:
        do_import(tmp_path, source, "base_stations")
    assert "乱码" not in refused.value.message.zh


@pytest.mark.parametrize(
    "text, degrees",
    [
        ("E:109.55", 109.55),
        ("N：28.5", 28.5),
        ("109d44m27s", 109.740833),
        ("109d44m27.5sE", 109.740972),
        ("109。44′", 109.733333),
        ("110。00′44.96″", 110.012489),
    ],
)
def test_rarer_spellings_of_degrees_are_read(text, degrees):
    assert read_angle(text)[0] == pytest.approx(degrees, abs=1e-6)


def test_a_chinese_full_stop_before_decimals_stays_a_decimal_point():
    assert read_angle("109。4412")[0] == pytest.approx(109.4412)


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a", b"\r\n\x1a\r\n"])
def test_the_end_mark_of_dos_is_no_row(tmp_path, end):
    source = write_csv(tmp_path / "站.csv", [STATION_HEADINGS, *STATIONS], "gbk")
    source.write_bytes(source.read_bytes().rstrip(b"\r\n") + end)
    done = do_import(tmp_path, source, "base_stations")
    assert (done.summary["rows_in"], done.summary["rows_out"]) == (3, 3)


def test_a_row_set_aside_for_a_formula_without_a_result_shows_the_formula(tmp_path):
    rows = [(*row,) for row in STATIONS]
    rows[1] = (*rows[1][:5], "=VLOOKUP(A3,X!A:B,2,0)", *rows[1][6:])
    done = do_import(tmp_path, write_xlsx(tmp_path / "站.xlsx", 站=[STATION_HEADINGS, *rows]), "base_stations")
    (line,) = done.aside
    assert "=VLOOKUP(A3,X!A:B,2,0)" in line["original"]


def test_a_part_of_a_shapefile_alone_says_that_the_shp_is_missing(tmp_path):
    part = tmp_path / "站.dbf"
    part.write_bytes(b"\x03" + b"\0" * 40)
    with pytest.raises(InputError) as refused:
        read_source(part, spec=STATION)
    assert "没有" in refused.value.message.zh
    assert "站.shp" in refused.value.message.zh
    (tmp_path / "站.shp").write_bytes(b"\0")
    with pytest.raises(InputError) as refused:
        read_source(part, spec=STATION)
    assert ".shp" in refused.value.remedy.zh
    assert "没有" not in refused.value.message.zh


@pytest.mark.parametrize("name", ["站.csv", "站.txt", "站.zip"])
def test_a_workbook_under_another_name_is_read_by_its_content(tmp_path, name):
    book = write_xlsx(tmp_path / "真.xlsx", 站=[STATION_HEADINGS, *STATIONS])
    source = tmp_path / name
    shutil.copy(book, source)
    done = do_import(tmp_path, source, "base_stations")
    assert done.summary["rows_out"] == 3
    assert any("工作簿" in notice["zh"] for notice in done.notices)
    assert layer_names(source) == ("站",)


def test_an_archive_with_two_tables_that_fit_asks_which(tmp_path):
    pack = tmp_path / "包.zip"
    for name in ("甲.csv", "乙.csv"):
        write_csv(tmp_path / name, [STATION_HEADINGS, *STATIONS])
    extra = write_csv(
        tmp_path / "丙.csv", [(*STATION_HEADINGS, "挂高", "方位角"), *((*row, "30", "0") for row in STATIONS)]
    )
    with zipfile.ZipFile(pack, "w") as file:
        file.write(tmp_path / "甲.csv", "甲.csv")
        file.write(extra, "丙.csv")
    with pytest.raises(InputError) as refused:
        read_source(pack, spec=STATION)
    assert "甲.csv" in refused.value.message.zh
    assert "丙.csv" in refused.value.message.zh
    with zipfile.ZipFile(pack, "w") as file:
        file.write(tmp_path / "甲.csv", "甲.csv")
        file.writestr("说明.txt", "请查收")
    assert len(read_source(pack, spec=STATION)) == 3


def test_a_recipe_that_states_another_encoding_is_named_by_the_refusal(tmp_path):
    source = write_csv(tmp_path / "站.csv", [STATION_HEADINGS, *STATIONS], "utf-8")
    done = do_import(tmp_path, source, "base_stations")
    recipe = next(tmp_path.glob("run */recipe.toml"))
    write_csv(source, [STATION_HEADINGS, *STATIONS], "gbk")
    with pytest.raises(InputError) as refused:
        do_import(tmp_path, source, "base_stations", recipe=recipe)
    assert done.summary["encoding"] == "UTF-8"
    assert "处理方案" in refused.value.message.zh + refused.value.remedy.zh
    assert "recipe.toml" in refused.value.message.zh + refused.value.remedy.zh


def test_hidden_rows_of_a_sheet_are_read_and_told(tmp_path):
    path = write_xlsx(tmp_path / "站.xlsx", 站=[STATION_HEADINGS, *STATIONS])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    table = read_source(path, spec=STATION)
    assert len(table) == 3
    (block,) = found(table, "hidden_rows")
    assert block.at.tolist() == [1]
    assert block.grave == "warns"
    assert not found(read_source(write_xlsx(path, 站=[STATION_HEADINGS, *STATIONS]), spec=STATION), "hidden_rows")
    assert np.all(table.rows == [2, 3, 4])
