"""What a verdict on the datum, weighed by the workspace, means for an import: stop, or go on and say so."""

from __future__ import annotations

import json

from ...errors import InputError
from ...text import Text
from ..datum import crs_by_code
from ..sources.raw_table import RawTable
from ..zones import meridian_of_number, zone_key
from .datum_decision import LABELS, SHIFTED
from .mapping import Mapping, choose_pair
from .verdict import Verdict

_ADOPT = Text("导入窗口中按“采用”即可。", "In the import window press “Use”.")


def check_axes(table: RawTable, mapping: Mapping, datum: str, verdict: Verdict) -> None:
    """Stop where the axes of the file are exchanged; with an order of the planner's, where those of every row are.

    Raises
    ------
    InputError
        With both ways to put them in order.
    """
    if not (verdict.swapped if datum == "auto" else verdict.throughout):
        return
    zone = "" if datum != "auto" else verdict.datum
    pair = choose_pair(mapping, datum) if table.geometry is None else None
    heads = [mapping.headings[column] for column in (pair.lon, pair.lat)] if pair else []
    words = Text("横纵坐标（X 为北、Y 为东）", "Easting and northing")
    if verdict.has_prefix is None:
        words = Text("经纬度", "Longitude and latitude")
    raise InputError(
        Text(
            f"{table.name} 的{words.zh}在整份文件中颠倒。{verdict.why.zh}",
            f"{words.en} of {table.name} are swapped throughout. {verdict.why.en}",
        ),
        exchange(heads, zone if zone.startswith("EPSG:") else "", needs_zone=datum == "auto" and _no_zone(verdict)),
    )


def _no_zone(verdict: Verdict) -> bool:
    return verdict.has_prefix is not None and not verdict.datum and not verdict.labelled


def exchange(heads: list[str], zone: str = "", *, needs_zone: bool = False) -> Text:
    """Say how a planner puts exchanged axes in order.

    Parameters
    ----------
    heads : list of str
        Headings of the two columns that are taken for east and north; none for a spatial file or a single column.
    zone : str
        ``EPSG:n`` that the evidence gives, "" for none.
    needs_zone : bool
        Nothing says in which zone the metres are.
    """
    order = Text("请加 --treatments swapped=apply，把整份文件的两个坐标对调", "Add --treatments swapped=apply")
    if len(set(heads)) == 2:
        example = json.dumps({heads[0]: "lat", heads[1]: "lon"}, ensure_ascii=False)
        order = Text(f"{order.zh}；或用字段对照文件调换：{example}", f"{order.en}, or map the columns: {example}")
    if zone:
        order = Text(f"{order.zh}。并加 --datum {zone}", f"{order.en}; and say --datum {zone}")
    elif needs_zone:
        order = Text(f"{order.zh}。投影带请用 --datum EPSG:n 指明", f"{order.en}; state the zone with --datum EPSG:n")
    return Text(f"{order.zh}。", f"{order.en}.")


