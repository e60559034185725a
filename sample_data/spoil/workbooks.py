"""What goes wrong in workbooks: headings of several rows, merged cells, formulas, sheets."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl

from . import write
from .table import Case, Desk, Planted, Spoiler, codes


def _whole(*accepted: str, least: str = "informs") -> Planted:
    return Planted((), codes(*accepted), least)


def _two_row_headings(desk: Desk) -> list[Case]:
    """Put merged heading cells over a second row of headings."""
    own = desk.clean["mobile"].copied()
    rows = write.typed(write.matrix(own))
    top = ["基本信息", "", "", "", "工程参数", "", "", "建设情况", "", "", "坐标", ""]
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [top, *rows]:
        sheet.append([None if cell == "" else cell for cell in row])
    for area in ("A1:D1", "E1:G1", "H1:J1", "K1:L1"):
        sheet.merge_cells(area)
    path = desk.folder / "两行表头.xlsx"
    write.save(book, path)
    return [Case(path, own.kind, len(own.rows), [_whole("multi_row_header", "rows_above_header")])]


def _tall_headings(desk: Desk) -> list[Case]:
    """Let some headings span two rows, and others stand only in the second, under a merged group."""
    own = desk.clean["mobile"].copied()
    rows = write.typed(write.matrix(own))
    first, second = list(rows[0]), [""] * len(rows[0])
    first[4:7], second[4:7] = ["工程参数", "", ""], rows[0][4:7]
    first[10:12], second[10:12] = ["坐标(WGS84)", ""], ["经度", "纬度"]
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [first, second, *rows[1:]]:
        sheet.append([None if cell == "" else cell for cell in row])
    for area in ("E1:G1", "K1:L1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "H1:H2", "I1:I2", "J1:J2"):
        sheet.merge_cells(area)
    path = desk.folder / "合并表头.xlsx"
    write.save(book, path)
    return [Case(path, own.kind, len(own.rows), [_whole("multi_row_header")])]


def _merged_records(desk: Desk) -> list[Case]:
    """County and town stand once, in a cell merged over all villages of the town."""
    own = desk.clean["villages"].copied()
    book = openpyxl.Workbook()
    sheet = book.active
    for row in write.typed(write.matrix(own)):
        sheet.append(row)
    column = own.headings.index(own.heading("town_name")) + 1
    start = 0
    for k in range(1, len(own.rows) + 1):
        town = own.rows[start]["乡镇名称"]
        if k == len(own.rows) or own.rows[k]["乡镇名称"] != town:
            sheet.merge_cells(start_row=start + 2, end_row=k + 1, start_column=column, end_column=column)
            start = k
    path = desk.folder / "合并单元格.xlsx"
    write.save(book, path)
    return [Case(path, own.kind, len(own.rows), [_whole("merged_cells")], datum="cgcs2000", whole=True)]


def _right_sheet(desk: Desk) -> list[Case]:
    """Put the records on the third sheet, after a cover and a summary."""
    own = desk.clean["mobile"].copied()
    cover = [["中国移动沧屏分公司"], ["无线基站台账"], ["2026年10月"]]
    summary: write.Rows = [["乡镇", "4G", "5G"], ["岳城镇", 10, 12], ["界河镇", 8, 9], ["合计", 18, 21]]
    rows = write.typed(write.matrix(own))
    path = write.write_book(desk.folder / "三个工作表.xlsx", 封面=cover, 汇总=summary, 明细=rows)
    return [Case(path, own.kind, len(own.rows), [_whole("several_layers")])]


def _numbers_as_text(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    path = write.write_book(desk.folder / "文本数字.xlsx", 台账=write.matrix(own))
    return [Case(path, own.kind, len(own.rows), [_whole("numbers_as_text")])]


def _formula_book(path: Path, rows: write.Rows, heading: str, *, with_results: bool) -> Path:
    """Put a formula into a column; openpyxl writes none of its results, so they are put into the XML."""
    column = rows[0].index(heading)
    results = {}
    for k, row in enumerate(rows[1:], start=2):
        if row[column] != "":
            cell = f"{openpyxl.utils.get_column_letter(column + 1)}{k}"
            results[cell] = row[column]
            row[column] = f"={row[column]}+0"
    write.write_book(path, 台账=rows)
    if not with_results:
        return path
    raw = path.read_bytes()
    path.unlink()

    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.namelist():
            data = source.read(item).decode()
            if item == "xl/worksheets/sheet1.xml":
                for cell, value in results.items():
                    pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/>|(<c r="{cell}"[^>]*><f>[^<]*</f>)<v></v>'
                    data = re.sub(pattern, rf"\g<1>\g<2><v>{value}</v>", data)
            target.writestr(item, data)
    return path


def _formulas(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    path = _formula_book(desk.folder / "公式.xlsx", write.typed(write.matrix(own)), "天线挂高(m)", with_results=True)
    kept = [Planted((k + 2,), frozenset(), "informs", {"antenna_height_m": own.truth[k]["antenna_height_m"]})
            for k in range(0, len(own.rows), 9)]  # fmt: skip
    return [Case(path, own.kind, len(own.rows), [_whole("formula"), *kept])]


def _formulas_without_results(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    rows = write.typed(write.matrix(own))
    path = _formula_book(desk.folder / "公式无结果.xlsx", rows, "天线挂高(m)", with_results=False)
    return [Case(path, own.kind, len(own.rows), [_whole("formula_without_value", "empty_column", least="warns")],
                 whole=True)]  # fmt: skip


def _error_cells(desk: Desk) -> list[Case]:
    own = desk.clean["mobile"].copied()
    rows = write.typed(write.matrix(own))
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    planted = []
    column = own.headings.index("天线挂高(m)") + 1
    for k in desk.rows(own):
        cell = sheet.cell(row=k + 2, column=column)
        cell.value = desk.rng.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!"))
        cell.data_type = "e"
        planted.append(Planted((k + 2,), codes("error_cell"), "warns", {"antenna_height_m": None}))
    path = desk.folder / "错误值.xlsx"
    write.save(book, path)
    return [Case(path, own.kind, len(own.rows), planted)]


def _real_dates(desk: Desk) -> list[Case]:
    """Dates stored as dates and numbers as numbers: nothing is wrong with such a workbook."""
    own = desk.clean["mobile"].copied()
    rows = write.typed(write.matrix(own))
    column = own.headings.index("入网日期")
    for row in rows[1:]:
        row[column] = dt.datetime.strptime(row[column], "%Y-%m-%d")
    path = write.write_book(desk.folder / "日期.xlsx", 台账=rows)
    kept = [Planted((k + 2,), frozenset(), "informs", {"in_service_date": own.truth[k]["in_service_date"]})
            for k in range(0, len(own.rows), 9)]  # fmt: skip
    return [Case(path, own.kind, len(own.rows), kept)]


def _code_as_number(desk: Desk) -> list[Case]:
    """Twelve-digit codes stored as numbers: nothing is lost."""
    own = desk.clean["villages"].copied()
    rows = write.typed(write.matrix(own))
    for row in rows[1:]:
        row[0] = int(row[0])
    path = write.write_book(desk.folder / "代码为数字.xlsx", 名录=rows)
    kept = [Planted((k + 2,), frozenset(), "informs", {"village_code": own.truth[k]["village_code"]})
            for k in range(0, len(own.rows), 9)]  # fmt: skip
    return [Case(path, own.kind, len(own.rows), kept, datum="cgcs2000")]


def _long_id_as_number(desk: Desk) -> list[Case]:
    """Eighteen-digit ids stored as numbers: a double keeps fifteen to seventeen digits."""
    own = desk.clean["towers"].copied()
    rows = write.typed(write.matrix(own))
    for row in rows[1:]:
        row[0] = float(f"{float(row[0]):.15g}")
    path = write.write_book(desk.folder / "长编号为数字.xlsx", 站址=rows)
    return [Case(path, own.kind, len(own.rows), [_whole("rounded_id", "scientific", "duplicate", least="warns")],
                 whole=True)]  # fmt: skip


SPOILERS = tuple(
    Spoiler(name, "container", make)
    for name, make in (
        ("two_rows_of_headings", _two_row_headings),
        ("headings_that_span_rows", _tall_headings),
        ("merged_cells_among_records", _merged_records),
        ("records_on_the_third_sheet", _right_sheet),
        ("numbers_stored_as_text", _numbers_as_text),
        ("formulas_with_results", _formulas),
        ("formulas_without_results", _formulas_without_results),
        ("error_cells", _error_cells),
        ("dates_stored_as_dates", _real_dates),
        ("codes_stored_as_numbers", _code_as_number),
        ("long_ids_stored_as_numbers", _long_id_as_number),
    )
)
