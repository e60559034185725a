"""Which items have changed between two scoreboards, and why some came and went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.comparison import CAME_IN, LEFT, UNCHANGED, match_items, moved
from ...analysis.scoreboard import NO_COUNTY
from ...text import Text
from .basis import Difference, doubts
from .sides import Side

COLUMNS = (
    *("rule_id", "rule_name", "rule_name_en", "unverified", "subject", "service", "item_id", "name", "county_code"),
    *("county_name", "change", "before", "after", "why", "doubt", "reason_before", "reason_after"),
    *("evidence_before", "evidence_after", "people", "name_before", "county_code_before", "lon", "lat"),
)
_SHOWN = 5


def paired_items(earlier: Side, later: Side, rules: Sequence[str], found: Sequence[Difference]) -> pd.DataFrame:
    """Match the items of the rules that both sides have.

    Returns
    -------
    pandas.DataFrame
        Of `match_items`, with ``moved``, ``renamed``, ``why`` and ``doubt``, and for each of the columns of an item
        that says what it is the later word, or the earlier one where it has left.
    """
    pairs = match_items(*(side.items[side.items["rule_id"].isin(rules)] for side in (earlier, later)))
    there = (pairs["change"] != LEFT).to_numpy(bool)
    for name in ("name", "county_code", "county_name", "subject", "service", "unverified", "people"):
        pairs[name] = pairs[f"{name}_after"].astype(object).where(there, pairs[f"{name}_before"])
    placed = there & pairs["lon_after"].notna().to_numpy(bool)
    for name in ("lon", "lat"):
        pairs[name] = pairs[f"{name}_after"].where(placed, pairs[f"{name}_before"])
    both = pairs["name_before"].notna() & pairs["name_after"].notna()
    pairs["renamed"] = (both & (pairs["name_before"] != pairs["name_after"])).to_numpy(bool)
    pairs["moved"] = moved(pairs)
    pairs["why"] = _why(pairs, earlier, later)
    pairs["doubt"] = doubts(pairs, found)
    return pairs


def _why(pairs: pd.DataFrame, earlier: Side, later: Side) -> npt.NDArray[np.object_]:
    """Say of what came or left whether the scope has changed or the list; None where the other side does not tell."""
    told = np.full(len(pairs), None, dtype=object)
    county = pairs["county_code"]
    for change, other in ((CAME_IN, earlier), (LEFT, later)):
        rows = (pairs["change"] == change).to_numpy(bool)
        if other.inside is None:
            continue
        beyond = (county == NO_COUNTY).to_numpy(bool)  # counts only where there is no bound
        outside = np.where(beyond, other.is_bounded, ~county.isin(other.inside).to_numpy(bool))
        told[rows] = np.where(outside[rows].astype(bool), "scope", "listed")
    return told


def changed_rows(pairs: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Give the items that have changed, with the words of their rules.

    Parameters
    ----------
    names : pandas.DataFrame
        ``rule_name, rule_name_en`` by rule id.
    """
    rows = pairs[(pairs["change"] != UNCHANGED).to_numpy(bool)].copy()
    for name in ("rule_name", "rule_name_en"):
        rows[name] = rows["rule_id"].map(names[name])
    rows = rows.rename(columns={"state_before": "before", "state_after": "after"})
    order = {rule: place for place, rule in enumerate(names.index)}
    rows = rows.assign(place=rows["rule_id"].map(order)).sort_values(
        ["place", "change", "county_code", "item_id"], kind="stable"
    )
    return rows[list(COLUMNS)].reset_index(drop=True)


def told_apart(pairs: pd.DataFrame) -> list[Text]:
    """Say which items bear another name or county than before, and which may be the same under another code."""
    said = []
    items = pairs.drop_duplicates("item_id")
    renamed = items[items["renamed"]]
    if len(renamed):
        shown = [f"{old}→{new}" for old, new in zip(renamed["name_before"], renamed["name_after"])]
        said.append(
            Text(
                f"{len(renamed)} 个对象编号相同而名称不同，按同一对象比较：{_listed(shown).zh}。",
                f"{len(renamed)} items bear another name under the same id and are taken as the same: {_listed(shown).en}.",
            )
        )
    away = items[items["moved"]]
    if len(away):
        shown = [
            f"{name}（{old}→{new}）" for name, old, new in _columns(away, "name", "county_code_before", "county_code")
        ]
        said.append(
            Text(
                f"{len(away)} 个对象所在县不同，分县统计时计作划出和划入：{_listed(shown).zh}。",
                f"{len(away)} items lie in another county than before; by county they count as left and come: {_listed(shown).en}.",
            )
        )
    keys = ["rule_id", "name", "county_code"]
    gone, come = (pairs[(pairs["change"] == change).to_numpy(bool)] for change in (LEFT, CAME_IN))
    twins = gone.dropna(subset="name").merge(come, on=keys, suffixes=("_gone", "_come"))
    twins = twins.drop_duplicates(["item_id_gone", "item_id_come"])
    if len(twins):
        shown = [f"{name}（{old}→{new}）" for name, old, new in _columns(twins, "name", "item_id_gone", "item_id_come")]
        said.append(
            Text(
                f"{len(twins)} 对同县同名而编号不同的对象，一个不再计入、一个新计入，可能是同一对象换了编号，未按同一对象比较：{_listed(shown).zh}。",
                f"{len(twins)} items left while others of the same name and county came in: perhaps the same under a new id; they are not "
                f"matched: {_listed(shown).en}.",
            )
        )
    return said


def _columns(rows: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    return list(zip(*(rows[name] for name in names)))


def _listed(words: list[str]) -> Text:
    more = len(words) > _SHOWN
    return Text(
        "、".join(words[:_SHOWN]) + ("等" if more else ""),
        ", ".join(words[:_SHOWN]).replace("（", " (").replace("）", ")") + (" and more" if more else ""),
    )
