"""Rule packs as the engine lists them, for the window that shows them. No QGIS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...text import NOTHING, Text, same

STATUS_WORDS = {
    "verified": Text("已核实", "Verified"),
    "unverified": Text("未核实", "Unverified"),
    "by_analogy": Text("类推", "By analogy"),
}
VERIFIED = "verified"
EXPIRED, NOT_YET, IN_FORCE = "expired", "not_yet", ""
VALIDITY_WORDS = {EXPIRED: Text("已过有效期", "Expired"), NOT_YET: Text("尚未生效", "Not yet in force")}
COMPARISON_WORDS = {
    ">=": same("≥"),
    ">": same(">"),
    "<=": same("≤"),
    "<": same("<"),
    "all": Text("全部", "all of"),
    "in": Text("属于", "one of"),
    "report": Text("只报告", "only told"),
}
ALL, DOUBTFUL, CHANGED, OUTSIDE = "all", "doubtful", "changed", "outside"
FILTERS = {
    ALL: Text("全部规则", "All rules"),
    DOUBTFUL: Text("未核实和类推", "Unverified or by analogy"),
    CHANGED: Text("有自定义修改", "Changed by you"),
    OUTSIDE: Text("不在有效期内", "Not in force"),
}


@dataclass(frozen=True)
class PackRow:
    """One rule, or one number of a preset.

    Attributes
    ----------
    item, field : str
        As the job ``change_rule`` takes them; `field` is empty for a rule.
    value_words, words : Text
        The value without and with its comparison.
    replaced_words : Text
        The shipped value of a changed rule; empty for any other.
    is_change : bool
        An own pack changes a shipped rule.
    """

    item: str
    field: str
    name: Text
    value: Any
    unit: str
    comparison: str
    value_words: Text
    words: Text
    status: str
    document: str
    clause: str
    date: str
    valid_from: str
    valid_to: str
    note: str
    own_pack: str
    reason: str
    replaced_words: Text
    is_change: bool

    def validity(self, day: str) -> str:
        """Tell whether the rule is in force on an ISO day; a bound may be a year or a month."""
        if self.valid_to and day[: len(self.valid_to)] > self.valid_to:
            return EXPIRED
        return NOT_YET if day[: len(self.valid_from)] < self.valid_from else IN_FORCE

    def passes(self, wanted: str, day: str) -> bool:
        """Tell whether one of `FILTERS` shows the row."""
        if wanted == DOUBTFUL:
            return self.status != VERIFIED
        if wanted == CHANGED:
            return bool(self.own_pack)
        return wanted != OUTSIDE or self.validity(day) != IN_FORCE

    @property
    def stated(self) -> str:
        """Give the value as a planner types it."""
        if isinstance(self.value, list):
            return ", ".join(map(str, self.value))
        return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)


@dataclass(frozen=True)
class PackInfo:
    """One pack.

    Attributes
    ----------
    own : bool
        A file of the planner's.
    base : str
        For an own pack: the shipped one that it changes; empty for one that stands by itself.
    faults : tuple of Text
        Why it, or for a shipped pack a change of it, cannot be used.
    """

    name: str
    title: Text
    file: str
    own: bool
    base: str
    faults: tuple[Text, ...]
    rows: tuple[PackRow, ...]

    @property
    def changes(self) -> int:
        """Give how many of the rows an own pack changed."""
        return sum(row.is_change for row in self.rows)

    def expired(self, day: str) -> int:
        """Give how many of the rows have expired by a day."""
        return sum(row.validity(day) == EXPIRED for row in self.rows)


def read_packs(path: Path) -> list[PackInfo]:
    """Read what the job ``list_packs`` wrote."""
    return [_pack(said) for said in json.loads(path.read_text(encoding="utf-8"))["packs"]]


def _pack(said: dict[str, Any]) -> PackInfo:
    return PackInfo(
        name=said["name"],
        title=Text(said["zh"], said["en"]),
        file=said["file"],
        own=said["own"],
        base=said.get("base", ""),
        faults=tuple(_text(fault) for fault in said["faults"]),
        rows=tuple(_row(row) for row in said["rows"]),
    )


def _row(said: dict[str, Any]) -> PackRow:
    plain = ("item", "field", "value", "unit", "comparison", "status", "document", "clause", "date", "valid_from")
    more = ("valid_to", "note", "own_pack", "reason", "is_change")
    return PackRow(
        name=Text(said["zh"], said["en"]),
        value_words=_text(said["value_words"]),
        words=_text(said["words"]),
        replaced_words=_text(said["replaced_words"]),
        **{name: said[name] for name in (*plain, *more)},
    )


def _text(said: Any) -> Text:
    return Text(said["zh"], said["en"]) if said else NOTHING


def period(row: PackRow) -> str:
    """Say from when to when a rule is in force; empty for always."""
    return f"{row.valid_from or '…'} – {row.valid_to or '…'}" if row.valid_from or row.valid_to else ""


def found(rows: Sequence[PackRow], words: str, wanted: str, day: str) -> list[PackRow]:
    """Give the rows with these words anywhere in them, as a filter lets them pass."""
    words = words.strip().lower()
    return [row for row in rows if row.passes(wanted, day) and (not words or words in _searched(row))]


def _searched(row: PackRow) -> str:
    texts = (row.name, row.words, STATUS_WORDS.get(row.status, NOTHING))
    plain = (row.item, row.field, row.document, row.clause, row.note, row.own_pack, row.reason)
    return "\t".join((*(part for text in texts for part in text), *plain)).lower()
