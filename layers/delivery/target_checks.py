"""The checks of a profile on the layers of a package, before they are written; texts that are too long are cut here.

Only what the profile asks for is checked, at the level and with the threshold that it states. The rest of a bureau's
checks needs the written package.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyproj
import shapely

from ...text import Text
from ..zones import DeliveryCrs
from .findings import Finding
from .mapping import Setting, Target, degrees_of
from .profile.model import Check, Profile, TargetField

_GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
LEVELS = {1: "error", 2: "error", 3: "warning"}
TEXT_CUT = "TEXT"
REAL = ("Float", "Double")
WHOLE = ("Int", "Long")
DEFAULT_WIDTH = 18  # of a number whose length the profile does not say
_LARGEST = {"Int": 2**31 - 1, "Long": 2**63 - 1}


class Notes:
    """Collects findings of one target layer under the rules of the profile."""

    def __init__(self, profile: Profile, target: Target) -> None:
        self._profile = profile
        self._target = target
        self.findings: list[Finding] = []

    def asked(self, rule: str) -> Check | None:
        """Give the check of the profile, None where it does not ask for it."""
        return self._profile.check(rule)

    def add(self, rule: str, rows: Iterable[int], message: Text, remedy: Text, level: str = "") -> None:
        """Note a finding for every row; level by the profile, if the rule is its own."""
        check = self._profile.check(rule)
        known = level or (LEVELS[check.level] if check else "error")
        for row in rows:
            bsm = self._target.columns.get(self._profile.bsm["field"], [None] * len(self._target))[row]
            self.findings.append(
                Finding(rule, known, self._target.layer.name, message, remedy, self._target.uuid[row], str(bsm or ""))
            )

    def layer(self, rule: str, level: str, message: Text, remedy: Text) -> None:
        """Note a finding about the whole layer."""
        self.findings.append(Finding(rule, level, self._target.layer.name, message, remedy))


def fit(target: Target, profile: Profile) -> list[Finding]:
    """Bring every value into the type and length of its field, in place; tell every value that changed by it.

    Numbers are rounded to the decimals of the field, which is not told. A text longer than the field is cut, a value
    that is no number or date is left empty: each is a finding.
    """
    notes = Notes(profile, target)
    for field in target.layer.fields:
        values = target.columns[field.name]
        if field.type in REAL:
            bring: Callable[[Any, TargetField], Any] = _real
        elif field.type in WHOLE:
            bring = _whole
        else:
            bring = _day if field.type == "Date" else _text
        for row, value in enumerate(values):
            if value is None or (bring is _text and type(value) is str and len(value) <= (field.length or len(value))):
                continue
            values[row] = bring(value, field)
            if values[row] is None or isinstance(values[row], str):
                _tell_change(notes, field, row, value, values[row])
    return notes.findings


def _tell_change(notes: Notes, field: TargetField, row: int, before: Any, after: Any) -> None:
    if after is None:
        notes.add(
            TEXT_CUT,
            [row],
            Text(
                "字段 {name}（{alias}）的值“{value}”不能写成 {type}，已留空。",
                "{name} ({alias}): “{value}” cannot be written as {type} and is left empty.",
            ).filled(name=field.name, alias=field.alias, value=before, type=_kind(field)),
            Text("请在工作区改正，或改成果规格中的取值。", "Mend it in the workspace or in the profile."),
            "error",
        )
    elif isinstance(after, str) and field.type != "Date" and len(after) < len(str(before)):
        notes.add(
            TEXT_CUT,
            [row],
            Text(
                "字段 {name}（{alias}）有 {n} 个字，只能存 {m} 个，已截断为“{after}”。",
                "{name} ({alias}) has {n} characters, {m} fit; it is cut to “{after}”.",
            ).filled(name=field.name, alias=field.alias, n=len(str(before)), m=field.length, after=_short(after)),
            Text("请在工作区精简文字。", "Shorten the text in the workspace."),
            "warning",
        )


def _kind(field: TargetField) -> str:
    if not field.length:
        return field.type
    return f"{field.type}({field.length}{f',{field.decimals}' if field.decimals else ''})"


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def _text(value: Any, field: TargetField) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text[: field.length] if field.length else text


def _real(value: Any, field: TargetField) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not np.isfinite(number):
        return None
    number = round(number, field.decimals) if field.decimals else number
    if len(f"{abs(number):.{field.decimals}f}") >= (field.length or DEFAULT_WIDTH):  # one place is for the sign
        return None
    return number + 0.0  # no minus zero


def _whole(value: Any, field: TargetField) -> int | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not number.is_integer() or abs(number) > _LARGEST[field.type]:
        return None
    return int(value) if not isinstance(value, str) else int(number)


def _day(value: Any, _field: TargetField) -> str | None:
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def check_target(target: Target, setting: Setting) -> list[Finding]:
    """Check mandatory fields, codes, ranges, slivers, short lines and region codes of one layer."""
    profile = setting.profile
    notes = Notes(profile, target)
    layer = target.layer
    if not layer.ysdm and layer.field("YSDM") is not None and len(target):
        notes.layer(
            "3104",
            "error",
            Text(
                "成果规格没有图层 {layer}（{alias}）的要素代码，YSDM 全部为空。",
                "The profile has no feature code for {layer} ({alias}): YSDM is empty throughout.",
            ).filled(layer=layer.name, alias=layer.alias),
            Text(
                "请向接收单位索取要素代码，填入成果规格该图层的 ysdm。",
                "Ask the bureau for it and fill it into the profile as ysdm of this layer.",
            ),
        )
    for field in layer.fields:
        if field.name == "YSDM" and not layer.ysdm:
            continue
        _check_field(target, field, profile, notes)
    _check_parts(target, notes)
    _check_regions(target, notes)
    _check_sizes(target, setting.crs, notes)
    return notes.findings


def _check_field(target: Target, field: TargetField, profile: Profile, notes: Notes) -> None:
    values = target.columns[field.name]
    if field.need == "M" and notes.asked("3105"):
        notes.add(
            "3105",
            [row for row, value in enumerate(values) if value is None],
            Text("必填字段 {name}（{alias}）为空。", "{name} ({alias}) is mandatory and empty.").filled(
                name=field.name, alias=field.alias
            ),
            Text("请在工作区补填，或改成果规格中的取值。", "Fill it in the workspace, or mend the profile."),
        )
    if field.domain and notes.asked("3104"):
        allowed = profile.domains[field.domain].values
        for row, value in enumerate(values):
            if value is not None and str(value) not in allowed:
                notes.add(
                    "3104",
                    [row],
                    Text(
                        "{name}（{alias}）的值“{value}”不在代码表内。",
                        "{name} ({alias}) is “{value}”, not in the list.",
                    ).filled(name=field.name, alias=field.alias, value=value),
                    Text(f"允许：{'、'.join(allowed)}。", f"Allowed: {', '.join(allowed)}."),
                )
    if notes.asked("3105") and not (field.above is None and field.minimum is None):
        for row, value in enumerate(values):
            if value is None:
                continue
            if (field.above is not None and value <= field.above) or (
                field.minimum is not None and value < field.minimum
            ):
                bound = f"> {field.above:g}" if field.above is not None else f"≥ {field.minimum:g}"
                notes.add(
                    "3105",
                    [row],
                    Text(
                        "{name}（{alias}）的值 {value} 应 {bound}。",
                        "{name} ({alias}) is {value}; it should be {bound}.",
                    ).filled(name=field.name, alias=field.alias, value=value, bound=bound),
                    Text("请核对图形和数值。", "Check the shape and the number."),
                )


def _check_parts(target: Target, notes: Notes) -> None:
    if notes.asked("MULTI"):
        notes.add(
            "MULTI",
            np.flatnonzero(shapely.get_num_geometries(target.geometry) > 1).tolist(),
            Text("多部件图形。", "A multi-part shape."),
            Text(
                '请在规格中设 multipart = "split"，或在工作区拆分。',
                'Set multipart = "split" in the profile, or split it.',
            ),
        )


def _check_regions(target: Target, notes: Notes) -> None:
    if not notes.asked("XZQDM"):
        return
    for name in ("XZQDM", "SZXZQDM"):
        if name in target.columns:
            notes.add(
                "XZQDM",
                [row for row, value in enumerate(target.columns[name]) if value is None],
                Text(
                    "要素不在任何行政区内，没有行政区代码。",
                    "It lies in no administrative unit and has no region code.",
                ),
                Text(
                    "请导入覆盖全部要素的行政区界线，或核对坐标。",
                    "Import boundaries that hold all features, or check the coordinates.",
                ),
            )
    for row, (stated, found) in enumerate(zip(target.stated_region, target.region)):
        digits = min(len(stated), len(found))
        if digits and stated[:digits] != found[:digits]:
            notes.add(
                "XZQDM",
                [row],
                Text(
                    "属性中的代码 {stated} 与位置所在的行政区 {found} 不一致。",
                    "Its code {stated} disagrees with the unit {found} in which it lies.",
                ).filled(stated=stated, found=found),
                Text("请核对代码和坐标。", "Check the code and the coordinates."),
            )


def _check_sizes(target: Target, crs: DeliveryCrs, notes: Notes) -> None:
    sliver, short = notes.asked("4601"), notes.asked("4701")
    if sliver and sliver.threshold is not None and target.layer.geometry == "polygon":
        area = np.abs([_GEOD.geometry_area_perimeter(item)[0] for item in degrees_of(target.geometry, crs)])
        for row in np.flatnonzero(area < sliver.threshold).tolist():
            notes.add(
                "4601",
                [row],
                Text(
                    "面积 {area:.2f} m²，小于 {limit:g} m²。", "Its area is {area:.2f} m², below {limit:g} m²."
                ).filled(area=float(area[row]), limit=sliver.threshold),
                Text("请合并到相邻图斑或删除。", "Merge it into a neighbour, or delete it."),
            )
    if short and short.threshold is not None and target.layer.geometry == "line":
        length = np.array([_GEOD.geometry_length(item) for item in degrees_of(target.geometry, crs)])
        for row in np.flatnonzero(length < short.threshold).tolist():
            notes.add(
                "4701",
                [row],
                Text("长度 {length:.2f} m，小于 {limit:g} m。", "It is {length:.2f} m long, below {limit:g} m.").filled(
                    length=float(length[row]), limit=short.threshold
                ),
                Text("请并入相接的线或删除。", "Join it to the line it meets, or delete it."),
            )


def check_numbers(targets: Sequence[Target], profile: Profile) -> list[Finding]:
    """Check that feature numbers have their length, occur once in the package, and begin with the region's county."""
    name = profile.bsm["field"]
    digits = profile.bsm["county"] + profile.bsm["layer"] + profile.bsm["serial"]
    count = Counter(value for target in targets for value in target.columns.get(name, ()))
    findings = []
    for target in targets:
        notes = Notes(profile, target)
        values = target.columns.get(name, [])
        for row, value in enumerate(values):
            if value is not None and (len(value) != digits or count[value] > 1):
                notes.add(
                    "BSM",
                    [row],
                    Text(
                        f"标识码 {value} 重复或不是 {digits} 位。", f"{value} occurs twice or has not {digits} digits."
                    ),
                    Text("请核对标识码登记表（.bsm.csv）。", "Check the register (.bsm.csv)."),
                )
        other = [
            row for row, value in enumerate(values) if value and value[6:-8] != target.layer.bsm_code and digits == 18
        ]
        notes.add(
            "BSM",
            other,
            Text(
                f"标识码中的要素层代码不是规格所写的 {target.layer.bsm_code}：此前已按旧代码交付，保持不变。",
                f"The layer code in its number is not {target.layer.bsm_code}, as the profile now says: it was handed "
                "in under the old one and stays.",
            ),
            Text("请与接收单位确认是否换号。", "Ask the bureau whether it needs another number."),
            "warning",
        )
        regions = target.columns.get("XZQDM", [None] * len(values))
        for row, (value, region) in enumerate(zip(values, regions)):
            if value and region and value[:6] != str(region)[:6]:
                notes.add(
                    "BSM",
                    [row],
                    Text(
                        f"标识码 {value} 的县级代码与行政区代码 {region} 不同：要素移出了原来的县，标识码保持不变。",
                        f"{value} begins with another county than {region}: the feature has moved, its number has not.",
                    ),
                    Text("请与接收单位确认是否换号。", "Ask the bureau whether it needs another number."),
                    "warning",
                )
        findings += notes.findings
    return findings
