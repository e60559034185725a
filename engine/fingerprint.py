"""What an input looked like when it was read: its hash, and a way to tell whether it has changed since.

Standard library only.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 4 * 1024 * 1024
_SQLITE = b"SQLite format 3\0"
# Journal mode, change counter, version-valid-for: QGIS changes these merely by opening a GeoPackage.
_SQLITE_RESTLESS = (slice(18, 20), slice(24, 28), slice(92, 100))


@dataclass(frozen=True)
class Fingerprint:
    """What a file, a shapefile with its companions, or a folder held.

    Attributes
    ----------
    sha256 : str
        Hexadecimal digits; for a single file what ``sha256sum`` says.
    content : int
        A checksum that passes over what changes in a GeoPackage without any change of its data.
    state : tuple
        Name, size in bytes and time of change in ns of every part.
    """

    sha256: str
    content: int
    state: tuple[tuple[str, int, int], ...]

    def still_holds(self, path: Path, checkpoint: Callable[[], None] = lambda: None) -> bool:
        """Tell whether `path` holds the same data as then; it is read again only if its size or time differs."""
        try:
            return _state(_parts(path)) == self.state or fingerprint(path, checkpoint).content == self.content
        except OSError:
            return False


def fingerprint(path: Path, checkpoint: Callable[[], None] = lambda: None) -> Fingerprint:
    """Look at an input.

    Parameters
    ----------
    path : pathlib.Path
        A file, the ``.shp`` of a shapefile, or a folder.
    checkpoint : callable
        Called every 4 MiB; may raise to stop.

    Raises
    ------
    OSError
        It cannot be read.
    """
    parts = _parts(path)
    state = _state(parts)
    digests = [_digest(part, checkpoint) for part in parts]
    if parts == [path]:
        return Fingerprint(digests[0][0], digests[0][1], state)
    whole, content = hashlib.sha256(), 0
    for part, (digest, checksum) in zip(parts, digests):
        name = part.relative_to(path).as_posix() if path.is_dir() else part.suffix.lower()
        whole.update(f"{name}\0{digest}\n".encode("utf-8", "surrogateescape"))
        content = zlib.crc32(f"{name}\0{checksum}\n".encode("utf-8", "surrogateescape"), content)
    return Fingerprint(whole.hexdigest(), content, state)


def _parts(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file() and item.suffix != ".lock")
    if path.suffix.lower() == ".shp":
        data = (".shp", ".shx", ".dbf", ".prj", ".cpg")
        beside = (item for item in path.parent.iterdir() if item.stem == path.stem)
        return sorted((item for item in beside if item.suffix.lower() in data), key=lambda item: item.suffix.lower())
    pending = path.with_name(path.name + "-wal")  # what QGIS has written to a GeoPackage that it still holds open
    return [path, pending] if pending.is_file() and pending.stat().st_size else [path]


def _state(parts: list[Path]) -> tuple[tuple[str, int, int], ...]:
    looked_at = [(part, part.stat()) for part in parts]
    return tuple((str(part), found.st_size, found.st_mtime_ns) for part, found in looked_at)


def _digest(path: Path, checkpoint: Callable[[], None]) -> tuple[str, int]:
    digest, content = hashlib.sha256(), 0
    with path.open("rb") as stream:
        at_start = True
        while block := stream.read(_BLOCK):
            checkpoint()
            digest.update(block)
            if at_start and block.startswith(_SQLITE):
                masked = bytearray(block)
                for place in _SQLITE_RESTLESS:
                    masked[place] = bytes(place.stop - place.start)
                block = bytes(masked)
            content = zlib.crc32(block, content)
            at_start = False
    return digest.hexdigest(), content
