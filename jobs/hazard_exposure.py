"""What of cables, nodes, base stations, data centres and villages lies in hazard areas, by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import FROM_WORKSPACE, layer_parameter
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .network.hazards.words import HAZARD_LABELS
from .network.parameters import GRAPH, NETWORK, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="hazard_exposure",
    label=Text("灾害暴露", "Hazard exposure"),
    help=Text(
        "将光缆、干线节点、基站、数据中心、行政村与灾害图层叠加，按灾害等级给出光缆长度、设施数量、受影响人口和缺防护措施的设施。长度为叠加后的椭球面长度，"
        "不取样。灾害图层可为任意面或线文件，线（如断裂）两侧一定距离以内也计为灾害区；等级照原文，空白的列为等级不明。",
        "Lays cables, trunk nodes, base stations, data centres and villages over hazard layers: by class, the length of cable, the number of "
        "facilities, the people, and what lacks measures. Exact geodesic lengths of the overlay, not sampled. A hazard layer is any file of "
        "areas or lines, and what lies near a line, such as a fault, is exposed to it; classes are told as they stand, empty ones as unknown.",
    ),
    step="analyse",
    parameters=(
        *(parameter for parameter in NETWORK if parameter is not GRAPH),
        *(
            Parameter(
                name,
                ParameterKind.LAYER,
                Text(f"{label.zh}图层", f"{label.en} layer"),
                Text("可选。面或线，任意文件。", "Optional. Areas or lines, any file."),
            )
            for name, label in HAZARD_LABELS.items()
        ),
        Parameter(
            "class_column",
            ParameterKind.TEXT,
            Text("等级列", "Column of the class"),
            Text(
                "灾害图层中表示等级的列；各图层列名不同的，以逗号分隔。留空则找“等级”“级别”“类别”“烈度”等列。",
                "The column of the hazard layers with the class, or several with commas between. Empty: 等级, 级别, 类别, 烈度, class, level.",
            ),
        ),
        Parameter(
            "measure_column",
            ParameterKind.TEXT,
            Text("防护措施列", "Column of measures"),
            Text(
                "可选。灾害图层中记录防护措施的列，可写多个，以逗号分隔；空白即缺措施。",
                "Optional. The column of the hazard layers with the measures taken, or several; where it is empty, they are missing.",
            ),
        ),
        layer_parameter("base_stations", FROM_WORKSPACE),
        layer_parameter("dc_clusters", FROM_WORKSPACE),
        layer_parameter("villages", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "hazard_exposed",
            OutputKind.LAYER,
            Text("灾害区内的光缆", "Cables in hazard areas"),
            "MultiLineString",
            "hazard_exposed",
            "measures",
            optional=True,
        ),
        Output(
            "hazard_exposed_site",
            OutputKind.LAYER,
            Text("灾害区内的设施", "Sites in hazard areas"),
            "Point",
            "hazard_exposed_site",
            "measures",
            optional=True,
        ),
        Output("exposure", OutputKind.TABLE, Text("灾害暴露汇总表", "Exposure by class")),
        Output("report", OutputKind.REPORT, Text("灾害暴露报告", "Report")),
    ),
    summary_keys=("hazards", "cables", "length_km", "sites", "people", "missing"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere, no hazard at all."""
    faults = network_faults(parameters)
    if not any(parameters.get(name) for name in HAZARD_LABELS):
        faults.append(
            Fault(
                Text("没有指定灾害图层。", "No hazard layer was given."),
                Text("请至少选择一个灾害图层。", "Choose one hazard layer at least."),
                field="earthquake",
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read facilities and hazards, lay them over each other, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .network.failures.ids import ids_in
    from .network.hazards.exposed import exposed, people_of, summed
    from .network.hazards.layers import check_columns, read_hazards
    from .network.hazards.report import said_table, write_hazards_report
    from .network.hazards.sites import sites_of
    from .network.hazards.words import LABELS, MISSING
    from .network.read import read_trunk
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack = read_pack(context, "trunk-failures")
    reaches = [pack.rule(name) for name in ("failures.village_reach", "failures.cluster_reach")]
    width = read_pack(context, "trunk-hazards").rule("hazards.line_width")
    trunk = read_trunk(context)
    cite(context, [width, *reaches])
    context.progress(0.3, Text("读取设施和灾害图层", "Reading facilities and hazards"))
    sites, said = sites_of(context, trunk, *(float(rule.value) for rule in reaches))
    stated = ids_in(context["class_column"]), ids_in(context["measure_column"])
    layers = {name: read_hazards(context, name, *stated) for name in HAZARD_LABELS if context[name]}
    check_columns(list(layers.values()), *stated)
    context.progress(0.5, Text("叠加", "Laying them over each other"))
    width_m = float(width.value)
    found = exposed(trunk, sites, layers, width_m)

    context.progress(0.9, Text("写出结果", "Writing the result"))
    for name, table, shapes, kind in (
        ("hazard_exposed", found.cables, found.cable_shapes, "MultiLineString"),
        ("hazard_exposed_site", found.sites, found.site_points, "Point"),
    ):
        if len(table):
            write_layer(context.output(name, "result.gpkg"), name, table, shapes, kind, aliases=LABELS)
    sums = summed(found)
    write_table(context.output("exposure", "exposure.csv"), said_table(sums), LABELS)
    report = context.output("report", "report.html")
    write_hazards_report(report, trunk, found, sums, layers, said, width_m, stated[0], context.rules)
    for caution in trunk.cautions:
        context.notice(caution)
    lacking = int((found.cables["measures"] == MISSING).sum() + (found.sites["measures"] == MISSING).sum())
    return {
        "hazards": len(layers),
        "cables": int(found.cables["facility_id"].nunique()),
        "length_km": round(found.total_km, 6),
        "sites": len(found.sites.drop_duplicates(["facility", "facility_id"])),
        "people": people_of(found),
        "missing": lacking if any(layer.measure_column for layer in layers.values()) else None,
    }
