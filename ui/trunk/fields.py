"""Headings and code labels of the layers of the trunk network."""

from __future__ import annotations

from collections.abc import Mapping

from ...jobs.network import words
from ...jobs.network.exits import words as exits_words
from ...jobs.network.failures import words as failures_words
from ...jobs.network.gateways import words as gateway_words
from ...jobs.network.hazards import words as hazards_words
from ...jobs.network.latency import words as latency_words
from ...jobs.network.routes import words as routes_words
from ...jobs.network.shared import joint_words, place_words
from ...jobs.network.shared import words as shared_words
from ...layers.codes import OPERATORS
from ...layers.spec import Code, Field, Kind
from ...layers.specs import SPECS
from ...text import Text

_CABLES, _ROOMS = SPECS["trunk_cables"], SPECS["trunk_nodes"]
_FLAGS = ("is_bridge", "is_articulation", "is_used", "same_rooms", "joined")


def _codes(labels: Mapping[str, Text]) -> tuple[Code, ...]:
    return tuple(Code(*item) for item in labels.items())


_CODED = {
    **{name: _CABLES.field(name).codes for name in ("level", "laying", "status")},
    "node_class": _ROOMS.field("node_class").codes,
    "length_kind": _codes(words.LENGTH_LABELS),
    "issue": _codes(words.ISSUE_LABELS),
    "issue_level": _codes(words.LEVEL_LABELS),
    "advice": _codes(exits_words.ADVICE_LABELS),
    **dict.fromkeys(("state_geodesic", "state_best", "ring_state"), _codes(latency_words.READING_LABELS)),
    **dict.fromkeys(("ring", "ring_asked"), _codes(latency_words.RING_LABELS)),
    "ms_kind": _codes(latency_words.MS_LABELS),
    "best_basis": _codes(latency_words.BASIS_LABELS),
    "direct": tuple(Code(str(code), label) for code, label in latency_words.DIRECT_LABELS.items() if code is not None),
    "site_kind": _codes(latency_words.KIND_LABELS),
    "what": _codes(failures_words.WHAT_LABELS),
    "hazard": _codes(hazards_words.HAZARD_LABELS),
    "facility": _codes(hazards_words.FACILITY_LABELS),
    "measures": _codes(hazards_words.MEASURE_LABELS),
}


def fields_of(labels: Mapping[str, Text], **coded: Mapping[str, Text]) -> tuple[Field, ...]:
    """Make the fields of a layer.

    Parameters
    ----------
    labels : mapping
        Headings of its columns, with their units.
    coded
        Words of the codes of some columns, where other layers have other ones.
    """
    return tuple(_field(name, label, _codes(coded.get(name, {}))) for name, label in labels.items())


def _field(name: str, label: Text, codes: tuple[Code, ...]) -> Field:
    codes = codes or _CODED.get(name, ())
    if codes:
        return Field(name, Kind.CODE, label, "", codes=codes)
    if name == "operator":
        return Field(name, Kind.CODES, label, "", codes=OPERATORS)
    return Field(name, Kind.FLAG if name in _FLAGS else Kind.TEXT, label, "")


OF_STYLE: dict[str, tuple[Field, ...]] = {
    **dict.fromkeys(("trunk_edge", "trunk_edge_issue"), fields_of(words.LABELS)),
    "trunk_vertex": fields_of(words.LABELS, kind=words.KIND_LABELS),
    **dict.fromkeys(
        ("node_exit", "exit_ray", "new_link"),
        fields_of(exits_words.LABELS, state=exits_words.STATE_LABELS, found=exits_words.FOUND_LABELS),
    ),
    "shared_stretch": fields_of(shared_words.LABELS, kind=shared_words.KIND_LABELS),
    **dict.fromkeys(
        ("cluster_link", "missing_link", "mesh_gap", "ms_circle", "cluster_site"),
        fields_of(latency_words.LABELS, state=latency_words.STATE_LABELS),
    ),
    **dict.fromkeys(
        ("failure_edge", "failure_conduit", "failure_hazard", "failure_pair", "failure_node"),
        fields_of(failures_words.LABELS, kind=failures_words.KIND_LABELS),
    ),
    **dict.fromkeys(("hazard_exposed", "hazard_exposed_site"), fields_of(hazards_words.LABELS)),
    "route": fields_of(routes_words.LABELS),
    "gateway": fields_of(gateway_words.LABELS, role=gateway_words.ROLE_LABELS, state=gateway_words.GATEWAY_STATES),
    "border_crossing": fields_of(gateway_words.LABELS, state=gateway_words.CROSSING_STATES),
    "sea_band": fields_of(gateway_words.LABELS, sea_kind=gateway_words.SEA_LABELS, state=gateway_words.BAND_STATES),
    "sea_conflict": fields_of(
        gateway_words.LABELS,
        sea_kind=gateway_words.SEA_LABELS,
        use=gateway_words.USE_LABELS,
        state=gateway_words.CONFLICT_STATES,
    ),
    "shared_place": fields_of(place_words.LABELS, kind=place_words.PLACE_LABELS),
    "joint_build": fields_of(joint_words.LABELS, kind=joint_words.KIND_LABELS),
}
# The name of a region is Chinese; its code is an English word.
OTHER_LANGUAGE = {"gateway": {"zh": ("region",), "en": ("region_name",)}}
