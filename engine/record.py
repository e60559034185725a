"""run.json: what a result was made from, so that it can be made again. Standard library only."""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from ..text import Text
from .context import RunContext
from .package import ROOT
from .run_folder import FORMAT, RECORD
from .versions import packages, plugin_version

FORMAT_VERSION = 1
_BLOCK = 4 * 1024 * 1024
_MISSING = ("NAType", "NaTType")


def plain(value: Any) -> Any:
    """Give a value as JSON knows it: numpy and pandas scalars become Python's, NaN and NA become None.

    Raises
    ------
    TypeError
        The value is of a kind that has no plain form.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Text):
        return value._asdict()
    if isinstance(value, Path):
        return str(value)
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if hasattr(value, "tolist"):  # numpy scalars and arrays, without importing numpy
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def fingerprint(path: Path, checkpoint: Callable[[], None] = lambda: None) -> str:
    """Give the SHA-256 of a file, of a shapefile with its companions, or of a folder, as hexadecimal digits."""
    parts = _parts(path)
    if parts == [path]:
        return _digest(path, checkpoint)
    whole = hashlib.sha256()
    for part in parts:
        name = part.relative_to(path).as_posix() if path.is_dir() else part.suffix.lower()
        whole.update(f"{name}\0{_digest(part, checkpoint)}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _parts(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file() and item.suffix != ".lock")
    if path.suffix.lower() == ".shp":
        data = (".shp", ".shx", ".dbf", ".prj", ".cpg")
        beside = (item for item in path.parent.iterdir() if item.stem == path.stem)
        return sorted((item for item in beside if item.suffix.lower() in data), key=lambda item: item.suffix.lower())
    pending = path.with_name(path.name + "-wal")  # what QGIS has written to a GeoPackage that it still holds open
    return [path, pending] if pending.is_file() and pending.stat().st_size else [path]


def _digest(path: Path, checkpoint: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            checkpoint()
            digest.update(block)
    return digest.hexdigest()


def rule_packs(folder: Path = ROOT / "rules" / "packs") -> dict[str, str]:
    """Give the SHA-256 of every rule pack by its name."""
    return {path.stem: _digest(path, lambda: None) for path in sorted(folder.glob("*.toml"))}


def write_record(
    context: RunContext,
    job: str,
    summary: Mapping[str, Any],
    outputs: Mapping[str, str],
    raw: Mapping[str, Any],
) -> None:
    """Write run.json into the folder of a run that has ended well.

    Parameters
    ----------
    context : RunContext
        Has the inputs, the rules and the folder.
    job : str
        Name of the job.
    summary, outputs : mapping
        Plain values; paths of outputs inside the folder are relative to it.
    raw : mapping
        Parameters as they were given, for those whose value is a path.
    """
    checked = {name: value for name, value in context.parameters.items() if value is not None}
    record = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "job": job,
        "plugin_version": plugin_version(),
        "packages": packages(),
        "parameters": {name: _as_given(value, raw.get(name)) for name, value in checked.items()},
        "inputs": {
            name: {"path": path, "sha256": fingerprint(_file_of(path))} for name, path in context.inputs.items()
        },
        "rules": _distinct(context.rules),
        "rule_packs": rule_packs() if context.rules else {},
        "summary": summary,
        "outputs": outputs,
        "files": sorted(
            path.relative_to(context.folder).as_posix() for path in context.folder.rglob("*") if not path.is_dir()
        ),
    }
    text = json.dumps(plain(record), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2)
    (context.folder / RECORD).write_bytes((text + "\n").encode("utf-8", "backslashreplace"))


def _as_given(value: Any, raw: Any) -> Any:
    return raw if isinstance(value, Path) and raw is not None else value


def _file_of(path: str) -> Path:
    return Path(path.partition("|")[0])


def _distinct(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each rule once, in an order of its own."""
    by_text = {json.dumps(plain(rule), sort_keys=True, ensure_ascii=False): plain(rule) for rule in rules}
    return [by_text[text] for text in sorted(by_text)]
