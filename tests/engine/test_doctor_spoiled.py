"""The doctor against faults planted by an independent hand; `benchmarks/doctor.py` has every kind, this a slice."""

import pytest
from xinji_planner.layers.findings.catalogue import KINDS
from xinji_planner.sample_data.spoil import kinds, trial

# Two or three of every group, of those that cost planners the most.
SLICE = (
    *("gbk_file", "title_rows", "total_row", "two_rows_of_headings", "gbk_shapefile_wrong_cpg"),
    *("dms_signs", "full_width_coordinates", "words_for_nothing", "status_dialects", "code_cut_to_9"),
    *("swapped_row", "decimal_point_dropped", "gcj02_unlabelled", "bd09_labelled_wgs84", "zone_42_over_zone_43"),
    *("exact_copies", "village_in_another_county", "bow_tie", "hole_in_hole", "end_stops_short"),
)


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    return trial.prepare(tmp_path_factory.mktemp("workspaces"))


@pytest.mark.parametrize("name", SLICE)
def test_planted_faults_are_found_untouched_rows_left_alone_and_no_row_lost(name, workspaces, tmp_path):
    for number, case in enumerate(kinds.cases(name, tmp_path)):
        score = trial.judge(name, case, workspaces, tmp_path / "runs" / str(number))
        assert score.planted
        assert score.found == score.planted, score.missed
        assert score.alarms <= 0.01 * score.untouched, score.wrong
        assert score.recovered == score.recoverable and not score.lost, score.lost


def test_clean_files_raise_no_alarm(workspaces, tmp_path):
    cases = [case for case in kinds.clean_cases(tmp_path) if case.path.suffix == ".csv" and "_" not in case.path.stem]
    assert len(cases) >= 5
    for number, case in enumerate(cases):
        score = trial.judge("clean", case, workspaces, tmp_path / "runs" / str(number), imports=False)
        assert not score.alarms, score.wrong


def test_a_table_with_every_fault_at_once_is_found_out_and_accounted_for(workspaces, tmp_path):
    case = kinds.mixed_case(tmp_path)
    score = trial.judge("everything", case, workspaces, tmp_path / "run")
    assert score.found >= 0.9 * score.planted, score.missed
    assert score.alarms <= 0.01 * score.untouched, score.wrong
    assert not [text for text in score.lost if " rows " in text], score.lost


def test_every_planted_code_stands_in_the_catalogue(tmp_path):
    expected = set()
    for name, spoiler in kinds.SPOILERS.items():
        if spoiler.group in ("geometry", "values", "identity"):
            for case in kinds.cases(name, tmp_path):
                expected |= set().union(*(fault.codes for fault in case.planted))
    assert expected <= set(KINDS)


def test_the_same_seed_spoils_the_same_bytes(tmp_path):
    first, second = (kinds.cases("status_dialects", tmp_path / side)[0] for side in "ab")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.planted == second.planted
    assert kinds.cases("status_dialects", tmp_path / "c", seed=1)[0].planted != first.planted


def test_a_finding_counts_only_on_the_right_row_under_a_fitting_code():
    planted = trial.Planted((5,), frozenset({"swapped"}), "blocks")
    finding = {"code": "swapped", "severity": "blocks", "rows": {4, 5}}
    assert trial._tells(finding, planted)
    assert not trial._tells(finding | {"rows": {4}}, planted)
    assert not trial._tells(finding | {"code": "scaled"}, planted)
    assert not trial._tells(finding | {"severity": "warns"}, planted)
    assert list(trial.numbers("3;7;9-12")) == [3, 7, 9, 10, 11, 12]
