"""The worker, spoken to over bare pipes as no well-behaved client would."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from xinji_planner.engine import protocol
from xinji_planner.engine.package import ROOT

JOBS = Path(__file__).parent / "jobs_for_tests"


class Pipes:
    """A worker and its two pipes."""

    def __init__(self, environ=None):
        command = [sys.executable, "-I", "-X", "utf8", ROOT / "engine" / "package.py", "worker", "--jobs-from", JOBS]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ
        )
        self.hello = self.receive()

    def send(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else protocol.encode(line))
        self.process.stdin.flush()

    def request(self, identity="1", output=None, **parameters):
        self.send(protocol.Request(identity, "trial", parameters, output).as_message())

    def receive(self):
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read().decode()
        return json.loads(line.decode("utf-8"))

    def receive_until(self, *types):
        heard = [self.receive()]
        while heard[-1]["type"] not in types:
            heard.append(self.receive())
        return heard


@pytest.fixture
def pipes():
    opened = Pipes()
    yield opened
    opened.process.kill()
    opened.process.wait()
    for pipe in (opened.process.stdin, opened.process.stdout, opened.process.stderr):
        pipe.close()


def _ends(heard):
    return [message["type"] for message in heard if message["type"] in ("result", "failed", "cancelled")]


def test_hello_names_versions_libraries_and_jobs(pipes):
    assert pipes.hello["type"] == "hello"
    assert pipes.hello["protocol"] == protocol.VERSION
    assert pipes.hello["pid"] == pipes.process.pid
    assert pipes.hello["python"] == sys.version.split()[0]
    assert "shapely" in pipes.hello["packages"]
    assert "trial" in pipes.hello["jobs"]


def test_broken_and_oversized_requests_fail_and_the_worker_lives(pipes, tmp_path):
    for line in (
        b"nonsense\n",
        b"\xff\xfe\n",
        b'["a list"]\n',
        b'{"type":"request","id":"7"}\n',
        b'{"type":"request","id":7,"job":"trial"}\n',
        b'{"type":"dance"}\n',
        b'{"type":"request","x":"' + b"y" * protocol.MAX_LINE + b'"}\n',
        b"[" * 200_000 + b"\n",
    ):
        pipes.send(line)
        answer = pipes.receive()
        assert answer["type"] == "failed"
        assert answer["error"]["kind"] == "EngineError"
        assert answer["error"]["message"]["zh"]
        assert answer["id"] == ("7" if b'"7"' in line else None)
    pipes.request(output=str(tmp_path / "run"))
    assert pipes.receive_until("result", "failed")[-1]["type"] == "result"


def test_unknown_jobs_and_wrong_values_fail_as_parameter_errors(pipes, tmp_path):
    pipes.send(protocol.Request("1", "trail", {}).as_message())
    answer = pipes.receive()
    assert (answer["type"], answer["error"]["kind"]) == ("failed", "ParameterError")
    assert "trial" in answer["error"]["remedy"]["en"]
    pipes.request("2", str(tmp_path / "run"), behaviour="well", radius_m=-5, colour="red")
    answer = pipes.receive()
    assert [fault["field"] for fault in answer["error"]["faults"]] == ["colour", "radius_m"]
    assert not (tmp_path / "run").exists()


def test_whatever_prints_to_stdout_cannot_break_the_stream(pipes, tmp_path):
    pipes.request(output=str(tmp_path / "run"), behaviour="chatty")
    heard = pipes.receive_until("result", "failed")
    assert [message["type"] for message in heard] == ["started", "progress", "result"]
    pipes.process.stdin.close()
    assert pipes.process.wait(2) == 0
    log = pipes.process.stderr.read()
    for words in (b"no line end", b"\xff\xfe raw bytes", b"from C 7", b"from a child"):
        assert words in log
    assert pipes.process.stdout.read() == b""


def test_a_second_request_while_one_runs_fails_as_busy_and_the_first_goes_on(pipes, tmp_path):
    pipes.request("1", str(tmp_path / "one"), behaviour="kernel")
    pipes.receive_until("progress")
    pipes.request("2", str(tmp_path / "two"))
    answer = pipes.receive()
    while answer["type"] == "progress":
        answer = pipes.receive()
    assert (answer["type"], answer["id"]) == ("failed", "2")
    assert "busy" in answer["error"]["message"]["en"]
    pipes.send({"type": "cancel", "id": "no such run"})
    pipes.send({"type": "cancel", "id": "1"})
    answer = pipes.receive_until("cancelled", "result", "failed")[-1]
    assert (answer["type"], answer["id"]) == ("cancelled", "1")
    assert list(tmp_path.iterdir()) == []
    pipes.request("3", str(tmp_path / "three"))
    assert pipes.receive_until("result", "failed")[-1]["type"] == "result"


def test_every_request_ends_once_and_carries_its_id(pipes, tmp_path):
    for identity, behaviour in enumerate(("well", "fault", "refuse", "silent", "two_notices", "many_faults")):
        pipes.request(str(identity), str(tmp_path / behaviour), behaviour=behaviour)
        heard = pipes.receive_until("result", "failed", "cancelled")
        assert {message["id"] for message in heard} == {str(identity)}
        assert heard[-1]["type"] == ("result" if behaviour in ("well", "two_notices") else "failed")


def test_notices_keep_every_row_and_fast_progress_is_thinned_out(pipes, tmp_path):
    pipes.request(output=str(tmp_path / "run"), behaviour="two_notices")
    heard = pipes.receive_until("result")
    notices = [message for message in heard if message["type"] == "notice"]
    assert notices[0]["rows"] == [3, 5]
    assert [row for message in notices[1:] for row in message["rows"]] == list(range(250_000))
    assert sum(message["type"] == "progress" for message in heard) < 50


def test_a_fault_in_the_program_says_so_and_its_traceback_is_for_the_log(pipes, tmp_path):
    pipes.request(output=str(tmp_path / "run"), behaviour="fault")
    answer = pipes.receive_until("failed")[-1]
    assert "ZeroDivisionError" in answer["error"]["message"]["zh"]
    assert "Traceback" in answer["details"]
    assert "trial.py" in answer["details"]
    assert answer["error"]["report"] == str(tmp_path / "run-refused.html")
    assert [path.name for path in tmp_path.iterdir()] == ["run-refused.html"]


def test_the_pipes_are_utf_8_in_a_locale_that_is_not(tmp_path):
    pipes = Pipes({"LC_ALL": "C", "LANG": "C", "PATH": os.environ["PATH"]})
    target = tmp_path / "结果 文件夹"
    pipes.request(output=str(target))
    answer = pipes.receive_until("result", "failed")[-1]
    assert answer["outputs"]["table"] == str(target / "表 1.csv")
    assert (target / "表 1.csv").is_file()
    pipes.process.stdin.close()
    assert pipes.process.wait(2) == 0


def test_the_worker_goes_within_two_seconds_of_its_parent_in_the_middle_of_a_kernel(pipes, tmp_path):
    pipes.request(output=str(tmp_path / "run"), behaviour="deaf")
    pipes.receive_until("progress")
    time.sleep(0.2)
    pipes.process.stdin.close()
    pipes.process.wait(2)
    assert not (tmp_path / "run").exists()
