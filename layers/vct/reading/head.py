"""The head of a VCT file: versions, axes, units and the separator of values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ....errors import Fault
from ....text import Text
from .frame import Body

_MARKS = ("LANDUSE-VCT", "CNSDTF-VCT")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AXES = ("E", "N")
_SHOWN = {"version": "Version", "offset": "Offset", "xyunit": "XYUnit", "separator": "Separator"}
_SHOWN |= {"xaxisdirection": "XAxisDirection, YAxisDirection"}


@dataclass(frozen=True)
class Head:
    """What the head says.

    Attributes
    ----------
    values : dict of str to str
        Key in lower case → value without blanks around it.
    lines : dict of str to int
        Key → line, counted from 1.
    separator : str
        Between the values of attribute rows.
    north_first : bool
        The first number of a pair is the northing.
    factor : float
        Metres (degrees for geographic coordinates) to the file's own unit.
    notices : tuple of Text
    """

    values: dict[str, str]
    lines: dict[str, int]
    separator: str = ","
    north_first: bool = False
    factor: float = 1.0
    notices: tuple[Text, ...] = field(default=())

    def get(self, key: str) -> str:
        """Give a value, "" where the head lacks the key."""
        return self.values.get(key.lower(), "")


def read_head(body: Body, file: str, faults: list[Fault]) -> Head:
    """Read the ``Key:value`` lines; see the module for what is checked.

    The extents are never read: production writers are known to write wrong ones. `Offset` other than 0,0 is refused,
    because no text that was read says what to do with it.
    """
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    tabbed = False
    for row, number in zip(body.rows, body.numbers):
        key, colon, value = row.replace("：", ":", 1).partition(":")
        name = key.strip().lower()
        if not colon:
            faults.append(
                Fault(
                    Text(
                        f"文件头应为“键:值”，实际为“{row[:40]}”",
                        f"“Key:value” was expected in the head, found “{row[:40]}”",
                    ),
                    file=file,
                    row=number,
                )
            )
            continue
        tabbed |= name == "separator" and "\t" in value
        if values.get(name, value.strip()) != value.strip():
            words = Text(
                f"文件头的 {key.strip()} 出现两次，取值不同", f"{key.strip()} occurs twice in the head, with two values"
            )
            faults.append(Fault(words, file=file, row=number))
        values[name], lines[name] = value.strip(), number
    separator = values.get("separator") or ("\t" if tabbed else ",")
    notices: list[Text] = []
    _check_version(values, lines, file, faults, notices)
    if len(separator) > 1:
        faults.append(_wrong(file, lines, "separator", separator, Text("一个字符", "one character")))
    north_first = _axes(values, lines, file, faults)
    factor = _factor(values, lines, file, faults, notices)
    if any(_numbers(values.get("offset", ""))):
        expected = Text("0,0（其他取值的含义未经核实）", "0,0 (what others mean is not verified)")
        faults.append(_wrong(file, lines, "offset", values["offset"], expected))
    return Head(values, lines, separator, north_first, factor, tuple(notices))


def _check_version(
    values: dict[str, str], lines: dict[str, int], file: str, faults: list[Fault], notices: list[Text]
) -> None:
    mark, version = values.get("datamark", ""), values.get("version", "")
    if mark.upper() not in _MARKS:
        notices.append(
            Text(
                f"文件头的 DataMark 是“{mark}”，不是 {'、'.join(_MARKS)}；仍按 VCT 3.0 语法读取。",
                f"DataMark is “{mark}”, none of {', '.join(_MARKS)}; it was read as VCT 3.0 all the same.",
            )
        )
    plain = version.replace(" ", "").upper()
    if "17798" in plain:
        old = "17798-1999" in plain
    else:
        number = _NUMBER.search(plain)
        old = number is not None and float(number[0]) < 3
        if number is None:
            notices.append(
                Text(f"文件头的 Version 是“{version}”，按 3.0 读取。", f"Version is “{version}”; it was read as 3.0.")
            )
    if old:
        expected = Text(
            "3.0 或 GB/T 17798-2007；更早版本的几何写法不同",
            "3.0 or GB/T 17798-2007; earlier ones write geometry in another way",
        )
        faults.append(_wrong(file, lines, "version", version, expected))


def _axes(values: dict[str, str], lines: dict[str, int], file: str, faults: list[Fault]) -> bool:
    x = values.get("xaxisdirection", "").upper() or "E"
    y = values.get("yaxisdirection", "").upper() or "N"
    if x not in _AXES or y not in _AXES or x == y:
        faults.append(
            _wrong(file, lines, "xaxisdirection", f"{x}, {y}", Text("一个为 E，另一个为 N", "one E and the other N"))
        )
    return x == "N"


def _factor(
    values: dict[str, str], lines: dict[str, int], file: str, faults: list[Fault], notices: list[Text]
) -> float:
    unit = values.get("xyunit", "")
    if unit.upper() in ("", "M", "D"):
        return 1.0
    parts = [part.strip() for part in unit.split(",")]
    try:
        factor = float(parts[2]) if len(parts) == 3 and parts[1].upper() == "L" else 0.0
    except ValueError:
        factor = 0.0
    if not 0 < factor < 1e9:
        faults.append(_wrong(file, lines, "xyunit", unit, Text("M、D 或“名称,L,系数”", "M, D or “name,L,factor”")))
        return 1.0
    notices.append(
        Text(
            f"坐标单位是“{parts[0]}”，按每单位 {factor:g} 米换算（系数含义未经标准原文核实）。",
            f"The unit is “{parts[0]}”, taken as {factor:g} m (what the factor means is not verified).",
        )
    )
    return factor


def _numbers(words: str) -> list[float]:
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", words)]


def _wrong(file: str, lines: dict[str, int], key: str, value: str, expected: Text) -> Fault:
    shown = _SHOWN[key]
    return Fault(
        Text(
            f"文件头的 {shown} 是“{value}”，应为 {expected.zh}",
            f"{shown} of the head is “{value}”, expected {expected.en}",
        ),
        file=file,
        row=lines.get(key),
        field=shown,
        value=value,
    )
