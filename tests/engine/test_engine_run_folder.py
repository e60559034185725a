"""The result folder is there whole or not at all, and nothing of the planner's is ever replaced."""

import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from xinji_planner.engine import executor, run_folder
from xinji_planner.engine.context import RunContext
from xinji_planner.engine.exchange import exchange
from xinji_planner.engine.executor import job_modules, run_job
from xinji_planner.engine.fingerprint import fingerprint
from xinji_planner.engine.kernels import is_first_run
from xinji_planner.engine.record import input_hashes, rule_packs
from xinji_planner.engine.run_folder import RunFolder, default_target, next_numbered
from xinji_planner.errors import Cancelled, Fault, InputError, ParameterError, XinjiError
from xinji_planner.rules.pack import load
from xinji_planner.text import Text, same

MODULES = job_modules(Path(__file__).parent / "jobs_for_tests")


def _run(output=None, **parameters):
    return run_job("trial", parameters, output, modules=MODULES)


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _leftover(kind, process, name, host=None):
    return f".xinji-{kind}-{host or run_folder.host_label()}-{process}-1-{name}"


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
    monkeypatch.setattr(run_folder, "exchange", lambda *_: False)  # as on Windows
    with pytest.raises(XinjiError, match="in use"):
        _run(target, radius_m=2)
    assert json.loads((target / "run.json").read_text(encoding="utf-8"))["summary"]["radius_m"] == 1
    assert _names(tmp_path) == ["run", "run-refused.html"]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="this system cannot exchange folders")
def test_an_old_result_and_the_new_one_change_places_in_one_step(tmp_path, monkeypatch):
    target = tmp_path / "run"
    _run(target, radius_m=1)
    moved = []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: moved.append(path.name) or rename(path, to))
    _run(target, radius_m=2)
    assert moved == []  # at no moment was there nothing under the name
    assert json.loads((target / "run.json").read_text(encoding="utf-8"))["summary"]["radius_m"] == 2
    assert _names(tmp_path) == ["run"]


def test_an_exchange_that_cannot_be_made_says_so_and_changes_nothing(tmp_path):
    (tmp_path / "one").mkdir()
    assert not exchange(tmp_path / "one", tmp_path / "none")
    assert _names(tmp_path) == ["one"]


