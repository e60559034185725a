"""What becomes of a measurement in a calibration, as codes and words. Standard library only."""

from __future__ import annotations

from ...text import Text

USED, OUTLIER = "used", "outlier"
NO_PLACE, NO_SECTORS, OUT_OF_RANGE = "no_place", "no_sectors", "out_of_range"
NO_TERRAIN, BAND_UNKNOWN, LATER = "no_terrain", "band_unknown", "later"

USE_LABELS = {
    USED: Text("参与校正", "Used"),
    OUTLIER: Text("离群值", "Outlier"),
    NO_PLACE: Text("没有坐标", "No coordinates"),
    LATER: Text("晚于截止日期", "After the day of the run"),
    NO_SECTORS: Text("该运营商没有可仿真的扇区", "No sector of the operator can be simulated"),
    OUT_OF_RANGE: Text("仿真距离内没有扇区", "No sector in range"),
    NO_TERRAIN: Text("高程缺失、有空洞或超出模型适用范围", "Elevation missing or void, or beyond the model"),
    BAND_UNKNOWN: Text("服务扇区的频段未知", "Band of the serving sector is unknown"),
}
