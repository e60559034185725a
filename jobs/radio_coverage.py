"""Where a signal is received and how strong it is, simulated on terrain cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InputError
from ..layers.codes import BASIC_OPERATORS, OPERATORS
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .coverage.parameters import BY, RESOLUTION_M, SCHEDULER, dem_faults, scheduler_faults
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

_POLYGONS = (
    ("radio_covered", Text("已覆盖范围（仿真）", "Covered area (simulated)")),
    ("radio_gap", Text("覆盖空白（仿真）", "Gaps (simulated)")),
    ("radio_unknown", Text("无法判定", "Cannot tell")),
)

JOB = Job(
    name="radio_coverage",
    label=Text("无线覆盖仿真", "Radio coverage on terrain"),
    help=Text(
        "在高程数据上逐格仿真现有基站的接收电平（RSRP），给出电平、最佳服务扇区、次强电平、达标扇区数栅格，以及各单元已覆盖、"
        "空白和无法判定的范围。高程空洞和范围以外、未能仿真的基站周围、所在县没有该制式已入网基站的单元（规划、在建、退网的不算）一律“无法判定”，不按海平面计算，也不计为空白。中断后重新运行会沿用已算完的分块。",
        "Simulates the level (RSRP) of the existing stations on terrain, cell by cell: rasters of level, best server, second level "
        "and number of servers, and for every unit what is covered, a gap, or cannot be told. Voids and places beyond the elevation "
        "data, the land around stations that cannot be simulated, and units in whose county no station of the technology is in service (planned and retired ones do not "
        "count) cannot be told: nothing is taken as sea level, and they are no gap. A run that was broken off goes on where it was.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        *SIMULATION[:2],
        RESOLUTION_M,
        Parameter(
            "operator",
            ParameterKind.CHOICE,
            Text("运营商", "Operator"),
            Text("只计该运营商的基站；默认计全部基础电信企业。", "Only stations of this operator; by default of all."),
            default="all",
            choices=(
                Choice("all", Text("全部", "All")),
                *(Choice(code.value, code.label) for code in OPERATORS if code.value in BASIC_OPERATORS),
            ),
        ),
        BY,
        AS_OF,
        *SIMULATION[2:],
        SCHEDULER,
        OWN_PACKS,
        layer_parameter(
            "admin_units",
            Text(
                "留空则读取工作区中的图层；没有行政区时，仿真基站周围最大距离以内的矩形范围。",
                "Empty: the layer of the workspace. Without units: the rectangle around the stations and their range.",
            ),
        ),
        layer_parameter("base_stations", FROM_WORKSPACE),
    ),
    outputs=(
        Output("rsrp", OutputKind.RASTER, Text("接收电平 RSRP（dBm）", "Level RSRP (dBm)"), style="rsrp"),
        Output("best_server", OutputKind.RASTER, Text("最佳服务扇区", "Best server"), style="best_server"),
        Output("second_rsrp", OutputKind.RASTER, Text("次强电平（dBm）", "Second level (dBm)"), style="second_rsrp"),
        Output("server_count", OutputKind.RASTER, Text("达标扇区数", "Number of servers"), style="server_count"),
        Output("coverage_state", OutputKind.RASTER, Text("覆盖状态", "Coverage state"), style="coverage_state"),
        *(
            Output(name, OutputKind.LAYER, label, "MultiPolygon", name, optional=name == "radio_unknown")
            for name, label in _POLYGONS
        ),
        Output("servers", OutputKind.TABLE, Text("扇区表", "Sectors")),
        Output("by_unit", OutputKind.TABLE, Text("分单元统计", "By unit")),
        Output("report", OutputKind.REPORT, Text("覆盖仿真报告", "Report")),
    ),
    summary_keys=(
        "units",
        "area_km2",
        "covered_km2",
        "gap_km2",
        "cannot_tell_km2",
        "covered_percent",
        "covered_low_percent",
        "covered_high_percent",
        "borderline_km2",
        "threshold_dbm",
        "resolution_m",
        "cells",
        "sectors",
        "largest_difference_percent",
        "by_unit",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: no stations, no terrain, no address."""
    return [
        *missing_layers(parameters, ("base_stations",)),
        *dem_faults(parameters),
        *scheduler_faults(parameters),
    ]


