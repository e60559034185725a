"""Workbooks: the right sheet, merged cells, formulas, errors, percentages, old and open formats."""

import datetime
import struct
import zipfile

import numpy as np
import openpyxl
import pytest
from xinji_planner.errors import InputError
from xinji_planner.layers.sources.header import find_block
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.sources.workbook import _by_openpyxl
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_xlsx

STATION, DC = SPECS["base_stations"], SPECS["dc_clusters"]
ROWS = (STATION_HEADINGS, *STATIONS)


def book_of(rows, title="清单"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return book


def read(tmp_path, book, spec=STATION, **options):
    book.save(tmp_path / "a.xlsx")
    return read_source(tmp_path / "a.xlsx", spec=spec, **options)


def found(table, code):
    return [block for block in table.findings if block.code == code]


def test_hidden_cover_pivot_and_template_sheets_are_passed_over(tmp_path):
    book = book_of([("某公司",), ("2024 年",)], "封面")
    for title, rows in {"旧数据": ROWS, "清单": ROWS[:3], "透视表": [("运营商", "计数"), ("移动", 3)]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book["旧数据"].sheet_state = "hidden"
    book.create_sheet("模板").append(list(STATION_HEADINGS))
    table = read(tmp_path, book)
    assert (table.layer, len(table)) == ("清单", 2)
    assert layer_names(tmp_path / "a.xlsx")[-1] == "旧数据"
    (finding,) = found(table, "several_layers")
    assert "旧数据" in finding.why[0].zh
    assert len(read(tmp_path, book, layer="旧数据")) == 3


def test_merged_headings_are_joined_and_a_merged_title_is_not(tmp_path):
    heads = [*STATION_HEADINGS[:6], "坐标（GCJ02）", None]
    book = book_of([("某县基站清单",), heads, [None] * 6 + ["经度", "纬度"], *STATIONS])
    sheet = book.active
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("G2:H2")
    for column in "ABCDEF":
        sheet.merge_cells(f"{column}2:{column}3")
    table = read(tmp_path, book)
    assert table.headings == [*STATION_HEADINGS[:6], "坐标（GCJ02） 经度", "坐标（GCJ02） 纬度"]
    assert table.preamble == [(1, "某县基站清单")]
    assert len(table) == 3


def test_a_merged_name_is_written_into_its_rows_and_a_merged_number_is_not(tmp_path):
    rows = [(*row, height) for row, height in zip(STATIONS, (30, None, None))]
    book = book_of([(*STATION_HEADINGS, "挂高"), *rows])
    sheet = book.active
    sheet.merge_cells("C2:C4")
    sheet.merge_cells("I2:I4")
    table = read(tmp_path, book)
    assert list(table.cells[2]) == ["移动"] * 3
    assert list(table.cells[8]) == ["30", "", ""]
    told = {block.field: (block.at.tolist(), block.proposed[0]) for block in found(table, "merged_cells")}
    assert told == {"运营商": ([1, 2], "移动"), "挂高": ([1, 2], "")}


def test_a_section_title_across_the_columns_is_a_note(tmp_path):
    book = book_of([STATION_HEADINGS, STATIONS[0], ("移动公司部分",), STATIONS[1]])
    book.active.merge_cells("A3:H3")
    assert {at: code for at, (code, _) in read(tmp_path, book).odd.items()} == {1: "note_row"}


def test_formulas_with_and_without_their_results_are_told(tmp_path):
    rows = [(*row, "=1+1") for row in STATIONS]
    table = read(tmp_path, book_of([(*STATION_HEADINGS, "挂高"), *rows]))
    assert found(table, "formula_without_value")[0].at.tolist() == [0, 1, 2]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as pack:
        for part, data in parts.items():
            pack.writestr(part, data)
    table = read_source(tmp_path / "b.xlsx", spec=STATION)
    assert "formula_without_value" not in table.findings.counts()
    assert found(table, "formula")[0].at.tolist() == [0, 1, 2]
    assert list(table.cells[8]) == ["2"] * 3


def test_numbers_stored_as_text_are_told_and_codes_are_not(tmp_path):
    book = book_of([STATION_HEADINGS, ("1001", *STATIONS[0][1:6], 100.1, 25.1), ("1002", *STATIONS[1][1:])])
    table = read(tmp_path, book)
    assert [(block.field, block.at.tolist()) for block in found(table, "numbers_as_text")] == [
        ("经度(WGS84)", [1]),
        ("纬度(WGS84)", [1]),
    ]


def test_errors_percentages_and_long_numbers_keep_what_the_planner_sees(tmp_path):
    heads = ("数据中心编号", "名称", "绿电占比", "PUE", "状态", "经度_CGCS2000", "纬度_CGCS2000")
    book = book_of([heads, (1, "甲", 0.625, 1.25, "现状", 100.5, 25.5), (2, "乙", 1, "#N/A", "现状", 100.5, 25.5)])
    book.active["C2"].number_format = book.active["C3"].number_format = "0.0%"
    book.active["D3"].data_type = "e"
    table = read(tmp_path, book, DC)
    assert list(table.cells[2]) == ["62.5%", "100%"]
    assert list(table.cells[3]) == ["1.25", "#N/A"]
    assert found(table, "error_cell")[0].at.tolist() == [1]


def test_the_quick_reader_gives_the_cells_of_openpyxl(tmp_path):
    rng = np.random.default_rng(7)
    values = [
        *(None, "", "东山", " 乙 ", "1.0", "x\ny", "<&>", True, False, 0, -0.0, 1, 12.5, 1e-7, 1e300, 123456789012345),
        *(2**53 + 1, 460001234567890, 530100001201.0, 100.1234567890123, datetime.datetime(2023, 5, 1)),
        *(datetime.datetime(2023, 5, 1, 12, 30), datetime.date(1999, 12, 31), datetime.time(8, 30), "=1+1"),
        datetime.timedelta(hours=30),
    ]
    rows = [[values[at] for at in rng.integers(0, len(values), 12)] for _ in range(60)]
    book = book_of([STATION_HEADINGS, *rows])
    for row in range(2, 20):
        book.active[f"C{row}"].number_format = "0.00%"
    table = read(tmp_path, book)
    slow = _by_openpyxl(tmp_path / "a.xlsx", "清单")
    for at, number in enumerate(table.rows):
        quick = [str(column[at]) for column in table.cells] + table.tail.get(at, [])
        assert quick == slow.row(int(number) - 1)[: len(quick)]


def test_cells_that_do_not_say_where_they_stand_are_read_too(tmp_path):
    book_of(ROWS).save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as pack, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as other:
        for name in pack.namelist():
            data = pack.read(name)
            if name.endswith("sheet1.xml"):
                for number in range(1, 5):
                    for column in b"ABCDEFGH":
                        data = data.replace(b'<c r="%c%d"' % (column, number), b"<c")
            other.writestr(name, data)
    assert [column[1] for column in read_source(tmp_path / "b.xlsx", spec=STATION).cells] == list(STATIONS[1])


def xls(rows, password=False):
    """Write a workbook of Excel 97 by hand: one stream of records in a compound file."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def text(words):
        return struct.pack("<HB", len(words), 1) + words.encode("utf-16-le")

    bof = [struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0) for kind in (5, 0x10)]
    start = record(0x809, bof[0]) + (record(0x2F, struct.pack("<H", 1) + bytes(52)) if password else b"")
    name = "清单"
    sheet = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    place = len(start) + 4 + 6 + len(sheet) + 4
    book = start + record(0x85, struct.pack("<IH", place, 0) + sheet) + record(0x0A, b"") + record(0x809, bof[1])
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            where = struct.pack("<HHH", at, column, 0)
            number = isinstance(cell, float)
            book += record(0x203, where + struct.pack("<d", cell)) if number else record(0x204, where + text(cell))
    book += record(0x0A, b"")
    book = book.ljust(max(4096, -(-len(book) // 512) * 512), b"\0")
    sectors = len(book) // 512
    fat = struct.pack("<I", 0xFFFFFFFD) + struct.pack("<I", 0xFFFFFFFE)
    fat += b"".join(struct.pack("<I", at + 3 if at + 1 < sectors else 0xFFFFFFFE) for at in range(sectors))

    def entry(words, kind, child, first, size):
        data = words.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 2 * len(words) + 2, kind, 1)
        return data + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(book)) + bytes(256)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return head + fat.ljust(512, b"\xff") + folder + book


def test_an_old_workbook_is_read(tmp_path):
    rows = [ROWS[0], *((*row[:6], float(row[6]), float(row[7])) for row in STATIONS)]
    (tmp_path / "a.xls").write_bytes(xls(rows))
    done = do_import(tmp_path, tmp_path / "a.xls", "base_stations")
    assert done.column("name") == [row[1] for row in STATIONS]
    assert layer_names(tmp_path / "a.xls") == ("清单",)


@pytest.mark.parametrize("form", ["xls", "xlsx"])
def test_a_workbook_with_a_password_is_refused_for_that(tmp_path, form):
    data = xls(ROWS, password=True)
    if form == "xlsx":
        data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    (tmp_path / f"a.{form}").write_bytes(data)
    with pytest.raises(InputError, match="密码") as refusal:
        read_source(tmp_path / f"a.{form}", spec=STATION)
    assert "去掉密码" in refusal.value.remedy.zh


def test_an_open_document_is_read(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in ROWS)
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="清单">{rows}</table:table>'
    text = f"<office:document-content{names}>{body}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as pack:
        pack.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        pack.writestr("META-INF/manifest.xml", "<manifest/>")
        pack.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    table = read_source(tmp_path / "a.ods", spec=STATION)
    assert (table.format, table.layer) == ("ODS", "清单")
    assert list(zip(*table.cells)) == list(STATIONS)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_web_page_under_the_name_of_a_workbook_is_read(tmp_path, encoding):
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    page = f"<html><table><tr><td colspan=8>某县清单</td></tr>{rows}</table></html>"
    (tmp_path / "a.xls").write_bytes(page.encode(encoding))
    table = read_source(tmp_path / "a.xls", spec=STATION)
    assert (table.header_row, list(zip(*table.cells))) == (2, list(STATIONS))


def test_a_plain_table_under_the_name_of_a_workbook_is_read(tmp_path):
    (tmp_path / "a.xls").write_bytes("\n".join("\t".join(row) for row in ROWS).encode("gbk"))
    assert list(zip(*read_source(tmp_path / "a.xls", spec=STATION).cells)) == list(STATIONS)


def test_a_sheet_of_the_layers_name_is_taken_among_several(tmp_path):
    source = write_xlsx(tmp_path / "a.xlsx", 基站=ROWS, 备份=ROWS)
    assert read_source(source, spec=STATION).layer == "基站"


def test_merged_groups_do_not_make_a_title_a_heading():
    rows = [["清单"] * 4, ["编号", "基站名称", "经度", "纬度"]]
    assert find_block(rows, STATION).start == 1


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused_and_does_not_fill_the_memory(tmp_path):
    book = book_of(ROWS)
    book.active["XFD1048576"] = 1
    with pytest.raises(InputError, match="1,048,576"):
        read(tmp_path, book)


def test_a_damaged_old_workbook_is_refused(tmp_path):
    good = xls(ROWS)
    far = good.replace(
        struct.pack("<HHHHH", 0x204, 3 + 2 * 4 + 6, 0, 0, 0), struct.pack("<HHHHH", 0x204, 17, 0, 60000, 0), 1
    )
    assert far != good
    for data in (far, good[:700], good[:512] + bytes(len(good) - 512), good[:40] + b"\xff" * 40 + good[80:]):
        (tmp_path / "a.xls").write_bytes(data)
        with pytest.raises(InputError, match="读不出"):
            read_source(tmp_path / "a.xls", spec=STATION)
