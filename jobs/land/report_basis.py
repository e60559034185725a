"""The parts of the report that say by what was judged: footprints, corridors, and the control lines themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...layers.html_report import Cell, Noted, Section
from ...text import Text, same
from ..shared.rules import plain
from .known import Known
from .taken import Ground
from .words import CLASS_LABELS, LABELS, LAYER_LABELS, NOTE_LABELS, ZONE_LABELS, type_label
from .zone_rows import Zones


def ground_section(ground: Ground, sentences: Sequence[Text]) -> Section:
    """Say by which footprints and widths was judged: by layer and type."""
    table = ground.table
    groups = table.groupby(["layer", "type", "class", "note"], sort=False, dropna=False)
    rows: list[list[Cell]] = []
    for (layer, of, of_class, note), group in groups:
        width, areas = group["width_m"].dropna(), group["footprint_m2"].dropna()
        each = areas.iloc[0] if len(areas) and np.ptp(areas) < 1e-6 else None
        rows.append(
            [
                LAYER_LABELS[layer],
                type_label(of) if plain(of) else None,
                CLASS_LABELS[of_class] if plain(of_class) else Text("无法判定", "Cannot be told"),
                len(group),
                float(width.iloc[0]) if len(width) else None,
                round(float(each), 2) if each is not None else None,
                round(float(areas.sum()), 2) if len(areas) else None,
                NOTE_LABELS[note] if note else None,
            ]
        )
    return Section(
        Text("设施与占地、走廊口径", "Facilities, footprints and corridors"),
        sentences,
        headings=[
            *(LABELS[key] for key in ("layer", "type", "class", "features", "width_m")),
            Text("每处面积（m²）", "Each (m²)"),
            Text("合计面积（m²）", "In all (m²)"),
            LABELS["note"],
        ],
        rows=rows,
    )


_HOW_LABELS = {
    "workspace": Text("工作区", "Workspace"),
    "stated": Text("指定种类", "Kind was stated"),
    "guessed": Text("按图层名识别", "By the name of the layer"),
}


def zone_section(zones: Zones) -> Section:
    """Say where the control lines came from, and what became of their rows."""
    rows: list[list[Cell]] = [
        [
            ZONE_LABELS[source.kind] if source.kind else Text("未识别，未使用", "Not recognised, not used"),
            Text("规划工作区", "Workspace") if source.how == "workspace" else source.name,
            _HOW_LABELS[source.how],
            *((source.rows, source.used, source.mended, source.set_aside) if source.kind else (None,) * 4),
        ]
        for source in zones.sources
    ]
    return Section(
        Text("控制线数据", "Control lines that were used"),
        headings=[
            LABELS["kind"],
            LABELS["source"],
            Text("种类依据", "How the kind is known"),
            Text("行数", "Rows"),
            Text("使用", "Used"),
            Text("修正", "Mended"),
            Text("未用", "Set aside"),
        ],
        rows=rows,
    )


def county_section(zones: Zones, known: Known) -> list[Section]:
    """Say of each county and kind how many control lines there are, and whether it was judged by them."""
    counties = known.counties
    if not len(counties.shapes):
        return []
    by = pd.DataFrame({kind: counties.with_any(zones.shapes[zones.kind == kind]) for kind in zones.kinds})
    rows: list[list[Cell]] = [
        [
            Noted(same(str(name)), same(str(code)), whole=True),
            *(_count(int(by[kind].iloc[at]), is_complete=kind in known.complete) for kind in zones.kinds),
        ]
        for at, (name, code) in enumerate(zip(counties.name, counties.code))
    ]
    return [
        Section(
            Text("各县的控制线个数", "Control lines by county"),
            headings=[LABELS["county"], *(ZONE_LABELS[kind] for kind in zones.kinds)],
            rows=rows,
            notes=[
                Text(
                    "0 个且未声明提供齐全的，该县的设施对该类控制线无法判定。",
                    "Where there are 0 and the kind is not stated as given in full, facilities of the county cannot be told for it.",
                )
            ],
        )
    ]


def _count(count: int, *, is_complete: bool) -> Cell:
    if count:
        return count
    if is_complete:
        return Noted(same("0"), Text("已声明齐全：确无", "stated as none"))
    return Noted(same("0"), Text("无法判定", "cannot tell"))
