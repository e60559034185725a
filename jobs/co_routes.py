"""Where operators run side by side, and which plans could be one trench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text, same
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .network.parameters import GRAPH, NETWORK, PHASE, PLANNED, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="co_routes",
    label=Text("光缆共建对象", "Joint building"),
    help=Text(
        "找出不同权属单位在同一走廊内的光缆：都在规划或在建、年份相近的为共建对象，可省一条沟；一条待建、一条已有的，可利用已有管道；都已建成的只列出。"
        "长度按椭球面精确计算。同一单位、共有权属的光缆不列。",
        "Finds cables of different owners in one corridor: both to come within few years of each other can be one trench and save a dig; one "
        "to come beside one that stands may use its ducts; two that stand are only told. Exact geodesic lengths. Cables with a common owner "
        "are not listed.",
    ),
    step="plan",
    parameters=(
        *(parameter for parameter in NETWORK if parameter not in (PHASE, GRAPH)),
        Parameter(
            "cost_per_km",
            ParameterKind.REAL,
            Text("沟道单价", "Unit cost of a trench"),
            Text("填写后给出可节省的造价。", "Where stated, the cost saved is given."),
            unit="万元/km",
            minimum=0,
        ),
    ),
    outputs=(
        Output(
            "joint_build",
            OutputKind.LAYER,
            Text("共建路段", "Joint stretches"),
            "MultiLineString",
            "joint_build",
            "kind",
            optional=True,
        ),
        Output("pairs", OutputKind.TABLE, Text("共建对象表", "Table of pairs")),
        Output("totals", OutputKind.TABLE, Text("共建合计表", "Totals on the ground")),
        Output("report", OutputKind.REPORT, Text("共建报告", "Report")),
    ),
    summary_keys=("joint_build", "use_existing", "side_by_side", "saved_km", "existing_km"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere."""
    return network_faults(parameters)


def run(context: RunContext) -> dict[str, Any]:
    """Read the cables now and to come, find pairs of different owners, write the result."""
    from ..layers.html_report import Section, write_report
    from ..layers.store.results import write_layer, write_table
    from .network.read import read_trunk
    from .network.shared.joint import JOINT, SIDE_BY_SIDE, USE_EXISTING, joint_candidates
    from .network.shared.joint_words import LABELS, in_words, totals_table
    from .network.shared.stretches import Widths
    from .shared.packs import cite, read_pack
    from .shared.rules import plain, rule_section

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack = read_pack(context, "trunk-shared")
    names = ("shared.trench", "shared.corridor", "joint.least", "shared.at_room")
    trench, corridor, least, at_room = (float(pack.rule(name).value) for name in names)
    years = int(pack.rule("joint.years").value)
    trunk = read_trunk(context, PLANNED)
    cite(context, [pack.rule(name) for name in (*names[1:], "joint.years")])
    context.progress(0.4, Text("查找同走廊的光缆", "Looking for cables in one corridor"))
    found = joint_candidates(trunk, Widths(trench, corridor, least, at_room), years, context["cost_per_km"])
    context.progress(0.9, Text("写出结果", "Writing the result"))
    if len(found.stretches):
        path = context.output("joint_build", "result.gpkg")
        write_layer(path, "joint_build", found.stretches, found.shapes, "MultiLineString", aliases=LABELS)
    said = in_words(found.pairs)
    write_table(
        context.output("pairs", "pairs.csv"),
        said.map(lambda value: value.zh if isinstance(value, Text) else value),
        LABELS,
    )
    totals = found.totals
    write_table(context.output("totals", "totals.csv"), totals_table(found, context["cost_per_km"]), LABELS)
    keys = ("kind", "name_a", "operator_a", "name_b", "operator_b", "corridor_km", "saved_km", "saved_cost")
    joint, existing, others = (totals[kind] for kind in (JOINT, USE_EXISTING, SIDE_BY_SIDE))
    verdict = Text(
        f"可同沟共建 {joint.pairs} 对，共走廊 {joint.ground_km:,.2f} km，可省沟 {joint.saved_km:,.2f} km；可利用已有管道 {existing.pairs} 对，"
        f"新建光缆中有 {existing.saved_km:,.2f} km 可省沟；其他并行 {others.pairs} 对，共走廊 {others.ground_km:,.2f} km。",
        f"{joint.pairs} pairs could be one trench: {joint.ground_km:,.2f} km of corridor, and {joint.saved_km:,.2f} km of digging saved; "
        f"{existing.pairs} could use ducts that stand, {existing.saved_km:,.2f} km of the cables to come; {others.pairs} pairs run side by "
        f"side on {others.ground_km:,.2f} km.",
    )
    how = Text(
        f"相距不超过 {corridor:g} m 为同走廊，合计不足 {least / 1000:g} km 的不列；规划年份相差不超过 {years} 年，未注明年份的照计。合计按地面计，同一路段属多对的只计一次："
        "并行最长的一条定沟位，其余在走廊宽度内的并入；同一单位自己的几条并行光缆只计一条沟；逐对表中各对分别列出，不能相加。同一路段既可同沟共建、又可利用已有管道的，两类中各列，也不能相加。",
        f"Up to {corridor:g} m apart is one corridor; pairs with less than {least / 1000:g} km are not listed; plans up to {years} years apart, "
        "and such without a year, count. Totals are of the ground, and a stretch of several pairs counts once: the cable with most beside it "
        "says where the trench is, and partners within the corridor follow it; cables of one owner side by side are one dig. The pairs are listed each for itself and do not add up, nor do "
        "joint building and the use of ducts where both could be had.",
    )
    rows = [[_cell(row, key, plain) for key in keys] for row in said.to_dict("records")]
    sections = [
        Section(Text("结论", "Verdict"), [verdict, how, *trunk.sentences], trunk.cautions),
        Section(Text("同走廊的光缆", "Cables in one corridor"), headings=[LABELS[key] for key in keys], rows=rows),
        rule_section(context.rules),
    ]
    write_report(context.output("report", "report.html"), Text("光缆共建报告", "Joint building"), sections)
    for caution in trunk.cautions:
        context.notice(caution)
    return {
        **{kind: total.pairs for kind, total in totals.items()},
        "saved_km": round(joint.saved_km, 3),
        "existing_km": round(existing.saved_km, 3),
        "ground_km": {kind: round(total.ground_km, 3) for kind, total in totals.items()},
    }


def _cell(row: dict[str, Any], key: str, plain: Any) -> Any:
    """Give a cell of the report: a cable by its name, else by its number."""
    value = row[key]
    if isinstance(value, Text):
        return value
    if key.startswith("name_"):
        return same(plain(value) or row[key.replace("name", "cable")])
    return plain(value)
