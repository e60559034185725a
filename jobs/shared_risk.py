"""Cables that share a trench or a corridor: redundancy that one dig would take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .network.parameters import GRAPH, NETWORK, network_faults
from .network.shared.place_words import PLACES

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="shared_risk",
    label=Text("光缆同沟同走廊", "Shared trenches"),
    help=Text(
        "逐对找出并行的光缆：相距不超过同沟间距的路段为同沟，不超过走廊间距的为同走廊，长度按椭球面精确计算，不取样。两端机房相同的一对（主备）排在最前。"
        "距共同机房很近的路段不计入，由出局方向分析判断。给出桥梁、隧道、河流、断裂、灾害区图层时，另列两条光缆共用的地点及各自桩号。"
        "指定一对光缆时，另给出沿线间距表。",
        "Finds the cables that run side by side, pair by pair: in one trench, or in one corridor; exact geodesic lengths, not sampled. Pairs "
        "between the same rooms (main and standby) come first. What lies next to a common room does not count: access directions judge it. "
        "With layers of bridges, tunnels, rivers, faults or hazard zones the places that two cables share are listed, with the chainage on "
        "either. For a pair that is named the distance along the way is listed, too.",
    ),
    step="analyse",
    parameters=(
        *(parameter for parameter in NETWORK if parameter is not GRAPH),
        Parameter(
            "pair",
            ParameterKind.TEXT,
            Text("列间距的一对光缆", "Pair to be profiled"),
            Text(
                "两个光缆编号，以逗号分隔，如 GL001,GL002。", "Two cable ids with a comma between, such as GL001,GL002."
            ),
        ),
        Parameter(
            "step_m",
            ParameterKind.REAL,
            Text("间距表步长", "Step of the profile"),
            Text("沿光缆甲每隔多远量一次。", "How often the distance is measured along cable A."),
            default=50.0,
            unit="m",
            minimum=1,
            maximum=10_000,
            advanced=True,
        ),
        *PLACES,
    ),
    outputs=(
        Output(
            "shared_stretch",
            OutputKind.LAYER,
            Text("并行路段", "Shared stretches"),
            "MultiLineString",
            "shared_stretch",
            "kind",
            optional=True,
        ),
        Output(
            "shared_place",
            OutputKind.LAYER,
            Text("共用地点", "Shared places"),
            "Point",
            "shared_place",
            "kind",
            optional=True,
        ),
        Output("pairs", OutputKind.TABLE, Text("并行光缆表", "Table of pairs")),
        Output("shared_places", OutputKind.TABLE, Text("共用地点表", "Table of shared places"), optional=True),
        Output("separation", OutputKind.TABLE, Text("间距表", "Separation along the pair"), optional=True),
        Output("report", OutputKind.REPORT, Text("同沟报告", "Report")),
    ),
    summary_keys=("pairs", "pairs_same_rooms", "trench_km", "corridor_km", "shared_places", "shared_places_same_rooms"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere, a pair that is none."""
    faults = network_faults(parameters)
    pair = parameters.get("pair")
    if pair and len(_ids(pair)) != 2:
        faults.append(
            Fault(
                Text(f"“{pair}”不是一对光缆编号。", f"“{pair}” is no pair of cable ids."),
                Text("写两个不同的编号，如 GL001,GL002。", "Write two different ids, such as GL001,GL002."),
                field="pair",
            )
        )
    return faults


def _ids(pair: str) -> list[str]:
    named = pair.replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in named if part.strip()))


def run(context: RunContext) -> dict[str, Any]:
    """Read the cables, find what runs side by side, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .network.read import read_trunk
    from .network.shared.place_words import LABELS as PLACE_LABELS
    from .network.shared.places import cables_at_places, read_places
    from .network.shared.places_report import places_section, places_table
    from .network.shared.report import separation_of, write_shared_report
    from .network.shared.stretches import CORRIDOR, TRENCH, Widths, ground_km, shared_stretches
    from .network.shared.words import LABELS, YES_NO
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack = read_pack(context, "trunk-shared")
    names = ("shared.trench", "shared.corridor", "shared.least", "shared.at_room")
    trench, corridor, least, at_room = (float(pack.rule(name).value) for name in names)
    trunk = read_trunk(context)
    cite(context, [pack.rule(name) for name in names])
    widths = Widths(trench, corridor, least, at_room)
    places = read_places(context, pack)
    context.progress(0.4, Text("查找并行路段", "Looking for cables side by side"))
    found = shared_stretches(trunk, widths)
    at_places = cables_at_places(trunk, places, at_room) if places is not None else None
    context.progress(0.9, Text("写出结果", "Writing the result"))
    if len(found.stretches):
        path = context.output("shared_stretch", "result.gpkg")
        write_layer(path, "shared_stretch", found.stretches, found.shapes, "MultiLineString", aliases=LABELS)
    told = found.pairs.assign(same_rooms=[YES_NO[value].zh for value in found.pairs["same_rooms"]])
    write_table(context.output("pairs", "pairs.csv"), told, LABELS)
    if at_places is not None:
        write_table(context.output("shared_places", "shared_places.csv"), places_table(at_places), PLACE_LABELS)
        if len(at_places.table):
            path = context.output("shared_place", "result.gpkg")
            write_layer(path, "shared_place", at_places.table, at_places.points, "Point", aliases=PLACE_LABELS)
    profile = None
    if context["pair"]:
        profile = separation_of(trunk, _ids(context["pair"]), float(context["step_m"]))
        write_table(context.output("separation", "separation.csv"), profile, LABELS)
    ground = {kind: ground_km(found, kind, width) for kind, width in ((TRENCH, trench), (CORRIDOR, corridor))}
    report = context.output("report", "report.html")
    write_shared_report(
        report, trunk, found, widths, ground, profile, [places_section(places, at_places)], context.rules
    )
    for caution in trunk.cautions:
        context.notice(caution)
    return {
        "pairs": len(found.pairs),
        "pairs_same_rooms": int(found.pairs["same_rooms"].sum()),
        "trench_km": round(ground[TRENCH], 3),
        "corridor_km": round(ground[CORRIDOR], 3),
        "shared_places": None if at_places is None else len(at_places.table),
        "shared_places_same_rooms": None if at_places is None else int(at_places.table["same_rooms"].sum()),
    }
