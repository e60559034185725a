"""Which villages a network reaches, by what evidence, and which after the plan is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .declaration import Job, Output, OutputKind

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="village_reach",
    label=Text("行政村网络通达判定", "Village reach"),
    help=Text(
        "逐村判定 5G 是否通达（至少一家运营商信号覆盖村委会、学校和卫生室）或 4G 是否覆盖（村委会 5 公里内有基站，"
        "或各关键点及 20 户以上居民点均有信号）。结论分三态：通达、未通达、无法判定；依据为实测优先于距离推断，并注明所用规则。",
        "Judges village by village whether 5G reaches it (the signal of at least one operator covers village committee, school "
        "and clinic) or 4G covers it (a station within 5 km of the committee, or signal at every key point and settlement of 20 "
        "households). A verdict is reached, not reached or cannot tell; measured evidence goes before distance, and the rule is named.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        RADIUS_M,
        AS_OF,
        layer_parameter("villages", FROM_WORKSPACE),
        layer_parameter("key_points", FROM_WORKSPACE),
        layer_parameter("settlements", FROM_WORKSPACE),
        layer_parameter("base_stations", FROM_WORKSPACE),
        layer_parameter("measurements", FROM_WORKSPACE),
        layer_parameter("admin_units", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "village_reach",
            OutputKind.LAYER,
            Text("行政村通达判定", "Village reach"),
            "Point",
            "village_reach",
            "verdict",
        ),
        Output(
            "key_point_reach",
            OutputKind.LAYER,
            Text("关键点覆盖明细", "Key points in detail"),
            "Point",
            "key_point_reach",
            "verdict",
        ),
        Output("by_county", OutputKind.TABLE, Text("分县统计", "By county")),
        Output("report", OutputKind.REPORT, Text("判定报告", "Report")),
    ),
    summary_keys=(
        "villages",
        "reached",
        "not_reached",
        "cannot_tell",
        "borderline",
        "rate_percent",
        "by_county",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere."""
    return missing_layers(parameters, ("villages", "base_stations"))
