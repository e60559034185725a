"""References to features that are not there.

A reference is only judged where the layer that it refers to has rows. Village codes are the same everywhere, so a code
without its village is an orphan where the list of that county is loaded; codes of counties whose list is not loaded are
counted in one line. Site ids are the tower company's or the operator's own: where fewer than half are found they are
another numbering, between half and nine tenths a missing one only informs. Confidence: the share of the references that
are found.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....text import Text
from ...findings.findings import Findings
from ...specs import SPECS
from ...table import LayerTable
from .columns import among, texts

# Layer and field: the layer and field that it refers to.
REFERENCES = {
    ("base_stations", "site_id"): ("towers_and_poles", "tower_id"),
    ("key_points", "village_code"): ("villages", "village_code"),
    ("key_points", "place_id"): ("places", "place_id"),
    ("settlements", "village_code"): ("villages", "village_code"),
    ("places", "village_code"): ("villages", "village_code"),
}
_NEARLY_ALL, _MOST = 0.9, 0.5


def orphans(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Find references to features that are in no loaded layer.

    Parameters
    ----------
    table : LayerTable
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        The workspace's other rows by layer.
    """
    found = Findings()
    for (layer, field), (target, key) in REFERENCES.items():
        wanted = others.get(target)
        if layer != table.spec.name or wanted is None or not len(wanted):
            continue
        values, there = texts(table, field), texts(wanted, key)
        stated = values != ""
        lost = stated & ~among(values, there)
        if not lost.any():
            continue
        share = 1.0 - lost.sum() / stated.sum()
        if target == "villages" and share < _NEARLY_ALL:
            covered = {code[:6] for code in there.tolist()}
            apart = lost & np.array([value[:6] not in covered for value in values.tolist()], dtype=bool)
            if apart.any():
                _say_not_loaded(found, field, values[apart])
            lost &= ~apart
            share = 1.0 - lost.sum() / max(int((stated & ~apart).sum()), 1)
        if target != "villages" and share < _MOST:
            _say_other_numbers(found, field, int(lost.sum()), int(stated.sum()), target)
            continue
        _say_orphans(found, positions, np.flatnonzero(lost), field, values, share, target)
    return found


def _say_orphans(
    found: Findings, positions: np.ndarray, at: np.ndarray, field: str, values: np.ndarray, share: float, target: str
) -> None:
    label = SPECS[target].label
    found.add(
        "orphan",
        positions[at],
        field=field,
        values=values[at],
        confidence=round(share, 2),
        severity="" if target == "villages" or share >= _NEARLY_ALL else "informs",
        why=[
            Text(
                f"“{label.zh}”中没有 {value}：名录未列，或该行导入时被搁置。",
                f"The layer “{label.en}” has no {value}: it is not listed, or its row was set aside.",
            )
            for value in values[at].tolist()
        ],
    )


def _say_not_loaded(found: Findings, field: str, values: np.ndarray) -> None:
    counties = sorted({value[:6] for value in values.tolist()})
    some = "、".join(counties[:5]), ", ".join(counties[:5])
    more = (" 等", " and more") if len(counties) > 5 else ("", "")
    found.add(
        "orphan",
        field=field,
        severity="informs",
        why=Text(
            f"{len(values)} 行引用的行政村属于尚未导入名录的县：{some[0]}{more[0]}，未判断。",
            f"{len(values)} rows refer to villages of counties whose list is not loaded: "
            f"{some[1]}{more[1]}; not judged.",
        ),
    )


def _say_other_numbers(found: Findings, field: str, lost: int, stated: int, target: str) -> None:
    label = SPECS[target].label
    found.add(
        "orphan",
        field=field,
        severity="informs",
        confidence=0.5,
        why=Text(
            f"{stated} 个引用中有 {lost} 个不在“{label.zh}”中，像是另一套编号，不逐行提示。",
            f"{lost} of {stated} references are not in the layer “{label.en}”; it looks like another numbering, so "
            "single rows are not named.",
        ),
    )
