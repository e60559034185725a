"""Count village verdicts and say them: the table by county, the words of the columns, the report page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..layers.codes import OPERATORS
from ..layers.html_report import Cell, Section, write_report
from ..layers.specs import SPECS
from ..text import Text, same
from ._rules import plain

REASON_LABELS = {
    "no_place": Text("该村没有任何带坐标的点", "No point of the village has coordinates"),
    "no_data": Text("没有任何运营商的数据覆盖该区域", "No operator's data extend to it"),
    "point_without_place": Text("有关键点缺坐标", "A key point lacks coordinates"),
}
EVIDENCE_LABELS = {
    "measured": Text("实测", "Measured"),
    "distance": Text("距离推断", "Distance"),
    "measured+distance": Text("实测与距离推断", "Measured and distance"),
    "none": Text("无依据", "None"),
}
_VILLAGE, _POINT = SPECS["villages"], SPECS["key_points"]
RESULT_LABELS = {
    **{f.name: f.label for f in (*_VILLAGE.own_fields, *_POINT.own_fields)},
    "county_code": Text("县代码", "County code"),
    "verdict": Text("判定结论", "Verdict"),
    "verdict_after_plan": Text("规划后结论", "After plan"),
    "borderline": Text("临界", "Borderline"),
    "evidence": Text("判定依据", "Evidence"),
    "evidence_date": Text("依据日期", "Evidence date"),
    "operator": Text("运营商", "Operator"),
    "operators_with_data": Text("有数据的运营商", "Operators with data"),
    "nearest_station_id": Text("最佳基站编号", "Best station"),
    "distance_m": Text("距离（米）", "Distance (m)"),
    "margin_m": Text("余量（米）", "Margin (m)"),
    "level_dbm": Text("实测电平（dBm）", "Measured level (dBm)"),
    "deciding_point": Text("决定性关键点", "Deciding point"),
    "deciding_kind": Text("关键点类型", "Kind of that point"),
    "points_judged": Text("判定关键点数", "Points judged"),
    "points_without_place": Text("缺坐标关键点数", "Points without coordinates"),
    "basis": Text("判定点", "Judged at"),
    "reason": Text("无法判定原因", "Why not told"),
    "rule_id": Text("规则", "Rule"),
    "covered_by": Text("覆盖的运营商", "Covered by"),
    "villages": Text("行政村数", "Villages"),
    "reached": Text("通达", "Reached"),
    "not_reached": Text("未通达", "Not reached"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "reached_after_plan": Text("规划后通达", "Reached after plan"),
    "rate_percent": Text("通达率（%）", "Rate (%)"),
    "meets_target": Text("达到目标", "Meets target"),
}


def counts(villages: pd.DataFrame) -> dict[str, Any]:
    """Count verdicts.

    Returns
    -------
    dict
        ``rate_percent`` is reached / judged × 100 to two decimals, judged being all but those that cannot be told;
        None where none is judged.
    """
    verdict = villages["verdict"]
    reached, not_reached = int((verdict == "reached").sum()), int((verdict == "not_reached").sum())
    judged = reached + not_reached
    return {
        "villages": len(villages),
        "reached": reached,
        "not_reached": not_reached,
        "cannot_tell": int((verdict == "cannot_tell").sum()),
        "borderline": int(villages["borderline"].sum()),
        "reached_after_plan": int((villages["verdict_after_plan"] == "reached").sum()),
        "rate_percent": round(100 * reached / judged, 2) if judged else None,
    }


def by_county(villages: pd.DataFrame, county_names: dict[str, str], target_percent: float | None) -> pd.DataFrame:
    """Count verdicts per county, in the order of the codes."""
    rows = []
    for code, own in villages.groupby("county_code", sort=True):
        name = county_names.get(str(code)) or next(iter(own["county_name"].dropna()), "")
        row = {"county_code": code, "county_name": name, **counts(own)}
        rate = row["rate_percent"]
        row["meets_target"] = None if rate is None or target_percent is None else bool(rate >= target_percent)
        rows.append(row)
    return pd.DataFrame(rows).astype({"meets_target": object})


def table_words(counties: pd.DataFrame) -> pd.DataFrame:
    """Give the table by county as a planner reads it: words for yes and no."""
    return counties.assign(meets_target=counties["meets_target"].map({True: "是", False: "否"}))


def rate_sentence(summary: dict[str, Any]) -> Text:
    """Say the rate with its base, as every number must."""
    judged = summary["reached"] + summary["not_reached"]
    if not judged:
        return Text(
            f"{summary['villages']} 个行政村均无法判定。", f"None of the {summary['villages']} villages can be judged."
        )
    return Text(
        f"{summary['technology']} 通达率 {summary['rate_percent']}%：{summary['villages']} 个行政村中判定 {judged} 个，"
        f"通达 {summary['reached']} 个；{summary['cannot_tell']} 个无法判定。",
        f"{summary['technology']} reaches {summary['rate_percent']} %: of {summary['villages']} villages {judged} judged, "
        f"{summary['reached']} reached; {summary['cannot_tell']} cannot be told.",
    )


def target_sentence(summary: dict[str, Any]) -> Text | None:
    """Compare the rate with the target, where there is one."""
    target, rate = summary["target_percent"], summary["rate_percent"]
    if target is None or rate is None:
        return None
    met = rate >= target
    return Text(
        f"目标 {target:g}%（2025 年）：{'已达到，高' if met else '未达到，低'} {abs(rate - target):.2f} 个百分点。",
        f"Target {target:g} % (2025): {'met' if met else 'not met'}, {abs(rate - target):.2f} percentage points "
        f"{'above' if met else 'below'} it.",
    )


def write_reach_report(
    path: Path,
    summary: dict[str, Any],
    villages: pd.DataFrame,
    counties: pd.DataFrame,
    basis: Sequence[Section],
    cautions: Sequence[Text],
) -> None:
    """Write the report of a village reach run; `basis` says by which rules and radii it judged."""
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
    keys = [
        "county_code",
        "county_name",
        "villages",
        "reached",
        "not_reached",
        "cannot_tell",
        "borderline",
        "rate_percent",
    ]
    untold = villages[villages["verdict"] == "cannot_tell"].sort_values("village_code")
    missed = villages[villages["verdict"] == "not_reached"].copy()
    missed.loc[missed["evidence"] == "measured", ["distance_m", "margin_m"]] = (
        None  # the test decided, not the distance
    )
    missed = missed.sort_values(["margin_m", "level_dbm", "village_code"], ascending=[False, False, True])
    missed_keys = ["village_code", "village_name", "operator", "evidence", "distance_m", "margin_m", "level_dbm"]
    write_report(
        path,
        Text(f"行政村 {summary['technology']} 通达判定报告", f"Village reach by {summary['technology']}"),
        [
            Section(Text("结论", "Verdict"), sentences, cautions),
            Section(
                Text("分县统计", "By county"),
                headings=[RESULT_LABELS[key] for key in keys],
                rows=[[plain(row[key]) for key in keys] for row in counties.to_dict("records")],
            ),
            Section(
                Text("未通达的行政村", "Villages not reached"),
                [
                    Text(
                        "按差距由小到大排列，实测判定的列在后面。",
                        "Those that miss by least come first, measured ones last.",
                    )
                ]
                if len(missed)
                else [],
                headings=[RESULT_LABELS[key] for key in missed_keys],
                rows=[[_shown(key, row[key]) for key in missed_keys] for row in missed.to_dict("records")],
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


def _shown(key: str, value: Any) -> Cell:
    if key == "evidence":
        return EVIDENCE_LABELS.get(value, same(str(value)))
    if key == "operator":
        return next((code.label for code in OPERATORS if code.value == value), plain(value))
    return plain(value)
