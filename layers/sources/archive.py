"""Read any source out of a ZIP, and KMZ: the files in it are its layers. Nothing is unpacked beside the archive."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from .container import note_layers
from .raw_table import RawTable, no_layer, several_layers
from .unpack import FAULTS, Member, damaged, members, unpack

_MAIN = (
    *(".shp", ".gpkg", ".geojson", ".geojsonl", ".geojsons", ".ndjson", ".kml", ".kmz", ".gpx", ".dxf", ".tab", ".mif"),
    *(".parquet", ".geoparquet", ".vct", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et", ".csv", ".tsv", ".json"),
    ".txt",
)
_WORDS = (".txt", ".json")  # more often a note or metadata than data: only where there is nothing else
_BETWEEN = "|"

T = TypeVar("T")


def layer_names(path: Path, kind: str) -> tuple[str, ...]:
    """Give the sources in an archive, "folder/file.shp"; of one with several layers each, "file.gpkg|layer"."""
    if kind == "kmz":
        return _unpacked(path, kind, _folders_of_kmz)
    return _unpacked(path, kind, lambda found: tuple(_layers(found)))


def read_archive(path: Path, kind: str, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read one source of an archive; see `source.read_source`."""
    if kind == "kmz":
        return _unpacked(path, kind, lambda found: _read_kmz(path, found, layer, encoding, spec))
    return _unpacked(path, kind, lambda found: _read_zip(path, found, layer, encoding, spec))


def _unpacked(path: Path, kind: str, use: Callable[[dict[str, Path]], T]) -> T:
    """Unpack into a temporary folder, hand the sources in it on by their names, and clear up."""
    try:
        with zipfile.ZipFile(path) as pack, tempfile.TemporaryDirectory(prefix="xinji-") as folder:
            found = members(path, pack)
            sources = _candidates(found)
            if kind == "kmz":
                sources = [name for name in sources if name.lower().endswith(".kml")]
            if not sources:
                raise _nothing(path, found)
            unpack(path, pack, _needed(found, sources), Path(folder))
            return use({name: Path(folder).resolve().joinpath(*PurePosixPath(name).parts) for name in sources})
    except FAULTS as fault:
        raise damaged(path, fault) from fault


def _candidates(found: list[Member]) -> list[str]:
    """Give the sources among the files: the main file of each, and geodatabase folders."""
    names: dict[str, None] = {}
    for member in found:
        inside = [parent for parent in member.path.parents if parent.suffix.lower() == ".gdb"]
        if inside:
            names.setdefault(str(inside[-1]))
        elif member.path.suffix.lower() in _MAIN:
            names.setdefault(member.name)
    bare = [name for name in names if PurePosixPath(name).suffix.lower() not in _WORDS]
    return bare or list(names)


def _needed(found: list[Member], sources: list[str]) -> list[Member]:
    """Give the files that the sources are made of: those of the same folder and name, and whole geodatabases."""
    stems = {(PurePosixPath(name).parent, PurePosixPath(name).stem.casefold()) for name in sources}
    folders = {PurePosixPath(name) for name in sources if name.lower().endswith(".gdb")}
    return [
        member
        for member in found
        if (member.path.parent, member.path.stem.casefold()) in stems or folders & set(member.path.parents)
    ]


def _layers(sources: dict[str, Path]) -> dict[str, tuple[str, str | None]]:
    """Give every layer of every source: its name in the archive → source and layer in it."""
    from .read import layer_names as names_in

    found: dict[str, tuple[str, str | None]] = {}
    for name, file in sources.items():
        try:
            inside = names_in(file)
        except InputError:
            inside = ()  # reading it says better what is wrong
        if len(inside) > 1:
            found.update({f"{name}{_BETWEEN}{layer}": (name, layer) for layer in inside})
        else:
            found[name] = (name, None)
    return found


def _read_zip(
    path: Path, sources: dict[str, Path], layer: str | None, encoding: str, spec: LayerSpec | None
) -> RawTable:
    from .read import read_source

    layers = _layers(sources)
    chosen = _by_name(path, layers, layer) if layer else ""
    if not chosen and len(layers) == 1:
        chosen = next(iter(layers))
    if not chosen:
        chosen = _fitting(path, sources, layers, encoding, spec)
    source, inner = layers[chosen]
    table = read_source(sources[source], inner, encoding, spec)
    table.path, table.shown = path, f"{path.name}/{chosen}"
    table.layer, table.layers = chosen, tuple(layers)
    table.findings.blocks = [block for block in table.findings if block.code != "several_layers"]
    note_layers(table)
    return table


