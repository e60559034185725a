"""One fuzz case: damage a file by its number, run the jobs on it, and hold them to what they promise.

A job may refuse a damaged file, with an error of its own that a planner can act on; then the workspace is the same to
the byte. Or it succeeds; then the rows add up, the workspace is sound, and what lay in it before still does.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from ...engine.executor import run_job
from ...errors import XinjiError
from . import clean, mutate, seeds, write
from .seeds import Seed

SEED = 20_261
TABLES = ("csv utf-8", "csv gbk", "csv utf-16", "tsv", "xlsx")
# Every so many cases, one changes the cells of a table instead of the bytes of a file.
TABLE_CASES = 5
EARLIER = "以前.csv"


@dataclass(frozen=True)
class Bench:
    """What all cases share: the sound files, a table to spoil, and a workspace with rows of another file."""

    folder: Path
    seeds: list[Seed]
    rows: write.Rows
    workspace: Path
    earlier: int


@dataclass(frozen=True)
class Attempt:
    """A damaged file, and what the job is told about it."""

    format: str
    path: Path
    job: str
    stated: Mapping[str, str]
    rows: int  # rows below the headings, 0 where the damage leaves them uncounted


def set_up(folder: Path) -> Bench:
    """Make the sound files and the workspace."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = folder / "before.gpkg"
    old = write.write_csv(folder / EARLIER, write.matrix(clean.tables()["unicom"].copied(8)))
    summary = run_job("import_layer", {"source": str(old), "kind": "base_stations", "datum": "wgs84",
                                       "workspace": str(workspace)}, folder / "earlier").summary  # fmt: skip
    rows = write.matrix(clean.tables()["mobile"].copied(40))
    return Bench(folder, seeds.make(folder / "seeds"), rows, workspace, summary["rows_out"])


def attempt(bench: Bench, index: int, folder: Path, seed: int = SEED) -> Attempt:
    """Make the damaged file of a case; the same index and seed give the same bytes."""
    rng = Random(f"{seed}/{index}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    job = ("diagnose", "import_layer")[rng.randrange(2)]
    count = 0
    if index % TABLE_CASES == TABLE_CASES - 1:
        one = rng.choice([item for item in bench.seeds if item.name in TABLES])
        path, count = mutate.table_file(one, bench.rows, folder / "in", rng)
        name = f"{one.name}, cells"
    else:
        one = bench.seeds[(index - index // TABLE_CASES) % len(bench.seeds)]
        path, name = mutate.damaged(one, bench.seeds, folder / "in", rng), one.name
    stated = {"source": str(path), "kind": one.kind, "datum": one.datum}
    if one.mutated:
        stated["source"] = str(one.extra)
        stated[one.mutated] = str(path)
    if one.mapping is not None:
        stated["mapping"] = str(one.mapping)
    if job == "import_layer":
        stated["workspace"] = str(folder / "workspace.gpkg")
        if rng.random() < 0.2:
            stated["datum"] = "auto"
    return Attempt(name, path, job, stated, count)


def run(bench: Bench, tried: Attempt, folder: Path) -> tuple[str, str]:
    """Run a case; give "done", "refused" or "failed", and what failed.

    Raises
    ------
    Exception
        Whatever escapes from the job although only errors of the project may.
    """
    workspace = folder / "workspace.gpkg"
    before = ""
    if tried.job == "import_layer":
        shutil.copyfile(bench.workspace, workspace)
        before = _digest(workspace)
    try:
        summary = run_job(tried.job, tried.stated, folder / "out").summary
    except XinjiError as error:
        broken = _after_refusal(error, workspace, before, folder)
        return ("failed", broken) if broken else ("refused", type(error).__name__)
    broken = _after_success(bench, tried, summary, workspace)
    return ("failed", broken) if broken else ("done", "")


def _after_refusal(error: XinjiError, workspace: Path, before: str, folder: Path) -> str:
    if error.details:
        lines = [line for line in error.details.strip().splitlines() if line.strip()]
        places = [line.strip() for line in lines if line.lstrip().startswith("File ")]
        return f"broke: {lines[-1][:300]} | {places[-1] if places else ''}"
    if not error.message.zh or not error.message.en:
        return "refused without words"
    if before and _digest(workspace) != before:
        return "refused, but the workspace changed"
    if list(folder.glob("workspace.gpkg-*")):
        return "refused, but a journal lies beside the workspace"
    if (folder / "out").exists():
        return "refused, but a result folder was left"
    return ""


def _after_success(bench: Bench, tried: Attempt, summary: Mapping[str, Any], workspace: Path) -> str:
    rows_in, out, aside, merged = (summary.get(f"rows_{name}") for name in ("in", "out", "set_aside", "merged"))
    if out is None and tried.job == "diagnose" and summary.get("problems"):
        return ""  # examined as far as it went, and it says why no further
    if rows_in is None or out is None or aside is None or merged is None or rows_in != out + aside + merged:
        return f"the rows do not add up: {rows_in} in, {out} out, {aside} set aside, {merged} merged"
    if tried.rows and rows_in < tried.rows - 1:  # the headings may have been taken one row further down
        return f"rows lost in reading: {tried.rows} in the file, {rows_in} read"
    if tried.job == "import_layer":
        return _workspace_fault(workspace, str(tried.stated["kind"]), bench.earlier, out)
    return ""


def _workspace_fault(workspace: Path, kind: str, earlier: int, out: int) -> str:
    base = sqlite3.connect(workspace)
    try:
        sound = base.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            return f"the workspace is damaged: {sound}"
        total = base.execute(f'SELECT count(*) FROM "{kind}"').fetchone()[0]
        kept = base.execute("SELECT count(*) FROM base_stations WHERE source_file = ?", (EARLIER,)).fetchone()[0]
    finally:
        base.close()
    if kept != earlier:
        return f"{kept} of the {earlier} rows that were there before are left"
    held = total - (kept if kind == "base_stations" else 0)
    return "" if held == out else f"{out} rows out, but {held} in the workspace"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
