"""Tables as operators send them: rows in their order, with the faults planted in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

UNCHECKED = "待核实"


@dataclass
class Line:
    """One row below the header. `reason` says why it must be set aside; empty for a good row.

    `issue` names a heading whose value cannot be read although the row is kept; `shape` is the geometry of a layer.
    """

    cells: dict[str, Any]
    reason: str = ""
    heading: str = ""
    issue: str = ""
    shape: Any = None


@dataclass
class Sheet:
    """One file, or one layer of a file.

    Attributes
    ----------
    path : str
        Below ``received/``.
    datum : str
        What ``--datum`` must be told.
    first_row : int
        Row number of the first row below the header, as the planner's program shows it; 1 for a layer.
    """

    path: str
    kind: str
    datum: str
    lines: list[Line]
    layer: str = ""
    first_row: int = 1
    headings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.headings = self.headings or list(self.lines[0].cells)

    def set_aside(self) -> list[dict[str, Any]]:
        """Give every row that must be set aside, with its row number and reason."""
        return [
            {
                "file": self.path,
                "layer": self.layer,
                "row": self.first_row + k,
                "reason": line.reason,
                "heading": line.heading,
                "value": "" if line.heading not in line.cells else str(line.cells[line.heading]),
            }
            for k, line in enumerate(self.lines)
            if line.reason
        ]

    def without_place(self) -> int:
        """Count the rows that are kept although they have no coordinates (0,0 is none either)."""
        lon = next((heading for heading in self.headings if heading.startswith("经度")), None)
        return sum(lon is not None and not line.reason and line.cells[lon] in ("", "0") for line in self.lines)

    def value_issues(self) -> list[dict[str, Any]]:
        """Give every value of a kept row that cannot be read."""
        return [
            {
                "file": self.path,
                "layer": self.layer,
                "row": self.first_row + k,
                "heading": line.issue,
                "value": str(line.cells[line.issue]),
            }
            for k, line in enumerate(self.lines)
            if line.issue and not line.reason
        ]


Fault = tuple[str, str, dict[str, Any]]


def plant(lines: list[Line], id_heading: str, faults: list[Fault], rng: Random) -> list[Line]:
    """Add one bad row a fault among the good ones, and an exact copy of one row further down.

    A fault is its reason, the heading at fault and the cells that replace good ones. The bad row is a new row of its
    own (another id), so that setting it aside takes nothing away that the truth counts.
    """
    out = list(lines)
    good = [line for line in lines if not line.issue]
    for number, (reason, heading, cells) in enumerate(faults):
        model = rng.choice(good)
        identity = str(model.cells[id_heading])
        fresh = {**model.cells, id_heading: identity[:-3] + f"{900 + number}", **cells}
        shape = cells.get("shape", model.shape)
        fresh.pop("shape", None)
        out.insert(rng.randrange(3, len(out)), Line(fresh, reason, heading, shape=shape))
    copied = rng.randrange(5, len(out) // 2)
    while out[copied].reason or out[copied].issue:
        copied += 1
    twin = out[copied]
    again = Line(dict(twin.cells), "exact_duplicate", id_heading, shape=twin.shape)
    out.insert(rng.randrange(copied + 5, len(out)), again)
    return out


def total(headings: list[str], at: str, sums: dict[str, Any]) -> Line:
    """Give the total row that closes a table."""
    return Line({**dict.fromkeys(headings, ""), at: "合计", **sums}, "total_row", at)


def place_faults(lon: str, lat: str, point: tuple[float, float]) -> list[Fault]:
    """Give the faults of coordinates that every point table has: none, zero, words, swapped columns, a lost point."""
    return [
        ("no_place", lon, {lon: "", lat: ""}),
        ("no_place", lon, {lon: "0", lat: "0"}),
        ("bad_coordinate", lon, {lon: UNCHECKED, lat: UNCHECKED}),
        ("swapped", lat, {lon: str(point[1]), lat: str(point[0])}),
        ("scaled", lon, {lon: str(point[0]).replace(".", ""), lat: str(point[1])}),
    ]
