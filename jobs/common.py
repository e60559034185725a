"""Parameters that several jobs share. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Fault
from ..layers.specs import SPECS
from ..text import Text
from .declaration import Choice, Parameter, ParameterKind

WORKSPACE = Parameter(
    "workspace",
    ParameterKind.WORKSPACE,
    Text("规划工作区", "Planning workspace"),
    Text(
        "已导入数据的规划工作区；未单独指定的图层从中读取。",
        "The planning workspace with the imported data; layers that are not given one by one are read from it.",
    ),
)

TECHNOLOGY = Parameter(
    "technology",
    ParameterKind.CHOICE,
    Text("网络制式", "Technology"),
    Text("判定所用的网络制式。", "The network that is judged."),
    default="5G",
    choices=(Choice("5G", Text("5G", "5G")), Choice("4G", Text("4G", "4G"))),
)

RADIUS_M = Parameter(
    "radius_m",
    ParameterKind.REAL,
    Text("统一覆盖半径", "One radius for all stations"),
    Text(
        "留空时按频段和天线挂高取预设半径（未经核实的预设，可在规则包中修改）。",
        "Empty: the radius follows band and antenna height (presets that nobody has verified; edit them in the rule pack).",
    ),
    unit="m",
    minimum=1,
    maximum=100_000,
)

AS_OF = Parameter(
    "as_of",
    ParameterKind.DATE,
    Text("截止日期", "As of"),
    Text(
        "只计入该日及以前入网的基站和测试记录；留空则不限。",
        "Only stations in service and measurements made by that day count; empty means all.",
    ),
)


def layer_parameter(name: str, help_text: Text) -> Parameter:
    """Declare an input layer that, left empty, is read from the workspace."""
    return Parameter(name, ParameterKind.LAYER, SPECS[name].label, help_text, layer=name, advanced=True)


FROM_WORKSPACE = Text("留空则读取工作区中的图层。", "Empty: the layer of the workspace.")


def missing_layers(parameters: Mapping[str, Any], needed: tuple[str, ...]) -> list[Fault]:
    """Say which layers come from nowhere: neither given one by one nor in a workspace."""
    if parameters.get("workspace"):
        return []
    return [
        Fault(
            Text("没有指定图层“{label}”。", "No layer “{label}” was given.").filled(label=SPECS[name].label),
            Text("请选择规划工作区，或直接指定该图层。", "Choose a planning workspace, or give this layer."),
            field=name,
        )
        for name in needed
        if not parameters.get(name)
    ]
