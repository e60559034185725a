"""What a table of text shows of its encoding and its program: mixed encodings, lost characters, error values."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...text import Text
from .encoding import Decoded
from .encoding_guess import is_chinese
from .raw_table import RawTable
from .text_table import Parsed

LOST = re.compile(r"锟斤|斤拷|\ufffd|烫烫烫|屯屯屯")
_QUESTIONS = re.compile(r"\?{2,}|？{3,}")
ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#N/A")
_MOST_CHINESE = 2000  # texts of a column that are looked at for Chinese


def note_encoding(table: RawTable, decoded: Decoded, parsed: Parsed) -> None:
    """Add the findings on the encoding, and set aside the rows of lines that are no text."""
    others = _positions(table, decoded.other_lines, parsed)
    bad = _positions(table, decoded.bad_lines, parsed)
    for at in bad:
        table.damaged[int(at)] = Text(
            f"该行有既不是 UTF-8 也不是 GB18030 的字节，文字无法还原（以 {decoded.encoding} 读取，� 处为坏字节）",
            f"the row holds bytes that are neither UTF-8 nor GB18030 (read as {decoded.encoding}; � stands for them)",
        )
        table.odd.pop(int(at), None)
    other = "GB18030" if decoded.encoding == "UTF-8" else "UTF-8"
    if decoded.other_lines:
        words = Text(
            f"文件以 {decoded.encoding} 为主，该行是 {other}，已按 {other} 读取",
            f"the file is mostly {decoded.encoding}; this row is {other} and was read so",
        )
        table.findings.add("mixed_encoding", others, values=_rows(table, others), why=words)
        if len(others) < len(decoded.other_lines):
            table.findings.add("mixed_encoding", why=words)
        lines = "、".join(map(str, decoded.other_lines[:20])) + ("……" if len(decoded.other_lines) > 20 else "")
        table.notices.append(
            Text(
                f"文件混用两种文字编码：以 {decoded.encoding} 为主，{len(decoded.other_lines)} 行是 {other}"
                f"（第 {lines} 行），已逐行识别。",
                f"The file mixes two encodings: mostly {decoded.encoding}, but {len(decoded.other_lines)} lines are "
                f"{other} (lines {lines.replace('、', ', ')}); each was read in its own.",
            )
        )
    if decoded.false_mark:
        zh, en = (
            f"字节顺序标记（BOM）写的是 {decoded.false_mark}，与内容不符",
            f"the mark says {decoded.false_mark}, falsely",
        )
        table.findings.add("not_utf8", values=decoded.encoding, why=Text(zh, en))
    elif not decoded.encoding.lower().replace("_", "-").startswith(("utf-8", "utf8")):
        table.findings.add("not_utf8", values=decoded.encoding, why=_evidence(decoded.encoding))


def _evidence(encoding: str) -> Text:
    if encoding == "GB18030":
        return Text(
            "不是有效的 UTF-8，每个字节都符合 GB18030（含 GBK）", "not UTF-8; every byte fits GB18030, which holds GBK"
        )
    if encoding == "BIG5":
        return Text(
            "不是 UTF-8；按 Big5 读都是常用字，按 GB18030 读则不是", "common characters as Big5, not as GB18030"
        )
    return Text(f"按 {encoding} 读取", f"read as {encoding}")


def _positions(table: RawTable, lines: tuple[int, ...], parsed: Parsed) -> np.ndarray:
    """Give the positions of the rows that hold some lines."""
    if not lines:
        return np.zeros(0, dtype=np.int64)
    numbers = np.array(lines, dtype=np.int64)
    if parsed.last_lines is not None:
        numbers = np.searchsorted(parsed.last_lines, numbers) + 1
    return np.flatnonzero(np.isin(table.rows, numbers))


def _rows(table: RawTable, positions: np.ndarray) -> list[str]:
    return [table.original(int(at))[:200] for at in positions]


@dataclass(frozen=True)
class Signs:
    """What a text may hold that is worth looking for in every cell of its table."""

    lost: bool = True
    asked: bool = True
    errors: bool = True

    @classmethod
    def of(cls, text: str) -> Signs:
        """Look through a whole text at once."""
        return cls(
            any(words in text for words in ("锟", "\ufffd", "斤拷", "烫烫烫", "屯屯屯")),
            "??" in text or "？？？" in text,
            "#" in text and any(words in text for words in ERRORS),
        )


def note_cells(table: RawTable, signs: Signs | None = None) -> None:
    """Add the findings on cells whose characters are lost, and on errors of a spreadsheet."""
    signs = signs or Signs()
    if not (signs.lost or signs.asked or signs.errors):
        return
    for heading, cells in zip(table.headings, table.cells):
        codes, uniques = pd.factorize(cells)
        texts = [str(one) for one in uniques]
        gone = np.array([bool(signs.lost and LOST.search(one)) for one in texts], dtype=bool)
        if signs.asked and any(map(_QUESTIONS.search, texts)) and _is_chinese_column(heading, texts):
            gone |= np.array([bool(_QUESTIONS.search(one)) and "http" not in one for one in texts], dtype=bool)
        at = np.flatnonzero(gone[codes])
        at = at[[int(one) not in table.damaged for one in at]]
        why = Text("原字已无法还原，请向提供方重新索取", "they cannot be restored; ask for the file again")
        table.findings.add("lost_characters", at, field=heading, values=cells[at], why=why)
        wrong = np.array([bool(signs.errors and one.strip().upper() in ERRORS) for one in texts], dtype=bool)
        at = np.flatnonzero(wrong[codes])
        table.findings.add(
            "error_cell",
            at,
            field=heading,
            values=cells[at],
            why=Text("表格软件的错误值，不是数据", "an error of the spreadsheet, no data"),
        )
    if any(LOST.search(heading) or _QUESTIONS.search(heading) for heading in table.headings):
        table.findings.add(
            "lost_characters", values=" | ".join(table.headings)[:200], why=Text("在表头中", "in the headings")
        )


def _is_chinese_column(heading: str, texts: list[str]) -> bool:
    return any(map(is_chinese, heading)) or any(any(map(is_chinese, one)) for one in texts[:_MOST_CHINESE])
