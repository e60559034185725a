"""Point to point: how much of a signal is lost on the way over real terrain, and where it is obstructed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind
from .profile.parameters import PARAMETERS
from .profile.symbols import SYMBOLS
from .profile.ways import faults_of, parse_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..analysis.p1812 import P1812Result, PathProfile
    from ..engine.context import RunContext
    from ..errors import Fault
    from .profile.terrain import TerrainPath


JOB = Job(
    name="path_profile",
    label=Text("路径剖面与传输损耗", "Path profile"),
    help=Text(
        "按 ITU-R P.1812-8 计算两点间的基本传输损耗和场强，给出全部中间值，并画出地形、地球曲率、视线、菲涅尔区和主要障碍。"
        "剖面从高程数据（DEM）沿大地线截取（点距默认为像元南北边长的一半，与关键点仿真相同），或由剖面文件给出。"
        "适用于 30 MHz 至 6 GHz、0.25 至 3000 km。",
        "Computes the basic transmission loss and field strength between two points by ITU-R P.1812-8, with every "
        "intermediate value, and draws terrain, the Earth's bulge, line of sight, Fresnel zone and main obstacle. The profile "
        "is taken from elevation data along the geodesic (points half the height of a pixel apart, as at simulated key points), or from "
        "a profile file. Holds for 30 MHz to 6 GHz and 0.25 to "
        "3000 km.",
    ),
    step="analyse",
    parameters=PARAMETERS,
    outputs=(
        Output("profile_picture", OutputKind.FILE, Text("剖面图（中文，SVG）", "Profile picture, Chinese (SVG)")),
        Output("profile_picture_en", OutputKind.FILE, Text("剖面图（英文，SVG）", "Profile picture, English (SVG)")),
        Output("values", OutputKind.TABLE, Text("中间值表", "Intermediate values")),
        Output("path_line", OutputKind.LAYER, Text("路径", "Path"), "MultiLineString", optional=True),
        Output("path_marks", OutputKind.LAYER, Text("两端与主要障碍", "Ends and obstacle"), "Point", optional=True),
        Output("profile_points", OutputKind.TABLE, Text("剖面点（可作剖面文件）", "Profile points"), optional=True),
        Output("report", OutputKind.REPORT, Text("路径剖面报告", "Report")),
    ),
    summary_keys=(
        *("loss_db", "field_strength_dbuv_m", "level_dbm", "distance_km", "line_of_sight"),
        *("obstacle_distance_km", "obstacle_above_line_m"),
        *("points", "step_m", "dem_pixel_m"),
        *SYMBOLS,
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: the two ways to state a path must not mix."""
    return faults_of(parameters)


def run(context: RunContext) -> dict[str, Any]:
    """Take or read the profile, compute, draw and write."""
    from ..analysis.p1812 import Link, basic_transmission_loss, path_centre_latitude
    from ..analysis.p1812.clearance import clearance
    from ..layers.store.results import write_table
    from .profile.report import write_profile_report

    path = _on_terrain(context) if context["dem"] is not None else None
    if path is None:
        profile, cautions = _from_file(context)
        ends = (context["tx_lat"], context["tx_lon"], context["rx_lat"], context["rx_lon"])
    else:
        from .profile.terrain import cautions_of

        profile, cautions = path.profile, cautions_of(path.facts)
        lon, lat = path.points.lon, path.points.lat
        ends = (float(lat[0]), float(lon[0]), float(lat[-1]), float(lon[-1]))
    for caution in cautions:
        context.notice(caution)
    context.progress(0.3, Text("计算传输损耗", "Computing the loss"))
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
    antennas = (context["tx_height_m"], context["rx_height_m"])
    where = None
    if obstacle is not None:
        where = clearance(profile, antennas, result.values["ae"], context["frequency_ghz"], obstacle)
    summary: dict[str, Any] = {
        "loss_db": result.loss_db,
        "field_strength_dbuv_m": result.field_strength_dbuv_m,
        "level_dbm": None if eirp is None else eirp - result.loss_db,
        "distance_km": profile.length_km,
        "line_of_sight": result.line_of_sight,
        "obstacle_distance_km": None if where is None else where.distance_km,
        "obstacle_above_line_m": None if where is None else where.above_m,
        "points": len(profile.distance_km),
        "step_m": None if path is None else path.facts.step_m,
        "dem_pixel_m": None if path is None else path.facts.pixel_m,
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
    source: list[list[Text | str]] = []
    if path is not None:
        from .profile.terrain import fact_rows, write_terrain_path

        write_terrain_path(context, path, obstacle, summary)
        datum = next(item.label for item in JOB.parameter("datum").choices if item.value == context["datum"])
        source = fact_rows(path.facts, datum, (parse_place(context["from"]), parse_place(context["to"])), path.points)
    write_profile_report(
        context.output("report", "report.html"), summary, context.parameters, JOB.parameters, picture, cautions, source
    )
    return summary


def _on_terrain(context: RunContext) -> TerrainPath:
    """Take the profile from elevation data."""
    from pathlib import Path

    from .profile.terrain import in_cgcs2000, profile_on_terrain

    context.progress(0.1, Text("打开高程数据", "Opening the elevation data"))
    start, end = (in_cgcs2000(parse_place(context[name]), context["datum"]) for name in ("from", "to"))
    return profile_on_terrain(context, Path(context["dem"]), (start, end), context["step_m"])


def _from_file(context: RunContext) -> tuple[PathProfile, list[Text]]:
    """Read the profile file; give what was assumed and what does not fit, too."""
    from pathlib import Path

    from .profile.file import read_profile

    path = context.read("profile", Path(context["profile"]))
    context.progress(0.1, Text("读取剖面", "Reading the profile"))
    profile, assumed = read_profile(path)
    return profile, [*_assumptions(assumed), *_other_length(context.parameters, profile.length_km)]


def _pictures(context: RunContext, profile: PathProfile, result: P1812Result) -> Text:
    """Draw the profile in both languages and give the markup."""
    from .profile.picture import draw_profile

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
