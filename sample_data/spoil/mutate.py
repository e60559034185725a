"""Damage files: their bytes, the members of archives, the cells of tables; by chance, but the same each time."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from random import Random

from . import write
from .seeds import Seed
from .write import Rows

ARCHIVES = (".xlsx", ".ods", ".kmz", ".zip")
WORDS = (
    *(b"NaN", b"1e400", b"-1", b"9" * 40, b"\x00", b"\xff\xfe", b"\r", b"\n", b'"', b",", b"\t", b"<", b"&", b"]]>"),
    *(
        b"%s%n",
        b"\xef\xbb\xbf",
        "经度".encode(),
        "经度".encode("gbk"),
        b"null",
        b"[",
        b"}",
        b"0x",
        b"1,5",
        b"..",
        b"|layer",
    ),
)
CELLS = (
    *(
        "",
        " ",
        "无",
        "合计",
        "NULL",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-0",
        "0",
        "1E+11",
        "1" * 400,
        "0x1F",
        "=1+1",
        "#REF!",
    ),
    *(
        "129°16′45″",
        "129,27",
        "20.35N",
        "1292.79",
        "２０．３５",
        "-129.27",
        "'990121",
        "5G/4G/NR",
        "在网",
        "待定",
        "移动、电信",
    ),
    *(
        "2023-02-30",
        "00000000",
        "46086",
        "去年",
        "\u200b",
        "\ufeff",
        "\x0b",
        "a\nb",
        'q"q',
        "锟斤拷",
        "岳\ud7ff城",
        "𠮷野",
        "é" * 30,
    ),
    *(
        "东经129度",
        "(20,129)",
        "129.27 20.35",
        "T",
        "1/2",
        "+86",
        "%",
        "２０２６年",
        "١٢٣",
        "Ⅳ",
        "½",
        "²",
        "①",
        "−5",
        "1_000",
        "1 000",
    ),
)


def damaged(seed: Seed, others: list[Seed], folder: Path, rng: Random) -> Path:
    """Copy a seed into a folder, damage one of its files, and give the path that the job gets."""
    shutil.copytree(seed.folder, folder, dirs_exist_ok=True)
    path = folder / seed.path.name
    parts = sorted(item for item in folder.rglob("*") if item.is_file())
    part = rng.choice(parts)
    if part.suffix in ARCHIVES and rng.random() < 0.6:
        part.write_bytes(_member(part.read_bytes(), rng))
    else:
        other = rng.choice([one for one in others if one is not seed])
        spare = other.path if other.path.is_file() else next(iter(sorted(other.path.iterdir())))
        part.write_bytes(mutated(part.read_bytes(), spare.read_bytes(), rng))
    if rng.random() < 0.04:
        rng.choice(parts).unlink()
    return path


def mutated(data: bytes, other: bytes, rng: Random) -> bytes:
    """Damage bytes in one to four ways."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(_WAYS)(data, other, rng)
    return data


def _span(data: bytes, rng: Random, most: int = 400) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randint(1, most))


def _flip(data: bytes, _other: bytes, rng: Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 40)) if out else 0):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _overwrite(data: bytes, _other: bytes, rng: Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 4)) if out else 0):
        out[rng.randrange(len(out))] = rng.choice((0, 0xFF, 0x7F, 0x80, 1, rng.randrange(256)))
    return bytes(out)


