"""What a reader hands on: a table as it stands in a file, and which of its layers was meant."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyproj

from ...errors import InputError
from ...text import NOTHING, Text
from ..findings.findings import Findings
from ..spec import LayerSpec


@dataclass
class RawTable:
    """A table as it stands in a file.

    Attributes
    ----------
    path : pathlib.Path
    format : str
        "CSV", "XLSX", or GDAL's short name of the driver.
    layer : str
        Layer or sheet that was read, "" where the format has none.
    layers : tuple of str
        Every layer or sheet of the file.
    headings : list of str
        As they stand; "" for a column without one.
    cells : list of numpy.ndarray of str, one of shape (n,) a column
        "" for an empty cell.
    rows : numpy.ndarray of int64, shape (n,)
        Row number as the planner's own program shows it: the first line of a sheet is 1; a layer's features count
        from 1.
    geometry : numpy.ndarray of shapely geometries, shape (n,), or None
        In `crs`; None where the format has no geometry.
    damaged : dict of int to Text
        Rows, by position, that do not fit under the headings, and why.
    odd : dict of int to (str, Text)
        Rows, by position, that are no rows of data: the code of the finding (unit_row, note_row) and its words.
    formulas : dict of int to dict of int to str
        Formulas without a saved result, by position and column: what stands in a cell that reads as empty.
    made : int
        Number of columns at the end that the reader made of others; `original` leaves them out.
    preamble : list of (int, str)
        Title, unit and note rows above the headings: row number and text.
    header_row : int or None
    blank_rows : int
        Rows without any text, which are not counted.
    crs, crs_origin
        What the file says about its coordinates, and where it says so; None and an empty text where it is silent.
    notices : list of Text
        What the planner should know of the file as a whole.
    findings : Findings
        What the reader noticed about the file itself (group "container").
    shown : str
        What `name` gives for a source that is no file of its own: "包.zip/文件.shp", "postgresql://host:port/db|table".
    sha256 : str
        Hash of the rows that were read, for a source that is no file; "" for a file.
    edition_of : str
        The source in the workspace of which this is a newer edition, by the planner's word; "" for none.
    """

    path: Path
    format: str
    headings: list[str]
    cells: list[np.ndarray]
    rows: np.ndarray
    layer: str = ""
    layers: tuple[str, ...] = ()
    geometry: np.ndarray | None = None
    encoding: str = "UTF-8"
    crs: pyproj.CRS | None = None
    crs_origin: Text = NOTHING
    damaged: dict[int, Text] = field(default_factory=dict)
    odd: dict[int, tuple[str, Text]] = field(default_factory=dict)
    preamble: list[tuple[int, str]] = field(default_factory=list)
    header_row: int | None = None
    blank_rows: int = 0
    notices: list[Text] = field(default_factory=list)
    tail: dict[int, list[str]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    formulas: dict[int, dict[int, str]] = field(default_factory=dict)
    made: int = 0
    shown: str = ""
    sha256: str = ""
    edition_of: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def name(self) -> str:
        """File name, with the layer where the file has several."""
        if self.shown:
            return self.shown
        return f"{self.path.name}|{self.layer}" if len(self.layers) > 1 else self.path.name

    @property
    def source(self) -> str:
        """What `source_file` holds in the workspace: the name, or that of the edition that it takes the place of."""
        return self.edition_of or self.name

    def original(self, at: int) -> str:
        """Give one row as it stands, so that a program can take it apart again.

        A sheet's row is one CSV record with commas; a layer's is a JSON object of its filled fields and, as
        ``geometry``, its well-known text (the first 200 signs of a long one).
        """
        cells = [str(column[at]) for column in self.cells[: len(self.cells) - self.made]]
        for column, formula in self.formulas.get(at, {}).items():
            cells[column] = cells[column] or formula
        if self.geometry is None:
            record = io.StringIO()
            csv.writer(record, lineterminator="").writerow(cells + self.tail.get(at, []))
            return record.getvalue()
        words: dict[str, str] = {}
        for column, (heading, cell) in enumerate(zip(self.headings, cells), start=1):
            if cell:
                words[f"{heading} #{column}" if heading in words else heading] = cell
        shape = self.geometry[at]
        if shape is not None:
            words["geometry"] = shape.wkt if len(shape.wkt) <= 200 else shape.wkt[:200] + "…"
        return json.dumps(words, ensure_ascii=False)


def check_rows(table: RawTable) -> None:
    """Refuse a table without a single row.

    Raises
    ------
    InputError
        There are only headings, or a layer has no features.
    """
    if len(table):
        return
    if table.header_row is not None:
        raise InputError(
            Text(
                f"{table.name} 没有数据行：第 {table.header_row} 行表头之后全是空行。",
                f"{table.name} has no data rows: nothing stands below its headings in row {table.header_row}.",
            ),
            Text(
                "请确认选对了文件和工作表，或请提供方重新导出。",
                "Check that it is the right file and sheet, or ask for it to be exported again.",
            ),
        )
    raise InputError(
        Text(f"{table.name} 的图层是空的，没有要素。", f"The layer of {table.name} is empty: it has no features."),
        Text("请确认选对了文件和图层，或重新导出。", "Check that it is the right file and layer, or export it again."),
    )


def which_layer(path: Path, found: dict[str, tuple[bool, int]], spec: LayerSpec | None = None) -> str:
    """Choose a sheet or layer by how well its headings fit.

    Parameters
    ----------
    path : pathlib.Path
    found : dict
        Name → (all required fields are there, number of headings that fit).
    spec : LayerSpec, optional
        The layer that is wanted; a layer of its name is taken.

    Raises
    ------
    InputError
        Several fit equally well, or none does.
    """
    if len(found) == 1:
        return next(iter(found))
    if spec is not None:
        for name in (spec.name, spec.label.zh, spec.label.en):
            if name in found:
                return name
    complete = [name for name, (whole, _) in found.items() if whole]
    if len(complete) == 1:
        return complete[0]
    best = max((score for _, score in found.values()), default=0)
    fits = [name for name, (_, score) in found.items() if score == best]
    if not complete and len(fits) == 1 and best >= 2:
        return fits[0]
    raise several_layers(path, list(found))


def several_layers(path: Path, names: list[str]) -> InputError:
    """Give the error of a file with several layers of which none can be chosen."""
    return InputError(
        Text(
            f"{path.name} 有 {len(names)} 个图层或工作表，无法确定读取哪一个：{'、'.join(names)}。",
            f"{path.name} has {len(names)} layers or sheets, and which one to read cannot be told: {', '.join(names)}.",
        ),
        Text("请用 --layer 指明名称。", "Name one with --layer."),
    )


def no_layer(path: Path, layer: str, names: list[str]) -> InputError:
    """Give the error of a layer name that the file does not have."""
    return InputError(
        Text(
            f"{path.name} 没有图层或工作表“{layer}”。现有：{'、'.join(names)}。",
            f"{path.name} has no layer or sheet “{layer}”. It has: {', '.join(names)}.",
        ),
        Text("请改用其中一个名称。", "Use one of these names."),
    )
