"""Account for the columns of a file: those that no field takes, and those that should hold values and hold none."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.fold import fold
from ..cells.signs import is_null
from ..findings.findings import Findings
from ..sources.angle_parts import find_parts
from ..sources.raw_table import RawTable
from ..spec import Field, Kind, LayerSpec
from .headings import place
from .mapping import Mapping as Columns

# Numbers that a program or a clerk gives the rows of a table; they say nothing of the things in it.
_SERIALS = frozenset(
    (
        *("序号", "序", "序列号", "行号", "顺序号", "编序", "项次", "no", "num", "number", "index", "seq", "sn", "xh"),
        *("serialnumber", "serialno", "rowid", "row", "rownum", "fid", "fid1", "gid", "oid", "oid1", "objectid"),
        *("objectid1", "objectid2", "ogcfid", "pkuid", "fid0", "shapeleng", "shapele1", "shapelength", "shapelen"),
        *("shapearea", "shape", "stlengthshape", "stareashape", "geom", "geometry", "thegeom", "wkbgeometry"),
    )
)
_OWN = frozenset(("uuid", "sourcefile", "sourcerow"))
_FEWEST_ROWS = 5
_MOST_WORDS = 20  # different texts beyond which a column does not say "nothing" in words


def column_findings(
    raw: RawTable, columns: Columns, spec: LayerSpec, told: Mapping[str, str | None] | None = None
) -> Findings:
    """Give the findings on columns.

    Parameters
    ----------
    raw : RawTable
    columns : mapping.Mapping
    spec : LayerSpec
    told : mapping, optional
        Content of the planner's mapping file: a column mapped to None is left out on purpose.
    """
    findings = Findings()
    real = np.ones(len(raw), dtype=bool)
    real[[*raw.odd, *raw.damaged]] = False
    _unmapped(raw, columns, real, {fold(words) for words, name in (told or {}).items() if name is None}, findings)
    if int(real.sum()) >= _FEWEST_ROWS:
        _empty(raw, columns, spec, real, findings)
    return findings


def _unmapped(raw: RawTable, columns: Columns, real: np.ndarray, refused: Collection[str], findings: Findings) -> None:
    used = set(columns.fields.values()) | {at for pair in columns.pairs for at in (pair.lon, pair.lat)}
    used |= {columns.wkt} if columns.wkt is not None else set()
    if raw.made:
        used |= {part.at + step for part in find_parts(columns.headings) for step in range(3)}
    known = {fold(columns.headings[at]) for at in used} | _SERIALS | _OWN | set(refused) | {""}
    for at, heading in enumerate(columns.headings):
        if at in used or fold(heading) in known or place(heading) is not None or _says_nothing(raw.cells[at][real]):
            continue
        example = next(str(cell) for cell in raw.cells[at][real] if str(cell).strip())
        findings.add(
            "unmapped_column",
            field=heading,
            values=example[:200],
            why=Text(
                f"第 {at + 1} 列“{heading}”没有对应的字段，不导入；需要时可用字段对照文件指明",
                f"no field takes column {at + 1}, “{heading}”; a field mapping can name one",
            ),
        )


def _empty(raw: RawTable, columns: Columns, spec: LayerSpec, real: np.ndarray, findings: Findings) -> None:
    for name, at in columns.fields.items():
        item = spec.field(name)
        # A required field is asked for row by row, a derived one filled in.
        asked = item.always_required or item.derive is not None or name == "remark"
        if asked or not _says_nothing(raw.cells[at][real]):
            continue
        findings.add(
            "empty_column",
            field=name,
            values=columns.headings[at],
            why=Text(
                f"第 {at + 1} 列“{columns.headings[at]}”（{item.label.zh}）每行都没有值",
                f"column {at + 1}, “{columns.headings[at]}” ({item.label.en}), has no value in any row",
            ),
            severity="warns" if raw.geometry is None and _usual(item, spec) else "informs",
        )
    places = [pair for pair in columns.pairs if not spec.geometry_required]
    if places and all(_says_nothing(raw.cells[at][real]) for pair in places for at in (pair.lon, pair.lat)):
        words = [columns.headings[at] for at in dict.fromkeys((places[0].lon, places[0].lat))]
        findings.add(
            "empty_column",
            field="geometry",
            values=", ".join(words),
            why=Text(f"坐标列“{'”“'.join(words)}”每行都没有值", "the columns of coordinates have no value in any row"),
        )


def _usual(item: Field, spec: LayerSpec) -> bool:
    """Tell whether a field is filled in any table that has its column.

    A layer of a map has the columns of its model, filled or not; days and the ids of other things are often unknown.
    """
    return item.kind is not Kind.DATE and (item.kind is not Kind.TEXT or item.name == spec.title)


def _says_nothing(cells: np.ndarray) -> bool:
    """Tell whether a column has nothing but blanks and words for nothing."""
    if any(not is_null(str(cell)) for cell in cells[:_MOST_WORDS]):
        return False
    words = pd.unique(cells)
    return len(words) <= _MOST_WORDS and all(is_null(str(word)) for word in words)
