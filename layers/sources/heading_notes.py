"""What is odd about the headings of a table: line breaks, the same one twice, names that a Shapefile cut."""

from __future__ import annotations

from ...text import Text
from ..cells.fold import fold
from ..reading.cut_headings import cut_headings
from ..reading.headings import match, place
from ..spec import LayerSpec
from .raw_table import RawTable


def note_headings(table: RawTable, spec: LayerSpec | None) -> None:
    """Add the findings on the headings of a table to it."""
    for heading in table.headings:
        if "\n" in heading.strip() or "\r" in heading.strip():
            table.findings.add("heading_line_break", field=" ".join(heading.split()), values=heading)
    if spec is None:
        return
    columns: dict[str, list[int]] = {}
    for column, heading in enumerate(table.headings):
        if fold(heading) and (place(heading) or any(match(heading, item) for item in spec.fields)):
            columns.setdefault(fold(heading), []).append(column)
    for same in columns.values():
        if len(same) > 1:
            numbers = [str(column + 1) for column in same]
            table.findings.add(
                "repeated_heading",
                field=table.headings[same[0]],
                values=table.headings[same[0]],
                why=Text(f"第 {'、'.join(numbers)} 列", f"columns {', '.join(numbers)}"),
            )
    for column, (name, words) in cut_headings(table.headings, spec).items():
        label = spec.field(name).label
        table.findings.add(
            "truncated_heading",
            field=name,
            values=table.headings[column],
            proposed=words,
            why=Text(
                f"列名不超过 10 字节，“{table.headings[column]}”只能是“{words}”（{label.zh}）的开头",
                f"no heading is longer than 10 bytes, and “{table.headings[column]}” can only be the beginning of "
                f"“{words}” ({label.en})",
            ),
            confidence=0.9,
        )
