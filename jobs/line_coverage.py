"""How much of the roads and railways a network covers, and where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..layers.specs.roads import CLASSES
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .coverage.parameters import dem_faults
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import EVIDENCE, SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..errors import Fault

_USUAL = tuple(code.value for code in CLASSES if code.value != "other")

JOB = Job(
    name="line_coverage",
    label=Text("道路与铁路覆盖", "Road and railway coverage"),
    help=Text(
        "求道路、铁路的覆盖里程和比例，列出连续缺口。按距离时逐段精确求出基站半径内的里程，不取样；给出高程数据时沿线按样点仿真接收电平，每个样点代表前后各半个间距，"
        "高程数据未覆盖处按距离推断（或无法判定），依据逐段注明。结论分三态；没有该制式已入网基站的县（规划、在建、退网的不算）和县界外的路段，未覆盖处无法判定，不计为未覆盖。"
        "同一路线的双幅只计一幅。隧道另计：室外信号不能说明隧道内的情况，一律无法判定，不进入比例。"
        "按道路、类型、县和合计统计，现状与规划后并列；95% 的对照值系类推。测试记录不用于线路判定。",
        "Gives the covered length and share of roads and railways, and lists the runs without a signal. By distance what lies within the "
        "radius of a station is found exactly, without samples. With elevation data levels are simulated at samples along the line, each "
        "speaking for half a step each side; where the elevation data end distance decides (or nothing can be told), and every stretch "
        "names its evidence. There are three states: in a county "
        "without a station of the technology in service (planned and retired ones do not count) and outside of all counties, what no station "
        "covers cannot be told. Of two carriageways of one route one "
        "counts. Tunnels stand apart: a signal outdoors says nothing of the inside, so they cannot be told and are in no share. Totals by "
        "road, class and county, now and after the plan; the 95 % that they are held against are by analogy. Measurements are not used.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        replace(
            EVIDENCE,
            help=Text(
                "自动：有高程数据处用地形仿真，其余按距离，逐段注明；地形仿真：没有高程数据处无法判定；距离：只按覆盖半径。",
                "Auto: simulated on terrain where there are elevation data, else by distance, and it says which. Simulated: without "
                "elevation data it cannot be told. Distance: by radius alone.",
            ),
        ),
        *SIMULATION[:2],
        Parameter(
            "classes",
            ParameterKind.CHOICES,
            Text("道路类型", "Classes"),
            Text("计入的道路和铁路类型。", "Which roads and railways count."),
            default=_USUAL,
            choices=tuple(Choice(code.value, code.label) for code in CLASSES),
        ),
        Parameter(
            "border_only",
            ParameterKind.FLAG,
            Text("只计沿边道路", "Border roads alone"),
            Text(
                "只计注明沿边的道路；未注明的不计，报告中给出条数。",
                "Only roads that are said to run along the border; the report tells how many do not say.",
            ),
            default=False,
        ),
        Parameter(
            "gap_least_m",
            ParameterKind.REAL,
            Text("连续缺口最短长度", "Shortest run to list"),
            Text(
                "留空则取规则包 frontier-roads 的值；更短的缺口仍计入里程。",
                "Empty: the value of the rule pack “frontier-roads”. Shorter runs still count in the lengths.",
            ),
            unit="m",
            minimum=0,
            maximum=100_000,
        ),
        RADIUS_M,
        AS_OF,
        Parameter(
            "sample_m",
            ParameterKind.REAL,
            Text("取样间距", "Step of samples"),
            Text(
                "地形仿真时沿线相邻样点的最大间距；留空则取规则包 frontier-roads 的值。",
                "Largest distance of two samples along the line, simulated on terrain. Empty: the value of the rule pack "
                "“frontier-roads”.",
            ),
            unit="m",
            minimum=25,
            maximum=100,
            advanced=True,
        ),
        OWN_PACKS,
        *SIMULATION[2:],
        *(layer_parameter(name, FROM_WORKSPACE) for name in ("roads", "base_stations", "admin_units")),
    ),
    outputs=(
        Output(
            "road_state",
            OutputKind.LAYER,
            Text("道路覆盖状态", "State of roads"),
            "MultiLineString",
            "road_state",
            "state",
        ),
        Output(
            "road_gap",
            OutputKind.LAYER,
            Text("道路连续缺口", "Gaps of roads"),
            "MultiLineString",
            "road_gap",
            "state",
            optional=True,
        ),
        Output("line_score", OutputKind.TABLE, Text("分类型、分县里程", "Lengths by class and county")),
        Output("road_score", OutputKind.TABLE, Text("逐路里程", "Lengths by road")),
        Output("report", OutputKind.REPORT, Text("覆盖里程报告", "Report")),
    ),
    summary_keys=(
        "length_km",
        "covered_km",
        "not_covered_km",
        "cannot_tell_km",
        "covered_percent",
        "covered_low_percent",
        "covered_high_percent",
        "after_plan_percent",
        "tunnel_km",
        "status",
        "gaps",
        "by_class",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere, a simulation without terrain."""
    alone = parameters.get("evidence") == "simulated"
    return [*missing_layers(parameters, ("roads", "base_stations")), *(dem_faults(parameters) if alone else [])]


