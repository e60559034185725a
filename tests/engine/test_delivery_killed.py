"""An export that is killed at any moment leaves the older package or the new one, never a mixture of the two."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import shapely
from xinji_planner.tests.engine.profile_kit import nodes, small_county

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need processes that fork")
KILLS = 20
COMMIT_S = 0.008
FORMATS = "gpkg,gdb,shp,csv"


class Exports:
    """Exports of one workspace into one folder, each of which may be killed."""

    def __init__(self, workspace, target):
        script = Path(__file__).with_name("killed_exports.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(workspace), str(target), FORMATS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def run(self, delay_s=-1.0, after=""):
        self.process.stdin.write(f"{after} {delay_s}\n".lstrip())
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def exports(tmp_path):
    county = small_county(tmp_path)
    made = Exports(county.path, tmp_path / "交付")
    yield county, tmp_path / "交付", made
    made.close()


def digest(folder):
    found = hashlib.sha256()
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def test_an_export_killed_over_an_older_package_leaves_that_one_or_the_new_one(exports, tmp_path):
    county, target, made = exports
    assert made.run() == "0"
    older = digest(target)
    shutil.copytree(target, tmp_path / "kept" / "older")
    nodes(county, ["B", "C"], [shapely.Point(114.5, 36.2), shapely.Point(114.1, 36)])
    started = time.monotonic()
    assert made.run() == "0"
    took = time.monotonic() - started
    newer = digest(target)
    assert newer != older
    chance = random.Random(20261121)
    # Half of them anywhere, half of them while the new package takes its place, which is done in a wink.
    kills = [("", chance.uniform(0, took)) for _ in range(KILLS // 2)]
    kills += [("commit", chance.uniform(0, COMMIT_S)) for _ in range(KILLS // 2)]
    seen = {"killed": 0, "0": 0}
    for after, delay in kills:
        shutil.rmtree(target)
        shutil.copytree(tmp_path / "kept" / "older", target)
        seen[made.run(delay, after)] += 1
        assert digest(target) in (older, newer), (after, delay)
    assert seen["killed"] >= KILLS // 2 - 2
    shutil.rmtree(target)
    shutil.copytree(tmp_path / "kept" / "older", target)
    assert made.run() == "0"  # nor do the kills leave anything behind that a later run trips over
    assert digest(target) == newer
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
