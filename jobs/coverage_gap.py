"""Where the network does not reach: covered and uncovered area of every county or town."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InputError
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="coverage_gap",
    label=Text("覆盖空白分析", "Coverage gaps"),
    help=Text(
        "按县或乡镇求出现有基站覆盖和未覆盖的面，面积按椭球面计算，并统计空白区内的行政村和人口。"
        "距离圆不考虑地形，只表明按所用半径“可能覆盖”的范围。",
        "Gives the covered and the uncovered area of every county or town, geodesic, with the villages and people in the gap. "
        "Distance circles know no terrain: they show where a signal is likely at the radius used.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        RADIUS_M,
        Parameter(
            "by",
            ParameterKind.CHOICE,
            Text("统计单元", "By"),
            Text("按县级或乡级行政区统计。", "County or town level."),
            default="county",
            choices=(Choice("county", Text("县级", "County")), Choice("town", Text("乡级", "Town"))),
        ),
        AS_OF,
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
            "gap_villages",
            OutputKind.LAYER,
            Text("空白区行政村", "Villages in the gaps"),
            "Point",
            "gap_villages",
        ),
        Output("by_unit", OutputKind.TABLE, Text("分单元统计", "By unit")),
        Output("report", OutputKind.REPORT, Text("空白分析报告", "Report")),
    ),
    summary_keys=(
        "units",
        "area_km2",
        "covered_km2",
        "gap_km2",
        "covered_percent",
        "villages_in_gap",
        "people_in_gap",
        "by_unit",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere."""
    return missing_layers(parameters, ("admin_units", "base_stations"))


def run(context: RunContext) -> dict[str, Any]:
    """Read the layers, split every unit into covered and open, write the result."""
    import numpy as np
    import pandas as pd

    from ..analysis.coverage import coverage_of_units
    from ..analysis.data_extent import unit_of_points
    from ..analysis.reach import any_within_own_radius
    from ..layers.store.results import write_layer, write_table
    from ._gap_report import LABELS, known_sum, table_words, unit_table, write_gap_report
    from ._rules import radius_section
    from ._stations import read_stations
    from ._tables import read_rows, read_units

    context.progress(0.02, Text("读取图层", "Reading the layers"))
    units = read_units(context, context["by"], ["code", "name"])
    if units is None or not len(units):
        raise no_units(context["by"])
    stations = read_stations(context)
    villages = read_rows(
        context, "villages", ["village_code", "village_name", "population", "households"], optional=True
    )
    table = stations.table
    now = table[(table["phase"] == "now") & table["radius_m"].notna()]
    lon, lat, radius = (now[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m"))

    split = coverage_of_units(
        list(units.geometry),
        lon,
        lat,
        radius,
        checkpoint=context.part(0.1, 0.75, Text("求覆盖与空白", "Splitting covered from open")),
    )
    village_lon, village_lat = villages["lon"].to_numpy(np.float64), villages["lat"].to_numpy(np.float64)
    covered = any_within_own_radius(village_lon, village_lat, lon, lat, radius)
    unit_of_village = unit_of_points(village_lon, village_lat, units.geometry)
    speaking = table[table["speaks"]]
    unit_of_station = unit_of_points(
        speaking["lon"].to_numpy(np.float64), speaking["lat"].to_numpy(np.float64), units.geometry
    )
    located = ~np.isnan(village_lon) & ~np.isnan(village_lat)
    open_rows = located & ~covered & (unit_of_village >= 0)
    in_gap = villages[open_rows].assign(unit=unit_of_village[open_rows])

    context.progress(0.85, Text("写出结果", "Writing the result"))
    rows = unit_table(units.columns, split, in_gap, np.unique(unit_of_station[unit_of_station >= 0]))
    for name, shapes in (("coverage_gap", split.gap), ("coverage_covered", split.covered)):
        path = context.output(name, "result.gpkg")
        there = np.array([shape is not None for shape in shapes], dtype=bool)
        write_layer(path, name, rows[there], np.array(shapes, dtype=object)[there], "MultiPolygon", aliases=LABELS)
    path = context.output("gap_villages", "result.gpkg")
    of_unit = rows[["unit_code", "evidence"]].iloc[in_gap["unit"]].reset_index(drop=True)
    in_gap = in_gap.reset_index(drop=True).assign(**of_unit)
    place = (in_gap["lon"].to_numpy(np.float64), in_gap["lat"].to_numpy(np.float64))
    write_layer(path, "gap_villages", in_gap.drop(columns=["unit", "lon", "lat"]), place, "Point", aliases=LABELS)
    write_table(context.output("by_unit", "by_unit.csv"), table_words(rows), LABELS)

    cautions = list(stations.cautions)
    unplaced = int((~located).sum())
    outside = int((located & (unit_of_village < 0)).sum())
    if unplaced or outside:
        cautions.append(
            Text(
                f"{unplaced} 个行政村无坐标、{outside} 个不在任何统计单元内，未计入空白区村数。",
                f"{unplaced} villages have no coordinates and {outside} lie in no unit; they are not counted.",
            )
        )
    summary = {
        "technology": context["technology"],
        "units": len(rows),
        "units_without_data": int((rows["evidence"] == "none").sum()),
        "area_km2": round(float(rows["area_km2"].sum()), 4),
        "covered_km2": round(float(rows["covered_km2"].sum()), 4),
        "gap_km2": round(float(rows["gap_km2"].sum()), 4),
        "covered_percent": round(100 * float(rows["covered_km2"].sum() / rows["area_km2"].sum()), 2),
        "villages_in_gap": len(in_gap),
        "villages_without_data": int((in_gap["evidence"] == "none").sum()),
        "people_in_gap": known_sum(in_gap["population"]),
        "villages_without_population": int(in_gap["population"].isna().sum()),
        "radius_m": context["radius_m"],
        "stations": len(now),
        "by_unit": rows.astype(object).where(pd.notna(rows), None).to_dict("records"),
    }
    sections = [radius_section(stations.presets)] if stations.presets else []
    write_gap_report(context.output("report", "report.html"), summary, rows, sections, cautions)
    for caution in cautions:
        context.notice(caution)
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
