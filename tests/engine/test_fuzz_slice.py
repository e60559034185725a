"""A slice of the fuzz run (`benchmarks/fuzz.py` has ten thousand cases): every format is damaged at least twice."""

import json
from pathlib import Path

import pytest
from xinji_planner.sample_data.spoil import fuzzing, mutate

CASES = 60


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return fuzzing.set_up(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("part", range(4))
def test_damaged_files_are_read_or_refused_and_nothing_is_lost(part, bench, tmp_path):
    for index in range(part, CASES, 4):
        tried = fuzzing.attempt(bench, index, tmp_path)
        outcome, why = fuzzing.run(bench, tried, tmp_path)
        assert outcome != "failed", f"case {index}, {tried.format}, {json.dumps(dict(tried.stated))}: {why}"


@pytest.mark.parametrize("index", [3752, 5397])  # an allocation of petabytes, and a failed assertion, in compiled code
def test_an_old_workbook_that_kills_the_library_is_refused(index, bench, tmp_path):
    tried = fuzzing.attempt(bench, index, tmp_path)
    assert tried.format == "xls"
    assert fuzzing.run(bench, tried, tmp_path)[0] == "refused"


def test_sound_files_of_every_format_are_read(bench, tmp_path):
    from xinji_planner.engine.executor import run_job

    for number, seed in enumerate(bench.seeds):
        stated = {"source": str(seed.path), "kind": seed.kind, "datum": seed.datum}
        if seed.mutated:
            stated |= {"source": str(seed.extra), seed.mutated: str(seed.path)}
        elif seed.mapping:
            stated["mapping"] = str(seed.mapping)
        summary = run_job("diagnose", stated, tmp_path / str(number)).summary
        assert summary["rows_in"] == summary["rows_out"] == 12, seed.name


def test_the_same_number_damages_the_same_bytes(bench, tmp_path):
    for index in (3, 4, 11, 25):
        first = fuzzing.attempt(bench, index, tmp_path / "a")
        second = fuzzing.attempt(bench, index, tmp_path / "b")
        assert first.format == second.format
        for one in (tmp_path / "a" / "in").rglob("*"):
            if one.is_file():
                other = tmp_path / "b" / one.relative_to(tmp_path / "a")
                assert one.read_bytes() == other.read_bytes(), one.name


def test_a_changed_workspace_under_a_refusal_is_noticed(bench, tmp_path, monkeypatch):
    from xinji_planner.errors import InputError
    from xinji_planner.text import same

    def refuse(_job, stated, _output):
        with Path(stated["workspace"]).open("ab") as file:
            file.write(b"x")
        raise InputError(same("no"))

    monkeypatch.setattr(fuzzing, "run_job", refuse)
    stated = {"source": "x", "kind": "base_stations", "workspace": str(tmp_path / "workspace.gpkg")}
    tried = fuzzing.Attempt("csv", tmp_path / "x", "import_layer", stated, 0)
    assert fuzzing.run(bench, tried, tmp_path) == ("failed", "refused, but the workspace changed")


def test_table_damage_keeps_count_of_its_rows(bench, tmp_path):
    from random import Random

    seed = next(one for one in bench.seeds if one.name == "csv utf-8")
    path, count = mutate.table_file(seed, bench.rows, tmp_path / "in", Random(5))
    assert path.exists() and 1 < count < 60
