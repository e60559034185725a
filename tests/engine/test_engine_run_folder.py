"""The result folder is there whole or not at all, and nothing of the planner's is ever replaced."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from xinji_planner.engine import executor, run_folder
from xinji_planner.engine.executor import job_modules, run_job
from xinji_planner.engine.run_folder import RunFolder, default_target, next_numbered
from xinji_planner.errors import Cancelled, InputError, XinjiError

MODULES = job_modules(Path(__file__).parent / "jobs_for_tests")


def _run(output=None, **parameters):
    return run_job("trial", parameters, output, modules=MODULES)


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _leftover(kind, process, name, host=None):
    return f".xinji-{kind}-{host or run_folder._host()}-{process}-1-{name}"


@pytest.fixture
def ended_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_result_appears_only_when_the_job_is_done(tmp_path, monkeypatch):
    target = tmp_path / "结果"
    seen = []

    def look(message):
        seen.append((target.exists(), [name.startswith(".xinji-new-") for name in _names(tmp_path)]))

    result = run_job("trial", {}, target, modules=MODULES, send=look)
    assert seen == [(False, [True]), (False, [True])]
    assert _names(tmp_path) == ["结果"]
    assert _names(target) == ["run.json", "表 1.csv"]
    assert result.folder == str(target)


@pytest.mark.parametrize("behaviour", ["fault", "refuse", "silent"])
def test_a_run_that_fails_leaves_no_result_and_keeps_the_one_before(tmp_path, behaviour):
    target = tmp_path / "run"
    _run(target)
    before = (target / "run.json").read_bytes()
    with pytest.raises(XinjiError):
        _run(target, behaviour=behaviour)
    assert (target / "run.json").read_bytes() == before
    assert [name for name in _names(tmp_path) if name.startswith(".")] == []


def test_a_cancelled_run_leaves_nothing(tmp_path):
    with pytest.raises(Cancelled):
        run_job("trial", {}, tmp_path / "run", modules=MODULES, cancelled=lambda: True)
    assert _names(tmp_path) == []


def test_an_empty_folder_and_an_earlier_result_are_replaced(tmp_path):
    target = tmp_path / "run"
    target.mkdir()
    _run(target, radius_m=1)
    _run(target, radius_m=2)
    assert json.loads((target / "run.json").read_text(encoding="utf-8"))["summary"]["radius_m"] == 2
    assert _names(tmp_path) == ["run"]


def test_a_folder_that_is_not_ours_is_refused_before_the_job_starts(tmp_path):
    for name, content in (("a.txt", "mine"), ("run.json", "{}"), ("run.json", '{"format": "xinji-run", "files": 3}')):
        target = tmp_path / f"{name}{len(content)}"
        target.mkdir()
        (target / name).write_text(content, encoding="utf-8")
        with pytest.raises(XinjiError, match="not empty"):
            run_job("trial", {}, target, modules=MODULES, send=lambda _: pytest.fail("it started"))
        assert (target / name).read_text(encoding="utf-8") == content
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(XinjiError, match="not a folder"):
        _run(file)


def test_a_result_folder_with_a_file_of_the_planner_in_it_is_refused(tmp_path):
    target = tmp_path / "run"
    _run(target)
    (target / "表 1.csv.aux.xml").write_text("QGIS writes this", encoding="utf-8")
    _run(target)
    (target / "我的项目.qgz").write_text("mine", encoding="utf-8")
    with pytest.raises(XinjiError, match=r"我的项目\.qgz"):
        _run(target)
    assert (target / "我的项目.qgz").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(XinjiError, match="Cannot make a result folder"):
        _run(tmp_path / "file" / "below" / "run")


def test_without_a_folder_the_result_goes_beside_the_workspace_under_the_next_number(tmp_path, monkeypatch):
    workspace = tmp_path / "某县 规划.gpkg"
    first, second = (_run(workspace=str(workspace)) for _ in range(2))
    assert first.folder == str(tmp_path / "某县 规划.runs" / "trial-001")
    assert second.folder == str(tmp_path / "某县 规划.runs" / "trial-002")
    monkeypatch.chdir(tmp_path)
    assert _run().folder == str(tmp_path / "xinji-runs" / "trial-001")
    (tmp_path / "xinji-runs" / "trial-041").mkdir()
    assert next_numbered(tmp_path / "xinji-runs", "trial").name == "trial-042"
    assert default_target("trial", None) == Path("xinji-runs/trial-042")


def test_two_runs_that_chose_the_same_number_both_keep_their_result(tmp_path):
    one, two = (RunFolder(tmp_path / "trial-001", numbered=True) for _ in range(2))
    for folder in (one, two):
        (folder.path / "a").write_text("", encoding="utf-8")
    assert [one.commit().name, two.commit().name] == ["trial-001", "trial-002"]


def test_what_dead_processes_left_is_removed_and_what_others_use_is_not(tmp_path, ended_process):
    dead = tmp_path / _leftover("new", ended_process, "run")
    ours = tmp_path / _leftover("new", os.getpid(), "run")
    elsewhere = tmp_path / _leftover("new", ended_process, "run", host="another_machine")
    for folder in (dead, ours, elsewhere):
        folder.mkdir()
        (folder / "half.gpkg").write_text("", encoding="utf-8")
    _run(tmp_path / "run")
    assert _names(tmp_path) == sorted([ours.name, elsewhere.name, "run"])


def test_a_result_that_a_kill_caught_between_two_names_comes_back(tmp_path, ended_process):
    target = tmp_path / "run"
    _run(target)
    before = (target / "run.json").read_bytes()
    target.rename(tmp_path / _leftover("old", ended_process, "run"))
    run_folder.tidy(tmp_path)
    assert (target / "run.json").read_bytes() == before


def test_when_the_new_result_cannot_take_its_place_the_old_one_stays(tmp_path, monkeypatch):
    target = tmp_path / "run"
    _run(target, radius_m=1)
    rename = Path.rename

    def stuck(path, destination):
        if path.name.startswith(".xinji-new-"):
            raise PermissionError(13, "in use")
        return rename(path, destination)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(XinjiError, match="in use"):
        _run(target, radius_m=2)
    assert json.loads((target / "run.json").read_text(encoding="utf-8"))["summary"]["radius_m"] == 1
    assert _names(tmp_path) == ["run"]


def test_run_json_is_the_same_to_the_byte_wherever_and_whenever_it_is_written(tmp_path, monkeypatch):
    source = tmp_path / "村.csv"
    source.write_text("甲村\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    texts = [
        Path(_run(tmp_path / name, source="村.csv", behaviour="numpy").folder, "run.json").read_bytes()
        for name in ("one", "另一个")
    ]
    assert texts[0] == texts[1]
    record = json.loads(texts[0])
    assert record["inputs"]["source"] == {
        "path": "村.csv",
        "sha256": "52c8d415d84920f9ac70a93570b02a1ca0c13336fd36a1f9e060de6e4f37e710",
    }
    assert record["parameters"] == {"behaviour": "numpy", "radius_m": 500.0, "source": "村.csv"}
    assert record["rules"] == [{"id": "N06", "value": 3}]
    assert record["summary"]["rows"] == {"list": [0, 1], "n": 3, "na": None, "nan": None, "x": 0.5}
    assert record["outputs"] == {"table": "表 1.csv"}
    assert record["files"] == ["表 1.csv"]
    assert "geopandas" in record["packages"]
    assert str(tmp_path) not in texts[0].decode("utf-8")


def test_the_hash_of_an_input_covers_all_files_of_a_shapefile_and_a_folder(tmp_path):
    from xinji_planner.engine.record import fingerprint

    for name in ("a.shp", "a.dbf", "a.prj"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = fingerprint(tmp_path / "a.shp"), fingerprint(tmp_path)
    (tmp_path / "a.dbf").write_text("changed", encoding="utf-8")
    after = fingerprint(tmp_path / "a.shp"), fingerprint(tmp_path)
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_a_job_is_held_to_its_declaration(tmp_path):
    with pytest.raises(XinjiError, match="did not write table"):
        _run(tmp_path / "run", behaviour="silent")


def test_unforeseen_errors_say_what_to_do():
    for error, words in (
        (MemoryError(), "memory"),
        (ModuleNotFoundError("No module named 'rasterio'"), "rasterio"),
        (OSError(28, "No space left on device", "/数据/a.gpkg"), "No space left"),
        (KeyError("name"), "KeyError"),
    ):
        shown = executor.explained(error)
        assert words in shown.message.en
        assert shown.remedy.zh
        assert shown.details


def test_the_report_of_a_refused_run_is_kept_beside_its_target(tmp_path):
    with pytest.raises(InputError) as caught:
        _run(tmp_path / "run", behaviour="refuse")
    assert caught.value.report == str(tmp_path / "run-refused.html")
    assert _names(tmp_path) == ["run-refused.html"]
    _run(tmp_path / "run")
    assert _names(tmp_path) == ["run"]
