"""The client: jobs run, stop when asked, and the death of an engine is told and survived."""

import ast
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from xinji_planner.engine.client import EngineClient
from xinji_planner.engine.package import ROOT
from xinji_planner.errors import Cancelled, EngineError, InputError, ParameterError, XinjiError
from xinji_planner.processes import process_is_alive
from xinji_planner.text import Text

JOBS = Path(__file__).parent / "jobs_for_tests"


def _client(**options) -> EngineClient:
    return EngineClient(sys.executable, ROOT, worker_options=("--jobs-from", str(JOBS)), **options)


@pytest.fixture(scope="module")
def shared_client():
    with _client() as client:
        yield client


class Stopper:
    """Says "cancel" once the kernel has been seen at work for a moment."""

    def __init__(self):
        self.since = None

    def on_progress(self, *_):
        if self.since is None:
            self.since = time.monotonic()

    def is_cancelled(self):
        return self.since is not None and time.monotonic() - self.since > 0.3

    def seconds(self):
        return time.monotonic() - self.since - 0.3


def _wait_until_gone(process, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not process_is_alive(process):
            return True
        time.sleep(0.05)
    return False


def test_a_run_gives_summary_outputs_and_folder_and_the_engine_stays_warm(shared_client, tmp_path):
    target = tmp_path / "带 空格 的结果"
    heard = []
    result = shared_client.run("trial", {"radius_m": 7}, target, on_progress=lambda *said: heard.append(said[:2]))
    assert result.summary == {"rows": 3, "radius_m": 7.0}
    assert result.folder == str(target)
    assert Path(result.outputs["table"]).read_text(encoding="utf-8").endswith("甲村\n")
    assert heard == [(1.0, Text("完成", "Done"))]
    process = shared_client.pid
    shared_client.run("trial", {}, tmp_path / "next")
    assert shared_client.pid == process == shared_client.hello["pid"]


def test_a_refused_input_comes_as_its_own_error_with_faults_and_a_report_that_is_there(shared_client, tmp_path):
    with pytest.raises(InputError) as caught:
        shared_client.run("trial", {"behaviour": "refuse"}, tmp_path / "run")
    assert caught.value.message == Text("文件不对。", "The file is wrong.")
    assert caught.value.faults[0].row == 3
    assert Path(caught.value.report).read_text(encoding="utf-8") == "<p>why</p>"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run-refused.csv", "run-refused.html"]


def test_wrong_parameters_and_program_faults_leave_the_engine_alive(shared_client, tmp_path):
    process = shared_client.start()["pid"]
    with pytest.raises(ParameterError, match="radius"):
        shared_client.run("trial", {"radius_m": 0}, tmp_path / "run")
    with pytest.raises(XinjiError, match="ZeroDivisionError") as caught:
        shared_client.run("trial", {"behaviour": "fault"}, tmp_path / "run")
    assert "Traceback" in caught.value.details
    with pytest.raises(EngineError):
        shared_client.run("trial", {"behaviour": object()}, tmp_path / "run")
    assert shared_client.pid == process


def test_notices_arrive_with_their_rows(shared_client, tmp_path):
    heard = []
    shared_client.run(
        "trial",
        {"behaviour": "two_notices"},
        tmp_path / "run",
        on_notice=lambda text, rows: heard.append((text.zh, rows)),
    )
    assert heard[0] == ("留意", [3, 5])
    assert sum(len(rows) for _, rows in heard[1:]) == 250_000


def test_a_long_kernel_is_cancelled_within_two_seconds_and_the_engine_stays(shared_client, tmp_path):
    stopper = Stopper()
    with pytest.raises(Cancelled):
        shared_client.run(
            "trial",
            {"behaviour": "kernel"},
            tmp_path / "run",
            on_progress=stopper.on_progress,
            is_cancelled=stopper.is_cancelled,
        )
    assert stopper.seconds() < 2
    assert shared_client.pid == shared_client.hello["pid"]
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_that_ignores_the_cancel_is_killed_and_the_next_job_runs(tmp_path):
    with _client() as client:
        process = client.start()["pid"]
        stopper = Stopper()
        with pytest.raises(Cancelled):
            client.run(
                "trial",
                {"behaviour": "deaf"},
                tmp_path / "run",
                on_progress=stopper.on_progress,
                is_cancelled=stopper.is_cancelled,
            )
        assert stopper.seconds() < 3
        assert not process_is_alive(process)
        assert list(tmp_path.iterdir()) == []
        assert client.run("trial", {}, tmp_path / "run").summary["rows"] == 3
        assert client.pid != process


def test_an_engine_killed_in_the_middle_of_a_run_is_reported_and_the_next_job_runs(tmp_path):
    with _client() as client:
        killed = []

        def kill(fraction, doing, left):
            if not killed:
                killed.append(client.pid)
                os.kill(client.pid, signal.SIGKILL)

        with pytest.raises(EngineError, match="SIGKILL") as caught:
            client.run("trial", {"behaviour": "deaf"}, tmp_path / "run", on_progress=kill)
        assert caught.value.remedy.zh
        assert list(tmp_path.iterdir()) == []
        assert client.run("trial", {}, tmp_path / "run").summary["rows"] == 3


def test_an_engine_killed_between_two_runs_is_started_again_without_a_word(tmp_path):
    with _client() as client:
        client.run("trial", {}, tmp_path / "one")
        process = client.pid
        os.kill(process, signal.SIGKILL)  # and asked at once, when the system may not have told us yet
        client.run("trial", {}, tmp_path / "two")
        assert client.pid != process
        os.kill(client.pid, signal.SIGKILL)
        assert _wait_until_gone(client.pid, 2)
        client.run("trial", {}, tmp_path / "three")


def test_an_engine_goes_within_two_seconds_of_a_killed_parent_and_the_next_run_tidies_up(shared_client, tmp_path):
    code = f"""
import importlib.util, os
spec = importlib.util.spec_from_file_location("b", {str(ROOT / "engine" / "package.py")!r})
bootstrap = importlib.util.module_from_spec(spec); spec.loader.exec_module(bootstrap); bootstrap.register()
from xinji_planner.engine.client import EngineClient
client = EngineClient({sys.executable!r}, {str(ROOT)!r}, worker_options=("--jobs-from", {str(JOBS)!r}))
client.run("trial", {{"behaviour": "deaf"}}, {str(tmp_path / "run")!r},
           on_progress=lambda *_: print(client.pid, flush=True))
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    engine = int(parent.stdout.readline())
    assert process_is_alive(engine)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _wait_until_gone(engine, 2)
    assert [path.name.startswith(".xinji-new-") for path in tmp_path.iterdir()] == [True]
    shared_client.run("trial", {}, tmp_path / "next")
    assert [path.name for path in tmp_path.iterdir()] == ["next"]


def test_two_clients_have_two_engines_that_do_not_disturb_each_other(shared_client, tmp_path):
    with _client() as other:
        other.start()
        assert other.pid != shared_client.start()["pid"]
        stopper = Stopper()
        outcome = []

        def long_run():
            try:
                other.run(
                    "trial",
                    {"behaviour": "kernel"},
                    tmp_path / "long",
                    on_progress=stopper.on_progress,
                    is_cancelled=finished.is_set,
                )
            except Cancelled:
                outcome.append("cancelled")

        finished = threading.Event()
        thread = threading.Thread(target=long_run)
        thread.start()
        while stopper.since is None:
            time.sleep(0.01)
        assert shared_client.run("trial", {}, tmp_path / "short").summary["rows"] == 3
        assert thread.is_alive()
        other_pid = other.pid
        finished.set()
        thread.join(3)
        assert outcome == ["cancelled"]
        assert other.pid == other_pid


def test_a_second_run_of_one_client_waits_its_turn_and_can_be_cancelled_while_it_waits(shared_client, tmp_path):
    stopper, finished = Stopper(), threading.Event()

    def long_run():
        with pytest.raises(Cancelled):
            shared_client.run(
                "trial",
                {"behaviour": "kernel"},
                tmp_path / "long",
                on_progress=stopper.on_progress,
                is_cancelled=finished.is_set,
            )

    thread = threading.Thread(target=long_run)
    thread.start()
    while stopper.since is None:
        time.sleep(0.01)
    with pytest.raises(Cancelled):
        shared_client.run("trial", {}, tmp_path / "short", is_cancelled=lambda: True)
    assert thread.is_alive()
    threading.Timer(0.3, finished.set).start()
    assert shared_client.run("trial", {}, tmp_path / "short").summary["rows"] == 3
    thread.join(2)
    assert not thread.is_alive()


def test_an_error_in_a_callback_ends_the_run_and_leaves_nothing(tmp_path):
    def fail(fraction, doing, left):
        raise RuntimeError("the window is gone")

    with _client() as client:
        with pytest.raises(RuntimeError, match="window"):
            client.run("trial", {"behaviour": "kernel"}, tmp_path / "run", on_progress=fail)
        assert list(tmp_path.iterdir()) == []
        client.run("trial", {}, tmp_path / "run")


def test_an_interpreter_that_is_no_engine_is_reported_with_what_it_said(tmp_path):
    client = EngineClient(tmp_path / "no such python", ROOT)
    with pytest.raises(EngineError, match="no such python"):
        client.start()
    client = EngineClient(sys.executable, tmp_path)
    with pytest.raises(EngineError, match="exit code 2") as caught:
        client.start()
    assert "package.py" in caught.value.details
    impostor = tmp_path / "engine" / "package.py"
    impostor.parent.mkdir()
    for script, words in (
        ('print(\'{"type":"hello","protocol":99}\', flush=True); input()', "99"),
        ("print('hello', flush=True); input()", "JSON"),
        ("import time; time.sleep(60)", "did not answer"),
    ):
        impostor.write_text(script, encoding="utf-8")
        with pytest.raises(EngineError, match=words):
            EngineClient(sys.executable, tmp_path, handshake_s=1.0).start()


def test_the_log_reaches_the_listener_and_close_ends_the_engine(tmp_path):
    log = []
    client = _client(on_log=log.append)
    client.run("trial", {"behaviour": "chatty"}, tmp_path / "run")
    process = client.pid
    client.close()
    assert not process_is_alive(process)
    assert "from C 7" in "\n".join(log)
    assert client.pid is None


@pytest.mark.parametrize(
    "module",
    [
        *(f"engine/{name}.py" for name in ("client", "process", "protocol", "environment", "run_folder", "versions")),
        *(f"engine/setting_up/{name}.py" for name in ("interpreter", "lockfile", "installer", "pythons", "setup")),
        *("engine/package.py", "errors.py", "text.py"),
    ],
)
def test_what_qgis_imports_is_written_in_the_python_of_old_qgis(module):
    ast.parse((ROOT / module).read_text(encoding="utf-8"), feature_version=(3, 9))
