"""Where the rows of a delivery come from and in which datum they came: shifted coordinates cannot leave unnoticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Fault, InputError
from ...text import Text
from ..doctor.datum.hypotheses import label_of
from ..doctor.datum.standing import AGAINST, EVIDENCE, FILE, FOR, UNKNOWN, Bases, Basis, bases_in, name_of
from .findings import Finding

SHIFTED = ("gcj02", "bd09")
_NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class Source:
    """One file that rows came from, or "" for what was drawn by hand.

    Attributes
    ----------
    datum : str
        As the history has it.
    shifted : str
        gcj02 or bd09, where the evidence says so for sure and the rows were taken as true coordinates; else "".
    """

    layer: str
    file: str
    rows: int
    words: Text
    datum: str
    shifted: str = ""


def sources_of(
    files: Mapping[str, Iterable[str]], history: Iterable[Mapping[str, Any]]
) -> tuple[list[Source], list[Finding]]:
    """List the sources of the layers handed in, and find those whose datum is in doubt.

    Parameters
    ----------
    files : mapping
        By layer, the ``source_file`` of every row that is handed in.
    history : iterable
        Of the workspace.
    """
    bases = bases_in(history)
    found: list[Source] = []
    findings: list[Finding] = []
    for layer, names in files.items():
        counted: dict[str, int] = {}
        for name in names:
            counted[name] = counted.get(name, 0) + 1
        for name in sorted(counted):
            basis = bases.get((layer, name))
            datum = basis.datum if basis else ""
            found.append(Source(layer, name, counted[name], _words(name, basis), datum, _shifted(basis)))
            findings += _doubts(layer, name, counted[name], bases)
    return found, findings


def _shifted(basis: Basis | None) -> str:
    if basis is None or basis.verdict != AGAINST or basis.datum in SHIFTED or basis.instead not in SHIFTED:
        return ""
    return basis.instead


def _words(file: str, basis: Basis | None) -> Text:
    """Say in short on what the datum of a source stands."""
    if not file:
        return Text("按工作区的 CGCS2000", "in the workspace's CGCS2000")
    if basis is None or basis.by == UNKNOWN:
        return Text("没有记录", "not recorded")
    datum = label_of(basis.datum) if basis.datum != "cgcs2000" else Text("CGCS2000", "CGCS2000")
    if basis.by == FILE:
        words = Text("文件标注 {datum}", "the file states {datum}")
    elif basis.by == EVIDENCE:
        words = Text("由依据判定为 {datum}", "judged to be {datum} by evidence")
    elif basis.datum in SHIFTED:
        words = Text("按指定由 {datum} 转换", "converted from {datum} on order")
    else:
        words = Text("按指定当作 {datum}", "taken as {datum} on order")
    words = words.filled(datum=datum)
    borne = {
        FOR: Text("，有数据佐证", ", borne out by other data"),
        AGAINST: Text("，与依据不符", ", against the evidence"),
    }.get(basis.verdict, Text("", ""))
    return Text(words.zh + borne.zh, words.en + borne.en)


def _doubts(layer: str, name: str, rows: int, bases: Bases) -> list[Finding]:
    basis = bases.get((layer, name))
    who = name_of((layer, name))
    if not name:
        return []
    if basis is None or not basis.datum:
        words = Text(
            "{who}：{rows} 个要素的坐标基准未确定，可能是 GCJ-02。",
            "{who}: nobody has decided on the datum of {rows} features; it may be GCJ-02.",
        )
        return [_finding(layer, "error", words, who, rows)]
    if basis.by == UNKNOWN:
        words = Text(
            "{who}：{rows} 个要素记录的坐标基准没有写明依据，可能是 GCJ-02。",
            "{who}: on what the recorded datum of {rows} features stands is not noted; it may be GCJ-02.",
        )
        return [_finding(layer, "warning", words, who, rows)]
    shifted = _shifted(basis)
    if shifted:
        words = Text(
            "{who}：依据表明 {rows} 个要素是 {datum} 坐标，导入时未转换，偏移数百米。",
            "{who}: the evidence says that {rows} features are in {datum}; they were not converted and are hundreds of "
            "metres off.",
        ).filled(who="{who}", rows="{rows}", datum=_NAMES[shifted])
        return [_finding(layer, "error", words, who, rows)]
    if basis.verdict == AGAINST:
        return [
            _finding(
                layer,
                "error",
                Text(
                    "{who}：{rows} 个要素导入时指定的坐标基准与依据不符，可能偏移数百米。",
                    "{who}: the datum stated for {rows} features speaks against the evidence; they may be hundreds of "
                    "metres off.",
                ),
                who,
                rows,
            )
        ]
    if basis.datum in SHIFTED:
        sure = basis.verdict == FOR
        words = Text(
            "{who}：{rows} 个要素由 {datum} 转换而来，{sure}残差一般为 1–2 m。",
            "{who}: {rows} features were converted from {datum}{sure}; 1 to 2 m usually remain.",
        ).filled(
            who="{who}",
            rows="{rows}",
            datum=_NAMES[basis.datum],
            sure=Text("有数据佐证，", ", borne out by other data")
            if sure
            else Text("没有数据佐证，", ", with nothing to bear it out"),
        )
        return [_finding(layer, "note" if sure else "warning", words, who, rows)]
    return []


def _finding(layer: str, level: str, words: Text, who: Text, rows: int) -> Finding:
    return Finding(
        "D01",
        level,
        layer,
        words.filled(who=who, rows=rows),
        Text("请向提供方确认坐标基准，必要时重新导入。", "Ask who sent it for the datum; import it again if need be."),
    )


def refuse_shifted(sources: Iterable[Source]) -> None:
    """Refuse to hand in rows that are in a shifted datum for sure.

    Raises
    ------
    InputError
        Names every such source.
    """
    wrong = [source for source in sources if source.shifted]
    if not wrong:
        return
    names = [name_of((source.layer, source.file)) for source in wrong]
    rows = sum(source.rows for source in wrong)
    datum = "、".join(dict.fromkeys(_NAMES[source.shifted] for source in wrong))
    raise InputError(
        Text(
            f"{'、'.join(name.zh for name in names)}的 {rows} 个要素是未转换的 {datum} 坐标，不予交付。",
            f"{rows} features of {', '.join(name.en for name in names)} are in {datum.replace('、', ', ')}, not "
            "converted: they are not handed in.",
        ),
        Text(
            "请重新导入这些文件，用 --datum 指明基准以便转换；确认坐标无误时，可勾选“仍交付偏移坐标”（keep_shifted）。",
            "Import these files again and state their datum with --datum, so that they are converted; where the "
            "coordinates are right all the same, tick keep_shifted.",
        ),
        faults=[
            Fault(Text("坐标未转换。", "Not converted."), file=source.file, value=_NAMES[source.shifted])
            for source in wrong
        ],
    )


def lineage_of(sources: Iterable[Source]) -> str:
    """Say where the data come from, for the metadata."""
    return "；".join(f"{(name_of((one.layer, one.file))).zh}（{one.rows} 个要素）：{one.words.zh}" for one in sources)
