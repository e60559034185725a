"""The runs of a workspace: folders beside it, each with its ``run.json``. Standard library only."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ..engine.run_folder import next_numbered
from ..layers.sources.dsn import is_database


@dataclass(frozen=True)
class Run:
    """One finished run as its ``run.json`` tells it."""

    folder: Path
    job: str
    finished: datetime
    summary: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    source: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def source_name(self) -> str:
        """Name of the file that the run read; empty where it read none, or a database."""
        return "" if not self.source or is_database(self.source) else Path(self.source).name

    def path(self, output: str) -> Path | None:
        """Give the file of one output; None where the run has none."""
        name = self.outputs.get(output, "").partition("|")[0]
        if not name:
            return None
        path = self.folder / name  # an absolute path stays itself
        return path if path.exists() else None


def runs_folder(workspace: str) -> Path:
    """Give the folder that keeps the runs of a workspace."""
    path = Path(workspace)
    return path.with_name(path.stem + ".runs")


def temporary_folder(job: str) -> Path:
    """Give a folder for a run that belongs to no workspace."""
    return Path(tempfile.mkdtemp(prefix="xinji_")) / job


def keep(folder: Path, workspace: str) -> Path:
    """Copy a finished run out of a folder that will go: to the runs of a workspace, or to a temporary folder.

    Raises
    ------
    OSError
        The copy cannot be written.
    """
    if not workspace:
        return Path(shutil.copytree(folder, Path(tempfile.mkdtemp(prefix="xinji_")) / folder.name))
    target = runs_folder(workspace)
    target.mkdir(exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".xinji-keep-", dir=target))
    made = Path(shutil.copytree(folder, building / folder.name))
    while True:
        kept = next_numbered(target, folder.name)
        try:
            made.rename(kept)
        except OSError:
            if not kept.exists():
                raise
            continue  # another run took the number in this very moment
        building.rmdir()
        return kept


def read(folder: Path) -> Run | None:
    """Read one run; None where the folder holds no readable ``run.json``."""
    path = folder / "run.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        finished = datetime.fromtimestamp(path.stat().st_mtime)
    except (OSError, ValueError):
        return None
    parameters = said.get("parameters") or {}
    source = str(parameters.get("source") or "")
    found = said.get("summary") or {}, said.get("outputs") or {}
    return Run(folder, str(said.get("job", "")), finished, *found, source, parameters)


def listed(workspace: str) -> list[Run]:
    """Give the runs of a workspace, the newest first."""
    folder = runs_folder(workspace) if workspace else None
    if folder is None or not folder.is_dir():
        return []
    found = [run for run in map(read, sorted(folder.iterdir())) if run is not None]
    found.sort(key=lambda run: (run.finished, run.folder.name), reverse=True)
    examined: set[str] = set()  # a file is examined again and again; its latest diagnosis is the one that counts
    return [run for run in found if run.job != "diagnose" or not (run.source in examined or examined.add(run.source))]
