"""Stations that no model simulates: what they may cover is no gap, and the report names them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.radio.around import cells_within
from ...analysis.radio.station_sectors import BAND_OUTSIDE
from ...analysis.radio.tiles import CANNOT_TELL, GAP, Grid
from ...analysis.station_radius import preset_radii
from ...engine.context import RunContext
from ...layers.codes import OPERATORS
from ...layers.html_report import Cell, Section
from ...text import Text, same
from ..radio.inputs import Radio
from ..radio.report import BEYOND_MODEL, LEFT_OUT
from ..shared.packs import cite, read_pack
from ..shared.rules import plain
from ..shared.stations import PRESETS, radius_cited


def may_cover_m(context: RunContext, radio: Radio, stations: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Give how far each row of `Radio.not_simulated` may reach, metres.

    That is its preset radius by distance, and the largest range of the simulation where no preset knows its band; NaN
    for stations without a place and for indoor systems, which cover no land.
    """
    left = radio.not_simulated
    own = stations.iloc[left["row"]]
    pack, technology = read_pack(context, PRESETS), context["technology"]
    radii = preset_radii(technology, own["band_mhz"], own["antenna_height_m"], pack.radii)
    reach = np.minimum(np.where(radii.band_assumed, radio.max_range_m, radii.radius_m), radio.max_range_m)
    covers = left["reason"].isin((BAND_OUTSIDE, BEYOND_MODEL)).to_numpy(bool)
    if covers.any():
        cite(context, [radius_cited(technology), *pack.changed("radius", technology)])
    return np.where(covers, reach, np.nan)


def without_false_gaps(
    context: RunContext, state: npt.NDArray[np.uint8], grid: Grid, radio: Radio, stations: pd.DataFrame
) -> None:
    """Make `CANNOT_TELL` of the gap cells within reach of a station that is not simulated; in place."""
    reach = may_cover_m(context, radio, stations)
    known = np.isfinite(reach)
    if not known.any():
        return
    own = stations.iloc[radio.not_simulated["row"].to_numpy()[known]]
    lon, lat = own["lon"].to_numpy(np.float64), own["lat"].to_numpy(np.float64)
    state[cells_within(grid, lon, lat, reach[known]) & (state == GAP)] = CANNOT_TELL


def unsimulated_section(context: RunContext, radio: Radio, stations: pd.DataFrame) -> list[Section]:
    """List the stations that are not simulated with their reasons; nothing where all are."""
    left = radio.not_simulated
    if not len(left):
        return []
    words = {code.value: code.label for code in OPERATORS}
    rows: list[list[Cell]] = []
    reach_m = may_cover_m(context, radio, stations)
    for row, reason, reach in zip(left["row"].tolist(), left["reason"], reach_m.tolist()):
        station = stations.iloc[row]
        rows.append(
            [
                plain(station["station_id"]),
                plain(station["name"]),
                words.get(station["operator"], plain(station["operator"])),
                plain(station["band_mhz"]),
                LEFT_OUT[reason],
                same("—") if math.isnan(reach) else round(reach / 1000, 2),
            ]
        )
    return [
        Section(
            Text("未参与仿真的基站", "Stations that are not simulated"),
            [
                Text(
                    "“可能覆盖”距离以内、其他扇区又没有覆盖的范围无法判定，不计为空白。该距离取频段对应的预设覆盖半径；频段不在预设内的取最大距离。"
                    "没有坐标的基站无从计算；室内分布不覆盖室外。",
                    "Within the distance that such a station may cover, what no other sector covers cannot be told and is no gap. The "
                    "distance is the preset radius where a preset knows the band, else the largest range. Nothing can be said of "
                    "stations without coordinates; indoor systems do not serve outdoors.",
                )
            ],
            headings=[
                Text("基站编号", "Station id"),
                Text("基站名称", "Station"),
                Text("运营商", "Operator"),
                Text("频段（MHz）", "Band (MHz)"),
                Text("未仿真的原因", "Reason"),
                Text("可能覆盖（km）", "May cover (km)"),
            ],
            rows=rows,
        )
    ]
