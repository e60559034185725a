"""Write a VCT file: batch by batch into one temporary file a section, then all of them behind the head.

The memory that is needed is that of a batch, whatever the size of the file; the outlines of a layer of polygons that
share lines are kept until the layer ends. The file stands under its name when it is
whole, and not before.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from ....errors import InputError, ParameterError
from ....text import Text
from . import texts
from .description import Batch, Form, Layer, Rows, check
from .geometry import Ids, Outlines, apart, by_lines, objects, unfit
from .head import HeadInput, check_crs, head_lines

_AT_ONCE = 1_000_000  # coordinates that are made text at a time, a row counted as five more
_SECTIONS = ("Point", "Line", "Polygon", "Attribute")
ENCODINGS = ("GB18030", "GBK", "UTF-8")
UNVERIFIED = (
    Text("换行采用 CRLF，标准原文未核实。", "Lines end in CRLF, which the standard's text did not verify."),
    Text(
        "独立点不写点数行；各家软件做法不同。", "Single points have no line with their count; programs differ in this."
    ),
    Text(
        "国土空间规划专用的文件头标识未见原文，采用所选形式的标识。",
        "No text with a file mark of spatial planning was seen; that of the chosen form is written.",
    ),
)
UNVERIFIED_GB = (
    Text(
        "Parameters 的十个位置按国标示例推断。",
        "The ten positions of Parameters are inferred from the standard's example.",
    ),
    Text(
        "一个面对象含多个外环的写法未见原文。", "That one polygon object may have several outlines was seen in no text."
    ),
)


@dataclass
class WrittenLayer:
    """What became of a layer.

    Attributes
    ----------
    rows_in, objects : int
        Rows that came, and objects (attribute rows, for a layer without geometry) that were written.
    set_aside : dict of int to Text
        Rows that were not written, by position, and why.
    exploded : dict of int to int
        Rows that became several objects, by position, and how many; the attributes are the same in each.
    replaced : dict of str to int
        Values by field in which a comma or a line break was replaced.
    too_wide : dict of str to int
        Values by field with more signs than the width of the field; they were written whole. Whether the width counts
        signs or bytes is not verified by the standard's text.
    """

    layer: Layer
    rows_in: int = 0
    objects: int = 0
    set_aside: dict[int, Text] = field(default_factory=dict)
    exploded: dict[int, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    too_wide: dict[str, int] = field(default_factory=dict)

    @property
    def rows_out(self) -> int:
        """Rows that were written; with those set aside all that came."""
        return self.rows_in - len(self.set_aside)


@dataclass
class Written:
    """What was written: the layers, and what no text that was read verifies."""

    layers: list[WrittenLayer]
    unverified: tuple[Text, ...]


def write_vct(target: Path, rows: Sequence[Rows], head: HeadInput, form: Form, encoding: str = "GB18030") -> Written:
    """Write layers into a VCT file.

    Parameters
    ----------
    target : pathlib.Path
    rows : sequence of Rows
        Every feature code and table once.
    head : HeadInput
    form : Form
        One of `description.FORMS`, or a changed copy of one.
    encoding : str
        One of `ENCODINGS`.

    Raises
    ------
    ParameterError
        The descriptions, the CRS or the encoding cannot be written.
    InputError
        A column is missing, a value is not of its field's type, or a sign is not in the encoding.
    """
    check([one.layer for one in rows])
    check_crs(head.crs)
    if encoding not in ENCODINGS:
        raise ParameterError(
            Text(f"VCT 不能写成 {encoding}。", f"VCT is not written in {encoding}."),
            Text(f"可用：{'、'.join(ENCODINGS)}。", f"Use one of {', '.join(ENCODINGS)}."),
        )
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        job = _Job(Path(folder), head, form, encoding)
        try:
            for one in rows:
                job.layer(one)
            whole = job.put_together([one.layer for one in rows])
        finally:
            job.close()
        whole.replace(target)
    unverified = UNVERIFIED if form.slots == 6 else UNVERIFIED + UNVERIFIED_GB
    return Written(job.written, unverified)


class _Job:
    """One file on its way."""

    def __init__(self, folder: Path, head: HeadInput, form: Form, encoding: str) -> None:
        self.folder, self.head, self.form, self.encoding = folder, head, form, encoding
        self.decimals = form.decimals_deg if head.crs.is_geographic else form.decimals_m
        self.files: dict[str, BinaryIO] = {name: (folder / name).open("w+b") for name in _SECTIONS}
        self.ids = Ids()
        self.bounds = np.array([np.inf, np.inf, -np.inf, -np.inf])
        self.written: list[WrittenLayer] = []

    def close(self) -> None:
        for file in self.files.values():
            file.close()

    def layer(self, rows: Rows) -> None:
        layer = rows.layer
        done = WrittenLayer(layer)
        self.written.append(done)
        waiting: list[Outlines] = []
        for batch in _small(rows.batches, layer.table):
            missing = [item.name for item in layer.fields if item.name not in batch.frame]
            if missing:
                raise InputError(
                    Text(
                        f"图层 {layer.table} 的数据缺少字段 {'、'.join(missing)}。",
                        f"The rows of {layer.table} lack the fields {', '.join(missing)}.",
                    ),
                    Text("请修改交付配置中的字段对应关系。", "Mend the mapping of fields in the delivery profile."),
                )
            at, ids = self._geometry(batch, layer, done, waiting)
            if len(at):
                if not done.objects:
                    self._write("Attribute", layer.table + texts.LINE_END)
                self._attributes(batch.frame, at, ids, layer, done)
                done.objects += len(at)
            done.rows_in += len(batch.frame)
        if waiting:
            for section, array in by_lines(waiting, self.ids, layer.code, self.decimals):
                self.files[section].write(texts.content(array))
        if done.objects:  # a table without rows is left out
            self._write("Attribute", "TableEnd" + texts.LINE_END)

    def _geometry(
        self, batch: Batch, layer: Layer, done: WrittenLayer, waiting: list[Outlines]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Write the objects of a batch, or keep polygons waiting; give the row of each, and the ids."""
        if not layer.geometry:
            return np.arange(len(batch.frame)), self.ids.take(len(batch.frame))
        shapes = np.full(len(batch.frame), None) if batch.geometry is None else np.asarray(batch.geometry, dtype=object)
        bad = unfit(shapes, layer.geometry)
        done.set_aside |= {done.rows_in + at: words for at, words in bad.items()}
        good = np.setdiff1d(np.arange(len(shapes)), list(bad))
        if not len(good):
            return good, good
        parts = apart(shapes[good], self.form.explode)
        found, ids = objects(layer.geometry, parts, self.ids, layer.code, self.form, self.decimals)
        if isinstance(found, Outlines):
            waiting.append(found)
        else:
            self.files[layer.geometry].write(texts.content(found))
        several = np.bincount(parts.rows, minlength=len(good))
        done.exploded |= {done.rows_in + int(good[at]): int(several[at]) for at in np.flatnonzero(several > 1)}
        west, south, east, north = shapely.total_bounds(shapes[good])
        self.bounds[:2] = np.minimum(self.bounds[:2], (west, south))
        self.bounds[2:] = np.maximum(self.bounds[2:], (east, north))
        return good[parts.rows], ids

    def _attributes(
        self, frame: pd.DataFrame, at: np.ndarray, ids: np.ndarray, layer: Layer, done: WrittenLayer
    ) -> None:
        if len(at) != len(frame) or not bool((at == np.arange(len(at))).all()):
            frame = frame.iloc[at]
        columns = [texts.whole(ids)]
        for item in layer.fields:
            try:
                found, count = texts.values(frame[item.name], item)
                wide = texts.wider(found, item)
            except (ValueError, TypeError, OverflowError, pa.ArrowException) as fault:
                raise InputError(
                    Text(
                        f"字段 {layer.table}.{item.name}（{item.type}）有不合类型的值：{fault}",
                        f"Field {layer.table}.{item.name} ({item.type}) has a value that does not fit: {fault}",
                    ),
                    Text(
                        "请在属性表中改正，或修改交付配置中的字段类型。",
                        "Mend the value, or the type of the field in the delivery profile.",
                    ),
                ) from fault
            columns.append(found)
            if count:
                done.replaced[item.name] = done.replaced.get(item.name, 0) + count
            if wide:
                done.too_wide[item.name] = done.too_wide.get(item.name, 0) + wide
        self._write("Attribute", texts.content(texts.beside(columns)))

    def _write(self, section: str, words: str | memoryview) -> None:
        data = words.encode() if isinstance(words, str) else bytes(words)
        self.files[section].write(data if data.isascii() else self._encoded(data.decode()))

    def _encoded(self, words: str) -> bytes:
        try:
            return words.encode(self.encoding)
        except UnicodeEncodeError as fault:
            sign = words[fault.start]
            raise InputError(
                Text(
                    f"字符“{sign}”（U+{ord(sign):04X}）不能用 {self.encoding} 表示。",
                    f"The sign “{sign}” (U+{ord(sign):04X}) is not in {self.encoding}.",
                ),
                Text("请改用 GB18030 编码。", "Use the encoding GB18030."),
            ) from fault

    def put_together(self, layers: list[Layer]) -> Path:
        bounds = tuple(self.bounds.tolist()) if np.isfinite(self.bounds).all() else (0.0, 0.0, 0.0, 0.0)
        whole = self.folder / "whole"
        with whole.open("wb") as file:
            for name, lines in (
                ("Head", head_lines(self.head, self.form, bounds)),
                ("FeatureCode", [_code_line(layer) for layer in layers]),
                ("TableStructure", [line for layer in layers for line in _structure_lines(layer)]),
            ):
                words = [f"{name}Begin", *lines, f"{name}End", "", ""]
                file.write(self._encoded(texts.LINE_END.join(words)))
            for name, spool in self.files.items():
                spool.seek(0)
                file.write(f"{name}Begin{texts.LINE_END}".encode())
                shutil.copyfileobj(spool, file, 1 << 20)
                file.write(f"{name}End{texts.LINE_END}{texts.LINE_END}".encode())
        return whole


def _code_line(layer: Layer) -> str:
    return (
        f"{layer.code},{layer.name},{layer.geometry},{layer.table}" if layer.geometry else f"{layer.code},{layer.table}"
    )


def _structure_lines(layer: Layer) -> list[str]:
    first = f"{layer.table},{len(layer.fields)}" + ("" if layer.geometry else ",NoneGeometry")
    return [first, *(item.line for item in layer.fields), "0", ""]


def _small(batches: Iterable[Batch], table: str) -> Iterable[Batch]:
    """Cut batches so that making text of them needs a bounded amount of memory."""
    for batch in batches:
        count = len(batch.frame)
        if batch.geometry is not None and len(batch.geometry) != count:
            raise ValueError(f"{table}: {len(batch.geometry)} geometries for {count} rows")
        sizes = np.full(count, 5) if batch.geometry is None else 5 + shapely.get_num_coordinates(batch.geometry)
        ends = np.flatnonzero(np.diff(np.cumsum(sizes) // _AT_ONCE)) + 1
        for start, end in zip([0, *ends.tolist()], [*ends.tolist(), count]):
            part = slice(start, end)
            yield Batch(batch.frame.iloc[part], None if batch.geometry is None else batch.geometry[part])
