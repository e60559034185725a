"""A newer edition of a file says what it changes and deletes; workspaces made by several at once lose nothing."""

import csv
import errno
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.engine.executor import run_job
from xinji_planner.engine.versions import plugin_version
from xinji_planner.errors import Cancelled, InputError
from xinji_planner.jobs import import_layer
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store import geopackage, new_file, workspace_schema
from xinji_planner.layers.store.workspace import (
    LayerChangedError,
    Workspace,
    WorkspaceExistsError,
    create,
    open_or_create,
)
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from xinji_planner.tests.engine.test_import_rules import station, stations
from xinji_planner.tests.engine.test_workspace import names_in, villages
from xinji_planner.tests.engine.undo_kit import make_old

ROOT = Path(__file__).resolve().parents[2]
TARGET = "规划 工作区.gpkg"


def history(tmp_path):
    return Workspace(tmp_path / TARGET).history()


def test_the_first_import_of_a_source_replaces_nothing(tmp_path):
    done = do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    assert [done.summary[key] for key in ("rows_replaced", "rows_changed", "rows_removed")] == [0, 0, 0]
    assert "replaced" not in done.outputs
    assert "替换的行" not in done.report


def test_the_same_file_again_changes_nothing_and_says_nothing(tmp_path):
    rows = (*STATIONS, station(id="B9", name="", band="", lon="100.123456789012", lat="25.1"))
    before = do_import(tmp_path, stations(tmp_path, *rows), "base_stations")
    done = do_import(tmp_path, stations(tmp_path, *rows), "base_stations")
    assert [done.summary[key] for key in ("rows_replaced", "rows_changed", "rows_removed")] == [4, 0, 0]
    assert done.column("uuid") == before.column("uuid")
    assert not any("覆盖" in notice["zh"] for notice in done.notices)


def test_a_row_that_does_not_come_again_is_deleted_with_notice_table_report_and_history(tmp_path):
    first = do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    done = do_import(tmp_path, stations(tmp_path, *STATIONS[:2]), "base_stations")
    assert [done.summary[key] for key in ("rows_replaced", "rows_changed", "rows_removed")] == [2, 0, 1]
    (row,) = done.replaced
    assert (row["uuid"], row["key"], row["what"]) == (first.column("uuid")[2], "B003 / CBN / 4G;5G / 700", "removed")
    old = json.loads(row["old"])
    assert (old["name"], old["source_row"], old["technology"]) == ("南山站", 4, "4G;5G")
    assert shapely.from_wkt(old["geometry"]).equals(shapely.Point(100.3, 25.3))
    assert any("1 行已删除" in notice["zh"] and "a.csv" in notice["zh"] for notice in done.notices)
    assert "替换的行" in done.report
    assert [(note["rows_changed"], note["rows_removed"]) for note in history(tmp_path)] == [(0, 0), (0, 1)]


def test_values_and_places_that_change_are_listed_one_by_one_and_an_edit_in_the_workspace_stays(tmp_path):
    do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    connection = geopackage.connect(tmp_path / TARGET)  # as QGIS would
    connection.execute("UPDATE base_stations SET remark = '现场核实' WHERE station_id = 'B003'")
    connection.close()
    rows = [station(name="", lon="100.11"), *STATIONS[1:]]
    done = do_import(tmp_path, stations(tmp_path, *rows), "base_stations")
    assert [done.summary[key] for key in ("rows_replaced", "rows_changed", "rows_removed")] == [3, 1, 0]
    assert done.summary["rows_edited"] == 1
    assert done.column("remark")[2] == "现场核实"
    assert [tuple(row.values())[1:] for row in done.replaced] == [
        ("B001 / CMCC / 5G / 2600", "changed", "name", "东山站", ""),
        ("B001 / CMCC / 5G / 2600", "changed", "geometry", "POINT (100.1 25.1)", "POINT (100.11 25.1)"),
        ("B003 / CBN / 4G;5G / 700", "edited", "remark", "现场核实", ""),
    ]
    assert any("1 行的取值或位置已被本次导入覆盖" in notice["zh"] for notice in done.notices)
    assert "现场核实" in done.report