def _head(data: bytes, _other: bytes, rng: Random) -> bytes:
    """Damage the first bytes, where the formats keep their counts and offsets."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 4)) if out else 0):
        out[rng.randrange(min(len(out), 128))] = rng.choice((0, 0xFF, 0x7F, 0x80, rng.randrange(256)))
    return bytes(out)


def _truncate(data: bytes, _other: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _cut(data: bytes, _other: bytes, rng: Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _insert(data: bytes, _other: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.randint(1, 60)) + data[at:]


def _word(data: bytes, _other: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(WORDS) * rng.choice((1, 1, 1, 50)) + data[at + rng.choice((0, 1, 4)) :]


def _double(data: bytes, _other: bytes, rng: Random) -> bytes:
    start, end = _span(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 1, 3, 40)) + data[end:]


def _zero(data: bytes, _other: bytes, rng: Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + bytes(end - start) + data[end:]


def _splice(data: bytes, other: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _swap(data: bytes, _other: bytes, rng: Random) -> bytes:
    a, b = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return data[b:] + data[a:b] + data[:a]


_WAYS = (_flip, _flip, _overwrite, _head, _truncate, _cut, _insert, _word, _word, _double, _zero, _splice, _swap)


def _member(data: bytes, rng: Random) -> bytes:
    """Damage a member of an archive and pack it again, so that the checksums are right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen, spare = rng.choice(names), rng.choice(names)
        for name in names:
            body = source.read(name)
            if name == chosen:
                body = mutated(body, source.read(spare), rng)
            target.writestr(zipfile.ZipInfo(name, (2026, 10, 31, 0, 0, 0)), body)
    return out.getvalue()


# --- tables -----------------------------------------------------------------------------------------------------------


def spoiled_rows(rows: Rows, rng: Random) -> Rows:
    """Change a table as a clerk on a bad day might: cells, rows, columns, headings. The first row stays."""
    rows = [list(row) for row in rows]
    for _ in range(rng.choice((1, 2, 5, 30))):
        _cell(rows, rng)
    for _ in range(rng.choice((0, 0, 1, 2))):
        rng.choice((_row_twice, _row_gone, _row_short, _row_long, _columns_turned, _column_twice, _heading))(rows, rng)
    return rows


def _cell(rows: Rows, rng: Random) -> None:
    row = rng.choice(rows[1:])
    if row:
        k = rng.randrange(len(row))
        cell = str(row[k])
        fresh = rng.choice(CELLS)
        row[k] = rng.choice((fresh, fresh, cell + fresh, cell[: len(cell) // 2] + fresh, cell * 3, cell[::-1]))


def _row_twice(rows: Rows, rng: Random) -> None:
    rows.insert(rng.randrange(1, len(rows)), list(rng.choice(rows)))


def _row_gone(rows: Rows, rng: Random) -> None:
    if len(rows) > 3:
        del rows[rng.randrange(1, len(rows))]


def _row_short(rows: Rows, rng: Random) -> None:
    row = rng.choice(rows[1:])
    del row[rng.randrange(len(row) + 1) :]


def _row_long(rows: Rows, rng: Random) -> None:
    rng.choice(rows[1:]).extend(rng.choices(CELLS, k=rng.choice((1, 3, 60))))


def _columns_turned(rows: Rows, rng: Random) -> None:
    a, b = rng.randrange(len(rows[0])), rng.randrange(len(rows[0]))
    for row in rows:
        if max(a, b) < len(row):
            row[a], row[b] = row[b], row[a]


def _column_twice(rows: Rows, rng: Random) -> None:
    k = rng.randrange(len(rows[0]))
    for row in rows:
        row.append(row[k] if k < len(row) else "")


def _heading(rows: Rows, rng: Random) -> None:
    rows[0][rng.randrange(len(rows[0]))] = rng.choice(("", "经度", "纬度", "X", "备注", "a\nb", "运营商", "单位：米"))


def table_file(seed: Seed, rows: Rows, folder: Path, rng: Random) -> tuple[Path, int]:
    """Write a spoiled table in a format of text tables or workbooks; give its path and the rows below the headings."""
    spoiled = spoiled_rows(rows, rng)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / seed.path.name
    if path.suffix == ".xlsx":
        safe = [["".join(c for c in str(cell) if c >= " " or c in "\t\n")[:32000] for cell in row] for row in spoiled]
        write.write_book(path, 数据=safe)
    else:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        encoding = {"csv gbk": "gb18030", "csv utf-16": "utf-16"}.get(seed.name, "utf-8")
        path.write_bytes(write.text(spoiled, delimiter).encode(encoding, "replace"))
    return path, sum(any(str(cell).strip() for cell in row) for row in spoiled[1:])
