"""What a planner states for a simulation on terrain; several jobs share it. Standard library only."""

from __future__ import annotations

from ...text import Text
from ..declaration import Choice, Parameter, ParameterKind

_BY_RULE = Text("留空则取规则包 radio 的值。", "Empty: the value of the rule pack “radio”.")


def _with_rule(zh: str, en: str) -> Text:
    return Text(zh + _BY_RULE.zh, f"{en} {_BY_RULE.en}")


DEM = Parameter(
    "dem",
    ParameterKind.SOURCE,
    Text("高程数据（DEM）", "Elevation data (DEM)"),
    Text(
        "GeoTIFF、.hgt、VRT，或直接存放这些文件的文件夹；坐标系不限。须比所判区域宽出仿真最大距离；空洞和范围以外无法判定，不会按海平面计算。",
        "A GeoTIFF, .hgt, VRT or a folder of such files, in any CRS. It should reach beyond the area by the largest range; what depends "
        "on voids or lies outside cannot be told, and nothing is taken as sea level.",
    ),
)

MAX_RANGE_KM = Parameter(
    "max_range_km",
    ParameterKind.REAL,
    Text("仿真最大距离", "Largest range"),
    _with_rule("更远的基站不计。", "Farther stations do not count."),
    unit="km",
    minimum=0.5,
    maximum=100,
)

EVIDENCE = Parameter(
    "evidence",
    ParameterKind.CHOICE,
    Text("判定依据", "Evidence"),
    Text(
        "实测始终优先。自动：有高程数据处用地形仿真，其余按距离，逐项注明；地形仿真：没有高程数据处无法判定；距离：只按覆盖半径。",
        "Measurements always come first. Auto: simulated on terrain where there are elevation data, else by distance, and it says "
        "which. Simulated: without elevation data it cannot be told. Distance: by radius alone.",
    ),
    default="auto",
    choices=(
        Choice("auto", Text("自动", "Auto")),
        Choice("simulated", Text("地形仿真", "Simulated on terrain")),
        Choice("distance", Text("距离", "Distance")),
    ),
)

MODEL = Parameter(
    "propagation",
    ParameterKind.CHOICE,
    Text("传播模型", "Propagation model"),
    Text(
        "默认为完整的 ITU-R P.1812-8。其余为低一级的依据，结果中注明。3GPP TR 38.901 在环境为城区或密集城区时取城区宏站（至 5 km），否则取乡村宏站（至 10 km）。",
        "The default is ITU-R P.1812-8 in full. The others are of a lower grade, and the result says so. 3GPP TR 38.901 is urban macro "
        "(up to 5 km) where the environment is urban or dense urban, else rural macro (up to 10 km).",
    ),
    default="p1812",
    choices=(
        Choice("p1812", Text("ITU-R P.1812-8", "ITU-R P.1812-8")),
        Choice("line_of_sight", Text("视距（0.6 菲涅尔区，4/3 地球半径）", "Line of sight (0.6 Fresnel, 4/3 Earth)")),
        Choice("free_space", Text("自由空间", "Free space")),
        Choice("tr38901", Text("3GPP TR 38.901", "3GPP TR 38.901")),
    ),
    advanced=True,
)
CLUTTER = Parameter(
    "clutter",
    ParameterKind.SOURCE,
    Text("土地覆盖栅格", "Land-cover raster"),
    Text(
        "可选。按类别给出林木和房屋的代表高度；留空则按裸露地形计算，森林和城区会偏乐观。",
        "Optional. Its classes give the heights of trees and houses. Empty: bare terrain, too hopeful in forest and town.",
    ),
    advanced=True,
)

CLUTTER_CLASSES = Parameter(
    "clutter_classes",
    ParameterKind.CHOICE,
    Text("土地覆盖产品", "Land-cover product"),
    Text(
        "栅格的类别编码属于哪种产品；各类的代表高度见规则包 radio。",
        "Whose class codes the raster holds; the heights stand in the rule pack “radio”.",
    ),
    default="worldcover",
    choices=(
        Choice("worldcover", Text("ESA WorldCover", "ESA WorldCover")),
        Choice("globeland30", Text("GlobeLand30", "GlobeLand30")),
        Choice("clcd", Text("CLCD", "CLCD")),
    ),
    advanced=True,
)

CALIBRATION = Parameter(
    "calibration",
    ParameterKind.SOURCE,
    Text("校正文件", "Calibration file"),
    Text(
        "可选。“模型校正”得到的文件；按频段（和地物类别）修正仿真电平，结果引用其名称和日期。",
        "Optional. A file that “Calibrate the simulation” made: it corrects levels by band (and clutter class), and results cite its "
        "name and date.",
    ),
    advanced=True,
)

