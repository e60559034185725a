import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.errors import ParameterError
from xinji_planner.layers.findings.catalogue import KINDS
from xinji_planner.layers.findings.findings import Findings
from xinji_planner.layers.findings.kind import ACTIONS, APPLY, GROUPS, KEEP, SET_ASIDE, SEVERITIES, act, severity_label
from xinji_planner.layers.findings.outcome import outcome
from xinji_planner.layers.findings.table import as_frame, as_points
from xinji_planner.layers.findings.treatments import RowTreatments, Treatments
from xinji_planner.text import Text

PLAIN = Treatments()


def test_every_kind_of_finding_has_words_in_both_languages_and_a_known_severity_group_and_action():
    for code, kind in KINDS.items():
        assert kind.code == code
        assert kind.severity in SEVERITIES
        assert kind.group in GROUPS
        assert set(kind.actions) <= set(ACTIONS)
        assert kind.label.zh
        assert kind.label.en
        assert not kind.label.en.endswith(".")


def test_a_copy_is_only_thought_to_be_one_and_a_village_without_a_place_has_the_verdict_of_the_reports():
    from xinji_planner.jobs.reach.labels import VERDICT_LABELS

    copy = KINDS["corrected_duplicate"]
    assert copy.label == Text("坐标有误，疑为另一行的重复", "wrong coordinates; perhaps a copy of another row")
    assert copy.treatment.zh == "多半是另一行的重复，搁置；确是另一对象时才改正写入"
    assert f"该村列为“{VERDICT_LABELS['cannot_tell'].zh}”" in KINDS["code_outside"].treatment.zh


def test_equal_findings_of_many_rows_stand_in_one_line_with_ranges():
    findings = Findings()
    findings.add("unit_in_cell", [0, 1, 2, 4, 7], field="height_m", values="20米", proposed="20")
    frame = as_frame(findings, np.arange(10) + 2, PLAIN)
    assert frame["rows"].tolist() == ["2-4;6;9"]
    assert frame["count"].tolist() == [5]


def test_the_gravest_findings_come_first_and_the_file_as_a_whole_has_no_rows():
    findings = Findings()
    findings.add("not_utf8", why=Text("GBK", "GBK"))
    findings.add("swapped", [3], values="20, 129", proposed="129, 20")
    frame = as_frame(findings, np.arange(5) + 1, PLAIN)
    assert frame["severity"].tolist() == ["blocks", "informs"]
    assert frame["rows"].tolist() == ["4", ""]
    assert frame["treatment"].tolist() == ["set_aside", ""]


def _numbers(words: str) -> list[int]:
    found = []
    for part in words.split(";"):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


@given(st.lists(st.integers(0, 60), unique=True, min_size=1), st.lists(st.sampled_from("ab"), min_size=61, max_size=61))
def test_the_table_of_findings_holds_every_row_once(rows, words):
    findings = Findings()
    findings.add("unknown_code", rows, field="status", values=[words[at] for at in rows])
    frame = as_frame(findings, np.arange(61) + 5, PLAIN)
    told = [(number, line["value"]) for line in frame.to_dict("records") for number in _numbers(line["rows"])]
    assert sorted(told) == sorted((at + 5, words[at]) for at in rows)
    assert frame["count"].sum() == len(rows)


def test_very_many_rows_of_a_finding_go_to_several_lines_that_a_spreadsheet_can_hold():
    findings = Findings()
    findings.add("unknown_code", np.arange(0, 10_000, 2), field="status", values="x")
    frame = as_frame(findings, np.arange(10_000) + 1_000_000, PLAIN)
    assert frame["count"].sum() == 5000
    assert frame["rows"].str.len().max() < 32_767


