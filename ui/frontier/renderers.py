"""How the layers of a frontier result are drawn: class by class, each to be switched off in the legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsExpression,
    QgsFeatureRenderer,
    QgsFeatureRequest,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSymbol,
    QgsVectorLayer,
)

from ...jobs.comparing.words import CHANGE_LABELS
from ...jobs.frontier.words import SCOPE_WORDS, SERVICE_LABELS, STATE_LABELS, SUBJECT_LABELS
from ...text import Text, same
from ..language import tr
from ..symbols import BLACK, BLUE, DARK, GREY, ORANGE, PINK, SKY, VERMILLION, fill, line, marker
from .fields import ZONES
from .symbols import state_fill, state_line, state_marker

# What there are few of is larger.
_SIZES_MM = {"county_town": 4.4, "township": 3.6, "settlement": 2.0, "village": 2.6}
_OTHER_SIZE_MM = 3.2
_UNVERIFIED = Text("{name}（规则未核实或类推）", "{name} (rule not verified)")
_CLASS_AND_SERVICE = Text("{subject} · {service}", "{subject} · {service}")
_TUNNEL = Text("隧道（另计）", "Tunnel (counted apart)")
# Drawn last, and so on top: what is selected, then what is not met.
_ORDER = (
    "CASE WHEN is_selected() THEN 3 WHEN \"state\" = 'not_met' THEN 2 WHEN \"state\" = 'cannot_tell' THEN 1 ELSE 0 END"
)


def _combinations(layer: QgsVectorLayer, fields: Iterable[str]) -> list[tuple]:
    """Give the combinations of values that a layer has: a legend of what is there."""
    places = [layer.fields().indexOf(name) for name in fields]
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([place for place in places if place >= 0])
    found = {}
    for feature in layer.getFeatures(request):
        found[tuple(None if place < 0 else feature[place] for place in places)] = None
    return list(found)


def _equal(name: str, value: object) -> str:
    return f'"{name}" = {value}' if isinstance(value, int) else f'"{name}" = {QgsExpression.quotedString(str(value))}'


def _classes(
    layer: QgsVectorLayer, field: str, name_of: Callable[[tuple], str], symbol_of: Callable[[str, tuple], QgsSymbol]
) -> QgsRuleBasedRenderer:
    """Give a rule a class, and below it one a state that occurs; what is not met is drawn on top."""
    told = _combinations(layer, (field, "state", "subject", "service", "unverified"))
    classes: dict[str, tuple] = {}
    states: dict[str, set[str]] = {}
    for one in told:
        classes.setdefault(one[0], one)
        states.setdefault(one[0], set()).add(one[1])
    root = QgsRuleBasedRenderer.Rule(None)
    for value, one in sorted(classes.items(), key=lambda item: _place(item[1])):
        parent = QgsRuleBasedRenderer.Rule(None, 0, 0, _equal(field, value), name_of(one))
        for state, label in STATE_LABELS.items():
            if state in states[value]:
                symbol = symbol_of(state, one)
                parent.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, _equal("state", state), tr(label)))
        root.appendChild(parent)
    made = QgsRuleBasedRenderer(root)
    _worst_on_top(made)
    return made


def _worst_on_top(made: QgsFeatureRenderer) -> None:
    clause = QgsFeatureRequest.OrderByClause(_ORDER, True)
    made.setOrderBy(QgsFeatureRequest.OrderBy([clause]))
    made.setOrderByEnabled(True)


def _place(one: tuple) -> tuple:
    """Give the place of a class in the legend; that of a kind of sea by its zone."""
    order = [*SUBJECT_LABELS, *ZONES]
    known = one[2] if one[2] in order else one[0]
    return (order.index(known) if known in order else len(order), str(one[0]))


def _class_name(one: tuple) -> str:
    """Name a class and what it must have, with a caution where the rule is not verified."""
    _, _, subject, service, unverified = one
    name = _CLASS_AND_SERVICE.filled(
        subject=SUBJECT_LABELS.get(subject, same(str(subject))), service=SERVICE_LABELS.get(service, same(str(service)))
    )
    return tr(_UNVERIFIED.filled(name=name) if unverified else name)


def _items(layer: QgsVectorLayer) -> QgsRuleBasedRenderer:
    def symbol(state: str, one: tuple) -> QgsSymbol:
        return state_marker(state, _SIZES_MM.get(one[2], _OTHER_SIZE_MM))

    return _classes(layer, "rule_id", _class_name, symbol)


def _seas(layer: QgsVectorLayer) -> QgsRuleBasedRenderer:
    return _classes(
        layer,
        "zone",
        lambda one: tr(ZONES.get(one[0], same(str(one[0])))),
        lambda state, one: state_fill(state, legal=one[0] != "derived_12nm"),
    )


def _states(layer: QgsVectorLayer, symbol: Callable[[str], QgsSymbol]) -> QgsCategorizedSymbolRenderer:
    made = _categories(layer, "state", {state: symbol(state) for state in STATE_LABELS}, STATE_LABELS)
    _worst_on_top(made)
    return made


def _scope(layer: QgsVectorLayer) -> QgsCategorizedSymbolRenderer:
    looks = {
        "in": fill("#00000000", "no", DARK, 0.9),
        "out": fill(GREY, "f_diagonal", GREY, 0.3),
        "to_settle": fill(ORANGE, "diagonal_x", ORANGE, 0.7),
    }
    return _categories(layer, "in_scope", looks, SCOPE_WORDS)


def _categories(
    layer: QgsVectorLayer, field: str, looks: dict[str, QgsSymbol], labels: dict[str, Text]
) -> QgsCategorizedSymbolRenderer:
    """Give every value that occurs its look, in the order of the labels."""
    present = {one[0] for one in _combinations(layer, (field,))}
    return QgsCategorizedSymbolRenderer(
        field,
        [
            QgsRendererCategory(value, looks[value], tr(label))
            for value, label in labels.items()
            if value in looks and value in present
        ],
    )


def _changes(layer: QgsVectorLayer) -> QgsCategorizedSymbolRenderer:
    looks = {
        "newly_met": marker("circle", BLUE, 3.0),
        "newly_lost": marker("triangle", VERMILLION, 3.4),
        "newly_judged": marker("square", SKY, 2.6),
        "no_longer_judged": marker("diamond", GREY, 3.0),
        "came_in": marker("cross", BLACK, 3.0),
        "left": marker("cross2", PINK, 3.0),
    }
    return _categories(layer, "change", looks, CHANGE_LABELS)


def _roads(layer: QgsVectorLayer) -> QgsRuleBasedRenderer:
    """Draw stretches by state; tunnels, which are counted apart, have a line of their own."""
    present = _combinations(layer, ("structure", "state"))
    apart = "\"structure\" = 'tunnel'" if any(structure == "tunnel" for structure, _ in present) else ""
    states = {state for structure, state in present if structure != "tunnel"}
    root = QgsRuleBasedRenderer.Rule(None)
    for state, label in STATE_LABELS.items():
        if state in states:
            which = _equal("state", state) + (f" AND coalesce(NOT {apart}, true)" if apart else "")
            root.appendChild(QgsRuleBasedRenderer.Rule(state_line(state), 0, 0, which, tr(label)))
    if apart:
        root.appendChild(QgsRuleBasedRenderer.Rule(line(BLACK, 0.5, "dot"), 0, 0, apart, tr(_TUNNEL)))
    made = QgsRuleBasedRenderer(root)
    _worst_on_top(made)
    return made


_RENDERERS: dict[str, Callable[[QgsVectorLayer], QgsFeatureRenderer]] = {
    "frontier_item": _items,
    "frontier_gap": lambda layer: _states(layer, lambda state: state_marker(state, 3.0)),
    "frontier_scope": _scope,
    "frontier_change": _changes,
    "road_state": _roads,
    "road_gap": lambda layer: _states(layer, state_line),
    "sea_part": _seas,
    "sea_gap": _seas,
}
STYLES = tuple(_RENDERERS)


def renderer(layer: QgsVectorLayer, style: str) -> QgsFeatureRenderer | None:
    """Give the renderer of a layer of a frontier result; None for a style of other results."""
    make = _RENDERERS.get(style)
    return None if make is None else make(layer)


def draw_class(layer: QgsVectorLayer, rule_id: str) -> None:
    """Draw the items of a rule again, where the planner has switched them off in the legend."""
    look = layer.renderer()
    if not isinstance(look, QgsRuleBasedRenderer):
        return
    own = [rule for rule in look.rootRule().children() if rule.filterExpression() == _equal("rule_id", rule_id)]
    shut = [rule for parent in own for rule in (parent, *parent.children()) if not rule.active()]
    for rule in shut:
        rule.setActive(True)
    if shut:
        layer.emitStyleChanged()
        layer.triggerRepaint()
