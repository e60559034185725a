"""What must be right before a layer is handed in: each rule lists every feature that breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from ...text import Text
from ..shapes import Shapes
from ..spec import Field, Kind
from ..table import LayerTable
from .findings import Finding

CHINA_DEG = (
    73.0,
    136.0,
    3.0,
    54.0,
)  # west, east, south, north with sea areas, rounded outwards; a plausibility check only
_REASONS = {  # what GEOS says, and its Chinese
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环相互包含",
    "Nested shells": "外环相互包含",
    "Interior is disconnected": "内部不连通",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "节点过少",
    "Invalid Coordinate": "坐标无效",
    "Ring is not closed": "环未闭合",
}
_GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)


@dataclass
class CheckedLayer:
    """A layer ready to be written.

    Attributes
    ----------
    table : LayerTable
        The features that can be handed in: valid, oriented geometries, in EPSG:4490 until they are projected.
    features_in : int
        How many there were; the rest is left out, each with a finding.
    """

    table: LayerTable
    features_in: int
    findings: list[Finding]

    @property
    def left_out(self) -> int:
        """How many features cannot be handed in."""
        return self.features_in - len(self.table)


class _Notes:
    """Collects the findings of one layer with the features they are about."""

    def __init__(self, table: LayerTable) -> None:
        self.layer = table.spec.name
        self.findings: list[Finding] = []
        self._uuids = table.columns["uuid"].tolist()
        self._keys = [table.columns[name].tolist() for name in table.spec.key]

    def name(self, row: int) -> tuple[str, str]:
        """UUID and key of a row, as text."""
        key = "; ".join(_shown(column[row]) for column in self._keys)
        return _shown(self._uuids[row]), key

    def add(self, rule: str, level: str, rows: Iterable[int], message: Text, remedy: Text) -> None:
        for row in rows:
            feature, key = self.name(int(row))
            self.findings.append(Finding(rule, level, self.layer, message, remedy, feature, key))


def _shown(value: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def check_layer(table: LayerTable) -> CheckedLayer:
    """Check and mend one layer.

    Parameters
    ----------
    table : LayerTable
        Every field of the layer.

    Returns
    -------
    CheckedLayer
        Features in = features out + features left out, each of these with an error (G01 or G03).
    """
    notes = _Notes(table)
    for field in table.spec.fields:
        _check_field(table, field, notes)
    _check_keys(table, notes)
    geometry, keep = _check_geometry(table, notes)
    columns = table.columns[keep].reset_index(drop=True)
    return CheckedLayer(LayerTable(table.spec, columns, geometry[keep]), len(table), notes.findings)


def _check_field(table: LayerTable, field: Field, notes: _Notes) -> None:
    values = table.columns[field.name]
    filled = values.notna() & (values.astype("str") != "")
    if field.required:
        there = filled
        if field.unless:
            other = table.columns[field.unless]
            there = filled | (other.notna() & (other.astype("str") != ""))
        notes.add(
            "A01",
            "error",
            np.flatnonzero(~there),
            Text("必填字段“{field}”为空。", "“{field}” is mandatory and empty.").filled(field=field.label),
            Text("请在工作区补填。", "Fill it in the workspace."),
        )
    if field.codes:
        _check_codes(values, filled, field, notes)
    if field.kind in (Kind.INTEGER, Kind.REAL) and not (field.minimum is None and field.maximum is None):
        low = -np.inf if field.minimum is None else field.minimum
        high = np.inf if field.maximum is None else field.maximum
        for row in np.flatnonzero(filled & ~values.between(low, high).fillna(False)).tolist():
            message = Text(
                "“{field}”的值 {value} 超出 {low} 至 {high}。", "“{field}” is {value}, outside {low} to {high}."
            )
            notes.add(
                "A03",
                "warning",
                [row],
                message.filled(
                    field=field.label, value=_shown(values.iloc[row]), low=_bound(low, "−∞"), high=_bound(high, "∞")
                ),
                Text("请核对数值和单位。", "Check the number and its unit."),
            )
    if field.digits:
        lengths = "/".join(map(str, field.digits))
        right = values.astype("str").str.fullmatch("|".join(f"[0-9]{{{n}}}" for n in field.digits))
        for row in np.flatnonzero(filled & ~right.fillna(False).astype(bool)).tolist():
            notes.add(
                "A04",
                "error",
                [row],
                Text("“{field}”的值“{value}”不是 {n} 位数字。", "“{field}” is “{value}”, expected {n} digits.").filled(
                    field=field.label, value=values.iloc[row], n=lengths
                ),
                Text("请按统计用区划代码补正。", "Put in the statistical code."),
            )


def _bound(value: float, endless: str) -> str:
    return f"{value:g}" if np.isfinite(value) else endless


def _check_codes(values: pd.Series, filled: pd.Series, field: Field, notes: _Notes) -> None:
    allowed = {code.value for code in field.codes}
    several = field.kind is Kind.CODES
    strange = {
        value: sorted(set(str(value).split(";") if several else [str(value)]) - allowed)
        for value in values[filled].unique()
    }
    for value, outside in strange.items():
        if outside:
            notes.add(
                "A02",
                "error",
                np.flatnonzero(filled & (values == value)),
                Text(
                    "“{field}”的值“{value}”不在代码表内。", "“{field}” is “{value}”, which is not in the code list."
                ).filled(field=field.label, value=";".join(outside)),
                Text("允许的代码：{codes}。", "Allowed: {codes}.").filled(codes=", ".join(sorted(allowed))),
            )


def _check_keys(table: LayerTable, notes: _Notes) -> None:
    spec = table.spec
    for row, first in _repeated(table.columns[list(spec.key)]):
        notes.add(
            "A05",
            "error",
            [row],
            Text("关键字段与要素 {first} 相同。", "The key fields are those of feature {first} again.").filled(
                first=notes.name(first)[0] or first + 1
            ),
            Text("请删除重复要素或改正编号。", "Delete the duplicate or correct its number."),
        )
    uuids = table.columns["uuid"]
    absent = uuids.isna() | (uuids == "")
    notes.add(
        "A06",
        "error",
        np.flatnonzero(absent),
        Text("没有唯一标识（uuid）。", "It has no UUID."),
        Text("请在 QGIS 中用表达式 uuid('WithoutBraces') 填写。", "Fill it in QGIS with uuid('WithoutBraces')."),
    )
    for row, _ in _repeated(uuids[~absent].to_frame()):
        notes.add(
            "A06",
            "error",
            [row],
            Text("唯一标识与另一要素重复。", "Another feature has the same UUID."),
            Text("请为复制出的要素重新生成 uuid。", "Give the copied feature a new UUID."),
        )


def _repeated(columns: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs of a row that repeats an earlier one, and the first such row. All-empty rows do not count."""
    twice = columns[columns.duplicated(keep=False) & columns.notna().any(axis=1)]
    firsts: dict[tuple[str, ...], int] = {}
    pairs = []
    for row, values in zip(twice.index.tolist(), twice.itertuples(index=False, name=None)):
        name = tuple(map(_shown, values))
        if name in firsts:
            pairs.append((row, firsts[name]))
        firsts.setdefault(name, row)
    return pairs


