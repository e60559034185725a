"""The values of the fields: codes of the dictionary, mandatory ones, ranges, lengths; texts that came out garbled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd

from ....text import Text
from ...sources.garbled import repaired
from ..profile.model import Profile, TargetField, TargetLayer
from .found import MOST, Found, NotRun, cut
from .source import BLANK, PackageLayer

_REAL, _WHOLE, _TEXTS = ("Float", "Double"), ("Int", "Long"), ("Char", "VarChar")
_REPLACED = ("\ufffd", "锟斤拷")
_YSDM = "YSDM"
_YSDM_DIGITS = 10
_NO_BLANKS = Text(f"请删除空格（显示为 {BLANK}）。", f"Delete the blanks (shown as {BLANK}).")


Words = Text | Callable[[int], Text]


class Rows:
    """Makes findings of the rows of one layer, of every rule no more than are listed."""

    def __init__(self, layer: PackageLayer, profile: Profile) -> None:
        self.layer = layer
        numbers = layer.texts(profile.bsm["field"]) if profile.bsm["field"] else None
        self._bsm = numbers if numbers is not None else np.full(len(layer), "", dtype=object)
        self._listed: Counter[str] = Counter()

    def found(
        self, rule: str, rows: Collection[int] | np.ndarray, words: Words, remedy: Text, values: Any = None
    ) -> list[Found]:
        """Give one finding a row, the words the same for all or made of the row, and one for those not listed."""
        listed = np.asarray(rows, dtype=np.int64)[: MOST - self._listed[rule]].tolist()
        self._listed[rule] += len(listed)
        left = len(rows) - len(listed)
        found = [
            Found(
                rule,
                self.layer.name,
                words if isinstance(words, Text) else words(row),
                remedy,
                str(self.layer.features[row]),
                str(self._bsm[row]),
                value="" if values is None else str(values[row]),
                file=self.layer.file,
            )
            for row in listed
        ]
        return [*found, cut(rule, self.layer.name, len(listed), left, self.layer.file)] if left else found


def rows_where(values: np.ndarray, is_wrong: Callable[[str], bool]) -> np.ndarray:
    """Give the rows whose text, of those there are, is told wrong; every different text is asked about once."""
    codes, different = pd.factorize(values)
    wrong = np.array([bool(text) and is_wrong(text) for text in different.tolist()], dtype=bool)
    return np.flatnonzero(wrong[codes]) if len(different) else np.zeros(0, dtype=np.int64)


def _padded(layer: PackageLayer, name: str, values: np.ndarray, is_right: Callable[[str], bool]) -> list[int]:
    return sorted(row for row in layer.with_blanks(name) if is_right(values[row]))


def codes_found(layer: PackageLayer, target: TargetLayer, profile: Profile) -> tuple[list[Found], list[NotRun]]:
    """Check 3104: values stand in their code list, and every feature has the feature code of its layer."""
    rows = Rows(layer, profile)
    found: list[Found] = []
    for item in target.fields:
        values = layer.texts(item.name)
        if values is None or not item.domain:
            continue
        written = layer.as_written(item.name)
        allowed = profile.domains[item.domain].values  # noqa: PD011
        wrong = rows_where(values, lambda value, allowed=allowed: value not in allowed)  # type: ignore[misc]
        padded = _padded(layer, item.name, values, allowed.__contains__)
        shown = "、".join(f"{code} {words}" for code, words in list(allowed.items())[:8])
        found += rows.found(
            "3104",
            wrong,
            _said(item, written, "的值“{value}”不在代码表内", "is “{value}”, which is not in the list"),
            Text(f"允许：{shown}。", f"Allowed: {', '.join(list(allowed)[:8])}."),
            written,
        )
        found += rows.found(
            "3104",
            padded,
            _said(item, written, "的值“{value}”前后有空格", "is “{value}”, with blanks around it"),
            _NO_BLANKS,
            written,
        )
    own, told = _feature_codes(layer, target, rows)
    return found + own, told


def _feature_codes(layer: PackageLayer, target: TargetLayer, rows: Rows) -> tuple[list[Found], list[NotRun]]:
    values = layer.texts(_YSDM)
    item = target.field(_YSDM)
    if values is None or item is None or not len(layer):
        return [], []
    if target.ysdm:
        written = layer.as_written(_YSDM)
        wrong = rows_where(values, lambda value: value != target.ysdm)
        padded = _padded(layer, _YSDM, values, target.ysdm.__eq__)
        remedy = Text(f"请改为 {target.ysdm}。", f"Use {target.ysdm}.")
        words = _said(item, written, "的值“{value}”不是本图层的要素代码", "is “{value}”, not the code of this layer")
        around = _said(item, written, "的值“{value}”前后有空格", "is “{value}”, with blanks around it")
        found = rows.found("3104", wrong, words, remedy, written)
        return found + rows.found("3104", padded, around, _NO_BLANKS, written), []
    if not any(values):
        said = Text(
            "YSDM 全部为空：成果规格没有图层 {layer}（{alias}）的要素代码。",
            "YSDM is empty throughout: the profile has no feature code for {layer} ({alias}).",
        ).filled(layer=target.name, alias=target.alias)
        ask = Text(
            "请向接收单位索取要素代码，填入成果规格该图层的 ysdm 后重新生成。",
            "Ask the bureau for the code, fill it into the profile as ysdm of this layer, and write the package again.",
        )
        return [Found("3104", layer.name, said, ask, file=layer.file)], []
    counted = Counter(value for value in values if value)
    usual = max(sorted(counted), key=lambda value: counted[value])
    is_code = usual.isdigit() and len(usual) == _YSDM_DIGITS
    wrong = rows_where(values, lambda value: value != usual or not is_code)
    words = _said(
        item,
        values,
        "的值“{value}”不是 10 位数字，或与本图层其余要素不同",
        "is “{value}”: not ten digits, or not that of the rest of its layer",
    )
    found = rows.found("3104", wrong, words, Text("请核对要素代码。", "Check the feature code."), values)
    reason = Text(
        "成果规格没有该图层的要素代码，YSDM 的取值是否正确无法判断。",
        "The profile has no feature code for this layer: whether YSDM is right cannot be told.",
    )
    return found, [NotRun("3104", layer.name, reason)]


def filled_found(layer: PackageLayer, target: TargetLayer, profile: Profile, bare: Collection[str] = ()) -> list[Found]:
    """Check 3105: mandatory fields are filled, values fit type and length, numbers lie in their range.

    Parameters
    ----------
    bare : collection of str
        Features told to have no row of attributes: that each of their fields is empty goes without saying.
    """
    rows = Rows(layer, profile)
    has_row = ~np.isin(layer.features.astype(str), list(bare)) if bare else np.ones(len(layer), dtype=bool)
    found: list[Found] = []
    for item in target.fields:
        values = layer.texts(item.name)
        if values is None:
            continue
        if item.need == "M" and not (item.name == _YSDM and not target.ysdm and not any(values)):
            empty = np.flatnonzero((values == "") & has_row)
            words = Text("必填字段 {name}（{alias}）为空。", "{name} ({alias}) is mandatory and empty.")
            said = words.filled(name=item.name, alias=item.alias)
            found += rows.found("3105", empty, said, Text("请补填。", "Fill it in."))
        found += _unfit(item, values, rows, profile)
    return found


def _unfit(item: TargetField, values: np.ndarray, rows: Rows, profile: Profile) -> list[Found]:
    mend = Text("请改正该值。", "Mend the value.")
    if item.type in _TEXTS:
        if not item.length or item.name == profile.bsm["field"]:
            return []
        wrong = rows_where(values, lambda value: len(value) > item.length)
        words = _said(item, values, f"超过 {item.length} 个字符", f"has more than {item.length} characters")
        return rows.found("3105", wrong, words, mend, values)
    if item.type == "Date":
        wrong = rows_where(values, lambda value: not _is_day(value))
        return rows.found(
            "3105", wrong, _said(item, values, "的值“{value}”不是日期", "is “{value}”, no date"), mend, values
        )
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(np.float64)
    there = values != ""
    bad = there & ~np.isfinite(numbers)
    if item.type in _WHOLE:
        bad |= there & np.isfinite(numbers) & (numbers % 1 != 0)
    found = rows.found(
        "3105",
        np.flatnonzero(bad),
        _said(
            item, values, "的值“{value}”不是" + ("整数" if item.type in _WHOLE else "数字"), "is “{value}”, no number"
        ),
        mend,
        values,
    )
    low = np.zeros(len(numbers), dtype=bool)
    bound = ""
    if item.above is not None:
        low, bound = numbers <= item.above, f"> {item.above:g}"
    elif item.minimum is not None:
        low, bound = numbers < item.minimum, f"≥ {item.minimum:g}"
    words = _said(item, values, f"的值 {{value}} 应 {bound}", f"is {{value}}; it should be {bound}")
    found += rows.found("3105", np.flatnonzero(there & low), words, mend, values)
    return found + _too_wide(item, numbers, values, rows)


def _too_wide(item: TargetField, numbers: np.ndarray, values: np.ndarray, rows: Rows) -> list[Found]:
    """Find numbers with more digits before the point than length and decimals of the field leave."""
    digits = item.length - (item.decimals + 1 if item.decimals else 0)
    if item.type not in _REAL or not item.length or digits < 1:
        return []
    wide = np.flatnonzero(np.abs(np.nan_to_num(numbers)) >= 10.0**digits)
    words = _said(item, values, f"的值 {{value}} 超出字段长度 {item.length}", f"is {{value}}, wider than {item.length}")
    return rows.found("3105", wide, words, Text("请核对单位和数值。", "Check the unit and the number."), values)


def _said(item: TargetField, values: np.ndarray | None, zh: str, en: str) -> Callable[[int], Text]:
    def words(row: int) -> Text:
        value = str(values[row]) if values is not None else ""
        shown = value if len(value) <= 40 else value[:39] + "…"
        zh_said, en_said = (said.replace("{value}", shown) for said in (zh, en))
        return Text(f"{item.name}（{item.alias}）{zh_said}。", f"{item.name} ({item.alias}) {en_said}.")

    return words


def _is_day(value: str) -> bool:
    plain = value.replace("/", "-")
    if len(plain) == 8 and plain.isdigit():
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        dt.date.fromisoformat(plain[:10])
    except ValueError:
        return False
    return True


def garbled_found(layer: PackageLayer, profile: Profile) -> list[Found]:
    """Find texts that came out garbled: read in another encoding than they were written in."""
    rows = Rows(layer, profile)
    found: list[Found] = []
    for name in map(str, layer.columns.columns):
        values = layer.texts(name)
        if values is None:
            continue
        remedy = Text("请按正确的编码重新导出。", "Export it again in the right encoding.")
        found += rows.found("FILE", rows_where(values, _is_garbled), _garbled_words(name, values), remedy, values)
    return found


def _garbled_words(name: str, values: np.ndarray) -> Callable[[int], Text]:
    def words(row: int) -> Text:
        shown = str(values[row])[:20]
        return Text(
            f"字段 {name} 的文字“{shown}”是乱码，编码有误。",
            f"The text “{shown}” of {name} is garbled: a wrong encoding.",
        )

    return words


def _is_garbled(value: str) -> bool:
    return not value.isascii() and (any(sign in value for sign in _REPLACED) or bool(repaired(value)))
