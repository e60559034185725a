"""Standard output and error may be files, pipes or nothing, in any combination."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from xinji_planner.engine.package import ROOT

JOBS = Path(__file__).parent / "jobs_for_tests"
PLACES = ("file", "pipe", "null")


def _opened(place, path):
    return {"file": path.open("wb"), "pipe": subprocess.PIPE, "null": subprocess.DEVNULL}[place]


def _written(place, path, piped):
    return path.read_bytes() if place == "file" else piped or b""


@pytest.mark.parametrize(("out_place", "log_place"), list(itertools.product(PLACES, PLACES)))
def test_the_result_and_the_log_arrive_wherever_they_are_sent(tmp_path, out_place, log_place):
    out_path, log_path = tmp_path / "结果.json", tmp_path / "log.txt"
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "engine" / "package.py", "run", "--jobs-from", JOBS, "trial"]
    done = subprocess.run(
        [*command, "--behaviour", "chatty", "--output", tmp_path / "run", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=_opened(out_place, out_path),
        stderr=_opened(log_place, log_path),
        env={"LANG": "C", **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}},
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if out_place != "null":
        assert json.loads(_written(out_place, out_path, done.stdout))["rows"] == 3
    if log_place != "null":
        log = _written(log_place, log_path, done.stderr)
        assert b"from C 7" in log
        assert b"100% Done" in log