def _check_geometry(table: LayerTable, notes: _Notes) -> tuple[Shapes, np.ndarray]:
    geometry = table.geometry
    nothing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    notes.add(
        "G01",
        "error",
        np.flatnonzero(nothing),
        Text("没有图形，未写入交付包。", "It has no geometry and is left out of the package."),
        Text("请补充坐标后重新导入，或在 QGIS 中绘制。", "Import it with coordinates, or draw it in QGIS."),
    )
    bounds = shapely.bounds(geometry)
    west, east, south, north = CHINA_DEG
    outside = ~nothing & ~(
        (bounds[:, 0] >= west) & (bounds[:, 2] <= east) & (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
    )
    notes.add(
        "G04",
        "warning",
        np.flatnonzero(outside),
        Text("坐标不在中国范围内。", "The coordinates are not in China."),
        Text("请检查经纬度是否颠倒、坐标基准是否正确。", "Check whether they are swapped or of another datum."),
    )
    mended, changed, lost = mend(geometry)
    notes.add(
        "G03",
        "error",
        np.flatnonzero(lost),
        Text(
            "图形无效且无法修复，未写入交付包。",
            "Its geometry is invalid beyond repair; it is left out of the package.",
        ),
        Text("请在 QGIS 中重新绘制。", "Draw it again in QGIS."),
    )
    for row in np.flatnonzero(changed & ~lost).tolist():
        notes.add(
            "G02",
            "warning",
            [row],
            Text(
                "图形无效（{reason}），已修复{change}。",
                "Its geometry was invalid ({reason}) and has been mended{change}.",
            ).filled(reason=_reason(geometry[row]), change=_area_change(geometry[row], mended[row])),
            Text("请在图上核对修复结果。", "Look at the mended shape on the map."),
        )
    return mended, ~nothing & ~lost


def _reason(shape: shapely.Geometry) -> Text:
    said = shapely.is_valid_reason(shape)
    kind, bracket, place = said.partition("[")
    return Text(_REASONS.get(kind.strip(), kind.strip()) + bracket + place, said)


def _area_change(before: shapely.Geometry, after: shapely.Geometry) -> Text:
    if shapely.get_dimensions(after) != 2:
        return Text("", "")
    old, new = (abs(_GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) for shape in (before, after))
    return Text("，面积由 {old:.1f} m² 变为 {new:.1f} m²", ": area {old:.1f} m² before, {new:.1f} m² after").filled(
        old=old, new=new
    )


def mend(geometry: Shapes) -> tuple[Shapes, np.ndarray, np.ndarray]:
    """Make geometries valid and orient their polygons (outer rings anticlockwise).

    Returns
    -------
    mended : numpy.ndarray of shapely geometries
    changed : numpy.ndarray of bool
        The geometry was invalid.
    lost : numpy.ndarray of bool
        Nothing of the same dimension is left of it.
    """
    mended = np.array(geometry, dtype=object)
    areas = shapely.get_dimensions(mended) == 2
    mended[areas] = shapely.orient_polygons(mended[areas])
    changed = ~shapely.is_valid(mended) & ~shapely.is_missing(mended)
    lost = np.zeros(len(mended), dtype=bool)
    rows = np.flatnonzero(changed)
    if len(rows):
        repaired = shapely.make_valid(mended[rows], method="structure", keep_collapsed=False)
        same = shapely.get_dimensions(repaired) == shapely.get_dimensions(mended[rows])
        lost[rows] = shapely.is_empty(repaired) | ~same | ~np.isfinite(shapely.bounds(repaired)).all(axis=1)
        mended[rows] = shapely.orient_polygons(repaired)
    return mended, changed, lost
