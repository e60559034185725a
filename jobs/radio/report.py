"""Say what a simulation rests on: the model's parameters, the presets, and what the reader must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...analysis.radio.station_sectors import BAND_OUTSIDE, INDOOR, NO_PLACE
from ...layers.html_report import Section
from ...rules.pack import status_label
from ...rules.presets import TransmitterPreset
from ...text import Text

if TYPE_CHECKING:
    from ...analysis.radio import Propagation
    from ...rules.calibration import Calibration

_WORDS = {
    "height": Text("挂高", "antenna height"),
    "band": Text("频段", "band"),
    "bandwidth": Text("带宽", "bandwidth"),
    "power": Text("发射功率或天线增益", "power or antenna gain"),
    "azimuth": Text("方位角（按全向计）", "azimuth (taken as omnidirectional)"),
    "tilt": Text("下倾角", "tilt"),
}
BEYOND_MODEL = "beyond_model"
LEFT_OUT = {
    NO_PLACE: Text("没有坐标", "no coordinates"),
    INDOOR: Text("室内分布，不覆盖室外", "indoor systems, which do not serve outdoors"),
    BAND_OUTSIDE: Text("频段不在 30 MHz 至 6 GHz 内", "bands outside of 30 MHz to 6 GHz"),
    BEYOND_MODEL: Text("频率或挂高超出传播模型的适用范围", "frequency or height beyond what the model holds for"),
}
_CONDITIONS = {
    "rx_height_m": Text("接收天线高度", "receiving antenna height"),
    "time_percent": Text("时间百分比", "time percentage"),
    "location_percent": Text("地点百分比", "location percentage"),
    "delta_n": Text("折射率梯度 ΔN", "refractivity lapse ΔN"),
    "n0": Text("海平面折射率 N0", "sea-level refractivity N0"),
    "building_entry_loss_db": Text("建筑物穿透损耗", "building entry loss"),
    "clutter_on_path": Text("是否计入土地覆盖", "land cover counted or not"),
    "transmitter_presets": Text("发射机预设", "transmitter presets"),
}
GRADES = {
    "p1812": Text("ITU-R P.1812-8", "ITU-R P.1812-8"),
    "line_of_sight": Text("视距（0.6 菲涅尔区，4/3 地球半径）", "line of sight (0.6 Fresnel zone, 4/3 Earth radius)"),
    "free_space": Text("自由空间", "free space"),
    "tr38901_uma": Text("3GPP TR 38.901 城区宏站", "3GPP TR 38.901 urban macro"),
    "tr38901_umi": Text("3GPP TR 38.901 城区微站", "3GPP TR 38.901 urban micro"),
    "tr38901_rma": Text("3GPP TR 38.901 乡村宏站", "3GPP TR 38.901 rural macro"),
}


def cautions_of(
    sectors: int, assumed: Mapping[str, int], left_out: Mapping[str, int], *, has_clutter: bool
) -> list[Text]:
    """Say what was assumed or left out, with counts."""
    said = []
    missing = [(_WORDS[name], count) for name, count in assumed.items() if count]
    if missing:
        zh = "、".join(f"{word.zh} {count} 个" for word, count in missing)
        en = ", ".join(f"{word.en} {count}" for word, count in missing)
        said.append(
            Text(
                f"{sectors} 个扇区中，缺以下参数、按未经核实的预设计算的有：{zh}。",
                f"Of {sectors} sectors, these lack a value and take a preset that nobody has verified: {en}.",
            )
        )
    said += left_out_cautions(left_out)
    if has_clutter:
        said.append(
            Text(
                "土地覆盖缺失或类别未知处，地物高度按 0 计。",
                "Where land cover is missing or its class is unknown, clutter counts as 0 m.",
            )
        )
    else:
        said.append(
            Text(
                "仿真只计地形，未计林木和房屋；森林和城区的电平偏乐观。",
                "The simulation knows terrain alone, no trees or houses: levels in forest and town are too hopeful.",
            )
        )
    return said


def left_out_cautions(left_out: Mapping[str, int]) -> list[Text]:
    """Say how many stations are not simulated, by reason."""
    return [
        Text(
            f"{count} 个基站未参与仿真：{LEFT_OUT[reason].zh}。",
            f"{count} stations are not simulated: {LEFT_OUT[reason].en}.",
        )
        for reason, count in left_out.items()
    ]


def band_caution(bands: Mapping[float, int]) -> list[Text]:
    """List the bands that are stated but that no preset knows, with their sectors."""
    if not bands:
        return []
    zh = "、".join(f"{band:g} MHz {count} 个扇区" for band, count in bands.items())
    en = ", ".join(f"{band:g} MHz ({count} sectors)" for band, count in bands.items())
    return [
        Text(
            f"注明的频段不在任何预设内：{zh}。频率按注明的算，其余未注明的参数取该制式最不利的预设；已计入上述缺频段的扇区。",
            f"Stated bands that belong to no preset: {en}. The stated frequency counts; what else is not said takes the least "
            "favourable preset of the technology. They count among the sectors above that lack a band.",
        )
    ]


def radio_section(
    technology: str,
    presets: Sequence[tuple[TransmitterPreset, int, int]],
    model: Propagation,
    max_range_m: float,
    calibration: Calibration | None = None,
) -> Section:
    """List the model's parameters and the presets, each with its sectors and how many of them rest on it."""
    calibrated = [] if calibration is None else [_calibrated(calibration)]
    return Section(
        Text("地形仿真的参数与预设", "What the simulation rests on"),
        sentences=[_parameters(model, max_range_m), *calibrated, *([_presets(technology)] if presets else [])],
        headings=[
            Text("频段（MHz）", "Band (MHz)"),
            Text("扇区数", "Sectors"),
            Text("用到预设的", "On presets"),
            Text("带宽（MHz）", "Bandwidth (MHz)"),
            Text("功率+增益−损耗（dB）", "Power + gain − losses (dB)"),
            Text("挂高（m）", "Height (m)"),
            Text("下倾（°）", "Tilt (°)"),
            Text("波束宽（°）", "Beam (°)"),
            Text("状态", "Status"),
        ],
        rows=[
            [
                f"{p.band_mhz_min:g}–{p.band_mhz_max:g}",
                sectors,
                resting,
                p.bandwidth_mhz,
                f"{p.power_dbm:g} + {p.gain_dbi:g} − {p.losses_db:g}",
                p.antenna_height_m,
                p.tilt_deg,
                f"{p.horizontal_beam_deg:g} × {p.vertical_beam_deg:g}",
                status_label(p.status),
            ]
            for p, sectors, resting in presets
        ],
    )


