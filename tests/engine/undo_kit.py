"""What the tests of the workspace's past share: old files, what an undo must put back, and edits as QGIS makes them."""

import functools
import sqlite3
import tempfile
from pathlib import Path

from xinji_planner.layers.store import geopackage
from xinji_planner.layers.store.workspace import Workspace, create


@functools.cache
def _empty() -> bytes:
    """Making a workspace takes longer than a small test; make it once."""
    with tempfile.TemporaryDirectory() as folder:
        return create(Path(folder) / "empty.gpkg").path.read_bytes()


def empty_workspace(path: Path) -> Workspace:
    """Put an empty workspace there, in place of what is there."""
    path.write_bytes(_empty())
    return Workspace(path)


def state(workspace, layer="villages"):
    """Everything that an undo must put back: rows, index, extent, digests, originals; the file is whole."""
    connection = sqlite3.connect(workspace.path)
    found = [
        connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
        for name in (f"rtree_{layer}_geom", layer, "xinji_changes")
    ]
    for table in ("gpkg_contents", "gpkg_ogr_contents"):
        found.append(connection.execute(f"SELECT * FROM {table} WHERE table_name = ?", (layer,)).fetchall())
    found.append(connection.execute("SELECT * FROM xinji_written WHERE layer = ? ORDER BY fid", (layer,)).fetchall())
    assert connection.execute(f"SELECT rtreecheck('rtree_{layer}_geom')").fetchone() == ("ok",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return found


def edit(workspace, sql):
    """Change the workspace as QGIS does: through GDAL's triggers, without telling anybody."""
    connection = geopackage.connect(workspace.path)
    connection.execute(sql)
    connection.close()


def make_old(path: Path, version: int) -> None:
    """Make a workspace what an earlier version of this software wrote, without what came since."""
    since = {
        2: ("rows_merged", "rows_added", "rows_unchanged", "recipe", "undoes", "undone_by"),
        1: ("rows_changed", "rows_removed"),
    }
    connection = geopackage.connect(path)
    connection.execute("BEGIN")
    for table in ("xinji_changes", "xinji_undo", "xinji_runs", "xinji_written"):
        connection.execute(f"DROP TABLE {table}")
        for listing in ("gpkg_contents", "gpkg_data_columns"):
            connection.execute(f"DELETE FROM {listing} WHERE table_name = ?", (table,))
    for older in (2, 1):
        for name in since[older] if older >= version else ():
            connection.execute(f"ALTER TABLE xinji_history DROP COLUMN {name}")
            connection.execute("DELETE FROM gpkg_data_columns WHERE column_name = ?", (name,))
    connection.execute("UPDATE xinji_schema SET version = ?", (version,))
    connection.execute("COMMIT")
    connection.close()
