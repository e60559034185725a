"""Submarine cables: their protection bands by kind of sea, what lies in them, and how near to each other they land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from ....engine.context import RunContext
from ....layers import inputs
from ....text import Text
from ...shared.rules import plain
from ..hazards.layers import Hazards
from ..read import Trunk
from .conflicts import CONFLICTS, between_cables, with_uses
from .landings import landings_of, near_landings
from .stretches import NOT_KNOWN, Stretch, cable_words, km2, stretches_of
from .words import APPLIES, SEA_LABELS, UNKNOWN, USE_LABELS

_KINDS = ("open_sea", "bay", "harbour")  # the widest band first: where areas overlap it is the safer
BANDS = ("cable_id", "name", "operator", "sea_kind", "width_m", "state", "length_km", "area_km2")


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
    landings, loose = landings_of(trunk, own)
    stretches = [stretch for cable in own.tolist() for stretch in stretches_of(trunk, cable, seas, widths)]
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
    conflicts, shapes = with_uses(trunk, stretches, uses)
    more, more_shapes = between_cables(trunk, stretches, landings, at_station_m)
    rows = [_band_row(trunk, one, width, shape) for one in stretches for width, shape in one.bands.items()]
    table = pd.DataFrame([*conflicts, *more], columns=list(CONFLICTS))
    return Sea(
        pd.DataFrame(rows, columns=list(BANDS)),
        [shape for one in stretches for shape in one.bands.values()],
        table,
        [*shapes, *more_shapes],
        near_landings(trunk, landings, apart_m),
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


def _band_row(trunk: Trunk, one: Stretch, width: float, shape: Any) -> dict[str, Any]:
    return {
        **cable_words(trunk, one.cable),
        "operator": plain(trunk.cables["operator"].iloc[one.cable]),
        "sea_kind": one.kind,
        "width_m": width,
        "state": APPLIES if one.kind != NOT_KNOWN else UNKNOWN,
        "length_km": round(one.length_m / 1000, 6),
        "area_km2": round(km2(shape), 6),
    }
