"""The rule packs of a frontier scoreboard: which rules it scores, and whether they are in force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ...engine.context import RunContext
from ...errors import InputError
from ...rules.own import is_file, own_files, stated_pack
from ...rules.pack import Pack, Rule
from ...rules.subjects import JOINED, classes_of
from ...text import Text
from ..shared.pack_parameters import FRONTIER_PACKS
from ..shared.packs import read_pack
from .items import LAYER_OF
from .scenes import RURAL

_RURAL_POINTS = "N17.rural_points"


class Packs(NamedTuple):
    """The rules of a run.

    Attributes
    ----------
    main, reach, scope, roads : Pack
        The pack that is scored, ``village_reach``, ``frontier-scope`` and ``frontier-roads``.
    points, others : list of Rule
        Rules whose subject is a class of points or villages; roads and seas.
    """

    main: Pack
    reach: Pack
    scope: Pack
    roads: Pack
    points: list[Rule]
    others: list[Rule]

    @property
    def scored(self) -> list[Rule]:
        """All indicators in the order of the pack."""
        return [rule for rule in self.main.rules.values() if rule.subject]

    @property
    def subjects(self) -> frozenset[str]:
        """What the indicators count."""
        return frozenset(rule.subject for rule in self.scored)

    @property
    def rural_kinds(self) -> tuple[str, ...]:
        """Kinds of key points by which villages are judged, where the scene of townships and villages is scored."""
        asked = {scene for subject in self.subjects for scene in classes_of(subject)}
        return tuple(self.main.rule(_RURAL_POINTS).value) if RURAL in asked else ()

    @property
    def cited(self) -> list[Rule]:
        """All rules of the pack that a result rests on."""
        return list(self.main.rules.values())

    @property
    def sizes(self) -> list[Rule]:
        """The rule that says how large a settlement must be, where settlements are counted."""
        counted = any(rule.subject == "settlement" for rule in self.points)
        return [self.reach.rule("N07.households")] if counted else []


def read_packs(context: RunContext) -> Packs:
    """Read the stated pack and what the planner's own packs change in it and in ``village_reach``.

    Raises
    ------
    InputError
        A pack is not sound, or it has no rule that counts a class of things.
    """
    stated, own = context["pack"], context["own_packs"]
    own = Path(own) if own else None
    if is_file(stated) and Path(stated).is_file():
        context.read("pack", Path(stated))
    for path in own_files(own) if own is not None and own.is_dir() else ():
        context.read(f"own_packs/{path.name}", path)
    main = stated_pack(stated, own)
    scored = [rule for rule in main.rules.values() if rule.subject]
    if not scored:
        raise InputError(
            Text(
                f"规则包“{main.title.zh}”没有可计分的规则。",
                f"The rule pack “{main.title.en}” has no rule that can be scored.",
            ),
            Text(
                f"请选用 {'、'.join(choice.value for choice in FRONTIER_PACKS)}，或在规则中写明 subject 和 service。",
                f"Choose one of {', '.join(choice.value for choice in FRONTIER_PACKS)}, or state subject and service in its rules.",
            ),
        )
    points = [rule for rule in scored if rule.subject in LAYER_OF or rule.subject in JOINED]
    others = [rule for rule in scored if rule not in points]
    reach, scope, roads = (read_pack(context, name) for name in ("village_reach", "frontier-scope", "frontier-roads"))
    reach = _told_anew(reach, main)
    return Packs(main, reach, scope, roads, points, others)


def _told_anew(reach: Pack, main: Pack) -> Pack:
    """Judge villages by the scored pack's own thresholds, where it has some; the planner's own stand above both."""
    anew = {
        key: rule
        for key, rule in main.rules.items()
        if key in reach.rules and (rule.own_pack or not reach.rule(key).own_pack)
    }
    return replace(reach, rules={**reach.rules, **anew})


def validity(packs: Packs, day: str) -> list[Text]:
    """Say which rules are not in force on the day that the data speak of, one sentence a period."""
    if not day:
        said = Text(
            "数据没有注明日期，未核对规则的有效期；可用“截止日期”指定。",
            "The data bear no date: whether the rules are in force was not checked; state a day under “As of”.",
        )
        return [said]
    periods: dict[tuple[str, str], int] = {}
    for rule in packs.cited:
        if not rule.valid_on(day):
            periods[rule.valid_from, rule.valid_to] = periods.get((rule.valid_from, rule.valid_to), 0) + 1
    return [
        Text(
            f"规则包“{packs.main.title.zh}”有 {count} 条规则的有效期为 {since or '—'} 至 {until or '—'}，数据日期 {day} 不在其中。",
            f"{count} rules of the pack “{packs.main.title.en}” hold from {since or '—'} to {until or '—'}; the data are of {day}.",
        )
        for (since, until), count in periods.items()
    ]
