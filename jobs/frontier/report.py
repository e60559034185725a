"""The report page of a frontier scoreboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ...engine.context import RunContext
from ...layers.html_report import Cell, Section, words_markup, write_report
from ...rules.pack import Rule
from ...text import NOTHING, Text, same
from ..reach.labels import EVIDENCE_LABELS
from .county_pages import class_pages, counties_with_pages, county_pages
from .gap_tables import gap_section
from .labels import county_words
from .packs import Packs
from .report_layers import Drawn, read_report_layers
from .score_tables import (
    anchor_of,
    class_anchor,
    matrix_sections,
    scoreboard_section,
    signature_section,
    verdict_section,
)
from .words import BACKHAUL_LABELS, LABELS

_UNKNOWN = Text("未注明", "Not stated")

_CONTENTS = {
    Text("计分表", "Scoreboard"): "scoreboard",
    Text("注意事项", "Cautions"): "cautions",
    Text("分县结论", "By county"): "counties",
    Text("缺口", "Gaps"): "gaps",
    Text("规则与来源", "Rules and sources"): "rules",
}


def write_frontier_report(
    context: RunContext,
    path: Path,
    packs: Packs,
    day: str,
    score: pd.DataFrame,
    gaps: pd.DataFrame,
    sections: Sequence[Section],
    scope: Sequence[Text],
    cautions: Sequence[Text],
) -> None:
    """Write the report: page one, counties, gaps, a map a class, a page a county, then the sections of the basis.

    Parameters
    ----------
    context : RunContext
        Its layers are written; what the maps show is read back from them.
    path : pathlib.Path
        The page.
    packs : Packs
    day : str
        ISO day that the data go up to; "" where none is stated.
    score : pandas.DataFrame
        As `scoreboard.by_county` gives it, with ``rule_id``, ``unit`` and ``county_name``.
    gaps : pandas.DataFrame
        Ranked, as written.
    sections : sequence of Section
        The basis: how the scope came about, rules, presets.
    scope, cautions : sequence of Text
        What was judged; what the reader must know.
    """
    rules = {rule.id: rule for rule in packs.scored}
    layers = read_report_layers(context, context.folder / context.outputs["frontier_gap"])
    pack = packs.main.title
    title = Text(f"宽带边疆计分报告：{pack.zh}", f"Frontier scoreboard: {pack.en}")
    until = (
        Text(f"数据截至 {day}", f"data until {day}") if day else Text("数据日期未注明", "date of the data not stated")
    )
    source = Text(
        f"来源：规划工作区，{until.zh}；规则包：{pack.zh}。",
        f"Source: planning workspace, {until.en}; rules: {pack.en}.",
    )
    classes = class_pages(score, rules, layers, source)
    counties = counties_with_pages(score)
    anchors = {section.anchor for section in classes}
    drawn = [rule for rule in rules if class_anchor(rule) in anchors]
    matrix = matrix_sections(score, rules, list(counties))
    parts = [
        verdict_section(score, _facts(packs, day, scope, layers.items)),
        scoreboard_section(score, rules, drawn),
        signature_section(),
        *([Section(Text("注意事项", "Cautions"), cautions=cautions, anchor="cautions")] if cautions else []),
        *matrix,
        gap_section(gaps),
        *classes,
        *county_pages(score, gaps, rules, layers, source),
        *sections,
    ]
    named = {name: anchor for name, anchor in _CONTENTS.items() if anchor in {part.anchor for part in parts}}
    links = list(named.items())
    links[-1:-1] = [(county_words(code, name), anchor_of(code)) for code, name in counties.items()]
    write_report(path, title, [_contents(links), *parts])


def _contents(links: Sequence[tuple[Text, str]]) -> Section:
    """Link to the parts, on the screen alone."""
    linked = " · ".join(f'<a href="#{anchor}">{words_markup(name)}</a>' for name, anchor in links)
    return Section(same(""), picture=same(f'<nav class="screen">{linked}</nav>'))


def _facts(packs: Packs, day: str, scope: Sequence[Text], items: Drawn) -> list[list[Cell]]:
    """Say what was judged, by which rules, until when and on what evidence."""
    main = packs.main
    rules = packs.scored
    since, until = min(rule.valid_from for rule in rules), max(rule.valid_to for rule in rules)
    period = Text(f"，有效期 {since or '—'} 至 {until or '—'}", f", in force {since or '—'} to {until or '—'}")
    period = period if since or until else NOTHING
    verified = sum(rule.status == "verified" for rule in rules)
    said = Text(
        f"{main.title.zh}（{main.name}）{period.zh}；{len(rules)} 项指标中 {verified} 项的目标值已核实",
        f"{main.title.en} ({main.name}){period.en}; {verified} of {len(rules)} targets are verified",
    )
    where = Text("".join(words.zh for words in scope), " ".join(words.en for words in scope))
    return [
        [Text("规则包", "Rule pack"), said],
        [Text("评判范围", "Judged"), where],
        [Text("数据截至", "Data until"), same(day) if day else _UNKNOWN],
        [Text("判定依据", "Evidence"), evidence_words(items.rows)],
    ]


def evidence_words(rows: pd.DataFrame) -> Text:
    """Count the evidence of single verdicts: one a thing and rule."""
    if "evidence" not in rows or not len(rows):
        return Text("没有逐项判定的对象", "Nothing was judged one by one")
    counts = rows["evidence"].fillna("none").value_counts()
    known = [kind for kind in EVIDENCE_LABELS if kind in counts]
    zh = "，".join(f"{EVIDENCE_LABELS[kind].zh} {counts[kind]:,}" for kind in known)
    en = ", ".join(f"{EVIDENCE_LABELS[kind].en.lower()} {counts[kind]:,}" for kind in known)
    return Text(f"{zh}（逐项判定共 {len(rows):,} 次）", f"{en} (of {len(rows):,} single verdicts)")


def backhaul_section(rows: pd.DataFrame, rules: Sequence[Rule]) -> Section | None:
    """Count islands and institutions by backhaul; None where there are none.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``rule_id, backhaul, state`` (met, not_met, cannot_tell), one row a thing and rule.
    """
    if not len(rows):
        return None
    names = {rule.id: rule.name for rule in rules}
    counted = rows.assign(backhaul=rows["backhaul"].fillna("")).groupby(["rule_id", "backhaul"], sort=True)["state"]
    unknown = Text("未注明", "Not stated")
    return Section(
        Text("海岛和边境机构的传输方式", "Islands and border institutions by backhaul"),
        headings=[
            LABELS["rule_name"],
            LABELS["backhaul"],
            *(LABELS[key] for key in ("in_scope", "met", "not_met", "cannot_tell")),
        ],
        rows=[
            [
                names[rule],
                BACKHAUL_LABELS.get(kind, same(kind)) if kind else unknown,
                len(states),
                *(int((states == state).sum()) for state in ("met", "not_met", "cannot_tell")),
            ]
            for (rule, kind), states in counted
        ],
    )
