"""What the reader of a scoreboard's tables must know of unverified values, row by row, and of national targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES
from ...rules.pack import Rule
from ...text import Text
from ..shared.rules import comparison_words
from ..shared.stations import radius_caution
from .services import Basis
from .words import CAUTION_LABELS

# The values that a kind of evidence rests on, by how the ids of their rules begin.
_BASIS = {
    "distance": ("signal_radius",),
    "measured": ("measured.level",),
    "simulated": ("measured.level", "radio."),
}


def unverified_ids(rules: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give the ids of the cited rules that are not verified."""
    return {str(rule["id"]) for rule in rules if rule["status"] != "verified"}


def target_caution(rule: Rule) -> list[Text]:
    """Say that the target of a rule is no number of a document; nothing where it is."""
    return [CAUTION_LABELS[rule.status]] if rule.status in CAUTION_LABELS else []


def row_caution(rule: Rule, evidence: Any, unverified: Collection[str]) -> str:
    """Say in Chinese which unverified values stand behind one row; "" where none does."""
    kinds = evidence.split("+") if isinstance(evidence, str) else []
    starts = dict.fromkeys(start for kind in kinds for start in _BASIS.get(kind, ()))
    rests = [CAUTION_LABELS[start] for start in starts if any(name.startswith(start) for name in unverified)]
    return "；".join(words.zh for words in [*target_caution(rule), *rests])


def score_caution(rule: Rule, counted: bool, unverified: Collection[str]) -> str:
    """Say in Chinese which unverified values stand behind one row of the scoreboard."""
    judged = any(name.startswith(start) for starts in _BASIS.values() for start in starts for name in unverified)
    basis = [CAUTION_LABELS["basis"]] if counted and judged else []
    return "；".join(words.zh for words in [*target_caution(rule), *basis])


def radius_cautions(radius_m: float | None, items: pd.DataFrame, roads: pd.DataFrame) -> list[Text]:
    """Say of the radii what one must know, and how much they decided; nothing where they decided nothing.

    Parameters
    ----------
    radius_m : float or None
        As stated by the user; None for the presets.
    items : pandas.DataFrame
        Of `item_states.item_rows`: ``evidence``, one row a verdict.
    roads : pandas.DataFrame
        Of `runs.state_rows`: ``evidence, length_km``.
    """
    by_radius, of_roads = (_rests_on_distance(rows) for rows in (items, roads))
    count, km = int(by_radius.sum()), float(roads.loc[of_roads, "length_km"].sum())
    if not count and not km:
        return []
    said = radius_caution(radius_m)
    if count == int(items["evidence"].notna().sum()) and of_roads.sum() == roads["evidence"].notna().sum():
        return [said]
    zh, en = f"逐项判定 {len(items):,} 次中 {count:,} 次", f"{count:,} of {len(items):,} single verdicts"
    if len(roads):
        zh, en = f"{zh}、沿边道路 {km:,.1f} km ", f"{en} and {km:,.1f} km of border roads"
    return [
        Text(
            f"{said.zh[:-1]}；{zh}用到覆盖半径，其余按实测或仿真，或无法判定。",
            f"{said.en} They had a part in {en}; the rest go by measurement or simulation, or cannot be told.",
        )
    ]


def _rests_on_distance(rows: pd.DataFrame) -> pd.Series:
    return (
        rows["evidence"]
        .astype(object)
        .map(lambda kinds: isinstance(kinds, str) and "distance" in kinds.split("+"))
        .astype(bool)
    )


def reach_cautions(
    sea: Sequence[Mapping[str, Any]], items: pd.DataFrame, basis: Basis, *, by_county: bool
) -> list[Text]:
    """Say that the data are taken to speak farther out at sea than on land, where a sea is judged and land is not.

    Parameters
    ----------
    sea : sequence of dict
        The rules on which the sea was judged, cited; none where it was not.
    items : pandas.DataFrame
        Of `item_states.item_rows`.
    by_county : bool
        The data have outlines of counties; without them land is judged in the box of an operator's stations.
    """
    silent = items.loc[items["reason"] == "no_data", ["subject", "item_id"]].drop_duplicates()
    reach = [rule for rule in sea if rule["id"] == "sea.data_reach"]
    if not reach or not len(silent):
        return []
    km, rest = f"{float(reach[0]['value']):g} km", len(silent)
    land = Text("有基站资料的县界为止（0 km）", "at the border of a county with station records (0 km)")
    if not by_county:
        widest = max(
            (float(table.loc[table["speaks"], "radius_m"].max()) for table in basis.tables.values()), default=0.0
        )
        land = Text(f"基站外包框以外 {widest / 1000:g} km 为止", f"{widest / 1000:g} km beyond the box of the stations")
    return [
        Text(
            f"海域判到距有基站资料处 {km} 为止（规则 sea.data_reach），陆上和岛上的对象只判到{land.zh}：因此 {rest} 个对象因“没有运营商数据”无法判定，"
            "而其岸外海域仍有结论。",
            f"The sea is judged up to {km} from where there are station records (rule sea.data_reach), what is on land or on islands only "
            f"{land.en}: so {rest} places cannot be told for want of operators' data, though the sea off their shore is judged.",
        )
    ]


def newest_cautions(basis: Basis) -> list[Text]:
    """Say which rows set the day on which the data stand, where nobody stated one: a slip in one of them moves it."""
    if not basis.newest:
        return []
    stations, tests = basis.newest_stations, basis.newest_tests
    zh = [*([f"{stations} 个基站的入网日期"] if stations else []), *([f"{tests} 条测试记录"] if tests else [])]
    en = [
        *([f"stations in service since then: {stations}"] if stations else []),
        *([f"measurements: {tests}"] if tests else []),
    ]
    return [
        Text(
            f"未填截止日期，数据截至日取数据中最新的日期 {basis.newest}（{'、'.join(zh)}），规则的有效期和规划是否逾期按该日认定；该日尚未到来或有误时，请核对这些记录，或填写截止日期。",
            f"No as-of date was stated: the data stand on their newest day, {basis.newest} ({'; '.join(en)}), which decides whether a rule holds "
            "and a plan is overdue. If that day has not come or is wrong, check these rows or state a date.",
        )
    ]


def national_cautions(rules: Sequence[Rule], score: pd.DataFrame, note: str) -> list[Text]:
    """Say of each national target what the workspace has, and that it is held against no county."""
    found = []
    for rule in rules:
        own = score[(score["rule_id"] == rule.id) & (score["county_code"] == ALL_COUNTIES) & (score["note"] == note)]
        for row in own[own["in_scope"].notna()].to_dict("records"):
            goal = comparison_words(rule)
            found.append(
                Text(
                    f"“{rule.name.zh}”是全国目标（{goal.zh}）：本数据共 {row['in_scope']} 处，达到 {row['met']} 处，只报告数量，不与各县比较。",
                    f"“{rule.name.en}” is a national target ({goal.en}): the data have {row['in_scope']} places, {row['met']} of them met; "
                    "the count is told and held against no county.",
                )
            )
    return found
