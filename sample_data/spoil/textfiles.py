"""What goes wrong with a text table as a whole: encodings, rows that are no records, headings."""

from __future__ import annotations

from collections.abc import Callable

from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes, number
from .write import Rows


def _file_fault(*accepted: str, least: str = "informs") -> Planted:
    return Planted((), codes(*accepted), least)


def _encoded(name: str, encoding: str, accepted: tuple[str, ...], table: str = "mobile") -> Spoiler:
    """Write a file in another encoding; the names must come back whole."""

    def make(desk: Desk) -> list[Case]:
        own = desk.clean[table].copied()
        path = desk.folder / f"{own.name}.csv"
        text = write.text(write.matrix(own))
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        bare = encoding.endswith(" bare")
        path.write_bytes((b"" if bare else mark) + text.encode(encoding.removesuffix(" bare")))
        names = "name" if "name" in own.fields.values() else "village_name"
        kept = [
            Planted((number(k),), frozenset(), "informs", {names: own.truth[k][names]}) for k in range(len(own.rows))
        ]
        planted = [_file_fault(*accepted)] if accepted else []
        return [Case(path, own.kind, len(own.rows), [*planted, *kept[::9]], datum="cgcs2000")]

    return Spoiler(name, "container", make)


def _traditional(desk: Desk) -> list[Case]:
    """Write a Big5 table, which can only hold traditional characters."""
    own = desk.clean["mobile"].copied()
    words = str.maketrans(
        "岳镇电场东馆边岭关联东东广运称编号频挂规划网间状态经纬",
        "嶽鎮電場東館邊嶺關聯東東廣運稱編號頻掛規劃網間狀態經緯",
    )
    rows = [[str(cell).translate(words).encode("big5", "ignore").decode("big5") for cell in row] for row in
            write.matrix(own)]  # fmt: skip
    rows[0] = [
        "基站編號",
        "name",
        "operator",
        "tech",
        "band",
        "height",
        "azimuth",
        "status",
        "date",
        "site id",
        "lon",
        "lat",
    ]
    for row, truth in zip(rows[1:], own.truth, strict=True):
        row[1], row[2], row[7] = "基地臺" + truth["station_id"], "中國移動", "在網"
    path = write.write_csv(desk.folder / "基地臺.csv", rows, "big5")
    return [Case(path, own.kind, len(own.rows), [_file_fault("not_utf8")], whole=True)]


def _rows(
    name: str,
    change: Callable[[Desk, Table], tuple[Rows, list[Planted], int]],
    table: str = "mobile",
    *,
    delimiter: str = ",",
    whole: bool = False,
    may_refuse: bool = False,
) -> Spoiler:
    """Write a table whose rows are not all records."""

    def make(desk: Desk) -> list[Case]:
        own = desk.clean[table].copied()
        rows, planted, count = change(desk, own)
        path = write.write_csv(desk.folder / f"{own.name}.csv", rows, delimiter=delimiter)
        return [Case(path, own.kind, count, planted, datum="cgcs2000", whole=whole, may_refuse=may_refuse)]

    return Spoiler(name, "container", make)


def _inserted(desk: Desk, table: Table, fresh: Callable[[int], list[str]], *accepted: str, least: str,
              count: int = 12, counted: bool = True) -> tuple[Rows, list[Planted], int]:  # fmt: skip
    """Put rows that are no records between the records."""
    rows = write.matrix(table)
    planted = []
    at = sorted(desk.rng.sample(range(4, len(table.rows) - 2), count))
    for shift, k in enumerate(at):
        rows.insert(1 + k + shift, fresh(k))
        planted.append(Planted((number(k + shift),), codes(*accepted), least))
    return rows, planted, len(table.rows) + (count if counted else 0)


