"""An import is undone exactly, in turn, whole or not at all, and never over a planner's edits."""

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import Cancelled, WorkspaceError
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store import rtree, undoing
from xinji_planner.layers.store.undoing import UndoRefusedError
from xinji_planner.layers.store.workspace import LayerChangedError, Workspace
from xinji_planner.layers.table import LayerTable
from xinji_planner.tests.engine.test_workspace import VILLAGES, names_in, villages
from xinji_planner.tests.engine.undo_kit import edit, empty_workspace, make_old, state

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path):
    return empty_workspace(tmp_path / "规划 工作区.gpkg")


def put(workspace, names, source="a.csv", **more):
    return workspace.replace_rows(villages(names, source), history={"source_file": source}, **more)


def test_an_import_that_adds_changes_moves_and_deletes_rows_is_undone_to_the_byte(workspace):
    put(workspace, ["甲", "乙", "丙", "丁"])
    put(workspace, ["它"], "b.csv")
    before = state(workspace)
    table = villages(["甲", "乙二", "丙", "丁", "戊"])
    table.geometry[2] = shapely.Point(99, 21)
    table.geometry[3] = None
    rows = LayerTable(VILLAGES, table.columns.drop(0).reset_index(drop=True), table.geometry[1:])
    workspace.replace_rows(rows, history={"source_file": "a.csv"})
    assert state(workspace) != before
    done = workspace.undo()
    assert state(workspace) == before
    assert (done.run.sequence, done.sequence) == (3, 4)
    assert (done.added, done.removed, done.changed) == (1, 1, 3)


def test_the_first_import_of_all_is_undone_to_an_empty_layer_without_an_extent(workspace):
    before = state(workspace)
    put(workspace, ["甲", "乙"])
    workspace.undo()
    assert state(workspace) == before
    assert workspace.counts()["villages"] == 0


@pytest.mark.parametrize("count", [3, 1500])
def test_an_undo_is_undone_which_brings_the_import_back_as_often_as_wanted(workspace, count):
    """1500 rows: the index is packed, not changed row by row."""
    put(workspace, [f"甲{i}" for i in range(count)])
    before = state(workspace)
    table = villages([f"乙{i}" for i in range(count - 1)], points=shapely.points(np.linspace(99, 120, count - 1), 30))
    notes = pd.DataFrame(
        [(2, "village_name", "spaces", "乙 0", "乙0")], columns=list(workspace.originals(VILLAGES))[2:]
    )
    second = workspace.replace_rows(table, history={"source_file": "a.csv"}, originals=notes)
    after = state(workspace)
    for _ in range(2):
        undone = workspace.undo()
        assert undone.run.sequence == second
        assert (undone.action, undone.originals) == ("undo", 1)
        assert state(workspace) == before
        redone = workspace.undo(undone.sequence)
        assert (redone.action, redone.originals) == ("redo", 1)
        assert state(workspace) == after
    workspace.undo(redone.sequence)  # taking the bringing back back is to undo again
    assert state(workspace) == before


def test_runs_of_a_layer_are_undone_last_in_first_out_and_those_of_another_layer_do_not_matter(workspace):
    states = [state(workspace)]
    for names in (["甲"], ["甲", "乙"], ["丙"]):
        put(workspace, names)
        states.append(state(workspace))
    with pytest.raises(UndoRefusedError) as refused:
        workspace.undo(1)
    assert "第 3 条（a.csv）、第 2 条（a.csv）" in refused.value.message.zh
    assert "依次撤销" in refused.value.remedy.zh
    assert state(workspace) == states[3]
    roads = pd.DataFrame({"uuid": ["r"], "road_id": ["1"], "source_file": ["r.csv"]})
    line = np.array([shapely.LineString([(100, 30), (101, 31)])], dtype=object)

    workspace.replace_rows(LayerTable(SPECS["roads"], roads, line), history={"source_file": "r.csv"})
    for sequence, left in ((3, 2), (2, 1), (1, 0)):
        assert workspace.undo(sequence).run.sequence == sequence
        assert state(workspace) == states[left]
    assert workspace.counts()["roads"] == 1
    assert workspace.undo().run.layer == "roads"
    with pytest.raises(UndoRefusedError, match="没有可撤销的导入"):
        workspace.undo()


