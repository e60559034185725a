"""What each facility takes of the ground, by the presets of the pack: a plot, a square, a corridor, or none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.conflicts.footprints import corridor, squares
from ...analysis.conflicts.measures import areas_m2
from ...analysis.conflicts.overlay import Taken, lengths_m
from ...rules.pack import Pack, Rule
from ...text import Text
from .facilities import Facilities
from .words import (
    ATTACHED,
    BUILT,
    CLASS_OF_LAYING,
    NO_LAYING,
    NO_PLACE,
    NO_PRESET,
    NO_TYPE,
    ON_BUILDING,
    ON_LINE,
    PLOT,
    SITE,
)


class Ground(NamedTuple):
    """Facilities with what they take.

    Attributes
    ----------
    table : pandas.DataFrame
        That of the facilities with ``class`` (None where it cannot be told), ``footprint_m2`` (NaN where it cannot be
        told, 0 for what takes none), ``width_m`` and ``whole_m`` of cables (else NaN).
    shapes : numpy.ndarray of shapely geometries or None, shape (n,)
        As drawn.
    taken : Taken
        For the overlay; without the facilities that cannot be told.
    rules : list of Rule
        Footprints and widths that were used, and within what distance rows are one site.
    cautions : list of Text
    """

    table: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    taken: Taken
    rules: list[Rule]
    cautions: list[Text]


def ground_of(facilities: Facilities, pack: Pack) -> Ground:
    """Find what each facility takes; one of unknown type or laying has a reason and takes nothing that is known."""
    table, shapes = facilities.table.copy(), facilities.shapes.copy()
    count = len(table)
    kind: list[str | None] = [None] * count
    reason, note = table["reason"].tolist(), table["note"].tolist()
    area, width, whole = (np.full(count, np.nan) for _ in range(3))
    footprint, line, place = (np.full(count, None, dtype=object) for _ in range(3))
    used: dict[str, Rule] = {}
    mended = 0
    for at, (layer, of) in enumerate(zip(table["layer"], table["type"])):
        shape = shapes[at]
        if shape is None:
            reason[at] = NO_PLACE
            continue
        if reason[at]:
            continue
        if layer == "trunk_cables":
            rule = pack.rules.get(f"land.corridor.{of}")
            whole[at] = lengths_m([shape])[0]
            if rule is None or of not in CLASS_OF_LAYING:
                reason[at] = NO_LAYING
                continue
            used[rule.id] = rule
            line[at], width[at], area[at], kind[at] = shape, float(rule.value), 0.0, CLASS_OF_LAYING[of]
            if width[at] > 0:
                footprint[at] = corridor(shape, width[at])
                area[at] = areas_m2([footprint[at]])[0]
            else:
                kind[at], note[at] = ATTACHED, ON_LINE
        elif shapely.get_dimensions(shape) == 2:
            if not shape.is_valid:
                shape, mended = shapely.make_valid(shape, method="structure", keep_collapsed=False), mended + 1
            footprint[at], area[at], kind[at] = shape, areas_m2([shape])[0], PLOT
        else:
            rule = pack.rules.get(f"land.footprint.{of}")
            if note[at] == BUILT:
                area[at], kind[at], place[at] = 0.0, ATTACHED, shape
                continue
            if rule is None:
                reason[at] = NO_TYPE if of is None else NO_PRESET
                continue
            used[rule.id] = rule
            area[at] = float(rule.value)
            if area[at] > 0:
                kind[at], footprint[at] = SITE, squares(shape.x, shape.y, area[at])[0]
            else:
                kind[at], place[at], note[at] = ATTACHED, shape, ON_BUILDING
    table = table.assign(footprint_m2=area.round(4), width_m=width, whole_m=whole.round(4), reason=reason, note=note)
    table["class"] = pd.Series(kind, index=table.index, dtype=object)
    cautions = []
    if mended:
        cautions.append(
            Text(
                f"{mended} 个数据中心地块有自交等图形错误，已按其外廓修正后使用。",
                f"Plots of data centres that cross themselves, used as mended: {mended}.",
            )
        )
    if table["layer"].isin(("base_stations", "towers_and_poles")).any():
        used["land.site.within"] = pack.rule("land.site.within")
    order = [rule for name, rule in pack.rules.items() if name in used]
    return Ground(table, shapes, Taken(footprint, line, place), order, cautions)
