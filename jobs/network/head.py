"""What stands at the head of every report on a trunk network: which cables of which years, whose, and what is joined."""

from __future__ import annotations

import pandas as pd

from ...layers.codes import OPERATORS
from ...text import Text
from .parameters import PLANNED

_OPERATORS = {code.value: code.label for code in OPERATORS}


def phase_words(phase: str, until_year: int | None) -> Text:
    """Say which cables count: those in use, the whole plan, or what would be if it stood by some year."""
    if phase != PLANNED:
        return Text("现状，只计在用光缆", "now, cables in use alone")
    if until_year is None:
        return Text("规划后，{plan}", "after plan, {plan}").filled(plan=_WHOLE_PLAN)
    return Text(
        f"假设（what-if），另计 {until_year} 年及以前的在建、规划光缆",
        f"what-if, with cables being built or planned until {until_year}",
    )


_WHOLE_PLAN = Text("另计全部在建、规划光缆，不限年份", "with all cables being built or planned, of any year")


def after_plan_words(until_year: int | None) -> Text:
    """Say what the figures after plan rest on that stand beside those of now."""
    plan = _WHOLE_PLAN if until_year is None else phase_words(PLANNED, until_year)
    return Text("标有“规划后”的数字：{plan}。", "Figures after plan: {plan}.").filled(plan=plan)


def operator_words(stated: pd.Series) -> Text:
    """Name the operators of cables and how many cables each has; a cable of several counts for each."""
    each = stated.dropna().astype(str).str.split(";").explode().value_counts()
    names = [(label, int(each[code])) for code, label in _OPERATORS.items() if code in each.index]
    unknown = int(stated.isna().sum())
    if not names:
        return Text("未注明", "not stated")
    zh, en = (
        [f"{label.zh} {count:,} 条" for label, count in names],
        [f"{label.en} {count:,}" for label, count in names],
    )
    if unknown:
        zh.append(f"未注明 {unknown:,} 条")
        en.append(f"not stated {unknown:,}")
    return Text("、".join(zh), ", ".join(en))


def head_words(
    phase: str, until_year: int | None, operators: pd.Series, snap_m: float, near_m: float, *, join_crossings: bool
) -> Text:
    """Say what a network drawn in cables is made of."""
    crossings = (
        Text("交叉处视为接头", "crossings are joints")
        if join_crossings
        else Text("交叉处不相接", "crossings are no joints")
    )
    return Text(
        "口径：{phase}；权属单位：{operators}；相接容差 {snap} m，疑似未接 {near} m，{crossings}。",
        "Basis: {phase}; operators: {operators}; joined within {snap} m, near misses within {near} m, {crossings}.",
    ).filled(
        phase=phase_words(phase, until_year),
        operators=operator_words(operators),
        snap=f"{snap_m:g}",
        near=f"{near_m:g}",
        crossings=crossings,
    )


def graph_head_words(file: str) -> Text:
    """Say the same of a graph file, which tells neither years nor operators, and where nothing is joined by distance."""
    return Text(
        f"口径：网络图文件 {file}，不分建设阶段和年份；权属单位未注明；节点和链路按文件所载，不按容差相接。",
        f"Basis: graph file {file}, of no phase or year; operators are not stated; nodes and links are as in the file, nothing is joined by "
        "a tolerance.",
    )
