"""What a rule pack must look like: all faults of a file at once, each with its rule, entry and what was expected."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import Fault
from ..text import Text, same
from .change_checks import faults_of_change, whole_entry
from .status import STATUSES
from .subjects import NATIONAL, SERVICES, STATISTIC, SUBJECTS

__all__ = ["COMPARISONS", "SERVICES", "SUBJECTS", "faults_of_pack", "whole_entry"]

BOUNDS = (">=", ">", "<=", "<")
COMPARISONS = (*BOUNDS, "all", "in", "report")

REQUIRED = ("id", "zh", "en", "value", "unit", "status")
_TEXTS = (
    "id",
    "zh",
    "en",
    "unit",
    "status",
    "document",
    "clause",
    "note",
    "comparison",
    "subject",
    "service",
    "reason",
)
_DAYS = ("date", "valid_from", "valid_to")
KNOWN = ("value", *_TEXTS, *_DAYS)
_PACK_KEYS = ("id", "zh", "en", "date", "status", "note", "unit", "document", "base")
_TABLES = ("pack", "rule", "radius", "transmitter", "clutter")
_LISTED = ("kind", "scene", "province")  # units of lists of codes
_NEVER_NEGATIVE = ("m", "km", "ms", "household", "operator", "个", "个/万人", "户", "处", "条")
_MEANING = frozenset(("value", "unit", "status", "comparison", "subject", "service", "document", "reason"))
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

Rules = Sequence[Mapping[str, Any]]


def faults_of_pack(content: Mapping[str, Any], file: str, base: Mapping[str, Mapping[str, Any]] | None) -> list[Fault]:
    """Find everything that is wrong with the rules of a pack.

    Parameters
    ----------
    content : mapping
        The TOML file as it was read.
    file : str
        Its name, for the faults.
    base : mapping or None
        Entries by rule id of the pack that this one changes; None for a pack that stands by itself.

    Returns
    -------
    list of Fault
        Empty for a sound pack. `field` is the rule and its entry; presets of radii, transmitters and clutter are
        checked where they are read.
    """
    tell = _Teller(file)
    for key in sorted(set(content) - set(_TABLES)):
        tell("", key, content[key], _one_of(_TABLES), what=_UNKNOWN)
    head = content.get("pack", {})
    if not isinstance(head, Mapping):
        tell("", "pack", head, Text("一个表 [pack]", "a table [pack]"))
        head = {}
    for key in sorted(set(head) - set(_PACK_KEYS)):
        tell("pack", key, head[key], _one_of(_PACK_KEYS), what=_UNKNOWN)
    rules = content.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(entry, Mapping) for entry in rules):
        tell("", "rule", rules, Text("若干 [[rule]]", "tables [[rule]]"))
        return tell.faults
    seen: set[str] = set()
    for number, entry in enumerate(rules, start=1):
        name = entry.get("id")
        name = name if isinstance(name, str) and name.strip() else f"[[rule]] {number}"
        if name in seen:
            tell(name, "id", name, Text("本文件中不重复的编号", "an id that no other rule of the file has"))
        seen.add(name)
        changed = base.get(name) if base is not None else None
        _check_rule(tell, name, entry, changed)
    return tell.faults


_UNKNOWN = Text("不认识的条目", "unknown entry")


class _Teller:
    """Collects faults."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def __call__(self, rule: str, key: str, value: Any, expected: Text, what: Text | None = None) -> None:
        place = f"{rule} · {key}" if rule else key
        found = what or (Text("缺少", "missing") if value is None else same(repr(value)))
        self.faults.append(
            Fault(
                Text("{place}：{found}，应为{expected}。", "{place}: {found}; expected {expected}.").filled(
                    place=place, found=found, expected=expected
                ),
                file=self._file,
                field=place,
                value="" if value is None else str(value),
            )
        )


