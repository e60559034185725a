"""Words of the list of findings in the import dialog."""

from __future__ import annotations

from ...text import Text

HEADINGS = (
    *(Text("问题", "Finding"), Text("行号", "Rows"), Text("字段", "Field"), Text("原值", "Before")),
    *(Text("处理后", "After"), Text("处理方式", "Treatment"), Text("依据", "Why")),
)
SURE_OF_VALUE = Text("建议值正确的把握 {n}%", "Confidence that the proposed value is right: {n} %")
SURE_OF_FINDING = Text("判断的把握 {n}%", "Confidence that this is really so: {n} %")
SEE_ABOVE = Text("见上方“坐标基准”", "See the datum above")
AS_ABOVE = Text("同上", "As above")
EACH = Text("各行不同", "Row by row")
SUGGESTED = Text("{act}（建议）", "{act} (suggested)")
SEEN = Text("已看，处理不变(&R)", "Seen, leave the treatment")
SEEN_TIP = Text(
    "新增的问题按“处理方式”一列现在所写处理。", "What is new is treated as the column “Treatment” says now."
)
COUNT = Text("{n} 处", "{n}")
WHOLE = Text("整份文件", "File")
NEW = Text("（新）", "(new) ")
PARTLY = Text("部分搁置", "Partly set aside")
TREATED = Text("部分处理", "Partly treated")
NOTES = Text("提示 {n} 处(&Z)", "Notes: {n} (&Z)")
NOTES_TIP = Text(
    "已自动处理、无需决定的事项；点击展开或折叠。", "Treated without a question; press to show or fold them."
)
NO_REPORT = Text("还没有报告。", "There is no report yet.")
NO_PLACES = Text("没有可定位的问题。", "No finding has a place.")
MORE = Text("其余 {n} 处见诊断报告旁的问题清单", "{n} more: see the table of findings beside the report")
CHANGED = Text(
    "已按所选修改，导入时执行；点“重新诊断”核算行数。",
    "Treatments were changed and hold for the import; “Diagnose again” counts the rows.",
)
IMPORTED = Text(
    "已导入：写入 {rows_out} 行，搁置 {rows_set_aside} 行，合并 {rows_merged} 行。搁置的行在源文件中改好后，再次导入本文件即可补入。",
    "Imported: {rows_out} rows written, {rows_set_aside} set aside, {rows_merged} merged. Rows set aside come in once they are "
    "mended in the file and the file is imported again.",
)
IMPORTED_WHOLE = Text(
    "已导入：写入 {rows_out} 行，没有搁置的行。", "Imported: {rows_out} rows written, none set aside."
)
SEE_LINES = Text("各行原因不同，展开查看", "Unfold: each row has its own reason")
CLEAN = Text("没有发现问题。", "Nothing is wrong.")
REPORT = Text("诊断报告(&G)", "Dia&gnosis report")
REPORT_IMPORTED = Text("导入报告(&G)", "Import report (&G)")
ON_MAP = Text("在地图上看问题(&M)", "Faults on the &map")
ON_MAP_IMPORTED = Text("在地图上看结果(&M)", "Result on the &map")
MAP_TIP = Text(
    "在地图和结果表中列出问题；窗口先收起，点“回到导入窗口”继续。",
    "Loads the places of the faults as a layer; a click in the results table zooms to one. This window steps aside until "
    "“Back to the import” is pressed.",
)
MAP_TIP_IMPORTED = Text(
    "把导入结果加到地图；窗口先收起，点“回到导入窗口”继续。",
    "Adds the imported layer and the places of its faults to the map. This window steps aside until “Back to the import” "
    "is pressed.",
)
RECIPE_TIP = Text(
    "按已存方案读取和处理。",
    "Reads and treats a file of the same source by a recipe saved before.",
)
SAVE_TIP = Text(
    "存下字段、基准和处理方式，供下月同一来源采用。",
    "Keeps fields, datum and treatments for next month's file of the same source.",
)
