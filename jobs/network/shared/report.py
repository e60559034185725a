"""The report page of shared trenches, and the distance along a pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ....analysis.network.near import Search
from ....analysis.network.parts import parts_of
from ....errors import InputError
from ....layers.html_report import Section, write_report
from ....text import Text, same
from ...shared.rules import plain, rule_section
from ..read import Trunk
from .stretches import CORRIDOR, TRENCH, Shared, Widths
from .words import KIND_LABELS, LABELS, YES_NO

_SHOWN = 200
_FARTHEST_M = 1_000_000.0


def separation_of(trunk: Trunk, ids: Sequence[str], step_m: float) -> pd.DataFrame:
    """Measure how far cable A is from cable B, along A.

    Returns
    -------
    pandas.DataFrame
        ``at_km`` (along A, part after part) and ``apart_m``, geodesic.

    Raises
    ------
    InputError
        No cable of the network has one of the ids.
    """
    numbers = trunk.cables["cable_id"].astype(str).tolist()
    lost = [number for number in ids if number not in numbers]
    if lost:
        raise InputError(
            Text(f"网络中没有光缆 {'、'.join(lost)}。", f"The network has no cable {', '.join(lost)}."),
            Text("请核对编号和建设阶段。", "Check the ids and the phase."),
        )
    line, other = (trunk.lines[numbers.index(number)] for number in ids)
    return separation_profile(line, other, step_m)


def separation_profile(line: Any, other: Any, step_m: float) -> pd.DataFrame:
    """Measure how far a line is from another, at every step along its parts: ``at_km`` and ``apart_m``, geodesic."""
    one, two = parts_of([line]), parts_of([other])
    rows = []
    done = 0.0
    for part in range(one.part_count):
        piece = slice(one.first[part], one.first[part + 1])
        length = float(one.length_m[part])
        at = np.append(np.arange(0.0, length, step_m), length)
        lon, lat = (np.interp(at, one.chainage_m[piece], one.xy[piece, axis]) for axis in (0, 1))
        rows.append(pd.DataFrame({"at_km": np.round((done + at) / 1000, 6), "apart_m": _apart(two, lon, lat)}))
        done += length
    return pd.concat(rows, ignore_index=True)


def _apart(parts: Any, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give the distance of points from a cable: the reach is widened until each has found it."""
    search = Search(parts)
    found = np.full(len(lon), np.nan)
    reach = 100.0
    while np.isnan(found).any() and reach <= _FARTHEST_M:
        left = np.flatnonzero(np.isnan(found))
        near = search.within(lon[left], lat[left], reach)
        best = pd.Series(near.away_m).groupby(near.point).min()
        found[left[best.index.to_numpy()]] = best.to_numpy()
        reach *= 10
    return np.round(found, 1)


def write_shared_report(
    path: Path,
    trunk: Trunk,
    found: Shared,
    widths: Widths,
    ground_km: Mapping[str, float],
    profile: pd.DataFrame | None,
    more: Sequence[Section],
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: pairs, stretches, more sections, the pair that was asked for."""
    same_rooms = found.pairs[found.pairs["same_rooms"] == 1]
    false = same_rooms[same_rooms["trench_km"] > 0]
    said = Text(
        f"{len(found.pairs)} 对光缆并行；其中两端机房相同的 {len(same_rooms)} 对，同沟的 {len(false)} 对：这些主备互不独立，一处开挖即同时中断。",
        f"{len(found.pairs)} pairs of cables run side by side; {len(same_rooms)} of them join the same rooms, and {len(false)} of these share "
        "a trench: main and standby that one dig would cut at once.",
    )
    how = Text(
        f"相距不超过 {widths.trench_m:g} m 为同沟，不超过 {widths.corridor_m:g} m 为同走廊；距共同机房 {widths.at_room_m:g} m 以内的路段、"
        f"并行合计不足 {widths.least_m:g} m 的不计入。只比较平面位置，不知道埋深和管孔。",
        f"Up to {widths.trench_m:g} m apart is one trench, up to {widths.corridor_m:g} m one corridor; what lies within {widths.at_room_m:g} m of a "
        f"common room, and pairs with less than {widths.least_m:g} m, do not count. Places are compared in plan; depth and duct are not known.",
    )
    whole = Text(
        f"同沟的地面共 {ground_km[TRENCH]:,.2f} km，同走廊的 {ground_km[CORRIDOR]:,.2f} km：同一路段不论有几条光缆只计一次；逐对表中各对分别列出，不能相加。",
        f"In all {ground_km[TRENCH]:,.2f} km of ground hold a shared trench and {ground_km[CORRIDOR]:,.2f} km a shared corridor, each place once "
        "however many cables there are; the pairs are listed each for itself and do not add up.",
    )
    pair_keys = ("name_a", "name_b", "same_rooms", "trench_km", "trench_percent", "corridor_km", "corridor_percent")
    keys = ("name_a", "name_b", "kind", "from_km", "to_km", "length_km")
    sections = [
        Section(Text("结论", "Verdict"), [said, whole, how, *trunk.sentences], trunk.cautions),
        Section(
            Text("并行的光缆", "Pairs of cables"),
            headings=[LABELS[key] for key in pair_keys],
            rows=[
                [
                    *_names(row),
                    YES_NO[row["same_rooms"]],
                    *(plain(row[key]) for key in pair_keys[3:]),
                ]
                for row in found.pairs.head(_SHOWN).to_dict("records")
            ],
            notes=_more(len(found.pairs)),
        ),
        Section(
            Text("并行路段", "Shared stretches"),
            headings=[LABELS[key] for key in keys],
            rows=[
                [*_names(row), KIND_LABELS[row["kind"]], *(plain(row[key]) for key in keys[3:])]
                for row in found.stretches.head(_SHOWN).to_dict("records")
            ],
            notes=_more(len(found.stretches)),
        ),
    ]
    sections += more
    if profile is not None:
        apart = profile["apart_m"]
        words = Text(
            f"相距最小 {apart.min():,.1f} m，中位 {apart.median():,.1f} m，最大 {apart.max():,.1f} m；逐点见间距表。",
            f"Least {apart.min():,.1f} m, median {apart.median():,.1f} m, most {apart.max():,.1f} m; the table has every step.",
        )
        sections.append(Section(Text("指定光缆的间距", "Separation of the pair"), [words]))
    write_report(path, Text("光缆同沟同走廊报告", "Shared trenches"), [*sections, rule_section(rules)])


def _names(row: dict[str, Any]) -> list[Text]:
    return [same(plain(row[f"name_{side}"]) or row[f"cable_{side}"]) for side in "ab"]


def _more(count: int) -> list[Text]:
    if count <= _SHOWN:
        return []
    return [Text(f"此处列出前 {_SHOWN} 项，全部见图层和表。", f"The first {_SHOWN}; layer and table have all.")]
