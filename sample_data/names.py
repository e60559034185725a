"""Invented names: the fictional prefecture 沧屏市 (code 9901xx, a prefix no real place has) and its villages."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Town:
    """One town: code, name, seat (lon, lat in degrees), weight of its territory, number of villages."""

    code: str
    name: str
    lon: float
    lat: float
    weight: float
    villages: int

    @property
    def county(self) -> str:
        """The six-digit code of its county."""
        return self.code[:6]


PREFECTURE = ("990100", "沧屏市")
COUNTIES = {"990121": "海岳县", "990102": "云屏区", "990181": "岚洲市"}

TOWNS = (
    Town("990121100", "岳城镇", 129.270, 20.360, 1.1, 18),
    Town("990121101", "界河镇", 129.150, 20.325, 1.0, 15),
    Town("990121102", "关山镇", 129.160, 20.530, 1.1, 15),
    Town("990121103", "望潮镇", 129.385, 20.195, 1.0, 16),
    Town("990121104", "白鹭湾镇", 129.215, 20.225, 1.0, 15),
    Town("990121105", "石鼓镇", 129.400, 20.310, 1.0, 16),
    Town("990121200", "云岭乡", 129.300, 20.520, 1.0, 12),
    Town("990121201", "松峒乡", 129.430, 20.455, 1.1, 13),
    Town("990102001", "屏山街道", 129.610, 20.415, 0.9, 14),
    Town("990102100", "沧浪镇", 129.565, 20.290, 1.0, 16),
    Town("990102101", "清泉镇", 129.555, 20.545, 1.0, 16),
    Town("990102102", "东港镇", 129.735, 20.430, 1.0, 14),
    Town("990102200", "鹤岭乡", 129.690, 20.550, 1.0, 12),
    Town("990181100", "岚洲镇", 129.860, 20.200, 1.0, 6),
)

FIRST = "大小上下新东西南北中龙凤石白黄青红金银沙竹松杨柳梅桃茶马牛鹿鹤云清平长高双莲古桂荷枫"
SECOND = "坪寨湾岭塘溪坝田坡沟桥江山林冲垌泉潭岩坑峒陂屯"
HAMLETS = [
    "上屋",
    "下屋",
    "老屋",
    "新屋",
    "坡脚",
    "坳背",
    "田心",
    "河边",
    "桥头",
    "井边",
    "岭脚",
    "塘背",
    "湾里",
    "寨脚",
    "榕树",
    "竹园",
    "石碑",
    "中间",
    "大园",
    "水口",
]
ISLETS = {"月屿村": (129.437, 20.078), "近屿村": (129.356, 20.092), "远礁村": (129.885, 20.030)}


def village_names(rng: Random, count: int) -> list[str]:
    """Give `count` different two-syllable village names ending in 村, in random order."""
    names = sorted({a + b for a in FIRST for b in SECOND} - {"云云", "松松", "上江", "下江", "高江", "中山"})
    return [name + "村" for name in rng.sample(names, count)]
