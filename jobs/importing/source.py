"""The source of an import: a file, or a database whose address has a password that nobody else may see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...engine.context import RunContext
    from ...layers.sources.raw_table import RawTable


def source_of(context: RunContext, name: str = "source") -> Path | str:
    """Give the file, remembered with its hash, or the address of the database."""
    from ...layers.sources.dsn import is_database

    stated = context[name]
    return str(stated) if is_database(stated) else context.read(name, Path(stated))


def hash_of(context: RunContext, source: Path | str, raw: RawTable, name: str = "source") -> str:
    """Give the SHA-256 of what was read: of a database its rows, which run.json then names, else of the file."""
    if isinstance(source, str):
        context.read_rows(name, raw.name, raw.sha256)
        return raw.sha256
    return _of_files(source)


def _of_files(path: Path) -> str:
    """Give the SHA-256 of a file, or of a folder's files one after the other."""
    import hashlib

    whole = hashlib.sha256()
    for part in sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else (path,):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()
