"""Say what a calibration found: the table by band, the file's content, the summary and the report page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...analysis.radio import Propagation
from ...analysis.radio.calibration import BandResult, CalibrationResult
from ...engine.context import RunContext
from ...layers.html_report import Cell, Section, write_report
from ...rules.calibration import BandOffset, Calibration
from ...rules.pack import Pack
from ...rules.presets import TransmitterPreset
from ...text import Text, same
from ..radio.calibration import conditions_of
from ..shared.rules import rule_section
from .data import Compared
from .error_histogram import error_histogram
from .words import OUTLIER, USE_LABELS, USED

LABELS = {
    "measurement_id": Text("测试编号", "Measurement id"),
    "operator": Text("运营商", "Operator"),
    "measured_on": Text("测试日期", "Measured on"),
    "measured_dbm": Text("实测电平（dBm）", "Measured level (dBm)"),
    "simulated_dbm": Text("仿真电平（dBm）", "Simulated level (dBm)"),
    "difference_db": Text("实测减仿真（dB）", "Measured less simulated (dB)"),
    "server_id": Text("服务基站编号", "Serving station id"),
    "named_server": Text("服务基站由测试记录注明", "The test names its server"),
    "band": Text("频段（MHz）", "Band (MHz)"),
    "clutter": Text("地物类别编码", "Clutter class"),
    "use": Text("使用情况", "Use"),
    "points": Text("测试点数", "Measurements"),
    "outliers": Text("离群值", "Outliers"),
    "cells": Text("网格数", "Cells"),
    "offset_db": Text("修正值（dB）", "Offset (dB)"),
    "sigma_db": Text("标准差（dB）", "σ (dB)"),
    "before_db": Text("校正前误差（dB）", "Before (dB)"),
    "after_db": Text("校正后误差（dB）", "After (dB)"),
    "after_clutter_db": Text("含地物校正后（dB）", "With clutter (dB)"),
    "gain": Text("误差减小（标准误的倍数）", "Gain (standard errors)"),
    "kept": Text("写入校正", "Kept"),
}
_KEPT = Text("是", "yes")
_WITH_CLUTTER = Text("是，含地物", "yes, with clutter")
_TOO_FEW = Text("否：测试点太少", "no: too few")
_NO_GAIN = Text("否：误差减小不显著", "no: no significant gain")


def band_table(result: CalibrationResult, presets: Sequence[TransmitterPreset]) -> pd.DataFrame:
    """Give the results by band, in the order of frequency; errors are those of the hold-out test."""
    rows = _sorted(result, presets)
    return pd.DataFrame(
        {
            "band": [f"{presets[r.band].band_mhz_min:g}–{presets[r.band].band_mhz_max:g}" for r in rows],
            "points": [r.points for r in rows],
            "outliers": [r.outliers for r in rows],
            "cells": [r.cells for r in rows],
            **{
                name: np.round([getattr(r, name) for r in rows], 2)
                for name in ("offset_db", "sigma_db", "before_db", "after_db", "after_clutter_db", "gain")
            },
            "kept": [_said(r, result).zh for r in rows],
        }
    )


def _sorted(result: CalibrationResult, presets: Sequence[TransmitterPreset]) -> list[BandResult]:
    return sorted(result.bands, key=lambda band: presets[band.band].band_mhz_min)


def calibration_of(
    context: RunContext,
    rows: Compared,
    result: CalibrationResult,
    presets: Sequence[TransmitterPreset],
    model: Propagation,
) -> Calibration | None:
    """Make the content of the calibration file; None where no band is kept."""
    together = result.with_clutter
    if not result.offsets.band and together is None:
        return None
    used = rows.table["use"] == USED
    date = context["date"] or max(str(day) for day in rows.table.loc[used, "measured_on"].dropna())
    found = {band.band: band for band in result.bands}
    bands = [
        BandOffset(
            presets[number].band_mhz_min,
            presets[number].band_mhz_max,
            result.offsets.band.get(number, 0.0),
            together.band[number] if together else None,
            found[number].sigma_db,
            found[number].before_db,
            found[number].after_clutter_db if together else found[number].after_db,
            found[number].points,
            found[number].outliers,
        )
        for number in (together or result.offsets).band
    ]
    return Calibration(
        name=context["name"] or f"{context['technology']} {date}",
        date=date,
        technology=context["technology"],
        propagation=model.grade,
        conditions=conditions_of(context, model, presets),
        clutter_classes=context["clutter_classes"] if together else "",
        bands=tuple(sorted(bands, key=lambda band: band.band_mhz_min)),
        clutter_db=dict(together.clutter) if together else {},
        before_db=result.before_db,
        after_db=result.after_clutter_db if together else result.after_db,
    )


def summary_of(
    rows: Compared, result: CalibrationResult, table: pd.DataFrame, calibration: Calibration | None
) -> dict[str, Any]:
    """Give the summary: every measurement is in one of its numbers."""
    counts = rows.table["use"].value_counts()
    left_out = {reason: int(counts[reason]) for reason in USE_LABELS if reason in counts and reason != USED}
    left_out.pop(OUTLIER, None)
    if rows.other_technology:
        left_out["other_technology"] = rows.other_technology
    after = result.after_db if calibration is None else calibration.after_db
    return {
        "measurements": len(rows.table) + rows.other_technology,
        "used": int(counts.get(USED, 0)),
        "outliers": int(counts.get(OUTLIER, 0)),
        "left_out": left_out,
        "written": calibration is not None,
        "name": calibration.name if calibration else None,
        "date": calibration.date if calibration else None,
        "cells": len(result.cells.band),
        "blocks": result.blocks,
        "before_db": _rounded(result.before_db),
        "after_db": _rounded(after),
        "bands": [
            {name: _rounded(value) if isinstance(value, float) else value for name, value in row.items()}
            for row in table.assign(kept=[said.startswith(_KEPT.zh) for said in table["kept"]]).to_dict("records")
        ],
        "clutter_db": {} if calibration is None else {str(k): _rounded(v) for k, v in calibration.clutter_db.items()},
    }


def write_calibration_report(
    path: Path,
    summary: dict[str, Any],
    result: CalibrationResult,
    calibration: Calibration | None,
    pack: Pack,
    rules: list[dict[str, Any]],
    radio: Section,
    cautions: Sequence[Text],
) -> None:
    """Write the report page."""
    sections = [
        Section(Text("结论", "Finding"), sentences=[_finding(summary)], cautions=cautions),
        _use_section(summary),
        _band_section(summary, result, calibration, pack),
    ]
    if calibration is not None and calibration.clutter_db:
        sections.append(_clutter_section(calibration, pack))
    sections += [radio, rule_section(rules)]
    write_report(path, Text("仿真校正报告", "Calibration of the simulation"), sections)


def _finding(summary: dict[str, Any]) -> Text:
    if summary["written"]:
        return Text(
            f"校正“{summary['name']}”（{summary['date']}）已写出：留出检验的均方根误差由 {summary['before_db']:.1f} dB 降到 "
            f"{summary['after_db']:.1f} dB（{summary['measurements']} 条测试记录中 {summary['used']} 条参与，合并为 "
            f"{summary['cells']} 个网格，分 {summary['blocks']} 块）。",
            f"The calibration “{summary['name']}” ({summary['date']}) is written: the hold-out root mean square error falls from "
            f"{summary['before_db']:.1f} dB to {summary['after_db']:.1f} dB ({summary['used']} of {summary['measurements']} "
            f"measurements used, {summary['cells']} cells in {summary['blocks']} blocks).",
        )
    if not summary["cells"]:
        return Text(
            "没有可比较的测试记录，未写校正文件。", "No measurement can be compared: no calibration file is written."
        )
    if all(band["after_db"] is None for band in summary["bands"]):
        return Text(
            f"测试记录太少（{summary['cells']} 个网格、{summary['blocks']} 块），无法留出检验，未写校正文件。",
            f"Too few measurements ({summary['cells']} cells in {summary['blocks']} blocks) to hold any out: no calibration file is "
            "written.",
        )
    return Text(
        "没有一个频段的留出检验误差因校正而显著减小，未写校正文件：在未参与拟合的地方，看不出校正使仿真更准。",
        "In no band does a correction lessen the hold-out error significantly, so no calibration file is written: at places that it "
        "has not seen nothing shows that it would make the simulation better.",
    )


def _use_section(summary: dict[str, Any]) -> Section:
    others = Text("其他网络制式", "Other technologies")
    rows: list[list[Cell]] = [[USE_LABELS[USED], summary["used"]], [USE_LABELS[OUTLIER], summary["outliers"]]]
    rows += [[USE_LABELS.get(reason, others), count] for reason, count in summary["left_out"].items()]
    rows.append([Text("合计", "Total"), summary["measurements"]])
    return Section(
        Text("测试记录的使用", "What became of the measurements"),
        headings=[LABELS["use"], Text("条数", "Measurements")],
        rows=rows,
    )


def _band_section(
    summary: dict[str, Any], result: CalibrationResult, calibration: Calibration | None, pack: Pack
) -> Section:
    presets, least_gain = pack.transmitters, float(pack.rule("radio.calibration.least_gain").value)
    before = result.cells.residual_db
    after = None if calibration is None else result.held_out_db
    keys = ["band", "points", "outliers", "cells", "offset_db", "sigma_db", "before_db", "after_db", "gain"]
    keys += (
        ["after_clutter_db", "kept"] if any(b["after_clutter_db"] is not None for b in summary["bands"]) else ["kept"]
    )
    return Section(
        Text("分频段结果", "By band"),
        sentences=[
            Text(
                "修正值为实测减仿真的平均值，加到仿真电平上；误差为留出检验的均方根。误差平方的减小按分块求和，"
                f"达到其标准误的 {least_gain:g} 倍才算显著，才写入校正。",
                "An offset is the mean of measured less simulated, and is added to simulated levels; errors are the root mean "
                "square of the hold-out test. An offset is kept where the squared errors, added up block by block, fall by at "
                f"least {least_gain:g} standard errors.",
            )
        ],
        headings=[LABELS[key] for key in keys],
        rows=[
            [said if key == "kept" else band[key] for key in keys]
            for band, said in zip(summary["bands"], (_said(own, result) for own in _sorted(result, presets)))
        ],
        picture=Text(error_histogram(before, after, "zh"), error_histogram(before, after, "en")),
    )


def _clutter_section(calibration: Calibration, pack: Pack) -> Section:
    names = {c.code: c.name for c in pack.clutter if c.product == calibration.clutter_classes}
    shown = ", ".join(
        f"{band.band_mhz_min:g}–{band.band_mhz_max:g} MHz {band.offset_with_clutter_db:+.2f} dB"
        for band in calibration.bands
        if band.offset_with_clutter_db is not None
    )
    return Section(
        Text("分地物类别修正", "By clutter class"),
        sentences=[
            Text(
                f"有同一产品的土地覆盖栅格时，频段修正值取 {shown.replace(', ', '、')}，再加所在地物类别的修正值。",
                f"With a land-cover raster of the same product the offsets of bands are {shown}, and that of the place's clutter class "
                "is added.",
            )
        ],
        headings=[Text("类别", "Class"), LABELS["clutter"], LABELS["offset_db"]],
        rows=[
            [names.get(code, same("—")), str(code), round(offset, 2)]
            for code, offset in sorted(calibration.clutter_db.items())
        ],
    )


def _said(band: BandResult, result: CalibrationResult) -> Text:
    if result.with_clutter is not None and band.band in result.with_clutter.band:
        return _WITH_CLUTTER
    if band.kept:
        return _KEPT
    return _TOO_FEW if math.isnan(band.after_db) else _NO_GAIN


def _rounded(value: float) -> float | None:
    return round(float(value), 2) if math.isfinite(value) else None