def run(context: RunContext) -> dict[str, Any]:
    """Read the layers, judge the roads, write the result."""
    import numpy as np

    from ..analysis.scoreboard import Target
    from .lines.files import write_results, write_scores
    from .lines.judging import figures, judge_roads, judging_cautions, sample_step
    from .lines.pieces import amounts, cut_pieces
    from .lines.report import write_line_report
    from .lines.roads import read_roads
    from .lines.runs import Judging, gap_rows, state_rows
    from .lines.scores import road_scores, summed, tunnel_rows
    from .shared.packs import cite, read_pack
    from .shared.rules import radius_section, rule_section
    from .shared.stations import read_stations
    from .shared.tables import read_units

    pack, reach = (read_pack(context, name) for name in ("frontier-roads", "village_reach"))
    context.progress(0.02, Text("读取图层", "Reading the layers"))
    stations = read_stations(context)
    units = read_units(context, "county", ["code", "name"], optional=True)
    shapes = units.geometry if units else np.empty(0, dtype=object)
    codes = units.columns["code"].str[:6].tolist() if units else []
    context.progress(0.06, Text("量算道路", "Measuring the roads"))
    roads = read_roads(context, pack, shapes, context["classes"], border_only=context["border_only"])
    if not len(roads.table):
        raise no_roads(context)

    context.progress(0.12, Text("判定道路", "Judging the roads"))
    step_m, step_rule = sample_step(context, pack)
    everywhere = roads.county._replace(value=np.ones_like(roads.county.value))
    judged = judge_roads(
        context, roads, stations, shapes, step_m, everywhere, reach=reach, roads_pack=pack, share=(0.15, 0.78)
    )
    target, least = pack.rule("road.continuous"), pack.rule("road.gap_least")
    least_m = float(least.value) if context["gap_least_m"] is None else float(context["gap_least_m"])

    context.progress(0.82, Text("统计里程", "Adding up the lengths"))
    pieces = cut_pieces(roads, judged.verdicts, codes, np.ones(len(codes) + 1, dtype=bool))
    by = Judging(target.id, int(target.status != "verified"), context["technology"])
    states, gaps = state_rows(roads, pieces, by), gap_rows(roads, pieces, by, least_m)
    goal = Target(float(target.value), target.comparison == ">")
    scores = road_scores(roads, pieces, dict(zip(codes, units.columns["name"])) if units else {}, goal)

    context.progress(0.9, Text("写出结果", "Writing the result"))
    cited = [*roads.rules, target]
    cited += [step_rule] if step_rule is not None and judged.simulation else []
    cited += [least] if context["gap_least_m"] is None else []
    cite(context, cited)
    write_results(context, states, gaps)
    write_scores(context, scores)
    total = amounts(pieces, goal)
    summary = {
        **total,
        "technology": context["technology"],
        "evidence": context["evidence"],
        "target_percent": float(target.value),
        "roads": len(scores["road"]),
        "gap_least_m": least_m,
        "gaps": int(gaps.rows.loc[gaps.rows["state"] == "not_met", "run"].nunique()),
        "gaps_cannot_tell": int(gaps.rows.loc[gaps.rows["state"] == "cannot_tell", "run"].nunique()),
        "second_carriageway_km": round(roads.second_m / 1000, 3),
        "drawn_twice_km": round(roads.twice_m / 1000, 3),
        "by_evidence": summed(pieces, states.rows["evidence"].to_numpy(object)),
        "by_reason": summed(pieces, states.rows["reason"].to_numpy(object)),
        **figures(judged, step_m),
        "by_class": scores["class"].astype(object).where(scores["class"].notna(), None).to_dict("records"),
    }
    cautions = [*roads.cautions, *judging_cautions(context, judged, stations, step_m)]
    sections = [judged.simulation.now.section] if judged.simulation else []
    sections += [rule_section(context.rules), *([radius_section(stations.presets)] if stations.presets else [])]
    write_line_report(
        context.output("report", "report.html"), summary, scores, gaps.rows, tunnel_rows(roads), sections, cautions
    )
    for caution in cautions:
        context.notice(caution)
    return summary


def no_roads(context: RunContext) -> Exception:
    """Say that the data have no road of the chosen classes."""
    from ..errors import InputError

    chosen = [code.label for code in CLASSES if code.value in context["classes"]]
    border = Text("、且注明沿边", " that is said to run along the border") if context["border_only"] else Text("", "")
    return InputError(
        Text(
            f"道路与铁路图层中没有所选类型（{'、'.join(label.zh for label in chosen)}）{border.zh}的要素。",
            f"The layer of roads and railways has none of the classes {', '.join(label.en.lower() for label in chosen)}{border.en}.",
        ),
        Text(
            "请改选“道路类型”（--classes）或取消“只计沿边道路”，或核对图层的“道路类型”“是否沿边”字段。",
            "Choose other classes (--classes) or all roads, or check the fields “Class” and “Border road” of the layer.",
        ),
    )
