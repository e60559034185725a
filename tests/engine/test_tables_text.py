"""Text tables: the quick and the plain way give the same records; encodings; quotes; delimiters."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.errors import InputError
from xinji_planner.layers.sources.encoding import decode_table
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.sources.text_table import parse_text
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import

STATION, VILLAGE = SPECS["base_stations"], SPECS["villages"]
HEADINGS = ",".join(STATION_HEADINGS)
ROWS = [",".join(row) for row in STATIONS]
# Chinese of no other use than to be common in both writings.
SIMPLE = "行政村代码,村名\n" + "".join(f"5301000012{at:02},东山村委会阳明弥勒{at}\n" for at in range(9))
COMPLEX = "行政村代碼,村名\n" + "".join(f"5301000012{at:02},東山村臺灣陽明雲林縣{at}\n" for at in range(9))


def same(left, right):
    assert len(left) == len(right)
    assert [left.row(at) for at in range(len(left))] == [right.row(at) for at in range(len(right))]
    assert left.filled.tolist() == right.filled.tolist()
    assert left.widths.tolist() == right.widths.tolist()


def of_records(records, at):
    """What a record says, whatever it was padded with."""
    row = records.row(at)
    while row and not row[-1]:
        row.pop()
    return row


CELLS = st.text(st.sampled_from('ab1 ,;"\n\r\t东\u3000\x1f'), max_size=4)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_quick_reader_gives_what_the_plain_one_gives(rows, quoting, end):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting, lineterminator=end).writerows(rows)
    text = file.getvalue()
    quick, plain = parse_text(text), parse_text(text, fast=False)
    assert len(quick.records) == len(plain.records)
    for at in range(len(plain.records)):
        assert of_records(quick.records, at) == of_records(plain.records, at)
    assert quick.records.filled.tolist() == plain.records.filled.tolist()
    assert quick.unclosed == plain.unclosed


@given(st.text(st.sampled_from('ab,;"\n\r东 '), max_size=40))
def test_no_text_is_read_otherwise_by_the_quick_reader(text):
    quick, plain = parse_text(text), parse_text(text, fast=False)
    assert [of_records(quick.records, at) for at in range(len(quick.records))] == [
        of_records(plain.records, at) for at in range(len(plain.records))
    ]
    assert quick.records.filled.tolist() == plain.records.filled.tolist()
    lines = [None if parsed.last_lines is None else parsed.last_lines.tolist() for parsed in (quick, plain)]
    count = len(plain.records)
    assert (lines[0] or list(range(1, count + 1))) == (lines[1] or list(range(1, count + 1)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_chinese_is_read_whatever_the_encoding_with_or_without_a_mark(encoding):
    assert decode_table(SIMPLE.encode(encoding), "a.csv").text == SIMPLE


def test_big5_is_told_from_gb18030_by_common_characters():
    found = decode_table(COMPLEX.encode("big5"), "a.csv")
    assert (found.text, found.encoding) == (COMPLEX, "BIG5")
    assert decode_table(SIMPLE.encode("gbk"), "a.csv").encoding == "GB18030"


def test_true_lists_in_gbk_are_never_taken_for_big5_or_mixed(shared_data):
    files = sorted(shared_data.rglob("*_GBK.csv"))
    assert files
    for path in files:
        found = decode_table(path.read_bytes(), path.name)
        assert (found.encoding, found.other_lines, found.bad_lines) == ("GB18030", (), ())


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_that_lies_is_not_believed(tmp_path, mark):
    path = tmp_path / "a.csv"
    path.write_bytes(mark + SIMPLE.encode("gbk"))
    table = read_source(path, spec=VILLAGE)
    assert table.encoding == "GB18030"
    assert table.headings == ["行政村代码", "村名"]
    (finding,) = [block for block in table.findings if block.code == "not_utf8"]
    assert "BOM" in finding.why[0].zh


def mixed(tmp_path, *lines):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\r\n".join(lines))
    return read_source(path, spec=STATION)


def test_lines_of_a_second_encoding_are_read_in_it_and_named(tmp_path):
    odd = ROWS[1].replace("西山站", "西山站点")  # five characters: no GBK can be made of its bytes
    table = mixed(tmp_path, HEADINGS.encode("gbk"), ROWS[0].encode("gbk"), odd.encode(), ROWS[2].encode("gbk"))
    assert list(table.cells[1]) == ["东山站", "西山站点", "南山站"]
    (finding,) = [block for block in table.findings if block.code == "mixed_encoding"]
    assert finding.at.tolist() == [1]
    assert "第 3 行" in table.notices[0].zh


def test_a_line_that_is_no_text_is_set_aside_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "基站.csv"
    broken = ROWS[1].encode().replace("西山站".encode(), b"\xff\xfe\xff")
    path.write_bytes(b"\n".join([HEADINGS.encode(), ROWS[0].encode(), broken, ROWS[2].encode()]))
    done = do_import(tmp_path, path, "base_stations")
    assert done.column("name") == ["东山站", "南山站"]
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("3", "damaged_row")]
    assert "字节" in done.aside[0]["reason_zh"]


def test_the_line_of_a_bad_row_is_right_behind_a_cell_with_a_line_break(tmp_path):
    rows = [HEADINGS.encode(), ROWS[0].replace("东山站", '"东山\n站"').encode(), ROWS[1].encode()]
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join([*rows, ROWS[2].encode().replace("广电".encode(), b"\xff")]))
    table = read_source(path, spec=STATION)
    assert list(table.damaged) == [2]
    assert table.rows[2] == 4


def test_a_file_of_bytes_that_are_no_text_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xff,\xff\n\xff\xfe\xff\n")
    with pytest.raises(InputError, match="编码"):
        read_source(path)


@pytest.mark.parametrize("gone", ["锟斤拷", "东山\ufffd", "???"])
def test_characters_that_are_lost_are_named_with_their_cell(tmp_path, gone):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADINGS, ROWS[0].replace("东山站", gone), ROWS[1]]), encoding="utf-8")
    (finding,) = [block for block in read_source(path, spec=STATION).findings if block.code == "lost_characters"]
    assert (finding.at.tolist(), finding.field) == ([0], "基站名称")


def test_an_error_of_a_spreadsheet_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADINGS, ROWS[0].replace("东山站", "#REF!"), ROWS[1]]), encoding="utf-8")
    assert read_source(path, spec=STATION).findings.counts() == {"error_cell": 1}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "   "])
@pytest.mark.parametrize("first", ["", "sep"])
def test_a_delimiter_is_found_or_told(tmp_path, delimiter, first):
    lines = [line.replace(",", delimiter) for line in (HEADINGS, *ROWS)]
    if first and len(delimiter) == 1:
        lines.insert(0, f"sep={delimiter}")
    path = tmp_path / "a.txt"
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    table = read_source(path, spec=STATION)
    assert table.headings == list(STATION_HEADINGS)
    assert list(zip(*table.cells)) == list(STATIONS)


def test_one_open_quote_leaves_the_quotes_of_other_rows_in_order(tmp_path):
    path = tmp_path / "a.csv"
    quoted = [",".join(f'"{cell}"' for cell in row) for row in STATIONS]
    path.write_text("\n".join([HEADINGS, quoted[0], quoted[1].replace("西山", '西"山'), quoted[2]]), encoding="utf-8")
    table = read_source(path, spec=STATION)
    assert table.findings.counts() == {"unclosed_quotes": 1}
    assert tuple(column[2] for column in table.cells) == STATIONS[2]


def test_a_row_that_a_line_break_without_quotes_has_broken_is_set_aside_in_both_parts(tmp_path):
    path = tmp_path / "a.csv"
    whole = [f"B{at}{ROWS[0][4:]}" for at in range(60)]
    path.write_text("\n".join([HEADINGS, *whole, ROWS[1].replace("西山", "西\n山"), *whole[:0]]), encoding="utf-8")
    table = read_source(path, spec=STATION)
    assert sorted(table.damaged) == [60, 61]
    assert "断成了两行" in table.damaged[60].zh


def test_a_clean_file_has_no_findings(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADINGS, *ROWS]), encoding="utf-8")
    assert read_source(path, spec=STATION).findings.counts() == {}
