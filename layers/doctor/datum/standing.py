"""On what the datum of rows that a workspace holds stands itself, how far that may be doubted, and how to say it.

An import notes it in the history, and on whose word the datum was taken, so that nobody bears out himself (`circles`).
Evidence is no better than what it is held against, so every step from a file that states its datum costs something: the
share of doubt of what a verdict was held against, and `STEP` for the step itself.
The shares are an engineering choice and in no standard. With them, rows that were judged by judged rows may still
decide, and the next file in such a chain may not (`verdict.CERTAIN` is 99 %).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ....text import NOTHING, Text, same
from ...specs import SPECS
from .hypotheses import label_of

FILE, ORDER, EVIDENCE, UNKNOWN = "file", "order", "evidence", ""
FOR, AGAINST, OPEN = "for", "against", ""
DECLARED = 0.001  # one stated datum in a thousand that passed all checks is wrong all the same
UNTOLD = 0.005  # a planner's word that nothing bears out, or rows of which nothing is recorded
CONTRADICTED = 0.2  # a planner's word against the evidence
STEP = 0.004
_MOST_TOLD = 3
_TRUE = ("wgs84", "cgcs2000")  # taken as they stand

Holding = tuple[str, str]  # layer, source file
Rows = tuple[tuple[str, str, int], ...]  # layer, source file, rows


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
    word_of : tuple of (str, str, int), or None
        On whose word that datum was taken: whose rows spoke for it, of what the evidence was held against (layer,
        source file, how many rows of this source; rows deep inside a county are held against its outline, which tells
        nothing). Empty for a datum that the file's own label states: it needs nobody's word. 0 rows for what was only
        there when the rows came in. None where that is not recorded, as by earlier versions.
    """

    by: str
    datum: str = ""
    verdict: str = OPEN
    likelihood: float = 0.0
    against: Rows = ()
    instead: str = ""
    word_of: Rows | None = None

    @property
    def is_judged(self) -> bool:
        """Whether it stands on evidence alone: that it was judged so, or that the planner did as the evidence said."""
        return self.by == EVIDENCE or (self.by == ORDER and self.verdict == FOR)

    @property
    def is_moved(self) -> bool:
        """Whether its rows were converted on the planner's order: from GCJ-02, BD-09 or a zone."""
        return self.by == ORDER and bool(self.datum) and self.datum not in _TRUE

    @property
    def speakers(self) -> Rows:
        """On whose word the datum was taken; where that is not recorded, all that the evidence was held against."""
        return self.against if self.word_of is None else self.word_of

    def as_json(self) -> str:
        """Give what the history keeps."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


Bases = Mapping[Holding, Basis]


def bases_in(history: Iterable[Mapping[str, Any]]) -> dict[Holding, Basis]:
    """Read from a workspace's history on what the rows of each layer and source stand; the last import counts.

    Of rows that an older version converted it may not be recorded on whose word. Then it may be that of anything that
    was there by then, and of nothing that came later: so no more than what is in doubt is lost as evidence.
    """
    found: dict[Holding, Basis] = {}
    there: dict[Holding, None] = {}
    for record in history:
        if not record.get("layer") or record.get("undoes"):
            continue
        held = str(record["layer"]), str(record.get("source_file") or "")
        before = [(*other, 0) for other in there if other != held]
        there[held] = None
        if record.get("undone_by"):
            continue
        datum = str(record.get("datum") or "")
        basis = _read(record.get("datum_basis"))
        if basis is None:  # of an older version; shifted coordinates were never taken but on the planner's order
            basis = Basis(ORDER if datum in ("gcj02", "bd09") else UNKNOWN, datum)
        if basis.is_moved and basis.word_of is None and basis.verdict == OPEN:
            basis = replace(basis, word_of=tuple(before))
        found[held] = _with_earlier(basis, found.get(held))
    return found


def _with_earlier(basis: Basis, earlier: Basis | None) -> Basis:
    """Keep on whose word rows were first converted, where nothing bears out that they now are again."""
    if earlier is None or not basis.is_moved or basis.verdict == FOR or earlier.datum != basis.datum:
        return basis
    spoke = {(layer, source): rows for layer, source, rows in (*basis.speakers, *earlier.speakers)}
    return replace(basis, word_of=tuple((*held, rows) for held, rows in spoke.items()))


def _read(noted: object) -> Basis | None:
    """Read what the history keeps, None for nothing and for what somebody has edited into nonsense."""
    try:
        values = json.loads(str(noted or "null"))
        by, datum, verdict = (str(values[name]) for name in ("by", "datum", "verdict"))
        against, likelihood, instead = _rows(values["against"]), float(values["likelihood"]), values.get("instead", "")
        spoke = values.get("word_of")
        word_of = None if spoke is None else _rows(spoke)
    except (ValueError, TypeError, KeyError):
        return None
    return Basis(by, datum, verdict, likelihood, against, str(instead), word_of)


def _rows(values: Iterable[Iterable[Any]]) -> Rows:
    return tuple((str(layer), str(source), int(rows)) for layer, source, rows in values)


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