def check_verdict(table: RawTable, verdict: Verdict) -> None:
    """Stop where the evidence speaks for another datum or zone than a plain import would take."""
    name = verdict.datum
    if not name or (name == "wgs84" and not verdict.contradicts_label):
        return
    if verdict.contradicts_label:
        said = LABELS.get(verdict.labelled, Text(verdict.labelled, verdict.labelled))
        found = LABELS.get(name, Text(name, name))
        raise InputError(
            Text(
                f"{table.name} 标明的坐标基准是 {said.zh}，但依据表明是 {found.zh}，两者矛盾。{verdict.why.zh}",
                f"{table.name} states {said.en}, but the evidence contradicts it: {found.en}. {verdict.why.en}",
            ),
            _either(name, verdict.labelled, hard=verdict.firm and name.startswith("EPSG:")),
        )
    if name in SHIFTED and not verdict.labelled:
        raise InputError(
            Text(
                f"{table.name} 的坐标是 {LABELS[name].zh}。{verdict.why.zh}",
                f"The coordinates of {table.name} are in {LABELS[name].en}. {verdict.why.en}",
            ),
            convert_order(name),
        )
    if name.startswith("EPSG:") and verdict.number and meridian_of_number(verdict.number) != _meridian(name):
        raise InputError(
            Text(
                f"{table.name} 横坐标前的带号是 {verdict.number}，但依据表明是 {name}。{verdict.why.zh}",
                f"The eastings of {table.name} begin with zone {verdict.number}, but the evidence says {name}. "
                f"{verdict.why.en}",
            ),
            Text(
                f"请加 --datum {name}：将去掉前两位带号，按该投影带换算。",
                f"Say --datum {name}: the number is then left out, and that zone is taken.",
            ),
        )
    if name.startswith("EPSG:") and not verdict.labelled:
        fault = Text(
            f"{table.name} 的坐标是以米计的投影坐标，未说明投影带；依据指向 {name}。",
            f"The coordinates of {table.name} are metres, and no zone is stated; the evidence says {name}.",
        )
        if table.geometry is not None:
            stop = without_crs(table)
            fault = Text(f"{stop.zh}依据指向 {name}。", f"{stop.en} The evidence says {name}.")
        raise InputError(
            Text(fault.zh + verdict.why.zh, f"{fault.en} {verdict.why.en}"),
            Text(f"如确认，请加 --datum {name}。{_ADOPT.zh}", f"If that is right, say --datum {name}. {_ADOPT.en}"),
        )


def _either(name: str, labelled: str, *, hard: bool) -> Text:
    converted = name in SHIFTED
    labelled += " --treatments wrong_zone=keep" if hard else ""
    return Text(
        f"按依据处理请加 --datum {name}{'（将转换为 CGCS2000）' if converted else ''}；"
        f"坚持文件所标，请加 --datum {labelled}。请先向提供方核实；要按依据处理，{_ADOPT.zh}",
        f"Say --datum {name} to go by the evidence{' (it is then converted to CGCS2000)' if converted else ''}, or "
        f"--datum {labelled} to hold to the file. Ask who sent it first. To go by the evidence: {_ADOPT.en}",
    )


def without_crs(table: RawTable) -> Text:
    """Say why a spatial file has no CRS to go by: it lies, it cannot be read, or there is none."""
    for block in table.findings:
        if block.code == "lying_prj":
            stated, why = str(block.originals[0]), block.why[0]
            return Text(
                f"{table.name} 标明的坐标系“{stated}”与坐标值矛盾（{why.zh}），未采用。",
                f"The CRS “{stated}” that {table.name} states contradicts its coordinates ({why.en}) and was not used.",
            )
        if block.code == "unreadable_prj":
            return Text(
                f"{table.name} 的 .prj 内容无法识别，无法确定坐标基准。",
                f"The .prj of {table.name} is not understood; its datum cannot be told.",
            )
    return Text(
        f"{table.name} 没有坐标系说明，无法确定坐标基准。", f"{table.name} states no CRS; its datum cannot be told."
    )


def _meridian(code: str) -> float:
    key = zone_key(crs_by_code(code))
    return key[0] if key is not None else 0.0


def on_evidence(verdict: Verdict) -> Text:
    """Say that true coordinates without a label are taken as such, and on what evidence."""
    return Text(
        f"文件没有可靠的基准说明，已按依据读取：{verdict.why.zh}",
        f"Nothing in the file reliably says its datum; it was read on the evidence: {verdict.why.en}",
    )


def against_order(verdict: Verdict, datum: str) -> Text:
    """Say that the evidence speaks against what the planner ordered, with the figures."""
    said = LABELS.get(datum, Text(datum, datum))
    return Text(
        f"注意：已按您指定的 {said.zh} 处理，但依据与之不符。{verdict.why.zh}",
        f"Mind: it was taken as {said.en} on your word, but the evidence speaks against it. {verdict.why.en}",
    )


def convert_order(datum: str) -> Text:
    """Say how a planner orders the conversion of a shifted datum."""
    return Text(
        f"如确认是 {LABELS[datum].zh}，请加 --datum {datum}，将转换为 CGCS2000；只在您指定时才转换。{_ADOPT.zh}",
        f"If it is {LABELS[datum].en}, say --datum {datum}; it is then converted to CGCS2000, and only then. "
        f"{_ADOPT.en}",
    )
