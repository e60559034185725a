"""Submarine cables: their protection bands by kind of sea, what lies in them, and how near to each other they land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.areas import geometry_areas
from ....analysis.geodesy import geodesic_distance_m
from ....analysis.lines.counties import NOWHERE, county_stretches
from ....analysis.lines.drawn import cut_lines
from ....analysis.network.bands import band, disc
from ....analysis.network.exposure import drawn_of
from ....analysis.network.parts import parts_of
from ....engine.context import RunContext
from ....layers import inputs
from ....text import Text
from ...shared.rules import plain
from ..hazards.layers import Hazards
from ..read import Trunk
from .words import APPLIES, CONFLICT, SEA_LABELS, UNKNOWN, USE_LABELS

_KINDS = ("open_sea", "bay", "harbour")  # the widest band first: where areas overlap it is the safer
_NOT_KNOWN = "unknown"


class Stretch(NamedTuple):
    """What of a cable lies in one kind of sea.

    Attributes
    ----------
    cable : int
        Row.
    kind : str
        harbour, bay, open_sea or unknown.
    shape : MultiLineString
    length_m : float
    bands : dict
        Polygons by width in metres: one, or the three of which one applies.
    """

    cable: int
    kind: str
    shape: Any
    length_m: float
    bands: dict[float, Any]


class Landing(NamedTuple):
    """An end of a submarine cable on land."""

    cable: int
    node: int
    name: str


class Sea(NamedTuple):
    """What was found: tables with their shapes; `untold` says of which uses of the sea nothing is known."""

    bands: pd.DataFrame
    band_shapes: list[Any]
    conflicts: pd.DataFrame
    conflict_shapes: list[Any]
    landings: pd.DataFrame
    sentences: list[Text]
    cautions: list[Text]
    untold: list[Text]


def at_sea(
    context: RunContext,
    trunk: Trunk,
    widths: Mapping[str, float],
    uses: Mapping[str, Hazards],
    apart_m: float,
    at_station_m: float,
) -> Sea:
    """Find the bands of the submarine cables, the conflicts in them, and landings near each other.

    Parameters
    ----------
    widths : mapping
        Metres on each side, by kind of sea.
    uses : mapping
        Layers of areas by anchorage, fishing, other_use.
    apart_m : float
        Two cables that land nearer to each other are not diverse.
    at_station_m : float
        Cables this near to a common landing come together anyway.
    """
    own = np.flatnonzero((trunk.cables["laying"] == "submarine").to_numpy(bool) & ~shapely.is_missing(trunk.lines))
    seas, said, cautions = _seas(context)
    landings, loose = _landings(trunk, own)
    stretches = [stretch for cable in own.tolist() for stretch in _stretches(trunk, cable, seas, widths)]
    said.append(
        Text(
            f"海缆 {len(own)} 条，登陆点 {len(landings)} 处。",
            f"Submarine cables: {len(own)}; landings: {len(landings)}.",
        )
    )
    if loose:
        cautions.append(
            Text(
                f"{loose} 个海缆端点未接机房，也未接陆地光缆：可能通向图外，不计为登陆点。",
                f"{loose} ends of submarine cables join neither a node nor a cable on land: they may lead out of the map and are no landings.",
            )
        )
    conflicts, shapes = _with_uses(trunk, stretches, uses)
    more, more_shapes = _between(trunk, stretches, landings, at_station_m)
    rows = [_band_row(trunk, one, width, shape) for one in stretches for width, shape in one.bands.items()]
    table = pd.DataFrame([*conflicts, *more], columns=list(CONFLICTS))
    return Sea(
        pd.DataFrame(rows, columns=list(BANDS)),
        [shape for one in stretches for shape in one.bands.values()],
        table,
        [*shapes, *more_shapes],
        _near_landings(trunk, landings, apart_m),
        said,
        cautions,
        _untold(uses),
    )


def _untold(uses: Mapping[str, Hazards]) -> list[Text]:
    made = []
    lost = [label for use, label in USE_LABELS.items() if use not in (*uses, "cable")]
    if lost:
        zh, en = "、".join(label.zh for label in lost), ", ".join(label.en.lower() for label in lost)
        made.append(
            Text(
                f"没有给出图层：{zh}。与这些用海的冲突无法判定。",
                f"No layer was given of: {en}. Conflicts with them cannot be told.",
            )
        )
    for layer in uses.values():
        left = int((shapely.get_dimensions(layer.shapes) != 2).sum()) + layer.set_aside
        if left:
            made.append(
                Text(
                    f"{layer.file} 有 {left} 行不是面，未参与比较。",
                    f"{left} rows of {layer.file} are no areas and were not compared.",
                )
            )
    return made


BANDS = ("cable_id", "name", "operator", "sea_kind", "width_m", "state", "length_km", "area_km2")
CONFLICTS = ("cable_id", "name", "use", "with_id", "with_name", "sea_kind", "width_m", "state", "area_km2")
LANDINGS = ("cable_a", "cable_b", "landing_a", "landing_b", "apart_m")


def _seas(context: RunContext) -> tuple[dict[str, Any], list[Text], list[Text]]:
    """Give the areas of each kind of sea that decides the width."""
    nobody = Text(
        "海域图层没有标明海湾、海港区、沿海宽阔海域：保护区宽度无法判定，列出三种备选。",
        "No sea area says bay, harbour or open coastal sea: which band applies cannot be told; all three are given.",
    )
    if not inputs.layer_present(context, "sea_areas"):
        return {}, [], [nobody]
    layer = inputs.read_layer(context, "sea_areas", ["sea_id", "kind"])
    found: dict[str, Any] = {}
    for kind in _KINDS:
        shapes = layer.geometry[(layer.columns["kind"] == kind).to_numpy(bool)]
        if len(shapes):
            found[kind] = shapely.union_all(shapely.make_valid(shapes, method="structure"))
    if "harbour" in found and "bay" in found:  # a harbour lies in its bay
        found["bay"] = shapely.difference(found["bay"], found["harbour"])
    deciding = int(layer.columns["kind"].isin(_KINDS).sum())
    words = "、".join(SEA_LABELS[kind].zh for kind in _KINDS)
    said = Text(
        f"海域 {len(layer.columns)} 个，按“海域类型”列（kind、HYLX）取值；取值为{words}的 {deciding} 个决定保护区宽度，其他取值不决定。",
        f"Sea areas: {len(layer.columns)}, by the column of the kind (kind, HYLX, 海域类型); {deciding} are open coastal sea, bay or harbour, "
        "which decide the width; other kinds do not.",
    )
    cautions = [] if found else [nobody]
    if layer.set_aside:
        cautions.append(
            Text(
                f"海域图层有 {layer.set_aside} 行未能读取（如海域类型不在代码表内，原因见运行消息），该处宽度按海域类型不明处理。",
                f"{layer.set_aside} rows of the sea areas could not be read (such as a kind that is not in the list; see the messages of the "
                "run): there the kind of sea is not known.",
            )
        )
    kinds = list(found)
    twice = [
        (one, two)
        for at, one in enumerate(kinds)
        for two in kinds[at + 1 :]
        if shapely.area(shapely.intersection(found[one], found[two])) > 0
    ]
    if twice:
        zh = "；".join(f"{SEA_LABELS[one].zh}与{SEA_LABELS[two].zh}" for one, two in twice)
        en = "; ".join(f"{SEA_LABELS[one].en.lower()} and {SEA_LABELS[two].en.lower()}" for one, two in twice)
        cautions.append(
            Text(
                f"海域类型有重叠（{zh}）：重叠处按较宽的保护区计。",
                f"Kinds of sea overlap ({en}): there the wider band counts.",
            )
        )
    return found, [said], cautions


def _stretches(trunk: Trunk, cable: int, seas: Mapping[str, Any], widths: Mapping[str, float]) -> list[Stretch]:
    """Divide a cable by kind of sea."""
    parts = parts_of([trunk.lines[cable]])
    drawn = drawn_of(parts)
    found = county_stretches(drawn, list(seas.values()))
    pieces = np.empty(len(found.line), dtype=object)
    pieces[:] = cut_lines(drawn, found.line, found.from_m, found.to_m)
    made = []
    for value in sorted(set(found.value.tolist()), key=lambda one: (one == NOWHERE, one)):
        at = found.value == value
        kind = _NOT_KNOWN if value == NOWHERE else list(seas)[value]
        shape = shapely.MultiLineString(shapely.get_parts(pieces[at]).tolist())
        metres = [widths[kind]] if kind != _NOT_KNOWN else sorted(widths.values())
        bands = {width: band(shape, width) for width in metres}
        made.append(Stretch(cable, kind, shape, float((found.to_m - found.from_m)[at].sum()), bands))
    return made


def _cable(trunk: Trunk, row: int) -> dict[str, Any]:
    cable = trunk.cables.iloc[row]
    return {"cable_id": cable["cable_id"], "name": plain(cable["name"])}


def _band_row(trunk: Trunk, one: Stretch, width: float, shape: Any) -> dict[str, Any]:
    return {
        **_cable(trunk, one.cable),
        "operator": plain(trunk.cables["operator"].iloc[one.cable]),
        "sea_kind": one.kind,
        "width_m": width,
        "state": APPLIES if one.kind != _NOT_KNOWN else UNKNOWN,
        "length_km": round(one.length_m / 1000, 6),
        "area_km2": round(_km2(shape), 6),
    }


def _km2(shape: Any) -> float:
    return float(geometry_areas([shape])[0]) / 1e6


def _met(one: Stretch, shape: Any) -> tuple[float, Any, str] | None:
    """Give the narrowest band that meets a shape, what they share, and whether that is certain."""
    for width, ground in sorted(one.bands.items()):
        common = _areal(shapely.intersection(ground, shape))
        if common is not None:
            return width, common, CONFLICT if width == min(one.bands) else UNKNOWN
    return None


def _areal(shape: Any) -> Any:
    """Give the areas of a geometry; None where it has none."""
    parts = shapely.get_parts(shape)
    areas = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    return shapely.union_all(areas) if len(areas) else None


def _with_uses(
    trunk: Trunk, stretches: Sequence[Stretch], uses: Mapping[str, Hazards]
) -> tuple[list[dict[str, Any]], list[Any]]:
    rows, shapes = [], []
    for use, layer in uses.items():
        areal = np.flatnonzero(shapely.get_dimensions(layer.shapes) == 2)
        for one in stretches:
            widest = one.bands[max(one.bands)]
            near = np.sort(areal[shapely.STRtree(layer.shapes[areal]).query(widest, predicate="intersects")])
            for at in near.tolist():
                met = _met(one, layer.shapes[at])
                if met is None:
                    continue
                width, common, state = met
                head = {
                    **_cable(trunk, one.cable),
                    "use": use,
                    "with_id": f"#{layer.row[at]}",
                    "with_name": layer.title(at),
                }
                rows.append(
                    {**head, "sea_kind": one.kind, "width_m": width, "state": state, "area_km2": round(_km2(common), 6)}
                )
                shapes.append(common)
    return rows, shapes


def _between(
    trunk: Trunk, stretches: Sequence[Stretch], landings: Sequence[Landing], at_station_m: float
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Find cables that lie in the band of another, of both what lies away from a landing of both.

    The area is common to the bands, of the one width, of what lies beyond the cut of both.
    """
    network = trunk.network
    nodes: dict[int, set[int]] = {}
    for landing in landings:
        nodes.setdefault(landing.cable, set()).add(landing.node)
    discs: dict[int, Any] = {}
    rows, shapes = [], []
    for one in stretches:
        for other in sorted({stretch.cable for stretch in stretches} - {one.cable}):
            line, own = trunk.lines[other], one.shape
            for node in sorted(nodes.get(one.cable, set()) & nodes.get(other, set())):
                if node not in discs:
                    discs[node] = disc(float(network.lon[node]), float(network.lat[node]), at_station_m)
                line, own = shapely.difference(line, discs[node]), shapely.difference(own, discs[node])
            if shapely.is_empty(line) or shapely.is_empty(own):
                continue
            for width, whole in sorted(one.bands.items()):
                ground = whole if own is one.shape else band(_lines(own), width)
                if shapely.length(shapely.intersection(line, ground)) == 0:
                    continue
                common = _areal(shapely.intersection(band(_lines(line), width), ground))
                state = CONFLICT if width == min(one.bands) else UNKNOWN
                cable = _cable(trunk, other)
                head = {
                    **_cable(trunk, one.cable),
                    "use": "cable",
                    "with_id": cable["cable_id"],
                    "with_name": cable["name"],
                }
                rows.append(
                    {**head, "sea_kind": one.kind, "width_m": width, "state": state, "area_km2": round(_km2(common), 6)}
                )
                shapes.append(common)
                break
    return rows, shapes


