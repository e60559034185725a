"""What a planner states for a path profile. Standard library only."""

from __future__ import annotations

from ...text import Text
from ..declaration import Choice, Parameter, ParameterKind
from ..import_layer import DATUMS


def _degrees(name: str, label: Text, most: float) -> Parameter:
    return Parameter(
        name,
        ParameterKind.REAL,
        label,
        Text(
            "十进制度，与剖面文件一起用。路径中点纬度影响波导出现的概率。",
            "Decimal degrees; goes with a profile file. The latitude of the path decides how often ducts occur.",
        ),
        unit="°",
        minimum=-most,
        maximum=most,
    )


PARAMETERS = (
    Parameter(
        "dem",
        ParameterKind.SOURCE,
        Text("高程数据（DEM）", "Elevation data (DEM)"),
        Text(
            "GeoTIFF、.hgt、VRT，或直接存放这些文件的文件夹；坐标系不限。与剖面文件二选一。沿途有空洞或超出范围时不作判断，不会按海平面计算。",
            "A GeoTIFF, .hgt, VRT or a folder of such files, in any CRS; or else state a profile file. Where the path crosses a "
            "void or leaves the data there is no answer: nothing is taken as sea level.",
        ),
    ),
    Parameter(
        "from",
        ParameterKind.TEXT,
        Text("发射端位置", "Transmitter"),
        Text(
            "经度,纬度（十进制度），如 86.9250,27.9881；与高程数据一起用。",
            "Longitude,latitude in decimal degrees, such as 86.9250,27.9881; goes with elevation data.",
        ),
    ),
    Parameter(
        "to",
        ParameterKind.TEXT,
        Text("接收端位置", "Receiver"),
        Text(
            "经度,纬度（十进制度）；与高程数据一起用。",
            "Longitude,latitude in decimal degrees; goes with elevation data.",
        ),
    ),
    Parameter(
        "datum",
        ParameterKind.CHOICE,
        Text("坐标基准", "Datum"),
        Text(
            "两端位置的坐标基准。CGCS2000 与 WGS 84 相差不足 1 m，计算中视为相同；网络地图上取的点多为 GCJ-02 或 BD-09，偏移数百米，"
            "指明后先转换再计算。",
            "Of the two places. CGCS2000 and WGS 84 differ by less than 1 m and are taken as the same. Places picked on Chinese "
            "web maps are GCJ-02 or BD-09, hundreds of metres off; say so and they are converted first.",
        ),
        default="cgcs2000",
        choices=tuple(choice for choice in DATUMS if choice.value != "auto"),
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
        "profile",
        ParameterKind.SOURCE,
        Text("剖面文件", "Profile file"),
        Text(
            "与高程数据二选一。CSV，首行为表头 distance_km,height_m,clutter_height_m,zone（或“距离km、高程、地物高度、区域”），首点为发射端。"
            "区域填 sea/coastal/inland、海/沿海/内陆或 1/3/4；缺地物高度按 0，缺区域按内陆。",
            "Instead of elevation data: a CSV with the headings distance_km,height_m,clutter_height_m,zone; the transmitter comes first. Zones are "
            "sea, coastal, inland or 1, 3, 4. Without clutter heights they are 0, without zones all is inland.",
        ),
    ),
    _degrees("tx_lat", Text("发射端纬度", "Latitude of the transmitter"), 90),
    _degrees("tx_lon", Text("发射端经度", "Longitude of the transmitter"), 180),
    _degrees("rx_lat", Text("接收端纬度", "Latitude of the receiver"), 90),
    _degrees("rx_lon", Text("接收端经度", "Longitude of the receiver"), 180),
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
        "step_m",
        ParameterKind.REAL,
        Text("剖面点间距", "Spacing of profile points"),
        Text(
            "从高程数据取剖面时相邻点的最大间距；留空取像元南北边长的一半，与关键点仿真相同。",
            "Largest distance between points taken from elevation data; empty: half the height of a pixel, as at simulated key points.",
        ),
        unit="m",
        minimum=1,
        maximum=1000,
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
)
