"""Which sea is looked at: inland and territorial sea as a layer or baselines delimit them, else a derived belt."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from ...analysis.areas import geometry_areas
from ...analysis.sea import DERIVED, INLAND, NAUTICAL_MILE_M, TERRITORIAL, SeaPart, sea_parts
from ...analysis.sea_water import Water, joined, off_own_coast, water_off_coast
from ...analysis.unit_coverage import polygonal
from ...engine.context import RunContext
from ...errors import InputError
from ...layers import inputs
from ...layers.inputs import split
from ...rules.pack import Pack, Rule
from ...text import Text
from ..shared.tables import read_units

_LEGAL = (INLAND, TERRITORIAL)
_LEAST_ON_LAND_KM2 = 1.0  # less is how outlines and coasts differ
_LEAST_OVERLAP_M2 = 1e4
_WINDOW = 2.0
"""The window about the counties is larger than they by so many breadths of the belt."""


class Extent(NamedTuple):
    """The sea of a run.

    Attributes
    ----------
    parts : list of SeaPart
        Kinds of sea that do not overlap.
    is_legal : bool
        Inland and territorial sea, delimited by the data; else the belt was derived and has no legal meaning.
    water : MultiPolygon
        All that is known to be water, the parts among it.
    coast, baselines : list of lines
        For the map.
    source : Text
        Where the extent is from.
    cautions : list of Text
    rules : list of Rule
        That made it.
    """

    parts: list[SeaPart]
    is_legal: bool
    water: shapely.MultiPolygon
    coast: list[Any]
    baselines: list[Any]
    source: Text
    cautions: list[Text]
    rules: list[Rule]


def read_extent(context: RunContext, pack: Pack) -> Extent:
    """Find the sea: by the parameter ``baselines``, by the layer of sea areas, or derived from the coastline.

    Raises
    ------
    InputError
        Nothing says where the sea is, or lines and counties do not part it.
    """
    if context.parameters.get("baselines"):
        return _by_baselines(context, pack)
    areas = given_areas(context)
    legal = [kind for kind in _LEGAL if kind in areas]
    if legal or DERIVED in areas:
        return _by_areas(context, pack, areas, legal or [DERIVED])
    found = _by_coast(context, pack)
    if areas:
        found.cautions.append(
            Text(
                "海域图层只有其他类型的海域，没有内海、领海，未采用；改由海岸线推算。",
                "The layer of sea areas has other kinds only, neither inland nor territorial sea: it is not used, the belt is "
                "derived from the coastline.",
            )
        )
    return found


def given_areas(context: RunContext) -> dict[str, shapely.MultiPolygon]:
    """Read the layer of sea areas: one valid polygon a kind."""
    if not inputs.layer_present(context, "sea_areas"):
        return {}
    layer = inputs.read_layer(context, "sea_areas", ["sea_id", "kind"])
    kinds = layer.columns["kind"].to_numpy(object)
    found = {}
    for kind in sorted(set(kinds[kinds != None])):  # noqa: E711 - elementwise
        shapes = [shapely.force_2d(shape) for shape in layer.geometry[kinds == kind] if shape is not None]
        whole = polygonal(shapely.union_all([shapely.make_valid(shape) for shape in shapes]))
        if whole is not None:
            found[str(kind)] = whole
    return found


def _by_areas(context: RunContext, pack: Pack, areas: dict[str, shapely.MultiPolygon], kinds: list[str]) -> Extent:
    cautions = []
    own = {kind: areas[kind] for kind in kinds}
    if len(own) == len(_LEGAL):
        both = polygonal(shapely.intersection(own[INLAND], own[TERRITORIAL]))
        overlap = float(geometry_areas([both])[0]) if both is not None else 0.0
        if both is not None:
            rest = polygonal(shapely.difference(own[TERRITORIAL], own[INLAND]))
            own = {INLAND: own[INLAND], **({} if rest is None else {TERRITORIAL: rest})}
        if overlap > _LEAST_OVERLAP_M2:
            cautions.append(
                Text(
                    f"海域图层的内海与领海重叠 {overlap / 1e6:,.2f} km²，重叠处按内海计。",
                    f"Inland and territorial sea of the layer overlap by {overlap / 1e6:,.2f} km², which counts as inland.",
                )
            )
    is_legal = DERIVED not in own
    aside = [shape for kind, shape in areas.items() if kind not in own]
    if aside:
        area = float(geometry_areas(aside).sum()) / 1e6
        cautions.append(
            Text(
                f"海域图层中另有其他类型的海域 {area:,.2f} km²，不计入。",
                f"The layer of sea areas has {area:,.2f} km² of other kinds, which do not count.",
            )
        )
    if not is_legal:
        cautions.append(derived_caution())
    cautions += _on_land(context, list(own.values()))
    water, coast = polygonal(shapely.union_all(list(areas.values()))), _coast_lines(context)
    beyond = _water(context, coast, float(pack.rule("sea.belt").value) * NAUTICAL_MILE_M)
    if beyond is not None:
        water = polygonal(shapely.union(water, beyond.shape))
    source = (
        Text("海域图层给出的内海、领海界线", "inland and territorial sea of the layer of sea areas")
        if is_legal
        else Text("海域图层给出的推算海域带", "derived belt of the layer of sea areas")
    )
    parts = [SeaPart(kind, shape, float(geometry_areas([shape])[0])) for kind, shape in own.items()]
    return Extent(parts, is_legal, water, coast, [], source, cautions, [])


def _on_land(context: RunContext, areas: list[Any]) -> list[Text]:
    """Tell how much of the sea that a layer gives lies within counties: land, or counties drawn out to sea."""
    if not inputs.layer_present(context, "admin_units"):
        return []
    both = polygonal(shapely.intersection(shapely.union_all(areas), shapely.union_all(_counties(context))))
    overlap = float(geometry_areas([both])[0]) / 1e6 if both is not None else 0.0
    if overlap <= _LEAST_ON_LAND_KM2:
        return []
    return [
        Text(
            f"海域图层有 {overlap:,.2f} km² 在县界以内：如为陆地，请先从海域中扣除；本次按海域计。",
            f"{overlap:,.2f} km² of the layer of sea areas lie within counties: if that is land, take it out of the sea first; here it "
            "counts as sea.",
        )
    ]


def _by_baselines(context: RunContext, pack: Pack) -> Extent:
    belt, join = pack.rule("sea.belt"), pack.rule("sea.baseline_join")
    width_m = float(belt.value) * NAUTICAL_MILE_M
    given = _baselines(context)
    coast = _coast_lines(context)
    water = _required_water(context, coast, width_m)
    lines, count = joined(given, water.coast, float(join.value))
    try:
        parts = sea_parts(water.shape, water.coast, lines, width_m=width_m)
    except ValueError as error:
        raise InputError(
            Text(
                "领海基线没有把海域分成向陆、向海两侧。",
                "The baselines do not part the sea into a landward and a seaward side.",
            ),
            Text(
                "基线两端须接到海岸线（或伸出所判区域）；请补齐基线，或在海域图层中直接给出内海、领海。",
                "Baselines must end on the coastline or leave the area; complete them, or give inland and territorial sea as a layer.",
            ),
        ) from error
    parts, own = _off_counties(context, pack, parts, water)
    cautions = [*_open_end_caution(water), _own_words(own)]
    if count:
        cautions.append(
            Text(
                f"{count} 个基线端点与海岸线相距不到 {join.value:g} m，已按相接处理。",
                f"{count} ends of baselines lie within {join.value:g} m of the coastline and are taken to meet it.",
            )
        )
    source = Text("所给领海基线和海岸线", "the baselines and the coastline that were given")
    return Extent(parts, True, water.shape, water.coast, given, source, cautions, [belt, join, own])


def _by_coast(context: RunContext, pack: Pack) -> Extent:
    belt = pack.rule("sea.belt")
    width_m = float(belt.value) * NAUTICAL_MILE_M
    water = _required_water(context, _coast_lines(context), width_m)
    parts = sea_parts(water.shape, water.coast, width_m=width_m)
    parts, own = _off_counties(context, pack, parts, water)
    source = Text("由海岸线推算的海域带", "a belt derived from the coastline")
    cautions = [derived_caution(), *_open_end_caution(water), _own_words(own)]
    return Extent(parts, False, water.shape, water.coast, [], source, cautions, [belt, own])


def derived_caution() -> Text:
    """Say that a derived belt judges nothing."""
    return Text(
        "没有内海、领海界线或领海基线：海域带为推算，非法定，不作为内海或领海计入，仅供参考。",
        "Nothing delimits inland or territorial sea, and there are no baselines: the belt is derived, not legal. It counts as neither "
        "and is for information.",
    )


def _off_counties(context: RunContext, pack: Pack, parts: list[SeaPart], water: Water) -> tuple[list[SeaPart], Rule]:
    """Keep what lies off the coast of the given counties."""
    rule = pack.rule("sea.own_coast")
    counties = _counties(context)
    kept = []
    for part in parts:
        shape = off_own_coast(part.shape, water.coast, counties, within_m=1000 * float(rule.value))
        if shape is not None:
            kept.append(SeaPart(part.kind, shape, float(geometry_areas([shape])[0])))
    if not kept:
        raise _no_water()
    return kept, rule


def _own_words(rule: Rule) -> Text:
    return Text(
        f"只取离所给各县海岸最近的海域（海岸线距县界不超过 {rule.value:g} km 的视为该县海岸）。",
        f"Only the sea nearest to the coast of the given counties is taken (coast within {rule.value:g} km of a county is its own).",
    )


def _counties(context: RunContext) -> list[Any]:
    units = read_units(context, "county", ["code"], optional=True)
    return [] if units is None else [shapely.make_valid(shape) for shape in _lines(units.geometry)]


def _open_end_caution(water: Water) -> list[Text]:
    if not water.open_ends:
        return []
    return [
        Text(
            f"海岸线在所判区域内有 {water.open_ends} 个断头，离断头最近的海域无从推算，未计入。",
            f"The coastline ends at {water.open_ends} places inside the area; the sea nearest to these ends is left out.",
        )
    ]


def _coast_lines(context: RunContext) -> list[Any]:
    if not inputs.layer_present(context, "coastline"):
        return []
    return _lines(inputs.read_layer(context, "coastline", ["line_id"]).geometry)


def _baselines(context: RunContext) -> list[Any]:
    """Read the file of baselines as the layer of coastlines is read: any lines with a CRS will do."""
    path, _ = split(str(context["baselines"]))
    context.read("baselines", Path(path))
    own = copy.copy(context)
    own.inputs = {}
    own.parameters = {**context.parameters, "coastline": context["baselines"]}
    return _lines(inputs.read_layer(own, "coastline", ["line_id"]).geometry)


def _lines(geometry: Any) -> list[Any]:
    return [shapely.force_2d(line) for line in geometry if line is not None and not shapely.is_empty(line)]


def _water(context: RunContext, coast: list[Any], width_m: float) -> Water | None:
    """Tell water from land; None where coastline or counties are missing or do not tell."""
    counties = _counties(context)
    if not coast or not counties:
        return None
    try:
        return water_off_coast(coast, counties, reach_m=_WINDOW * width_m)
    except ValueError:
        return None


def _required_water(context: RunContext, coast: list[Any], width_m: float) -> Water:
    missing = [
        name
        for name, there in (
            (Text("海岸线", "coastline"), bool(coast)),
            (Text("县级行政区", "counties"), inputs.layer_present(context, "admin_units")),
        )
        if not there
    ]
    if missing:
        raise InputError(
            Text(
                f"没有可用的海域：既没有海域图层，也缺少{'、'.join(name.zh for name in missing)}。",
                f"There is no sea to look at: no layer of sea areas, and no {' and no '.join(name.en for name in missing)}.",
            ),
            Text(
                "请导入海域图层；或导入海岸线和县级行政区，由此推算（非法定）。",
                "Import the layer of sea areas; or coastline and counties, from which a belt is derived (not legal).",
            ),
        )
    found = _water(context, coast, width_m)
    if found is not None and shapely.area(found.shape) > 0:
        return found
    raise _no_water()


def _no_water() -> InputError:
    return InputError(
        Text(
            "海岸线与县界不能分出陆地和海面：没有海岸线经过各县附近，或各县横跨海岸线。",
            "Coastline and counties do not tell land from sea: no coast lies near the counties, or they lie on both sides of it.",
        ),
        Text(
            "请核对两者的坐标基准和海岸线的完整性，或直接导入海域图层。",
            "Check the datum of both and whether the coastline is whole, or import the layer of sea areas.",
        ),
    )