def test_a_finding_lies_where_its_row_is_unless_the_fault_has_a_place_of_its_own():
    findings = Findings()
    findings.add("self_intersection", [0, 1], places=np.array([[100.5, 25.5], [np.nan, np.nan]]))
    findings.add("not_utf8")
    findings.add("dialect", [0])
    columns, lon, lat = as_points(findings, [2, 3], np.array([[100.0, 25.0], [101.0, 26.0]]), PLAIN)
    assert columns["row"].tolist() == [2, 3]
    assert (lon.tolist(), lat.tolist()) == ([100.5, 101.0], [25.5, 26.0])


def test_a_fault_that_the_planner_had_put_right_is_a_note_on_the_map():
    findings = Findings()
    findings.add("exact_duplicate", [0, 1])
    chosen = Treatments({}, {("exact_duplicate", "row 2"): "apply"})
    columns, _, _ = as_points(findings, [2, 3], np.array([[100.0, 25.0], [101.0, 26.0]]), chosen)
    assert columns["severity"].tolist() == ["informs", "blocks"]


def test_a_finding_of_an_unknown_kind_or_of_another_length_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        Findings().add("no_such_kind", [1])
    with pytest.raises(ValueError, match="2 of originals for 3 rows"):
        Findings().add("swapped", [1, 2, 3], values=["a", "b"])


def test_a_planners_choice_for_one_row_comes_before_that_for_the_kind():
    chosen = Treatments({"swapped": "apply"}, {("swapped", "row 12"): "set_aside", ("swapped", "key A1"): "set_aside"})
    assert chosen.action("swapped", 11) == "apply"
    assert chosen.action("swapped", 12) == "set_aside"
    assert chosen.action("swapped", 13, "A1") == "set_aside"
    rows = RowTreatments(chosen, [11, 12, 13], ["", "", "A1"])
    assert rows.where("swapped", np.array([0, 1, 2]), "apply").tolist() == [True, False, False]


def test_without_a_choice_a_judgement_is_never_carried_out():
    for code in ("swapped", "scaled", "exact_duplicate"):
        assert Treatments().action(code) == "set_aside"


@pytest.mark.parametrize(("code", "action"), [("swaped", "apply"), ("swapped", "aply"), ("total_row", "apply")])
def test_a_treatment_that_does_not_exist_is_refused_with_those_that_do(code, action):
    with pytest.raises(ParameterError) as refused:
        Treatments({code: action})
    assert refused.value.remedy.zh


def test_what_blocks_a_row_sets_it_aside_and_only_what_blocks_a_file_stops_the_import():
    assert severity_label("blocks", of_rows=True).zh == "搁置"
    assert severity_label("blocks", of_rows=False).zh == "阻断"
    assert severity_label("warns", of_rows=False) == severity_label("warns", of_rows=True) == SEVERITIES["warns"]
    findings = Findings()
    findings.add("swapped", [1, 2])
    findings.add("datum_gcj02")
    assert findings.stopping() == 1


def test_every_treatment_that_a_planner_may_choose_says_what_it_does():
    for kind in KINDS.values():
        if APPLY in kind.actions and len(kind.actions) > 1:
            assert act(kind, APPLY) != ACTIONS[APPLY], kind.code
    assert act(KINDS["swapped"], APPLY).zh == "交换经纬度"
    assert act(KINDS["exact_duplicate"], APPLY).zh == "合并"
    assert act(KINDS["not_a_number"], KEEP).zh == "置空"
    assert act(KINDS["low_precision"], KEEP).zh == "保持原样"


def test_the_proposed_value_says_what_becomes_of_it():
    def of(code, action, proposed="", related=""):
        return outcome(KINDS[code], action, Text(proposed, proposed), related).zh

    assert of("not_a_number", KEEP) == "（空）"
    assert of("zero_coordinates", KEEP) == "（无坐标）"
    assert of("low_precision", KEEP) == "", "the value is kept"
    assert of("exact_duplicate", SET_ASIDE, related="row 2, row 9") == "合并到第 2 行"
    assert of("numeric_code_optional", KEEP, "shared") == "shared"
