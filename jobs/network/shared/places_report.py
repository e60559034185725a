"""The places that two cables share, in the report and as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ....layers.html_report import Section
from ....text import Text, same
from ...shared.rules import plain
from .place_words import LABELS, PLACE_LABELS
from .places import AtPlaces, Places
from .words import YES_NO

_SHOWN = 200
_HEADING = Text("共用地点", "Shared places")
_KEYS = ("name_a", "name_b", "same_rooms", "kind", "place", "at_a_km", "at_b_km", "apart_m")


def places_table(found: AtPlaces) -> pd.DataFrame:
    """Put the codes of the table into words."""
    return found.table.assign(
        same_rooms=[YES_NO[value].zh for value in found.table["same_rooms"]],
        kind=[PLACE_LABELS[kind].zh for kind in found.table["kind"]],
    )


def places_section(places: Places | None, found: AtPlaces | None) -> Section:
    """Make the section of the report; without layers of places it says that nothing can be told."""
    if places is None or found is None:
        return Section(
            _HEADING,
            cautions=[
                Text(
                    "没有给出桥梁、隧道、河流、断裂、灾害区图层：是否共用这些地点无法判定。",
                    "No layer of bridges, tunnels, rivers, faults or hazard zones was given: whether cables share one cannot be told.",
                )
            ],
        )
    table = found.table
    pairs = table[table["same_rooms"] == 1].drop_duplicates(["cable_a", "cable_b"])
    said = Text(
        f"两条光缆经过同一处的共 {len(table):,} 项；两端机房相同的光缆中有 {len(pairs):,} 对共用地点：该处损毁，主备可能同时中断。",
        f"Places that two cables share: {len(table):,}. Pairs between the same rooms that share one: {len(pairs):,}; what destroys the place "
        "may cut main and standby at once.",
    )
    how = Text(
        f"光缆经过面状地点，或距线状地点不超过 {places.width_m:g} m，视为经过。桥梁、隧道、灾害区以整个要素为一处；穿越同一河流、断裂（同名的几段，或同一图层、同类且相接的几段，视为同一条）"
        f"相距不超过 {places.apart_m:g} m 视为同一处。光缆沿河流、断裂并行而不穿越的另列一类，桩号取两缆最近处。整段在共同机房附近的不计。",
        f"A cable passes an area that it lies in, and a line within {places.width_m:g} m. A bridge, a tunnel or a hazard zone is one place; "
        f"crossings of one river or fault (pieces of one name, and pieces of one layer and kind that touch, are one) up to "
        f"{places.apart_m:g} m apart are one. A cable that lies beside a river or fault and does not cross it is told by a kind of its own, "
        "where it is nearest to the other cable. What lies wholly at a common room does not count.",
    )
    more = Text(f"此处列出前 {_SHOWN} 项，全部见图层和表。", f"The first {_SHOWN}; layer and table have all.")
    return Section(
        _HEADING,
        [said, how, *places.sentences],
        headings=[LABELS[key] for key in _KEYS] if len(table) else (),
        rows=[_row(row) for row in table.head(_SHOWN).to_dict("records")],
        notes=[more] if len(table) > _SHOWN else (),
    )


def _row(row: dict[str, Any]) -> list[Any]:
    names = [same(plain(row[f"name_{side}"]) or row[f"cable_{side}"]) for side in "ab"]
    words = [YES_NO[row["same_rooms"]], PLACE_LABELS[row["kind"]], same(str(row["place"]))]
    return [*names, *words, row["at_a_km"], row["at_b_km"], row["apart_m"]]
