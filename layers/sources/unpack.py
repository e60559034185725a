"""Unpack a ZIP that nobody vouches for: within bounds, inside one folder, with Chinese names read right.

ZIP names without the UTF-8 flag are in the code page of the machine that packed them: on Chinese Windows GBK.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ...errors import InputError
from ...text import Text

MOST_FILES = 20_000
MOST_BYTES = 8 << 30
# Deflate reaches 1032 : 1; spreadsheets and texts of real tables stay below 50 : 1.
MOST_RATIO = 200
_SMALL = 64 << 20
_BLOCK = 1 << 20
_UTF8_FLAG, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
_JUNK = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")

FAULTS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError),
    *(RuntimeError, struct.error, KeyError, IndexError, MemoryError),
)


@dataclass(frozen=True)
class Member:
    """A file in an archive, and its name as the planner's own program shows it, with "/" between folders."""

    name: str
    info: zipfile.ZipInfo

    @property
    def path(self) -> PurePosixPath:
        """Its name as a path inside the archive."""
        return PurePosixPath(self.name)


def members(path: Path, pack: zipfile.ZipFile) -> list[Member]:
    """Give the files of an archive that may be unpacked, sorted by name.

    Raises
    ------
    InputError
        There are too many, they would grow too large, one is encrypted, or two have the same name.
    """
    infos = [info for info in pack.infolist() if not info.is_dir()]
    size = sum(info.file_size for info in infos)
    packed = path.stat().st_size
    if len(infos) > MOST_FILES or size > MOST_BYTES or (size > _SMALL and size > MOST_RATIO * packed):
        raise _too_large(path, len(infos), size)
    found: dict[str, Member] = {}
    for info in infos:
        name = _safe(member_name(info))
        if not name or stat.S_ISLNK(info.external_attr >> 16):
            continue
        if info.flag_bits & _ENCRYPTED:
            raise InputError(
                Text(f"{path.name} 有密码保护。", f"{path.name} is protected by a password."),
                Text("请用密码解压后再选择其中的文件。", "Unpack it with the password, then choose the file inside."),
            )
        if name in found:
            raise InputError(
                Text(f"{path.name} 中有两个同名文件：{name}。", f"{path.name} holds two files named {name}."),
                Text("请解压后选择要导入的那一个。", "Unpack it and choose the one that you want."),
            )
        found[name] = Member(name, info)
    return [found[name] for name in sorted(found)]


def member_name(info: zipfile.ZipInfo) -> str:
    """Give the name of a member as it was meant: by its Unicode field, its flag, UTF-8, else GB18030."""
    for kind, data in _extra(info.extra):
        if kind == _UNICODE_PATH and len(data) > 5 and data[0] == 1:
            try:
                return data[5:].decode("utf-8")
            except UnicodeDecodeError:
                break
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _extra(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 4:
        kind, length = struct.unpack("<HH", data[:4])
        yield kind, data[4 : 4 + length]
        data = data[4 + length :]


def _safe(name: str) -> str:
    """Give a name that cannot leave the folder; "" for what no source is made of."""
    parts = [part.strip() for part in name.replace("\\", "/").split("\0")[0].split("/")]
    parts = [part.replace(":", "_") for part in parts if part not in ("", ".", "..")]
    if not parts or any(part.lower() in _JUNK for part in parts) or parts[-1].startswith("._"):
        return ""
    return "/".join(part[-120:] for part in parts)


def unpack(path: Path, pack: zipfile.ZipFile, wanted: list[Member], folder: Path) -> None:
    """Write some members below a folder.

    Raises
    ------
    InputError
        One is damaged, or larger than the archive says.
    """
    root = folder.resolve()
    left = MOST_BYTES
    for member in wanted:
        target = root.joinpath(*member.path.parts)
        if not target.resolve().is_relative_to(root):
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with pack.open(member.info) as source, target.open("xb") as copy:
                while block := source.read(_BLOCK):
                    left -= len(block)
                    if left < 0 or copy.tell() + len(block) > member.info.file_size:
                        raise _too_large(path, len(wanted), MOST_BYTES)
                    copy.write(block)
        except FAULTS as fault:
            raise damaged(path, f"{member.name}: {fault}") from fault


def damaged(path: Path, said: object) -> InputError:
    """Give the error of an archive that cannot be unpacked."""
    return InputError(
        Text(f"压缩包 {path.name} 读不出：{said}", f"Cannot read the archive {path.name}: {said}"),
        Text("文件可能损坏或下载不完整：请重新索取，或解压后再选择其中的文件。",
             "It may be damaged or cut off: ask for it again, or unpack it and choose the file inside."),
    )  # fmt: skip


def _too_large(path: Path, count: int, size: int) -> InputError:
    return InputError(
        Text(
            f"压缩包 {path.name} 解压后过大（{count} 个文件，{size / (1 << 20):.0f} MiB），可能有误或有害。",
            f"The archive {path.name} grows too large ({count} files, {size / (1 << 20):.0f} MiB); it may be faulty or "
            "hostile.",
        ),
        Text(
            "请确认来源，自行解压后选择需要的文件。", "Check where it comes from, unpack it yourself and choose a file."
        ),
    )
