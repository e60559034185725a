"""The command line: lists, helps, runs, refuses in one line, and stops when told."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from xinji_planner.engine import cli
from xinji_planner.engine.console import Console
from xinji_planner.engine.package import ROOT
from xinji_planner.engine.parameters import checked
from xinji_planner.jobs import registry
from xinji_planner.text import same

JOBS = Path(__file__).parent / "jobs_for_tests"
LIBRARIES = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def _started(*arguments, language="en", cwd=None):
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "engine" / "package.py", *map(str, arguments)]
    environ = {**LIBRARIES, "LANG": "zh_CN.UTF-8" if language == "zh" else "C"}
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, cwd=cwd
    )


def _run(*arguments, **options):
    """Run the real command line in a process of its own."""
    process = _started("run", "--jobs-from", JOBS, *arguments, **options)
    out, log = process.communicate(timeout=20)
    return process.returncode, out.decode("utf-8"), log.decode("utf-8", "replace")


def _here(*arguments):
    """Run the command line in this process, where nothing prints past it."""
    out = io.BytesIO()
    status = cli.main(["run", "--jobs-from", str(JOBS), *map(str, arguments)], out)
    return status, out.getvalue().decode("utf-8")


def test_without_a_job_the_jobs_are_listed_in_both_languages():
    status, out, log = _run()
    assert status == 0
    assert log == ""
    listed = {line.split()[0]: line for line in out.splitlines()}
    assert "导入数据 / Import a layer" in listed["import_layer"]
    assert "trial" in listed


def test_the_help_of_a_job_names_every_parameter_in_both_languages():
    status, out = _here("trial", "--help")
    assert status == 0
    for words in (
        "--behaviour well|kernel",
        "--radius-m X",
        "半径",
        "Radius",
        "500",
        "单位 / unit: m",
        "≤ 10000",
        "--output",
    ):
        assert words in out


def test_json_is_one_object_on_stdout_even_when_libraries_print(tmp_path):
    target = tmp_path / "结果 1"
    status, out, log = _run("trial", "--behaviour", "chatty", "--output", target, "--json", "--radius-m=7")
    assert status == 0
    assert out.count("\n") == 1
    assert json.loads(out) == {
        "rows": 3,
        "radius_m": 7,
        "job": "trial",
        "folder": str(target),
        "outputs": {"table": str(target / "表 1.csv")},
    }
    assert "from C 7" in log
    assert "100% Done" in log


def test_numpy_types_in_a_summary_come_out_as_plain_json(tmp_path):
    status, out = _here("trial", "--behaviour", "numpy", "--output", tmp_path / "run", "--json")
    assert status == 0
    assert json.loads(out)["rows"] == {"n": 3, "x": 0.5, "nan": None, "list": [0, 1], "na": None}


def test_the_listing_for_people_follows_the_language(tmp_path):
    status, out, log = _run("trial", "--output", "run", language="zh", cwd=tmp_path)
    assert status == 0
    assert out.splitlines()[0] == "试验"
    assert f"表: {tmp_path / 'run' / '表 1.csv'}" in out
    assert "完成" in log
    status, out = _here("trial", "--output", tmp_path / "run", "--language", "en")
    assert out.splitlines()[0] == "Trial"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trail"], "trial"),
        (["trial", "--radus-m", "5"], "--radius-m"),
        (["trial", "--radius-m", "-5"], "1 to 10000 m"),
        (["trial", "--radius-m"], "--radius-m needs a value"),
        (["trial", "--radius-m", "5", "--radius-m", "6"], "twice"),
        (["trial", "stray"], "stray"),
        (["trial", "--behaviour", ""], "--behaviour must be one of well"),
        (["trial", "--behaviour", "late", "--json"], "There is no such CRS."),
        (["delivery_package", "--workspace", str(JOBS)], "a folder, not a file"),
        (["trial", "--output"], "--output needs a value"),
        (["import_layer", "--kind", "nonsense"], "--source must be stated"),
    ],
)
def test_a_wrong_name_or_value_is_one_line_and_status_2(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    status, out = _here(*arguments)
    log = capsys.readouterr().err
    assert status == 2
    assert out == ""
    assert log.count("\n") == 1
    assert words in log
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--formats", "gpkg,shp", "--layers=roads"],
        ["--formats", "shp", "gpkg", "--layers", "roads"],
        ["--formats", "shp", "--layers", "roads", "--formats", "gpkg"],
        ["--formats=shp", "gpkg", "--layers", "roads"],
    ],
)
def test_several_values_are_parted_by_commas_or_blanks_or_stand_behind_a_repeated_option(arguments):
    raw = cli._stated(registry.jobs()["delivery_package"], [*arguments, "--workspace", __file__])
    values = checked(registry.jobs()["delivery_package"], raw)
    assert (values["formats"], values["layers"]) == (("gpkg", "shp"), ("roads",))


@pytest.mark.parametrize("wrong", [("--datum", "mars"), ("--datum", "EPSG:999999"), ("--encoding", "klingon")])
def test_a_wrong_datum_or_encoding_is_one_line_before_any_progress(wrong, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    source = tmp_path / "村.csv"
    source.write_text("行政村代码,行政村名称\n433101001001,甲村\n", encoding="utf-8")
    stated = ["--source", source, "--kind", "villages", "--workspace", tmp_path / "w.gpkg", *wrong]
    assert _here("import_layer", *stated) == (2, "")
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def test_progress_of_another_step_is_told_even_at_the_same_place(tmp_path, capsys):
    console = Console(None, "en")
    for step in ("Reading", "Reading", "Judging"):
        console.progress(0.1, same(step))
    assert capsys.readouterr().err.splitlines() == [" 10% Reading", " 10% Judging"]


def test_dev_refuses_an_unknown_command_in_one_line():
    done = subprocess.run([ROOT / "dev", "dance"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "dance" in done.stderr


def test_an_unknown_command_is_one_line_and_status_2():
    process = _started("dance")
    out, log = process.communicate(timeout=20)
    assert (process.returncode, out, log.count(b"\n")) == (2, b"", 1)


def test_a_refused_input_exits_1_with_message_rows_remedy_and_report(tmp_path):
    status, out, log = _run("trial", "--behaviour", "refuse", "--output", tmp_path / "run", "--json")
    report = tmp_path / "run-refused.html"
    assert status == 1
    assert out.count("\n") == 1
    said = json.loads(out)
    assert (said["job"], said["report"], said["failed"]["kind"]) == ("trial", str(report), "InputError")
    assert (said["failed"]["faults"][0]["row"], said["failed"]["message"]["zh"]) == (3, "文件不对。")
    assert log.splitlines()[-4:] == ["The file is wrong.", "  村.csv:3:name Row 3", "Mend it.", f"Report: {report}"]
    assert report.is_file()
    status, out, log = _run("trial", "--behaviour", "fault", "--output", tmp_path / "run", language="zh")
    assert (status, out) == (1, "")
    assert "程序内部错误" in log
    assert "Traceback" in log
    assert f"报告：{report}" in log
    assert "程序内部错误" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(("behaviour", "number"), [("kernel", signal.SIGINT), ("deaf", signal.SIGTERM)])
def test_a_signal_cancels_with_status_130_and_leaves_nothing(tmp_path, behaviour, number):
    process = _started("run", "--jobs-from", JOBS, "trial", "--behaviour", behaviour, "--output", tmp_path / "run")
    assert b"In the kernel" in process.stderr.readline()
    before = time.monotonic()
    process.send_signal(number)
    out, log = process.communicate(timeout=10)
    assert time.monotonic() - before < (1.5 if behaviour == "kernel" else 3)
    assert (process.returncode, out) == (130, b"")
    assert b"Cancelled." in log
    assert list(tmp_path.iterdir()) == []


def test_plain_progress_is_at_most_a_line_a_second_or_a_tenth(tmp_path, capsys):
    assert _here("trial", "--behaviour", "two_notices", "--output", tmp_path / "run")[0] == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "%" in line]
    assert 5 <= len(lines) <= 13
