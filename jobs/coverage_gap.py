"""Where the network does not reach: covered and uncovered area of every county or town."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InputError
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .coverage.parameters import BY, RESOLUTION_M, SCHEDULER, dem_faults, scheduler_faults
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="coverage_gap",
    label=Text("覆盖空白分析", "Coverage gaps"),
    help=Text(
        "按县或乡镇求出现有基站覆盖和未覆盖的面，面积按椭球面计算，并统计空白区内的行政村和人口。"
        "按距离判定不考虑地形，只表明按所用半径“可能覆盖”的范围；按地形仿真逐格计算电平。所在县没有该制式已入网基站的单元（规划、在建、退网的不算）、缺高程处和未能仿真的基站周围，单列为无法判定，不计为空白。",
        "Gives the covered and the uncovered area of every county or town, geodesic, with the villages and people in the gap. "
        "Distance circles know no terrain: they show where a signal is likely at the radius used. Simulated on terrain, levels are "
        "computed cell by cell. Units in whose county no station of the technology is in service (planned and retired ones do not count), places without elevation data and those around stations that cannot be "
        "simulated stand apart as what cannot be told; they are no gap.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        RADIUS_M,
        Parameter(
            "evidence",
            ParameterKind.CHOICE,
            Text("判定依据", "Evidence"),
            Text(
                "距离：按覆盖半径，不考虑地形。地形仿真：按高程数据逐格计算电平，须指定高程数据。",
                "Distance: by radius, without terrain. Simulated: levels cell by cell on elevation data, which must be stated.",
            ),
            default="distance",
            choices=(
                Choice("distance", Text("距离", "Distance")),
                Choice("simulated", Text("地形仿真", "Simulated on terrain")),
            ),
        ),
        *SIMULATION[:2],
        BY,
        AS_OF,
        replace(RESOLUTION_M, advanced=True),
        *SIMULATION[2:],
        SCHEDULER,
        OWN_PACKS,
        layer_parameter("admin_units", FROM_WORKSPACE),
        layer_parameter("base_stations", FROM_WORKSPACE),
        layer_parameter("villages", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "coverage_gap",
            OutputKind.LAYER,
            Text("覆盖空白", "Coverage gaps"),
            "MultiPolygon",
            "coverage_gap",
        ),
        Output(
            "coverage_covered",
            OutputKind.LAYER,
            Text("已覆盖范围", "Covered area"),
            "MultiPolygon",
            "coverage_covered",
        ),
        Output(
            "coverage_unknown",
            OutputKind.LAYER,
            Text("无法判定", "Cannot tell"),
            "MultiPolygon",
            "coverage_unknown",
            optional=True,
        ),
        Output(
            "gap_villages",
            OutputKind.LAYER,
            Text("空白区行政村", "Villages in the gaps"),
            "Point",
            "gap_villages",
        ),
        Output(
            "unknown_villages",
            OutputKind.LAYER,
            Text("无法判定的行政村", "Villages that cannot be told"),
            "Point",
            "unknown_villages",
            optional=True,
        ),
        Output("by_unit", OutputKind.TABLE, Text("分单元统计", "By unit")),
        Output("report", OutputKind.REPORT, Text("空白分析报告", "Report")),
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
        "villages_in_gap",
        "villages_cannot_tell",
        "people_in_gap",
        "evidence",
        "by_unit",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere, no terrain, no address."""
    simulated = dem_faults(parameters) if parameters.get("evidence") == "simulated" else []
    return [
        *missing_layers(parameters, ("admin_units", "base_stations")),
        *simulated,
        *scheduler_faults(parameters),
    ]


