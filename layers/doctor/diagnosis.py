"""Examine a file completely: what an import would do with it, and everything that is wrong with it.

`examine` reads no file and writes none; `import_layer` writes what it gives, `diagnose` only reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ...errors import InputError
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.kind import APPLY, SET_ASIDE
from ..findings.treatments import RowTreatments, Treatments
from ..geometry.findings import geometry_findings
from ..reading.columns_told import column_findings
from ..reading.converted import Converted, without
from ..reading.datum_decision import Decision
from ..reading.deleted import deleted_findings
from ..reading.evidence import decide
from ..reading.garbled_headings import check_readable
from ..reading.identity import row_keys, shown_key
from ..reading.importing import convert
from ..reading.mapping import Mapping as Columns
from ..reading.mapping import check_complete, propose
from ..reading.positions import check_possible
from ..reading.reasons import Reasons
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from ..store.deleted import Deleted
from ..table import LayerTable
from .corrections import doubting
from .datum.weighing import DatumVerdict, datum_findings, weigh
from .identity.findings import identity_findings
from .references import References
from .unplaced import without_places


@dataclass
class Known:
    """What a workspace already holds, without the rows of the file that is examined.

    Attributes
    ----------
    references : References
        Counties, places, villages and the like, whose position is certain.
    layers : mapping of str to LayerTable
        Other rows, by layer name.
    taken : mapping of str to str
        Keys (`identity.row_keys`) of other sources' rows in the layer, and where each comes from.
    earlier : LayerTable or None
        The rows that an earlier edition of the file brought.
    deleted : Deleted
        Those of them that a planner deleted since.
    """

    references: References
    layers: Mapping[str, LayerTable] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    earlier: LayerTable | None = None
    deleted: Deleted = field(default_factory=lambda: Deleted([], []))


@dataclass(frozen=True)
class Orders:
    """What the planner has said about a file.

    Attributes
    ----------
    datum : str
        As `evidence.decide` takes it; "auto" for nothing.
    columns : mapping or None
        Content of a mapping file.
    treatments : Treatments
    """

    datum: str = "auto"
    columns: Mapping[str, str | None] | None = None
    treatments: Treatments = field(default_factory=Treatments)


@dataclass
class Diagnosis:
    """What was found.

    Attributes
    ----------
    raw : RawTable
    spec : LayerSpec
    columns : mapping.Mapping
        Which column becomes which field.
    verdict : DatumVerdict or None
        What the evidence says of the datum; None where there are no coordinates.
    decision : Decision or None
        The datum that an import takes; None where it would stop and ask.
    assumed : Decision or None
        The datum on which the rows were examined all the same; None where nothing could be assumed.
    converted : Converted or None
        The rows; None where the file as a whole cannot be read as this layer.
    findings : Findings
    refusals : list of InputError
        Why an import would stop, for the planner to decide.
    known : References
        What the coordinates were held against.
    """

    raw: RawTable
    spec: LayerSpec
    columns: Columns
    verdict: DatumVerdict | None = None
    decision: Decision | None = None
    assumed: Decision | None = None
    converted: Converted | None = None
    findings: Findings = field(default_factory=Findings)
    refusals: list[InputError] = field(default_factory=list)
    known: References = field(default_factory=References)


_NO_ZONE = ("zone_not_stated", "no_zone_prefix")


def _quiet(fraction: float) -> None:
    """Report to nobody."""


def examine(
    raw: RawTable,
    spec: LayerSpec,
    known: Known,
    orders: Orders,
    progress: Callable[[float], None] = _quiet,
    *,
    strict: bool = False,
) -> Diagnosis:
    """Examine a table.

    Parameters
    ----------
    raw : RawTable
    spec : LayerSpec
        The layer that is wanted.
    known : Known
    orders : Orders
    progress : callable
        Takes 0 to 1.
    strict : bool
        Raise the first refusal, as an import does; else go on and list it.

    Raises
    ------
    InputError
        Only with `strict`.
    """
    columns = propose(raw.headings, spec, dict(orders.columns or {}), [not any(cells) for cells in raw.cells])
    found = Diagnosis(raw, spec, columns, known=known.references)
    with _Refusals(found, strict):
        if columns.missing(spec):
            check_readable(raw, spec)
    if found.refusals:  # nothing of a file can be examined whose headings are garbled
        found.findings.extend(raw.findings)
        return found
    with _Refusals(found, strict):
        check_complete(columns, spec, raw.name)
    # Without the column of a required field every row would say so, and without that of a key be a duplicate; the
    # refusal has said it once.
    missing = set(columns.missing(spec))
    wanted = replace(
        spec,
        own_fields=tuple(replace(item, required=False) if item.name in missing else item for item in spec.own_fields),
        key=() if missing & set(spec.key) else spec.key,
    )
    found.verdict = weigh(raw, columns, spec, known.references, orders.datum)
    progress(0.15)
    with _Refusals(found, strict):
        found.decision = decide(raw, columns, orders.datum, spec, found.verdict, orders.treatments)
        check_possible(raw, columns, found.decision, spec)
    # A file that is refused for its axes is examined as it would be with its axes in order.
    turned = found.decision is None and found.verdict is not None and found.verdict.swapped
    exchange = Treatments({**orders.treatments.by_code, "swapped": APPLY}, orders.treatments.by_row)
    assumed_treatments = exchange if turned else orders.treatments
    found.assumed = found.decision or _assumed(found, orders.datum, assumed_treatments)
    if found.assumed is not None:
        with _Refusals(found, strict):
            found.converted = convert(
                raw,
                wanted if missing else spec,
                columns,
                found.assumed,
                known.taken,
                lambda fraction: progress(0.15 + 0.6 * fraction),
                assumed_treatments,
                record=strict,
                doubting=doubting(raw, columns, spec, known.layers, known.references),
            )
            if turned:  # said once of the file
                blocks = found.converted.findings.blocks
                found.converted.findings.blocks = [block for block in blocks if block.code != "swapped"]
    found.findings.extend(found.converted.findings if found.converted else raw.findings)
    found.findings.extend(column_findings(raw, columns, spec, orders.columns))
    if found.verdict is not None:
        exchanged = found.decision is not None and orders.treatments.applies("swapped")
        stated = "" if orders.datum == "auto" else orders.datum
        told = datum_findings(found.verdict, found.decision, stated=stated, exchanged=exchanged)
        found.findings.extend(_of_a_lying_zone(raw, told))
    if found.converted is not None:
        table, positions = found.converted.table, found.converted.positions
        between = Findings()
        if table.spec.key:
            between.extend(identity_findings(table, positions, known.layers, known.earlier))
            between.extend(deleted_findings(table, positions, known.deleted, known.earlier))
        progress(0.9)
        nodes = known.layers.get("trunk_nodes")
        between.extend(geometry_findings(table, positions, nodes=nodes.geometry if nodes else None))
        found.findings.extend(between)
        placed = without_places(raw, found.converted, between, orders.treatments)
        found.converted = _without_unwanted(raw, placed, between, orders.treatments)
    progress(1.0)
    return found


def _of_a_lying_zone(raw: RawTable, told: Findings) -> Findings:
    """Say that the zone is wrong, and not that it is not stated, of a file whose own statement was disproved."""
    lies = [block for block in raw.findings if block.code == "lying_prj"]
    if not lies:
        return told
    return Findings(
        [
            replace(block, code="wrong_zone", originals=lies[0].originals) if block.code in _NO_ZONE else block
            for block in told
        ]
    )


def _without_unwanted(raw: RawTable, converted: Converted, findings: Findings, treatments: Treatments) -> Converted:
    """Set aside the rows that the planner does not want for what they are beside other rows."""
    shown: list[str] = []
    if treatments.by_row:
        words = np.full(len(raw), "", dtype=object)
        words[converted.positions] = list(map(shown_key, row_keys(converted.table.spec, converted.table.columns)))
        shown = words.tolist()
    chosen = RowTreatments(treatments, raw.rows, shown)
    unwanted = Reasons()
    for block in findings:
        if block.at is None or SET_ASIDE not in KINDS[block.code].actions:
            continue
        whys = block.why * len(block.at) if len(block.why) == 1 else block.why
        for index in np.flatnonzero(chosen.where(block.code, block.at, SET_ASIDE)):
            at = int(block.at[index])
            ordered = chosen.orders_aside(block.code, at)
            unwanted.add([at], block.code, whys[index], block.field, ordered=ordered)
    return without(converted, raw, unwanted) if unwanted.by_row else converted


class _Refusals:
    """Keep the refusals of a step for the diagnosis, or let them through."""

    def __init__(self, found: Diagnosis, strict: bool) -> None:
        self._found = found
        self._strict = strict

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> bool:
        if self._strict or not isinstance(fault, InputError):
            return False
        self._found.refusals.append(fault)
        return True


def _assumed(found: Diagnosis, stated: str, treatments: Treatments) -> Decision | None:
    """Give the datum on which rows are examined until the planner states it: the evidence's, else as they stand."""
    words = [found.verdict.datum] if found.verdict is not None and found.verdict.datum else []
    for datum in (*words, *([] if stated == "auto" else [stated]), "cgcs2000"):
        try:
            return decide(found.raw, found.columns, datum, found.spec, found.verdict, treatments)
        except InputError:
            continue
    return None