def test_what_was_undone_or_never_was_is_named(workspace):
    put(workspace, ["甲"])
    workspace.undo(1)
    with pytest.raises(UndoRefusedError) as refused:
        workspace.undo(1)
    assert "已被第 2 条撤销" in refused.value.message.zh
    with pytest.raises(UndoRefusedError, match="没有第 9 条"):
        workspace.undo(9)


def test_an_undo_cannot_be_undone_once_another_import_came(workspace):
    put(workspace, ["甲"])
    workspace.undo()
    put(workspace, ["乙"])
    with pytest.raises(UndoRefusedError, match=r"3 \(a.csv\)"):
        workspace.undo(2)
    assert workspace.undo().run.sequence == 3
    with pytest.raises(UndoRefusedError, match="没有撤销数据"):
        workspace.undo(2)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE villages SET population = 7 WHERE village_name = '新'",
        "UPDATE villages SET remark = '现场核实' WHERE village_name = '乙二'",
        "UPDATE villages SET geom = NULL WHERE village_name = '乙二'",
        "DELETE FROM villages WHERE village_name = '新'",
    ],
)
def test_rows_that_were_edited_since_are_named_and_nothing_is_undone(workspace, sql):
    put(workspace, ["甲", "乙"])
    put(workspace, ["甲", "乙二", "新"])
    edit(workspace, sql)
    before = state(workspace)
    with pytest.raises(UndoRefusedError) as refused:
        workspace.undo()
    assert "1 行之后在 QGIS 中被修改或删除" in refused.value.message.zh
    (fault,) = refused.value.faults
    assert ("fid 3：此行已删除" if "DELETE" in sql else "此行已修改") in fault.message.zh
    assert state(workspace) == before
    assert len(workspace.history()) == 2


def test_edits_of_rows_that_the_run_did_not_touch_do_not_stand_in_the_way_and_stay(workspace):
    put(workspace, ["甲", "乙"])
    edit(workspace, "INSERT INTO villages (village_name) VALUES ('画的')")
    edit(workspace, "UPDATE villages SET remark = '核实' WHERE village_name = '甲'")
    table = villages(["甲", "乙二"])
    table.columns["remark"] = ["核实", None]
    workspace.replace_rows(table, history={"source_file": "a.csv"})
    edit(workspace, "UPDATE villages SET remark = '又改' WHERE village_name = '画的'")
    workspace.undo()
    assert names_in(workspace) == ["甲", "乙", "画的"]
    assert workspace.read("villages").columns["remark"].tolist()[::2] == ["核实", "又改"]


def test_columns_that_a_planner_added_come_back_with_a_deleted_row(workspace):
    put(workspace, ["甲", "乙"])
    edit(workspace, "ALTER TABLE villages ADD COLUMN photo BLOB")
    edit(workspace, "UPDATE villages SET photo = x'00FF' WHERE village_name = '乙'")
    before = state(workspace)
    put(workspace, ["甲"])
    workspace.undo()
    assert state(workspace) == before
    put(workspace, ["甲", "乙", "丙"])
    edit(workspace, "UPDATE villages SET photo = x'01' WHERE village_name = '丙'")
    with pytest.raises(UndoRefusedError, match="丙"):
        workspace.undo()


def test_the_undo_stands_in_the_history_and_the_run_says_by_which_it_was_undone(workspace):
    put(workspace, ["甲"])
    workspace.replace_rows(villages([]), history={"source_file": "a.csv", "rows_set_aside": 3})
    workspace.undo(versions={"plugin": "1"})
    _, second, third = workspace.history()
    assert (second["undone_by"], third["undoes"], third["action"], third["source_file"]) == (3, 2, "undo", "a.csv")
    assert (third["rows_added"], third["rows_removed"], third["rows_set_aside"]) == (1, 0, None)
    assert third["versions"] == {"plugin": "1"}


def test_an_import_that_looked_before_an_undo_does_not_write_after_it(workspace):
    put(workspace, ["甲"])
    seen = workspace.imports(VILLAGES)
    workspace.undo()
    with pytest.raises(LayerChangedError):
        put(workspace, ["乙"], expected_imports=seen)


def test_undo_data_is_bounded_and_the_latest_run_can_always_be_undone(workspace, monkeypatch):
    monkeypatch.setattr(undoing, "KEPT_BYTES", 500)
    for names in (["甲"] * 5, ["乙"] * 5, ["丙"] * 5, ["丁"] * 5):
        put(workspace, names)
    workspace.undo(4)
    assert names_in(workspace) == ["丙"] * 5
    with pytest.raises(UndoRefusedError, match="没有撤销数据"):
        workspace.undo(3)


