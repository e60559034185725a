"""The broadband-frontier scoreboard: every class and county against dated rules, and every gap with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, WORKSPACE, layer_parameter
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import EVIDENCE, SIMULATION
from .shared.pack_parameters import OWN_PACKS, PACK
from .village_reach import check as check_reach

if TYPE_CHECKING:
    from ..engine.context import RunContext

_LAYERS = (
    *("villages", "key_points", "settlements", "places", "base_stations", "measurements", "admin_units"),
    *("trunk_cables", "national_border", "coastline", "roads", "sea_areas"),
)

JOB = Job(
    name="frontier_scoreboard",
    label=Text("宽带边疆计分", "Frontier scoreboard"),
    help=Text(
        "按规则包逐类、逐县计分：县城、乡镇驻地、行政村、20 户以上自然村、学校、边境管理及贸易机构、有人居住海岛是否具备规则要求的网络。"
        "行政村按“行政村网络通达判定”的规则判定，其余按所在点的信号判定；宽带指光纤、4G 或 5G，光纤看场所的传输方式，未注明的不算没有。"
        "沿边国道、省道按所选依据求里程（双幅只计一幅，隧道另计），海域按图层给出的内海、领海界线计算面积。没有资料的类别为“无法判定”，不会记为 0%。"
        "运营商在某县没有该制式的已入网基站（规划、在建、退网的不算），即视为没有该县的数据，没有信号的对象为“无法判定”；在县界外的对象按代码或就近计入的县认定。"
        "千兆光网只看资料中的“是否通千兆光网”，空白为无法判定。“信号升格”十一类场景：场所列出的关键点全部有信号才算达到，未列出关键点的无法判定；全国性数量目标只报告数量，不与各县比较。"
        "逐项列出未达到的对象及原因、最近的基站和光缆、到国界的距离，并导出建设任务清单。",
        "Scores class by class and county by county by a rule pack: county towns, township seats, villages, settlements of 20 "
        "households, schools, border management and trade institutions and inhabited islands. Villages are judged by the rules of "
        "“Village reach”, all else by the signal where it stands. Broadband is fibre, 4G or 5G; fibre is what a place states as its "
        "backhaul, and what states none is not taken as without. Border roads are measured by the same evidence (one carriageway of two, tunnels apart), the "
        "sea where a layer delimits it. A class without data cannot be told and is never 0 %. Where an operator has no station of "
        "the technology in service in a county (planned and retired ones do not count) it has sent no data on it, and what has no signal cannot "
        "be told; outside of all polygons the county of the code, or the near one as which a place counts, decides. Gigabit fibre goes by "
        "its flag alone; where that is empty nothing can be told. A place of the eleven scenes of signal upgrade is met where all its listed "
        "key points have a signal, and cannot be told where none is listed; national counts are told and held against no county. Lists every gap "
        "with its reason, the nearest station and cable and the distance to the border, and exports a job list.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        PACK,
        EVIDENCE,
        *SIMULATION[:2],
        Parameter(
            "by",
            ParameterKind.CHOICE,
            Text("统计方式", "Counted"),
            Text("分县并合计，或只合计。", "By county and in total, or in total alone."),
            default="county",
            choices=(
                Choice("county", Text("分县并合计", "By county and in total")),
                Choice("total", Text("只合计", "In total alone")),
            ),
        ),
        Parameter(
            "scope",
            ParameterKind.TEXT,
            Text("范围", "Scope"),
            Text(
                "留空为全部县；derived 为按国界、海岸线和县界推导；或写县代码，以逗号分隔，如 450602,450681。",
                "Empty: all counties. “derived”: those on the border or the coast, by their outlines. Else county codes with commas "
                "between, such as 450602,450681.",
            ),
        ),
        Parameter(
            "scope_overrides",
            ParameterKind.TEXT,
            Text("范围认定", "Word on the scope"),
            Text(
                "推导不能定的县由规划人员认定：县代码=in:理由 或 县代码=out:理由，以分号分隔，理由必填。",
                "Settles what cannot be derived: CODE=in:reason or CODE=out:reason with semicolons between; the reason is required.",
            ),
            advanced=True,
        ),
        RADIUS_M,
        AS_OF,
        OWN_PACKS,
        *SIMULATION[2:],
        *(layer_parameter(name, FROM_WORKSPACE) for name in _LAYERS),
    ),
    outputs=(
        Output(
            "frontier_scope",
            OutputKind.LAYER,
            Text("计分范围", "Scope"),
            "MultiPolygon",
            "frontier_scope",
            "in_scope",
            optional=True,
        ),
        Output(
            "frontier_item",
            OutputKind.LAYER,
            Text("全部计分对象", "All that is counted"),
            "Point",
            "frontier_item",
            "state",
        ),
        Output(
            "frontier_gap",
            OutputKind.LAYER,
            Text("宽带边疆缺口", "Frontier gaps"),
            "Point",
            "frontier_gap",
            "state",
        ),
        Output(
            "road_state",
            OutputKind.LAYER,
            Text("沿边公路覆盖状态", "State of border roads"),
            "MultiLineString",
            "road_state",
            "state",
            optional=True,
        ),
        Output(
            "road_gap",
            OutputKind.LAYER,
            Text("沿边公路缺口", "Gaps of border roads"),
            "MultiLineString",
            "road_gap",
            "state",
            optional=True,
        ),
        Output(
            "sea_part",
            OutputKind.LAYER,
            Text("海域覆盖", "Coverage of the sea"),
            "MultiPolygon",
            "sea_part",
            "state",
            optional=True,
        ),
        Output(
            "sea_gap",
            OutputKind.LAYER,
            Text("海域缺口", "Gaps at sea"),
            "MultiPolygon",
            "sea_gap",
            "state",
            optional=True,
        ),
        Output("frontier_score", OutputKind.TABLE, Text("计分表", "Scoreboard")),
        Output("job_list", OutputKind.TABLE, Text("建设任务清单", "Job list")),
        Output("job_sheet", OutputKind.FILE, Text("建设任务清单（XLSX）", "Job list (XLSX)")),
        Output("report", OutputKind.REPORT, Text("计分报告", "Report")),
    ),
    summary_keys=(
        "pack",
        "indicators",
        "met",
        "short",
        "cannot_tell",
        "gaps",
        "gaps_not_met",
        "gaps_cannot_tell",
        "score",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: stations that come from nowhere, a simulation without terrain."""
    faults = [fault for fault in check_reach(parameters) if fault.field != "villages"]
    if parameters.get("scope_overrides") and (parameters.get("scope") or "").strip() != "derived":
        faults.append(
            Fault(
                Text("“范围认定”只用于推导的范围。", "A word on the scope only goes with a derived scope."),
                Text(
                    "请把“范围”写成 derived，或直接在“范围”中写县代码。",
                    "State “derived” as the scope, or the county codes themselves.",
                ),
                field="scope_overrides",
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read the layers, judge everything once, count it rule by rule, write the result."""
    from ..analysis.scoreboard import ALL_COUNTIES, MET, NO_COUNTY, OPEN, SHORT
    from .frontier.cautions import national_cautions, newest_cautions, radius_cautions, reach_cautions
    from .frontier.gaps import add_neighbours, ranked, tell_items
    from .frontier.item_states import item_rows, listed_rules
    from .frontier.items import read_items
    from .frontier.packs import read_packs, validity
    from .frontier.report import backhaul_section, write_frontier_report
    from .frontier.roads import road_jobs, score_roads
    from .frontier.rule_list import rule_list
    from .frontier.scope import read_scope
    from .frontier.score import (
        NATIONAL_NOTE,
        WITH_BACKHAUL,
        add_backhaul,
        by_backhaul,
        in_order,
        open_where_unsettled,
        point_scores,
        unscored,
    )
    from .frontier.seas import score_seas
    from .frontier.services import RADIO_OF, judge_items
    from .frontier.tables import (
        write_backhaul,
        write_gaps,
        write_items,
        write_jobs,
        write_roads,
        write_scope,
        write_score,
    )
    from .frontier.whereabouts import crossed_cautions
    from .sea.tables import write_sea
    from .shared.packs import cite
    from .shared.rules import radius_section

    packs = read_packs(context)
    context.progress(0.02, Text("读取图层", "Reading the layers"))
    near = packs.scope.rule("scope.place_near")
    items = read_items(context, packs.reach, float(near.value), packs.subjects, packs.rural_kinds)
    scope = read_scope(context, items, packs)
    asked = {technology for rule in packs.scored if rule.service for technology in RADIO_OF[rule.service]}
    basis = judge_items(context, packs.reach, items, sorted(asked or {"4G"}))
    day = context["as_of"] or basis.newest
    crossed = crossed_cautions(items, scope.inside, [rule.subject for rule in packs.points])
    newest = [] if context["as_of"] else newest_cautions(basis)
    cautions = [*validity(packs, day), *newest, *scope.cautions, *crossed, *items.cautions, *basis.cautions]

    context.progress(0.88, Text("逐项计分", "Scoring"))
    rows, states = point_scores(packs.points, items, scope, basis, split=context["by"] == "county")
    roads = score_roads(context, [r for r in packs.others if r.subject == "border_road"], items, scope, basis, packs)
    seas = score_seas(context, [r for r in packs.others if r.subject in ("inland_sea", "territorial_sea")], basis)
    if seas.rows and not scope.everything:
        cautions.append(
            Text(
                "海域不按县划分，“范围”不限定海域：内海、领海指标按全部海域计。",
                "The sea belongs to no county: the scope does not bound it, inland and territorial sea are those of all the data.",
            )
        )
    rows += [
        row for row in (*roads.rows, *seas.rows) if context["by"] == "county" or row["county_code"] == ALL_COUNTIES
    ]
    told = {row["rule_id"] for row in rows}
    score = in_order(
        [*rows, *unscored([rule for rule in packs.others if rule.id not in told], seas.notes)], packs.scored
    )
    open_where_unsettled(score, scope)
    cautions += [*roads.cautions, *seas.cautions]
    names = dict(zip(items.counties["code"], items.counties["name"]))
    score["county_name"] = [names.get(code, "") for code in score["county_code"]]
    ways = by_backhaul(states)
    add_backhaul(score, ways, packs.points)
    cautions += national_cautions(packs.scored, score, NATIONAL_NOTE)
    told_items = item_rows(listed_rules(packs.points), items.table, scope.inside, basis, names, day)
    gaps = told_items[told_items["state"] != "met"].reset_index(drop=True)
    if basis.presets or context["radius_m"] is not None:
        cautions += radius_cautions(context["radius_m"], told_items, roads.states.rows)
    cautions += reach_cautions(
        seas.rules if len(seas.parts[0]) else [], told_items, basis, by_county=len(items.shapes) > 0
    )
    add_neighbours(context, gaps, next(iter(basis.tables.values())))
    tell_items(told_items, gaps)
    gaps = ranked(gaps)

    context.progress(0.95, Text("写出结果", "Writing the result"))
    cited = [rule.cited() for rule in (*packs.cited, *packs.sizes, near, *scope.rules, *roads.rules)]
    context.rules = [*(rule for row, rule in enumerate(cited) if rule not in cited[:row]), *basis.rules]
    cite(context, seas.rules)
    if len(items.shapes):
        write_scope(context, scope, items)
    write_items(context, told_items)
    write_gaps(context, gaps)
    if len(roads.states.rows):
        write_roads(context, roads)
    rules = {rule.id: rule for rule in packs.scored}
    write_sea(context, seas.parts, seas.gaps)
    write_score(context, score, rules)
    if len(ways):
        write_backhaul(context, ways, names)
    work = road_jobs(roads, names)
    add_neighbours(context, work, next(iter(basis.tables.values())))
    write_jobs(context, gaps, work, rules)
    total = score.loc[score["county_code"] == ALL_COUNTIES, "status"]
    summary = {
        "pack": packs.main.name,
        "evidence": context["evidence"],
        "data_until": day or None,
        "counties": sum(code != NO_COUNTY for code in scope.counties),
        "indicators": len(total),
        "met": int((total == MET).sum()),
        "short": int((total == SHORT).sum()),
        "cannot_tell": int((total == OPEN).sum()),
        "road_gaps": len(roads.gaps.rows),
        "gaps": len(gaps),
        "gaps_not_met": int((gaps["state"] == "not_met").sum()),
        "gaps_cannot_tell": int((gaps["state"] == "cannot_tell").sum()),
        "score": score.astype(object).where(score.notna(), None).to_dict("records"),
    }
    by_way = backhaul_section(states[states["subject"].isin(WITH_BACKHAUL)], packs.scored)
    simulated = [*basis.sections, *(section for section in roads.sections if section not in basis.sections)]
    sections = [*([by_way] if by_way else []), *scope.sections, *simulated, rule_list(context.rules)]
    sections += [radius_section(basis.presets)] if basis.presets else []
    report = context.output("report", "report.html")
    write_frontier_report(context, report, packs, day, score, gaps, sections, scope.sentences, cautions)
    for caution in cautions:
        context.notice(caution)
    return summary
