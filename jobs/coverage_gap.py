"""Where the network does not reach: covered and uncovered area of every county or town."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
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
