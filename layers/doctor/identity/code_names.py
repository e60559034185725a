"""Whether code and name of a village's county and town belong together.

Two kinds of evidence, for counties and for towns: the stated name is that of another code (in the loaded
administrative units, or in the rows of the file); or the rows of one code have several names, and this is the rare one.
Names that only differ in 县, 镇 and the like, or in what stands before them (沧屏市海岳县), are the same.
Confidence: 0.9 where the name belongs to another code, else the share of the common name among the rows of the code.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ....text import Text
from ...findings.findings import Findings
from ...specs.admin_units import level_of_code
from ...table import LayerTable
from .columns import texts
from .names import same_unit, stem_of_unit

_COMMON = 3  # rows that a name needs to be the common one of a code
_TIMES = 2  # and how many times as many as the rare one
_BELONGS_ELSEWHERE = 0.9
_LEVELS = (
    ("county_name", 6, Text("县", "county")),
    ("town_name", 9, Text("乡镇", "town")),
)


def code_name_mismatches(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find villages whose county or town is named otherwise than their code says.

    Parameters
    ----------
    table : LayerTable
        Villages.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        Its administrative units, where there are any, name the codes with authority.
    """
    found = Findings()
    codes = texts(table, "village_code")
    for field, length, level in _LEVELS:
        parts = np.array([code[:length] for code in codes], dtype=object)
        names = texts(table, field)
        official = _official(others.get("admin_units"), length)
        numbers, distinct = pd.MultiIndex.from_arrays([parts, names]).factorize()
        counts = np.bincount(numbers, minlength=len(distinct))
        wrong = _judge([(str(code), str(name)) for code, name in distinct], counts, official, level)
        for number, (why, confidence) in wrong.items():
            at = np.flatnonzero(numbers == number)
            found.add(
                "code_name_mismatch",
                positions[at],
                field=field,
                values=str(distinct[number][1]),
                confidence=confidence,
                related=str(distinct[number][0]),
                why=why,
            )
    return found


def _official(units: LayerTable | None, length: int) -> dict[str, str]:
    """Give the names of loaded units by the first digits of their codes: 6 for counties, 9 for towns."""
    if units is None:
        return {}
    level = {6: "county", 9: "town"}[length]
    named = zip(texts(units, "code").tolist(), texts(units, "name").tolist())
    return {code[:length]: name for code, name in named if name and level_of_code(code) == level}


def _judge(
    distinct: list[tuple[str, str]], counts: np.ndarray, official: dict[str, str], level: Text
) -> dict[int, tuple[Text, float]]:
    """Judge every distinct pair of code and name; give those that do not fit, with the reason and the confidence."""
    by_code: dict[str, list[int]] = {}
    for number, (code, name) in enumerate(distinct):
        if code and name:
            by_code.setdefault(code, []).append(number)
    common = {}
    for code, numbers in by_code.items():
        best = max(numbers, key=lambda number: (counts[number], -number))
        if counts[best] >= _COMMON:
            common[code] = distinct[best][1]
    owners: dict[tuple[str, str], set[str]] = {}
    for code, name in (*common.items(), *official.items()):
        owners.setdefault((code[:6] if len(code) > 6 else "", stem_of_unit(name)), set()).add(code)
    wrong = {}
    for code, numbers in by_code.items():
        usual = common.get(code, "")
        total = sum(int(counts[number]) for number in numbers if usual and same_unit(distinct[number][1], usual))
        for number in numbers:
            name = distinct[number][1]
            right = official.get(code, "")
            if (right and same_unit(name, right)) or (usual and same_unit(name, usual)):
                continue
            homes = owners.get((code[:6] if len(code) > 6 else "", stem_of_unit(name)), set()) - {code}
            if len(homes) == 1:
                wrong[number] = _elsewhere(code, name, next(iter(homes)), right or usual, level), _BELONGS_ELSEWHERE
            elif usual and total >= _TIMES * counts[number]:
                share = total / (total + int(counts[number]))
                wrong[number] = _rare(code, name, usual, total, level), round(share, 2)
    return wrong


def _elsewhere(code: str, name: str, home: str, usual: str, level: Text) -> Text:
    zh, en = (
        f"“{name}”的代码是 {home}，本行代码的{level.zh}部分是 {code}",
        f"“{name}” is {home}, but this code's {level.en} is {code}",
    )
    return Text(f"{zh}（{usual}）。" if usual else f"{zh}。", f"{en} ({usual})." if usual else f"{en}.")


def _rare(code: str, name: str, usual: str, rows: int, level: Text) -> Text:
    return Text(
        f"{level.zh}代码 {code} 在 {rows} 行中是“{usual}”，本行是“{name}”。",
        f"The {level.en} code {code} is “{usual}” in {rows} rows, but “{name}” here.",
    )
