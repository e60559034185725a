"""Which villages a network reaches, by what evidence, and which after the plan is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault, InputError
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import DEM, EVIDENCE, SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..analysis.village_reach import ReachRules
    from ..engine.context import RunContext
    from ..rules.pack import Pack, Rule

STATION_LEVELS = Parameter(
    "station_levels",
    ParameterKind.FLAG,
    Text("输出各基站电平", "Levels by station"),
    Text(
        "地形仿真时，另存一张表：每个关键点对最大距离内每个现有基站的电平（最佳扇区）；无法计算的留空。",
        "With simulation, also keep a table of the level at every key point from every existing station in range (its "
        "best sector); empty where it cannot be computed.",
    ),
    default=False,
    advanced=True,
)

JOB = Job(
    name="village_reach",
    label=Text("行政村网络通达判定", "Village reach"),
    help=Text(
        "逐村判定 5G 是否通达（至少一家运营商信号覆盖村委会、学校和卫生室）或 4G 是否覆盖（村委会 5 公里内有基站，"
        "或各关键点及 20 户以上居民点均有信号）。结论分三态：通达、未通达、无法判定；依据为实测优先于仿真，仿真优先于距离推断，并注明所用规则。"
        "给出高程数据后按 ITU-R P.1812 仿真各关键点的接收电平，注明主要障碍；高程数据未覆盖处按距离推断（或无法判定），并列出两种依据结论不同的村。"
        "剖面点距默认为高程像元南北边长的一半，与“路径剖面”相同。不能仿真的基站（如 26 GHz）按覆盖半径推断并注明；只用仿真时其附近无法判定。"
        "运营商的数据范围：它有该制式已入网基站的县，规划、在建和退网基站不算；村不在任何县界内时，按村代码所属的县，该县没有县界的无法判定。"
        "完全没有县界数据时，为其已入网基站的外包框加最大半径。范围外没有基站不算“未通达”。"
        "村委会未列为关键点时，以行政村点代替。",
        "Judges village by village whether 5G reaches it (the signal of at least one operator covers village committee, school "
        "and clinic) or 4G covers it (a station within 5 km of the committee, or signal at every key point and settlement of 20 "
        "households). A verdict is reached, not reached or cannot tell; measured evidence goes before simulated, simulated before "
        "distance, and the rule is named. With elevation data the level at every key point is simulated by ITU-R P.1812, and the "
        "obstacle is named; beyond the elevation data distance decides (or it cannot be told). Villages on which simulation and "
        "distance differ are listed. Points of a profile are half the height of a pixel apart, as in “Path profile”. Stations that cannot "
        "be simulated (such as 26 GHz) speak by their radius, and the evidence says so; with simulation alone, nothing can be told near "
        "them. "
        "An operator's data extend over the counties in which it has a station of the technology in service; planned and retired ones do "
        "not count. A village outside all county polygons goes by the county of its code, and cannot be told where that has no polygon. "
        "Without any county polygons, the data extend over the box of these stations grown by the largest radius. Beyond that, no station "
        "does not mean not reached. "
        "Where no committee is listed as a key point, the village's own point stands for it.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        EVIDENCE,
        *SIMULATION[:2],
        RADIUS_M,
        AS_OF,
        *SIMULATION[2:],
        STATION_LEVELS,
        OWN_PACKS,
        layer_parameter("villages", FROM_WORKSPACE),
        layer_parameter("key_points", FROM_WORKSPACE),
        layer_parameter("settlements", FROM_WORKSPACE),
        layer_parameter("base_stations", FROM_WORKSPACE),
        layer_parameter("measurements", FROM_WORKSPACE),
        layer_parameter("admin_units", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "village_reach",
            OutputKind.LAYER,
            Text("行政村通达判定", "Village reach"),
            "Point",
            "village_reach",
            "verdict",
        ),
        Output(
            "key_point_reach",
            OutputKind.LAYER,
            Text("关键点覆盖明细", "Key points in detail"),
            "Point",
            "key_point_reach",
            "verdict",
        ),
        Output(
            "profiles",
            OutputKind.FILE,
            Text("剖面图（SVG）", "Path profiles (SVG)"),
            optional=True,
        ),
        Output(
            "station_levels",
            OutputKind.TABLE,
            Text("各基站电平", "Levels by station"),
            optional=True,
        ),
        Output("by_county", OutputKind.TABLE, Text("分县统计", "By county")),
        Output("report", OutputKind.REPORT, Text("判定报告", "Report")),
    ),
    summary_keys=(
        "villages",
        "reached",
        "not_reached",
        "cannot_tell",
        "borderline",
        "rate_percent",
        "rate_low_percent",
        "rate_high_percent",
        "meets_target",
        "by_county",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere, a simulation without terrain."""
    faults = missing_layers(parameters, ("villages", "base_stations"))
    if parameters["evidence"] == "simulated" and not parameters["dem"]:
        faults.append(
            Fault(
                Text("地形仿真需要高程数据。", "To simulate on terrain takes elevation data."),
                Text(
                    f"请填写“{DEM.label.zh}”（{DEM.option}），或把判定依据改为“自动”。",
                    f"State “{DEM.label.en}” ({DEM.option}), or choose the evidence “Auto”.",
                ),
                field="dem",
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read the layers, judge the villages, write the result."""
    import numpy as np

    from ..analysis.data_extent import units_of_codes
    from ..analysis.village_reach import judge, required_points
    from ..layers.codes import BASIC_OPERATORS
    from .reach.county_cautions import county_cautions
    from .reach.report import by_county, counts, meets_target, table_words, write_reach_report
    from .shared.packs import read_pack
    from .shared.rules import cautioned, marked, radius_section, rule_section, validity_cautions
    from .shared.stations import read_stations
    from .shared.tables import read_rows, read_units

    pack, technology = read_pack(context, "village_reach"), context["technology"]
    rules, target, cautions = reach_rules(context, pack)
    cautions += validity_cautions([target] if target else [], context["as_of"])
    target_percent = float(target.value) if target else None

    context.progress(0.02, Text("读取图层", "Reading the layers"))
    villages = read_rows(
        context, "villages", ["village_code", "village_name", "county_name", "town_name", "population", "is_border"]
    )
    key_points = read_rows(context, "key_points", ["point_id", "village_code", "kind", "name"], optional=True)
    tests = read_rows(context, "measurements", ["operator", "technology", "rsrp_dbm", "measured_on"], optional=True)
    counties = read_units(context, "county", ["code", "name"], optional=True)
    stations = read_stations(context)
    cautions += stations.cautions
    settlements = large_settlements(context, pack, cautions) if technology == "4G" else None

    of_villages = key_points["village_code"].notna()  # the others are key points of a place
    orphans = int((of_villages & ~key_points["village_code"].isin(villages["village_code"])).sum())
    if orphans:
        cautions.append(
            Text(
                f"{orphans} 个关键点的行政村代码不在行政村图层中，未参与判定。",
                f"{orphans} key points name a village that the village layer lacks; they do not count.",
            )
        )
    tests = tests.dropna(subset=["lon", "lat", "rsrp_dbm", "measured_on"])
    if context["as_of"]:
        tests = tests[tests["measured_on"].astype(str) <= context["as_of"]]

    points = required_points(villages, key_points, settlements, rules.required_kinds)
    shapes = counties.geometry if counties else np.empty(0, dtype=object)
    county_codes = counties.columns["code"].str[:6].tolist() if counties else []
    coded = villages["village_code"].str[:6].to_numpy(object)
    named = villages[["village_name", "lon", "lat"]].rename(columns={"village_name": "name"})
    cautions += county_cautions(Text("行政村", "Villages"), named, coded, shapes, county_codes)
    simulation = None
    if context["dem"] and context["evidence"] != "distance":
        from .reach.simulation import ReachSimulation

        simulation = ReachSimulation(context, stations, points, BASIC_OPERATORS)
    result = judge(
        villages,
        points,
        stations.table,
        tests.reset_index(drop=True),
        shapes,
        operators=BASIC_OPERATORS,
        rules=rules,
        simulated=simulation.simulated if simulation else None,
        counted_in=units_of_codes(coded.tolist(), county_codes),
        checkpoint=context.part(0.5 if simulation else 0.15, 0.85, Text("判定各村", "Judging the villages")),
    )
    threshold_dbm = rules.thresholds.level_dbm
    if simulation:
        from .reach.range import range_caution
        from .reach.terrain import (
            add_terrain,
            difference_sentence,
            terrain_cautions,
            terrain_sections,
            terrain_summary,
        )

        spared = add_terrain(context, simulation, result, points, BASIC_OPERATORS, threshold_dbm)
        cautions += [*terrain_cautions(simulation), *spared]

    context.progress(0.97 if simulation else 0.88, Text("写出结果", "Writing the result"))
    judged = result.villages
    judged.insert(2, "county_code", judged["village_code"].str[:6])
    for name in ("county_name", "town_name", "population", "is_border"):
        judged[name] = villages[name].to_numpy()
    detail = result.points.assign(village_code=judged["village_code"].to_numpy()[result.points["village"]])
    _write_points(context, "village_reach", marked(judged, context.rules))
    _write_points(context, "key_point_reach", marked(detail.drop(columns="village"), context.rules))
    if simulation and context["station_levels"]:
        from .reach.labels import operator_words
        from .reach.station_levels import station_levels

        report = context.part(0.97, 0.99, Text("计算各基站电平", "Levels by station"))
        pairs = station_levels(simulation, detail, stations.table, threshold_dbm, report)
        pairs["operator"] = pairs["operator"].map(lambda codes: operator_words(codes).zh)
        _write_table(context, "station_levels", cautioned(pairs, context.rules))
    names = dict(zip(counties.columns["code"].str[:6], counties.columns["name"])) if counties else {}
    table = by_county(judged, names, target_percent)
    _write_table(context, "by_county", cautioned(table_words(table, target_percent), context.rules))
    counted = counts(judged)
    summary = {
        **counted,
        "target_percent": target_percent,
        "meets_target": meets_target(counted, target_percent),
        "technology": technology,
        "rule_id": rules.rule_id.partition(".")[0],
        "as_of": context["as_of"],
        "radius_m": context["radius_m"],
        "stations": int(((stations.table["phase"] == "now") & stations.table["radius_m"].notna()).sum()),
        "stations_with_assumed_radius": stations.assumed,
        "by_county": table.to_dict("records"),
    }
    sections, more = [], []
    if simulation:
        summary |= terrain_summary(context, judged, simulation)
        cautions += range_caution(summary)
        sections, more = terrain_sections(judged, simulation, threshold_dbm), [difference_sentence(summary)]
    sections += [rule_section(context.rules), *([radius_section(stations.presets)] if stations.presets else [])]
    write_reach_report(context.output("report", "report.html"), summary, judged, table, sections, cautions, more)
    for caution in cautions:
        context.notice(caution)
    return summary


def reach_rules(context: RunContext, pack: Pack) -> tuple[ReachRules, Rule | None, list[Text]]:
    """Take the thresholds from the pack and cite them; give the target too, and cautions about rules not in force."""
    from ..analysis.point_evidence import Thresholds
    from ..analysis.village_reach import ReachRules
    from .shared.packs import read_pack
    from .shared.rules import validity_cautions

    is_4g = context["technology"] == "4G"
    points = pack.rule("N07.points" if is_4g else "N06.points")
    level = pack.rule("measured.level_4g" if is_4g else "measured.level_5g")
    within, share, width = (pack.rule(f) for f in ("measured.radius", "borderline.radius_share", "borderline.level"))
    target = None if is_4g else pack.rule("N01.village_5g_rate")
    distance = pack.rule("N07.distance") if is_4g else None
    households = pack.rule("N07.households") if is_4g else None
    main = None if is_4g else pack.rule("N06")
    simulates = context["dem"] and context["evidence"] != "distance"
    radio_width = read_pack(context, "radio").rule("radio.borderline") if simulates else None
    cited = (main, points, distance, households, level, within, share, width, radio_width, target)
    used = [item for item in cited if item]
    context.rules = [item.cited() for item in used]
    if main is not None and main.value != 1:
        raise _operators_fixed(main)
    rules = ReachRules(
        technology=context["technology"],
        thresholds=Thresholds(
            float(level.value),
            float(within.value),
            float(share.value) / 100,
            float(width.value),
            float((radio_width or width).value),
        ),
        required_kinds=tuple(points.value),
        rule_id=main.id if main else points.id,
        committee_distance_m=float(distance.value) if distance else None,
        committee_rule_id=distance.id if distance else "",
    )
    return rules, target, validity_cautions([item for item in used if item is not target], context["as_of"])


def _operators_fixed(rule: Rule) -> InputError:
    return InputError(
        Text(
            f"规则 {rule.id} 改为 {rule.value} 家运营商，而本版本只按“至少一家”判定。",
            f"The rule {rule.id} asks for {rule.value} operators; this version judges by “at least one”.",
        ),
        Text(
            f"请撤销自定义规则包“{rule.own_pack}”对它的修改。",
            f"Take its change in your own pack “{rule.own_pack}” back.",
        ),
    )


def large_settlements(context: RunContext, pack: Pack, cautions: list[Text]) -> DataFrame:
    """Read the settlements that count: those of the households of rule N07.households, and those of unknown size."""
    from .shared.tables import read_rows

    least = float(pack.rule("N07.households").value)
    columns = ["settlement_id", "village_code", "name", "households", "population"]
    settlements = read_rows(context, "settlements", columns, optional=True)
    if not len(settlements):
        cautions.append(
            Text(
                f"没有居民点数据：4G 判定未检查 {least:g} 户以上居民点。",
                f"There are no settlements: the 4G verdict does not look at settlements of {least:g} households.",
            )
        )
    unknown = int(settlements["households"].isna().sum())
    if unknown:
        cautions.append(
            Text(
                f"{unknown} 个居民点缺户数，按 {least:g} 户以上处理。",
                f"{unknown} settlements lack their households and are treated as large.",
            )
        )
    return settlements[(settlements["households"].fillna(least) >= least).to_numpy(bool)]


def _write_points(context: RunContext, name: str, rows: DataFrame) -> None:
    import numpy as np

    from ..layers.store.results import write_layer
    from .reach.labels import RESULT_LABELS

    place = (rows["lon"].to_numpy(np.float64), rows["lat"].to_numpy(np.float64))
    path = context.output(name, "result.gpkg")
    write_layer(
        path, name, rows.drop(columns=["lon", "lat"]), place, "Point", aliases=RESULT_LABELS, dates=("evidence_date",)
    )


def _write_table(context: RunContext, name: str, rows: DataFrame) -> None:
    from ..layers.store.results import write_table
    from .reach.labels import RESULT_LABELS

    write_table(context.output(name, f"{name}.csv"), rows, RESULT_LABELS)