def run(context: RunContext) -> dict[str, Any]:
    """Read stations and units, simulate block by block, write rasters, polygons, tables and the report."""
    import numpy as np
    import pandas as pd

    from ..analysis.point_evidence import has_code
    from ..analysis.radio.tiles import CANNOT_TELL, COVERED, GAP
    from ..layers.store.results import write_layer, write_table
    from .coverage.blocks import simulate
    from .coverage.files import write_rasters
    from .coverage.gap_report import LABELS, SplitAreas, shares_of, table_words, unit_table
    from .coverage.gap_units import gaps_with_records, units_with_records
    from .coverage.report import borderline_rule, class_rule, server_table, threshold_rule, write_coverage_report
    from .coverage.shares import Shares
    from .coverage.units import states_of_units, untold_cells, whole_polygons
    from .coverage.unsimulated import without_false_gaps
    from .radio.inputs import read_radio
    from .radio.report import left_out_cautions
    from .shared.rules import cautioned, marked, validity_cautions
    from .shared.stations import read_stations
    from .shared.tables import read_units

    context.progress(0.01, Text("读取图层", "Reading the layers"))
    units = read_units(context, context["by"], ["code", "name"], optional=True)
    stations = read_stations(context, radii=False)
    if context["operator"] != "all":
        own = has_code(stations.table, "operator", context["operator"])
        stations = stations._replace(table=stations.table[own].reset_index(drop=True))
    radio = read_radio(context, stations)
    if not radio.sectors:
        raise _no_sectors(context, left_out_cautions(radio.left_out))
    if units is not None and len(units):
        names, shapes = units.columns[["code", "name"]], whole_polygons(list(units.geometry))
    else:
        names = pd.DataFrame({"code": [""], "name": ["全部范围 / Whole area"]})
        shapes = whole_polygons([_around(radio)])
    threshold, classes, margin = threshold_rule(context), class_rule(context), borderline_rule(context)
    context.rules += [threshold.cited(), classes.cited(), margin.cited()]

    made = simulate(
        context,
        radio,
        shapes,
        float(threshold.value),
        full=True,
        progress=context.part(0.03, 0.8, Text("逐块仿真电平", "Simulating block by block")),
    )
    if made.reused:
        context.notice(
            Text(
                f"沿用上次中断时已算完的分块 {made.reused} / {made.blocks} 个。",
                f"Blocks taken over from a run that was broken off: {made.reused} of {made.blocks}.",
            )
        )
    table = stations.table
    without_false_gaps(context, made.state, made.grid, radio, table)
    split = states_of_units(
        shapes, made.grid, made.state, context.part(0.8, 0.88, Text("勾绘各单元范围", "Drawing the polygons"))
    )
    has_records = units_with_records(names["code"].tolist(), shapes, table)
    untold_cells(made.state, made.grid, shapes, has_records)
    shares = Shares(made.grid, shapes, has_records, len(radio.sectors), float(threshold.value), float(margin.value))
    write_rasters(context, made, shares, context.part(0.88, 0.97, Text("写出栅格", "Writing the rasters")))

    areas = SplitAreas(split.unit_m2, split.area_m2[COVERED], split.area_m2[GAP], split.area_m2[CANNOT_TELL])
    gap, unknown, areas = gaps_with_records(split.shapes[GAP], split.shapes[CANNOT_TELL], areas, has_records)
    rows = unit_table(names, areas, has_records, "simulated", shares.borderline_m2)
    for (name, _), found in zip(_POLYGONS, (split.shapes[COVERED], gap, unknown)):
        there = np.array([shape is not None for shape in found], dtype=bool)
        if name == "radio_unknown" and not there.any():
            continue
        outlines = np.array(found, dtype=object)[there]
        told = marked(rows[there], context.rules)
        write_layer(context.output(name, "result.gpkg"), name, told, outlines, "MultiPolygon", aliases=LABELS)
    servers = server_table(radio, table, shares.served_m2)
    write_table(context.output("servers", "servers.csv"), *servers)
    write_table(context.output("by_unit", "by_unit.csv"), cautioned(table_words(rows), context.rules), LABELS)

    summary = {
        "technology": context["technology"],
        "operator": context["operator"],
        "evidence": "simulated",
        "units": len(rows),
        "units_without_data": int((rows["evidence"] == "none").sum()),
        "area_km2": round(float(rows["area_km2"].sum()), 4),
        "covered_km2": round(float(rows["covered_km2"].sum()), 4),
        "gap_km2": round(float(rows["gap_km2"].sum()), 4),
        "cannot_tell_km2": round(float(rows["cannot_tell_km2"].sum()), 4),
        **shares_of(rows),
        "borderline_db": float(margin.value),
        "borderline_km2": round(float(shares.borderline_m2.sum()) / 1e6, 4),
        "threshold_dbm": float(threshold.value),
        "rsrp_classes_dbm": [float(bound) for bound in classes.value],
        "resolution_m": context["resolution_m"],
        "max_range_km": radio.max_range_m / 1000,
        "cells": made.grid.rows * made.grid.columns,
        "rows": made.grid.rows,
        "columns": made.grid.columns,
        "sectors": len(radio.sectors),
        "not_simulated": len(radio.not_simulated),
        "largest_difference_percent": round(split.largest_difference_percent(), 6),
        "by_unit": rows.astype(object).where(pd.notna(rows), None).to_dict("records"),
    }
    expired = validity_cautions((threshold, classes, margin), context["as_of"])
    cautions = [*expired, *radio.cautions, *stations.cautions]
    write_coverage_report(context, context.output("report", "report.html"), summary, rows, made, radio, table, cautions)
    for caution in cautions:
        context.notice(caution)
    made.store.remove()
    return summary


def _around(radio: Any) -> Any:
    """Give the rectangle that holds all transmitters and their range."""
    import math

    import shapely

    lon, lat = [sector.lon for sector in radio.sectors], [sector.lat for sector in radio.sectors]
    up = radio.max_range_m / 110_000
    south, north = max(min(lat) - up, -85.0), min(max(lat) + up, 85.0)
    across = up / math.cos(math.radians(max(abs(south), abs(north))))
    return shapely.box(max(min(lon) - across, -180.0), south, min(max(lon) + across, 180.0), north)


def _no_sectors(context: RunContext, cautions: Sequence[Text]) -> InputError:
    who = next(item.label for item in JOB.parameter("operator").choices if item.value == context["operator"])
    technology = context["technology"]
    nothing = Text(
        "没有可仿真的{technology}现有基站（运营商：{who}）。",
        "There is no existing {technology} station to simulate (operator: {who}).",
    ).filled(technology=technology, who=who)
    return InputError(
        Text(
            "".join([nothing.zh, *(why.zh for why in cautions)]), " ".join([nothing.en, *(why.en for why in cautions)])
        ),
        Text(
            "请核对制式、运营商和截止日期，以及基站的坐标与状态。",
            "Check technology, operator and date, and the coordinates and status of the stations.",
        ),
    )
