"""From a cell of the scoreboard to the features that it counts: selected in their layer, and told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from qgis.core import QgsExpression, QgsFeatureRequest, QgsMapLayer, QgsVectorLayer

from ...jobs.frontier.words import NOTE_LABELS, STATE_LABELS, SUBJECT_LABELS
from ...text import Text, same
from ..frontier.result import ALL, Score

# Which layer holds what a unit counts, and the column that adds up to the table's figure.
LAYERS = {"item": ("frontier_item", ""), "km": ("road_state", "length_km"), "km²": ("sea_part", "area_km2")}
STATES = tuple(STATE_LABELS)  # these columns of the scoreboard count features of one state
_NO_LAYER = Text(
    "这次结果没有“{subject}”的要素图层，地图上无法选中。",
    "This result has no layer of “{subject}”: nothing can be selected on the map.",
)
_NO_COUNTY = Text(
    "图层“{layer}”没有县代码，只能按合计选中。", "Layer “{layer}” has no county codes: select in the total alone."
)
_NONE = Text("{what}：0，没有可选中的要素。", "{what}: 0, there is nothing to select.")
_UNKNOWN = Text("{what}：{why}；没有可选中的要素。", "{what}: {why}; nothing to select.")
_NO_DATA = Text("没有资料，无法判定", "no data, cannot be told")
_COUNTED = {
    "item": Text("已选中 {n} 个{subject}（{state}）", "Selected, {subject} ({state}): {n}"),
    "km": Text(
        "已选中{subject} {n} 段，共 {amount} km（{state}）", "Selected, {subject} ({state}): {n} stretches, {amount} km"
    ),
    "km²": Text(
        "已选中{subject} {n} 块，共 {amount} km²（{state}）", "Selected, {subject} ({state}): {n} parts, {amount} km²"
    ),
}
_DERIVED = Text("，为推算海域，非法定界线，不计分", ", a derived belt: no legal limits, and no part of the score")
_EVERY = Text("全部", "all")
_DIFFERS = Text(
    "。注意：计分表为 {table}，图层中为 {layer}；请清除该图层的过滤条件，或重新加载结果",
    ". Caution: the table says {table}, the layer {layer}; clear the filter of the layer, or load the result again",
)


@dataclass(frozen=True)
class Selection:
    """What a click selected.

    Attributes
    ----------
    layer : qgis.core.QgsVectorLayer or None
        None where there is none to select in.
    features : tuple of int
    without_place : tuple of int
        Those of them that have no geometry, or an empty one.
    said : Text
        What to tell the planner; without the end of the sentence.
    agrees : bool
        The layer holds as much as the table counts.
    """

    layer: QgsVectorLayer | None
    features: tuple[int, ...]
    without_place: tuple[int, ...]
    said: Text
    agrees: bool = True


def layer_name(score: Score) -> str:
    """Give the layer that holds what a score counts."""
    return LAYERS.get(score.unit, ("", ""))[0]


def select(score: Score, column: str, layers: Mapping[str, QgsMapLayer]) -> Selection:
    """Select the features that a cell counts; a column that counts none stands for all in scope.

    Parameters
    ----------
    score : Score
    column : str
        Of `scoreboard_rows.COLUMNS`.
    layers : mapping of str to QgsMapLayer
        The layers of the run in the project, by output. The selection of the others is cleared.
    """
    for name, _ in LAYERS.values():
        if isinstance(layers.get(name), QgsVectorLayer):
            layers[name].removeSelection()
    layer, state = layers.get(layer_name(score)), column if column in STATES else ""
    subject, why = SUBJECT_LABELS.get(score.subject, same(score.subject)), NOTE_LABELS.get(score.note, _NO_DATA)
    if not isinstance(layer, QgsVectorLayer):
        if score.in_scope is not None:
            return _nothing(_NO_LAYER.filled(subject=subject))
        return _nothing(_UNKNOWN.filled(what=score.name, why=why))
    wanted = _expression(score, state, layer)
    if wanted is None:
        return _nothing(_NO_COUNTY.filled(layer=layer.name()))
    field = LAYERS[score.unit][1]
    found = list(layer.getFeatures(QgsFeatureRequest().setFilterExpression(wanted)))
    amount = sum(float(feature[field] or 0) for feature in found) if field else float(len(found))
    layer.selectByIds([feature.id() for feature in found])
    table = getattr(score, state or "in_scope")
    agrees = table is None or math.isclose(table, amount, rel_tol=0, abs_tol=_tolerance(len(found)) if field else 0)
    what = STATE_LABELS.get(state, _EVERY)
    if not found and agrees:
        label = Text(f"{score.name.zh} · {what.zh}", f"{score.name.en}, {what.en.lower()}")
        return _nothing(_UNKNOWN.filled(what=label, why=why) if table is None else _NONE.filled(what=label))
    said = _COUNTED[score.unit].filled(n=f"{len(found):,}", amount=f"{amount:,.3f}", subject=subject, state=what)
    if score.county_code != ALL:
        said = Text(f"{score.county.zh}：{said.zh}", f"{score.county.en}: {said.en}")
    if not agrees:
        more = _DIFFERS.filled(table=_figure(table, field), layer=_figure(amount, field))
        said = Text(said.zh + more.zh, said.en + more.en)
    if layer.fields().indexOf("legal") >= 0 and any(not feature["legal"] for feature in found):
        said = Text(said.zh + _DERIVED.zh, said.en + _DERIVED.en)
    without = tuple(feature.id() for feature in found if feature.geometry().isEmpty())
    return Selection(layer, tuple(feature.id() for feature in found), without, said, agrees)


def _nothing(said: Text) -> Selection:
    return Selection(None, (), (), Text(said.zh.rstrip("。"), said.en.rstrip(".")))


def _figure(value: float, field: str) -> str:
    return f"{value:,.3f}" if field else f"{value:,.0f}"


def _tolerance(parts: int) -> float:
    """Give how far a sum of parts may be off, for each is rounded to a thousandth, and the table's figure, too."""
    return 0.0005 * (parts + 1) + 1e-9


def _expression(score: Score, state: str, layer: QgsVectorLayer) -> str | None:
    """Say which features a cell counts; None where the layer cannot tell them by county."""
    quoted = QgsExpression.quotedString
    parts = [f'"rule_id" = {quoted(score.rule_id)}']
    if score.county_code != ALL:
        if layer.fields().indexOf("county_code") < 0:
            return None
        parts.append(f'"county_code" = {quoted(score.county_code)}')
    if layer.fields().indexOf("structure") >= 0:  # tunnels are told apart, and in no figure of the table
        parts.append("coalesce(\"structure\", '') <> 'tunnel'")
    if state:
        parts.append(f'"state" = {quoted(state)}')
    return " AND ".join(parts)
