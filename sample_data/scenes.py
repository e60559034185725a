"""Places of the signal-upgrade scenes and their key points; points keep clear of all turning distances."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from .drive_tests import MEASURED_WITHIN_M
from .geography import GEOD, Place, away
from .names import TOWNS, Town
from .network import CLEAR_M, TURNS_M, Station
from .registers import LAT, LON
from .sheets import Line, Sheet

# Scene: the word that the register uses, the names of its places, and those of its key points.
SCENES = {
    "government_centre": ("政务服务中心", ["政务服务中心", "便民中心"], ["办事大厅", "自助区", "停车场"]),
    "tourism": ("旅游景区", ["古渡景区", "云溪景区", "潮音湾景区"], ["游客中心", "检票口", "观景台", "停车场"]),
    "medical": ("医疗机构", ["人民医院", "中医院"], ["门诊大厅", "急诊", "住院部"]),
    "university": ("高校", ["师范学院", "海洋职业学院"], ["教学楼", "图书馆", "宿舍区", "食堂"]),
    "transport_hub": ("交通枢纽", ["客运总站", "渡口客运站"], ["候车厅", "出站口"]),
    "metro": ("地铁", ["一号线屏山站"], ["站厅", "站台"]),
    "road_rail_waterway": ("公路铁路水路", ["岳屏公路服务区", "松峒隧道口"], ["入口", "出口"]),
    "mall": ("商超", ["百汇商场", "海岳广场商场"], ["一层中庭", "地下车库"]),
    "housing": ("住宅小区", ["望潮花园", "屏山家园", "岚洲新村"], ["东门", "中心花园", "地下车库", "电梯厅"]),
    "office_building": ("商务楼宇", ["沧浪大厦", "东港商务楼"], ["大堂", "电梯厅", "高层走廊"]),
    "township_village": ("乡镇农村", ["清泉集镇", "云岭集镇", "岚洲集镇"], ["集市", "文化广场", "街口"]),
}
_KIND_OF_POINT = {"集市": "集市", "文化广场": "文化广场"}
NEAR_M, FAR_M = (40.0, 320.0), (6000.0, 11000.0)


def make(stations: list[Station], tests: list[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    """Give the places in their order, each with its key points; a few lack points, one point lacks coordinates."""
    sites = np.array([s.place for s in stations])
    measured = np.array([m["place"] for m in tests])

    def clear(place: Place) -> bool:
        far = _distances(place, sites)
        after = np.clip(np.searchsorted(TURNS_M, far), 1, len(TURNS_M) - 1)
        gap = np.minimum(abs(far - TURNS_M[after]), abs(far - TURNS_M[after - 1]))
        near = abs(_distances(place, measured) - MEASURED_WITHIN_M)
        return bool(min(gap.min(), near.min()) > CLEAR_M)

    def put(around: Place, reach_m: tuple[float, float]) -> Place:
        while True:
            place = away(*around, rng.uniform(0, 360), rng.uniform(*reach_m))
            if clear(place):
                return place

    found: list[dict[str, Any]] = []
    for scene, (word, names, spots) in SCENES.items():
        for name in names:
            town = _town_of(name, rng)
            place = put((town.lon, town.lat), (150.0, 1500.0))
            number = len(found) + 1
            points: list[dict[str, Any]] = []
            for spot in rng.sample(spots, rng.randint(1, len(spots))):
                away_m = FAR_M if number % 5 == 3 and not points else NEAR_M
                points.append({"name": spot, "kind": _KIND_OF_POINT.get(spot, "其他"), "place": put(place, away_m)})
            if number % 9 == 4:
                points = []
            if number == 8:
                points[-1]["place"] = None
            row = {"id": f"XH{number:03d}", "scene": scene, "word": word, "town": town, "name": name}
            found.append({**row, "place": place, "points": points})
    return found


def _distances(place: Place, others: np.ndarray) -> np.ndarray:
    count = len(others)
    lon, lat = np.full(count, place[0]), np.full(count, place[1])
    return np.asarray(GEOD.inv(lon, lat, others[:, 0], others[:, 1])[2])


def _town_of(name: str, rng: Random) -> Town:
    own = [town for town in TOWNS if name.startswith(town.name[:2])]
    return own[0] if own else rng.choice(TOWNS)


def places(rows: list[dict[str, Any]]) -> Sheet:
    """Places of scenes: a UTF-8 CSV."""
    lines = [
        Line(
            {"场所编号": r["id"], "场所名称": r["town"].name[:2] + r["name"], "场所类型": r["word"], **_at(r["place"])}
        )
        for r in rows
    ]
    return Sheet("信号升格场所.csv", "places", "cgcs2000", lines, first_row=2)


def key_points(rows: list[dict[str, Any]]) -> Sheet:
    """Their key points: a UTF-8 CSV that names the place of each, and no village."""
    lines = [
        Line(
            {
                "关键点编号": f"{r['id']}-{number}",
                "所属场所编号": r["id"],
                "关键点类型": point["kind"],
                "关键点名称": point["name"],
                **_at(point["place"]),
            }
        )
        for r in rows
        for number, point in enumerate(r["points"], start=1)
    ]
    return Sheet("信号升格关键点.csv", "key_points", "cgcs2000", lines, first_row=2)


def _at(place: Place | None) -> dict[str, str]:
    return {LON: f"{place[0]:.6f}" if place else "", LAT: f"{place[1]:.6f}" if place else ""}
