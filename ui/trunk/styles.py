"""How the layers of the trunk network are drawn: what fails, falls short or is shared stands out, and on top."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsExpression, QgsFeatureRenderer, QgsFeatureRequest, QgsRuleBasedRenderer, QgsVectorLayer

from ...jobs.network.exits.words import FOUND_LABELS, STATE_LABELS
from ...jobs.network.failures.words import KIND_LABELS as FAILURE_LABELS
from ...jobs.network.failures.words import KIND_MARKS as FAILURE_MARKS
from ...jobs.network.hazards.words import MEASURE_LABELS, MEASURE_MARKS
from ...jobs.network.latency.words import DIRECT_LABELS, STATE_MARKS
from ...jobs.network.latency.words import STATE_LABELS as LINK_LABELS
from ...jobs.network.shared.joint_words import KIND_LABELS as JOINT_LABELS
from ...jobs.network.shared.words import KIND_LABELS as SHARED_LABELS
from ...jobs.network.words import ISSUE_LABELS, LEVEL_LABELS
from ...jobs.network.words import KIND_LABELS as VERTEX_LABELS
from ...text import Text, same
from ..frontier.symbols import state_marker
from ..language import tr
from ..looks import Look, by_code, occurs, rules
from ..symbols import BLACK, BLUE, DARK, GREEN, GREY, ORANGE, PINK, SKY, VERMILLION, line, marker
from . import gateways
from .symbols import arrow_line, band, marked_line, over_ground, ray, ring

BRIDGE = Text("唯一通路（一断即失联）", "Bridge: a cut here cuts something off")
ROUND = Text("另有迂回路由", "Has a way round")
TO_COME = Text("{what}（在建或规划）", "{what} (to come)")
ARTICULATION = Text("单点隐患（一失效即失联）", "Articulation point: its loss cuts something off")
USED = Text("计为出口", "Counts as a way out")
UNUSED = Text("不计（与别的并行或不通向目标）", "Does not count (beside another, or leads to no target)")
ROUTE = Text("路由 {n}", "Route {n}")
NEW_LINK = Text("建议的新光缆", "Proposed cable")
MISSING_LINK = Text("缺直达链路（连线示意）", "Missing direct link (no route)")
JOINED = Text("已接入网络", "Joined to the network")
NOT_JOINED = Text("未接入网络", "Off the network")
_TWO = Text("{one} · {two}", "{one} · {two}")
_BANDS = (SKY, GREEN, ORANGE, PINK, BLUE)
_BROADER_MM = 1.4  # what several cables lie in is seen on both sides of them
_EXISTING = "coalesce(\"status\", 'existing') = 'existing'"
_ISSUES = {  # codes without a place have no symbol
    "near_miss": "triangle",
    "chain": "hexagon",
    "dangle": "cross2",
    "room_off_network": "square",
    "rooms_close": "diamond",
    "duplicate": "star",
    "snapped": "circle",
    "branch": "pentagon",
    "room_on_cable": "square",
    "crossing": "cross",
}


def _edges(_layer: QgsVectorLayer) -> list[Look]:
    bridge, whole = '"is_bridge" = 1', '"is_bridge" = 0'
    return [
        Look(f"{bridge} AND {_EXISTING}", BRIDGE, marked_line(VERMILLION, 1.4, "cross2")),
        Look(
            f"{bridge} AND NOT {_EXISTING}",
            TO_COME.filled(what=BRIDGE),
            marked_line(VERMILLION, 1.0, "cross2", pattern="dash"),
        ),
        Look(f"{whole} AND {_EXISTING}", ROUND, line(BLUE, 0.7)),
        Look(f"{whole} AND NOT {_EXISTING}", TO_COME.filled(what=ROUND), line(BLUE, 0.7, "dash")),
    ]


def _vertices(layer: QgsVectorLayer) -> QgsFeatureRenderer:
    looks = {
        "room": marker("square", DARK, 2.8),
        "joint": marker("circle", "#ffffff", 1.8, outline=DARK),
        "loose": marker("cross2", ORANGE, 2.6),
    }
    made = rules(layer, by_code("kind", VERTEX_LABELS, looks))
    which = '"is_articulation" = 1'
    if occurs(layer, which):  # a ring around the mark of its kind
        made.rootRule().appendChild(QgsRuleBasedRenderer.Rule(ring(), 0, 0, which, tr(ARTICULATION)))
    return made


def _issues(layer: QgsVectorLayer) -> QgsFeatureRenderer:
    """Give a level its heading and below it a kind of issue a mark; what is to be checked is large and on top."""
    root = QgsRuleBasedRenderer.Rule(None)
    for level, words in LEVEL_LABELS.items():
        colour, size = (VERMILLION, 3.4) if level == "to_mend" else (GREY, 2.0)
        parent = QgsRuleBasedRenderer.Rule(None, 0, 0, f"\"issue_level\" = '{level}'", tr(words))
        for code, shape in _ISSUES.items():
            which = f"\"issue\" = '{code}'"
            if occurs(layer, f"{parent.filterExpression()} AND {which}"):
                symbol = marker(shape, colour, size)
                parent.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, which, tr(ISSUE_LABELS[code])))
        if parent.children():
            root.appendChild(parent)
    made = QgsRuleBasedRenderer(root)
    first = QgsFeatureRequest.OrderByClause("CASE WHEN \"issue_level\" = 'to_mend' THEN 1 ELSE 0 END", True)
    made.setOrderBy(QgsFeatureRequest.OrderBy([first]))
    made.setOrderByEnabled(True)
    return made


def _exits(_layer: QgsVectorLayer) -> list[Look]:
    marks = {"met": "met", "short": "not_met", "cannot_tell": "cannot_tell"}
    worst_first = {code: STATE_LABELS[code] for code in ("short", "cannot_tell", "met")}
    return by_code("state", worst_first, {code: state_marker(mark, 3.6) for code, mark in marks.items()})


def _rays(_layer: QgsVectorLayer) -> list[Look]:
    return [Look('"is_used" = 1', USED, ray(True)), Look('"is_used" = 0', UNUSED, ray(False))]


def _new_links(layer: QgsVectorLayer) -> list[Look]:
    """Tell a cable along roads from one over the ground; earlier results do not say which it is."""
    if layer.fields().indexOf("found") < 0:
        return [Look("TRUE", NEW_LINK, arrow_line(GREEN, 1.2, "dash"))]
    looks = {"roads": arrow_line(GREEN, 1.2, "dash"), "overland": over_ground(ORANGE)}
    made = [
        Look(f"\"found\" = '{code}'", _TWO.filled(one=NEW_LINK, two=FOUND_LABELS[code]), looks[code]) for code in looks
    ]
    return [*made, Look('"found" IS NULL OR "found" = \'\'', NEW_LINK, arrow_line(GREEN, 1.2, "dash"))]


def _shared(_layer: QgsVectorLayer) -> list[Look]:
    """Draw a trench as a line with ticks on the broad band of its corridor."""
    looks = {"trench": marked_line(VERMILLION, 1.8, "line", every_mm=4.0, size_mm=3.2), "corridor": band(ORANGE, 4.2)}
    return by_code("kind", SHARED_LABELS, looks)


def _joint(_layer: QgsVectorLayer) -> list[Look]:
    looks = {
        "joint_build": marked_line(GREEN, 1.2, "circle", every_mm=8.0, size_mm=1.8),
        "use_existing": line(BLUE, 2.8, "dash"),  # broader, for several pairs may lie on one stretch
        "side_by_side": line(DARK, 1.6, "dot"),
    }
    return by_code("kind", JOINT_LABELS, looks)


def _routes(_layer: QgsVectorLayer) -> list[Look]:
    """Draw the first route broadest and below, so that those on top of it let it be seen."""
    looks = (
        (BLUE, 2.4, "solid"),
        (VERMILLION, 2.0, "dash"),
        (GREEN, 1.4, "solid"),
        (PINK, 1.0, "dash"),
        (BLACK, 0.7, "dot"),
    )
    return [
        Look(f'"route" = {place}', ROUTE.filled(n=place), line(colour, width, pattern))
        for place, (colour, width, pattern) in enumerate(looks, 1)
    ]


def _links(_layer: QgsVectorLayer) -> list[Look]:
    """Tell how a link stands by its colour and marks, and a direct one from one by way of others by its pattern."""
    shapes = {"met": "", "split": "diamond", "over": "triangle", "no_route": "cross2", "cannot_tell": ""}
    looks = []
    for state in ("over", "split", "no_route", "cannot_tell", "met"):
        for direct, words in DIRECT_LABELS.items():
            which = f'"state" = \'{state}\' AND "direct" ' + ("IS NULL" if direct is None else f"= {direct}")
            said = _TWO.filled(one=LINK_LABELS[state], two=words)
            pattern = "solid" if direct else "dash"
            colour = STATE_MARKS[state][1]
            shape = shapes[state]
            symbol = marked_line(colour, 1.2, shape, pattern=pattern) if shape else line(colour, 1.0, pattern)
            looks.append(Look(which, said, symbol))
    return looks


def _missing_links(_layer: QgsVectorLayer) -> list[Look]:
    return [Look("TRUE", MISSING_LINK, marked_line(VERMILLION, 0.8, "cross2", pattern="dot", every_mm=16.0))]


def _circles(layer: QgsVectorLayer) -> list[Look]:
    """Give every site a band of its own colour, the later ones narrower."""
    place = layer.fields().indexOf("site")
    sites = sorted(str(site) for site in layer.uniqueValues(place)) if place >= 0 else []
    count = len(_BANDS)
    return [
        Look(
            f'"site" = {QgsExpression.quotedString(site)}',
            same(site),
            band(_BANDS[at % count], max(0.8, 2.8 - 0.7 * at)),
        )
        for at, site in enumerate(sites)
    ]


def _sites(_layer: QgsVectorLayer) -> list[Look]:
    return [
        Look('"joined" = 0', NOT_JOINED, marker("star", "#ffffff", 4.4, outline=VERMILLION)),
        Look('"joined" = 1', JOINED, marker("star", BLUE, 4.4)),
    ]


def _failing_lines(_layer: QgsVectorLayer, more_mm: float = 0.0) -> list[Look]:
    colour = {kind: mark[1] for kind, mark in FAILURE_MARKS.items()}
    looks = {
        "cut": marked_line(colour["cut"], 1.8 + more_mm, "cross2"),
        "split": marked_line(colour["split"], 1.5 + more_mm, "diamond", pattern="dash"),
        "link_cut": marked_line(colour["link_cut"], 1.5 + more_mm, "line", every_mm=5.0, size_mm=2.4 + 2 * more_mm),
        "single": line(colour["single"], 1.3 + more_mm, "dash"),
        "none": line(colour["none"], 0.6 + more_mm),
        "off": line(colour["off"], 0.6 + more_mm, "dot"),
    }
    return by_code("kind", {kind: FAILURE_LABELS[kind] for kind in looks}, looks)


def _failing_nodes(_layer: QgsVectorLayer) -> list[Look]:
    colour = {kind: mark[1] for kind, mark in FAILURE_MARKS.items()}
    turned = marker("triangle", colour["link_cut"], 3.4)
    turned.setAngle(180)
    looks = {
        "cut": marker("square", colour["cut"], 3.8),
        "split": marker("diamond", colour["split"], 3.8),
        "link_cut": turned,
        "single": marker("triangle", colour["single"], 3.4),
        "none": marker("circle", colour["none"], 2.2),
        "off": marker("circle", "#ffffff", 2.4, outline=colour["off"]),
    }
    return by_code("kind", {kind: FAILURE_LABELS[kind] for kind in looks}, looks)


def _exposed_lines(_layer: QgsVectorLayer) -> list[Look]:
    colour = {code: mark[1] for code, mark in MEASURE_MARKS.items()}
    looks = {
        "missing": marked_line(colour["missing"], 1.8, "triangle"),
        "taken": line(colour["taken"], 1.4),
        "not_stated": line(colour["not_stated"], 1.4, "dot"),
    }
    return by_code("measures", MEASURE_LABELS, looks)


def _exposed_sites(_layer: QgsVectorLayer) -> list[Look]:
    colour = {code: mark[1] for code, mark in MEASURE_MARKS.items()}
    looks = {
        "missing": marker("triangle", colour["missing"], 3.2),
        "taken": marker("circle", colour["taken"], 2.6),
        "not_stated": marker("circle", "#ffffff", 2.6, outline=colour["not_stated"]),
    }
    return by_code("measures", MEASURE_LABELS, looks)


_LOOKS: dict[str, Callable[[QgsVectorLayer], list[Look]]] = {
    "trunk_edge": _edges,
    "node_exit": _exits,
    "exit_ray": _rays,
    "new_link": _new_links,
    "shared_stretch": _shared,
    "joint_build": _joint,
    "route": _routes,
    "cluster_link": _links,
    **dict.fromkeys(("missing_link", "mesh_gap"), _missing_links),
    "ms_circle": _circles,
    "cluster_site": _sites,
    "failure_edge": _failing_lines,
    **dict.fromkeys(
        ("failure_conduit", "failure_hazard", "failure_pair"), lambda layer: _failing_lines(layer, _BROADER_MM)
    ),
    "failure_node": _failing_nodes,
    "hazard_exposed": _exposed_lines,
    "hazard_exposed_site": _exposed_sites,
    "gateway": lambda _layer: [Look(*entry) for entry in gateways.gateways()],
    "border_crossing": lambda _layer: [Look(*entry) for entry in gateways.crossings()],
    "sea_band": lambda _layer: [Look(*entry) for entry in gateways.bands()],
    "sea_conflict": lambda _layer: [Look(*entry) for entry in gateways.conflicts()],
    "shared_place": lambda _layer: [Look(*entry) for entry in gateways.places()],
}
_RENDERERS: dict[str, Callable[[QgsVectorLayer], QgsFeatureRenderer]] = {
    "trunk_vertex": _vertices,
    "trunk_edge_issue": _issues,
}
STYLES = (*_LOOKS, *_RENDERERS)
_BROADEST_FIRST = ("route", "ms_circle")


def renderer(layer: QgsVectorLayer, style: str) -> QgsFeatureRenderer:
    """Give the renderer of one of `STYLES`."""
    make = _RENDERERS.get(style)
    if make is not None:
        return make(layer)
    return rules(layer, _LOOKS[style](layer), first_on_top=style not in _BROADEST_FIRST)
