"""The control-line conflicts that go into a delivery package: of what is planned, by the control lines of the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ...layers import inputs
from ...layers.html_report import Section
from ...layers.store.results import write_table
from ...rules.pack import Pack
from ...text import Text
from .conflict_tables import said_facilities, said_rows
from .conflicts import Conflicts, judge
from .counties import read_counties
from .facilities import read_facilities
from .known import known_of
from .parameters import PLANNED, STATIONS
from .places import at_worst_places
from .report import sections_for_delivery
from .taken import ground_of
from .words import LABELS, LAYER_LABELS
from .zone_rows import Zones
from .zones import find_zones

FILE = "control_line_conflicts.csv"
FACILITY_FILE = "control_line_facilities.csv"


class ForDelivery(NamedTuple):
    """What a package says of control lines.

    Attributes
    ----------
    conflicts : pandas.DataFrame
        One row a facility and control line, the gravest first; in Chinese, columns as `LABELS`.
    facilities : pandas.DataFrame
        One row a facility with its verdict.
    found : Conflicts
    rules : list of dict
        The presets that were used, as a result cites them; all that are not verified are for the check report to tell.
    cautions : list of Text
    """

    conflicts: pd.DataFrame
    facilities: pd.DataFrame
    found: Conflicts
    zones: Zones
    rules: list[dict[str, Any]]
    cautions: list[Text]


class _Reading:
    """A run that reads a workspace and nothing else; what its readers tell is kept."""

    def __init__(self, workspace: Path) -> None:
        self.parameters: Mapping[str, Any] = {"workspace": str(workspace)}
        self.told: list[Text] = []

    def read(self, _name: str, path: Path) -> Path:
        return path

    def notice(self, message: Text, _rows: Sequence[int] = ()) -> None:
        self.told.append(message)


def conflicts_for_delivery(workspace: Path, pack: Pack) -> ForDelivery | None:
    """Find the conflicts of what is planned in a workspace.

    Parameters
    ----------
    workspace : pathlib.Path
    pack : Pack
        ``land``, with the planner's changes.

    Returns
    -------
    ForDelivery or None
        None where the workspace has no control lines, or no facilities of the phase: nothing can be said.

    Raises
    ------
    InputError, WorkspaceError
        As the job ``control_line_conflicts``.
    """
    reading = _Reading(workspace)
    if not any(inputs.layer_present(reading, name) for name in LAYER_LABELS):
        return None
    zones = find_zones(reading, {})
    if zones is None:
        return None
    facilities = read_facilities(reading, {"layers": None, "phase": PLANNED, "built_sites": STATIONS}, pack)
    if not len(facilities.table):
        return None
    known = known_of(read_counties(reading), pack)
    facilities = at_worst_places(facilities, zones, known, pack)
    ground = ground_of(facilities, pack)
    found = judge(ground, zones, known, pack)
    cautions = [*facilities.cautions, *zones.cautions, *ground.cautions, *found.cautions, *reading.told]
    rules = [rule.cited() for rule in (*ground.rules, *found.rules)]
    return ForDelivery(said_rows(found), said_facilities(found.table), found, zones, rules, cautions)


def write_for_delivery(folder: Path, made: ForDelivery) -> list[Path]:
    """Write the two tables into a package."""
    paths = [folder / FILE, folder / FACILITY_FILE]
    for path, table in zip(paths, (made.conflicts, made.facilities)):
        write_table(path, table, LABELS)
    return paths


def sections_of(made: ForDelivery | None) -> list[Section]:
    """Give the part of the check report: what is in conflict, or that nothing could be checked."""
    if made is not None:
        return sections_for_delivery(made.found, made.zones, made.cautions)
    return [
        Section(
            Text("控制线冲突（规划的设施）", "Control-line conflicts of what is planned"),
            [
                Text(
                    "工作区中没有控制线，或没有规划的设施，未检查；不表示没有冲突。",
                    "The workspace has no control lines, or nothing planned: not checked, which does not mean that there is no conflict.",
                )
            ],
        )
    ]
