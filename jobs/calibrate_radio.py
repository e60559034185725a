"""Hold the simulation against drive tests, and correct it where that helps at places that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import CALIBRATION, SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="calibrate_radio",
    label=Text("仿真校正", "Calibrate the simulation"),
    help=Text(
        "用路测或 App 测试记录检验地形仿真：逐点比较实测与仿真电平，剔除离群值，按频段（有土地覆盖时并按地物类别）求平均偏差，"
        "再把测区分块、轮流留出整块检验。只有留出检验误差显著变小的频段才写入校正文件；都没有则不写文件，报告说明原因。"
        "测试记录有服务基站编号时与该站比较，否则与同一运营商（和频段）仿真最强的扇区比较。"
        "校正文件有名称和日期，其他仿真任务可引用。",
        "Holds the simulation against drive tests or app tests: measured and simulated levels are compared point by point, outliers "
        "removed, the mean difference taken by band (and by clutter class where there is a land-cover raster), and whole blocks of "
        "the area are held out in turn to judge it. Only bands whose hold-out error shrinks significantly go into the calibration file; if none "
        "does, no file is written and the report says why. A test that names its serving station is compared with that one, else "
        "with the strongest sector of its operator (and band). The file has a name and a date, and other simulations can use it.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        layer_parameter("measurements", FROM_WORKSPACE),
        Parameter(
            "name",
            ParameterKind.TEXT,
            Text("校正名称", "Name of the calibration"),
            Text(
                "写入校正文件并由结果引用；留空取制式和日期。",
                "Goes into the file and is cited; empty: technology and date.",
            ),
        ),
        Parameter(
            "date",
            ParameterKind.DATE,
            Text("校正日期", "Date of the calibration"),
            Text(
                "写入校正文件；留空取最近的测试日期。", "Goes into the file; empty: the newest day of the measurements."
            ),
        ),
        AS_OF,
        *(item for item in SIMULATION if item is not CALIBRATION),
        OWN_PACKS,
        layer_parameter("base_stations", FROM_WORKSPACE),
    ),
    outputs=(
        Output("calibration", OutputKind.FILE, Text("校正文件", "Calibration file"), optional=True),
        Output(
            "calibration_points",
            OutputKind.LAYER,
            Text("测试点对比", "Measured against simulated"),
            "Point",
            "calibration_points",
            verdict_field="use",
        ),
        Output("by_band", OutputKind.TABLE, Text("分频段结果", "By band")),
        Output("report", OutputKind.REPORT, Text("校正报告", "Report")),
    ),
    summary_keys=("measurements", "used", "outliers", "left_out", "written", "before_db", "after_db", "bands"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a layer that comes from nowhere, no elevation data."""
    faults = missing_layers(parameters, ("measurements", "base_stations"))
    if not parameters.get("dem"):
        faults.append(
            Fault(
                Text("没有指定高程数据。", "No elevation data were stated."),
                Text("请填写“高程数据（DEM）”（--dem）。", "State “Elevation data (DEM)” (--dem)."),
                field="dem",
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read, simulate at the measurements, calibrate, write."""
    from ..analysis.radio.calibration import calibrate
    from ..layers.store.results import write_layer, write_table
    from ..rules.calibration import as_toml
    from .calibration.data import compared, read_tests, settings_of, spread_cautions
    from .calibration.report import LABELS, band_table, calibration_of, summary_of, write_calibration_report
    from .calibration.words import OUTLIER, USED
    from .radio.inputs import read_radio
    from .shared.packs import read_pack
    from .shared.stations import read_stations

    pack = read_pack(context, "radio")
    settings, rules = settings_of(pack)
    context.progress(0.02, Text("读取图层", "Reading the layers"))
    tests = read_tests(context)
    stations = read_stations(context, radii=False)
    radio = read_radio(context, stations)
    context.rules += [rule.cited() for rule in rules]

    rows = compared(context, tests, stations, radio, pack.transmitters)
    used = (rows.table["use"] == USED).to_numpy(bool)
    context.progress(0.88, Text("求偏差并留出检验", "Fitting offsets and holding out"))
    result = calibrate(rows.residuals, settings)
    rows.table.loc[used, "use"] = [(OUTLIER if out else USED) for out in result.outlier]
    calibration = calibration_of(context, rows, result, pack.transmitters, radio.model)

    context.progress(0.94, Text("写出结果", "Writing the result"))
    place = (rows.table["lon"].to_numpy(float), rows.table["lat"].to_numpy(float))
    columns = rows.table.drop(columns=["lon", "lat"])
    path = context.output("calibration_points", "result.gpkg")
    write_layer(path, "calibration_points", columns, place, "Point", aliases=LABELS, dates=("measured_on",))
    table = band_table(result, pack.transmitters)
    write_table(context.output("by_band", "by_band.csv"), table, LABELS)
    if calibration is not None:
        target = context.output("calibration", f"calibration_{calibration.technology}_{calibration.date}.toml")
        target.write_text(as_toml(calibration), encoding="utf-8", newline="\n")
    summary = summary_of(rows, result, table, calibration)
    scattered = spread_cautions(result, pack.transmitters, pack.rule("radio.calibration.most_sigma"))
    cautions = [*scattered, *rows.cautions, *radio.cautions]
    write_calibration_report(
        context.output("report", "report.html"),
        summary,
        result,
        calibration,
        pack,
        context.rules,
        radio.section,
        cautions,
    )
    for caution in cautions:
        context.notice(caution)
    return summary
