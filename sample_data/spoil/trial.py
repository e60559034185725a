"""Put the doctor on trial: run the jobs on spoiled files and hold their answers against what was planted.

Only the public interface is used: the jobs `diagnose` and `import_layer`, their summaries, `findings.csv` and the
workspace.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio

from ...engine.executor import run_job
from ...errors import XinjiError
from . import clean, write
from .table import Case, Planted

SEVERITIES = ("informs", "warns", "blocks")
_COUNTY = (("units", "auto"), ("villages", "cgcs2000"), ("roads", "auto"), ("places", "cgcs2000"))
_OTHERS = (("telecom", "wgs84"), ("towers", "wgs84"))


@dataclass
class Score:
    """What came of one case.

    Attributes
    ----------
    planted, found : int
        Faults, and those of them that were told on the right row under an acceptable code.
    missed : list of str
        What was not told, with what was told there instead.
    untouched, alarms : int
        Rows that nobody spoiled, and those of them that were warned of or blocked.
    wrong : list of str
        The alarms: code, rows.
    lost : list of str
        Rows that the import does not account for, values that it did not bring back, refusals without a reason.
    recovered, recoverable : int
        Values that an import must bring back, and those that it did.
    """

    name: str
    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    untouched: int = 0
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)
    recoverable: int = 0
    recovered: int = 0
    lost: list[str] = field(default_factory=list)


def prepare(folder: Path) -> dict[str, Path | None]:
    """Make the workspaces against which files are diagnosed: "county", and "others" with more operators' tables."""
    folder.mkdir(parents=True, exist_ok=True)
    county, others = folder / "county.gpkg", folder / "others.gpkg"
    _load(county, _COUNTY, folder)
    shutil.copyfile(county, others)
    _load(others, _OTHERS, folder)
    return {"": None, "county": county, "others": others}


def _load(workspace: Path, files: tuple[tuple[str, str], ...], folder: Path) -> None:
    for short, datum in files:
        table = clean.tables()[short]
        path = folder / f"{table.name}.{'gpkg' if table.shapes is not None else 'csv'}"
        if table.shapes is not None:
            write.write_layer(path, write.frame(table))
        else:
            write.write_csv(path, write.matrix(table))
        stated = {"source": str(path), "kind": table.kind, "datum": datum, "workspace": str(workspace)}
        run_job("import_layer", stated, folder / f"load {short}")


def judge(name: str, case: Case, workspaces: Mapping[str, Path | None], folder: Path, *, imports: bool = True) -> Score:
    """Diagnose one file, score the findings, and import it."""
    score = Score(name)
    folder.mkdir(parents=True, exist_ok=True)
    workspace = workspaces[case.workspace]
    try:
        result = run_job("diagnose", _stated(case, workspace, case.datum), folder / "diagnosis")
        score_findings(score, case, findings_of(Path(result.outputs["findings"])))
    except XinjiError as error:
        score_refusal(score, case, error)
    if imports:
        _import(score, case, workspace, folder)
    return score


def _stated(case: Case, workspace: Path | None, datum: str) -> dict[str, str]:
    stated = {"source": str(case.path), "kind": case.kind, "datum": datum}
    if case.layer:
        stated["layer"] = case.layer
    if workspace is not None:
        stated["workspace"] = str(workspace)
    return stated


# --- findings ---------------------------------------------------------------------------------------------------------


