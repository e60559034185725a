"""The folder of a package: its size, checksums, and the archive; the same files give the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

CHECKSUMS = "checksums.sha256"
_DAY = (2000, 1, 1, 0, 0, 0)
_AT_ONCE = 1 << 20


def size_mb(folder: Path) -> float:
    """Give the size of all files of a folder, in millions of bytes."""
    return sum(path.stat().st_size for path in _files(folder)) / 1e6


def write_checksums(folder: Path) -> None:
    """Write the SHA-256 of every file of the package, as ``sha256sum -c`` reads it."""
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder)]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def write_zip(path: Path, folder: Path) -> None:
    """Pack the folder: files in order of their names, without the day, so that the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in _files(folder):
            item = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", _DAY)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.external_attr = 0o644 << 16
            item.create_system = 3
            item.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(item, "w") as packed:
                shutil.copyfileobj(source, packed, _AT_ONCE)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())
