"""Kinds of finding on the file itself: its encoding, its sheets and layers, its headings and rows."""

from __future__ import annotations

from ....text import NOTHING, Text
from ..kind import SET_ASIDE, FindingKind


def _kind(
    code: str, severity: str, zh: str, en: str, treatment: Text = NOTHING, actions: tuple[str, ...] = ()
) -> FindingKind:
    return FindingKind(code, "container", severity, Text(zh, en), actions, treatment)


KINDS = (
    _kind("not_utf8", "informs", "文字编码不是 UTF-8", "the text is not in UTF-8"),
    _kind("mixed_encoding", "warns", "文字疑似乱码（编码混用）", "the text looks garbled (mixed encodings)"),
    _kind("lost_characters", "warns", "文字已损坏，原字丢失（?、�、锟斤拷）", "characters are lost for good (?, �)"),
    _kind("wrong_cpg", "warns", ".cpg 与实际编码不符", "the .cpg names an encoding that the text is not in"),
    _kind("no_cpg", "informs", "没有 .cpg，按字节判定编码", "no .cpg; the encoding was told by the bytes"),
    _kind("missing_part", "blocks", "Shapefile 缺少组成文件", "a part of the Shapefile is missing"),
    _kind("part_rebuilt", "warns", "缺少 .shx，已按 .shp 顺序读取", "no .shx; read in the order of the .shp"),
    _kind("record_mismatch", "warns", "Shapefile 的图形与属性条数不一致", "shapes and attributes differ in number"),
    _kind("deleted_records", "informs", "已标记删除的记录，未读取", "records marked as deleted, which were not read"),
    _kind("no_prj", "warns", "没有坐标系说明（.prj）", "no statement of the CRS (.prj)"),
    _kind("unreadable_prj", "warns", "坐标系说明（.prj）无法识别", "the statement of the CRS (.prj) is not understood"),
    _kind("lying_prj", "warns", "坐标系说明与坐标值矛盾", "the stated CRS contradicts the coordinates"),
    _kind(
        "rows_above_header", "informs", "表头之上有标题、单位或说明行", "title, unit or note rows above the headings"
    ),
    _kind("unit_row", "informs", "表头之下有单位行", "a row of units below the headings", actions=(SET_ASIDE,)),
    _kind("note_row", "warns", "说明行", "a row of notes", actions=(SET_ASIDE,)),
    _kind("blank_rows", "informs", "空行", "blank rows"),
    _kind(
        "multi_row_header", "informs", "多行表头或合并单元格，已合并为一行", "headings of several rows, joined into one"
    ),
    _kind("heading_line_break", "informs", "表头含换行", "a heading with a line break"),
    _kind("repeated_heading", "warns", "列名重复", "two columns have the same heading"),
    _kind("truncated_heading", "warns", "列名被截断（10 字节）", "a heading cut to 10 bytes"),
    _kind("no_headings", "warns", "没有表头", "no row of headings"),
    _kind("merged_cells", "warns", "数据区有合并单元格", "merged cells among the rows"),
    _kind("several_layers", "informs", "有多个图层或工作表", "several layers or sheets"),
    _kind("numbers_as_text", "informs", "数字以文本存储", "numbers are stored as text"),
    _kind("hidden_rows", "warns", "隐藏的行，已一并读取", "hidden rows, which were read like the others"),
    _kind("formula", "informs", "公式，采用已保存的结果", "formulas; their saved results were taken"),
    _kind(
        "formula_without_value",
        "warns",
        "公式没有保存结果，按空值读取",
        "formulas without a saved result read as empty",
    ),
    _kind("error_cell", "warns", "单元格是错误值（#REF! 等）", "a cell holds an error such as #REF!"),
    _kind("unclosed_quotes", "warns", "引号不成对", "quotes are not in pairs"),
    _kind("damaged_row", "blocks", "行结构损坏", "damaged row", actions=(SET_ASIDE,)),
    _kind("total_row", "blocks", "合计行", "row of totals", actions=(SET_ASIDE,)),
    _kind("repeated_header", "blocks", "重复的表头", "headings repeated", actions=(SET_ASIDE,)),
    _kind("mixed_geometry", "warns", "混有不同的几何类型", "mixed types of geometry"),
    _kind("empty_geometry", "warns", "空几何", "empty geometry"),
    _kind("curves", "informs", "曲线，已转为折线", "curves, turned into straight segments"),
    _kind("z_or_m", "informs", "带 Z 或 M 值，不采用", "Z or M values, which are not taken"),
    _kind("multipart", "informs", "多部件要素", "features of several parts"),
    _kind("unmapped_column", "informs", "未采用的列", "a column that no field takes"),
    _kind("empty_column", "warns", "应有取值的列全部为空", "a column that should hold values is empty"),
)