def findings_of(path: Path) -> list[dict[str, Any]]:
    """Read `findings.csv`; "rows" becomes a set of numbers, empty for the file as a whole."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row | {"rows": set(numbers(row["rows"]))} for row in csv.DictReader(file)]


def numbers(text: str) -> Iterator[int]:
    """Give the numbers of a text such as "3;7;9-12"."""
    for part in filter(None, text.replace(",", ";").replace(" ", "").split(";")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def score_findings(score: Score, case: Case, findings: list[dict[str, Any]]) -> None:
    """Count the planted faults that were told, and the alarms on rows that nobody spoiled."""
    spoiled: set[int] = set()
    accepted: set[str] = set()
    for fault in case.planted:
        spoiled.update(fault.rows)
        accepted |= fault.codes
        if not fault.codes:
            continue
        score.planted += 1
        if any(_tells(finding, fault) for finding in findings):
            score.found += 1
        else:
            score.missed.append(_instead(case, fault, findings))
    grave = [finding for finding in findings if finding["severity"] in ("warns", "blocks")]
    if not case.whole:
        score.untouched = case.count - len(spoiled & set(range(case.count + 2)))
        alarmed = set().union(*(finding["rows"] for finding in grave)) - spoiled
        score.alarms = len(alarmed)
        for finding in grave:
            if finding["rows"] - spoiled:
                rows = sorted(finding["rows"] - spoiled)
                score.wrong.append(
                    f"{case.path.name}: {finding['code']} rows {rows[:5]} ({len(rows)}) {finding['value']!r}"
                )
    for finding in grave:
        if not finding["rows"] and finding["code"] not in accepted:
            score.alarms += 1
            score.wrong.append(f"{case.path.name}: {finding['code']} of the whole file: {finding['why_en'][:120]}")


def _tells(finding: dict[str, Any], fault: Planted) -> bool:
    if finding["code"] not in fault.codes:
        return False
    if SEVERITIES.index(finding["severity"]) < SEVERITIES.index(fault.least):
        return False
    return not fault.rows or not finding["rows"] or bool(finding["rows"] & set(fault.rows))


def _instead(case: Case, fault: Planted, findings: list[dict[str, Any]]) -> str:
    there = [f for f in findings if not fault.rows or f["rows"] & set(fault.rows)]
    told = ", ".join(sorted({f"{f['code']}({f['severity']})" for f in there})) or "nothing"
    rows = ";".join(map(str, fault.rows)) or "file"
    return f"{case.path.name} {rows}: expected {'/'.join(sorted(fault.codes))}>={fault.least}, told {told}"


def score_refusal(score: Score, case: Case, error: XinjiError) -> None:
    """Count a refusal as right only where the file cannot be read at all."""
    own = [fault for fault in case.planted if fault.codes]
    score.planted += len(own)
    if case.refused:
        score.found += len(own)
    else:
        score.missed += [f"{case.path.name}: refused: {error.message.en}"] * len(own)
        if not own:
            score.wrong.append(f"{case.path.name}: refused: {error.message.en}")
            score.alarms += 1


# --- import -----------------------------------------------------------------------------------------------------------


def _import(score: Score, case: Case, prepared: Path | None, folder: Path) -> None:
    workspace = folder / "workspace.gpkg"
    if prepared is not None:
        shutil.copyfile(prepared, workspace)
    stated = _stated(case, workspace, case.import_datum or case.datum)
    if case.treatments:
        stated["treatments"] = case.treatments
    try:
        summary = run_job("import_layer", stated, folder / "import").summary
    except XinjiError as error:
        if error.details:
            score.lost.append(f"{case.path.name}: import broke: {error.message.en}")
        if not (case.refused or case.may_refuse) and (case.import_datum or case.datum != "auto"):
            score.lost.append(f"{case.path.name}: import refused: {error.message.en}")
            score.recoverable += sum(len(fault.recovered) for fault in case.planted)
        return
    if case.refused:
        score.lost.append(f"{case.path.name}: imported, although a part is missing")
    check_counts(score, case, summary, workspace)
    _check_recovered(score, case, workspace)


def check_counts(score: Score, case: Case, summary: Mapping[str, Any], workspace: Path) -> None:
    """Hold the import to rows in = rows out + set aside + merged, and to what lies in the workspace."""
    rows_in, out, aside, merged = (summary[f"rows_{name}"] for name in ("in", "out", "set_aside", "merged"))
    if rows_in != out + aside + merged:
        score.lost.append(f"{case.path.name}: {rows_in} rows in, but {out} + {aside} + {merged} out")
    if case.count and rows_in != case.count:
        score.lost.append(f"{case.path.name}: {case.count} rows in the file, {rows_in} read")
    written = len(_written(workspace, case))
    if written != out:
        score.lost.append(f"{case.path.name}: {out} rows out, {written} in the workspace")


def _written(workspace: Path, case: Case) -> dict[int, dict[str, Any]]:
    """Give the rows that the workspace holds of the file, by source row."""
    frame = pyogrio.read_dataframe(workspace, layer=case.kind, fid_as_index=True)
    name = case.path.name
    frame = frame[[str(source).partition("|")[0] == name for source in frame["source_file"]]]
    rows = {}
    for record in frame.to_dict("records"):
        shape = record.pop("geometry", None)
        if shape is not None and shape.geom_type == "Point" and not shape.is_empty:
            record |= {"lon": shape.x, "lat": shape.y}
        rows[int(record["source_row"])] = record
    return rows


def _check_recovered(score: Score, case: Case, workspace: Path) -> None:
    if not any(fault.recovered for fault in case.planted):
        return
    written = _written(workspace, case)
    for fault in case.planted:
        for name, wanted in fault.recovered.items():
            score.recoverable += 1
            row = written.get(fault.rows[0])
            if row is None:
                score.lost.append(f"{case.path.name} row {fault.rows[0]}: not written, {name} should be {wanted!r}")
            elif _same(row.get(name), wanted, case.tolerance_deg):
                score.recovered += 1
            else:
                score.lost.append(f"{case.path.name} row {fault.rows[0]}: {name} is {row.get(name)!r}, not {wanted!r}")


def _same(got: Any, wanted: Any, tolerance_deg: float) -> bool:
    missing = got == "" or bool(pd.isna(got))
    if wanted is None or wanted == "":
        return missing
    if missing:
        return False
    if isinstance(wanted, float):
        return abs(float(got) - wanted) <= max(tolerance_deg, 0)
    if isinstance(wanted, int):
        return float(got) == wanted
    return str(got)[: len(wanted)] == wanted if len(wanted) == 10 and wanted[4:5] == "-" else str(got) == wanted
