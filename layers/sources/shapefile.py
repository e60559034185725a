"""Read a Shapefile whose parts may be missing, lying or damaged; every record is accounted for.

GDAL believes a .cpg that lies and takes a Shapefile without one for UTF-8 or Latin-1. So the bytes are asked for
as they stand (Latin-1 keeps each byte) and decoded by what fits all of them. It also passes over records that stand
only in the .shp or only in the .dbf; so the two are counted here first.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import InputError
from ...text import NOTHING, Text
from ..spec import LayerSpec
from . import gdal
from .container import note_container
from .encoding import codec_name, codec_of_cells, decode_cell, named_by_cpg
from .raw_table import RawTable, no_layer
from .shapefile_parts import (
    Index,
    TableHeader,
    build_index,
    check_shp,
    copied,
    find_parts,
    is_plain,
    read_index,
    read_table_header,
)

DRIVER = "ESRI Shapefile"
_BYTES = "ISO-8859-1"
_FAMILIES = ({"gbk", "gb2312", "gb18030"}, {"big5", "cp950", "big5hkscs"})
_SHOWN = {"utf-8": "UTF-8", "gbk": "GBK", "gb2312": "GBK", "gb18030": "GB18030", "big5": "BIG5", "cp950": "BIG5"}


def read_shapefile(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read a Shapefile; see `source.read_source`.

    Raises
    ------
    InputError
        The .dbf is missing, a part cannot be read at all, or its texts are in no encoding that is known.
    """
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    parts = find_parts(path)
    if ".dbf" not in parts:
        raise _missing(path)
    check_shp(path)
    header = read_table_header(parts[".dbf"])
    if header is None:
        raise gdal.unreadable(parts[".dbf"], Text("文件头已损坏。", "its header is damaged."))
    with ExitStack() as stack:
        index = read_index(path, parts[".shx"]) if ".shx" in parts else None
        rebuilt, lost = index is None, ".shx" not in parts
        if index is None:
            parts, index = _with_index(path, parts, stack)
        table, found = _records(path, parts, index, header)
    if rebuilt:
        why = Text("没有 .shx", "there is no .shx") if lost else Text(".shx 已损坏", "the .shx is damaged")
        why = Text(f"{why.zh}；.shp 中共 {index.count} 条记录", f"{why.en}; {index.count} records in the .shp")
        table.findings.add("part_rebuilt", why=why)
    _decode(table, parts, header, encoding)
    table.format, table.layer, table.layers = DRIVER, path.stem, (path.stem,)
    table.crs, table.crs_origin = found.crs, Text(".prj 文件", "the .prj file") if ".prj" in parts else NOTHING
    if ".prj" in parts and table.crs is None:
        table.notices.append(Text(".prj 文件的内容无法识别。", "The content of the .prj file is not understood."))
        table.findings.add("unreadable_prj")
    note_container(table, spec)
    return table


def _missing(path: Path) -> InputError:
    return InputError(
        Text(f"{path.name} 缺少组成文件：.dbf。", f"{path.name} lacks its part: .dbf."),
        Text(
            "属性都在 .dbf 中：请把同名的 .shp、.shx、.dbf（及 .prj、.cpg）放在同一文件夹。",
            "All attributes stand in the .dbf: put the .shp, .shx and .dbf (and .prj, .cpg) of the same name into one "
            "folder.",
        ),
    )


def _with_index(path: Path, parts: dict[str, Path], stack: ExitStack) -> tuple[dict[str, Path], Index]:
    """Make an index by the records of the .shp themselves, in a copy."""
    main = stack.enter_context(copied(parts, (".shp", ".dbf", ".prj")))
    made = main.with_suffix(".shx")
    index = read_index(main, made) if build_index(main, made) else None
    if index is None:
        raise gdal.unreadable(path, Text("其中找不到任何记录。", "no record can be found in it."))
    known: tuple[str, ...] = (".shp", ".dbf", ".prj")
    copies = {suffix: main.with_suffix(suffix) for suffix in known if suffix in parts}
    return {**parts, **copies, ".shx": made}, index


