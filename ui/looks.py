"""Legends of what is there: each entry says which rows it is of, in words, with its symbol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qgis.core import QgsFeatureRequest, QgsRuleBasedRenderer, QgsSymbol, QgsVectorLayer

from ..text import Text
from .language import tr


class Look(NamedTuple):
    """One entry of a legend: the rows it is of, its words, its symbol."""

    which: str
    words: Text
    symbol: QgsSymbol


def rules(layer: QgsVectorLayer, looks: Sequence[Look], *, first_on_top: bool = True) -> QgsRuleBasedRenderer:
    """Give the looks that occur, the first in the legend drawn last and so on top, or below all others."""
    root = QgsRuleBasedRenderer.Rule(None)
    order = ""
    for place, look in enumerate(looks):
        if occurs(layer, look.which):
            root.appendChild(QgsRuleBasedRenderer.Rule(look.symbol, 0, 0, look.which, tr(look.words)))
            order += f" WHEN {look.which} THEN {len(looks) - place if first_on_top else place + 1}"
    made = QgsRuleBasedRenderer(root)
    if order:
        by = f"CASE WHEN is_selected() THEN {len(looks) + 1}{order} ELSE 0 END"
        made.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause(by, True)]))
        made.setOrderByEnabled(True)
    return made


def occurs(layer: QgsVectorLayer, which: str) -> bool:
    """Tell whether a layer has rows of which an expression holds."""
    request = QgsFeatureRequest().setFilterExpression(which).setLimit(1)
    return any(True for _ in layer.getFeatures(request.setFlags(QgsFeatureRequest.Flag.NoGeometry)))


def by_code(field: str, labels: Mapping[str, Text], symbols: Mapping[str, QgsSymbol]) -> list[Look]:
    """Give a look a code, in the order of the labels."""
    return [Look(f"\"{field}\" = '{code}'", words, symbols[code]) for code, words in labels.items() if code in symbols]
