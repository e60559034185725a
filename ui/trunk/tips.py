"""Map tips and labels of the trunk network: what it is, how it stands, and what a planner asks next."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...jobs.network.exits.words import STATE_LABELS, STATE_MARKS
from ...jobs.network.failures.words import KIND_LABELS as FAILURE_LABELS
from ...jobs.network.failures.words import KIND_MARKS as FAILURE_MARKS
from ...jobs.network.gateways import words as gateway_words
from ...jobs.network.hazards.words import MEASURE_LABELS, MEASURE_MARKS
from ...jobs.network.latency.words import STATE_LABELS as LINK_LABELS
from ...jobs.network.latency.words import STATE_MARKS as LINK_MARKS
from ...text import Text
from ..language import current, tr
from ..map_tips import card, column, state_said, string
from ..symbols import VERMILLION
from .fields import OTHER_LANGUAGE
from .styles import ARTICULATION, BRIDGE

_NAMED = 'coalesce(nullif("{name}", \'\'), "{number}")'
_CABLE = _NAMED.format(name="cable_name", number="cable_id")
_ROOM = _NAMED.format(name="name", number="node_id")
_FROM_TO = "{a} || ' – ' || {b}"
_PAIR = _FROM_TO.format(
    a=_NAMED.format(name="name_a", number="cable_a"), b=_NAMED.format(name="name_b", number="cable_b")
)
_KM = 'format_number("length_km", CASE WHEN "length_km" < 10 THEN 2 ELSE 1 END) || \' km\''
# What a feature is called, and the columns told below it, in the order in which a planner asks.
_TIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "trunk_edge": (
        _CABLE,
        (
            *("from_name", "to_name", "length_km", "fibre_km", "length_kind", "operator", "level", "laying", "status"),
            *("year", "component", "edge_id"),
        ),
    ),
    "trunk_vertex": (_NAMED.format(name="name", number="vertex_id"), ("kind", "degree", "component")),
    "trunk_edge_issue": (
        "represent_value(\"issue\", 'issue')",
        ("issue_level", "cable_name", "cable_id", "other_cable_id", "name", "node_id", "gap_m"),
    ),
    "node_exit": (
        _ROOM,
        (
            *("node_class", "exits_physical", "target", "exits_planned", "exits_edge", "exits_node", "exits_inner"),
            *("exits_outer", "azimuths", "held_by", "advice"),
        ),
    ),
    "exit_ray": (_ROOM, ("exit", "is_used", "azimuth_deg", "cables", "shared_with")),
    "new_link": (
        _FROM_TO.format(a=_ROOM, b=_NAMED.format(name="to_name", number="to_node")),
        ("found", "length_km", "off_roads_km", "beside_km", "planned_km", "exits_after", "cost", "cost_points"),
    ),
    "shared_stretch": (_PAIR, ("kind", "length_km", "from_km", "to_km")),
    "route": (
        "represent_value(\"route\", 'route') || ' · ' || \"from_name\" || ' – ' || \"to_name\"",
        (
            "length_km",
            "ms",
            "hops",
            "rooms",
            "cables",
            "shared_km",
            "shared_rooms",
            "trench_km",
            "corridor_km",
            "places",
        ),
    ),
    "cluster_link": (
        _FROM_TO.format(a='"from_site"', b='"to_site"'),
        (
            *("ms", "ms_least", "ms_kind", "km", "access_km", "hops", "via", "direct", "stretch_geodesic"),
            *("state_geodesic", "stretch_best", "state_best", "best_basis", "ring", "ring_asked", "ring_state"),
        ),
    ),
    "missing_link": (_FROM_TO.format(a='"from_site"', b='"to_site"'), ("ms", "km", "via", "geodesic_km")),
    "mesh_gap": (_FROM_TO.format(a='"from_site"', b='"to_site"'), ("ms", "hops", "via", "geodesic_km")),
    "ms_circle": (
        '"site"',
        ("limit_ms", "cable_km", "items_places", "items_villages", "items_dc"),
    ),
    "cluster_site": ('"site"', ("place", "hub", "joined", "room", "room_km")),
    **dict.fromkeys(
        ("failure_edge", "failure_conduit", "failure_hazard", "failure_pair", "failure_node"),
        (
            'coalesce(nullif("name", \'\'), "what_id")',
            (
                *("rank", "nodes_cut", "villages_cut", "people_cut", "people_unknown", "counties_cut", "mw_cut"),
                *("nodes_single", "villages_single", "people_single", "mw_single", "nodes_split", "people_split"),
                *("links_cut", "cables", "length_km", "what_id"),
            ),
        ),
    ),
    **dict.fromkeys(
        ("hazard_exposed", "hazard_exposed_site"),
        (
            'coalesce(nullif("name", \'\'), "facility_id")',
            (
                *("facility", "hazard", "grade", "areas", "length_km", "share_percent", "crossings", "people"),
                *("people_unknown", "mw", "operator"),
            ),
        ),
    ),
    "joint_build": (_PAIR, ("kind", "length_km", "from_km", "to_km")),
    "gateway": (
        _ROOM,
        (
            *(
                "role",
                "region_name",
                "region",
                "capacity_gbps",
                "served_nodes",
                "served_clusters",
                "served_mw",
                "served_people",
            ),
            *("mean_km", "farthest_km", "operator"),
        ),
    ),
    "border_crossing": ('"name"', ("neighbour", "cables", "operator", "cable_count", "nearest_m")),
    "sea_band": (_NAMED.format(name="name", number="cable_id"), ("sea_kind", "width_m", "length_km", "area_km2")),
    "sea_conflict": (
        _FROM_TO.format(
            a=_NAMED.format(name="name", number="cable_id"), b=_NAMED.format(name="with_name", number="with_id")
        ),
        ("use", "sea_kind", "width_m", "area_km2"),
    ),
    "shared_place": ('"place"', ("kind", "name_a", "at_a_km", "name_b", "at_b_km", "apart_m", "same_rooms")),
}
STYLES = tuple(_TIPS)
_OF_NODE = '"kind" = \'room\' OR "is_articulation" = 1'
_RANKED = (  # what cuts something off is labelled, with how many people; the rest is seen by its symbol
    'CASE WHEN "people_cut" > 0 THEN "rank" || \' · \' || format_number("people_cut", 0) || \'{people}\' '
    "WHEN \"kind\" IN ('cut', 'split', 'link_cut') THEN \"rank\" || ' · ' || represent_value(\"kind\", 'kind') END"
)
_EXPOSED = 'CASE WHEN "measures" = \'missing\' THEN coalesce(nullif("name", \'\'), "facility_id") END'
LABELS = {
    "trunk_edge": f'CASE WHEN "is_bridge" = 1 THEN {_CABLE} END',
    "trunk_vertex": f'CASE WHEN {_OF_NODE} THEN coalesce(nullif("name", \'\'), "vertex_id") END',
    "trunk_edge_issue": "CASE WHEN \"issue_level\" = 'to_mend' THEN represent_value(\"issue\", 'issue') END",
    "node_exit": f"{_ROOM} || ' ' || coalesce(to_string(\"exits_physical\"), '?') || '/' || \"target\"",
    "new_link": f"'+ ' || {_KM}",
    "shared_stretch": f"CASE WHEN \"kind\" = 'trench' THEN {_KM} END",
    "joint_build": _KM,
    "cluster_link": 'format_number("ms", CASE WHEN "ms" < 1 THEN 3 ELSE 2 END) || \' ms\'',
    **dict.fromkeys(("missing_link", "mesh_gap"), '"from_site" || \' × \' || "to_site"'),
    "cluster_site": '"site"',
    **dict.fromkeys(("failure_edge", "failure_node", "failure_conduit", "failure_hazard", "failure_pair"), _RANKED),
    **dict.fromkeys(("hazard_exposed", "hazard_exposed_site"), _EXPOSED),
    "gateway": _ROOM,
    "border_crossing": '"name"',
    "shared_place": '"place"',
    "route": f"\"route\" || ' · ' || {_KM}",
}
LABEL_SCALES = {
    **{"trunk_edge": 1_500_000, "trunk_vertex": 1_000_000, "trunk_edge_issue": 1_000_000, "node_exit": 5_000_000},
    **{"new_link": 2_000_000, "shared_stretch": 250_000, "joint_build": 1_000_000, "route": 5_000_000},
    **{"cluster_link": 20_000_000, "missing_link": 20_000_000, "mesh_gap": 20_000_000, "cluster_site": 20_000_000},
    **dict.fromkeys(("failure_edge", "failure_node", "failure_conduit", "failure_hazard", "failure_pair"), 2_000_000),
    **dict.fromkeys(("hazard_exposed", "hazard_exposed_site"), 100_000),
    **{"gateway": 50_000_000, "border_crossing": 10_000_000, "shared_place": 500_000},
}
_MARKS = {
    "trunk_edge": ("is_bridge", VERMILLION, BRIDGE),
    "trunk_vertex": ("is_articulation", VERMILLION, ARTICULATION),
}
_STATES = {
    "node_exit": ("state", STATE_LABELS, STATE_MARKS),
    "cluster_link": ("state", LINK_LABELS, LINK_MARKS),
    **dict.fromkeys(
        ("failure_edge", "failure_node", "failure_conduit", "failure_hazard", "failure_pair"),
        ("kind", FAILURE_LABELS, FAILURE_MARKS),
    ),
    **dict.fromkeys(("hazard_exposed", "hazard_exposed_site"), ("measures", MEASURE_LABELS, MEASURE_MARKS)),
    "gateway": ("state", gateway_words.GATEWAY_STATES, gateway_words.MARKS),
    "border_crossing": ("state", gateway_words.CROSSING_STATES, gateway_words.MARKS),
    "sea_band": ("state", gateway_words.BAND_STATES, gateway_words.MARKS),
    "sea_conflict": ("state", gateway_words.CONFLICT_STATES, gateway_words.MARKS),
}
_DIGITS = {"gap_m": 2, **dict.fromkeys(("ms", "ms_least", "km", "stretch_geodesic", "stretch_best"), 3)}
_PEOPLE = Text(" 人", " people")


def trunk_tip(layer: QgsVectorLayer, style: str, *, rests_on_unverified: bool) -> str:
    """Give the state, the name, and the facts behind them: HTML with expressions."""
    head, told = _TIPS[style]
    unread = OTHER_LANGUAGE.get(style, {}).get(current(), ())
    facts = [name for name in told if name not in unread]
    return card(
        layer,
        head,
        facts,
        state=state_said(*_STATES[style]) if style in _STATES else "",
        below=_mark(style) if style in _MARKS else "",
        exact=_DIGITS,
        rests_on_unverified=rests_on_unverified,
    )


def label_words() -> dict[str, str]:
    """Give the words that stand in labels, by their places in `LABELS`."""
    return {"people": tr(_PEOPLE)}


def _mark(style: str) -> str:
    field, colour, words = _MARKS[style]
    said = string(f'<div style="color:{colour}"><b>{tr(words)}</b></div>')
    return f"CASE WHEN {column(field)} = 1 THEN {said} ELSE '' END"