def test_where_folders_cannot_be_exchanged_the_new_result_takes_its_place_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(run_folder, "exchange", lambda *_: False)
    for radius in (1, 2):
        _run(tmp_path / "run", radius_m=radius)
    assert json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))["summary"]["radius_m"] == 2
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
    for name in ("a.shp", "a.dbf", "a.prj"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = fingerprint(tmp_path / "a.shp").sha256, fingerprint(tmp_path).sha256
    (tmp_path / "a.dbf").write_text("changed", encoding="utf-8")
    after = fingerprint(tmp_path / "a.shp").sha256, fingerprint(tmp_path).sha256
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
    assert _names(tmp_path) == ["run-refused.csv", "run-refused.html"]
    assert (tmp_path / "run-refused.html").read_text(encoding="utf-8") == "<p>why</p>"
    _run(tmp_path / "run")
    assert _names(tmp_path) == ["run"]


def test_a_refusal_without_a_page_of_its_own_gets_one_in_both_languages_and_a_table(tmp_path):
    with pytest.raises(XinjiError) as caught:
        _run(tmp_path / "run", behaviour="many_faults", radius_m="7")
    page = Path(caught.value.report).read_text(encoding="utf-8")
    for words in ("太多", "Too many", "<td>41</td>", "--radius-m", "共 30000 条", "run-refused.csv"):
        assert words in page
    with (tmp_path / "run-refused.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 30_000
    assert (rows[41]["row"], rows[41]["message_zh"]) == ("41", "错" * 50)
    with pytest.raises(XinjiError) as caught:
        _run(tmp_path / "run", behaviour="fault")
    assert "ZeroDivisionError" in Path(caught.value.report).read_text(encoding="utf-8")
    assert _names(tmp_path) == ["run-refused.html"]


def test_a_table_of_the_jobs_own_takes_the_place_of_the_table_of_faults(tmp_path):
    folder = RunFolder(tmp_path / "run")
    (folder.path / "why.csv").write_text("mine", encoding="utf-8")
    error = XinjiError(same("no"), faults=[Fault(same("fault"))], report="why.csv")
    executor._report(error, folder.target, folder, MODULES["trial"].JOB, {})
    folder.discard()
    assert _names(tmp_path) == ["run-refused.csv", "run-refused.html"]
    assert (tmp_path / "run-refused.csv").read_text(encoding="utf-8") == "mine"
    assert "run-refused.csv" in Path(error.report).read_text(encoding="utf-8")


def test_without_a_folder_the_report_of_a_refusal_stands_beside_the_default_place(tmp_path):
    with pytest.raises(XinjiError) as caught:
        _run(workspace=str(tmp_path / "w.gpkg"), behaviour="fault")
    assert caught.value.report == str(tmp_path / "w.runs" / "trial-001-refused.html")
    _run(workspace=str(tmp_path / "w.gpkg"))
    assert _names(tmp_path / "w.runs") == ["trial-001"]


def test_a_folder_that_is_refused_gets_a_report_too_even_where_nothing_can_be_written_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(XinjiError) as caught:
        _run(tmp_path / "mine")
    assert caught.value.report == str(tmp_path / "mine-refused.html")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(XinjiError) as caught:
        _run(tmp_path / "file" / "run")
    assert Path(caught.value.report).is_file()
    assert Path(caught.value.report).parent.parent == tmp_path


def test_a_wrong_parameter_or_a_cancel_leaves_no_report(tmp_path):
    with pytest.raises(ParameterError):
        _run(tmp_path / "run", radius_m=-1)
    with pytest.raises(ParameterError):
        _run(tmp_path / "run", behaviour="late")
    assert _names(tmp_path) == []


def test_what_dead_processes_left_in_the_other_default_places_is_removed_too(tmp_path, ended_process):
    left = [
        tmp_path / place / _leftover("new", ended_process, "trial-001")
        for place in ("xinji-runs", "other.runs", "w.runs")
    ]
    foreign = tmp_path / "notes" / _leftover("new", ended_process, "x")
    for folder in (*left, foreign):
        folder.mkdir(parents=True)
    _run(workspace=str(tmp_path / "w.gpkg"))
    assert [folder.exists() for folder in (*left, foreign)] == [False, False, False, True]
    for folder in left:
        folder.mkdir()
    _run(tmp_path / "run")
    assert [folder.exists() for folder in left] == [False, False, False]


def test_an_input_that_changes_during_the_run_is_refused_by_name(tmp_path):
    source = tmp_path / "村.csv"
    source.write_text("甲村\n", encoding="utf-8")
    context = RunContext({}, tmp_path)
    context.read("source", source)
    before = input_hashes(context)
    os.utime(source, ns=(1, 1))
    assert input_hashes(context) == before
    source.write_text("乙村\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"changed during the run.*村\.csv"):
        input_hashes(context)
    source.unlink()
    with pytest.raises(InputError, match="changed during the run"):
        input_hashes(context)


def test_a_workspace_that_a_killed_writer_left_is_hashed_once_it_has_been_mended(tmp_path):
    path, journal = tmp_path / "w.gpkg", tmp_path / "w.gpkg-journal"
    for file in (path, journal):
        file.write_text("half", encoding="utf-8")
    context = RunContext({}, tmp_path)
    context.read("workspace", path)
    path.write_text("mended", encoding="utf-8")
    assert input_hashes(context)["workspace"]["sha256"] == hashlib.sha256(b"mended").hexdigest()


def test_a_geopackage_that_qgis_merely_opens_during_the_run_has_not_changed(tmp_path):
    path = tmp_path / "w.gpkg"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (1)")
    connection.commit()
    seen = fingerprint(path)
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA journal_mode=DELETE")
    os.utime(path, ns=(1, 1))
    assert fingerprint(path).sha256 != seen.sha256
    assert seen.still_holds(path)
    connection.execute("UPDATE t SET a = 2")
    connection.commit()
    connection.close()
    assert not seen.still_holds(path)


def test_run_json_names_only_the_rule_packs_that_were_used():
    assert list(rule_packs([{"id": "N06", "pack": "village_reach"}, {"id": "own"}])) == ["village_reach"]
    cited = load("village_reach").rule("N06").cited()
    assert cited["pack"] == "village_reach"


def test_only_the_first_run_of_a_job_speaks_of_compiling(tmp_path, monkeypatch):
    import numba  # noqa: F401 - the note is for jobs that use it

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    heard = []
    for number in range(2):
        first = is_first_run("trial")
        RunContext({}, tmp_path, heard.append, first_run=first).part(0, 1, Text("判定各村", "Judging"))
        _run(tmp_path / str(number))
    assert ["编译" in message["doing"]["zh"] for message in heard] == [True, False]