def _records(path: Path, parts: dict[str, Path], index: Index, header: TableHeader) -> tuple[RawTable, gdal.GdalLayer]:
    """Put attributes and geometry together record by record."""
    records = header.stated if header.stated <= header.held else header.held
    if records < index.count <= header.held:
        records = index.count  # a writer that was interrupted leaves the count of the header behind
    deleted = header.deleted[:records]
    if records == index.count and records == header.stated:
        found = _read_whole(path, parts)
        damaged = found.damage()
    else:
        found, damaged = _read_apart(path, parts, records)
    table = RawTable(
        path, DRIVER, found.headings, found.cells, found.fids + 1, geometry=found.geometry, damaged=damaged,
        notices=found.notices, findings=found.findings,
    )  # fmt: skip
    at = np.flatnonzero(found.fids < index.count)
    for position in at[index.broken[found.fids[at]]]:
        table.damaged.setdefault(
            int(position), Text("图形记录损坏或不完整", "its record in the .shp is damaged or cut off")
        )
    if header.stated != index.count or header.held < header.stated:
        table.findings.add(
            "record_mismatch",
            why=Text(
                f".shp 有 {index.count} 条记录，.dbf 写明 {header.stated} 条、实有 {header.held} 条",
                f"{index.count} records in the .shp, {header.stated} stated in the .dbf, which holds {header.held}",
            ),
        )
    if deleted.any():
        numbers = np.flatnonzero(deleted) + 1
        shown = ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")
        table.findings.add(
            "deleted_records",
            why=Text(f"{len(numbers)} 条，记录号：{shown}", f"{len(numbers)}: records {shown}"),
        )
    return table, found


def _read_whole(path: Path, parts: dict[str, Path]) -> gdal.GdalLayer:
    with ExitStack() as stack:
        main = parts[".shp"]
        if not is_plain(main, {suffix: part for suffix, part in parts.items() if suffix != ".cpg"}):
            main = stack.enter_context(copied(parts, (".shp", ".shx", ".dbf", ".prj")))
        try:
            return gdal.read_layer(path, main, None, _BYTES)
        except InputError as fault:
            raise _prj_fault(path, parts) or fault from fault


def _read_apart(path: Path, parts: dict[str, Path], records: int) -> tuple[gdal.GdalLayer, dict[int, Text]]:
    """Read shapes and attributes each for themselves, where GDAL would pass over what only one of them has."""
    with copied(parts, (".dbf",), records) as table:
        attributes = gdal.read_layer(path, table, None, _BYTES)
    with copied(parts, (".shp", ".shx", ".prj")) as main:
        try:
            shapes = gdal.read_layer(path, main, None, _BYTES)
        except InputError as fault:
            raise _prj_fault(path, parts) or fault from fault
    without_table = shapes.fids[shapes.fids >= records]
    fids = np.concatenate((attributes.fids, without_table))
    has_shape = np.isin(fids, shapes.fids)
    geometry = np.full(len(fids), None, dtype=object)
    place = {int(fid): at for at, fid in enumerate(shapes.fids)}
    if shapes.geometry is not None:
        geometry[has_shape] = shapes.geometry[[place[int(fid)] for fid in fids[has_shape]]]
    damaged: dict[int, Text] = {}
    for at in np.flatnonzero(~has_shape):
        damaged[int(at)] = Text(".shp 中没有对应的图形", "the .shp has no shape for it")
    for beyond in range(len(attributes.fids), len(fids)):
        damaged[beyond] = Text(".dbf 中没有对应的属性", "the .dbf has no attributes for it")
    broken = shapes.fids[shapes.broken]
    for at in np.flatnonzero(np.isin(fids, broken)):
        damaged[int(at)] = Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
    blanks = np.full(len(without_table), "", dtype=object)
    attributes.cells = [np.concatenate((column, blanks)) for column in attributes.cells]
    attributes.fids, attributes.geometry, attributes.crs = fids, geometry, shapes.crs
    attributes.notices = []
    return attributes, damaged


