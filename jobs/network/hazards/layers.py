"""Read a hazard layer: any file with areas or lines, the class and the measures in columns that the planner names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ....engine.context import RunContext
from ....errors import InputError
from ....layers import inputs
from ....layers.placing import placed
from ....layers.shapes import LINE, MULTI_LINE, MULTI_POLYGON, POLYGON, RING
from ....layers.sources.raw_table import RawTable
from ....layers.sources.read import read_source
from ....text import Text

_AREAS, _LINES = (POLYGON, MULTI_POLYGON), (LINE, RING, MULTI_LINE)
_NAMES = ("名称", "灾害名称", "灾害点名称", "name", "Name", "NAME", "MC")
_CLASSES = ("等级", "级别", "类别", "分区", "烈度", "class", "level", "CLASS", "LEVEL", "DJ")


_NO_MEASURE = ("无", "没有", "否", "未采取", "未落实", "none", "no", "0", "/", "-", "—")


class Hazards(NamedTuple):
    """Rows of a hazard layer, h of them.

    Attributes
    ----------
    file : str
    shapes : numpy.ndarray of Polygon, MultiPolygon, LineString or MultiLineString, shape (h,)
        CGCS2000 longitude and latitude.
    name : numpy.ndarray of object, shape (h,)
        None where there is none.
    row : numpy.ndarray of int64, shape (h,)
        Number of the row in its file.
    grade : numpy.ndarray of object, shape (h,)
        Class as it stands; None where it is empty or there is no such column.
    measure : numpy.ndarray of object, shape (h,)
        Measures as they stand; None where there are none.
    grade_column, measure_column : str
        Headings; empty where there is none.
    set_aside : int
        Rows without an area or a line.
    headings : tuple of str
        All of its columns.
    """

    file: str
    shapes: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    row: npt.NDArray[np.int64]
    grade: npt.NDArray[np.object_]
    measure: npt.NDArray[np.object_]
    grade_column: str
    measure_column: str
    set_aside: int
    headings: tuple[str, ...]

    def title(self, at: int) -> str:
        """Name a row: its name, else its number."""
        return str(self.name[at] or f"#{self.row[at]}")


def read_hazards(
    context: RunContext, name: str, grade_columns: Sequence[str] = (), measure_columns: Sequence[str] = ()
) -> Hazards:
    """Read the hazard layer that a parameter names (``PATH`` or ``PATH|layername=NAME``).

    Parameters
    ----------
    grade_columns, measure_columns : sequence of str
        The first that it has is taken; else a usual heading for the class, and none for measures. Whether any layer
        has a column that was stated, `check_columns` tells.

    Raises
    ------
    InputError
        It has no geometry, no CRS, or not one area or line.
    """
    path, layer = inputs.split(str(context[name]))
    raw = read_source(context.read(name, path), layer or None)
    for words in raw.notices:
        context.notice(Text("{file}：{words}", "{file}: {words}").filled(file=raw.name, words=words))
    shapes = placed(raw)
    kinds = shapely.get_type_id(shapes)
    good = np.isin(kinds, (*_AREAS, *_LINES)) & ~shapely.is_empty(shapes)
    if not good.any():
        raise InputError(
            Text(f"{raw.name} 没有面或线。", f"{raw.name} has no area and no line."),
            Text("该图层须为面或线；点请先作缓冲区。", "It must hold areas or lines; buffer points first."),
        )
    if not good.all():
        lost = raw.rows[~good]
        context.notice(
            Text(
                f"{raw.name}：{len(lost)} 行没有面或线，未参与计算（共 {len(raw)} 行）。",
                f"{raw.name}: {len(lost)} of {len(raw)} rows have no area or line and are not used.",
            ),
            lost.tolist(),
        )
    kept = np.flatnonzero(good)
    shapes = shapes[kept]
    crooked = np.isin(shapely.get_type_id(shapes), _AREAS) & ~shapely.is_valid(shapes)
    if crooked.any():
        shapes[crooked] = shapely.make_valid(shapes[crooked], method="structure")
        context.notice(
            Text(
                f"{raw.name}：{int(crooked.sum())} 个面有自交等图形错误，已按其外廓修正后使用。",
                f"{raw.name}: {int(crooked.sum())} areas cross themselves; they are used as mended.",
            ),
            raw.rows[kept[crooked]].tolist(),
        )
    grade, measure = _column(raw, (*grade_columns, *_CLASSES)), _column(raw, measure_columns)
    named = _column(raw, _NAMES)
    return Hazards(
        raw.name,
        shapes,
        _values(raw, named)[kept],
        np.asarray(raw.rows, dtype=np.int64)[kept],
        _values(raw, grade)[kept],
        _taken(_values(raw, measure)[kept]),
        raw.headings[grade] if grade is not None else "",
        raw.headings[measure] if measure is not None else "",
        int((~good).sum()),
        tuple(heading.strip() for heading in raw.headings),
    )


def check_columns(layers: Sequence[Hazards], *stated: Sequence[str]) -> None:
    """Refuse columns that the planner named and no layer has; a layer that lacks them among others is told.

    Parameters
    ----------
    *stated : sequence of str
        Columns of which each layer uses one: those of the class, those of measures.

    Raises
    ------
    InputError
    """
    for names in stated:
        if names and not any(name in layer.headings for layer in layers for name in names):
            wanted = "、".join(names)
            zh = "；".join(f"{layer.file} 现有：{'、'.join(layer.headings)}" for layer in layers)
            en = "; ".join(f"{layer.file} has {', '.join(layer.headings)}" for layer in layers)
            raise InputError(
                Text(f"灾害图层没有“{wanted}”列。{zh}。", f"No hazard layer has a column “{', '.join(names)}”: {en}."),
                Text("请改用其中一列。", "Use one of these."),
            )


def _taken(stated: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Give None for words that say that no measure was taken."""
    said = np.array(stated, dtype=object)
    for at, value in enumerate(said):
        if isinstance(value, str) and value.strip().lower() in _NO_MEASURE:
            said[at] = None
    return said


def _column(raw: RawTable, names: Sequence[str]) -> int | None:
    """Find a column: the first of the names that is there."""
    headings = [heading.strip() for heading in raw.headings]
    return next((headings.index(name) for name in names if name in headings), None)


def _values(raw: RawTable, column: int | None) -> npt.NDArray[np.object_]:
    found = np.full(len(raw), None, dtype=object)
    if column is not None:
        cells = [str(cell).strip() for cell in raw.cells[column]]
        found[:] = [cell or None for cell in cells]
    return found
