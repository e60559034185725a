"""Attribute tables that accompany the layers of a package: how many rows, and which feature numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import python_calamine

from ..profile.model import Profile
from .source import PackageTable


def read(path: Path, name: str, profile: Profile) -> PackageTable | None:
    """Give the table of a layer of the profile; None for any other file, and for one that cannot be read.

    Parameters
    ----------
    name : str
        The file as reports name it.
    """
    kind = path.suffix.lower().removeprefix(".")
    layer = next((item.name for item in profile.layers if item.name.upper() == path.stem.upper()), "")
    if not layer or kind not in ("csv", "xlsx"):
        return None
    try:
        rows = _csv(path) if kind == "csv" else _xlsx(path)
    except (OSError, UnicodeDecodeError, csv.Error, python_calamine.CalamineError):
        return None
    if not rows:
        return None
    head = [str(cell).split(" ")[0].strip() for cell in rows[0]]
    field = str(profile.bsm["field"])
    at = head.index(field) if field in head else -1
    numbers = tuple(str(row[at]).strip() for row in rows[1:] if at >= 0 and len(row) > at)
    return PackageTable(layer, kind, name, len(rows) - 1, tuple(number for number in numbers if number))


def _csv(path: Path) -> list[list[Any]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [list(row) for row in csv.reader(io.StringIO(text, newline="")) if any(row)]


def _xlsx(path: Path) -> list[list[Any]]:
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return [row for row in sheet.to_python() if any(cell != "" for cell in row)]
