"""The page and the tables that tell a planner what an import did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...layers.html_report import Section, write_report
from ...layers.spec import LayerSpec
from ...text import Text, same
from .field_labels import field_label

if TYPE_CHECKING:
    import pandas as pd

    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.reading.datum_decision import Decision
    from ...layers.reading.replacement import Replacement
    from ...layers.sources.raw_table import RawTable
    from .request import Request

SHOWN_ROWS = 50


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table that Excel opens with its Chinese intact: CSV in UTF-8 with a byte-order mark."""
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def mapping_section(
    spec: LayerSpec, mapping: dict[str, str], unmapped: Sequence[str], repeated: Sequence[Text] = ()
) -> Section:
    """Show which column became which field, which were left out, and which headings stand there twice."""
    cautions = list(repeated)
    if unmapped:
        cautions.append(
            Text(
                f"未导入的列：{'、'.join(heading or '（无列名）' for heading in unmapped)}。",
                f"Columns that were not imported: {', '.join(heading or '(no heading)' for heading in unmapped)}.",
            )
        )
    return Section(
        Text("字段对照", "Fields"),
        cautions=cautions,
        headings=(Text("源列", "Source column"), Text("字段", "Field"), Text("字段名", "Field name")),
        rows=[(_heading(heading), field_label(spec, name), name) for heading, name in mapping.items()],
    )


def _heading(heading: str) -> Text:
    told, _, source = heading.partition(":")
    return Text(f"由“{source}”推定", f"derived from “{source}”") if told == "derived" else same(heading)


def _stated(decision: Decision, crs: str) -> Text | None:
    """Give the CRS that a file states, or the datum in the headings of a table; None for neither."""
    from ...layers.reading.datum_decision import LABELS

    labelled = decision.pair.datum if decision.pair is not None else ""
    if crs or not labelled:
        return same(crs) if crs else None
    name = LABELS.get(labelled, same(labelled))
    return Text(f"{name.zh}（列名标注）", f"{name.en} (in the headings)")


def source_section(raw: RawTable, decision: Decision, crs: str) -> Section:
    """Show what was read and on which datum."""
    from ...layers.reading.datum_decision import LABELS

    sentences = [Text(f"{words}（{row}）", f"{words} ({row})") for row, words in raw.preamble]
    return Section(
        Text("源文件", "Source"),
        sentences=(
            [Text("表头之前的说明行（未导入）：", "Rows above the headings (not imported):"), *sentences]
            if sentences
            else ()
        ),
        cautions=(*raw.notices, *decision.notices),
        headings=(Text("项目", "Item"), Text("内容", "Content")),
        rows=[
            (Text("文件", "File"), raw.path.name),
            (Text("图层或工作表", "Layer or sheet"), raw.layer or None),
            (Text("格式", "Format"), raw.format),
            (Text("文字编码", "Encoding"), raw.encoding),
            (Text("表头行号", "Row of headings"), raw.header_row),
            (Text("空行", "Blank rows"), raw.blank_rows),
            (Text("文件标明的坐标系", "CRS that the file states"), _stated(decision, crs)),
            (Text("采用的坐标基准", "Datum taken"), LABELS.get(decision.datum, decision.datum) or None),
            (Text("依据", "Evidence"), decision.why),
        ],
    )


