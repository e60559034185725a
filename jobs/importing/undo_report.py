"""The page and the table that tell a planner what an undo put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...layers.html_report import Section, write_report
from ...layers.spec import LayerSpec
from ...text import Text, same

if TYPE_CHECKING:
    import pandas as pd

    from ...layers.store.undoing import Undone

SHOWN_ROWS = 50
COLUMNS = ("uuid", "key", "what", "field", "before", "after")
_WHAT = {
    "restored": Text("恢复此行", "row put back"),
    "removed": Text("移除此行", "row taken out"),
    "changed": Text("还原取值", "value put back"),
}


def lines_frame(done: Undone) -> pd.DataFrame:
    """Give the lines of an undo as a table of `COLUMNS`; places as well-known text."""
    import pandas as pd

    from ...layers.store.geopackage import shape

    frame = pd.DataFrame(done.lines, columns=list(COLUMNS))
    for name in ("before", "after"):
        frame[name] = [shape(value).wkt if isinstance(value, bytes) else value for value in frame[name].tolist()]
    frame["field"] = frame["field"].replace("geom", "geometry")
    return frame


def write_undo_report(path: Path, spec: LayerSpec, frame: pd.DataFrame, summary: dict[str, Any]) -> None:
    """Write the report: which run was undone, the counts, and the first lines."""
    what = (
        Text("已恢复第 {sequence} 条记录所撤销的导入", "The import that record {sequence} had undone is back")
        if summary["action"] == "redo"
        else Text("已撤销第 {sequence} 条导入记录", "Record {sequence} of the history was undone")
    )
    counts = Section(
        Text("结果", "Result"),
        sentences=[
            Text("{what}：{layer} ← {file}。", "{what}: {layer} ← {file}.").filled(
                what=what.filled(sequence=summary["sequence"]), layer=spec.label, file=summary["source_file"] or "—"
            ),
            Text(
                "恢复 {rows_restored} 行，移除 {rows_removed} 行，还原 {rows_changed_back} 行的取值；图层现有 {rows_in_layer} 行。",
                "{rows_restored} rows were put back, {rows_removed} taken out, and values put back in {rows_changed_back}; "
                "the layer now has {rows_in_layer} rows.",
            ).filled(**summary),
            Text(
                "本次撤销记为导入记录第 {undo_sequence} 条；再撤销它即可反悔。",
                "This is record {undo_sequence} of the history; undo that one to take it back.",
            ).filled(**summary)
            if summary["action"] == "undo"
            else Text(
                "本次恢复记为导入记录第 {undo_sequence} 条。", "This is record {undo_sequence} of the history."
            ).filled(**summary),
        ],
    )
    sections = [counts]
    if len(frame):
        heads = (("主键", "Key"), ("变化", "What"), ("字段", "Field"), ("撤销前", "Before"), ("撤销后", "After"))
        rows = [
            (row["key"] or row["uuid"], _WHAT[row["what"]], _field(spec, row["field"]), row["before"], row["after"])
            for row in frame.head(SHOWN_ROWS)
            .astype(object)
            .where(frame.head(SHOWN_ROWS).notna(), None)
            .to_dict("records")
        ]
        first = Text(
            f"共 {len(frame)} 条，此处列出前 {SHOWN_ROWS} 条，其余见 CSV。",
            f"The first {SHOWN_ROWS} of {len(frame)}; the CSV has them all.",
        )
        sections.append(
            Section(
                Text("恢复的行", "Rows put back"),
                [first] if len(frame) > SHOWN_ROWS else [],
                headings=[Text(*words) for words in heads],
                rows=rows,
            )
        )
    title = Text("撤销报告：{layer} ← {name}", "Undo report: {layer} ← {name}").filled(
        layer=spec.label, name=summary["source_file"] or "—"
    )
    write_report(path, title, sections)


def _field(spec: LayerSpec, name: str) -> Text:
    if name == "geometry":
        return Text("位置", "Place")
    known = {item.name: item.label for item in spec.fields}
    return known.get(name, same(name))