def test_rows_of_other_sources_and_drawn_rows_are_no_part_of_it(tmp_path):
    do_import(tmp_path, stations(tmp_path, STATIONS[0], name="它.csv"), "base_stations")
    do_import(tmp_path, stations(tmp_path, STATIONS[1], name="b'c.csv"), "base_stations")
    done = do_import(tmp_path, stations(tmp_path, STATIONS[1], name="b'c.csv"), "base_stations")
    assert [done.summary[key] for key in ("rows_replaced", "rows_changed", "rows_removed")] == [1, 0, 0]
    assert len(done.table) == 2


@pytest.mark.parametrize("rows", [[station(id="C1")], [STATIONS[0]], [station(lon="x")]])
def test_a_file_that_would_delete_more_than_half_is_refused_until_the_planner_says_replace(tmp_path, rows):
    do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    (tmp_path / "另一文件夹").mkdir()
    source = write_csv(tmp_path / "另一文件夹/a.csv", [STATION_HEADINGS, *rows])
    with pytest.raises(InputError, match="同名") as refusal:
        do_import(tmp_path, source, "base_stations")
    assert "--replace" in refusal.value.remedy.zh
    assert "改名" in refusal.value.remedy.zh
    done = do_import(tmp_path, source, "base_stations", replace=True)
    assert done.summary["rows_removed"] == sum(row["what"] == "removed" for row in done.replaced) >= 2
    assert len(done.table) == done.summary["rows_out"] + done.summary["rows_kept"]


def test_the_history_names_the_versions_and_no_date(tmp_path):
    do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    (note,) = history(tmp_path)
    assert note["versions"] == {"plugin": plugin_version(), "schema": workspace_schema.SCHEMA_VERSION}
    assert note["versions"]["plugin"]
    assert note["date"] is None


def test_a_workspace_of_the_first_version_opens_and_the_next_import_upgrades_it(tmp_path):
    old = create(tmp_path / "old.gpkg")
    old.replace_rows(villages(["甲"]), history={"source_file": "a.csv"})
    make_old(old.path, 1)
    opened = Workspace(old.path)
    assert opened.history()[0]["rows_removed"] is None
    assert names_in(opened) == ["甲"]
    opened.replace_rows(villages(["乙"]), history={"source_file": "a.csv", "rows_removed": 1})
    assert [note["rows_removed"] for note in Workspace(old.path).history()] == [None, 1]
    with sqlite3.connect(old.path) as connection:
        assert connection.execute("SELECT version FROM xinji_schema").fetchall() == [(workspace_schema.SCHEMA_VERSION,)]


TOGETHER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1] + "/tests/engine")
    sys.path.insert(0, sys.argv[1] + "/tests")
    import conftest
    import test_workspace as own
    from xinji_planner.layers.store import workspace

    print("ready", flush=True)
    sys.stdin.readline()
    if sys.argv[4] == "no links":
        import os

        def link(*_names):
            raise OSError(1, "no hard links here")

        os.link = link
    name = sys.argv[3]
    workspace.open_or_create(Path(sys.argv[2])).replace_rows(
        own.villages([name], name), history={"source_file": name}
    )
