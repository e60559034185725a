"""Derive which counties lie on the land border or the coast, and let the planner settle what geometry cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.scope import LISTED, REASONS, Limits, Override, scope_of_counties
from ...analysis.scope import Scope as Found
from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...engine.context import RunContext
from ...errors import Fault, InputError, ParameterError
from ...layers import inputs
from ...layers.html_report import Cell, Section
from ...rules.pack import Rule
from ...text import NOTHING, Text, same
from .items import Items
from .packs import Packs
from .words import SCOPE_WORDS

_CODES = {YES: "in", NO: "out", UNKNOWN: "to_settle"}
_LINES = (
    ("national_border", "N13.land_border", Text("国界", "border")),
    ("coastline", "N13.coast", Text("海岸线", "coast")),
)
_LIMITS = ("tolerance", "least_contact", "coarsest", "doubt", "far", "neighbour")
_OVERRIDE = re.compile(r"(\d{6})\s*=\s*(in|out)\s*[:：]\s*(\S.*)")


class Derived(NamedTuple):
    """Which counties are in scope, and why.

    Attributes
    ----------
    inside : list of str
        Codes.
    cautions : list of Text
        What is to be settled by hand.
    section : Section
        Every county with its figures.
    rules : list of Rule
        That decided it.
    unsettled : bool
        Some county is neither in nor out.
    state : dict of str
        By code: in, out or to_settle.
    why : dict of Text
        By code.
    """

    inside: list[str]
    cautions: list[Text]
    section: Section
    rules: list[Rule]
    unsettled: bool
    state: dict[str, str]
    why: dict[str, Text]


def read_overrides(words: str | None, codes: Sequence[str]) -> dict[str, Override]:
    """Read ``450602=in:reason; 450681=out:reason``; raise ParameterError for anything else or an unknown county."""
    found: dict[str, Override] = {}
    for part in filter(None, (piece.strip() for piece in re.split("[;；]", words or ""))):
        match = _OVERRIDE.fullmatch(part)
        if match is None or match[1] in found:
            raise ParameterError(
                Text(
                    f"范围认定“{part}”的写法不对，或与前面的重复。",
                    f"“{part}” is not understood, or says again what an earlier part says.",
                ),
                Text(
                    "请写成“县代码=in:理由”或“县代码=out:理由”，以分号分隔；理由必填。",
                    "Write CODE=in:reason or CODE=out:reason with semicolons between; the reason is required.",
                ),
                faults=[Fault(Text("写法不对。", "Not understood."), field="scope_overrides", value=part)],
            )
        found[match[1]] = Override(match[2] == "in", match[3].strip())
    unknown = [code for code in found if code not in codes]
    if unknown:
        raise unknown_counties("scope_overrides", unknown, list(codes))
    return found


def unknown_counties(field: str, unknown: list[str], codes: list[str]) -> ParameterError:
    """Say that the data have no such counties."""
    return ParameterError(
        Text(f"数据中没有这些县：{'、'.join(unknown)}。", f"The data have no such counties: {', '.join(unknown)}."),
        Text(f"可写：{'、'.join(codes)}。", f"Known: {', '.join(codes)}."),
        faults=[Fault(Text("没有这个县。", "No such county."), field=field, value=code) for code in unknown],
    )


def derived_scope(context: RunContext, items: Items, packs: Packs, overrides: Mapping[str, Override]) -> Derived:
    """Hold the outlines of the counties against border and coast.

    A county is in scope where it touches one of them in a province that the pack names for it, out where it touches
    neither, and else it is to be settled: it does not count until the planner says so.

    Raises
    ------
    InputError
        There are no county polygons, or neither a border nor a coastline.
    """
    shaped = items.shaped
    lines = {name: _lines(context, name) for name, _, _ in _LINES}
    if not len(shaped) or not any(len(line) for line in lines.values()):
        raise InputError(
            Text(
                "无法推导范围：需要县级行政区，以及国界或海岸线。",
                "The scope cannot be derived: it takes counties, and a border or a coastline.",
            ),
            Text("请导入这些图层，或在“范围”中写县代码。", "Import these layers, or state county codes as the scope."),
        )
    rules = [packs.main.rule(rule) for _, rule, _ in _LINES]
    limits = {name: packs.scope.rule(f"scope.{name}") for name in _LIMITS}
    scales = Limits(**{f"{name}_m": float(rule.value) for name, rule in limits.items()})
    found = [
        scope_of_counties(
            list(items.shapes),
            shaped,
            list(lines[name]),
            scales,
            provinces=rule.value,
            overrides=overrides,
        )
        for (name, _, _), rule in zip(_LINES, rules)
    ]
    state = _joined(found, overrides, shaped)
    names = dict(zip(items.counties["code"], items.counties["name"]))
    open_codes = [code for code, value in zip(shaped, state) if value == UNKNOWN]
    cautions = [
        Text(
            f"{names[code]}（{code}）是否在范围内须人工认定，本次未计入：{_why(found, shaped.index(code), UNKNOWN).zh}。",
            f"Whether {names[code]} ({code}) is in scope is to be settled by hand, it is not counted: {_why(found, shaped.index(code), UNKNOWN).en}.",
        )
        for code in open_codes
    ]
    if open_codes:
        cautions.append(
            Text(
                "认定方法：在“范围认定”中写“县代码=in:理由”或“县代码=out:理由”。",
                "To settle it, state CODE=in:reason or CODE=out:reason as the word on the scope.",
            )
        )
    without = sorted(set(items.counties["code"]) - set(shaped))
    if without:
        cautions.append(
            Text(
                f"以下县没有县界，未计入：{'、'.join(without)}。",
                f"These counties have no outline and do not count: {', '.join(without)}.",
            )
        )
    inside = [code for code, value in zip(shaped, state) if value == YES]
    return Derived(
        inside,
        cautions,
        _section(shaped, names, state, found),
        [*rules, *limits.values()],
        bool(open_codes or without),
        {code: _CODES[int(value)] for code, value in zip(shaped, state)},
        {code: _why(found, row, int(state[row])) for row, code in enumerate(shaped)},
    )


def _lines(context: RunContext, name: str) -> npt.NDArray[np.object_]:
    if not inputs.layer_present(context, name):
        return np.empty(0, dtype=object)
    return inputs.read_layer(context, name, ["line_id"]).geometry


def _joined(found: list[Found], overrides: Mapping[str, Override], codes: list[str]) -> npt.NDArray[np.int8]:
    """Count a county on either line as in scope; the planner's own word stands above both."""
    state = np.maximum.reduce([part.state for part in found])
    for row, code in enumerate(codes):
        if code in overrides:
            state[row] = YES if overrides[code].is_in else NO
    return state


