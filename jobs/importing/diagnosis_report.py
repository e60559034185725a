"""The page that tells a planner what is wrong with a file, and what would be done about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...layers.doctor.datum.limits import share
from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import GROUPS, severity_label
from ...layers.findings.outcome import outcome
from ...layers.html_report import Section, write_report
from ...text import Text, same
from .fault_map import draw_fault_map
from .findings_lines import datum_words, field_words, lines_section, short, value_words
from .report import mapping_section, source_section

if TYPE_CHECKING:
    import pandas as pd

    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.spec import LayerSpec

_TO_LOOK_AT = Text("需要查看的问题", "Findings to look at")


def write_diagnosis_report(
    path: Path, diagnosis: Diagnosis, frame: pd.DataFrame, points: pd.DataFrame, where: Any, summary: dict[str, Any]
) -> None:
    """Write the report of a diagnosis.

    Parameters
    ----------
    frame : pandas.DataFrame
        `findings.table.as_frame`.
    points, where : pandas.DataFrame, numpy.ndarray of shape (n, 2)
        `findings.table.as_points`, and the longitude and latitude of each.
    summary : dict
        The summary of the job.
    """
    raw = diagnosis.raw
    sections = [
        _outcome(diagnosis, summary),
        *datum_section(diagnosis),
        *kinds_section(diagnosis.spec, frame),
        *map_section(diagnosis, points, where),
        *lines_section(diagnosis.spec, frame[frame["severity"] != "informs"], _TO_LOOK_AT),
    ]
    decision = diagnosis.decision or diagnosis.assumed
    if decision is not None:
        sections.append(source_section(raw, decision, summary["source_crs"]))
    sections.append(mapping_section(diagnosis.spec, summary["mapping"], summary["unmapped"]))
    title = Text("诊断报告：{layer} ← {name}", "Diagnosis: {layer} ← {name}").filled(
        layer=diagnosis.spec.label, name=raw.name
    )
    write_report(path, title, sections)


def _outcome(diagnosis: Diagnosis, summary: dict[str, Any]) -> Section:
    counts, stops = summary["findings"], diagnosis.findings.stopping()
    words = [
        Text(
            "发现 {blocks} 处不处理即搁置、{warns} 处警告、{informs} 处提示。",
            "Found: {blocks} that set rows aside unless they are treated, {warns} that warn, {informs} that inform.",
        ).filled(blocks=counts["blocks"] - stops, warns=counts["warns"], informs=counts["informs"])
    ]
    if stops:
        words.insert(
            0,
            Text(
                f"{stops} 处阻断：不解决则整份文件不能导入。",
                f"{stops} that stop the import: until they are settled nothing of the file is imported.",
            ),
        )
    if diagnosis.converted is not None:
        words.append(
            Text(
                "按当前处理方式导入：读入 {rows_in} 行 = 写入 {rows_out} 行 + 搁置 {rows_set_aside} 行 + 合并 {rows_merged} 行。",
                "An import as things stand: {rows_in} rows in = {rows_out} out + {rows_set_aside} set aside + "
                "{rows_merged} merged.",
            ).filled(**{key: summary[key] for key in ("rows_in", "rows_out", "rows_set_aside", "rows_merged")})
        )
    if diagnosis.decision is None and diagnosis.assumed is not None and diagnosis.assumed.datum:
        words.append(
            Text(
                "坐标基准尚未确定，以下各项按 {datum} 检查。",
                "The datum is yet to be stated; what follows was checked as {datum}.",
            ).filled(datum=diagnosis.assumed.datum)
        )
    problems = [Text(item.in_language("zh"), item.in_language("en")) for item in diagnosis.refusals]
    return Section(Text("结论", "Outcome"), sentences=words, cautions=problems)


def datum_section(diagnosis: Diagnosis) -> list[Section]:
    """Show what the evidence says of each hypothesis on the datum."""
    verdict = diagnosis.verdict
    if verdict is None or not verdict.hypotheses:
        return []
    heads = (
        *(
            ("假设", "Hypothesis"),
            ("可能性", "Likelihood"),
            ("支持的行", "Rows for it"),
            ("反对的行", "Rows against it"),
        ),
        *(("参与判断的行", "Rows judged"), ("残差中位数 m", "Median residual, m")),
    )
    if (
        not verdict.is_compared and not verdict.decision
    ):  # a likelihood would be nothing but what was assumed beforehand
        return [Section(Text("坐标基准的依据", "Evidence on the datum"), sentences=[verdict.why])]
    rows = [
        (
            item.label,
            share(item.likelihood),
            item.rows_for,
            item.rows_against,
            item.rows_judged,
            _metres(item.median_residual_m),
        )
        for item in verdict.hypotheses
    ]
    return [
        Section(
            Text("坐标基准的依据", "Evidence on the datum"),
            sentences=[words for words in (verdict.why, verdict.details) if words.zh],
            headings=[Text(*words) for words in heads],
            rows=rows,
        )
    ]


def _metres(residual_m: float) -> int | None:
    return None if np.isnan(residual_m) else round(residual_m)


def kinds_section(spec: LayerSpec, frame: pd.DataFrame) -> list[Section]:
    """Show how many findings there are of each kind, with an example."""
    if frame.empty:
        return [Section(Text("问题", "Findings"), sentences=[Text("没有发现问题。", "Nothing was found.")])]
    rows = []
    for (severity, code, of_rows), lines in frame.groupby(["severity", "code", frame["rows"] != ""], sort=False):
        first = lines.iloc[0]
        fields = list(dict.fromkeys(filter(None, lines["field"])))
        labels = [field_words(spec, name) for name in fields[:4]]
        rows.append(
            (
                severity_label(severity, of_rows=of_rows),
                GROUPS[KINDS[code].group],
                KINDS[code].label,
                int(lines["count"].sum()),
                Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels)),
                _example(spec, first),
                Text(first["treatment_zh"], first["treatment_en"]),
            )
        )
    heads = (
        *(("程度", "Severity"), ("类别", "Group"), ("问题", "Finding"), ("数量", "Count"), ("字段", "Field")),
        *(("示例", "Example"), ("处理", "Treatment")),
    )
    return [Section(Text("问题", "Findings"), headings=[Text(*words) for words in heads], rows=rows)]


def _example(spec: LayerSpec, line: Any) -> Text:
    is_datum = KINDS[line["code"]].group == "datum"
    value = datum_words(str(line["value"])) if is_datum else same(short(str(line["value"])))
    better = outcome(
        KINDS[line["code"]], line["treatment"], value_words(spec, line["field"], str(line["proposed"])), line["related"]
    )
    row = str(line["rows"]).split(";")[0]
    words = [" → ".join(filter(None, (was, one))) for was, one in zip(value, better)]
    return Text(*(f"[{row}] {one}".strip() if row else one for one in words))


def map_section(diagnosis: Diagnosis, points: pd.DataFrame, where: Any) -> list[Section]:
    """Show where the findings that block or warn lie."""
    if diagnosis.converted is None or points.empty:
        return []
    faults = {grave: where[(points["severity"] == grave).to_numpy()] for grave in ("blocks", "warns")}
    pictures = Text(
        *(
            draw_fault_map(diagnosis.converted.places, faults, language, list(diagnosis.known.units))
            for language in ("zh", "en")
        )
    )
    lost = int(np.isnan(where).any(axis=1).sum())
    words = []
    if lost:
        words.append(Text(f"另有 {lost} 处没有坐标，不在图上。", f"{lost} more have no place and are not on the map."))
    return [Section(Text("问题分布", "Where the faults lie"), sentences=words, picture=pictures)] if pictures.zh else []
