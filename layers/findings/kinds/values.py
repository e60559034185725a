"""Kinds of finding on single cells: how a value is written, and what cannot be read."""

from __future__ import annotations

from ....text import NOTHING, Text
from ..kind import APPLY, EMPTY, KEEP, NO_PLACE, SET_ASIDE, FindingKind

_EMPTIED = (KEEP, SET_ASIDE)  # keep: the row is written, a cell that cannot be read empty
_ASIDE = (SET_ASIDE,)
_CHOICE = (SET_ASIDE, APPLY)  # a judgement: nothing is changed before the planner says so


# `apply` in the words of a choice.
_ACTS = {
    "full_width": Text("改为半角", "Plain digits"),
    "dms": Text("换算为度", "To degrees"),
    "decimal_comma": Text("逗号改小数点", "Decimal point"),
    "unit_in_cell": Text("去掉单位", "Drop the unit"),
    "null_word": Text("置空", "Leave empty"),
    "blanks_in_text": Text("去掉空格换行", "Drop blanks"),
    "dialect": Text("统一为标准代码", "Standard code"),
    "grouped": Text("归类", "Group"),
    "date_spelling": Text("改为标准日期", "Plain date"),
    "month_only": Text("按当月 1 日", "First of month"),
    "text_number": Text("改为数字", "To a number"),
    "chinese_number": Text("改为数字", "To a number"),
    "unit_in_heading": Text("按单位换算", "Convert"),
    "pair_in_cell": Text("拆成两列", "Split in two"),
    "numeric_code": Text("采用建议代码", "Take the code"),
    "numeric_code_optional": Text("采用建议代码", "Take the code"),
    "date_order": Text("按此顺序读取", "Read this way"),
    "swapped": Text("交换经纬度", "Swap the axes"),
    "scaled": Text("移动小数点", "Move the point"),
    "wrong_sign": Text("改正正负号", "Mend the sign"),
    "packed_dms": Text("按度分秒换算", "Read as d.m.s"),
    "approximate_number": Text("采用此数", "Take the number"),
    "doubtful_correction": Text("仍按建议改正", "Correct it still"),
    "corrected_duplicate": Text("改正后仍写入", "Correct and keep it"),
}


def _kind(
    code: str,
    severity: str,
    zh: str,
    en: str,
    actions: tuple[str, ...] = (APPLY,),
    treatment: Text = NOTHING,
    leaves: str = "",
) -> FindingKind:
    act = _ACTS.get(code, NOTHING)
    return FindingKind(code, "values", severity, Text(zh, en), actions, treatment, act, leaves)


