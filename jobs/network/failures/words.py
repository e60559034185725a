"""The words of single failures. Standard library only."""

from __future__ import annotations

from ....text import Text

WHAT_LABELS = {
    "edge": Text("光缆段", "Cable section"),
    "node": Text("节点和接头", "Node or joint"),
    "conduit": Text("同沟路段", "Conduit"),
    "hazard": Text("灾害区", "Hazard area"),
    "pair": Text("指定的一对", "Named pair"),
}
CUTS, SPLITS, LEAVES_ONE, CUTS_LINK, HARMLESS, OFF = "cut", "split", "single", "link_cut", "none", "off"
KIND_LABELS = {
    CUTS: Text("有中断", "Cuts off"),
    SPLITS: Text("骨干分片", "Splits the backbone"),
    LEAVES_ONE: Text("剩一条通路", "Leaves one path"),
    CUTS_LINK: Text("主备同断", "Cuts main and standby"),
    HARMLESS: Text("无影响", "No effect"),
    OFF: Text("原已不通", "Off the network before"),
}
KIND_MARKS = {
    CUTS: ("■", "#b2182b"),
    SPLITS: ("◆", "#d55e00"),
    LEAVES_ONE: ("▲", "#e69f00"),
    CUTS_LINK: ("▼", "#cc79a7"),
    HARMLESS: ("●", "#0072b2"),
    OFF: ("○", "#7a7a7a"),
}

LABELS = {
    "what": Text("失效对象类别", "What fails"),
    "what_id": Text("编号", "Id"),
    "name": Text("失效对象", "What fails (name)"),
    "kind": Text("后果", "Effect"),
    "nodes_cut": Text("中断节点数", "Nodes cut off"),
    "villages_cut": Text("中断行政村数", "Villages cut off"),
    "people_cut": Text("中断人口", "People cut off"),
    "people_unknown": Text("中断村中人口不明的村数", "Villages cut off whose people are unknown"),
    "counties_cut": Text("涉及县（村数）", "Counties (villages)"),
    "mw_cut": Text("中断数据中心（MW）", "Data centres cut off (MW)"),
    "nodes_single": Text("剩一条通路的节点数", "Nodes left on one path"),
    "villages_single": Text("剩一条通路的行政村数", "Villages left on one path"),
    "people_single": Text("剩一条通路的人口", "People left on one path"),
    "mw_single": Text("剩一条通路的数据中心（MW）", "Data centres left on one path (MW)"),
    "nodes_split": Text("与骨干主体分开的节点数", "Nodes split from the backbone"),
    "people_split": Text("与骨干主体分开的人口", "People split from the backbone"),
    "cables": Text("光缆", "Cables"),
    "links_cut": Text("主备同断的机房对", "Rooms whose main and standby go at once"),
    "length_km": Text("长度（km）", "Length (km)"),
    "rank": Text("排序", "Rank"),
}
