"""What a planner states for a raster of levels. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import Fault
from ...text import Text
from ..declaration import Choice, Parameter, ParameterKind
from ..radio.parameters import DEM

BY = Parameter(
    "by",
    ParameterKind.CHOICE,
    Text("统计单元", "By"),
    Text("按县级或乡级行政区统计。", "County or town level."),
    default="county",
    choices=(Choice("county", Text("县级", "County")), Choice("town", Text("乡级", "Town"))),
)

RESOLUTION_M = Parameter(
    "resolution_m",
    ParameterKind.REAL,
    Text("格网分辨率", "Cell size"),
    Text(
        "仿真格网的边长；不必小于高程数据的像元。",
        "Side of a simulated cell; smaller than the pixels of the elevation data is of no use.",
    ),
    default=30,
    unit="m",
    minimum=5,
    maximum=5000,
)

SCHEDULER = Parameter(
    "scheduler",
    ParameterKind.TEXT,
    Text("计算位置", "Compute on"),
    Text(
        "local：本机全部核心。tcp://主机:端口：dask.distributed 集群，结果逐字节相同；各机器须装同一版本，地形随任务发送，集群上不需要数据文件。",
        "local: all cores of this machine. tcp://HOST:PORT: a dask.distributed cluster, with the same bytes as result; its machines need "
        "the same version, and the terrain travels with the tasks, so no data there.",
    ),
    default="local",
    advanced=True,
)


def scheduler_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Say what is wrong with the address of a cluster."""
    stated = parameters.get("scheduler") or "local"
    if stated == "local" or _is_address(str(stated)):
        return []
    return [
        Fault(
            Text(f"“计算位置”应为 local 或 tcp://主机:端口，实际为“{stated}”。",
                 f"--scheduler must be local or tcp://HOST:PORT, not “{stated}”."),
            Text("例如 tcp://192.0.2.10:8786。", "For example tcp://192.0.2.10:8786."),
            field="scheduler",
            value=str(stated),
        )
    ]  # fmt: skip


def _is_address(stated: str) -> bool:
    scheme, mark, rest = stated.partition("://")
    host, colon, port = rest.rpartition(":")
    return bool(scheme in ("tcp", "tls") and mark and host and colon and port.isdigit() and 0 < int(port) < 65536)


def dem_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Say that a simulation needs elevation data."""
    if parameters.get("dem"):
        return []
    return [
        Fault(
            Text("没有指定高程数据，不能仿真。", "No elevation data were stated: nothing can be simulated."),
            Text(f"请填写“{DEM.label.zh}”（{DEM.option}）。", f"State “{DEM.label.en}” ({DEM.option})."),
            field="dem",
        )
    ]
