"""Words that stand in several places of the face, so that the same thing is called the same everywhere."""

from __future__ import annotations

from ..text import Text, same

PLUGIN = Text("新基规划", "Xinji Planner")
MENU = Text("新基规划", "Xinji Planner")
DOCK = Text("新基规划", "Xinji")
CANCEL = Text("取消", "Cancel")
CLOSE = Text("关闭", "Close")
OPEN_REPORT = Text("打开报告", "Open report")
WORKSPACE = Text("规划工作区", "Planning workspace")
GEOPACKAGE_FILTER = Text("GeoPackage 文件 (*.gpkg)", "GeoPackage (*.gpkg)")
PICTURE_FILTER = Text("PNG 图片 (*.png)", "PNG picture (*.png)")
PDF_FILTER = Text("PDF 文件 (*.pdf)", "PDF (*.pdf)")
RESULT_FOLDER = Text("结果文件夹", "Result folder")
BORDERLINE = Text("临界", "Borderline")

STEPS = {
    "data": Text("数据", "Data"),
    "analyse": Text("分析", "Analyse"),
    "plan": Text("规划", "Plan"),
    "deliver": Text("上报", "Deliver"),
}

VERDICTS = {
    "reached": Text("通达", "Reached"),
    "not_reached": Text("未通达", "Not reached"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}

EVIDENCE = {
    "measured": Text("实测", "Measured"),
    "simulated": Text("地形仿真", "Simulated"),
    "distance": Text("距离推断", "Distance"),
    "measured+simulated": Text("实测与仿真", "Measured and simulated"),
    "measured+distance": Text("实测与距离推断", "Measured and distance"),
    "simulated+distance": Text("仿真与距离推断", "Simulated and distance"),
    "measured+simulated+distance": Text("实测、仿真与距离推断", "Measured, simulated and distance"),
    "none": Text("无依据", "None"),
}

YES_NO = {"1": Text("是", "Yes"), "0": Text("否", "No")}

TIME_LEFT_SECONDS = Text("约剩 {n} 秒", "about {n} s left")
TIME_LEFT_MINUTES = Text("约剩 {n} 分钟", "about {n} min left")
COLON = Text("：", ": ")
SAYS = Text("{what}：{line}", "{what} – {line}")
SEMICOLON = Text("；", "; ")
LIST_COMMA = Text("、", ", ")


def time_left(seconds: float | None) -> Text:
    """Say how long a job still takes; empty where that is not known."""
    if seconds is None:
        return same("")
    if seconds < 90:
        return TIME_LEFT_SECONDS.filled(n=max(1, round(seconds)))
    return TIME_LEFT_MINUTES.filled(n=round(seconds / 60))


def progress_line(doing: Text, seconds: float | None) -> Text:
    """Join what a job does and how long it still takes."""
    left = time_left(seconds)
    if not left.zh:
        return doing
    return Text(f"{doing.zh}（{left.zh}）", f"{doing.en} ({left.en})")
