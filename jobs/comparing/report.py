"""The report page of a comparison of two scoreboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...analysis.comparison import CHANGES, UNCHANGED
from ...analysis.scoreboard import ALL_COUNTIES
from ...layers.html_report import Cell, Section, write_report
from ...text import Text, same
from ..frontier.labels import status_cell
from ..frontier.report import evidence_words
from ..frontier.words import STATE_LABELS, SUBJECT_LABELS, UNIT_LABELS, county_words, reason_words
from ..frontier_scoreboard import JOB as SCOREBOARD
from ..shared.rules import plain, rule_section
from .basis import NOTHING, ROADS, SCOPE, SEA, SIMULATED_ROADS, TARGET, Difference, asked_words, files_words
from .shown import shown_row
from .sides import SIDES, Side
from .words import ABSENT_LABEL, CHANGE_LABELS, DOUBT_LABELS, LABELS, NOT_STATED, SAME_BASIS, WHY_LABELS

_MOST_ROWS = 200
_VERDICT = (
    *("in_scope_before", "in_scope_after", "ratio_before", "ratio_after", "met_difference"),
    *("status_before", "status_after"),
)
_LEDGER = (*("met_before", "newly_met", "judged_met", "in_met", "newly_lost", "unjudged_met", "out_met", "met_after"),)
_COUNTS = (
    *("in_scope_before", "came_in", "left", "in_scope_after", "not_met_before", "not_met_after"),
    *("cannot_tell_before", "cannot_tell_after"),
)
_MOVES = ("moved_in", "moved_out")
_ROADS, _SEA, _NO_WORDS = Text("道路", "lengths of road"), Text("海域", "areas of sea"), Text("", "")
_ITEM_KEYS = ("rule_name", "name", "county_name", "change", "before", "after", "reason", "why", "doubt")


def changes_sentence(pairs: pd.DataFrame) -> Text:
    """Say how many items changed in which way."""
    counts = {change: int((pairs["change"] == change).sum()) for change in CHANGES}
    zh = "，".join(f"{CHANGE_LABELS[change].zh} {counts[change]} 项" for change in CHANGES)
    en = ", ".join(f"{CHANGE_LABELS[change].en.lower()} {counts[change]}" for change in CHANGES)
    return Text(
        f"按指标逐个对象比较，共 {len(pairs)} 项：{zh}。", f"Item by item and indicator, {len(pairs)} in all: {en}."
    )


def basis_cautions(found: Sequence[Difference], pairs: pd.DataFrame) -> list[Text]:
    """Say that a change of rule is no change on the ground, and how many changes may come from it."""
    said = []
    rule, other = (int((pairs["doubt"] == doubt).sum()) for doubt in ("rule", "evidence"))
    changed = int((pairs["change"] != UNCHANGED).sum())
    touched = {item.touches for item in found} - {NOTHING, TARGET}
    if touched:
        amounts = _touched_amounts(touched)
        said.append(
            Text(
                f"两期的规则、参数或判定依据不同，口径的变化不是实地的变化：{changed} 项变化中有 {rule + other} 项可能由此引起"
                f"（规则或参数 {rule} 项，判定依据 {other} 项），已逐项注明{amounts.zh}。"
                "不同之处见“两期口径的不同”。",
                f"Rules, parameters or evidence of the two differ, and that is no change on the ground: {rule + other} of {changed} changes may "
                f"come from it ({rule} from rules or parameters, {other} from evidence). They are marked one by one{amounts.en}. See “How the bases differ”.",
            )
        )
    if any(item.touches == TARGET for item in found):
        said.append(
            Text(
                "有指标的目标值不同：对象是否达到不受影响，但两期结论不可直接比较。",
                "Targets of some indicators differ: no item is met or missed by that, but the two verdicts cannot be compared as they are.",
            )
        )
    if other and not touched:
        said.append(
            Text(
                f"{other} 项变化的判定依据不同（如由距离推断改为实测），未必是实地变化，已逐项注明。",
                f"{other} changes were judged by other evidence than before (such as measured instead of distance) and may be none on the "
                "ground; they are marked one by one.",
            )
        )
    return said


def _touched_amounts(touched: set[str]) -> Text:
    """Say whether lengths of road and areas of sea may be touched, too."""
    roads = bool(touched - {SEA})
    sea = bool(touched - {ROADS, SIMULATED_ROADS, SCOPE, "distance", "measured"})
    if not roads and not sea:
        return _NO_WORDS
    what = Text("道路和海域", "lengths of road and areas of sea") if roads and sea else _ROADS if roads else _SEA
    return Text(f"；{what.zh}的增减也可能受其影响", f"; {what.en} may be touched, too")


def write_comparison_report(
    path: Path,
    sides: Sequence[Side],
    table: pd.DataFrame,
    pairs: pd.DataFrame,
    changed: pd.DataFrame,
    found: Sequence[Difference],
    more: Sequence[Section],
    rules: Sequence[dict[str, Any]],
    cautions: Sequence[Text],
) -> None:
    """Write the report: verdict, totals, counties, what changed, and what was compared.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `accounts.account`.
    pairs, changed : pandas.DataFrame
        Of `changes.paired_items` and `changes.changed_rows`.
    more : sequence of Section
        That stand after the items, such as that of roads.
    rules : sequence of dict
        The indicators as the later side cites them.
    """
    total = table[table["county_code"] == ALL_COUNTIES]
    counties = table[(table["county_code"] != ALL_COUNTIES) & table.apply(_is_listed, axis=1)]
    totals = [shown_row(row) for row in total.to_dict("records")]
    parts = [
        _side_section(sides),
        Section(Text("结论", "Verdict"), [changes_sentence(pairs)], cautions),
        *([_basis_section(found)] if found else []),
        Section(
            Text("指标变化（合计）", "Indicators, in all"),
            headings=[LABELS[key] for key in ("rule_name", *_VERDICT)],
            rows=[[_indicator(row), *(_value(row, key) for key in _VERDICT)] for row in totals],
        ),
        Section(
            Text("达到数的增减（合计）", "From before to after, in all"),
            [
                Text(
                    "后期达到 ＝ 前期达到 ＋ 新达到 ＋ 新判定为达到 ＋ 新计入（达到） － 变为未达到 － 变为无法判定 － 不再计入（原达到）；已逐行核对。"
                    "海域只比较面积。",
                    "Met after = met before + newly met + newly judged as met + came in as met − newly lost − no longer judged − left (was "
                    "met); every row was checked. Of the sea only areas are compared.",
                )
            ],
            headings=[LABELS[key] for key in ("rule_name", *_LEDGER)],
            rows=[[_indicator(row), *(_value(row, key) for key in _LEDGER)] for row in totals],
        ),
        Section(
            Text("计数对象的变化（合计）", "What is counted, in all"),
            headings=[LABELS[key] for key in ("rule_name", *_COUNTS)],
            rows=[[_indicator(row), *(_value(row, key) for key in _COUNTS)] for row in totals],
        ),
    ]
    if len(counties):
        moves = _MOVES if counties[list(_MOVES)].fillna(0).to_numpy(float).any() else ()
        keys = (*_LEDGER, *moves)
        parts.append(
            Section(
                Text("分县增减", "By county"),
                [Text("两期都没有对象的县从略。", "Counties without anything listed in either are left out.")],
                headings=[LABELS[key] for key in ("county_name", "subject", *keys)],
                rows=[
                    [
                        county_words(row["county_code"], row["county_name"]),
                        asked_words(row),
                        *(_value(row, key) for key in keys),
                    ]
                    for row in map(shown_row, counties.to_dict("records"))
                ],
            )
        )
    parts += [_items_section(changed), *more, rule_section(rules)]
    title = Text("宽带边疆计分两期比较", "Two frontier scoreboards compared")
    write_report(path, title, parts)


def _is_listed(row: pd.Series) -> bool:
    return any(not pd.isna(row[f"in_scope_{end}"]) and row[f"in_scope_{end}"] for end in ("before", "after"))


def _indicator(row: Mapping[str, Any]) -> Text:
    """Name an indicator, with its unit where it is not counted by the piece."""
    unit = UNIT_LABELS.get(row["unit"], same(row["unit"]))
    if row["unit"] == "item":
        return Text(row["rule_name"], row["rule_name_en"])
    return Text(f"{row['rule_name']}（{unit.zh}）", f"{row['rule_name_en']} ({unit.en})")


def _value(row: Mapping[str, Any], key: str) -> Cell:
    value = plain(row[key])
    return status_cell(value) if key.startswith("status_") and value is not None else value


def _side_section(sides: Sequence[Side]) -> Section:
    """Set the two side by side: their days, what they were judged by and on what evidence."""
    facts = [_side_facts(side) for side in sides]
    return Section(
        Text("比较的两期", "The two that are compared"),
        headings=[Text("项目", "What"), *(side.label for side in sides)],
        rows=[[what, *(fact[what] for fact in facts)] for what in facts[0]],
    )


def _side_facts(side: Side) -> dict[Text, Cell]:
    stated, read = side.record["parameters"], side.record.get("inputs", {})
    day, scope, evidence = (stated.get(name) for name in ("as_of", "scope", "evidence"))
    choices = {choice.value: choice.label for choice in SCOREBOARD.parameter("evidence").choices}
    return {
        Text("工作区", "Workspace"): Path(read["workspace"]["path"]).name if "workspace" in read else None,
        Text("截止日期", "As of"): NOT_STATED if day is None else str(day),
        Text("数据截至", "Data until"): side.day or None,
        Text("规则包", "Rule pack"): NOT_STATED if stated.get("pack") is None else str(stated["pack"]),
        Text("所选判定依据", "Evidence chosen"): choices.get(str(evidence), NOT_STATED),
        Text("实际判定依据", "Evidence used"): evidence_words(side.items),
        Text("高程数据", "Elevation data"): files_words("dem", side.record),
        Text("范围", "Scope"): Text("全部县", "all counties") if scope is None else str(scope),
    }


def _basis_section(found: Sequence[Difference]) -> Section:
    return Section(
        Text("两期口径的不同", "How the bases differ"),
        headings=[Text("内容", "What"), *SIDES.values(), Text("影响", "It touches")],
        rows=[[item.what, item.before, item.after, _touched(item.touches)] for item in found],
    )


_TOUCHED = {
    "all": Text("全部判定", "every verdict"),
    "scope": Text("计入哪些对象", "what is counted"),
    "target": Text("目标值，不影响对象的状态", "the target, not the state of an item"),
    "nothing": Text("不影响共同指标的判定", "no verdict of the common indicators"),
    "distance": Text("按距离推断的对象和道路", "items and roads judged by distance"),
    "simulated": Text("按地形仿真判定的对象、道路和海域", "items, roads and sea judged by simulation"),
    "measured": Text("按实测判定的对象和道路", "items and roads judged by measurement"),
    "roads": Text("只影响道路里程", "lengths of road alone"),
    "simulated_roads": Text("只影响按地形仿真判定的道路里程", "lengths of roads judged by simulation alone"),
    "sea": Text("只影响海域", "the sea alone"),
}


def _touched(touches: str) -> Text:
    return _TOUCHED.get(touches, Text("该指标的全部对象", "all items of the indicator"))


def _items_section(changed: pd.DataFrame) -> Section:
    shown = changed.head(_MOST_ROWS)
    more = len(changed) > _MOST_ROWS
    said = Text(
        f"共 {len(changed)} 项变化。" + (f"以下为前 {_MOST_ROWS} 项，全部见图层和表。" if more else ""),
        f"{len(changed)} changes in all."
        + (f" These are the first {_MOST_ROWS}; layer and table have all." if more else ""),
    )
    headings = [LABELS[key] for key in _ITEM_KEYS]
    return Section(
        Text("变化的对象", "What changed"),
        [said],
        headings=headings if len(changed) else (),
        rows=[[_cell(row, key) for key in _ITEM_KEYS] for row in shown.to_dict("records")],
    )


def _cell(row: Mapping[str, Any], key: str) -> Cell:
    if key == "rule_name":
        return Text(row["rule_name"], row["rule_name_en"])
    if key == "county_name":
        return county_words(row["county_code"], plain(row["county_name"]) or "")
    if key == "change":
        return CHANGE_LABELS[row["change"]]
    if key in ("before", "after"):
        return STATE_LABELS.get(row[key], ABSENT_LABEL)
    if key == "reason":
        for end, side in (("after", "later"), ("before", "earlier")):
            if plain(row[f"reason_{end}"]):
                why = reason_words(row[f"reason_{end}"], None)
                return Text(f"{SIDES[side].zh}：{why.zh}", f"{SIDES[side].en}: {why.en}")
        return None
    if key == "why":
        return WHY_LABELS.get(row["why"])
    if key == "doubt":
        return DOUBT_LABELS.get(row["doubt"], SAME_BASIS)
    value = plain(row[key])
    return SUBJECT_LABELS[row["subject"]] if value is None and key == "name" else value
