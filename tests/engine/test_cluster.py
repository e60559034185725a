"""The blocks of a simulation on a cluster of two workers: the same bytes, also when a worker is killed midway."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from xinji_planner.engine import cluster, cluster_worker
from xinji_planner.engine.executor import run_job
from xinji_planner.engine.package import ROOT
from xinji_planner.errors import Cancelled, EngineError
from xinji_planner.jobs.coverage import blocks, store

from .radio_kit import EAST, NORTH, SOUTH, WEST, stated, write_dem, write_stations, write_units

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def two_workers():
    """Two worker processes of one thread; give the scheduler's address and the workers' process numbers."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        preload=[cluster_worker.PRELOAD],
    ) as made:
        yield made


@pytest.fixture
def county(tmp_path, monkeypatch):
    """Rolling land with two stations, in 20 blocks."""
    monkeypatch.setattr(blocks, "BLOCK", 24)
    write_dem(tmp_path / "dem.tif", lambda lon, lat: 1000 + 60 * np.sin(lon * 900) * np.cos(lat * 700))
    stations = [{"id": "A1", "lon": 100.01, "lat": 30.01}, {"id": "B1", "lon": 100.05, "lat": 30.04, "azimuth": 200}]
    write_stations(tmp_path / "stations.csv", stations)
    write_units(tmp_path / "units.geojson", {"510100": (WEST, SOUTH, EAST, NORTH)})
    return tmp_path


def digests(folder):
    """Give the bytes of a result, but for the record of the parameters, which names the cluster."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != "run.json"
    }


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(county, two_workers, monkeypatch):
    run_job("radio_coverage", stated(county), county / "here")
    with distributed.Client(two_workers, set_as_default=False) as client:
        processes = list(client.run(os.getpid).values())
    assert len(processes) == 2
    save, saved = store.BlockStore.save, []

    def killing(self, name, levels):
        save(self, name, levels)
        saved.append(name)
        if len(saved) == 3:
            os.kill(processes[0], signal.SIGKILL)

    monkeypatch.setattr(store.BlockStore, "save", killing)
    run_job("radio_coverage", stated(county, scheduler=two_workers.scheduler_address), county / "there")
    assert len(saved) == 20
    assert digests(county / "there") == digests(county / "here")


def test_a_run_on_a_cluster_is_cancelled_within_two_seconds(county, two_workers):
    asked = []

    def cancelled():
        if not asked and list(county.glob(".xinji-blocks-*/*.npz")):
            asked.append(time.monotonic())
        return bool(asked)

    given = stated(county, scheduler=two_workers.scheduler_address)
    with pytest.raises(Cancelled):
        run_job("radio_coverage", given, county / "out", cancelled=cancelled)
    assert time.monotonic() - asked[0] < 2


def test_a_scheduler_need_not_know_the_plugin(county, tmp_path):
    run_job("radio_coverage", stated(county), county / "here")
    told = tmp_path / "scheduler.json"
    bare = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    worker = [sys.executable, ROOT / "engine" / "cluster_worker.py", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started = []
    try:
        for command in (bare, worker):
            log = (tmp_path / f"{len(started)}.log").open("wb")
            process = subprocess.Popen([*command, "--scheduler-file", told], stdout=log, stderr=log, cwd=tmp_path)
            log.close()
            started.append(process)
            while not told.exists():
                assert process.poll() is None
                time.sleep(0.05)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        run_job("radio_coverage", stated(county, scheduler=address), county / "there")
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert digests(county / "there") == digests(county / "here")


def doubled(task, threads, tell):
    return 2 * task


def test_a_worker_of_another_version_is_refused(two_workers, monkeypatch):
    monkeypatch.setattr(cluster, "made_with", lambda: "another version")
    with pytest.raises(EngineError, match="another version"):
        list(cluster.each(blocks.levels_of, [("a", None)], two_workers.scheduler_address))


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    with pytest.raises(EngineError, match=r"tcp://127\.0\.0\.1:9"):
        list(cluster.each(doubled, [("a", 1)], "tcp://127.0.0.1:9"))


def test_a_cluster_without_workers_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(cluster, "_NO_WORKER_S", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as made,
        pytest.raises(EngineError, match="has no workers"),
    ):
        list(cluster.each(doubled, [("a", 1)], made.scheduler_address))


def test_without_a_cluster_tasks_are_done_in_turn():
    assert list(cluster.each(doubled, [("a", 1), ("b", 2)])) == [("a", 2), ("b", 4)]
