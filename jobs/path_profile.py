"""Point to point: how much of a signal is lost on the way over real terrain, and where it is obstructed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from ._profile_symbols import SYMBOLS
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..analysis.p1812 import P1812Result, PathProfile
    from ..engine.context import RunContext


def _degrees(name: str, label: Text, most: float) -> Parameter:
    return Parameter(
        name,
        ParameterKind.REAL,
        label,
        Text(
            "十进制度。路径中点纬度影响波导出现的概率。",
            "Decimal degrees. The latitude of the path decides how often ducts occur.",
        ),
        required=True,
        unit="°",
        minimum=-most,
        maximum=most,
    )


JOB = Job(
    name="path_profile",
    label=Text("路径剖面与传输损耗", "Path profile"),
    help=Text(
        "按 ITU-R P.1812-8 计算一条剖面上两点间的基本传输损耗和场强，给出全部中间值，并画出地形、地球曲率、视线、菲涅尔区和主要障碍。"
        "适用于 30 MHz 至 6 GHz、0.25 至 3000 km。",
        "Computes the basic transmission loss and field strength between two points on a profile by ITU-R P.1812-8, with every "
        "intermediate value, and draws terrain, the Earth's bulge, line of sight, Fresnel zone and main obstacle. Holds for "
        "30 MHz to 6 GHz and 0.25 to 3000 km.",
    ),
    step="analyse",
    parameters=(
        Parameter(
            "profile",
            ParameterKind.SOURCE,
            Text("剖面文件", "Profile file"),
            Text(
                "CSV，首行为表头 distance_km,height_m,clutter_height_m,zone（或“距离km、高程、地物高度、区域”），首点为发射端。"
                "区域填 sea/coastal/inland、海/沿海/内陆或 1/3/4；缺地物高度按 0，缺区域按内陆。",
                "CSV with the headings distance_km,height_m,clutter_height_m,zone; the transmitter comes first. Zones are "
                "sea, coastal, inland or 1, 3, 4. Without clutter heights they are 0, without zones all is inland.",
            ),
            required=True,
        ),
        Parameter(
            "frequency_ghz",
            ParameterKind.REAL,
            Text("频率", "Frequency"),
            Text("0.03 至 6 GHz。", "0.03 to 6 GHz."),
            required=True,
            unit="GHz",
            minimum=0.03,
            maximum=6,
        ),
        Parameter(
            "tx_height_m",
            ParameterKind.REAL,
            Text("发射天线挂高", "Transmitting antenna height"),
            Text("离地高度。", "Above ground."),
            required=True,
            unit="m",
            minimum=1,
            maximum=3000,
        ),
        Parameter(
            "rx_height_m",
            ParameterKind.REAL,
            Text("接收天线高度", "Receiving antenna height"),
            Text("离地高度；1.5 m 相当于手持终端。", "Above ground; 1.5 m is a hand-held terminal."),
            default=1.5,
            unit="m",
            minimum=1,
            maximum=3000,
        ),
        _degrees("tx_lat", Text("发射端纬度", "Latitude of the transmitter"), 90),
        _degrees("tx_lon", Text("发射端经度", "Longitude of the transmitter"), 180),
        _degrees("rx_lat", Text("接收端纬度", "Latitude of the receiver"), 90),
        _degrees("rx_lon", Text("接收端经度", "Longitude of the receiver"), 180),
        Parameter(
            "time_percent",
            ParameterKind.REAL,
            Text("时间百分比", "Time percentage"),
            Text("损耗在该比例的时间内不超过计算值。", "The loss is not exceeded for this part of an average year."),
            default=50,
            unit="%",
            minimum=1,
            maximum=50,
        ),
        Parameter(
            "location_percent",
            ParameterKind.REAL,
            Text("地点百分比", "Location percentage"),
            Text(
                "损耗在接收点周围该比例的地点不超过计算值。",
                "The loss is not exceeded at this part of the places around the receiver.",
            ),
            default=50,
            unit="%",
            minimum=1,
            maximum=99,
        ),
        Parameter(
            "polarisation",
            ParameterKind.CHOICE,
            Text("极化", "Polarisation"),
            Text("发射天线的极化方式。", "Of the transmitting antenna."),
            default="vertical",
            choices=(Choice("vertical", Text("垂直", "Vertical")), Choice("horizontal", Text("水平", "Horizontal"))),
        ),
        Parameter(
            "eirp_dbm",
            ParameterKind.REAL,
            Text("等效全向辐射功率（EIRP）", "EIRP"),
            Text(
                "填写后给出各向同性接收天线的接收电平；留空则只给损耗和场强。",
                "Gives the level at an isotropic receiving antenna; empty: loss and field strength only.",
            ),
            unit="dBm",
            minimum=-100,
            maximum=150,
        ),
        Parameter(
            "delta_n",
            ParameterKind.REAL,
            Text("折射率梯度 ΔN", "Refractivity lapse ΔN"),
            Text(
                "近地 1 km 大气折射率平均递减率（正值）。默认 39.25，对应标准大气的 4/3 等效地球半径（ITU-R P.310）；当地值见 ITU-R P.1812 的数字地图，"
                "该地图不得随软件分发。",
                "Mean fall of refractivity through the lowest km, a positive number. 39.25 gives the 4/3 effective Earth radius of "
                "the standard atmosphere (ITU-R P.310); for a place see the digital map of ITU-R P.1812, which may not be shipped.",
            ),
            default=39.25,
            unit="N/km",
            minimum=0,
            maximum=150,
            advanced=True,
        ),
        Parameter(
            "n0",
            ParameterKind.REAL,
            Text("海平面折射率 N0", "Sea-level refractivity N0"),
            Text(
                "默认 315，即 ITU-R P.453 参考大气的值；当地值见 ITU-R P.1812 的数字地图。",
                "315 is the value of the reference atmosphere of ITU-R P.453; for a place see the digital map of ITU-R P.1812.",
            ),
            default=315,
            unit="N",
            minimum=200,
            maximum=450,
            advanced=True,
        ),
        Parameter(
            "location_sigma_db",
            ParameterKind.REAL,
            Text("地点变化标准差", "Location standard deviation"),
            Text(
                "留空则按建议书由频率、预测分辨率和接收点地物高度计算。",
                "Empty: by the Recommendation, from frequency, resolution and the clutter height at the receiver.",
            ),
            unit="dB",
            minimum=0,
            maximum=30,
            advanced=True,
        ),
        Parameter(
            "resolution_m",
            ParameterKind.REAL,
            Text("预测分辨率", "Prediction resolution"),
            Text("地点百分比所指方格的边长。", "Width of the square that the location percentage speaks of."),
            default=100,
            unit="m",
            minimum=1,
            maximum=1000,
            advanced=True,
        ),
        Parameter(
            "building_entry_loss_db",
            ParameterKind.REAL,
            Text("建筑物穿透损耗", "Building entry loss"),
            Text("室内接收时的附加损耗；室外为 0。", "Added for an indoor receiver; 0 outdoors."),
            default=0,
            unit="dB",
            minimum=0,
            maximum=100,
            advanced=True,
        ),
    ),
    outputs=(
        Output("profile_picture", OutputKind.FILE, Text("剖面图（中文，SVG）", "Profile picture, Chinese (SVG)")),
        Output("profile_picture_en", OutputKind.FILE, Text("剖面图（英文，SVG）", "Profile picture, English (SVG)")),
        Output("values", OutputKind.TABLE, Text("中间值表", "Intermediate values")),
        Output("report", OutputKind.REPORT, Text("路径剖面报告", "Report")),
    ),
    summary_keys=(
        *("loss_db", "field_strength_dbuv_m", "level_dbm", "distance_km", "line_of_sight", "obstacle_distance_km"),
        *SYMBOLS,
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read the profile, compute, draw and write."""
    from pathlib import Path

    from ..analysis.p1812 import Link, basic_transmission_loss, path_centre_latitude
    from ..layers.store.results import write_table
    from ._profile_file import read_profile
    from ._profile_report import write_profile_report

    path = context.read("profile", Path(context["profile"]))
    context.progress(0.1, Text("读取剖面", "Reading the profile"))
    profile, assumed = read_profile(path)
    cautions = [*_assumptions(assumed), *_other_length(context.parameters, profile.length_km)]
    for caution in cautions:
        context.notice(caution)
    context.progress(0.3, Text("计算传输损耗", "Computing the loss"))
    ends = (context["tx_lat"], context["tx_lon"], context["rx_lat"], context["rx_lon"])
    result = basic_transmission_loss(
        profile,
        Link(
            frequency_ghz=context["frequency_ghz"],
            tx_height_m=context["tx_height_m"],
            rx_height_m=context["rx_height_m"],
            latitude_deg=path_centre_latitude(*ends, profile.length_km),
            time_percent=context["time_percent"],
            location_percent=context["location_percent"],
            vertical=context["polarisation"] == "vertical",
            delta_n=context["delta_n"],
            n0=context["n0"],
            sigma_db=context["location_sigma_db"],
            resolution_m=context["resolution_m"],
            building_entry_loss_db=context["building_entry_loss_db"],
        ),
    )
    eirp, obstacle = context["eirp_dbm"], result.obstacle
    summary: dict[str, Any] = {
        "loss_db": result.loss_db,
        "field_strength_dbuv_m": result.field_strength_dbuv_m,
        "level_dbm": None if eirp is None else eirp - result.loss_db,
        "distance_km": profile.length_km,
        "line_of_sight": result.line_of_sight,
        "obstacle_distance_km": None if obstacle is None else float(profile.distance_km[obstacle]),
        **{symbol: result.values[symbol] for symbol in SYMBOLS},
    }
    context.progress(0.6, Text("写出结果", "Writing the result"))
    picture = _pictures(context, profile, result)
    write_table(
        context.output("values", "values.csv"),
        {
            "symbol": list(SYMBOLS),
            "value": [summary[symbol] for symbol in SYMBOLS],
            "unit": [unit for unit, _ in SYMBOLS.values()],
            "meaning_zh": [meaning.zh for _, meaning in SYMBOLS.values()],
            "meaning_en": [meaning.en for _, meaning in SYMBOLS.values()],
        },
    )
    labels = {parameter.name: parameter.label for parameter in JOB.parameters}
    write_profile_report(
        context.output("report", "report.html"), summary, context.parameters, labels, picture, cautions
    )
    return summary


