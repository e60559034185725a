"""On what the datum of rows that a workspace holds stands itself, how far that may be doubted, and how to say it.

An import notes it in the history. Evidence is no better than what it is held against, so every step from a file that
states its datum costs something: the share of doubt of what a verdict was held against, and `STEP` for the step itself.
The shares are an engineering choice and in no standard. With them, rows that were judged by judged rows may still
decide, and the next file in such a chain may not (`verdict.CERTAIN` is 99 %).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ....text import NOTHING, Text, same
from ...specs import SPECS
from .hypotheses import label_of

if TYPE_CHECKING:
    from ...reading.evidence import Decision
    from .verdict import DatumVerdict

FILE, ORDER, EVIDENCE, UNKNOWN = "file", "order", "evidence", ""
FOR, AGAINST, OPEN = "for", "against", ""
DECLARED = 0.001  # one stated datum in a thousand that passed all checks is wrong all the same
UNTOLD = 0.005  # a planner's word that nothing bears out, or rows of which nothing is recorded
CONTRADICTED = 0.2  # a planner's word against the evidence
STEP = 0.004
_MOST_TOLD = 3

Holding = tuple[str, str]  # layer, source file


@dataclass(frozen=True)
class Basis:
    """On what the datum of one source's rows stands.

    Attributes
    ----------
    by : str
        "file" (it says so), "order" (the planner's), "evidence", "" where it is not recorded.
    datum : str
        As the history has it.
    verdict : str
        What the evidence said of that datum when it came in: "for", "against", "" for nothing.
    likelihood : float
        Of that datum by the evidence, 0 where there was none.
    against : tuple of (str, str, int)
        What the evidence was held against: layer, source file, rows.
    instead : str
        The datum that the evidence says, where it speaks against the one that was taken; "" where that was not noted.
    """

    by: str
    datum: str = ""
    verdict: str = OPEN
    likelihood: float = 0.0
    against: tuple[tuple[str, str, int], ...] = ()
    instead: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether it stands on evidence alone: that it was judged so, or that the planner did as the evidence said."""
        return self.by == EVIDENCE or (self.by == ORDER and self.verdict == FOR)

    def as_json(self) -> str:
        """Give what the history keeps."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


Bases = Mapping[Holding, Basis]


def basis_of(decision: Decision, verdict: DatumVerdict | None, stated: str) -> Basis:
    """Tell on what the datum stands that an import takes.

    Parameters
    ----------
    decision : Decision
    verdict : DatumVerdict or None
    stated : str
        The planner's ``--datum``; "auto" for nothing.
    """
    if not decision.datum:
        return Basis(UNKNOWN)
    if verdict is None:
        return Basis(FILE if stated == "auto" else ORDER, decision.datum)
    told = OPEN
    if verdict.decision:
        told = FOR if verdict.supports(decision.datum) else AGAINST
    by = ORDER if stated != "auto" else FILE if verdict.labelled or decision.datum != "wgs84" else EVIDENCE
    against = tuple((item.layer, item.source, item.rows) for item in verdict.grounds)
    likelihood = round(verdict.confidence, 6) if told == FOR else 0.0
    instead = verdict.datum if told == AGAINST else ""
    return Basis(by, decision.datum, told, likelihood, against if told == FOR else (), instead)


def bases_in(history: Iterable[Mapping[str, Any]]) -> dict[Holding, Basis]:
    """Read from a workspace's history on what the rows of each layer and source stand; the last import counts."""
    found: dict[Holding, Basis] = {}
    for record in history:
        if record.get("undone_by") or record.get("undoes") or not record.get("layer"):
            continue
        datum = str(record.get("datum") or "")
        basis = _read(record.get("datum_basis"))
        if basis is None:  # of an older version; shifted coordinates were never taken but on the planner's order
            basis = Basis(ORDER if datum in ("gcj02", "bd09") else UNKNOWN, datum)
        found[str(record["layer"]), str(record.get("source_file") or "")] = basis
    return found


def _read(noted: object) -> Basis | None:
    """Read what the history keeps, None for nothing and for what somebody has edited into nonsense."""
    try:
        values = json.loads(str(noted or "null"))
        against = tuple((str(layer), str(source), int(rows)) for layer, source, rows in values["against"])
        by, datum, verdict = (str(values[name]) for name in ("by", "datum", "verdict"))
        return Basis(by, datum, verdict, float(values["likelihood"]), against, str(values.get("instead", "")))
    except (ValueError, TypeError, KeyError):
        return None


def doubt(held: Holding, bases: Bases) -> float:
    """Give the chance that the datum of some rows is wrong as a whole."""
    basis = bases.get(held)
    if basis is None or basis.by == UNKNOWN:
        return UNTOLD
    if basis.is_judged:
        return 1.0 - basis.likelihood + STEP
    if basis.by == FILE:
        return DECLARED
    return CONTRADICTED if basis.verdict == AGAINST else UNTOLD


def rests_on(held: Holding, family: frozenset[str], bases: Bases, seen: frozenset[Holding] = frozenset()) -> bool:
    """Tell whether the datum of some rows was judged mostly by some sources, or by what was judged by them.

    Parameters
    ----------
    held : tuple of str
    family : frozenset of str
        Source files.
    bases : mapping
    seen : frozenset
        Rows on the way here: what stands on itself stands on nothing.
    """
    basis = bases.get(held)
    if basis is None or not basis.is_judged or not basis.against:
        return False
    beyond = seen | {held}
    hung = sum(
        rows
        for layer, source, rows in basis.against
        if source in family or (layer, source) in beyond or rests_on((layer, source), family, bases, beyond)
    )
    return 2 * hung >= sum(rows for *_, rows in basis.against)


def name_of(held: Holding) -> Text:
    """Name a layer and its source file."""
    layer, source = held
    label = SPECS[layer].label if layer in SPECS else same(layer)
    if not source:
        return Text(f"手工绘制的{label.zh}", f"{label.en} drawn by hand")
    return Text(f"{label.zh}“{source}”", f"{label.en} “{source}”")


def standing_words(held: Holding, bases: Bases, seen: frozenset[Holding] = frozenset()) -> Text:
    """Say on what the datum of some rows stands, with all that it was judged by."""
    basis = bases.get(held)
    if not held[1]:
        return Text("按工作区的 CGCS2000", "in the workspace's CGCS2000")
    if basis is None or basis.by == UNKNOWN:
        return Text("基准依据未记录", "on what its datum stands is not recorded")
    datum = label_of(basis.datum) if basis.datum != "cgcs2000" else same("CGCS2000")
    if basis.by == FILE:
        return Text("文件标注 {datum}", "the file states {datum}").filled(datum=datum)
    shifted = basis.datum in ("gcj02", "bd09")
    if basis.by == ORDER:
        words = Text("按指定由 {datum} 转换", "converted from {datum} on order")
        if not shifted:
            words = Text("按指定当作 {datum}", "taken as {datum} on order")
        words = words.filled(datum=datum)
        if basis.verdict == AGAINST:
            return Text(f"{words.zh}，与当时的依据不符", f"{words.en}, against the evidence")
        if basis.verdict != FOR:
            return words
    else:
        words = Text("由依据判定为 {datum}", "judged to be {datum} by evidence").filled(datum=datum)
    beyond = seen | {held}
    parts = [_step((layer, source), bases, beyond) for layer, source, _ in basis.against[:_MOST_TOLD]]
    if not parts:
        return words
    return Text(
        f"{words.zh} ← {'、'.join(part.zh for part in parts)}", f"{words.en} ← {', '.join(part.en for part in parts)}"
    )


def _step(held: Holding, bases: Bases, seen: frozenset[Holding]) -> Text:
    name = name_of(held)
    words = NOTHING if held in seen else standing_words(held, bases, seen)
    return Text(f"{name.zh}（{words.zh}）", f"{name.en} ({words.en})") if words.zh else name