def _check_rule(tell: _Teller, name: str, entry: Mapping[str, Any], changed: Mapping[str, Any] | None) -> None:
    wrong: set[str] = set()

    def fault(key: str, expected: Text, what: Text | None = None) -> None:
        wrong.add(key)
        tell(name, key, entry.get(key), expected, what)

    for key in sorted(set(entry) - set(KNOWN)):
        fault(key, _one_of(KNOWN), _UNKNOWN)
    for key in _TEXTS:
        if key in entry and not isinstance(entry[key], str):
            fault(key, Text("文字（加引号）", "text in quotes"))
    if changed is not None:
        if not str(entry.get("reason", "")).strip():
            fault("reason", Text("修改这条规则的理由", "the reason why this rule is changed"))
        if not set(entry) - {"id", "reason"}:
            fault("value", Text("要改为的值", "the new value"))
    else:
        for key in REQUIRED:
            if key not in entry or (key in ("id", "zh", "en", "status") and not str(entry[key]).strip()):
                fault(key, Text("必填的条目", "an entry that every rule has"))
    for key in _DAYS:
        if not _is_day(str(entry.get(key, ""))):
            fault(key, Text("日期，如 2025-12-31、2025-12 或 2025", "a date such as 2025-12-31, 2025-12 or 2025"))
    if wrong & _MEANING:
        return
    whole = whole_entry(entry, changed)
    refused = list(faults_of_change(whole, changed)) if changed is not None else []
    for key, expected in refused:
        fault(key, expected)
    if not refused:
        _check_sense(fault, whole)


def _check_sense(fault: Callable[..., None], rule: Mapping[str, Any]) -> None:
    """Check that the entries of a whole rule fit each other."""
    value, unit, comparison = rule["value"], rule["unit"], rule.get("comparison", "")
    if rule["status"] not in STATUSES:
        fault("status", _one_of(STATUSES))
    elif rule["status"] == "verified" and not _is_filled(rule.get("document")):
        fault("document", Text("“已核实”须写明的文件", "the document, which “verified” needs"))
    elif rule["status"] == "by_analogy" and not (rule.get("document") or rule.get("reason")):
        fault("document", Text("“类推”须写明的文件", "the document, which “by_analogy” needs"))
    if comparison and comparison not in COMPARISONS:
        fault("comparison", _one_of(COMPARISONS))
    elif comparison in BOUNDS:
        _check_number(fault, value, unit)
    elif comparison in ("all", "in") or unit in _LISTED:
        if not _is_list_of(value, str) or len(set(value)) < len(value):
            fault("value", Text("不重复的文字列表", "a list of different texts"))
    elif _is_number(value):
        _check_number(fault, value, unit)
    elif not (_is_filled(value) or _is_list_of(value, str) or _is_list_of(value, (int, float))):
        fault("value", Text("数字、文字或列表", "a number, a text or a list"))
    since, until = str(rule.get("valid_from", "")), str(rule.get("valid_to", ""))
    if _is_day(since) and _is_day(until) and since and until and since[: len(until)] > until[: len(since)]:
        fault("valid_to", Text(f"不早于 {since} 的日期", f"a date not before {since}"))
    if rule.get("subject") or rule.get("service"):
        _check_subject(fault, rule)


def _check_subject(fault: Callable[..., None], rule: Mapping[str, Any]) -> None:
    if rule.get("subject") not in SUBJECTS:
        fault("subject", _one_of(SUBJECTS))
    if rule.get("subject") == STATISTIC:
        return
    if rule.get("service") not in SERVICES:
        fault("service", _one_of(SERVICES))
    if rule.get("comparison") not in (">=", ">", "report"):
        fault("comparison", _one_of((">=", ">", "report")))
    elif rule["comparison"] != "report" and rule["unit"] != "%" and rule.get("subject") not in NATIONAL:
        fault("unit", Text("%（占比目标）", "% (the target is a share)"))


def _check_number(fault: Callable[..., None], value: Any, unit: str) -> None:
    if not _is_number(value):
        fault("value", Text("数字", "a number"))
    elif unit == "%" and not 0 <= value <= 100:
        fault("value", Text("0 至 100", "0 to 100"))
    elif unit in _NEVER_NEGATIVE and value < 0:
        fault("value", Text("不小于 0 的数字", "a number not below 0"))
    elif unit in _LISTED:
        fault("value", Text("文字列表", "a list of texts"))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list_of(value: Any, kind: type | tuple[type, ...]) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(item, kind) and (_is_filled(item) or _is_number(item)) for item in value)


def _is_day(text: str) -> bool:
    return not text or bool(_DAY.fullmatch(text))


def _one_of(words: Sequence[str]) -> Text:
    return Text(f"以下之一：{'、'.join(words)}", f"one of: {', '.join(words)}")
