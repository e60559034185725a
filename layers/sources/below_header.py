"""Rows below the headings that are no data: units, notes, column numbers, headings in a second language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from ...text import Text
from ..reading.headings import matches
from ..spec import LayerSpec
from .header import is_number, unit_of

Odd = dict[int, tuple[str, Text]]

_TOP = 3  # rows below the headings among which units and the like are looked for
_MANY = 20_000  # sparse rows beyond which only the first columns are searched for notes
_FILLED = 2  # a note stands in one or two cells
_NOTE_WORDS = (
    *("备注", "说明", "附注", "填表说明", "填报说明", "数据来源", "资料来源", "来源", "填表人", "填报人", "制表人"),
    *("制表", "审核人", "审核", "复核", "负责人", "联系人", "联系电话", "电话", "填表日期", "填报日期", "填报单位"),
    *("填报时间", "制表时间", "制表单位", "日期", "单位", "统计口径", "统计时间", "截止时间", "更新时间", "坐标系"),
    *("注", "以上", "以下", "notes", "note", "source", "remarks", "remark", "prepared by", "contact"),
)
_NOTE = re.compile(
    rf"[（(【\[*※★\s]*(?:(?:{'|'.join(_NOTE_WORDS)})[\s\d①-⑳]*[）)】\]]?\s*[:：]|(?:以上|以下|截至|截止)\S*数据|※)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r".{12,}[。；;]|.{30,}", re.DOTALL)
_SECTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]\s*\S+")
_TEMPLATE = frozenset(
    ("必填", "选填", "必选", "可选", "非必填", "文本", "文本型", "数字", "数值", "数值型", "日期", "日期型", "字符")
) | frozenset(("字符型", "整数", "小数", "枚举", "下拉选择", "下拉", "text", "number", "string", "date", "integer"))
# How a column is to be filled in, beside the units of the others.
_FORMAT = re.compile(
    r"年?[-/.]?月?[-/.]?日|y{4}(?:[-/.年]?m{1,2}(?:[-/.月]?d{1,2}日?)?)?(?:\s*hh:mm(?::ss)?)?|20xx\S*|"
    r"年[-/.]月|年月|-+|—+|/|\\|无|文本|数字|\d位小数",
    re.IGNORECASE,
)
_TOTALS = ("合计", "总计", "小计", "共计", "累计", "汇总")
_ROW_OF = {
    "unit": Text("单位已用于没有注明单位的列", "its units were used for the columns that state none"),
    "template": Text("表头之下的填写要求", "how to fill in the form, below the headings"),
    "numbers": Text("表头之下的列号", "column numbers below the headings"),
    "language": Text("另一种语言的表头", "the headings in another language"),
    "section": Text("分段标题", "the title of a section"),
    "note": Text("说明或签名，不是数据", "a note or signature, no data"),
}


def look_below(
    columns: Sequence[np.ndarray], filled: np.ndarray, headings: Sequence[str], spec: LayerSpec | None
) -> tuple[Odd, list[str]]:
    """Find the rows that are no data.

    Parameters
    ----------
    columns : sequence of numpy.ndarray of str, shape (n,)
        The rows below the headings, without blank ones.
    filled : numpy.ndarray of int, shape (n,)
        Cells of each row that are not blank.
    headings : sequence of str
    spec : LayerSpec, optional

    Returns
    -------
    odd : dict
        Position → (finding code, what the row is).
    units : list of str
        The row of units, empty where there is none.
    """
    odd: Odd = {}
    units: list[str] = []
    for at in range(min(_TOP, len(filled))):
        row = [str(column[at]).strip() for column in columns]
        what = _below(row, headings, spec)
        if not what:
            break
        odd[at] = ("unit_row" if what == "unit" else "note_row", _ROW_OF[what])
        units = row if what == "unit" and not units else units
    if len(headings) >= 3:
        for at, what in _notes(columns, filled, len(headings)).items():
            odd.setdefault(at, ("note_row", _ROW_OF[what]))
    return odd, units


def _below(row: list[str], headings: Sequence[str], spec: LayerSpec | None) -> str:
    """Say what a row directly below the headings is, "" for data."""
    cells = [cell for cell in row if cell]
    if any(map(unit_of, cells)) and all(unit_of(cell) or _FORMAT.fullmatch(cell) for cell in cells):
        return "unit"
    plain = [unicodedata.normalize("NFKC", cell).strip("()[]* ").lower() for cell in cells]
    if len(plain) >= 2 and all(cell in _TEMPLATE for cell in plain):
        return "template"
    numbers = [cell for cell in plain if cell not in ("甲", "乙", "丙", "丁", "栏次")]
    if len(numbers) >= 4 and numbers == [str(number) for number in range(1, len(numbers) + 1)]:
        return "numbers"
    if len(cells) >= 3 and not any(map(is_number, cells)) and cells != [heading for heading in headings if heading]:
        there, here = matches(list(headings), spec), matches(row, spec)
        if here >= 3 and here * 2 >= there and here * 2 >= len(cells):
            return "language"
    return ""


def _notes(columns: Sequence[np.ndarray], filled: np.ndarray, width: int) -> dict[int, str]:
    found: dict[int, str] = {}
    sparse = np.flatnonzero(filled <= max(_FILLED, width // 2))
    searched = columns if len(sparse) <= _MANY else columns[:3]
    some = {int(at) for column in searched for at in sparse if _may_note(column[at])}
    for at in sorted(some):
        cells = [text for column in columns if (text := str(column[at]).strip())]
        labelled = len(cells) == _FILLED and cells[0] in _NOTE_WORDS
        if all(map(_NOTE.match, cells)) or (len(cells) <= _FILLED and (labelled or _NOTE.match(cells[0]))):
            found[at] = "note"
        elif len(cells) == 1 and width > _FILLED:
            if _SECTION.fullmatch(cells[0]):
                found[at] = "section"
            elif _SENTENCE.match(cells[0]) and not cells[0].isascii() and not cells[0].startswith(_TOTALS):
                found[at] = "note"
    return found


def _may_note(cell: str) -> bool:
    return (len(cell) > 1 and not cell.isascii()) or ":" in cell
