"""A newer edition with faults takes nothing good from the workspace, and a row deleted by hand stays deleted."""

import subprocess
import sys

import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.layers.store.workspace import Workspace
from xinji_planner.processes import host_label
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from xinji_planner.tests.engine.test_import_rules import station
from xinji_planner.tests.engine.undo_kit import edit, state

HEADINGS = (*STATION_HEADINGS, "天线挂高", "备注")
ROWS = tuple((*row, height, "") for row, height in zip(STATIONS, ("25", "30", "35")))
TARGET = "规划 工作区.gpkg"
KEPT = "原有 {} 行仍在图层中：本次读不出（"


def bring(tmp_path, *rows, **more):
    return do_import(tmp_path, write_csv(tmp_path / "站点.csv", [HEADINGS, *rows]), "base_stations", **more)


def changed(row, **cells):
    """Give a row with some cells by their place or heading."""
    found = list(row)
    for heading, text in cells.items():
        found[HEADINGS.index(heading)] = text
    return tuple(found)


def said(done):
    return " ".join(notice["zh"] for notice in done.notices)


def counts(done, *names):
    return [done.summary[f"rows_{name}"] for name in names]


FAULTS = {
    "an unknown code": {"状态": "割接中"},
    "no operator": {"运营商": "某某"},
    "no id": {"基站编号": ""},
    "a lost decimal point": {"经度(WGS84)": "1001"},
    "no place": {"纬度(WGS84)": "—"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_bad_cell_in_a_newer_edition_does_not_take_the_good_row(tmp_path, fault):
    bring(tmp_path, *ROWS)
    workspace = Workspace(tmp_path / TARGET)
    before = state(workspace, "base_stations")
    bad = changed(ROWS[1], **fault)
    done = bring(tmp_path, ROWS[0], bad, ROWS[2])
    assert counts(done, "set_aside", "kept", "removed", "changed", "unchanged") == [1, 1, 0, 0, 2]
    assert state(workspace, "base_stations") == before
    (line,) = done.replaced
    assert (line["what"], line["key"]) == ("kept", "B002 / CTCC;CUCC / 5G / 3500")
    assert KEPT.format(1) in said(done)
    assert "绘制" not in said(done)
    again = bring(tmp_path, ROWS[0], changed(ROWS[1], 天线挂高="40"), ROWS[2])
    assert counts(again, "changed", "edited", "in_conflict", "kept") == [1, 0, 0, 0]
    assert Workspace(tmp_path / TARGET).undo().changed == 1


def test_a_row_that_the_newer_edition_really_lacks_goes_beside_one_that_is_set_aside(tmp_path):
    bring(tmp_path, *ROWS, changed(ROWS[0], 基站编号="B004"))
    done = bring(tmp_path, ROWS[0], changed(ROWS[1], 状态="割接中"), ROWS[2], ROWS[2])
    assert counts(done, "set_aside", "kept", "removed") == [2, 1, 1], "a duplicate speaks for no row"
    assert sorted(done.column("station_id")) == ["B001", "B002", "B003"]


def test_a_cell_that_cannot_be_read_leaves_the_older_value_and_an_empty_one_does_not(tmp_path):
    bring(tmp_path, *ROWS)
    done = bring(tmp_path, changed(ROWS[0], 天线挂高="约三十"), changed(ROWS[1], 天线挂高=""), ROWS[2])
    assert done.column("antenna_height_m") == [25, None, 35]
    assert [(line["what"], line["field"], line["old"], line["new"]) for line in done.replaced] == [
        ("kept", "antenna_height_m", "25.0", ""),
        ("changed", "antenna_height_m", "30.0", ""),
    ]
    assert counts(done, "changed", "unchanged", "edited", "kept") == [1, 2, 0, 0]
    assert (done.summary["values_kept"], done.summary["value_issues"]) == (1, 1)
    assert "1 处取值无法识别，工作区中原有的取值保留不变" in said(done)
    again = bring(tmp_path, changed(ROWS[0], 天线挂高="28"), ROWS[1], ROWS[2])
    assert again.column("antenna_height_m") == [28, 30, 35]
    assert counts(again, "edited", "in_conflict") == [0, 0], "the value that stayed is no edit"


def test_an_edit_under_a_cell_that_cannot_be_read_is_still_an_edit(tmp_path):
    bring(tmp_path, *ROWS)
    edit(Workspace(tmp_path / TARGET), "UPDATE base_stations SET antenna_height_m = 77 WHERE station_id = 'B001'")
    done = bring(tmp_path, changed(ROWS[0], 天线挂高="约三十"), *ROWS[1:])
    assert [(line["what"], line["old"]) for line in done.replaced] == [("edited", "77.0")]
    assert counts(done, "edited", "in_conflict") == [1, 0]
    done = bring(tmp_path, *ROWS)
    assert counts(done, "edited", "in_conflict") == [1, 0]
    assert done.column("antenna_height_m")[0] == 77


def test_a_band_that_cannot_be_read_leaves_row_and_band(tmp_path):
    bring(tmp_path, *ROWS)
    done = bring(tmp_path, changed(ROWS[0], 频段="约两千六"), *ROWS[1:])
    assert done.column("band_mhz") == [2600, 3500, 700]
    assert counts(done, "changed", "unchanged", "removed", "added") == [0, 3, 0, 0]
    assert [(line["what"], line["field"]) for line in done.replaced] == [("kept", "band_mhz")]


def test_a_row_deleted_by_hand_stays_deleted_and_every_edition_says_so(tmp_path):
    bring(tmp_path, *ROWS)
    workspace = Workspace(tmp_path / TARGET)
    edit(workspace, "DELETE FROM base_stations WHERE station_id = 'B002'")
    before = state(workspace, "base_stations")
    done = bring(tmp_path, *ROWS)
    assert counts(done, "out", "set_aside", "added", "unchanged") == [2, 1, 0, 2]
    assert done.summary["set_aside_by_reason"] == {"deleted_by_hand": 1}
    assert (done.aside[0]["row"], done.aside[0]["reason_code"]) == ("3", "deleted_by_hand")
    assert "与上次相同" in done.aside[0]["reason_zh"]
    assert "1 行此前已在 QGIS 中删除，未写回" in said(done)
    assert done.summary["findings"]["warns"] == 1
    assert state(workspace, "base_stations") == before
    done = bring(tmp_path, ROWS[0], changed(ROWS[1], 天线挂高="31"), ROWS[2])
    assert "与上次不同" in done.aside[0]["reason_zh"]
    assert state(workspace, "base_stations") == before
    workspace.undo()
    assert state(workspace, "base_stations") == before


def test_apply_brings_a_deleted_row_back_and_an_undo_takes_it_again(tmp_path):
    bring(tmp_path, *ROWS)
    workspace = Workspace(tmp_path / TARGET)
    edit(workspace, "DELETE FROM base_stations WHERE station_id = 'B002'")
    before = state(workspace, "base_stations")
    done = bring(tmp_path, *ROWS, treatments="deleted_by_hand@key B002 / CTCC;CUCC / 5G / 3500=apply")
    assert counts(done, "out", "set_aside", "added") == [3, 0, 1]
    assert counts(bring(tmp_path, *ROWS[::2]), "removed") == [1]
    assert counts(bring(tmp_path, *ROWS), "added", "set_aside") == [1, 0], "a run took it out, not a planner"
    for _ in range(3):
        workspace.undo()
    assert state(workspace, "base_stations") == before


def test_a_recipe_is_no_reason_to_refuse_a_file_for_what_a_planner_deleted(tmp_path):
    first = bring(tmp_path, *ROWS)
    edit(Workspace(tmp_path / TARGET), "DELETE FROM base_stations WHERE station_id = 'B002'")
    recipe = next(tmp_path.glob("run *")) / first.outputs["recipe"]
    assert counts(bring(tmp_path, *ROWS, recipe=recipe), "set_aside") == [1]


def test_a_source_whose_rows_were_all_deleted_starts_afresh_and_that_is_said(tmp_path):
    bring(tmp_path, *ROWS)
    edit(Workspace(tmp_path / TARGET), "DELETE FROM base_stations")
    done = bring(tmp_path, *ROWS)
    assert counts(done, "out", "set_aside", "added") == [3, 0, 3]
    assert done.summary["findings_by_code"]["deleted_by_hand"] == 1
    edit(Workspace(tmp_path / TARGET), "DELETE FROM base_stations WHERE station_id = 'B001'")
    assert counts(bring(tmp_path, *ROWS), "set_aside") == [1]


def test_a_row_that_only_another_file_had_is_not_deleted_for_this_one(tmp_path):
    bring(tmp_path, *ROWS[:2])
    other = write_csv(tmp_path / "他.csv", [STATION_HEADINGS, STATIONS[2], station(id="C1")])
    do_import(tmp_path, other, "base_stations")
    edit(Workspace(tmp_path / TARGET), "DELETE FROM base_stations WHERE station_id = 'B003'")
    assert counts(bring(tmp_path, *ROWS), "out", "set_aside", "added") == [3, 0, 1]


def test_what_killed_runs_left_beside_a_workspace_goes_with_the_next_run_wherever_that_writes(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    home = tmp_path / "项目"
    gone = [f".xinji-new-{host_label()}-{dead.pid}-1-res", f".v.gpkg.{host_label()}-{dead.pid}.partial.gpkg"]
    (home / gone[0]).mkdir(parents=True)
    (home / gone[1]).write_bytes(b"")
    kept = [".xinji-new-elsewhere-1-1-res", ".w.gpkg"]
    (home / kept[0]).mkdir()
    (home / kept[1]).write_bytes(b"")
    run_job("create_workspace", {"workspace": str(home / "w.gpkg")}, tmp_path / "结果")
    assert sorted(item.name for item in home.iterdir()) == sorted([*kept, "w.gpkg"])
