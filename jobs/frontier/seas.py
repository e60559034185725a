"""Score the sea: what coastal stations cover of the inland and territorial sea that the data delimit."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, tally_amounts
from ...analysis.sea import INLAND, TERRITORIAL
from ...engine.context import RunContext
from ...errors import InputError
from ...layers import inputs
from ...rules.pack import Pack, Rule
from ...text import Text
from ..sea.extent import Extent, given_areas, read_extent
from ..sea.simulated import by_simulation
from ..sea.split import CANNOT_TELL, MET, NOT_MET, SeaSplit, built_stations, by_distance, either, silent_sea
from ..sea.tables import GAP_COLUMNS, PART_COLUMNS, gap_rows, part_rows
from ..shared.packs import read_pack
from ..shared.stations import Stations
from .score import target_of
from .services import RADIO_OF, Basis

_KINDS = {"inland_sea": INLAND, "territorial_sea": TERRITORIAL}
_OF_LAND = "tr38901"  # a propagation model that says nothing of the sea
_SQUARE_KM = 1e6
Layer = tuple[pd.DataFrame, list[Any]]


class SeaScores(NamedTuple):
    """The score of the sea, in square kilometres.

    Attributes
    ----------
    rows : list of dict
        Of the totals; a rule whose kind of sea no data delimit has none.
    parts, gaps : tuple of DataFrame and list of polygons
        The layers ``sea_part`` and ``sea_gap``, of each rule in turn; of a derived belt their rule is that of the belt.
    cautions : list of Text
    rules : list of dict
        Cited.
    notes : dict of str
        Why a kind of sea is not scored though there is a layer of sea areas, by the subject of its rules: a key of
        `words.NOTE_LABELS`.
    """

    rows: list[dict[str, Any]]
    parts: Layer
    gaps: Layer
    cautions: list[Text]
    rules: list[dict[str, Any]]
    notes: dict[str, str]


def score_seas(context: RunContext, rules: Sequence[Rule], basis: Basis) -> SeaScores:
    """Score every rule on the sea, by distance or simulated as the run is.

    A belt that was only derived from the coast has no legal meaning: its coverage is told and judges nothing.
    """
    told = [rule for rule in rules if RADIO_OF[rule.service]]
    found = SeaScores([], _layer(PART_COLUMNS), _layer(GAP_COLUMNS), [], [], _notes(context))
    own = copy.copy(context)
    own.rules = found.rules
    pack = read_pack(context, "frontier-sea")
    extent = _extent(own, pack, found.cautions) if told else None
    if extent is None:
        return found
    found.cautions.extend(extent.cautions)
    found.rules.extend(rule.cited() for rule in (*extent.rules, pack.rule("sea.data_reach")))
    sea = _Sea(own, pack, extent, basis, found)
    parts, gaps = [], []
    if extent.is_legal:
        for rule in told:
            kind = _KINDS[rule.subject]
            if any(part.kind == kind for part in extent.parts):
                split = sea.split(rule.service)
                found.rows.append(_row(rule, split, kind, extent))
                parts.append(_only(sea.part_layer(rule.service, rule.id), kind))
                gaps.append(_only(sea.gap_layer(rule.service, rule.id), kind))
    else:
        for service in dict.fromkeys(rule.service for rule in told):
            found.cautions.append(_derived_words(service, sea.split(service)))
            parts.append(sea.part_layer(service, "sea.belt"))
            gaps.append(sea.gap_layer(service, "sea.belt"))
    sea.done()
    return found._replace(parts=_stacked(parts, PART_COLUMNS), gaps=_numbered(_stacked(gaps, GAP_COLUMNS)))


def _notes(context: RunContext) -> dict[str, str]:
    """Say which kinds of sea the layer of sea areas, where it has any, does not delimit."""
    given = given_areas(context)
    missing = [subject for subject, kind in _KINDS.items() if given and kind not in given]
    return dict.fromkeys(missing, "no_sea_limits" if len(missing) == len(_KINDS) else "no_sea_limits_of_kind")


def _extent(context: RunContext, pack: Pack, cautions: list[Text]) -> Extent | None:
    """Find the sea; where neither a layer gives it nor the coast tells it, that is no reason to score nothing at all."""
    coast = inputs.layer_present(context, "coastline") and inputs.layer_present(context, "admin_units")
    if not given_areas(context) and not coast:
        return None
    try:
        return read_extent(context, pack)
    except InputError as error:
        cautions.append(error.message)
        return None


class _Sea:
    """The splits of a sea by service, each made once."""

    def __init__(self, context: RunContext, pack: Pack, extent: Extent, basis: Basis, found: SeaScores) -> None:
        self._context, self._pack, self._extent, self._basis, self._found = context, pack, extent, basis, found
        self._splits: dict[str, SeaSplit] = {}
        self._by_service: dict[str, SeaSplit] = {}

    def split(self, service: str) -> SeaSplit:
        """Give what covers the sea with a service: any of its technologies."""
        if service not in self._by_service:
            made = [self._of_technology(technology) for technology in RADIO_OF[service]]
            whole = made[0]
            for other in made[1:]:
                whole = either(whole, other, self._extent.parts)
            self._by_service[service] = whole
        return self._by_service[service]

    def part_layer(self, service: str, rule: str) -> Layer:
        """Give the rows of ``sea_part`` for a rule."""
        split = self.split(service)
        return part_rows(split, self._extent.parts, service, rule, is_legal=self._extent.is_legal)

    def gap_layer(self, service: str, rule: str) -> Layer:
        """Give the rows of ``sea_gap`` for a rule."""
        tables = [self._basis.tables[technology] for technology in RADIO_OF[service]]
        built = [
            table[built_stations(Stations(table, 0, [], []), technology)]
            for table, technology in zip(tables, RADIO_OF[service])
        ]
        return gap_rows(
            self.split(service), self._extent.parts, service, rule, pd.concat(built), is_legal=self._extent.is_legal
        )

    def done(self) -> None:
        """Tidy up behind simulations."""
        for split in self._splits.values():
            split.done()

    def _of_technology(self, technology: str) -> SeaSplit:
        if technology not in self._splits:
            own = copy.copy(self._context)
            own.parameters = {**self._context.parameters, "technology": technology}
            stations = Stations(self._basis.tables[technology], 0, [], [])
            reach_m = 1000 * float(self._pack.rule("sea.data_reach").value)
            silent = silent_sea(own, self._extent.parts, stations, reach_m)
            made = self._made(own, stations, silent)
            self._splits[technology] = made
            self._found.cautions.extend(
                Text(f"海域 {technology}：{words.zh}", f"Sea, {technology}: {words.en}") for words in made.cautions
            )
        return self._splits[technology]

    def _made(self, context: RunContext, stations: Stations, silent: Any) -> SeaSplit:
        def progress(_done: float) -> None:
            context.checkpoint()

        if context["dem"] and context["evidence"] != "distance" and context["propagation"] != _OF_LAND:
            least_km = float(self._pack.rule("sea.max_range").value)
            if context["max_range_km"] is not None and context["max_range_km"] < least_km:  # stated for the land
                context.parameters = {**context.parameters, "max_range_km": None}
            return by_simulation(context, self._extent, stations, silent, self._pack, progress)
        return by_distance(context, self._extent, stations, silent, progress)


def _row(rule: Rule, split: SeaSplit, kind: str, extent: Extent) -> dict[str, Any]:
    numbers = [number for number, part in enumerate(extent.parts) if part.kind == kind]
    covered, gap, unknown = (
        sum(split.area_m2(state, number) for number in numbers) / _SQUARE_KM for state in (MET, NOT_MET, CANNOT_TELL)
    )
    return {
        "rule_id": rule.id,
        "unit": "km²",
        "county_code": ALL_COUNTIES,
        **tally_amounts(covered, gap, unknown, target_of(rule)),
    }


def _derived_words(service: str, split: SeaSplit) -> Text:
    covered, gap, unknown = (split.area_m2(state) / _SQUARE_KM for state in (MET, NOT_MET, CANNOT_TELL))
    whole = covered + gap + unknown
    how = Text("海面仿真", "simulated over the sea") if split.evidence == "simulated" else Text("按距离", "by distance")
    return Text(
        f"推算12海里带（非法定）面积 {whole:,.1f} km²，{service} {how.zh}覆盖 {covered:,.1f} km²、未覆盖 {gap:,.1f} km²、"
        f"无法判定 {unknown:,.1f} km²；内海、领海指标因没有界线无法判定，以上仅供参考。",
        f"Of the derived 12 nm belt (not legal) of {whole:,.1f} km², {service} covers {covered:,.1f} km² {how.en}, {gap:,.1f} km² are not "
        f"covered and {unknown:,.1f} km² cannot be told; without limits the indicators of the sea cannot be told, and this is for "
        "information.",
    )


def _layer(columns: Sequence[str]) -> Layer:
    return pd.DataFrame(columns=list(columns)), []


def _only(layer: Layer, kind: str) -> Layer:
    rows, shapes = layer
    own = (rows["zone"] == kind).to_numpy(bool)
    return rows[own], [shape for shape, keep in zip(shapes, own.tolist()) if keep]


def _stacked(layers: Sequence[Layer], columns: Sequence[str]) -> Layer:
    filled = [layer for layer in layers if len(layer[0])]
    if not filled:
        return _layer(columns)
    rows = pd.concat([rows for rows, _ in filled], ignore_index=True)
    return rows, [shape for _, shapes in filled for shape in shapes]


def _numbered(layer: Layer) -> Layer:
    rows, shapes = layer
    return rows.assign(gap=range(1, len(rows) + 1)), shapes