def run(context: RunContext) -> dict[str, Any]:
    """Read the layers, split every unit into covered and open, write the result."""
    import numpy as np
    import pandas as pd

    from ..analysis.data_extent import unit_of_points
    from ..layers.store.results import write_layer, write_table
    from .coverage.gap_report import (
        LABELS,
        known_sum,
        shares_of,
        table_words,
        unit_table,
        with_villages,
        write_gap_report,
    )
    from .coverage.gap_split import by_distance, by_simulation
    from .shared.rules import cautioned, marked
    from .shared.stations import read_stations
    from .shared.tables import read_rows, read_units

    context.progress(0.02, Text("读取图层", "Reading the layers"))
    units = read_units(context, context["by"], ["code", "name"])
    if units is None or not len(units):
        raise no_units(context["by"])
    is_simulated = context["evidence"] == "simulated"
    stations = read_stations(context, radii=not is_simulated)
    villages = read_rows(
        context, "villages", ["village_code", "village_name", "population", "households"], optional=True
    )
    village_lon, village_lat = villages["lon"].to_numpy(np.float64), villages["lat"].to_numpy(np.float64)
    split = (by_simulation if is_simulated else by_distance)(
        context, list(units.geometry), units.columns["code"].tolist(), stations, village_lon, village_lat
    )
    unit_of_village = unit_of_points(village_lon, village_lat, units.geometry)
    silent = split.village_in_gap & ~np.append(split.has_records, True)[unit_of_village]  # in no unit: the last
    located = ~np.isnan(village_lon) & ~np.isnan(village_lat)
    counted = located & (unit_of_village >= 0)
    in_gap, untold = (
        villages[counted & chosen].assign(unit=unit_of_village[counted & chosen])
        for chosen in (split.village_in_gap & ~silent, split.village_untold | silent)
    )

    context.progress(0.93, Text("写出结果", "Writing the result"))
    rows = unit_table(units.columns, split.areas, split.has_records, context["evidence"])
    rows = with_villages(rows, in_gap, untold, split.method)
    told = marked(rows, context.rules)
    path = context.folder / "result.gpkg"
    for name, shapes, is_optional in (
        ("coverage_gap", split.gap, False),
        ("coverage_covered", split.covered, False),
        ("coverage_unknown", split.unknown, True),
    ):
        there = np.array([shape is not None for shape in shapes], dtype=bool)
        if there.any() or not is_optional:
            context.output(name, path.name)
            write_layer(path, name, told[there], np.array(shapes, dtype=object)[there], "MultiPolygon", aliases=LABELS)
    for name, chosen in (("gap_villages", in_gap), ("unknown_villages", untold)):
        if len(chosen) or name == "gap_villages":
            context.output(name, path.name)
            of_unit = told[["unit_code", "evidence", "unverified"]].iloc[chosen["unit"]].reset_index(drop=True)
            listed = chosen.reset_index(drop=True).assign(**of_unit)
            place = (listed["lon"].to_numpy(np.float64), listed["lat"].to_numpy(np.float64))
            write_layer(path, name, listed.drop(columns=["unit", "lon", "lat"]), place, "Point", aliases=LABELS)
    write_table(context.output("by_unit", "by_unit.csv"), cautioned(table_words(rows), context.rules), LABELS)

    cautions = [*split.cautions, *stations.cautions]
    unplaced = int((~located).sum())
    outside = int((located & (unit_of_village < 0)).sum())
    if unplaced or outside:
        cautions.append(
            Text(
                f"{unplaced} 个行政村无坐标、{outside} 个不在任何统计单元内，未计入空白区村数。",
                f"{unplaced} villages have no coordinates and {outside} lie in no unit; they are not counted.",
            )
        )
    covered, gap = float(rows["covered_km2"].sum()), float(rows["gap_km2"].sum())
    summary = {
        "technology": context["technology"],
        "evidence": context["evidence"],
        "units": len(rows),
        "units_without_data": int((rows["evidence"] == "none").sum()),
        "area_km2": round(float(rows["area_km2"].sum()), 4),
        "covered_km2": round(covered, 4),
        "gap_km2": round(gap, 4),
        "cannot_tell_km2": round(float(rows["cannot_tell_km2"].sum()), 4),
        **shares_of(rows),
        "villages_in_gap": len(in_gap),
        "villages_cannot_tell": len(untold),
        "villages_without_data": int((silent & counted).sum()),
        "people_in_gap": known_sum(in_gap["population"]),
        "villages_without_population": int(in_gap["population"].isna().sum()),
        **split.figures,
        "by_unit": rows.astype(object).where(pd.notna(rows), None).to_dict("records"),
    }
    sections = split.sections(summary)
    write_gap_report(context.output("report", "report.html"), summary, rows, sections, cautions)
    for caution in cautions:
        context.notice(caution)
    split.done()
    return summary


def no_units(level: str) -> InputError:
    """Say that the layer of administrative units has no polygon of the level."""
    label = next(choice.label for choice in JOB.parameter("by").choices if choice.value == level)
    return InputError(
        Text("行政区图层中没有{level}单元。", "The layer of administrative units has none of {level} level.").filled(
            level=label
        ),
        Text(
            "请导入带“级别”字段的行政区面，或换一个统计单元。",
            "Import administrative polygons with a level field, or choose another unit.",
        ),
    )