KILLED = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1] + "/tests")
    import conftest
    from xinji_planner.layers.store import undoing
    from xinji_planner.layers.store.workspace import Workspace

    def pause(*_):
        print("in the middle", flush=True)
        time.sleep(60)

    undoing.limit = pause
    Workspace(Path(sys.argv[2])).undo()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_kill_in_the_middle_of_an_undo_leaves_the_import_as_it_was(workspace):
    put(workspace, ["新" * 100] * 12000)
    before = state(workspace)
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(ROOT), str(workspace.path)], stdout=subprocess.PIPE
    )
    assert writer.stdout.readline().strip() == b"in the middle"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert Path(f"{workspace.path}-journal").stat().st_size > 0, "nothing had reached the file"
    reopened = Workspace(workspace.path)
    assert state(reopened) == before
    assert len(reopened.history()) == 1
    reopened.undo()
    assert names_in(reopened) == []


def test_the_job_undoes_reports_and_says_what_came_back_in_both_languages(workspace, tmp_path):
    put(workspace, ["甲", "乙"])
    put(workspace, ["甲改"])
    done = run_job("undo_import", {"workspace": str(workspace.path)}, tmp_path / "out")
    summary = done["summary"] if isinstance(done, dict) else done.summary
    assert [summary[key] for key in ("sequence", "undo_sequence", "layer", "rows_restored", "rows_changed_back")] == [
        *(2, 3, "villages", 1, 1)
    ]
    assert summary["rows_in_layer"] == 2
    with (tmp_path / "out/restored.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(row.values())[1:] for row in csv.DictReader(file)]
    assert rows[0] == ("433101001001", "changed", "village_name", "甲改", "甲")
    assert ("433101001002", "restored", "", "", "") in rows
    report = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "已撤销第 2 条导入记录" in report
    assert "Record 2 of the history was undone" in report
    assert names_in(workspace) == ["甲", "乙"]
    with pytest.raises(WorkspaceError, match="没有第 99 条"):
        run_job("undo_import", {"workspace": str(workspace.path), "sequence": 99}, tmp_path / "none")


names = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=5, unique=True)
steps = st.lists(st.tuples(st.sampled_from(["a.csv", "b.csv", "undo"]), names), max_size=7)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_chain_of_imports_and_undos_agrees_with_a_stack_of_copies(workspace, steps):
    empty_workspace(workspace.path)
    copies = [state(workspace)]
    for source, chosen in steps:
        if source == "undo":
            if len(copies) > 1:
                workspace.undo()
                copies.pop()
        else:
            table = villages(chosen, source)
            table.columns["uuid"] = [source + name for name in chosen]
            workspace.replace_rows(table, history={"source_file": source})
            copies.append(state(workspace))
        assert state(workspace) == copies[-1]


boxes = st.lists(st.tuples(*[st.floats(-180, 180, allow_subnormal=False)] * 4), max_size=120)


@settings(max_examples=40, deadline=None)
@given(boxes)
def test_a_packed_index_holds_what_sqlite_would_have_put_in_row_by_row(drawn):
    """Also after rows came and went by SQLite's own means, as when a planner draws on."""
    found = np.array([(min(a, b), max(a, b), min(c, d), max(c, d)) for a, b, c, d in drawn]).reshape(-1, 4)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    rows = [(2 * at + 5, *box) for at, box in enumerate(found.tolist())]
    for name in ("packed", "slow"):
        connection.execute(f"CREATE VIRTUAL TABLE {name} USING rtree(id, minx, maxx, miny, maxy)")
    connection.executemany("INSERT INTO slow VALUES (?, ?, ?, ?, ?)", rows)
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    rtree.pack(connection, "packed", ids, rtree.rounded_outwards(found))
    for step in ("", "DELETE FROM {} WHERE id % 3 = 0", "INSERT INTO {} SELECT id + 1, minx, maxx, miny, maxy FROM {}"):
        for name in ("packed", "slow") if step else ():
            connection.execute(step.format(name, name))
        listed = [connection.execute(f"SELECT * FROM {name} ORDER BY id").fetchall() for name in ("packed", "slow")]
        assert listed[0] == listed[1]
        assert connection.execute("SELECT rtreecheck('packed')").fetchone() == ("ok",)
        window = [
            connection.execute(
                f"SELECT id FROM {name} WHERE maxx >= -20 AND minx <= 20 AND maxy >= -20 AND miny <= 20 ORDER BY id"
            ).fetchall()
            for name in ("packed", "slow")
        ]
        assert window[0] == window[1]
    connection.close()


