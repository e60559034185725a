"""What `diagnose` and `import_layer` share: what the workspace knows, the diagnosis, and the recipe that it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...text import Text

if TYPE_CHECKING:
    from ...layers.doctor.diagnosis import Diagnosis, Known
    from ...layers.findings.treatments import Treatments
    from ...layers.reading.recipe import Recipe
    from ...layers.reading.replacement import Replacement
    from ...layers.sources.raw_table import RawTable
    from ...layers.spec import LayerSpec
    from ...layers.store.workspace import Workspace
    from .request import Request


def known_in(workspace: Workspace | None, spec: LayerSpec, source: str) -> Known:
    """Read what a workspace knows apart from the rows of the source itself; nothing where there is none."""
    from ...layers.doctor.diagnosis import Known
    from ...layers.doctor.references import References, read_references
    from ...layers.reading.replacing import taken_keys
    from ...layers.table import LayerTable

    if workspace is None:
        return Known(References())
    counts = workspace.counts()
    layers: dict[str, LayerTable] = {}
    for name in _COMPARED.get(spec.name, ()):
        if counts.get(name):
            table = workspace.read(name)
            other = table.columns["source_file"].fillna("").to_numpy() != source if name == spec.name else None
            layers[name] = (
                table
                if other is None
                else LayerTable(table.spec, table.columns[other].reset_index(drop=True), table.geometry[other])
            )
    taken = taken_keys(spec, workspace.keys(spec), source)
    return Known(
        read_references(workspace, spec, source),
        layers,
        taken,
        workspace.rows_of(spec, source),
        workspace.deleted(spec, source),
    )


def compared_with(workspace: Workspace | None, diagnosis: Diagnosis, chosen: Treatments) -> Replacement:
    """Compare the rows that an import would write with those that the workspace holds of the same source."""
    from ...layers.reading.replacing import compare
    from ...layers.store.workspace import Earlier
    from .rechosen import without_what_is_taken_back

    spec, converted = diagnosis.spec, diagnosis.converted
    if converted is None:
        raise ValueError(f"{diagnosis.raw.name}: there are no rows to compare")
    earlier = workspace.earlier(spec, diagnosis.raw.source) if workspace else Earlier(converted.table.empty(), [])
    aside, unread, ordered = None, None, None
    withheld = without_what_is_taken_back(diagnosis, chosen, workspace)
    if withheld is not None:
        aside, unread, ordered = withheld.rows, withheld.unread(converted.positions), withheld.ordered
    return compare(earlier.table, converted.table, earlier.digests, aside=aside, unread=unread, ordered=ordered)


# The layers that the rows of a layer are compared with: duplicates, masts, region codes, references.
_COMPARED: dict[str, tuple[str, ...]] = {
    "villages": ("villages", "admin_units"),
    "settlements": ("settlements", "villages", "admin_units"),
    "key_points": ("key_points", "villages", "places", "admin_units"),
    "places": ("places", "villages", "admin_units"),
    "base_stations": ("base_stations", "towers_and_poles"),
    "towers_and_poles": ("towers_and_poles", "base_stations"),
    "trunk_cables": ("trunk_cables", "trunk_nodes"),
    "trunk_nodes": ("trunk_nodes",),
    "measurements": ("base_stations",),
    "admin_units": ("admin_units",),
}


def is_newer_edition(diagnosis: Diagnosis, request: Request, workspace: Workspace | None) -> str:
    """Give the source of which a file read by a recipe is a newer edition, "" for none.

    It is one where at least half of the rows that the workspace holds of the recipe's own file come again by their key.
    """
    recipe = request.recipe
    if recipe is None or workspace is None or recipe.made_from == diagnosis.raw.source:
        return ""
    held = int((workspace.keys(diagnosis.spec)["source_file"] == recipe.made_from).sum())
    again = _repeated(diagnosis).get(recipe.made_from, 0)
    return recipe.made_from if again and 2 * again >= held else ""


def _repeated(diagnosis: Diagnosis) -> dict[str, int]:
    """Count the rows whose key the workspace holds from another source, by that source."""
    found: dict[str, int] = {}
    for block in diagnosis.findings:
        for related in block.related if block.code == "in_workspace" else ():
            source = str(related).rpartition(":")[0]
            if source:
                found[source] = found.get(source, 0) + 1
    return found


def recipe_of(diagnosis: Diagnosis, request: Request) -> Recipe:
    """Give the recipe by which this file was read, for the next one of the same source."""
    from ...layers.findings.catalogue import KINDS
    from ...layers.findings.treatments import Treatments
    from ...layers.reading.recipe import Recipe

    counts: dict[str, int] = {}
    for block in diagnosis.findings:
        if block.grave != "informs":
            counts[block.code] = counts.get(block.code, 0) + (1 if block.at is None else len(block.at))
    chosen = request.orders.treatments
    open_ = {block.code for block in diagnosis.findings if block.choices}
    actions = {code: chosen.action(code) for code in counts if code in open_}
    raw, decision = diagnosis.raw, diagnosis.decision or diagnosis.assumed
    columns: dict[str, str | None] = dict(
        diagnosis.columns.as_json(decision.pair, decision.use_wkt) if decision else {}
    )
    columns |= {words: None for words, name in (request.orders.columns or {}).items() if name is None}
    return Recipe(
        diagnosis.spec.name,
        raw.source,
        raw.layer,
        raw.encoding,
        decision.datum if decision and decision.datum else "auto",
        tuple(raw.headings),
        columns,
        Treatments({**chosen.by_code, **actions}, chosen.by_row),
        len(raw),
        {code: counts[code] for code in KINDS if code in counts},
    )


Progress = Callable[[float], None]


def _note_newer_edition(diagnosis: Diagnosis) -> None:
    """Say that most rows stand in the workspace already: it may be a newer edition under another name."""
    source, count = max(_repeated(diagnosis).items(), key=lambda item: item[1], default=("", 0))
    if 2 * count >= len(diagnosis.raw):
        diagnosis.findings.add(
            "newer_edition",
            values=source,
            proposed=f"--edition-of {source}",
            why=Text(
                f"{len(diagnosis.raw)} 行中有 {count} 行的主键已由“{source}”导入",
                f"the keys of {count} of {len(diagnosis.raw)} rows came in with “{source}”",
            ),
        )


def _note_idle_choices(diagnosis: Diagnosis, treatments: Treatments) -> None:
    """Say which choices for single rows meet no finding in this file."""
    from ...layers.findings.catalogue import KINDS

    numbers = diagnosis.raw.rows
    met = {
        (block.code, f"row {numbers[at]}")
        for block in diagnosis.findings
        for at in (
            block.at if block.at is not None and any(code == block.code for code, _ in treatments.by_row) else ()
        )
    }
    for code, row in treatments.by_row:
        if row.startswith("row ") and (code, row) not in met:
            words = Text(
                f"第 {row[4:]} 行没有“{KINDS[code].label.zh}”的问题，对它的处理（{code}@{row}）未起作用。",
                f"The treatment {code}@{row} meets no finding.",
            )
            diagnosis.raw.notices.append(words)


def examine_source(
    raw: RawTable, spec: LayerSpec, request: Request, known: Known, progress: Progress, *, strict: bool
) -> Diagnosis:
    """Examine a source, and hold it to the recipe where one was given."""
    from ...layers.doctor.diagnosis import examine
    from ...layers.reading.recipe import check_headings

    if request.recipe is not None:
        check_headings(request.recipe, raw.headings, raw.name)
    diagnosis = examine(raw, spec, known, request.orders, progress, strict=strict)
    _note_newer_edition(diagnosis)
    _note_idle_choices(diagnosis, request.orders.treatments)
    return diagnosis


def examine_edition(
    raw: RawTable,
    spec: LayerSpec,
    request: Request,
    workspace: Workspace | None,
    progress: Progress,
    *,
    strict: bool,
) -> tuple[Diagnosis, Known]:
    """Examine a source against a workspace; one that a recipe shows to be a newer edition, as such.

    Returns
    -------
    Diagnosis, Known
        And what it was held against; ``raw.edition_of`` names the earlier edition.
    """
    known = known_in(workspace, spec, raw.source)
    diagnosis = examine_source(raw, spec, request, known, progress, strict=strict)
    if not raw.edition_of and (made_from := is_newer_edition(diagnosis, request, workspace)):
        raw.edition_of = made_from
        known = known_in(workspace, spec, raw.source)
        diagnosis = examine_source(raw, spec, request, known, progress, strict=strict)
    return diagnosis, known
