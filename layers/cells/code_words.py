"""Code lists in every dialect: by the list's own words, by its aliases, and by words that tell a code anywhere.

Nothing is matched by likeness: a text is read only where known words make it up completely, or where its list says
that a word tells its code wherever it stands (`Code.inside`: the operators' names within those of their companies).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ..spec import Field, Kind
from .fold import fold, simplified
from .signs import is_null, is_wide, is_wide_word, plain

Codes = tuple[str | None, str, str]  # codes joined by ";" or None, reason or "", note or ""

_SPLIT = re.compile(r"[、,;/\\+|&\n]|(?<![呼仁太泰云平政共嘉义雍])[和与及](?![田平布静硕龙顺林政县])")
_GENERATIONS = re.compile(r"(?<![\d.])([2-5](?:g?\s*[-/\\、,+&|]\s*[2-5])+)g", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"(?<=[2-5]g)(?=[2-5]g)", re.IGNORECASE)
_CHUNK = re.compile(r"[a-z0-9.]+|[^\W_a-z0-9]+")
_MOST_CHUNKS = 4
_LONGEST_WORD, _LONGEST_CELL = 20, 300
# A band beside a technology ("NR 2.6G", "FDD1800", "5G n78") is no generation.
_FREQUENCY = re.compile(r"(?<![\d.])(?:\d\.\d+\s*g(?:hz)?|\d{3,4}\s*m?(?:hz)?)(?![\d.])|(?<![a-z])n\d{1,2}(?!\d)")
# Numbers that operators give their codes, each in an order of its own; all of them call 1 what is in service.
_BARE_NUMBERS = frozenset(map(str, range(2, 100))) | {"0"}
# Words beside a code that say nothing of it.
_FILLERS = (
    *("共模", "双模", "三模", "多模", "单模", "网络", "基站", "站点", "制式", "小区", "共站", "共址", "共享", "共建"),
    *("合建", "共用", "系统", "信号", "网", "站", "和", "与", "及", "等"),
)
_NEGATED = "(?:非|不含|不是|除|无|没有|取消|不与)(?:中国)?"
# "Mobile network" says nothing of China Mobile where another operator stands beside it.
_GENERIC = re.compile("(?<!中国)移动(?:通信(?!集团|有限|股份|公司)|网络|互联网|宽带网|基站)")


class _Words(NamedTuple):
    own: dict[str, str]  # folded value or label → value
    all: dict[str, str]  # the aliases too
    inside: dict[str, str]
    narrower: frozenset[str]


@cache
def _words(field: Field) -> _Words:
    own: dict[str, str] = {}
    known: dict[str, str] = {}
    inside: dict[str, str] = {}
    for code in field.codes:
        for words in (code.value, code.label.zh, code.label.en):
            own.setdefault(fold(words), code.value)
    known |= own
    for code in field.codes:
        for words in (*code.aliases, *code.narrower):
            known.setdefault(fold(words), code.value)
        for words in map(str.lower, code.inside):
            inside[words] = f"{inside[words]};{code.value}" if words in inside else code.value
    narrower = frozenset(fold(words) for code in field.codes for words in code.narrower)
    return _Words(own, known, dict(sorted(inside.items(), key=lambda item: (-len(item[0]), item[0]))), narrower)


def read_codes(text: str, field: Field) -> Codes:
    """Read one code, or several for a field that takes several, by any of their spellings."""
    words = _words(field)
    bare = simplified(plain(text))
    whole = fold(re.sub(r"\.0+$", "", bare))
    if whole and whole in words.all:
        own = whole in words.own
        if not own and whole in _BARE_NUMBERS:
            return words.all[whole], "", "numeric_code" if field.required else "numeric_code_optional"
        if whole in words.narrower:
            return words.all[whole], "", "grouped"
        return words.all[whole], "", ("full_width" if is_wide(text) else "") if own else "dialect"
    if is_null(text, undecided=False):
        return None, "", "null_word" if text.strip() else ""
    if len(bare) > _LONGEST_CELL:
        return None, "unknown_code", ""
    spread = _GENERATIONS.sub(_each_generation, bare.lower())
    parts = [part for part in map(str.strip, _SPLIT.split(_RUN_TOGETHER.sub("/", spread))) if fold(part)]
    if not parts:
        return None, "unknown_code", ""
    found: set[str] = set()
    for part in parts:
        here = _part(part, words)
        if not here:
            return None, "unknown_code", ""
        found |= here
    if field.kind is Kind.CODE and len(found) > 1:
        return None, "unknown_code", ""
    plain_words = all(fold(part) in words.own for part in parts)
    note = ("full_width" if is_wide_word(text) else "") if plain_words else "dialect"
    if any(fold(part) in words.narrower for part in parts):
        note = "grouped"
    return ";".join(code.value for code in field.codes if code.value in found), "", note


def _each_generation(found: re.Match[str]) -> str:
    return "/".join(f"{digit}g" for digit in re.findall(r"[2-5]", found[1]))


def _part(part: str, words: _Words) -> set[str]:
    """Give the codes of one part of a cell, none where it is not understood."""
    single = words.all.get(fold(part))
    if single is not None:
        return {single}
    if words.inside and _GENERIC.search(part):
        return _inside(part, words)
    return _covered(part, words) or _covered(_FREQUENCY.sub(" ", part), words) or _inside(part, words)


def _covered(part: str, words: _Words) -> set[str]:
    """Read a part that is made of nothing but known words and fillers."""
    chunks = _CHUNK.findall(part)
    found: set[str] = set()
    at = 0
    while at < len(chunks):
        for size in range(min(_MOST_CHUNKS, len(chunks) - at), 0, -1):
            joined = fold("".join(chunks[at : at + size]))
            if joined in words.all and (len(joined) > 1 or not joined.isascii()) and not joined.isdigit():
                found.add(words.all[joined])
                at += size
                break
        else:
            here = None if chunks[at][0].isascii() else _han(chunks[at], words)
            if here is None:
                return set()
            found |= here
            at += 1
    return found


def _han(chunk: str, words: _Words) -> set[str] | None:
    found: set[str] = set()
    at = 0
    while at < len(chunk):
        for end in range(min(len(chunk), at + _LONGEST_WORD), at, -1):
            if end - at > 1 and chunk[at:end] in words.all:
                found.add(words.all[chunk[at:end]])
                at = end
                break
        else:
            filler = next((filler for filler in _FILLERS if chunk.startswith(filler, at)), "")
            if not filler:
                return None
            at += len(filler)
    return found


def _inside(part: str, words: _Words) -> set[str]:
    """Find the words that tell a code wherever they stand, the longest first, each sign once."""
    if not words.inside or any(re.search(_NEGATED + re.escape(word), part) for word in words.inside):
        return set()
    found = _scan(part, words.inside)
    if len(found) > 1:
        found = _scan(_GENERIC.sub(" ", part), words.inside)
    return found


def _scan(part: str, inside: dict[str, str]) -> set[str]:
    found: set[str] = set()
    for word, value in inside.items():
        pattern = rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        part, count = re.subn(pattern, " ", part)
        found |= set(value.split(";")) if count else set()
    return found
