import csv

import pytest
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs import diagnose
from xinji_planner.jobs.importing.request import parse_treatments
from xinji_planner.layers.reading.recipe import read_recipe

from .import_kit import STATION_HEADINGS, STATIONS, do_import, read_csv, write_csv


def examine(tmp_path, source, kind="base_stations", **stated):
    folder = tmp_path / f"diagnosis {len(list(tmp_path.glob('diagnosis *')))}"
    folder.mkdir()
    parameters = dict.fromkeys(p.name for p in diagnose.JOB.parameters) | {"source": str(source), "kind": kind}
    context = RunContext(parameters | stated, folder)
    summary = diagnose.run(context)
    return summary, read_csv(folder / context.outputs["findings"]), folder


def swapped_file(tmp_path, name="站点.csv", extra=()):
    lost = ("B004", "北山站", "移动", "5G", "2.6G", "在网", "25.40", "100.40")
    return write_csv(tmp_path / name, [STATION_HEADINGS, *STATIONS, STATIONS[0], lost, *extra])


def test_a_diagnosis_names_row_value_treatment_and_what_an_import_would_do(tmp_path):
    source = swapped_file(tmp_path)
    summary, findings, folder = examine(tmp_path, source)
    by_code = {line["code"]: line for line in findings}
    assert by_code["exact_duplicate"]["rows"] == "5"
    assert by_code["swapped"]["rows"] == "6"
    assert by_code["swapped"]["treatment"] == "set_aside"
    assert (summary["rows_in"], summary["rows_out"], summary["rows_set_aside"]) == (5, 3, 2)
    assert "北山站" not in (folder / "report.html").read_text(encoding="utf-8")
    assert source.read_bytes() == swapped_file(tmp_path).read_bytes()


def test_a_diagnosis_goes_on_after_what_an_import_would_stop_at(tmp_path):
    headings = (*STATION_HEADINGS[:-2], "经度", "纬度")
    summary, findings, _ = examine(tmp_path, write_csv(tmp_path / "a.csv", [headings, *STATIONS, STATIONS[0]]))
    assert [problem["zh"] for problem in summary["problems"]]
    assert summary["datum"] == ""
    assert "exact_duplicate" in {line["code"] for line in findings}


def test_a_diagnosis_of_a_file_without_a_required_column_still_examines_its_values(tmp_path):
    rows = [("基站编号", "经度(WGS84)", "纬度(WGS84)"), ("B1", "25.1", "100.1"), ("B2", "100.2", "25.2")]
    summary, findings, _ = examine(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert summary["problems"]
    assert "swapped" in {line["code"] for line in findings}
    assert "missing_required" not in {line["code"] for line in findings}


def test_the_same_file_gives_the_same_findings_to_the_byte(tmp_path):
    source = swapped_file(tmp_path)
    _, _, first = examine(tmp_path, source)
    _, _, second = examine(tmp_path, source)
    for name in ("findings.csv", "report.html", "recipe.toml"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_merge_that_the_planner_accepted_is_counted_and_listed(tmp_path):
    done = do_import(tmp_path, swapped_file(tmp_path), "base_stations", treatments="exact_duplicate=apply")
    assert (done.summary["rows_in"], done.summary["rows_out"], done.summary["rows_merged"]) == (5, 3, 1)


def test_a_row_with_a_value_that_the_planner_does_not_want_emptied_is_set_aside(tmp_path):
    headings = (*STATION_HEADINGS, "挂高")
    rows = [(*STATIONS[0], "约三十"), (*STATIONS[1], "30")]
    source = write_csv(tmp_path / "a.csv", [headings, *rows])
    treatments = "not_a_number=set_aside,approximate_number=set_aside"
    done = do_import(tmp_path, source, "base_stations", treatments=treatments)
    assert done.summary["rows_set_aside"] == 1
    assert done.aside[0]["row"] == "2"


def recipe_of(tmp_path, source, **stated):
    _, _, folder = examine(tmp_path, source, **stated)
    return folder / "recipe.toml"


def test_a_recipe_treats_the_next_file_of_the_source_the_same_way_without_asking(tmp_path):
    headings = (*STATION_HEADINGS[:-2], "经度", "纬度")
    first = write_csv(tmp_path / "七月.csv", [headings, *STATIONS, STATIONS[0]], encoding="gbk")
    recipe = recipe_of(tmp_path, first, datum="gcj02", treatments="exact_duplicate=apply")
    again = write_csv(tmp_path / "八月.csv", [headings, *STATIONS[1:], STATIONS[2]], encoding="gbk")
    done = do_import(tmp_path, again, "base_stations", recipe=recipe)
    assert (done.summary["datum"], done.summary["rows_merged"], done.summary["rows_out"]) == ("gcj02", 1, 2)


@pytest.mark.parametrize(
    ("headings", "words"),
    [((*STATION_HEADINGS, "新列"), "新列"), ((*STATION_HEADINGS[:1], "改名", *STATION_HEADINGS[2:]), "基站名称")],
)
def test_a_recipe_stops_where_the_columns_differ_and_names_them(tmp_path, headings, words):
    recipe = recipe_of(tmp_path, write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *STATIONS]))
    other = write_csv(tmp_path / "b.csv", [headings, *((*row, "") for row in STATIONS)])
    with pytest.raises(InputError, match=words):
        do_import(tmp_path, other, "base_stations", recipe=recipe)


