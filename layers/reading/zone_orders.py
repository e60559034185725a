"""A zone that the planner orders: against the zone number in front of the eastings, and against the evidence.

The number may be wrong while the metres after it are right, as when a whole list was numbered by hand. It is left out
only where the ordered zone has other grounds: the number names the same central meridian, the evidence says the same as
the planner, or the planner holds to the order (``wrong_zone=keep``).
"""

from __future__ import annotations

from dataclasses import replace

from ...errors import InputError
from ...text import Text
from ..findings.kind import KEEP
from ..findings.treatments import Treatments
from ..sources.raw_table import RawTable
from ..zones import epsg_zone, is_transverse, meridian_of_number, number_of, with_number, zone_key
from .datum_decision import Decision
from .verdict import Verdict


def settle_number(decision: Decision, datum: str, verdict: Verdict, chosen: Treatments) -> Decision:
    """Take eastings by the ordered zone whatever number stands before them, where there are grounds for it.

    Parameters
    ----------
    decision : Decision
    datum : str
        What the planner ordered.
    verdict : Verdict
    chosen : Treatments

    Returns
    -------
    Decision
        With a CRS for the number as it stands and a notice; unchanged where nothing is to be settled.
    """
    crs = decision.crs
    if crs is None or verdict.has_prefix is None or not datum.startswith("EPSG:") or not is_transverse(crs):
        return decision
    key, own = zone_key(crs), number_of(crs)
    if key is None or verdict.number == own:
        return decision
    same = not verdict.number or meridian_of_number(verdict.number) == key[0]
    if not (same or chosen.action("wrong_zone") == KEEP or _same_meridian(verdict, key[0])):
        return decision
    return replace(
        decision,
        crs=with_number(crs, verdict.number),
        notices=(*decision.notices, _left_out(datum, key[0], verdict.number)),
    )


def check_order(table: RawTable, datum: str, verdict: Verdict, chosen: Treatments) -> None:
    """Refuse an order of one zone where the rows clearly lie in another: between two zones lie some 300 km.

    Raises
    ------
    InputError
        With both ways out: the zone of the evidence, or to hold to the order.
    """
    key = _zone_of(datum)
    ordered_otherwise = key is not None and verdict.firm and verdict.decision.startswith("EPSG:")
    if not ordered_otherwise or key is None or _same_meridian(verdict, key) or chosen.action("wrong_zone") == KEEP:
        return
    raise InputError(
        Text(
            f"{table.name} 指定的投影带 {datum}（中央经线 {key:g}°）与依据不符。{verdict.why.zh}",
            f"The evidence contradicts the zone {datum} (central meridian {key:g}°) that was stated for {table.name}. "
            f"{verdict.why.en}",
        ),
        Text(
            f"请改用 --datum {verdict.datum}；核实后仍要按 {datum} 导入，请再加 --treatments wrong_zone=keep。",
            f"Say --datum {verdict.datum}; to import it by {datum} all the same, add --treatments wrong_zone=keep.",
        ),
    )


def same_zone(verdict: Verdict, datum: str) -> bool:
    """Tell whether the evidence says the central meridian of a zone, whatever the number before the eastings."""
    key = _zone_of(datum)
    return key is not None and verdict.has_prefix is not None and _same_meridian(verdict, key)


def _same_meridian(verdict: Verdict, meridian: float) -> bool:
    return _zone_of(verdict.decision) == meridian


def _zone_of(code: str) -> float | None:
    key = epsg_zone(code)
    return None if key is None else key[0]


def _left_out(datum: str, meridian: float, number: int) -> Text:
    if not number:
        return Text(
            f"横坐标不带带号，已按 {datum} 的中央经线 {meridian:g}° 换算。",
            f"The eastings have no zone number; they were converted from the central meridian {meridian:g}° of "
            f"{datum}.",
        )
    return Text(
        f"横坐标前的带号 {number} 未采用：去掉前两位后，已按 {datum}（中央经线 {meridian:g}°）换算。",
        f"The zone number {number} in front of the eastings was left out; without it they were converted from {datum} "
        f"(central meridian {meridian:g}°).",
    )
