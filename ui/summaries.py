"""One line that says what a run found: always of what, and always with what cannot be told."""

from __future__ import annotations

from typing import Any

from ..jobs.declaration import Job
from ..text import Text, same

_REACH = Text(
    "{villages} 个行政村，已判定 {judged} 个：通达 {reached}，未通达 {not_reached}；无法判定 {cannot_tell} 个{rate}",
    "{judged} of {villages} villages judged: {reached} reached, {not_reached} not; {cannot_tell} cannot be told{rate}",
)
_RATE = Text("。通达率 {rate}%", ". Rate {rate} %")
_ROWS = Text(
    "读入 {rows_in} 行 = 写入 {rows_out} 行 + 搁置 {rows_set_aside} 行",
    "{rows_in} rows in = {rows_out} written + {rows_set_aside} set aside",
)
_GAP = Text(
    "{units} 个单元共 {area_km2} km²：已覆盖 {covered_km2} km²，空白 {gap_km2} km²；空白区内行政村 {villages_in_gap} 个",
    "{units} units, {area_km2} km²: {covered_km2} km² covered, {gap_km2} km² gap; {villages_in_gap} villages in the gap",
)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def summary_line(job: Job | None, summary: dict[str, Any]) -> Text:
    """Give the line for a summary; empty where the summary has no figure to speak of."""
    shown = {key: _number(value) for key, value in summary.items()}
    if {"villages", "reached", "not_reached", "cannot_tell"} <= summary.keys():
        judged = summary["villages"] - summary["cannot_tell"]
        rate = summary.get("rate_percent")
        return _REACH.filled(
            **{key: shown[key] for key in ("villages", "reached", "not_reached", "cannot_tell")},
            judged=_number(judged),
            rate=same("") if rate is None else _RATE.filled(rate=rate),
        )
    if {"rows_in", "rows_out", "rows_set_aside"} <= summary.keys():
        return _ROWS.filled(**{key: shown[key] for key in ("rows_in", "rows_out", "rows_set_aside")})
    if {"units", "area_km2", "covered_km2", "gap_km2", "villages_in_gap"} <= summary.keys():
        keys = ("units", "area_km2", "covered_km2", "gap_km2", "villages_in_gap")
        return _GAP.filled(**{key: shown[key] for key in keys})
    return same("")
