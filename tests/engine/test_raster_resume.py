"""A simulation that is stopped or killed goes on where it was, and gives the bytes that it would have given."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from xinji_planner.engine.executor import run_job
from xinji_planner.engine.package import ROOT
from xinji_planner.errors import Cancelled, EngineError
from xinji_planner.jobs.coverage import blocks, store
from xinji_planner.processes import host_label

from .radio_kit import EAST, NORTH, SOUTH, WEST, stated, write_dem, write_stations, write_units

_BLOCK = 24
_KILLED = """
import os, runpy, signal, sys
sys.path.insert(0, sys.argv[1])
import package
package.keep_kernels(); package.register()
from xinji_planner.engine.executor import run_job
from xinji_planner.jobs.coverage import blocks
from xinji_planner.jobs.coverage import store
blocks.BLOCK = int(sys.argv[3])
save = store.BlockStore.save
count = 0
def counted(self, name, levels):
    global count
    save(self, name, levels)
    count += 1
    if count == 5:
        os.kill(os.getpid(), signal.SIGKILL)
store.BlockStore.save = counted
given = dict(item.split("=", 1) for item in sys.argv[4:])
run_job("radio_coverage", given, sys.argv[2])
"""


@pytest.fixture
def county(tmp_path, monkeypatch):
    """Rolling land with two stations, in 20 blocks."""
    monkeypatch.setattr(blocks, "BLOCK", _BLOCK)
    write_dem(tmp_path / "dem.tif", lambda lon, lat: 1000 + 60 * np.sin(lon * 900) * np.cos(lat * 700))
    stations = [{"id": "A1", "lon": 100.01, "lat": 30.01}, {"id": "B1", "lon": 100.05, "lat": 30.04, "azimuth": 200}]
    write_stations(tmp_path / "stations.csv", stations)
    write_units(tmp_path / "units.geojson", {"510100": (WEST, SOUTH, EAST, NORTH)})
    return tmp_path


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def kept(folder):
    return sorted(path.name for store in folder.glob(".xinji-blocks-*") for path in store.glob("*.npz"))


def counting(monkeypatch):
    """Count the blocks that are computed."""
    computed = []
    levels_of = blocks.levels_of

    def counted(task, threads, checkpoint):
        computed.append(task)
        return levels_of(task, threads, checkpoint)

    monkeypatch.setattr(blocks, "levels_of", counted)
    return computed


def test_a_killed_run_leaves_its_blocks_and_the_next_computes_the_rest_alone(county, monkeypatch):
    given = stated(county)
    run_job("radio_coverage", given, county / "whole")
    whole = digests(county / "whole")
    command = [sys.executable, "-c", _KILLED, ROOT / "engine", county / "out", str(_BLOCK)]
    ended = subprocess.run([*command, *(f"{key}={value}" for key, value in given.items())], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert not (county / "out").exists()
    assert len(kept(county)) == 5
    computed = counting(monkeypatch)
    said = []
    run_job("radio_coverage", given, county / "out", send=said.append)
    assert len(computed) == 20 - 5
    assert any("taken over" in item["message"]["en"] for item in said if item["type"] == "notice")
    assert digests(county / "out") == whole
    assert not list(county.glob(".xinji-*"))


def test_a_cancelled_run_is_resumed_but_not_with_another_terrain(county, monkeypatch):
    given = stated(county)
    with pytest.raises(Cancelled):
        run_job("radio_coverage", given, county / "out", cancelled=lambda: len(kept(county)) >= 6)
    done = len(kept(county))
    assert done >= 6
    write_dem(county / "dem.tif", lambda lon, lat: 1010 + 60 * np.sin(lon * 900) * np.cos(lat * 700))
    computed = counting(monkeypatch)
    run_job("radio_coverage", given, county / "out")
    assert len(computed) == 20


def test_a_damaged_block_is_computed_again(county, monkeypatch):
    given = stated(county)
    run_job("radio_coverage", given, county / "whole")
    with pytest.raises(Cancelled):
        run_job("radio_coverage", given, county / "out", cancelled=lambda: len(kept(county)) >= 6)
    store = next(iter(county.glob(".xinji-blocks-*")))
    names = kept(county)
    (store / names[0]).write_bytes((store / names[0]).read_bytes()[:200])
    damaged = bytearray((store / names[1]).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (store / names[1]).write_bytes(damaged)
    computed = counting(monkeypatch)
    run_job("radio_coverage", given, county / "out")
    assert len(computed) == 20 - len(names) + 2
    assert digests(county / "out") == digests(county / "whole")


def test_blocks_that_nobody_came_back_for_go_after_a_week(county):
    old = county / ".xinji-blocks-0123456789abcdef"
    young = county / ".xinji-blocks-fedcba9876543210"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (time.time() - 8 * 86400,) * 2)
    run_job("radio_coverage", stated(county), county / "out")
    assert not old.exists()
    assert young.exists()


def test_a_cancel_is_heard_within_two_seconds(county, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 512)
    places = [(100.001 + 0.0058 * (i % 10), 30.002 + 0.0045 * (i // 10)) for i in range(100)]
    stations = [{"id": f"S{i}", "lon": lon, "lat": lat} for i, (lon, lat) in enumerate(places)]
    write_stations(county / "stations.csv", stations)
    asked = []

    def heard(message):
        if message["type"] == "progress" and message["fraction"] > 0.05 and not asked:
            asked.append(time.monotonic())

    with pytest.raises(Cancelled):
        run_job(
            "radio_coverage",
            stated(county, resolution_m="5"),
            county / "out",
            cancelled=lambda: bool(asked),
            send=heard,
        )
    assert time.monotonic() - asked[0] < 2


def test_the_place_of_the_blocks_is_beside_the_result(county):
    with pytest.raises(Cancelled):
        run_job("radio_coverage", stated(county), county / "a" / "out", cancelled=lambda: bool(kept(county / "a")))
    assert Path(county / "a").is_dir()
    assert kept(county / "a")


_ONE_OF_TWO = """
import runpy, sys, time
sys.path.insert(0, sys.argv[1])
import package
package.keep_kernels(); package.register()
from pathlib import Path
from xinji_planner.engine.executor import run_job
from xinji_planner.jobs.coverage import blocks
blocks.BLOCK = int(sys.argv[3])
levels_of = blocks.levels_of
gate = Path(sys.argv[4])
def slowly(task, threads, checkpoint):
    (gate / Path(sys.argv[2]).name).touch()
    ends = time.monotonic() + 60
    while len(list(gate.iterdir())) < 2 and time.monotonic() < ends:  # both are at work at once
        time.sleep(0.01)
    time.sleep(0.02)
    return levels_of(task, threads, checkpoint)
