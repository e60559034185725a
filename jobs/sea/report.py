"""The report of the coverage of the sea."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...engine.context import RunContext
from ...layers.html_report import Cell, Marked, Section, write_report
from ...text import Text
from ..coverage.gap_report import share_words
from ..frontier.words import STATUS_MARKS
from ..shared.rules import plain, rule_section
from ..shared.tables import read_units
from .extent import Extent
from .picture import sea_map
from .split import CANNOT_TELL, MET, NOT_MET, SeaSplit
from .tables import GAP_COLUMNS
from .words import LABELS, WORDS

_LISTED = 20
_MARK_OF = {MET: "met", NOT_MET: "short", CANNOT_TELL: "cannot_tell"}
_EVIDENCE = {
    "distance": Text(
        "依据：距离（按陆地覆盖半径，不按海面传播计算），结果偏低。",
        "Evidence: distance (the radii of land, not propagation over water), on the low side.",
    ),
    "simulated": Text("依据：海面仿真（逐格电平）。", "Evidence: simulated over the sea, cell by cell."),
}


def write_sea_report(
    context: RunContext,
    path: Path,
    summary: dict[str, Any],
    zones: pd.DataFrame,
    gaps: tuple[pd.DataFrame, list[Any]],
    extent: Extent,
    split: SeaSplit,
    stations: pd.DataFrame,
    cautions: Sequence[Text],
) -> None:
    """Write the page.

    Parameters
    ----------
    summary : dict
    zones, gaps
        Of `tables.zone_rows` and `tables.gap_rows`.
    stations : pandas.DataFrame
        The existing ones of the technology, with ``lon, lat``.
    """
    source = Text(
        f"海域来源：{extent.source.zh}；基站为工作区或所给图层中 {summary['technology']} 现有基站。",
        f"The sea: {extent.source.en}. Stations: existing {summary['technology']} stations of the workspace or the layer given.",
    )
    counties = read_units(context, "county", ["code", "name"], optional=True)
    picture = sea_map(extent, split, counties, stations, source)
    what = Text("内海、领海", "inland and territorial sea") if extent.is_legal else _derived()
    title = Text(f"{summary['technology']} 海域覆盖报告", f"{summary['technology']} coverage of the sea")
    if not extent.is_legal:
        title = Text(f"{title.zh}（推算海域，非法定）", f"{title.en} (derived belt, not legal)")
    write_report(
        path,
        title,
        [
            Section(Text("结论", "Result"), _result(summary, what), cautions),
            Section(Text("海域覆盖图", "Map"), picture=picture),
            _zone_section(zones),
            *_gap_section(gaps[0], split.evidence),
            *split.sections,
            rule_section(context.rules),
        ],
    )


def _derived() -> Text:
    return Text("推算的12海里带（非法定）", "the derived belt of 12 nautical miles (not legal)")


def _result(summary: dict[str, Any], what: Text) -> list[Text]:
    share = share_words(summary)
    technology, covered, gap, unknown, area = (
        summary[key] for key in ("technology", "covered_km2", "gap_km2", "cannot_tell_km2", "area_km2")
    )
    return [
        Text(
            f"{technology} 现有基站覆盖{what.zh} {covered:,.2f} km²，{share.zh}；未覆盖 {gap:,.2f} km²，无法判定 {unknown:,.2f} km²，"
            f"海域面积 {area:,.2f} km²。",
            f"Existing {technology} stations cover {covered:,.2f} km² of {what.en}, {share.en}; {gap:,.2f} km² are not covered, "
            f"{unknown:,.2f} km² cannot be told. The whole sea is {area:,.2f} km².",
        ),
        _EVIDENCE[summary["evidence"]],
        Text(
            "面积按 CGCS2000 椭球面计算；未收入资料的邻县基站不计。海里按 1852 m。",
            "Areas are geodesic on CGCS2000; stations of neighbouring counties that the data do not hold do not count. A nautical mile is 1852 m.",
        ),
    ]


def _zone_section(zones: pd.DataFrame) -> Section:
    return Section(
        Text("分海域统计", "By kind of sea"),
        headings=[LABELS[name] for name in zones.columns],
        rows=[[_words(name, row[name]) for name in zones.columns] for row in zones.to_dict("records")],
    )


def _gap_section(gaps: pd.DataFrame, evidence: str) -> list[Section]:
    if not len(gaps):
        return []
    names = [name for name in GAP_COLUMNS if name not in ("evidence", "legal", "rule_id", "service")]
    first = gaps.sort_values("area_km2", ascending=False, kind="stable").head(_LISTED)
    more = len(gaps) - len(first)
    said = [
        Text(
            f"共 {len(gaps)} 块，全部见图层 sea_gap；下表为面积最大的 {len(first)} 块。",
            f"{len(gaps)} pieces, all in the layer sea_gap; here are the {len(first)} largest.",
        )
    ]
    if evidence == "simulated" and more:
        said.append(
            Text(
                "不足一个格的碎块来自海岸和界线的裁切。",
                "Pieces smaller than a cell come from the cut at coast and limits.",
            )
        )
    return [
        Section(
            Text("未覆盖和无法判定的海域", "What is not covered or cannot be told"),
            said,
            headings=[LABELS[name] for name in names],
            rows=[[_words(name, row[name]) for name in names] for row in first.to_dict("records")],
        )
    ]


def _words(name: str, value: Any) -> Cell:
    if name == "state":
        return Marked(WORDS["state"][value], *STATUS_MARKS[_MARK_OF[value]])
    if name in WORDS:
        return WORDS[name].get(value, plain(value))
    return plain(value)