"""


@pytest.mark.parametrize("links", ["links", "no links"])
def test_several_processes_that_make_one_workspace_all_find_their_rows_in_it(tmp_path, links):
    target = tmp_path / "新 工作区.gpkg"
    command = [sys.executable, "-c", textwrap.dedent(TOGETHER), str(ROOT), str(target)]
    makers = [
        subprocess.Popen([*command, name, links], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for name in "abc"
    ]
    for maker in makers:
        assert maker.stdout.readline().strip() == b"ready"
    for maker in makers:
        maker.stdin.write(b"\n")
        maker.stdin.flush()
    for maker in makers:
        maker.communicate(timeout=60)
        assert maker.returncode == 0
    assert sorted(names_in(Workspace(target))) == ["a", "b", "c"]
    assert [item.name for item in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("links", [True, False])
def test_a_workspace_that_appears_while_another_is_made_is_kept(tmp_path, monkeypatch, links):
    target = tmp_path / "w.gpkg"
    real = workspace_schema.build

    def build(path):
        real(path)
        real(target)
        Workspace(target).replace_rows(villages(["甲"]), history={})

    monkeypatch.setattr("xinji_planner.layers.store.making.build", build)
    if not links:

        def link(*_names):
            raise OSError(errno.EPERM, "no hard links here")

        monkeypatch.setattr(os, "link", link)
    with pytest.raises(WorkspaceExistsError):
        create(target)
    assert open_or_create(target).counts()["villages"] == 1
    assert [item.name for item in tmp_path.iterdir()] == ["w.gpkg"]


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_builds_is_not(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    gone = [f".w.gpkg.{dead.pid}.partial.gpkg", f".w.gpkg.{new_file.host_label()}-{dead.pid}.partial.gpkg-journal"]
    kept = [f".w.gpkg.{os.getppid()}.partial.gpkg", f".w.gpkg.elsewhere-{dead.pid}.partial.gpkg", ".v.gpkg.1.gpkg"]
    for name in gone + kept:
        (tmp_path / name).write_bytes(b"")
    create(tmp_path / "w.gpkg")
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted([*kept, "w.gpkg"])


def test_an_import_that_another_one_overtook_counts_the_keys_of_the_other(tmp_path, monkeypatch):
    """Both bring B001; whoever writes second must set it aside, although it was not there when it looked."""
    target = tmp_path / TARGET
    first = stations(tmp_path, *STATIONS[:2], name="甲.csv")
    second = stations(tmp_path, STATIONS[0], STATIONS[2], name="乙.csv")
    overtaken = []
    real = Workspace.replace_rows

    def replace_rows(self, table, **more):
        if not overtaken:
            overtaken.append(True)
            do_import(tmp_path, first, "base_stations", workspace=target)
        return real(self, table, **more)

    monkeypatch.setattr(Workspace, "replace_rows", replace_rows)
    asked = dict.fromkeys(item.name for item in import_layer.JOB.parameters)
    folder = tmp_path / "own"
    folder.mkdir()
    asked |= {"source": str(second), "kind": "base_stations", "datum": "auto", "workspace": str(target)}
    create(target)
    summary = import_layer.run(RunContext(asked, folder))
    assert summary["set_aside_by_reason"] == {"in_workspace": 1}
    with (folder / "set_aside.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["2"]
    assert sorted(Workspace(target).keys(SPECS["base_stations"])["station_id"]) == ["B001", "B002", "B003"]


def test_rows_are_not_written_over_a_layer_that_changed_since(tmp_path):
    made = create(tmp_path / "w.gpkg")
    made.replace_rows(villages(["甲"], "a.csv"), history={"source_file": "a.csv"})
    with pytest.raises(LayerChangedError):
        made.replace_rows(villages(["乙"], "b.csv"), history={"source_file": "b.csv"}, expected_imports=0)
    assert names_in(made) == ["甲"]
    made.replace_rows(villages(["乙"], "b.csv"), history={"source_file": "b.csv"}, expected_imports=1)


class _Stop:
    """Ask to stop at the n-th look."""

    def __init__(self, after):
        self.left = after

    def __call__(self):
        self.left -= 1
        return self.left < 0


def test_a_sample_that_is_cancelled_leaves_no_workspace(tmp_path):
    target = tmp_path / "样例.gpkg"
    with pytest.raises(Cancelled):
        run_job("load_sample", {"workspace": str(target)}, tmp_path / "result", cancelled=_Stop(60))
    assert list(tmp_path.iterdir()) == []


def test_a_sample_goes_into_a_workspace_that_exists_and_says_so(tmp_path):
    made = create(tmp_path / "w.gpkg")
    made.replace_rows(villages(["甲"], "own.csv"), history={"source_file": "own.csv"})
    said = []
    with pytest.raises(Cancelled):
        run_job(
            "load_sample", {"workspace": str(made.path)}, tmp_path / "result", send=said.append, cancelled=_Stop(60)
        )
    assert any("已存在" in message["message"]["zh"] for message in said if message["type"] == "notice")
    assert names_in(made) == ["甲"]
    assert made.counts()["admin_units"] == 18
