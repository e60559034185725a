"""What a planner states for control-line conflicts and the land demand. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import Fault
from ...text import Text
from ..common import FROM_WORKSPACE, WORKSPACE, layer_parameter
from ..declaration import Choice, Parameter, ParameterKind
from ..shared.pack_parameters import OWN_PACKS
from .words import LAYER_LABELS, ZONE_LABELS

PLANNED, EXISTING, ALL = "planned", "existing", "all"
STATIONS, TOWERS, NONE = "stations", "towers", "none"

LAYERS = Parameter(
    "layers",
    ParameterKind.CHOICES,
    Text("设施", "Facilities"),
    Text("留空则为工作区中有数据的各类设施。", "Empty: all kinds of which the workspace has rows."),
    choices=tuple(Choice(name, label) for name, label in LAYER_LABELS.items()),
)
PHASE = Parameter(
    "phase",
    ParameterKind.CHOICE,
    Text("建设阶段", "Phase"),
    Text(
        "规划：在建和规划的设施；现状：在用的；全部：两者。已退网的一律不计。",
        "Planned: being built or planned; existing: in use; all: both. What is retired never counts.",
    ),
    default=PLANNED,
    choices=(
        Choice(PLANNED, Text("在建和规划", "Planned")),
        Choice(EXISTING, Text("现状", "Existing")),
        Choice(ALL, Text("全部", "All")),
    ),
)
BUILT_SITES = Parameter(
    "built_sites",
    ParameterKind.CHOICE,
    Text("已建成站址的依据", "What shows that a site is there"),
    Text(
        "规划基站设在已建成的站址上时不新占土地。默认只认同一站址编码、且在规则规定距离内的在用基站；铁塔表中登记为在用的铁塔可另行计入。",
        "A planned station on a site that is there takes no new land. By default a station in use with the same site id and near it (by the "
        "pack) shows it; towers that are registered as in use may count as well.",
    ),
    default=STATIONS,
    choices=(
        Choice(STATIONS, Text("同站址编码的在用基站", "Stations in use on the site")),
        Choice(TOWERS, Text("在用基站或在用铁塔", "Stations or towers in use")),
        Choice(NONE, Text("一律按新占土地", "All take new land")),
    ),
    advanced=True,
)
CONTROL_SOURCE = Parameter(
    "control_source",
    ParameterKind.SOURCE,
    Text("控制线数据", "Control lines"),
    Text(
        "可选。控制线文件、多图层文件（.gdb、.gpkg）或文件夹，按图层名识别种类（如 STBHHX、YJJBNT、YJJBNTBHHX、CZKFBJ、"
        "城市黄线）；认不出的不用，并列出。",
        "Optional. A file, a file of several layers (.gdb, .gpkg) or a folder of control lines; the kind is guessed from the name of the "
        "layer (STBHHX, YJJBNT, YJJBNTBHHX, CZKFBJ, 城市黄线 …). What is not recognised is not used, and told.",
    ),
)
CONTROL_CRS = Parameter(
    "control_crs",
    ParameterKind.TEXT,
    Text("控制线的坐标系", "CRS of the control lines"),
    Text(
        "只用于没有坐标系信息（缺 .prj）的控制线文件，例如 EPSG:4525。",
        "Only for files of control lines that state none (no .prj), for example EPSG:4525.",
    ),
    advanced=True,
)
KIND_SOURCES = tuple(
    Parameter(
        kind,
        ParameterKind.LAYER,
        label,
        Text(
            "可选。由此指定的图层代替工作区中的同类控制线；只需图形，不要求属性。",
            "Optional. Takes the place of such lines of the workspace; it needs shapes, and no attributes.",
        ),
    )
    for kind, label in ZONE_LABELS.items()
)
COMPLETE_KINDS = Parameter(
    "complete_kinds",
    ParameterKind.CHOICES,
    Text("已提供齐全的控制线", "Kinds given in full"),
    Text(
        "声明这几类控制线已提供齐全：没有图斑的县就是确实没有。未声明的，没有数据的县按无法判定处理，不算无冲突。",
        "States that all control lines of these kinds are given: a county without any has none. Of a kind that is not stated here, "
        "facilities in a county without data cannot be told and are not clear.",
    ),
    choices=tuple(Choice(kind, label) for kind, label in ZONE_LABELS.items()),
    advanced=True,
)
FACILITIES = tuple(layer_parameter(name, FROM_WORKSPACE) for name in LAYER_LABELS)

COMMON = (
    *(WORKSPACE, LAYERS, PHASE, CONTROL_SOURCE, *KIND_SOURCES, CONTROL_CRS, COMPLETE_KINDS, BUILT_SITES),
    OWN_PACKS,
)
LAYER_INPUTS = (
    *FACILITIES,
    layer_parameter("control_lines", FROM_WORKSPACE),
    layer_parameter("admin_units", FROM_WORKSPACE),
)


def facility_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find facilities that come from nowhere."""
    if parameters.get("workspace") or any(parameters.get(name) for name in LAYER_LABELS):
        return []
    return [
        Fault(
            Text("没有指定设施图层。", "No layer of facilities was given."),
            Text("请选择规划工作区，或直接指定设施图层。", "Choose a planning workspace, or give such a layer."),
            field="workspace",
        )
    ]


def control_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find control lines that come from nowhere."""
    stated = ("workspace", "control_source", "control_lines", *ZONE_LABELS)
    if any(parameters.get(name) for name in stated):
        return []
    return [
        Fault(
            Text("没有指定控制线。", "No control lines were given."),
            Text("请选择含控制线的工作区，或指定控制线图层。", "Choose a workspace that has them, or give a layer."),
            field="control_source",
        )
    ]
