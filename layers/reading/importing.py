"""From a table as it stands in a file to rows of a layer: every row is either written or set aside with its reason.

Nothing here writes a file. The count is checked: rows in = rows out + rows set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from pathlib import PurePath

import numpy as np
import pandas as pd
import shapely

from ...errors import InputError
from ...text import Text
from ..cells.values import KEPT, PLAIN, Column, expected, is_null, read_column, typed
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.kind import SET_ASIDE
from ..findings.treatments import RowTreatments, Treatments
from ..shapes import points_in
from ..sources.garbled import repaired
from ..sources.raw_table import RawTable
from ..spec import BY_ROW, Field, Kind, LayerSpec
from ..table import LayerTable
from .accounts import Reading, account, changes, no_changes
from .converted import Converted, aside_frame, issue_frame, merged_frame
from .datum_decision import Decision
from .derived import count_values, derive, derived_notice, garbled, mixed_notice, numbered_notice
from .identity import row_keys, row_uuids, shown_key
from .judgements import JUDGED, settle
from .judging import Doubt, no_doubt
from .mapping import Mapping
from .mixed_units import mixed_units
from .odd_rows import duplicates, totals_and_headers
from .plausible import Issue
from .positions import check_possible, locate
from .reasons import Reasons
from .withheld import withhold
from .without_place import blank_places, note_blank_places

_ROW_CODES = frozenset(("unknown_code", "wrong_digits", "cut_code", "scientific", "not_a_village"))


_UNTREATED = Treatments()
Doubting = Callable[[pd.DataFrame], Doubt]


def _quiet(fraction: float) -> None:
    """Report to nobody."""


def convert(
    raw: RawTable,
    spec: LayerSpec,
    mapping: Mapping,
    decision: Decision,
    taken: AnyMapping[str, str] | None = None,
    progress: Callable[[float], None] = _quiet,
    treatments: Treatments = _UNTREATED,
    *,
    record: bool = True,
    doubting: Doubting | None = None,
) -> Converted:
    """Turn a table into rows of a layer.

    Parameters
    ----------
    raw : RawTable
    spec : LayerSpec
    mapping : Mapping
        Complete: every required field has a column or a constant.
    decision : Decision
        The datum of the coordinates.
    taken : mapping, optional
        Keys (`identity.row_keys`) that the workspace holds from other sources, and where each comes from.
    progress : callable
        Takes 0 to 1.
    treatments : Treatments
        What the planner chose to have done about each kind of finding.
    record : bool
        Give every row its UUID, and the original text of what was changed, for rows that are to be written.
    doubting : callable, optional
        Given the values of all rows, one column a field, gives what judges the result of a correction.

    Raises
    ------
    InputError
        The file as a whole cannot be what was stated; see `positions.locate` and `positions.check_possible`.
    """
    check_possible(raw, mapping, decision, spec)
    count = len(raw)
    aside = Reasons()
    for at, words in raw.damaged.items():
        aside.add([at], "damaged_row", words)
    for at, (code, words) in raw.odd.items():
        aside.add([at], code, words)
    totals_and_headers(raw, mapping, spec, aside)
    odd = set(aside.by_row)
    columns: dict[str, pd.Series] = {}
    issues: list[Issue] = []
    readings: dict[str, Reading] = {}
    silent: dict[str, np.ndarray] = {}
    for done, item in enumerate(spec.fields):
        texts, column = _column(raw, mapping, spec, item)
        columns[item.name] = column.cells
        if (column.notes != "").any():
            readings[item.name] = Reading(texts, column)
        _judge(item, texts, column, odd, _needed(item, columns, count), aside, issues)
        issues += garbled(item, texts, column, odd)
        issues += [issue for issue in mixed_units(item, texts, column) if issue[0] not in odd]
        if item.derive is not None:
            silent[item.name] = np.array([is_null(str(text)) for text in texts], dtype=bool)
        progress(0.6 * done / len(spec.fields))
    filled = {name: derive(spec.field(name), columns, where) for name, where in silent.items()}
    frame = pd.DataFrame(columns)
    keys = row_keys(spec, frame) if count else []
    shown = list(map(shown_key, keys)) if treatments.by_row else []  # else nobody asks for them
    chosen = RowTreatments(treatments, raw.rows, shown)
    judged = Findings()
    for name, (texts, column) in readings.items():
        if JUDGED & set(column.notes):
            item = spec.field(name)
            columns[name] = settle(item, texts, column, odd, chosen, aside, issues, judged)
            frame[name] = columns[name]
    located = locate(raw, mapping, decision, spec, aside, chosen, doubting(frame) if doubting else no_doubt)
    for at in odd:  # a row of totals has no coordinates either; once said is enough
        del aside.by_row[at][1:]
    progress(0.8)
    _set_aside_for_values(issues + located.issues, chosen, aside)
    _set_aside_for_spelling(readings, chosen, aside)
    blank = blank_places(raw, decision, located, aside, chosen)
    merged = duplicates(raw, keys, taken or {}, aside, chosen)
    keep = np.ones(count, dtype=bool)
    keep[[*aside.by_row, *merged]] = False
    note_blank_places(judged, raw, spec, decision, blank, keep[blank])
    frame["source_row"] = typed(raw.rows.astype(object), Kind.INTEGER)
    withheld = withhold(spec, frame, located.geometry, aside, issues + located.issues, silent)
    issues = [issue for issue in issues + located.issues if keep[issue[0]]]
    for at, original, change in located.repairs:
        words = Text(f"{original}；{change.zh}", f"{original}; {change.en}")
        if keep[at]:
            issues.append((at, "geometry", "geometry_repaired", words, original))
    frame["source_file"] = pd.Series([raw.source] * count, dtype="str")
    if record:
        frame["uuid"] = pd.Series(row_uuids(spec, keys), dtype="str")
    table = LayerTable(spec, frame[keep].reset_index(drop=True), located.geometry[keep])
    findings = account(raw, spec, readings, columns, issues, aside, merged, located, judged, treatments)
    converted = Converted(
        table,
        aside_frame(raw, aside),
        issue_frame(raw, spec, issues),
        count,
        int(shapely.is_missing(table.geometry).sum()),
        merged_frame(raw, merged),
        changes(raw, spec, readings, frame, keep, located.findings) if record else no_changes(),
        findings,
        np.flatnonzero(keep),
        points_in(located.geometry),
        aside.counts(),
        [*located.notices, *mixed_notice(issues)],
        {name: counts for name, where in filled.items() if (counts := count_values(frame[name][where & keep]))},
        withheld,
    )
    made = [item for item in spec.fields if mapping.constants.get(item.name) == BY_ROW]
    converted.notices += [numbered_notice(item) for item in made]
    converted.notices += [derived_notice(spec, name, counts) for name, counts in converted.derived.items()]
    if converted.rows_in != converted.rows_out + len(converted.set_aside) + len(merged):
        raise RuntimeError(
            f"{raw.name}: {converted.rows_in} rows in, {converted.rows_out} out, {len(converted.set_aside)} set aside, "
            f"{len(merged)} merged"
        )
    progress(1.0)
    return converted


def _column(raw: RawTable, mapping: Mapping, spec: LayerSpec, item: Field) -> tuple[np.ndarray, Column]:
    is_key = item.name in spec.key
    count = len(raw)
    if item.name in mapping.constants:
        text = mapping.constants[item.name].replace("{file}", PurePath(raw.edition_of or raw.source).stem)
        one = read_column(np.array([text.replace("{row}", "1")], dtype=object), item, is_key=is_key)
        if one.reasons[0] or one.cells.isna()[0]:
            raise InputError(
                Text(
                    "字段对照文件中“{label}”的常量“{text}”无法识别。",
                    "The constant “{text}” for “{label}” in the field mapping is not understood.",
                ).filled(label=item.label, text=text),
                Text("应为：{want}。", "It should be: {want}.").filled(want=expected(item)),
            )
        texts = np.array([text.replace("{row}", str(row)) for row in raw.rows], dtype=object)
    elif item.name in mapping.fields:
        texts = raw.cells[mapping.fields[item.name]]
    else:
        texts = np.full(count, "", dtype=object)
    return texts, read_column(texts, item, unit=mapping.units.get(item.name, ""), is_key=is_key)


def _needed(item: Field, columns: AnyMapping[str, pd.Series], count: int) -> np.ndarray:
    """Tell which rows must fill a field, shape (n,) bool."""
    needed = np.full(count, item.required)
    return needed & columns[item.unless].isna().to_numpy(bool) if item.unless else needed


def _judge(
    item: Field,
    texts: np.ndarray,
    column: Column,
    odd: set[int],
    needed: np.ndarray,
    aside: Reasons,
    issues: list[Issue],
) -> None:
    """Set rows aside for a value that they need, note an issue for any other."""
    for at in np.flatnonzero(column.reasons != ""):
        if int(at) in odd:
            continue
        reason, text = str(column.reasons[at]), str(texts[at])
        if needed[at] and reason not in KEPT:
            code = reason if reason in _ROW_CODES else "bad_required"
            aside.add([at], code, _why(item, reason, text), item.name, text)
        else:
            issues.append((int(at), item.name, reason, _why(item, reason, text), text))
    gone = needed & column.cells.isna().to_numpy() & (column.reasons == "")
    aside.add([at for at in np.flatnonzero(gone) if int(at) not in odd], "missing_required", item.label, item.name)


def _set_aside_for_values(issues: Sequence[Issue], treatments: RowTreatments, aside: Reasons) -> None:
    """Set aside the rows of those cells that the planner does not want written empty."""
    for at, name, code, why, text in issues:
        if SET_ASIDE in KINDS[code].actions[1:] and treatments.action(code, at) == SET_ASIDE:
            aside.add([at], code, why, name, text, ordered=True)


def _set_aside_for_spelling(readings: AnyMapping[str, Reading], treatments: RowTreatments, aside: Reasons) -> None:
    """Set aside the rows of those spellings that the planner does not trust, such as ids that may be rounded."""
    for name, (texts, column) in readings.items():
        for code in map(str, dict.fromkeys(column.notes[column.notes != ""])):
            if SET_ASIDE not in KINDS[code].actions or code in JUDGED:
                continue
            rows = np.flatnonzero(column.notes == code)
            for at in rows[treatments.where(code, rows, SET_ASIDE)]:
                aside.add(
                    [at], code, KINDS[code].label, name, str(texts[at]), ordered=treatments.orders_aside(code, at)
                )


def _why(item: Field, reason: str, text: str) -> Text:
    want, said = expected(item), KINDS[reason].label
    zh, en = f"{item.label.zh}“{text}”{said.zh}", f"{item.label.en} “{text}”: {said.en}"
    if want.zh and reason not in PLAIN:
        zh, en = f"{zh}（应为：{want.zh}）", f"{en} (expected: {want.en})"
    if right := repaired(text):
        zh, en = f"{zh}；疑似乱码，可能应为“{right}”", f"{en}; it looks garbled and may be “{right}”"
    return Text(zh, en)
