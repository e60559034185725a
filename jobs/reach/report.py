"""Count village verdicts and say them: the table by county, the report page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...layers.codes import BASIC_OPERATORS
from ...layers.html_report import Section, write_report
from ...text import Text, same
from ..shared.rules import plain
from .labels import REASON_LABELS, RESULT_LABELS, VERDICT_LABELS, shown


def counts(villages: pd.DataFrame) -> dict[str, Any]:
    """Count verdicts.

    Returns
    -------
    dict
        ``rate_percent`` is reached / judged × 100 to two decimals, judged being all but those that cannot be told;
        None where none is judged. ``rate_low_percent`` and ``rate_high_percent`` are what it would be of all villages
        if none, or all, of those that cannot be told were reached.
    """
    verdict = villages["verdict"]
    reached, not_reached = int((verdict == "reached").sum()), int((verdict == "not_reached").sum())
    judged, everything = reached + not_reached, len(villages)
    return {
        "villages": everything,
        "reached": reached,
        "not_reached": not_reached,
        "cannot_tell": int((verdict == "cannot_tell").sum()),
        "borderline": int(villages["borderline"].sum()),
        "reached_after_plan": int((villages["verdict_after_plan"] == "reached").sum()),
        "rate_percent": round(100 * reached / judged, 2) if judged else None,
        "rate_low_percent": round(100 * reached / everything, 2) if everything else None,
        "rate_high_percent": round(100 * (everything - not_reached) / everything, 2) if everything else None,
    }


def by_county(villages: pd.DataFrame, county_names: dict[str, str], target_percent: float | None) -> pd.DataFrame:
    """Count verdicts per county, in the order of the codes."""
    rows = []
    for code, own in villages.groupby("county_code", sort=True):
        name = county_names.get(str(code)) or next(iter(own["county_name"].dropna()), "")
        row = {"county_code": code, "county_name": name, **counts(own)}
        row["meets_target"] = meets_target(row, target_percent)
        rows.append(row)
    return pd.DataFrame(rows).astype({"meets_target": object})


def meets_target(counted: dict[str, Any], target_percent: float | None) -> bool | None:
    """Tell whether a target is met whatever the villages are that cannot be told; None: that depends on them.

    Parameters
    ----------
    counted : dict
        From `counts`.
    target_percent : float or None
        None: there is no target.
    """
    if target_percent is None or not counted["villages"]:
        return None
    share = target_percent / 100 * counted["villages"]
    if counted["reached"] >= share:
        return True
    return False if counted["reached"] + counted["cannot_tell"] < share else None


def table_words(counties: pd.DataFrame, target_percent: float | None) -> pd.DataFrame:
    """Give the table by county as a planner reads it: words for yes, no and cannot tell."""
    words = [_met_words(met, target_percent).zh for met in counties["meets_target"]]
    return counties.assign(meets_target=words)


def _met_words(met: bool | None, target_percent: float | None) -> Text:
    if target_percent is None:
        return same("")
    if met is None:
        return VERDICT_LABELS["cannot_tell"]
    return Text("是", "yes") if met else Text("否", "no")


def _range(counted: dict[str, Any]) -> Text:
    """Say between what the rate of all villages lies; nothing where all are judged."""
    if not counted["cannot_tell"]:
        return same("")
    low, high = counted["rate_low_percent"], counted["rate_high_percent"]
    return Text(
        f"（计入无法判定的村，为 {low:g}%–{high:g}%）", f" ({low:g} to {high:g} % with those that cannot be told)"
    )


def rate_sentence(summary: dict[str, Any]) -> Text:
    """Say the rate with its base, as every number must."""
    judged = summary["reached"] + summary["not_reached"]
    if not judged:
        return Text(
            f"{summary['villages']} 个行政村均无法判定。", f"None of the {summary['villages']} villages can be judged."
        )
    bounds = _range(summary)
    return Text(
        f"{summary['technology']} 通达率 {summary['rate_percent']}%{bounds.zh}：{summary['villages']} 个行政村中判定 {judged} 个，"
        f"通达 {summary['reached']} 个；{summary['cannot_tell']} 个无法判定。",
        f"{summary['technology']} reaches {summary['rate_percent']} %{bounds.en}: of {summary['villages']} villages {judged} judged, "
        f"{summary['reached']} reached; {summary['cannot_tell']} cannot be told.",
    )


def target_sentence(summary: dict[str, Any]) -> Text | None:
    """Compare the rate of all villages with the target, where there is one: met, not met, or it cannot be told."""
    target, met = summary["target_percent"], summary["meets_target"]
    if target is None or not summary["villages"]:
        return None
    low, high, untold = (summary[key] for key in ("rate_low_percent", "rate_high_percent", "cannot_tell"))
    if met is None:
        return Text(
            f"目标 {target:g}%（2025 年）：无法判定。{untold} 个村无法判定，全部村的通达率在 {low:g}% 与 {high:g}% 之间，目标在其间。",
            f"Target {target:g} % (2025): cannot be told. With {untold} villages that cannot be told the rate of all lies between "
            f"{low:g} and {high:g} %, and the target with it.",
        )
    by = abs((low if met else high) - target)
    even = (
        Text(
            f"即使无法判定的 {untold} 个村{'都未' if met else '全部'}通达，也{'高' if met else '低'}",
            f"even if {'none' if met else 'all'} of the {untold} that cannot be told were reached, ",
        )
        if untold
        else Text("高" if met else "低", "")
    )
    return Text(
        f"目标 {target:g}%（2025 年）：{'已达到' if met else '未达到'}，{even.zh} {by:.2f} 个百分点。",
        f"Target {target:g} % (2025): {'met' if met else 'not met'}, {even.en}{by:.2f} percentage points "
        f"{'above' if met else 'below'} it.",
    )


def _judged_for(codes: str) -> Text:
    """Name the operators that a NO speaks of, where not all basic ones have data."""
    if set(BASIC_OPERATORS) <= set(codes.split(";")):
        return Text("各基础电信企业", "All basic operators")
    named = shown("operators_with_data", codes)
    if not isinstance(named, Text):
        return same(str(named))
    return Text(f"仅就有数据的运营商判定：{named.zh}", f"Only operators with data: {named.en}")


def write_reach_report(
    path: Path,
    summary: dict[str, Any],
    villages: pd.DataFrame,
    counties: pd.DataFrame,
    basis: Sequence[Section],
    cautions: Sequence[Text],
    more: Sequence[Text] = (),
) -> None:
    """Write the report of a village reach run; `basis` says by which rules and radii it judged, `more` what else counts."""
    sentences = [rate_sentence(summary)]
    if summary["as_of"]:
        sentences.append(Text(f"数据截止 {summary['as_of']}。", f"As of {summary['as_of']}."))
    if target := target_sentence(summary):
        sentences.append(target)
    sentences.append(
        Text(
            f"临界村 {summary['borderline']} 个，签字前宜实测；规划建成后通达 {summary['reached_after_plan']} 个。",
            f"{summary['borderline']} villages are borderline and deserve a test before you sign; "
            f"{summary['reached_after_plan']} are reached once the plan is built.",
        )
    )
    sentences += more
    keys = [
        "county_code",
        "county_name",
        "villages",
        "reached",
        "not_reached",
        "cannot_tell",
        "borderline",
        "rate_percent",
        "rate_low_percent",
        "rate_high_percent",
        "meets_target",
    ]
    untold = villages[villages["verdict"] == "cannot_tell"].sort_values("village_code")
    missed = villages[villages["verdict"] == "not_reached"].copy()
    missed.loc[missed["level_dbm"].notna(), ["distance_m", "margin_m"]] = None  # the test decided, not the distance
    missed_keys = ["village_code", "village_name", "operator", "evidence", "distance_m", "margin_m", "level_dbm"]
    partly = missed["operators_with_data"].str.split(";").map(len) < len(BASIC_OPERATORS)
    order = Text("按差距由小到大排列，实测判定的列在后面。", "Those that miss by least come first, measured ones last.")
    if "simulated_dbm" in villages:
        missed_keys.remove("distance_m")
        missed_keys += ["simulated_dbm", "margin_db"]
        missed = missed.sort_values(["margin_db", "margin_m", "village_code"], ascending=[False, False, True])
        order = Text(
            "按电平差距由小到大排列，没有电平的列在后面。",
            "Those that miss by least level come first, those without one last.",
        )
    else:
        missed = missed.sort_values(["margin_m", "level_dbm", "village_code"], ascending=[False, False, True])
    orders = [order] if len(missed) else []
    if partly.any():
        orders.append(
            Text(
                f"其中 {int(partly.sum())} 个村仅就有数据的运营商判定（见“判定范围”），其余运营商在当地没有数据。",
                f"Of these, {int(partly.sum())} are judged only for the operators that have data there (see “Judged for”).",
            )
        )
    write_report(
        path,
        Text(f"行政村 {summary['technology']} 通达判定报告", f"Village reach by {summary['technology']}"),
        [
            Section(Text("结论", "Verdict"), sentences, cautions),
            Section(
                Text("分县统计", "By county"),
                headings=[RESULT_LABELS[key] for key in keys],
                rows=[
                    [*(plain(row[key]) for key in keys[:-1]), _met_words(row[keys[-1]], summary["target_percent"])]
                    for row in counties.to_dict("records")
                ],
            ),
            Section(
                Text("未通达的行政村", "Villages not reached"),
                orders,
                headings=[*(RESULT_LABELS[key] for key in missed_keys), Text("判定范围", "Judged for")],
                rows=[
                    [*(shown(key, row[key]) for key in missed_keys), _judged_for(row["operators_with_data"])]
                    for row in missed.to_dict("records")
                ],
            ),
            Section(
                Text("无法判定的行政村", "Villages that cannot be told"),
                headings=[RESULT_LABELS[key] for key in ("village_code", "village_name", "reason")],
                rows=[
                    [
                        row["village_code"],
                        row["village_name"],
                        REASON_LABELS.get(row["reason"], same(str(row["reason"]))),
                    ]
                    for row in untold.to_dict("records")
                ],
            ),
            *basis,
        ],
    )
