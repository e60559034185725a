"""What a workspace holds, read with SQLite alone: rows and rows set aside by layer. Standard library only."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ..errors import WorkspaceError
from ..layers.specs import SPECS
from ..text import Text


def _unreadable(path: Path, why: sqlite3.Error) -> WorkspaceError:
    return WorkspaceError(
        Text(
            "{path} 不是规划工作区，或无法读取（{why}）。",
            "{path} is no planning workspace, or unreadable ({why}).",
        ).filled(path=path, why=why),
        Text(
            "请选择本插件建立的 GeoPackage；普通数据请用“导入”。",
            "Choose a GeoPackage that this plugin made; bring other data in by importing.",
        ),
    )


@dataclass(frozen=True)
class LayerState:
    """One layer of a workspace: how many rows it has, how many its imports set aside and merged, and from which files."""

    name: str
    rows: int
    set_aside: int
    sources: tuple[str, ...]
    merged: int = 0


def states(workspace: str) -> list[LayerState]:
    """Give the layers of a workspace in the order of the specs.

    Raises
    ------
    WorkspaceError
        The file is not there, or is no workspace.
    """
    path = Path(workspace)
    if not path.is_file():
        raise WorkspaceError(
            Text("没有找到工作区：{path}", "There is no workspace {path}.").filled(path=path),
            Text("请重新选择，或用“导入”新建。", "Choose another, or make one by importing."),
        )
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            return _states(connection)
    except sqlite3.Error as error:
        raise _unreadable(path, error) from error


def sources(workspace: str, layer: str) -> list[str]:
    """Give the names under which a workspace holds the files of a layer, the latest first.

    Raises
    ------
    WorkspaceError
        The history cannot be read.
    """
    path = Path(workspace)
    if not workspace or not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            found = connection.execute(
                "SELECT source_file FROM xinji_history WHERE layer = ? AND source_file <> ''"  # nosec B608 - fixed words
                f" AND {_still_holds(connection)} GROUP BY source_file ORDER BY max(sequence) DESC",
                (layer,),
            ).fetchall()
    except sqlite3.Error as error:
        raise _unreadable(path, error) from error
    return [str(row[0]) for row in found]


def _still_holds(connection: sqlite3.Connection) -> str:
    """Give the condition for imports that were not undone; earlier versions undo nothing."""
    kept = {row[1] for row in connection.execute("PRAGMA table_info(xinji_history)")}
    return "undone_by IS NULL AND undoes IS NULL" if {"undone_by", "undoes"} <= kept else "1"


def sources_or_none(workspace: str, layer: str) -> list[str]:
    """Give the sources of a layer; none where the workspace is yet to be made, or another part says what is wrong."""
    try:
        return sources(workspace, layer)
    except WorkspaceError:
        return []


def revision(workspace: str) -> tuple[str, int]:
    """Give path and number of the latest record of a workspace's history; all that are yet to be made are alike."""
    path = Path(workspace)
    if not workspace or not path.is_file():
        return "", 0
    return str(path.resolve()), max(_sequences(path, ""), default=0)


def holds(workspace: str, sequence: int) -> bool:
    """Tell whether the run of that number still holds: it was not taken back."""
    return sequence in _sequences(Path(workspace), " WHERE undone_by IS NULL")


def _sequences(path: Path, where: str) -> list[int]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            words = f"SELECT sequence FROM xinji_history{where}"  # nosec B608 - fixed words
            return [int(row[0]) for row in connection.execute(words)]
    except sqlite3.Error:  # no workspace, or one of an earlier version
        return []


def datum_before(workspace: str, layer: str, path: Path) -> str:
    """Give the datum in which a workspace took in this very file, byte for byte; empty where it has not.

    A source is named by its file and, of a workbook, its sheet.
    """
    target = Path(workspace)
    if not workspace or not target.is_file() or not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{target.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            found = connection.execute(
                "SELECT sha256, datum FROM xinji_history WHERE layer = ?"  # nosec B608 - fixed words
                " AND (source_file = ? OR substr(source_file, 1, ?) = ?)"
                f" AND {_still_holds(connection)} ORDER BY sequence DESC LIMIT 1",
                (layer, path.name, len(path.name) + 1, f"{path.name}|"),
            ).fetchone()
    except sqlite3.Error:  # no workspace, or one of an earlier version
        return ""
    return str(found[1] or "") if found and found[0] and found[0] == _sha256(path) else ""


def _sha256(path: Path) -> str:
    made = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()


@dataclass(frozen=True)
class LastImport:
    """The latest import that still holds: where it stands in the history, and what undoing it brings back."""

    sequence: int
    layer: str
    source: str
    rows: int  # that it wrote
    added: int  # of these, rows that were not there before
    changed: int  # earlier rows whose values it overwrote
    removed: int  # earlier rows that it deleted


def last_import(workspace: str) -> LastImport | None:
    """Give the latest import that has not been undone; None where there is none, or the history cannot tell."""
    path = Path(workspace)
    if not workspace or not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(
                "SELECT * FROM xinji_history WHERE undone_by IS NULL AND undoes IS NULL ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error:  # a workspace of an earlier version keeps nothing to bring back
        return None
    if found is None:
        return None
    said = dict(found)
    rows, changed, removed = (int(said.get(name) or 0) for name in ("rows_out", "rows_changed", "rows_removed"))
    added = said.get("rows_added")
    return LastImport(
        *(int(said["sequence"]), str(said["layer"]), str(said["source_file"] or "").replace("|", " | ")),
        *(rows, rows - changed if added is None else int(added), changed, removed),
    )


def _count(connection: sqlite3.Connection, name: str, is_kept: bool) -> int:
    """Count the rows of a layer: as GDAL's triggers keep it, since counting millions would hold up the window."""
    if is_kept:
        kept = connection.execute(
            "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (name,)
        ).fetchone()
        if kept and kept[0] is not None:
            return int(kept[0])
    return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # nosec B608 - our own layer names


def _states(connection: sqlite3.Connection) -> list[LayerState]:
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    kept = {row[1] for row in connection.execute("PRAGMA table_info(xinji_history)")}
    merged = "rows_merged" if "rows_merged" in kept else "0"
    latest = connection.execute(
        f"SELECT layer, source_file, rows_set_aside, {merged}, max(sequence) FROM xinji_history"  # nosec B608 - fixed words
        f" WHERE {_still_holds(connection)} GROUP BY layer, source_file"
    ).fetchall()
    found = []
    for name in SPECS:
        if name not in there:
            continue
        count = _count(connection, name, "gpkg_ogr_contents" in there)
        notes = [(source, aside, into) for layer, source, aside, into, _ in latest if layer == name]
        found.append(
            LayerState(
                name,
                count,
                sum(int(aside or 0) for _, aside, _ in notes),
                tuple(Path(source).name for source, *_ in notes if source),
                sum(int(into or 0) for *_, into in notes),
            )
        )
    return found
