"""The report of a simulated coverage, its rules, and the table of sectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.context import RunContext
from ...layers.html_report import Section, write_report
from ...rules.pack import Rule
from ...text import Text
from ..radio.inputs import Radio
from ..shared.packs import read_pack
from ..shared.rules import rule_section
from .blocks import Simulated
from .gap_report import borderline_words, share_words, unit_section
from .picture import overview
from .unsimulated import unsimulated_section
from .words import class_labels

SERVER_LABELS = {
    "server": Text("扇区序号", "Server"),
    "station_id": Text("基站编号", "Station id"),
    "name": Text("基站名称", "Station"),
    "operator": Text("运营商", "Operator"),
    "lon": Text("经度", "Longitude"),
    "lat": Text("纬度", "Latitude"),
    "frequency_mhz": Text("频率（MHz）", "Frequency (MHz)"),
    "height_m": Text("挂高（m）", "Height (m)"),
    "azimuth_deg": Text("方位角（°）", "Azimuth (°)"),
    "rs_eirp_dbm": Text("每资源单元 EIRP（dBm）", "EIRP of a resource element (dBm)"),
    "served_km2": Text("主服务面积（平方公里）", "Serves best (km²)"),
}


def threshold_rule(context: RunContext) -> Rule:
    """Give the level from which a cell is covered: the one that judges measurements in villages."""
    return read_pack(context, "village_reach").rule(f"measured.level_{context['technology'].lower()}")


def borderline_rule(context: RunContext) -> Rule:
    """Give how close to the threshold a level is borderline, dB."""
    return read_pack(context, "radio").rule("radio.borderline")


def class_rule(context: RunContext) -> Rule:
    """Give the bounds of the classes in which levels are shown."""
    return read_pack(context, "rsrp_classes").rule(f"N10.classes_{context['technology'].lower()}")


def server_table(
    radio: Radio, stations: pd.DataFrame, served_m2: npt.NDArray[np.float64]
) -> tuple[pd.DataFrame, dict[str, Text]]:
    """Give the table that the raster of best servers points into, and its headings."""
    rows = stations.iloc[radio.row].reset_index(drop=True)
    own = {name: rows[name] for name in ("station_id", "name", "operator") if name in rows}
    sectors = radio.sectors
    table = pd.DataFrame(
        {
            "server": np.arange(len(sectors)),
            **own,
            "lon": [sector.lon for sector in sectors],
            "lat": [sector.lat for sector in sectors],
            "frequency_mhz": np.round([1000 * sector.frequency_ghz for sector in sectors], 3),
            "height_m": [sector.height_m for sector in sectors],
            "azimuth_deg": [sector.antenna.azimuth_deg for sector in sectors],
            "rs_eirp_dbm": np.round([sector.eirp_dbm for sector in sectors], 2),
            "served_km2": np.round(served_m2 / 1e6, 4),
        }
    )
    return table, SERVER_LABELS


def cells_section(summary: dict[str, Any]) -> Section:
    """Say by which cells and which threshold a simulation judges, and that areas agree."""
    return Section(
        Text("仿真口径", "How it is judged"),
        [
            Text(
                f"格网边长约 {summary['resolution_m']:g} m（CGCS2000 经纬度），逐格独立计算剖面。电平达到 {summary['threshold_dbm']:g} dBm "
                "为已覆盖；达不到、且所有可能达标的扇区地形都已知为空白；取决于高程空洞或范围以外地形的、"
                "在未能仿真的基站可能覆盖的距离内的、所在的县没有该制式已入网基站的，为无法判定，不计入覆盖，也不计入空白。",
                f"Cells of some {summary['resolution_m']:g} m (longitude and latitude, CGCS2000), each with profiles of its own. "
                f"Covered: the level reaches {summary['threshold_dbm']:g} dBm. Gap: it does not, and the ground is known towards every "
                "sector that might. Cannot be told: it depends on voids or on ground beyond the elevation data, lies where a station that "
                "could not be simulated may cover, or in a county without a station in service; that counts neither as covered nor as a gap.",
            ),
            Text(
                f"面积按 CGCS2000 椭球面计算；各单元各状态的面与像元面积之和最大相差 {summary['largest_difference_percent']:.6f}%（要求不大于 0.1%）。",
                f"Areas are geodesic, on the CGCS2000 ellipsoid. Polygons and the sum of their pixels differ by at most "
                f"{summary['largest_difference_percent']:.6f} % (0.1 % is allowed).",
            ),
        ],
    )


def _class_section(made: Simulated, bounds_dbm: Sequence[float]) -> Section:
    """Show how the cells share out over the classes of level."""
    cell_m2 = made.grid.cell_areas_m2()
    edges = np.array(bounds_dbm, dtype=np.float32)
    sums = np.zeros(len(bounds_dbm) + 2)
    for block, levels in made.levels():
        wanted = levels.state > 0
        weights = np.broadcast_to(cell_m2[block.row : block.row + block.rows, None], wanted.shape)[wanted]
        level = levels.rsrp[wanted]
        kind = np.where(np.isnan(level), len(bounds_dbm) + 1, (level[:, None] < edges).sum(axis=1))
        sums += np.bincount(kind, weights=weights, minlength=len(sums))
    labels = [*class_labels(bounds_dbm), Text("范围内无扇区，或无法判定", "No sector in range, or cannot be told")]
    share = 100 * sums / max(sums.sum(), 1.0)
    return Section(
        Text("电平分级（dBm）", "Classes of level (dBm)"),
        [
            Text(
                "按参与仿真的像元统计，边缘像元整格计入。",
                "Of all simulated pixels; those on the edge count whole.",
            )
        ],
        headings=[
            Text("分级", "Class"),
            Text("面积（平方公里）", "Area (km²)"),
            Text("占比（%）", "Share (%)"),
        ],
        rows=[
            [label, round(float(area) / 1e6, 2), round(float(part), 2)]
            for label, area, part in zip(labels, sums, share)
        ],
    )


def write_coverage_report(
    context: RunContext,
    path: Path,
    summary: dict[str, Any],
    rows: pd.DataFrame,
    made: Simulated,
    radio: Radio,
    stations: pd.DataFrame,
    cautions: Sequence[Text],
) -> None:
    """Write the report of a radio coverage run."""
    technology, share = summary["technology"], share_words(summary)
    sentence = Text(
        f"{summary['area_km2']:,.2f} 平方公里中，{technology} 现有基站覆盖 {summary['covered_km2']:,.2f} 平方公里，{share.zh}；"
        f"空白 {summary['gap_km2']:,.2f} 平方公里；无法判定 {summary['cannot_tell_km2']:,.2f} 平方公里。依据：地形仿真。",
        f"Of {summary['area_km2']:,.2f} km², existing {technology} stations cover {summary['covered_km2']:,.2f} km², {share.en}; "
        f"{summary['gap_km2']:,.2f} km² are a gap; {summary['cannot_tell_km2']:,.2f} km² cannot be told. Evidence: simulated on "
        "terrain.",
    )
    if summary["units_without_data"]:
        cautions = [
            *cautions,
            Text(
                f"{summary['units_without_data']} 个单元所在的县没有该制式的已入网基站，其未覆盖部分无法判定，不计为空白。",
                f"{summary['units_without_data']} units lie in counties without a station of the technology in service: what is not covered "
                "there cannot be told and is no gap.",
            ),
        ]
    bounds = summary["rsrp_classes_dbm"]
    write_report(
        path,
        Text(f"{technology} 无线覆盖仿真报告", f"{technology} radio coverage on terrain"),
        [
            Section(Text("结论", "Result"), [sentence, borderline_words(summary)], cautions),
            Section(
                Text("接收电平 RSRP 示意图（dBm）", "Level (RSRP, dBm) at a glance"),
                [
                    Text(
                        "灰色为无法判定，白色不在统计范围内；最大距离内没有扇区处按极差着色。",
                        "Grey cannot be told; white was not asked. Where no sector is in range it is drawn as very poor.",
                    )
                ],
                picture=overview(made, bounds),
            ),
            unit_section(rows),
            _class_section(made, bounds),
            cells_section(summary),
            *unsimulated_section(context, radio, stations),
            radio.section,
            rule_section(context.rules),
        ],
    )
