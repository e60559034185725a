"""What a reader of a comparison must know of its two sides."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES
from ...engine.context import RunContext
from ...text import Text
from ..frontier_scoreboard import JOB as SCOREBOARD
from .sides import Side, is_workspace_file

_ENDS = ("before", "after")


def side_cautions(context: RunContext, earlier: Side, later: Side, table: pd.DataFrame) -> list[Text]:
    """Say where the order of days, dates back in time, or missing layers bear on what was found."""
    return [*_order(earlier, later), *_back_in_time(context), *_without_layer(table)]


def unheeded(context: RunContext, scored: Sequence[str]) -> list[Text]:
    """Name the parameters of scoring that were stated though both sides are finished results."""
    if any(is_workspace_file(context[side]) for side in ("earlier", "later")):
        return []
    asked = [SCOREBOARD.parameter(name) for name in scored]
    stated = [item.label for item in asked if context[item.name] not in (None, item.default)]
    if not stated:
        return []
    return [
        Text(
            f"两期都是计分结果，以下参数不起作用：{'、'.join(label.zh for label in stated)}。如需按其计分，请选择工作区。",
            f"Both sides are finished results, so these change nothing: {', '.join(label.en for label in stated)}. To score by them, "
            "choose workspaces.",
        )
    ]


def _order(earlier: Side, later: Side) -> list[Text]:
    days = (earlier.day, later.day)
    if not all(days):
        return [
            Text(
                "至少一期数据没有注明日期，未核对两期的先后。",
                "At least one of the two bears no date: that the earlier is the earlier was not checked.",
            )
        ]
    if days[0] > days[1]:
        return [
            Text(
                f"前期数据截至 {days[0]}，晚于后期的 {days[1]}：请核对两期是否选反。",
                f"The earlier data reach to {days[0]}, the later to {days[1]}: check whether the two were swapped.",
            )
        ]
    if days[0] == days[1]:
        return [
            Text(
                f"两期数据都截至 {days[0]}：变化可能来自数据的补充和更正，不一定是建设。",
                f"Both reach to {days[0]}: changes may come from data that were added or put right, not from building.",
            )
        ]
    return []


def _back_in_time(context: RunContext) -> list[Text]:
    """Say that a workspace knows the stations as they are now: what was retired since is missing on an earlier day."""
    if not is_workspace_file(context["earlier"]) or not context["earlier_as_of"]:
        return []
    return [
        Text(
            "前期由工作区按截止日期回溯：其后已退网的基站、变更前的名录和范围无从还原，“由达到变为未达到”可能偏少。",
            "The earlier side goes back in time within a workspace: stations retired since, and lists and scope as they were, cannot be "
            "brought back, so “newly lost” may be too few.",
        )
    ]


def _without_layer(table: pd.DataFrame) -> list[Text]:
    """Say which classes one side has no data on: they are unknown there, not empty."""
    total = table[table["county_code"] == ALL_COUNTIES]
    said = []
    for end, zh, en in zip(_ENDS, ("前期", "后期"), ("earlier", "later")):
        other = _ENDS[end == "before"]
        bare = total[total[f"in_scope_{end}"].isna() & total[f"in_scope_{other}"].notna()]
        if len(bare):
            said.append(
                Text(
                    f"{zh}没有这些指标所需的资料，其增减不代表实地变化：{'、'.join(bare['rule_name'])}。",
                    f"The {en} side has no data for these, so what came or left tells nothing of the ground: "
                    f"{', '.join(bare['rule_name_en'])}.",
                )
            )
    return said
