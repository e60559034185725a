"""What a workspace holds, read with SQLite alone: rows and rows set aside by layer. Standard library only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ..errors import WorkspaceError
from ..layers.specs import SPECS
from ..text import Text


@dataclass(frozen=True)
class LayerState:
    """One layer of a workspace: how many rows it has, how many its imports set aside, and from which files."""

    name: str
    rows: int
    set_aside: int
    sources: tuple[str, ...]


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
        raise WorkspaceError(
            Text(
                "{path} 不是规划工作区，或无法读取（{why}）。",
                "{path} is no planning workspace, or unreadable ({why}).",
            ).filled(path=path, why=error),
            Text(
                "请选择本插件建立的 GeoPackage；普通数据请用“导入”。",
                "Choose a GeoPackage that this plugin made; bring other data in by importing.",
            ),
        ) from error


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
    latest = connection.execute(
        "SELECT layer, source_file, rows_set_aside, max(sequence) FROM xinji_history GROUP BY layer, source_file"
    ).fetchall()
    found = []
    for name in SPECS:
        if name not in there:
            continue
        count = _count(connection, name, "gpkg_ogr_contents" in there)
        notes = [(source, aside) for layer, source, aside, _ in latest if layer == name]
        found.append(
            LayerState(
                name,
                count,
                sum(int(aside or 0) for _, aside in notes),
                tuple(Path(source).name for source, _ in notes if source),
            )
        )
    return found
