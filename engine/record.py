"""run.json: what a result was made from, so that it can be made again. Standard library only."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError
from ..layers.sources.dsn import without_password
from ..text import Text
from .context import RunContext
from .fingerprint import fingerprint
from .package import ROOT
from .run_folder import FORMAT, RECORD
from .versions import packages, plugin_version

FORMAT_VERSION = 1
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


def rule_packs(rules: Iterable[Mapping[str, Any]], folder: Path = ROOT / "rules" / "packs") -> dict[str, str]:
    """Give the SHA-256 of every rule pack that is cited, by its name."""
    names = sorted({str(rule["pack"]) for rule in rules if rule.get("pack")})
    return {name: fingerprint(folder / f"{name}.toml").sha256 for name in names}


def input_hashes(context: RunContext) -> dict[str, dict[str, str]]:
    """Give path and SHA-256 of every input, as it was when the job began to read it.

    Raises
    ------
    InputError
        An input has changed since: nobody can say which state of it the result would show.
    """
    hashes = {}
    faults = []
    for name, path in context.inputs.items():
        file = Path(path.partition("|")[0])
        seen = context.seen.get(str(file))
        if seen is None:
            seen = fingerprint(file, context.checkpoint)
        elif not seen.still_holds(file, context.checkpoint):
            faults.append(Fault(Text("运行期间被修改。", "It was changed during the run."), file=str(file)))
        hashes[name] = {"path": path, "sha256": seen.sha256}
    hashes.update((name, {"path": shown, "sha256": sha256}) for name, (shown, sha256) in context.databases.items())
    if faults:
        names = ", ".join(dict.fromkeys(fault.file for fault in faults))
        raise InputError(
            Text(f"输入文件在运行期间被修改，结果未保存：{names}。",
                 f"An input was changed during the run, so there is no result: {names}."),
            Text("请等修改保存完毕后重新运行。", "Let the other program finish saving, then run the job again."),
            faults=list({fault.file: fault for fault in faults}.values()),
        )  # fmt: skip
    return hashes


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

    Raises
    ------
    InputError
        An input was changed during the run.
    """
    checked = {name: value for name, value in context.parameters.items() if value is not None}
    record = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "job": job,
        "plugin_version": plugin_version(),
        "packages": packages(),
        "parameters": {name: _as_given(value, raw.get(name)) for name, value in checked.items()},
        "inputs": input_hashes(context),
        "rules": _distinct(context.rules),
        "rule_packs": rule_packs(context.rules),
        "summary": summary,
        "outputs": outputs,
        "files": sorted(
            path.relative_to(context.folder).as_posix() for path in context.folder.rglob("*") if not path.is_dir()
        ),
    }
    text = json.dumps(plain(record), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2)
    (context.folder / RECORD).write_bytes((text + "\n").encode("utf-8", "backslashreplace"))


def _as_given(value: Any, raw: Any) -> Any:
    given = raw if isinstance(value, Path) and raw is not None else value
    return without_password(given) if isinstance(given, str) else given


def _distinct(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give each rule once, in an order of its own."""
    by_text = {json.dumps(plain(rule), sort_keys=True, ensure_ascii=False): plain(rule) for rule in rules}
    return [by_text[text] for text in sorted(by_text)]