def _prj_fault(path: Path, parts: dict[str, Path]) -> InputError | None:
    """Give the error of a .prj that keeps the file from being read, or None where that is not the reason."""
    if ".prj" not in parts or gdal.crs_of(parts[".prj"].read_bytes().decode("latin-1").replace("\0", "?")) is not None:
        return None
    return InputError(
        Text(f"{path.name} 的 .prj 文件已损坏，无法读取。", f"The .prj file of {path.name} is damaged."),
        Text(
            "请更正或删除该 .prj，再用 --datum 指明坐标基准。",
            "Correct or delete that .prj, and state the datum with --datum.",
        ),
    )


def _decode(table: RawTable, parts: dict[str, Path], header: TableHeader, encoding: str) -> None:
    """Turn bytes into texts by the encoding that fits all of them, and say where a label is missing or lies."""
    raw = [heading.encode("latin-1", "replace") for heading in table.headings]
    found = [pd.factorize(column) for column in table.cells]
    unique = [[str(text).encode("latin-1", "replace") for text in values] for _, values in found]
    everything = [cell for cell in (*raw, *(cell for column in unique for cell in column)) if not cell.isascii()]
    stated = parts[".cpg"].read_bytes()[:64].decode("ascii", "ignore").strip() if ".cpg" in parts else ""
    label = named_by_cpg(stated) if stated else header.codec
    named = "" if label in _FAMILIES[1] and _looks_like_gb2312(everything) else label
    codec = codec_name(encoding) if encoding.lower() != "auto" else codec_of_cells(everything, named)
    try:
        table.headings = [decode_cell(heading, codec) for heading in raw]
        table.cells = [
            np.array([*(decode_cell(cell, codec) for cell in cells), ""], dtype=object)[at]
            for (at, _), cells in zip(found, unique)
        ]
    except (UnicodeDecodeError, LookupError) as fault:
        raise InputError(
            Text(
                f"{table.path.name} 属性表的文字不是 {encoding if codec else 'UTF-8、GB18030'} 编码。",
                f"The texts in the table of {table.path.name} are not {encoding if codec else 'UTF-8 or GB18030'}.",
            ),
            Text("请用 --encoding 指明编码，例如 BIG5。", "State the encoding with --encoding, for example BIG5."),
        ) from fault
    table.encoding = _SHOWN.get(codec, encoding if encoding.lower() != "auto" else codec)
    if everything:
        _note_encoding(table, stated, label, codec, header.ldid, ".cpg" in parts)


def _note_encoding(table: RawTable, stated: str, label: str, codec: str, ldid: int, has_cpg: bool) -> None:
    if codec != "utf-8":
        table.findings.add("not_utf8", values=table.encoding)
    if stated:
        if not _alike(label, codec):
            words = Text(
                f".cpg 文件写的是“{stated}”，实际文字是 {table.encoding}，已按后者读取。",
                f"The .cpg says “{stated}”, the texts are {table.encoding}, and were read as such.",
            )
            table.notices.append(words)
            table.findings.add("wrong_cpg", values=stated, proposed=table.encoding, why=words)
        return
    said = Text(
        f"{'.cpg 是空的' if has_cpg else '没有 .cpg'}，文字是 {table.encoding}；语言标识（LDID）为 0x{ldid:02X}",
        f"{'the .cpg is empty' if has_cpg else 'no .cpg'}; the texts are {table.encoding}; the language driver (LDID) "
        f"is 0x{ldid:02X}",
    )
    if label and not _alike(label, codec):
        said = Text(f"{said.zh}，与文字不符", f"{said.en}, which does not fit")
    table.findings.add("no_cpg", proposed=table.encoding, why=said)


def _alike(label: str, codec: str) -> bool:
    return label == codec or any({label, codec} <= family for family in _FAMILIES)


def _looks_like_gb2312(cells: list[bytes]) -> bool:
    """Tell GB 2312 from Big5 by its second bytes: nearly all are above 0xA0, of Big5 only some six in ten."""
    pairs = high = 0
    for cell in cells[:10_000]:
        at = 0
        while at + 1 < len(cell):
            if cell[at] < 0x80:
                at += 1
                continue
            pairs += 1
            high += cell[at] >= 0xA1 and cell[at + 1] >= 0xA1
            at += 2
    return pairs >= 10 and high >= 0.95 * pairs
