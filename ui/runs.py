"""The runs of a workspace: folders beside it, each with its ``run.json``. Standard library only."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished run as its ``run.json`` tells it."""

    folder: Path
    job: str
    finished: datetime
    summary: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

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


def new_folder(workspace: str, job: str) -> Path | None:
    """Give a folder for a new run: None beside a workspace, where the engine numbers them; else a temporary one."""
    if workspace:
        return None
    return Path(tempfile.mkdtemp(prefix="xinji_")) / job


def read(folder: Path) -> Run | None:
    """Read one run; None where the folder holds no readable ``run.json``."""
    path = folder / "run.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        finished = datetime.fromtimestamp(path.stat().st_mtime)
    except (OSError, ValueError):
        return None
    return Run(folder, str(said.get("job", "")), finished, said.get("summary") or {}, said.get("outputs") or {})


def listed(workspace: str) -> list[Run]:
    """Give the runs of a workspace, the newest first."""
    folder = runs_folder(workspace) if workspace else None
    if folder is None or not folder.is_dir():
        return []
    found = [run for run in map(read, sorted(folder.iterdir())) if run is not None]
    return sorted(found, key=lambda run: (run.finished, run.folder.name), reverse=True)
