"""What simulation adds to the result of a village reach run: levels, obstacles, pictures, and where distance differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.village_reach import ReachResult
from ...engine.context import RunContext
from ...layers.html_report import Cell, Section
from ...text import Text
from ..radio.parameters import MODEL
from ..radio.report import LEFT_OUT
from ..shared.rules import plain
from .labels import EVIDENCE_LABELS, RESULT_LABELS, shown
from .levels import UNABLE
from .profiles import FOLDER
from .range import hanging_on_range
from .simulation import OBSTRUCTION, ReachSimulation

_COLUMNS = (
    "village_code",
    "village_name",
    "operator",
    "nearest_station_id",
    "distance_m",
    "simulated_dbm",
    "margin_db",
)
_MOST_ROWS = 1000
MOST_PICTURES = 5000  # of some 8 kB in each language
_WHY = Text("主要障碍", "Main obstacle")


def add_terrain(
    context: RunContext,
    simulation: ReachSimulation,
    result: ReachResult,
    points: pd.DataFrame,
    operators: Sequence[str],
    threshold_dbm: float,
) -> list[Text]:
    """Add levels by operator, obstacles and pictures to both tables, draw the pictures, and say what was left out."""
    villages, detail = result.villages, result.points
    wanted = _worth_a_picture(villages)
    spared = int((villages["sector"] >= 0).sum() - wanted.sum())
    report = context.part(0.86, 0.93, Text("绘制剖面图", "Drawing the path profiles"))
    villages["profile_picture"] = simulation.pictures(villages, points, wanted, threshold_dbm, report)
    if villages["profile_picture"].notna().any():
        context.output("profiles", FOLDER)
    villages["depends_on_range"] = hanging_on_range(simulation, result, points, operators, threshold_dbm)
    levels = simulation.simulated.now.level_dbm
    for column, operator in enumerate(operators):
        detail[level_column(operator)] = np.round(levels[:, column], 2)
    report = context.part(0.93, 0.97, Text("查找遮挡", "Finding what stands in the way"))
    for table in (villages, detail):
        found = simulation.obstructions(table.pop("point").to_numpy(), table.pop("sector").to_numpy(), report)
        for name in OBSTRUCTION:
            table[name] = found[name].to_numpy()
    if not spared:
        return []
    return [
        Text(
            f"{spared} 个仿真与距离均通达且非临界的村未绘剖面图（超过 {MOST_PICTURES} 村时从略），可用“两点剖面”工具查看。",
            f"{spared} villages that simulation and distance both call reached, not borderline, have no picture (left out in runs of more "
            f"than {MOST_PICTURES} villages); the tool “profile between two clicks” shows them.",
        )
    ]


def _worth_a_picture(villages: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say which villages get a picture: all, but in very large runs not those that are safely reached either way."""
    simulated = (villages["sector"] >= 0).to_numpy(bool)
    if simulated.sum() <= MOST_PICTURES:
        return simulated
    safe = (villages["verdict"] == "reached") & (villages["verdict_by_distance"] == "reached")
    return np.asarray(simulated & ~(safe & (villages["borderline"] == 0)).to_numpy(bool))


def level_column(operator: str) -> str:
    """Give the column of an operator's simulated level at a point."""
    return f"dbm_{operator.lower()}"


def terrain_summary(context: RunContext, villages: pd.DataFrame, simulation: ReachSimulation) -> dict[str, Any]:
    """Count what the verdicts rest on and where distance would say otherwise."""
    evidence = villages.loc[villages["verdict"] != "cannot_tell", "evidence"].value_counts().sort_index()
    return {
        "evidence": context["evidence"],
        "propagation": context["propagation"],
        "max_range_m": simulation.now.max_range_m,
        "step_m": round(simulation.step_m, 2),
        "sectors": len(simulation.now.sectors),
        "by_evidence": {str(name): int(count) for name, count in evidence.items()},
        "reached_by_distance_alone": len(_hidden(villages)),
        "reached_by_simulation_alone": len(_gained(villages)),
        "cannot_tell_for_terrain": int((villages["reason"] == "no_terrain").sum()),
        "cannot_tell_for_stations": int((villages["reason"] == "station_not_simulated").sum()),
        "depends_on_range": int(villages["depends_on_range"].sum()),
        "stations_not_simulated": len(simulation.not_simulated),
    }


