"""Everything that a VCT file holds."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ....errors import Fault, InputError
from ....text import Text
from ...sources.encoding import decode_file
from .assembly import assemble
from .attributes import Attributes, read_attributes
from .cursor import Cursor
from .frame import Body, Frame, split
from .head import Head, read_head
from .objects import VctObject, draw_own, read_objects
from .structure import FeatureCode, Table, check_links, read_codes, read_tables

_KINDS = ("point", "line", "polygon")
_OUTLINE = ("head", "featurecode", "tablestructure")
_SKIPPED = {
    "annotation": Text("注记", "annotations"),
    "topology": Text("拓扑", "topology"),
    "solid": Text("体", "solids"),
    "aggregation": Text("聚合要素", "aggregations"),
    "varchar": Text("变长字符", "long texts"),
}
_READ = (*_OUTLINE, *_KINDS, "attribute", *_SKIPPED)
_REMEDY = Text(
    "请向提供方重新索取或重新导出 VCT；也可改用 GDB 或 Shapefile。",
    "Ask for the VCT again or have it exported again; a FileGDB or Shapefile will do as well.",
)
_GAP = 0.001  # metres between the end of a line and the next of a ring; degrees are held to a thousandth of it


@dataclass
class VctFile:
    """A VCT file.

    Attributes
    ----------
    name, encoding : str
    head : Head
    codes : list of FeatureCode
    tables : dict of str to Table
        By name in upper case.
    objects : list of VctObject
        All points, lines and polygons in the order of the file.
    referred : set of int
        Ids of lines and polygons that others are made of.
    attributes : Attributes
    notices : list of Text
        What is odd about the file, or was not read.
    """

    name: str
    encoding: str
    head: Head
    codes: list[FeatureCode]
    tables: dict[str, Table]
    objects: list[VctObject] = field(default_factory=list)
    referred: set[int] = field(default_factory=set)
    attributes: Attributes = field(default_factory=Attributes)
    notices: list[Text] = field(default_factory=list)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from searching millions of small objects for cycles, which they have none of; it doubles the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_vct(path: Path, encoding: str = "auto", *, data: bytes | None = None) -> VctFile:
    """Read a whole file.

    Raises
    ------
    InputError
        It is no VCT, of a version before 3.0, cut off, not text in `encoding`, or its frame, head or structures are
        broken; names every such fault with its line. Broken objects and rows are no error, they come with a reason.
    """
    found, frame, faults = _open(path, encoding, data)
    separator = found.head.separator
    found.attributes = read_attributes(frame.taken("attribute"), separator, found.tables, found.name, faults)
    _refuse(found.name, faults)
    codes = {code.code for code in found.codes}
    for kind in _KINDS:
        found.objects += read_objects(kind, frame.taken(kind), found.head, codes)
    draw_own(found.objects)
    tolerance = Cursor(Body(), found.head).tolerance
    found.referred = assemble(found.objects, min(tolerance, _GAP))
    found.notices += _skipped(frame)
    return found


def read_outline(path: Path, encoding: str = "auto") -> VctFile:
    """Read head, feature codes and structures only; raises as `read_vct`."""
    found, _, faults = _open(path, encoding, None, _OUTLINE)
    _refuse(found.name, faults)
    return found


def _open(
    path: Path, encoding: str, data: bytes | None, wanted: Container[str] = _READ
) -> tuple[VctFile, Frame, list[Fault]]:
    data = path.read_bytes() if data is None else data
    decoded = decode_file(data, path.name, encoding)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    faults: list[Fault] = []
    if "headbegin" not in text[: 1 << 20].lower():
        raise InputError(
            Text(
                f"{path.name} 中没有 HeadBegin，不是 VCT 交换文件。",
                f"{path.name} has no HeadBegin: it is no VCT exchange file.",
            ),
            Text(
                "后缀 .vct 也用于 IDRISI 矢量等其他格式；请确认文件来源。",
                "IDRISI vectors and others are called .vct, too: check where the file comes from.",
            ),
        )
    frame = split(text, path.name, faults, wanted)
    head = read_head(frame.body("head"), path.name, faults)
    codes = read_codes(frame.body("featurecode"), head.separator, path.name, faults)
    tables, notices = read_tables(frame.body("tablestructure"), head.separator, path.name, faults)
    check_links(codes, tables, path.name, faults)
    return VctFile(path.name, decoded.encoding, head, codes, tables, notices=[*head.notices, *notices]), frame, faults


def _refuse(name: str, faults: list[Fault]) -> None:
    if not faults:
        return
    faults.sort(key=lambda fault: fault.row or 0)
    shown = faults[:5]
    more = (
        Text(f"；共 {len(faults)} 处", f"; {len(faults)} faults in all") if len(faults) > len(shown) else Text("", "")
    )
    zh = "；".join((f"第 {fault.row} 行：" if fault.row else "") + fault.message.zh for fault in shown)
    en = "; ".join((f"line {fault.row}: " if fault.row else "") + fault.message.en for fault in shown)
    raise InputError(
        Text(f"{name} 不符合 VCT 语法：{zh}{more.zh}。", f"{name} does not follow the grammar of VCT: {en}{more.en}."),
        _REMEDY,
        faults=faults,
    )


def _skipped(frame: Frame) -> Iterable[Text]:
    for name, what in _SKIPPED.items():
        body = frame.body(name)
        if body.rows:
            line = frame.first_line[name]
            yield Text(
                f"第 {line} 行起的{what.zh}未读取（{len(body.rows)} 行）。",
                f"The {what.en} from line {line} on were not read ({len(body.rows)} lines).",
            )
    for name in frame.unknown:
        line, shown = frame.first_line[name], frame.names[name]
        yield Text(
            f"第 {line} 行起有不认识的一节 {shown}Begin…{shown}End，未读取（{len(frame.body(name).rows)} 行）。",
            f"The section {shown}Begin…{shown}End from line {line} on is not known and was not read "
            f"({len(frame.body(name).rows)} lines).",
        )
