"""What a rule rests on, in sentences: below the table of rules, and in the dialog that changes one."""

from __future__ import annotations

from ...jobs.shared.rule_words import second_hand
from ...text import Text, languages
from .. import words
from ..language import tr
from .rows import EXPIRED, IN_FORCE, STATUS_WORDS, PackInfo, PackRow, period

_STATUS_MEANS = {
    "verified": Text("已核实：出处中有这一取值或定义", "Verified: the source holds this value or definition"),
    "unverified": Text(
        "未核实：可修改的预设或未查到出处，用到它的结果会注明",
        "Unverified: an editable preset without a source; results that use it say so",
    ),
    "by_analogy": Text(
        "类推：借用相近规则的取值，用到它的结果会注明",
        "By analogy: borrowed from a related rule; results that use it say so",
    ),
}
_IN_BRACKETS = Text("（{what}）", " ({what})")
_OUTSIDE = Text("{day} 已过有效期（{period}）", "Expired on {day} ({period})")
_EARLY = Text("{day} 尚未生效（{period}）", "Not yet in force on {day} ({period})")
_VALID = Text("有效期 {period}", "In force {period}")
_SOURCE = Text("出处：{what}", "Source: {what}")
_NOTE = Text("备注：{what}", "Note: {what}")
_CHANGED = Text(
    "“{pack}”修改了这条规则，原为 {before}；理由：{why}", "“{pack}” changed it, it was {before}; reason: {why}"
)
_KEPT = Text("“{pack}”修改了这条规则，取值未变；理由：{why}", "“{pack}” changed it, its value stays; reason: {why}")
_OWN = Text("出自自定义规则包“{pack}”", "From your own pack “{pack}”")


def details(row: PackRow, day: str) -> str:
    """Say everything about a rule, one thing a line."""
    source = tr(words.LIST_COMMA).join(filter(None, (tr(languages(row.document)), tr(languages(row.clause)), row.date)))
    lines = [
        f"{tr(row.name)}{tr(words.COLON)}{tr(row.words)}",
        _status(row),
        _in_force(row, day),
        _change(row),
        tr(_SOURCE).format(what=source) if source else "",
        tr(_NOTE).format(what=tr(languages(row.note))) if row.note else "",
    ]
    return "\n".join(filter(None, lines))


def _status(row: PackRow) -> str:
    means, why = tr(_STATUS_MEANS.get(row.status, STATUS_WORDS["unverified"])), tr(second_hand(row.status, row.clause))
    return means + tr(_IN_BRACKETS).format(what=why) if why else means


def _in_force(row: PackRow, day: str) -> str:
    state = row.validity(day)
    if state == IN_FORCE:
        return tr(_VALID).format(period=period(row)) if period(row) else ""
    return tr(_OUTSIDE if state == EXPIRED else _EARLY).format(day=day, period=period(row))


def _change(row: PackRow) -> str:
    if not row.own_pack:
        return ""
    if not row.is_change:
        return tr(_OWN).format(pack=row.own_pack)
    before = tr(row.replaced_words)
    same = not before or before == tr(row.value_words)
    return tr(_KEPT if same else _CHANGED).format(pack=row.own_pack, before=before, why=row.reason)


def faults_of(pack: PackInfo) -> str:
    """Say why a pack cannot be used; empty where it can."""
    return "\n".join(tr(fault) for fault in pack.faults)
