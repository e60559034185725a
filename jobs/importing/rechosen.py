"""What the planner chose otherwise since the workspace took a source in: a change even where no cell is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.findings.treatments import Treatments
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
