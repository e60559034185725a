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


def choices_before(diagnosis: Diagnosis, workspace: Workspace | None) -> dict[str, str]:
    """Give what was chosen otherwise than the kinds' defaults at the last import of the source, as ``--treatments`` does.

    A recipe names the defaults, too: taken as choices they would be the planner's word, which they never were.
    """
    recorded = _recorded(diagnosis, workspace)
    if not recorded:
        return {}
    last = recorded[-1]
    usual = {code: kind.actions[0] for code, kind in KINDS.items() if kind.actions}
    held = {**usual, **last.by_code}
    found = {code: action for code, action in last.by_code.items() if action != usual.get(code)}
    rows = {f"{code}@{row}": action for (code, row), action in last.by_row.items() if action != held.get(code)}
    return found | rows


def rows_rechosen(diagnosis: Diagnosis, chosen: Treatments, workspace: Workspace | None) -> int:
    """Count the findings that are treated otherwise than at the last import of the source; 0 where there was none.

    Of a row that is merged now and was set aside then no cell of the workspace tells: its history has to.
    """
    imports = _recorded(diagnosis, workspace)
    if not imports:
        return 0
    recorded = imports[-1]
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
    proposed because the planner said so, at whichever import of the source, and he says otherwise now, it goes: only a
    choice that is stated does that.
    """
    import numpy as np

    from ...layers.reading.withheld import Withheld
    from ...layers.table import LayerTable

    withheld = diagnosis.converted.withheld if diagnosis.converted is not None else None
    recorded = _recorded(diagnosis, workspace)
    if withheld is None or not recorded:
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


def _is_taken_back(chosen: Treatments, recorded: list[Treatments], code: str, number: int) -> bool:
    is_stated = code in chosen.by_code or (code, f"row {number}") in chosen.by_row
    if not is_stated or chosen.action(code, number) == APPLY or KINDS[code].actions[0] == APPLY:
        return False
    return any(one.action(code, number) == APPLY for one in recorded)


def _recorded(diagnosis: Diagnosis, workspace: Workspace | None) -> list[Treatments]:
    """Read from the history how the source was treated, from the first import to the last; none where it does not tell."""
    if workspace is None:
        return []
    layer, source = diagnosis.spec.name, diagnosis.raw.source
    kept = [
        record
        for record in workspace.history()
        if record["layer"] == layer
        and record["source_file"] == source
        and not record.get("undone_by")
        and not record.get("undoes")
    ]
    found = [_treatments_of(str(record.get("recipe") or "")) for record in kept]
    if not found or found[-1] is None:
        return []
    return [one for one in found if one is not None]


def _treatments_of(recipe: str) -> Treatments | None:
    """Read the choices of a recipe; None for none, or one of another version."""
    import tomllib

    from ...errors import ParameterError
    from ...layers.findings.treatments import Treatments

    if not recipe:
        return None
    try:
        content = tomllib.loads(recipe)
        by_row = {(row["code"], row["row"]): row["action"] for row in content.get("row", [])}
        return Treatments(dict(content.get("treatments", {})), by_row)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ParameterError):
        return None