# How a cell is written: another spelling of the same value, read without doubt.
_SPELLINGS = (
    _kind(
        "full_width",
        "informs",
        "全角数字、字母或异形负号",
        "full-width digits or letters, or a dash for the minus sign",
    ),
    _kind("dms", "informs", "度分秒坐标", "degrees, minutes and seconds"),
    _kind("decimal_comma", "warns", "小数点写成逗号", "a comma for the decimal point"),
    _kind("unit_in_cell", "informs", "单元格带单位", "a unit in the cell"),
    _kind("null_word", "informs", "以文字表示空值", "a word for an empty cell"),
    _kind("blanks_in_text", "informs", "多余的空格或换行", "spare blanks or line breaks"),
    _kind("dialect", "informs", "代码的其他写法", "another spelling of a code"),
    _kind("grouped", "informs", "归入较粗的类别", "put under a coarser class"),
    _kind("date_spelling", "informs", "日期的其他写法", "another spelling of a date"),
    _kind("month_only", "warns", "只有年月，按当月 1 日写入", "month only; the first day of the month was written"),
    _kind(
        "text_number",
        "informs",
        "带有表格软件的痕迹（.0、撇号、=“…”）",
        "marks of a spreadsheet (.0, an apostrophe, =“…”)",
    ),
    _kind("chinese_number", "informs", "中文数字", "a number in Chinese words"),
    _kind("unit_in_heading", "informs", "按表头的单位换算", "converted from the unit of the heading"),
    _kind("pair_in_cell", "informs", "经纬度写在同一格", "longitude and latitude in one cell"),
)
# What a cell cannot be; the cell is emptied, or, where the value is required, the row set aside.
_UNREAD = (
    _kind("not_a_number", "warns", "不是数字", "not a number", _EMPTIED, leaves=EMPTY),
    _kind("not_an_integer", "warns", "不是整数", "not a whole number", _EMPTIED, leaves=EMPTY),
    _kind("unknown_unit", "warns", "单位不认识", "unknown unit", _EMPTIED, leaves=EMPTY),
    _kind("out_of_bounds", "warns", "超出允许范围", "out of the allowed range", _EMPTIED, leaves=EMPTY),
    _kind("not_a_date", "warns", "不是可识别的日期", "not a date that can be read", _EMPTIED, leaves=EMPTY),
    _kind("not_a_flag", "warns", "应为“是”或“否”", "should be yes or no", _EMPTIED, leaves=EMPTY),
    _kind("unknown_code", "warns", "不在代码表内", "not in the code list", _EMPTIED, leaves=EMPTY),
    _kind(
        "ambiguous_number",
        "warns",
        "数字有歧义，或是范围、带说明",
        "a number that is ambiguous, a range or has a remark",
        _EMPTIED,
        leaves=EMPTY,
    ),
    _kind("ambiguous_date", "warns", "日期写法有歧义", "a date that can be read in two ways", _EMPTIED, leaves=EMPTY),
    _kind(
        "scientific",
        "blocks",
        "代码成了科学计数法，原有数字已丢失",
        "a code in scientific notation; digits are lost",
        _ASIDE,
    ),
    _kind("cut_code", "blocks", "代码被截短（只有 9 位或 6 位）", "a code cut to 9 or 6 digits", _ASIDE),
    _kind(
        "rounded_id",
        "warns",
        "长编号末位疑似被表格软件改成 0",
        "the last digits of a long id may have become 0",
        _EMPTIED,
        Text(
            "表格软件只保留 15 位数字；请提供方以文本格式重新导出",
            "spreadsheets keep 15 digits; have it exported again as text",
        ),
    ),
    _kind("wrong_digits", "blocks", "代码位数不对", "a code has the wrong number of digits", _ASIDE),
    _kind("not_a_village", "blocks", "是县级或乡级单位，不是行政村", "a county or town, not a village", _ASIDE),
    _kind("missing_required", "blocks", "缺少必填值", "a required value is missing", _ASIDE),
    _kind("bad_required", "blocks", "必填值无法识别", "a required value cannot be read", _ASIDE),
)
# What a cell probably says, and only the planner can tell.
_JUDGED = (
    _kind("numeric_code", "blocks", "状态等代码只写了数字，各家编号不同", "a code given as a bare number, which operators number differently",
          _CHOICE, Text("按建议的代码写入", "write the proposed code")),
    _kind("numeric_code_optional", "warns", "非必填的代码只写了数字，各家编号不同", "an optional code given as a bare number, which operators number differently",
          (KEEP, APPLY, SET_ASIDE), Text("按建议的代码写入", "write the proposed code"), EMPTY),
    _kind("approximate_number", "warns", "只是约数", "only an approximate number",
          (KEEP, APPLY, SET_ASIDE), Text("按所写的数写入", "write the number that is stated"), EMPTY),
    _kind("date_order", "warns", "日期中日与月的先后，只由本列其他单元格判定", "whether day or month comes first is told by other cells of the column only",
          (KEEP, APPLY, SET_ASIDE), Text("按这些单元格的顺序读取", "read it in the order of those cells"), EMPTY),
    _kind("mixed_units", "warns", "同一列疑似混用两种单位", "two units seem to be mixed in one column", _EMPTIED),
)  # fmt: skip
# Coordinates of single rows.
_PLACES = (
    _kind("swapped", "blocks", "经纬度疑似颠倒", "longitude and latitude look swapped", _CHOICE,
          Text("对调经纬度", "exchange longitude and latitude")),
    _kind("scaled", "blocks", "小数点丢失或错位", "the decimal point is lost or misplaced", _CHOICE,
          Text("恢复小数点", "put the decimal point back")),
    _kind("wrong_sign", "blocks", "经纬度的正负号或东西南北疑似有误", "the sign of a coordinate, or its E W N S, looks wrong", _CHOICE,
          Text("改正正负号", "correct the sign")),
    _kind("packed_dms", "blocks", "坐标疑似“度.分秒”写法（88.5412 即 88°54′12″）",
          "coordinates look like degrees.minutes-seconds (88.5412 for 88°54′12″)", _CHOICE,
          Text("按度分秒换算", "convert from degrees, minutes and seconds")),
    _kind("doubtful_correction", "blocks", "坐标有误，改正存疑", "wrong coordinates that stay doubtful when corrected", _CHOICE,
          Text("核对后再决定是否按建议改正", "check the row before it is corrected as proposed")),
    _kind("corrected_duplicate", "blocks", "坐标有误，疑为另一行的重复", "wrong coordinates; perhaps a copy of another row", _CHOICE,
          Text("多半是另一行的重复，搁置；确是另一对象时才改正写入",
               "set it aside: it is most likely a copy of another row; correct it only if it is another thing")),
    _kind("far_away", "warns", "远离文件中的其他各行", "far away from all other rows of the file", _EMPTIED),
    _kind("zero_coordinates", "warns", "坐标为 0, 0，按无坐标写入", "the coordinates are 0, 0; written without a place", _EMPTIED, leaves=NO_PLACE),
    _kind("nan_coordinates", "warns", "坐标不是数字，按无坐标写入", "the coordinates are no numbers; written without a place", _EMPTIED, leaves=NO_PLACE),
    _kind("without_place", "warns", "没有坐标，按无坐标写入", "no coordinates; written without a place", _EMPTIED, leaves=NO_PLACE),
    _kind("low_precision", "warns", "坐标小数位过少", "too few decimals in a coordinate", _EMPTIED),
    _kind("same_place", "warns", "多个不同对象的坐标完全相同", "many different things have the very same coordinates", _EMPTIED),
    _kind("no_place", "blocks", "缺少坐标", "no coordinates", _ASIDE),
    _kind("bad_coordinate", "blocks", "坐标无法识别", "coordinates cannot be read", _ASIDE),
    _kind("out_of_range", "blocks", "坐标超出范围", "coordinates out of range", _ASIDE),
    _kind("outside_china", "blocks", "坐标不在中国范围内", "coordinates outside China", _ASIDE),
)  # fmt: skip
KINDS = (*_SPELLINGS, *_UNREAD, *_JUDGED, *_PLACES)
