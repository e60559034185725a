"""What a verdict on the datum means for a planner: findings, with the figures and what to say to the import."""

from __future__ import annotations

from typing import Any

from ....text import Text
from ...findings.findings import Findings
from ...reading.datum_decision import Decision
from ...zones import epsg_zone, meridian_of_number
from .hypotheses import BD09, GCJ02, label_of
from .verdict import DatumVerdict


def datum_findings(
    verdict: DatumVerdict | None, decision: Decision | None, *, stated: str = "", exchanged: bool = False
) -> Findings:
    """Give the findings on a file's datum.

    Parameters
    ----------
    verdict : DatumVerdict or None
        None for a file without coordinates: no finding.
    decision : Decision or None
        What an import takes; None where it stops and asks.
    stated : str
        The planner's ``--datum``, "" for nothing.
    exchanged : bool
        The planner has ordered exchanged axes to be put in order.
    """
    findings = Findings()
    if verdict is None:
        return findings
    ordered = decision.datum if decision is not None else ""
    if verdict.swapped:
        findings.add(
            "swapped_file",
            why=verdict.why,
            proposed=_order(verdict.datum),
            confidence=verdict.confidence if verdict.decision else 1.0,
            severity="warns" if exchanged else "",
        )
        if exchanged:
            verdict = verdict.exchanged()
    if verdict.swapped:
        if verdict.has_prefix is not None and not verdict.decision and not stated.startswith("EPSG:"):
            _open(findings, verdict, decision)
    elif verdict.decision:
        _decided(findings, verdict, ordered, stated)
    elif verdict.shift_m is None:
        _number(findings, verdict, ordered, severity="warns")
        _open(findings, verdict, decision)
    if verdict.shift_m is not None:
        findings.add("old_datum_shift", why=verdict.shift_why, confidence=0.5)
    elif verdict.old_datum:
        findings.add("old_datum_shift", values=verdict.old_datum, why=_old(verdict.old_datum))
    for check in verdict.pairs:
        if not check.agrees or check.is_copy:
            findings.add("pair_disagrees", why=check.why)
        elif len(check.odd):
            why = Text(
                check.why.zh + "这些行的两组坐标却相差 30 m 以上。",
                check.why.en + " In these rows the two places lie more than 30 m apart all the same.",
            )
            findings.add("pair_disagrees", check.odd, why=why)
        else:
            findings.add("datum_confirmed", why=check.why)
    return findings


def _decided(findings: Findings, verdict: DatumVerdict, ordered: str, order: str) -> None:
    name, sure = verdict.decision, verdict.confidence
    if ordered and verdict.supports(ordered):
        if verdict.old_datum:
            return
        _number(findings, verdict, ordered, severity="warns")
        findings.add("datum_confirmed", values=ordered, why=verdict.why, confidence=sure)
        return
    stated = ordered or (order if order.startswith("EPSG:") else "") or verdict.labelled
    words: dict[str, Any] = {
        "values": stated,
        "proposed": _order(verdict.datum),
        "why": verdict.why,
        "confidence": sure,
    }
    # An import that goes on, on the planner's order, is not blocked; somebody has to look at it.
    severity = "warns" if ordered else ""
    if name.startswith("EPSG:"):
        told = epsg_zone(stated) or verdict.zone
        found = epsg_zone(name)
        if told is None and _number(findings, verdict, name):
            return
        if told is not None and found is not None and told[0] != found[0]:
            findings.add("wrong_zone", severity=severity, **words)
        elif told is not None and told != found:
            findings.add("no_zone_prefix", severity=severity, **words)
        elif told is not None:
            findings.add("datum_confirmed", values=stated, why=verdict.why, confidence=sure)
        elif stated:
            findings.add("datum_contradiction", severity=severity, **words)
        else:
            findings.add("zone_not_stated" if verdict.has_prefix else "no_zone_prefix", **words)
    elif stated and not verdict.supports(stated):
        findings.add("datum_contradiction", severity=severity, **words)
        if not ordered and name in (GCJ02, BD09):
            findings.add(f"datum_{name}", **words)
    elif name in (GCJ02, BD09):
        findings.add(f"datum_{name}", **words)
    else:
        findings.add("datum_confirmed", values=stated, why=verdict.why, confidence=sure)


def _number(findings: Findings, verdict: DatumVerdict, name: str, severity: str = "") -> bool:
    """Say that the zone number in front of the eastings is not that of the zone they are in; False where it is."""
    found = epsg_zone(name)
    if found is None or not verdict.number or meridian_of_number(verdict.number) == found[0]:
        return False
    why = Text(
        f"横坐标前的带号是 {verdict.number}。{verdict.why.zh}",
        f"The eastings begin with zone number {verdict.number}. {verdict.why.en}",
    )
    values, proposed = str(verdict.number), _order(verdict.datum or name)
    findings.add(
        "wrong_zone", values=values, proposed=proposed, why=why, confidence=verdict.confidence, severity=severity
    )
    return True


def _open(findings: Findings, verdict: DatumVerdict, decision: Decision | None) -> None:
    """Cannot tell: it stops the import where nothing else tells the datum either, and else is no more than a note."""
    if decision is None and verdict.has_prefix is not None and not verdict.labelled:
        code = "zone_not_stated" if verdict.has_prefix else "no_zone_prefix"
        findings.add(code, why=verdict.why)
        return
    if decision is None and verdict.labelled in (GCJ02, BD09):
        findings.add(
            f"datum_{verdict.labelled}",
            values=verdict.labelled,
            proposed=_order(verdict.labelled),
            why=_by_label(verdict),
        )
        return
    if decision is not None and not verdict.is_compared:
        return  # there was nothing to test the label with
    findings.add(
        "datum_unknown",
        values=decision.datum if decision is not None else verdict.labelled,
        why=verdict.why,
        severity="informs" if decision is not None else "blocks",
    )


def _by_label(verdict: DatumVerdict) -> Text:
    return Text("列名标明是 {label}。{why}", "The headings say {label}. {why}").filled(
        label=label_of(verdict.labelled), why=verdict.why
    )


def _old(name: str) -> Text:
    return Text(
        "文件标明坐标系为“{name}”，不是 CGCS2000 或 WGS 84；两者相差数十米至一百多米，转换参数不公开。",
        "The file states “{name}”, which is neither CGCS2000 nor WGS 84; some tens of metres to over a hundred lie "
        "between them, and the parameters are not public.",
    ).filled(name=name)


def _order(datum: str) -> str:
    return f"--datum {datum}" if datum else ""
