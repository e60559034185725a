"""Which files a package holds: a folder, an archive, or a single file of layers."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ....errors import InputError
from ....text import Text
from ...sources import unpack

FORMATS = {".gpkg": "gpkg", ".gdb": "gdb", ".shp": "shp", ".geojson": "geojson", ".vct": "vct"}
_SHAPE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
_LOOSE = (".json",)  # a GeoJSON where it begins as one
_HEAD = 4096


@dataclass
class Files:
    """The files of a package.

    Attributes
    ----------
    home : pathlib.Path
        The folder that names are given from.
    data : list of (pathlib.Path, str)
        Files of layers, with their format.
    orphans : list of pathlib.Path
        Parts of Shapefiles without a .shp.
    archives, others : list of pathlib.Path
        What was not looked into.
    """

    home: Path
    data: list[tuple[Path, str]] = field(default_factory=list)
    orphans: list[Path] = field(default_factory=list)
    archives: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """Give a file's name inside the package."""
        return path.relative_to(self.home).as_posix() if path != self.home else path.name


@contextmanager
def opened(source: Path) -> Iterator[Files]:
    """Give the files of a package; an archive is unpacked for as long as this is open.

    A folder that holds no layers but archives is taken as these archives.

    Raises
    ------
    InputError
        There is no such file or folder, an archive cannot be unpacked, or there are no layers in it.
    """
    if not source.exists():
        raise InputError(
            Text(f"没有成果包 {source}。", f"There is no package {source}."),
            Text("请选择成果包的文件夹、压缩文件或数据文件。", "Choose its folder, its archive, or a file of layers."),
        )
    with ExitStack() as stack:
        found = _found(source, stack)
        if not found.data and found.archives:
            unpacked = [_found(path, stack) for path in found.archives]
            if len(unpacked) == 1:
                found = unpacked[0]
        if not found.data and not found.orphans:
            raise InputError(
                Text(f"{source} 中没有可检查的图层文件。", f"There is no file of layers in {source}."),
                Text(
                    "可检查 GeoPackage、FileGDB、Shapefile、GeoJSON、VCT，以及装有它们的文件夹或 ZIP。",
                    "GeoPackage, FileGDB, Shapefile, GeoJSON and VCT are checked, and folders or ZIPs of them.",
                ),
            )
        yield found


def _found(source: Path, stack: ExitStack) -> Files:
    if source.is_file() and source.suffix.lower() == ".zip":
        return listed(_unpacked(source, stack))
    if source.is_dir() and source.suffix.lower() != ".gdb":
        return listed(source)
    kind = _format(source)
    files = Files(source.parent)
    if kind:
        files.data.append((source, kind))
    return files


def _unpacked(path: Path, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xinji-")))
    try:
        with zipfile.ZipFile(path) as pack:
            unpack.unpack(path, pack, unpack.members(path, pack), folder)
    except unpack.FAULTS as fault:
        raise unpack.damaged(path, fault) from fault
    return folder


def listed(home: Path) -> Files:
    """Give the files of a folder."""
    files = Files(home)
    shapes = {path.with_suffix("").as_posix().casefold() for path in home.rglob("*") if path.suffix.lower() == ".shp"}
    for path in sorted(home.rglob("*"), key=lambda item: item.as_posix()):
        if any((home / parent).suffix.lower() == ".gdb" for parent in path.relative_to(home).parents if parent.name):
            continue
        kind = _format(path)
        suffix = path.suffix.lower()
        if kind:
            files.data.append((path, kind))
        elif not path.is_file():
            continue
        elif suffix in _SHAPE_PARTS:
            if path.with_suffix("").as_posix().casefold() not in shapes:
                files.orphans.append(path)
        elif suffix == ".zip":
            files.archives.append(path)
        elif suffix not in (".gpkg-wal", ".gpkg-shm"):
            files.others.append(path)
    return files


def _format(path: Path) -> str:
    suffix = path.suffix.lower()
    if path.is_dir():
        return "gdb" if suffix == ".gdb" else ""
    if suffix in _LOOSE:
        with path.open("rb") as file:
            return "geojson" if b"FeatureCollection" in file.read(_HEAD) else ""
    return FORMATS.get(suffix, "") if suffix != ".gdb" else ""
