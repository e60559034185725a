"""What goes wrong around the real engine, and that QGIS says what to do and goes on."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(processing, provider, real_engine, language):
    """Run an algorithm with the real engine; give results and log."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    def run(name, parameters, feedback=None):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        told = feedback or QgsProcessingFeedback(False)
        return processing.run(f"xinji:{name}", parameters, context=context, feedback=told), told

    return run


def test_a_path_with_blanks_and_chinese_works(start, tmp_path):
    path = tmp_path / "规划 区 (1)" / "海岳 县.gpkg"
    path.parent.mkdir()
    results, _ = start("createworkspace", {"WORKSPACE": str(path)})
    assert path.is_file()
    assert results["WORKSPACE"] == str(path)
    from xinji_planner.ui import runs, workspace_info

    assert len(workspace_info.states(str(path))) == 16
    run = runs.listed(str(path))[0]
    assert run.job == "create_workspace"
    assert run.folder.parent == path.with_name("海岳 县.runs")


def test_imports_chain_from_workspace_to_workspace(start, tmp_path):
    table = tmp_path / "村 名录.csv"
    table.write_text(
        "行政村代码,行政村名称,经度(CGCS2000),纬度(CGCS2000)\n990101100200,甲村,106.5,22.5\n990101100201,乙村,106.6,22.6\n",
        encoding="gbk",
    )
    first, _ = start("createworkspace", {"WORKSPACE": str(tmp_path / "w.gpkg")})
    second, _ = start(
        "importlayer",
        {"SOURCE": str(table), "KIND": "villages", "DATUM": "cgcs2000", "WORKSPACE": first["WORKSPACE"]},
    )
    assert (second["SUMMARY_ROWS_IN"], second["SUMMARY_ROWS_OUT"]) == (2, 2)
    assert second["SUMMARY_ENCODING"].startswith("GB")
    assert Path(second["SET_ASIDE"]).is_file()


def test_a_wrong_file_is_refused_with_words(start, tmp_path):
    from qgis.core import QgsProcessingException

    wrong = tmp_path / "照片.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pytest.raises(QgsProcessingException) as told:
        start(
            "importlayer",
            {"SOURCE": str(wrong), "KIND": "villages", "DATUM": "wgs84", "WORKSPACE": str(tmp_path / "w.gpkg")},
        )
    assert "照片.csv" in str(told.value)
    assert "fault in the program" not in str(told.value)
    assert not (tmp_path / "w.gpkg").exists()


def test_a_file_that_is_no_workspace_is_refused_with_what_to_do(start, points, tmp_path):
    from qgis.core import QgsProcessingException

    other = tmp_path / "other.gpkg"
    other.write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)
    with pytest.raises(QgsProcessingException, match=r"other\.gpkg"):
        start("coveragegap", {"WORKSPACE": str(other), "COVERAGE_GAP": "memory:"})


def test_an_engine_that_is_killed_is_reported_and_the_next_job_runs(start, real_engine, tmp_path):
    start("createworkspace", {"WORKSPACE": str(tmp_path / "1.gpkg")})
    client = real_engine.session()._client
    killed = client.pid
    os.kill(killed, signal.SIGKILL)
    time.sleep(0.2)
    start("createworkspace", {"WORKSPACE": str(tmp_path / "2.gpkg")})
    assert (tmp_path / "2.gpkg").is_file()
    assert client.pid not in (killed, None)


def test_an_engine_that_dies_in_the_middle_of_a_job_gives_a_clear_error(start, real_engine, tmp_path, language):
    from qgis.core import QgsProcessingException, QgsProcessingFeedback

    class Killer(QgsProcessingFeedback):
        def setProgressText(self, _words):
            os.kill(real_engine.session()._client.pid, signal.SIGKILL)

    language("zh-Hans")
    table = tmp_path / "村.csv"
    table.write_text("行政村代码,行政村名称\n" + "".join(f"99010110{n:04d},村{n}\n" for n in range(5000)), "utf-8")
    with pytest.raises(QgsProcessingException) as told:
        start(
            "importlayer",
            {"SOURCE": str(table), "KIND": "villages", "DATUM": "wgs84", "WORKSPACE": str(tmp_path / "w.gpkg")},
            Killer(False),
        )
    assert "计算引擎意外退出" in str(told.value)
    assert "重试" in str(told.value)
    assert not (tmp_path / "w.gpkg").exists()
    assert not list(tmp_path.glob("w.runs/*"))
    start("createworkspace", {"WORKSPACE": str(tmp_path / "2.gpkg")})


def test_unloading_the_plugin_ends_the_engine(processing, iface, real_engine, tmp_path, language):
    from xinji_planner import classFactory
    from xinji_planner.ui import engine_session

    plugin = classFactory(iface)
    plugin.initGui()
    from qgis.core import QgsProcessingFeedback

    engine_session.run(
        "create_workspace",
        {"workspace": str(tmp_path / "w.gpkg")},
        None,
        engine_session.FeedbackListener(QgsProcessingFeedback(False)),
    )
    process = engine_session.session()._client.pid
    plugin.unload()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


# --- qgis_process -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def headless(qgis_process, plugin_folder, tmp_path_factory):
    """Call qgis_process with the plugin on, in a profile of its own."""
    profile = tmp_path_factory.mktemp("process_profile")
    engine = ROOT / ".venv" / "bin" / "python"
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_PLUGINPATH": str(plugin_folder),
        "QGIS_CUSTOM_CONFIG_PATH": str(profile),
        "XDG_RUNTIME_DIR": str(profile),
    }
    if engine.exists():
        environment.setdefault("XINJI_ENGINE_PYTHON", str(engine))

    def call(*arguments, **changes):
        return subprocess.run(
            [qgis_process, *arguments],
            env={**environment, **changes},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    call("plugins", "enable", "xinji_planner")
    return call


def test_qgis_process_runs_a_job(headless, tmp_path):
    path = tmp_path / "新 区.gpkg"
    done = headless("--json", "run", "xinji:createworkspace", "--", f"WORKSPACE={path}")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout[done.stdout.index("{") :])["results"]
    assert results["WORKSPACE"] == str(path)
    assert path.is_file()


def test_qgis_process_says_what_is_missing_without_an_engine(headless, tmp_path):
    done = headless(
        *("run", "xinji:createworkspace", "--", f"WORKSPACE={tmp_path / 'w.gpkg'}"),
        XINJI_ENGINE_PYTHON="/nowhere/python3",
    )
    assert done.returncode != 0
    assert "XINJI_ENGINE_PYTHON" in done.stdout + done.stderr
    assert not (tmp_path / "w.gpkg").exists()
