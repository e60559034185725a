"""One line that says what a run found: always of what, and always with what cannot be told."""

from __future__ import annotations

from typing import Any

from ..jobs.declaration import Job
from ..text import NOTHING, Text, same
from .checks.summaries import FIGURES as CHECK_FIGURES
from .checks.summaries import check_line
from .frontier.summaries import FIGURES as FRONTIER_FIGURES
from .frontier.summaries import frontier_line
from .imports.standing import counted
from .land.summaries import FIGURES as LAND_FIGURES
from .land.summaries import land_line
from .trunk.summaries import FIGURES as TRUNK_FIGURES
from .trunk.summaries import trunk_line

_REACH = Text(
    "{villages} 个行政村，已判定 {judged} 个：通达 {reached}，未通达 {not_reached}；无法判定 {cannot_tell} 个{rate}{hidden}",
    "{judged} of {villages} villages judged: {reached} reached, {not_reached} not; {cannot_tell} cannot be told{rate}{hidden}",
)
_RATE = Text("。通达率 {rate}%", ". Rate {rate} %")
_BOUNDS = Text("（计入无法判定的为 {low}%–{high}%）", " ({low} to {high} % with those)")
_HIDDEN = Text("；按距离通达而仿真未通达 {n} 个", "; reached by distance but not by simulation: {n}")
_ROWS = Text(
    "读入 {rows_in} 行 = 写入 {rows_out} 行 + 搁置 {rows_set_aside} 行 + 合并 {rows_merged} 行",
    "Rows: {rows_in} in = {rows_out} written + {rows_set_aside} set aside + {rows_merged} merged",
)
_GAP = Text(
    "{units} 个单元共 {area_km2} km²：已覆盖 {covered_km2} km²，空白 {gap_km2} km²；空白区内行政村 {villages_in_gap} 个",
    "Units: {units}, {area_km2} km²: {covered_km2} km² covered, {gap_km2} km² gap; villages in the gap: {villages_in_gap}",
)
_GAP_UNTOLD = Text("；无法判定 {cannot_tell_km2} km²", "; cannot be told: {cannot_tell_km2} km²")
_COVERED = Text("；覆盖率 {low}%–{high}%（占全部面积）", "; covered: {low} to {high} % of the whole area")
_COVERAGE = Text(
    "{units} 个单元共 {area_km2} km²：已覆盖 {covered_km2} km²，空白 {gap_km2} km²，无法判定 {cannot_tell_km2} km²（达标电平 "
    "{threshold_dbm} dBm）",
    "Units: {units}, {area_km2} km²: {covered_km2} km² covered, {gap_km2} km² gap, {cannot_tell_km2} km² cannot be told (from "
    "{threshold_dbm} dBm)",
)
_COVERAGE_KEYS = ("units", "area_km2", "covered_km2", "gap_km2", "cannot_tell_km2", "threshold_dbm")
_PACKAGE = Text(
    "{features_in} 个要素 = 交付 {features_out} 个 + 未交付 {features_left_out} 个；坐标系 {crs}",
    "Features: {features_in} = {features_out} handed in + {features_left_out} left out; CRS {crs}",
)
_TO_MEND = Text(
    "；检查发现错误 {errors} 项，警告 {warnings} 项", "; checks found errors: {errors}, warnings: {warnings}"
)
# On one line of the message bar, and only what happened.
_UNDONE = Text(
    "已撤销“{source_file}”的导入：{what}；图层现有 {rows_in_layer} 行",
    "“{source_file}” undone. {what}; now in the layer: {rows_in_layer}",
)
_REDONE = Text(
    "已恢复“{source_file}”的导入：{what}；图层现有 {rows_in_layer} 行",
    "“{source_file}” imported again. {what}; now in the layer: {rows_in_layer}",
)
_UNDONE_PARTS = {
    "rows_removed": Text("撤出它写入的 {n} 行", "Rows taken out: {n}"),
    "rows_changed_back": Text("{n} 行改回原值", "changed back: {n}"),
    "rows_restored": Text("补回它删去的 {n} 行", "put back: {n}"),
}
_REDONE_PARTS = {
    "rows_restored": Text("重新写入 {n} 行", "Rows written: {n}"),
    "rows_changed_back": Text("{n} 行重新更新", "changed: {n}"),
    "rows_removed": Text("再次删去 {n} 行", "deleted: {n}"),
}
_NO_ROWS = Text("没有行需要改动", "No row had to change")
_EDITION = Text(
    "与上一版相比：新增 {rows_added} 行，变更 {rows_changed} 行，删除 {rows_removed} 行，未变 {rows_unchanged} 行",
    "Against the earlier edition, rows added: {rows_added}, changed: {rows_changed}, removed: {rows_removed}, unchanged: "
    "{rows_unchanged}",
)
_EDITION_MORE = {
    "rows_kept": Text("；保留原有 {n} 行", "; rows kept as they were: {n}"),
    "values_kept": Text("；保留原有取值 {n} 处", "; values kept as they were: {n}"),
    "rows_edited": Text("；保留人工修改 {n} 行", "; edits kept: {n}"),
    "rows_in_conflict": Text("（其中 {n} 行与新文件冲突，请核对）", " (against a change in the file: {n}; check)"),
}
_MADE = Text("工作区已建立", "Workspace made")
_THERE = Text("工作区已存在，未作改动", "The workspace exists and was not changed")
FIGURES = {
    "loss_db": Text("传输损耗（dB）", "Basic transmission loss (dB)"),
    "field_strength_dbuv_m": Text("场强（dBμV/m，1 kW ERP）", "Field strength (dBµV/m, 1 kW ERP)"),
    "level_dbm": Text("接收电平（dBm）", "Received level (dBm)"),
    "distance_km": Text("路径长度（km）", "Path length (km)"),
    "line_of_sight": Text("视距", "Line of sight"),
    "obstacle_distance_km": Text("主要障碍距发射端（km）", "Main obstacle from the transmitter (km)"),
    "obstacle_above_line_m": Text(
        "主要障碍高出视线（m，负为低于）", "Main obstacle above the line of sight (m; below: negative)"
    ),
    "points": Text("剖面点数", "Profile points"),
    "step_m": Text("剖面点间距（m）", "Distance of profile points (m)"),
    "dem_pixel_m": Text("像元边长（m）", "Side of a pixel (m)"),
    "villages": Text("行政村数", "Villages"),
    "reached": Text("通达", "Reached"),
    "not_reached": Text("未通达", "Not reached"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "borderline": Text("临界", "Borderline"),
    "rate_percent": Text("通达率（%）", "Rate (%)"),
    "rate_low_percent": Text("通达率下限（%）", "Rate, at least (%)"),
    "rate_high_percent": Text("通达率上限（%）", "Rate, at most (%)"),
    "meets_target": Text("达到目标", "Meets target"),
    "by_county": Text("分县统计", "By county"),
    "rows_in": Text("读入行数", "Rows in"),
    "rows_out": Text("写入行数", "Rows out"),
    "rows_set_aside": Text("搁置行数", "Rows set aside"),
    "rows_merged": Text("合并行数", "Rows merged"),
    "rows_restored": Text("恢复行数", "Rows that came back"),
    "rows_removed": Text("移除行数", "Rows removed"),
    "rows_added": Text("新增行数", "Rows added"),
    "rows_changed": Text("变更行数", "Rows changed"),
    "rows_unchanged": Text("未变行数", "Rows unchanged"),
    "rows_kept": Text("保留原有的行数", "Rows kept as they were"),
    "values_kept": Text("保留原有的取值数", "Values kept as they were"),
    "rows_edited": Text("保留人工修改的行数", "Rows with edits kept"),
    "rows_in_conflict": Text("人工修改与文件冲突的行数", "Rows with edits against the file"),
    "rows_replaced": Text("再次收到的行数", "Rows that came again"),
    "rows_without_place": Text("无坐标行数", "Rows without a place"),
    "value_issues": Text("取值问题数", "Values with an issue"),
    "rows_changed_back": Text("改回行数", "Rows changed back"),
    "findings_by_code": Text("问题数量", "Findings by kind"),
    "datum_verdict": Text("坐标基准的依据指向", "Datum by the evidence"),
    "datum_shift_m": Text("与依据不符的位置偏差（m）", "Offset against the evidence (m)"),
    "encoding": Text("文字编码", "Encoding"),
    "source_crs": Text("源坐标系", "CRS of the source"),
    "datum": Text("坐标基准", "Datum"),
    "mapping": Text("字段对照", "Field mapping"),
    "units": Text("单元数", "Units"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "covered_km2": Text("已覆盖（km²）", "Covered (km²)"),
    "gap_km2": Text("空白（km²）", "Gap (km²)"),
    "covered_percent": Text("面积覆盖率（占可判定面积，%）", "Covered (% of what can be told)"),
    "covered_low_percent": Text("面积覆盖率下限（占全部面积，%）", "Covered at least (% of the whole area)"),
    "covered_high_percent": Text("面积覆盖率上限（占全部面积，%）", "Covered at most (% of the whole area)"),
    "borderline_km2": Text("电平在门限附近（km²）", "Level near the threshold (km²)"),
    "villages_in_gap": Text("空白区行政村", "Villages in the gap"),
    "cannot_tell_km2": Text("无法判定（km²）", "Cannot tell (km²)"),
    "villages_cannot_tell": Text("无法判定的行政村", "Villages that cannot be told"),
    "evidence": Text("判定依据", "Evidence"),
    "threshold_dbm": Text("达标电平（dBm）", "Threshold (dBm)"),
    "resolution_m": Text("格网分辨率（m）", "Cell size (m)"),
    "cells": Text("格数", "Cells"),
    "sectors": Text("扇区数", "Sectors"),
    "largest_difference_percent": Text("面与像元面积最大差（%）", "Polygons against pixels, at most (%)"),
    "people_in_gap": Text("空白区人口", "People in the gap"),
    "by_unit": Text("分单元统计", "By unit"),
    **FRONTIER_FIGURES,
    **TRUNK_FIGURES,
    **LAND_FIGURES,
    **CHECK_FIGURES,
    "created": Text("是否新建", "Made anew"),
    "layers": Text("图层", "Layers"),
    "crs": Text("坐标系", "CRS"),
    "crs_name": Text("坐标系名称", "CRS name"),
    "zone": Text("带号", "Zone"),
    "features_in": Text("要素数", "Features"),
    "features_out": Text("交付要素数", "Features handed in"),
    "features_left_out": Text("未交付要素数", "Features left out"),
    "findings": Text("检查问题", "Findings"),
    "formats": Text("格式", "Formats"),
}


def figure_label(key: str) -> Text:
    """Give the label of one figure of a summary; a figure without one labels itself."""
    return FIGURES.get(key, same(key))


def run_label(job: Job, summary: dict[str, Any]) -> Text:
    """Give the label of a job with the network that was judged, or the pack that judged, where there is one."""
    technology = summary.get("technology") or _pack_label(job, str(summary.get("pack") or ""))
    return Text("{job}（{what}）", "{job} ({what})").filled(job=job.label, what=technology) if technology else job.label


def _pack_label(job: Job, pack: str) -> Text | None:
    """Give the words of a rule pack that the job offers; its name for a pack of the planner's own."""
    if not pack:
        return None
    choices = [choice for item in job.parameters if item.name == "pack" for choice in item.choices]
    return next((choice.label for choice in choices if choice.value == pack), same(pack))


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _rows_line(summary: dict[str, Any], shown: dict[str, Any]) -> Text:
    counts = counted(summary, ("blocks", "warns"))
    said = Text("；" + "，".join(one.zh for one in counts), "; " + ", ".join(one.en for one in counts))
    if summary["rows_out"] is None:  # examined, and not to be imported as it stands
        line = Text("读入 {rows_in} 行，尚不能导入", "Rows in: {rows_in}, not to be imported yet")
        return _joined(line.filled(rows_in=shown["rows_in"]), said)
    counts = {key: shown[key] for key in ("rows_in", "rows_out", "rows_set_aside")}
    line = _ROWS.filled(**counts, rows_merged=shown.get("rows_merged") or 0)  # older runs have no merges
    return _joined(line, said) if "problems" in summary else line


def _joined(first: Text, second: Text) -> Text:
    return Text(first.zh + second.zh, first.en + second.en)


def edition_line(summary: dict[str, Any]) -> Text:
    """Say what a newer edition did to the rows of the earlier one; empty where there was none."""
    if not any(summary.get(key) for key in ("rows_replaced", "rows_removed", "rows_kept")):
        return same("")
    keys = ("rows_added", "rows_changed", "rows_removed", "rows_unchanged")
    line = _EDITION.filled(**{key: _number(summary.get(key) or 0) for key in keys})
    for key, words in _EDITION_MORE.items():
        if summary.get(key):
            line = _joined(line, words.filled(n=_number(summary[key])))
    return line


def _undone(summary: dict[str, Any], shown: dict[str, Any]) -> Text:
    """Say what became of the rows, and nothing of what did not happen."""
    is_redo = summary.get("action") == "redo"
    parts = _REDONE_PARTS if is_redo else _UNDONE_PARTS
    told = [words.filled(n=shown[key]) for key, words in parts.items() if summary.get(key)] or [_NO_ROWS]
    what = Text("，".join(one.zh for one in told), ", ".join(one.en for one in told))
    line = _REDONE if is_redo else _UNDONE
    return line.filled(what=what, **{key: shown.get(key) for key in ("source_file", "rows_in_layer")})


def _bounds(summary: dict[str, Any]) -> Text:
    """Give what the rate of all villages may be, where some cannot be told."""
    low, high = summary.get("rate_low_percent"), summary.get("rate_high_percent")
    return same("") if low is None or low == high else _BOUNDS.filled(low=low, high=high)


def _covered(summary: dict[str, Any]) -> Text:
    """Give what the covered share of the whole area may be, where a part cannot be told."""
    low, high = summary.get("covered_low_percent"), summary.get("covered_high_percent")
    return same("") if low is None or low == high else _COVERED.filled(low=low, high=high)


def _to_mend(findings: Any) -> Text:
    """Say what the checks of a package found, where there is something to mend or to look at."""
    counts = findings if isinstance(findings, dict) else {}
    errors, warnings = (int(counts.get(level) or 0) for level in ("error", "warning"))
    return _TO_MEND.filled(errors=_number(errors), warnings=_number(warnings)) if errors or warnings else NOTHING


def summary_line(summary: dict[str, Any]) -> Text:
    """Give the line for a summary; empty where the summary has no figure to speak of."""
    shown = {key: _number(value) for key, value in summary.items()}
    if {"villages", "reached", "not_reached", "cannot_tell"} <= summary.keys():
        judged = summary["villages"] - summary["cannot_tell"]
        rate, hidden = summary.get("rate_percent"), summary.get("reached_by_distance_alone")
        return _REACH.filled(
            **{key: shown[key] for key in ("villages", "reached", "not_reached", "cannot_tell")},
            judged=_number(judged),
            rate=same("") if rate is None else _joined(_RATE.filled(rate=rate), _bounds(summary)),
            hidden=same("") if hidden is None else _HIDDEN.filled(n=hidden),
        )
    if {"rows_in", "rows_out", "rows_set_aside"} <= summary.keys():
        return _rows_line(summary, shown)
    if "rows_restored" in summary:
        return _undone(summary, shown)
    if {"units", "area_km2", "covered_km2", "gap_km2", "villages_in_gap"} <= summary.keys():
        keys = ("units", "area_km2", "covered_km2", "gap_km2", "villages_in_gap")
        line = _GAP.filled(**{key: shown[key] for key in keys})
        untold = summary.get("cannot_tell_km2")
        line = _joined(line, _GAP_UNTOLD.filled(cannot_tell_km2=_number(untold))) if untold else line
        return _joined(line, _covered(summary))
    if summary.keys() >= set(_COVERAGE_KEYS):
        return _joined(_COVERAGE.filled(**{key: shown[key] for key in _COVERAGE_KEYS}), _covered(summary))
    if {"features_in", "features_out", "features_left_out"} <= summary.keys():
        line = _PACKAGE.filled(
            **{key: shown[key] for key in ("features_in", "features_out", "features_left_out", "crs")}
        )
        return _joined(line, _to_mend(summary.get("findings")))
    if "created" in summary:
        return _MADE if summary["created"] else _THERE
    lines = (tell(summary, _number) for tell in (frontier_line, land_line, check_line, trunk_line))
    return next((line for line in lines if line.zh), NOTHING)
