"""The table by unit of a coverage gap run, and its report page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...layers.html_report import Section, write_report
from ...layers.specs import SPECS
from ...text import Text
from ..shared.rules import CAUTION_LABELS, plain

LABELS = {
    **CAUTION_LABELS,
    **{field.name: field.label for field in SPECS["villages"].own_fields},
    "unit_code": Text("行政区代码", "Unit code"),
    "unit_name": Text("行政区名称", "Unit"),
    "area_km2": Text("面积（平方公里）", "Area (km²)"),
    "covered_km2": Text("已覆盖（平方公里）", "Covered (km²)"),
    "gap_km2": Text("空白（平方公里）", "Gap (km²)"),
    "cannot_tell_km2": Text("无法判定（平方公里）", "Cannot tell (km²)"),
    "covered_percent": Text("占可判定面积（%）", "Covered of what can be told (%)"),
    "covered_low_percent": Text("占全部面积，至少（%）", "Covered of all, at least (%)"),
    "covered_high_percent": Text("占全部面积，至多（%）", "Covered of all, at most (%)"),
    "borderline_km2": Text("门限附近（平方公里）", "Near the threshold (km²)"),
    "villages_in_gap": Text("空白区行政村", "Villages in the gap"),
    "people_in_gap": Text("空白区人口", "People in the gap"),
    "villages_cannot_tell": Text("无法判定的行政村", "Villages that cannot be told"),
    "villages_without_population": Text("其中无人口数的村", "Of these without population"),
    "evidence": Text("依据", "Evidence"),
    "method": Text("算法", "Method"),
}
EVIDENCE_LABELS = {
    "simulated": Text("地形仿真", "simulated"),
    "distance": Text("距离推断", "distance"),
    "none": Text("无基站数据", "no station data"),
}


def known_sum(population: pd.Series) -> int | None:
    """Add up the people of some villages; None where there are villages and none says how many: unknown is not zero."""
    if len(population) and population.isna().all():
        return None
    return int(population.fillna(0).sum())


def table_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the table as a planner reads it: words for codes, and without what only a program asks for."""
    words = {code: label.zh for code, label in EVIDENCE_LABELS.items()}
    shown = rows.drop(columns="method") if "method" in rows else rows
    return shown.assign(evidence=rows["evidence"].map(words))


class SplitAreas(NamedTuple):
    """Areas of n units and of their parts, each of shape (n,), in m²; what cannot be told is neither covered nor gap."""

    unit: npt.NDArray[np.float64]
    covered: npt.NDArray[np.float64]
    gap: npt.NDArray[np.float64]
    cannot_tell: npt.NDArray[np.float64]


def share_percent(covered: float, judged: float) -> float | None:
    """Give the covered share of what can be told; None where nothing can."""
    return round(100 * covered / judged, 2) if judged > 0 else None


def percent_range(covered: float, cannot_tell: float, whole: float) -> tuple[float, float]:
    """Give the least and the largest covered share of all: what cannot be told may be either."""
    if whole <= 0:
        return 0.0, 0.0
    return round(100 * covered / whole, 2), round(100 * min((covered + cannot_tell) / whole, 1.0), 2)


def shares_of(rows: pd.DataFrame) -> dict[str, float | None]:
    """Give the covered shares of all units together, as the summary has them."""
    covered, gap, untold, whole = (
        float(rows[name].sum()) for name in ("covered_km2", "gap_km2", "cannot_tell_km2", "area_km2")
    )
    low, high = percent_range(covered, untold, whole)
    return {
        "covered_percent": share_percent(covered, covered + gap),
        "covered_low_percent": low,
        "covered_high_percent": high,
    }


def share_words(summary: dict[str, Any]) -> Text:
    """Say the covered share, and of what: of the whole area it is a range where a part cannot be told."""
    told, low, high = (summary[f"covered_{end}"] for end in ("percent", "low_percent", "high_percent"))
    if not summary["cannot_tell_km2"]:
        return Text(f"占全部面积的 {low}%", f"{low} % of the whole area")
    of_told = Text("", "") if told is None else Text(f"，占可判定面积的 {told}%", f", {told} % of what can be told")
    return Text(
        f"占全部面积的 {low}%–{high}%（取决于无法判定的部分）{of_told.zh}",
        f"{low}–{high} % of the whole area, by what cannot be told{of_told.en}",
    )


