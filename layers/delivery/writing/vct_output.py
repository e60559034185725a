"""Write the layers of a package as one VCT file, and count what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyproj

from ....text import Text
from ...vct.writing.description import FORMS, Batch, Field, Layer, Rows
from ...vct.writing.file import WrittenLayer, write_vct
from ...vct.writing.head import HeadInput
from ..findings import Finding
from ..mapping import Target
from ..package import WrittenFile
from ..profile.model import TargetField
from .writers import Setup, Writing

_TYPES = {
    "Char": "Char",
    "VarChar": "Varchar",
    "Int": "Int4",
    "Long": "Int8",
    "Float": "Float",
    "Double": "Double",
    "Date": "Date",
}
_GEOMETRIES = {"point": "Point", "line": "Line", "polygon": "Polygon"}


def write_vct_file(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one VCT in the form that the profile says.

    In VCT a feature code leads to its attribute table, so that layers without codes, or with one code for several,
    cannot be written: then there is no file, and an error in the report.
    """
    path = folder / f"{setup.stem}.vct"
    codes = Counter(target.layer.ysdm for target in targets)
    wrong = [target.layer.name for target in targets if not target.layer.ysdm or codes[target.layer.ysdm] > 1]
    if wrong:
        return Writing(folder, [], [_without_codes(wrong)])
    rows = [rows_of(target) for target in targets]
    head = HeadInput(pyproj.CRS(setup.crs.code), setup.date.replace("-", ""), vertical=setup.vertical)
    done = write_vct(path, rows, head, FORMS[setup.vct_form or "landuse3"])
    findings = [finding for layer in done.layers for finding in _told(layer)]
    findings += [_note("", text) for text in done.unverified]
    if not setup.date:
        findings.append(
            _note("", Text("文件头的日期（Date）为空：未填成果日期。", "The head has no date: none was stated."))
        )
    counted = _objects_in(path, [target.layer.ysdm for target in targets])
    files = [WrittenFile(target.layer.name, "vct", path, counted[target.layer.ysdm]) for target in targets]
    return Writing(path, files, findings)


def _objects_in(path: Path, codes: Sequence[str]) -> Counter[str]:
    """Count the objects of each feature code in the file: an object has its code on a line of its own.

    Every object is not read for it: that takes far longer than writing, and the check of the package does it anyway.
    """
    lines = {f"{code}\r\n".encode(): code for code in codes}
    with path.open("rb") as file:
        return Counter(lines[line] for line in file if line in lines)


def rows_of(target: Target) -> Rows:
    """Give a layer as the VCT writer takes it."""
    return Rows(_layer(target), [Batch(_frame(target), target.geometry)])


def _layer(target: Target) -> Layer:
    layer = target.layer
    fields = tuple(_field(item) for item in layer.fields)
    return Layer(layer.alias, layer.ysdm, layer.name, _GEOMETRIES[layer.geometry], fields)


def _field(item: TargetField) -> Field:
    return Field(item.name, _TYPES[item.type], item.length, item.decimals)


def _frame(target: Target) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in target.columns.items()})


def _without_codes(layers: Sequence[str]) -> Finding:
    return Finding(
        "F05",
        "error",
        "",
        Text(
            "没有写出 VCT：图层 {layers} 没有要素代码，或几个图层用同一代码。",
            "No VCT is written: the layers {layers} have no feature code, or share one.",
        ).filled(layers=Text("、".join(layers), ", ".join(layers))),
        Text(
            "请向接收单位索取要素代码，填入成果规格各图层的 ysdm。",
            "Ask the bureau for the codes and fill them into the profile as ysdm of each layer.",
        ),
    )


def _told(layer: WrittenLayer) -> list[Finding]:
    found = [
        _note(
            layer.layer.table,
            Text(
                f"VCT 中字段 {name} 有 {count} 个值的逗号或换行被替换。",
                f"In {count} values of {name} a comma or line break was replaced for VCT.",
            ),
            "warning",
        )
        for name, count in sorted(layer.replaced.items())
    ]
    found += [
        _note(
            layer.layer.table,
            Text(
                f"VCT 中有 {len(layer.set_aside)} 个要素不能写出。",
                f"{len(layer.set_aside)} features are not in the VCT.",
            ),
            "error",
        )
        for _ in range(bool(layer.set_aside))
    ]
    return found


def _note(layer: str, words: Text, level: str = "note") -> Finding:
    return Finding(
        "F06", level, layer, words, Text("请与接收单位核对 VCT 的写法。", "Ask the bureau how it wants its VCT.")
    )
