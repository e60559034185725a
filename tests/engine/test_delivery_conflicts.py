"""A delivery package says where what it plans meets control lines."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from xinji_planner.engine.executor import run_job


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("交付 冲突")
    run_job("load_sample", {"workspace": str(folder / "海岳县.gpkg")}, folder / "导入")
    return folder


def rows(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_package_holds_the_conflicts_that_the_job_of_its_own_finds(home):
    workspace = str(home / "海岳县.gpkg")
    delivered = run_job("delivery_package", {"workspace": workspace, "profile": "municipal"}, home / "成果")
    alone = run_job("control_line_conflicts", {"workspace": workspace}, home / "冲突")
    package = Path(delivered.outputs["package"])
    inside = rows(package / "control_line_conflicts.csv")
    assert inside == rows(alone.outputs["conflicts"]) and len(inside) > 5
    page = Path(delivered.outputs["check_report"]).read_text(encoding="utf-8")
    assert "控制线冲突（规划的设施）" in page and "Control-line conflicts of what is planned" in page
    named = [
        line.split(maxsplit=1)[1].lstrip("*") for line in (package / "checksums.sha256").read_text("utf-8").splitlines()
    ]
    assert "control_line_conflicts.csv" in named
    assert delivered.summary["findings"]["error"] == 6  # the open feature codes, and nothing of the tables


def test_a_workspace_without_control_lines_says_that_nothing_was_checked(home, tmp_path):
    import shutil
    import sqlite3

    path = tmp_path / "无控制线.gpkg"
    shutil.copyfile(home / "海岳县.gpkg", path)
    with sqlite3.connect(path) as connection:
        connection.enable_load_extension(False)
        connection.execute("DROP TABLE IF EXISTS rtree_control_lines_geom")
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'control_lines'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("DELETE FROM control_lines")
    run = run_job("delivery_package", {"workspace": str(path), "profile": "municipal"}, tmp_path / "成果")
    assert not (Path(run.outputs["package"]) / "control_line_conflicts.csv").exists()
    assert "不表示没有冲突" in Path(run.outputs["check_report"]).read_text(encoding="utf-8")
