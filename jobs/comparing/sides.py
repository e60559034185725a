"""The two scoreboards that are compared: finished results, or made here from a workspace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ...analysis.comparison import STATES
from ...analysis.scoreboard import ALL_COUNTIES
from ...engine.context import RunContext
from ...engine.executor import run_job
from ...errors import Cancelled, InputError
from ...layers.store.result_reading import read_record, read_result_layer
from ...text import Text, same
from ..frontier_scoreboard import JOB as SCOREBOARD

SIDES = {"earlier": Text("前期", "Earlier"), "later": Text("后期", "Later")}
_RESULT = "result.gpkg"
_ITEM_COLUMNS = (
    *("rule_id", "unverified", "subject", "service", "item_id", "name", "county_code", "county_name", "state"),
    *("reason", "planned_year", "people", "backhaul", "evidence", "lon", "lat"),
)


class Side(NamedTuple):
    """One scoreboard.

    Attributes
    ----------
    name : str
        ``earlier`` or ``later``.
    record : dict
        Its run.json.
    items : pandas.DataFrame
        Layer ``frontier_item``: one row an item in scope and rule.
    score : pandas.DataFrame
        Table ``frontier_score``.
    counties : dict of str to str
        Names of counties by code.
    inside : frozenset of str or None
        Counties in scope; None where the result does not say.
    roads : pandas.DataFrame or None
        Layer ``road_state``, if the result has one.
    """

    name: str
    record: dict[str, Any]
    items: pd.DataFrame
    score: pd.DataFrame
    counties: dict[str, str]
    inside: frozenset[str] | None
    roads: pd.DataFrame | None

    @property
    def label(self) -> Text:
        """Say which of the two it is."""
        return SIDES[self.name]

    @property
    def day(self) -> str:
        """The day that its data speak of; "" where nobody knows."""
        return str(self.record["parameters"].get("as_of") or self.record["summary"].get("data_until") or "")

    @property
    def is_bounded(self) -> bool:
        """Some counties are in scope, not all that the data hold."""
        return self.record["parameters"].get("scope") is not None


def is_workspace_file(stated: Any) -> bool:
    """Tell a workspace from a result folder by what the planner states."""
    return Path(stated).is_file()


def read_side(context: RunContext, name: str, passed_on: Collection[str], start: float, end: float) -> Side:
    """Read a finished scoreboard, or make one from a workspace and keep it in the result.

    Parameters
    ----------
    name : str
        ``earlier`` or ``later``: the parameter that states it.
    passed_on : collection of str
        Parameters that a scoreboard made here takes over.
    start, end : float
        Part of the whole job.

    Raises
    ------
    InputError
        The folder is no result of a scoreboard, or its parts disagree.
    """
    stated = Path(context[name])
    folder = _made(context, name, stated, passed_on, start, end) if is_workspace_file(stated) else stated
    record = read_record(folder, SCOREBOARD.name, SCOREBOARD.label)
    path = folder / _RESULT
    if folder == stated:
        context.read(name, path)
        context.read(f"{name}/run.json", folder / "run.json")
    items, score = (read_result_layer(path, layer) for layer in ("frontier_item", "frontier_score"))
    scope, roads = (read_result_layer(path, layer) for layer in ("frontier_scope", "road_state"))
    if score is None:
        raise _unusable(folder, Text("没有计分表", "it holds no scoreboard table"))
    if items is None:
        items = pd.DataFrame({column: pd.Series(dtype=object) for column in _ITEM_COLUMNS})
    missing = [column for column in _ITEM_COLUMNS if column not in items]
    if missing:
        raise _unusable(
            folder, Text(f"缺少列 {'、'.join(missing)}", f"its items lack the columns {', '.join(missing)}")
        )
    _check_counts(folder, items, score)
    counties = {code: said for code, said in zip(score["county_code"], score["county_name"]) if said}
    counties |= {code: said for code, said in zip(items["county_code"], items["county_name"]) if said}
    if scope is not None:
        counties |= dict(zip(scope["county_code"], scope["county_name"]))
    return Side(name, record, items, score, counties, _inside(score, scope), roads)


def _made(
    context: RunContext, name: str, workspace: Path, passed_on: Collection[str], start: float, end: float
) -> Path:
    """Run the scoreboard on a workspace into a folder of this result."""
    raw = {"workspace": str(workspace), "as_of": context[f"{name}_as_of"]}
    raw |= {key: context[key] for key in passed_on}
    raw = {key: str(value) if isinstance(value, Path) else value for key, value in raw.items() if value is not None}
    doing = Text(f"计分：{SIDES[name].zh}（{workspace.name}）", f"Scoring: {SIDES[name].en.lower()} ({workspace.name})")
    report = context.part(start, end, doing)
    context.read(name, workspace)

    def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "progress":
            report(float(message["fraction"]))
        elif message["type"] == "notice":
            words = Text(**message["message"])
            context.notice(Text(f"{SIDES[name].zh}：{words.zh}", f"{SIDES[name].en}: {words.en}"), message["rows"])

    def stopped() -> bool:
        try:
            context.checkpoint()
        except Cancelled:
            return True
        return False

    target = context.output(f"{name}_result", name)
    run_job(SCOREBOARD.name, raw, target, send=send, cancelled=stopped)
    return target


def _inside(score: pd.DataFrame, scope: pd.DataFrame | None) -> frozenset[str] | None:
    """Give the counties in scope: as the layer of the scope says, else those that the scoreboard counts."""
    if scope is not None and "in_scope" in scope:
        return frozenset(scope.loc[scope["in_scope"] == "in", "county_code"])
    counted = frozenset(score.loc[score["county_code"] != ALL_COUNTIES, "county_code"])
    return counted or None


def _check_counts(folder: Path, items: pd.DataFrame, score: pd.DataFrame) -> None:
    """Hold the items of a result against its table: they must say the same numbers."""
    counted = items.groupby(["rule_id", "state"]).size()
    strange = sorted(set(items["state"]) - set(STATES), key=str)
    if strange:
        raise _unusable(folder, Text(f"有不认识的状态 {strange[0]}", f"an item has the unknown state {strange[0]}"))
    total = score[(score["county_code"] == ALL_COUNTIES) & (score["unit"] == "item")]
    for row in total.to_dict("records"):
        for state in STATES:
            there, told = int(counted.get((row["rule_id"], state), 0)), row[state]
            if there != (0 if pd.isna(told) else int(told)):
                raise _unusable(
                    folder,
                    Text(
                        f"规则 {row['rule_id']}：图层与计分表的数目不一致",
                        f"layer and table of the rule {row['rule_id']} differ",
                    ),
                )


def _unusable(folder: Path, why: Text) -> InputError:
    return InputError(
        Text("无法比较 {folder}：{why}。", "{folder} cannot be compared: {why}.").filled(
            folder=same(str(folder)), why=why
        ),
        Text(
            "该结果可能由较早版本生成或已被改动，请重新运行“{job}”。",
            "It may come from an earlier version, or have been changed: run “{job}” again.",
        ).filled(job=SCOREBOARD.label),
    )
