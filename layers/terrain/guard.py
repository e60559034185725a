"""Which files may be opened as terrain: told by their first bytes, and no links to anywhere but plain files.

GDAL follows whatever stands in a VRT, to a web server as readily as to a file. So every VRT is read here first, and
every file that it names must itself be a GeoTIFF or an ``.hgt``.
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import InputError
from ...text import NOTHING, Text

SUFFIXES = (".tif", ".tiff", ".hgt", ".vrt")
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HGT_NAME = re.compile(r"[NS]\d{2}[EW]\d{3}.*\.hgt", re.IGNORECASE)
_LARGEST_VRT = 64 << 20
_SOURCES = ("SimpleSource", "ComplexSource")
_FILE_TAGS = ("SourceFilename", "SourceDataset")
_SAME_SCALE = 1e-6
_CHOOSE = Text(
    "请选择 GeoTIFF、.hgt、由它们组成的 VRT，或存放这些文件的文件夹。",
    "Choose a GeoTIFF, an .hgt, a VRT made of those, or a folder that holds them.",
)


class Part(NamedTuple):
    """A file that a VRT shows, and the pixels of the VRT that it fills: columns and rows, the last excluded."""

    path: Path
    columns: tuple[float, float]
    rows: tuple[float, float]


class Admitted(NamedTuple):
    """What GDAL may open: the name of its driver, and what a VRT is made of (empty for other files)."""

    driver: str
    parts: tuple[Part, ...]


def admit(path: Path, *, inside_vrt: bool = False) -> Admitted:
    """Look at a file before GDAL does.

    Raises
    ------
    InputError
        It is none of the formats, a VRT that does more than place files side by side, or one that links to
        something that is no elevation raster on this machine.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except OSError as fault:
        raise _refused(path, Text("打不开这个文件。", f"it cannot be opened ({fault.strerror}).")) from fault
    if head.startswith(_TIFF):
        return Admitted("GTiff", ())
    if path.suffix.lower() == ".hgt":
        if not _HGT_NAME.fullmatch(path.name):
            raise _refused(
                path,
                Text(".hgt 文件的位置只写在文件名里，而此文件名不含经纬度。",
                     "an .hgt says where it lies by its name only, and this name says nothing."),
                Text("请按西南角改回原名，例如北纬 27°、东经 86° 的图幅为 N27E086.hgt。",
                     "Give it back its name, from the south-west corner: 27° N, 86° E is N27E086.hgt."),
            )  # fmt: skip
        return Admitted("SRTMHGT", ())
    if b"<VRTDataset" in head:
        if inside_vrt:
            raise _refused(path, Text("它是另一个 VRT 中的 VRT。", "it is a VRT inside of another VRT."), _CHOOSE)
        return Admitted("VRT", tuple(_parts(path)))
    raise _refused(path, Text("不是可用的高程栅格格式。", "it is no elevation raster of a known format."), _CHOOSE)


def _parts(path: Path) -> Iterator[Part]:
    root = _read_xml(path)
    plain = Text("VRT 含有变换、重采样或计算，高程会被二次插值。",
                 "it warps, resamples or computes, so that heights would be interpolated twice.")  # fmt: skip
    remedy = Text(
        "请直接选择原始高程文件或其所在文件夹。", "Choose the original elevation files, or the folder that holds them."
    )
    if root.get("subClass"):
        raise _refused(path, plain, remedy)
    for band in root.iter("VRTRasterBand"):
        if band.get("subClass", "VRTSourcedRasterBand") != "VRTSourcedRasterBand":
            raise _refused(path, plain, remedy)
    named = 0
    for element in root.iter():
        if element.tag.endswith("Source"):
            if element.tag not in _SOURCES or not _same_scale(element):
                raise _refused(path, plain, remedy)
            named += sum(1 for item in element.iter() if item.tag in _FILE_TAGS)
            yield _part(path, element)
    if named != sum(1 for item in root.iter() if item.tag in _FILE_TAGS):  # overviews and the like, outside a source
        for item in root.iter():
            if item.tag in _FILE_TAGS:
                admit(_file(path, item), inside_vrt=True)


def _read_xml(path: Path) -> ET.Element:
    broken = Text("VRT 内容不完整或有错。", "its XML is not complete.")
    if path.stat().st_size > _LARGEST_VRT:
        raise _refused(path, Text("VRT 过大。", "it is too large for a VRT."), _CHOOSE)
    words = path.read_bytes()
    if b"<!DOCTYPE" in words or b"<!ENTITY" in words:
        raise _refused(path, broken, _CHOOSE)
    try:
        root = ET.fromstring(words)
    except ET.ParseError as fault:
        raise _refused(path, broken, _CHOOSE) from fault
    if root.tag != "VRTDataset":
        raise _refused(path, broken, _CHOOSE)
    return root


def _part(vrt: Path, source: ET.Element) -> Part:
    files = [item for item in source.iter() if item.tag in _FILE_TAGS]
    if len(files) != 1:
        raise _refused(vrt, Text("VRT 内容不完整或有错。", "its XML is not complete."), _CHOOSE)
    file = _file(vrt, files[0])
    admit(file, inside_vrt=True)
    target = source.find("DstRect")
    if target is None:
        return Part(file, (0.0, float("inf")), (0.0, float("inf")))
    left, top, wide, high = _rectangle(target)
    return Part(file, (left, left + wide), (top, top + high))


def _file(vrt: Path, element: ET.Element) -> Path:
    """Give the plain file that an element names; refuse addresses, GDAL's virtual paths and what does not exist."""
    name = (element.text or "").strip()
    # An address or a driver's prefix has a colon behind two letters or more, a drive of Windows behind one.
    if not name or name.startswith(("/vsi", "<", "\\\\", "//")) or re.match(r"[A-Za-z][\w+.-]+:", name):
        raise _refused(
            vrt,
            Text(f"VRT 链接到“{name[:80]}”，不是本机文件；本软件不联网读取。",
                 f"it links to “{name[:80]}”, which is no file of this machine, and nothing is read from the network."),
            Text("请先下载高程文件，再选择它们。", "Download the elevation files first and choose those."),
        )  # fmt: skip
    file = vrt.parent / name if element.get("relativeToVRT") == "1" else Path(name)
    if not file.is_file():
        raise _refused(
            vrt,
            Text(f"VRT 引用的文件不存在：{name}。", f"it names a file that is not there: {name}."),
            Text("请把缺少的文件放回原处，或重新生成 VRT。", "Put the file back, or make the VRT anew."),
        )
    return Path(os.path.abspath(file))  # noqa: PTH100 - without following links, as GDAL does


def _rectangle(element: ET.Element) -> tuple[float, float, float, float]:
    try:
        left, top, wide, high = (float(element.get(name, "nan")) for name in ("xOff", "yOff", "xSize", "ySize"))
    except ValueError:
        return (float("nan"),) * 4
    return left, top, wide, high


def _same_scale(source: ET.Element) -> bool:
    """Tell whether a source is shown pixel for pixel."""
    of, to = source.find("SrcRect"), source.find("DstRect")
    if of is None or to is None:
        return of is to
    (_, _, wide, high), (_, _, target_wide, target_high) = _rectangle(of), _rectangle(to)
    return abs(wide - target_wide) <= _SAME_SCALE * wide and abs(high - target_high) <= _SAME_SCALE * high


def _refused(path: Path, why: Text, remedy: Text = NOTHING) -> InputError:
    return InputError(
        Text(f"高程文件 {path.name} 不能使用：{why.zh}", f"The elevation file {path.name} cannot be used: {why.en}"),
        remedy,
    )
