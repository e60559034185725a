"""What hangs on the nodes of a trunk network: targets, villages, people, counties, data centres."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ....analysis.network.attached import nearest_room
from ....analysis.network.issues import NOWHERE
from ....engine.context import RunContext
from ....errors import InputError
from ....layers import inputs
from ....text import Text
from ..clusters import clusters_of
from ..exits.judging import HIGHEST, ranks
from ..read import Trunk
from .ids import ids_in

FloatArray = npt.NDArray[np.float64]
ROOMS, VILLAGES, PEOPLE, UNKNOWN, MW = range(5)


class Load(NamedTuple):
    """What hangs on each node, n of them.

    Attributes
    ----------
    carried : shape (n, 5), float64
        Rooms (1 or 0), villages, people, villages without a population, MW.
    counties : list of str
    by_county : shape (n, c), float64
        Villages of each county.
    with_villages, with_clusters : bool
        Whether any were read; else what they lose is not known.
    sentences, cautions : list of Text
    """

    carried: FloatArray
    counties: list[str]
    by_county: FloatArray
    with_villages: bool
    with_clusters: bool
    sentences: list[Text]
    cautions: list[Text]


def targets_of(trunk: Trunk, stated: str | None) -> tuple[npt.NDArray[np.bool_], Text]:
    """Give the nodes that lead out, none where the network does not tell, and say which they are.

    Raises
    ------
    InputError
        A stated node is not in the network.
    """
    wanted = ids_in(stated)
    if wanted:
        numbers = trunk.rooms["node_id"].astype(str).tolist()
        lost = [number for number in wanted if number not in numbers]
        if lost:
            raise InputError(
                Text(f"网络中没有节点 {'、'.join(lost)}。", f"The network has no node {', '.join(lost)}."),
                Text("请核对节点编号和建设阶段。", "Check the ids and the phase."),
            )
        chosen = np.isin(trunk.network.room, [numbers.index(number) for number in wanted])
        return chosen, Text(
            f"目标节点由规划人员指定：{'、'.join(wanted)}。", f"The planner named the targets: {', '.join(wanted)}."
        )
    highest = ranks(trunk) == HIGHEST
    if highest.any():
        return highest, Text(
            f"目标节点为国际出入口局和骨干节点，共 {int(highest.sum())} 个；到不了其中任何一个即为中断。",
            f"Targets are the {int(highest.sum())} international gateways and backbone nodes; what reaches none of them is cut off.",
        )
    return highest, Text(
        "没有国际出入口局或骨干节点：以网络最大的一片为主体，与它分开即为中断；是否只剩一条通路无法判定。",
        "There is no gateway and no backbone node: what is split from the largest part is cut off; whether one path is left cannot be told.",
    )


def load_of(context: RunContext, trunk: Trunk, village_reach_m: float, cluster_reach_m: float) -> Load:
    """Hang villages and data centres on the nearest rooms."""
    count = len(trunk.network.lon)
    values = np.zeros((count, 5))
    values[:, ROOMS] = trunk.network.room != NOWHERE
    said: list[Text] = []
    cautions: list[Text] = []
    counties: list[str] = []
    by_county = np.zeros((count, 0))
    with_villages, with_clusters = (inputs.layer_present(context, name) for name in ("villages", "dc_clusters"))
    if with_villages:
        counties, by_county = _villages(context, trunk, village_reach_m, values, said)
    else:
        cautions.append(Text("没有行政村：不计人口。", "There are no villages: people are not counted."))
    if with_clusters:
        _clusters(context, trunk, cluster_reach_m, values, said)
    else:
        cautions.append(Text("没有数据中心：不计其功率。", "There are no data centres: their power is not counted."))
    return Load(values, counties, by_county, with_villages, with_clusters, said, cautions)


def _rooms(trunk: Trunk) -> tuple[FloatArray, FloatArray]:
    count = len(trunk.rooms)
    return trunk.network.lon[:count], trunk.network.lat[:count]


def _villages(
    context: RunContext, trunk: Trunk, reach_m: float, values: FloatArray, said: list[Text]
) -> tuple[list[str], FloatArray]:
    table = inputs.read_points(context, "villages", ["village_code", "county_name", "population"])
    room, _ = nearest_room(table.lon, table.lat, *_rooms(trunk), reach_m)
    people = pd.to_numeric(table.columns["population"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    hung = np.flatnonzero(room != NOWHERE)
    for column, amount in (
        (VILLAGES, np.ones(len(room))),
        (PEOPLE, np.nan_to_num(people)),
        (UNKNOWN, np.isnan(people).astype(float)),
    ):
        np.add.at(values[:, column], room[hung], amount[hung])
    named = table.columns["county_name"].astype(object)
    county = named.where(named.notna(), table.columns["village_code"].astype(str).str[:6]).to_numpy(object)
    names = sorted(set(county[hung].tolist()))
    by_county = np.zeros((len(values), len(names)))
    np.add.at(by_county, (room[hung], pd.Index(names).get_indexer(county[hung])), 1.0)
    lost = int(np.isnan(table.lon).sum())
    far = len(room) - len(hung) - lost
    unknown = int(np.isnan(people).sum())
    said.append(
        Text(
            f"行政村 {len(room):,} 个：{len(hung):,} 个按直线距离挂到 {reach_m / 1000:g} km 内最近的节点；未挂接 {far + lost:,} 个（过远 {far:,} 个，"
            f"没有坐标 {lost:,} 个），不计入影响；人口不明 {unknown:,} 个，其人口按不明另计。",
            f"Villages: {len(room):,}; {len(hung):,} hang on the nearest node within {reach_m / 1000:g} km in a straight line; not attached "
            f"{far + lost:,} ({far:,} too far, {lost:,} without coordinates), which no failure counts; {unknown:,} without a population, told apart.",
        )
    )
    return names, by_county


def _clusters(context: RunContext, trunk: Trunk, reach_m: float, values: FloatArray, said: list[Text]) -> None:
    found = clusters_of(context, trunk, ["cluster_id", "power_mw"], reach_m)
    power = pd.to_numeric(found.rows["power_mw"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    hung = np.flatnonzero(found.room != NOWHERE)
    np.add.at(values[:, MW], found.room[hung], np.nan_to_num(power[hung]))
    count, left = len(found.rows), len(found.rows) - len(hung)
    unknown = int(np.isnan(power).sum())
    said.append(
        Text(
            f"数据中心 {found.read:,} 个：本阶段计 {count:,} 个，其中 {len(hung):,} 个挂到 {reach_m / 1000:g} km 内最近的节点，"
            f"未挂接 {left:,} 个；功率不明 {unknown:,} 个，不计入 MW。",
            f"Data centres: {found.read:,}; {count:,} of this phase, {len(hung):,} of them hang on the nearest node within "
            f"{reach_m / 1000:g} km, {left:,} are not attached; {unknown:,} state no power and add no MW.",
        )
    )


def county_words(names: list[str], villages: FloatArray) -> str | None:
    """Name the counties of villages that are cut off, with how many of them."""
    some = np.flatnonzero(villages > 0.5)
    return "、".join(f"{names[at]}（{round(villages[at])}）" for at in some.tolist()) or None