def test_a_recipe_stops_at_a_fault_that_the_planner_has_not_seen(tmp_path):
    recipe = recipe_of(tmp_path, write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *STATIONS]))
    with pytest.raises(InputError, match="经纬度疑似颠倒"):
        do_import(tmp_path, swapped_file(tmp_path, "b.csv"), "base_stations", recipe=recipe)


def test_a_recipe_stops_at_far_more_faults_of_a_kind_than_it_was_made_for(tmp_path):
    recipe = recipe_of(tmp_path, swapped_file(tmp_path))
    many = [(f"C{n}", "站", "移动", "5G", "2.6G", "在网", "25.4", f"100.{n}") for n in range(10, 20)]
    with pytest.raises(InputError, match="增至 11 处"):
        do_import(tmp_path, swapped_file(tmp_path, "b.csv", many), "base_stations", recipe=recipe)


def test_a_recipe_says_what_it_does_to_a_reader_and_reads_back_as_written(tmp_path):
    path = recipe_of(tmp_path, swapped_file(tmp_path), treatments="swapped=apply,swapped@row 6=set_aside")
    recipe = read_recipe(path)
    assert recipe.treatments.action("swapped", 6) == "set_aside"
    assert recipe.treatments.action("swapped", 7) == "apply"
    assert recipe.columns["基站编号"] == "station_id"
    assert "经纬度疑似颠倒" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content", ["", "format = 1", "format = 2\n", "x", "\xff", 'format = 1\nkind = "no"\n[file]\nheadings = []']
)
def test_a_file_that_is_no_recipe_is_refused(tmp_path, content):
    path = tmp_path / "r.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=r"r\.toml"):
        read_recipe(path)


@pytest.mark.parametrize("words", ["swapped", "=apply", "swapped=", "nothing=apply"])
def test_a_treatment_that_is_not_understood_is_refused(words):
    with pytest.raises(ParameterError):
        parse_treatments(words)


def test_findings_open_in_a_spreadsheet_with_their_chinese_intact(tmp_path):
    _, findings, folder = examine(tmp_path, swapped_file(tmp_path))
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == findings
    assert "经纬度疑似颠倒" in {line["finding_zh"] for line in findings}


def test_a_row_without_a_readable_required_value_blocks_and_leaves_nothing_to_choose(tmp_path):
    lost = ("B004", "北山站", "移动", "5G", "2.6G", "某种状态", "100.40", "25.40")
    _, findings, folder = examine(tmp_path, write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *STATIONS, lost]))
    line = next(line for line in findings if line["code"] == "unknown_code")
    assert (line["severity"], line["treatment"], line["choices"]) == ("blocks", "set_aside", "")
    assert "unknown_code" not in read_recipe(folder / "recipe.toml").treatments.by_code


def test_an_unreadable_value_that_is_not_required_warns_and_leaves_the_cell_empty(tmp_path):
    rows = [(*row, text) for row, text in zip(STATIONS, ("9.90121E+17", "站址1", ""))]
    source = write_csv(tmp_path / "a.csv", [(*STATION_HEADINGS, "站址编码"), *rows])
    summary, findings, _ = examine(tmp_path, source)
    line = next(line for line in findings if line["code"] == "scientific")
    assert (line["severity"], line["treatment"], line["field"]) == ("warns", "keep", "site_id")
    assert summary["rows_out"] == 3


def test_without_the_column_of_the_key_no_row_is_called_a_duplicate(tmp_path):
    rows = [("行政村名称", "经度(WGS84)", "纬度(WGS84)"), ("东村", "100.1", "25.1"), ("西村", "100.2", "25.2")]
    summary, findings, _ = examine(tmp_path, write_csv(tmp_path / "a.csv", rows), "villages")
    assert summary["rows_out"] == 2
    assert not {"duplicate", "exact_duplicate"} & {line["code"] for line in findings}
    assert "{row}" not in summary["problems"][0]["zh"], "a number of the row is no village code"