def terrain_cautions(simulation: ReachSimulation) -> list[Text]:
    """Say what the simulation leaves open."""
    said = [*simulation.now.cautions, *simulation.land_checks.cautions(alone=simulation.simulated.alone)]
    unable = simulation.not_simulated
    unable = int((unable["reason"].isin(UNABLE) & (unable["phase"] == "now")).sum())
    if unable:
        what = (
            Text(
                f"距其 {simulation.now.max_range_m / 1000:g} km 以内、没有其他依据判为通达的关键点无法判定",
                f"key points within {simulation.now.max_range_m / 1000:g} km that nothing else says are reached cannot be told",
            )
            if simulation.simulated.alone
            else Text("改按覆盖半径推断，并计入判定依据", "they speak by their radius, and the evidence says so")
        )
        said.append(
            Text(
                f"{unable} 个在用基站不能仿真（频段或挂高超出范围），{what.zh}。名单见报告。",
                f"{unable} stations in service cannot be simulated (band or height out of bounds): {what.en}. The report lists them.",
            )
        )
    beyond = int((simulation.located & ~simulation.simulated.now.ground).sum())
    if beyond:
        what = (
            Text("无法判定（有实测的除外）", "cannot be told, unless measured")
            if simulation.simulated.alone
            else Text("按距离推断", "are decided by distance")
        )
        said.append(
            Text(
                f"{beyond} 个关键点在高程数据范围外或空洞处，{what.zh}。",
                f"{beyond} key points lie outside of the elevation data or in voids: they {what.en}.",
            )
        )
    if len(simulation.later.sectors):
        said.append(
            Text(
                f"规划后结论另计 {len(simulation.later.sectors)} 个规划、在建扇区，缺项同样取预设。",
                f"After the plan {len(simulation.later.sectors)} planned sectors count as well; what they lack takes presets too.",
            )
        )
    return said


def difference_sentence(summary: dict[str, Any]) -> Text:
    """Say on how many villages simulation and distance differ, and how many verdicts rest on what."""
    counted = [(EVIDENCE_LABELS[name], count) for name, count in summary["by_evidence"].items()]
    zh = "、".join(f"{label.zh} {count} 个" for label, count in counted)
    en = ", ".join(f"{label.en.lower()} {count}" for label, count in counted)
    hidden, gained = summary["reached_by_distance_alone"], summary["reached_by_simulation_alone"]
    model = next(item.label for item in MODEL.choices if item.value == summary["propagation"])
    step = summary["step_m"]
    return Text(
        f"已判定的村按依据：{zh}（仿真模型：{model.zh}，剖面步长 {step:.1f} m）。按距离通达而仿真未通达 {hidden} 个，按距离未通达而仿真通达 {gained} 个，见下文。",
        f"Villages judged, by evidence: {en} (model: {model.en}, steps of {step:.1f} m). Distance says {hidden} are reached that simulation says are not, and {gained} the other way "
        "round; see below.",
    )


