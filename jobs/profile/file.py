"""Read a path profile from a CSV: distance, height, clutter height and zone of every point."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...analysis.p1812 import COASTAL, INLAND, SEA, PathProfile
from ...errors import Fault, InputError
from ...layers.cells.fold import fold
from ...layers.sources.encoding import decode_file
from ...text import Text

SHORTEST_KM, LONGEST_KM = 0.25, 3000.0  # scope of the Recommendation
_POINTS = 5

# Headings by folded spelling, and what one unit of the column is in ours. A distance must say its unit.
_HEADINGS: dict[str, dict[str, float]] = {
    "distance_km": {
        **dict.fromkeys(("distancekm", "dkm", "距离km", "距离公里", "距离千米", "里程km", "里程公里", "里程千米"), 1.0),
        **dict.fromkeys(("distancem", "dm", "距离m", "距离米", "里程m", "里程米"), 1e-3),
    },
    "height_m": dict.fromkeys(
        (
            *("heightm", "height", "elevationm", "elevation", "高程", "高程m", "高程米", "地面高程", "地面高程m"),
            *("地面高程米", "海拔", "海拔m", "海拔米", "海拔高度", "海拔高度m", "海拔高度米"),
        ),
        1.0,
    ),
    "clutter_height_m": dict.fromkeys(
        (
            *(
                "clutterheightm",
                "clutterheight",
                "clutterm",
                "地物高度",
                "地物高度m",
                "地物高度米",
                "地物高",
                "地物高m",
            ),
            *("覆盖物高度", "覆盖物高度m", "覆盖物高度米"),
        ),
        1.0,
    ),
    "zone": dict.fromkeys(("zone", "radiozone", "区域", "区域类型", "气候区", "无线电气候区", "地带", "分区"), 1.0),
}
_ZONES = {
    **dict.fromkeys(("1", "sea", "海", "海面", "海上", "海域", "海洋"), SEA),
    **dict.fromkeys(("3", "coastal", "coastalland", "coast", "沿海", "沿海陆地", "海岸", "近岸"), COASTAL),
    **dict.fromkeys(("4", "inland", "land", "内陆", "陆地"), INLAND),
}
_BOUNDS = {"distance_km": (0.0, LONGEST_KM), "height_m": (-500.0, 9000.0), "clutter_height_m": (0.0, 500.0)}
_ZONE_WORDS = Text("sea（1，海）、coastal（3，沿海）或 inland（4，内陆）", "sea (1), coastal (3) or inland (4)")
_HEADER = Text(
    "第一行应为表头：distance_km,height_m,clutter_height_m,zone（或：距离km,高程,地物高度,区域）。",
    "The first row holds the headings distance_km,height_m,clutter_height_m,zone.",
)


class ReadProfile(NamedTuple):
    """A profile, and the columns that the file leaves out."""

    profile: PathProfile
    assumed: tuple[str, ...]


def read_profile(path: Path) -> ReadProfile:
    """Read a profile file.

    Parameters
    ----------
    path : pathlib.Path
        CSV in UTF-8, UTF-16 or GB18030, separated by commas, semicolons or tabs. Columns ``distance_km, height_m``
        and, if there are any, ``clutter_height_m`` (else 0) and ``zone`` (else inland).

    Raises
    ------
    InputError
        With every fault of the file: a heading is missing, a value is no number or out of bounds, distances do not
        start at 0 or do not ascend, there are fewer than 5 points, or the path is too short.
    """
    if not path.is_file():
        raise InputError(
            Text(f"{path.name} 是文件夹，不是剖面文件。", f"{path.name} is a folder, not a profile file."),
            Text("请选择一个 CSV 文件。", "Choose a CSV file."),
            faults=[Fault(Text("应为 CSV 文件。", "A CSV file is expected."), file=path.name)],
        )
    text = decode_file(path.read_bytes(), path.name).text
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    if not rows:
        raise _refused(path, [Fault(Text("文件是空的。", "The file is empty."), _HEADER, path.name)])
    columns = _columns(path, *rows[0])
    faults: list[Fault] = []
    values: dict[str, list[float]] = {name: [] for name in columns}
    for line, row in rows[1:]:
        for name, (at, factor) in columns.items():
            cell = row[at].strip() if at < len(row) else ""
            value = _value(path, line, name, cell, factor, faults)
            if name == "distance_km":
                _check_distance(path, line, cell, value, values[name], faults)
            values[name].append(value)
    count = len(rows) - 1
    if count < _POINTS:
        faults.append(
            Fault(
                Text(f"只有 {count} 个剖面点，至少需要 {_POINTS} 个。", f"{count} points; a profile needs {_POINTS}."),
                Text("请按更小的间距重新提取剖面。", "Take the profile at a closer spacing."),
                path.name,
            )
        )
    elif values["distance_km"][-1] < SHORTEST_KM:
        length = values["distance_km"][-1]
        faults.append(
            Fault(
                Text(
                    f"路径长 {length:g} km，模型只适用于 {SHORTEST_KM:g} 至 {LONGEST_KM:g} km。",
                    f"The path is {length:g} km long; the model holds for {SHORTEST_KM:g} to {LONGEST_KM:g} km.",
                ),
                Text("请确认距离的单位是 km。", "Check that distances are in km."),
                *(path.name, rows[-1][0], "distance_km", f"{length:g}"),
            )
        )
    if faults:
        raise _refused(path, faults)
    clutter = np.array(values.get("clutter_height_m", [0.0] * count))
    zone = np.array(values.get("zone", [INLAND] * count)).astype(np.int64)
    profile = PathProfile(np.array(values["distance_km"]), np.array(values["height_m"]), clutter, zone)
    return ReadProfile(profile, tuple(name for name in _HEADINGS if name not in columns))


def _columns(path: Path, line: int, headings: list[str]) -> dict[str, tuple[int, float]]:
    """Give position and factor of every column that is known."""
    found: dict[str, tuple[int, float]] = {}
    faults = []
    for at, heading in enumerate(headings):
        for name, spellings in _HEADINGS.items():
            factor = spellings.get(fold(heading))
            if factor is None:
                continue
            if name in found:
                faults.append(
                    Fault(
                        Text(f"表头“{heading}”与前面的列重复（{name}）。", f"A second column for {name}: “{heading}”."),
                        Text("请只保留其中一列。", "Keep one of them."),
                        *(path.name, line, name, heading),
                    )
                )
            found[name] = (at, factor)
    for name in ("distance_km", "height_m"):
        if name not in found:
            faults.append(
                Fault(
                    Text(
                        f"缺少列 {name}；现有表头：{'、'.join(headings)}。",
                        f"There is no column {name}; the headings are {', '.join(headings)}.",
                    ),
                    _HEADER,
                    *(path.name, line, name),
                )
            )
    if faults:
        raise _refused(path, faults)
    return found


def _value(path: Path, line: int, name: str, cell: str, factor: float, faults: list[Fault]) -> float:
    """Read one cell; a wrong one becomes a fault and NaN."""
    if name == "zone":
        zone = _ZONES.get(fold(cell.removesuffix(".0")))
        if zone is None:
            faults.append(_wrong(path, line, name, cell, _ZONE_WORDS))
            return math.nan
        return zone
    low, high = _BOUNDS[name]
    try:
        value = float(cell) * factor
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        low, high = low / factor, high / factor
        faults.append(
            _wrong(path, line, name, cell, Text(f"{low:g} 至 {high:g} 的数", f"a number of {low:g} to {high:g}"))
        )
        return math.nan
    return value


def _check_distance(path: Path, line: int, cell: str, value: float, before: list[float], faults: list[Fault]) -> None:
    if math.isnan(value):
        return
    if not before and value != 0:
        faults.append(
            _wrong(path, line, "distance_km", cell, Text("0（首点为发射端）", "0: the transmitter comes first"))
        )
    elif before and value <= before[-1]:
        expected = Text("大于上一行的距离", "more than in the row before")
        faults.append(_wrong(path, line, "distance_km", cell, expected))


def _wrong(path: Path, line: int, name: str, cell: str, expected: Text) -> Fault:
    return Fault(
        Text(
            f"第 {line} 行 {name} 的值“{cell}”不对，应为{expected.zh}。",
            f"Row {line}: {name} is “{cell}”; it must be {expected.en}.",
        ),
        Text("请改正后重新运行。", "Correct it and run again."),
        *(path.name, line, name, cell),
    )


def _refused(path: Path, faults: list[Fault]) -> InputError:
    more = len(faults) - 1
    return InputError(
        Text(
            f"剖面文件 {path.name} 有 {len(faults)} 处错误：{faults[0].message.zh}" + ("等。" if more else ""),
            f"The profile {path.name} has {len(faults)} faults: {faults[0].message.en}"
            + (f" And {more} more." if more else ""),
        ),
        faults[0].remedy,
        faults=faults,
    )
