"""Words about the headings that a mapping uses: those of a pair of coordinates, and those that stand there twice."""

from __future__ import annotations

from ...text import Text
from ..cells.fold import fold
from .mapping import Mapping, Pair


def headings_of(mapping: Mapping, pair: Pair) -> Text:
    """Give the headings of a pair of coordinates, for a message."""
    words = tuple(mapping.headings[column] for column in dict.fromkeys((pair.lon, pair.lat)))
    return Text("、".join(words), ", ".join(words))


def repeated_headings(mapping: Mapping, pair: Pair | None = None, wkt: bool = False) -> list[Text]:
    """Say of every heading that stands over several columns which of them is used; nothing of those not used."""
    used = set(mapping.fields.values()) | ({pair.lon, pair.lat} if pair else set())
    used |= {mapping.wkt} if wkt and mapping.wkt is not None else set()
    columns: dict[str, list[int]] = {}
    for column, heading in enumerate(mapping.headings):
        if words := fold(heading):
            columns.setdefault(words, []).append(column)
    found = []
    for same in columns.values():
        taken = [column for column in same if column in used]
        if len(same) < 2 or not taken:
            continue
        names = [f"{column + 1}“{mapping.headings[column]}”" for column in same]
        kept = [str(column + 1) for column in taken]
        found.append(
            Text(
                f"列名重复：第 {'、第 '.join(names)} 列；采用第 {'、'.join(kept)} 列。",
                f"A heading stands over several columns: {', '.join(names)}; used: column {', '.join(kept)}.",
            )
        )
    return found