def borderline_words(summary: dict[str, Any]) -> Text:
    """Say how much lies so close to the threshold that a test should decide."""
    return Text(
        f"其中电平距门限不超过 {summary['borderline_db']:g} dB 的有 {summary['borderline_km2']:,.2f} 平方公里，宜实测。",
        f"Of this, {summary['borderline_km2']:,.2f} km² lie within {summary['borderline_db']:g} dB of the threshold and deserve a "
        "test.",
    )


def unit_table(
    units: pd.DataFrame,
    areas: SplitAreas,
    has_records: npt.NDArray[np.bool_],
    evidence: str,
    borderline_m2: npt.NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """Give one row a unit.

    Parameters
    ----------
    units : pandas.DataFrame
        ``code, name``.
    areas : SplitAreas
        Of the same units, in the same order.
    has_records : numpy.ndarray of bool
        Whether the stations speak of each unit; the others say "none" for evidence, and have no gap.
    evidence : str
        What those with records say.
    borderline_m2 : numpy.ndarray, optional
        Area near the threshold.
    """
    judged = areas.covered + areas.gap
    shares = [share_percent(float(part), float(whole)) for part, whole in zip(areas.covered, judged)]
    ranges = [
        percent_range(*parts) for parts in zip(areas.covered.tolist(), areas.cannot_tell.tolist(), areas.unit.tolist())
    ]
    return pd.DataFrame(
        {
            "unit_code": units["code"].to_numpy(object),
            "unit_name": units["name"].to_numpy(object),
            "area_km2": np.round(areas.unit / 1e6, 4),
            "covered_km2": np.round(areas.covered / 1e6, 4),
            "gap_km2": np.round(areas.gap / 1e6, 4),
            "cannot_tell_km2": np.round(areas.cannot_tell / 1e6, 4),
            "covered_percent": pd.array(shares, dtype="Float64").to_numpy(np.float64, na_value=np.nan),
            "covered_low_percent": [low for low, _ in ranges],
            "covered_high_percent": [high for _, high in ranges],
            **({} if borderline_m2 is None else {"borderline_km2": np.round(borderline_m2 / 1e6, 4)}),
            "evidence": np.where(has_records, evidence, "none"),
        }
    )


def with_villages(rows: pd.DataFrame, in_gap: pd.DataFrame, untold: pd.DataFrame, method: list[str]) -> pd.DataFrame:
    """Add the villages to the table by unit, and the method of each unit.

    Parameters
    ----------
    in_gap, untold : pandas.DataFrame
        Villages in the gap, and where it cannot be told: ``unit`` (row of the unit), ``population``.
    """
    count = len(rows)
    villages = np.bincount(in_gap["unit"], minlength=count)
    uncounted = np.bincount(in_gap.loc[in_gap["population"].isna(), "unit"], minlength=count)
    known = in_gap["population"].fillna(0).to_numpy(np.float64)
    people = pd.array(np.bincount(in_gap["unit"], weights=known, minlength=count).astype(np.int64), dtype="Int64")
    people[(villages > 0) & (uncounted == villages)] = pd.NA  # unknown is not zero
    return rows.drop(columns="evidence").assign(
        villages_in_gap=villages,
        people_in_gap=people,
        villages_without_population=uncounted,
        villages_cannot_tell=np.bincount(untold["unit"], minlength=count),
        evidence=rows["evidence"],
        method=method,
    )


_EVIDENCE_SENTENCES = {
    "distance": Text("依据：距离推断（按覆盖半径，不考虑地形）。", "Evidence: distance (by radius, without terrain)."),
    "simulated": Text("依据：地形仿真（逐格电平）。", "Evidence: simulated on terrain, cell by cell."),
}


def unit_section(rows: pd.DataFrame) -> Section:
    """Show the table by unit."""
    keys = [key for key in rows.columns if key not in ("method", "villages_without_population")]
    return Section(
        Text("分单元统计", "By unit"),
        headings=[LABELS[key] for key in keys],
        rows=[
            [EVIDENCE_LABELS[row[key]] if key == "evidence" else plain(row[key]) for key in keys]
            for row in rows.to_dict("records")
        ],
    )


def why_untold(summary: dict[str, Any]) -> Text:
    """Name the reasons for which a part cannot be told."""
    reasons = [Text("单元没有已入网基站", "no station in service in a unit")] if summary["units_without_data"] else []
    if summary["evidence"] == "simulated":
        reasons.append(Text("缺少高程", "no elevation data"))
    if summary.get("not_simulated"):
        reasons.append(Text("有未能仿真的基站", "stations that could not be simulated"))
    return Text("或".join(why.zh for why in reasons), " or ".join(why.en for why in reasons))


def _people(summary: dict[str, Any]) -> Text:
    """Say how many people live in the gap, and of how many villages that is known."""
    people, villages, unknown = (
        summary[key] for key in ("people_in_gap", "villages_in_gap", "villages_without_population")
    )
    if people is None:
        return Text("人口不详（各村均无人口数）", "people unknown (no village states its population)")
    if unknown:
        return Text(
            f"人口 {people:,}（{villages} 村中 {unknown} 村无人口数，未计入）",
            f"{people:,} people ({unknown} of {villages} villages state no population and are not counted)",
        )
    return Text(f"人口 {people:,}", f"{people:,} people")


def write_gap_report(
    path: Path, summary: dict[str, Any], rows: pd.DataFrame, basis: Sequence[Section], cautions: Sequence[Text]
) -> None:
    """Write the report of a coverage gap run."""
    technology, people, share = summary["technology"], _people(summary), share_words(summary)
    sentences = [
        Text(
            f"{technology} 现有基站覆盖 {summary['covered_km2']:,.2f} 平方公里，{share.zh}；"
            f"空白 {summary['gap_km2']:,.2f} 平方公里，含行政村 {summary['villages_in_gap']} 个，{people.zh}。全部面积 "
            f"{summary['area_km2']:,.2f} 平方公里。",
            f"Existing {technology} stations cover {summary['covered_km2']:,.2f} km², {share.en}; the gap is {summary['gap_km2']:,.2f} km² with "
            f"{summary['villages_in_gap']} villages, {people.en}. The whole area is {summary['area_km2']:,.2f} km².",
        ),
        _EVIDENCE_SENTENCES[summary["evidence"]],
        Text("面积按 CGCS2000 椭球面计算。", "Areas are geodesic, on the CGCS2000 ellipsoid."),
    ]
    why = why_untold(summary)
    if summary["cannot_tell_km2"] or summary["villages_cannot_tell"]:
        sentences.insert(
            1,
            Text(
                f"另有 {summary['cannot_tell_km2']:,.2f} 平方公里、{summary['villages_cannot_tell']} 个行政村无法判定（{why.zh}），"
                "不计入覆盖，也不计入空白。",
                f"Another {summary['cannot_tell_km2']:,.2f} km² and {summary['villages_cannot_tell']} villages cannot be told "
                f"({why.en}); they count neither as covered nor as a gap.",
            ),
        )
    if summary["units_without_data"]:
        cautions = [
            *cautions,
            Text(
                f"{summary['units_without_data']} 个单元所在的县没有该制式的已入网基站，其未覆盖部分（含 {summary['villages_without_data']} 个村）"
                "无法判定，不计为空白。",
                f"{summary['units_without_data']} units lie in counties without a station of the technology in service: what is not covered there, with "
                f"{summary['villages_without_data']} villages, cannot be told and is no gap.",
            ),
        ]
    write_report(
        path,
        Text(f"{technology} 覆盖空白分析报告", f"{technology} coverage gaps"),
        [
            Section(Text("结论", "Result"), sentences, cautions),
            unit_section(rows),
            *basis,
        ],
    )
