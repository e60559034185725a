"""The rows that could not be read, as reports list them."""

from __future__ import annotations

from ...layers.html_report import Cell, Section
from ...text import Text, same
from .facilities import Facilities
from .words import LABELS, LAYER_LABELS

_SHOWN = 200
_LONG = 120  # signs of a row's text


def unread_section(facilities: Facilities) -> list[Section]:
    """List rows that could not be read with their reasons; without any there is no section."""
    aside = facilities.aside
    if not len(aside):
        return []
    rows: list[list[Cell]] = [
        [
            LAYER_LABELS[row["layer"]],
            int(row["row"]),
            Text(str(row["reason_zh"]), str(row["reason_en"])),
            same(_short(str(row["original"]))),
        ]
        for row in aside.head(_SHOWN).to_dict("records")
    ]
    return [
        Section(
            Text("未能读取的行", "Rows that could not be read"),
            [
                Text(
                    f"共 {len(aside):,} 行，未检查，不在任何合计中，不论其建设阶段；更正后请重新运行。",
                    f"Rows in all: {len(aside):,}. Whatever their phase, they were not checked and are in no sum; mend them and run again.",
                )
            ],
            headings=[LABELS["layer"], Text("行号", "Row"), Text("原因", "Reason"), Text("原文", "As it stands")],
            rows=rows,
            notes=[Text(f"此处列出前 {_SHOWN} 行。", f"The first {_SHOWN} rows.")] if len(aside) > _SHOWN else (),
        )
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG] + "…"
