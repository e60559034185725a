"""The stretches of roads that two scoreboards count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ...analysis.comparison import UNCHANGED
from ...analysis.comparison_pieces import match_pieces, unmatched_roads
from ...layers.html_report import Section
from ...text import Text
from ..frontier.words import STATE_LABELS, county_words
from .sides import Side
from .words import ABSENT_LABEL, CHANGE_LABELS, LABELS

_COLUMNS = ["rule_id", "item_id", "county_code", "state", "from_km", "to_km"]
_TUNNEL = "tunnel"  # stands apart: in no length or share
_MOST_ROWS = 200
_SHOWN = 5


class Stretches(NamedTuple):
    """The stretches of both sides, and their pairs by chainage.

    Attributes
    ----------
    before, after : pandas.DataFrame
        ``rule_id, item_id`` (the road's id), ``county_code, state, from_km, to_km, km``; no tunnels. Empty where one of
        the two results has no such layer.
    pairs : pandas.DataFrame
        Of `match_pieces`.
    names : dict of str to str
        Route number or name by road.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    pairs: pd.DataFrame
    names: dict[str, str]

    def cautions(self) -> list[Text]:
        """Say which roads could not be matched by chainage."""
        roads = [self.names.get(road) or road for road in unmatched_roads(self.before, self.after)]
        if not roads:
            return []
        shown, more = roads[:_SHOWN], len(roads) > _SHOWN
        return [
            Text(
                f"{len(roads)} 条道路两期计入的里程或起止不同，桩号无从对应，按整条不再计入和新计入比较：{'、'.join(shown)}{'等' if more else ''}。",
                f"Of {len(roads)} roads the counted length or its ends differ, so that chainages do not correspond; they count as left and come "
                f"in as a whole: {', '.join(shown)}{' and more' if more else ''}.",
            )
        ]


def read_stretches(earlier: Side, later: Side, rules: Sequence[str]) -> Stretches:
    """Match the stretches of the rules that both sides have, if both results bear them."""
    empty = pd.DataFrame(columns=[*_COLUMNS, "km"])
    if earlier.roads is None or later.roads is None:
        return Stretches(empty, empty, match_pieces(empty, empty), {})
    names: dict[str, str] = {}
    ends = []
    for side in (earlier.roads, later.roads):
        rows = side.rename(columns={"road_id": "item_id"})
        names |= {road: said for road, said in zip(rows["item_id"], rows["route"].fillna(rows["name"])) if said}
        rows = rows[rows["rule_id"].isin(rules) & (rows["structure"] != _TUNNEL)]
        rows = rows.assign(county_code=rows["county_code"].fillna("none"), km=rows["to_km"] - rows["from_km"])
        ends.append(rows[[*_COLUMNS, "km"]].reset_index(drop=True))
    return Stretches(ends[0], ends[1], match_pieces(*ends), names)


def stretch_sections(stretches: Stretches, counties: dict[str, str]) -> list[Section]:
    """List the stretches that have changed, road by road."""
    changed = stretches.pairs[(stretches.pairs["change"] != UNCHANGED).to_numpy(bool)]
    if not len(changed):
        return []
    after = changed["county_code_after"]
    county = after.where(after.notna(), changed["county_code_before"])
    more = len(changed) > _MOST_ROWS
    said = Text(
        f"共 {len(changed)} 段，{changed['km'].sum():,.1f} km。" + (f"以下为前 {_MOST_ROWS} 段。" if more else ""),
        f"{len(changed)} stretches, {changed['km'].sum():,.1f} km."
        + (f" These are the first {_MOST_ROWS}." if more else ""),
    )
    rows = changed.assign(county_code=county).head(_MOST_ROWS).to_dict("records")
    headings = ("road_id", "route", "county_name", "from_km", "to_km", "length_km", "change", "before", "after")
    return [
        Section(
            Text("变化的路段", "Stretches of road that changed"),
            [said],
            headings=[LABELS[key] for key in headings],
            rows=[
                [
                    row["item_id"],
                    stretches.names.get(row["item_id"]),
                    county_words(row["county_code"], counties.get(row["county_code"], "")),
                    *(round(row[name], 2) for name in ("from_km", "to_km", "km")),
                    CHANGE_LABELS[row["change"]],
                    *(STATE_LABELS.get(row[f"state_{end}"], ABSENT_LABEL) for end in ("before", "after")),
                ]
                for row in rows
            ],
        )
    ]
