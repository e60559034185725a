"""What a 12-digit code says by itself: county (6) + town (3) + village (3).

GB/T 2260 numbers provinces; GB/T 10114 gives towns 001-099 (subdistricts), 100-199 (towns), 200-399 (townships) and
400-599 (farms and the like); the statistical code gives residents' committees 001-199 and villagers' committees
200-399, and real lists hold 4xx and 5xx for what works like one. The ranges were read in copies of the rules, not in
the standards themselves, so a number outside them only informs; what no code can be, warns.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ....text import Text
from ...findings.findings import Findings
from ...table import LayerTable
from .columns import texts

_PROVINCES_BY_REGION = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES = frozenset(str(code) for first, last in _PROVINCES_BY_REGION for code in range(first, last + 1))
_RANGES = "、".join(f"{first}–{last}" if first < last else str(first) for first, last in _PROVINCES_BY_REGION)
_RANGES_EN = _RANGES.replace("、", ", ")
# 统计上划分城乡的规定: the classes of villages, and those that only stand for several of them.
URBAN_RURAL = frozenset(("100", "110", "111", "112", "120", "121", "122", "123", "200", "210", "220"))
_OWN_SYSTEM = 0.5  # share of rows with an unknown province above which it is the file's own numbering
_SURE, _UNUSUAL = 0.95, 0.5


def code_structure(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find codes of villages or administrative units that cannot be, or that are unusual, by their own digits.

    Parameters
    ----------
    table : LayerTable
        A layer with ``village_code``, or ``admin_units``.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        Loaded administrative units make provinces valid that GB/T 2260 lacks, such as that of a fictional county.
    """
    found = Findings()
    field = "village_code" if "village_code" in table.columns else "code"
    codes = texts(table, field)
    digits = np.array([len(code) > 1 and code.isascii() and code.isdigit() for code in codes.tolist()], dtype=bool)
    _province(positions, others, field, codes, digits, found)
    if field != "village_code":
        return found
    whole = digits & (np.array([len(code) for code in codes.tolist()], dtype=np.int64) == 12)
    town = np.array([int(code[6:9]) if ok else 1 for code, ok in zip(codes.tolist(), whole)], dtype=np.int64)
    village = np.array([int(code[9:]) if ok else 1 for code, ok in zip(codes.tolist(), whole)], dtype=np.int64)
    bare = np.flatnonzero((town == 0) | (village == 0))
    place = np.where(town[bare] == 0, "7–9", "10–12")
    part = np.where(town[bare] == 0, "乡镇", "村")
    part_en = np.where(town[bare] == 0, "town", "village")
    found.add(
        "code_structure",
        positions[bare],
        field=field,
        values=codes[bare],
        confidence=_SURE,
        why=[
            Text(
                f"第 {place} 位（{zh}）是 000，应为 001 起的编号；000 表示上一级单位，不是行政村。",
                f"Digits {place} (the {en}) are 000, and should be a number from 001; 000 stands for the unit above.",
            )
            for place, zh, en in zip(place, part, part_en)
        ],
    )
    odd = np.flatnonzero(((town > 599) | (village > 599)) & (town != 0) & (village != 0))
    found.add(
        "code_unusual",
        positions[odd],
        field=field,
        values=codes[odd],
        confidence=_UNUSUAL,
        why=[
            Text(
                f"乡镇部分 {code[6:9]}、村部分 {code[9:]}：常用范围是 001–599，请核对。",
                f"Town part {code[6:9]}, village part {code[9:]}: the usual range is 001–599; please check.",
            )
            for code in codes[odd].tolist()
        ],
    )
    _urban_rural(table, positions, found)
    return found


def _province(
    positions: np.ndarray,
    others: Mapping[str, LayerTable],
    field: str,
    codes: np.ndarray,
    digits: np.ndarray,
    found: Findings,
) -> None:
    units = others.get("admin_units")
    loaded = {str(code)[:2] for code in texts(units, "code")} if units is not None else set()
    heads, uniques = pd.factorize(np.array([code[:2] for code in codes.tolist()], dtype=object))
    unknown = np.array([head not in PROVINCES and head not in loaded for head in uniques], dtype=bool)
    bad = np.flatnonzero(digits & (unknown[heads] if len(unknown) else False))
    if not len(bad):
        return
    if len(bad) > _OWN_SYSTEM * digits.sum():
        some = "、".join(sorted({codes[at][:2] for at in bad}))
        found.add(
            "code_unusual",
            field=field,
            confidence=_UNUSUAL,
            why=Text(
                f"{len(bad)} 行代码的前两位（{some}）不是 GB/T 2260 的省级代码；多数行如此，视为自编代码。",
                f"The first two digits ({some}) of {len(bad)} codes are no province of GB/T 2260; most rows are so, "
                "which is taken for a numbering of its own.",
            ),
        )
        return
    found.add(
        "code_province",
        positions[bad],
        field=field,
        values=codes[bad],
        confidence=_SURE,
        why=[
            Text(
                f"前两位 {codes[at][:2]} 不是 GB/T 2260 的省级代码（应为 {_RANGES}）。",
                f"The first two digits {codes[at][:2]} are no province of GB/T 2260 (expected: {_RANGES_EN}).",
            )
            for at in bad
        ],
    )


def _urban_rural(table: LayerTable, positions: np.ndarray, found: Findings) -> None:
    classes = texts(table, "urban_rural")
    numbered, uniques = pd.factorize(classes)
    wrong = np.array([one.isascii() and one.isdigit() and one not in URBAN_RURAL for one in uniques], dtype=bool)
    at = np.flatnonzero(wrong[numbered]) if len(wrong) else np.zeros(0, np.int64)
    if len(at) > _OWN_SYSTEM * (classes != "").sum():
        return  # the file numbers the classes in its own way, such as 1 for urban and 2 for rural
    found.add(
        "urban_rural_code",
        positions[at],
        field="urban_rural",
        values=classes[at],
        confidence=0.8,
        why=Text(
            "城乡分类代码应为 111、112、121、122、123、210 或 220。",
            "An urban-rural class is one of 111, 112, 121, 122, 123, 210 and 220.",
        ),
    )