@pytest.mark.parametrize("words", ["swapped@5=apply", "swapped@row 5=apply", "swapped@row5=apply"])
def test_a_row_may_be_named_by_its_number_in_any_spelling(words):
    assert parse_treatments(words).action("swapped", 5) == "apply"


@pytest.mark.parametrize("words", ["swapped@abc=apply", "swapped@=apply", "swapped=apply,swapped=set_aside"])
def test_a_row_that_is_not_named_or_two_choices_for_one_thing_are_refused(words):
    with pytest.raises(ParameterError):
        parse_treatments(words)


def test_next_months_file_under_another_name_updates_the_rows_of_the_earlier_one_by_a_recipe(tmp_path):
    first = write_csv(tmp_path / "站点_202606.csv", [STATION_HEADINGS, *STATIONS])
    recipe = recipe_of(tmp_path, first)
    before = do_import(tmp_path, first, "base_stations")
    fresh = ("B009", "新站", "移动", "5G", "2.6G", "在网", "100.5", "25.5")
    second = write_csv(tmp_path / "站点_202607.csv", [STATION_HEADINGS, *STATIONS[:2], fresh])
    done = do_import(tmp_path, second, "base_stations", recipe=recipe, stored_as=first.name)
    counts = [done.summary[f"rows_{what}"] for what in ("added", "changed", "removed", "unchanged")]
    assert counts == [1, 0, 1, 2]
    assert set(before.column("uuid")[:2]) < set(done.column("uuid"))
    assert any("站点_202606.csv" in notice["zh"] for notice in done.notices)


def test_a_planner_may_name_the_earlier_edition(tmp_path):
    first = write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *STATIONS])
    do_import(tmp_path, first, "base_stations")
    second = write_csv(tmp_path / "b.csv", [STATION_HEADINGS, *STATIONS])
    done = do_import(tmp_path, second, "base_stations", edition_of="a.csv", stored_as="a.csv")
    assert done.summary["rows_unchanged"] == 3


def test_a_file_whose_rows_came_in_under_another_name_is_said_to_be_perhaps_a_newer_edition(tmp_path):
    do_import(tmp_path, write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *STATIONS]), "base_stations")
    second = write_csv(tmp_path / "b.csv", [STATION_HEADINGS, *STATIONS])
    workspace = tmp_path / "规划 工作区.gpkg"
    _, findings, _ = examine(tmp_path, second, workspace=str(workspace))
    line = next(line for line in findings if line["code"] == "newer_edition")
    assert (line["value"], line["proposed"]) == ("a.csv", "--edition-of a.csv")


def test_a_choice_for_a_row_that_has_no_such_finding_is_said_to_be_idle(tmp_path):
    done = do_import(tmp_path, swapped_file(tmp_path), "base_stations", treatments="swapped@row 3=apply")
    assert any("swapped@row 3" in notice["zh"] for notice in done.notices)


def test_a_diagnosis_by_a_recipe_takes_a_newer_edition_for_one_as_the_import_does(tmp_path):
    workspace = tmp_path / "地区.gpkg"
    first = write_csv(tmp_path / "站点_6.csv", [STATION_HEADINGS, *STATIONS])
    done = do_import(tmp_path, first, "base_stations", workspace=workspace)
    later = write_csv(tmp_path / "站点_7.csv", [STATION_HEADINGS, *STATIONS])
    recipe = str(done.folder / done.outputs["recipe"])
    summary, findings, _ = examine(tmp_path, later, recipe=recipe, workspace=str(workspace))
    assert summary["rows_out"] == 3
    assert not [line for line in findings if line["code"] == "in_workspace"]
    assert summary["rows_unchanged"] == 3


METRES = [
    (*STATION_HEADINGS[:6], "X", "Y"),
    *((f"B{k}", f"{k}站", *STATIONS[0][2:6], f"{2801234 + 99 * k}", f"{512345 + 77 * k}") for k in range(20)),
]


def test_a_diagnosis_says_what_stops_the_import_apart_from_what_sets_rows_aside(tmp_path):
    _, _, folder = examine(tmp_path, swapped_file(tmp_path))
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "处不处理即搁置" in report
    assert "阻断" not in report
    _, _, folder = examine(tmp_path, write_csv(tmp_path / "米.csv", METRES))
    assert "处阻断" in (folder / "report.html").read_text(encoding="utf-8")
