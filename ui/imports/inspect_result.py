"""Read what the job `inspect_source` answers into the dialog's own terms."""

from __future__ import annotations

from typing import Any

from ..language import from_json
from .inspection import Column, Inspection, texts

_CONSTANT = "="


def inspection_from(result: Any) -> Inspection:
    """Give the inspection that a finished run of `inspect_source` tells."""
    said = result.summary
    told = {str(heading): str(name) for heading, name in (said.get("mapping") or {}).items()}
    preview = [[str(cell) for cell in row.get("cells", [])] for row in said.get("samples") or []]
    columns = [
        Column(str(heading), [row[place] for row in preview if place < len(row)], told.get(str(heading), ""))
        for place, heading in enumerate(said.get("headings") or [])
    ]
    why = said.get("datum_evidence")
    return Inspection(
        kind=str(said.get("kind") or ""),
        layer=str(said.get("layer") or ""),
        layers=[str(name) for name in said.get("layers") or []],
        encoding=str(said.get("encoding") or ""),
        rows=int(said.get("rows") or 0),
        datum=str(said.get("datum") or ""),
        crs=str(said.get("source_crs") or ""),
        evidence=[from_json(why)] if why else [],
        columns=columns,
        preview=preview,
        row_numbers=[str(row.get("row", "")) for row in said.get("samples") or []],
        problems=texts(said.get("problems")),
        notices=texts(said.get("notices")),
        constants={name: heading[1:] for heading, name in told.items() if heading.startswith(_CONSTANT)},
    )