def test_gdal_finds_rows_by_a_packed_index_and_counts_them(workspace):
    points = shapely.points(*np.random.default_rng(1).uniform((100, 20), (110, 30), (3000, 2)).T)
    workspace.replace_rows(villages(["甲"] * 3000, points=points), history={"source_file": "a.csv"})
    inside = [point for point in points if 104 <= point.x <= 105 and 24 <= point.y <= 25]
    found = pyogrio.read_dataframe(workspace.path, layer="villages", bbox=(104, 24, 105, 25))
    assert len(found) == len(inside) > 0
    assert pyogrio.read_info(workspace.path, layer="villages")["features"] == 3000
    state(workspace)


@pytest.mark.parametrize("version", [1, 2])
def test_a_workspace_of_an_older_version_is_upgraded_by_the_next_run_to_what_a_new_one_is(workspace, version):
    put(workspace, ["甲", "乙"])
    new = tables(workspace.path)
    make_old(workspace.path, version)
    old = Workspace(workspace.path)
    assert (old.originals(VILLAGES).empty, old.earlier(VILLAGES, "a.csv").digests) == (True, [None, None])
    assert old.history()[0]["undone_by"] is None
    edit(old, "UPDATE villages SET remark = '旧改' WHERE village_name = '甲'")
    put(old, ["甲", "乙改"])
    assert tables(old.path) == new
    before = state(old)
    put(old, ["丙"])
    old.undo()
    assert state(old) == before
    old.undo()
    assert names_in(old) == ["甲", "乙"]
    with pytest.raises(UndoRefusedError, match="较早版本的软件"):
        old.undo()


def test_an_undo_upgrades_an_old_workspace_only_if_it_undoes_something(workspace):
    put(workspace, ["甲"])
    make_old(workspace.path, 2)
    before = workspace.path.read_bytes()
    with pytest.raises(UndoRefusedError, match="没有撤销数据"):
        Workspace(workspace.path).undo()
    assert workspace.path.read_bytes() == before


def tables(path):
    """Every column of every table, and what GDAL is told of the tables."""
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
        found = {name: sorted(row[1:3] for row in connection.execute(f"PRAGMA table_info('{name}')")) for name in names}
        for listing in ("gpkg_contents", "gpkg_data_columns", "xinji_schema"):
            found[listing + " rows"] = sorted(map(str, connection.execute(f"SELECT * FROM {listing}")))
    connection.close()
    return {name: rows for name, rows in found.items() if "villages" not in name}


def test_gdal_lists_the_tables_of_originals_and_undo_and_hides_the_rest(workspace):
    notes = pd.DataFrame([(2, "village_name", "spaces", " 甲", "甲")], columns=list(workspace.originals(VILLAGES))[2:])
    put(workspace, ["甲"], originals=notes)
    put(workspace, ["乙"])
    listed = {name for name, _ in pyogrio.list_layers(workspace.path)}
    assert {name for name in listed if name.startswith("xinji")} == {"xinji_history", "xinji_changes", "xinji_undo"}
    assert pyogrio.read_dataframe(workspace.path, layer="xinji_changes")["original"].tolist() == [" 甲"]
    kept = pyogrio.read_dataframe(workspace.path, layer="xinji_undo", columns=["action", "fields"])
    assert kept["fields"].tolist() == ['{"village_name": "甲"}']


def test_a_cancel_or_a_report_that_cannot_be_written_undoes_nothing(workspace, tmp_path):
    put(workspace, ["甲"])
    before = state(workspace)
    begun = Path(f"{workspace.path}-journal").exists  # cancel in the middle of the transaction
    with pytest.raises(Cancelled):
        run_job("undo_import", {"workspace": str(workspace.path)}, tmp_path / "out", cancelled=begun)
    assert state(workspace) == before

    def fail(_):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        workspace.undo(report=fail)
    assert state(workspace) == before
    assert len(workspace.history()) == 1
