"""How a planner states rule packs. Standard library only."""

from __future__ import annotations

from ...text import Text
from ..declaration import Choice, Parameter, ParameterKind

FRONTIER_PACKS = (
    Choice("frontier-2025", Text("宽带边疆2025年目标", "Broadband frontier, goals for 2025")),
    Choice("frontier-2027", Text("宽带边疆2027年目标", "Broadband frontier, goals for 2027")),
)

PACK = Parameter(
    "pack",
    ParameterKind.CHOICE_OR_TEXT,
    Text("规则包", "Rule pack"),
    Text(
        "随附规则包的名称，或自定义规则包（.toml）的路径。",
        "The name of a shipped pack, or the path of a pack of your own (.toml).",
    ),
    default="frontier-2027",
    choices=FRONTIER_PACKS,
)

OWN_PACKS = Parameter(
    "own_packs",
    ParameterKind.SOURCE,
    Text("自定义规则包文件夹", "Folder of own rule packs"),
    Text(
        "可选。其中的 *.toml 以 base 指明所修改的随附规则包，逐条修改规则并须写明理由（reason）；结果列出每处修改。",
        "Optional. Its *.toml each name the shipped pack they change by “base” and change single rules, each with its reason; results "
        "list every change.",
    ),
    advanced=True,
)
