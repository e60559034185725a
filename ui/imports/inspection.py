"""What the engine says about a file before it is imported, as plain data for the import dialog."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...layers.spec import Field
from ...layers.specs import SPECS
from ...text import NOTHING, Text
from ..language import from_json

AXES = {
    "lon": Text("经度 / 东坐标", "Longitude / easting"),
    "lat": Text("纬度 / 北坐标", "Latitude / northing"),
    "wkt": Text("图形（WKT）", "Geometry (WKT)"),
    "lonlat": Text("经纬度（同一格）", "Longitude and latitude in one cell"),
}
PLACE = Text("位置", "Place")
_OWN = ("uuid", "source_file", "source_row")


@dataclass
class Column:
    """One column of the file: its heading, some values, and the field it goes to (empty for none)."""

    heading: str
    samples: list[str] = field(default_factory=list)
    target: str = ""


_PARTS = {
    ".shp": (".dbf", ".shx", ".prj", ".cpg", ".DBF", ".SHX", ".PRJ", ".CPG"),
    ".tab": (".dat", ".map", ".id", ".DAT", ".MAP", ".ID"),
    ".mif": (".mid", ".MID"),
}


@dataclass
class Inspection:
    """What the engine found in a file."""

    kind: str = ""
    layer: str = ""
    layers: list[str] = field(default_factory=list)
    encoding: str = ""
    rows: int = 0
    datum: str = ""
    crs: str = ""
    evidence: list[Text] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    preview: list[list[str]] = field(default_factory=list)
    row_numbers: list[str] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)


@dataclass
class SourceFile:
    """One file of the dialog's list: what the planner decided, what was found, and how the import went."""

    path: Path  # of a table of a database: the name of the table
    kind: str = ""
    layer: str = ""
    encoding: str = "auto"
    datum: str = "auto"
    found: Inspection | None = None
    edited: bool = False
    edition_of: str = ""  # name of the earlier source in the workspace
    newer_of: str = ""  # what it should be by the latest diagnosis
    replace: bool = False
    state: Text = NOTHING
    ok: bool | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    recipe: str = ""
    treatments: dict[str, str] = field(default_factory=dict)
    diagnosis: dict[str, Any] = field(default_factory=dict)  # summary of the latest diagnosis
    examined: dict[str, str] = field(default_factory=dict)  # its outputs
    against: tuple[str, int] | None = None  # state of the workspace that it was examined against
    stamp: tuple[tuple[str, int, int], ...] = ()  # of the file on disk when it was diagnosed, see `stamp_of`
    changed: bool = False  # the file is another since, and was diagnosed anew: the planner has yet to look at it
    recalled: bool = False  # what was chosen when the workspace took the file in was looked up
    touched: bool = False  # the planner chose otherwise since
    seen: dict[tuple[str, str], dict[int, int]] | None = None  # the grave findings that the planner knows of
    before: dict[tuple[str, str], dict[int, int]] | None = None  # those before the latest check: others are new
    unseen: dict[str, int] = field(default_factory=dict)  # by severity: findings that a check by itself brought up
    held: bool = False  # and that the planner has yet to look at
    confirmed: tuple[str, str] = ("", "")  # datum, and the evidence against it, that the planner holds to
    waits: str = ""  # name of the file on the list that should come in before it
    provisional: frozenset[str] = frozenset()  # suggestions that the planner leaves undecided knowingly
    chosen_then: dict[str, str] = field(default_factory=dict)  # the treatments of the latest diagnosis
    counts: dict[str, int] = field(default_factory=dict)  # of rows, by choices made since the latest diagnosis
    imported: tuple[str, int] | None = None  # state of the workspace right after its import
    warns_treated: int = 0  # warnings that the present choices settle
    was_in: bool = False  # it is imported, and the planner chose otherwise since
    refusal: Text = NOTHING  # why it could not be examined
    address: str = field(default="", repr=False)  # of a database; it may hold a password and is never shown
    connection: str = ""  # name of the stored connection that it comes from

    @property
    def where(self) -> str:
        """Where the rows come from, as the planner may see it."""
        return f"{self.connection} · {self.path}" if self.connection else str(self.path)

    @property
    def foreseen(self) -> dict[str, Any]:
        """What an import would come to by the latest diagnosis and the choices made since."""
        return {**self.diagnosis, **self.counts, "warns_treated": self.warns_treated}

    def forget_outcome(self) -> None:
        """Forget how the import went: what the planner decided since makes it another one."""
        self.was_in = self.was_in or bool(self.summary)
        self.summary, self.outputs, self.imported = {}, {}, None

    def parameters(self) -> dict[str, Any]:
        """Give what the planner decided, as both jobs take it; nothing for what is left to the engine."""
        stated = {
            "source": self.address or str(self.path),
            "kind": self.kind,
            "layer": self.layer,
            "encoding": self.encoding,
            "datum": self.datum,
            "recipe": self.recipe,
        }
        return {name: value for name, value in stated.items() if value}


def is_edition(item: SourceFile) -> bool:
    """Tell whether the workspace holds earlier rows of a file, by its latest diagnosis."""
    return "rows_unchanged" in item.diagnosis


def stamp_of(item: SourceFile) -> tuple[tuple[str, int, int], ...]:
    """Give name, time in nanoseconds and size of what a file is made of; nothing for a table of a database.

    A shapefile has parts of its name beside it, a geodatabase is all files in its folder.
    """
    path = item.path
    if item.address or not path.exists():
        return ()
    parts = sorted(path.iterdir()) if path.is_dir() else [path]
    parts += [path.with_suffix(suffix) for suffix in _PARTS.get(path.suffix.lower(), ())]
    files = [part for part in parts if part.is_file() and not part.name.endswith(".lock")]
    return tuple((part.name, part.stat().st_mtime_ns, part.stat().st_size) for part in files)


def fields_of(kind: str) -> list[Field]:
    """Give the fields that a column may go to."""
    return [item for item in SPECS[kind].fields if item.name not in _OWN] if kind in SPECS else []


def write_mapping(found: Inspection, path: Path) -> Path:
    """Write the mapping that the dialog shows: every heading with its field, or null; constants as ``=text``."""
    told: dict[str, str | None] = {column.heading: column.target or None for column in found.columns if column.heading}
    told.update({f"={value}": name for name, value in found.constants.items() if value})
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def still_missing(found: Inspection, kind: str) -> list[Field]:
    """Give the required fields that neither a column nor a constant fills."""
    filled = {column.target for column in found.columns} | {name for name, value in found.constants.items() if value}
    filled -= {None, ""}
    return [item for item in fields_of(kind) if item.required and not {item.name, item.unless} & filled]


def texts(values: Any) -> list[Text]:
    """Give a list of protocol texts."""
    return [from_json(value) for value in values or []]