blocks.levels_of = slowly
given = dict(item.split("=", 1) for item in sys.argv[5:])
run_job("radio_coverage", given, sys.argv[2])
"""


def test_two_runs_with_the_same_parameters_at_once_both_end_well(county):
    given = stated(county)
    run_job("radio_coverage", given, county / "whole")
    gate = county / "gate"
    gate.mkdir()
    words = [f"{key}={value}" for key, value in given.items()]
    runs = [
        subprocess.Popen([sys.executable, "-c", _ONE_OF_TWO, ROOT / "engine", county / name, str(_BLOCK), gate, *words])
        for name in ("one", "two")
    ]
    assert [run.wait(120) for run in runs] == [0, 0]
    for name in ("one", "two"):
        assert digests(county / name) == digests(county / "whole")
    assert not list(county.glob(".xinji-*"))


def test_of_two_that_find_the_blocks_of_a_dead_run_one_takes_them(tmp_path):
    """The dead one's number may be another's by now: its beginning tells them apart."""
    dead = tmp_path / f".xinji-blocks-key-{host_label()}-{os.getpid()}-1-1"
    dead.mkdir()
    (dead / "block").write_text("x", encoding="utf-8")
    first = store.BlockStore(tmp_path, "key")
    assert (first.path / "block").exists() and not dead.exists()
    found = []
    other = threading.Thread(target=lambda: found.append(store.BlockStore(tmp_path, "key").path))
    other.start()
    other.join()
    assert found[0] != first.path and not found[0].exists()
    assert (first.path / "block").exists()
    living = store.BlockStore(tmp_path, "other")
    living.scratch("x")
    os.utime(living.path, (time.time() - 8 * 86400,) * 2)
    other = threading.Thread(target=lambda: store.BlockStore(tmp_path, "key"))
    other.start()
    other.join()
    assert living.path.exists()  # old, but at work


def test_blocks_of_another_machine_are_left_alone_for_a_week(tmp_path):
    there = tmp_path / ".xinji-blocks-key-elsewhere-1-1-1"
    there.mkdir()
    own = store.BlockStore(tmp_path, "key")
    assert there.exists() and own.path != there
    os.utime(there, (time.time() - 8 * 86400,) * 2)
    store.BlockStore(tmp_path, "key")
    assert not there.exists()


def test_a_folder_that_somebody_deletes_is_told_in_both_languages(county, monkeypatch):
    made = store.BlockStore.save

    def spoiled(self, name, levels):
        made(self, name, levels)
        (self.path / name).unlink()

    monkeypatch.setattr(store.BlockStore, "save", spoiled)
    with pytest.raises(EngineError, match="is gone") as caught:
        run_job("radio_coverage", stated(county), county / "out")
    assert "不见了" in caught.value.message.zh and "gone" not in caught.value.message.zh
    assert "重新运行" in caught.value.remedy.zh