def _why(found: list[Found], row: int, state: int) -> Text:
    """Say which lines bring a county to its state, and how."""
    parts = []
    for (_, _, label), part in zip(_LINES, found):
        if part.note[row]:
            return Text(f"{REASONS[LISTED].zh}：{part.note[row]}", f"{REASONS[LISTED].en}: {part.note[row]}")
        if part.state[row] == state:
            why, figures = REASONS[part.reason[row]], _figures(part, row)
            parts.append(Text(f"{label.zh}：{why.zh}{figures.zh}", f"{label.en}: {why.en}{figures.en}"))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _figures(part: Found, row: int) -> Text:
    contact, worst, near = part.contact_m[row], part.residual_95_m[row], part.nearest_m[row]
    if contact > 0:
        return Text(
            f"（相接 {contact / 1000:,.1f} km，偏差 {worst:,.0f} m）",
            f" (contact {contact / 1000:,.1f} km, {worst:,.0f} m apart)",
        )
    return NOTHING if np.isnan(near) else Text(f"（最近 {near / 1000:,.1f} km）", f" (nearest {near / 1000:,.1f} km)")


def _section(codes: list[str], names: Mapping[str, str], state: npt.NDArray[np.int8], found: list[Found]) -> Section:
    headings = [Text("县名称", "County"), Text("县代码", "County code"), Text("结论", "Verdict")]
    for _, _, label in _LINES:
        headings += [
            Text(f"{label.zh}：依据", f"{label.en.capitalize()}: why"),
            Text(f"{label.zh}：相接（km）", f"{label.en.capitalize()}: contact (km)"),
            Text(f"{label.zh}：偏差（m）", f"{label.en.capitalize()}: apart (m)"),
        ]
    rows: list[list[Cell]] = []
    for row, code in enumerate(codes):
        cells: list[Cell] = [same(names.get(code, "")), code, SCOPE_WORDS[_CODES[int(state[row])]]]
        for part in found:
            note = part.note[row]
            why = REASONS[part.reason[row]]
            apart = part.residual_95_m[row]
            cells += [
                Text(f"{why.zh}：{note}", f"{why.en}: {note}") if note else why,
                round(float(part.contact_m[row]) / 1000, 1),
                None if pd.isna(apart) else round(float(apart)),
            ]
        rows.append(cells)
    return Section(
        Text("范围推导", "How the scope was derived"),
        [
            Text(
                "偏差为相接处县界与界线之间距离的 95% 分位。相接过短、界线过粗或只是邻近的县不自动判定。",
                "“Apart” is the 95 % quantile of the distance between outline and line along the contact. A short contact, a coarse line or "
                "a near miss decides nothing.",
            )
        ],
        headings=headings,
        rows=rows,
    )
