"""What the planner chose otherwise since the workspace took a source in: a change even where no cell is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...layers.findings.catalogue import KINDS
from ...layers.findings.kind import APPLY

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.findings.treatments import Treatments
    from ...layers.reading.withheld import Withheld
    from ...layers.store.workspace import Workspace


def rows_rechosen(diagnosis: Diagnosis, chosen: Treatments, workspace: Workspace | None) -> int:
    """Count the findings that are treated otherwise than at the last import of the source; 0 where there was none.

    Of a row that is merged now and was set aside then no cell of the workspace tells: its history has to.
    """
    recorded = _recorded(diagnosis, workspace)
    if recorded is None:
        return 0
    count = 0
    for block in diagnosis.findings:
        if block.at is None or not block.choices:
            continue
        if any(code == block.code for code, _ in (*chosen.by_row, *recorded.by_row)):
            numbers = diagnosis.raw.rows[block.at].tolist()
            count += sum(chosen.action(block.code, one) != recorded.action(block.code, one) for one in numbers)
        elif chosen.action(block.code) != recorded.action(block.code):
            count += len(block.at)
    return count


def without_what_is_taken_back(
    diagnosis: Diagnosis, chosen: Treatments, workspace: Workspace | None
) -> Withheld | None:
    """Give what a conversion withholds, apart from what the last import wrote on an order that is taken back.

    The workspace keeps the value of a cell, or the row, that cannot be read any more. Where the value was written as
    proposed because the planner said so, and he says otherwise now, it goes: only a choice that is stated does that.
    """
    import numpy as np

    from ...layers.reading.withheld import Withheld
    from ...layers.table import LayerTable

    withheld = diagnosis.converted.withheld if diagnosis.converted is not None else None
    recorded = _recorded(diagnosis, workspace)
    if withheld is None or recorded is None:
        return withheld
    rows: set[int] = set()
    cells = dict(withheld.cells)
    for block in diagnosis.findings:
        if block.at is None or not block.choices:
            continue
        numbers = diagnosis.raw.rows[block.at]
        back = np.array([_is_taken_back(chosen, recorded, block.code, int(one)) for one in numbers], dtype=bool)
        if back.any():
            rows.update(numbers[back].tolist())
            if block.field in cells:
                cells[block.field] = np.setdiff1d(cells[block.field], block.at[back])
    if not rows:
        return withheld
    ordered = withheld.rows.columns["source_row"].isin(rows).to_numpy(dtype=bool)
    kept = LayerTable(
        withheld.rows.spec, withheld.rows.columns[~ordered].reset_index(drop=True), withheld.rows.geometry[~ordered]
    )
    moved = LayerTable(
        withheld.rows.spec, withheld.rows.columns[ordered].reset_index(drop=True), withheld.rows.geometry[ordered]
    )
    return Withheld(kept, cells, withheld.ordered).with_rows(moved, [""] * len(moved), np.ones(len(moved), dtype=bool))


def _is_taken_back(chosen: Treatments, recorded: Treatments, code: str, number: int) -> bool:
    is_stated = code in chosen.by_code or (code, f"row {number}") in chosen.by_row
    was_applied = recorded.action(code, number) == APPLY and KINDS[code].actions[0] != APPLY
    return is_stated and was_applied and chosen.action(code, number) != APPLY


def _recorded(diagnosis: Diagnosis, workspace: Workspace | None) -> Treatments | None:
    """Read from the history how the source was treated; None where it does not tell."""
    import tomllib

    from ...errors import ParameterError
    from ...layers.findings.treatments import Treatments

    if workspace is None:
        return None
    layer, source = diagnosis.spec.name, diagnosis.raw.source
    kept = [
        record
        for record in workspace.history()
        if record["layer"] == layer
        and record["source_file"] == source
        and not record.get("undone_by")
        and not record.get("undoes")
    ]
    if not kept or not kept[-1].get("recipe"):
        return None
    try:
        content = tomllib.loads(str(kept[-1]["recipe"]))
        by_row = {(row["code"], row["row"]): row["action"] for row in content.get("row", [])}
        return Treatments(dict(content.get("treatments", {})), by_row)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ParameterError):  # of another version
        return None
