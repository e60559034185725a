"""Which counties a frontier scoreboard is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.scoreboard import NO_COUNTY
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...rules.pack import Rule
from ...text import Text
from .items import Items
from .outline import derived_scope, read_overrides, unknown_counties
from .packs import Packs
from .whereabouts import left_out, near_cautions, of_unknown_county, unknown_county_cautions

DERIVED = "derived"
_EVERYTHING = Text("未限定范围", "no scope was stated")
_STATED = Text("按指定的县", "stated")
_NOT_STATED = Text("不在指定的县中", "not among those stated")


class Scope(NamedTuple):
    """The counties of a scoreboard.

    Attributes
    ----------
    counties : list of str
        Codes, sorted; `NO_COUNTY` last where what lies in no county, or in an unknown one, counts too.
    inside : numpy.ndarray of bool, shape (n,)
        Items in scope.
    sentences, cautions : list of Text
        For the report.
    sections : list of Section
        How each county was found to be in scope or not.
    rules : list of Rule
        That decided it.
    told : pandas.DataFrame
        One row a county polygon: ``county_code, county_name, in_scope`` (in, out, to_settle) and why, ``reason``
        (Chinese) and ``reason_en``.
    everything : bool
        Nothing was left out, not even what lies in no county.
    unsettled : bool
        Of some county nobody knows whether it is in scope.
    """

    counties: list[str]
    inside: npt.NDArray[np.bool_]
    sentences: list[Text]
    cautions: list[Text]
    sections: list[Section]
    rules: list[Rule]
    told: pd.DataFrame
    everything: bool = False
    unsettled: bool = False


def read_scope(context: RunContext, items: Items, packs: Packs) -> Scope:
    """Take the counties that are stated, those that lie on border or coast, or all of them.

    Raises
    ------
    ParameterError
        A stated code is no county of the data, or a word on a county is not understood.
    InputError
        The scope is to be derived, and there are no counties, or neither border nor coast.
    """
    county = items.table["county_code"].to_numpy(object)
    codes: list[str] = items.counties["code"].tolist()
    names = dict(zip(items.counties["code"], items.counties["name"]))
    stated = _split(context["scope"])
    if stated == [DERIVED]:
        found = derived_scope(context, items, packs, read_overrides(context["scope_overrides"], codes))
        inside = sorted(found.inside)
        said = Text(
            f"范围（按国界和海岸线推导）：{_listed(inside, names).zh}。",
            f"Scope (derived from border and coast): {_listed(inside, names).en}.",
        )
        told = _told(items, found.state, found.why, found.rules)
        bound = _bound(items, packs, inside)
        return Scope(
            bound.counties,
            bound.inside,
            [said],
            [*found.cautions, *bound.cautions],
            [found.section, *bound.sections],
            found.rules,
            told,
            unsettled=found.unsettled,
        )
    if not stated:
        outside = [NO_COUNTY] if (county == NO_COUNTY).any() else []
        whole = Text(f"范围：数据中的全部 {len(codes)} 个县。", f"Scope: all {len(codes)} counties of the data.")
        told = _told(items, {}, dict.fromkeys(items.shaped, _EVERYTHING))
        everything = np.ones(len(county), dtype=bool)
        near = [*near_cautions(items, _near_m(packs), _subjects(packs)), *_without_outline(items)]
        return Scope([*codes, *outside], everything, [whole], near, [], [], told, everything=True)
    unknown = [code for code in stated if code not in codes]
    if unknown:
        raise unknown_counties("scope", unknown, codes)
    listed = _listed(sorted(stated), names)
    said = Text(f"范围（指定）：{listed.zh}。", f"Scope (stated): {listed.en}.")
    states = {code: "in" if code in stated else "out" for code in items.shaped}
    told = _told(items, states, {code: _STATED if code in stated else _NOT_STATED for code in items.shaped})
    bound = _bound(items, packs, sorted(stated))
    bound.cautions.extend(_without_outline(items))
    return Scope(bound.counties, bound.inside, [said], bound.cautions, bound.sections, [], told)


def _without_outline(items: Items) -> list[Text]:
    """Name the counties that only codes tell of."""
    without = sorted(set(items.counties["code"]) - set(items.shaped))
    if not without:
        return []
    return [
        Text(
            f"以下县没有县界，只见于代码，不在范围图中，也不计县城指标：{'、'.join(without)}。",
            f"These counties have no outline, only codes tell of them; they are not on the map of the scope, and no county town "
            f"counts for them: {', '.join(without)}.",
        )
    ]


class _Bound(NamedTuple):
    counties: list[str]
    inside: npt.NDArray[np.bool_]
    cautions: list[Text]
    sections: list[Section]


def _bound(items: Items, packs: Packs, codes: list[str]) -> _Bound:
    """Bound the items to some counties; what may lie in one of them counts, and can only be told as unknown."""
    unknown = of_unknown_county(items)
    subjects = _subjects(packs)
    outside, sections = left_out(items, subjects)
    cautions = [
        *near_cautions(items, _near_m(packs), subjects),
        *unknown_county_cautions(items, subjects),
        *outside,
    ]
    inside = np.isin(items.table["county_code"].to_numpy(object), codes) | unknown
    return _Bound([*codes, *([NO_COUNTY] if unknown.any() else [])], inside, cautions, sections)


def _subjects(packs: Packs) -> list[str]:
    return [rule.subject for rule in packs.points]


def _near_m(packs: Packs) -> float:
    return float(packs.scope.rule("scope.place_near").value)


def _told(items: Items, state: Mapping[str, str], why: Mapping[str, Text], rules: Sequence[Rule] = ()) -> pd.DataFrame:
    """Give one row a county polygon; a county without a state is in scope."""
    names = dict(zip(items.counties["code"], items.counties["name"]))
    return pd.DataFrame(
        {
            "county_code": items.shaped,
            "county_name": [names[code] for code in items.shaped],
            "in_scope": [state.get(code, "in") for code in items.shaped],
            "reason": [why[code].zh for code in items.shaped],
            "reason_en": [why[code].en for code in items.shaped],
            "unverified": int(any(rule.status != "verified" for rule in rules)),
        },
        dtype=object,
    )


def _listed(codes: list[str], names: dict[str, str]) -> Text:
    if not codes:
        return Text("无", "none")
    zh = [f"{names[code]}（{code}）" if names[code] else code for code in codes]
    en = [f"{names[code]} ({code})" if names[code] else code for code in codes]
    return Text("、".join(zh), ", ".join(en))


def _split(words: str | None) -> list[str]:
    split = (words or "").replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(code.strip() for code in split if code.strip()))