def write_import_report(
    path: Path,
    diagnosis: Diagnosis,
    summary: dict[str, Any],
    replaced: Replacement,
    repeated: Sequence[Text] = (),
    *,
    frame: pd.DataFrame,
    request: Request,
    stated_datum: str = "auto",
) -> None:
    """Write the report of an import: counts, treatments and remaining warnings, fields, rows replaced and set aside.

    Parameters
    ----------
    path : Path
    diagnosis : Diagnosis
        Of a file that was not refused.
    summary : dict
        The summary of the job.
    replaced : Replacement
    repeated : sequence of Text
        Headings that stand there twice.
    frame : pandas.DataFrame
        `findings.table.as_frame`.
    request : Request
        Says by whose order a row was treated.
    stated_datum : str
        The planner's ``--datum``.
    """
    from ...layers.findings.catalogue import KINDS
    from ...layers.findings.kind import APPLY, SET_ASIDE
    from .datum_done import datum_done
    from .findings_lines import lines_section, without_rows
    from .treatments_done import spellings_section, treatments_done, treatments_section

    spec, raw, decision, converted = diagnosis.spec, diagnosis.raw, diagnosis.decision, diagnosis.converted
    if decision is None or converted is None:
        raise ValueError("an import that was refused has no report")
    counts = Section(
        Text("行数", "Rows"),
        sentences=[
            Text(
                "读入 {rows_in} 行 = 写入 {rows_out} 行 + 搁置 {rows_set_aside} 行 + 合并 {rows_merged} 行。",
                "{rows_in} rows in = {rows_out} rows out + {rows_set_aside} rows set aside + {rows_merged} rows merged.",
            ).filled(**{key: summary[key] for key in ("rows_in", "rows_out", "rows_set_aside", "rows_merged")}),
            Text(
                f"写入的行中 {converted.rows_without_place} 行没有坐标，{len(converted.value_issues)} 处取值有问题。",
                f"Of the rows written, {converted.rows_without_place} have no place; {len(converted.value_issues)} "
                "values have an issue.",
            ),
            Text(
                "与工作区中同一来源原有的 {before} 行相比：{words}。", "Compared with {before} earlier rows: {words}."
            ).filled(before=replaced.before, words=replaced.words()),
            *replaced.notices(raw.name),
        ],
        cautions=converted.notices,
    )
    sections = [counts, *datum_done(diagnosis, request, stated_datum)]
    sections += treatments_section(spec, treatments_done(diagnosis, request))
    remaining = frame[(frame["severity"] == "warns") & ~frame["treatment"].isin((APPLY, SET_ASIDE))]
    remaining = without_rows(remaining, converted.set_aside["row"])
    sections += lines_section(spec, remaining, Text("仍存在的警告", "Warnings that remain"))
    sections += spellings_section(spec, converted)
    sections.append(source_section(raw, decision, summary["source_crs"]))
    sections.append(mapping_section(spec, summary["mapping"], summary["unmapped"], repeated))
    if len(replaced.frame):
        sections.append(_replaced_section(spec, replaced))
    if len(converted.set_aside):
        sections.append(
            Section(
                Text("搁置原因", "Reasons for setting rows aside"),
                headings=(Text("原因", "Reason"), Text("行数", "Rows")),
                rows=[(KINDS[code].label, count) for code, count in converted.reasons.items()],
            )
        )
        sections.append(_rows(Text("搁置的行", "Rows set aside"), converted.set_aside, ("row", "original"), spec))
    if len(converted.value_issues):
        sections.append(
            _rows(Text("取值问题", "Values with an issue"), converted.value_issues, ("row", "field", "original"), spec)
        )
    title = Text("导入报告：{layer} ← {name}", "Import report: {layer} ← {name}").filled(
        layer=spec.label, name=raw.name
    )
    write_report(path, title, sections)


def _replaced_section(spec: LayerSpec, replaced: Replacement) -> Section:
    from ...layers.reading.replacement import WHAT
    from .findings_lines import key_words

    rows = [
        (
            *(key_words(spec, row["key"]), WHAT[row["what"]], _field(spec, row["field"])),
            *(_value(spec, row["field"], row[side]) for side in ("old", "new")),
        )
        for row in replaced.frame.head(SHOWN_ROWS).to_dict("records")
    ]
    heads = (("主键", "Key"), ("变化", "What"), ("字段", "Field"), ("原值", "Old"), ("新值", "New"))
    return Section(
        Text("替换的行", "Rows replaced"),
        _first_of(len(replaced.frame)),
        headings=[Text(*words) for words in heads],
        rows=rows,
    )


def _field(spec: LayerSpec, name: str) -> Text:
    if name == "geometry":
        return Text("位置", "Place")
    return field_label(spec, name) if name else same("")


def _value(spec: LayerSpec, name: str, words: str) -> Text:
    from .findings_lines import value_words

    known = any(item.name == name and item.codes for item in spec.fields)
    return value_words(spec, name, words) if known and words else same(_short(words))


def _short(words: str) -> str:
    return words if len(words) <= 200 else words[:200] + "…"


def _first_of(count: int) -> list[Text]:
    if count <= SHOWN_ROWS:
        return []
    return [
        Text(
            f"共 {count} 条，此处列出前 {SHOWN_ROWS} 条，其余见 CSV。",
            f"The first {SHOWN_ROWS} of {count}; the CSV has them all.",
        )
    ]


_HEADS = {
    "row": Text("行号", "Row"),
    "field": Text("字段", "Field"),
    "original": Text("原文", "Original"),
}


def _rows(heading: Text, frame: pd.DataFrame, names: tuple[str, ...], spec: LayerSpec) -> Section:
    rows = [
        (
            *(_field(spec, record[name]) if name == "field" else record[name] for name in names),
            Text(record["reason_zh"], record["reason_en"]),
        )
        for record in frame.head(SHOWN_ROWS).to_dict("records")
    ]
    return Section(
        heading, _first_of(len(frame)), headings=(*(_HEADS[name] for name in names), Text("原因", "Reason")), rows=rows
    )
