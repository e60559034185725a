"""The report of a path profile: the answer, the picture, every value, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...layers.html_report import Section, write_report
from ...text import Text, same
from ..declaration import Parameter
from .symbols import SYMBOLS

_STATED = {
    "frequency_ghz": "GHz",
    "tx_height_m": "m",
    "rx_height_m": "m",
    "time_percent": "%",
    "location_percent": "%",
    "delta_n": "N/km",
    "n0": "N",
    "building_entry_loss_db": "dB",
}
_SOURCES = {
    "delta_n": Text(
        "默认：标准大气，4/3 等效地球半径，ITU-R P.310", "default: standard atmosphere, 4/3 Earth radius, ITU-R P.310"
    ),
    "n0": Text("默认：参考大气，ITU-R P.453", "default: reference atmosphere, ITU-R P.453"),
}
_HEADINGS = [Text("参数", "Parameter"), Text("值", "Value")]


def write_profile_report(
    path: Path,
    summary: Mapping[str, Any],
    parameters: Mapping[str, Any],
    declared: Sequence[Parameter],
    picture: Text,
    cautions: Sequence[Text],
    source: Sequence[Sequence[Text | str]] = (),
) -> None:
    """Write the page.

    Parameters
    ----------
    summary, parameters : mapping
        Of the run.
    declared : sequence of Parameter
        The job's parameters.
    picture : Text
        SVG markup in both languages.
    cautions : sequence of Text
    source : sequence of rows
        Where a profile that was taken from elevation data comes from: name and value.
    """
    vertical = parameters["polarisation"] == "vertical"
    labels = {item.name: item.label for item in declared}
    defaults = {item.name: item.default for item in declared}
    stated: list[list[Text | str]] = []
    for name, unit in _STATED.items():
        value = same(f"{parameters[name]:g} {unit}")
        if name in _SOURCES and parameters[name] == defaults[name]:
            value = Text("{value}（{why}）", "{value} ({why})").filled(value=value, why=_SOURCES[name])
        stated.append([labels[name], value])
    stated.append([labels["polarisation"], Text("垂直", "vertical") if vertical else Text("水平", "horizontal")])
    write_report(
        path,
        Text("路径剖面与传输损耗报告", "Path profile and transmission loss"),
        [
            Section(Text("结论", "Result"), _sentences(summary, parameters), cautions),
            Section(Text("剖面图", "Picture"), picture=picture),
            *(
                [Section(Text("剖面来源", "Where the profile comes from"), headings=_HEADINGS, rows=source)]
                if source
                else []
            ),
            Section(Text("输入", "What was stated"), headings=_HEADINGS, rows=stated),
            Section(
                Text("中间值", "Intermediate values"),
                [Text("符号按 ITU-R P.1812-8。", "Symbols as in ITU-R P.1812-8.")],
                headings=[Text("符号", "Symbol"), Text("值", "Value"), Text("单位", "Unit"), Text("含义", "Meaning")],
                rows=[[key, f"{summary[key]:.6g}", unit, meaning] for key, (unit, meaning) in SYMBOLS.items()],
            ),
        ],
    )


def _sentences(summary: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[Text]:
    p, q = parameters["time_percent"], parameters["location_percent"]
    sentences = [
        Text(
            f"基本传输损耗 {summary['loss_db']:.2f} dB（{p:g}% 时间、{q:g}% 地点不超过），其中自由空间 {summary['Lbfs']:.2f} dB。",
            f"Basic transmission loss {summary['loss_db']:.2f} dB, not exceeded for {p:g} % of time and {q:g} % of "
            f"locations; free space alone takes {summary['Lbfs']:.2f} dB.",
        ),
        Text(
            f"1 kW 有效辐射功率的场强 {summary['field_strength_dbuv_m']:.2f} dB(µV/m)。",
            f"Field strength for 1 kW effective radiated power: {summary['field_strength_dbuv_m']:.2f} dB(µV/m).",
        ),
    ]
    if summary["level_dbm"] is not None:
        sentences.append(
            Text(
                f"全向（各向同性）接收天线的接收电平 {summary['level_dbm']:.2f} dBm。",
                f"Level at an isotropic receiving antenna: {summary['level_dbm']:.2f} dBm.",
            )
        )
    at, above = summary["obstacle_distance_km"], summary["obstacle_above_line_m"]
    if not summary["line_of_sight"]:
        sentences.append(
            Text(
                f"视线被遮挡，主要障碍距发射端 {at:.2f} km，高出视线 {above:.1f} m。",
                f"The line of sight is cut; the main obstacle is {at:.2f} km from the transmitter and {above:.1f} m above "
                "the line.",
            )
        )
    elif at is not None:
        sentences.append(
            Text(
                f"通视，但距发射端 {at:.2f} km 处侵入菲涅尔区，产生绕射损耗。",
                f"The line of sight is clear, but {at:.2f} km from the transmitter the ground reaches into the Fresnel zone "
                "and costs diffraction loss.",
            )
        )
    else:
        sentences.append(Text("通视，菲涅尔区余隙足够。", "The line of sight is clear and so is the Fresnel zone."))
    return sentences
