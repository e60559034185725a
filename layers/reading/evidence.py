"""On which datum a file's coordinates are: only by clear evidence, or by the planner's word; else stop and say why.

A bare "WGS 84" of a GeoJSON, KML, GeoPackage or Shapefile is no evidence: files in GCJ-02 carry it too. A verdict
weighed against what the workspace knows (`doctor.datum_evidence`) is: where nothing labels the coordinates it lets true
ones through, and where it contradicts the label it stops the import. It never converts anything by itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import shapely

from ...errors import InputError, ParameterError
from ...text import Text
from ..cells.values import is_null
from ..datum import crs_by_code, degrees_power, is_cgcs2000, is_web_mercator, is_wgs84, metres_turned, zone_hint
from ..findings.kind import APPLY
from ..findings.treatments import Treatments
from ..sources.raw_table import RawTable
from ..spec import Geometry, LayerSpec
from .datum_decision import LABELS, SHIFTED, Decision, crs_label
from .datum_stops import (
    against_order,
    check_axes,
    check_verdict,
    convert_order,
    on_evidence,
    without_crs,
)
from .heading_words import headings_of
from .headings import datum_in
from .mapping import Mapping, Pair, choose_pair
from .verdict import Verdict
from .zone_orders import check_order, same_zone, settle_number

Floats = np.ndarray

_CHOICES = Text(
    "请向提供方确认坐标基准，再用 --datum 指明：wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）或 EPSG:n。",
    "Ask who sent it which datum it is in, and state it with --datum: wgs84, cgcs2000, gcj02 (Amap, Tencent), "
    "bd09 (Baidu) or EPSG:n.",
)


_UNTREATED = Treatments()


def normalise(stated: str) -> str:
    """Give the datum that a planner states in lower case, ``EPSG:n`` in upper case; raise ParameterError for others."""
    words = stated.strip()
    if words.upper().startswith("EPSG:"):
        code = words.upper()
        return {"EPSG:4326": "wgs84", "EPSG:4490": "cgcs2000"}.get(code, code)
    if words.lower() in ("auto", *LABELS):
        return words.lower()
    raise ParameterError(
        Text(f"不认识坐标基准“{stated}”。", f"The datum “{stated}” is not known."),
        Text(
            "请填 auto、wgs84、cgcs2000、gcj02、bd09 或 EPSG:n。",
            "State auto, wgs84, cgcs2000, gcj02, bd09 or EPSG:n.",
        ),
    )


def decide(
    table: RawTable,
    mapping: Mapping,
    stated: str,
    spec: LayerSpec,
    verdict: Verdict | None = None,
    treatments: Treatments = _UNTREATED,
) -> Decision:
    """Decide on which datum the coordinates are.

    Parameters
    ----------
    table : RawTable
    mapping : Mapping
    stated : str
        What the planner states, "auto" for nothing.
    spec : LayerSpec
        The layer that is wanted: lines and areas come from a WKT column rather than from a pair.
    verdict : Verdict, optional
        What the workspace says of the coordinates.
    treatments : Treatments
        ``swapped=apply`` puts exchanged axes in order; ``wrong_zone=keep`` holds to a zone against the evidence.

    Raises
    ------
    InputError
        There is no clear evidence, the statement contradicts the file, or the evidence contradicts the file's label.
        With a statement of the planner's the evidence only leads to a notice, unless it says another zone, or that the
        axes of every row are exchanged.
    ParameterError
        `stated` is not a datum.
    """
    datum = normalise(stated)
    if verdict is not None and treatments.action("swapped") == APPLY:
        verdict = verdict.exchanged()
    if verdict is not None:
        check_axes(table, mapping, datum, verdict)
        if datum == "auto":
            check_verdict(table, verdict)
        else:
            check_order(table, datum, verdict, treatments)
    try:
        decision = _by_label(table, mapping, datum, spec)
    except InputError as refusal:
        found = _by_evidence(table, mapping, datum, verdict)
        if found is not None:
            return found
        if verdict is not None and datum == "auto" and verdict.tests and not verdict.decision:
            refusal = InputError(
                Text(f"{refusal.message.zh}{verdict.why.zh}", f"{refusal.message.en} {verdict.why.en}"), refusal.remedy
            )
        raise refusal from None
    if verdict is not None:
        decision = settle_number(decision, datum, verdict, treatments)
    return _with_doubts(decision, datum, verdict)


def _by_label(table: RawTable, mapping: Mapping, datum: str, spec: LayerSpec) -> Decision:
    """Decide by what the file and the planner say."""
    if table.geometry is not None:
        return _of_geometry(table, datum)
    pair = choose_pair(mapping, datum)
    if mapping.wkt is not None and spec.geometry is not Geometry.POINT:
        pair = None
    if pair is None and mapping.wkt is None:
        return Decision("", Text("文件没有坐标列", "the file has no coordinate columns"))
    columns = (pair.lon, pair.lat) if pair else (mapping.wkt or 0,)
    if datum == "auto" and all(is_null(str(text)) for column in columns for text in pd.unique(table.cells[column])):
        return Decision("", Text("坐标列全部为空", "the coordinate columns are empty"), None, pair, pair is None)
    return _of_columns(table, mapping, pair, datum)


def _by_evidence(table: RawTable, mapping: Mapping, datum: str, verdict: Verdict | None) -> Decision | None:
    """Take true coordinates on clear evidence where nothing labels them; None where that is not so.

    A zone that the planner orders against the file's own .prj is taken where the evidence says the same.
    """
    if verdict is not None and datum.startswith("EPSG:") and table.geometry is not None and verdict.supports(datum):
        return Decision(
            datum, Text(f"由用户指定；{verdict.why.zh}", f"stated by the user; {verdict.why.en}"), crs_by_code(datum)
        )
    if datum != "auto" or verdict is None or verdict.decision != "wgs84" or verdict.labelled or verdict.old_datum:
        return None
    if table.geometry is not None:
        if table.crs is not None and not table.crs.is_geographic:
            return None
        return Decision("wgs84", verdict.why, notices=(on_evidence(verdict),))
    pair = choose_pair(mapping, datum)
    return Decision("wgs84", verdict.why, None, pair, pair is None, (on_evidence(verdict),))


def _with_doubts(decision: Decision, datum: str, verdict: Verdict | None) -> Decision:
    """Do as ordered, and say loudly where the evidence speaks against it."""
    if verdict is None or datum == "auto" or not verdict.decision or not decision.datum:
        return decision
    if verdict.supports(decision.datum) or same_zone(verdict, decision.datum):
        return decision
    doubt = against_order(verdict, decision.datum)
    return replace(decision, notices=(doubt, *decision.notices))


def _hint(table: RawTable) -> Text:
    word = datum_in(table.path.stem) or datum_in(table.layer)
    if not word:
        return Text("", "")
    return Text(
        "文件名提到 {label}，仅供参考。", " The file name mentions {label}, which is a hint and no proof."
    ).filled(label=LABELS[word])


def _stop(message: Text, table: RawTable, remedy: Text = _CHOICES) -> InputError:
    hint = _hint(table)
    return InputError(Text(message.zh + hint.zh, message.en + hint.en), remedy)


def _of_geometry(table: RawTable, datum: str) -> Decision:
    crs = table.crs
    if datum == "auto":
        if crs is None:
            zone = zone_hint(*_middles(table))
            remedy = Text(
                f"按带号看可能是 {zone}，请核实后用 --datum {zone}。",
                f"By the zone number it may be {zone}: check, then say --datum {zone}.",
            )
            raise _stop(without_crs(table), table, remedy if zone else _CHOICES)
        why = Text(f"{table.crs_origin.zh}：{crs.name}", f"{table.crs_origin.en}: {crs.name}")
        if is_cgcs2000(crs):
            return Decision(_crs_word(crs), why, None if crs.is_geographic else crs)
        if crs.is_projected and not is_web_mercator(crs):
            return Decision(_crs_word(crs), why, crs)
        raise _stop(
            Text(
                f"{table.name} 标称坐标系为“{crs.name}”，但 GCJ-02 等偏移坐标的文件也常这样标注，不能作为依据。",
                f"{table.name} says “{crs.name}”, but files in shifted datums such as GCJ-02 say so too: no evidence.",
            ),
            table,
        )
    notices = []
    if datum.startswith("EPSG:"):
        wanted = crs_by_code(datum)
        if crs is not None and crs.is_projected and crs != wanted and _crs_word(crs) != datum:
            raise _contradiction(table, datum)
        return Decision(datum, _by_order(), wanted)
    if crs is not None and crs.is_projected:
        same_datum = (datum == "cgcs2000" and is_cgcs2000(crs)) or (
            datum == "wgs84" and is_wgs84(crs) and not is_web_mercator(crs)
        )
        if not same_datum:
            raise _contradiction(table, datum)
        return Decision(_crs_word(crs), _by_order(), crs)
    if crs is not None and not (is_wgs84(crs) if datum == "wgs84" else is_cgcs2000(crs) and datum == "cgcs2000"):
        notices.append(
            Text(
                f"文件标称“{crs.name}”，已按您指定的 {LABELS[datum].zh} 处理。",
                f"The file says “{crs.name}”; it was taken as {LABELS[datum].en} on your word.",
            )
        )
    return Decision(datum, _by_order(), notices=tuple(notices))


def _middles(table: RawTable) -> tuple[Floats, Floats]:
    bounds = shapely.bounds(table.geometry).reshape(-1, 4)
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _of_columns(table: RawTable, mapping: Mapping, pair: Pair | None, datum: str) -> Decision:
    label = pair.datum if pair else ""
    heads = headings_of(mapping, pair) if pair else Text("WKT", "WKT")
    notices: list[Text] = []
    if datum == "auto":
        if label in SHIFTED:
            raise _stop(
                Text(
                    f"{table.name} 的坐标列（{heads.zh}）标明是 {LABELS[label].zh}。",
                    f"The coordinate columns of {table.name} ({heads.en}) say {LABELS[label].en}.",
                ),
                table,
                convert_order(label),
            )
        if not label:
            raise _no_label(table, pair, heads)
        if len(mapping.pairs) > 1:
            notices.append(_which(heads))
        return Decision(label, Text(f"列名：{heads.zh}", f"headings: {heads.en}"), None, pair, notices=tuple(notices))
    crs = crs_by_code(datum) if datum.startswith("EPSG:") else None
    if label and label != datum and crs is None and not {label, datum} <= {"wgs84", "cgcs2000"}:
        notices.append(
            Text(
                f"坐标列（{heads.zh}）标明 {LABELS[label].zh}，已按您指定的 {LABELS[datum].zh} 处理。",
                f"The columns ({heads.en}) say {LABELS[label].en}; they were taken as {LABELS[datum].en} on your word.",
            )
        )
    if len(mapping.pairs) > 1:
        notices.append(_which(heads))
    return Decision(datum, _by_order(), crs, pair, pair is None, tuple(notices))


def _which(heads: Text) -> Text:
    return Text(
        f"文件有多组坐标列，采用：{heads.zh}。", f"The file has several pairs of coordinates; used: {heads.en}."
    )


def _no_label(table: RawTable, pair: Pair | None, heads: Text) -> InputError:
    if pair is not None:
        x, y = numbers(table.cells[pair.lon]), numbers(table.cells[pair.lat])
        if looks_projected(x, y):
            return projected_without_zone(table, heads, x, y)
    return _stop(
        Text(
            f"{table.name} 的坐标列（{heads.zh}）没有说明基准：可能是 CGCS2000/WGS 84，也可能是偏移的 GCJ-02、BD-09。",
            f"The coordinate columns of {table.name} ({heads.en}) do not say their datum: CGCS2000/WGS 84, or the "
            "shifted GCJ-02 or BD-09.",
        ),
        table,
    )


def projected_without_zone(table: RawTable, heads: Text, x: Floats, y: Floats) -> InputError:
    """Give the error of metre values whose projection nobody states."""
    zone = zone_hint(x, y)
    guess = Text(
        f"按带号看可能是 {zone}，请核实后用 --datum {zone}。"
        if zone
        else "请查明投影带，用 --datum EPSG:n 指明，例如 EPSG:4527。",
        f"By the zone number it may be {zone}: check, then say --datum {zone}."
        if zone
        else "Find out the zone and state it with --datum EPSG:n, for example EPSG:4527.",
    )
    known = np.isfinite(x) & np.isfinite(y)
    if known.any() and metres_turned(x[known], y[known]).all():
        guess = Text(
            f"{guess.zh}两个坐标先北后东，还须加 --treatments swapped=apply 对调。",
            f"{guess.en} North stands before east: add --treatments swapped=apply, too.",
        )
    return InputError(
        Text(
            f"{table.name} 的坐标（{heads.zh}）是以米计的投影坐标，不是经纬度。",
            f"The coordinates of {table.name} ({heads.en}) are metres of a projection, not degrees.",
        ),
        guess,
    )


def numbers(texts: np.ndarray) -> Floats:
    """Give plain numbers of a column of texts, NaN for anything else."""
    codes, uniques = pd.factorize(texts)
    found = pd.to_numeric(pd.Series(uniques, dtype=object), errors="coerce").to_numpy(dtype=float)
    return found[codes] if len(found) else np.full(len(texts), np.nan)


def looks_projected(x: Floats, y: Floats) -> bool:
    """Tell whether most positions are too large for degrees."""
    known = np.isfinite(x) & np.isfinite(y)
    if degrees_power(x, y):  # degrees as whole numbers, without their decimal point
        return False
    return bool(known.any() and np.mean((np.abs(x[known]) > 1000) & (np.abs(y[known]) > 1000)) > 0.5)


def _by_order() -> Text:
    return Text("由用户指定", "stated by the user")


def _crs_word(crs: pyproj.CRS) -> str:
    if crs.is_geographic and is_cgcs2000(crs):
        return "cgcs2000"
    return crs_label(crs)


def _contradiction(table: RawTable, datum: str) -> InputError:
    name = table.crs.name if table.crs is not None else ""
    return InputError(
        Text(
            f"{table.name} 的坐标系是投影坐标系“{name}”，与指定的 {datum} 矛盾。",
            f"{table.name} is in the projected CRS “{name}”, which contradicts the stated {datum}.",
        ),
        Text(
            "请改用 --datum auto 采用文件自带的坐标系；若其 .prj 有误，请先更正。",
            "Use --datum auto to take the file's own CRS; if that is wrong, correct it in the file first.",
        ),
    )