TIME_PERCENT = Parameter(
    "time_percent",
    ParameterKind.REAL,
    Text("时间百分比", "Time percentage"),
    _with_rule("损耗在该比例的时间内不超过计算值。", "The loss is not exceeded for this part of an average year."),
    unit="%",
    minimum=1,
    maximum=50,
    advanced=True,
)

LOCATION_PERCENT = Parameter(
    "location_percent",
    ParameterKind.REAL,
    Text("地点百分比", "Location percentage"),
    _with_rule(
        "损耗在接收点周围该比例的地点不超过计算值。",
        "The loss is not exceeded at this part of the places around the receiver.",
    ),
    unit="%",
    minimum=1,
    maximum=99,
    advanced=True,
)

ENVIRONMENT = Parameter(
    "environment",
    ParameterKind.CHOICE,
    Text("环境（地点变化）", "Environment (location variability)"),
    Text(
        "地点百分比不是 50% 时决定地点变化的标准差（取值见规则包 radio）；也决定 3GPP TR 38.901 取城区还是乡村。",
        "Where the location percentage is not 50 it decides the standard deviation (see the rule pack “radio”); it also chooses "
        "between urban and rural for 3GPP TR 38.901.",
    ),
    default="recommendation",
    choices=(
        Choice("recommendation", Text("按 ITU-R P.1812 计算", "As ITU-R P.1812 computes it")),
        Choice("rural", Text("乡村", "Rural")),
        Choice("suburban", Text("郊区与镇", "Suburbs and towns")),
        Choice("urban", Text("城区", "Urban")),
        Choice("dense_urban", Text("密集城区", "Dense urban")),
    ),
    advanced=True,
)

RX_HEIGHT_M = Parameter(
    "rx_height_m",
    ParameterKind.REAL,
    Text("接收天线高度", "Receiving antenna height"),
    _with_rule("离地高度；1.5 m 相当于手持终端。", "Above ground; 1.5 m is a hand-held terminal."),
    unit="m",
    minimum=1,
    maximum=100,
    advanced=True,
)

BUILDING_ENTRY_LOSS_DB = Parameter(
    "building_entry_loss_db",
    ParameterKind.REAL,
    Text("建筑物穿透损耗", "Building entry loss"),
    _with_rule("室内接收时的附加损耗；室外为 0。", "Added for an indoor receiver; 0 outdoors."),
    unit="dB",
    minimum=0,
    maximum=100,
    advanced=True,
)

DELTA_N = Parameter(
    "delta_n",
    ParameterKind.REAL,
    Text("折射率梯度 ΔN", "Refractivity lapse ΔN"),
    _with_rule(
        "近地 1 km 大气折射率平均递减率（正值）；当地值见 ITU-R P.1812 的数字地图。",
        "Mean fall of refractivity through the lowest km, a positive number; for a place see the digital map of ITU-R P.1812.",
    ),
    unit="N/km",
    minimum=0,
    maximum=150,
    advanced=True,
)

N0 = Parameter(
    "n0",
    ParameterKind.REAL,
    Text("海平面折射率 N0", "Sea-level refractivity N0"),
    _with_rule("当地值见 ITU-R P.1812 的数字地图。", "For a place see the digital map of ITU-R P.1812."),
    unit="N",
    minimum=200,
    maximum=450,
    advanced=True,
)

STEP_M = Parameter(
    "step_m",
    ParameterKind.REAL,
    Text("剖面步长", "Step of profiles"),
    Text(
        "剖面上相邻点的最大间距。留空：关键点、剖面图和模型校正取高程像元南北边长的一半，栅格取一个像元。步长越细，山脊越不易漏掉，耗时越长；一条剖面最多 4000 步。",
        "Largest distance of two points of a profile. Empty: half the height of a pixel at key points, in pictures and for "
        "calibration, one pixel in rasters. Finer steps miss fewer ridges and take longer; a profile has at most 4000.",
    ),
    unit="m",
    minimum=1,
    maximum=1000,
    advanced=True,
)

SIMULATION = (
    DEM,
    MAX_RANGE_KM,
    MODEL,
    CLUTTER,
    CLUTTER_CLASSES,
    STEP_M,
    CALIBRATION,
    TIME_PERCENT,
    LOCATION_PERCENT,
    ENVIRONMENT,
    RX_HEIGHT_M,
    BUILDING_ENTRY_LOSS_DB,
    DELTA_N,
    N0,
)
