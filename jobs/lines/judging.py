"""Judge roads and railways: exactly by distance, or by simulated levels at samples along them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.data_extent import data_box, unit_of_points
from ...analysis.lines import (
    NOWHERE,
    Stretches,
    Verdicts,
    beside_changes,
    by_distance,
    county_stretches,
    covered_stretches,
    divided,
    filled,
    sample_lines,
)
from ...analysis.lines.cover import Covered
from ...analysis.lines.verdicts import TUNNEL
from ...analysis.point_evidence import has_code
from ...analysis.village_verdict import UNKNOWN
from ...engine.context import RunContext
from ...layers.codes import BASIC_OPERATORS
from ...rules.pack import Pack, Rule
from ...text import Text
from ..reach.simulation import ReachSimulation
from ..shared.packs import cite
from ..shared.stations import Stations
from .roads import Roads
from .sampling import Sampling, thresholds_of, worth_simulating


class Judged(NamedTuple):
    """What one technology gives to roads.

    Attributes
    ----------
    verdicts : Verdicts
        In tunnels nothing can be told.
    simulation : ReachSimulation or None
        What levels rest on.
    threshold_dbm : float or None
        Level from which a sample counts as covered.
    samples : int
        How many places were simulated.
    finest_m : float
        Largest distance of two samples where the state changes.
    beyond_km : float
        Length of the cells whose ground the elevation data do not know.
    """

    verdicts: Verdicts
    simulation: ReachSimulation | None = None
    threshold_dbm: float | None = None
    samples: int = 0
    finest_m: float = 0.0
    beyond_km: float = 0.0


def sample_step(context: RunContext, pack: Pack) -> tuple[float, Rule | None]:
    """Give the step of samples in metres: as stated, or by the rule, which is given too."""
    stated = context.parameters.get("sample_m")
    if stated is not None:
        return float(stated), None
    rule = pack.rule("road.sample_step")
    return float(rule.value), rule


def simulates(context: RunContext) -> bool:
    """Tell whether a run simulates levels: it has elevation data, and its evidence is not distance alone."""
    return bool(context["dem"]) and context["evidence"] != "distance"


def judge_roads(
    context: RunContext,
    roads: Roads,
    stations: Stations,
    counties: npt.NDArray[np.object_],
    step_m: float,
    wanted: Stretches,
    *,
    reach: Pack,
    roads_pack: Pack,
    share: tuple[float, float],
) -> Judged:
    """Judge roads for the technology of a run.

    Parameters
    ----------
    context : RunContext
        Of a job with the parameters technology, evidence and `radio.parameters.SIMULATION`.
    stations : Stations
    counties : numpy.ndarray of shapely polygons, shape (c,)
    step_m : float
        Largest distance of two samples.
    wanted : Stretches
        1 where the verdict matters, else 0: elsewhere nothing is simulated.
    reach, roads_pack : Pack
        The packs ``village_reach``, which says from which level a place counts as covered, and ``frontier-roads``, which
        says how much finer samples are where the state changes.
    share : tuple of float
        Where the simulation begins and ends in the progress of the job, 0 to 1.
    """
    lines = roads.lines
    table = stations.table
    now, later = (_covered(roads, table, phase) for phase in ("now", "later"))
    exact = by_distance(lines, now, later, _with_data(roads, table, counties))
    if not simulates(context):
        return Judged(_without_tunnels(roads, exact))
    level = reach.rule(f"measured.level_{context['technology'].lower()}")
    refine = roads_pack.rule("road.sample_refine")
    cite(context, [level, refine])
    times = max(1, int(refine.value))
    run = Sampling(context, roads, stations, counties, thresholds_of(context, reach, level))
    samples = sample_lines(lines, step_m)
    coarse = run.simulated(samples, worth_simulating(roads, samples, wanted), share)
    change = beside_changes(samples, coarse.states) & coarse.simulated
    finer, origin = divided(lines, samples, change, times)
    done = run.refined(coarse, finer, origin, change, (share[1], share[1]))
    length = finer.to_m - finer.from_m
    beyond = done.simulated & ~done.levels.now.ground
    return Judged(
        _without_tunnels(roads, filled(lines, done.verdicts, done.by_distance, exact)),
        coarse.simulation,
        float(level.value),
        int(done.simulated.sum()),
        step_m / times,
        float(length[beyond].sum()) / 1000,
    )


def _covered(roads: Roads, table: pd.DataFrame, phase: str) -> Covered:
    own = table[(table["phase"] == phase) & table[["radius_m", "lon", "lat"]].notna().all(axis=1)]
    return covered_stretches(roads.lines, *(own[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m")))


def _with_data(roads: Roads, table: pd.DataFrame, counties: npt.NDArray[np.object_]) -> Stretches:
    """Tell where some operator has data: as `village_reach.data_extent` tells it of points; in no county nobody has."""
    speaking = table[table["speaks"].to_numpy(bool)]
    if len(counties):
        place = (speaking["lon"].to_numpy(np.float64), speaking["lat"].to_numpy(np.float64))
        unit = unit_of_points(*place, counties)
        known = np.zeros(len(counties) + 1, dtype=bool)  # the last one is `NOWHERE`
        known[unit[unit >= 0]] = True
        return roads.county._replace(value=known[roads.county.value].astype(np.int64))
    boxes = []
    for operator in BASIC_OPERATORS:
        own = has_code(speaking, "operator", operator)
        reach_m = speaking["radius_m"].to_numpy(np.float64)[own]
        lon, lat = (speaking[name].to_numpy(np.float64)[own] for name in ("lon", "lat"))
        if np.isfinite(reach_m).any() and np.isfinite(lon).any():
            boxes.append(shapely.box(*data_box(lon, lat, float(np.nanmax(reach_m)))))
    found = county_stretches(roads.lines, boxes)
    return found._replace(value=(found.value != NOWHERE).astype(np.int64))


def _without_tunnels(roads: Roads, verdicts: Verdicts) -> Verdicts:
    """Leave tunnels open: what is received outdoors says nothing of the inside."""
    if not roads.tunnel.any():
        return verdicts
    whole = county_stretches(roads.lines, [])  # every line in one piece, save for its jumps
    inside = whole._replace(value=roads.tunnel[whole.line].astype(np.int64))
    dark = Verdicts(whole._replace(value=np.zeros_like(whole.value)), np.array([[UNKNOWN, UNKNOWN, 0, TUNNEL]]))
    return filled(roads.lines, verdicts, inside, dark)


def judging_cautions(context: RunContext, judged: Judged, stations: Stations, step_m: float) -> list[Text]:
    """Say what the verdicts rest on and what they leave open."""
    if judged.simulation is None:
        return list(stations.cautions)
    from ..reach.levels import UNABLE

    simulation, alone = judged.simulation, context["evidence"] == "simulated"
    said = [
        Text(
            f"沿线每 {step_m:g} m 取一个样点仿真，状态变化处加密到 {judged.finest_m:.1f} m，共 {judged.samples:,} 个样点。每个样点代表前后各半个间距，"
            f"状态的分界落在两个样点正中；两个样点之间、短于 {step_m:g} m 的变化可能漏计。",
            f"Levels are simulated at samples of {step_m:g} m, of {judged.finest_m:.1f} m where the state changes, {judged.samples:,} in all. Each "
            "speaks for half a step each side, so a change of state lies midway between two samples; what changes and changes back "
            f"within {step_m:g} m may be missed.",
        ),
        *simulation.now.cautions,
        *simulation.land_checks.cautions(alone=alone),
    ]
    unable = int((simulation.not_simulated["reason"].isin(UNABLE) & (simulation.not_simulated["phase"] == "now")).sum())
    if unable:
        then = (
            Text(
                "其最大距离以内别无依据判为已覆盖的路段无法判定",
                "what nothing else covers within their range cannot be told",
            )
            if alone
            else Text("改按覆盖半径推断，并计入判定依据", "they speak by their radius, and the evidence says so")
        )
        said.append(
            Text(
                f"{unable} 个在用基站不能仿真（频段或挂高超出范围），{then.zh}。",
                f"{unable} stations in service cannot be simulated (band or height out of bounds): {then.en}.",
            )
        )
    if judged.beyond_km:
        then = Text("无法判定", "cannot be told") if alone else Text("按距离推断", "are decided by distance")
        said.append(
            Text(
                f"{judged.beyond_km:,.1f} km 本身在高程数据范围外或空洞处，{then.zh}。",
                f"{judged.beyond_km:,.1f} km lie outside of the elevation data or in voids: they {then.en}.",
            )
        )
    return [*said, *([] if alone else stations.cautions)]


def figures(judged: Judged, step_m: float) -> dict[str, Any]:
    """Give what a summary says of the simulation; nothing where there was none."""
    if judged.simulation is None:
        return {}
    return {
        "sample_m": step_m,
        "samples": judged.samples,
        "threshold_dbm": judged.threshold_dbm,
        "max_range_m": judged.simulation.now.max_range_m,
        "sectors": len(judged.simulation.now.sectors),
        "beyond_terrain_km": round(judged.beyond_km, 3),
    }
