"""The layers and tables of control-line conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...engine.context import RunContext
from ...layers.codes import OPERATORS, STATUSES
from ...layers.shapes import points_in
from ...layers.store.results import write_layer, write_table
from ...text import Text, same
from ..shared.rule_words import SEVERITY_LABELS
from ..shared.rules import plain
from .alternatives import Alternatives
from .conflicts import ROW_COLUMNS, Conflicts
from .facilities import Facilities
from .taken import Ground
from .words import (
    CANNOT_TELL,
    CLASS_LABELS,
    CLEAR,
    CONFLICT,
    LABELS,
    LAYER_LABELS,
    NOTE_LABELS,
    OUTCOME_LABELS,
    REASON_LABELS,
    SIDE_LABELS,
    VERDICT_LABELS,
    ZONE_LABELS,
    kind_label,
    to_do,
    type_label,
)
from .zone_rows import Zones

CHECKED_COLUMNS = (
    *("verdict", "severity", "layer", "feature_id", "name", "operator", "type", "class", "status", "year", "rows"),
    *("footprint_m2", "width_m", "whole_m", "county_code", "county", "reason", "lacking", "note", "touching"),
)
PARCEL_COLUMNS = (
    *("verdict", "layer", "feature_id", "name", "type", "class", "footprint_m2", "width_m"),
    *("county_code", "county", "year"),
)


def write_conflicts(context: RunContext, ground: Ground, found: Conflicts, routes: Alternatives | None) -> None:
    """Write the layers of ``result.gpkg`` and the two tables."""
    table, rows = found.table, found.rows
    path = context.folder / "result.gpkg"
    columns = [*ROW_COLUMNS]
    for name, shapes, kind in (
        ("control_conflict", found.areas, "MultiPolygon"),
        ("control_conflict_line", found.lines, "MultiLineString"),
    ):
        there = ~shapely.is_missing(shapes)
        if there.any():
            context.output(name, path.name)
            write_layer(path, name, plain_rows(rows[there][columns]), shapes[there], kind, aliases=LABELS)
    context.output("control_checked", path.name)
    places = points_in(ground.shapes)
    write_layer(
        path,
        "control_checked",
        plain_rows(table[[*CHECKED_COLUMNS]]),
        (places[:, 0], places[:, 1]),
        "Point",
        aliases=LABELS,
    )
    if routes is not None and any(line is not None for line in routes.lines):
        there = np.array([line is not None for line in routes.lines], dtype=bool)
        shapes = np.array(routes.lines, dtype=object)[there]
        context.output("alternative_route", path.name)
        write_layer(
            path, "alternative_route", plain_rows(routes.table[there]), shapes, "MultiLineString", aliases=LABELS
        )
    write_parcels(context, table, ground.taken.footprint)
    write_table(context.output("conflicts", "conflicts.csv"), said_rows(found), LABELS)
    write_table(context.output("facilities", "facilities.csv"), said_facilities(table), LABELS)


def write_parcels(
    context: RunContext, table: pd.DataFrame, footprints: Any, columns: Sequence[str] = PARCEL_COLUMNS
) -> None:
    """Write the footprints and corridors as they were used."""
    there = ~shapely.is_missing(footprints)
    if there.any():
        path = context.output("land_parcel", "result.gpkg")
        rows = plain_rows(table[there][list(columns)])
        write_layer(path, "land_parcel", rows, footprints[there], "MultiPolygon", aliases=LABELS)


def said_rows(found: Conflicts) -> pd.DataFrame:
    """Put the conflicts into the words of a table, the gravest first."""
    rows = found.rows.sort_values(["severity", "area_m2", "length_m"], ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "layer": [LAYER_LABELS[one].zh for one in rows["layer"]],
            **{key: rows[key].to_numpy() for key in ("feature_id", "name")},
            "type": [type_label(one).zh for one in rows["type"].fillna("")],
            "class": [CLASS_LABELS[one].zh for one in rows["class"]],
            "kind": [ZONE_LABELS[one].zh for one in rows["kind"]],
            "side": [SIDE_LABELS[one].zh for one in rows["side"]],
            **{key: rows[key].to_numpy() for key in ("zone_id", "zone_name", "source", "area_m2", "length_m")},
            "severity": [SEVERITY_LABELS[one].zh for one in rows["severity"]],
            "to_do": [to_do(kind, severity).zh for kind, severity in zip(rows["kind"], rows["severity"])],
        }
    )


def said_facilities(table: pd.DataFrame) -> pd.DataFrame:
    """Put the facilities and their verdicts into the words of a table."""
    status = {code.value: code.label.zh for code in STATUSES}
    return pd.DataFrame(
        {
            "verdict": [VERDICT_LABELS[one].zh for one in table["verdict"]],
            "severity": ["" if pd.isna(one) else SEVERITY_LABELS[int(one)].zh for one in table["severity"]],
            "layer": [LAYER_LABELS[one].zh for one in table["layer"]],
            "feature_id": table["feature_id"],
            "name": table["name"],
            "operator": [operator_words(one).zh for one in table["operator"]],
            "type": [type_label(one).zh if one else "" for one in table["type"]],
            "class": [CLASS_LABELS[one].zh if one else "" for one in table["class"]],
            "status": [status.get(one, "") for one in table["status"]],
            **{key: table[key] for key in ("year", "rows", "footprint_m2", "width_m", "whole_m")},
            **{key: table[key] for key in ("county_code", "county")},
            "reason": [REASON_LABELS[one].zh if one else "" for one in table["reason"]],
            "lacking": [kinds_words(one).zh for one in table["lacking"]],
            "note": [NOTE_LABELS[one].zh if one else "" for one in table["note"]],
            "touching": [touching_words(one).zh for one in table["touching"]],
        }
    )


def operator_words(operators: Any) -> Text:
    """Name operators; a name that is no code stays."""
    labels = {code.value: code.label for code in OPERATORS}
    named = [labels.get(one, same(one)) for one in str(operators or "").split(";") if one]
    return Text("、".join(one.zh for one in named), ", ".join(one.en for one in named))


def touching_words(touching: str) -> Text:
    """Say in which control lines a line or point lies."""
    said = []
    for item in filter(None, touching.split(";")):
        kind, _, metres = item.partition("=")
        label = kind_label(kind, is_outside=False)
        said.append(Text(f"{label.zh} {metres} m", f"{label.en} {metres} m") if metres else label)
    return Text("、".join(one.zh for one in said), ", ".join(one.en for one in said))


def kinds_words(kinds: str) -> Text:
    """Name kinds of control line that stand in one cell."""
    labels = [ZONE_LABELS[kind] for kind in filter(None, kinds.split(";"))]
    return Text("、".join(one.zh for one in labels), ", ".join(one.en for one in labels))


def summary_of(facilities: Facilities, found: Conflicts, zones: Zones, routes: Alternatives | None) -> dict[str, Any]:
    """Give the figures of the run."""
    verdict, worst = found.table["verdict"], found.table["severity"]
    return {
        "facilities": len(found.table),
        **{name: int((verdict == name).sum()) for name in (CONFLICT, CANNOT_TELL, CLEAR)},
        **{name: int((worst == level).sum()) for name, level in (("avoid", 3), ("approval", 2), ("note", 1))},
        "unread_rows": len(facilities.aside),
        "zones": {kind: int((zones.kind == kind).sum()) for kind in zones.kinds},
        "alternatives": {name: int((routes.table["outcome"] == name).sum()) for name in OUTCOME_LABELS}
        if routes is not None
        else None,
    }


def plain_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a table whose columns of objects have None where nothing stands."""
    made = rows.reset_index(drop=True).copy()
    for key in [key for key in made.columns if not pd.api.types.is_numeric_dtype(made[key])]:
        made[key] = [plain(value) if value != "" else None for value in made[key]]
    return made