def _pictures(context: RunContext, profile: PathProfile, result: P1812Result) -> Text:
    """Draw the profile in both languages and give the markup."""
    from ._profile_picture import draw_profile

    drawn = {
        language: draw_profile(
            profile,
            language,
            frequency_ghz=context["frequency_ghz"],
            antennas_m=(context["tx_height_m"], context["rx_height_m"]),
            radius_km=result.values["ae"],
            obstacle=result.obstacle,
            loss_db=result.loss_db,
        )
        for language in ("zh", "en")
    }
    context.output("profile_picture", "profile_zh.svg").write_text(drawn["zh"], encoding="utf-8", newline="\n")
    context.output("profile_picture_en", "profile_en.svg").write_text(drawn["en"], encoding="utf-8", newline="\n")
    return Text(**drawn)


def _assumptions(assumed: tuple[str, ...]) -> list[Text]:
    """Say what was taken for the columns that the file leaves out."""
    said = {
        "clutter_height_m": Text(
            "剖面文件没有地物高度列，按 0 计算：林木和房屋的遮挡未计入。",
            "The profile has no clutter heights: taken as 0, so trees and houses do not count.",
        ),
        "zone": Text(
            "剖面文件没有区域列，全程按内陆计算。", "The profile has no zones: the whole path is taken as inland."
        ),
    }
    return [said[name] for name in assumed]


def _other_length(parameters: Mapping[str, Any], length_km: float) -> list[Text]:
    """Warn where the stated places are not as far apart as the profile is long."""
    from ..analysis.p1812 import great_circle_km

    apart = great_circle_km(*(parameters[name] for name in ("tx_lat", "tx_lon", "rx_lat", "rx_lon")))
    if abs(apart - length_km) <= max(0.1, 0.02 * length_km):
        return []
    return [
        Text(
            f"两端坐标相距 {apart:.2f} km，剖面长 {length_km:.2f} km，请核对坐标和剖面是否对应。损耗按剖面计算，坐标只用于确定纬度。",
            f"The stated places are {apart:.2f} km apart, the profile is {length_km:.2f} km long: check that they belong "
            "together. The loss follows the profile; the places only give the latitude.",
        )
    ]