def _lines(shape: Any) -> Any:
    parts = shapely.get_parts(shape)
    return shapely.MultiLineString([part for part in parts.tolist() if shapely.get_dimensions(part) == 1])


def _landings(trunk: Trunk, cables: npt.NDArray[np.int64]) -> tuple[list[Landing], int]:
    """Give where submarine cables come to land, and how many of their ends join nothing."""
    network = trunk.network
    at_sea = np.isin(network.row, cables)
    on_land = np.zeros(len(network.lon), dtype=bool)
    on_land[network.start[~at_sea]] = on_land[network.end[~at_sea]] = True
    found, loose = [], 0
    for cable in cables.tolist():
        edges = np.flatnonzero(network.row == cable)
        nodes, times = np.unique(np.concatenate([network.start[edges], network.end[edges]]), return_counts=True)
        for node in nodes[times == 1].tolist():
            room = int(network.room[node])
            if room < 0 and not on_land[node]:
                loose += 1
                continue
            name = "—"
            if room >= 0:
                row = trunk.rooms.iloc[room]
                name = str(plain(row["name"]) or row["node_id"])
            found.append(Landing(cable, node, name))
    return found, loose


def _near_landings(trunk: Trunk, landings: Sequence[Landing], apart_m: float) -> pd.DataFrame:
    """List the pairs of cables that land nearer to each other than a distance, the nearest first."""
    network = trunk.network
    rows = []
    for at, one in enumerate(landings):
        for other in landings[at + 1 :]:
            if one.cable == other.cable:
                continue
            ends = [
                network.lon[[one.node]],
                network.lat[[one.node]],
                network.lon[[other.node]],
                network.lat[[other.node]],
            ]
            away = 0.0 if one.node == other.node else float(geodesic_distance_m(*ends)[0])
            if away < apart_m:
                names = [_title(trunk, landing.cable) for landing in (one, other)]
                rows.append((*names, one.name, other.name, round(away, 1)))
    table = pd.DataFrame(rows, columns=list(LANDINGS))
    return table.sort_values(["apart_m", "cable_a", "cable_b"], kind="stable", ignore_index=True)


def _title(trunk: Trunk, row: int) -> str:
    cable = trunk.cables.iloc[row]
    return str(plain(cable["name"]) or cable["cable_id"])