def _by_name(path: Path, layers: dict[str, tuple[str, str | None]], layer: str) -> str:
    """Find a layer by its whole name, or by the end of it where that names one only."""
    if layer in layers:
        return layer
    ends = [
        name
        for name in layers
        if layer
        in (PurePosixPath(name).name, PurePosixPath(name.partition(_BETWEEN)[0]).stem, name.partition(_BETWEEN)[2])
    ]
    if len(ends) == 1:
        return ends[0]
    raise no_layer(path, layer, list(layers))


def _fitting(
    path: Path,
    sources: dict[str, Path],
    layers: dict[str, tuple[str, str | None]],
    encoding: str,
    spec: LayerSpec | None,
) -> str:
    """Choose the layer whose headings fit; raise InputError where several do, or none."""
    from ..reading.headings import matches
    from ..reading.mapping import propose
    from .raw_table import which_layer
    from .read import read_source

    fits: dict[str, tuple[bool, int]] = {}
    for name, (source, inner) in layers.items():
        try:
            found = read_source(sources[source], inner, encoding, spec)
        except InputError:
            continue
        fits[name] = (
            spec is not None and propose(found.headings, spec).is_served(spec),
            matches(found.headings, spec),
        )
    if not any(whole or score for whole, score in fits.values()):
        raise several_layers(path, list(layers))
    return which_layer(path, fits, spec)


def _linked(sources: dict[str, Path]) -> tuple[list[str], list[str]]:
    """Give the files of a KMZ that belong together, and the links that lead out of it.

    The main file comes first: doc.kml, else the first at the root, else the first. GDAL puts every layer into a file
    of its own, to which doc.kml links.
    """
    from .kml import links

    ordered = sorted(sources, key=lambda name: (name.count("/"), name.lower() != "doc.kml", name))
    names, outside = ordered[:1], []
    for name in names:  # grows while links are followed, each file once
        for href in links(sources[name]):
            target = _inside(name, href, sources)
            if not target:
                outside.append(href)
            elif target not in names:
                names.append(target)
    return names, outside


def _inside(name: str, href: str, sources: dict[str, Path]) -> str:
    """Give the file of the archive that a link in one of its files leads to, "" for one that leads elsewhere."""
    where = unquote(href.partition("#")[0].partition("?")[0]).strip().replace("\\", "/")
    parts: list[str] = list(PurePosixPath(name).parent.parts)
    for part in where.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    folded = {one.casefold(): one for one in sources}
    return "" if where.startswith("/") else folded.get("/".join(parts).casefold(), "")


def _folders_of_kmz(sources: dict[str, Path]) -> tuple[str, ...]:
    from .kml import layer_names as folders

    names, _ = _linked(sources)
    return folders(sources[names[0]], [sources[name] for name in names[1:]])


def _read_kmz(
    path: Path, sources: dict[str, Path], layer: str | None, encoding: str, spec: LayerSpec | None
) -> RawTable:
    from .kml import read_kml

    names, outside = _linked(sources)
    table = read_kml(sources[names[0]], layer, encoding, spec, [sources[name] for name in names[1:]])
    table.path, table.format = path, "KMZ"
    if outside:
        listed = "、".join(href[:100] for href in outside[:10])
        table.notices.append(
            Text(
                f"KMZ 中有指向外部的网络链接，未读取：{listed}。",
                f"The KMZ has links that lead out of it, which were not followed: {listed.replace('、', ', ')}.",
            )
        )
    others = [name for name in sources if name not in names]
    if others:
        table.notices.append(
            Text(
                f"KMZ 中另有 KML 文件，未读取：{'、'.join(others)}。",
                f"The KMZ holds further KML files, which were not read: {', '.join(others)}.",
            )
        )
    return table


def _nothing(path: Path, found: list[Member]) -> InputError:
    inner = [member.name for member in found if member.path.suffix.lower() in (".zip", ".rar", ".7z")]
    held = "、".join(member.name for member in found[:10]) or "—"
    return InputError(
        Text(
            f"压缩包 {path.name} 中没有可读取的文件：{held}。",
            f"The archive {path.name} holds nothing to read: {held}.",
        ),
        Text("请解压其中的压缩包，再选择里面的文件。", "Unpack the archive inside it and choose a file in that.")
        if inner
        else Text("请确认选择的文件。", "Check the file that was chosen."),
    )