def _parameters(model: Propagation, max_range_m: float) -> Text:
    sigma = (
        Text("按模型计算", "by the model")
        if model.sigma_db is None
        else Text(f"{model.sigma_db:g} dB", f"{model.sigma_db:g} dB")
    )
    grade = model.grade
    air = Text("", "")
    if grade == "p1812":
        air = Text(
            f"时间 {model.time_percent:g}%，ΔN {model.delta_n:g} N/km，N0 {model.n0:g} N，",
            f"time {model.time_percent:g} %, ΔN {model.delta_n:g} N/km, N0 {model.n0:g} N, ",
        )
    lower = Text("（低于 ITU-R P.1812 一级的依据）", " (a lower grade of evidence than ITU-R P.1812)")
    name = GRADES[grade] if grade == "p1812" else Text(GRADES[grade].zh + lower.zh, GRADES[grade].en + lower.en)
    return Text(
        f"传播模型 {name.zh}；{air.zh}地点 {model.location_percent:g}%（标准差{sigma.zh}），接收高度 {model.rx_height_m:g} m，"
        f"建筑物穿透损耗 {model.building_entry_loss_db:g} dB，最大距离 {max_range_m / 1000:g} km。电平为每资源单元的 RSRP。",
        f"Propagation model {name.en}; {air.en}location {model.location_percent:g} % (standard deviation {sigma.en}), receiver at "
        f"{model.rx_height_m:g} m, building entry loss {model.building_entry_loss_db:g} dB, range up to {max_range_m / 1000:g} km. "
        "Levels are RSRP, of one resource element.",
    )


def _calibrated(calibration: Calibration) -> Text:
    zh = "，".join(f"{b.band_mhz_min:g}–{b.band_mhz_max:g} MHz {b.offset_db:+.1f} dB" for b in calibration.bands)
    en = zh.replace("，", ", ")
    return Text(
        f"已用校正“{calibration.name}”（{calibration.date}）：{zh}；留出检验误差由 {calibration.before_db:.1f} dB 降到 "
        f"{calibration.after_db:.1f} dB。",
        f"Corrected by the calibration “{calibration.name}” ({calibration.date}): {en}; hold-out error {calibration.before_db:.1f} dB "
        f"before, {calibration.after_db:.1f} dB after.",
    )


def calibration_cautions(
    calibration: Calibration, conditions: Mapping[str, float | str], with_clutter: bool
) -> list[Text]:
    """Say where a run is not like the one that the calibration was made with."""
    said = []
    other = [name for name, value in conditions.items() if calibration.conditions.get(name, value) != value]
    if other:
        zh = "、".join(_CONDITIONS[name].zh for name in other)
        en = ", ".join(_CONDITIONS[name].en for name in other)
        said.append(
            Text(
                f"校正时的条件与本次不同（{zh}），修正值未必适用。",
                f"The calibration was made under other conditions ({en}): its offsets may not hold.",
            )
        )
    if calibration.clutter_db and not with_clutter:
        said.append(
            Text(
                "校正文件含地物类别修正，本次没有同一产品的土地覆盖栅格，只按频段修正。",
                "The calibration has offsets of clutter classes; without a land-cover raster of the same product only those of bands "
                "are used.",
            )
        )
    return said


def _presets(technology: str) -> Text:
    return Text(
        f"基站表未注明的 {technology} 参数取下列预设（规则包 radio，可修改）。",
        f"What the station table does not say of {technology} takes these presets (rule pack “radio”; edit them there).",
    )
