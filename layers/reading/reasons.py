"""Why a row is set aside, and what of a kept row could not be read: every code with its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import SupportsInt

from ...text import Text

SET_ASIDE: dict[str, Text] = {
    "damaged_row": Text("行结构损坏", "damaged row"),
    "total_row": Text("合计行", "row of totals"),
    "repeated_header": Text("重复的表头", "headings repeated"),
    "missing_required": Text("缺少必填值", "a required value is missing"),
    "bad_required": Text("必填值无法识别", "a required value cannot be read"),
    "unknown_code": Text("取值不在代码表内", "a value is not in the code list"),
    "wrong_digits": Text("代码位数不对", "a code has the wrong number of digits"),
    "not_a_village": Text("不是行政村", "not a village"),
    "scientific": Text("代码成了科学计数法", "a code is in scientific notation"),
    "no_place": Text("缺少坐标", "no coordinates"),
    "bad_coordinate": Text("坐标无法识别", "coordinates cannot be read"),
    "out_of_range": Text("坐标超出范围", "coordinates out of range"),
    "outside_china": Text("坐标不在中国范围内", "coordinates outside China"),
    "swapped": Text("经纬度疑似颠倒", "longitude and latitude look swapped"),
    "geometry_type": Text("几何类型不符", "wrong type of geometry"),
    "geometry_invalid": Text("几何无效", "invalid geometry"),
    "duplicate": Text("与前面的行重复", "duplicate of an earlier row"),
    "in_workspace": Text("工作区中已有", "already in the workspace"),
}
VALUE_ISSUES: dict[str, Text] = {
    "geometry_repaired": Text("几何已修复", "geometry was repaired"),
    "outside_china": SET_ASIDE["outside_china"],
    "zero_coordinates": Text("坐标为 0, 0，按无坐标写入", "the coordinates are 0, 0; written without a place"),
    "nan_coordinates": Text("坐标不是数字，按无坐标写入", "the coordinates are no numbers; written without a place"),
    "mixed_encoding": Text("文字疑似乱码（编码混用）", "the text looks garbled (mixed encodings)"),
}
_NO_DETAIL = Text("", "")


@dataclass
class Reasons:
    """The reasons of every row that is set aside, by position."""

    by_row: dict[int, list[tuple[str, Text]]] = field(default_factory=dict)

    def add(self, positions: Iterable[SupportsInt], code: str, detail: Text = _NO_DETAIL) -> None:
        """Set rows aside for a reason, with details of it."""
        for at in positions:
            self.by_row.setdefault(int(at), []).append((code, detail))

    def words(self, at: int) -> Text:
        """Give all reasons of a row in one sentence."""
        parts = [
            Text(
                SET_ASIDE[code].zh + (f"：{detail.zh}" if detail.zh else ""),
                SET_ASIDE[code].en + (f": {detail.en}" if detail.en else ""),
            )
            for code, detail in self.by_row[at]
        ]
        return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))

    def counts(self) -> dict[str, int]:
        """Give the number of rows by their first reason, in the order of `SET_ASIDE`."""
        first = [reasons[0][0] for reasons in self.by_row.values()]
        return {code: first.count(code) for code in SET_ASIDE if code in first}
