"""Which counties a frontier scoreboard is about."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...analysis.scoreboard import NO_COUNTY
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...rules.pack import Rule
from ...text import Text
from .items import Items
from .outline import derived_scope, read_overrides, unknown_counties
from .packs import Packs

DERIVED = "derived"
_SHOWN = 5


class Scope(NamedTuple):
    """The counties of a scoreboard.

    Attributes
    ----------
    counties : list of str
        Codes, sorted; `NO_COUNTY` last where what lies in no county counts too.
    inside : numpy.ndarray of bool, shape (n,)
        Items in scope.
    sentences, cautions : list of Text
        For the report.
    sections : list of Section
        How each county was found to be in scope or not.
    rules : list of Rule
        That decided it.
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
        cautions = [*found.cautions, *_left_out(items)]
        return Scope(
            inside, np.isin(county, inside), [said], cautions, [found.section], found.rules, unsettled=found.unsettled
        )
    if not stated:
        outside = [NO_COUNTY] if (county == NO_COUNTY).any() else []
        whole = Text(f"范围：数据中的全部 {len(codes)} 个县。", f"Scope: all {len(codes)} counties of the data.")
        return Scope([*codes, *outside], np.ones(len(county), dtype=bool), [whole], [], [], [], everything=True)
    unknown = [code for code in stated if code not in codes]
    if unknown:
        raise unknown_counties("scope", unknown, codes)
    listed = _listed(sorted(stated), names)
    said = Text(f"范围（指定）：{listed.zh}。", f"Scope (stated): {listed.en}.")
    return Scope(sorted(stated), np.isin(county, stated), [said], _left_out(items), [], [])


def _listed(codes: list[str], names: dict[str, str]) -> Text:
    if not codes:
        return Text("无", "none")
    zh = [f"{names[code]}（{code}）" if names[code] else code for code in codes]
    en = [f"{names[code]} ({code})" if names[code] else code for code in codes]
    return Text("、".join(zh), ", ".join(en))


def _split(words: str | None) -> list[str]:
    split = (words or "").replace("，", ",").replace("、", ",").split(",")
    return list(dict.fromkeys(code.strip() for code in split if code.strip()))


def _left_out(items: Items) -> list[Text]:
    nowhere = items.table[(items.table["county_code"] == NO_COUNTY).to_numpy(bool)]
    if not len(nowhere):
        return []
    names = nowhere["name"].fillna("").head(_SHOWN).tolist()
    more = len(nowhere) > _SHOWN
    return [
        Text(
            f"{len(nowhere)} 个对象不在任何县界内，未计入：{'、'.join(names)}{'等' if more else ''}。",
            f"{len(nowhere)} things lie in no county and are not counted: {', '.join(names)}{' and more' if more else ''}.",
        )
    ]
