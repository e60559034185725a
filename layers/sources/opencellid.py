"""Exports of OpenCelliD: known by their columns or, without headings, by what stands in them.

The format is public: radio, mcc, net, area, cell, unit, lon, lat, range, samples, changeable, created, updated,
averageSignal; positions are in WGS 84. Network codes of mainland China: 460-00/02/04/07/08 Mobile, 460-01/06/09 Unicom,
460-03/05/11 Telecom, 460-15 Broadnet (ITU-T E.212 assignments).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.fold import fold
from ..spec import LayerSpec
from .header import is_number
from .raw_table import RawTable

COLUMNS = (
    *("radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples", "changeable", "created"),
    *("updated", "averageSignal"),
)
_TECHNOLOGIES = {"GSM": "2G", "CDMA": "2G", "UMTS": "3G", "WCDMA": "3G", "TDSCDMA": "3G", "LTE": "4G", "NR": "5G"}
_OPERATORS = {
    **dict.fromkeys(("0", "2", "4", "7", "8"), "CMCC"),
    **dict.fromkeys(("1", "6", "9"), "CUCC"),
    **dict.fromkeys(("3", "5", "11"), "CTCC"),
    "15": "CBN",
}
_LOOKED_AT = 200
_FITS = 0.9
_MADE = ("基站编号", "运营商", "网络制式", "建设状态")


def is_headerless(table: RawTable) -> bool:
    """Tell whether a table without headings holds OpenCelliD's columns in their order."""
    if table.header_row is not None or not 8 <= len(table.cells) <= len(COLUMNS) or not len(table):
        return False
    count = min(len(table), _LOOKED_AT)
    rows = [[str(column[at]).strip() for column in table.cells] for at in range(count)]
    return sum(map(_is_record, rows)) >= _FITS * count


def _is_record(row: list[str]) -> bool:
    if row[0].upper() not in _TECHNOLOGIES or not re.fullmatch(r"[2-7]\d\d", row[1]):
        return False
    if not all(re.fullmatch(r"-?\d*", cell) for cell in row[2:6]) or not (is_number(row[6]) and is_number(row[7])):
        return False
    return abs(float(row[6])) <= 180 and abs(float(row[7])) <= 90


def has_headings(table: RawTable) -> bool:
    """Tell whether the headings are OpenCelliD's."""
    known = {fold(heading) for heading in table.headings}
    return table.header_row is not None and {fold(name) for name in (*COLUMNS[:5], "lon", "lat", "samples")} <= known


def complete(table: RawTable, spec: LayerSpec | None) -> None:
    """Give an OpenCelliD table its headings and the columns that base stations need.

    The station's id is mcc-net-area-cell; a network that is not known keeps its number, and its rows are set aside by
    the rules of the operator. A cell that was measured is on air.
    """
    if not has_headings(table) and not is_headerless(table):
        return
    if table.header_row is None:
        table.headings = list(COLUMNS[: len(table.cells)])
        table.findings.blocks = [block for block in table.findings.blocks if block.code != "no_headings"]
        table.notices.clear()
    where = {fold(heading): column for column, heading in enumerate(table.headings)}
    if spec is not None and spec.name != "base_stations":
        return
    for axis in ("lon", "lat"):
        table.headings[where[axis]] = f"{table.headings[where[axis]]}(WGS84)"
    parts = [pd.Series(table.cells[where[name]], dtype=object).str.strip() for name in ("mcc", "net", "area", "cell")]
    mcc, net, area, cell = parts
    number = np.where((area == "") | (cell == ""), "", mcc + "-" + _two_digits(net) + "-" + area + "-" + cell)
    radio = pd.Series(table.cells[where["radio"]], dtype=object).str.strip()
    plain = net.map(lambda text: text.lstrip("0") or "0")
    operators = plain.map(_OPERATORS).where(mcc == "460").fillna(mcc + "-" + _two_digits(net))
    technologies = radio.map(lambda text: _TECHNOLOGIES.get(text.upper().replace("-", ""), text))
    made = (number, operators, technologies, np.full(len(table), "existing", dtype=object))
    for heading, cells in zip(_MADE, made):
        table.headings.append(heading)
        table.cells.append(np.asarray(cells, dtype=object))
    table.made = len(_MADE)
    table.format = "OpenCelliD"
    table.notices.append(
        Text(
            "这是 OpenCelliD 导出文件：坐标为 WGS 84，由众包测量估算，不是基站的实际位置，误差可达数百米至数千米；"
            "编号由 mcc-net-area-cell 组成，运营商由网络号、制式由 radio 判定，状态按在网记。",
            "This is an export of OpenCelliD: its coordinates are in WGS 84 and are estimated from crowd-sourced "
            "measurements, hundreds or thousands of metres off the real mast. Ids are mcc-net-area-cell, operators "
            "come from the network code and technologies from radio; all are taken to be on air.",
        )
    )


def _two_digits(net: pd.Series) -> pd.Series:
    return net.map(lambda text: text.zfill(2) if text.isdigit() else text)
