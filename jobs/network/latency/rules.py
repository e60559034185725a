"""What latency is counted and judged by: rules of several packs, and what the planner stated instead."""

from __future__ import annotations

from typing import NamedTuple

from ....engine.context import RunContext
from ....text import Text
from ...shared.packs import cite, read_pack
from .times import Limits


class Circle(NamedTuple):
    """What the circle around a cluster is.

    Attributes
    ----------
    limit_ms : float
    beside_m : float
        How near to a cable what is inside lies.
    share : float
        Percent that should be inside.
    """

    limit_ms: float
    beside_m: float
    share: float


def read_limits(context: RunContext, drawn: bool) -> tuple[Limits, float, Circle, list[Text]]:
    """Read the rules of a run, and cite those that judge.

    Returns
    -------
    Limits
    float
        Farthest that the room of a cluster may be, m.
    Circle
    list of Text
        Until when the goals hold.
    """
    pack = read_pack(context, "trunk-latency")
    plan, national, cities = (read_pack(context, f"compute-{year}") for year in (2023, 2024, 2027))
    used = []

    def value(name: str, stated: str = "") -> float:
        if stated and context[stated] is not None:
            return float(context[stated])
        used.append(pack.rule(name))
        return float(pack.rule(name).value)

    fibre = value("N38.fibre_delay", "fibre_us_per_km")
    hop = value("latency.hop_delay", "hop_us")
    reach = value("latency.reach" if drawn else "latency.reach_graph", "reach_km")
    # Links of a graph file are straight lines, and so are the accesses to it.
    detour = value("latency.access_detour") if drawn else 1.0
    roads = value("latency.road_reach") if drawn else 0.0
    beside = value("latency.beside_cable") if drawn else 0.0
    ratio = plan.rule("N18.latency_ratio")
    rings = {name: national.rule(f"N19.{name}_ms") for name in ("city", "region", "hubs")}
    inside, share = cities.rule("N20.access_ms"), cities.rule("N20.circle")
    judging = [ratio, *rings.values(), *([inside, share] if drawn else [])]
    cite(context, [*judging, *used])
    limits = Limits(
        ms_per_km=fibre / 1000,
        hop_ms=hop / 1000,
        detour=detour,
        ratio=float(ratio.value),
        rings=dict(sorted(((name, float(rule.value)) for name, rule in rings.items()), key=lambda ring: ring[1])),
        road_reach_m=roads * 1000,
    )
    ends = sorted({rule.valid_to for rule in (ratio, *rings.values()) if rule.valid_to})
    said = [
        Text(
            f"倍数和时延圈的目标有效期至 {'、'.join(ends)}，之后的目标未找到。",
            f"The goals for ratio and rings hold until {', '.join(ends)}; later ones were not found.",
        )
    ]
    return limits, reach * 1000, Circle(float(inside.value), beside * 1000, float(share.value)), said if ends else []