def terrain_sections(villages: pd.DataFrame, simulation: ReachSimulation, threshold_dbm: float) -> list[Section]:
    """List the villages on which simulation and distance differ, with station and obstacle."""
    hidden, gained = _hidden(villages), _gained(villages)
    headings = [RESULT_LABELS[key] for key in _COLUMNS]
    return [
        Section(
            Text(
                "按距离通达、仿真未通达的行政村", "Villages that distance says are reached and simulation says are not"
            ),
            [
                Text(
                    f"共 {len(hidden)} 个。达标电平 {threshold_dbm:g} dBm（与实测相同）。基站为最接近达标的运营商在决定性关键点处电平最高的基站，"
                    "主要障碍为该路径上影响最大的一处。",
                    f"{len(hidden)} villages. A point counts as covered from {threshold_dbm:g} dBm, as a measured one does. The station is "
                    "the one that the deciding point receives best, of the operator that comes closest; the obstacle is the one that "
                    "matters most on its path.",
                )
            ],
            headings=[*headings, _WHY],
            rows=[[*_cells(row), _why(row)] for row in _by_margin(hidden)],
        ),
        Section(
            Text("按距离未通达、仿真通达的行政村", "Villages that simulation says are reached and distance does not"),
            [
                Text(
                    f"共 {len(gained)} 个：基站在覆盖半径以外，但遮挡少，仿真电平达标。签字前宜实测。",
                    f"{len(gained)} villages: the station stands beyond its radius, yet little is in the way and the simulated level is "
                    "enough. They deserve a test before you sign.",
                )
            ],
            headings=[*headings, RESULT_LABELS["evidence"]],
            rows=[[*_cells(row), shown("evidence", row["evidence"])] for row in _by_margin(gained)],
        ),
        *_not_simulated(simulation),
        simulation.now.section,
    ]


def _not_simulated(simulation: ReachSimulation) -> list[Section]:
    """List the stations that were left out, each with its reason."""
    table = simulation.not_simulated
    if not len(table):
        return []
    cut = Text(f"仅列前 {_MOST_ROWS} 个。", f"The first {_MOST_ROWS} are listed.")
    return [
        Section(
            Text("未参与仿真的基站", "Stations that are not simulated"),
            [Text(f"共 {len(table)} 个。", f"{len(table)} stations."), *([cut] if len(table) > _MOST_ROWS else [])],
            headings=[
                Text("基站编号", "Station"),
                RESULT_LABELS["operator"],
                Text("频段（MHz）", "Band (MHz)"),
                Text("挂高（m）", "Height (m)"),
                Text("阶段", "Phase"),
                Text("原因", "Reason"),
            ],
            rows=[
                [
                    plain(row["station_id"]),
                    shown("operators_with_data", row["operator"]),
                    plain(row["band_mhz"]),
                    plain(row["antenna_height_m"]),
                    Text("在用", "In service") if row["phase"] == "now" else Text("在建或规划", "To come"),
                    LEFT_OUT[row["reason"]],
                ]
                for row in table.head(_MOST_ROWS).to_dict("records")
            ],
        )
    ]


def _by_margin(villages: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = villages.sort_values(["margin_db", "village_code"]).to_dict("records")
    return rows


def _cells(row: dict[str, Any]) -> list[Cell]:
    return [shown(key, row[key]) for key in _COLUMNS]


def _why(row: dict[str, Any]) -> Text:
    """Say what stands in the way."""
    away, height, above = (row[name] for name in OBSTRUCTION)
    if pd.isna(row["simulated_dbm"]):
        return Text("最大距离内没有能收到的基站", "No station within the range is received")
    if pd.isna(away):
        return Text("无遮挡，电平不足因距离和功率", "Nothing: too far or too weak")
    if above > 0:
        return Text(
            f"距关键点 {away:,.0f} m 处地面高 {height:,.0f} m，高出视线 {above:,.0f} m",
            f"{away:,.0f} m from the point the ground is {height:,.0f} m high, {above:,.0f} m above the line of sight",
        )
    return Text(
        f"通视；距关键点 {away:,.0f} m 处地面高 {height:,.0f} m，侵入 0.6 倍第一菲涅尔区",
        f"In sight; {away:,.0f} m from the point the ground, {height:,.0f} m high, reaches into 0.6 of the first Fresnel zone",
    )


def _hidden(villages: pd.DataFrame) -> pd.DataFrame:
    return villages[(villages["verdict_by_distance"] == "reached") & (villages["verdict"] == "not_reached")]


def _gained(villages: pd.DataFrame) -> pd.DataFrame:
    return villages[(villages["verdict_by_distance"] != "reached") & (villages["verdict"] == "reached")]
