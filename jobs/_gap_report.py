"""The table by unit of a coverage gap run, and its report page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..analysis.coverage import CoverageResult
from ..layers.html_report import Section, write_report
from ..layers.specs import SPECS
from ..text import Text
from ._rules import plain

LABELS = {
    **{field.name: field.label for field in SPECS["villages"].own_fields},
    "unit_code": Text("行政区代码", "Unit code"),
    "unit_name": Text("行政区名称", "Unit"),
    "area_km2": Text("面积（平方公里）", "Area (km²)"),
    "covered_km2": Text("已覆盖（平方公里）", "Covered (km²)"),
    "gap_km2": Text("空白（平方公里）", "Gap (km²)"),
    "covered_percent": Text("覆盖率（%）", "Covered (%)"),
    "villages_in_gap": Text("空白区行政村", "Villages in the gap"),
    "people_in_gap": Text("空白区人口", "People in the gap"),
    "villages_without_population": Text("其中无人口数的村", "Of these without population"),
    "evidence": Text("依据", "Evidence"),
    "method": Text("算法", "Method"),
}
EVIDENCE_LABELS = {
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
    return rows.drop(columns="method").assign(evidence=rows["evidence"].map(words))


def unit_table(
    units: pd.DataFrame, split: CoverageResult, in_gap: pd.DataFrame, units_with_data: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Give one row a unit.

    Parameters
    ----------
    units : pandas.DataFrame
        ``code, name``.
    split : CoverageResult
        Of the same units, in the same order.
    in_gap : pandas.DataFrame
        Villages in the gap: ``unit`` (row of the unit), ``population``.
    units_with_data : numpy.ndarray of int64
        Rows of the units that hold any station record; the others say "none" for evidence, since no record is
        not the same as no coverage.
    """
    area_km2, covered_km2 = split.unit_area_m2 / 1e6, split.covered_area_m2 / 1e6
    count = len(units)
    villages = np.bincount(in_gap["unit"], minlength=count)
    uncounted = np.bincount(in_gap.loc[in_gap["population"].isna(), "unit"], minlength=count)
    known = in_gap["population"].fillna(0).to_numpy(np.float64)
    people = pd.array(np.bincount(in_gap["unit"], weights=known, minlength=count).astype(np.int64), dtype="Int64")
    people[(villages > 0) & (uncounted == villages)] = pd.NA  # unknown is not zero
    return pd.DataFrame(
        {
            "unit_code": units["code"].to_numpy(object),
            "unit_name": units["name"].to_numpy(object),
            "area_km2": np.round(area_km2, 4),
            "covered_km2": np.round(covered_km2, 4),
            "gap_km2": np.round(split.gap_area_m2 / 1e6, 4),
            "covered_percent": np.round(100 * covered_km2 / area_km2, 2),
            "villages_in_gap": villages,
            "people_in_gap": people,
            "villages_without_population": uncounted,
            "evidence": np.where(np.isin(np.arange(count), units_with_data), "distance", "none"),
            "method": split.method,
        }
    )


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
    keys = [key for key in rows.columns if key not in ("method", "villages_without_population")]
    technology, people = summary["technology"], _people(summary)
    sentences = [
        Text(
            f"{technology} 现有基站覆盖 {summary['covered_km2']:,.2f} 平方公里，占 {summary['area_km2']:,.2f} 平方公里的 "
            f"{summary['covered_percent']}%；空白 {summary['gap_km2']:,.2f} 平方公里，"
            f"含行政村 {summary['villages_in_gap']} 个，{people.zh}。",
            f"Existing {technology} stations cover {summary['covered_km2']:,.2f} km², {summary['covered_percent']} % of "
            f"{summary['area_km2']:,.2f} km²; the gap is {summary['gap_km2']:,.2f} km² with {summary['villages_in_gap']} "
            f"villages, {people.en}.",
        ),
        Text("面积按 CGCS2000 椭球面计算。", "Areas are geodesic, on the CGCS2000 ellipsoid."),
    ]
    if summary["units_without_data"]:
        cautions = [
            *cautions,
            Text(
                f"{summary['units_without_data']} 个单元没有任何基站数据，其“空白”（含 {summary['villages_without_data']} 个村）"
                "只说明没有数据。",
                f"{summary['units_without_data']} units hold no station record: their gap, with "
                f"{summary['villages_without_data']} villages, only means that data are missing.",
            ),
        ]
    write_report(
        path,
        Text(f"{technology} 覆盖空白分析报告", f"{technology} coverage gaps"),
        [
            Section(Text("结论", "Result"), sentences, cautions),
            Section(
                Text("分单元统计", "By unit"),
                headings=[LABELS[key] for key in keys],
                rows=[
                    [EVIDENCE_LABELS[row[key]] if key == "evidence" else plain(row[key]) for key in keys]
                    for row in rows.to_dict("records")
                ],
            ),
            *basis,
        ],
    )
