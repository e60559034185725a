"""The figures of an import, its notices, and what the workspace keeps of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...text import Text

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.reading.converted import Converted
    from ...layers.reading.datum_decision import Decision
    from ...layers.reading.replacement import Replacement
    from ...layers.sources.raw_table import RawTable


def run_note(raw: RawTable, sha256: str, summary: dict[str, Any], recipe: str) -> dict[str, Any]:
    """Give what the workspace keeps of a run."""
    from ...engine.versions import plugin_version
    from ...layers.store.workspace_schema import SCHEMA_VERSION

    return {
        "source_file": raw.source,
        "received_as": raw.name,
        "sha256": sha256,
        "recipe": recipe,
        "versions": {"plugin": plugin_version(), "schema": SCHEMA_VERSION},
        **{key: summary[key] for key in ("datum", "mapping", "rows_in", "rows_out", "rows_set_aside")},
        **{
            key: summary[key] for key in ("rows_merged", "rows_added", "rows_changed", "rows_removed", "rows_unchanged")
        },
    }


def import_notices(
    diagnosis: Diagnosis, converted: Converted, decision: Decision, replaced: Replacement, repeated: list[Text]
) -> list[tuple[Text, list[int]]]:
    """Give what the planner is told at the end of an import, with the rows that each is about."""
    raw = diagnosis.raw
    notices: list[tuple[Text, list[int]]] = [
        (notice, []) for notice in (*raw.notices, *repeated, *decision.notices, *converted.notices)
    ]
    if raw.edition_of:
        words = Text(
            f"已作为“{raw.edition_of}”的新版本导入。", f"It was imported as a newer edition of “{raw.edition_of}”."
        )
        notices.append((words, []))
    notices += [(notice, []) for notice in _replacement_notice(raw.source, replaced)]
    if count := converted.reasons.get("deleted_by_hand", 0):
        words = Text(
            f"文件中有 {count} 行此前已在 QGIS 中删除，未写回；如需恢复，请设 deleted_by_hand=apply 后重新导入。",
            f"{count} rows of the file were deleted in QGIS and were not brought back; to have them back, import again "
            "with deleted_by_hand=apply.",
        )
        rows = converted.set_aside.loc[converted.set_aside["reason_code"] == "deleted_by_hand", "row"].tolist()
        notices.append((words, rows[:1000]))
    if len(converted.merged):
        rows = converted.merged["row"].tolist()
        words = Text(f"{len(rows)} 行与前面的行完全相同，已合并。", f"{len(rows)} rows were merged into equal ones.")
        notices.append((words, rows[:1000]))
    if len(converted.set_aside):
        rows = converted.set_aside["row"].tolist()
        words = Text(
            f"{len(rows)} 行被搁置，原因见“搁置行”表。", f"{len(rows)} rows were set aside; the table says why."
        )
        notices.append((words, rows[:1000]))
    return notices


def import_summary(
    diagnosis: Diagnosis, converted: Converted, decision: Decision, replaced: Replacement
) -> dict[str, Any]:
    """Give the figures of an import."""
    from ...layers.reading.datum_decision import crs_label
    from .findings import findings_summary

    raw, mapping, spec, reasons = diagnosis.raw, diagnosis.columns, converted.table.spec, converted.reasons
    used = mapping.as_json(decision.pair, decision.use_wkt)
    for name in converted.derived:
        column = mapping.fields.get(spec.field(name).derived_from)
        used[f"derived:{'' if column is None else raw.headings[column]}"] = name
    return {
        "rows_in": converted.rows_in,
        "rows_out": converted.rows_out,
        "rows_set_aside": len(converted.set_aside),
        "rows_merged": len(converted.merged),
        "encoding": raw.encoding,
        "source_crs": crs_label(raw.crs),
        "datum": decision.datum,
        "mapping": used,
        "layer": raw.layer,
        "unmapped": mapping.unmapped(decision.pair, decision.use_wkt),
        "rows_without_place": converted.rows_without_place,
        "duplicates": sum(reasons.get(code, 0) for code in ("exact_duplicate", "duplicate", "in_workspace")),
        "value_issues": len(converted.value_issues),
        "set_aside_by_reason": reasons,
        **replaced.counts(),
        "derived": converted.derived,
        "datum_evidence": decision.why,
        "header_row": raw.header_row,
        "rows_above_header": [list(item) for item in raw.preamble],
        "blank_rows": raw.blank_rows,
        **findings_summary(diagnosis),
    }


def _replacement_notice(name: str, replaced: Replacement) -> list[Text]:
    edits = replaced.notices(name)
    if not replaced.changed and not replaced.removed:
        return edits
    return [
        *edits,
        Text(
            f"工作区中原有来自“{name}”的 {replaced.before} 行：{replaced.changed} 行的取值或位置已被本次导入覆盖，"
            f"{replaced.removed} 行已删除。原值见“替换的行”表。",
            f"The workspace held {replaced.before} rows of “{name}”: in {replaced.changed} this import overwrote values "
            f"or places, and {replaced.removed} it deleted. The table of rows replaced has what stood there.",
        ),
    ]