def _titled(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    blank = [""] * (len(table.headings) - 1)
    above = [["中国移动沧屏分公司无线基站台账", *blank], ["填报日期：2026年10月31日    单位：MHz、米", *blank]]
    return [*above, *write.matrix(table)], [_file_fault("rows_above_header", "note_row", "unit_row")], len(table.rows)


def _units(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    units = ["", "", "", "", "MHz", "m", "°", "", "年-月-日", "", "°", "°"]
    rows = write.matrix(table)
    return [rows[0], units, *rows[1:]], [Planted((2,), codes("unit_row", "multi_row_header"))], 0


def _notes(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    blank = [""] * (len(table.headings) - 1)
    n = len(table.rows)
    notes = [["注：1. 坐标为 WGS 84；2. 挂高指天线离地高度。", *blank], ["制表人：张三　审核人：李四", *blank]]
    planted = [Planted((number(n),), codes("note_row", "missing_required"), "informs"),
               Planted((number(n + 1),), codes("note_row", "missing_required"), "informs")]  # fmt: skip
    return [*write.matrix(table), *notes], planted, 0


def _total(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    n = len(table.rows)
    total = ["合计", f"{n} 站", *[""] * (len(table.headings) - 2)]
    return [*write.matrix(table), total], [Planted((number(n),), codes("total_row"), "blocks")], n + 1


def _subtotals(desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    def fresh(k: int) -> list[str]:
        word = ("小计", "岳城镇小计", "合计：", "总计", "累计")[k % 5]
        return [word, "12", *[""] * (len(table.headings) - 2)]

    return _inserted(desk, table, fresh, "total_row", least="blocks")


def _village_totals(desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    def fresh(k: int) -> list[str]:
        return [("小计", "合计")[k % 2], "", "", "", "12345", "3456", "", "", ""]

    return _inserted(desk, table, fresh, "total_row", least="blocks")


def _headers_again(desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    return _inserted(desk, table, lambda _k: list(table.headings), "repeated_header", least="blocks")


def _blank(desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    blank = [""] * len(table.headings)
    rows, _, _ = _inserted(desk, table, lambda _k: blank, "blank_rows", least="informs")
    return rows, [_file_fault("blank_rows")], 0


def _broken_heading(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    rows = write.matrix(table)
    rows[0] = ["基站\n编号", "基站\r\n名称", "运营商", "网络\n制式", *rows[0][4:]]
    return rows, [_file_fault("heading_line_break")], len(table.rows)


def _twice(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    rows = [[*row, row[1] if k else "基站名称"] for k, row in enumerate(write.matrix(table))]
    return rows, [_file_fault("repeated_heading", least="warns")], len(table.rows)


def _headless(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    return write.matrix(table)[1:], [_file_fault("no_headings", least="warns")], 0


def _strange_column(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    rows = [[*row, "维护单位" if k == 0 else "第三维护队"] for k, row in enumerate(write.matrix(table))]
    return rows, [_file_fault("unmapped_column")], len(table.rows)


def _empty_column(_desk: Desk, table: Table) -> tuple[Rows, list[Planted], int]:
    at = table.headings.index(table.heading("antenna_height_m"))
    rows = [
        [("" if k and c == at else cell) for c, cell in enumerate(row)] for k, row in enumerate(write.matrix(table))
    ]
    return rows, [_file_fault("empty_column", least="warns")], len(table.rows)


def _damaged(desk: Desk) -> list[Case]:
    """Let records lose a separator, or get one too many."""
    own = desk.clean["mobile"].copied()
    lines = write.text(write.matrix(own)).split("\r\n")
    planted = []
    for j, k in enumerate(desk.rows(own)):
        cells = lines[k + 1].split(",")
        cells = [*cells[:3], "多余", *cells[3:], "5"] if j % 2 else cells[:5]
        lines[k + 1] = ",".join(cells)
        accepted = codes("damaged_row", "no_place", "missing_required", "bad_required", "bad_coordinate")
        planted.append(Planted((number(k),), accepted, "blocks"))
    path = desk.folder / "移动基站.csv"
    path.write_bytes("\r\n".join(lines).encode())
    return [Case(path, own.kind, len(own.rows), planted)]


def _quote(desk: Desk) -> list[Case]:
    """Open a quote in a cell that never closes and swallows the rows below it."""
    own = desk.clean["mobile"].copied()
    lines = write.text(write.matrix(own)).split("\r\n")
    k = desk.rows(own, count=1)[0]
    cells = lines[k + 1].split(",")
    cells[1] = '"' + cells[1]
    lines[k + 1] = ",".join(cells)
    path = desk.folder / "移动基站.csv"
    path.write_bytes("\r\n".join(lines).encode())
    planted = [Planted((), codes("unclosed_quotes", "damaged_row"), "warns")]
    return [Case(path, own.kind, 0, planted, whole=True)]


def _two_encodings(desk: Desk) -> list[Case]:
    """Two clerks' files pasted one under the other: UTF-8, then GBK."""
    own = desk.clean["mobile"].copied()
    half = len(own.rows) // 2
    lines = write.text(write.matrix(own)).split("\r\n")
    path = desk.folder / "移动基站.csv"
    path.write_bytes("\r\n".join(lines[: half + 1]).encode() + b"\r\n" + "\r\n".join(lines[half + 1 :]).encode("gbk"))
    return [Case(path, own.kind, len(own.rows), [_file_fault("mixed_encoding", "lost_characters", least="warns")],
                 whole=True)]  # fmt: skip


SPOILERS = (
    _encoded("gbk_file", "gbk", ("not_utf8",)),
    _encoded("gb18030_file", "gb18030", ("not_utf8",), "villages"),
    _encoded("utf16_le_file", "utf-16-le", ("not_utf8",)),
    _encoded("utf16_be_file", "utf-16-be", ("not_utf8",)),
    _encoded("utf16_without_mark", "utf-16-le bare", ("not_utf8",)),
    _encoded("utf8_with_mark", "utf-8-sig", ()),
    Spoiler("big5_file", "container", _traditional),
    Spoiler("two_encodings_in_a_file", "container", _two_encodings),
    _rows("title_rows", _titled),
    _rows("unit_row", _units),
    _rows("note_rows", _notes),
    _rows("total_row", _total),
    _rows("subtotals", _subtotals),
    _rows("village_totals", _village_totals, "villages"),
    _rows("headings_repeated", _headers_again),
    _rows("blank_rows", _blank),
    _rows("line_break_in_heading", _broken_heading),
    _rows("heading_twice", _twice),
    _rows("no_headings", _headless, whole=True, may_refuse=True),
    _rows("column_of_no_field", _strange_column),
    _rows("column_without_values", _empty_column),
    Spoiler("separator_lost_or_added", "container", _damaged),
    Spoiler("quote_never_closed", "container", _quote),
)
