"""How a planner states rule packs. Standard library only."""

from __future__ import annotations

from ...text import Text
from ..declaration import Choice, Parameter, ParameterKind

FRONTIER_PACKS = (
    Choice("frontier-2025", Text("宽带边疆2025年目标", "Broadband frontier, goals for 2025")),
    Choice("frontier-2027", Text("宽带边疆2027年目标", "Broadband frontier, goals for 2027")),
    Choice("universal-service-4g", Text("电信普遍服务（4G）", "Universal service (4G)")),
    Choice("signal-upgrade-2024", Text("信号升格2024年目标", "Signal upgrade, goals for 2024")),
    Choice("signal-upgrade-2025", Text("信号升格2025年目标", "Signal upgrade, goals for 2025")),
    Choice(
        "plan-14",
        Text("“十四五”信息通信行业发展规划指标（至2025年）", "14th five-year plan of the ICT sector (to 2025)"),
    ),
    Choice("gigabit-city", Text("千兆城市", "Gigabit city")),
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
