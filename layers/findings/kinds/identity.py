"""Kinds of finding on what a row is: duplicates, the same mast in other tables, region codes, orphans."""

from __future__ import annotations

from ....text import NOTHING, Text
from ..kind import APPLY, KEEP, SET_ASIDE, FindingKind

_ACTS = {
    "exact_duplicate": Text("合并", "Merge"),
    "deleted_by_hand": Text("重新写入", "Write again"),
    "code_outside": Text("不写坐标", "Write no place"),
}


def _kind(
    code: str, severity: str, zh: str, en: str, actions: tuple[str, ...] = (KEEP, SET_ASIDE), treatment: Text = NOTHING
) -> FindingKind:
    return FindingKind(code, "identity", severity, Text(zh, en), actions, treatment, _ACTS.get(code, NOTHING))


KINDS = (
    _kind("exact_duplicate", "blocks", "与前面的行完全相同", "the same as an earlier row in every cell",
          (SET_ASIDE, APPLY), Text("并入前面的行", "merge into the earlier row")),
    _kind("duplicate", "blocks", "编号与前面的行重复", "the key of an earlier row", (SET_ASIDE,)),
    _kind("in_workspace", "blocks", "工作区中已有（来自其他文件）", "already in the workspace, from another file", (SET_ASIDE,)),
    _kind("deleted_by_hand", "warns", "已在 QGIS 中删除", "deleted in QGIS",
          (SET_ASIDE, APPLY), Text("重新写入工作区", "bring it back")),
    _kind("newer_edition", "warns", "多数行已由另一份文件导入，可能是其新版本", "most rows came in with another file; perhaps a newer edition of it", (),
          Text("若是新版本，请指明“更新哪份已有来源”（--edition-of）", "if so, state “Newer edition of” (--edition-of)")),
    _kind("near_duplicate", "warns", "疑似与另一行是同一对象", "perhaps the same thing as another row"),
    _kind("same_id_apart", "warns", "同一编号的小区相距过远", "cells of one station id lie far apart"),
    _kind("same_mast", "informs", "与其他表中的站点共址", "the same mast as in another table", ()),
    _kind("planned_exists", "warns", "规划站点处已有同类站点", "a planned site where one already exists"),
    _kind("code_outside", "warns", "不在代码所属的县（区）内", "outside the county that its code names",
          (KEEP, APPLY, SET_ASIDE),
          Text("不写坐标：该村列为“无法判定”，核对后再补；照写：覆盖按该处判定，可能判错",
               "written without its place the village cannot be told until it is checked; kept, coverage is judged at that place, "
               "perhaps wrongly")),
    _kind("code_near_outside", "informs", "在县界外不远，可能是界线未表示的海岛", "not far outside its county; perhaps an island that the outline leaves out"),
    _kind("code_province", "warns", "代码的前两位不是省级代码", "the first two digits are no province"),
    _kind("code_structure", "warns", "代码的乡镇或村部分是 000", "the town or village part of the code is 000"),
    _kind("code_unusual", "informs", "代码的号段不常见", "an unusual range of numbers in the code"),
    _kind("unknown_county", "warns", "代码的前 6 位不是已导入的县", "the first 6 digits are no county that is loaded"),
    _kind("code_name_mismatch", "warns", "代码与名称不对应", "code and name belong to different places"),
    _kind("urban_rural_code", "warns", "城乡分类代码不在代码表内", "no code of the urban-rural classes"),
    _kind("renamed_code", "warns", "同名对象的代码已变更", "the same thing has another code than before", ()),
    _kind("merged_code", "warns", "原有代码已并入本行", "an earlier code may have been merged into this one", ()),
    _kind("orphan", "warns", "引用的对象不存在", "refers to something that is not there"),
)  # fmt: skip
